"""A workflow in use is changed: no ticket is left in a state that is gone, whatever happens meanwhile."""

import attrs
import pytest
from desks import ANA, AT, DAY, EVE, HOUR, MINUTE, agent, check_laws, desk, new_desk, opened, say
from hypothesis import given
from hypothesis import strategies as st
from test_workflow_laws import house, steps, take
from workflows import workflows

from ticketcore import AgentProfile, Configuration, Conflict, Desk, Inbound, InvalidInput, Parts, Refused, StoreFailure
from ticketcore.commands import (
    Assign,
    Configure,
    Hold,
    Link,
    Merge,
    Note,
    Pend,
    Reply,
    Resume,
    SetTags,
    Snooze,
    Solve,
    Unmerge,
)
from ticketcore.errors import Reason, StoreFault
from ticketcore.events import ConfigurationChanged, StateChanged
from ticketcore.model import REQUEST, Category, Kind, Migration, Move, Ref, State, TicketType, Transition, Workflow
from ticketcore.ports import Query
from ticketcore.stores import MemoryStore
from ticketcore.turns import migrating
from ticketcore.turns.migrating import MIGRATE, MIGRATION

pytestmark = pytest.mark.usefixtures("every_driver")

PARTS = Workflow(
    "request",
    [
        *(attrs.evolve(state, is_default=True) if state.id == "on_hold" else state for state in REQUEST.states),
        State("parts", Category.ON_HOLD),
    ],
    [
        *REQUEST.transitions,
        Transition("open", Move.HOLD, "parts"),
        Transition("parts", Move.REPLY, "open"),
        Transition("parts", Move.RESUME, "open"),
    ],
)
"""The usual workflow with a state more, which is on hold."""


def without(*gone, **replaces):
    """The usual workflow without some states, and what replaces them or others."""
    states = [state for state in REQUEST.states if state.id not in gone]
    ways = [way for way in REQUEST.transitions if way.source not in gone and way.target not in gone]
    return Workflow("request", states, ways, REQUEST.rules, "", replaces)


def holding(count=1, **config):
    """A desk with tickets that wait for parts."""
    one = desk(AgentProfile("ana", capacity=999), workflows=[PARTS], **config)
    tickets = [opened(one, sender=f"c{i}") for i in range(count)]
    for ticket in tickets:
        one.handle(Hold(ticket.id, ANA, "parts"), AT)
    return one, tickets


def change(one, *workflows, at=AT, **config):
    return one.handle(Configure(attrs.evolve(one.configuration(), workflows=workflows, **config), EVE), at)


def states(one):
    return sorted(ticket.state for ticket in one.tickets(limit=1000).tickets)


def test_a_state_in_use_is_not_taken_away():
    one, _ = holding(3)
    opened(one, sender="lee")
    before = one.store.events("acme")
    with pytest.raises(Refused) as refused:
        change(one, REQUEST)
    assert refused.value.command == "Configure"
    assert refused.value.reasons == (Reason("state_in_use", "parts: 3 tickets of request"),)
    assert one.store.events("acme") == before
    assert one.configuration().workflows == (PARTS,)


def test_every_state_that_cannot_be_mapped_is_listed():
    one, (ticket, _) = holding(2)
    one.handle(Resume(ticket.id, ANA), AT)
    one.handle(Pend(ticket.id, ANA), AT)
    with pytest.raises(Refused) as refused:
        change(one, without("pending"))
    assert [reason.subject for reason in refused.value.reasons] == [
        "parts: 1 ticket of request",
        "pending: 1 ticket of request",
    ]
    with pytest.raises(Refused) as refused:
        change(one, without("pending", pending="open"))
    assert [reason.subject for reason in refused.value.reasons] == ["parts: 1 ticket of request"]


def test_a_state_that_nobody_is_in_is_taken_away():
    one, (ticket,) = holding()
    one.handle(Resume(ticket.id, ANA), AT)
    change(one, REQUEST)
    assert one.configuration().workflows == (REQUEST,)


