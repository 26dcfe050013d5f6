"""What is written down while a path is simulated: a row for each ticket, or only sums."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from ticketcore.engine import Plan
from ticketcore.sim.drawing import NEVER
from ticketcore.sim.laws import MICROSECOND, Law, Periodic, Whole
from ticketcore.sim.results import NONE, ClassTotals, Rows, steps_of
from ticketcore.sim.scenario import TicketClass

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Kind:
    """A class of tickets in a simulation, and the sums of those of it that count.

    ``id`` is the name of the sums, ``plan`` the engine's; ``laws`` are those of its handling: that of the class, and by
    id those that groups have of their own.  ``waits`` of the served and ``losses``, the times in queue of those who
    left, are those since the last ``sum_up``; where these are measured in business hours, ``came`` and ``gone`` are
    when they came.  ``again`` and ``later`` are the kinds of further attempts and of later touches; all but these are
    ``first``, and have rows.
    """

    __slots__ = (
        *("again", "arrived", "by_bot", "came", "due", "first", "gone", "id", "later", "law_places", "laws", "left"),
        *("left_within", "longest", "losses", "of", "plan", "priority", "queued", "served", "solved_within", "steps"),
        *("waited", "waits", "within"),
    )

    def __init__(self, of: TicketClass, plan: Plan, laws: Mapping[str, Law | Periodic], id: str = "") -> None:
        self.id = id or of.id
        self.first = not id
        self.of = of
        self.plan = plan
        self.laws = laws
        self.law_places = {id: place for place, id in enumerate(laws)}
        self.priority = of.priority
        self.due = None if of.due is None else of.due // MICROSECOND
        self.waits: list[int] = []
        self.losses: list[int] = []
        self.came: list[int] = []
        self.gone: list[int] = []
        self.arrived = self.served = self.left = self.by_bot = 0
        self.waited = self.queued = self.longest = self.within = self.left_within = self.solved_within = 0
        self.steps: Counter[int] = Counter()
        self.again: Kind | None = None
        self.later: Kind | None = None
        if self.first:
            if of.touches is not None:
                self.later = Kind(of, plan, laws, f"{of.id}.later")
                self.later.later = self.later
            if of.retrials is not None:
                self.again = Kind(of, plan, laws, f"{of.id}.again")
                self.again.again, self.again.later = self.again, self.later

    @property
    def further(self) -> "list[Kind]":
        """Those of what comes again."""
        return [kind for kind in (self.again, self.later) if kind is not None]

    def due_at(self, at: int, span: int) -> int:
        """When so much time, in its hours, will have passed for a ticket that comes at an instant."""
        if self.of.hours is None:
            return at + span
        due = self.of.hours.due(_EPOCH + at * MICROSECOND, span * MICROSECOND)
        return NEVER if due is None else (due - _EPOCH) // MICROSECOND

    def elapsed(self, begin: int, end: int) -> int:
        """How much time passed in its hours."""
        if self.of.hours is None:
            return end - begin
        return self.of.hours.elapsed(_EPOCH + begin * MICROSECOND, _EPOCH + end * MICROSECOND) // MICROSECOND

    def solved(self, spent: int) -> None:
        """One was solved after so much of the time in its hours."""
        assert self.of.solve_within is not None
        self.solved_within += spent <= self.of.solve_within // MICROSECOND

    def taken(self, at: int, wait: int) -> None:
        """One that came at an instant was served after so long."""
        self.waits.append(wait)
        if self.of.hours is not None:
            self.came.append(at)

    def lost(self, at: int, wait: int) -> None:
        """The customer of one that came at an instant left after so long."""
        self.losses.append(wait)
        if self.of.hours is not None:
            self.gone.append(at)

    def sum_up(self) -> None:
        """Take what has come since the last time into the sums."""
        columns = (self.waits, self.losses, self.came, self.gone)
        self.add(*(np.array(column, np.int64) for column in columns))
        for column in columns:
            column.clear()

    def add(self, waits: Whole, losses: Whole, came: Whole, gone: Whole) -> None:
        """These were served and these left after so long; when they came matters where there are business hours."""
        self.served += len(waits)
        self.left += len(losses)
        total = int(waits.sum())
        self.waited += total
        self.queued += total + int(losses.sum())
        self.within += self._in_time(waits, came)
        self.left_within += self._in_time(losses, gone)
        if not len(waits):
            return
        self.longest = max(self.longest, int(waits.max()))
        steps, counts = np.unique(steps_of(waits), return_counts=True)
        for step, count in zip(steps.tolist(), counts.tolist(), strict=True):
            self.steps[step] += count

    def _in_time(self, waits: Whole, came: Whole) -> int:
        if self.of.answer_within is None:
            return 0
        target = self.of.answer_within // MICROSECOND
        if self.of.hours is None:
            return int((waits <= target).sum())
        return sum(at + wait <= self.due_at(at, target) for at, wait in zip(came.tolist(), waits.tolist(), strict=True))

    def totals(self) -> ClassTotals:
        """The sums."""
        promised = self.of.answer_within is not None
        return ClassTotals(
            self.id,
            self.arrived,
            self.served,
            self.left,
            self.waited,
            self.longest,
            self.queued,
            self.within if promised else None,
            self.left_within if promised else None,
            tuple(sorted(self.steps.items())),
            self.by_bot,
            self.solved_within if self.of.solve_within is not None and not self.is_later else None,
        )

    @property
    def is_later(self) -> bool:
        """Whether it is of touches after the first."""
        return self.later is self


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
    """Take the rows from the number ``first`` on into the sums of their kinds.  O(rows x log rows)."""
    order = np.argsort(rows.classes[first:], kind="stable") + first
    ends = np.cumsum(np.bincount(rows.classes[first:], minlength=len(kinds)))
    for kind, own in zip(kinds, np.split(order, ends[:-1]), strict=True):
        kind.arrived = len(own)
        arrived, started, ended = rows.arrived[own], rows.started[own], rows.ended[own]
        served, left = started != NONE, (started == NONE) & (ended != NONE)
        kind.add((started - arrived)[served], (ended - arrived)[left], arrived[served], arrived[left])
