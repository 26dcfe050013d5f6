"""What a turn asks of the rules on its way to a commit.  Import these from ``ticketcore.commands``.

In each, ``actor`` is who asks.
"""

import attrs

from ticketcore.commands.attribute_steps import AttributeStep
from ticketcore.commands.held import HeldStep
from ticketcore.commands.offers import OfferStep
from ticketcore.commands.routing_steps import RoutingStep
from ticketcore.commands.tie_steps import TieStep
from ticketcore.model import (
    Actor,
    Alarm,
    AttributeValue,
    Configuration,
    Loss,
    MessageKind,
    Migration,
    Placement,
    Reopening,
    Role,
    Routing,
    Verdict,
)
from ticketcore.model.values import quick


@quick
@attrs.frozen
class AddContact:
    """A sender whom nobody knows becomes the contact ``contact``, with the address ``alias`` on a ``channel``."""

    contact: str
    alias: str
    channel: str
    actor: Actor


@attrs.frozen
class AddAlias:
    """One more address of a ``contact``: ``alias``, on a ``channel``."""

    contact: str
    alias: str
    channel: str
    actor: Actor


@quick
@attrs.frozen
class StartConversation:
    """A thread begins: ``conversation``, of a ``contact`` with our ``account`` on a ``channel``.

    ``ticket`` is the one that it is about, if that is there already.
    """

    conversation: str
    channel: str
    account: str
    contact: str
    actor: Actor
    ticket: str | None = None


@attrs.frozen
class TalkOf:
    """A ``conversation`` is about the ``ticket`` from now on; nothing happens when it is."""

    conversation: str
    ticket: str
    actor: Actor


@quick
@attrs.frozen
class Join:
    """The agent or contact ``id`` gets a ``role`` in a ``conversation``; nothing happens when they have it."""

    conversation: str
    role: Role
    id: str
    actor: Actor


@quick
@attrs.frozen
class OpenTicket:
    """A ``message`` of some ``kind`` opens a ``ticket`` in its ``conversation``.

    ``subject`` and the values of ``attributes`` are ids of Text records; ``follow_up_of`` is the ticket that it goes on
    from, and ``reopening`` why it does not take up that ticket again.  ``type`` is the id of its type, None for the
    usual one; ``values`` are those of its attributes that are not words.
    """

    ticket: str
    conversation: str
    message: str
    kind: MessageKind
    actor: Actor
    subject: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    follow_up_of: str | None = None
    reopening: Reopening | None = None
    type: str | None = None
    values: tuple[AttributeValue, ...] = ()


@quick
@attrs.frozen
class AddMessage:
    """A ``message`` of some ``kind`` joins a ``ticket``.

    ``reopens`` is False for one that must not change its state, and wants no answer; ``reopening`` is what was decided
    about that.  ``sent_to`` is the ticket that it was sent to, when that was merged into this one.
    """

    ticket: str
    message: str
    kind: MessageKind
    actor: Actor
    reopens: bool = True
    reopening: Reopening | None = None
    sent_to: str | None = None


@quick
@attrs.frozen
class KeepMessage:
    """A ``message`` is kept in its ``conversation`` with a ``verdict``; it may concern a ``ticket``, and opens none."""

    conversation: str
    message: str
    verdict: Verdict
    ticket: str | None
    actor: Actor


@quick
@attrs.frozen
class Route:
    """A new ``ticket`` goes where the rules say: its ``routing``."""

    ticket: str
    routing: Routing
    actor: Actor


@quick
@attrs.frozen
class Release:
    """A ``ticket`` loses its agent, for a ``reason``."""

    ticket: str
    reason: Loss
    actor: Actor


@quick
@attrs.frozen
class Place:
    """The router's choice of an agent for a ``ticket``, or that there is none: its ``placement``."""

    ticket: str
    placement: Placement
    actor: Actor


@quick
@attrs.frozen
class RemindNow:
    """The reminders of a ``ticket`` that are due are given."""

    ticket: str
    actor: Actor


@quick
@attrs.frozen
class DropAlarm:
    """An ``alarm`` of a ``ticket`` is not let happen."""

    ticket: str
    alarm: Alarm
    actor: Actor


@quick
@attrs.frozen
class Migrate:
    """A ``ticket`` goes to the state that its workflow now has for it."""

    ticket: str
    actor: Actor


@quick
@attrs.frozen
class Adopt:
    """Another ``configuration`` is followed, with the ``migrations`` that it takes."""

    configuration: Configuration
    migrations: tuple[Migration, ...]
    actor: Actor


Step = (
    AddContact
    | AddAlias
    | StartConversation
    | TalkOf
    | Join
    | OpenTicket
    | AddMessage
    | KeepMessage
    | HeldStep
    | Route
    | Release
    | Place
    | RoutingStep
    | OfferStep
    | TieStep
    | AttributeStep
    | RemindNow
    | DropAlarm
    | Migrate
    | Adopt
)
"""What a turn asks of the rules."""
