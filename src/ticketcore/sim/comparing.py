"""Which policy is better on the same tickets, by how much, and is that sure?"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from itertools import count as count_from
from itertools import islice
from pathlib import Path

import attrs
import msgspec

from ticketcore.engine import DistributionPolicy
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.sim.extents import Extent
from ticketcore.sim.outcomes import Outcome
from ticketcore.sim.scenario import Scenario
from ticketcore.sim.statistics import Difference, Estimate, contenders, differences, mean_of, pareto, ratio_values
from ticketcore.sim.sweeping import Candidate, Progress, grid, sweep

LESS_IS_BETTER = frozenset({"abandonment", "queue_time", "wait", "p50_wait", "p90_wait", "p95_wait", "p99_wait"})
"""Figures of which less is better, by the last part of their names."""

MEANINGS = {
    "service_level": "served within the time of their class, of all tickets of classes that have one",
    "service_level_of_served": "served within that time, of those served",
    "service_level_of_patient": "served within that time, of all but those who left within it",
    "service_level_ended": "served or left within that time, of all",
    "solved_in_time": "solved within the time of their class, of all that came to classes that have one",
    "by_bot": "resolved by a bot before they came to the desk, of all",
    "abandonment": "customers who left before they were served, of all that came",
    "queue_time": "mean seconds in the queue, of all that came, also of those who left",
    "wait": "mean seconds in the queue, of those who were served",
    "p50_wait": "seconds in which half of the served were served; mean over replications",
    "p90_wait": "the same for 90 %",
    "p95_wait": "the same for 95 %",
    "p99_wait": "the same for 99 %",
    "utilisation": "work over what there was room for while on duty",
    "evenness": "Jain's index of the agents' utilisation: 1 if all are as busy as each other",
}
"""What each figure is."""

USUAL = tuple(name for name in MEANINGS if not name.startswith("service_level_"))
"""The figures that a table has unless others are asked for: one definition of the service level is enough."""


@attrs.frozen
class Lost:
    """A path that nothing came of: of the candidate named ``policy``, the ``replication``, and ``why``."""

    policy: str
    replication: int
    why: str


@attrs.frozen
class Compared:
    """What came of one scenario under several candidates, each with the same ``seed`` and replications.

    ``outcomes`` has for each name of a candidate what came of each replication; ``scenario`` is its name.
    Intervals hold with the ``confidence``.  A replication of which a path was ``lost`` is left out of all candidates,
    so that all are still compared on the same tickets.
    """

    scenario: str
    seed: int
    outcomes: Mapping[str, tuple[Outcome, ...]]
    confidence: float = 0.95
    lost: tuple[Lost, ...] = ()

    @property
    def replications(self) -> tuple[int, ...]:
        """The numbers of the replications that all candidates have."""
        without = {each.replication for each in self.lost}
        numbers = (number for number in count_from(0) if number not in without)
        return tuple(islice(numbers, len(next(iter(self.outcomes.values())))))

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of all figures that every replication of every candidate has, in their order."""
        every = [[each.name for each in outcome.measures] for some in self.outcomes.values() for outcome in some]
        common = set(every[0]).intersection(*every)
        return tuple(name for name in every[0] if name in common)

    def values(self, figure: str) -> dict[str, list[float]]:
        """A figure of each replication, by candidate.

        The mean of these is the ratio of sums, and their interval that of the delta method; see ``ratio_values``.
        Raises ``NotFound`` for a figure that is not in ``figures``.
        """
        if figure not in self.figures:
            raise NotFound("figure", figure)
        found = {}
        for name, outcomes in self.outcomes.items():
            pairs = [next(each for each in outcome.measures if each.name == figure) for outcome in outcomes]
            found[name] = ratio_values([pair.top for pair in pairs], [pair.bottom for pair in pairs])
        return found

    def estimates(self, figure: str) -> dict[str, Estimate]:
        """A figure of each candidate with its interval.  Raises ``NotFound``."""
        return {name: mean_of(values, self.confidence) for name, values in self.values(figure).items()}

    def differences(self, figure: str, to: str | None = None) -> tuple[Difference, ...]:
        """Paired differences with intervals that hold all at once, to one candidate or of all pairs.

        Raises ``NotFound``.
        """
        return differences(self.values(figure), to, self.confidence)

    def best(self, figure: str) -> tuple[str, ...]:
        """The candidates of which one is best with the confidence; a single one if that is sure.

        Raises ``NotFound``, and ``InvalidInput`` if there is only one replication.
        """
        sign = -1 if less_is_better(figure) else 1
        signed = {name: [sign * value for value in values] for name, values in self.values(figure).items()}
        if any(len(values) < 2 for values in signed.values()):
            raise InvalidInput("count", "must be at least 2 to tell which is best")
        return contenders(signed, self.confidence)

    def front(self, one: str = "service_level", other: str = "evenness") -> tuple[str, ...]:
        """The candidates than which none is better in both figures, by their means.  Raises ``NotFound``."""
        first, second = self.estimates(one), self.estimates(other)
        signs = [-1 if less_is_better(figure) else 1 for figure in (one, other)]
        return pareto({name: (signs[0] * first[name].mean, signs[1] * second[name].mean) for name in first})

    def records(self) -> Iterator[dict[str, str | int | float]]:
        """A flat record for each candidate and replication, with a column for each figure; for pandas and the like."""
        for name, outcomes in self.outcomes.items():
            for replication, outcome in zip(self.replications, outcomes, strict=True):
                head: dict[str, str | int | float] = {
                    "scenario": self.scenario,
                    "policy": name,
                    "seed": self.seed,
                    "replication": replication,
                }
                yield head | {each.name: each.value for each in outcome.measures}

    def csv(self) -> str:
        """The records as comma-separated values with a heading; what a replication does not have is empty."""
        records = list(self.records())
        names = list(dict.fromkeys(name for record in records for name in record))
        text = io.StringIO()
        lines = csv.DictWriter(text, names, lineterminator="\n")
        lines.writeheader()
        lines.writerows(records)
        return text.getvalue()

    def json(self) -> bytes:
        """All of it as JSON: what the figures mean, estimates, differences of all pairs, and the records."""
        main = [figure for figure in self.figures if figure in MEANINGS]
        return msgspec.json.format(
            msgspec.json.encode(
                {
                    "scenario": self.scenario,
                    "seed": self.seed,
                    "confidence": self.confidence,
                    "lost": self.lost,
                    "meanings": {figure: MEANINGS[figure] for figure in main},
                    "estimates": {figure: self.estimates(figure) for figure in self.figures},
                    "differences": {figure: self.differences(figure) for figure in main},
                    "records": list(self.records()),
                }
            )
        )

    def table(self, figures: Sequence[str] | None = None) -> str:
        """The estimates as a text table, each with its half width, and what the figures mean below.

        Raises ``NotFound`` for an unknown figure.
        """
        shown = tuple(figures) if figures is not None else tuple(name for name in self.figures if name in USUAL)
        columns = [["policy", *self.outcomes]]
        for figure in shown:
            columns.append([figure, *(told(estimate) for estimate in self.estimates(figure).values())])
        widths = [max(map(len, column)) for column in columns]
        lines = [
            "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
            for row in zip(*columns, strict=True)
        ]
        count = len(next(iter(self.outcomes.values())))
        lines += ["", f"{count} replications of {self.scenario}, seed {self.seed}; +- {self.confidence:.0%} half width"]
        told_of = ((figure, figure.rpartition(".")[2]) for figure in shown)
        lines += [f"{figure}: {MEANINGS[name]}" for figure, name in told_of if name in MEANINGS]
        lines += [f"lost, and left out of all: {each.policy} {each.replication}: {each.why}" for each in self.lost]
        return "\n".join(lines) + "\n"


