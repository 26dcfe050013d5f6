"""Shifts and leave: who is on duty when, and that a desk follows of itself."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest
from dateutil.rrule import rrulestr
from desks import ANA, AT, DAY, EVE, HOUR, MINUTE, agent, check_laws, desk, opened
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore import AgentProfile, Configuration, Inbound, InvalidInput
from ticketcore.commands import AddAgent, Configure, SetLeave, SetPresence, SetShifts
from ticketcore.events import PresenceChanged
from ticketcore.feeds import MessageFact, PresenceFact
from ticketcore.importing import Import
from ticketcore.model import Kind, Leave, Presence, Ref, Terms, WorkShift
from ticketcore.model.shifts import LOOKED_AHEAD
from ticketcore.turns.agent_timers import SHIFT

BERLIN = "Europe/Berlin"
EARLY, LATE = WorkShift("early", "06:00", "14:00", BERLIN), WorkShift("late", "14:00", "22:00", BERLIN)
ON, OFF = Presence.AVAILABLE, Presence.OFFLINE
clocks = st.builds(lambda hour, minute: f"{hour:02}:{minute:02}", st.integers(0, 23), st.sampled_from([0, 30]))
rules = st.sampled_from(
    ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU", "FREQ=MONTHLY;BYDAY=-1SU"]
)
zones = st.sampled_from([BERLIN, "UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
shifts = st.builds(WorkShift, st.just("s"), clocks, clocks, zones, rules, st.just(date(2026, 1, 5)))
instants = st.datetimes(datetime(2026, 2, 20), datetime(2026, 11, 20), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
leaves = st.builds(lambda start, hours: Leave(start, start + timedelta(hours=hours)), instants, st.integers(1, 400))
terms = st.builds(
    lambda some, away: Terms(shifts=tuple(some), leave=tuple(away)),
    st.lists(shifts, max_size=3),
    st.lists(leaves, max_size=2),
)


def on_shift(shift: WorkShift, at: datetime) -> bool:
    """Day by day with dateutil's own reading of the rule, and nothing of ours."""
    first = datetime(shift.first.year, shift.first.month, shift.first.day)  # noqa: DTZ001 - a date
    days = rrulestr(shift.rule, dtstart=first).between(
        at.replace(tzinfo=None) - 4 * DAY, at.replace(tzinfo=None) + 2 * DAY
    )
    for day in days:
        start, end = (
            datetime.combine(day.date(), datetime.strptime(text, "%H:%M").time())  # noqa: DTZ007 - a time of day
            for text in (shift.start, shift.end)
        )
        end += timedelta(0) if end > start else DAY
        if (
            start.replace(tzinfo=ZoneInfo(shift.zone)).timestamp()
            <= at.timestamp()
            < end.replace(tzinfo=ZoneInfo(shift.zone)).timestamp()
        ):
            return True
    return False


@given(terms, instants)
def test_who_is_on_duty_is_what_a_plain_look_at_the_days_says(asked, at):
    expected = any(on_shift(shift, at) for shift in asked.shifts) if asked.shifts else None
    if any(leave.start <= at < leave.end for leave in asked.leave):
        expected = False
    assert asked.on_duty(at) is expected


