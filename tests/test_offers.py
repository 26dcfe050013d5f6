"""Offers through a desk: who is asked, what they say, what ends an offer, and what becomes of the ticket then."""

from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, BO, EVE, HOUR, MINUTE, agent, check_laws, desk, kinds, new_desk, opened, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import AgentProfile, Condition, Configuration, InvalidInput, Parts, Refused, RoutingRule
from ticketcore.calendar import BusinessCalendar
from ticketcore.commands import (
    AcceptOffer,
    Assign,
    Close,
    Configure,
    DeclineOffer,
    Merge,
    Pend,
    Remind,
    SetCapacity,
    SetPresence,
    SetSkills,
    SetTeams,
    Solve,
    Transfer,
    Unassign,
)
from ticketcore.engine import FairShare, LeastHandled, RoundRobin
from ticketcore.events import NoEligibleAgent, Offered, OfferEnded
from ticketcore.feeds import AcceptFact, DeclineFact, TicketNumber
from ticketcore.importing import Import
from ticketcore.model import (
    CREDIT,
    Actor,
    Calendar,
    Delay,
    Excluded,
    Exclusion,
    ExclusionCause,
    Exhausted,
    Filter,
    Kind,
    Misfit,
    OfferEnd,
    Offering,
    Presence,
    Queue,
    Ref,
    Shortfall,
    Team,
)
from ticketcore.stores import MemoryStore

TWO = timedelta(minutes=2)
SOON, LATER = AT + MINUTE, AT + TWO


def offering(*agents, within=TWO, exhausted="wait", misfit="rescind", queues=(), excluded_for=None, **config):
    """A desk whose queue offers, for two minutes unless told otherwise."""
    support = Queue("support", offering=Offering(within, ["busy"], exhausted, misfit, excluded_for))
    return desk(*agents, queues=[support, *queues], **config)


def offered_to(one, ticket):
    """Who was offered the ticket, as it and as the agents say."""
    offer = one.ticket(ticket.id).offer
    theirs = [id for id in ("ana", "bo", "zoe") if _has(one, id, ticket)]
    assert theirs == ([] if offer is None else [offer.agent])
    return None if offer is None else offer.agent


def _has(one, id, ticket):
    (value,) = one.store.load(one.tenant, [Ref(Kind.AGENT, id)])
    return value is not None and any(offer.ticket == ticket.id for offer in value.offers)


def ends(one, ticket):
    """What came of the offers of the ticket, in order."""
    events = [item.event for item in one.history(Ref(Kind.TICKET, ticket.id))]
    return [(event.agent, event.end) for event in events if isinstance(event, OfferEnded)]


def test_a_ticket_is_offered_and_is_the_agents_who_accepts():
    one = offering("ana")
    received = say(one)
    ticket = received.ticket
    assert (ticket.assignee, ticket.state, ticket.queued_since) == (None, "new", AT)
    assert (ticket.offer.agent, ticket.offer.due) == ("ana", LATER)
    assert [type(item.event).__name__ for item in received.events].count("Offered") == 1
    (after,) = one.handle(AcceptOffer(ticket.id, ANA), SOON).tickets
    assert (after.assignee, after.state, after.offer, after.alarms) == ("ana", "open", None, ())
    assert kinds(one, Ref(Kind.TICKET, ticket.id))[-4:] == ["Offered", "OfferEnded", "Assigned", "StateChanged"]
    assert kinds(one, Ref(Kind.AGENT, "ana"))[-3:] == ["WorkOffered", "WorkOfferEnded", "WorkTaken"]
    assert agent(one, "ana").memory.virtual_time == CREDIT
    assert not one.tick(AT + HOUR).woken, "nothing is left to expire"
    check_laws(one)