def test_a_map_moves_the_tickets_and_is_an_event():
    one, tickets = holding(2)
    handled = change(one, without(parts="on_hold"), at=AT + HOUR)
    assert states(one) == ["on_hold", "on_hold"]
    (changed,) = [item.event for item in handled.events if isinstance(item.event, ConfigurationChanged)]
    assert changed.migrations == (Migration("request", "parts", "on_hold", 2),)
    moved = [item.event for item in handled.events if isinstance(item.event, StateChanged)]
    assert {(event.move, event.state, event.actor) for event in moved} == {(None, "on_hold", MIGRATION)}
    assert len(moved) == len(tickets)
    one.handle(Resume(tickets[0].id, ANA), AT + HOUR)
    assert one.tick(AT + DAY).woken == ()
    check_laws(one)


def test_what_is_woken_by_it_has_its_agent_and_what_is_put_to_rest_lets_them_go():
    one, (ticket,) = holding()
    change(one, without(parts="open"))
    assert (one.ticket(ticket.id).state, agent(one, "ana").open) == ("open", 1)
    rest = [state for state in REQUEST.states if state.id != "open"]
    working = [*rest, State("working", Category.OPEN)]
    ways = [
        attrs.evolve(
            way,
            source="working" if way.source == "open" else way.source,
            target="working" if way.target == "open" else way.target,
        )
        for way in REQUEST.transitions
    ]
    change(one, Workflow("request", working, ways, replaces={"open": "pending"}), at=AT + HOUR)
    assert (one.ticket(ticket.id).state, agent(one, "ana").open) == ("pending", 0)
    check_laws(one)


def test_what_is_woken_while_its_agent_has_no_room_waits_for_another():
    one = desk(AgentProfile("ana", capacity=1), AgentProfile("bo", capacity=0), workflows=[PARTS])
    ticket = opened(one)
    one.handle(Hold(ticket.id, ANA, "parts"), AT)
    opened(one, sender="lee")
    change(one, without(parts="open"))
    after = one.ticket(ticket.id)
    assert (after.state, after.assignee, after.queued_since) == ("open", None, AT)
    check_laws(one)


def test_a_state_that_means_something_else_moves_its_tickets_too():
    one, (ticket,) = holding()
    defaults = {"on_hold": True, "pending": True, "parts": False}
    others = [state for state in PARTS.states if state.id != "parts"]
    states = [attrs.evolve(state, is_default=defaults.get(state.id, False)) for state in others]
    pending = attrs.evolve(PARTS, states=[*states, State("parts", Category.PENDING)])
    handled = change(one, pending, at=AT + HOUR)
    after = one.ticket(ticket.id)
    assert (after.state, after.category, after.state_since) == ("parts", Category.PENDING, AT + HOUR)
    assert handled.events[0].event.migrations == (Migration("request", "parts", "parts", 1),)
    check_laws(one)


def test_a_type_that_follows_another_workflow_needs_a_map_for_its_own_tickets_only():
    other = attrs.evolve(without(parts="on_hold"), id="other")
    one, (ticket,) = holding()
    with pytest.raises(Refused):
        change(one, PARTS, attrs.evolve(REQUEST, id="other"), types=[TicketType("request", workflow="other")])
    change(one, PARTS, other, types=[TicketType("request", workflow="other"), TicketType("b")])
    assert one.ticket(ticket.id).state == "on_hold"
    check_laws(one)


def test_a_ticket_that_is_solved_by_it_names_who_had_it():
    one, (ticket,) = holding()
    change(one, without(parts="solved"), at=AT + HOUR)
    solution = one.ticket(ticket.id).solution
    assert (solution.at, solution.resolver) == (AT + HOUR, "ana")


