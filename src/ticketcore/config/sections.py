"""The tables of a desk.toml, and what their keys mean.

Each table of the file is a mapping here, from the keys that it may have to the readers of their values.  What the
values must be is checked by the classes of ``ticketcore.model``; where they find a fault, the field is said in the
words of the file.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import Enum
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

import attrs

from ticketcore.checks import meant
from ticketcore.config.disciplines import DISCIPLINE, read_discipline
from ticketcore.config.distributions import DISTRIBUTION, read_distribution
from ticketcore.config.escalations import PLAN, PLAN_STEP, read_plan
from ticketcore.config.keys import KEYS_TABLE, read_source
from ticketcore.config.notation import Path
from ticketcore.config.offers import OFFERING, read_offering
from ticketcore.config.people import AGENT, CAPACITY_PROFILE, RATE, SHIFT, read_shift
from ticketcore.config.reopening import REOPENING, read_reopening
from ticketcore.config.rules import QUEUE_WHEN, RULE, RULE_THEN, RULE_WHEN, read_rule, requirement_at
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
    MATCHERS,
    Action,
    Affinity,
    AgentProfile,
    CapacityProfile,
    Channel,
    Configuration,
    Familiar,
    Limit,
    Per,
    Presence,
    Queue,
    Reassign,
    Segmenting,
    Skill,
    Team,
    Threading,
)

_T = TypeVar("_T")
_E = TypeVar("_E", bound=Enum)

NO_TIME = "none"
"""What ``desk.absence_grace``, ``desk.presence_settles`` and each ``wrap_up`` say for no time at all."""

NEVER = "never"
"""What ``desk.solve_after`` and ``desk.close_after`` say for None."""


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


def _span_or_none(value: object, path: Path) -> timedelta:
    return timedelta(0) if value == NO_TIME else span(value, path)


_CHANNEL: Mapping[str, Reader] = {
    "threading": one_of(_words(Threading)),
    "quiet_gap": span,
    "shared_addresses": flag,
    "wrap_up": _span_or_none,
}
_SKILL: Mapping[str, Reader] = {"name": text}
_TEAM: Mapping[str, Reader] = {"name": text}
_QUEUE: Mapping[str, Reader] = {
    **dict.fromkeys(("team", "name", "escalation"), text),
    "offering": read_offering,
    "wrap_up": _span_or_none,
    "access": lambda value, path: requirement_at({"must": value}, path).must,
}


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


_LIMIT: Mapping[str, Reader] = {"at_most": whole, "period": span}
_LIMITED = {f"{action}_per_{per}": (action, per) for action in Action for per in Per}


def _limit(name: str, value: object, path: Path) -> Limit:
    if name not in _LIMITED:
        raise Fault(path, f"must be one of {', '.join(_LIMITED)}{meant(name, _LIMITED)}")
    given = table(_LIMIT)(value, path)
    for key in _LIMIT:
        if key not in given:
            raise Fault((*path, key), "is missing")
    return made(lambda: Limit(*_LIMITED[name], **given), under(path, {}))


_AFFINITY: Mapping[str, Reader] = {
    "to": one_of(_words(Familiar)),
    "agent": text,
    "patience": span,
    "presences": listed(one_of(_words(Presence)), "presences"),
    **dict.fromkeys(("queues", "tiers"), texts),
}


def _affinity(id: str, value: object, path: Path) -> Affinity:
    given = table(_AFFINITY)(value, path)
    if "to" not in given:
        raise Fault((*path, "to"), "is missing")
    return made(lambda: Affinity(id, **given), under(path, {}))


_DESK: Mapping[str, Reader] = {
    "tenant": text,
    "account": text,
    "default_queue": text,
    "zone": text,
    "solve_after": _solve_after,
    "close_after": _solve_after,
    "after_calendar": text,
    "agent_attributes": texts,
    "reassign_on": listed(one_of(_words(Reassign)), "words"),
    "absence_grace": _span_or_none,
    "presence_settles": _span_or_none,
    "discipline": read_discipline,
    "distribution": read_distribution,
    "segmenting": one_of(_words(Segmenting)),
    "ask_below": whole,
    "matchers": listed(one_of({matcher.value: matcher for matcher in MATCHERS}), "matchers"),
}
_MAIL: Mapping[str, Reader] = {"addresses": texts, "verifiers": texts}
_WHATSAPP: Mapping[str, Reader] = {"zone": _zone, "own_name": text, "dates": one_of(_words(DateOrder))}
FILE: Mapping[str, Reader] = {
    "desk": table(_DESK),
    "channels": by_name(_channel),
    "skills": _named(Skill, _SKILL),
    "teams": _named(Team, _TEAM),
    "queues": _named(Queue, _QUEUE),
    "capacity_profiles": _named(CapacityProfile, CAPACITY_PROFILE),
    "shifts": by_name(read_shift),
    "agents": _named(AgentProfile, AGENT),
    "types": read_types,
    "workflows": read_workflows,
    "calendars": read_calendars,
    "metrics": read_metrics,
    "sla": read_policies,
    "rules": listed(read_rule, "tables, each begun by [[rules]]"),
    "reopening": listed(read_reopening, "tables, each begun by [[reopening]]"),
    "mail": table(_MAIL),
    "whatsapp": table(_WHATSAPP),
    "keys": read_source,
    "limits": by_name(_limit),
    "escalations": by_name(read_plan),
    "affinities": by_name(_affinity),
}
"""The tables of a file, with what reads them."""

KEYS: Mapping[str, tuple[str, ...]] = {
    name: tuple(readers)
    for name, readers in {
        "": FILE,
        "desk": _DESK,
        "desk.discipline": DISCIPLINE,
        "desk.distribution": DISTRIBUTION,
        "channels.NAME": _CHANNEL,
        "skills.ID": _SKILL,
        "teams.ID": _TEAM,
        "queues.ID": _QUEUE,
        "queues.ID.offering": OFFERING,
        "capacity_profiles.ID": CAPACITY_PROFILE,
        "capacity_profiles.ID.rate": RATE,
        "shifts.ID": SHIFT,
        "agents.ID": AGENT,
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
        "rules": RULE,
        "rules.when": RULE_WHEN,
        "rules.when.queues.QUEUE": QUEUE_WHEN,
        "rules.then": RULE_THEN,
        "reopening": REOPENING,
        "mail": _MAIL,
        "whatsapp": _WHATSAPP,
        "keys": KEYS_TABLE,
        "limits.LIMIT": _LIMIT,
        "affinities.ID": _AFFINITY,
        "escalations.ID": PLAN,
        "escalations.ID.steps.STEP": PLAN_STEP,
    }.items()
}
"""Every key that a desk.toml may have, by the table in which it stands; the whole file is the table without a name."""
