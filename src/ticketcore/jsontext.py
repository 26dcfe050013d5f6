"""Values as JSON text, straight from their fields.

What writes a class is made once: an f-string of constant pieces and what the writers of the fields' types give, made in
the way in which attrs and cattrs make the methods of a class.  To make a dict of the value first and give that to
``json`` takes more than three times as long, and writing values is a good part of a commit.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
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
    maybe = _maybe(kind)
    if maybe is not None:
        return partial(_optional, writer(maybe))
    parts = get_args(kind)
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
    members = opening and f",{opening}"
    for field in attrs.fields(kind):
        if not field.init:
            continue  # It is made from the others.
        member, value = f',"{field.name}":', _written(field.name, hints[field.name], field.default, known)
        if field.default is attrs.NOTHING:
            members += f"{member}{{{value}}}"
        else:
            usual = known[f"usual_{field.name}"] = field.default
            test = "is" if usual is None else "=="
            members += f"{{'' if value.{field.name} {test} usual_{field.name} else '{member}' + {value}}}"
    if members.startswith(","):
        source = f'f"""{{{{{members[1:]}}}}}"""'
    else:  # Any of them may be the first one that is written.
        source = f'"{{" + f"""{members}"""[1:] + "}}"'
    written: Write = eval(f"lambda value: {source}", known)
    return written


def _maybe(kind: Any) -> Any:
    """The type that a value has if it is not None; None for a type without None."""
    parts = get_args(kind)
    return parts[0] if get_origin(kind) in (Union, UnionType) and len(parts) == 2 and parts[1] is NoneType else None


def _written(name: str, kind: Any, usual: object, known: dict[str, Any]) -> str:
    """The expression for the JSON of the field, whose value is not the usual one; ``known`` gets what it names."""
    value = f"value.{name}"
    maybe = _maybe(kind)
    known[f"write_{name}"] = writer(maybe or kind)
    written = f"write_{name}({value})"
    return written if maybe is None or usual is None else f"('null' if {value} is None else {written})"


@lru_cache(maxsize=4096)
def _instant(at: datetime) -> str:
    """The same instants come again and again; all are in UTC, so equal ones read alike."""
    return f'"{at.isoformat()}"'


def _duration(span: timedelta) -> str:
    return str(span // _MICROSECOND)


def _optional(write: Write, value: object) -> str:
    return "null" if value is None else write(value)


def _listed(write: Write, values: tuple[object, ...]) -> str:
    return f"[{','.join(map(write, values))}]" if values else "[]"


_PLAIN: dict[Any, Write] = {
    str: encode_basestring,
    int: int.__repr__,
    bool: {True: "true", False: "false"}.__getitem__,
    datetime: _instant,
    timedelta: _duration,
}
