"""What can happen to a conversation."""

import attrs

from ticketcore.events.attributes import TurnedAsynchronous
from ticketcore.model import Kind, Role, Verdict
from ticketcore.model.event import Event
from ticketcore.model.values import quick


@quick
@attrs.frozen(weakref_slot=False)
class ConversationStarted(Event):
    """A thread began, ``conversation``, of a ``contact`` with one ``account`` of ours on a ``channel``."""

    STREAM = Kind.CONVERSATION

    conversation: str
    channel: str
    account: str
    contact: str


@quick
@attrs.frozen(weakref_slot=False)
class ParticipantJoined(Event):
    """The contact or agent ``id`` got a ``role`` in the conversation; by the merge of ``by_ticket``, if any."""

    STREAM = Kind.CONVERSATION

    role: Role
    id: str
    by_ticket: str | None = None


@quick
@attrs.frozen(weakref_slot=False)
class TicketLinked(Event):
    """From now on the conversation is about this ``ticket``."""

    STREAM = Kind.CONVERSATION

    ticket: str


@quick
@attrs.frozen(weakref_slot=False)
class MessageKept(Event):
    """A ``message`` was kept without opening or reopening anything; the ``verdict`` says why.

    ``ticket`` is the one that it concerns, if any.
    """

    STREAM = Kind.CONVERSATION

    message: str
    verdict: Verdict
    ticket: str | None


@quick
@attrs.frozen(weakref_slot=False)
class ParticipantLeft(Event):
    """The contact ``id`` lost the ``role`` in the conversation that they had, by the merge of ``by_ticket``, if any."""

    STREAM = Kind.CONVERSATION

    role: Role
    id: str
    by_ticket: str | None


ConversationEvent = (
    ConversationStarted | ParticipantJoined | ParticipantLeft | TicketLinked | MessageKept | TurnedAsynchronous
)
"""What can happen to a conversation."""
