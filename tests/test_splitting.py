"""Splitting a ticket by its messages, and undoing it."""

from datetime import timedelta

import pytest
from desks import ANA, AT, HOUR, MINUTE, agent, check_laws, desk, kinds, opened, say
from test_merging import conversation, decision, mail, mails, messages, refused
from tied import check_ties

from ticketcore import Actor, AgentProfile, Condition, InvalidInput, NotFound, RoutingRule
from ticketcore.commands import Close, Merge, Note, Pend, Reply, SetAttributes, SetTags, Solve, Split, Unmerge, Unsplit
from ticketcore.errors import Reason
from ticketcore.model import Attribute, Goal, Kept, Kind, Ref, Relation, SlaPolicy, Step, TicketType
from ticketcore.turns.clocks import ESCALATION

pytestmark = pytest.mark.usefixtures("every_driver")


def split(one, ticket, *chosen, at=AT + HOUR, clocks="new"):
    """The ticket that is split off."""
    one.handle(Split(ticket.id, ANA, [item.message for item in chosen], clocks), at)
    return one.ticket(one.ticket(ticket.id).linked(Relation.SPLIT_INTO)[-1])


def thread(one):
    """A ticket of three messages by mail, the first one answered."""
    first = mail(one, "a")
    one.handle(Reply(first.ticket.id, ANA, "Which one?"), AT + MINUTE)
    second = mail(one, "b", ["a"], at=AT + 2 * MINUTE, text="The ring")
    third = mail(one, "c", ["b"], at=AT + 3 * MINUTE, text="And my invoice is wrong")
    return first, second, third


def test_chosen_messages_become_a_ticket_and_replies_follow_the_message_they_answer():
    one = desk("ana")
    first, _, third = thread(one)
    new = split(one, first.ticket, third)
    assert (new.number, new.contact, new.conversation) == (2, first.ticket.contact, first.ticket.conversation)
    assert (new.waiting_since, new.last_message_at) == (AT + 3 * MINUTE, AT + 3 * MINUTE)
    assert one.ticket(first.ticket.id).waiting_since == AT + 2 * MINUTE
    (moved,) = messages(one, new.id)
    assert (moved.id, moved.moved_from, moved.version) == (third.message, (first.ticket.id,), 2)
    assert mail(one, "d", ["c"], at=AT + 2 * HOUR).ticket.id == new.id
    assert mail(one, "e", ["b"], at=AT + 2 * HOUR).ticket.id == first.ticket.id
    assert mail(one, "c", ["b"], at=AT + 3 * MINUTE, text="And my invoice is wrong").ticket.id == new.id
    check_laws(one)
    check_ties(one)


def test_what_is_split_off_is_routed_and_placed_like_its_source():
    rules = [RoutingRule("gold", Condition(keywords=["ring"]), "support", ["gold"], priority=3)]
    one = desk("ana", "bo", rules=rules)
    first = mail(one, "a", text="My ring")
    second = mail(one, "b", ["a"], text="And an invoice")
    one.handle(SetTags(first.ticket.id, ANA, ["vip"]), AT)
    new = split(one, first.ticket, second)
    assert (new.queue, new.tags, new.priority, new.type) == ("support", ("gold", "vip"), 3, "request")
    assert new.assignee is not None
    assert agent(one, new.assignee).open == 1
    assert kinds(one, Ref(Kind.TICKET, new.id))[:3] == ["TicketOpened", "TicketSplit", "Routed"]


def test_an_undone_split_leaves_nothing_but_a_tombstone():
    one = desk("ana")
    first, second, third = thread(one)
    before = one.ticket(first.ticket.id)
    new = split(one, first.ticket, second, third)
    undone = decision(one.handle(Unsplit(new.id, ANA), AT + HOUR), "Undoing")
    assert (undone.ticket, undone.other, undone.kept) == (new.id, before.id, ())
    after = one.ticket(before.id)
    assert (after.waiting_since, after.last_message_at, after.ties) == (
        before.waiting_since,
        before.last_message_at,
        None,
    )
    assert {message.ticket for message in messages(one, before.id, new.id)} == {before.id}
    assert (one.ticket(new.id).state, one.resolve(new.id).id) == ("merged", before.id)
    assert agent(one, "ana").open == 1
    assert mail(one, "d", ["c"], at=AT + HOUR).ticket.id == before.id
    assert refused(one, Unmerge(new.id, ANA)) == (Reason("split_undone", before.id),)
    check_laws(one)


