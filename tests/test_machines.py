"""What a message may bring about that no person wrote: it wakes nobody, and a bounce is told of what bounced."""

from datetime import timedelta

import pytest
from desks import ANA, AT, DAY, HOUR, MINUTE, check_laws, check_whole, desk, everything, new_desk, say
from hypothesis import given
from hypothesis import strategies as st
from mails import OURS, mail, mixed

from ticketcore import AgentProfile, Configuration, Inbound, InvalidInput, Parts
from ticketcore.channels.email import EmailChannel
from ticketcore.commands import Close, Merge, Reply, Solve
from ticketcore.events import MessageBounced
from ticketcore.matching import machine_verdict
from ticketcore.model import (
    Bounce,
    Category,
    Disposition,
    Kind,
    MachineVerdict,
    MessageKind,
    Ref,
    SegmentReason,
    Verdict,
)
from ticketcore.stores import MemoryBlobs, MemoryStore

pytestmark = pytest.mark.usefixtures("every_driver")
CHANNEL = EmailChannel([OURS])
KIM = "kim@x.example"


def report(action="failed", status="5.1.1", of="out1@shop.example"):
    """A bounce as RFC 3464 has it, of a mail of ours."""
    fields = f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {KIM}\nAction: {action}\nStatus: {status}\n"
    parts = [
        ("Content-Type: text/plain", "It could not be delivered.\n"),
        ("Content-Type: message/delivery-status", fields),
        ("Content-Type: text/rfc822-headers", f"Message-ID: <{of}>\nSubject: Re: Late\n"),
    ]
    raw = mixed(*parts, kind="report; report-type=delivery-status")
    return raw.replace(b"Kim Lee <kim@x.example>", b"MAILER-DAEMON@mx.example").replace(b"m1@", b"b1@")


def answered():
    """A desk that answered Kim, and the ticket."""
    config = Configuration(agents=[AgentProfile("ana")])
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(blobs=MemoryBlobs()))
    ticket = one.receive(CHANNEL.decode(mail()).inbound, AT).ticket
    one.handle(Reply(ticket.id, ANA, "On Friday", external_id="out1@shop.example"), AT + MINUTE)
    return one, ticket


def bounced(one, ticket):
    history = one.history(Ref(Kind.TICKET, ticket.id))
    return [item.event for item in history if isinstance(item.event, MessageBounced)]


PERSON, MACHINE, LIST = MachineVerdict(), MachineVerdict(False, False), MachineVerdict(False, True)


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({}, PERSON),
        ({"Subject": "Out of office"}, PERSON),
        ({"Auto-Submitted": "no"}, PERSON),
        ({"Auto-Submitted": "auto-replied"}, MACHINE),
        ({"Auto-Submitted": "Auto-Generated; x=y"}, MACHINE),
        ({"X-Loop": "shop other"}, MACHINE),
        ({"X-Loop": "other"}, PERSON),
        ({"List-Id": "<all.x.example>"}, LIST),
        ({"List-Unsubscribe": "<mailto:u@x.example>"}, LIST),
        ({"Precedence": "Bulk"}, LIST),
        ({"Precedence": "first-class"}, PERSON),
        ({"X-Auto-Response-Suppress": "All"}, LIST),
        ({"X-Auto-Response-Suppress": "DR, AutoReply"}, LIST),
        ({"X-Auto-Response-Suppress": "OOF"}, PERSON),
        ({"X-Auto-Response-Suppress": "None"}, PERSON),
        ({"List-Id": "<all.x.example>", "Auto-Submitted": "auto-replied"}, MACHINE),
    ],
)
def test_the_verdict_by_headers(headers, verdict):
    assert machine_verdict(Inbound("email", "Shop", KIM, "Hi", headers=headers)) == verdict


