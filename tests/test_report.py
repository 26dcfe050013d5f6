"""The figures of a report are what the history says, as an oracle reads it."""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
import report_oracle as oracle
from desks import AT, DAY, HOUR, MINUTE, NAIVE, desk, opened, say
from hypothesis import given, settings
from hypothesis import strategies as st
from report_desks import busy, wide, written
from test_laws import Desks

from ticketcore import Actor, AgentProfile, Condition, InvalidInput, RoutingRule
from ticketcore.codec import encode_event
from ticketcore.commands import Close, Reopen, Reply, Solve, Split
from ticketcore.model import (
    Category,
    Filter,
    Goal,
    Outcome,
    Presence,
    ReopenReason,
    ReopenRule,
    Skill,
    SkillLevel,
    SlaPolicy,
)
from ticketcore.report import Rejected, Return, gather, highlights
from ticketcore.report.figures import TOP, TOP_AGENTS, TOP_REJECTED
from ticketcore.report.gathering import MAX_POINTS, fairness, percentiles
from ticketcore.report.page import render
from ticketcore.stores import MemoryStore, SqliteStore

BERLIN = ZoneInfo("Europe/Berlin")
ANA, SECOND = Actor.agent("ana"), timedelta(seconds=1)


def plain(store, tenant="acme"):
    """The history as a reader in another language has it."""
    return [
        {**json.loads(encode_event(item.event)), "stream": (item.stream.kind.value, item.stream.id)}
        for item in store.events(tenant)
    ]


def as_counts(counts):
    assert counts.others == 0
    return {item.id: item.tickets for item in counts.top}


def check_volume(history, figures):
    by_event = defaultdict(list)
    for event in history:
        by_event[event["event"]].append(event)
    volume = figures.volume
    assert dict(volume.messages) == Counter(event["kind"] for event in by_event["MessageAdded"])
    assert dict(volume.kept) == Counter(event["verdict"] for event in by_event["MessageKept"])
    assert volume.total == len(by_event["MessageAdded"]) + len(by_event["MessageKept"])
    assert volume.tickets == len(by_event["TicketOpened"])
    assert volume.customers == len(by_event["ContactAdded"])
    tickets = oracle.streams(history, "ticket").values()
    assert volume.solved == sum(len(oracle.solutions(events)) for events in tickets)
    assert volume.reopened == sum(map(oracle.reopenings, tickets))
    assert figures.first == min(map(oracle.when, history), default=None)
    assert figures.last == max(map(oracle.when, history), default=None)


def check_breakdown(history, figures):
    tickets = oracle.streams(history, "ticket").values()
    breakdown = figures.breakdown
    assert as_counts(breakdown.channels) == Counter(events[0]["channel"] for events in tickets)
    assert as_counts(breakdown.queues) == Counter(map(oracle.queue, tickets))
    assert as_counts(breakdown.states) == Counter(map(oracle.state, tickets))
    assert as_counts(breakdown.tags) == Counter(tag for events in tickets for tag in oracle.tags(events))
    assert breakdown.untagged == sum(not oracle.tags(events) for events in tickets)
    for counts in (breakdown.channels, breakdown.queues, breakdown.states):
        assert counts.total == figures.volume.tickets
        assert list(counts.top) == sorted(counts.top, key=lambda item: (-item.tickets, item.id or ""))
    if tickets:
        middle = figures.first + (figures.last - figures.first) / 2
        late = [oracle.opened(events) > middle for events in tickets]
        assert breakdown.halves == (late.count(False), late.count(True))
        for tag in breakdown.growth:
            late = [oracle.opened(events) > middle for events in tickets if tag.tag in oracle.tags(events)]
            assert (tag.first, tag.second) == (late.count(False), late.count(True))


