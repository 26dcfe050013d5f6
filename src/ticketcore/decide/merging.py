"""The rules for merging tickets, and for undoing it.

A merge moves no message.  The ticket becomes a tombstone that names the one that it is a part of now; that one, and
whatever that is a part of itself, gets its strands.  Who is sent to the tombstone is answered by the survivor, and
what was said stays where it was sent: so an undoing is exact, and costs the same after a thousand messages.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from ticketcore.commands import Merge, Rise, Unmerge, Wake
from ticketcore.decide.slots import with_slots
from ticketcore.decide.uniting import person_of
from ticketcore.errors import Reason, Refused
from ticketcore.events import (
    Event,
    ParticipantJoined,
    ParticipantLeft,
    StateChanged,
    TicketEvent,
    TicketMerged,
    TicketUnmerged,
    Unassigned,
)
from ticketcore.evolve import evolve_ticket
from ticketcore.facts import Facts
from ticketcore.lifecycle import HouseRules, objections_to_ties, passage
from ticketcore.model import (
    MERGED,
    Actor,
    Category,
    Configuration,
    Conversation,
    Kind,
    Loss,
    Move,
    Participant,
    Role,
    Sight,
    Strand,
    Stream,
    Ticket,
    Woken,
)
from ticketcore.model.links import MAX_STRANDS
from ticketcore.model.values import replaced
from ticketcore.ties import earliest, strands_of

MERGE = "merge"
"""The right that a merge, and its undoing, demand of both tickets, if the host gives rights."""


def merge(
    configuration: Configuration, facts: Facts, command: Merge, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """The ticket becomes a part of another; ``Refused`` with all that is against it, on either side."""
    ticket, actor = facts.ticket(command.ticket), command.actor
    chain = chain_of(facts, command.into)
    survivor = chain[-1]
    strands = strands_of(ticket)
    reasons: list[Reason] = []
    if ticket in chain:
        reasons.append(Reason("cycle", command.into))
    if ticket.merged_into is not None:
        reasons.append(Reason("merged", ticket.merged_into))
    if len(strands) + len(strands_of(survivor)) > MAX_STRANDS:
        reasons.append(Reason("too_many_merged", survivor.id))
    for one in (survivor,) if ticket.merged_into is not None else (ticket, survivor):
        workflow = configuration.workflow_of(one.type)
        reasons.extend(objections_to_ties(workflow, one, Move.MERGE, MERGE, actor, at, house))
    if not command.shared:
        reasons.extend(Reason("gains_sight", f"{one.contact}/{one.conversation}") for one in gains(facts, command))
    if reasons:
        raise Refused("Merge", tuple(dict.fromkeys(reasons)))
    woken = None
    if any(strand.waiting_since is not None for strand in strands):
        woken = _woken(configuration, survivor, actor, at, house)
    merged = TicketMerged(at, actor, ticket.id, command.into, strands, woken)
    buried: tuple[TicketEvent, ...] = (merged, StateChanged(at, actor, Move.MERGE, MERGED, Category.CLOSED))
    events: dict[Stream, tuple[Event, ...]] = dict(with_slots(facts, ticket, command, at, buried))
    events.update((Stream(Kind.TICKET, one.id), (merged,)) for one in chain)
    events.update(_joined(facts, chain, strands, actor, at))
    return events


def wake(
    configuration: Configuration, facts: Facts, command: Wake, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """What its customer's message would do to the state of a ticket that rests, if nothing is against it."""
    ticket = facts.ticket(command.ticket)
    reply = passage(configuration, ticket, Move.REPLY, command.actor, house)
    if ticket.is_active or reply.objections(ticket, command.actor, at, house):
        return {}
    moved = reply.change(ticket, command.actor, at)
    return with_slots(facts, ticket, command, at, moved) if moved else {}


