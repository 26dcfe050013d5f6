"""Who of those who can take a ticket gets it: policies, each a rank of an agent.  The smallest rank wins.

A policy is a value with five members (``DistributionPolicy``); one of the host's is ten lines.  Ranks are tuples of
whole numbers, always of the same length.  A rank that lasts (``lasts``) looks at nothing but the agent's load, so that
the engine keeps it in an index; any other is asked for each candidate of each ticket: right for tens of candidates.

Of equals, a policy either takes turns (a cursor for each plan goes round among its agents), or leaves it at the order
in which agents were made known.  ``ticketcore.engine.chains`` puts policies one after the other.  A number of a policy
that is out of range is ``InvalidInput``, naming the field.

What to count, and over what: ``FairShare`` and ``DutyRate`` share the count of tickets, in proportion to weight, among
those who were there; ``LeastActive``, ``LeastUtilised`` and ``LongestIdle`` share time; ``FewestWaitingAndHandled``
is what one says first, and floods whoever comes late (see there).
"""

from typing import NamedTuple, Protocol

import attrs

from ticketcore.checks import instance, whole
from ticketcore.engine.agents import AgentLoad
from ticketcore.model.agent import credit
from ticketcore.model.distribution import Since, as_since
from ticketcore.model.requirements import EVERYBODY, Expression, HasSkill, leaves

PARTS = 1_000_000
"""Ratios in ranks are in parts of a million."""

HOUR = 3_600_000_000
"""Microseconds."""

PRIOR = HOUR // 4
"""For how long everybody counts at least as having been there: a rate of less says nothing.

An hour would give whoever comes late four times what the others are given for a while.
"""


class Asked(NamedTuple):
    """What an agent is sought for: the id of the ``ticket``, what it asks (``must``), and the instant ``at``.

    ``at`` is in microseconds since 1970 UTC, as in ``AgentLoad``.
    """

    ticket: str = ""
    at: int = 0
    must: Expression = EVERYBODY


NOTHING_ASKED = Asked()
"""What a policy is asked whose ranks last."""


class DistributionPolicy(Protocol):
    """Decides which of the agents who can take a ticket gets it.  Pure: equal input, equal answer."""

    @property
    def name(self) -> str:
        """What decisions call it."""
        ...

    @property
    def lasts(self) -> bool:
        """Whether ``rank`` looks at the load alone, so that it lasts until the next fact about that agent."""
        ...

    @property
    def takes_turns(self) -> bool:
        """Whether equals take turns."""
        ...

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """The smallest wins."""
        ...

    def credit(self, load: AgentLoad) -> int:
        """What one assignment adds to the agent's virtual time."""
        ...


def number_of(policy: DistributionPolicy) -> str | None:
    """Which number of a load is all that the policy ranks by, so that it need not be asked; None if there is none.

    A class says so by ``number``, beside its ``rank``: one derived from it, with another ``rank``, does not.
    """
    declared = vars(type(policy))
    return declared["number"] if policy.lasts and "rank" in declared and "number" in declared else None


@attrs.frozen
class Lasting:
    """What most policies are: of the load alone, at the usual credit.

    ``name``, ``lasts`` and ``takes_turns`` are as in ``DistributionPolicy``.
    """

    lasts = True
    takes_turns = False

    def credit(self, load: AgentLoad) -> int:
        """See ``DistributionPolicy``."""
        return credit(load.weight)


@attrs.frozen
class FairShare(Lasting):
    """The agent with the least virtual time: start-time fair queueing on people (Goyal, Vin and Cheng, 1996).

    Each assignment adds 1024, less for a heavier weight.  Whoever joins starts at the pool's mean.
    It ranks by one ``number``, as ``number_of`` says.
    """

    name = "fair_share"
    number = "virtual_time"
    takes_turns = True

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (load.virtual_time,)


@attrs.frozen
class LeastActive(Lasting):
    """The agent who has the fewest tickets open; equals take turns.

    Shares time, not tickets: whoever is quick is soon given the next.
    It ranks by one ``number``, as ``number_of`` says.
    """

    name = "least_active"
    number = "open"
    takes_turns = True

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (load.open,)


@attrs.frozen
class MostAvailable(Lasting):
    """The agent with the most units of capacity left; equals take turns.

    Differs from ``LeastActive`` when capacities do: with 1 of 2 and 8 of 10 taken, it chooses the second.  So whoever
    says that they can take much is given all of it first.
    """

    name = "most_available"
    takes_turns = True

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (load.used - load.capacity,)


