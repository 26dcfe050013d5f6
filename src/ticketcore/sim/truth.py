"""Simulations held to theory: ``python -m ticketcore.sim.truth [--seed S] [--replications N] [--tickets N]``.

Each model is simulated several times, and each of its figures lies where a formula says, within what chance allows: not
within a fixed percentage, but within the interval of its own replications.  And all of this is done in several rounds
of independent chance, since figures of the same runs err alike: of few, two standard errors say little.  Ends with 1 if
a figure lies outside, or if too few lie within two standard errors.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial
from math import copysign, inf
from statistics import fmean

import attrs

from ticketcore.engine import AgentFacts, HasSkill, LongestIdle, Requirement
from ticketcore.sim.arrivals import Piecewise, Poisson
from ticketcore.sim.extents import Extent, SteadyState, Terminating
from ticketcore.sim.journeys import Bot, ReturnTo, Touches
from ticketcore.sim.laws import Deterministic, Exponential, Law, Lognormal
from ticketcore.sim.outcomes import Outcome
from ticketcore.sim.scenario import Group, Scenario, TicketClass
from ticketcore.sim.statistics import Estimate, mean_of, ratio_values, student_quantile
from ticketcore.sim.sweeping import Candidate, Progress, Task, sweep
from ticketcore.sim.theory import (
    MG1,
    ErlangC,
    Fixed,
    MMnG,
    Period,
    Pool,
    Rank,
    day,
    erlang_a,
    erlang_b,
    fcfs_alis,
    priority_waits,
)
from ticketcore.sim.theory import Lognormal as LognormalPatience

SURE = 0.9999
"""The confidence with which all intervals hold at once."""

NEAR = 0.85
"""Which part of the figures lies within two standard errors at least; of 20 replications, 94% do on average."""

ROUNDS = 6
"""How often all is done.  In one round, fewer than ``NEAR`` are near for one seed in seven; in six, for one in 400."""

MINUTE = timedelta(minutes=1)
"""What the formulas count in."""

_USUAL = Exponential(MINUTE)
_HALF_HOUR = timedelta(minutes=30)
_DAY = (4.0, 9.0, 12.0, 12.0, 7.0, 3.0)
_TWENTY = timedelta(seconds=20)


@attrs.frozen
class Model:
    """A ``scenario`` by ``name``, simulated for an ``extent``, and the ``truth`` of its figures.

    The figures are those of ``Outcome``, and ``busy GROUP`` for the utilisation of a group's agents; times in seconds.
    """

    name: str
    scenario: Scenario
    extent: Extent
    truth: Mapping[str, float]


@attrs.frozen
class Cell:
    """One ``figure`` of a ``model`` in a ``round``: the ``truth`` and the ``estimate``.

    The interval is wide enough for those of all cells at once; ``errors`` is how many standard errors they are apart.
    """

    model: str
    figure: str
    truth: float
    estimate: Estimate
    errors: float
    round: int = 0

    @property
    def holds(self) -> bool:
        """Whether the interval covers the truth."""
        return self.estimate.covers(self.truth)


def models(tickets: int) -> Iterator[Model]:
    """All models, each of so many tickets in a run, after a fifth of that as warm-up; of days, less."""
    steady = SteadyState(tickets, tickets // 5)
    loss = erlang_b(10, 8)
    yield Model(
        "Erlang B, lognormal handling",
        _pool(10, _calls(8, Lognormal(MINUTE, 1.5), Deterministic(timedelta(0)))),
        steady,
        {"abandonment": loss, "utilisation": 8 * (1 - loss) / 10},
    )
    patient = ErlangC(6, 4.5, 1)
    truth = {"wait": 60 * patient.mean_wait, "service_level": patient.service_level(1 / 3), "utilisation": 0.75}
    yield Model("Erlang C", _pool(6, _calls(4.5)), steady, truth)
    for agents, rate, leaves in ((50, 48.0, 0.5), (4, 5.0, 2.0)):
        queue = erlang_a(agents, rate, 1, leaves)
        yield Model(
            f"Erlang A, {agents} agents",
            _pool(agents, _calls(rate, _USUAL, Exponential(MINUTE / leaves))),
            steady,
            _impatient(queue),
        )
    any_law = MMnG(20, 20, 1, LognormalPatience(1.0, 1.2))
    yield Model(
        "M/M/n+G, lognormal patience",
        _pool(20, _calls(20, _USUAL, Lognormal(MINUTE, 1.2))),
        steady,
        _impatient(any_law),
    )
    fixed = MMnG(5, 5, 1, Fixed(0.5))
    yield Model(
        "M/M/n+G, fixed patience", _pool(5, _calls(5, _USUAL, Deterministic(MINUTE / 2))), steady, _impatient(fixed)
    )
    single = MG1(0.6, 1, 0.8)
    yield Model(
        "M/G/1",
        _pool(1, _calls(0.6, Lognormal(MINUTE, 0.8))),
        steady,
        {"wait": 60 * single.mean_wait, "utilisation": 0.6},
    )
    yield from _journeys(steady)
    yield from _ranked(steady)
    yield from _skilled(steady)
    yield _changing()


def _calls(per_minute: float, handling: Law = _USUAL, patience: Law | None = None) -> TicketClass:
    return TicketClass("calls", Poisson(60 * per_minute), handling, patience, answer_within=_TWENTY)


def _pool(size: int, *classes: TicketClass) -> Scenario:
    return Scenario(classes, [Group(AgentFacts("agent", capacity=1), size)])


def _impatient(queue: MMnG) -> dict[str, float]:
    return {
        "abandonment": queue.abandonment,
        "queue_time": 60 * queue.mean_wait,
        "wait": 60 * queue.mean_wait_of_served,
        "service_level": queue.service_level(1 / 3),
        "utilisation": queue.utilisation,
    }


def _journeys(extent: Extent) -> Iterator[Model]:
    """What is no queue of single visits, and yet has a formula.

    Customers who come back after a silence meet the same queue as new ones (Yom-Tov and Mandelbaum, "Erlang-R: a
    time-varying queue with reentrant customers", 2014).  An agent who shares their time among all chats has as many of
    them as in a queue of exponential times, by any law of work (processor sharing).
    """
    again = Touches(Exponential(3 * MINUTE), again=0.4, returns=ReturnTo.POOL)
    wait = 60 * ErlangC(4, 3, 1).mean_wait
    truth = {"wait": wait, "calls.later.wait": wait, "utilisation": 0.75}
    yield Model("touches, to the pool", _pool(4, attrs.evolve(_calls(1.8), touches=again)), extent, truth)
    bot = Bot(0.3, Lognormal(2 * MINUTE, 2))
    truth = {"wait": 60 * ErlangC(3, 2.1, 1).mean_wait, "by_bot": 0.3}
    yield Model("a bot before", _pool(3, attrs.evolve(_calls(3), bot=bot)), extent, truth)
    most = 12
    weights = [0.7**number for number in range(most + 1)]
    chats = _calls(0.7, Lognormal(MINUTE, 1.3), Deterministic(timedelta(0)))
    sharing = Group(AgentFacts("agent", capacity=most), speeds=[100 / number for number in range(1, most + 1)])
    at_once = sum(number * weight for number, weight in enumerate(weights)) / sum(weights)
    truth = {"abandonment": weights[-1] / sum(weights), "utilisation": at_once / most}
    yield Model("chats at once, lognormal", Scenario([chats], [sharing]), extent, truth)


def _ranked(extent: Extent) -> Iterator[Model]:
    for agents, name, ranks in (
        (3, "priorities, 3 agents", (Rank(1.2, 1), Rank(1.2, 1))),
        (1, "priorities, 1 agent", (Rank(0.3, 0.5, 0), Rank(0.4, 1.2, 1.5))),
    ):
        waits = priority_waits(ranks, agents)
        classes = [
            TicketClass(id, Poisson(60 * rank.arrival_rate), _law(rank), priority=2 - place)
            for place, (id, rank) in enumerate(zip(("high", "low"), ranks, strict=True))
        ]
        yield Model(name, _pool(agents, *classes), extent, {"high.wait": 60 * waits[0], "low.wait": 60 * waits[1]})


def _law(rank: Rank) -> Law:
    mean = MINUTE * rank.mean_service
    if rank.variation == 1:
        return Exponential(mean)
    return Lognormal(mean, rank.variation) if rank.variation else Deterministic(mean)


def _skilled(extent: Extent) -> Iterator[Model]:
    for name, arrivals, pools in (
        ("FCFS-ALIS, N", {"a": 1.5, "b": 1.0}, {"both": Pool(["a", "b"], 1.0, 2), "only": Pool(["b"], 1.0, 1)}),
        (
            "FCFS-ALIS, ring of 4",
            {"a": 4.8, "b": 2.4, "c": 4.0, "d": 3.2},
            {
                "ab": Pool(["a", "b"], 1.0, 4),
                "bc": Pool(["b", "c"], 1.2, 4),
                "cd": Pool(["c", "d"], 1.0, 4),
                "da": Pool(["d", "a"], 0.9, 4),
            },
        ),
    ):
        shared = fcfs_alis(arrivals, pools.values())
        classes = [
            TicketClass(id, Poisson(60 * rate), _USUAL, requirement=Requirement(HasSkill(id)))
            for id, rate in arrivals.items()
        ]
        groups = [
            Group(
                AgentFacts(id, capacity=1, skills=dict.fromkeys(pool.skills, 1)), pool.agents, 100 * pool.service_rate
            )
            for id, pool in pools.items()
        ]
        truth = {f"{id}.wait": 60 * wait for id, wait in shared.mean_wait.items()}
        truth |= {f"busy {id}": part for id, part in zip(pools, shared.utilisation, strict=True)}
        yield Model(name, Scenario(classes, groups), extent, truth)


def _changing() -> Model:
    passed = day([Period(30, rate, 10) for rate in _DAY], 1.0, 0.5)
    calls = TicketClass("calls", Piecewise([60 * rate for rate in _DAY], _HALF_HOUR), _USUAL, Exponential(2 * MINUTE))
    arrived = sum(each.arrived for each in passed)
    truth = {
        "abandonment": sum(each.left for each in passed) / arrived,
        "queue_time": 60 * sum(each.mean_queue for each in passed) * 30 / arrived,
        "utilisation": sum(each.mean_busy for each in passed) / len(passed) / 10,
    }
    return Model("rates that change", _pool(10, calls), Terminating(len(_DAY) * _HALF_HOUR, finish=False), truth)


def judge(
    seed: int,
    replications: int = 20,
    tickets: int = 100_000,
    workers: int = 1,
    progress: Progress | None = None,
    rounds: int = 1,
) -> tuple[Cell, ...]:
    """Every figure of every model, in each round.  ``workers`` processes, which make no difference to what comes of it.

    Each model has its own chance in each round: the same would make all figures err alike.
    """
    every = [(number, model) for number in range(rounds) for model in models(tickets)]
    longest_idle = Candidate("longest idle", LongestIdle())
    tasks = [
        Task(model.scenario, model.extent, longest_idle, seed, place * replications + number, model.name)
        for place, (_, model) in enumerate(every)
        for number in range(replications)
    ]
    executor = partial(ProcessPoolExecutor, workers) if workers > 1 else None
    swept = sweep(tasks, executor, progress=progress)
    if swept.lost:
        raise RuntimeError(f"lost {len(swept.lost)} paths: {swept.lost[0][1]}")
    outcomes = [outcome for outcome in swept.outcomes if outcome is not None]
    confidence = 1 - (1 - SURE) / sum(len(model.truth) for _, model in every)
    cells = []
    for place, (number, model) in enumerate(every):
        own = outcomes[place * replications : (place + 1) * replications]
        for figure, truth in model.truth.items():
            estimate = mean_of(_values(own, figure), confidence)
            error = estimate.half_width / student_quantile((1 + confidence) / 2, replications - 1)
            cells.append(Cell(model.name, figure, truth, estimate, _apart(estimate.mean - truth, error), number))
    return tuple(cells)


def _apart(far: float, error: float) -> float:
    return far / error if error else copysign(inf, far) if far else 0.0


def agree(cells: Sequence[Cell]) -> bool:
    """Whether all lie inside their intervals, and enough of them within two standard errors."""
    return all(cell.holds for cell in cells) and _near(cells) >= NEAR * len(cells)


def _near(cells: Sequence[Cell]) -> int:
    return sum(abs(cell.errors) <= 2 for cell in cells)


def _values(outcomes: Sequence[Outcome], figure: str) -> list[float]:
    if figure.startswith("busy "):
        group = figure.removeprefix("busy ")
        busy = [[share for agent, share in outcome.agents if agent.partition("-")[0] == group] for outcome in outcomes]
        return [sum(shares) / len(shares) for shares in busy]
    found = [next(each for each in outcome.measures if each.name == figure) for outcome in outcomes]
    return ratio_values([each.top for each in found], [each.bottom for each in found])


def table(cells: Sequence[Cell]) -> str:
    """The cells as text: a line for each figure, with the errors of each round."""
    figures: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        figures.setdefault((cell.model, cell.figure), []).append(cell)
    errors = max(len(rounds) for rounds in figures.values()) * 6
    lines = [f"{'model':30}{'figure':15}{'theory':>10}{'simulated':>11}{'half width':>12}  {'errors':>{errors}}"]
    for (model, figure), rounds in figures.items():
        mean, width = fmean(each.estimate.mean for each in rounds), max(each.estimate.half_width for each in rounds)
        told = "".join(f"{each.errors:6.2f}" for each in rounds)
        outside = "" if all(each.holds for each in rounds) else "  OUTSIDE"
        lines.append(f"{model:30}{figure:15}{rounds[0].truth:10.5g}{mean:11.5g}{width:12.2g}  {told}{outside}")
    inside = sum(cell.holds for cell in cells)
    lines.append(f"{inside} of {len(cells)} inside intervals that hold all at once with {SURE:.2%}")
    lines.append(f"{_near(cells)} of {len(cells)} within 2 standard errors")
    return "\n".join(lines)


def main() -> int:
    """The command; what the program ends with."""
    parser = argparse.ArgumentParser(prog="python -m ticketcore.sim.truth", description="Hold simulations to theory.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replications", type=int, default=20)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    cells = judge(asked.seed, asked.replications, asked.tickets, asked.workers, rounds=asked.rounds)
    of_each = f"{asked.replications} replications of {asked.tickets} tickets"
    print(f"seed {asked.seed}, {asked.rounds} rounds of {of_each}, times in seconds")  # noqa: T201  # a program
    print(table(cells))  # noqa: T201  # a program
    return 0 if agree(cells) else 1


if __name__ == "__main__":
    sys.exit(main())
