"""Tickets of several touches, customers who call again, bots, and chats that slow down, beside theory and by hand."""

import os
from datetime import UTC, datetime, timedelta

import attrs
import numpy as np
import pytest
import sim_oracle as oracle
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.calendar import BusinessCalendar
from ticketcore.engine import AgentFacts, EarliestDeadline, LongestIdle
from ticketcore.errors import InvalidInput
from ticketcore.model.shifts import WorkShift
from ticketcore.sim.arrivals import Poisson, Trace
from ticketcore.sim.drawing import Source, Streams
from ticketcore.sim.extents import SteadyState, Terminating
from ticketcore.sim.journeys import Bot, Retrials, ReturnTo, Touches
from ticketcore.sim.laws import Deterministic, Erlang, Exponential, Lognormal, Periodic
from ticketcore.sim.running import replications, simulate
from ticketcore.sim.scenario import AtShiftEnd, Group, Scenario, TicketClass

SEED = int(os.environ.get("SIM_SEED", "20260105"))
COUNT, TICKETS = 8, 2500
MINUTE = timedelta(minutes=1)
USUAL = Exponential(MINUTE)


def scenario(servers, item, capacity=1, **group):
    return Scenario([item], [Group(AgentFacts("agent", capacity=capacity), servers, **group)])


def calls(per_minute, handling=USUAL, patience=None, **more):
    return TicketClass("a", Poisson(60 * per_minute), handling, patience, **more)


def held_wait(rate, again, silence):
    """M/G/1 where a service is touches of mean 1 with silences between: by the moments of their sum."""
    mean = (1 + again * silence) / (1 - again)
    square = (2 + 2 * again * (silence + mean) + again * (2 * silence**2 + 2 * silence * mean)) / (1 - again)
    return oracle.single_server_wait(rate, mean, (square / mean**2 - 1) ** 0.5)


def retrials(servers, rate, leaves, share, comes):
    """M/M/n+M with an orbit, as linear equations: which part leaves of the first attempts, and of the others."""
    most, orbit = servers + 40, 25
    states = {(n, j): k for k, (n, j) in enumerate((n, j) for n in range(most + 1) for j in range(orbit + 1))}
    flow = np.zeros((len(states), len(states)))
    for (n, j), k in states.items():
        gone = max(n - servers, 0) * leaves
        for target, speed in (
            ((n + 1, j), rate),
            ((n - 1, j), min(n, servers) + gone * (1 - share)),
            ((n - 1, j + 1), gone * share),
            ((n + 1, j - 1), j * comes),
        ):
            if target in states and speed:
                flow[k, states[target]] += speed
                flow[k, k] -= speed
    flow[:, 0] = 1
    chance = np.linalg.solve(flow.T, np.eye(len(states))[0])
    lost, before = [], 0.0
    for ahead in range(most + 1):
        speed = servers + (ahead + 1) * leaves
        before = leaves / speed + (speed - leaves) / speed * before
        lost.append(before)
    seen = [(chance[k], j, lost[n - servers] if n >= servers else 0.0) for (n, j), k in states.items()]
    first = sum(p * leave for p, _, leave in seen)
    return first, sum(p * j * leave for p, j, leave in seen) / sum(p * j for p, j, _ in seen)


LEFT, LEFT_AGAIN = retrials(2, 2.4, 0.5, 0.7, 0.2)
ERLANG_R = 60 * oracle.erlang_c(4, 3) / (4 - 3)
BOT = 60 * oracle.erlang_c(3, 2.1) / (3 - 2.1)
SHARED = 12
LOAD = [0.7**k for k in range(SHARED + 1)]
CELLS = {
    "touches with the pool between": (
        scenario(4, calls(1.8, touches=Touches(Exponential(3 * MINUTE), again=0.4, returns=ReturnTo.POOL))),
        {"a.wait": ERLANG_R, "a.later.wait": ERLANG_R, "utilisation": 0.75},
    ),
    "touches that hold their agent": (
        scenario(1, calls(0.2, touches=Touches(Exponential(MINUTE), again=0.5, holds=True))),
        {"a.wait": 60 * held_wait(0.2, 0.5, 1.0), "a.later.wait": 0.0, "utilisation": 0.4},
    ),
    "customers who call again": (
        scenario(2, calls(2.4, patience=Exponential(2 * MINUTE), retrials=Retrials(0.7, Exponential(5 * MINUTE), 999))),
        {"abandonment": LEFT, "a.again.abandonment": LEFT_AGAIN},
    ),
    "a bot before": (
        scenario(3, calls(3, bot=Bot(0.3, Lognormal(2 * MINUTE, 2)))),
        {"a.wait": BOT, "by_bot": 0.3},
    ),
    "one who shares their time out": (
        scenario(
            1,
            calls(0.7, Lognormal(MINUTE, 1.3), Deterministic(timedelta(0))),
            SHARED,
            speeds=[100 / k for k in range(1, SHARED + 1)],
        ),
        {
            "abandonment": LOAD[-1] / sum(LOAD),
            "stay": 60 * sum(k * p for k, p in enumerate(LOAD)) / sum(LOAD) / (0.7 * (1 - LOAD[-1] / sum(LOAD))),
        },
    ),
}


