"""Which order of day, month and year an export has, and the instants that its local times mean."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ticketcore.feeds.whatsapp.stamps import Stamp
from ticketcore.feeds.whatsapp.values import DateOrder, Note


class Undecided(NamedTuple):
    """The dates cannot be read, for this ``reason``."""

    reason: str


class Placed(NamedTuple):
    """Where stamps lie in time.

    ``at`` are their instants in UTC, ``notes`` what is to be said about them; ``backward`` is how many lie before the
    stamp before them.
    """

    at: Sequence[datetime]
    notes: Sequence[Note]
    backward: int


def order_of(stamps: Sequence[Stamp], zone: ZoneInfo, said: DateOrder | None) -> DateOrder | Undecided:
    """The order in which all dates are possible; among several, the one in which time never goes backwards.

    Where both leave a choice, ``said`` makes it; it also does where no order fits all lines, but never against all
    lines.  With two digits for the year, year first is believed only where the others are not possible, since
    hardly any language writes so; except with a dot at the end (``24. 12. 31.``), as in Korean.
    """
    fitting = [order for order in DateOrder if all(order in stamp.dates for stamp in stamps)]
    if said is not None:
        if said in fitting or (not fitting and any(said in stamp.dates for stamp in stamps)):
            return said
        stamp = next(stamp for stamp in stamps if said not in stamp.dates)
        instead = f"; all lines can be {fitting[0]}" if fitting else ""
        return Undecided(f"{_named(stamp)} cannot be {said}{instead}")
    if not fitting:
        return _contradiction(stamps)
    if len(fitting) == 1:
        return fitting[0]
    return _by_time(stamps, zone, fitting)


def _by_time(stamps: Sequence[Stamp], zone: ZoneInfo, fitting: Sequence[DateOrder]) -> DateOrder | Undecided:
    forward = [order for order in fitting if placed(stamps, order, zone).backward == 0]
    likely = forward
    if stamps[0].shape.separator != "..":
        likely = [order for order in forward if order is not DateOrder.YEAR_FIRST]
        others = [order for order in fitting if order is not DateOrder.YEAR_FIRST]
        if not forward and len(others) == 1:
            return others[0]
    left = likely or forward or fitting
    differing = next((s for s in stamps if len({s.dates[order] for order in left}) > 1), None)
    if len(left) == 1 or differing is None:
        return left[0]
    readings = " and ".join(f"{differing.dates[order]} with the {order}" for order in left)
    why = "no line tells which" if forward else "time goes backwards in each"
    return Undecided(f"{_named(differing)} is {readings}, and {why}: say it in `dates`")


def _contradiction(stamps: Sequence[Stamp]) -> Undecided:
    """Names the line that leaves no order, and the last one before it that took one away."""
    left = set(DateOrder)
    narrowing = stamps[0]
    for stamp in stamps:
        remaining = left & stamp.dates.keys()
        if not remaining:
            break
        if remaining != left:
            left, narrowing = remaining, stamp
    return Undecided(f"{_named(narrowing)} can only be {_listed(narrowing)} and {_named(stamp)} only {_listed(stamp)}")


def _named(stamp: Stamp) -> str:
    return f"line {stamp.line + 1} ({stamp.written.strip()})"


def _listed(stamp: Stamp) -> str:
    return " or ".join(order for order in DateOrder if order in stamp.dates)


def placed(stamps: Sequence[Stamp], order: DateOrder, zone: ZoneInfo) -> Placed:
    """The instants of the stamps.

    A time that the clocks show twice is the first of both, unless that lies before the line before: then it is
    the second.  A time that the clocks leave out is as much later as they were put forward.
    """
    at: list[datetime] = []
    notes = []
    backward = 0
    for stamp in stamps:
        local = datetime.combine(stamp.dates[order], stamp.time)
        first = local.replace(tzinfo=zone).astimezone(UTC)
        second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
        chosen = first
        if second > first:
            chosen = second if at and first < at[-1] else first
            which = "second" if chosen is second else "first"
            notes.append(Note(stamp.line + 1, "at", f"{local} comes twice in {zone}; the {which} is taken"))
        elif second < first:
            moved = first.astimezone(zone).replace(tzinfo=None)
            notes.append(Note(stamp.line + 1, "at", f"{local} does not exist in {zone}; {moved} is taken"))
        backward += bool(at) and chosen < at[-1]
        at.append(chosen)
    return Placed(at, notes, backward)
