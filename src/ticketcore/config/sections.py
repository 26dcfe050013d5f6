"""The tables of a desk.toml, and what their keys mean.

Each table of the file is a mapping here, from the keys that it may have to the readers of their values.  What the
values must be is checked by the classes of ``ticketcore.model``; where they find a fault, the field is said in the
words of the file.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

import attrs

from ticketcore.checks import check_name, check_words, meant
from ticketcore.config.notation import Path
from ticketcore.config.reopening import REOPENING, read_reopening
from ticketcore.config.service import (
    CALENDAR,
    GOAL,
    METRIC,
    POLICY,
    STEP,
    WHEN,
    read_calendars,
    read_metrics,
    read_policies,
)
from ticketcore.config.tables import (
    PRIORITIES,
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
from ticketcore.config.ticket_types import ATTRIBUTE, TYPE, read_types
from ticketcore.config.workflows import MOVES, STATE, WAY, WORKFLOW, read_workflows
from ticketcore.feeds.whatsapp import DateOrder
from ticketcore.model import (
    AgentProfile,
    Channel,
    Condition,
    Configuration,
    Presence,
    Queue,
    RoutingRule,
    Skill,
    SkillLevel,
    Team,
    Threading,
)

_T = TypeVar("_T")
_E = TypeVar("_E", bound=Enum)

NEVER = "never"
"""What ``desk.solve_after`` and ``desk.close_after`` say for None."""

PLACES_OF_A_RULE: Mapping[str, Path] = {
    "id": ("name",),
    **{name: ("then", name) for name in ("queue", "type", "tags", "skills")},
}
"""Where a rule of the file has the fields of a RoutingRule."""


def _words(kind: type[_E]) -> Mapping[str, _E]:
    return {str(member.value): member for member in kind}


def _solve_after(value: object, path: Path) -> object:
    return None if value == NEVER else span(value, path)


def _zone(value: object, path: Path) -> ZoneInfo:
    name = text(value, path)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        hint = meant(name, available_timezones())
        raise Fault(path, f"must be a time zone, such as 'Europe/Berlin', not {name!r}{hint}") from None


def _levels(value: object, path: Path) -> tuple[SkillLevel, ...]:
    if isinstance(value, list):
        return tuple(_level(skill, 1, (*path, i)) for i, skill in enumerate(texts(value, path)))
    return by_name(lambda skill, level, at: _level(skill, whole(level, at), at))(value, path)


def _level(skill: str, level: int, path: Path) -> SkillLevel:
    return made(lambda: SkillLevel(skill, level), lambda _: path)


def _attribute(name: str, value: object, path: Path) -> tuple[str, str]:
    def pair() -> tuple[str, str]:
        check_name(name, "")
        check_words(text(value, path), "")
        return name, text(value, path)

    return made(pair, lambda _: path)


_CHANNEL: Mapping[str, Reader] = {
    "threading": one_of(_words(Threading)),
    "quiet_gap": span,
    "shared_addresses": flag,
}
_SKILL: Mapping[str, Reader] = {"name": text}
_TEAM: Mapping[str, Reader] = {"name": text}
_QUEUE: Mapping[str, Reader] = {"team": text, "name": text}
_AGENT: Mapping[str, Reader] = {
    "name": text,
    "teams": texts,
    "skills": _levels,
    "capacity": whole,
    "weight": whole,
    "presence": one_of(_words(Presence)),
}
_WHEN: Mapping[str, Reader] = {
    "keywords": texts,
    "channels": texts,
    "accounts": texts,
    "organisations": texts,
    "tags": texts,
    "attributes": by_name(_attribute),
}
_THEN: Mapping[str, Reader] = {
    "queue": text,
    "type": text,
    "tags": texts,
    "skills": _levels,
    "priority": one_of(PRIORITIES),
}
_RULE: Mapping[str, Reader] = {"name": text, "when": table(_WHEN), "then": table(_THEN)}


def _named(kind: Callable[..., _T], readers: Mapping[str, Reader]) -> Reader:
    """Reads a table of things by id."""

    def read(id: str, value: object, path: Path) -> _T:
        given = table(readers)(value, path)
        return made(lambda: kind(id, **given), under(path, {"id": ()}))

    return by_name(read)


def _channel(name: str, value: object, path: Path) -> Channel:
    given = table(_CHANNEL)(value, path)
    usual = made(lambda: Configuration().channel(name), lambda _: path)
    return made(lambda: attrs.evolve(usual, **given), under(path, {}))


def _rule(value: object, path: Path) -> RoutingRule:
    given = table(_RULE)(value, path)
    if "name" not in given:
        raise Fault((*path, "name"), "is missing")
    when = made(lambda: Condition(**given.get("when", {})), under((*path, "when"), {}))
    return made(lambda: RoutingRule(given["name"], when, **given.get("then", {})), under(path, PLACES_OF_A_RULE))


_DESK: Mapping[str, Reader] = {
    "tenant": text,
    "account": text,
    "default_queue": text,
    "zone": text,
    "solve_after": _solve_after,
    "close_after": _solve_after,
    "after_calendar": text,
}
_MAIL: Mapping[str, Reader] = {"addresses": texts}
_WHATSAPP: Mapping[str, Reader] = {"zone": _zone, "own_name": text, "dates": one_of(_words(DateOrder))}
FILE: Mapping[str, Reader] = {
    "desk": table(_DESK),
    "channels": by_name(_channel),
    "skills": _named(Skill, _SKILL),
    "teams": _named(Team, _TEAM),
    "queues": _named(Queue, _QUEUE),
    "agents": _named(AgentProfile, _AGENT),
    "types": read_types,
    "workflows": read_workflows,
    "calendars": read_calendars,
    "metrics": read_metrics,
    "sla": read_policies,
    "rules": listed(_rule, "tables, each begun by [[rules]]"),
    "reopening": listed(read_reopening, "tables, each begun by [[reopening]]"),
    "mail": table(_MAIL),
    "whatsapp": table(_WHATSAPP),
}
"""The tables of a file, with what reads them."""

KEYS: Mapping[str, tuple[str, ...]] = {
    name: tuple(readers)
    for name, readers in {
        "": FILE,
        "desk": _DESK,
        "channels.NAME": _CHANNEL,
        "skills.ID": _SKILL,
        "teams.ID": _TEAM,
        "queues.ID": _QUEUE,
        "agents.ID": _AGENT,
        "types.ID": TYPE,
        "types.ID.attributes.ATTRIBUTE": ATTRIBUTE,
        "workflows.ID": WORKFLOW,
        "workflows.ID.states.STATE": STATE,
        "workflows.ID.moves.STATE": MOVES,
        "workflows.ID.moves.STATE.MOVE": WAY,
        "calendars.ID": CALENDAR,
        "metrics.ID": METRIC,
        "sla.ID": POLICY,
        "sla.ID.when": WHEN,
        "sla.ID.goals.METRIC": GOAL,
        "sla.ID.goals.METRIC.steps.STEP": STEP,
        "rules": _RULE,
        "rules.when": _WHEN,
        "rules.then": _THEN,
        "reopening": REOPENING,
        "mail": _MAIL,
        "whatsapp": _WHATSAPP,
    }.items()
}
"""Every key that a desk.toml may have, by the table in which it stands; the whole file is the table without a name."""