@pytest.mark.parametrize(
    ("sender", "may"),
    [
        ("kim@x.example", True),
        ("noreply@x.example", False),
        ("No-Reply@x.example", False),
        ("owner-list@x.example", False),
        ("list-request@x.example", False),
        ("MAILER-DAEMON@x.example", False),
        ("request@x.example", True),
    ],
)
def test_whom_nobody_answers_by_a_machine(sender, may):
    assert machine_verdict(Inbound("email", "shop", sender, "Hi")) == MachineVerdict(may)


def test_what_came_back_is_named():
    assert machine_verdict(Inbound("sms", "shop", KIM, bounce=Bounce("7"))) == MachineVerdict(False, False, "7")


@pytest.mark.parametrize("status", ["5.1", "5.1.1234", "3.1.1", "x", 5, None])
def test_a_bounce_has_a_status_or_none(status):
    with pytest.raises(InvalidInput, match=r"Bounce\.status"):
        Bounce("7", True, status)


SIGNS = st.dictionaries(
    st.sampled_from(["Auto-Submitted", "X-Loop", "Precedence", "List-Id", "X-Auto-Response-Suppress", "Return-Path"]),
    st.sampled_from(["no", "auto-replied", "all", "bulk", OURS, "<>", "junk; x"]),
)


@given(SIGNS, st.sampled_from(["Hi", ""]), st.sampled_from(["open", "solved", "closed"]), st.booleans())
def test_what_no_person_wrote_wakes_nobody(headers, text, state, answers):
    """It opens, reopens and acknowledges nothing, and who waits for what stays as it was."""
    one, ticket = answered()
    if state != "open":
        one.handle(Solve(ticket.id, ANA), AT + HOUR)
    if state == "closed":
        one.handle(Close(ticket.id, ANA), AT + HOUR)
    before = one.ticket(ticket.id)
    named = {"In_Reply_To": "<out1@shop.example>"} if answers else {}
    raw = mail(text, Message_ID="<m2@x.example>", **named, **{key.replace("-", "_"): headers[key] for key in headers})
    inbound = CHANNEL.decode(raw).inbound
    received = one.receive(inbound, AT + 2 * HOUR)
    after = one.ticket(ticket.id)
    if inbound.is_automatic:
        assert received.disposition in (Disposition.KEPT, Disposition.CONTINUED)
        assert not received.may_acknowledge
        for field in ("state", "waiting_since", "last_message_at", "assignee", "state_since", "alarms", "solution"):
            assert getattr(after, field) == getattr(before, field)
    else:
        assert received.may_acknowledge <= machine_verdict(inbound).may_acknowledge
    assert one.receive(inbound, AT + 3 * HOUR).may_acknowledge is False, "never twice"
    check_laws(one)


def test_a_person_may_be_acknowledged_and_what_is_kept_may_not():
    one = desk("ana")
    assert say(one, "Hi").may_acknowledge
    assert not say(one, "", sender="lee").may_acknowledge
    listed = say(one, "On a list", sender="max", headers={"List-Id": "<all.x.example>"})
    assert (listed.disposition, listed.may_acknowledge) == (Disposition.OPENED, False)
    assert LIST in listed.decisions


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [("failed", "5.1.1", True), ("delayed", "4.4.7", False), ("failed", "4.2.2", False), ("failed", "odd", True)],
)
def test_a_bounce_is_an_event_of_the_ticket_whose_answer_came_back(action, status, permanent):
    one, ticket = answered()
    before = one.ticket(ticket.id)
    received = one.receive(CHANNEL.decode(report(action, status)).inbound, AT + HOUR)
    assert (received.disposition, received.ticket.id) == (Disposition.KEPT, ticket.id)
    assert received.decisions[0].reason is SegmentReason.BOUNCED
    (event,) = bounced(one, ticket)
    kept, answer = one.store.load("acme", [Ref(Kind.MESSAGE, event.report), Ref(Kind.MESSAGE, event.message)])
    assert (answer.kind, answer.provider_id.id) == (MessageKind.AGENT, "out1@shop.example")
    assert (kept.id, kept.verdict, kept.conversation) == (received.message, Verdict.BOUNCE, ticket.conversation)
    assert (event.permanent, event.status) == (permanent, status if status[0].isdigit() else "")
    after = one.ticket(ticket.id)
    assert (after.state, after.waiting_since, after.assignee) == (before.state, None, before.assignee)
    assert one.receive(CHANNEL.decode(report(action, status)).inbound, AT + DAY).disposition is Disposition.DUPLICATE
    assert len(bounced(one, ticket)) == 1
    assert [message.author.kind for message in everything(one, Kind.MESSAGE) if message.verdict is Verdict.BOUNCE] == [
        "rule"
    ]
    check_laws(one)
    check_whole(one)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_what_arrived_did_not_come_back(action):
    one, ticket = answered()
    received = one.receive(CHANNEL.decode(report(action, "2.0.0")).inbound, AT + HOUR)
    assert received.decisions[0].verdict is Verdict.AUTOMATIC
    assert not bounced(one, ticket)


