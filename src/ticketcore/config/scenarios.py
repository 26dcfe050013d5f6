"""A scenario to simulate, described in a file.  Needs the extra ``sim``.

Laws of lengths of time and processes of arrivals are tables that name their kind, as ``{law = "lognormal", mean =
"4 min", cv = 1.2}`` and ``{process = "poisson", per_hour = 30}``; their other keys are the fields of the classes in
``ticketcore.sim.laws`` and ``ticketcore.sim.arrivals``, and ``busy`` and ``batch`` make a process one of busy days or
of batches.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import attrs

from ticketcore.calendar import BusinessCalendar
from ticketcore.checks import meant
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
from ticketcore.model import CapacityProfile, Workload
from ticketcore.model.requirements import joined, requirement_of
from ticketcore.model.shifts import WorkShift
from ticketcore.sim.arrivals import Arrivals, Batched, Busy, Piecewise, Poisson, Sinusoidal, Trace
from ticketcore.sim.extents import Extent, SteadyState, Terminating
from ticketcore.sim.journeys import Bot, Retrials, ReturnTo, Touches
from ticketcore.sim.laws import (
    FOREVER,
    Deterministic,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    InOrder,
    Law,
    Lognormal,
    Periodic,
)
from ticketcore.sim.scenario import AtShiftEnd, Change, Group, Scenario, TicketClass

NOT_RENAMED: Mapping[str, Path] = {}
"""Fields that stand in the file under their own names."""


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


def number(value: object, path: Path) -> float:
    """Any number.  ``Fault`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Fault(path, "must be a number")
    return value


def _begin(value: object, path: Path) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Fault(path, "must be a date and time with an offset, as 2026-01-05T08:00:00+01:00")
    return value


def _kinds(key: str, kinds: Mapping[str, tuple[Callable[..., Any], Mapping[str, Reader]]]) -> Reader:
    """Reads a table whose ``key`` says which of some kinds it describes, with the readers of their other keys."""

    def read(value: object, path: Path) -> Any:
        if not isinstance(value, dict):
            raise Fault(path, "must be a table")
        if key not in value:
            raise Fault((*path, key), "is missing")
        make, readers = kinds[one_of({word: word for word in kinds})(value[key], (*path, key))]
        given = table({key: text, **readers})(value, path)
        del given[key]
        return _made_of(make, given, path)

    return read


def _made_of(make: Any, given: Mapping[str, Any], path: Path, renamed: Mapping[str, Path] = NOT_RENAMED) -> Any:
    """What ``make`` makes of what is given; a field that is missing is a ``Fault`` as well."""
    for field in attrs.fields(make):
        if field.init and field.default is attrs.NOTHING and field.name not in given:
            raise Fault((*path, *renamed.get(field.name, (field.name,))), "is missing")
    return made(lambda: make(**given), under(path, renamed))


NEVER = "never"
"""The word for a length of time that has no end."""


def _span_or_never(value: object, path: Path) -> timedelta:
    return FOREVER if value == NEVER else span(value, path)


_LENGTHS = {"mean": span}
LAW: Mapping[str, tuple[Callable[..., Law], Mapping[str, Reader]]] = {
    "exponential": (Exponential, _LENGTHS),
    "deterministic": (Deterministic, _LENGTHS),
    "lognormal": (Lognormal, {**_LENGTHS, "cv": number}),
    "gamma": (Gamma, {**_LENGTHS, "cv": number}),
    "erlang": (Erlang, {**_LENGTHS, "stages": whole}),
    "empirical": (Empirical, {"lengths": listed(span, "lengths of time")}),
    "in_order": (InOrder, {"lengths": listed(_span_or_never, "lengths of time")}),
}
"""The laws by the words for them, each with its keys."""

PROCESS: Mapping[str, tuple[Callable[..., Arrivals], Mapping[str, Reader]]] = {
    "poisson": (Poisson, {"per_hour": number}),
    "piecewise": (Piecewise, {"per_hour": listed(number, "numbers"), "step": span}),
    "sinusoidal": (Sinusoidal, {"per_hour": number, "swing": number, "period": span, "peak": span}),
    "trace": (Trace, {"at": listed(span, "lengths of time")}),
}
"""The processes of arrivals in the same way."""

BUSY: Mapping[str, Reader] = {"cv": number, "every": span}
"""The keys of how busy days are."""

BATCH: Mapping[str, Reader] = {"mean": number}
"""The keys of how large batches are."""

_law, _process = _kinds("law", LAW), _kinds("process", PROCESS)

PERIODIC: Mapping[str, Reader] = {"laws": listed(_law, "laws"), "step": span}
"""The keys of laws that change with the period of the day."""

_any_law = _kinds("law", {**LAW, "periodic": (Periodic, PERIODIC)})


def _arrivals(value: object, path: Path) -> Arrivals:
    if not isinstance(value, dict):
        raise Fault(path, "must be a table")
    found: Any = _process({key: item for key, item in value.items() if key not in ("busy", "batch")}, path)
    if "busy" in value:
        if isinstance(found, Trace):
            raise Fault((*path, "busy"), "cannot stand beside a trace, which has no rate")
        given = table(BUSY)(value["busy"], (*path, "busy"))
        found = _made_of(Busy, {"arrivals": found, **given}, (*path, "busy"))
    if "batch" in value:
        given = table(BATCH)(value["batch"], (*path, "batch"))
        found = _made_of(Batched, {"arrivals": found, **given}, (*path, "batch"))
    return found  # type: ignore[no-any-return]  # a process of processes is one


def _value(make: Any, readers: Mapping[str, Reader]) -> Reader:
    """Reads a table with the fields of one class."""
    return lambda value, path: _made_of(make, table(readers)(value, path), path)


BOT: Mapping[str, Reader] = {"share": number, "handling": _law}
"""The keys of a bot."""

RETRIALS: Mapping[str, Reader] = {"share": number, "after": _law, "most": whole}
"""The keys of customers who call again."""

TOUCHES: Mapping[str, Reader] = {
    "silence": _law,
    "again": number,
    "shares": listed(number, "numbers"),
    "handling": _any_law,
    "returns": one_of({str(one): one for one in ReturnTo}),
    "returns_within": span,
    "holds": flag,
}
"""The keys of work in several touches."""

CLASS: Mapping[str, Reader] = {
    "arrivals": _arrivals,
    "handling": _any_law,
    "patience": _any_law,
    "wrap_up": _any_law,
    "bot": _value(Bot, BOT),
    "touches": _value(Touches, TOUCHES),
    "retrials": _value(Retrials, RETRIALS),
    "calendar": text,
    "skills": read_levels,
    "requirement": requirement_at,
    "team": text,
    "channel": text,
    "priority": whole,
    "due": span,
    "answer_within": span,
}
"""The keys of a class of tickets."""


def _class(calendars: Mapping[str, BusinessCalendar], id: str, value: object, path: Path) -> TicketClass:
    given = table(CLASS)(value, path)
    if "calendar" in given:
        name = given.pop("calendar")
        if name not in calendars:
            raise Fault((*path, "calendar"), f"no calendar {name!r} is declared{meant(name, calendars)}")
        given["hours"] = calendars[name]
    if "skills" in given:
        skills = requirement_of(given.pop("skills"))
        given["requirement"] = joined(skills, given["requirement"]) if "requirement" in given else skills
    made_of: TicketClass = _made_of(TicketClass, {"id": id, **given}, path, {"id": (), "hours": ("calendar",)})
    return made_of


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
    "handling": by_name(lambda name, value, path: (name, _any_law(value, path))),
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
    group: Group = _made_of(Group, {"facts": of_each, **given}, path)
    return group


def _changes(known: AgentFacts, given: Iterable[tuple[dict[str, Any], Path]]) -> Iterator[Change]:
    """The changes of agents of whom this was known; what one does not say stays as it was."""
    for said, path in given:
        facts = {key: said.pop(key) for key in CHANGED if key in said}
        if facts:
            known = said["facts"] = _changed(known, facts, path)
        yield _made_of(Change, said, path)


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
    extent: Extent = _made_of(kind, given, path)
    return extent


FILE: Mapping[str, Reader] = {
    "begin": _begin,
    "costs": by_name(lambda channel, value, path: (channel, whole(value, path))),
    "calendars": read_calendars,
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
    classes = given["classes"] = [_class(calendars, *each) for each in given["classes"]]
    costs = dict(given.get("costs", ()))
    groups = [_group(shifts, costs, *agent) for agent in given.pop("agents")]

    def placed(field: str) -> Path:
        found = _PLACE.match(field)
        if found is None:
            return under((), {"groups": ("agents",)})(field)
        of, at, name = found.groups()
        if of == "classes":
            return ("classes", classes[int(at)].id, name)
        return ("agents", groups[int(at)].facts.id, name)

    return ScenarioFile(made(lambda: Scenario(groups=groups, **given), placed), extent)


_PLACE = re.compile(r"Scenario\.(classes|groups)\[(\d+)\]\.(\w+)")
