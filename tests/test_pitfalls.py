"""What users of other desks complain about, at a desk; and that the page on pitfalls names tests that there are."""

import ast
import contextlib
import os
import random
import re
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest
from desks import ANA, AT, BO, DAY, EVE, HOUR, MINUTE, agent, check_laws, desk, kinds, new_desk, opened, say
from test_router import Between
from test_schedules import SEED, World, every_schedule, message

from ticketcore import Actor, AgentProfile, Condition, Configuration, Refused, RoutingRule
from ticketcore.commands import (
    Assign,
    Configure,
    DescribeContact,
    Merge,
    SetPresence,
    SetSkills,
    SetTags,
    Solve,
    Transfer,
)
from ticketcore.events import Assigned
from ticketcore.model import Affinity, Filter, Kind, Queue, Ref, Team
from ticketcore.ports import Commit, Query, Timer
from ticketcore.stores import MemoryStore
from ticketcore.turns import handle, tick
from ticketcore.turns.placing import ROUTE

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "explanation" / "pitfalls.md"
ORDERS = 20_000 if os.environ.get("HYPOTHESIS_PROFILE") == "proof" else 50


def ref(ticket):
    return Ref(Kind.TICKET, ticket.id)


def test_a_burst_of_messages_gives_a_ticket_to_one_agent_once():
    store, config = MemoryStore(), Configuration(agents=[AgentProfile("ana"), AgentProfile("bo")])
    one, other = (new_desk(store, tenant="acme", config=config) for _ in range(2))
    for i in range(20):
        ticket = say((one, other)[i % 2], f"and {i}", at=AT + i * MINUTE / 60).ticket
    assert kinds(one, ref(ticket)).count("Assigned") == 1
    assert kinds(one, ref(ticket)).count("Unassigned") == 0


def test_a_router_does_not_take_from_a_person_what_they_were_given_meanwhile():
    config = Configuration(agents=[AgentProfile("ana", presence="away"), AgentProfile("bo", presence="away")])
    store = Between()
    one, other = (new_desk(store, tenant="acme", config=config) for _ in range(2))
    ticket = opened(one)
    store.happens = lambda: other.handle(Assign(ticket.id, EVE, "bo"), AT)
    one.handle(SetPresence("ana", ANA, "available"), AT + MINUTE)
    assert one.ticket(ticket.id).assignee == "bo"
    assert kinds(one, ref(ticket)).count("Assigned") == 1
    check_laws(one)


def test_nobody_is_asked_who_is_not_there_and_everybody_is_told_that_nobody_is():
    one = desk(
        *(
            AgentProfile(name, presence=state)
            for name, state in zip("abc", ("away", "offline", "draining"), strict=True)
        )
    )
    placement = say(one).decisions[-1]
    assert placement.agent is None
    assert [(item.filter, item.agents) for item in placement.excluded] == [(Filter.PRESENCE, 3)]
    (waiting,) = one.find(Query(Kind.TICKET, sort="queued_since")).values
    assert kinds(one, ref(waiting))[-1] == "NoEligibleAgent"


def test_what_waits_goes_in_the_turn_in_which_somebody_comes_on_without_a_tick():
    one = desk(AgentProfile("ana", presence="away"))
    ticket = opened(one)
    handled = one.handle(SetPresence("ana", ANA, "available"), AT + MINUTE)
    assert [(item.id, item.assignee) for item in handled.tickets] == [(ticket.id, "ana")]


def test_who_claims_what_somebody_has_is_refused():
    one = desk("ana", AgentProfile("bo", presence="away"))
    ticket = opened(one)
    with pytest.raises(Refused) as caught:
        one.handle(Assign(ticket.id, BO, "bo", unless_taken=True), AT)
    assert [(reason.rule, reason.subject) for reason in caught.value.reasons] == [("taken", "ana")]
    one.handle(Assign(ticket.id, BO, "bo"), AT)
    assert one.ticket(ticket.id).assignee == "bo"


def test_what_changes_about_a_ticket_is_not_routed_anew_but_where_somebody_moves_it():
    """Rules speak of tickets that are opened; a change of tags or tier moves nothing by itself."""
    vip = RoutingRule("vip", Condition(tags=["vip"]), queue="vip")
    teams, queues = [Team("support"), Team("vip")], [Queue("support"), Queue("vip", "vip")]
    one = desk("ana", AgentProfile("zoe", teams=["vip"]), teams=teams, queues=queues, rules=[vip])
    ticket = opened(one)
    one.handle(SetTags(ticket.id, EVE, add=["vip"]), AT)
    one.handle(DescribeContact(ticket.contact, EVE, tier="gold"), AT)
    assert (one.ticket(ticket.id).queue, one.ticket(ticket.id).assignee) == ("support", "ana")
    one.handle(Transfer(ticket.id, EVE, "vip"), AT)
    assert (one.ticket(ticket.id).queue, one.ticket(ticket.id).assignee) == ("vip", "zoe")


