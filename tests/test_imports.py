"""What has happened already: commands under a key, replies that were sent, ids used twice, and no effects."""

import pytest
from desks import (
    ANA,
    AT,
    BO,
    DAY,
    HOUR,
    MINUTE,
    agent,
    check_laws,
    check_whole,
    desk,
    everything,
    kinds,
    new_desk,
    opened,
    say,
)

from ticketcore import Actor, AgentProfile, Configuration, InvalidInput, Parts, Refused
from ticketcore.commands import Pend, Reply, SetPresence, SetTags, Solve
from ticketcore.events import StateChanged
from ticketcore.model import ActorKind, Disposition, File, Kind, MessageKind, Ref
from ticketcore.stores import MemoryBlobs, MemoryStore
from ticketcore.turns import SEND

pytestmark = pytest.mark.usefixtures("every_driver")
FEED = Actor(ActorKind.IMPORT, "feed")


# Keys.


def test_a_command_under_a_key_is_carried_out_once():
    one = desk("ana")
    ticket = opened(one)
    command = Reply(ticket.id, ANA, "On it")
    first = one.handle(command, AT, key="k1")
    again = one.handle(command, AT, key="k1")
    assert (first.repeated, again.repeated, again.events, again.tickets) == (False, True, (), ())
    assert len(everything(one, Kind.MESSAGE)) == 2
    assert not one.handle(command, AT, key="k2").repeated
    check_laws(one)


def test_what_changed_nothing_under_a_key_changes_nothing_later_either():
    one = desk("ana")
    assert one.handle(SetPresence("ana", ANA, "available"), AT, key="k").events == ()
    one.handle(SetPresence("ana", ANA, "away"), AT)
    assert one.handle(SetPresence("ana", ANA, "available"), AT, key="k").repeated
    assert agent(one, "ana").presence == "away"


def test_a_refused_command_leaves_its_key_free():
    one = desk("ana")
    ticket = opened(one)
    one.handle(Solve(ticket.id, ANA), AT)
    with pytest.raises(Refused):
        one.handle(Pend(ticket.id, ANA), AT, key="k")
    say(one, at=AT + MINUTE)
    assert not one.handle(Pend(ticket.id, ANA), AT + MINUTE, key="k").repeated


def test_a_record_has_the_version_of_its_value():
    commits = []
    parts = Parts(after_commit=lambda commit, _: commits.append(commit))
    one = new_desk(MemoryStore(), tenant="acme", config=Configuration(agents=[AgentProfile("ana")]), parts=parts)
    ticket = opened(one)
    one.handle(Reply(ticket.id, ANA, "On it"), AT, key="k1")
    records = [record for commit in commits for record in commit.records]
    assert {record.kind for record in records} == set(Kind) - {
        Kind.CLOCK,
        Kind.ORGANISATION,
        Kind.QUARANTINE,
        Kind.TALLY,
    }
    assert [record.version for record in records] == [record.value.version for record in records]


def test_a_key_is_the_tenants_own():
    one = desk("ana")
    other = desk("ana", store=one.store, tenant="other")
    for each in (one, other):
        assert not each.handle(SetTags(opened(each).id, ANA, add=["x"]), AT, key="k").repeated


@pytest.mark.parametrize("key", ["", "x" * 2000, 7])
def test_a_key_is_a_name(key):
    one = desk("ana")
    with pytest.raises(InvalidInput) as caught:
        one.handle(SetPresence("ana", ANA, "away"), AT, key=key)
    assert caught.value.field == "key"


# Replies that were sent.


def test_a_reply_that_was_sent_is_owed_to_nobody_and_can_be_answered():
    one = desk("ana")
    ticket = opened(one, channel="email", sender="kim@example.org", external_id="m1")
    one.handle(Reply(ticket.id, ANA, "On it", external_id="m2"), AT)
    assert one.store.claim("acme", [SEND], AT, AT, 9) == ()
    answer = say(one, channel="email", sender="kim@example.org", external_id="m3", reply_to=["m2"])
    assert (answer.disposition, answer.ticket.id) == (Disposition.CONTINUED, ticket.id)
    one.handle(Reply(ticket.id, ANA, "Done"), AT)
    assert len(one.store.claim("acme", [SEND], AT, AT + HOUR, 9)) == 1


