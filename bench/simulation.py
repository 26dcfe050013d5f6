"""Simulated tickets a second, beside three simulators, and beside what one would write by hand for just these models.

``bench.queues`` has the models and the peers.  None of the peers has a policy, a discipline, requirements, or agents
who do more than one thing at a time; each is given what it has for the purpose.  Ours calls a policy object at each
decision and keeps a row for each ticket, unless it says otherwise.  The slow ones are given fewer tickets: rates do
not depend on how many there are.  The part of customers that left is compared before anything is timed.
"""

import json
import random
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial
from heapq import heappop, heappush
from multiprocessing import get_context
from pathlib import Path

from bench.assignment import people
from bench.measure import apart, goal, rates, report
from bench.queues import ERLANG_A, MU, PEERS, SKILLS, THETA, Model, by_hand
from ticketcore.engine import (
    AgentFacts,
    DistributionPolicy,
    Engine,
    FairShare,
    HasSkill,
    LeastActive,
    LongestIdle,
    Plan,
    PriorityFifo,
    Requirement,
    Waiting,
    default_policy,
)
from ticketcore.sim.arrivals import Poisson
from ticketcore.sim.extents import SteadyState
from ticketcore.sim.laws import Exponential
from ticketcore.sim.running import simulate
from ticketcore.sim.scenario import Group, Scenario, TicketClass

AREA = "simulation"
ROUNDS = 5
MINUTE = timedelta(minutes=1)
TICKETS = {"SimPy": 50_000, "Ciw": 30_000, "salabim": 4_000}
OURS = 100_000
MOST = 1_000_000
LARGE = 400_000
"""Tickets of the large desk, of which making its agents takes as long as some ten thousand."""
POLICIES: Mapping[str, DistributionPolicy] = {
    "longest idle": LongestIdle(),
    "least active": LeastActive(),
    "fair share": FairShare(),
    "the default chain": default_policy(),
}
GOALS = {"SimPy": 3.0, "Ciw": 5.0, "salabim": 35.0}


def scenario(model: Model) -> Scenario:
    """The same desk as ours are described."""
    classes = [
        TicketClass(
            f"c{kind}",
            Poisson(60 * rate),
            Exponential(MINUTE),
            Exponential(2 * MINUTE),
            requirement=Requirement(HasSkill(f"s{kind}")),
        )
        for kind, rate in enumerate(model.rates)
    ]
    agents = [
        Group(AgentFacts(f"a{id:02}", [f"s{skill}" for skill in skills], capacity=1))
        for id, skills in enumerate(model.agents)
    ]
    return Scenario(classes, agents)


def ours(
    desk: Scenario, policy: DistributionPolicy, rows: bool = True, decisions: bool = False, tickets: int = OURS
) -> Callable[[], int]:
    decided = (lambda _ticket, _decision: None) if decisions else None

    def run() -> int:
        simulate(desk, SteadyState(tickets), policy, seed=1, keep_rows=rows, decided=decided)
        return tickets

    return run


def theirs(peer: Callable[[Model, int, int], float], model: Model, tickets: int) -> Callable[[], int]:
    def run() -> int:
        peer(model, tickets, 1)
        return tickets

    return run


