"""Offers that people's comings and goings end: found in the turn that changes the people."""

from collections.abc import Iterable

from ticketcore.calendar.days import microseconds
from ticketcore.commands import EndOffer
from ticketcore.decide.offers import misfits
from ticketcore.events import AgentAttributesChanged, CapacityChanged, PresenceChanged, SkillsChanged, TeamsChanged
from ticketcore.model import AlarmKind, Kind, OfferEnd, Ref
from ticketcore.turns.knowing import know
from ticketcore.turns.requests import Turn
from ticketcore.turns.router import ROUTER
from ticketcore.turns.work import Work

OFFER = AlarmKind.OFFER.value
"""The kind of the timer that ends an offer that nobody answered."""

FORGIVE = AlarmKind.FORGIVE.value
"""The kind of the timer that ends that a ticket is kept from somebody who did not take it."""

_CHANGES_FIT = (AgentAttributesChanged, PresenceChanged, SkillsChanged, TeamsChanged, CapacityChanged)


def rescind_misfits(work: Work, agents: Iterable[str]) -> Turn[bool]:
    """Take back what these agents were offered and this work makes unfit for them; whether there was any.

    O(open offers) of those agents whom the work changes, or of all of them under another configuration.
    """
    any_rescinded = False
    for id in agents:
        if work.facts.agent(id).offers and _may_change_fit(work, id):
            any_rescinded |= yield from rescind_from(work, id)
    return any_rescinded


def rescind_from(work: Work, id: str) -> Turn[bool]:
    """Take back what an agent was offered and is unfit for them; whether there was any.  O(open offers of theirs)."""
    agent, any_rescinded = work.facts.agent(id), False
    yield from know(work, *(Ref(Kind.TICKET, offer.ticket) for offer in agent.offers))
    tickets = {offer.ticket: work.facts.ticket(offer.ticket) for offer in agent.offers}
    for offer in misfits(work.configuration, agent, tickets, work.facts.day, microseconds(work.at)):
        work.do(EndOffer(offer.ticket, OfferEnd.RESCINDED, ROUTER))
        any_rescinded = True
    return any_rescinded


def _may_change_fit(work: Work, agent: str) -> bool:
    reconfigured = any(stream.kind is Kind.CONFIGURATION for stream in work.events)
    return reconfigured or any(isinstance(event, _CHANGES_FIT) for event in work.events[Ref(Kind.AGENT, agent)])
