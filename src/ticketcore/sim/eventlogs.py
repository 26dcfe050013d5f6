"""Logs of other systems as scenarios: what came when, how long it took, and who worked on it.

A log is lines of events, as CSV with any column names or as XES (IEEE 1849-2016): case, activity, time, resource and
group.  What a log says becomes a scenario; what it cannot say is listed, and not guessed.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

import attrs

from ticketcore.checks import is_name, is_optional_name
from ticketcore.engine import AgentFacts, HasSkill, Requirement
from ticketcore.errors import InvalidInput
from ticketcore.sim.arrivals import Trace
from ticketcore.sim.extents import Terminating
from ticketcore.sim.laws import Empirical, Law
from ticketcore.sim.scenario import Group, Scenario, TicketClass

ALL = "all"
"""The class of cases, and the group of resources, where no column says one."""


@attrs.frozen
class Columns:
    """Which columns of a CSV say what: the ``case`` of an event, its ``activity``, and when it ended (``time``).

    Optional are when it began (``start``), who did it (``resource``), to which ``group`` they belong, and of what
    ``kind`` the case is.  Raises ``InvalidInput``.
    """

    case: str = attrs.field(default="case", validator=is_name)
    activity: str = attrs.field(default="activity", validator=is_name)
    time: str = attrs.field(default="time", validator=is_name)
    start: str | None = attrs.field(default=None, validator=is_optional_name)
    resource: str | None = attrs.field(default=None, validator=is_optional_name)
    group: str | None = attrs.field(default=None, validator=is_optional_name)
    kind: str | None = attrs.field(default=None, validator=is_optional_name)


@attrs.frozen
class Entry:
    """An event of a ``case`` of a ``kind``: an ``activity`` ended at ``time``, and began at ``start`` if that is known.

    ``resource`` and ``group`` are empty where the log says none.
    """

    case: str
    activity: str
    time: datetime
    start: datetime | None = None
    resource: str = ""
    group: str = ALL
    kind: str = ALL


@attrs.frozen
class EventLog:
    """The ``entries`` of a log, and what was ``rejected``: the number of a line or event, the field, and the reason."""

    entries: tuple[Entry, ...]
    rejected: tuple[tuple[int, str, str], ...]


def read_csv(path: Path, columns: Columns, zone: tzinfo | None = None) -> EventLog:
    """The events of a CSV file with a heading, in UTF-8; times are as ISO 8601 has them.

    ``zone`` is that of times which name none; without one these are rejected.  Raises ``InvalidInput`` if a column is
    missing from the heading, and ``OSError`` if the file cannot be read.
    """
    entries, rejected = [], []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = csv.DictReader(file)
        for name in filter(None, attrs.astuple(columns)):
            if name not in (lines.fieldnames or ()):
                raise InvalidInput(name, f"is no column; there are {', '.join(lines.fieldnames or ['none'])}")
        for line in lines:
            row = {field.name: line.get(getattr(columns, field.name) or "") or "" for field in attrs.fields(Columns)}
            try:
                entries.append(_entry(row, zone))
            except InvalidInput as error:
                rejected.append((lines.line_num, error.field, error.reason))
    return EventLog(tuple(entries), tuple(rejected))


_XES = {
    "concept:name": "activity",
    "time:timestamp": "time",
    "org:resource": "resource",
    "org:group": "group",
    "lifecycle:transition": "lifecycle",
}


def read_xes(path: Path, kind: str | None = None, zone: tzinfo | None = None) -> EventLog:
    """The events of an XES file; ``kind`` is the key of the attribute of a trace that says of what kind the case is.

    An event that starts something and the next of the same case, activity and resource that completes it are one.
    Raises ``InvalidInput`` for what is no XML, and ``OSError`` if the file cannot be read.
    """
    entries: list[Entry] = []
    rejected: list[tuple[int, str, str]] = []
    with path.open("rb") as file:
        try:
            for number, row in enumerate(_events(file, kind), 1):
                try:
                    _paired(entries, row, zone)
                except InvalidInput as error:
                    rejected.append((number, error.field, error.reason))
        except ElementTree.ParseError as error:
            raise InvalidInput("XES", f"is no XML: {error}", error.position[0]) from error
    return EventLog(tuple(entries), tuple(rejected))


def _events(file: IO[bytes], kind: str | None) -> Iterator[dict[str, str]]:
    """The events with what the trace says of each; a trace is forgotten when it ends."""
    for _, element in ElementTree.iterparse(file):
        if element.tag.rpartition("}")[2] != "trace":
            continue
        own = {child.get("key", ""): child.get("value", "") for child in element}
        for event in element:
            if event.tag.rpartition("}")[2] == "event":
                said = {child.get("key", ""): child.get("value", "") for child in event}
                row = {name: said.get(key, "") for key, name in _XES.items()}
                yield row | {"case": own.get("concept:name", ""), "kind": own.get(kind or "", ""), "start": ""}
        element.clear()


def _paired(entries: list[Entry], row: dict[str, str], zone: tzinfo | None) -> None:
    entry = _entry(row, zone)
    if row["lifecycle"].lower() == "start":
        entries.append(attrs.evolve(entry, start=entry.time))
        return
    for place in range(len(entries) - 1, -1, -1):
        other = entries[place]
        if other.case != entry.case:
            break
        if other.start == other.time and (other.activity, other.resource) == (entry.activity, entry.resource):
            entries[place] = attrs.evolve(entry, start=other.start)
            return
    entries.append(entry)


def _entry(row: Mapping[str, str], zone: tzinfo | None) -> Entry:
    for name in ("case", "activity"):
        if not row[name]:
            raise InvalidInput(name, "is missing")
    time = _instant(row["time"], "time", zone)
    start = _instant(row["start"], "start", zone) if row["start"] else None
    if start is not None and start > time:
        raise InvalidInput("start", f"{row['start']} is after {row['time']}")
    return Entry(row["case"], row["activity"], time, start, row["resource"], row["group"] or ALL, row["kind"] or ALL)


def _instant(text: str, field: str, zone: tzinfo | None) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(field, f"must be a time as 2026-03-02T09:00:00+01:00, not {text!r}") from None
    if found.tzinfo is None:
        if zone is None:
            raise InvalidInput(field, f"names no time zone: {text!r}")
        found = found.replace(tzinfo=zone)
    return found


@attrs.frozen
class LogScenario:
    """What a log says as a ``scenario``, which goes on for the ``extent`` of the log.

    ``unsaid`` is what the log cannot say: what it is about, and what stands in the scenario instead.
    """

    scenario: Scenario
    extent: Terminating
    unsaid: tuple[tuple[str, str], ...]


def scenario_of(log: EventLog, handling: Law | None = None, capacity: int = 1) -> LogScenario:
    """The cases of a log as tickets of their kinds, which come when they came, and its resources as agents.

    A case takes as long as all its events with a beginning together, in the scenario any of the times that cases of its
    kind took.  ``handling`` stands in for kinds of which no event has a beginning.  Who did something for a kind has
    the skill for it.  ``capacity`` is how many cases an agent works on at once, which no log says.

    Raises ``InvalidInput`` for a log without events or resources, for a kind that nobody did anything for, and if
    ``handling`` is needed and not given.
    """
    if not log.entries:
        raise InvalidInput("entries", "are none")
    begin = min(entry.start or entry.time for entry in log.entries)
    end = max(entry.time for entry in log.entries)
    cases = defaultdict(list)
    for entry in log.entries:
        cases[entry.case].append(entry)
    arrivals: dict[str, list[timedelta]] = defaultdict(list)
    lengths: dict[str, list[timedelta]] = defaultdict(list)
    for entries in cases.values():
        kind = entries[0].kind
        arrivals[kind].append(min(entry.start or entry.time for entry in entries) - begin)
        work = sum((entry.time - entry.start for entry in entries if entry.start is not None), timedelta(0))
        if work:
            lengths[kind].append(work)
    classes = [
        TicketClass(
            kind, Trace(sorted(at)), _law(kind, lengths[kind], handling), requirement=Requirement(HasSkill(kind))
        )
        for kind, at in sorted(arrivals.items())
    ]
    scenario = Scenario(classes, _groups(cases.values(), capacity), begin=begin)
    extent = Terminating(max(end - begin, timedelta(seconds=1)))
    return LogScenario(scenario, extent, tuple(_unsaid(log, cases.values(), lengths, arrivals)))


def _law(kind: str, lengths: list[timedelta], handling: Law | None) -> Law:
    if lengths:
        return Empirical(lengths)
    if handling is None:
        raise InvalidInput("handling", f"is needed for {kind!r}: no event of it has a beginning")
    return handling


def _groups(cases: Iterable[list[Entry]], capacity: int) -> list[Group]:
    """The resources, in the group that the log names last for them; a case is of the kind that it first says."""
    group_of: dict[str, str] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    for entries in cases:
        for entry in entries:
            if entry.resource:
                group_of[entry.resource] = entry.group
                kinds[entry.resource].add(entries[0].kind)
    if not group_of:
        raise InvalidInput("resource", "is said by no event")
    return [
        Group(AgentFacts(name, teams=[group], capacity=capacity, skills=dict.fromkeys(sorted(kinds[name]), 1)))
        for name, group in sorted(group_of.items())
    ]


def _unsaid(
    log: EventLog,
    cases: Iterable[list[Entry]],
    lengths: Mapping[str, list[timedelta]],
    arrivals: Mapping[str, list[timedelta]],
) -> Iterator[tuple[str, str]]:
    yield "shifts", "who was there and had nothing to do leaves no event: all agents are there all the time"
    yield "patience", "who left before anybody did anything leaves no event: nobody leaves"
    yield "arrival", "a case comes with its first event: whatever it waited before that is not in it"
    yield "capacity", "how many cases somebody works on at once is what was asked for"
    yield "skills", "who never did something for a kind may have been able to"
    for kind, at in sorted(arrivals.items()):
        if len(lengths[kind]) < len(at):
            yield "handling", f"of {len(at) - len(lengths[kind])} of {len(at)} cases of {kind!r} no event has a length"
    if several := sum(len({entry.resource for entry in entries if entry.resource}) > 1 for entries in cases):
        yield "handovers", f"cases that went through several hands are done by one agent: {several}"
    if log.rejected:
        yield "rejected", f"events that could not be read: {len(log.rejected)}"
