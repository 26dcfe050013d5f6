"""What happened: the events of a tenant's history, each typed, versioned and lean.

An event holds ids, enumerations, numbers and instants; never words that a person wrote, never an address, never
a copy of an entity.  Words stand in Text records and personal data in Contact records, so history survives
their erasure.  ``at`` is when it happened, in UTC; ``actor`` is who did it.

Published shape: ``docs/reference/events.schema.json``, made from these classes by ``ticketcore.schema``.  In
JSON an event is an object with ``event`` (the class name), ``schema`` (the class's ``SCHEMA``, raised when a
field changes its meaning) and the fields; instants are ISO 8601 texts in UTC.
"""

from datetime import datetime

import attrs

from ticketcore.events.agents import (
    AgentAdded,
    AgentAttributesChanged,
    AgentEvent,
    CapacityChanged,
    Counted,
    PresenceChanged,
    RosterChanged,
    SkillsChanged,
    TeamsChanged,
    WorkReleased,
    WorkTaken,
    WrapUpBegan,
    WrapUpEnded,
)
from ticketcore.events.alarms import AlarmDropped, AlarmSet, Reminded
from ticketcore.events.attributes import AttributesChanged, HandedOver, TurnedAsynchronous
from ticketcore.events.conversations import (
    ConversationEvent,
    ConversationStarted,
    MessageKept,
    ParticipantJoined,
    ParticipantLeft,
    TicketLinked,
)
from ticketcore.events.customers import (
    AliasLinked,
    ContactAdded,
    ContactAffiliated,
    ContactDescribed,
    ContactEvent,
    ContactMerged,
    ContactUnmerged,
    OrganisationNamed,
)
from ticketcore.events.intake import (
    MatchDisputed,
    MessageAccepted,
    MessageAcknowledged,
    MessageBounced,
    MessageHeld,
    MessageRejected,
    MessageWeighed,
    QuarantineEvent,
    Tallied,
)
from ticketcore.events.offers import ExclusionEnded, Offered, OfferEnded, WorkOffered, WorkOfferEnded
from ticketcore.events.routing import AffinityEnded, Escalated, RoutingFailed
from ticketcore.events.ties import (
    ChainJoined,
    LinkAdded,
    LinkedMoved,
    LinkRemoved,
    SplitUndone,
    TicketDeleted,
    TicketMerged,
    TicketSplit,
    TicketUnmerged,
    TieEvent,
)
from ticketcore.model import (
    Category,
    Kind,
    Loss,
    MessageKind,
    Migration,
    Move,
    Placement,
    Priority,
    Reopening,
    RuleMatch,
    Shortfall,
    SkillLevel,
)
from ticketcore.model.event import Event
from ticketcore.model.values import quick
from ticketcore.timekeeping import ClockEvent

__all__ = [
    "EVENTS",
    "AffinityEnded",
    "AgentAdded",
    "AgentAttributesChanged",
    "AgentEvent",
    "AlarmDropped",
    "AlarmSet",
    "AliasLinked",
    "Assigned",
    "AttributesChanged",
    "CapacityChanged",
    "ChainJoined",
    "ConfigurationChanged",
    "ContactAdded",
    "ContactAffiliated",
    "ContactDescribed",
    "ContactEvent",
    "ContactMerged",
    "ContactUnmerged",
    "ConversationEvent",
    "ConversationStarted",
    "Counted",
    "Escalated",
    "Event",
    "ExclusionEnded",
    "FocusLeft",
    "Focused",
    "HandedOver",
    "LinkAdded",
    "LinkRemoved",
    "LinkedMoved",
    "MatchDisputed",
    "MessageAccepted",
    "MessageAcknowledged",
    "MessageAdded",
    "MessageBounced",
    "MessageHeld",
    "MessageKept",
    "MessageRejected",
    "MessageWeighed",
    "NoEligibleAgent",
    "OfferEnded",
    "Offered",
    "OrganisationNamed",
    "ParticipantJoined",
    "ParticipantLeft",
    "PresenceChanged",
    "PriorityChanged",
    "QuarantineEvent",
    "Reminded",
    "RosterChanged",
    "Routed",
    "RoutingFailed",
    "SkillsChanged",
    "SplitUndone",
    "StateChanged",
    "TagsChanged",
    "Tallied",
    "TeamsChanged",
    "TicketDeleted",
    "TicketEvent",
    "TicketLinked",
    "TicketMerged",
    "TicketOpened",
    "TicketSplit",
    "TicketUnmerged",
    "TieEvent",
    "TurnedAsynchronous",
    "Unassigned",
    "WorkOfferEnded",
    "WorkOffered",
    "WorkReleased",
    "WorkTaken",
    "WrapUpBegan",
    "WrapUpEnded",
]


@quick
@attrs.frozen(weakref_slot=False)
class TicketOpened(Event):
    """A ticket was opened; the store fills in ``number`` when it commits (0 until then).

    ``ticket`` is its id, ``type`` the id of its ticket type.  ``state`` and ``category`` are where its life begins.
    ``contact`` is the customer who asked, in ``conversation``, on ``channel``.  ``subject`` and the values of
    ``attributes`` are ids of Text records.  ``follow_up_of`` is the ticket that it goes on from.
    """

    STREAM = Kind.TICKET

    ticket: str
    number: int
    type: str
    state: str
    category: Category
    contact: str
    conversation: str
    channel: str
    subject: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    follow_up_of: str | None = None


