"""Business hours: their laws first, then what single cases come to."""

import json
import pickle
import random
import sys
import threading
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import attrs
import calendar_cases as cases
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ticketcore.calendar import BusinessCalendar, Holiday, HolidayRule, Hours, Override, Shift, Why
from ticketcore.calendar.days import day_began
from ticketcore.calendar.recurrence import days_between
from ticketcore.errors import InvalidInput

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
OFFICE = {"tz": "Europe/Berlin", "weekly": [[day, "09:00", "17:00"] for day in range(5)]}
ZONES = sorted(zone for zone in available_timezones() if "/" in zone)
MOMENTS = st.datetimes(datetime.fromisoformat("1850-01-01"), datetime.fromisoformat("2100-01-01"))


def at(text, zone="Europe/Berlin"):
    """An instant by what the wall clock of a zone shows."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@st.composite
def calendars(draw):
    """A calendar in its plain form, and a date near which it has something."""
    source = draw(st.randoms(use_true_random=False))
    zone, around = cases.place(source)
    return cases.calendar(source, zone, around), around


def instants(around, days=40):
    """Any instant near a date."""
    middle = datetime.combine(around, time())
    low, high = middle - timedelta(days=days), middle + timedelta(days=days)
    return st.datetimes(low, high, timezones=st.sampled_from((UTC, timezone(timedelta(hours=-5, minutes=-30)))))


@st.composite
def asked(draw, count):
    """A calendar, and some instants near the same date, in order."""
    data, around = draw(calendars())
    return BusinessCalendar.from_dict(data), *sorted(draw(instants(around)) for _ in range(count))


# Laws.


@given(asked(3))
def test_elapsed_adds_up_and_never_falls(case):
    calendar, a, b, c = case
    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)
    assert timedelta(0) <= calendar.elapsed(a, b) <= b - a
    assert calendar.elapsed(b, a) == -calendar.elapsed(a, b)
    assert calendar.elapsed(a, a) == timedelta(0)


@given(asked(1), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_due_is_the_earliest_instant(case, span):
    calendar, start = case
    due = calendar.due(start, span)
    if due is None:  # A holiday of every week may be on the only days on which it would open.
        assert calendar.elapsed(start, start + timedelta(days=3660)) < span
        return
    assert due.tzinfo is UTC
    assert calendar.elapsed(start, due) == span
    assert due == start if not span else calendar.elapsed(start, due - TICK) == span - TICK


@given(asked(2))
def test_due_gives_back_what_elapsed(case):
    calendar, start, end = case
    elapsed = calendar.elapsed(start, end)
    due = calendar.due(start, elapsed)
    assert due <= end
    assert calendar.elapsed(due, end) == timedelta(0)


@given(asked(2))
def test_an_explanation_has_no_gap_and_adds_up(case):
    calendar, start, end = case
    for a, b in ((start, end), (end, start)):
        explanation = calendar.explain(a, b)
        assert (explanation.start, explanation.end) == (a, b)
        assert explanation.elapsed == calendar.elapsed(a, b)
        edges = [start, *(item.end for item in explanation.stretches)]
        assert [item.start for item in explanation.stretches] == edges[:-1]
        assert edges[-1] == end
        for item, following in pairwise(explanation.stretches):
            assert (item.why, item.date, item.name) != (following.why, following.date, following.name)
        for item in explanation.stretches:
            assert calendar.elapsed(item.start, item.end) == (item.length if item.why is Why.OPEN else timedelta(0))


@given(
    st.sampled_from(ZONES),
    MOMENTS,
    st.timedeltas(-40 * 24 * HOUR, 40 * 24 * HOUR),
)
def test_round_the_clock_is_real_time_in_every_zone(zone, start, span):
    always = BusinessCalendar(zone, "24/7")
    start = start.replace(tzinfo=UTC)
    assert always.elapsed(start, start + span) == span
    assert always.due(start, abs(span)) == start + abs(span)


@given(st.sampled_from(ZONES), MOMENTS, st.integers(1, 5000))
@settings(max_examples=300)
def test_the_wall_clock_is_that_of_the_zone(zone, moment, minutes):
    """Open in one wall minute a day: an instant is in it if the zone says so, whatever the clocks did."""
    moment = moment.replace(tzinfo=UTC)
    wall = moment.astimezone(ZoneInfo(zone))
    after = f"{(wall + timedelta(minutes=1)):%H:%M}"
    shown = BusinessCalendar(zone, [(day, f"{wall:%H:%M}", after) for day in range(7)])
    assert shown.elapsed(moment, moment + TICK) == TICK
    hidden = BusinessCalendar(zone, [(day, after, f"{wall:%H:%M}") for day in range(7)])
    assert hidden.elapsed(moment, moment + TICK) == timedelta(0)
    other = moment + timedelta(minutes=minutes)
    assert shown.elapsed(moment, other) + hidden.elapsed(moment, other) == other - moment


@given(calendars())
def test_a_calendar_is_its_plain_form(case):
    data, _ = case
    calendar = BusinessCalendar.from_dict(data)
    plain = calendar.to_dict()
    assert BusinessCalendar.from_dict(json.loads(json.dumps(plain))) == calendar
    assert BusinessCalendar.from_dict(plain).to_dict() == plain
    assert (
        BusinessCalendar.from_dict({**data, "weekly": data["weekly"][::-1], "holidays": data["holidays"][::-1]})
        == calendar
    )
    assert pickle.loads(pickle.dumps(calendar)) == calendar
    assert hash(pickle.loads(pickle.dumps(calendar))) == hash(calendar)


@given(asked(4), st.randoms(use_true_random=False))
def test_the_order_of_questions_makes_no_difference(case, source):
    """Months are built outward from the first question, so ask a table of its own near and far, before and after."""
    calendar, *moments = case
    moments += [moment + timedelta(days=days) for moment in moments for days in (-500, 700)]
    source.shuffle(moments)
    other = Override("9000-01-01", [["00:00", cases.clock(source)]])  # makes it another calendar
    fresh = attrs.evolve(calendar, overrides=[*calendar.overrides, other])
    for a, b in pairwise(moments):
        assert fresh.elapsed(a, b) == calendar.elapsed(a, b)


# Single cases.


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-02T09:00", 8, "2026-03-02T17:00"),  # closing time, not next morning
        ("2026-03-02T09:00", 9, "2026-03-03T10:00"),
        ("2026-03-02T03:00", 0, "2026-03-02T03:00"),  # nothing is due at once
        ("2026-03-02T03:00", 1, "2026-03-02T10:00"),
        ("2026-03-06T16:00", 2, "2026-03-09T10:00"),  # over the week-end
        ("2026-03-02T17:00", 8, "2026-03-03T17:00"),
        ("2026-03-02T09:00", 2080, "2027-03-01T09:00"),
    ],
)
def test_due(start, hours, due):
    office = BusinessCalendar.from_dict(OFFICE)
    expected = at(due) if hours < 2080 else at("2027-02-26T17:00")
    assert office.due(at(start), hours * HOUR) == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "shift", "day", "hours"),
    [
        ("Europe/Berlin", ("00:00", "24:00"), "2026-03-29", 23),
        ("Europe/Berlin", ("00:00", "24:00"), "2026-10-25", 25),
        ("Europe/Berlin", ("02:00", "03:00"), "2026-03-29", 0),
        ("Europe/Berlin", ("02:00", "03:00"), "2026-10-25", 2),
        ("Australia/Lord_Howe", ("00:00", "06:00"), "2026-10-04", 5.5),
        ("Australia/Lord_Howe", ("00:00", "06:00"), "2026-04-05", 6.5),
        ("Pacific/Apia", ("09:00", "17:00"), "2011-12-30", 0),
        ("America/Sao_Paulo", ("00:00", "08:00"), "2018-11-04", 7),
        ("America/Sao_Paulo", ("22:00", "24:00"), "2018-02-17", 3),
        ("Asia/Beirut", ("00:00", "08:00"), "2022-03-27", 7),
    ],
)
def test_real_time_on_the_day_the_clocks_change(zone, shift, day, hours):
    calendar = BusinessCalendar(zone, overrides={day: [shift]})
    noon = at(f"{day}T12:00", zone)
    assert calendar.elapsed(noon - timedelta(days=3), noon + timedelta(days=3)) == hours * HOUR
    assert calendar.elapsed(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)) == hours * HOUR


def night(**more):
    """A night shift from Thursday, 24 December 2026, into Christmas Day, and the one after it."""
    weekly = [[3, "22:00", "06:00"], [4, "22:00", "06:00"]]
    return BusinessCalendar.from_dict({"tz": "Europe/Berlin", "weekly": weekly, **more})


def opened(calendar, start="2026-12-24T12:00", end="2026-12-26T12:00"):
    """The wall hours that are open, from start up to end."""
    explanation = calendar.explain(at(start), at(end))
    zone = ZoneInfo(calendar.tz)
    return [
        (f"{item.start.astimezone(zone):%d %H:%M}", f"{item.end.astimezone(zone):%d %H:%M}")
        for item in explanation.stretches
        if item.why is Why.OPEN
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [("24 22:00", "25 06:00"), ("25 22:00", "26 06:00")]),
        ({"holidays": ["2026-12-25"]}, [("24 22:00", "25 00:00"), ("26 00:00", "26 06:00")]),
        ({"holidays": ["2026-12-25"], "holiday_rule": "shift"}, [("24 22:00", "25 06:00")]),
        ({"holidays": ["2026-12-24"], "holiday_rule": "shift"}, [("25 22:00", "26 06:00")]),
        ({"overrides": {"2026-12-24": [["09:00", "12:00"]]}}, [("25 22:00", "26 06:00")]),
        ({"overrides": {"2026-12-25": []}}, [("24 22:00", "25 06:00")]),
        ({"overrides": {"2026-12-25": [["20:00", "02:00"]]}}, [("24 22:00", "25 06:00"), ("25 20:00", "26 02:00")]),
        (
            {"holidays": [{"date": "2026-12-24", "hours": ["23:00", "02:00"]}]},
            [("24 22:00", "24 23:00"), ("25 02:00", "25 06:00"), ("25 22:00", "26 06:00")],
        ),
        (
            {"holidays": [{"date": "2026-12-24", "hours": ["23:00", "02:00"]}], "holiday_rule": "shift"},
            [("24 22:00", "24 23:00"), ("25 02:00", "25 06:00"), ("25 22:00", "26 06:00")],
        ),
        # Holidays by rule: the night shift that starts on one, and the hours that one closes past midnight.
        (
            {"holidays": [{"date": "2020-12-24", "rule": "FREQ=YEARLY"}], "holiday_rule": "shift"},
            [("25 22:00", "26 06:00")],
        ),
        (
            {"holidays": [{"date": "2020-12-24", "rule": "FREQ=YEARLY", "hours": ["23:00", "02:00"]}]},
            [("24 22:00", "24 23:00"), ("25 02:00", "25 06:00"), ("25 22:00", "26 06:00")],
        ),
        # The night before is open, although the override leaves out a shift at that time.
        (
            {"weekly": [[3, "22:00", "06:00"], [4, "04:00", "12:00"]], "overrides": {"2026-12-25": []}},
            [("24 22:00", "25 06:00")],
        ),
        # A holiday closes the hours of an override too.
        ({"holidays": ["2026-12-25"], "overrides": {"2026-12-25": [["12:00", "13:00"]]}}, [("24 22:00", "25 00:00")]),
        (
            {"holidays": ["2026-12-25"], "overrides": {"2026-12-25": [["12:00", "13:00"]]}, "holiday_rule": "shift"},
            [("24 22:00", "25 06:00")],
        ),
        # Open on a date that a rule makes a holiday: excluded from the rule.
        (
            {
                "holidays": [{"date": "2020-12-25", "rule": "FREQ=YEARLY", "excluded": ["2026-12-25"]}],
                "overrides": {"2026-12-25": [["12:00", "13:00"]]},
            },
            [("24 22:00", "25 06:00"), ("25 12:00", "25 13:00")],
        ),
    ],
)
def test_nights_holidays_and_overrides(more, expected):
    calendar = night(**more)
    assert opened(calendar) == expected
    start, midnight, end = (at(text) for text in ("2026-12-24T12:00", "2026-12-25T00:00", "2026-12-26T12:00"))
    parts = calendar.explain(start, midnight).elapsed + calendar.explain(midnight, end).elapsed
    assert parts == calendar.elapsed(start, end)


def test_why_time_did_not_count():
    calendar = BusinessCalendar.from_dict(
        {
            **OFFICE,
            "holidays": [
                {"date": "2020-12-25", "rule": "FREQ=YEARLY", "name": "Christmas"},
                {"date": "2026-12-23", "hours": ["12:00", "24:00"], "name": "Party"},
            ],
            "overrides": {"2026-12-24": [["09:00", "12:00"]]},
        }
    )
    explanation = calendar.explain(at("2026-12-23T09:00"), at("2026-12-25T18:00"))
    told = [(item.length // HOUR, item.why, item.date, item.name) for item in explanation.stretches]
    assert told == [
        (3, "open", None, ""),
        (5, "partial holiday", date(2026, 12, 23), "Party"),
        (16, "outside hours", None, ""),
        (3, "open", None, ""),
        (5, "override", date(2026, 12, 24), ""),
        (16, "outside hours", None, ""),
        (8, "holiday", date(2026, 12, 25), "Christmas"),
        (1, "outside hours", None, ""),
    ]
    assert explanation.elapsed == 6 * HOUR


def test_the_holiday_of_the_date_is_named_before_one_that_runs_into_it():
    holidays = [
        {"date": "2026-12-24", "hours": ["20:00", "19:00"], "name": "Eve"},
        {"date": "2026-12-25", "name": "Day"},
    ]
    calendar = BusinessCalendar.from_dict({**OFFICE, "holidays": holidays})
    [_, closed, _] = calendar.explain(at("2026-12-25T08:00"), at("2026-12-25T18:00")).stretches
    assert (closed.why, closed.name, closed.date) == ("holiday", "Day", date(2026, 12, 25))


def test_one_microsecond_of_a_day():
    always, midnight = BusinessCalendar("Europe/Berlin", "24/7"), at("2026-03-03T00:00")
    assert always.explain(midnight - TICK, midnight + TICK).elapsed == 2 * TICK
    assert always.explain(midnight, midnight + TICK).elapsed == TICK
    assert always.explain(midnight, midnight).stretches == ()


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Kiritimati"])
def test_open_on_one_date_wherever_it_lies_in_a_month_of_the_table(zone):
    for days in range(30):
        day = date(2026, 3, 1) + timedelta(days=days)
        calendar = BusinessCalendar(zone, overrides={day: [["23:00", "22:59"]]})
        opens = datetime.combine(day, time(23), ZoneInfo(zone)).astimezone(UTC)
        assert calendar.due(at("2025-10-01T00:00"), HOUR) == opens + HOUR
        assert calendar.due(at("2025-10-01T00:00"), 22 * HOUR) is not None
        assert calendar.due(opens, 25 * HOUR) is None


def test_overlapping_shifts_count_once():
    calendar = BusinessCalendar("UTC", [(0, "09:00", "13:00"), (0, "12:00", "17:00"), (0, "10:00", "11:00")])
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    assert calendar.elapsed(monday, monday + timedelta(days=1)) == 8 * HOUR
    assert calendar.due(monday, 4 * HOUR) == monday + 13 * HOUR


@pytest.mark.parametrize(
    ("rule", "first", "dates"),
    [
        ("FREQ=YEARLY", "2024-02-29", ["2024-02-29", "2028-02-29"]),
        ("freq=yearly", "2026-05-01", ["2026-05-01", "2027-05-01", "2028-05-01"]),
        ("RRULE:FREQ=YEARLY;UNTIL=20270501", "2026-05-01", ["2026-05-01", "2027-05-01"]),
        ("FREQ=YEARLY;COUNT=1", "2026-05-01", ["2026-05-01"]),
        ("FREQ=YEARLY;BYEASTER=-2", "2026-01-01", ["2026-04-03", "2027-03-26", "2028-04-14"]),
        ("FREQ=YEARLY;BYEASTER=0,1", "2028-01-01", ["2028-04-16", "2028-04-17"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2027-01-01", ["2027-11-25", "2028-11-23"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20260430", "2026-03-01", ["2026-03-27", "2026-04-24"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", "2026-01-01", ["2026-01-30", "2026-02-27"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3;WKST=SU", "2028-12-04", ["2028-12-04", "2028-12-18"]),
        ("FREQ=DAILY;COUNT=3", "2027-12-31", ["2027-12-31", "2028-01-01", "2028-01-02"]),
        ("FREQ=YEARLY;BYYEARDAY=-1", "2026-01-01", ["2026-12-31", "2027-12-31", "2028-12-31"]),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "2026-06-01", ["2027-01-04", "2028-01-03"]),
    ],
)
def test_dates_by_rule(rule, first, dates):
    days = Holiday(first, rule=rule).days(date(2024, 1, 1).toordinal(), date(2028, 12, 31).toordinal())
    assert [date.fromordinal(day).isoformat() for day in days] == dates


def test_a_rule_reaches_the_last_year():
    christmas = Holiday("0001-12-25", rule="FREQ=YEARLY")
    for year in (1, 2, 1970, 2026, 9999):
        day = date(year, 12, 25).toordinal()
        assert christmas.days(day - 300, day + 300)[-1 if year == 9999 else 0] == day
    assert len(christmas.days(-1000, 5_000_000)) == 9999


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["FREQ=YEARLY", "FREQ=MONTHLY", "FREQ=WEEKLY", "BYDAY=1MO", "BYDAY=TU,-1FR", "UNTIL=20301231"]
            ),
            st.builds(
                "{}={}".format,
                st.sampled_from(
                    ["INTERVAL", "COUNT", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYEASTER"]
                ),
                st.lists(st.integers(-400, 400), min_size=1, max_size=2).map(
                    lambda numbers: ",".join(map(str, numbers))
                ),
            ),
            st.text(max_size=8),
        ),
        max_size=4,
    ).map(";".join)
)
@example("FREQ=DAILY;INTERVAL=0")
@example("FREQ=YEARLY;BYEASTER=251")
@example("FREQ=YEARLY;BYEASTER=250")
@example("FREQ=YEARLY;BYEASTER=-80")
@settings(max_examples=60)
def test_any_text_is_a_rule_or_invalid_input(rule):
    try:
        days = Holiday("2026-01-01", rule=rule).days(1, date(2200, 1, 1).toordinal())
    except InvalidInput as error:
        fields = {error.field}
    else:
        fields = {"Holiday.rule"}
        assert list(days) == sorted(set(days))
    assert fields == {"Holiday.rule"}


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"tz": "Europe/Berlim"}, "tz", "did you mean 'Europe/Berlin'"),
        ({"tz": "localtime"}, "tz", "no time zone"),
        ({"tz": "right/UTC"}, "tz", "no time zone"),
        ({"tz": "../etc/passwd"}, "tz", "no time zone"),
        ({"tz": "Europe"}, "tz", "no time zone"),
        ({"tz": ""}, "tz", "1 to"),
        ({"tz": 1}, "tz", "must be a text"),
        ({"weekly": "9-5"}, "weekly", "must be a list"),
        ({"weekly": None}, "weekly", "must be a list"),
        ({"weekly": [[0, "09:00"]]}, "weekly[0]", "a weekday, a start and an end"),
        ({"weekly": [[0, "09:00", "17:00"], "x"]}, "weekly[1]", "a weekday, a start and an end"),
        ({"weekly": [[0, "09:00", "17:00"], [7, "09:00", "17:00"]]}, "weekly[1].weekday", "from 0 to 6"),
        ({"weekly": [[True, "09:00", "17:00"]]}, "weekly[0].weekday", "whole number"),
        ({"weekly": [[0, "09:00", "24:01"]]}, "weekly[0].end", "24:00"),
        ({"weekly": [[0, "9:00", "17:00"]]}, "weekly[0].start", "'9:00'"),
        ({"weekly": [[0, "٠٩:00", "17:00"]]}, "weekly[0].start", "must be a time"),
        ({"weekly": [[0, "09:00\n", "17:00"]]}, "weekly[0].start", "must be a time"),
        ({"weekly": [[0, "24:00", "17:00"]]}, "weekly[0].start", "before 24:00"),
        ({"weekly": [[0, time(9, 0, 30), "17:00"]]}, "weekly[0].start", "must be a time"),
        ({"weekly": [[0, 9, 17]]}, "weekly[0].start", "must be a time"),
        ({"weekly": []}, "weekly", "no hours are ever open"),
        ({"weekly": [], "overrides": {"2026-12-24": []}}, "weekly", "no hours are ever open"),
        ({"holidays": "2026-12-25"}, "holidays", "must be a list"),
        ({"holidays": ["2026-12-25", "2026-02-29"]}, "holidays[1]", "there is no date"),
        ({"holidays": [20261225]}, "holidays[0]", "must be a date"),
        ({"holidays": [datetime.fromisoformat("2026-12-25")]}, "holidays[0]", "must be a date"),
        ({"holidays": [{"name": "Christmas"}]}, "holidays[0].date", "missing"),
        ({"holidays": [{"date": "2026-12-25", "nam": "Christmas"}]}, "holidays[0].nam", "did you mean 'name'"),
        ({"holidays": [{"date": "25.12.2026"}]}, "holidays[0].date", "must be a date"),
        ({"holidays": [{"date": "2026-12-25", "name": 1}]}, "holidays[0].name", "must be a text"),
        ({"holidays": [{"date": "2026-12-25", "hours": ["12:00", "25:00"]}]}, "holidays[0].hours.end", "24:00"),
        ({"holidays": [{"date": "2026-12-25", "hours": "12:00"}]}, "holidays[0].hours", "a start and an end"),
        ({"holidays": [{"date": "2026-12-25", "rule": 1}]}, "holidays[0].rule", "must be a text"),
        ({"holidays": [{"date": "2026-12-25", "rule": "YEARLY"}]}, "holidays[0].rule", "no part"),
        ({"holidays": [{"date": "2026-12-25", "excluded": ["2026-12-25"]}]}, "holidays[0].excluded[0]", "not a date"),
        (
            {"holidays": [{"date": "2026-12-25", "rule": "FREQ=YEARLY", "excluded": ["2026-12-24"]}]},
            "holidays[0].excluded[0]",
            "not a date",
        ),
        ({"holiday_rule": "both"}, "holiday_rule", "one of date, shift"),
        ({"overrides": []}, "", ""),
        ({"overrides": [["2026-12-24", []]]}, "overrides[0]", "must be an Override"),
        ({"overrides": {"2026-13-01": []}}, "overrides['2026-13-01']", "there is no date"),
        ({"overrides": {"2026-12-24": "closed"}}, "overrides['2026-12-24']", "must be a list"),
        ({"overrides": {"2026-12-24": [["09:00", "12:60"]]}}, "overrides['2026-12-24'][0].end", "must be a time"),
        ({"overrides": {"2026-12-24": [["09:00"]]}}, "overrides['2026-12-24'][0]", "a start and an end"),
        ({"overrides": {"2026-12-24": [], date(2026, 12, 24): []}}, "overrides", "2026-12-24 twice"),
        ({"weeky": []}, "weeky", "did you mean 'weekly'"),
        ({1: []}, "1", "is not known"),
    ],
)
def test_what_cannot_be_used_is_named(change, field, words):
    data = {**OFFICE, **change}
    if not field:
        assert BusinessCalendar.from_dict(data) == BusinessCalendar.from_dict(OFFICE)
        return
    with pytest.raises(InvalidInput) as caught:
        BusinessCalendar.from_dict(data)
    assert (caught.value.field, words in caught.value.reason) == (field, True), caught.value


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "no part"),
        ("FREQ=YEARLY;", "no part"),
        ("BYMONTH=1", "needs FREQ"),
        ("FREQ=HOURLY", "needs FREQ, one of YEARLY"),
        ("FREQ=YEARLY;BYHOUR=1", "no part"),
        ("FREQ=YEARLY;BYMONHT=1", "did you mean 'BYMONTH'"),
        ("FREQ=YEARLY;FREQ=DAILY", "twice"),
        ("FREQ=DAILY;INTERVAL=0", "from 1 to"),
        ("FREQ=DAILY;INTERVAL=1,2", "whole numbers"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "both"),
        ("FREQ=YEARLY;BYMONTH=13", "from 1 to 12"),
        ("FREQ=YEARLY;BYMONTHDAY=0", "but 0"),
        ("FREQ=YEARLY;BYMONTHDAY=", "whole numbers"),
        ("FREQ=YEARLY;BYEASTER=251", "from -80 to 250"),
        ("FREQ=YEARLY;BYDAY=XX", "such as MO"),
        ("FREQ=YEARLY;BYDAY=0MO", "such as MO"),
        ("FREQ=YEARLY;BYDAY=54MO", "such as MO"),
        ("FREQ=WEEKLY;BYDAY=1MO", "needs FREQ=YEARLY or MONTHLY"),
        ("FREQ=YEARLY;UNTIL=20270230", "UNTIL must be a date"),
        ("FREQ=YEARLY;UNTIL=2027-01-01", "UNTIL must be a date"),
        ("FREQ=YEARLY;WKST=1", "WKST"),
        ("FREQ=YEARLY;UNTIL=20251231", "gives no date"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "gives no date"),
    ],
)
def test_a_rule_that_is_none_is_refused(rule, words):
    with pytest.raises(InvalidInput, match=r"^Holiday.rule: ") as caught:
        Holiday("2026-01-01", rule=rule)
    assert words in caught.value.reason


def test_what_is_no_calendar():
    with pytest.raises(InvalidInput, match="tz: is missing"):
        BusinessCalendar.from_dict({"weekly": []})
    with pytest.raises(InvalidInput, match="calendar: must be a mapping, not list"):
        BusinessCalendar.from_dict([])


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (lambda office, naive, aware: office.elapsed(naive, aware), "a"),
        (lambda office, naive, aware: office.elapsed(aware, naive), "b"),
        (lambda office, naive, aware: office.explain(naive, aware), "a"),
        (lambda office, naive, aware: office.explain(aware, naive), "b"),
        (lambda office, naive, aware: office.due(naive, HOUR), "start"),
        (lambda office, naive, aware: office.due(naive, timedelta(0)), "start"),
    ],
)
def test_a_time_without_zone_is_refused(ask, field):
    office, aware = BusinessCalendar.from_dict(OFFICE), at("2026-03-02T09:00")
    for naive, words in (
        (datetime.fromisoformat("2026-03-02"), "must have a time zone"),
        (date(2026, 3, 2), "must be a datetime, not date"),
        (None, "must be a datetime, not NoneType"),
        (datetime.max.replace(tzinfo=timezone(-HOUR)), "lies outside the years 1 to 9999"),
        (datetime.min.replace(tzinfo=timezone(HOUR)), "lies outside the years 1 to 9999"),
    ):
        with pytest.raises(InvalidInput) as caught:
            ask(office, naive, aware)
        assert (caught.value.field, caught.value.reason) == (field, words)


def test_a_span_is_a_length_of_time():
    office = BusinessCalendar.from_dict(OFFICE)
    with pytest.raises(InvalidInput, match="span: must not be negative"):
        office.due(at("2026-03-02T09:00"), -TICK)
    with pytest.raises(InvalidInput, match="span: must be a timedelta, not int"):
        office.due(at("2026-03-02T09:00"), 8)


# The ends of time, and calendars that are hardly open.


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati", "Asia/Manila"])
def test_the_first_and_the_last_day(zone):
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    for rule, moment in (("date", first), ("shift", last - timedelta(days=1))):  # a table for each end of time
        always = BusinessCalendar(zone, "24/7", holiday_rule=rule)
        assert always.elapsed(moment, moment + timedelta(days=1)) == timedelta(days=1)
        assert always.explain(moment, moment + timedelta(days=1)).elapsed == timedelta(days=1)
        assert always.due(moment, timedelta(days=1)) == moment + timedelta(days=1)
        assert always.due(moment, timedelta.max) is None
    assert always.due(last - HOUR, HOUR + TICK) is None


def test_open_on_one_date_in_a_decade():
    calendar = BusinessCalendar(
        "Europe/Berlin", overrides={f"{year}-02-02": [["09:00", "17:00"]] for year in range(2030, 2091, 10)}
    )
    start = at("2026-01-01T00:00")
    assert calendar.due(start, 8 * HOUR) == at("2030-02-02T17:00")
    assert calendar.due(start, 56 * HOUR) == at("2090-02-02T17:00")
    assert calendar.due(start, 56 * HOUR + TICK) is None
    assert calendar.due(at("9990-01-01T00:00"), HOUR) is None
    assert calendar.elapsed(at("2050-02-02T12:00"), at("1950-01-01T00:00")) == -19 * HOUR


def test_what_is_never_reached_is_none_and_the_last_hour_is_reached():
    """Open each 29 February that is a Monday, by a rule that closes every other date: the search has an end."""
    calendar = BusinessCalendar(
        "UTC",
        [(0, "09:00", "17:00")],
        [
            Holiday("0001-01-01", rule="FREQ=MONTHLY;BYMONTH=1,3,4,5,6,7,8,9,10,11,12;BYDAY=MO"),
            Holiday(
                "0001-01-01",
                rule="FREQ=YEARLY;BYMONTH=2;BYDAY=1MO,2MO,3MO,4MO;BYMONTHDAY=" + ",".join(map(str, range(1, 29))),
            ),
        ],
    )
    assert calendar.due(datetime(2026, 1, 1, tzinfo=UTC), 8 * HOUR) == datetime(2044, 2, 29, 17, tzinfo=UTC)


@pytest.mark.slow
def test_a_search_of_eight_thousand_years():
    office = BusinessCalendar.from_dict(OFFICE)
    start = at("2026-01-01T00:00")
    total = office.elapsed(start, datetime.max.replace(tzinfo=UTC))
    due = office.due(start, total)
    assert due == at("9999-12-31T17:00")
    assert office.due(start, total + TICK) is None


# One table.


def test_equal_calendars_share_one_table():
    first = BusinessCalendar.from_dict(OFFICE)
    same = BusinessCalendar(
        "Europe/Berlin", (Shift(day, time(9), time(17)) for day in reversed(range(5))), holiday_rule=HolidayRule.DATE
    )
    assert first == same
    assert first._table is same._table
    assert BusinessCalendar.from_dict({**OFFICE, "holiday_rule": "shift"})._table is not first._table


def test_months_that_look_alike_share_their_intervals():
    holidays = [{"date": "1990-01-01", "rule": "FREQ=WEEKLY;INTERVAL=4"}]  # the same day in each of them
    office = BusinessCalendar.from_dict({**OFFICE, "holidays": holidays})
    office.elapsed(at("2000-01-01T00:00"), at("2030-01-01T00:00"))
    assert len(office._table._known) > 390
    assert len(office._table._patterns) < 20  # two offsets, and two changes on four Sundays


def test_values_are_what_plain_data_make():
    plain = {
        **OFFICE,
        "holidays": [{"date": "2026-12-25", "name": "Christmas", "hours": ["12:00", "24:00"]}, "2026-12-26"],
        "holiday_rule": "shift",
        "overrides": {"2026-12-24": [["09:00", "12:00"]]},
    }
    built = BusinessCalendar(
        "Europe/Berlin",
        [Shift(day, "09:00", "17:00") for day in range(5)],
        [date(2026, 12, 26), Holiday(date(2026, 12, 25), "Christmas", Hours("12:00", "24:00"))],
        HolidayRule.SHIFT,
        [Override(date(2026, 12, 24), [Hours("09:00", "12:00")])],
    )
    assert BusinessCalendar.from_dict(plain) == built
    assert built.to_dict() == {**plain, "holidays": plain["holidays"]}


def test_threads_ask_one_table_at_once():
    source = random.Random(7)
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + source.randrange(-20_000, 20_000) * HOUR for _ in range(8)]
    calm = BusinessCalendar.from_dict(OFFICE)
    expected = {(a, b): (calm.elapsed(a, b), calm.due(a, HOUR)) for a in moments for b in moments}
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for number in range(20):
            fresh = BusinessCalendar.from_dict(
                {**OFFICE, "overrides": {"7000-01-01": [["00:00", f"00:{number + 1:02}"]]}}
            )
            assert asked_at_once(fresh, moments) == [expected] * 4
    finally:
        sys.setswitchinterval(interval)


def asked_at_once(calendar, moments):
    """What several threads are told, who ask in orders of their own and begin together."""
    answers = []
    ready = threading.Barrier(4)

    def ask(number):
        order = random.Random(number).sample(moments, len(moments))
        ready.wait()
        answers.append({(a, b): (calendar.elapsed(a, b), calendar.due(a, HOUR)) for a in order for b in order})

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  (bounds are naive)
    st.sampled_from(["UTC", "Asia/Beirut", "America/Sao_Paulo", "America/Havana", "Pacific/Apia"])
    | st.sampled_from(ZONES),
)
def test_a_day_begins_with_its_first_instant(at, zone):
    began = day_began(zone, at)
    dates = [moment.astimezone(ZoneInfo(zone)).date() for moment in (began - timedelta(microseconds=1), began, at)]
    assert dates[0] < dates[1] == dates[2]
    assert began <= at


@given(
    st.sampled_from(["America/St_Johns", "America/Havana", "Pacific/Apia", "Europe/Berlin"]),
    st.lists(st.integers(0, 60 * 24 * 400), min_size=2),
)
@example("America/St_Johns", [60 * 27 + 30, 60 * 27 + 50])
def test_a_day_begins_when_it_does_whatever_was_asked_before(zone, minutes):
    """In St. John's clocks went back at a minute past midnight, so that two days were shown in turn."""
    for minute in minutes:
        at = datetime(2007, 11, 4, tzinfo=UTC) + timedelta(minutes=minute - 60 * 25)
        local = at.astimezone(ZoneInfo(zone))
        assert day_began(zone, at) == local.replace(hour=0, minute=0, fold=0).astimezone(UTC)


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY"])
@pytest.mark.parametrize("day", range(1, 8))
def test_a_rule_gives_dates_to_the_end_of_time_and_no_further(rule, day):
    """Whatever day of the week it begins on: the last week of the year 9999 is not whole."""
    first, last = date(9990, 1, day), date.max.toordinal()
    days = days_between(rule, first, first.toordinal(), last)
    longest = {"FREQ=DAILY": 1, "FREQ=WEEKLY": 7, "FREQ=MONTHLY;BYMONTHDAY=-1": 31, "FREQ=YEARLY": 366}[rule]
    assert last - longest < days[-1] <= last
