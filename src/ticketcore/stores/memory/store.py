"""A store in memory: for tests, simulations and desks that may forget.

Values are kept as they are, since they are immutable.  Everything lives in this process; a fork has a copy of its
own from then on.  A lock makes one instance safe for any number of threads.
"""

import os
import threading
import weakref
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import cast

from ticketcore.codec import Value
from ticketcore.errors import Conflict
from ticketcore.model import Kind, Ref, Stream, UniqueKey
from ticketcore.ports import (
    FIELDS,
    Claim,
    Commit,
    Committed,
    Condition,
    Cursor,
    Indexed,
    Page,
    Query,
    Range,
    Record,
    Recorded,
    Scalar,
)
from ticketcore.stores.memory.agenda import Agenda

_TEXT = Kind.TEXT
_Name = tuple[Kind, str]
"""A ``Ref`` as the plain tuple that it equals and hashes like, which is made faster."""

_Place = tuple[int, str]
"""Where a record stands in an order: the value that it is sorted by, then its id."""


class MemoryStore:
    """A ``Store`` in memory.  The same calls in the same order give the same numbers, positions and tokens.

    ``load`` and ``commit`` cost O(1) a record and event, plus O(log n) for each order that a record moves in;
    ``find`` walks the shorter of the order asked for and the records that match its narrowest condition.
    """

    def __init__(self) -> None:
        self._tenants: dict[str, _Tenant] = {}
        self._lock = threading.Lock()
        _stores.add(self)

    def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        """See ``Store``."""
        with self._lock:
            data = self._tenant(tenant)
            return tuple(data.value(key) for key in keys)

    def find(self, tenant: str, query: Query) -> Page:
        """See ``Store``."""
        with self._lock:
            return self._tenant(tenant).find(query)

    def commit(self, commit: Commit) -> Committed:
        """See ``Store``."""
        with self._lock:
            return self._tenant(commit.tenant).commit(commit)

    def events(
        self, tenant: str, after: int = 0, stream: Stream | None = None, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        """See ``Store``.  O(log n) plus what is returned."""
        with self._lock:
            data = self._tenant(tenant)
            log = data.log if stream is None else data.streams.get(stream, [])
            start = bisect_right(log, after, key=lambda item: item.position)
            return tuple(log[start : None if limit is None else start + limit])

    def claim(
        self, tenant: str, kinds: Iterable[str], now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Claim, ...]:
        """See ``Store``.  O(log n) for each entry claimed."""
        with self._lock:
            return self._tenant(tenant).agenda.claim(tuple(sorted(set(kinds))), now, lease_until, limit)

    def _tenant(self, tenant: str) -> "_Tenant":
        data = self._tenants.get(tenant)
        if data is None:
            data = self._tenants[tenant] = _Tenant()
        return data


class _Tenant:
    """One tenant's records, keys, log and agenda."""

    def __init__(self) -> None:
        self.records: dict[_Name, Record] = {}
        self.keys: dict[UniqueKey, _Name] = {}
        self.log: list[Recorded] = []
        self.streams: dict[Stream, list[Recorded]] = {}
        self.indexes = {kind: _Index(kind) for kind in Kind}
        self.agenda = Agenda()
        self.number = 0

    def value(self, key: Ref | UniqueKey) -> Value | None:
        """What the key names."""
        name = key if isinstance(key, Ref) else self.keys.get(key)
        record = None if name is None else self.records.get(name)
        return None if record is None else record.value

    def commit(self, commit: Commit) -> Committed:
        """Check everything first, then store it, which cannot fail."""
        if blockers := self._blockers(commit):
            raise Conflict(tuple(dict.fromkeys(blockers)))
        commit, numbers, self.number = commit.numbered(self.number)
        log, streams, records = self.log, self.streams, self.records
        for record in commit.records:
            name = (record.kind, record.id)
            self.indexes[record.kind].stale.add(record.id)
            records[name] = record
            for key in record.keys:
                self.keys[key] = name
        for item in commit.events:
            recorded = Recorded(item.stream, item.version, item.event, len(log) + 1)
            log.append(recorded)
            history = streams.get(item.stream)
            if history is None:
                streams[item.stream] = [recorded]
            else:
                history.append(recorded)
        if commit.settles or commit.timers or commit.outbox:
            self.agenda.commit(commit)
        for id in commit.erased:
            if records.pop((_TEXT, id), None) is not None:
                self.indexes[_TEXT].stale.add(id)
        return Committed(len(log) if commit.events else 0, numbers)

    def _blockers(self, commit: Commit) -> list[tuple[str, ...]]:
        """What stands in the way of the commit."""
        blockers: list[tuple[str, ...]] = []
        for record in commit.records:
            name = (record.kind, record.id)
            stored = self.records.get(name)
            if (0 if stored is None else stored.version) != record.expected:
                blockers.append(name)
            for key in record.keys:
                if self.keys.get(key, name) != name:
                    blockers.append(key)
        for ref, version in commit.unchanged:
            stored = self.records.get(ref)
            if (0 if stored is None else stored.version) != version:
                blockers.append(ref)
        for item in commit.events:
            history = self.streams.get(item.stream)
            if history and history[-1].version >= item.version:
                blockers.append(item.stream)
        if len(commit.records) > 1 or len(commit.events) > 1:
            blockers.extend(_doubled(commit))
        if commit.settles or commit.outbox:
            blockers.extend(self.agenda.lost(commit))
        return blockers

    def find(self, query: Query) -> Page:
        """One page: walk the shorter of the order and the narrowest condition's records."""
        matching = self._walk(query)
        found = list(islice(matching, query.limit + 1))
        values = tuple(self.records[query.kind, id].value for _, id in found[: query.limit])
        more = len(found) > query.limit
        return Page(values, Cursor(*found[query.limit - 1]) if more else None)

    def _walk(self, query: Query) -> Iterator[_Place]:
        index = self.indexes[query.kind]
        index.refresh(self.records)
        demands = {field: _demand(condition) for field, condition in query.where.items()}
        order = None if query.sort is None else index.order[query.sort]
        narrowest = min(
            ([(field, value) for value in demanded] for field, demanded in demands.items() if field in index.indexed),
            key=index.count,
            default=None,
        )
        if order is None or (narrowest is not None and index.count(narrowest) < len(order)):
            order = index.ordered(query.sort, narrowest)
        start, end = 0, len(order)
        after = None if query.after is None else cast(_Place, tuple(query.after))
        if after is not None and query.descending:
            end = bisect_left(order, after)
        elif after is not None:
            start = bisect_right(order, after)
        span = range(end - 1, start - 1, -1) if query.descending else range(start, end)
        for i in span:
            key = order[i]
            fields = index.fields[key[1]]
            if all(_meets(fields[field], demanded) for field, demanded in demands.items()):
                yield key


def _demand(condition: Condition) -> tuple[Scalar, ...] | Range:
    return condition if isinstance(condition, tuple) else (condition,)


def _meets(held: Indexed, demanded: tuple[Scalar, ...] | Range) -> bool:
    if isinstance(demanded, Range):
        low, high = demanded
        return isinstance(held, int) and (low is None or held >= low) and (high is None or held < high)
    return any(value in demanded for value in _values(held))


def _values(held: Indexed) -> tuple[Scalar, ...]:
    """The values of a field: itself, or what it holds several of; None when it holds none."""
    return (held or (None,)) if isinstance(held, tuple) else (held,)


_NOTHING: set[str] = set()
_NO_ORDERS: Mapping[str | None, list[_Place]] = {}
MANY = 200
"""From so many records on that have one value of a field, their orders are kept once they were asked for."""


def _doubled(commit: Commit) -> Iterator[tuple[str, ...]]:
    """What the commit holds twice: a record, a unique key, or an event's place in its stream."""
    names: set[_Name] = set()
    holders: dict[tuple[str, str], _Name] = {}
    for record in commit.records:
        name = (record.kind, record.id)
        if name in names:
            yield name
        names.add(name)
        yield from (key for key in record.keys if holders.setdefault(key, name) != name)
    last: dict[Stream, int] = {}
    for item in commit.events:
        if last.get(item.stream, 0) >= item.version:
            yield item.stream
        last[item.stream] = item.version


class _Index:
    """The ids of one kind: all, by value of each equal field, and in the order of each order field.

    A commit only notes that a record is stale here; the next query sees to it.  So a record that changes ten times
    between two queries is moved once, and one that nobody asks for never.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.stale: set[str] = set()
        self.fields: dict[str, Mapping[str, Indexed]] = {}
        self.equal: dict[tuple[str, Scalar], set[str]] = {}
        self.indexed = {*FIELDS[kind].equal, *FIELDS[kind].several}
        self.order: dict[str, list[_Place]] = {field: [] for field in FIELDS[kind].order}
        self.within: dict[tuple[str, Scalar], dict[str | None, list[_Place]]] = {}
        """The orders of the records with one value of a field, where these are ``MANY`` and were asked for."""

    def count(self, values: Iterable[tuple[str, Scalar]]) -> int:
        """How many records have these values of fields."""
        return sum(len(self.equal.get(each, _NOTHING)) for each in values)

    def ordered(self, sort: str | None, values: Sequence[tuple[str, Scalar]] | None) -> list[_Place]:
        """Where the records with one of these values stand in an order; of all records if None.

        Of many with one value they are sorted once, and each change is put into its place from then on.
        """
        if values is None:
            return sorted(self._places(sort, self.fields))
        if len(values) != 1 or self.count(values) < MANY:
            return sorted(self._places(sort, {id for each in values for id in self.equal.get(each, _NOTHING)}))
        kept = self.within.setdefault(values[0], {})
        if sort not in kept:
            kept[sort] = sorted(self._places(sort, self.equal.get(values[0], _NOTHING)))
        return kept[sort]

    def refresh(self, records: Mapping[_Name, Record]) -> None:
        """Take each stale record from where its old fields put it to where the new ones do.

        What was erased had no fields.
        """
        for id in self.stale:
            record = records.get((self.kind, id))
            if record is None:
                self.fields.pop(id, None)
                continue
            old, new = self.fields.get(id), record.fields
            self.fields[id] = new
            if self.within:
                self._rearrange(id, old, new)
            for field, value in new.items():
                if old is None:
                    self._enter(field, value, id)
                elif old[field] != value:
                    self._leave(field, old[field], id)
                    self._enter(field, value, id)
        self.stale.clear()

    def _rearrange(self, id: str, old: Mapping[str, Indexed] | None, new: Mapping[str, Indexed]) -> None:
        """Take a record out of the kept orders of its old values and put it into those of the new ones."""
        for fields, enters in ((old or {}, False), (new, True)):
            for field in self.indexed.intersection(fields):
                for each in _values(fields[field]):
                    for sort, order in self.within.get((field, each), _NO_ORDERS).items():
                        value = 0 if sort is None else fields[sort]
                        if value is None:
                            continue
                        place = (cast(int, value), id)
                        if enters:
                            insort(order, place)
                        else:
                            del order[bisect_left(order, place)]

    def _places(self, sort: str | None, ids: Iterable[str]) -> Iterator[_Place]:
        """Where each of the records stands in an order, if it does."""
        for id in ids:
            value = 0 if sort is None else self.fields[id][sort]
            if value is not None:
                yield cast(int, value), id

    def _enter(self, field: str, value: Indexed, id: str) -> None:
        order = self.order.get(field)
        if field in self.indexed:
            for each in _values(value):
                self.equal.setdefault((field, each), set()).add(id)
        elif order is None:
            return
        elif value is not None:
            place = (cast(int, value), id)
            if not order or place > order[-1]:
                order.append(place)
            else:
                insort(order, place)

    def _leave(self, field: str, value: Indexed, id: str) -> None:
        order = self.order.get(field)
        if field in self.indexed:
            for each in _values(value):
                self.equal[field, each].discard(id)
        elif order is None:
            return
        elif value is not None:
            del order[bisect_left(order, (cast(int, value), id))]


_stores: "weakref.WeakSet[MemoryStore]" = weakref.WeakSet()
_held: list[MemoryStore] = []


_forking = threading.Lock()


def _hold_all() -> None:
    """Let no fork happen in the middle of another thread's commit, or the child would have half of it."""
    _forking.acquire()
    _held.extend(_stores)
    for store in _held:
        store._lock.acquire()


def _let_go() -> None:
    for store in _held:
        store._lock.release()
    _held.clear()
    _forking.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_hold_all, after_in_parent=_let_go, after_in_child=_let_go)
