"""Blocks of header fields: at the top of a mail, of each of its parts, and in reports.

Read line by line, from the start to the empty line that ends the block; every byte is looked at once.  Values stay
bytes until they are asked for: of the thirty fields of a mail, most never are.
"""

import re
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

from ticketcore.channels.email.fields import clean, unfolded, words
from ticketcore.channels.email.values import Limits

_ENVELOPE = re.compile(rb">?From [^\n]*\n?")
_PAUSE = re.compile(rb"\n(?=\r*\n)")
"""Before the empty line that ends a block."""

_NEEDED = re.compile(
    rb"\n(?i:(from|sender|reply-to|to|cc|subject|date|message-id|in-reply-to|references|content-type"
    rb"|content-transfer-encoding))[ \t]*:((?:[^\n]|\n[ \t]){0,10000})"
)
"""Fields without which a mail cannot be understood, as they begin."""

_MAX_NEEDED = 1000
_BOM = b"\xef\xbb\xbf"
_NAME = re.compile(rb"[!-9;-~]+")
_KNOWN = frozenset(
    b"from to cc bcc sender reply-to subject date message-id in-reply-to references received return-path "
    b"delivered-to mime-version content-type content-transfer-encoding content-disposition content-id "
    b"content-language dkim-signature authentication-results auto-submitted precedence list-id user-agent x-mailer "
    b"x-original-to envelope-to thread-topic thread-index".split()
)
"""Names by which a line is known for a field even where no field should stand."""


class Block(NamedTuple):
    """The ``fields`` by lower-case name, each with its values in order, and each value as its lines.

    ``end`` is where what follows begins, ``oddities`` are what was odd.  From ``unread`` on, if that is not -1, the
    block lies beyond a limit and is not in ``fields``; ``reason`` says which limit.
    """

    fields: dict[bytes, list[list[bytes]]]
    end: int
    oddities: list[str]
    unread: int = -1
    reason: str = ""

    def raw(self, name: bytes) -> bytes:
        """The first value of a field, unfolded; empty without one."""
        values = self.fields.get(name)
        return b"".join(values[0]).strip() if values else b""

    def text(self, name: bytes, charset: str = "") -> str:
        """The first value as text with encoded words as they stand."""
        return unfolded(self.raw(name), charset)[0]

    def words(self, name: bytes, charset: str = "") -> str:
        """The first value as decoded words on one line."""
        return words(self.text(name, charset))[0]

    def keyword(self, name: bytes) -> str:
        """The first value up to a parameter or comment, in lower case."""
        text = clean(self.text(name)).lower()
        return re.split(r"[;(\s]", text, maxsplit=1)[0]


def read_block(data: bytes, start: int, limits: Limits, delimiter: Callable[[int], int] | None = None) -> Block:
    """The block that begins at ``start``; it ends at an empty line, or before a delimiter.

    ``delimiter`` tells where the line of the next one begins, at a position or later.

    A line that is no field is passed over when a known field follows before the block ends.  Otherwise the empty
    line was left out, and what follows the block begins there.
    """
    fields: dict[bytes, list[list[bytes]]] = {}
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
                fields.setdefault(name, []).append(current)
                count += 1
            elif stray < 0:
                stray = position
                current = []
        position = end + 1
    position = min(position, size)
    if stray >= 0:
        oddities.append("no empty line after the headers")
        return Block(fields, stray, oddities)
    return Block(fields, position, oddities, unread, reason)


def read_top(data: bytes, limits: Limits) -> Block:
    """The headers of a mail: those that stand at its top, and on if an empty line came before its From.

    Fields that a mail cannot do without are also read beyond the limits.
    """
    start = len(_BOM) if data.startswith(_BOM) else len(data) - len(data.lstrip(b"\r\n \t"))
    if envelope := _ENVELOPE.match(data, start):
        start = envelope.end()
    block = read_block(data, start, limits)
    if block.unread >= 0:
        for found in islice(_NEEDED.finditer(data, block.unread - 1, block.end), _MAX_NEEDED):
            block.fields.setdefault(found[1].lower(), [[found[2].replace(b"\n", b"").rstrip(b"\r")]])
    name = data[block.end : block.end + 100].partition(b":")[0].lower()
    if b"from" in block.fields or block.unread >= 0 or name not in _KNOWN:
        return block
    more = read_block(data, block.end, limits)
    if b"from" not in more.fields:
        return block
    fields = dict(block.fields)
    for name, values in more.fields.items():
        fields[name] = [*fields.get(name, ()), *values]
    oddities = [*block.oddities, "an empty line stands within the headers", *more.oddities]
    return Block(fields, more.end, oddities, more.unread, more.reason)
