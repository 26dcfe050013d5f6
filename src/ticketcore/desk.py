"""The desk: the turns of ticketcore, driven over a store.

This is where time and chance enter: ``clock`` gives the instant when a call names none, and ``ids`` names new things.
Everything below takes both as input.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, assert_never

import attrs

from ticketcore.assignment import FairShare
from ticketcore.commands import Command
from ticketcore.errors import Conflict, InvalidInput, NotFound, StoreFailure
from ticketcore.model import Configuration, Inbound, Kind, Ref, Stream, Text, Ticket
from ticketcore.model.checks import check_name, instant
from ticketcore.ports import BlobStore, Cursor, DistributionPolicy, Page, Query, Recorded, Scalar, Segmenter, Store
from ticketcore.records import CURRENT
from ticketcore.segmentation import ReplyOrGap
from ticketcore.turns import (
    ClaimDue,
    Context,
    Find,
    Handled,
    Ids,
    Keep,
    Load,
    Received,
    Request,
    Save,
    Ticked,
    Turn,
    handle,
    receive,
    tick,
)

_T = TypeVar("_T")


def utc_now() -> datetime:
    """The instant it is, in UTC."""
    return datetime.now(UTC)


def new_id(kind: str, key: str) -> str:  # noqa: ARG001  (those who want the same id for the same input use them)
    """A new id of 32 hexadecimal digits, whatever it is for: 12 of the time in milliseconds, then 20 at random.

    Ids that were given out together stand together in an index, which spares a database a page or two a commit (the
    idea of RFC 9562, 5.7).  Nobody guesses one: 80 bits are random.
    """
    return f"{time.time_ns() // 1_000_000:012x}{os.urandom(10).hex()}"


@attrs.frozen
class Parts:
    """What the host may bring: where files are kept, who decides which ticket a message is for, and who gets one.

    Without ``blobs`` a message with attachments is ``InvalidInput``: files are never dropped in silence.
    """

    blobs: BlobStore | None = None
    segmenter: Segmenter = attrs.field(factory=ReplyOrGap)
    policy: DistributionPolicy = attrs.field(factory=FairShare)


@attrs.frozen
class TicketPage:
    """Some tickets in order, where the next page begins (None when there is none), and words by their Text's id."""

    tickets: tuple[Ticket, ...]
    next: Cursor | None
    words: Mapping[str, str]


