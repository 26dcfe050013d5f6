"""Which ticket a message names, through a desk: what is believed of whom, what is held back, and what lets it go."""

from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, DAY, HOUR, MINUTE, check_laws, check_whole, everything, kinds, new_desk
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import AgentProfile, Configuration, Inbound, InvalidInput, NotFound, Parts, Refused
from ticketcore.commands import AcceptMessage, Close, LinkAlias, Merge, RejectMessage, Reply, Solve, Split, Unmerge
from ticketcore.events import MatchDisputed
from ticketcore.matching import Key, Keyring, Tokens
from ticketcore.model import (
    Category,
    Cause,
    Disposition,
    Fate,
    Kind,
    Matcher,
    Ref,
    ReopenRule,
    Role,
    Segmentation,
    SegmentReason,
    Strength,
    TicketClaim,
    Verdict,
)
from ticketcore.ports import Query
from ticketcore.stores import MemoryStore

pytestmark = pytest.mark.usefixtures("every_driver")
RING = Keyring([Key("a", bytes(range(32)))])
TOKENS = Tokens(RING, "acme")
KIM, LEE, MAX = "kim@x.example", "lee@y.example", "max@z.example"
AGENTS = [AgentProfile("ana", addresses=["Ana@shop.example"]), AgentProfile("bo")]


def new(store=None, **config):
    given = Configuration(agents=AGENTS, **config)
    return new_desk(store or MemoryStore(), tenant="acme", config=given, parts=Parts(keys=RING))


def mail(one, sender=KIM, text="It broke", at=AT, **inbound):
    return one.receive(Inbound("email", "support@shop.example", sender, text, **inbound), at)


def token(ticket, recipient=KIM, at=AT):
    return [TOKENS.reply_token(ticket, recipient, at)]


def claims(received):
    return received.decisions[0].claims


def message(one, received):
    return one.store.load("acme", [Ref(Kind.MESSAGE, received.message)])[0]


def held(one, received):
    return one.store.load("acme", [Ref(Kind.QUARANTINE, received.message)])[0]


def participants(one, ticket):
    (conversation,) = one.store.load("acme", [Ref(Kind.CONVERSATION, ticket.conversation)])
    return [(item.role, item.id) for item in conversation.participants]


def check(one):
    check_laws(one)
    check_whole(one)


# What is believed.


def test_a_reply_token_brings_its_customer_back_whatever_else_is_missing():
    one = new()
    first, other = mail(one).ticket, mail(one, at=AT + MINUTE).ticket
    back = mail(one, text="On Friday", at=AT + DAY, tokens=token(first))
    assert (back.disposition, back.ticket.id) == (Disposition.CONTINUED, first.id)
    assert claims(back) == (TicketClaim(Matcher.REPLY_TOKEN, Strength.SIGNED, first.id, 0, True),)
    assert other.id != first.id
    assert message(one, back).conversation == first.conversation
    check(one)


def test_a_token_in_the_text_or_our_own_message_id_does_too():
    one = new()
    first = mail(one).ticket
    one.handle(Reply(first.id, ANA, "When?"), AT)
    (answer,) = [each for each in everything(one, Kind.MESSAGE) if each.kind == "agent"]
    marked = mail(one, text=f"Friday\n> [ref:{token(first)[0].upper()}]")
    named = mail(one, reply_to=["x@y", TOKENS.message_id(answer.id, "shop.example", AT)])
    assert {marked.ticket.id, named.ticket.id} == {first.id}
    assert claims(marked)[0].matcher is Matcher.MARKER
    assert claims(named) == (TicketClaim(Matcher.OWN_ID, Strength.SIGNED, first.id, 1, True),)
    check(one)


def test_a_number_in_the_subject_is_believed_of_those_who_take_part():
    one = new()
    first = mail(one).ticket
    back = mail(one, subject="Re: [#1] Late", at=AT + DAY)
    assert (back.ticket.id, claims(back)[0].strength) == (first.id, Strength.GUESSABLE)
    assert mail(one, subject="[#99] Late").disposition is Disposition.OPENED
    assert mail(one, subject="#1 [1] [# 1] [#01]").disposition is Disposition.OPENED
    check(one)


