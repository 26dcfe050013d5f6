"""Deleting a ticket: what goes and what stays, who may, and what becomes of whoever answers it later."""

import threading

import attrs
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
    everything,
    kinds,
    new_desk,
    opened,
    say,
)
from tied import check_erased, check_ties

from ticketcore import AgentProfile, Configuration, Desk, Inbound, InvalidInput, NotFound, Parts, Refused
from ticketcore.commands import (
    AcceptMessage,
    Close,
    Delete,
    Link,
    Merge,
    Note,
    Pend,
    RejectMessage,
    Reply,
    SetAttributes,
    SetTags,
    Solve,
    Split,
    Unlink,
    Unmerge,
    Unsplit,
)
from ticketcore.errors import Reason
from ticketcore.events import MatchDisputed, TicketDeleted
from ticketcore.lifecycle import HouseRules
from ticketcore.matching import Key, Keyring, Tokens
from ticketcore.model import (
    REQUEST,
    Attribute,
    Bounce,
    Cause,
    Deleting,
    Deletion,
    Disposition,
    File,
    Goal,
    Kind,
    Move,
    Ref,
    SegmentReason,
    SlaPolicy,
    State,
    TicketType,
    Transition,
    Verdict,
    Workflow,
)
from ticketcore.stores import MemoryBlobs, MemoryStore, SqliteStore

pytestmark = pytest.mark.usefixtures("every_driver")
RING = Keyring([Key("a", bytes(range(32)))])
TOKENS = Tokens(RING, "acme")
KIM, LEE = "kim@x.example", "lee@y.example"
PEOPLE = Configuration(agents=[AgentProfile("ana", addresses=["ana@shop.example"]), AgentProfile("bo")])


def new(store=None, house=None, **config):
    parts = Parts(keys=RING, blobs=MemoryBlobs(), **({} if house is None else {"house": house}))
    return new_desk(store or MemoryStore(), tenant="acme", config=attrs.evolve(PEOPLE, **config), parts=parts)


def mail(one, id, sender=KIM, text="It broke", at=AT, **inbound):
    return one.receive(Inbound("email", "support@shop.example", sender, text, external_id=id, **inbound), at)


def delete(one, ticket, cause="asked", at=AT + HOUR, actor=ANA, **more):
    return one.handle(Delete(ticket.id, actor, cause, **more), at)


def close(one, ticket, at=AT):
    one.handle(Solve(ticket.id, ANA), at)
    one.handle(Close(ticket.id, ANA), at)


def refusal(one, command, at=AT + 2 * HOUR):
    with pytest.raises(Refused) as refused:
        one.handle(command, at)
    return [reason.rule for reason in refused.value.reasons]


def check(one):
    check_laws(one)
    check_ties(one)
    check_erased(one)


def texts(one):
    return {text.words for text in everything(one, Kind.TEXT)}


def test_the_words_go_and_the_number_and_the_history_stay():
    one = new(types=[TicketType("request", "", "request", attributes=[Attribute("serial", "string")])])
    first = mail(one, "m1", subject="Ring", attachments=[File(b"gold", "ring.jpg")], attributes={"serial": "12"})
    ticket = first.ticket
    one.handle(SetAttributes(ticket.id, ANA, {"serial": "13"}), AT)
    one.handle(SetTags(ticket.id, ANA, ["gold"]), AT)
    one.handle(Note(ticket.id, ANA, "A difficult one"), AT + MINUTE)
    one.handle(Reply(ticket.id, ANA, "We mend it"), AT + MINUTE)
    before = len(one.history(Ref(Kind.TICKET, ticket.id)))
    assert texts(one) == {"Ring", "It broke", "ring.jpg", "12", "13", "A difficult one", "We mend it"}
    handled = delete(one, ticket, "expired")
    assert handled.decisions == (Deleting(ticket.id, (), 3, 7, 1),)
    assert texts(one) == set()
    gone = one.ticket(ticket.id)
    assert (gone.number, gone.state, gone.category, gone.tags) == (1, "deleted", "closed", ("gold",))
    assert (gone.subject, gone.attributes, gone.is_deleted) == (None, (), True)
    assert agent(one, "ana").open == 0
    history = one.history(Ref(Kind.TICKET, ticket.id))
    deleted = history[before].event
    assert deleted == TicketDeleted(AT + HOUR, ANA, ticket.id, (), Deletion.EXPIRED)
    assert kinds(one, Ref(Kind.TICKET, ticket.id))[before:] == ["TicketDeleted", "StateChanged"]
    left = [one.store.load("acme", [Ref(Kind.MESSAGE, message.id)])[0] for message in everything(one, Kind.MESSAGE)]
    assert [(item.text, item.subject, item.attachments, item.ticket) for item in left] == [
        (None, None, (), gone.id)
    ] * 3
    check(one)
    check_whole(one)
    assert opened(one, "Next", channel="email").number == 2


