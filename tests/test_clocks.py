"""Clocks on a desk: in the commit of what they follow, whoever asks and whenever somebody looks."""

from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, DAY, HOUR, MINUTE, desk, new_desk, say
from sla_stories import NIGHT, OFFICE

from ticketcore import Actor, Configuration, NotFound
from ticketcore.cli.clocks import clock_lines
from ticketcore.codec import encode_event
from ticketcore.commands import (
    Close,
    Configure,
    Note,
    Reply,
    SetPriority,
    Solve,
    Transfer,
)
from ticketcore.model import METRICS, Coverage, Goal, Kind, Priority, Queue, Ref, SlaPolicy, Step
from ticketcore.stores import SqliteStore
from ticketcore.timekeeping import ClockBreached, PolicyApplied, StepReached
from ticketcore.turns.clocks import ESCALATION

pytestmark = pytest.mark.usefixtures("every_driver")

BOT = Actor.bot("bot")
QUEUES = [Queue("support"), Queue("second")]
STEPS = [Step("soon", -20 * MINUTE, ["lead"]), Step("missed", timedelta(0), ["boss"])]
FIRST = SlaPolicy("first", [Goal("first_response", HOUR, steps=STEPS)])
ALL = SlaPolicy("all", [Goal(metric.id, 2 * HOUR, "office", STEPS) for metric in METRICS])
SETUP = {"queues": QUEUES, "calendars": [OFFICE, NIGHT]}


def measured(*policies, store=None, **more):
    return desk("ana", "bo", store=store, **SETUP, policies=policies, **more)


def clock(desk, ticket):
    (value,) = desk.store.load(desk.tenant, [Ref(Kind.CLOCK, ticket)])
    return value


def on_clock(desk, ticket):
    return [item.event for item in desk.history(Ref(Kind.CLOCK, ticket))]


def owed(desk, at):
    return desk.store.claim(desk.tenant, (ESCALATION,), at, at, 100)


def all_due(desk, at):
    while desk.tick(at, lease=timedelta(0)).more:
        continue


def test_a_desk_without_policies_has_no_clocks_and_no_events_of_them():
    plain = desk("ana")
    ticket = say(plain).ticket
    plain.handle(Reply(ticket.id, ANA, "Hello"), AT + MINUTE)
    assert clock(plain, ticket.id) is None
    assert not [item for item in plain.store.events("acme") if item.stream.kind is Kind.CLOCK]


def test_what_no_policy_covers_has_no_clock_until_one_does_which_counts_from_the_beginning():
    second = attrs.evolve(FIRST, when=Coverage(queues=["second"]))
    one = measured(second)
    ticket = say(one).ticket
    one.handle(Note(ticket.id, ANA, "Not ours"), AT + MINUTE)
    assert clock(one, ticket.id) is None
    one.handle(Transfer(ticket.id, ANA, "second"), AT + 10 * MINUTE)
    assert clock(one, ticket.id).reading("first_response").due == AT + HOUR
    one.handle(Transfer(ticket.id, ANA, "support"), AT + 20 * MINUTE)
    assert clock(one, ticket.id).policy is None


def test_a_ticket_and_its_clock_are_stored_together():
    one = measured(FIRST)
    received = say(one)
    kept = clock(one, received.ticket.id)
    assert (kept.policy, kept.configuration, kept.live) == ("first", 1, True)
    assert kept.reading("first_response").due == AT + HOUR
    assert [type(item.event).__name__ for item in received.events if item.stream.kind is Kind.CLOCK] == [
        "PolicyApplied",
        "ClockStarted",
    ]


def test_a_deadline_is_missed_when_it_is_however_late_somebody_looks():
    one = measured(FIRST)
    ticket = say(one).ticket
    all_due(one, AT + 3 * DAY)
    (breach,) = [event for event in on_clock(one, ticket.id) if isinstance(event, ClockBreached)]
    assert breach.at == AT + HOUR
    steps = [event for event in on_clock(one, ticket.id) if isinstance(event, StepReached)]
    assert [(step.step, step.at) for step in steps] == [("soon", AT + 40 * MINUTE), ("missed", AT + HOUR)]


