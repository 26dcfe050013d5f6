"""The calendar answers what a walk over every minute finds, for random calendars near odd dates."""

import os
from datetime import UTC, datetime, timedelta
from random import Random

import calendar_cases as cases
import pytest
from calendar_oracle import Oracle

from ticketcore.calendar import BusinessCalendar

PROOF = os.environ.get("HYPOTHESIS_PROFILE") == "proof"
CASES = 10_000 if PROOF else 200
PARTS = 20
MINUTE = timedelta(minutes=1)


def check(seed):
    """One random case of up to 14 days: ``elapsed``, ``due`` and ``explain`` are what the walk finds."""
    random = Random(seed)
    zone, around = cases.place(random)
    data = cases.calendar(random, zone, around)
    calendar, oracle = BusinessCalendar.from_dict(data), Oracle(data)
    start = cases.instant(random, around, 14)
    end = start + random.randrange(1, 14 * 1440) * MINUTE
    walked = list(oracle.minutes(start, end))
    opened = [at for at, why in walked if why == "open"]
    said = f"seed {seed!r}: {data}, from {start} to {end}"
    assert calendar.elapsed(start, end) == len(opened) * MINUTE, said
    for count in {1, len(opened), random.randrange(1, len(opened) + 2)} if opened else ():
        if count <= len(opened):
            assert calendar.due(start, count * MINUTE) == opened[count - 1] + MINUTE, said
    explanation = calendar.explain(start, end)
    assert explanation.elapsed == len(opened) * MINUTE, said
    told = [item for item in explanation.stretches for _ in range(item.length // MINUTE)]
    assert [item.why for item in told] == [why for _, why in walked], said
    for item in explanation.stretches:
        assert (item.date is not None) == (item.why in ("holiday", "partial holiday", "override")), said


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.slow
def test_every_minute_is_counted_as_a_walk_finds_it(part):
    for number in range(CASES // PARTS):
        check(f"calendar {part}.{number}")


def test_a_few_cases():
    for number in range(25):
        check(f"calendar {number}")


@pytest.mark.parametrize(
    ("zone", "from_", "to"),
    [
        ("Europe/Amsterdam", "1937-06-30T20:00", "1937-07-01T04:00"),  # from 1:19:32 to 1:20 ahead
        ("Africa/Monrovia", "1972-01-06T20:00", "1972-01-07T04:00"),  # from 0:44:30 behind to none
        ("America/New_York", "1883-11-18T15:00", "1883-11-18T19:00"),  # from 4:56:02 behind to 5:00
        ("Asia/Manila", "1844-12-30T12:00", "1845-01-01T00:00"),  # the other side of the date line
    ],
)
def test_offsets_of_seconds(zone, from_, to):
    data = {
        "tz": zone,
        "weekly": [[day, "00:00", "12:02"] for day in range(7)],
        "holidays": [],
        "holiday_rule": "date",
        "overrides": {},
    }
    start, end = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (from_, to))
    second = timedelta(seconds=1)
    expected = Oracle(data).elapsed(start, end, second)
    assert timedelta(0) < expected < end - start
    assert BusinessCalendar.from_dict(data).elapsed(start, end) == expected
    assert BusinessCalendar.from_dict(data).due(start, expected) == Oracle(data).due(start, expected, end, second)
