"""How much time passed, and when so much of it will have: by the clock, or in the open time of a calendar."""

from datetime import datetime, timedelta

from ticketcore.errors import InvalidInput
from ticketcore.model import Configuration


def elapsed(configuration: Configuration, calendar: str | None, a: datetime, b: datetime) -> timedelta:
    """The time from ``a`` to ``b``, negative if ``b`` is before ``a``; by the clock where ``calendar`` is None.

    ``InvalidInput`` for a calendar that is not declared.
    """
    return b - a if calendar is None else configuration.calendar(calendar).hours.elapsed(a, b)


def due(configuration: Configuration, calendar: str | None, start: datetime, span: timedelta) -> datetime:
    """The instant by which so much time has passed since ``start``; by the clock where ``calendar`` is None.

    ``InvalidInput`` for a calendar that is not declared, and for a span that does not end before the year 10000.
    """
    try:
        found = start + span if calendar is None else configuration.calendar(calendar).hours.due(start, span)
    except OverflowError:
        found = None
    if found is None:
        raise InvalidInput("span", f"does not end before the year 10000: {span}")
    return found
