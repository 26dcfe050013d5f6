"""Replays: a desk decides as it is recorded, and as the simulation does; what is recorded comes again as it was."""

import os
import re
from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, BO, EVE, HOUR, MINUTE, desk, everything, opened, say
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from simulated_desks import agents_of, live
from test_joint_laws import JointDesks
from test_laws import Desks
from test_router import Routed

from ticketcore import Actor, AgentProfile, Condition, RoutingRule
from ticketcore.commands import (
    AcceptOffer,
    Assign,
    Close,
    DeclineOffer,
    Focus,
    Pend,
    SetCapacity,
    SetPresence,
    SetSkills,
    SetTeams,
    Solve,
    Transfer,
    Unassign,
    Unfocus,
)
from ticketcore.config.scenario_writing import write_scenario
from ticketcore.config.scenarios import ScenarioFile, read_scenario
from ticketcore.engine import (
    AgentFacts,
    Chain,
    FairShare,
    HasSkill,
    LeastActive,
    Lifo,
    LongestIdle,
    Requirement,
    RoundRobin,
)
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.events import Assigned
from ticketcore.model import Kind, Offering, Presence, Priority, Queue, Team
from ticketcore.model.shifts import WorkShift
from ticketcore.replaying.anonymous import anonymous
from ticketcore.replaying.checking import check
from ticketcore.replaying.past import Past
from ticketcore.replaying.scenarios import Handling, scenario_of
from ticketcore.sim.arrivals import Poisson
from ticketcore.sim.extents import Terminating
from ticketcore.sim.laws import FOREVER, Exponential, Lognormal
from ticketcore.sim.results import NONE
from ticketcore.sim.running import simulate
from ticketcore.sim.scenario import Group, Scenario, TicketClass

PROOF = os.environ.get("HYPOTHESIS_PROFILE") == "proof"
SALT = bytes(range(32))
SHOP = Scenario(
    [
        TicketClass(
            "calls",
            Poisson(60),
            Exponential(4 * MINUTE),
            Exponential(6 * MINUTE),
            Requirement(HasSkill("phone")),
            "front",
            "chat",
            2,
        ),
        TicketClass("mail", Poisson(30), Lognormal(6 * MINUTE), team="front", channel="chat"),
        TicketClass(
            "money",
            Poisson(12),
            Exponential(8 * MINUTE),
            requirement=Requirement(HasSkill("money", 2)),
            team="back",
            channel="chat",
            priority=1,
        ),
    ],
    [
        Group(AgentFacts("ann", ["phone"], ["front"], capacity=1), 3),
        Group(AgentFacts("bea", {"phone": 1, "money": 2}, ["front", "back"], capacity=2, weight=150), 2),
        Group(AgentFacts("cyd", {"money": 3}, ["back"], capacity=2)),
        Group(
            AgentFacts("dee", ["phone"], ["front"], capacity=3), 2, shifts=[WorkShift("day", "02:00", "09:30", "UTC")]
        ),
    ],
)
POLICIES = [None, LongestIdle(), Chain((FairShare(), RoundRobin())), Chain((LeastActive(), RoundRobin()))]
"""Equals of a policy that takes turns go, at a desk, by who was given work longest ago."""


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: getattr(policy, "name", "default"))
def test_a_desk_decides_as_the_simulation_and_what_it_recorded_is_simulated_again(policy):
    """All decisions of a path, with ranks, runners-up, credits and counts; then the history of that desk, to the
    microsecond.
    """
    extent = Terminating((760 if PROOF else 8) * HOUR)
    run, simulated, lived, one = live(SHOP, extent, policy, seed=4)
    assert len(simulated) > (100_000 if PROOF else 900)
    assert sum(mine != theirs for mine, theirs in zip(simulated, lived, strict=True)) == 0
    past = Past(one.store, one.tenant)
    checked = check(past, policy)
    assert checked.decisions == len(simulated)
    assert checked.pulled > 150
    assert checked.differences == ()
    found = scenario_of(past, Handling.SLOT)
    again = simulate(found.scenario, found.extent, policy)
    for column in ("arrived", "started"):
        assert (getattr(again.rows, column) == getattr(run.rows, column)).all()
    before, after = (
        [None if agent == NONE else each.agents[agent].id for agent in each.rows.agents] for each in (run, again)
    )
    assert before == after


