"""The table of states, walked whole, and the rules beside it."""

from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, DAY, HOUR, MINUTE, desk, opened

from ticketcore import Actor, Configuration, Refused, lifecycle
from ticketcore.commands import (
    Close,
    Hold,
    Pend,
    Reopen,
    Reply,
    Resume,
    SetPriority,
    SetTags,
    Solve,
    Transfer,
    Unassign,
)
from ticketcore.errors import Reason
from ticketcore.lifecycle import HOUSE_RULES, NATIVE_GUARDS, Attempt, HouseRules, solve_due
from ticketcore.model import (
    REQUEST,
    ActorKind,
    Category,
    MessageKind,
    Move,
    Priority,
    State,
    Ticket,
)

pytestmark = pytest.mark.usefixtures("every_driver")

EXPECTED = {
    "new": "assign>open reply>new pend>pending hold>on_hold solve>solved close>closed",
    "open": "assign>open reply>open pend>pending hold>on_hold solve>solved",
    "pending": "assign>pending reply>open hold>on_hold resume>open solve>solved",
    "on_hold": "assign>on_hold reply>open pend>pending resume>open solve>solved",
    "solved": "reply>open reopen>open close>closed",
    "closed": "",
}
"""The table as a person would write it down, kept apart from the code."""


STATES = {state.id: state.category for state in REQUEST.states}


def followed(workflow):
    return Configuration(workflows=[workflow])


def objections(ticket, move, actor, workflow=REQUEST, **how):
    return lifecycle.objections(followed(workflow), ticket, move, actor, AT, **how)


def change(ticket, move, actor, workflow=REQUEST, **how):
    return lifecycle.passage(followed(workflow), ticket, move, actor, HOUSE_RULES, **how).change(ticket, actor, AT)


def in_state(state: str, **changes: object) -> Ticket:
    ticket = opened(desk("ana"))
    return attrs.evolve(ticket, state=state, category=STATES[state], **changes)


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("state", list(STATES))
def test_every_cell_of_the_table_is_a_transition_or_a_refusal(state: str, move: Move) -> None:
    expected = dict(cell.split(">") for cell in EXPECTED[state].split())
    reasons = objections(in_state(state), move, ANA)
    if move in expected:
        assert reasons == ()
        after = change(in_state(state), move, ANA)
        assert [event.state for event in after] == ([] if expected[move] == state else [expected[move]])
        assert [event.category for event in after] == [STATES[event.state] for event in after]
    elif state == "closed":
        assert [reason.rule for reason in reasons] == ["closed_is_final"]
    else:
        assert reasons == (Reason("no_such_move", f"{move} from {state}"),)


def test_a_ticket_is_opened_as_new() -> None:
    assert REQUEST.opening == State("new", Category.NEW)


@pytest.mark.parametrize("actor", [Actor(kind, "x") for kind in ActorKind], ids=list(ActorKind))
def test_nobody_solves_what_nobody_has_but_a_bot_or_what_brings_data_in(actor: Actor) -> None:
    reasons = objections(in_state("open", assignee=None, waiting_since=None), Move.SOLVE, actor)
    may = actor.kind in (ActorKind.BOT, ActorKind.IMPORT)
    assert [reason.rule for reason in reasons] == ([] if may else ["nobody_to_solve"])


def test_a_timer_does_not_solve_while_the_customer_waits() -> None:
    waiting = in_state("pending", waiting_since=AT)
    assert [reason.rule for reason in objections(waiting, Move.SOLVE, Actor.timer("t"))] == ["customer_waits"]
    assert objections(waiting, Move.SOLVE, ANA) == ()


def test_every_objection_is_named() -> None:
    reasons = objections(in_state("closed", assignee=None), Move.SOLVE, ANA)
    assert [reason.rule for reason in reasons] == ["closed_is_final", "nobody_to_solve"]


def test_only_a_customer_who_may_reopen_moves_a_ticket_by_writing() -> None:
    moves = {
        (kind, reopens): lifecycle.move_of_message(kind, reopens) for kind in MessageKind for reopens in (True, False)
    }
    assert {key for key, move in moves.items() if move is not None} == {(MessageKind.CUSTOMER, True)}
    assert moves[MessageKind.CUSTOMER, True] is Move.REPLY


