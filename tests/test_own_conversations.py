"""Whoever asked is answered: what a customer says stands in a conversation of theirs, and so does their ticket."""

import pytest
from desks import ANA, AT, HOUR, MINUTE, check_laws, desk, everything, say
from test_merging import conversation, mail, mails, messages
from test_splitting import split
from tied import check_ties

from ticketcore.commands import Close, LinkAlias, Merge, Reply, Solve, Unmerge, Unsplit
from ticketcore.model import Kind, Ref, Role

pytestmark = pytest.mark.usefixtures("every_driver")

LEE = "lee@example.org"


def shared_merge(one):
    """Kim's ticket, and Lee's, which was merged into it."""
    a, b = mail(one, "a").ticket, mail(one, "b", sender=LEE).ticket
    one.handle(Merge(b.id, ANA, a.id, shared=True), AT)
    return a, b


def message(one, received):
    (found,) = one.store.load(one.tenant, [Ref(Kind.MESSAGE, received.message)])
    return found


def answered_to(one, ticket, at=AT + 3 * HOUR):
    """Whose conversation an agent's answer to the ticket goes to, and who takes part there."""
    one.handle(Reply(ticket, ANA, "Here you are"), at)
    last = messages(one, ticket)[-1]
    (found,) = one.store.load(one.tenant, [Ref(Kind.CONVERSATION, last.conversation)])
    assert last.kind == "agent"
    return found.contact


def test_what_is_said_in_another_s_conversation_stands_in_one_s_own_and_goes_home_with_the_ticket():
    one = desk("ana")
    a, b = shared_merge(one)
    one.handle(Reply(a.id, ANA, "Both of you", external_id="r"), AT + MINUTE)
    said = mail(one, "c", ["r"], sender=LEE, at=AT + HOUR)
    assert (said.disposition, said.ticket.id) == ("continued", a.id)
    assert (message(one, said).conversation, message(one, said).ticket) == (b.conversation, b.id)
    one.handle(Unmerge(b.id, ANA), AT + 2 * HOUR)
    assert (one.ticket(a.id).waiting_since, one.ticket(b.id).waiting_since) == (None, AT + HOUR)
    assert answered_to(one, b.id) == b.contact
    later = mail(one, "d", ["r", "c"], sender=LEE, at=AT + 4 * HOUR)
    assert (later.ticket.id, message(one, later).conversation) == (b.id, b.conversation)
    check_laws(one)
    check_ties(one)


@pytest.mark.parametrize("unmerged", [False, True])
def test_a_follow_up_is_its_writer_s_whoever_the_survivor_belongs_to(unmerged):
    one = desk("ana")
    a, b = shared_merge(one)
    one.handle(Solve(a.id, ANA), AT)
    one.handle(Close(a.id, ANA), AT)
    after = mail(one, "c", ["a"], sender=LEE, at=AT + HOUR)
    assert (after.disposition, after.ticket.origin.follow_up_of) == ("follow_up", a.id)
    if unmerged:
        one.handle(Unmerge(b.id, ANA), AT + 2 * HOUR)
    assert (after.ticket.contact, after.ticket.conversation) == (b.contact, b.conversation)
    assert answered_to(one, after.ticket.id) == b.contact
    check_ties(one)


def test_what_is_split_off_is_answered_to_who_wrote_it():
    """Lee, who sees Kim's conversation by a merge, answers a ticket in it that has nothing to do with the merge."""
    one = desk("ana")
    a = mail(one, "a").ticket
    other = split(one, a, mail(one, "o", ["a"]))
    b = mail(one, "b", sender=LEE).ticket
    one.handle(Merge(b.id, ANA, a.id, shared=True), AT)
    said = mail(one, "c", ["o"], sender=LEE, at=AT + HOUR)
    assert (said.ticket.id, message(one, said).ticket) == (other.id, other.id)
    new = split(one, other, said, at=AT + 2 * HOUR)
    one.handle(Unmerge(b.id, ANA), AT + 2 * HOUR)
    assert (new.contact, conversation(one, new).contact) == (b.contact, b.contact)
    assert answered_to(one, new.id) == b.contact
    later = mail(one, "d", ["c"], sender=LEE, at=AT + 4 * HOUR)
    assert (later.ticket.id, message(one, later).conversation) == (new.id, new.conversation)
    one.handle(Unsplit(new.id, ANA), AT + 5 * HOUR)
    check_ties(one)


def test_who_answers_on_another_channel_begins_a_conversation_of_their_own_there():
    one = desk("ana")
    a = mail(one, "a").ticket
    b = say(one, sender="lee").ticket
    one.handle(LinkAlias(b.contact, "email", LEE, ANA), AT)
    one.handle(Merge(b.id, ANA, a.id, shared=True), AT)
    said = mail(one, "c", ["a"], sender=LEE, at=AT + HOUR)
    (own,) = one.store.load(one.tenant, [Ref(Kind.CONVERSATION, message(one, said).conversation)])
    assert (said.ticket.id, message(one, said).ticket) == (a.id, b.id)
    assert (own.channel, own.contact, own.ticket) == ("email", b.contact, b.id)
    one.handle(Unmerge(b.id, ANA), AT + 2 * HOUR)
    again = mail(one, "d", ["c"], sender=LEE, at=AT + 3 * HOUR)
    assert (again.ticket.id, message(one, again).conversation) == (b.id, own.id)
    check_ties(one)


def test_of_two_tickets_of_one_customer_the_one_that_is_answered_has_the_message():
    one = desk("ana")
    a = mail(one, "a").ticket
    b, c = mails(one, "b", "c", sender=LEE)
    for ticket in (b, c):
        one.handle(Merge(ticket.id, ANA, a.id, shared=True), AT)
    homes = [
        message(one, mail(one, f"d{i}", list(answers), sender=LEE)).ticket
        for i, answers in enumerate(["b", "c", "ac", "a"])
    ]
    assert homes == [b.id, c.id, c.id, b.id]
    check_ties(one)


def test_a_chat_stays_its_customer_s_whatever_is_answered_in_it():
    one = desk("ana")
    a, b = say(one, sender="kim", external_id="a").ticket, say(one, sender="lee").ticket
    one.handle(Merge(b.id, ANA, a.id, shared=True), AT)
    said = say(one, "And mine?", "lee", AT + HOUR, reply_to=["a"])
    assert (message(one, said).conversation, message(one, said).ticket) == (b.conversation, b.id)
    one.handle(Unmerge(b.id, ANA), AT + 2 * HOUR)
    assert (one.ticket(a.id).waiting_since, one.ticket(b.id).waiting_since) == (AT, AT)
    assert {who.role for who in conversation(one, a).participants} == {Role.REQUESTER}
    assert len(everything(one, Kind.CONVERSATION)) == 2
