"""Teams, and the queues in which tickets wait for them, as a desk declares them.

Each class here raises ``InvalidInput`` naming the field that cannot be used.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import attrs

from ticketcore.checks import instance, is_name, is_optional_name, is_words
from ticketcore.errors import InvalidInput
from ticketcore.model.offer import Offering
from ticketcore.model.requirement_notation import read_expression, requirement_from, text_of
from ticketcore.model.requirements import Expression, Requirement
from ticketcore.model.rules import DEFAULT, Known, check_known
from ticketcore.model.wrap_up import is_wrap_up


@attrs.frozen
class Team:
    """A group of agents who share queues: its ``id``, and its ``name`` for people."""

    id: str = attrs.field(validator=is_name)
    name: str = attrs.field(default="", validator=is_words)


def _access(value: Expression | Mapping[str, Any] | str | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    try:
        return text_of(Requirement(read_expression(value, "Queue.access") if isinstance(value, Mapping) else value))
    except InvalidInput as error:
        raise InvalidInput(error.field.replace("Requirement.must", "Queue.access"), error.reason) from None


def _is_access(_owner: object, _attribute: "attrs.Attribute[Any]", value: str | None) -> None:
    if value is None:
        return
    kept = requirement_from(text_of(value, "Queue.access"))
    if text_of(Requirement(kept.must)) != value:
        raise InvalidInput("Queue.access", "is not as it is kept")


@attrs.frozen
class Queue:
    """Where tickets wait for an agent of one ``team``: its ``id``, and its ``name`` for people.

    ``escalation`` is the plan of its tickets that name none themselves.
    ``offering`` says how agents are offered its tickets; None for a queue whose tickets are theirs at once.
    ``wrap_up`` is how long, up to a week, who is done with one of its tickets still has no room for another by it; None
    for as long as its channel says.  ``access`` is who may have its tickets at all, None for everybody: an expression,
    or the data that it is written as, kept as one line of JSON.  No step of a plan widens it, and nobody is given one
    by hand who does not meet it; what somebody has stays theirs.
    """

    id: str = attrs.field(validator=is_name)
    team: str = attrs.field(default=DEFAULT, validator=is_name)
    name: str = attrs.field(default="", validator=is_words)
    escalation: str | None = attrs.field(default=None, validator=is_optional_name)
    offering: Offering | None = attrs.field(default=None, validator=attrs.validators.optional(instance(Offering)))
    wrap_up: timedelta | None = attrs.field(default=None, validator=is_wrap_up)
    access: str | None = attrs.field(default=None, converter=_access, validator=_is_access, kw_only=True)


def check_queues(queues: Sequence[Queue], known: Known) -> None:
    """Refuse what refers to something that is not declared, with ``InvalidInput`` naming the field."""
    for i, queue in enumerate(queues):
        where = f"Configuration.queues[{i}]"
        check_known(f"{where}.team", "team", queue.team, known.teams)
        if queue.escalation is not None:
            check_known(f"{where}.escalation", "escalation", queue.escalation, known.escalations)
        if queue.access is not None:
            try:
                requirement_from(queue.access).check(known.skills, known.teams, known.attributes)
            except InvalidInput as error:
                raise InvalidInput(f"{where}.access", error.reason) from None
