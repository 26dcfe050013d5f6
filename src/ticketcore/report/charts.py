"""The two pictures of a report: open tickets over time, and how fast customers were served.

No name that a person gave is drawn.
"""

from datetime import UTC, timedelta

from matplotlib.axes import Axes
from matplotlib.dates import (
    HOURLY,
    MINUTELY,
    MONDAY,
    MONTHLY,
    AutoDateLocator,
    ConciseDateFormatter,
    DateLocator,
    WeekdayLocator,
    date2num,
)
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from ticketcore.report.figures import BANDS, OpenTickets, Percentiles
from ticketcore.report.svg import COLOURS, INK, drawn
from ticketcore.report.wording import duration, number

_HATCHES = ("////", "", "||")
_DATES = ["%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M", "%H:%M:%S"]
_WHOLE = {MONTHLY: 12, HOURLY: 24, MINUTELY: 60}
_LENGTHS = [timedelta(seconds=seconds) for seconds in (1, 10, 60, 600, 3600, 6 * 3600)]
_LENGTHS += [timedelta(days=days) for days in (1, 7, 28, 365, 3650)]


def open_chart(open: OpenTickets, size: str) -> str:
    """The course of open tickets, one band upon the other, as an ``<svg>`` of one of ``SIZES``."""
    begin = open.start.astimezone(UTC)
    edges = [date2num(begin + i * open.step) for i in range(len(open.points))]

    def draw(axes: Axes) -> None:
        below = [0] * (len(edges) - 1)
        for band in (1, 2, 0):
            top = [low + point[band] for low, point in zip(below, open.points[1:], strict=True)]
            colour, hatch, label = COLOURS[band], _HATCHES[band], BANDS[band]
            axes.stairs(top, edges, baseline=below, fill=True, fc=colour, ec=INK, hatch=hatch, lw=0, label=label)
            below = top
        locator = _date_marks(open, 8 if size == "wide" else 4)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(
            ConciseDateFormatter(
                locator,
                tz=open.start.tzinfo,
                formats=_DATES,
                zero_formats=["", "%Y", "%m-%d", "%m-%d", "%H:%M", "%H:%M"],
                offset_formats=["", "%Y", "%Y", "%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d"],
            )
        )
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.yaxis.set_major_formatter(lambda count, _: number(round(count)))
        axes.set_xlim(edges[0], edges[-1])
        axes.set_ylim(0, max(1, 1.05 * max(below)))

    now = sum(open.points[-1])
    most = max(sum(point) for point in open.points)
    return drawn(draw, "open", size, "Open tickets over time", f"{now} open at the end, {most} at most.")


def _date_marks(open: OpenTickets, most: int) -> DateLocator:
    """Where a date stands below the picture, ``most`` times at most: on Mondays, if two or more of them fit."""
    weeks = (len(open.points) - 1) * open.step / timedelta(weeks=1)
    if 2 <= weeks < most * 2:
        return WeekdayLocator(MONDAY, interval=1 if weeks < most else 2, tz=open.start.tzinfo)
    locator = AutoDateLocator(tz=open.start.tzinfo, minticks=2, maxticks=most)
    for frequency, whole in _WHOLE.items():
        locator.intervald[frequency].append(whole)  # or it knows no interval for almost two years, days or hours
    return locator


def speed_chart(answered: Percentiles, solved: Percentiles, size: str) -> str:
    """How many percent were answered, and solved, within which time, as an ``<svg>`` of one of ``SIZES``.

    Somebody must have been.
    """
    lines = (
        (answered, "first answer", COLOURS[1], "-", "o"),
        (solved, "solution", COLOURS[0], "--", "s"),
    )

    def draw(axes: Axes) -> None:
        for times, label, colour, style, marker in lines:
            if times.curve:
                seconds = [max(1.0, time.total_seconds()) for time in times.curve]
                axes.plot(
                    seconds, range(1, 101), style, c=colour, lw=2, marker=marker, markevery=[49, 89, 94], label=label
                )
        axes.set_xscale("log")
        low, high = axes.get_xlim()
        ticks = [length for length in _LENGTHS if low <= length.total_seconds() <= high]
        ticks = ticks if size == "wide" else ticks[::-2][::-1]
        axes.xaxis.set_major_locator(FixedLocator([length.total_seconds() for length in ticks]))
        axes.xaxis.set_major_formatter(lambda seconds, _: duration(timedelta(seconds=round(seconds))))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_ylim(0, 101)
        axes.set_yticks([0, 25, 50, 75, 90, 100], ["0%", "25%", "50%", "75%", "90%", "100%"])

    words = "; ".join(
        f"half had their {label} within {duration(times.within(50))}, nine in ten within {duration(times.within(90))}"
        for times, label, *_ in lines
        if times.curve
    )
    return drawn(draw, "speed", size, "How fast customers were served", f"Of those served, {words}.")
