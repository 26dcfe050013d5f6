"""Service levels in a desk.toml: the tables of calendars, metrics and policies, as they are read and written."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import cast

from ticketcore.calendar import BusinessCalendar
from ticketcore.config.durations import written_duration
from ticketcore.config.notation import Path, Plain
from ticketcore.config.tables import PRIORITIES, Fault, Reader, by_name, made, one_of, span, table, text, texts, under
from ticketcore.config.tables import listed as listed_by
from ticketcore.config.workflow_tables import Table
from ticketcore.model import Calendar, Coverage, Goal, Metric, OnReopen, Priority, SlaPolicy, Step, Target

_TOKEN = re.compile(r"\['([^']*)'\]|\[(\d+)\]|(\w+)")
_IN_POLICY = re.compile(r"policies\[(\d+)\]\.(?:when\.(\w+)\[(\d+)\]|goals\[(\d+)\]\.(?:steps\[(\d+)\]\.)?(\w+))")


def _as_is(value: object, _: Path) -> object:
    return value


CALENDAR: Mapping[str, Reader] = {
    "tz": text,
    **dict.fromkeys(("weekly", "holidays", "holiday_rule", "overrides"), _as_is),
}
"""The keys of a calendar; ``BusinessCalendar.from_dict`` reads their values."""

METRIC: Mapping[str, Reader] = {
    **dict.fromkeys(("start", "stop", "pause", "resume", "reset"), texts),
    "after": text,
    "on_reopen": one_of({str(one): one for one in OnReopen}),
}
"""The keys of a metric."""

WHEN: Mapping[str, Reader] = {
    **dict.fromkeys(("channels", "types", "queues"), texts),
    "priorities": listed_by(one_of(PRIORITIES), "priorities"),
    **dict.fromkeys(("contacts", "tags"), texts),
}
"""The keys of what a policy covers."""

STEP: Mapping[str, Reader] = {"before": span, "after": span, "notify": texts, "hours": text}
"""The keys of a step of a ladder."""


def _step(id: str, value: object, path: Path) -> Step:
    given = table(STEP)(value, path)
    if "before" in given and "after" in given:
        raise Fault((*path, "after"), "cannot stand beside 'before'")
    offset = given.pop("after", timedelta(0)) - given.pop("before", timedelta(0))
    return made(lambda: Step(id, offset, **given), under(path, {"id": (), "offset": ()}))


def _target(priority: str, value: object, path: Path) -> Target:
    if priority not in PRIORITIES:
        raise Fault(path, f"must be one of {', '.join(PRIORITIES)}")
    return made(lambda: Target(span(value, path), PRIORITIES[priority]), lambda _: path)


GOAL: Mapping[str, Reader] = {
    "target": lambda value, path: made(lambda: Target(span(value, path)), lambda _: path),
    "targets": by_name(_target),
    "calendar": text,
    "on_reopen": METRIC["on_reopen"],
    "steps": by_name(_step),
}
"""The keys of a goal."""


def _goal(metric: str, value: object, path: Path) -> Goal:
    given = table(GOAL)(value, path)
    rest = [given.pop("target")] if "target" in given else []
    targets = (*given.pop("targets", ()), *rest)
    return made(lambda: Goal(metric, targets, **given), under(path, {"metric": ()}))


POLICY: Mapping[str, Reader] = {
    "name": text,
    "when": table(WHEN),
    "responses": texts,
    "goals": by_name(_goal),
}
"""The keys of a policy."""


def _calendar(id: str, value: object, path: Path) -> Calendar:
    given = table(CALENDAR)(value, path)
    hours = made(lambda: BusinessCalendar.from_dict(given), lambda field: (*path, *_tokens(field)))
    return made(lambda: Calendar(id, hours), lambda _: path)


def _tokens(field: str) -> Path:
    """The parts of a field as ``BusinessCalendar`` names it.

    >>> _tokens("overrides['2026-12-24'][0].start")
    ('overrides', '2026-12-24', 0, 'start')
    """
    return tuple(int(place) if place else name or word for name, place, word in _TOKEN.findall(field))


def _metric(id: str, value: object, path: Path) -> Metric:
    given = table(METRIC)(value, path)
    if "start" not in given:
        raise Fault((*path, "start"), "is missing")
    return made(lambda: Metric(id, **given), under(path, {"id": ()}))


def _policy(id: str, value: object, path: Path) -> SlaPolicy:
    given = table(POLICY)(value, path)
    covered = given.pop("when", {})
    when = made(lambda: Coverage(**covered), under((*path, "when"), {}))
    goals = given.pop("goals", ())
    return made(lambda: SlaPolicy(id, goals, when, **given), under(path, {"id": ()}))


read_calendars, read_metrics, read_policies = by_name(_calendar), by_name(_metric), by_name(_policy)
"""Readers of the tables that hold all of each."""


def place_in_policies(field: str, policies: Sequence[SlaPolicy]) -> Path | None:
    """Where the file has a field of the policies that a Configuration finds at fault; None for any other field."""
    found = _IN_POLICY.fullmatch(field.removeprefix("Configuration."))
    if found is None:
        return None
    i, covered, place, j, k, name = found.groups()
    policy = policies[int(i)]
    if covered is not None:
        return ("sla", policy.id, "when", covered, int(place))
    goal = policy.goals[int(j)]
    path: Path = ("sla", policy.id, "goals", goal.metric)
    if k is not None:
        return (*path, "steps", goal.steps[int(k)].id, name)
    return path if name == "metric" else (*path, name)


def calendar_table(calendar: Calendar) -> Table:
    """A calendar, without its id."""
    return cast(Table, calendar.hours.to_dict())


def metric_table(metric: Metric) -> Table:
    """A metric, without its id."""
    conditions: Table = {
        name: [str(signal) for signal in getattr(metric, name)]
        for name in ("start", "stop", "pause", "resume", "reset")
    }
    after: Table = {} if metric.after is None else {"after": metric.after}
    return {**conditions, **after, "on_reopen": str(metric.on_reopen)}


def policy_table(policy: SlaPolicy) -> Table:
    """A policy, without its id, with every key."""
    when = policy.when
    return {
        "name": policy.name,
        "when": {
            **{name: list(getattr(when, name)) for name in ("channels", "types", "queues", "contacts", "tags")},
            "priorities": [_word(priority) for priority in when.priorities],
        },
        "responses": [str(signal) for signal in policy.responses],
        "goals": {goal.metric: _goal_table(goal) for goal in policy.goals},
    }


USUAL_CALENDAR: Table = {"weekly": [], "holidays": [], "holiday_rule": "date", "overrides": {}}
"""What a calendar is unless it is said."""

USUAL_METRIC: Table = {"stop": [], "pause": [], "resume": [], "reset": [], "on_reopen": "ignore"}
"""What a metric is unless it is said."""

_USUAL_POLICY = policy_table(SlaPolicy("policy", []))
_USUAL_GOAL: Table = {"calendar": Goal("metric").calendar, "targets": {}, "steps": {}}
_USUAL_STEP: Table = {"notify": []}


def brief_policy(policy: Table) -> Table:
    """A policy of ``policy_table`` without what is as usual."""
    goals = {name: brief_goal(goal) for name, goal in _tables(policy["goals"]).items()}
    when = _unlike(_tables(policy)["when"], _tables(_USUAL_POLICY)["when"])
    brief = _unlike(policy, {**_USUAL_POLICY, "when": policy["when"], "goals": policy["goals"]})
    if when:
        brief["when"] = when
    if goals:
        brief["goals"] = goals
    return brief


def brief_goal(goal: Table) -> Table:
    """A goal without what is as usual."""
    brief = _unlike(goal, _USUAL_GOAL)
    if "steps" in brief:
        brief["steps"] = {name: _unlike(step, _USUAL_STEP) for name, step in _tables(brief["steps"]).items()}
    return brief


def _goal_table(goal: Goal) -> Table:
    spans = {target.priority: written_duration(target.span) for target in goal.targets}
    found: Table = {} if None not in spans else {"target": spans.pop(None)}
    found["targets"] = {_word(priority): span for priority, span in spans.items() if priority is not None}
    found["calendar"] = goal.calendar
    if goal.on_reopen is not None:
        found["on_reopen"] = str(goal.on_reopen)
    found["steps"] = {step.id: _step_table(step) for step in goal.steps}
    return found


def _step_table(step: Step) -> Table:
    found: Table = {}
    if step.offset:
        found["before" if step.offset < timedelta(0) else "after"] = written_duration(abs(step.offset))
    found["notify"] = list(step.notify)
    if step.hours is not None:
        found["hours"] = step.hours
    return found


def _word(priority: Priority) -> str:
    return priority.name.lower()


def _unlike(one: Mapping[str, Plain], usual: Mapping[str, Plain]) -> Table:
    return {name: value for name, value in one.items() if value != usual.get(name)}


def _tables(value: Plain) -> dict[str, Table]:
    return cast("dict[str, Table]", value)