def test_each_step_is_owed_once_and_names_its_event():
    one = measured(FIRST)
    ticket = say(one).ticket
    all_due(one, AT + 41 * MINUTE)
    (claim,) = owed(one, AT + 41 * MINUTE)
    number = int(claim.id.rpartition("/")[2])
    event = one.history(claim.subject)[number - 1].event
    assert (event.metric, event.cycle, event.step) == ("first_response", 1, "soon")
    all_due(one, AT + DAY)
    one.handle(Note(ticket.id, ANA, "Late"), AT + DAY)
    all_due(one, AT + 2 * DAY)
    assert len(owed(one, AT + 2 * DAY)) == 2


def test_an_answer_in_time_ends_it_and_nothing_is_due_any_more():
    one = measured(FIRST)
    ticket = say(one).ticket
    one.handle(Reply(ticket.id, ANA, "Hello"), AT + 10 * MINUTE)
    reading = clock(one, ticket.id).reading("first_response")
    assert (reading.spent, reading.active) == (10 * MINUTE // timedelta(microseconds=1), False)
    assert one.tick(AT + DAY).woken == ()


def test_a_bot_s_reply_is_none_and_an_import_of_one_is():
    one = measured(FIRST)
    ticket = say(one).ticket
    one.handle(Reply(ticket.id, BOT, "I am a bot"), AT + MINUTE)
    assert clock(one, ticket.id).reading("first_response").active
    one.handle(Reply(ticket.id, Actor("import", "feed"), "Hello", external_id="1"), AT + 2 * MINUTE)
    assert not clock(one, ticket.id).reading("first_response").active


def test_another_priority_has_its_target_in_the_commit_that_sets_it():
    goal = Goal("first_response", {None: 4 * HOUR, Priority.URGENT: HOUR})
    one = measured(SlaPolicy("by priority", [goal]))
    ticket = say(one).ticket
    one.handle(SetPriority(ticket.id, ANA, Priority.URGENT), AT + 30 * MINUTE)
    assert clock(one, ticket.id).reading("first_response").due == AT + HOUR


def follow(one, at, *policies, **more):
    """The desk has other policies from then on."""
    new = attrs.evolve(one.configuration(), policies=policies, **more)
    one.handle(Configure(new, ANA), at)


def test_a_configuration_is_in_force_from_its_change_whenever_somebody_looks():
    """Extended before it was due, it is not missed; shortened, it is missed when the new deadline passes."""
    for target, missed in ((4 * HOUR, AT + 4 * HOUR), (50 * MINUTE, AT + 50 * MINUTE), (10 * MINUTE, AT + 30 * MINUTE)):
        one = measured(FIRST)
        ticket = say(one).ticket
        follow(one, AT + 30 * MINUTE, SlaPolicy("second", [Goal("first_response", target)]))
        all_due(one, AT + DAY)
        all_due(one, AT + DAY)
        (breach,) = [event for event in on_clock(one, ticket.id) if isinstance(event, ClockBreached)]
        assert breach.at == missed
        applied = [event for event in on_clock(one, ticket.id) if isinstance(event, PolicyApplied)]
        assert [(event.policy, event.configuration) for event in applied] == [("first", 1), ("second", 2)]
        assert applied[1].at == AT + 30 * MINUTE


def test_a_breach_before_the_change_stays_and_is_not_repeated():
    one = measured(FIRST)
    ticket = say(one).ticket
    follow(one, AT + 2 * HOUR, SlaPolicy("second", [Goal("first_response", 4 * HOUR)]))
    one.handle(Note(ticket.id, ANA, "Hm"), AT + DAY)
    all_due(one, AT + 2 * DAY)
    breaches = [event.at for event in on_clock(one, ticket.id) if isinstance(event, ClockBreached)]
    assert breaches == [AT + HOUR]


def test_a_metric_that_is_new_to_a_ticket_is_worked_out_from_its_history():
    one = measured()
    ticket = say(one).ticket
    one.handle(Reply(ticket.id, ANA, "Wait", then="pend"), AT + HOUR)
    goals = [Goal("first_response", 30 * MINUTE), Goal("requester_wait", 4 * HOUR, steps=STEPS)]
    follow(one, AT + 3 * HOUR, SlaPolicy("late", goals))
    say(one, "And?", at=AT + 4 * HOUR)
    kept = clock(one, ticket.id)
    assert kept.reading("first_response").breached_at == AT + 30 * MINUTE
    assert not kept.reading("first_response").active
    assert kept.reading("requester_wait").due == AT + 7 * HOUR
    assert owed(one, AT + 4 * HOUR) == ()


def test_what_happened_while_there_were_no_policies_is_known_later():
    one = measured(FIRST)
    ticket = say(one).ticket
    follow(one, AT + 10 * MINUTE)
    one.handle(Reply(ticket.id, ANA, "Hello"), AT + 20 * MINUTE)
    follow(one, AT + 30 * MINUTE, FIRST)
    one.handle(Note(ticket.id, ANA, "Hm"), AT + DAY)
    reading = clock(one, ticket.id).reading("first_response")
    assert (reading.active, reading.breached_at) == (False, None)
    assert one.tick(AT + 2 * DAY).woken == ()


def test_history_that_is_imported_tells_nobody():
    one = measured(FIRST)
    quiet = one.without_effects()
    ticket = say(quiet).ticket
    say(quiet, "Hello?", at=AT + 2 * HOUR)
    kept = clock(one, ticket.id)
    assert (kept.live, kept.reading("first_response").breached_at) == (False, AT + HOUR)
    assert one.tick(AT + DAY).woken == ()
    one.handle(Note(ticket.id, ANA, "Anybody?"), AT + 2 * DAY)
    assert clock(one, ticket.id).live
    all_due(one, AT + 3 * DAY)
    assert owed(one, AT + 3 * DAY) == ()


@pytest.mark.parametrize("end", [Solve, Close])
def test_what_is_over_wakes_nobody(end):
    one = measured(ALL)
    ticket = say(one).ticket
    one.handle(Solve(ticket.id, ANA), AT + MINUTE)
    if end is Close:
        one.handle(Close(ticket.id, ANA), AT + MINUTE)
    assert [item for item in one.tick(AT + 30 * DAY).woken if item.timer == "sla"] == []
    assert owed(one, AT + 30 * DAY) == ()


def test_who_looks_first_finds_it_and_nobody_finds_it_twice(tmp_path):
    with SqliteStore(tmp_path / "desk.db", durability="normal") as store:
        one = measured(FIRST, store=store)
        tickets = [say(one, sender=f"kim{i}", at=AT + i * MINUTE).ticket.id for i in range(5)]
        for _ in range(3):
            one.tick(AT + DAY, lease=timedelta(0))
        for id in tickets:
            assert len([event for event in on_clock(one, id) if isinstance(event, ClockBreached)]) == 1


def test_s9_an_automatic_answer_stops_nothing_and_starts_nothing():
    one = measured(ALL)
    ticket = say(one, channel="email", external_id="first").ticket
    one.handle(Reply(ticket.id, ANA, "Hello", then="solve", external_id="answer"), AT + MINUTE)
    one.handle(Close(ticket.id, ANA), AT + HOUR)
    before = clock(one, ticket.id), on_clock(one, ticket.id)
    out_of_office = {"headers": {"auto-submitted": "auto-replied"}, "reply_to": ["answer"]}
    received = say(one, "I am away", at=AT + 2 * HOUR, channel="email", external_id="away", **out_of_office)
    assert received.disposition == "kept"
    assert (clock(one, ticket.id), on_clock(one, ticket.id)) == before


def test_s10_thanks_and_a_question_are_the_same_to_a_clock():
    """Whether words reopen a ticket is not for its clocks to say: they follow what became of it."""
    found = []
    for text in ("Thanks!", "But why?"):
        one = measured(ALL)
        ticket = say(one).ticket
        one.handle(Reply(ticket.id, ANA, "So", then="solve"), AT + HOUR)
        say(one, text, at=AT + 2 * HOUR)
        found.append([(type(event), event.at) for event in on_clock(one, ticket.id)])
    assert found[0] == found[1]


class Erased:
    """A store that has forgotten every customer and every word."""

    def __init__(self, store):
        self._store = store

    def __getattr__(self, name):
        return getattr(self._store, name)

    def load(self, tenant, keys):
        gone = {Kind.CONTACT, Kind.MESSAGE, Kind.TEXT}
        values = self._store.load(tenant, keys)
        return tuple(
            None if isinstance(key, Ref) and key.kind in gone else value
            for key, value in zip(keys, values, strict=True)
        )


def test_s15_what_was_measured_is_the_same_when_the_customer_is_erased():
    one = measured(ALL)
    ticket = say(one, "My name is Kim").ticket
    one.handle(Reply(ticket.id, ANA, "Hello Kim", then="pend"), AT + HOUR)
    say(one, "Really?", at=AT + 2 * HOUR)
    forgotten = new_desk(Erased(one.store), tenant="acme")
    assert forgotten.explain(ticket.id, AT + DAY) == one.explain(ticket.id, AT + DAY)
    assert [text for text in map(encode_event, on_clock(one, ticket.id)) if "Kim" in text or "kim" in text] == []


def test_what_a_desk_explains_is_what_its_clock_says():
    one = measured(SlaPolicy("office", [Goal("agent_work", 2 * HOUR, "office")]))
    ticket = say(one).ticket  # a Monday at ten in Berlin
    one.handle(Reply(ticket.id, ANA, "Wait", then="pend"), AT + HOUR)
    say(one, "Go on", at=AT + 6 * HOUR)
    (explained,) = one.explain(ticket.id, AT + DAY)
    ran, held, again = explained.intervals
    assert (ran.held, ran.counted, ran.policy, ran.configuration, ran.calendar) == (False, HOUR, "office", 1, "office")
    assert (held.start, held.end, held.held, held.counted) == (AT + HOUR, AT + 6 * HOUR, True, timedelta(0))
    assert [stretch.why for stretch in again.stretches] == ["open", "outside hours", "open"]
    assert (explained.elapsed, explained.due) == (3 * HOUR, one.clock(ticket.id).reading("agent_work").due)
    assert explained.due == AT + 7 * HOUR
    assert list(clock_lines([explained])) == [
        "agent_work, cycle 1: 3 hours, due at 2026-03-02 16:00",
        "  2026-03-02 09:00 to 2026-03-02 10:00  1 hour of 2 hours by office (office of version 1)",
        "  2026-03-02 10:00 to 2026-03-02 15:00  on hold (office of version 1)",
        "  2026-03-02 15:00 to 2026-03-03 09:00  2 hours of 2 hours by office (office of version 1)",
        "    2026-03-02 16:00 to 2026-03-03 08:00  outside hours",
    ]
    all_due(one, AT + DAY)
    assert next(clock_lines(one.explain(ticket.id, AT + DAY))) == (
        "agent_work, cycle 1: 3 hours, missed at 2026-03-02 16:00"
    )


def test_what_was_never_measured_has_no_clock_and_nothing_to_explain():
    one = measured()
    ticket = say(one).ticket
    assert (one.clock(ticket.id), one.explain(ticket.id, AT)) == (None, ())
    with pytest.raises(NotFound):
        one.explain("nobody's", AT)


def test_each_interval_names_the_version_that_applied():
    one = measured(FIRST)
    ticket = say(one).ticket
    follow(one, AT + 30 * MINUTE, SlaPolicy("second", [Goal("first_response", 4 * HOUR, "office")]))
    one.handle(Note(ticket.id, ANA, "Hm"), AT + 5 * HOUR)
    (explained,) = one.explain(ticket.id, AT + 5 * HOUR)
    assert [(one.policy, one.configuration, one.calendar, one.target) for one in explained.intervals] == [
        ("first", 1, "24/7", HOUR),
        ("second", 2, "office", 4 * HOUR),
    ]


def test_a_policy_that_names_what_there_is_not_is_refused_by_its_field():
    for field, more in (
        ("policies[0].goals[0].metric", {"policies": [SlaPolicy("p", [Goal("first_reply")])]}),
        ("policies[0].goals[0].calendar", {"policies": [SlaPolicy("p", [Goal("first_response", calendar="moon")])]}),
        ("policies[0].goals[0].metric", {"policies": [SlaPolicy("p", [Goal("next_response")])]}),
        ("policies[0].when.queues[0]", {"policies": [SlaPolicy("p", [], Coverage(queues=["moon"]))]}),
        ("policies[0].when.types[0]", {"policies": [SlaPolicy("p", [], Coverage(types=["moon"]))]}),
        (
            "policies[0].goals[0].steps[0].hours",
            {"policies": [SlaPolicy("p", [Goal("first_response", steps=[Step("s", hours="moon")])])]},
        ),
        ("policies[1].id", {"policies": [SlaPolicy("p", []), SlaPolicy("p", [])]}),
        ("calendars[1].id", {"calendars": [OFFICE, OFFICE]}),
    ):
        with pytest.raises(Exception, match=r".*") as caught:
            Configuration(**more)
        assert caught.value.field == f"Configuration.{field}"
