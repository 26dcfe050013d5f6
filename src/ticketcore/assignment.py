"""Who may take a ticket, and who gets it.

``exclusion`` is the one predicate of eligibility: the arrival of a ticket and the return of an agent ask the same.
``place`` counts what each filter removes and lets a policy choose among the rest.

``FairShare`` is start-time fair queueing turned on people (Goyal, Vin and Cheng, "Start-time fair queueing", 1996):
each agent has a virtual time that grows with every assignment, by less for a heavier weight, and the smallest is
served.  Somebody who joins starts at the pool's mean, and somebody who returns is brought to within four assignments
of it, so that nobody is flooded to make up for being away.
"""

import heapq
from collections.abc import Iterable
from typing import Literal

from ticketcore.model import CREDIT, Agent, Excluded, Filter, Placement, Presence, Ticket
from ticketcore.ports import DistributionPolicy
from ticketcore.requirement import meets

_NOBODY = dict.fromkeys(Filter, 0)
_AVAILABLE = Presence.AVAILABLE

LAG = 4 * CREDIT
"""How far from the pool's mean a returning agent's virtual time may stand."""


class FairShare:
    """The agent with the least virtual time; of equals, whoever was given work longest ago.

    ``name`` is what decisions call it.
    """

    name = "fair_share"

    def rank(self, agent: Agent, ticket: Ticket) -> tuple[int, ...]:  # noqa: ARG002  (every policy is asked so)
        """See ``DistributionPolicy``."""
        return (agent.memory.virtual_time, agent.memory.last_assigned)

    def credit(self, agent: Agent) -> int:
        """See ``DistributionPolicy``."""
        return credit(agent)


def credit(agent: Agent) -> int:
    """What one assignment adds to the agent's virtual time: 1024, less for a weight above 100 percent."""
    return CREDIT * 100 // agent.weight


def exclusion(agent: Agent, ticket: Ticket, team: str | None) -> Filter | None:
    """The first filter that keeps the ticket, in a queue of ``team``, from the agent; None when nothing does."""
    if team not in agent.teams:
        return Filter.TEAM
    if not meets(agent.skills, ticket.needs):
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


def place(ticket: Ticket, team: str | None, agents: Iterable[Agent], policy: DistributionPolicy) -> Placement:
    """Who gets the ticket, with the counts that explain it.

    The agent who lost it while it slept comes first, and does not pay for it again.

    O(agents); the order in which they are given does not matter.
    """
    excluded = _NOBODY.copy()
    candidates = []
    pool = 0
    for agent in agents:
        pool += 1
        reason = exclusion(agent, ticket, team)
        if reason is None:
            candidates.append(agent)
        else:
            excluded[reason] += 1
    counts = tuple([Excluded(filter, number) for filter, number in excluded.items() if number])
    returning = next((agent for agent in candidates if agent.id == ticket.previous), None)
    if returning is not None:
        return Placement(returning.id, policy.name, pool, counts, returned=True)
    if not candidates:
        return Placement(None, policy.name, pool, counts)
    ranked = heapq.nsmallest(2, ((policy.rank(agent, ticket), agent.id, agent) for agent in candidates))
    rank, _, chosen = ranked[0]
    runner_up = ranked[1][1] if len(ranked) > 1 else None
    return Placement(chosen.id, policy.name, pool, counts, rank, runner_up, policy.credit(chosen))


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
