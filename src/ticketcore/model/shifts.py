"""When somebody is on duty: shifts by recurrence rules in a zone, and leave.

What cannot be used is ``InvalidInput``, naming the field.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs

from ticketcore.calendar.days import is_zone, zone_of
from ticketcore.calendar.recurrence import check_rule, days_between
from ticketcore.calendar.values import Hours, as_date
from ticketcore.checks import as_tuple, each, instant, is_name
from ticketcore.errors import InvalidInput
from ticketcore.model.agent_attributes import AgentAttribute
from ticketcore.model.capacity import CapacityProfile
from ticketcore.model.values import quick

WORKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
"""The rule of a shift of which none is said."""

LOOKED_AHEAD = (8, 64)
"""How many days are looked at for the next change of duty; where there is none, it is looked for again after them."""

_DAY = timedelta(days=1)
_MONDAY = date(2024, 1, 1)
_FIRST, _LAST = date.min + 3 * _DAY, date.max - 3 * _DAY  # so that a shift has an end, in every zone


def _first(value: date | str) -> date:
    return as_date(value, "WorkShift.first")


@attrs.frozen
class WorkShift:
    """Hours of duty, by its ``id``: from ``start`` up to ``end`` by the clocks of a ``zone``, on the days of a rule.

    Times are written as 09:00; an end that is not later than the start is on the next day.  ``rule`` is a recurrence
    rule of dates as in iCalendar (RFC 5545, section 3.3.10), which counts from ``first``: "FREQ=WEEKLY;BYDAY=MO,TU", or
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA" for every other Saturday; every day from Monday to Friday unless given.
    """

    id: str = attrs.field(validator=is_name)
    start: str
    end: str
    zone: str = attrs.field(default="", validator=is_zone)
    rule: str = WORKDAYS
    first: date = attrs.field(default=_MONDAY, converter=_first)

    def __attrs_post_init__(self) -> None:
        try:
            Hours(self.start, self.end)
        except InvalidInput as error:
            raise InvalidInput(f"WorkShift.{error.field.rpartition('.')[2]}", error.reason) from None
        check_rule(self.rule, self.first, "WorkShift.rule")

    def between(self, low: date, high: date) -> Iterator[tuple[datetime, datetime]]:
        """The starts and ends, in UTC, of the shifts that begin on days from ``low`` to ``high``, both included.

        An hour that a change of clocks leaves out is counted as the clocks stood before it.
        """
        zone, (start, end) = zone_of(self.zone), Hours(self.start, self.end).minutes
        for ordinal in days_between(self.rule, self.first, low.toordinal(), high.toordinal()):
            yield _instant(ordinal, start, zone), _instant(ordinal, end, zone)


def _instant(ordinal: int, minutes: int, zone: Any) -> datetime:
    days, minute = divmod(minutes, 1440)
    day = date.fromordinal(ordinal + days)
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone).astimezone(UTC)


def _leave_start(value: datetime) -> datetime:
    return instant(value, "Leave.start")


def _leave_end(value: datetime) -> datetime:
    return instant(value, "Leave.end")


@attrs.frozen
class Leave:
    """That somebody is not at work from ``start`` up to ``end``, whatever their shifts say."""

    start: datetime = attrs.field(converter=_leave_start)
    end: datetime = attrs.field(converter=_leave_end)

    def __attrs_post_init__(self) -> None:
        if self.end <= self.start:
            raise InvalidInput("Leave.end", "must be later than the start")


def as_leave(value: Iterable[Leave]) -> tuple[Leave, ...]:
    """An attrs converter: leave in order of time.  What is none passes, for ``is_leave`` to refuse."""
    items = as_tuple(value)
    if not isinstance(items, tuple) or not all(isinstance(item, Leave) for item in items):
        return items
    return tuple(sorted(items, key=lambda item: (item.start, item.end)))


is_leave = each(Leave)
"""An attrs validator: a tuple of ``Leave``."""


@quick
@attrs.frozen
class Terms:
    """What is arranged with an agent beside teams, skills and a number of tickets.

    ``attributes`` are sorted by name.  ``profile`` says how much work they take, in the place of their ``capacity``.
    ``shifts`` are when they are on duty, and ``leave`` when they are not, in the order of time.
    """

    attributes: tuple[AgentAttribute, ...] = ()
    profile: CapacityProfile | None = None
    shifts: tuple[WorkShift, ...] = ()
    leave: tuple[Leave, ...] = ()

    def on_duty(self, at: datetime) -> bool | None:
        """Whether shifts and leave have the agent at work at an instant; None where neither says anything.

        O(shifts + leave).
        """
        if any(leave.start <= at < leave.end for leave in self.leave):
            return False
        if not self.shifts:
            return None
        days = _around(at, 2, 1)
        return any(start <= at < end for shift in self.shifts for start, end in shift.between(*days))

    def next_change(self, at: datetime) -> datetime | None:
        """When that changes next, later than ``at``; None for never.

        With shifts it is at the latest when so many days have been looked at: then it is looked for again.
        """
        now = self.on_duty(at)
        for days in LOOKED_AHEAD if self.shifts else LOOKED_AHEAD[:1]:
            edges = {edge for shift in self.shifts for pair in shift.between(*_around(at, 2, days)) for edge in pair}
            edges |= {edge for leave in self.leave for edge in (leave.start, leave.end)}
            for edge in sorted(edges):
                if edge > at and self.on_duty(edge) is not now:
                    return edge
        return at + LOOKED_AHEAD[-1] * _DAY if self.shifts and at.date() < _LAST - LOOKED_AHEAD[-1] * _DAY else None


def _around(at: datetime, before: int, after: int) -> tuple[date, date]:
    """So many days before and after that of an instant, as far as the calendar goes."""
    day = at.date().toordinal()
    low, high = (min(max(each, _FIRST.toordinal()), _LAST.toordinal()) for each in (day - before, day + after))
    return date.fromordinal(low), date.fromordinal(high)
