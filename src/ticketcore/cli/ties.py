"""What ``ticketcore show`` tells of a ticket and others: which it was merged with, split off from or linked to."""

from collections.abc import Iterable, Iterator, Mapping

from ticketcore.desk import Desk
from ticketcore.events import (
    ChainJoined,
    Event,
    LinkAdded,
    LinkedMoved,
    LinkRemoved,
    MatchDisputed,
    MessageAdded,
    MessageWeighed,
    SplitUndone,
    TicketDeleted,
    TicketMerged,
    TicketSplit,
    TicketUnmerged,
    TieEvent,
)
from ticketcore.model import Kind, Ref, Relation, Ticket


def names_of_tickets(desk: Desk, events: Iterable[Event]) -> dict[str, str]:
    """What to call the tickets that the events name, by id: by their numbers, and what is not there by its id."""
    ids = list(dict.fromkeys(id for event in events for id in _ids(event)))
    found = desk.store.load(desk.tenant, [Ref(Kind.TICKET, id) for id in ids]) if ids else ()
    return {id: f"ticket {one.number}" if isinstance(one, Ticket) else id for id, one in zip(ids, found, strict=True)}


def _ids(event: Event) -> Iterator[str]:
    match event:
        case (
            TicketMerged(ticket=ticket, into=into)
            | TicketUnmerged(ticket=ticket, into=into)
            | TicketSplit(ticket=ticket, into=into)
            | SplitUndone(ticket=ticket, into=into)
        ):
            yield from (ticket, into)
        case LinkAdded(other=ticket) | LinkRemoved(other=ticket) | LinkedMoved(other=ticket):
            yield ticket
        case ChainJoined(ticket=ticket) | TicketDeleted(ticket=ticket):
            yield ticket
        case MessageAdded(sent_to=str() as ticket):
            yield ticket
        case MatchDisputed(claims=claims):
            yield from (claim.ticket for claim in claims if claim.ticket is not None)
        case MessageWeighed(likelihood=likelihood) if likelihood.runner_up is not None:
            yield likelihood.runner_up


def tie_words(event: TieEvent, names: Mapping[str, str]) -> str:
    """What happened between the ticket and others; ``names`` says what these are called."""
    match event:
        case TicketMerged(ticket=ticket, into=into):
            return f"{names[ticket]} merged into {names[into]}"
        case TicketUnmerged(ticket=ticket, into=into):
            return f"{names[ticket]} no longer merged into {names[into]}"
        case TicketSplit(ticket=ticket, into=into, messages=moved):
            said = f"{len(moved)} message{'' if len(moved) == 1 else 's'}"
            return f"{said} of {names[ticket]} split off as {names[into]}"
        case SplitUndone(ticket=ticket, into=into):
            return f"{names[ticket]} joined with {names[into]} again"
        case LinkAdded(relation=relation, other=other):
            return f"is {_plain(relation)} {names[other]}"
        case LinkRemoved(relation=relation, other=other):
            return f"no longer {_plain(relation)} {names[other]}"
        case ChainJoined(ticket=ticket):
            return f"{names[ticket]} was linked to what is linked to it"
        case LinkedMoved(relation=relation, other=other, state=state):
            return f"{_plain(relation)} {names[other]}, which is now {state}"
        case TicketDeleted(ticket=ticket, parts=parts, cause=cause):
            others = f" with {len(parts)} that had been merged into it" if parts else ""
            return f"{names[ticket]} deleted by {event.actor.kind} {event.actor.id}{others}: {cause}"


def _plain(relation: Relation) -> str:
    return relation.replace("_", " ")
