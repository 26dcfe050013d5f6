"""Any bytes as a mail: every field that later steps need, as well as it can be known."""

from datetime import datetime
from functools import lru_cache

from ticketcore.channels.email.addresses import Mailbox, mailboxes, normal, usual_mailbox
from ticketcore.channels.email.blocks import CARRIAGE_RETURN, Block, read_top
from ticketcore.channels.email.contents import read_parts, text_of
from ticketcore.channels.email.digest import digest_of
from ticketcore.channels.email.entities import Taken, take_apart, unread_headers
from ticketcore.channels.email.fields import clean, date_of, message_ids, unfolded, words
from ticketcore.channels.email.machine import machine_of
from ticketcore.channels.email.values import USUAL, Limits, Mail, Note
from ticketcore.errors import InvalidInput
from ticketcore.model.values import making

KEPT = frozenset(
    (
        b"authentication-results",
        b"auto-submitted",
        b"importance",
        b"list-id",
        b"list-unsubscribe",
        b"precedence",
        b"return-path",
        b"x-auto-response-suppress",
        b"x-autoreply",
        b"x-autoreply-from",
        b"x-autorespond",
        b"x-loop",
        b"x-priority",
    )
)
"""The headers that are kept as they are, the topmost of each name: what tells machines, lists, loops and trust."""

_RECIPIENTS = (b"delivered-to", b"x-original-to", b"envelope-to", b"x-forwarded-to", b"to", b"cc")
_SENDERS = (b"from", b"sender", b"reply-to", b"return-path")
_SINGLE = (
    b"from",
    b"sender",
    b"reply-to",
    b"to",
    b"cc",
    b"subject",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"date",
)
_MAX_SHORT = 100
"""Bytes of a mailbox that is likely to come again: ours are in every mail, and customers write more than once."""

_mail = making(Mail)
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def read_mail(raw: bytes, limits: Limits = USUAL) -> Mail:
    """The mail that the bytes are, whatever they are.  Linear in their number; the same for the same.

    What is odd is noted and what lies beyond a limit is kept as it came; see ``Mail`` and ``Limits``.  Raises
    ``InvalidInput`` for what is not bytes, and nothing else.
    """
    if not isinstance(raw, bytes):
        raise InvalidInput("raw", f"must be bytes, not {type(raw).__name__}")
    notes: list[Note] = []
    if len(raw) > limits.size:
        notes.append(Note("size", f"more than {limits.size} bytes: only its headers were read"))
        top = read_top(_lines(raw[: 2 * limits.header_bytes], notes), limits)
        return _Headers(top, limits, notes).mail(raw, Taken(unread_headers(top), "", top.oddities))
    data = _lines(raw, notes)
    top = read_top(data, limits)
    return _Headers(top, limits, notes).mail(data, take_apart(data, top, limits))


def _lines(raw: bytes, notes: list[Note]) -> bytes:
    """The bytes with lines that end in a line feed.  Some programs write carriage returns alone."""
    if CARRIAGE_RETURN in raw and b"\n" not in raw:
        notes.append(Note("lines", "end in carriage returns alone"))
        return raw.replace(b"\r", b"\n")
    return raw


@lru_cache(maxsize=1024)
def _short_mailbox(raw: bytes) -> Mailbox | None:
    """The one mailbox of a value that is written as nearly all are; None for any other value."""
    return usual_mailbox(raw.strip().decode()) if raw.isascii() else None


