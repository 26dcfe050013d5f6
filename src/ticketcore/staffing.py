"""How events change an agent.  No rule lives here and nothing can fail."""

from datetime import UTC, datetime, timedelta

from ticketcore.events import (
    AgentAdded,
    AgentAttributesChanged,
    AgentEvent,
    CapacityChanged,
    PresenceChanged,
    SkillsChanged,
    TeamsChanged,
    WorkReleased,
    WorkTaken,
)
from ticketcore.model import NO_TERMS, Agent, PolicyMemory, Presence, Terms
from ticketcore.model.values import replaced, replacing

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_worked = replacing(Agent, "version", "open", "memory")
_since_release = replacing(PolicyMemory, "last_released")
_since_assignment = replacing(PolicyMemory, "virtual_time", "assigned", "last_assigned", "handled")


def evolve_agent(agent: Agent | None, event: AgentEvent) -> Agent:
    """The agent after the event."""
    if agent is None:
        assert isinstance(event, AgentAdded), "a history begins with its opening"
        return _added(event)
    version = agent.version + 1
    match event:
        case WorkTaken():
            return _worked(agent, version, agent.open + 1, _credited(agent.memory, event))
        case WorkReleased():
            return _worked(agent, version, agent.open - 1, _since_release(agent.memory, _microseconds(event.at)))
        case PresenceChanged():
            return replaced(agent, version=version, presence=event.presence, memory=_present(agent, event))
        case SkillsChanged():
            return replaced(agent, version=version, skills=event.skills)
        case TeamsChanged():
            return replaced(agent, version=version, teams=event.teams)
        case CapacityChanged():
            return replaced(agent, version=version, capacity=event.capacity)
        case AgentAttributesChanged():
            return replaced(agent, version=version, terms=_terms(replaced(agent.arranged, attributes=event.attributes)))
        case AgentAdded():
            return _added(event)


def _added(event: AgentAdded) -> Agent:
    since = _microseconds(event.at) if event.presence is Presence.AVAILABLE else 0
    memory = PolicyMemory(event.virtual_time, available_since=since)
    terms = _terms(Terms(event.attributes))
    return Agent(
        event.agent, 1, event.teams, event.skills, event.capacity, event.weight, event.presence, 0, memory, terms
    )


def _terms(terms: Terms) -> Terms | None:
    return None if terms == NO_TERMS else terms


def _present(agent: Agent, event: PresenceChanged) -> PolicyMemory:
    """What is remembered once the agent came on or went off."""
    at, memory = _microseconds(event.at), agent.memory.of_day(event.day)
    if agent.presence is Presence.AVAILABLE:
        memory = replaced(memory, duty=memory.duty + max(0, at - max(memory.available_since, event.day)))
    if event.presence is Presence.AVAILABLE:
        memory = replaced(memory, available_since=at)
    return replaced(memory, virtual_time=event.virtual_time)


def _credited(memory: PolicyMemory, event: WorkTaken) -> PolicyMemory:
    if event.credit == 0:
        return memory
    share, today = memory.virtual_time + event.credit, memory.of_day(event.day)
    return _since_assignment(today, share, memory.assigned + 1, _microseconds(event.at), today.handled + 1)


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
