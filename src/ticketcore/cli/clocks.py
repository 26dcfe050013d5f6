"""What ``ticketcore show --explain`` says of a ticket's clock."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from ticketcore.calendar import Stretch, Why
from ticketcore.config.durations import written_duration
from ticketcore.sla import Explained, Interval


def clock_lines(explained: Iterable[Explained]) -> Iterator[str]:
    """A line for each cycle of a metric, and under it one for each interval and for what a calendar left out of it."""
    for one in explained:
        yield f"{one.metric}, cycle {one.cycle}: {written_duration(one.elapsed)}{_state(one)}"
        for interval in one.intervals:
            yield f"  {_span(interval)}  {_what(interval)}"
            for stretch in () if interval.held else interval.stretches:
                if stretch.why is not Why.OPEN:
                    yield f"    {_span(stretch)}  {_why(stretch)}"


def _state(one: Explained) -> str:
    missed = "" if one.breached_at is None else f", missed at {_moment(one.breached_at)}"
    if not one.active:
        return f", stopped{missed}"
    due = ", on hold" if one.intervals and one.intervals[-1].held else ""
    if one.due is not None and one.breached_at is None:
        due = f", due at {_moment(one.due)}"
    return due + missed


def _what(interval: Interval) -> str:
    promise = "no policy" if interval.policy is None else f"{interval.policy} of version {interval.configuration}"
    if interval.held:
        return f"on hold ({promise})"
    target = "" if interval.target is None else f" of {written_duration(interval.target)}"
    by = "nothing counts" if interval.calendar is None else f"{written_duration(interval.counted)}{target}"
    return by if interval.calendar is None else f"{by} by {interval.calendar} ({promise})"


def _why(stretch: Stretch) -> str:
    return f"{stretch.why} {stretch.name}".rstrip()


def _span(item: Interval | Stretch) -> str:
    return f"{_moment(item.start)} to {_moment(item.end)}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
