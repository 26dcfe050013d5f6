"""What became of messages besides joining a ticket."""

import attrs

from ticketcore.model import Cause, Kind, Likelihood, TicketClaim
from ticketcore.model.event import Event
from ticketcore.model.values import quick


@quick
@attrs.frozen(weakref_slot=False)
class MessageBounced(Event):
    """A ``message`` of ours on this ticket did not reach its recipient, as the kept message ``report`` says.

    ``permanent`` says that it never will; otherwise it is late, and still tried.  ``status`` is the code for the cause
    (RFC 3463), or empty.
    """

    STREAM = Kind.TICKET

    message: str
    report: str
    permanent: bool
    status: str = ""


@quick
@attrs.frozen(weakref_slot=False)
class MatchDisputed(Event):
    """What named tickets did not agree about a ``message`` that the ticket got, or its sender takes no part in one.

    ``claims`` are what each matcher found, in their order.
    """

    STREAM = Kind.TICKET

    message: str
    claims: tuple[TicketClaim, ...]


@quick
@attrs.frozen(weakref_slot=False)
class MessageWeighed(Event):
    """The ``message`` was put into this ticket, or opened it, as the likeliest; ``likelihood`` is how likely it was."""

    STREAM = Kind.TICKET

    message: str
    likelihood: Likelihood


@attrs.frozen(weakref_slot=False)
class MessageAcknowledged(Event):
    """An automatic answer to the ``message`` is owed to its sender."""

    STREAM = Kind.TICKET

    message: str


@attrs.frozen(weakref_slot=False)
class MessageHeld(Event):
    """A ``message`` was put in quarantine, for a ``cause``.

    It names the ``ticket``, or would have opened one; ``contact`` is who its sender says to be, in a ``conversation``.
    ``likelihood`` is how likely that ticket is, where nobody was sure.
    """

    STREAM = Kind.QUARANTINE

    message: str
    cause: Cause
    ticket: str | None
    contact: str
    conversation: str
    likelihood: Likelihood | None = None


@attrs.frozen(weakref_slot=False)
class MessageAccepted(Event):
    """The message was let out of quarantine, and is in the ``ticket`` now."""

    STREAM = Kind.QUARANTINE

    ticket: str


@attrs.frozen(weakref_slot=False)
class MessageRejected(Event):
    """The message stays where it is for good, and is in no ticket."""

    STREAM = Kind.QUARANTINE


QuarantineEvent = MessageHeld | MessageAccepted | MessageRejected
"""What can happen to a message in quarantine."""


@attrs.frozen(weakref_slot=False)
class Tallied(Event):
    """Once more happened what the ``tally`` counts, which keeps the last ``keep`` instants."""

    STREAM = Kind.TALLY

    tally: str
    keep: int
