"""Time: what is due is done once, by whoever ticks, and what changed meanwhile is not done."""

from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, DAY, EVE, HOUR, MINUTE, Between, agent, check_laws, desk, new_desk, opened, say

from ticketcore import Actor, AgentProfile, Configuration, Conflict, InvalidInput, Parts, StoreFailure
from ticketcore.calendar import BusinessCalendar
from ticketcore.commands import Assign, Configure, Hold, Note, Pend, Reply, Resume, Solve, Unassign
from ticketcore.errors import StoreFault
from ticketcore.lifecycle import SOLVE_AFTER_SILENCE
from ticketcore.model import REQUEST, Attribute, Calendar, Category, Kind, Ref, State, TicketType, Transition
from ticketcore.ports import Commit, Query, Timer
from ticketcore.segmentation import ReplyOrGap
from ticketcore.stores import MemoryStore
from ticketcore.turns import rearming
from ticketcore.turns.placing import ROUTE

pytestmark = pytest.mark.usefixtures("every_driver")


def pending(one, **said):
    ticket = opened(one, **said)
    one.handle(Reply(ticket.id, ANA, "Which one?", then="pend"), AT)
    return one.ticket(ticket.id)


def test_silence_solves():
    one = desk("ana", solve_after=DAY)
    ticket = pending(one)
    assert one.tick(AT + DAY - MINUTE).woken == ()
    (woken,) = one.tick(AT + DAY).woken
    assert (woken.timer, woken.subject, woken.refused, woken.lost) == (
        SOLVE_AFTER_SILENCE,
        Ref(Kind.TICKET, ticket.id),
        None,
        False,
    )
    (solved,) = woken.handled.tickets
    assert (solved.state, solved.assignee) == ("solved", "ana")
    assert woken.handled.events[0].event.actor == Actor.timer(SOLVE_AFTER_SILENCE)
    assert one.tick(AT + 9 * DAY).woken == (), "once"
    check_laws(one)


@pytest.mark.parametrize("what", ["message", "resume", "solve"])
def test_what_ends_the_silence_ends_the_timer(what):
    one = desk("ana", solve_after=DAY)
    ticket = pending(one)
    if what == "message":
        say(one, at=AT + HOUR)
    else:
        one.handle({"resume": Resume, "solve": Solve}[what](ticket.id, ANA), AT + HOUR)
    assert one.tick(AT + 9 * DAY).woken == ()


def test_another_word_from_us_begins_the_silence_anew():
    one = desk("ana", solve_after=DAY)
    ticket = pending(one)
    one.handle(Reply(ticket.id, ANA, "Are you there?"), AT + HOUR)
    assert one.tick(AT + DAY).woken == ()
    assert len(one.tick(AT + DAY + HOUR).woken) == 1


def test_what_nobody_has_is_not_solved_by_silence_until_somebody_does():
    one = desk(AgentProfile("ana", capacity=0), solve_after=DAY)
    ticket = opened(one)
    one.handle(Pend(ticket.id, EVE), AT)
    assert one.tick(AT + 9 * DAY).woken == ()
    one.handle(Assign(ticket.id, EVE, "ana"), AT + DAY)
    assert len(one.tick(AT + 9 * DAY).woken) == 1
    check_laws(one)


def test_never_is_never():
    one = desk("ana", solve_after=None)
    pending(one)
    assert one.tick(AT + 999 * DAY).woken == ()


def test_a_longer_patience_is_waited_out():
    one = desk("ana", solve_after=DAY)
    ticket = pending(one)
    one.handle(Configure(attrs.evolve(one.configuration(), solve_after=3 * DAY), EVE), AT)
    assert one.tick(AT + 3 * DAY - MINUTE).woken == ()
    (woken,) = one.tick(AT + 3 * DAY).woken
    assert woken.handled.tickets[0].state == one.ticket(ticket.id).state == "solved"