def test_nobody_is_told_of_it_but_agents():
    one = new()
    ticket = mail(one, "m1").ticket
    follow = mail(one, "m2", text="And a clasp", at=AT + MINUTE).ticket
    delete(one, ticket)
    with pytest.raises(NotFound):
        one.customer_view(ticket.id)
    assert [found.number for found in one.tickets(state="deleted").tickets] == [1]
    assert [found.number for found in one.tickets(contact=ticket.contact).tickets] == [1, 2]
    assert one.resolve(ticket.id).state == "deleted"
    assert one.customer_view(follow.id).number == 2


def test_a_follow_up_of_what_was_deleted_names_it_to_agents_only():
    one = new()
    ticket = mail(one, "m1").ticket
    close(one, ticket)
    follow = mail(one, "m2", reply_to=["m1"], at=AT + MINUTE)
    assert one.customer_view(follow.ticket.id).follows == 1
    delete(one, ticket)
    assert one.customer_view(follow.ticket.id).follows is None
    assert one.ticket(follow.ticket.id).origin.follow_up_of == ticket.id
    assert mail(one, "m3", reply_to=["m2"], at=AT + 2 * HOUR).ticket.id == follow.ticket.id
    check(one)


NAMES = {
    "its token": lambda ticket: {"tokens": [TOKENS.reply_token(ticket, KIM, AT)]},
    "a token in the text": lambda ticket: {"text": f"Hello [ref:{TOKENS.reply_token(ticket, KIM, AT)}]"},
    "the id of a message": lambda ticket: {"reply_to": ["unknown", "m1"]},
    "its number": lambda ticket: {"subject": f"Re: [#{ticket.number}] Ring"},
}


@pytest.mark.parametrize("name", NAMES)
def test_what_answers_a_deleted_ticket_opens_one_and_tells_which_it_named(name):
    one = new()
    ticket = mail(one, "m1").ticket
    delete(one, ticket)
    received = mail(one, "m2", at=AT + 2 * HOUR, **NAMES[name](ticket))
    said = received.decisions[0]
    assert (received.disposition, received.ticket.number) == ("opened", 2)
    assert (said.reason, said.ticket, said.follows_up) == (SegmentReason.DELETED, ticket.id, False)
    assert [claim.ticket for claim in said.claims] == [ticket.id]
    assert received.ticket.contact == ticket.contact
    (told,) = [item.event for item in received.events if isinstance(item.event, MatchDisputed)]
    assert told.claims == said.claims
    assert one.ticket(ticket.id).version == len(one.history(Ref(Kind.TICKET, ticket.id)))
    check(one)


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_who_names_a_deleted_ticket_has_a_ticket_of_their_own(name):
    one = new()
    ticket = mail(one, "m1", text="My secret").ticket
    delete(one, ticket)
    stranger = mail(one, "m2", LEE, at=AT + 2 * HOUR, **NAMES[name](ticket))
    assert stranger.ticket.contact != ticket.contact
    assert stranger.ticket.conversation != ticket.conversation
    (conversation,) = one.store.load("acme", [Ref(Kind.CONVERSATION, ticket.conversation)])
    assert stranger.ticket.contact not in {who.id for who in conversation.participants}
    assert [item.text for item in one.customer_view(stranger.ticket.id).messages] != ["My secret"]
    check(one)


def test_a_living_ticket_that_is_named_too_gets_the_message():
    one = new()
    ticket, other = mail(one, "m1").ticket, mail(one, "m2").ticket
    delete(one, ticket)
    received = mail(one, "m3", reply_to=["m1"], subject="[#2]", at=AT + 2 * HOUR)
    assert received.ticket.id == other.id
    assert {claim.ticket for claim in received.decisions[0].claims} == {ticket.id, other.id}
    assert any(isinstance(item.event, MatchDisputed) for item in received.events)


