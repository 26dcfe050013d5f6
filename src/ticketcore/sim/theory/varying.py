"""Days that are not all alike: rates and numbers of agents that change from period to period.

Times and rates are in one unit of your choice.  What cannot be used is ``InvalidInput``, naming the field.
"""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from math import exp, expm1

import attrs

from ticketcore.checks import check_number, check_whole, number, whole


@attrs.frozen
class Period:
    """For so long (``length``) customers come at an ``arrival_rate``, and there are so many ``agents``.

    A rate that changes smoothly is many short periods, each with the rate at its middle.  Raises ``InvalidInput``.
    """

    length: float = attrs.field(validator=number(0, above=True))
    arrival_rate: float = attrs.field(validator=number(0))
    agents: int = attrs.field(default=1, validator=whole(0))


def offered_loads(
    periods: Iterable[Period], service_rate: float, begun: float = 0.0
) -> tuple[tuple[float, float], ...]:
    """The mean and the highest load of each period: how many would be busy if nobody ever had to wait.

    ``begun`` are busy when the first period begins.  The number is of a Poisson law at any time: this is
    M(t)/M/infinity in full.  Eick, Massey and Whitt, "The physics of the M(t)/G/infinity queue" (1993).

    Raises ``InvalidInput``.

    >>> [round(most, 3) for _, most in offered_loads([Period(1, 10), Period(1, 0)], service_rate=2)]
    [4.323, 4.323]
    """
    check_number(service_rate, "service_rate", 0, above=True)
    check_number(begun, "begun", 0)
    busy, loads = begun, []
    for period in periods:
        settled = period.arrival_rate / service_rate
        ended = settled + (busy - settled) * exp(-service_rate * period.length)
        mean = settled - (busy - settled) * expm1(-service_rate * period.length) / (service_rate * period.length)
        loads.append((mean, max(busy, ended)))
        busy = ended
    return tuple(loads)


@attrs.frozen
class Passed:
    """What is to be expected of a period: how many ``arrived`` and how many of those who were there ``left``.

    ``delayed`` is the share of those who came who found all agents busy, ``mean_queue`` and ``mean_busy`` are how many
    waited and were served on average, ``in_system`` is how many were there when it ended.
    """

    arrived: float
    left: float
    delayed: float
    mean_queue: float
    mean_busy: float
    in_system: float


def day(
    periods: Sequence[Period], service_rate: float, patience_rate: float = 0.0, begun: int = 0
) -> tuple[Passed, ...]:
    """What is to be expected of each period of a day, which ``begun`` customers were there before: M(t)/M/n(t)+M.

    Exactly, by the forward equations of the number of customers, and uniformisation.  When agents go in the middle of
    something, it goes back to the queue and is begun again.  ``patience_rate`` 0 is nobody leaves.  Jensen, "Markoff
    chains as an aid in the study of Markoff processes" (1953).  O(states x transitions in the day): seconds for 50
    agents and a working day.  Raises ``InvalidInput``.

    >>> [alone] = day([Period(length=200, arrival_rate=0.5, agents=1)], service_rate=1)
    >>> round(alone.in_system, 3)
    1.0
    """
    check_number(service_rate, "service_rate", 0, above=True)
    check_number(patience_rate, "patience_rate", 0)
    check_whole(begun, "begun", 0)
    chances = [0.0] * begun + [1.0]
    passed = []
    for period in periods:
        chances, mean = _pass(period, service_rate, patience_rate, chances)
        over = [max(0, state - period.agents) for state in range(len(mean))]
        waiting = sum(state * chance for state, chance in zip(over, mean, strict=True))
        there = sum(state * chance for state, chance in enumerate(mean))
        passed.append(
            Passed(
                period.arrival_rate * period.length,
                patience_rate * waiting * period.length,
                sum(mean[period.agents :]),
                waiting,
                there - waiting,
                sum(state * chance for state, chance in enumerate(chances)),
            )
        )
    return tuple(passed)


_AHEAD = 90
"""For how many more customers than were there room is left in a step, in which 30 come on average at most."""


def _pass(
    period: Period, service_rate: float, patience_rate: float, chances: list[float]
) -> tuple[list[float], list[float]]:
    """How many customers are there, as chances: when a period ends, and at a time within it."""
    left, mean = period.length, [0.0]
    while left > 0:
        states = len(chances) + (_AHEAD if period.arrival_rate else 0)
        ends = [
            min(state, period.agents) * service_rate + max(0, state - period.agents) * patience_rate
            for state in range(states)
        ]
        pace = period.arrival_rate + ends[-1]
        step = min(left, 200 / pace, 30 / period.arrival_rate if period.arrival_rate else left) if pace else left
        before = chances + [0.0] * (states - len(chances))
        chances, stay = _step(before, period.arrival_rate, ends, pace, step)
        left -= step
        if sum(abs(one - other) for one, other in zip(before, chances, strict=True)) < 1e-13:
            stay = [time * (1 + left / step) for time in stay]
            left = 0.0  # nothing changes any more
        mean = [one + other for one, other in zip_longest(mean, stay, fillvalue=0.0)]
        while len(chances) > 1 and chances[-1] < 1e-18:
            chances.pop()
    return chances, [time / period.length for time in mean]


def _step(
    chances: list[float], arrival_rate: float, ends: list[float], pace: float, step: float
) -> tuple[list[float], list[float]]:
    """The chances after a step, and for how long of it each state lasted."""
    if pace == 0:
        return chances, [chance * step for chance in chances]
    more = arrival_rate / pace
    less = [*(rate / pace for rate in ends[1:]), 0.0]
    same = [1 - more - rate / pace for rate in ends]
    same[-1] += more  # in the last state there is no room for more
    jumps = pace * step
    weight = exp(-jumps)
    later = 1 - weight
    after = [weight * chance for chance in chances]
    stay = [later * chance for chance in chances]
    jump = 0
    while jump < jumps or weight > 1e-18:
        jump += 1
        moves = zip([0.0, *chances], [*chances[1:], 0.0], less, same, chances, strict=False)
        chances = [more * lower + down * upper + rest * chance for lower, upper, down, rest, chance in moves]
        weight *= jumps / jump
        later -= weight
        if weight > 1e-18:
            after = [one + weight * chance for one, chance in zip(after, chances, strict=True)]
        if later > 1e-17:
            stay = [one + later * chance for one, chance in zip(stay, chances, strict=True)]
    return after, [time / pace for time in stay]
