"""How events change what is: one fold per kind of stream.  No rule lives here and nothing can fail.

``evolve`` takes the state before an event (None before the first) and gives the state after it; ``replay`` folds a
history; ``rebuild`` folds a whole tenant's.  ``replay(history) == stored`` is a law that the tests hold; of a
contact only ids, links and the version are in the history (``without_words``).  Cost: O(1) an event.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

from ticketcore.events import (
    AgentAdded,
    AgentEvent,
    Assigned,
    CapacityChanged,
    ConfigurationChanged,
    ContactAdded,
    ContactEvent,
    ConversationEvent,
    ConversationStarted,
    Event,
    Focused,
    FocusLeft,
    MessageAdded,
    MessageKept,
    NoEligibleAgent,
    ParticipantJoined,
    PresenceChanged,
    PriorityChanged,
    Routed,
    SkillsChanged,
    StateChanged,
    TagsChanged,
    TeamsChanged,
    TicketEvent,
    TicketLinked,
    TicketOpened,
    Unassigned,
    WorkReleased,
    WorkTaken,
)
from ticketcore.model import (
    Agent,
    Alias,
    Category,
    Contact,
    Conversation,
    Kind,
    Loss,
    MessageKind,
    Origin,
    Participant,
    PolicyMemory,
    Stream,
    Ticket,
)
from ticketcore.model.values import replaced

Entity = Ticket | Agent | Contact | Conversation
"""What has a history of its own."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TAKEN_AWAY = (Loss.ASKED, Loss.TRANSFERRED, Loss.LEFT_TEAM)
_NOBODY_WAITS = (Category.PENDING, Category.SOLVED, Category.CLOSED)


def evolve_ticket(ticket: Ticket | None, event: TicketEvent) -> Ticket:
    """The ticket after the event."""
    if isinstance(event, TicketOpened):
        return _opened(event)
    assert ticket is not None, "a history begins with its opening"
    match event:
        case StateChanged():
            return _moved(ticket, event)
        case MessageAdded(kind=MessageKind.NOTE) | NoEligibleAgent():
            return _after(ticket, event)
        case MessageAdded():
            waiting = (ticket.waiting_since or event.at) if event.kind is MessageKind.CUSTOMER else None
            return _after(ticket, event, waiting_since=waiting, last_message_at=event.at)
        case Assigned():
            return _after(ticket, event, assignee=event.agent, previous=None)
        case Unassigned():
            return _after(
                ticket,
                event,
                assignee=None,
                previous=None if event.reason in _TAKEN_AWAY else event.agent,
                excluded=(*ticket.excluded, event.agent) if event.reason is Loss.ASKED else ticket.excluded,
                routing_origin=event.routing_origin,
            )
        case Routed():
            return _after(ticket, event, queue=event.queue, needs=event.needs, excluded=())
        case TagsChanged():
            return _after(ticket, event, tags=tuple(sorted({*ticket.tags, *event.added} - {*event.removed})))
        case PriorityChanged():
            return _after(ticket, event, priority=event.priority)
        case Focused():
            return _after(ticket, event, focused=(*ticket.focused, event.actor.id))
        case FocusLeft():
            return _after(ticket, event, focused=tuple(id for id in ticket.focused if id != event.actor.id))


def _after(ticket: Ticket, event: Event, **changes: Any) -> Ticket:
    """The next version of the ticket."""
    return replaced(ticket, version=ticket.version + 1, updated_at=event.at, **changes)


def _moved(ticket: Ticket, event: StateChanged) -> Ticket:
    """The ticket in its next state.

    Written out, since it is the fold that runs most and a good part of a save in memory.
    """
    return Ticket(
        ticket.id,
        ticket.version + 1,
        ticket.number,
        event.state,
        event.category,
        ticket.origin,
        ticket.priority,
        ticket.tags,
        ticket.queue,
        ticket.needs,
        ticket.assignee,
        ticket.previous,
        () if event.category is Category.SOLVED else ticket.excluded,
        ticket.routing_origin,
        None if event.category in _NOBODY_WAITS else ticket.waiting_since,
        ticket.last_message_at,
        event.at,
        event.at,
        ticket.focused,
    )


