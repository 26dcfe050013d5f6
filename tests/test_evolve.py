"""The folds, where no command shows the whole of what they keep."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate

import attrs
import pytest
from desks import ANA, AT, HOUR, MINUTE, desk, opened
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import AgentProfile, Configuration, Desk, Inbound
from ticketcore.calendar.days import microseconds
from ticketcore.commands import Close, SetPresence
from ticketcore.conversing import evolve_conversation
from ticketcore.events import (
    AgentAdded,
    ConversationStarted,
    ParticipantJoined,
    StateChanged,
    Unassigned,
    WorkTaken,
)
from ticketcore.evolve import evolve_agent, evolve_ticket
from ticketcore.model import REQUEST, Category, Kind, Loss, Move, Participant, Presence, Ref, Role
from ticketcore.ports import Query
from ticketcore.stores import MemoryStore

STATES = {state.id: state.category for state in REQUEST.states}
ADDED = AgentAdded(AT, ANA, "ana", ("support",), (), 5, 100, Presence.AVAILABLE, 0)
instants = st.timedeltas(timedelta(), timedelta(days=40_000)).map(lambda later: AT + later)


@given(instants, st.integers(0, 5000))
def test_work_that_costs_something_is_remembered_by_its_instant(at, cost):
    before = evolve_agent(None, ADDED)
    memory = evolve_agent(before, WorkTaken(at, ANA, "ticket", cost)).memory
    assert memory.virtual_time == before.memory.virtual_time + cost
    assert memory.last_assigned == (microseconds(at) if cost else before.memory.last_assigned)
    assert memory.assigned == before.memory.assigned + bool(cost)


def test_instants_are_counted_from_1970_in_microseconds():
    memory = evolve_agent(evolve_agent(None, ADDED), WorkTaken(datetime(1970, 1, 2, tzinfo=UTC), ANA, "t", 1)).memory
    assert memory.last_assigned == 24 * 60 * 60 * 1_000_000


@pytest.mark.parametrize("reason", list(Loss))
def test_who_lost_a_ticket_gets_it_back_unless_it_was_taken_away(reason):
    ticket = evolve_ticket(opened(desk("ana")), Unassigned(AT + HOUR, ANA, "ana", reason, AT))
    assert ticket.assignee is None
    assert ticket.previous == (None if reason in {Loss.ASKED, Loss.TRANSFERRED, Loss.LEFT_TEAM} else "ana")
    assert ticket.kept_from == (("ana",) if reason is Loss.ASKED else ())


@pytest.mark.parametrize("state", list(STATES))
def test_the_customer_waits_only_while_it_is_our_turn(state):
    category = STATES[state]
    waiting = attrs.evolve(opened(desk("ana")), waiting_since=AT)
    after = evolve_ticket(waiting, StateChanged(AT + HOUR, ANA, Move.REPLY, state, category))
    ours = category in {Category.NEW, Category.OPEN, Category.ON_HOLD}
    assert after.waiting_since == (AT if ours else None)


def test_nobody_waits_for_a_ticket_that_is_closed_unsolved():
    one = desk()
    ticket = opened(one)
    one.handle(Close(ticket.id, ANA), AT + HOUR)
    assert (ticket.waiting_since, one.ticket(ticket.id).waiting_since) == (AT, None)


def test_participants_stay_when_others_join():
    conversation = evolve_conversation(None, ConversationStarted(AT, ANA, "thread", "chat", "shop", "kim"))
    for name in ("kim", "lee"):
        conversation = evolve_conversation(conversation, ParticipantJoined(AT, ANA, Role.REQUESTER, name))
    assert conversation.participants == (Participant(Role.REQUESTER, "kim"), Participant(Role.REQUESTER, "lee"))


def test_what_somebody_was_given_today_is_counted_by_the_clocks_of_the_desk():
    """Midnight in Berlin is 23:00 in UTC; Ana is there from before it until after the one that follows."""
    begins = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    config = Configuration(agents=[AgentProfile("ana", capacity=9, presence="away")], zone="Europe/Berlin")
    one = Desk(MemoryStore(), tenant="acme", config=config)
    one.handle(SetPresence("ana", ANA, "available"), begins)
    for i, hours in enumerate((0, 0, 1, 2, 25, 49)):
        one.receive(Inbound("chat", "shop", f"c{i}", "Where is it?"), begins + hours * HOUR)
    history = [item.event for item in one.store.events("acme", stream=Ref(Kind.AGENT, "ana"))]
    known = list(accumulate([None, *history], evolve_agent))[1:]
    handled = [ana.memory.handled for ana in known if ana.memory.assigned]
    assert handled == [1, 2, 1, 2, 1, 1]
    one.handle(SetPresence("ana", ANA, "away"), begins + 49 * HOUR)
    one.handle(SetPresence("ana", ANA, "offline"), begins + 50 * HOUR)
    (ana,) = one.find(Query(Kind.AGENT)).values
    assert timedelta(microseconds=ana.memory.duty) == 30 * MINUTE, "since the last midnight"
    one.handle(SetPresence("ana", ANA, "available"), begins + 51 * HOUR)
    one.handle(SetPresence("ana", ANA, "away"), begins + 52 * HOUR)
    (ana,) = one.find(Query(Kind.AGENT)).values
    assert timedelta(microseconds=ana.memory.duty) == 90 * MINUTE
    assert ana.memory.of_day(ana.memory.day + 1).duty == 0
