"""The plug-in points: what ticketcore asks of a store, a blob store, a segmenter and a policy.

Each docstring is a contract.  ``ticketcore.testing`` checks the contract of a store by running it.

A **commit** is everything that one turn changes, and the unit of all guarantees: records with the versions that
they must have had, the events that led to them, unique keys that they claim, timers set and cancelled, outbox
entries, and claims that it settles.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, cast

import attrs

from ticketcore.codec import Value
from ticketcore.errors import InvalidInput
from ticketcore.events import Event, TicketOpened
from ticketcore.model import (
    Agent,
    Blob,
    Channel,
    Conversation,
    Inbound,
    Kind,
    Ref,
    Segmentation,
    Stream,
    Ticket,
    UniqueKey,
)
from ticketcore.model.values import replaced

Scalar = str | int | None
"""What an index field holds; instants are microseconds since 1970 UTC."""


class Fields(NamedTuple):
    """The index fields of a kind of record: those that a query can demand a value of, and those that it sorts by."""

    equal: tuple[str, ...] = ()
    order: tuple[str, ...] = ()


FIELDS: Mapping[Kind, Fields] = {
    Kind.CONFIGURATION: Fields(),
    Kind.CONTACT: Fields(),
    Kind.CONVERSATION: Fields(equal=("contact",)),
    Kind.MESSAGE: Fields(equal=("ticket", "conversation"), order=("received_at",)),
    Kind.TEXT: Fields(),
    Kind.TICKET: Fields(
        equal=("state", "queue", "assignee", "contact"), order=("number", "waiting_since", "queued_since")
    ),
    Kind.AGENT: Fields(),
}
"""The declared index fields of every kind; a store keeps an index for each and needs no change for a new one."""


@attrs.frozen
class Record:
    """One record to be stored: what it is, its new version, and the version it must have at that moment.

    ``expected`` is 0 for a record that must not exist yet.  ``value`` is immutable; a store that writes bytes uses
    ``ticketcore.codec``.  ``fields`` has an entry for each declared field of the kind.  ``keys`` are the unique
    keys that the record holds from now on; those that it held before stay its own.
    """

    kind: Kind
    id: str
    version: int
    expected: int
    value: Value
    fields: Mapping[str, Scalar] = attrs.field(factory=dict)
    keys: tuple[UniqueKey, ...] = ()


@attrs.frozen
class Recorded:
    """An event in its stream: the stream, its number there (from 1), and its position in the tenant's order.

    ``position`` is 0 in a commit; the store gives it.
    """

    stream: Stream
    version: int
    event: Event
    position: int = 0


@attrs.frozen
class Timer:
    """Something to do about a record at an instant; ``due`` None cancels.  One timer per kind and record.

    Setting it again replaces it and voids every claim on it.
    """

    kind: str
    subject: Ref
    due: datetime | None

    @property
    def id(self) -> str:
        """What claims on it are called."""
        return f"{self.subject.kind}:{self.subject.id}"


@attrs.frozen
class OutboxEntry:
    """An effect outside the database that is owed: ``id`` is its idempotency key, ``subject`` what it is about.

    It stays until a claim on it is settled.
    """

    kind: str
    id: str
    subject: Ref
    due: datetime


@attrs.frozen
class Claim:
    """The right to do one due timer or outbox entry, until the lease ends.

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
    """An end to a claim: the entry is done, or, with ``again``, due once more at that instant."""

    claim: Claim
    again: datetime | None = None


@attrs.frozen
class Commit:
    """Everything that one turn changes in one tenant, all or nothing."""

    tenant: str
    records: tuple[Record, ...] = ()
    events: tuple[Recorded, ...] = ()
    timers: tuple[Timer, ...] = ()
    outbox: tuple[OutboxEntry, ...] = ()
    settles: tuple[Settle, ...] = ()

    @property
    def unnumbered(self) -> int:
        """How many new tickets in it still need a number: their opening events say 0."""
        return len([item for item in self.events if type(item.event) is TicketOpened and item.event.number == 0])

    def numbered(self, first: int) -> "Commit":
        """The same commit with its new tickets numbered from ``first`` on, in the records and in their events."""
        numbers: dict[str, int] = {}
        events = list(self.events)
        for i, item in enumerate(events):
            event = item.event
            if type(event) is TicketOpened and event.number == 0:
                number = numbers[event.ticket] = first + len(numbers)
                events[i] = Recorded(item.stream, item.version, replaced(event, number=number))
        records = list(self.records)
        for i, record in enumerate(records):
            if record.kind is Kind.TICKET and record.id in numbers:
                number = numbers[record.id]
                ticket = replaced(cast(Ticket, record.value), number=number)
                fields = {**record.fields, "number": number}
                records[i] = Record(
                    record.kind, record.id, record.version, record.expected, ticket, fields, record.keys
                )
        return Commit(self.tenant, tuple(records), tuple(events), self.timers, self.outbox, self.settles)


@attrs.frozen
class Committed:
    """What a commit came to.

    ``position`` is that of its last event, 0 if it has none; ``numbers`` are those given to the tickets that it opens,
    by ticket id.
    """

    position: int
    numbers: Mapping[str, int]


MAX_PAGE = 1000
"""The most records that one page holds."""


