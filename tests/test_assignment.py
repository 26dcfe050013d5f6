"""Who may take a ticket, who gets it, and what waits for whom."""

import random

import attrs
import pytest
from desks import ANA, AT, DAY, EVE, HOUR, MINUTE, agent, check_laws, desk, kinds, new_desk, opened, say, turn
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import AgentProfile, Condition, Desk, Parts, RoutingRule
from ticketcore.assignment import LAG, exclusion, mean_virtual_time, unavailable, virtual_time_on_arrival
from ticketcore.commands import Configure, Note, Pend, SetPresence, SetSkills, SetTeams, Solve
from ticketcore.engine import (
    Chain,
    DutyRate,
    FairShare,
    FewestWaitingAndHandled,
    PriorityDelay,
    PriorityFifo,
    RoundRobin,
    default_policy,
)
from ticketcore.model import (
    BOUNDS,
    CREDIT,
    Agent,
    Configuration,
    Excluded,
    Exclusion,
    ExclusionCause,
    Filter,
    Kind,
    Placement,
    PolicyMemory,
    Presence,
    Queue,
    Ref,
    SkillLevel,
    Team,
)
from ticketcore.model.agent import credit
from ticketcore.ports import Commit
from ticketcore.records import agent_record
from ticketcore.requirement import meets
from ticketcore.stores import MemoryStore
from ticketcore.turns.router import Router

pytestmark = pytest.mark.usefixtures("every_driver")

SKILLS = ["a", "b", "c"]


def an_agent(id="ana", **changes):
    values = {"teams": ("support",), "skills": (), "capacity": 5, "weight": 100, "presence": Presence.AVAILABLE}
    return Agent(id, 1, **{**values, **changes})


def a_ticket(**changes):
    ticket = opened(desk())
    return attrs.evolve(ticket, assignee=None, **changes)


agents = st.builds(
    an_agent,
    teams=st.sampled_from([("support",), ("sales",), ("support", "sales"), ()]),
    skills=st.sets(st.sampled_from(SKILLS)).map(lambda names: tuple(SkillLevel(name, 2) for name in sorted(names))),
    capacity=st.integers(0, 3),
    open=st.integers(0, 3),
    presence=st.sampled_from(Presence),
    memory=st.builds(PolicyMemory, st.integers(0, 3000), st.just(0), st.integers(0, 3)),
)
pools = st.lists(agents, max_size=8).map(
    lambda pool: [attrs.evolve(item, id=f"agent{i}") for i, item in enumerate(pool)]
)
tickets = st.builds(
    a_ticket,
    needs=st.sets(st.sampled_from(SKILLS), max_size=2).map(
        lambda names: tuple(SkillLevel(name) for name in sorted(names))
    ),
    excluded=st.sampled_from([(), (Exclusion("agent0", ExclusionCause.TAKEN),)]),
    previous=st.sampled_from([None, "agent1"]),
)


def placed(ticket, pool, policy=None):
    """Who gets the ticket, of a router that knows these agents."""
    router = Router(policy or default_policy(), PriorityFifo())
    store = MemoryStore()
    records = [agent_record(item, 0) for item in pool]
    store.commit(Commit("acme", tuple(attrs.evolve(record, version=1) for record in records)))
    turn(router.follow(Configuration(), 0, 0, lasts=True), Desk(store, tenant="acme"))
    return router.placement(ticket, AT)


@given(pools, tickets)
def test_the_smallest_rank_of_the_eligible_wins_and_the_counts_add_up(pool, ticket):
    placement = placed(ticket, pool, policy=Chain((FairShare(), RoundRobin())))
    eligible = [item for item in pool if exclusion(item, ticket, "support") is None]
    returning = [item for item in eligible if item.id == ticket.previous]
    ranked = sorted(eligible, key=lambda item: (item.memory.virtual_time, item.memory.last_assigned, item.id))
    expected = (returning or ranked or [None])[0]
    assert placement.agent == (expected and expected.id)
    assert placement.returned == bool(returning)
    assert placement.candidates == len(eligible)
    assert placement.pool == len(pool)
    assert all(item.agents > 0 for item in placement.excluded)
    if ranked and not returning:
        first = ranked[0]
        assert placement.runner_up == (ranked[1].id if len(ranked) > 1 else None)
        assert placement.rank == (first.memory.virtual_time, first.memory.last_assigned)
    assert placement.credit == (credit(expected.weight) if expected and not returning else 0)


