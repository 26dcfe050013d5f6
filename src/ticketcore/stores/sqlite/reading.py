"""What reads: records by key, pages and events.  Each is given a cursor, and begins no transaction of its own."""

import sqlite3
from collections.abc import Sequence
from functools import lru_cache

from ticketcore.codec import Value, decode, decode_events
from ticketcore.model import Kind, Ref, Stream, UniqueKey
from ticketcore.ports import Cursor, Page, Query, Recorded
from ticketcore.stores.sqlite import query as pages
from ticketcore.stores.sqlite.pool import Damaged
from ticketcore.stores.sqlite.schema import PREFIX

_KINDS = {kind.value: kind for kind in Kind}
_BODY = {kind: f"SELECT body FROM {PREFIX}{kind} WHERE tenant = ? AND id = ?" for kind in Kind}
_HOLDER = "SELECT kind, id FROM ticketcore_unique_key WHERE tenant = ? AND namespace = ? AND value = ?"
_HISTORY = """SELECT version, position, body FROM ticketcore_event INDEXED BY ticketcore_event_stream
    WHERE tenant = ? AND kind = ? AND id = ? AND position > ? ORDER BY version LIMIT ?"""
_LOG = """SELECT kind, id, version, position, body FROM ticketcore_event NOT INDEXED
    WHERE tenant = ? AND position > ? ORDER BY position LIMIT ?"""


def is_one_statement(wanted: Query | Sequence[Ref | UniqueKey]) -> bool:
    """Whether it is read in one statement, and so at one moment, without a transaction."""
    if isinstance(wanted, Query):
        return not any(isinstance(value, tuple) for value in wanted.where.values())
    return len(wanted) == 1 and isinstance(wanted[0], Ref)


def load(cursor: sqlite3.Cursor, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
    """The value for each key."""
    values = []
    for key in keys:
        if isinstance(key, Ref):
            values.append(_loaded(cursor, tenant, key))
        else:
            holder = cursor.execute(_HOLDER, (tenant, key.namespace, key.value)).fetchone()
            values.append(None if holder is None else _loaded(cursor, tenant, Ref(_KINDS[holder[0]], holder[1])))
    return tuple(values)


def _loaded(cursor: sqlite3.Cursor, tenant: str, ref: Ref) -> Value | None:
    row = cursor.execute(_BODY[ref.kind], (tenant, ref.id)).fetchone()
    return None if row is None else _decoded(ref.kind, row[0])


def find(cursor: sqlite3.Cursor, tenant: str, query: Query) -> Page:
    """One page."""
    rows = pages.rows(cursor, tenant, query)
    page = rows[: query.limit]
    values = tuple(_decoded(query.kind, body) for _, _, body in page)
    return Page(values, Cursor(*page[-1][:2]) if len(rows) > query.limit else None)


def events(
    cursor: sqlite3.Cursor, tenant: str, after: int, stream: Stream | None, limit: int | None
) -> tuple[Recorded, ...]:
    """The events past a position."""
    most = -1 if limit is None else limit
    if stream is None:
        rows = cursor.execute(_LOG, (tenant, after, most)).fetchall()
        streams = [Stream(_KINDS[kind], id) for kind, id, *_ in rows]
    else:
        rows = cursor.execute(_HISTORY, (tenant, stream.kind.value, stream.id, after, most)).fetchall()
        streams = [stream] * len(rows)
    try:
        found = decode_events([row[-1] for row in rows])
    except ValueError as error:
        raise Damaged(str(error)) from error
    return tuple([Recorded(of, row[-3], event, row[-2]) for of, row, event in zip(streams, rows, found, strict=True)])


def tenants(cursor: sqlite3.Cursor) -> tuple[str, ...]:
    """All that have a configuration."""
    return tuple(row[0] for row in cursor.execute("SELECT DISTINCT tenant FROM ticketcore_configuration ORDER BY 1"))


def _decoded(kind: Kind, body: str) -> Value:
    try:
        if kind is Kind.AGENT or kind is Kind.CONFIGURATION:
            return _decoded_once(kind, body)
        return decode(kind, body)
    except ValueError as error:
        raise Damaged(str(error)) from error


@lru_cache(maxsize=4096)
def _decoded_once(kind: Kind, body: str) -> Value:
    """Every turn reads the agents and the configuration; they are immutable, so equal text is an equal value."""
    return decode(kind, body)
