"""What one instance read or wrote last, which spares it the work of reading that again."""

from collections.abc import Mapping
from typing import TypeVar

from ticketcore.codec import Value
from ticketcore.model import Kind, Ref, UniqueKey
from ticketcore.ports import Indexed, Record

_Name = TypeVar("_Name")
_Known = TypeVar("_Known")

_TEXT = Kind.TEXT  # To look a member up takes longer than to look a record up, before Python 3.12.
_MOST = 4096
"""Records, and keys.  Texts are not among the records, so that one is a few kilobytes."""

Held = tuple[int, Value | None, Mapping[str, Indexed] | None]
"""A record at one version: the version, its value, and its index fields if we wrote it."""

_NOTHING: Held = (0, None, None)


class Seen:
    """The records that one instance read or wrote last, each at the version that it had then, and who holds their keys.

    A record is never relied on: whoever uses one has the database compare the version, and reads the record when it has
    another.  A version of a record is stored once and then stays what it is, so an equal version is an equal value.  A
    unique key stays with the record that holds it, so who does is not asked again.
    """

    def __init__(self) -> None:
        self._records: dict[tuple[str, Kind, str], Held] = {}
        self._holders: dict[tuple[str, UniqueKey], Ref] = {}

    def held(self, tenant: str, kind: Kind, id: str) -> Held:
        """The record as it was last; version 0 if we do not know it."""
        return self._records.get((tenant, kind, id), _NOTHING)

    def holder(self, tenant: str, key: UniqueKey) -> Ref | None:
        """Whose the key is; None if we do not know it."""
        return self._holders.get((tenant, key))

    def read(self, tenant: str, kind: Kind, id: str, version: int, value: Value) -> None:
        """The record was read and is that."""
        if kind is not _TEXT:
            self._records[tenant, kind, id] = (version, value, None)
            _forget(self._records)

    def read_holder(self, tenant: str, key: UniqueKey, holder: Ref) -> None:
        """The key was read and is the record's."""
        self._holders[tenant, key] = holder
        _forget(self._holders)

    def wrote(self, tenant: str, records: tuple[Record, ...]) -> None:
        """These were written and committed."""
        known = self._records
        for record in records:
            kind = record.kind
            if kind is not _TEXT:
                known[tenant, kind, record.id] = (record.version, record.value, record.fields)
            for key in record.keys:
                self._holders[tenant, key] = Ref(kind, record.id)
        _forget(known)
        _forget(self._holders)

    def clear(self) -> None:
        """Forget everything, as before a file that may be another one."""
        self._records.clear()
        self._holders.clear()


def _forget(known: dict[_Name, _Known]) -> None:
    """Make room: the older half goes at once, which costs little for each that came."""
    if len(known) > _MOST:
        for name in list(known)[: _MOST // 2]:
            known.pop(name, None)
