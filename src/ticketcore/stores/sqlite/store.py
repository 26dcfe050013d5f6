"""The store in one SQLite file."""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from ticketcore.codec import Value
from ticketcore.model import Ref, Stream, UniqueKey
from ticketcore.ports import Claim, Commit, Committed, Page, Query, Recorded
from ticketcore.stores.sqlite import reading, writing
from ticketcore.stores.sqlite.file import Durability, SqliteFile, at_one_moment
from ticketcore.stores.sqlite.schema import prepare_file
from ticketcore.stores.sqlite.seen import Seen

_CHECKPOINT = 3_000
"""Pages that the write-ahead log gathers (6 MB) before they go into the file: pages that are written often go once, and
a log that has its size costs less to bring to the disk than one that grows."""


class SqliteStore(SqliteFile):
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
        self._seen = Seen()
        super().__init__(path, durability, busy_timeout, shared)

    def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        """See ``Store``.  O(log n) a key.  The values are those of one moment."""
        if reading.is_one_statement(keys):
            return self._run(reading.load, tenant, keys, self._seen)
        return self._run(at_one_moment, reading.load, tenant, keys, self._seen)

    def find(self, tenant: str, query: Query) -> Page:
        """See ``Store``.

        O(log n) a record and demanded value in the order of the kind's first order field; a page in another order
        may walk all records that have a place in it (of ``queued_since``, all that wait), never the rest.
        """
        if reading.is_one_statement(query):
            return self._run(reading.find, tenant, query, self._seen)
        return self._run(at_one_moment, reading.find, tenant, query, self._seen)

    def commit(self, commit: Commit) -> Committed:
        """See ``Store``.  O(log n) for each thing in it."""
        ready = None if commit.unnumbered else writing.prepared(commit)
        return self._run(self._committed, commit, ready)

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
        return self._write(writing.claim, tenant, wanted, now, lease_until, limit)

    def tenants(self) -> tuple[str, ...]:
        """Whose desks the file keeps, by name: each has the configuration that it follows."""
        return self._run(reading.tenants)

    def close(self) -> None:
        """Close the file; no other thread may be using it.  A later call opens it again."""
        self._seen.clear()
        super().close()

    def _committed(self, cursor: sqlite3.Cursor, commit: Commit, ready: writing.Prepared | None) -> Committed:
        """Store it, and take note while nobody else uses the connection."""
        try:
            committed, records = self._written(cursor, writing.write, commit, ready, self._seen)
        except BaseException:
            self._seen.doubt()
            raise
        self._seen.wrote(cursor.connection, commit.tenant, records)
        return committed

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Have the newest tables behind a new connection."""
        prepare_file(connection, self._path, self._patience, shared=self._shared)
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
        connection.execute("PRAGMA secure_delete = ON")