class Desk:
    """A desk of one tenant over a store.

    One instance may be shared by any number of threads, and used after a fork, as far as its store may: it keeps
    nothing but what it was given.  Between processes, each has a Desk of its own on the same database.

    ``config`` seeds a tenant that is empty; afterwards the store wins, and ``Configure`` changes it.  ``clock``
    gives aware datetimes.  ``ids`` gives the id of a new thing from its kind and a key that is the same whenever the
    same input comes again.  Every ``at`` is an instant with a time zone; left out, it is the clock's.

    Every call raises ``InvalidInput`` for an argument that cannot be used, ``Conflict`` when other writers were
    first on every attempt, and ``StoreFailure`` when the database cannot serve; in each case nothing was written.
    """

    def __init__(
        self,
        store: Store,
        *,
        tenant: str,
        config: Configuration | None = None,
        clock: Callable[[], datetime] = utc_now,
        ids: Ids = new_id,
        parts: Parts | None = None,
    ) -> None:
        check_name(tenant, "Desk.tenant")
        if config is not None and not isinstance(config, Configuration):
            raise InvalidInput("Desk.config", f"must be Configuration, not {type(config).__name__}")
        self._store = store
        self._clock = clock
        self._parts = parts or Parts()
        self._context = Context(tenant, config or Configuration(), ids, self._parts.segmenter, self._parts.policy)

    @property
    def tenant(self) -> str:
        """The tenant that the desk serves."""
        return self._context.tenant

    @property
    def store(self) -> Store:
        """The store that the desk works on."""
        return self._store

    def receive(self, inbound: Inbound, at: datetime | None = None) -> Received:
        """Take in a message: it continues a ticket, opens one that is routed and assigned, or is kept with a verdict.

        All of it is one commit.  A message that comes again (same channel, account and external id) changes nothing.
        """
        if not isinstance(inbound, Inbound):
            raise InvalidInput("inbound", f"must be Inbound, not {type(inbound).__name__}")
        return self._run(receive(self._context, inbound, self._instant(at)))

    def handle(self, command: Command, at: datetime | None = None) -> Handled:
        """Carry out a command, and place the tickets and agents that it concerns, in one commit.

        Raises ``Refused`` with the reasons when a rule forbids it, ``NotFound`` for an unknown id.
        """
        if not isinstance(command, Command):
            raise InvalidInput("command", f"must be a command, not {type(command).__name__}")
        return self._run(handle(self._context, command, self._instant(at)))

    def tick(self, at: datetime | None = None, *, limit: int = 100, lease: timedelta = timedelta(minutes=1)) -> Ticked:
        """Wake up to ``limit`` timers that are due: tickets solved by silence, tickets and agents that look again.

        Call it every few seconds from any number of processes; each timer is woken once.  ``lease`` is how long a
        process that dies keeps others from its timers.
        """
        if limit < 1:
            raise InvalidInput("limit", f"must be at least 1, is {limit}")
        if lease <= timedelta(0):
            raise InvalidInput("lease", f"must be longer than nothing, is {lease}")
        return self._run(tick(self._context, self._instant(at), limit, lease))

    def ticket(self, id: str) -> Ticket:
        """The ticket ``id``.  ``NotFound`` when there is none."""
        (value,) = self._store.load(self.tenant, (Ref(Kind.TICKET, id),))
        if not isinstance(value, Ticket):
            raise NotFound(Kind.TICKET, id)
        return value

    def tickets(
        self,
        *,
        sort: str | None = "number",
        descending: bool = False,
        after: Cursor | None = None,
        limit: int = 100,
        words: bool = False,
        **where: Scalar | tuple[Scalar, ...],
    ) -> TicketPage:
        """One page of tickets: by ``state``, ``queue``, ``assignee`` and ``contact``, each one value, None or several.

        Sorted by ``number``, or ``waiting_since`` (those whose customer waits for an answer) or ``queued_since``
        (those that wait for an agent), the oldest first.  ``after`` is the ``next`` of the page before; ``words``
        brings the subjects and attributes along.  ``InvalidInput`` for anything else to find or sort by.
        """
        page = self.find(Query(Kind.TICKET, where, sort, descending, after, limit))
        tickets = tuple(ticket for ticket in page.values if isinstance(ticket, Ticket))
        texts = (id for ticket in tickets for id in (ticket.subject, *dict(ticket.origin.attributes).values()))
        return TicketPage(tickets, page.next, self.words(texts) if words else {})

    def find(self, query: Query) -> Page:
        """One page of records of any kind."""
        return self._store.find(self.tenant, query)

    def words(self, ids: Iterable[str | None]) -> dict[str, str]:
        """The words of Text records, by id; ids of none are passed over."""
        wanted = tuple(Ref(Kind.TEXT, id) for id in ids if id is not None)
        values = self._store.load(self.tenant, wanted)
        return {value.id: value.words for value in values if isinstance(value, Text)}

    def history(self, stream: Stream) -> tuple[Recorded, ...]:
        """All events of one ticket, agent, contact or conversation, in order."""
        return self._store.events(self.tenant, stream=stream)

    def configuration(self) -> Configuration:
        """The configuration that the desk follows: the store's, or its own while the tenant is empty."""
        (value,) = self._store.load(self.tenant, (CURRENT,))
        return value if isinstance(value, Configuration) else self._context.configuration

    def _instant(self, at: datetime | None) -> datetime:
        return instant(self._clock() if at is None else at, "at")

    def _run(self, turn: Turn[_T]) -> _T:
        """Answer the turn's requests until it returns; the store's errors are thrown in where they arose."""
        try:
            request = next(turn)
            while True:
                try:
                    answer = self._answer(request)
                except (Conflict, StoreFailure) as error:
                    request = turn.throw(error)
                else:
                    request = turn.send(answer)
        except StopIteration as end:
            result: _T = end.value
            return result

    def _answer(self, request: Request) -> Any:
        tenant = self._context.tenant
        match request:
            case Load(keys):
                return self._store.load(tenant, keys)
            case Find(query):
                return self._store.find(tenant, query)
            case Save(commit):
                return self._store.commit(commit)
            case Keep(contents):
                if self._parts.blobs is None:
                    raise InvalidInput("attachments", "the desk has no blob store: give it Parts(blobs=...)")
                return tuple(self._parts.blobs.put(content) for content in contents)
            case ClaimDue(kinds, now, lease_until, limit):
                return self._store.claim(tenant, kinds, now, lease_until, limit)
            case _:
                assert_never(request)
