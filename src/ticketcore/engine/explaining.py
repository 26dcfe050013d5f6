"""What a decision leaves out, counted or listed: whom each filter removed, and from whom what waits is kept."""

from collections.abc import Collection, Iterable
from functools import lru_cache

from ticketcore.engine.agents import AgentLoad
from ticketcore.engine.comparing import policy_among
from ticketcore.engine.decisions import Counts, Decision, Explanation, Pull
from ticketcore.engine.fleet import Fleet
from ticketcore.engine.lanes import Backlog
from ticketcore.engine.plans import Group, Plan, Plans
from ticketcore.engine.policies import Asked, DistributionPolicy
from ticketcore.engine.ranking import Rank
from ticketcore.model import BOUNDS, Excluded, Filter

MOST_TOLD = 256
"""How many counts of a plan are remembered while the same agents are there, since the same come again and again."""


def counted(fleet: Fleet, plans: Plans, plan: Plan, excluded: Collection[str], available: int) -> Counts:
    """How many agents each filter removes, in its order.  O(agents / 64), or the plan's agents when they are few."""
    if plan.only is None or excluded or plan.room.bounds:
        return _counted(fleet, plans, plan, excluded, available)
    if plan.told_of is not available or len(plan.told) >= MOST_TOLD:
        plan.told_of = available
        plan.told.clear()
    numbers = len(fleet), (plan.only & plan.room.bits).bit_count()
    known = plan.told.get(numbers)
    if known is None:
        known = plan.told[numbers] = _counted(fleet, plans, plan, excluded, available)
    return known


def _counted(fleet: Fleet, plans: Plans, plan: Plan, excluded: Collection[str], available: int) -> Counts:
    team, qualified = plans.counts(plan)
    shut_out: list[AgentLoad] = []
    if excluded:
        known = [fleet.loads[agent] for agent in set(excluded) if agent in fleet.loads]
        shut_out = [load for load in known if plans.qualifies(plan, load)]
    present = eligible = 0
    room = plan.room
    for group in plan.groups:
        if group.few is None:
            many = group.many
            present += (many & available).bit_count()
            eligible += (many & room.bits).bit_count()
        else:
            for load in group.few:
                if load.available:
                    present += 1
                    if load.ready & room.flag:
                        eligible += 1
    for load in shut_out:
        present -= load.available
        eligible -= load.available and load.ready & room.flag != 0
    bound = _bound(plan, shut_out) if room.bounds else ()
    return _counts(len(fleet.loads), team, qualified, len(shut_out), present, eligible, bound)


def _bound(plan: Plan, shut_out: Iterable[AgentLoad]) -> tuple[int, ...]:
    """How many of the plan's agents each bound but the first keeps from it, who are not shut out anyway."""
    flag, held = plan.room.flag, dict.fromkeys(BOUNDS[1:], 0)
    for group in plan.groups:
        if group.few is None:
            for bound, bits in plan.room.bounds.items():
                held[bound] += (group.many & bits).bit_count()
        else:
            for load in group.few:
                if load.bounds.get(flag) in held:
                    held[load.bounds[flag]] += 1
    for load in shut_out:
        if load.bounds.get(flag) in held:
            held[load.bounds[flag]] -= 1
    return tuple(held.values())


@lru_cache(4096)
def _counts(
    pool: int, team: int, qualified: int, shut_out: int, present: int, eligible: int, bound: tuple[int, ...]
) -> Counts:
    """The same numbers come again and again."""
    removed = (
        (Filter.TEAM, pool - team),
        (Filter.SKILLS, team - qualified),
        (Filter.EXCLUDED, shut_out),
        (Filter.PRESENCE, qualified - shut_out - present),
        (Filter.CAPACITY, present - eligible - sum(bound)),
        *zip(BOUNDS[1:], bound, strict=False),
    )
    return Counts(pool, tuple([Excluded(filter, number) for filter, number in removed if number]), eligible)


def explained(
    decision: Decision,
    fleet: Fleet,
    plan: Plan,
    excluded: Collection[str],
    policy: DistributionPolicy,
    asked: Asked,
) -> Explanation:
    """Every agent, with a rank or with the first filter that removed them."""
    qualified = {load.id for group in plan.groups for load in _loads(fleet, group)}
    candidates = in_order(fleet, plan, excluded, policy, asked)
    eligible = {agent for agent, _ in candidates}
    removed = [
        (load.id, _removed(load, plan, excluded, load.id in qualified)) for load in fleet if load.id not in eligible
    ]
    return Explanation(decision, tuple(candidates), tuple(sorted(removed)))


def able_of(loads: Iterable[AgentLoad], flag: int, excluded: Collection[str]) -> list[AgentLoad]:
    """Those who have room, in the sense of this flag, and are not excluded."""
    return [load for load in loads if load.ready & flag and load.id not in excluded]


def in_order(
    fleet: Fleet, plan: Plan, excluded: Collection[str], policy: DistributionPolicy, asked: Asked
) -> list[tuple[str, Rank]]:
    """The candidates and their ranks in the order in which they would be chosen, best tier first."""
    found: list[tuple[str, Rank]] = []
    for group in plan.groups:
        able = able_of(_loads(fleet, group), plan.room.flag, excluded)
        rank = policy_among(policy, able, asked).rank
        ranked = sorted((rank(load, asked), load.slot >= plan.cursor, -load.slot, load.id) for load in able)
        found += [(agent, key) for key, _, _, agent in ranked]
    return found


def _loads(fleet: Fleet, group: Group) -> Collection[AgentLoad]:
    return fleet.members(group.many) if group.few is None else group.few


def _removed(load: AgentLoad, plan: Plan, excluded: Collection[str], qualified: bool) -> Filter:
    if plan.teams and not any(team in load.teams for team in plan.teams):
        return Filter.TEAM
    if not qualified:
        return Filter.SKILLS
    if load.id in excluded:
        return Filter.EXCLUDED
    return load.bounds.get(plan.room.flag, Filter.CAPACITY) if load.available else Filter.PRESENCE


def pulled(load: AgentLoad, plans: Plans, backlog: Backlog, at: int, position: int) -> Pull:
    """Which ticket an agent gets, and by which filter the others are kept from them."""
    kept = dict.fromkeys(Filter, 0)
    for lane in backlog.lanes():
        reason = None
        if not plans.qualifies(lane.plan, load) or load.id in lane.excluded or not load.ready & lane.plan.room.flag:
            reason = _removed(load, lane.plan, lane.excluded, plans.qualifies(lane.plan, load))
        if reason is not None:
            kept[reason] += lane.size
    entry = backlog.first(load, at)
    excluded = tuple([Excluded(filter, number) for filter, number in kept.items() if number])
    ticket = None if entry is None else entry[1]
    return Pull(load.id, ticket, backlog.discipline.name, len(backlog.entries), excluded, position)