def test_who_declines_is_not_asked_again_and_the_ticket_keeps_its_age():
    one = offering("ana", "bo")
    ticket = opened(one)
    (after,) = one.handle(DeclineOffer(ticket.id, ANA, "busy"), SOON).tickets
    assert (offered_to(one, ticket), after.queued_since, after.offer.due) == ("bo", AT, SOON + TWO)
    assert after.excluded == (Exclusion("ana", ExclusionCause.DECLINED),)
    one.handle(SetPresence("ana", ANA, "away"), SOON)
    one.handle(SetPresence("ana", ANA, "available"), SOON)
    one.handle(DeclineOffer(ticket.id, BO), SOON)
    assert offered_to(one, ticket) is None
    one.handle(SetCapacity("ana", EVE, 9), SOON)
    assert offered_to(one, ticket) is None
    check_laws(one)


def test_who_does_not_answer_is_not_asked_again_either():
    one = offering("ana", "bo")
    ticket = opened(one)
    assert not one.tick(LATER - timedelta(microseconds=1)).woken
    one.tick(LATER)
    assert offered_to(one, ticket) == "bo"
    assert one.ticket(ticket.id).excluded == (Exclusion("ana", ExclusionCause.EXPIRED),)
    one.tick(LATER + TWO)
    assert (offered_to(one, ticket), ends(one, ticket)) == (None, [("ana", "expired"), ("bo", "expired")])
    check_laws(one)


@pytest.mark.parametrize("answer", [AcceptOffer, DeclineOffer])
def test_only_who_was_asked_answers_and_only_in_time(answer):
    one = offering("ana", "bo")
    ticket = opened(one)
    for at, actor, rule in [
        (SOON, BO, "not_offered"),
        (SOON, Actor.bot("ana"), "not_offered"),
        (LATER, ANA, "offer_over"),
    ]:
        with pytest.raises(Refused) as refused:
            one.handle(answer(ticket.id, actor), at)
        assert [reason.rule for reason in refused.value.reasons] == [rule]
    one.handle(AcceptOffer(ticket.id, ANA), LATER - timedelta(microseconds=1))
    with pytest.raises(Refused, match="not_offered"):
        one.handle(answer(ticket.id, ANA), LATER)
    assert (one.ticket(ticket.id).assignee, agent(one, "ana").open) == ("ana", 1)


def test_a_reason_is_one_that_the_queue_knows():
    one = offering("ana", "bo")
    ticket = opened(one)
    with pytest.raises(InvalidInput, match=r"DeclineOffer\.reason.*'lazy'"):
        one.handle(DeclineOffer(ticket.id, ANA, "lazy"), SOON)
    one.handle(DeclineOffer(ticket.id, ANA, "busy"), SOON)
    (ended,) = [item.event for item in one.history(Ref(Kind.TICKET, ticket.id)) if isinstance(item.event, OfferEnded)]
    assert (ended.agent, ended.end, ended.reason) == ("ana", OfferEnd.DECLINED, "busy")


def test_an_open_offer_fills_a_slot_and_a_ticket_has_one_at_a_time():
    one = offering(AgentProfile("ana", capacity=2))
    first, second, third = (opened(one, sender=name) for name in ("kim", "lee", "max"))
    assert [offered_to(one, ticket) for ticket in (first, second, third)] == ["ana", "ana", None]
    say(one, "Hello?", at=SOON)
    assert agent(one, "ana").held == 2
    with pytest.raises(Refused, match="capacity"):
        one.handle(Assign(third.id, EVE, "ana"), SOON)
    one.handle(AcceptOffer(first.id, ANA), SOON)
    assert (agent(one, "ana").open, agent(one, "ana").held) == (1, 2)
    one.handle(DeclineOffer(second.id, ANA), SOON)
    assert offered_to(one, third) == "ana", "whose slot is free again"
    check_laws(one)


def test_no_credit_is_left_of_what_was_not_accepted():
    one = offering("ana", "bo", "zoe")
    declined = opened(one)
    before = agent(one, "ana").memory
    one.handle(DeclineOffer(declined.id, ANA), SOON)
    assert (agent(one, "ana").memory, before.assigned) == (before, 0)
    one.handle(SetPresence("bo", BO, "away"), SOON)
    expiring = opened(one, sender="lee", at=SOON)
    assert offered_to(one, expiring) == "ana", "who is next, as if she had not been asked"
    one.tick(SOON + TWO)
    assert agent(one, "ana").memory == before


