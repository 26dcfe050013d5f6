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
from ticketcore.stores.sqlite.seen import ONCE, UNSURE, Seen

_KINDS = {kind.value: kind for kind in Kind}
_RECORD = {
    kind: f"SELECT version, CASE version WHEN ? THEN NULL ELSE body END FROM {PREFIX}{kind} WHERE tenant = ? AND id = ?"
    for kind in Kind
}
"""The body only where the version is another one than we know."""
_HOLDER = "SELECT kind, id FROM ticketcore_unique_key WHERE tenant = ? AND namespace = ? AND value = ?"
_HISTORY = """SELECT version, position, events, body FROM ticketcore_event INDEXED BY ticketcore_event_stream
    WHERE tenant = ? AND kind = ? AND id = ? AND position > ? ORDER BY version"""
_LOG = """SELECT version, position, events, body, kind, id FROM ticketcore_event NOT INDEXED
    WHERE tenant = ? AND position > ? ORDER BY position"""


def is_one_statement(wanted: Query | Sequence[Ref | UniqueKey]) -> bool:
    """Whether it is read in one statement, and so at one moment, without a transaction."""
    if isinstance(wanted, Query):
        return not any(isinstance(value, tuple) for value in wanted.where.values())
    return len(wanted) == 1 and isinstance(wanted[0], Ref)


def load(cursor: sqlite3.Cursor, tenant: str, keys: Sequence[Ref | UniqueKey], seen: Seen) -> tuple[Value | None, ...]:
    """The value for each key."""
    moment = seen.moment(cursor)
    values: list[Value | None] = []
    for key in keys:
        ref = key if isinstance(key, Ref) else seen.holder(tenant, key) or _holder(cursor, tenant, key, seen)
        values.append(None if ref is None else _loaded(cursor, tenant, *ref, seen, moment))
    return tuple(values)


def _holder(cursor: sqlite3.Cursor, tenant: str, key: UniqueKey, seen: Seen) -> Ref | None:
    row = cursor.execute(_HOLDER, (tenant, *key)).fetchone()
    if row is None:
        return None
    holder = Ref(_KINDS[row[0]], row[1])
    seen.read_holder(tenant, key, holder)
    return holder


def _loaded(cursor: sqlite3.Cursor, tenant: str, kind: Kind, id: str, seen: Seen, moment: object) -> Value | None:
    known, value, fields, then = seen.held(tenant, kind, id)
    if then is moment:
        return value
    row = cursor.execute(_RECORD[kind], (known, tenant, id)).fetchone()
    if row is None:
        seen.read(tenant, kind, id, (0, None, None, moment))
        return None
    version, body = row
    if version != known:
        value, fields = _decoded(kind, body), None
    seen.read(tenant, kind, id, (version, value, fields, moment))
    return value


def find(cursor: sqlite3.Cursor, tenant: str, query: Query, seen: Seen) -> Page:
    """One page."""
    page = _remembered(cursor, tenant, query, seen) if query.kind in ONCE else None
    return _read(cursor, tenant, query, seen) if page is None else page


def _remembered(cursor: sqlite3.Cursor, tenant: str, query: Query, seen: Seen) -> Page | None:
    """The page, if we know each of its records as it is."""
    moment, kind, limit = seen.moment(cursor), query.kind, query.limit
    name = (tenant, kind, query.after and query.after.id, query.descending, limit)
    ids = seen.page(name, moment)
    if ids is None:
        rows = pages.versions(cursor, tenant, query)
        for id, version in rows:
            known, value, fields, _ = seen.held(tenant, kind, id)
            if known == version:
                seen.read(tenant, kind, id, (version, value, fields, moment))
        ids = tuple([id for id, _ in rows])
    values = []
    for id in ids[:limit]:
        _, value, _, then = seen.held(tenant, kind, id)
        if value is None or then is not moment:
            seen.read_page(name, UNSURE, ())
            return None
        values.append(value)
    seen.read_page(name, moment, ids)
    return Page(tuple(values), Cursor(0, ids[limit - 1]) if len(ids) > limit else None)


def _read(cursor: sqlite3.Cursor, tenant: str, query: Query, seen: Seen) -> Page:
    rows = pages.rows(cursor, tenant, query)
    page = rows[: query.limit]
    values = []
    for _, id, version, body in page:
        known, value, _, _ = seen.held(tenant, query.kind, id)
        if value is None or known != version:
            value = _decoded(query.kind, body)
            if query.kind in ONCE:
                seen.read(tenant, query.kind, id, (version, value, None, UNSURE))
        values.append(value)
    return Page(tuple(values), Cursor(*page[-1][:2]) if len(rows) > query.limit else None)


def events(
    cursor: sqlite3.Cursor, tenant: str, after: int, stream: Stream | None, limit: int | None
) -> tuple[Recorded, ...]:
    """The events past a position."""
    if stream is None:
        rows = cursor.execute(_LOG, (tenant, after))
    else:
        rows = cursor.execute(_HISTORY, (tenant, stream.kind.value, stream.id, after))
    bodies: list[str] = []
    places: list[tuple[Stream, int, int]] = []
    before = 0
    for version, position, count, body, *name in rows:
        if not bodies:
            before = max(0, after - position + count)
        elif limit is not None and len(places) >= before + limit:
            break
        bodies.append(body)
        of = stream or Stream(_KINDS[name[0]], name[1])
        if count == 1:
            places.append((of, version, position))
        else:
            places += [(of, version - back, position - back) for back in range(count - 1, -1, -1)]
    cursor.close()
    if not bodies:
        return ()
    try:
        found = decode_events(bodies)
        recorded = [Recorded(of, version, event, at) for (of, version, at), event in zip(places, found, strict=True)]
    except ValueError as error:
        raise Damaged(str(error)) from error
    return tuple(recorded[before : None if limit is None else before + limit])


def tenants(cursor: sqlite3.Cursor) -> tuple[str, ...]:
    """All that have a configuration."""
    return tuple(row[0] for row in cursor.execute("SELECT DISTINCT tenant FROM ticketcore_configuration ORDER BY 1"))


def _decoded(kind: Kind, body: str) -> Value:
    try:
        if kind in ONCE:
            return _decoded_once(kind, body)
        return decode(kind, body)
    except ValueError as error:
        raise Damaged(str(error)) from error


@lru_cache(maxsize=4096)
def _decoded_once(kind: Kind, body: str) -> Value:
    return decode(kind, body)
