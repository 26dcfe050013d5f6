"""What is written down while a path is simulated: a row for each ticket, or only sums."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from ticketcore.engine import Plan
from ticketcore.sim.drawing import Whole
from ticketcore.sim.laws import MICROSECOND, Law
from ticketcore.sim.results import NONE, ClassTotals, Rows, steps_of
from ticketcore.sim.scenario import TicketClass


class Kind:
    """A class of tickets in a simulation, and the sums of those of it that count.

    ``plan`` is the engine's; ``laws`` are those of its handling: that of the class, and by id those that groups have of
    their own.  ``waits`` of the served and ``losses``, the times in queue of those who left, are those since the last
    ``sum_up``.
    """

    __slots__ = (
        *("arrived", "due", "law_places", "laws", "left", "longest", "losses", "of", "plan", "priority"),
        *("queued", "served", "steps", "waited", "waits", "within"),
    )

    def __init__(self, of: TicketClass, plan: Plan, laws: Mapping[str, Law]) -> None:
        self.of = of
        self.plan = plan
        self.laws = laws
        self.law_places = {id: place for place, id in enumerate(laws)}
        self.priority = of.priority
        self.due = None if of.due is None else of.due // MICROSECOND
        self.waits: list[int] = []
        self.losses: list[int] = []
        self.arrived = self.served = self.left = 0
        self.waited = self.queued = self.longest = self.within = 0
        self.steps: Counter[int] = Counter()

    def sum_up(self) -> None:
        """Take what has come since the last time into the sums."""
        waits, losses = np.array(self.waits, np.int64), np.array(self.losses, np.int64)
        self.waits.clear()
        self.losses.clear()
        self.add(waits, losses)

    def add(self, waits: Whole, losses: Whole) -> None:
        """These were served and these left after so long."""
        self.served += len(waits)
        self.left += len(losses)
        total = int(waits.sum())
        self.waited += total
        self.queued += total + int(losses.sum())
        if not len(waits):
            return
        self.longest = max(self.longest, int(waits.max()))
        if self.of.answer_within is not None:
            self.within += int((waits <= self.of.answer_within // MICROSECOND).sum())
        steps, counts = np.unique(steps_of(waits), return_counts=True)
        for step, count in zip(steps.tolist(), counts.tolist(), strict=True):
            self.steps[step] += count

    def totals(self) -> ClassTotals:
        """The sums."""
        return ClassTotals(
            self.of.id,
            self.arrived,
            self.served,
            self.left,
            self.waited,
            self.longest,
            self.queued,
            None if self.of.answer_within is None else self.within,
            tuple(sorted(self.steps.items())),
        )


class Recording:
    """The rows of a path while it goes on."""

    def __init__(self) -> None:
        self.arrived, self.started, self.ended = array("q"), array("q"), array("q")
        self.classes, self.agents = array("h"), array("i")

    def extend(self, at: Whole, classes: Whole) -> None:
        """These come next."""
        self.arrived.frombytes(at.tobytes())
        self.classes.frombytes(classes.astype(np.int16).tobytes())
        for column in (self.started, self.ended, self.agents):
            column.frombytes(b"\xff" * (len(at) * column.itemsize))

    def rows(self, stopped: int) -> Rows:
        """All of them, as of the instant at which all stopped.  The recording must not grow afterwards."""
        ended = np.frombuffer(self.ended, np.int64)
        ended[ended > stopped] = NONE
        arrived, started = np.frombuffer(self.arrived, np.int64), np.frombuffer(self.started, np.int64)
        return Rows(
            arrived, started, ended, np.frombuffer(self.classes, np.int16), np.frombuffer(self.agents, np.int32)
        )


def sum_rows(rows: Rows, first: int, kinds: Sequence[Kind]) -> None:
    """Take the rows from the number ``first`` on into the sums of their kinds."""
    arrived, started, ended = (column[first:] for column in (rows.arrived, rows.started, rows.ended))
    for i, kind in enumerate(kinds):
        own = rows.classes[first:] == i
        kind.arrived = int(own.sum())
        served, left = own & (started != NONE), own & (started == NONE) & (ended != NONE)
        kind.add((started - arrived)[served], (ended - arrived)[left])
