"""The desk: the turns of ticketcore, driven over a store."""

from collections.abc import Callable, Iterable
from copy import copy
from datetime import datetime, timedelta
from typing import Any, TypeVar, assert_never

from ticketcore.commands import Command
from ticketcore.model import Clock, Configuration, Fate, Inbound, Migration, Stream, Ticket
from ticketcore.ports import Cursor, Page, Query, Recorded, Store
from ticketcore.shell import Later, Parts, Setup, new_id, utc_now
from ticketcore.sla import Explained
from ticketcore.turns import (
    ClaimDue,
    Find,
    Handled,
    HeldPage,
    Ids,
    Keep,
    Load,
    ReadEvents,
    Received,
    Request,
    Save,
    Ticked,
    TicketPage,
    Turn,
    Wanted,
    handle,
    listing,
    reading,
    receive,
    tick,
    viewing,
)
from ticketcore.views import CustomerView

_T = TypeVar("_T")


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
        self._store = store
        self._setup = Setup.of(tenant, config, clock, ids, parts)

    @property
    def tenant(self) -> str:
        """The tenant that the desk serves."""
        return self._setup.context.tenant

    @property
    def store(self) -> Store:
        """The store that the desk works on."""
        return self._store

    def within(self, store: Store, later: Later | None = None) -> "Desk":
        """The same desk in a transaction that the host holds: ``store`` is one that has joined it.

        What the desk does is stored when the host commits, and gone when the host rolls back.  A ``Conflict`` is
        raised at once and never tried again: the host rolls back, begins anew and calls again.  ``later`` is how the
        host runs something once its transaction is committed, as ``django.db.transaction.on_commit`` does;
        ``Parts.after_commit`` is called that way, and needs it (``InvalidInput``).
        """
        joined = copy(self)
        joined._store, joined._setup = store, self._setup.within(later)
        return joined

    def without_effects(self) -> "Desk":
        """The same desk for what has happened already, such as an import of a year of mail.

        Tickets are opened, continued and solved as they were; nobody is given one, no timer of a ticket is set, and
        nothing is owed to a customer.  What time does for agents, such as by their shifts, it does from there on.
        """
        quiet = copy(self)
        quiet._setup = self._setup.without_effects()
        return quiet

    def leaving_placement(self) -> "Desk":
        """The same desk, whose turns take in messages and commands and leave it to a tick to find agents.

        For many processes on one database: a tick of any desk, in one process if you like, finds the agents for what
        all of them left; its claims are leases, so that another may take over.  With many processes that place
        themselves, all is right too, but they get into each other's way.
        """
        leaving = copy(self)
        leaving._setup = self._setup.leaving_placement()
        return leaving

    def receive(self, inbound: Inbound, at: datetime | None = None) -> Received:
        """Take in a message: it continues a ticket, opens one that is routed and assigned, or is kept with a verdict.

        All of it is one commit.  A message that comes again (same channel, account and external id) changes nothing.
        """
        return self._run(receive(self._setup.context, inbound, self._setup.at(at)))

    def handle(self, command: Command, at: datetime | None = None, *, key: str | None = None) -> Handled:
        """Carry out a command, and place the tickets and agents that it concerns, in one commit.

        ``key`` is an idempotency key: a command that comes again under it changes nothing (``Handled.repeated``), as
        when its answer was lost.  Raises ``Refused`` with the reasons when a rule forbids it, ``NotFound`` for an
        unknown id; then the key is free still.
        """
        return self._run(handle(self._setup.context, command, self._setup.at(at), key))

    def tick(
        self,
        at: datetime | None = None,
        *,
        limit: int = 100,
        lease: timedelta = timedelta(minutes=1),
        punctual: bool = False,
    ) -> Ticked:
        """Wake up to ``limit`` timers that are due: silence solves, tickets and agents look again, clocks run out.

        Call it every few seconds from any number of processes; each timer is woken once.  ``lease`` is how long a
        process that dies keeps others from its timers; a process that is alone needs none (zero).  ``punctual`` wakes
        each at the instant at which it was due, for a clock that jumps, such as that of a feed.
        """
        return self._run(tick(self._setup.context, self._setup.at(at), limit, lease, punctual))

    def ticket(self, id: str) -> Ticket:
        """The ticket ``id``.  ``NotFound`` when there is none."""
        return self._run(reading.ticket(id))

    def resolve(self, id: str) -> Ticket:
        """What the ticket ``id`` is a part of now: itself, unless it was merged.  ``NotFound`` when there is none."""
        return self._run(reading.resolved(id))

    def tickets(
        self,
        *,
        sort: str | None = "number",
        descending: bool = False,
        after: Cursor | None = None,
        limit: int = 100,
        words: bool = False,
        **where: Wanted,
    ) -> TicketPage:
        """One page of tickets, those for which all that is asked holds.

        Asked for by ``state``, ``category``, ``queue``, ``team`` (whose queue it is in), ``assignee``, ``contact``,
        ``organisation`` (that the customer belongs to now), ``channel``, ``priority`` and ``tag``, and by the
        ``service``, ``order`` or ``account`` that it is about, each one value, None for none, or a tuple of several of
        which one will do; and by ``opened``, ``updated`` and ``waiting`` (since when its customer waits), each a
        ``Span``.

        Sorted by ``number``, ``priority`` (none first) or ``updated_at``; or by ``waiting_since`` (those
        whose customer waits for an answer) or ``queued_since`` (those that wait for an agent), the oldest first.
        ``after`` is the ``next`` of the page before; ``words`` brings the subjects and attributes along.
        A page costs what the store says of it, and for an ``organisation`` a look at every customer, O(customers).
        ``InvalidInput`` for anything else to find or sort by.
        """
        return self._run(reading.tickets(self._setup.context, where, sort, descending, after, limit, words))

    def held(
        self,
        *,
        fate: Fate | str = Fate.HELD,
        ticketless: bool = False,
        after: Cursor | None = None,
        limit: int = 100,
    ) -> HeldPage:
        """One page of messages in quarantine, the one that came first before all others, with what they say.

        ``fate`` is what became of them: "held", "accepted" or "rejected".  ``ticketless`` are those alone that name no
        ticket, which no ticket's history can show.  ``after`` is the ``next`` of the page before.  ``InvalidInput`` for
        what is no fate, and for a limit out of range.
        """
        return self._run(listing.held(fate, ticketless, after, limit))

    def find(self, query: Query) -> Page:
        """One page of records of any kind."""
        return self._run(reading.find(query))

    def words(self, ids: Iterable[str | None]) -> dict[str, str]:
        """The words of Text records, by id; ids of none are passed over."""
        return self._run(reading.words(ids))

    def customer_view(self, id: str, locale: str = "en") -> CustomerView:
        """The ticket ``id`` as its customer sees it, in the words of a locale (BCP 47) or else in English.

        A ticket that was merged stands where what it is a part of stands, with what its customer may read of that.
        Whether the ticket is theirs is for the host to know.  ``NotFound`` when there is none, when it was deleted, or
        when it is of a type that no customer knows of.
        """
        return self._run(viewing.customer_view(self._setup.context, id, locale))

    def history(self, stream: Stream) -> tuple[Recorded, ...]:
        """All events of one ticket, agent, contact or conversation, in order."""
        return self._run(reading.history(stream))

    def clock(self, ticket: str) -> Clock | None:
        """The clock of the ticket with this id; None while no policy was there to measure it."""
        return self._run(reading.clock(ticket))

    def explain(self, ticket: str, at: datetime | None = None) -> tuple[Explained, ...]:
        """Which time counted in each cycle of each metric of the ticket, which was cut, and which policy applied.

        ``NotFound`` when there is no ticket.  ``at`` is up to when.
        """
        return self._run(reading.explanation(ticket, self._setup.at(at)))

    def configuration(self) -> Configuration:
        """The configuration that the desk follows: the store's, or its own while the tenant is empty."""
        return self._run(reading.configuration(self._setup.context))

    def migrations(self, configuration: Configuration) -> tuple[Migration, ...]:
        """What tickets a ``Configure`` would move, and which it would be refused for, since they have no target.

        O(tickets in the states that go).
        """
        return self._run(reading.migrations(self._setup.context, configuration))

    def _run(self, turn: Turn[_T]) -> _T:
        """Answer the turn's requests until it returns; what goes wrong is thrown in where it arose."""
        turn = self._setup.attended(turn)
        try:
            request = next(turn)
            while True:
                try:
                    answer = self._answer(request)
                except BaseException as error:
                    request = turn.throw(error)
                else:
                    request = turn.send(answer)
        except StopIteration as end:
            result: _T = end.value
            return result

    def _answer(self, request: Request) -> Any:
        """What the request asks; a ``match`` would ask in four times the time."""
        store, tenant = self._store, self._setup.context.tenant
        if isinstance(request, Load):
            return store.load(tenant, request.keys)
        if isinstance(request, Save):
            return store.commit(request.commit)
        if isinstance(request, ReadEvents):
            return store.events(tenant, request.after, request.stream, request.limit)
        if isinstance(request, Find):
            return store.find(tenant, request.query)
        if isinstance(request, Keep):
            return self._setup.put(request.content)
        if isinstance(request, ClaimDue):
            return store.claim(tenant, request.kinds, request.now, request.lease_until, request.limit)
        assert_never(request)
