"""What is left to time: ends of waits, snoozes, reminders and the closing of what stayed solved."""

import contextlib
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from desks import ANA, AT, BO, DAY, EVE, HOUR, MINUTE, NAIVE, Between, agent, check_laws, desk, kinds, opened, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import Actor, AgentProfile, Configuration, Desk, Inbound, InvalidInput, NotFound, Parts, Refused
from ticketcore.calendar import BusinessCalendar
from ticketcore.codec import decode, encode
from ticketcore.commands import (
    Assign,
    Close,
    Configure,
    Hold,
    Note,
    Pend,
    Remind,
    Reopen,
    Reply,
    Resume,
    SetPresence,
    Snooze,
    Solve,
)
from ticketcore.errors import Reason
from ticketcore.events import AlarmSet, Reminded, StateChanged
from ticketcore.evolve import replay
from ticketcore.lifecycle import CLOSE_AFTER_SOLUTION, REMIND, SOLVE_AFTER_SILENCE, WAKE, HouseRules, dues
from ticketcore.model import (
    MAX_ALARMS,
    REQUEST,
    Alarm,
    AlarmKind,
    Calendar,
    CancelOn,
    Delay,
    Kind,
    MessageKind,
    Move,
    Ref,
    Ticket,
)
from ticketcore.ports import Query
from ticketcore.stores import MemoryStore
from ticketcore.turns.waking import REMINDER

pytestmark = pytest.mark.usefixtures("every_driver")

OFFICE = Calendar("office", BusinessCalendar("Europe/Berlin", [(day, "09:00", "17:00") for day in range(5)]))


def ref(ticket):
    return Ref(Kind.TICKET, ticket.id)


# Waits with an end.


@pytest.mark.parametrize(("command", "state"), [(Pend, "pending"), (Snooze, "on_hold")])
def test_a_wait_ends_by_itself_and_by_an_ordinary_transition_of_a_timer(command, state):
    one = desk("ana")
    ticket = opened(one)
    (waiting,) = one.handle(command(ticket.id, ANA, until=AT + HOUR), AT).tickets
    assert (waiting.state, agent(one, "ana").open) == (state, 0)
    assert waiting.alarms == (Alarm(AlarmKind.WAKE, AT, AT + HOUR, (CancelOn.STATE,)),)
    assert one.tick(AT + HOUR - timedelta(microseconds=1)).woken == ()
    (woken,) = one.tick(AT + HOUR).woken
    (after,) = woken.handled.tickets
    assert (woken.timer, woken.refused, woken.lost) == (WAKE, None, False)
    assert (after.state, after.assignee, after.alarms, agent(one, "ana").open) == ("open", "ana", (), 1)
    event = next(item.event for item in woken.handled.events if isinstance(item.event, StateChanged))
    assert (event.move, event.actor) == (Move.RESUME, Actor.timer(WAKE))
    assert one.tick(AT + 9 * DAY).woken == ()
    check_laws(one)


@pytest.mark.parametrize("what", ["message", "resume", "solve", "hold"])
def test_whatever_changes_the_state_ends_the_wait(what):
    one = desk("ana", solve_after=None)
    ticket = opened(one)
    one.handle(Pend(ticket.id, ANA, until=AT + DAY), AT)
    if what == "message":
        say(one, at=AT + HOUR)
    else:
        one.handle({"resume": Resume, "solve": Solve, "hold": Hold}[what](ticket.id, ANA), AT + HOUR)
    assert one.ticket(ticket.id).alarms == ()
    assert one.tick(AT + 9 * DAY).woken == ()
    check_laws(one)


def test_a_note_or_a_machine_ends_no_wait():
    one = desk("ana")
    ticket = opened(one)
    one.handle(Pend(ticket.id, ANA, until=AT + DAY), AT)
    one.handle(Note(ticket.id, ANA, "Hm"), AT)
    say(one, "I am away", at=AT + HOUR, headers={"Auto-Submitted": "auto-replied"})
    assert len(one.tick(AT + DAY).woken) == 1


