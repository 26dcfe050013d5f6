"""The turn in which the tickets that are linked to one hear of its new state.

It is one commit, and each ticket remembers which state it was told last: so a change reaches each once, however often
the turn is made again, and a ticket that several of them were merged into hears of it once, too.  Nothing runs away: a
ticket is told when another changes its state, and being told changes a state only by solving what was not solved.
"""

from ticketcore.commands import TellLinked
from ticketcore.decide.linking import reached
from ticketcore.decide.merging import chain_of
from ticketcore.model import Actor, Kind, Ref, Ticket
from ticketcore.turns.knowing import know, know_chain, know_children
from ticketcore.turns.placing import place_all
from ticketcore.turns.requests import Turn
from ticketcore.turns.work import Context, Work

LINKS = Actor.rule("links")
"""Who tells linked tickets of each other."""


def tell(context: Context, work: Work, ticket: Ticket | None) -> Turn[None]:
    """Tell all that are linked to the ticket, and place what agents have room for since.  O(links)."""
    if ticket is None:
        return
    told = reached(ticket)
    yield from know(work, *(Ref(Kind.TICKET, id) for _, id in told))
    for _, id in told:
        yield from know_chain(work, id)
    survivors = [chain_of(work.facts, id)[-1] for _, id in told]
    yield from know(work, *(Ref(Kind.AGENT, id) for one in survivors for id in one.holders))
    for one in survivors:
        yield from know_children(work, one)
    heard = {id for _, id in told}
    for (relation, id), survivor in zip(told, survivors, strict=True):
        before = work.facts.ticket(id)
        work.do(TellLinked(id, relation, ticket.id, LINKS))
        if work.facts.ticket(id) is not before and survivor.id not in heard:
            heard.add(survivor.id)
            work.do(TellLinked(survivor.id, relation, ticket.id, LINKS, only_tell=True))
    yield from place_all(context, work)