def test_another_discipline_takes_other_tickets_and_is_told():
    _, _, _, one = live(SHOP, Terminating(3 * HOUR), seed=4)
    found = check(Past(one.store, one.tenant), discipline=Lifo()).differences
    assert found
    assert all("goes before it" in each.why for each in found)
    _, simulated, lived, one = live(SHOP, Terminating(3 * HOUR), discipline=Lifo(), seed=4)
    assert simulated == lived
    assert check(Past(one.store, one.tenant), discipline=Lifo()).differences == ()


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Desks, JointDesks, Routed])
def test_any_history_replays_to_what_it_says(machine):
    """Whatever happens on a desk in whatever order, by two desks too."""

    class Replayed(machine):
        def teardown(self):
            one = self.desks[0] if machine is Routed else getattr(self, "desk", None)
            if one is not None:
                assert check(Past(one.store, one.tenant)).differences == ()
            super().teardown()

    profile = settings(
        max_examples=1000 if PROOF else 25,
        stateful_step_count=30,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Replayed, settings=profile)


def busy_day():
    """A desk on which everything is done that a router has to follow."""
    support = Queue("support", offering=Offering(2 * MINUTE, ["busy"]))
    one = desk(
        AgentProfile("ana", capacity=2, skills={"gold": 2}),
        AgentProfile("bo", capacity=1, teams=["support", "sales"]),
        AgentProfile("eve", capacity=2, teams=["support"]),
        teams=[Team("support"), Team("sales")],
        queues=[support, Queue("sales", "sales")],
        skills=["gold"],
        rules=[
            RoutingRule("gold", Condition(keywords=["gold"]), "support", ["gold"], {"gold": 2}, Priority.HIGH),
            RoutingRule("sale", Condition(keywords=["buy"]), "sales"),
        ],
        solve_after=None,
    )
    first = opened(one, "gold", sender="c1")
    one.handle(AcceptOffer(first.id, ANA), AT + MINUTE)
    one.handle(Focus(first.id, ANA), AT + MINUTE)
    second = opened(one, "silver", sender="c2", at=AT + MINUTE)
    asked = BO if one.ticket(second.id).offer.agent == "bo" else EVE
    one.handle(DeclineOffer(second.id, asked, "busy"), AT + 2 * MINUTE)
    sale = opened(one, "buy", sender="c3", at=AT + 2 * MINUTE)
    one.handle(SetPresence("bo", BO, Presence.DRAINING), AT + 3 * MINUTE)
    later = opened(one, "buy", sender="c4", at=AT + 3 * MINUTE)
    one.handle(SetTeams("eve", EVE, ["support", "sales"]), AT + 4 * MINUTE)
    one.handle(Unfocus(first.id, ANA), AT + 5 * MINUTE)
    one.handle(Pend(first.id, ANA), AT + 5 * MINUTE)
    one.handle(SetSkills("ana", ANA, {}), AT + 6 * MINUTE)
    say(one, "gold again", sender="c1", at=AT + 7 * MINUTE)
    one.handle(Assign(later.id, BO, "ana"), AT + 8 * MINUTE)
    one.handle(Transfer(sale.id, BO, "support"), AT + 9 * MINUTE)
    one.handle(Unassign(later.id, EVE), AT + 9 * MINUTE)
    one.handle(SetCapacity("ana", ANA, 4), AT + 10 * MINUTE)
    one.handle(SetPresence("bo", BO, Presence.AVAILABLE), AT + 11 * MINUTE)
    left = opened(one, "buy", sender="c5", at=AT + 11 * MINUTE)
    for minute in range(12, 40, 3):
        one.tick(AT + minute * MINUTE)
    assert left.id
    return one


def test_a_day_with_edits_offers_and_work_by_hand_replays_to_what_it_says():
    one = busy_day()
    past = Past(one.store, one.tenant)
    checked = check(past)
    assert checked.differences == ()
    assert checked.decisions >= 10
    assert checked.by_hand >= 1


