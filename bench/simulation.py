"""Simulated tickets a second, beside three simulators, and beside what one would write by hand for just these models.

``bench.queues`` has the models and the peers.  None of the peers has a policy, a discipline, requirements, or agents
who do more than one thing at a time; each is given what it has for the purpose.  Ours calls a policy object at each
decision and keeps a row for each ticket, unless it says otherwise.  The slow ones are given fewer tickets: rates do
not depend on how many there are.  The part of customers that left is compared before anything is timed.
"""

import json
import resource
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from bench.assignment import people
from bench.measure import apart, goal, rates, report
from bench.queues import ERLANG_A, PEERS, SKILLS, Model, by_hand
from ticketcore.engine import (
    AgentFacts,
    DistributionPolicy,
    FairShare,
    HasSkill,
    LeastActive,
    LongestIdle,
    Requirement,
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


def ours(desk: Scenario, policy: DistributionPolicy, rows: bool = True, decisions: bool = False) -> Callable[[], int]:
    decided = (lambda _ticket, _decision: None) if decisions else None

    def run() -> int:
        simulate(desk, SteadyState(OURS), policy, seed=1, keep_rows=rows, decided=decided)
        return OURS

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
    found |= {peer: PEERS[peer](model, 4 * TICKETS[peer] // (1 if peer == "salabim" else 4), 2) for peer in PEERS}
    for peer, left in found.items():
        line = {"area": AREA, "peer": peer, "metric": f"{name}: customers who left", "value": round(100 * left, 2)}
        print(json.dumps(line | {"unit": "%"}), flush=True)
    assert all(abs(left / found["ticketcore"] - 1) < 0.6 for left in found.values()), found


def compare(name: str, model: Model) -> None:
    desk = scenario(model)
    candidates: dict[str, Callable[[], Callable[[], int]]] = {
        f"peer {peer}": partial(theirs, run, model, TICKETS[peer]) for peer, run in PEERS.items()
    }
    candidates |= {"peer by hand": partial(theirs, by_hand, model, OURS)}
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
        measured = rates({size: partial(ours, desk, policy) for size, desk in desks.items()}, 3)
        report(AREA, f"tickets, {name}", measured, "")
        few, many = measured.values()
        goal(AREA, f"{name}: 4,000 agents over 40", many, few, 0.5)


def peak(tickets: int, rows: bool) -> float:
    """The most that is in memory at once for one run, above what there was before, in MiB; in a process of its own."""
    desk = scenario(SKILLS)
    simulate(desk, SteadyState(5_000), LongestIdle(), seed=1, keep_rows=rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    simulate(desk, SteadyState(tickets), LongestIdle(), seed=1, keep_rows=rows)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def memory() -> None:
    for rows, most, words in ((True, 64, "rows of 1,000,000 tickets"), (False, 1, "sums only of 1,000,000 tickets")):
        value = apart(peak, 1_000_000, rows)
        line = {"area": AREA, "peer": "ticketcore", "metric": f"peak memory, {words}", "value": round(value, 1)}
        print(json.dumps(line | {"unit": "MiB", "goal": most, "met": value <= most}), flush=True)


def main() -> None:
    for name, model in (("50 agents, one skill", ERLANG_A), ("40 agents, 4 skills", SKILLS)):
        check(name, model)
        compare(name, model)
    scale()
    memory()
