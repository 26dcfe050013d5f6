"""A scenario to simulate, described in a file.  Needs the extra ``sim``."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import attrs

from ticketcore.calendar import BusinessCalendar
from ticketcore.checks import meant
from ticketcore.config.escalations import read_plan
from ticketcore.config.laws import any_law, arrivals, law, made_of, number
from ticketcore.config.notation import Path
from ticketcore.config.people import CAPACITY_PROFILE, read_shift, read_units
from ticketcore.config.reading import parsed, told
from ticketcore.config.rules import read_levels, requirement_at
from ticketcore.config.service import read_calendars
from ticketcore.config.tables import (
    Fault,
    Reader,
    by_name,
    flag,
    listed,
    made,
    one_of,
    span,
    table,
    text,
    texts,
    under,
    whole,
)
from ticketcore.engine import AgentFacts
from ticketcore.model import CapacityProfile, EscalationPlan, Exhausted, Workload
from ticketcore.model.requirements import joined, requirement_of
from ticketcore.model.shifts import WorkShift
from ticketcore.sim.extents import Extent, SteadyState, Terminating
from ticketcore.sim.journeys import Bot, Offers, Retrials, ReturnTo, Touches
from ticketcore.sim.scenario import AtShiftEnd, Change, Group, Scenario, TicketClass


class ScenarioFile(NamedTuple):
    """What a file says: the ``scenario``, and how long it goes on (``extent``), None if it does not say."""

    scenario: Scenario
    extent: Extent | None


def read_scenario(text: str) -> ScenarioFile:
    """The scenario that the text describes.

    ``InvalidInput`` for what cannot be used, and nothing else, whatever the text: its ``field`` is the key as the file
    writes it, its ``line`` where that stands.
    """
    file, toml = parsed(text)
    try:
        return _scenario(file)
    except Fault as fault:
        raise told(toml, fault) from None


def read_staff(text: str) -> tuple[Group, ...]:
    """The agents alone that the text describes, which need no classes of tickets.  ``InvalidInput`` as before."""
    file, toml = parsed(text)
    try:
        given = table(FILE)(file, ())
        shifts = {shift.id: shift for shift in given.get("shifts", ())}
        costs = dict(given.get("costs", ()))
        return tuple(_group(shifts, costs, *agent) for agent in given.get("agents", ()))
    except Fault as fault:
        raise told(toml, fault) from None


def _begin(value: object, path: Path) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Fault(path, "must be a date and time with an offset, as 2026-01-05T08:00:00+01:00")
    return value


def _value(make: Any, readers: Mapping[str, Reader]) -> Reader:
    """Reads a table with the fields of one class."""
    return lambda value, path: made_of(make, table(readers)(value, path), path)


BOT: Mapping[str, Reader] = {"share": number, "handling": law}
"""The keys of a bot."""


def _answer(value: object, path: Path) -> tuple[timedelta, bool]:
    if not isinstance(value, list) or len(value) != 2:
        raise Fault(path, "must be a list of two: after how long, and whether it is accepted")
    return span(value[0], (*path, 0)), flag(value[1], (*path, 1))


OFFERS: Mapping[str, Reader] = {
    "within": span,
    "answer": law,
    "accepts": number,
    "exhausted": one_of({str(one): one for one in Exhausted}),
    "excluded_for": span,
    "recorded": listed(listed(_answer, "answers"), "lists of answers"),
}
"""The keys of tickets that are offered."""

RETRIALS: Mapping[str, Reader] = {"share": number, "after": law, "most": whole}
"""The keys of customers who call again."""

TOUCHES: Mapping[str, Reader] = {
    "silence": law,
    "again": number,
    "shares": listed(number, "numbers"),
    "handling": any_law,
    "returns": one_of({str(one): one for one in ReturnTo}),
    "returns_within": span,
    "holds": flag,
}
"""The keys of work in several touches."""

CLASS: Mapping[str, Reader] = {
    "arrivals": arrivals,
    "handling": any_law,
    "patience": any_law,
    "wrap_up": any_law,
    "bot": _value(Bot, BOT),
    "touches": _value(Touches, TOUCHES),
    "retrials": _value(Retrials, RETRIALS),
    "offers": _value(Offers, OFFERS),
    "escalation": text,
    "calendar": text,
    "skills": read_levels,
    "requirement": requirement_at,
    "team": text,
    "queue": text,
    "channel": text,
    "priority": whole,
    "due": span,
    "answer_within": span,
    "solve_within": span,
}
"""The keys of a class of tickets."""


def _class(
    calendars: Mapping[str, BusinessCalendar], plans: Mapping[str, EscalationPlan], id: str, value: object, path: Path
) -> TicketClass:
    given = table(CLASS)(value, path)
    for key, field, known in (("calendar", "hours", calendars), ("escalation", "escalation", plans)):
        if key in given:
            name = given.pop(key)
            if name not in known:
                raise Fault((*path, key), f"no {key} {name!r} is declared{meant(name, known)}")
            given[field] = known[name]
    if "skills" in given:
        skills = requirement_of(given.pop("skills"))
        given["requirement"] = joined(skills, given["requirement"]) if "requirement" in given else skills
    found: TicketClass = made_of(TicketClass, {"id": id, **given}, path, {"id": (), "hours": ("calendar",)})
    return found


def _attribute(name: str, value: object, path: Path) -> tuple[str, str | int]:
    return name, whole(value, path) if isinstance(value, int) else text(value, path)


FACTS: Mapping[str, Reader] = {
    "skills": read_levels,
    "teams": texts,
    "attributes": by_name(_attribute),
    "capacity": whole,
    "channel_limits": by_name(read_units),
    "daily_cap": whole,
    "weight": whole,
    "profile": table(CAPACITY_PROFILE),
}
"""The keys of agents that say what the engine is told of each."""

CHANGED = ("skills", "teams", "attributes", "capacity", "weight", "profile")
"""Which of these can change."""

CHANGE: Mapping[str, Reader] = {"after": span, "on_duty": flag, **{key: FACTS[key] for key in CHANGED}}
"""The keys of a change of agents: when, whether they are on duty from then on, and what else is true of them then."""

GROUP: Mapping[str, Reader] = {
    "size": whole,
    "pace": number,
    "speeds": listed(number, "numbers"),
    "shifts": texts,
    "at_shift_end": one_of({str(one): one for one in AtShiftEnd}),
    "handling": by_name(lambda name, value, path: (name, any_law(value, path))),
    "changes": listed(lambda value, path: (table(CHANGE)(value, path), path), "changes"),
}
"""The other keys of agents."""


def _limited(id: str, costs: Mapping[str, int], facts: dict[str, Any]) -> Workload | None:
    """What agents have who take no more of a channel, or a day, than they say; None where they say nothing of it.

    A ``profile`` of theirs says all of that.
    """
    if "profile" in facts:
        return Workload(CapacityProfile(id, **facts.pop("profile")), ())
    limits = {key: facts.pop(key) for key in ("channel_limits", "daily_cap") if key in facts}
    total = facts.get("capacity", AgentFacts(id).capacity)
    return Workload(CapacityProfile(id, total, costs, **limits), ()) if limits else None


def _group(shifts: Mapping[str, WorkShift], costs: Mapping[str, int], id: str, value: object, path: Path) -> Group:
    given = table({**FACTS, **GROUP})(value, path)
    for i, name in enumerate(given.get("shifts", ())):
        if name not in shifts:
            raise Fault((*path, "shifts", i), f"no shift {name!r} is declared{meant(name, shifts)}")
    given["shifts"] = [shifts[name] for name in given.get("shifts", ())]
    facts = {key: given.pop(key) for key in FACTS if key in given}
    placed = under(path, {"id": (), "total": ("capacity",)})
    for key in ("channel_limits", "daily_cap"):
        if key in facts and "profile" in facts:
            raise Fault((*path, key), "cannot stand beside a profile")
    of_profile = under((*path, "profile"), {}) if "profile" in facts else placed
    facts["workload"] = made(lambda: _limited(id, costs, facts), of_profile)
    of_each = made(lambda: AgentFacts(id, **facts), placed)
    given["changes"] = list(_changes(of_each, given.pop("changes", ())))
    group: Group = made_of(Group, {"facts": of_each, **given}, path)
    return group


def _changes(known: AgentFacts, given: Iterable[tuple[dict[str, Any], Path]]) -> Iterator[Change]:
    """The changes of agents of whom this was known; what one does not say stays as it was."""
    for said, path in given:
        facts = {key: said.pop(key) for key in CHANGED if key in said}
        if facts:
            known = said["facts"] = _changed(known, facts, path)
        yield made_of(Change, said, path)


def _changed(known: AgentFacts, facts: dict[str, Any], path: Path) -> AgentFacts:
    if "profile" in facts:
        facts["workload"] = made(lambda: _limited(known.id, {}, facts), under((*path, "profile"), {}))
    return made(lambda: attrs.evolve(known, **facts), under(path, {}))


EXTENT: Mapping[str, Reader] = {
    "tickets": whole,
    "warm_up": lambda value, path: whole(value, path) if isinstance(value, int) else span(value, path),
    "length": span,
    "finish": flag,
}
"""The keys of how long it goes on: ``tickets`` and ``warm_up``, or ``length`` and ``finish``."""


def _extent(value: object, path: Path) -> Extent:
    given = table(EXTENT)(value, path)
    kind: Any = Terminating if "length" in given else SteadyState
    for key in given:
        if key not in (("length", "finish") if kind is Terminating else ("tickets", "warm_up")):
            raise Fault((*path, key), f"cannot stand beside {'length' if kind is Terminating else 'tickets'}")
    extent: Extent = made_of(kind, given, path)
    return extent


FILE: Mapping[str, Reader] = {
    "begin": _begin,
    "costs": by_name(lambda channel, value, path: (channel, whole(value, path))),
    "calendars": read_calendars,
    "escalations": by_name(read_plan),
    "classes": by_name(lambda name, value, path: (name, value, path)),
    "shifts": by_name(read_shift),
    "agents": by_name(lambda name, value, path: (name, value, path)),
    "extent": _extent,
}
"""The keys of a file."""


def _scenario(file: Mapping[str, object]) -> ScenarioFile:
    given = table(FILE)(file, ())
    extent = given.pop("extent", None)
    for key in ("classes", "agents"):
        if not given.get(key):
            raise Fault((key,), "is missing")
    shifts = {shift.id: shift for shift in given.pop("shifts", ())}
    calendars = {calendar.id: calendar.hours for calendar in given.pop("calendars", ())}
    plans = {plan.id: plan for plan in given.pop("escalations", ())}
    classes = given["classes"] = [_class(calendars, plans, *each) for each in given["classes"]]
    costs = dict(given.get("costs", ()))
    agents = given.pop("agents")
    _check_names(costs, agents, classes)
    groups = [_group(shifts, costs, *agent) for agent in agents]

    def placed(field: str) -> Path:
        found = _PLACE.match(field)
        if found is None:
            return under((), {"groups": ("agents",)})(field)
        of, at, name = found.groups()
        if of == "classes":
            return ("classes", classes[int(at)].id, name)
        return ("agents", groups[int(at)].facts.id, name)

    return ScenarioFile(made(lambda: Scenario(groups=groups, **given), placed), extent)


_CHANNELS, _QUEUES = ("costs", "channel_limits", "exclusive", "interruptible"), ("queue_limits",)
"""What of a capacity profile names channels, and what queues."""


def _check_names(
    costs: Mapping[str, int], agents: Iterable[tuple[str, object, Path]], classes: Iterable[TicketClass]
) -> None:
    """Refuse what is said of channels and queues of which nothing ever comes."""
    every = tuple(classes)
    channels, queues = {item.channel for item in every}, {item.queue for item in every if item.queue is not None}
    for name in costs:
        _check_name("channel", name, channels, ("costs", name))
    for _, value, path in agents:
        for limits, at in _profiles(value, path):
            for keys, kind, known in ((_CHANNELS, "channel", channels), (_QUEUES, "queue", queues)):
                for key in keys:
                    named = limits.get(key)
                    for name in named if isinstance(named, dict | list) else ():
                        _check_name(kind, name, known, (*at, key))


def _profiles(agent: object, path: Path) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """What may limit an agent, and where it stands, of whatever a file says of them."""
    if isinstance(agent, dict):
        yield agent, path
        changes = agent.get("changes")
        for i, change in enumerate(changes if isinstance(changes, list) else ()):
            yield from _profiles(change, (*path, "changes", i))
        if isinstance(agent.get("profile"), dict):
            yield agent["profile"], (*path, "profile")


def _check_name(kind: str, name: object, known: Collection[str], path: Path) -> None:
    if isinstance(name, str) and name not in known:
        raise Fault(path, f"no class has the {kind} {name!r}{meant(name, known)}")


_PLACE = re.compile(r"Scenario\.(classes|groups)\[(\d+)\]\.(\w+)")