def test_who_thinks_an_offer_over_is_not_next_for_all_that_comes():
    one = offering("ana", "bo", "zoe")
    given = [offered_to(one, opened(one, sender=f"c{i}", at=AT + i * timedelta(seconds=1))) for i in range(6)]
    assert given == 2 * ["ana", "bo", "zoe"]


@pytest.mark.parametrize("policy", [FairShare(), LeastHandled(), RoundRobin()])
def test_an_open_offer_counts_for_who_is_next(policy):
    queues = [Queue("support", offering=Offering(TWO))]
    config = Configuration(agents=[AgentProfile("ana", capacity=9), AgentProfile("bo", capacity=9)], queues=queues)
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(policy=policy))
    given = [opened(one, sender=f"c{i}", at=AT + i * timedelta(seconds=1)).offer.agent for i in range(6)]
    assert sorted(given) == 3 * ["ana"] + 3 * ["bo"]
    check_laws(one)


def test_a_customer_sees_nothing_of_offers():
    one, other = offering("ana", "bo"), desk(AgentProfile("ana", capacity=0))
    ticket, waiting = opened(one), opened(other)
    seen = other.customer_view(waiting.id)
    assert one.customer_view(ticket.id) == seen
    one.handle(DeclineOffer(ticket.id, ANA, "busy"), SOON)
    one.tick(AT + HOUR)
    assert one.customer_view(ticket.id) == seen


def test_a_feed_tells_what_agents_said_and_in_history_who_accepted_has_it():
    about = TicketNumber(1)
    declined = DeclineFact("", None, SOON, about, "ana", "busy")
    accepted = AcceptFact("", None, SOON, about, "bo")
    live, past = offering("ana", "bo"), offering("ana", "bo")
    opened(live)
    opened(past.without_effects())
    for one, history in ((live, False), (past, True)):
        imported = Import(one, history=history)
        imported.take(declined)
        imported.take(accepted)
        assert not imported.summary.rejected
        assert one.tickets(number=1).tickets[0].assignee == "bo"
        check_laws(one)


def test_what_is_taken_up_again_goes_to_who_had_it_before_and_costs_nothing():
    one = offering(AgentProfile("ana", capacity=1), "bo")
    ticket = opened(one)
    one.handle(AcceptOffer(ticket.id, ANA), SOON)
    one.handle(Pend(ticket.id, ANA), SOON)
    one.handle(AcceptOffer(opened(one, sender="lee", at=SOON).id, BO), SOON)
    one.handle(SetPresence("ana", ANA, "away"), SOON)
    one.handle(SetPresence("bo", BO, "away"), SOON)
    say(one, "Hello?", at=LATER)
    one.handle(SetPresence("ana", ANA, "available"), LATER)
    assert offered_to(one, ticket) == "ana"
    one.handle(AcceptOffer(ticket.id, ANA), LATER)
    assert agent(one, "ana").memory.virtual_time == CREDIT, "of the first time"
    check_laws(one)


@pytest.mark.parametrize("presence", list(Presence))
def test_who_goes_away_is_asked_no_more_and_who_drains_may_still_accept(presence):
    one = offering("ana", "bo")
    ticket = opened(one)
    handled = one.handle(SetPresence("ana", ANA, presence), SOON)
    if presence in (Presence.AWAY, Presence.OFFLINE):
        assert [after.offer.agent for after in handled.tickets] == ["bo"], "in the same turn"
        assert one.ticket(ticket.id).excluded == (), "nobody declined"
        with pytest.raises(Refused, match="not_offered"):
            one.handle(AcceptOffer(ticket.id, ANA), SOON)
    else:
        one.handle(AcceptOffer(ticket.id, ANA), SOON)
        assert one.ticket(ticket.id).assignee == "ana"
    check_laws(one)


GOLD = RoutingRule("gold", Condition(keywords=["gold"]), skills={"gold": 2})


