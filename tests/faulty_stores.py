"""Stores with one fault each, and the conformance suite over them; ``test_store_faults.py`` runs it.

``Plain`` and ``Journal`` have none: what the others do to them is the fault.  This file's name keeps pytest from
collecting it by itself, since almost all in it fails.
"""

import pickle
import sqlite3
import threading
import time
from bisect import insort
from collections import Counter
from itertools import count

import attrs
import pytest

from ticketcore.errors import Conflict
from ticketcore.events import TicketOpened
from ticketcore.model import Kind, Ref, UniqueKey
from ticketcore.ports import Commit, Query
from ticketcore.stores import MemoryStore
from ticketcore.testing import StoreConformance, StoreUnderTest


class Plain:
    """A store in memory, to be given a fault."""

    def __init__(self, path=None):
        self.inner = MemoryStore()
        self.lock = threading.RLock()
        self.tenants = set()

    def load(self, tenant, keys):
        return self.inner.load(tenant, keys)

    def find(self, tenant, query):
        return self.inner.find(tenant, query)

    def commit(self, commit):
        self.tenants.add(commit.tenant)
        return self.inner.commit(commit)

    def events(self, tenant, after=0, stream=None, limit=None):
        return self.inner.events(tenant, after, stream, limit)

    def claim(self, tenant, kinds, now, lease_until, limit):
        return self.inner.claim(tenant, kinds, now, lease_until, limit)

    def version(self, tenant, record):
        (value,) = self.load(tenant, [Ref(record.kind, record.id)])
        return 0 if value is None else value.version

    def expecting_what_is_there(self, commit, *kinds):
        """The commit with its expectations replaced by what is stored: it always fits."""
        records = [
            attrs.evolve(record, expected=self.version(commit.tenant, record)) if record.kind in kinds else record
            for record in commit.records
        ]
        return attrs.evolve(commit, records=tuple(records))


class Journal:
    """A store in an SQLite file that holds the commits and claims in order; each instance replays them in memory."""

    def __init__(self, path):
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=20)
        self.db.execute("pragma journal_mode = wal")
        self.db.execute("pragma synchronous = off")
        self.db.execute("create table if not exists journal (id integer primary key, entry blob)")
        self.lock = threading.RLock()
        self.hook = lambda: None
        self.forget()

    def forget(self):
        self.memory, self.seen = MemoryStore(), 0

    def run(self, sql, *values):
        self.hook()
        return self.db.execute(sql, values).fetchall()

    def begin(self):
        """Ask for the lock often, since SQLite itself lets up to a tenth of a second pass."""
        self.db.execute("pragma busy_timeout = 0")
        while True:
            try:
                self.run("begin immediate")
            except sqlite3.OperationalError:
                time.sleep(0.001)
            else:
                self.db.execute("pragma busy_timeout = 20000")
                return

    def catch_up(self):
        for id, entry in self.run("select id, entry from journal where id > ? order by id", self.seen):
            self.seen = id
            method, arguments = pickle.loads(entry)
            getattr(self.memory, method)(*arguments)

    def append(self, method, *arguments):
        self.run("insert into journal (entry) values (?)", pickle.dumps((method, arguments)))

    def read(self, method, *arguments):
        with self.lock:
            self.catch_up()
            return getattr(self.memory, method)(*arguments)

    def write(self, method, *arguments):
        with self.lock:
            self.begin()
            try:
                self.catch_up()
                result = self.decided(method, *arguments)
                self.run("commit")
            except BaseException as error:
                if not isinstance(error, Conflict):
                    self.forget()
                self.run("rollback")
                raise
            self.seen += 1
            return result

    def decided(self, method, *arguments):
        result = getattr(self.memory, method)(*arguments)
        self.append(method, *arguments)
        return result

    def load(self, tenant, keys):
        return self.read("load", tenant, keys)

    def find(self, tenant, query):
        return self.read("find", tenant, query)

    def events(self, tenant, after=0, stream=None, limit=None):
        return self.read("events", tenant, after, stream, limit)

    def commit(self, commit):
        return self.write("commit", picklable(commit))

    def claim(self, tenant, kinds, now, lease_until, limit):
        return self.write("claim", tenant, tuple(kinds), now, lease_until, limit)


def picklable(commit):
    records = tuple(attrs.evolve(record, fields=dict(record.fields)) for record in commit.records)
    return attrs.evolve(commit, records=records)


# A lost update.


