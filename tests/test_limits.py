"""Limits on what happens of itself: no machine that hides keeps a desk busy, and what is counted can be replayed."""

from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, DAY, HOUR, MINUTE, check_laws, check_whole, everything, new_desk
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import Actor, AgentProfile, Configuration, Inbound, InvalidInput, NotFound, Refused
from ticketcore.commands import AcceptMessage, Acknowledge, Note, Solve
from ticketcore.config import read_desk, write_desk
from ticketcore.matching import fingerprint
from ticketcore.model import (
    LIMITS,
    Action,
    Category,
    Cause,
    Disposition,
    Kind,
    Limit,
    MessageKind,
    Per,
    Tally,
)
from ticketcore.stores import MemoryStore
from ticketcore.turns.limiting import ACKNOWLEDGE

pytestmark = pytest.mark.usefixtures("every_driver")
BOT = Actor.bot("acknowledger")
STRICT = [Limit(action, per, 3 if per is Per.SENDER else 5, HOUR) for action in Action for per in Per]


def new(limits=STRICT, tenant="acme", **config):
    return new_desk(
        MemoryStore(),
        tenant=tenant,
        config=Configuration(agents=[AgentProfile("ana", capacity=99)], limits=limits, **config),
    )


def mail(one, sender="kim@x.example", at=AT, subject="Late", **inbound):
    return one.receive(Inbound("email", "support@shop.example", sender, "Hi", subject, **inbound), at)


def held(received):
    return received.decisions[0].held


@pytest.mark.parametrize(
    ("subject", "same"),
    [
        ("Re: AW: Your request #4711", "RE: your request #4712"),
        ("[ACME-17] Received", "received [ACME-18/2026]"),
        ("Antw.: Ihre Anfrage 2026/03/02-7", "Antw.: ihre anfrage 1"),
        ("您的请求12345已收到", "您的请求999已收到"),
        ("回复：您的请求", "您的请求"),
        ("Ticket AB12-cd_9 opened", "ticket x1 OPENED"),
        ("Ref qwertzuiopasdfghjkl", "ref"),
        ("４７１１ geöffnet", "geöffnet"),
        ("#1", "#2"),
    ],
)
def test_a_subject_is_the_same_whatever_its_numbers_and_tokens(subject, same):
    assert fingerprint(subject) == fingerprint(same) != ""


def test_other_words_are_another_subject_and_no_subject_is_none():
    assert len({fingerprint(one) for one in ("Late", "Later", "#1", "", "Where is it?", "Where is my ring?")}) == 6
    assert fingerprint("   ") == ""


@given(st.text(max_size=2000))
def test_any_subject_has_a_fingerprint_that_stays(subject):
    once = fingerprint(subject)
    assert once == "#" or fingerprint(once) in (once, "#")
    assert fingerprint(f"Re: {subject}") in (once, "#")


def test_a_sender_opens_no_more_than_so_many_tickets_in_a_while():
    one = new()
    received = [mail(one, at=AT + i * MINUTE, subject=f"{'abcde'[i]}x") for i in range(5)]
    assert [held(each) for each in received] == [None] * 3 + [Cause.TOO_MANY_TICKETS] * 2
    assert received[4].disposition is Disposition.QUARANTINED
    assert held(mail(one, "lee@x.example", AT + 5 * MINUTE, "yes")) is None
    assert held(mail(one, at=AT + HOUR, subject="zx")) is None, "the first is an hour ago"
    assert held(mail(one, at=AT + HOUR, subject="zy")) is Cause.TOO_MANY_TICKETS
    one.handle(AcceptMessage(received[4].message, ANA), AT + HOUR)
    assert len(one.tickets().tickets) == 6
    check_laws(one)
    check_whole(one)


def test_messages_of_one_subject_open_no_more_whoever_sends_them():
    one = new()
    received = [mail(one, f"desk+{i}@y.example", AT + i * MINUTE, f"[#{i}] We got it ({i})") for i in range(8)]
    assert [held(each) for each in received] == [None] * 5 + [Cause.LIKELY_LOOP] * 3
    assert held(mail(one, "new@y.example", AT + 9 * MINUTE, "Something else")) is None
    other = Inbound("email", "sales@shop.example", "new2@y.example", "Hi", "[#9] We got it (9)")
    assert held(one.receive(other, AT + 9 * MINUTE)) is None, "another account of ours"
    chats = [one.receive(Inbound("chat", "shop", f"c{i}", "Hi"), AT) for i in range(9)]
    assert {each.disposition for each in chats} == {Disposition.OPENED}, "what has no subject is counted by sender"
    check_laws(one)


