"""What changes about the people at a desk, where a turn has to load more than the agent."""

from ticketcore.commands import SetCapacityProfile
from ticketcore.model import ACTIVE, Kind, Ticket
from ticketcore.ports import Query
from ticketcore.turns.knowing import bring_along
from ticketcore.turns.requests import Turn, all_of
from ticketcore.turns.work import Work


def set_profile(work: Work, command: SetCapacityProfile) -> Turn[None]:
    """An agent has a capacity profile; if they had none, by what they have in hand.  O(tickets of theirs)."""
    if work.facts.agent(command.agent).hands is None:
        states = tuple(state for state, category in work.configuration.states.items() if category in ACTIVE)
        for ticket in (yield from all_of(Query(Kind.TICKET, {"assignee": command.agent, "state": states}), Ticket)):
            work.know(ticket)
            yield from bring_along(work, ticket)
    work.do(command)
