"""Checks for values that come from outside; each failure is an ``InvalidInput`` naming the field."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeVar, cast

import attrs

from ticketcore.errors import InvalidInput

_E = TypeVar("_E", bound=Enum)
_DIGEST = re.compile("[0-9a-f]{64}")

MAX_NAME = 1000
"""Longest id, address or other name, in characters."""


def instant(value: object, field: str) -> datetime:
    """``value`` as an instant in UTC; a datetime without time zone is refused, since it names no instant."""
    if isinstance(value, datetime) and value.tzinfo is UTC:
        return value
    if not isinstance(value, datetime):
        raise InvalidInput(field, f"must be a datetime, not {type(value).__name__}")
    if value.tzinfo is None or value.utcoffset() is None:
        raise InvalidInput(field, "must have a time zone")
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInput(field, "lies outside the years 1 to 9999") from error


def is_name(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: a text of 1 to ``MAX_NAME`` characters that any database can hold."""
    if type(value) is str and 0 < len(value) <= MAX_NAME and value.isascii() and "\0" not in value:
        return  # Most are so plain, and every command is checked: without a path that is not needed.
    check_name(value, _path(owner, attribute))


def check_name(value: object, field: str) -> None:
    """Refuse what is not a text of 1 to ``MAX_NAME`` characters, or holds a NUL or half a surrogate pair."""
    if type(value) is str and 0 < len(value) <= MAX_NAME and value.isascii() and "\0" not in value:
        return
    if not isinstance(value, str):
        raise InvalidInput(field, f"must be a text, not {type(value).__name__}")
    if not 1 <= len(value) <= MAX_NAME:
        raise InvalidInput(field, f"must have 1 to {MAX_NAME} characters, has {len(value)}")
    check_words(value, field)


