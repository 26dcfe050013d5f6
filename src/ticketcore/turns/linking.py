"""What is loaded for a link."""

from ticketcore.commands import Link, Unlink
from ticketcore.decide.linking import ends, leads_to
from ticketcore.model import Kind, Ref
from ticketcore.turns.knowing import know
from ticketcore.turns.requests import Turn
from ticketcore.turns.work import Work


def link(work: Work, command: Link | Unlink) -> Turn[None]:
    """Make a link, or take it away.  Of a chain, all that stands above is looked at: O(its length)."""
    yield from know(work, Ref(Kind.TICKET, command.other))
    relation, _, upper = ends(work.facts, command)
    above = leads_to(relation, upper)
    while above is not None:
        yield from know(work, Ref(Kind.TICKET, above))
        above = leads_to(relation, work.facts.ticket(above))
    work.do(command)
