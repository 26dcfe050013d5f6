"""Many simulated paths: one after the other, by several processes or by a cluster, with the same result to the byte.

A path depends on its task alone: not on who runs it, in which order, or with which others.  What is finished stands in
a file, if one is given, and is found there by the content of its task, so that a sweep that was stopped goes on where
it was.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from pathlib import Path

import attrs

from ticketcore.checks import check_whole, instance, is_name, whole
from ticketcore.engine import DistributionPolicy, PriorityFifo, QueueDiscipline
from ticketcore.sim.contents import content_key
from ticketcore.sim.extents import Extent
from ticketcore.sim.keeping import Kept, kind_of_results
from ticketcore.sim.outcomes import Outcome, outcome_of
from ticketcore.sim.running import simulate
from ticketcore.sim.scenario import Scenario


@attrs.frozen
class Candidate:
    """What is tried: a ``policy`` with a ``discipline``, under a ``name``.  Raises ``InvalidInput``."""

    name: str = attrs.field(validator=is_name)
    policy: DistributionPolicy
    discipline: QueueDiscipline = attrs.field(factory=PriorityFifo)


@attrs.frozen
class Task:
    """One path to simulate: a ``scenario``, which is called ``named``, for an ``extent``, under a ``candidate``.

    ``seed`` and ``replication`` are all its chance: the candidate has no part in it, so that all meet the same tickets.

    Raises ``InvalidInput``.
    """

    scenario: Scenario = attrs.field(validator=instance(Scenario))
    extent: Extent
    candidate: Candidate = attrs.field(validator=instance(Candidate))
    seed: int = attrs.field(default=0, validator=whole(0))
    replication: int = attrs.field(default=0, validator=whole(0))
    named: str = attrs.field(default="scenario", validator=is_name)


def keys_of(tasks: Iterable[Task]) -> list[str]:
    """What each task is by content, whatever it is called: equal tasks have equal outcomes.

    Raises ``InvalidInput`` for a policy without content, such as one that holds an open file.
    """
    known: dict[int, str] = {}

    def key(value: object) -> str:
        if id(value) not in known:
            known[id(value)] = content_key(value)
        return known[id(value)]

    kind = kind_of_results()
    return [
        content_key(
            kind,
            *(key(task.scenario), key(task.extent), key(task.candidate.policy), key(task.candidate.discipline)),
            *(task.seed, task.replication),
        )
        for task in tasks
    ]


@attrs.frozen
class Sweep:
    """What came of ``tasks``: ``outcomes`` in their order, None for those that are ``lost``, each with its reason."""

    tasks: tuple[Task, ...]
    outcomes: tuple[Outcome | None, ...]
    lost: tuple[tuple[Task, str], ...]


Progress = Callable[[int, int], None]
"""Told after each task how many are done, of how many."""


def grid(
    scenarios: Mapping[str, Scenario], extent: Extent, candidates: Iterable[Candidate], count: int = 20, seed: int = 0
) -> Iterator[Task]:
    """All scenarios under all candidates, each in so many replications (``count``).

    Raises ``InvalidInput`` if ``count`` is not at least 1.
    """
    check_whole(count, "count", 1)
    candidates = tuple(candidates)
    for named, scenario in scenarios.items():
        for candidate in candidates:
            for replication in range(count):
                yield Task(scenario, extent, candidate, seed, replication, named)


def run_tasks(tasks: Sequence[Task]) -> tuple[Outcome | str, ...]:
    """Simulate some tasks, here and now; of one that fails, why."""
    return tuple(map(_attempt, tasks))


def _attempt(task: Task) -> Outcome | str:
    try:
        return _run(task)
    except Exception as error:  # of a policy that may be anybody's: its path is lost, not the study
        return _reason(error)


def _run(task: Task) -> Outcome:
    candidate = task.candidate
    run = simulate(
        task.scenario,
        task.extent,
        candidate.policy,
        candidate.discipline,
        seed=task.seed,
        replication=task.replication,
    )
    return outcome_of(run, task.scenario)


def sweep(
    tasks: Iterable[Task],
    executor: Executor | Callable[[], Executor] | None = None,
    *,
    chunk: int = 1,
    ahead: int = 16,
    results: Path | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Simulate all tasks, by an executor as those of ``concurrent.futures``; None is here, one after the other.

    ``chunk`` tasks go to a worker together, and ``ahead`` chunks are handed over before the first is done: at least as
    many as there are workers.  Equal tasks are simulated once.  ``results`` is a file of what is finished, which is
    read first and added to; it may not exist yet.

    When a worker dies, a ``ProcessPoolExecutor`` and its like can no longer be used.  If ``executor`` makes a new one
    each time that it is called, such as ``lambda: ProcessPoolExecutor(2)``, what was under way is tried again task by
    task, and what kills a worker then is lost; the others are not.  Of an executor that was made by you, all that is
    not done is lost; a cluster of Dask goes on by itself, and loses the chunk.

    Raises what a simulation raises; what was finished until then is in the file.  Raises ``InvalidInput`` for a
    ``chunk`` or ``ahead`` below 1, and for a file that is something else.
    """
    check_whole(chunk, "chunk", 1)
    check_whole(ahead, "ahead", 1)
    tasks = tuple(tasks)
    keys = keys_of(tasks)
    by_key = dict(zip(keys, tasks, strict=True))
    with Kept(results) as kept:
        done = {key: outcome for key in by_key if (outcome := kept.found(key)) is not None}
        total = len(by_key)

        def finished(key: str, outcome: Outcome) -> None:
            done[key] = outcome
            kept.add(key, outcome)
            if progress is not None:
                progress(len(done), total)

        if progress is not None:
            progress(len(done), total)
        left = [(key, task) for key, task in by_key.items() if key not in done]
        lost = _Rounds(left, finished, chunk, ahead).through(executor)
    return Sweep(
        tasks,
        tuple(done.get(key) for key in keys),
        tuple((task, lost[key]) for key, task in zip(keys, tasks, strict=True) if key in lost),
    )


