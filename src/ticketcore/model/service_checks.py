"""What the parts of service levels have to be for each other: no policy promises what nobody can measure."""

from collections.abc import Collection, Mapping, Sequence

from ticketcore.checks import meant
from ticketcore.errors import InvalidInput
from ticketcore.model.service import AROUND_THE_CLOCK, Goal, Metric, SlaPolicy


def check_service(
    policies: Sequence[SlaPolicy],
    metrics: Mapping[str, Metric],
    calendars: Collection[str],
    queues: Collection[str],
    types: Collection[str],
) -> None:
    """Refuse policies that name a metric, calendar, queue or type that nobody declares: ``InvalidInput``."""
    for i, policy in enumerate(policies):
        path = f"Configuration.policies[{i}]"
        for field, kind, wanted, known in (
            ("queues", "queue", policy.when.queues, queues),
            ("types", "type", policy.when.types, types),
        ):
            for j, name in enumerate(wanted):
                _known(f"{path}.when.{field}[{j}]", kind, name, known)
        promised = [goal.metric for goal in policy.goals]
        for j, goal in enumerate(policy.goals):
            _check_goal(f"{path}.goals[{j}]", goal, metrics, (AROUND_THE_CLOCK, *calendars))
            after = metrics[goal.metric].after
            if after is not None and after not in promised:
                reason = f"starts after {after!r}, which the policy does not measure"
                raise InvalidInput(f"{path}.goals[{j}].metric", reason)


def _check_goal(path: str, goal: Goal, metrics: Mapping[str, Metric], calendars: Collection[str]) -> None:
    _known(f"{path}.metric", "metric", goal.metric, metrics)
    _known(f"{path}.calendar", "calendar", goal.calendar, calendars)
    for i, step in enumerate(goal.steps):
        if step.hours is not None:
            _known(f"{path}.steps[{i}].hours", "calendar", step.hours, calendars)


def _known(field: str, kind: str, wanted: str, known: Collection[str]) -> None:
    if wanted not in known:
        raise InvalidInput(field, f"no {kind} {wanted!r} is declared{meant(wanted, known)}")
