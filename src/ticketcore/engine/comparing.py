"""Policies whose ranks depend on who else can take the ticket: smooth turns by weight, a few by chance, pools in ratio.

Such a policy is asked for each ticket to look at all candidates (``Comparing.among``), and gives the policy that ranks
them.  Each candidate is looked at: right for tens or hundreds of them.  A number that is out of range is
``InvalidInput``, naming the field.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import attrs

from ticketcore.checks import check_name, check_whole, whole
from ticketcore.engine.agents import AgentLoad
from ticketcore.engine.policies import Asked, DistributionPolicy, Lasting, LeastActive, hashed
from ticketcore.errors import InvalidInput
from ticketcore.model import CREDIT

FINE = 2520
"""Parts of a credit in which smooth turns are counted, so that weights of 100, 200 up to 1000 percent divide it."""

_WHOLE = FINE * CREDIT * 100


@runtime_checkable
class Comparing(Protocol):
    """A ``DistributionPolicy`` that has to see the candidates before it can rank them; asked unless its rank lasts."""

    def among(self, candidates: Sequence[AgentLoad], asked: Asked) -> DistributionPolicy:
        """The policy that ranks these, whatever their order."""
        ...


def policy_among(policy: DistributionPolicy, candidates: Sequence[AgentLoad], asked: Asked) -> DistributionPolicy:
    """What ranks these candidates: the policy, or what it gives for them if it compares."""
    return policy.among(candidates, asked) if isinstance(policy, Comparing) else policy


@attrs.frozen
class Momentary:
    """What policies that compare are: of the moment.  ``lasts`` and ``takes_turns`` are as in ``DistributionPolicy``.

    One candidate by themselves is ranked as if nobody else could take the ticket.
    """

    lasts = False
    takes_turns = False


@attrs.frozen
class SmoothWeightedRoundRobin(Momentary):
    """Agents in turn, each as often as their weight says, the turns of a heavy one spread among the others'.

    The rule of nginx's smooth weighted balancing: whoever is most tickets behind their part of what those who can take
    this one were given.  Among the same agents the counts are exact after each whole cycle, and nobody is ever a whole
    ticket ahead.  Whoever could not take some keeps their turn, and is made up to for all of them: after a long time
    without room, or without work that they are able for, the next tickets are all theirs.

    ``name``, ``lasts`` and ``takes_turns`` are as in ``DistributionPolicy``.
    """

    name = "smooth_weighted_round_robin"

    def among(self, candidates: Sequence[AgentLoad], asked: Asked) -> DistributionPolicy:
        """See ``Comparing``."""
        weight = sum(load.weight for load in candidates)
        return MostBehind(weight, sum(load.weight * load.virtual_time for load in candidates))

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return self.among((load,), asked).rank(load, asked)

    def credit(self, load: AgentLoad) -> int:
        """See ``DistributionPolicy``."""
        return smooth_credit(load)


def smooth_credit(load: AgentLoad) -> int:
    """One assignment in parts of ``FINE``, over the agent's weight, rounded to the nearest."""
    return (2 * _WHOLE + load.weight) // (2 * load.weight)


@attrs.frozen
class MostBehind(Lasting):
    """Who is the most tickets behind, where all together have this ``weight`` and were ``given`` as much.

    What ``SmoothWeightedRoundRobin`` ranks by; ``name`` is as in ``DistributionPolicy``.
    """

    weight: int
    given: int
    name = "most_behind"
    lasts = False

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return (load.weight * (self.weight * load.virtual_time - self.given - _WHOLE),)

    def credit(self, load: AgentLoad) -> int:
        """See ``DistributionPolicy``."""
        return smooth_credit(load)


