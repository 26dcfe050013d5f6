"""Tickets that are offered, ask less as they wait and are wrapped up: a desk that lives the same decides the same."""

import os
import re
from collections import Counter, defaultdict
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

import attrs
import pytest
from simulated_desks import BOSS, LEFT, configuration_of, plain, taken

from ticketcore import Actor, Desk, Inbound
from ticketcore.commands import AcceptOffer, DeclineOffer, SetPresence, Solve
from ticketcore.config.scenario_writing import write_scenario
from ticketcore.config.scenarios import ScenarioFile, read_scenario
from ticketcore.engine import AgentFacts, Chain, FairShare, HasSkill, LongestIdle, Requirement, RoundRobin
from ticketcore.model import (
    CapacityProfile,
    EscalationPlan,
    EscalationStep,
    Exhausted,
    Filter,
    Offering,
    Presence,
    Rate,
    SkillLevel,
    Workload,
)
from ticketcore.replaying.anonymous import anonymous
from ticketcore.replaying.checking import check
from ticketcore.replaying.past import Past
from ticketcore.replaying.scenarios import Handling, scenario_of
from ticketcore.shell import Parts
from ticketcore.sim.arrivals import Trace
from ticketcore.sim.drawing import NAMES_FROM
from ticketcore.sim.extents import Terminating
from ticketcore.sim.journeys import Offers
from ticketcore.sim.laws import Deterministic, InOrder
from ticketcore.sim.results import NONE
from ticketcore.sim.running import simulate
from ticketcore.sim.scenario import Group, Scenario, TicketClass
from ticketcore.stores import MemoryStore

PROOF = os.environ.get("HYPOTHESIS_PROFILE") == "proof"
MINUTE = timedelta(minutes=1)
PLAN = EscalationPlan(
    "wider",
    [
        EscalationStep("lower", 2 * MINUTE, levels=[SkillLevel("phone", 1)], raised=2),
        EscalationStep("back", 5 * MINUTE, teams=["back"], expire=["phone"]),
    ],
)
LIMITS = CapacityProfile("rated", 2, queue_limits={"money": 1}, daily_cap=25, rate=Rate(3, 20 * MINUTE))
RATED = Workload(LIMITS, ())
WITHIN, WRAP_UP, FORGIVEN = 1 * MINUTE, 0.5 * MINUTE, 7 * MINUTE


def lengths(chance, mean, number):
    return [timedelta(microseconds=1 + round(1e6 * 60 * mean * chance.expovariate(1))) for _ in range(number)]


def made_up(seed, exhausted, number=150):
    """Two classes that are both offered, of which one asks less and less."""
    chance = Random(seed)
    classes = []
    for id, team, skill in (("calls", "front", "phone"), ("money", "back", None)):
        gaps = lengths(chance, 1.6, number)
        answers = [
            [(length, chance.random() < 0.6) for length in lengths(chance, 0.5, chance.randint(0, 4))]
            for _ in range(number)
        ]
        classes.append(
            TicketClass(
                id,
                Trace([sum(gaps[: i + 1], timedelta(0)) for i in range(number)]),
                InOrder(lengths(chance, 3, number)),
                InOrder(lengths(chance, 15, number)),
                Requirement() if skill is None else Requirement(HasSkill(skill, 2)),
                team,
                "chat",
                wrap_up=Deterministic(WRAP_UP),
                escalation=PLAN if skill else None,
                queue=id,
                offers=Offers(WITHIN, exhausted=exhausted, excluded_for=FORGIVEN, recorded=answers),
            )
        )
    groups = [
        Group(AgentFacts("ann", {"phone": 2}, ["front"], capacity=1), 2),
        Group(AgentFacts("bea", {"phone": 1}, ["front", "back"], capacity=2, weight=150, workload=RATED), 2),
        Group(AgentFacts("cyd", (), ["back"], capacity=1)),
    ]
    return Scenario(classes, groups)