@pytest.mark.parametrize(
    "edit",
    [
        SetSkills("ana", EVE, {"gold": 1}),
        SetTeams("ana", EVE, []),
        SetCapacity("ana", EVE, 0),
        SetPresence("ana", EVE, "offline"),
    ],
)
@pytest.mark.parametrize("misfit", list(Misfit))
def test_an_edit_that_makes_an_offer_unfit_takes_it_back_in_its_own_turn(edit, misfit):
    agents = [AgentProfile(name, skills={"gold": 2}) for name in ("ana", "bo")]
    one = offering(*agents, rules=[GOLD], misfit=misfit)
    ticket = opened(one, "Gold!")
    handled = one.handle(edit, SOON)
    if misfit is Misfit.KEEP:
        assert (handled.tickets, offered_to(one, ticket)) == ((), "ana")
        return
    assert [(after.offer.agent, after.excluded) for after in handled.tickets] == [("bo", ())]
    assert ends(one, ticket) == [("ana", OfferEnd.RESCINDED)]
    check_laws(one)


def test_an_edit_that_does_not_concern_an_offer_leaves_it():
    one = offering(AgentProfile("ana", skills={"gold": 3}), rules=[GOLD], skills=["gold"])
    ticket = opened(one, "Gold!")
    for edit in (SetSkills("ana", EVE, {"gold": 2}), SetCapacity("ana", EVE, 1), SetTeams("ana", EVE, ["support"])):
        assert one.handle(edit, SOON).tickets == ()
    assert offered_to(one, ticket) == "ana"


def test_of_too_many_offers_the_newest_is_taken_back():
    one = offering(AgentProfile("ana", capacity=3))
    first, second, third = (opened(one, sender=name) for name in ("kim", "lee", "max"))
    one.handle(SetCapacity("ana", EVE, 2), SOON)
    assert [offered_to(one, ticket) for ticket in (first, second, third)] == ["ana", "ana", None]
    check_laws(one)


def test_another_configuration_takes_back_what_no_longer_fits():
    one = offering("ana", AgentProfile("bo", teams=["sales"]), teams=[Team("support"), Team("sales")])
    ticket = opened(one)
    queue = attrs.evolve(one.configuration().queues[0], team="sales")
    one.handle(Configure(attrs.evolve(one.configuration(), queues=[queue]), EVE), SOON)
    assert offered_to(one, ticket) == "bo"
    check_laws(one)


def test_a_queue_that_no_longer_offers_keeps_what_it_offered():
    one = offering("ana", "bo")
    ticket = opened(one)
    one.handle(Configure(attrs.evolve(one.configuration(), queues=[Queue("support")]), EVE), SOON)
    assert offered_to(one, ticket) == "ana"
    with pytest.raises(InvalidInput, match=r"DeclineOffer\.reason"):
        one.handle(DeclineOffer(ticket.id, ANA, "busy"), SOON)
    one.handle(DeclineOffer(ticket.id, ANA), SOON)
    assert one.ticket(ticket.id).assignee == "bo", "at once, as the queue now does"
    check_laws(one)


BOT = Actor.bot("robot")


@pytest.mark.parametrize(
    ("ending", "end"),
    [
        (lambda one, other: Solve(one, BOT), OfferEnd.RESCINDED),
        (lambda one, other: Pend(one, EVE), OfferEnd.RESCINDED),
        (lambda one, other: Close(one, EVE), OfferEnd.RESCINDED),
        (lambda one, other: Merge(one, EVE, other, shared=True), OfferEnd.RESCINDED),
        (lambda one, other: Transfer(one, EVE, "sales"), OfferEnd.RESCINDED),
        (lambda one, other: Assign(one, EVE, "bo"), OfferEnd.RESCINDED),
        (lambda one, other: Assign(one, EVE, "ana"), OfferEnd.RESCINDED),
        (lambda one, other: Assign(one, ANA, "ana"), OfferEnd.ACCEPTED),
    ],
)
def test_what_no_longer_waits_is_offered_no_more(ending, end):
    queues = [Queue("sales", offering=Offering(TWO))]
    one = offering(AgentProfile("ana", capacity=2), AgentProfile("bo", presence="away"), queues=queues)
    other, ticket = opened(one), opened(one, sender="kim", channel="email", external_id="m1")
    assert offered_to(one, ticket) == "ana"
    one.handle(ending(ticket.id, other.id), SOON)
    assert ends(one, ticket)[:1] == [("ana", end)]
    after = one.ticket(ticket.id)
    assert (after.offer is None) is (after.queue == "support")
    assert agent(one, "ana").open == (after.assignee == "ana")
    one.tick(AT + HOUR)
    check_laws(one)


