"""What is loaded for a link, and for the rules that look along one."""

from ticketcore.commands import Link, Unlink
from ticketcore.decide.linking import ends, leads_to
from ticketcore.model import Kind, Ref, Relation, Ticket
from ticketcore.turns.knowing import know
from ticketcore.turns.requests import Turn
from ticketcore.turns.work import Work


def know_children(work: Work, ticket: Ticket) -> Turn[None]:
    """Load the children of a ticket, whose states a rule looks at before it is solved.  O(children)."""
    if ticket.ties is not None:
        yield from know(work, *(Ref(Kind.TICKET, id) for id in ticket.linked(Relation.PARENT_OF)))


def link(work: Work, command: Link | Unlink) -> Turn[None]:
    """Make a link, or take it away.  Of a chain, all that stands above is looked at: O(its length)."""
    yield from know(work, Ref(Kind.TICKET, command.other))
    relation, _, upper = ends(work.facts, command)
    above = leads_to(relation, upper)
    while above is not None:
        yield from know(work, Ref(Kind.TICKET, above))
        above = leads_to(relation, work.facts.ticket(above))
    work.do(command)
