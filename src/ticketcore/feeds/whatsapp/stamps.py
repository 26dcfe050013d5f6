"""Where a message begins: the date and time before it, in all the ways in which phones write them.

An export writes date and time as the phone's language and region do, so the shapes are those of the short date and
time formats of the Unicode CLDR (cldr.unicode.org): fields in any order, apart by ``/ . -`` or by Han or Hangul
signs, digits of any script, clocks of 12 and 24 hours, marks of the half day before or behind the time.  iPhones put
``[`` and ``]`` around it, Android phones a hyphen behind it, old versions a colon.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from functools import lru_cache
from typing import NamedTuple

from ticketcore.feeds.whatsapp.values import DateOrder
from ticketcore.feeds.whatsapp.wording import AFTERNOON, CONNECTING, MORNING

MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Signs without a shape: those that set the direction of writing (UAX 9), and the byte order mark."""

FIRST_YEAR, LAST_YEAR = 2009, 2099
"""There was no WhatsApp before; and years of other calendars, such as 2567 or 1403, lie outside."""

_GAP = rf"[\s{MARKS}]{{0,8}}+"
_STAMP = re.compile(
    rf"{_GAP}(?P<open>\[)?{_GAP}"
    rf"(?P<a>\d{{1,4}}){_GAP}(?P<sep>[./年년-]){_GAP}(?P<b>\d{{1,2}}){_GAP}(?P<sep2>[./月월-]){_GAP}"
    rf"(?P<c>\d{{1,4}})(?:{_GAP}(?P<end>[.日일]))?"
    r"(?P<between>[^\d\[\]]{1,24}?)"
    r"(?P<hour>\d{1,2})(?:[:.]|\s?h\s?)(?P<minute>\d\d)(?:(?:[:.]|\s?min\s?)(?P<second>\d\d)(?:\s?s\b)?)?"
    r"(?P<after>[^\d\[\]:]{0,24}?)"
    rf"(?P<close>(?(open)\]\s?|(?:[\s{MARKS}]{{1,4}}[-–](?:\s|$)|:\s)))"
)
_SEPARATORS = {"..", "//", "--", "年月", "년월"}
_NOT_A_WORD = str.maketrans("", "", MARKS + "\u200c.,،、")


class Shape(NamedTuple):
    """How an export writes date and time; all lines of one export have the same.

    ``closing`` is the sign behind it, ``separator`` the signs between and behind the numbers of the date.
    ``year_digits`` says of its first and of its last number whether it has four digits.  ``seconds``: the time has
    them; ``half_days``: it has a mark of the half day.
    """

    closing: str
    separator: str
    year_digits: tuple[bool, bool]
    seconds: bool
    half_days: bool


class Stamp(NamedTuple):
    """The beginning of a message.

    ``line`` counts from 0.  ``shape`` is how date and time are written.  ``dates`` are the dates that are meant in
    each order that is possible, ``time`` is that of the day, ``written`` the date as it stands in the file, ``rest``
    what comes behind the time.
    """

    line: int
    shape: Shape
    dates: Mapping[DateOrder, date]
    time: time
    written: str
    rest: str


def stamp_of(line: str, number: int) -> Stamp | None:
    """The date and time with which the line begins, or None.  Looks at the first 150 characters or so."""
    match = _STAMP.match(line)
    if match is None or match["sep"] + match["sep2"] not in _SEPARATORS:
        return None
    half_day = _half_day(match["between"]) + _half_day(match["after"])
    at = _time(match["hour"], match["minute"], match["second"] or "0", half_day)
    a, b, c = match["a"], match["b"], match["c"]
    dates = _dates(a, b, c, match["sep"] in "年년")
    if at is None or not dates:
        return None
    shape = Shape(
        match["close"].strip()[:1],
        match["sep"] + (match["end"] or ""),
        (len(a) == 4, len(c) == 4),
        match["second"] is not None,
        half_day != "",
    )
    return Stamp(number, shape, dates, at, line[match.start("a") : match.start("between")], line[match.end() :])


def _half_day(text: str) -> str:
    """What stands beside the time, without signs, blanks and words that connect."""
    return "".join(word for word in text.translate(_NOT_A_WORD).casefold().split() if word not in CONNECTING)


def _time(hour: str, minute: str, second: str, half_day: str) -> time | None:
    hours = int(hour)
    if half_day:
        afternoon = half_day in AFTERNOON
        if hours > 12 or not (afternoon or half_day in MORNING):
            return None
        hours = hours % 12 + 12 * afternoon
    try:
        return time(hours, int(minute), int(second))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _dates(a: str, b: str, c: str, year_first: bool) -> Mapping[DateOrder, date]:
    """What three numbers can mean.  A year has four digits, or the last two of them."""
    orders = {
        DateOrder.DAY_FIRST: (c, b, a),
        DateOrder.MONTH_FIRST: (c, a, b),
        DateOrder.YEAR_FIRST: (a, b, c),
    }
    found = {}
    for order, (year, month, day) in orders.items():
        if (
            len(year) not in (2, 4)
            or len(month) > 2
            or len(day) > 2
            or (year_first and order is not DateOrder.YEAR_FIRST)
        ):
            continue
        years = int(year) + (2000 if len(year) == 2 else 0)
        try:
            meant = date(years, int(month), int(day))
        except ValueError:
            continue
        if FIRST_YEAR <= years <= LAST_YEAR:
            found[order] = meant
    return found
