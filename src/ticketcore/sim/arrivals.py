"""When tickets come, as processes of chance, or as they were recorded.

Most have a rate, which may change with time.  Their arrivals are those of a process of one an hour, moved to where as
many are expected: exact for any rate, and the same chance gives the same arrivals a little later when the rate is a
little lower.  Instants are microseconds from the beginning of a simulation.  A number that cannot be used is
``InvalidInput``, naming the field.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from math import pi
from typing import Any, Protocol, TypeAlias

import attrs
import numpy as np
from numpy.random import Generator

from ticketcore.checks import as_tuple, check_number, number
from ticketcore.errors import InvalidInput
from ticketcore.sim.laws import LEAST_CV, MICROSECOND, MOST_CV, Floats, is_length

HOUR = 3_600_000_000
"""Microseconds."""

DAY = timedelta(days=1)
"""24 hours."""

FIRST_BLOCK = 64
"""How many arrivals are drawn at first; then twice as many each time, up to ``BLOCK``."""

BLOCK = 4096
"""How many arrivals of a class are drawn at once at most."""

LEAST_PER_HOUR, MOST_PER_HOUR = 1e-9, float(HOUR)
"""The lowest and the highest rate: one in a hundred thousand years, and one a microsecond, which time is counted in."""

MOST_AT_ONCE = 1_000_000
"""The largest mean of batches."""

Chances: TypeAlias = Callable[[str], Generator]
"""Gives the stream of chance of this name, from its beginning."""


class Arrivals(Protocol):
    """A process of arrivals."""

    def instants(self, chances: Chances) -> Iterator[Floats]:
        """All of them in rising order, some at a time; it need not end."""
        ...


class Rated(Protocol):
    """A process whose arrivals are independent of each other and come at a rate, which may change with time."""

    def expected(self, until: float) -> float:
        """How many come on average from the beginning to an instant."""
        ...

    def when(self, expected: Floats) -> Floats:
        """The instants until which so many come on average; infinite where there will never be so many."""
        ...


def _poisson(rated: Rated, chances: Chances) -> Iterator[Floats]:
    """Arrivals at the rate: those at rate one, each moved to where as many are expected."""
    chance, last, size = chances("arrivals"), 0.0, FIRST_BLOCK
    while True:
        gaps = chance.standard_exponential(size)
        gaps[0] += last  # so that the sums are the same whatever the size
        sums = np.cumsum(gaps)
        last, size = float(sums[-1]), min(2 * size, BLOCK)
        instants = rated.when(sums)
        if instants[-1] == np.inf:
            yield instants[instants < np.inf]
            return
        yield instants


@attrs.frozen
class Poisson:
    """At the same rate all the time, ``per_hour`` on average."""

    per_hour: float = attrs.field(validator=number(LEAST_PER_HOUR, MOST_PER_HOUR))

    def expected(self, until: float) -> float:
        """See ``Rated``."""
        return until * self.per_hour / HOUR

    def when(self, expected: Floats) -> Floats:
        """See ``Rated``."""
        return expected * (HOUR / self.per_hour)

    def instants(self, chances: Chances) -> Iterator[Floats]:
        """See ``Arrivals``."""
        return _poisson(self, chances)


def _rates(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    field = f"{type(owner).__name__}.{attribute.name}"
    if not isinstance(value, tuple) or not value:
        raise InvalidInput(field, "must list at least one rate")
    for i, item in enumerate(value):
        check_number(item, f"{field}[{i}]", 0, MOST_PER_HOUR)
    if max(value) < LEAST_PER_HOUR:
        raise InvalidInput(field, f"must have a rate of at least {LEAST_PER_HOUR:g}")


@attrs.frozen
class Piecewise:
    """At the rates ``per_hour``, each for one ``step``, and then from the first again: 48 half hours are a day."""

    per_hour: tuple[float, ...] = attrs.field(converter=as_tuple, validator=_rates)
    step: timedelta = attrs.field(default=timedelta(minutes=30), validator=is_length(above=True))
    _ends: Floats = attrs.field(init=False, eq=False, repr=False)
    _sums: Floats = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        step = self.step / MICROSECOND
        object.__setattr__(self, "_ends", np.arange(len(self.per_hour) + 1) * step)
        each = np.array(self.per_hour, dtype=float) * (step / HOUR)
        object.__setattr__(self, "_sums", np.concatenate(([0.0], np.cumsum(each))))

    def expected(self, until: float) -> float:
        """See ``Rated``."""
        rounds, rest = divmod(until, float(self._ends[-1]))
        return rounds * float(self._sums[-1]) + float(np.interp(rest, self._ends, self._sums))

    def when(self, expected: Floats) -> Floats:
        """See ``Rated``."""
        rounds, rest = np.divmod(expected, self._sums[-1])
        at = np.searchsorted(self._sums, rest, side="right") - 1  # where the sum rises, not where it stands still
        at = np.minimum(at, len(self.per_hour) - 1)
        part = (rest - self._sums[at]) / (self._sums[at + 1] - self._sums[at])
        instants: Floats = rounds * self._ends[-1] + self._ends[at] + part * (self.step / MICROSECOND)
        return instants

    def instants(self, chances: Chances) -> Iterator[Floats]:
        """See ``Arrivals``."""
        return _poisson(self, chances)


@attrs.frozen
class Sinusoidal:
    """At a rate that swings about ``per_hour`` by the part ``swing`` of it, once a ``period``, highest at ``peak``."""

    per_hour: float = attrs.field(validator=number(LEAST_PER_HOUR, MOST_PER_HOUR))
    swing: float = attrs.field(default=0.5, validator=number(0, 1))
    period: timedelta = attrs.field(default=DAY, validator=is_length(above=True))
    peak: timedelta = attrs.field(default=timedelta(hours=12), validator=is_length())

    def _sums(self, until: Floats) -> Floats:
        turn = 2 * pi / (self.period / MICROSECOND)
        peak = self.peak / MICROSECOND
        waves = (np.sin(turn * (until - peak)) + np.sin(turn * peak)) / turn
        sums: Floats = (until + self.swing * waves) * (self.per_hour / HOUR)
        return sums

    def expected(self, until: float) -> float:
        """See ``Rated``."""
        return float(self._sums(np.array([until]))[0])

    def when(self, expected: Floats) -> Floats:
        """See ``Rated``.  By halving, to below a microsecond."""
        mean, width = expected * (HOUR / self.per_hour), self.period / MICROSECOND
        low, high = np.maximum(mean - width, 0.0), mean + width
        for _ in range(int(np.ceil(np.log2(2 * width))) + 2):
            middle = (low + high) / 2
            below = self._sums(middle) < expected
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        instants: Floats = (low + high) / 2
        return instants

    def instants(self, chances: Chances) -> Iterator[Floats]:
        """See ``Arrivals``."""
        return _poisson(self, chances)


@attrs.frozen
class Busy:
    """``arrivals`` on days that are busier or quieter by a factor of chance, of mean 1.

    The factor is gamma distributed, with the coefficient of variation ``cv`` (Jongbloed and Koole, "Managing
    uncertainty in call centres using Poisson mixtures", 2001): one for each day from the beginning on, ``every`` long.
    """

    arrivals: Poisson | Piecewise | Sinusoidal
    cv: float = attrs.field(validator=number(LEAST_CV, MOST_CV))
    every: timedelta = attrs.field(default=DAY, validator=is_length(above=True))

    def instants(self, chances: Chances) -> Iterator[Floats]:
        """See ``Arrivals``."""
        return _poisson(_Days(self, chances("busy")), chances)


class _Days:
    """The rate of ``Busy`` with the factors that have been drawn: ``before[d]`` come before day d on average."""

    def __init__(self, busy: Busy, chance: Generator) -> None:
        self.busy, self.chance = busy, chance
        self.factors: list[float] = []
        self.usual: list[float] = [0.0]
        self.before: list[float] = [0.0]

    def expected(self, until: float) -> float:
        day = int(until // (self.busy.every / MICROSECOND))
        while len(self.factors) <= day:
            self._draw()
        return self.before[day] + self.factors[day] * (self.busy.arrivals.expected(until) - self.usual[day])

    def when(self, expected: Floats) -> Floats:
        while self.before[-1] <= expected[-1]:
            self._draw()
        days = np.searchsorted(self.before, expected, side="right") - 1
        before, usual, factors = (np.array(column)[days] for column in (self.before, self.usual, self.factors))
        return self.busy.arrivals.when(usual + (expected - before) / factors)

    def _draw(self) -> None:
        shape = self.busy.cv**-2
        factor = float(self.chance.standard_gamma(shape)) / shape
        self.factors.append(factor)
        end = self.busy.arrivals.expected(len(self.factors) * (self.busy.every / MICROSECOND))
        self.before.append(self.before[-1] + factor * (end - self.usual[-1]))
        self.usual.append(end)


@attrs.frozen
class Batched:
    """Several at the same instant, ``mean`` on average (geometric, at least one), where ``arrivals`` are of batches."""

    arrivals: Arrivals
    mean: float = attrs.field(validator=number(1, MOST_AT_ONCE))

    def instants(self, chances: Chances) -> Iterator[Floats]:
        """See ``Arrivals``."""
        chance = chances("batches")
        for instants in self.arrivals.instants(chances):
            yield np.repeat(instants, chance.geometric(1 / self.mean, len(instants)))


def _rising(owner: object, attribute: "attrs.Attribute[Any]", value: Sequence[object]) -> None:
    field, last = f"{type(owner).__name__}.{attribute.name}", timedelta(0)
    for i, item in enumerate(value):
        if not isinstance(item, timedelta):
            raise InvalidInput(f"{field}[{i}]", f"must be a timedelta, not {type(item).__name__}")
        if item < last:
            raise InvalidInput(f"{field}[{i}]", f"must be at least {last}, is {item}")
        last = item


@attrs.frozen
class Trace:
    """When they came: ``at`` each of these lengths of time after the beginning, in rising order."""

    at: tuple[timedelta, ...] = attrs.field(converter=as_tuple, validator=_rising)

    def instants(self, chances: Chances) -> Iterator[Floats]:  # noqa: ARG002  # each process is asked alike
        """See ``Arrivals``.  Takes nothing of chance."""
        yield np.array([item / MICROSECOND for item in self.at])
