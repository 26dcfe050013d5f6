"""Wrapping up: who is done with a ticket has no room for another by it until they have written it up."""

import contextlib
from datetime import datetime, timedelta

import attrs
import pytest
from click.testing import CliRunner
from desks import ANA, AT, BO, DAY, EVE, HOUR, MINUTE, Between, agent, check_laws, desk, kinds, opened, say
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ticketcore import AgentProfile, InvalidInput, Refused
from ticketcore.assignment import exclusion
from ticketcore.calendar.days import day_began, microseconds
from ticketcore.cli.main import ticketcore
from ticketcore.commands import (
    Assign,
    Close,
    Configure,
    Delete,
    EndWrapUp,
    Merge,
    Pend,
    Reopen,
    Reply,
    Resume,
    SetCapacity,
    SetCapacityProfile,
    SetPresence,
    Solve,
    Split,
    Transfer,
    Unassign,
    Unsplit,
)
from ticketcore.events import StateChanged, WorkReleased, WorkTaken, WrapUpBegan, WrapUpEnded
from ticketcore.feeds import PresenceFact, ResolveFact, TicketNumber, WrappedUpFact
from ticketcore.importing import Import
from ticketcore.model import (
    ACTIVE,
    CapacityProfile,
    Channel,
    Excluded,
    Filter,
    Kind,
    Move,
    OfferEnd,
    Offering,
    Queue,
    Ref,
)
from ticketcore.ports import Query
from ticketcore.staffing import evolve_agent
from ticketcore.stores import SqliteStore
from ticketcore.turns.agent_timers import WRAP_UP

TWO = 2 * MINUTE
TICK = timedelta(microseconds=1)


def wrapping(*agents, channels=(), capacity=1, wrap_up=TWO, **config):
    """A desk of people with room for one, who wrap up for two minutes."""
    people = [AgentProfile(one, capacity=capacity) if isinstance(one, str) else one for one in agents or ("ana",)]
    queues = [Queue("support", wrap_up=wrap_up), Queue("other", "support")]
    return desk(*people, queues=queues, channels=channels, **config)


def assignee(one, ticket):
    return one.ticket(ticket.id).assignee


def wraps(one, id="ana"):
    return [item.ticket for item in agent(one, id).wrapping]


def solved(one, at=AT, **said):
    """A ticket that Ana is done with."""
    ticket = opened(one, at=at, **said)
    assert ticket.assignee == "ana"
    one.handle(Solve(ticket.id, ANA), at)
    return ticket


def test_the_next_ticket_comes_when_the_time_is_over_and_at_that_instant():
    one = wrapping()
    first = solved(one)
    waiting = opened(one, sender="lee")
    assert (waiting.assignee, wraps(one), agent(one, "ana").open, agent(one, "ana").held) == (None, [first.id], 0, 1)
    one.tick(AT + TWO - TICK)
    assert assignee(one, waiting) is None
    (woken,) = one.tick(AT + HOUR, punctual=True).woken
    assert (woken.timer, assignee(one, waiting), wraps(one)) == (WRAP_UP, "ana", [])
    last = agent(one, "ana").memory
    assert last.last_assigned == last.last_released == microseconds(AT + TWO), "idle since then"
    check_laws(one)


def test_meanwhile_work_goes_to_whoever_has_room_and_the_record_says_why():
    one = wrapping("ana", "bo")
    first = opened(one)
    one.handle(Assign(first.id, EVE, "ana"), AT)
    one.handle(Solve(first.id, ANA), AT)
    received = [say(one, sender=sender) for sender in ("lee", "max")]
    assert [each.ticket.assignee for each in received] == ["bo", None]
    placements = [each.decisions[-1] for each in received]
    assert [each.excluded for each in placements] == [(Excluded(Filter.CAPACITY, 1),), (Excluded(Filter.CAPACITY, 2),)]
    check_laws(one)


def test_who_has_finished_says_so():
    one = wrapping(capacity=2)
    first, second = solved(one), solved(one, sender="lee")
    waiting = [opened(one, sender=f"c{i}") for i in range(2)]
    one.handle(EndWrapUp("ana", ANA, second.id), AT + MINUTE)
    assert (wraps(one), [assignee(one, ticket) for ticket in waiting]) == ([first.id], ["ana", None])
    one.handle(EndWrapUp("ana", ANA), AT + MINUTE)
    assert (wraps(one), [assignee(one, ticket) for ticket in waiting]) == ([], ["ana", "ana"])
    for command in (EndWrapUp("ana", ANA), EndWrapUp("ana", ANA, first.id), EndWrapUp("ana", ANA, "none")):
        assert one.handle(command, AT + MINUTE).events == (), "nothing is left of it"
    assert one.tick(AT + HOUR).woken == (), "and no timer"
    assert kinds(one, Ref(Kind.AGENT, "ana")).count("WrapUpEnded") == 2
    check_laws(one)


