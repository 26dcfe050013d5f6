"""The tickets that wait, in lanes, so that one that an agent cannot take is in nobody's way.

A lane has the tickets that look alike to every agent: one plan, one list of excluded agents, one line of the
discipline.  Only the heads of lanes are compared.  A lane is anchored at names, of which every agent who qualifies
bears one; whoever asks looks at the lanes of their own names that are not empty, and remembers which of them suit.
"""

import heapq
from collections.abc import Iterator

from ticketcore.engine.agents import AgentLoad
from ticketcore.engine.disciplines import Counting, Key, QueueDiscipline, Waiting
from ticketcore.engine.plans import Plan, Plans
from ticketcore.errors import InvalidInput

SPARE_LANES = 1024
"""How many empty lanes are kept at least before they are dropped."""


class Lane:
    """Tickets that look alike: ``heap`` holds their entries by key, dead ones too, never at its head.

    ``size`` counts the living, ``number`` is the lane's bit in sets of lanes.
    """

    __slots__ = ("excluded", "heap", "line", "number", "plan", "size")

    def __init__(self, plan: Plan, excluded: tuple[str, ...], line: int, number: int) -> None:
        self.plan = plan
        self.excluded = excluded
        self.line = line
        self.number = number
        self.heap: list[Entry] = []
        self.size = 0


Entry = tuple[Key, str, Lane]
"""A ticket in its lane: its key, its id, the lane."""


class Backlog:
    """Everything that waits: ``entries`` by ticket."""

    def __init__(self, discipline: QueueDiscipline, plans: Plans) -> None:
        self.discipline = discipline
        self._counting = discipline if isinstance(discipline, Counting) else None
        self._lengths: dict[int, int] = {}
        self._plans = plans
        self.entries: dict[str, Entry] = {}
        self._by_kind: dict[tuple[Plan, tuple[str, ...], int], Lane] = {}
        self._lanes: list[Lane] = []
        self._by_anchor: dict[str, int] = {}
        self._epoch = 0
        self._most = SPARE_LANES

    def lanes(self) -> Iterator[Lane]:
        """The lanes in which something waits."""
        return (lane for lane in self._lanes if lane.heap)

    def put(self, ticket: str, plan: Plan, waiting: Waiting, excluded: tuple[str, ...]) -> None:
        """The ticket waits.  ``InvalidInput`` if it does already.  O(log of its lane)."""
        if ticket in self.entries:
            raise InvalidInput("ticket", f"{ticket!r} waits already")
        line, key = self.discipline.place(waiting)
        kind = (plan, excluded, line)
        lane = self._by_kind.get(kind)
        if lane is None:
            if len(self._lanes) >= self._most:
                self._drop_empty()
            self._plans.anchor(plan)
            lane = self._by_kind[kind] = Lane(plan, excluded, line, len(self._lanes))
            self._lanes.append(lane)
        if not lane.heap:
            self._mark(lane)
        self.entries[ticket] = entry = (key, ticket, lane)
        heapq.heappush(lane.heap, entry)
        lane.size += 1
        if self._counting is not None:
            self._lengths[line] = self._lengths.get(line, 0) + 1

    def withdraw(self, ticket: str) -> None:
        """The ticket waits no longer."""
        _, _, lane = self.entries.pop(ticket)
        lane.size -= 1
        if self._counting is not None:
            self._lengths[lane.line] -= 1
        heap, waiting = lane.heap, self.entries
        if len(heap) > 64 + 2 * lane.size:
            heap[:] = [entry for entry in heap if waiting.get(entry[1]) is entry]
            heapq.heapify(heap)
        while heap and waiting.get(heap[0][1]) is not heap[0]:
            heapq.heappop(heap)
        if not heap:
            self._mark(lane)

    def first(self, load: AgentLoad, at: int) -> Entry | None:
        """What the agent should get of what they qualify for and have room for.  O(lanes that suit them)."""
        suiting = self._suiting(load)
        discipline, ready, lanes = self.discipline, load.ready, self._lanes
        if self._counting is not None:
            discipline = self._counting.among(self._lengths)
        steady = discipline.steady
        best: Entry | None = None
        best_urgency: tuple[Key, str] | None = None
        while suiting:
            number = suiting.bit_length() - 1
            suiting ^= 1 << number
            lane = lanes[number]
            if not lane.plan.room.flag & ready:
                continue
            head = lane.heap[0]
            if steady:
                if best is None or head < best:
                    best = head
            elif discipline.ripe(lane.line, head[0]) <= at:
                urgency = (discipline.urgency(lane.line, head[0], at), head[1])
                if best_urgency is None or urgency < best_urgency:
                    best, best_urgency = head, urgency
        return best

    def urgency(self, entry: Entry, at: int) -> Key:
        """How the head of a lane compares with those of others at that instant, smallest first."""
        key, _, lane = entry
        return key if self.discipline.steady else self.discipline.urgency(lane.line, key, at)

    def next_ripe(self, at: int) -> int | None:
        """When something that waits may be given to somebody that may not yet.  O(lanes)."""
        if self.discipline.steady:
            return None
        ripe = (self.discipline.ripe(lane.line, lane.heap[0][0]) for lane in self.lanes())
        return min((instant for instant in ripe if instant > at), default=None)

    def _suiting(self, load: AgentLoad) -> int:
        """The lanes, not empty, whose tickets the agent qualifies for."""
        found, by_anchor = 0, self._by_anchor
        for name in load.names:
            if name in by_anchor:
                found |= by_anchor[name]
        if not found:
            return 0
        if load.epoch != self._epoch:
            load.epoch = self._epoch
            load.tested = load.fits = 0
        unknown = found & (found ^ load.tested)
        if unknown:
            self._test(load, unknown)
        return found & load.fits

    def _test(self, load: AgentLoad, unknown: int) -> None:
        """Find out which of these lanes suit the agent, for as long as neither changes."""
        load.tested |= unknown
        fits, lanes, plans = load.fits, self._lanes, self._plans
        while unknown:
            number = unknown.bit_length() - 1
            bit = 1 << number
            unknown ^= bit
            lane = lanes[number]
            if plans.qualifies(lane.plan, load) and load.id not in lane.excluded:
                fits |= bit
        load.fits = fits

    def _mark(self, lane: Lane) -> None:
        """The lane is empty and was not, or the other way round."""
        bit = 1 << lane.number
        for name in lane.plan.anchors:
            left = self._by_anchor.get(name, 0) ^ bit
            if left:
                self._by_anchor[name] = left
            else:
                del self._by_anchor[name]

    def _drop_empty(self) -> None:
        """Number the lanes anew, without the empty ones.  O(lanes), once in as many new ones."""
        self._lanes = [lane for lane in self._lanes if lane.heap]
        self._by_kind = {(lane.plan, lane.excluded, lane.line): lane for lane in self._lanes}
        self._by_anchor = {}
        self._epoch += 1
        self._most = max(SPARE_LANES, 2 * len(self._lanes))
        for number, lane in enumerate(self._lanes):
            lane.number = number
            self._mark(lane)
