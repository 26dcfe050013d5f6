"""What users of other desks complain about, at a desk; and that the page on pitfalls names tests that there are."""

import ast
import os
import random
import re
from pathlib import Path

import pytest
from desks import ANA, AT, BO, EVE, MINUTE, agent, check_laws, desk, kinds, new_desk, opened, say
from test_router import Between
from test_schedules import SEED, World, every_schedule, message

from ticketcore import Actor, AgentProfile, Condition, Configuration, Refused, RoutingRule
from ticketcore.commands import Assign, DescribeContact, SetPresence, SetTags, Solve, Transfer
from ticketcore.events import Assigned
from ticketcore.model import Filter, Kind, Queue, Ref, Team
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
