"""What becomes of the work of those who are not there: nothing for a short while, then what the desk says."""

from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, EVE, HOUR, MINUTE, agent, check_laws, desk, opened, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import AgentProfile, Configuration, InvalidInput
from ticketcore.commands import Configure, Pend, SetCapacity, SetPresence, Solve
from ticketcore.model import Kind, Presence, Ref
from ticketcore.ports import Commit, Timer
from ticketcore.turns.agent_timers import ABSENT_LONG

ABSENT = [Presence.AWAY, Presence.OFFLINE]


def absent(*reassign, grace=5 * MINUTE, presence="away", state=None):
    """A desk of two whose Ana has a ticket and is not there, and the ticket."""
    one = desk("ana", "bo", reassign_on=reassign, absence_grace=grace)
    ticket = opened(one)
    assert ticket.assignee == "ana"
    if state is not None:
        one.handle(state(ticket.id, ANA), AT)
    one.handle(SetPresence("ana", ANA, presence), AT)
    return one, ticket


def assignee(one, ticket):
    return one.ticket(ticket.id).assignee


@pytest.mark.parametrize("presence", ABSENT)
def test_work_goes_to_somebody_else_once_an_absence_has_lasted(presence):
    one, ticket = absent("away", presence=presence)
    before = one.ticket(ticket.id)
    one.tick(AT + 5 * MINUTE - timedelta(microseconds=1))
    assert assignee(one, ticket) == "ana"
    (woken,) = one.tick(AT + 5 * MINUTE).woken
    assert woken.timer == ABSENT_LONG
    assert assignee(one, ticket) == "bo"
    assert one.ticket(ticket.id).routing_origin == before.routing_origin, "as old as it was"
    check_laws(one)


def test_who_comes_back_in_time_loses_nothing():
    """Mobile agents flap offline: libredesk 5436."""
    one, ticket = absent("away")
    for minute in range(1, 30):
        presence = "available" if minute % 4 == 0 else "away"
        one.handle(SetPresence("ana", ANA, presence), AT + minute * MINUTE)
        one.tick(AT + minute * MINUTE)
        assert assignee(one, ticket) == "ana"


def test_an_absence_goes_on_when_away_becomes_offline():
    one, ticket = absent("away")
    one.handle(SetPresence("ana", ANA, "offline"), AT + 4 * MINUTE)
    one.tick(AT + 5 * MINUTE)
    assert assignee(one, ticket) == "bo"


def test_draining_is_no_absence():
    one, ticket = absent("away", "reply", presence="draining")
    one.tick(AT + HOUR)
    say(one, at=AT + HOUR)
    assert assignee(one, ticket) == "ana"


def test_with_nobody_else_it_waits_and_goes_back_to_who_had_it():
    one, ticket = absent("away")
    one.handle(SetCapacity("bo", EVE, 0), AT)
    one.tick(AT + 5 * MINUTE)
    assert assignee(one, ticket) is None
    one.handle(SetPresence("ana", ANA, "available"), AT + 6 * MINUTE)
    assert assignee(one, ticket) == "ana"
    check_laws(one)


def test_without_a_setting_what_is_active_stays_where_it_is():
    one, ticket = absent("reopen", grace=timedelta(0))
    one.tick(AT + HOUR)
    say(one, at=AT + HOUR)
    assert assignee(one, ticket) == "ana"


def test_a_reply_to_what_is_active_is_not_left_with_who_is_away():
    """Libredesk looks only at replies that reopen: an open conversation keeps its absent owner."""
    one, ticket = absent("reply")
    say(one, at=AT + MINUTE)
    assert assignee(one, ticket) == "ana", "not yet for long"
    say(one, at=AT + 5 * MINUTE)
    assert assignee(one, ticket) == "bo"
    check_laws(one)


def test_what_was_written_in_the_grace_is_not_forgotten():
    one, ticket = absent("reply")
    quiet = opened(one, sender="lee", at=AT + MINUTE)
    say(one, at=AT + MINUTE)
    one.tick(AT + 5 * MINUTE)
    assert assignee(one, ticket) == "bo"
    assert assignee(one, quiet) == "bo"


@pytest.mark.parametrize("state", [Pend, Solve])
def test_what_is_reopened_goes_to_somebody_else_or_stays(state):
    one, ticket = absent("reopen", grace=timedelta(0), state=state)
    say(one, at=AT + MINUTE)
    assert assignee(one, ticket) == "bo"
    one, ticket = absent(grace=timedelta(0), state=state)
    say(one, at=AT + MINUTE)
    assert assignee(one, ticket) == "ana"
    assert agent(one, "ana").open == 1
    one, ticket = absent("reopen", state=state)
    say(one, at=AT + MINUTE)
    assert assignee(one, ticket) == "ana", "she is away for a minute only"
    one.tick(AT + 5 * MINUTE)
    assert assignee(one, ticket) == "bo", "and was it for long"
    check_laws(one)


