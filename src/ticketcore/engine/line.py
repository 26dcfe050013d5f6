"""Those who have room in the order of their ranks, for policies under which whoever is free again goes to its end.

So it is with since when somebody is idle, where each does one thing at a time: nobody's rank changes while they have
room, and whoever has room anew comes after all others.  Where that is not so the line is given up, and formed again
after a while, ever later if it does not last.
"""

from collections.abc import Callable, Iterable, Sequence

from ticketcore.engine.agents import AgentLoad, Order

PACED = 64
"""In how short a line one looks from its beginning, however few of it can be the first."""


class Line:
    """The ``agents`` in their order, by number, None while there is no line; ``order`` is what one is ordered by now.

    ``wait`` is for how many questions there is none, at least.
    """

    __slots__ = ("_after", "_asked", "_last", "_least", "_order", "_place", "_slot", "agents")

    def __init__(self, order: Callable[[AgentLoad], Order], wait: int) -> None:
        self._order, self._least, self._after, self._asked = order, wait, wait, 0
        self.agents: dict[AgentLoad, int] | None = None
        self._last: Order = ()
        self._slot = self._place = 0

    def due(self) -> bool:
        """Whether it is to be formed, as one more question is asked while there is none."""
        self._asked += 1
        return self._asked > self._after

    def form(self, agents: Iterable[AgentLoad]) -> None:
        """These, at least one, are all who have room.  O(agents x log agents)."""
        order = self._order
        ranked = sorted((order(load), -load.slot, load) for load in agents)
        self.agents = {load: place for place, (_, _, load) in enumerate(ranked)}
        self._last, slot, _ = ranked[-1]
        self._slot, self._asked, self._place = -slot, 0, len(ranked)

    def first(self, able: int, by_slot: Sequence[AgentLoad | None]) -> AgentLoad:
        """Who of a set of agents, who all have room, comes first, while there is a line: O(square root of agents)."""
        agents = self.agents
        assert agents is not None
        if len(agents) <= PACED or able.bit_count() ** 2 > len(agents):
            for load in agents:
                if able >> load.slot & 1:
                    return load
        best, winner = self._place, -1
        while able:
            slot = able.bit_length() - 1
            able ^= 1 << slot
            place = agents[by_slot[slot]]  # type: ignore[index]  # no slot is empty
            if place < best:
                best, winner = place, slot
        return by_slot[winner]  # type: ignore[return-value]  # as before

    def add(self, load: AgentLoad) -> None:
        """Somebody has room again, while there is a line."""
        rank = self._order(load)
        if self.agents is None or rank < self._last or (rank == self._last and load.slot > self._slot):
            self.give_up()
        else:
            self._last, self._slot = rank, load.slot
            self.agents[load] = self._place
            self._place += 1

    def give_up(self) -> None:
        """The order may be another."""
        if self.agents is not None:
            self._after = self._least if self._place > 2 * self._after else 2 * self._after
            self.agents, self._asked = None, 0
