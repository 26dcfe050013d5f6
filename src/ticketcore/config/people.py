"""What a desk.toml says about the people who work at the desk."""

from collections.abc import Iterable, Mapping
from datetime import date

from ticketcore.calendar.values import as_date
from ticketcore.config.durations import written_duration
from ticketcore.config.notation import Path
from ticketcore.config.rules import read_levels
from ticketcore.config.tables import Fault, Reader, by_name, made, one_of, span, table, text, texts, under, whole
from ticketcore.config.workflow_tables import Table
from ticketcore.model import AgentAttribute, AgentProfile, CapacityProfile, Presence, Rate, SkillLevel, Units, WorkShift


def _attribute(name: str, value: object, path: Path) -> AgentAttribute:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Fault(path, "must be a text or a whole number")
    return made(lambda: AgentAttribute(name, value), lambda _: path)


def read_units(name: str, value: object, path: Path) -> Units:
    """A number of units by name.  ``Fault`` for what cannot be used."""
    return made(lambda: Units(name, whole(value, path)), lambda _: path)


RATE: Mapping[str, Reader] = {"at_most": whole, "period": span}
"""The keys of how many tickets are given in a period."""


def _rate(value: object, path: Path) -> Rate:
    given = table(RATE)(value, path)
    for key in RATE:
        if key not in given:
            raise Fault((*path, key), "is missing")
    return made(lambda: Rate(**given), under(path, {}))


CAPACITY_PROFILE: Mapping[str, Reader] = {
    "total": whole,
    "costs": by_name(read_units),
    "channel_limits": by_name(read_units),
    "queue_limits": by_name(read_units),
    "daily_cap": whole,
    "rate": _rate,
    "exclusive": texts,
    "interruptible": texts,
}
"""The keys of a capacity profile."""


def _date(value: object, path: Path) -> date:
    return made(lambda: as_date(text(value, path), "first"), lambda _: path)


SHIFT: Mapping[str, Reader] = {"start": text, "end": text, "zone": text, "rule": text, "first": _date}
"""The keys of a shift."""


def read_shift(id: str, value: object, path: Path) -> WorkShift:
    """A shift.  ``Fault`` for what cannot be used, and for one without hours or zone."""
    given = table(SHIFT)(value, path)
    for key in ("start", "end", "zone"):
        if key not in given:
            raise Fault((*path, key), "is missing")
    return made(lambda: WorkShift(id, **given), under(path, {"id": ()}))


AGENT: Mapping[str, Reader] = {
    "name": text,
    "teams": texts,
    "skills": read_levels,
    "capacity": whole,
    "weight": whole,
    "presence": one_of({presence.value: presence for presence in Presence}),
    "addresses": texts,
    "attributes": by_name(_attribute),
    "capacity_profile": text,
    "shifts": texts,
}
"""The keys of an agent."""


def agent_table(agent: AgentProfile) -> Table:
    """An agent, without the id."""
    profile: Table = {} if agent.capacity_profile is None else {"capacity_profile": agent.capacity_profile}
    return {
        "name": agent.name,
        "teams": list(agent.teams),
        "skills": levels(agent.skills),
        "capacity": agent.capacity,
        "weight": agent.weight,
        "presence": agent.presence.value,
        "addresses": list(agent.addresses),
        "attributes": {item.name: item.value for item in agent.attributes},
        **profile,
        "shifts": list(agent.shifts),
    }


def shift_table(shift: WorkShift) -> Table:
    """A shift, without the id."""
    hours: Table = {"start": shift.start, "end": shift.end, "zone": shift.zone}
    return {**hours, "rule": shift.rule, "first": shift.first.isoformat()}


USUAL_SHIFT = {
    name: value
    for name, value in shift_table(WorkShift("shift", "09:00", "17:00", "UTC")).items()
    if name in ("rule", "first")
}
"""What a shift is of which only hours and zone were said."""


def profile_table(profile: CapacityProfile) -> Table:
    """A capacity profile, without the id."""
    said: Table = {
        "total": profile.total,
        "costs": _by_name(profile.costs),
        "channel_limits": _by_name(profile.channel_limits),
        "queue_limits": _by_name(profile.queue_limits),
        "exclusive": list(profile.exclusive),
        "interruptible": list(profile.interruptible),
    }
    if profile.daily_cap is not None:
        said["daily_cap"] = profile.daily_cap
    if profile.rate is not None:
        said["rate"] = {"at_most": profile.rate.at_most, "period": written_duration(profile.rate.period)}
    return said


def _by_name(units: Iterable[Units]) -> Table:
    return {item.of: item.units for item in units}


def levels(skills: Iterable[SkillLevel]) -> Table:
    """Levels by skill."""
    return {item.skill: item.level for item in skills}