class ForgetsVersionsOfTexts(Plain):
    def commit(self, commit):
        return super().commit(self.expecting_what_is_there(commit, Kind.TEXT))


class ChecksVersionsThenWrites(Plain):
    def commit(self, commit):
        for record in commit.records:
            if self.version(commit.tenant, record) != record.expected:
                raise Conflict(((record.kind, record.id),))
        return super().commit(self.expecting_what_is_there(commit, *Kind))


class ForgetsTheLastRecord(Plain):
    def commit(self, commit):
        last = self.expecting_what_is_there(commit, *Kind).records[1:][-1:]
        return super().commit(attrs.evolve(commit, records=commit.records[: len(commit.records) - len(last)] + last))


class ChecksBeforeTheLock(Journal):
    """What others commit between the check and the lock is overwritten."""

    def commit(self, commit):
        with self.lock:
            self.catch_up()
            self.memory.commit(commit)
            self.forget()
            time.sleep(0.002)
            self.write("commit", picklable(commit))

    def decided(self, method, *arguments):
        if method == "commit":
            arguments = (Plain.expecting_what_is_there(self, arguments[0], *Kind),)
        return super().decided(method, *arguments)

    def version(self, tenant, record):
        (value,) = self.memory.load(tenant, [Ref(record.kind, record.id)])
        return 0 if value is None else value.version


# A commit that is not atomic.


class WritesRecordsFirst(Plain):
    def commit(self, commit):
        numbered, numbers, _ = commit.numbered(self.last_number(commit.tenant))
        super().commit(Commit(commit.tenant, numbered.records))
        committed = super().commit(attrs.evolve(numbered, records=()))
        return attrs.evolve(committed, numbers=numbers)

    def last_number(self, tenant):
        return max((value.number for value in self.find(tenant, Query(Kind.TICKET, limit=1000)).values), default=0)


class LeavesTimersBehind(Plain):
    def commit(self, commit):
        try:
            return super().commit(commit)
        except Conflict:
            super().commit(Commit(commit.tenant, timers=commit.timers))
            raise


class TakesKeysOfMisfits(Plain):
    """The keys of a commit that does not fit stay with records that never came to be."""

    def commit(self, commit):
        try:
            return super().commit(commit)
        except Conflict:
            for record in commit.records:
                if record.expected == 0:
                    self.inner.commit(
                        Commit(commit.tenant, (attrs.evolve(record, id=f"ghost-{record.id}", fields=record.fields),))
                    )
            raise


class ShowsHalves(Plain):
    """Decides atomically, and shows what it decided piece by piece."""

    def __init__(self, path=None):
        super().__init__()
        self.shown = MemoryStore()

    def commit(self, commit):
        with self.lock:
            committed = super().commit(commit)
            numbered = commit.with_numbers(committed.numbers)
            for record in numbered.records:
                self.shown.commit(Commit(commit.tenant, (record,)))
            self.shown.commit(Commit(commit.tenant, events=numbered.events))
            return committed

    def load(self, tenant, keys):
        return self.shown.load(tenant, keys)

    def find(self, tenant, query):
        return self.shown.find(tenant, query)

    def events(self, tenant, after=0, stream=None, limit=None):
        return self.shown.events(tenant, after, stream, limit)


class CommitsInHalves(Journal):
    """Two transactions for one commit: records and events, then what is to be done about them."""

    def commit(self, commit):
        with self.lock:
            self.catch_up()
            self.memory.commit(commit)
            self.forget()
            rest = Commit(commit.tenant, timers=commit.timers, outbox=commit.outbox, settles=commit.settles)
            committed = super().commit(attrs.evolve(commit, timers=(), outbox=(), settles=()))
            super().commit(rest)
            return committed


class CommitsEventsSeparately(Journal):
    """Two transactions for one commit: all else, then the events of agents."""

    def commit(self, commit):
        with self.lock:
            self.catch_up()
            self.memory.commit(commit)
            self.forget()
            late = tuple(item for item in commit.events if item.stream.kind is Kind.AGENT)
            committed = super().commit(attrs.evolve(commit, events=tuple(e for e in commit.events if e not in late)))
            super().commit(Commit(commit.tenant, events=late))
            return committed


# A number that comes twice, or never.


class NumbersBeforehand(Plain):
    """A number is taken before it is known whether the commit fits."""

    def __init__(self, path=None):
        super().__init__()
        self.numbers = Counter()

    def commit(self, commit):
        with self.lock:
            numbered, numbers, self.numbers[commit.tenant] = commit.numbered(self.numbers[commit.tenant])
        return attrs.evolve(super().commit(numbered), numbers=numbers)


