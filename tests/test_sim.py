"""Laws of simulated paths: the same tickets for everybody, nothing lost, and the engine of a desk behind it all."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore.calendar import BusinessCalendar
from ticketcore.engine import (
    Accumulating,
    AgentFacts,
    Chance,
    Engine,
    FairShare,
    HasSkill,
    LeastActive,
    Lifo,
    LongestIdle,
    PriorityDelay,
    PriorityFifo,
    Requirement,
    default_policy,
)
from ticketcore.errors import InvalidInput
from ticketcore.model import CapacityProfile, EscalationPlan, EscalationStep, Exhausted, Workload
from ticketcore.model.shifts import WorkShift
from ticketcore.sim import drawing
from ticketcore.sim.arrivals import Batched, Busy, Piecewise, Poisson, Sinusoidal, Trace
from ticketcore.sim.extents import SteadyState, Terminating
from ticketcore.sim.journeys import Bot, Offers, Retrials, ReturnTo, Touches
from ticketcore.sim.laws import Deterministic, Empirical, Erlang, Exponential, Gamma, Lognormal, Periodic
from ticketcore.sim.results import NONE
from ticketcore.sim.running import replications, simulate
from ticketcore.sim.scenario import AtShiftEnd, Group, Scenario, TicketClass

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

LAWS = st.sampled_from(
    [
        Exponential(5 * MINUTE),
        Deterministic(5 * MINUTE),
        Lognormal(5 * MINUTE, 1.5),
        Gamma(5 * MINUTE, 0.7),
        Erlang(5 * MINUTE, 3),
        Empirical([MINUTE, 4 * MINUTE, 10 * MINUTE]),
    ]
)
ARRIVALS = st.sampled_from(
    [
        Poisson(30),
        Piecewise([10, 0, 60], 20 * MINUTE),
        Sinusoidal(30, 0.9, HOUR, 20 * MINUTE),
        Busy(Poisson(30), 0.5, HOUR),
        Busy(Piecewise([0, 40], 30 * MINUTE), 0.5, HOUR),
        Batched(Poisson(8), 3),
        Trace([MINUTE * i // 2 for i in range(60)]),
    ]
)
POLICIES = st.sampled_from([LongestIdle(), LeastActive(), FairShare(), default_policy(), Chance(3)])
DISCIPLINES = st.sampled_from([PriorityFifo(), Lifo(), Accumulating(), PriorityDelay({0: 0, 1: 90_000_000})])


SHIFTS = [
    (WorkShift("early", "00:00", "00:50", "UTC"),),
    (WorkShift("late", "00:20", "01:40", "UTC"), WorkShift("night", "23:00", "01:00", "UTC")),
]

TOUCHES = st.none() | st.builds(
    Touches,
    LAWS,
    shares=st.sampled_from([(0.5, 0.5), (0.2, 0.3, 0.5), (0, 0, 1)]),
    handling=st.none() | LAWS,
    returns=st.sampled_from(ReturnTo),
    holds=st.booleans(),
)
OFFERS = st.none() | st.builds(
    Offers,
    st.sampled_from([MINUTE, 3 * MINUTE]),
    LAWS,
    st.sampled_from([1, 0.6]),
    st.sampled_from(Exhausted),
    st.just(5 * MINUTE),
)
RAISED = EscalationPlan(
    "raised", [EscalationStep("soon", 2 * MINUTE, raised=2, skip=True), EscalationStep("later", 9 * MINUTE, raised=1)]
)
RETRIALS = st.none() | st.builds(Retrials, st.sampled_from([0.5, 1]), LAWS, st.sampled_from([2, 20]))
MORNINGS = BusinessCalendar("UTC", [(day, "00:10", "00:40") for day in range(7)])


@st.composite
def scenarios(draw, plain=False):
    skills, costs = ["red", "blue", "green"], draw(st.sampled_from([{}, {}, {"mail": 2}]))
    number = draw(st.integers(1, 3))
    groups = [
        Group(
            AgentFacts(
                f"g{i}",
                draw(st.lists(st.sampled_from(skills), unique=True)),
                capacity=draw(st.integers(1 + len(costs), 3)),
            ),
            draw(st.integers(1, 3)),
            pace=draw(st.sampled_from([100, 100, 80, 130])),
            handling=draw(st.sampled_from([{}, {}, {"c0": Exponential(2 * MINUTE)}])),
            shifts=draw(st.sampled_from([(), (), *SHIFTS])),
            at_shift_end=draw(st.sampled_from(AtShiftEnd)),
            speeds=() if plain else draw(st.sampled_from([(), (), (100, 70), (120, 60, 40)])),
        )
        for i in range(draw(st.integers(1, 3)))
    ]
    had = sorted({item.skill for group in groups for item in group.facts.skills})
    classes = [
        TicketClass(
            f"c{i}",
            draw(ARRIVALS),
            draw(LAWS | st.just(Periodic([Exponential(MINUTE), Deterministic(9 * MINUTE)], 20 * MINUTE))),
            patience := draw(st.none() | LAWS),
            requirement=draw(st.sampled_from([Requirement(), *(Requirement(HasSkill(skill)) for skill in had)])),
            channel="mail" if costs and i == 0 else draw(st.sampled_from(["chat", "mail"])),
            priority=draw(st.integers(0, 2)),
            wrap_up=draw(st.none() | LAWS),
            answer_within=(target := draw(st.none() | st.just(2 * MINUTE))),
            hours=None if target is None else draw(st.sampled_from([None, MORNINGS])),
            bot=None if plain else draw(st.none() | st.just(Bot(0.3, Exponential(2 * MINUTE)))),
            touches=None if plain else draw(TOUCHES),
            retrials=None if plain or patience is None else draw(RETRIALS),
            solve_within=draw(st.none() | st.just(9 * MINUTE)),
            escalation=draw(st.sampled_from([None, None, RAISED])),
            offers=None if plain else draw(OFFERS),
            queue=draw(st.sampled_from([None, "q"])),
        )
        for i in range(number)
    ]
    return Scenario(classes, groups, costs)


@given(scenarios(), POLICIES, DISCIPLINES, st.integers(0, 9), st.booleans(), st.booleans())
@settings(max_examples=40)
def test_what_a_path_comes_to(scenario, policy, discipline, seed, finish, steady):
    """Rows and sums agree, nothing happens before its time, and Little's law holds exactly on the path."""
    trace = any(isinstance(item.arrivals, Trace) for item in scenario.classes)
    extent = SteadyState(60, 15) if steady and not trace else Terminating(2 * HOUR, finish)
    areas, last = [0, 0], [0, 0, 0]

    def watch(at, engine):
        assert at >= last[0]
        areas[0] += last[1] * (at - last[0])
        areas[1] += last[2] * (at - last[0])
        last[:] = [at, engine.waiting + engine.open_offers, engine.held - engine.open_offers]

    run = simulate(scenario, extent, policy, discipline, seed=seed, watch=watch)
    lean = simulate(scenario, extent, policy, discipline, seed=seed, keep_rows=False)
    assert lean == run
    assert lean.rows is None

    rows = run.rows
    assert len(rows) == run.first + sum(item.arrived for item in run.classes)
    assert (np.diff(rows.arrived) >= 0).all()
    served = rows.started != NONE
    assert (rows.started >= rows.arrived)[served].all()
    assert (served == (rows.agents != NONE)).all()
    if run.end < last[0] or finish:
        assert all(item.arrived == item.served + item.left for item in run.classes)
        gone = np.where(served, rows.started, rows.ended)
        further = sum(item.queued for item in run.further)
        if not any(g.shifts and g.at_shift_end is AtShiftEnd.HAND_BACK for g in scenario.groups):
            assert steady or int((gone - rows.arrived).sum()) + further == areas[0]
        if not any(item.wrap_up or item.touches or item.retrials for item in scenario.classes) and not any(
            g.shifts for g in scenario.groups
        ):
            assert int((rows.ended - rows.started)[served].sum()) == areas[1]
    assert [item.id for item in (*run.classes, *run.further)] == [
        *(item.id for item in scenario.classes),
        *(id for item in scenario.classes for id in item.ids[1:]),
    ]
    for totals in (*run.classes, *run.further):
        assert sum(count for _, count in totals.waits) == totals.served
    for totals, item in zip(run.classes, scenario.classes, strict=True):
        assert (totals.within is None) == (totals.left_within is None) == (item.answer_within is None)
    assert sum(agent.given for agent in run.agents) >= run.first == 0 or steady
    for agent, group in zip(run.agents, (g for g in scenario.groups for _ in g.agents), strict=True):
        assert 0 <= agent.duty <= run.end - run.begin
        if not group.shifts:
            assert 0 <= agent.worked <= agent.duty * agent.capacity == (run.end - run.begin) * agent.capacity


