"""Plans are the best there is: three ways that share no code agree, and no rule that decides one by one comes near."""

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore.engine import AgentFacts, AgentIn, Engine, FairShare, LeastActive, Requirement
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.planning import (
    Taker,
    Task,
    balanced_by_count,
    balanced_by_work,
    by_flow,
    by_paths,
    cheapest,
    offline_optimal,
    regret,
    unevenness,
)

AGENTS = ("ana", "bo", "eve", "kim")


@st.composite
def batches(draw, tickets=6):
    """Tickets with the agents who can take them, and takers of whom anything can be true."""
    takers = [
        Taker(
            agent,
            draw(st.sampled_from([100, 100, 50, 130])),
            draw(st.integers(0, 3)),
            draw(st.sampled_from([None, None, 0, 1, 2])),
        )
        for agent in AGENTS
    ]
    suits = draw(st.lists(st.sets(st.sampled_from(AGENTS)), max_size=tickets))
    return [(f"t{number}", sorted(agents)) for number, agents in enumerate(suits)], takers


def ways(suits, takers):
    """Every way to give the tickets out, also to nobody: the oracle."""
    rooms = {taker.agent: taker.room for taker in takers}
    for way in product(*([None, *agents] for _, agents in suits)):
        if all(room is None or way.count(agent) <= room for agent, room in rooms.items()):
            yield way


def cost(way, takers):
    return sum(Fraction((way.count(taker.agent) + taker.held) ** 2, taker.weight) for taker in takers)


def best(suits, takers):
    """Which tickets have a place, the earlier ones before the later, and what the most even way then costs."""
    every = list(ways(suits, takers))
    served = max(tuple(agent is not None for agent in way) for way in every)
    return served, min(cost(way, takers) for way in every if tuple(agent is not None for agent in way) == served)


@settings(max_examples=1000)
@given(batches())
def test_flow_paths_and_brute_force_agree(batch):
    suits, takers = batch
    served, least = best(suits, takers)
    for solve in (by_flow, by_paths):
        plan = balanced_by_count(suits, takers, solve)
        given = dict(plan.given)
        assert tuple(ticket in given for ticket, _ in suits) == served
        assert list(plan.left) == [ticket for ticket, _ in suits if ticket not in given]
        assert all(given[ticket] in agents for ticket, agents in suits if ticket in given)
        assert all(taker.room is None or plan.counts.get(taker.agent, 0) <= taker.room for taker in takers)
        assert unevenness(plan, takers) == least


