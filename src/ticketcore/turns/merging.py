"""What is loaded for a merge and for its undoing, and what is told of them."""

from datetime import timedelta

from ticketcore.calendar.days import microseconds
from ticketcore.commands import Merge, Rise, Unmerge, Wake
from ticketcore.decide.merging import chain_of, gains, sleeps_again, strands_taken
from ticketcore.events import Unassigned
from ticketcore.model import Kept, Kind, Loss, Merging, Message, Ref, Ticket, Tombstone, Undoing
from ticketcore.ports import MAX_PAGE, Query, Range
from ticketcore.ties import strands_of
from ticketcore.turns.knowing import bring_along, know, know_chain
from ticketcore.turns.persons import contacts_of, person
from ticketcore.turns.requests import Turn, page_of
from ticketcore.turns.work import Work

_INSTANT = timedelta(microseconds=1)


def merge(work: Work, command: Merge) -> Turn[None]:
    """Make one ticket a part of another, and wake that if the customer of the one waits."""
    yield from know_chain(work, command.into)
    chain = chain_of(work.facts, command.into)
    yield from _know_around(work, chain)
    if gains(work.facts, command):
        yield from _know_persons(work, command.ticket)
    gained = gains(work.facts, command)
    work.do(command)
    tombstone = work.facts.ticket(command.ticket).tombstone
    if tombstone is not None and tombstone.woken is not None:
        work.do(Wake(chain[-1].id, command.actor))
    work.decisions.append(Merging(command.ticket, command.into, chain[-1].id, gained))


def unmerge(work: Work, command: Unmerge) -> Turn[None]:
    """Make a merged ticket one of its own again, and say what is not as it was."""
    before = work.facts.ticket(command.ticket)
    tombstone = before.tombstone
    if tombstone is None:
        work.do(command)
    yield from know_chain(work, command.ticket)
    yield from know(work, *(Ref(Kind.TICKET, strand.ticket) for strand in strands_of(before)))
    for strand in strands_of(before):  # An undone split may have left a tombstone between them that has no strand.
        yield from know_chain(work, strand.ticket)
    _, *above = chain_of(work.facts, command.ticket)
    yield from _know_around(work, tuple(above))
    strands = strands_taken(work.facts, before)
    asleep = sleeps_again(work.facts, before)
    work.do(command)
    yield from bring_along(work, work.facts.ticket(above[-1].id))
    work.do(Rise(command.ticket, strands, command.actor))
    yield from bring_along(work, work.facts.ticket(command.ticket))
    assert tombstone is not None, "what was not merged was refused"
    survivor = work.facts.ticket(above[-1].id)
    kept = []
    if before.assignee != work.facts.ticket(before.id).assignee:
        kept.append(Kept(before.id, "assignee", _loss(work, before)))
    if (woken := tombstone.woken) is not None and woken.ticket == survivor.id:
        if asleep is None and survivor.state != woken.state:
            kept.append(Kept(survivor.id, "state", "moved_since"))
        if survivor.assignee != woken.assignee:
            kept.append(Kept(survivor.id, "assignee", "assigned_since"))
    written = yield from _written(survivor, tombstone)
    kept.extend(Kept(id, "ticket", "written_to_survivor") for id in written)
    work.decisions.append(Undoing(command.ticket, tombstone.into, tuple(kept)))


def _know_persons(work: Work, ticket: str) -> Turn[None]:
    """Load all contacts who are the customers of a ticket."""
    contacts = dict.fromkeys(strand.contact for strand in strands_of(work.facts.ticket(ticket)))
    for contact in (yield from contacts_of(contacts)):
        work.know(*(yield from person(contact)))


def _know_around(work: Work, chain: tuple[Ticket, ...]) -> Turn[None]:
    """Load the conversations of a chain, and the agent of its end."""
    refs = [Ref(Kind.CONVERSATION, ticket.conversation) for ticket in chain]
    yield from know(work, *refs, *(Ref(Kind.AGENT, id) for id in chain[-1].holders))


def _loss(work: Work, before: Ticket) -> Loss:
    """Why a ticket that is one of its own again lost its agent."""
    events = work.events[Ref(Kind.TICKET, before.id)]
    return next(event.reason for event in events if isinstance(event, Unassigned))


def _written(survivor: Ticket, tombstone: Tombstone) -> Turn[tuple[str, ...]]:
    """The messages, up to a page of them, that were written to the survivor after the merge and stay there."""
    since = Range(microseconds(tombstone.at + _INSTANT))
    page = yield from page_of(
        Query(Kind.MESSAGE, {"ticket": survivor.homes, "received_at": since}, "received_at", limit=MAX_PAGE)
    )
    return tuple(value.id for value in page.values if isinstance(value, Message))
