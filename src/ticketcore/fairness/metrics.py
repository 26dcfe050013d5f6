"""How even it was, as numbers: of shares, and of what happened on the way to them.

A number says little by itself: a day may allow no better.  Compare with ``ticketcore.planning.offline_optimal``, and
with a policy that draws lots.  When there is more work than can be done, all policies come to the same.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from math import ceil, sqrt

import attrs

from ticketcore.fairness.history import Given, History
from ticketcore.fairness.ledger import Share


def rates(shares: Iterable[Share]) -> list[float]:
    """What everybody was given for what they were to expect; who could expect nothing is left out."""
    return [share.rate for share in shares if share.entitled > 0]


def jain(values: Collection[float]) -> float:
    """Jain's index: 1 if all are equal, one over their number if one has all; 1 of nothing.

    Jain, Chiu and Hawe, "A quantitative measure of fairness and discrimination" (1984).

    >>> jain([2, 2, 2]), jain([3, 0, 0])
    (1.0, 0.3333333333333333)
    """
    squares = sum(value * value for value in values)
    return sum(values) ** 2 / (len(values) * squares) if squares else 1.0


def gini(values: Collection[float]) -> float:
    """Gini's coefficient: 0 if all are equal, nearly 1 if one has all; 0 of nothing.

    >>> gini([2, 2, 2]), gini([3, 0, 0])
    (0.0, 0.6666666666666666)
    """
    total, count = sum(values), len(values)
    ranked = sum((2 * place - count + 1) * value for place, value in enumerate(sorted(values)))
    return ranked / (count * total) if total else 0.0


def variation(values: Collection[float]) -> float:
    """The standard deviation over the mean; 0 of nothing."""
    mean = sum(values) / len(values) if values else 0.0
    return sqrt(sum((value - mean) ** 2 for value in values) / len(values)) / mean if mean else 0.0


def extremes(values: Collection[float]) -> tuple[float, float]:
    """The least and the most over the mean; 1 and 1 of nothing."""
    mean = sum(values) / len(values) if values else 0.0
    return (min(values) / mean, max(values) / mean) if mean else (1.0, 1.0)


@attrs.frozen
class Lag:
    """How many tickets anybody was away from what they were to expect so far, ahead or behind.

    ``most`` is the farthest of all, ``p99`` is exceeded in one of a hundred cases, where each ticket is one for
    everybody who was qualified for it.
    """

    most: float
    p99: float


def lag(history: History) -> Lag:
    """How far anybody was from their part of the tickets that they were qualified for, after each of them.

    O(given x qualified).
    """
    weights = dict(history.weights)
    away: dict[str, float] = defaultdict(float)
    seen: list[float] = []
    for given in history.counted():
        whole = sum(weights[agent] for agent in given.qualified)
        away[given.agent] -= 1
        for agent in given.qualified:
            away[agent] += weights[agent] / whole
            seen.append(abs(away[agent]))
    seen.sort()
    return Lag(seen[-1], seen[ceil(0.99 * len(seen)) - 1]) if seen else Lag(0.0, 0.0)


def envious(history: History) -> int:
    """How many pairs there are of whom the first would rather have had what the second was given.

    Of the tickets that the first was qualified for, the second was given more for their weight, even less any one
    ticket (envy-freeness up to one good: Budish, "The combinatorial assignment problem", 2011).  O(given x qualified).
    """
    weights = dict(history.weights)
    own: dict[str, int] = defaultdict(int)
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for given in history.counted():
        own[given.agent] += 1
        for agent in given.qualified:
            if agent != given.agent:
                seen[agent, given.agent] += 1
    return sum((theirs - 1) * weights[one] > own[one] * weights[other] for (one, other), theirs in seen.items())


@attrs.frozen
class Burst:
    """The most that an ``agent`` was given at once: so many ``tickets`` from ``begin`` on, for the length asked for.

    ``peers`` is what the others who were there all the time were given in it on average.
    """

    agent: str
    begin: int
    tickets: int
    peers: float


def burst(history: History, length: int, agents: Collection[str] | None = None) -> Burst | None:
    """The most that anybody, or anybody of ``agents``, was given within ``length`` microseconds, the earliest first.

    None if nothing was given.  O(given x log given, and once agents).
    """
    times: dict[str, list[int]] = defaultdict(list)
    for given in history.counted():
        times[given.agent].append(given.at)
    best: tuple[int, int, str] | None = None
    for agent in sorted(times if agents is None else set(agents) & times.keys()):
        own = times[agent]
        for place, begin in enumerate(own):
            found = (bisect_left(own, begin + length) - place, -begin, agent)
            if best is None or found[:2] > best[:2]:
                best = found
    if best is None:
        return None
    tickets, begin, agent = best[0], -best[1], best[2]
    return Burst(agent, begin, tickets, peers_of(history, agent, begin, begin + length, times))


def peers_of(history: History, agent: str, begin: int, end: int, times: "dict[str, list[int]] | None" = None) -> float:
    """What the others who were there from ``begin`` to ``end`` were given in that time on average; 0 if nobody was."""
    if times is None:
        times = defaultdict(list)
        for given in history.counted():
            times[given.agent].append(given.at)
    peers = {duty.agent for duty in history.duties if duty.begin <= begin and end <= duty.end} - {agent}
    counts = [bisect_left(times[peer], end) - bisect_left(times[peer], begin) if peer in times else 0 for peer in peers]
    return sum(counts) / len(counts) if counts else 0.0


def choices(given: Sequence[Given]) -> float:
    """In what part of the cases more than one agent could be chosen, so that a policy had a say; 0 of nothing."""
    return sum(len(item.able) > 1 for item in given) / len(given) if given else 0.0


def groups_of(history: History) -> dict[frozenset[str], int]:
    """How many tickets each set of agents could have had, as ``offline_optimal`` takes them."""
    groups: dict[frozenset[str], int] = defaultdict(int)
    for given in history.counted():
        groups[frozenset(given.qualified)] += 1
    return dict(groups)
