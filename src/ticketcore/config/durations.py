"""Lengths of time in words: ``8h``, ``2 days``, ``90 min``, ``1 day 12 hours``, ``1.5h``."""

import re
from datetime import timedelta
from fractions import Fraction

from ticketcore.errors import InvalidInput

_UNITS = {
    "week": ("w", "week", "weeks"),
    "day": ("d", "day", "days"),
    "hour": ("h", "hour", "hours"),
    "minute": ("m", "min", "minute", "minutes"),
    "second": ("s", "sec", "second", "seconds"),
}
"""Each unit by its English name, with how it may be written."""

_MICROSECONDS = {
    name: timedelta(**{f"{unit}s": 1}) // timedelta(microseconds=1) for unit, names in _UNITS.items() for name in names
}
_PART = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,18})?) ?([a-z]+)")
_WHOLE = re.compile(rf"{_PART.pattern}(?: ?{_PART.pattern})*")


def read_duration(text: str, field: str) -> timedelta:
    """The length of time that the text names: numbers with units, added up.

    Units are w, d, h, m and s, min and sec, and the English words from week to second, also in the plural, in any
    case; one blank may stand before each number and each unit.  A day is 24 hours.  A number may have a decimal
    fraction, down to a microsecond.  What is no such text, or longer than a ``timedelta`` can hold, is
    ``InvalidInput`` for ``field``.

    >>> read_duration("1 day 2.5h", "quiet_gap")
    datetime.timedelta(days=1, seconds=9000)
    """
    lowered = text.lower()
    parts = _PART.findall(lowered)
    if _WHOLE.fullmatch(lowered) is None or any(unit not in _MICROSECONDS for _, unit in parts):
        raise InvalidInput(field, f"must be a length of time, such as '8h', '2 days' or '90 min', not {text!r}")
    microseconds = sum(Fraction(number) * _MICROSECONDS[unit] for number, unit in parts)
    if int(microseconds) != microseconds:
        raise InvalidInput(field, f"must be in whole microseconds, not {text!r}")
    try:
        return timedelta(microseconds=int(microseconds))
    except OverflowError:
        raise InvalidInput(field, f"is longer than can be counted: {text!r}") from None


def written_duration(span: timedelta) -> str:
    """The length of time in words, from days down; ``read_duration`` gives it again.  It must not be negative.

    >>> written_duration(timedelta(days=1, minutes=90)), written_duration(timedelta(milliseconds=1500))
    ('1 day 1 hour 30 minutes', '1.5 seconds')
    """
    seconds = str(span.seconds % 60)
    if span.microseconds:
        seconds += f".{span.microseconds:06}".rstrip("0")
    counts = {
        "day": str(span.days),
        "hour": str(span.seconds // 3600),
        "minute": str(span.seconds // 60 % 60),
        "second": seconds,
    }
    words = [f"{count} {unit}{'' if count == '1' else 's'}" for unit, count in counts.items() if count != "0"]
    return " ".join(words) or "0 seconds"
