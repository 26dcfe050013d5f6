"""A store of your own: shelves of the standard library, and the suite that says whether they keep the contract.

``python examples/store_adapter.py`` shows it at work and runs the suite on it; ``pytest examples/store_adapter.py``
runs the suite alone.  It needs a system with ``flock``, and pytest and hypothesis for the suite.
"""

import dbm.dumb
import errno
import fcntl
import hashlib
import os
import shelve
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeVar, TypeVarTuple

import pytest

from ticketcore import AgentProfile, Configuration, Conflict, Desk, Inbound, StoreFailure
from ticketcore.calendar.days import microseconds
from ticketcore.codec import Value, decode, decode_event, encode, encode_event
from ticketcore.errors import StoreFault, TicketCoreError
from ticketcore.model import Kind, Ref, Stream, UniqueKey
from ticketcore.ports import Claim, Commit, Committed, Condition, Cursor, Indexed, Page, Query, Range, Record, Recorded
from ticketcore.testing import StoreConformance, StoreUnderTest

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAULTS = {errno.ENOSPC: StoreFault.FULL, errno.EACCES: StoreFault.READ_ONLY, errno.EROFS: StoreFault.READ_ONLY}
SECTIONS = ("records", "keys", "events", "heads", "agenda", "counters")

# ``dbm.dumb`` parses its index with ``ast``, which in CPython 3.11 sometimes fails in two threads at a time.
PARSING = threading.Lock()
os.register_at_fork(before=PARSING.acquire, after_in_parent=PARSING.release, after_in_child=PARSING.release)


def opened(folder: Path, flag: Literal["r", "n"]) -> "shelve.Shelf[dict[Any, Any]]":
    with PARSING:
        return shelve.Shelf(dbm.dumb.open(str(folder / "desk"), flag))  # type: ignore[arg-type]  # bytes will do