def shortfalls(one, ticket):
    """Why nobody got the ticket, and who was forgiven, each time."""
    events = [item.event for item in one.history(Ref(Kind.TICKET, ticket.id))]
    return [(event.reason, event.forgiven) for event in events if isinstance(event, NoEligibleAgent)]


def test_what_everybody_declined_waits_and_says_so():
    one = offering("ana", "bo", AgentProfile("zoe", presence="away"))
    ticket = opened(one)
    one.handle(DeclineOffer(ticket.id, ANA), SOON)
    handled = one.handle(DeclineOffer(ticket.id, BO), SOON)
    assert {item.filter: item.agents for item in handled.decisions[-1].excluded} == {
        Filter.EXCLUDED: 2,
        Filter.PRESENCE: 1,
    }
    assert shortfalls(one, ticket) == [(Shortfall.ALL_DECLINED, ())]
    one.handle(SetPresence("zoe", Actor.agent("zoe"), "available"), LATER)
    assert offered_to(one, ticket) == "zoe", "who has not been asked"


def test_what_everybody_declined_is_asked_again_where_the_queue_says_so():
    one = offering("ana", "bo", exhausted=Exhausted.ASK_AGAIN)
    ticket = opened(one)
    one.handle(DeclineOffer(ticket.id, ANA), SOON)
    one.tick(SOON + TWO)
    assert offered_to(one, ticket) == "ana"
    assert one.ticket(ticket.id).excluded == ()
    assert shortfalls(one, ticket) == [(Shortfall.ALL_DECLINED, ("ana", "bo"))]
    check_laws(one)


def tick_all(one, at):
    while one.tick(at).woken:
        pass


@given(
    st.lists(st.tuples(st.sampled_from(["decline", "wait", "away"]), st.integers(1, 9)), min_size=1, max_size=12),
    st.integers(1, 20),
)
def test_whoever_did_not_take_a_ticket_is_asked_again_after_the_time_and_not_before(steps, minutes):
    """By what the history says each was asked and answered, and by who could have been asked when nobody was."""
    one = offering("ana", "bo", excluded_for=minutes * MINUTE)
    ticket, now, kept = opened(one), 0, {}
    for step, passing in steps:
        for minute in range(passing):
            offer = one.ticket(ticket.id).offer
            assert {id for id, until in kept.items() if until > now} == set(one.ticket(ticket.id).kept_from)
            assert offer is not None or len([id for id, until in kept.items() if until > now]) == 2
            assert offer is None or kept.get(offer.agent, 0) <= now
            at = AT + now * MINUTE
            if minute == 0 and step == "away":
                one.handle(SetPresence("ana", ANA, "away"), at)
                one.handle(SetPresence("ana", ANA, "available"), at)
            elif minute == 0 and step == "decline" and offer is not None:
                one.handle(DeclineOffer(ticket.id, Actor.agent(offer.agent)), at)
                kept[offer.agent] = now + minutes
            now += 1
            tick_all(one, AT + now * MINUTE)
            for event in (item.event for item in one.history(Ref(Kind.TICKET, ticket.id))):
                if isinstance(event, OfferEnded) and event.end is OfferEnd.EXPIRED and event.at == AT + now * MINUTE:
                    kept[event.agent] = now + minutes
    check_laws(one)


