"""A mail taken apart: the multiparts in it and their parts (RFC 2046, 5.1).

A multipart as nearly all are, of parts that hold no further ones, is read at once.  Any other takes one pass over the
mail, from one delimiter line to the next, with a list of the multiparts that are open in place of recursion.  So the
work is linear in the mail however deep it nests, and each limit is one comparison.  A delimiter of an outer multipart
ends the inner ones, closed or not.  A mail within a mail is one part and stays closed.

``email.parser`` of the standard library is not used: it recurses into multiparts and into mails within mails until
Python gives up, and cannot keep the rest of a mail raw from a limit on.  The tests hold its results against these.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import attrs

from ticketcore.channels.email.blocks import CARRIAGE_RETURN, Block, read_block, usual_block
from ticketcore.channels.email.fields import parameters
from ticketcore.channels.email.values import Limits

HEADERS = "text/rfc822-headers"
"""The media type of headers without a mail (RFC 6522, 4), and of those beyond a limit."""

_MEDIA_TYPE = re.compile("[!-.0-~]+/[!-~]+")
_MAX_BOUNDARY = 250
_HYPHENS = re.compile(rb"\n--")
_FEW_LINES = 1_000
"""How many lines that only begin like a delimiter are looked at one by one; of more, a pattern leaves most out."""

_FEW = 50
"""How many boundaries are looked for at once; of more, any line that begins with hyphens is looked at."""

_TELLING = 16
"""So many bytes of a boundary are looked for; what follows them is then compared."""

_MAX_SHORT = 60
"""Bytes of a Content-Type that is likely to come again: most mails share a few, none of which has a boundary."""


_MULTIPART = re.compile(rb' (multipart/[a-z]{1,100});\s+boundary="([!#-\[\]-~]+)"')
"""The Content-Type of a multipart as nearly all programs write it."""

_LAST = (b"--\n", b"--\r\n", b"--\n\n", b"--\r\n\r\n", b"--")
"""What usually stands from the last boundary to the end of a mail."""


@attrs.define
class Leaf:
    """A part that holds no further parts: its content stands, still encoded, from ``start`` to before ``end``.

    ``block`` has its header fields.  ``media_type`` and ``parameters``, by lower-case name, are those of its
    Content-Type, or what counts where that says none.  ``alternative`` tells the outermost multipart/alternative that
    it stands in from others, 0 for none.  ``reason`` says why it is not to be read.
    """

    block: Block
    media_type: str
    parameters: Mapping[str, str]
    start: int
    end: int
    alternative: int = 0
    reason: str = ""


@attrs.define
class _Multipart:
    """A multipart that is open: of what kind, where its body begins, and how many parts it had."""

    block: Block
    media_type: str
    boundary: bytes
    start: int
    alternative: int
    children: int = 0


class Taken(NamedTuple):
    """The parts in order, ``leaves``, and what was odd, ``oddities``.

    ``report`` is what the mail reports (RFC 6522), such as "delivery-status": "report" when that is not said, and
    empty when it is no report.
    """

    leaves: list[Leaf]
    report: str
    oddities: list[str]


def take_apart(data: bytes, top: Block, limits: Limits) -> Taken:
    """The parts of a mail whose headers are ``top``."""
    media_type, named = _media_type(top, "text/plain")
    if media_type.startswith("multipart/"):
        return _flat(data, top, media_type, named, limits) or _Walk(data, limits).walk(top, media_type, named)
    leaf = Leaf(top, media_type, named, top.end, len(data))
    return Taken([*unread_headers(top), leaf], "", top.oddities)


def _flat(data: bytes, top: Block, media_type: str, named: Mapping[str, str], limits: Limits) -> Taken | None:
    """A multipart of leaves, each with a usual block, and nothing odd about it; None for any other.

    It gives what ``_Walk`` gives, in half the time.
    """
    boundary = named.get("boundary", "").encode("utf-8", "surrogateescape")
    if top.unread >= 0 or not boundary or len(boundary) > _MAX_BOUNDARY:
        return None
    delimiter = b"\n--" + boundary
    usual = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
    alternative = top.end if media_type == "multipart/alternative" else 0
    leaves: list[Leaf] = []
    at = data.find(delimiter, max(top.end - 1, 0))
    while at >= 0:
        after = at + len(delimiter)
        if leaves:
            leaves[-1].end = max(at - (data[at - 1] == CARRIAGE_RETURN), leaves[-1].start)
        line_end = data[after : after + 2]
        if line_end == b"--":
            return Taken(leaves, _report(media_type, named), top.oddities) if leaves and data[after:] in _LAST else None
        if line_end[:1] != b"\n" and line_end != b"\r\n":
            return None
        block = usual_block(data, after + (1 if line_end[:1] == b"\n" else 2), limits)
        if block is None or len(leaves) + 1 >= limits.parts:
            return None
        of_part, its_parameters = _media_type(block, usual)
        if of_part[:10] == "multipart/":
            return None
        leaves.append(Leaf(block, of_part, its_parameters, block.end, len(data), alternative))
        at = data.find(delimiter, block.end - 1)
    return None


def _report(media_type: str, named: Mapping[str, str]) -> str:
    return named.get("report-type", "report").lower() if media_type == "multipart/report" else ""


def unread_headers(block: Block) -> list[Leaf]:
    """What of a block lies beyond the limits, as a part."""
    if block.unread < 0:
        return []
    return [Leaf(Block({}, {}, block.end, []), HEADERS, {}, block.unread, block.end, reason=block.reason)]


@attrs.define
class _Walk:
    data: bytes
    limits: Limits
    opened: list[_Multipart] = attrs.field(factory=list)
    levels: dict[bytes, int] = attrs.field(factory=dict)
    leaves: list[Leaf] = attrs.field(factory=list)
    oddities: list[str] = attrs.field(factory=list)
    others: int = 0  # lines that began like a delimiter and were none

    def walk(self, top: Block, media_type: str, named: Mapping[str, str]) -> Taken:
        data, limits = self.data, self.limits
        leaf = self._begin(top, media_type, named)
        position, entities = top.end, 1
        while self.opened:
            at, end, level, closes = self._delimiter(max(position - 1, 0))
            self._end(leaf, at)
            leaf, position = None, end
            if level < 0:
                self.oddities.append("a multipart is not closed")
            if level + 1 < len(self.opened):
                self._close_to(level + 1, at)
            if level < 0:
                break
            if closes:
                self._close_to(level, at)
            elif entities >= limits.parts:
                reason = f"more than {limits.parts} parts"
                leaf = Leaf(Block({}, {}, end, []), "application/octet-stream", {}, end, end, reason=reason)
                position = len(data)
                self.oddities.append(reason)
                break
            else:
                entities += 1
                multipart = self.opened[level]
                multipart.children += 1
                block = read_block(data, end, limits, lambda position: self._delimiter(position - 1)[0] + 1)
                usual = "message/rfc822" if multipart.media_type == "multipart/digest" else "text/plain"
                leaf = self._begin(block, *_media_type(block, usual))
                position = block.end
        self._end(leaf, len(data))
        if leaf is None and data[position:].strip():
            self.oddities.append("something stands after the last part")
        return Taken(self.leaves, _report(media_type, named), self.oddities)

    def _begin(self, block: Block, media_type: str, named: Mapping[str, str]) -> Leaf | None:
        """A part begins after its block: the leaf, without its end, or None when it is a multipart."""
        if block.unread >= 0:
            self.leaves += unread_headers(block)
        self.oddities += block.oddities
        depth = len(self.opened)
        alternative = self.opened[-1].alternative if self.opened else 0
        if not media_type.startswith("multipart/"):
            return Leaf(block, media_type, named, block.end, len(self.data), alternative)
        boundary = self._boundary(block, named)
        if depth >= self.limits.depth:
            reason = f"nested deeper than {self.limits.depth}"
            self.oddities.append(reason)
            return Leaf(block, media_type, named, block.end, block.end, alternative, reason)
        if not boundary:
            self.oddities.append("a multipart has no boundary")
            return Leaf(block, "text/plain", {}, block.end, block.end, alternative)
        if media_type == "multipart/alternative" and not alternative:
            alternative = block.end
        self.opened.append(_Multipart(block, media_type, boundary, block.end, alternative))
        self.levels[boundary] = depth
        return None

    def _boundary(self, block: Block, named: Mapping[str, str]) -> bytes:
        """The declared boundary, or else what the first line that begins like a delimiter says; empty for none."""
        declared = named.get("boundary", "").encode("utf-8", "surrogateescape").rstrip()
        if 0 < len(declared) <= _MAX_BOUNDARY:
            return declared
        at = self.data.find(b"\n--", max(block.end - 1, 0))
        line = self._line(at + 3)[0] if at >= 0 else b""
        return b"" if b" " in line or self._level(line)[0] >= 0 else line

    def _delimiter(self, position: int) -> tuple[int, int, int, bool]:
        """The next delimiter line: where the line end before it stands, where the next line begins, the number of
        its multipart, and whether it closes that.  Without one, the end of the data and the number -1.
        """
        for at in self._candidates(position):
            line, end = self._line(at + 3)
            level, closes = self._level(line)
            if level >= 0:
                return at, end, level, closes
        return len(self.data), len(self.data), -1, True

    def _candidates(self, position: int) -> Iterator[int]:
        """Where the line ends stand after which a delimiter of an open multipart may begin."""
        beginning = b"\n--" + next(iter(self.levels)) if len(self.levels) == 1 else b"\n--"
        at = self.data.find(beginning, position)
        while at >= 0 and self.others < _FEW_LINES:
            yield at
            self.others += 1
            at = self.data.find(beginning, at + 3)
        if at >= 0:
            yield from (found.start() for found in self._pattern().finditer(self.data, at))

    def _pattern(self) -> re.Pattern[bytes]:
        """What a delimiter line of an open multipart begins with, up to the boundary."""
        if len(self.levels) > _FEW:
            return _HYPHENS
        beginnings = (
            re.escape(boundary) + rb"(?:--)?[ \t\r]*+(?:\n|\Z)"
            if len(boundary) <= _TELLING
            else re.escape(boundary[:_TELLING])
            for boundary in self.levels
        )
        return re.compile(rb"\n--(?=" + b"|".join(beginnings) + rb")")

    def _line(self, start: int) -> tuple[bytes, int]:
        """The rest of a line without spaces at its end, and where the next begins; empty when it is too long."""
        end = self.data.find(b"\n", start, start + _MAX_BOUNDARY + 50)
        if end >= 0:
            return self.data[start:end].rstrip(b" \t\r"), end + 1
        if len(self.data) - start > _MAX_BOUNDARY + 50:
            return b"", start
        return self.data[start:].rstrip(b" \t\r"), len(self.data)

    def _level(self, line: bytes) -> tuple[int, bool]:
        level = self.levels.get(line)
        if level is not None:
            return level, False
        return (self.levels.get(line[:-2], -1), True) if line.endswith(b"--") else (-1, False)

    def _close_to(self, level: int, at: int) -> None:
        """Close the multiparts from ``level`` on; one without any part is a part itself."""
        for multipart in self.opened[level:]:
            if not multipart.children:
                self.oddities.append("a multipart has no parts")
                leaf = Leaf(multipart.block, "text/plain", {}, multipart.start, 0, multipart.alternative)
                self._end(leaf, at)
        del self.opened[level:]
        self.levels = {multipart.boundary: i for i, multipart in enumerate(self.opened)}

    def _end(self, leaf: Leaf | None, at: int) -> None:
        """The line end before a delimiter belongs to the delimiter."""
        if leaf is not None:
            end = at - 1 if at < len(self.data) and self.data[at - 1 : at] == b"\r" else at
            leaf.end = max(end, leaf.start)
            self.leaves.append(leaf)


def _media_type(block: Block, usual: str) -> tuple[str, Mapping[str, str]]:
    value = block.fields.get(b"content-type")
    if not value or value.isspace():
        return usual, {}
    return _short_type(value) if len(value) <= _MAX_SHORT else _declared(value)


def _declared(raw: bytes) -> tuple[str, Mapping[str, str]]:
    if usual := _MULTIPART.fullmatch(raw):
        return usual[1].decode(), {"boundary": usual[2].decode()}
    value, named = parameters(raw.strip())
    media_type = (value.split() or [""])[0]
    return (media_type if len(media_type) <= 200 and _MEDIA_TYPE.fullmatch(media_type) else "text/plain"), named


_short_type = lru_cache(maxsize=256)(_declared)
