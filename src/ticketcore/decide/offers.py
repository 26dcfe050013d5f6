"""The rules for open offers: who answers them, and what ends them unanswered.

An offer is of a ticket that waits.  Whatever else is done to the ticket, the offer ends with the waiting
(``with_offer``, which ``with_slots`` asks), so that none is open of what is somebody's, rests, or is elsewhere.
"""

from collections.abc import Mapping
from datetime import datetime

from ticketcore import clocks
from ticketcore.assignment import apart_from, bound, offer_fits
from ticketcore.commands import AcceptOffer, DeclineOffer, EndOffer, Forgive
from ticketcore.decide.asked import Asked
from ticketcore.errors import InvalidInput, Reason
from ticketcore.escalation import demand_beyond
from ticketcore.events import (
    Assigned,
    Event,
    ExclusionEnded,
    OfferEnded,
    PresenceChanged,
    Routed,
    StateChanged,
    TicketEvent,
    WorkOfferEnded,
)
from ticketcore.facts import Facts
from ticketcore.model import (
    ACTIVE,
    Actor,
    Agent,
    Alarm,
    AlarmKind,
    Configuration,
    Misfit,
    Move,
    Offer,
    OfferEnd,
    Presence,
    Stage,
    Stream,
    Ticket,
)
from ticketcore.model.identifiers import agent_ref, ticket_ref

MISSED = Actor.rule("missed_offers")
"""Who has agents be away who do not answer."""


def accept(asked: Asked, _: AcceptOffer) -> tuple[TicketEvent, ...]:
    """The ticket is the agent's, who was offered it."""
    return asked.assigned(_theirs(asked), None, asked.allowed(Move.ASSIGN, stage=Stage.ASSIGN))


def decline(asked: Asked, command: DeclineOffer) -> tuple[TicketEvent, ...]:
    """It is kept from the agent.  ``InvalidInput`` for a reason that the queue does not know."""
    agent, queue = _theirs(asked), asked.ticket.queue
    offering = asked.configuration.offerings.get(queue)
    known = () if offering is None else offering.reasons
    if command.reason is not None and command.reason not in known:
        raise InvalidInput("DeclineOffer.reason", f"the queue {queue!r} knows no {command.reason!r}")
    return (OfferEnded(asked.at, asked.actor, agent, OfferEnd.DECLINED, command.reason, _kept_until(asked)),)


def end_offer(asked: Asked, command: EndOffer) -> tuple[TicketEvent, ...]:
    """The offer is over, if one is open."""
    offer = asked.ticket.offer
    if offer is None:
        return ()
    agent, until, missed = offered_to(offer), None, 0
    if command.end is OfferEnd.EXPIRED:
        until, missed = _kept_until(asked), _too_many(asked, agent)
    return (OfferEnded(asked.at, asked.actor, agent, command.end, None, until, missed),)


def _too_many(asked: Asked, agent: str) -> int:
    """How many offers in a row the agent has not answered, with this one, if that is too many; else 0.

    Only who is available is made away: whoever drains still works on what they have.
    """
    offering, one = asked.configuration.offerings.get(asked.ticket.queue), asked.facts.agent(agent)
    if offering is None or offering.away_after == 0 or one.presence is not Presence.AVAILABLE:
        return 0
    return one.missed + 1 if one.missed + 1 >= offering.away_after else 0


def forgive(asked: Asked, _: Forgive) -> tuple[TicketEvent, ...]:
    """Whoever the ticket was kept from for long enough may be offered it again."""
    over = [one.agent for one in asked.ticket.alarms if one.kind is AlarmKind.FORGIVE and one.due <= asked.at]
    agents = tuple([agent for agent in over if agent is not None])
    return (ExclusionEnded(asked.at, asked.actor, agents),) if agents else ()


def _kept_until(asked: Asked) -> datetime | None:
    """When the ticket is no longer kept from who does not take it, if that ever ends of itself."""
    offering = asked.configuration.offerings.get(asked.ticket.queue)
    if offering is None or offering.excluded_for is None:
        return None
    return clocks.due(asked.configuration, None, asked.at, offering.excluded_for)


def with_offer(
    facts: Facts, ticket: Ticket, offer: Alarm, actor: Actor, at: datetime, changes: Mapping[Stream, tuple[Event, ...]]
) -> Mapping[Stream, tuple[Event, ...]]:
    """The changes with what the agent's side of the offer says to its end, if they end it.

    It ends first where the ticket waits no more, or waits elsewhere.  Who takes a ticket that they were offered has
    accepted it.  ``NotFound`` for an agent who is not among the facts.
    """
    stream, asked = ticket_ref(ticket.id), facts.agent(offered_to(offer))
    agent, events = asked.id, changes.get(stream, ())
    ended = next((event for event in events if isinstance(event, OfferEnded)), None)
    if ended is None:
        if not any(map(_ends_waiting, events)):
            return changes
        takes = any(isinstance(event, Assigned) and event.agent == agent == actor.id for event in events)
        ended = OfferEnded(at, actor, agent, OfferEnd.ACCEPTED if takes else OfferEnd.RESCINDED)
        events = (ended, *events)
    over: list[Event] = [WorkOfferEnded(at, actor, ticket.id, ended.end)]
    if ended.missed:
        over.append(PresenceChanged(at, MISSED, Presence.AWAY, asked.memory.virtual_time, facts.day, ended.missed))
    return {**changes, stream: events, agent_ref(agent): (*over, *changes.get(agent_ref(agent), ()))}


def misfits(
    configuration: Configuration, agent: Agent, tickets: Mapping[str, Ticket], day: int, at: int
) -> tuple[Offer, ...]:
    """The open offers of the agent that no longer fit them, but for those of queues that keep such.

    Where there is no room for all, the newest are too many.  ``at`` and the beginning of its ``day`` are in
    microseconds since 1970 UTC.
    """
    unfit: list[Offer] = []
    agent = configuration.absence.as_settled(agent, at)
    for offer in reversed(agent.offers):
        ticket = tickets[offer.ticket]
        if not _rescinds(configuration, agent, ticket):
            continue
        others = apart_from(agent, ticket.id)
        asked = demand_beyond(configuration, ticket)
        fits = offer_fits(agent, ticket, configuration.team_of(ticket.queue or ""), asked)
        if not fits or bound(others, ticket, day, at, fresh=False) is not None:
            unfit.append(offer)
            agent = others
    return tuple(unfit)


def offered_to(offer: Alarm) -> str:
    """The agent whom the offer is open to."""
    assert offer.agent is not None, "an offer is to somebody"
    return offer.agent


def _rescinds(configuration: Configuration, agent: Agent, ticket: Ticket) -> bool:
    """Whether an offer is taken back; not one that is another's by now, read after the commit that made it so."""
    if ticket.offer is None or ticket.offer.agent != agent.id:
        return False
    offering = configuration.offerings.get(ticket.queue)
    return offering is None or offering.misfit is Misfit.RESCIND


def _ends_waiting(event: Event) -> bool:
    if isinstance(event, StateChanged):
        return event.category not in ACTIVE
    return isinstance(event, Assigned | Routed)


def _theirs(asked: Asked) -> str:
    """Who asks, if the offer is open to them; ``Refused`` where there is none, or its time is over."""
    actor, offer = asked.actor, asked.ticket.offer
    if offer is None or actor != Actor.agent(offered_to(offer)):
        raise asked.refused(Reason("not_offered", actor.id))
    if asked.at >= offer.due:
        raise asked.refused(Reason("offer_over", offer.due.isoformat()))
    return actor.id