@given(scenarios(), st.integers(0, 9))
@settings(max_examples=20)
def test_the_same_tickets_whatever_else_differs(scenario, seed):
    """Neither the policy, nor how many are drawn at once, nor another class changes when tickets come."""
    extent = Terminating(HOUR)
    run = simulate(scenario, extent, LeastActive(), seed=seed)
    other = simulate(scenario, extent, Chance(1), Lifo(), seed=seed)
    assert (run.rows.arrived == other.rows.arrived).all()
    assert (run.rows.classes == other.rows.classes).all()
    usual = drawing.AT_ONCE
    try:
        drawing.AT_ONCE = 8
        assert simulate(scenario, extent, LeastActive(), seed=seed).rows.to_bytes() == run.rows.to_bytes()
    finally:
        drawing.AT_ONCE = usual
    alone = simulate(Scenario(scenario.classes[:1], _able(scenario), scenario.costs), extent, seed=seed)
    assert (alone.rows.arrived == run.rows.arrived[run.rows.classes == 0]).all()


def _able(scenario):
    return [Group(g.facts, g.size, g.pace, [own for own in g.handling if own[0] == "c0"]) for g in scenario.groups]


@given(LAWS, st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(0, 99))
def test_a_law_draws_the_same_few_at_a_time(law, sizes, seed):
    at_once = law.draw(drawing.Streams(seed).stream("a"), sum(sizes))
    stream = drawing.Streams(seed).stream("a")
    assert (np.concatenate([law.draw(stream, size) for size in sizes]) == at_once).all()
    assert (at_once >= 0).all()