def check(name: str, model: Model) -> None:
    """That all simulate the same desk: who left, in percent, a few standard errors apart at most."""
    run = simulate(scenario(model), SteadyState(OURS), LongestIdle(), seed=2, keep_rows=False)
    found = {"ticketcore": run.figures()["abandonment"], "by hand": by_hand(model, OURS, 2)}
    found |= {"the engine in the loop by hand": bare(model, OURS, 2)}
    found |= {peer: PEERS[peer](model, 4 * TICKETS[peer] // (1 if peer == "salabim" else 4), 2) for peer in PEERS}
    for peer, left in found.items():
        line = {"area": AREA, "peer": peer, "metric": f"{name}: customers who left", "value": round(100 * left, 2)}
        print(json.dumps(line | {"unit": "%"}), flush=True)
    assert all(abs(left / found["ticketcore"] - 1) < 0.6 for left in found.values()), found


def print_ratio(metric: str, ours: list[float], theirs: list[float]) -> None:
    """A line for a ratio that has no goal."""
    value = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    line = {"area": AREA, "peer": "ticketcore", "metric": metric, "value": float(f"{value:.3g}"), "unit": "ratio"}
    print(json.dumps(line), flush=True)


def compare(name: str, model: Model) -> None:
    desk = scenario(model)
    candidates: dict[str, Callable[[], Callable[[], int]]] = {
        f"peer {peer}": partial(theirs, run, model, TICKETS[peer]) for peer, run in PEERS.items()
    }
    candidates |= {"peer by hand": partial(theirs, by_hand, model, OURS)}
    candidates |= {"the engine in the loop by hand": partial(theirs, bare, model, OURS)}
    candidates |= {policy: partial(ours, desk, each) for policy, each in POLICIES.items()}
    candidates |= {
        "sums only": partial(ours, desk, LongestIdle(), rows=False),
        "every decision told": partial(ours, desk, LongestIdle(), decisions=True),
    }
    measured = rates(candidates, ROUNDS)
    for candidate, values in measured.items():
        report(AREA, f"{name}: tickets", {candidate: values}, candidate.removeprefix("peer "))
    for policy in POLICIES:
        for peer, bound in GOALS.items():
            chain = policy == "the default chain"
            if not chain or peer == "SimPy":
                metric = f"{name}: {policy}, over {peer}"
                goal(AREA, metric, measured[policy], measured[f"peer {peer}"], 2.8 if chain else bound)
    goal(AREA, f"{name}: every decision told, over SimPy", measured["every decision told"], measured["peer SimPy"], 2.0)
    least = measured["the engine in the loop by hand"]
    print_ratio(f"{name}: the engine in the loop by hand, over by hand", least, measured["peer by hand"])
    goal(AREA, f"{name}: sums only, over by hand", measured["sums only"], measured["peer by hand"], 1.0)


def large(size: int = 4_000, skills: int = 200) -> Scenario:
    """Many agents with five skills each, and tickets of one skill each, of which there are as many as they can do."""
    staff = people(size, skills)
    groups = [
        Group(AgentFacts(f"a{id:04}", [f"s{skill}" for skill in sorted(person.skills)], capacity=1))
        for id, person in enumerate(staff)
    ]
    having = [sum(skill in person.skills for person in staff) for skill in range(skills)]
    rate = 60 * 0.9 * size / sum(having)
    classes = [
        TicketClass(
            f"c{skill}",
            Poisson(rate * count),
            Exponential(MINUTE),
            Exponential(2 * MINUTE),
            requirement=Requirement(HasSkill(f"s{skill}")),
        )
        for skill, count in enumerate(having)
        if count
    ]
    return Scenario(classes, groups)


def scale() -> None:
    for name in ("longest idle", "least active", "fair share"):
        policy = POLICIES[name]
        desks = {"40 agents, 4 skills": scenario(SKILLS), "4,000 agents, 200 skills": large()}
        measured = rates({size: partial(ours, desk, policy, tickets=LARGE) for size, desk in desks.items()}, 3)
        report(AREA, f"tickets, {name}", measured, "")
        few, many = measured.values()
        goal(AREA, f"{name}: 4,000 agents over 40", many, few, 0.5)


def peak(tickets: int, rows: bool) -> float:
    """The most that is in memory at once for one run, above what there was before, in MiB; in a process of its own."""
    desk = scenario(SKILLS)
    simulate(desk, SteadyState(5_000), LongestIdle(), seed=1, keep_rows=rows)
    before = _most_resident()
    simulate(desk, SteadyState(tickets), LongestIdle(), seed=1, keep_rows=rows)
    return (_most_resident() - before) / 1024


def _most_resident() -> int:
    """The most that this process has had in memory, in KiB; ``ru_maxrss`` begins with that of who started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def memory() -> None:
    """With rows, of a million tickets; without, how much more a million take than a tenth of them."""
    few, many = MOST // 10, MOST
    lines = (
        (f"peak memory, rows of {many:,} tickets", apart(peak, many, True), 64),
        (
            f"peak memory, sums only of {many:,} tickets, above that of {few:,}",
            apart(peak, many, False) - apart(peak, few, False),
            1,
        ),
    )
    for words, value, most in lines:
        line = {"area": AREA, "peer": "ticketcore", "metric": words, "value": round(value, 1)}
        print(json.dumps(line | {"unit": "MiB", "goal": most, "met": value <= most}), flush=True)


def bare(model: Model, customers: int, seed: int) -> float:
    """The engine in the loop by hand, and nothing else: what any simulator takes at least that asks and tells it.

    The draws are those of ``by_hand``; there are no rows, and a customer who leaves is told to the engine.
    """
    desk = scenario(model)
    engine = Engine([group.facts for group in desk.groups], policy=LongestIdle(), discipline=PriorityFifo())
    plans = [engine.plan(item.requirement) for item in desk.classes]
    rng = random.Random(seed)
    draw, classes, total = rng.expovariate, range(len(model.rates)), sum(model.rates)
    sums = [sum(model.rates[: kind + 1]) for kind in classes]
    waiting: dict[str, Plan] = {}
    heap: list[tuple[int, int, str, str | None]] = [(round(1e6 * draw(total)), 0, "", None)]
    serial = made = left = 0
    while heap:
        now, _, ticket, agent = heappop(heap)
        serial += 2
        if agent is not None:
            engine.released(ticket, now)
            following = engine.ticket_for(agent, now)
            if following is None:
                continue
            ticket = following
            plan = waiting.pop(ticket)
        elif ticket:
            if waiting.pop(ticket, None) is not None:
                engine.withdrawn(ticket)
                left += 1
            continue
        else:
            plan = plans[rng.choices(classes, cum_weights=sums)[0]]
            ticket = str(made)
            made += 1
            if made < customers:
                heappush(heap, (now + round(1e6 * draw(total)), serial - 1, "", None))
            agent = engine.agent_for(plan)
            if agent is None:
                engine.waits(ticket, plan, Waiting(now))
                waiting[ticket] = plan
                heappush(heap, (now + round(1e6 * draw(THETA)), serial, ticket, None))
                continue
        engine.assigned(ticket, agent, plan, now)
        heappush(heap, (now + round(1e6 * draw(MU)), serial, ticket, agent))
    return left / customers


def swept(workers: int) -> float:
    """Tickets a second of wall time of eight paths, on so many processes, which have imported all before."""
    jobs = [(scenario(SKILLS), SteadyState(OURS), LongestIdle(), seed) for seed in range(8)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as processes:
        list(processes.map(_path, [(scenario(SKILLS), SteadyState(1_000), LongestIdle(), 0)] * 4 * workers))
        start = time.perf_counter()
        list(processes.map(_path, jobs))
        return len(jobs) * OURS / (time.perf_counter() - start)


def _path(job: tuple[Scenario, SteadyState, DistributionPolicy, int]) -> float:
    desk, extent, policy, seed = job
    return simulate(desk, extent, policy, seed=seed, keep_rows=False).figures()["abandonment"]


def two_workers() -> None:
    """Of two processes and of one; by the wall clock, so that it says something on a quiet machine alone."""
    one, two = ([swept(workers) for _ in range(3)] for workers in (1, 2))
    goal(AREA, "two workers over one", two, one, 1.8)


def main() -> None:
    for name, model in (("50 agents, one skill", ERLANG_A), ("40 agents, 4 skills", SKILLS)):
        check(name, model)
        compare(name, model)
    scale()
    memory()
    two_workers()
