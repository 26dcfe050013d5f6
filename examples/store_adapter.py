"""A store of your own: one append-only file, and the suite that says whether it keeps the contract of ``Store``.

``python examples/store_adapter.py`` shows it at work and runs the suite on it; ``pytest examples/store_adapter.py``
runs the suite alone.  It needs a system with ``flock``, and ticketcore's ``test`` extra.
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
from ticketcore.ports import (
    Claim,
    Commit,
    Committed,
    OutboxEntry,
    Page,
    Query,
    Record,
    Recorded,
    Settle,
    Store,
    Timer,
)
from ticketcore.stores import MemoryStore
from ticketcore.testing import StoreConformance, StoreUnderTest

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class JournalStore:
    """A ``Store`` in the file ``path``: one line of JSON for each commit, and for each claim that got something.

    A line counts from its newline on, so a commit is there whole or not at all.  Who writes locks the file, reads
    what others have added, tries the change on a ``MemoryStore``, and appends one line.  Who reads does the same up
    to the appending, and shares the lock with other readers.

    Share one instance between threads; in another process, or after a fork, open another.  What was committed
    survives the death of the process.  All of it is in memory too, and opening takes as long as the file is.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._hook: Callable[[], None] = lambda: None
        self._mutex = threading.Lock()
        with self._failures():
            self._file = open(self._path, "a+b", buffering=0)  # noqa: SIM115  (open until ``close``)
        self._forget()

    def load(self, tenant: str, keys: Sequence[Ref | UniqueKey]) -> tuple[Value | None, ...]:
        """See ``Store``."""
        with self._locked(fcntl.LOCK_SH) as view:
            return view.load(tenant, keys)

    def find(self, tenant: str, query: Query) -> Page:
        """See ``Store``."""
        with self._locked(fcntl.LOCK_SH) as view:
            return view.find(tenant, query)

    def events(
        self, tenant: str, after: int = 0, stream: Stream | None = None, limit: int | None = None
    ) -> tuple[Recorded, ...]:
        """See ``Store``."""
        with self._locked(fcntl.LOCK_SH) as view:
            return view.events(tenant, after, stream, limit)

    def commit(self, commit: Commit) -> Committed:
        """See ``Store``.  The line has no numbers and positions: whoever replays it gives the same ones again."""
        line = to_line(commit=commit_to_json(commit))
        with self._locked(fcntl.LOCK_EX) as view:
            committed = view.commit(commit)  # a Conflict leaves the view as it was
            self._append(line)
            return committed

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
        """The view of all that is in the file, which nobody writes to meanwhile."""
        with self._mutex, self._failures():
            self._call(fcntl.flock, self._file, lock)
            try:
                self._catch_up(may_write=lock == fcntl.LOCK_EX)
                yield self._view
            finally:
                self._call(fcntl.flock, self._file, fcntl.LOCK_UN)

    def _catch_up(self, may_write: bool) -> None:
        self._file.seek(self._seen)
        for line in self._call(self._file.readall).splitlines(keepends=True):
            if line.endswith(b"\n"):
                replay(self._view, line)
                self._seen += len(line)
            elif may_write:  # whoever wrote it died before the end of the line
                self._call(self._file.truncate, self._seen)

    def _append(self, line: bytes) -> None:
        """Write the line to the disk; when that fails it is in neither the file nor the view."""
        end = self._seen
        try:
            if self._call(self._file.write, line) < len(line):
                raise OSError("only a part of the line was written")
            self._call(os.fsync, self._file.fileno())
        except BaseException:
            self._forget()
            self._file.truncate(end)
            raise
        self._seen += len(line)

    def _forget(self) -> None:
        self._view, self._seen = MemoryStore(), 0

    def _call(self, work: Callable[[*Ts], T], *arguments: *Ts) -> T:
        """All system calls of a working store go through here."""
        self._hook()
        return work(*arguments)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreFailure(self._path, StoreFault.UNREADABLE, str(error)) from error
        except DamagedLine as error:
            raise StoreFailure(self._path, StoreFault.CORRUPT, str(error)) from error


class DamagedLine(Exception):
    """A whole line that is none of ours."""


def to_line(**entry: object) -> bytes:
    """The entry as one line; text is escaped, so the only newline is the last character."""
    return json.dumps(entry, default=datetime.isoformat).encode() + b"\n"


def replay(view: MemoryStore, line: bytes) -> None:
    """Do once more what the line says."""
    try:
        entry = json.loads(line)
        if "commit" in entry:
            view.commit(commit_from_json(entry["commit"]))
        else:
            tenant, kinds, now, lease_until, limit = entry["claim"]
            view.claim(tenant, kinds, instant(now), instant(lease_until), limit)
    except (ValueError, LookupError, TypeError, Conflict) as error:
        raise DamagedLine(f"{line[:60]!r}: {error}") from error


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
    """A desk on a journal; then its process dies in the middle of a line, and the file is opened again."""
    morning = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with closing(JournalStore(path)) as store:
        desk = Desk(store, tenant="acme", config=Configuration(agents=[AgentProfile("ana")]))
        ticket = desk.receive(Inbound("chat", "shop", "bob", "Charged twice"), at=morning).ticket
        assert ticket is not None
        print(
            f"ticket {ticket.number} is {ticket.assignee}'s; lines in the journal: {len(path.read_bytes().splitlines())}"
        )
    with path.open("ab") as file:
        file.write(b'{"commit": {"tenant": "ac')
    with closing(JournalStore(path)) as store:
        desk = Desk(store, tenant="acme")
        print(f"opened again, after half a line: the same ticket: {desk.ticket(ticket.id) == ticket}")
        ticket = desk.receive(Inbound("chat", "shop", "eve", "Lost my key"), at=morning).ticket
        assert ticket is not None
        print(f"and the next one is ticket {ticket.number}")


def main() -> None:
    """Show the store, then run the suite on it in a pytest of its own."""
    with tempfile.TemporaryDirectory() as folder:
        show(Path(folder) / "desk.journal")
    pytest_here = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__]
    run = subprocess.run(pytest_here, capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stdout + run.stderr)
    print("the journal store keeps the contract")
    print(next(line for line in run.stdout.splitlines() if line.startswith("TestJournalStore: not tested:")))


if __name__ == "__main__":
    main()