def test_when_all_have_declined_the_first_whose_time_is_over_is_asked_again():
    one = offering("ana", "bo", excluded_for=HOUR)
    ticket = opened(one)
    one.handle(DeclineOffer(ticket.id, ANA), SOON)
    one.handle(DeclineOffer(ticket.id, BO), LATER)
    assert shortfalls(one, ticket) == [(Shortfall.ALL_DECLINED, ())]
    tick_all(one, SOON + HOUR - timedelta(microseconds=1))
    assert offered_to(one, ticket) is None
    tick_all(one, SOON + HOUR)
    assert offered_to(one, ticket) == "ana"
    assert one.ticket(ticket.id).excluded == (Exclusion("bo", ExclusionCause.DECLINED),)
    one.handle(AcceptOffer(ticket.id, ANA), SOON + HOUR)
    tick_all(one, LATER + HOUR)
    (after,) = (one.ticket(ticket.id),)
    assert (after.assignee, after.excluded, after.alarms, after.queued_since) == ("ana", (), (), None)
    assert kinds(one, Ref(Kind.TICKET, ticket.id)).count("ExclusionEnded") == 2
    check_laws(one)


def test_what_was_solved_or_asked_of_all_again_waits_for_no_end_of_an_exclusion():
    one = offering("ana", excluded_for=HOUR)
    ticket = opened(one)
    one.handle(DeclineOffer(ticket.id, ANA), SOON)
    assert one.ticket(ticket.id).alarms != ()
    one.handle(Solve(ticket.id, BOT), SOON)
    assert (one.ticket(ticket.id).excluded, one.ticket(ticket.id).alarms) == ((), ())
    again = offering("ana", excluded_for=HOUR, exhausted="ask_again")
    ticket = opened(again)
    again.handle(DeclineOffer(ticket.id, ANA), SOON)
    assert (offered_to(again, ticket), [one.kind for one in again.ticket(ticket.id).alarms]) == ("ana", ["offer"])
    tick_all(again, LATER + HOUR)
    assert kinds(again, Ref(Kind.TICKET, ticket.id)).count("ExclusionEnded") == 0


def test_who_had_it_taken_from_them_is_not_forgiven_by_time_either():
    one = offering("ana", "bo", excluded_for=HOUR)
    ticket = opened(one)
    one.handle(DeclineOffer(ticket.id, ANA), SOON)
    one.handle(Assign(ticket.id, EVE, "ana"), SOON)
    one.handle(Unassign(ticket.id, EVE), SOON)
    one.handle(DeclineOffer(ticket.id, BO), SOON)
    tick_all(one, SOON + HOUR)
    assert one.ticket(ticket.id).excluded == (Exclusion("ana", ExclusionCause.TAKEN),)
    assert offered_to(one, ticket) == "bo"


def test_reminders_are_not_fewer_for_those_who_declined():
    agents = [f"a{number}" for number in range(21)]
    one = offering(*agents, excluded_for=HOUR)
    ticket = opened(one)
    for _ in agents:
        one.handle(DeclineOffer(ticket.id, Actor.agent(one.ticket(ticket.id).offer.agent)), SOON)
    one.handle(Remind(ticket.id, EVE, LATER), SOON)
    assert len(one.ticket(ticket.id).alarms) == 22


def test_who_is_asked_again_keeps_their_own_reminder():
    one = offering("ana", "bo", excluded_for=HOUR)
    ticket = opened(one)
    one.handle(Remind(ticket.id, EVE, AT + 3 * HOUR, "ana"), AT)
    one.handle(DeclineOffer(ticket.id, ANA), SOON)
    one.handle(AcceptOffer(ticket.id, BO), SOON)
    tick_all(one, SOON + HOUR)
    assert [(alarm.kind, alarm.agent) for alarm in one.ticket(ticket.id).alarms] == [("remind", "ana")]


def test_a_reminder_that_is_due_then_forgives_nobody():
    one = offering("ana", "bo", excluded_for=HOUR)
    ticket = opened(one)
    one.handle(DeclineOffer(ticket.id, ANA), SOON)
    one.handle(DeclineOffer(ticket.id, BO), LATER)
    one.handle(Remind(ticket.id, EVE, SOON + HOUR, "bo"), LATER)
    tick_all(one, SOON + HOUR)
    assert one.ticket(ticket.id).excluded == (Exclusion("bo", ExclusionCause.DECLINED),)


