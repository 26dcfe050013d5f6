"""Every command on a ticket in every state is carried out, or refused with reasons and without a trace."""

import contextlib
from datetime import timedelta
from typing import get_args

import pytest
from desks import ANA, AT, BO, DAY, HOUR, check_laws, desk, say
from hypothesis import given, settings
from hypothesis import strategies as st
from tied import check_ties

from ticketcore import AgentProfile, Condition, NotFound, Refused, RoutingRule
from ticketcore.commands import (
    AcceptOffer,
    Assign,
    Close,
    Command,
    DeclineOffer,
    Delete,
    Focus,
    HandOver,
    Hold,
    Link,
    Merge,
    Note,
    Pend,
    Remind,
    Reopen,
    Reply,
    Resume,
    SetAttributes,
    SetPresence,
    SetPriority,
    SetTags,
    Snooze,
    Solve,
    Split,
    TicketCommand,
    Transfer,
    Unassign,
    Unfocus,
    Unlink,
    Unmerge,
    Unsplit,
)
from ticketcore.model import (
    Attribute,
    Delay,
    EscalationPlan,
    EscalationStep,
    Goal,
    Offering,
    Queue,
    SlaPolicy,
    TicketType,
)

pytestmark = pytest.mark.usefixtures("every_driver")

STATES = {
    "new": [],
    "open": [lambda it, _: Assign(it, ANA, "ana")],
    "pending": [lambda it, _: Assign(it, ANA, "ana"), lambda it, _: Pend(it, ANA)],
    "on_hold": [lambda it, _: Assign(it, ANA, "ana"), lambda it, _: Hold(it, ANA)],
    "solved": [lambda it, _: Assign(it, ANA, "ana"), lambda it, _: Solve(it, ANA)],
    "closed": [lambda it, _: Close(it, ANA)],
    "merged": [lambda it, other: Merge(it, ANA, other)],
    "deleted": [lambda it, _: Delete(it, ANA, "asked")],
}
"""How a new ticket comes to each state; the second argument is another ticket."""

MADE = {
    AcceptOffer: lambda it, *_: AcceptOffer(it, ANA),
    Assign: lambda it, *_: Assign(it, ANA, "bo"),
    Close: lambda it, *_: Close(it, ANA),
    DeclineOffer: lambda it, *_: DeclineOffer(it, ANA),
    Focus: lambda it, *_: Focus(it, ANA),
    HandOver: lambda it, *_: HandOver(it, ANA, "second", values={"size": 3}),
    Hold: lambda it, *_: Hold(it, ANA),
    Unfocus: lambda it, *_: Unfocus(it, ANA),
    Link: lambda it, other, _: Link(it, ANA, "child_of", other),
    Delete: lambda it, *_: Delete(it, ANA, "asked"),
    Merge: lambda it, other, _: Merge(it, ANA, other),
    Note: lambda it, *_: Note(it, BO, "Look"),
    Pend: lambda it, *_: Pend(it, ANA, until=Delay(HOUR)),
    Remind: lambda it, *_: Remind(it, ANA, AT + DAY),
    Reopen: lambda it, *_: Reopen(it, ANA),
    Reply: lambda it, *_: Reply(it, ANA, "Yes", then="solve"),
    Resume: lambda it, *_: Resume(it, ANA),
    SetAttributes: lambda it, *_: SetAttributes(it, ANA, {"size": 2}),
    SetPriority: lambda it, *_: SetPriority(it, ANA, 3),
    SetTags: lambda it, *_: SetTags(it, ANA, ["vip"]),
    Snooze: lambda it, *_: Snooze(it, ANA, Delay(HOUR)),
    Solve: lambda it, *_: Solve(it, ANA),
    Split: lambda it, _, message: Split(it, ANA, [message]),
    Transfer: lambda it, *_: Transfer(it, ANA, "second"),
    Unassign: lambda it, *_: Unassign(it, ANA),
    Unlink: lambda it, other, _: Unlink(it, ANA, "child_of", other),
    Unmerge: lambda it, *_: Unmerge(it, ANA),
    Unsplit: lambda it, *_: Unsplit(it, ANA),
}
"""A command of each class about a ticket, of the id of the ticket, of another one, and of a message of the first."""