def test_a_thread_about_a_deleted_ticket_goes_on_with_a_new_one():
    one = new()
    ticket = opened(one)
    delete(one, ticket, at=AT + MINUTE)
    received = say(one, "Hello?", at=AT + 2 * MINUTE)
    assert (received.disposition, received.ticket.number) == ("opened", 2)
    assert (received.decisions[0].reason, received.decisions[0].ticket) == (SegmentReason.DELETED, ticket.id)
    assert received.ticket.conversation == ticket.conversation
    assert say(one, "On Friday", at=AT + 3 * MINUTE).ticket.id == received.ticket.id
    check(one)


def test_the_same_message_again_revives_nothing():
    one = new()
    ticket = mail(one, "m1").ticket
    delete(one, ticket)
    again = mail(one, "m1", at=AT + 2 * HOUR)
    assert (again.disposition, again.ticket.id) == (Disposition.DUPLICATE, ticket.id)
    assert texts(one) == set()


def test_a_chain_of_merges_goes_as_a_whole_and_is_never_taken_apart():
    one = new()
    a, b, c = [mail(one, id).ticket for id in "abc"]
    one.handle(Merge(a.id, ANA, b.id), AT)
    one.handle(Merge(b.id, ANA, c.id), AT)
    assert refusal(one, Delete(a.id, ANA, "asked")) == ["merged"]
    assert refusal(one, Delete(c.id, ANA, "asked")) == ["has_parts", "has_parts"]
    assert delete(one, c, with_parts=True).decisions[0].messages == 3
    assert texts(one) == set()
    assert all(one.ticket(ticket.id).is_deleted for ticket in (a, b, c))
    assert refusal(one, Unmerge(a.id, ANA)) == ["deleted"] * 2
    assert refusal(one, Delete(a.id, ANA, "asked")) == ["deleted"]
    received = mail(one, "d", reply_to=["a"], at=AT + 3 * HOUR)
    assert (received.disposition, received.decisions[0].ticket) == ("opened", c.id)
    assert refusal(one, Merge(received.ticket.id, ANA, a.id), AT + 4 * HOUR) == ["deleted"]
    assert refusal(one, Merge(c.id, ANA, received.ticket.id), AT + 4 * HOUR) == ["deleted"]
    with pytest.raises(NotFound):
        one.customer_view(a.id)
    check(one)


def test_what_was_split_off_stays_with_the_words_that_are_its_too():
    one = new()
    first = mail(one, "m1", subject="Ring")
    ticket = first.ticket
    mail(one, "m2", text="And the clasp", reply_to=["m1"], at=AT + MINUTE)
    one.handle(Split(ticket.id, ANA, [first.message]), AT + 2 * MINUTE)
    split_off = one.tickets(number=2).tickets[0]
    delete(one, ticket)
    told = one.history(Ref(Kind.TICKET, split_off.id))[-1].event
    assert told == TicketDeleted(AT + HOUR, ANA, ticket.id, (), Deletion.ASKED)
    assert texts(one) == {"Ring", "It broke"}
    assert [item.text for item in one.customer_view(split_off.id).messages] == ["It broke"]
    assert one.customer_view(split_off.id).subject == "Ring"
    assert refusal(one, Unsplit(split_off.id, ANA)) == ["deleted"]
    assert mail(one, "m3", text="Any news?", reply_to=["m1"], at=AT + 2 * HOUR).ticket.id == split_off.id
    assert mail(one, "m4", text="And that?", reply_to=["m2"], at=AT + 2 * HOUR).disposition == "opened"
    check(one)
    delete(one, split_off, at=AT + 3 * HOUR)
    assert texts(one) == {"And that?"}
    check(one)


def test_what_was_split_off_may_go_and_the_rest_stays():
    one = new()
    ticket = mail(one, "m1", subject="Ring").ticket
    second = mail(one, "m2", text="And the clasp", reply_to=["m1"], at=AT + MINUTE)
    one.handle(Split(ticket.id, ANA, [second.message]), AT + 2 * MINUTE)
    split_off = one.tickets(number=2).tickets[0]
    delete(one, split_off)
    assert texts(one) == {"Ring", "It broke"}
    assert mail(one, "m3", reply_to=["m2"], at=AT + 2 * HOUR).disposition == "opened"
    assert mail(one, "m4", reply_to=["m1"], at=AT + 2 * HOUR).ticket.id == ticket.id
    check(one)