def test_what_time_was_to_do_ends_with_the_state():
    one, (ticket,) = holding()
    one.handle(Snooze(ticket.id, ANA, AT + DAY), AT)
    change(one, without(parts="pending"), solve_after=2 * DAY)
    assert one.ticket(ticket.id).alarms == ()
    assert one.tick(AT + DAY).woken == ()
    assert len(one.tick(AT + 2 * DAY).woken) == 1
    assert one.ticket(ticket.id).state == "solved"


# Many.


@pytest.fixture
def few(monkeypatch):
    """A commit moves three tickets."""
    monkeypatch.setattr(migrating, "PORTION", 3)


@pytest.mark.usefixtures("few")
def test_many_move_in_bounded_commits():
    one, _ = holding(8)
    change(one, without(parts="on_hold"))
    assert states(one) == 3 * ["on_hold"] + 5 * ["parts"]
    (woken,) = one.tick(AT).woken
    assert (woken.timer, len(woken.handled.tickets)) == (MIGRATE, 3)
    assert states(one) == 6 * ["on_hold"] + 2 * ["parts"]
    one.tick(AT)
    assert states(one) == 8 * ["on_hold"]
    assert one.tick(AT + DAY).woken == ()
    check_laws(one)


class Dying(MemoryStore):
    """Fails at every other commit, while ``dying``."""

    dying = False
    odd = False

    def commit(self, commit):
        self.odd = not self.odd
        if self.dying and self.odd:
            raise StoreFailure("desk.db", StoreFault.FULL, "disk full")
        return super().commit(commit)


@pytest.mark.usefixtures("few")
def test_a_crash_in_the_middle_is_gone_on_from():
    store = Dying()
    one = new_desk(store, tenant="acme", config=Configuration([AgentProfile("ana", capacity=99)], workflows=[PARTS]))
    for i in range(8):
        one.handle(Hold(opened(one, sender=f"c{i}").id, ANA, "parts"), AT)
    change(one, without(parts="on_hold"))
    store.dying = True
    at = AT
    for _ in range(9):
        at += 2 * MINUTE
        try:
            one.tick(at)
        except StoreFailure:
            assert "parts" in states(one)
    assert states(one) == 8 * ["on_hold"]
    check_laws(one)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("command", "state"),
    [
        (lambda ticket: Resume(ticket, ANA), "open"),
        (lambda ticket: Solve(ticket, ANA), "solved"),
        (lambda ticket: SetTags(ticket, ANA, ["seen"]), "pending"),
        (lambda ticket: Note(ticket, ANA, "Hm"), "pending"),
        (lambda ticket: Reply(ticket, ANA, "Well?"), "pending"),
        (lambda ticket: Assign(ticket, ANA, "bo"), "pending"),
        (lambda ticket: Inbound("chat", "shop", "c7", "Hello?"), "open"),
        (lambda ticket: Inbound("chat", "shop", "c7", "Away", headers={"Auto-Submitted": "auto-replied"}), "pending"),
    ],
)
def test_whatever_is_asked_of_a_ticket_before_its_turn_finds_it_moved(command, state):
    one = desk(AgentProfile("ana", capacity=99), "bo", workflows=[PARTS])
    tickets = [opened(one, sender=f"c{i}", text=f"c{i}") for i in range(8)]
    for ticket in tickets:
        one.handle(Hold(ticket.id, EVE, "parts"), AT)
    change(one, without(parts="pending"))
    last = next(ticket for ticket in one.tickets(state="parts").tickets)
    name = one.words([value.text for value in one.find(Query(Kind.MESSAGE, {"ticket": last.id})).values])
    asked = command(last.id)
    if isinstance(asked, Inbound):
        one.receive(attrs.evolve(asked, sender=next(iter(name.values()))), AT + MINUTE)
    else:
        one.handle(asked, AT + MINUTE)
    assert one.ticket(last.id).state == state
    moves = [item.event for item in one.history(Ref(Kind.TICKET, last.id)) if isinstance(item.event, StateChanged)]
    assert (None, "pending") in [(event.move, event.state) for event in moves]
    check_laws(one)


