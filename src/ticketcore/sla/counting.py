"""Time that counts: a calendar's, or all of it."""

from datetime import datetime, timedelta

from ticketcore.calendar import BusinessCalendar
from ticketcore.model import AROUND_THE_CLOCK, Configuration

MICROSECOND = timedelta(microseconds=1)
"""What lengths of time are counted in."""


class Always:
    """The calendar of time that always counts, with the two questions that clocks ask of one."""

    def elapsed(self, a: datetime, b: datetime) -> timedelta:
        """The time from ``a`` to ``b``."""
        return b - a

    def due(self, start: datetime, span: timedelta) -> datetime | None:
        """When ``span`` will have passed since ``start``; None after the year 9999."""
        try:
            return start + span
        except OverflowError:
            return None


Hours = BusinessCalendar | Always
"""What a clock counts by."""

ALWAYS = Always()
"""The one that there need be."""


def hours_of(configuration: Configuration, calendar: str | None) -> Hours | None:
    """The calendar of this id; None for none."""
    if calendar is None:
        return None
    if calendar == AROUND_THE_CLOCK:
        return ALWAYS
    return next(one.hours for one in configuration.calendars if one.id == calendar)


def opening(hours: Hours, at: datetime) -> datetime | None:
    """The first instant from ``at`` on that is open; None if there is none."""
    end = hours.due(at, MICROSECOND)
    return None if end is None else end - MICROSECOND