class _Headers:
    """The headers of one mail, with the notes made while they are read."""

    def __init__(self, top: Block, limits: Limits, notes: list[Note]) -> None:
        self.top = top
        self.limits = limits
        self.notes = notes
        self.charset = ""

    def mail(self, data: bytes, taken: Taken) -> Mail:
        top, notes = self.top, self.notes
        if taken.oddities:
            notes += [Note("structure", odd) for odd in dict.fromkeys(taken.oddities)]
        if not top.repeated.keys().isdisjoint(_SINGLE):
            repeated = [(name.decode(), len(top.repeated[name])) for name in _SINGLE if name in top.repeated]
            notes += [Note(name, f"stands {count} times; the first counts") for name, count in repeated]
        for leaf in taken.leaves:
            if "charset" in leaf.parameters:
                self.charset = leaf.parameters["charset"]
                break
        parts = read_parts(data, taken.leaves, self.limits, notes)
        text = text_of(parts, taken.leaves, self.limits, notes)
        sender, sender_name = self._sender()
        message_id = self._message_id()
        answers = self._answers(message_id)
        return _mail(
            sender=sender,
            sender_name=sender_name,
            reply_to=self._reply_to(),
            recipients=self._recipients(),
            subject=self._words(b"subject"),
            message_id=message_id,
            digest=digest_of(data, top),
            answers=answers,
            date=self._date(),
            text=text,
            parts=parts,
            headers=self._kept(),
            machine=machine_of(top, taken.report, parts, sender, answers, text),
            notes=tuple(dict.fromkeys(notes)) if notes else (),
        )

    def _note(self, name: bytes, reason: str) -> None:
        self.notes.append(Note(name.decode(), reason))

    def _text(self, name: bytes) -> str:
        """The first value of a field, unfolded, with encoded words as they stand."""
        raw = self.top.fields.get(name, b"").strip()
        if raw.isascii():
            return raw.decode()
        text, odd = unfolded(raw, self.charset)
        if odd:
            self._note(name, odd)
        return text

    def _words(self, name: bytes) -> str:
        return self._shown(name, self._text(name))

    def _shown(self, name: bytes, text: str) -> str:
        """Text with its encoded words decoded, no longer than the limit."""
        if self._is_plain(text):
            return text.strip()
        shown, odd = words(text)
        if odd:
            self._note(name, clean(odd))
        if len(shown) > self.limits.header_length:
            self._note(name, f"cut after {self.limits.header_length} characters")
            shown = shown[: self.limits.header_length].rstrip()
        return shown

    def _is_plain(self, text: str) -> bool:
        return len(text) <= self.limits.header_length and text.isprintable() and "=?" not in text

    def _mailboxes(self, name: bytes) -> list[Mailbox]:
        raw = self.top.fields.get(name, b"")
        if len(raw) <= _MAX_SHORT and (short := _short_mailbox(raw)):
            return [short]
        return mailboxes(self._text(name), self.limits.recipients + 1)

    def _reply_to(self) -> str | None:
        if b"reply-to" not in self.top.fields:
            return None
        return next((box.address for box in self._mailboxes(b"reply-to") if box.address), None)

    def _sender(self) -> tuple[str | None, str]:
        """The address of the first header that says who wrote, and the name in From."""
        written = self._mailboxes(b"from")
        if len(written) == 1 and written[0].address and self._is_plain(written[0].name) and "@" not in written[0].name:
            return written[0].address, written[0].name
        addressed = [box for box in written if box.address]
        names = [box.name for box in addressed[:1] or written if box.name]
        name = self._shown(b"from", names[0]) if names else ""
        if addressed:
            if len(addressed) > 1:
                self._note(b"from", f"names {len(addressed)} senders; the first counts")
            self._suspect(name, addressed[0].address)
            return addressed[0].address, name
        for other in _SENDERS[1:]:
            for box in self._mailboxes(other):
                if box.address:
                    self._note(b"from", f"has no address; that of {other.decode()} is taken")
                    return box.address, name
        self._note(b"from", "has no address")
        return name or self._words(b"from") or None, name

    def _suspect(self, name: str, address: str) -> None:
        if "@" in name:
            named = {normal(word.strip("\"'<>(),;")).lower() for word in name.split() if "@" in word}
            if named - {"", address.lower()}:
                self._note(b"from", "the name looks like another address")
        if not name.isascii() and not _BIDI.isdisjoint(name):
            self._note(b"from", "the name holds marks that change the direction of writing")

    def _recipients(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in filter(self.top.fields.__contains__, _RECIPIENTS):
            for box in self._mailboxes(name):
                if box.address and len(found) == self.limits.recipients:
                    self._note(name, f"more than {self.limits.recipients} recipients")
                    return tuple(found)
                if box.address:
                    found[box.address] = None
        return tuple(found)

    def _message_id(self) -> str | None:
        text = self._text(b"message-id")
        ids = message_ids(text)
        if text and not ids:
            self._note(b"message-id", "is none")
        return ids[0] if ids else None

    def _answers(self, own: str | None) -> tuple[str, ...]:
        """The ids in In-Reply-To, then those in References from the last to the first."""
        if b"in-reply-to" not in self.top.fields and b"references" not in self.top.fields:
            return ()
        ids = message_ids(self._text(b"in-reply-to"))
        ids += reversed(message_ids(self._text(b"references")))
        answers = [id for id in dict.fromkeys(ids) if id != own]
        if len(answers) > self.limits.answers:
            self._note(b"references", f"more than {self.limits.answers} message ids; the newest count")
        return tuple(answers[: self.limits.answers])

    def _date(self) -> datetime | None:
        text = self._text(b"date")
        date = date_of(text) if text else None
        if text and date is None:
            self._note(b"date", "is none")
        return date

    def _kept(self) -> tuple[tuple[str, str], ...]:
        if KEPT.isdisjoint(self.top.fields):
            return ()
        return tuple([(name.decode(), self._words(name)) for name in sorted(self.top.fields.keys() & KEPT)])
