"""Which waiting ticket goes first, ``discipline`` under ``[desk]`` in a desk.toml, as read and written."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from ticketcore.config.durations import written_duration
from ticketcore.config.notation import Path, Plain
from ticketcore.config.tables import PRIORITIES, Fault, Reader, by_name, made, one_of, span, table, under, whole
from ticketcore.model import Discipline, Precedence, Priority

_T = TypeVar("_T")
_WORDS = {one.value: one for one in Precedence}

NO_DELAY = "none"
"""What a delay of no time at all is called."""


def _by_priority(read: Callable[[object, Path], _T]) -> Reader:
    def item(word: str, value: object, path: Path) -> tuple[Priority, _T]:
        return one_of(PRIORITIES)(word, path), read(value, path)

    return by_name(item)


def _delay(value: object, path: Path) -> timedelta:
    return timedelta(0) if value == NO_DELAY else span(value, path)


DISCIPLINE: Mapping[str, Reader] = {
    "by": one_of(_WORDS),
    "head_start": _delay,
    "delays": _by_priority(_delay),
    "paces": _by_priority(whole),
    "costs": _by_priority(whole),
    "parts": _by_priority(whole),
    "power": whole,
}
"""The keys of such a table."""


def read_discipline(value: object, path: Path) -> Discipline:
    """What goes first: a word, or a table with the numbers that it takes.  ``Fault`` for what cannot be used."""
    if isinstance(value, str):
        by = one_of(_WORDS)(value, path)
        return made(lambda: Discipline(by), lambda _: path)
    given = table(DISCIPLINE)(value, path)
    if "by" not in given:
        raise Fault((*path, "by"), "is missing")
    return made(lambda: Discipline(**given), under(path, {}))


def discipline_said(discipline: Discipline) -> Plain:
    """The same as it is written: a word where there are no numbers."""
    said: dict[str, Plain] = {"by": discipline.by.value}
    if discipline.head_start is not None:
        said["head_start"] = _written(discipline.head_start)
    if discipline.delays:
        said["delays"] = {_word(one): _written(delay) for one, delay in discipline.delays}
    for name in ("paces", "costs", "parts"):
        if numbers := getattr(discipline, name):
            said[name] = {_word(one): number for one, number in numbers}
    if discipline.power is not None:
        said["power"] = discipline.power
    return said if len(said) > 1 else discipline.by.value


def _written(delay: timedelta) -> str:
    return written_duration(delay) if delay else NO_DELAY


def _word(priority: Priority) -> str:
    return priority.name.lower()