def test_only_who_is_done_wraps_up():
    """What rests, is taken away, goes elsewhere or becomes a part of something is not done."""
    one = wrapping("ana", capacity=9)
    tickets = [opened(one, sender=f"c{i}").id for i in range(9)]
    one.handle(Pend(tickets[0], ANA), AT)
    one.handle(Unassign(tickets[1], EVE), AT)
    one.handle(Transfer(tickets[2], ANA, "other"), AT)
    one.handle(Merge(tickets[3], ANA, tickets[4], shared=True), AT)
    one.handle(Delete(tickets[8], ANA, "asked"), AT)
    assert wraps(one) == []
    one.handle(Solve(tickets[5], ANA), AT)
    one.handle(Reply(tickets[6], ANA, "Here it is", then="solve"), AT)
    one.handle(Solve(tickets[7], EVE), AT)
    assert wraps(one) == tickets[5:8], "a switchboard says that a call is over, and who had it writes it up"
    one.handle(Solve(tickets[0], ANA), AT)
    assert wraps(one) == tickets[5:8], "it took no room of hers"
    check_laws(one)


def test_a_split_that_is_undone_is_nothing_to_write_up():
    one = wrapping("ana", capacity=9)
    ticket = opened(one)
    say(one, "And the other thing")
    (message, _) = one.find(Query(Kind.MESSAGE, {"ticket": ticket.id}, "received_at")).values
    split = one.handle(Split(ticket.id, ANA, [message.id]), AT).tickets
    part = next(each for each in split if each.id != ticket.id)
    one.handle(Assign(part.id, ANA, "ana"), AT)
    one.handle(Unsplit(part.id, ANA), AT)
    assert wraps(one) == []
    check_laws(one)


@pytest.mark.parametrize(
    ("queue", "channel", "expected"),
    [(TWO, HOUR, TWO), (None, HOUR, HOUR), (timedelta(0), HOUR, None), (None, None, None), (TWO, None, TWO)],
)
def test_a_queue_counts_before_a_channel(queue, channel, expected):
    one = wrapping(wrap_up=queue, channels=[Channel("chat", wrap_up=channel)])
    solved(one)
    assert [item.until for item in agent(one, "ana").wrapping] == ([] if expected is None else [AT + expected])


def test_what_is_reopened_meanwhile_goes_back_and_counts_once():
    one = wrapping("ana", "bo", channels=[Channel("chat")])
    one.handle(SetPresence("bo", BO, "offline"), AT)
    ticket = solved(one)
    waiting = opened(one, sender="lee")
    say(one, "Not so fast", at=AT + MINUTE)
    assert (assignee(one, ticket), wraps(one), agent(one, "ana").open, agent(one, "ana").held) == ("ana", [], 1, 1)
    assert one.tick(AT + HOUR).woken == ()
    assert assignee(one, waiting) is None
    one.handle(Solve(ticket.id, ANA), AT + HOUR)
    assert [item.until for item in agent(one, "ana").wrapping] == [AT + HOUR + TWO], "it begins anew"
    history = kinds(one, Ref(Kind.AGENT, "ana"))
    assert history.count("WorkTaken") == history.count("WorkReleased") == 2
    assert agent(one, "ana").memory.assigned == 1
    check_laws(one)


def test_what_somebody_else_takes_up_again_is_still_being_written_up():
    one = wrapping("ana", "bo")
    ticket = solved(one)
    one.handle(SetPresence("ana", ANA, "offline"), AT)
    say(one, "Not so fast", at=AT + MINUTE)
    assert (assignee(one, ticket), wraps(one)) == ("bo", [ticket.id])
    one.handle(SetPresence("ana", ANA, "available"), AT + MINUTE)
    one.handle(Assign(ticket.id, EVE, "ana"), AT + MINUTE)
    assert (assignee(one, ticket), wraps(one), agent(one, "ana").held) == ("ana", [], 1)
    assert wraps(one, "bo") == []
    check_laws(one)


def test_going_off_and_coming_back_shortens_nothing():
    one = wrapping()
    solved(one)
    waiting = opened(one, sender="lee")
    for presence in ("offline", "available", "away", "draining", "available"):
        one.handle(SetPresence("ana", ANA, presence), AT + MINUTE)
        assert assignee(one, waiting) is None
    one.handle(SetPresence("ana", ANA, "offline"), AT + MINUTE)
    one.tick(AT + TWO)
    assert (wraps(one), assignee(one, waiting)) == ([], None)
    one.handle(SetPresence("ana", ANA, "available"), AT + HOUR)
    assert assignee(one, waiting) == "ana"
    check_laws(one)


