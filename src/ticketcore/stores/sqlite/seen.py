"""What one instance read or wrote last, which spares it the work of reading that again."""

import sqlite3
from collections.abc import Mapping
from typing import TypeVar

from ticketcore.codec import Value
from ticketcore.model import Kind, Ref, UniqueKey
from ticketcore.model.identifiers import ref_to
from ticketcore.ports import Indexed, Record

_Name = TypeVar("_Name")
_Known = TypeVar("_Known")

_TEXT = Kind.TEXT  # To look a member up takes longer than to look a record up, before Python 3.12.
ONCE = (Kind.AGENT, Kind.CONFIGURATION)
"""What every turn reads; they are immutable, so equal text is an equal value."""

_MOST = 4096
"""Records, and keys.  Texts are not among the records, so that one is a few kilobytes."""


Held = tuple[int, Value | None, Mapping[str, Indexed] | None, object]
"""A record as it was: the version, its value, its index fields if we wrote it, and the moment at which that was so."""

PageName = tuple[str, Kind, str | None, bool, int]
"""A page of a kind without index fields: whose, of what, after which id, whether descending, and its limit."""

UNSURE = object()
"""The moment of what is not relied on."""

_NOTHING: Held = (0, None, None, UNSURE)

_MOMENT = "PRAGMA data_version"
"""A number that stays the same for a connection while no other one writes.  (https://sqlite.org/pragma.html)"""


class Seen:
    """The records that one instance read or wrote last, each at the version that it had then, and who holds their keys.

    A record is relied on at the ``moment`` at which it was read: that lasts while no other connection writes.  Later,
    whoever uses one has the database compare the version, and reads the record when it has another: a version of a
    record is stored once and then stays what it is, so an equal version is an equal value.  A unique key stays with the
    record that holds it, so who does is not asked again.
    """

    def __init__(self) -> None:
        self._records: dict[tuple[str, Kind, str], Held] = {}
        self._holders: dict[tuple[str, UniqueKey], Ref] = {}
        self._pages: dict[PageName, tuple[object, tuple[str, ...]]] = {}
        self._last: tuple[tuple[sqlite3.Connection, object] | None, object] = (None, UNSURE)

    def moment(self, cursor: sqlite3.Cursor) -> object:
        """The moment that it is: that of the last call on this connection, if no other has been used or has written."""
        now = (cursor.connection, cursor.execute(_MOMENT).fetchone())
        then, moment = self._last
        if then != now:
            moment = object()
            self._last = (now, moment)
        return moment

    def held(self, tenant: str, kind: Kind, id: str) -> Held:
        """The record as it was last; version 0 if we do not know it."""
        return self._records.get((tenant, kind, id), _NOTHING)

    def holder(self, tenant: str, key: UniqueKey) -> Ref | None:
        """Whose the key is; None if we do not know it."""
        return self._holders.get((tenant, key))

    def page(self, name: PageName, moment: object) -> tuple[str, ...] | None:
        """The ids on the page, and one more if another follows; None if we do not know them at this moment."""
        then, ids = self._pages.get(name, (UNSURE, None))
        return ids if then is moment else None

    def read(self, tenant: str, kind: Kind, id: str, held: Held) -> None:
        """The record was read and is that."""
        if kind is not _TEXT:
            self._records[tenant, kind, id] = held
            _forget(self._records)

    def read_holder(self, tenant: str, key: UniqueKey, holder: Ref) -> None:
        """The key was read and is the record's."""
        self._holders[tenant, key] = holder
        _forget(self._holders)

    def read_page(self, name: PageName, moment: object, ids: tuple[str, ...]) -> None:
        """The page was read and has these."""
        self._pages[name] = (moment, ids)
        _forget(self._pages)

    def wrote(self, connection: sqlite3.Connection, tenant: str, records: tuple[Record, ...]) -> None:
        """These were written by the connection and committed, and nobody else has used it since."""
        then, moment = self._last
        if then is None or then[0] is not connection:
            moment = UNSURE
        known = self._records
        for record in records:
            kind = record.kind
            if kind is not _TEXT:
                known[tenant, kind, record.id] = (record.version, record.value, record.fields, moment)
                if record.expected == 0 and kind in ONCE:
                    self._pages.clear()
            for key in record.keys:
                self._holders[tenant, key] = ref_to((kind, record.id))
        _forget(known)
        _forget(self._holders)

    def doubt(self) -> None:
        """Rely on nothing, as when it is not known whether something was written."""
        self._last = (None, UNSURE)

    def clear(self) -> None:
        """Forget everything, as before a file that may be another one; the moment of the pages is over anyhow."""
        self._records.clear()
        self._holders.clear()


def _forget(known: dict[_Name, _Known]) -> None:
    """Make room: the older half goes at once, which costs little for each that came."""
    if len(known) > _MOST:
        for name in list(known)[: _MOST // 2]:
            known.pop(name, None)
