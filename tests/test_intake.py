"""What becomes of an inbound message: which ticket, in which conversation, of which contact, and why."""

import attrs
import pytest
from desks import ANA, AT, DAY, HOUR, MINUTE, agent, check_laws, desk, kinds, new_desk, opened, say, stored

from ticketcore import AgentProfile, Conflict, Inbound, InvalidInput, Parts
from ticketcore.codec import encode_event
from ticketcore.commands import Close, LinkAlias, Pend, Reply, Solve
from ticketcore.model import (
    Category,
    Channel,
    Configuration,
    Contact,
    Conversation,
    Disposition,
    File,
    Kind,
    Message,
    MessageKind,
    Ref,
    Role,
    Segmentation,
    SegmentReason,
    Threading,
    Verdict,
)
from ticketcore.ports import Query
from ticketcore.records import provider_key
from ticketcore.stores import MemoryBlobs, MemoryStore

pytestmark = pytest.mark.usefixtures("every_driver")


def mail(desk, text="It broke", sender="kim@example.org", at=AT, **inbound):
    return say(desk, text, sender, at, channel="email", **inbound)


def reason(received):
    return received.decisions[0].reason


def close(desk, ticket):
    desk.handle(Solve(ticket.id, ANA), AT)
    desk.handle(Close(ticket.id, ANA), AT)


def test_a_first_message_makes_contact_conversation_message_and_ticket():
    one = desk("ana")
    received = say(one, "Charged twice", subject="Invoice", sender_name="Kim", attributes={"order": "7"}, sent_at=AT)
    ticket = received.ticket
    assert (received.disposition, reason(received)) == (Disposition.OPENED, SegmentReason.NO_CONVERSATION)
    assert (ticket.number, ticket.type, ticket.channel, ticket.waiting_since) == (1, "request", "chat", AT)
    contact, conversation, message = one.store.load(
        "acme",
        [
            Ref(Kind.CONTACT, ticket.contact),
            Ref(Kind.CONVERSATION, ticket.conversation),
            Ref(Kind.MESSAGE, received.message),
        ],
    )
    assert (contact.name, [alias.address for alias in contact.aliases]) == ("Kim", ["kim"])
    assert (conversation.contact, conversation.ticket, conversation.account) == (contact.id, ticket.id, "shop")
    assert [(item.role, item.id) for item in conversation.participants] == [(Role.REQUESTER, contact.id)]
    assert (message.ticket, message.kind, message.sent_at, message.author.id) == (
        ticket.id,
        MessageKind.CUSTOMER,
        AT,
        contact.id,
    )
    words = one.words([ticket.subject, message.text, ticket.attributes[0].text])
    assert sorted(words.values()) == ["7", "Charged twice", "Invoice"]
    assert message.subject == ticket.subject
    check_laws(one)


def test_numbers_and_positions_are_those_of_the_store():
    one = desk("ana")
    first, second = say(one, sender="kim"), say(one, sender="lee")
    assert [first.ticket.number, second.ticket.number] == [1, 2]
    log = one.store.events("acme")
    assert (*first.events, *second.events) == log[-len(first.events) - len(second.events) :]
    assert [item.position for item in log] == list(range(1, len(log) + 1))


def test_the_same_message_again_changes_nothing():
    one = desk("ana")
    first = say(one, external_id="m1")
    before = one.store.events("acme")
    again = say(one, external_id="m1", at=AT + DAY)
    assert (again.disposition, again.ticket, again.message) == (Disposition.DUPLICATE, first.ticket, first.message)
    assert (again.events, again.decisions) == ((), ())
    assert one.store.events("acme") == before


def test_the_same_id_on_another_account_or_channel_is_another_message():
    one = desk("ana")
    say(one, external_id="m1")
    assert one.receive(Inbound("chat", "other", "kim", "Hi", external_id="m1"), AT).disposition is Disposition.OPENED
    assert say(one, external_id="m1", channel="sms").disposition is Disposition.OPENED


