"""The least cost at which tickets can be given out, where each further one of an agent costs more: a convex-cost flow.

Tickets that suit the same agents at the same prices are one kind.  Each ticket in turn takes the cheapest way to room
that is free: to an agent, or by taking the place of a ticket that another agent can take instead, and so on.  That is
the method of successive shortest paths on reduced costs (Edmonds and Karp, "Theoretical improvements in algorithmic
efficiency for network flow problems", 1972), which keeps the cost least after every ticket; a convex cost is an arc for
each further ticket.  A ticket that has found a place never loses it, so an earlier one never waits for a later one.
"""

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from math import inf
from typing import NamedTuple

Number = int | float
"""A cost: whole, or infinite where there is no room."""

Kind = Sequence[tuple[int, int]]
"""Tickets that are alike: the agents whom they suit, each with the price of giving one there."""

Placed = list[dict[int, int]]
"""How many tickets of each kind each agent has."""


class Seat(NamedTuple):
    """An agent: the ticket after ``held`` others costs ``step`` times one more than twice their number.

    They may take ``room`` of them, which is infinite if anything goes.
    """

    held: int
    step: int
    room: Number

    @property
    def first(self) -> int:
        """What the first costs."""
        return (2 * self.held + 1) * self.step


def by_flow(order: Iterable[int], kinds: Sequence[Kind], seats: Sequence[Seat]) -> Placed:
    """Give a ticket of each kind in turn out, as many as can be, at the least cost of all.

    O(tickets x pairs x log agents), where pairs are of a kind and an agent; much less where most find room at once.

    >>> by_flow([0, 1], [[(0, 0), (1, 0)], [(0, 0)]], [Seat(0, 1, 1), Seat(0, 1, 1)])
    [{1: 1}, {0: 1}]
    """
    flow = Flow(kinds, seats)
    for kind in order:
        flow.place(kind)
    return flow.placed


class Flow:
    """The places of tickets that were given out one by one, at the least cost of all that were: ``placed``.

    Prices count from what an agent's first ticket costs.
    """

    def __init__(self, kinds: Sequence[Kind], seats: Sequence[Seat]) -> None:
        self.placed: Placed = [{} for _ in seats]
        first = [seat.first for seat in seats]
        self._suits = [
            sorted([(cost + first[agent], agent) for agent, cost in kind if seats[agent].room]) for kind in kinds
        ]
        self._steps = [2 * seat.step for seat in seats]
        self._room = [seat.room for seat in seats]
        self._next: list[Number] = [0] * len(seats)
        self._price: list[Number] = [0] * len(seats)
        self._worth: list[Number] = [0] * len(kinds)

    def place(self, kind: int) -> bool:
        """Give one more ticket of the kind out; whether there was a place for it.  O(pairs x log agents)."""
        price, following = self._price, self._next
        worth: Number = inf
        second: Number = inf
        first = -1
        for base, agent in self._suits[kind]:
            if base >= second:
                break
            reached = base + price[agent]
            if reached < worth or (reached == worth and following[agent] == price[agent]):
                second = worth
                worth, first = reached, agent
            elif reached < second:
                second = reached
        if first < 0:
            return False
        if following[first] > price[first]:
            return self._search(kind, worth)
        self._settle(first, kind)
        rise = min(second, worth + following[first] - price[first]) - worth
        if 0 < rise < inf and len(self.placed[first]) == 1:
            price[first] += rise
            worth += rise
        self._worth[kind] = worth
        return True

    def _search(self, kind: int, worth: Number) -> bool:
        """Take the cheapest way over tickets that can go elsewhere, by Dijkstra's algorithm."""
        price, following, worths, suits = self._price, self._next, self._worth, self._suits
        worths[kind] = worth
        near: dict[int, Number] = {}
        via: dict[int, int] = {}
        came: dict[int, tuple[int, Number]] = {}
        closed: set[int] = set()
        heap: list[tuple[Number, int]] = []
        best, end = inf, -1
        far: Number = 0
        source = -1
        found: Iterable[int] = (kind,)
        while True:
            for other in found:
                if other in came:
                    continue
                came[other] = (source, far)
                ahead = far - worths[other]
                for base, agent in suits[other]:
                    if ahead + base >= best:
                        break
                    reached = ahead + base + price[agent]
                    if reached < best and (agent not in near or reached < near[agent]):
                        near[agent] = reached
                        via[agent] = other
                        through = reached + following[agent] - price[agent]
                        if through < best:
                            best, end = through, agent
                        if through > reached:
                            heappush(heap, (reached, agent))
            while heap:
                far, source = heappop(heap)
                if source not in closed:
                    break
            else:
                break
            if far >= best:
                break
            closed.add(source)
            found = self.placed[source]
        if end < 0:
            return False
        for agent, far in near.items():
            if far < best:
                price[agent] += best - far
        for other, (_, far) in came.items():
            worths[other] += best - far
        self._exchange(end, kind, via, came)
        return True

    def _exchange(self, end: int, kind: int, via: dict[int, int], came: dict[int, tuple[int, Number]]) -> None:
        """Move the tickets along the way that was found, from its end."""
        moved = via[end]
        self._settle(end, moved)
        while moved != kind:
            agent = came[moved][0]
            placed = self.placed[agent]
            placed[moved] -= 1
            if not placed[moved]:
                del placed[moved]
            moved = via[agent]
            placed[moved] = placed.get(moved, 0) + 1

    def _settle(self, agent: int, kind: int) -> None:
        """One more ticket for the agent."""
        placed = self.placed[agent]
        placed[kind] = placed.get(kind, 0) + 1
        self._room[agent] -= 1
        self._next[agent] += self._steps[agent] if self._room[agent] else inf
