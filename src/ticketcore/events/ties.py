"""What happens between tickets: merges, splits and links.  Most of it stands in the streams of all that it concerns."""

from datetime import datetime

import attrs

from ticketcore.model import Category, Deletion, Kind, Relation, SplitClocks, Strand, Woken
from ticketcore.model.event import Event
from ticketcore.model.values import quick


@quick
@attrs.frozen(weakref_slot=False)
class TicketMerged(Event):
    """The ``ticket`` became a part of the ticket ``into``.  In the streams of both, and of what ``into`` is a part of.

    ``strands`` are the tickets that it is made of.  ``woken`` is the survivor as it was, if its state changes with the
    merge, since the customer of one of them waits.
    """

    STREAM = Kind.TICKET

    ticket: str
    into: str
    strands: tuple[Strand, ...]
    woken: Woken | None = None


@quick
@attrs.frozen(weakref_slot=False)
class TicketUnmerged(Event):
    """The ``ticket`` is no longer a part of the ticket ``into``.  In the same streams as ``TicketMerged``.

    ``strands`` are the tickets that it takes along.  ``asleep`` is the survivor as it was before the merge moved it, if
    it is so again.
    """

    STREAM = Kind.TICKET

    ticket: str
    into: str
    strands: tuple[Strand, ...]
    asleep: Woken | None = None


@quick
@attrs.frozen(weakref_slot=False)
class TicketSplit(Event):
    """Some ``messages`` of the ``ticket`` are from now on those of the new ticket ``into``.  In the streams of both.

    ``waiting_since`` and ``last_message_at`` are those of the new ticket, ``left_waiting_since`` is the old one's.
    ``clocks`` says whether the new one's clocks begin with it.
    """

    STREAM = Kind.TICKET

    ticket: str
    into: str
    messages: tuple[str, ...]
    waiting_since: datetime | None
    last_message_at: datetime
    left_waiting_since: datetime | None
    clocks: SplitClocks = SplitClocks.NEW


@quick
@attrs.frozen(weakref_slot=False)
class SplitUndone(Event):
    """The ``ticket`` that was split off is a part of the ticket ``into`` again, from which it was.

    In the streams of both.  Its ``messages`` are those of ``into`` again; ``strands`` are those that it keeps, since
    they came later.  ``waiting_since`` and ``last_message_at`` are from now on those of ``into``.
    """

    STREAM = Kind.TICKET

    ticket: str
    into: str
    messages: tuple[str, ...]
    strands: tuple[Strand, ...]
    waiting_since: datetime | None
    last_message_at: datetime


@quick
@attrs.frozen(weakref_slot=False)
class LinkAdded(Event):
    """The ticket became this to the ``other`` one: its ``relation``.  In the streams of both."""

    STREAM = Kind.TICKET

    relation: Relation
    other: str


@quick
@attrs.frozen(weakref_slot=False)
class LinkRemoved(Event):
    """The ticket is no longer this to the ``other`` one: its ``relation``.  In the streams of both."""

    STREAM = Kind.TICKET

    relation: Relation
    other: str


@quick
@attrs.frozen(weakref_slot=False)
class ChainJoined(Event):
    """A ``ticket`` joined the chain of which this ticket is the end; ``relation`` says of what kind the chain is.

    It stands here so that two who change one chain at once meet.
    """

    STREAM = Kind.TICKET

    relation: Relation
    ticket: str


@quick
@attrs.frozen(weakref_slot=False)
class LinkedMoved(Event):
    """The ticket was told that the ``other`` one, to which it is this ``relation``, is in a ``state`` since ``since``.

    ``category`` is what that state means.  ``refused`` are the names of the rules that kept the ticket from being
    solved with it.
    """

    STREAM = Kind.TICKET

    relation: Relation
    other: str
    state: str
    category: Category
    since: datetime
    refused: tuple[str, ...] = ()


@quick
@attrs.frozen(weakref_slot=False)
class TicketDeleted(Event):
    """The ``ticket`` was deleted, with the ``parts`` that had been merged into it; ``cause`` is why.

    The words of these tickets, of their messages and files are gone.  In the streams of all of them, and of the tickets
    that were split off from them or from which they were.
    """

    STREAM = Kind.TICKET

    ticket: str
    parts: tuple[str, ...]
    cause: Deletion


TieEvent = (
    TicketMerged
    | TicketUnmerged
    | TicketSplit
    | SplitUndone
    | LinkAdded
    | LinkRemoved
    | ChainJoined
    | LinkedMoved
    | TicketDeleted
)
"""What can happen between tickets."""
