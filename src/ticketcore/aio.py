"""The desk for asyncio: the same turns as ``Desk``, each request awaited.

Turns decide in the event loop, which takes a fraction of a millisecond; only what may wait (a store that is no
``AsyncStore``, and the blob store) is called in a worker thread.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextvars import copy_context
from copy import copy
from datetime import datetime, timedelta
from functools import partial
from inspect import iscoroutinefunction
from typing import Any, TypeVar, TypeVarTuple, assert_never, cast

from ticketcore.codec import Value
from ticketcore.commands import Command
from ticketcore.model import Clock, Configuration, Fate, Inbound, Migration, Ref, Stream, Ticket, UniqueKey
from ticketcore.ports import AsyncStore, Claim, Commit, Committed, Cursor, Page, Query, Recorded, Store
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
_Ts = TypeVarTuple("_Ts")


class AsyncDesk:
    """A desk of one tenant over a store, for asyncio.  ``Desk`` has the same methods, and says more about each.

    ``store`` is an ``AsyncStore``, or a ``Store``, which is then called in worker threads (``InThread``).  Everything
    else is as for ``Desk``.  One instance may be shared by any number of tasks.

    A call that is cancelled raises at once if it waits for an ``AsyncStore``, and as soon as the running call of the
    store has ended if that is in a thread.  What it was to commit is then stored whole or not at all, and nothing
    goes on behind the caller's back.  Who does not know which of the two gives the same message again: it is a
    duplicate if it was stored.
    """

    def __init__(
        self,
        store: AsyncStore | Store,
        *,
        tenant: str,
        config: Configuration | None = None,
        clock: Callable[[], datetime] = utc_now,
        ids: Ids = new_id,
        parts: Parts | None = None,
    ) -> None:
        self._store = _awaitable(store)
        self._setup = Setup.of(tenant, config, clock, ids, parts)

    @property
    def tenant(self) -> str:
        """The tenant that the desk serves."""
        return self._setup.context.tenant

    @property
    def store(self) -> AsyncStore:
        """The store that the desk works on; one that is called in threads is inside an ``InThread``."""
        return self._store

    def within(self, store: AsyncStore | Store, later: Later | None = None) -> "AsyncDesk":
        """The same desk in a transaction that the host holds.  See ``Desk.within``.

        A joined store that may be used by one thread only goes inside ``InLoop``.
        """
        joined = copy(self)
        joined._store, joined._setup = _awaitable(store), self._setup.within(later)
        return joined

    def without_effects(self) -> "AsyncDesk":
        """The same desk for what has happened already.  See ``Desk.without_effects``."""
        quiet = copy(self)
        quiet._setup = self._setup.without_effects()
        return quiet

    def leaving_placement(self) -> "AsyncDesk":
        """The same desk, whose turns leave it to a tick to find agents.  See ``Desk.leaving_placement``."""
        leaving = copy(self)
        leaving._setup = self._setup.leaving_placement()
        return leaving

    async def receive(self, inbound: Inbound, at: datetime | None = None) -> Received:
        """Take in a message.  See ``Desk.receive``."""
        return await self._run(receive(self._setup.context, inbound, self._setup.at(at)))

    async def handle(self, command: Command, at: datetime | None = None, *, key: str | None = None) -> Handled:
        """Carry out a command.  See ``Desk.handle``."""
        return await self._run(handle(self._setup.context, command, self._setup.at(at), key))

    async def tick(
        self,
        at: datetime | None = None,
        *,
        limit: int = 100,
        lease: timedelta = timedelta(minutes=1),
        punctual: bool = False,
    ) -> Ticked:
        """Wake timers that are due.  See ``Desk.tick``."""
        return await self._run(tick(self._setup.context, self._setup.at(at), limit, lease, punctual))

    async def ticket(self, id: str) -> Ticket:
        """The ticket ``id``.  See ``Desk.ticket``."""
        return await self._run(reading.ticket(id))

    async def resolve(self, id: str) -> Ticket:
        """The ticket that the ticket ``id`` is a part of now.  See ``Desk.resolve``."""
        return await self._run(reading.resolved(id))

    async def tickets(
        self,
        *,
        sort: str | None = "number",
        descending: bool = False,
        after: Cursor | None = None,
        limit: int = 100,
        words: bool = False,
        **where: Wanted,
    ) -> TicketPage:
        """One page of tickets.  See ``Desk.tickets``."""
        return await self._run(reading.tickets(self._setup.context, where, sort, descending, after, limit, words))

    async def held(
        self,
        *,
        fate: Fate | str = Fate.HELD,
        ticketless: bool = False,
        after: Cursor | None = None,
        limit: int = 100,
    ) -> HeldPage:
        """One page of messages in quarantine.  See ``Desk.held``."""
        return await self._run(listing.held(fate, ticketless, after, limit))

    async def find(self, query: Query) -> Page:
        """One page of records of any kind.  See ``Desk.find``."""
        return await self._run(reading.find(query))

    async def words(self, ids: Iterable[str | None]) -> dict[str, str]:
        """The words of Text records, by id.  See ``Desk.words``."""
        return await self._run(reading.words(ids))

    async def customer_view(self, id: str, locale: str = "en") -> CustomerView:
        """The ticket ``id`` as its customer sees it.  See ``Desk.customer_view``."""
        return await self._run(viewing.customer_view(self._setup.context, id, locale))

    async def history(self, stream: Stream) -> tuple[Recorded, ...]:
        """All events of one stream, in order.  See ``Desk.history``."""
        return await self._run(reading.history(stream))

    async def clock(self, ticket: str) -> Clock | None:
        """The clock of a ticket.  See ``Desk.clock``."""
        return await self._run(reading.clock(ticket))

    async def explain(self, ticket: str, at: datetime | None = None) -> tuple[Explained, ...]:
        """Which time of a ticket counted, and why.  See ``Desk.explain``."""
        return await self._run(reading.explanation(ticket, self._setup.at(at)))

    async def configuration(self) -> Configuration:
        """The configuration that the desk follows.  See ``Desk.configuration``."""
        return await self._run(reading.configuration(self._setup.context))

    async def migrations(self, configuration: Configuration) -> tuple[Migration, ...]:
        """What tickets a ``Configure`` would move.  See ``Desk.migrations``."""
        return await self._run(reading.migrations(self._setup.context, configuration))

    async def _run(self, turn: Turn[_T]) -> _T:
        """Answer the turn's requests until it returns; what goes wrong is thrown in where it arose."""
        turn = self._setup.attended(turn)
        try:
            request = next(turn)
            while True:
                try:
                    answer = await self._answer(request)
                except BaseException as error:
                    request = turn.throw(error)
                else:
                    request = turn.send(answer)
        except StopIteration as end:
            result: _T = end.value
            return result

    async def _answer(self, request: Request) -> Any:
        store, tenant = self._store, self._setup.context.tenant
        if isinstance(request, Load):
            return await store.load(tenant, request.keys)
        if isinstance(request, Save):
            return await store.commit(request.commit)
        if isinstance(request, ReadEvents):
            return await store.events(tenant, request.after, request.stream, request.limit)
        if isinstance(request, Find):
            return await store.find(tenant, request.query)
        if isinstance(request, Keep):
            return await _in_thread(self._setup.put, request.content)
        if isinstance(request, ClaimDue):
            return await store.claim(tenant, request.kinds, request.now, request.lease_until, request.limit)
        assert_never(request)


