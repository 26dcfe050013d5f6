"""How much work somebody takes: no bound of a profile is ever passed, and what has room is given what waits."""

import contextlib
from collections import Counter
from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, DAY, EVE, HOUR, MINUTE, agent, check_laws, desk, opened, say
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ticketcore import AgentProfile, Condition, InvalidInput, Refused, RoutingRule
from ticketcore.assignment import exclusion
from ticketcore.calendar.days import day_began, microseconds
from ticketcore.commands import (
    AddAgent,
    Assign,
    Configure,
    Pend,
    Reopen,
    Resume,
    SetCapacity,
    SetCapacityProfile,
    Solve,
    Transfer,
    Unassign,
)
from ticketcore.engine import AgentFacts, Engine
from ticketcore.events import WorkTaken
from ticketcore.model import BOUNDS, CapacityProfile, Filter, Held, Kind, Placement, Queue, Rate, Units, Workload
from ticketcore.ports import Query
from ticketcore.report.wording import left_out
from ticketcore.staffing import evolve_agent

CHANNELS, QUEUES = ["voice", "chat", "email"], ["support", "gold"]
GOLD = RoutingRule("gold", Condition(keywords=["gold"]), "gold")
few = st.integers(0, 3)
by_channel = st.dictionaries(st.sampled_from(CHANNELS), few)
kinds = st.lists(st.sampled_from(CHANNELS), unique=True, max_size=2)
profiles = st.builds(
    lambda total, costs, channels, queues, cap, rate, exclusive, interruptible: CapacityProfile(
        *("p", total, costs, channels, queues, cap, rate),
        [channel for channel in exclusive if channel not in interruptible],
        interruptible,
    ),
    st.integers(0, 6),
    by_channel,
    by_channel,
    st.dictionaries(st.sampled_from(QUEUES), few),
    st.none() | st.integers(0, 5),
    st.none() | st.builds(Rate, st.integers(1, 3), st.sampled_from([MINUTE, HOUR])),
    kinds,
    kinds,
)


def within(load: Workload) -> None:
    """What is held is within every bound of the profile, but that work may be put upon what is interruptible."""
    profile, held = load.profile, load.held
    counts, queues = Counter(item.channel for item in held), Counter(item.queue for item in held)
    costs = {unit.of: unit.units for unit in profile.costs}
    working = [item for item in held if item.channel not in profile.interruptible]
    assert sum(costs.get(item.channel, 1) for item in working) <= profile.total
    for limits, found in ((profile.channel_limits, counts), (profile.queue_limits, queues)):
        for limit in limits:
            assert found[limit.of] <= limit.units
    alone = sum(counts[channel] for channel in profile.exclusive)
    assert alone <= 1
    assert alone == 0 or all(item.channel in {*profile.exclusive, *profile.interruptible} for item in held)


@given(profiles, st.lists(st.tuples(st.sampled_from(CHANNELS), st.sampled_from(QUEUES), st.booleans()), max_size=12))
def test_no_bound_is_passed_in_any_order(profile, asked):
    load = Workload(profile, ())
    for number, (channel, queue, leaves) in enumerate(asked):
        if load.bound(channel, queue) is None:
            load = load.taken(Held(str(number), channel, queue))
            within(load)
            assert profile.daily_cap is None or load.today <= profile.daily_cap
            assert profile.rate is None or load.lately <= profile.rate.at_most
        elif leaves and load.held:
            load = load.released(load.held[0].ticket)


@given(profiles, st.lists(st.tuples(st.sampled_from(CHANNELS), st.sampled_from(QUEUES)), max_size=8))
def test_an_engine_that_is_told_facts_has_the_same_room(profile, asked):
    engine = Engine([AgentFacts("ana", workload=Workload(profile, ()))])
    load = Workload(profile, ())
    for number, (channel, queue) in enumerate(asked):
        plan = engine.plan(channel=channel, queue=queue)
        fits = load.bound(channel, queue) is None
        assert engine.agent_for(plan) == ("ana" if fits else None)
        if fits:
            engine.assigned(str(number), "ana", plan, number)
            load = load.taken(Held(str(number), channel, queue))
        elif load.held:
            engine.released(load.held[0].ticket, number)
            load = load.released(load.held[0].ticket)


