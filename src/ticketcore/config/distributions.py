"""Who gets a ticket, ``distribution`` under ``[desk]`` in a desk.toml, as read and written."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from ticketcore.config.durations import written_duration
from ticketcore.config.notation import Path, Plain
from ticketcore.config.tables import Fault, Reader, by_name, made, one_of, span, table, under, whole
from ticketcore.model import Distribution, Share, Since
from ticketcore.model.distribution import SHARE_NUMBERS

_SHARES = {one.value: one for one in Share}


def _part(team: str, value: object, path: Path) -> tuple[str, int]:
    return team, whole(value, path)


DISTRIBUTION: Mapping[str, Reader] = {
    "by": one_of(_SHARES),
    "since": one_of({one.value: one for one in Since}),
    "prior": span,
    "alpha": whole,
    "usual": whole,
    "draws": whole,
    "seed": whole,
    "parts": by_name(_part),
}
"""The keys of such a table."""


def read_distribution(value: object, path: Path) -> Distribution:
    """Who gets a ticket: a word, or a table with the numbers that it takes.  ``Fault`` for what cannot be used."""
    if isinstance(value, str):
        by = one_of(_SHARES)(value, path)
        return made(lambda: Distribution(by), lambda _: path)
    given = table(DISTRIBUTION)(value, path)
    if "by" not in given:
        raise Fault((*path, "by"), "is missing")
    return made(lambda: Distribution(**given), under(path, {}))


def distribution_said(distribution: Distribution) -> Plain:
    """The same as it is written: a word where there are no numbers."""
    said: dict[str, Plain] = {"by": distribution.by.value}
    for name in SHARE_NUMBERS.get(distribution.by, ()):
        value = getattr(distribution, name)
        if value not in (None, ()):
            said[name] = _written(value)
    return said if len(said) > 1 else distribution.by.value


def _written(value: timedelta | StrEnum | int | tuple[tuple[str, int], ...]) -> Plain:
    if isinstance(value, timedelta):
        return written_duration(value)
    if isinstance(value, StrEnum):
        return value.value
    return dict(value) if isinstance(value, tuple) else value
