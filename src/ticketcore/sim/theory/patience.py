"""How long customers wait before they leave, as laws of which the formulas need three things.

Times are in one unit of your choice, the same everywhere.  What cannot be used is ``InvalidInput``, naming the field.
"""

from bisect import bisect_right
from itertools import accumulate
from math import expm1, inf, log, sqrt
from statistics import NormalDist
from typing import Protocol

import attrs

from ticketcore.checks import as_tuple, check_number, number
from ticketcore.errors import InvalidInput
from ticketcore.sim.theory.numerics import gamma_share

_NORMAL = NormalDist()


class Patience(Protocol):
    """A law of how long a customer waits at most."""

    @property
    def kinks(self) -> tuple[float, ...]:
        """Times at which the distribution is not smooth."""
        ...

    def gone(self, time: float) -> float:
        """The share of customers who do not wait for longer than this, 0 to 1."""
        ...

    def spent(self, time: float) -> float:
        """For how long a customer waits on average who is served after this time at the latest."""
        ...


@attrs.frozen
class Exponential:
    """Customers leave at a constant rate: once in ``mean`` on average, however long they have waited."""

    mean: float = attrs.field(validator=number(0, above=True))

    @property
    def kinks(self) -> tuple[float, ...]:
        """See ``Patience``."""
        return ()

    def gone(self, time: float) -> float:
        """See ``Patience``."""
        return -expm1(-time / self.mean)

    def spent(self, time: float) -> float:
        """See ``Patience``."""
        return -self.mean * expm1(-time / self.mean)


@attrs.frozen
class Fixed:
    """Every customer leaves after ``time``."""

    time: float = attrs.field(validator=number(0, above=True))

    @property
    def kinks(self) -> tuple[float, ...]:
        """See ``Patience``."""
        return (self.time,)

    def gone(self, time: float) -> float:
        """See ``Patience``."""
        return float(time >= self.time)

    def spent(self, time: float) -> float:
        """See ``Patience``."""
        return min(time, self.time)


@attrs.frozen
class Uniform:
    """Any time from ``low`` to ``high`` is as likely as any other."""

    low: float = attrs.field(validator=number(0))
    high: float = attrs.field(validator=number(0, above=True))

    def __attrs_post_init__(self) -> None:
        """There is something between the two."""
        if self.high <= self.low:
            raise InvalidInput("Uniform.high", f"must be above {self.low:g}, is {self.high:g}")

    @property
    def kinks(self) -> tuple[float, ...]:
        """See ``Patience``."""
        return (self.low, self.high)

    def gone(self, time: float) -> float:
        """See ``Patience``."""
        return min(1.0, max(0.0, (time - self.low) / (self.high - self.low)))

    def spent(self, time: float) -> float:
        """See ``Patience``."""
        over = min(time, self.high) - self.low
        return time if over <= 0 else self.low + over - over * over / (2 * (self.high - self.low))


@attrs.frozen
class Gamma:
    """Gamma with a ``mean`` and a ``shape``: 1 is exponential, a whole number is Erlang, less than 1 is more varied."""

    mean: float = attrs.field(validator=number(0, above=True))
    shape: float = attrs.field(validator=number(0, above=True))

    @property
    def kinks(self) -> tuple[float, ...]:
        """See ``Patience``."""
        return ()

    def gone(self, time: float) -> float:
        """See ``Patience``."""
        return gamma_share(self.shape, time * self.shape / self.mean)

    def spent(self, time: float) -> float:
        """See ``Patience``."""
        scaled = time * self.shape / self.mean
        return self.mean * gamma_share(self.shape + 1, scaled) + time * (1 - gamma_share(self.shape, scaled))


@attrs.frozen
class Lognormal:
    """The logarithm is normal; by its ``mean`` and ``variation``, the standard deviation over the mean."""

    mean: float = attrs.field(validator=number(0, above=True))
    variation: float = attrs.field(validator=number(0, above=True))

    @property
    def kinks(self) -> tuple[float, ...]:
        """See ``Patience``."""
        return ()

    @property
    def _spread(self) -> float:
        return sqrt(log(1 + self.variation**2))

    def gone(self, time: float) -> float:
        """See ``Patience``."""
        if time <= 0 or time == inf:
            return float(time > 0)
        return _NORMAL.cdf(log(time / self.mean) / self._spread + self._spread / 2)

    def spent(self, time: float) -> float:
        """See ``Patience``."""
        if time <= 0 or time == inf:
            return self.mean if time > 0 else 0.0
        place = log(time / self.mean) / self._spread
        return self.mean * _NORMAL.cdf(place - self._spread / 2) + time * _NORMAL.cdf(-place - self._spread / 2)


@attrs.frozen
class Mixture:
    """Customers of several kinds: ``parts`` are pairs of a share and a law, and the shares add up to 1."""

    parts: tuple[tuple[float, Patience], ...] = attrs.field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        """Everybody is of some kind."""
        for place, (share, _) in enumerate(self.parts):
            check_number(share, f"Mixture.parts[{place}]", 0, 1)
        total = sum(share for share, _ in self.parts)
        if abs(total - 1) > 1e-9:
            raise InvalidInput("Mixture.parts", f"the shares add up to {total:g}, not to 1")

    @property
    def kinks(self) -> tuple[float, ...]:
        """See ``Patience``."""
        return tuple(sorted({kink for _, law in self.parts for kink in law.kinks}))

    def gone(self, time: float) -> float:
        """See ``Patience``."""
        return sum(share * law.gone(time) for share, law in self.parts)

    def spent(self, time: float) -> float:
        """See ``Patience``."""
        return sum(share * law.spent(time) for share, law in self.parts)


@attrs.frozen
class Recorded:
    """What was seen: each of these ``times`` is as likely as any other.

    Those who were served before they lost patience are not in it, so that times from a history make customers look less
    patient than they are.
    """

    times: tuple[float, ...] = attrs.field(converter=as_tuple)
    _sums: tuple[float, ...] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """In order, and summed up."""
        if not self.times:
            raise InvalidInput("Recorded.times", "must have at least one")
        for place, time in enumerate(self.times):
            check_number(time, f"Recorded.times[{place}]", 0, above=True)
        object.__setattr__(self, "times", tuple(sorted(self.times)))
        object.__setattr__(self, "_sums", tuple(accumulate(self.times, initial=0.0)))

    @property
    def kinks(self) -> tuple[float, ...]:
        """See ``Patience``."""
        return tuple(dict.fromkeys(self.times))

    def gone(self, time: float) -> float:
        """See ``Patience``."""
        return bisect_right(self.times, time) / len(self.times)

    def spent(self, time: float) -> float:
        """See ``Patience``."""
        over = bisect_right(self.times, time)
        left = len(self.times) - over
        return (self._sums[over] + (left * time if left else 0.0)) / len(self.times)
