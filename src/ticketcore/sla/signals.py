"""From a ticket's events to the signals that its clocks follow, and which policy covers it."""

from collections.abc import Collection, Mapping

from ticketcore.events import Assigned, MessageAdded, Routed, StateChanged, TicketEvent, TicketOpened, Unassigned
from ticketcore.model import (
    DELETED,
    MERGED,
    ActorKind,
    Category,
    Configuration,
    Coverage,
    MessageKind,
    Signal,
    SlaPolicy,
    Ticket,
)

OVER = (Category.SOLVED, Category.CLOSED)
"""Where nothing runs."""

STATES: Mapping[Category, Signal] = {
    Category.NEW: Signal.ACTIVE,
    Category.OPEN: Signal.ACTIVE,
    Category.PENDING: Signal.PENDING,
    Category.ON_HOLD: Signal.ON_HOLD,
    Category.SOLVED: Signal.SOLVED,
    Category.CLOSED: Signal.CLOSED,
}
"""What it is called that a ticket goes to a state of a category."""

_BOT = ActorKind.BOT
_HANDED_OVER, _OPENED, _QUEUED, _RESPONSE = Signal.HANDED_OVER, Signal.OPENED, Signal.QUEUED, Signal.RESPONSE
_TAKEN, _WAITING = Signal.TAKEN, Signal.WAITING
_MESSAGES: Mapping[MessageKind, Signal] = {
    MessageKind.CUSTOMER: Signal.CUSTOMER_MESSAGE,
    MessageKind.AGENT: Signal.AGENT_MESSAGE,
    MessageKind.BOT: Signal.BOT_MESSAGE,
    MessageKind.NOTE: Signal.NOTE,
}


def signals(before: Ticket | None, event: TicketEvent, after: Ticket, responses: Collection[Signal]) -> set[Signal]:
    """What the event means, which led from one state of a ticket to the next; ``responses`` are those that count.

    That nobody says what a message is about makes no difference: words are not looked at.  A message that wants no
    answer, as an automatic one, means nothing.
    """
    if isinstance(event, StateChanged) and before is not None:
        if after.state in (MERGED, DELETED):
            return {Signal.MERGED}
        if before.state == MERGED:
            return {Signal.UNMERGED}
    found: set[Signal] = set()
    by_bot = event.actor.kind is _BOT
    match event:
        case TicketOpened():
            found |= {_OPENED, STATES[event.category]}
        case MessageAdded():
            if not event.quiet:
                found.add(_MESSAGES[event.kind])
        case StateChanged():
            found.add(STATES[event.category])
            if before is not None and before.category in OVER and event.category not in OVER:
                found.add(Signal.REOPENED)
                if before.assignee is None:
                    found.add(_HANDED_OVER)
            if by_bot and event.category in (Category.NEW, Category.OPEN):
                found.add(_HANDED_OVER)
        case Routed():
            found.add(_QUEUED)
            if by_bot:
                found.add(_HANDED_OVER)
        case Assigned() | Unassigned():
            if by_bot:
                found.add(_HANDED_OVER)
    waited = before is not None and before.queued_since is not None
    if waited is not (after.queued_since is not None):
        found.add(_TAKEN if waited else _WAITING)
    if not found.isdisjoint(responses):
        found.add(_RESPONSE)
    return found


def policy_for(configuration: Configuration, ticket: Ticket) -> SlaPolicy | None:
    """The first policy that covers the ticket; None if none does."""
    for policy in configuration.policies:
        if covers(policy.when, ticket):
            return policy
    return None


def covers(when: Coverage, ticket: Ticket) -> bool:
    """Whether all that is asked holds of the ticket as it is."""
    return (
        (not when.channels or ticket.channel in when.channels)
        and (not when.types or ticket.type in when.types)
        and (not when.queues or ticket.queue in when.queues)
        and (not when.priorities or ticket.priority in when.priorities)
        and (not when.contacts or ticket.contact in when.contacts)
        and (not when.tags or not set(when.tags).isdisjoint(ticket.tags))
    )
