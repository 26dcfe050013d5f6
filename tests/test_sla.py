"""The clock algebra: laws against an oracle of minutes, then the scenarios in which helpdesks differ."""

from datetime import timedelta
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sla_oracle import Rule, cycles
from sla_stories import ANA, BERLIN, BOT, DAY, HOUR, MINUTE, OFFICE, Story, berlin, promising

from ticketcore.calendar import BusinessCalendar
from ticketcore.evolve import replay
from ticketcore.model import (
    METRICS,
    Calendar,
    Category,
    Configuration,
    Coverage,
    Goal,
    Metric,
    OnReopen,
    Priority,
    Signal,
    SlaPolicy,
    Step,
)
from ticketcore.sla import covers, explain
from ticketcore.sla.presets import intercom, jira, zammad, zendesk
from ticketcore.sla.signals import STATES, signals
from ticketcore.timekeeping import ClockBreached

START = berlin("2026-03-05T15:00")  # a Thursday; clocks change on the 29th
BY_ID = {metric.id: metric for metric in METRICS}
KINDS = ["customer", "agent", "bot", "note", "pend", "hold", "work", "solve", "assign", "unassign", "transfer", "look"]

some_signals = st.sets(st.sampled_from([signal.value for signal in Signal]), max_size=4).map(sorted)
metrics = st.builds(
    Metric,
    st.just("measured"),
    some_signals.filter(bool),
    some_signals,
    some_signals,
    some_signals,
    some_signals,
    on_reopen=st.sampled_from(OnReopen),
)
usual = st.sampled_from([attrs.evolve(metric, id="measured", after=None) for metric in METRICS])
stories = st.lists(st.tuples(st.integers(0, 6 * 60), st.sampled_from(KINDS)), max_size=25)


def is_open(minute: int) -> bool:
    """Whether the office is, by a clock on its wall."""
    shown = (START + minute * MINUTE).astimezone(BERLIN)
    return shown.weekday() < 5 and 9 <= shown.hour < 17


def tell(story: Story, kind: str, at) -> None:
    if kind == "assign" and story.ticket.assignee:
        kind = "unassign"
    elif kind == "unassign" and not story.ticket.assignee:
        kind = "assign"
    getattr(story, kind)(at)


