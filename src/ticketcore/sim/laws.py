"""How long things take, as laws of chance: handling, patience, the silence of a customer.

A law draws many lengths at once, in microseconds; whoever asks rounds them to whole ones, so that nothing after depends
on fractions.  Drawing a few at a time or many gives the same.  A number that cannot be used is ``InvalidInput``, naming
the field.
"""

from collections.abc import Callable
from datetime import timedelta
from math import log, sqrt
from typing import Any, Protocol, TypeAlias

import attrs
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ticketcore.checks import as_tuple, number, whole
from ticketcore.errors import InvalidInput

MICROSECOND = timedelta(microseconds=1)
"""What lengths of time are counted in."""

LEAST_CV, MOST_CV = 0.001, 1000
"""How little and how much lengths and rates vary: beyond, draws are all alike or nearly all nothing."""

Floats: TypeAlias = NDArray[np.float64]
"""Numbers with fractions."""

Whole: TypeAlias = NDArray[np.int64]
"""Whole numbers."""


class Law(Protocol):
    """A law of lengths of time."""

    @property
    def mean(self) -> timedelta:
        """The expected length."""
        ...

    def draw(self, chance: Generator, count: int) -> Floats:
        """The next ``count`` lengths, in microseconds, none negative."""
        ...


def is_length(*, above: bool = False) -> Callable[[object, "attrs.Attribute[Any]", object], None]:
    """An attrs validator: a length of time that is not negative; ``above`` leaves none at all out."""

    def check(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        check_length(value, f"{type(owner).__name__}.{attribute.name}", above=above)

    return check


def check_length(value: object, field: str, *, above: bool = False) -> None:
    """Refuse what is not a length of time, or negative; ``above`` leaves none at all out."""
    if not isinstance(value, timedelta):
        raise InvalidInput(field, f"must be a timedelta, not {type(value).__name__}")
    if value < timedelta(0) or (above and not value):
        raise InvalidInput(field, f"must be {'longer than' if above else 'at least'} 0, is {value}")


@attrs.frozen
class Exponential:
    """Without memory, with this ``mean``."""

    mean: timedelta = attrs.field(validator=is_length(above=True))

    def draw(self, chance: Generator, count: int) -> Floats:
        """See ``Law``."""
        return chance.exponential(self.mean / MICROSECOND, count)


@attrs.frozen
class Deterministic:
    """Always the ``mean``."""

    mean: timedelta = attrs.field(validator=is_length())

    def draw(self, chance: Generator, count: int) -> Floats:  # noqa: ARG002  # each law is asked alike
        """See ``Law``.  Takes nothing of chance."""
        return np.full(count, self.mean / MICROSECOND)


@attrs.frozen
class Lognormal:
    """With this ``mean`` and coefficient of variation ``cv``, the standard deviation over the mean.

    What times of talk look like (Brown and others, "Statistical analysis of a telephone call center", 2005).
    """

    mean: timedelta = attrs.field(validator=is_length(above=True))
    cv: float = attrs.field(default=1.0, validator=number(0, MOST_CV))

    def draw(self, chance: Generator, count: int) -> Floats:
        """See ``Law``."""
        variance = log(1 + self.cv**2)
        return np.exp(log(self.mean / MICROSECOND) - variance / 2 + sqrt(variance) * chance.standard_normal(count))


@attrs.frozen
class Gamma:
    """With this ``mean`` and coefficient of variation ``cv``."""

    mean: timedelta = attrs.field(validator=is_length(above=True))
    cv: float = attrs.field(default=1.0, validator=number(LEAST_CV, MOST_CV))

    def draw(self, chance: Generator, count: int) -> Floats:
        """See ``Law``."""
        shape = self.cv**-2
        return chance.standard_gamma(shape, count) * (self.mean / MICROSECOND / shape)


@attrs.frozen
class Erlang:
    """The sum of as many exponential ``stages``, with this ``mean`` together."""

    mean: timedelta = attrs.field(validator=is_length(above=True))
    stages: int = attrs.field(default=2, validator=whole(1))

    def draw(self, chance: Generator, count: int) -> Floats:
        """See ``Law``."""
        return chance.standard_gamma(self.stages, count) * (self.mean / MICROSECOND / self.stages)


def _lengths(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    field = f"{type(owner).__name__}.{attribute.name}"
    if not isinstance(value, tuple) or not value:
        raise InvalidInput(field, "must list at least one length of time")
    for i, item in enumerate(value):
        check_length(item, f"{field}[{i}]")


@attrs.frozen
class Empirical:
    """Any of these ``lengths``, each as often: what was observed."""

    lengths: tuple[timedelta, ...] = attrs.field(converter=as_tuple, validator=_lengths)
    _values: Floats = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_values", np.array([item / MICROSECOND for item in self.lengths]))

    @property
    def mean(self) -> timedelta:
        """See ``Law``."""
        return sum(self.lengths, timedelta(0)) / len(self.lengths)

    def draw(self, chance: Generator, count: int) -> Floats:
        """See ``Law``."""
        found: Floats = self._values[(chance.random(count) * len(self._values)).astype(np.int64)]
        return found


def _laws(_owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, tuple) or not value:
        raise InvalidInput("Periodic.laws", "must list at least one law")


@attrs.frozen
class Periodic:
    """Another of the ``laws`` in each ``step`` of time, by when the ticket comes, and then from the first again.

    48 half hours are a day, from the beginning of the scenario on.
    """

    laws: tuple[Law, ...] = attrs.field(converter=as_tuple, validator=_laws)
    step: timedelta = attrs.field(default=timedelta(minutes=30), validator=is_length(above=True))

    def places(self, since: Whole) -> Whole:
        """Which of the laws is that of each instant, in microseconds since the beginning."""
        return since // (self.step // MICROSECOND) % len(self.laws)


FOREVER = timedelta.max
"""A length of time that never ends, as a patience."""


@attrs.frozen
class InOrder:
    """The ``lengths`` one after the other, as they were recorded: the first ticket takes the first."""

    lengths: tuple[timedelta, ...] = attrs.field(converter=as_tuple, validator=_lengths)

    @property
    def mean(self) -> timedelta:
        """See ``Law``; of those that end."""
        ending = [item for item in self.lengths if item != FOREVER]
        return sum(ending, timedelta(0)) / len(ending) if ending else FOREVER

    def draw(self, chance: Generator, count: int) -> Floats:
        """See ``Law``; the first ones.  Takes nothing of chance.  ``InvalidInput`` if there are fewer."""
        return self.begun().draw(chance, count)

    def begun(self) -> Law:
        """The same, from which one draws the first, and then on from there."""
        return _Begun(self)


class _Begun:
    """Lengths that are read in order, each once."""

    def __init__(self, of: InOrder) -> None:
        self.mean = of.mean
        self._rest = np.array([item / MICROSECOND for item in of.lengths])

    def draw(self, chance: Generator, count: int) -> Floats:  # noqa: ARG002  # each law is asked alike
        if count > len(self._rest):
            raise InvalidInput("InOrder.lengths", "has fewer than there are tickets")
        found, self._rest = self._rest[:count], self._rest[count:]
        return found