# S11: two agents claim, a router and a rule assign.


def four_who_want_one_ticket() -> World:
    """A ticket that waits, and whom it may go to: by two claims, by a timer of the router and by a rule of the host."""
    agents = [AgentProfile(name, capacity=1) for name in ("ana", "bo", "zoe")]
    world = World(Configuration(agents=agents), MemoryStore(), desks=4)
    for i, one in enumerate(world.desks):
        one.handle(Solve(one.receive(message(f"early{i}"), AT).ticket.id, EVE), AT)
    world.ticket = world.desks[0].without_effects().receive(message("kim"), AT).ticket.id
    world.store.commit(Commit("acme", timers=(Timer(ROUTE, Ref(Kind.TICKET, world.ticket), AT),)))
    return world


def wanting(world, which):
    context = world.desks[which]._setup.context
    if which == 2:
        return tick(context, AT, 1, 5 * MINUTE, False)
    actor, agent = [(ANA, "ana"), (BO, "bo"), (), (Actor.rule("vips"), "zoe")][which]
    return handle(context, Assign(world.ticket, actor, agent, unless_taken=True), AT)


def check_one_has_it(world):
    world.come_to_rest()
    history = [item.event for item in world.desks[0].history(Ref(Kind.TICKET, world.ticket))]
    (given,) = [event for event in history if isinstance(event, Assigned)]
    assert {name: agent(world.desks[0], name).open for name in ("ana", "bo", "zoe") if name == given.agent} == {
        given.agent: 1
    }
    assert sum(agent(world.desks[0], name).open for name in ("ana", "bo", "zoe")) == 1
    check_laws(world.desks[0])


@pytest.mark.slow
@pytest.mark.parametrize("two", [(0, 1), (0, 2), (2, 3)])
def test_two_who_want_one_ticket_in_every_order_are_one_who_has_it(two):
    def begun():
        world = four_who_want_one_ticket()
        for which in two:
            world.begin(wanting(world, which))
        return world

    orders = 0
    for world in every_schedule(begun):
        check_one_has_it(world)
        orders += 1
    assert orders > 20


def test_four_who_want_one_ticket_in_random_orders_are_one_who_has_it():
    chance = random.Random(SEED)
    for number in range(ORDERS):
        world = four_who_want_one_ticket()
        for which in range(4):
            world.begin(wanting(world, which))
        while world.turns:
            world.step(chance.randrange(len(world.turns)))
        try:
            check_one_has_it(world)
        except BaseException as error:
            error.add_note(f"TICKETCORE_SEED={SEED}, order {number}")
            raise


# The page.


def test_a_clock_that_is_behind_by_an_hour_overbooks_nobody_and_leaves_nobody_idle():
    """Two processes, one an hour behind, take turns; each goes by its own instant."""
    store, config = MemoryStore(), Configuration([AgentProfile("ana", capacity=2), AgentProfile("bo", capacity=1)])
    ahead, behind = (new_desk(store, tenant="acme", config=config) for _ in range(2))
    tickets = []
    for i in range(8):
        one, at = ((ahead, AT + HOUR), (behind, AT))[i % 2]
        tickets.append(say(one, "Hello", f"kim{i}", at + i * MINUTE).ticket.id)
        if i > 3:
            (ahead, behind)[i % 3 == 0].handle(Solve(tickets[i - 4], EVE), at + i * MINUTE)
        check_laws(one)
    given = [ahead.ticket(id).assignee is not None for id in tickets]
    assert given == [*[True] * 6, False, True], "of the last two, the older by what their clocks said"
    assert sum(agent(ahead, name).open for name in ("ana", "bo")) == 3


@pytest.mark.parametrize(("midnight", "hours"), [("2026-03-28T23:00", 23), ("2026-10-24T22:00", 25)])
def test_today_is_as_long_as_the_clocks_of_the_zone_make_it(midnight, hours):
    begins = datetime.fromisoformat(midnight).replace(tzinfo=UTC)
    for last, today in ((hours * HOUR - MINUTE, 2), (hours * HOUR, 1)):
        one = desk(AgentProfile("ana", capacity=9), zone="Europe/Berlin")
        say(one, "Hello", "lee", begins - MINUTE)
        say(one, "Hello", "kim", begins)
        say(one, "Hello", "mo", begins + last)
        assert agent(one, "ana").memory.handled == today


