"""Policies and a discipline that look at all there is before they choose: exact turns, draws, ratios."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_engine_rules import GOLD, give, staff

from ticketcore.engine import (
    Asked,
    Chain,
    Engine,
    IdlenessRatio,
    LeastFlexibleFirst,
    PowerOfChoices,
    QueueRatio,
    SmoothWeightedRoundRobin,
    Waiting,
)
from ticketcore.errors import InvalidInput

weights = st.lists(st.integers(1, 10), min_size=1, max_size=6)


def nginx(weights, picks):
    """The rule as it is told: each gains its weight, the largest is taken and pays what all gained."""
    current, chosen = [0] * len(weights), []
    for _ in range(picks):
        current = [have + weight for have, weight in zip(current, weights, strict=True)]
        best = max(range(len(weights)), key=lambda at: (current[at], -at))
        current[best] -= sum(weights)
        chosen.append(best)
    return chosen


def weighted(weights, **facts):
    return [one for at, weight in enumerate(weights) for one in staff(f"a{at}", weight=100 * weight, **facts)]


@given(weights)
def test_smooth_turns_are_those_of_nginx(weights):
    engine = Engine(weighted(weights), policy=SmoothWeightedRoundRobin())
    picks = 3 * sum(weights)
    assert give(engine, picks) == [f"a{at}" for at in nginx(weights, picks)]


@given(st.lists(st.integers(1, 300), min_size=1, max_size=5))
def test_smooth_turns_are_exact_each_cycle_and_nobody_is_a_ticket_ahead(percents):
    fleet = [one for at, percent in enumerate(percents) for one in staff(f"a{at}", weight=percent)]
    engine = Engine(fleet, policy=SmoothWeightedRoundRobin())
    total, got = sum(percents), Counter()
    for number in range(1, 2 * total + 1):
        [agent] = give(engine, 1, start=number)
        got[agent] += 1
        assert all(total * got[f"a{at}"] - number * percent < total for at, percent in enumerate(percents))
        if number % total == 0:
            assert [got[f"a{at}"] for at in range(len(percents))] == [number // total * each for each in percents]


def test_whoever_has_no_room_keeps_their_smooth_turn():
    engine = Engine([*staff("ana", weight=300, capacity=1), *staff("bo", "eve")], policy=SmoothWeightedRoundRobin())
    assert give(engine, 4) == ["ana", "bo", "eve", "bo"]
    engine.released("t0", 9)
    assert give(engine, 1, start=9) == ["ana"]
    engine.capacity_changed("ana", 1000)
    assert Counter(give(engine, 20, start=10)) == {"ana": 13, "bo": 3, "eve": 4}, "15, 5 and 5 of 25"


def test_of_a_few_who_are_drawn_the_best_is_chosen_whatever_the_order():
    ids = [f"a{number}" for number in range(12)]
    engines = [Engine(staff(*order), policy=PowerOfChoices(2, seed=3)) for order in (ids, ids[::-1])]
    chosen = Counter()
    for number in range(600):
        ticket = f"t{number}"
        agents = {engine.agent_for(engine.plan(), asked=Asked(ticket)) for engine in engines}
        assert len(agents) == 1
        for engine in engines:
            engine.assigned(ticket, *agents, engine.plan(), number)
        chosen.update(agents)
    assert max(chosen.values()) - min(chosen.values()) <= 5, "one draw alone: tens"
    decision = engines[0].decide(engines[0].plan(), asked=Asked("next"))
    assert (decision.policy, decision.rank[0], decision.runner_up_rank[0]) == ("power_of_2(least_active)", 0, 0)


def test_one_draw_is_chance_and_all_draws_are_the_policy():
    fleet = staff(*(f"a{number}" for number in range(9)))
    one, every = (Engine(fleet, policy=PowerOfChoices(draws)) for draws in (1, 9))
    agents = [one.agent_for(one.plan(), asked=Asked(f"t{number}")) for number in range(900)]
    assert all(70 < agents.count(f"a{number}") < 130 for number in range(9))
    assert sorted(give(every, 9)) == [f"a{number}" for number in range(9)]


@pytest.mark.parametrize(
    ("parts", "spare"), [({"north": 1, "south": 1}, (50, 50)), ({"north": 3, "south": 1}, (75, 25))]
)
def test_spare_room_is_kept_in_ratio(parts, spare):
    fleet = [
        *staff(*(f"n{number}" for number in range(10)), teams=["north"], capacity=20),
        *staff(*(f"s{number}" for number in range(10)), teams=["south"], capacity=20),
    ]
    engine = Engine(fleet, policy=IdlenessRatio(parts))
    given = give(engine, 300)
    assert (200 - sum(agent[0] == "n" for agent in given), 200 - sum(agent[0] == "s" for agent in given)) == spare
    of_pool = Counter(agent for agent in given if agent[0] == "n")
    assert max(of_pool.values()) - min(of_pool.values()) <= 1


def test_who_is_in_no_pool_comes_last_and_only_pools_that_can_take_it_count():
    fleet = [*staff("out", "in", skills=["gold"]), *staff("north", "south")]
    engine = Engine(fleet, policy=IdlenessRatio({"north": 1, "south": 9}))
    engine.teams_changed("in", ["north"])
    engine.teams_changed("north", ["north"])
    engine.teams_changed("south", ["south"])
    gold = engine.plan(GOLD)
    assert give(engine, 3, gold) == ["in"] * 3
    assert engine.agent_for(engine.plan()) == "north", "south has too little spare for nine parts of ten"
    assert [engine.explain(engine.plan()).candidates[at][0] for at in (0, 3)] == ["north", "out"]


def test_a_chain_compares_if_one_of_it_does():
    engine = Engine(weighted([3, 1]), policy=Chain((SmoothWeightedRoundRobin(), LeastFlexibleFirst())))
    assert give(engine, 8) == [f"a{at}" for at in nginx([3, 1], 8)]


def test_what_waits_is_kept_in_ratio():
    engine = Engine(staff("ana"), discipline=QueueRatio({1: 3, 4: 1}))
    plan = engine.plan()
    for number in range(200):
        engine.waits(f"n{number:03}", plan, Waiting(number, priority=number % 4))
        engine.waits(f"u{number:03}", plan, Waiting(number, priority=4))
    got = []
    while engine.waiting > 40:
        ticket = engine.ticket_for("ana", 999)
        engine.assigned(ticket, "ana", plan, 999)
        got.append(ticket)
    left = [ticket for kind in "nu" for ticket in [f"{kind}{number:03}" for number in range(200)] if ticket not in got]
    assert Counter(ticket[0] for ticket in left) == {"n": 30, "u": 10}
    assert left == [*(f"n{number}" for number in range(170, 200)), *(f"u{number}" for number in range(190, 200))]
    engine.withdrawn("n170")
    assert engine.ticket_for("ana", 999) in ("n171", "u190")


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: PowerOfChoices(0), "PowerOfChoices.draws"),
        (lambda: IdlenessRatio({}), "IdlenessRatio.parts"),
        (lambda: IdlenessRatio({"north": 0}), "IdlenessRatio.parts['north']"),
        (lambda: IdlenessRatio({"": 1}), "IdlenessRatio.parts"),
        (lambda: QueueRatio({}), "QueueRatio.parts"),
        (lambda: QueueRatio({1: -1}), "QueueRatio.parts[1]"),
    ],
)
def test_what_cannot_be_used_is_named(make, field):
    with pytest.raises(InvalidInput) as caught:
        make()
    assert caught.value.field == field


def test_a_policy_that_compares_explains_itself():
    engine = Engine(weighted([2, 1], capacity=5), policy=SmoothWeightedRoundRobin())
    decision, explained = engine.decide(engine.plan()), engine.explain(engine.plan())
    assert (decision.agent, decision.runner_up) == ("a0", "a1")
    assert [(decision.agent, decision.rank), (decision.runner_up, decision.runner_up_rank)] == list(
        explained.candidates
    )
