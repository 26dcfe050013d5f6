"""What follows from each command: its events, or its refusal with every reason."""

import contextlib
from typing import get_args

import attrs
import pytest
from desks import ANA, AT, BO, DAY, EVE, HOUR, MINUTE, agent, check_laws, desk, kinds, new_desk, opened, say

from ticketcore import Actor, AgentProfile, Configuration, InvalidInput, NotFound, Parts, Refused
from ticketcore.commands import (
    AddAgent,
    AddAlias,
    Assign,
    Close,
    Configure,
    Focus,
    Hold,
    Join,
    KeepMessage,
    LinkAlias,
    Note,
    Pend,
    Place,
    Reopen,
    Reply,
    Resume,
    SetCapacity,
    SetPresence,
    SetPriority,
    SetSkills,
    SetTags,
    SetTeams,
    Solve,
    Transfer,
    Unassign,
    Unfocus,
)
from ticketcore.decide import Decidable, decide
from ticketcore.errors import Reason
from ticketcore.facts import Facts
from ticketcore.model import (
    CREDIT,
    Category,
    File,
    Kind,
    Loss,
    MessageKind,
    Placement,
    Presence,
    Priority,
    Queue,
    Ref,
    Role,
    Team,
    Verdict,
)
from ticketcore.ports import Query
from ticketcore.stores import MemoryBlobs, MemoryStore
from ticketcore.turns import SEND

pytestmark = pytest.mark.usefixtures("every_driver")


def rules(refused):
    return [reason.rule for reason in refused.value.reasons]


def test_a_reply_reaches_the_outbox_and_the_conversation():
    one = desk("ana")
    ticket = opened(one)
    handled = one.handle(Reply(ticket.id, ANA, "We are on it", then="pend"), AT + MINUTE)
    (after,) = handled.tickets
    assert (after.state, after.waiting_since, after.last_message_at) == ("pending", None, AT + MINUTE)
    assert kinds(one, Ref(Kind.TICKET, ticket.id))[-2:] == ["MessageAdded", "StateChanged"]
    (claim,) = one.store.claim("acme", [SEND], AT + MINUTE, AT + HOUR, 10)
    (message,) = one.store.load("acme", [claim.subject])
    assert (message.kind, message.author, message.ticket) == (MessageKind.AGENT, ANA, ticket.id)
    assert message.id == claim.id
    assert one.words([message.text]) == {message.text: "We are on it"}
    (conversation,) = one.store.load("acme", [Ref(Kind.CONVERSATION, ticket.conversation)])
    assert (Role.AGENT, "ana") in [(item.role, item.id) for item in conversation.participants]
    again = one.handle(Reply(ticket.id, ANA, "Still on it"), AT + MINUTE)
    assert {item.stream.kind for item in again.events} == {Kind.TICKET}, "who takes part joins once"
    check_laws(one)


@pytest.mark.parametrize(
    ("then", "state"), [(None, "open"), ("pend", "pending"), ("hold", "on_hold"), ("solve", "solved")]
)
def test_a_reply_can_move_the_ticket(then, state):
    one = desk("ana")
    (after,) = one.handle(Reply(opened(one).id, ANA, "Hello", then=then), AT).tickets
    assert after.state == state


def test_a_reply_cannot_move_the_ticket_elsewhere():
    with pytest.raises(InvalidInput, match=r"Reply\.then"):
        Reply("t", ANA, "Hello", then="close")
    with pytest.raises(InvalidInput, match=r"Reply\.then"):
        Reply("t", ANA, "Hello", then="fly")


def test_a_bot_answers_too():
    one = desk("ana")
    (after,) = one.handle(Reply(opened(one).id, Actor.bot("b"), "Hello"), AT).tickets
    assert after.waiting_since is None
    (message,) = [item for item in one.find(Query(Kind.MESSAGE)).values if item.kind is MessageKind.BOT]
    assert message.author == Actor.bot("b")
    (conversation,) = one.store.load("acme", [Ref(Kind.CONVERSATION, after.conversation)])
    assert [item.role for item in conversation.participants] == [Role.REQUESTER]