@quick
@attrs.frozen(weakref_slot=False)
class MessageAdded(Event):
    """The ``message`` with this id joined the ticket; ``kind`` says who wrote it.

    ``quiet`` is one of a customer's that wants no answer: an automatic one, or mere thanks.  ``reopening`` says why it
    reopened the ticket, or did not; None where the ticket was not solved.  ``sent_to`` is the ticket that it was sent
    to, when that was merged into this one.
    """

    STREAM = Kind.TICKET

    message: str
    kind: MessageKind
    quiet: bool = False
    reopening: Reopening | None = None
    sent_to: str | None = None


@quick
@attrs.frozen(weakref_slot=False)
class StateChanged(Event):
    """The ticket went to another ``state`` by ``move``; ``category`` is what that state means to the rules.

    ``move`` is None where another configuration put it there, which has no longer the state that it was in.

    ``resolver`` is the agent who solved it by this, or had it when a bot, a timer or a rule did; None in any other
    change, and where nobody had it, so that the acting bot is all there is to name.
    """

    STREAM = Kind.TICKET

    move: Move | None
    state: str
    category: Category
    resolver: str | None = None


@quick
@attrs.frozen(weakref_slot=False)
class Routed(Event):
    """The ticket was put into ``queue`` and asks for an agent with the skills ``needs``, who meets the ``requirement``.

    ``rule`` is the one that named the queue, None when none did; ``configuration`` is the version of the rules that
    decided.  ``matches`` are all that applied, and why; of a routing that names a rule and has none, that is not known.
    """

    STREAM = Kind.TICKET

    queue: str
    needs: tuple[SkillLevel, ...]
    rule: str | None
    configuration: int
    matches: tuple[RuleMatch, ...] = ()
    requirement: str | None = None


@quick
@attrs.frozen(weakref_slot=False)
class TagsChanged(Event):
    """Tags were put on the ticket, ``added``, and taken from it, ``removed``."""

    STREAM = Kind.TICKET

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@quick
@attrs.frozen(weakref_slot=False)
class PriorityChanged(Event):
    """The ticket was rated: its ``priority`` from now on; None where the workflow lets one be taken away."""

    STREAM = Kind.TICKET

    priority: Priority | None


@quick
@attrs.frozen(weakref_slot=False)
class Assigned(Event):
    """The ticket got ``agent``; ``placement`` is how the router chose, None when somebody named the agent."""

    STREAM = Kind.TICKET

    agent: str
    placement: Placement | None = None


@quick
@attrs.frozen(weakref_slot=False)
class Unassigned(Event):
    """The ticket lost ``agent``, for a ``reason``; from ``routing_origin`` on it counts as waiting for another."""

    STREAM = Kind.TICKET

    agent: str
    reason: Loss
    routing_origin: datetime


@quick
@attrs.frozen(weakref_slot=False)
class NoEligibleAgent(Event):
    """Nobody could take the ticket: it waits in its queue.  ``placement`` counts whom each filter excluded.

    ``reason`` says what that comes to; what was stored without one says no more than the counts.  ``forgiven`` are
    those who may be offered it again, although they declined it or did not answer.
    """

    STREAM = Kind.TICKET

    placement: Placement
    reason: Shortfall = Shortfall.NO_ELIGIBLE_AGENT
    forgiven: tuple[str, ...] = ()


@quick
@attrs.frozen(weakref_slot=False)
class ConfigurationChanged(Event):
    """The desk follows another configuration, stored under this ``version`` number.

    ``migrations`` say how many tickets it moves to other states; each of those then has an event of its own.
    """

    STREAM = Kind.CONFIGURATION

    version: int
    migrations: tuple[Migration, ...] = ()


@quick
@attrs.frozen(weakref_slot=False)
class Focused(Event):
    """The acting agent opened the ticket to work on it.  Until ``FocusLeft`` the time counts as handling time."""

    STREAM = Kind.TICKET


@quick
@attrs.frozen(weakref_slot=False)
class FocusLeft(Event):
    """The acting agent left the ticket, with whatever they had to wrap up done."""

    STREAM = Kind.TICKET


TicketEvent = (
    TicketOpened
    | MessageAdded
    | StateChanged
    | Routed
    | TagsChanged
    | PriorityChanged
    | Assigned
    | Unassigned
    | NoEligibleAgent
    | Offered
    | OfferEnded
    | ExclusionEnded
    | Focused
    | FocusLeft
    | TieEvent
    | AttributesChanged
    | HandedOver
    | AlarmSet
    | AlarmDropped
    | Reminded
    | MessageBounced
    | MatchDisputed
    | MessageWeighed
    | MessageAcknowledged
    | Escalated
    | RoutingFailed
    | AffinityEnded
)
"""What can happen to a ticket."""

EVENTS: tuple[type[Event], ...] = (
    *TicketEvent.__args__,
    *AgentEvent.__args__,
    *ContactEvent.__args__,
    *ConversationEvent.__args__,
    ConfigurationChanged,
    OrganisationNamed,
    *QuarantineEvent.__args__,
    Tallied,
    *ClockEvent.__args__,
)
"""Every class of event."""