def figures(run):
    rows = run.rows
    stay = (rows.ended - rows.started)[run.first :][rows.started[run.first :] >= 0]
    return {"a.later.wait": 0.0, **run.figures(), "stay": stay.mean() / 1e6}


@pytest.mark.parametrize("name", CELLS)
def test_simulations_lie_where_theory_says(name):
    scene, cells = CELLS[name]
    extent = SteadyState(TICKETS, TICKETS // 5)
    found = [figures(run) for run in replications(scene, extent, LongestIdle(), seed=SEED, count=COUNT, keep_rows=True)]
    band = oracle.student(1 - 0.0001 / 12, COUNT - 1)
    for cell, truth in cells.items():
        values = [each[cell] for each in found]
        if truth == 0:
            assert set(values) == {0.0}
        else:
            assert abs(oracle.errors(values, truth)) < band, (cell, truth, values, f"SIM_SEED={SEED}")


# By hand.

START = datetime(2026, 1, 5, 8, tzinfo=UTC)


def traced(at, **more):
    return TicketClass("a", Trace([MINUTE * i for i in at]), Deterministic(10 * MINUTE), **more)


def minutes(column, rows):
    return [(at - int(rows.arrived[0])) / 60_000_000 for at in column.tolist()]


ONE = AgentFacts("ana", capacity=1)
TWICE = {"shares": [0, 1]}


@pytest.mark.parametrize(
    ("touches", "ended", "given", "waited"),
    [
        # One at 0 and one at 1, ten minutes each touch, 25 silent: ana has them 0-10, 10-20, then from 35 and 45 on.
        (Touches(Deterministic(25 * MINUTE), **TWICE), [45, 55], 4, 0),
        (Touches(Deterministic(25 * MINUTE), **TWICE, handling=Deterministic(MINUTE)), [36, 46], 4, 0),
        # Silent for five: the first is back at 15, while ana has the second until 20.
        (Touches(Deterministic(5 * MINUTE), **TWICE), [30, 40], 4, 5 + 5),
        # Held: the second begins when the first has ended.
        (Touches(Deterministic(25 * MINUTE), **TWICE, holds=True), [45, 90], 2, 0),
    ],
)
def test_two_touches_by_hand(touches, ended, given, waited):
    alone = Scenario([traced([0, 1], touches=touches)], [Group(ONE)])
    run = simulate(alone, Terminating(timedelta(hours=3)), LongestIdle())
    assert minutes(run.rows.ended, run.rows) == ended
    assert (run.agents[0].given, run.further[0].waited / 60_000_000) == (given, waited)
    assert (run.further[0].id, run.further[0].arrived, run.further[0].served) == ("a.later", 2, 2)


@pytest.mark.parametrize(
    ("more", "agent", "ended"),
    [
        ({}, "ana", 41),  # waits for ana, who has another until 31
        ({"returns_within": 3 * MINUTE}, "bo", 30),  # for her until 18, then for anybody: bo from 20 on
        ({"returns_within": 20 * MINUTE}, "ana", 41),
        ({"returns": "pool"}, "bo", 30),
    ],
)
def test_who_goes_on_when_a_customer_has_answered(more, agent, ended):
    """Ana had it until 10, and the customer answers at 15; then bo has another from 10 to 20, and ana from 11 to 31."""
    one = traced([0], touches=Touches(Deterministic(5 * MINUTE), **TWICE, **more))
    other = TicketClass("b", Trace([10 * MINUTE, 11 * MINUTE]), Deterministic(20 * MINUTE))
    bo = Group(AgentFacts("bo", capacity=1), handling={"b": Deterministic(10 * MINUTE)})
    run = simulate(Scenario([one, other], [Group(ONE), bo]), Terminating(timedelta(hours=1)), LongestIdle())
    assert [run.agents[place].id for place in run.rows.agents] == [agent, "bo", "ana"]
    assert minutes(run.rows.ended, run.rows) == [ended, 20, 31]
    assert run.figures()["a.later.wait"] == 60 * (ended - 10 - 15)


def test_a_reply_at_night_waits_for_the_morning():
    """Ana goes at nine; the customer answers at twenty past, and either she goes on the next day, or bo at once."""
    day = [WorkShift("day", "08:00", "09:00", "UTC")]
    for more, later in (({}, 24 * 60), ({"returns": "pool"}, 80), ({"holds": True, "returns": "pool"}, 80)):
        item = traced([0], touches=Touches(Deterministic(70 * MINUTE), **TWICE, **more))
        groups = [Group(ONE, shifts=day), Group(AgentFacts("bo", ["none"], capacity=1))]
        run = simulate(Scenario([item], groups, begin=START), Terminating(timedelta(hours=2)), LongestIdle())
        assert minutes(run.rows.ended, run.rows) == [later + 10], more
        assert run.agents[run.rows.agents[0]].id == ("bo" if later == 80 else "ana")


def test_what_goes_on_after_the_end_is_finished_and_is_no_work_of_the_time_that_counts():
    """Open for five minutes: both touches of ten are done, and five minutes of work count."""
    item = traced([0], touches=Touches(Deterministic(25 * MINUTE), **TWICE), wrap_up=Deterministic(2 * MINUTE))
    for ana in (Group(ONE), Group(ONE, speeds=[100])):
        for length, worked, finish in ((5, 5, True), (40, 15, True), (46, 21, True), (90, 22, True), (40, 15, False)):
            extent = Terminating(length * MINUTE, finish)
            run = simulate(Scenario([item], [ana]), extent, LongestIdle())
            assert minutes(run.rows.ended, run.rows) == [45] if finish else run.rows.ended[0] == -1
            assert run.agents[0].worked / 60_000_000 == worked
            assert [each.served for each in run.further] == [1]


def test_further_attempts_count_until_the_last_ticket_comes():
    """Ana is taken for two hours by the first; the second leaves at once, and comes again at 5, 10, 15 and on."""
    item = TicketClass(
        "a",
        Trace([timedelta(0), timedelta(0), 12 * MINUTE]),
        Deterministic(timedelta(hours=2)),
        Deterministic(timedelta(0)),
        retrials=Retrials(1, Deterministic(5 * MINUTE), 999),
    )
    [again] = simulate(Scenario([item], [Group(ONE)]), SteadyState(3), LongestIdle()).further
    assert (again.arrived, again.served, again.left) == (2, 0, 2)
    [again] = simulate(Scenario([item], [Group(ONE)]), Terminating(20 * MINUTE), LongestIdle()).further
    assert (again.served, again.left) == (2, again.arrived - 2)


def test_a_bot_goes_on_until_the_end():
    """Of forty at one minute, each with the bot for five, all are known of at seven, none at five."""
    bot = Bot(0.5, Deterministic(5 * MINUTE))
    item = TicketClass("a", Trace([MINUTE] * 40), Deterministic(MINUTE), bot=bot)
    desk = Scenario([item], [Group(AgentFacts("p", capacity=99))])
    for length, told in ((5, 0), (7, 40)):
        [totals] = simulate(desk, Terminating(length * MINUTE), seed=SEED).classes
        assert totals.by_bot + totals.arrived == told
    assert 5 < totals.by_bot < 35
    none = attrs.evolve(item, bot=Bot(1 - 1e-9, Deterministic(5 * MINUTE)))
    [totals] = simulate(Scenario([none], desk.groups), Terminating(7 * MINUTE), seed=SEED).classes
    assert (totals.by_bot, totals.arrived) == (40, 0)


def test_two_at_once_take_longer_and_one_alone_does_not():
    """From 0 and from 5, each at 60 % while there are two: 5 of 10 done, 5 more take 8 1/3; then 5 at full speed."""
    chats = Group(AgentFacts("ana", capacity=2), speeds=[100, 60])
    run = simulate(Scenario([traced([0, 5])], [chats]), Terminating(timedelta(hours=1)), LongestIdle())
    assert minutes(run.rows.ended, run.rows) == pytest.approx([13 + 1 / 3, 18 + 1 / 3])
    assert run.agents[0].worked / 60_000_000 == pytest.approx(13 + 1 / 3 + 13 + 1 / 3)


def test_slow_work_is_handed_back_as_far_as_it_is_done():
    """Of two of ten minutes, at twice the pace and a quarter of the speed, half is done at nine, bo does the rest."""
    ana = Group(
        AgentFacts("ana", capacity=2),
        pace=200,
        speeds=[100, 25],
        shifts=[WorkShift("early", "08:00", "09:00", "UTC")],
        at_shift_end=AtShiftEnd.HAND_BACK,
    )
    bo = Group(AgentFacts("bo", capacity=2), shifts=[WorkShift("late", "09:00", "12:00", "UTC")])
    desk = Scenario([traced([50, 50], wrap_up=Deterministic(MINUTE))], [ana, bo], begin=START)
    run = simulate(desk, Terminating(timedelta(hours=2)), LongestIdle())
    assert minutes(run.rows.ended, run.rows) == [15, 15]
    assert [run.agents[agent].id for agent in run.rows.agents] == ["bo", "bo"]
    assert [agent.worked / 60_000_000 for agent in run.agents] == [20, 12]
    assert run.classes[0].served == 2


def test_what_is_only_being_wrapped_up_is_left():
    ana = Group(
        ONE, speeds=[100], shifts=[WorkShift("early", "08:00", "09:00", "UTC")], at_shift_end=AtShiftEnd.HAND_BACK
    )
    item = traced([45], wrap_up=Deterministic(10 * MINUTE))
    run = simulate(Scenario([item], [ana], begin=START), Terminating(timedelta(hours=2)), LongestIdle())
    assert minutes(run.rows.ended, run.rows) == [10]
    assert (run.agents[0].worked / 60_000_000, run.agents[0].given) == (15, 1)


def test_a_customer_who_left_comes_again():
    """Ana has the first until 10; the second leaves after 2, is back after 3, leaves at 8, and is served at 11."""
    item = traced(
        [0, 1],
        patience=Deterministic(2 * MINUTE),
        retrials=Retrials(1, Deterministic(3 * MINUTE)),
        answer_within=MINUTE,
    )
    run = simulate(Scenario([item], [Group(ONE)]), Terminating(timedelta(hours=1)), LongestIdle())
    [first], [again] = run.classes, run.further
    assert (first.arrived, first.served, first.left, first.within, first.left_within) == (2, 1, 1, 1, 0)
    assert (again.id, again.arrived, again.served, again.left, again.within) == ("a.again", 2, 1, 1, 1)
    assert minutes(run.rows.ended, run.rows) == [10, 3]
    assert (run.figures()["a.again.abandonment"], run.quantile(0.5, "a.again")) == (0.5, 0.0)
    few = attrs.evolve(item, retrials=Retrials(1, Deterministic(3 * MINUTE), 1))
    [again] = simulate(Scenario([few], [Group(ONE)]), Terminating(timedelta(hours=1)), LongestIdle()).further
    assert (again.arrived, again.served, again.left) == (1, 0, 1)


def test_service_levels_by_each_definition():
    """Of five at once ana has one every ten minutes; they wait for 0, 10, 20, and two leave at 5 and 25."""
    patience = Periodic([Deterministic(99 * MINUTE), Deterministic(5 * MINUTE), Deterministic(25 * MINUTE)], MINUTE)
    item = traced([0, 0, 0, 1, 2], patience=patience, answer_within=15 * MINUTE)
    run = simulate(Scenario([item], [Group(ONE)]), Terminating(timedelta(hours=1)), LongestIdle())
    found = run.figures()
    assert (run.classes[0].within, run.classes[0].left_within, run.classes[0].left) == (2, 1, 2)
    assert found["service_level"] == 2 / 5
    assert found["a.service_level_of_served"] == 2 / 3
    assert found["service_level_of_patient"] == 2 / 4
    assert found["service_level_ended"] == 3 / 5


def test_business_hours_count_for_targets_and_deadlines():
    """Open from eight to nine: of three at ten to nine, one is begun then, and two in the first minutes of the next."""
    office = BusinessCalendar("UTC", [(day, "08:00", "09:00") for day in range(7)])
    ana = [Group(ONE, shifts=[WorkShift("early", "08:00", "09:00", "UTC")])]
    for target, within in ((10, 1), (11, 2), (19, 2), (20, 3)):
        item = traced([50, 50, 50], answer_within=target * MINUTE, hours=office)
        for keep in (True, False):
            run = simulate(
                Scenario([item], ana, begin=START), Terminating(timedelta(hours=1)), LongestIdle(), keep_rows=keep
            )
            assert run.classes[0].within == within, target
    late = traced([50], due=20 * MINUTE, hours=office)
    soon = TicketClass("b", Trace([50 * MINUTE] * 2), Deterministic(10 * MINUTE), due=timedelta(hours=2))
    run = simulate(Scenario([soon, late], ana, begin=START), Terminating(timedelta(hours=1)), None, EarliestDeadline())
    assert minutes(run.rows.started, run.rows) == [0, 23 * 60 + 10, 23 * 60 + 20], "two hours pass by night"


LENGTHS = [Exponential(MINUTE), Deterministic(2 * MINUTE), Erlang(MINUTE)]


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=6), st.sampled_from([{"again": 0.5}, {"shares": [0.2, 0, 0.8]}])
)
def test_what_is_drawn_is_the_same_few_at_a_time(sizes, number):
    item = calls(
        1,
        Periodic(LENGTHS, 7 * MINUTE),
        Periodic(LENGTHS[::-1], 3 * MINUTE),
        touches=Touches(USUAL, **number, handling=Periodic(LENGTHS, MINUTE)),
        retrials=Retrials(0.6, USUAL),
        bot=Bot(0.5, USUAL),
    )

    def drawn(sizes):
        source, begin, found = Source(item, {"": item.handling, "g": USUAL}, Streams(SEED), 0), 0, []
        for size in sizes:
            begin += size * 60_000_000
            at = source.until(begin)
            work, patience, courses = source.drawn(at)
            more = [(each.works, each.later, each.retries) for each in courses]
            found += zip(at.tolist(), work.tolist(), patience.tolist(), more, strict=True)
        return found, source.resolved_until(begin).tolist()

    assert drawn(sizes) == drawn([sum(sizes)])