def test_who_had_it_before_comes_first_and_has_paid():
    busy, idle = an_agent("bo", memory=PolicyMemory(9 * CREDIT)), an_agent("ana")
    placement = placed(a_ticket(previous="bo"), [idle, busy])
    assert (placement.agent, placement.returned, placement.credit, placement.rank) == ("bo", True, 0, ())
    placement = placed(a_ticket(), [idle, busy])
    assert (placement.agent, placement.returned, placement.credit) == ("ana", False, CREDIT)


@given(
    st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 3)),
    st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 3)),
)
def test_every_need_is_met_by_the_skill_of_its_name(skills, needs):
    have, need = (tuple(SkillLevel(*item) for item in sorted(some.items())) for some in (skills, needs))
    assert meets(have, need) == all(skills.get(name, 0) >= level for name, level in needs.items())


def test_who_returns_is_at_most_four_assignments_from_the_mean():
    assert LAG == 4 * 1024


def test_each_filter_excludes_in_its_order():
    gold = a_ticket(needs=(SkillLevel("gold", 2),), excluded=(Exclusion("ana", ExclusionCause.DECLINED),))
    stages = [
        ({"teams": ("sales",)}, Filter.TEAM),
        ({"teams": ("support",)}, Filter.SKILLS),
        ({"skills": (SkillLevel("gold", 1),)}, Filter.SKILLS),
        ({"skills": (SkillLevel("gold", 2), SkillLevel("lead"))}, Filter.EXCLUDED),
        ({"id": "bo"}, Filter.PRESENCE),
        ({"presence": Presence.AVAILABLE}, Filter.CAPACITY),
        ({"capacity": 6}, None),
    ]
    candidate = an_agent(presence=Presence.AWAY, open=5)
    for change, expected in stages:
        candidate = attrs.evolve(candidate, **change)
        assert exclusion(candidate, gold, "support") is expected
    asked = [Filter.TEAM, Filter.SKILLS, Filter.EXCLUDED, Filter.PRESENCE, *BOUNDS]
    assert list(Filter) == [*asked, Filter.AFFINITY, Filter.GUARD], "the last are of the ticket, not of an agent"


def test_only_who_is_available_takes_more():
    assert [unavailable(an_agent(presence=one), a_ticket(), 0, 0) for one in Presence] == [None] + 3 * [Filter.PRESENCE]


def test_a_queue_that_nobody_serves_has_nobody():
    placement = placed(a_ticket(queue="gone"), [an_agent()])
    assert (placement.agent, placement.excluded) == (None, (Excluded(Filter.TEAM, 1),))


def test_twins_differ_by_at_most_one():
    one = desk(*(AgentProfile(name, capacity=1000) for name in ("ana", "bo", "eve")))
    for i in range(50):
        opened(one, sender=f"customer{i}", at=AT + i * MINUTE)
        counts = [agent(one, name).memory.assigned for name in ("ana", "bo", "eve")]
        assert max(counts) - min(counts) <= 1


