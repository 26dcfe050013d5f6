"""Who does not answer so many offers in a row is away from then on, until they say themselves that they are there."""

from datetime import timedelta

import attrs
import pytest
from click.testing import CliRunner
from desks import ANA, AT, BO, DAY, EVE, HOUR, MINUTE, Between, agent, check_laws, desk, opened
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore import AgentProfile, InvalidInput, Refused
from ticketcore.cli.main import ticketcore
from ticketcore.commands import (
    AcceptOffer,
    Assign,
    Configure,
    DeclineOffer,
    SetPresence,
    SetShifts,
    Transfer,
)
from ticketcore.events import AgentAdded, PresenceChanged, WorkOffered, WorkOfferEnded
from ticketcore.model import Actor, Kind, Misfit, OfferEnd, Offering, Presence, Queue, Ref, Stream, WorkShift
from ticketcore.staffing import evolve_agent
from ticketcore.stores import SqliteStore

TWO = 2 * MINUTE


def asking(*agents, away_after=2, misfit="rescind", queues=(), **config):
    """A desk whose queue offers for two minutes, and makes whoever misses two of them away."""
    support = Queue("support", offering=Offering(TWO, ["busy"], misfit=misfit, away_after=away_after))
    return desk(*agents or ("ana",), queues=[support, *queues], **config)


def tick(one, at):
    while one.tick(at).more:
        pass


def presence(one, id="ana"):
    return agent(one, id).presence.value


def history(one, id="ana"):
    return [item.event for item in one.history(Ref(Kind.AGENT, id))]


def missing(one, count, at=AT, sender="c"):
    """So many tickets are offered to whom nobody sees, one after the other; when the last is over."""
    for i in range(count):
        ticket = opened(one, sender=f"{sender}{i}", at=at)
        assert one.ticket(ticket.id).offer is not None
        at += TWO
        tick(one, at)
    return at


def test_whoever_misses_so_many_in_a_row_is_away_and_the_history_says_why():
    one = asking("ana", "bo")
    one.handle(SetPresence("bo", BO, "offline"), AT)
    at = missing(one, 1)
    assert (presence(one), agent(one, "ana").missed) == ("available", 1)
    at = missing(one, 1, at, "d")
    assert (presence(one), agent(one, "ana").missed) == ("away", 2)
    changed = history(one)[-1]
    assert changed == PresenceChanged(at, Actor.rule("missed_offers"), Presence.AWAY, 0, changed.day, 2)
    assert agent(one, "ana").memory.absent_since > 0
    assert opened(one, sender="e", at=at).offer is None, "the next decision does not choose them"
    check_laws(one)


def test_the_same_commit_asks_somebody_else_and_takes_back_what_else_they_were_offered():
    one = asking("ana", "bo", away_after=1)
    one.handle(SetPresence("bo", BO, "offline"), AT)
    first, second = opened(one), opened(one, sender="lee", at=AT + MINUTE)
    one.handle(SetPresence("bo", BO, "available"), AT + MINUTE)
    (woken,) = one.tick(AT + TWO).woken
    assert {one.ticket(ticket.id).offer.agent for ticket in (first, second)} == {"bo"}
    ends = [event.end for event in history(one) if isinstance(event, WorkOfferEnded)]
    assert ends == [OfferEnd.EXPIRED, OfferEnd.RESCINDED]
    assert len({item.position for item in woken.handled.events}) == len(woken.handled.events)
    assert {item.stream for item in woken.handled.events} >= {Stream(Kind.AGENT, "ana"), Stream(Kind.AGENT, "bo")}
    check_laws(one)