@given(st.integers(0, 2**32), st.sampled_from([10, 40, 120]))
@settings(max_examples=40)
def test_flow_and_paths_agree_on_larger_ones(seed, size):
    chance = random.Random(seed)
    agents = [f"a{number}" for number in range(size // 4)]
    takers = [
        Taker(
            agent, chance.choice([100, 50, chance.randint(60, 140)]), chance.randrange(3), chance.choice([None, 3, 7])
        )
        for agent in agents
    ]
    suits = [(f"t{number}", chance.sample(agents, min(len(agents), chance.randint(1, 4)))) for number in range(size)]
    flow, paths = (balanced_by_count(suits, takers, solve) for solve in (by_flow, by_paths))
    assert flow.left == paths.left
    assert unevenness(flow, takers) == unevenness(paths, takers)


@given(batches(), st.data())
@settings(max_examples=300)
def test_the_cheapest_is_what_brute_force_finds(batch, data):
    suits, takers = batch
    prices = [(ticket, {agent: data.draw(st.integers(0, 9)) for agent in agents}) for ticket, agents in suits]
    plan = cheapest(prices, takers)
    given = dict(plan.given)

    def price(way):
        return sum(own[agent] for (_, own), agent in zip(prices, way, strict=True) if agent is not None)

    served = best(suits, takers)[0]
    least = min(price(way) for way in ways(suits, takers) if tuple(agent is not None for agent in way) == served)
    assert tuple(ticket in given for ticket, _ in suits) == served
    assert price([given.get(ticket) for ticket, _ in suits]) == least


@given(st.integers(0, 2**32))
@settings(max_examples=30)
def test_no_measure_of_evenness_is_better_elsewhere_if_all_weigh_the_same(seed):
    """By the largest, by the sum of cubes, and by how the counts compare from the largest down."""
    chance = random.Random(seed)
    suits = [(f"t{number}", sorted(chance.sample(AGENTS, chance.randint(1, 3)))) for number in range(6)]
    takers = [Taker(agent) for agent in AGENTS]
    plan = balanced_by_count(suits, takers)
    counts = sorted((plan.counts.get(agent, 0) for agent in AGENTS), reverse=True)
    every = [
        sorted((way.count(agent) for agent in AGENTS), reverse=True) for way in ways(suits, takers) if None not in way
    ]
    assert counts == min(every)
    assert sum(count**3 for count in counts) == min(sum(count**3 for count in each) for each in every)


@given(st.lists(st.tuples(st.sets(st.sampled_from(AGENTS)), st.integers(0, 4)), max_size=5), batches())
@settings(max_examples=100)
def test_hindsight_is_the_batch_of_the_whole_day(groups, batch):
    _, takers = batch
    day = {frozenset(agents): count for agents, count in groups}
    suits = [(f"{sorted(agents)}{n}", sorted(agents)) for agents, count in day.items() for n in range(count)]
    found = [offline_optimal(day, takers, solve) for solve in (by_flow, by_paths)]
    plan = balanced_by_count(suits, takers)
    for each in found:
        assert (sum(count for _, count in each.counts), each.left) == (len(plan.given), len(plan.left))
    if not any(taker.room is not None for taker in takers):
        assert found[0].cost == found[1].cost == unevenness(plan, takers)
        assert regret(dict(found[0].counts), found[0], takers) == 0


@pytest.mark.parametrize("policy", [LeastActive(), FairShare()])
@pytest.mark.parametrize("doublings", [3, 10])
def test_one_by_one_the_worst_day_gives_somebody_the_logarithm_of_the_staff_and_a_plan_gives_each_one(
    policy, doublings
):
    """Each ticket can go to two who were given as much; the next round asks those who got it (Azar, Naor and Rom)."""
    agents = [f"a{number}" for number in range(2**doublings)]
    engine = Engine([AgentFacts(agent, capacity=99) for agent in agents], policy=policy)
    suits, asked = [], agents
    while len(asked) > 1:
        chosen = []
        for pair in zip(asked[::2], asked[1::2], strict=True):
            plan = engine.plan(Requirement(AgentIn(pair)))
            agent = engine.agent_for(plan)
            ticket = f"t{len(suits)}"
            engine.assigned(ticket, agent, plan, len(suits) + 1)
            suits.append((ticket, pair))
            chosen.append(agent)
        asked = chosen
    most = max(engine._loads[agent].open for agent in agents)
    plan = balanced_by_count(suits, [Taker(agent) for agent in agents])
    assert (most, max(plan.counts.values()), plan.left) == (doublings, 1, ())


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sets(st.sampled_from(AGENTS), min_size=1)), max_size=6), batches(tickets=0)
)
@settings(max_examples=200)
def test_work_is_given_nearly_evenly_and_never_below_the_bound(tasks, batch):
    _, takers = batch
    tasks = [Task(f"t{number}", work, tuple(sorted(agents))) for number, (work, agents) in enumerate(tasks)]
    plan = balanced_by_work(tasks, takers)
    given = dict(plan.batch.given)
    suits = [(task.ticket, task.agents) for task in tasks]

    def work_cost(way):
        loads = [
            taker.held + sum(task.work for task, agent in zip(tasks, way, strict=True) if agent == taker.agent)
            for taker in takers
        ]
        return sum(Fraction(load**2, taker.weight) for load, taker in zip(loads, takers, strict=True))

    served = best(suits, takers)[0]
    least = min(work_cost(way) for way in ways(suits, takers) if tuple(agent is not None for agent in way) == served)
    assert tuple(task.ticket in given for task in tasks) == served
    assert plan.cost == work_cost([given.get(task.ticket) for task in tasks])
    assert plan.bound <= least <= plan.cost
    for taker in takers:
        assert taker.room is None or list(given.values()).count(taker.agent) <= taker.room
    for ticket, agents in suits:
        for agent in agents if ticket in given else ():
            moved = given | {ticket: agent}
            if all(taker.room is None or list(moved.values()).count(taker.agent) <= taker.room for taker in takers):
                assert work_cost([moved.get(each) for each, _ in suits]) >= plan.cost


def test_no_move_and_no_exchange_makes_work_more_even():
    """Four tickets of 3 and three of 2 for two agents: longest first gives 10 and 8, an exchange and a move 9 and 9."""
    tasks = [Task(f"t{number}", work, ("ana", "bo")) for number, work in enumerate([3, 3, 2, 2, 2, 3, 3])]
    plan = balanced_by_work(tasks, [Taker("ana"), Taker("bo")])
    assert plan.cost == plan.bound == Fraction(9**2 + 9**2, 100)


@pytest.mark.parametrize(
    ("make", "error", "field"),
    [
        (lambda: Taker(""), InvalidInput, "Taker.agent"),
        (lambda: Taker("ana", weight=0), InvalidInput, "Taker.weight"),
        (lambda: Taker("ana", held=-1), InvalidInput, "Taker.held"),
        (lambda: Taker("ana", room=-1), InvalidInput, "Taker.room"),
        (lambda: balanced_by_count([], [Taker("ana"), Taker("ana")]), InvalidInput, "Taker.agent"),
        (lambda: balanced_by_count([("t", []), ("t", [])], []), InvalidInput, "ticket"),
        (lambda: balanced_by_count([("", [])], []), InvalidInput, "ticket"),
        (lambda: balanced_by_count([("t", ["bo"])], [Taker("ana")]), NotFound, None),
        (lambda: cheapest([("t", {"ana": -1})], [Taker("ana")]), InvalidInput, "price of 'ana'"),
        (lambda: offline_optimal({frozenset("b"): 1}, [Taker("ana")]), NotFound, None),
        (lambda: offline_optimal({frozenset(): -1}, []), InvalidInput, "groups[[]]"),
        (lambda: balanced_by_work([Task("t", 0, ())], []), InvalidInput, "work of 't'"),
        (lambda: balanced_by_work([Task("t", 1, ()), Task("t", 1, ())], []), InvalidInput, "ticket"),
        (lambda: balanced_by_work([Task("t", 1, ("bo",))], [Taker("ana")]), NotFound, None),
    ],
)
def test_what_cannot_be_used_is_named(make, error, field):
    with pytest.raises(error) as caught:
        make()
    assert getattr(caught.value, "field", None) == field