_Keyed = tuple[str, Task]


class _Rounds:
    """What is to be done, in chunks, by executors that may break."""

    def __init__(
        self, left: Sequence[_Keyed], finished: Callable[[str, Outcome], None], chunk: int, ahead: int
    ) -> None:
        self._left = deque(left)
        self._finished = finished
        self._chunk, self._ahead = chunk, ahead
        self._lost: dict[str, str] = {}

    def through(self, executor: Executor | Callable[[], Executor] | None) -> dict[str, str]:
        """All of it; what was lost, with reasons."""
        if executor is None:
            while self._left:
                key, task = self._left.popleft()
                self._take([(key, task)], run_tasks([task]))
        elif isinstance(executor, Executor):
            self._lose(self._round(executor, self._left, self._chunk, self._ahead))
            self._lose((self._left, "the executor broke"))
        else:
            while self._left:
                with executor() as workers:
                    suspects, _ = self._round(workers, self._left, self._chunk, self._ahead)
                alone = deque(suspects)
                while alone:
                    with executor() as workers:
                        self._lose(self._round(workers, alone, 1, 1))
        return self._lost

    def _lose(self, lost: tuple[Iterable[_Keyed], str]) -> None:
        some, why = lost
        self._lost.update((key, why) for key, _ in some)

    def _round(self, executor: Executor, left: deque[_Keyed], chunk: int, ahead: int) -> tuple[list[_Keyed], str]:
        """Hand over until nothing is left or a worker died; what was under way then, and why."""
        under_way: dict[Future[tuple[Outcome | str, ...]], list[_Keyed]] = {}
        broken: list[_Keyed] = []
        why = ""
        try:
            while under_way or (left and not why):
                while left and not why and len(under_way) < ahead:
                    some = [left.popleft() for _ in range(min(chunk, len(left)))]
                    try:
                        under_way[executor.submit(run_tasks, [task for _, task in some])] = some
                    except BrokenExecutor as error:
                        left.extendleft(reversed(some))
                        why = _reason(error)
                for future in wait(under_way, return_when=FIRST_COMPLETED).done if under_way else ():
                    some = under_way.pop(future)
                    failure = future.exception()
                    if failure is None:
                        self._take(some, future.result())
                    elif isinstance(failure, BrokenExecutor):
                        broken += some
                        why = _reason(failure)
                    elif type(failure).__name__ == "KilledWorker":  # of Dask, which goes on with other workers
                        self._lose((some, _reason(failure)))
                    else:
                        raise failure
        finally:
            for future, some in under_way.items():
                if not future.cancel() and future.done() and future.exception() is None:
                    self._take(some, future.result())
        return broken, why

    def _take(self, some: Sequence[_Keyed], found: Iterable[Outcome | str]) -> None:
        for (key, task), outcome in zip(some, found, strict=True):
            if isinstance(outcome, str):
                self._lose(([(key, task)], outcome))
            else:
                self._finished(key, outcome)


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
