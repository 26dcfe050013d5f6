"""What one instance read or wrote last, which spares it the work of reading that again."""

from collections.abc import Mapping

from ticketcore.codec import Value
from ticketcore.model import Kind
from ticketcore.ports import Indexed, Record

_MOST = 4096
"""Records.  Their texts are not among them, so that one is a few kilobytes."""


Held = tuple[int, Value | None, Mapping[str, Indexed] | None]
"""A record at one version: the version, its value, and its index fields if we wrote it."""

_NOTHING: Held = (0, None, None)


class Seen:
    """The records that one instance read or wrote last, each at the version that it had then.

    Never relied on: whoever uses one of them has the database compare the version, and reads the record when it has
    another.  A version of a record is stored once and then stays what it is, so an equal version is an equal value.
    """

    def __init__(self) -> None:
        self._records: dict[tuple[str, Kind, str], Held] = {}

    def held(self, tenant: str, kind: Kind, id: str) -> Held:
        """The record as it was last; version 0 if we do not know it."""
        return self._records.get((tenant, kind, id), _NOTHING)

    def read(self, tenant: str, kind: Kind, id: str, version: int, value: Value) -> None:
        """The record was read and is that."""
        if kind is not Kind.TEXT:
            self._records[tenant, kind, id] = (version, value, None)
            self._forget()

    def wrote(self, tenant: str, records: tuple[Record, ...]) -> None:
        """These were written and committed."""
        known = self._records
        for record in records:
            kind = record.kind
            if kind is not Kind.TEXT:
                known[tenant, kind, record.id] = (record.version, record.value, record.fields)
        self._forget()

    def clear(self) -> None:
        """Forget everything, as before a file that may be another one."""
        self._records.clear()

    def _forget(self) -> None:
        """Make room: the older half goes at once, which costs little for each that came."""
        if len(self._records) > _MOST:
            for name in list(self._records)[: _MOST // 2]:
                self._records.pop(name, None)