class Forged(Past):
    """A history in which one assignment names somebody else."""

    def __iter__(self):
        forged = False
        for item in super().__iter__():
            placement = getattr(item.event, "placement", None)
            if not forged and isinstance(item.event, Assigned) and placement is not None and placement.runner_up:
                placement = attrs.evolve(placement, agent=placement.runner_up)
                item = attrs.evolve(item, event=attrs.evolve(item.event, agent=placement.agent, placement=placement))
                forged = True
            yield item


def test_what_was_not_decided_so_is_found():
    _, _, _, one = live(SHOP, Terminating(HOUR), seed=1)
    first = check(Forged(one.store, one.tenant)).differences[0]
    assert first.recorded != first.replayed
    assert first.recorded is not None
    assert f"the rank of {first.recorded} was" in first.why
    stored = one.ticket(first.ticket)
    assert stored.opened_at == first.at
    assert stored.solution.resolver == first.replayed


def test_a_version_that_was_never_stored_is_not_found():
    with pytest.raises(NotFound):
        Past(desk("ana").store, "acme").configuration(7)


def day_of_ana():
    """Two tickets with focus, one without, one that its customer gave up, and one for which nobody ever was there."""
    one = desk(
        AgentProfile("ana", capacity=1),
        AgentProfile("bo", capacity=2, presence=Presence.OFFLINE),
        queues=[Queue("support"), Queue("night", "night")],
        teams=[Team("support"), Team("night")],
        rules=[RoutingRule("night", Condition(keywords=["night"]), "night")],
        solve_after=None,
    )
    first = opened(one, "one", sender="c1")
    one.handle(Focus(first.id, ANA), AT + MINUTE)
    one.handle(Unfocus(first.id, ANA), AT + 4 * MINUTE)
    given_up = opened(one, "two", sender="c2", at=AT + 2 * MINUTE)
    one.handle(Close(given_up.id, Actor.rule("hang-up")), AT + 5 * MINUTE)
    one.handle(SetPresence("bo", BO, Presence.AVAILABLE), AT + 6 * MINUTE)
    second = opened(one, "three", sender="c3", at=AT + 7 * MINUTE)
    opened(one, "night", sender="c4", at=AT + 8 * MINUTE)
    one.handle(Focus(second.id, BO), AT + 9 * MINUTE)
    one.handle(SetSkills("bo", BO, {}), AT + 9 * MINUTE)
    one.handle(Unfocus(second.id, BO), AT + 11 * MINUTE)
    one.handle(Solve(first.id, ANA), AT + 12 * MINUTE)
    one.handle(Solve(second.id, BO), AT + 20 * MINUTE)
    return one


def test_what_a_history_says_becomes_a_scenario_and_what_it_cannot_say_is_listed():
    one = day_of_ana()
    found = scenario_of(Past(one.store, one.tenant))
    (item,) = found.scenario.classes
    assert item.id == "support/chat"
    assert [at / MINUTE for at in item.arrivals.at] == [0, 2, 7]
    assert [length / MINUTE for length in item.handling.lengths] == [3, 3, 2]
    assert item.patience.lengths == (FOREVER, 3 * MINUTE, FOREVER)
    assert [group.facts.id for group in found.scenario.groups] == ["ana", "bo"]
    assert found.scenario.groups[0].changes == ()
    assert [(change.after / MINUTE, change.on_duty) for change in found.scenario.groups[1].changes] == [
        (0, False),
        (6, True),
    ]
    assert found.extent == Terminating(20 * MINUTE, finish=False)
    assert dict(found.unsaid) == {
        "handling": "1 of 3 tickets, in 1 of 1 classes, were never open by an agent: each takes as long as the one of "
        "its class before it",
        "patience": "how long those would have waited who were served is not known: only 1 customers leave",
        "presence": "whether somebody would have stayed longer is not known: agents are there when they were",
        "nobody": "tickets that nobody could ever take are left out: 1",
    }
    slots = scenario_of(Past(one.store, one.tenant), Handling.SLOT, 5 * MINUTE, answer_within=MINUTE)
    assert [length / MINUTE for length in slots.scenario.classes[0].handling.lengths] == [12, 5, 13]
    run = simulate(slots.scenario, slots.extent)
    assert [run.agents[agent].id if agent != NONE else None for agent in run.rows.agents] == ["ana", None, "bo"]
    assert run.figures()["service_level"] == pytest.approx(2 / 3)


