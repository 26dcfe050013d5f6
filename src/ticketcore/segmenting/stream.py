"""One contact's messages in the order in which they came, and the tickets that they were put into."""

import math
from collections import Counter
from collections.abc import Sequence

import attrs

from ticketcore.segmenting.features import kind_of, state, ties
from ticketcore.segmenting.matters import Matter, age
from ticketcore.segmenting.reading import Heard

RECENT = 5
"""So many of the latest tickets may be continued, besides one whose message is answered."""

AGENT = "agent"
"""The role of whoever answers; any other is a customer's."""


@attrs.frozen
class Said:
    """A message of a stream: its ``text``, and what is known around it.

    ``at`` is in seconds since any instant, None if not known.  ``role`` is ``agent`` or another word for whoever does
    not answer, empty if not known.  ``reply_to`` is the place in the stream of the message that it answers, the first
    being 0.  ``resolved`` says that its ticket was marked as solved with it.  ``channel`` is the name of what it came
    by, ``speaker`` who says it where several people talk; both are empty if not known.
    """

    text: str
    at: float | None = None
    role: str = "customer"
    channel: str = ""
    reply_to: int | None = None
    resolved: bool = False
    speaker: str = ""


class Stream:
    """What was said so far, and in which ticket: tickets are called 0, 1, 2, by the order in which they opened."""

    def __init__(self) -> None:
        self.tickets: list[int] = []
        """The ticket of each message."""
        self._matters: list[Matter] = []
        self._latest: dict[int, None] = {}
        self._known: Counter[str] = Counter()
        self._last_at: float | None = None
        self._agents = False

    def replied(self, said: Said) -> int | None:
        """The ticket of the message that this one says it answers."""
        at = said.reply_to
        return self.tickets[at] if at is not None and 0 <= at < len(self.tickets) else None

    @property
    def latest(self) -> int:
        """The ticket of the last message."""
        return self.tickets[-1]

    def candidates(self, said: Said) -> list[int]:
        """The tickets that a message may continue, the one with the latest message first."""
        found: list[int] = []
        for label in reversed(self._latest):
            if len(found) == RECENT:
                break
            found.append(label)
        replied = self.replied(said)
        if replied is not None and replied not in found:
            found.append(replied)
        return found

    def pairs(self, said: Said, heard: Heard, candidates: Sequence[int]) -> list[list[float]]:
        """The features of the message with each of these tickets.  Linear in the message's words."""
        worth = {word: math.log((len(self.tickets) + 2) / (self._known[word] + 1)) for word in heard.words}
        whole = math.fsum(worth.values()) or 1.0
        replied = self.replied(said)
        matters = [self._matters[label] for label in candidates]
        asking = sum(matter.asks for matter in matters)
        unclosed = sum(not matter.closed for matter in matters)
        gaps = [age(matter.last_at, said.at) for matter in matters]
        nearest = min(gaps)
        return [
            [
                *state(matter, rank, said.at),
                *ties(heard, matter, worth, whole, replied, said.channel),
                float(len(matters) - 1),
                float(asking - matter.asks),
                float(unclosed - (not matter.closed)),
                gaps[rank] - nearest,
                *heard.flags,
            ]
            for rank, matter in enumerate(matters)
        ]

    def around(self, said: Said) -> tuple[float, ...]:
        """The values of ``AROUND`` for the next message."""
        return (
            age(self._last_at, said.at),
            float(min(len(self._matters), 9)),
            float(self._agents),
            float(said.reply_to is not None),
            kind_of(said.channel),
            float(min(len(self.tickets), 50)),
        )

    def put(self, said: Said, heard: Heard, ticket: int | None) -> int:
        """Take note that the message is for this ticket, or opens one if None; which one it is then."""
        if ticket is None:
            ticket = len(self._matters)
            self._matters.append(Matter(ticket, said.channel, heard, heard))
        by_agent = said.role == AGENT
        self._matters[ticket].hears(heard, said.at, said.channel, by_agent=by_agent, resolved=said.resolved)
        self._latest.pop(ticket, None)
        self._latest[ticket] = None
        self._known.update(heard.words)
        self._last_at = said.at
        self._agents = self._agents or by_agent
        self.tickets.append(ticket)
        return ticket
