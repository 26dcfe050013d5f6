"""What holds whatever happens: random commands on a desk, and the history against the state after each."""

import contextlib
import os
from datetime import timedelta

import attrs
import desks
from desks import AT, check_laws, desk
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from ticketcore import Actor, AgentProfile, Condition, Inbound, NotFound, Refused, RoutingRule
from ticketcore.assignment import exclusion
from ticketcore.codec import decode, decode_event, encode, encode_event
from ticketcore.commands import (
    AddAgent,
    Assign,
    Close,
    Configure,
    Focus,
    Hold,
    LinkAlias,
    NameOrganisation,
    Note,
    Pend,
    Remind,
    Reopen,
    Reply,
    Resume,
    SetCapacity,
    SetOrganisation,
    SetPresence,
    SetPriority,
    SetSkills,
    SetTags,
    SetTeams,
    Snooze,
    Solve,
    Transfer,
    Unassign,
    Unfocus,
)
from ticketcore.evolve import Entity, replay, without_words
from ticketcore.model import (
    CancelOn,
    Contact,
    Delay,
    Kind,
    Organisation,
    Presence,
    Priority,
    Queue,
    ReopenRule,
    Team,
)
from ticketcore.ports import Query

AGENTS = ["ana", "bo", "eve"]
actors = st.sampled_from([*(Actor.agent(name) for name in AGENTS), Actor.bot("bot"), Actor.rule("rule")])
skills = st.dictionaries(st.sampled_from(["gold", "lead"]), st.integers(1, 3))
words = st.sampled_from(["Hello", "My gold ring broke", "Lead pipe", "", "退款"])


