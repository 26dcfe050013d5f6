"""How the routers of desks follow what happens: a router that followed answers as one that was just loaded."""

import sqlite3
from contextlib import closing, contextmanager, suppress

import attrs
import pytest
from desks import ANA, AT, EVE, MINUTE, agent, new_desk, opened, say, turn
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ticketcore import AgentProfile, Condition, Configuration, Desk, RoutingRule
from ticketcore.assignment import exclusion
from ticketcore.commands import AddAgent, Configure, Pend, SetCapacity, SetPresence, SetPriority, SetSkills, Solve
from ticketcore.engine import PriorityFifo, default_policy
from ticketcore.errors import Refused, StoreFailure
from ticketcore.model import Kind, Presence, Queue, Team
from ticketcore.ports import Query
from ticketcore.stores import JoinedSqliteStore, MemoryStore, SqliteStore
from ticketcore.turns.placing import ROUTE
from ticketcore.turns.router import Router

GOLD = RoutingRule("gold", Condition(keywords=["gold"]), skills={"gold": 2})


class Between(MemoryStore):
    """A store in which something happens once, just before the next commit."""

    happens = None

    def commit(self, commit):
        happens, self.happens = self.happens, None
        if happens:
            happens()
        return super().commit(commit)


def tables(store, desk=new_desk):
    """Two desks on one store, each with a router that has seen everything."""
    config = Configuration(agents=[AgentProfile("ana", capacity=1)])
    one, other = (desk(store, tenant="acme", config=config) for _ in range(2))
    for i, each in enumerate((one, other)):
        each.handle(Solve(opened(each, sender=f"early{i}").id, ANA), AT)
    return one, other


@pytest.mark.usefixtures("every_driver")
def test_what_happens_between_a_look_and_a_commit_is_not_overlooked():
    one, other = tables(store := Between())
    one.handle(SetPresence("ana", ANA, "away"), AT)
    store.happens = lambda: other.handle(SetPresence("ana", ANA, "available"), AT)
    ticket = say(one, at=AT + MINUTE).ticket
    assert one.ticket(ticket.id).assignee == "ana", "she came on while the ticket was put to wait"
    one.handle(Solve(ticket.id, ANA), AT + MINUTE)
    one.handle(SetPresence("ana", ANA, "away"), AT)
    store.happens = lambda: say(other, sender="lee", at=AT + 2 * MINUTE)
    one.handle(SetPresence("ana", ANA, "available"), AT + 2 * MINUTE)
    (ticket,) = one.tickets(assignee="ana", state="open").tickets
    assert ticket.number == 4, "it came to wait while she came on"


@pytest.mark.usefixtures("every_driver")
def test_a_desk_sees_what_another_did():
    one, other = tables(MemoryStore())
    one.handle(AddAgent(AgentProfile("bo"), EVE), AT)
    one.handle(SetPresence("ana", ANA, "offline"), AT)
    assert say(other, sender="lee").ticket.assignee == "bo"
    ticket = say(one, sender="max").ticket
    other.handle(Solve(ticket.id, EVE), AT)
    assert agent(one, "bo").open == 1


