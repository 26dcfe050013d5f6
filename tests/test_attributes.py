"""Types of tickets with attributes: values of every kind, who sees which, and what a lack forbids on every path."""

import contextlib
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import attrs
import pytest
from desks import ANA, AT, BO, DAY, HOUR, check_laws, desk, everything, kinds, opened, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import Actor, AgentProfile, Configuration, InvalidInput, NotFound, Refused
from ticketcore.attributes import lacking, shown
from ticketcore.codec import encode_event
from ticketcore.commands import Assign, Close, Configure, HandOver, Pend, Reply, SetAttributes, Solve, Unassign
from ticketcore.config import read_desk
from ticketcore.errors import Reason
from ticketcore.events import AttributesChanged
from ticketcore.model import (
    REQUEST,
    Attribute,
    AttributeKind,
    AttributeValue,
    Audience,
    Blob,
    Filter,
    Kind,
    Queue,
    Ref,
    Stage,
    Team,
    TicketKind,
    TicketType,
    Visibility,
)
from ticketcore.model.attribute_values import plain_text
from ticketcore.model.attributes import texts_given
from ticketcore.sharing import share

pytestmark = pytest.mark.usefixtures("every_driver")

BLOB = Blob.of(b"photo")
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=9)
zones = st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))])
aware = st.builds(
    lambda days, zone: (AT + timedelta(microseconds=days)).astimezone(zone), st.integers(0, 10**17), zones
)
VALUES = {
    AttributeKind.INTEGER: st.integers(-(2**63), 2**63 - 1),
    AttributeKind.DECIMAL: st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20
    ),
    AttributeKind.BOOLEAN: st.booleans(),
    AttributeKind.DATETIME: aware,
    AttributeKind.FILE: st.builds(Blob.of, st.binary(max_size=9)),
    **dict.fromkeys((AttributeKind.SERVICE, AttributeKind.ORDER, AttributeKind.ACCOUNT), words),
}
plain_values = st.sampled_from(list(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind]))

# Values


@given(plain_values)
def test_a_value_that_is_not_words_is_read_as_it_was_given(value):
    kind, one = value
    text = plain_text(kind, one, "field")
    read = AttributeValue("it", kind, text).plain
    assert read == one
    assert type(read) is type(one) or isinstance(one, str | datetime)
    assert plain_text(kind, text, "field") == text


@pytest.mark.parametrize(
    ("kind", "given", "reason"),
    [
        ("integer", True, "whole number"),
        ("integer", 2**63, "must be from"),
        ("integer", "1.5", "whole number"),
        ("decimal", 0.1, "Decimal"),
        ("decimal", "NaN", "finite"),
        ("decimal", "1e99", "digits"),
        ("decimal", "1e-99", "digits"),
        ("decimal", "1" * 200, "Decimal"),
        ("decimal", "much", "decimal number"),
        ("boolean", 1.0, "true or false"),
        ("boolean", "yes", "true or false"),
        ("datetime", AT.replace(tzinfo=None), "time zone"),
        ("datetime", "soon", "instant"),
        ("file", "photo.jpg", "Blob"),
        ("order", "", "1 to 1000"),
        ("string", "  ", "says something"),
        ("string", 7, "says something"),
        ("string", "\ud800", "surrogate"),
    ],
)
def test_a_value_that_is_none_of_its_kind_is_refused_by_name(kind, given, reason):
    with pytest.raises(InvalidInput, match=reason) as error:
        texts_given(Attribute("it", kind), given, "values['it']")
    assert error.value.field == "values['it']"


@pytest.mark.parametrize(
    ("options", "given", "field"),
    [
        (["s", "m"], "l", "it"),
        (["s", "m"], ["s", "l"], "it[1]"),
        (["s", "m"], ["s", "s"], "it"),
        (["s", "m"], [], "it"),
        ((), [7], "it[0]"),
    ],
)
def test_a_list_holds_some_of_its_options_or_texts(options, given, field):
    size = Attribute("it", "list", options=options)
    with pytest.raises(InvalidInput) as error:
        texts_given(size, given, "it")
    assert error.value.field == field


