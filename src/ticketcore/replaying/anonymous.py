"""A scenario without names: what a desk's load was, to be published."""

import hmac
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from hashlib import sha256

import attrs

from ticketcore.engine import AgentFacts
from ticketcore.errors import InvalidInput
from ticketcore.model import CapacityProfile, EscalationPlan, SkillLevel
from ticketcore.model.capacity import Units, Workload
from ticketcore.model.requirements import (
    AgentIn,
    All,
    AnyOf,
    AtLeast,
    Attribute,
    Everybody,
    Expression,
    HasSkill,
    InTeam,
    Not,
    Requirement,
    Value,
)
from ticketcore.model.shifts import WorkShift
from ticketcore.sim.scenario import MONDAY, Change, Group, Scenario, TicketClass

SHORTEST = 16
"""How many bytes a salt has at least."""

DIGITS = 12
"""How many hexadecimal digits a name has."""


class _Names:
    """Names for names: the same for the same one of a kind, and nobody can tell from them without the ``salt``."""

    def __init__(self, salt: bytes, groups: Iterable[Group]) -> None:
        self._salt = salt
        self._agents: dict[str, str] = {}
        for group in groups:
            named = attrs.evolve(group, facts=AgentFacts(self.of("agent", group.facts.id)), changes=())
            self._agents |= dict(zip(group.agents, named.agents, strict=True))

    def of(self, kind: str, name: str) -> str:
        if not name:
            return name
        if kind == "agent" and name in self._agents:
            return self._agents[name]
        return kind + hmac.new(self._salt, f"{kind}/{name}".encode(), sha256).hexdigest()[:DIGITS]


def anonymous(scenario: Scenario, salt: bytes, *, keep_dates: bool = False) -> Scenario:
    """The same scenario with other names for all classes, agents, teams, skills, channels and attributes.

    A name is the beginning of the HMAC-SHA256 of what it stands for, with the ``salt``: at least 16 bytes of chance,
    which nobody may keep.  Attributes that are texts become such names as well; numbers stay.  Unless ``keep_dates``,
    it begins on Monday, 5 January 2026, at the time of day at which it began.  All else is as it was, so that it comes
    to the same figures; but for policies by chance, which go by names.  O(scenario).

    Raises ``InvalidInput`` for a salt that is too short, and for shifts and calendars, which go by dates, unless these
    are kept; a recorded desk has none.
    """
    if len(salt) < SHORTEST:
        raise InvalidInput("salt", f"must have at least {SHORTEST} bytes")
    if not keep_dates and (
        any(group.shifts for group in scenario.groups) or any(item.hours for item in scenario.classes)
    ):
        raise InvalidInput("scenario", "has shifts or calendars, which go by dates: keep_dates")
    names = _Names(salt, scenario.groups)
    return attrs.evolve(
        scenario,
        classes=[_class(item, names) for item in scenario.classes],
        groups=[_group(group, names) for group in scenario.groups],
        costs={names.of("channel", channel): cost for channel, cost in scenario.costs},
        begin=scenario.begin if keep_dates else _undated(scenario.begin),
    )


def _undated(begin: datetime) -> datetime:
    return begin.replace(year=MONDAY.year, month=MONDAY.month, day=MONDAY.day)


def _class(item: TicketClass, names: _Names) -> TicketClass:
    return attrs.evolve(
        item,
        id=names.of("class", item.id),
        requirement=Requirement(
            _expression(item.requirement.must, names), [_expression(tier, names) for tier in item.requirement.prefer]
        ),
        team=None if item.team is None else names.of("team", item.team),
        channel=names.of("channel", item.channel),
        queue=None if item.queue is None else names.of("queue", item.queue),
        escalation=None if item.escalation is None else _plan(item.escalation, names),
    )


def _plan(plan: EscalationPlan, names: _Names) -> EscalationPlan:
    steps = [
        attrs.evolve(
            step,
            id=names.of("step", step.id),
            levels=[SkillLevel(names.of("skill", item.skill), item.level) for item in step.levels],
            expire=[names.of("skill", skill) for skill in step.expire],
            teams=[names.of("team", team) for team in step.teams],
        )
        for step in plan.steps
    ]
    return EscalationPlan(names.of("plan", plan.id), steps)


def _group(group: Group, names: _Names) -> Group:
    return attrs.evolve(
        group,
        facts=_facts(group.facts, names),
        handling={names.of("class", item): law for item, law in group.handling},
        shifts=[_shift(shift, names) for shift in group.shifts],
        changes=[_change(change, names) for change in group.changes],
    )


def _shift(shift: WorkShift, names: _Names) -> WorkShift:
    return attrs.evolve(shift, id=names.of("shift", shift.id))


def _change(change: Change, names: _Names) -> Change:
    return change if change.facts is None else attrs.evolve(change, facts=_facts(change.facts, names))


def _facts(facts: AgentFacts, names: _Names) -> AgentFacts:
    return attrs.evolve(
        facts,
        id=names.of("agent", facts.id),
        skills=[SkillLevel(names.of("skill", item.skill), item.level) for item in facts.skills],
        teams=sorted(names.of("team", team) for team in facts.teams),
        attributes={names.of("attribute", name): _value(value, names) for name, value in facts.attributes},
        workload=None if facts.workload is None else Workload(_profile(facts.workload.profile, facts.id, names), ()),
    )


def _profile(profile: CapacityProfile, agent: str, names: _Names) -> CapacityProfile:
    def channels(units: Iterable[Units]) -> dict[str, int]:
        return {names.of("channel", item.of): item.units for item in units}

    return attrs.evolve(
        profile,
        id=names.of("agent", agent),
        costs=channels(profile.costs),
        channel_limits=channels(profile.channel_limits),
        queue_limits={names.of("queue", item.of): item.units for item in profile.queue_limits},
        exclusive=[names.of("channel", channel) for channel in profile.exclusive],
        interruptible=[names.of("channel", channel) for channel in profile.interruptible],
    )


def _value(value: Value, names: _Names) -> Value:
    return names.of("value", value) if isinstance(value, str) else value


def _expression(tree: Expression, names: _Names) -> Expression:
    """What is asked of an agent, in other words."""
    inner = partial(_expression, names=names)
    match tree:
        case HasSkill(skill, level):
            return HasSkill(names.of("skill", skill), level)
        case InTeam(team):
            return InTeam(names.of("team", team))
        case AgentIn(agents):
            return AgentIn(sorted(names.of("agent", agent) for agent in agents))
        case Attribute(name, comparison, against):
            return Attribute(names.of("attribute", name), comparison, _value(against, names))
        case All(parts):
            return All([inner(part) for part in parts])
        case AnyOf(parts):
            return AnyOf([inner(part) for part in parts])
        case AtLeast(count, parts):
            return AtLeast(count, [inner(part) for part in parts])
        case Not(part):
            return Not(inner(part))
        case Everybody():
            return tree