class Desks(RuleBasedStateMachine):
    """A desk on which anything is asked in any order; refusals are answers, errors are not."""

    driver = "Desk"
    tickets = Bundle("tickets")

    def __init__(self):
        super().__init__()
        desks.driver[0] = self.driver

    @initialize(target=tickets, capacity=st.integers(0, 2), first=words, order=st.integers(0, 7))
    def begin(self, capacity, first, order):
        self.at = AT
        self.desk = desk(
            AgentProfile("ana", capacity=capacity, skills={"gold": 2}),
            AgentProfile("bo", capacity=1, teams=["support", "sales"]),
            teams=[Team("support"), Team("sales")],
            queues=[Queue("support"), Queue("sales", "sales")],
            skills=["gold", "lead"],
            rules=[
                RoutingRule("gold", Condition(keywords=["gold"]), "support", ["gold"], {"gold": 2}, Priority.HIGH),
                RoutingRule("lead", Condition(keywords=["lead"]), "sales", (), ["lead"]),
            ],
            solve_after=timedelta(days=1),
            close_after=timedelta(days=2),
            reopening=[ReopenRule("r", within=timedelta(days=1), limit=2, period=timedelta(days=1))],
            order=order,
        )
        self.serial = 0
        received = [self.desk.receive(Inbound("chat", "shop", f"early{i}", first or "Hi"), AT) for i in range(3)]
        return multiple(*(item.ticket.id for item in received))

    def handle(self, command):
        with contextlib.suppress(Refused, NotFound):
            self.desk.handle(command, self.at)

    @rule(
        target=tickets,
        text=words,
        sender=st.sampled_from("kl"),
        channel=st.sampled_from(["chat", "email"]),
        answers=st.integers(0, 12),
        automatic=st.booleans(),
    )
    def receive(self, text, sender, channel, answers, automatic):
        self.serial += 1
        inbound = Inbound(
            channel,
            "shop",
            f"{sender}@example.org",
            text,
            external_id=str(self.serial),
            reply_to=[str(answers)] if answers else [],
            headers={"auto-submitted": "auto-replied"} if automatic and answers else {},
        )
        received = self.desk.receive(inbound, self.at)
        before = len(self.desk.store.events("acme"))
        assert self.desk.receive(inbound, self.at).disposition == "duplicate"
        assert len(self.desk.store.events("acme")) == before
        return received.ticket.id if received.ticket else multiple()

    @rule(ticket=tickets, actor=actors, kind=st.sampled_from([Pend, Hold, Resume, Solve, Reopen, Close, Unassign]))
    def move(self, ticket, actor, kind):
        self.handle(kind(ticket, actor))

    @rule(ticket=tickets, actor=actors, hours=st.integers(1, 40), kind=st.sampled_from([Pend, Snooze, Remind]))
    def leave_to_time(self, ticket, actor, hours, kind):
        end = timedelta(hours=hours)
        self.handle(
            Pend(ticket, actor, until=self.at + end)
            if kind is Pend
            else Snooze(ticket, actor, Delay(end))
            if kind is Snooze
            else Remind(ticket, actor, Delay(end), [None, "bo"][hours % 2], [*CancelOn][: hours % 5])
        )

    @rule(
        ticket=tickets, actor=actors, organisation=st.sampled_from(["acme", "globe", None]), name=st.sampled_from("ab")
    )
    def affiliate(self, ticket, actor, organisation, name):
        self.handle(SetOrganisation(self.desk.ticket(ticket).contact, organisation, actor))
        if organisation is not None:
            self.handle(NameOrganisation(organisation, name, actor))

    @rule(ticket=tickets, actor=actors, agent=st.sampled_from(AGENTS), over=st.booleans())
    def assign(self, ticket, actor, agent, over):
        self.handle(Assign(ticket, actor, agent, over))

    @rule(ticket=tickets, actor=actors, then=st.sampled_from([None, "pend", "hold", "solve"]))
    def reply(self, ticket, actor, then):
        self.handle(Reply(ticket, actor, "An answer", then=then))

    @rule(ticket=tickets, actor=actors, queue=st.sampled_from(["support", "sales", "moon"]))
    def transfer(self, ticket, actor, queue):
        self.handle(Transfer(ticket, actor, queue))

    @rule(ticket=tickets, actor=actors, tags=st.lists(st.sampled_from("abc"), unique=True), add=st.booleans())
    def change(self, ticket, actor, tags, add):
        self.handle(SetTags(ticket, actor, tags if add else (), () if add else tags))
        self.handle(SetPriority(ticket, actor, Priority(1 + len(tags))))
        self.handle(Note(ticket, actor, "A note"))

    @rule(ticket=tickets, agent=st.sampled_from(AGENTS), kind=st.sampled_from([Focus, Unfocus]))
    def focus(self, ticket, agent, kind):
        self.handle(kind(ticket, Actor.agent(agent)))

    @rule(agent=st.sampled_from(AGENTS), presence=st.sampled_from(Presence))
    def presence(self, agent, presence):
        self.handle(SetPresence(agent, Actor.agent(agent), presence))

    @rule(
        agent=st.sampled_from(AGENTS),
        skills=skills,
        teams=st.sampled_from([["support"], ["sales"], []]),
        capacity=st.integers(0, 2),
    )
    def agents(self, agent, skills, teams, capacity):
        actor = Actor.rule("manager")
        for command in (
            SetSkills(agent, actor, skills),
            SetTeams(agent, actor, teams),
            SetCapacity(agent, actor, capacity),
        ):
            self.handle(command)

    @rule()
    def join(self):
        self.handle(AddAgent(AgentProfile("eve", capacity=1), Actor.rule("manager")))

    @rule(days=st.integers(1, 3))
    def configure(self, days):
        config = attrs.evolve(self.desk.configuration(), solve_after=timedelta(days=days))
        self.handle(Configure(config, Actor.rule("manager")))

    @rule(ticket=tickets, name=st.sampled_from("kln"))
    def link(self, ticket, name):
        self.handle(LinkAlias(self.desk.ticket(ticket).contact, "email", f"{name}@example.org", Actor.agent("ana")))

    @rule(minutes=st.sampled_from([1, 60, 600, 3000]))
    def time_passes(self, minutes):
        self.at += timedelta(minutes=minutes)
        self.desk.tick(self.at)

    @invariant()
    def laws_hold(self):
        if hasattr(self, "desk"):
            check_laws(self.desk)
            self.nothing_waits_beside_somebody_who_could_take_it()

    def nothing_waits_beside_somebody_who_could_take_it(self):
        config = self.desk.configuration()
        agents = self.desk.find(Query(Kind.AGENT)).values
        for ticket in self.desk.find(Query(Kind.TICKET, sort="queued_since")).values:
            assert all(exclusion(agent, ticket, config.team_of(ticket.queue)) for agent in agents)

    def teardown(self):
        desks.driver[0] = "Desk"
        if not hasattr(self, "desk"):
            return
        streams = {item.stream for item in self.desk.store.events("acme")}
        for stream in streams:
            history = self.desk.history(stream)
            assert [item.version for item in history] == list(range(1, len(history) + 1))
            assert all(decode_event(encode_event(item.event)) == item.event for item in history)
            if stream.kind is not Kind.CONFIGURATION:
                (value,) = self.desk.store.load("acme", [stream])
                assert decode(stream.kind, encode(value)) == value
                expected = without_words(value) if isinstance(value, Contact | Organisation) else value
                assert replay(item.event for item in history) == expected
                assert isinstance(value, Entity)


EXAMPLES = 2000 if os.environ.get("HYPOTHESIS_PROFILE") == "proof" else 80
Desks.TestCase.settings = settings(max_examples=EXAMPLES, stateful_step_count=40)
TestDesks = Desks.TestCase


class AsyncDesks(Desks):
    """The same on an ``AsyncDesk``."""

    driver = "AsyncDesk"


AsyncDesks.TestCase.settings = Desks.TestCase.settings
TestAsyncDesks = AsyncDesks.TestCase


def test_nothing_is_replayed_from_nothing():
    assert replay([]) is None