@attrs.frozen
class PowerOfChoices(Momentary):
    """The best by ``policy`` of ``draws`` agents who are drawn by chance, the others after them.

    Two draws share nearly as well as a look at all (Mitzenmacher, "The power of two choices in randomized load
    balancing", 2001) where everybody can do most of the work; where skills are rare, draws meet the same few.  The
    same for the same ``seed`` and ticket.  ``lasts`` and ``takes_turns`` are as in ``DistributionPolicy``.
    """

    draws: int = attrs.field(default=2, validator=whole(1))
    policy: DistributionPolicy = attrs.field(factory=LeastActive)
    seed: int = 0

    @property
    def name(self) -> str:
        """See ``DistributionPolicy``."""
        return f"power_of_{self.draws}({self.policy.name})"

    def among(self, candidates: Sequence[AgentLoad], asked: Asked) -> DistributionPolicy:
        """See ``Comparing``."""
        drawn = heapq.nsmallest(self.draws, ((self._lot(load.id, asked), load.id) for load in candidates))
        return _Drawn(frozenset(agent for _, agent in drawn), self, policy_among(self.policy, candidates, asked))

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return self.among((load,), asked).rank(load, asked)

    def credit(self, load: AgentLoad) -> int:
        """See ``DistributionPolicy``."""
        return self.policy.credit(load)

    def _lot(self, agent: str, asked: Asked) -> int:
        return hashed(f"{self.seed} {asked.ticket} {agent}")


@attrs.frozen
class _Drawn(Momentary):
    """Whoever was drawn before the others."""

    drawn: frozenset[str]
    of: PowerOfChoices
    policy: DistributionPolicy
    name = "drawn"

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        return (int(load.id not in self.drawn), *self.policy.rank(load, asked), self.of._lot(load.id, asked))

    def credit(self, load: AgentLoad) -> int:
        return self.policy.credit(load)


def _as_parts(value: Mapping[str, int] | Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(value.items() if isinstance(value, Mapping) else value)


def _parts(_owner: object, _attribute: "attrs.Attribute[Any]", value: tuple[tuple[str, int], ...]) -> None:
    if not value:
        raise InvalidInput("IdlenessRatio.parts", "must name at least one team")
    for team, part in value:
        check_name(team, "IdlenessRatio.parts")
        check_whole(part, f"IdlenessRatio.parts[{team!r}]", 1)


@attrs.frozen
class IdlenessRatio(Lasting):
    """An agent of the pool that has most spare room for its part; in the pool, who was given work longest ago.

    Pools are teams, and an agent is of the first that ``parts`` names.  The room that is spare in the pools that can
    take the ticket is kept in this ratio (Gurvich and Whitt, "Queue-and-idleness-ratio controls in many-server service
    systems", 2009).  Whoever is in none of these teams comes last.  Small pools swing, since one ticket is much of what
    they have.

    ``name`` and ``lasts`` are as in ``DistributionPolicy``.
    """

    parts: tuple[tuple[str, int], ...] = attrs.field(converter=_as_parts, validator=_parts)
    name = "idleness_ratio"
    lasts = False

    def among(self, candidates: Sequence[AgentLoad], asked: Asked) -> DistributionPolicy:
        """See ``Comparing``."""
        spare: dict[str, int] = {}
        for load in candidates:
            pool = self._pool(load)
            if pool is not None:
                spare[pool] = spare.get(pool, 0) + load.capacity - load.used
        parts = {team: part for team, part in self.parts if team in spare}
        total, whole = sum(spare.values()), sum(parts.values())
        return _MostSpare(self, {team: part * total - whole * spare[team] for team, part in parts.items()})

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        """See ``DistributionPolicy``."""
        return self.among((load,), asked).rank(load, asked)

    def _pool(self, load: AgentLoad) -> str | None:
        return next((team for team, _ in self.parts if team in load.teams), None)


@attrs.frozen
class _MostSpare(Lasting):
    """The pool that misses least of its part first."""

    of: IdlenessRatio
    missing: Mapping[str, int]
    name = "most_spare"
    lasts = False

    def rank(self, load: AgentLoad, asked: Asked) -> tuple[int, ...]:
        pool = self.of._pool(load)
        return (int(pool is None), self.missing.get(pool or "", 0), load.last_assigned)
