"""How offers change tickets and agents: what ``evolve`` does for the events of ``ticketcore.events.offers``.

No rule lives here and nothing can fail.  An open offer stands on both sides: with the ticket as the alarm that ends it,
and with the agent as an ``Offer`` that fills a slot.
"""

from ticketcore.events import ExclusionEnded, NoEligibleAgent, Offered, OfferEnded, WorkOffered, WorkOfferEnded
from ticketcore.model import Agent, Alarm, AlarmKind, CancelOn, Exclusion, ExclusionCause, Offer, OfferEnd, Ticket
from ticketcore.model.alarms import in_order
from ticketcore.model.values import replaced

_ANSWERS = (OfferEnd.ACCEPTED, OfferEnd.DECLINED)
_EXCLUDES = {OfferEnd.DECLINED: ExclusionCause.DECLINED, OfferEnd.EXPIRED: ExclusionCause.EXPIRED}


def offered_ticket(ticket: Ticket, event: Offered | OfferEnded | ExclusionEnded | NoEligibleAgent) -> Ticket:
    """The ticket after the event: who does not take an offer is excluded from then on, until they are forgiven."""
    alarms, excluded = ticket.alarms, ticket.excluded
    if isinstance(event, Offered):
        alarms = in_order((*alarms, Alarm(AlarmKind.OFFER, event.at, event.until, (), event.agent)))
    elif isinstance(event, OfferEnded):
        alarms = tuple([alarm for alarm in alarms if alarm.kind is not AlarmKind.OFFER])
        if (cause := _EXCLUDES.get(event.end)) is not None:
            excluded = (*excluded, Exclusion(event.agent, cause))
            if event.until is not None:
                ending = Alarm(AlarmKind.FORGIVE, event.at, event.until, (CancelOn.SOLVED,), event.agent)
                alarms = in_order((*alarms, ending))
    elif forgiven := event.agents if isinstance(event, ExclusionEnded) else event.forgiven:
        excluded = tuple([one for one in excluded if not (one.is_answer and one.agent in forgiven)])
        alarms = tuple([one for one in alarms if one.kind is not AlarmKind.FORGIVE or one.agent not in forgiven])
    return replaced(ticket, version=ticket.version + 1, updated_at=event.at, alarms=alarms, excluded=excluded)


def offered_agent(agent: Agent, event: WorkOffered | WorkOfferEnded) -> Agent:
    """The agent after the event."""
    if isinstance(event, WorkOffered):
        offers = (*agent.offers, Offer(event.ticket, event.at, event.until, event.credit, event.channel, event.queue))
    else:
        offers = tuple([offer for offer in agent.offers if offer.ticket != event.ticket])
        missed = 0 if event.end in _ANSWERS else agent.missed + (event.end is OfferEnd.EXPIRED)
        return replaced(agent, version=agent.version + 1, offers=offers, missed=missed)
    return replaced(agent, version=agent.version + 1, offers=offers)
