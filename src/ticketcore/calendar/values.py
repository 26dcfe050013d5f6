"""What a calendar is made of: hours of the wall clock, shifts, holidays and overrides.

Each class raises ``InvalidInput`` naming the field that cannot be used.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any, TypeVar, cast

import attrs

from ticketcore.calendar.recurrence import check_rule, days_between
from ticketcore.checks import as_tuple, instance, is_words, whole
from ticketcore.errors import InvalidInput

_V = TypeVar("_V")
_Date = date  # for classes with a field of that name
_CLOCK = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MIDNIGHT = "24:00"


def placed(place: str, make: Callable[..., _V], *arguments: object) -> _V:
    """What ``make`` makes; the ``InvalidInput`` that it raises names the field below ``place``.

    >>> placed("weekly[3]", Shift, 0, "09:00", "25:00")
    Traceback (most recent call last):
    ...
    ticketcore.errors.InvalidInput: weekly[3].end: must be a time from 00:00 to 24:00, not '25:00'
    """
    try:
        return make(*arguments)
    except InvalidInput as error:
        _, dot, field = error.field.partition(".")
        raise InvalidInput(f"{place}{dot}{field}", error.reason) from None


def as_date(value: date | str, field: str) -> date:
    """A date, or one written as 2026-12-25; anything else is ``InvalidInput`` for ``field``."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        raise InvalidInput(field, f"must be a date such as 2026-12-25, not {value!r}")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidInput(field, f"there is no date {value}") from None


def _as_clock(value: str | time) -> str:
    """A time of day as text.  What is none, or has seconds or a zone, passes, for the validator to refuse."""
    if isinstance(value, time) and value == time(value.hour, value.minute):
        return f"{value:%H:%M}"
    return cast(str, value)


def _is_clock(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, str) or _CLOCK.fullmatch(value) is None:
        raise InvalidInput(
            f"{type(owner).__name__}.{attribute.name}", f"must be a time from 00:00 to 24:00, not {value!r}"
        )


def _is_start(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    _is_clock(owner, attribute, value)
    if value == _MIDNIGHT:
        raise InvalidInput(
            f"{type(owner).__name__}.{attribute.name}", "must be before 24:00: that is 00:00 of the next day"
        )


def _minutes(start: str, end: str) -> tuple[int, int]:
    first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (start, end))
    return first, last if last > first else last + 1440


@attrs.frozen(order=True)
class Hours:
    """Hours of the wall clock: from ``start`` on, up to but not including ``end``.

    Both are written as 09:00, or given as a ``datetime.time`` of whole minutes.  An end that is not later than the
    start is on the next day, so equal ones are 24 hours; "24:00" is the midnight that ends the day.
    """

    start: str = attrs.field(converter=_as_clock, validator=_is_start)
    end: str = attrs.field(converter=_as_clock, validator=_is_clock)

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes of the wall clock from the midnight before the start.

        >>> Hours("22:00", "06:00").minutes
        (1320, 1800)
        """
        return _minutes(self.start, self.end)


@attrs.frozen(order=True)
class Shift:
    """Hours that are open each week: they start on ``weekday`` (0 is Monday) at ``start``, and last up to ``end``.

    The times are those of ``Hours``.
    """

    weekday: int = attrs.field(validator=whole(0, 6))
    start: str = attrs.field(converter=_as_clock, validator=_is_start)
    end: str = attrs.field(converter=_as_clock, validator=_is_clock)

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes of the wall clock from the midnight before the start."""
        return _minutes(self.start, self.end)


def _as_hours(value: Hours | Iterable[str | time]) -> Hours:
    """Hours, or a start and an end; anything else is ``InvalidInput``."""
    if isinstance(value, Hours):
        return value
    pair = as_tuple(value)
    if not isinstance(pair, tuple) or len(pair) != 2:
        raise InvalidInput("Hours", f"must be a start and an end, not {value!r}")
    return Hours(*pair)


