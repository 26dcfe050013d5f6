"""How events between tickets change a ticket: the folds of merges, splits and links.  No rule lives here.

A ticket that others were merged into keeps one ``Strand`` for each of them and for itself, so that it can be told at
any time what each has waited for; what the ticket itself says is the sum.  Taking a strand out again is therefore
exact, whatever has happened since.
"""

from collections.abc import Iterable
from datetime import datetime

from ticketcore.events import (
    ChainJoined,
    LinkAdded,
    LinkedMoved,
    LinkRemoved,
    MessageAdded,
    SplitUndone,
    StateChanged,
    TicketDeleted,
    TicketMerged,
    TicketSplit,
    TicketUnmerged,
    TieEvent,
)
from ticketcore.model import Category, MessageKind, Move, Relation, Strand, Ticket, TicketLink, Ties, Tombstone
from ticketcore.model.alarms import in_order
from ticketcore.model.values import replaced

_NOBODY_WAITS = (Category.PENDING, Category.SOLVED, Category.CLOSED)
_NO_TIES = Ties()


def strands_of(ticket: Ticket) -> tuple[Strand, ...]:
    """The strands of which a ticket is made; itself alone when nothing was merged into it."""
    if ticket.ties is not None and ticket.ties.strands:
        return ticket.ties.strands
    return (Strand(ticket.id, ticket.contact, ticket.waiting_since, ticket.last_message_at),)


def tied(ticket: Ticket, event: TieEvent) -> Ticket:
    """The ticket after an event between it and others."""
    ticket = replaced(ticket, version=ticket.version + 1, updated_at=event.at)
    match event:
        case TicketMerged():
            return _merged(ticket, event)
        case TicketUnmerged():
            return _unmerged(ticket, event)
        case TicketSplit():
            return _split(ticket, event)
        case SplitUndone():
            return _split_undone(ticket, event)
        case LinkAdded():
            return _with(ticket, links=(*ticket.links, TicketLink(event.relation, event.other)))
        case LinkRemoved():
            return _unlinked(ticket, event.relation, event.other)
        case LinkedMoved():
            told = tuple(
                TicketLink(link.relation, link.other, event.state, event.since)
                if (link.relation, link.other) == (event.relation, event.other)
                else link
                for link in ticket.links
            )
            return _with(ticket, links=told)
        case TicketDeleted():
            return _erased(ticket, event)
        case ChainJoined():
            return ticket


def followed(before: Ticket, after: Ticket, event: MessageAdded | StateChanged) -> Ticket:
    """The ticket ``after`` an event that its strands follow too; ``before`` is what it was."""
    assert before.ties is not None, "only asked of what has ties"
    strands, at = before.ties.strands, event.at
    if not strands:
        return after
    if isinstance(event, StateChanged):
        if event.category not in _NOBODY_WAITS or event.move in (Move.MERGE, Move.UNMERGE):
            return after
        return _with(after, strands=tuple(replaced(strand, waiting_since=None) for strand in strands))
    if event.kind is MessageKind.NOTE:
        return after
    if event.kind is MessageKind.CUSTOMER:
        home = event.sent_to or before.id
        said = tuple(
            replaced(strand, waiting_since=strand.waiting_since or at, last_message_at=at)
            if strand.ticket == home
            else strand
            for strand in strands
        )
    else:
        said = tuple(replaced(strand, waiting_since=None, last_message_at=at) for strand in strands)
    return _summed(after, said)


def earliest(instants: Iterable[datetime | None]) -> datetime | None:
    """The earliest of those that are instants.

    >>> earliest([None]) is None
    True
    """
    return min((at for at in instants if at is not None), default=None)


def _merged(ticket: Ticket, event: TicketMerged) -> Ticket:
    if ticket.id == event.ticket:
        tombstone = Tombstone(event.into, ticket.state, ticket.category, event.at, event.woken)
        return _summed(_with(ticket, merged=tombstone), event.strands)
    return _summed(ticket, (*strands_of(ticket), *event.strands))


def _unmerged(ticket: Ticket, event: TicketUnmerged) -> Ticket:
    if ticket.id == event.ticket:
        return _summed(_with(ticket, merged=None), event.strands)
    left, asleep = _without(ticket, event.strands), event.asleep
    if asleep is None or asleep.ticket != ticket.id:
        return left
    return replaced(left, solution=asleep.solution, alarms=in_order((*left.alarms, *asleep.alarms)))


def _without(ticket: Ticket, strands: tuple[Strand, ...]) -> Ticket:
    gone = {strand.ticket for strand in strands}
    return _summed(ticket, tuple(strand for strand in strands_of(ticket) if strand.ticket not in gone))


def _split(ticket: Ticket, event: TicketSplit) -> Ticket:
    if ticket.id == event.into:
        linked = _with(ticket, links=(*ticket.links, TicketLink(Relation.SPLIT_FROM, event.ticket)))
        return replaced(linked, waiting_since=event.waiting_since, last_message_at=event.last_message_at)
    linked = _with(ticket, links=(*ticket.links, TicketLink(Relation.SPLIT_INTO, event.into)))
    own = strands_of(linked)[0]
    return _with_own(linked, event.left_waiting_since, own.last_message_at)


def _split_undone(ticket: Ticket, event: SplitUndone) -> Ticket:
    if ticket.id == event.ticket:
        tombstone = Tombstone(event.into, ticket.state, ticket.category, event.at, undoes_split=True)
        return _unlinked(_with(ticket, merged=tombstone), Relation.SPLIT_FROM, event.into)
    whole = _with_own(ticket, event.waiting_since, event.last_message_at)
    if event.strands:
        whole = _summed(whole, (*strands_of(whole), *event.strands))
    return _unlinked(whole, Relation.SPLIT_INTO, event.ticket)


def _erased(ticket: Ticket, event: TicketDeleted) -> Ticket:
    """What is left of the ticket, if it is one of those that were deleted."""
    if ticket.id != event.ticket and ticket.id not in event.parts:
        return ticket
    origin = replaced(ticket.origin, subject=None, attributes=())
    return _with(replaced(ticket, origin=origin, alarms=()), deleted=event.cause)


def _unlinked(ticket: Ticket, relation: Relation, other: str) -> Ticket:
    return _with(ticket, links=tuple(link for link in ticket.links if (link.relation, link.other) != (relation, other)))


def _with_own(ticket: Ticket, waiting: datetime | None, last: datetime) -> Ticket:
    """The ticket with other instants of its own, whatever was merged into it."""
    own, *others = strands_of(ticket)
    return _summed(ticket, (replaced(own, waiting_since=waiting, last_message_at=last), *others))


def _summed(ticket: Ticket, strands: tuple[Strand, ...]) -> Ticket:
    """The ticket of these strands.  A part of another ticket waits for nothing itself."""
    whole = _with(ticket, strands=strands if len(strands) > 1 else ())
    if ticket.merged_into is not None:
        return whole
    waiting = earliest(strand.waiting_since for strand in strands)
    return replaced(whole, waiting_since=waiting, last_message_at=max(strand.last_message_at for strand in strands))


def _with(ticket: Ticket, **changes: object) -> Ticket:
    ties = replaced(ticket.ties or _NO_TIES, **changes)
    return replaced(ticket, ties=None if ties == _NO_TIES else ties)
