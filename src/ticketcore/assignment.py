"""Who may take a ticket, and where an agent's share of work begins.

``exclusion`` says of one agent and one ticket what ``ticketcore.engine`` says of all of them.  Somebody who joins
starts at the mean of the pool's virtual time, and somebody who returns is brought to within four assignments of it, so
that nobody is flooded to make up for being away.
"""

from collections.abc import Iterable
from typing import Literal

from ticketcore.model import CREDIT, Agent, Filter, Presence, Ticket
from ticketcore.requirement import meets, satisfies

_AVAILABLE = Presence.AVAILABLE

LAG = 4 * CREDIT
"""How far from the pool's mean a returning agent's virtual time may stand."""


def exclusion(agent: Agent, ticket: Ticket, team: str | None) -> Filter | None:
    """The first filter that keeps the ticket, in a queue of ``team``, from the agent; None when nothing does."""
    if team not in agent.teams:
        return Filter.TEAM
    if not (meets(agent.skills, ticket.needs) and satisfies(agent, ticket.requirement)):
        return Filter.SKILLS
    if agent.id in ticket.excluded:
        return Filter.EXCLUDED
    return unavailable(agent)


def unavailable(agent: Agent) -> Literal[Filter.PRESENCE, Filter.CAPACITY] | None:
    """What keeps any further ticket from the agent; None when there is room."""
    if agent.presence is not _AVAILABLE:
        return Filter.PRESENCE
    if agent.open >= agent.capacity:
        return Filter.CAPACITY
    return None


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
