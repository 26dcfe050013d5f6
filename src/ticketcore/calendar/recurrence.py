"""Dates by a recurrence rule of iCalendar (RFC 5545, section 3.3.10), which ``dateutil`` reckons.

The rule is read here, so that what reaches dateutil is in its range: an interval of 0 would never end, and a place that
is out of range would give wrong dates or none, in silence.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from itertools import takewhile

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from ticketcore.checks import meant
from ticketcore.errors import InvalidInput

_FREQUENCIES = {"YEARLY": YEARLY, "MONTHLY": MONTHLY, "WEEKLY": WEEKLY, "DAILY": DAILY}
_WEEKDAYS = {name: day for day, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_DAY = re.compile("([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile("[+-]?[0-9]{1,5}")

_ONE: Mapping[str, tuple[int, int]] = {"INTERVAL": (1, 10_000), "COUNT": (1, 10_000)}
_SEVERAL: Mapping[str, tuple[int, int]] = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
    "BYEASTER": (-80, 250),
}
"""The lowest and highest number of each part; those of Easter stay within its year whenever Easter is."""

_PARTS = ("FREQ", "UNTIL", "WKST", "BYDAY", *_ONE, *_SEVERAL)
_FIRST_YEARS = 64


def check_rule(rule: object, first: date, field: str) -> None:
    """Refuse, as ``InvalidInput`` for ``field``, what is no rule of dates, or gives no date from ``first`` on."""
    if not isinstance(rule, str):
        raise InvalidInput(field, f"must be a text, not {type(rule).__name__}")
    if next(_ordinals(_read(rule, first, field)), None) is None:
        raise InvalidInput(field, f"gives no date from {first} on")


def days_between(rule: str, first: date, low: int, high: int) -> tuple[int, ...]:
    """The ordinals of the dates that a checked ``rule`` gives from ``low`` to ``high``, both included.

    Dates are reckoned once for twice as many years as before, so that a longer look costs no more in the end:
    O(log n) for n dates reckoned, and nothing is kept that another thread could see half done.
    """
    years = _FIRST_YEARS
    while first.toordinal() + years * 365 < high:
        years *= 2
    days = _days(rule, first, years)
    return tuple(days[bisect_left(days, low) : bisect_right(days, high)])


@lru_cache(maxsize=256)
def _days(rule: str, first: date, years: int) -> "array[int]":
    last = first.toordinal() + years * 365
    return array("l", takewhile(lambda ordinal: ordinal <= last, _ordinals(_read(rule, first, "rule"))))


def _ordinals(rule: rrule) -> Iterator[int]:
    """What the rule gives, until the year 9999 is over: dateutil walks on into a ValueError."""
    dates = iter(rule)
    while True:
        try:
            found = next(dates)
        except (StopIteration, ValueError):
            return
        yield found.toordinal()


def _read(rule: str, first: date, field: str) -> rrule:
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        name, equals, value = part.partition("=")
        if not equals or name not in _PARTS:
            raise InvalidInput(field, f"{part!r} is no part of a rule of dates{meant(name, _PARTS)}")
        if name in parts:
            raise InvalidInput(field, f"has {name} twice")
        parts[name] = value
    if parts.get("FREQ") not in _FREQUENCIES:
        raise InvalidInput(field, f"needs FREQ, one of {', '.join(_FREQUENCIES)}")
    if {"COUNT", "UNTIL"} <= parts.keys():
        raise InvalidInput(field, "has both COUNT and UNTIL")
    frequency = _FREQUENCIES[parts["FREQ"]]
    numbers = {name.lower(): _numbers(name, parts[name], field)[0] for name in _ONE if name in parts}
    lists = {name.lower(): _numbers(name, parts[name], field) for name in _SEVERAL if name in parts}
    return rrule(
        frequency,
        dtstart=datetime(first.year, first.month, first.day),  # noqa: DTZ001 - a date, which has no zone
        wkst=_week_start(parts.get("WKST", "MO"), field),
        until=_until(parts["UNTIL"], field) if "UNTIL" in parts else None,
        byweekday=_weekdays(parts["BYDAY"], frequency, field) if "BYDAY" in parts else None,
        **numbers,
        **lists,
    )


def _numbers(name: str, value: str, field: str) -> list[int]:
    low, high = _ONE[name] if name in _ONE else _SEVERAL[name]
    texts = [value] if name in _ONE else value.split(",")
    numbers = [int(text) for text in texts if _NUMBER.fullmatch(text)]
    signed = name == "BYEASTER"
    if len(numbers) < len(texts) or not all(low <= number <= high and (number or signed) for number in numbers):
        besides = "" if signed or low > 0 else " but 0"
        raise InvalidInput(field, f"{name} must be whole numbers from {low} to {high}{besides}, not {value!r}")
    return numbers


def _weekdays(value: str, frequency: int, field: str) -> list[weekday]:
    days = []
    for text in value.split(","):
        match = _DAY.fullmatch(text)
        number = int(match[1] or 0) if match else 0
        if match is None or abs(number) > 53 or (match[1] and not number):
            raise InvalidInput(field, f"BYDAY must be days such as MO, 4TH or -1FR, not {text!r}")
        if number and frequency not in (YEARLY, MONTHLY):
            raise InvalidInput(field, f"BYDAY={text} needs FREQ=YEARLY or MONTHLY")
        days.append(weekday(_WEEKDAYS[match[2]], number or None))
    return days


def _week_start(value: str, field: str) -> int:
    if value not in _WEEKDAYS:
        raise InvalidInput(field, f"WKST must be one of {', '.join(_WEEKDAYS)}, not {value!r}")
    return _WEEKDAYS[value]


def _until(value: str, field: str) -> datetime:
    try:
        if re.fullmatch("[0-9]{8}", value):
            return datetime(int(value[:4]), int(value[4:6]), int(value[6:]))  # noqa: DTZ001 - a date, which has no zone
    except ValueError:
        pass
    raise InvalidInput(field, f"UNTIL must be a date such as 20301231, not {value!r}")