class Sections(dict[str, dict[Any, Any]]):
    """What is on a tenant's newest shelf.  A section is read when somebody first asks for it.

    It holds texts, numbers, and tuples and dictionaries of these.  No class is pickled: the data outlives the code.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = max((int(path.name) for path in folder.iterdir() if path.name.isdigit()), default=0)
        self._shelf = opened(folder / str(self.number), "r") if self.number else None

    def __missing__(self, name: str) -> dict[Any, Any]:
        self[name] = {} if self._shelf is None else self._shelf.get(name, {})
        return self[name]

    def close(self) -> None:
        if self._shelf is not None:
            self._shelf.close()

    def write(self, new: Path) -> None:
        """Remove what is outdated, or was left by somebody who died; then write all sections to a shelf in ``new``."""
        for path in self.folder.iterdir():
            if path.is_dir() and path.name != str(self.number):
                shutil.rmtree(path)
        new.mkdir()
        with opened(new, "n") as shelf:
            shelf.update({name: self[name] for name in SECTIONS if self[name]})


def value(held: Sections, key: Ref | UniqueKey) -> Value | None:
    kind, id = key if isinstance(key, Ref) else held["keys"].get(key, ("", ""))
    row = held["records"].get((kind, id))
    return decode(Kind(kind), row[2]) if row else None


def change(held: Sections, commit: Commit) -> Mapping[str, int]:
    """Do what the commit says; the numbers of its new tickets.  After a ``Conflict`` a part of it is done."""
    commit, numbers, held["counters"]["number"] = commit.numbered(held["counters"].get("number", 0))
    names = Counter((record.kind, record.id) for record in commit.records)
    if twice := [name for name, times in names.items() if times > 1]:
        raise Conflict(tuple(twice))
    for (kind, id), version in commit.unchanged:
        if held["records"].get((kind.value, id), (0,))[0] != version:
            raise Conflict(((kind, id),))
    for record in commit.records:
        put(held, record)
    for item in commit.events:
        append(held, item)
    for settle in commit.settles:
        claim = settle.claim
        entry = held["agenda"].pop((claim.kind, claim.id), None)
        if entry is None or entry["token"] != claim.token:
            raise Conflict((("claim", claim.kind, claim.id),))
        if settle.again:
            owe(held, claim.kind, claim.id, claim.subject, settle.again, claim.attempt)
    for timer in commit.timers:
        held["agenda"].pop((timer.kind, timer.id), None)
        if timer.due:
            owe(held, timer.kind, timer.id, timer.subject, timer.due)
    for effect in commit.outbox:
        if (effect.kind, effect.id) in held["agenda"]:
            raise Conflict((("outbox", effect.kind, effect.id),))
        owe(held, effect.kind, effect.id, effect.subject, effect.due)
    for id in commit.erased:
        held["records"].pop((Kind.TEXT.value, id), None)
    return numbers


def put(held: Sections, record: Record) -> None:
    """Store a record and its keys; it keeps those that it had before."""
    name = (record.kind.value, record.id)
    stored, _, _ = held["records"].get(name, (0, {}, ""))
    if stored != record.expected:
        raise Conflict((name,))
    for key in map(tuple, record.keys):
        if held["keys"].setdefault(key, name) != name:
            raise Conflict((key,))
    held["records"][name] = (record.version, dict(record.fields), encode(record.value))


def meets(held: Indexed, wanted: Condition) -> bool:
    """Whether what a field holds is what a query demands of it."""
    if isinstance(wanted, Range):
        low, high = wanted
        return isinstance(held, int) and (low is None or low <= held) and (high is None or held < high)
    values = (held or (None,)) if isinstance(held, tuple) else (held,)
    return any(value in (wanted if isinstance(wanted, tuple) else (wanted,)) for value in values)


def append(held: Sections, item: Recorded) -> None:
    """Store an event; positions have no gaps, so the next one is one more than there are."""
    stream = (item.stream.kind.value, item.stream.id)
    if held["heads"].get(stream, 0) >= item.version:
        raise Conflict((stream,))
    held["heads"][stream] = item.version
    held["events"][len(held["events"]) + 1] = (*stream, item.version, encode_event(item.event))


def owe(held: Sections, kind: str, id: str, subject: Ref, due: datetime, attempt: int = 0) -> None:
    """Set or add what nobody has claimed: it has no token.  It is free once due, and once its lease has ended."""
    at = microseconds(due)
    about = (subject.kind.value, subject.id)
    held["agenda"][kind, id] = {"subject": about, "due": at, "leased": at, "token": None, "attempt": attempt}


def lease(held: Sections, kind: str, id: str, until: datetime) -> Claim:
    """Claim what is free.  Tokens never start again."""
    entry = held["agenda"][kind, id]
    token = held["counters"]["token"] = held["counters"].get("token", 0) + 1
    entry.update(leased=microseconds(until), token=token, attempt=entry["attempt"] + 1)
    due = EPOCH + timedelta(microseconds=entry["due"])
    about, subject = entry["subject"]
    return Claim(kind, id, Ref(Kind(about), subject), due, token, entry["attempt"])


class ShelfStore:
    """A ``Store`` in the folder ``path``: in it a folder for each tenant, and there a shelf in a numbered folder.

    A dbm file may not survive a death in the middle of a change, so none is ever changed.  Who writes locks the
    tenant, writes all that it has to a shelf in the folder ``new``, brings that to the disk, and renames the folder
    to the next number.  Before the rename nothing has happened, after it all has.  Who reads shares the lock.

    One instance may be used from many threads, and after a fork.  What was committed survives the death of a process;
    with ``sync`` it is on the disk before ``commit`` returns.

    What it does not promise: speed, since a commit takes as long as its tenant is large, so it is for some hundred
    tickets; an end of waiting, since whoever has the lock may keep it; that all damage to a file is noticed; safety
    from strangers, since a shelf is made of pickles.
    """

    def __init__(self, path: str | os.PathLike[str], sync: bool = True) -> None:
        self._path = Path(path)
        self._sync = sync
        self._hook: Callable[[], None] = lambda: None

    def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        with self._locked(tenant, fcntl.LOCK_SH) as held:
            return tuple(value(held, key) for key in keys)

    def find(self, tenant: str, query: Query) -> Page:
        sort, after, down = query.sort, query.after, query.descending
        with self._locked(tenant, fcntl.LOCK_SH) as held:
            found = [
                (Cursor(fields[sort] if sort else "", id), body)
                for (kind, id), (_, fields, body) in held["records"].items()
                if kind == query.kind and all(meets(fields[name], wanted) for name, wanted in query.where.items())
            ]
            found = sorted((row for row in found if row[0].value is not None), reverse=down)
            if after is not None:
                found = [row for row in found if (row[0] < after if down else row[0] > after)]
            page = found[: query.limit]
            values = tuple(decode(query.kind, body) for _, body in page)
            return Page(values, page[-1][0] if len(found) > len(page) else None)

    def commit(self, commit: Commit) -> Committed:
        with self._locked(commit.tenant, fcntl.LOCK_EX) as held:
            numbers = change(held, commit)
            self._publish(held)
            return Committed(len(held["events"]) if commit.events else 0, numbers)

    def events(
        self, tenant: str, after: int = 0, stream: Stream | None = None, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        with self._locked(tenant, fcntl.LOCK_SH) as held:
            rows = ((*held["events"][at], at) for at in range(after + 1, len(held["events"]) + 1))
            wanted = islice((row for row in rows if stream in (None, row[:2])), limit)
            return tuple(
                Recorded(Ref(Kind(kind), id), version, decode_event(text), at) for kind, id, version, text, at in wanted
            )

    def claim(
        self, tenant: str, kinds: Iterable[str], now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Claim, ...]:
        wanted = set(kinds)
        with self._locked(tenant, fcntl.LOCK_EX) as held:
            free = sorted(
                (entry["due"], kind, id)
                for (kind, id), entry in held["agenda"].items()
                if kind in wanted and max(entry["due"], entry["leased"]) <= microseconds(now)
            )
            claims = tuple(lease(held, kind, id, lease_until) for _, kind, id in free[:limit])
            if claims:
                self._publish(held)
            return claims

    def trace(self, hook: Callable[[], None]) -> None:
        """Call ``hook`` before each step: the ``before_statement`` of the suite.

        To write the folder ``new`` is one step, since nobody looks into it, however often it is written to.
        """
        self._hook = hook

    @contextmanager
    def _locked(self, tenant: str, lock: int) -> Iterator[Sections]:
        """What the tenant has, while nobody changes it."""
        folder = self._path / hashlib.sha256(tenant.encode(errors="surrogatepass")).hexdigest()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with open(folder / "lock", "a") as file:
                self._call(fcntl.flock, file, lock)
                with closing(self._call(Sections, folder)) as held:
                    yield held
        except TicketCoreError:
            raise
        except OSError as error:
            fault = FAULTS.get(error.errno or 0, StoreFault.UNREADABLE)
            raise StoreFailure(str(folder), fault, str(error)) from error
        except Exception as error:  # a damaged pickle may raise anything
            raise StoreFailure(str(folder), StoreFault.CORRUPT, repr(error)) from error

    def _publish(self, held: Sections) -> None:
        new = held.folder / "new"
        self._call(held.write, new)
        self._flush(*new.iterdir(), new, self._path)
        self._call(os.rename, new, held.folder / str(held.number + 1))
        self._flush(held.folder)

    def _flush(self, *paths: Path) -> None:
        for path in paths if self._sync else ():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                self._call(os.fsync, descriptor)
            finally:
                os.close(descriptor)

    def _call(self, step: Callable[[*Ts], T], *arguments: *Ts) -> T:
        self._hook()
        return step(*arguments)


class TestShelfStore(StoreConformance):
    """The contract, on a folder of its own for each test; the suite cannot cut the power, so nothing is synced."""

    @pytest.fixture
    def under_test(self, tmp_path: Path) -> StoreUnderTest[ShelfStore]:
        return StoreUnderTest(open=lambda: ShelfStore(tmp_path / "desk", sync=False), before_statement=ShelfStore.trace)


def show(path: Path) -> None:
    """Somebody dies in the middle of a commit; then the store is opened again."""
    desk = Desk(ShelfStore(path), tenant="acme", config=Configuration(agents=[AgentProfile("ana")]))
    first = desk.receive(Inbound("chat", "shop", "bob", "Charged twice")).ticket
    assert first is not None
    print(f"ticket {first.number} is {first.assignee}'s")
    (folder,) = path.iterdir()
    (folder / "new").mkdir()
    (folder / "new" / "desk.dat").write_bytes(b"half a shelf")
    desk = Desk(ShelfStore(path), tenant="acme")
    print(f"opened again, after half a commit: the same ticket: {desk.ticket(first.id) == first}")
    second = desk.receive(Inbound("chat", "shop", "eve", "Lost my key")).ticket
    assert second is not None
    print(f"the next one is ticket {second.number}")


def main() -> None:
    """Show the store, then run the suite on it in a pytest of its own."""
    with tempfile.TemporaryDirectory() as folder:
        show(Path(folder) / "desk")
        arguments = ["-q", "-p", "no:cacheprovider", __file__]
        run = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=folder, capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stdout + run.stderr)
    print("the shelf store keeps the contract")
    print(next(line for line in run.stdout.splitlines() if line.startswith("TestShelfStore: not tested:")))


if __name__ == "__main__":
    main()
