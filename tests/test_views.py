"""What a customer sees of a ticket: all that is theirs, and nothing else whatever happened to it."""

import contextlib

import attrs
import msgspec
import pytest
from desks import AT, DAY, HOUR, check_laws, desk, everything, new_desk, opened, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import Actor, AgentProfile, Condition, Configuration, InvalidInput, NotFound, Refused, RoutingRule
from ticketcore.commands import (
    Assign,
    Close,
    Configure,
    Focus,
    HandOver,
    Hold,
    Note,
    Pend,
    Reopen,
    Reply,
    Resume,
    SetAttributes,
    SetPriority,
    SetTags,
    Solve,
    Transfer,
    Unassign,
)
from ticketcore.model import (
    REQUEST,
    Attribute,
    File,
    Kind,
    Queue,
    Skill,
    State,
    Team,
    TicketType,
    Transition,
    Workflow,
)
from ticketcore.shell import Parts
from ticketcore.stores import MemoryBlobs, MemoryStore
from ticketcore.views import Matter, customer_view

pytestmark = pytest.mark.usefixtures("every_driver")

INNER = "INNER"
"""What every internal name and word has in it; a customer never reads it."""

AGENTS = [f"{INNER}ana", f"{INNER}bo"]
QUEUES = [f"{INNER}support", f"{INNER}refunds"]
PUBLIC = {"visibility": "public"}
STATES = tuple(
    State(
        f"{INNER}{state.id}",
        state.category,
        f"{INNER} {state.id}",
        f"Theirs {state.id}" if i % 2 else (),
        is_default=True,
    )
    for i, state in enumerate(REQUEST.states)
)
WORKFLOW = Workflow(
    f"{INNER}life",
    [*STATES, State(f"{INNER}parts", "on_hold", {"de": f"{INNER} Teile"})],
    [
        *(
            Transition(way.source and f"{INNER}{way.source}", way.move, f"{INNER}{way.target}")
            for way in REQUEST.transitions
        ),
        Transition(f"{INNER}open", "hold", f"{INNER}parts"),
        Transition(f"{INNER}parts", "reply", f"{INNER}open"),
        Transition(f"{INNER}parts", "resume", f"{INNER}open"),
    ],
    name=f"{INNER}Life",
)
ATTRIBUTES = [
    Attribute("order", "order", f"{INNER} order", "Your order", **PUBLIC, customer_required=["create"]),
    Attribute("reason", "string", f"{INNER} reason", {"en": "Why", "de": "Grund"}, **PUBLIC),
    Attribute("urgent", "boolean", f"{INNER} urgent", "Urgent", **PUBLIC),
    Attribute("date", "datetime", f"{INNER} date", "By when", **PUBLIC, when={"urgent": "true"}),
    Attribute(f"{INNER}fraud", "string", f"{INNER} fraud"),
    Attribute(f"{INNER}margin", "decimal", f"{INNER} margin", f"{INNER} for nobody"),
    Attribute(f"{INNER}supplier", "account"),
    Attribute("choice", "list", "Choice", options=[f"{INNER}one", f"{INNER}two"]),
]
TYPES = [
    TicketType("request", f"{INNER}name", WORKFLOW.id, attributes=ATTRIBUTES),
    TicketType(f"{INNER}refund", f"{INNER}name", "request", attributes=ATTRIBUTES[:6]),
    TicketType("outage", "Outage", WORKFLOW.id, "tracker"),
    TicketType("parts", "Parts", WORKFLOW.id, "back_office"),
]


def shop(**config):
    """A desk in which everything that is not for customers is marked."""
    return desk(
        *(AgentProfile(id, f"{INNER} name", [f"{INNER}team"], {f"{INNER}skill": 2}, capacity=2) for id in AGENTS),
        teams=[Team(f"{INNER}team", f"{INNER}")],
        queues=[Queue(id, f"{INNER}team", f"{INNER}") for id in QUEUES],
        skills=[Skill(f"{INNER}skill", f"{INNER}")],
        default_queue=QUEUES[0],
        rules=[RoutingRule(f"{INNER}rule", Condition(), QUEUES[0], [f"{INNER}tag"], {f"{INNER}skill": 1}, 3)],
        workflows=[WORKFLOW, REQUEST],
        types=TYPES,
        solve_after=DAY,
        **config,
    )


