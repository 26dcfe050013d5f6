"""The slots of agents, which tickets fill and free; each change is an event of the agent in the same decision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from ticketcore.assignment import apart_from, bound, unavailable
from ticketcore.calendar.days import microseconds
from ticketcore.commands import Place
from ticketcore.decide.asked import unassigned
from ticketcore.decide.offers import with_offer
from ticketcore.errors import NotFound
from ticketcore.events import (
    Assigned,
    Counted,
    Event,
    StateChanged,
    TicketEvent,
    Unassigned,
    WorkReleased,
    WorkTaken,
    WrapUpBegan,
    WrapUpEnded,
)
from ticketcore.facts import Facts
from ticketcore.model import ACTIVE, Actor, ActorKind, Agent, Category, Filter, Loss, Move, Presence, Stream, Ticket
from ticketcore.model.agent import credit
from ticketcore.model.identifiers import agent_ref, ticket_ref
from ticketcore.model.values import making, replaced

_AVAILABLE = Presence.AVAILABLE
_ACTIVE, _AGENT = frozenset(ACTIVE), ActorKind.AGENT
_DONE = frozenset((Category.SOLVED, Category.CLOSED))
_NO_WORK = frozenset((None, Move.MERGE, Move.UNMERGE, Move.DELETE))
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
    """The ticket's events, and those of the agents whose slots they fill or free; an offer of it may end with them.

    A ticket that becomes active again asks its agent for a slot anew; where there is none it goes back to its
    queue before it does, so that they have no more than they take at any event, and begins to wait there now.
    ``NotFound`` for an agent of the ticket who is not among the facts.
    """
    if before.alarms and (offer := before.offer) is not None:
        changes = with_slots(facts, replaced(before, alarms=()), command, at, events)
        return with_offer(facts, before, offer, command.actor, at, changes)
    active = was_active = before.category in _ACTIVE
    assignee = had = before.assignee
    for event in events:
        if isinstance(event, StateChanged):
            active = event.category in _ACTIVE
        elif isinstance(event, Assigned):
            assignee = event.agent
        elif isinstance(event, Unassigned):
            assignee = None
    held = had if was_active else None
    holds = assignee if active else None
    if held == holds:
        return {ticket_ref(before.id): events}
    if holds is None:
        assert held is not None, "they differ"
        return freeing(facts, before, command, at, events, held)
    filled = filling(facts, before, command, at, events, holds)
    return filled if held is None else {**freeing(facts, before, command, at, events, held), **filled}


def freeing(
    facts: Facts, before: Ticket, command: ByActor, at: datetime, events: tuple[TicketEvent, ...], agent: str
) -> Mapping[Stream, tuple[Event, ...]]:
    """The same for a ticket that is known to leave its slot of the ``agent``; ``NotFound`` for an unknown one.

    Who is done with it may have to wrap it up.  What they have wrapped up by now ends with that, so that they never
    have more of it than there is time for, whether anybody ticks or not.
    """
    freed = agent_ref(agent)
    if freed not in facts.entities:
        raise NotFound(*freed)
    released = _released(at, command.actor, before.id)
    if facts.wrap_ups is None or not _is_done(events):
        return {ticket_ref(before.id): events, freed: (released,)}
    until = facts.wrap_ups.until(before.channel, before.queue, at)
    if until is None:
        return {ticket_ref(before.id): events, freed: (released,)}
    over = wrapped_up(facts.agent(agent), command.actor, at)
    began = WrapUpBegan(at, command.actor, before.id, until, before.channel, before.queue)
    return {ticket_ref(before.id): events, freed: (released, *over, began)}


def wrapped_up(agent: Agent, actor: Actor, at: datetime) -> tuple[WrapUpEnded, ...]:
    """That the agent has wrapped up what they had time for until now."""
    return tuple([WrapUpEnded(at, actor, one.ticket) for one in agent.wrapping if one.until <= at])


def _is_done(events: tuple[TicketEvent, ...]) -> bool:
    """Whether the work on a ticket comes to its end by these events: to merge or to delete it is none."""
    return any(
        isinstance(event, StateChanged) and event.category in _DONE and event.move not in _NO_WORK for event in events
    )


def filling(
    facts: Facts, before: Ticket, command: ByActor, at: datetime, events: tuple[TicketEvent, ...], agent: str
) -> Mapping[Stream, tuple[Event, ...]]:
    """The same for a ticket that is known to ask for a slot of the ``agent``."""
    actor, ticket = command.actor, before.id
    if before.category not in _ACTIVE and (obstacle := _obstacle(facts, agent, actor, before, at)) is not None:
        *others, waking = events
        return {ticket_ref(ticket): (*others, *unassigned(agent, obstacle, at, actor, at), waking)}
    cost = 0 if before.assignee == agent else _cost(facts, agent, command, before)
    has_it = facts.agent(agent)
    counted = None if has_it.terms is None else _counted(has_it, before, at)
    return {ticket_ref(ticket): events, agent_ref(agent): (_taken(at, actor, ticket, cost, facts.day, counted),)}


def _counted(agent: Agent, ticket: Ticket, at: datetime) -> Counted | None:
    """As what the ticket counts, for an agent who has a profile."""
    profile = agent.arranged.profile
    if profile is None:
        return None
    rate = profile.rate
    return Counted(ticket.channel, ticket.queue, None if rate is None else microseconds(at - rate.period))


def _obstacle(facts: Facts, agent: str, actor: Actor, ticket: Ticket, at: datetime) -> Loss | None:
    """Why the agent cannot have a ticket back, if they cannot.  Who takes one back themselves is not asked."""
    if actor.kind is _AGENT and actor.id == agent:
        return None
    if agent_ref(agent) not in facts.entities:
        return Loss.CONTENDED
    has_it, now = apart_from(facts.agent(agent), ticket.id), microseconds(at)
    if has_it.presence is not _AVAILABLE and facts.absence.keeps(has_it, now):
        reason = bound(has_it, ticket, facts.day, now, fresh=False)
    else:
        reason = unavailable(has_it, ticket, facts.day, now, fresh=False)
    if reason is None:
        return None
    return Loss.PRESENCE if reason is Filter.PRESENCE else Loss.CAPACITY


def _cost(facts: Facts, agent: str, command: ByActor, ticket: Ticket) -> int:
    """What the slot adds to the agent's share of work; what they were offered costs what the offer said."""
    if isinstance(command, Place):
        return command.placement.credit
    gets = facts.agent(agent)
    if gets.offers:
        return next((offer.credit for offer in gets.offers if offer.ticket == ticket.id), credit(gets.weight))
    return credit(gets.weight)
