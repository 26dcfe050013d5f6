"""The formulas are right: against chains of all states solved as equations, and against figures that were published."""

import random
import subprocess
import sys
from bisect import bisect_left
from heapq import heapreplace
from math import erf, exp, inf, isclose, sqrt

import numpy as np
import pytest
import theory_oracle as oracle
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ticketcore.errors import InvalidInput, NotFound
from ticketcore.sim.theory import (
    MG1,
    Answered,
    Busy,
    ErlangC,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Lost,
    MeanWait,
    Mixture,
    MMnG,
    Period,
    Pool,
    Rank,
    Recorded,
    ServiceLevel,
    Uniform,
    agents_needed,
    day,
    erlang_a,
    erlang_b,
    fcfs_alis,
    garnett,
    halfin_whitt,
    offered_loads,
    priority_waits,
    square_root,
    staffing,
)
from ticketcore.sim.theory.numerics import gamma_share, integral

few = settings(max_examples=max(10, settings().max_examples // 10))
rates = st.floats(0.1, 20).map(lambda rate: round(rate, 3))


def near(one, other, digits=9):
    assert isclose(one, other, rel_tol=10**-digits, abs_tol=10**-digits), (one, other)


# Numbers.


def test_integrals():
    near(integral(lambda x: x**7, 0, 2), 32)
    near(integral(lambda x: exp(-x * x / 2), -9, 9), sqrt(2 * np.pi), 12)
    near(integral(lambda x: x**-0.5 if x else 0.0, 0, 4), 4, 6)
    assert integral(lambda x: 1 / 0, 1, 1) == 0


@few
@given(st.integers(1, 40), st.floats(0.01, 80))
def test_gamma_of_a_whole_shape_counts_arrivals(shape, value):
    term = total = exp(-value)
    for number in range(1, shape):
        term *= value / number
        total += term
    near(gamma_share(shape, value), 1 - total, 11)


@few
@given(st.floats(0.001, 30))
def test_gamma_of_a_half_is_the_error_function(value):
    near(gamma_share(0.5, value), erf(sqrt(value)), 12)


LAWS = [
    Exponential(2.0),
    Fixed(1.5),
    Uniform(0.5, 3),
    Gamma(2, 3),
    Gamma(2, 0.4),
    Lognormal(2, 1.2),
    Mixture([(0.3, Fixed(1)), (0.7, Exponential(3))]),
    Recorded([3, 1, 1, 2.5]),
]


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_what_is_spent_is_the_sum_of_who_is_still_there(law):
    places = np.linspace(0, 4, 40_001)
    there = np.array([1 - law.gone(place) for place in places])
    summed = np.concatenate([[0], np.cumsum((there[1:] + there[:-1]) / 2) * 1e-4])
    for time in (0.0, 0.3, 1.0, 1.7, 4.0):
        assert abs(law.spent(time) - summed[round(time * 1e4)]) < 2e-4
    assert (law.gone(0.0), law.gone(inf)) == (0, 1)
    assert np.all(np.diff(there) <= 0)


@pytest.mark.parametrize(
    ("law", "density"),
    [
        (Gamma(2, 3), lambda x: 1.5**3 * x**2 * np.exp(-1.5 * x) / 2),
        (
            Lognormal(2, 1.2),
            lambda x: (
                np.exp(-((np.log(x / 2) + np.log(2.44) / 2) ** 2) / 2 / np.log(2.44))
                / (x * np.sqrt(2 * np.pi * np.log(2.44)))
            ),
        ),
    ],
)
def test_laws_have_their_density(law, density):
    places = np.linspace(1e-9, 5, 200_001)
    total = np.cumsum(density((places[1:] + places[:-1]) / 2)) * (places[1] - places[0])
    for part in (0.1, 0.4, 1.0):
        assert abs(law.gone(5 * part) - total[round(200_000 * part) - 1]) < 1e-6


# Erlang B, C and A.


@few
@given(st.integers(1, 30), rates)
def test_erlang_b_is_the_chain_that_ends_at_its_agents(agents, load):
    near(erlang_b(agents, load), oracle.birth_death(lambda _: load, lambda state: state, agents + 1)[-1], 12)


@few
@given(st.integers(1, 8), st.floats(0.05, 0.7), rates, st.floats(0, 3))
def test_erlang_c_is_the_chain_without_an_end(agents, utilisation, service_rate, time):
    rate = utilisation * agents * service_rate
    chances = oracle.birth_death(lambda _: rate, lambda state: min(state, agents) * service_rate, agents + 80)
    queue = ErlangC(agents, rate, service_rate)
    near(queue.delayed, sum(chances[agents:]))
    near(queue.mean_queue, sum(chance * max(0, state - agents) for state, chance in enumerate(chances)))
    wait = time / service_rate / agents
    near(queue.exceeds(wait), oracle.still_waiting(agents, service_rate, 0.0, chances, wait))
    near(queue.exceeds(queue.wait_quantile(0.99)), min(0.01, queue.delayed))


@pytest.mark.slow
@few
@given(st.integers(1, 8), rates, st.floats(0.3, 3), st.floats(0.2, 5), st.floats(0, 2))
def test_erlang_a_is_the_chain_in_which_those_who_wait_leave(agents, rate, service_rate, patience_rate, time):
    def death(state):
        return min(state, agents) * service_rate + max(0, state - agents) * patience_rate

    states = int(agents + 60 + 3 * rate / min(patience_rate, 1))
    chances = oracle.birth_death(lambda _: rate, death, states)
    waiting = sum(chance * max(0, state - agents) for state, chance in enumerate(chances))
    queue = erlang_a(agents, rate, service_rate, patience_rate)
    near(queue.delayed, sum(chances[agents:]))
    near(queue.mean_queue, waiting)
    near(queue.abandonment, waiting * patience_rate / rate)
    busy = sum(chance * min(state, agents) for state, chance in enumerate(chances))
    near(queue.utilisation, busy / agents)
    near(queue.exceeds(time), oracle.still_waiting(agents, service_rate, patience_rate, chances, time))
    near(queue.exceeds(queue.wait_quantile(0.95)), min(0.05, queue.delayed))
    near(
        queue.mean_wait_of_served * (1 - queue.abandonment) + queue.mean_wait_of_lost * queue.abandonment,
        queue.mean_wait,
    )


def test_figures_that_were_published():
    queue = erlang_a(50, 48, 1, 0.5)
    assert (round(queue.abandonment, 7), round(queue.mean_wait * 60, 4)) == (0.0309122, 3.7095)
    assert (round(queue.utilisation, 6), round(queue.wait_quantile(0.9) * 60, 1)) == (0.930324, 12.4)
    assert [round(erlang_b(*each), 7) for each in ((1, 5), (10, 20), (190, 200))] == [0.8333333, 0.5379632, 0.0886968]
    calls = ErlangC(55, 0.2, 1 / 240)
    figures = (calls.delayed, calls.mean_wait, calls.service_level(15))
    assert [round(figure, 4) for figure in figures] == [0.2387, 8.184, 0.8459]
    assert round(ErlangC(13, 3.5, 1 / 3).mean_wait * 60, 2) == 26.56
    assert [round(erlang_a(agents, 3.5, 1 / 3, 1 / 5).mean_wait * 60, 2) for agents in (13, 9)] == [9.91, 56.62]
    assert round(ErlangC(3, 2, 1).mean_queue, 3) == 0.889
    assert [round(ErlangC(agents, 9, 5).mean_queue, 3) for agents in (2, 4)] == [7.674, 0.105]
    [whole_day] = day([Period(480, 4.2, 12)], 0.5, 1.0)
    assert 57.66 < whole_day.left < 59.56


def test_any_size():
    """No overflow: what leaves by rate x queue is what leaves by chance, also where a queue is millions long."""
    for agents, rate, patience in ((10_000, 10_000, 0.5), (10_000, 20_000, 0.001), (10_000, 10, 1), (10, 1e5, 0.001)):
        queue = erlang_a(agents, rate, 1, patience)
        near(queue.abandonment, patience * queue.mean_wait)
        assert 0 <= queue.utilisation <= 1 + 1e-12
        assert 0 <= queue.service_level(0.01) <= 1
    near(erlang_a(10_000, 20_000, 1, 0.001).mean_wait, 500)
    near(ErlangC(10_000, 9_900, 1).delayed, halfin_whitt(100 / sqrt(9_900)), 2)


# Any patience.


@pytest.mark.parametrize("kinds", [((0.4, 2.0), (0.6, 6.0)), ((0.9, 3.0), (0.1, 3.0))])
@pytest.mark.parametrize("agents", [1, 3])
def test_customers_of_two_kinds_against_the_chain_that_knows_their_order(agents, kinds):
    left, waiting = oracle.two_kinds(agents, 0.6 * agents, 1.0, kinds, 8)
    queue = MMnG(agents, 0.6 * agents, 1.0, Mixture([(share, Exponential(1 / rate)) for share, rate in kinds]))
    near(queue.abandonment, left, 6)
    near(queue.mean_queue, waiting, 6)


def lindley(law, agents, rate, count, chance):
    """Who is served when, one customer after the other: waits, and who left."""
    free, now = [0.0] * agents, 0.0
    waits, left = [], []
    for number in range(count + 2000):
        now += chance.expovariate(rate)
        begin, patience = max(now, free[0]), law(chance)
        gone = begin - now > patience
        if not gone:
            heapreplace(free, begin + chance.expovariate(1))
        if number >= 2000:
            waits.append(min(begin - now, patience))
            left.append(gone)
    return waits, left


@pytest.mark.parametrize(
    ("law", "draw"),
    [
        (Fixed(0.3), lambda chance: 0.3),
        (Gamma(0.6, 3), lambda chance: chance.gammavariate(3, 0.2)),
        (Lognormal(0.5, 1.2), lambda chance: chance.lognormvariate(np.log(0.5) - np.log(2.44) / 2, sqrt(np.log(2.44)))),
        (Uniform(0.1, 0.9), lambda chance: chance.uniform(0.1, 0.9)),
        (Recorded([0.1, 0.4, 2]), lambda chance: chance.choice([0.1, 0.4, 2])),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_patience_against_customers_who_come_one_by_one(law, draw):
    chance, found = random.Random(20261), []
    queue = MMnG(5, 4.6, 1.0, law)
    for _ in range(20):
        waits, left = lindley(draw, 5, 4.6, 4000, chance)
        served = sum(wait <= 0.2 and not gone for wait, gone in zip(waits, left, strict=True))
        ended = sum(wait <= 0.2 for wait in waits)
        longer = sum(wait > 0.35 for wait in waits)
        of_served = sum(wait for wait, gone in zip(waits, left, strict=True) if not gone) / (4000 - sum(left))
        found.append((sum(left) / 4000, sum(waits) / 4000, served / 4000, ended / 4000, longer / 4000, of_served))
    means, errors = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / sqrt(20)
    expected = (
        queue.abandonment,
        queue.mean_wait,
        queue.service_level(0.2),
        queue.service_level(0.2, ServiceLevel.ENDED),
        queue.exceeds(0.35),
        queue.mean_wait_of_served,
    )
    assert np.all(np.abs(means - expected) <= 4.6 * errors + 1e-9), (means, expected, errors)  # 99.98 % of t(19)


def test_definitions_of_service_level():
    share = [level.share(60, 10, 20, 100) for level in ServiceLevel]
    assert share == [0.6, 60 / 80, 60 / 90, 0.7]
    assert ServiceLevel.OF_SERVED.share(0, 0, 1) == 1


# Handling times of any law, and priorities.


@few
@given(st.floats(0.05, 0.6), st.lists(st.tuples(st.floats(0.1, 1), st.floats(0.1, 2)), min_size=1, max_size=3))
def test_mg1_is_the_chain_of_who_is_left_behind(utilisation, parts):
    whole = sum(chance for chance, _ in parts)
    services = [(chance / whole, time) for chance, time in parts]
    mean = sum(chance * time for chance, time in services)
    variance = sum(chance * time**2 for chance, time in services) - mean**2
    rate = utilisation / mean
    there = oracle.after_departures(rate, services, 80)
    queue = MG1(rate, mean, sqrt(max(0.0, variance)) / mean)
    near(queue.mean_queue, float(there @ np.arange(80)) - utilisation, 7)
    near(queue.mean_wait * rate, queue.mean_queue)


@pytest.mark.parametrize(
    ("arrivals", "means", "agents"),
    [
        ((0.2, 0.3), (1.0, 0.5), 1),
        ((0.1, 0.2), (0.4, 2.0), 1),
        ((0.5, 0.4), (1.0, 1.0), 2),
        ((1.0, 0.2), (0.8, 0.8), 3),
    ],
)
def test_priorities_are_the_chain_of_two_queues(arrivals, means, agents):
    found = priority_waits([Rank(rate, mean) for rate, mean in zip(arrivals, means, strict=True)], agents)
    for one, other in zip(found, oracle.priorities(arrivals, means, agents, 25), strict=True):
        near(one, other, 6)


@few
@given(
    st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.1, 2), st.floats(0, 3)), min_size=1, max_size=4),
    st.floats(0.1, 0.9),
)
def test_priorities_only_pass_waiting_on(ranks, utilisation):
    """The work that waits is the same in any order: Kleinrock's conservation law."""
    whole = sum(rate * mean for rate, mean, _ in ranks)
    ranks = [Rank(rate * utilisation / whole, mean, variation) for rate, mean, variation in ranks]

    def work(order):
        waits = zip(order, priority_waits(order), strict=True)
        return sum(rank.arrival_rate * rank.mean_service * wait for rank, wait in waits)

    near(work(ranks), work(ranks[::-1]))
    [alone] = priority_waits([ranks[0]])
    near(alone, MG1(ranks[0].arrival_rate, ranks[0].mean_service, ranks[0].variation).mean_wait)


# Skills.


@st.composite
def skill_graphs(draw):
    """Up to three agents in up to three pools, three classes, and little to do."""
    names = ["a", "b", "c"][: draw(st.integers(1, 3))]
    pools = draw(
        st.lists(st.tuples(st.sets(st.sampled_from(names), min_size=1), st.floats(0.5, 2)), min_size=1, max_size=3)
    )
    sizes = draw(st.sampled_from([(1, 1, 1), (2, 1, 0), (1, 2, 0), (3, 0, 0)]))
    pools = [Pool(sorted(skills), rate, size) for (skills, rate), size in zip(pools, sizes, strict=False) if size]
    assume(set(names) == {skill for pool in pools for skill in pool.skills})
    return {name: draw(st.floats(0.01, 0.03)) for name in names}, pools


@few
@given(skill_graphs())
def test_skills_are_the_chain_of_who_waits_and_who_is_idle_in_order(graph):
    arrivals, pools = graph
    servers = [(pool.skills, pool.service_rate) for pool in pools for _ in range(pool.agents)]
    delayed, queues, busy = oracle.longest_first(arrivals, servers, 4)
    shared = fcfs_alis(arrivals, pools)
    for name in arrivals:
        assert isclose(shared.delayed[name], delayed[name], rel_tol=1e-3)
        assert isclose(shared.mean_queue[name], queues[name], rel_tol=1e-3)
        near(shared.mean_wait[name], shared.mean_queue[name] / arrivals[name])
    place = 0
    for pool, share in zip(pools, shared.utilisation, strict=True):
        assert isclose(share, busy[place], rel_tol=1e-4)
        place += pool.agents
    near(sum(shared.busy.values()), 1)


def test_skills_under_load_against_a_long_chain():
    arrivals, servers = {"a": 0.7, "b": 0.5}, [(("a", "b"), 1.0), (("b",), 1.0)]
    shared = fcfs_alis(arrivals, [Pool(skills, rate) for skills, rate in servers])
    found = [oracle.longest_first(arrivals, servers, longest) for longest in (7, 8, 9)]
    for name in arrivals:  # the error of a chain that ends is geometric
        one, two, three = (queues[name] for _, queues, _ in found)
        limit = three + (three - two) ** 2 / ((two - one) - (three - two))
        assert isclose(shared.mean_queue[name], limit, rel_tol=0.03)


@few
@given(st.integers(1, 60), st.floats(0.1, 0.95))
def test_one_pool_is_erlang_c(agents, utilisation):
    rate = agents * utilisation
    queue = ErlangC(agents, rate, 1)
    shared = fcfs_alis({"a": rate / 4, "b": rate * 3 / 4}, [Pool(["a", "b"], 1.0, agents)])
    near(shared.delayed["a"], queue.delayed)
    near(shared.mean_wait["b"], queue.mean_wait)
    near(shared.utilisation[0], utilisation)


# Rates that change.


@pytest.mark.slow
@few
@given(
    st.lists(
        st.tuples(st.floats(0.1, 3), st.sampled_from([0, 1.0, 4.0, 7.5]), st.integers(0, 6)), min_size=1, max_size=3
    ),
    st.sampled_from([0.0, 0.5, 3.0]),
    st.integers(0, 8),
)
def test_a_day_is_the_exponential_of_its_chains(periods, patience_rate, begun):
    states = 150  # at most 76 come on average
    chances = np.zeros(states)
    chances[begun] = 1
    passed = day([Period(*period) for period in periods], 1.0, patience_rate, begun)
    for (length, rate, agents), found in zip(periods, passed, strict=True):
        moves = oracle.generator(
            rate, lambda state, n=agents: min(state, n) + patience_rate * max(0, state - n), states
        )
        both = np.block([[moves, np.zeros((states, states))], [np.eye(states), np.zeros((states, states))]])
        after = oracle.exponential(both * length) @ np.concatenate([chances, np.zeros(states)])
        chances, mean = after[:states], after[states:] / length
        waiting = float(mean @ np.maximum(0, np.arange(states) - agents))
        near(found.mean_queue, waiting, 7)
        near(found.delayed, float(mean[agents:].sum()), 7)
        near(found.left, patience_rate * waiting * length, 7)
        near(found.in_system, float(chances @ np.arange(states)), 7)
        near(found.mean_busy + found.mean_queue, float(mean @ np.arange(states)), 7)


def test_a_day_that_goes_on_is_erlang_a():
    *_, last = day([Period(10, 48, 50), Period(1000, 48, 50)], 1.0, 0.5, begun=48)
    queue = erlang_a(50, 48, 1, 0.5)
    near(last.left / last.arrived, queue.abandonment, 5)
    near(last.in_system, queue.mean_queue + 50 * queue.utilisation, 8)


@few
@given(
    st.lists(st.tuples(st.floats(0.1, 2), st.floats(0, 9)), min_size=1, max_size=4), st.floats(0.2, 3), st.floats(0, 5)
)
def test_the_offered_load_follows_its_equation(periods, service_rate, begun):
    busy = begun
    for (length, rate), (mean, most) in zip(
        periods, offered_loads([Period(length, rate) for length, rate in periods], service_rate, begun), strict=True
    ):
        seen, step = [busy], length / 2000
        for _ in range(2000):  # by the middle of each step
            half = busy + step / 2 * (rate - service_rate * busy)
            busy += step * (rate - service_rate * half)
            seen.append(busy)
        near(mean, sum(seen) / len(seen), 2)
        near(most, max(seen), 4)


# How many people.


PROMISES = [Answered(0.8, 0.3), Lost(0.03), MeanWait(0.05), Busy(0.85), Answered(0.9, 0.2, ServiceLevel.OF_PATIENT)]


@pytest.mark.parametrize("promise", PROMISES, ids=repr)
@few
@given(rates, st.floats(0.3, 2), st.sampled_from([0.4, 1.5]))
def test_as_many_as_are_needed_and_no_more(promise, rate, service_rate, patience):
    """Looked for from below, by the chain where it can tell."""
    needed = agents_needed([promise], rate, service_rate, Exponential(patience))

    def kept(agents):
        queue = erlang_a(agents, rate, service_rate, 1 / patience)
        if not isinstance(promise, Lost | MeanWait):
            return promise.kept(queue)
        chances = oracle.birth_death(
            lambda _: rate,
            lambda state: min(state, agents) * service_rate + max(0, state - agents) / patience,
            int(agents + 80 + 3 * rate * patience),
        )
        wait = sum(chance * max(0, state - agents) for state, chance in enumerate(chances)) / rate
        return wait / patience <= promise.share if isinstance(promise, Lost) else wait <= promise.time

    assert [kept(agents) for agents in range(1, needed + 3)] == [False] * (needed - 1) + [True] * 3


@few
@given(rates, st.floats(0.5, 0.99))
def test_without_patience_it_is_erlang_c(rate, share):
    needed = agents_needed([Answered(share, 0.1)], rate, 1.0)
    assert ErlangC(needed, rate, 1.0).service_level(0.1) >= share
    assert needed - 1 <= rate or ErlangC(needed - 1, rate, 1.0).service_level(0.1) < share


def test_staffing_by_half_hour():
    forecast = [0, 20, 60, 30, 0]
    rows = staffing(forecast, [Answered(0.8, 1 / 3)], length=30, mean_service=5, away=0.3)
    assert [row.agents for row in rows] == [0, 6, 14, 14, 8]
    assert [row.scheduled for row in rows] == [0, 9, 20, 20, 12]
    alone = staffing(forecast, [Answered(0.8, 1 / 3)], length=30, mean_service=5, carried=False)
    assert [row.agents for row in alone] == [
        0,
        *(agents_needed([Answered(0.8, 1 / 3)], n / 30, 0.2) for n in (20, 60, 30)),
        0,
    ]
    assert alone[0].queue is None
    assert alone[2].queue.service_level(1 / 3) >= 0.8
    patient = staffing(forecast, [Lost(0.05)], length=30, mean_service=5, patience=Exponential(2))
    assert all(row.queue is None or row.queue.abandonment <= 0.05 for row in patient)


@pytest.mark.parametrize("load", [50, 200, 1000])
@pytest.mark.parametrize("delayed", [0.05, 0.2, 0.5, 0.8])
def test_the_rule_of_the_square_root_is_near(load, delayed):
    enough = least(lambda agents: agents > load and ErlangC(agents, load, 1).delayed <= delayed, 2 * load)
    assert abs(square_root(load, delayed) - enough) <= 1
    for ratio in (0.5, 2.0):
        enough = least(lambda agents, ratio=ratio: erlang_a(agents, load, 1, 1 / ratio).delayed <= delayed, 2 * load)
        assert abs(square_root(load, delayed, ratio) - enough) <= 1


def least(enough, most):
    return bisect_left(range(1, most), True, key=enough) + 1


def test_limits_of_many_agents():
    for spare in (0.0, 0.3, 1.0, 2.5):
        near(ErlangC(10**6 + round(spare * 1000), 10**6 - 1e-6, 1).delayed, halfin_whitt(spare), 2)
        near(erlang_a(10**5 + round(spare * sqrt(1e5)), 1e5, 1, 0.5).delayed, garnett(spare, 2), 2)
    near(garnett(-1, 1), 1 - garnett(1, 1))
    assert (halfin_whitt(0), garnett(-60, 2), garnett(60, 2)) == (1, 1, 0)


# What cannot be.


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: erlang_b(-1, 1), "agents"),
        (lambda: erlang_b(1, -1), "load"),
        (lambda: erlang_b(1, inf), "load"),
        (lambda: ErlangC(5, 5, 1), "ErlangC.agents"),
        (lambda: ErlangC(0, 5, 1), "ErlangC.agents"),
        (lambda: ErlangC(1, -5, 1), "ErlangC.arrival_rate"),
        (lambda: ErlangC(1, 0.5, 0), "ErlangC.service_rate"),
        (lambda: ErlangC(1, "1", 2), "ErlangC.arrival_rate"),
        (lambda: ErlangC(2, 1, 1).exceeds(-1), "time"),
        (lambda: ErlangC(2, 1, 1).wait_quantile(1), "share"),
        (lambda: erlang_a(5, 4, 1, 0), "patience_rate"),
        (lambda: erlang_a(True, 4, 1, 1), "MMnG.agents"),
        (lambda: erlang_a(5, 4, 1, 1).wait_quantile(-0.1), "share"),
        (lambda: Exponential(0), "Exponential.mean"),
        (lambda: Uniform(2, 1), "Uniform.high"),
        (lambda: Mixture([(0.5, Fixed(1))]), "Mixture.parts"),
        (lambda: Mixture([(2, Fixed(1))]), "Mixture.parts[0]"),
        (lambda: Recorded([]), "Recorded.times"),
        (lambda: Recorded([1, float("nan")]), "Recorded.times[1]"),
        (lambda: MG1(1, 1), "MG1.arrival_rate"),
        (lambda: priority_waits([]), "ranks"),
        (lambda: priority_waits([Rank(1, 0.5), Rank(1, 0.6)]), "ranks"),
        (lambda: priority_waits([Rank(1, 0.5), Rank(1, 0.6)], 2), "ranks"),
        (lambda: fcfs_alis({"a": 1, "b": 1}, [Pool(["a"], 2)]), "arrival_rates['b']"),
        (lambda: fcfs_alis({"a": 1, "b": 0}, [Pool(["a"], 2), Pool(["b"], 2)]), "pools[1].skills"),
        (lambda: fcfs_alis({"a": 1, "b": 2}, [Pool(["a"], 2), Pool(["a", "b"], 2)]), "arrival_rates"),
        (lambda: fcfs_alis({"a": 1}, [Pool(["a"], 2, 2_000_000)]), "pools"),
        (lambda: agents_needed([], 1, 1), "promises"),
        (lambda: Answered(1, 1), "Answered.share"),
        (lambda: Lost(0), "Lost.share"),
        (lambda: staffing([1, -1], PROMISES, length=1, mean_service=1), "arrivals[1]"),
        (lambda: staffing([1], PROMISES, length=1, mean_service=1, away=1), "away"),
        (lambda: square_root(10, 1), "delayed"),
        (lambda: halfin_whitt(-1), "spare"),
        (lambda: day([Period(1, 1)], 1, -1), "patience_rate"),
        (lambda: day([Period(1, 1)], 1, 0, begun=-1), "begun"),
    ],
)
def test_what_cannot_be_names_its_field(make, field):
    with pytest.raises(InvalidInput) as refused:
        make()
    assert refused.value.field == field


def test_who_cannot_be_served_is_named():
    with pytest.raises(InvalidInput, match=r"arrival_rates: of b must be below 2"):
        fcfs_alis({"a": 0.5, "b": 2.5}, [Pool(["a"], 2), Pool(["b"], 2)])
    with pytest.raises(NotFound, match="no class 'x'"):
        fcfs_alis({"a": 0.5}, [Pool(["a", "x"], 2)])


def test_nothing_but_python_is_needed():
    code = "import sys, ticketcore.sim.theory; print([m for m in ('numpy', 'scipy', 'matplotlib') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
