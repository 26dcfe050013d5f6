"""What happens to the alarms of a ticket.  Import these from ``ticketcore.events``."""

from datetime import datetime

import attrs

from ticketcore.model import AlarmKind, CancelOn, Kind
from ticketcore.model.event import Event
from ticketcore.model.values import quick


@quick
@attrs.frozen(weakref_slot=False)
class AlarmSet(Event):
    """Time is to do something to the ticket at the instant ``due``, unless one of ``cancel_on`` happens before.

    ``kind`` says what; one that wakes takes the place of another.  ``agent`` is who is to be reminded, None for whoever
    has the ticket then.
    """

    STREAM = Kind.TICKET

    kind: AlarmKind
    due: datetime
    cancel_on: tuple[CancelOn, ...] = ()
    agent: str | None = None


@quick
@attrs.frozen(weakref_slot=False)
class AlarmDropped(Event):
    """The alarm of this ``kind`` that was ``due`` then, for ``agent``, is no more: taken back, or not let happen."""

    STREAM = Kind.TICKET

    kind: AlarmKind
    due: datetime
    agent: str | None = None


@quick
@attrs.frozen(weakref_slot=False)
class Reminded(Event):
    """``told`` was reminded of the ticket, None where nobody had it: the reminder for ``agent`` was ``due`` then."""

    STREAM = Kind.TICKET

    due: datetime
    agent: str | None
    told: str | None