def test_an_import_says_what_was_written_and_solved_without_knowing_by_whom():
    one = desk()
    ticket = opened(one)
    one.handle(Reply(ticket.id, FEED, "Done", then="solve", external_id="m2"), AT)
    assert one.ticket(ticket.id).state == "solved"
    assert {message.kind for message in everything(one, Kind.MESSAGE)} == {MessageKind.CUSTOMER, MessageKind.AGENT}
    check_laws(one)


# Ids that are used twice.


def test_an_id_that_comes_with_other_words_is_another_message():
    one = desk("ana")
    first = say(one, "Hello", external_id="m")
    other = say(one, "Something else", external_id="m")
    assert (first.disposition, other.disposition) == (Disposition.OPENED, Disposition.CONTINUED)
    for text in ("Hello", "Something else"):
        assert say(one, text, external_id="m").disposition is Disposition.DUPLICATE
    assert len(everything(one, Kind.MESSAGE)) == 2
    check_whole(one)


def test_an_id_that_comes_from_somebody_else_is_another_message():
    one = desk("ana")
    for sender in ("kim", "lee", "kim", "lee"):
        say(one, "Hello", sender=sender, external_id="m")
    assert len(everything(one, Kind.MESSAGE)) == 2
    assert len(everything(one, Kind.TICKET)) == 2


def test_an_id_that_comes_with_other_files_is_another_message():
    store = MemoryStore()
    one = new_desk(store, tenant="acme", parts=Parts(blobs=MemoryBlobs()))
    for content in (b"one", b"two", b"one"):
        say(one, "See the file", external_id="m", attachments=[File(content)])
    assert len(everything(one, Kind.MESSAGE)) == 2


# Without effects.


def test_without_effects_nobody_gets_a_ticket_and_no_timer_is_set():
    one = desk(AgentProfile("ana"), "bo")
    past = one.without_effects()
    ticket = opened(past)
    assert (ticket.assignee, ticket.queue) == (None, "support")
    past.handle(Reply(ticket.id, BO, "Is it?", then="pend"), AT)
    past.handle(SetPresence("ana", ANA, "away"), AT)
    past.handle(SetPresence("ana", ANA, "available"), AT)
    assert one.ticket(ticket.id).state == "pending"
    assert one.tick(AT + 100 * DAY).woken == ()
    assert one.store.claim("acme", [SEND], AT + DAY, AT + DAY, 9) == ()
    assert "Assigned" not in kinds(one, Ref(Kind.TICKET, ticket.id))
    check_laws(one)


# A clock that jumps.


def test_a_punctual_tick_wakes_each_timer_when_it_was_due():
    one = desk("ana")
    ticket = opened(one)
    one.handle(Reply(ticket.id, ANA, "Is it?", then="pend"), AT)
    late = AT + 100 * DAY
    (woken,) = one.tick(late, lease=0 * DAY, punctual=True).woken
    (solved,) = [item for item in woken.handled.events if isinstance(item.event, StateChanged)]
    assert AT < solved.event.at < late
    assert solved.event.at == AT + one.configuration().solve_after


def test_a_worker_that_is_alone_needs_no_lease():
    one = desk("ana")
    ticket = opened(one)
    one.handle(Reply(ticket.id, ANA, "Is it?", then="pend"), AT)
    due = AT + one.configuration().solve_after
    (claim,) = one.store.claim("acme", ["solve_after_silence"], due, due, 9)
    assert claim.due == due
    assert len(one.tick(due, lease=0 * DAY).woken) == 1, "whoever claimed it has died"
    with pytest.raises(InvalidInput):
        one.tick(due, lease=-DAY)
