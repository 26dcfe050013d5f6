"""Merging, and undoing it: where messages go, who sees what, whose slots are filled, and what is refused."""

from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, BO, HOUR, MINUTE, agent, check_laws, desk, kinds, new_desk, opened, say
from tied import check_ties

from ticketcore import Actor, AgentProfile, Configuration, InvalidInput, NotFound, Parts, Refused
from ticketcore.commands import (
    Assign,
    Close,
    Configure,
    Focus,
    Hold,
    Merge,
    Note,
    Pend,
    Remind,
    Reply,
    Resume,
    SetCapacity,
    SetPresence,
    SetTeams,
    Snooze,
    Solve,
    Unfocus,
    Unmerge,
)
from ticketcore.errors import Reason
from ticketcore.lifecycle import HouseRules
from ticketcore.model import (
    EMAIL,
    REQUEST,
    Conversation,
    Delay,
    Goal,
    Kept,
    Kind,
    Message,
    Metric,
    Queue,
    Ref,
    Role,
    Sight,
    SlaPolicy,
    State,
    Team,
    TicketType,
    Transition,
    Workflow,
)
from ticketcore.model.configuration import Channel
from ticketcore.ports import Query
from ticketcore.stores import MemoryStore

pytestmark = pytest.mark.usefixtures("every_driver")


def refused(desk, command, at=AT):
    with pytest.raises(Refused) as caught:
        desk.handle(command, at)
    return caught.value.reasons


def mail(desk, id, answers=(), sender="kim@example.org", at=AT, text="It broke"):
    return say(desk, text, sender, at, "email", external_id=id, reply_to=answers)


def mails(desk, *ids, sender="kim@example.org"):
    return [mail(desk, id, sender=sender).ticket for id in ids]


def messages(desk, *tickets):
    query = Query(Kind.MESSAGE, {"ticket": tickets}, "received_at")
    return [value for value in desk.find(query).values if isinstance(value, Message)]


def conversation(desk, ticket) -> Conversation:
    (value,) = desk.store.load(desk.tenant, [Ref(Kind.CONVERSATION, ticket.conversation)])
    return value


def decision(handled, kind):
    (found,) = [one for one in handled.decisions if type(one).__name__ == kind]
    return found


def test_s8_a_reply_to_what_was_merged_follows_its_provenance():
    """Merge B into A, C into B, reply to C, unmerge B."""
    one = desk("ana")
    a, b, c = mails(one, "a", "b", "c")
    one.handle(Merge(b.id, ANA, a.id), AT)
    one.handle(Merge(c.id, ANA, b.id), AT)
    assert one.resolve(c.id).id == one.resolve(b.id).id == one.resolve(a.id).id == a.id
    reply = mail(one, "d", ["c"], at=AT + HOUR)
    assert (reply.disposition, reply.ticket.id) == ("continued", a.id)
    assert [message.id for message in messages(one, *one.ticket(a.id).homes)].count(reply.message) == 1
    undone = decision(one.handle(Unmerge(b.id, ANA), AT + 2 * HOUR), "Undoing")
    assert undone.kept == ()
    assert one.ticket(a.id).homes == (a.id,)
    assert one.ticket(b.id).homes == (b.id, c.id)
    assert one.resolve(c.id).id == b.id
    (kept,) = one.store.load("acme", [Ref(Kind.MESSAGE, reply.message)])
    assert kept.ticket == c.id
    again = mail(one, "e", ["d"], at=AT + 3 * HOUR)
    assert again.ticket.id == b.id
    check_laws(one)
    check_ties(one)


def test_what_each_waited_for_is_known_after_an_undoing():
    one = desk("ana")
    a, b = mails(one, "a", "b")
    one.handle(Merge(b.id, ANA, a.id), AT)
    one.handle(Reply(a.id, ANA, "Both are answered"), AT + MINUTE)
    mail(one, "c", ["b"], at=AT + HOUR)
    assert one.ticket(a.id).waiting_since == AT + HOUR
    one.handle(Unmerge(b.id, ANA), AT + 2 * HOUR)
    assert (one.ticket(a.id).waiting_since, one.ticket(b.id).waiting_since) == (None, AT + HOUR)