def test_another_configuration_is_for_what_is_done_from_then_on():
    one = wrapping(capacity=2)
    solved(one)
    longer = attrs.evolve(one.configuration(), queues=[Queue("support", wrap_up=HOUR)])
    one.handle(Configure(longer, EVE), AT)
    solved(one, sender="lee")
    assert [item.until for item in agent(one, "ana").wrapping] == [AT + TWO, AT + HOUR]
    one.handle(Configure(attrs.evolve(longer, queues=[Queue("support")]), EVE), AT)
    one.tick(AT + TWO)
    assert len(wraps(one)) == 1
    one.tick(AT + HOUR)
    assert wraps(one) == []
    check_laws(one)


def test_it_keeps_the_room_that_the_profile_gives():
    profiles = [CapacityProfile("p", 4, {"voice": 3}, {"chat": 1}, {"other": 1}), CapacityProfile("q", 9)]
    profiles.append(CapacityProfile("alone", 9, exclusive=["voice"]))
    one = wrapping(AgentProfile("ana", capacity_profile="p"), capacity_profiles=profiles, wrap_up=TWO)
    solved(one, channel="voice")
    assert [opened(one, sender=f"c{i}", channel=each).assignee for i, each in enumerate(("mail", "mail"))] == [
        "ana",
        None,
    ]
    assert agent(one, "ana").debt == 0
    one.handle(SetCapacityProfile("ana", EVE, "alone"), AT)
    assert agent(one, "ana").open == 1, "a call that is written up goes with nothing else either"
    one.handle(SetCapacityProfile("ana", EVE, "q"), AT)
    assert agent(one, "ana").open == 2
    one.handle(SetCapacity("ana", EVE, 3), AT)
    assert opened(one, sender="z").assignee is None, "without a profile it fills a slot"
    one.tick(AT + TWO)
    assert agent(one, "ana").open == 3
    check_laws(one)


def test_a_person_is_held_to_it_unless_they_say_otherwise():
    one = wrapping()
    solved(one)
    waiting = opened(one, sender="lee")
    with pytest.raises(Refused, match="capacity"):
        one.handle(Assign(waiting.id, EVE, "ana"), AT)
    one.handle(Assign(waiting.id, EVE, "ana", over_capacity=True), AT)
    assert (agent(one, "ana").held, agent(one, "ana").debt) == (2, 1)
    one.tick(AT + TWO)
    assert agent(one, "ana").debt == 0
    check_laws(one)


def test_an_offer_waits_for_it_too():
    one = desk(AgentProfile("ana", capacity=1), queues=[Queue("support", offering=Offering(HOUR), wrap_up=TWO)])
    ticket = opened(one)
    one.handle(Assign(ticket.id, ANA, "ana"), AT)
    one.handle(Solve(ticket.id, ANA), AT)
    waiting = opened(one, sender="lee")
    assert waiting.offer is None
    one.tick(AT + TWO)
    assert one.ticket(waiting.id).offer.agent == "ana"
    check_laws(one)
    assert OfferEnd.EXPIRED not in [getattr(item.event, "end", None) for item in one.history(Ref(Kind.AGENT, "ana"))]


def test_a_tick_that_comes_late_ends_all_that_is_over_and_leaves_nothing_behind():
    """And without any tick nobody has more of it than there is time for: a year of history is not carried along."""
    one = wrapping(capacity=9)
    for i in range(5):
        solved(one, AT + i * HOUR, sender=f"c{i}")
    assert len(wraps(one)) == 1
    for i in range(3):
        solved(one, AT + 9 * HOUR, sender=f"d{i}")
    one.tick(AT + DAY)
    assert wraps(one) == []
    history = kinds(one, Ref(Kind.AGENT, "ana"))
    assert history.count("WrapUpBegan") == history.count("WrapUpEnded") == 8
    assert one.tick(AT + 2 * DAY).woken == ()
    check_laws(one)


def test_one_that_ends_while_a_tick_looks_ends_once():
    store = Between()
    one = desk("ana", store=store, queues=[Queue("support", wrap_up=TWO)])
    solved(one)
    store.then = lambda: one.handle(EndWrapUp("ana", ANA), AT + TWO)
    (woken,) = one.tick(AT + TWO).woken
    assert woken.lost
    assert kinds(one, Ref(Kind.AGENT, "ana")).count("WrapUpEnded") == 1
    check_laws(one)


