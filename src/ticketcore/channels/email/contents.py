"""The parts of a mail with their content decoded, and the text that a person reads."""

import re
from collections.abc import Sequence

from ticketcore.channels.email.blocks import CARRIAGE_RETURN, read_block
from ticketcore.channels.email.charsets import decode
from ticketcore.channels.email.entities import Leaf
from ticketcore.channels.email.fields import clean, parameter, parameters
from ticketcore.channels.email.hypertext import shown
from ticketcore.channels.email.transfer import transferred
from ticketcore.channels.email.values import USUAL, Limits, Note, Part, Role
from ticketcore.model.values import making

_read = making(Part)
_TEXT, _HTML = Role.TEXT, Role.HTML  # Python 3.11 makes a call of each look-up of an enumeration's member.
_HTML_TYPES = frozenset(("text/html", "text/x-amp-html", "text/watch-html"))
_WINMAIL = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n"})
_MARKED = bytes(byte ^ 1 if byte in _CONTROLS and byte != CARRIAGE_RETURN else byte for byte in range(256))
"""By this table all bytes stay as they are but those that controls other than line ends are made of, in any charset."""

_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s{0,9}=\s{0,9}[\"']?([\w-]{1,40})", re.IGNORECASE)
_HTML_PER_TEXT = 4
"""How many characters of HTML are read for each character that the text may have."""

_MAX_TAGS = 200_000
"""How many tags of one part are read."""

_BYTES_PER_CHARACTER = 4
"""No charset takes more; only escapes between characters, which could be without end."""


def read_parts(data: bytes, leaves: Sequence[Leaf], limits: Limits, notes: list[Note]) -> tuple[Part, ...]:
    """Every part with its content decoded."""
    is_alone = len(leaves) == 1
    return tuple([_part(data, leaf, is_alone, limits.header_length, notes) for leaf in leaves])


def _part(data: bytes, leaf: Leaf, is_alone: bool, longest: int, notes: list[Note]) -> Part:
    raw = data[leaf.start : leaf.end]
    if leaf.reason:
        notes.append(Note(leaf.media_type, leaf.reason))
        return Part(leaf.media_type, "", "", "", raw, Role.UNREAD, leaf.reason)
    block = leaf.block
    named = leaf.parameters
    disposition = ""
    name = ""
    if b"content-disposition" in block.fields:
        disposition, disposed = parameters(block.raw(b"content-disposition"))
        name = parameter(disposed, "filename")
    if not name and len(named) > ("charset" in named):
        name = parameter(named, "name")
    name = name[:longest]
    content, odd = transferred(raw, block.keyword(b"content-transfer-encoding"))
    if odd:
        notes.append(Note(name or leaf.media_type, odd))
    if leaf.media_type == "message/rfc822" and not name:
        subject = read_block(content, 0, USUAL).words(b"subject")
        name = f"{subject[:longest]}.eml" if subject else ""
    if leaf.media_type in _WINMAIL or (name and name.lower() == "winmail.dat"):
        notes.append(Note(name or leaf.media_type, "an Outlook container (TNEF), whose files were not taken out"))
    content_id = clean(block.text(b"content-id")).strip("<>")[:longest] if b"content-id" in block.fields else ""
    role = _role(leaf.media_type, disposition, content_id, is_named=bool(name) and not is_alone)
    return _read(leaf.media_type, name, disposition, content_id, content, role)


def _role(media_type: str, disposition: str, content_id: str, *, is_named: bool) -> Role:
    """Text with a name is a file, unless it is all that there is."""
    if disposition != "attachment" and not is_named:
        if media_type == "text/plain":
            return _TEXT
        if media_type in _HTML_TYPES:
            return _HTML
    return Role.INLINE if disposition == "inline" or (content_id and not disposition) else Role.ATTACHMENT


def text_of(parts: Sequence[Part], leaves: Sequence[Leaf], limits: Limits, notes: list[Note]) -> str:
    """What a person reads: every text part in order.  Of alternatives it is the plain one, or the HTML as text.

    Each of the ``parts`` was read from the leaf of its place.
    """
    texts = [""] * len(parts)
    answered = set()
    for i, part in enumerate(parts):
        if part.role is _TEXT:
            texts[i] = _plain(part, leaves[i], limits.text, notes)
            if texts[i] and leaves[i].alternative:
                answered.add(leaves[i].alternative)
    for i, part in enumerate(parts):
        if part.role is _HTML and part.media_type == "text/html" and leaves[i].alternative not in answered:
            texts[i] = _from_html(part, leaves[i], limits.text, notes)
    text = "\n\n".join(filter(None, texts))
    if len(text) > limits.text:
        notes.append(Note("text", f"cut after {limits.text} characters"))
        text = text[: limits.text]
    return text


def _plain(part: Part, leaf: Leaf, limit: int, notes: list[Note]) -> str:
    text = _decoded(part, leaf.parameters.get("charset", ""), limit, notes)
    if leaf.parameters.get("format", "").lower() == "flowed":
        text = _reflowed(text, leaf.parameters.get("delsp", "").lower() == "yes")
    return text.rstrip().lstrip("\n")


def _from_html(part: Part, leaf: Leaf, limit: int, notes: list[Note]) -> str:
    charset = leaf.parameters.get("charset", "")
    if not charset and (declared := _META_CHARSET.search(part.content[:2000])):
        charset = declared[1].decode("ascii", "ignore")
    html = _decoded(part, charset, limit * _HTML_PER_TEXT, notes)
    if html.count("<") > _MAX_TAGS:
        notes.append(Note("text", f"text/html cut after {_MAX_TAGS} tags"))
        html = "<".join(html.split("<", _MAX_TAGS + 1)[:-1])
    return _without_controls(shown(html))


def _decoded(part: Part, charset: str, limit: int, notes: list[Note]) -> str:
    most = limit * _BYTES_PER_CHARACTER
    content = part.content[:most]
    text, odd = decode(content, charset)
    if odd:
        notes.append(Note(part.media_type, clean(odd)))
    if len(text) > limit or len(part.content) > most:
        notes.append(Note("text", f"{part.media_type} cut after {limit} characters"))
        text = text[:limit]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if content.translate(_MARKED) == content else _without_controls(text)


def _without_controls(text: str) -> str:
    """Without half surrogate pairs too, which UTF-8 cannot hold."""
    return text.encode("utf-8", "ignore").translate(None, _CONTROLS).decode()


def _reflowed(text: str, delete_space: bool) -> str:
    r"""The paragraphs of flowed text (RFC 3676, 4): a line that ends in a space goes on in the next of its depth.

    >>> _reflowed("one \ntwo\n> three \n> four\n-- \nKim", False)
    'one two\n> three four\n-- \nKim'
    """
    paragraphs: list[list[str]] = []
    flows, depth = False, 0
    for line in text.split("\n"):
        words = line.lstrip(">")
        quotes = len(line) - len(words)
        words = words.removeprefix(" ")
        if not (flows and quotes == depth and words != "-- "):
            paragraphs.append([">" * quotes + " " * bool(quotes)])
        flows, depth = words.endswith(" ") and words != "-- ", quotes
        paragraphs[-1].append(words[:-1] if flows and delete_space else words)
    return "\n".join("".join(paragraph) for paragraph in paragraphs)
