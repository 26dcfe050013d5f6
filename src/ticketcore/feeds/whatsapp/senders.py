"""Who wrote: the name before the first colon, or a longer one that the file gives evidence of."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import islice
from typing import NamedTuple

from ticketcore.feeds.whatsapp.contents import content_of
from ticketcore.feeds.whatsapp.stamps import MARKS, Stamp
from ticketcore.feeds.whatsapp.values import EntryKind

_NO_MARKS = str.maketrans("", "", MARKS)
_PHONE = re.compile(r"\+[\d\s().\u2010\u2011-]{5,30}")
_COLON = re.compile(r":(?=[ \xa0]|$)")
_QUOTES = re.compile('["“”„«»「」『』]')
_LONGEST_NAME = 150
_MOST_COLONS = 4


class Parted(NamedTuple):
    """A line without its date: the ``sender`` as written, None where there is none, and the ``words`` that follow."""

    sender: str | None
    words: str


def name_of(written: str) -> str:
    r"""A name without invisible signs and doubled spaces; a phone number as ``+`` and ASCII digits.

    >>> name_of("\u202a+49 170 555\u20111234\u202c"), name_of(" Ana\xa0 Sol ")
    ('+491705551234', 'Ana Sol')

    The ``~`` before a name that somebody gave themselves stays: who is called like our own name is not we.
    """
    name = " ".join(written.translate(_NO_MARKS).split())
    if _PHONE.fullmatch(name):
        return "+" + "".join(str(int(sign)) for sign in name if sign.isdecimal())
    return name


def parted(line: str, long_names: Collection[str]) -> Parted:
    """The name and the words of a line, which ends before the first line break.

    A colon that a blank or nothing follows ends the name, the first one unless a longer name is known.  Where an odd
    number of quotation marks stands before it, it is in the middle of something, and there is no name.
    """
    colons = _colons(line)
    for colon in reversed(colons):
        if name_of(line[:colon]) in long_names:
            return Parted(line[:colon], line[colon + 2 :])
    if colons and name_of(line[: colons[0]]) and len(_QUOTES.findall(line[: colons[0]])) % 2 == 0:
        return Parted(line[: colons[0]], line[colons[0] + 2 :])
    return Parted(None, line)


def long_names(stamps: Iterable[Stamp]) -> set[str]:
    """Names with a colon in them: WhatsApp's own words follow one, and no line begins with half of the name only.

    On an iPhone a caption stands before its file, so there a file is no evidence of where the name ends.
    """
    beginnings: Counter[str] = Counter()
    sure: set[tuple[str, str]] = set()
    for stamp in stamps:
        line = stamp.rest
        proof = (EntryKind.DELETED, EntryKind.CALL, *(() if stamp.shape.closing == "]" else (EntryKind.MEDIA,)))
        colons = _colons(line)
        names = [name_of(line[:colon]) for colon in colons]
        beginnings.update(names)
        for colon, name in zip(colons[1:], names[1:], strict=True):
            if content_of(line[colon + 2 :]).kind in proof:
                sure.add((names[0], name))
    return {name for short, name in sure if beginnings[name] == beginnings[short]}


def _colons(line: str) -> list[int]:
    first = islice(_COLON.finditer(line), _MOST_COLONS)
    return [match.start() for match in first if match.start() <= _LONGEST_NAME]
