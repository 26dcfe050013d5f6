"""One ticket of a contact as it stands while a stream is read."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ticketcore.segmenting.likeness import Vector, cosine
from ticketcore.segmenting.reading import PLACE, Heard

REMEMBERED = 20
"""So many of the latest messages of a ticket are looked at, so that no decision grows with what was said."""

_TOLD = tuple(
    PLACE[name] for name in ("says a need", "wants", "seeks", "acts", "asks", "breaks", "names a thing", "digits")
)
_CLOSES = tuple(PLACE[name] for name in ("closes only", "ends it", "parts"))


class Uttered(NamedTuple):
    """A message of a ticket: what was ``heard``, when, by which ``channel``, and whether ``by_agent``.

    ``at`` is in seconds, None where it is not known; ``resolved`` says that the ticket was marked as solved with it.
    ``vector`` is where a host's embedding has it, none where there is no such.
    """

    heard: Heard
    at: float | None
    channel: str
    by_agent: bool = False
    resolved: bool = False
    vector: Vector = ()


@dataclass(slots=True)
class Matter:
    """A ticket, as far as the next decision needs it: no more than its last ``REMEMBERED`` messages.

    ``label`` is its number, ``said`` are those messages.  ``last_customer`` and ``last_agent`` are what was heard last
    of either, ``customer_at`` when the customer's came; ``by_agent`` says that the last is an agent's.  ``by_customer``
    counts the customer's messages, ``since_agent`` those that no agent answered yet, ``closings`` those that end it.
    ``resolved``: an agent solved it.  ``told``: the customer said more than a greeting.  ``offered_more``: the agent
    asked whether there is anything else.  ``done``: the agent said that something was done.  ``words`` counts the
    messages that have a word, ``numbers`` are those of all.  ``paces`` adds up the logarithms of the seconds between
    its messages, of which ``paced`` are known; ``subjects`` are those that they speak of.  ``vector`` is the sum of
    those of its messages, ``likes`` adds up how alike ``liked`` of them were to those before.
    """

    label: int
    said: list[Uttered] = field(default_factory=list)
    customer_at: float | None = None
    by_customer: int = 0
    since_agent: int = 0
    closings: int = 0
    by_agent: bool = False
    resolved: bool = False
    told: bool = False
    offered_more: bool = False
    done: bool = False
    last_customer: Heard | None = None
    last_agent: Heard | None = None
    words: Counter[str] = field(default_factory=Counter)
    numbers: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)
    paces: float = 0.0
    paced: int = 0
    vector: list[float] = field(default_factory=list)
    likes: float = 0.0
    liked: int = 0

    @classmethod
    def of(cls, label: int, said: Iterable[Uttered]) -> "Matter":
        """The ticket of these messages, of which there are no more than are remembered."""
        matter = cls(label)
        for each in said:
            matter.hears(each)
        return matter

    def after(self, uttered: Uttered) -> "Matter":
        """The ticket after its next message: itself, unless it has to forget one."""
        if len(self.said) == REMEMBERED:
            return Matter.of(self.label, [*self.said[1:], uttered])
        self.hears(uttered)
        return self

    def hears(self, uttered: Uttered) -> None:
        """Take note of the next message of the ticket."""
        heard, by_agent = uttered.heard, uttered.by_agent
        flags = heard.flags
        if self.said and uttered.at is not None and self.last_at is not None:
            self.paces += age(self.last_at, uttered.at)
            self.paced += 1
        if uttered.vector:
            self._points(uttered.vector)
        self.said.append(uttered)
        self.by_agent = by_agent
        self.words.update(heard.words)
        self.numbers |= heard.numbers
        self.subjects |= heard.subjects
        self.resolved = uttered.resolved or (self.resolved and by_agent)
        if by_agent:
            self.last_agent, self.since_agent = heard, 0
            closes = self.offered_more and bool(flags[PLACE["closes only"]])
            self.offered_more = closes or bool(flags[PLACE["asks for more"]])
            self.done = self.done or bool(flags[PLACE["reports it done"]])
            return
        self.last_customer, self.customer_at = heard, uttered.at
        self.since_agent += 1
        self.by_customer += 1
        self.closings += any(flags[place] for place in _CLOSES)
        self.told = self.told or any(flags[place] for place in _TOLD)

    def _points(self, vector: Vector) -> None:
        if not self.vector:
            self.vector = list(vector)
            return
        self.likes += cosine(vector, self.vector)
        self.liked += 1
        self.vector = [one + other for one, other in zip(self.vector, vector, strict=True)]

    @property
    def first(self) -> Heard:
        """The first message that is remembered."""
        return self.said[0].heard

    @property
    def last(self) -> Heard:
        """The last message."""
        return self.said[-1].heard

    @property
    def last_at(self) -> float | None:
        """When the last message came."""
        return self.said[-1].at

    @property
    def channel(self) -> str:
        """The channel of the last message."""
        return self.said[-1].channel

    @property
    def closed(self) -> bool:
        """Whether an agent solved it, or the customer's last words were those of an end."""
        last = self.last_customer
        return self.resolved or (
            last is not None and bool(last.flags[PLACE["closes only"]] or last.flags[PLACE["ends it"]])
        )

    def asked(self, slots: Iterable[str]) -> int:
        """For how many of these an agent's last message asks, if nothing came after it."""
        agent = self.last_agent
        return sum(slot in agent.cues for slot in slots) if agent is not None and self.by_agent else 0

    @property
    def asks(self) -> bool:
        """Whether its last message is an agent's question."""
        agent = self.last_agent
        return bool(
            self.by_agent and agent is not None and (agent.flags[PLACE["asks"]] or agent.flags[PLACE["asks consent"]])
        )


def age(at: float | None, now: float | None) -> float:
    """The logarithm of the seconds between two instants, 0 where time runs backwards, -1 where one is not known."""
    return -1.0 if at is None or now is None else math.log1p(max(0.0, now - at))
