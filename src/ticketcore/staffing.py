"""How events change an agent.  No rule lives here and nothing can fail."""

from ticketcore.calendar.days import microseconds
from ticketcore.events import (
    AgentAdded,
    AgentAttributesChanged,
    AgentEvent,
    CapacityChanged,
    Counted,
    PresenceChanged,
    RosterChanged,
    SkillsChanged,
    TeamsChanged,
    WorkOffered,
    WorkOfferEnded,
    WorkReleased,
    WorkTaken,
    WrapUpBegan,
    WrapUpEnded,
)
from ticketcore.model import NO_TERMS, Agent, Hands, Held, PolicyMemory, Presence, Terms, WrapUp
from ticketcore.model.absence import ABSENT
from ticketcore.model.capacity import without
from ticketcore.model.values import replaced, replacing
from ticketcore.offers import offered_agent

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
            taken = _worked(agent, version, agent.open + 1, _credited(agent.memory, event))
            if agent.wrapping:
                taken = replaced(taken, wrapping=_wrapping(agent, event.ticket))
            return taken if event.counted is None else replaced(taken, hands=_filled(agent.hands, event, event.counted))
        case WorkReleased():
            freed = _worked(agent, version, agent.open - 1, _since_release(agent.memory, microseconds(event.at)))
            return freed if agent.hands is None else replaced(freed, hands=_emptied(agent.hands, event))
        case PresenceChanged():
            missed = 0 if event.presence is Presence.AVAILABLE else agent.missed
            memory = _present(agent, event)
            return replaced(agent, version=version, presence=event.presence, memory=memory, missed=missed)
        case SkillsChanged():
            return replaced(agent, version=version, skills=event.skills)
        case TeamsChanged():
            return replaced(agent, version=version, teams=event.teams)
        case CapacityChanged():
            terms = _terms(replaced(agent.arranged, profile=event.profile))
            given = () if agent.hands is None else agent.hands.given
            hands = None if event.profile is None else Hands(event.held, given)
            return replaced(agent, version=version, capacity=event.capacity, terms=terms, hands=hands)
        case RosterChanged(_, _, shifts, leave):
            terms = _terms(replaced(agent.arranged, shifts=shifts, leave=leave))
            return replaced(agent, version=version, terms=terms)
        case AgentAttributesChanged():
            return replaced(agent, version=version, terms=_terms(replaced(agent.arranged, attributes=event.attributes)))
        case WrapUpBegan(_, _, ticket, until, channel, queue):
            wrapping = (*_wrapping(agent, ticket), WrapUp(ticket, until, channel, queue))
            return replaced(agent, version=version, wrapping=wrapping)
        case WrapUpEnded():
            memory = _since_release(agent.memory, microseconds(event.at))
            return replaced(agent, version=version, memory=memory, wrapping=_wrapping(agent, event.ticket))
        case WorkOffered() | WorkOfferEnded():
            return offered_agent(agent, event)
        case AgentAdded():
            return _added(event)


def _added(event: AgentAdded) -> Agent:
    since = microseconds(event.at) if event.presence is Presence.AVAILABLE else 0
    absent = microseconds(event.at) if event.presence in ABSENT else 0
    said = microseconds(event.at)
    memory = PolicyMemory(event.virtual_time, available_since=since, absent_since=absent, said=said)
    terms = _terms(Terms(event.attributes, event.profile, event.shifts))
    hands = None if event.profile is None else Hands()
    told = (event.teams, event.skills, event.capacity, event.weight, event.presence)
    return Agent(event.agent, 1, *told, 0, memory, terms, hands)


def _wrapping(agent: Agent, but: str) -> tuple[WrapUp, ...]:
    """What the agent wraps up, but for a ticket."""
    return tuple([one for one in agent.wrapping if one.ticket != but])


def _terms(terms: Terms) -> Terms | None:
    return None if terms == NO_TERMS else terms


def _present(agent: Agent, event: PresenceChanged) -> PolicyMemory:
    """What is remembered once the agent came on or went off."""
    at, memory = microseconds(event.at), agent.memory.of_day(event.day)
    if agent.presence is Presence.AVAILABLE:
        memory = replaced(memory, duty=memory.duty + max(0, at - max(memory.available_since, event.day)))
    if event.presence is Presence.AVAILABLE:
        memory = replaced(memory, available_since=at)
    absent = (memory.absent_since or at) if event.presence in ABSENT else 0
    return replaced(memory, virtual_time=event.virtual_time, absent_since=absent, said=at)


def _credited(memory: PolicyMemory, event: WorkTaken) -> PolicyMemory:
    if event.credit == 0:
        return memory
    share, today = memory.virtual_time + event.credit, memory.of_day(event.day)
    return _since_assignment(today, share, memory.assigned + 1, microseconds(event.at), today.handled + 1)


def _filled(hands: Hands | None, event: WorkTaken, counted: Counted) -> Hands:
    held, given = (hands.held, hands.given) if hands is not None else ((), ())
    if counted.since is not None:
        given = tuple([one for one in given if one > counted.since])
        given = (*given, microseconds(event.at)) if event.credit else given
    return Hands((*without(held, event.ticket), Held(event.ticket, counted.channel, counted.queue)), given)


def _emptied(hands: Hands, event: WorkReleased) -> Hands:
    return Hands(without(hands.held, event.ticket), hands.given)