def test_a_customer_does_not_write_by_command():
    one = desk("ana")
    with pytest.raises(Refused) as refused:
        one.handle(Reply(opened(one).id, Actor.contact("kim"), "Hello"), AT)
    assert rules(refused) == ["contact_writes_inbound"]


@pytest.mark.parametrize("kind", [Reply, Note])
def test_nothing_is_not_written(kind):
    one = desk("ana")
    with pytest.raises(Refused) as refused:
        one.handle(kind(opened(one).id, ANA, "  "), AT)
    assert rules(refused) == ["nothing_said"]


def test_a_note_changes_nothing_that_the_customer_sees():
    one = desk("ana")
    ticket = opened(one)
    (after,) = one.handle(Note(ticket.id, ANA, "Difficult"), AT + MINUTE).tickets
    assert (after.waiting_since, after.last_message_at, after.state) == (AT, AT, "open")
    assert after.updated_at == AT + MINUTE
    assert one.store.claim("acme", [SEND], AT + HOUR, AT + DAY, 10) == ()
    for step in (Solve, Close):
        one.handle(step(ticket.id, ANA), AT)
    one.handle(Note(ticket.id, ANA, "Was difficult"), AT)
    assert kinds(one, Ref(Kind.TICKET, ticket.id))[-1] == "MessageAdded"


def test_somebody_is_named():
    one = desk("ana", AgentProfile("bo", presence="offline"))
    ticket = opened(one)
    (after,) = one.handle(Assign(ticket.id, ANA, "bo"), AT).tickets
    assert (after.assignee, after.state) == ("bo", "open")
    assert (agent(one, "ana").open, agent(one, "bo").open) == (0, 1)
    assert (agent(one, "bo").memory.assigned, agent(one, "bo").memory.virtual_time) == (1, CREDIT)
    assert one.handle(Assign(ticket.id, ANA, "bo"), AT).events == (), "who has it already"
    check_laws(one)


def test_naming_somebody_opens_a_new_ticket_and_wakes_none():
    one = desk(AgentProfile("ana", presence="offline"))
    ticket = opened(one)
    assert ticket.state == "new"
    (after,) = one.handle(Assign(ticket.id, EVE, "ana"), AT).tickets
    assert (after.state, after.assignee) == ("open", "ana")
    second = opened(one, sender="lee")
    one.handle(Pend(second.id, EVE), AT)
    (after,) = one.handle(Assign(second.id, EVE, "ana"), AT).tickets
    assert (after.state, agent(one, "ana").open) == ("pending", 1), "what is pending fills no slot"
    check_laws(one)


def test_nobody_is_given_more_than_they_can_take_unless_it_is_said():
    one = desk(AgentProfile("ana", capacity=1), AgentProfile("bo", capacity=1, presence="offline"))
    first, second = opened(one), opened(one, sender="lee")
    assert second.assignee is None
    with pytest.raises(Refused) as refused:
        one.handle(Assign(second.id, EVE, "ana"), AT)
    assert rules(refused) == ["capacity"]
    one.handle(Assign(second.id, EVE, "ana", over_capacity=True), AT)
    assert agent(one, "ana").open == 2
    one.handle(Pend(first.id, ANA), AT)
    one.handle(Assign(first.id, EVE, "bo"), AT)
    (after,) = one.handle(Assign(first.id, EVE, "ana"), AT).tickets
    assert after.assignee == "ana", "a pending ticket needs no room"
    check_laws(one)


def test_who_hands_a_ticket_back_does_not_get_it_again():
    one = desk("ana", "bo")
    ticket = opened(one)
    (after,) = one.handle(Unassign(ticket.id, ANA), AT + MINUTE).tickets
    assert after.assignee == "bo"
    (after,) = one.handle(Unassign(ticket.id, BO), AT + 2 * MINUTE).tickets
    assert (after.assignee, after.kept_from, after.queued_since) == (None, ("ana", "bo"), AT), "and it keeps its age"
    assert (agent(one, "ana").open, agent(one, "bo").open) == (0, 0)
    assert one.handle(Unassign(ticket.id, BO), AT).events == ()
    one.handle(SetCapacity("ana", EVE, 9), AT)
    assert one.ticket(ticket.id).assignee is None
    one.handle(Assign(ticket.id, EVE, "ana"), AT)
    one.handle(Solve(ticket.id, ANA), AT)
    assert one.ticket(ticket.id).excluded == (), "which is over when it is solved"
    check_laws(one)


