"""What would have been the most even day, known afterwards: a bound for any policy, for laboratories and reports."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import attrs

from ticketcore.checks import check_whole
from ticketcore.errors import NotFound
from ticketcore.planning.batches import Solver, Taker, seats_of, slots_of
from ticketcore.planning.flow import Kind, by_flow


@attrs.frozen
class Hindsight:
    """The most even day: the ``counts`` of all takers in their order.

    ``cost`` is the sum of (count squared over weight), and ``left`` tickets suited nobody who had room.
    """

    counts: tuple[tuple[str, int], ...]
    cost: Fraction
    left: int


def offline_optimal(
    groups: Mapping[frozenset[str], int], takers: Iterable[Taker], solve: Solver = by_flow
) -> Hindsight:
    """The most even way to have given out a day's tickets, grouped by the agents who could have taken them.

    It knows neither time nor how many can be worked on at once, so no policy can do better, and some days not as well.
    Of equal weights it is the most even by every measure at once; of unequal ones by the ``cost`` that it names.
    ``NotFound`` for an agent who is no taker; ``InvalidInput`` for one who comes twice, and for a count below 0.

    >>> offline_optimal({frozenset({"ana", "bo"}): 3, frozenset({"ana"}): 2}, [Taker("ana"), Taker("bo")]).counts
    (('ana', 2), ('bo', 3))
    """
    takers = list(takers)
    slots = slots_of(takers)
    kinds: list[Kind] = []
    order: list[int] = []
    for agents, count in sorted(groups.items(), key=lambda item: sorted(item[0])):
        check_whole(count, f"groups[{sorted(agents)}]", 0)
        kinds.append(tuple(sorted((_slot(agent, slots), 0) for agent in agents)))
        order += [len(kinds) - 1] * count
    placed = solve(order, kinds, seats_of(takers))
    counts = [sum(kinds.values()) for kinds in placed]
    cost = _cost(takers, counts)
    return Hindsight(
        tuple((taker.agent, count) for taker, count in zip(takers, counts, strict=True)), cost, len(order) - sum(counts)
    )


def regret(counts: Mapping[str, int], best: Hindsight, takers: Iterable[Taker]) -> float:
    """By how much these counts are less even than the best in hindsight: the cost over the best one, less 1.

    0.01 is one percent; 0 if there was nothing to give.
    """
    takers = list(takers)
    cost = _cost(takers, [counts.get(taker.agent, 0) for taker in takers])
    return float(cost / best.cost) - 1 if best.cost else 0.0


def _cost(takers: Sequence[Taker], counts: Iterable[int]) -> Fraction:
    pairs = zip(takers, counts, strict=True)
    return sum((Fraction((taker.held + count) ** 2, taker.weight) for taker, count in pairs), Fraction(0))


def _slot(agent: str, slots: Mapping[str, int]) -> int:
    if agent not in slots:
        raise NotFound("taker", agent)
    return slots[agent]
