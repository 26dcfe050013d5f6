"""What is kept of a simulated path when there are many: figures, and curves for pictures, in a few kilobytes."""

from collections import Counter
from collections.abc import Iterator, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from ticketcore.errors import InvalidInput
from ticketcore.fairness import jain
from ticketcore.sim.results import NONE, SECOND, ClassTotals, Rows, Run, measures_of
from ticketcore.sim.scenario import Scenario

BUCKETS = 96
"""In how many parts a path is cut for curves over time: of a day, quarters of an hour."""

QUANTILES = (("p50_wait", 0.5), ("p90_wait", 0.9), ("p95_wait", 0.95), ("p99_wait", 0.99))
"""Which quantiles of the wait of the served are taken of each path, by name."""


@attrs.frozen
class Measure:
    """A figure by ``name``: ``top`` over ``bottom``, so that ratios over several paths can be taken."""

    name: str
    top: float = attrs.field(converter=float)
    bottom: float = attrs.field(converter=float)

    @property
    def value(self) -> float:
        """The figure of this path."""
        return self.top / self.bottom


@attrs.frozen
class Curves:
    """Over time, in ``BUCKETS`` of ``step`` seconds each from the ``begin`` in seconds: what was going on.

    ``queue`` is how many waited on average, ``waits`` the mean seconds in queue of those who came then, -1 if nobody
    came.  The first ``warm_up`` seconds of it do not count.
    """

    begin: float
    step: float
    warm_up: float
    queue: tuple[float, ...]
    waits: tuple[float, ...]


@attrs.frozen
class Outcome:
    """What came of one path: ``measures``, and what pictures need, such as ``curves`` over time.

    ``waits`` are the steps of the histogram of waits of the served with their counts (see
    ``ticketcore.sim.results.steps_of``), ``agents`` the utilisation of each agent by id, ``taken`` how many tickets
    each group was given of each class, as (group, class, count).
    """

    measures: tuple[Measure, ...]
    curves: Curves
    waits: tuple[tuple[int, int], ...]
    agents: tuple[tuple[str, float], ...]
    taken: tuple[tuple[str, str, int], ...]


def outcome_of(run: Run, scenario: Scenario) -> Outcome:
    """What is kept of a path whose rows were kept.  O(tickets x log tickets).

    Raises ``InvalidInput`` if they were not.
    """
    if run.rows is None:
        raise InvalidInput("run.rows", "were not kept")
    agents = tuple((agent.id, agent.worked / room) for agent in run.agents if (room := agent.duty * agent.capacity))
    return Outcome(
        tuple(_measures(run)), _curves(run, run.rows), _waits(run.classes), agents, _taken(run, run.rows, scenario)
    )


def _measures(run: Run) -> Iterator[Measure]:
    yield from (Measure(*each) for each in measures_of("", run.classes))
    for item in (*(run.classes if len(run.classes) > 1 else ()), *run.further):
        yield from (Measure(*each) for each in measures_of(f"{item.id}.", (item,)))
    for name, part in QUANTILES:
        wait = run.quantile(part)
        if wait is not None:
            yield Measure(name, wait, 1.0)
    rooms = [agent.duty * agent.capacity for agent in run.agents]
    if any(rooms):
        yield Measure("utilisation", sum(agent.worked for agent in run.agents), sum(rooms))
        busy = [agent.worked / room for agent, room in zip(run.agents, rooms, strict=True) if room]
        yield Measure("evenness", jain(busy), 1.0)


def _waits(classes: Sequence[ClassTotals]) -> tuple[tuple[int, int], ...]:
    counts: Counter[int] = Counter()
    for item in classes:
        counts.update(dict(item.waits))
    return tuple(sorted(counts.items()))


def _curves(run: Run, rows: Rows) -> Curves:
    """Queue and waits from when it began to when the last came who counts."""
    begin = int(min(rows.arrived[0], run.begin)) if len(rows) else run.begin
    edges = np.linspace(begin, max(run.end, begin + BUCKETS), BUCKETS + 1).astype(np.int64)
    until = np.where(rows.started != NONE, rows.started, np.where(rows.ended != NONE, rows.ended, run.end))
    until = np.maximum(until, rows.arrived)
    passed = np.diff(_summed(edges, rows.arrived) - _summed(edges, until))
    place = np.searchsorted(edges, rows.arrived, side="right") - 1
    own = (place >= 0) & (place < BUCKETS)
    came = np.bincount(place[own], minlength=BUCKETS)
    queued = np.bincount(place[own], weights=(until - rows.arrived)[own] / SECOND, minlength=BUCKETS)
    waits = np.where(came > 0, queued / np.maximum(came, 1), -1.0)
    queue = passed / np.diff(edges)
    step = float(edges[-1] - edges[0]) / BUCKETS / SECOND
    return Curves(begin / SECOND, step, (run.begin - begin) / SECOND, tuple(queue.tolist()), tuple(waits.tolist()))


def _summed(edges: NDArray[np.int64], instants: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each edge, how long ago all instants before it were, summed up."""
    ranked = np.sort(instants - edges[0])
    sums = np.concatenate(([0], np.cumsum(ranked)))
    before = np.searchsorted(ranked, edges - edges[0])
    ago: NDArray[np.float64] = (before * (edges - edges[0]) - sums[before]).astype(np.float64)
    return ago


def _taken(run: Run, rows: Rows, scenario: Scenario) -> tuple[tuple[str, str, int], ...]:
    groups = np.repeat(np.arange(len(scenario.groups)), [group.size for group in scenario.groups])
    served = rows.agents[run.first :] != NONE
    place = groups[rows.agents[run.first :][served]] * len(run.classes) + rows.classes[run.first :][served]
    counts = np.bincount(place, minlength=len(scenario.groups) * len(run.classes)).tolist()
    names = [(group.facts.id, item.id) for group in scenario.groups for item in run.classes]
    return tuple((group, item, count) for (group, item), count in zip(names, counts, strict=True) if count)
