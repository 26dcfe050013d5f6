"""Logs of others are read as they stand, their faults are told, and what they cannot say is listed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore.engine import LongestIdle
from ticketcore.errors import InvalidInput
from ticketcore.sim.arrivals import Trace
from ticketcore.sim.eventlogs import ALL, Columns, Entry, EventLog, read_csv, read_xes, scenario_of
from ticketcore.sim.laws import Deterministic, Empirical
from ticketcore.sim.running import simulate

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

CSV = """\ufeffTicket,What,Begun,Ended,Who,Team,Topic
7,answer,2026-03-02T09:00:00Z,2026-03-02T09:05:00Z,ana,front,mail
8,answer,2026-03-02 09:01:00,2026-03-02 09:02:00,bo,front,chat
7,close,,2026-03-02T09:09:00+00:00,bo,front,mail
9,answer,yesterday,2026-03-02T09:09:00Z,ana,front,mail
,answer,,2026-03-02T09:09:00Z,ana,front,mail
10,answer,2026-03-02T10:00:00Z,2026-03-02T09:00:00Z,ana,front,mail
11,answer,,,ana
"""
COLUMNS = Columns("Ticket", "What", "Ended", "Begun", "Who", "Team", "Topic")

XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
 <trace><string key="concept:name" value="7"/><string key="topic" value="mail"/>
  <event><string key="concept:name" value="answer"/><date key="time:timestamp" value="2026-03-02T09:00:00Z"/>
   <string key="org:resource" value="ana"/><string key="lifecycle:transition" value="start"/></event>
  <event><string key="concept:name" value="note"/><date key="time:timestamp" value="2026-03-02T09:03:00Z"/>
   <string key="org:resource" value="bo"/></event>
  <event><string key="concept:name" value="answer"/><date key="time:timestamp" value="2026-03-02T09:05:00Z"/>
   <string key="org:resource" value="ana"/><string key="lifecycle:transition" value="complete"/></event>
 </trace>
 <trace><string key="concept:name" value="8"/>
  <event><string key="concept:name" value="answer"/><date key="time:timestamp" value="soon"/></event>
 </trace>
</log>
"""


def test_a_csv_with_columns_of_its_own(tmp_path):
    (tmp_path / "log.csv").write_text(CSV, encoding="utf-8")
    log = read_csv(tmp_path / "log.csv", COLUMNS, ZoneInfo("Europe/Berlin"))
    assert log.entries == (
        Entry("7", "answer", AT + 5 * MINUTE, AT, "ana", "front", "mail"),
        Entry("8", "answer", AT - 58 * MINUTE, AT - 59 * MINUTE, "bo", "front", "chat"),
        Entry("7", "close", AT + 9 * MINUTE, None, "bo", "front", "mail"),
    )
    assert [(line, field) for line, field, _ in log.rejected] == [(5, "start"), (6, "case"), (7, "start"), (8, "time")]
    without = read_csv(tmp_path / "log.csv", COLUMNS)
    assert (3, "time", "names no time zone: '2026-03-02 09:02:00'") in without.rejected


def test_a_csv_without_a_column(tmp_path):
    (tmp_path / "log.csv").write_text("case,activity,when\n1,a,2026-03-02T09:00:00Z\n")
    with pytest.raises(InvalidInput, match="time: is no column; there are case, activity, when"):
        read_csv(tmp_path / "log.csv", Columns())
    (tmp_path / "log.csv").write_text("")
    with pytest.raises(InvalidInput, match="there are none"):
        read_csv(tmp_path / "log.csv", Columns())
    (tmp_path / "log.csv").write_bytes(b"case,activity,time\n1,a,2026-03-02T09:00:00Z,more,\xff\n")
    assert read_csv(tmp_path / "log.csv", Columns()).entries == (Entry("1", "a", AT),)


