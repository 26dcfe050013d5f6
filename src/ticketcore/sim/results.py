"""What came of one simulated path: sums by class of ticket and by agent, and a row for each ticket if they were kept.

Lengths of time are whole microseconds, so that sums are exact; instants are microseconds since 1970 in UTC.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from ticketcore.sim.laws import Whole
from ticketcore.sim.theory import ServiceLevel

SECOND = 1_000_000
"""Microseconds."""

PER_OCTAVE = 16
"""In how many steps a histogram goes from one length of time to twice as much."""

NONE = -1
"""An instant that never was, and nobody as an agent."""

SERVICE_LEVELS: Mapping[str, ServiceLevel] = {
    "service_level": ServiceLevel.OF_ALL,
    "service_level_of_served": ServiceLevel.OF_SERVED,
    "service_level_of_patient": ServiceLevel.OF_PATIENT,
    "service_level_ended": ServiceLevel.ENDED,
}
"""The figures that are service levels, with their definitions."""

Small: TypeAlias = NDArray[np.int16] | NDArray[np.int32]
"""Places in a list."""


@attrs.frozen(eq=False)
class Rows:
    """A row for each ticket in the order in which they came, as columns: 30 bytes a ticket.

    ``arrived``, ``started`` and ``ended`` are instants, ``NONE`` for never: who left has ended and not started, and
    what was still there when all stopped has not ended.  ``classes`` and ``agents`` are places in the lists of the
    ``Run``, ``NONE`` for nobody.
    """

    arrived: Whole
    started: Whole
    ended: Whole
    classes: Small
    agents: Small

    def __len__(self) -> int:
        return len(self.arrived)

    def to_bytes(self) -> bytes:
        """All of it, to compare or to hash."""
        return b"".join(column.tobytes() for column in attrs.astuple(self, recurse=False))


@attrs.frozen
class ClassTotals:
    """What became of the tickets of the class ``id`` that count.

    ``arrived`` came, of which ``served`` went to an agent, and from ``left`` the customer left; the rest was still
    waiting when all stopped.  The served waited ``waited`` altogether and at most ``longest``, all of them ``queued``.
    ``within`` is how many were served within the class's ``answer_within`` and ``left_within`` how many left within it,
    None if it has none.  ``waits`` are the steps of a histogram, each with how many of the served waited so long (see
    ``steps_of``).  A bot resolved ``by_bot`` before they came.  ``solved_within`` is how many agents were done with
    within the class's ``solve_within``, None if it has none.
    """

    id: str
    arrived: int
    served: int
    left: int
    waited: int
    longest: int
    queued: int
    within: int | None
    left_within: int | None
    waits: tuple[tuple[int, int], ...]
    by_bot: int = 0
    solved_within: int | None = None


@attrs.frozen
class AgentTotals:
    """What the agent ``id`` did in the time that counts, in which they were on duty for ``duty``; overtime is none.

    They were ``given`` so many tickets and worked for ``worked``, which counts twice when they work on two; their
    ``capacity`` is how many they take.
    """

    id: str
    given: int
    worked: int
    duty: int
    capacity: int


@attrs.frozen
class Run:
    """One simulated path, of a ``policy`` and a ``discipline`` by name, for a ``seed`` and ``replication``.

    ``classes`` and ``agents`` are in the order of the scenario.  ``further`` is what came again: as ``ID.again`` the
    further attempts of customers who had left, as ``ID.later`` the touches after the first, which come when the
    customer answers; they are not among those of the class itself, and have no rows.

    What counts is what came from ``begin`` to ``end``, from the ticket number ``first`` on.  ``rows`` has all tickets,
    the warm-up too, None if they were not kept.
    """

    policy: str
    discipline: str
    seed: int
    replication: int
    begin: int
    end: int
    first: int
    classes: tuple[ClassTotals, ...]
    agents: tuple[AgentTotals, ...]
    rows: Rows | None = attrs.field(default=None, eq=False, repr=False)
    further: tuple[ClassTotals, ...] = ()

    def figures(self) -> dict[str, float]:
        """What is usually asked, by name; times in seconds.

        Of all classes together and, behind their ids, of each and of what came again: ``abandonment`` (of those that
        came, how many left), ``wait`` (mean wait of the served), ``queue_time`` (mean time in queue of all), and of
        classes with such a target the service level, by each definition of ``SERVICE_LEVELS``, and ``solved_in_time``
        (solved within their ``solve_within``, of those that came).  Where there is a bot, ``by_bot`` is which part it
        resolved.  Of the agents: ``utilisation`` (work over what there was room for while
        on duty) and ``idle_spread``, the largest idle part less the smallest.  What is not defined, as the wait of
        nobody, is left out.
        """
        found = {name: top / bottom for name, top, bottom in measures_of("", self.classes)}
        for totals in (*self.classes, *self.further):
            found |= {name: top / bottom for name, top, bottom in measures_of(f"{totals.id}.", (totals,))}
        room = sum(agent.duty * agent.capacity for agent in self.agents)
        if room:
            found["utilisation"] = sum(agent.worked for agent in self.agents) / room
        idle = [
            1 - agent.worked / (agent.duty * agent.capacity) for agent in self.agents if agent.duty * agent.capacity
        ]
        if idle:
            found["idle_spread"] = max(idle) - min(idle)
        return found

    def quantile(self, part: float, class_id: str | None = None) -> float | None:
        """Within how many seconds this part of the served of a class, None for all, was served; None for nobody.

        From the rows if they were kept, else the upper end of a step of the histogram, at most 4.5% too long; for what
        is ``further`` it is always that.
        """
        chosen = [i for i, totals in enumerate(self.classes) if class_id is None or totals.id == class_id]
        histograms = [self.classes[i] for i in chosen] or [each for each in self.further if each.id == class_id]
        if self.rows is not None and chosen:
            counted = np.isin(self.rows.classes[self.first :], chosen) & (self.rows.started[self.first :] != NONE)
            waits = np.sort((self.rows.started[self.first :] - self.rows.arrived[self.first :])[counted])
            return float(waits[max(0, int(np.ceil(part * len(waits))) - 1)]) / SECOND if len(waits) else None
        counts: dict[int, int] = {}
        for totals in histograms:
            for step, count in totals.waits:
                counts[step] = counts.get(step, 0) + count
        wanted, total = part * sum(counts.values()), 0
        for step in sorted(counts):
            total += counts[step]
            if total >= wanted:
                return float(end_of(step)) / SECOND
        return None


def measures_of(prefix: str, classes: Sequence[ClassTotals]) -> Iterator[tuple[str, float, float]]:
    """The figures of some classes together, each by its name behind the prefix, as what it is of what."""
    arrived, served, left = (sum(getattr(item, name) for item in classes) for name in ("arrived", "served", "left"))
    by_bot = sum(item.by_bot for item in classes)
    promised = [item for item in classes if item.within is not None]
    within, away = sum(item.within or 0 for item in promised), sum(item.left_within or 0 for item in promised)
    came, gone = sum(item.arrived for item in promised), sum(item.left for item in promised)
    to_solve = [item for item in classes if item.solved_within is not None]
    solved, asked = (sum(getattr(item, name) for item in to_solve) for name in ("solved_within", "arrived"))
    for name, top, bottom in (
        *((name, *of.counts(within, away, gone, came)) for name, of in SERVICE_LEVELS.items()),
        ("solved_in_time", solved, asked),
        ("abandonment", left, arrived),
        ("queue_time", sum(item.queued for item in classes) / SECOND, arrived),
        ("wait", sum(item.waited for item in classes) / SECOND, served),
        ("by_bot", by_bot, by_bot and by_bot + arrived),
    ):
        if bottom:
            yield prefix + name, top, bottom


def steps_of(waits: Whole) -> NDArray[np.int64]:
    """The step of the histogram that each length of time is counted in: 0 for none, 16 for each doubling."""
    steps: NDArray[np.int64] = np.ceil(np.log2(waits + 1.0) * PER_OCTAVE).astype(np.int64)
    return steps


def end_of(step: int) -> int:
    """The longest length of time that is counted in a step, in microseconds."""
    return int(2 ** (step / PER_OCTAVE)) - 1
