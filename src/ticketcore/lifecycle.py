"""The life of a ticket: which state follows which, what reopens one, and when silence solves one.

A ticket is **new** until somebody has it, **open** while somebody works, **pending** while we wait for the customer,
**on hold** while we wait for somebody else, **solved** when the customer has what they asked for, and **closed** for
good.  ``TABLE`` says where each move leads from each state; a move that is missing there is refused.  The rules
below add what a table cannot say.  Every path (a command, a message, a timer, the router) goes through ``change``.

The states and rules follow the common ground of helpdesks, Zendesk's native rules above all
(support.zendesk.com/hc/en-us/articles/4408894213018): a ticket never becomes new again, assigning a new one opens it,
a customer's message reopens what waits or is solved, nothing is solved that nobody has (but by a bot that acts itself,
or an import that says what was), closed is final.
"""

from collections.abc import Mapping
from datetime import datetime

from ticketcore.errors import Reason
from ticketcore.events import StateChanged
from ticketcore.model import Actor, ActorKind, Category, Configuration, MessageKind, Move, Ticket

STATES: Mapping[str, Category] = {
    "new": Category.NEW,
    "open": Category.OPEN,
    "pending": Category.PENDING,
    "on_hold": Category.ON_HOLD,
    "solved": Category.SOLVED,
    "closed": Category.CLOSED,
}
"""The states of the default workflow, and what each means to the rules."""

TABLE: Mapping[str | None, Mapping[Move, str]] = {
    None: {Move.OPEN: "new"},
    "new": {
        Move.ASSIGN: "open",
        Move.REPLY: "new",
        Move.PEND: "pending",
        Move.HOLD: "on_hold",
        Move.SOLVE: "solved",
        Move.CLOSE: "closed",
    },
    "open": {
        Move.ASSIGN: "open",
        Move.REPLY: "open",
        Move.PEND: "pending",
        Move.HOLD: "on_hold",
        Move.SOLVE: "solved",
    },
    "pending": {
        Move.ASSIGN: "pending",
        Move.REPLY: "open",
        Move.RESUME: "open",
        Move.HOLD: "on_hold",
        Move.SOLVE: "solved",
    },
    "on_hold": {
        Move.ASSIGN: "on_hold",
        Move.REPLY: "open",
        Move.RESUME: "open",
        Move.PEND: "pending",
        Move.SOLVE: "solved",
    },
    "solved": {
        Move.REPLY: "open",
        Move.REOPEN: "open",
        Move.CLOSE: "closed",
    },
    "closed": {},
}
"""From each state, the state to which each move leads; None is the ticket that does not exist yet."""

SOLVE_AFTER_SILENCE = "solve_after_silence"
"""The kind of the timer that solves a ticket whose customer stays silent."""


def opening() -> tuple[str, Category]:
    """The state in which a ticket is opened."""
    state = TABLE[None][Move.OPEN]
    return state, STATES[state]


def objections(ticket: Ticket, move: Move, actor: Actor) -> tuple[Reason, ...]:
    """Every rule that forbids the move; empty when it may be made."""
    reasons = []
    if ticket.category is Category.CLOSED:
        reasons.append(Reason("closed_is_final", ticket.id))
    elif move not in TABLE[ticket.state]:
        reasons.append(Reason("no_such_move", f"{move} from {ticket.state}"))
    if move is Move.SOLVE and ticket.assignee is None and actor.kind not in (ActorKind.BOT, ActorKind.IMPORT):
        reasons.append(Reason("nobody_to_solve", ticket.id))
    if actor.kind is ActorKind.TIMER and ticket.waiting_since is not None:
        reasons.append(Reason("customer_waits", ticket.id))
    return tuple(reasons)


def change(ticket: Ticket, move: Move, actor: Actor, at: datetime) -> tuple[StateChanged, ...]:
    """The move as an event; none when it leads to where the ticket is.  Ask ``objections`` first."""
    state = TABLE[ticket.state][move]
    return () if state == ticket.state else (StateChanged(at, actor, move, state, STATES[state]),)


def move_of_message(kind: MessageKind, reopens: bool) -> Move | None:
    """The move that a message makes: the customer's reopens, unless it is known that it must not."""
    return Move.REPLY if kind is MessageKind.CUSTOMER and reopens else None


def solve_due(configuration: Configuration, ticket: Ticket) -> datetime | None:
    """When silence will solve the ticket: it is pending, somebody has it, and the customer owes the next word.

    Counted from the last public message or the change to pending, whichever is later.  None when it will not.
    """
    if configuration.solve_after is None or ticket.category is not Category.PENDING or ticket.assignee is None:
        return None
    return max(ticket.state_since, ticket.last_message_at) + configuration.solve_after