@pytest.mark.parametrize(
    "other",
    [
        {"sender": "robin"},
        {"text": "Hi!"},
        {"subject": "Rings"},
        {"reply_to": ["m0"]},
        {"sent_at": AT},
        {"attachments": [File(b"x")]},
        {"digest": "x"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_the_same_id_with_anything_else_said_is_another_message(other):
    one = new_desk(MemoryStore(), tenant="acme", parts=Parts(blobs=MemoryBlobs()))
    here = Inbound("chat", "shop", "kim", "Hi", external_id="m1")
    there = attrs.evolve(here, **other)
    first, second = one.receive(here, AT), one.receive(there, AT)
    assert second.disposition is not Disposition.DUPLICATE
    assert second.message != first.message
    for again, before in ((here, first), (there, second)):
        known = one.receive(again, AT + DAY)
        assert (known.disposition, known.message) == (Disposition.DUPLICATE, before.message)


def test_where_a_channel_says_what_a_message_is_made_from_only_that_counts():
    one = desk("ana")
    first = say(one, "Hi", external_id="m1", digest="x")
    assert say(one, "Hello", external_id="m1", digest="x").message == first.message


def test_a_ticket_that_was_imported_waiting_gets_an_agent_when_its_customer_writes():
    one = desk("ana")
    ticket = one.without_effects().receive(Inbound("chat", "shop", "kim", "Hi", external_id="1"), AT).ticket
    assert ticket.assignee is None
    assert say(one, "Hello?", at=AT + MINUTE).ticket.assignee == "ana"
    check_laws(one)


def test_a_ticket_that_nobody_can_take_is_not_said_to_be_so_at_every_message():
    one = desk(AgentProfile("ana", capacity=0))
    ref = Ref(Kind.TICKET, opened(one).id)
    assert say(one, "Hello?", at=AT + MINUTE).ticket.assignee is None
    assert kinds(one, ref).count("NoEligibleAgent") == 1


def test_a_kept_message_is_known_when_it_comes_again():
    one = desk("ana")
    first = say(one, "", external_id="m1")
    again = say(one, "", external_id="m1")
    assert (first.disposition, again.disposition, again.ticket) == (Disposition.KEPT, Disposition.DUPLICATE, None)
    assert again.message == first.message


def test_a_chat_goes_on_until_the_quiet_gap():
    one = desk("ana")
    first = opened(one)
    within = say(one, "Hello?", at=AT + 8 * HOUR)
    assert (within.disposition, within.ticket.id, reason(within)) == (
        Disposition.CONTINUED,
        first.id,
        SegmentReason.WITHIN_GAP,
    )
    after = say(one, "New matter", at=AT + 16 * HOUR + MINUTE)
    assert (after.disposition, reason(after)) == (Disposition.OPENED, SegmentReason.QUIET_GAP)
    assert after.decisions[0].ticket == first.id, "the decision names the ticket that it did not choose"
    assert after.ticket.conversation == first.conversation
    assert after.ticket.contact == first.contact
    third = say(one, "And", at=AT + 17 * HOUR)
    assert third.ticket.id == after.ticket.id, "the conversation is about the newer ticket from then on"
    check_laws(one)


def test_the_quiet_gap_is_the_channels_own():
    one = desk("ana", channels=[Channel("chat", quiet_gap=HOUR)])
    opened(one)
    assert say(one, at=AT + HOUR).disposition is Disposition.CONTINUED
    assert say(one, at=AT + 2 * HOUR + MINUTE).disposition is Disposition.OPENED


def test_an_agents_answer_keeps_a_chat_from_being_quiet():
    one = desk("ana")
    ticket = opened(one)
    one.handle(Reply(ticket.id, ANA, "Looking into it"), AT + 7 * HOUR)
    assert say(one, "Thanks", at=AT + 14 * HOUR).disposition is Disposition.CONTINUED


def test_a_chat_message_after_closing_opens_another_ticket_at_once():
    one = desk("ana")
    ticket = opened(one)
    close(one, ticket)
    received = say(one, "Something else", at=AT + MINUTE)
    assert (received.disposition, reason(received)) == (Disposition.OPENED, SegmentReason.TICKET_CLOSED)
    assert (received.ticket.number, received.ticket.origin.follow_up_of) == (2, None)
    check_laws(one)


@pytest.mark.parametrize("command", [Pend, Solve])
def test_a_customers_message_reopens_what_waits_or_is_solved(command):
    one = desk("ana")
    ticket = opened(one)
    one.handle(command(ticket.id, ANA), AT)
    assert one.ticket(ticket.id).waiting_since is None
    received = say(one, "Still broken", at=AT + MINUTE)
    assert (received.disposition, received.ticket.id, received.ticket.state) == (
        Disposition.REOPENED,
        ticket.id,
        "open",
    )
    assert received.ticket.waiting_since == AT + MINUTE
    check_laws(one)


def test_a_customer_has_waited_since_the_first_message_that_nobody_answered():
    one = desk("ana")
    ticket = opened(one)
    assert say(one, "Hello?", at=AT + MINUTE).ticket.waiting_since == AT
    one.handle(Reply(ticket.id, ANA, "Yes"), AT + 2 * MINUTE)
    assert say(one, "It broke", at=AT + 3 * MINUTE).ticket.waiting_since == AT + 3 * MINUTE


def test_mail_without_a_reply_id_opens_a_ticket_whatever_the_gap():
    one = desk("ana")
    first, second = mail(one), mail(one, at=AT + MINUTE)
    assert (second.disposition, reason(second)) == (Disposition.OPENED, SegmentReason.NO_REPLY_ID)
    assert first.ticket.contact == second.ticket.contact
    assert first.ticket.conversation != second.ticket.conversation


def test_mail_that_answers_continues_whatever_the_gap():
    one = desk("ana")
    first = mail(one, external_id="<1@x>")
    other = mail(one, external_id="<2@x>", at=AT + MINUTE)
    answer = mail(one, reply_to=["<unknown@x>", "<1@x>", "<2@x>"], external_id="<3@x>", at=AT + 30 * DAY)
    assert (answer.disposition, answer.ticket.id, reason(answer)) == (
        Disposition.CONTINUED,
        first.ticket.id,
        SegmentReason.REPLY_ID,
    )
    assert other.ticket.id != first.ticket.id
    further = mail(one, reply_to=["<3@x>"], at=AT + 31 * DAY)
    assert further.ticket.id == first.ticket.id, "an answer can be answered"
    (message,) = one.store.load("acme", [Ref(Kind.MESSAGE, further.message)])
    assert message.conversation == first.ticket.conversation
    check_laws(one)


def test_mail_that_answers_a_closed_ticket_opens_a_follow_up():
    one = desk("ana")
    first = mail(one, external_id="<1@x>").ticket
    close(one, first)
    received = mail(one, reply_to=["<1@x>"], at=AT + MINUTE)
    assert (received.disposition, reason(received)) == (Disposition.FOLLOW_UP, SegmentReason.REPLY_TO_CLOSED)
    assert received.ticket.origin.follow_up_of == first.id
    assert received.ticket.conversation == first.conversation
    assert one.ticket(first.id).category is Category.CLOSED


def test_mail_that_answers_what_was_kept_stays_in_its_conversation():
    one = desk("ana")
    kept = mail(one, "", external_id="<1@x>")
    received = mail(one, "I meant this", reply_to=["<1@x>"], at=AT + MINUTE)
    assert (received.disposition, reason(received)) == (Disposition.OPENED, SegmentReason.NO_REPLY_ID)
    (message,) = one.store.load("acme", [Ref(Kind.MESSAGE, kept.message)])
    assert received.ticket.conversation == message.conversation
    assert mail(one, "", reply_to=["<1@x>"], at=AT + MINUTE).ticket is None, "e-mail has no thread to go by"
    check_laws(one)


def test_a_chat_message_can_answer_an_older_ticket():
    one = desk("ana")
    first = say(one, external_id="1")
    second = say(one, external_id="2", at=AT + DAY)
    answer = say(one, reply_to=["1"], at=AT + DAY + MINUTE)
    assert (answer.ticket.id, reason(answer)) == (first.ticket.id, SegmentReason.REPLY_ID)
    assert say(one, at=AT + DAY + MINUTE).ticket.id == second.ticket.id


def test_a_stranger_does_not_get_into_a_ticket_by_naming_its_message():
    one = desk("ana")
    first = mail(one, external_id="<1@x>")
    mail(one, sender="lee@example.org", at=AT)
    stranger = mail(one, sender="lee@example.org", reply_to=["<1@x>"], at=AT + MINUTE)
    newcomer = mail(one, sender="max@example.org", reply_to=["<1@x>"], at=AT + MINUTE)
    assert {stranger.disposition, newcomer.disposition} == {Disposition.OPENED}
    assert first.ticket.id not in (stranger.ticket.id, newcomer.ticket.id)
    assert {stranger.decisions[0].ticket, newcomer.decisions[0].ticket} == {None}


def test_a_message_without_anything_in_it_is_kept_with_a_verdict():
    one = desk("ana")
    empty = say(one, "  \n")
    assert (empty.disposition, empty.ticket, reason(empty)) == (Disposition.KEPT, None, SegmentReason.NOTHING_SAID)
    (message,) = one.store.load("acme", [Ref(Kind.MESSAGE, empty.message)])
    assert (message.verdict, message.ticket) == (Verdict.EMPTY, None)
    assert one.find(Query(Kind.TICKET)).values == ()
    assert say(one, "Hello", at=AT + MINUTE).decisions[0].reason is SegmentReason.NO_TICKET_YET
    ticket = say(one, "Hello", at=AT + MINUTE).ticket
    again = say(one, "", at=AT + MINUTE)
    assert (again.disposition, again.ticket.id) == (Disposition.KEPT, ticket.id), "it names the ticket it concerns"
    assert say(one, "", subject="Only a subject", sender="lee").disposition is Disposition.OPENED
    check_laws(one)


@pytest.mark.parametrize("header", ["auto-replied", "Auto-Generated", "auto-notified; owner"])
def test_an_automatic_message_opens_nothing(header):
    one = desk("ana")
    received = mail(one, headers={"Auto-Submitted": header})
    assert (received.disposition, reason(received)) == (Disposition.KEPT, SegmentReason.AUTO_SUBMITTED)
    (message,) = one.store.load("acme", [Ref(Kind.MESSAGE, received.message)])
    assert message.verdict is Verdict.AUTOMATIC
    check_laws(one)


@pytest.mark.parametrize("header", ["", "no", " No "])
def test_a_person_says_so_or_nothing(header):
    assert mail(desk("ana"), headers={"Auto-Submitted": header}).disposition is Disposition.OPENED


def test_an_automatic_answer_is_added_and_reopens_nothing():
    one = desk("ana")
    first = mail(one, external_id="<1@x>").ticket
    one.handle(Solve(first.id, ANA), AT)
    automatic = mail(one, reply_to=["<1@x>"], headers={"auto-submitted": "auto-replied"}, at=AT + MINUTE)
    assert (automatic.disposition, automatic.ticket.id, automatic.ticket.state) == (
        Disposition.CONTINUED,
        first.id,
        "solved",
    )
    one.handle(Close(first.id, ANA), AT)
    late = mail(one, reply_to=["<1@x>"], headers={"auto-submitted": "auto-replied"}, at=AT + 2 * MINUTE)
    assert (late.disposition, late.ticket.id) == (Disposition.KEPT, first.id)
    assert kinds(one, Ref(Kind.CONVERSATION, first.conversation))[-1] == "MessageKept"
    check_laws(one)


def test_one_person_on_two_accounts_and_in_two_spellings():
    one = desk("ana")
    first = one.receive(Inbound("email", "support", "Kim@Example.org", "Hi"), AT)
    second = one.receive(Inbound("email", "sales", " kim@example.ORG", "Hi"), AT)
    assert first.ticket.contact == second.ticket.contact
    chats = [one.receive(Inbound("chat", account, "kim", "Hi"), AT).ticket.contact for account in ("a", "b")]
    assert len({first.ticket.contact, *chats}) == 3, "elsewhere an address is known within an account only"


def test_an_alias_that_was_linked_brings_another_channel_into_the_same_file():
    one = desk("ana")
    contact = mail(one).ticket.contact
    (linked,) = {item.stream for item in one.handle(LinkAlias(contact, "chat", "kim", ANA, account="shop"), AT).events}
    assert linked == Ref(Kind.CONTACT, contact)
    assert say(one, sender="kim").ticket.contact == contact
    (value,) = one.store.load("acme", [linked])
    assert [(alias.channel, alias.address) for alias in value.aliases] == [
        ("email", "kim@example.org"),
        ("chat", "kim"),
    ]
    assert one.handle(LinkAlias(contact, "chat", "kim", ANA, account="shop"), AT).events == (), "linked already"
    check_laws(one)


def test_files_are_kept_with_their_names():
    blobs = MemoryBlobs()
    one = new_desk(MemoryStore(), tenant="acme", parts=Parts(blobs=blobs))
    received = say(one, "", attachments=[File(b"png", "shot.png", "image/png"), File(b"")])
    (message,) = one.store.load("acme", [Ref(Kind.MESSAGE, received.message)])
    assert received.disposition is Disposition.OPENED, "a file is something said"
    assert [blobs.get(item.blob) for item in message.attachments] == [b"png", b""]
    assert [item.media_type for item in message.attachments] == ["image/png", "application/octet-stream"]
    assert one.words(item.name for item in message.attachments) == {message.attachments[0].name: "shot.png"}


def test_files_without_a_place_for_them_are_refused_not_dropped():
    one = desk("ana")
    with pytest.raises(InvalidInput, match="blob store"):
        say(one, attachments=[File(b"x")])
    assert one.store.events("acme") == ()


def test_a_segmenter_of_the_host_decides():
    class Everything:
        def segment(self, message, at):
            return Segmentation(SegmentReason.QUIET_GAP, opens=True)

    one = new_desk(MemoryStore(), tenant="acme", parts=Parts(segmenter=Everything()))
    assert [say(one).ticket.number for _ in range(3)] == [1, 2, 3]


def test_the_history_holds_no_words_and_no_addresses():
    one = new_desk(
        MemoryStore(),
        tenant="acme",
        config=Configuration(agents=[]),
        parts=Parts(blobs=MemoryBlobs()),
    )
    say(
        one,
        "Zaubertext",
        sender="zauber@example.org",
        subject="Zauberthema",
        sender_name="Zauberer",
        attributes={"order": "Zauberzahl"},
        attachments=[File(b"Zauberbild", "zauber.png")],
        headers={"x": "Zauberkopf"},
        external_id="<zauber@example.org>",
        channel="email",
    )
    assert not [text for item in one.store.events("acme") if "zauber" in (text := encode_event(item.event)).lower()]


def test_everything_that_was_said_can_be_found_again():
    one = desk("ana")
    ticket = opened(one, external_id="1")
    say(one, "And another thing", at=AT + MINUTE)
    one.handle(Reply(ticket.id, ANA, "I see"), AT + 2 * MINUTE)
    page = one.find(Query(Kind.MESSAGE, {"ticket": ticket.id}, sort="received_at"))
    assert [one.words([message.text])[message.text] for message in page.values] == [
        "It broke",
        "And another thing",
        "I see",
    ]
    own = page.values[0].provider_id
    assert isinstance(one.store.load("acme", [provider_key(own.channel, own.account, own.id)])[0], Message)


def test_tenants_on_one_store_do_not_meet():
    store = MemoryStore()
    here, there = desk("ana", store=store), desk("ana", store=store, tenant="other")
    assert [say(here, external_id="1").ticket.number, say(there, external_id="1").ticket.number] == [1, 1]
    assert {type(item) for item in stored(here).values()} >= {Contact, Conversation}
    assert not set(stored(here)) & {ref for ref in stored(there) if ref.kind is not Kind.AGENT}
    assert agent(here, "ana").open == agent(there, "ana").open == 1


def test_channels_thread_as_declared():
    one = desk("ana", channels=[Channel("forum", Threading.REPLY_IDS)])
    assert [say(one, channel="forum").disposition for _ in range(2)] == [Disposition.OPENED] * 2
    assert say(one, channel="email").decisions[0].reason is SegmentReason.NO_REPLY_ID, "e-mail is known undeclared"


def test_conflicts_that_never_end_are_raised_and_leave_nothing():
    class Contended(MemoryStore):
        attempts = 0

        def commit(self, commit):
            if commit.events[0].stream.kind is Kind.CONFIGURATION:
                return super().commit(commit)
            self.attempts += 1
            raise Conflict((("conversation", "c"),))

    store = Contended()
    with pytest.raises(Conflict):
        say(desk("ana", store=store))
    assert 2 <= store.attempts <= 100
    assert {item.stream.kind for item in store.events("acme")} == {Kind.CONFIGURATION, Kind.AGENT}


@pytest.mark.parametrize("began_with", [(), (Channel("chat", shared_addresses=False),)])
def test_the_store_says_whether_an_address_is_one_customer_on_every_account(began_with):
    """Also to a desk that began with something else, by which it looks for its surroundings first."""
    shared = desk("ana", channels=[Channel("chat", shared_addresses=True)])
    first = shared.receive(Inbound("chat", "shop", "kim", "Hello"), AT)
    other = desk(channels=began_with, store=shared.store)
    second = other.receive(Inbound("chat", "repairs", "kim", "Hello"), AT)
    again = other.receive(Inbound("chat", "repairs", "kim", "And"), AT)
    assert second.ticket.contact == first.ticket.contact
    assert again.ticket.id == second.ticket.id != first.ticket.id
    check_laws(shared)
