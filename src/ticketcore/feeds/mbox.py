"""Facts from an mbox: many mails in one file, each after a line that begins with "From ".

The format is that of RFC 4155 as programs write it: body lines that begin with "From " have a ``>`` before them, and
so have those that begin with ``>From `` where the writer made sure (mboxrd, www.qmail.org/man/man5/mbox.html).
One ``>`` is taken away from each.
"""

import gzip
import os
import re
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain, pairwise
from typing import BinaryIO, NamedTuple

import attrs

from ticketcore.channels.email import EmailChannel, Limits
from ticketcore.feeds.facts import Item, Rejection, Remark
from ticketcore.feeds.files import is_packed, open_file, shown_path, unread
from ticketcore.feeds.mails import Found, Head, head_of, item_of, turns

SEPARATOR = re.compile(rb"From (?>.*?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b)(?>.*?[0-9]:[0-9]{2})(?>.*?[0-9]{4})")
"""A line that begins a mail whatever follows: it has a date as RFC 4155 asks for, in the order of some program."""

_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|>?From ")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_BLANK = (b"\n", b"\r\n")
_CHUNK = 65_536


class Place(NamedTuple):
    """Where a mail stands: its "From " line begins at the byte ``start``, on ``line``; the mail itself fills the bytes
    from ``content`` to ``end``; its ``head``.
    """

    start: int
    content: int
    end: int
    line: int
    head: Head


def index(file: BinaryIO, limits: Limits) -> tuple[list[Place], int]:
    """The places of all mails, in the order of the file, and how many bytes stand before the first.

    A mail begins at a line that begins with "From ", after a blank line or at the top, if it has a date or a header
    follows.  The blank line before the next mail, or at the end, belongs to neither.  Linear in the file.
    """
    places: list[Place] = []
    start = content = -1
    first_line = number = position = blank = 0
    top = bytearray()
    begins, after_blank = True, True

    def close() -> None:
        if start >= 0:
            places.append(Place(start, content, position - blank, first_line, head_of(bytes(top), limits)))

    chunks = iter(lambda: file.readline(_CHUNK), b"")
    for raw, following in pairwise(chain(chunks, (b"",))):
        number += begins
        if after_blank and raw.startswith(b"From ") and (SEPARATOR.match(raw) or _FIELD.match(following)):
            close()
            start, content, first_line = position, position + len(raw), number
            top.clear()
        elif start >= 0 and len(top) < limits.header_bytes:
            top += raw
        position += len(raw)
        after_blank = begins and raw in _BLANK
        blank = len(raw) if after_blank else 0
        begins = raw.endswith(b"\n")
    close()
    return places, places[0].start if places else position


@contextmanager
def _seekable(path: str | os.PathLike[str]) -> Iterator[tuple[BinaryIO, Exception | None]]:
    """The file, unpacked into a temporary one if gzip packed it, and what ended that too early, if anything."""
    if not is_packed(path):
        with open_file(path) as file:
            yield file, None
        return
    with tempfile.TemporaryFile() as unpacked:
        fault = _unpack(path, unpacked)
        unpacked.seek(0)
        yield unpacked, fault


def _unpack(path: str | os.PathLike[str], into: BinaryIO) -> Exception | None:
    try:
        with gzip.open(path) as packed:
            while chunk := packed.read1(_CHUNK):
                into.write(chunk)
    except (OSError, EOFError, zlib.error) as error:
        return error
    return None


@attrs.frozen
class Mbox:
    """The mails in an mbox at ``path``, as they stand or packed with gzip, as ``channel`` reads them.

    The file is read once from start to end for the places and dates of its mails, then mail by mail in the order of
    time.  Memory: one mail, and a few numbers for each.  Of a packed file that is damaged or cut off, the mails before
    that are read.
    """

    path: str | os.PathLike[str]
    channel: EmailChannel

    @property
    def name(self) -> str:
        """The path as it was given."""
        return shown_path(self.path)

    def facts(self) -> Iterator[Item]:
        """A message or reply for each mail, or why it is none; ``line`` is that of its "From "."""
        try:
            with _seekable(self.path) as (file, fault):
                if fault is not None:
                    yield unread(self.path, fault)
                yield from self._of(file)
        except OSError as error:
            yield unread(self.path, error)

    def _of(self, file: BinaryIO) -> Iterator[Item]:
        limits = self.channel.limits
        places, before = index(file, limits)
        if before and not places:
            yield Rejection(self.name, None, "file", 'is not an mbox: no line begins a mail with "From "')
        elif before:
            yield Rejection(self.name, 1, "line", "stands before the first mail")
        order = turns([place.head for place in places])
        if not order:
            reason = "no mail in this file has a date, so there is no telling when this one came"
            yield from (Rejection(self.name, place.line, "date", reason) for place in places)
            return
        if places and not _ends_a_line(file):
            yield Remark(self.name, places[-1].line, "file", "ends in the middle of a line of this mail")
        for at, number in order:
            place = places[number]
            found = Found(self.name, place.line, place.head, partial(self._raw, file, place))
            yield from item_of(found, at, self.channel)

    def _raw(self, file: BinaryIO, place: Place) -> bytes | Rejection:
        size = place.end - place.content
        if size > self.channel.limits.size:
            return Rejection(self.name, place.line, "size", f"more than {self.channel.limits.size} bytes")
        file.seek(place.content)
        return _QUOTED.sub(rb"\1", file.read(size))


def _ends_a_line(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"
