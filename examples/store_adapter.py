"""A store of your own: one append-only file, and the suite that says whether it keeps the contract of ``Store``.

``python examples/store_adapter.py`` shows it at work and runs the suite on it; ``pytest examples/store_adapter.py``
runs the suite alone.  It needs a system with ``flock``, and pytest and hypothesis for the suite.
"""

import fcntl
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

import attrs
import pytest

from ticketcore import AgentProfile, Configuration, Conflict, Desk, Inbound, StoreFailure
from ticketcore.codec import Value, decode, decode_event, encode, encode_event
from ticketcore.errors import StoreFault
from ticketcore.model import Kind, Ref, Stream, UniqueKey
from ticketcore.ports import Claim, Commit, Committed, OutboxEntry, Page, Query, Record, Recorded, Settle, Timer
from ticketcore.stores import MemoryStore
from ticketcore.testing import StoreConformance, StoreUnderTest

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class JournalStore:
    """A ``Store`` in the file ``path``: one line of JSON for each commit, and for each claim that got something.

    A line counts once its newline is there, so a commit is stored whole or not at all.  Who writes locks the file,
    reads what others have added, tries the change on a ``MemoryStore``, and appends one line.  Who reads shares the
    lock with other readers, and appends nothing.

    Share one instance between threads; in another process, or after a fork, open another.  What was committed
    survives the death of the process.  All of it is in memory too, and opening takes as long as the file is.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._file = open(path, "a+b", buffering=0)  # noqa: SIM115  (open until ``close``)
        self._mutex = threading.Lock()
        self._hook: Callable[[], None] = lambda: None
        self._forget()

    def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        """See ``Store``."""
        with self._locked(fcntl.LOCK_SH) as view:
            return view.load(tenant, keys)

    def find(self, tenant: str, query: Query) -> Page:
        """See ``Store``."""
        with self._locked(fcntl.LOCK_SH) as view:
            return view.find(tenant, query)

    def commit(self, commit: Commit) -> Committed:
        """See ``Store``.  The line has no new numbers in it: to replay it gives the same ones again."""
        line = to_line(commit=commit_to_json(commit))
        with self._locked(fcntl.LOCK_EX) as view:
            committed = view.commit(commit)
            self._append(line)
            return committed

    def events(
        self, tenant: str, after: int = 0, stream: Stream | None = None, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        """See ``Store``."""
        with self._locked(fcntl.LOCK_SH) as view:
            return view.events(tenant, after, stream, limit)

    def claim(
        self, tenant: str, kinds: Iterable[str], now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Claim, ...]:
        """See ``Store``."""
        wanted = sorted(set(kinds))
        line = to_line(claim=(tenant, wanted, now, lease_until, limit))
        with self._locked(fcntl.LOCK_EX) as view:
            claims = view.claim(tenant, wanted, now, lease_until, limit)
            if claims:
                self._append(line)
            return claims

    def trace(self, hook: Callable[[], None]) -> None:
        """Call ``hook`` before each system call: the ``before_statement`` of the suite."""
        self._hook = hook

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @contextmanager
    def _locked(self, lock: int) -> Iterator[MemoryStore]:
        """The view of all that is in the file, to which nobody else writes meanwhile."""
        with self._mutex:
            try:
                self._call(fcntl.flock, self._file, lock)
                try:
                    self._catch_up(may_write=lock == fcntl.LOCK_EX)
                    yield self._view
                except Conflict:  # the view is as it was
                    raise
                except BaseException:
                    self._forget()
                    raise
                finally:
                    self._call(fcntl.flock, self._file, fcntl.LOCK_UN)
            except OSError as error:
                raise StoreFailure(self._path, StoreFault.UNREADABLE, str(error)) from error

    def _catch_up(self, may_write: bool) -> None:
        self._file.seek(self._seen)
        for line in self._call(self._file.readall).splitlines(keepends=True):
            if line.endswith(b"\n"):
                try:
                    replay(self._view, line)
                except (ValueError, LookupError, TypeError, Conflict) as error:
                    raise StoreFailure(self._path, StoreFault.CORRUPT, f"{line[:60]!r}: {error}") from error
                self._seen += len(line)
            elif may_write:  # whoever wrote it died, or failed, before the end of the line
                self._call(self._file.truncate, self._seen)

    def _append(self, line: bytes) -> None:
        """Bring the line to the disk, or leave nothing of it."""
        try:
            if self._call(self._file.write, line) < len(line):
                raise OSError("only a part of the line was written")
            self._call(os.fsync, self._file.fileno())
        except BaseException:
            self._file.truncate(self._seen)
            raise
        self._seen += len(line)

    def _forget(self) -> None:
        """Begin anew: the next call replays the whole file."""
        self._view, self._seen = MemoryStore(), 0

    def _call(self, work: Callable[[*Ts], T], *arguments: *Ts) -> T:
        """What locks, reads and writes the file goes through here."""
        self._hook()
        return work(*arguments)


def to_line(**entry: object) -> bytes:
    """The entry as one line; text is escaped, so the only newline is the last character."""
    return json.dumps(entry, default=datetime.isoformat).encode() + b"\n"


def replay(view: MemoryStore, line: bytes) -> None:
    """Do once more what the line says."""
    entry = json.loads(line)
    if "commit" in entry:
        view.commit(commit_from_json(entry["commit"]))
    else:
        tenant, kinds, now, lease_until, limit = entry["claim"]
        view.claim(tenant, kinds, instant(now), instant(lease_until), limit)


def commit_to_json(commit: Commit) -> dict[str, object]:
    """The commit as what ``json`` writes; named tuples become lists there, ``codec`` writes values and events."""
    return {
        "tenant": commit.tenant,
        "records": [
            (item.kind, item.id, item.version, item.expected, encode(item.value), dict(item.fields), item.keys)
            for item in commit.records
        ],
        "events": [(item.stream, item.version, encode_event(item.event)) for item in commit.events],
        "timers": [attrs.astuple(item) for item in commit.timers],
        "outbox": [attrs.astuple(item) for item in commit.outbox],
        "settles": [attrs.astuple(item) for item in commit.settles],
    }


def commit_from_json(entry: dict[str, Any]) -> Commit:
    """The commit as it was."""
    return Commit(
        entry["tenant"],
        tuple(
            Record(
                Kind(kind), id, version, expected, decode(kind, value), fields, tuple(UniqueKey(*key) for key in keys)
            )
            for kind, id, version, expected, value, fields, keys in entry["records"]
        ),
        tuple(Recorded(ref(stream), version, decode_event(event)) for stream, version, event in entry["events"]),
        tuple(Timer(kind, ref(subject), due and instant(due)) for kind, subject, due in entry["timers"]),
        tuple(OutboxEntry(kind, id, ref(subject), instant(due)) for kind, id, subject, due in entry["outbox"]),
        tuple(
            Settle(Claim(kind, id, ref(subject), instant(due), token, attempt), again and instant(again))
            for (kind, id, subject, due, token, attempt), again in entry["settles"]
        ),
    )


def ref(pair: tuple[str, str]) -> Ref:
    """The reference that became a list."""
    return Ref(Kind(pair[0]), pair[1])


instant = datetime.fromisoformat


class TestJournalStore(StoreConformance):
    """The contract, on a journal of its own for each test."""

    @pytest.fixture
    def under_test(self, tmp_path: Path) -> StoreUnderTest[JournalStore]:
        """How the suite opens and closes the store, and where it can stop it."""
        return StoreUnderTest(
            open=lambda: JournalStore(tmp_path / "desk.journal"),
            close=JournalStore.close,
            before_statement=JournalStore.trace,
        )


def show(path: Path) -> None:
    """A desk on a journal.  Somebody dies in the middle of a line; then the file is opened again."""
    morning = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with closing(JournalStore(path)) as store:
        desk = Desk(store, tenant="acme", config=Configuration(agents=[AgentProfile("ana")]))
        first = desk.receive(Inbound("chat", "shop", "bob", "Charged twice"), at=morning).ticket
        assert first is not None
        print(f"ticket {first.number} is {first.assignee}'s")
    with path.open("ab") as file:
        file.write(b'{"commit": {"tenant": "ac')
    with closing(JournalStore(path)) as store:
        desk = Desk(store, tenant="acme")
        print(f"opened again, after half a line: the same ticket: {desk.ticket(first.id) == first}")
        second = desk.receive(Inbound("chat", "shop", "eve", "Lost my key"), at=morning).ticket
        assert second is not None
        print(f"the next one is ticket {second.number}")


def main() -> None:
    """Show the store, then run the suite on it in a pytest of its own."""
    with tempfile.TemporaryDirectory() as folder:
        show(Path(folder) / "desk.journal")
        arguments = ["-q", "-p", "no:cacheprovider", __file__]
        run = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=folder, capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stdout + run.stderr)
    print("the journal store keeps the contract")
    print(next(line for line in run.stdout.splitlines() if line.startswith("TestJournalStore: not tested:")))


if __name__ == "__main__":
    main()