@settings(deadline=None, max_examples=40)
@given(terms, instants, st.lists(st.integers(0, 999_999), max_size=5))
def test_nothing_changes_before_the_next_change(asked, at, parts):
    change = asked.next_change(at)
    if change is None:
        assert not asked.shifts
        assert all(leave.end <= at for leave in asked.leave)
        return
    assert change > at
    now = asked.on_duty(at)
    assert all(asked.on_duty(at + part * (change - at) // 1_000_000) is now for part in parts)
    assert asked.on_duty(change - timedelta(microseconds=1)) is now
    assert asked.on_duty(change) is not now or change == at + LOOKED_AHEAD[-1] * DAY


# At a desk.  AT is 10:00 in Berlin, on a Monday.


def rostered(*profiles, **config):
    return desk(*profiles, shifts=[EARLY, LATE], zone=BERLIN, **config)


def test_a_desk_begins_with_those_who_are_on_duty():
    one = rostered(AgentProfile("ana", shifts=["early"]), AgentProfile("bo", shifts=["late"]), AgentProfile("eve"))
    opened(one)
    assert [agent(one, id).presence for id in ("ana", "bo", "eve")] == [ON, OFF, ON]
    one.handle(AddAgent(AgentProfile("kim", shifts=["late"]), EVE), AT)
    assert agent(one, "kim").presence is OFF


def test_a_shift_that_begins_pulls_what_waits_and_one_that_ends_leaves_what_they_have():
    one = rostered(AgentProfile("ana", capacity=1, shifts=["early"]), AgentProfile("bo", shifts=["late"]))
    tickets = [opened(one, sender=f"c{number}") for number in range(3)]
    assert [one.ticket(ticket.id).assignee for ticket in tickets] == ["ana", None, None]
    one.tick(AT + 4 * HOUR - MINUTE)
    assert agent(one, "bo").presence is OFF
    one.tick(AT + 4 * HOUR)
    assert [agent(one, id).presence for id in ("ana", "bo")] == [OFF, ON]
    assert [one.ticket(ticket.id).assignee for ticket in tickets] == ["ana", "bo", "bo"]
    check_laws(one)


def test_a_desk_follows_every_day_by_the_clocks_of_the_zone():
    """Also across the night of 29 March, on which Berlin has 23 hours."""
    one = rostered(AgentProfile("ana", shifts=["early"]))
    opened(one)
    changes = []
    for hour in range(1, 24 * 28):
        for woken in one.tick(AT + hour * HOUR, punctual=True).woken:
            changes += [item.event for item in woken.handled.events if item.stream.kind is Kind.AGENT]
    local = [event.at.astimezone(ZoneInfo(BERLIN)) for event in changes]
    assert len(changes) == 40, "four weeks of five days, without the first coming on and the last going off"
    assert {(at.hour, event.presence) for at, event in zip(local, changes, strict=True)} == {(6, ON), (14, OFF)}
    assert all(at.weekday() < 5 for at in local)
    assert all(event.actor.id == SHIFT for event in changes)


def test_what_is_said_by_hand_stands_until_the_next_change():
    one = rostered(AgentProfile("ana", shifts=["early"]))
    opened(one)
    one.handle(SetPresence("ana", ANA, "away"), AT)
    one.tick(AT + HOUR)
    assert agent(one, "ana").presence is Presence.AWAY
    one.tick(AT + 4 * HOUR)
    assert agent(one, "ana").presence is OFF
    one.handle(SetPresence("ana", ANA, "available"), AT + 5 * HOUR)
    one.tick(AT + 12 * HOUR)
    assert agent(one, "ana").presence is ON, "she works late"
    one.tick(AT + 20 * HOUR)
    one.tick(AT + 28 * HOUR)
    assert agent(one, "ana").presence is OFF, "and went home with the shift of the next day"


def test_other_shifts_and_leave_act_at_once():
    one = rostered(AgentProfile("ana", shifts=["late"]))
    ticket = opened(one)
    assert one.ticket(ticket.id).assignee is None
    one.handle(SetShifts("ana", EVE, ["early", "late"]), AT)
    assert one.ticket(ticket.id).assignee == "ana"
    one.handle(SetLeave("ana", EVE, [Leave(AT, AT + 30 * HOUR)]), AT)
    assert agent(one, "ana").presence is OFF
    one.tick(AT + 20 * HOUR)
    assert agent(one, "ana").presence is OFF, "no shift begins while somebody is on leave"
    second = opened(one, sender="lee", at=AT + 21 * HOUR)
    one.tick(AT + 30 * HOUR)
    assert agent(one, "ana").presence is ON
    assert one.ticket(second.id).assignee == "ana"
    check_laws(one)


def test_leave_that_is_taken_back_brings_somebody_back():
    one = rostered(AgentProfile("ana", shifts=["early"]), AgentProfile("bo"))
    opened(one)
    for id in ("ana", "bo"):
        one.handle(SetLeave(id, EVE, [Leave(AT, AT + DAY)]), AT)
    assert [agent(one, id).presence for id in ("ana", "bo")] == [OFF, OFF]
    for id in ("ana", "bo"):
        one.handle(SetLeave(id, EVE, []), AT + HOUR)
    assert [agent(one, id).presence for id in ("ana", "bo")] == [ON, OFF], "who has no shifts comes back by hand"


def test_a_change_that_says_the_same_leaves_what_was_said_by_hand():
    one = rostered(AgentProfile("ana", shifts=["early"]))
    opened(one)
    one.handle(SetPresence("ana", ANA, "draining"), AT)
    one.handle(SetLeave("ana", EVE, [Leave(AT + DAY, AT + 2 * DAY)]), AT)
    one.handle(SetShifts("ana", EVE, ["early"]), AT)
    assert agent(one, "ana").presence is Presence.DRAINING


def test_another_configuration_moves_the_shifts_of_those_who_have_them():
    one = rostered(AgentProfile("ana", shifts=["late"]))
    ticket = opened(one)
    config = one.configuration()
    moved = attrs.evolve(config, shifts=[EARLY, attrs.evolve(LATE, start="09:00")])
    one.handle(Configure(moved, EVE), AT)
    assert one.ticket(ticket.id).assignee == "ana"
    one.tick(AT + 12 * HOUR)
    assert agent(one, "ana").presence is OFF
    check_laws(one)


def test_a_late_tick_does_what_holds_by_then():
    one = rostered(AgentProfile("ana", shifts=["early"]))
    opened(one)
    one.tick(AT + 25 * HOUR)
    assert agent(one, "ana").presence is ON, "one shift is over, and the next one is on"
    one.tick(AT + 29 * HOUR)
    assert agent(one, "ana").presence is OFF


def test_somebody_back_from_leave_is_not_flooded():
    """As it is with one who counts what was handled today: Rocket.Chat 13134."""
    one = rostered(*(AgentProfile(id, capacity=99, shifts=["early"]) for id in ("ana", "bo", "eve")))
    opened(one, sender="first")
    one.handle(SetLeave("ana", EVE, [Leave(AT, AT + HOUR)]), AT)
    for number in range(40):
        opened(one, sender=f"a{number}", at=AT + MINUTE)
    one.tick(AT + HOUR)
    mine = [opened(one, sender=f"b{number}", at=AT + HOUR).assignee for number in range(30)]
    assert mine.count("ana") <= 10 + 4, "no more than her share, and what her lag allows"


def test_what_cannot_be_used_is_named():
    for make, field in (
        (lambda: WorkShift("s", "09:00", "17:00"), "WorkShift.zone"),
        (lambda: WorkShift("s", "09:00", "17:00", "Mars/Base"), "WorkShift.zone"),
        (lambda: WorkShift("s", "9", "17:00", BERLIN), "WorkShift.start"),
        (lambda: WorkShift("s", "09:00", "25:00", BERLIN), "WorkShift.end"),
        (lambda: WorkShift("s", "09:00", "17:00", BERLIN, "FREQ=HOURLY"), "WorkShift.rule"),
        (lambda: WorkShift("s", "09:00", "17:00", BERLIN, first="May"), "WorkShift.first"),
        (lambda: Leave(AT, AT), "Leave.end"),
        (lambda: Leave(AT.replace(tzinfo=None), AT), "Leave.start"),
        (lambda: Configuration(agents=[AgentProfile("a", shifts=["x"])]), "Configuration.agents[0].shifts[0]"),
        (lambda: Configuration(shifts=[EARLY, EARLY]), "Configuration.shifts[1].id"),
        (lambda: SetLeave("ana", EVE, ["May"]), "SetLeave.leave[0]"),
        (lambda: rostered("ana").handle(SetShifts("ana", EVE, ["x"]), AT), "SetShifts.shifts"),
        (lambda: rostered().handle(AddAgent(AgentProfile("a", shifts=["x"]), EVE), AT), "AgentProfile.shifts"),
    ):
        with pytest.raises(InvalidInput) as error:
            make()
        assert error.value.field == field


# A history that nobody ticks through.

NIGHT = WorkShift("night", "22:00", "02:00", BERLIN, "FREQ=DAILY")
SAID = st.sampled_from([*Presence, "early", "late and night", "none", "leave", "back", "message"])


def said_at(one, said, at):
    """Somebody says something about Ana."""
    named = {"early": ["early"], "late and night": ["late", "night"], "none": []}
    match said:
        case Presence():
            one.handle(SetPresence("ana", ANA, said), at)
        case "leave" | "back":
            one.handle(SetLeave("ana", EVE, [Leave(at, at + 30 * HOUR)] if said == "leave" else []), at)
        case "message":
            opened(one, sender=f"c{at.isoformat()}", at=at)
        case _:
            one.handle(SetShifts("ana", EVE, named[said]), at)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 30), SAID), max_size=8), st.integers(0, 50), st.booleans())
