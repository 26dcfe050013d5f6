"""The rules for splitting a ticket by its messages, and for undoing it."""

from collections.abc import Mapping
from datetime import datetime

from ticketcore.commands import JoinAgain, SplitOff
from ticketcore.decide.slots import with_slots
from ticketcore.errors import Reason, Refused
from ticketcore.events import (
    AttributesChanged,
    Event,
    PriorityChanged,
    Routed,
    SplitUndone,
    StateChanged,
    TagsChanged,
    TicketEvent,
    TicketOpened,
    TicketSplit,
)
from ticketcore.facts import Facts
from ticketcore.lifecycle import HouseRules, objections_to_ties
from ticketcore.model import MERGED, Category, Configuration, Kind, Move, Relation, Stream
from ticketcore.model.links import MAX_LINKS
from ticketcore.ties import earliest, strands_of

SPLIT = "split"
"""The right that a split, and its undoing, demand of both tickets, if the host gives rights."""


def split_off(
    configuration: Configuration, facts: Facts, command: SplitOff, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """Some messages become a new ticket, of the same type, queue, needs, tags and priority.

    Its attributes are the same too if its customer is: what one customer gave is not another's to see.  ``Refused`` for
    a ticket that is closed, or was merged.
    """
    ticket, actor = facts.ticket(command.ticket), command.actor
    workflow = configuration.workflow_of(ticket.type)
    reasons = list(objections_to_ties(workflow, ticket, None, SPLIT, actor, at, house))
    if ticket.merged_into is not None:
        reasons = [Reason("merged", ticket.merged_into)]
    if len(ticket.links) >= MAX_LINKS:
        reasons.append(Reason("too_many_links", ticket.id))
    if reasons:
        raise Refused("Split", tuple(reasons))
    split = TicketSplit(
        at,
        actor,
        ticket.id,
        command.into,
        command.messages,
        command.waiting_since,
        command.last_message_at,
        command.left_waiting_since,
        command.clocks,
    )
    opened = TicketOpened(
        at,
        actor,
        ticket=command.into,
        number=0,
        type=ticket.type,
        state=workflow.opening.id,
        category=workflow.opening.category,
        contact=command.contact,
        conversation=command.conversation,
        channel=facts.conversation(command.conversation).channel,
        subject=command.subject,
    )
    new: list[TicketEvent] = [opened, split]
    if ticket.origin.attributes and command.contact == ticket.contact:
        new.append(AttributesChanged(at, actor, ticket.origin.attributes))
    if ticket.queue is not None:
        new.append(Routed(at, actor, ticket.queue, ticket.needs, None, configuration.version, (), ticket.requirement))
    if ticket.tags:
        new.append(TagsChanged(at, actor, ticket.tags))
    if ticket.priority is not None:
        new.append(PriorityChanged(at, actor, ticket.priority))
    return {Stream(Kind.TICKET, ticket.id): (split,), Stream(Kind.TICKET, command.into): tuple(new)}


def join_again(
    configuration: Configuration, facts: Facts, command: JoinAgain, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """What was split off is a part of where it came from again.

    ``Refused`` for what was not split off, while either is a part of another ticket or the one has parts of its own,
    and when a customer would wait in a closed ticket.
    """
    ticket, actor = facts.ticket(command.ticket), command.actor
    if ticket.merged_into is not None:
        raise Refused("Unsplit", (Reason("merged", ticket.merged_into),))
    if not (sources := ticket.linked(Relation.SPLIT_FROM)):
        raise Refused("Unsplit", (Reason("not_split", ticket.id),))
    source = facts.ticket(sources[0])
    reasons: list[Reason] = []
    if source.merged_into is not None:
        reasons.append(Reason("merged", source.merged_into))
    waits = command.waiting_since or any(strand.waiting_since for strand in command.strands)
    is_whole = source.merged_into is None and not source.is_deleted
    if waits and is_whole and source.category is Category.CLOSED:
        reasons.append(Reason("closed_is_final", source.id))
    reasons.extend(Reason("merged_since", strand.ticket) for strand in strands_of(ticket)[1:])
    reasons.extend(Reason("split_further", other) for other in ticket.linked(Relation.SPLIT_INTO))
    for one in (ticket, source):
        workflow = configuration.workflow_of(one.type)
        reasons.extend(objections_to_ties(workflow, one, Move.UNMERGE, SPLIT, actor, at, house))
    if reasons:
        raise Refused("Unsplit", tuple(dict.fromkeys(reasons)))
    own = strands_of(source)[0]
    undone = SplitUndone(
        at,
        actor,
        ticket.id,
        source.id,
        command.messages,
        command.strands,
        earliest((own.waiting_since, command.waiting_since)),
        max(own.last_message_at, strands_of(ticket)[0].last_message_at) if command.messages else own.last_message_at,
    )
    buried: tuple[TicketEvent, ...] = (undone, StateChanged(at, actor, Move.MERGE, MERGED, Category.CLOSED))
    return {
        **with_slots(facts, ticket, command, at, buried),
        Stream(Kind.TICKET, source.id): (undone,),
    }
