"""What a turn gets to know later than what it began with, each ticket in the state that the configuration has."""

from ticketcore.commands import Migrate
from ticketcore.decide.migrating import is_astray
from ticketcore.errors import NotFound
from ticketcore.evolve import Entity
from ticketcore.model import Agent, Kind, Ref, Relation, Ticket
from ticketcore.turns.migrating import MIGRATION
from ticketcore.turns.requests import Turn, load
from ticketcore.turns.work import Work


def know_chain(work: Work, id: str) -> Turn[None]:
    """Load the ticket, what it was merged into, and so on.  ``NotFound`` when there is no such ticket."""
    into: str | None = id
    while into is not None:
        yield from know(work, Ref(Kind.TICKET, into))
        into = work.facts.ticket(into).merged_into


def know(work: Work, *refs: Ref) -> Turn[None]:
    """Load what is not known yet, each ticket in the state that the configuration has for it.

    ``NotFound`` for what is not there.
    """
    unknown = tuple(ref for ref in dict.fromkeys(refs) if not work.facts.knows(*ref))
    values = yield from load(unknown)
    for ref, value in zip(unknown, values, strict=True):
        if not isinstance(value, Entity):
            raise NotFound(*ref)
        work.know(value)
        if isinstance(value, Ticket):
            yield from bring_along(work, value)


def know_children(work: Work, ticket: Ticket) -> Turn[None]:
    """Load the children of a ticket, whose states a rule looks at before it is solved.  O(children)."""
    if ticket.ties is not None:
        yield from know(work, *(Ref(Kind.TICKET, id) for id in ticket.linked(Relation.PARENT_OF)))


def know_agent(work: Work, ticket: Ticket) -> Turn[None]:
    """Load the agent of the ticket, or the one whom it is offered to, if there is one."""
    for agent in (yield from load(tuple(Ref(Kind.AGENT, id) for id in ticket.holders))):
        if isinstance(agent, Agent):
            work.know(agent)


def bring_along(work: Work, ticket: Ticket) -> Turn[None]:
    """Move the ticket, if it is astray, before anything else is done to it."""
    if not is_astray(work.configuration, ticket):
        return
    work.know(ticket)
    yield from know_agent(work, ticket)
    work.do(Migrate(ticket.id, MIGRATION))