class NumbersByCounting(Plain):
    """Two who count at once come to the same number."""

    def commit(self, commit):
        counted = len(self.find(commit.tenant, Query(Kind.TICKET, limit=1000)).values)
        numbered, numbers, _ = commit.numbered(counted)
        return attrs.evolve(super().commit(numbered), numbers=numbers)


class NumbersPastTheStoredOnesOnly(Plain):
    """The numbers that the commit itself brings along are given once more."""

    def commit(self, commit):
        with self.lock:
            found = self.find(commit.tenant, Query(Kind.TICKET, sort="number", descending=True, limit=1)).values
            last = max((value.number for value in found), default=0)
            opened = [item.event for item in commit.events if isinstance(item.event, TicketOpened)]
            new = [event.ticket for event in opened if event.number == 0]
            numbers = {id: number for number, id in enumerate(new, last + 1)}
            return attrs.evolve(super().commit(commit.with_numbers(numbers)), numbers=numbers)


class NumbersAnewInEachInstance(Journal):
    def __init__(self, path):
        super().__init__(path)
        self.numbers = Counter()

    def commit(self, commit):
        with self.lock:
            numbered, numbers, last = commit.numbered(self.numbers[commit.tenant])
            committed = super().commit(numbered)
            self.numbers[commit.tenant] = last
            return attrs.evolve(committed, numbers=numbers)


# An event that comes late.


class ShowsLargeCommitsLater(Plain):
    """Events of a large commit are there when the next commit is."""

    def __init__(self, path=None):
        super().__init__()
        self.hidden = {}

    def commit(self, commit):
        committed = super().commit(commit)
        self.hidden[commit.tenant] = committed.position - len(commit.events) if len(commit.events) > 1 else None
        return committed

    def events(self, tenant, after=0, stream=None, limit=None):
        until = self.hidden.get(tenant)
        found = super().events(tenant, after, stream, limit)
        return found if until is None else tuple(item for item in found if item.position <= until)


class PositionsBeforehand(Plain):
    """A position is taken first and shown when the commit is done, as a database's own sequence does it."""

    def __init__(self, path=None):
        super().__init__()
        self.positions = count(1)
        self.logs = {}

    def commit(self, commit):
        with self.lock:
            positions = [next(self.positions) for _ in commit.events]
        committed = super().commit(commit)
        log = self.logs.setdefault(commit.tenant, [])
        written = super().events(commit.tenant, committed.position - len(commit.events), limit=len(commit.events))
        for item, position in zip(written, positions, strict=True):
            insort(log, attrs.evolve(item, position=position), key=lambda item: item.position)
        return attrs.evolve(committed, position=positions[-1] if positions else 0)

    def events(self, tenant, after=0, stream=None, limit=None):
        found = [item for item in self.logs.get(tenant, []) if item.position > after]
        return tuple([item for item in found if stream in (None, item.stream)][:limit])


class OrdersByInstant(Plain):
    """The log is in the order in which things are said to have happened."""

    def events(self, tenant, after=0, stream=None, limit=None):
        whole = sorted(super().events(tenant), key=lambda item: item.event.at)
        log = [attrs.evolve(item, position=position) for position, item in enumerate(whole, 1)]
        return tuple([item for item in log if item.position > after and stream in (None, item.stream)][:limit])


class CommitsEventsApart(Journal):
    """Positions are given in one transaction, and filled in another."""

    def commit(self, commit):
        with self.lock:
            if not commit.events:
                return super().commit(commit)
            self.run("insert into journal (entry) values (?)", pickle.dumps(("events", (commit.tenant,))))
            ((place,),) = self.run("select max(id) from journal")
            committed = self.memory.commit(commit)
            self.run("update journal set entry = ? where id = ?", pickle.dumps(("commit", (picklable(commit),))), place)
            self.forget()
            return committed


# A read across tenants.


class LoadsKeysOfAll(Plain):
    def load(self, tenant, keys):
        found = super().load(tenant, keys)
        return tuple(self.anywhere(key) if value is None else value for key, value in zip(keys, found, strict=True))

    def anywhere(self, key):
        found = (self.inner.load(tenant, [key])[0] for tenant in sorted(self.tenants) if isinstance(key, UniqueKey))
        return next((value for value in found if value is not None), None)


