"""A blob store in a table of an SQLite file: in the file of the tickets, or in one of its own."""

import os
import sqlite3
import threading
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import TypeVar, TypeVarTuple

from ticketcore.errors import InvalidInput, NotFound, StoreFailure, StoreFault
from ticketcore.model import Blob
from ticketcore.model.checks import check_whole
from ticketcore.ports import MAX_BLOB_SIZE
from ticketcore.stores.sqlite.pool import Damaged, Pool, failure
from ticketcore.stores.sqlite.schema import PREFIX, _refuse_foreign, _write_ahead
from ticketcore.stores.sqlite.store import Durability
from ticketcore.stores.verified import verified

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

_LARGEST = 999_000_000
"""Bytes.  SQLite takes at most 1,000,000,000 in a row, the name of the blob among them.  (https://sqlite.org/limits.html)
"""

_TABLE = f"{PREFIX}blob"
_CREATE = f"CREATE TABLE IF NOT EXISTS {_TABLE} (sha256 TEXT NOT NULL PRIMARY KEY, content BLOB NOT NULL)"
_OURS = f"SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB '{PREFIX}*'"
_HOLDS = f"SELECT 1 FROM {_TABLE} WHERE sha256 = ? AND content = ?"
_INSERT = f"INSERT OR REPLACE INTO {_TABLE} (sha256, content) VALUES (?, ?)"
_SELECT = f"SELECT CAST(content AS BLOB) FROM {_TABLE} WHERE sha256 = ?"
"""A cast, since the driver would put damaged text into the words of its error, and they are a customer's."""


class SqliteBlobs:
    """A ``BlobStore`` in the SQLite file ``path``, made when it is not there; its directory must be.

    The file may be that of a ``SqliteStore``, whichever was first.  A copy of it then has tickets and attachments of
    one moment, at the price that every put waits for the writers of tickets and they for it.

    A put of more than ``max_size`` bytes is refused; SQLite allows no ``max_size`` above 999,000,000.  Threads,
    processes, forks, ``busy_timeout``, ``durability`` and ``shared`` are as in ``SqliteStore``.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        max_size: int = MAX_BLOB_SIZE,
        durability: Durability | str = Durability.FULL,
        busy_timeout: timedelta = timedelta(seconds=5),
        shared: bool = False,
    ) -> None:
        self._path = os.fspath(path)
        if self._path in ("", ":memory:"):
            raise InvalidInput("SqliteBlobs.path", "must name a file; MemoryBlobs keeps nothing on disk")
        check_whole(max_size, "SqliteBlobs.max_size", 0, _LARGEST)
        try:
            self._durability = Durability(durability)
        except ValueError:
            known = ", ".join(Durability)
            raise InvalidInput("SqliteBlobs.durability", f"must be one of {known}, not {durability!r}") from None
        self._max_size = max_size
        self._patience = busy_timeout / timedelta(seconds=1)
        self._shared = shared
        self._writing = threading.Lock()
        self._pool = Pool(self._path, self._patience)
        self._run(_open)

    def put(self, content: bytes) -> Blob:
        """See ``BlobStore``.  O(n) in the bytes, and O(log n) in the blobs.  Waits for no writer when it is there."""
        blob = Blob.of(content, self._max_size)
        if not self._run(_holds, blob.sha256, content):
            self._run(self._insert, blob.sha256, content)
        return blob

    def get(self, blob: Blob) -> bytes:
        """See ``BlobStore``.  O(n) in the bytes, and O(log n) in the blobs."""
        content = self._run(_select, blob.sha256)
        if content is None:
            raise NotFound("blob", blob.sha256)
        return verified(content, blob, self._path)

    def close(self) -> None:
        """Close the file; no other thread may be using it.  A later call opens it again."""
        self._pool.close()

    def __enter__(self) -> "SqliteBlobs":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _connect(self) -> sqlite3.Connection:
        """A new connection to the file, which then has the table."""
        connection = sqlite3.connect(self._path, timeout=self._patience, isolation_level=None, check_same_thread=False)
        try:
            self._prepare(connection.cursor())
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, cursor: sqlite3.Cursor) -> None:
        ours = [name for (name,) in cursor.execute(_OURS)]
        if not ours:
            _refuse_foreign(cursor, self._path, self._shared)
        _write_ahead(cursor, self._path, self._patience)
        cursor.execute(f"PRAGMA synchronous = {self._durability}")
        if _TABLE not in ours:
            cursor.execute(_CREATE)

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

    def _insert(self, cursor: sqlite3.Cursor, sha256: str, content: bytes) -> None:
        """One statement, and so one transaction.  The threads of an instance queue up here, which is fairer than
        SQLite's polling.
        """
        if not self._writing.acquire(timeout=self._patience):
            raise StoreFailure(self._path, StoreFault.BUSY, "another thread is writing")
        try:
            cursor.execute(_INSERT, (sha256, content))
        finally:
            self._writing.release()


def _open(_: sqlite3.Cursor) -> None:
    """Nothing: to take a connection is to open the file."""


def _holds(cursor: sqlite3.Cursor, sha256: str, content: bytes) -> bool:
    """Whether exactly this content is there; what is damaged is not, and is written anew."""
    return cursor.execute(_HOLDS, (sha256, content)).fetchone() is not None


def _select(cursor: sqlite3.Cursor, sha256: str) -> bytes | None:
    row = cursor.execute(_SELECT, (sha256,)).fetchone()
    if row is None:
        return None
    content: object = row[0]
    if not isinstance(content, bytes):
        raise Damaged(f"the content of the blob {sha256} is not bytes")
    return content