class InThread:
    """A ``Store`` as an ``AsyncStore``: each call in a worker thread of the event loop."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        """See ``Store.load``."""
        return await _in_thread(self.store.load, tenant, keys)

    async def find(self, tenant: str, query: Query) -> Page:
        """See ``Store.find``."""
        return await _in_thread(self.store.find, tenant, query)

    async def commit(self, commit: Commit) -> Committed:
        """See ``Store.commit``."""
        return await _in_thread(self.store.commit, commit)

    async def events(
        self, tenant: str, after: int = 0, stream: Stream | None = None, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        """See ``Store.events``."""
        return await _in_thread(self.store.events, tenant, after, stream, limit)

    async def claim(
        self, tenant: str, kinds: Iterable[str], now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Claim, ...]:
        """See ``Store.claim``."""
        return await _in_thread(self.store.claim, tenant, kinds, now, lease_until, limit)


class InLoop:
    """A ``Store`` as an ``AsyncStore``: each call in the event loop itself, which stands still meanwhile.

    Right for a store that never waits, such as ``MemoryStore``, and for one that is bound to the loop's own thread.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    async def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        """See ``Store.load``."""
        return self.store.load(tenant, keys)

    async def find(self, tenant: str, query: Query) -> Page:
        """See ``Store.find``."""
        return self.store.find(tenant, query)

    async def commit(self, commit: Commit) -> Committed:
        """See ``Store.commit``."""
        return self.store.commit(commit)

    async def events(
        self, tenant: str, after: int = 0, stream: Stream | None = None, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        """See ``Store.events``."""
        return self.store.events(tenant, after, stream, limit)

    async def claim(
        self, tenant: str, kinds: Iterable[str], now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Claim, ...]:
        """See ``Store.claim``."""
        return self.store.claim(tenant, kinds, now, lease_until, limit)


def _awaitable(store: AsyncStore | Store) -> AsyncStore:
    return cast(AsyncStore, store) if iscoroutinefunction(store.commit) else InThread(cast(Store, store))


async def _in_thread(work: Callable[[*_Ts], _T], *arguments: *_Ts) -> _T:
    """Do the work in a worker thread.  Nobody can stop a thread, so a cancellation waits until it is done."""
    in_context = partial(copy_context().run, work, *arguments)
    running = asyncio.get_running_loop().run_in_executor(None, in_context)
    cancelled = None
    while not running.done():
        try:
            await asyncio.wait((running,))
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        running.exception()  # Whatever it came to, it has been looked at.
        raise cancelled
    return running.result()