class FindsInAll(Plain):
    def find(self, tenant, query):
        page = super().find(tenant, query)
        if page.values or query.sort is None:
            return page
        return next(filter(lambda page: page.values, (self.inner.find(t, query) for t in sorted(self.tenants))), page)


class StreamsOfAll(Plain):
    def events(self, tenant, after=0, stream=None, limit=None):
        if stream is None:
            return super().events(tenant, after, stream, limit)
        found = [item for t in sorted(self.tenants) for item in self.inner.events(t, after, stream)]
        return tuple(found[:limit])


class ClaimsInAll(Plain):
    def claim(self, tenant, kinds, now, lease_until, limit):
        claims = ()
        for each in (tenant, *sorted(self.tenants)):
            claims += self.inner.claim(each, kinds, now, lease_until, limit - len(claims))
        return claims


class ReadsWithoutCase(Plain):
    """As a database does that compares without case."""

    def events(self, tenant, after=0, stream=None, limit=None):
        same = next((each for each in sorted(self.tenants) if each.lower() == tenant.lower()), tenant)
        return super().events(same, after, stream, limit)


# A claim without a fence.


class IgnoresTokens(Plain):
    """The entry is settled by whoever once had it."""

    def __init__(self, path=None):
        super().__init__()
        self.newest = {}

    def claim(self, tenant, kinds, now, lease_until, limit):
        claims = super().claim(tenant, kinds, now, lease_until, limit)
        self.newest.update({(tenant, claim.kind, claim.id): claim for claim in claims})
        return claims

    def commit(self, commit):
        settles = tuple(
            attrs.evolve(s, claim=self.newest.get((commit.tenant, s.claim.kind, s.claim.id), s.claim))
            for s in commit.settles
        )
        return super().commit(attrs.evolve(commit, settles=settles))


class CountsTokensFromOne(IgnoresTokens):
    """A timer that is set again begins at token 1 again."""

    def claim(self, tenant, kinds, now, lease_until, limit):
        return tuple(attrs.evolve(c, token=c.attempt) for c in super().claim(tenant, kinds, now, lease_until, limit))

    def commit(self, commit):
        for settle in commit.settles:
            newest = self.newest.get((commit.tenant, settle.claim.kind, settle.claim.id))
            if newest is None or newest.attempt != settle.claim.token:
                raise Conflict((("claim", settle.claim.kind, settle.claim.id),))
        return super().commit(commit)


class SettlesAgain(Plain):
    """Settling what was settled before is accepted."""

    def __init__(self, path=None):
        super().__init__()
        self.settled = set()

    def commit(self, commit):
        left = tuple(settle for settle in commit.settles if (commit.tenant, settle.claim) not in self.settled)
        committed = super().commit(attrs.evolve(commit, settles=left))
        self.settled.update((commit.tenant, settle.claim) for settle in left)
        return committed


class ClaimsBeforeTheLock(Journal):
    """Two who claim at once get the same entry."""

    def claim(self, tenant, kinds, now, lease_until, limit):
        with self.lock:
            self.catch_up()
            claims = self.memory.claim(tenant, kinds, now, lease_until, limit)
            time.sleep(0.002)
            self.append("claim", tenant, tuple(kinds), now, lease_until, limit)
            self.forget()
            return claims


# A key with two holders.


class IgnoresTakenKeys(Plain):
    """A key that is taken stays with its holder, and nobody is told."""

    def commit(self, commit):
        records = tuple(
            attrs.evolve(r, keys=tuple(key for key in r.keys if self.is_free(commit.tenant, key, r.id)))
            for r in commit.records
        )
        return super().commit(attrs.evolve(commit, records=records))

    def is_free(self, tenant, key, id):
        (holder,) = self.load(tenant, [key])
        return holder is None or holder.id == id


class OwnKeys(Plain):
    """Keeps the keys itself."""

    def __init__(self, path=None):
        super().__init__()
        self.keys = {}

    def commit(self, commit):
        self.check(commit)
        committed = super().commit(
            attrs.evolve(commit, records=tuple(attrs.evolve(r, keys=()) for r in commit.records))
        )
        for record in commit.records:
            self.take(commit.tenant, record)
        return committed

    def check(self, commit):
        wanted = {}
        for record in commit.records:
            name = Ref(record.kind, record.id)
            for key in record.keys:
                holder = self.keys.get((commit.tenant, key), wanted.setdefault(key, name))
                if self.bars(holder, name):
                    raise Conflict((key,))

    def bars(self, holder, name):
        return holder != name

    def take(self, tenant, record):
        for key in record.keys:
            self.keys[tenant, key] = Ref(record.kind, record.id)

    def load(self, tenant, keys):
        names = [key if isinstance(key, Ref) else self.keys.get((tenant, key), Ref(Kind.TEXT, "")) for key in keys]
        return self.inner.load(tenant, names)