def test_an_undoing_lists_what_was_written_to_the_survivor():
    one = desk("ana")
    a, b = mails(one, "a", "b")
    one.handle(Merge(b.id, ANA, a.id), AT)
    one.handle(Reply(a.id, ANA, "To both"), AT + MINUTE)
    (written,) = [message for message in messages(one, a.id) if message.kind == "agent"]
    undone = decision(one.handle(Unmerge(b.id, ANA), AT + HOUR), "Undoing")
    assert (undone.ticket, undone.other) == (b.id, a.id)
    assert undone.kept == (Kept(written.id, "ticket", "written_to_survivor"),)


def test_a_chat_goes_on_in_the_survivor():
    one = desk("ana")
    b = opened(one)
    a = mail(one, "a").ticket
    one.handle(Merge(b.id, ANA, a.id, shared=True), AT)
    said = say(one, "Still broken", at=AT + HOUR)
    assert (said.disposition, said.ticket.id) == ("continued", a.id)
    assert messages(one, b.id)[-1].id == said.message
    one.handle(Close(a.id, ANA), AT + HOUR) if one.ticket(a.id).category == "new" else one.handle(
        Solve(a.id, ANA), AT + HOUR
    )
    reopened = say(one, "No", at=AT + 2 * HOUR)
    assert (reopened.disposition, reopened.ticket.id) == ("reopened", a.id)
    one.handle(Unmerge(b.id, ANA), AT + 3 * HOUR)
    assert say(one, "And now?", at=AT + 4 * HOUR).ticket.id == b.id


def test_a_message_that_comes_again_names_the_survivor():
    one = desk("ana")
    a, b = mails(one, "a", "b")
    one.handle(Merge(b.id, ANA, a.id), AT)
    again = mail(one, "b")
    assert (again.disposition, again.ticket.id) == ("duplicate", a.id)


def test_an_answer_to_what_was_merged_into_a_closed_ticket_opens_its_follow_up():
    one = desk("ana")
    a, b = mails(one, "a", "b")
    one.handle(Merge(b.id, ANA, a.id), AT)
    one.handle(Solve(a.id, ANA), AT)
    one.handle(Close(a.id, ANA), AT)
    reply = mail(one, "c", ["b"], at=AT + HOUR)
    assert (reply.disposition, reply.ticket.origin.follow_up_of) == ("follow_up", a.id)


def test_s14_a_merge_frees_a_slot_once_and_gives_it_to_who_waits():
    one = desk(AgentProfile("ana", capacity=2))
    a, b, waiting = mails(one, "a", "b", "c")
    assert (waiting.assignee, agent(one, "ana").open) == (None, 2)
    handled = one.handle(Merge(b.id, ANA, a.id), AT)
    released = [item for item in handled.events if type(item.event).__name__ == "WorkReleased"]
    assert len(released) == 1
    assert one.ticket(waiting.id).assignee == "ana"
    assert agent(one, "ana").open == 2
    undone = decision(one.handle(Unmerge(b.id, BO), AT), "Undoing")
    assert undone.kept == (Kept(b.id, "assignee", "capacity"),)
    assert (one.ticket(b.id).assignee, one.ticket(b.id).previous, agent(one, "ana").open) == (None, "ana", 2)
    check_laws(one)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (SetPresence("ana", ANA, "away"), "presence"),
        (SetCapacity("ana", ANA, 0), "capacity"),
        (SetTeams("ana", ANA, ["other"]), "left_team"),
    ],
)
def test_who_cannot_have_it_back_does_not(command, why):
    one = desk("ana", teams=[Team("support"), Team("other")], queues=[Queue("support")])
    a, b = mails(one, "a", "b")
    one.handle(Merge(b.id, ANA, a.id), AT)
    one.handle(command, AT)
    undone = decision(one.handle(Unmerge(b.id, BO), AT), "Undoing")
    assert undone.kept == (Kept(b.id, "assignee", why),)
    assert one.ticket(b.id).assignee is None
    check_laws(one)


def test_a_survivor_that_rests_is_woken_by_who_waits_and_rests_again():
    one = desk("ana")
    a, b = mails(one, "a", "b")
    one.handle(Reply(a.id, ANA, "Done", then="solve"), AT + MINUTE)
    one.handle(Merge(b.id, ANA, a.id), AT + HOUR)
    assert (one.ticket(a.id).state, one.ticket(a.id).waiting_since) == ("open", AT)
    assert decision(one.handle(Unmerge(b.id, ANA), AT + HOUR), "Undoing").kept == ()
    assert (one.ticket(a.id).state, one.ticket(a.id).waiting_since) == ("solved", None)
    assert (one.ticket(b.id).state, one.ticket(b.id).waiting_since, agent(one, "ana").open) == ("open", AT, 1)