actors = st.sampled_from([*map(Actor.agent, AGENTS), Actor.bot(f"{INNER}bot"), Actor.rule(f"{INNER}rule")])
values = st.fixed_dictionaries(
    {},
    optional={
        "order": st.sampled_from(["A-1", None]),
        "reason": st.sampled_from(["torn", None]),
        "urgent": st.sampled_from([True, False, None]),
        "date": st.just(AT),
        f"{INNER}fraud": st.just(f"{INNER} likely"),
        f"{INNER}margin": st.just("12.5"),
        f"{INNER}supplier": st.just(f"{INNER}acme"),
        "choice": st.just([f"{INNER}one"]),
    },
)
steps = st.lists(
    st.one_of(
        st.builds(lambda a, t: lambda it: Note(it, a, f"{INNER} {t}"), actors, st.text("ab ", max_size=3)),
        st.builds(
            lambda a, then: lambda it: Reply(it, a, "We see to it", then=then),
            actors,
            st.sampled_from([None, "pend", "hold", "solve"]),
        ),
        st.builds(lambda a, v: lambda it: SetAttributes(it, a, v), actors, values),
        st.builds(
            lambda a, q, t, v: lambda it: HandOver(it, a, q, t, f"{INNER} note", v),
            actors,
            st.sampled_from(QUEUES),
            st.sampled_from([None, f"{INNER}refund", "request"]),
            values,
        ),
        st.builds(
            lambda a, kind: lambda it: kind(it, a),
            actors,
            st.sampled_from([Pend, Hold, Resume, Solve, Reopen, Close, Unassign, Focus]),
        ),
        st.builds(lambda a: lambda it: Hold(it, a, f"{INNER}parts"), actors),
        st.builds(lambda a, b: lambda it: Assign(it, a, b, over_capacity=True), actors, st.sampled_from(AGENTS)),
        st.builds(lambda a, q: lambda it: Transfer(it, a, q), actors, st.sampled_from(QUEUES)),
        st.builds(lambda a: lambda it: SetTags(it, a, [f"{INNER}more"]), actors),
        st.builds(lambda a: lambda it: SetPriority(it, a, 1), actors),
        st.just("say"),
        st.just("tick"),
        st.just("forget"),
    ),
    max_size=12,
)


@given(steps, st.sampled_from(["en", "de", "de-AT", "zh", "xx", INNER.lower()]))
def test_nothing_internal_reaches_the_customer_whatever_happens(steps, locale):
    one = shop()
    id = say(
        one, "It broke", subject="Help", attributes={"order": "A-1", f"{INNER}came along": f"{INNER} words"}
    ).ticket.id
    at = AT
    for step in steps:
        at += HOUR * 5
        with contextlib.suppress(Refused, NotFound, InvalidInput):
            if step == "say":
                say(one, "And?", at=at)
            elif step == "tick":
                one.tick(at)
            elif step == "forget":  # The workflow is exchanged under the ticket, and with it the words for its state.
                config = one.configuration()
                plain = [TicketType("request", attributes=ATTRIBUTES), *TYPES[1:2]]
                one.handle(
                    Configure(
                        Configuration(
                            config.agents,
                            config.teams,
                            config.queues,
                            config.skills,
                            default_queue=QUEUES[0],
                            types=plain,
                        ),
                        Actor.bot("b"),
                    ),
                    at,
                )
            else:
                one.handle(step(id), at)
    views = [one.customer_view(ticket.id, locale) for ticket in everything(one, Kind.TICKET)]
    assert INNER not in msgspec.json.encode(views).decode()
    for view, ticket in zip(views, everything(one, Kind.TICKET), strict=True):
        assert view.number == ticket.number
        assert view.state == view.progress[-1].label
        said = [message for message in everything(one, Kind.MESSAGE) if message.ticket == ticket.id]
        assert len(view.messages) == sum(message.kind != "note" for message in said)
        assert [message.at for message in view.messages] == sorted(message.at for message in view.messages)
    check_laws(one)