class Staffed(RuleBasedStateMachine):
    """A desk whose agents have profiles: within every bound after every step, and nobody idles beside what waits."""

    @initialize(one=profiles, other=profiles)
    def begin(self, one, other):
        self.at, self.serial = AT, 0
        agents = [AgentProfile("ana", capacity_profile="p"), AgentProfile("bo", capacity=2)]
        queues = [Queue("support", "support"), Queue("gold", "support")]
        named = CapacityProfile("q", *(getattr(other, name) for name in NUMBERS))
        self.desk = desk(*agents, queues=queues, rules=[GOLD], capacity_profiles=[one, named], solve_after=None)
        self.write("chat", "lead")

    def handle(self, command):
        with contextlib.suppress(Refused):
            self.desk.handle(command, self.at)

    @rule(channel=st.sampled_from(CHANNELS), text=st.sampled_from(["gold", "lead"]))
    def write(self, channel, text):
        self.serial += 1
        opened(self.desk, text=text, sender=f"c{self.serial}", at=self.at, channel=channel)

    @rule(number=st.integers(1, 8), kind=st.sampled_from([Pend, Resume, Solve, Solve, Reopen, Unassign]))
    def move(self, number, kind):
        for ticket in self.desk.tickets(number=number).tickets:
            self.handle(kind(ticket.id, EVE))

    @rule(number=st.integers(1, 8), queue=st.sampled_from(QUEUES))
    def transfer(self, number, queue):
        for ticket in self.desk.tickets(number=number).tickets:
            self.handle(Transfer(ticket.id, EVE, queue))

    @rule(number=st.integers(1, 8), id=st.sampled_from(["ana", "bo"]))
    def assign(self, number, id):
        for ticket in self.desk.tickets(number=number).tickets:
            self.handle(Assign(ticket.id, EVE, id))

    @rule(id=st.sampled_from(["ana", "bo"]), profile=st.sampled_from("pq"))
    def change(self, id, profile):
        held = self.workload(id)
        self.handle(SetCapacityProfile(id, EVE, profile))
        assert held is None or self.workload(id).held[: len(held.held)] == held.held

    @rule(id=st.sampled_from(["ana", "bo"]), capacity=st.integers(0, 3))
    def without(self, id, capacity):
        self.handle(SetCapacity(id, EVE, capacity))

    @rule(span=st.sampled_from([MINUTE, HOUR, DAY]))
    def wait(self, span):
        self.at += span
        while self.desk.tick(self.at).more:
            pass

    def workload(self, id):
        return agent(self.desk, id).workload(microseconds(day_began("UTC", self.at)), microseconds(self.at))

    @invariant()
    def nobody_idles_or_has_too_much(self):
        check_laws(self.desk)
        day, at = microseconds(day_began("UTC", self.at)), microseconds(self.at)
        people = [agent(self.desk, id) for id in ("ana", "bo")]
        for one in people:
            load = one.workload(day, at)
            if load is not None:
                mine = self.desk.tickets(assignee=one.id, state=("new", "open")).tickets
                assert {item.ticket for item in load.held} == {ticket.id for ticket in mine}
        for ticket in self.desk.find(Query(Kind.TICKET, sort="queued_since", limit=1000)).values:
            idle = [one.id for one in people if exclusion(one, ticket, "support", day, at) is None]
            assert not idle, f"ticket {ticket.number} waits beside {idle}"

    @invariant()
    def each_ticket_was_given_to_somebody_who_had_room(self):
        states = {}
        for item in self.desk.store.events("acme"):
            before, event = states.get(item.stream), item.event
            if isinstance(event, WorkTaken) and event.counted is not None:
                load = before.workload(event.day, microseconds(event.at))
                assert load.bound(event.counted.channel, event.counted.queue, event.credit > 0) is None
            if item.stream.kind is Kind.AGENT:
                states[item.stream] = evolve_agent(before, event)


NUMBERS = ("total", "costs", "channel_limits", "queue_limits", "daily_cap", "rate", "exclusive", "interruptible")
TestStaffed = Staffed.TestCase
TestStaffed.settings = settings(max_examples=25, stateful_step_count=20)


# What each bound means at a desk, one by one.


def staffed(**profile):
    return desk(AgentProfile("ana", capacity_profile="p"), capacity_profiles=[CapacityProfile("p", **profile)])