def test_xes(tmp_path):
    (tmp_path / "log.xes").write_text(XES)
    log = read_xes(tmp_path / "log.xes", kind="topic")
    assert log.entries == (
        Entry("7", "answer", AT + 5 * MINUTE, AT, "ana", ALL, "mail"),
        Entry("7", "note", AT + 3 * MINUTE, None, "bo", ALL, "mail"),
    )
    assert log.rejected == ((4, "time", "must be a time as 2026-03-02T09:00:00+01:00, not 'soon'"),)


def test_what_is_no_xes(tmp_path):
    (tmp_path / "log.xes").write_text("<log><trace>")
    with pytest.raises(InvalidInput, match="line 1: XES: is no XML"):
        read_xes(tmp_path / "log.xes")
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 100}">' for n in range(12))
    (tmp_path / "log.xes").write_text(f"<!DOCTYPE log [{entities}]><log>&e11;</log>")
    with pytest.raises(InvalidInput, match="XES"):
        read_xes(tmp_path / "log.xes")


SPANS = st.tuples(
    st.integers(0, 9), st.integers(0, 600), st.integers(1, 90), st.sampled_from("abc"), st.sampled_from("xy")
)


@given(st.lists(SPANS, min_size=1, max_size=30))
@settings(max_examples=40)
def test_a_scenario_has_what_the_log_has(spans):
    kinds = {}
    entries = [
        Entry(
            f"case {case}",
            "work",
            AT + (begin + length) * MINUTE,
            AT + begin * MINUTE,
            who,
            "desk",
            kinds.setdefault(case, kind),
        )
        for case, begin, length, who, kind in spans
    ]
    found = scenario_of(EventLog(tuple(entries), ()))
    first = min(begin for _, begin, *_ in spans)
    assert found.scenario.begin == AT + first * MINUTE
    assert found.extent.length == (max(b + n for _, b, n, *_ in spans) - first) * MINUTE
    for item in found.scenario.classes:
        own = {case for case, kind in kinds.items() if kind == item.id}
        come = sorted(min(b for c, b, *_ in spans if c == case) - first for case in own)
        assert item.arrivals == Trace([minutes * MINUTE for minutes in come])
        work = sorted(sum(n for c, _, n, *_ in spans if c == case) for case in own)
        assert sorted(item.handling.lengths) == [minutes * MINUTE for minutes in work]
        able = {who for case, _, _, who, _ in spans if case in own}
        assert {
            group.facts.id
            for group in found.scenario.groups
            if item.id in {level.skill for level in group.facts.skills}
        } == able
    several = sum(len({who for c, _, _, who, _ in spans if c == case}) > 1 for case in kinds)
    assert ("handovers" in dict(found.unsaid)) == (several > 0)
    run = simulate(found.scenario, found.extent, LongestIdle(), seed=1)
    assert sum(item.arrived for item in run.classes) <= len(kinds)


def test_what_a_log_cannot_say():
    bare = EventLog(
        (Entry("1", "a", AT, None, "ana"), Entry("2", "a", AT + MINUTE, AT, "ana")), ((3, "time", "is missing"),)
    )
    found = scenario_of(bare)
    said = dict(found.unsaid)
    assert {"shifts", "patience", "arrival", "capacity", "skills"} <= said.keys()
    assert said["handling"] == "of 1 of 2 cases of 'all' no event has a length"
    assert said["rejected"] == "events that could not be read: 1"
    assert found.scenario.classes[0].handling == Empirical([MINUTE])
    assert scenario_of(bare, capacity=3).scenario.groups[0].facts.capacity == 3


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ([], "entries"),
        ([Entry("1", "a", AT, None, "ana")], "handling"),
        ([Entry("1", "a", AT, AT - MINUTE)], "resource"),
    ],
)
def test_a_log_that_says_too_little(entries, field):
    with pytest.raises(InvalidInput) as refused:
        scenario_of(EventLog(tuple(entries), ()))
    assert refused.value.field == field


def test_a_law_stands_in():
    log = EventLog((Entry("1", "a", AT, None, "ana"),), ())
    assert scenario_of(log, Deterministic(MINUTE)).scenario.classes[0].handling == Deterministic(MINUTE)
