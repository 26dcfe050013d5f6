"""What became of messages besides joining a ticket."""

import attrs

from ticketcore.model import Kind
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