def two_teams(*agents):
    return desk(
        *agents,
        teams=[Team("support"), Team("sales")],
        queues=[Queue("support"), Queue("sales", "sales")],
    )


def test_a_transfer_goes_to_the_other_queues_agents():
    one = two_teams("ana", AgentProfile("bo", teams=["sales"]))
    ticket = opened(one)
    (after,) = one.handle(Transfer(ticket.id, ANA, "sales"), AT + MINUTE).tickets
    assert (after.queue, after.assignee, after.previous, agent(one, "ana").open) == ("sales", "bo", None, 0)
    assert kinds(one, Ref(Kind.TICKET, ticket.id))[-3:] == ["Unassigned", "Routed", "Assigned"]
    assert one.handle(Transfer(ticket.id, ANA, "sales"), AT).events == ()
    with pytest.raises(NotFound) as missing:
        one.handle(Transfer(ticket.id, ANA, "moon"), AT)
    assert (missing.value.kind, missing.value.id) == ("queue", "moon")
    check_laws(one)


def test_a_transfer_of_what_waits_looks_for_an_agent():
    one = two_teams(AgentProfile("ana", capacity=0), AgentProfile("bo", teams=["sales"]))
    ticket = opened(one)
    assert ticket.assignee is None
    (after,) = one.handle(Transfer(ticket.id, EVE, "sales"), AT).tickets
    assert after.assignee == "bo"


def test_a_transfer_forgets_who_handed_it_back():
    one = two_teams("ana", AgentProfile("bo", teams=["sales"]))
    ticket = opened(one)
    one.handle(Unassign(ticket.id, ANA), AT)
    assert one.ticket(ticket.id).kept_from == ("ana",)
    (after,) = one.handle(Transfer(ticket.id, EVE, "sales"), AT).tickets
    assert (after.excluded, after.assignee) == ((), "bo")


def test_what_becomes_active_again_goes_back_to_who_had_it():
    one = desk("ana", "bo")
    ticket = opened(one)
    assert ticket.assignee == "ana"
    one.handle(Pend(ticket.id, ANA), AT)
    assert agent(one, "ana").open == 0
    before = agent(one, "ana").memory
    received = say(one, at=AT + MINUTE)
    assert (received.ticket.assignee, agent(one, "ana").open) == ("ana", 1)
    assert agent(one, "ana").memory == before, "what was paid for is not paid for again"
    check_laws(one)


@pytest.mark.parametrize(
    ("away", "loss"),
    [(SetPresence("ana", ANA, "offline"), Loss.PRESENCE), (SetCapacity("ana", ANA, 0), Loss.CAPACITY)],
    ids=["offline", "full"],
)
def test_what_becomes_active_again_goes_to_somebody_who_is_there(away, loss):
    one = desk("ana", "bo")
    ticket = opened(one)
    one.handle(Pend(ticket.id, ANA), AT)
    one.handle(away, AT)
    received = say(one, at=AT + MINUTE)
    assert received.ticket.assignee == "bo"
    told = [type(item.event).__name__ for item in received.events if item.stream.kind is Kind.TICKET]
    assert told[:3] == ["MessageAdded", "Unassigned", "StateChanged"], "they never have more than they take"
    (lost,) = [item.event for item in received.events if type(item.event).__name__ == "Unassigned"]
    assert (lost.agent, lost.reason, lost.routing_origin) == ("ana", loss, AT + MINUTE)
    check_laws(one)