def told(estimate: Estimate) -> str:
    """An estimate in words: as many places as its half width is sure of.

    >>> told(Estimate(0.0309122, 0.00041, 0.95, 20)), told(Estimate(1234.5, 61.2, 0.95, 20))
    ('0.03091 +- 0.00041', '1234 +- 61')
    """
    width = estimate.half_width
    if width in (0, float("inf")):
        return f"{estimate.mean:.6g} +- {'0' if not width else '?'}"
    places = max(0, 1 - int(f"{width:.1e}".partition("e")[2]))
    return f"{estimate.mean:.{places}f} +- {width:.{places}f}"


def less_is_better(figure: str) -> bool:
    """Whether less of a figure is better, by the last part of its name."""
    return figure.rpartition(".")[2] in LESS_IS_BETTER


def compare(
    scenario: Scenario,
    extent: Extent,
    policies: Iterable[DistributionPolicy | Candidate],
    count: int = 20,
    *,
    seed: int = 0,
    confidence: float = 0.95,
    named: str = "scenario",
    executor: Executor | Callable[[], Executor] | None = None,
    chunk: int = 1,
    results: Path | None = None,
    progress: Progress | None = None,
) -> Compared:
    """The same tickets under each policy, in so many replications (``count``); see ``sweep`` for the rest.

    A policy stands under its own name, with the discipline of a desk; use a ``Candidate`` for another name or
    discipline.

    A path that fails, or is lost with its worker, is told of, and its replication is left out of all policies.

    Raises ``InvalidInput`` if there is no policy, if two have the same name, or if fewer than two replications are left
    of several, naming the policy that lost the most.
    """
    candidates = [each if isinstance(each, Candidate) else Candidate(each.name, each) for each in policies]
    if not candidates or len({each.name for each in candidates}) < len(candidates):
        raise InvalidInput("policies", "must be some, each under a name of its own")
    tasks = grid({named: scenario}, extent, candidates, count, seed)
    swept = sweep(tasks, executor, chunk=chunk, results=results, progress=progress)
    lost = tuple(Lost(task.candidate.name, task.replication, why) for task, why in swept.lost)
    without = {each.replication for each in lost}
    if lost and count - len(without) < min(2, count):
        raise _too_few(lost, count)
    found: dict[str, list[Outcome]] = {each.name: [] for each in candidates}
    for task, outcome in zip(swept.tasks, swept.outcomes, strict=True):
        if task.replication not in without and outcome is not None:
            found[task.candidate.name].append(outcome)
    return Compared(named, seed, {name: tuple(some) for name, some in found.items()}, confidence, lost)


def _too_few(lost: Sequence[Lost], count: int) -> InvalidInput:
    [(most, number)] = Counter(each.policy for each in lost).most_common(1)
    first = next(each for each in lost if each.policy == most)
    told = f"lost {number} of {count} replications, such as {first.replication}: {first.why}"
    return InvalidInput(f"policies[{most!r}]", told)
