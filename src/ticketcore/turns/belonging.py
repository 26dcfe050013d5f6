"""For which agent a new ticket is first, and until when it waits for them."""

from datetime import datetime

from ticketcore.commands import Part
from ticketcore.escalation import wanted_by, with_affinity
from ticketcore.model import Actor, Affinity, Configuration, Contact, Familiar, Kind, Parting, Routing, Ticket
from ticketcore.model.values import replaced
from ticketcore.ports import Query
from ticketcore.turns.persons import person
from ticketcore.turns.requests import Turn, page_of
from ticketcore.turns.router import Router
from ticketcore.turns.work import Work

LOOKED_AT = 10
"""How many of a customer's tickets are looked at for whoever had one last."""

PARTING = Actor.rule("affinity")
"""Who lets a ticket go the normal way."""


def with_familiar(configuration: Configuration, routing: Routing, contact: Contact | None) -> Turn[Routing]:
    """The routing of a ticket that is opened, for one agent first by the first affinity that finds somebody."""
    for affinity in configuration.affinities:
        if affinity.covers(routing.queue, None if contact is None else contact.tier):
            agent = yield from _familiar(affinity, contact)
            if agent is not None:
                return replaced(routing, requirement=with_affinity(routing.requirement, affinity.id, agent))
    return routing


def _familiar(affinity: Affinity, contact: Contact | None) -> Turn[str | None]:
    match affinity.to:
        case Familiar.NAMED:
            return affinity.agent
        case Familiar.OWNER:
            return None if contact is None else contact.owner
        case Familiar.LAST_AGENT:
            return None if contact is None else (yield from _last_agent(contact))


def _last_agent(contact: Contact) -> Turn[str | None]:
    """Who has the customer's tickets, or solved them: the one that changed last counts, by whatever name they wrote."""
    names = (contact,) if contact.merged_into is None and not contact.parts else (yield from person(contact))
    who = tuple([one.id for one in names])
    query = Query(Kind.TICKET, {"contact": who}, sort="updated_at", descending=True, limit=LOOKED_AT)
    page = yield from page_of(query)
    for ticket in page.values:
        assert isinstance(ticket, Ticket)
        agent = ticket.assignee or (None if ticket.solution is None else ticket.solution.resolver)
        if agent is not None:
            return agent
    return None


def affinity_of(configuration: Configuration, ticket: Ticket) -> Affinity | None:
    """By which affinity the ticket is for one agent first; None if it is not, or if that is declared no longer."""
    wanted = wanted_by(ticket.requirement)
    return None if wanted is None else next((one for one in configuration.affinities if one.id == wanted[0]), None)


def patience_ends(configuration: Configuration, ticket: Ticket) -> datetime | None:
    """Until when the ticket waits for an agent of its own; None if it does not."""
    affinity = affinity_of(configuration, ticket)
    return None if affinity is None else ticket.routing_origin + affinity.patience


def parting(work: Work, router: Router, ticket: Ticket) -> Parting | None:
    """Why the ticket waits no longer for an agent of its own; None if it does, or has none."""
    wanted = wanted_by(ticket.requirement)
    if wanted is None:
        return None
    affinity, (_, agent) = affinity_of(work.configuration, ticket), wanted
    if affinity is None or not router.suits(agent, ticket):
        return Parting.UNABLE
    if router.agent(agent).presence not in affinity.presences:
        return Parting.PRESENCE
    is_over = ticket.routing_origin + affinity.patience <= work.at
    return Parting.PATIENCE if is_over and not router.has_room(agent, ticket) else None


def part(work: Work, router: Router, ticket: Ticket) -> Ticket:
    """The ticket, on the normal way if it waits no longer for an agent of its own."""
    reason = parting(work, router, ticket)
    if reason is None:
        return ticket
    work.know(ticket)
    work.do(Part(ticket.id, reason, PARTING))
    parted = work.facts.ticket(ticket.id)
    router.suppose(parted)
    return parted
