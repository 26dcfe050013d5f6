"""What can be asked about messages in quarantine, and what a turn asks of the rules about what a message names.

In each, ``actor`` is who asks.
"""

import attrs

from ticketcore.checks import instance, is_name, is_optional_name
from ticketcore.errors import InvalidInput
from ticketcore.model import Actor, Bounce, Cause, Likelihood, TicketClaim


@attrs.frozen
class AcceptMessage:
    """Let the ``message`` with this id out of quarantine.

    It joins the ``ticket`` given, or else the one that it names, as if it came now; where that is closed, or it names
    none, and also where it is to be ``anew``, it opens one.  Who was an unverified participant for it is a collaborator
    from then on.  Raises ``InvalidInput`` naming the field.
    """

    message: str = attrs.field(validator=is_name)
    actor: Actor = attrs.field(validator=instance(Actor))
    ticket: str | None = attrs.field(default=None, validator=is_optional_name)
    anew: bool = attrs.field(default=False, validator=instance(bool))

    def __attrs_post_init__(self) -> None:
        if self.anew and self.ticket is not None:
            raise InvalidInput("AcceptMessage.anew", "cannot be, since a ticket is named")


@attrs.frozen
class RejectMessage:
    """Leave the ``message`` with this id where it is, for good; nothing of it is deleted.

    Raises ``InvalidInput`` naming the field.
    """

    message: str = attrs.field(validator=is_name)
    actor: Actor = attrs.field(validator=instance(Actor))


@attrs.frozen
class Acknowledge:
    """Owe the sender of the ``message`` with this id an automatic answer, once: an outbox entry of its own kind.

    Refused when too many were owed of late to them, or to messages with its subject; with nothing that names a ticket,
    and to what is in quarantine.  Raises ``InvalidInput`` naming the field.
    """

    message: str = attrs.field(validator=is_name)
    actor: Actor = attrs.field(validator=instance(Actor))


HeldCommand = AcceptMessage | RejectMessage | Acknowledge
"""The commands about one message."""


@attrs.frozen
class NoteBounce:
    """A ``message`` of ours on a ``ticket`` came back, as ``report`` says: ``bounce`` is how."""

    ticket: str
    message: str
    report: str
    bounce: Bounce
    actor: Actor


@attrs.frozen
class Dispute:
    """The ``claims`` about a ``message`` that the ``ticket`` gets do not agree."""

    ticket: str
    message: str
    claims: tuple[TicketClaim, ...]
    actor: Actor


@attrs.frozen
class Weigh:
    """A ``message`` is put into the ``ticket``, or opens it, as the likeliest; ``likelihood`` is how likely."""

    ticket: str
    message: str
    likelihood: Likelihood
    actor: Actor


@attrs.frozen
class HoldBack:
    """A ``message`` is put in quarantine for a ``cause``; it names a ``ticket``, or none.

    ``contact`` is who its sender says to be, in a ``conversation``.  ``likelihood`` is how likely the ticket is, where
    nobody was sure.
    """

    message: str
    cause: Cause
    ticket: str | None
    contact: str
    conversation: str
    actor: Actor
    likelihood: Likelihood | None = None


@attrs.frozen
class LetGo:
    """A ``message`` leaves quarantine for the ``ticket``; None for none, then it is rejected."""

    message: str
    ticket: str | None
    actor: Actor


@attrs.frozen
class Verify:
    """An unverified participant of a ``conversation``, the ``contact``, is a collaborator from now on."""

    conversation: str
    contact: str
    actor: Actor


@attrs.frozen
class NoteAnswer:
    """An automatic answer to a ``message`` of a ``ticket`` is owed."""

    ticket: str
    message: str
    actor: Actor


@attrs.frozen
class Count:
    """Once more happens what the ``tally`` counts, which keeps the last ``keep`` instants."""

    tally: str
    keep: int
    actor: Actor


HeldStep = NoteBounce | Dispute | Weigh | HoldBack | LetGo | Verify | NoteAnswer | Count
"""What a turn asks about bounces, claims and quarantine."""