def is_optional_name(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: None, or a name as ``is_name`` demands."""
    if value is not None:
        is_name(owner, attribute, value)


def is_words(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: any text that a database can hold, the empty one too."""
    if type(value) is str and value.isascii() and "\0" not in value:
        return
    check_words(value, _path(owner, attribute))


def check_words(value: object, field: str) -> None:
    """Refuse what is not a text, or holds a NUL or half a surrogate pair, which databases cannot store."""
    if not isinstance(value, str):
        raise InvalidInput(field, f"must be a text, not {type(value).__name__}")
    if "\0" in value:
        raise InvalidInput(field, "holds a NUL character")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise InvalidInput(field, f"holds half a surrogate pair at character {error.start}") from None


def whole(low: int, high: int | None = None) -> Callable[[object, "attrs.Attribute[Any]", object], None]:
    """An attrs validator: a whole number from ``low`` to ``high``, both included."""

    def check(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        check_whole(value, _path(owner, attribute), low, high)

    return check


def check_whole(value: object, field: str, low: int, high: int | None = None) -> None:
    """Refuse what is not a whole number from ``low`` to ``high``, both included."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(field, f"must be a whole number, not {type(value).__name__}")
    if value < low or (high is not None and value > high):
        bounds = f"at least {low}" if high is None else f"from {low} to {high}"
        raise InvalidInput(field, f"must be {bounds}, is {value}")


def number(
    low: float, high: float = math.inf, *, above: bool = False
) -> Callable[[object, "attrs.Attribute[Any]", object], None]:
    """An attrs validator: a finite number from ``low`` to ``high``, both included; ``above`` leaves ``low`` out."""

    def check(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        check_number(value, _path(owner, attribute), low, high, above=above)

    return check


def check_number(value: object, field: str, low: float, high: float = math.inf, *, above: bool = False) -> None:
    """Refuse what is not a finite number from ``low`` to ``high``, both included; ``above`` leaves ``low`` out."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(field, f"must be a number, not {type(value).__name__}")
    if not math.isfinite(value):
        raise InvalidInput(field, f"must be finite, is {value}")
    if value < low or value > high or (above and value == low):
        bounds = f"above {low:g}" if above else f"at least {low:g}"
        raise InvalidInput(field, f"must be {bounds}{'' if high == math.inf else f' and at most {high:g}'}, is {value}")


def is_digest(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: a SHA-256 as 64 hexadecimal digits in lower case."""
    if not isinstance(value, str) or _DIGEST.fullmatch(value) is None:
        raise InvalidInput(_path(owner, attribute), "must be 64 hexadecimal digits in lower case")


def instance(kind: type) -> Callable[[object, "attrs.Attribute[Any]", object], None]:
    """An attrs validator: an instance of ``kind``."""

    def check(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        if not isinstance(value, kind):
            raise InvalidInput(_path(owner, attribute), f"must be {kind.__name__}, not {type(value).__name__}")

    return check


def names(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: a tuple of names without a repetition."""
    if type(value) is tuple and not value:
        return
    path = _path(owner, attribute)
    seen = set()
    for i, item in enumerate(_tuple(value, path)):
        check_name(item, f"{path}[{i}]")
        if item in seen:
            raise InvalidInput(f"{path}[{i}]", f"repeats {item!r}")
        seen.add(item)


def each(kind: type) -> Callable[[object, "attrs.Attribute[Any]", object], None]:
    """An attrs validator: a tuple of instances of ``kind``."""

    def check(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        if type(value) is tuple and not value:
            return
        path = _path(owner, attribute)
        for i, item in enumerate(_tuple(value, path)):
            if not isinstance(item, kind):
                raise InvalidInput(f"{path}[{i}]", f"must be {kind.__name__}, not {type(item).__name__}")

    return check


def texts(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: a tuple of pairs, a name and a text each."""
    if type(value) is tuple and not value:
        return
    path = _path(owner, attribute)
    for i, pair in enumerate(_tuple(value, path)):
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise InvalidInput(f"{path}[{i}]", "must be a name and a text")
        check_name(pair[0], f"{path}[{i}]")
        check_words(pair[1], f"{path}[{pair[0]!r}]")


def member(kind: type[Enum]) -> Callable[[object, "attrs.Attribute[Any]", object], None]:
    """An attrs validator: a member of the enumeration ``kind``."""

    def check(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        if not isinstance(value, kind):
            known = ", ".join(str(item.value) for item in kind)
            raise InvalidInput(_path(owner, attribute), f"must be one of {known}, not {value!r}")

    return check


def meant(word: str, known: Iterable[str]) -> str:
    """What to add to a reason when ``word`` is not ``known``: the known word that is most like it, if any is.

    >>> meant("suport", ["support", "field"])
    "; did you mean 'support'?"
    >>> meant("moon", ["support", "field"])
    ''
    """
    return "".join(f"; did you mean {like!r}?" for like in get_close_matches(word, sorted(known), n=1))


def as_tuple(value: Iterable[Any]) -> tuple[Any, ...]:
    """An attrs converter: any iterable but a text, as a tuple.  What is none passes, for the validator to refuse."""
    if type(value) is tuple:
        return value
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        return cast("tuple[Any, ...]", value)
    return tuple(value)


def as_distinct(value: Iterable[str]) -> tuple[str, ...]:
    """An attrs converter: names as a tuple, each once, in the order in which they first come."""
    items = as_tuple(value)
    if not items:
        return items
    try:
        return tuple(dict.fromkeys(items)) if isinstance(items, tuple) else items
    except TypeError:
        return items


def as_pairs(value: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """An attrs converter: texts by name, as a sorted tuple of pairs, so that the value is immutable."""
    if type(value) is tuple and not value:
        return value
    pairs = as_tuple(value.items() if isinstance(value, Mapping) else value)
    try:
        return tuple(sorted(tuple(pair) for pair in pairs))
    except (TypeError, ValueError):
        return pairs


def as_member(kind: type[_E], value: object) -> _E:
    """The member of ``kind`` that has this value.  What is none passes, for the validator to refuse."""
    if type(value) is kind:
        return value
    try:
        return kind(value)
    except ValueError:
        return cast(_E, value)


def _tuple(value: object, path: str) -> tuple[object, ...]:
    if not isinstance(value, tuple):
        raise InvalidInput(path, f"must be a list, not {type(value).__name__}")
    return value


def _path(owner: object, attribute: "attrs.Attribute[Any]") -> str:
    return f"{type(owner).__name__}.{attribute.name}"