def _opened(event: TicketOpened) -> Ticket:
    return Ticket(
        id=event.ticket,
        version=1,
        number=event.number,
        state=event.state,
        category=event.category,
        origin=Origin(
            event.type,
            event.contact,
            event.conversation,
            event.channel,
            event.subject,
            event.attributes,
            event.at,
            event.follow_up_of,
        ),
        priority=None,
        tags=(),
        queue=None,
        needs=(),
        assignee=None,
        previous=None,
        excluded=(),
        routing_origin=event.at,
        waiting_since=None,
        last_message_at=event.at,
        state_since=event.at,
        updated_at=event.at,
    )


def evolve_agent(agent: Agent | None, event: AgentEvent) -> Agent:
    """The agent after the event."""
    if isinstance(event, AgentAdded):
        memory = PolicyMemory(event.virtual_time)
        return Agent(event.agent, 1, event.teams, event.skills, event.capacity, event.weight, event.presence, 0, memory)
    assert agent is not None, "a history begins with its opening"
    version = agent.version + 1
    match event:
        case WorkTaken():
            return replaced(agent, version=version, open=agent.open + 1, memory=_credited(agent.memory, event))
        case WorkReleased():
            return replaced(agent, version=version, open=agent.open - 1)
        case PresenceChanged():
            memory = replaced(agent.memory, virtual_time=event.virtual_time)
            return replaced(agent, version=version, presence=event.presence, memory=memory)
        case SkillsChanged():
            return replaced(agent, version=version, skills=event.skills)
        case TeamsChanged():
            return replaced(agent, version=version, teams=event.teams)
        case CapacityChanged():
            return replaced(agent, version=version, capacity=event.capacity)


def _credited(memory: PolicyMemory, event: WorkTaken) -> PolicyMemory:
    if event.credit == 0:
        return memory
    last_assigned = (event.at - _EPOCH) // _MICROSECOND
    return PolicyMemory(memory.virtual_time + event.credit, memory.assigned + 1, last_assigned)


def evolve_contact(contact: Contact | None, event: ContactEvent) -> Contact:
    """The contact after the event; what is not in the history keeps what it was, or is empty."""
    if isinstance(event, ContactAdded):
        return Contact(event.contact, 1, "", ())
    assert contact is not None, "a history begins with its opening"
    aliases = (*contact.aliases, Alias(event.alias, event.channel, "", ""))
    return replaced(contact, version=contact.version + 1, aliases=aliases)


def evolve_conversation(conversation: Conversation | None, event: ConversationEvent) -> Conversation:
    """The conversation after the event."""
    if isinstance(event, ConversationStarted):
        return Conversation(event.conversation, 1, event.channel, event.account, event.contact, (), None)
    assert conversation is not None, "a history begins with its opening"
    version = conversation.version + 1
    match event:
        case TicketLinked():
            return replaced(conversation, version=version, ticket=event.ticket)
        case ParticipantJoined():
            participants = (*conversation.participants, Participant(event.role, event.id))
            return replaced(conversation, version=version, participants=participants)
        case MessageKept():
            return replaced(conversation, version=version)


def evolve(state: Entity | None, event: Event) -> Entity:
    """The state after the event, whatever kind of stream it belongs to."""
    return _FOLDS[event.STREAM](state, event)


_FOLDS: Mapping[Kind, Callable[[Any, Any], Entity]] = {
    Kind.TICKET: evolve_ticket,
    Kind.AGENT: evolve_agent,
    Kind.CONTACT: evolve_contact,
    Kind.CONVERSATION: evolve_conversation,
}


def replay(history: Iterable[Event]) -> Entity | None:
    """What a whole history of one stream adds up to; None for an empty one.

    >>> replay([]) is None
    True
    """
    return reduce(evolve, history, None)


def rebuild(history: Iterable[tuple[Stream, Event]]) -> dict[Stream, Entity]:
    """The state of a tenant from its history, in the order of its events: every stream's entity by its name.

    A configuration has no fold: its events name versions that are stored whole, so they are passed over.
    """
    state: dict[Stream, Entity] = {}
    for stream, event in history:
        if not isinstance(event, ConfigurationChanged):
            state[stream] = evolve(state.get(stream), event)
    return state


def without_words(contact: Contact) -> Contact:
    """The contact as its history alone would have it: ids, links and version, without names and addresses.

    >>> without_words(Contact("c", 2, "Ada", (Alias("a", "email", "", "ada@example.org"),)))
    Contact(id='c', version=2, name='', aliases=(Alias(id='a', channel='email', account='', address=''),))
    """
    return replaced(
        contact, name="", aliases=tuple(Alias(alias.id, alias.channel, "", "") for alias in contact.aliases)
    )
