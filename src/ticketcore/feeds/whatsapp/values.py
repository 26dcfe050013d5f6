"""What reading an export of a chat gives."""

from datetime import datetime
from enum import StrEnum

import attrs


class DateOrder(StrEnum):
    """In which order the dates of an export name day, month and year: as 31.12.2024 (``DAY_FIRST``), 12/31/2024
    (``MONTH_FIRST``) or 2024-12-31 (``YEAR_FIRST``).
    """

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    YEAR_FIRST = "year first"


class EntryKind(StrEnum):
    """What an entry of a chat is.

    ``MESSAGE`` is text that somebody wrote.  ``MEDIA`` has a file, in the export or left out of it; ``SYSTEM`` is
    what WhatsApp itself says (who joined, what is encrypted); ``DELETED`` is a message that was taken back;
    ``CALL`` a call, most often one that was missed.
    """

    MESSAGE = "message"
    MEDIA = "media"
    SYSTEM = "system"
    DELETED = "deleted"
    CALL = "call"


@attrs.frozen
class Entry:
    """One message or event of the chat: ``lines`` lines of the file from ``line`` on, which counts from 1.

    ``kind`` is what it is.  ``at`` is in UTC.  ``sender`` is the name or phone number as the exporting phone knew it,
    None where WhatsApp names nobody; ``own`` tells whether it is the own name that was given.  ``media`` are the
    names of the files that the export has for it.  ``text`` is what was written, a caption for media; where the
    export left a file out, its placeholder is part of the text.  ``edited``: the text is not the first one.

    ``external_id`` depends on the time as it is written, the sender, the text, and how many equal entries stand
    before it in this chat.  So it is the same in a later, longer export of the chat by the same phone, and in one with
    and one without media.  It is unique within one chat only: who imports several puts the chat's name before it.
    A message that was edited or deleted in between has another one.
    """

    line: int
    at: datetime
    sender: str | None
    text: str
    media: tuple[str, ...]
    kind: EntryKind
    edited: bool
    own: bool
    external_id: str
    lines: int = 1


@attrs.frozen
class Note:
    """Something that was read, but that a careful importer wants to know: the ``line`` where it stands, the ``field``
    that it is about, and the ``reason`` why it is worth telling.
    """

    line: int
    field: str
    reason: str


@attrs.frozen
class Rejected:
    """``lines`` lines of the file from ``line`` on that were not read: ``field`` is at fault for ``reason``."""

    line: int
    field: str
    reason: str
    lines: int = 1


@attrs.frozen
class Export:
    """An export that was read.  Each line of the file belongs to exactly one entry or one rejection.

    ``entries`` stand in the order of the file.  ``order`` is how the dates were read, None where they were not.
    ``notes`` and ``rejected`` stand in the order of the file too.
    """

    entries: tuple[Entry, ...] = ()
    order: DateOrder | None = None
    notes: tuple[Note, ...] = ()
    rejected: tuple[Rejected, ...] = ()

    @property
    def customers(self) -> tuple[str, ...]:
        """Everybody who takes part besides the own name, in the order in which they first write."""
        speaking = (entry for entry in self.entries if entry.kind is not EntryKind.SYSTEM and not entry.own)
        return tuple(dict.fromkeys(entry.sender for entry in speaking if entry.sender is not None))