def test_a_stranger_who_writes_the_number_of_a_ticket_is_not_in_it():
    """And gains nothing by writing to himself in copy, or by answering a message that he saw."""
    one = new()
    first = mail(one, external_id="m1").ticket
    version = one.ticket(first.id).version
    for i, said in enumerate(({"subject": "[#1]"}, {"reply_to": ["m1"]}, {"subject": "[#1]", "reply_to": ["m1"]})):
        stranger = mail(one, LEE, headers={"Cc": LEE}, at=AT + i * MINUTE, **said)
        assert (stranger.disposition, stranger.ticket.number) == (Disposition.OPENED, 2 + i)
        assert {(claim.ticket, claim.takes_part) for claim in claims(stranger)} == {(first.id, False)}
        (disputed,) = [e.event for e in stranger.events if isinstance(e.event, MatchDisputed)]
        assert (disputed.claims, disputed.message) == (claims(stranger), stranger.message)
    assert one.ticket(first.id).version == version
    assert [role for role, _ in participants(one, first)] == [Role.REQUESTER]
    check(one)


@pytest.mark.parametrize(
    "forge",
    [
        lambda ticket: Tokens(RING, "other").reply_token(ticket, KIM, AT),
        lambda ticket: Tokens(Keyring([Key("a", bytes(32))]), "acme").reply_token(ticket, KIM, AT),
        lambda ticket: TOKENS.reply_token(ticket, LEE, AT),
        lambda ticket: TOKENS.reply_token(attrs.evolve(ticket, id="x"), KIM, AT),
        lambda ticket: TOKENS.reply_token(ticket, KIM, AT - 400 * DAY),
    ],
    ids=["tenant", "key", "recipient", "ticket", "ended"],
)
def test_what_only_looks_like_a_token_is_as_good_as_a_number(forge):
    one = new()
    first = mail(one).ticket
    forged = [forge(first)]
    stranger, known = mail(one, LEE, tokens=forged), mail(one, KIM, tokens=forged)
    assert (stranger.disposition, stranger.ticket.id != first.id) == (Disposition.OPENED, True)
    assert (known.ticket.id, claims(known)[0].strength) == (first.id, Strength.GUESSABLE)
    check(one)


def test_without_keys_nothing_is_signed():
    one = new_desk(MemoryStore(), tenant="acme", config=Configuration(agents=AGENTS))
    first = mail(one).ticket
    assert mail(one, tokens=token(first)).ticket.id != first.id
    check(one)


# Who disagrees.


def test_what_names_two_tickets_is_told_and_the_stronger_counts():
    one = new()
    first, second = mail(one, external_id="m1").ticket, mail(one, external_id="m2", at=AT + MINUTE).ticket
    received = mail(one, subject="[#1]", reply_to=["m2", "m1"], at=AT + HOUR)
    assert (received.disposition, received.ticket.id) == (Disposition.CONTINUED, second.id)
    expected = (
        TicketClaim(Matcher.STORED_ID, Strength.KNOWN, second.id, 0),
        TicketClaim(Matcher.STORED_ID, Strength.KNOWN, first.id, 1),
        TicketClaim(Matcher.SUBJECT, Strength.GUESSABLE, first.id, 0),
    )
    assert claims(received) == expected
    (disputed,) = [e.event for e in received.events if isinstance(e.event, MatchDisputed)]
    assert disputed.claims == expected
    signed = mail(one, reply_to=["m2"], tokens=token(first), at=AT + 2 * HOUR)
    assert signed.ticket.id == first.id
    assert [claim.ticket for claim in claims(signed)] == [first.id, second.id]
    agreed = mail(one, subject="[#2]", reply_to=["m2"], at=AT + 3 * HOUR)
    assert "MatchDisputed" not in [type(item.event).__name__ for item in agreed.events]
    check(one)


