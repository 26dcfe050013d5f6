"""The rules for tickets.

One rule holds for every command here (``with_slots``): a slot of an agent is filled from when a ticket of theirs
becomes new or open until it no longer is, and each change of that is an event of the agent in the same decision.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ticketcore import lifecycle
from ticketcore.assignment import apart_from, bound
from ticketcore.calendar.days import microseconds
from ticketcore.commands import (
    AcceptOffer,
    AddMessage,
    Assign,
    ChangeAttributes,
    DeclineOffer,
    DropAlarm,
    EndOffer,
    Escalate,
    Focus,
    Forgive,
    GiveUp,
    Migrate,
    OfferCommand,
    OpenTicket,
    Part,
    PassOn,
    Pend,
    Place,
    Release,
    Remind,
    RemindNow,
    Route,
    RoutingStep,
    SetPriority,
    SetTags,
    Snooze,
    Transfer,
    Unassign,
    Unfocus,
)
from ticketcore.decide.asked import Asked, check_whole
from ticketcore.decide.attributes import changed_attributes, handed_over, lacks
from ticketcore.decide.escalating import escalate, give_up, part
from ticketcore.decide.migrating import migrate
from ticketcore.decide.moving import move_ticket
from ticketcore.decide.offers import accept, decline, end_offer, forgive
from ticketcore.decide.placing import place
from ticketcore.decide.slots import with_slots
from ticketcore.decide.timing import drop_alarm, pend, remind, remind_now, snooze
from ticketcore.errors import NotFound, Reason
from ticketcore.escalation import unescalated
from ticketcore.events import (
    AttributesChanged,
    Event,
    Focused,
    FocusLeft,
    LinkAdded,
    MessageAdded,
    PriorityChanged,
    Routed,
    TagsChanged,
    TicketEvent,
    TicketLinked,
    TicketOpened,
)
from ticketcore.facts import Facts
from ticketcore.lifecycle import HouseRules
from ticketcore.model import (
    ActorKind,
    Category,
    Configuration,
    Kind,
    Loss,
    MessageKind,
    Move,
    Priority,
    Relation,
    Stage,
    Stream,
    Ticket,
)
from ticketcore.model.identifiers import ref_to, ticket_ref
from ticketcore.model.links import MAX_LINKS
from ticketcore.model.values import making

TicketDecidable = (
    AddMessage
    | Assign
    | Unassign
    | Transfer
    | Pend
    | SetTags
    | SetPriority
    | Focus
    | Unfocus
    | Route
    | Release
    | Place
    | ChangeAttributes
    | PassOn
    | Snooze
    | Remind
    | RemindNow
    | DropAlarm
    | Migrate
    | RoutingStep
    | OfferCommand
    | EndOffer
    | Forgive
)
"""The commands that change one ticket, but for those that only move it."""

_opened, _added, _linked = making(TicketOpened), making(MessageAdded), making(TicketLinked)
_routed, _tagged = making(Routed), making(TagsChanged)
_CONVERSATION = Kind.CONVERSATION
_ASSIGN, _SOLVE = Stage.ASSIGN, Stage.SOLVE
_ASSIGNING, _REPLYING = Move.ASSIGN, Move.REPLY
_NOTE, _CUSTOMER, _CLOSED = MessageKind.NOTE, MessageKind.CUSTOMER, Category.CLOSED


def open_ticket(
    configuration: Configuration, facts: Facts, command: OpenTicket, at: datetime, _house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """A ticket begins, with its first message, and its conversation is about it from now on."""
    conversation = facts.conversation(command.conversation)
    type = command.type or configuration.types[0].id
    opening = configuration.workflow_of(type).opening
    opened = _opened(
        at,
        command.actor,
        ticket=command.ticket,
        number=0,
        type=type,
        state=opening.id,
        category=opening.category,
        contact=conversation.contact,
        conversation=conversation.id,
        channel=conversation.channel,
        subject=command.subject,
        attributes=command.attributes,
        follow_up_of=command.follow_up_of,
    )
    added = _added(at, command.actor, command.message, command.kind, False, command.reopening)
    described = (AttributesChanged(at, command.actor, command.values),) if command.values else ()
    events: dict[Stream, tuple[Event, ...]] = {
        ticket_ref(command.ticket): (opened, added, *described),
        ref_to((_CONVERSATION, conversation.id)): (_linked(at, command.actor, command.ticket),),
    }
    if command.follow_up_of is not None and facts.knows(Kind.TICKET, command.follow_up_of):
        _link_follow_up(events, facts.ticket(command.follow_up_of), command, at)
    return events


def _link_follow_up(events: dict[Stream, tuple[Event, ...]], before: Ticket, command: OpenTicket, at: datetime) -> None:
    """The link between a new ticket and the one that it goes on from, which stands in both unless that is full."""
    if len(before.links) < MAX_LINKS:
        new, old = Stream(Kind.TICKET, command.ticket), Stream(Kind.TICKET, before.id)
        events[new] = (*events[new], LinkAdded(at, command.actor, Relation.FOLLOW_UP_OF, before.id))
        events[old] = (LinkAdded(at, command.actor, Relation.FOLLOWED_BY, command.ticket),)


def change_ticket(
    configuration: Configuration, facts: Facts, command: TicketDecidable, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """What the command does to the ticket, and to the slots of the agents whom that concerns.

    ``Refused`` with every reason; ``NotFound`` for a ticket, agent or queue that is not known.
    """
    ticket = facts.ticket(command.ticket)
    if ticket.ties is not None and type(command) is not Unfocus:
        check_whole(ticket, command)
    asked = Asked(configuration, facts, ticket, command, command.actor, at, house)
    events = RULES[type(command)](asked, command)
    return with_slots(facts, ticket, command, at, events) if events else {}


def pend_ticket(
    configuration: Configuration, facts: Facts, command: Pend, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """A mere move, unless it is to have an end."""
    pended = move_ticket if command.until is None else change_ticket
    return pended(configuration, facts, command, at, house)


def _add_message(asked: Asked, command: AddMessage) -> tuple[TicketEvent, ...]:
    """What a customer writes is never refused, but it may be that it does not move the ticket."""
    ticket, actor, at = asked.ticket, asked.actor, asked.at
    added = _added(at, actor, command.message, command.kind, not command.reopens, command.reopening, command.sent_to)
    if command.kind is _NOTE:
        return (added,)
    move = lifecycle.move_of_message(command.kind, command.reopens)
    if command.kind is not _CUSTOMER or ticket.category is _CLOSED:
        replying = asked.allowed(_REPLYING)
    else:
        replying = asked.passage(_REPLYING)
        if not replying.clear and (
            replying.objections(ticket, actor, at, asked.house)
            or lacks(asked.configuration, ticket, _SOLVE, replying.target, actor)
        ):
            move = None
    return (added,) if move is None else (added, *replying.change(ticket, actor, at))


def _assign(asked: Asked, command: Assign) -> tuple[TicketEvent, ...]:
    """Somebody names the agent: teams, skills and presence are theirs to judge, room is not unless they say so."""
    assigning = asked.allowed(_ASSIGNING, stage=_ASSIGN)
    agent = asked.facts.agent(command.agent)
    if agent.id == asked.ticket.assignee:
        return ()
    if command.unless_taken and asked.ticket.assignee is not None:
        raise asked.refused(Reason("taken", asked.ticket.assignee))
    free = apart_from(agent, asked.ticket.id)
    has_to_fit = asked.ticket.is_active and not command.over_capacity
    if has_to_fit and (full := bound(free, asked.ticket, asked.facts.day, microseconds(asked.at))):
        raise asked.refused(Reason(full, agent.id))
    return asked.assigned(agent.id, None, assigning)


def _unassign(asked: Asked, _: Unassign) -> tuple[TicketEvent, ...]:
    asked.allowed(_ASSIGNING)
    return asked.unassigned(Loss.ASKED)


def _transfer(asked: Asked, command: Transfer) -> tuple[TicketEvent, ...]:
    asked.allowed(_ASSIGNING)
    if asked.configuration.team_of(command.queue) is None:
        raise NotFound("queue", command.queue)
    if command.queue == asked.ticket.queue:
        return ()
    routed = _requeued(asked, command.queue)
    return (*asked.unassigned(Loss.TRANSFERRED), routed)


def _requeued(asked: Asked, queue: str) -> Routed:
    """The ticket goes to another queue, and asks for the same there as it did at first."""
    ticket, version = asked.ticket, asked.configuration.version
    return Routed(asked.at, asked.actor, queue, ticket.needs, None, version, (), unescalated(ticket.requirement))


def _release(asked: Asked, command: Release) -> tuple[TicketEvent, ...]:
    return asked.unassigned(command.reason)


def _route(asked: Asked, command: Route) -> tuple[TicketEvent, ...]:
    at, actor, routing = asked.at, asked.actor, command.routing
    said = (routing.queue, routing.needs, routing.rule, asked.configuration.version)
    routed = _routed(at, actor, *said, routing.matches, routing.requirement)
    tagged = (_tagged(at, actor, routing.tags),) if routing.tags else ()
    rated = () if routing.priority is None else (PriorityChanged(at, actor, Priority(routing.priority)),)
    return (routed, *tagged, *rated)


def _set_tags(asked: Asked, command: SetTags) -> tuple[TicketEvent, ...]:
    added = tuple(sorted({*command.add} - {*asked.ticket.tags} - {*command.remove}))
    removed = tuple(sorted({*command.remove} & {*asked.ticket.tags}))
    return (TagsChanged(asked.at, asked.actor, added, removed),) if added or removed else ()


def _set_priority(asked: Asked, command: SetPriority) -> tuple[TicketEvent, ...]:
    workflow = asked.allowed(_REPLYING).workflow
    if command.priority is None and "priority_stays_set" in workflow.rules:
        raise asked.refused(Reason("priority_stays_set", asked.ticket.id))
    if command.priority is asked.ticket.priority:
        return ()
    return (PriorityChanged(asked.at, asked.actor, command.priority),)


def _change_attributes(asked: Asked, command: ChangeAttributes) -> tuple[TicketEvent, ...]:
    if asked.passage(_REPLYING).final:
        raise asked.refused(Reason("closed_is_final", asked.ticket.id))
    return changed_attributes(asked.configuration, asked.ticket, command, asked.at)


def _pass_on(asked: Asked, command: PassOn) -> tuple[TicketEvent, ...]:
    """Other people's from now on; it waits in their queue as long as it has waited already."""
    asked.allowed(_ASSIGNING)
    passed = handed_over(asked.configuration, asked.ticket, command, asked.at)
    routed = _requeued(asked, command.queue)
    return (*passed, *asked.unassigned(Loss.TRANSFERRED), routed)


