"""Which time a calendar counted between two instants, and why it did not count the rest."""

from datetime import date, datetime, timedelta

import attrs

from ticketcore.calendar.wall import Why

_Date = date  # for a class with a field of that name


@attrs.frozen
class Stretch:
    """Time from ``start`` up to ``end``, in UTC, that counted or not for one reason, ``why``.

    ``date`` is that of the holiday or override that took the time away, and None otherwise; ``name`` the holiday's.
    """

    start: datetime
    end: datetime
    why: Why
    date: _Date | None = None
    name: str = ""

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


@attrs.frozen
class Explanation:
    """How much open time lies from ``start`` to ``end``, and all the time between them by what became of it.

    ``stretches`` are in the order of time, without gap or overlap, also when ``end`` is before ``start``.
    """

    start: datetime
    end: datetime
    stretches: tuple[Stretch, ...]

    @property
    def elapsed(self) -> timedelta:
        """The open time: the sum of what counted, negative if ``end`` is before ``start``."""
        total = sum((item.length for item in self.stretches if item.why is Why.OPEN), timedelta(0))
        return total if self.start <= self.end else -total
