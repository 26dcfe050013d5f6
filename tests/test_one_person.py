"""Contacts who turn out to be one person: what follows from it, and that taking it back leaves nothing behind."""

from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, DAY, HOUR, MINUTE, check_laws, everything, new_desk
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore import AgentProfile, Condition, Configuration, Inbound, NotFound, Refused, RoutingRule
from ticketcore.commands import DescribeContact, Merge, MergeContacts, Reply, Unmerge, UnmergeContacts
from ticketcore.events import MatchDisputed
from ticketcore.model import MAX_PARTS, Contact, Disposition, Kept, Kind, Ref, Separating, Uniting
from ticketcore.stores import MemoryStore

CONFIG = Configuration(
    agents=[AgentProfile("ana", capacity=100)], rules=[RoutingRule("gold", Condition(tiers=["gold"]), tags=["gold"])]
)


def new(store=None, tenant="acme"):
    return new_desk(store or MemoryStore(), tenant=tenant, config=CONFIG)


def mail(one, sender, at=AT, text="It broke", channel="email", **inbound):
    return one.receive(Inbound(channel, "help", sender, text, **inbound), at)


def contact(one, id):
    (found,) = one.store.load(one.tenant, [Ref(Kind.CONTACT, id)])
    assert isinstance(found, Contact)
    return found


def two(**lee):
    one = new()
    kim = mail(one, "kim@work.example", external_id="k1", sender_name="Kim").ticket
    return one, kim, mail(one, "kim@home.example", AT + MINUTE, external_id="h1", **lee).ticket


def united(**lee):
    one, kim, home = two(**lee)
    return one, kim, home, one.handle(MergeContacts(home.contact, kim.contact, ANA), AT + HOUR)


def test_one_person_takes_part_by_each_of_their_addresses():
    one, kim, home = two()
    before = mail(one, "kim@home.example", AT + 2 * MINUTE, reply_to=["k1"])
    assert before.disposition is Disposition.OPENED, "a stranger still"
    one.handle(MergeContacts(home.contact, kim.contact, ANA), AT + HOUR)
    received = mail(one, "kim@home.example", AT + DAY, reply_to=["k1"])
    assert (received.disposition, received.ticket.id) == (Disposition.CONTINUED, kim.id)
    by_number = mail(one, "kim@home.example", AT + DAY, subject="[#1]")
    assert by_number.ticket.id == kim.id
    (message,) = one.store.load("acme", [Ref(Kind.MESSAGE, received.message)])
    assert message.author.id == home.contact, "what somebody wrote stays theirs"
    assert received.message in [each.id for each in one.customer_view(kim.id).messages]
    check_laws(one)


def test_answers_go_where_the_customer_wrote():
    one, kim, home, _ = united(channel="chat")
    for ticket in (kim, home):
        one.handle(Reply(ticket.id, ANA, "Here you are"), AT + DAY)
    homes = {each.ticket: each.conversation for each in everything(one, Kind.MESSAGE) if each.kind == "agent"}
    assert homes == {kim.id: kim.conversation, home.id: home.conversation}
    channels = {each.id: each.channel for each in everything(one, Kind.CONVERSATION)}
    assert [channels[homes[ticket.id]] for ticket in (kim, home)] == ["email", "chat"]


def test_tickets_are_found_by_any_of_their_contacts():
    one, kim, home, _ = united()
    mail(one, "lee@y.example")
    for id in (kim.contact, home.contact):
        assert [each.number for each in one.tickets(contact=id).tickets] == [1, 2]
    assert [each.number for each in one.tickets(contact=(kim.contact, None)).tickets] == [1, 2]
    one.handle(UnmergeContacts(home.contact, ANA), AT + DAY)
    assert [each.number for each in one.tickets(contact=home.contact).tickets] == [2]


def test_where_they_differ_is_told_and_neither_changes():
    one, kim, home = two(sender_name="K. Smith", organisation="acme")
    one.handle(DescribeContact(home.contact, ANA, "gold", "de"), AT)
    one.handle(DescribeContact(kim.contact, ANA, None, "en"), AT)
    handled = one.handle(MergeContacts(home.contact, kim.contact, ANA), AT + HOUR)
    assert handled.decisions == (Uniting(home.contact, kim.contact, ("name", "language")),)
    assert [contact(one, id).name for id in (kim.contact, home.contact)] == ["Kim", "K. Smith"]
    assert contact(one, kim.contact).tier is None
    assert mail(one, "kim@work.example", AT + DAY).ticket.tags == ("gold",), (
        "what is known of one is known of the person"
    )
    check_laws(one)


def test_the_undoing_leaves_nothing_behind():
    one, kim, home = two()
    before = [contact(one, each.contact) for each in (kim, home)]
    one.handle(MergeContacts(home.contact, kim.contact, ANA), AT + HOUR)
    handled = one.handle(UnmergeContacts(home.contact, ANA), AT + DAY)
    assert handled.decisions == (Separating(home.contact, kim.contact),)
    after = [contact(one, each.contact) for each in (kim, home)]
    assert [attrs.evolve(each, version=0) for each in after] == [attrs.evolve(each, version=0) for each in before]
    assert mail(one, "kim@home.example", AT + DAY, reply_to=["k1"]).disposition is Disposition.OPENED
    check_laws(one)


