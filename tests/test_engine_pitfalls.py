"""What other engines got wrong, each as a test that is named after it."""

import random
from collections import Counter

import pytest
from test_engine_rules import GOLD, give, staff

from ticketcore.engine import (
    AgentFacts,
    Asked,
    DutyRate,
    Engine,
    FairShare,
    HasSkill,
    LeastActive,
    LeastHandled,
    LongestIdle,
    Not,
    Requirement,
    RoundRobin,
    SmoothWeightedRoundRobin,
    Waiting,
    default_policy,
)
from ticketcore.model import CREDIT, Excluded, Filter, PolicyMemory, SkillLevel
from ticketcore.planning import Taker, balanced_by_count, by_flow, by_paths

HOUR = 3_600_000_000
IN_TURN = (RoundRobin(), LeastHandled(), FairShare(), SmoothWeightedRoundRobin(), LeastActive())


def play(engine, plan, count, start, at=None):
    """Tickets that are done at once; who got them."""
    got = []
    for number in range(start, start + count):
        when = number if at is None else at
        agent = engine.agent_for(plan, asked=Asked(f"t{number}", when, plan.must))
        engine.assigned(f"t{number}", agent, plan, when)
        engine.released(f"t{number}", when)
        got.append(agent)
    return got


@pytest.mark.parametrize(("policy", "most"), [(FairShare(), 1.3), (DutyRate(), 1.7)])
def test_back_from_leave_one_does_not_get_everything(policy, most):
    """For half an hour, in which two hundred tickets an hour come to fifteen early ones and five late ones."""
    early, late = [f"e{number}" for number in range(15)], [f"l{number}" for number in range(5)]
    engine = Engine([*staff(*early, available_since=HOUR), *staff(*late, available=False)], policy=policy)
    plan, step, got = engine.plan(), HOUR // 200, Counter()
    for number in range(900):
        at = HOUR + number * step
        if number == 800:
            for agent in late:
                engine.came_on(agent, at, engine.mean_virtual_time())
        [agent] = play(engine, plan, 1, number, at)
        got[agent] += number >= 800
    theirs = sum(got[agent] for agent in late) / 5
    assert theirs <= most * sum(got[agent] for agent in early) / 15


def test_leaving_and_coming_back_gains_nothing():
    engine = Engine(staff("ana", "bo", "eve"), policy=FairShare())
    plan, got = engine.plan(), Counter()
    for number in range(300):
        got.update(play(engine, plan, 1, number))
        engine.went_off("ana", number)
        engine.came_on("ana", number)
    assert set(got.values()) == {100}


@pytest.mark.parametrize("policy", IN_TURN)
def test_of_six_it_is_not_always_the_same_three(policy):
    """Two kinds of tickets in turn, as many agents as is even: no counter is advanced twice."""
    engine = Engine(staff(*"abcdef", skills=["gold"]), policy=policy)
    got = Counter()
    for number in range(120):
        got.update(play(engine, engine.plan(GOLD) if number % 2 else engine.plan(), 1, number))
    assert max(got.values()) - min(got.values()) <= 2
    assert len(got) == 6


@pytest.mark.parametrize("policy", [FairShare(), RoundRobin(), SmoothWeightedRoundRobin()])
def test_who_is_first_in_the_list_is_not_favoured_day_after_day(policy):
    """Each day a new engine, of what the last one left: a ticket a day goes to everybody in the end."""
    memories, got = dict.fromkeys("abcd", PolicyMemory()), Counter()
    for day in range(1, 41):
        engine = Engine([AgentFacts(agent, memory=memory) for agent, memory in memories.items()], policy=policy)
        decision = engine.decide(engine.plan())
        before = memories[decision.agent]
        memories[decision.agent] = PolicyMemory(before.virtual_time + decision.credit, before.assigned + 1, day)
        got[decision.agent] += 1
    assert set(got.values()) == {10}


def test_a_join_and_a_leave_in_the_middle_leave_the_turns_of_the_others():
    engine = Engine(staff("ana", "bo", "eve"), policy=RoundRobin())
    plan = engine.plan()
    assert play(engine, plan, 2, 1) == ["ana", "bo"]
    engine.joined(AgentFacts("new", memory=PolicyMemory(0, 0, 2)))
    assert play(engine, plan, 4, 3) == ["eve", "ana", "new", "bo"]
    engine.left("bo")
    assert play(engine, plan, 3, 7) == ["eve", "ana", "new"]


def test_an_incompatible_head_never_blocks_others_and_a_free_slot_takes_the_oldest_before_what_comes_next():
    engine = Engine([*staff("ana", capacity=1), *staff("bo", skills=["gold"], available=False)])
    give(engine, 1)
    for number in range(3):
        engine.waits(f"gold{number}", engine.plan(GOLD), Waiting(number))
        engine.waits(f"old{number}", engine.plan(), Waiting(10 + number))
    engine.released("t0", 20)
    assert engine.ticket_for("ana", 20) == "old0"