@attrs.frozen
class Query:
    """Which records of a kind, in which order, and from where on.

    ``where`` demands a value of each field it names: one value, None for absent, or a tuple of values for any of
    them, none of which finds nothing.  ``sort`` is a declared order field, or None for the order of ids; records
    that have no value in it are not in that order, and equal values follow the order of ids.  ``after`` is the
    ``next`` of the page before; ``limit`` is at most ``MAX_PAGE``.

    ``InvalidInput`` for a field that the kind does not declare, or a limit out of range.
    """

    kind: Kind
    where: Mapping[str, Scalar | tuple[Scalar, ...]] = attrs.field(factory=dict)
    sort: str | None = None
    descending: bool = False
    after: "Cursor | None" = None
    limit: int = 100

    def __attrs_post_init__(self) -> None:
        fields = FIELDS[self.kind]
        where = {}
        for field, value in self.where.items():
            if field not in fields.equal:
                raise InvalidInput(f"Query.where[{field!r}]", f"a {self.kind} is not found by it")
            where[field] = _wanted(field, value)
        object.__setattr__(self, "where", where)
        if self.sort is not None and self.sort not in fields.order:
            raise InvalidInput("Query.sort", f"a {self.kind} is not sorted by {self.sort!r}")
        if not isinstance(self.limit, int) or not 1 <= self.limit <= MAX_PAGE:
            raise InvalidInput("Query.limit", f"must be from 1 to {MAX_PAGE}, is {self.limit}")


def _wanted(field: str, value: object) -> Scalar | tuple[Scalar, ...]:
    if isinstance(value, list | tuple | set | frozenset):
        several = tuple(value)
        if all(item is None or isinstance(item, str | int) for item in several):
            return several
    elif value is None or isinstance(value, str | int):
        return value
    raise InvalidInput(f"Query.where[{field!r}]", "must be a text, a whole number, None, or several of these")


class Cursor(NamedTuple):
    """Where a page ended: the sort value and the id of its last record."""

    value: Scalar
    id: str


@attrs.frozen
class Page:
    """The values of some records in order, and where the next page begins: None when there is none."""

    values: tuple[Value, ...]
    next: Cursor | None


class Store(Protocol):
    """Keeps one or many tenants' records, events, timers and outbox.

    **All or nothing.**  A commit is stored whole or not at all, whatever fails or dies when, and is seen whole.

    **Versions.**  Each record has the version that the commit expects of it, and each event is later in its stream
    than all that are there; otherwise the commit is a ``Conflict``.  A commit holds a record once.

    **Keys.**  A unique key belongs to one record of a tenant, and claiming it for another is a ``Conflict``.

    **Numbers.**  A ticket whose opening event says 0 gets the tenant's next number inside the commit
    (``Commit.numbered``), from 1 on and without gaps: a commit that fails gives its numbers back.  No number comes
    twice, nor does one that an opening event brought along.

    **Order.**  The events of a tenant have growing positions, those of one commit consecutive ones, and a reader past
    position p never later meets an event at or before p.  Between commits positions may skip.

    **Timers and outbox.**  An entry is due when its instant has come (``due <= now``).  It is claimed by one worker at
    a time; a lease has ended at ``lease_until``.  A claim settles once, also after its lease while nobody else has
    claimed the entry, but not after a newer claim, nor after the timer was set anew; otherwise the commit is a
    ``Conflict``.  Owing an outbox id that is
    outstanding is a ``Conflict``.  Within a commit, settles come before timers, and timers before the outbox.

    **Tenants.**  Nothing of one tenant is seen or touched through another.

    A ``Conflict`` names what stood in the way, at least one of it and nothing else, and leaves nothing behind.  All of
    this holds within one commit too.  One instance may be used from many threads.  Every instant has a time zone.
    """

    def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        """The value of the record for each reference or unique key, in order; None where there is none."""
        ...

    def find(self, tenant: str, query: Query) -> Page:
        """One page of the records that the query asks for.

        Ids are in the order of their code points; descending turns the order of ids around as well.
        """
        ...

    def commit(self, commit: Commit) -> Committed:
        """Store it all.  ``Conflict`` when it does not fit, ``StoreFailure`` when the database cannot."""
        ...

    def events(
        self, tenant: str, after: int = 0, stream: Stream | None = None, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        """The events past a position, of one stream or of all, in order, at most ``limit``."""
        ...

    def claim(
        self, tenant: str, kinds: Iterable[str], now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Claim, ...]:
        """Claim up to ``limit`` entries of these kinds that are due and not leased, the longest due first."""
        ...


class BlobStore(Protocol):
    """Keeps bytes by their content, outside the store."""

    def put(self, content: bytes) -> Blob:
        """Keep the bytes; the same bytes again are the same blob."""
        ...

    def get(self, blob: Blob) -> bytes:
        """The bytes.  ``NotFound`` when they are not here."""
        ...


@attrs.frozen
class Evidence:
    """What may tie a message to a ticket: an earlier message it answers, with that message's conversation."""

    ticket: Ticket | None
    conversation: Conversation


@attrs.frozen
class Segmentable:
    """A message to be segmented, and what is known around it.

    ``channel`` is how its channel threads.  ``answers`` are the earlier messages that it says it answers and whose
    conversation its sender is part of, newest first.  ``conversation`` and ``current`` are the sender's own thread
    on this channel account and the ticket it is about, on a channel that has one thread per customer.
    """

    inbound: Inbound
    channel: Channel
    answers: tuple[Evidence, ...]
    conversation: Conversation | None
    current: Ticket | None


class Segmenter(Protocol):
    """Decides which ticket a message is for.  Pure: the same input gives the same answer."""

    def segment(self, message: Segmentable, at: datetime) -> Segmentation:
        """The ticket that it continues, or that it opens one, or that it gets none, with the reason."""
        ...


class DistributionPolicy(Protocol):
    """Decides which of the agents who can take a ticket gets it.  Pure."""

    @property
    def name(self) -> str:
        """What decisions call it."""
        ...

    def rank(self, agent: Agent, ticket: Ticket) -> tuple[int, ...]:
        """The smallest wins; equal ranks go by agent id."""
        ...

    def credit(self, agent: Agent) -> int:
        """What one assignment adds to the agent's virtual time."""
        ...