def test_a_quote_in_a_chat_and_the_thread_may_disagree():
    one = new()
    say = {"channel": "chat", "account": "shop", "sender": "kim", "text": "Hi"}
    first = one.receive(Inbound(**say, external_id="c1"), AT).ticket
    second = one.receive(Inbound(**say, external_id="c2"), AT + DAY).ticket
    received = one.receive(Inbound(**say, reply_to=["c1"]), AT + DAY + MINUTE)
    assert received.ticket.id == first.id
    assert [(claim.matcher, claim.ticket) for claim in claims(received)] == [
        (Matcher.QUOTED, first.id),
        (Matcher.THREAD, second.id),
    ]
    check(one)


def test_the_order_of_the_matchers_is_data():
    one = new(matchers=["subject", "stored_id"])
    first = mail(one, external_id="m1").ticket
    mail(one, external_id="m2", at=AT + MINUTE)
    received = mail(one, subject="[#1]", reply_to=["m2"], tokens=token(first), at=AT + HOUR)
    assert [claim.matcher for claim in claims(received)] == [Matcher.SUBJECT, Matcher.STORED_ID]
    assert received.ticket.id == first.id
    with pytest.raises(InvalidInput, match=r"matchers\[1\]"):
        Configuration(matchers=["subject", "nonsense"])


def test_what_is_named_resolves_through_merges_and_splits():
    """Merged twice, a token and an old answer lead to what the ticket is a part of now, and after an undoing apart."""
    one = new()
    a, b, c = (mail(one, external_id=f"m{i}", at=AT + i * MINUTE).ticket for i in range(3))
    one.handle(Merge(b.id, ANA, a.id), AT + HOUR)
    one.handle(Merge(c.id, ANA, b.id), AT + HOUR)
    by_token = mail(one, tokens=token(c), at=AT + 2 * HOUR)
    by_answer = mail(one, reply_to=["m2"], at=AT + 3 * HOUR)
    assert {by_token.ticket.id, by_answer.ticket.id} == {a.id}
    assert {claim.ticket for received in (by_token, by_answer) for claim in claims(received)} == {a.id}
    one.handle(Unmerge(b.id, ANA), AT + 4 * HOUR)
    assert mail(one, tokens=token(c), at=AT + 5 * HOUR).ticket.id == b.id
    assert message(one, by_token).ticket == c.id, "it went along with what it was sent to"
    check(one)


def test_an_answer_follows_the_message_that_it_answers_when_that_was_split_off():
    one = new()
    ticket = mail(one, external_id="m1").ticket
    second = mail(one, text="And the other thing", reply_to=["m1"], external_id="m2", at=AT + MINUTE)
    (split,) = [
        found
        for found in one.handle(Split(ticket.id, ANA, (second.message,)), AT + HOUR).tickets
        if found.id != ticket.id
    ]
    received = mail(one, reply_to=["m2"], at=AT + 2 * HOUR)
    assert received.ticket.id == split.id
    both = mail(one, reply_to=["m2", "m1"], at=AT + 3 * HOUR)
    assert [claim.ticket for claim in claims(both)] == [split.id, ticket.id]
    check(one)


def test_what_is_named_and_was_never_there_or_is_in_no_ticket_names_none():
    one = new()
    kept = mail(one, text="", external_id="m1")
    assert kept.disposition is Disposition.KEPT
    received = mail(one, reply_to=["gone", "m1"])
    assert (received.disposition, [claim.ticket for claim in claims(received)]) == (Disposition.OPENED, [None])
    absent = attrs.evolve(received.ticket, number=77)
    assert mail(one, tokens=token(absent)).disposition is Disposition.OPENED
    check(one)


def test_a_token_of_a_closed_ticket_opens_a_follow_up():
    one = new()
    first = mail(one).ticket
    one.handle(Solve(first.id, ANA), AT)
    one.handle(Close(first.id, ANA), AT)
    received = mail(one, tokens=token(first), at=AT + DAY)
    assert (received.disposition, received.ticket.origin.follow_up_of) == (Disposition.FOLLOW_UP, first.id)
    away = mail(one, tokens=token(first), headers={"Auto-Submitted": "auto-replied"}, at=AT + DAY)
    assert (away.disposition, one.ticket(first.id).category) == (Disposition.KEPT, Category.CLOSED)
    check(one)


