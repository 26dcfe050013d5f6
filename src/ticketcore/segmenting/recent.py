"""What a message is weighed against: the contact's recent tickets, and what was said in each of them of late."""

import math
from collections.abc import Sequence

import attrs

from ticketcore.segmenting.features import kind_of, state, ties
from ticketcore.segmenting.likeness import Vector, cosine
from ticketcore.segmenting.matters import Matter, age
from ticketcore.segmenting.reading import PLACE, Heard

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
        usual = self.usual
        tied = [ties(heard, matter, worth, whole, replied, said.channel) for matter in matters]
        shared = more_than_others([each[0] for each in tied])
        fitting = more_than_others([each[8] - each[9] for each in tied])
        open_before = 0
        found = []
        for rank, matter in enumerate(matters):
            found.append(
                [
                    *state(matter, rank, said.at),
                    *tied[rank],
                    float(len(matters) - 1),
                    float(asking - matter.asks),
                    float(unclosed - (not matter.closed)),
                    gaps[rank] - nearest,
                    gaps[rank] - usual if usual >= 0 and gaps[rank] >= 0 else 0.0,
                    float(open_before),
                    shared[rank],
                    fitting[rank],
                    *heard.flags,
                ]
            )
            open_before += not matter.closed
        return found

    @property
    def usual(self) -> float:
        """The mean of the logarithms of the seconds between messages of a ticket, -1 where none is known."""
        paced = sum(matter.paced for matter in self.matters)
        return math.fsum(matter.paces for matter in self.matters) / paced if paced else -1.0

    def alike(self, vector: Vector) -> tuple[list[float], float]:
        """How alike a message is to each ticket by a host's vectors, and how alike those of a ticket usually are."""
        alike = [cosine(vector, matter.vector) for matter in self.matters]
        liked = sum(matter.liked for matter in self.matters)
        usual = math.fsum(matter.likes for matter in self.matters) / liked if liked else max(alike)
        return alike, usual

    def around(self, said: Said, heard: Heard) -> tuple[float, ...]:
        """The values of ``AROUND`` for the message."""
        matters = self.matters
        return (
            age(matters[0].last_at, said.at),
            float(min(self.opened, LATEST)),
            float(any(matter.last_agent is not None for matter in matters)),
            float(self.replied is not None),
            kind_of(said.channel),
            float(min(sum(len(matter.said) for matter in matters), 50)),
            self.usual,
            sum(matter.first.flags[PLACE["greets"]] for matter in matters) / len(matters),
            sum(matter.closed for matter in matters[1:]) / (len(matters) - 1) if len(matters) > 1 else -1.0,
            float(len(heard.subjects.difference(*(matter.subjects for matter in matters)))),
        )


def more_than_others(values: Sequence[float]) -> list[float]:
    """By how much each is more than the greatest of the others; 0 where there is no other."""
    if len(values) == 1:
        return [0.0]
    second, first = sorted(values)[-2:]
    return [each - (second if each == first else first) for each in values]
