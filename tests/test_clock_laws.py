"""Clocks whatever happens: random commands, looks and changes of the rules on a desk, and what holds after each."""

import contextlib
from datetime import timedelta

import attrs
from desks import ANA, AT, BO, HOUR, MINUTE, check_laws, desk, say
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sla_stories import NIGHT, OFFICE

from ticketcore import Actor, Inbound, NotFound, Refused
from ticketcore.commands import (
    Assign,
    Close,
    Configure,
    Hold,
    Pend,
    Reopen,
    Reply,
    Resume,
    SetPriority,
    SetTags,
    Solve,
    Split,
    Transfer,
    Unassign,
)
from ticketcore.evolve import replay
from ticketcore.model import METRICS, Coverage, Goal, Kind, Priority, Queue, SlaPolicy, SplitClocks, Step
from ticketcore.ports import Query
from ticketcore.sla.counting import MICROSECOND
from ticketcore.timekeeping import ClockBreached, StepReached

BOT = Actor.bot("bot")
STEPS = [Step("soon", -20 * MINUTE, ["lead"]), Step("missed", timedelta(0), ["boss"])]
ALL = SlaPolicy("all", [Goal(metric.id, 2 * HOUR, "office", STEPS) for metric in METRICS])


class Clocks(RuleBasedStateMachine):
    """A desk on which anything is asked in any order, some of it by who looks and by who changes the rules."""

    tickets = Bundle("tickets")

    @initialize(target=tickets)
    def begin(self):
        self.at = AT
        self.desk = desk(
            "ana", "bo", queues=[Queue("support"), Queue("second")], calendars=[OFFICE, NIGHT], policies=[ALL]
        )
        return say(self.desk).ticket.id

    @rule(minutes=st.integers(0, 600))
    def wait(self, minutes):
        self.at += minutes * MINUTE

    @rule(
        ticket=tickets,
        actor=st.sampled_from([ANA, BO, BOT]),
        kind=st.sampled_from([Pend, Hold, Resume, Solve, Reopen]),
    )
    def move(self, ticket, actor, kind):
        self.ask(kind(ticket, actor))

    @rule(ticket=tickets)
    def close(self, ticket):
        self.ask(Close(ticket, ANA))

    @rule(ticket=tickets, actor=st.sampled_from([ANA, BOT]), then=st.sampled_from([None, "pend", "solve"]))
    def reply(self, ticket, actor, then):
        self.ask(Reply(ticket, actor, "An answer", then=then))

    @rule(text=st.sampled_from(["Hello", ""]), sender=st.sampled_from("kl"))
    def write(self, text, sender):
        self.desk.receive(Inbound("chat", "shop", sender, text), self.at)

    @rule(ticket=tickets, priority=st.sampled_from(Priority))
    def rate(self, ticket, priority):
        self.ask(SetPriority(ticket, ANA, priority))

    @rule(ticket=tickets, queue=st.sampled_from(["support", "second"]), actor=st.sampled_from([ANA, BOT]))
    def transfer(self, ticket, queue, actor):
        self.ask(Transfer(ticket, actor, queue))

    @rule(ticket=tickets, kind=st.sampled_from([Unassign, Assign]))
    def pass_on(self, ticket, kind):
        self.ask(Unassign(ticket, BOT) if kind is Unassign else Assign(ticket, ANA, "bo", over_capacity=True))

    @rule(ticket=tickets, tag=st.sampled_from(["vip", "slow"]))
    def tag(self, ticket, tag):
        self.ask(SetTags(ticket, ANA, [tag]))

    @rule(
        hours=st.integers(1, 9),
        metrics=st.lists(st.sampled_from([metric.id for metric in METRICS[2:]]), unique=True, max_size=4),
        calendar=st.sampled_from(["office", "night", "24/7"]),
    )
    def configure(self, hours, metrics, calendar):
        goals = [Goal(metric, {None: hours * HOUR, Priority.URGENT: HOUR}, calendar, STEPS) for metric in metrics]
        policies = [SlaPolicy("vip", goals, Coverage(tags=["vip"])), ALL] if goals else []
        new = attrs.evolve(self.desk.configuration(), policies=policies)
        self.desk.handle(Configure(new, ANA), self.at)

    @rule(ticket=tickets, actor=st.sampled_from([ANA, BOT]), clocks=st.sampled_from(SplitClocks))
    def split(self, ticket, actor, clocks):
        """What is split off goes on from where its source's clock is, by the instant, or begins anew."""
        said = self.desk.find(Query(Kind.MESSAGE, {"ticket": ticket}, "received_at")).values
        before = self.explained(ticket)
        try:
            handled = self.desk.handle(Split(ticket, actor, [said[-1].id], clocks), self.at)
        except Refused:
            return
        (new,) = [one.id for one in handled.tickets if one.id != ticket]
        after = self.explained(new)
        breached = {(one.metric, one.cycle): one.breached_at for one in after}
        if clocks is SplitClocks.NEW:
            assert all(one.intervals == () for one in after)
        elif self.desk.configuration().policies:
            assert {(one.metric, one.cycle) for one in before} <= breached.keys()
            assert all(breached[one.metric, one.cycle] == one.breached_at for one in before if one.breached_at)

    def explained(self, ticket):
        """Every cycle of a ticket's clock; what elapsed of the last is what the clock itself says."""
        found = self.desk.explain(ticket, self.at)
        kept = self.desk.clock(ticket)
        for reading in () if kept is None else kept.readings:
            last = [one for one in found if (one.metric, one.cycle) == (reading.metric, reading.cycle)][-1]
            running = [one for one in last.intervals if reading.since is not None and one.start >= reading.since]
            assert last.elapsed - sum((one.counted for one in running), timedelta(0)) == reading.spent * MICROSECOND
            assert (last.active, last.due, last.breached_at) == (reading.active, reading.due, reading.breached_at)
        return found

    @rule()
    def tick(self):
        self.desk.tick(self.at, lease=timedelta(0))

    def ask(self, command):
        with contextlib.suppress(Refused, NotFound):
            self.desk.handle(command, self.at)

    def clock(self, ref):
        (value,) = self.desk.store.load("acme", [ref])
        return value

    @invariant()
    def laws(self):
        check_laws(self.desk)
        now, owned = self.at, set()
        for item in self.desk.store.events("acme"):
            assert item.event.at <= now
            if item.stream.kind is not Kind.CLOCK:
                continue
            if isinstance(item.event, ClockBreached | StepReached):
                once = (item.stream, item.event.metric, item.event.cycle, getattr(item.event, "step", None))
                assert once not in owned
                owned.add(once)
        for ref in {item.stream for item in self.desk.store.events("acme") if item.stream.kind is Kind.CLOCK}:
            kept = self.clock(ref)
            assert replay([item.event for item in self.desk.history(ref)]) == kept
            self.explained(ref.id)
            for reading in kept.readings:
                assert (reading.since is not None) is (reading.active and not reading.held)
                assert reading.due is None or reading.since is not None


TestClocks = Clocks.TestCase
TestClocks.settings = settings(max_examples=25, stateful_step_count=30)