def test_what_stays_open_by_the_queues_wish_may_still_be_accepted_and_expires_once():
    one = asking("ana", misfit=Misfit.KEEP, away_after=1)
    opened(one)
    second, third = (opened(one, sender=f"d{i}", at=AT + MINUTE) for i in range(2))
    tick(one, AT + TWO)
    assert presence(one) == "away"
    one.handle(AcceptOffer(second.id, ANA), AT + TWO)
    assert (one.ticket(second.id).assignee, agent(one, "ana").missed, presence(one)) == ("ana", 0, "away")
    tick(one, AT + HOUR)
    assert one.ticket(third.id).offer is None
    assert sum(isinstance(event, PresenceChanged) for event in history(one)) == 1, "who is away is not made away"
    check_laws(one)


@pytest.mark.parametrize("answer", [AcceptOffer, DeclineOffer, lambda ticket, who: Assign(ticket, who, "ana")])
def test_any_answer_begins_the_row_anew(answer):
    one = asking()
    at = missing(one, 1)
    ticket = opened(one, sender="lee", at=at)
    one.handle(answer(ticket.id, ANA), at)
    assert agent(one, "ana").missed == 0
    at = missing(one, 1, at, "d")
    assert presence(one) == "available"
    missing(one, 1, at, "e")
    assert presence(one) == "away"
    check_laws(one)


def test_what_is_taken_back_is_no_answer_and_no_miss():
    one = asking("ana", queues=[Queue("other", "support")])
    at = missing(one, 1)
    ticket = opened(one, sender="lee", at=at)
    one.handle(Transfer(ticket.id, EVE, "other"), at)
    assert agent(one, "ana").missed == 1
    missing(one, 1, at, "d")
    assert presence(one) == "away"


def test_they_come_back_by_their_own_word_and_begin_anew():
    """No ping-pong: one more miss does not send them away again, and nothing but they brings them back."""
    one = asking()
    at = missing(one, 2)
    tick(one, at + DAY)
    assert presence(one) == "away"
    one.handle(SetPresence("ana", ANA, "available"), at + DAY)
    assert agent(one, "ana").missed == 0
    at = missing(one, 1, at + DAY, "d")
    assert presence(one) == "available"
    check_laws(one)


def test_a_shift_brings_back_who_missed_offers_when_it_begins_anew_and_not_before():
    shift = WorkShift("day", "08:00", "16:00", "UTC", "FREQ=DAILY")
    one = asking(AgentProfile("ana"), shifts=[shift])
    one.handle(SetShifts("ana", EVE, ["day"]), AT)
    at = missing(one, 2)
    assert presence(one) == "away"
    one.handle(Configure(one.configuration(), EVE), at)
    tick(one, at + HOUR)
    assert presence(one) == "away"
    tick(one, AT + DAY)
    assert presence(one) == "available"


def test_whoever_drains_or_is_gone_is_left_alone():
    for said in ("draining", "offline"):
        one = asking("ana", misfit=Misfit.KEEP, away_after=1)
        opened(one)
        one.handle(SetPresence("ana", ANA, said), AT)
        tick(one, AT + TWO)
        assert presence(one) == said


def test_where_nothing_is_said_nobody_is_made_away():
    one = asking(away_after=0)
    missing(one, 5)
    assert (presence(one), agent(one, "ana").missed) == ("available", 5)


def test_another_configuration_counts_from_the_next_miss_on():
    one = asking(away_after=0)
    at = missing(one, 3)
    support = attrs.evolve(one.configuration().queues[0], offering=Offering(TWO, away_after=2))
    one.handle(Configure(attrs.evolve(one.configuration(), queues=[support]), EVE), at)
    assert presence(one) == "available"
    missing(one, 1, at, "d")
    assert presence(one) == "away"
    assert history(one)[-1].missed == 4


def test_the_queue_of_the_offer_decides_and_the_row_is_of_all():
    eager = Queue("eager", "support", offering=Offering(TWO, away_after=3))
    one = asking(away_after=0, queues=[eager])
    at = missing(one, 2)
    ticket = opened(one, sender="z", at=at)
    one.handle(DeclineOffer(ticket.id, ANA), at)
    at = missing(one, 2, at, "d")
    ticket = opened(one, sender="lee", at=at)
    one.handle(Transfer(ticket.id, EVE, "eager"), at)
    tick(one, at + TWO)
    assert presence(one) == "away"


