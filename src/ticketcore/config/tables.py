"""Taking values out of tables of TOML, each checked; what cannot be used is a ``Fault`` with the place in the file."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from ticketcore.checks import meant
from ticketcore.config.durations import read_duration
from ticketcore.config.notation import Path
from ticketcore.errors import InvalidInput
from ticketcore.model import Priority

_T = TypeVar("_T")

Reader = Callable[[object, Path], Any]
"""Makes of a value that stands at a path what it means; raises ``Fault`` when it means nothing."""

_KINDS = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number with a fraction",
    list: "a list",
    dict: "a table",
}
_LARGEST = 2**63
"""Whole numbers of TOML are those of 64 bits; Python reads longer ones, and then refuses to write them."""

PRIORITIES: Mapping[str, Priority] = {priority.name.lower(): priority for priority in Priority}
"""The words for priorities."""

_FIELD = re.compile(r"\w+\.(\w+)(?:\[(\d+)\])?")


class Fault(Exception):
    """The value at ``path`` cannot be used, for ``reason``."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason


def text(value: object, path: Path) -> str:
    """A text.  ``Fault`` for anything else."""
    if not isinstance(value, str):
        raise _not("a text", value, path)
    return value


def flag(value: object, path: Path) -> bool:
    """True or false.  ``Fault`` for anything else."""
    if not isinstance(value, bool):
        raise _not("true or false", value, path)
    return value


def whole(value: object, path: Path) -> int:
    """A whole number of 64 bits.  ``Fault`` for anything else."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _not("a whole number", value, path)
    if not -_LARGEST <= value < _LARGEST:
        raise Fault(path, "has more digits than a whole number can have")
    return value


def span(value: object, path: Path) -> timedelta:
    """A length of time.  ``Fault`` for what is no text, or no such text."""
    return made(lambda: read_duration(text(value, path), ""), lambda _: path)


def one_of(members: Mapping[str, _T]) -> Callable[[object, Path], _T]:
    """Reads one of some words, as what it stands for."""

    def read(value: object, path: Path) -> _T:
        word = text(value, path)
        if word not in members:
            raise Fault(path, f"must be one of {', '.join(members)}, not {word!r}{meant(word, members)}")
        return members[word]

    return read


def listed(read_item: Callable[[object, Path], _T], items: str) -> Callable[[object, Path], tuple[_T, ...]]:
    """Reads a list; ``items`` says in words what of."""

    def read(value: object, path: Path) -> tuple[_T, ...]:
        if not isinstance(value, list):
            raise _not(f"a list of {items}", value, path)
        return tuple(read_item(item, (*path, i)) for i, item in enumerate(value))

    return read


texts = listed(text, "texts")
"""Reads a list of texts."""


def by_name(read_item: Callable[[str, object, Path], _T]) -> Callable[[object, Path], tuple[_T, ...]]:
    """Reads a table in which each key is a name of the writer's choice; ``read_item`` is told it."""

    def read(value: object, path: Path) -> tuple[_T, ...]:
        return tuple(read_item(name, item, (*path, name)) for name, item in _items(value, path))

    return read


def table(readers: Mapping[str, Reader]) -> Callable[[object, Path], dict[str, Any]]:
    """Reads a table: what is given, by its key, each by its reader.  A key without a reader is a ``Fault``."""

    def read(value: object, path: Path) -> dict[str, Any]:
        found = {}
        for name, item in _items(value, path):
            if name not in readers:
                hint = meant(name, readers) or f"; known are {', '.join(readers)}"
                raise Fault((*path, name), f"is not known here{hint}")
            found[name] = readers[name](item, (*path, name))
        return found

    return read


def made(make: Callable[[], _T], placed: Callable[[str], Path]) -> _T:
    """What ``make`` gives; where it raises ``InvalidInput``, a ``Fault`` at what ``placed`` says of its field."""
    try:
        return make()
    except InvalidInput as error:
        raise Fault(placed(error.field), error.reason) from error


def under(path: Path, renamed: Mapping[str, Path]) -> Callable[[str], Path]:
    """Where the fields of a value stand in its table at ``path``: under their own names, unless ``renamed``."""

    def placed(field: str) -> Path:
        found = _FIELD.match(field)
        assert found is not None, field
        name, place = found.groups()
        return (*path, *renamed.get(name, (name,)), *([] if place is None else [int(place)]))

    return placed


def _items(value: object, path: Path) -> list[tuple[str, object]]:
    if not isinstance(value, dict):
        raise _not("a table", value, path)
    return list(value.items())


def _not(wanted: str, value: object, path: Path) -> Fault:
    return Fault(path, f"must be {wanted}, not {_KINDS.get(type(value), 'a date or time')}")