def test_what_a_day_has_that_no_simulation_has_is_listed():
    one = busy_day()
    unsaid = dict(scenario_of(Past(one.store, one.tenant), Handling.SLOT, MINUTE).unsaid)
    assert {"by_hand", "offered", "changed", "resumed"} <= unsaid.keys()
    assert unsaid["offered"].startswith("what somebody else would have answered is not known: ")


def test_a_history_without_work_is_refused():
    one = desk("ana")
    with pytest.raises(InvalidInput, match="past: has nobody in it who was given a ticket"):
        scenario_of(Past(one.store, one.tenant))
    opened(one, "one")
    with pytest.raises(InvalidInput, match=r"otherwise: is needed: of no ticket of 'support/chat', of 1,"):
        scenario_of(Past(one.store, one.tenant))


def test_an_export_comes_to_the_same_and_has_no_names_in_it():
    """All that anybody wrote or is called, in the store, against the text that is published."""
    _, _, _, one = live(SHOP, Terminating(6 * HOUR), seed=2)
    found = scenario_of(Past(one.store, one.tenant), Handling.SLOT)
    text = write_scenario(ScenarioFile(anonymous(found.scenario, SALT), found.extent))
    again, extent = read_scenario(text)
    assert extent == found.extent
    for policy in (None, LongestIdle(), LeastActive()):
        one_run, other = simulate(found.scenario, found.extent, policy), simulate(again, extent, policy)
        moved = one_run.begin - other.begin
        assert (one_run.rows.arrived - moved == other.rows.arrived).all()
        for column in ("started", "ended"):
            mine, theirs = getattr(one_run.rows, column), getattr(other.rows, column)
            assert ((mine - moved == theirs) | ((mine == NONE) & (theirs == NONE))).all()
        assert (one_run.rows.agents == other.rows.agents).all()
        mine, theirs = one_run.figures(), other.figures()
        assert [mine[name] for name in mine] == [theirs[name] for name in theirs]
    names = {agent.id for agent in agents_of(one)}
    names |= {"front", "back", "phone", "money", "calls", "mail", "acme", "chat"}
    names |= {alias.address for contact in everything(one, Kind.CONTACT) for alias in contact.aliases}
    names |= {item.id for kind in (Kind.TICKET, Kind.CONTACT, Kind.MESSAGE) for item in everything(one, kind)}
    names |= {item.words for item in everything(one, Kind.TEXT)}
    words = set(re.findall(r"[\w.-]+", text))
    assert len(names) > 400
    assert not names & words
    assert all(name not in text for name in names)
    kept, _ = read_scenario(write_scenario(ScenarioFile(anonymous(found.scenario, SALT, keep_dates=True), extent)))
    assert kept.begin == found.scenario.begin
    assert anonymous(found.scenario, SALT[::-1]) != anonymous(found.scenario, SALT)


def test_a_salt_that_somebody_could_guess_is_refused():
    with pytest.raises(InvalidInput, match="salt: must have at least 16 bytes"):
        anonymous(SHOP, b"salt")


def test_whoever_forgets_a_salt_knows_no_names():
    """The names depend on nothing but the salt and what they stand for."""
    with pytest.raises(InvalidInput, match="scenario: has shifts or calendars, which go by dates"):
        anonymous(SHOP, SALT)
    named = anonymous(SHOP, SALT, keep_dates=True)
    assert named == anonymous(SHOP, SALT, keep_dates=True)
    assert named.groups[0].facts.skills[0].skill == named.classes[0].requirement.must.skill
    assert named.groups[0].facts.teams[0] == named.classes[0].team
    assert timedelta(0) == named.begin - SHOP.begin
