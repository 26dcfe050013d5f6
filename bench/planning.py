"""Batches planned at once, against networkx, which is what one would reach for without a planner of one's own.

Priced: as many tickets as agents who take one each, one pair in ten possible, at prices from 1 to 1,000; the least sum.
Even: four tickets for each agent, one pair in ten possible, everybody takes any number; the least sum of squares, which
networkx is told as one arc for each further ticket.  Both are the whole way, from ids to ids; networkx is timed without
the making of its graph.  The costs are compared before anything is timed.
"""

import random
from collections.abc import Callable
from functools import partial

import networkx as nx

from bench.measure import goal, rates, report
from ticketcore.planning import Taker, balanced_by_count, by_flow, by_paths, cheapest, offline_optimal, unevenness

AREA = "planning"
ROUNDS = 7
SIZES = (100, 200)
GOAL = 12

Prices = list[tuple[str, dict[str, int]]]


def priced(size: int) -> Prices:
    """Tickets with their prices by agent; ticket i can go to agent i, so that all have a place."""
    chance = random.Random(1)
    return [
        (f"t{i}", {f"a{j}": chance.randint(1, 1000) for j in range(size) if i == j or chance.random() < 0.1})
        for i in range(size)
    ]


def graph(prices: Prices, size: int, marginals: int) -> "nx.DiGraph[object]":
    """The same as a flow; agents take one ticket, or ``marginals`` of them, the next at two more than the last."""
    made: nx.DiGraph[object] = nx.DiGraph()
    made.add_node("from", demand=-len(prices))
    made.add_node("to", demand=len(prices))
    for ticket, own in prices:
        made.add_edge("from", ticket, capacity=1, weight=0)
        for agent, price in own.items():
            made.add_edge(ticket, agent, capacity=1, weight=price)
    for number in range(size):
        for nth in range(marginals):
            made.add_edge(f"a{number}", (number, nth), capacity=1, weight=2 * nth + 1 if marginals > 1 else 0)
            made.add_edge((number, nth), "to", capacity=1, weight=0)
    return made


def repeated(work: Callable[[], object], times: int) -> Callable[[], int]:
    def run() -> int:
        for _ in range(times):
            work()
        return times

    return run


def batches(size: int) -> None:
    prices, takers = priced(size), [Taker(f"a{agent}", room=1) for agent in range(size)]
    flow = graph(prices, size, 1)
    least = nx.cost_of_flow(flow, nx.min_cost_flow(flow))
    assert sum(dict(prices)[ticket][agent] for ticket, agent in cheapest(prices, takers).given) == least

    chance = random.Random(2)
    suits = [
        (f"t{ticket}", sorted(chance.sample([taker.agent for taker in takers], size // 10)))
        for ticket in range(4 * size)
    ]
    free = [Taker(taker.agent, weight=1) for taker in takers]
    rising = graph([(ticket, dict.fromkeys(agents, 0)) for ticket, agents in suits], size, 8)
    even = nx.cost_of_flow(rising, nx.min_cost_flow(rising))
    for solve in (by_flow, by_paths):
        assert unevenness(balanced_by_count(suits, free, solve), free) == even

    times = 2_000 // size
    measured = rates(
        {
            "cheapest": lambda: repeated(partial(cheapest, prices, takers), times),
            "peer min_cost_flow, priced": lambda: repeated(partial(nx.min_cost_flow, flow), 2),
            "balanced_by_count, by flow": lambda: repeated(partial(balanced_by_count, suits, free), times),
            "balanced_by_count, by paths": lambda: repeated(partial(balanced_by_count, suits, free, by_paths), times),
            "peer min_cost_flow, even": lambda: repeated(partial(nx.min_cost_flow, rising), 1),
        },
        ROUNDS,
    )
    metric = f"batches, {size} agents"
    report(AREA, metric, measured, "networkx")
    for name, peer in (("cheapest", "priced"), ("balanced_by_count, by flow", "even")):
        theirs = measured[f"peer min_cost_flow, {peer}"]
        goal(AREA, f"{metric}: {name}, over networkx min_cost_flow", measured[name], theirs, GOAL)


def hindsight() -> None:
    """A day of 4,000 tickets and 100 agents, of 24 skills each asked alike, who have one to eight of them."""
    chance = random.Random(3)
    having = [chance.sample(range(24), chance.choice((1, 2, 3, 5, 8))) for _ in range(100)]
    groups: dict[frozenset[str], int] = {}
    for _ in range(4_000):
        skill = chance.randrange(24)
        agents = frozenset(f"a{number}" for number, own in enumerate(having) if skill in own)
        groups[agents] = groups.get(agents, 0) + 1
    takers = [Taker(f"a{number}", weight=chance.choice((240, 360, 480))) for number in range(100)]
    assert offline_optimal(groups, takers).cost == offline_optimal(groups, takers, by_paths).cost
    measured = rates(
        {
            "by flow": lambda: repeated(partial(offline_optimal, groups, takers), 2),
            "by paths": lambda: repeated(partial(offline_optimal, groups, takers, by_paths), 2),
        },
        3,
    )
    report(AREA, "offline_optimal of 4,000 tickets and 100 agents", measured, "")


def main() -> None:
    for size in SIZES:
        batches(size)
    hindsight()