def test_as_many_touches_and_retrials_as_are_said():
    stream = Streams(SEED).stream("n")
    counts = Touches(USUAL, shares=[0.2, 0.3, 0.5]).draw(stream, 40_000)
    assert np.bincount(counts) / 40_000 == pytest.approx([0.2, 0.3, 0.5], abs=0.02)
    for draw in (Touches(USUAL, again=0.6).draw, Retrials(0.6, USUAL, 1000).draw):
        counts = draw(stream, 40_000)
        assert [(counts >= k).mean() for k in range(4)] == pytest.approx([1, 0.6, 0.36, 0.216], abs=0.02)
    assert set(Retrials(1, USUAL, 3).draw(stream, 9)) == {3}
    assert set(Touches(USUAL, again=0).draw(stream, 9)) == {0}


def test_another_law_in_each_period():
    at = [MINUTE * minute for minute in (0, 9, 10, 25, 30, 61)]
    item = TicketClass("a", Trace(at), Periodic([Deterministic(MINUTE), Deterministic(5 * MINUTE)], 10 * MINUTE))
    rows = simulate(Scenario([item], [Group(AgentFacts("p", capacity=9))]), Terminating(timedelta(hours=2))).rows
    assert ((rows.ended - rows.started) / 60_000_000).tolist() == [1, 1, 5, 1, 5, 1]