def test_the_end_of_time_is_no_fault():
    one = wrapping(wrap_up=7 * DAY, capacity=2)
    late = datetime.max.replace(tzinfo=AT.tzinfo) - 8 * DAY
    first = solved(one, late)
    solved(one, late + DAY + TICK, sender="lee")
    assert wraps(one) == [first.id]


def test_a_feed_tells_who_has_finished_and_time_what_nobody_tells(tmp_path):
    """And a store that is opened again, and one that is rebuilt, know as much."""
    path, states = tmp_path / "desk.db", []
    facts = [
        (0, lambda at: ResolveFact("", None, at, TicketNumber(1), "ana")),
        (1, lambda at: WrappedUpFact("", None, at, TicketNumber(1), "ana")),
        (1, lambda at: ResolveFact("", None, at, TicketNumber(2), "ana")),
        (9, lambda at: PresenceFact("", None, at, "bo", "away")),
    ]
    for reopened in (False, True):
        store = SqliteStore(path) if reopened else None
        one = desk(AgentProfile("ana", capacity=1), store=store, queues=[Queue("support", wrap_up=TWO)])
        for i, sender in enumerate(("kim", "lee", "max")):
            say(one, sender=sender, at=AT - DAY + i * MINUTE)
        for minute, fact in facts:
            if reopened:
                one = desk("ana", store=SqliteStore(path))
            taken = Import(one)
            taken.take(fact(AT + minute * MINUTE))
        states.append([(item.at, type(item).__name__) for item in _events(one)])
        check_laws(one)
    assert states[0] == states[1]
    assert [at for at, kind in states[0] if kind == "WrapUpEnded"] == [AT + MINUTE, AT + MINUTE + TWO]
    assert one.tickets(number=3).tickets[0].assignee == "ana"


def test_show_says_who_wraps_it_up_and_for_how_long(tmp_path):
    path = tmp_path / "desk.db"
    one = desk("ana", store=SqliteStore(path), queues=[Queue("support", wrap_up=TWO)])
    solved(one)
    assert "ana wraps it up until 2026-03-02 09:02" in _shown(path)
    one.tick(AT + TWO)
    assert "wraps" not in _shown(path)


def _shown(path):
    return CliRunner().invoke(ticketcore, ["show", "1", "--store", str(path)]).output


def _events(one):
    return [item.event for item in one.history(Ref(Kind.AGENT, "ana"))]


@pytest.mark.parametrize("length", [-MINUTE, timedelta(days=8), "2 minutes", 3])
def test_what_cannot_be_used_is_named(length):
    for kind in (Queue, Channel):
        with pytest.raises(InvalidInput) as error:
            kind("x", wrap_up=length)
        assert error.value.field == f"{kind.__name__}.wrap_up"
    with pytest.raises(InvalidInput) as error:
        EndWrapUp("ana", ANA, 3)
    assert error.value.field == "EndWrapUp.ticket"


AGENTS, WHICH = st.sampled_from(["ana", "bo"]), st.integers(0, 30)