def test_what_came_since_stays_the_split_tickets_own_and_is_said_in_the_source():
    one = desk("ana")
    first, _, third = thread(one)
    new = split(one, first.ticket, third)
    one.handle(Reply(new.id, ANA, "Which invoice?"), AT + HOUR)
    late = mail(one, "d", ["c"], at=AT + 2 * HOUR)
    answer = messages(one, new.id)[1]
    undone = decision(one.handle(Unsplit(new.id, ANA), AT + 3 * HOUR), "Undoing")
    assert undone.kept == (Kept(answer.id, "ticket", "written_since"), Kept(late.message, "ticket", "written_since"))
    source = one.ticket(first.ticket.id)
    assert source.homes == (source.id, new.id)
    assert source.waiting_since == AT + 2 * MINUTE
    assert len(messages(one, *source.homes)) == 6
    assert mail(one, "e", ["d"], at=AT + 4 * HOUR).ticket.id == source.id
    check_ties(one)


def test_a_split_is_undone_from_the_last_one_back():
    one = desk("ana")
    first, second, third = thread(one)
    middle = split(one, first.ticket, second, third)
    last = split(one, middle, third)
    assert refused(one, Unsplit(middle.id, ANA)) == (Reason("split_further", last.id),)
    for ticket in (last, middle):
        one.handle(Unsplit(ticket.id, ANA), AT + HOUR)
    assert [message.moved_from for message in messages(one, first.ticket.id)] == [()] * 4


def overheard(one, subject=""):
    """A ticket of Kim's that Lee can answer, since his own was merged into another one in the same conversation."""
    first = mail(one, "first").ticket
    heard = say(one, "One more", "kim@example.org", AT, "email", external_id="a", reply_to=["first"], subject=subject)
    theirs = mail(one, "b", sender="lee@example.org").ticket
    one.handle(Merge(theirs.id, ANA, first.id, shared=True), AT)
    return split(one, first, heard), theirs


def test_who_wrote_the_first_message_is_the_customer_of_the_new_ticket():
    one = desk("ana")
    a, b = overheard(one)
    said = mail(one, "c", ["a"], sender="lee@example.org", at=AT + MINUTE)
    new = split(one, a, said)
    assert (new.contact, new.conversation) == (b.contact, b.conversation)
    assert conversation(one, new).contact == b.contact


def test_who_wrote_first_is_the_customer_whatever_is_noted_before():
    one = desk("ana")
    a, b = overheard(one)
    one.handle(Note(a.id, ANA, "Lee writes too"), AT)
    said = mail(one, "c", ["a"], sender="lee@example.org", at=AT + MINUTE)
    note = next(item for item in messages(one, a.id) if item.kind == "note")
    one.handle(Split(a.id, ANA, [note.id, said.message]), AT + HOUR)
    new = one.ticket(one.ticket(a.id).linked(Relation.SPLIT_INTO)[-1])
    assert (new.contact, new.conversation) == (b.contact, b.conversation)


def test_what_one_customer_gave_does_not_go_along_into_another_s_ticket():
    one = desk("ana", types=[TicketType("request", attributes=[Attribute("order", "order")])])
    kim, lee = "kim@example.org", "lee@example.org"
    a, b = overheard(one, "My ring")
    one.handle(SetAttributes(a.id, ANA, {"order": "A-1"}), AT)
    said = [
        say(one, "And mine", who, AT + i * MINUTE, "email", external_id=f"c{i}", reply_to=["a"], subject=heading)
        for i, (who, heading) in enumerate([(lee, ""), (kim, "Kim's"), (kim, "Kim's"), (lee, ""), (lee, "Lee's")])
    ]
    theirs, own, both = split(one, a, *said[:2]), split(one, a, said[2]), split(one, a, *said[3:])
    assert [ticket.contact for ticket in (theirs, own, both)] == [b.contact, a.contact, b.contact]
    assert [one.words([ticket.subject]).get(ticket.subject) for ticket in (theirs, own, both)] == [
        None,
        "Kim's",
        "Lee's",
    ]
    order = one.ticket(a.id).attributes
    assert [ticket.attributes for ticket in (theirs, own, both)] == [(), order, ()]
    assert [value.text for value in order] == ["A-1"]
    again = mail(one, "d", ["c2"], kim, AT + HOUR)
    assert split(one, own, again).subject == own.subject


