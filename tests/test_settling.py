"""A presence that flaps neither gives nor takes work: a change counts once it has lasted."""

from datetime import timedelta

import attrs
import pytest
from desks import AT, EVE, HOUR, MINUTE, check_laws, desk, new_desk, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import AgentProfile
from ticketcore.commands import AcceptOffer, Configure, Pend, SetPresence
from ticketcore.model import Actor, Offering, Queue

BO = Actor("agent", "bo")
SECOND = timedelta(seconds=1)
OFFERED = [Queue("support", offering=Offering(HOUR))]
flaps = st.lists(
    st.tuples(st.sampled_from(["away", "offline", "draining"]), st.integers(1, 59), st.integers(1, 59)), max_size=5
)


def begun(*agents, **more):
    """A desk whose agents came an hour before."""
    one = desk(*agents, presence_settles=MINUTE, **more)
    one.handle(SetPresence("bo", EVE, one.configuration().agents[0].presence), AT - HOUR)
    return one


def changed(one, bo, seconds, presence):
    one.handle(SetPresence(bo, EVE, presence), AT + seconds * SECOND)
    one.tick(AT + seconds * SECOND)


@given(flaps, st.booleans(), st.sampled_from([["reopen"], ["away", "reopen", "reply"], []]))
def test_who_is_gone_for_moments_keeps_what_they_have_and_were_offered(flaps, another, reassign):
    """Their customer writes meanwhile, and time passes; ana could have everything."""
    one = begun(AgentProfile("bo", capacity=9), queues=OFFERED, reassign_on=reassign)
    held, asleep, offered = (say(one, "hello", f"kim{i}", AT).ticket.id for i in range(3))
    for ticket in (held, asleep):
        one.handle(AcceptOffer(ticket, BO), AT)
    one.handle(Pend(asleep, BO), AT)
    one.handle(SetPresence("bo", EVE, "available"), AT)
    later = 0
    for presence, gone, back in flaps:
        changed(one, "bo", later, presence)
        say(one, "and now?", "kim0", AT + later * SECOND)
        one = new_desk(one.store, tenant="acme") if another else one
        later += gone
        changed(one, "bo", later, "available")
        later += back
    say(one, "and now?", "kim1", AT + later * SECOND)
    one.tick(AT + later * SECOND)
    assert [one.ticket(id).assignee for id in (held, asleep)] == ["bo", "bo"]
    one.handle(AcceptOffer(offered, BO), AT + later * SECOND)
    assert one.ticket(offered).assignee == "bo"


@given(flaps, st.booleans())
def test_who_is_there_for_moments_is_given_nothing(flaps, another):
    one = begun(AgentProfile("bo", presence="away"))
    waiting = [say(one, "hello", f"kim{i}", AT).ticket.id for i in range(2)]
    later = 0
    for i, (presence, there, gone) in enumerate(flaps):
        changed(one, "bo", later, "available")
        one = new_desk(one.store, tenant="acme") if another else one
        waiting.append(say(one, "hello", f"lee{i}", AT + later * SECOND).ticket.id)
        later += there
        changed(one, "bo", later, presence)
        later += gone
    one.tick(AT + later * SECOND + HOUR)
    assert [one.ticket(id).assignee for id in waiting] == [None] * len(waiting)


@pytest.mark.parametrize("another", [False, True])
@pytest.mark.parametrize("by_tick", [False, True])
def test_who_stays_is_given_what_waits_when_that_has_lasted(another, by_tick):
    one = begun(AgentProfile("bo", presence="away"))
    ticket = say(one).ticket.id
    changed(one, "bo", 0, "available")
    if another:
        one = new_desk(one.store, tenant="acme")
    one.tick(AT + 59 * SECOND)
    placed = say(one, "hello", "lee", AT + 59 * SECOND)
    assert (placed.ticket.assignee, one.ticket(ticket).assignee) == (None, None)
    assert [(item.filter, item.agents) for item in placed.decisions[-1].excluded] == [("presence", 1)]
    if by_tick:
        one.tick(AT + MINUTE)
    else:
        assert say(one, "hello", "mo", AT + MINUTE).ticket.assignee == "bo"
    assert [one.ticket(id).assignee for id in (ticket, placed.ticket.id)] == ["bo", "bo"]
    check_laws(one)


@pytest.mark.parametrize("reassign", [["reopen"], []])
def test_who_stays_away_loses_what_they_were_offered_when_that_has_lasted(reassign):
    one = begun(
        AgentProfile("bo"),
        AgentProfile("ana", presence="away"),
        queues=OFFERED,
        reassign_on=reassign,
    )
    ticket = say(one).ticket
    changed(one, "ana", 1, "available")
    changed(one, "bo", 100, "offline")
    one.tick(AT + 159 * SECOND)
    assert one.ticket(ticket.id).offer.agent == "bo"
    one.tick(AT + 160 * SECOND)
    assert one.ticket(ticket.id).offer.agent == "ana"
    check_laws(one)


def test_another_length_counts_at_once_for_who_has_just_come():
    one = begun(AgentProfile("bo", presence="away"))
    ticket = say(one).ticket.id
    one.handle(Configure(attrs.evolve(one.configuration(), presence_settles=HOUR), EVE), AT)
    changed(one, "bo", 0, "available")
    one.handle(Configure(attrs.evolve(one.configuration(), presence_settles=MINUTE), EVE), AT + SECOND)
    one.tick(AT + 59 * SECOND)
    assert one.ticket(ticket).assignee is None
    one.tick(AT + MINUTE)
    assert one.ticket(ticket).assignee == "bo"
