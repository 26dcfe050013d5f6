"""The turn of a shift: agents come on and go off as their shifts and leave begin and end."""

from ticketcore.commands import FollowShift
from ticketcore.model import Actor, Kind
from ticketcore.ports import Claim
from ticketcore.turns.agent_timers import SHIFT, shift_timer
from ticketcore.turns.requests import Turn
from ticketcore.turns.router import all_agents
from ticketcore.turns.work import Work


def follow_shift(work: Work, claim: Claim) -> Turn[None]:
    """Have the agent come on or go off, and wait for the next change.  O(agents)."""
    work.know(*(yield from all_agents()))
    if work.facts.knows(Kind.AGENT, claim.subject.id):
        work.do(FollowShift(claim.subject.id, Actor.timer(SHIFT)))
        work.timers.append(shift_timer(work.facts.agent(claim.subject.id), work.at))