@pytest.mark.usefixtures("few")
def test_a_message_finds_the_state_that_replaces_the_one_that_is_gone():
    one = desk(AgentProfile("ana", capacity=99), workflows=[PARTS])
    tickets = [opened(one, sender=f"c{i}") for i in range(8)]
    for ticket in tickets:
        one.handle(Hold(ticket.id, ANA, "parts"), AT)
    change(one, without(parts="closed"))
    left = {ticket.id for ticket in one.tickets(state="parts").tickets}
    for i in range(len(tickets)):
        received = say(one, "Hello?", sender=f"c{i}", at=AT + MINUTE)
        assert received.disposition == "opened"
        assert received.ticket.id not in left
    while one.tick(AT + MINUTE).woken:
        continue
    assert {one.ticket(id).state for id in left} == {"closed"}
    check_laws(one)


def held_mails(one, *ids):
    """E-mails whose tickets wait for parts."""
    tickets = [opened(one, sender="kim@example.org", channel="email", external_id=id) for id in ids]
    for ticket in tickets:
        one.handle(Hold(ticket.id, EVE, "parts"), AT)
    return tickets


def astray_among(one, tickets):
    """Of the tickets, those that have not moved yet."""
    found = [ticket for ticket in tickets if one.ticket(ticket.id).state == "parts"]
    assert found
    return found


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    "command", [lambda one, to: Merge(one, ANA, to), lambda one, to: Link(one, ANA, "child_of", to)]
)
def test_the_other_ticket_of_a_command_is_moved_too(command):
    one = desk(AgentProfile("ana", capacity=99), workflows=[PARTS])
    tickets = held_mails(one, *"abcdefgh")
    change(one, without(parts="pending"))
    first, other, *_ = astray_among(one, tickets)
    one.handle(command(first.id, other.id), AT + MINUTE)
    moves = [item.event for item in one.history(Ref(Kind.TICKET, other.id)) if isinstance(item.event, StateChanged)]
    assert (None, "pending") in [(event.move, event.state) for event in moves]
    check_laws(one)


@pytest.mark.usefixtures("few")
def test_a_message_to_a_merged_ticket_moves_the_survivor():
    one = desk(AgentProfile("ana", capacity=99), workflows=[PARTS])
    tickets = held_mails(one, *"abcdefgh")
    merged = [opened(one, sender="kim@example.org", channel="email", external_id=f"m{into.id}") for into in tickets]
    for ticket, into in zip(merged, tickets, strict=True):
        one.handle(Merge(ticket.id, ANA, into.id), AT)
        one.handle(Hold(into.id, EVE, "parts"), AT)
    change(one, without(parts="pending"))
    survivor = astray_among(one, tickets)[0]
    received = say(
        one, "Well?", "kim@example.org", AT + MINUTE, "email", external_id="late", reply_to=[f"m{survivor.id}"]
    )
    assert (received.disposition, received.ticket.id, received.ticket.state) == ("reopened", survivor.id, "open")
    check_laws(one)


def test_an_undone_merge_gives_back_the_state_that_replaces_the_one_that_is_gone():
    one = desk(AgentProfile("ana", capacity=9), workflows=[PARTS])
    (held, survivor), moving = held_mails(one, "a", "b"), opened(one, sender="kim@example.org", channel="email")
    one.handle(Snooze(held.id, ANA, AT + DAY, "parts"), AT)
    one.handle(Merge(moving.id, ANA, survivor.id), AT)
    one.handle(Merge(held.id, ANA, survivor.id), AT)
    assert one.ticket(survivor.id).state == "open"
    change(one, without(parts="pending"))
    for ticket in (held, moving):
        one.handle(Unmerge(ticket.id, ANA), AT + HOUR)
    assert [one.ticket(each.id).state for each in (held, survivor, moving)] == ["pending", "pending", "open"]
    assert one.ticket(held.id).alarms == ()
    check_laws(one)