def test_who_comes_back_gets_their_own_ticket_first():
    one = desk(AgentProfile("ana", capacity=1))
    first = opened(one)
    one.handle(Pend(first.id, ANA), AT)
    opened(one, sender="lee")
    one.handle(SetPresence("ana", ANA, "away"), AT)
    woken = say(one, at=AT + MINUTE).ticket
    assert (woken.assignee, woken.previous, woken.routing_origin) == (None, "ana", AT + MINUTE)
    one.handle(AddAgent(AgentProfile("bo", presence="offline"), EVE), AT)
    one.handle(SetCapacity("ana", ANA, 2), AT)
    one.handle(SetPresence("ana", ANA, "available"), AT)
    placed = one.ticket(first.id)
    assert (placed.assignee, placed.previous) == ("ana", None)
    assert agent(one, "ana").memory.assigned == 2, "for the first once, and for the second"
    check_laws(one)


def test_who_takes_up_their_own_ticket_is_not_asked_for_room():
    one = desk(AgentProfile("ana", capacity=1))
    first = opened(one)
    one.handle(Hold(first.id, ANA), AT)
    opened(one, sender="lee")
    (after,) = one.handle(Resume(first.id, ANA), AT).tickets
    assert (after.assignee, agent(one, "ana").open) == ("ana", 2)
    one.handle(Solve(first.id, ANA), AT)
    (after,) = one.handle(Reopen(first.id, BO), AT).tickets
    assert (after.assignee, after.previous) == (None, "ana"), "somebody else cannot fill it for them"
    check_laws(one)


def test_tags_come_and_go():
    one = desk("ana")
    ticket = opened(one)
    (after,) = one.handle(SetTags(ticket.id, ANA, ["vip", "gold"]), AT).tickets
    assert after.tags == ("gold", "vip")
    (after,) = one.handle(SetTags(ticket.id, ANA, ["vip", "new", "gone"], ["gold", "never", "gone"]), AT).tickets
    assert after.tags == ("new", "vip")
    (event,) = [item.event for item in one.history(Ref(Kind.TICKET, ticket.id))[-1:]]
    assert (event.added, event.removed) == (("new",), ("gold",))
    assert one.handle(SetTags(ticket.id, ANA, ["vip"], ["gold"]), AT).events == ()


def test_a_ticket_is_rated():
    one = desk("ana")
    ticket = opened(one)
    (after,) = one.handle(SetPriority(ticket.id, ANA, 4), AT).tickets
    assert after.priority is Priority.URGENT
    assert one.handle(SetPriority(ticket.id, ANA, Priority.URGENT), AT).events == ()


def test_what_is_not_there_is_named():
    one = desk("ana")
    ticket = opened(one)
    for command, kind, id in [
        (Solve("nothing", ANA), "ticket", "nothing"),
        (Assign(ticket.id, ANA, "nobody"), "agent", "nobody"),
        (SetPresence("nobody", ANA, "away"), "agent", "nobody"),
        (SetSkills("nobody", ANA, []), "agent", "nobody"),
        (LinkAlias("nobody", "chat", "kim", ANA), "contact", "nobody"),
    ]:
        with pytest.raises(NotFound) as missing:
            one.handle(command, AT)
        assert (missing.value.kind, missing.value.id) == (kind, id)
    with pytest.raises(NotFound):
        one.ticket("nothing")


def test_an_address_is_not_taken_from_somebody_else():
    one = desk("ana")
    kim, lee = opened(one).contact, opened(one, sender="lee").contact
    with pytest.raises(Refused) as refused:
        one.handle(LinkAlias(kim, "chat", "lee", ANA, account="shop"), AT)
    assert [(reason.rule, reason.subject) for reason in refused.value.reasons] == [("address_taken", lee)]