def test_notes_alone_make_a_ticket_that_nobody_waits_for():
    one = desk("ana")
    ticket = opened(one)
    one.handle(Note(ticket.id, ANA, "Call the workshop"), AT + MINUTE)
    note = messages(one, ticket.id)[1]
    one.handle(Split(ticket.id, ANA, [note.id]), AT + HOUR)
    new = one.ticket(one.ticket(ticket.id).linked(Relation.SPLIT_INTO)[0])
    assert (new.waiting_since, one.ticket(ticket.id).waiting_since) == (None, AT)


def test_what_cannot_be_split():
    one = desk("ana")
    first, second, _ = thread(one)
    other = mail(one, "x")
    ticket = first.ticket
    everything = [message.id for message in messages(one, ticket.id)]
    assert refused(one, Split(ticket.id, ANA, everything)) == (Reason("nothing_stays", ticket.id),)
    assert refused(one, Split(ticket.id, ANA, [other.message])) == (Reason("message_elsewhere", other.message),)
    assert refused(one, Unsplit(ticket.id, ANA)) == (Reason("not_split", ticket.id),)
    with pytest.raises(NotFound):
        one.handle(Split(ticket.id, ANA, ["nothing"]), AT)
    for messages_ in ([], [str(i) for i in range(1001)]):
        with pytest.raises(InvalidInput, match=r"Split\.messages"):
            Split(ticket.id, ANA, messages_)
    one.handle(Merge(other.ticket.id, ANA, ticket.id), AT)
    assert refused(one, Split(other.ticket.id, ANA, [other.message])) == (Reason("nothing_stays", other.ticket.id),)
    assert refused(one, Split(ticket.id, ANA, [other.message])) == (Reason("message_elsewhere", other.message),)
    mail(one, "y", ["x"], at=AT + HOUR)
    assert refused(one, Split(other.ticket.id, ANA, [other.message])) == (Reason("merged", ticket.id),)
    one.handle(Solve(ticket.id, ANA), AT + HOUR)
    one.handle(Close(ticket.id, ANA), AT + HOUR)
    assert refused(one, Split(ticket.id, ANA, [second.message])) == (Reason("closed_is_final", ticket.id),)


def test_what_keeps_a_split_from_being_undone():
    one = desk("ana")
    first, _, third = thread(one)
    a, b = mails(one, "x", "y")
    new = split(one, first.ticket, third)
    one.handle(Merge(b.id, ANA, new.id), AT)
    assert refused(one, Unsplit(new.id, ANA)) == (Reason("merged_since", b.id),)
    one.handle(Unmerge(b.id, ANA), AT)
    one.handle(Merge(first.ticket.id, ANA, a.id), AT)
    assert refused(one, Unsplit(new.id, ANA)) == (Reason("merged", a.id),)
    one.handle(Unmerge(first.ticket.id, ANA), AT)
    one.handle(Merge(new.id, ANA, a.id), AT)
    assert refused(one, Unsplit(new.id, ANA)) == (Reason("merged", a.id),)
    one.handle(Unmerge(new.id, ANA), AT)
    one.handle(Solve(first.ticket.id, ANA), AT + HOUR)
    one.handle(Close(first.ticket.id, ANA), AT + HOUR)
    assert refused(one, Unsplit(new.id, ANA)) == (Reason("closed_is_final", first.ticket.id),)
    one.handle(Reply(new.id, ANA, "Done"), AT + HOUR)
    one.handle(Unsplit(new.id, ANA), AT + HOUR)
    assert one.ticket(new.id).merged_into == first.ticket.id


def test_a_source_that_was_solved_meanwhile_is_woken_by_what_comes_back_unanswered():
    one = desk("ana")
    first, _, third = thread(one)
    new = split(one, first.ticket, third)
    one.handle(Reply(first.ticket.id, ANA, "Done", then="solve"), AT + 2 * HOUR)
    one.handle(Unsplit(new.id, ANA), AT + 3 * HOUR)
    source = one.ticket(first.ticket.id)
    assert (source.state, source.waiting_since) == ("open", AT + 3 * MINUTE)
    check_laws(one)