def test_a_patience_that_is_new_or_shorter_is_that_of_all_who_wait_already():
    one = desk("ana", solve_after=None)
    tickets = [pending(one, sender=who) for who in ("kim", "lee")]
    assert one.tick(AT + DAY).woken == ()
    one.handle(Configure(attrs.evolve(one.configuration(), solve_after=2 * DAY), EVE), AT + DAY)
    one.handle(Configure(attrs.evolve(one.configuration(), solve_after=DAY, close_after=DAY), EVE), AT + DAY)
    assert len(one.tick(AT + DAY).woken) == 2
    assert [one.ticket(ticket.id).state for ticket in tickets] == ["solved", "solved"]
    one.handle(Configure(attrs.evolve(one.configuration(), close_after=None), EVE), AT + DAY)
    assert one.tick(AT + 9 * DAY).woken == ()


def test_what_silence_could_not_solve_for_a_lack_it_solves_when_nobody_demands_it_any_more():
    demanding = TicketType("request", attributes=[Attribute("size", "integer", required=["solve"])])
    one = desk("ana", solve_after=DAY, types=[demanding])
    ticket = pending(one)
    (woken,) = one.tick(AT + DAY).woken
    assert [reason.rule for reason in woken.refused.reasons] == ["attribute_required"]
    assert one.tick(AT + 2 * DAY).woken == ()
    one.handle(Configure(attrs.evolve(one.configuration(), types=[TicketType("request")]), EVE), AT + 3 * DAY)
    one.tick(AT + 3 * DAY)
    assert one.ticket(ticket.id).state == "solved"


def test_the_timers_of_many_are_set_anew_in_bounded_commits(monkeypatch):
    monkeypatch.setattr(rearming, "PORTION", 2)
    one = desk(AgentProfile("ana", capacity=9), solve_after=None)
    tickets = [pending(one, sender=f"s{i}") for i in range(5)]
    moved = pending(one, sender="moved")
    one.handle(Configure(attrs.evolve(one.configuration(), solve_after=DAY), EVE), AT)
    one.handle(Solve(moved.id, ANA), AT)
    woken = []
    for _ in range(3):
        woken += [item.timer for item in one.tick(AT, limit=1).woken]
    assert woken == ["rearm", "rearm"]
    assert {item.timer for item in one.tick(AT + DAY).woken} == {"solve_after_silence"}
    assert {one.ticket(ticket.id).state for ticket in tickets} == {"solved"}


def test_what_moves_tickets_and_their_timers_is_one_commit():
    """What a change of the workflow moves has the timers of where it is then."""
    one = desk("ana", solve_after=DAY)
    ticket = pending(one)
    one.handle(Configure(attrs.evolve(one.configuration(), solve_after=2 * DAY, close_after=DAY), EVE), AT)
    one.handle(Reply(ticket.id, ANA, "Done", then="solve"), AT)
    one.tick(AT + DAY)
    assert one.ticket(ticket.id).state == "closed"


def test_a_timer_of_what_is_no_longer_so_does_nothing():
    one = desk("ana", solve_after=DAY)
    ticket = opened(one)
    one.store.commit(Commit("acme", timers=(Timer(SOLVE_AFTER_SILENCE, Ref(Kind.TICKET, ticket.id), AT),)))
    one.store.commit(Commit("acme", timers=(Timer(SOLVE_AFTER_SILENCE, Ref(Kind.TICKET, "gone"), AT),)))
    woken = one.tick(AT + DAY).woken
    assert len(woken) == 2
    assert not [item for item in woken if item.handled.tickets or item.refused or item.lost]
    assert one.tick(AT + 2 * DAY).woken == ()


def test_many_timers_are_woken_in_portions_and_the_longest_due_first():
    one = desk(AgentProfile("ana", capacity=100), solve_after=DAY)
    tickets = [pending(one, sender=f"c{i}") for i in range(5)]
    ticked = one.tick(AT + DAY, limit=2)
    assert (len(ticked.woken), ticked.more) == (2, True)
    ticked = one.tick(AT + DAY, limit=10)
    assert (len(ticked.woken), ticked.more) == (3, False)
    assert {one.ticket(ticket.id).state for ticket in tickets} == {"solved"}


def test_two_who_tick_do_not_do_it_twice():
    one = desk("ana", solve_after=DAY)
    ticket = pending(one)
    (_,) = one.store.claim("acme", [SOLVE_AFTER_SILENCE], AT + DAY, AT + DAY + MINUTE, 10)
    assert one.tick(AT + DAY).woken == (), "somebody else has it"
    assert one.ticket(ticket.id).state == "pending"
    assert len(one.tick(AT + DAY + MINUTE).woken) == 1, "and died"
    assert one.ticket(ticket.id).state == "solved"