def test_presence_skills_teams_and_capacity_change_once():
    one = two_teams(AgentProfile("ana", skills={"gold": 2}))
    changes = [
        (SetPresence("ana", ANA, "draining"), "presence", Presence.DRAINING),
        (SetSkills("ana", ANA, {"gold": 3}), "skills", None),
        (SetTeams("ana", ANA, ["sales"]), "teams", ("sales",)),
        (SetCapacity("ana", ANA, 7), "capacity", 7),
    ]
    for command, field, value in changes:
        assert len(one.handle(command, AT).events) == 1
        assert one.handle(command, AT).events == ()
        if value is not None:
            assert getattr(agent(one, "ana"), field) == value
    assert [(item.skill, item.level) for item in agent(one, "ana").skills] == [("gold", 3)]
    check_laws(one)


def test_what_the_configuration_does_not_know_is_refused_by_field():
    one = desk(AgentProfile("ana", skills=["gold"]))
    for command, field in [
        (SetSkills("ana", ANA, ["lead"]), "SetSkills.skills"),
        (SetTeams("ana", ANA, ["moon"]), "SetTeams.teams"),
        (AddAgent(AgentProfile("bo", teams=["moon"]), ANA), "AgentProfile.teams"),
        (AddAgent(AgentProfile("bo", skills=["lead"]), ANA), "AgentProfile.skills"),
    ]:
        with pytest.raises(InvalidInput) as invalid:
            one.handle(command, AT)
        assert invalid.value.field == field


def test_somebody_joins_at_the_mean_and_gets_what_waits():
    one = desk(AgentProfile("ana", capacity=2))
    for sender in ("kim", "lee", "max"):
        opened(one, sender=sender)
    handled = one.handle(AddAgent(AgentProfile("bo"), EVE), AT)
    assert [ticket.assignee for ticket in handled.tickets] == ["bo"]
    assert agent(one, "bo").memory.virtual_time == 2 * CREDIT + CREDIT
    with pytest.raises(Refused) as refused:
        one.handle(AddAgent(AgentProfile("bo"), EVE), AT)
    assert rules(refused) == ["agent_exists"]
    check_laws(one)


def test_another_configuration_is_followed_at_once():
    one = desk(AgentProfile("ana", teams=["support"], capacity=0))
    ticket = opened(one)
    config = Configuration(agents=[AgentProfile("bo"), AgentProfile("ana", capacity=9)], solve_after=DAY)
    handled = one.handle(Configure(config, EVE), AT)
    assert [item.assignee for item in handled.tickets] == ["bo"]
    assert one.configuration() == attrs.evolve(config, version=2)
    assert agent(one, "ana").capacity == 0, "who is known already stays as the desk has them"
    old, new = one.store.load("acme", [Ref(Kind.CONFIGURATION, "1"), Ref(Kind.CONFIGURATION, "2")])
    assert (old.version, old.solve_after, new.solve_after) == (1, Configuration().solve_after, DAY)
    assert one.ticket(ticket.id).assignee == "bo"
    check_laws(one)


def test_another_configuration_opens_queues_to_other_teams():
    one = two_teams(AgentProfile("bo", teams=["sales"]))
    assert opened(one).assignee is None
    teams = [Team("support"), Team("sales")]
    config = Configuration(teams=teams, queues=[Queue("support", "sales"), Queue("sales", "sales")])
    handled = one.handle(Configure(config, EVE), AT)
    assert [item.assignee for item in handled.tickets] == ["bo"]


def test_the_first_configuration_seeds_and_the_store_wins():
    one = desk("ana")
    assert one.configuration().version == 0
    opened(one)
    other = desk("bo", store=one.store)
    assert opened(other, sender="lee").assignee == "ana"
    assert other.configuration() == one.configuration()
    assert [item.id for item in one.find(Query(Kind.AGENT)).values] == ["ana"]