def test_what_stays_with_somebody_still_has_to_fit():
    one = desk(AgentProfile("ana", capacity=1), AgentProfile("bo"), reassign_on=[])
    ticket = opened(one)
    one.handle(Pend(ticket.id, ANA), AT)
    one.handle(SetPresence("bo", EVE, "away"), AT)
    assert opened(one, sender="lee").assignee == "ana"
    one.handle(SetPresence("ana", EVE, "away"), AT)
    say(one, at=AT + MINUTE)
    assert assignee(one, ticket) is None
    check_laws(one)


spans = st.integers(0, 9)


@given(st.lists(st.tuples(spans, st.sampled_from(Presence)), max_size=12), st.integers(1, 8))
def test_work_is_thrown_back_exactly_when_an_absence_has_lasted(changes, grace):
    """Whatever the presence does: as told by adding up for how long it was away or offline without a break."""
    one = desk("ana", "bo", reassign_on=["away"], absence_grace=grace * MINUTE)
    ticket = opened(one)
    since, minute, lost = None, 0, False
    for span, presence in changes:
        for _ in range(span):
            minute += 1
            one.tick(AT + minute * MINUTE)
            lost = lost or (since is not None and minute - since >= grace)
            assert (assignee(one, ticket) == "bo") is lost
        one.handle(SetPresence("ana", ANA, presence), AT + minute * MINUTE)
        since = (minute if since is None else since) if presence in ABSENT else None
    check_laws(one)


def test_what_cannot_be_used_is_named():
    for make, field in (
        (lambda: Configuration(reassign_on=["never"]), "Configuration.reassign_on[0]"),
        (lambda: Configuration(reassign_on="away"), "Configuration.reassign_on"),
        (lambda: Configuration(absence_grace=-MINUTE), "Configuration.absence_grace"),
        (lambda: Configuration(absence_grace=5), "Configuration.absence_grace"),
    ):
        with pytest.raises(InvalidInput) as error:
            make()
        assert error.value.field == field


def with_absence(one, **changed):
    return Configure(attrs.evolve(one.configuration(), **changed), EVE)


@given(st.lists(st.tuples(spans, st.sampled_from(Presence) | st.integers(1, 8)), max_size=12), st.integers(1, 8))
def test_another_grace_is_as_if_it_had_always_been_so_from_then_on(changes, grace):
    """As told by adding up, whenever the configuration changes; where the new grace is over already, at once."""
    one = desk("ana", "bo", reassign_on=["away"], absence_grace=grace * MINUTE)
    ticket = opened(one)
    since, minute, lost = None, 0, False
    for span, change in changes:
        for _ in range(span):
            minute += 1
            one.tick(AT + minute * MINUTE)
            lost = lost or (since is not None and minute - since >= grace)
            assert (assignee(one, ticket) == "bo") is lost
        if isinstance(change, int):
            grace = change
            one.handle(with_absence(one, absence_grace=grace * MINUTE), AT + minute * MINUTE)
        else:
            one.handle(SetPresence("ana", ANA, change), AT + minute * MINUTE)
            since = (minute if since is None else since) if change in ABSENT else None
    check_laws(one)


def test_nothing_of_another_grace_happens_in_the_past():
    one, ticket = absent("away", grace=HOUR)
    one.handle(with_absence(one, absence_grace=MINUTE), AT + 30 * MINUTE)
    one.tick(AT + 40 * MINUTE, punctual=True)
    assert assignee(one, ticket) == "bo"
    assert one.ticket(ticket.id).updated_at == AT + 30 * MINUTE, "when it was said, not before"
    check_laws(one)


def test_who_is_absent_when_the_desk_says_otherwise_about_such():
    one, ticket = absent("reopen")
    one.handle(with_absence(one, reassign_on=["away"]), AT + MINUTE)
    one.tick(AT + 5 * MINUTE)
    assert assignee(one, ticket) == "bo"
    one, ticket = absent("away")
    one.handle(with_absence(one, reassign_on=[]), AT + MINUTE)
    assert one.tick(AT + HOUR).woken == ()
    assert assignee(one, ticket) == "ana"


def test_a_grace_that_never_ends_is_no_fault():
    one, ticket = absent("away", grace=timedelta.max)
    assert one.tick(AT + HOUR).woken == ()
    assert assignee(one, ticket) == "ana"


@pytest.mark.parametrize("other", [MINUTE, HOUR])
def test_a_presence_that_was_said_as_the_desk_changed_is_counted_by_the_new_grace(other):
    """The turn that said it knew the old one, and its timer comes too early: then it waits on."""
    one, ticket = absent("away", grace=5 * MINUTE)
    due = Timer(ABSENT_LONG, Ref(Kind.AGENT, "ana"), AT + 5 * MINUTE)
    one.handle(with_absence(one, absence_grace=other), AT)
    one.store.commit(Commit("acme", timers=(due,)))
    one.tick(AT + 5 * MINUTE)
    assert (assignee(one, ticket) == "bo") is (other < 5 * MINUTE)
    one.tick(AT + HOUR)
    assert assignee(one, ticket) == "bo"