def test_a_list_without_options_is_words():
    assert Attribute("it", "list").is_words
    assert not Attribute("it", "list", options=["s"]).is_words


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Attribute("it", "text"), "Attribute.kind"),
        (lambda: Attribute("it", options=["s"]), "Attribute.options"),
        (lambda: Attribute("it", visibility="public"), "Attribute.customer_labels"),
        (lambda: Attribute("it", customer_required=["create"]), "Attribute.customer_required"),
        (lambda: Attribute("it", required=["open"]), "Attribute.required[0]"),
        (lambda: TicketType("t", attributes=[Attribute("a"), Attribute("a")]), "TicketType.attributes[1].id"),
        (lambda: TicketType("t", attributes=[Attribute("a", when={"b": "x"}), FLAG]), "TicketType.attributes[0].when"),
        (
            lambda: TicketType("t", attributes=[Attribute("b"), Attribute("a", when={"b": "x"})]),
            "TicketType.attributes[1].when",
        ),
        (
            lambda: TicketType("t", attributes=[FLAG, Attribute("a", when={"b": "yes"})]),
            "TicketType.attributes[1].when",
        ),
        (
            lambda: TicketType(
                "t", attributes=[FLAG, Attribute("a", visibility="public", customer_labels="A", when={"b": "true"})]
            ),
            "TicketType.attributes[1].when",
        ),
        (lambda: Configuration(types=[TicketType("t", kind="tracker")]), "Configuration.types[0].kind"),
        (lambda: SetAttributes("t", ANA, {"a": 0.1}), "SetAttributes.values['a']"),
        (lambda: SetAttributes("t", ANA, [("a", 1), ("a", 2)]), "SetAttributes.values[1]"),
        (lambda: SetAttributes("t", ANA, 7), "SetAttributes.values"),
        (lambda: HandOver("t", ANA, "", values={}), "HandOver.queue"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_name(make, field):
    with pytest.raises(InvalidInput) as error:
        make()
    assert error.value.field == field


FLAG = Attribute("b", "boolean")

# Who sees what, and what is lacking


@st.composite
def types(draw):
    """A type whose attributes depend on each other in any way that a type allows."""
    made = []
    for i in range(draw(st.integers(1, 5))):
        public = draw(st.booleans())
        asked = [one for one in made if not public or one.visibility is Visibility.PUBLIC]
        when = {one.id: draw(st.sampled_from(["true", "false"])) for one in asked if draw(st.booleans())}
        stages = st.lists(st.sampled_from(Stage), unique=True)
        made.append(
            Attribute(
                f"a{i}",
                "boolean",
                visibility="public" if public else "internal",
                customer_labels="A" if public else (),
                required=draw(stages),
                customer_required=draw(stages) if public else (),
                when=when,
            )
        )
    return TicketType("request", attributes=made)


def is_shown(type, id, values, audience):
    """The definition, by recursion."""
    one = type.attribute(id)
    return one.sees(audience) and all(
        values.get(name) == value and is_shown(type, name, values, audience) for name, value in one.when
    )


@given(types(), st.dictionaries(st.sampled_from([f"a{i}" for i in range(5)]), st.sampled_from(["true", "false"])))
def test_what_is_hidden_is_never_required(type, values):
    held = tuple(AttributeValue(name, AttributeKind.BOOLEAN, text) for name, text in sorted(values.items()))
    configuration = Configuration(types=[type])
    for audience in Audience:
        visible = [one.id for one in type.attributes if is_shown(type, one.id, values, audience)]
        assert [one.id for one in shown(type.attributes, held, audience)] == visible
        for stage in Stage:
            missing = lacking(configuration, "request", held, stage, audience)
            assert list(missing) == [
                id for id in visible if id not in values and type.attribute(id).demanded(stage, audience)
            ]
    assert {one.id for one in shown(type.attributes, held, Audience.CUSTOMER)} <= {
        one.id for one in shown(type.attributes, held, Audience.AGENT) if one.visibility is Visibility.PUBLIC
    }


def test_a_value_of_another_kind_than_the_attribute_has_now_is_none():
    type = TicketType("request", attributes=[Attribute("a", "integer", required=["solve"])])
    held = (AttributeValue("a", AttributeKind.ORDER, "7"),)
    assert lacking(Configuration(types=[type]), "request", held, Stage.SOLVE, Audience.AGENT) == ("a",)


# On a desk

REFUND = TicketType(
    "refund",
    attributes=[
        Attribute(
            "order",
            "order",
            visibility="public",
            customer_labels="Order",
            required=["assign"],
            customer_required=["create"],
        ),
        Attribute("reason", "list", options=["broken", "late"], required=["create"]),
        Attribute("part", when={"reason": "broken"}, required=["solve"]),
        Attribute("amount", "decimal", required=["solve"]),
        Attribute("notes", "list"),
        Attribute("photo", "file"),
    ],
)


def shop(**config):
    return desk(
        AgentProfile("ana", capacity=1),
        AgentProfile("bo", teams=["money"]),
        teams=[Team("support"), Team("money")],
        queues=[Queue("support"), Queue("refunds", "money")],
        types=[TicketType("request"), REFUND, TicketType("outage", kind="tracker")],
        **config,
    )


def attribute_reasons(*names):
    return tuple(Reason("attribute_required", name) for name in names)


def refused(call, *arguments):
    with pytest.raises(Refused) as error:
        call(*arguments)
    return error.value.reasons


def refund(one, **attributes):
    return say(one, type="refund", attributes=attributes)


def test_a_customer_s_message_is_never_refused_and_what_it_lacks_is_data():
    one = shop()
    received = refund(one)
    assert received.missing == ("order",)
    assert received.ticket.type == "refund"
    assert received.ticket.assignee is None
    assert Filter.GUARD in [item.filter for item in received.decisions[-1].excluded]
    assert refund(one, order="A-1").missing == ()
    check_laws(one)


def test_what_comes_with_a_message_is_typed_where_it_can_be_and_else_kept_as_words():
    one = shop()
    ticket = refund(one, order="A-1", amount="a lot", reason="late", campaign="spring").ticket
    kept = one.words(value.text for value in ticket.attributes if value.is_words)
    assert {value.attribute: kept.get(value.text, value.plain) for value in ticket.attributes} == {
        "amount": "a lot",
        "campaign": "spring",
        "order": "A-1",
        "reason": "late",
    }
    assert [value.kind for value in ticket.attributes] == ["string", "string", "order", "list"]
    check_laws(one)


@pytest.mark.parametrize("type", ["refnd", "outage"])
def test_a_message_does_not_open_what_is_not_for_customers(type):
    one = shop()
    with pytest.raises(InvalidInput, match=type) as error:
        say(one, type=type)
    assert error.value.field == "Inbound.type"
    assert everything(one, Kind.TICKET) == []


def test_a_lack_keeps_a_ticket_from_agents_on_every_path():
    one = shop()
    ticket = refund(one).ticket
    assert refused(one.handle, Assign(ticket.id, ANA, "ana"), AT) == attribute_reasons("order")
    for woken in one.tick(AT + DAY).woken:
        assert all(ticket.assignee is None for ticket in woken.handled.tickets)
    say(one, "Hello?", at=AT + HOUR)
    assert one.ticket(ticket.id).assignee is None
    assert one.handle(SetAttributes(ticket.id, ANA, {"order": "A-1"}), AT + HOUR).tickets[0].queue == "support"
    check_laws(one)


def test_what_a_ticket_lacked_gets_it_an_agent_at_once():
    one = desk("ana", types=[REFUND])
    ticket = opened(one)
    assert ticket.assignee is None
    (after,) = one.handle(SetAttributes(ticket.id, BO, {"order": "A-1"}), AT).tickets
    assert after.assignee == "ana"
    check_laws(one)


def test_a_lack_keeps_a_ticket_from_being_solved_where_no_rule_does():
    workflow = attrs.evolve(REQUEST, rules=())
    one = desk("ana", types=[REFUND], workflows=[workflow])
    ticket = opened(one, attributes={"order": "A-1", "reason": "late"})
    assert refused(one.handle, Solve(ticket.id, ANA), AT) == attribute_reasons("amount")
    one.handle(SetAttributes(ticket.id, ANA, {"amount": "2"}), AT)
    assert one.handle(Solve(ticket.id, ANA), AT).tickets[0].category == "solved"
    check_laws(one)


def test_a_lack_keeps_a_ticket_from_being_solved_on_every_path():
    one = desk("ana", types=[REFUND], solve_after=DAY)
    ticket = opened(one, attributes={"order": "A-1", "reason": "broken"})
    lack = attribute_reasons("part", "amount")
    assert refused(one.handle, Solve(ticket.id, ANA), AT) == lack
    assert refused(one.handle, Solve(ticket.id, Actor.bot("b")), AT) == lack
    assert refused(one.handle, Reply(ticket.id, ANA, "Done", then="solve"), AT) == lack
    one.handle(Reply(ticket.id, ANA, "Which part?", then="pend"), AT)
    (woken,) = one.tick(AT + 2 * DAY).woken
    assert woken.refused.reasons == lack
    assert one.ticket(ticket.id).category == "pending"
    one.handle(SetAttributes(ticket.id, ANA, {"reason": "late", "amount": 7}), AT + 2 * DAY)
    assert one.handle(Solve(ticket.id, ANA), AT + 2 * DAY).tickets[0].category == "solved"
    one.handle(SetAttributes(ticket.id, ANA, {"amount": None}), AT + 2 * DAY)
    assert one.handle(Close(ticket.id, ANA), AT + 2 * DAY).tickets[0].category == "closed"
    check_laws(one)


def test_what_silence_could_not_solve_for_a_lack_it_solves_when_nothing_lacks():
    one = desk("ana", types=[REFUND], solve_after=DAY)
    ticket = opened(one, attributes={"order": "A-1", "reason": "broken"})
    one.handle(Reply(ticket.id, ANA, "Which part?", then="pend"), AT)
    assert one.tick(AT + DAY).woken[0].refused is not None
    assert one.tick(AT + 2 * DAY).woken == ()
    one.handle(SetAttributes(ticket.id, ANA, {"amount": 7}), AT + 2 * DAY)
    assert one.tick(AT + 2 * DAY).woken[0].refused is not None
    one.handle(SetAttributes(ticket.id, ANA, {"part": "Lid"}), AT + 2 * DAY)
    assert one.ticket(ticket.id).category == "pending"
    one.tick(AT + 2 * DAY)
    assert one.ticket(ticket.id).category == "solved"
    check_laws(one)


def test_an_import_says_what_was():
    one = desk("ana", types=[REFUND])
    ticket = opened(one)
    past = Actor("import", "history")
    one.without_effects().handle(Assign(ticket.id, past, "ana"), AT)
    assert one.handle(Solve(ticket.id, past), AT).tickets[0].category == "solved"


def test_a_lack_does_not_keep_anybody_from_giving_a_ticket_away():
    one = desk("ana", types=[REFUND])
    ticket = opened(one, attributes={"order": "A-1"})
    one.handle(SetAttributes(ticket.id, ANA, {"order": None}), AT)
    assert one.handle(Unassign(ticket.id, ANA), AT).tickets[0].assignee is None


def test_values_are_set_changed_and_taken_away():
    one = desk("ana", types=[REFUND])
    id = opened(one).id
    set = {"order": "A-1", "amount": Decimal("12.50"), "notes": ["torn", "wet"], "photo": BLOB, "reason": ["late"]}
    ticket = one.handle(SetAttributes(id, ANA, set), AT).tickets[0]
    assert [(value.attribute, value.kind.value) for value in ticket.attributes] == [
        ("amount", "decimal"),
        ("notes", "string"),
        ("notes", "string"),
        ("order", "order"),
        ("photo", "file"),
        ("reason", "list"),
    ]
    plain = {value.attribute: value.plain for value in ticket.attributes if not value.is_words}
    assert plain == {"amount": Decimal("12.50"), "order": "A-1", "photo": BLOB, "reason": "late"}
    texts = [value.text for value in ticket.attributes if value.is_words]
    assert [one.words(texts)[text] for text in texts] == ["torn", "wet"]
    assert one.handle(SetAttributes(id, ANA, {"order": "A-1", "photo": BLOB}), AT).events == ()
    assert one.handle(SetAttributes(id, ANA, {"part": None}), AT).events == ()
    (changed,) = one.handle(SetAttributes(id, ANA, {"order": "A-2", "photo": BLOB, "notes": None}), AT).events
    assert changed.event == AttributesChanged(
        AT, ANA, (AttributeValue("order", AttributeKind.ORDER, "A-2"),), ("notes",)
    )
    assert [value.attribute for value in one.ticket(id).attributes] == ["amount", "order", "photo", "reason"]
    check_laws(one)


def test_no_word_of_anybody_is_in_the_history():
    one = desk("ana", types=[REFUND])
    id = opened(one, attributes={"campaign": "SECRETWORD"}).id
    one.handle(SetAttributes(id, ANA, {"notes": ["SECRETWORD"], "part": "SECRETWORD"}), AT)
    history = [encode_event(item.event) for item in one.store.events(one.tenant)]
    assert not [line for line in history if "SECRETWORD" in line]


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"ordr": "A"}, "SetAttributes.values['ordr']", "did you mean 'order'"),
        ({"amount": "x"}, "SetAttributes.values['amount']", "decimal"),
        ({"reason": "lat"}, "SetAttributes.values['reason']", "did you mean 'late'"),
        ({"photo": "x"}, "SetAttributes.values['photo']", "Blob"),
    ],
)
def test_a_value_that_cannot_be_set_is_refused_by_name(values, field, reason):
    one = desk("ana", types=[REFUND])
    id = opened(one).id
    before = one.ticket(id)
    with pytest.raises(InvalidInput, match=reason) as error:
        one.handle(SetAttributes(id, ANA, values), AT)
    assert error.value.field == field
    assert one.ticket(id) == before


