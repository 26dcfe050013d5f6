"""What the engine is for, case by case: shares, queues, requirements, decisions, and what it refuses."""

import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_assignment import a_ticket
from test_engine import CHANNELS, COSTS, POLICIES, World, expressions, requirements

from ticketcore.assignment import exclusion
from ticketcore.engine import (
    Accumulating,
    AgentFacts,
    AgentIn,
    All,
    AnyOf,
    Asked,
    AtLeast,
    Attribute,
    Chain,
    Chance,
    EarliestDeadline,
    Engine,
    FairShare,
    FewestWaitingAndHandled,
    GeneralisedCMu,
    HasSkill,
    InTeam,
    LeastActive,
    LeastHandled,
    LeastUtilised,
    Lifo,
    LongestIdle,
    MostAvailable,
    Not,
    PriorityDelay,
    PriorityFifo,
    Requirement,
    RoundRobin,
    ScoreWithAge,
    Waiting,
    default_policy,
    facts_of,
    plain,
    read_requirement,
    requirement_of,
)
from ticketcore.engine import plans as plans_module
from ticketcore.engine.disciplines import MINUTE
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.model import (
    CREDIT,
    Agent,
    Excluded,
    Exclusion,
    ExclusionCause,
    Filter,
    PolicyMemory,
    Presence,
    SkillLevel,
)
from ticketcore.model.requirement_notation import read_expression, requirement_from, text_of
from ticketcore.model.requirements import MAX_DEPTH, canonical, joined
from ticketcore.model.skills import as_skill_levels
from ticketcore.requirement import satisfies, whole_requirement

GOLD = Requirement(HasSkill("gold"))


def staff(*ids, **facts):
    return [AgentFacts(id, **{"capacity": 1000, **facts}) for id in ids]


def give(engine, count, plan=None, start=0):
    """Assign tickets one after the other; who got them."""
    plan = plan or engine.plan()
    given = []
    for number in range(start, start + count):
        agent = engine.agent_for(plan)
        engine.assigned(f"t{number}", agent, plan, number + 1)
        given.append(agent)
    return given


# Shares.


@pytest.mark.parametrize("policy", [FairShare(), RoundRobin(), LeastHandled(), LeastActive()])
@pytest.mark.parametrize("scanned", [0, 100])
def test_twins_differ_by_at_most_one(policy, scanned):
    engine = Engine(staff("ana", "bo", "eve"), policy=policy, scanned=scanned)
    given = give(engine, 50)
    for end in range(50):
        counts = [given[:end].count(agent) for agent in ("ana", "bo", "eve")]
        assert max(counts) - min(counts) <= 1


def test_a_share_goes_by_weight():
    engine = Engine([*staff("ana"), *staff("bo", weight=50)], policy=FairShare())
    given = give(engine, 30)
    assert (given.count("ana"), given.count("bo")) == (20, 10)


def test_equals_take_turns_whatever_lies_between_them():
    """Two specialists among many get the same: each plan has a cursor of its own."""
    others = staff(*(f"a{i}" for i in range(100)))
    fleet = [*others[:10], *staff("x", skills=["gold"]), *others[10:], *staff("y", skills=["gold"])]
    engine = Engine(fleet, policy=LeastActive())
    gold, any = engine.plan(GOLD), engine.plan()
    got = []
    for number in range(200):
        plan = gold if number % 2 else any
        agent = engine.agent_for(plan)
        engine.assigned(f"t{number}", agent, plan, number)
        engine.released(f"t{number}", number)
        got += [agent] if plan is gold else []
    assert got.count("x") == got.count("y") == 50


def test_handled_today_floods_whoever_comes_late_and_a_fair_share_does_not():
    for policy, most in [(LeastHandled(), 30), (FewestWaitingAndHandled(), 30), (FairShare(), 12)]:
        engine = Engine([*staff("ana", "bo", "eve"), *staff("late", available=False)], policy=policy)
        plan = engine.plan()
        for number in range(90):
            agent = engine.agent_for(plan)
            engine.assigned(f"t{number}", agent, plan, number)
            engine.released(f"t{number}", number)
        engine.came_on("late", 90, engine.mean_virtual_time())
        got = 0
        for number in range(100, 130):
            agent = engine.agent_for(plan)
            engine.assigned(f"t{number}", agent, plan, number)
            engine.released(f"t{number}", number)
            got += agent == "late"
        assert got == 30 if most == 30 else got <= most, policy.name