def _focus(asked: Asked, command: Focus | Unfocus) -> tuple[TicketEvent, ...]:
    """An agent opens the ticket, or leaves it; nothing when they have, or have not."""
    actor = asked.actor
    if actor.kind is not ActorKind.AGENT:
        raise asked.refused(Reason("only_agents_focus", actor.id))
    if isinstance(command, Focus) is (actor.id in asked.ticket.focused):
        return ()
    return (Focused(asked.at, actor) if isinstance(command, Focus) else FocusLeft(asked.at, actor),)


RULES: Mapping[type, Callable[[Asked, Any], tuple[TicketEvent, ...]]] = {
    AddMessage: _add_message,
    Assign: _assign,
    Place: place,
    AcceptOffer: accept,
    DeclineOffer: decline,
    EndOffer: end_offer,
    Forgive: forgive,
    Unassign: _unassign,
    Transfer: _transfer,
    Release: _release,
    Route: _route,
    SetTags: _set_tags,
    SetPriority: _set_priority,
    Focus: _focus,
    Unfocus: _focus,
    ChangeAttributes: _change_attributes,
    PassOn: _pass_on,
    Pend: pend,
    Snooze: snooze,
    Remind: remind,
    RemindNow: remind_now,
    DropAlarm: drop_alarm,
    Migrate: migrate,
    Escalate: escalate,
    GiveUp: give_up,
    Part: part,
}
"""What each command does, before it comes to slots."""