def test_a_closed_ticket_is_not_described_anew():
    one = desk("ana", types=[REFUND])
    id = opened(one).id
    one.handle(Close(id, ANA), AT)
    assert refused(one.handle, SetAttributes(id, ANA, {"order": "A"}), AT)[0].rule == "closed_is_final"


def test_tickets_are_found_by_what_they_are_about():
    one = shop()
    first, second = (
        refund(one, order="A-1").ticket,
        say(one, sender="zoe", type="refund", attributes={"order": "A-2"}).ticket,
    )
    say(one, sender="li")
    assert [item.id for item in one.tickets(order="A-1").tickets] == [first.id]
    assert [item.id for item in one.tickets(order=("A-1", "A-2"), service=None).tickets] == [first.id, second.id]
    one.handle(SetAttributes(first.id, ANA, {"order": "A-2"}), AT)
    assert len(one.tickets(order="A-2").tickets) == 2
    assert one.tickets(order="A-1").tickets == ()


# Handing over


def handed(one, ticket, **more):
    values = {"reason": "late", "order": "A-1"} if "values" not in more else more.pop("values")
    return one.handle(HandOver(ticket.id, ANA, "refunds", "refund", "Please look", values, **more), AT)


def test_a_chat_becomes_a_ticket_of_specialists_and_stays_one_conversation():
    one = shop()
    chat = say(one, "My money back").ticket
    waiting = say(one, "And mine", sender="zoe").ticket
    assert (chat.assignee, waiting.assignee) == ("ana", None)
    done = handed(one, chat)
    ticket = one.ticket(chat.id)
    assert (ticket.number, ticket.type, ticket.queue, ticket.assignee) == (chat.number, "refund", "refunds", "bo")
    assert ticket.conversation == chat.conversation
    assert ticket.routing_origin == chat.routing_origin
    released = [item for item in done.events if type(item.event).__name__ == "WorkReleased"]
    assert [item.stream.id for item in released] == ["ana"]
    assert one.ticket(waiting.id).assignee == "ana"
    (conversation,) = one.store.load(one.tenant, [Ref(Kind.CONVERSATION, chat.conversation)])
    assert conversation.asynchronous
    for days in (1, 9):
        later = say(one, "Any news?", at=AT + days * DAY)
        assert (later.ticket.id, later.decisions[0].reason) == (chat.id, "asynchronous")
    notes = [message for message in everything(one, Kind.MESSAGE) if message.kind == "note"]
    assert [one.words([note.text])[note.text] for note in notes] == ["Please look"]
    check_laws(one)


