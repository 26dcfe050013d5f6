"""What one turn changes, and what comes of it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

import attrs

from ticketcore.codec import Value
from ticketcore.events import Event, TicketOpened
from ticketcore.model import Kind, Ref, Stream, Ticket, UniqueKey
from ticketcore.model.values import making, quick, replacing

Scalar = str | int | None
"""A value of an index field; instants are microseconds since 1970 UTC."""

Indexed = Scalar | tuple[str, ...]
"""What an index field holds: one value, or several texts."""


class Fields(NamedTuple):
    """The index fields of a kind of record, which a query finds and sorts it by.

    ``equal`` are texts or None, and a query can demand a value of them.  ``order`` are whole numbers or None, and a
    query sorts by them, or demands a value or a range.  ``several`` are tuples of texts, and a query can demand that
    a text is among them.  ``plain`` are texts, whole numbers or None; a query can demand a value or a range of them,
    and that alone is no reason for an index: many records have the same value, or it goes with another order.
    """

    equal: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


FIELDS: Mapping[Kind, Fields] = {
    Kind.CONFIGURATION: Fields(),
    Kind.CONTACT: Fields(plain=("organisation",)),
    Kind.CONVERSATION: Fields(equal=("contact",)),
    Kind.MESSAGE: Fields(equal=("ticket", "conversation"), order=("received_at",)),
    Kind.TEXT: Fields(),
    Kind.TICKET: Fields(
        equal=("state", "queue", "assignee", "contact"),
        order=("number", "waiting_since", "queued_since", "priority", "updated_at"),
        several=("tag", "service", "order", "account"),
        plain=("channel", "opened_at"),
    ),
    Kind.AGENT: Fields(),
    Kind.IDEMPOTENCY_KEY: Fields(),
    Kind.CLOCK: Fields(),
    Kind.ORGANISATION: Fields(),
    Kind.QUARANTINE: Fields(equal=("fate", "ticket"), order=("held_at",)),
    Kind.TALLY: Fields(),
}
"""The declared index fields of every kind; a store keeps an index for each and needs no change for a new one."""


@quick
@attrs.frozen
class Record:
    """One record to be stored: its ``kind`` and ``id``, its new ``version``, and the one it must have at that moment.

    ``expected`` is 0 for a record that must not exist yet.  ``value`` is immutable; a store that writes bytes uses
    ``ticketcore.codec``.  ``fields`` has an entry for each declared field of the kind.  ``keys`` are the unique
    keys that the record holds from now on; those that it held before stay its own.
    """

    kind: Kind
    id: str
    version: int
    expected: int
    value: Value
    fields: Mapping[str, Indexed] = attrs.field(factory=dict)
    keys: tuple[UniqueKey, ...] = ()


@quick
@attrs.frozen
class Recorded:
    """An ``event`` in its ``stream``: its ``version`` is its number there, from 1, ``position`` its place in the
    tenant's order.

    ``position`` is 0 in a commit; the store gives it.
    """

    stream: Stream
    version: int
    event: Event
    position: int = 0


@quick
@attrs.frozen
class Timer:
    """Something to do about the record ``subject`` at the instant ``due``; None cancels.  One timer per ``kind`` and
    record.

    Setting it again replaces it and voids every claim on it.
    """

    kind: str
    subject: Ref
    due: datetime | None

    @property
    def id(self) -> str:
        """What claims on it are called."""
        return f"{self.subject.kind}:{self.subject.id}"


@quick
@attrs.frozen
class OutboxEntry:
    """An effect outside the database that is owed from the instant ``due`` on.

    ``kind`` says who sees to it, ``id`` is its idempotency key, and ``subject`` the record that it is about.  It stays
    until a claim on it is settled.
    """

    kind: str
    id: str
    subject: Ref
    due: datetime


@quick
@attrs.frozen
class Claim:
    """The right to do one due timer or outbox entry, until the lease ends.

    ``kind``, ``id``, ``subject`` and ``due`` are the entry's.
    ``token`` grows with every claim of the same entry; only the newest one settles.  ``attempt`` counts them.
    """

    kind: str
    id: str
    subject: Ref
    due: datetime
    token: int
    attempt: int


@attrs.frozen
class Settle:
    """An end to a ``claim``: the entry is done, or, with ``again``, due once more at that instant."""

    claim: Claim
    again: datetime | None = None


class Unchanged(NamedTuple):
    """That the record ``ref`` has this ``version``; 0 for one that is not there."""

    ref: Ref
    version: int


@quick
@attrs.frozen
class Commit:
    """Everything that one turn changes in one ``tenant``, all or nothing.

    ``records`` are stored and ``events`` recorded, each with its version; ``timers`` set and cancelled; ``outbox``
    entries owed; claims ended by ``settles``.  ``erased`` are the ids of Text records that are not there any more from
    then on.  ``unchanged`` are records that it leaves alone and that must have these versions before it, since what it
    does rests on them.
    """

    tenant: str
    records: tuple[Record, ...] = ()
    events: tuple[Recorded, ...] = ()
    timers: tuple[Timer, ...] = ()
    outbox: tuple[OutboxEntry, ...] = ()
    settles: tuple[Settle, ...] = ()
    erased: tuple[str, ...] = ()
    unchanged: tuple[Unchanged, ...] = ()

    @property
    def unnumbered(self) -> int:
        """How many new tickets in it still need a number: their opening events say 0."""
        return len([item for item in self.events if type(item.event) is TicketOpened and item.event.number == 0])

    def numbered(self, last: int) -> "Numbered":
        """The same commit with its new tickets numbered past ``last``, and past the numbers that it brings along."""
        opened = [item.event for item in self.events if type(item.event) is TicketOpened]
        if not opened:
            return Numbered(self, _NONE, last)
        largest = max(last, *[event.number for event in opened])
        new = [event.ticket for event in opened if event.number == 0]
        numbers = dict(zip(new, range(largest + 1, largest + 1 + len(new)), strict=True))
        return Numbered(self.with_numbers(numbers), numbers, largest + len(new))

    def with_numbers(self, numbers: Mapping[str, int]) -> "Commit":
        """The same commit with these numbers, by ticket id, in the records and events of its new tickets."""
        if not numbers:
            return self
        records = list(self.records)
        for i, record in enumerate(records):
            if record.id in numbers and type(record.value) is Ticket:
                number = numbers[record.id]
                ticket = _numbered(record.value, number)
                records[i] = _holding(record, ticket, {**record.fields, "number": number})
        events = list(self.events)
        for i, item in enumerate(events):
            if type(item.event) is TicketOpened:
                events[i] = _recorded(item.stream, item.version, _opened_with(item.event, numbers))
        return _with(self, tuple(records), tuple(events))

    def tickets(self, committed: "Committed") -> tuple[Ticket, ...]:
        """The tickets in it, as they were stored."""
        numbers = committed.numbers
        tickets = tuple([record.value for record in self.records if type(record.value) is Ticket])
        if not numbers:
            return tickets
        return tuple([_numbered(one, numbers[one.id]) if one.id in numbers else one for one in tickets])

    def recorded(self, committed: "Committed") -> tuple[Recorded, ...]:
        """The events in it, as they were stored."""
        numbers = committed.numbers
        stored = []
        for position, item in enumerate(self.events, committed.position - len(self.events) + 1):
            event = item.event
            if numbers and type(event) is TicketOpened:
                event = _opened_with(event, numbers)
            stored.append(_recorded(item.stream, item.version, event, position))
        return tuple(stored)


def _opened_with(event: TicketOpened, numbers: Mapping[str, int]) -> TicketOpened:
    """The event with the number of its ticket."""
    return _opened_as(event, numbers[event.ticket]) if event.number == 0 else event


_NONE: Mapping[str, int] = MappingProxyType({})
_recorded = making(Recorded)
_opened_as, _numbered = replacing(TicketOpened, "number"), replacing(Ticket, "number")
_holding = replacing(Record, "value", "fields")
_with = replacing(Commit, "records", "events")


class Numbered(NamedTuple):
    """A ``commit`` with all its numbers.

    ``numbers`` are those that it was given, by ticket id; ``last`` is the tenant's largest number from now on.
    """

    commit: Commit
    numbers: Mapping[str, int]
    last: int


@quick
@attrs.frozen
class Committed:
    """What a commit came to.

    ``position`` is that of its last event, 0 if it has none; ``numbers`` are those given to the tickets that it opens,
    by ticket id.
    """

    position: int
    numbers: Mapping[str, int]