def check_open(history, figures):
    if not figures.volume.tickets:
        assert figures.open is None
        return
    course = figures.open
    begin = course.start.astimezone(UTC)
    assert begin <= figures.first < begin + course.step
    assert figures.last < begin + (len(course.points) - 1) * course.step <= figures.last + course.step
    assert len(course.points) <= MAX_POINTS
    assert course.points[-1] == oracle.open_at(history)
    for i in {*range(0, len(course.points), 7), len(course.points) - 1}:
        assert course.points[i] == oracle.open_at(history, begin + i * course.step)


def check_percentiles(found, values):
    values = [value for value in values if value is not None]
    assert found.count == len(values)
    assert len(found.curve) == (100 if values else 0)
    for percent in (1, 50, 90, 95, 100) if values else ():
        assert found.within(percent) == oracle.percentile(values, percent)


def check_speed(history, figures):
    tickets = oracle.streams(history, "ticket").values()
    for times in (figures.speed.all, *figures.speed.channels):
        here = [events for events in tickets if times.channel in (events[0]["channel"], "all channels")]
        check_percentiles(times.answered, map(oracle.answer_time, here))
        check_percentiles(times.solved, map(oracle.solution_time, here))
    waits = [wait for events in tickets for wait in oracle.waits(events)]
    for queue in figures.speed.queues:
        check_percentiles(queue.waited, [length for name, length in waits if name == queue.name])
        waiting = [events for events in tickets if oracle.band(events) == 0 and oracle.queue(events) == queue.name]
        assert queue.waiting == len(waiting)
        assert queue.longest == max((figures.at - oracle.band_since(events) for events in waiting), default=timedelta())


