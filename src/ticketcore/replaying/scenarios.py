"""The history of a desk as a scenario: what came when, who was there, and how long it took, as it is recorded.

What a history says becomes a scenario; what it cannot say is listed, and not guessed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import NamedTuple

import attrs

from ticketcore.calendar.days import zone_of
from ticketcore.engine import AgentFacts, Engine, Requirement
from ticketcore.errors import InvalidInput
from ticketcore.escalation import Demand, access_of, after_steps, demand, plan_for
from ticketcore.model import Configuration, EscalationPlan, Offering, Priority, SkillLevel, Workload
from ticketcore.replaying.lives import AgentLife, Lives, Odd, TicketLife, counted
from ticketcore.replaying.past import Past
from ticketcore.requirement import whole_requirement
from ticketcore.sim.arrivals import Trace
from ticketcore.sim.eventlogs import LogScenario
from ticketcore.sim.extents import Terminating
from ticketcore.sim.journeys import Offers
from ticketcore.sim.laws import FOREVER, MICROSECOND, InOrder
from ticketcore.sim.scenario import Change, Group, Scenario, TicketClass

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Handling(StrEnum):
    """What the handling time of a ticket is: how long agents had it open (``FOCUS``), or how long it was theirs.

    The latter, ``SLOT``, is for how long it took a slot of an agent, whatever they did meanwhile.
    """

    FOCUS = "focus"
    SLOT = "slot"


class _Kind(NamedTuple):
    """What tickets of one class have in common."""

    queue: str
    channel: str
    priority: Priority | None
    needs: tuple[SkillLevel, ...]
    team: str
    requirement: Requirement
    escalation: EscalationPlan | None
    offering: Offering | None


def scenario_of(
    past: Past,
    handling: Handling = Handling.FOCUS,
    otherwise: timedelta | None = None,
    answer_within: timedelta | None = None,
) -> LogScenario:
    """The tickets of a history, which come when they came, and the agents, who are there when they were.

    A class is of tickets of one queue, channel, priority and requirement, as they were when they came.  Each takes as
    long as it took, by ``handling``; where that is not known, ``otherwise``, or without it as long as the ticket of its
    class before it.  A customer whose ticket was over while no agent had ever had it leaves after as long; all others
    stay.  Agents come on and go off, and their skills, teams, attributes and capacity change, when they did.  They
    stand in the order in which they were first given or offered work.  ``answer_within`` is the target of all classes.

    It goes on for as long as the history does, from its beginning, in the desk's zone as it was then; then it stops.
    Two readings of the past, and O(tickets + agents).

    Raises ``InvalidInput`` for a history in which nobody was given a ticket, and if ``otherwise`` is needed and not
    given.
    """
    lives = Lives(past)
    if lives.first is None or lives.last is None or all(agent.given is None for agent in lives.agents.values()):
        raise InvalidInput("past", "has nobody in it who was given a ticket")
    begin = lives.first
    versions = {life.asks.configuration for life in lives.tickets.values() if life.asks is not None}
    configurations = {version: past.configuration(version) for version in sorted(versions)}
    latest = configurations[max(configurations)]
    groups = [_group(life, begin) for life in sorted(lives.agents.values(), key=_seniority)]
    kinds, left_out = _kinds(lives, configurations, groups)
    names = _names(kinds)
    borrowed: Counter[str] = Counter()
    classes = [
        _class(names[kind], kind, tickets, begin, _Lengths(handling, otherwise, borrowed), answer_within)
        for kind, tickets in kinds.items()
    ]
    groups = [_fitting(group, {kind.channel for kind in kinds}, {kind.queue for kind in kinds}) for group in groups]
    offset = (_EPOCH + timedelta(microseconds=begin)).astimezone(zone_of(latest.zone)).utcoffset() or timedelta(0)
    began = (_EPOCH + timedelta(microseconds=begin)).astimezone(timezone(offset))
    extent = Terminating(timedelta(microseconds=max(lives.last - begin, 1)), finish=False)
    unsaid = (
        *_unsaid_lengths(handling, borrowed, kinds, otherwise),
        *_unsaid(lives, left_out, handling),
    )
    return LogScenario(Scenario(classes, groups, begin=began), extent, unsaid)


def _seniority(life: AgentLife) -> tuple[bool, int]:
    return life.asked is None, life.asked or 0


def _group(life: AgentLife, begin: int) -> Group:
    """The agent as they were first, and what became of them."""
    (first, on_duty, facts), *turns = life.turns
    changes = [] if first == begin and on_duty else [Change(timedelta(0), False)]
    changes += [Change(_after(first, begin), True)] if on_duty and first > begin else []
    known = facts
    for at, is_on, new in turns:
        turned = is_on if is_on is not on_duty else None
        if turned is not None or new != known:
            changes.append(Change(_after(at, begin), turned, new if new != known else None))
        on_duty, known = is_on, new
    return Group(facts, changes=sorted(changes, key=lambda change: change.after))


def _after(at: int, begin: int) -> timedelta:
    return timedelta(microseconds=max(0, at - begin))


def _kinds(
    lives: Lives, configurations: Mapping[int, Configuration], groups: Sequence[Group]
) -> tuple[dict[_Kind, list[TicketLife]], int]:
    """The tickets by kind, in the order in which they came, and how many nobody could ever take."""
    turned = [change.facts for group in groups for change in group.changes if change.facts is not None]
    engines = [Engine([facts]) for facts in (*(group.facts for group in groups), *turned)]
    kinds: dict[_Kind, list[TicketLife]] = defaultdict(list)
    taken: dict[_Kind, bool] = {}
    left_out = 0
    for life in sorted(lives.tickets.values(), key=lambda life: life.opened):
        kind = None if life.asks is None else _kind(life, configurations[life.asks.configuration])
        if kind is not None and kind not in taken:
            taken[kind] = any(_takes(engine, kind) for engine in engines)
        if kind is None or not taken[kind]:
            left_out += 1
        else:
            kinds[kind].append(life)
    return dict(kinds), left_out


def _kind(life: TicketLife, configuration: Configuration) -> _Kind | None:
    asks = life.asks
    assert asks is not None, "it is in a queue"
    asked, plan = demand(configuration, asks.queue, asks.needs, asks.requirement), None
    if asked is None:
        return None
    requirement = asked.requirement
    if access_of(configuration, asks.queue) is None:
        plan = _plan(configuration, plan_for(configuration, asks.queue, asks.requirement))
    if plan is not None:
        whole = whole_requirement(asks.needs, asks.requirement)
        requirement = Requirement(whole.must, whole.prefer)
    of_ticket = (asks.queue, asks.channel, asks.priority, asks.needs)
    return _Kind(*of_ticket, asked.teams[0], requirement, plan, configuration.offerings.get(asks.queue))


def _plan(configuration: Configuration, plan: EscalationPlan | None) -> EscalationPlan | None:
    """The plan with teams for queues; None if it looks at queues, which no scenario has."""
    if plan is None or any(step.when for step in plan.steps):
        return None
    steps = []
    for step in plan.steps:
        served = filter(None, (configuration.team_of(queue) for queue in step.queues))
        steps.append(attrs.evolve(step, queues=(), teams=tuple(dict.fromkeys((*step.teams, *served)))))
    return attrs.evolve(plan, steps=steps)


def _takes(engine: Engine, kind: _Kind) -> bool:
    asked = Demand((kind.team,), kind.requirement)
    if kind.escalation is not None:
        asked = after_steps(kind.escalation, kind.escalation.steps, kind.requirement, (kind.team,))
    return engine.agent_for(engine.plan(asked.requirement, asked.teams, kind.channel)) is not None


def _fitting(group: Group, channels: Collection[str], queues: Collection[str]) -> Group:
    """The group without limits on what never came."""

    def facts(one: AgentFacts) -> AgentFacts:
        return one if one.workload is None else attrs.evolve(one, workload=_pruned(one.workload, channels, queues))

    changes = [
        change if change.facts is None else attrs.evolve(change, facts=facts(change.facts)) for change in group.changes
    ]
    return attrs.evolve(group, facts=facts(group.facts), changes=changes)


def _pruned(workload: Workload, channels: Collection[str], queues: Collection[str]) -> Workload:
    profile = workload.profile
    pruned = attrs.evolve(
        profile,
        costs=[item for item in profile.costs if item.of in channels],
        channel_limits=[item for item in profile.channel_limits if item.of in channels],
        queue_limits=[item for item in profile.queue_limits if item.of in queues],
        exclusive=[channel for channel in profile.exclusive if channel in channels],
        interruptible=[channel for channel in profile.interruptible if channel in channels],
    )
    return workload._replace(profile=pruned)


def _names(kinds: Iterable[_Kind]) -> dict[_Kind, str]:
    """A name for each class: its queue and channel, and what else it asks; a number where that is not enough."""
    found: dict[_Kind, str] = {}
    for kind in kinds:
        words = [f"{kind.queue}/{kind.channel}", *(need.skill for need in kind.needs)]
        words += [] if kind.priority is None else [kind.priority.name.lower()]
        plain = name = " ".join(words)
        number = 1
        while name in found.values():
            number += 1
            name = f"{plain} {number}"
        found[kind] = name
    return found


class _Lengths:
    """How long the tickets of a class take; how many of them this is not known of is counted in ``borrowed``."""

    def __init__(self, handling: Handling, otherwise: timedelta | None, borrowed: Counter[str]) -> None:
        self.handling, self.otherwise, self.borrowed = handling, otherwise, borrowed

    def of(self, name: str, tickets: Sequence[TicketLife]) -> list[timedelta]:
        own = [life.focus if self.handling is Handling.FOCUS else life.held for life in tickets]
        self.borrowed[name] = own.count(None)
        known = [length for length in own if length is not None]
        if not known and self.otherwise is None:
            word = "open by agents" if self.handling is Handling.FOCUS else "with an agent"
            reason = f"is needed: of no ticket of {name!r}, of {len(own)}, it is known how long it was {word}"
            raise InvalidInput("otherwise", reason)
        before = timedelta(microseconds=known[0]) if self.otherwise is None else self.otherwise
        lengths = []
        for length in own:
            if length is not None and self.otherwise is None:
                before = timedelta(microseconds=length)
            lengths.append(before if length is None else timedelta(microseconds=length))
        return lengths


def _class(
    name: str,
    kind: _Kind,
    tickets: Sequence[TicketLife],
    begin: int,
    lengths: _Lengths,
    answer_within: timedelta | None,
) -> TicketClass:
    stays = [FOREVER if life.ended is None else timedelta(microseconds=life.ended - life.opened) for life in tickets]
    return TicketClass(
        name,
        Trace([timedelta(microseconds=life.opened - begin) for life in tickets]),
        InOrder(lengths.of(name, tickets)),
        patience=InOrder(stays) if any(stay != FOREVER for stay in stays) else None,
        requirement=kind.requirement,
        team=kind.team,
        channel=kind.channel,
        priority=int(kind.priority or 0),
        answer_within=answer_within,
        wrap_up=InOrder(wrapped) if any(wrapped := [life.wrap_up * MICROSECOND for life in tickets]) else None,
        escalation=kind.escalation,
        offers=None if kind.offering is None else _offers(kind.offering, tickets),
        queue=kind.queue,
    )


def _offers(offering: Offering, tickets: Sequence[TicketLife]) -> Offers:
    """The answers as they were given, those that never came when there was no more time for them."""
    answers = [[(length * MICROSECOND, accepts) for length, accepts in life.answers] for life in tickets]
    longest = max((length for each in answers for length, _ in each), default=timedelta(0))
    within = max(offering.within.span, longest + MICROSECOND)
    return Offers(within, None, 1, offering.exhausted, offering.excluded_for, answers)


def _unsaid_lengths(
    handling: Handling, borrowed: Counter[str], kinds: Mapping[_Kind, list[TicketLife]], otherwise: timedelta | None
) -> Iterator[tuple[str, str]]:
    if count := borrowed.total():
        words = "open by an agent" if handling is Handling.FOCUS else "with an agent"
        instead = "as long as the one of its class before it" if otherwise is None else str(otherwise)
        total, classes = sum(map(len, kinds.values())), sum(map(bool, borrowed.values()))
        where = f"{count} of {total} tickets, in {classes} of {len(kinds)} classes"
        yield "handling", f"{where}, were never {words}: each takes {instead}"


_ODD: Mapping[Odd, Callable[[int], str]] = {
    Odd.BY_HAND: lambda count: f"tickets that somebody gave to an agent by hand are given by the policy: {count}",
    Odd.ESCALATED: lambda count: f"tickets that asked less, since queues were long, ask the same all the time: {count}",
    Odd.AFFINE: lambda count: f"tickets that were for one agent first are for all alike: {count}",
    Odd.CHANGED: lambda count: f"tickets that came to ask something else ask what they asked when they came: {count}",
    Odd.RESUMED: lambda count: f"tickets that agents had more than once are done in one go: {count}",
}


def _unsaid(lives: Lives, left_out: int, handling: Handling) -> Iterator[tuple[str, str]]:
    """What else is not in the scenario, or not as it was."""
    if handling is Handling.FOCUS and lives.unfinished:
        yield "focus", f"spans of focus that have no end count for nothing: {lives.unfinished}"
    left = sum(life.ended is not None for life in lives.tickets.values())
    yield "patience", f"how long those would have waited who were served is not known: only {left} customers leave"
    yield "presence", "whether somebody would have stayed longer is not known: agents are there when they were"
    if offered := sum(bool(life.answers) for life in lives.tickets.values()):
        words = "whoever is asked first answers as the first who was asked did, and so on"
        yield "offered", f"what somebody else would have answered is not known: {words}, for {offered} tickets"
    odd = counted(lives.tickets.values())
    yield from ((str(name), _ODD[name](odd[name])) for name in Odd if odd[name])
    if left_out:
        yield "nobody", f"tickets that nobody could ever take are left out: {left_out}"
