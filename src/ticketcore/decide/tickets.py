"""The rules for tickets.

One rule holds for every command here (``_with_slots``): a slot of an agent is filled from when a ticket of theirs
becomes new or open until it no longer is, and each change of that is an event of the agent in the same decision.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import attrs

from ticketcore import lifecycle
from ticketcore.assignment import credit, exclusion, unavailable
from ticketcore.commands import (
    AddMessage,
    Assign,
    Close,
    Focus,
    Hold,
    JoinAgain,
    Leave,
    Merge,
    OpenTicket,
    Pend,
    Place,
    Release,
    Reopen,
    Resume,
    Rise,
    Route,
    SetPriority,
    SetTags,
    Solve,
    StateCommand,
    Transfer,
    Unassign,
    Unmerge,
    Wake,
)
from ticketcore.errors import InvalidInput, NotFound, Reason, Refused
from ticketcore.events import (
    Assigned,
    Event,
    Focused,
    FocusLeft,
    MessageAdded,
    NoEligibleAgent,
    PriorityChanged,
    Routed,
    StateChanged,
    TagsChanged,
    TicketEvent,
    TicketLinked,
    TicketOpened,
    Unassigned,
    WorkReleased,
    WorkTaken,
)
from ticketcore.facts import Facts
from ticketcore.lifecycle import HouseRules, Passage, passage
from ticketcore.model import (
    ACTIVE,
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
    Stream,
    Ticket,
)
from ticketcore.model.identifiers import ref_to
from ticketcore.model.values import making

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

TieDecidable = Merge | Wake | Unmerge | Rise | JoinAgain
"""Those that change the state of one ticket for the sake of another."""

_TICKET, _AGENT = Kind.TICKET, Kind.AGENT
_released, _taken = making(WorkReleased), making(WorkTaken)
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


@attrs.define(eq=False)
class _Asked:
    """What is asked of a ``ticket``, and all that the answer may look at.  Made for each command, so not frozen."""

    configuration: Configuration
    facts: Facts
    ticket: Ticket
    command: TicketDecidable | TieDecidable
    actor: Actor
    at: datetime
    house: HouseRules

    def passage(self, move: Move, state: str | None = None) -> Passage:
        """What the lifecycle says about the move, or about the one to the ``state``."""
        ticket = self.ticket
        workflow = self.configuration.workflow_of(ticket.origin.type)
        return passage(workflow, ticket, move, self.actor, self.house, state)

    def allowed(self, move: Move, state: str | None = None) -> Passage:
        """The move, if nothing forbids it; ``Refused`` with every reason."""
        asked = self.passage(move, state)
        if not asked.clear and (reasons := asked.objections(self.ticket, self.actor, self.at, self.house, state)):
            raise self.refused(*reasons)
        return asked

    def refused(self, *reasons: Reason) -> Refused:
        """The answer no."""
        return Refused(type(self.command).__name__, reasons)

    def assigned(self, agent: str, placement: Placement | None, assigning: Passage) -> tuple[TicketEvent, ...]:
        """The ticket is the agent's."""
        return (
            Assigned(self.at, self.actor, agent, placement),
            *assigning.change(self.ticket, self.actor, self.at),
        )

    def unassigned(self, reason: Loss) -> tuple[TicketEvent, ...]:
        """The ticket is nobody's, if it was somebody's; it is as old as before."""
        return _unassigned(self.ticket.assignee, reason, self.ticket.routing_origin, self.actor, self.at)


