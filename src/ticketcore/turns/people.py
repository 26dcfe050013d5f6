"""What changes about the people at a desk, where a turn has to load more than the agent."""

from ticketcore.commands import FinishWrapUps, SetCapacityProfile
from ticketcore.model import ACTIVE, Actor, Agent, Kind, Ticket
from ticketcore.ports import Claim, Query
from ticketcore.turns.agent_timers import WRAP_UP
from ticketcore.turns.knowing import bring_along
from ticketcore.turns.requests import Turn, all_of, load
from ticketcore.turns.work import Work


def set_profile(work: Work, command: SetCapacityProfile) -> Turn[None]:
    """An agent has a capacity profile; if they had none, by what they have in hand.  O(tickets of theirs)."""
    if work.facts.agent(command.agent).hands is None:
        states = tuple(state for state, category in work.configuration.states.items() if category in ACTIVE)
        for ticket in (yield from all_of(Query(Kind.TICKET, {"assignee": command.agent, "state": states}), Ticket)):
            work.know(ticket)
            yield from bring_along(work, ticket)
    work.do(command)


def finish_wrap_ups(work: Work, claim: Claim) -> Turn[None]:
    """An agent has wrapped up what they had time for until now."""
    (agent,) = yield from load((claim.subject,))
    if isinstance(agent, Agent):
        work.know(agent)
        work.do(FinishWrapUps(agent.id, Actor.timer(WRAP_UP)))