def test_everybody_declined_is_told_and_is_forgotten_when_the_ticket_waits_anew():
    engine = Engine(staff("ana", "bo"))
    plan = engine.plan()
    decision = engine.decide(plan, excluded=["ana", "bo"])
    assert (decision.agent, decision.counts.excluded) == (None, (Excluded(Filter.EXCLUDED, 2),))
    engine.waits("t", plan, Waiting(1), excluded=["ana", "bo"])
    assert engine.ticket_for("ana", 2) is engine.ticket_for("bo", 2) is None
    engine.withdrawn("t")
    engine.waits("t", plan, Waiting(1))
    assert engine.ticket_for("ana", 3) == "t"


def test_what_wakes_above_capacity_is_a_debt_that_takes_nothing_new():
    engine = Engine(staff("ana", capacity=2))
    plan = engine.plan()
    for ticket in ("a", "b"):
        engine.assigned(ticket, "ana", plan, 1)
    engine.released("a", 2)
    engine.assigned("c", "ana", plan, 3)
    engine.resumed("a", "ana", plan)
    assert engine.agent_for(plan) is None
    engine.released("b", 4)
    assert engine.agent_for(plan) is None, "two of two"
    engine.released("c", 5)
    assert engine.agent_for(plan) == "ana"


def test_who_was_never_on_duty_divides_nothing_by_zero():
    engine = Engine([AgentFacts("ana", available_since=5)], policy=DutyRate())
    assert engine.agent_for(engine.plan(), asked=Asked("t", 5)) == "ana"
    assert engine.agent_for(engine.plan(), asked=Asked("t", 0)) == "ana"


def test_an_id_that_comes_again_has_nothing_of_the_one_before():
    engine = Engine(staff("ana", skills=["gold"], memory=PolicyMemory(9 * CREDIT)), scanned=0)
    gold, other = engine.plan(GOLD), engine.plan(Requirement(Not(HasSkill("gold"))))
    assert engine.agent_for(gold) == "ana"
    engine.left("ana")
    assert engine.agent_for(gold) is engine.agent_for(other) is None
    engine.joined(AgentFacts("ana"))
    assert (engine.agent_for(gold), engine.agent_for(other)) == (None, "ana")
    assert engine.mean_virtual_time() == 0


def test_a_level_that_sinks_below_what_is_asked_is_as_one_that_is_missing():
    engine = Engine(staff("ana", skills=[SkillLevel("gold", 3)]), scanned=0)
    plan = engine.plan(Requirement(HasSkill("gold", 3)))
    assert engine.agent_for(plan) == "ana"
    engine.skills_changed("ana", [SkillLevel("gold", 2)])
    assert engine.agent_for(plan) is None


@pytest.mark.parametrize("scanned", [None, 0, 10**9])
def test_no_candidate_is_beyond_the_hundredth(scanned):
    agents = [AgentFacts(f"a{number}", memory=PolicyMemory((500 - number) * CREDIT)) for number in range(500)]
    engine = Engine(agents, policy=FairShare(), scanned=scanned)
    assert engine.agent_for(engine.plan()) == "a499"


@pytest.mark.parametrize("solve", [by_flow, by_paths])
def test_a_plan_is_the_same_however_its_agents_are_listed_and_overtakes_nobody(solve):
    chance = random.Random(4)
    suits = [(f"t{number}", chance.sample("abcde", 3)) for number in range(30)]
    takers = [Taker(agent, room=4) for agent in "abcde"]
    plan = balanced_by_count(suits, takers, solve)
    shuffled = [(ticket, chance.sample(agents, 3)) for ticket, agents in suits]
    assert balanced_by_count(shuffled, takers, solve) == plan
    assert plan.left == tuple(f"t{number}" for number in range(20, 30))


@pytest.mark.parametrize("policy", [LongestIdle(), FairShare(), LeastActive(), default_policy()], ids=lambda p: p.name)
def test_many_agents_who_are_now_idle_and_now_busy_are_found_alike_however_they_are_looked_for(policy):
    """An index that is not asked for falls behind, is dropped, and is made anew."""
    fleet = [AgentFacts(f"a{i:03}", ["gold"] if i % 2 else [], capacity=1) for i in range(200)]
    engines = [Engine(fleet, policy=policy, scanned=scanned) for scanned in (None, 0, 10**9)]
    chance, held, number = random.Random(5), [], 0
    for at, busy in enumerate([*[200] * 400, *[0] * 100, *[199] * 900, *[100] * 300], start=1):
        while len(held) > busy or (held and chance.random() < 0.5):
            ticket = held.pop(chance.randrange(len(held)))
            for engine in engines:
                engine.released(ticket, at)
        requirement = Requirement(HasSkill("gold")) if chance.random() < 0.5 else Requirement()
        plans = [engine.plan(requirement) for engine in engines]
        found = {engine.agent_for(plan) for engine, plan in zip(engines, plans, strict=True)}
        assert len(found) == 1
        agent = found.pop()
        if agent is not None:
            number += 1
            held.append(f"t{number}")
            for engine, plan in zip(engines, plans, strict=True):
                engine.assigned(f"t{number}", agent, plan, at)