def test_a_reply_at_the_same_instant_wins_over_the_timer():
    store = Between()
    one = desk("ana", solve_after=HOUR, store=store)
    ticket = pending(one)
    store.then = lambda: say(one, "Here I am", at=AT + HOUR)
    (woken,) = one.tick(AT + HOUR).woken
    assert woken.lost
    assert (one.ticket(ticket.id).state, woken.handled.events) == ("open", ())
    assert len(store.find("acme", Query(Kind.MESSAGE, {"ticket": ticket.id})).values) == 3
    check_laws(one)


class AgentsContended(MemoryStore):
    """Every commit that would change an agent meets a conflict, while ``contended``."""

    contended = False
    refused = 0

    def commit(self, commit):
        changed = [record for record in commit.records if record.kind is Kind.AGENT and record.expected]
        if self.contended and changed:
            self.refused += 1
            raise Conflict(((Kind.AGENT, changed[0].id),))
        return super().commit(commit)


def test_intake_never_waits_for_an_agent():
    segmented = []

    class Counting:
        def segment(self, message, at):
            segmented.append(message)
            return ReplyOrGap().segment(message, at)

    store = AgentsContended()
    config = Configuration(agents=[AgentProfile("ana")])
    one = new_desk(store, tenant="acme", config=config, parts=Parts(segmenter=Counting()))
    opened(one, sender="first")
    store.contended = True
    segmented.clear()
    received = say(one)
    assert (len(segmented), store.refused) == (1, 3), "segmented once, whoever stands in the way"
    assert (received.ticket.assignee, received.ticket.queued_since) == (None, AT)
    store.contended = False
    (woken,) = one.tick(AT).woken
    assert (woken.timer, woken.handled.tickets[0].assignee) == (ROUTE, "ana")
    check_laws(one)


def test_what_wakes_while_its_agent_is_contended_waits_for_the_next_tick():
    store = AgentsContended()
    one = desk("ana", "bo", store=store)
    ticket = pending(one)
    store.contended = True
    received = say(one, at=AT + HOUR)
    assert (received.ticket.assignee, received.ticket.previous, received.ticket.state) == (None, "ana", "open")
    store.contended = False
    (woken,) = one.tick(AT + HOUR).woken
    assert woken.handled.tickets[0].assignee == "ana", "back to who had it"
    assert agent(one, "ana").open == 1
    assert one.ticket(ticket.id).previous is None
    check_laws(one)


def test_a_command_does_not_fail_for_the_tickets_that_it_would_place():
    class Contended(MemoryStore):
        waiting = None

        def commit(self, commit):
            if self.waiting and any(record.id == self.waiting for record in commit.records):
                raise Conflict(((Kind.TICKET, self.waiting),))
            return super().commit(commit)

    store = Contended()
    one = desk(AgentProfile("ana", capacity=1), store=store)
    first, second = opened(one), opened(one, sender="lee")
    store.waiting = second.id
    handled = one.handle(Solve(first.id, ANA), AT)
    assert [item.state for item in handled.tickets] == ["solved"]
    assert one.ticket(second.id).assignee is None
    store.waiting = None
    (woken,) = one.tick(AT).woken
    assert (woken.timer, woken.subject) == (ROUTE, Ref(Kind.AGENT, "ana"))
    assert one.ticket(second.id).assignee == "ana"
    check_laws(one)


def test_a_transfer_under_contention_leaves_the_placing_to_a_tick():
    class Contended(MemoryStore):
        placing = False

        def commit(self, commit):
            if self.placing and any(type(item.event).__name__ == "Assigned" for item in commit.events):
                raise Conflict((("agent", "bo"),))
            return super().commit(commit)

    store = Contended()
    one = desk("ana", "bo", store=store)
    ticket = opened(one)
    store.placing = True
    one.handle(Unassign(ticket.id, ANA), AT)
    assert one.ticket(ticket.id).assignee is None
    store.placing = False
    assert {item.timer for item in one.tick(AT).woken} == {ROUTE}
    assert one.ticket(ticket.id).assignee == "bo"
    check_laws(one)


