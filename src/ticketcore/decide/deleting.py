"""The rules for deleting a ticket.

What is deleted leaves a tombstone: its number, its state and its history, in which there are no words.  So a number is
never given twice, what was measured stays so, and whoever answers it later is understood and never finds its words.
"""

from collections.abc import Mapping
from datetime import datetime

from ticketcore.commands import Erase
from ticketcore.decide.slots import with_slots
from ticketcore.errors import Reason, Refused
from ticketcore.events import Event, StateChanged, TicketDeleted
from ticketcore.facts import Facts
from ticketcore.lifecycle import HouseRules, objections_to_ties
from ticketcore.model import DELETED, Category, Configuration, Kind, Move, Stream

DELETE = "delete"
"""The right that a deletion demands of the ticket and of each of its parts, if the host gives rights."""


def erase(
    configuration: Configuration, facts: Facts, command: Erase, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """The ticket is deleted with its parts, whatever its state.

    ``Refused`` for one that was deleted or merged, for one with parts of which whoever asks did not say that they go as
    well, and by the rules of the house, which are not native.
    """
    ticket, actor = facts.ticket(command.ticket), command.actor
    if ticket.is_deleted:
        raise Refused("Delete", (Reason("deleted", ticket.id),))
    if ticket.merged_into is not None:
        raise Refused("Delete", (Reason("merged", ticket.merged_into),))
    reasons = [] if command.with_parts else [Reason("has_parts", id) for id in command.parts]
    for one in (ticket, *(facts.ticket(id) for id in command.parts)):
        workflow = configuration.workflow_of(one.type)
        reasons.extend(objections_to_ties(workflow, one, Move.DELETE, DELETE, actor, at, house))
    if reasons:
        raise Refused("Delete", tuple(dict.fromkeys(reasons)))
    deleted = TicketDeleted(at, actor, ticket.id, command.parts, command.cause)
    over = StateChanged(at, actor, Move.DELETE, DELETED, Category.CLOSED)
    return {
        **with_slots(facts, ticket, command, at, (deleted, over)),
        **{Stream(Kind.TICKET, id): (deleted,) for id in (*command.parts, *command.kin)},
    }