def unmerge(
    configuration: Configuration, facts: Facts, command: Unmerge, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """What the other side of a merge gives back; the ticket itself is then to ``Rise``.

    It is ``Refused`` for a ticket that was not merged, and by the rules of the house, which are not native.
    """
    ticket, actor = facts.ticket(command.ticket), command.actor
    tombstone = ticket.tombstone
    if tombstone is None:
        raise Refused("Unmerge", (Reason("not_merged", ticket.id),))
    if tombstone.undoes_split:
        raise Refused("Unmerge", (Reason("split_undone", tombstone.into),))
    chain = chain_of(facts, tombstone.into)
    survivor = chain[-1]
    reasons: list[Reason] = []
    for one in (ticket, survivor):
        workflow = configuration.workflow_of(one.type)
        reasons.extend(objections_to_ties(workflow, one, Move.UNMERGE, MERGE, actor, at, house))
    if reasons:
        raise Refused("Unmerge", tuple(dict.fromkeys(reasons)))
    strands = strands_taken(facts, ticket)
    woken = sleeps_again(facts, ticket)
    unmerged = TicketUnmerged(at, actor, ticket.id, tombstone.into, strands, woken)
    events: dict[Stream, tuple[Event, ...]] = {Stream(Kind.TICKET, one.id): (unmerged,) for one in chain}
    if woken is not None:
        asleep = StateChanged(at, actor, Move.UNMERGE, woken.state, woken.category)
        events.update(with_slots(facts, survivor, command, at, (unmerged, asleep)))
    events.update(_left(facts, ticket, chain, strands, actor, at))
    return events


def rise(
    configuration: Configuration,
    facts: Facts,
    command: Rise,
    at: datetime,
    house: HouseRules,  # noqa: ARG001  (each of these rules is asked so)
) -> Mapping[Stream, tuple[Event, ...]]:
    """A merged ticket is where it was; where its workflow has no such state any more, it is then to ``Migrate``.

    Its agent has it back unless they have left the team or have no room; then it waits in its queue as before.
    """
    ticket, actor = facts.ticket(command.ticket), command.actor
    tombstone = ticket.tombstone
    assert tombstone is not None, "only asked of what was merged"
    workflow = configuration.workflow_of(ticket.type)
    events: list[TicketEvent] = [TicketUnmerged(at, actor, ticket.id, tombstone.into, command.strands)]
    if ticket.assignee is not None and "leaving_releases" in workflow.rules and _has_left(configuration, facts, ticket):
        events.append(Unassigned(at, actor, ticket.assignee, Loss.LEFT_TEAM, ticket.routing_origin))
    events.append(StateChanged(at, actor, Move.UNMERGE, tombstone.state, tombstone.category))
    return with_slots(facts, ticket, command, at, tuple(events))


def chain_of(facts: Facts, id: str) -> tuple[Ticket, ...]:
    """The ticket ``id`` and what it was merged into, and so on; the last is the survivor."""
    chain = [facts.ticket(id)]
    while (into := chain[-1].merged_into) is not None:
        chain.append(facts.ticket(into))
    return tuple(chain)


def gains(facts: Facts, command: Merge) -> tuple[Sight, ...]:
    """Who gains sight of what by a merge: every customer of the ticket, of each conversation that answers them now.

    Contacts who are one person, as far as the facts know, are one customer.
    """
    chain = chain_of(facts, command.into)
    pairs = dict.fromkeys(
        Sight(strand.contact, conversation.id)
        for strand in strands_of(facts.ticket(command.ticket))
        for conversation in _conversations(facts, chain)
        if not _takes_part(facts, strand.contact, conversation)
    )
    return tuple(pairs)


def _takes_part(facts: Facts, contact: str, conversation: Conversation) -> bool:
    """Whether the customer takes part, by any contact who is the same person as far as the facts know."""
    who = {contact}
    if facts.knows(Kind.CONTACT, contact):
        who |= {one.id for one in person_of(facts, facts.contact(contact))}
    return any(one.id in who for one in conversation.participants)


def strands_taken(facts: Facts, ticket: Ticket) -> tuple[Strand, ...]:
    """The strands that a merged ticket takes along when it is one of its own again, as the survivor has them now."""
    survivor = chain_of(facts, ticket.id)[-1]
    group = {strand.ticket for strand in strands_of(ticket)}
    return tuple(strand for strand in strands_of(survivor) if strand.ticket in group)


def sleeps_again(facts: Facts, ticket: Ticket) -> Woken | None:
    """The survivor as it was before the merge moved it, if nothing has come since that keeps it awake.

    One that does not want work now was laid to rest by somebody since, if at the same instant.
    """
    tombstone, survivor = ticket.tombstone, chain_of(facts, ticket.id)[-1]
    assert tombstone is not None, "only asked of what was merged"
    woken = tombstone.woken
    if woken is None or woken.ticket != survivor.id or survivor.state_since != tombstone.at or not survivor.is_active:
        return None
    taken = strands_taken(facts, ticket)
    waiting = earliest(strand.waiting_since for strand in strands_of(survivor) if strand not in taken)
    return woken if waiting == woken.waiting_since else None


def _woken(
    configuration: Configuration, survivor: Ticket, actor: Actor, at: datetime, house: HouseRules
) -> Woken | None:
    """The survivor as it is, if it rests, and a message of its customer would move it."""
    if survivor.is_active:
        return None
    reply = passage(configuration, survivor, Move.REPLY, actor, house)
    moves = () if reply.objections(survivor, actor, at, house) else reply.change(survivor, actor, at)
    if not moves:
        return None
    left = evolve_ticket(survivor, moves[0]).alarms
    return Woken(
        survivor.id,
        survivor.state,
        survivor.category,
        survivor.waiting_since,
        survivor.assignee,
        survivor.solution,
        tuple(alarm for alarm in survivor.alarms if alarm not in left),
    )


def _has_left(configuration: Configuration, facts: Facts, ticket: Ticket) -> bool:
    if ticket.queue is None or ticket.assignee is None or not facts.knows(Kind.AGENT, ticket.assignee):
        return False
    return configuration.team_of(ticket.queue) not in facts.agent(ticket.assignee).teams


def _conversations(facts: Facts, tickets: tuple[Ticket, ...]) -> Iterator[Conversation]:
    """The conversations in which these tickets are answered, each once."""
    for id in dict.fromkeys(ticket.conversation for ticket in tickets):
        yield facts.conversation(id)


def _joined(
    facts: Facts, chain: tuple[Ticket, ...], strands: tuple[Strand, ...], actor: Actor, at: datetime
) -> Mapping[Stream, tuple[Event, ...]]:
    """The customers take part where they are answered now, each once for each of their tickets.

    Not where they do by another contact who is the same person: so it ends when they turn out to be two.
    """
    events: dict[Stream, tuple[Event, ...]] = {}
    for conversation in _conversations(facts, chain):
        others = replaced(
            conversation, participants=tuple(one for one in conversation.participants if one.role is not Role.MERGED)
        )
        joining = tuple(
            ParticipantJoined(at, actor, Role.MERGED, strand.contact, strand.ticket)
            for strand in strands
            if not _takes_part(facts, strand.contact, others)
            and Participant(Role.MERGED, strand.contact, strand.ticket) not in conversation.participants
        )
        if joining:
            events[Stream(Kind.CONVERSATION, conversation.id)] = joining
    return events


def _left(
    facts: Facts,
    ticket: Ticket,
    chain: tuple[Ticket, ...],
    strands: tuple[Strand, ...],
    actor: Actor,
    at: datetime,
) -> Mapping[Stream, tuple[Event, ...]]:
    """The customers no longer take part where only this merge had brought them."""
    events: dict[Stream, tuple[Event, ...]] = {}
    remain = {strand.ticket: _answered_below(facts, strand.ticket, ticket.id) for strand in strands}
    for conversation in _conversations(facts, chain):
        leaving = tuple(
            ParticipantLeft(at, actor, one.role, one.id, one.by_ticket)
            for one in conversation.participants
            if one.by_ticket is not None and one.by_ticket in remain and conversation.id not in remain[one.by_ticket]
        )
        if leaving:
            events[Stream(Kind.CONVERSATION, conversation.id)] = leaving
    return events


def _answered_below(facts: Facts, strand: str, top: str) -> set[str]:
    """The conversations into which the merges up to ``top`` brought the customer of the strand's ticket.

    An undone split brings nobody anywhere, so what it left was first brought along by the merge above it.
    """
    found: set[str] = set()
    ticket = facts.ticket(strand)
    was_merged = False
    while ticket.id != top:
        assert ticket.tombstone is not None, "a strand leads up to the ticket that it is of"
        was_merged = was_merged or not ticket.tombstone.undoes_split
        ticket = facts.ticket(ticket.tombstone.into)
        if was_merged:
            found.add(ticket.conversation)
    return found
