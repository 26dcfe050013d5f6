"""One SQLite file, and what is asked of it besides statements: connections, errors, and one writer at a time."""

import os
import sqlite3
import threading
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from types import TracebackType
from typing import Self, TypeVar, TypeVarTuple

from ticketcore.errors import InvalidInput, StoreFailure, StoreFault
from ticketcore.stores.sqlite.pool import Pool, failure

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")
_CACHED_STATEMENTS = 512


class Durability(StrEnum):
    """What a commit survives once ``commit`` has returned.

    ``FULL``: the death of the process, and the loss of power.  ``NORMAL``: the death of the process; a loss of power
    may take the last commits, newest first, but never leaves half of one, and costs less.  Both as far as the disk
    keeps what it says it has written.  (https://sqlite.org/pragma.html#pragma_synchronous, for a write-ahead log.)
    """

    NORMAL = "normal"
    FULL = "full"


class SqliteFile:
    """What keeps its tables in the SQLite file ``path``; a subclass makes each new connection ready in ``_prepare``.

    ``InvalidInput`` for a path that names no file, or an unknown durability; ``StoreFailure`` from everything that
    touches the file.
    """

    def __init__(
        self, path: str | os.PathLike[str], durability: Durability | str, busy_timeout: timedelta, shared: bool
    ) -> None:
        own = type(self).__name__
        self._path = os.fspath(path)
        if self._path in ("", ":memory:"):
            raise InvalidInput(f"{own}.path", "must name a file; what is in memory only keeps nothing on disk")
        try:
            self._durability = Durability(durability)
        except ValueError:
            known = ", ".join(Durability)
            raise InvalidInput(f"{own}.durability", f"must be one of {known}, not {durability!r}") from None
        self._patience = busy_timeout / timedelta(seconds=1)
        self._shared = shared
        self._writing = threading.Lock()
        self._pool = Pool(self._path, self._patience)
        self._run(_nothing)

    def trace(self, hook: Callable[[], None] | None) -> None:
        """Call ``hook`` in this process before each statement of this instance; None ends it.  For tests."""
        self._pool.trace(None if hook is None else lambda _: hook())

    def close(self) -> None:
        """Close the file; no other thread may be using it.  A later call opens it again."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Have what is needed behind a new connection."""
        raise NotImplementedError

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=self._patience,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_CACHED_STATEMENTS,
        )
        try:
            self._prepare(connection)
            connection.execute(f"PRAGMA synchronous = {self._durability}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _run(self, work: Callable[[sqlite3.Cursor, *_Ts], _T], *arguments: *_Ts) -> _T:
        """Do the work on a cursor of its own: the one place where the driver's errors become ours.

        The cursor is closed before anybody else has the connection.  One that is still open waits for the connection
        when it is collected, in whatever thread that is; and if that thread is writing and the connection waits to
        write, both wait for each other.
        """
        connection = None
        try:
            connection = self._pool.take(self._connect)
            cursor = connection.cursor()
            try:
                return work(cursor, *arguments)
            finally:
                cursor.close()
        except sqlite3.Error as error:
            raise failure(self._path, error) from error
        finally:
            if connection is not None:
                self._pool.give(connection)

    def _write(self, work: Callable[[sqlite3.Cursor, *_Ts], _T], *arguments: *_Ts) -> _T:
        """Do the work in a transaction that writes.

        What fails leaves the transaction open, and the pool rolls it back.
        The threads of one instance queue up at a lock of ours, which is fairer than SQLite's polling.
        """
        return self._run(self._written, work, *arguments)

    def _written(self, cursor: sqlite3.Cursor, work: Callable[[sqlite3.Cursor, *_Ts], _T], *arguments: *_Ts) -> _T:
        if not self._writing.acquire(timeout=self._patience):
            raise StoreFailure(self._path, StoreFault.BUSY, "another thread is writing")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            result = work(cursor, *arguments)
            cursor.execute("COMMIT")
            return result
        finally:
            self._writing.release()


def at_one_moment(cursor: sqlite3.Cursor, work: Callable[[sqlite3.Cursor, *_Ts], _T], *arguments: *_Ts) -> _T:
    """Do the reading in a transaction, so that all of it sees the same."""
    cursor.execute("BEGIN")
    result = work(cursor, *arguments)
    cursor.execute("COMMIT")
    return result


def _nothing(_: sqlite3.Cursor) -> None:
    """To take a connection is to open the file."""
