"""What is open on the wall clock, and why the rest is not.

Wall clocks are counted here in microseconds, and days from 0, from the first midnight of the year 1, which was a
Monday.  No time zone is known here.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from ticketcore.calendar.values import Holiday, Hours, Override, Shift

MINUTE = 60_000_000
"""Microseconds in a minute."""

DAY = 1440 * MINUTE
"""Microseconds in a day of the wall clock."""

_Date = date  # for a class with a field of that name

Minutes = tuple[int, int]
"""Hours in minutes from the midnight before they start."""

Closing = tuple[Minutes | None, str]
"""Of a holiday: the hours that it closes, or None for all of them, and its name."""


class Why(StrEnum):
    """Why time counted or did not; the value says it in words.

    ``OPEN``: it counted.  ``OUTSIDE_HOURS``: no shift.  ``HOLIDAY`` and ``PARTIAL_HOLIDAY``: a shift that the holiday
    closes.  ``OVERRIDE``: a shift of the week that the override of its date leaves out.
    """

    OPEN = "open"
    OUTSIDE_HOURS = "outside hours"
    HOLIDAY = "holiday"
    PARTIAL_HOLIDAY = "partial holiday"
    OVERRIDE = "override"


class Cause(NamedTuple):
    """``why``, and of a holiday or override its ``date``, and the ``name`` of a holiday."""

    why: Why
    date: _Date | None = None
    name: str = ""


OPEN = Cause(Why.OPEN)
"""The cause of what counts."""

OUTSIDE_HOURS = Cause(Why.OUTSIDE_HOURS)
"""The cause of what no shift covers."""


class Span(NamedTuple):
    """From ``start`` up to ``end``, for one ``cause``."""

    start: int
    end: int
    cause: Cause


class Special(NamedTuple):
    """What sets a day apart: ``day``, ``hours`` in place of its shifts or None, and its ``holidays``."""

    day: int
    hours: tuple[Minutes, ...] | None
    holidays: tuple[Closing, ...]


class Wall:
    """The hours of a calendar on the wall clock.

    ``whole_shifts``: a holiday closes the shifts that start on it, not the instants of its date.  ``last_day`` is the
    last on which a shift starts; None if there is none, since they start every week.
    """

    def __init__(
        self,
        weekly: tuple[Shift, ...],
        overrides: tuple[Override, ...],
        holidays: tuple[Holiday, ...],
        whole_shifts: bool,
    ) -> None:
        self._weekly = tuple(
            tuple(shift.minutes for shift in weekly if shift.weekday == weekday) for weekday in range(7)
        )
        self._overrides = {_day(override.date): _all_minutes(override.hours) for override in overrides}
        self._dates = _by_day(holidays)
        self._marked = sorted(self._overrides.keys() | self._dates.keys())
        self._rules = tuple(holiday for holiday in holidays if holiday.rule is not None)
        self._whole_shifts = whole_shifts
        special_days = (day for day, hours in self._overrides.items() if hours)
        self.last_day = None if weekly else max(special_days)

    def specials(self, first: int, last: int) -> tuple[Special, ...]:
        """The days from ``first`` to ``last``, both included, that are not like the same weekday in other weeks.

        O(log n) for n dates, for each rule as well.
        """
        marked = self._marked[bisect_left(self._marked, first) : bisect_right(self._marked, last)]
        holidays = {day: self._dates.get(day, ()) for day in marked}
        for holiday in self._rules:
            for ordinal in holiday.days(first + 1, last + 1):
                holidays[ordinal - 1] = (*holidays.get(ordinal - 1, ()), _closing(holiday))
        return tuple(Special(day, self._overrides.get(day), holidays[day]) for day in sorted(holidays))

    def spans(self, low: int, high: int) -> list[Span]:
        """What is open and what is not from ``low`` up to ``high``, in order and without a gap.

        The interval is cut at every start and end; each piece is painted, first by what has the least say.
        O(n log n) for the n shifts in it, if few of them overlap.
        """
        first, last = low // DAY - 1, (high - 1) // DAY
        specials = {special.day: special for special in self.specials(first, last)}
        shifts: list[Span] = []
        closures: list[Span] = []
        for day in range(first, last + 1):
            shifts.extend(self._shifts(day, specials.get(day)))
            if day in specials:
                closures.extend(self._closures(specials[day]))
        shifts.sort(key=_say)
        closures.sort(key=_say)
        cuts = sorted({low, high, *(min(max(edge, low), high) for span in shifts + closures for edge in span[:2])})
        causes = [OUTSIDE_HOURS] * (len(cuts) - 1)
        for span in shifts:
            for i in range(bisect_left(cuts, span.start), bisect_left(cuts, min(span.end, high))):
                causes[i] = span.cause
        for span in closures:
            for i in range(bisect_left(cuts, span.start), bisect_left(cuts, min(span.end, high))):
                if causes[i] is OPEN:
                    causes[i] = span.cause
        return [Span(start, end, cause) for (start, end), cause in zip(pairwise(cuts), causes, strict=True)]

    def _shifts(self, day: int, special: Special | None) -> Iterator[Span]:
        """The shifts that start on a day: those that stand, and those that something took away."""
        shifts = self._weekly[day % 7]
        if special is not None and special.hours is not None:
            yield from _spans(day, shifts, Cause(Why.OVERRIDE, _date(day)))
            shifts = special.hours
        whole = None if special is None else _whole(special)
        yield from _spans(day, shifts, whole if whole is not None and self._whole_shifts else OPEN)

    def _closures(self, special: Special) -> Iterator[Span]:
        """The wall hours that the holidays of a day close, whatever shift they belong to."""
        whole = _whole(special)
        if whole is not None and not self._whole_shifts:
            yield from _spans(special.day, ((0, 1440),), whole)
        for part, name in special.holidays:
            if part is not None:
                yield from _spans(special.day, (part,), Cause(Why.PARTIAL_HOLIDAY, _date(special.day), name))


_SAY = (Why.OVERRIDE, Why.HOLIDAY, Why.OPEN, Why.PARTIAL_HOLIDAY)
"""Of two shifts at the same time, one that stands is open, whatever took the other away."""


def _say(span: Span) -> int:
    return _SAY.index(span.cause.why)


def merged(spans: Iterator[Span]) -> Iterator[Span]:
    """Spans in order without a gap, those with the same cause that follow each other as one."""
    last: Span | None = None
    for span in spans:
        if last is not None and last.cause == span.cause:
            last = Span(last.start, span.end, last.cause)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _spans(day: int, shifts: tuple[Minutes, ...], cause: Cause) -> Iterator[Span]:
    for start, end in shifts:
        yield Span(day * DAY + start * MINUTE, day * DAY + end * MINUTE, cause)


def _whole(special: Special) -> Cause | None:
    """The first holiday that takes the whole day, as a cause."""
    for part, name in special.holidays:
        if part is None:
            return Cause(Why.HOLIDAY, _date(special.day), name)
    return None


def _by_day(holidays: tuple[Holiday, ...]) -> Mapping[int, tuple[Closing, ...]]:
    found: dict[int, tuple[Closing, ...]] = {}
    for holiday in holidays:
        if holiday.rule is None:
            found[_day(holiday.date)] = (*found.get(_day(holiday.date), ()), _closing(holiday))
    return found


def _closing(holiday: Holiday) -> Closing:
    return None if holiday.hours is None else holiday.hours.minutes, holiday.name


def _all_minutes(hours: tuple[Hours, ...]) -> tuple[Minutes, ...]:
    return tuple(item.minutes for item in hours)


def _day(value: date) -> int:
    return value.toordinal() - 1


def _date(day: int) -> date:
    return date.fromordinal(day + 1)
