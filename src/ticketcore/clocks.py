"""How much time passed, and when so much of it will have: by the clock, or in the open time of a calendar."""

from datetime import datetime, timedelta

from ticketcore.model import Configuration


def elapsed(configuration: Configuration, calendar: str | None, a: datetime, b: datetime) -> timedelta:
    """The time from ``a`` to ``b``, negative if ``b`` is before ``a``; by the clock where ``calendar`` is None.

    ``InvalidInput`` for a calendar that is not declared.
    """
    return b - a if calendar is None else configuration.calendar(calendar).hours.elapsed(a, b)


def due(configuration: Configuration, calendar: str | None, start: datetime, span: timedelta) -> datetime | None:
    """The instant by which so much time has passed since ``start``; by the clock where ``calendar`` is None.

    None when that is not before the year 10000.  ``InvalidInput`` for a calendar that is not declared.
    """
    try:
        return start + span if calendar is None else configuration.calendar(calendar).hours.due(start, span)
    except OverflowError:
        return None
