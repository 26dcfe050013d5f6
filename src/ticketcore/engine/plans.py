"""Requirements compiled: who may take a ticket, as sets of agents that are kept until something changes them.

A plan is made once for all tickets that ask the same.  It holds the agents who qualify by tiers of preference: as a
list when they are few, so that each is looked at, and otherwise as one whole number with a bit for each.
"""

from collections.abc import Callable
from functools import reduce
from operator import and_

import attrs

from ticketcore.engine.agents import AgentLoad
from ticketcore.engine.decisions import Counts
from ticketcore.engine.fleet import ALL_AGENTS, Fleet, name_of, names_of
from ticketcore.model import Filter
from ticketcore.model.requirements import (
    EVERYBODY,
    All,
    AnyOf,
    AtLeast,
    Everybody,
    Expression,
    InTeam,
    Leaf,
    Not,
    Requirement,
    canonical,
    parts_of,
)

KEPT_BYTES = 64 * 2**20
"""How much memory the sets of plans may take; the oldest are dropped, and made again when asked for."""


Teams = str | tuple[str, ...] | None
"""A team, several of which one is enough, or None for everybody."""


@attrs.frozen
class Group:
    """The agents of one tier: a list, ``few``, by falling slot, or else those who are in all ``sets``."""

    few: tuple[AgentLoad, ...] | None
    sets: tuple[int, ...]

    @property
    def many(self) -> int:
        """Those in all sets, as one."""
        return reduce(and_, self.sets)


class Room:
    """Who could take one more ticket of a channel now, as the set ``bits``; ``flag`` its bit in an agent's ``ready``.

    A ticket of the ``channel`` takes ``cost`` units of an agent's capacity.  ``queue`` is where it comes from, None
    where nobody asks.  ``bounds`` are the sets of those who are available and bound by something of their capacity
    profile, by what it is, but for their units.
    """

    __slots__ = ("bits", "bounds", "channel", "cost", "flag", "queue")

    def __init__(self, channel: str, cost: int, flag: int, queue: str | None = None) -> None:
        self.channel = channel
        self.queue = queue
        self.cost = cost
        self.flag = flag
        self.bits = 0
        self.bounds: dict[Filter, int] = {}

    def bind(self, bit: int, before: Filter | None, now: Filter | None) -> None:
        """The agent of this bit is bound by this now, and was by that before."""
        if now is not before:
            for bound in (before, now):
                if bound is not None and bound is not Filter.CAPACITY:
                    self.bounds[bound] = self.bounds.get(bound, 0) ^ bit


class Plan:
    """What an engine makes of a requirement, a team and a channel: the handle that its questions and facts take.

    Only the engine that made it can use it, for as long as that lives, whatever changes meanwhile.  ``only`` is the set
    of all its agents where that is one that there is anyway.
    """

    __slots__ = (
        *("anchors", "counts", "cursor", "groups", "must", "names", "only", "requirement", "room", "stamp", "teams"),
        *("told", "told_of"),
    )

    def __init__(self, requirement: Requirement, teams: tuple[str, ...], room: Room) -> None:
        self.requirement = requirement
        self.teams = teams
        self.room = room
        self.must = canonical(All((self.served, requirement.must)))
        self.names = tuple(sorted(set().union(*map(_names, (self.must, *requirement.prefer)))))
        self.anchors: tuple[str, ...] = ()
        self.cursor = 0
        self.stamp = -1
        self.groups: tuple[Group, ...] = ()
        self.only: int | None = None
        self.counts: tuple[int, int] | None = None
        self.told: dict[tuple[int, int], Counts] = {}
        self.told_of = 0

    @property
    def served(self) -> Expression:
        """That an agent is in one of the ``teams``, or is there at all."""
        return AnyOf([InTeam(team) for team in self.teams]) if self.teams else EVERYBODY


