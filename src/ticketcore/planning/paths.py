"""The most even way to give tickets out, by moving them as long as that makes it more even: cost-reducing paths.

Harvey, Ladner, Lovász and Tamir, "Semi-matchings for bipartite graphs and load balancing" (2006): a way is the most
even when there is no chain of agents, each of whom has a ticket that the next one can take, from one with more to one
with less.  Then it is so by every measure of evenness at once, if all weigh the same.
"""

from collections.abc import Iterable, Sequence
from math import inf

from ticketcore.planning.flow import Kind, Number, Placed, Seat


def by_paths(order: Iterable[int], kinds: Sequence[Kind], seats: Sequence[Seat]) -> Placed:
    """Give a ticket of each kind in turn out, as many as can be, then move them until no move is left that is worth it.

    Looks at no prices.  As ``by_flow`` gives, where all prices are 0, at the same cost, though not always to the same
    agents.  O(moves x pairs), where pairs are of a kind and an agent.

    >>> by_paths([0, 1], [[(0, 0), (1, 0)], [(0, 0)]], [Seat(0, 1, 1), Seat(0, 1, 1)])
    [{1: 1}, {0: 1}]
    """
    search = _Paths(kinds, seats)
    for kind in order:
        search.place(kind)
    search.even_out()
    return search.placed


class _Paths:
    def __init__(self, kinds: Sequence[Kind], seats: Sequence[Seat]) -> None:
        self.placed: Placed = [{} for _ in seats]
        self._suits = [[agent for agent, _ in kind if seats[agent].room] for kind in kinds]
        self._steps = [2 * seat.step for seat in seats]
        self._room = [seat.room for seat in seats]
        self._next: list[Number] = [seat.first for seat in seats]

    def place(self, kind: int) -> None:
        """To who is cheapest, or if nobody has room, where a chain of moves makes some."""
        agent = min(self._suits[kind], key=self._cost, default=-1)
        if agent >= 0 and self._room[agent]:
            self._move(kind, None, agent)
        elif agent >= 0:
            self._along([kind], None, inf)

    def even_out(self) -> None:
        """Move from whoever has the dearest ticket while somebody within reach can have it for less."""
        dearest = [agent for agent, placed in enumerate(self.placed) if placed]
        while dearest:
            dearest.sort(key=self._last)
            agent = dearest[-1]
            end = self._along(self.placed[agent], agent, self._last(agent))
            if end is None:
                dearest.pop()
            else:
                dearest = [agent for agent, placed in enumerate(self.placed) if placed]

    def _along(self, kinds: Iterable[int], start: int | None, most: Number) -> int | None:
        """Move a ticket of these kinds along a chain to who is cheapest in reach, if that is less than ``most``."""
        came: dict[int, int | None] = dict.fromkeys(kinds, start)
        via: dict[int, int] = {}
        found = list(came)
        for kind in found:
            for agent in self._suits[kind]:
                if agent not in via and agent != start:
                    via[agent] = kind
                    fresh = [other for other in self.placed[agent] if other not in came]
                    came.update(dict.fromkeys(fresh, agent))
                    found += fresh
        end = min(via, key=self._cost, default=None)
        if end is None or self._cost(end) >= most:
            return None
        agent = end
        while True:
            source = came[via[agent]]
            self._move(via[agent], source, agent)
            if source == start:
                return end
            assert source is not None
            agent = source

    def _move(self, kind: int, source: int | None, agent: int) -> None:
        if source is not None:
            self._add(kind, source, -1)
        self._add(kind, agent, 1)

    def _add(self, kind: int, agent: int, count: int) -> None:
        placed = self.placed[agent]
        placed[kind] = placed.get(kind, 0) + count
        if not placed[kind]:
            del placed[kind]
        self._room[agent] -= count
        self._next[agent] += count * self._steps[agent]

    def _cost(self, agent: int) -> Number:
        """What one more costs."""
        return self._next[agent] if self._room[agent] > 0 else inf

    def _last(self, agent: int) -> Number:
        """What the last one costs."""
        return self._next[agent] - self._steps[agent]