def check_work(history, figures):
    agents = oracle.streams(history, "agent")
    tickets = oracle.streams(history, "ticket").values()
    solved = [solution for events in tickets for solution in oracle.solutions(events)]
    duty = {id: oracle.duty(events, figures.at) for id, events in agents.items()}
    assert {agent.id for agent in figures.work.agents} == set(agents)
    assert list(figures.work.agents) == sorted(figures.work.agents, key=lambda agent: (-agent.assigned, agent.id))
    assert figures.work.more == 0
    for agent in figures.work.agents:
        assert agent.assigned == oracle.assignments(history, agent.id)
        assert agent.open == sum(oracle.band(events) == 1 and oracle.assignee(events) == agent.id for events in tickets)
        days = [at.astimezone(figures.at.tzinfo).date() for who, at in solved if who == agent.id]
        assert agent.handled == len(days)
        assert agent.handled_today == days.count(figures.at.date())
        assert agent.duty == duty[agent.id]
    on_duty = [agent for agent in figures.work.agents if agent.duty]
    entitled = {agent.id: Fraction(agent.duty // timedelta(microseconds=1)) for agent in on_duty}
    assert figures.work.compared == len(on_duty)
    given = sum(agent.assigned for agent in on_duty)
    for agent in on_duty:
        assert agent.even == pytest.approx(float(given * entitled[agent.id] / sum(entitled.values())))
    if len(on_duty) < 2 or not given:
        assert figures.work.fairness is None
    else:
        shares = [agent.assigned / entitled[agent.id] for agent in on_duty]
        assert figures.work.fairness == pytest.approx(float(oracle.jain(shares)))


def check_waiting(history, figures):
    waiting = [events for events in oracle.streams(history, "ticket").values() if oracle.band(events) == 0]
    assert figures.waiting.tickets == len(waiting) == oracle.open_at(history)[0]
    groups = defaultdict(list)
    for events in sorted(waiting, key=lambda events: (oracle.band_since(events), events[0]["number"])):
        groups[oracle.queue(events), oracle.needs(events), oracle.filters(events)].append(events)
    expected = sorted(groups.items(), key=lambda item: (-len(item[1]), item[1][0][0]["number"]))
    assert len(figures.waiting.groups) == len(groups)
    for group, ((queue, needs, filters), members) in zip(figures.waiting.groups, expected, strict=True):
        assert (group.queue, tuple((need.skill, need.level) for need in group.needs)) == (queue, needs)
        assert group.tickets == len(members)
        assert group.numbers == tuple(events[0]["number"] for events in members[:5])
        assert group.longest == figures.at - oracle.band_since(members[0])
        assert group.is_decided is (filters is not None)
        decided = max(members, key=lambda events: (oracle.decided_at(events), events[0]["number"]))
        placement = oracle.decision(decided) or {"pool": 0, "excluded": []}
        assert group.pool == placement["pool"]
        assert [(item.filter, item.agents) for item in group.excluded] == [
            (item["filter"], item["agents"]) for item in placement["excluded"]
        ]
    agents = oracle.streams(history, "agent").values()
    missing = Counter()
    for events in waiting:
        for skill, level in oracle.needs(events):
            if not any(oracle.skills(one).get(skill, 0) >= level and oracle.is_available(one) for one in agents):
                missing[skill, level, any(oracle.skills(one).get(skill, 0) >= level for one in agents)] += 1
    assert {
        (item.skill.skill, item.skill.level, item.known): item.tickets for item in figures.waiting.missing
    } == missing


CHECKS = (check_volume, check_breakdown, check_open, check_speed, check_work, check_waiting)


class Reports(Desks):
    """Random work on a desk, and at its end a report for an instant in a zone that is not UTC."""

    def laws_hold(self):
        """They are held elsewhere."""

    def teardown(self):
        if hasattr(self, "desk"):
            at = (self.at + 10 * MINUTE).astimezone(BERLIN)
            figures, history = gather(self.desk.store, "acme", at), plain(self.desk.store)
            for check in CHECKS:
                check(history, figures)


Reports.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestReports = Reports.TestCase


skill_levels = st.sampled_from([SkillLevel(skill, level) for skill in ("gold", "lead") for level in (1, 2)])
skills = st.lists(skill_levels, max_size=2, unique_by=lambda item: item.skill)
excluded = st.lists(st.tuples(st.sampled_from(Filter), st.integers(1, 9)), max_size=2, unique_by=lambda item: item[0])
steps = st.lists(st.sampled_from(["look", "look", "leave", "a0", "a1", "a2", *Category]), max_size=6)
some_tickets = st.tuples(
    st.integers(0, 90),
    st.sampled_from(["sales", "support"]),
    skills.map(tuple),
    st.lists(st.sampled_from("xyz"), unique=True).map(tuple),
    excluded,
    steps,
)
some_agents = st.lists(st.tuples(skills.map(tuple), st.sampled_from(Presence)), min_size=3, max_size=3)


@settings(max_examples=200)
@given(st.lists(some_tickets, max_size=12), some_agents, st.integers(100, 300))
def test_figures_of_any_history_are_what_it_says(tickets, agents, minute):
    memory = MemoryStore()
    written(memory, tickets, agents)
    figures, history = gather(memory, "acme", (AT + minute * MINUTE).astimezone(BERLIN)), plain(memory)
    for check in CHECKS:
        check(history, figures)


@given(st.lists(st.integers(0, 50), max_size=40))
def test_a_percentile_is_the_shortest_time_within_which_that_many_were_done(values):
    check_percentiles(percentiles(values), [timedelta(microseconds=value) for value in values])


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=20), st.floats(1e-3, 1e3))
def test_fairness_is_jains_index(shares, factor):
    index = fairness(shares)
    if not any(shares):
        assert index is None
        return
    assert index == pytest.approx(float(oracle.jain([Fraction(share) for share in shares])))
    assert 1 / len(shares) <= index * (1 + 1e-9) <= 1 + 1e-8
    assert fairness([factor * share for share in shares]) == pytest.approx(index)
    assert fairness(sorted(shares)) == pytest.approx(index)


def test_fairness_at_its_ends():
    assert fairness([3, 3, 3, 3]) == 1
    assert fairness([7, 0, 0, 0]) == 0.25
    assert fairness([7]) is None


