"""A store inside a transaction that the host holds."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar, TypeVarTuple

from ticketcore.codec import Value
from ticketcore.errors import Conflict, InvalidInput
from ticketcore.model import Ref, Stream, UniqueKey
from ticketcore.ports import Claim, Commit, Committed, Page, Query, Recorded
from ticketcore.stores.sqlite import reading, writing
from ticketcore.stores.sqlite.pool import failure
from ticketcore.stores.sqlite.schema import prepare_tables
from ticketcore.stores.sqlite.seen import Seen

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")


class JoinedSqliteStore:
    """A ``Store`` on a connection of the host's, inside the transaction that the host has begun on it.

    What is committed here is a savepoint of that transaction: it is stored when the host commits, along with the
    host's own rows, and gone when the host rolls back.  Until then only this connection sees it.  The tables are made,
    or brought to the newest version, in that transaction as well.  One instance serves one connection and the thread
    that uses it; make one for each transaction, it costs two small reads.

    ``InvalidInput`` when the connection is in no transaction, or gives texts as something else than ``str``.
    ``Conflict`` also when the transaction cannot write because another one has written, or is writing, since it first
    read: roll it back and begin again.  A transaction that begins with ``BEGIN IMMEDIATE`` never meets that.
    ``StoreFailure`` leaves the transaction to the host, unless SQLite has ended it, as it may when the disk is full.

    Read the log of events through a ``SqliteStore``, not here: positions past what others have committed are given
    again after a rollback.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        if connection.text_factory is not str:
            raise InvalidInput("connection.text_factory", "must be str")
        self._connection = connection
        self._path = ""
        self._path = self._run(_path) or ":memory:"
        self._run(prepare_tables, self._path)

    def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        """See ``Store``.  O(log n) a key."""
        return self._run(reading.load, tenant, keys, Seen())

    def find(self, tenant: str, query: Query) -> Page:
        """See ``Store``.  The cost is that of ``SqliteStore.find``."""
        return self._run(reading.find, tenant, query, Seen())

    def commit(self, commit: Commit) -> Committed:
        """See ``Store``.  O(log n) for each thing in it."""
        ready = None if commit.unnumbered else writing.prepared(commit)
        committed, _ = self._run(_in_savepoint, writing.write, commit, ready, Seen())
        return committed

    def events(
        self, tenant: str, after: int = 0, stream: Stream | None = None, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        """See ``Store``.  O(log n) plus what is returned; of a stream, also what lies before ``after``."""
        return self._run(reading.events, tenant, after, stream, limit)

    def claim(
        self, tenant: str, kinds: Iterable[str], now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Claim, ...]:
        """See ``Store``.  What is claimed is leased to others' eyes once the host commits."""
        return self._run(_in_savepoint, writing.claim, tenant, sorted(set(kinds)), now, lease_until, limit)

    def _run(self, work: Callable[[sqlite3.Cursor, *_Ts], _T], *arguments: *_Ts) -> _T:
        """Do the work on a cursor that gives plain rows, whatever the host's own cursors give."""
        try:
            if not self._connection.in_transaction:
                raise InvalidInput("connection", "is in no transaction: begin one first, with BEGIN IMMEDIATE")
            return work(sqlite3.Cursor(self._connection), *arguments)
        except sqlite3.Error as error:
            if (getattr(error, "sqlite_errorcode", 0) & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise Conflict((("transaction", self._path),)) from error
            raise failure(self._path, error) from error


def _path(cursor: sqlite3.Cursor) -> str:
    """The file of the connection."""
    return str(cursor.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0])


def _in_savepoint(cursor: sqlite3.Cursor, work: Callable[[sqlite3.Cursor, *_Ts], _T], *arguments: *_Ts) -> _T:
    """Do the work as a whole or not at all, and leave the rest of the transaction alone."""
    cursor.execute("SAVEPOINT ticketcore")
    try:
        result = work(cursor, *arguments)
    except BaseException:
        if cursor.connection.in_transaction:
            cursor.execute("ROLLBACK TO ticketcore")
            cursor.execute("RELEASE ticketcore")
        raise
    cursor.execute("RELEASE ticketcore")
    return result