def test_a_wait_is_given_another_end():
    one = desk("ana")
    ticket = opened(one)
    one.handle(Snooze(ticket.id, ANA, AT + HOUR), AT)
    one.handle(Snooze(ticket.id, BO, AT + DAY), AT + MINUTE)
    assert [alarm.due for alarm in one.ticket(ticket.id).alarms] == [AT + DAY]
    assert one.handle(Snooze(ticket.id, BO, AT + DAY), AT + MINUTE).events == ()
    assert one.tick(AT + HOUR).woken == ()
    assert len(one.tick(AT + DAY).woken) == 1
    one.handle(Hold(ticket.id, ANA), AT + DAY)
    one.handle(Pend(ticket.id, ANA, until=AT + 2 * DAY), AT + DAY)
    assert one.ticket(ticket.id).state == "pending"


def test_a_snooze_wakes_a_ticket_whose_customer_waits():
    one = desk("ana")
    ticket = opened(one)
    one.handle(Snooze(ticket.id, ANA, AT + HOUR), AT)
    assert one.ticket(ticket.id).waiting_since == AT
    (woken,) = one.tick(AT + HOUR).woken
    assert (woken.refused, one.ticket(ticket.id).state) == (None, "open")


def test_what_wakes_while_its_agent_is_away_is_somebody_else_s():
    one = desk("ana", "bo")
    ticket = opened(one)
    one.handle(Snooze(ticket.id, ANA, AT + HOUR), AT)
    one.handle(SetPresence("ana", ANA, "away"), AT)
    (woken,) = one.tick(AT + HOUR).woken
    assert [item.assignee for item in woken.handled.tickets] == ["bo"]
    assert "Unassigned" in kinds(one, ref(ticket))
    check_laws(one)


def test_a_wait_in_the_open_time_of_a_calendar():
    one = desk("ana", calendars=[OFFICE])
    friday = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
    ticket = opened(one, at=friday)
    one.handle(Snooze(ticket.id, ANA, Delay(HOUR, "office")), friday)
    assert one.ticket(ticket.id).alarms[0].due == datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
    with pytest.raises(InvalidInput) as invalid:
        one.handle(Snooze(ticket.id, ANA, Delay(HOUR, "offic")), friday)
    assert "did you mean 'office'" in invalid.value.reason
    one.handle(Pend(ticket.id, ANA, until=Delay(HOUR)), friday)
    assert one.ticket(ticket.id).alarms[0].due == friday + HOUR


@pytest.mark.parametrize("end", [AT, AT - MINUTE])
@pytest.mark.parametrize("command", [Pend, Snooze])
def test_an_end_lies_ahead(command, end):
    one = desk("ana")
    ticket = opened(one)
    with pytest.raises(Refused) as refused:
        one.handle(command(ticket.id, ANA, until=end), AT)
    assert refused.value.reasons == (Reason("not_ahead", end.isoformat()),)


def test_nothing_waits_for_an_end_from_which_nothing_leads_on():
    ways = [way for way in REQUEST.transitions if (way.source, way.move) != ("on_hold", Move.RESUME)]
    one = desk("ana", workflows=[attrs.evolve(REQUEST, transitions=ways)])
    ticket = opened(one)
    with pytest.raises(Refused) as refused:
        one.handle(Snooze(ticket.id, ANA, AT + HOUR), AT)
    assert refused.value.reasons == (Reason("no_such_move", "resume from on_hold"),)
    assert one.ticket(ticket.id).state == "open"


def test_what_cannot_be_woken_any_more_says_so_once():
    one = desk("ana")
    ticket = opened(one)
    one.handle(Snooze(ticket.id, ANA, AT + HOUR), AT)
    ways = [way for way in REQUEST.transitions if (way.source, way.move) != ("on_hold", Move.RESUME)]
    stuck = attrs.evolve(one.configuration(), workflows=[attrs.evolve(REQUEST, transitions=ways)])
    one.handle(Configure(stuck, EVE), AT)
    (woken,) = one.tick(AT + HOUR).woken
    assert Reason("no_such_move", "resume from on_hold") in woken.refused.reasons
    assert (one.ticket(ticket.id).alarms, kinds(one, ref(ticket))[-1]) == ((), "AlarmDropped")
    assert one.tick(AT + DAY).woken == ()
    check_laws(one)