WRONG = {
    r"Touches\.again: stands instead of shares": lambda: Touches(USUAL),
    r"Touches\.again: must be below 1": lambda: Touches(USUAL, again=1),
    r"Touches\.shares: must be 1 together": lambda: Touches(USUAL, shares=[0.5, 0.4]),
    r"Touches\.shares\[1\]: must be at least 0": lambda: Touches(USUAL, shares=[1.5, -0.5]),
    r"Touches\.returns: ": lambda: Touches(USUAL, again=0.1, returns="nobody"),
    r"Touches\.returns_within: cannot stand beside": lambda: Touches(
        USUAL, again=0.1, returns="pool", returns_within=MINUTE
    ),
    r"Bot\.share: must be below 1": lambda: Bot(1, USUAL),
    r"Retrials\.share: must be above 0": lambda: Retrials(0, USUAL),
    r"Retrials\.most: must be from 1 to 1000": lambda: Retrials(0.5, USUAL, 0),
    r"Periodic\.laws: must list": lambda: Periodic([]),
    r"TicketClass\.retrials: needs a patience": lambda: calls(1, retrials=Retrials(0.5, USUAL)),
    r"TicketClass\.hours: needs answer_within, solve_within or due": lambda: calls(
        1, hours=BusinessCalendar("UTC", "24/7")
    ),
    r"TicketClass\.bot: ": lambda: calls(1, bot=0.5),
    r"Group\.speeds\[1\]: must be at least 0.01": lambda: Group(ONE, speeds=[100, 0]),
    r"Group\.speeds: must be a list": lambda: Group(ONE, speeds=5),
    r"Scenario\.classes: the class 'a.later' comes twice": lambda: Scenario(
        [calls(1, touches=Touches(USUAL, again=0.1)), TicketClass("a.later", Poisson(1), USUAL)], [Group(ONE)]
    ),
}


@pytest.mark.parametrize("reason", WRONG)
def test_what_cannot_be_used(reason):
    with pytest.raises(InvalidInput, match=reason):
        WRONG[reason]()