def test_laws_have_their_means_and_spreads():
    for law, cv in (
        (Exponential(5 * MINUTE), 1),
        (Lognormal(5 * MINUTE, 1.5), 1.5),
        (Gamma(5 * MINUTE, 0.7), 0.7),
        (Erlang(5 * MINUTE, 4), 0.5),
        (Empirical([MINUTE, 4 * MINUTE, 10 * MINUTE]), 0.748),
        (Deterministic(5 * MINUTE), 0),
    ):
        drawn = law.draw(drawing.Streams(5).stream("law"), 200_000)
        mean = law.mean / timedelta(microseconds=1)
        assert abs(drawn.mean() / mean - 1) <= 4.5 * cv / 200_000**0.5
        assert drawn.std() / mean == pytest.approx(cv, rel=0.05, abs=1e-9)


@given(
    st.sampled_from([Poisson(7), Piecewise([3, 0, 0, 9], MINUTE), Piecewise([0, 5], HOUR), Sinusoidal(9, 1, HOUR)]),
    st.lists(st.floats(0.001, 500), min_size=1, max_size=20),
)
def test_when_so_many_are_expected_so_many_are(rated, expected):
    instants = rated.when(np.array(sorted(expected)))
    assert [rated.expected(float(at)) for at in instants] == pytest.approx(sorted(expected), rel=1e-6, abs=1e-6)


def test_busy_days_have_more_variance_and_the_same_mean():
    """The variance over the mean of a day's count is 1 for Poisson, and 1 + mean x cv squared for busy days."""
    counts = {}
    for name, arrivals in {"plain": Poisson(10), "busy": Busy(Poisson(10), 0.3)}.items():
        chance = drawing.Streams(2)
        source = drawing.Source(TicketClass(name, arrivals, Deterministic(MINUTE)), {}, chance, 0)
        day = 24 * 3_600_000_000
        counts[name] = np.array([len(source.until((d + 1) * day)) for d in range(1000)])
    assert counts["plain"].mean() == pytest.approx(240, rel=0.01)
    assert counts["busy"].mean() == pytest.approx(240, rel=0.04)
    assert counts["plain"].var() / 240 == pytest.approx(1, rel=0.2)
    assert counts["busy"].var() / 240 == pytest.approx(1 + 240 * 0.09, rel=0.2)


ONE = Scenario(
    [TicketClass("a", Poisson(100), Exponential(MINUTE), Exponential(MINUTE), answer_within=MINUTE)],
    [Group(AgentFacts("p", capacity=1), 2)],
)