# Reminders.


def test_a_reminder_is_an_event_and_owed_to_the_agent():
    one = desk("ana", "bo")
    ticket = opened(one)
    one.handle(Remind(ticket.id, ANA, AT + HOUR), AT)
    one.handle(Remind(ticket.id, ANA, AT + HOUR, "bo"), AT)
    one.handle(Remind(ticket.id, ANA, AT + 2 * HOUR), AT)
    (woken,) = one.tick(AT + HOUR).woken
    assert (woken.timer, woken.refused) == (REMIND, None)
    events = [item.event for item in woken.handled.events]
    assert events == [
        Reminded(AT + HOUR, Actor.timer(REMIND), AT + HOUR, None, "ana"),
        Reminded(AT + HOUR, Actor.timer(REMIND), AT + HOUR, "bo", "bo"),
    ]
    owed = one.store.claim("acme", [REMINDER], AT + HOUR, AT + DAY, 9)
    assert {(claim.subject, claim.id.rpartition("/")[2]) for claim in owed} == {
        (ref(ticket), "ana"),
        (ref(ticket), "bo"),
    }
    assert [alarm.due for alarm in one.ticket(ticket.id).alarms] == [AT + 2 * HOUR]
    assert len(one.tick(AT + 2 * HOUR).woken) == 1
    assert one.tick(AT + 9 * DAY).woken == ()
    check_laws(one)


@pytest.mark.parametrize(
    ("unless", "event", "reminded"),
    [
        ("reply", lambda one, ticket: say(one, at=AT + MINUTE), False),
        ("reply", lambda one, ticket: one.handle(Reply(ticket, ANA, "Well?"), AT + MINUTE), True),
        ("answer", lambda one, ticket: one.handle(Reply(ticket, ANA, "Well?"), AT + MINUTE), False),
        ("answer", lambda one, ticket: say(one, at=AT + MINUTE), True),
        ("answer", lambda one, ticket: one.handle(Note(ticket, ANA, "Hm"), AT + MINUTE), True),
        ("solved", lambda one, ticket: one.handle(Solve(ticket, ANA), AT + MINUTE), False),
        ("solved", lambda one, ticket: one.handle(Hold(ticket, ANA), AT + MINUTE), True),
        ("state", lambda one, ticket: one.handle(Hold(ticket, ANA), AT + MINUTE), False),
        ("state", lambda one, ticket: one.handle(Solve(ticket, ANA), AT + MINUTE), False),
        ("state", lambda one, ticket: say(one, at=AT + MINUTE), True),
    ],
)
def test_what_ends_a_reminder(unless, event, reminded):
    one = desk("ana", solve_after=None)
    ticket = opened(one)
    one.handle(Remind(ticket.id, ANA, AT + HOUR, unless=[unless]), AT)
    event(one, ticket.id)
    assert (
        "Reminded"
        in [type(item.event).__name__ for woken in one.tick(AT + HOUR).woken for item in woken.handled.events]
    ) is reminded
    assert one.ticket(ticket.id).alarms == ()
    check_laws(one)


def test_reminders_are_taken_back_by_whom_they_are_for():
    one = desk("ana", "bo")
    ticket = opened(one)
    one.handle(Remind(ticket.id, ANA, AT + HOUR), AT)
    one.handle(Remind(ticket.id, ANA, AT + HOUR, "bo"), AT)
    assert one.handle(Remind(ticket.id, ANA, AT + HOUR, "bo"), AT).events == ()
    one.handle(Remind(ticket.id, ANA, None, "bo"), AT)
    assert [alarm.agent for alarm in one.ticket(ticket.id).alarms] == [None]
    one.handle(Remind(ticket.id, ANA, None), AT)
    assert one.tick(AT + DAY).woken == ()
    assert one.handle(Remind(ticket.id, ANA, None), AT).events == ()


def test_a_reminder_is_for_somebody_whom_the_desk_knows():
    one = desk("ana")
    ticket = opened(one)
    with pytest.raises(NotFound, match="nobody"):
        one.handle(Remind(ticket.id, ANA, AT + HOUR, "nobody"), AT)


