"""Values as JSON text, straight from their fields.

What writes a class is made once: it joins constant pieces and what the writers of the field's types give, which is
how attrs and cattrs make the methods of a class.  To make a dict of the value first and give that to ``json`` takes
more than twice as long, and writing values is a good part of a commit.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from functools import cache, lru_cache, partial
from json.encoder import encode_basestring
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

Write = Callable[[Any], str]
"""Gives the JSON of a value of one type."""

_MICROSECOND = timedelta(microseconds=1)


@cache
def writer(kind: Any) -> Write:
    """What writes values of this type: an attrs class, or what one has as a field.

    Compact, with every character as itself: an object of the fields that do not hold their default, in their order;
    enumerations by value, instants as ISO 8601, durations in microseconds.  ``TypeError`` for any other type.

    >>> from ticketcore.model import SkillLevel
    >>> writer(tuple[SkillLevel, ...])((SkillLevel("gold", 2), SkillLevel("vip")))
    '[{"skill":"gold","level":2},{"skill":"vip"}]'
    """
    if kind in _PLAIN:
        return _PLAIN[kind]
    parts = get_args(kind)
    if get_origin(kind) in (Union, UnionType) and len(parts) == 2 and parts[1] is NoneType:
        return partial(_optional, writer(parts[0]))
    if get_origin(kind) is tuple and set(parts[1:]) <= {Ellipsis, parts[0]}:
        return partial(_listed, writer(parts[0]))
    if isinstance(kind, type) and issubclass(kind, StrEnum | IntEnum):
        return encode_basestring if issubclass(kind, StrEnum) else int.__repr__
    if isinstance(kind, type) and attrs.has(kind):
        return object_writer(kind)
    raise TypeError(f"no JSON is known for {kind}")


def object_writer(kind: type[attrs.AttrsInstance], opening: str = "") -> Write:
    """What writes values of an attrs class as an object that begins with the members ``opening``, as JSON."""
    hints = get_type_hints(kind)
    known: dict[str, Any] = {}
    pieces = []
    for field in attrs.fields(kind):
        if not field.init:
            continue  # It is made from the others.
        known[f"write_{field.name}"] = writer(hints[field.name])
        key, value = f',"{field.name}":', f"value.{field.name}"
        if field.default is attrs.NOTHING:
            pieces.append(f"{key!r}, write_{field.name}({value})")
        else:
            known[f"usual_{field.name}"] = field.default
            pieces.append(f"'' if {value} == usual_{field.name} else {key!r} + write_{field.name}({value})")
    members = f"''.join(({', '.join(pieces)},))"
    begin, rest = ("{" + opening, members) if opening else ("{", f"{members}[1:]")
    written: Write = eval(f"lambda value: {begin!r} + {rest} + '}}'", known)
    return written


@lru_cache(maxsize=4096)
def _instant(at: datetime) -> str:
    """The same instants come again and again; all are in UTC, so equal ones read alike."""
    return f'"{at.isoformat()}"'


def _duration(span: timedelta) -> str:
    return str(span // _MICROSECOND)


def _optional(write: Write, value: object) -> str:
    return "null" if value is None else write(value)


def _listed(write: Write, values: Iterable[object]) -> str:
    return f"[{','.join(map(write, values))}]"


_PLAIN: dict[Any, Write] = {
    str: encode_basestring,
    int: int.__repr__,
    bool: {True: "true", False: "false"}.__getitem__,
    datetime: _instant,
    date: lambda day: f'"{day.isoformat()}"',
    timedelta: _duration,
}
