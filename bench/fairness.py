"""The gates of fairness, measured on days that an engine lives through: see ``bench.days``.

Regret is how much more uneven the tickets for an hour on duty were than they could have been in hindsight, over twenty
seeds: the sum of (tickets squared over hours) over that of the best day.  The best day knows neither room nor time, so
no policy reaches it.
"""

import json
import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import product

from bench.days import HOUR, START, Life, Lived, World, world
from ticketcore.engine import (
    AgentFacts,
    AgentIn,
    Chance,
    DistributionPolicy,
    DutyRate,
    Engine,
    FairShare,
    LeastActive,
    LeastHandled,
    LongestIdle,
    Requirement,
    RoundRobin,
    SmoothWeightedRoundRobin,
    default_policy,
)
from ticketcore.fairness import Day, Ledger, jain, rates
from ticketcore.fairness.metrics import groups_of
from ticketcore.fairness.table import takers_of
from ticketcore.planning import Taker, balanced_by_count, by_flow, by_paths, offline_optimal, regret, unevenness

AREA = "fairness"
SEEDS = 20
TAKEN_IN_TURN = (RoundRobin(), LeastHandled(), FairShare())


def gate(metric: str, value: float, bound: float, *, at_most: bool = True) -> None:
    """A line for a gate."""
    line = {"area": AREA, "peer": "ticketcore", "metric": metric, "value": round(value, 4), "unit": ""}
    print(json.dumps(line | {"goal": bound, "met": value <= bound if at_most else value >= bound}), flush=True)


def figure(metric: str, value: float) -> None:
    """A line for what has no goal."""
    print(
        json.dumps({"area": AREA, "peer": "ticketcore", "metric": metric, "value": round(value, 4), "unit": ""}),
        flush=True,
    )


def counts(lived: Lived) -> Counter[str]:
    return Counter(given.agent for given in lived.history.given)


def per_hour(lived: Lived) -> list[float]:
    """Tickets for an hour on duty."""
    return rates(Ledger(Day(START)).shares(lived.history, START + 8 * HOUR))


def twins() -> None:
    """F1, F2, F3: who is alike is given alike."""
    for policy in TAKEN_IN_TURN:
        lived = Life(world(1, 0.5, begins=(0,), capacity=1_000, alike=True), policy).lived()
        got: Counter[str] = Counter({f"a{number}": 0 for number in range(100)})
        most = 0
        for given in lived.history.given:
            got[given.agent] += 1
            most = max(most, max(got.values()) - min(got.values()))
        gate(f"F1 twins, the farthest apart at any time: {policy.name}", most, 1)
        gate(f"F3 Jain's index of tickets, all alike: {policy.name}", jain(list(got.values())), 0.999, at_most=False)
    weights = (3, 1, 2, 7)
    engine = Engine(
        [AgentFacts(f"a{at}", capacity=10_000, weight=100 * weight) for at, weight in enumerate(weights)],
        policy=SmoothWeightedRoundRobin(),
    )
    got, wrong, ahead = Counter(), 0, 0.0
    for number in range(1, 100 * sum(weights) + 1):
        agent = engine.agent_for(engine.plan())
        assert agent is not None
        engine.assigned(f"t{number}", agent, engine.plan(), number)
        got[agent] += 1
        over = [got[f"a{at}"] - number * weight / sum(weights) for at, weight in enumerate(weights)]
        ahead = max(ahead, *over)
        wrong += number % sum(weights) == 0 and any(over)
    gate("F2 smooth weighted round robin: cycles of 100 that were not exact", wrong, 0)
    gate("F2 smooth weighted round robin: tickets that anybody was ahead", ahead, 1)


def against_hindsight(day: World, policy: DistributionPolicy) -> tuple[float, float, float]:
    """How uneven over the best in hindsight, Jain's index of tickets an hour, and that over the best's."""
    lived = Life(day, policy).lived()
    takers = takers_of(lived.history)
    best = offline_optimal(groups_of(lived.history), takers)
    of_best = jain([count / taker.weight for (_, count), taker in zip(best.counts, takers, strict=True)])
    index = jain(per_hour(lived))
    return 1 + regret(counts(lived), best, takers), index, index / of_best


