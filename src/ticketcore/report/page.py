"""A report as one page: it loads nothing, runs nothing, and can be read on a telephone, on paper and in the dark."""

from collections.abc import Iterator
from datetime import UTC, datetime

import jinja2

from ticketcore.report import wording
from ticketcore.report.charts import open_chart, speed_chart
from ticketcore.report.figures import BANDS, Figures, OpenTickets
from ticketcore.report.highlights import highlights
from ticketcore.report.svg import SIZES

MAX_ROWS = 25
"""How many instants the table beside the picture of open tickets has at most."""

_FILTERS = (
    wording.number,
    wording.counted,
    wording.duration,
    wording.hours,
    wording.instant,
    wording.percent,
    wording.shown,
    wording.returned,
    wording.skills,
    wording.why,
    wording.in_words,
)


def render(figures: Figures) -> str:
    """The page, in HTML, of at most about a million bytes in UTF-8.  The same figures give the same page.

    Whatever a person named, such as a tag, is shown as text, and cut to 80 characters.  Nearly all of the time that it
    takes is for the pictures.
    """
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.PackageLoader("ticketcore.report", ""),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({word.__name__: word for word in _FILTERS})
    course = figures.open
    served = figures.speed.all
    return environment.get_template("page.html").render(
        figures=figures,
        highlights=highlights(figures),
        bands=BANDS,
        course=() if course is None else tuple(_course(course)),
        open_charts=() if course is None else tuple(open_chart(course, size) for size in SIZES),
        speed_charts=tuple(speed_chart(served.answered, served.solved, size) for size in SIZES if served.any),
    )


def _course(open: OpenTickets) -> Iterator[tuple[datetime, tuple[int, int, int]]]:
    """Some of the instants, evenly apart, the last among them."""
    every = -(-len(open.points) // MAX_ROWS)
    last = len(open.points) - 1
    for i in range(last % every, len(open.points), every):
        at = open.start.astimezone(UTC) + i * open.step
        yield at.astimezone(open.start.tzinfo), open.points[i]