def test_a_source_on_hold_is_left_there():
    one = desk("ana")
    first, _, third = thread(one)
    one.handle(Pend(first.ticket.id, ANA), AT + HOUR)
    new = split(one, first.ticket, third)
    one.handle(Unsplit(new.id, ANA), AT + HOUR)
    assert one.ticket(first.ticket.id).state == "pending"


def test_slots_of_what_is_split_are_freed_once():
    one = desk(AgentProfile("ana", capacity=2))
    first, _, third = thread(one)
    waiting = say(one, sender="lee")
    new = split(one, first.ticket, third)
    assert (one.ticket(waiting.ticket.id).assignee, new.assignee) == ("ana", None)
    one.handle(Unsplit(new.id, Actor.bot("x")), AT + HOUR)
    assert agent(one, "ana").open == 2
    check_laws(one)


def test_who_kept_something_of_an_undone_split_sees_what_answers_them_after_a_merge():
    one = desk("ana")
    first, second, _ = thread(one)
    new = split(one, first.ticket, second)
    one.handle(Note(new.id, ANA, "Look"), AT + HOUR)
    one.handle(Unsplit(new.id, ANA), AT + HOUR)
    other = mail(one, "z", sender="lee@example.org")
    one.handle(Merge(first.ticket.id, ANA, other.ticket.id, shared=True), AT + HOUR)
    seen = {(who.id, who.by_ticket) for who in conversation(one, other.ticket).participants if who.by_ticket}
    assert seen == {(first.ticket.contact, first.ticket.id), (first.ticket.contact, new.id)}
    check_ties(one)
    one.handle(Unmerge(first.ticket.id, ANA), AT + HOUR)
    check_ties(one)


def test_who_kept_something_of_an_undone_split_sees_nothing_by_a_merge_that_was_undone():
    """Both tickets stand in one conversation, in which the customer of what was split off has no part."""
    one = desk("ana")
    a = mail(one, "a").ticket
    other = split(one, a, mail(one, "o", ["a"]))
    b = mail(one, "b", sender="lee@example.org").ticket
    one.handle(Merge(b.id, ANA, a.id, shared=True), AT)
    new = split(one, other, mail(one, "c", ["o"], sender="lee@example.org", at=AT + HOUR))
    one.handle(Unmerge(b.id, ANA), AT + HOUR)
    one.handle(Note(new.id, ANA, "Look"), AT + HOUR)
    one.handle(Unsplit(new.id, ANA), AT + HOUR)
    assert (a.conversation, new.contact) == (other.conversation, b.contact)
    one.handle(Merge(other.id, ANA, a.id, shared=True), AT + HOUR)
    check_ties(one)
    one.handle(Unmerge(other.id, ANA), AT + HOUR)
    check_ties(one)
    assert b.contact not in {who.id for who in conversation(one, a).participants}


def test_what_was_merged_into_the_tombstone_of_an_undone_split_follows_an_undoing_further_up():
    one = desk("ana")
    first, second, _ = thread(one)
    new = split(one, first.ticket, second)
    one.handle(Unsplit(new.id, ANA), AT + HOUR)
    lee, moe = (mail(one, name, sender=f"{name}@example.org").ticket for name in ("lee", "moe"))
    one.handle(Merge(moe.id, ANA, new.id, shared=True), AT + HOUR)
    one.handle(Merge(first.ticket.id, ANA, lee.id, shared=True), AT + HOUR)
    one.handle(Unmerge(first.ticket.id, ANA), AT + HOUR)
    assert one.ticket(first.ticket.id).homes == (first.ticket.id, moe.id)
    assert [who.by_ticket for who in conversation(one, first.ticket).participants if who.by_ticket] == [moe.id]
    check_ties(one)


# Clocks

FIRST = SlaPolicy("first", [Goal("first_response", HOUR), Goal("requester_wait", 4 * HOUR)])


def measured_thread(**more):
    """A ticket of two messages, with the clocks of a promise."""
    one = desk("ana", policies=[FIRST], **more)
    first = mail(one, "a")
    return one, first.ticket, mail(one, "b", ["a"], at=AT + MINUTE)


def readings(one, ticket):
    return {reading.metric: reading for reading in one.clock(ticket.id).readings}