def test_after_a_history_somebody_is_as_if_they_had_lived_through_it(steps, hours, punctual):
    """And nothing is done before its end, whoever ticks for the first time."""
    people = [AgentProfile("ana", shifts=["early"]), AgentProfile("bo", presence="offline")]
    told, lived = (desk(*people, shifts=[EARLY, LATE, NIGHT]) for _ in range(2))
    past, at = told.without_effects(), AT
    for one in (past, lived):
        opened(one, at=AT)
    for passed, said in steps:
        at += passed * HOUR
        tick_all(lived, at, punctual=True)
        for one in (past, lived):
            said_at(one, said, at)
    history, now = told.store.events("acme"), at + hours * HOUR
    for one in (told, lived):
        tick_all(one, now, punctual=punctual)
    assert agent(told, "ana").presence is agent(lived, "ana").presence
    done = told.store.events("acme")[len(history) :]
    assert all(item.event.at >= history[-1].event.at for item in done), "in the past"
    check_laws(told)
    later = now + 26 * HOUR
    for one in (told, lived):
        tick_all(one, later, punctual=True)
    assert agent(told, "ana").presence is agent(lived, "ana").presence


def tick_all(one, at, *, punctual):
    while one.tick(at, punctual=punctual, lease=timedelta(0)).woken:
        pass


