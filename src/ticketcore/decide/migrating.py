"""The rules for tickets whose state is none of their workflow's any more, since the configuration is another."""

from ticketcore.commands import Migrate
from ticketcore.decide.asked import Asked
from ticketcore.events import StateChanged, TicketEvent
from ticketcore.model import Category, Configuration, Ticket
from ticketcore.model.values import replaced


def is_astray(configuration: Configuration, ticket: Ticket) -> bool:
    """Whether its workflow has no such state, or means something else by it.

    What was merged into another ticket is in none of its workflow's, until it is a ticket of its own again; what was
    deleted stays so.
    """
    if ticket.merged_into is not None or ticket.is_deleted:
        return False
    state = configuration.workflow_of(ticket.type).state(ticket.state)
    return state is None or state.category is not ticket.category


def brought_along(configuration: Configuration, ticket: Ticket) -> Ticket:
    """The ticket as the configuration sees it, which is what migrating it comes to for its state."""
    state = configuration.workflow_of(ticket.type).successor(ticket.state, ticket.category)
    return replaced(ticket, state=state.id, category=state.category)


def migrate(asked: Asked, _: Migrate) -> tuple[TicketEvent, ...]:
    """Put the ticket into the state that its workflow has for it; no rule is asked, since it cannot stay."""
    ticket = asked.ticket
    after = brought_along(asked.configuration, ticket)
    if (after.state, after.category) == (ticket.state, ticket.category):
        return ()
    solves = after.category is Category.SOLVED is not ticket.category
    resolver = ticket.assignee if solves else None
    return (StateChanged(asked.at, asked.actor, None, after.state, after.category, resolver),)