def test_half_a_weight_gets_half_the_work():
    one = desk(AgentProfile("ana", capacity=1000), AgentProfile("bo", capacity=1000, weight=50))
    for i in range(30):
        opened(one, sender=f"customer{i}", at=AT + i * MINUTE)
    assert (agent(one, "ana").memory.assigned, agent(one, "bo").memory.assigned) == (20, 10)
    assert (credit(50), credit(200)) == (2 * CREDIT, CREDIT // 2)


def test_whoever_was_given_work_longest_ago_breaks_a_tie():
    early, late = PolicyMemory(7, 1, 10), PolicyMemory(7, 1, 20)
    pool = [an_agent("ana", memory=late), an_agent("bo", memory=early)]
    assert placed(a_ticket(), pool).agent == "bo"


def test_nobody_is_flooded_for_having_been_away():
    one = desk(
        AgentProfile("ana", capacity=1000), AgentProfile("bo", capacity=1000), AgentProfile("eve", capacity=1000)
    )
    one.handle(SetPresence("eve", EVE, "offline"), AT)
    for i in range(40):
        opened(one, sender=f"early{i}", at=AT + i * MINUTE)
    one.handle(SetPresence("eve", EVE, "available"), AT + HOUR)
    mean = mean_virtual_time([agent(one, "ana"), agent(one, "bo")])
    assert agent(one, "eve").memory.virtual_time == mean - LAG
    for i in range(12):
        opened(one, sender=f"late{i}", at=AT + HOUR + i * MINUTE)
    assert agent(one, "eve").memory.assigned <= 4 + 12 // 3 + 1


def test_a_return_is_brought_within_the_lag_on_both_sides_and_no_further():
    pool = [an_agent("bo", memory=PolicyMemory(10 * CREDIT)), an_agent("eve", memory=PolicyMemory(12 * CREDIT))]
    away = an_agent("max", presence=Presence.AWAY, memory=PolicyMemory(99 * CREDIT))
    for before, after in [(0, 11 * CREDIT - LAG), (10 * CREDIT, 10 * CREDIT), (90 * CREDIT, 11 * CREDIT + LAG)]:
        ana = an_agent(memory=PolicyMemory(before))
        assert virtual_time_on_arrival(ana, [ana, away, *pool]) == after
        assert virtual_time_on_arrival(ana, [ana, away]) == before, "nobody there to compare with"
    assert mean_virtual_time([away]) is None


def test_going_off_does_not_move_anybodys_share():
    one = desk("ana", "bo")
    opened(one)
    one.handle(SetPresence("ana", ANA, "away"), AT)
    assert agent(one, "ana").memory.virtual_time == CREDIT


def test_everybody_is_considered_in_a_crowd():
    crowd = [AgentProfile(f"agent{i:04}", capacity=0) for i in range(1200)]
    one = desk(*crowd, AgentProfile("the last", capacity=1))
    received = say(one)
    assert (received.ticket.assignee, received.decisions[-1].pool) == ("the last", 1201)


def test_a_desk_looks_once_for_who_is_there_and_what_waits():
    class Counting(MemoryStore):
        pages = 0

        def find(self, tenant, query):
            self.pages += 1
            return super().find(tenant, query)

    store = Counting()
    one = desk(AgentProfile("ana", capacity=1), store=store)
    ticket, _ = opened(one), [opened(one, sender=f"c{i}") for i in range(250)]
    store.pages = 0
    one.handle(Note(ticket.id, ANA, "A note"), AT)
    handled = one.handle(Solve(ticket.id, ANA), AT)
    assert [type(decision).__name__ for decision in handled.decisions] == ["Placement"]
    assert store.pages == 0


def test_nobody_can_take_it_so_it_waits_and_says_why():
    one = desk(AgentProfile("ana", capacity=0), AgentProfile("bo", teams=[]), AgentProfile("eve", presence="away"))
    received = say(one)
    placement = received.decisions[-1]
    assert isinstance(placement, Placement)
    assert (placement.agent, placement.pool, placement.candidates) == (None, 3, 0)
    assert {item.filter: item.agents for item in placement.excluded} == {
        Filter.TEAM: 1,
        Filter.PRESENCE: 1,
        Filter.CAPACITY: 1,
    }
    (event,) = [item.event for item in received.events if type(item.event).__name__ == "NoEligibleAgent"]
    assert event.placement == placement
    assert (received.ticket.state, received.ticket.queued_since) == ("new", AT)


def test_who_waits_and_writes_again_is_not_counted_again():
    one = desk(AgentProfile("ana", capacity=0))
    ticket = opened(one)
    again = say(one, "Hello?", at=AT + MINUTE)
    assert (again.ticket.id, [type(item).__name__ for item in again.decisions]) == (ticket.id, ["Segmentation"])
    assert kinds(one, Ref(Kind.TICKET, ticket.id)).count("NoEligibleAgent") == 1


def test_a_slot_that_frees_goes_to_the_oldest_that_fits():
    one = desk(AgentProfile("ana", capacity=1))
    first = opened(one)
    second, third = opened(one, sender="lee", at=AT + MINUTE), opened(one, sender="max", at=AT + 2 * MINUTE)
    handled = one.handle(Solve(first.id, ANA), AT + HOUR)
    assert {ticket.id: ticket.assignee for ticket in handled.tickets} == {first.id: "ana", second.id: "ana"}
    assert one.ticket(third.id).assignee is None
    assert [type(item).__name__ for item in handled.decisions] == ["Placement"]
    check_laws(one)


def test_what_does_not_fit_does_not_keep_the_rest_waiting():
    rule = RoutingRule("gold", Condition(keywords=["gold"]), skills=["gold"])
    one = desk(AgentProfile("ana", presence="away"), AgentProfile("bo", presence="away", skills=["gold"]), rules=[rule])
    blocked = [opened(one, "Gold ring", sender=f"g{i}", at=AT + i * MINUTE) for i in range(150)]
    free = opened(one, "A question", sender="q", at=AT + 5 * HOUR)
    one.handle(SetPresence("ana", ANA, "available"), AT + 6 * HOUR)
    assert one.ticket(free.id).assignee == "ana"
    one.handle(SetPresence("bo", ANA, "available"), AT + 6 * HOUR)
    assert [one.ticket(item.id).assignee for item in blocked[:6]] == 5 * ["bo"] + [None]
    check_laws(one)


def test_ten_wait_and_three_slots_go_to_the_three_oldest():
    one = desk(AgentProfile("ana", capacity=3, presence="away"), AgentProfile("bo", presence="away"))
    waiting = [opened(one, sender=f"c{i}", at=AT + (9 - i) * MINUTE) for i in range(10)]
    one.handle(SetPresence("ana", ANA, "available"), AT + HOUR)
    assigned = [i for i, ticket in enumerate(waiting) if one.ticket(ticket.id).assignee == "ana"]
    assert assigned == [7, 8, 9], "by how long they wait, not by number"
    check_laws(one)


def test_a_change_of_skills_or_teams_acts_at_once():
    rule = RoutingRule("gold", Condition(keywords=["gold"]), skills={"gold": 2})
    one = desk(AgentProfile("ana", skills={"gold": 1}), rules=[rule])
    ticket = opened(one, "Gold!")
    assert ticket.assignee is None
    handled = one.handle(SetSkills("ana", EVE, {"gold": 2}), AT)
    assert [item.assignee for item in handled.tickets] == ["ana"]
    moved = desk(
        AgentProfile("ana", teams=["north"]),
        teams=[Team("north"), Team("south")],
        queues=[Queue("south", "south")],
        default_queue="south",
    )
    ticket = opened(moved)
    assert ticket.assignee is None
    moved.handle(SetTeams("ana", EVE, ["south"]), AT)
    assert moved.ticket(ticket.id).assignee == "ana"
    assert opened(moved, sender="lee").assignee == "ana"


def test_a_policy_of_the_host_decides():
    class LastByName:
        name, lasts, takes_turns = "last_by_name", True, False

        def rank(self, load, asked):
            return (-ord(load.id[0]),)

        def credit(self, load):
            return 7

    config = Configuration(agents=[AgentProfile("ana"), AgentProfile("zoe")])
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(policy=LastByName()))
    received = say(one)
    assert (received.ticket.assignee, received.decisions[-1].policy) == ("zoe", "last_by_name")
    assert agent(one, "zoe").memory.virtual_time == 7


