"""The rules for what the router chose: whose a ticket is, to whom it is offered, or why nobody gets it."""

from collections.abc import Mapping
from datetime import datetime

from ticketcore import clocks
from ticketcore.assignment import exclusion, shortfall
from ticketcore.calendar.days import microseconds
from ticketcore.commands import MakeOffer, Place
from ticketcore.decide.asked import Asked, check_whole
from ticketcore.decide.escalating import check_waiting
from ticketcore.errors import Reason
from ticketcore.escalation import demand_beyond
from ticketcore.events import Event, NoEligibleAgent, Offered, TicketEvent, WorkOffered
from ticketcore.facts import Facts
from ticketcore.lifecycle import HouseRules, Passage
from ticketcore.model import Agent, Configuration, Exhausted, Move, Placement, Shortfall, Stage, Stream
from ticketcore.model.identifiers import agent_ref, ticket_ref

_ASSIGN, _ASSIGNING = Stage.ASSIGN, Move.ASSIGN


def place(asked: Asked, command: Place) -> tuple[TicketEvent, ...]:
    """The router chose: only while the ticket waits in a queue, and only an agent who may take it."""
    placement = command.placement
    if placement.agent is None:
        return (_nobody(asked, placement),)
    agent, assigning = _chosen(asked, placement.agent)
    return asked.assigned(agent.id, placement, assigning)


def make_offer(
    configuration: Configuration, facts: Facts, command: MakeOffer, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """The same, but that the agent is asked first; a slot of theirs is filled meanwhile.

    ``Refused`` with every reason; ``NotFound`` for a ticket or agent that is not known.
    """
    ticket, placement, actor = facts.ticket(command.ticket), command.placement, command.actor
    assert placement.agent is not None, "an offer is to somebody"
    check_whole(ticket, command)
    asked = Asked(configuration, facts, ticket, command, actor, at, house)
    agent, _ = _chosen(asked, placement.agent)
    within = configuration.offerings[ticket.queue].within
    until = clocks.due(configuration, within.calendar, at, within.span)
    if until is None:
        raise asked.refused(Reason("never_over", ticket.queue or ""))
    return {
        ticket_ref(ticket.id): (Offered(at, actor, agent.id, until, placement),),
        agent_ref(agent.id): (
            WorkOffered(at, actor, ticket.id, until, placement.credit, ticket.channel, ticket.queue),
        ),
    }


def _chosen(asked: Asked, id: str) -> tuple[Agent, Passage]:
    """The agent, if they may take the ticket and its workflow lets anybody have it."""
    assigning = asked.allowed(_ASSIGNING, stage=_ASSIGN)
    queue = _waiting_in(asked)
    agent = asked.facts.agent(id)
    configuration, ticket = asked.configuration, asked.ticket
    demanded = demand_beyond(configuration, ticket)
    day, at = asked.facts.day, microseconds(asked.at)
    if excluded := exclusion(agent, ticket, configuration.team_of(queue), day, at, demanded):
        raise asked.refused(Reason(excluded, agent.id))
    return agent, assigning


def _nobody(asked: Asked, placement: Placement) -> NoEligibleAgent:
    """Why nobody gets it; where all have declined and the queue asks again, they may be offered it again."""
    queue = _waiting_in(asked)
    ticket, offering = asked.ticket, asked.configuration.offerings.get(queue)
    reason = shortfall(placement, ticket)
    forgiven: tuple[str, ...] = ()
    if reason is Shortfall.ALL_DECLINED and offering is not None and offering.exhausted is Exhausted.ASK_AGAIN:
        forgiven = tuple(one.agent for one in ticket.excluded if one.is_answer)
    return NoEligibleAgent(asked.at, asked.actor, placement, reason, forgiven)


def _waiting_in(asked: Asked) -> str:
    """The queue in which the ticket waits; refused when it does not, or is offered to somebody."""
    queue = check_waiting(asked)
    if asked.ticket.alarms and (offer := asked.ticket.offer) is not None:
        raise asked.refused(Reason("offered", offer.agent or ""))
    return queue