def test_a_survivor_that_rests_again_has_its_alarms_and_its_solution_again():
    one = desk("ana")
    a, b, c = mails(one, "a", "b", "c")
    one.handle(Pend(a.id, ANA, until=AT + 9 * HOUR), AT)
    one.handle(Remind(a.id, ANA, AT + 5 * HOUR, unless=["state"]), AT)
    one.handle(Remind(a.id, ANA, AT + 6 * HOUR), AT)
    one.handle(Solve(b.id, ANA), AT)
    before = one.ticket(a.id), one.ticket(b.id)
    for into in (a, b):
        one.handle(Merge(c.id, ANA, into.id), AT + HOUR)
        assert one.ticket(into.id).state == "open"
        one.handle(Unmerge(c.id, ANA), AT + 2 * HOUR)
    after = one.ticket(a.id), one.ticket(b.id)
    assert [(now.alarms, now.solution) for now in after] == [(was.alarms, was.solution) for was in before]
    assert one.tick(AT + 5 * HOUR).woken[0].timer == "remind"
    one.tick(AT + 9 * HOUR)
    assert one.ticket(a.id).state == "open"
    check_laws(one)


def test_what_a_woken_survivor_was_reminded_of_is_not_set_again():
    one = desk("ana")
    a, b = mails(one, "a", "b")
    one.handle(Pend(a.id, ANA), AT)
    one.handle(Remind(a.id, ANA, AT + HOUR), AT)
    one.handle(Merge(b.id, ANA, a.id), AT)
    one.tick(AT + HOUR)
    one.handle(Unmerge(b.id, ANA), AT + 2 * HOUR)
    assert (one.ticket(a.id).state, one.ticket(a.id).alarms) == ("pending", ())


def test_a_survivor_that_has_work_of_its_own_since_stays_awake():
    one = desk("ana")
    a, b = mails(one, "a", "b")
    one.handle(Reply(a.id, ANA, "Done", then="solve"), AT + MINUTE)
    one.handle(Merge(b.id, ANA, a.id), AT + HOUR)
    late = mail(one, "c", ["a"], at=AT + 2 * HOUR)
    kept = decision(one.handle(Unmerge(b.id, ANA), AT + 3 * HOUR), "Undoing").kept
    assert kept == (Kept(a.id, "state", "moved_since"), Kept(late.message, "ticket", "written_to_survivor"))
    assert one.ticket(a.id).state == "open"


def test_a_survivor_that_moved_since_is_left_where_it_is():
    one = desk("ana")
    a, b = mails(one, "a", "b")
    one.handle(Reply(a.id, ANA, "Done", then="solve"), AT + MINUTE)
    one.handle(Merge(b.id, ANA, a.id), AT + HOUR)
    one.handle(Hold(a.id, ANA), AT + 2 * HOUR)
    kept = decision(one.handle(Unmerge(b.id, ANA), AT + 3 * HOUR), "Undoing").kept
    assert kept == (Kept(a.id, "state", "moved_since"),)
    assert one.ticket(a.id).state == "on_hold"


@pytest.mark.parametrize("lay", [lambda a: Snooze(a.id, ANA, Delay(HOUR)), lambda a: Solve(a.id, ANA)])
def test_a_survivor_that_was_laid_to_rest_in_the_instant_of_the_merge_rests_so(lay):
    one = desk("ana", "bo")
    a = mail(one, "a").ticket
    b = mail(one, "b", sender="lee@example.org").ticket
    one.handle(Pend(a.id, ANA), AT)
    one.handle(Merge(b.id, ANA, a.id, shared=True), AT)
    one.handle(lay(a), AT)
    before = one.ticket(a.id)
    undone = decision(one.handle(Unmerge(b.id, ANA), AT), "Undoing")
    after = one.ticket(a.id)
    assert (after.state, after.alarms, after.solution) == (before.state, before.alarms, before.solution)
    assert undone.kept == (Kept(a.id, "state", "moved_since"),)


def test_a_survivor_that_rests_sleeps_on_when_nobody_waits():
    one = desk("ana")
    a, b = mails(one, "a", "b")
    for ticket in (a, b):
        one.handle(Reply(ticket.id, ANA, "Done", then="solve"), AT)
    one.handle(Merge(b.id, ANA, a.id), AT)
    assert one.ticket(a.id).state == "solved"