class ShortPages:
    """A store that gives fewer events at once than it is asked for."""

    def __init__(self, store, most):
        self.store, self.most = store, most

    def events(self, tenant, after=0, stream=None, limit=None):
        return self.store.events(tenant, after, stream, min(limit, self.most))

    def load(self, tenant, keys):
        return self.store.load(tenant, keys)


def test_pages_and_stores_make_no_difference(tmp_path):
    memory = MemoryStore()
    _, at = busy(memory)
    figures = gather(memory, "acme", at)
    assert figures.volume.tickets == 24
    assert all(gather(ShortPages(memory, most), "acme", at) == figures for most in (1, 7))
    with SqliteStore(tmp_path / "desk.db") as file:
        busy(file)
        assert gather(file, "acme", at) == figures


def test_another_tenant_has_nothing():
    memory = MemoryStore()
    busy(memory)
    figures = gather(memory, "other", AT)
    assert figures.breakdown.halves == (0, 0)
    assert (figures.first, figures.volume.total, figures.open, figures.work.agents) == (None, 0, None, ())
    assert highlights(figures) == ()


def test_names_are_those_of_the_configuration():
    memory = MemoryStore()
    figures = gather(memory, "acme", busy(memory)[1])
    assert [(item.id, item.name) for item in figures.breakdown.queues.top] == [
        ("support", "Front desk"),
        ("gold", "gold"),
    ]
    assert {(agent.id, agent.name) for agent in figures.work.agents} == {("ana", "Ana"), ("bo", "Bo")}
    made = desk(
        "eve",
        skills=[Skill("gold", "Goldsmithing"), "lead"],
        rules=[RoutingRule("any", Condition(keywords=["ring"]), skills=["gold", "lead"])],
    )
    opened(made, "My ring")
    figures = gather(made.store, "acme", AT)
    assert [agent.name for agent in figures.work.agents] == ["eve"]
    assert [item.skill.skill for item in figures.waiting.missing] == ["Goldsmithing", "lead"]


def test_today_is_the_day_of_the_instant_in_its_own_zone():
    made = desk("ana")
    for hour in (22, 23, 24, 24 + 22, 24 + 23):
        at = datetime(2026, 3, 2, tzinfo=UTC) + hour * HOUR
        made.handle(Solve(opened(made, sender=str(hour), at=at).id, ANA), at)
    now = datetime(2026, 3, 3, 2, tzinfo=UTC)
    for zone, today in ((BERLIN, 3), (UTC, 3), (timezone(timedelta(hours=-5)), 3), (timezone(timedelta(hours=2)), 3)):
        figures = gather(made.store, "acme", now.astimezone(zone))
        assert figures.work.handled_today == today, zone
        assert figures.work.agents[0].handled == 5
    assert gather(made.store, "acme", now.astimezone(BERLIN)).zone == "Europe/Berlin"
    assert gather(made.store, "acme", now.astimezone(timezone(timedelta(hours=1)))).zone == "UTC+01:00"


def test_closing_what_is_solved_does_not_open_it_again():
    made = desk("ana")
    for sender, command in (("kim", Close), ("lee", Reopen)):
        ticket = opened(made, sender=sender)
        made.handle(Solve(ticket.id, ANA), AT)
        made.handle(command(ticket.id, ANA), AT)
    volume = gather(made.store, "acme", AT).volume
    assert (volume.solved, volume.reopened) == (2, 1)


def test_events_out_of_the_order_of_time_are_taken_as_they_come():
    made = desk("ana")
    ticket = opened(made)
    made.handle(Reply(ticket.id, ANA, "Yes", then="solve"), AT - HOUR)
    opened(made, sender="lee", at=AT - DAY)
    figures = gather(made.store, "acme", AT - 2 * DAY)
    assert (figures.first, figures.last) == (AT - DAY, AT)
    assert figures.speed.all.answered.within(100) == figures.speed.all.solved.within(100) == timedelta()
    assert figures.open.points[-1] == (0, 1, 0)
    assert figures.work.agents[0].duty == timedelta()