def test_a_ticket_is_not_taken_up_again_more_often_than_that():
    one = new(limits=[Limit("reopen", "sender", 2, HOUR)])
    ticket = mail(one, external_id="m0").ticket
    outcomes = []
    for i in range(4):
        if one.ticket(ticket.id).category is not Category.SOLVED:
            one.handle(Solve(ticket.id, ANA), AT + i * MINUTE)
        outcomes.append(mail(one, at=AT + i * MINUTE, reply_to=["m0"]))
        if i > 1:
            assert one.ticket(ticket.id).category is Category.SOLVED
    assert [each.disposition for each in outcomes] == [Disposition.REOPENED] * 2 + [Disposition.QUARANTINED] * 2
    assert {held(each) for each in outcomes[2:]} == {Cause.TOO_MANY_REOPENS}
    thanks = mail(one, at=AT + HOUR, reply_to=["m0"])
    assert thanks.disposition is Disposition.REOPENED
    check_laws(one)
    check_whole(one)


def test_what_changes_nothing_of_the_kind_is_not_counted():
    one = new()
    mail(one, external_id="m0", subject="ax")
    for i in range(9):
        assert mail(one, at=AT + i * MINUTE, reply_to=["m0"]).disposition is Disposition.CONTINUED
        assert mail(one, at=AT + i * MINUTE, headers={"Auto-Submitted": "yes"}).disposition is Disposition.KEPT
    assert [len(tally.at) for tally in everything(one, Kind.TALLY)] == [1, 1]


def test_an_acknowledgement_is_owed_once_and_not_too_often():
    one = new([limit for limit in STRICT if limit.action is Action.ACKNOWLEDGE])
    received = [mail(one, f"{'kl'[i % 2]}@x.example", AT + i * MINUTE, f"Late {i}") for i in range(5)]
    one.handle(Acknowledge(received[0].message, BOT), AT)
    before = one.store.events("acme")
    assert one.handle(Acknowledge(received[0].message, BOT), AT + DAY).repeated
    assert one.store.events("acme") == before
    claims = one.store.claim("acme", [ACKNOWLEDGE], AT, AT + HOUR, 9)
    assert [claim.subject.id for claim in claims] == [received[0].message]
    for each in received[1:]:
        one.handle(Acknowledge(each.message, BOT), AT + MINUTE)
    last = mail(one, "max@x.example", AT + MINUTE, "Late 99")
    with pytest.raises(Refused) as refused:
        one.handle(Acknowledge(last.message, BOT), AT + MINUTE)
    assert [reason.rule for reason in refused.value.reasons] == ["acknowledge_per_subject"]
    one.handle(Acknowledge(last.message, BOT), AT + HOUR + MINUTE)
    check_laws(one)


def test_a_sender_is_not_acknowledged_too_often():
    one = new(limits=[Limit("acknowledge", "sender", 2, HOUR)])
    three = [mail(one, at=AT, subject=f"{'abc'[i]}z").message for i in range(3)]
    for message in three[:2]:
        one.handle(Acknowledge(message, BOT), AT)
    with pytest.raises(Refused, match="acknowledge_per_sender"):
        one.handle(Acknowledge(three[2], BOT), AT)


def test_what_is_in_no_ticket_or_not_a_customers_is_not_acknowledged():
    one = new()
    kept = mail(one, headers={"Auto-Submitted": "yes"})
    ticket = mail(one).ticket
    one.handle(Note(ticket.id, ANA, "Hm"), AT)
    (note,) = [each for each in everything(one, Kind.MESSAGE) if each.kind is MessageKind.NOTE]
    for message in (kept.message, note.id):
        with pytest.raises(Refused, match="of_a_ticket"):
            one.handle(Acknowledge(message, BOT), AT)
    with pytest.raises(NotFound):
        one.handle(Acknowledge("nothing", BOT), AT)


