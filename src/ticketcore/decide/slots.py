"""The slots of agents, which tickets fill and free; each change is an event of the agent in the same decision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from ticketcore.assignment import unavailable
from ticketcore.commands import Place
from ticketcore.decide.asked import unassigned
from ticketcore.events import Assigned, Event, StateChanged, TicketEvent, Unassigned, WorkReleased, WorkTaken
from ticketcore.facts import Facts
from ticketcore.model import ACTIVE, Actor, ActorKind, Kind, Loss, Stream, Ticket
from ticketcore.model.agent import credit
from ticketcore.model.identifiers import ref_to
from ticketcore.model.values import making

_TICKET, _AGENT = Kind.TICKET, Kind.AGENT
_released, _taken = making(WorkReleased), making(WorkTaken)


class ByActor(Protocol):
    """A command of somebody."""

    @property
    def actor(self) -> Actor:
        """Who asks."""
        ...


def with_slots(
    facts: Facts, before: Ticket, command: ByActor, at: datetime, events: tuple[TicketEvent, ...]
) -> Mapping[Stream, tuple[Event, ...]]:
    """The ticket's events, and those of the agents whose slots they fill or free.

    A ticket that becomes active again asks its agent for a slot anew; where there is none it goes back to its
    queue before it does, so that they have no more than they take at any event, and begins to wait there now.
    ``NotFound`` for an agent of the ticket who is not among the facts.
    """
    actor = command.actor
    was_active, had = before.category in ACTIVE, before.assignee
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
            events = (*others, *unassigned(assignee, obstacle, at, actor, at), waking)
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
        cost = _cost(facts, holds, command, resumed=had == holds)
        changes[ref_to((_AGENT, holds))] = (_taken(at, actor, before.id, cost, facts.day),)
    return changes


def _obstacle(facts: Facts, agent: str, actor: Actor) -> Loss | None:
    """Why the agent cannot have a ticket back, if they cannot.  Who takes one back themselves is not asked."""
    if actor.kind is ActorKind.AGENT and actor.id == agent:
        return None
    if not facts.knows(Kind.AGENT, agent):
        return Loss.CONTENDED
    reason = unavailable(facts.agent(agent))
    return None if reason is None else Loss(reason)


def _cost(facts: Facts, agent: str, command: ByActor, resumed: bool) -> int:
    """What the slot adds to the agent's share of work; what they had before was paid for."""
    if resumed:
        return 0
    if isinstance(command, Place):
        return command.placement.credit
    return credit(facts.agent(agent).weight)
