"""The commands that only move a ticket from one state to another.

They are most of what happens to tickets, and all that the lifecycle says about one is remembered (a ``Passage``), so
nothing else is looked at.
"""

from collections.abc import Mapping
from datetime import datetime

from ticketcore.commands import Close, Hold, Pend, Reopen, Resume, Solve, StateCommand
from ticketcore.decide.asked import Asked, check_whole
from ticketcore.decide.slots import filling, freeing, with_slots
from ticketcore.events import Event
from ticketcore.facts import Facts
from ticketcore.lifecycle import HouseRules, passage
from ticketcore.model import Configuration, Move, Stage, Stream
from ticketcore.model.identifiers import ticket_ref

MOVES: Mapping[type, Move] = {
    Pend: Move.PEND,
    Hold: Move.HOLD,
    Resume: Move.RESUME,
    Solve: Move.SOLVE,
    Reopen: Move.REOPEN,
    Close: Move.CLOSE,
}
"""The move that each of these commands asks for."""

_SOLVE = Stage.SOLVE


def move_ticket(
    configuration: Configuration, facts: Facts, command: StateCommand, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """The ticket goes where its workflow says, and its agent's slot is filled or freed by it.

    ``Refused`` with every reason; ``NotFound`` for a ticket or agent that is not known.
    """
    ticket, actor, state = facts.ticket(command.ticket), command.actor, command.state
    moving = passage(configuration, ticket, MOVES[type(command)], actor, house, state)
    if not moving.clear:
        check_whole(ticket, command)
        Asked(configuration, facts, ticket, command, actor, at, house).check(moving, state, _SOLVE)
    if not moving.moves:
        return {}
    events, agent = moving.change(ticket, actor, at), ticket.assignee
    if ticket.alarms:
        return with_slots(facts, ticket, command, at, events)
    if agent is None or not (moving.rests or moving.wakes):
        return {ticket_ref(ticket.id): events}
    if moving.rests:
        return freeing(facts, ticket, command, at, events, agent)
    return filling(facts, ticket, command, at, events, agent)
