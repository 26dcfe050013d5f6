"""Business time: how much elapsed, and when something is due, against the libraries that reckon it.

The workload is one that every peer gets right, so that like is compared with like: Monday to Friday from 9 to 17 in
Berlin, with the public holidays of two years, in a span that has four changes of the clocks.  Elapsed: 1,000 pairs of
instants up to 14 days apart.  Due: 8 and 40 hours after 1,000 instants in office hours; pandas takes whole hours, and
moves what ends exactly at closing time to the next morning, which these do not.  All answers are compared before
anything is timed.  Each candidate is given what it takes: UTC, or naive wall clocks; converting is not timed.

Peers: business-duration (elapsed only), businesstimedelta, and CustomBusinessHour of pandas (due only).  An offset of
pandas has its hours in it, so the question "this many hours from then" makes one, as a BusinessTimeDelta is made; the
rate with an offset that is kept, for those who always ask for the same hours, is measured beside it.
"""

import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import businesstimedelta
import pandas
import pytz
from business_duration import businessDuration
from pandas.tseries.offsets import CustomBusinessHour

from bench.measure import goal, rates, report
from ticketcore.calendar import BusinessCalendar

AREA = "calendars"
DURATION, DELTA, PANDAS = "business-duration", "businesstimedelta", "pandas CustomBusinessHour"
OURS = "BusinessCalendar"
ROUNDS = 5
QUESTIONS = 1000
REPEATED = 20  # ours, in one timed run
ZONE = ZoneInfo("Europe/Berlin")
HOLIDAYS = [
    date.fromisoformat(f"{year}-{day}")
    for year, days in (
        (2025, "01-01 04-18 04-21 05-01 05-29 06-09 10-03 12-25 12-26"),
        (2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26"),
        (2030, "01-01"),  # businesstimedelta fails where no holiday lies ahead
    )
    for day in days.split()
]
OPENS, CLOSES = time(9), time(17)


def calendar() -> BusinessCalendar:
    """Ours, as a user makes it."""
    return BusinessCalendar.from_dict(plain())


def plain() -> dict[str, object]:
    """The hours of the workload."""
    weekly = [[day, "09:00", "17:00"] for day in range(5)]
    return {"tz": "Europe/Berlin", "weekly": weekly, "holidays": [day.isoformat() for day in HOLIDAYS]}


def pairs() -> list[tuple[datetime, datetime]]:
    """Instants up to 14 days apart, whole minutes, in the years of the workload."""
    random = Random("elapsed")
    begin = datetime(2025, 1, 2, tzinfo=UTC)
    starts = [begin + timedelta(minutes=random.randrange(700 * 1440)) for _ in range(QUESTIONS)]
    return [(start, start + timedelta(minutes=random.randrange(14 * 1440))) for start in starts]


def starts() -> list[datetime]:
    """Instants in office hours, but for the moment of opening."""
    random = Random("due")
    found: list[datetime] = []
    while len(found) < QUESTIONS:
        day = date(2025, 1, 2) + timedelta(days=random.randrange(700))
        if day.weekday() < 5 and day not in HOLIDAYS:
            opening = datetime.combine(day, OPENS, ZONE)
            found.append((opening + timedelta(minutes=random.randrange(1, 8 * 60))).astimezone(UTC))
    return found


def naive(at: datetime) -> datetime:
    """What the wall clock in Berlin shows."""
    return at.astimezone(ZONE).replace(tzinfo=None)


def peer_rules() -> Any:
    """The same hours for businesstimedelta."""
    zone = pytz.timezone("Europe/Berlin")
    week = businesstimedelta.WorkDayRule(start_time=OPENS, end_time=CLOSES, working_days=[0, 1, 2, 3, 4], tz=zone)
    return businesstimedelta.Rules([week, businesstimedelta.HolidayRule(HOLIDAYS, tz=zone)])


def main() -> None:
    cold()
    elapsed()
    for hours in (8, 40):
        due(hours)


def cold() -> None:
    """A calendar that nobody has made or asked before, so that its months have to be built."""
    made = 0

    def run() -> int:
        nonlocal made
        for _ in range(20):
            made += 1
            own = {**plain(), "overrides": {"2040-01-02": [["00:00", f"{made // 60 % 24:02}:{made % 60:02}"]]}}
            office = BusinessCalendar.from_dict(own)
            office.elapsed(datetime(2025, 1, 2, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC))
        return 20

    report(AREA, "made and asked over two years for the first time", rates({OURS: lambda: run}, ROUNDS), "")


def elapsed() -> None:
    office, rules, asked = calendar(), peer_rules(), pairs()
    shown = [(naive(start), naive(end)) for start, end in asked]

    def duration(start: datetime, end: datetime) -> timedelta:
        seconds = businessDuration(start, end, starttime=OPENS, endtime=CLOSES, holidaylist=HOLIDAYS, unit="sec")
        return timedelta(seconds=float(seconds))

    def difference(start: datetime, end: datetime) -> timedelta:
        found: timedelta = rules.difference(start, end).timedelta
        return found

    ours = [office.elapsed(start, end) for start, end in asked]
    assert sum(ours, timedelta(0)) > timedelta(hours=QUESTIONS)
    assert ours == [duration(start, end) for start, end in shown]
    assert ours == [difference(start, end) for start, end in asked]

    def own() -> int:
        for _ in range(REPEATED):
            for start, end in asked:
                office.elapsed(start, end)
        return REPEATED * QUESTIONS

    def of_duration() -> int:
        for start, end in shown:
            businessDuration(start, end, starttime=OPENS, endtime=CLOSES, holidaylist=HOLIDAYS, unit="sec")
        return QUESTIONS

    def of_delta() -> int:
        for start, end in asked:
            rules.difference(start, end)
        return QUESTIONS

    measured = compared("elapsed, up to 14 days", {OURS: own, DURATION: of_duration, DELTA: of_delta})
    goal(AREA, f"elapsed over {DURATION}", measured[OURS], measured[DURATION], 25)
    goal(AREA, f"elapsed over {DELTA}", measured[OURS], measured[DELTA], 300)


def due(hours: int) -> None:
    office, rules, asked = calendar(), peer_rules(), starts()
    span = timedelta(hours=hours)
    kept = CustomBusinessHour(n=hours, start=OPENS, end=CLOSES, holidays=HOLIDAYS)
    shown = [pandas.Timestamp(naive(start)) for start in asked]

    ours = [office.due(start, span) for start in asked]
    assert [naive(at) for at in ours if at is not None] == [start + kept for start in shown]
    assert ours == [start + businesstimedelta.BusinessTimeDelta(rules, hours=hours) for start in asked]

    def own() -> int:
        for _ in range(REPEATED):
            for start in asked:
                office.due(start, span)
        return REPEATED * QUESTIONS

    def of_pandas() -> int:
        for start in shown:
            start + CustomBusinessHour(n=hours, start=OPENS, end=CLOSES, holidays=HOLIDAYS)
        return QUESTIONS

    def of_pandas_kept() -> int:
        for start in shown:
            start + kept
        return QUESTIONS

    def of_delta() -> int:
        for start in asked:
            start + businesstimedelta.BusinessTimeDelta(rules, hours=hours)
        return QUESTIONS

    metric = f"due after {hours} hours"
    measured = compared(metric, {OURS: own, PANDAS: of_pandas, f"{PANDAS}, kept": of_pandas_kept, DELTA: of_delta})
    goal(AREA, f"{metric} over {PANDAS}", measured[OURS], measured[PANDAS], 35)
    goal(AREA, f"{metric} over {PANDAS}, kept", measured[OURS], measured[f"{PANDAS}, kept"], 10)
    goal(AREA, f"{metric} over {DELTA}", measured[OURS], measured[DELTA], 50)


def compared(metric: str, candidates: dict[str, Callable[[], int]]) -> dict[str, list[float]]:
    """The rates of candidates that need no setting up, reported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peers' own
        measured = rates({name: _ready(run) for name, run in candidates.items()}, ROUNDS)
    for name, values in measured.items():
        key = name if name == OURS else f"peer {name}"
        report(AREA, metric, {key: values}, name.partition(",")[0])
    return measured


def _ready(run: Callable[[], int]) -> Callable[[], Callable[[], int]]:
    return lambda: run
