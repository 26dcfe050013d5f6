"""The small changes of SQL: what a person could have written by mistake, and the database would accept."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_IS_SQL = re.compile(rb"\b(SELECT|INSERT|UPDATE|DELETE)\b|= \?")

_CONDITION = rb"(?:(?<=WHERE )|(?<=AND )|(?<=^\"))"
"""Where a condition begins; one that is left out takes its parameter all the same."""

_CHANGES = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (_CONDITION + rb"\w+ (?:=|<=|>) (\?\d?)", rb"\1 NOT NULL"),
        (_CONDITION + rb"\w+ IS (?:NOT )?NULL", rb"1"),
        (rb" AND \w+ > \d+", rb""),
        (rb"<=", rb"<"),
        (rb" > ", rb" >= "),
        (rb"\w+ = (?:NULL|\d+), ", rb""),
        (rb", \w+ = (?:NULL|\d+)", rb""),
        (rb"(= \w+) \+ [\w.]+", rb"\1"),
        (rb"(ORDER BY) \w+, ", rb"\1 "),
        (rb"(ORDER BY \w+), \w+", rb"\1"),
        (rb" DESC\b", rb""),
        (rb" OR REPLACE\b", rb""),
        (rb"\s+ON CONFLICT DO NOTHING", rb""),
        (rb"\bmax\(", rb"min("),
        (rb"\s+UNION ALL .*(?= LIMIT)", rb""),
        (rb"(?<!\?)\b0\b", rb"1"),
        (rb"(?<!\?)(?<!SELECT )(?<!LIMIT )\b1\b", rb"2"),
    )
)


class Change(NamedTuple):
    """A part of a text, and what stands there instead."""

    start: int
    end: int
    text: bytes


def sql_changes(text: bytes) -> Iterator[Change]:
    """Each change of a string that holds SQL, or a part of it.

    >>> [change.text for change in sql_changes(b'"DELETE FROM t WHERE a = ? AND b <= ? ORDER BY c, d"')]
    [b'? NOT NULL', b'? NOT NULL', b'<', b'ORDER BY d', b'ORDER BY c']
    """
    if _IS_SQL.search(text):
        for pattern, instead in _CHANGES:
            for match in pattern.finditer(text):
                yield Change(match.start(), match.end(), match.expand(instead))
