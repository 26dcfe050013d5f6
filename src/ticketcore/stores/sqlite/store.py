"""The store in one SQLite file."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import TypeVar, TypeVarTuple

from ticketcore.codec import Value
from ticketcore.errors import InvalidInput, StoreFailure, StoreFault
from ticketcore.model import Ref, Stream, UniqueKey
from ticketcore.ports import Claim, Commit, Committed, Page, Query, Recorded
from ticketcore.stores.sqlite import reading, writing
from ticketcore.stores.sqlite.pool import Pool, failure
from ticketcore.stores.sqlite.schema import prepare_file

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")
_CACHED_STATEMENTS = 512
_CHECKPOINT = 16_000
"""Pages that the write-ahead log gathers (16 MB) before they go into the file: pages that are written often go once."""


class Durability(StrEnum):
    """What a commit survives once ``commit`` has returned.

    ``FULL``: the death of the process, and the loss of power.  ``NORMAL``: the death of the process; a loss of power
    may take the last commits, newest first, but never leaves half of one, and costs less.  Both as far as the disk
    keeps what it says it has written.  (https://sqlite.org/pragma.html#pragma_synchronous, for a write-ahead log.)
    """

    NORMAL = "normal"
    FULL = "full"


class SqliteStore:
    """A ``Store`` in the SQLite file ``path``, made when it is not there; its directory must be.

    Share one instance between any number of threads; give each process its own, or fork: a fork waits up to
    ``busy_timeout`` for the calls of other threads to end, and the child's instance opens connections of its own.
    Any number of processes of one host may have the file open, none of them over a network file system.  Writers
    take turns, each waiting up to ``busy_timeout`` for the lock; readers wait for nobody.

    ``shared`` says that the file may be the host's own, with tables of the host's; without it, a file that has
    tables and none of ours is refused, since its path may be a mistake.  All names of ours begin with
    ``ticketcore_``.  ``JoinedSqliteStore`` is for one transaction with the host's own rows.

    ``load`` and ``commit`` cost O(log n) a record and event.  ``InvalidInput`` for a path that names no file, or an
    unknown durability.  ``StoreFailure`` says what is wrong with the file;
    a later call tries again.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        durability: Durability | str = Durability.FULL,
        busy_timeout: timedelta = timedelta(seconds=5),
        shared: bool = False,
    ) -> None:
        self._path = os.fspath(path)
        if self._path in ("", ":memory:"):
            raise InvalidInput("SqliteStore.path", "must name a file; MemoryStore keeps nothing on disk")
        try:
            self._durability = Durability(durability)
        except ValueError:
            known = ", ".join(Durability)
            raise InvalidInput("SqliteStore.durability", f"must be one of {known}, not {durability!r}") from None
        self._patience = busy_timeout / timedelta(seconds=1)
        self._shared = shared
        self._seen = writing.Seen()
        self._writing = threading.Lock()
        self._pool = Pool(self._path, self._patience)
        self._run(_open)

    def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        """See ``Store``.  O(log n) a key.  The values are those of one moment."""
        if reading.is_one_statement(keys):
            return self._run(reading.load, tenant, keys)
        return self._run(_at_one_moment, reading.load, tenant, keys)

    def find(self, tenant: str, query: Query) -> Page:
        """See ``Store``.

        O(log n) a record and demanded value in the order of the kind's first order field; a page in another order
        may walk all records that have a place in it (of ``queued_since``, all that wait), never the rest.
        """
        if reading.is_one_statement(query):
            return self._run(reading.find, tenant, query)
        return self._run(_at_one_moment, reading.find, tenant, query)

    def commit(self, commit: Commit) -> Committed:
        """See ``Store``.  O(log n) for each thing in it."""
        ready = None if commit.unnumbered else writing.prepared(commit)
        committed, records = self._run(self._written, writing.write, commit, ready, self._seen)
        self._seen.note(commit.tenant, records)
        return committed

    def events(
        self, tenant: str, after: int = 0, stream: Stream | None = None, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        """See ``Store``.  O(log n) plus what is returned; of a stream, also what lies before ``after``."""
        return self._run(reading.events, tenant, after, stream, limit)

    def claim(
        self, tenant: str, kinds: Iterable[str], now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Claim, ...]:
        """See ``Store``.  O(log n) for each entry claimed.  Waits for no other writer when nothing is due."""
        wanted = sorted(set(kinds))
        if not self._run(writing.is_due, tenant, wanted, now):
            return ()
        return self._run(self._written, writing.claim, tenant, wanted, now, lease_until, limit)

    def trace(self, hook: Callable[[], None] | None) -> None:
        """Call ``hook`` in this process before each statement of this instance; None ends it.  For tests."""
        self._pool.trace(None if hook is None else lambda _: hook())

    def close(self) -> None:
        """Close the file; no other thread may be using the store.  A later call opens it again."""
        self._pool.close()

    def __enter__(self) -> "SqliteStore":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _connect(self) -> sqlite3.Connection:
        """A new connection to the file, which is then of the newest version."""
        connection = sqlite3.connect(
            self._path,
            timeout=self._patience,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_CACHED_STATEMENTS,
        )
        try:
            prepare_file(connection, self._path, self._patience, shared=self._shared)
            connection.execute(f"PRAGMA synchronous = {self._durability}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _run(self, work: Callable[[sqlite3.Cursor, *_Ts], _T], *arguments: *_Ts) -> _T:
        """Do the work on a cursor of its own: the one place where the driver's errors become ours."""
        connection = None
        try:
            connection = self._pool.take(self._connect)
            return work(connection.cursor(), *arguments)
        except sqlite3.Error as error:
            raise failure(self._path, error) from error
        finally:
            if connection is not None:
                self._pool.give(connection)

    def _written(self, cursor: sqlite3.Cursor, work: Callable[[sqlite3.Cursor, *_Ts], _T], *arguments: *_Ts) -> _T:
        """Do the work in a transaction that writes.

        What fails leaves the transaction open, and the pool rolls it back.
        The threads of one instance queue up at a lock of ours, which is fairer than SQLite's polling.
        """
        if not self._writing.acquire(timeout=self._patience):
            raise StoreFailure(self._path, StoreFault.BUSY, "another thread is writing")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            result = work(cursor, *arguments)
            cursor.execute("COMMIT")
            return result
        finally:
            self._writing.release()


def _open(_: sqlite3.Cursor) -> None:
    """Nothing: to take a connection is to open the file."""


def _at_one_moment(cursor: sqlite3.Cursor, work: Callable[[sqlite3.Cursor, *_Ts], _T], *arguments: *_Ts) -> _T:
    """Do the reading in a transaction, so that all of it sees the same."""
    cursor.execute("BEGIN")
    result = work(cursor, *arguments)
    cursor.execute("COMMIT")
    return result
