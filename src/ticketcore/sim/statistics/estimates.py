"""How sure is a figure?  Intervals over independent replications, of means, of ratios and of quantiles.

One run of a queue says little: customers who come one after the other wait alike.  Run it several times, take one
figure of each run, and these intervals hold.
"""

from collections.abc import Iterable, Sequence
from math import ceil, fsum, inf, sqrt

import attrs

from ticketcore.checks import check_number
from ticketcore.errors import InvalidInput
from ticketcore.sim.statistics.student import student_quantile


@attrs.frozen
class Estimate:
    """A ``mean`` over ``count`` replications, and how far it can be off (``half_width``) with a ``confidence``.

    With a single replication that is without bound.
    """

    mean: float
    half_width: float
    confidence: float
    count: int

    @property
    def low(self) -> float:
        """Where the interval begins."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Where the interval ends."""
        return self.mean + self.half_width

    @property
    def relative(self) -> float:
        """The half width over the mean; 0 of a figure that is exact, without bound if the mean is 0 and it is not."""
        if not self.half_width:
            return 0.0
        return self.half_width / abs(self.mean) if self.mean else inf

    def covers(self, value: float) -> bool:
        """Whether a value lies in the interval."""
        return self.low <= value <= self.high


def mean_of(values: Iterable[float], confidence: float = 0.95) -> Estimate:
    """The mean of one figure of each replication, with Student's interval.

    The same bytes in any order of the values.  Raises ``InvalidInput`` if there is none.

    >>> estimate = mean_of([2.0, 3.0, 4.0])
    >>> estimate.mean, round(estimate.half_width, 3)
    (3.0, 2.484)
    """
    values = _some(values, "values")
    _check_confidence(confidence)
    count, mean = len(values), fsum(values) / len(values)
    if count == 1:
        return Estimate(mean, inf, confidence, 1)
    error = sqrt(fsum((value - mean) ** 2 for value in values) / (count - 1) / count)
    return Estimate(mean, student_quantile((1 + confidence) / 2, count - 1) * error, confidence, count)


def ratio_of(tops: Iterable[float], bottoms: Iterable[float], confidence: float = 0.95) -> Estimate:
    """A ratio of two sums over all replications, such as those who left over those who came, by the delta method.

    It is not the mean of the ratios, which is biased when runs are short.  Cochran, "Sampling techniques" (1977),
    chapter 6.  Raises ``InvalidInput`` if the numbers of both differ, or the bottoms add up to 0.

    >>> ratio_of([1, 3], [10, 30]).mean
    0.1
    """
    return mean_of(ratio_values(tops, bottoms), confidence)


def ratio_values(tops: Iterable[float], bottoms: Iterable[float]) -> list[float]:
    """A value for each replication whose mean is the ratio of the sums, and whose spread is that of the delta method.

    So paired differences of ratios can be taken as those of means.  Raises ``InvalidInput`` as ``ratio_of``.

    >>> ratio_values([1, 3], [10, 20])
    [0.11111111111111112, 0.15555555555555556]
    """
    tops, bottoms = _some(tops, "tops"), _some(bottoms, "bottoms")
    if len(tops) != len(bottoms):
        raise InvalidInput("bottoms", f"must be {len(tops)} as the tops, are {len(bottoms)}")
    total = fsum(bottoms)
    if not total:
        raise InvalidInput("bottoms", "add up to 0")
    ratio, usual = fsum(tops) / total, total / len(bottoms)
    return [ratio + (top - ratio * bottom) / usual for top, bottom in zip(tops, bottoms, strict=True)]


def quantile(values: Iterable[float], share: float) -> float:
    """The least of the values that this share of them does not exceed, of one replication; then take ``mean_of`` those.

    Raises ``InvalidInput`` if there is none, or for a share not from 0 to 1.

    >>> quantile([5, 1, 3, 2, 4], 0.5), quantile(range(1, 101), 0.99)
    (3, 99)
    """
    return quantiles(sorted(_some(values, "values")), [share])[0]


def quantiles(ranked: Sequence[float], shares: Iterable[float]) -> list[float]:
    """Several quantiles of values that are in order.  Raises ``InvalidInput`` as ``quantile``."""
    found = []
    for share in shares:
        check_number(share, "share", 0, 1)
        found.append(ranked[max(0, ceil(share * len(ranked) - 1e-9) - 1)])
    return found


def enough(values: Sequence[float], relative: float, confidence: float = 0.95, least: int = 5) -> int | None:
    """After how many replications, of those in this order, the interval is narrow enough; None if it never is.

    Narrow is a half width of at most ``relative`` times the true mean, which is reckoned as the mean less the half
    width.  What comes later is not looked at, so that the answer is the same however many were run at once.  To stop so
    makes intervals a little too sure of themselves: begin with ``least``.  Law, "Simulation modeling and analysis",
    chapter 9.  O(values).  Raises ``InvalidInput``.

    >>> enough([10.0, 10.2, 9.9, 10.1, 10.0, 9.8], relative=0.05)
    5
    """
    check_number(relative, "relative", 0, above=True)
    _check_confidence(confidence)
    for count in range(max(2, least), len(values) + 1):
        if mean_of(values[:count], confidence).relative <= relative / (1 + relative):
            return count
    return None


def _some(values: Iterable[float], field: str) -> list[float]:
    some = list(values)
    if not some:
        raise InvalidInput(field, "must have at least one")
    return some


def _check_confidence(confidence: float) -> None:
    check_number(confidence, "confidence", 0, 1, above=True)
    if confidence == 1:
        raise InvalidInput("confidence", "must be below 1, is 1")