def test_capacity_holds_whatever_happens():
    chance = random.Random(7)
    one = desk(*(AgentProfile(name, capacity=2) for name in ("ana", "bo")))
    known = []
    for i in range(200):
        now = AT + i * MINUTE
        if chance.random() < 0.5 or not known:
            known.append(say(one, sender=f"c{chance.randrange(12)}", at=now).ticket.id)
        else:
            ticket = one.ticket(chance.choice(known))
            if ticket.assignee and ticket.is_active:
                one.handle(chance.choice([Pend, Solve])(ticket.id, EVE), now)
        assert all(agent(one, name).open <= 2 for name in ("ana", "bo"))
    check_laws(one)


def test_a_placement_is_stored_in_its_event():
    one = desk("ana", AgentProfile("bo", skills=["gold"]), skills=["gold"])
    ticket = opened(one)
    seen = one.store.events("acme")[-1].position
    other = opened(one, sender="lee", at=AT + MINUTE)
    first, second = (
        next(item.event.placement for item in one.history(Ref(Kind.TICKET, id)) if hasattr(item.event, "placement"))
        for id in (ticket.id, other.id)
    )
    assert (first.agent, first.runner_up, first.credit) == ("ana", "bo", CREDIT)
    assert first.rank[:2] == (0, 0)
    assert first.runner_up_rank[:2] == (0, 1), "who has a skill is spared, which is why they came second"
    assert (first.configuration, second.configuration, second.position) == (1, 1, seen)


