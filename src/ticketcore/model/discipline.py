"""Which waiting ticket goes first, as a desk says it; ``ticketcore.engine`` has what goes by it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import attrs

from ticketcore.checks import as_member, as_tuple, check_whole, member, whole
from ticketcore.errors import InvalidInput
from ticketcore.model.ticket import Priority


class Precedence(StrEnum):
    """What of the tickets that wait goes first, of those that an agent can take.

    ``PRIORITY_FIFO``: the highest priority, of equals what has waited longest.  ``PRIORITY_DELAY``: the same, but what
    is younger than its delay is left alone.  ``SCORE_WITH_AGE``: what has waited longest, each step of priority being a
    head start.  ``ACCUMULATING``: what has gathered most urgency, at the pace of its priority.  ``EARLIEST_DEADLINE``:
    what is due first by its service levels, what is never due last.  ``GENERALISED_C_MU``: what costs most to let wait
    any longer.  ``QUEUE_RATIO``: the priority that takes up most for its part of all that waits.  ``LIFO``: what came
    last, whatever its priority.
    """

    PRIORITY_FIFO = "priority_fifo"
    PRIORITY_DELAY = "priority_delay"
    SCORE_WITH_AGE = "score_with_age"
    ACCUMULATING = "accumulating"
    EARLIEST_DEADLINE = "earliest_deadline"
    GENERALISED_C_MU = "generalised_c_mu"
    QUEUE_RATIO = "queue_ratio"
    LIFO = "lifo"


NUMBERS: Mapping[Precedence, tuple[str, ...]] = {
    Precedence.PRIORITY_DELAY: ("delays",),
    Precedence.SCORE_WITH_AGE: ("head_start",),
    Precedence.ACCUMULATING: ("paces",),
    Precedence.GENERALISED_C_MU: ("costs", "power"),
    Precedence.QUEUE_RATIO: ("parts",),
}
"""The fields of a ``Discipline`` that count for each; none for the rest."""

NEEDED = {Precedence.PRIORITY_DELAY: "delays", Precedence.QUEUE_RATIO: "parts"}
"""The field without which there is none."""


def _precedence(value: Precedence | str) -> Precedence:
    return as_member(Precedence, value)


def _by_priority(value: Any) -> Any:
    items = as_tuple(value.items() if isinstance(value, Mapping) else value)
    if not isinstance(items, tuple) or not all(isinstance(item, tuple) and len(item) == 2 for item in items):
        return items
    return tuple(sorted(((as_member(Priority, one), number) for one, number in items), key=lambda item: str(item[0])))


def _each(check: Callable[[object, str], None]) -> Callable[[object, "attrs.Attribute[Any]", object], None]:
    """A validator of numbers by priority, each named once."""

    def validate(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        field = f"Discipline.{attribute.name}"
        if not isinstance(value, tuple) or not all(isinstance(item, tuple) and len(item) == 2 for item in value):
            raise InvalidInput(field, "must be numbers by priority")
        seen = set()
        for priority, number in value:
            if not isinstance(priority, Priority):
                raise InvalidInput(field, f"must be by priorities from 1 to 4, not {priority!r}")
            if priority in seen:
                raise InvalidInput(field, f"names {priority.name.lower()} twice")
            seen.add(priority)
            check(number, f"{field}[{priority.name.lower()}]")

    return validate


def _is_pace(value: object, field: str) -> None:
    check_whole(value, field, 0, 1_000_000)


def _is_delay(value: object, field: str) -> None:
    if not isinstance(value, timedelta):
        raise InvalidInput(field, f"must be a timedelta, not {type(value).__name__}")
    if value < timedelta(0):
        raise InvalidInput(field, f"must not be negative, is {value}")


def _is_head_start(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if value is not None:
        _is_delay(value, f"Discipline.{attribute.name}")


Numbers = tuple[tuple[Priority, int], ...]
"""A number for each priority that has one; another goes by the next lower, or by the lowest that is named."""


@attrs.frozen
class Discipline:
    """Which waiting ticket an agent gets, ``by`` what it goes first.

    ``head_start`` is what each step of priority counts, an hour unless given (``SCORE_WITH_AGE``).  ``delays`` are how
    long a ticket is left alone (``PRIORITY_DELAY``), ``paces`` how fast urgency gathers (``ACCUMULATING``), ``costs``
    what waiting costs, and ``power`` how that grows with age, from 2 to 8, 3 unless given (``GENERALISED_C_MU``),
    ``parts`` what of all that waits is of a priority (``QUEUE_RATIO``).  These are by priority; one that is not named
    goes by the next lower, or by the lowest that is.  Paces and costs that are left out are 1, 2, 4 and 8, from low to
    urgent.  Each number is given where it counts, and nowhere else.

    Raises ``InvalidInput`` naming the field.
    """

    by: Precedence = attrs.field(default=Precedence.PRIORITY_FIFO, converter=_precedence, validator=member(Precedence))
    head_start: timedelta | None = attrs.field(default=None, validator=_is_head_start)
    delays: tuple[tuple[Priority, timedelta], ...] = attrs.field(
        default=(), converter=_by_priority, validator=_each(_is_delay)
    )
    paces: Numbers = attrs.field(default=(), converter=_by_priority, validator=_each(_is_pace))
    costs: Numbers = attrs.field(default=(), converter=_by_priority, validator=_each(_is_pace))
    parts: Numbers = attrs.field(default=(), converter=_by_priority, validator=_each(_is_pace))
    power: int | None = attrs.field(default=None, validator=attrs.validators.optional(whole(2, 8)))

    def __attrs_post_init__(self) -> None:
        counting = NUMBERS.get(self.by, ())
        for field in ("head_start", "delays", "paces", "costs", "power", "parts"):
            if field not in counting and getattr(self, field) not in (None, ()):
                raise InvalidInput(f"Discipline.{field}", f"means nothing where what goes first is by {self.by}")
        needed = NEEDED.get(self.by)
        if needed is not None and not getattr(self, needed):
            raise InvalidInput(f"Discipline.{needed}", f"is missing, which {self.by} goes by")
        if self.parts and not any(part for _, part in self.parts):
            raise InvalidInput("Discipline.parts", "must not all be 0")


def as_discipline(value: Discipline | Precedence | str) -> Discipline:
    """One that is only named goes by the usual numbers: a converter, for a validator to refuse the rest."""
    return Discipline(value) if isinstance(value, str) else value
