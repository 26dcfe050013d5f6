"""Reading an export of a chat."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ticketcore.feeds.whatsapp.contents import Content, content_of, is_notice, may_be_notice, without_marks
from ticketcore.feeds.whatsapp.dates import Undecided, order_of, placed
from ticketcore.feeds.whatsapp.senders import long_names, name_of, parted
from ticketcore.feeds.whatsapp.stamps import Stamp, stamp_of
from ticketcore.feeds.whatsapp.values import DateOrder, Entry, EntryKind, Export, Note, Rejected

_NAMES_IN_A_NOTE = 5


def read_export(text: str, *, zone: ZoneInfo, own_name: str | None = None, dates: DateOrder | None = None) -> Export:
    """The messages and events of a chat that WhatsApp exported as text.

    ``zone`` is where the exporting phone was: an export has local times and does not say whose.  ``own_name`` is
    the name under which we write; its entries are ``own``.  ``dates`` says in which order the dates are written
    where the file leaves it open.

    Never raises, whatever the text is: what cannot be read is rejected, with the field and the reason.  A file
    without a date at the beginning of any line is rejected as a whole (field ``text``), and so is one whose dates
    contradict each other or can be read in two ways (field ``dates``).  Linear in the text.
    """
    lines = _lines(text)
    stamps, notes = _stamps(lines)
    if not stamps:
        reason = "no line begins with a date and a time as WhatsApp writes them: this is no WhatsApp export"
        return Export(rejected=(Rejected(1, "text", reason, len(lines)),))
    order = order_of(stamps, zone, dates)
    if isinstance(order, Undecided):
        return Export(notes=tuple(notes), rejected=(Rejected(1, "dates", order.reason, len(lines)),))
    fitting = [stamp for stamp in stamps if order in stamp.dates]
    notes += (_kept(stamp, f"its date is not {order}") for stamp in stamps if order not in stamp.dates)
    instants = placed(fitting, order, zone)
    entries = _entries(lines, fitting, instants.at, order, name_of(own_name or ""))
    notes += [*instants.notes, *_order_notes(instants.at, fitting, instants.backward), *_who(entries, own_name)]
    before = fitting[0].line
    rejected = (Rejected(1, "line", "stands before the first message", before),) if before else ()
    return Export(tuple(entries), order, tuple(sorted(notes, key=lambda note: note.line)), rejected)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _stamps(lines: Sequence[str]) -> tuple[list[Stamp], list[Note]]:
    """Where messages begin.  What is written otherwise than the first date is part of a message that quotes it."""
    found = [stamp for number, line in enumerate(lines) if (stamp := stamp_of(line, number)) is not None]
    stamps = [stamp for stamp in found if stamp.shape == found[0].shape]
    others = [stamp for stamp in found if stamp.shape != found[0].shape]
    return stamps, [_kept(stamp, f"it is written otherwise than line {found[0].line + 1}") for stamp in others]


def _kept(stamp: Stamp, why: str) -> Note:
    return Note(stamp.line + 1, "line", f"begins with a date, but {why}; so no message begins here")


class _Part(NamedTuple):
    """A message in the making."""

    stamp: Stamp
    sender: str | None
    content: Content
    lines: int


def _entries(
    lines: Sequence[str], stamps: Sequence[Stamp], at: Sequence[datetime], order: DateOrder, own: str
) -> list[Entry]:
    parts = _parts(lines, stamps, own)
    silent = _silent(parts)
    seen: Counter[str] = Counter()
    entries = []
    for part, instant in zip(parts, at, strict=True):
        content = part.content
        kind = content.kind
        if kind is EntryKind.MESSAGE and (
            part.sender is None or is_notice(content, part.sender) or (part.sender in silent and may_be_notice(content))
        ):
            kind = EntryKind.SYSTEM
        local = datetime.combine(part.stamp.dates[order], part.stamp.time)
        entries.append(
            Entry(
                part.stamp.line + 1,
                instant,
                part.sender,
                without_marks(content.text) if kind is EntryKind.SYSTEM else content.text,
                content.media,
                kind,
                content.edited,
                part.sender == own,
                _id(local, part.sender, content, seen),
                part.lines,
            )
        )
    return entries


def _parts(lines: Sequence[str], stamps: Sequence[Stamp], own: str) -> list[_Part]:
    known = long_names(stamps) | ({own} if own else set())
    ends = [*(stamp.line for stamp in stamps[1:]), len(lines)]
    parts = []
    for stamp, end in zip(stamps, ends, strict=True):
        written, words = parted(stamp.rest, known)
        sender = None if written is None else name_of(written)
        content = content_of("\n".join([words, *lines[stamp.line + 1 : end]]))
        parts.append(_Part(stamp, sender, content, end - stamp.line))
    return parts


def _silent(parts: Sequence[_Part]) -> set[str]:
    """Names under which nothing stands that a person wrote or did: on an iPhone, that of the group."""
    speaking = {part.sender for part in parts if not may_be_notice(part.content)}
    return {part.sender for part in parts if part.sender is not None} - speaking


def _id(local: datetime, sender: str | None, content: Content, seen: Counter[str]) -> str:
    said = without_marks(content.caption if content.kind is EntryKind.MEDIA else content.text).strip()
    key = f"{local.isoformat()} {sender or ''}: {said}"
    seen[key] += 1
    return hashlib.sha256(f"{seen[key]} {key}".encode(errors="surrogatepass")).hexdigest()[:32]


def _order_notes(at: Sequence[datetime], stamps: Sequence[Stamp], backward: int) -> list[Note]:
    if not backward:
        return []
    first = next(i for i in range(1, len(at)) if at[i] < at[i - 1])
    reason = f"lies before the line before it, as {backward} in the file do; entries stay in the order of the file"
    return [Note(stamps[first].line + 1, "at", reason)]


def _who(entries: Sequence[Entry], own_name: str | None) -> list[Note]:
    """What is odd about who writes, as far as it is known who we are."""
    if own_name is None:
        return []
    names = Export(tuple(entries)).customers
    told = ", ".join(names[:_NAMES_IN_A_NOTE]) + (" and others" if len(names) > _NAMES_IN_A_NOTE else "")
    if not any(entry.own for entry in entries):
        return [Note(1, "own_name", f"nobody writes as {name_of(own_name)!r}; there are {told or 'no names'}")]
    if len(names) < 2:
        return []
    second = next(entry.line for entry in entries if entry.sender == names[1])
    return [Note(second, "sender", f"{len(names)} others write, so this is a group: {told}")]