def test_a_ticket_that_nobody_has_reminds_nobody_and_says_so():
    one = desk(AgentProfile("ana", capacity=0))
    ticket = opened(one)
    one.handle(Remind(ticket.id, ANA, AT + HOUR), AT)
    (woken,) = one.tick(AT + HOUR).woken
    assert woken.handled.events[0].event.told is None


def test_alarms_are_bounded():
    one = desk("ana")
    ticket = opened(one)
    for i in range(MAX_ALARMS):
        one.handle(Remind(ticket.id, ANA, AT + HOUR + i * MINUTE), AT)
    with pytest.raises(Refused) as refused:
        one.handle(Remind(ticket.id, ANA, AT + DAY), AT)
    assert refused.value.reasons == (Reason("too_many_alarms", "20"),)


def test_a_closed_ticket_takes_no_reminder():
    one = desk("ana")
    ticket = opened(one)
    one.handle(Solve(ticket.id, ANA), AT)
    one.handle(Close(ticket.id, ANA), AT)
    with pytest.raises(Refused) as refused:
        one.handle(Remind(ticket.id, ANA, AT + HOUR), AT)
    assert refused.value.reasons == (Reason("closed_is_final", ticket.id),)


# What stays solved is closed.


def solved(one, at=AT):
    ticket = opened(one)
    one.handle(Solve(ticket.id, ANA), at)
    return one.ticket(ticket.id)


def test_what_stays_solved_is_closed():
    one = desk("ana", close_after=4 * DAY)
    ticket = solved(one)
    assert one.tick(AT + 4 * DAY - MINUTE).woken == ()
    (woken,) = one.tick(AT + 4 * DAY).woken
    assert (woken.timer, one.ticket(ticket.id).state) == (CLOSE_AFTER_SOLUTION, "closed")
    event = woken.handled.events[0].event
    assert (event.move, event.actor) == (Move.CLOSE, Actor.timer(CLOSE_AFTER_SOLUTION))
    assert one.tick(AT + 99 * DAY).woken == ()
    check_laws(one)


def test_nothing_is_closed_unless_the_desk_says_so():
    one = desk("ana")
    solved(one)
    assert one.tick(AT + 999 * DAY).woken == ()


def test_what_was_reopened_is_closed_after_it_was_last_solved():
    one = desk("ana", close_after=4 * DAY)
    ticket = solved(one)
    one.handle(Reopen(ticket.id, ANA), AT + DAY)
    one.handle(Solve(ticket.id, ANA), AT + 2 * DAY)
    assert one.tick(AT + 4 * DAY).woken == ()
    assert len(one.tick(AT + 6 * DAY).woken) == 1


def test_a_word_from_us_puts_the_closing_off():
    one = desk("ana", close_after=4 * DAY)
    ticket = solved(one)
    one.handle(Reply(ticket.id, ANA, "One thing more"), AT + DAY)
    assert one.tick(AT + 4 * DAY).woken == ()
    assert len(one.tick(AT + 5 * DAY).woken) == 1
    assert one.ticket(ticket.id).state == "closed"


def test_a_ticket_whose_customer_waits_is_never_closed_by_time():
    ways = [
        attrs.evolve(way, guards=["never"]) if (way.source, way.move) == ("solved", Move.REPLY) else way
        for way in REQUEST.transitions
    ]
    config = Configuration(
        [AgentProfile("ana")], workflows=[attrs.evolve(REQUEST, transitions=ways)], close_after=4 * DAY
    )
    never = HouseRules({"never": lambda one: Reason("never", one.ticket.id) if one.actor.kind == "contact" else None})
    one = Desk(MemoryStore(), tenant="acme", config=config, parts=Parts(house=never))
    ticket = solved(one)
    say(one, "But look", at=AT + HOUR)
    assert (one.ticket(ticket.id).state, one.ticket(ticket.id).waiting_since) == ("solved", AT + HOUR)
    assert one.tick(AT + 99 * DAY).woken == ()
    one.handle(Reply(ticket.id, ANA, "It is so"), AT + 99 * DAY)
    assert one.tick(AT + 103 * DAY - MINUTE).woken == ()
    assert len(one.tick(AT + 103 * DAY).woken) == 1
    assert one.ticket(ticket.id).state == "closed"
    check_laws(one)