@pytest.mark.parametrize("minutes", [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 5760])
def test_steps_are_the_shortest_that_fit(minutes):
    """They begin at a whole minute, hour or day of the zone, here half an hour from those of UTC."""
    step = minutes * MINUTE
    first = datetime(2026, 1, 1, 23, 59, 59, tzinfo=ZoneInfo("Asia/Kolkata"))
    for length, expected in (((MAX_POINTS - 2) * step - SECOND, step), ((MAX_POINTS - 2) * step, None)):
        made = desk("ana")
        opened(made, at=first)
        opened(made, sender="lee", at=first + length)
        course = gather(made.store, "acme", first).open
        assert (course.step == expected) if expected else (course.step > step)
        assert first - course.step < course.start <= first
        day_begins = course.start.replace(hour=0, minute=0)
        assert (course.start - day_begins) % min(course.step, DAY) == timedelta()
        assert len(course.points) == (first + length - course.start) // course.step + 2 <= MAX_POINTS


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(InvalidInput, match="at: must have a time zone"):
        gather(MemoryStore(), "acme", NAIVE)
    with pytest.raises(InvalidInput, match="at: must not be on the first or last day"):
        gather(MemoryStore(), "acme", datetime(9999, 12, 31, tzinfo=UTC))


def test_what_comes_back_to_an_agent_is_not_assigned_again():
    made = desk(AgentProfile("ana", capacity=1))
    first = opened(made)
    made.handle(Reply(first.id, ANA, "Which?", then="pend"), AT)
    opened(made, sender="lee")
    say(made, "This one", at=AT + MINUTE)  # Ana has no room: it waits
    second = next(ticket for ticket in made.tickets().tickets if ticket.id != first.id)
    made.handle(Solve(second.id, ANA), AT + 2 * MINUTE)  # and goes back to her
    (ana,) = gather(made.store, "acme", AT + HOUR).work.agents
    assert (ana.assigned, ana.open, ana.handled) == (2, 1, 1)


def test_the_course_is_drawn_in_hours_of_the_zone_across_a_change_of_clocks():
    made = desk("ana")
    for hours in range(0, 72, 3):  # the clocks go forward on 29 March
        opened(made, sender=str(hours), at=datetime(2026, 3, 28, 5, tzinfo=UTC) + hours * HOUR)
    course = gather(made.store, "acme", datetime(2026, 3, 31, tzinfo=BERLIN)).open
    assert course.start == datetime(2026, 3, 28, 6, tzinfo=BERLIN)
    assert course.step == 30 * MINUTE
    assert course.points[-1] == (19, 5, 0)


def test_a_long_time_has_no_more_points_than_a_short_one():
    made = desk("ana")
    for years in range(0, 400, 40):
        opened(made, sender=str(years), at=AT + years * 365 * DAY)
    course = gather(made.store, "acme", AT).open
    assert MAX_POINTS / 2 < len(course.points) <= MAX_POINTS
    assert sum(course.points[-1]) == 10


def test_rejected_input_is_passed_on_up_to_a_number():
    rejected = [("mail.mbox", line, "from", "is missing") for line in range(1, 200)]
    figures = gather(MemoryStore(), "acme", AT, rejected)
    assert figures.rejected == tuple(Rejected(*item) for item in rejected[:TOP_REJECTED])
    assert figures.rejected_total == 199


def test_many_values_are_summed_up():
    memory = MemoryStore()
    wide(memory, tickets=300, tags=100)
    figures = gather(memory, "acme", AT)
    assert figures.breakdown.channels.total == figures.breakdown.queues.total == figures.breakdown.states.total == 300
    assert len(figures.breakdown.tags.top) == TOP
    assert figures.breakdown.tags.others == 100 - TOP
    assert figures.breakdown.tags.total == 300
    assert len(figures.work.agents) == TOP_AGENTS
    assert figures.work.more == 300 - TOP_AGENTS
    assert figures.work.handled_today == 200
    assert figures.waiting.tickets == 100
    assert len(figures.waiting.groups) == len(figures.waiting.missing) == TOP
    assert sum(group.tickets for group in figures.waiting.groups) + figures.waiting.in_others == figures.waiting.tickets