def test_a_tombstone_waits_nowhere_and_its_timer_is_off():
    one = desk("ana", solve_after=timedelta(days=1))
    a, b = mails(one, "a", "b")
    one.handle(Reply(b.id, ANA, "Which one?", then="pend"), AT)
    one.handle(Merge(b.id, ANA, a.id), AT)
    assert one.tick(AT + timedelta(days=9)).woken == ()
    tombstone = one.ticket(b.id)
    assert (tombstone.state, tombstone.category, tombstone.merged_into) == ("merged", "closed", a.id)
    for where in ({"category": ("open", "pending", "solved", "closed")}, {"state": ("open", "pending")}):
        assert b.id not in {ticket.id for ticket in one.tickets(**where).tickets}
    assert [ticket.id for ticket in one.tickets(state="merged").tickets] == [b.id]
    one.handle(Unmerge(b.id, ANA), AT + timedelta(days=9))
    assert one.tick(AT + timedelta(days=20)).woken[0].subject.id == b.id


def test_what_a_tombstone_refuses_names_where_it_went():
    one = desk("ana")
    a, b, c = mails(one, "a", "b", "c")
    one.handle(Focus(b.id, ANA), AT)
    one.handle(Merge(b.id, ANA, a.id), AT)
    for command in (
        Reply(b.id, ANA, "Hello"),
        Note(b.id, ANA, "Hello"),
        Assign(b.id, ANA, "ana"),
        Solve(b.id, ANA),
        Focus(b.id, BO),
        Merge(b.id, ANA, c.id),
    ):
        assert refused(one, command) == (Reason("merged", a.id),)
    one.handle(Unfocus(b.id, ANA), AT)
    assert one.ticket(b.id).focused == ()


def test_circles_are_refused():
    one = desk("ana")
    a, b, c = mails(one, "a", "b", "c")
    assert refused(one, Merge(a.id, ANA, a.id)) == (Reason("cycle", a.id),)
    one.handle(Merge(b.id, ANA, a.id), AT)
    one.handle(Merge(c.id, ANA, b.id), AT)
    assert refused(one, Merge(a.id, ANA, c.id)) == (Reason("cycle", c.id),)
    assert refused(one, Unmerge(a.id, ANA)) == (Reason("not_merged", a.id),)
    with pytest.raises(NotFound):
        one.handle(Merge(a.id, ANA, "nothing"), AT)
    with pytest.raises(NotFound):
        one.handle(Merge("nothing", ANA, a.id), AT)


def test_closed_tickets_are_not_merged():
    one = desk()
    a, b, c = mails(one, "a", "b", "c")
    for ticket in (a, b):
        one.handle(Close(ticket.id, ANA), AT)
    assert refused(one, Merge(c.id, ANA, a.id)) == (Reason("closed_is_final", a.id),)
    assert refused(one, Merge(b.id, ANA, c.id)) == (Reason("closed_is_final", b.id),)
    assert refused(one, Merge(b.id, ANA, a.id)) == (Reason("closed_is_final", b.id), Reason("closed_is_final", a.id))


def test_who_gains_sight_of_what_is_asked_first():
    one = desk("ana")
    a, b = mail(one, "a").ticket, mail(one, "b", sender="lee@example.org").ticket
    assert refused(one, Merge(b.id, ANA, a.id)) == (Reason("gains_sight", f"{b.contact}/{a.conversation}"),)
    merged = decision(one.handle(Merge(b.id, ANA, a.id, shared=True), AT), "Merging")
    assert merged.gained == (Sight(b.contact, a.conversation),)
    assert (merged.ticket, merged.into, merged.survivor) == (b.id, a.id, a.id)
    assert [who.id for who in conversation(one, a).participants if who.role is Role.MERGED] == [b.contact]
    assert b.contact not in {who.id for who in conversation(one, b).participants if who.role is Role.MERGED}
    answer = mail(one, "c", ["a"], sender="lee@example.org", at=AT + HOUR)
    assert answer.ticket.id == a.id
    one.handle(Unmerge(b.id, ANA), AT + HOUR)
    assert all(who.role is not Role.MERGED for who in conversation(one, a).participants)
    assert mail(one, "d", ["a"], sender="lee@example.org", at=AT + HOUR).disposition == "opened"


