"""What a mail costs without a desk: it is read, and what the desk says to SQLite about it is said, word for word.

So it shows how much of the time for a mail goes into reading and storing it, whatever lies between.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, TypeVarTuple

from bench.mails import DESK, Sent
from bench.measure import begun
from ticketcore import Configuration, Desk, Parts
from ticketcore.channels.email import Decoded, EmailChannel
from ticketcore.stores import DirectoryBlobs, SqliteStore

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")
TENANT = "three-doors"
Said = list[tuple[str, tuple[Any, ...]]]
"""Statements with their parameters, in order."""


def take_in(
    folder: str,
    durability: str,
    mails: list[Sent],
    config: Configuration,
    check: Callable[[Desk, list[Sent]], None],
) -> float:
    """Mails per CPU second; what came of them is checked as a desk's."""
    channel = EmailChannel([DESK])
    blobs = DirectoryBlobs(f"{folder}/files")
    said = said_about(mails, config)
    with _Talking(f"{folder}/bare.db", durability=durability) as store:
        start = begun()
        for mail, statements in zip(mails, said, strict=True):
            decoded = channel.decode(mail.raw)
            assert isinstance(decoded, Decoded)
            for file in decoded.inbound.attachments:
                blobs.put(file.content)
            store.say(statements)
        spent = time.process_time() - start
        check(Desk(store, tenant=TENANT, config=config), mails)
    return len(mails) / spent


def said_about(mails: list[Sent], config: Configuration) -> list[Said]:
    """What a desk says to SQLite about each of the mails, and after every ten about what is due."""
    channel = EmailChannel([DESK])
    said = []
    with tempfile.TemporaryDirectory() as folder, _Talking(f"{folder}/desk.db") as store:
        desk = Desk(store, tenant=TENANT, config=config, parts=Parts(blobs=DirectoryBlobs(f"{folder}/files")))
        for i, mail in enumerate(mails):
            store.said = []
            decoded = channel.decode(mail.raw)
            assert isinstance(decoded, Decoded)
            desk.receive(decoded.inbound)
            if i % 10 == 9:
                desk.tick()
            said.append(store.said)
    return said


class _Talking(SqliteStore):
    """A store that notes what it says, and repeats what another said."""

    said: Said

    def say(self, statements: Said) -> None:
        super()._run(_say, statements)

    def _run(self, work: Callable[[sqlite3.Cursor, *_Ts], _T], *arguments: *_Ts) -> _T:
        self.said = getattr(self, "said", [])

        def noted(cursor: sqlite3.Cursor) -> _T:
            return work(_Noting(cursor, self.said), *arguments)  # type: ignore[arg-type]  # as far as a store uses one

        return super()._run(noted)


class _Noting:
    """A cursor that notes what it executes."""

    def __init__(self, cursor: sqlite3.Cursor, said: Said) -> None:
        self._cursor = cursor
        self._said = said

    def execute(self, statement: str, parameters: Any = ()) -> "_Noting":
        self._said.append((statement, tuple(parameters)))
        self._cursor.execute(statement, parameters)
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


def _say(cursor: sqlite3.Cursor, statements: Said) -> None:
    for statement, parameters in statements:
        cursor.execute(statement, parameters).fetchall()
