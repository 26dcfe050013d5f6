"""What is open by the words of a calendar, minute by minute.  Imports nothing of ticketcore.

It reads the plain form of a calendar, takes each real minute in UTC, asks the time zone what the wall clock shows, and
looks whether that lies in a shift.  Of recurrence rules it knows a few, each as a question about a single date.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def easter(year):
    """Easter Sunday, by the method that Meeus prints for the Gregorian calendar."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    golden = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * golden) // 433
    month = (h + golden - 7 * m + 90) // 25
    return date(year, month, (h + golden - 7 * m + 33 * month + 19) % 32)


def recurs(rule, first, day):
    """Whether a rule that begins on ``first`` gives the date ``day``."""
    if day < first:
        return False
    if rule == "FREQ=YEARLY":
        return (day.month, day.day) == (first.month, first.day)
    if match := re.fullmatch(r"FREQ=YEARLY;UNTIL=(\d{4})(\d\d)(\d\d)", rule):
        return recurs("FREQ=YEARLY", first, day) and day <= date(*map(int, match.groups()))
    if match := re.fullmatch(r"FREQ=YEARLY;BYEASTER=(-?\d+)", rule):
        return day == easter(day.year) + int(match[1]) * DAY
    if match := re.fullmatch(r"FREQ=YEARLY;BYMONTH=(\d+);BYDAY=(\d)(..)", rule):
        nth = (day.day - 1) // 7 + 1
        return (day.month, nth, WEEKDAYS[day.weekday()]) == (int(match[1]), int(match[2]), match[3])
    if rule == "FREQ=MONTHLY;BYMONTHDAY=-1":
        return (day + DAY).day == 1
    if match := re.fullmatch(r"FREQ=WEEKLY;INTERVAL=(\d+)", rule):
        return (day - first).days % (7 * int(match[1])) == 0
    if match := re.fullmatch(r"FREQ=DAILY;COUNT=(\d+)", rule):
        return (day - first).days < int(match[1])
    raise ValueError(rule)


class Oracle:
    """The answers for one calendar in its plain form."""

    def __init__(self, data):
        self.data = data
        self.zone = ZoneInfo(data["tz"])
        self.weekly = [(day, start, end) for day, start, end in data["weekly"]]
        self.holidays = [{"date": item} if isinstance(item, str) else item for item in data["holidays"]]
        self.known = {}

    def holidays_of(self, day):
        """The holidays that a date is: their hours, or None for the whole date."""
        found = []
        for item in self.holidays:
            first = date.fromisoformat(item["date"])
            given = recurs(item["rule"], first, day) if "rule" in item else day == first
            if given and day.isoformat() not in item.get("excluded", ()):
                found.append(item.get("hours"))
        return found

    def facts(self, day):
        """Of a date: its shifts, those of its weekday, whether it is a whole holiday, and the hours partly closed."""
        if day not in self.known:
            usual = [self.hours(day, start, end) for weekday, start, end in self.weekly if weekday == day.weekday()]
            special = self.data["overrides"].get(day.isoformat())
            shifts = usual if special is None else [self.hours(day, start, end) for start, end in special]
            holidays = self.holidays_of(day)
            closed = [self.hours(day, *hours) for hours in holidays if hours is not None]
            self.known[day] = shifts, usual, None in holidays, closed
        return self.known[day]

    @staticmethod
    def hours(day, start, end):
        """A start and an end on the wall clock, the end on the next date if it is not later."""
        midnight = datetime.combine(day, time())
        begin, finish = (midnight + timedelta(hours=int(text[:2]), minutes=int(text[3:])) for text in (start, end))
        return begin, finish if finish > begin else finish + DAY

    def why(self, at):
        """What becomes of the minute that begins at the instant ``at``."""
        wall = at.astimezone(self.zone).replace(tzinfo=None, fold=0)
        today, yesterday = self.facts(wall.date()), self.facts(wall.date() - DAY)
        by_shift = self.data["holiday_rule"] == "shift"
        covered = removed = replaced = False
        for shifts, usual, holiday, _ in (today, yesterday):
            if any(start <= wall < end for start, end in shifts):
                if by_shift and holiday:
                    removed = True
                else:
                    covered = True
            replaced = replaced or any(start <= wall < end for start, end in usual)
        if covered and today[2] and not by_shift:
            return "holiday"
        if covered:
            parts = today[3] + yesterday[3]
            return "partial holiday" if any(start <= wall < end for start, end in parts) else "open"
        return "holiday" if removed else "override" if replaced else "outside hours"

    def minutes(self, start, end, step=MINUTE):
        """Each step from ``start`` up to ``end``, and what becomes of it."""
        at = start.astimezone(UTC)
        while at < end:
            yield at, self.why(at)
            at += step

    def elapsed(self, start, end, step=MINUTE):
        """The open time between two instants that are whole steps apart."""
        return sum((why == "open" for _, why in self.minutes(start, end, step)), 0) * step

    def due(self, start, span, limit, step=MINUTE):
        """The end of the first step by which ``span`` was open, or None if it was not until ``limit``."""
        left = span
        for at, why in self.minutes(start, limit, step):
            left -= step * (why == "open")
            if not left:
                return at + step
        return None