def test_a_customer_of_two_merged_tickets_sees_on_until_both_are_out():
    one = desk("ana")
    a = mail(one, "a").ticket
    b, c = mails(one, "b", "c", sender="lee@example.org")
    for ticket in (b, c):
        one.handle(Merge(ticket.id, ANA, a.id, shared=True), AT)
    one.handle(Unmerge(b.id, ANA), AT)
    assert mail(one, "d", ["a"], sender="lee@example.org").ticket.id == a.id
    one.handle(Unmerge(c.id, ANA), AT)
    assert mail(one, "e", ["a"], sender="lee@example.org").disposition == "opened"


def test_a_customer_stays_where_they_are_answered_still():
    """B and A stand in one chat: C, which is a part of B, is answered there with and without A."""
    one = desk("ana", channels=[Channel("chat", quiet_gap=HOUR), EMAIL])
    a = opened(one)
    b = opened(one, at=AT + 2 * HOUR)
    c = mail(one, "c", sender="lee@example.org").ticket
    assert a.conversation == b.conversation
    one.handle(Merge(b.id, ANA, a.id), AT + 2 * HOUR)
    one.handle(Merge(c.id, ANA, b.id, shared=True), AT + 2 * HOUR)
    one.handle(Unmerge(b.id, ANA), AT + 2 * HOUR)
    assert [who.by_ticket for who in conversation(one, a).participants if who.role is Role.MERGED] == [c.id]
    check_ties(one)


def housed(house, *profiles):
    config = Configuration(agents=[AgentProfile(name) for name in profiles])
    return new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(house=house))


def test_the_right_to_merge_is_asked_of_both_sides():
    def has_right(actor, right, ticket):
        return actor.id == "boss" or (right, ticket.number) != ("merge", 2)

    one = housed(HouseRules(has_right=has_right), "ana")
    a, b, c = mails(one, "a", "b", "c")
    for command in (Merge(b.id, ANA, a.id), Merge(a.id, ANA, b.id)):
        assert refused(one, command) == (Reason("no_right", "merge"),)
    one.handle(Merge(c.id, ANA, a.id), AT)
    one.handle(Merge(b.id, Actor.agent("boss"), a.id), AT)
    assert refused(one, Unmerge(b.id, ANA)) == (Reason("no_right", "merge"),)


def test_guards_of_the_house_are_asked_and_native_ones_never_stop_an_undoing():
    asked = []

    def careful(attempt):
        asked.append((attempt.move, attempt.ticket.number))
        return Reason("careful", attempt.ticket.id) if attempt.actor.id == "bo" else None

    workflow = attrs.evolve(REQUEST, rules=(*REQUEST.rules, "careful"))
    config = Configuration(
        agents=[AgentProfile("ana")], workflows=[workflow], types=[TicketType("request", workflow="request")]
    )
    parts = Parts(house=HouseRules({"careful": careful}))
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=parts)
    a, b = mails(one, "a", "b")
    assert refused(one, Merge(b.id, BO, a.id)) == (Reason("careful", b.id), Reason("careful", a.id))
    timer = Actor.timer("merger")
    assert refused(one, Merge(b.id, timer, a.id)) == (Reason("customer_waits", b.id), Reason("customer_waits", a.id))
    asked.clear()
    one.handle(Merge(b.id, ANA, a.id), AT)
    assert asked == [("merge", 2), ("merge", 1)]
    assert refused(one, Unmerge(b.id, BO)) == (Reason("careful", b.id), Reason("careful", a.id))
    one.handle(Solve(a.id, Actor.bot("x")), AT) if not one.ticket(a.id).is_active else None
    one.handle(Unmerge(b.id, timer), AT)
    assert one.ticket(b.id).merged_into is None


def test_events_stand_in_the_streams_of_all_concerned():
    one = desk("ana")
    a, b, c = mails(one, "a", "b", "c")
    one.handle(Merge(b.id, ANA, a.id), AT)
    handled = one.handle(Merge(c.id, ANA, b.id), AT)
    merged = [item.stream.id for item in handled.events if type(item.event).__name__ == "TicketMerged"]
    assert sorted(merged) == sorted([a.id, b.id, c.id])
    assert kinds(one, Ref(Kind.TICKET, c.id))[-2:] == ["TicketMerged", "StateChanged"]
    assert {ticket.id for ticket in handled.tickets} == {a.id, b.id, c.id}


def test_a_merged_state_is_nobody_elses():
    with pytest.raises(InvalidInput, match="merged into another"):
        attrs.evolve(REQUEST, states=(*REQUEST.states, attrs.evolve(REQUEST.states[0], id="merged")))


