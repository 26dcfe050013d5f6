"""What a message to a solved ticket comes to: by window, limit, channel, type and state, and why."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest
from desks import ANA, AT, BO, DAY, HOUR, MINUTE, check_laws, desk, new_desk, opened, say
from hypothesis import given
from hypothesis import strategies as st
from tied import check_ties

from ticketcore import Actor, AgentProfile, Configuration, Inbound, InvalidInput, Parts, Refused
from ticketcore.calendar import BusinessCalendar
from ticketcore.codec import decode, encode
from ticketcore.commands import Close, Link, Pend, Reopen, Reply, SetTeams, Solve, Unassign, Unlink
from ticketcore.decide import tickets as decide_tickets
from ticketcore.errors import Reason
from ticketcore.events import MessageAdded, StateChanged
from ticketcore.model import (
    MAX_REOPENS,
    REQUEST,
    Calendar,
    Category,
    Disposition,
    Kind,
    Move,
    Outcome,
    Ref,
    Relation,
    Reopening,
    ReopenReason,
    ReopenRule,
    Segmentation,
    SegmentReason,
    Signal,
    Solution,
    State,
    TicketType,
    Transition,
    Verdict,
    Workflow,
)
from ticketcore.reopening import reopening
from ticketcore.sla.signals import signals
from ticketcore.stores import MemoryStore

pytestmark = pytest.mark.usefixtures("every_driver")

WEEK = ReopenRule("week", within=7 * DAY)


def ruled(*rules, agents=("ana", "bo"), is_thanks=None, **config):
    """A desk with these rules."""
    config = Configuration(agents=[AgentProfile(id) for id in agents], reopening=rules, **config)
    return new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(is_thanks=is_thanks))


def solved(one, at=AT, **said):
    ticket = opened(one, **said)
    one.handle(Solve(ticket.id, ANA), at)
    return one.ticket(ticket.id)


def decided(received):
    """The decision about the solved ticket."""
    found = [item for item in received.decisions if isinstance(item, Reopening)]
    assert len(found) <= 1
    return found[0] if found else None


def mail(one, text="And this?", at=AT, **inbound):
    return say(one, text, "kim@example.org", at, channel="email", **inbound)


def test_without_a_rule_a_solved_ticket_is_reopened_whenever_its_customer_writes():
    one = ruled()
    ticket = opened(one, sender="kim@example.org", channel="email", external_id="1")
    one.handle(Solve(ticket.id, ANA), AT)
    received = mail(one, at=AT + 999 * DAY, reply_to=["1"])
    assert (received.disposition, received.ticket.id) == (Disposition.REOPENED, ticket.id)
    assert decided(received) == Reopening(ticket.id, Outcome.REOPEN, ReopenReason.NO_RULE)
    check_laws(one)


@pytest.mark.parametrize(
    ("after", "outcome", "reason"),
    [
        (7 * DAY - timedelta(microseconds=1), Outcome.REOPEN, ReopenReason.IN_TIME),
        (7 * DAY, Outcome.REOPEN, ReopenReason.IN_TIME),
        (7 * DAY + timedelta(microseconds=1), Outcome.FOLLOW_UP, ReopenReason.LATE),
    ],
)
def test_the_window_is_shut_behind_its_last_instant(after, outcome, reason):
    one = ruled(WEEK)
    ticket = solved(one)
    received = say(one, at=AT + after)
    assert decided(received) == Reopening(ticket.id, outcome, reason, "week", after)
    assert (received.ticket.id == ticket.id) is (outcome is Outcome.REOPEN)
    if outcome is Outcome.FOLLOW_UP:
        assert received.disposition is Disposition.FOLLOW_UP
        assert received.ticket.origin.follow_up_of == ticket.id
        assert one.ticket(ticket.id).state == "solved"
    check_laws(one)


def test_the_window_counts_from_the_last_time_it_was_solved():
    one = ruled(WEEK)
    ticket = solved(one)
    assert say(one, at=AT + 6 * DAY).disposition is Disposition.REOPENED
    one.handle(Solve(ticket.id, ANA), AT + 6 * DAY)
    received = say(one, at=AT + 12 * DAY)
    assert (received.disposition, decided(received).elapsed) == (Disposition.REOPENED, 6 * DAY)


def test_another_solved_state_is_not_another_solution():
    checked = Workflow(
        "request",
        (
            attrs.evolve(REQUEST.state("solved"), is_default=True),
            State("checked", Category.SOLVED),
            *(state for state in REQUEST.states if state.id != "solved"),
        ),
        (*REQUEST.transitions, Transition("solved", Move.SOLVE, "checked"), Transition("checked", Move.REPLY, "open")),
    )
    one = ruled(WEEK, workflows=[checked])
    ticket = solved(one)
    one.handle(Solve(ticket.id, ANA), AT + 6 * DAY)
    after = one.ticket(ticket.id)
    assert (after.state, after.state_since, after.solution.at) == ("checked", AT + 6 * DAY, AT)
    assert decided(say(one, at=AT + 8 * DAY)).reason is ReopenReason.LATE


def test_a_rule_decides_in_place_of_the_quiet_gap():
    plain, rule = ruled(), ruled(WEEK)
    for one, disposition in ((plain, Disposition.OPENED), (rule, Disposition.REOPENED)):
        ticket = solved(one)
        received = say(one, at=AT + DAY)
        assert received.disposition is disposition
        assert received.decisions[0] == Segmentation(SegmentReason.QUIET_GAP, ticket.id, opens=True)


@pytest.mark.parametrize(("rule", "links"), [(WEEK, True), (attrs.evolve(WEEK, otherwise="new"), False)])
def test_what_comes_to_a_closed_ticket_is_otherwise_than_reopened(rule, links):
    one = ruled(rule)
    ticket = solved(one)
    one.handle(Close(ticket.id, ANA), AT)
    received = say(one, at=AT + MINUTE)
    assert decided(received) == Reopening(ticket.id, rule.otherwise, ReopenReason.CLOSED, "week")
    assert received.ticket.origin.follow_up_of == (ticket.id if links else None)
    assert one.ticket(ticket.id).state == "closed"
    check_laws(one)


def test_a_rule_can_open_a_ticket_at_once():
    one = ruled(ReopenRule("chat", then="new"))
    ticket = solved(one)
    received = say(one, at=AT + MINUTE)
    assert (received.disposition, received.ticket.origin.follow_up_of) == (Disposition.OPENED, None)
    assert decided(received).outcome is Outcome.NEW
    assert received.ticket.id != ticket.id


def test_a_closed_ticket_that_its_workflow_lets_rise_may_be_reopened():
    rising = attrs.evolve(
        REQUEST,
        rules=[rule for rule in REQUEST.rules if rule != "closed_is_final"],
        transitions=[*REQUEST.transitions, Transition("closed", Move.REPLY, "open")],
    )
    one = ruled(WEEK, workflows=[rising])
    ticket = solved(one)
    one.handle(Close(ticket.id, ANA), AT + DAY)
    received = say(one, at=AT + 2 * DAY)
    assert (received.disposition, received.ticket.id) == (Disposition.REOPENED, ticket.id)
    assert decided(received).elapsed == 2 * DAY
    assert one.ticket(ticket.id).solution.reopened == (AT + 2 * DAY,)


def test_a_limit_on_reopens_in_a_period():
    one = ruled(ReopenRule("thrice", limit=3, period=DAY))
    ticket = solved(one)
    for i in range(3):
        at = AT + i * HOUR
        received = say(one, at=at)
        assert (received.disposition, decided(received).reopens) == (Disposition.REOPENED, i)
        one.handle(Solve(ticket.id, ANA), at)
    received = say(one, at=AT + 3 * HOUR)
    assert decided(received) == Reopening(ticket.id, Outcome.FOLLOW_UP, ReopenReason.TOO_OFTEN, "thrice", reopens=3)
    assert one.ticket(ticket.id).state == "solved"


def test_a_reopen_counts_until_the_period_is_over():
    rule = ReopenRule("once", limit=1, period=DAY)
    config = Configuration(reopening=[rule])
    one = ruled(rule)
    ticket = solved(one)
    say(one, at=AT)
    one.handle(Solve(ticket.id, ANA), AT)
    ticket = one.ticket(ticket.id)
    assert reopening(config, ticket, "chat", AT + DAY).reason is ReopenReason.TOO_OFTEN
    assert reopening(config, ticket, "chat", AT + DAY + timedelta(microseconds=1)).reason is ReopenReason.IN_TIME


def test_only_what_the_customer_reopens_counts():
    one = ruled(ReopenRule("once", limit=1, period=DAY))
    ticket = solved(one)
    one.handle(Reopen(ticket.id, ANA), AT)
    one.handle(Solve(ticket.id, ANA), AT)
    assert one.ticket(ticket.id).solution.reopened == ()
    assert say(one, at=AT + HOUR).disposition is Disposition.REOPENED


def test_a_ticket_remembers_as_many_reopens_as_a_limit_can_ask_for():
    one = ruled()
    ticket = solved(one)
    for i in range(MAX_REOPENS + 3):
        say(one, at=AT + i * MINUTE)
        one.handle(Solve(ticket.id, ANA), AT + i * MINUTE)
    assert one.ticket(ticket.id).solution.reopened == tuple(AT + i * MINUTE for i in range(3, MAX_REOPENS + 3))


def test_rules_by_channel_type_and_state_in_their_order():
    rules = [
        ReopenRule("sms", channels=["sms"], then="new"),
        ReopenRule("repair", types=["repair"], then="follow_up"),
        ReopenRule("solved", states=["solved"], within=DAY),
    ]
    config = Configuration(
        types=[TicketType("request"), TicketType("repair")], reopening=rules, agents=[AgentProfile("ana")]
    )
    ticket = solved(ruled())
    repair = attrs.evolve(ticket, origin=attrs.evolve(ticket.origin, type="repair"))
    closed = attrs.evolve(ticket, state="closed", category=Category.CLOSED)
    assert reopening(config, ticket, "sms", AT).rule == "sms"
    assert reopening(config, repair, "sms", AT).rule == "sms"
    assert reopening(config, repair, "chat", AT).rule == "repair"
    assert reopening(config, ticket, "chat", AT).rule == "solved"
    assert reopening(config, closed, "chat", AT) is None


# Thanks and machines.


def says_thanks(inbound):
    return inbound.text.strip(" !.").lower() in ("thanks", "danke", "gracias", "谢谢")


def test_a_thanks_that_nobody_recognises_is_a_message_like_any_other():
    assert say_after_solved(ruled(), "Thanks!").disposition is Disposition.REOPENED


def say_after_solved(one, text, after=MINUTE):
    solved(one)
    return say(one, text, at=AT + after)


@pytest.mark.parametrize("after", [MINUTE, 30 * DAY])
@pytest.mark.parametrize("rules", [(), (WEEK,), (ReopenRule("new", then="new"),)])
def test_thanks_does_not_reopen_a_solved_ticket(rules, after):
    one = ruled(*rules, is_thanks=says_thanks)
    received = say_after_solved(one, "谢谢!", after)
    ticket = received.ticket
    assert (received.disposition, ticket.state, ticket.assignee) == (Disposition.CONTINUED, "solved", "ana")
    assert decided(received) == Reopening(ticket.id, Outcome.STAY, ReopenReason.THANKS)
    assert (ticket.waiting_since, ticket.last_message_at, ticket.solution.at) == (None, AT, AT), "nobody is waited for"
    added = received.events[0].event
    assert (type(added), added.quiet, added.reopening) == (MessageAdded, True, decided(received))
    check_laws(one)


def test_thanks_for_a_closed_ticket_is_kept_and_names_it():
    one = ruled(is_thanks=says_thanks)
    ticket = solved(one)
    one.handle(Close(ticket.id, ANA), AT)
    received = say(one, "Danke", at=AT + 99 * DAY)
    assert (received.disposition, received.ticket.id, received.ticket.state) == (Disposition.KEPT, ticket.id, "closed")
    assert received.events[0].event.verdict is Verdict.THANKS
    check_laws(one)


def test_thanks_while_we_wait_for_the_customer_is_an_answer():
    one = ruled(is_thanks=says_thanks)
    ticket = opened(one)
    one.handle(Pend(ticket.id, ANA), AT)
    assert say(one, "Thanks", at=AT + MINUTE).ticket.state == "open"


def test_the_hook_is_asked_about_what_a_person_wrote_to_a_ticket_that_rests_and_about_nothing_else():
    asked = []
    one = ruled(is_thanks=lambda inbound: asked.append(inbound.text))
    ticket = opened(one, "first")
    say(one, "second", at=AT + MINUTE)
    one.handle(Solve(ticket.id, ANA), AT + MINUTE)
    say(one, "away", at=AT + MINUTE, headers={"Auto-Submitted": "auto-replied"})
    assert asked == []
    say(one, "third", at=AT + MINUTE)
    assert asked == ["third"]


def test_what_the_hook_raises_is_raised_and_nothing_is_written():
    def broken(inbound):
        raise ValueError(inbound.text)

    one = ruled(is_thanks=broken)
    solved(one)
    before = one.store.events("acme")
    with pytest.raises(ValueError, match="Thanks"):
        say(one, "Thanks", at=AT + MINUTE)
    assert one.store.events("acme") == before


AWAY = {"Auto-Submitted": "auto-replied"}


class Careless:
    """A segmenter that knows nothing of machines: everything goes on where it was."""

    def segment(self, message, at):
        if message.current is None:
            return Segmentation(SegmentReason.NO_TICKET_YET, opens=True)
        return Segmentation(SegmentReason.WITHIN_GAP, message.current.id)


@pytest.mark.parametrize("state", ["pending", "solved", "closed"])
@pytest.mark.parametrize("segmenter", [None, Careless()])
def test_an_automatic_reply_never_reopens(state, segmenter):
    parts = Parts(segmenter=segmenter) if segmenter else Parts()
    config = Configuration(agents=[AgentProfile("ana")])
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=parts)
    ticket = opened(one)
    for step in {"pending": [Pend], "solved": [Solve], "closed": [Solve, Close]}[state]:
        one.handle(step(ticket.id, ANA), AT)
    received = say(one, "I am away", at=AT + MINUTE, headers=AWAY)
    after = one.ticket(ticket.id)
    assert (after.state, after.waiting_since, after.last_message_at) == (state, None, AT)
    assert received.ticket.id == ticket.id
    assert received.disposition is (Disposition.KEPT if state == "closed" else Disposition.CONTINUED)
    check_laws(one)


def test_an_automatic_reply_keeps_nothing_from_being_solved_by_silence():
    one = ruled(solve_after=DAY)
    ticket = opened(one)
    one.handle(Reply(ticket.id, ANA, "Which one?", then="pend"), AT)
    say(one, "I am away", at=AT + HOUR, headers=AWAY)
    (woken,) = one.tick(AT + DAY).woken
    assert (woken.refused, one.ticket(ticket.id).state) == (None, "solved")


def test_an_automatic_reply_means_nothing_to_a_clock():
    one = ruled()
    ticket = opened(one)
    one.handle(Pend(ticket.id, ANA), AT)
    before = one.ticket(ticket.id)
    received = say(one, "I am away", at=AT + HOUR, headers=AWAY)
    assert signals(before, received.events[0].event, received.ticket, [Signal.CUSTOMER_MESSAGE]) == set()


# The scenarios of the comparison with other helpdesks.


def test_s9_an_out_of_office_answer_to_a_closed_ticket():
    one = ruled()
    ticket = opened(one, sender="kim@example.org", channel="email", external_id="1")
    for step in (Solve, Close):
        one.handle(step(ticket.id, ANA), AT)
    received = mail(one, "I am away", AT + DAY, reply_to=["1"], headers=AWAY)
    assert (received.disposition, received.ticket.id) == (Disposition.KEPT, ticket.id)
    assert one.ticket(ticket.id).state == "closed"
    assert received.message is not None, "recorded"


def test_s10_thanks_and_after_six_days_a_question_with_a_window_of_five():
    one = ruled(ReopenRule("five days", within=5 * DAY), is_thanks=says_thanks)
    ticket = solved(one)
    assert say(one, "Thanks!", at=AT + HOUR).ticket.state == "solved"
    received = say(one, "It broke again", at=AT + 6 * DAY)
    assert received.disposition is Disposition.FOLLOW_UP
    assert (received.ticket.origin.follow_up_of, one.ticket(ticket.id).state) == (ticket.id, "solved")
    assert decided(received).reason is ReopenReason.LATE
    added = next(item.event for item in received.events if isinstance(item.event, MessageAdded))
    assert added.reopening == decided(received)


def test_s13_the_resolver_is_kept_when_a_rule_takes_the_ticket_away():
    one = ruled()
    ticket = solved(one)
    assert ticket.assignee == "ana"
    tidy = Unassign(ticket.id, Actor.rule("tidy"))
    with pytest.raises(Refused) as refused:
        one.handle(tidy, AT + HOUR)
    assert refused.value.reasons == (Reason("no_such_move", "assign from solved"),)
    say(one, at=AT + HOUR)
    one.handle(tidy, AT + HOUR)
    after = one.ticket(ticket.id)
    assert (after.assignee, after.solution) == ("bo", Solution(AT, "ana", (AT + HOUR,)))
    (event,) = [item.event for item in one.history(Ref(Kind.TICKET, ticket.id)) if _solves(item.event)]
    assert event.resolver == "ana"
    check_laws(one)


def _solves(event):
    return isinstance(event, StateChanged) and event.category is Category.SOLVED


@pytest.mark.parametrize(
    ("actor", "assignee", "resolver"),
    [(BO, "ana", "bo"), (Actor.bot("fixer"), "ana", "ana"), (Actor.bot("fixer"), None, None)],
)
def test_the_resolver_is_who_solved_it_or_else_who_had_it(actor, assignee, resolver):
    one = ruled()
    ticket = opened(one)
    if assignee is None:
        one.handle(SetTeams("ana", BO, []), AT)
        one.handle(SetTeams("bo", BO, []), AT)
    solved = one.handle(Solve(ticket.id, actor), AT)
    event = solved.events[0].event
    assert one.ticket(ticket.id).assignee == assignee
    assert (event.resolver, event.actor, solved.tickets[0].solution.resolver) == (resolver, actor, resolver)


def test_who_solves_by_silence_is_who_had_it():
    one = ruled(solve_after=DAY)
    ticket = opened(one)
    one.handle(Pend(ticket.id, ANA), AT)
    (woken,) = one.tick(AT + DAY).woken
    assert woken.handled.tickets[0].solution.resolver == "ana"


# What a rule can be.


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: ReopenRule(""), "ReopenRule.id"),
        (lambda: ReopenRule("r", channels="chat"), "ReopenRule.channels"),
        (lambda: ReopenRule("r", types=[""]), "ReopenRule.types[0]"),
        (lambda: ReopenRule("r", states=["a", "a"]), "ReopenRule.states[1]"),
        (lambda: ReopenRule("r", within=5), "ReopenRule.within"),
        (lambda: ReopenRule("r", within=timedelta(0)), "ReopenRule.within"),
        (lambda: ReopenRule("r", calendar="office"), "ReopenRule.calendar"),
        (lambda: ReopenRule("r", limit=0, period=DAY), "ReopenRule.limit"),
        (lambda: ReopenRule("r", limit=MAX_REOPENS + 1, period=DAY), "ReopenRule.limit"),
        (lambda: ReopenRule("r", limit=1), "ReopenRule.period"),
        (lambda: ReopenRule("r", period=DAY), "ReopenRule.limit"),
        (lambda: ReopenRule("r", limit=1, period=-DAY), "ReopenRule.period"),
        (lambda: ReopenRule("r", then="stay"), "ReopenRule.then"),
        (lambda: ReopenRule("r", then="maybe"), "ReopenRule.then"),
        (lambda: ReopenRule("r", otherwise="reopen"), "ReopenRule.otherwise"),
        (lambda: ReopenRule("r", otherwise="stay"), "ReopenRule.otherwise"),
        (lambda: Configuration(reopening=["r"]), "Configuration.reopening[0]"),
        (lambda: Configuration(reopening=[WEEK, WEEK]), "Configuration.reopening[1].id"),
        (lambda: Configuration(reopening=[ReopenRule("r", types=["x"])]), "Configuration.reopening[0].types[0]"),
        (lambda: Configuration(reopening=[ReopenRule("r", states=["x"])]), "Configuration.reopening[0].states[0]"),
        (lambda: Configuration(reopening=[ReopenRule("r", states=["open"])]), "Configuration.reopening[0].states[0]"),
        (
            lambda: Configuration(reopening=[ReopenRule("r", within=DAY, calendar="x")]),
            "Configuration.reopening[0].calendar",
        ),
    ],
)
def test_what_no_rule_can_be_is_refused_by_field(make, field):
    with pytest.raises(InvalidInput) as invalid:
        make()
    assert invalid.value.field == field


spans = st.timedeltas(timedelta(microseconds=1), timedelta(days=30))
rules = st.builds(
    ReopenRule,
    st.just("r"),
    within=st.none() | spans,
    then=st.sampled_from(["reopen", "follow_up", "new"]),
    otherwise=st.sampled_from(["follow_up", "new"]),
) | st.builds(ReopenRule, st.just("r"), within=st.none() | spans, limit=st.integers(1, 4), period=spans)
SOLVED = solved(desk("ana"))


@given(rules, st.lists(st.timedeltas(-timedelta(days=60), timedelta(0)), max_size=5), spans | st.just(timedelta(0)))
def test_a_rule_reopens_just_what_is_in_time_and_not_too_often(rule, before, after):
    at = AT + after
    reopened = tuple(sorted(AT + one for one in before))
    ticket = attrs.evolve(SOLVED, solution=attrs.evolve(SOLVED.solution, reopened=reopened))
    made = reopening(Configuration(reopening=[rule]), ticket, "chat", at)
    late = rule.within is not None and after > rule.within
    often = rule.limit is not None and len([one for one in reopened if one + rule.period >= at]) >= rule.limit
    assert made.outcome is (rule.otherwise if late or often else rule.then)
    reasons = {(False, False): "in_time", (True, False): "late", (True, True): "late", (False, True): "too_often"}
    assert made.reason == reasons[late, often]


def test_a_delivery_from_before_the_solution_is_in_time():
    config = Configuration(reopening=[WEEK])
    assert reopening(config, SOLVED, "chat", AT - DAY).reason is ReopenReason.IN_TIME


def test_what_answers_nothing_is_about_no_solved_ticket():
    one = ruled(WEEK)
    solved(one, sender="kim@example.org", channel="email", external_id="1")
    received = mail(one, at=AT + HOUR)
    assert (received.disposition, decided(received)) == (Disposition.OPENED, None)
    assert one.receive(Inbound("chat", "shop", "new", "Hello"), AT).disposition is Disposition.OPENED


# In open time.

OFFICE = Calendar("office", BusinessCalendar("Europe/Berlin", [(day, "09:00", "17:00") for day in range(5)]))
FRIDAY = datetime(2026, 3, 6, 14, 30, tzinfo=UTC)
"""15:30 in Berlin."""


@pytest.mark.parametrize(
    ("at", "reason", "elapsed"),
    [
        ("2026-03-06T16:59+01:00", "in_time", timedelta(minutes=89)),
        ("2026-03-08T12:00+01:00", "in_time", timedelta(minutes=90)),
        ("2026-03-09T09:30+01:00", "in_time", 2 * HOUR),
        ("2026-03-09T09:30:00.000001+01:00", "late", 2 * HOUR + timedelta(microseconds=1)),
    ],
)
def test_a_window_in_the_open_time_of_a_calendar(at, reason, elapsed):
    one = ruled(ReopenRule("office", within=2 * HOUR, calendar="office"), calendars=[OFFICE])
    solved(one, FRIDAY)
    made = decided(say(one, at=datetime.fromisoformat(at)))
    assert (made.reason, made.elapsed) == (reason, elapsed)


def test_the_window_knows_that_clocks_go_forward():
    night = Calendar("night", BusinessCalendar("Europe/Berlin", [(5, "22:00", "06:00")]))
    one = ruled(ReopenRule("night", within=7 * HOUR, calendar="night"), calendars=[night])
    saturday = datetime.fromisoformat("2026-03-28T22:00+01:00")
    ticket = solved(one, saturday)
    made = reopening(one.configuration(), ticket, "chat", datetime.fromisoformat("2026-03-29T06:00+02:00"))
    assert (made.reason, made.elapsed) == (ReopenReason.IN_TIME, 7 * HOUR)


def test_a_configuration_with_calendars_and_rules_is_stored_and_read():
    config = Configuration(reopening=[ReopenRule("r", within=DAY, calendar="office")], calendars=[OFFICE])
    assert decode(Kind.CONFIGURATION, encode(config)) == config
    assert config.calendar("office") == OFFICE
    with pytest.raises(InvalidInput, match="did you mean 'office'"):
        config.calendar("offic")
    with pytest.raises(InvalidInput) as invalid:
        Configuration(calendars=[OFFICE, OFFICE])
    assert invalid.value.field == "Configuration.calendars[1].id"


# The link of a follow-up.


def test_a_follow_up_is_linked_on_both_sides_and_the_closed_ticket_is_otherwise_as_it_was():
    one = desk("ana")
    old = say(one, "It broke", channel="email", external_id="a").ticket
    one.handle(Solve(old.id, ANA), AT)
    one.handle(Close(old.id, ANA), AT)
    before = one.ticket(old.id)
    new = say(one, "Again", channel="email", external_id="b", reply_to=["a"]).ticket
    assert new.origin.follow_up_of == old.id
    assert (new.linked(Relation.FOLLOW_UP_OF), one.ticket(old.id).linked(Relation.FOLLOWED_BY)) == (
        (old.id,),
        (new.id,),
    )
    after = one.ticket(old.id)
    assert attrs.evolve(after, version=before.version, updated_at=before.updated_at, ties=None) == before
    third = say(one, "And again", channel="email", external_id="c", reply_to=["a"]).ticket
    assert one.ticket(old.id).linked(Relation.FOLLOWED_BY) == (new.id, third.id)
    one.handle(Unlink(new.id, ANA, "follow_up_of", old.id), AT)
    assert one.ticket(old.id).linked(Relation.FOLLOWED_BY) == (third.id,)
    with pytest.raises(Refused) as refused:
        one.handle(Link(old.id, ANA, "follow_up_of", third.id), AT)
    assert [reason.rule for reason in refused.value.reasons] == ["cycle"]
    check_laws(one)
    check_ties(one)


def test_a_ticket_with_as_many_links_as_can_be_is_followed_up_without_one(monkeypatch):
    monkeypatch.setattr(decide_tickets, "MAX_LINKS", 1)
    one = desk("ana")
    old = say(one, "It broke", channel="email", external_id="a").ticket
    one.handle(Solve(old.id, ANA), AT)
    one.handle(Close(old.id, ANA), AT)
    for id in "bc":
        new = say(one, "Again", channel="email", external_id=id, reply_to=["a"]).ticket
    assert (new.origin.follow_up_of, new.links) == (old.id, ())
    assert len(one.ticket(old.id).links) == 1
    check_ties(one)
