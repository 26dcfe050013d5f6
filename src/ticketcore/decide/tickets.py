"""The rules for tickets.

One rule holds for every command here (``_with_slots``): a slot of an agent is filled from when a ticket of theirs
becomes new or open until it no longer is, and each change of that is an event of the agent in the same decision.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import reduce

import attrs

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
    Release,
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
from ticketcore.lifecycle import HouseRules
from ticketcore.model import (
    Actor,
    ActorKind,
    Category,
    Configuration,
    Kind,
    Loss,
    MessageKind,
    Move,
    Placement,
    Priority,
    Routing,
    Stream,
    Ticket,
)

TicketDecidable = (
    AddMessage
    | Assign
    | Unassign
    | Transfer
    | StateCommand
    | SetTags
    | SetPriority
    | Focus
    | Leave
    | Route
    | Release
    | Place
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


def open_ticket(
    configuration: Configuration, facts: Facts, command: OpenTicket, at: datetime
) -> Mapping[Stream, tuple[Event, ...]]:
    """A ticket begins, with its first message, and its conversation is about it from now on."""
    conversation = facts.conversation(command.conversation)
    type = configuration.types[0].id
    opening = configuration.workflow_of(type).opening
    opened = TicketOpened(
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
    added = MessageAdded(at, command.actor, command.message, command.kind)
    return {
        Stream(Kind.TICKET, command.ticket): (opened, added),
        Stream(Kind.CONVERSATION, conversation.id): (TicketLinked(at, command.actor, command.ticket),),
    }


@attrs.frozen
class _Asked:
    """What is asked of a ``ticket``, and all that the answer may look at."""

    configuration: Configuration
    facts: Facts
    ticket: Ticket
    actor: Actor
    at: datetime
    house: HouseRules
    name: str

    def objections(self, move: Move, state: str | None = None) -> tuple[Reason, ...]:
        """Everything that forbids the move."""
        workflow = self.configuration.workflow_of(self.ticket.type)
        return lifecycle.objections(workflow, self.ticket, move, self.actor, self.at, state, self.house)

    def allow(self, move: Move, state: str | None = None) -> None:
        """Refuse what is asked where the lifecycle refuses the move."""
        if reasons := self.objections(move, state):
            raise Refused(self.name, reasons)

    def holds(self, rule: str) -> bool:
        """Whether the ticket's workflow has the rule."""
        return rule in self.configuration.workflow_of(self.ticket.type).rules

    def change(self, move: Move, state: str | None = None) -> tuple[TicketEvent, ...]:
        """The move, which was allowed."""
        workflow = self.configuration.workflow_of(self.ticket.type)
        return lifecycle.change(workflow, self.ticket, move, self.actor, self.at, state)

    def assigned(self, agent: str, placement: Placement | None) -> tuple[TicketEvent, ...]:
        """The ticket is the agent's."""
        return (Assigned(self.at, self.actor, agent, placement), *self.change(Move.ASSIGN))

    def unassigned(self, reason: Loss) -> tuple[TicketEvent, ...]:
        """The ticket is nobody's, if it was somebody's; it is as old as before."""
        return _unassigned(self.ticket, reason, self.ticket.routing_origin, self.actor, self.at)


