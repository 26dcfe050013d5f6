"""A blob store in a table of an SQLite file: in the file of the tickets, or in one of its own."""

import os
import sqlite3
from datetime import timedelta

from ticketcore.checks import check_whole
from ticketcore.errors import NotFound
from ticketcore.model import Blob
from ticketcore.ports import MAX_BLOB_SIZE
from ticketcore.stores.sqlite.file import Durability, SqliteFile
from ticketcore.stores.sqlite.pool import Damaged
from ticketcore.stores.sqlite.schema import PREFIX, refuse_foreign, write_ahead
from ticketcore.stores.verified import verified

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


class SqliteBlobs(SqliteFile):
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
        check_whole(max_size, "SqliteBlobs.max_size", 0, _LARGEST)
        self._max_size = max_size
        super().__init__(path, durability, busy_timeout, shared)

    def put(self, content: bytes) -> Blob:
        """See ``BlobStore``.  O(n) in the bytes, and O(log n) in the blobs.  Waits for no writer when it is there."""
        blob = Blob.of(content, self._max_size)
        if not self._run(_holds, blob.sha256, content):
            self._write(_insert, blob.sha256, content)
        return blob

    def get(self, blob: Blob) -> bytes:
        """See ``BlobStore``.  O(n) in the bytes, and O(log n) in the blobs.  ``NotFound`` when they are not here."""
        content = self._run(_select, blob.sha256)
        if content is None:
            raise NotFound("blob", blob.sha256)
        return verified(content, blob, self._path)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Have the table behind a new connection."""
        cursor = connection.cursor()
        ours = [name for (name,) in cursor.execute(_OURS)]
        if not ours:
            refuse_foreign(cursor, self._path, shared=self._shared)
        write_ahead(cursor, self._path, self._patience)
        if _TABLE not in ours:
            cursor.execute(_CREATE)


def _holds(cursor: sqlite3.Cursor, sha256: str, content: bytes) -> bool:
    """Whether exactly this content is there; what is damaged is not, and is written anew."""
    return cursor.execute(_HOLDS, (sha256, content)).fetchone() is not None


def _insert(cursor: sqlite3.Cursor, sha256: str, content: bytes) -> None:
    cursor.execute(_INSERT, (sha256, content))


def _select(cursor: sqlite3.Cursor, sha256: str) -> bytes | None:
    row = cursor.execute(_SELECT, (sha256,)).fetchone()
    if row is None:
        return None
    content: object = row[0]
    if not isinstance(content, bytes):
        raise Damaged(f"the content of the blob {sha256} is not bytes")
    return content