def test_what_is_theirs_is_there():
    one = desk(AGENTS[0], default_queue="support", types=[TicketType("request", attributes=ATTRIBUTES[:5])])
    bo = Actor.agent(AGENTS[0])
    ticket = say(one, "It broke", subject="My ring", channel="email", attributes={"urgent": "true"}).ticket
    one.handle(SetAttributes(ticket.id, bo, {"reason": "Torn", "date": AT}), AT + HOUR)
    one.handle(Note(ticket.id, bo, "He again"), AT + HOUR)
    one.handle(Reply(ticket.id, bo, "Which one?", then="pend"), AT + 2 * HOUR)
    view = one.customer_view(ticket.id, "de")
    assert (view.number, view.subject, view.state) == (1, "My ring", "Wartet auf Sie")
    assert (view.awaits_customer, view.is_done, view.opened_at, view.follows) == (True, False, AT, None)
    assert [(item.text, item.is_theirs) for item in view.messages] == [("It broke", True), ("Which one?", False)]
    assert [(item.label, item.values, item.is_missing) for item in view.attributes] == [
        ("Your order", (), True),
        ("Grund", ("Torn",), False),
        ("Urgent", ("true",), False),
        ("By when", (AT.isoformat(),), False),
    ]
    assert [(item.at, item.label) for item in view.progress] == [
        (AT, "Eingegangen"),
        (AT, "In Bearbeitung"),
        (AT + 2 * HOUR, "Wartet auf Sie"),
    ]
    one.handle(SetAttributes(ticket.id, bo, {"urgent": False}), AT + 3 * HOUR)
    assert [item.label for item in one.customer_view(ticket.id).attributes] == ["Your order", "Why", "Urgent"]


def test_what_reads_the_same_is_no_progress():
    one = desk("ana")
    ticket = opened(one)
    one.handle(Hold(ticket.id, Actor.agent("ana")), AT + HOUR)
    one.handle(Resume(ticket.id, Actor.agent("ana")), AT + 2 * HOUR)
    assert [item.label for item in one.customer_view(ticket.id).progress] == ["Submitted", "In progress"]


@pytest.mark.parametrize("kind", ["tracker", "back_office"])
def test_what_no_customer_knows_of_is_as_if_it_were_not_there(kind):
    one = desk("ana")
    id = opened(one).id
    others = [TicketType("other"), TicketType("request", kind=kind)]
    one.handle(Configure(Configuration([AgentProfile("ana")], types=others), Actor.agent("ana")), AT)
    with pytest.raises(NotFound) as hidden:
        one.customer_view(id)
    with pytest.raises(NotFound) as missing:
        one.customer_view("nothing")
    assert (hidden.value.kind, missing.value.kind, hidden.value.id) == (Kind.TICKET, Kind.TICKET, id)
    one.handle(Configure(Configuration([AgentProfile("ana")], types=others[:1]), Actor.agent("ana")), AT)
    with pytest.raises(NotFound):
        one.customer_view(id)


def test_a_follow_up_names_the_ticket_that_it_goes_on_from():
    one = desk("ana")
    first = say(one, channel="email", external_id="m1").ticket
    one.handle(Solve(first.id, Actor.agent("ana")), AT)
    one.handle(Close(first.id, Actor.agent("ana")), AT)
    second = say(one, channel="email", external_id="m2", reply_to=["m1"]).ticket
    assert second.origin.follow_up_of == first.id
    assert one.customer_view(second.id).follows == 1
    stranger = attrs.evolve(first, origin=attrs.evolve(first.origin, contact="stranger"))
    tracker = attrs.evolve(first, origin=attrs.evolve(first.origin, type="outage"))
    types = Configuration(types=[TicketType("request"), TicketType("outage", kind="tracker")])
    shown = [customer_view(types, Matter(second, before=it), {}).follows for it in (first, stranger, tracker, None)]
    assert shown == [1, None, None, None]


def test_files_have_their_names_and_those_of_notes_are_nobody_s():
    config = Configuration([AgentProfile("ana")])
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(blobs=MemoryBlobs()))
    ticket = say(one, attachments=[File(b"bytes", "ring.jpg", "image/jpeg"), File(b"more")]).ticket
    one.handle(Note(ticket.id, Actor.agent("ana"), "", [File(b"internal", f"{INNER}.txt")]), AT)
    (message,) = one.customer_view(ticket.id).messages
    assert [(file.name, file.media_type, file.size) for file in message.files] == [
        ("ring.jpg", "image/jpeg", 5),
        ("", "application/octet-stream", 4),
    ]


def test_states_that_are_not_declared_any_more_are_what_their_category_is_called():
    one = shop()
    ticket = opened(one)
    types = [TicketType("request", attributes=ATTRIBUTES)]
    config = one.configuration()
    other = Configuration(
        config.agents, config.teams, config.queues, config.skills, default_queue=QUEUES[0], types=types
    )
    assert customer_view(other, Matter(ticket), {}).state == "In progress"