class Wrapping(RuleBasedStateMachine):
    """A desk at work: whoever is done wraps up for as long as is said, and nobody idles beside what waits."""

    @initialize(ana=st.integers(2, 3))
    def begin(self, ana):
        self.at, self.serial = AT, 0
        agents = [AgentProfile("ana", capacity=ana), AgentProfile("bo", capacity_profile="p")]
        profile = CapacityProfile("p", 3, {"voice": 2}, exclusive=["voice"])
        queues = [Queue("support", wrap_up=TWO), Queue("other", "support")]
        self.desk = desk(
            *agents, queues=queues, capacity_profiles=[profile], channels=[Channel("voice", wrap_up=5 * MINUTE)]
        )
        self.write("chat", 3)

    def handle(self, command):
        with contextlib.suppress(Refused):
            self.desk.handle(command, self.at)

    @rule(channel=st.sampled_from(["chat", "chat", "voice"]), count=st.integers(1, 3))
    def write(self, channel, count):
        for _ in range(count):
            self.serial += 1
            opened(self.desk, sender=f"c{self.serial}", at=self.at, channel=channel)

    def ticket(self, which):
        (found,) = self.desk.tickets(number=1 + which % self.serial).tickets
        return found

    @rule(which=WHICH)
    def write_again(self, which):
        ticket = self.ticket(which)
        say(self.desk, "Hm", f"c{ticket.number}", self.at, ticket.channel)
        self.serial = self.desk.find(Query(Kind.TICKET, sort="number", descending=True, limit=1)).values[0].number

    @rule(which=WHICH, agent=AGENTS)
    def finish_work(self, which, agent):
        mine = self.desk.tickets(assignee=agent, state=("new", "open")).tickets
        if mine:
            self.handle(Solve(mine[which % len(mine)].id, EVE))

    @rule(which=WHICH, kind=st.sampled_from([Pend, Resume, Solve, Reopen, Reopen, Unassign, Close]))
    def move(self, which, kind):
        self.handle(kind(self.ticket(which).id, EVE))

    @rule(which=WHICH)
    def reopen(self, which):
        written_up = [item.ticket for id in ("ana", "bo") for item in agent(self.desk, id).wrapping]
        if written_up:
            self.handle(Reopen(written_up[which % len(written_up)], EVE))

    @rule(which=WHICH, queue=st.sampled_from(["support", "other"]))
    def transfer(self, which, queue):
        self.handle(Transfer(self.ticket(which).id, EVE, queue))

    @rule(which=WHICH, id=AGENTS)
    def assign(self, which, id):
        self.handle(Assign(self.ticket(which).id, EVE, id))

    @rule(which=WHICH, other=WHICH)
    def merge(self, which, other):
        self.handle(Merge(self.ticket(which).id, EVE, self.ticket(other).id, shared=True))

    @rule(id=AGENTS, which=st.none() | WHICH)
    def end(self, id, which):
        self.handle(EndWrapUp(id, EVE, None if which is None else self.ticket(which).id))

    @rule(id=AGENTS, presence=st.sampled_from(["available", "available", "draining"]))
    def be(self, id, presence):
        self.handle(SetPresence(id, EVE, presence))

    @rule(id=AGENTS, capacity=st.integers(0, 3))
    def take(self, id, capacity):
        self.handle(SetCapacity(id, EVE, capacity) if capacity else SetCapacityProfile(id, EVE, "p"))

    @rule(length=st.sampled_from([None, timedelta(0), MINUTE, TWO]))
    def reconfigure(self, length):
        queues = [Queue("support", wrap_up=length), Queue("other", "support")]
        self.handle(Configure(attrs.evolve(self.desk.configuration(), queues=queues), EVE))

    @rule(span=st.sampled_from([MINUTE, MINUTE, TWO, HOUR]), punctual=st.booleans())
    def wait(self, span, punctual):
        self.at += span
        while self.desk.tick(self.at, punctual=punctual).more:
            pass

    @invariant()
    def nobody_idles_or_has_too_much(self):
        check_laws(self.desk)
        day, at = microseconds(day_began("UTC", self.at)), microseconds(self.at)
        people = [agent(self.desk, id) for id in ("ana", "bo")]
        for ticket in self.desk.find(Query(Kind.TICKET, sort="queued_since", limit=1000)).values:
            idle = [one.id for one in people if exclusion(one, ticket, "support", day, at) is None]
            assert not idle, f"ticket {ticket.number} waits beside {idle}"
        for one in people:
            assert all(item.until > self.at for item in one.wrapping), "time has ended nothing that was over"
            active = {ticket.id for ticket in self.desk.tickets(assignee=one.id, state=("new", "open")).tickets}
            assert not active & {item.ticket for item in one.wrapping}, "both in hand and written up"

    @invariant()
    def what_is_wrapped_up_is_what_was_done(self):
        """Told from the history of the tickets alone, and of each agent."""
        states, before, done = {}, None, {}
        for item in self.desk.store.events("acme"):
            event, stream = item.event, item.stream
            if isinstance(event, StateChanged):
                done[stream.id] = event.category not in ACTIVE and event.move in (Move.SOLVE, Move.CLOSE)
            if stream.kind is not Kind.AGENT:
                continue
            before = states.get(stream)
            states[stream] = after = evolve_agent(before, event)
            match event:
                case WorkTaken(ticket=ticket):
                    mine = any(one.ticket == ticket for one in before.wrapping)
                    assert after.held == before.held + (not mine), "counted once"
                    room = before.held - mine < before.capacity
                    assert before.hands or event.actor.id == stream.id or room, "given what there was no room for"
                case WrapUpBegan(ticket=ticket):
                    assert done[ticket]
                    assert after.held == before.held + 1, "right after the slot was freed"
                case WrapUpEnded() | WorkReleased():
                    assert after.held == before.held - 1
        for stream, state in states.items():
            assert state == agent(self.desk, stream.id)


TestWrapping = Wrapping.TestCase
TestWrapping.settings = settings(max_examples=25, stateful_step_count=20)
