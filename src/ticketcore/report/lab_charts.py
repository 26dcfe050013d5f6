"""The pictures of a comparison of policies.

No name that a person gave is drawn: policies are letters and classes are numbers, in the order of the comparison.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate
from statistics import fmean

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ticketcore.report.svg import INK, drawn
from ticketcore.sim.comparing import Compared
from ticketcore.sim.outcomes import BUCKETS, Outcome
from ticketcore.sim.results import SECOND, end_of
from ticketcore.sim.statistics import Difference, Estimate, mean_of

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What policies are called in pictures; so many are drawn at most."""

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#7f7f7f")
_STYLES = ("-", "--", ":", "-.")


def _colour(place: int) -> str:
    return _COLOURS[place % len(_COLOURS)]


def _line(axes: Axes, x: Sequence[float], y: Sequence[float], letter: str, place: int, marker: str = "") -> None:
    style = _STYLES[place // len(_COLOURS) % len(_STYLES)]
    axes.plot(x, y, label=letter, color=_colour(place), linestyle=style, lw=1.5, marker=marker, ms=4)


def _lettered(compared: Compared) -> list[tuple[int, str, tuple[Outcome, ...]]]:
    return [
        (place, letter, some)
        for place, (letter, some) in enumerate(zip(LETTERS, compared.outcomes.values(), strict=False))
    ]


def queue_chart(compared: Compared, size: str) -> str:
    """How many waited over time: the mean over replications, with the band of its interval."""
    return _over_time(
        compared, size, "queue", "How many waited over time", lambda outcome: [*map(float, outcome.curves.queue)]
    )


def wait_chart(compared: Compared, size: str) -> str:
    """How long those who came at a time were in the queue, in seconds, with the band of its interval."""
    return _over_time(
        compared,
        size,
        "waits",
        "Seconds in the queue by the time of arrival",
        lambda outcome: [wait if wait >= 0 else None for wait in outcome.curves.waits],
    )


def _over_time(
    compared: Compared, size: str, name: str, title: str, values: Callable[[Outcome], Sequence[float | None]]
) -> str:
    begins = fmean(outcome.curves.warm_up for some in compared.outcomes.values() for outcome in some) / 3600

    def draw(axes: Axes) -> None:
        for place, letter, outcomes in _lettered(compared):
            hours = [fmean(outcome.curves.step for outcome in outcomes) / 3600 * (i + 0.5) for i in range(BUCKETS)]
            columns = zip(*map(values, outcomes), strict=True)
            known = [[value for value in column if value is not None] for column in columns]
            points = [(hour, mean_of(some)) for hour, some in zip(hours, known, strict=True) if some]
            at, estimates = [hour for hour, _ in points], [estimate for _, estimate in points]
            _line(axes, at, [each.mean for each in estimates], letter, place)
            if len(outcomes) > 1:
                sure = [(hour, each) for hour, each in points if each.count > 1]
                low, high = [max(0.0, each.low) for _, each in sure], [each.high for _, each in sure]
                axes.fill_between([hour for hour, _ in sure], low, high, color=_colour(place), alpha=0.15, lw=0)
        if begins > 0:
            axes.axvline(begins, color=INK, lw=1, linestyle=":")
        axes.set_xlabel("hours")
        axes.set_ylim(bottom=0)
        axes.margins(x=0)

    return drawn(draw, name, size, title, f"Of {len(compared.outcomes)} policies.", 8)


def warm_up_chart(compared: Compared, size: str) -> str:
    """The mean queue from the beginning until each time: where it is level, a run has settled (after Welch)."""

    def draw(axes: Axes) -> None:
        for place, letter, outcomes in _lettered(compared):
            step = fmean(outcome.curves.step for outcome in outcomes) / 3600
            queue = [fmean(column) for column in zip(*(outcome.curves.queue for outcome in outcomes), strict=True)]
            so_far = [total / (i + 1) for i, total in enumerate(accumulate(queue))]
            hours = [step * (i + 1) for i in range(len(queue))]
            _line(axes, hours, so_far, letter, place)
        axes.set_xlabel("hours")
        axes.set_ylim(bottom=0)
        axes.margins(x=0)

    return drawn(draw, "warm-up", size, "Mean queue until then", "From the beginning, the warm-up included.", 8)


def tail_chart(compared: Compared, size: str) -> str:
    """Which share of the served waited for longer than so many seconds, on a logarithmic scale."""

    def draw(axes: Axes) -> None:
        for place, letter, outcomes in _lettered(compared):
            counts: dict[int, int] = {}
            for outcome in outcomes:
                for step, count in outcome.waits:
                    counts[step] = counts.get(step, 0) + count
            total = sum(counts.values())
            steps = sorted(counts)
            longer = [1 - passed / total for passed in accumulate(counts[step] for step in steps)]
            points = [(end_of(step) / SECOND, share) for step, share in zip(steps, longer, strict=True) if share > 0]
            _line(axes, [at for at, _ in points], [share for _, share in points], letter, place)
        axes.set_yscale("log")
        axes.set_xlabel("seconds")
        axes.set_xlim(left=0)

    return drawn(draw, "tail", size, "Share of the served who waited for longer", "By seconds of waiting.", 8)


def classes_chart(compared: Compared, size: str, figure: str, classes: Sequence[str]) -> str:
    """A figure by class, as dots with intervals: one group of dots for each class that has it."""

    def draw(axes: Axes) -> None:
        shown = [(number, f"{name}.{figure}") for number, name in enumerate(classes, 1)]
        shown = [(number, name) for number, name in shown if name in compared.figures]
        width = 0.8 / len(compared.outcomes)
        for place, (letter, name) in enumerate(zip(LETTERS, compared.outcomes, strict=False)):
            estimates = [compared.estimates(column)[name] for _, column in shown]
            at = [number - 0.4 + width * (place + 0.5) for number, _ in shown]
            _dots(axes, at, estimates, letter, place)
        axes.set_xticks([number for number, _ in shown])
        axes.set_xlabel("class")

    return drawn(draw, "classes", size, f"{_spoken(figure)} by class", "With intervals, by policy.", 8)


def _dots(axes: Axes, at: Sequence[float], estimates: Sequence[Estimate], letter: str, place: int) -> None:
    wide = [each.half_width if each.count > 1 else 0.0 for each in estimates]
    colour = _colour(place)
    axes.errorbar(at, [each.mean for each in estimates], wide, fmt="o", ms=4, color=colour, capsize=2, label=letter)


def occupancy_chart(compared: Compared, size: str) -> str:
    """How busy each agent was, from the most to the least: a level line is an even share."""

    def draw(axes: Axes) -> None:
        for place, letter, outcomes in _lettered(compared):
            agents: dict[str, list[float]] = {}
            for outcome in outcomes:
                for agent, share in outcome.agents:
                    agents.setdefault(agent, []).append(share)
            ranked = sorted((fmean(shares) for shares in agents.values()), reverse=True)
            _line(axes, range(1, len(ranked) + 1), ranked, letter, place, ".")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("agents, the busiest first")
        axes.set_ylim(0, None)

    return drawn(draw, "occupancy", size, "How busy agents were", "Mean over replications, sorted.", 8)


def forest_chart(compared: Compared, size: str, figure: str, found: Sequence[Difference]) -> str:
    """By how much each policy differs from the one that all are compared with, with intervals that hold all at once."""
    letters = dict(zip(compared.outcomes, LETTERS, strict=False))
    shown = [each for each in found if each.one in letters]

    def draw(axes: Axes) -> None:
        for row, each in enumerate(shown):
            wide = each.estimate.half_width if each.estimate.count > 1 else 0.0
            colour = _colour(LETTERS.index(letters[each.one]))
            axes.errorbar([each.estimate.mean], [-row], xerr=[wide], fmt="s", ms=4, color=colour, capsize=3)
        axes.axvline(0, color=INK, lw=1)
        names = [f"{letters[each.one]} - {letters[each.other]}" for each in shown]
        axes.set_yticks([-row for row in range(len(shown))], names)
        axes.set_ylim(-len(shown) + 0.5, 0.5)

    return drawn(draw, "forest", size, f"Paired differences of {_spoken(figure)}", "With intervals.", 0)


def pareto_chart(compared: Compared, size: str, one: str, other: str) -> str:
    """One figure against another for each policy; those than which none is better in both have a ring."""
    front = compared.front(one, other)
    first, second = compared.estimates(one), compared.estimates(other)

    def draw(axes: Axes) -> None:
        for place, (letter, name) in enumerate(zip(LETTERS, compared.outcomes, strict=False)):
            colour = _colour(place)
            x, y = first[name], second[name]
            wide = [[each.half_width] if each.count > 1 else [0.0] for each in (x, y)]
            axes.errorbar([x.mean], [y.mean], wide[1], wide[0], fmt="o", ms=4, color=colour, capsize=2, label=letter)
            if name in front:
                axes.plot([x.mean], [y.mean], "o", ms=11, mfc="none", mec=colour)
        axes.set_xlabel(_spoken(one))
        axes.set_ylabel(_spoken(other))

    return drawn(draw, "pareto", size, f"{_spoken(one)} against {_spoken(other)}", "Rings are not beaten.", 8)


def _spoken(figure: str) -> str:
    """The last part of a figure's name, which is ours."""
    return figure.rpartition(".")[2].replace("_", " ")