def test_a_routing_timer_of_what_is_placed_or_gone_does_nothing():
    one = desk("ana")
    ticket = opened(one)
    subjects = [Ref(Kind.TICKET, ticket.id), Ref(Kind.TICKET, "gone"), Ref(Kind.AGENT, "gone"), Ref(Kind.AGENT, "ana")]
    one.store.commit(Commit("acme", timers=tuple(Timer(ROUTE, subject, AT) for subject in subjects)))
    woken = one.tick(AT).woken
    assert len(woken) == 4
    assert not [item for item in woken if item.handled.events or item.lost]
    assert one.tick(AT + DAY).woken == ()


def test_a_waiting_ticket_that_still_finds_nobody_says_so():
    one = desk(AgentProfile("ana", capacity=0))
    ticket = opened(one)
    one.store.commit(Commit("acme", timers=(Timer(ROUTE, Ref(Kind.TICKET, ticket.id), AT),)))
    (woken,) = one.tick(AT).woken
    assert [type(item.event).__name__ for item in woken.handled.events] == ["NoEligibleAgent"]


@pytest.mark.parametrize(("arguments", "field"), [({"limit": 0}, "limit"), ({"lease": timedelta(-1)}, "lease")])
def test_a_tick_takes_a_limit_and_a_lease(arguments, field):
    with pytest.raises(InvalidInput) as invalid:
        desk("ana").tick(AT, **arguments)
    assert invalid.value.field == field


class Troubled(MemoryStore):
    """Records what is committed, and raises ``trouble`` instead, as often as it says."""

    trouble = None
    times = 0

    def __init__(self):
        super().__init__()
        self.commits = []

    def commit(self, commit):
        if self.times:
            self.times -= 1
            raise self.trouble
        self.commits.append(commit)
        return super().commit(commit)


def test_who_dies_with_a_timer_keeps_it_for_the_length_of_the_lease():
    store = Troubled()
    one = desk("ana", solve_after=HOUR, store=store)
    pending(one)
    store.trouble, store.times = StoreFailure("desk.db", StoreFault.FULL, "disk full"), 1
    with pytest.raises(StoreFailure):
        one.tick(AT + HOUR, lease=10 * MINUTE)
    assert one.tick(AT + HOUR + 9 * MINUTE).woken == ()
    assert [woken.lost for woken in one.tick(AT + HOUR + 10 * MINUTE).woken] == [False]


def test_a_timer_whose_ticket_was_changed_meanwhile_looks_again():
    store = Troubled()
    one = desk("ana", solve_after=HOUR, store=store)
    ticket = pending(one)
    store.trouble, store.times = Conflict(((Kind.TICKET, ticket.id),)), 3
    (woken,) = one.tick(AT + HOUR).woken
    assert (woken.lost, one.ticket(ticket.id).state, store.times) == (False, "solved", 0)


def test_a_timer_that_somebody_else_has_is_let_go_at_once():
    store = Troubled()
    one = desk("ana", solve_after=HOUR, store=store)
    ticket = pending(one)
    store.trouble, store.times = Conflict((("claim", SOLVE_AFTER_SILENCE, f"ticket:{ticket.id}"),)), 9
    (woken,) = one.tick(AT + HOUR).woken
    assert (woken.lost, store.times) == (True, 8)


def test_a_timer_is_set_only_when_its_instant_changes():
    store = Troubled()
    one = desk("ana", solve_after=HOUR, store=store)
    ticket = pending(one)
    (armed,) = store.commits[-1].timers
    assert (armed.kind, armed.due) == (SOLVE_AFTER_SILENCE, AT + HOUR)
    one.handle(Note(ticket.id, ANA, "Sleepy"), AT + MINUTE)
    assert store.commits[-1].timers == ()
    one.handle(Reply(ticket.id, ANA, "Well?"), AT + MINUTE)
    (armed,) = store.commits[-1].timers
    assert armed.due == AT + HOUR + MINUTE