def change_ticket(
    configuration: Configuration, facts: Facts, command: TicketDecidable, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """What the command does to the ticket, and to the slots of the agents whom that concerns.

    ``Refused`` with every reason; ``NotFound`` for a ticket, agent or queue that is not known, ``InvalidInput`` for
    a command that is not.
    """
    asked = _Asked(configuration, facts, facts.ticket(command.ticket), command, command.actor, at, house)
    if asked.ticket.ties is not None and (into := asked.ticket.merged_into) is not None and type(command) is not Leave:
        raise asked.refused(Reason("merged", into))
    rule = _RULES.get(type(command))
    if rule is None:
        raise InvalidInput("command", f"must be one of those that are known, not {type(command).__name__}")
    events = rule(asked, command)
    return _with_slots(asked, events) if events else {}


def _move(asked: _Asked, command: StateCommand) -> tuple[TicketEvent, ...]:
    passage = asked.allowed(_MOVES[type(command)], command.state)
    return passage.change(asked.ticket, asked.actor, asked.at)


def _add_message(asked: _Asked, command: AddMessage) -> tuple[TicketEvent, ...]:
    """What a customer writes is never refused, but it may be that it does not move the ticket."""
    ticket, actor, at = asked.ticket, asked.actor, asked.at
    added = MessageAdded(at, actor, command.message, command.kind, command.sent_to)
    if command.kind is MessageKind.NOTE:
        return (added,)
    move = lifecycle.move_of_message(command.kind, command.reopens)
    if command.kind is not MessageKind.CUSTOMER or ticket.category is Category.CLOSED:
        replying = asked.allowed(Move.REPLY)
    else:
        replying = asked.passage(Move.REPLY)
        if move is not None and replying.objections(ticket, actor, at, asked.house):
            move = None
    return (added,) if move is None else (added, *replying.change(ticket, actor, at))


def _assign(asked: _Asked, command: Assign) -> tuple[TicketEvent, ...]:
    """Somebody names the agent: teams, skills and presence are theirs to judge, room is not unless they say so."""
    assigning = asked.allowed(Move.ASSIGN)
    agent = asked.facts.agent(command.agent)
    if agent.id == asked.ticket.assignee:
        return ()
    if asked.ticket.is_active and agent.open >= agent.capacity and not command.over_capacity:
        raise asked.refused(Reason("capacity", agent.id))
    return asked.assigned(agent.id, None, assigning)


def _place(asked: _Asked, command: Place) -> tuple[TicketEvent, ...]:
    """The router chose: only while the ticket waits in a queue, and only an agent who may take it."""
    ticket, placement = asked.ticket, command.placement
    if placement.agent is None:
        _check_waiting(asked)
        return (NoEligibleAgent(asked.at, asked.actor, placement),)
    assigning = asked.allowed(Move.ASSIGN)
    queue = _check_waiting(asked)
    agent = asked.facts.agent(placement.agent)
    if excluded := exclusion(agent, ticket, asked.configuration.team_of(queue)):
        raise asked.refused(Reason(excluded, agent.id))
    return asked.assigned(agent.id, placement, assigning)


def _check_waiting(asked: _Asked) -> str:
    """The queue in which the ticket waits; refused when it does not."""
    if asked.ticket.queued_since is None:
        raise asked.refused(Reason("not_waiting", asked.ticket.id))
    assert asked.ticket.queue is not None, "what waits is in a queue"
    return asked.ticket.queue


def _unassign(asked: _Asked, _: Unassign) -> tuple[TicketEvent, ...]:
    asked.allowed(Move.ASSIGN)
    return asked.unassigned(Loss.ASKED)


def _transfer(asked: _Asked, command: Transfer) -> tuple[TicketEvent, ...]:
    asked.allowed(Move.ASSIGN)
    if asked.configuration.team_of(command.queue) is None:
        raise NotFound("queue", command.queue)
    if command.queue == asked.ticket.queue:
        return ()
    routed = Routed(asked.at, asked.actor, command.queue, asked.ticket.needs, None, asked.configuration.version)
    return (*asked.unassigned(Loss.TRANSFERRED), routed)


def _release(asked: _Asked, command: Release) -> tuple[TicketEvent, ...]:
    return asked.unassigned(command.reason)


def _route(asked: _Asked, command: Route) -> tuple[TicketEvent, ...]:
    at, actor, routing = asked.at, asked.actor, command.routing
    routed = Routed(at, actor, routing.queue, routing.needs, routing.rule, asked.configuration.version)
    tagged = (TagsChanged(at, actor, routing.tags),) if routing.tags else ()
    rated = () if routing.priority is None else (PriorityChanged(at, actor, Priority(routing.priority)),)
    return (routed, *tagged, *rated)


def _set_tags(asked: _Asked, command: SetTags) -> tuple[TicketEvent, ...]:
    added = tuple(sorted({*command.add} - {*asked.ticket.tags} - {*command.remove}))
    removed = tuple(sorted({*command.remove} & {*asked.ticket.tags}))
    return (TagsChanged(asked.at, asked.actor, added, removed),) if added or removed else ()


def _set_priority(asked: _Asked, command: SetPriority) -> tuple[TicketEvent, ...]:
    workflow = asked.allowed(Move.REPLY).workflow
    if command.priority is None and "priority_stays_set" in workflow.rules:
        raise asked.refused(Reason("priority_stays_set", asked.ticket.id))
    if command.priority is asked.ticket.priority:
        return ()
    return (PriorityChanged(asked.at, asked.actor, command.priority),)


def _focus(asked: _Asked, command: Focus | Leave) -> tuple[TicketEvent, ...]:
    """An agent opens the ticket, or leaves it; nothing when they have, or have not."""
    actor = asked.actor
    if actor.kind is not ActorKind.AGENT:
        raise asked.refused(Reason("only_agents_focus", actor.id))
    if isinstance(command, Focus) is (actor.id in asked.ticket.focused):
        return ()
    return (Focused(asked.at, actor) if isinstance(command, Focus) else FocusLeft(asked.at, actor),)


_RULES: Mapping[type, Callable[[_Asked, Any], tuple[TicketEvent, ...]]] = {
    **dict.fromkeys(_MOVES, _move),
    AddMessage: _add_message,
    Assign: _assign,
    Place: _place,
    Unassign: _unassign,
    Transfer: _transfer,
    Release: _release,
    Route: _route,
    SetTags: _set_tags,
    SetPriority: _set_priority,
    Focus: _focus,
    Leave: _focus,
}
"""What each command does, before it comes to slots."""


def _unassigned(
    agent: str | None, reason: Loss, routing_origin: datetime, actor: Actor, at: datetime
) -> tuple[TicketEvent, ...]:
    return () if agent is None else (Unassigned(at, actor, agent, reason, routing_origin),)


def with_slots(
    configuration: Configuration,
    facts: Facts,
    ticket: Ticket,
    command: TicketDecidable | TieDecidable,
    at: datetime,
    house: HouseRules,
    events: tuple[TicketEvent, ...],
) -> Mapping[Stream, tuple[Event, ...]]:
    """The events of a ticket that another rule decided, with those of the agents whose slots they fill or free."""
    return _with_slots(_Asked(configuration, facts, ticket, command, command.actor, at, house), events)


def _with_slots(asked: _Asked, events: tuple[TicketEvent, ...]) -> Mapping[Stream, tuple[Event, ...]]:
    """The ticket's events, and those of the agents whose slots they fill or free.

    A ticket that becomes active again asks its agent for a slot anew; where there is none it goes back to its
    queue before it does, so that they have no more than they take at any event, and begins to wait there now.
    """
    facts, before, actor, at = asked.facts, asked.ticket, asked.actor, asked.at
    was_active, had = before.is_active, before.assignee
    active, assignee = was_active, had
    for event in events:
        match event:
            case StateChanged():
                active = event.category in ACTIVE
            case Assigned():
                assignee = event.agent
            case Unassigned():
                assignee = None
    if active and not was_active and assignee is not None:
        obstacle = _obstacle(facts, assignee, actor)
        if obstacle is not None:
            *others, waking = events
            events = (*others, *_unassigned(assignee, obstacle, at, actor, at), waking)
            assignee = None
    changes: dict[Stream, tuple[Event, ...]] = {ref_to((_TICKET, before.id)): events}
    held = had if was_active else None
    holds = assignee if active else None
    if held == holds:
        return changes
    if held is not None:
        facts.agent(held)
        changes[ref_to((_AGENT, held))] = (_released(at, actor, before.id),)
    if holds is not None:
        cost = _cost(facts, holds, asked.command, resumed=had == holds)
        changes[ref_to((_AGENT, holds))] = (_taken(at, actor, before.id, cost),)
    return changes


def _obstacle(facts: Facts, agent: str, actor: Actor) -> Loss | None:
    """Why the agent cannot have a ticket back, if they cannot.  Who takes one back themselves is not asked."""
    if actor.kind is ActorKind.AGENT and actor.id == agent:
        return None
    if not facts.knows(Kind.AGENT, agent):
        return Loss.CONTENDED
    reason = unavailable(facts.agent(agent))
    return None if reason is None else Loss(reason)


def _cost(facts: Facts, agent: str, command: TicketDecidable | TieDecidable, resumed: bool) -> int:
    """What the slot adds to the agent's share of work; what they had before was paid for."""
    if resumed:
        return 0
    if isinstance(command, Place):
        return command.placement.credit
    return credit(facts.agent(agent))
