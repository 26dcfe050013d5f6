"""Writing a scenario as a file that ``read_scenario`` reads.  Needs the extra ``sim``."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum
from typing import Any

import attrs

from ticketcore.calendar import BusinessCalendar
from ticketcore.config.durations import written_duration
from ticketcore.config.escalations import plan_table
from ticketcore.config.laws import LAW, NEVER, PROCESS
from ticketcore.config.notation import Plain, inline, key
from ticketcore.config.people import levels, profile_table, shift_table
from ticketcore.config.scenarios import CHANGED, CLASS, GROUP, ScenarioFile
from ticketcore.config.service import calendar_table
from ticketcore.engine import AgentFacts, Requirement
from ticketcore.errors import InvalidInput
from ticketcore.model import Calendar, EscalationPlan
from ticketcore.model.capacity import Workload
from ticketcore.model.requirement_notation import plain
from ticketcore.model.shifts import WorkShift
from ticketcore.sim.arrivals import Batched, Busy
from ticketcore.sim.extents import Extent
from ticketcore.sim.journeys import Bot, Offers, Retrials, Touches
from ticketcore.sim.laws import FOREVER, Periodic
from ticketcore.sim.scenario import MONDAY, Group, Scenario, TicketClass

_WORDS: Mapping[Any, tuple[str, str]] = {
    Periodic: ("law", "periodic"),
    **{make: ("law", word) for word, (make, _) in LAW.items()},
    **{make: ("process", word) for word, (make, _) in PROCESS.items()},
}


def write_scenario(file: ScenarioFile) -> str:
    """The text of a file that says the same: ``read_scenario`` gives the value again.  Equal values, equal texts.

    What has its default is left out.  ``InvalidInput`` for what a file cannot say.
    """
    scenario = file.scenario
    head = [] if scenario.begin == MONDAY else [f"begin = {scenario.begin.isoformat()}\n"]
    head += [f"costs = {inline(dict(scenario.costs))}\n"] if scenario.costs else []
    blocks = ["".join(head)] if head else []
    blocks += [] if file.extent is None else [_block("[extent]", _extent(file.extent))]
    shifts = dict(_shifts(scenario))
    blocks += [_block(f"[shifts.{key(id)}]", table) for id, table in shifts.items()]
    blocks += [_block(f"[agents.{key(group.facts.id)}]", dict(_group(group))) for group in scenario.groups]
    calendars = {
        hours: f"hours-{n}" for n, hours in enumerate(dict.fromkeys(item.hours for item in scenario.classes), 1)
    }
    blocks += [
        _block(f"[calendars.{name}]", calendar_table(Calendar(name, hours)))
        for hours, name in calendars.items()
        if hours is not None
    ]
    blocks += [_block(f"[escalations.{key(id)}]", plan_table(plan)) for id, plan in _plans(scenario)]
    blocks += [_block(f"[classes.{key(item.id)}]", dict(_class(item, calendars))) for item in scenario.classes]
    return "\n".join(blocks)


def _block(head: str, table: Mapping[str, Plain]) -> str:
    return "".join([f"{head}\n", *(f"{key(name)} = {inline(value)}\n" for name, value in table.items())])


def _extent(extent: Extent) -> Mapping[str, Plain]:
    return dict(_changed(extent, [field.name for field in attrs.fields(type(extent))]))


def _shifts(scenario: Scenario) -> Iterator[tuple[str, Mapping[str, Plain]]]:
    known: dict[str, WorkShift] = {}
    for group in scenario.groups:
        for shift in group.shifts:
            if known.setdefault(shift.id, shift) != shift:
                raise InvalidInput("Group.shifts", f"there are two shifts {shift.id!r}")
    return ((id, shift_table(shift)) for id, shift in known.items())


def _plans(scenario: Scenario) -> Iterator[tuple[str, EscalationPlan]]:
    known: dict[str, EscalationPlan] = {}
    for item in scenario.classes:
        plan = item.escalation
        if plan is not None and known.setdefault(plan.id, plan) != plan:
            raise InvalidInput("TicketClass.escalation", f"there are two plans {plan.id!r}")
    yield from known.items()


def _class(item: TicketClass, calendars: Mapping[BusinessCalendar | None, str]) -> Iterator[tuple[str, Plain]]:
    _all_said(item, {"id", "hours", *CLASS})
    yield from _changed(item, [name for name in CLASS if name not in ("skills", "calendar", "escalation")])
    if item.escalation is not None:
        yield "escalation", item.escalation.id
    if item.hours is not None:
        yield "calendar", calendars[item.hours]


def _group(group: Group) -> Iterator[tuple[str, Plain]]:
    _all_said(group, {"facts", *GROUP})
    yield from _facts(AgentFacts(group.facts.id), group.facts)
    yield from _changed(group, [name for name in GROUP if name not in ("shifts", "changes", "handling")])
    if group.shifts:
        yield "shifts", [shift.id for shift in group.shifts]
    if group.handling:
        yield "handling", {name: _plain(law) for name, law in group.handling}
    if group.changes:
        yield "changes", list(_changes(group))


def _changes(group: Group) -> Iterator[Plain]:
    known = group.facts
    for change in group.changes:
        said = dict(_changed(change, ["after", "on_duty"]))
        if change.facts is not None:
            said |= dict(_facts(known, change.facts)) or {"weight": known.weight}
            known = change.facts
        yield said


def _facts(known: AgentFacts, facts: AgentFacts) -> Iterator[tuple[str, Plain]]:
    """What of the facts was not known."""
    _all_said(facts, {"id", "workload", *CHANGED}, known)
    for name in ("skills", "teams", "attributes", "capacity", "weight"):
        value = getattr(facts, name)
        if value != getattr(known, name):
            yield name, levels(value) if name == "skills" else _plain(value)
    if facts.workload != known.workload:
        if facts.workload is None or facts.workload != Workload(facts.workload.profile, ()):
            raise InvalidInput("AgentFacts.workload", "cannot be written")
        if facts.workload.profile.id != facts.id:
            raise InvalidInput("CapacityProfile.id", f"must be {facts.id!r} to be written")
        yield "profile", profile_table(facts.workload.profile)


def _all_said(item: Any, known: set[str], usual: Any = None) -> None:
    """Refuse a value with something in it that no file has a key for."""
    for field in attrs.fields(type(item)):
        expected = getattr(usual, field.name) if usual is not None else field.default
        if field.init and field.name not in known and getattr(item, field.name) != expected:
            raise InvalidInput(f"{type(item).__name__}.{field.name}", "cannot be written")


def _changed(item: Any, names: list[str]) -> Iterator[tuple[str, Plain]]:
    """What of these fields does not have its default."""
    fields = attrs.fields_dict(type(item))
    for name in names:
        value = getattr(item, name)
        if value != fields[name].default:
            yield name, _plain(value)


def _plain(value: Any) -> Any:
    """A value as TOML has it."""
    if isinstance(value, timedelta):
        return NEVER if value == FOREVER else written_duration(value)
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, Requirement):
        return plain(value)
    if isinstance(value, Busy | Batched):
        word = "busy" if isinstance(value, Busy) else "batch"
        return {**_plain(value.arrivals), word: dict(_changed(value, _names(value, {"arrivals"})))}
    if isinstance(value, Bot | Offers | Retrials | Touches):
        return dict(_changed(value, _names(value, set())))
    if type(value) in _WORDS:
        name, word = _WORDS[type(value)]
        return {name: word, **dict(_changed(value, _names(value, set())))}
    if isinstance(value, tuple):
        pairs = value and all(isinstance(item, tuple) and item and isinstance(item[0], str) for item in value)
        return {name: _plain(item) for name, item in value} if pairs else [_plain(item) for item in value]
    if isinstance(value, str | int | float):
        return value
    raise InvalidInput(type(value).__name__, "cannot be written")


def _names(value: Any, but: set[str]) -> list[str]:
    return [field.name for field in attrs.fields(type(value)) if field.init and field.name not in but]