def test_open_spare_and_utilised_differ_when_capacities_do():
    """One agent has 1 of 2, the other 8 of 10: fewest open, most spare and least utilised."""
    for policy, chosen in [(LeastActive(), "small"), (MostAvailable(), "large"), (LeastUtilised(), "small")]:
        engine = Engine([*staff("large", capacity=10), *staff("small", capacity=2)], policy=policy)
        plan = engine.plan()
        for number in range(8):
            engine.assigned(f"l{number}", "large", plan, 0)
        engine.assigned("s", "small", plan, 0)
        assert engine.agent_for(plan) == chosen


def test_a_number_between_those_that_the_index_was_made_for_is_told_from_them():
    fleet = [AgentFacts(f"a{i}", memory=PolicyMemory((i // 10 + 1) * CREDIT)) for i in range(600)]
    engine = Engine(fleet, policy=FairShare(), scanned=0)
    plan = engine.plan(Requirement(AgentIn(["a0", "a10"])))
    assert engine.agent_for(plan) == "a0"
    engine.came_on("a0", 1, 2 * CREDIT + 1)
    assert engine.agent_for(plan) == "a10"


def test_whoever_is_passed_over_keeps_their_turn():
    engine = Engine([*staff("ana", capacity=1), *staff("bo", "eve")], policy=RoundRobin())
    assert give(engine, 5) == ["ana", "bo", "eve", "bo", "eve"]
    engine.released("t0", 9)
    assert give(engine, 1, start=9) == ["ana"]


def test_the_default_ranks_by_share_then_flexibility_then_load_then_turn():
    fleet = [*staff("wide", skills=["gold", "lead"]), *staff("narrow", "other", skills=["gold"])]
    engine = Engine(fleet)
    assert give(engine, 4, engine.plan(GOLD)) == ["narrow", "other", "wide", "narrow"]
    assert engine.policy.name == "fair_share_in_bands"


def test_a_policy_of_the_host_in_ten_lines():
    class Loudest:
        name, lasts, takes_turns = "loudest", True, False

        def rank(self, load, asked):
            return (-load.attributes.get("volume", 0),)

        def credit(self, load):
            return 7

    for scanned in (0, 10):
        fleet = [*staff("ana", attributes={"volume": 3}), *staff("bo", attributes={"volume": 9}), *staff("eve")]
        engine = Engine(fleet, policy=Loudest(), scanned=scanned)
        assert engine.agent_for(engine.plan()) == "bo"
        engine.attributes_changed("eve", {"volume": 10})
        assert engine.agent_for(engine.plan()) == "eve"
        assert engine.decide(engine.plan()).credit == 7


def test_chance_is_the_same_for_the_same_seed_and_spreads():
    engine = Engine(staff("ana", "bo", "eve"), policy=Chance(1))
    plan = engine.plan()
    got = [engine.agent_for(plan, asked=Asked(f"t{i}")) for i in range(300)]
    assert got == [engine.agent_for(plan, asked=Asked(f"t{i}")) for i in range(300)]
    assert all(70 < got.count(agent) < 130 for agent in ("ana", "bo", "eve"))
    other = Engine(staff("ana", "bo", "eve"), policy=Chance(2))
    assert got != [other.agent_for(other.plan(), asked=Asked(f"t{i}")) for i in range(300)]


# Queues.


def test_what_an_agent_cannot_take_is_in_nobodys_way():
    engine = Engine([*staff("ana", available=False), *staff("bo", skills=["gold"], available=False)])
    for number in range(500):
        engine.waits(f"g{number:03}", engine.plan(GOLD), Waiting(number))
    engine.waits("plain", engine.plan(), Waiting(900))
    engine.came_on("ana", 1000)
    engine.came_on("bo", 1000)
    assert (engine.ticket_for("ana", 1000), engine.ticket_for("bo", 1000)) == ("plain", "g000")


def test_a_ticket_that_comes_back_keeps_its_age():
    engine = Engine(staff("ana", capacity=1, available=False))
    for ticket, since in [("old", 5), ("young", 9), ("oldest", 1)]:
        engine.waits(ticket, engine.plan(), Waiting(since))
    engine.came_on("ana", 10)
    assert engine.ticket_for("ana", 10) == "oldest"
    engine.assigned("oldest", "ana", engine.plan(), 10)
    assert engine.ticket_for("ana", 10) is None
    engine.released("oldest", 11)
    engine.waits("oldest", engine.plan(), Waiting(1), excluded=["ana"])
    assert engine.ticket_for("ana", 12) == "old"
    assert engine.wait_of("oldest") == (engine.plan(), ("ana",))


def test_a_change_of_skills_is_seen_by_the_very_next_question():
    engine = Engine(staff("ana", "bo", skills=["lead"]))
    plan = engine.plan(GOLD)
    assert engine.agent_for(plan) is None
    engine.waits("t", plan, Waiting(0))
    assert engine.ticket_for("ana", 1) is None
    engine.skills_changed("ana", [SkillLevel("gold", 2)])
    assert (engine.agent_for(plan), engine.ticket_for("ana", 1), engine.ticket_for("bo", 1)) == ("ana", "t", None)
    engine.skills_changed("ana", [])
    assert (engine.agent_for(plan), engine.ticket_for("ana", 1)) == (None, None)


DISCIPLINES = (
    *(PriorityFifo(), ScoreWithAge(5), EarliestDeadline(), Lifo(), Accumulating(), Accumulating({0: 0, 2: 3})),
    *(GeneralisedCMu(), GeneralisedCMu(power=2), PriorityDelay({0: 30, 1: 10, 3: 0})),
)
tickets = st.lists(
    st.builds(Waiting, st.integers(0, 50), st.integers(0, 4), st.none() | st.integers(0, 90)), max_size=12
)


@given(st.sampled_from(DISCIPLINES), tickets, st.data())
def test_a_discipline_gives_the_most_urgent_whatever_lanes_there_are(discipline, waiting, data):
    engine = Engine([AgentFacts("ana", ["gold"], capacity=99)], discipline=discipline)
    plans = [engine.plan(), engine.plan(GOLD), engine.plan(Requirement(Not(HasSkill("gold"))))]
    left = {}
    for number, item in enumerate(waiting):
        plan = data.draw(st.sampled_from(plans))
        engine.waits(f"t{number:02}", plan, item)
        if plan is not plans[2]:
            left[f"t{number:02}"] = item
    at = data.draw(st.integers(50, 70))
    while True:
        ripe = {id: item for id, item in left.items() if discipline.ripe(*discipline.place(item)) <= at}
        right = min(ripe, key=lambda one: (discipline.urgency(*discipline.place(ripe[one]), at), one), default=None)
        assert engine.ticket_for("ana", at) == right
        if right is None:
            break
        engine.assigned(right, "ana", plans[0], at)
        del left[right]
    unripe = [discipline.ripe(*discipline.place(item)) for item in left.values()]
    due = engine.next_due(at)
    assert (due is None) if not unripe and engine.waiting == 0 else due is None or due > at
    if unripe:
        assert due is not None
        assert due <= min(unripe)


def test_disciplines_order_as_they_say():
    old, urgent, due = Waiting(0, 1), Waiting(60 * MINUTE, 4), Waiting(90 * MINUTE, 1, 91 * MINUTE)
    for discipline, order in [
        (PriorityFifo(), [urgent, old, due]),
        (ScoreWithAge(30 * MINUTE), [urgent, old, due]),
        (ScoreWithAge(10 * MINUTE), [old, urgent, due]),
        (EarliestDeadline(), [due, old, urgent]),
        (Lifo(), [due, urgent, old]),
        (Accumulating(), [urgent, old, due]),
        (PriorityDelay({0: 0, 4: 60 * MINUTE}), [old, due]),
    ]:
        engine = Engine(staff("ana"), discipline=discipline)
        for item in (old, urgent, due):
            engine.waits(str(item.since), engine.plan(), item)
        got = []
        while ticket := engine.ticket_for("ana", 100 * MINUTE):
            engine.assigned(ticket, "ana", engine.plan(), 100 * MINUTE)
            got.append(ticket)
        assert got == [str(item.since) for item in order], discipline.name
    assert engine.next_due(100 * MINUTE) == 120 * MINUTE


def test_nothing_starves_where_age_counts():
    """An old ticket is overtaken only by what came before its head start was used up."""
    engine = Engine(staff("ana"), discipline=ScoreWithAge(10))
    engine.waits("old", engine.plan(), Waiting(0))
    for since in range(1, 200):
        engine.waits(f"u{since}", engine.plan(), Waiting(since, 4))
    overtaken = 0
    while (ticket := engine.ticket_for("ana", 200)) != "old":
        engine.assigned(ticket, "ana", engine.plan(), 200)
        overtaken += 1
    assert overtaken == 39


def test_many_short_lived_lanes_are_dropped(monkeypatch):
    monkeypatch.setattr("ticketcore.engine.lanes.SPARE_LANES", 8)
    engine = Engine(staff("ana", "bo", skills=["gold"]))
    engine._backlog._most = 8
    engine.waits("stays", engine.plan(GOLD), Waiting(0))
    for number in range(100):
        engine.waits(f"t{number}", engine.plan(), Waiting(number + 1), excluded=["ana", f"x{number}"])
        assert engine.ticket_for("ana", 200) == "stays"
        assert engine.ticket_for("bo", 200) == "stays"
        engine.withdrawn(f"t{number}")
    assert len(engine._backlog._lanes) <= 9
    engine.withdrawn("stays")
    assert engine.ticket_for("bo", 200) is None


# Requirements.


@given(requirements)
def test_a_requirement_is_read_as_it_was_written(requirement):
    data = json.loads(json.dumps(plain(requirement)))
    assert read_requirement(data) == requirement
    assert read_expression(data["must"]) == requirement.must


@given(expressions)
def test_the_canonical_form_is_one_and_stays(expression):
    once = canonical(expression)
    assert canonical(once) == once
    assert canonical(Not(Not(expression))) == once
    assert canonical(All((expression, expression))) == canonical(All((expression,)))


def test_what_means_the_same_is_one_plan():
    engine = Engine()
    gold, north = HasSkill("gold"), InTeam("north")
    one = engine.plan(Requirement(All((gold, north))), channel="chat")
    assert engine.plan(Requirement(All((north, All((gold, gold))))), channel="chat") is one
    assert engine.plan(Requirement(All((gold, north)))) is not one
    assert engine.plan(Requirement(AnyOf((gold, north))), channel="chat") is not one


def test_preference_comes_before_rank_and_never_keeps_anybody_out():
    fleet = [*staff("ana"), *staff("bo", skills=["gold"], capacity=2), *staff("eve", skills=["lead"], capacity=1)]
    for scanned in (0, 10):
        engine = Engine(fleet, policy=FairShare(), scanned=scanned)
        plan = engine.plan(Requirement(prefer=[HasSkill("gold"), HasSkill("lead")]))
        decisions = [engine.decide(plan)]
        assert give(engine, 4, plan) == ["bo", "bo", "eve", "ana"]
        decisions.append(engine.decide(plan))
        assert [(each.agent, each.tier, each.runner_up) for each in decisions] == [("bo", 0, "eve"), ("ana", 2, None)]


def test_what_nobody_meets_is_told_at_once():
    engine = Engine([*staff("ana", skills=["gold"], available=False), *staff("bo")])
    lead, gold = HasSkill("lead"), HasSkill("gold", 3)
    assert engine.unmet(engine.plan(Requirement(All((HasSkill("gold"), lead, gold))))) == (gold, lead)
    assert engine.unmet(engine.plan(Requirement(AnyOf((HasSkill("gold"), lead))))) == ()
    assert engine.unmet(engine.plan(team="north")) == (InTeam("north"),)
    opposite = Requirement(All((HasSkill("gold"), Not(HasSkill("gold")))))
    assert engine.unmet(engine.plan(opposite)) == (canonical(opposite.must),)


def test_not_is_within_the_agents_that_there_are():
    engine = Engine(staff("ana", skills=["gold"]))
    plan = engine.plan(Requirement(Not(HasSkill("gold"))))
    assert engine.agent_for(plan) is None
    engine.joined(AgentFacts("bo"))
    assert engine.agent_for(plan) == "bo"
    engine.left("bo")
    assert engine.agent_for(plan) is None
    engine.joined(AgentFacts("bo", ["gold"]))
    assert engine.agent_for(plan) is None


def test_a_need_of_a_desk_is_a_requirement():
    needs = (SkillLevel("gold", 2), SkillLevel("lead"))
    assert requirement_of(needs).must == All((HasSkill("gold", 2), HasSkill("lead", 1)))
    agent = Agent("ana", 4, ("north",), needs, 7, 50, Presence.AWAY, 2, PolicyMemory(9, 8, 7))
    facts = facts_of(agent)
    assert (facts.id, facts.skills, facts.teams, facts.capacity) == ("ana", needs, ("north",), 7)
    assert (facts.weight, facts.available, facts.memory) == (50, False, PolicyMemory(9, 8, 7))


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: HasSkill(""), "HasSkill.skill"),
        (lambda: HasSkill("gold", 0), "HasSkill.level"),
        (lambda: HasSkill("gold", 11), "HasSkill.level"),
        (lambda: InTeam(3), "InTeam.team"),
        (lambda: AgentIn([]), "AgentIn.agents"),
        (lambda: AgentIn(["ana", 3]), "AgentIn.agents[1]"),
        (lambda: Attribute("floor", "near", 3), "Attribute.comparison"),
        (lambda: Attribute("floor", "is", True), "Attribute.value"),
        (lambda: Attribute("town", "above", "Ulm"), "Attribute.value"),
        (lambda: All([]), "All.parts"),
        (lambda: AnyOf([HasSkill("gold"), "lead"]), "AnyOf.parts[1]"),
        (lambda: Not("lead"), "Not.part"),
        (lambda: AtLeast(3, [HasSkill("gold"), HasSkill("lead")]), "AtLeast.count"),
        (lambda: AtLeast(0, [HasSkill("gold")]), "AtLeast.count"),
        (lambda: Requirement("gold"), "Requirement.must"),
        (lambda: Requirement(prefer=[HasSkill("gold"), 3]), "Requirement.prefer[1]"),
        (lambda: Requirement(nested(MAX_DEPTH)), "Requirement.must"),
        (lambda: Requirement(prefer=[nested(MAX_DEPTH)]), "Requirement.prefer[0]"),
        (lambda: AgentFacts(""), "AgentFacts.id"),
        (lambda: AgentFacts("ana", ["gold", "gold"]), "AgentFacts.skills"),
        (lambda: AgentFacts("ana", capacity=-1), "AgentFacts.capacity"),
        (lambda: AgentFacts("ana", weight=0), "AgentFacts.weight"),
        (lambda: AgentFacts("ana", workload=3), "AgentFacts.workload"),
        (lambda: AgentFacts("ana", attributes={"floor": 1.5}), "AgentFacts.attributes['floor']"),
        (lambda: Engine(staff("ana", "bo", "ana")), "AgentFacts.id"),
        (lambda: Engine(costs={"chat": 0}), "Engine.costs['chat']"),
        (lambda: Chain(()), "Chain.policies"),
        (lambda: LongestIdle("noon"), "LongestIdle.since"),
        (lambda: Accumulating({}), "Accumulating.paces"),
        (lambda: PriorityDelay({1: -3}), "PriorityDelay.delays[1]"),
        (lambda: read_requirement({"must": {"skill": "gold", "level": 99}}), "requirement.must.level"),
        (lambda: read_requirement({"must": {"any": [{"team": "n"}, {"skil": "x"}]}}), "requirement.must.any[1]"),
        (lambda: read_requirement({"must": {"any": []}}), "requirement.must.any"),
        (lambda: read_requirement({"must": {"all": 3}}), "requirement.must.all"),
        (lambda: read_requirement({"must": {"at_least": 3, "of": [{"team": "n"}]}}), "requirement.must.at_least"),
        (lambda: read_requirement({"must": {"team": "n", "level": 3}}), "requirement.must.level"),
        (lambda: read_requirement({"must": {"everybody": False}}), "requirement.must.everybody"),
        (lambda: read_requirement({"must": {"attribute": "floor"}}), "requirement.must"),
        (lambda: read_requirement({"prefer": [{"team": "n"}, []]}), "requirement.prefer[1]"),
        (lambda: read_requirement({"wants": []}), "requirement.wants"),
        (lambda: read_requirement(3), "requirement"),
    ],
)
def test_what_cannot_be_used_is_named(make, field):
    with pytest.raises(InvalidInput) as caught:
        make()
    assert caught.value.field == field


def nested(depth):
    expression = HasSkill("gold")
    for _ in range(depth):
        expression = Not(expression)
    return expression


def test_a_skill_or_team_that_is_not_declared_is_named():
    engine = Engine(skills=["gold"], teams=["north"])
    with pytest.raises(InvalidInput, match="did you mean 'gold'") as caught:
        engine.plan(Requirement(All((InTeam("north"), Not(HasSkill("golf"))))))
    assert caught.value.field == "Requirement.must.parts[1].part.skill"
    with pytest.raises(InvalidInput) as caught:
        engine.plan(Requirement(prefer=[InTeam("south")]))
    assert caught.value.field == "Requirement.prefer[0].team"
    for team in ("nort", ("north", "nort")):
        with pytest.raises(InvalidInput, match="did you mean 'north'") as caught:
            engine.plan(team=team)
        assert caught.value.field == "team"
    assert engine.agent_for(engine.plan(team="north")) is None
    engine.configured(2, skills=["golf"], teams=["north"])
    plan = engine.plan(Requirement(HasSkill("golf")))
    assert engine.decide(plan).configuration == 2
    with pytest.raises(InvalidInput):
        engine.plan(GOLD)


# Decisions, and what is refused.


def test_a_decision_without_counts_and_one_that_knows_where_it_stood():
    engine = Engine(staff("ana", "bo", skills=["gold"]), policy=FairShare())
    engine.position = 41
    plan = engine.plan(GOLD)
    decision = engine.decide(plan, excluded=["bo", "who?"], counts=False)
    assert (decision.agent, decision.runner_up, decision.counts, decision.position) == ("ana", None, None, 41)
    counted = engine.decide(plan, excluded=["bo", "who?"])
    assert counted.counts.excluded == (Excluded(Filter.EXCLUDED, 1),)
    assert (counted.placement.pool, counted.placement.candidates, counted.credit) == (2, 1, CREDIT)
    assert engine.decide(plan, excluded=["ana", "bo"]).agent is None


def test_a_fact_that_cannot_be_leaves_everything_as_it_was():
    engine = Engine(staff("ana", "bo"), policy=FairShare())
    plan = engine.plan()
    engine.assigned("t1", "ana", plan, 1)
    engine.waits("t2", plan, Waiting(5))
    before = [repr(engine.explain(plan)), engine.waiting, engine.mean_virtual_time()]
    for fact, error in [
        (lambda: engine.assigned("t1", "bo", plan, 2), InvalidInput),
        (lambda: engine.resumed("t1", "bo", plan), InvalidInput),
        (lambda: engine.assigned("t2", "who?", plan, 2), NotFound),
        (lambda: engine.waits("t1", plan, Waiting(1)), InvalidInput),
        (lambda: engine.waits("t2", plan, Waiting(1)), InvalidInput),
        (lambda: engine.waits("", plan, Waiting(1)), InvalidInput),
        (lambda: engine.released("t2", 3), NotFound),
        (lambda: engine.withdrawn("t1"), NotFound),
        (lambda: engine.wait_of("t1"), NotFound),
        (lambda: engine.joined(AgentFacts("ana")), InvalidInput),
        (lambda: engine.left("ana"), InvalidInput),
        (lambda: engine.left("who?"), NotFound),
        (lambda: engine.came_on("who?", 3), NotFound),
        (lambda: engine.skills_changed("ana", [SkillLevel("gold"), SkillLevel("gold")]), InvalidInput),
        (lambda: engine.teams_changed("ana", ["north", "north"]), InvalidInput),
        (lambda: engine.capacity_changed("ana", -1), InvalidInput),
        (lambda: engine.weight_changed("ana", 0), InvalidInput),
        (lambda: engine.ticket_for("who?", 3), NotFound),
    ]:
        with pytest.raises(error):
            fact()
        assert [repr(engine.explain(plan)), engine.waiting, engine.mean_virtual_time()] == before


def test_sets_of_plans_are_dropped_and_made_again(monkeypatch):
    monkeypatch.setattr(plans_module, "KEPT_BYTES", 100)
    engine = Engine(staff(*(f"a{i}" for i in range(50)), skills=["gold"]), scanned=0)
    wanted = [engine.plan(Requirement(AnyOf((HasSkill("gold", level), HasSkill("lead"))))) for level in (1, 2, 3)]
    for _ in range(2):
        assert [engine.agent_for(plan) for plan in wanted] == ["a0", None, None]
    both = [engine.plan(Requirement(Not(HasSkill("lead"))), channel=channel) for channel in CHANNELS]
    others = [engine.plan(Requirement(Not(AgentIn([f"a{i}"])))) for i in range(4)]
    for _ in range(2):
        assert [engine.agent_for(plan) for plan in (*both, *others)] == ["a0", "a0", "a1", "a0", "a0", "a0"]
    assert len(engine._plans._kept) == 3, "of 32 bytes each"


def test_questions_change_nothing():
    """An engine that is asked all the time gives what one gives that is asked only when it has to be."""
    world = [Engine(staff("ana", "bo", "eve", skills=["gold"]), policy=LeastActive(), scanned=0) for _ in range(2)]
    for number in range(30):
        for engine in world:
            plan = engine.plan(GOLD)
            if engine is world[0]:
                engine.decide(plan), engine.agent_for(engine.plan()), engine.ticket_for("bo", number)
                engine.explain(plan, ["ana"]), engine.explain_agent("ana", number), engine.unmet(plan)
        agents = {engine.agent_for(engine.plan(GOLD)) for engine in world}
        assert len(agents) == 1
        for engine in world:
            engine.assigned(f"t{number}", *agents, engine.plan(GOLD), number)


# The same everywhere.


def log_of(seed):
    """What a thousand random steps come to, as text."""
    chance = random.Random(seed)
    parts = []
    for policy in POLICIES:
        fleet = [
            AgentFacts(f"a{i}", chance.sample(["gold", "lead", "mend"], 2), [chance.choice(["north", "south"])])
            for i in range(12)
        ]
        world = World(fleet, policy, 3)
        for _ in range(25):
            need = chance.choice([HasSkill("gold"), Not(HasSkill("lead")), AnyOf((HasSkill("mend"), InTeam("north")))])
            world.ticket(Requirement(need), None, chance.choice([*COSTS, "chat"]), [], chance.randrange(3))
            if chance.random() < 0.6:
                world.release(chance.randrange(99))
            world.change(chance.randrange(99), "skills", {chance.choice(["gold", "lead"]): chance.randint(1, 3)})
            world.pull()
        parts += world.log
    return "\n".join(parts)


def test_decisions_are_the_same_bytes_whatever_the_hash_seed():
    here = Path(__file__).parent
    code = "import hashlib, test_engine_rules as t; print(hashlib.sha256(t.log_of(5).encode()).hexdigest())"
    printed = {hashlib.sha256(log_of(5).encode()).hexdigest()}
    for seed in ("0", "1", "77"):
        paths = os.pathsep.join([str(here), str(here.parent)])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
        printed.add(done.stdout.strip())
    assert len(printed) == 1


# A desk's agents.


agents = st.builds(
    Agent,
    st.sampled_from([f"a{i}" for i in range(9)]),
    st.just(1),
    st.sampled_from([(), ("support",), ("sales", "support")]),
    st.dictionaries(st.sampled_from(["gold", "lead"]), st.integers(1, 3)).map(as_skill_levels),
    st.integers(0, 4),
    st.sampled_from([50, 100]),
    st.sampled_from([Presence.AVAILABLE, Presence.AVAILABLE, Presence.AWAY]),
    st.integers(0, 3),
    st.builds(PolicyMemory, st.integers(0, 3).map(lambda times: times * CREDIT), st.just(0), st.integers(0, 3)),
)
staffs = st.lists(agents, unique_by=lambda agent: agent.id)
needs = st.dictionaries(st.sampled_from(["gold", "lead"]), st.integers(1, 3)).map(as_skill_levels)
shut_out = st.lists(st.sampled_from(["a0", "a1"]), unique=True).map(tuple)


@given(staffs, needs, shut_out, st.none() | requirements.map(text_of))
def test_a_command_and_the_engine_agree_on_who_may_take_a_ticket(staff, needs, excluded, requirement):
    engine = Engine(map(facts_of, staff))
    explanation = engine.explain(engine.plan(whole_requirement(needs, requirement), "support"), excluded)
    taken = tuple(Exclusion(agent, ExclusionCause.TAKEN) for agent in excluded)
    ticket = a_ticket(needs=needs, excluded=taken, requirement=requirement)
    reasons = {agent.id: exclusion(agent, ticket, "support") for agent in staff}
    assert dict(explanation.excluded) == {agent: reason for agent, reason in reasons.items() if reason}
    assert {agent for agent, _ in explanation.candidates} == {agent for agent, reason in reasons.items() if not reason}


@given(requirements)
def test_a_requirement_is_the_same_as_a_text_and_as_data(requirement):
    text = text_of(requirement)
    assert requirement_from(text) == requirement
    assert text_of(text) == text_of(plain(requirement)) == text
    assert "\n" not in text


@given(staffs, requirements, requirements)
def test_what_meets_two_requirements_meets_each(staff, one, other):
    both = text_of(joined(one, other))
    for agent in staff:
        assert satisfies(agent, both) is (satisfies(agent, text_of(one)) and satisfies(agent, text_of(other)))
    assert requirement_from(both).prefer == (*one.prefer, *other.prefer)


@given(staffs, staffs, needs, shut_out, st.sampled_from([0, 100]), st.sampled_from(list(POLICIES)))
def test_who_was_told_how_agents_stand_answers_as_if_loaded_so(before, after, needs, excluded, scanned, policy):
    """Whatever was asked before, with a ticket waiting throughout."""
    told = Engine(map(facts_of, before), policy=policy, scanned=scanned)
    plan = told.plan(requirement_of(needs), "support")
    told.waits("t", plan, Waiting(1), excluded)
    told.decide(plan, excluded)
    for agent in after:
        told.stands(facts_of(agent))
    now = {agent.id: agent for agent in (*before, *after)}
    newest_first = [agent for agent in reversed(after) if agent.id not in {known.id for known in before}]
    loaded = Engine([facts_of(now[agent.id]) for agent in (*newest_first, *before)], policy=policy, scanned=scanned)
    same = loaded.plan(requirement_of(needs), "support")
    loaded.waits("t", same, Waiting(1), excluded)
    assert told.explain(plan, excluded) == loaded.explain(same, excluded)
    assert told.mean_virtual_time() == loaded.mean_virtual_time()
    assert [told.ticket_for(agent, 5) for agent in now] == [loaded.ticket_for(agent, 5) for agent in now]


def test_a_policy_derived_from_one_of_a_number_is_asked():
    class Last(FairShare):
        def rank(self, load, asked):
            return (-load.virtual_time,)

    for scanned in (None, 0):
        facts = [AgentFacts("ana", memory=PolicyMemory(CREDIT)), AgentFacts("bo", memory=PolicyMemory(3 * CREDIT))]
        engine = Engine(facts, policy=Last(), scanned=scanned)
        assert engine.agent_for(engine.plan()) == "bo"


@pytest.mark.parametrize("policy", [FairShare(), LongestIdle(), default_policy()], ids=lambda policy: policy.name)
def test_the_runner_up_is_the_second_candidate(policy):
    chance = random.Random(1)
    skills = [chance.choice((["gold"], ["lead"], ["gold", "lead"])) for _ in range(40)]
    engine = Engine([AgentFacts(f"a{i}", some, capacity=2) for i, some in enumerate(skills)], policy=policy)
    for at in range(60):
        plan = engine.plan(Requirement(HasSkill(chance.choice(("gold", "lead")))))
        decision = engine.decide(plan)
        candidates = [agent for agent, _ in engine.explain(plan).candidates]
        assert [decision.agent, decision.runner_up] == [*candidates, None, None][:2]
        if candidates:
            engine.assigned(f"t{at}", candidates[0], plan, at)
