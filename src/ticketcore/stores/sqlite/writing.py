"""What writes: a commit, and a claim.  Each runs in one transaction that the store begins and ends."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from ticketcore.calendar.days import microseconds
from ticketcore.codec import encode_all, encode_events
from ticketcore.errors import Conflict
from ticketcore.model import Kind, Ref
from ticketcore.model.values import making
from ticketcore.ports import (
    FIELDS,
    Claim,
    Commit,
    Committed,
    Indexed,
    OutboxEntry,
    Record,
    Recorded,
    Scalar,
    Settle,
    Timer,
)
from ticketcore.stores.sqlite.schema import PREFIX
from ticketcore.stores.sqlite.seen import Seen

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Table(NamedTuple):
    """The statements on the records of one kind, and the fields in the order of their columns.

    Those that hold ``several`` texts come last; ``single`` gives the others of a record.
    """

    fields: tuple[str, ...]
    single: Callable[[Mapping[str, Indexed]], tuple[Indexed, ...]]
    several: tuple[str, ...]
    select: str
    insert: str


def _table(kind: Kind) -> _Table:
    declared = FIELDS[kind]
    single = (*declared.equal, *declared.order, *declared.plain)
    fields = (*single, *declared.several)
    columns = "".join(f', "{field}"' for field in fields)
    return _Table(
        fields,
        itemgetter(*single) if len(single) > 1 else lambda held: tuple([held[field] for field in single]),
        declared.several,
        f"SELECT version{columns} FROM {PREFIX}{kind} WHERE tenant = ? AND id = ?",
        f"INSERT INTO {PREFIX}{kind} (tenant, id, version, body{columns}) VALUES (?, ?, ?, ?{', ?' * len(fields)})",
    )


_TABLES: Mapping[Kind, _Table] = {kind: _table(kind) for kind in Kind}
_to_json = msgspec.json.Encoder().encode
_committed = making(Committed)
_NAMES: Mapping[Kind, str] = {kind: kind.value for kind in Kind}
"""As plain texts, which the driver binds without asking how to adapt them."""


@lru_cache(maxsize=1024)
def _update(kind: Kind, fields: tuple[str, ...]) -> str:
    columns = "".join(f', "{field}" = ?' for field in fields)
    return f"UPDATE {PREFIX}{kind} SET version = ?, body = ?{columns} WHERE tenant = ? AND id = ? AND version = ?"


_ADD_EVENTS = """INSERT INTO ticketcore_event (tenant, kind, id, version, events, body, position) VALUES (?1, ?2, ?3,
    CASE WHEN EXISTS (SELECT 1 FROM ticketcore_event WHERE tenant = ?1 AND id = ?3 AND kind = ?2 AND version >= ?7)
    THEN NULL ELSE ?4 END, ?5, ?6, coalesce(?8, (SELECT max(position) FROM ticketcore_event), 0) + ?5)"""
_ADD_KEY = """INSERT INTO ticketcore_unique_key (tenant, namespace, value, kind, id) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING"""
_HOLDER = "SELECT kind, id FROM ticketcore_unique_key WHERE tenant = ? AND namespace = ? AND value = ?"
_LAST_NUMBER = f"SELECT max(number) FROM {PREFIX}{Kind.TICKET} WHERE tenant = ? AND number IS NOT NULL"
_TOKENS = """INSERT INTO ticketcore_counter (tenant, token) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET token = token + excluded.token RETURNING token"""
_CLAIMED = "tenant = ? AND kind = ? AND id = ? AND token = ? AND token > 0"
_DONE = f"DELETE FROM ticketcore_agenda WHERE {_CLAIMED}"
_AGAIN = f"UPDATE ticketcore_agenda SET due = ?, lease_until = NULL, token = 0 WHERE {_CLAIMED}"
_SET_TIMER = """INSERT OR REPLACE INTO ticketcore_agenda (tenant, kind, id, subject_kind, subject_id, due)
    VALUES (?, ?, ?, ?, ?, ?)"""
_CANCEL = "DELETE FROM ticketcore_agenda WHERE tenant = ? AND kind = ? AND id = ?"
_OWE = """INSERT INTO ticketcore_agenda (tenant, kind, id, subject_kind, subject_id, due)
    VALUES (?, ?, ?, ?, ?, ?)"""
_IS_DUE = """SELECT 1 FROM ticketcore_agenda INDEXED BY ticketcore_agenda_ready
    WHERE tenant = ?1 AND kind = ?k AND lease_until IS NULL AND due <= ?2
    UNION ALL SELECT 1 FROM ticketcore_agenda INDEXED BY ticketcore_agenda_leased
    WHERE tenant = ?1 AND kind = ?k AND lease_until <= ?2"""
_MOST_KINDS = 200
"""In a statement; SQLite takes 500 SELECTs in one."""
_END_LEASES = "UPDATE ticketcore_agenda SET lease_until = NULL WHERE tenant = ? AND kind = ? AND lease_until <= ?"
_DUE = """SELECT due, kind, id, subject_kind, subject_id, attempt FROM ticketcore_agenda
    WHERE tenant = ? AND kind = ? AND lease_until IS NULL AND due <= ? ORDER BY due, id LIMIT ?"""
_LEASE = """UPDATE ticketcore_agenda SET lease_until = ?, token = ?, attempt = attempt + 1
    WHERE tenant = ? AND kind = ? AND id = ?"""


_VERSIONS = {kind: f"SELECT version FROM {PREFIX}{kind} WHERE tenant = ? AND id = ?" for kind in Kind}
_ERASE = f"DELETE FROM {PREFIX}{Kind.TEXT} WHERE tenant = ? AND id = ?"


class Prepared(NamedTuple):
    """A ``commit`` as text: the ``bodies`` of its records and of its ``events``; what can be done before the lock."""

    commit: Commit
    bodies: list[str]
    events: list[str]


def prepared(commit: Commit) -> Prepared:
    """The commit with its values and events encoded."""
    bodies = encode_all([record.value for record in commit.records])
    return Prepared(commit, bodies, encode_events([item.event for item in commit.events]))


def write(
    cursor: sqlite3.Cursor, commit: Commit, ready: Prepared | None, seen: Seen
) -> tuple[Committed, tuple[Record, ...]]:
    """Store it all, or raise ``Conflict``; ``ready`` is None for one that opens tickets that have no number yet."""
    tenant = commit.tenant
    numbers: Mapping[str, int] = {}
    if ready is None:
        (last,) = cursor.execute(_LAST_NUMBER, (tenant,)).fetchone()
        numbered, numbers, _ = commit.numbered(last or 0)
        ready = prepared(numbered)
    if len({(record.kind, record.id) for record in commit.records}) < len(commit.records):
        raise Conflict(_twice(commit))
    for ref, known in commit.unchanged:
        found = cursor.execute(_VERSIONS[ref.kind], (tenant, ref.id)).fetchone()
        if (0 if found is None else found[0]) != known:
            raise Conflict((ref,))
    for record, body in zip(ready.commit.records, ready.bodies, strict=True):
        _put(cursor, tenant, record, body, seen)
    position = _append(cursor, tenant, ready.commit.events, ready.events)
    for settle in commit.settles:
        _settle(cursor, tenant, settle)
    for timer in commit.timers:
        _set(cursor, tenant, timer)
    for entry in commit.outbox:
        _owe(cursor, tenant, entry)
    for id in commit.erased:
        cursor.execute(_ERASE, (tenant, id))
    return _committed(position, numbers), ready.commit.records


def _twice(commit: Commit) -> tuple[Ref, ...]:
    """The records that come more than once."""
    times = Counter(Ref(record.kind, record.id) for record in commit.records)
    return tuple(ref for ref, count in times.items() if count > 1)


def _put(cursor: sqlite3.Cursor, tenant: str, record: Record, body: str, seen: Seen) -> None:
    """Insert the record, or change the columns that differ: each one left alone is an index left alone."""
    kind, id = record.kind, record.id
    table = _TABLES[kind]
    if record.expected == 0:
        row: tuple[Indexed, ...] = (tenant, id, record.version, body)
        if table.fields:
            row += table.single(record.fields)
        if table.several:
            row += (*_columns(record.fields, table.several),)
        try:
            cursor.execute(table.insert, row)
        except sqlite3.IntegrityError as error:
            raise Conflict((Ref(kind, id),)) from error
    else:
        version, _, fields, _ = seen.held(tenant, kind, id)
        before = fields if version == record.expected else None
        if before is None or not _changed(cursor, tenant, record, body, before):
            stored = cursor.execute(table.select, (tenant, id)).fetchone()
            if stored is None or stored[0] != record.expected:
                raise Conflict((Ref(kind, id),))
            _changed(cursor, tenant, record, body, _held(table, stored[1:]))
    for key in record.keys:
        named, owner = (tenant, key.namespace, key.value), (_NAMES[kind], id)
        added = cursor.execute(_ADD_KEY, named + owner).rowcount
        if not added and cursor.execute(_HOLDER, named).fetchone() != owner:
            raise Conflict((key,))


def _changed(cursor: sqlite3.Cursor, tenant: str, record: Record, body: str, before: Mapping[str, Indexed]) -> bool:
    """Whether the stored record had the version expected; then it is now this one."""
    fields = record.fields
    changed = tuple([field for field in _TABLES[record.kind].fields if before[field] != fields[field]])
    values = _columns(fields, changed)
    parameters = (record.version, body, *values, tenant, record.id, record.expected)
    return cursor.execute(_update(record.kind, changed), parameters).rowcount > 0


def _columns(held: Mapping[str, Indexed], fields: tuple[str, ...]) -> list[Scalar]:
    """What stands in the columns of these fields."""
    return [_several(value) if isinstance(value := held[field], tuple) else value for field in fields]


def _several(texts: tuple[str, ...]) -> str:
    return _to_json(texts).decode() if texts else "[]"


def _held(table: _Table, columns: tuple[Any, ...]) -> Mapping[str, Indexed]:
    """The fields of a record, from its columns."""
    pairs = zip(table.fields, columns, strict=True)
    return {field: tuple(json.loads(value)) if field in table.several else value for field, value in pairs}


def _append(cursor: sqlite3.Cursor, tenant: str, events: tuple[Recorded, ...], bodies: list[str]) -> int:
    """Add the events behind the last one of the file; gives where the last of them is."""
    position, start, count = 0, 0, len(events)
    for end, last in enumerate(events, 1):
        stream = last.stream
        if end < count:
            following = events[end]
            if following.stream == stream and following.version == last.version + 1:
                continue
        kind, id = stream
        body = ",".join(bodies[start:end])
        run = (tenant, _NAMES[kind], id, last.version, end - start, body, events[start].version, position or None)
        try:
            position = cursor.execute(_ADD_EVENTS, run).lastrowid or 0
        except sqlite3.IntegrityError as error:
            raise Conflict((stream,)) from error
        start = end
    return position


def _settle(cursor: sqlite3.Cursor, tenant: str, settle: Settle) -> None:
    claim = settle.claim
    held = (tenant, claim.kind, claim.id, claim.token)
    if settle.again is None:
        settled = cursor.execute(_DONE, held).rowcount
    else:
        settled = cursor.execute(_AGAIN, (microseconds(settle.again), *held)).rowcount
    if not settled:
        raise Conflict((("claim", claim.kind, claim.id),))


def _set(cursor: sqlite3.Cursor, tenant: str, timer: Timer) -> None:
    if timer.due is None:
        cursor.execute(_CANCEL, (tenant, timer.kind, timer.id))
    else:
        kind, id = timer.subject
        due = microseconds(timer.due)
        cursor.execute(_SET_TIMER, (tenant, timer.kind, timer.id, _NAMES[kind], id, due))


def _owe(cursor: sqlite3.Cursor, tenant: str, entry: OutboxEntry) -> None:
    kind, id = entry.subject
    try:
        cursor.execute(_OWE, (tenant, entry.kind, entry.id, _NAMES[kind], id, microseconds(entry.due)))
    except sqlite3.IntegrityError as error:
        raise Conflict((("outbox", entry.kind, entry.id),)) from error


def is_due(cursor: sqlite3.Cursor, tenant: str, kinds: Sequence[str], now: datetime) -> bool:
    """Whether there is anything to claim."""
    if len(kinds) > _MOST_KINDS:
        return is_due(cursor, tenant, kinds[:_MOST_KINDS], now) or is_due(cursor, tenant, kinds[_MOST_KINDS:], now)
    due = cursor.execute(_is_due(len(kinds)), (tenant, microseconds(now), *kinds)) if kinds else ()
    return any(due)


@lru_cache
def _is_due(kinds: int) -> str:
    """The statement that asks for so many kinds at once."""
    asked = [_IS_DUE.replace("?k", f"?{place}") for place in range(3, 3 + kinds)]
    return f"{' UNION ALL '.join(asked)} LIMIT 1"


def claim(
    cursor: sqlite3.Cursor,
    tenant: str,
    kinds: Iterable[str],
    now: datetime,
    lease_until: datetime,
    limit: int,
) -> tuple[Claim, ...]:
    """Lease what is due, the longest due first."""
    at = microseconds(now)
    due: list[Any] = []
    for kind in kinds:
        cursor.execute(_END_LEASES, (tenant, kind, at))
        due += cursor.execute(_DUE, (tenant, kind, at, limit))
    due = sorted(due)[:limit]
    (last,) = cursor.execute(_TOKENS, (tenant, len(due))).fetchone()
    claims = []
    for token, row in enumerate(due, last - len(due) + 1):
        due_at, kind, id, subject_kind, subject, attempt = row
        cursor.execute(_LEASE, (microseconds(lease_until), token, tenant, kind, id))
        when = _EPOCH + timedelta(microseconds=due_at)
        claims.append(Claim(kind, id, Ref(Kind(subject_kind), subject), when, token, attempt + 1))
    return tuple(claims)
