"""A comparison of policies as one page: figures with intervals, and the pictures that people look for.

It loads nothing and runs nothing; names that a person gave are shown as text, and are in no picture.
"""

from collections.abc import Callable, Iterable, Mapping

import attrs
import jinja2

from ticketcore.report import lab_charts, wording
from ticketcore.report.lab_charts import LETTERS
from ticketcore.report.svg import SIZES
from ticketcore.sim.comparing import MEANINGS, USUAL, Compared, told
from ticketcore.sim.results import SERVICE_LEVELS
from ticketcore.sim.statistics import Estimate


@attrs.frozen
class Column:
    """A ``figure`` with its ``meaning``, the ``estimates`` by policy, and among which the ``best`` is."""

    figure: str
    meaning: str
    estimates: Mapping[str, Estimate]
    best: tuple[str, ...]


def render_comparison(compared: Compared) -> str:
    """The page, in HTML.  The same comparison gives the same page.  At most 26 policies are drawn."""
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.PackageLoader("ticketcore.report", ""),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(shown=wording.shown, told=told)
    count = len(next(iter(compared.outcomes.values())))
    classes = _classes(compared)
    letters = [*LETTERS, *([""] * len(compared.outcomes))]
    return environment.get_template("laboratory.html").render(
        compared=compared,
        count=count,
        sure=count > 1 and len(compared.outcomes) > 1,
        policies=list(zip(letters, compared.outcomes, strict=False)),
        tables=[
            ("By policy", [_column(compared, figure, count) for figure in compared.figures if figure in USUAL]),
            ("By definition of the service level", _columns_of(compared, SERVICE_LEVELS, count)),
            ("Solved in time, by class", _columns_of(compared, [f"{id}.solved_in_time" for id in classes], count)),
            ("Of what came again", _columns_of(compared, _further(compared), count)),
        ],
        charts=_charts(compared, classes),
        classes=classes,
        taken=[
            (letter, name, _taken(compared, name, classes))
            for letter, name in zip(letters, compared.outcomes, strict=False)
        ],
    )


def _columns_of(compared: Compared, figures: Iterable[str], count: int) -> list[Column]:
    return [_column(compared, figure, count) for figure in figures if figure in compared.figures]


def _further(compared: Compared) -> list[str]:
    """The figures of further attempts and of later touches."""
    parts = ((figure, *figure.rpartition(".")[::2]) for figure in compared.figures)
    return [figure for figure, of, name in parts if name in USUAL and of.rpartition(".")[2] in ("again", "later")]


def _column(compared: Compared, figure: str, count: int) -> Column:
    judged = count > 1 and len(compared.outcomes) > 1 and figure not in ("utilisation", "by_bot")
    return Column(
        figure, MEANINGS[figure.rpartition(".")[2]], compared.estimates(figure), compared.best(figure) if judged else ()
    )


def _classes(compared: Compared) -> list[str]:
    """The classes of which anything was served, in their order of groups."""
    every = (item for some in compared.outcomes.values() for outcome in some for _, item, _ in outcome.taken)
    return list(dict.fromkeys(every))


def _charts(compared: Compared, classes: list[str]) -> dict[str, list[str]]:
    """Each picture in all sizes; none where there is nothing to draw."""
    quality = next(name for name in ("service_level", "wait", *compared.figures) if name in compared.figures)
    by_class = any(f"{name}.{quality}" in compared.figures for name in classes)
    waited = any(step for some in compared.outcomes.values() for outcome in some for step, _ in outcome.waits)

    def sizes(chart: Callable[[str], str]) -> list[str]:
        return [chart(size) for size in SIZES]

    several = len(compared.outcomes) > 1
    first = next(iter(compared.outcomes))
    found = compared.differences(quality, first) if several else ()
    return {
        "forest": sizes(lambda size: lab_charts.forest_chart(compared, size, quality, found)) if several else [],
        "queue": sizes(lambda size: lab_charts.queue_chart(compared, size)),
        "wait": sizes(lambda size: lab_charts.wait_chart(compared, size)),
        "tail": sizes(lambda size: lab_charts.tail_chart(compared, size)) if waited else [],
        "classes": sizes(lambda size: lab_charts.classes_chart(compared, size, quality, classes)) if by_class else [],
        "occupancy": sizes(lambda size: lab_charts.occupancy_chart(compared, size)),
        "pareto": sizes(lambda size: lab_charts.pareto_chart(compared, size, quality, "evenness")) if several else [],
        "warm_up": sizes(lambda size: lab_charts.warm_up_chart(compared, size)),
    }


def _taken(compared: Compared, name: str, classes: list[str]) -> list[tuple[str, list[float]]]:
    """Of each class, which share each group was given, mean over replications."""
    shares: dict[str, dict[str, list[float]]] = {}
    outcomes = compared.outcomes[name]
    for outcome in outcomes:
        totals: dict[str, int] = {}
        for _, item, count in outcome.taken:
            totals[item] = totals.get(item, 0) + count
        for group, item, count in outcome.taken:
            shares.setdefault(group, {}).setdefault(item, []).append(count / totals[item])
    return [
        (group, [sum(own.get(item, ())) / len(outcomes) for item in classes]) for group, own in sorted(shares.items())
    ]