@pytest.mark.parametrize(("clocks", "since"), [("new", AT + HOUR / 2), ("inherited", AT)])
def test_what_is_split_off_has_the_deadlines_of_its_source_or_its_own(clocks, since):
    one, ticket, second = measured_thread()
    one.handle(Split(ticket.id, ANA, [second.message], clocks), AT + HOUR / 2)
    new = one.ticket(one.ticket(ticket.id).linked(Relation.SPLIT_INTO)[0])
    due = {metric: reading.due for metric, reading in readings(one, new).items()}
    assert due == {"first_response": since + HOUR, "requester_wait": since + 4 * HOUR}
    assert readings(one, ticket)["first_response"].due == AT + HOUR
    assert "ClockInherited" in kinds(one, Ref(Kind.CLOCK, new.id)) or clocks == "new"
    check_laws(one)


def test_what_was_missed_and_told_before_a_split_is_neither_missed_nor_told_again():
    steps = [Step("missed", timedelta(0), ["boss"])]
    policy = SlaPolicy("first", [Goal("first_response", HOUR, steps=steps)])
    one = desk("ana", policies=[policy])
    ticket = mail(one, "a").ticket
    second = mail(one, "b", ["a"])
    handled = one.handle(Split(ticket.id, ANA, [second.message], "inherited"), AT + 2 * HOUR)
    assert [type(item.event).__name__ for item in handled.events].count("ClockBreached") == 1
    new = one.ticket(one.ticket(ticket.id).linked(Relation.SPLIT_INTO)[0])
    reading = readings(one, new)["first_response"]
    assert (reading.active, reading.breached_at, reading.taken) == (True, AT + HOUR, ("missed",))
    assert len(one.store.claim("acme", [ESCALATION], AT + 9 * HOUR, AT + 9 * HOUR, 9)) == 1
    one.tick(AT + 9 * HOUR)
    assert kinds(one, Ref(Kind.CLOCK, new.id)).count("ClockBreached") == 0


def test_an_inherited_clock_explains_itself_with_the_time_of_its_source():
    one, ticket, second = measured_thread()
    one.handle(Reply(ticket.id, ANA, "Which?", then="pend"), AT + HOUR)
    mail(one, "c", ["a"], at=AT + 2 * HOUR)
    new = split(one, ticket, second, at=AT + 3 * HOUR, clocks="inherited")
    (wait,) = [each for each in one.explain(new.id, AT + 4 * HOUR) if each.metric == "requester_wait"]
    assert [(each.start, each.end, each.held) for each in wait.intervals] == [
        (AT, AT + HOUR, False),
        (AT + HOUR, AT + 2 * HOUR, True),
        (AT + 2 * HOUR, AT + 3 * HOUR, False),
        (AT + 3 * HOUR, AT + 4 * HOUR, False),
    ]
    assert (wait.elapsed, wait.due) == (3 * HOUR, AT + 5 * HOUR)
    again = split(one, new, mail(one, "d", ["b"], at=AT + 4 * HOUR), at=AT + 4 * HOUR, clocks="inherited")
    (wait,) = [each for each in one.explain(again.id, AT + 5 * HOUR) if each.metric == "requester_wait"]
    assert (wait.elapsed, wait.due) == (4 * HOUR, AT + 5 * HOUR)


def test_a_pause_and_a_solution_of_the_source_end_where_the_new_ticket_is_taken_up():
    one, ticket, second = measured_thread()
    one.handle(Reply(ticket.id, ANA, "Which?", then="pend"), AT + HOUR)
    pended = split(one, ticket, second, at=AT + 2 * HOUR, clocks="inherited")
    assert readings(one, pended)["requester_wait"].due == AT + 5 * HOUR
    assert not readings(one, pended)["first_response"].active
    third = mail(one, "c", ["a"], at=AT + 2 * HOUR)
    one.handle(Reply(ticket.id, ANA, "Done", then="solve"), AT + 3 * HOUR)
    solved = split(one, ticket, third, at=AT + 4 * HOUR, clocks="inherited")
    assert readings(one, solved)["requester_wait"].due == AT + 6 * HOUR
    check_laws(one)


def test_a_split_without_a_clock_to_inherit_begins_one_when_there_is_a_policy():
    one = desk("ana")
    first = mail(one, "a")
    new = split(one, first.ticket, mail(one, "b", ["a"]), clocks="inherited")
    assert one.clock(new.id) is None
    with pytest.raises(InvalidInput, match=r"Split\.clocks"):
        Split(first.ticket.id, ANA, ["m"], "old")