def test_the_undoing_tells_what_stays_where_it_was_written():
    one, _, home, _ = united()
    there = mail(one, "kim@home.example", AT + DAY, reply_to=["k1"])
    back = mail(one, "kim@work.example", AT + DAY, reply_to=["h1"])
    mail(one, "kim@home.example", AT + DAY, reply_to=["h1"])
    (decision,) = one.handle(UnmergeContacts(home.contact, ANA), AT + 2 * DAY).decisions
    assert {each.of for each in decision.kept} == {there.message, back.message}
    assert {(each.field, each.reason) for each in decision.kept} == {("conversation", "wrote_there")}


def test_what_is_refused():
    one, kim, home, _ = united()
    lee = mail(one, "lee@y.example").ticket
    with pytest.raises(Refused, match="merged"):
        one.handle(MergeContacts(home.contact, lee.contact, ANA), AT + DAY)
    for into in (kim.contact, home.contact):
        with pytest.raises(Refused, match="cycle"):
            one.handle(MergeContacts(kim.contact, into, ANA), AT + DAY)
    with pytest.raises(Refused, match="not_merged"):
        one.handle(UnmergeContacts(lee.contact, ANA), AT + DAY)
    with pytest.raises(NotFound):
        one.handle(MergeContacts(lee.contact, "nobody", ANA), AT + DAY)
    other = new(one.store, tenant="other")
    theirs = mail(other, "kim@work.example").ticket
    with pytest.raises(NotFound):
        other.handle(MergeContacts(theirs.contact, kim.contact, ANA), AT)
    check_laws(one)


def test_no_more_than_so_many_are_one_person():
    one = new()
    ids = [mail(one, f"c{place}@x.example").ticket.contact for place in range(MAX_PARTS + 1)]
    for id in ids[1:MAX_PARTS]:
        one.handle(MergeContacts(id, ids[0], ANA), AT)
    with pytest.raises(Refused, match="too_many_merged"):
        one.handle(MergeContacts(ids[-1], ids[5], ANA), AT)
    assert mail(one, "c7@x.example", AT + DAY, subject="[#3]").ticket.number == 3


@settings(max_examples=20)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)), max_size=12))
def test_who_is_one_person_is_what_was_merged_and_not_taken_back(steps):
    one = new()
    ids = [mail(one, f"c{place}@x.example").ticket.contact for place in range(5)]
    edges = {}

    def root(id):
        while id in edges:
            id = edges[id]
        return id

    for place, (merges, first, second) in enumerate(steps):
        at, a, b = AT + timedelta(minutes=place), ids[first], ids[second]
        try:
            one.handle(MergeContacts(a, b, ANA) if merges else UnmergeContacts(a, ANA), at)
        except Refused:
            assert (a in edges or root(b) == a) if merges else a not in edges
            continue
        if merges:
            edges[a] = b
        else:
            del edges[a]
    for place, id in enumerate(ids):
        alike = [number + 1 for number, other in enumerate(ids) if root(other) == root(id)]
        assert [each.number for each in one.tickets(contact=id).tickets] == alike, place
    check_laws(one)


def test_tickets_of_one_person_are_merged_as_those_of_one_customer():
    one, kim, home, _ = united()
    handled = one.handle(Merge(home.id, ANA, kim.id), AT + DAY)
    assert handled.decisions[0].gained == ()
    for ticket, other in ((kim, home), (home, kim)):
        view = one.customer_view(ticket.id)
        assert [message.is_theirs for message in view.messages] == [True, True]
        assert view.part_of == (kim.number if ticket is home else None), other
    assert all(who.role != "merged" for each in everything(one, Kind.CONVERSATION) for who in each.participants)
    one.handle(Unmerge(home.id, ANA), AT + DAY)
    assert len(one.customer_view(home.id).messages) == 1
    check_laws(one)


def test_who_turns_out_to_be_two_sees_nothing_of_the_other_though_their_tickets_stay_merged():
    one, kim, home, _ = united()
    one.handle(Merge(home.id, ANA, kim.id), AT + DAY)
    (decision,) = one.handle(UnmergeContacts(home.contact, ANA), AT + DAY).decisions
    assert decision.kept == (Kept(home.id, "merged_into", "merged_there"),)
    for ticket in (kim, home):
        view = one.customer_view(ticket.id)
        assert ([message.is_theirs for message in view.messages], view.part_of) == ([True], None)
    answer = mail(one, "kim@home.example", AT + 2 * DAY, reply_to=["h1"])
    assert answer.ticket.id == kim.id
    (message,) = one.store.load("acme", [Ref(Kind.MESSAGE, answer.message)])
    assert (message.ticket, message.conversation) == (home.id, home.conversation)
    assert len(one.customer_view(kim.id).messages) == 1
    one.handle(Unmerge(home.id, ANA), AT + 3 * DAY)
    assert len(one.customer_view(home.id).messages) == 2
    with pytest.raises(Refused, match="gains_sight"):
        one.handle(Merge(home.id, ANA, kim.id), AT + 3 * DAY)
    check_laws(one)


def test_who_turned_out_to_be_two_and_answers_the_others_mail_is_a_stranger_there_and_it_is_told():
    """What they wrote in the other's conversation gives them no way back into it."""
    one, kim, home, _ = united()
    mail(one, "kim@home.example", AT + DAY, reply_to=["k1"], external_id="h2")
    one.handle(UnmergeContacts(home.contact, ANA), AT + DAY)
    received = mail(one, "kim@home.example", AT + 2 * DAY, reply_to=["h2", "k1"])
    assert (received.disposition, received.ticket.contact) == (Disposition.OPENED, home.contact)
    assert {(claim.ticket, claim.takes_part) for claim in received.decisions[0].claims} == {(kim.id, False)}
    assert any(isinstance(item.event, MatchDisputed) for item in received.events)
