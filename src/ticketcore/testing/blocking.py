"""An asynchronous store with the face of a store, so that the same suite tests both."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from ticketcore.codec import Value
from ticketcore.model import Ref, Stream, UniqueKey
from ticketcore.ports import AsyncStore, Claim, Commit, Committed, Page, Query, Recorded

_T = TypeVar("_T")


class Blocking:
    """A ``Store`` whose calls wait for those of an ``AsyncStore``, which has an event loop and its thread to itself.

    ``open`` gives the store, and is awaited in that loop; ``store`` is what it gave.  ``close`` is awaited there at
    the end, with the store, if there is anything to close::

        StoreUnderTest(open=lambda: Blocking(open_my_store, MyStore.close), close=Blocking.close)
    """

    def __init__(
        self, open: Callable[[], Awaitable[AsyncStore]], close: Callable[[Any], Awaitable[None]] | None = None
    ) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._close = close
        self.store = self._result(_awaited(open()))

    def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        """See ``Store.load``."""
        return self._result(self.store.load(tenant, keys))

    def find(self, tenant: str, query: Query) -> Page:
        """See ``Store.find``."""
        return self._result(self.store.find(tenant, query))

    def commit(self, commit: Commit) -> Committed:
        """See ``Store.commit``."""
        return self._result(self.store.commit(commit))

    def events(
        self, tenant: str, after: int = 0, stream: Stream | None = None, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        """See ``Store.events``."""
        return self._result(self.store.events(tenant, after, stream, limit))

    def claim(
        self, tenant: str, kinds: Iterable[str], now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Claim, ...]:
        """See ``Store.claim``."""
        return self._result(self.store.claim(tenant, kinds, now, lease_until, limit))

    def close(self) -> None:
        """Close the store, and end its loop."""
        if self._close is not None:
            self._result(_awaited(self._close(self.store)))
        self._result(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _result(self, call: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(call, self._loop).result()


async def _awaited(awaitable: Awaitable[_T]) -> _T:
    return await awaitable
