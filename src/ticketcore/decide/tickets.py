"""The rules for tickets.

One rule holds for every command here (``_with_slots``): a slot of an agent is filled from when a ticket of theirs
becomes new or open until it no longer is, and each change of that is an event of the agent in the same decision.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import reduce

from ticketcore import lifecycle
from ticketcore.assignment import credit, exclusion, unavailable
from ticketcore.commands import (
    AddMessage,
    Assign,
    Close,
    Focus,
    Hold,
    Leave,
    OpenTicket,
    Pend,
    Place,
    Reopen,
    Resume,
    Route,
    SetPriority,
    SetTags,
    Solve,
    StateCommand,
    Transfer,
    Unassign,
)
from ticketcore.errors import NotFound, Reason, Refused
from ticketcore.events import (
    Assigned,
    Event,
    Focused,
    FocusLeft,
    MessageAdded,
    NoEligibleAgent,
    PriorityChanged,
    Routed,
    TagsChanged,
    TicketEvent,
    TicketLinked,
    TicketOpened,
    Unassigned,
    WorkReleased,
    WorkTaken,
)
from ticketcore.evolve import evolve_ticket
from ticketcore.facts import Facts
from ticketcore.model import (
    Actor,
    ActorKind,
    Configuration,
    Kind,
    Loss,
    MessageKind,
    Move,
    Placement,
    Priority,
    Stream,
    Ticket,
)

TicketDecidable = (
    AddMessage | Assign | Unassign | Transfer | StateCommand | SetTags | SetPriority | Focus | Leave | Route | Place
)
"""The commands that change one ticket."""

_MOVES: Mapping[type, Move] = {
    Pend: Move.PEND,
    Hold: Move.HOLD,
    Resume: Move.RESUME,
    Solve: Move.SOLVE,
    Reopen: Move.REOPEN,
    Close: Move.CLOSE,
}


def open_ticket(facts: Facts, command: OpenTicket, at: datetime) -> Mapping[Stream, tuple[Event, ...]]:
    """A ticket begins, with its first message, and its conversation is about it from now on."""
    conversation = facts.conversation(command.conversation)
    state, category = lifecycle.opening()
    opened = TicketOpened(
        at,
        command.actor,
        ticket=command.ticket,
        number=0,
        type="request",
        state=state,
        category=category,
        contact=conversation.contact,
        conversation=conversation.id,
        channel=conversation.channel,
        subject=command.subject,
        attributes=command.attributes,
        follow_up_of=command.follow_up_of,
    )
    added = MessageAdded(at, command.actor, command.message, command.kind)
    return {
        Stream(Kind.TICKET, command.ticket): (opened, added),
        Stream(Kind.CONVERSATION, conversation.id): (TicketLinked(at, command.actor, command.ticket),),
    }


def change_ticket(
    configuration: Configuration, facts: Facts, command: TicketDecidable, at: datetime
) -> Mapping[Stream, tuple[Event, ...]]:
    """What the command does to the ticket, and to the slots of the agents whom that concerns.

    ``Refused`` with every reason; ``NotFound`` for a ticket, agent or queue that is not known.
    """
    ticket = facts.ticket(command.ticket)
    events = _ticket_events(configuration, facts, ticket, command, at)
    return _with_slots(facts, ticket, command, events, at) if events else {}


def _ticket_events(
    configuration: Configuration, facts: Facts, ticket: Ticket, command: TicketDecidable, at: datetime
) -> tuple[TicketEvent, ...]:
    actor = command.actor
    match command:
        case AddMessage(_, message, MessageKind.NOTE as kind):
            return (MessageAdded(at, actor, message, kind),)
        case AddMessage(_, message, kind, _, reopens):
            _allow(ticket, command, Move.REPLY)
            move = lifecycle.move_of_message(kind, reopens)
            added = MessageAdded(at, actor, message, kind)
            return (added,) if move is None else (added, *lifecycle.change(ticket, move, actor, at))
        case Pend() | Hold() | Resume() | Solve() | Reopen() | Close():
            move = _MOVES[type(command)]
            _allow(ticket, command, move)
            return lifecycle.change(ticket, move, actor, at)
        case Place(placement=placement):
            _allow(ticket, command, Move.ASSIGN)
            return _place(configuration, facts, ticket, actor, placement, at)
        case Assign():
            _allow(ticket, command, Move.ASSIGN)
            return _assign(facts, ticket, command, at)
        case Unassign():
            _allow(ticket, command, Move.ASSIGN)
            return _unassigned(ticket, Loss.ASKED, ticket.routing_origin, actor, at)
        case Transfer(queue=queue):
            _allow(ticket, command, Move.ASSIGN)
            if configuration.team_of(queue) is None:
                raise NotFound("queue", queue)
            if queue == ticket.queue:
                return ()
            routed = Routed(at, actor, queue, ticket.needs, None, configuration.version)
            return (*_unassigned(ticket, Loss.TRANSFERRED, ticket.routing_origin, actor, at), routed)
        case Route(routing=routing):
            events: list[TicketEvent] = [
                Routed(at, actor, routing.queue, routing.needs, routing.rule, configuration.version)
            ]
            if routing.tags:
                events.append(TagsChanged(at, actor, routing.tags))
            if routing.priority is not None:
                events.append(PriorityChanged(at, actor, Priority(routing.priority)))
            return tuple(events)
        case SetTags(_, _, add, remove):
            added_tags = tuple(sorted({*add} - {*ticket.tags} - {*remove}))
            removed_tags = tuple(sorted({*remove} & {*ticket.tags}))
            return (TagsChanged(at, actor, added_tags, removed_tags),) if added_tags or removed_tags else ()
        case Focus() | Leave():
            return _focus(ticket, command, at)
        case SetPriority(priority=priority):
            _allow(ticket, command, Move.REPLY)
            return () if priority is ticket.priority else (PriorityChanged(at, actor, priority),)


def _focus(ticket: Ticket, command: Focus | Leave, at: datetime) -> tuple[TicketEvent, ...]:
    """An agent opens the ticket, or leaves it; nothing when they have, or have not."""
    actor = command.actor
    if actor.kind is not ActorKind.AGENT:
        raise Refused(type(command).__name__, (Reason("only_agents_focus", actor.id),))
    if isinstance(command, Focus) is (actor.id in ticket.focused):
        return ()
    return (Focused(at, actor) if isinstance(command, Focus) else FocusLeft(at, actor),)


def _allow(ticket: Ticket, command: TicketDecidable, move: Move) -> None:
    """Refuse the command where the lifecycle refuses the move."""
    if reasons := lifecycle.objections(ticket, move, command.actor):
        raise Refused(type(command).__name__, reasons)


def _assign(facts: Facts, ticket: Ticket, command: Assign, at: datetime) -> tuple[TicketEvent, ...]:
    """Somebody names the agent: teams, skills and presence are theirs to judge, room is not unless they say so."""
    agent = facts.agent(command.agent)
    if agent.id == ticket.assignee:
        return ()
    if ticket.is_active and agent.open >= agent.capacity and not command.over_capacity:
        raise Refused("Assign", (Reason("capacity", agent.id),))
    return _assigned(ticket, agent.id, None, command.actor, at)


def _place(
    configuration: Configuration, facts: Facts, ticket: Ticket, actor: Actor, placement: Placement, at: datetime
) -> tuple[TicketEvent, ...]:
    """The router chose: only while the ticket waits in a queue, and only an agent who may take it."""
    if ticket.queued_since is None:
        raise Refused("Place", (Reason("not_waiting", ticket.id),))
    if placement.agent is None:
        return (NoEligibleAgent(at, actor, placement),)
    agent = facts.agent(placement.agent)
    assert ticket.queue is not None, "what waits is in a queue"
    if excluded := exclusion(agent, ticket, configuration.team_of(ticket.queue)):
        raise Refused("Place", (Reason(excluded, agent.id),))
    return _assigned(ticket, agent.id, placement, actor, at)


def _assigned(
    ticket: Ticket, agent: str, placement: Placement | None, actor: Actor, at: datetime
) -> tuple[TicketEvent, ...]:
    return (Assigned(at, actor, agent, placement), *lifecycle.change(ticket, Move.ASSIGN, actor, at))


def _unassigned(
    ticket: Ticket, reason: Loss, routing_origin: datetime, actor: Actor, at: datetime
) -> tuple[TicketEvent, ...]:
    if ticket.assignee is None:
        return ()
    return (Unassigned(at, actor, ticket.assignee, reason, routing_origin),)


def _with_slots(
    facts: Facts, before: Ticket, command: TicketDecidable, events: tuple[TicketEvent, ...], at: datetime
) -> Mapping[Stream, tuple[Event, ...]]:
    """The ticket's events, and those of the agents whose slots they fill or free.

    A ticket that becomes active again asks its agent for a slot anew; where there is none it goes back to its
    queue before it does, so that they have no more than they take at any event, and begins to wait there now.
    """
    after = _folded(before, events)
    if after.is_active and not before.is_active and after.assignee is not None:
        obstacle = _obstacle(facts, after.assignee, command.actor)
        if obstacle is not None:
            *others, waking = events
            events = (*others, *_unassigned(before, obstacle, at, command.actor, at), waking)
            after = _folded(before, events)
    changes: dict[Stream, tuple[Event, ...]] = {Stream(Kind.TICKET, before.id): events}
    held = before.assignee if before.is_active else None
    holds = after.assignee if after.is_active else None
    if held != holds and held is not None:
        facts.agent(held)
        changes[Stream(Kind.AGENT, held)] = (WorkReleased(at, command.actor, before.id),)
    if held != holds and holds is not None:
        cost = _cost(facts, holds, command, resumed=before.assignee == holds)
        changes[Stream(Kind.AGENT, holds)] = (WorkTaken(at, command.actor, before.id, cost),)
    return changes


def _obstacle(facts: Facts, agent: str, actor: Actor) -> Loss | None:
    """Why the agent cannot have a ticket back, if they cannot.  Who takes one back themselves is not asked."""
    if actor.kind is ActorKind.AGENT and actor.id == agent:
        return None
    if not facts.knows(Kind.AGENT, agent):
        return Loss.CONTENDED
    reason = unavailable(facts.agent(agent))
    return None if reason is None else Loss(reason)


def _cost(facts: Facts, agent: str, command: TicketDecidable, resumed: bool) -> int:
    """What the slot adds to the agent's share of work; what they had before was paid for."""
    if resumed:
        return 0
    if isinstance(command, Place):
        return command.placement.credit
    return credit(facts.agent(agent))


def _folded(ticket: Ticket, events: tuple[TicketEvent, ...]) -> Ticket:
    return reduce(evolve_ticket, events, ticket)