@pytest.mark.parametrize("state", list(STATES))
def test_silence_is_counted_for_pending_tickets_that_somebody_has(state: str) -> None:
    config = Configuration(solve_after=2 * DAY)
    due = solve_due(config, in_state(state, state_since=AT, last_message_at=AT - HOUR))
    assert due == (AT + 2 * DAY if state == "pending" else None)
    assert solve_due(config, in_state(state, assignee=None)) is None
    assert solve_due(Configuration(solve_after=None), in_state(state)) is None


def test_silence_is_counted_from_the_last_message_too() -> None:
    ticket = in_state("pending", state_since=AT, last_message_at=AT + HOUR)
    assert solve_due(Configuration(solve_after=timedelta(days=1)), ticket) == AT + HOUR + DAY


def test_the_states_of_a_ticket_through_a_desk() -> None:
    one = desk("ana")
    ticket = opened(one)
    assert (ticket.state, ticket.assignee) == ("open", "ana"), "assigning a new ticket opens it"
    states = []
    for i, command in enumerate((Pend, Resume, Hold, Solve, Reopen, Solve, Close), start=1):
        (after,) = one.handle(command(ticket.id, ANA), AT + i * MINUTE).tickets
        states.append(after.state)
        assert after.state_since == after.updated_at == AT + i * MINUTE
    assert states == ["pending", "open", "on_hold", "solved", "open", "solved", "closed"]


@pytest.mark.parametrize(
    "command",
    [
        Pend("t", ANA),
        Resume("t", ANA),
        Hold("t", ANA),
        Solve("t", ANA),
        Reopen("t", ANA),
        Close("t", ANA),
        Reply("t", ANA, "Hello"),
        SetPriority("t", ANA, Priority.LOW),
        Transfer("t", ANA, "support"),
        Unassign("t", ANA),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_closed_ticket_refuses_everything_but_tags_and_notes(command: Pend) -> None:
    one = desk("ana")
    ticket = opened(one)
    for step in (Solve, Close):
        one.handle(step(ticket.id, ANA), AT)
    with pytest.raises(Refused) as refused:
        one.handle(attrs.evolve(command, ticket=ticket.id), AT)
    assert "closed_is_final" in [reason.rule for reason in refused.value.reasons]
    assert refused.value.command in (type(command).__name__, "AddMessage")
    one.handle(SetTags(ticket.id, ANA, ["seen"]), AT)
    assert one.ticket(ticket.id).tags == ("seen",)


def test_a_closed_ticket_stays_closed_whatever_its_workflow_has_come_to_say_of_its_state():
    """Asked right after one in the same state that is open, since what is said of a state is remembered."""
    still_open = in_state("open", assignee="ana")
    assert objections(still_open, Move.PEND, ANA) == ()
    closed = attrs.evolve(still_open, category=Category.CLOSED)
    assert [reason.rule for reason in objections(closed, Move.PEND, ANA)] == ["closed_is_final"]
    assert objections(still_open, Move.PEND, ANA) == ()


@pytest.mark.parametrize(
    ("rule", "move", "target", "actor", "changes"),
    [
        ("never_back_to_new", Move.REOPEN, None, ANA, {}),
        ("never_back_to_new", Move.REOPEN, "open", ANA, {}),
        ("nobody_to_solve", Move.PEND, "pending", ANA, {"assignee": None}),
        ("customer_waits", Move.SOLVE, "solved", ANA, {"waiting_since": AT}),
    ],
)
def test_a_native_guard_is_about_one_thing(rule, move, target, actor, changes):
    """Asked by itself too, as a guard of the host may."""
    attempt = Attempt(in_state("open", **changes), move, target and REQUEST.state(target), actor, AT)
    assert NATIVE_GUARDS[rule](attempt) is None


def test_rules_are_the_same_rules_after_they_were_asked():
    asked = HouseRules()
    before = repr(asked)
    objections(in_state("open"), Move.PEND, ANA, house=asked)
    assert (asked, repr(asked)) == (HouseRules(), before)
    with pytest.raises(TypeError):
        HouseRules({}, None, {})
