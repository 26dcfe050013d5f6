"""The open intervals of a calendar in UTC, month by month, with running sums.

Instants are counted in microseconds from the start of the year 1 in UTC.  A month is here four weeks that begin on a
Monday, so that months without a holiday or a change of clocks look alike and share what was built for the first.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ticketcore.calendar.wall import DAY, OPEN, Span, Special, Wall, merged

START = datetime(1, 1, 1, tzinfo=UTC)
"""The instant from which the others are counted."""

TICK = timedelta(microseconds=1)
"""What instants are counted in."""

END = (datetime.max.replace(tzinfo=UTC) - START) // TICK + 1
"""The end of the year 9999, after which there are no instants."""

DAYS = 28
"""How many days a month of a table has."""

MONTH = DAYS * DAY
"""Microseconds in a month of a table."""

_SECOND = 1_000_000
_PROBE = MONTH // 8
_LAST_DAY = END // DAY - 1
_LAST_MONTH = _LAST_DAY // DAYS


class Piece(NamedTuple):
    """A part of a month, from ``start`` up to ``end``, in which wall clocks are ``offset`` ahead of UTC."""

    start: int
    end: int
    offset: int


@lru_cache(maxsize=8192)
def pieces(zone: ZoneInfo, month: int) -> tuple[Piece, ...]:
    """The parts of a month between changes of the clocks, which are found by asking the zone.

    It is asked every three and a half days, and the second of a change is found by halving.  Two changes that lie
    closer would be missed if one undid the other; the closest in the zone database are almost seven days apart.
    """
    base = month * MONTH
    found: list[Piece] = []
    start, offset = 0, _offset(zone, base)
    for probe in range(_PROBE, MONTH + 1, _PROBE):
        after = _offset(zone, base + probe)
        if after != offset:
            change = _change(zone, base + probe - _PROBE, base + probe) - base
            found.append(Piece(start, change, offset))
            start, offset = change, after
    return (*found, Piece(start, MONTH, offset))


def _offset(zone: ZoneInfo, at: int) -> int:
    """How far wall clocks are ahead of UTC; of an instant without a wall clock of its own, that of the nearest."""
    at = min(max(at, DAY), END - 2 * DAY)
    offset = (START + TICK * at).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // TICK


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """The first second after ``low`` with the offset of ``high``."""
    before = _offset(zone, low)
    while high - low > _SECOND:
        middle = (low + high) // 2 // _SECOND * _SECOND
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


class _Pattern(NamedTuple):
    """The open intervals of a month, counted from its beginning.

    ``edges`` are their starts and ends in turn.  At an instant ``t`` that has ``i`` edges at or before it, so much of
    the month was open: ``counted[i]`` if ``i`` is even, and ``counted[i] + t`` if it is odd, in an interval.
    ``sums[k]`` is how much was open at the end of interval ``k``.
    """

    edges: tuple[int, ...]
    counted: tuple[int, ...]
    sums: tuple[int, ...]


_CLOSED = _Pattern((), (0,), ())


class _Month(NamedTuple):
    """A month of a table: how much was open ``before`` it and until ``after`` it, since the first month asked."""

    before: int
    after: int
    edges: tuple[int, ...]
    counted: tuple[int, ...]
    sums: tuple[int, ...]


class Table:
    """The open intervals of one calendar, for all who ask about an equal one.

    A question is O(log n) once the months up to its instants are built, n being the intervals in a month and the
    months.  Those built are without a gap; about 250 bytes each, since the intervals are shared.  Threads may ask
    at once without a lock: what one builds, another builds the same, and each entry is written whole.
    """

    def __init__(self, wall: Wall, zone: ZoneInfo) -> None:
        self._wall = wall
        self._zone = zone
        last_day = wall.last_day
        self._last = _LAST_MONTH if last_day is None else min((last_day + 3) // DAYS, _LAST_MONTH)
        self._asked: list[int] = []
        self._known: dict[int, _Month] = {}
        self._patterns: dict[tuple[tuple[Piece, ...], tuple[Special, ...]], _Pattern] = {}

    def opened(self, since: timedelta) -> int:
        """How much was open up to the instant ``since`` ``START``, counted from an instant that is the table's own.

        ``OverflowError`` if the instant lies outside the years 1 to 9999.
        """
        days = since.days
        if days > _LAST_DAY:
            raise OverflowError
        month = days // DAYS
        try:
            before, _, edges, counted, _ = self._known[month]
        except KeyError:
            before, _, edges, counted, _ = self._reach(month)
        rest = ((days - month * DAYS) * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        i = bisect_right(edges, rest)
        return before + counted[i] + rest if i & 1 else before + counted[i]

    def due(self, since: timedelta, span: int) -> int | None:
        """The earliest instant up to which ``span``, which is not 0, was open since the other; None if there is none.

        ``OverflowError`` if the instant lies outside the years 1 to 9999.
        """
        target = self.opened(since) + span
        month = since.days // DAYS
        before, after, edges, _, sums = self._known[month]
        if target > after:
            found = self._month_of(target, month) if span < END - since // TICK else None
            if found is None:
                return None
            month = found
            before, _, edges, _, sums = self._known[month]
        wanted = target - before
        k = bisect_left(sums, wanted)
        return month * MONTH + edges[2 * k + 1] - sums[k] + wanted

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """What became of the time from ``start`` up to ``end``, worked out anew.  O(n log n) for the n shifts in it."""
        months = range(start // MONTH, -(-end // MONTH))
        return merged(span for month in months for span in self._spans(month, start, end))

    def _month_of(self, target: int, month: int) -> int | None:
        """The first month, after this one, at whose end ``target`` was reached."""
        known, high = self._known, self._high
        while known[high].after < target:
            if high >= self._last:
                return None
            high += 1
            self._reach(high)
        return bisect_left(range(high), target, month + 1, high, key=lambda i: known[i].after)

    def _reach(self, month: int) -> _Month:
        """Build every month between those known and this one."""
        if not 0 <= month <= _LAST_MONTH:
            raise OverflowError
        known = self._known
        if not known:
            self._asked.append(month)  # of several threads, the first decides
            first = self._asked[0]
            self._low = self._high = first
            known[first] = _month(0, self._pattern(first))
        low, high = self._low, self._high
        for i in range(high + 1, month + 1):
            known[i] = _month(known[i - 1].after, self._pattern(i))
        for i in range(low - 1, month - 1, -1):
            pattern = self._pattern(i)
            known[i] = _month(known[i + 1].before - pattern.counted[-1], pattern)
        self._low, self._high = min(low, month), max(high, month)
        return known[month]

    def _pattern(self, month: int) -> _Pattern:
        first = month * DAYS
        # Wall clocks are less than a day from UTC, and a shift or partial holiday lasts into the next day.
        specials = self._wall.specials(first - 2, first + DAYS)
        if not specials and self._wall.last_day is not None:
            return _CLOSED
        parts = pieces(self._zone, month)
        key = (parts, tuple(special._replace(day=special.day - first) for special in specials))
        pattern = self._patterns.get(key)
        if pattern is None:
            pattern = self._patterns[key] = self._built(month)
        return pattern

    def _spans(self, month: int, low: int, high: int) -> Iterator[Span]:
        """What is open and what is not in the part of a month from ``low`` up to ``high``; touching spans apart."""
        base = month * MONTH
        for piece in pieces(self._zone, month):
            start, end = max(low, base + piece.start), min(high, base + piece.end)
            if start < end:
                for span in self._wall.spans(start + piece.offset, end + piece.offset):
                    yield Span(span.start - piece.offset, span.end - piece.offset, span.cause)

    def _built(self, month: int) -> _Pattern:
        base = month * MONTH
        edges: list[int] = []
        counted, sums = [0], []
        total = 0
        for span in merged(self._spans(month, base, base + MONTH)):
            if span.cause is OPEN:
                edges += (span.start - base, span.end - base)
                counted.append(total - edges[-2])
                total += span.end - span.start
                counted.append(total)
                sums.append(total)
        return _Pattern(tuple(edges), tuple(counted), tuple(sums))


def _month(before: int, pattern: _Pattern) -> _Month:
    return _Month(before, before + pattern.counted[-1], *pattern)