def test_once_it_is_solved_the_next_matter_is_another():
    one = shop()
    chat = say(one).ticket
    handed(one, chat)
    one.handle(SetAttributes(chat.id, BO, {"amount": 1}), AT)
    one.handle(Solve(chat.id, BO), AT)
    assert say(one, at=AT + HOUR).ticket.id == chat.id
    one.handle(Solve(chat.id, BO), AT + HOUR)
    other = say(one, at=AT + DAY)
    assert other.ticket.id != chat.id
    (conversation,) = one.store.load(one.tenant, [Ref(Kind.CONVERSATION, chat.conversation)])
    assert (conversation.ticket, conversation.asynchronous) == (other.ticket.id, False)
    check_laws(one)


def test_a_conversation_that_went_on_comes_back_to_what_is_handed_over():
    one = shop()
    first = say(one).ticket
    say(one, at=AT + DAY)
    handed(one, first)
    assert say(one, at=AT + 9 * DAY).ticket.id == first.id
    check_laws(one)


def test_what_the_type_requires_is_required_to_hand_over_and_nothing_is_done_without():
    one = shop()
    chat = say(one).ticket
    before = list(one.store.events(one.tenant))
    assert refused(lambda: handed(one, chat, values={"order": "A"})) == attribute_reasons("reason")
    assert list(one.store.events(one.tenant)) == before
    assert refused(one.handle, HandOver(chat.id, ANA, "refunds", "outage"), AT) == (
        Reason("not_for_customers", "outage"),
    )
    for queue, type in (("nowhere", "refund"), ("refunds", "nothing")):
        with pytest.raises(NotFound):
            one.handle(HandOver(chat.id, ANA, queue, type, values={"reason": "late"}), AT)
    assert list(one.store.events(one.tenant)) == before


