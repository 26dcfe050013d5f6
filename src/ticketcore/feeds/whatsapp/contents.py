"""What a message says: a file, a call, a message that was taken back, or words."""

import re
from typing import NamedTuple

from ticketcore.feeds.whatsapp.stamps import MARKS
from ticketcore.feeds.whatsapp.values import EntryKind
from ticketcore.feeds.whatsapp.wording import ATTACHED, CALLED, DELETED, EDITED, ENCRYPTED, EVENTS, MISSED, OMITTED

_MARKED = ("\u200e", "\u200f")
"""An iPhone puts one of them before the words that WhatsApp itself wrote."""

_LOOSE = " \t\xa0\u202f" + MARKS
_NO_MARKS = str.maketrans("", "", MARKS)
_TAG = re.compile(
    rf" ?(?P<mark>[\u200e\u200f]{{0,3}})<[{MARKS}]{{0,3}}(?P<label>[^<>:\n]{{1,40}}):"
    rf"[ {MARKS}]{{0,3}}(?P<name>[^<>\n]{{1,255}})>"
)
_ANDROID_FILE = re.compile(r"(?:IMG|VID|PTT|AUD|STK|DOC)-\d{8}-WA\d{4,}\.\w{1,8}")
_LONGEST_MARK = 100


class Content(NamedTuple):
    """What a message says.  ``kind``, ``text``, ``media`` and ``edited`` are those of ``Entry``; ``caption`` is what a
    person wrote of it, and ``marked`` says that it begins with a sign by which WhatsApp marks words of its own.
    """

    kind: EntryKind
    text: str
    caption: str = ""
    media: tuple[str, ...] = ()
    edited: bool = False
    marked: bool = False


def content_of(written: str) -> Content:
    """What stands behind the sender.  Linear in the text."""
    text, edited = _without_edited(written)
    marked = text.lstrip(" ").startswith(_MARKED)
    said = "" if "\n" in text else _said(text)
    if said in DELETED or (marked and _begins(said, DELETED)):
        return Content(EntryKind.DELETED, without_marks(text), marked=marked)
    if said in MISSED or (marked and _begins(said, CALLED)):
        return Content(EntryKind.CALL, without_marks(text), marked=marked)
    file = _file(text)
    if file is not None:
        return Content(EntryKind.MEDIA, file.text, file.caption, file.names, edited, marked)
    return Content(EntryKind.MESSAGE, text, edited=edited, marked=marked)


class _File(NamedTuple):
    text: str
    caption: str
    names: tuple[str, ...] = ()


def _file(text: str) -> _File | None:
    """The files that a message has, or the placeholder of one that was left out."""
    first, newline, more = text.partition("\n")
    name = _android_file(first)
    if name is not None:
        return _File(more, more, (name,))
    if _is_omitted(first):
        return _File(without_marks(text), more)
    mark = max(map(first.rfind, _MARKED))
    if mark > 0 and _is_omitted(first[mark:]):
        return _File(without_marks(text), first[:mark] + newline + more)
    names: list[str] = []
    caption = _TAG.sub(lambda tag: _named(tag, names), text).lstrip(_LOOSE).removeprefix("\n")
    return _File(caption, caption, tuple(names)) if names else None


def is_notice(content: Content, sender: str) -> bool:
    """Whether a message that has a sender was in truth written by WhatsApp, about the sender or the chat.

    Sure only where an iPhone marked it, or for the notice of encryption.  A place and a poll are marked as well.
    """
    if content.kind is not EntryKind.MESSAGE:
        return False
    said = _said(content.text)
    if said.startswith(ENCRYPTED):
        return True
    about_sender = said.startswith("+" if sender.startswith("+") else sender.casefold())
    return may_be_notice(content) and (about_sender or any(event in said for event in EVENTS))


def may_be_notice(content: Content) -> bool:
    """Whether it is marked as WhatsApp's own words, on one line and without a link."""
    words = content.text
    return content.kind is EntryKind.MESSAGE and content.marked and "\n" not in words and "://" not in words


def _without_edited(text: str) -> tuple[str, bool]:
    at = text.rfind("<", -_LONGEST_MARK) if text.rstrip(_LOOSE).endswith(">") else -1
    if at < 0 or _said(text[at:]).strip("<>. ") not in EDITED:
        return text, False
    return text[:at].rstrip(_LOOSE), True


def _is_omitted(line: str) -> bool:
    return _said(line).strip("< >") in OMITTED


def _android_file(line: str) -> str | None:
    """The name in ``NAME (file attached)``."""
    name, bracket, label = line.rstrip(_LOOSE).rpartition(" (")
    plain = name.strip(_LOOSE)
    if not (bracket and label.endswith(")") and "." in plain):
        return None
    sure = _said(label.rstrip(")")) in ATTACHED or _ANDROID_FILE.fullmatch(plain) or name.startswith(_MARKED)
    return plain if sure else None


def _named(tag: re.Match[str], names: list[str]) -> str:
    if not tag["mark"] and _said(tag["label"]) not in ATTACHED:
        return tag[0]
    names.append(tag["name"].strip(_LOOSE))
    return ""


def without_marks(text: str) -> str:
    """The text without signs of direction, and without blanks around it."""
    return text.translate(_NO_MARKS).strip(" ")


def _said(text: str) -> str:
    return " ".join(text.translate(_NO_MARKS).split()).casefold().rstrip(".。 ")


def _begins(said: str, phrases: frozenset[str]) -> bool:
    return any(said.startswith(phrase) for phrase in phrases)