class Watched(Story):
    """A story that also notes what each event was called, for the oracle."""

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        self.noted: list[tuple[int, frozenset[str], str]] = []

    def passed(self, before, event) -> None:
        found = frozenset(signal.value for signal in signals(before, event, self.ticket, [Signal.AGENT_MESSAGE]))
        self.noted.append(((event.at - START) // MINUTE, found, STATES[self.ticket.category].value))


def rule_of(metric: Metric) -> Rule:
    return Rule(
        *(frozenset(signal.value for signal in getattr(metric, name)) for name in Rule._fields[:5]), metric.on_reopen
    )


def told(metric: Metric, story, target: int, looks: bool = True) -> Watched:
    """The story as a clock of one metric saw it."""
    goal = Goal("measured", target * MINUTE, "office", [Step("early", -30 * MINUTE), Step("late", HOUR)])
    seen = Watched(with_metric(metric, goal))
    seen.open(START)
    at = START
    for gap, kind in story:
        at += gap * MINUTE
        if kind != "look":
            tell(seen, kind, at)
        elif looks:
            seen.look(at)
    seen.look(at + DAY)
    return seen


def with_metric(metric: Metric, goal: Goal, version: int = 1) -> Configuration:
    calendars = [OFFICE, Calendar("same", OFFICE.hours)]
    return Configuration(
        calendars=calendars, metrics=[metric], policies=[SlaPolicy("promise", [goal])], version=version
    )


@given(metrics | usual, stories, st.integers(1, 20 * 60))
def test_what_elapsed_is_open_time_over_the_instants_that_ran(metric, story, target):
    seen = told(metric, story, target)
    until = sum(gap for gap, _ in story) + 24 * 60
    expected = cycles(rule_of(metric), seen.noted, until, is_open, target)
    reading = seen.reading("measured")
    assert (0 if reading is None else reading.cycle) == len(expected)
    if reading is not None:
        assert seen.spent("measured", START + until * MINUTE) == len(expected[-1].minutes) * MINUTE
    missed = [START + cycle.missed * MINUTE for cycle in expected if cycle.missed is not None]
    assert seen.breaches("measured") == missed


@given(metrics | usual, stories, st.integers(1, 20 * 60))
def test_when_somebody_looks_makes_no_difference(metric, story, target):
    often, never = told(metric, story, target), told(metric, story, target, looks=False)
    assert often.events == never.events
    assert often.clock == never.clock


@given(metrics | usual, stories, st.integers(1, 20 * 60))
def test_the_history_of_a_clock_adds_up_to_it(metric, story, target):
    seen = told(metric, story, target)
    assert replay(seen.events) == seen.clock
    assert seen.clock.version == len(seen.events)


@given(metrics | usual, stories, st.integers(1, 20 * 60), st.integers(0, 5 * 60))
def test_what_is_explained_adds_up_to_what_elapsed(metric, story, target, later):
    seen = told(metric, story, target)
    at = START + sum(gap for gap, _ in story) * MINUTE + DAY + later * MINUTE
    explained = explain(seen.events, {1: seen.configuration}, at)
    assert [one.cycle for one in explained] == list(range(1, len(explained) + 1))
    assert [one.breached_at for one in explained if one.breached_at] == seen.breaches("measured")
    if explained:
        *earlier, last = explained
        reading = seen.reading("measured")
        assert (last.elapsed, last.active) == (seen.spent("measured", at), reading.active)
        assert (last.due, last.steps) == (reading.due, reading.taken)
        assert not any(one.active or one.due for one in earlier)
    for one in explained:
        for interval, following in pairwise(one.intervals):
            assert interval.start < interval.end <= following.start
        for interval in one.intervals:
            assert interval.held is not bool(interval.stretches)
            assert sum((part.length for part in interval.stretches), timedelta(0)) in (
                timedelta(0),
                interval.end - interval.start,
            )


@given(metrics | usual, stories, st.integers(1, 20 * 60))
def test_nothing_is_missed_or_told_twice_in_a_cycle(metric, story, target):
    seen = told(metric, story, target)
    once = [
        (type(one).__name__, one.cycle, getattr(one, "step", ""))
        for one in seen.events
        if type(one).__name__ in ("ClockBreached", "StepReached")
    ]
    assert len(once) == len(set(once))


@given(metrics | usual, stories, st.integers(1, 20 * 60))
def test_a_clock_that_is_woken_when_it_asks_finds_everything_at_once(metric, story, target):
    """Between what happens, it is looked at only when it asks for that, and then something has come due."""
    seen = told(metric, story, target, looks=False)
    goal = seen.configuration.policies[0].goals[0]
    woken = Watched(with_metric(metric, goal)).open(START)
    at = START
    for gap, kind in [*story, (24 * 60, "look")]:
        at += gap * MINUTE
        while woken.wake_at is not None and woken.wake_at <= at:
            before = len(woken.events)
            woken.look(woken.wake_at)
            assert len(woken.events) > before
        if kind != "look":
            tell(woken, kind, at)
    woken.look(at)
    assert woken.events == seen.events


@given(usual, stories, st.integers(1, 20 * 60), st.randoms(use_true_random=False))
def test_the_order_of_conditions_makes_no_difference(metric, story, target, rng):
    mixed = {}
    for name in ("start", "stop", "pause", "resume", "reset"):
        listed = list(getattr(metric, name))
        rng.shuffle(listed)
        mixed[name] = listed
    assert told(metric, story, target).events == told(attrs.evolve(metric, **mixed), story, target).events


@given(usual, stories, stories, st.integers(1, 20 * 60), st.integers(1, 20 * 60))
def test_another_target_keeps_what_elapsed_and_what_was_missed(metric, first, then, target, other):
    """The story is cut in two, and another target, and another name of the same hours, come in between."""
    plain = told(metric, [*first, *then], 10**6)
    changed = Watched(with_metric(metric, Goal("measured", target * MINUTE, "office")))
    changed.open(START)
    at = START
    for gap, kind in first:
        at += gap * MINUTE
        tell(changed, kind, at)
    missed = changed.breaches("measured")
    changed.configure(with_metric(metric, Goal("measured", other * MINUTE, "same"), version=2), at)
    assert changed.breaches("measured")[: len(missed)] == missed
    for gap, kind in then:
        at += gap * MINUTE
        tell(changed, kind, at)
    for one, two in zip(plain.clock.readings, changed.clock.readings, strict=True):
        assert (one.cycle, one.active, one.held) == (two.cycle, two.active, two.held)
        assert plain.spent("measured", at) == changed.spent("measured", at)
    found = [one for one in changed.events if isinstance(one, ClockBreached)]
    assert len({one.cycle for one in found}) == len(found)


# What helpdesks do in different ways.


def first_response(calendar: str = "office", target: timedelta = HOUR, **goal: object) -> Story:
    return Story(promising(Goal("first_response", target, calendar, **goal)))


def test_s1_an_hour_from_friday_afternoon_is_due_on_monday():
    story = first_response().open(berlin("2026-03-06T16:30"))
    assert story.reading("first_response").due == berlin("2026-03-09T09:30")


def test_s2_a_pause_over_the_week_end_is_not_credited_twice():
    story = Story(promising(Goal("agent_work", HOUR, "office"))).open(berlin("2026-03-06T16:30"))
    story.pend(berlin("2026-03-06T16:45"))
    story.work(berlin("2026-03-10T10:00"))
    assert story.reading("agent_work").due == berlin("2026-03-10T10:45")
    assert story.spent("agent_work", berlin("2026-03-10T10:00")) == 15 * MINUTE


def test_s3_the_night_in_which_clocks_go_forward_has_seven_hours():
    story = first_response("night", 8 * HOUR).open(berlin("2026-03-28T22:00"))
    assert story.spent("first_response", berlin("2026-03-29T06:00")) == 7 * HOUR
    assert story.reading("first_response").due == berlin("2026-03-29T23:00")


def test_s4_three_pauses_within_a_minute_are_all_left_out():
    at = berlin("2026-03-06T10:00")
    story = Story(promising(Goal("agent_work", HOUR, "office"))).open(at)
    for second in (5, 20, 40):
        story.pend(at + second * timedelta(seconds=1))
        story.pend(at + second * timedelta(seconds=1))
        story.hold(at + (second + 3) * timedelta(seconds=1))
        story.work(at + (second + 7) * timedelta(seconds=1))
    assert story.spent("agent_work", at + MINUTE) == timedelta(seconds=60 - 3 * 7)


@given(st.sets(st.dates(berlin("2026-03-07").date(), berlin("2026-03-20").date())))
def test_s5_holidays_make_nothing_due_earlier(holidays):
    def due(*closed):
        hours = BusinessCalendar("Europe/Berlin", [(day, "09:00", "17:00") for day in range(5)], closed)
        goal = Goal("first_response", 3 * 8 * HOUR, "office", [Step("day three", DAY)])
        story = Story(promising(goal, calendars=[Calendar("office", hours)])).open(berlin("2026-03-06T16:30"))
        story.look(berlin("2026-06-01"))
        return story.reading("first_response").breached_at, *(at for _, at, _ in story.steps())

    assert all(late >= soon for late, soon in zip(due(*holidays), due(), strict=True))


def test_s12_a_bot_s_work_is_no_response_and_its_hand_over_starts_the_human_clock():
    story = Story(promising(Goal("first_response", HOUR))).open(berlin("2026-03-02T09:00"))
    story.bot(berlin("2026-03-02T09:01"))
    story.solve(berlin("2026-03-02T09:02"), BOT)
    story.customer(berlin("2026-03-06T14:00"))
    story.work(berlin("2026-03-06T14:00"))
    story.agent(berlin("2026-03-06T14:10"))
    reading = story.reading("first_response")
    assert (timedelta(microseconds=reading.spent), reading.active) == (10 * MINUTE, False)
    assert story.breaches("first_response") == []


def test_a_bot_that_hands_over_in_the_middle_starts_it_too():
    at = berlin("2026-03-02T09:00")
    story = Story(promising(Goal("first_response", HOUR))).open(at)
    story.bot(at + MINUTE)
    story.transfer(at + 30 * MINUTE, BOT)
    assert story.reading("first_response").due == at + 90 * MINUTE


@pytest.mark.parametrize("said", ["bot", "note", "solve"])
def test_bots_notes_and_solving_in_silence_are_no_responses_unless_the_policy_says_so(said):
    named = {"bot": "bot_message", "note": "note", "solve": "solved"}[said]
    at = berlin("2026-03-02T09:00")
    for responses in (["agent_message"], ["agent_message", named]):
        story = Story(promising(Goal("first_response", HOUR), responses=responses)).open(at)
        getattr(story, said)(at + MINUTE)
        assert story.reading("first_response").active is (len(responses) == 1)


def test_the_oldest_message_that_is_not_answered_counts():
    at = berlin("2026-03-02T09:00")
    story = Story(promising(Goal("first_response"), Goal("next_response", HOUR))).open(at)
    story.customer(at + MINUTE)
    assert story.reading("next_response") is None, "there was no first response yet"
    story.agent(at + 2 * MINUTE)
    story.customer(at + 10 * MINUTE)
    story.customer(at + 40 * MINUTE)
    assert story.reading("next_response").due == at + 70 * MINUTE
    story.agent(at + 50 * MINUTE)
    assert story.reading("next_response").spent == 40 * MINUTE // timedelta(microseconds=1)


@pytest.mark.parametrize(("late", "missed"), [(timedelta(0), False), (timedelta(microseconds=1), True)])
def test_to_stop_exactly_at_the_deadline_is_in_time(late, missed):
    at = berlin("2026-03-02T09:00")
    story = first_response().open(at)
    story.agent(at + HOUR + late)
    assert story.breaches("first_response") == ([at + HOUR] if missed else [])


def test_a_pause_at_the_deadline_is_in_time_and_the_rest_is_nothing():
    at = berlin("2026-03-02T09:00")
    story = Story(promising(Goal("agent_work", HOUR))).open(at)
    story.pend(at + HOUR)
    story.look(at + DAY)
    assert story.breaches("agent_work") == []
    story.work(at + DAY)
    story.look(at + DAY + MINUTE)
    assert story.breaches("agent_work") == [at + DAY]


@pytest.mark.parametrize(
    ("on_reopen", "cycle", "spent"),
    [("continue", 1, 90 * MINUTE), ("new_cycle", 2, 30 * MINUTE), ("ignore", 1, 60 * MINUTE)],
)
def test_reopening_continues_begins_anew_or_is_nothing(on_reopen, cycle, spent):
    at = berlin("2026-03-02T09:00")
    story = Story(promising(Goal("first_resolution", 2 * HOUR, on_reopen=on_reopen))).open(at)
    story.solve(at + HOUR)
    story.work(at + 5 * HOUR)
    story.solve(at + 5 * HOUR + 30 * MINUTE)
    reading = story.reading("first_resolution")
    assert (reading.cycle, reading.spent * timedelta(microseconds=1), reading.active) == (cycle, spent, False)


def test_what_goes_on_after_a_breach_is_not_missed_again():
    at = berlin("2026-03-02T09:00")
    story = Story(promising(Goal("total_resolution", HOUR))).open(at)
    story.solve(at + 2 * HOUR)
    story.work(at + DAY)
    story.solve(at + 2 * DAY)
    assert story.breaches("total_resolution") == [at + HOUR]


def test_a_priority_has_its_own_target_and_what_elapsed_is_kept():
    at = berlin("2026-03-02T09:00")
    goal = Goal("first_response", {None: 4 * HOUR, Priority.URGENT: HOUR}, "office")
    story = Story(promising(goal)).open(at)
    assert story.reading("first_response").due == at + 4 * HOUR
    story.rate(Priority.URGENT, at + 30 * MINUTE)
    assert story.reading("first_response").due == at + HOUR
    story.rate(Priority.LOW, at + 2 * HOUR)
    assert story.breaches("first_response") == [at + HOUR]
    assert story.spent("first_response", at + 3 * HOUR) == 3 * HOUR
    story.rate(Priority.URGENT, at + 3 * HOUR)
    story.look(at + DAY)
    assert story.breaches("first_response") == [at + HOUR]


def test_a_shorter_target_that_is_used_up_is_missed_at_once():
    at = berlin("2026-03-02T09:00")
    story = Story(promising(Goal("first_response", {None: 4 * HOUR, Priority.URGENT: HOUR}))).open(at)
    story.rate(Priority.URGENT, at + 2 * HOUR)
    story.look(at + 3 * HOUR)
    assert story.breaches("first_response") == [at + 2 * HOUR]


def test_the_first_policy_that_covers_a_ticket_applies_and_a_change_keeps_what_elapsed():
    at = berlin("2026-03-02T09:00")
    vip = SlaPolicy("vip", [Goal("first_response", HOUR)], Coverage(tags=["vip"]))
    rest = SlaPolicy("rest", [Goal("first_response", 4 * HOUR, "office")])
    story = Story(attrs.evolve(promising(), policies=[vip, rest])).open(at)
    assert story.clock.policy == "rest"
    story.tag("vip", at=at + 20 * MINUTE)
    assert (story.clock.policy, story.reading("first_response").due) == ("vip", at + HOUR)


@pytest.mark.parametrize(
    ("part", "has", "lacks"),
    [
        ("channels", "chat", "email"),
        ("types", "request", "query"),
        ("queues", "support", "second"),
        ("priorities", Priority.HIGH, Priority.LOW),
        ("contacts", "kim", "lin"),
        ("tags", "vip", "slow"),
    ],
)
def test_a_policy_covers_what_has_one_of_each_that_it_names(part, has, lacks):
    story = Story(promising()).open(START)
    story.rate(Priority.HIGH, START)
    story.tag("vip", "new", at=START)
    everything = {"channels": ["chat"], "queues": ["support"], "tags": ["new"], "contacts": ["kim"]}
    assert covers(Coverage(), story.ticket)
    assert covers(Coverage(**{**everything, part: [lacks, has]}), story.ticket)
    assert not covers(Coverage(**{**everything, part: [lacks]}), story.ticket)


@pytest.mark.parametrize("by", ["transfer", "assign", "work", "solve"])
@pytest.mark.parametrize("actor", [BOT, ANA])
def test_what_a_bot_leaves_to_people_is_handed_over_and_nothing_else(by, actor):
    story = Watched(promising()).open(START)
    story.hold(START)
    getattr(story, by)(START, actor=actor)
    assert ("handed_over" in story.noted[-1][1]) is (actor is BOT and by != "solve")


@pytest.mark.parametrize("owned", [True, False])
def test_a_reopened_ticket_is_handed_over_if_nobody_had_it(owned):
    story = Watched(promising()).open(START)
    if owned:
        story.assign(START)
    story.solve(START, BOT)
    story.work(START)
    assert {"reopened", "active"} <= story.noted[-1][1]
    assert ("handed_over" in story.noted[-1][1]) is not owned


def named(story: Story) -> list[str]:
    return [type(event).__name__ for event in story.events]


def test_what_changes_nothing_leaves_no_event():
    at = berlin("2026-03-02T09:00")
    story = first_response(target={None: 4 * HOUR, Priority.URGENT: HOUR}).open(at)
    story.rate(Priority.LOW, at)
    story.note(at)
    story.tag("vip", at=at)
    assert named(story) == ["PolicyApplied", "ClockStarted"]
    story.configure(attrs.evolve(story.configuration, version=2), at)
    assert named(story) == ["PolicyApplied", "ClockStarted", "PolicyApplied"]


def test_a_pause_and_what_goes_on_after_it_are_an_event_each():
    at = berlin("2026-03-02T09:00")
    story = Story(promising(Goal("total_resolution", HOUR), Goal("agent_work", HOUR))).open(at)
    begun = len(story.events)
    story.pend(at)
    story.work(at)
    assert named(story)[begun:] == ["ClockPaused", "ClockResumed"]
    story.solve(at)
    story.work(at)
    assert named(story)[begun + 2 :] == ["ClockStopped", "ClockStopped", "ClockResumed", "ClockResumed"]


def test_what_goes_on_after_it_had_stopped_has_the_target_of_today():
    at = berlin("2026-03-02T09:00")
    goal = Goal("total_resolution", {None: 4 * HOUR, Priority.URGENT: 2 * HOUR})
    story = Story(promising(goal)).open(at)
    story.solve(at + HOUR)
    story.rate(Priority.URGENT, at + 2 * HOUR)
    assert "TargetSet" not in named(story)
    story.work(at + 3 * HOUR)
    assert story.reading("total_resolution").due == at + 4 * HOUR
    assert story.reading("total_resolution").target == 2 * HOUR // timedelta(microseconds=1)


def test_what_starts_in_a_state_that_pauses_it_starts_on_hold():
    at = berlin("2026-03-02T09:00")
    story = Story(promising(Goal("periodic_update", HOUR), Goal("pausable_update", HOUR))).open(at)
    story.pend(at)
    story.agent(at + HOUR)
    assert [(one.metric, one.held, one.due) for one in story.clock.readings] == [
        ("periodic_update", False, at + 2 * HOUR),
        ("pausable_update", True, None),
    ]
    story.work(at + 2 * HOUR)
    assert story.reading("pausable_update").due == at + 3 * HOUR


def test_other_hours_under_the_same_name_are_another_promise():
    at = berlin("2026-03-02T10:00")
    story = first_response(target=4 * HOUR).open(at)
    closed = BusinessCalendar("Europe/Berlin", [(day, "09:00", "17:00") for day in range(5)], ["2026-03-03"])
    short = BusinessCalendar("Europe/Berlin", [(day, "09:00", "12:00") for day in range(5)])
    story.configure(attrs.evolve(story.configuration, calendars=[Calendar("office", short)], version=2), at + HOUR)
    assert story.reading("first_response").due == berlin("2026-03-03T11:00")
    story.configure(attrs.evolve(story.configuration, calendars=[Calendar("office", closed)], version=3), at + DAY)
    assert story.reading("first_response").due == berlin("2026-03-04T10:00")
    assert named(story).count("TargetSet") == 2


def test_of_a_metric_that_a_policy_does_not_know_nothing_is_counted_and_all_is_kept():
    at = berlin("2026-03-02T09:00")
    known = SlaPolicy("known", [Goal("agent_work", 4 * HOUR)], Coverage(queues=["support"]))
    story = Story(attrs.evolve(promising(), policies=[known])).open(at)
    story.transfer(at + HOUR)
    assert (story.clock.policy, story.reading("agent_work").due) == (None, None)
    assert story.spent("agent_work", at + DAY) == HOUR
    story.pend(at + 2 * HOUR)
    story.transfer(at + 3 * HOUR, queue="support")
    assert story.reading("agent_work").held
    story.work(at + 4 * HOUR)
    assert story.reading("agent_work").due == at + 7 * HOUR


LADDER = [
    Step("soon", -30 * MINUTE, ["ana"]),
    Step("missed", timedelta(0), ["lead"]),
    Step("an hour late", HOUR, ["boss"]),
]


def test_a_ladder_goes_by_the_time_of_its_goal():
    story = first_response(steps=LADDER, target=2 * HOUR).open(berlin("2026-03-06T15:30"))
    story.look(berlin("2026-03-10T12:00"))
    assert story.steps() == [
        ("soon", berlin("2026-03-06T17:00"), True),
        ("missed", berlin("2026-03-09T09:30"), True),
        ("an hour late", berlin("2026-03-09T10:30"), True),
    ]


def test_nobody_is_disturbed_in_quiet_hours():
    step = Step("soon", -30 * MINUTE, ["ana"], "office")
    story = first_response("24/7", 2 * HOUR, steps=[step]).open(berlin("2026-03-07T20:00"))
    story.look(berlin("2026-03-10T12:00"))
    assert story.steps() == [("soon", berlin("2026-03-09T09:00"), True)]
    assert story.breaches("first_response") == [berlin("2026-03-07T22:00")]


def test_a_warning_from_before_the_beginning_is_left_out():
    story = first_response(steps=[Step("a day before", -DAY)]).open(berlin("2026-03-06T10:00"))
    story.look(berlin("2026-03-10T12:00"))
    assert story.steps() == []


@pytest.mark.parametrize("end", ["solve", "close"])
def test_what_is_over_is_never_escalated(end):
    at = berlin("2026-03-06T10:00")
    goals = [Goal(metric.id, 2 * HOUR, steps=LADDER) for metric in METRICS]
    story = Story(promising(*goals)).open(at)
    story.agent(at + MINUTE)
    story.customer(at + 2 * MINUTE)
    getattr(story, end)(at + HOUR)
    assert story.wake_at is None
    story.look(at + 100 * DAY)
    assert (story.steps(), [type(one) for one in story.events if isinstance(one, ClockBreached)]) == ([], [])


def test_nobody_is_told_of_history_also_when_the_ticket_comes_to_life():
    at = berlin("2026-03-06T10:00")
    story = first_response(steps=LADDER)
    story.live = False
    story.open(at)
    assert story.wake_at is None
    story.live = True
    story.customer(at + 100 * DAY)
    assert story.breaches("first_response") == [berlin("2026-03-06T11:00")]
    assert [told for *_, told in story.steps()] == [False] * len(story.steps())
    assert story.wake_at is None


def test_time_in_a_queue_begins_anew_in_each_and_ends_when_somebody_has_the_ticket():
    at = berlin("2026-03-06T10:00")
    story = Story(promising(Goal("time_in_queue", 2 * HOUR))).open(at)
    story.transfer(at + HOUR)
    assert (story.reading("time_in_queue").cycle, story.reading("time_in_queue").due) == (2, at + 3 * HOUR)
    story.assign(at + 2 * HOUR, ANA)
    assert not story.reading("time_in_queue").active
    story.unassign(at + 3 * HOUR)
    assert story.reading("time_in_queue").cycle == 3


def test_updates_are_due_from_one_answer_to_the_next():
    at = berlin("2026-03-06T10:00")
    story = Story(promising(Goal("periodic_update", HOUR), Goal("pausable_update", HOUR))).open(at)
    story.agent(at + HOUR)
    story.agent(at + 90 * MINUTE)
    story.go(Category.PENDING, at + 2 * HOUR)
    story.look(at + DAY)
    assert story.breaches("periodic_update") == [at + 150 * MINUTE]
    assert story.breaches("pausable_update") == []
    story.agent(at + DAY)
    assert story.reading("pausable_update").held, "an answer does not end the pause"
    assert story.reading("periodic_update").cycle == 3


PRESETS = {"zendesk": zendesk, "jira": jira, "zammad": zammad, "intercom": intercom}


def as_in(name: str) -> Story:
    preset = PRESETS[name](4 * HOUR)
    return Story(Configuration(metrics=preset.metrics, policies=[preset.policy], version=1))


def spent_of(story: Story, metric: str) -> timedelta:
    return timedelta(microseconds=story.reading(metric).spent)


@pytest.mark.parametrize(
    ("metric", "spent", "cycle"),
    [
        ("zendesk.total_resolution", 5 * HOUR, 1),
        ("jira.resolution", HOUR, 2),
        ("zammad.solution", 3 * HOUR, 1),
        ("intercom.time_to_resolve", 4 * HOUR, 1),
    ],
)
def test_each_helpdesk_counts_the_time_to_a_solution_unlike_every_other(metric, spent, cycle):
    """An hour of work, two of waiting for the customer, an hour, solved; reopened after three, and solved in one."""
    at = berlin("2026-03-02T09:00")
    story = as_in(metric.partition(".")[0]).open(at)
    story.pend(at + HOUR)
    story.work(at + 3 * HOUR)
    story.solve(at + 4 * HOUR)
    story.work(at + 7 * HOUR)
    story.solve(at + 8 * HOUR)
    assert (spent_of(story, metric), story.reading(metric).cycle) == (spent, cycle)


def begun(name: str) -> set[str]:
    """What an unanswered ticket that waits for nobody measures in a preset."""
    story = as_in(name).open(berlin("2026-03-02T09:00"))
    return {reading.metric.partition(".")[2] for reading in story.clock.readings if reading.active}


def test_only_zendesk_separates_the_customer_s_wait_from_the_agents_work():
    at = berlin("2026-03-02T09:00")
    story = as_in("zendesk").open(at)
    story.hold(at + HOUR)
    story.work(at + 3 * HOUR)
    story.solve(at + 4 * HOUR)
    assert spent_of(story, "zendesk.requester_wait") == 4 * HOUR
    assert spent_of(story, "zendesk.agent_work") == 2 * HOUR
    assert [name for name in PRESETS if {"requester_wait", "agent_work"} <= begun(name)] == ["zendesk"]


def test_only_zammad_s_response_begins_with_the_first_message_too():
    assert [name for name in PRESETS if {"response"} & begun(name)] == ["zammad"]
    assert [name for name in PRESETS if {"next_reply"} & begun(name)] == []


def test_only_zammad_s_first_response_waits_while_the_customer_has_the_next_word():
    at = berlin("2026-03-02T09:00")
    for name, metric in (("zendesk", "first_reply"), ("jira", "first_response"), ("intercom", "first_reply")):
        story = as_in(name).open(at)
        story.pend(at + HOUR)
        story.look(at + DAY)
        assert story.breaches(f"{name}.{metric}") == [at + 4 * HOUR]
    story = as_in("zammad").open(at)
    story.pend(at + HOUR)
    story.look(at + DAY)
    assert story.breaches("zammad.first_response") == []


def test_only_jira_measures_a_reopened_ticket_by_itself():
    at = berlin("2026-03-02T09:00")
    found = []
    for name in PRESETS:
        story = as_in(name).open(at)
        story.solve(at + 3 * HOUR)
        story.work(at + DAY)
        story.solve(at + DAY + 2 * HOUR)
        metric = f"{name}.{SOLUTION[name]}"
        found.append((name, story.reading(metric).cycle, story.breaches(metric) != []))
    assert found == [("zendesk", 1, True), ("jira", 2, False), ("zammad", 1, True), ("intercom", 1, False)]


SOLUTION = {
    "zendesk": "total_resolution",
    "jira": "resolution",
    "zammad": "solution",
    "intercom": "time_to_resolve",
}


def test_only_intercom_measures_until_somebody_has_it():
    assert [name for name in PRESETS if "speed_of_answer" in begun(name)] == ["intercom"]


def test_every_metric_that_is_known_is_in_the_list_once():
    assert len(BY_ID) == len(METRICS) == 9
