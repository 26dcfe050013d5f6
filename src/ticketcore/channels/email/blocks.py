"""Blocks of header fields: at the top of a mail, of each of its parts, and in reports.

Read from the start to the empty line that ends the block: the usual block, of nothing but fields, all at once, any
other line by line.  Values stay bytes until they are asked for: of the thirty fields of a mail, most never are.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import islice

import attrs

from ticketcore.channels.email.fields import keyword, unfolded, words
from ticketcore.channels.email.values import Limits
from ticketcore.model.values import making, quick

LINE_FEED, CARRIAGE_RETURN, _TAB = b"\n\r\t"
"""Whether bytes hold one of these is told far sooner by its number than by bytes."""

_PAUSE = re.compile(rb"\n(?=\r*\n)")
"""Before the empty line that ends a block."""

_NEEDED = re.compile(
    rb"\n(?i:(from|sender|reply-to|to|cc|subject|date|message-id|in-reply-to|references|content-type"
    rb"|content-transfer-encoding))[ \t]*:((?:[^\n]|\n[ \t]){0,10000})"
)
"""Fields without which a mail cannot be understood, as they begin."""

_MAX_NEEDED = 1000
_BOM = b"\xef\xbb\xbf"

_STOP = re.compile(rb"\n[\r\n-]")
"""The end of a usual block, or of what is usual about another."""

_MAX_SHORT = 150
"""Bytes of a block that is likely to come again: most parts of mails share a few, such as that of UTF-8 text."""

_MAX_SHORT_VALUE = 30
"""Bytes of a keyword that is likely to come again, such as that of a transfer encoding."""

_FOLD = re.compile(rb"\n[ \t]+")
_NAME = re.compile(rb"[!-9;-~]+")
_KNOWN = frozenset(
    b"from to cc bcc sender reply-to subject date message-id in-reply-to references received return-path "
    b"delivered-to mime-version content-type content-transfer-encoding content-disposition content-id "
    b"content-language dkim-signature authentication-results auto-submitted precedence list-id user-agent x-mailer "
    b"x-original-to envelope-to thread-topic thread-index".split()
)
"""Names by which a line is known for a field even where no field should stand."""
_SPELT = {
    written: name
    for name in _KNOWN
    for written in (name, name.title(), name.title().replace(b"-Id", b"-ID").replace(b"Mime", b"MIME"))
}
"""Those names as nearly all programs write them."""


@quick
@attrs.frozen
class Block:
    """The ``fields``: the first value by lower-case name, unfolded.  ``repeated`` has all values of a name in order
    where there are several.

    ``end`` is where what follows begins, ``oddities`` are what was odd.  From ``unread`` on, if that is not -1, the
    block lies beyond a limit and is not in ``fields``; ``reason`` says which limit.
    """

    fields: Mapping[bytes, bytes]
    repeated: Mapping[bytes, list[bytes]]
    end: int
    oddities: list[str]
    unread: int = -1
    reason: str = ""

    def raw(self, name: bytes) -> bytes:
        """The first value of a field without white space around it; empty without one."""
        return self.fields.get(name, b"").strip()

    def values(self, name: bytes) -> list[bytes]:
        """All values of a field in order."""
        if name in self.repeated:
            return self.repeated[name]
        return [self.fields[name]] if name in self.fields else []

    def text(self, name: bytes, charset: str = "") -> str:
        """The first value as text with encoded words as they stand."""
        return unfolded(self.raw(name), charset)[0]

    def words(self, name: bytes, charset: str = "") -> str:
        """The first value as decoded words on one line."""
        return words(self.text(name, charset))[0]

    def keyword(self, name: bytes) -> str:
        """The first value up to a parameter or comment, in lower case."""
        value = self.fields.get(name)
        if value is None:
            return ""
        return _short_keyword(value) if len(value) <= _MAX_SHORT_VALUE else _keyword(value)


_usual = making(Block)


def _keyword(value: bytes) -> str:
    return keyword(unfolded(value)[0])


_short_keyword = lru_cache(maxsize=256)(_keyword)


def read_block(data: bytes, start: int, limits: Limits, delimiter: Callable[[int], int] | None = None) -> Block:
    """The block that begins at ``start``; it ends at an empty line, or before a delimiter.

    ``delimiter`` tells where the line of the next one begins, at a position or later.

    A line that is no field is passed over when a known field follows before the block ends.  Otherwise the empty
    line was left out, and what follows the block begins there.
    """
    return usual_block(data, start, limits) or _any_block(data, start, limits, delimiter)


def usual_block(data: bytes, start: int, limits: Limits) -> Block | None:
    """A block in which every line is a field or goes on with one and none may be a delimiter; None for any other.

    It gives what ``_any_block`` gives, in half the time.
    """
    stop = _STOP.search(data, start, start + limits.header_bytes)
    if stop is None:
        return None
    end = stop.end() - 1
    head = data[start:end]
    if data[end] == LINE_FEED:
        following = end + 1
    elif data[end] == CARRIAGE_RETURN and data[end + 1 : end + 2] == b"\n":
        following = end + 2
    else:
        return None
    if head[:2] == b"--":
        return None
    found = (_short_fields if len(head) <= _MAX_SHORT else _fields)(head, limits.headers)
    return None if found is None else _usual(*found, following, [])


def _fields(head: bytes, most: int) -> tuple[dict[bytes, bytes], dict[bytes, list[bytes]]] | None:
    """The ``fields`` and ``repeated`` of a usual block, None when a line is odd or they are more than ``most``."""
    if CARRIAGE_RETURN in head:
        head = head.replace(b"\r\n", b"\n")
        if CARRIAGE_RETURN in head:
            return None
    pieces = head.split(b"\n ")  # Nearly all programs fold by one blank, for which no pattern is needed.
    if _TAB in head or [piece for piece in pieces if piece[:1] == b" "]:
        head = _FOLD.sub(b" ", head)
    else:
        head = b" ".join(pieces)
    lines = head.split(b"\n")
    lines.pop()
    if len(lines) > most:
        return None
    fields: dict[bytes, bytes] = {}
    repeated: dict[bytes, list[bytes]] = {}
    for line in lines:
        written, colon, value = line.partition(b":")
        name = _SPELT.get(written)
        if name is None or not colon:
            if not colon or _NAME.fullmatch(written) is None:
                return None
            name = written.lower()
        if name not in fields:
            fields[name] = value
        elif name in repeated:
            repeated[name].append(value)
        else:
            repeated[name] = [fields[name], value]
    return fields, repeated


_short_fields = lru_cache(maxsize=256)(_fields)


def _any_block(data: bytes, start: int, limits: Limits, delimiter: Callable[[int], int] | None) -> Block:
    found: dict[bytes, list[list[bytes]]] = {}
    oddities: list[str] = []
    current: list[bytes] = []
    position, size, count = start, len(data), 0
    stray = unread = following = -1
    reason = ""
    while position < size:
        end = data.find(b"\n", position, size)
        end = size if end < 0 else end
        line = data[position:end].rstrip(b"\r")
        if not line:
            position = end + 1
            break
        if delimiter is not None and following < position and line[:2] == b"--":
            following = delimiter(position)
        if following == position:
            break
        folded = line[:1] in (b" ", b"\t")
        if unread < 0 and end - start > limits.header_bytes:
            unread, reason = position, f"more than {limits.header_bytes} bytes of headers"
        elif unread < 0 and count >= limits.headers and not folded:
            unread, reason = position, f"more than {limits.headers} headers"
        if unread >= 0:
            size = size if delimiter is None else min(size, delimiter(position))
            pause = _PAUSE.search(data, end, size)
            position = size if pause is None else pause.end()
            continue
        if folded:
            current.append(b" " + line.lstrip(b" \t"))
        else:
            name, colon, value = line.partition(b":")
            name = name.rstrip(b" \t").lower()
            if colon and (name in _KNOWN or (stray < 0 and _NAME.fullmatch(name))):
                if stray >= 0:
                    oddities.append("a line that is no header was passed over")
                    stray = -1
                current = [value]
                found.setdefault(name, []).append(current)
                count += 1
            elif stray < 0:
                stray = position
                current = []
        position = end + 1
    position = min(position, size)
    if stray >= 0:
        oddities.append("no empty line after the headers")
        position, unread, reason = stray, -1, ""
    values = {name: [b"".join(lines) for lines in values] for name, values in found.items()}
    return _block(values, position, oddities, unread, reason)


def _block(found: Mapping[bytes, Sequence[bytes]], end: int, oddities: list[str], unread: int, reason: str) -> Block:
    fields = {name: values[0] for name, values in found.items()}
    repeated = {name: [*values] for name, values in found.items() if len(values) > 1}
    return Block(fields, repeated, end, oddities, unread, reason)


def read_top(data: bytes, limits: Limits) -> Block:
    """The headers of a mail: those that stand at its top, and on if an empty line came before its From.

    Fields that a mail cannot do without are also read beyond the limits.
    """
    start = len(_BOM) if data.startswith(_BOM) else len(data) - len(data.lstrip(b"\r\n \t"))
    if data.startswith((b"From ", b">From "), start):
        start = data.find(b"\n", start) + 1 or len(data)
    block = read_block(data, start, limits)
    if block.unread >= 0:
        fields = dict(block.fields)
        for match in islice(_NEEDED.finditer(data, block.unread - 1, block.end), _MAX_NEEDED):
            fields.setdefault(match[1].lower(), match[2].replace(b"\n", b"").rstrip(b"\r"))
        return attrs.evolve(block, fields=fields)
    if b"from" in block.fields:
        return block
    if data[block.end : block.end + 100].partition(b":")[0].lower() not in _KNOWN:
        return block
    more = read_block(data, block.end, limits)
    if b"from" not in more.fields:
        return block
    names = dict.fromkeys((*block.fields, *more.fields))
    found = {name: [*block.values(name), *more.values(name)] for name in names}
    oddities = [*block.oddities, "an empty line stands within the headers", *more.oddities]
    return _block(found, more.end, oddities, more.unread, more.reason)