def test_a_command_that_changes_nothing_is_no_commit():
    store = Troubled()
    one = desk("ana", store=store)
    ticket = opened(one)
    before = len(store.commits)
    assert one.handle(Assign(ticket.id, EVE, "ana"), AT).events == ()
    assert len(store.commits) == before


@pytest.mark.parametrize("times", [1, 10, 24])
def test_a_command_that_meets_conflicts_is_made_again(times):
    store = Troubled()
    one = desk("ana", store=store)
    ticket = opened(one)
    store.trouble, store.times = Conflict(((Kind.TICKET, ticket.id),)), times
    (after,) = one.handle(Solve(ticket.id, ANA), AT).tickets
    assert after.state == "solved"


def test_a_command_that_meets_nothing_but_conflicts_gives_up():
    store = Troubled()
    one = desk("ana", store=store)
    ticket = opened(one)
    store.trouble, store.times = Conflict(((Kind.TICKET, ticket.id),)), 1000
    with pytest.raises(Conflict):
        one.handle(Solve(ticket.id, ANA), AT)
    assert store.times == 1000 - 25
    store.times = 0
    assert one.ticket(ticket.id).state == "open"


# Another configuration, and the timers of tickets that rest.


@pytest.mark.parametrize(
    "change",
    [
        {"solve_after": 3 * DAY},
        {"close_after": DAY},
        {"after_calendar": "office"},
        {
            "calendars": [Calendar("office", BusinessCalendar("UTC", [(0, "09:00", "17:00")]))],
            "after_calendar": "office",
        },
        {"types": [TicketType("request", attributes=[Attribute("size")])]},
        {"workflows": [attrs.evolve(REQUEST, rules=REQUEST.rules[:-1])]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_their_timers_hang_on_sets_those_of_resting_tickets_anew(change):
    office = Calendar("office", BusinessCalendar("UTC", [(day, "09:00", "17:00") for day in range(7)]))
    one = desk("ana", solve_after=DAY, calendars=[office])
    ticket = pending(one)
    due = Timer(SOLVE_AFTER_SILENCE, Ref(Kind.TICKET, ticket.id), None)
    one.store.commit(Commit("acme", timers=(due,)))
    one.handle(Configure(attrs.evolve(one.configuration(), version=0, default_queue="support"), EVE), AT)
    assert one.tick(AT + 99 * DAY).woken == (), "nothing that they hang on was changed"
    one.handle(Configure(attrs.evolve(one.configuration(), **change), EVE), AT)
    assert [woken.timer for woken in one.tick(AT + 99 * DAY).woken][:1] == [SOLVE_AFTER_SILENCE]


def test_other_hours_under_the_same_name_are_those_of_resting_tickets():
    hours = {
        span: Calendar("office", BusinessCalendar("UTC", [(0, "09:00", end)]))
        for span, end in ((1, "10:00"), (8, "17:00"))
    }
    one = desk("ana", solve_after=2 * HOUR, calendars=[hours[1]], after_calendar="office")
    ticket = pending(one)
    one.handle(Configure(attrs.evolve(one.configuration(), calendars=[hours[8]]), EVE), AT)
    one.tick(AT + 2 * HOUR)
    assert one.ticket(ticket.id).state == "solved"


def test_a_ticket_that_moves_with_the_workflow_has_the_timers_of_where_it_is_then():
    hold = State("parts", Category.ON_HOLD)
    leads = [
        ("open", "hold", "parts"),
        ("parts", "reply", "open"),
        ("parts", "resume", "open"),
        ("parts", "solve", "solved"),
    ]
    ways = [Transition(*way) for way in leads]
    states = [attrs.evolve(state, is_default=True) for state in REQUEST.states]
    before = attrs.evolve(REQUEST, states=[*states, hold], transitions=[*REQUEST.transitions, *ways])
    after = attrs.evolve(before, states=[*states, attrs.evolve(hold, category=Category.PENDING)])
    one = desk("ana", solve_after=DAY, workflows=[before])
    ticket = opened(one)
    one.handle(Hold(ticket.id, ANA, "parts"), AT)
    one.handle(Configure(attrs.evolve(one.configuration(), workflows=[after]), EVE), AT)
    one.tick(AT + DAY)
    assert one.ticket(ticket.id).state == "solved"