@pytest.mark.parametrize("addresses", ["one", "fresh"])
@pytest.mark.parametrize("says_so", [True, False])
def test_two_desks_that_answer_each_other_stop(addresses, says_so):
    """With fresh addresses each time, and though neither says that it is a machine."""
    desks = {name: new(LIMITS, name) for name in ("here", "there")}
    mailbox = {"here": [("kim@x.example", "Where is it?", False)], "there": []}
    sent = 0
    at = AT
    while any(mailbox.values()):
        assert sent < 200, "they never stop"
        for name, other in (("here", "there"), ("there", "here")):
            arrived, mailbox[name] = mailbox[name], []
            for sender, subject, automatic in arrived:
                at += timedelta(seconds=20)
                headers = {"Auto-Submitted": "auto-replied"} if automatic else {}
                received = mail(desks[name], sender, at, subject, headers=headers)
                if not received.may_acknowledge:
                    continue
                try:
                    desks[name].handle(Acknowledge(received.message, BOT), at)
                except Refused:
                    continue
                sent += 1
                own = f"{name}+{sent}@desk.example" if addresses == "fresh" else f"{name}@desk.example"
                mailbox[other].append((own, f"[#{received.ticket.number}] Re: {subject[-40:]}", says_so))
    assert sent == 1 if says_so else sent <= 2 * (5 if addresses == "one" else 30) + 1
    for one in desks.values():
        check_laws(one)


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=20), st.integers(1, 4), st.integers(1, 60))
def test_never_more_than_the_limit_in_any_period(steps, at_most, minutes):
    """Whatever comes when, also with clocks that go back; and a rebuilt desk has counted the same."""
    limit = Limit("open", "sender", at_most, timedelta(minutes=minutes))
    one, opened = new([limit]), []
    for i, (minute, is_kim) in enumerate(steps):
        received = mail(one, "kim@x.example" if is_kim else "lee@x.example", AT + minute * MINUTE, f"{chr(97 + i)}q")
        if is_kim and received.disposition is Disposition.OPENED:
            opened.append(minute)
    in_order = [minute for place, minute in enumerate(opened) if all(minute >= other for other in opened[:place])]
    for minute in in_order:
        assert sum(minute - minutes < other <= minute for other in in_order) <= at_most
    assert all(isinstance(tally, Tally) and len(tally.at) <= at_most for tally in everything(one, Kind.TALLY))
    check_laws(one)


def test_tallies_name_nobody():
    one = new()
    mail(one, subject="Where is my ring")
    text = repr(
        [everything(one, Kind.TALLY), [e.event for e in one.store.events("acme") if e.stream.kind is Kind.TALLY]]
    )
    assert "kim" not in text
    assert "ring" not in text.lower()


def test_limits_in_a_file():
    text = '[desk]\ntenant = "acme"\n\n[limits.open_per_subject]\nat_most = 20\nperiod = "1 hour"\n'
    file = read_desk(text)
    assert file.configuration.limits == (Limit("open", "subject", 20, HOUR),)
    assert read_desk(write_desk(file)) == file
    assert read_desk('[desk]\ntenant = "a"\n').configuration.limits == LIMITS
    assert read_desk('[desk]\ntenant = "a"\n[limits]\n').configuration.limits == ()
    for wrong, field in (
        (text.replace("open_per_subject", "open_per_day"), "limits.open_per_day"),
        (text.replace("at_most = 20\n", ""), "limits.open_per_subject.at_most"),
        (text.replace("20", "0"), "limits.open_per_subject.at_most"),
        (text.replace("1 hour", "0h"), "limits.open_per_subject.period"),
    ):
        with pytest.raises(InvalidInput) as error:
            read_desk(wrong)
        assert error.value.field == field


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"action": "x"}, "Limit.action"),
        ({"per": "x"}, "Limit.per"),
        ({"at_most": 0}, "Limit.at_most"),
        ({"at_most": 201}, "Limit.at_most"),
        ({"period": timedelta(0)}, "Limit.period"),
        ({"period": 5}, "Limit.period"),
    ],
)
def test_limits_that_cannot_be_used(said, field):
    with pytest.raises(InvalidInput) as error:
        attrs.evolve(STRICT[0], **said)
    assert error.value.field == field
    with pytest.raises(InvalidInput, match="declared twice"):
        Configuration(limits=[STRICT[0], STRICT[0]])