def test_what_is_required_to_assign_keeps_a_handed_over_ticket_waiting():
    one = shop()
    chat = say(one).ticket
    handed(one, chat, values={"reason": "late"})
    assert one.ticket(chat.id).assignee is None
    assert one.handle(SetAttributes(chat.id, ANA, {"order": "A-1"}), AT).tickets[0].assignee == "bo"


def test_a_ticket_that_waits_for_its_customer_takes_no_slot_when_it_is_handed_over():
    one = shop()
    chat = say(one).ticket
    one.handle(Pend(chat.id, ANA), AT)
    done = handed(one, chat)
    assert not [item for item in done.events if item.stream.kind is Kind.AGENT]
    assert (one.ticket(chat.id).assignee, one.ticket(chat.id).category) == (None, "pending")
    assert say(one, at=AT + DAY).ticket.assignee == "bo"
    check_laws(one)


def test_an_e_mail_is_not_live_to_begin_with():
    one = shop()
    mail = say(one, channel="email").ticket
    handed(one, mail)
    assert "TurnedAsynchronous" not in kinds(one, Ref(Kind.CONVERSATION, mail.conversation))


def test_handing_over_without_another_type_is_for_other_people_only():
    one = shop()
    chat = say(one).ticket
    one.handle(HandOver(chat.id, ANA, "refunds"), AT)
    assert (one.ticket(chat.id).type, one.ticket(chat.id).assignee) == ("request", "bo")