def as_many_hours(value: Iterable[Hours | Iterable[str | time]], field: str = "Override.hours") -> tuple[Hours, ...]:
    """Hours in order, from values or from pairs of a start and an end; ``InvalidInput`` names them within ``field``."""
    items = as_tuple(value)
    if not isinstance(items, tuple):
        raise InvalidInput(field, f"must be a list, not {type(value).__name__}")
    return tuple(sorted({placed(f"{field}[{i}]", _as_hours, item) for i, item in enumerate(items)}))


def _override_date(value: date | str) -> date:
    return as_date(value, "Override.date")


@attrs.frozen
class Override:
    """The hours of one date, in place of the shifts that start on it: ``hours``, or none at all on ``date``."""

    date: _Date = attrs.field(converter=_override_date)
    hours: tuple[Hours, ...] = attrs.field(converter=as_many_hours)


def _as_partial(value: Hours | Iterable[str | time] | None) -> Hours | None:
    return None if value is None else placed("Holiday.hours", _as_hours, value)


def _holiday_date(value: date | str) -> date:
    return as_date(value, "Holiday.date")


def _as_rule(value: str | None) -> str | None:
    return value.upper().removeprefix("RRULE:") if isinstance(value, str) else value


def _as_dates(value: Iterable[date | str]) -> tuple[date, ...]:
    items = as_tuple(value)
    if not isinstance(items, tuple):
        raise InvalidInput("Holiday.excluded", f"must be a list, not {type(value).__name__}")
    return tuple(sorted({as_date(item, f"Holiday.excluded[{i}]") for i, item in enumerate(items)}))


@attrs.frozen
class Holiday:
    """A date on which the desk is closed, or the first of the dates that a rule gives.

    ``name`` is for people.  ``hours`` make it partial: only they are closed; they may run past midnight.

    ``rule`` is a recurrence rule as in iCalendar (RFC 5545, section 3.3.10), without times: ``FREQ=YEARLY``,
    ``FREQ=YEARLY;BYMONTH=11;BYDAY=4TH``, ``FREQ=YEARLY;BYEASTER=-2`` (days from Easter Sunday, an addition of
    dateutil), ``FREQ=DAILY;COUNT=10``.  It counts from ``date``, which is itself a holiday only if the rule gives
    it, and ends with UNTIL=20301231, with COUNT, or never.  FREQ is YEARLY, MONTHLY, WEEKLY or DAILY.  A rule that
    gives no date at all is refused; it takes up to some seconds to find that out.  ``excluded`` are dates that the
    rule gives and that are no holidays.
    """

    date: _Date = attrs.field(converter=_holiday_date)
    name: str = attrs.field(default="", validator=is_words)
    hours: Hours | None = attrs.field(
        default=None, converter=_as_partial, validator=attrs.validators.optional(instance(Hours))
    )
    rule: str | None = attrs.field(default=None, converter=_as_rule)
    excluded: tuple[_Date, ...] = attrs.field(default=(), converter=_as_dates)

    def __attrs_post_init__(self) -> None:
        if self.rule is not None:
            check_rule(self.rule, self.date, "Holiday.rule")
        for i, excluded in enumerate(self.excluded):
            day = excluded.toordinal()
            if self.rule is None or not days_between(self.rule, self.date, day, day):
                raise InvalidInput(f"Holiday.excluded[{i}]", f"{excluded} is not a date that the rule gives")

    def days(self, first: int, last: int) -> tuple[int, ...]:
        """The ordinals of its dates from ``first`` to ``last``, both included, in order.

        >>> christmas = Holiday("2020-12-25", rule="FREQ=YEARLY")
        >>> [date.fromordinal(day).isoformat() for day in christmas.days(738_000, 738_700)]
        ['2021-12-25', '2022-12-25']
        """
        if self.rule is None:
            day = self.date.toordinal()
            return (day,) if first <= day <= last else ()
        days = days_between(self.rule, self.date, first, last)
        if not self.excluded:
            return days
        without = {excluded.toordinal() for excluded in self.excluded}
        return tuple(day for day in days if day not in without)