def change_ticket(
    configuration: Configuration, facts: Facts, command: TicketDecidable, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """What the command does to the ticket, and to the slots of the agents whom that concerns.

    ``Refused`` with every reason; ``NotFound`` for a ticket, agent or queue that is not known.
    """
    ticket = facts.ticket(command.ticket)
    asked = _Asked(configuration, facts, ticket, command.actor, at, house, type(command).__name__)
    events = _ticket_events(asked, command)
    return _with_slots(facts, ticket, command, events, at) if events else {}


def _ticket_events(asked: _Asked, command: TicketDecidable) -> tuple[TicketEvent, ...]:
    ticket, actor, at = asked.ticket, asked.actor, asked.at
    match command:
        case AddMessage(_, message, MessageKind.NOTE as kind):
            return (MessageAdded(at, actor, message, kind),)
        case AddMessage(_, message, kind, _, reopens):
            move = lifecycle.move_of_message(kind, reopens)
            if kind is MessageKind.CUSTOMER and ticket.category is not Category.CLOSED:
                move = None if asked.objections(Move.REPLY) else move  # What a customer writes is never refused.
            else:
                asked.allow(Move.REPLY)
            added = MessageAdded(at, actor, message, kind)
            return (added,) if move is None else (added, *asked.change(move))
        case Pend() | Hold() | Resume() | Solve() | Reopen() | Close():
            move = _MOVES[type(command)]
            asked.allow(move, command.state)
            return asked.change(move, command.state)
        case Place(placement=placement):
            if placement.agent is not None:
                asked.allow(Move.ASSIGN)
            return _place(asked, placement)
        case Assign():
            asked.allow(Move.ASSIGN)
            return _assign(asked, command)
        case Unassign():
            asked.allow(Move.ASSIGN)
            return asked.unassigned(Loss.ASKED)
        case Transfer(queue=queue):
            asked.allow(Move.ASSIGN)
            if asked.configuration.team_of(queue) is None:
                raise NotFound("queue", queue)
            if queue == ticket.queue:
                return ()
            routed = Routed(at, actor, queue, ticket.needs, None, asked.configuration.version)
            return (*asked.unassigned(Loss.TRANSFERRED), routed)
        case Release(reason=reason):
            return asked.unassigned(reason)
        case Route(routing=routing):
            return tuple(_routed(asked, routing))
        case SetTags(_, _, add, remove):
            added_tags = tuple(sorted({*add} - {*ticket.tags} - {*remove}))
            removed_tags = tuple(sorted({*remove} & {*ticket.tags}))
            return (TagsChanged(at, actor, added_tags, removed_tags),) if added_tags or removed_tags else ()
        case Focus() | Leave():
            return _focus(ticket, command, at)
        case SetPriority(priority=priority):
            asked.allow(Move.REPLY)
            if priority is None and asked.holds("priority_stays_set"):
                raise Refused(asked.name, (Reason("priority_stays_set", ticket.id),))
            return () if priority is ticket.priority else (PriorityChanged(at, actor, priority),)


def _routed(asked: _Asked, routing: Routing) -> Iterator[TicketEvent]:
    at, actor = asked.at, asked.actor
    yield Routed(at, actor, routing.queue, routing.needs, routing.rule, asked.configuration.version)
    if routing.tags:
        yield TagsChanged(at, actor, routing.tags)
    if routing.priority is not None:
        yield PriorityChanged(at, actor, Priority(routing.priority))


def _focus(ticket: Ticket, command: Focus | Leave, at: datetime) -> tuple[TicketEvent, ...]:
    """An agent opens the ticket, or leaves it; nothing when they have, or have not."""
    actor = command.actor
    if actor.kind is not ActorKind.AGENT:
        raise Refused(type(command).__name__, (Reason("only_agents_focus", actor.id),))
    if isinstance(command, Focus) is (actor.id in ticket.focused):
        return ()
    return (Focused(at, actor) if isinstance(command, Focus) else FocusLeft(at, actor),)


def _assign(asked: _Asked, command: Assign) -> tuple[TicketEvent, ...]:
    """Somebody names the agent: teams, skills and presence are theirs to judge, room is not unless they say so."""
    agent = asked.facts.agent(command.agent)
    if agent.id == asked.ticket.assignee:
        return ()
    if asked.ticket.is_active and agent.open >= agent.capacity and not command.over_capacity:
        raise Refused("Assign", (Reason("capacity", agent.id),))
    return asked.assigned(agent.id, None)


def _place(asked: _Asked, placement: Placement) -> tuple[TicketEvent, ...]:
    """The router chose: only while the ticket waits in a queue, and only an agent who may take it."""
    ticket = asked.ticket
    if ticket.queued_since is None:
        raise Refused("Place", (Reason("not_waiting", ticket.id),))
    if placement.agent is None:
        return (NoEligibleAgent(asked.at, asked.actor, placement),)
    agent = asked.facts.agent(placement.agent)
    assert ticket.queue is not None, "what waits is in a queue"
    if excluded := exclusion(agent, ticket, asked.configuration.team_of(ticket.queue)):
        raise Refused("Place", (Reason(excluded, agent.id),))
    return asked.assigned(agent.id, placement)


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