# Whatever happens

commands = st.lists(
    st.tuples(
        st.sampled_from(["set", "hand", "solve", "assign", "unassign", "pend", "reply", "say", "tick", "configure"]),
        st.dictionaries(
            st.sampled_from(["order", "reason", "part", "amount", "notes", "b"]),
            st.sampled_from(["A-1", "late", "broken", "7", "true", None]),
            max_size=3,
        ),
        st.integers(0, 2),
    ),
    max_size=12,
)


@given(commands)
def test_no_sequence_of_commands_reaches_an_invalid_state(steps):
    one = shop(solve_after=DAY)
    ids = [say(one, sender=sender).ticket.id for sender in ("kim", "li")]
    at = AT
    for name, values, i in steps:
        id, at = ids[i % 2], at + 7 * HOUR
        with contextlib.suppress(Refused, InvalidInput, NotFound):
            match name:
                case "set":
                    one.handle(SetAttributes(id, ANA, values), at)
                case "hand":
                    one.handle(
                        HandOver(id, ANA, ["support", "refunds"][i % 2], [None, "refund", "request"][i], "x", values),
                        at,
                    )
                case "solve":
                    one.handle(Solve(id, ANA), at)
                case "assign":
                    one.handle(Assign(id, ANA, "bo"), at)
                case "unassign":
                    one.handle(Unassign(id, ANA), at)
                case "pend":
                    one.handle(Pend(id, ANA), at)
                case "reply":
                    one.handle(Reply(id, ANA, "So", then=["pend", "solve", "hold"][i]), at)
                case "say":
                    say(one, sender=["kim", "li", "zoe"][i], at=at, attributes={k: v for k, v in values.items() if v})
                case "tick":
                    one.tick(at)
                case "configure":
                    types = [TicketType("request", attributes=[FLAG]), REFUND][: 1 + i]
                    one.handle(Configure(Configuration(one.configuration().agents, types=types), ANA), at)
    check_laws(one)
    configuration = one.configuration()
    for ticket in everything(one, Kind.TICKET):
        assert share(ticket) == ticket
        assert [value.attribute for value in ticket.attributes] == sorted(
            value.attribute for value in ticket.attributes
        )
        solved = [item.event for item in one.history(Ref(Kind.TICKET, ticket.id))][-1:]
        for event in solved:
            if type(event).__name__ == "StateChanged" and event.category == "solved":
                assert not lacking(configuration, ticket.type, ticket.attributes, Stage.SOLVE, Audience.AGENT)


