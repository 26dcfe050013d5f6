"""One ticket of a contact as it stands while a stream is read."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from ticketcore.segmenting.reading import PLACE, Heard

_TOLD = tuple(
    PLACE[name] for name in ("says a need", "wants", "seeks", "acts", "asks", "breaks", "names a thing", "digits")
)
_CLOSES = tuple(PLACE[name] for name in ("closes only", "ends it", "parts"))


@dataclass(slots=True)
class Matter:
    """A ticket, as far as the next decision needs it.

    ``label`` is its number, ``channel`` that of its last message.  ``first``, ``last``, ``last_customer`` and
    ``last_agent`` are messages of it, ``last_at`` and ``customer_at`` when the last one came, and the customer's, in
    seconds, None where the stream has no times; ``by_agent`` says that the last is an agent's.  ``by_customer`` counts
    the customer's messages, ``since_agent`` those that no agent answered yet, ``closings`` those that end it.
    ``resolved``: an agent solved it.  ``told``: the customer said more than a greeting.  ``offered_more``: the agent
    asked whether there is anything else.  ``done``: the agent said that something was done.  ``words`` and
    ``numbers`` are those of all its messages.
    """

    label: int
    channel: str
    first: Heard
    last: Heard
    last_at: float | None = None
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
    words: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)

    def hears(self, heard: Heard, at: float | None, channel: str, *, by_agent: bool, resolved: bool) -> None:
        """Take note of the next message of the ticket."""
        flags = heard.flags
        self.last, self.last_at, self.channel, self.by_agent = heard, at, channel, by_agent
        self.words |= heard.words
        self.numbers |= heard.numbers
        self.resolved = resolved or (self.resolved and by_agent)
        if by_agent:
            self.last_agent, self.since_agent = heard, 0
            closes = self.offered_more and bool(flags[PLACE["closes only"]])
            self.offered_more = closes or bool(flags[PLACE["asks for more"]])
            self.done = self.done or bool(flags[PLACE["reports it done"]])
            return
        self.last_customer, self.customer_at = heard, at
        self.since_agent += 1
        self.by_customer += 1
        self.closings += any(flags[place] for place in _CLOSES)
        self.told = self.told or any(flags[place] for place in _TOLD)

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