def test_an_undone_split_goes_with_what_it_came_from():
    one = new(types=[TicketType("request", "", "request", attributes=[Attribute("serial", "string")])])
    ticket = mail(one, "m1").ticket
    second = mail(one, "m2", text="And the clasp", reply_to=["m1"], at=AT + MINUTE)
    one.handle(Split(ticket.id, ANA, [second.message]), AT + 2 * MINUTE)
    split_off = one.tickets(number=2).tickets[0]
    one.handle(SetAttributes(split_off.id, ANA, {"serial": "77"}), AT + 3 * MINUTE)
    one.handle(Unsplit(split_off.id, ANA), AT + 4 * MINUTE)
    delete(one, ticket, with_parts=True)
    assert texts(one) == set()
    check(one)


def test_every_command_about_it_is_refused():
    one = new(types=[TicketType("request", "", "request", attributes=[Attribute("serial", "string")])])
    ticket, other = mail(one, "m1").ticket, mail(one, "m2").ticket
    one.handle(Link(ticket.id, ANA, "child_of", other.id), AT)
    delete(one, ticket)
    commands = [
        Reply(ticket.id, ANA, "Hello"),
        Note(ticket.id, ANA, "Hello"),
        SetTags(ticket.id, ANA, ["vip"]),
        SetAttributes(ticket.id, ANA, {"serial": "1"}),
        Solve(ticket.id, ANA),
        Pend(ticket.id, ANA),
        Delete(ticket.id, ANA, "asked"),
        Split(ticket.id, ANA, [everything(one, Kind.MESSAGE)[0].id]),
        Merge(ticket.id, ANA, other.id),
        Merge(other.id, ANA, ticket.id),
        Link(other.id, ANA, "duplicate_of", ticket.id),
        Unlink(other.id, ANA, "parent_of", ticket.id),
        Unmerge(ticket.id, ANA),
    ]
    rules = {type(command).__name__: set(refusal(one, command)) for command in commands[:-1]}
    assert set().union(*rules.values()) == {"deleted"}
    assert refusal(one, commands[-1]) == ["not_merged"]
    one.handle(Solve(other.id, ANA), AT + 3 * HOUR)
    check(one)


def test_the_host_says_who_may_and_what_must_stay():
    def hold(attempt):
        if attempt.move is Move.DELETE and "court" in attempt.ticket.tags:
            return Reason("legal_hold", attempt.ticket.id)
        return None

    asked = []

    def has_right(actor, right, ticket):
        asked.append((actor.id, right, ticket.number))
        return right != "delete" or actor == BO

    workflow = attrs.evolve(REQUEST, rules=(*REQUEST.rules, "legal_hold"))
    one = new(house=HouseRules({"legal_hold": hold}, has_right), workflows=[workflow])
    ticket, part = mail(one, "m1").ticket, mail(one, "m2").ticket
    one.handle(SetTags(part.id, BO, ["court"]), AT)
    one.handle(Merge(part.id, BO, ticket.id), AT)
    assert refusal(one, Delete(ticket.id, ANA, "asked", with_parts=True)) == ["no_right", "legal_hold"]
    assert refusal(one, Delete(ticket.id, BO, "asked", with_parts=True)) == ["legal_hold"]
    one.handle(Unmerge(part.id, BO), AT)
    delete(one, ticket, actor=BO)
    assert {("bo", "delete", 1), ("bo", "delete", 2)} <= set(asked)


def test_what_cannot_be_a_deletion_is_told():
    with pytest.raises(InvalidInput, match=r"Delete\.cause"):
        Delete("t", ANA, "whim")
    with pytest.raises(InvalidInput, match="deleted"):
        Workflow("own", [*REQUEST.states, State("deleted", "closed")], REQUEST.transitions)
    with pytest.raises(InvalidInput, match="delete"):
        Workflow("own", REQUEST.states, [*REQUEST.transitions, Transition("open", Move.DELETE, "closed")])
    with pytest.raises(NotFound):
        new().handle(Delete("nobody", ANA, "asked"), AT)


def test_what_was_kept_or_left_in_quarantine_for_it_goes_and_what_is_held_stays():
    one = new()
    ticket = mail(one, "m1").ticket
    answers = {"tokens": [TOKENS.reply_token(ticket, KIM, AT)]}
    late = {"headers": {"auto-submitted": "auto-replied"}, "reply_to": ["m1"]}
    close(one, ticket)
    kept = mail(one, "m2", text="I am away", at=AT + MINUTE, **late)
    assert kept.disposition == "kept"
    held = mail(one, "m3", text="Forged", authenticated=False, at=AT + MINUTE, **answers)
    left = mail(one, "m4", text="Left", authenticated=False, at=AT + 2 * MINUTE, **answers)
    assert [one.decisions[0].held for one in (held, left)] == [Cause.FAILED_AUTHENTICATION] * 2
    one.handle(RejectMessage(left.message, ANA), AT + 3 * MINUTE)
    delete(one, ticket)
    assert texts(one) == {"Forged"}
    accepted = one.handle(AcceptMessage(held.message, ANA), AT + 2 * HOUR)
    (new_one,) = accepted.tickets
    assert (new_one.number, new_one.origin.follow_up_of) == (2, None)
    assert one.held().held == ()
    check(one)