def test_a_ticket_that_came_there_meanwhile_is_moved_to_what_has_its_category():
    one, (ticket,) = holding()
    one.handle(Resume(ticket.id, ANA), AT)
    config = one.configuration()
    change(one, REQUEST)
    late = attrs.evolve(one.ticket(ticket.id), state="parts", category=Category.ON_HOLD)
    after = config.workflow_of("request").successor("parts", Category.ON_HOLD)
    assert after.id == "parts"
    assert REQUEST.successor(late.state, late.category).id == "on_hold"
    assert without("on_hold").successor(late.state, late.category).id == "new"


def test_while_tickets_go_astray_the_configuration_is_tried_again():
    class Between(MemoryStore):
        then = None

        def commit(self, commit):
            if self.then and any(isinstance(item.event, ConfigurationChanged) for item in commit.events):
                self.then, write = None, self.then
                write()
                raise Conflict((("configuration", "current"),))
            return super().commit(commit)

    store = Between()
    one = new_desk(store, tenant="acme", config=Configuration([AgentProfile("ana")], workflows=[PARTS]))
    ticket = opened(one)
    store.then = lambda: one.handle(Hold(ticket.id, ANA, "parts"), AT)
    with pytest.raises(Refused):
        change(one, REQUEST)


# What a map can be.


@pytest.mark.parametrize(
    ("replaces", "reason"),
    [
        ({"open": "new"}, "'open' is one of its states"),
        ({"parts": "opn"}, "did you mean 'open'?"),
        ([("parts", "open"), ("parts", "new")], "has one state twice"),
    ],
)
def test_what_no_map_can_be(replaces, reason):
    with pytest.raises(InvalidInput) as invalid:
        attrs.evolve(REQUEST, replaces=replaces)
    assert invalid.value.field == "Workflow.replaces"
    assert reason in invalid.value.reason


@pytest.mark.slow
@given(workflows(), workflows("other", ids=st.sampled_from("abcdefgh")), st.data())
def test_no_change_of_workflows_leaves_a_ticket_astray(first, second, data):
    def followed(one):
        return Configuration(
            [AgentProfile("ana", capacity=2), AgentProfile("bo", capacity=1)],
            types=[TicketType("t", workflow=one.id)],
            workflows=[one],
        )

    one = Desk(MemoryStore(), tenant="acme", config=followed(first), parts=Parts(house=house(first, second)))
    at = AT
    for sender in "km":
        one.receive(Inbound("chat", "shop", sender, "Hello"), at)
    for step in data.draw(steps):
        at += 7 * MINUTE
        take(one, first, step, at)
    live = {ticket.state: ticket.category for ticket in one.tickets().tickets}
    there = {state.id: state.category for state in second.states}
    stuck = {state for state in live if state not in there}
    if stuck:
        with pytest.raises(Refused) as refused:
            one.handle(Configure(followed(second), ANA), at)
        assert {reason.subject.rpartition(": ")[0] for reason in refused.value.reasons} == stuck
    targets = st.sampled_from(sorted(there))
    replaces = {state: data.draw(targets) for state in stuck}
    one.handle(Configure(followed(attrs.evolve(second, replaces=replaces)), ANA), at)
    for ticket in one.tickets().tickets:
        assert there[ticket.state] is ticket.category
    for step in data.draw(steps):
        at += 7 * MINUTE
        take(one, second, step, at)
    check_laws(one)
    assert {ticket.state for ticket in one.tickets().tickets} <= set(there)


def test_what_would_move_is_told_before():
    one, _ = holding(2)
    assert one.migrations(PARTS_TOO) == ()
    assert one.migrations(attrs.evolve(PARTS_TOO, workflows=[REQUEST])) == (Migration("request", "parts", None, 2),)
    mapped = attrs.evolve(PARTS_TOO, workflows=[without(parts="open")])
    assert one.migrations(mapped) == (Migration("request", "parts", "open", 2),)
    assert states(one) == ["parts", "parts"]


PARTS_TOO = Configuration(workflows=[PARTS])