def staggered() -> None:
    """F4, F5: against the best in hindsight, with skills and shifts that differ.

    What a fair share misses is mostly how it counts: it is even among those who are there together, while the best day
    in hindsight gives those who come later more than that, for what the first were given while they were few.  So it is
    less even the more come late: a staff of whom a third each comes at 0, 2 and 4 hours shows that.
    """
    bounds = {"duty_rate": (1.010, 1.015), "fair_share": (1.015, 1.025)}
    policies: tuple[DistributionPolicy, ...] = (
        *(DutyRate(), FairShare(), default_policy()),
        *(LeastActive(), LongestIdle(), RoundRobin(), LeastHandled(), Chance()),
    )
    indices: list[float] = []
    for policy in policies:
        measured = [against_hindsight(world(seed, 0.6), policy) for seed in range(SEEDS)]
        regrets = [regretted for regretted, _, _ in measured]
        mean, worst = (
            f"F4 unevenness over hindsight's, {of} of {SEEDS} seeds: {policy.name}" for of in ("mean", "worst")
        )
        if policy.name in bounds:
            gate(mean, sum(regrets) / SEEDS, bounds[policy.name][0])
            gate(worst, max(regrets), bounds[policy.name][1])
        else:
            figure(mean, sum(regrets) / SEEDS)
        figure(
            f"Jain's index of tickets an hour, mean of {SEEDS} seeds: {policy.name}",
            sum(m[1] for m in measured) / SEEDS,
        )
        if policy.name == "duty_rate":
            indices = [over_best for _, _, over_best in measured]
    for policy in policies[:3]:
        thirds = [against_hindsight(world(seed, 0.6, begins=(0, 2, 4)), policy)[0] for seed in range(SEEDS)]
        figure(f"unevenness over hindsight's, a third each at 0, 2 and 4 hours: {policy.name}", sum(thirds) / SEEDS)
    gate("F5 Jain's index over hindsight's, worst seed: duty_rate", min(indices), 0.985, at_most=False)


def joining() -> None:
    """F6: what late ones are given in their first half hour, over what the others are."""
    for policy, bound in ((FairShare(), 1.3), (DutyRate(), 1.7), (default_policy(), None), (LeastHandled(), None)):
        own = others = 0.0
        for seed in range(10):
            begins = (0, 0, 0, 4)
            lived = Life(
                world(seed, 0.6, agents=20, tasks=1_600, begins=begins, capacity=8, alike=True), policy
            ).lived()
            for duty in lived.history.duties:
                if duty.begin > START:
                    end = duty.begin + HOUR // 2
                    own += sum(
                        given.agent == duty.agent and duty.begin <= given.at < end for given in lived.history.given
                    )
                    early = [other for other in lived.history.duties if other.begin == START]
                    others += sum(
                        duty.begin <= given.at < end and any(given.agent == other.agent for other in early)
                        for given in lived.history.given
                    ) / len(early)
        name = policy.name
        metric = f"F6 a late one's first half hour over the others': {name}"
        if bound is None:
            figure(metric, own / others if others else 999)
        else:
            gate(metric, own / others, bound)


def overload() -> None:
    """F7: when there is more work than can be done, no policy helps."""
    indices, waits = [], []
    for policy in (RoundRobin(), LeastActive(), FairShare(), LeastHandled()):
        lived = [Life(world(seed, 1.15, begins=(0,)), policy).lived() for seed in range(5)]
        indices.append(sum(jain(list(counts(each).values())) for each in lived) / len(lived))
        waits.append(sum(sum(each.waits) / len(each.waits) for each in lived) / len(lived))
    gate("F7 overload: how far Jain's indices of policies are apart", max(indices) - min(indices), 0.01)
    gate("F7 overload: how far waits are apart, of the longest", 1 - min(waits) / max(waits), 0.05)


def optimum() -> None:
    """F8, F9: the planners against brute force, and one by one against a plan on the worst day."""
    chance, wrong = random.Random(8), 0
    agents = ("ana", "bo", "eve", "kim")
    for _ in range(1_000):
        takers = [Taker(agent, chance.choice((50, 100, 130)), chance.randrange(3)) for agent in agents]
        suits = [(f"t{at}", chance.sample(agents, chance.randint(1, 4))) for at in range(chance.randint(1, 6))]
        ways = product(*(able for _, able in suits))
        least = min(
            sum(Fraction((way.count(taker.agent) + taker.held) ** 2, taker.weight) for taker in takers) for way in ways
        )
        found = {unevenness(balanced_by_count(suits, takers, solve), takers) for solve in (by_flow, by_paths)}
        wrong += found != {least}
    gate("F8 batches of 1,000 on which flow, paths and brute force differ", wrong, 0)
    asked = [f"a{number}" for number in range(1_024)]
    engine = Engine([AgentFacts(agent, capacity=99) for agent in asked], policy=LeastActive())
    takers, given = [Taker(agent) for agent in asked], list[tuple[str, tuple[str, str]]]()
    most: Counter[str] = Counter()
    while len(asked) > 1:
        pairs, asked = list(zip(asked[::2], asked[1::2], strict=True)), []
        for pair in pairs:
            plan = engine.plan(Requirement(AgentIn(pair)))
            agent = engine.agent_for(plan)
            assert agent is not None
            engine.assigned(f"t{len(given)}", agent, plan, 1)
            given.append((f"t{len(given)}", pair))
            most[agent] += 1
            asked.append(agent)
    gate("F9 the worst day of 1,024 agents, the most of anybody, one by one", max(most.values()), 10)
    gate("F9 the same by a plan", max(balanced_by_count(given, takers).counts.values()), 1)


GATES: tuple[Callable[[], None], ...] = (twins, staggered, joining, overload, optimum)


def main() -> None:
    for each in GATES:
        each()