class KeysOfEachKind(OwnKeys):
    """Records of two kinds may hold the same key."""

    def bars(self, holder, name):
        return holder != name and holder.kind == name.kind


class ChecksKeysThenTakes(OwnKeys):
    """Two who take a key at once both get it."""


class FreesKeysOfEarlierVersions(OwnKeys):
    """A record holds only the keys that its last version named."""

    def commit(self, commit):
        with self.lock:
            return super().commit(commit)

    def take(self, tenant, record):
        for key in [key for key, name in self.keys.items() if name == (record.kind, record.id) and key[0] == tenant]:
            del self.keys[key]
        super().take(tenant, record)


# A text that stays, or goes too early.


class IgnoresErasure(Plain):
    def commit(self, commit):
        return super().commit(attrs.evolve(commit, erased=()))


class ErasesInAll(Plain):
    """What one tenant erases is gone for all."""

    def commit(self, commit):
        committed = super().commit(commit)
        for tenant in self.tenants:
            self.inner.commit(Commit(tenant, erased=commit.erased))
        return committed


class ErasesFirst(Plain):
    """Texts are gone before it is known whether the commit fits."""

    def commit(self, commit):
        self.inner.commit(Commit(commit.tenant, erased=commit.erased))
        return super().commit(commit)


FAULTS = {
    "test_lost_update": (
        ForgetsVersionsOfTexts,
        ForgetsTheLastRecord,
        ChecksVersionsThenWrites,
        ChecksBeforeTheLock,
    ),
    "test_lost_update_between_processes": (ChecksBeforeTheLock,),
    "test_erased_texts_are_gone": (IgnoresErasure,),
    "test_nothing_is_erased_by_what_does_not_fit": (ErasesFirst,),
    "test_non_atomic_commit": (
        ErasesFirst,
        WritesRecordsFirst,
        LeavesTimersBehind,
        TakesKeysOfMisfits,
        ShowsHalves,
        CommitsEventsSeparately,
    ),
    "test_non_atomic_commit_when_killed": (CommitsInHalves, CommitsEventsSeparately),
    "test_reused_number": (NumbersBeforehand, NumbersByCounting, NumbersAnewInEachInstance),
    "test_reused_number_of_an_import": (NumbersPastTheStoredOnesOnly,),
    "test_reused_number_between_processes": (NumbersAnewInEachInstance,),
    "test_reused_number_after_opening_again": (NumbersAnewInEachInstance,),
    "test_late_event": (ShowsLargeCommitsLater, PositionsBeforehand, OrdersByInstant, CommitsEventsApart),
    "test_cross_tenant_read": (
        LoadsKeysOfAll,
        FindsInAll,
        StreamsOfAll,
        ClaimsInAll,
        ReadsWithoutCase,
        ErasesInAll,
    ),
    "test_unfenced_claim": (IgnoresTokens, CountsTokensFromOne, SettlesAgain, ClaimsBeforeTheLock),
    "test_unfenced_claim_between_processes": (ClaimsBeforeTheLock,),
    "test_duplicate_key": (IgnoresTakenKeys, KeysOfEachKind, ChecksKeysThenTakes, FreesKeysOfEarlierVersions),
}
"""Which tests of the suite must fail on which stores."""

SOUND = (Plain, Journal)
FAULTY = tuple(dict.fromkeys(store for stores in FAULTS.values() for store in stores))


class TestStore(StoreConformance):
    @pytest.fixture(params=(*SOUND, *FAULTY), ids=lambda store: store.__name__)
    def under_test(self, request, tmp_path):
        if issubclass(request.param, Plain):
            store = request.param()
            return StoreUnderTest(open=lambda: store, processes=False, durable=False)
        request.param(tmp_path / "journal.db").db.close()  # the mode of a new file cannot be set by two at once
        return StoreUnderTest(
            open=lambda: request.param(tmp_path / "journal.db"),
            close=lambda store: store.db.close(),
            before_statement=lambda store, hook: setattr(store, "hook", hook),
        )