def test_what_waits_says_by_which_rules_and_as_of_when():
    one = desk(AgentProfile("ana", capacity=0))
    opened(one)
    seen = one.store.events("acme")[-1].position
    one.handle(Configure(attrs.evolve(one.configuration(), queues=[Queue("support", "support")]), EVE), AT)
    placement = say(one, sender="lee").decisions[-1]
    assert (placement.agent, placement.configuration, placement.position) == (None, 2, seen + 1)


def test_the_fewest_of_today_comes_first_and_yesterday_is_forgotten():
    """Ana was given five yesterday, Bo came on today: nobody makes up for that."""
    config = Configuration(
        agents=[AgentProfile("ana", capacity=9), AgentProfile("bo", capacity=9, presence="away")], zone="Asia/Tokyo"
    )
    policy = FewestWaitingAndHandled()
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(policy=policy))
    for i in range(5):
        one.handle(Solve(say(one, sender=f"early{i}", at=AT).ticket.id, EVE), AT)
    one.handle(SetPresence("bo", EVE, "available"), AT + DAY)
    given = []
    for i in range(4):
        ticket = say(one, sender=f"late{i}", at=AT + DAY + i * MINUTE).ticket
        one.handle(Solve(ticket.id, EVE), AT + DAY + i * MINUTE)
        given.append(ticket.assignee)
    assert sorted(given) == ["ana", "ana", "bo", "bo"]
    assert agent(one, "ana").memory.handled == 2


def test_a_router_of_yesterday_counts_anew_today():
    config = Configuration(agents=[AgentProfile("ana", capacity=9), AgentProfile("bo", capacity=9)])
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(policy=DutyRate()))
    for i in range(5):
        say(one, sender=f"early{i}", at=AT)
    placement = say(one, sender="late", at=AT + DAY).decisions[-1]
    assert (placement.rank[0], placement.runner_up_rank[0]) == (0, 0), "nobody was given any today"


def test_what_is_not_given_to_anybody_yet_is_when_its_time_has_come():
    config = Configuration(agents=[AgentProfile("ana")])
    parts = Parts(discipline=PriorityDelay(delays={0: 10 * 60_000_000}))
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=parts)
    ticket = say(one).ticket
    assert (ticket.assignee, ticket.queued_since) == (None, AT)
    one.handle(SetPresence("ana", ANA, "away"), AT + MINUTE)
    one.handle(SetPresence("ana", ANA, "available"), AT + 2 * MINUTE)
    assert not one.tick(AT + 9 * MINUTE).woken
    assert one.ticket(ticket.id).assignee is None
    one.tick(AT + 10 * MINUTE)
    assert one.ticket(ticket.id).assignee == "ana"
