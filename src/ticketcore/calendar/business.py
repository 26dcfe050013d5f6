"""The calendar itself: checked when it is made, then asked."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import attrs

from ticketcore.calendar.days import check_zone
from ticketcore.calendar.explaining import Explanation, Stretch
from ticketcore.calendar.table import END, START, TICK, Table
from ticketcore.calendar.values import Holiday, Override, Shift, as_date, as_many_hours, placed
from ticketcore.calendar.wall import Wall
from ticketcore.checks import as_member, as_tuple, instant, meant
from ticketcore.errors import InvalidInput

_V = TypeVar("_V")

_ALWAYS = "24/7"
_LAST = TICK * (END - 2)
"""The last instant that has another after it."""


class HolidayRule(StrEnum):
    """What a holiday that has no hours closes.

    ``DATE``: every instant whose local date it is.  ``SHIFT``: the shifts that start on it, whole, and nothing else.
    """

    DATE = "date"
    SHIFT = "shift"


def _as_zone(name: str) -> str:
    check_zone(name, "tz")
    return name


def _listed(field: str, value: object) -> tuple[object, ...]:
    items = as_tuple(cast("Iterable[object]", value))
    if not isinstance(items, tuple):
        raise InvalidInput(field, f"must be a list, not {type(value).__name__}")
    return items


def _made(field: str, value: object, kind: type[_V], make: Callable[[Any], _V]) -> list[_V]:
    """What is listed, each of it made by ``make`` unless it is of this ``kind`` already."""
    items = _listed(field, value)
    return [item if isinstance(item, kind) else placed(f"{field}[{i}]", make, item) for i, item in enumerate(items)]


def _as_shift(value: object) -> Shift:
    parts = as_tuple(cast("Iterable[Any]", value))
    if not isinstance(parts, tuple) or len(parts) != 3:
        raise InvalidInput("Shift", f"must be a weekday, a start and an end, not {value!r}")
    return Shift(*parts)


def _as_weekly(value: Iterable[Shift | Iterable[Any]] | str) -> tuple[Shift, ...]:
    if value == _ALWAYS:
        value = [Shift(weekday, "00:00", "24:00") for weekday in range(7)]
    return tuple(sorted(set(_made("weekly", value, Shift, _as_shift))))


def _as_holiday(value: object) -> Holiday:
    if not isinstance(value, Mapping):
        return Holiday(as_date(cast("date | str", value), ""))
    return Holiday(**_known(value, Holiday, "Holiday.", "date"))


def _as_holidays(value: Iterable[Holiday | Mapping[str, Any] | date | str]) -> tuple[Holiday, ...]:
    return tuple(sorted(set(_made("holidays", value, Holiday, _as_holiday)), key=_in_order))


def _in_order(holiday: Holiday) -> tuple[object, ...]:
    hours = () if holiday.hours is None else (holiday.hours.start, holiday.hours.end)
    return holiday.date, holiday.rule or "", hours, holiday.name, holiday.excluded


def _as_overrides(value: Mapping[date | str, Iterable[Any]] | Iterable[Override]) -> tuple[Override, ...]:
    if isinstance(value, Mapping):
        found = [_as_override(f"overrides[{str(key)!r}]", key, hours) for key, hours in value.items()]
    else:
        found = _made("overrides", value, Override, _no_override)
    dates: set[date] = set()
    for override in found:
        if override.date in dates:
            raise InvalidInput("overrides", f"has {override.date} twice")
        dates.add(override.date)
    return tuple(sorted(found, key=lambda override: override.date))


def _as_override(field: str, key: date | str, hours: Iterable[Any]) -> Override:
    return Override(as_date(key, field), as_many_hours(hours, field))


def _no_override(value: object) -> Override:
    raise InvalidInput("Override", f"must be an Override, not {type(value).__name__}")


def _as_holiday_rule(value: HolidayRule | str) -> HolidayRule:
    rule = as_member(HolidayRule, value)
    if not isinstance(rule, HolidayRule):
        raise InvalidInput("holiday_rule", f"must be one of {', '.join(HolidayRule)}, not {value!r}")
    return rule


def _known(data: Mapping[Any, Any], kind: type, owner: str, needed: str) -> Mapping[str, Any]:
    """The mapping, if it has the key ``needed`` and no other keys than the arguments of ``kind``."""
    names = [field.name for field in attrs.fields(kind) if field.init]
    for key in data:
        if key not in names:
            raise InvalidInput(f"{owner}{key}", f"is not known{meant(str(key), names)}")
    if needed not in data:
        raise InvalidInput(f"{owner}{needed}", "is missing")
    return data


@attrs.frozen
class BusinessCalendar:
    """When a desk is open, and how long it was.

    ``tz`` is the name of a time zone in the IANA database.  ``weekly`` are the shifts of a week; a list of a
    weekday (0 is Monday), a start and an end makes one, and ``"24/7"`` makes all.  ``holidays`` are dates or
    ``Holiday`` values, and ``holiday_rule`` says what they close.  ``overrides`` give the hours of single dates, as a
    mapping from dates or as ``Override`` values.  ``ticketcore.calendar`` says what the words mean.

    The order in which things are listed makes no difference.  Equal calendars share one table of intervals, which is
    built as far as it is asked, and kept for calendars that still exist and for the 128 that were made last.  Many
    threads may ask at once.

    Raises ``InvalidInput`` naming the field that cannot be used, such as ``weekly[3].end``, and when no hours are ever
    open, so that nothing could be due.

    >>> office = BusinessCalendar("Europe/Berlin", [(day, "09:00", "17:00") for day in range(5)], ["2026-12-25"])
    >>> eve = datetime.fromisoformat("2026-12-24T16:00+01:00")
    >>> office.due(eve, timedelta(hours=2)).isoformat()
    '2026-12-28T09:00:00+00:00'
    """

    tz: str = attrs.field(converter=_as_zone)
    weekly: tuple[Shift, ...] = attrs.field(default=(), converter=_as_weekly)
    holidays: tuple[Holiday, ...] = attrs.field(default=(), converter=_as_holidays)
    holiday_rule: HolidayRule = attrs.field(default=HolidayRule.DATE, converter=_as_holiday_rule)
    overrides: tuple[Override, ...] = attrs.field(default=(), converter=_as_overrides)
    _table: Table = attrs.field(default=cast("Table", None), init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if not self.weekly and not any(override.hours for override in self.overrides):
            raise InvalidInput("weekly", "no hours are ever open: there are neither shifts nor overrides with hours")
        object.__setattr__(self, "_table", _table(self))

    def __reduce__(self) -> tuple[object, ...]:
        return BusinessCalendar, (self.tz, self.weekly, self.holidays, self.holiday_rule, self.overrides)

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "BusinessCalendar":
        """The calendar that plain data, as of JSON or TOML, describe.

        The keys are the arguments of this class; only ``tz`` must be there.  A holiday is a date such as "2026-12-25",
        or a mapping with the arguments of ``Holiday``.  Hours are a list of a start and an end, and the value of each
        date in ``overrides`` is a list of them.  Whatever is unknown or cannot be used is ``InvalidInput``, by its
        place.

        >>> BusinessCalendar.from_dict({"tz": "Asia/Kolkata", "weekly": [[0, "09:00", "17:60"]]})
        Traceback (most recent call last):
        ...
        ticketcore.errors.InvalidInput: weekly[0].end: must be a time from 00:00 to 24:00, not '17:60'
        """
        if not isinstance(data, Mapping):
            raise InvalidInput("calendar", f"must be a mapping, not {type(data).__name__}")
        return cls(**_known(data, cls, "", "tz"))

    def to_dict(self) -> dict[str, object]:
        """The calendar as plain data, which ``from_dict`` reads: lists, mappings and texts, dates as 2026-12-25."""
        return {
            "tz": self.tz,
            "weekly": [[shift.weekday, shift.start, shift.end] for shift in self.weekly],
            "holidays": [_plain(holiday) for holiday in self.holidays],
            "holiday_rule": self.holiday_rule.value,
            "overrides": {
                override.date.isoformat(): [[hours.start, hours.end] for hours in override.hours]
                for override in self.overrides
            },
        }

    def elapsed(self, a: datetime, b: datetime) -> timedelta:
        """The open time from ``a`` to ``b``; negative if ``b`` is before ``a``.

        O(log n) once the months between the instants of this and earlier questions are built; a month takes some
        tens of microseconds.  An instant without a time zone is ``InvalidInput``.

        >>> BusinessCalendar("Europe/Berlin", "24/7").elapsed(
        ...     datetime.fromisoformat("2026-03-29T00:00+01:00"), datetime.fromisoformat("2026-03-30T00:00+02:00")
        ... )
        datetime.timedelta(seconds=82800)
        """
        opened = self._table.opened
        try:
            return TICK * (opened(b - START) - opened(a - START))
        except (TypeError, OverflowError):
            instant(a, "a")
            instant(b, "b")
            raise

    def due(self, start: datetime, span: timedelta) -> datetime | None:
        """The earliest instant, in UTC, by which ``span`` of open time has elapsed since ``start``.

        That is the end of a shift, not the start of the next, when the time is used up exactly; and ``start`` itself
        for a span of nothing, even outside hours.  None if it is not reached by the end of the year 9999.  O(log n)
        once the months up to the answer are built; building all of them, for an answer near that end, takes seconds.
        A negative span, and a start without a time zone, are ``InvalidInput``.
        """
        if not isinstance(span, timedelta):
            raise InvalidInput("span", f"must be a timedelta, not {type(span).__name__}")
        wanted = (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds
        if wanted <= 0:
            if wanted:
                raise InvalidInput("span", f"must not be negative, is {span}")
            return instant(start, "start")
        try:
            found = self._table.due(start - START, wanted)
        except (TypeError, OverflowError):
            instant(start, "start")
            raise
        return None if found is None or found >= END else START + TICK * found

    def is_open(self, at: datetime) -> bool:
        """Whether the instant lies in open time; a shift is open when it begins, and no more when it ends.

        O(log n) as ``elapsed``.  An instant without a time zone is ``InvalidInput``.

        >>> BusinessCalendar("Europe/Berlin", [[0, "09:00", "17:00"]]).is_open(
        ...     datetime.fromisoformat("2026-03-02T16:59+01:00")
        ... )
        True
        """
        since = min(instant(at, "at") - START, _LAST)
        return self._table.opened(since + TICK) > self._table.opened(since)

    def explain(self, a: datetime, b: datetime) -> Explanation:
        """Which time between ``a`` and ``b`` counted, and why the rest did not; it adds up to ``elapsed(a, b)``.

        Worked out anew each time, in O(n log n) for the n shifts between them.  An instant without a time zone is
        ``InvalidInput``.
        """
        start, end = instant(a, "a"), instant(b, "b")
        low, high = sorted(((start - START) // TICK, (end - START) // TICK))
        found = self._table.spans(low, high)
        stretches = (Stretch(START + TICK * span.start, START + TICK * span.end, *span.cause) for span in found)
        return Explanation(start, end, tuple(stretches))


@lru_cache(maxsize=128)
def _table(calendar: BusinessCalendar) -> Table:
    whole_shifts = calendar.holiday_rule is HolidayRule.SHIFT
    wall = Wall(calendar.weekly, calendar.overrides, calendar.holidays, whole_shifts)
    return Table(wall, ZoneInfo(calendar.tz))


def _plain(holiday: Holiday) -> str | dict[str, object]:
    plain: dict[str, object] = {"date": holiday.date.isoformat()}
    if holiday.name:
        plain["name"] = holiday.name
    if holiday.hours is not None:
        plain["hours"] = [holiday.hours.start, holiday.hours.end]
    if holiday.rule is not None:
        plain["rule"] = holiday.rule
    if holiday.excluded:
        plain["excluded"] = [date.isoformat() for date in holiday.excluded]
    return plain if len(plain) > 1 else holiday.date.isoformat()