def test_pending_tickets_are_merged_as_they_are_and_come_back_so():
    one = desk("ana")
    a, b = mails(one, "a", "b")
    one.handle(Pend(b.id, ANA), AT)
    one.handle(Merge(b.id, ANA, a.id), AT)
    one.handle(Unmerge(b.id, ANA), AT)
    assert (one.ticket(b.id).state, one.ticket(b.id).assignee) == ("pending", "ana")


def test_the_clock_of_a_ticket_is_held_while_it_is_a_part_of_another():
    policy = SlaPolicy(
        "promise", [Goal("first_response", {None: 4 * HOUR}), Goal("total_resolution", {None: 9 * HOUR})]
    )
    one = desk("ana", policies=[policy])
    a, b = mails(one, "a", "b")
    before = one.clock(b.id).readings
    one.handle(Merge(b.id, ANA, a.id), AT)
    assert [reading.held for reading in one.clock(b.id).readings] == [True] * len(before)
    assert one.tick(AT + 99 * HOUR).woken[0].subject.id == a.id
    one.handle(Unmerge(b.id, ANA), AT + 100 * HOUR)
    for was, now in zip(before, one.clock(b.id).readings, strict=True):
        assert (now.held, now.spent, now.cycle, now.breached_at) == (False, 0, was.cycle, None)
        assert now.due - was.due == 100 * HOUR


def test_a_clock_that_waits_for_the_customer_waits_on_after_an_undoing():
    metric = Metric("work", ["opened"], ["solved"], pause=["pending"], resume=["active"])
    policy = SlaPolicy("promise", [Goal("work", {None: 4 * HOUR})])
    one = desk("ana", metrics=[metric], policies=[policy])
    a, b = mails(one, "a", "b")
    one.handle(Pend(b.id, ANA), AT + HOUR)
    one.handle(Merge(b.id, ANA, a.id), AT + 2 * HOUR)
    one.handle(Unmerge(b.id, ANA), AT + 3 * HOUR)
    (reading,) = one.clock(b.id).readings
    assert (reading.held, reading.spent) == (True, HOUR // timedelta(microseconds=1))
    one.handle(Resume(b.id, ANA), AT + 4 * HOUR)
    (reading,) = one.clock(b.id).readings
    assert (reading.held, reading.due) == (False, AT + 7 * HOUR)


def test_the_wait_for_an_agent_is_measured_of_what_its_agent_cannot_have_back():
    one = desk("ana", policies=[SlaPolicy("promise", [Goal("time_in_queue", {None: 4 * HOUR})])])
    a, b = mails(one, "a", "b")
    assert not one.clock(b.id).reading("time_in_queue").active
    one.handle(Merge(b.id, ANA, a.id), AT)
    one.handle(SetPresence("ana", ANA, "away"), AT)
    one.handle(Unmerge(b.id, BO), AT + HOUR)
    reading = one.clock(b.id).reading("time_in_queue")
    assert (reading.active, reading.held, reading.due) == (True, False, AT + 5 * HOUR)
    one.handle(SetPresence("ana", ANA, "available"), AT + 2 * HOUR)
    assert not one.clock(b.id).reading("time_in_queue").active


def test_a_wait_for_an_agent_that_an_undoing_ends_is_measured_no_longer():
    one = desk(policies=[SlaPolicy("promise", [Goal("time_in_queue", {None: 4 * HOUR})])])
    a, b = mails(one, "a", "b")
    one.handle(Merge(b.id, ANA, a.id), AT)
    ways = [
        Transition(None, "open", "shelf"),
        Transition("shelf", "reply", "open"),
        Transition("shelf", "assign", "open"),
        *(way for way in REQUEST.transitions if not {"new", "on_hold"} & {way.source, way.target}),
    ]
    states = [State("shelf", "on_hold"), *(one for one in REQUEST.states if one.id not in ("new", "on_hold"))]
    kept = Workflow("request", states, ways, REQUEST.rules, "", {"new": "shelf"})
    one.handle(Configure(attrs.evolve(one.configuration(), workflows=[kept]), ANA), AT)
    one.handle(Unmerge(b.id, ANA), AT + HOUR)
    assert (one.ticket(b.id).state, one.ticket(b.id).queued_since) == ("shelf", None)
    assert not one.clock(b.id).reading("time_in_queue").active
    check_laws(one)