def test_a_bounce_of_what_is_not_ours_is_only_automatic():
    one, ticket = answered()
    received = one.receive(CHANNEL.decode(report(of="m1@x.example")).inbound, AT + HOUR)
    assert received.decisions[0].verdict is Verdict.AUTOMATIC
    unknown = one.receive(CHANNEL.decode(report(of="what@x.example").replace(b"b1@", b"b2@")).inbound, AT + HOUR)
    assert unknown.decisions[0].verdict is Verdict.AUTOMATIC
    assert not bounced(one, ticket)
    check_laws(one)


def test_a_bounce_of_an_answer_on_a_merged_ticket_is_told_to_what_that_is_now():
    one, ticket = answered()
    other = say(one, "Two", sender=KIM, channel="email").ticket
    one.handle(Merge(ticket.id, ANA, other.id), AT + HOUR)
    received = one.receive(CHANNEL.decode(report()).inbound, AT + 2 * HOUR)
    assert received.ticket.id == other.id
    assert bounced(one, other)
    assert not bounced(one, ticket)
    check_laws(one)


def test_an_answer_of_ours_that_comes_back_whole_goes_nowhere_and_is_known_again():
    """Such as by a list that we write to: it has the Message-ID of a message that is kept here as ours."""
    one, ticket = answered()
    copy = mail("On Friday\n", From=OURS, Message_ID="<out1@shop.example>", In_Reply_To="<m1@x.example>")
    version = one.ticket(ticket.id).version
    received = one.receive(CHANNEL.decode(copy).inbound, AT + HOUR)
    assert (received.disposition, received.decisions[0].verdict) == (Disposition.KEPT, Verdict.LOOP)
    assert one.ticket(ticket.id).version == version
    again = one.receive(CHANNEL.decode(copy).inbound, AT + DAY)
    assert (again.disposition, again.message) == (Disposition.DUPLICATE, received.message)
    check_laws(one)
    check_whole(one)


def test_an_absence_notice_to_a_closed_ticket_leaves_it_closed_and_is_recorded():
    one, ticket = answered()
    one.handle(Solve(ticket.id, ANA), AT + HOUR)
    one.handle(Close(ticket.id, ANA), AT + HOUR)
    away = mail("Away\n", Message_ID="<m2@x.example>", In_Reply_To="<out1@shop.example>", Auto_Submitted="auto-replied")
    received = one.receive(CHANNEL.decode(away).inbound, AT + HOUR + timedelta(seconds=5))
    assert (received.disposition, received.ticket.id) == (Disposition.KEPT, ticket.id)
    assert one.ticket(ticket.id).category is Category.CLOSED
    (kept,) = [message for message in everything(one, Kind.MESSAGE) if message.verdict is Verdict.AUTOMATIC]
    assert kept.id == received.message
    check_laws(one)