def test_decisions_are_told_and_are_what_was_done():
    told = {}
    extent = SteadyState(300)
    run = simulate(ONE, extent, decided=lambda ticket, decision: told.setdefault(ticket, []).append(decision))
    unwatched = simulate(ONE, extent)
    assert run == unwatched
    assert run.rows.to_bytes() == unwatched.rows.to_bytes()
    names = [str(drawing.NAMES_FROM + number) for number in range(300)]
    for name, agent in zip(names, run.rows.agents.tolist(), strict=True):
        assert told[name][-1].agent == (None if agent == NONE else run.agents[agent].id)
        assert told[name][-1].counts.pool == 2


@pytest.mark.parametrize("keep_rows", [True, False])
@pytest.mark.parametrize("question", ["agent_for", "ticket_for", "assigned", "released", "waits", "withdrawn"])
def test_every_simulation_goes_through_the_engine(monkeypatch, keep_rows, question):
    def broken(*_args, **_kwargs):
        raise ZeroDivisionError(question)

    monkeypatch.setattr(Engine, question, broken)
    with pytest.raises(ZeroDivisionError):
        simulate(ONE, SteadyState(300), keep_rows=keep_rows)


def test_who_takes_so_many_a_day_takes_more_when_the_next_begins():
    """Midnight is that of where the scenario begins: here ten hours after it."""
    zone = timezone(timedelta(hours=2))
    few = Group(AgentFacts("p", capacity=9, workload=Workload(CapacityProfile("few", 9, daily_cap=2), ())))
    many = Scenario(
        [TicketClass("a", Trace([MINUTE] * 5), Exponential(MINUTE))], [few], begin=datetime(2026, 1, 5, 14, tzinfo=zone)
    )
    rows = simulate(many, Terminating(HOUR)).rows
    hours = [(int(at) - int(rows.arrived[0]) + 60_000_000) / 3_600_000_000 for at in rows.started]
    assert hours == [1 / 60, 1 / 60, 10, 10, 34]


def desk_until_nine(at_shift_end, pace=100):
    """Ana goes at nine, bo comes at half past eight; there are two tickets of an hour, at eight and ten to nine."""
    ana = Group(
        AgentFacts("ana", capacity=2),
        pace=pace,
        shifts=[WorkShift("early", "08:00", "09:00", "UTC")],
        at_shift_end=at_shift_end,
    )
    bo = Group(AgentFacts("bo", ["none"], capacity=1), shifts=[WorkShift("late", "08:30", "12:00", "UTC")])
    tickets = TicketClass(
        "a", Trace([timedelta(0), 50 * MINUTE]), Deterministic(2 * HOUR), wrap_up=Deterministic(MINUTE)
    )
    return Scenario([tickets], [ana, bo], begin=datetime(2026, 1, 5, 8, tzinfo=UTC))


def minutes(column, rows):
    return [(at - int(rows.arrived[0])) / 60_000_000 for at in column.tolist()]


def test_work_is_finished_after_the_end_of_a_shift():
    run = simulate(desk_until_nine("finish"), Terminating(4 * HOUR), LeastActive())
    assert [run.agents[agent].id for agent in run.rows.agents] == ["ana", "bo"]
    assert minutes(run.rows.started, run.rows) == [0, 50]
    assert minutes(run.rows.ended, run.rows) == [120, 170]
    assert [agent.worked / 60_000_000 for agent in run.agents] == [121, 121]
    assert [agent.duty / 60_000_000 for agent in run.agents] == [60, 210]


def test_work_is_handed_back_at_the_end_of_a_shift_and_what_is_left_is_done_by_somebody_else():
    """At half the pace, ana has done half an hour of two at nine; bo is done with another at 10:51."""
    run = simulate(desk_until_nine("hand_back", pace=50), Terminating(4 * HOUR), LeastActive())
    assert [run.agents[agent].id for agent in run.rows.agents] == ["bo", "bo"]
    assert minutes(run.rows.started, run.rows) == [0, 50]
    assert minutes(run.rows.ended, run.rows) == [171 + 90, 170]
    assert [agent.given for agent in run.agents] == [1, 2]
    assert run.agents[0].worked == run.agents[0].duty == 60 * 60_000_000
    assert run.classes[0].waited == 0