def test_a_held_message_does_not_go_into_what_was_deleted():
    one = new()
    ticket, other = mail(one, "m1").ticket, mail(one, "m2").ticket
    held = mail(one, "m3", text="Forged", authenticated=False, at=AT + MINUTE)
    delete(one, ticket)
    assert refusal(one, AcceptMessage(held.message, ANA, ticket.id)) == ["deleted"]
    one.handle(AcceptMessage(held.message, ANA, other.id), AT + 3 * HOUR)
    check(one)


def test_what_comes_back_of_a_deleted_ticket_is_kept_and_concerns_none():
    one = new()
    ticket = mail(one, "m1").ticket
    one.handle(Reply(ticket.id, ANA, "Hello", external_id="out"), AT)
    delete(one, ticket)
    back = mail(one, "m2", "postmaster@x.example", bounce=Bounce("out", True, "5.1.1"), at=AT + 2 * HOUR)
    assert (back.disposition, back.ticket, back.decisions[0].verdict) == ("kept", None, Verdict.BOUNCE)
    check(one)


def test_time_does_nothing_more_to_it():
    goal = Goal("total_resolution", DAY)
    one = new(solve_after=DAY, policies=[SlaPolicy("usual", [goal])])
    ticket = mail(one, "m1").ticket
    one.handle(Reply(ticket.id, ANA, "Which one?", then="pend"), AT + MINUTE)
    delete(one, ticket)
    version = one.ticket(ticket.id).version
    for days in (1, 2, 30):
        one.tick(AT + days * DAY)
    assert one.ticket(ticket.id).version == version
    assert not [entry for entry in one.clock(ticket.id).readings if entry.since is not None]
    check(one)


def test_a_parent_may_end_once_its_child_was_deleted():
    one = new()
    child, parent = mail(one, "m1").ticket, mail(one, "m2").ticket
    one.handle(Link(child.id, ANA, "child_of", parent.id), AT)
    assert refusal(one, Solve(parent.id, ANA), AT) == ["children_open"]
    delete(one, child, "mistaken")
    one.handle(Solve(parent.id, ANA), AT + 2 * HOUR)
    check(one)


@pytest.mark.parametrize("rounds", [8])
def test_a_deletion_and_an_answer_at_once_lose_no_message(tmp_path, rounds):
    """Either the answer was in the ticket and went with it, or it has a ticket of its own."""
    with SqliteStore(tmp_path / "desk.db", durability="normal") as store:
        desks = [Desk(store, tenant="acme", config=PEOPLE) for _ in range(2)]
        for round in range(rounds):
            ticket = mail(desks[0], f"m{round}").ticket
            start = threading.Barrier(2)

            def erase(ticket=ticket, start=start):
                start.wait()
                delete(desks[0], ticket)

            def answer(round=round, start=start):
                start.wait()
                mail(desks[1], f"a{round}", text=f"answer {round}", reply_to=[f"m{round}"], at=AT + MINUTE)

            threads = [threading.Thread(target=each) for each in (erase, answer)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            said = [one for one in everything(desks[0], Kind.MESSAGE) if one.provider_id.id == f"a{round}"]
            (into,) = [desks[0].ticket(one.ticket) for one in said]
            assert into.is_deleted is (into.id == ticket.id)
            assert (f"answer {round}" in texts(desks[0])) is not into.is_deleted
        check(desks[0])


def test_nobody_finds_the_words_in_the_file_either(tmp_path):
    path = tmp_path / "desk.db"
    with SqliteStore(path) as store:
        one = Desk(store, tenant="acme", config=PEOPLE)
        ticket = mail(one, "m1", text="Unforgettable words " * 50, subject="Unforgettable heading").ticket
        stays = mail(one, "m2", text="Ordinary words").ticket
        delete(one, ticket)
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Unforgettable" not in left
    assert b"Ordinary words" in left
    with SqliteStore(path) as store:
        assert Desk(store, tenant="acme").ticket(stays.id).state == "open"