def test_silence_and_solution_are_counted_in_open_time():
    one = desk("ana", solve_after=HOUR, close_after=2 * HOUR, calendars=[OFFICE], after_calendar="office")
    friday = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
    ticket = opened(one, at=friday)
    one.handle(Pend(ticket.id, ANA), friday)
    monday = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
    assert one.tick(monday - MINUTE).woken == ()
    assert one.tick(monday).woken[0].timer == SOLVE_AFTER_SILENCE
    assert one.tick(monday + 2 * HOUR - MINUTE).woken == ()
    assert one.tick(monday + 2 * HOUR).woken[0].timer == CLOSE_AFTER_SOLUTION
    assert one.ticket(ticket.id).state == "closed"


def test_a_time_that_never_comes_is_no_time():
    one = desk("ana", solve_after=timedelta.max, close_after=timedelta.max)
    ticket = opened(one)
    one.handle(Pend(ticket.id, ANA), AT)
    one.handle(Solve(ticket.id, ANA), AT)
    with pytest.raises(InvalidInput, match="year 10000"):
        one.handle(Remind(ticket.id, ANA, Delay(timedelta.max)), AT)


# One winner.


def asleep(one, timer):
    """A ticket that this timer will do something to in an hour."""
    ticket = opened(one)
    if timer == WAKE:
        one.handle(Pend(ticket.id, ANA, until=AT + HOUR), AT)
    elif timer == REMIND:
        one.handle(Remind(ticket.id, ANA, AT + HOUR, unless=["reply"]), AT)
    elif timer == SOLVE_AFTER_SILENCE:
        one.handle(Pend(ticket.id, ANA), AT)
    else:
        one.handle(Solve(ticket.id, ANA), AT)
    return ticket


TIMED = [WAKE, REMIND, SOLVE_AFTER_SILENCE, CLOSE_AFTER_SOLUTION]


@pytest.mark.parametrize("first", ["reply", "timer", "reply between claim and commit"])
@pytest.mark.parametrize("timer", TIMED)
def test_a_timer_and_a_reply_at_the_same_instant_have_one_winner_and_nothing_is_lost(timer, first):
    store = Between()
    one = desk("ana", store=store, solve_after=HOUR, close_after=HOUR)
    ticket = asleep(one, timer)
    due = AT + HOUR
    said = []
    if first == "reply":
        said.append(say(one, "Here I am", at=due))
        woken = one.tick(due).woken
        assert woken == ()
    elif first == "timer":
        (woken,) = one.tick(due).woken
        assert (woken.timer, woken.refused, woken.lost) == (timer, None, False)
        said.append(say(one, "Here I am", at=due))
    else:
        store.then = lambda: said.append(say(one, "Here I am", at=due))
        (woken,) = one.tick(due).woken
        assert (woken.lost, woken.handled.events) == (True, ())
    (received,) = said
    messages = [value.ticket for value in store.find("acme", Query(Kind.MESSAGE)).values]
    assert len(messages) == 2
    assert None not in messages, "nothing is lost"
    assert one.ticket(received.ticket.id).state == "open", "and the customer is heard"
    assert (received.ticket.id == ticket.id) is not (timer == CLOSE_AFTER_SOLUTION and first == "timer")
    assert one.tick(due).woken == ()
    check_laws(one)


