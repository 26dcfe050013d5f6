"""Who may take a ticket, and where an agent's share of work begins.

``exclusion`` says of one agent and one ticket what ``ticketcore.engine`` says of all of them.  Somebody who joins
starts at the mean of the pool's virtual time, and somebody who returns is brought to within four assignments of it, so
that nobody is flooded to make up for being away.
"""

from collections.abc import Iterable

from ticketcore.escalation import Demand
from ticketcore.model import BOUNDS, CREDIT, Agent, Filter, Placement, Presence, Shortfall, Ticket
from ticketcore.model.values import replaced
from ticketcore.requirement import holds, meets, satisfies

_AVAILABLE = Presence.AVAILABLE

LAG = 4 * CREDIT
"""How far from the pool's mean a returning agent's virtual time may stand."""


def exclusion(
    agent: Agent, ticket: Ticket, team: str | None, day: int = 0, at: int = 0, asked: Demand | None = None
) -> Filter | None:
    """The first filter that keeps the ticket, in a queue of ``team``, from the agent; None when nothing does.

    ``at`` and the beginning of its ``day`` are in microseconds since 1970 UTC; they count for agents with a profile.
    ``asked`` is what it asks now, where that has given way since.
    """
    if asked is not None:
        if not any(team in agent.teams for team in asked.teams):
            return Filter.TEAM
        if not holds(asked.requirement.must, agent):
            return Filter.SKILLS
        return Filter.EXCLUDED if agent.id in ticket.kept_from else unavailable(agent, ticket, day, at)
    if team not in agent.teams:
        return Filter.TEAM
    if not (meets(agent.skills, ticket.needs) and satisfies(agent, ticket.requirement)):
        return Filter.SKILLS
    if ticket.excluded and agent.id in ticket.kept_from:
        return Filter.EXCLUDED
    return unavailable(agent, ticket, day, at)


def unavailable(agent: Agent, ticket: Ticket, day: int, at: int, fresh: bool = True) -> Filter | None:
    """What keeps the ticket from the agent, whoever they are; None when they are there and have room.

    One that is not ``fresh`` was given to them before.
    """
    if agent.presence is not _AVAILABLE:
        return Filter.PRESENCE
    return bound(agent, ticket, day, at, fresh)


def bound(agent: Agent, ticket: Ticket, day: int, at: int, fresh: bool = True) -> Filter | None:
    """What of how much they take keeps the ticket from the agent, there or not; None when they have room."""
    load = None if agent.hands is None else agent.workload(day, at)
    if load is not None:
        return load.bound(ticket.channel, ticket.queue, fresh)
    return None if agent.held < agent.capacity else Filter.CAPACITY


def apart_from(agent: Agent, ticket: str) -> Agent:
    """The agent as if they had not been offered the ticket, nor were wrapping it up: it takes no room beside itself."""
    if not (agent.offers or agent.wrapping):
        return agent
    offers = tuple([one for one in agent.offers if one.ticket != ticket])
    return replaced(agent, offers=offers, wrapping=tuple([one for one in agent.wrapping if one.ticket != ticket]))


def offer_fits(agent: Agent, ticket: Ticket, team: str | None, asked: Demand | None = None) -> bool:
    """Whether the agent may still accept a ticket in a queue of ``team`` that they were offered: room is kept for it.

    Who drains has not gone, and may.  ``asked`` is as for ``exclusion``.
    """
    is_there = agent.presence in (Presence.AVAILABLE, Presence.DRAINING)
    return is_there and exclusion(agent, ticket, team, asked=asked) not in (Filter.TEAM, Filter.SKILLS)


def shortfall(placement: Placement, ticket: Ticket) -> Shortfall:
    """What it comes to that a placement found nobody for the ticket.

    Whoever is there and could still be asked keeps it from being declined by all.
    """
    left_out = {item.filter for item in placement.excluded}
    declined = any(one.is_answer for one in ticket.excluded)
    if declined and left_out.isdisjoint((*BOUNDS, Filter.AFFINITY, Filter.GUARD)):
        return Shortfall.ALL_DECLINED
    return Shortfall.NO_ELIGIBLE_AGENT


def virtual_time_on_arrival(agent: Agent, pool: Iterable[Agent]) -> int:
    """Where the virtual time of an agent who comes on shall stand: as it was, but within ``LAG`` of the pool's mean.

    The pool is everybody else who is available; with nobody there it stays as it was.
    """
    mean = mean_virtual_time(other for other in pool if other.id != agent.id)
    if mean is None:
        return agent.memory.virtual_time
    return min(max(agent.memory.virtual_time, mean - LAG), mean + LAG)


def mean_virtual_time(pool: Iterable[Agent]) -> int | None:
    """The mean virtual time of the available agents, rounded down; None when there are none."""
    times = [agent.memory.virtual_time for agent in pool if agent.presence is Presence.AVAILABLE]
    return sum(times) // len(times) if times else None