@attrs.frozen
class LeastUtilised(Lasting):
    """The agent who uses the smallest part of their capacity; of equals, who has been there longest.

    While most have nothing to do, the first who came takes everything that is done before the next ticket.
    """

    name = "least_utilised"

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (PARTS * load.used // (load.capacity or 1), load.available_since)


@attrs.frozen
class RoundRobin(Lasting):
    """The agent who was given work longest ago.

    Nothing has to be reset when people come and go, and whoever is passed over since they are full keeps their turn.
    Counts turns and nothing else: whoever can do more than others takes part in more rounds, and is given more.
    It ranks by one ``number``, as ``number_of`` says.
    """

    name = "round_robin"
    number = "last_assigned"

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (load.last_assigned,)


_RELEASED, _AVAILABLE = Since.RELEASED, Since.AVAILABLE


@attrs.frozen
class LongestIdle(Lasting):
    """The agent who has been idle longest, among those with the fewest tickets open.

    ``since`` says what ended their idleness; whoever came on later than that has been idle since they came.  Shares
    time: whoever takes long for each ticket is given few.
    """

    since: Since = attrs.field(default=Since.RELEASED, converter=as_since, validator=instance(Since))
    name = "longest_idle"

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        if self.since is _AVAILABLE:
            return (load.open, load.available_since)
        last, came = load.last_released if self.since is _RELEASED else load.last_assigned, load.available_since
        return (load.open, last if last > came else came)


@attrs.frozen
class LeastHandled(Lasting):
    """The agent who was given the fewest tickets today.

    Floods whoever comes late: they get every ticket until they have as many as the others.  ``FairShare`` does not.
    """

    name = "least_handled"

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (load.handled, load.last_assigned)


@attrs.frozen
class FewestWaitingAndHandled(Lasting):
    """The agent with the fewest tickets waiting with them; of equals, the one who was given the fewest today.

    What one says first when asked for an even share.  Its second half floods whoever comes late among the equally
    busy, as ``LeastHandled`` does.
    """

    name = "fewest_waiting_and_handled"

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (load.open, load.handled, load.last_assigned)


@attrs.frozen
class LeastFlexibleFirst(Lasting):
    """The agent with the fewest skills, which saves those who can do much for what only they can do.

    Unfair alone: put it behind a ``Banded`` share.
    """

    name = "least_flexible_first"

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (len(load.skills),)


@attrs.frozen
class DutyRate(Lasting):
    """The agent who was given the fewest tickets today for their time on duty and their weight.

    The fairest share of the day's count; ``prior`` is for how many microseconds everybody counts at least, and whoever
    comes late makes up for as much at once.  Its order changes with time, so each candidate is looked at.
    """

    prior: int = attrs.field(default=PRIOR, validator=whole(1))
    name = "duty_rate"
    lasts = False

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (_rate(load, asked.at, self.prior), load.last_assigned)


def _rate(load: AgentLoad, at: int, prior: int) -> int:
    """Tickets for an hour of a full share, in parts of a million."""
    return load.handled * PARTS * HOUR * 100 // (max(prior, load.duty_until(at)) * load.weight)


@attrs.frozen
class WeightedScore(Lasting):
    """The agent with the least weighted sum of load and rate: an affine index (Chan, Koole and L'Ecuyer, 2014).

    ``alpha`` is the weight of the load, the part of their capacity that is taken, in percent; the rest that of the
    tickets given today for each hour on duty, where ``usual`` an hour counts as much as a full load; ``prior`` is as in
    ``DutyRate``.  The weights mean what they say only near that rate; find yours by simulation.
    """

    alpha: int = attrs.field(default=50, validator=whole(0, 100))
    usual: int = attrs.field(default=4, validator=whole(1))
    prior: int = attrs.field(default=PRIOR, validator=whole(1))
    name = "weighted_score"
    lasts = False

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        taken = PARTS * load.used // max(load.capacity, 1)
        rate = _rate(load, asked.at, self.prior) // self.usual
        return (self.alpha * taken + (100 - self.alpha) * rate, load.last_assigned)


@attrs.frozen
class BestSkill(Lasting):
    """The agent with the highest levels, summed over the skills that the ticket names.

    Unfair alone: the best are given everything until they are full, and the others never learn.
    """

    name = "best_skill"
    lasts = False

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        named = {leaf.skill for _, leaf in leaves(asked.must) if isinstance(leaf, HasSkill)}
        return (-sum(load.skills.get(skill, 0) for skill in named),)


@attrs.frozen
class LeastSkilled(Lasting):
    """The agent with the lowest levels, summed over the skills that the ticket names: practice while it is quiet.

    Unfair alone, as ``BestSkill`` is.
    """

    name = "least_skilled"
    lasts = False

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (-BestSkill().rank(load, asked)[0],)


@attrs.frozen
class Chance(Lasting):
    """An agent by chance: the same for the same ``seed`` and ticket, whoever asks.  A baseline to compare with."""

    seed: int = 0
    name = "random"
    lasts = False

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (hashed(f"{self.seed} {asked.ticket} {load.id}"),)


def hashed(text: str) -> int:
    """64 bits of the text: FNV-1a (Fowler, Noll and Vo) with the finalizer of splitmix64 (Steele, Lea and Flood)."""
    mixed = 0xCBF29CE484222325
    for octet in text.encode():
        mixed = (mixed ^ octet) * 0x100000001B3 & _MASK
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _MASK
    return mixed ^ mixed >> 31


_MASK = (1 << 64) - 1
