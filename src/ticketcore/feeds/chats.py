"""Facts from a chat that WhatsApp exported, with the files that lie beside it."""

import mimetypes
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from ticketcore.errors import InvalidInput
from ticketcore.feeds.facts import Item, MessageFact, Rejection, Remark, ReplyFact
from ticketcore.feeds.files import open_file, shown_path, unread
from ticketcore.feeds.observed import ThreadOf
from ticketcore.feeds.whatsapp import DateOrder, Entry, EntryKind, Export, read_export
from ticketcore.model import Inbound
from ticketcore.model.message import File

CHANNEL = "whatsapp"
"""The channel of all that comes from such a chat."""

MAX_CHAT = 100_000_000
"""The longest export that is read, in bytes; WhatsApp exports the newest 40,000 messages at most."""

MAX_FILE = 50_000_000
"""The largest file beside an export that is attached, in bytes."""

_TYPES = mimetypes.MimeTypes()  # without the files of this machine
_PASSED_OVER = {
    EntryKind.SYSTEM: ("system", "is a notice of WhatsApp's own"),
    EntryKind.CALL: ("call", "is a call, of which an export has no more"),
    EntryKind.DELETED: ("deleted", "is a message that was taken back"),
}


@attrs.frozen
class WhatsAppChat:
    """The chat that WhatsApp exported to the text file at ``path``.

    ``zone`` is where the exporting phone was, ``own_name`` the name under which we write, ``account`` what we call our
    account.  ``dates`` says in which order the dates are written where the file leaves it open.  What we wrote is a
    reply to the thread of who wrote last, or else will first; what others wrote is a message.  Ids have the name of
    that other side before them, so that they are unique among all chats of the account.

    The names of files that were sent stand in the text.  One that lies beside the export, and is no larger than
    ``MAX_FILE``, is attached.  Memory: the whole chat, and one file.
    """

    path: str | os.PathLike[str]
    zone: ZoneInfo
    own_name: str | None
    account: str
    dates: DateOrder | None = None

    @property
    def name(self) -> str:
        """The path as it was given."""
        return shown_path(self.path)

    def facts(self) -> Iterator[Item]:
        """A message or reply for each entry that somebody wrote, in the order of time; the rest is counted first.

        Without an own name, or with undecidable dates, the one rejection says what to give.
        """
        try:
            with open_file(self.path) as file:
                raw = file.read(MAX_CHAT + 1)
        except OSError as error:
            yield unread(self.path, error)
            return
        if len(raw) > MAX_CHAT:
            yield Rejection(self.name, None, "file", f"has more than {MAX_CHAT} bytes")
            return
        export = read_export(
            raw.decode("utf-8-sig", "replace"), zone=self.zone, own_name=self.own_name, dates=self.dates
        )
        yield from (Rejection(self.name, one.line, one.field, one.reason) for one in export.rejected)
        if export.entries and self.own_name is None:
            names = ", ".join(map(repr, export.customers)) or "nobody"
            yield Rejection(self.name, None, "own_name", f"must say under which name we write; there are {names}")
            return
        yield from self._remarks(export)
        for entry, other in _with_the_other_side(export):
            yield from self._items(entry, other)

    def _remarks(self, export: Export) -> Iterator[Remark]:
        counts = Counter(entry.kind for entry in export.entries)
        for kind, (field, reason) in _PASSED_OVER.items():
            if counts[kind]:
                first = next(entry.line for entry in export.entries if entry.kind is kind)
                yield Remark(self.name, first, field, reason, counts[kind])
        yield from (Remark(self.name, note.line, note.field, note.reason) for note in export.notes)

    def _items(self, entry: Entry, other: str | None) -> Iterator[Item]:
        if other is None:
            yield Rejection(self.name, entry.line, "sender", "is us, and nobody else writes in this chat")
            return
        files, remarks = self._files(entry)
        yield from remarks
        text = "\n".join(filter(None, (entry.text, *entry.media)))
        id = f"{other}/{entry.external_id}"
        try:
            if entry.own:
                about = ThreadOf(CHANNEL, self.account, other)
                yield ReplyFact(self.name, entry.line, entry.at, about, text, id=id, attachments=files)
            else:
                inbound = Inbound(CHANNEL, self.account, other, text, external_id=id, attachments=files)
                yield MessageFact(self.name, entry.line, entry.at, inbound)
        except InvalidInput as error:
            yield Rejection(self.name, entry.line, error.field.rpartition(".")[2], error.reason)

    def _files(self, entry: Entry) -> tuple[tuple[File, ...], list[Remark]]:
        """The files of an entry that lie beside the chat, and why others that it names are not attached."""
        files, remarks = [], []
        for name in entry.media:
            try:
                files.append(_beside(Path(self.path), name))
            except (OSError, ValueError, InvalidInput) as error:
                reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
                remarks.append(Remark(self.name, entry.line, "media", f"is not attached: {reason}"))
        return tuple(files), remarks


def _with_the_other_side(export: Export) -> list[tuple[Entry, str | None]]:
    """What people wrote, in the order of time, each with whose thread it belongs to."""
    other = export.customers[0] if export.customers else None
    found = []
    for entry in sorted(export.entries, key=lambda entry: entry.at):
        if entry.kind in _PASSED_OVER or entry.sender is None:
            continue
        if not entry.own:
            other = entry.sender
        found.append((entry, other))
    return found


def _beside(chat: Path, name: str) -> File:
    """The file of this name beside the chat.  Never one elsewhere, whatever the name: a chat is written by anybody."""
    if name != os.path.basename(name) or "\\" in name or name in ("", ".", ".."):
        raise ValueError("its name is a path")
    path = chat.parent / name
    if path.is_symlink():
        raise ValueError("it is a link to another file")
    with open_file(path) as file:
        content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise ValueError(f"it has more than {MAX_FILE} bytes")
    return File(content, name, _TYPES.guess_type(name)[0] or "application/octet-stream")