# What is held back.


def test_a_stranger_with_a_signed_token_is_unverified_and_held_back_until_somebody_accepts_him():
    one = new()
    first = mail(one).ticket
    before = one.ticket(first.id)
    received = mail(one, LEE, text="I am her colleague", tokens=token(first), at=AT + HOUR)
    assert (received.disposition, received.ticket.id) == (Disposition.QUARANTINED, first.id)
    assert received.decisions[0].held is Cause.UNVERIFIED_SENDER
    assert not received.may_acknowledge
    assert one.ticket(first.id) == before
    lee = message(one, received).author.id
    assert participants(one, first) == [(Role.REQUESTER, first.contact), (Role.UNVERIFIED, lee)]
    assert message(one, received).verdict is Verdict.QUARANTINED
    assert received.message not in [each.id for each in one.customer_view(first.id).messages]
    again = mail(one, LEE, tokens=token(first), at=AT + HOUR)
    assert again.disposition is Disposition.QUARANTINED, "unverified is not part of it"
    assert mail(one, LEE, subject="[#1]", at=AT + HOUR).ticket.id != first.id
    check(one)

    accepted = one.handle(AcceptMessage(received.message, ANA), AT + 2 * HOUR)
    assert first.id in [ticket.id for ticket in accepted.tickets]
    assert (held(one, received).fate, held(one, again).fate) == (Fate.ACCEPTED, Fate.HELD)
    assert (message(one, received).ticket, message(one, received).verdict) == (first.id, None)
    assert participants(one, first)[1:] == [(Role.COLLABORATOR, lee)]
    assert received.message in [each.id for each in one.customer_view(first.id).messages]
    assert mail(one, LEE, tokens=token(first), at=AT + 3 * HOUR).disposition is Disposition.CONTINUED
    assert mail(one, LEE, subject="[#1]", at=AT + 3 * HOUR).ticket.id == first.id
    check(one)


def test_what_was_let_go_or_rejected_stays_so():
    one = new()
    first = mail(one).ticket
    one_of, other = (mail(one, LEE, tokens=token(first), at=AT + i * HOUR) for i in range(2))
    before = one.ticket(first.id)
    one.handle(RejectMessage(one_of.message, ANA), AT + DAY)
    one.handle(AcceptMessage(other.message, ANA), AT + DAY)
    for received in (one_of, other):
        for command in (AcceptMessage(received.message, ANA), RejectMessage(received.message, ANA)):
            with pytest.raises(Refused) as refused:
                one.handle(command, AT + DAY)
            assert refused.value.reasons[0].rule == "held"
            assert refused.value.command == type(command).__name__
    assert held(one, one_of).fate is Fate.REJECTED
    assert message(one, one_of).ticket is None
    assert one.ticket(first.id).version == before.version + 1
    with pytest.raises(NotFound):
        one.handle(AcceptMessage("nothing", ANA), AT + DAY)
    check(one)


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ({"authenticated": False}, Cause.FAILED_AUTHENTICATION),
        ({"sender": "ana@SHOP.example"}, Cause.AGENT_ADDRESS),
        ({"reply_to": ["m1"], "return_address": LEE}, Cause.ANSWERS_ELSEWHERE),
        ({"subject": "[#1]", "return_address": LEE}, Cause.ANSWERS_ELSEWHERE),
        ({"reply_to": ["m1"], "authenticated": False}, Cause.FAILED_AUTHENTICATION),
        ({"reply_to": ["m1"]}, None),
        ({"return_address": LEE}, None),
        ({"reply_to": ["m1"], "return_address": " KIM@x.example "}, None),
        ({"reply_to": ["m1"], "return_address": "kim@home.example"}, None),
        ({"sender": "ana@shop.example", "authenticated": True}, None),
        ({"reply_to": ["m1"], "authenticated": True}, None),
        ({"text": "", "authenticated": False}, None),
        ({"headers": {"Auto-Submitted": "auto-replied"}, "sender": "ana@shop.example"}, None),
    ],
)
def test_each_quarantine_has_a_named_cause(said, cause):
    one = new()
    first = mail(one, external_id="m1").ticket
    one.handle(LinkAlias(first.contact, "email", "kim@home.example", ANA), AT)
    received = mail(one, at=AT + HOUR, **said)
    assert received.decisions[0].held is cause
    assert (received.disposition is Disposition.QUARANTINED) is (cause is not None)
    if cause is not None:
        found = one.find(Query(Kind.QUARANTINE, {"fate": "held"}, "held_at")).values
        assert [(item.id, item.cause) for item in found] == [(received.message, cause)]
        expected = first.id if {"reply_to", "subject"} & said.keys() else None
        assert (found[0].ticket, found[0].held_at) == (expected, AT + HOUR)
        assert kinds(one, Ref(Kind.QUARANTINE, received.message)) == ["MessageHeld"]
    check(one)