def test_the_router_places_only_what_waits_and_with_whom_may_have_it():
    one = desk("ana", AgentProfile("bo", presence="away"))
    ticket = opened(one)
    facts = Facts({Ref(Kind.TICKET, ticket.id): ticket, Ref(Kind.AGENT, "bo"): agent(one, "bo")})
    config = one.configuration()
    rule = Actor.rule("router")
    with pytest.raises(Refused) as refused:
        decide(config, facts, Place(ticket.id, Placement("bo", "p", 2, ()), rule), AT)
    assert rules(refused) == ["not_waiting"]
    waiting = attrs.evolve(ticket, assignee=None)
    facts = Facts({**facts.entities, Ref(Kind.TICKET, ticket.id): waiting})
    with pytest.raises(Refused) as refused:
        decide(config, facts, Place(ticket.id, Placement("bo", "p", 2, ()), rule), AT)
    assert rules(refused) == ["presence"]
    unrouted = Facts({**facts.entities, Ref(Kind.TICKET, ticket.id): attrs.evolve(waiting, queue=None)})
    with pytest.raises(Refused) as refused:
        decide(config, unrouted, Place(ticket.id, Placement("bo", "p", 2, ()), rule), AT)
    assert rules(refused) == ["not_waiting"]
    solved = attrs.evolve(waiting, state="solved", category=Category.SOLVED)
    with pytest.raises(Refused) as refused:
        decide(
            config,
            Facts({Ref(Kind.TICKET, ticket.id): solved}),
            Place(ticket.id, Placement("bo", "p", 2, ()), rule),
            AT,
        )
    assert rules(refused) == ["no_such_move"]


def test_a_refused_command_leaves_nothing():
    one = desk("ana")
    ticket = opened(one)
    before = one.store.events("acme")
    with pytest.raises(Refused) as refused:
        one.handle(Reopen(ticket.id, ANA), AT)
    assert str(refused.value) == "Reopen refused: no_such_move (reopen from open)"
    assert one.store.events("acme") == before


def test_a_file_is_something_said():
    blobs = MemoryBlobs()
    one = new_desk(
        MemoryStore(), tenant="acme", config=Configuration(agents=[AgentProfile("ana")]), parts=Parts(blobs=blobs)
    )
    ticket = opened(one)
    one.handle(Reply(ticket.id, ANA, "", attachments=[File(b"pdf", "invoice.pdf")]), AT + MINUTE)
    message = one.find(Query(Kind.MESSAGE, {"ticket": ticket.id}, sort="received_at")).values[-1]
    assert [blobs.get(item.blob) for item in message.attachments] == [b"pdf"]
    assert (message.text, one.words([message.attachments[0].name])) == (
        None,
        {message.attachments[0].name: "invoice.pdf"},
    )


def test_a_contact_keeps_their_name_when_an_address_is_linked():
    one = desk("ana")
    contact = opened(one, sender_name="Kim").contact
    one.handle(LinkAlias(contact, "email", "kim@example.org", ANA), AT)
    (value,) = one.store.load("acme", [Ref(Kind.CONTACT, contact)])
    assert (value.name, len(value.aliases)) == ("Kim", 2)


def test_tags_can_only_go():
    one = desk("ana")
    ticket = opened(one)
    one.handle(SetTags(ticket.id, ANA, ["vip"]), AT)
    (after,) = one.handle(SetTags(ticket.id, ANA, (), ["vip"]), AT).tickets
    assert after.tags == ()


def test_a_rule_that_is_called_like_an_agent_is_asked_for_room():
    one = desk(AgentProfile("ana", capacity=1))
    first = opened(one)
    one.handle(Hold(first.id, ANA), AT)
    opened(one, sender="lee")
    (after,) = one.handle(Resume(first.id, Actor.rule("ana")), AT).tickets
    assert after.assignee is None


def test_the_event_of_a_configuration_names_its_version():
    one = desk("ana")
    opened(one)
    one.handle(Configure(one.configuration(), EVE), AT)
    versions = [item.event.version for item in one.history(Ref(Kind.CONFIGURATION, "current"))]
    assert versions == [1, 2]


def test_a_decision_needs_its_facts():
    one = desk("ana")
    ticket = opened(one)
    facts = Facts({Ref(Kind.TICKET, ticket.id): ticket})
    missing = [
        (Solve(ticket.id, ANA), "agent", "ana"),
        (AddAlias("kim", "a1", "chat", ANA), "contact", "kim"),
        (KeepMessage("c1", "m1", Verdict.EMPTY, None, ANA), "conversation", "c1"),
        (Join("c1", Role.AGENT, "ana", ANA), "conversation", "c1"),
    ]
    for command, kind, id in missing:
        with pytest.raises(NotFound) as not_found:
            decide(one.configuration(), facts, command, AT)
        assert (not_found.value.kind, not_found.value.id) == (kind, id)