# What a command can be.


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Pend("t", ANA, until="today"), "Pend.until"),
        (lambda: Pend("t", ANA, until=NAIVE), "Pend.until"),
        (lambda: Snooze("t", ANA, None), "Snooze.until"),
        (lambda: Snooze("t", ANA, NAIVE), "Snooze.until"),
        (lambda: Snooze("t", ANA, AT, ""), "Snooze.state"),
        (lambda: Remind("t", ANA, HOUR), "Remind.at"),
        (lambda: Remind("t", ANA, AT, ""), "Remind.agent"),
        (lambda: Remind("t", ANA, AT, unless="reply"), "Remind.unless"),
        (lambda: Remind("t", ANA, AT, unless=["rain"]), "Remind.unless[0]"),
        (lambda: Remind("t", ANA, AT, unless=["reply", "reply"]), "Remind.unless[1]"),
        (lambda: Delay(3), "Delay.span"),
        (lambda: Delay(timedelta(0)), "Delay.span"),
        (lambda: Delay(HOUR, ""), "Delay.calendar"),
        (lambda: Configuration(close_after=3), "Configuration.close_after"),
        (lambda: Configuration(close_after=timedelta(0)), "Configuration.close_after"),
        (lambda: Configuration(after_calendar="office"), "Configuration.after_calendar"),
    ],
)
def test_what_cannot_be_used_is_refused_by_field(make, field):
    with pytest.raises(InvalidInput) as invalid:
        make()
    assert invalid.value.field == field


# Laws.

ASKED = [
    "Pend",
    "Hold",
    "Resume",
    "Solve",
    "Reopen",
    "Close",
    "until",
    "Snooze",
    "Remind",
    "forget",
    "reply",
    "receive",
]
steps = st.lists(
    st.tuples(st.sampled_from([*ASKED, "away", "assign"]), st.integers(1, 200), st.sampled_from([ANA, BO])), max_size=20
)


def take(one, ticket, step, at):
    kind, minutes, actor = step
    end = at + minutes * MINUTE if minutes % 2 else Delay(minutes * MINUTE, "office" if minutes % 4 else None)
    if kind in ("receive", "away"):
        headers = {"Auto-Submitted": "auto-replied"} if kind == "away" else {}
        one.receive(Inbound("chat", "shop", "kim", "Hello", headers=headers), at)
        return
    command = {
        "until": lambda: Pend(ticket, actor, until=end),
        "Snooze": lambda: Snooze(ticket, actor, end),
        "Remind": lambda: Remind(ticket, actor, end, [None, "bo"][minutes % 2], [*CancelOn][: minutes % 5]),
        "forget": lambda: Remind(ticket, actor, None),
        "reply": lambda: Reply(ticket, actor, "An answer"),
        "assign": lambda: Assign(ticket, actor, actor.id, over_capacity=True),
    }.get(kind) or (
        lambda: {"Pend": Pend, "Hold": Hold, "Resume": Resume, "Solve": Solve, "Reopen": Reopen, "Close": Close}[kind](
            ticket, actor
        )
    )
    with contextlib.suppress(Refused):
        one.handle(command(), at)


@given(steps, st.integers(1, 90))
def test_what_is_due_is_done_and_what_ends_is_gone_whatever_was_asked(steps, minutes):
    config = Configuration(
        [AgentProfile("ana"), AgentProfile("bo", capacity=1)],
        solve_after=50 * MINUTE,
        close_after=70 * MINUTE,
        calendars=[OFFICE],
    )
    one = Desk(MemoryStore(), tenant="acme", config=config)
    ticket = one.receive(Inbound("chat", "shop", "kim", "Hello"), AT).ticket.id
    at = AT
    for step in steps:
        at += minutes * MINUTE
        while one.tick(at).more:
            continue
        for known in one.tickets().tickets:
            assert all(due > at for due in dues(config, known).values()), "what is due is done"
            assert list(known.alarms) == sorted(known.alarms, key=lambda alarm: alarm.due)
            assert not (known.state in ("open", "solved", "closed") and WAKE in dues(config, known))
            assert decode(Kind.TICKET, encode(known)) == known
        take(one, ticket, step, at)
    check_laws(one)
    history = [item.event for item in one.history(Ref(Kind.TICKET, ticket))]
    assert isinstance(replay(history), Ticket)
    closings = [event for event in history if isinstance(event, StateChanged) and event.move is Move.CLOSE]
    for event in closings:
        before = replay(history[: history.index(event)])
        assert event.actor.kind != "timer" or before.waiting_since is None, "never while the customer waits"
    assert len([event for event in history if isinstance(event, AlarmSet)]) <= len(steps)
    assert MessageKind.CUSTOMER == "customer"