def given_by(one, *channels, at=AT, first=0):
    """Who gets each of these."""
    return [
        opened(one, sender=f"c{first + number}", channel=channel, at=at).assignee
        for number, channel in enumerate(channels)
    ]


def test_channels_cost_what_the_profile_says():
    one = staffed(total=100, costs={"voice": 100, "chat": 20})
    assert given_by(one, *["chat"] * 6) == ["ana"] * 5 + [None]
    assert agent(one, "ana").open == 5
    check_laws(one)


def test_the_smallest_of_all_limits_counts():
    one = staffed(total=9, channel_limits={"chat": 3}, queue_limits={"support": 2})
    assert given_by(one, "chat", "chat", "chat", "email") == ["ana", "ana", None, None]


def test_exclusive_work_goes_with_nothing_else():
    one = staffed(total=9, exclusive=["voice"])
    assert given_by(one, "chat", "voice") == ["ana", None]
    chat, voice = (one.tickets(number=number).tickets[0] for number in (1, 2))
    one.handle(Solve(chat.id, ANA), AT)
    assert one.ticket(voice.id).assignee == "ana", "the call waited until she had nothing else"
    assert given_by(one, "chat", first=5) == [None]


def test_interruptible_work_is_put_aside_for_other_work_and_not_the_other_way():
    one = staffed(total=2, interruptible=["email"])
    assert given_by(one, "email", "email", "email") == ["ana", "ana", None]
    assert given_by(one, "chat", "chat", "chat", first=5) == ["ana", "ana", None]
    assert agent(one, "ana").open == 4


def test_a_daily_cap_ends_with_the_day_of_the_desks_zone():
    """Nobody is told by an event that a day is over: a timer is."""
    one = desk(
        AgentProfile("ana", capacity_profile="p"),
        capacity_profiles=[CapacityProfile("p", daily_cap=1)],
        zone="Europe/Berlin",
    )
    assert given_by(one, "chat", "chat") == ["ana", None]
    one.tick(AT.replace(hour=22, minute=59))
    assert agent(one, "ana").open == 1
    one.tick(AT.replace(hour=23))
    assert agent(one, "ana").open == 2, "midnight in Berlin pulls what waits"
    check_laws(one)


def test_a_rate_holds_in_any_period_and_ends_of_itself():
    one = staffed(total=99, rate=Rate(2, HOUR))
    assert given_by(one, "chat", at=AT) == ["ana"]
    assert given_by(one, "chat", "chat", at=AT + 59 * MINUTE, first=2) == ["ana", None]
    one.tick(AT + HOUR - timedelta(microseconds=1))
    assert agent(one, "ana").open == 2
    one.tick(AT + HOUR)
    assert agent(one, "ana").open == 3, "the first of them is an hour ago"
    assert given_by(one, "chat", at=AT + HOUR, first=9) == [None]
    assert given_by(one, "chat", at=AT + 119 * MINUTE, first=10) == [None], "the older one comes first"
    assert agent(one, "ana").open == 4


def test_what_comes_back_counts_neither_for_the_day_nor_for_the_rate():
    one = staffed(daily_cap=1, rate=Rate(1, DAY))
    ticket = opened(one)
    one.handle(Pend(ticket.id, ANA), AT)
    one.handle(Resume(ticket.id, EVE), AT)
    assert one.ticket(ticket.id).assignee == "ana"


def test_a_profile_counts_what_is_in_hand_already():
    one = desk("ana", capacity_profiles=[CapacityProfile("p", total=4, costs={"chat": 2})])
    first = opened(one)
    one.handle(SetCapacityProfile("ana", EVE, "p"), AT)
    assert agent(one, "ana").hands.held == (Held(first.id, "chat", "support"),)
    assert given_by(one, "chat", "chat") == ["ana", None]
    one.handle(SetCapacity("ana", EVE, 3), AT)
    assert agent(one, "ana").open == 3, "without the profile there is room for the third"
    check_laws(one)


