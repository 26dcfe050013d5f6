"""The open connections of one SQLite file, across threads and forks; and what the driver's errors mean.

A connection is used by one thread at a time and never crosses a fork.  It is not enough that a child opens its own:
SQLite keeps one list of locks for each file and process, a forked child inherits the list without the locks, and a
connection that it opens then believes itself protected.  When the parent closes its last connection, the journal
that the child writes to is removed, and what the child commits is lost.  So before a fork each pool waits for the
work in progress and closes its connections, and both sides begin anew.  (https://sqlite.org/howtocorrupt.html,
section 2.6.)
"""

import ctypes
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable

from ticketcore.errors import StoreFailure, StoreFault

_FAULTS = {
    sqlite3.SQLITE_ERROR: StoreFault.CORRUPT,
    sqlite3.SQLITE_CORRUPT: StoreFault.CORRUPT,
    sqlite3.SQLITE_NOTADB: StoreFault.FOREIGN,
    sqlite3.SQLITE_FULL: StoreFault.FULL,
    sqlite3.SQLITE_READONLY: StoreFault.READ_ONLY,
    sqlite3.SQLITE_BUSY: StoreFault.BUSY,
    sqlite3.SQLITE_LOCKED: StoreFault.BUSY,
    sqlite3.SQLITE_PROTOCOL: StoreFault.BUSY,
}
"""By primary result code.  Our statements are fixed, so an error in one means that a table is not what it was."""

_FORKED = "this process was forked while the file was in use and cannot use it safely; spawn it instead"
_POLL = 0.001


class Damaged(sqlite3.DatabaseError):
    """A stored text is not what the codec wrote."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    """As SQLite itself says of a damaged page."""


def failure(path: str, error: sqlite3.Error) -> StoreFailure:
    """The driver's error as a ``StoreFailure``."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return StoreFailure(path, _FAULTS.get(code & 0xFF, StoreFault.UNREADABLE), str(error))
    if "UTF-8" in str(error):  # From the driver, which quotes the text; and that may be a customer's.
        return StoreFailure(path, StoreFault.CORRUPT, "a stored text is not UTF-8")
    return StoreFailure(path, StoreFault.UNREADABLE, str(error))


class Pool:
    """Connections to one file, the last one used first; ``patience`` in seconds bounds a fork's wait.

    Raises ``StoreFailure`` in a process that was forked while the file was in use and cannot use it safely.
    """

    def __init__(self, path: str, patience: float) -> None:
        self.path = path
        self._patience = patience
        self._hook: Callable[[str], None] | None = None
        self._idle: list[sqlite3.Connection] = []
        self._busy: dict[sqlite3.Connection, int] = {}
        self._door = threading.Lock()  # Who takes connections has it, and a fork.
        self._lock = threading.Lock()  # Who gives one back has it.
        _pools.add(self)

    def take(self, connect: Callable[[], sqlite3.Connection]) -> sqlite3.Connection:
        """A connection for this thread alone, until it gives it back; opened by ``connect`` when all are in use."""
        with self._door:
            connection = self._idle.pop() if self._idle else self._opened(connect)
            self._busy[connection] = threading.get_ident()
            return connection

    def give(self, connection: sqlite3.Connection) -> None:
        """Back from a thread.  A transaction that it left open has failed, and is rolled back."""
        usable = True
        if connection.in_transaction:
            try:
                connection.execute("ROLLBACK")
            except sqlite3.Error:
                connection.close()
                usable = False
        with self._lock:
            self._busy.pop(connection, None)
            if usable:
                self._idle.append(connection)

    def trace(self, hook: Callable[[str], None] | None) -> None:
        """Call ``hook`` before each statement from now on."""
        with self._door, self._lock:
            self._hook = hook
            for connection in (*self._idle, *self._busy):
                connection.set_trace_callback(hook)

    def close(self) -> None:
        """Close every connection that nobody uses."""
        with self._door, self._lock:
            while self._idle:
                self._idle.pop().close()

    def __del__(self) -> None:
        for connection in self._idle:
            connection.close()

    def _opened(self, connect: Callable[[], sqlite3.Connection]) -> sqlite3.Connection:
        if os.path.realpath(self.path) in _torn:
            raise StoreFailure(self.path, StoreFault.UNREADABLE, _FORKED)
        connection = connect()
        connection.set_trace_callback(self._hook)
        return connection

    def hold(self) -> None:
        """Before a fork: wait until no other thread uses a connection, close them all, and let none be taken.

        The thread that forks may itself be in the middle of a statement, in a hook; that it cannot wait for.
        """
        end = time.monotonic() + self._patience
        self._door.acquire()
        self._lock.acquire()
        while any(thread != threading.get_ident() for thread in self._busy.values()) and time.monotonic() < end:
            self._lock.release()
            time.sleep(_POLL)
            self._lock.acquire()
        while self._idle:
            self._idle.pop().close()

    def resume(self) -> None:
        """After a fork, in the parent."""
        self._lock.release()
        self._door.release()

    def restart(self) -> None:
        """After a fork, in the child.  What is open was opened by the parent, and is never touched again.

        To close it here, or to let Python finalise it, would write to the memory that SQLite shares with the
        parent; so each gets a reference that nothing gives up.
        """
        inherited = (*self._idle, *self._busy)
        for connection in inherited:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
        if inherited:
            _torn.add(os.path.realpath(self.path))
        self._idle, self._busy = [], {}
        self._door, self._lock = threading.Lock(), threading.Lock()


_pools: "weakref.WeakSet[Pool]" = weakref.WeakSet()
_held: list[Pool] = []
_torn: set[str] = set()
"""Files that a parent was using at the fork all the same: SQLite has no right idea of its locks on them here."""
_forking = threading.Lock()


def _before_fork() -> None:
    _forking.acquire()
    _held.extend(_pools)
    for pool in _held:
        pool.hold()


def _after_in_parent() -> None:
    for pool in _held:
        pool.resume()
    _held.clear()
    _forking.release()


def _after_in_child() -> None:
    """Also where a server written in C forked without a word before: then nothing is held, and all is inherited."""
    global _forking
    for pool in _pools:
        pool.restart()
    _held.clear()
    _forking = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
