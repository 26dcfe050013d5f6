"""What a ticketcore database holds: its tables, and the steps from older versions.

The tables of records are made from ``ticketcore.ports.commits.FIELDS``.

The tenant leads every key and index.  An index of a field ends in the id, and serves an order of (field, id) without
sorting.  An index on an order field leaves out records that have no value in it: the one on ``queued_since`` is as
large as the queue, however many tickets were ever closed.

Records and events are rows in the order in which they came, each found by an index of its own: a row that is clustered
by its key (WITHOUT ROWID) is moved at every split of a page, which costs more than the second tree as soon as it
has a body.

What a commit has to say in one stream, with consecutive versions, is one row of ``ticketcore_event``: ``body`` holds
so many ``events``, with commas between them, and ``position`` and ``version`` are those of the last.

A field of several texts stands in its column as JSON, and has no index: a page of what has a text walks an order.

The name of each table and index begins with ``ticketcore_``, since the file may be the host's, with tables of its
own.  One of them holds the version of the others.  A file that has none gets the newest tables at once.  An older
one goes through the steps that it lacks, each with the number of the version that it makes.  A change to
``ticketcore.ports.commits.FIELDS`` is such a step.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator

from ticketcore.errors import StoreFailure, StoreFault
from ticketcore.model import Kind
from ticketcore.ports import FIELDS, Fields

PREFIX = "ticketcore_"
"""What the name of everything of ours begins with."""

PAGE_SIZE = 2048
"""Bytes.  A commit changes a line on each of several pages, and the log gets every changed page whole: larger pages are
more bytes, smaller ones are more pages.  The bench ``intake`` shows it."""

Step = Callable[[sqlite3.Cursor], None]
"""What brings the tables from one version to the next, within a transaction."""

STEPS: tuple[Step, ...] = ()
"""Step i turns a database of version i + 1 into one of version i + 2."""

_TABLES = (
    "CREATE TABLE ticketcore_schema (version INTEGER NOT NULL)",
    """CREATE TABLE ticketcore_unique_key (
        tenant TEXT NOT NULL, namespace TEXT NOT NULL, value TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
        PRIMARY KEY (tenant, namespace, value)) WITHOUT ROWID""",
    """CREATE TABLE ticketcore_event (
        position INTEGER PRIMARY KEY, tenant TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
        version INTEGER NOT NULL, events INTEGER NOT NULL, body TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX ticketcore_event_stream ON ticketcore_event (tenant, id, kind, version)",
    """CREATE TABLE ticketcore_agenda (
        tenant TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, subject_kind TEXT NOT NULL,
        subject_id TEXT NOT NULL, due INTEGER NOT NULL, lease_until INTEGER, token INTEGER NOT NULL DEFAULT 0,
        attempt INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (tenant, kind, id)) WITHOUT ROWID""",
    "CREATE INDEX ticketcore_agenda_ready ON ticketcore_agenda (tenant, kind, due) WHERE lease_until IS NULL",
    """CREATE INDEX ticketcore_agenda_leased ON ticketcore_agenda (tenant, kind, lease_until)
        WHERE lease_until IS NOT NULL""",
    """CREATE TABLE ticketcore_counter (
        tenant TEXT NOT NULL PRIMARY KEY, token INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
)


def statements() -> Iterator[str]:
    """The newest tables and indexes."""
    yield from _TABLES
    for kind, fields in FIELDS.items():
        yield from _record_table(kind, fields)


def _record_table(kind: Kind, fields: Fields) -> Iterator[str]:
    columns = "".join(f'"{field}", ' for field in (*fields.equal, *fields.order, *fields.several, *fields.plain))
    yield (
        f"CREATE TABLE {PREFIX}{kind} (tenant TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, "
        f"{columns}body TEXT NOT NULL, PRIMARY KEY (tenant, id))"
    )
    then = "".join(f', "{field}"' for field in fields.order[:1])
    for field in fields.equal:
        yield f'CREATE INDEX {PREFIX}{kind}_{field} ON {PREFIX}{kind} (tenant, "{field}"{then}, id)'
    for field in fields.order:
        yield (
            f'CREATE INDEX {PREFIX}{kind}_{field} ON {PREFIX}{kind} (tenant, "{field}", id) WHERE "{field}" IS NOT NULL'
        )


def prepare_file(connection: sqlite3.Connection, path: str, patience: float, *, shared: bool) -> None:
    """Make the file one of the newest version, with a write-ahead log, whoever else does so at the same moment.

    Nothing is written to a file that is not ours: one with other tables and none of ours, unless it is ``shared``.
    """
    cursor = connection.cursor()
    version = _version(cursor, path)
    if version == 0:
        refuse_foreign(cursor, path, shared=shared)
        cursor.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    write_ahead(cursor, path, patience)
    while version <= len(STEPS):
        cursor.execute("BEGIN IMMEDIATE")
        version = _advance(cursor, path)
        cursor.execute("COMMIT")


def prepare_tables(cursor: sqlite3.Cursor, path: str) -> None:
    """Have our tables in their newest version, in a transaction that somebody else began."""
    while _version(cursor, path) <= len(STEPS):
        _advance(cursor, path)


def _advance(cursor: sqlite3.Cursor, path: str) -> int:
    """Take one step towards the newest version, unless somebody else was first; gives the version then."""
    version = _version(cursor, path)
    if version == 0:
        for statement in statements():
            cursor.execute(statement)
        version = len(STEPS) + 1
        cursor.execute(f"INSERT INTO {PREFIX}schema (version) VALUES (?)", (version,))
    elif version <= len(STEPS):
        STEPS[version - 1](cursor)
        version += 1
        cursor.execute(f"UPDATE {PREFIX}schema SET version = ?", (version,))
    return version


def _version(cursor: sqlite3.Cursor, path: str) -> int:
    """The version of our tables, 0 if there are none."""
    if not cursor.execute(f"SELECT count(*) FROM sqlite_master WHERE name = '{PREFIX}schema'").fetchone()[0]:
        return 0
    (version,) = cursor.execute(f"SELECT max(version) FROM {PREFIX}schema").fetchone()
    if not isinstance(version, int) or version < 1:
        raise StoreFailure(path, StoreFault.CORRUPT, f"its version is {version!r}")
    if version > len(STEPS) + 1:
        raise StoreFailure(path, StoreFault.NEWER, f"its version is {version}, ours is {len(STEPS) + 1}")
    return version


def refuse_foreign(cursor: sqlite3.Cursor, path: str, *, shared: bool) -> None:
    """``StoreFailure`` for a file that has tables of others, and none of ours, unless it is ``shared``."""
    others = cursor.execute(_OTHERS).fetchone()
    if others is not None and not shared:
        raise StoreFailure(path, StoreFault.FOREIGN, f"it has a {others[0]} {others[1]!r} and none of ours")


_OTHERS = f"SELECT type, name FROM sqlite_master WHERE tbl_name NOT GLOB '{PREFIX}*' AND name NOT GLOB 'sqlite_*'"


def write_ahead(cursor: sqlite3.Cursor, path: str, patience: float) -> None:
    """Have a write-ahead log.  SQLite does not wait for a lock here, so we do, for ``patience`` seconds.

    ``StoreFailure`` where the file system cannot have one.
    """
    end = time.monotonic() + patience
    while True:
        try:
            (mode,) = cursor.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                raise
            time.sleep(0.005)
            continue
        if mode != "wal":
            raise StoreFailure(path, StoreFault.UNREADABLE, f"its file system has no shared memory (journal: {mode})")
        return
