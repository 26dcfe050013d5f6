"""Student's t: how far the mean of a few figures can be off.

By the incomplete beta function, as a continued fraction, to nine digits or more.  scipy has it too, and would be a
dependency for this one function.
"""

from functools import cache
from math import exp, inf, lgamma, log, log1p

from ticketcore.checks import check_number, check_whole
from ticketcore.sim.theory.numerics import first


@cache
def student_quantile(share: float, freedom: int) -> float:
    """The number that t, with so many degrees of ``freedom``, does not exceed with the chance ``share``.

    Student, "The probable error of a mean" (1908).  Raises ``InvalidInput`` for a share not between 0 and 1.

    >>> round(student_quantile(0.975, 19), 5)
    2.09302
    """
    check_number(share, "share", 0, 1, above=True)
    check_number(1 - share, "share", 0, 1, above=True)
    check_whole(freedom, "freedom", 1)
    if share < 0.5:
        return -student_quantile(1 - share, freedom)
    high = 1.0
    while above(high, freedom) > 1 - share:
        high *= 2
    return first(lambda value: above(value, freedom) <= 1 - share, 0.0, high)


def above(value: float, freedom: int) -> float:
    """The chance that t, with so many degrees of ``freedom``, is above a value that is at least 0.

    >>> round(above(1, 1), 12)
    0.25
    """
    square = value * value
    return beta_share(freedom / 2, 0.5, freedom / (freedom + square)) / 2


def beta_share(one: float, other: float, value: float) -> float:
    """The regularised incomplete beta function, which is the distribution of beta.

    Abramowitz and Stegun, "Handbook of mathematical functions" (1964), 26.5.8, from the side where it converges fast.

    >>> round(beta_share(2, 3, 0.4), 12)
    0.5248
    """
    if value <= 0 or value >= 1:
        return float(value >= 1)
    front = exp(lgamma(one + other) - lgamma(one) - lgamma(other) + one * log(value) + other * log1p(-value))
    if value > (one + 1) / (one + other + 2):
        return 1 - front * _continued(other, one, 1 - value) / other
    return front * _continued(one, other, value) / one


def _continued(one: float, other: float, value: float) -> float:
    """The continued fraction, by the method of Lentz."""
    tiny = 1e-300
    ratio, inverse = 1.0, 1 / (1 - (one + other) * value / (one + 1) or tiny)
    result, number, step = inverse, 0, inf
    while abs(step - 1) > 1e-16:
        number += 1
        twice = one + 2 * number
        step = 1.0
        for part in (
            number * (other - number) * value / ((twice - 1) * twice),
            -(one + number) * (one + other + number) * value / (twice * (twice + 1)),
        ):
            inverse = 1 / (1 + part * inverse or tiny)
            ratio = 1 + part / ratio or tiny
            step *= inverse * ratio
        result *= step
        if number > 10_000:
            break
    return result
