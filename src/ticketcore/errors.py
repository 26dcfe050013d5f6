"""What can go wrong, one class per decision a caller can take.

``Refused``: a rule said no; show the reasons.  ``Conflict``: somebody else was first; ask again.
``NotFound``: there is no such thing.  ``InvalidInput``: the value given cannot be used; mend the field.
``StoreFailure``: the database cannot serve; an operator has to look.  Each carries its data as attributes and
builds its message from them, and survives pickling, so that it can cross a process boundary.
"""

from enum import StrEnum
from typing import NamedTuple


class TicketCoreError(Exception):
    """Any error that ticketcore raises on purpose."""


class Reason(NamedTuple):
    """Why a rule refused: the name of the ``rule``, and the ``subject``, which is the value that it looked at."""

    rule: str
    subject: str


class Refused(TicketCoreError):
    """A rule of the desk does not allow the command; nothing was changed.

    ``command`` is the command's class name, ``reasons`` every rule that objected.
    """

    def __init__(self, command: str, reasons: tuple[Reason, ...]) -> None:
        super().__init__(command, reasons)
        self.command = command
        self.reasons = reasons

    def __str__(self) -> str:
        return f"{self.command} refused: " + "; ".join(f"{r.rule} ({r.subject})" for r in self.reasons)


class Conflict(TicketCoreError):
    """Another writer changed, or claimed first, what this commit relied on; nothing was written.

    ``blockers`` names at least one thing that stood in the way, as texts: the kind and id of a record or stream, the
    namespace and value of a unique key, ``("claim", kind, id)``, or ``("outbox", kind, id)``; and, in a transaction of
    the host's that can no longer write, ``("transaction", path)``.
    """

    def __init__(self, blockers: tuple[tuple[str, ...], ...]) -> None:
        super().__init__(blockers)
        self.blockers = blockers

    def __str__(self) -> str:
        return "changed meanwhile: " + ", ".join("/".join(blocker) for blocker in self.blockers)


class NotFound(TicketCoreError, LookupError):
    """The tenant has no ``kind`` with the id ``id``."""

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(kind, id)
        self.kind = kind
        self.id = id

    def __str__(self) -> str:
        return f"no {self.kind} {self.id!r}"


class InvalidInput(TicketCoreError, ValueError):
    """A value from outside cannot be used: ``field`` says which, ``reason`` why.

    ``line`` is where it stands in the text that it came from, counted from 1; None where no line is known.
    """

    def __init__(self, field: str, reason: str, line: int | None = None) -> None:
        super().__init__(field, reason, line)
        self.field = field
        self.reason = reason
        self.line = line

    def __str__(self) -> str:
        where = "" if self.line is None else f"line {self.line}: "
        return f"{where}{self.field}: {self.reason}"


class StoreFault(StrEnum):
    """What ails a database; the value says it in words.

    ``FOREIGN``: something else's.  ``NEWER``: a version of ticketcore wrote it that this one does not know.
    ``CORRUPT``: what it holds makes no sense.  ``FULL``, ``READ_ONLY``: it can be read, not written.  ``BUSY``:
    others kept it locked for longer than the store waits.  ``UNREADABLE``: anything else that the system reports.
    """

    FOREIGN = "not a ticketcore database"
    NEWER = "written by a newer ticketcore"
    CORRUPT = "damaged"
    FULL = "no space left"
    READ_ONLY = "not writable"
    BUSY = "locked by another process for too long"
    UNREADABLE = "cannot be read or written"


class StoreFailure(TicketCoreError):
    """The database at ``path`` cannot serve: ``fault`` is the kind of failure, ``detail`` the driver's own words.

    What was committed before is intact; the commit that met the failure left nothing behind.
    """

    def __init__(self, path: str, fault: StoreFault, detail: str) -> None:
        super().__init__(path, fault, detail)
        self.path = path
        self.fault = fault
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.path}: {self.fault} ({self.detail})"
