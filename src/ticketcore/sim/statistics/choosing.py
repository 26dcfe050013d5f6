"""Which of several is better, and is that sure?  For figures of the same replications, of which more is better.

A sample is a figure of each replication, by name; the first of one belongs to the first of the other, as common random
numbers make them.  For a figure of which less is better, give it with a minus.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from math import fsum

import attrs

from ticketcore.checks import check_number, check_whole
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.sim.statistics.estimates import Estimate, mean_of


@attrs.frozen
class Difference:
    """By how much ``one`` is more than ``other``, as an ``estimate`` of the mean of paired differences."""

    one: str
    other: str
    estimate: Estimate

    @property
    def better(self) -> str | None:
        """Which of the two is more, if that is sure."""
        if self.estimate.low > 0:
            return self.one
        return self.other if self.estimate.high < 0 else None


def differences(
    samples: Mapping[str, Sequence[float]], to: str | None = None, confidence: float = 0.95
) -> tuple[Difference, ...]:
    """How each differs from the one named ``to``, or of all pairs if None, with intervals that hold all at once.

    Each is as sure as Bonferroni's inequality asks, so that with the ``confidence`` none of them is wrong.

    Raises ``InvalidInput`` if the samples differ in length, ``NotFound`` for another name.

    >>> [found] = differences({"a": [5, 6, 7], "b": [4, 5, 5]})
    >>> found.one, found.other, round(found.estimate.mean, 3), found.better
    ('a', 'b', 1.333, None)
    """
    _check(samples)
    if to is not None and to not in samples:
        raise NotFound("sample", to)
    pairs = list(combinations(samples, 2)) if to is None else [(name, to) for name in samples if name != to]
    each = 1 - (1 - confidence) / max(1, len(pairs))
    return tuple(Difference(one, other, _paired(samples, one, other, each)) for one, other in pairs)


def contenders(samples: Mapping[str, Sequence[float]], confidence: float = 0.95) -> tuple[str, ...]:
    """Those of which one is the best with the ``confidence``: all that nothing is surely better than.

    Raises ``InvalidInput`` if the samples differ in length.  After Gupta, "On some multiple decision (selection and
    ranking) rules" (1965), with paired differences.

    >>> contenders({"a": [5.0, 6.0, 7.1], "b": [1.0, 2.0, 3.0], "c": [4.9, 6.1, 7.0]})
    ('a', 'c')
    """
    _check(samples)
    others = max(1, len(samples) - 1)
    each = 1 - 2 * (1 - confidence) / others  # only one side counts
    if each <= 0:
        raise InvalidInput("confidence", f"must be above {1 - others / 2:g} for {len(samples)} samples")
    return tuple(
        one for one in samples if all(_paired(samples, other, one, each).low <= 0 for other in samples if other != one)
    )


def _check(samples: Mapping[str, Sequence[float]]) -> None:
    lengths = {len(values) for values in samples.values()}
    if len(lengths) != 1 or 0 in lengths:
        raise InvalidInput("samples", "must be some, each with a figure of the same replications")


def _paired(samples: Mapping[str, Sequence[float]], one: str, other: str, confidence: float) -> Estimate:
    return mean_of([a - b for a, b in zip(samples[one], samples[other], strict=True)], confidence)


@attrs.frozen
class Selection:
    """The ``best``, and how many replications each was ``used`` for, by name."""

    best: str
    used: Mapping[str, int]


def select_best(
    draw: Callable[[str, int], float],
    names: Iterable[str],
    worth: float,
    confidence: float = 0.95,
    begin: int = 10,
) -> Selection:
    """Draw figures until it is clear which is best, and no more of those that are surely not.

    ``draw(name, replication)`` gives a figure, replications counted from 0.  If the best is better by ``worth`` or more
    it is found with the ``confidence``; else one that is not worse than the best by more is, as surely.  Each is drawn
    ``begin`` times at least.  Common random numbers save most of the work.  The KN procedure: Kim and Nelson, "A fully
    sequential procedure for indifference-zone selection in simulation" (2001).

    Raises ``InvalidInput``.

    >>> select_best(lambda name, replication: len(name) + replication % 3, ["a", "bb", "cccc"], worth=0.5).best
    'cccc'
    """
    names = list(dict.fromkeys(names))
    check_number(worth, "worth", 0, above=True)
    check_whole(begin, "begin", 2)
    if not names:
        raise InvalidInput("names", "must have at least one")
    drawn = {name: [draw(name, replication) for replication in range(begin)] for name in names}
    if len(names) == 1:
        return Selection(names[0], {names[0]: begin})
    chance = 2 * (1 - confidence) / (len(names) - 1)
    check_number(chance, "confidence", 0, 1, above=True)
    factor = (chance ** (-2 / (begin - 1)) - 1) * (begin - 1)
    spread = {pair: factor * _variance(drawn[pair[0]], drawn[pair[1]]) / worth for pair in combinations(names, 2)}
    longest = max(spread.values()) / worth
    left, count = names, begin
    while True:
        means = {name: fsum(drawn[name]) / count for name in left}
        if count > longest:
            break
        left = [
            one
            for one in left
            if all(
                means[one] >= means[other] - _margin(spread, one, other, worth, count) for other in left if other != one
            )
        ]
        if len(left) == 1:
            break
        for name in left:
            drawn[name].append(draw(name, count))
        count += 1
    best = max(left, key=lambda name: means[name])
    return Selection(best, {name: len(values) for name, values in drawn.items()})


def _variance(one: Sequence[float], other: Sequence[float]) -> float:
    away = [a - b for a, b in zip(one, other, strict=True)]
    mean = fsum(away) / len(away)
    return fsum((value - mean) ** 2 for value in away) / (len(away) - 1)


def _margin(spread: Mapping[tuple[str, str], float], one: str, other: str, worth: float, count: int) -> float:
    between = spread[one, other] if (one, other) in spread else spread[other, one]
    return max(0.0, (between - worth * count) / (2 * count))


def pareto(points: Mapping[str, Sequence[float]]) -> tuple[str, ...]:
    """Those than which nothing is better in all figures: as good in each of them, and better in one.

    O(points squared).

    >>> pareto({"a": (0.8, 0.9), "b": (0.9, 0.7), "c": (0.7, 0.7)})
    ('a', 'b')
    """
    return tuple(name for name, point in points.items() if not any(_beats(other, point) for other in points.values()))


def _beats(one: Sequence[float], other: Sequence[float]) -> bool:
    pairs = list(zip(one, other, strict=True))
    return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)
