"""One long run: where it has settled, and how sure its mean is although values that follow each other are alike."""

from collections.abc import Sequence
from itertools import pairwise
from math import fsum, inf, sqrt

import attrs

from ticketcore.checks import check_whole
from ticketcore.errors import InvalidInput
from ticketcore.sim.statistics.estimates import Estimate, mean_of


@attrs.frozen
class WarmUp:
    """How many values to leave out at the beginning (``dropped``), and whether the run ``settled`` at all.

    It did not if the best place to cut lies at the last one that is looked at, half of the run: run longer.
    """

    dropped: int
    settled: bool


def mser5(values: Sequence[float]) -> WarmUp:
    """Where to cut a run so that the rest is as sure of its mean as can be: MSER-5.

    Of means of five values each, those are dropped without which the variance over the number of the rest is least.
    White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics for simulation" (2000).  O(values).

    Raises ``InvalidInput`` for less than 20 values.

    >>> mser5([90, 80, 60, 30, 10] + [1, 2] * 50)
    WarmUp(dropped=5, settled=True)
    """
    if len(values) < 20:
        raise InvalidInput("values", f"must be 20 or more, are {len(values)}")
    means = [sum(values[place : place + 5]) / 5 for place in range(0, len(values) - 4, 5)]
    best, cut = inf, 0
    mean = squares = 0.0
    last = len(means) // 2
    for count, value in enumerate(reversed(means), 1):  # from the end, so that each place adds one mean
        change = value - mean
        mean += change / count
        squares += change * (value - mean)
        place = len(means) - count
        if place <= last and squares / count**2 <= best:
            best, cut = squares / count**2, place
    return WarmUp(cut * 5, cut < last)


@attrs.frozen
class Batches:
    """The ``estimate`` from so many batches of ``size`` values each.

    ``correlation`` is that of batches that follow each other; ``independent`` says whether it is small enough to be
    chance, at 5 %.  If it is not, the interval is too narrow: take fewer batches, or a longer run.
    """

    estimate: Estimate
    size: int
    correlation: float
    independent: bool


def batch_means(values: Sequence[float], batches: int = 30, confidence: float = 0.95) -> Batches:
    """The mean of a long run whose beginning has been cut, by means of batches that follow each other.

    Values that are too many for equal batches are left out at the beginning.  Conway, "Some tactical problems in
    digital simulation" (1963).  Raises ``InvalidInput`` for fewer than 2 batches, or fewer values than batches.

    >>> batch_means([1, 2, 3, 4, 5, 6, 7, 8], batches=4).estimate.mean
    4.5
    """
    check_whole(batches, "batches", 2)
    size = len(values) // batches
    if not size:
        raise InvalidInput("values", f"must be {batches} or more, are {len(values)}")
    begin = len(values) - size * batches
    means = [fsum(values[place : place + size]) / size for place in range(begin, len(values), size)]
    estimate = mean_of(means, confidence)
    away = [mean - estimate.mean for mean in means]
    spread = fsum(one * one for one in away)
    correlation = fsum(one * other for one, other in pairwise(away)) / spread if spread else 0.0
    return Batches(estimate, size, correlation, correlation + 1 / batches <= 1.645 / sqrt(batches))