def test_who_joins_is_told_apart_by_role_and_by_id():
    one = desk("ana")
    ticket = opened(one)
    (conversation,) = one.store.load("acme", [Ref(Kind.CONVERSATION, ticket.conversation)])
    facts = Facts({Ref(Kind.CONVERSATION, conversation.id): conversation})
    known = conversation.participants[0]

    def joins(role, id):
        return bool(decide(one.configuration(), facts, Join(conversation.id, role, id, ANA), AT))

    assert not joins(known.role, known.id)
    assert joins(Role.COLLABORATOR, known.id)
    assert joins(known.role, "somebody else")


def test_the_time_that_an_agent_has_a_ticket_open_is_in_its_history():
    one = desk("ana", "bo")
    ticket = opened(one)
    for command in (Focus(ticket.id, ANA), Focus(ticket.id, ANA), Focus(ticket.id, BO), Unfocus(ticket.id, ANA)):
        one.handle(command, AT)
    assert one.ticket(ticket.id).focused == ("bo",)
    assert one.handle(Unfocus(ticket.id, ANA), AT).events == ()
    assert kinds(one, Ref(Kind.TICKET, ticket.id))[-3:] == ["Focused", "Focused", "FocusLeft"]
    with pytest.raises(Refused) as refused:
        one.handle(Focus(ticket.id, Actor.bot("bot")), AT)
    assert refused.value.reasons == (Reason("only_agents_focus", "bot"),)
    check_laws(one)


@pytest.mark.parametrize("kind", get_args(Decidable))
def test_every_command_has_a_rule(kind):
    with contextlib.suppress(AttributeError):  # the rule is found, and looks for what is not there
        decide(Configuration(), Facts({}), kind.__new__(kind), AT)


def test_a_command_of_a_class_that_the_rules_do_not_know_is_not_decided():
    class Burn(Close):
        """Not one of ours."""

    one = desk("ana")
    ticket = opened(one)
    with pytest.raises(InvalidInput) as unknown:
        one.handle(Burn(ticket.id, ANA))
    assert (unknown.value.field, unknown.value.reason) == ("command", "must be one of those that are known, not Burn")


@pytest.mark.parametrize("frees", ["solve", "pend", "close", "room"])
def test_s14_three_slots_that_are_freed_go_to_the_three_oldest_of_ten_and_are_freed_once(frees):
    one = desk(
        AgentProfile("ana", capacity=3), AgentProfile("bo", capacity=1), queues=[Queue("support"), Queue("second")]
    )
    first = [opened(one, sender=f"first{i}", at=AT + i * MINUTE) for i in range(4)]
    waiting = [opened(one, sender=f"waits{i}", at=AT + (10 + i) * MINUTE) for i in range(10)]
    assert [ticket.assignee for ticket in waiting] == [None] * 10
    mine = [ticket for ticket in first if ticket.assignee == "ana"]
    events = []
    for ticket in mine:
        command = {
            "solve": Solve(ticket.id, ANA),
            "pend": Pend(ticket.id, ANA),
            "close": Solve(ticket.id, ANA),
            "room": SetCapacity("ana", ANA, agent(one, "ana").capacity + 1),
        }[frees]
        events += one.handle(command, AT + HOUR).events
        if frees == "close":
            events += one.handle(Close(ticket.id, ANA), AT + HOUR).events
    taken = [item.stream.id for item in events if type(item.event).__name__ == "Assigned"]
    assert taken == [ticket.id for ticket in waiting[:3]]
    released = [item.event.ticket for item in events if type(item.event).__name__ == "WorkReleased"]
    assert released == ([] if frees == "room" else [ticket.id for ticket in mine])
    assert agent(one, "ana").open == (6 if frees == "room" else 3)
    check_laws(one)