def test_with_a_signed_token_answers_may_go_elsewhere():
    one = new()
    first = mail(one).ticket
    assert mail(one, tokens=token(first), return_address=LEE).disposition is Disposition.CONTINUED
    assert mail(one, tokens=token(first), authenticated=False).disposition is Disposition.QUARANTINED


def test_what_names_no_ticket_opens_one_when_it_is_accepted():
    one = new()
    received = mail(one, "ana@shop.example", "Where is my parcel?", subject="Parcel")
    assert (received.disposition, received.ticket) == (Disposition.QUARANTINED, None)
    assert one.tickets().tickets == ()
    (ticket,) = [t for t in one.handle(AcceptMessage(received.message, ANA), AT + DAY).tickets if t.number]
    assert (ticket.number, ticket.assignee, ticket.opened_at) == (1, "ana", AT + DAY)
    assert one.words([ticket.subject])[ticket.subject] == "Parcel"
    assert message(one, received).ticket == ticket.id
    assert held(one, received).ticket == ticket.id
    check(one)


def test_what_is_accepted_follows_the_rules_for_solved_and_closed_tickets():
    one = new(reopening=[ReopenRule("late", within=timedelta(days=5))])
    first = mail(one).ticket
    three = [mail(one, LEE, tokens=token(first), at=AT + i * MINUTE) for i in range(3)]
    one.handle(Solve(first.id, ANA), AT + HOUR)
    one.handle(AcceptMessage(three[0].message, ANA), AT + 2 * HOUR)
    assert one.ticket(first.id).category is Category.OPEN
    one.handle(Solve(first.id, ANA), AT + 3 * HOUR)
    late = one.handle(AcceptMessage(three[1].message, ANA), AT + 6 * DAY)
    (follow_up,) = [ticket for ticket in late.tickets if ticket.id != first.id]
    assert follow_up.origin.follow_up_of == first.id
    one.handle(Close(first.id, ANA), AT + 6 * DAY)
    closed = one.handle(AcceptMessage(three[2].message, ANA), AT + 6 * DAY)
    assert [t.origin.follow_up_of for t in closed.tickets if t.id not in (first.id, follow_up.id)] == [first.id]
    check(one)


def test_somebody_can_say_where_an_accepted_message_belongs():
    one = new()
    first, second = mail(one).ticket, mail(one, MAX).ticket
    received = mail(one, LEE, tokens=token(first), at=AT + HOUR)
    one.handle(Merge(second.id, ANA, mail(one, MAX, at=AT + HOUR).ticket.id), AT + HOUR)
    one.handle(AcceptMessage(received.message, ANA, second.id), AT + DAY)
    assert message(one, received).ticket == second.id
    assert held(one, received).ticket == one.resolve(second.id).id
    with pytest.raises(NotFound):
        one.handle(AcceptMessage(mail(one, LEE, tokens=token(first)).message, ANA, "nothing"), AT + DAY)
    check(one)


def test_a_token_from_elsewhere_is_held_back_in_a_conversation_of_its_own():
    """What came by chat is not answered to somebody's mail."""
    one = new()
    chat = one.receive(Inbound("chat", "shop", "kim", "Hi"), AT).ticket
    received = mail(one, LEE, tokens=token(chat, "kim"), at=AT + HOUR)
    assert received.disposition is Disposition.QUARANTINED
    assert message(one, received).conversation != chat.conversation
    one.handle(AcceptMessage(received.message, ANA), AT + DAY)
    assert message(one, received).ticket == chat.id
    check(one)