def test_figures_need_no_extra():
    code = "import sys, ticketcore.report; print({'matplotlib', 'jinja2', 'numpy'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


# Promises, and messages to solved tickets.


def promised(policies, **more):
    return desk("ana", policies=policies, solve_after=None, **more)


def made(one, at):
    return {item.metric: (item.kept, item.missed, item.running) for item in gather(one.store, "acme", at).promises}


def test_a_promise_is_kept_missed_or_running():
    one = promised(
        [SlaPolicy("all", [Goal("first_response", HOUR), Goal("requester_wait"), Goal("total_resolution", DAY)])]
    )
    kept, late, never = (opened(one, sender=who) for who in ("kim", "lee", "may"))
    one.handle(Reply(kept.id, ANA, "Yes", then="solve"), AT + MINUTE)
    one.handle(Reply(late.id, ANA, "Sorry"), AT + 2 * HOUR)
    one.tick(AT + 3 * HOUR)
    assert made(one, AT + 3 * HOUR) == {"first_response": (1, 2, 0), "total_resolution": (1, 0, 2)}
    assert one.ticket(never.id).waiting_since == AT
    one.handle(Reopen(kept.id, ANA), AT + 3 * HOUR)
    assert made(one, AT + 3 * HOUR)["total_resolution"] == (0, 0, 3)


def test_each_cycle_is_a_promise_of_its_own_and_a_split_makes_none():
    goals = [Goal("first_response", HOUR), Goal("periodic_update", HOUR)]
    one = promised([SlaPolicy("all", goals)])
    first = say(one, "a", channel="email", external_id="a")
    second = say(one, "b", channel="email", external_id="b", reply_to=["a"])
    one.handle(Split(first.ticket.id, ANA, [second.message], "inherited"), AT)
    assert made(one, AT) == {"first_response": (0, 0, 1)}
    for minutes in (1, 30, 120):
        one.handle(Reply(first.ticket.id, ANA, "An update"), AT + minutes * MINUTE)
    assert made(one, AT + 2 * HOUR) == {"periodic_update": (1, 1, 1), "first_response": (1, 0, 0)}


def test_what_messages_to_solved_tickets_came_to_is_counted():
    one = promised([], reopening=[ReopenRule("day", within=DAY)])
    ticket = opened(one)
    for at in (AT, AT + HOUR):
        one.handle(Solve(ticket.id, ANA), at)
        say(one, "Still", at=at + HOUR)
    one.handle(Solve(ticket.id, ANA), AT + 2 * HOUR)
    say(one, "And now", at=AT + 3 * DAY)
    figures = gather(one.store, "acme", AT + 3 * DAY)
    assert figures.returns == (
        (Return(Outcome.REOPEN, ReopenReason.IN_TIME), 2),
        (Return(Outcome.FOLLOW_UP, ReopenReason.LATE), 1),
    )


def test_the_page_tells_promises_and_returns_only_where_there_are_any():
    one = promised([SlaPolicy("all", [Goal("first_response", HOUR)])], reopening=[ReopenRule("day", within=DAY)])
    ticket = opened(one)
    one.handle(Solve(ticket.id, ANA), AT)
    say(one, "Still", at=AT + HOUR)
    page = render(gather(one.store, "acme", AT + HOUR))
    assert "What was promised" in page
    assert "<b>1 message</b> took it up again, since it came in time." in page
    bare = render(gather(desk("ana").store, "acme", AT))
    assert "What was promised" not in bare
    assert "solved tickets came to" not in bare