# In a file


@pytest.mark.parametrize(
    ("said", "field", "reason"),
    [
        ("kind = 'customers'", "types.t.kind", "did you mean 'customer'"),
        ("kind = 'tracker'", "types.t.kind", "customer"),
        ("attributes.a = {kind = 'text'}", "types.t.attributes.a.kind", "must be one of"),
        ("attributes.a = {visible = true}", "types.t.attributes.a.visible", "did you mean 'visibility'"),
        ("attributes.a = {visibility = 'public'}", "types.t.attributes.a.customer_labels", "customers call"),
        ("attributes.a = {required = ['open']}", "types.t.attributes.a.required[0]", "must be one of"),
        ("attributes.a = {when = {b = true}}", "types.t.attributes.a.when", "declared above"),
        ("attributes = {b = {kind = 'boolean'}, a = {when = {b = 1}}}", "types.t.attributes.a.when", "true or false"),
        ("attributes = {b = {kind = 'boolean'}, a = {when = {b = [1.5]}}}", "types.t.attributes.a.when.b[0]", "text"),
        ("attributes.a = {labels = ''}", "types.t.attributes.a.labels", "characters"),
    ],
)
def test_a_fault_in_a_file_has_its_key_and_line(said, field, reason):
    with pytest.raises(InvalidInput, match=reason) as error:
        read_desk(f"[desk]\ntenant = 't'\n[types.t]\n{said}\n")
    assert (error.value.field, error.value.line) == (field, 4)


def test_conditions_are_read_as_toml_has_them():
    text = """
    [desk]
    tenant = "t"
    [types.t.attributes]
    b = {kind = "boolean"}
    n = {kind = "integer"}
    a = {when = {b = true, n = [1, 2]}}
    """
    (type,) = read_desk(text).configuration.types
    assert type.attribute("a").when == (("b", "true"), ("n", "1"), ("n", "2"))
    assert type.kind is TicketKind.CUSTOMER