def test_what_is_held_back_says_nothing_about_the_customer_whom_it_claims_to_be():
    one = new()
    contact = mail(one, organisation="acme").ticket.contact
    assert mail(one, organisation="evil", authenticated=False).disposition is Disposition.QUARANTINED
    (known,) = one.store.load("acme", [Ref(Kind.CONTACT, contact)])
    assert known.organisation == "acme"
    mail(one, LEE, organisation="new", authenticated=False)
    check_laws(one)


def test_a_signed_id_of_what_we_did_not_write_names_nothing():
    """Only what went out has one, whatever a program of the host's signed."""
    one = new()
    first = mail(one)
    named = mail(one, LEE, reply_to=[TOKENS.message_id(first.message, "shop.example", AT)])
    assert (named.disposition, claims(named)) == (Disposition.OPENED, ())


def test_the_same_held_message_again_changes_nothing():
    one = new()
    first = mail(one).ticket
    received = mail(one, LEE, tokens=token(first), external_id="x1")
    before = one.store.events("acme")
    again = mail(one, LEE, tokens=token(first), external_id="x1", at=AT + DAY)
    assert (again.disposition, again.message) == (Disposition.DUPLICATE, received.message)
    assert one.store.events("acme") == before


def test_no_tenant_reads_the_tokens_of_another():
    store = MemoryStore()
    ours = new(store)
    first = mail(ours).ticket
    theirs = new_desk(store, tenant="other", config=Configuration(agents=AGENTS), parts=Parts(keys=RING))
    mail(theirs)
    received = mail(theirs, LEE, tokens=token(first))
    assert received.disposition is Disposition.OPENED
    assert claims(received)[0].strength is Strength.GUESSABLE


# The laws.

NOISE = st.lists(
    st.tuples(st.sampled_from([LEE, MAX]), st.sampled_from(["Hi", "[#1] parcel", "?"]), st.booleans()), max_size=6
)


@given(NOISE, st.sampled_from(["before", "between", "both"]))
def test_an_unrelated_ticket_never_moves_a_message_with_a_signed_token(noise, when):
    """Whatever the host's segmenter says, which would open a ticket for each message."""

    class Opens:
        def segment(self, message, at):
            return Segmentation(SegmentReason.NO_REPLY_ID, opens=True)

    config = Configuration(agents=AGENTS)
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(keys=RING, segmenter=Opens()))
    if when != "between":
        _write(one, noise)
    first = mail(one, external_id="m1").ticket
    if when != "before":
        _write(one, noise)
    mail(one, at=AT + HOUR)
    received = mail(one, text="Friday", tokens=token(first), reply_to=["n0", "n1"], at=AT + 2 * HOUR)
    assert (received.disposition, received.ticket.id) == (Disposition.CONTINUED, first.id)
    assert received.decisions[0].reason is SegmentReason.REPLY_ID


def _write(one, noise):
    for i, (sender, subject, answers) in enumerate(noise):
        mail(one, sender, subject=subject, external_id=f"n{i}", reply_to=["m1"] if answers else [], at=AT + i * MINUTE)


@given(NOISE, st.permutations(range(6)))
def test_the_order_of_others_messages_changes_nothing(noise, order):
    outcomes = []
    for sequence in (noise, [noise[place] for place in order if place < len(noise)]):
        one = new()
        first = mail(one, external_id="m1")
        for i, (sender, subject, answers) in enumerate(sequence):
            mail(one, sender, subject=subject, reply_to=["m1"] if answers else [], at=AT + i * MINUTE)
        second = mail(one, reply_to=["m1"], at=AT + HOUR)
        third = mail(one, subject="[#1]", at=AT + HOUR)
        outcomes.append(
            [(r.disposition, r.ticket.id == first.ticket.id, r.decisions[0].reason) for r in (second, third)]
        )
    assert outcomes[0] == outcomes[1]
