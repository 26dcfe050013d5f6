"""Escalation plans in a desk.toml, as they are read and written."""

import re
from collections.abc import Mapping, Sequence

from ticketcore.config.durations import written_duration
from ticketcore.config.notation import Path
from ticketcore.config.rules import QUEUE_WHEN, read_levels, read_queue_when
from ticketcore.config.tables import Fault, Reader, by_name, flag, made, span, table, texts, whole
from ticketcore.config.workflow_tables import Table
from ticketcore.model import EscalationPlan, EscalationStep, QueueCondition

_IN_PLAN = re.compile(
    r"(?:Configuration\.escalations\[(\d+)\]|EscalationPlan)\.steps\[(\d+)\]\.(\w+)(?:\[(\d+)\](?:\.(\w+))?)?"
)
_IN_STEP = re.compile(r"EscalationStep\.(\w+)(?:\[(\d+)\])?")

PLAN_STEP: Mapping[str, Reader] = {
    "after": span,
    "when": by_name(read_queue_when),
    "drop_tiers": whole,
    "levels": read_levels,
    **dict.fromkeys(("expire", "teams", "queues"), texts),
    "raised": whole,
    "skip": flag,
}
"""The keys of a step."""


def _step(id: str, value: object, path: Path) -> EscalationStep:
    given = table(PLAN_STEP)(value, path)
    if "after" not in given:
        raise Fault((*path, "after"), "is missing")

    def placed(field: str) -> Path:
        found = _IN_STEP.match(field)
        assert found is not None, field
        return path if found[1] == "id" else (*path, found[1], *([] if found[2] is None else [int(found[2])]))

    return made(lambda: EscalationStep(id, **given), placed)


PLAN: Mapping[str, Reader] = {"steps": by_name(_step)}
"""The keys of a plan."""


def read_plan(id: str, value: object, path: Path) -> EscalationPlan:
    """One plan.  ``Fault`` for what cannot be used."""
    given = table(PLAN)(value, path)
    steps = given.pop("steps", ())

    def placed(field: str) -> Path:
        found = _IN_PLAN.fullmatch(field)
        return (*path, field.partition(".")[2]) if found is None else (*path, *_in_steps(found, steps))

    return made(lambda: EscalationPlan(id, steps, **given), placed)


def place_in_escalations(field: str, plans: Sequence[EscalationPlan]) -> Path | None:
    """Where the file has a field of the plans that a Configuration finds at fault; None for any other field."""
    found = _IN_PLAN.fullmatch(field)
    if found is None or found[1] is None:
        return None
    plan = plans[int(found[1])]
    return ("escalations", plan.id, *_in_steps(found, plan.steps))


def _in_steps(found: "re.Match[str]", steps: Sequence[EscalationStep]) -> Path:
    _, j, name, k, _ = found.groups()
    step = steps[int(j)]
    if name == "id":
        return ("steps", step.id)
    if k is None:
        return ("steps", step.id, name)
    asked = {"levels": [need.skill for need in step.levels], "when": [condition.queue for condition in step.when]}
    return ("steps", step.id, name, asked[name][int(k)] if name in asked else int(k))


def plan_table(plan: EscalationPlan) -> Table:
    """A plan, without its id; of its steps what they do."""
    return {"steps": {step.id: _step_table(step) for step in plan.steps}}


def _step_table(step: EscalationStep) -> Table:
    said: Table = {
        "when": {condition.queue: queue_when_table(condition) for condition in step.when},
        "drop_tiers": step.drop_tiers,
        "levels": {item.skill: item.level for item in step.levels},
        **{name: list(getattr(step, name)) for name in ("expire", "teams", "queues")},
        "raised": step.raised,
        "skip": step.skip,
    }
    return {"after": written_duration(step.after), **{name: value for name, value in said.items() if value}}


def queue_when_table(condition: QueueCondition) -> Table:
    """What is demanded of a queue, without its id."""
    given = {name: getattr(condition, name) for name in QUEUE_WHEN}
    return {
        name: written_duration(value) if name.startswith("wait_") else value
        for name, value in given.items()
        if value is not None
    }
