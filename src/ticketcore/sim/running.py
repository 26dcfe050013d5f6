"""Simulations: one path, or as many as are asked for, each by its own chance."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from ticketcore.engine import DistributionPolicy, PriorityFifo, QueueDiscipline, default_policy
from ticketcore.errors import InvalidInput
from ticketcore.sim.drawing import NEVER, Source, Streams, blocks
from ticketcore.sim.duties import Duties
from ticketcore.sim.extents import Extent, SteadyState
from ticketcore.sim.kernel import Decided, Kernel, Watch
from ticketcore.sim.laws import MICROSECOND, Whole
from ticketcore.sim.offering import Offering
from ticketcore.sim.recording import Recording, sum_rows
from ticketcore.sim.results import AgentTotals, Run
from ticketcore.sim.scenario import Scenario
from ticketcore.sim.touches import Touching

PATIENCE = 400 * 24 * 3_600_000_000
"""How long after the last ticket all must be done, in microseconds."""


def simulate(
    scenario: Scenario,
    extent: Extent,
    policy: DistributionPolicy | None = None,
    discipline: QueueDiscipline | None = None,
    *,
    seed: int = 0,
    replication: int = 0,
    keep_rows: bool = True,
    decided: Decided | None = None,
    watch: Watch | None = None,
) -> Run:
    """One path of the scenario: what a desk would do, which distributes by this policy and discipline.

    None stands for what a desk does by default.  The same ``seed`` and ``replication`` give the same tickets, whatever
    the policy, the discipline and the staff; another replication gives independent ones.  Without ``keep_rows`` only
    sums are kept, in memory that does not grow with the number of tickets.  ``decided`` is told each decision about a
    ticket, by its name, with counts and the runner-up; ``watch`` is told after everything that happens when it
    happened, with the engine as it is then, which it must not change.

    Raises ``InvalidInput`` if a ``SteadyState`` extent needs more tickets than ever come, or if nobody takes
    what waits.
    """
    recording = Recording() if keep_rows else None
    policy, discipline = policy or default_policy(), discipline or PriorityFifo()
    kernel = Kernel(scenario, policy, discipline, recording, decided, watch)
    kernel.handling, kernel.asking = Touching(kernel), Offering(kernel)
    Duties(kernel)
    return _Path(kernel, extent).run(Streams(seed, replication))


class _Path:
    """One path: which of it counts, and the sums over that."""

    def __init__(self, kernel: Kernel, extent: Extent) -> None:
        self.kernel = kernel
        self.extent = extent
        self.begin = self.end = kernel.starts
        self.first: int | None = None
        self.agents: tuple[AgentTotals, ...] = ()
        if isinstance(extent, SteadyState):
            kernel.counts_from = NEVER
        else:
            self.first, self.end = 0, kernel.starts + extent.length // MICROSECOND

    def run(self, chance: Streams) -> Run:
        """Live through all of it."""
        kernel, number = self.kernel, 0
        sources = [Source(kind.of, kind.laws, chance, kernel.starts) for kind in kernel.kinds]
        until = NEVER if isinstance(self.extent, SteadyState) else self.end
        for block in blocks(sources, kernel.kinds, kernel.starts, until):
            at = block.at[: self._wanted(block.at, number)]
            if kernel.recording is not None:
                kernel.recording.extend(at, block.sources[: len(at)])
            kernel.live(islice(block.tickets, len(at)))
            number += len(at)
            self._sum_up(at, block.sources)
            self._count_resolved(sources, int(at[-1]) if len(at) else self.end)
            if isinstance(self.extent, SteadyState):
                self.end = int(at[-1]) if len(at) else self.end
                if self.first is not None and number >= self.first + self.extent.tickets:
                    break
        self._count_resolved(sources, self.end)
        self._close()
        return self._result(chance, number)

    def _wanted(self, at: Whole, number: int) -> int:
        """How many of the tickets that come next are simulated, the first of them having this number."""
        if not isinstance(self.extent, SteadyState):
            return len(at)
        if self.first is None:
            warm_up = self.extent.warm_up
            if isinstance(warm_up, int):
                begins = warm_up - number
            else:
                begins = int(np.searchsorted(at, self.kernel.starts + warm_up // MICROSECOND))
            if begins >= len(at):
                return len(at)
            self.begin = self.kernel.counts_from = int(at[begins])
            self.first = number + int(np.searchsorted(at, self.begin))  # what comes at once counts together
            self.kernel.due(self.begin, self._open)
        return min(len(at), self.first + self.extent.tickets - number)

    def _open(self, at: int) -> None:
        """From now on it counts."""
        for tally in self.kernel.tallies.values():
            tally.given = tally.worked = tally.duty = 0
            tally.since = None if tally.since is None else at
        for agent, until in self.kernel.busy_until():
            self.kernel.tallies[agent].worked += until - at
        self.kernel.handling.count_from(at)

    def _sum_up(self, at: Whole, classes: Whole) -> None:
        """Take what has come of some tickets into the sums, unless there are rows to do it from."""
        for kind in self.kernel.further:
            kind.sum_up()
        if self.kernel.recording is None:
            counting = classes[: len(at)][at >= self.kernel.counts_from]
            for kind, arrived in zip(
                self.kernel.kinds, np.bincount(counting, minlength=len(self.kernel.kinds)).tolist(), strict=True
            ):
                kind.arrived += arrived
                kind.sum_up()

    def _count_resolved(self, sources: Sequence[Source], until: int) -> None:
        """What bots have resolved until an instant."""
        for kind, source in zip(self.kernel.kinds, sources, strict=True):
            kind.by_bot += int((source.resolved_until(until) >= self.kernel.counts_from).sum())

    def _close(self) -> None:
        """Nothing comes any more: finish what is there, if that is wanted."""
        kernel = self.kernel
        kernel.advance(self.end)
        for agent, until in kernel.busy_until():
            kernel.tallies[agent].worked -= until - self.end
        kernel.handling.count_until(self.end)
        if isinstance(self.extent, SteadyState):
            kernel.counts_until = self.end
        self.agents = tuple(
            AgentTotals(
                id,
                tally.given,
                tally.worked,
                tally.duty + (0 if tally.since is None else self.end - tally.since),
                kernel.groups[id].facts.capacity,
            )
            for id, tally in kernel.tallies.items()
        )
        if isinstance(self.extent, SteadyState) or self.extent.finish:
            while kernel.waiting or kernel.engine.held or kernel.handling.away:
                if kernel.heap[0][0] > self.end + PATIENCE:
                    raise InvalidInput("Scenario.groups", "nobody takes any more what waits")
                kernel.advance(kernel.heap[0][0])

    def _result(self, chance: Streams, number: int) -> Run:
        kernel = self.kernel
        if self.first is None or (isinstance(self.extent, SteadyState) and number < self.first + self.extent.tickets):
            raise InvalidInput("SteadyState.tickets", f"must be fewer: only {number} ever come")
        rows = None
        if kernel.recording is not None:
            stopped = NEVER if not kernel.waiting and not kernel.engine.held and not kernel.handling.away else self.end
            rows = kernel.recording.rows(stopped)
            sum_rows(rows, self.first, kernel.kinds)
        self._sum_up(np.empty(0, np.int64), np.empty(0, np.int64))
        for ticket in kernel.waiting.values():
            if kernel.counts(ticket[3]) and not (ticket[6] is not None and ticket[6].begun):
                ticket[2].queued += self.end - ticket[3]
        classes, further = (tuple(kind.totals() for kind in kinds) for kinds in (kernel.kinds, kernel.further))
        names, path = (kernel.policy.name, kernel.discipline.name), (chance.seed, chance.replication)
        when = self.begin, self.end, self.first
        return Run(*names, *path, *when, classes, self.agents, rows, further)


def replications(
    scenario: Scenario,
    extent: Extent,
    policy: DistributionPolicy | None = None,
    discipline: QueueDiscipline | None = None,
    *,
    seed: int = 0,
    count: int = 20,
    keep_rows: bool = False,
) -> Iterator[Run]:
    """As many independent paths as ``count`` says, one after the other; see ``simulate``."""
    for replication in range(count):
        yield simulate(scenario, extent, policy, discipline, seed=seed, replication=replication, keep_rows=keep_rows)