def test_another_configuration_changes_the_room_of_those_who_have_the_profile():
    one = staffed(total=2)
    assert given_by(one, "chat", "chat", "chat") == ["ana", "ana", None]
    smaller = one.configuration()

    def with_total(total):
        return Configure(attrs.evolve(smaller, capacity_profiles=[CapacityProfile("p", total=total)]), EVE)

    one.handle(with_total(1), AT)
    assert agent(one, "ana").open == 2, "what somebody has stays theirs"
    (first,) = one.tickets(number=1).tickets
    one.handle(Solve(first.id, ANA), AT)
    assert agent(one, "ana").open == 1, "and nothing comes while they have too much"
    one.handle(with_total(3), AT)
    assert agent(one, "ana").open == 2, "room pulls what waits"
    check_laws(one)


def test_a_person_may_give_more_only_if_they_say_so():
    one = staffed(total=1)
    opened(one)
    ticket = opened(one, sender="lee")
    with pytest.raises(Refused, match="capacity"):
        one.handle(Assign(ticket.id, EVE, "ana"), AT)
    one.handle(Assign(ticket.id, EVE, "ana", over_capacity=True), AT)
    assert agent(one, "ana").open == 2
    check_laws(one)


def test_what_cannot_be_used_is_named():
    for make, field in (
        (lambda: CapacityProfile("p", total=-1), "CapacityProfile.total"),
        (lambda: CapacityProfile("p", costs={"chat": -1}), "Units.units"),
        (lambda: CapacityProfile("p", costs=[Units("chat", 1), Units("chat", 2)]), "CapacityProfile.costs[1]"),
        (lambda: CapacityProfile("p", costs=3), "CapacityProfile.costs"),
        (lambda: CapacityProfile("p", daily_cap=-1), "CapacityProfile.daily_cap"),
        (lambda: CapacityProfile("p", rate=3), "CapacityProfile.rate"),
        (lambda: Rate(0, HOUR), "Rate.at_most"),
        (lambda: Rate(1, timedelta(0)), "Rate.period"),
        (lambda: CapacityProfile("p", exclusive=["a"], interruptible=["a"]), "CapacityProfile.exclusive[0]"),
        (lambda: staffed(queue_limits={"gone": 1}), "Configuration.capacity_profiles[0].queue_limits[0]"),
        (lambda: desk(AgentProfile("a", capacity_profile="x")), "Configuration.agents[0].capacity_profile"),
        (lambda: desk(capacity_profiles=[CapacityProfile("p")] * 2), "Configuration.capacity_profiles[1].id"),
        (lambda: desk("a").handle(SetCapacityProfile("a", EVE, "x"), AT), "SetCapacityProfile.profile"),
        (
            lambda: desk().handle(AddAgent(AgentProfile("a", capacity_profile="x"), EVE), AT),
            "AgentProfile.capacity_profile",
        ),
    ):
        with pytest.raises(InvalidInput) as error:
            make()
        assert error.value.field == field


def test_a_decision_names_each_bound_and_so_does_whoever_asks_for_one_agent():
    limits = {
        Filter.CAPACITY: {"total": 1},
        Filter.CHANNEL_LIMIT: {"channel_limits": {"chat": 1}},
        Filter.QUEUE_LIMIT: {"queue_limits": {"support": 1}},
        Filter.EXCLUSIVE: {"exclusive": ["chat"]},
        Filter.DAILY_CAP: {"daily_cap": 1},
        Filter.RATE: {"rate": Rate(1, HOUR)},
    }
    assert tuple(limits) == BOUNDS
    profiles = [CapacityProfile(bound, **limit) for bound, limit in limits.items()]
    agents = [AgentProfile(bound, capacity_profile=bound) for bound in limits]
    one = desk(*agents, AgentProfile("twice", capacity_profile="daily_cap"), capacity_profiles=profiles)
    for number in range(7):
        assert say(one, sender=f"kim{number}").ticket.assignee is not None
    received = say(one, sender="late")
    (placement,) = [item for item in received.decisions if isinstance(item, Placement)]
    expected = {bound: 1 + (bound is Filter.DAILY_CAP) for bound in limits}
    assert (placement.agent, {item.filter: item.agents for item in placement.excluded}) == (None, expected)
    for bound in limits:
        assert (
            exclusion(
                agent(one, bound), received.ticket, "support", microseconds(day_began("UTC", AT)), microseconds(AT)
            )
            is bound
        )
        with pytest.raises(Refused, match=bound):
            one.handle(Assign(received.ticket.id, EVE, bound), AT)
    words = left_out(placement.pool, placement.excluded)
    assert "1 is at their limit for its channel" in words
    assert "2 are at today's cap" in words