def test_there_is_a_command_of_each_class_here():
    assert set(MADE) == {one for one in get_args(Command) if issubclass(one, TicketCommand)}


@pytest.mark.parametrize("is_offered", [False, True], ids=["", "offered"])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.__name__)
def test_every_cell_is_a_transition_or_a_refusal_that_leaves_no_trace(kind, state, is_offered):
    """And time then does to the ticket what it does; also where tickets that wait are offered to somebody."""
    one = desk(
        AgentProfile("ana", presence="available" if is_offered else "away"),
        AgentProfile("bo", presence="away"),
        queues=[Queue("support", offering=Offering(2 * DAY) if is_offered else None), Queue("second")],
        types=[TicketType("request", attributes=[Attribute("size", "integer")])],
        solve_after=timedelta(days=1),
    )
    first = say(one, channel="email", external_id="a").ticket
    second = say(one, channel="email", external_id="b", reply_to=["a"])
    other = say(one, channel="email", external_id="c").ticket
    for command in STATES[state]:
        one.handle(command(first.id, other.id), AT)
    assert one.ticket(first.id).state == state
    assert (one.ticket(first.id).offer is not None) is (is_offered and state == "new")
    before = one.store.events("acme")
    handled, refusal = None, None
    try:
        handled = one.handle(MADE[kind](first.id, other.id, second.message), AT)
    except Refused as refused:
        refusal = refused
    after = one.store.events("acme")
    if handled is not None:
        assert after == (*before, *handled.events)
        assert {ticket.state for ticket in handled.tickets} <= {*one.configuration().states, "merged", "deleted"}
    if refusal is not None:
        assert refusal.reasons
        assert all(reason.rule.isidentifier() and reason.subject for reason in refusal.reasons)
        assert after == before
    for days in range(1, 5):
        while one.tick(AT + days * DAY).more:
            pass
    check_laws(one)
    check_ties(one)


@settings(max_examples=60 if settings.default.max_examples == 100 else settings.default.max_examples)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(list(MADE)), st.permutations(range(3))),
            st.tuples(
                st.just("present"), st.sampled_from([("ana", "away"), ("ana", "available"), ("bo", "available")])
            ),
            st.tuples(st.just("say"), st.sampled_from(["a", "b", "c", "d"])),
            st.tuples(st.just("pass"), st.sampled_from([timedelta(minutes=1), HOUR, DAY])),
        ),
        max_size=12,
    )
)
def test_a_story_of_any_commands_is_carried_out_or_refused_and_time_goes_on(story):
    """On tickets that are offered, while customers write, agents come and go, and plans and clocks run."""
    offering = Offering(HOUR, away_after=2, excluded_for=DAY)
    plan = EscalationPlan(
        "wide", [EscalationStep("all", 3 * HOUR, expire=["gold"]), EscalationStep("up", DAY, raised=1)]
    )
    one = desk(
        AgentProfile("ana", capacity=2),
        AgentProfile("bo", presence="away", skills=["gold"]),
        skills=["gold"],
        queues=[Queue("support", offering=offering, escalation="wide"), Queue("second", wrap_up=HOUR)],
        rules=[RoutingRule("gold", Condition(), skills={"gold": 1})],
        escalations=[plan],
        policies=[SlaPolicy("all", goals=[Goal("first_response", HOUR), Goal("total_resolution", DAY)])],
        types=[TicketType("request", attributes=[Attribute("size", "integer")])],
        solve_after=timedelta(days=1),
    )
    received = [say(one, channel="email", external_id=id, sender=id) for id in "abc"]
    at = AT
    for kind, told in story:
        if kind == "pass":
            at += told
            while one.tick(at).more:
                pass
            continue
        if kind == "say":
            say(one, "And?", channel="email", at=at, sender=told, reply_to=[told])
            continue
        with contextlib.suppress(Refused, NotFound):
            if kind == "present":
                one.handle(SetPresence(told[0], ANA, told[1]), at)
            else:
                first, other = received[told[0]], received[told[1]]
                one.handle(MADE[kind](first.ticket.id, other.ticket.id, first.message), at)
    while one.tick(at + 9 * DAY).more:
        pass
    check_laws(one)
    check_ties(one)