def test_the_first_fact_after_a_history_finds_everybody_where_they_are():
    one = desk(AgentProfile("ana", shifts=["early"]), shifts=[EARLY])
    past = Import(one, history=True)
    past.take(MessageFact("", None, AT, Inbound("chat", "shop", "kim", "Hello")))
    past.take(PresenceFact("", None, AT + HOUR, "ana", "away"))
    past.take(MessageFact("", None, AT + 3 * DAY, Inbound("chat", "shop", "lee", "Hello")))
    assert agent(one, "ana").presence is Presence.AWAY, "nobody is moved in a history but by what it tells"
    assert all(ticket.assignee is None for ticket in one.tickets().tickets)
    told = len(one.history(Ref(Kind.AGENT, "ana")))
    Import(one).take(MessageFact("", None, AT + 4 * DAY, Inbound("chat", "shop", "max", "Hello")))
    moved = [item.event for item in one.history(Ref(Kind.AGENT, "ana"))][told:]
    changes = [(event.at, event.presence) for event in moved if isinstance(event, PresenceChanged)]
    morning = datetime(2026, 3, 6, 5, tzinfo=UTC)
    assert changes == [(AT + 3 * DAY, ON), (morning - 16 * HOUR, OFF), (morning, ON)]
    assert {ticket.assignee for ticket in one.tickets().tickets} == {"ana"}
    check_laws(one)


def test_who_says_again_what_a_late_tick_would_change_has_the_last_word():
    one = desk(AgentProfile("ana", shifts=["early"]), shifts=[EARLY])
    opened(one)
    evening = AT.replace(hour=15)
    one.handle(SetPresence("ana", ANA, "available"), evening)
    tick_all(one, evening + HOUR, punctual=False)
    assert agent(one, "ana").presence is ON
    before = agent(one, "ana")
    one.handle(SetPresence("ana", ANA, "available"), evening + HOUR)
    assert agent(one, "ana") == before, "said once is said"


def test_other_leave_does_not_lose_a_shift_that_nobody_ticked_for():
    one = desk(AgentProfile("ana", shifts=["early"]), shifts=[EARLY])
    opened(one)
    evening = AT.replace(hour=15)
    one.handle(SetLeave("ana", EVE, [Leave(AT + 30 * DAY, AT + 40 * DAY)]), evening)
    assert agent(one, "ana").presence is OFF
