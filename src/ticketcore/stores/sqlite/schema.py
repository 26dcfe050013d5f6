"""What a ticketcore database holds: its tables, made from ``ports.FIELDS``, and the steps from older versions.

The tenant leads every key and index.  Tables are clustered by their key (WITHOUT ROWID), so an index ends in the id
and serves an order of (field, id) without sorting.  An index on an order field leaves out records that have no value
in it: the one on ``queued_since`` is as large as the queue, however many tickets were ever closed.

A new file gets the newest tables at once.  An older one goes through the steps that it lacks, each in a transaction
of its own with the number of the version that it makes.  A change to ``ports.FIELDS`` is such a step.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator

from ticketcore.errors import StoreFailure, StoreFault
from ticketcore.model import Kind
from ticketcore.ports import FIELDS, Fields

APPLICATION_ID = 0x7469636B
"""What marks a file as ours: "tick" in ASCII."""

PAGE_SIZE = 1024
"""Bytes.  A commit changes a line on each of several pages, and the log gets every changed page whole, so that smaller
pages than SQLite's 4096 make a commit cheaper; the bench ``eventstore`` shows it."""

Step = Callable[[sqlite3.Connection], None]
STEPS: tuple[Step, ...] = ()
"""Step i turns a database of version i + 1 into one of version i + 2."""

_TABLES = (
    """CREATE TABLE unique_key (
        tenant TEXT NOT NULL, namespace TEXT NOT NULL, value TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
        PRIMARY KEY (tenant, namespace, value)) WITHOUT ROWID""",
    """CREATE TABLE event (
        position INTEGER PRIMARY KEY, tenant TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
        version INTEGER NOT NULL, body TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX event_stream ON event (tenant, kind, id, version)",
    """CREATE TABLE agenda (
        tenant TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, subject_kind TEXT NOT NULL,
        subject_id TEXT NOT NULL, due INTEGER NOT NULL, lease_until INTEGER, token INTEGER NOT NULL DEFAULT 0,
        attempt INTEGER NOT NULL DEFAULT 0, outbox INTEGER NOT NULL,
        PRIMARY KEY (tenant, kind, id)) WITHOUT ROWID""",
    "CREATE INDEX agenda_ready ON agenda (tenant, kind, due) WHERE lease_until IS NULL",
    "CREATE INDEX agenda_leased ON agenda (tenant, kind, lease_until) WHERE lease_until IS NOT NULL",
    """CREATE TABLE counter (
        tenant TEXT NOT NULL PRIMARY KEY, token INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
)

_HEADER = """SELECT
    (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version),
    (SELECT count(*) FROM sqlite_master)"""
"""One statement, so that it cannot fall into the moment in which somebody else makes the file."""


def statements() -> Iterator[str]:
    """The newest tables and indexes."""
    yield from _TABLES
    for kind, fields in FIELDS.items():
        yield from _record_table(kind, fields)


def _record_table(kind: Kind, fields: Fields) -> Iterator[str]:
    columns = "".join(f'"{field}", ' for field in (*fields.equal, *fields.order))
    yield (
        f'CREATE TABLE "{kind}" (tenant TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, '
        f"{columns}body TEXT NOT NULL, PRIMARY KEY (tenant, id))"
    )
    then = "".join(f', "{field}"' for field in fields.order[:1])
    for field in fields.equal:
        yield f'CREATE INDEX "{kind}_{field}" ON "{kind}" (tenant, "{field}"{then}, id)'
    for field in fields.order:
        yield f'CREATE INDEX "{kind}_{field}" ON "{kind}" (tenant, "{field}", id) WHERE "{field}" IS NOT NULL'


def prepare(connection: sqlite3.Connection, path: str, patience: float) -> None:
    """Make the file one of the newest version, whoever else does so at the same moment; refuse one that is not ours.

    Nothing is written to a file that is not ours.
    """
    newest = len(STEPS) + 1
    version = _version(connection, path, newest)
    if version == 0:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    _write_ahead(connection, path, patience)
    while version < newest:
        connection.execute("BEGIN IMMEDIATE")
        version = _version(connection, path, newest)  # Somebody else may have been first.
        if version == 0:
            for statement in statements():
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            version = newest
        elif version < newest:
            STEPS[version - 1](connection)
            version += 1
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("COMMIT")


def _version(connection: sqlite3.Connection, path: str, newest: int) -> int:
    """The version of the file, 0 for an empty one."""
    application, version, tables = connection.execute(_HEADER).fetchone()
    if application == version == tables == 0:
        return 0
    if application != APPLICATION_ID:
        raise StoreFailure(path, StoreFault.FOREIGN, f"its application_id is {application:#x}")
    if version > newest:
        raise StoreFailure(path, StoreFault.NEWER, f"its version is {version}, ours is {newest}")
    return int(version)


def _write_ahead(connection: sqlite3.Connection, path: str, patience: float) -> None:
    """Have a write-ahead log.  SQLite does not wait for a lock here, so we do."""
    end = time.monotonic() + patience
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                raise
            time.sleep(0.005)
            continue
        if mode != "wal":
            raise StoreFailure(path, StoreFault.UNREADABLE, f"its file system has no shared memory (journal: {mode})")
        return