def test_who_had_it_taken_from_them_is_not_forgiven():
    one = offering("ana", "bo", exhausted="ask_again")
    ticket = opened(one)
    one.handle(AcceptOffer(ticket.id, ANA), SOON)
    one.handle(Unassign(ticket.id, EVE), SOON)
    one.handle(DeclineOffer(ticket.id, BO), SOON)
    assert offered_to(one, ticket) == "bo"
    assert one.ticket(ticket.id).excluded == (Exclusion("ana", ExclusionCause.TAKEN),)


def test_who_is_busy_has_not_declined():
    one = offering("ana", AgentProfile("bo", capacity=0), exhausted="ask_again")
    ticket = opened(one)
    one.handle(DeclineOffer(ticket.id, ANA), SOON)
    assert shortfalls(one, ticket) == [(Shortfall.NO_ELIGIBLE_AGENT, ())]
    one.handle(SetCapacity("bo", EVE, 1), SOON)
    assert offered_to(one, ticket) == "bo"


def test_what_nobody_could_ever_take_says_so():
    one = offering("ana", rules=[GOLD], skills=["gold"])
    ticket = opened(one, "Gold!")
    assert shortfalls(one, ticket) == [(Shortfall.NO_ELIGIBLE_AGENT, ())]
    assert kinds(one, Ref(Kind.TICKET, ticket.id))[-2:] == ["NoEligibleAgent", "RoutingFailed"]


def test_who_declined_is_asked_again_when_it_was_solved_and_comes_back():
    one = offering("ana")
    ticket = opened(one)
    one.handle(DeclineOffer(ticket.id, ANA), SOON)
    one.handle(Solve(ticket.id, BOT), SOON)
    say(one, "Again!", at=LATER)
    assert offered_to(one, ticket) == "ana"
    check_laws(one)


def test_the_time_to_answer_counts_in_the_hours_of_its_calendar():
    office = Calendar("office", BusinessCalendar("UTC", [(day, "09:00", "17:00") for day in range(5)]))
    one = offering("ana", within=Delay(2 * HOUR, "office"), calendars=[office])
    assert opened(one, at=AT + 7 * HOUR).offer.due == AT + 25 * HOUR
    with pytest.raises(InvalidInput, match=r"Configuration.queues\[0\].offering"):
        Configuration(queues=[Queue("support", offering=Offering(Delay(HOUR, "moon")))])


def test_what_would_be_open_for_ever_is_not_offered():
    one = offering("ana", within=timedelta(days=9999 * 366))
    ticket = opened(one)
    assert offered_to(one, ticket) is None
    (event,) = [
        item.event for item in one.history(Ref(Kind.TICKET, ticket.id)) if isinstance(item.event, NoEligibleAgent)
    ]
    assert event.placement.excluded == (Excluded(Filter.GUARD, 1),)


def test_an_offer_says_why_them():
    one = offering("ana", "bo")
    ticket = opened(one)
    (event,) = [item.event for item in one.history(Ref(Kind.TICKET, ticket.id)) if isinstance(item.event, Offered)]
    assert (event.placement.agent, event.placement.runner_up, event.placement.credit) == ("ana", "bo", CREDIT)
    assert not hasattr(event, "words")


def test_two_desks_see_each_others_offers():
    store = MemoryStore()
    config = Configuration(
        agents=[AgentProfile("ana", capacity=1)],
        queues=[Queue("support", offering=Offering(TWO))],
    )
    one, other = (new_desk(store, tenant="acme", config=config) for _ in range(2))
    first, second = opened(one), opened(other, sender="lee")
    assert (offered_to(one, first), offered_to(one, second)) == ("ana", None)
    other.handle(DeclineOffer(first.id, ANA), SOON)
    assert offered_to(one, second) == "ana"
    check_laws(one)
