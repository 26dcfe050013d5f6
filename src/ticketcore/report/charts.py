"""The two pictures of a report, as SVG to stand in a page: open tickets over time, and how fast customers were served.

Text stays text, so that it can be searched and takes the font of the page; colours are variables of the page's style,
so that they follow light and dark.  No name that a person gave is drawn.  The same figures give the same bytes.
"""

import io
import re
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta

import matplotlib.figure
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
from ticketcore.report.wording import duration, number

SIZES: Mapping[str, tuple[float, float]] = {"wide": (7.2, 3.0), "narrow": (3.3, 3.3)}
"""Width and height, in inches of 72 units: for a screen or paper, and for a telephone."""

_INK, _FAINT = "#101010", "#dcdcdc"
_COLOURS = ("#d55e00", "#0072b2", "#999999")
_HATCHES = ("////", "", "||")
_VARIABLES = {_INK: "--ink", _FAINT: "--line", **{colour: f"--band-{i}" for i, colour in enumerate(_COLOURS)}}
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
            colour, hatch, label = _COLOURS[band], _HATCHES[band], BANDS[band]
            axes.stairs(top, edges, baseline=below, fill=True, fc=colour, ec=_INK, hatch=hatch, lw=0, label=label)
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
    return _drawn(
        draw, f"open-{size}", SIZES[size], "Open tickets over time", f"{now} open at the end, {most} at most."
    )


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
        (answered, "first answer", _COLOURS[1], "-", "o"),
        (solved, "solution", _COLOURS[0], "--", "s"),
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
    return _drawn(draw, f"speed-{size}", SIZES[size], "How fast customers were served", f"Of those served, {words}.")


def _drawn(draw: Callable[[Axes], None], name: str, size: tuple[float, float], title: str, words: str) -> str:
    """The picture, whose ids begin with its name so that several can stand in one page."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # whatever the host's own settings are
        matplotlib.rc("svg", fonttype="none", hashsalt="ticketcore")
        matplotlib.rc("font", size=9)
        matplotlib.rc("text", color=_INK)
        matplotlib.rc("axes", edgecolor=_INK, facecolor="none", grid=True, axisbelow=True)
        matplotlib.rc("axes.spines", top=False, right=False)
        matplotlib.rc("grid", color=_FAINT)
        matplotlib.rc("xtick", color=_INK)
        matplotlib.rc("ytick", color=_INK)
        matplotlib.rc("hatch", linewidth=0.6)
        figure = matplotlib.figure.Figure(figsize=size, layout="constrained")
        figure.patch.set_alpha(0)
        draw(figure.add_subplot())
        figure.legend(
            loc="outside upper left",
            ncols=3 if size == SIZES["wide"] else 2,
            frameon=False,
            handlelength=1.6,
            columnspacing=1,
        )
        output = io.StringIO()
        figure.savefig(output, format="svg", metadata={"Date": None})
    return _inline(output.getvalue(), name, title, words)


def _inline(svg: str, name: str, title: str, words: str) -> str:
    """The picture without what belongs to a file of its own, in the colours and the font of the page."""
    svg = re.sub(r"\s*<metadata>.*?</metadata>|\s*<style.*?</style>|xlink:(?=href)", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r"font-family: [^;\"]*; ", "", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, f"var({variable})")
    box = re.search(r'viewBox="[^"]*"', svg)
    body = svg[svg.index(">", svg.index("<svg")) + 1 :]
    assert box is not None, "matplotlib says how large a picture is"
    opening = f'<svg class="{name.rpartition("-")[2]}" {box[0]} role="img" aria-labelledby="{name}-title {name}-words">'
    return f'{opening}<title id="{name}-title">{title}</title><desc id="{name}-words">{words}</desc>{body}'