class Lived:
    """A desk that is told what comes of the scenario when it does; its decisions, in their order."""

    def __init__(self, scenario, policy):
        self.scenario, self.decisions, self.due, self.serial = scenario, [], [], count()
        configuration = attrs.evolve(configuration_of(scenario), escalations=[PLAN])
        queues = [
            attrs.evolve(
                queue,
                offering=Offering(WITHIN, (), item.offers.exhausted, excluded_for=FORGIVEN),
                escalation=PLAN.id if item.escalation else None,
                wrap_up=WRAP_UP,
            )
            for queue, item in zip(configuration.queues, scenario.classes, strict=True)
        ]
        agents = [
            attrs.evolve(agent, capacity_profile="rated") if agent.id.startswith("bea") else agent
            for agent in configuration.agents
        ]
        configuration = attrs.evolve(configuration, queues=queues, agents=agents, capacity_profiles=[LIMITS])
        self.answers = {}
        self.desk = Desk(MemoryStore(), tenant="acme", config=configuration, parts=Parts(policy=policy))
        self.names, self.rows = {}, {}
        self.asked = defaultdict(int)
        begin = scenario.begin
        self.desk.tick(begin)
        self.desk.handle(SetPresence("ann-1", BOSS, Presence.AVAILABLE), begin)
        coming = sorted((at, k, i) for k, item in enumerate(scenario.classes) for i, at in enumerate(item.arrivals.at))
        for number, (at, k, i) in enumerate(coming):
            self.at(begin + at, self.comes, number, scenario.classes[k], i)

    def at(self, instant, act, *about):
        heappush(self.due, (instant, next(self.serial), act, about))

    def run(self):
        while self.due:
            now, _, act, about = heappop(self.due)
            act(now, *about)
        return self.desk

    def note(self, handled, now):
        self.decisions += taken(handled, self.names)
        for item in handled.events:
            match type(item.event).__name__:
                case "Offered":
                    self.offered(now, item.stream.id, item.event.agent)
                case "NoEligibleAgent":
                    self.at(now, self.tick)
                case "Assigned":
                    self.begun(now, item.stream.id, item.event.agent)

    def comes(self, now, number, item, i):
        ticket_name = str(NAMES_FROM + number)
        handled = self.desk.receive(Inbound("chat", item.id, ticket_name, "Hello"), now)
        id = handled.ticket.id
        self.names[id], self.rows[id] = ticket_name, (item, i)
        self.answers[id] = list(item.offers.recorded[i])
        for step in item.escalation.steps if item.escalation else ():
            self.at(now + step.after, self.tick)
        self.at(now + item.patience.lengths[i], self.leaves, id)
        self.note(handled, now)

    def tick(self, now):
        for woken in self.desk.tick(now).woken:
            if woken.handled is not None:
                self.note(woken.handled, now)

    def leaves(self, now, id):
        ticket = self.desk.ticket(id)
        if ticket.assignee is None and ticket.state == "new":
            self.note(self.desk.handle(Solve(id, LEFT), now), now)

    def offered(self, now, id, agent):
        self.asked[id] += 1
        after, accepts = self.answers[id].pop(0) if self.answers[id] else (timedelta(0), True)
        if after < WITHIN:
            self.at(now + after, self.answers_it, id, agent, accepts, self.asked[id])
        else:
            self.at(now + WITHIN, self.tick)
            self.at(now + WITHIN + FORGIVEN, self.tick)

    def answers_it(self, now, id, agent, accepts, asked):
        offer = self.desk.ticket(id).offer
        if offer is not None and offer.agent == agent and self.asked[id] == asked:
            answer = AcceptOffer if accepts else DeclineOffer
            self.note(self.desk.handle(answer(id, Actor.agent(agent)), now), now)
            if not accepts:
                self.at(now + FORGIVEN, self.tick)

    def begun(self, now, id, agent):
        item, i = self.rows[id]
        self.at(now + item.handling.lengths[i], self.done, id, agent)
        self.at(now + LIMITS.rate.period, self.tick)

    def done(self, now, id, agent):
        self.note(self.desk.handle(Solve(id, Actor.agent(agent)), now), now)
        self.at(now + WRAP_UP, self.tick)


def given(run, agent):
    """Who has it."""
    return None if agent == NONE else run.agents[agent].id


def found(decisions):
    """Those that found somebody: that it finds nobody, a desk says once while a ticket waits."""
    return [(name, placement) for name, placement in decisions if placement[0] is not None]


@pytest.mark.parametrize("seed", range(50 if PROOF else 2))
@pytest.mark.parametrize("exhausted", Exhausted)
@pytest.mark.parametrize("policy", [Chain((FairShare(), RoundRobin())), LongestIdle()], ids=lambda policy: policy.name)
def test_a_desk_offers_and_escalates_as_the_simulation(policy, exhausted, seed):
    """All decisions of a path with ranks, runners-up, credits and counts; then the desk's history asks them again."""
    scenario, simulated = made_up(seed, exhausted), []
    run = simulate(
        scenario,
        Terminating(timedelta(days=2), finish=False),
        policy,
        decided=lambda name, decision: simulated.append((name, plain(decision.placement))),
    )
    lived = Lived(scenario, policy)
    desk = lived.run()
    assert found(simulated) == found(lived.decisions)
    assert len(found(simulated)) > 250
    filters = {each.filter for _, placement in simulated for each in placement[2]}
    assert {Filter.RATE, Filter.QUEUE_LIMIT, Filter.EXCLUDED, Filter.CAPACITY} <= filters
    kinds = Counter(type(item.event).__name__ for item in Past(desk.store, desk.tenant))
    assert min(kinds[kind] for kind in ("Escalated", "OfferEnded", "ExclusionEnded", "WrapUpEnded")) > 10
    checked = check(Past(desk.store, desk.tenant), policy)
    assert checked.differences == ()
    assert checked.decisions == len(lived.decisions)
    recorded = scenario_of(Past(desk.store, desk.tenant), Handling.SLOT)
    again = simulate(recorded.scenario, recorded.extent, policy)
    for column in ("arrived", "started"):
        assert (getattr(again.rows, column) == getattr(run.rows, column)).all()
    assert [given(run, agent) for agent in run.rows.agents] == [given(again, agent) for agent in again.rows.agents]
    assert {what for what, _ in recorded.unsaid} == {"handling", "patience", "presence", "offered"}
    text = write_scenario(ScenarioFile(recorded.scenario, recorded.extent))
    assert read_scenario(text) == (recorded.scenario, recorded.extent)
    nameless = write_scenario(ScenarioFile(anonymous(recorded.scenario, bytes(16)), recorded.extent))
    names = {"ann", "bea", "cyd", "front", "back", "phone", "calls", "money", "chat", "wider", "lower", "rated"}
    assert not names & set(re.findall(r"\w+", nameless))
    exported = simulate(*read_scenario(nameless), policy)
    assert (exported.rows.started - exported.begin == again.rows.started - again.begin)[
        again.rows.started != NONE
    ].all()
