"""One contact's messages in the order in which they came, and the tickets that they were put into."""

from ticketcore.segmenting.likeness import Vector
from ticketcore.segmenting.matters import Matter, Uttered
from ticketcore.segmenting.reading import Heard
from ticketcore.segmenting.recent import LATEST, RECENT, Recent, Said

AGENT = "agent"
"""The role of whoever answers; any other is a customer's."""


class Stream:
    """What was said so far, and in which ticket: tickets are called 0, 1, 2, by the order in which they opened."""

    def __init__(self) -> None:
        self.tickets: list[int] = []
        """The ticket of each message."""
        self._matters: list[Matter] = []
        self._latest: dict[int, None] = {}

    def replied(self, said: Said) -> int | None:
        """The ticket of the message that this one says it answers."""
        at = said.reply_to
        return self.tickets[at] if at is not None and 0 <= at < len(self.tickets) else None

    @property
    def latest(self) -> int:
        """The ticket of the last message."""
        return self.tickets[-1]

    def recent(self, said: Said) -> Recent:
        """The tickets that a message may continue, the one with the latest message first."""
        found: list[Matter] = []
        for label in reversed(self._latest):
            if len(found) == RECENT:
                break
            found.append(self._matters[label])
        replied = self.replied(said)
        if replied is not None and all(matter.label != replied for matter in found):
            found.append(self._matters[replied])
        return Recent(found, min(len(self._matters), LATEST), replied)

    def put(self, said: Said, heard: Heard, ticket: int | None, vector: Vector = ()) -> int:
        """Take note that the message is for this ticket, or opens one if None; which one it is then."""
        if ticket is None:
            ticket = len(self._matters)
            self._matters.append(Matter(ticket))
            self._latest.pop(ticket - LATEST, None)
        by_agent = said.role == AGENT
        uttered = Uttered(heard, said.at, said.channel, by_agent, said.resolved, vector)
        self._matters[ticket] = self._matters[ticket].after(uttered)
        if len(self._matters) - ticket <= LATEST:
            self._latest.pop(ticket, None)
            self._latest[ticket] = None
        self.tickets.append(ticket)
        return ticket
