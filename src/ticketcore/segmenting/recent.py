"""What a message is weighed against: the contact's recent tickets, and what was said in each of them of late."""

import math
from collections.abc import Sequence

import attrs

from ticketcore.segmenting.features import kind_of, state, ties
from ticketcore.segmenting.matters import Matter, age
from ticketcore.segmenting.reading import Heard

LATEST = 10
"""Of so many tickets, those that were opened last, the most recently talked of may be continued."""

RECENT = 5
"""So many of the latest tickets may be continued, besides one whose message is answered."""


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


@attrs.frozen
class Recent:
    """The tickets that a message may continue.

    ``matters`` are the tickets, the one with the latest message first, and last one whose message is answered if that
    is no recent one.  ``opened`` is how many tickets the contact has had, counted to ``LATEST``.  ``replied`` is the
    number of the ticket whose message is answered.
    """

    matters: Sequence[Matter]
    opened: int
    replied: int | None = None

    def pairs(self, said: Said, heard: Heard) -> list[list[float]]:
        """The values of ``PAIR`` for the message with each of the tickets.  Linear in the message's words."""
        matters, replied = self.matters, self.replied
        messages = sum(len(matter.said) for matter in matters)
        worth = {
            word: math.log((messages + 2) / (sum(matter.words.get(word, 0) for matter in matters) + 1))
            for word in heard.words
        }
        whole = math.fsum(worth.values()) or 1.0
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
        """The values of ``AROUND`` for the message."""
        matters = self.matters
        return (
            age(matters[0].last_at, said.at),
            float(min(self.opened, LATEST)),
            float(any(matter.last_agent is not None for matter in matters)),
            float(self.replied is not None),
            kind_of(said.channel),
            float(min(sum(len(matter.said) for matter in matters), 50)),
        )
