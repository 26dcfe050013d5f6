"""The timers and the outbox of one tenant in memory, and who has claimed what."""

import heapq
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import attrs

from ticketcore.model import Ref
from ticketcore.ports import Claim, Commit

_Name = tuple[str, str]
"""A timer or outbox entry: its kind, and its id."""


@attrs.define
class _Entry:
    subject: Ref
    due: datetime
    serial: int
    attempt: int
    lease_until: datetime | None = None
    token: int = 0


class Agenda:
    """Timers and outbox entries of one tenant.

    Two heaps a kind: what is ready at its due time, and what is leased until an instant.  A heap item whose serial
    is no longer its entry's is dropped when it comes up.
    """

    def __init__(self) -> None:
        self.entries: dict[_Name, _Entry] = {}
        self.ready: dict[str, list[tuple[datetime, str, int]]] = {}
        self.leased: dict[str, list[tuple[datetime, str, int]]] = {}
        self.serial = 0
        self.token = 0

    def lost(self, commit: Commit) -> Iterator[tuple[str, ...]]:
        """The claims that the commit would settle and no longer holds, and outbox ids that are taken."""
        for settle in commit.settles:
            entry = self.entries.get((settle.claim.kind, settle.claim.id))
            if entry is None or entry.token != settle.claim.token or entry.lease_until is None:
                yield ("claim", settle.claim.kind, settle.claim.id)
        settles = Counter((settle.claim.kind, settle.claim.id) for settle in commit.settles)
        owes = Counter((owed.kind, owed.id) for owed in commit.outbox)
        yield from (("claim", *key) for key, count in settles.items() if count > 1)
        yield from (("outbox", *key) for key, count in owes.items() if count > 1)
        settled = {(settle.claim.kind, settle.claim.id) for settle in commit.settles if settle.again is None}
        for owed in commit.outbox:
            if (owed.kind, owed.id) in self.entries and (owed.kind, owed.id) not in settled:
                yield ("outbox", owed.kind, owed.id)

    def commit(self, commit: Commit) -> None:
        """Settle, then set and cancel timers, then owe what is new."""
        for settle in commit.settles:
            key = (settle.claim.kind, settle.claim.id)
            entry = self.entries.pop(key)
            if settle.again is not None:
                self._put(key, entry.subject, settle.again, entry.attempt)
        for timer in commit.timers:
            key = (timer.kind, timer.id)
            if timer.due is None:
                self.entries.pop(key, None)
            else:
                self._put(key, timer.subject, timer.due)
        for owed in commit.outbox:
            self._put((owed.kind, owed.id), owed.subject, owed.due)

    def claim(self, kinds: tuple[str, ...], now: datetime, lease_until: datetime, limit: int) -> tuple[Claim, ...]:
        """See ``Store``."""
        for kind in kinds:
            leased = self.leased.get(kind, [])
            while leased and leased[0][0] <= now:
                _, id, serial = heapq.heappop(leased)
                entry = self.entries.get((kind, id))
                if entry is not None and entry.serial == serial:
                    heapq.heappush(self.ready[kind], (entry.due, id, serial))
        claims: list[Claim] = []
        while len(claims) < limit:
            ready = ((due, kind) for kind in kinds if (due := self._first_ready(kind, now)) is not None)
            first = min(ready, default=None)
            if first is None:
                break
            kind = first[1]
            due, id, serial = heapq.heappop(self.ready[kind])
            entry = self.entries[kind, id]
            self.token += 1
            entry.lease_until, entry.token, entry.attempt = lease_until, self.token, entry.attempt + 1
            heapq.heappush(self.leased.setdefault(kind, []), (lease_until, id, serial))
            claims.append(Claim(kind, id, entry.subject, due, entry.token, entry.attempt))
        return tuple(claims)

    def _first_ready(self, kind: str, now: datetime) -> datetime | None:
        ready = self.ready.get(kind)
        while ready and ready[0][0] <= now:
            due, id, serial = ready[0]
            entry = self.entries.get((kind, id))
            if entry is not None and entry.serial == serial:
                return due
            heapq.heappop(ready)
        return None

    def _put(self, key: _Name, subject: Ref, due: datetime, attempt: int = 0) -> None:
        self.serial += 1
        self.entries[key] = _Entry(subject, due, self.serial, attempt)
        heapq.heappush(self.ready.setdefault(key[0], []), (due, key[1], self.serial))
