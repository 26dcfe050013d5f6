"""How events change what is: one fold per kind of stream.  No rule lives here and nothing can fail.

``evolve`` takes the state before an event (None before the first) and gives the state after it; ``replay`` folds a
history; ``rebuild`` folds a whole tenant's.  ``replay(history) == stored`` is a law that the tests hold; of a
contact or organisation only ids, links and the version are in the history (``without_words``).  Cost: O(1) an event.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import attrgetter
from typing import Any, TypeVar

from ticketcore.conversing import evolve_conversation, evolve_quarantine, evolve_tally
from ticketcore.escalation import unescalated, with_step, without_affinity
from ticketcore.events import (
    AffinityEnded,
    AlarmDropped,
    AlarmSet,
    Assigned,
    AttributesChanged,
    ConfigurationChanged,
    ContactAdded,
    ContactAffiliated,
    ContactDescribed,
    ContactEvent,
    ContactMerged,
    ContactUnmerged,
    Escalated,
    Event,
    ExclusionEnded,
    Focused,
    FocusLeft,
    HandedOver,
    MatchDisputed,
    MessageAcknowledged,
    MessageAdded,
    MessageBounced,
    MessageWeighed,
    NoEligibleAgent,
    Offered,
    OfferEnded,
    OrganisationNamed,
    PriorityChanged,
    Reminded,
    Routed,
    RoutingFailed,
    StateChanged,
    TagsChanged,
    TicketEvent,
    TicketOpened,
    Unassigned,
)
from ticketcore.model import (
    MAX_REOPENS,
    Agent,
    Alarm,
    AlarmKind,
    Alias,
    AttributeKind,
    AttributeValue,
    CancelOn,
    Category,
    Clock,
    Contact,
    Conversation,
    Exclusion,
    ExclusionCause,
    Kind,
    Loss,
    MessageKind,
    Move,
    Organisation,
    Origin,
    Quarantine,
    Solution,
    Stream,
    Tally,
    Ticket,
)
from ticketcore.model.alarms import in_order
from ticketcore.model.values import making, replaced, replacing
from ticketcore.offers import offered_ticket
from ticketcore.staffing import evolve_agent
from ticketcore.ties import followed, tied
from ticketcore.timekeeping import evolve_clock

Entity = Ticket | Agent | Contact | Conversation | Clock | Organisation | Quarantine | Tally
"""What has a history of its own."""

_solved_now = making(Solution)
_new, _origin = making(Ticket), making(Origin)
_added, _alias, _linked = making(Contact), making(Alias), replacing(Contact, "version", "aliases")
_TAKEN_AWAY = (Loss.ASKED, Loss.TRANSFERRED, Loss.LEFT_TEAM)
_NOBODY_WAITS = frozenset((Category.PENDING, Category.SOLVED, Category.CLOSED))
_MERGE, _UNMERGE = Move.MERGE, Move.UNMERGE
_SOLVED, _NOTE, _CUSTOMER, _REPLY = Category.SOLVED, MessageKind.NOTE, MessageKind.CUSTOMER, Move.REPLY
_RESTING = frozenset((Category.SOLVED, Category.CLOSED))


def _later(*names: str) -> Callable[..., Ticket]:
    """What makes the next version of a ticket, from that, the instant of the event, and the fields named."""
    return replacing(Ticket, "version", "updated_at", *names)


_only_later = _later()
_moved = _later("state", "category", "excluded", "waiting_since", "state_since", "solution")
_said = _later("waiting_since", "last_message_at")
_assigned = _later("assignee", "previous")
_unassigned = _later("assignee", "previous", "excluded", "routing_origin")
_routed = _later("queue", "needs", "excluded", "requirement")
_asks = _later("requirement")
_tagged = _later("tags")
_rated = _later("priority")
_focused = _later("focused")
_of_origin = _later("origin")
_handed_over = _later("state", "category", "state_since", "origin")
_worded, _STRING = making(AttributeValue), AttributeKind.STRING
_name_of = attrgetter("attribute")
_TELLING = (NoEligibleAgent, RoutingFailed, MessageBounced, MatchDisputed, MessageWeighed, MessageAcknowledged)
"""What changes nothing about a ticket but its version."""
_timed = _later("alarms")
_STATE = frozenset((CancelOn.STATE,))
_RESTED = frozenset((CancelOn.STATE, CancelOn.SOLVED))
_REPLY_ENDS, _ANSWER_ENDS = frozenset((CancelOn.REPLY,)), frozenset((CancelOn.ANSWER,))


def evolve_ticket(ticket: Ticket | None, event: TicketEvent) -> Ticket:
    """The ticket after the event."""
    if ticket is None:
        assert isinstance(event, TicketOpened), "a history begins with its opening"
        return _opened(event)
    if not isinstance(event, StateChanged):
        return _in_its_state(ticket, event)
    at, version, category, solution = event.at, ticket.version + 1, event.category, ticket.solution
    if event.move is _UNMERGE:
        excluded, waiting = ticket.excluded, ticket.waiting_since
        return _moved(ticket, version, at, event.state, category, excluded, waiting, at, solution)
    excluded = () if category is _SOLVED else ticket.excluded
    waiting = None if category in _NOBODY_WAITS else ticket.waiting_since
    if category is _SOLVED or (solution is not None and event.move is _REPLY):
        solution = _solution(ticket, event)
    after = _moved(ticket, version, at, event.state, category, excluded, waiting, at, solution)
    if ticket.alarms and event.move is not _MERGE:
        after = replaced(after, alarms=_left(ticket.alarms, _RESTED if category in _RESTING else _STATE))
    return after if ticket.ties is None else followed(ticket, after, event)


def _in_its_state(ticket: Ticket, event: TicketEvent) -> Ticket:
    """The ticket after anything but a change of its state; a ``match`` would ask in four times the time."""
    at, version = event.at, ticket.version + 1
    if isinstance(event, MessageAdded):
        if event.kind is _NOTE or event.quiet:
            return _only_later(ticket, version, at)
        by_customer = event.kind is _CUSTOMER
        after = _said(ticket, version, at, (ticket.waiting_since or at) if by_customer else None, at)
        if ticket.alarms:
            after = replaced(after, alarms=_left(ticket.alarms, _REPLY_ENDS if by_customer else _ANSWER_ENDS))
        return after if ticket.ties is None else followed(ticket, after, event)
    if isinstance(event, Assigned):
        return _assigned(ticket, version, at, event.agent, None)
    if isinstance(event, Unassigned):
        previous = None if event.reason in _TAKEN_AWAY else event.agent
        excluded = ticket.excluded
        if event.reason is Loss.ASKED:
            excluded = (*excluded, Exclusion(event.agent, ExclusionCause.TAKEN))
        after = _unassigned(ticket, version, at, None, previous, excluded, event.routing_origin)
        if ticket.requirement is None or event.routing_origin == ticket.routing_origin:
            return after
        return replaced(after, requirement=unescalated(ticket.requirement))
    if isinstance(event, Routed):
        return _routed(ticket, version, at, event.queue, event.needs, (), event.requirement)
    if isinstance(event, TagsChanged):
        return _tagged(ticket, version, at, tuple(sorted({*ticket.tags, *event.added} - {*event.removed})))
    if isinstance(event, PriorityChanged):
        return _rated(ticket, version, at, event.priority)
    if isinstance(event, _TELLING):
        if isinstance(event, NoEligibleAgent) and event.forgiven:
            return offered_ticket(ticket, event)
        return _only_later(ticket, version, at)
    if isinstance(event, Escalated):
        requirement = with_step(ticket.requirement, event.step) if event.granted else ticket.requirement
        return _asks(ticket, version, at, requirement)
    if isinstance(event, AffinityEnded):
        return _asks(ticket, version, at, without_affinity(ticket.requirement))
    if isinstance(event, Focused):
        return _focused(ticket, version, at, (*ticket.focused, event.actor.id))
    if isinstance(event, FocusLeft):
        return _focused(ticket, version, at, tuple(id for id in ticket.focused if id != event.actor.id))
    if isinstance(event, AttributesChanged):
        changed = _changed(ticket.origin.attributes, event)
        return _of_origin(ticket, version, at, replaced(ticket.origin, attributes=changed))
    if isinstance(event, HandedOver):
        since = ticket.state_since if event.state == ticket.state else at
        origin = replaced(ticket.origin, type=event.type)
        return _handed_over(ticket, version, at, event.state, event.category, since, origin)
    if isinstance(event, AlarmSet):
        kind = event.kind
        others = [alarm for alarm in ticket.alarms if alarm.kind is not kind or kind is not AlarmKind.WAKE]
        alarm = Alarm(kind, at, event.due, event.cancel_on, event.agent)
        return _timed(ticket, version, at, in_order((*others, alarm)))
    if isinstance(event, AlarmDropped):
        return _timed(ticket, version, at, _but(ticket.alarms, event.kind, event.due, event.agent))
    if isinstance(event, Reminded):
        return _timed(ticket, version, at, _but(ticket.alarms, AlarmKind.REMIND, event.due, event.agent))
    if isinstance(event, Offered | OfferEnded | ExclusionEnded):
        return offered_ticket(ticket, event)
    assert not isinstance(event, TicketOpened | StateChanged), "was answered"
    return tied(ticket, event)


def _changed(before: tuple[AttributeValue, ...], event: AttributesChanged) -> tuple[AttributeValue, ...]:
    gone = {*event.cleared, *(value.attribute for value in event.values)}
    kept = [value for value in before if value.attribute not in gone]
    return tuple(sorted((*kept, *event.values), key=_name_of))


def _left(alarms: tuple[Alarm, ...], ended: frozenset[CancelOn]) -> tuple[Alarm, ...]:
    return tuple([alarm for alarm in alarms if ended.isdisjoint(alarm.cancel_on)])


def _but(alarms: tuple[Alarm, ...], kind: AlarmKind, due: datetime, agent: str | None) -> tuple[Alarm, ...]:
    """The alarms without the first that is so."""
    for i, alarm in enumerate(alarms):
        if (alarm.kind, alarm.due, alarm.agent) == (kind, due, agent):
            return (*alarms[:i], *alarms[i + 1 :])
    return alarms


def _solution(ticket: Ticket, event: StateChanged) -> Solution | None:
    known, before = ticket.solution, ticket.category
    if event.category is _SOLVED and before is not _SOLVED:
        return _solved_now(event.at, event.resolver, () if known is None else known.reopened)
    if known is not None and event.move is _REPLY and before in _RESTING:
        return Solution(known.at, known.resolver, (*known.reopened, event.at)[-MAX_REOPENS:])
    return known


def _opened(event: TicketOpened) -> Ticket:
    return _new(
        id=event.ticket,
        version=1,
        number=event.number,
        state=event.state,
        category=event.category,
        origin=_origin(
            event.type,
            event.contact,
            event.conversation,
            event.channel,
            event.subject,
            tuple([_worded(name, _STRING, id) for name, id in event.attributes]) if event.attributes else (),
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


def evolve_contact(contact: Contact | None, event: ContactEvent) -> Contact:
    """The contact after the event; what is not in the history keeps what it was, or is empty."""
    if isinstance(event, ContactAdded):
        return _added(event.contact, 1, "", ())
    assert contact is not None, "a history begins with its opening"
    if isinstance(event, ContactAffiliated):
        return replaced(contact, version=contact.version + 1, organisation=event.organisation)
    if isinstance(event, ContactDescribed):
        version, tier, language, owner = contact.version + 1, event.tier, event.language, event.owner
        return replaced(contact, version=version, tier=tier, language=language, owner=owner)
    if isinstance(event, ContactMerged | ContactUnmerged):
        return _merged(contact, event)
    return _linked(contact, contact.version + 1, (*contact.aliases, _alias(event.alias, event.channel, "", "")))


def _merged(contact: Contact, event: ContactMerged | ContactUnmerged) -> Contact:
    version, merged = contact.version + 1, isinstance(event, ContactMerged)
    if contact.id == event.contact:
        return replaced(contact, version=version, merged_into=event.into if merged else None)
    others = tuple(id for id in contact.parts if id != event.contact)
    return replaced(contact, version=version, parts=(*others, event.contact) if merged else others)


def evolve_organisation(organisation: Organisation | None, event: OrganisationNamed) -> Organisation:
    """The organisation after the event; its name, which is not in the history, keeps what it was, or is empty."""
    if organisation is None:
        return Organisation(event.organisation, 1, "")
    return replaced(organisation, version=organisation.version + 1)


def evolve(state: Entity | None, event: Event) -> Entity:
    """The state after the event, whatever kind of stream it belongs to."""
    return _FOLDS[event.STREAM](state, event)


_FOLDS: Mapping[Kind, Callable[[Any, Any], Entity]] = {
    Kind.TICKET: evolve_ticket,
    Kind.AGENT: evolve_agent,
    Kind.CONTACT: evolve_contact,
    Kind.CONVERSATION: evolve_conversation,
    Kind.CLOCK: evolve_clock,
    Kind.ORGANISATION: evolve_organisation,
    Kind.QUARANTINE: evolve_quarantine,
    Kind.TALLY: evolve_tally,
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


_Worded = TypeVar("_Worded", Contact, Organisation)


def without_words(entity: _Worded) -> _Worded:
    """The contact or organisation as its history alone would have it: ids, links and version, without any words.

    >>> without_words(Contact("c", 2, "Ada", (Alias("a", "email", "", "ada@example.org"),))).aliases
    (Alias(id='a', channel='email', account='', address=''),)
    """
    if isinstance(entity, Organisation):
        return replaced(entity, name="")
    aliases = tuple(Alias(alias.id, alias.channel, "", "") for alias in entity.aliases)
    return replaced(entity, name="", aliases=aliases)