def test_what_is_imported_or_merged_is_nobodys_share_again():
    one = desk(AgentProfile("ana", capacity=9), AgentProfile("bo", capacity=9))
    past = one.without_effects()
    for i in range(50):
        past.handle(Solve(say(past, "Hello", f"old{i}", AT).ticket.id, Actor("import", "feed")), AT)
    mine, other = (say(one, "Hello", sender, AT) for sender in ("kim", "lee"))
    assert {mine.ticket.assignee, other.ticket.assignee} == {"ana", "bo"}
    before = [agent(one, name).memory for name in ("ana", "bo")]
    assert [(memory.assigned, memory.handled) for memory in before] == [(1, 1), (1, 1)]
    one.handle(Merge(mine.ticket.id, EVE, into=other.ticket.id, shared=True), AT + MINUTE)
    after = [agent(one, name).memory for name in ("ana", "bo")]
    assert [(memory.assigned, memory.virtual_time) for memory in after] == [
        (memory.assigned, memory.virtual_time) for memory in before
    ]
    assert sum(agent(one, name).open for name in ("ana", "bo")) == 1
    check_laws(one)


def test_a_skill_that_was_renamed_is_asked_for_by_its_new_name_and_held_by_nobody_under_the_old():
    rule = RoutingRule("rings", Condition(["ring"]), skills=["rings"])
    one = desk(AgentProfile("ana", capacity=1, skills=["rings"]), skills=["rings"], rules=[rule])
    first, old = (say(one, "A ring", sender, AT).ticket.id for sender in ("kim", "lee"))
    renamed = attrs.evolve(rule, skills=["jewels"])
    changed = attrs.evolve(
        one.configuration(), agents=[AgentProfile("ana", skills=["jewels"])], skills=["jewels"], rules=[renamed]
    )
    one.handle(Configure(changed, EVE), AT)
    one.handle(SetSkills("ana", EVE, ["jewels"]), AT)
    one.handle(Solve(first, EVE), AT + MINUTE)
    assert one.ticket(old).assignee is None, "nobody has what it asks"
    received = say(one, "A ring", "mo", AT + MINUTE)
    assert (received.ticket.assignee, received.decisions[-1].configuration) == ("ana", 2)


def test_whoever_knew_a_customer_is_known_however_long_ago_that_was():
    one = desk("ana", "bo", "eve", affinities=[Affinity("regulars", "last_agent")])
    first = say(one, "Hello", "kim", AT).ticket
    one.handle(Solve(first.id, EVE), AT)
    for i in range(4):
        one.handle(Solve(say(one, "Hello", f"c{i}", AT + i * DAY).ticket.id, EVE), AT + i * DAY)
    assert say(one, "Again", "kim", AT + 1000 * DAY).ticket.assignee == first.assignee


def test_what_is_released_twice_is_free_once():
    """By the agent and by another process, which does not know yet that it is solved."""
    store = Between()
    config = Configuration([AgentProfile("ana", capacity=2)])
    one, other = (new_desk(store, tenant="acme", config=config) for _ in range(2))
    tickets = [say(one, "Hello", f"kim{i}", AT + i * MINUTE / 60).ticket.id for i in range(4)]
    store.happens = lambda: other.handle(Solve(tickets[0], EVE), AT + MINUTE)
    with contextlib.suppress(Refused):
        one.handle(Solve(tickets[0], ANA), AT + MINUTE)
    assert kinds(one, Ref(Kind.AGENT, "ana")).count("WorkReleased") == 1
    assert (agent(one, "ana").open, one.ticket(tickets[2]).assignee, one.ticket(tickets[3]).assignee) == (
        2,
        "ana",
        None,
    )
    check_laws(one)


def names_on(page):
    """The tests that the page names, as file and function."""
    return re.findall(r"`(test_\w+)\.(test_\w+)`", page)


def functions_of(path):
    return {
        node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
    }


def test_the_page_names_tests_that_there_are():
    page = PAGE.read_text(encoding="utf-8")
    known = {}
    for file, name in names_on(page):
        if file not in known:
            known[file] = functions_of(ROOT / "tests" / f"{file}.py")
        assert name in known[file], f"{file}.{name}"


def test_every_row_of_the_page_names_a_test():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    rows = [row for row in rows if not row.startswith(("| what ", "| --- "))]
    assert all(names_on(row) for row in rows)
    assert len(rows) >= 16 + 18 + 2