@contextmanager
def rolled_back(path, desk):
    """The desk in a transaction of its host, which comes to nothing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield desk.within(JoinedSqliteStore(connection))
        connection.execute("ROLLBACK")


def test_what_is_rolled_back_leaves_no_trace(tmp_path):
    path = tmp_path / "desk.db"
    one, _ = tables(SqliteStore(path, shared=True), Desk)
    _, *waiting = [say(one, sender=f"c{i}", at=AT + i * MINUTE).ticket for i in range(4)]
    with rolled_back(path, one) as within:
        within.handle(SetPriority(waiting[1].id, EVE, 4), AT)
        assert say(within, sender="lee").ticket.assignee is None, "which looks at what waits"
    one.handle(SetCapacity("ana", EVE, 2), AT)
    assert [one.ticket(ticket.id).assignee for ticket in waiting] == ["ana", None, None]
    with rolled_back(path, one) as within:
        within.handle(SetCapacity("ana", EVE, 9), AT)
        assert within.tickets(assignee=None, state="new").tickets == ()
        assert say(within, sender="max").ticket.assignee == "ana"
        within.handle(AddAgent(AgentProfile("aa"), EVE), AT)
    assert [one.ticket(ticket.id).assignee for ticket in waiting] == ["ana", None, None]
    one.handle(SetCapacity("ana", EVE, 3), AT)
    assert [one.ticket(ticket.id).assignee for ticket in waiting] == ["ana", "ana", None]


class Routed(RuleBasedStateMachine):
    """Two desks on one store, in any order: each router is told as one that was just loaded, and nobody idles."""

    @initialize(skilled=st.booleans())
    def begin(self, skilled):
        agents = [AgentProfile("ana", capacity=2, skills=["gold"] if skilled else []), AgentProfile("bo", capacity=1)]
        teams = [Team("support"), Team("night")]
        queues = [Queue("support", "support")]
        config = Configuration(teams=teams, queues=queues, agents=agents, rules=[GOLD], skills=["gold"])
        store = Between()
        self.desks = [Desk(store, tenant="acme", config=config) for _ in range(2)]
        self.minutes = 0

    def desk(self, which):
        self.minutes += 1
        return self.desks[which], AT + self.minutes * MINUTE

    @rule(which=st.integers(0, 1), text=st.sampled_from(["gold", "silver"]), sender=st.integers(0, 9))
    def somebody_writes(self, which, text, sender):
        one, at = self.desk(which)
        say(one, text, sender=f"c{sender}", at=at)

    @rule(which=st.integers(0, 1), text=st.sampled_from(["gold", "silver"]), sender=st.integers(0, 9))
    def nothing_can_be_written(self, which, text, sender):
        one, at = self.desk(which)

        def full():
            raise StoreFailure("shop.db", "full", "no space is left")

        one.store.happens = full
        with pytest.raises(StoreFailure):
            say(one, text, sender=f"c{sender}", at=at)

    @rule(which=st.integers(0, 1), who=st.sampled_from(["ana", "bo"]), change=st.integers(0, 9))
    def somebody_changes(self, which, who, change):
        one, at = self.desk(which)
        command = [
            *(SetPresence(who, EVE, presence) for presence in Presence),
            *(SetSkills(who, EVE, {"gold": level} if level else {}) for level in (0, 1, 2)),
            *(SetCapacity(who, EVE, capacity) for capacity in (0, 1, 3)),
        ][change]
        one.handle(command, at)

    @rule(which=st.integers(0, 1), pick=st.integers(0), move=st.sampled_from([Solve, Pend, "rate", "configure", "add"]))
    def a_ticket_changes(self, which, pick, move):
        one, at = self.desk(which)
        if move == "configure":
            served = Queue("support", ("support", "night")[pick % 2])
            one.handle(Configure(attrs.evolve(one.configuration(), queues=[served]), EVE), at)
            return
        if move == "add":
            if len(one.find(Query(Kind.AGENT)).values) < 4:
                twins = [AgentProfile(name, teams=["support", "night"], capacity=2) for name in ("abe", "zoe")]
                one.handle(Configure(attrs.evolve(one.configuration(), agents=twins), EVE), at)
            return
        tickets = one.find(Query(Kind.TICKET, sort="number")).values
        if tickets:
            ticket = tickets[pick % len(tickets)]
            with suppress(Refused):
                one.handle(SetPriority(ticket.id, EVE, 1 + pick % 4) if move == "rate" else move(ticket.id, EVE), at)

    @invariant()
    def nobody_idles_beside_what_waits(self):
        if not hasattr(self, "desks"):
            return
        one = self.desks[0]
        agents, waiting = self.everybody()
        for ticket in waiting:
            team = one.configuration().team_of(ticket.queue)
            assert all(exclusion(agent, ticket, team) for agent in agents), "nothing waits beside who can take it"
        assert not one.store.claim("acme", [ROUTE], AT, AT, 1)

    @invariant()
    def a_router_that_followed_answers_as_one_just_loaded(self):
        if not hasattr(self, "desks"):
            return
        agents, waiting = self.everybody()
        now, configuration = AT + self.minutes * MINUTE, self.desks[0].configuration()
        fresh = Router(default_policy(), PriorityFifo())
        turn(fresh.follow(configuration, 0, 0, lasts=True), self.desks[0])
        for one in self.desks:
            for router in one._setup.context.routers:
                turn(router.follow(configuration, 0, 0, lasts=True), one)
                assert router.position == fresh.position == one.store.events("acme")[-1].position
                assert [router.agent(known.id) for known in agents] == agents
                for ticket in (*waiting, *self.as_new()):
                    assert router.placement(ticket, now) == fresh.placement(ticket, now)
                for known in agents:
                    assert router.most_urgent(known.id, now) == fresh.most_urgent(known.id, now)

    def as_new(self):
        """The tickets as if nobody had them."""
        tickets = self.desks[0].store.find("acme", Query(Kind.TICKET)).values
        return [attrs.evolve(ticket, assignee=None, previous=None, excluded=()) for ticket in tickets]

    def everybody(self):
        store = self.desks[0].store
        agents = list(store.find("acme", Query(Kind.AGENT)).values)
        return agents, store.find("acme", Query(Kind.TICKET, sort="queued_since")).values


Routed.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestRouted = Routed.TestCase