def test_work_stays_for_the_grace_then_goes_to_somebody_else():
    one = asking("ana", "bo", away_after=1, reassign_on=["away"], absence_grace=5 * MINUTE)
    one.handle(SetPresence("bo", BO, "offline"), AT)
    held = opened(one)
    one.handle(AcceptOffer(held.id, ANA), AT)
    at = missing(one, 1)
    one.handle(SetPresence("bo", BO, "available"), at)
    one.handle(AcceptOffer(agent(one, "bo").offers[0].ticket, BO), at)
    tick(one, at + 5 * MINUTE - timedelta(microseconds=1))
    assert one.ticket(held.id).assignee == "ana"
    tick(one, at + 5 * MINUTE)
    assert one.ticket(held.id).offer.agent == "bo"
    check_laws(one)


def test_one_who_answers_while_time_looks_is_not_away():
    store = Between()
    one = asking(away_after=1, store=store)
    ticket = opened(one)
    store.then = lambda: one.handle(AcceptOffer(ticket.id, ANA), AT + MINUTE)
    one.tick(AT + TWO)
    assert (one.ticket(ticket.id).assignee, presence(one)) == ("ana", "available")
    check_laws(one)


def test_show_says_why_somebody_is_away(tmp_path):
    path = tmp_path / "desk.db"
    one = asking(away_after=1, store=SqliteStore(path))
    missing(one, 1)
    said = CliRunner().invoke(ticketcore, ["show", "1", "--store", str(path), "--explain"]).output
    assert "ana did not answer in time, and is away from now on" in said
    assert "because of 1 offer in a row without an answer" in said


@pytest.mark.parametrize("value", [-1, 1001, None, True, "2", 1.5])
def test_what_cannot_be_used_is_named(value):
    with pytest.raises(InvalidInput) as error:
        Offering(TWO, away_after=value)
    assert error.value.field == "Offering.away_after"


STEPS = ["write", "write", "write", "accept", "decline", "pass", "pass", "pass", "back", "drain"]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(STEPS), min_size=5, max_size=30), st.integers(1, 3), st.sampled_from(Misfit))
def test_by_the_history_alone_who_is_away_has_missed_as_many_in_a_row(steps, most, misfit):
    """And whoever is, is offered nothing until they have said that they are there."""
    one = asking("ana", "bo", away_after=most, misfit=misfit)
    opened(one)
    at = AT
    for i, step in enumerate(steps):
        ana = agent(one, "ana")
        if step == "write":
            opened(one, sender=f"c{i}", at=at)
        elif step == "pass":
            at += MINUTE
            tick(one, at)
        elif step in ("back", "drain"):
            one.handle(SetPresence("ana", ANA, "available" if step == "back" else "draining"), at)
        elif ana.offers:
            try:
                answer = AcceptOffer if step == "accept" else DeclineOffer
                one.handle(answer(ana.offers[0].ticket, ANA), at)
            except Refused:
                continue
    check_laws(one)
    for id in ("ana", "bo"):
        row, before = 0, None
        for event in history(one, id):
            after = evolve_agent(before, event)
            match event:
                case WorkOffered():
                    assert before.presence is Presence.AVAILABLE
                case WorkOfferEnded(end=end):
                    row = {OfferEnd.EXPIRED: row + 1, OfferEnd.RESCINDED: row}.get(end, 0)
                    due = end is OfferEnd.EXPIRED and row >= most and before.presence is Presence.AVAILABLE
                case PresenceChanged(missed=missed, presence=now):
                    assert (missed > 0) is due
                    assert not due or (now, missed) == (Presence.AWAY, row)
                    row = 0 if now is Presence.AVAILABLE else row
            if not isinstance(event, WorkOfferEnded):
                due = False
            assert isinstance(event, AgentAdded) or after.missed == row
            before = after