class Plans:
    """The plans of one fleet: made once each, and made anew when their agents have changed.

    ``fewest`` says up to how many agents a tier is a list.  ``by_request`` are the plans as they were asked for,
    ``by_object`` those that ask no more than a requirement, by its identity: ``by_request`` keeps it for as long.
    """

    def __init__(self, fleet: Fleet, fewest: Callable[[], int]) -> None:
        self._fleet = fleet
        self._fewest = fewest
        self.by_request: dict[tuple[Requirement, Teams, str, str | None], Plan] = {}
        self.by_object: dict[int, Plan] = {}
        self._by_meaning: dict[tuple[Requirement, Teams, str, str | None], Plan] = {}
        self._kept: dict[Plan, int] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._by_meaning)

    def make(self, requirement: Requirement, team: Teams, room: Room) -> Plan:
        """The plan for this; the same for all that mean the same."""
        meaning = Requirement(canonical(requirement.must), tuple(map(canonical, requirement.prefer)))
        key = (meaning, team, room.channel, room.queue)
        plan = self._by_meaning.get(key)
        if plan is None:
            teams = (team,) if isinstance(team, str) else team or ()
            plan = self._by_meaning[key] = Plan(meaning, teams, room)
        self.by_request[requirement, team, room.channel, room.queue] = plan
        if team is None and room.queue is None and not room.channel:
            self.by_object[id(requirement)] = plan
        return plan

    def anchor(self, plan: Plan) -> None:
        """Choose the names by which agents find what waits by the plan, if that has not been done."""
        if not plan.anchors:
            plan.anchors = anchors(plan.must, self._fleet)

    def forget(self) -> None:
        """Make all plans anew when they are next asked for; those that somebody holds on to stay right."""
        self.by_request.clear()
        self.by_object.clear()
        self._by_meaning.clear()

    def refresh(self, plan: Plan) -> None:
        """Make the plan's sets what they have to be now.  O(parts x agents / 64) if they are others."""
        fleet = self._fleet
        if plan.stamp == fleet.stamp:
            return
        if plan.stamp < 0 or fleet.changed_since(plan.names, plan.stamp):
            wanted = plan.must.parts if isinstance(plan.must, All) else (plan.must,)
            sets = tuple(map(fleet.holders, wanted))
            tiers = [(found, sets)] if (found := reduce(and_, sets)) else []
            for liked in map(fleet.holders, plan.requirement.prefer):
                parted = (part for tier, _ in tiers for part in (tier & liked, tier & ~liked) if part)
                tiers = [(part, (part,)) for part in parted]
            fewest = self._fewest()
            plan.groups = tuple(
                Group(tuple(fleet.members(tier)), ()) if tier.bit_count() <= fewest else Group(None, sets)
                for tier, sets in tiers
            )
            one = len(plan.groups) == 1 and plan.groups[0].few is None and len(plan.groups[0].sets) == 1
            plan.only = plan.groups[0].sets[0] if one else None
            plan.counts = None
            plan.told.clear()
            self._keep(plan)
        plan.stamp = fleet.stamp

    def qualifies(self, plan: Plan, load: AgentLoad) -> bool:
        """Whether the agent is in the plan, room or not.  O(agents / 64)."""
        if plan.stamp != self._fleet.stamp:
            self.refresh(plan)
        return any(_in(group, load) for group in plan.groups)

    def tier(self, plan: Plan, load: AgentLoad) -> int:
        """How many tiers in which somebody qualifies come before the agent's."""
        if len(plan.groups) < 2:
            return 0
        return next(number for number, group in enumerate(plan.groups) if _in(group, load))

    def counts(self, plan: Plan) -> tuple[int, int]:
        """How many agents are in the plan's team, and how many of these meet what it asks."""
        if plan.stamp != self._fleet.stamp:
            self.refresh(plan)
        if plan.counts is None:
            team = self._fleet.holders(plan.served).bit_count() if plan.teams else 0
            sizes = (len(group.few) if group.few is not None else group.many.bit_count() for group in plan.groups)
            plan.counts = (team, sum(sizes))
        return (len(self._fleet.loads), plan.counts[1]) if not plan.teams else plan.counts

    def _keep(self, plan: Plan) -> None:
        """Count the memory of the plan's sets, and drop the sets of others while it is too much."""
        self._bytes -= self._kept.pop(plan, 0)
        own = plan.requirement.prefer or any(map(parts_of, getattr(plan.must, "parts", (plan.must,))))
        size = sum(bits.__sizeof__() for group in plan.groups for bits in group.sets) if own else 0
        if not size:
            return
        self._kept[plan] = size
        self._bytes += size
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            oldest = next(iter(self._kept))
            self._bytes -= self._kept.pop(oldest)
            oldest.stamp, oldest.groups, oldest.only = -1, (), None


def _in(group: Group, load: AgentLoad) -> bool:
    if group.few is not None:
        return load in group.few
    bit = 1 << load.slot
    return all(members & bit for members in group.sets)


def _names(tree: Expression) -> set[str]:
    """The sets that an expression is made from."""
    if isinstance(tree, Leaf):
        return {name_of(tree)}
    return set().union(*map(_names, parts_of(tree)), (ALL_AGENTS,) if isinstance(tree, Not) else ())


def anchors(expression: Expression, fleet: Fleet) -> tuple[str, ...]:
    """Names of which every agent who meets the expression bears at least one; as few agents as can be seen do.

    Whoever looks for tickets looks only among those that are anchored at a name of theirs.
    """
    return tuple(sorted(_anchored(expression, fleet)[1]))


def _anchored(expression: Expression, fleet: Fleet) -> tuple[int, frozenset[str]]:
    """How many agents bear the names, and the names."""
    match expression:
        case All(parts):
            return min((_anchored(part, fleet) for part in parts), key=_rarity)
        case AnyOf(parts):
            return _together([_anchored(part, fleet) for part in parts])
        case AtLeast(count, parts):  # Who misses all of these meets at most count - 1 of the rest.
            rarest = sorted((_anchored(part, fleet) for part in parts), key=_rarity)
            return _together(rarest[: len(parts) - count + 1])
        case Not() | Everybody():
            return len(fleet), frozenset((ALL_AGENTS,))
    return fleet.holders(expression).bit_count(), frozenset(names_of(expression))


def _rarity(anchored: tuple[int, frozenset[str]]) -> tuple[int, list[str]]:
    return anchored[0], sorted(anchored[1])


def _together(several: list[tuple[int, frozenset[str]]]) -> tuple[int, frozenset[str]]:
    return sum(count for count, _ in several), frozenset().union(*(names for _, names in several))


def unmet(expression: Expression, fleet: Fleet) -> tuple[Expression, ...]:
    """The smallest parts that nobody meets, whoever is there; empty when somebody meets it all.

    Of what all must be met, the parts that nobody meets, or the whole when only their meeting is impossible.
    """
    if fleet.holders(expression):
        return ()
    if isinstance(expression, All):
        return tuple(item for part in expression.parts for item in unmet(part, fleet)) or (expression,)
    return (expression,)