def test_somebody_who_never_comes_again_is_told():
    gone = [WorkShift("once", "08:00", "09:00", "UTC", "FREQ=DAILY;COUNT=1", date(2026, 1, 4))]
    never = Scenario([TicketClass("a", Poisson(9), Exponential(MINUTE))], [Group(AgentFacts("p"), shifts=gone)])
    with pytest.raises(InvalidInput, match=r"Scenario\.groups: nobody takes any more"):
        simulate(never, Terminating(HOUR))


def test_replications_are_different_and_repeatable():
    runs = list(replications(ONE, SteadyState(200, 20 * MINUTE), seed=4, count=3))
    assert [run.replication for run in runs] == [0, 1, 2]
    assert len({run.classes for run in runs if run.classes[0].waited}) == 3
    assert runs[2] == simulate(ONE, SteadyState(200, 20 * MINUTE), seed=4, replication=2)


def test_the_same_bytes_for_any_hash_seed():
    program = """
from test_sim import ONE, SteadyState, simulate
import hashlib
print(hashlib.sha256(simulate(ONE, SteadyState(2000), seed=9).rows.to_bytes()).hexdigest())
"""
    here = os.path.dirname(__file__)
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": here},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "77")
    }
    assert found == {hashlib.sha256(simulate(ONE, SteadyState(2000), seed=9).rows.to_bytes()).hexdigest()}


def test_quantiles_of_sums_are_close_to_those_of_rows():
    rows, lean = (simulate(ONE, SteadyState(3000), keep_rows=keep) for keep in (True, False))
    for part in (0.5, 0.9, 0.99):
        exact, near = rows.quantile(part), lean.quantile(part, "a")
        assert exact <= near + 1e-6 <= exact * 1.0443 + 1e-5
    nobody = Scenario([TicketClass("a", Trace([]), Exponential(MINUTE))], ONE.groups)
    for keep in (True, False):
        none = simulate(nobody, Terminating(HOUR), keep_rows=keep)
        assert none.quantile(0.5) is None
        assert none.figures() == {"utilisation": 0.0, "idle_spread": 0.0}


def test_more_tickets_than_ever_come_are_refused():
    few = Scenario([TicketClass("a", Trace([MINUTE]), Exponential(MINUTE))], ONE.groups)
    with pytest.raises(InvalidInput, match=r"SteadyState\.tickets: must be fewer: only 1 ever come"):
        simulate(few, SteadyState(2))


WRONG = {
    "Scenario.classes: must have at least one class": lambda: Scenario([], ONE.groups),
    "Scenario.groups: must have at least one agent": lambda: Scenario(ONE.classes, []),
    "Scenario.classes: the class 'a' comes twice": lambda: Scenario(ONE.classes * 2, ONE.groups),
    "Scenario.groups: the agent 'p-1' comes twice": lambda: Scenario(ONE.classes, ONE.groups * 2),
    r"Scenario.groups\[0\].handling: no class 'b' is declared": lambda: Scenario(
        ONE.classes, [Group(AgentFacts("p"), handling={"b": Exponential(MINUTE)})]
    ),
    r"Scenario.classes\[0\].requirement: nobody can take tickets of 'a'": lambda: Scenario(
        [TicketClass("a", Poisson(1), Exponential(MINUTE), requirement=Requirement(HasSkill("x")))], ONE.groups
    ),
    "Group.facts: must be of somebody who is available": lambda: Group(AgentFacts("p", open=1)),
    "Exponential.mean: must be longer than 0": lambda: Exponential(timedelta(0)),
    "Exponential.mean: must be a timedelta": lambda: Exponential(5),
    r"Empirical.lengths\[1\]: must be at least 0": lambda: Empirical([MINUTE, -MINUTE]),
    "Empirical.lengths: must list at least one": lambda: Empirical([]),
    "Piecewise.per_hour: must have a rate of at least 1e-09": lambda: Piecewise([0, 0]),
    r"Trace.at\[1\]: must be at least": lambda: Trace([MINUTE, timedelta(0)]),
    "SteadyState.warm_up: must be a length of time or a number of tickets": lambda: SteadyState(5, -1),
    "Terminating.length: must be longer than 0": lambda: Terminating(timedelta(0)),
}


@pytest.mark.parametrize("reason", WRONG)
def test_what_cannot_be_used(reason):
    with pytest.raises(InvalidInput, match=reason):
        WRONG[reason]()
