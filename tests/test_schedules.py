"""Routers and people at once: the turns of several desks, interleaved at every request to their store.

A turn asks its driver for one thing after the other, so here the driver lets another turn go on between any two: in
every order there is, or in a random one.
"""

import os
import random
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import attrs
import pytest
from desks import ANA, AT, EVE, MINUTE

from ticketcore import (
    Actor,
    AgentProfile,
    Condition,
    Configuration,
    Conflict,
    Desk,
    Inbound,
    NotFound,
    Refused,
    RoutingRule,
)
from ticketcore.assignment import exclusion
from ticketcore.calendar.days import day_began, microseconds
from ticketcore.commands import (
    AcceptOffer,
    Assign,
    Configure,
    DeclineOffer,
    EndWrapUp,
    Pend,
    Resume,
    SetCapacity,
    SetCapacityProfile,
    SetPresence,
    SetPriority,
    SetSkills,
    SetTeams,
    Solve,
    Transfer,
    Unassign,
)
from ticketcore.escalation import demand_of
from ticketcore.events import Assigned, Offered, OfferEnded, WorkOffered, WorkTaken, WrapUpEnded
from ticketcore.model import (
    Agent,
    AlarmKind,
    CapacityProfile,
    Channel,
    EscalationPlan,
    EscalationStep,
    Kind,
    Offering,
    Presence,
    Priority,
    Queue,
    Rate,
    Ref,
    Team,
    Ticket,
)
from ticketcore.ports import Commit, Query, Timer
from ticketcore.stores import MemoryStore
from ticketcore.turns import Save, Turn, handle, receive, tick
from ticketcore.turns.agent_timers import ROOM
from ticketcore.turns.placing import ROUTE

PROOF = os.environ.get("HYPOTHESIS_PROFILE") == "proof"
STEPS = 1_000_000 if PROOF else 30_000
SEED = int(os.environ.get("TICKETCORE_SEED", "7"))
"""What a failure names, so that the same steps can be taken again."""
WORLD = 4_000
"""After how many random steps everything begins anew, so that a step costs the same throughout."""


class Overbooked(AssertionError):
    """Somebody has more than they take, or a ticket that nobody gave them."""


class Unchecked(MemoryStore):
    """A store that stores agents whatever version is expected of them."""

    def commit(self, commit):
        held = self.load(commit.tenant, [Ref(Kind.AGENT, record.id) for record in commit.records])
        now = {record.id: agent.version for record, agent in zip(commit.records, held, strict=True) if agent}
        records = [
            attrs.evolve(record, expected=now[record.id], version=now[record.id] + 1)
            if record.kind is Kind.AGENT and record.id in now
            else record
            for record in commit.records
        ]
        events = [
            attrs.evolve(item, version=now[item.stream.id] + 1)
            if item.stream.kind is Kind.AGENT and item.stream.id in now
            else item
            for item in commit.events
        ]
        return super().commit(attrs.evolve(commit, records=tuple(records), events=tuple(events)))


class World:
    """Desks on one store, and the turns that are under way."""

    def __init__(self, config: Configuration, store: MemoryStore, desks: int = 2) -> None:
        self.store = store
        self.desks = [Desk(store, tenant="acme", config=config) for _ in range(desks)]
        self.turns: list[tuple[Turn[Any], Any]] = []
        self.now = AT
        self.happened: Counter[str] = Counter()

    def begin(self, turn: Turn[Any]) -> None:
        """One more turn, which has asked for nothing yet."""
        self.turns.append((turn, None))

    def step(self, which: int) -> None:
        """Answer what this turn asks for, and let it ask for the next thing."""
        turn, request = self.turns[which]
        try:
            if request is None:
                self.turns[which] = turn, next(turn)
                return
            try:
                answer = self.desks[0]._answer(request)
            except Conflict as conflict:
                self.turns[which] = turn, turn.throw(conflict)
                return
            if isinstance(request, Save):
                self.check(request.commit)
                self.happened.update(type(item.event).__name__ for item in request.commit.events)
            self.turns[which] = turn, turn.send(answer)
        except (StopIteration, Refused, NotFound, Conflict):
            del self.turns[which]

    def check(self, commit: Commit) -> None:
        """Each agent of the commit, and those of its tickets, hold what they were given, and no more than they take."""
        agents = {record.id for record in commit.records if record.kind is Kind.AGENT}
        agents |= {record.value.assignee for record in commit.records if isinstance(record.value, Ticket)}
        for agent in self.store.load("acme", [Ref(Kind.AGENT, id) for id in sorted(agents - {None})]):
            assert isinstance(agent, Agent)
            theirs = self.store.find("acme", Query(Kind.TICKET, {"assignee": agent.id, "state": ("new", "open")}))
            if len(theirs.values) != agent.open:
                raise Overbooked(f"{agent.id} has {len(theirs.values)} tickets and counts {agent.open}")
            events = [item.event for item in commit.events if item.stream == Ref(Kind.AGENT, agent.id)]
            given = any(isinstance(event, WorkTaken | WorkOffered) for event in events)
            if given and not self.fits(agent, events[-1]):
                raise Overbooked(f"{agent.id} takes {agent.capacity} and has {agent.held}")
            self.check_offers(agent)
            self.check_wrap_ups(agent)
        for record in commit.records:
            if isinstance(record.value, Ticket):
                (ticket,) = self.store.load("acme", [Ref(Kind.TICKET, record.id)])
                self.check_offer(ticket)

    def check_offers(self, agent: Agent) -> None:
        """What the agent was offered is offered to them, and waits."""
        for ticket in self.store.load("acme", [Ref(Kind.TICKET, offer.ticket) for offer in agent.offers]):
            assert isinstance(ticket, Ticket)
            assert (ticket.offer and ticket.offer.agent, ticket.assignee, ticket.is_active) == (agent.id, None, True)

    def check_wrap_ups(self, agent: Agent) -> None:
        """What the agent wraps up is not in their hands, and stands there once."""
        wrapped = [one.ticket for one in agent.wrapping]
        for ticket in self.store.load("acme", [Ref(Kind.TICKET, id) for id in wrapped]):
            assert isinstance(ticket, Ticket)
            assert wrapped.count(ticket.id) == 1
            assert not (ticket.is_active and ticket.assignee == agent.id)

    def check_offer(self, ticket: Ticket) -> None:
        """The ticket is offered once at most, and to an agent who knows."""
        to = [alarm.agent for alarm in ticket.alarms if alarm.kind is AlarmKind.OFFER]
        agents = self.store.load("acme", [Ref(Kind.AGENT, id) for id in to])
        assert [[offer.ticket for offer in one.offers].count(ticket.id) for one in agents] == [1] * len(to)
        assert len(to) <= 1, f"{ticket.id} is offered to {to}"

    def fits(self, agent: Agent, last: Any) -> bool:
        """Whether the agent has no more than they take, in tickets or by their profile."""
        if agent.hands is None:
            return agent.held <= agent.capacity
        assert len(agent.hands.held) == agent.open
        load = agent.workload(agent.memory.day, microseconds(last.at))
        used = load.profile.used(load.held)
        channels = Counter(item.channel for item in load.held)
        return (
            used <= load.profile.total
            and all(channels[limit.of] <= limit.units for limit in load.profile.channel_limits)
            and load.today <= load.profile.daily_cap
            and load.lately <= load.profile.rate.at_most
        )

    def come_to_rest(self) -> None:
        """Do all that is due, one turn after the other; then nobody idles beside what waits for them."""
        while self.turns:
            self.step(0)
        while self.store.claim("acme", [ROUTE, ROOM], self.now, self.now, 1):
            self.desks[0].tick(self.now)
        agents = self.store.find("acme", Query(Kind.AGENT)).values
        config = self.desks[0].configuration()
        day, at = microseconds(day_began("UTC", self.now)), microseconds(self.now)
        for ticket in self.store.find("acme", Query(Kind.TICKET, sort="queued_since", limit=1000)).values:
            self.check_offer(ticket)
            if ticket.offer is not None:
                continue
            asked, team = demand_of(config, ticket), config.team_of(ticket.queue)
            idle = [agent.id for agent in agents if exclusion(agent, ticket, team, day, at, asked) is None]
            assert not idle, f"ticket {ticket.number} waits beside {idle}"


def every_schedule(begun: Callable[[], World]) -> Iterator[World]:
    """The same turns in every order of their requests, each from the start and until all have ended."""
    path: list[tuple[int, int]] = []
    while True:
        world, depth = begun(), 0
        while world.turns:
            if depth == len(path):
                path.append((0, len(world.turns)))
            world.step(path[depth][0])
            depth += 1
        yield world
        while path and path[-1][0] + 1 == path[-1][1]:
            path.pop()
        if not path:
            return
        path[-1] = (path[-1][0] + 1, path[-1][1])


def some_schedules(begun: Callable[[], World], count: int) -> Iterator[World]:
    """The same turns in so many random orders."""
    chance = random.Random(SEED)
    for _ in range(count):
        world = begun()
        while world.turns:
            world.step(chance.randrange(len(world.turns)))
        yield world


TWO = [AgentProfile("ana", capacity=1), AgentProfile("bo", capacity=1)]


def message(sender: str, text: str = "Where is my order?", channel: str = "chat") -> Inbound:
    return Inbound(channel, "shop", sender, text)


def two_desks(store: MemoryStore, agents: list[AgentProfile] = TWO, offering: Offering | None = None) -> World:
    """Two desks whose routers have seen everything: two agents, who have nothing."""
    world = World(Configuration(agents=agents, queues=[Queue("support", offering=offering)]), store)
    for i, desk in enumerate(world.desks):
        desk.handle(Solve(desk.receive(message(f"early{i}"), AT).ticket.id, Actor.bot("robot")), AT)
    return world


def waiting(world: World) -> list[str]:
    """Two tickets that nobody has looked for an agent for yet."""
    quiet = world.desks[0].without_effects()
    return [quiet.receive(message(f"late{i}"), AT).ticket.id for i in range(2)]


def turns_of(world: World, *commands: Any) -> World:
    """Each command, or message, at a desk of its own."""
    for desk, asked in zip(world.desks, commands, strict=True):
        context = desk._setup.context
        world.begin((receive if isinstance(asked, Inbound) else handle)(context, asked, AT))
    return world


def two_messages(store):
    return turns_of(two_desks(store), message("kim"), message("lee"))


def two_timers(store):
    world = two_desks(store)
    store.commit(Commit("acme", timers=tuple(Timer(ROUTE, Ref(Kind.TICKET, id), AT) for id in waiting(world))))
    for desk in world.desks:
        world.begin(tick(desk._setup.context, AT, 1, 5 * MINUTE, False))
    return world


def two_with_room_again(store):
    world = two_desks(store)
    for agent in ("ana", "bo"):
        world.desks[0].handle(SetCapacity(agent, EVE, 0), AT)
    waiting(world)
    return turns_of(world, SetCapacity("ana", EVE, 2), SetCapacity("bo", EVE, 1))


def a_router_and_a_person(store):
    world = two_desks(store)
    ticket = world.desks[0].receive(message("max"), AT).ticket
    other = "bo" if ticket.assignee == "ana" else "ana"
    return turns_of(world, message("kim"), Assign(ticket.id, EVE, other))


def one_comes_as_one_goes(store):
    world = two_desks(store)
    world.desks[0].handle(SetPresence("bo", EVE, "away"), AT)
    return turns_of(world, message("kim"), SetPresence("ana", EVE, "offline"))


def one_comes_on_as_a_message_does(store):
    world = two_desks(store)
    for agent in ("ana", "bo"):
        world.desks[0].handle(SetPresence(agent, EVE, "away"), AT)
    return turns_of(world, message("kim"), SetPresence("ana", EVE, "available"))


def a_wrap_up_that_time_and_its_agent_end_at_once(store):
    agents = [AgentProfile("ana", capacity=1), AgentProfile("bo", capacity=0)]
    world = World(Configuration(agents=agents, queues=[Queue("support", wrap_up=MINUTE)]), store)
    done, *_ = [world.desks[0].receive(message(f"c{i}"), AT).ticket for i in range(3)]
    world.desks[0].handle(Solve(done.id, ANA), AT)
    world.now = AT + MINUTE
    world.begin(tick(world.desks[0]._setup.context, world.now, 1, 5 * MINUTE, False))
    world.begin(handle(world.desks[1]._setup.context, EndWrapUp("ana", ANA), world.now))
    return world


ASKED = Offering(2 * MINUTE)
"""Agents have two minutes to answer."""


def two_messages_to_offer(store):
    return turns_of(two_desks(store, offering=ASKED), message("kim"), message("lee"))


def with_an_offer(store, other):
    """Ana is offered a ticket: she accepts at the last moment, while something else happens to the offer."""
    world = two_desks(store, offering=ASKED)
    ticket = world.desks[0].receive(message("kim"), AT).ticket
    assert ticket.offer.agent == "ana"
    world.begin(handle(world.desks[0]._setup.context, AcceptOffer(ticket.id, ANA), AT + MINUTE))
    world.begin(other(world.desks[1]._setup.context, ticket.id))
    return world


def accepted_as_it_expires(store):
    return with_an_offer(store, lambda context, _: tick(context, AT + 2 * MINUTE, 1, 5 * MINUTE, False))


def accepted_as_it_is_declined(store):
    return with_an_offer(store, lambda context, one: handle(context, DeclineOffer(one, ANA), AT + MINUTE))


def accepted_as_she_goes(store):
    return with_an_offer(store, lambda context, _: handle(context, SetPresence("ana", ANA, "offline"), AT + MINUTE))


def accepted_as_somebody_else_gets_it(store):
    return with_an_offer(store, lambda context, one: handle(context, Assign(one, EVE, "bo"), AT + MINUTE))


OFFERS = [
    *(accepted_as_it_expires, accepted_as_it_is_declined, accepted_as_she_goes, accepted_as_somebody_else_gets_it),
]
SITUATIONS = [
    *(two_messages, two_timers, two_with_room_again, a_router_and_a_person, one_comes_as_one_goes),
    *(one_comes_on_as_a_message_does, two_messages_to_offer),
]


@pytest.mark.slow
@pytest.mark.parametrize("begin", SITUATIONS)
def test_in_no_order_is_anybody_overbooked_or_idle(begin):
    """Two desks, two tickets, two agents: in every order of what the two turns ask of the store."""
    orders = 0
    for world in every_schedule(lambda: begin(MemoryStore())):
        world.come_to_rest()
        orders += 1
    assert orders > 20


@pytest.mark.parametrize("begin", OFFERS)
def test_every_offer_has_one_end(begin):
    """S11: whoever is first, one of them wins, and the ticket is with nobody else.  In every order in a proof."""

    def begun():
        return begin(MemoryStore())

    for world in every_schedule(begun) if PROOF else some_schedules(begun, 200):
        world.come_to_rest()
        (ticket,) = world.desks[0].tickets(number=3).tickets
        history = [item.event for item in world.desks[0].history(Ref(Kind.TICKET, ticket.id))]
        offers = [type(event) for event in history if isinstance(event, Offered | OfferEnded)]
        assert offers in ([Offered, OfferEnded], [Offered, OfferEnded, Offered])
        assert sum(isinstance(event, Assigned) for event in history) <= 1 + (begin is accepted_as_somebody_else_gets_it)
        holders = {ticket.assignee, ticket.offer and ticket.offer.agent} - {None}
        assert len(holders) == 1, "it is somebody's, or offered to somebody, and not both"


def test_a_wrap_up_has_one_end():
    """Time and its agent end it at once: one of them does, and what comes with it is given once."""
    for world in some_schedules(lambda: a_wrap_up_that_time_and_its_agent_end_at_once(MemoryStore()), 200):
        world.come_to_rest()
        kinds = [type(item.event) for item in world.desks[0].history(Ref(Kind.AGENT, "ana"))]
        assert (kinds.count(WrapUpEnded), kinds.count(WorkTaken)) == (1, 2)


def test_without_the_versions_of_agents_somebody_is_overbooked():
    """So the versions are what keeps them from it, and these tests would tell."""
    orders = islice(every_schedule(lambda: two_messages(Unchecked())), 10_000)
    with pytest.raises(Overbooked):
        deque(orders, maxlen=0)


def crowd() -> World:
    """Three desks and three agents, some of whom are skilled."""
    agents = [AgentProfile("ana", capacity=2, skills=["gold"]), AgentProfile("bo", capacity=1), AgentProfile("zoe")]
    rule = RoutingRule("gold", Condition(keywords=["gold"]), skills=["gold"])
    asked = Offering(9 * MINUTE, exhausted="ask_again", away_after=3)
    queues = [
        Queue("support", "support", escalation="soften", offering=asked),
        Queue("gold", "support", wrap_up=3 * MINUTE, offering=Offering(4 * MINUTE, excluded_for=MINUTE)),
        Queue("sales", "sales", escalation="widen"),
    ]
    config = Configuration(
        agents=agents,
        teams=[Team("support"), Team("sales")],
        rules=[rule],
        skills=["gold"],
        queues=queues,
        channels=[Channel("chat", wrap_up=MINUTE)],
        solve_after=30 * MINUTE,
        escalations=[
            EscalationPlan("soften", [EscalationStep("any", 5 * MINUTE, expire=["gold"])]),
            EscalationPlan("widen", [EscalationStep("all", 7 * MINUTE, teams=["support"], raised=1)]),
        ],
    )
    return World(config, MemoryStore(), desks=3)


def mixed_crowd() -> World:
    """The same, two of whom take calls and chats of different costs, so many a day and in a period."""
    world = crowd()
    config = world.desks[0]._setup.context.configuration
    profiles = [
        CapacityProfile("p", 4, {"voice": 3}, {"voice": 1, "chat": 2}, {}, 200, Rate(9, 5 * MINUTE)),
        CapacityProfile("q", 5, {"voice": 2}, {"chat": 4}, {"gold": 2}, 300, Rate(12, 5 * MINUTE)),
    ]
    ana, bo, zoe = config.agents
    agents = [attrs.evolve(ana, capacity_profile="p"), bo, attrs.evolve(zoe, capacity_profile="q")]
    return World(attrs.evolve(config, agents=agents, capacity_profiles=profiles), MemoryStore(), desks=3)


@pytest.mark.parametrize("crowd", [crowd, pytest.param(mixed_crowd, marks=pytest.mark.slow)])
def test_in_random_orders_nobody_is_overbooked_or_idle(crowd):
    chance = random.Random(SEED)
    steps, happened = 0, Counter()
    try:
        while steps < STEPS:
            world, tickets = crowd(), []
            for _ in range(WORLD):
                if len(world.turns) < 4 and chance.random() < 0.3:
                    world.begin(anything(world, chance, tickets))
                if world.turns:
                    world.step(chance.randrange(len(world.turns)))
                    steps += 1
            world.come_to_rest()
            happened += world.happened
        assert happened.keys() >= IN_THE_MIX - RARE, IN_THE_MIX - RARE - happened.keys()
        assert not PROOF or happened.keys() >= RARE, RARE - happened.keys()
    except BaseException as error:
        error.add_note(f"TICKETCORE_SEED={SEED}, at step {steps}")
        raise


IN_THE_MIX = {
    *("Assigned", "Unassigned", "Routed", "NoEligibleAgent", "StateChanged", "PriorityChanged"),
    *("Offered", "OfferEnded", "ExclusionEnded", "Escalated", "ConfigurationChanged", "WrapUpEnded"),
    *("PresenceChanged", "CapacityChanged", "SkillsChanged", "TeamsChanged"),
}
"""What has to have happened, so that nothing falls out of the mix unseen."""

RARE = {"ExclusionEnded"}
"""What of this happens some four times in 30,000 steps, and so has to only in the proof."""


def anything(world: World, chance: random.Random, tickets: list[str]) -> Turn[Any]:
    """A turn of a router, a person, a rule or time."""
    context, at = chance.choice(world.desks)._setup.context, AT + len(tickets) * MINUTE
    world.now = max(world.now, at)
    agent, kind = chance.choice(["ana", "bo", "zoe"]), chance.randrange(12)
    if kind < 3 or not tickets:
        text = chance.choice(["gold", "silver"])
        tickets[:] = [ticket.id for ticket in world.store.find("acme", Query(Kind.TICKET, limit=1000)).values]
        channel = chance.choice(["chat", "voice"]) if world.desks[0].configuration().capacity_profiles else "chat"
        return receive(context, message(f"c{chance.randrange(40)}", text, channel), at)
    if kind == 3:
        return tick(context, at, 3, MINUTE, False)
    if kind == 4:
        changes = [*(SetPresence(agent, EVE, one) for one in Presence), SetCapacity(agent, EVE, chance.randrange(4))]
        changes.append(EndWrapUp(agent, EVE))
        changes += [SetCapacityProfile(agent, EVE, one.id) for one in world.desks[0].configuration().capacity_profiles]
        changes += [SetTeams(agent, EVE, teams) for teams in (["support"], ["support"], ["support", "sales"])]
        if chance.random() < 0.1:
            known, by = world.desks[0].configuration(), chance.choice(["priority_fifo", "lifo", "score_with_age"])
            return handle(context, Configure(attrs.evolve(known, discipline=by), EVE), at)
        return handle(context, chance.choice([*changes, SetSkills(agent, EVE, chance.choice([["gold"], []]))]), at)
    ticket = chance.choice(tickets)
    if kind > 9:
        offers = [offer for one in world.store.find("acme", Query(Kind.AGENT)).values for offer in one.offers]
        (known,) = world.store.load("acme", [Ref(Kind.TICKET, chance.choice(offers).ticket if offers else ticket)])
        who = Actor.agent(agent if known.offer is None else known.offer.agent)
        return handle(context, chance.choice([AcceptOffer, AcceptOffer, DeclineOffer])(known.id, who), at)
    by_hand = [
        Assign(ticket, EVE, agent),
        Unassign(ticket, EVE),
        Transfer(ticket, EVE, chance.choice(["gold", "support", "sales"])),
        Assign(ticket, Actor.rule("owner"), agent, unless_taken=True),
        SetPriority(ticket, EVE, chance.choice([*Priority])),
    ]
    return handle(context, chance.choice([*by_hand, *(move(ticket, EVE) for move in (Pend, Resume, Solve, Solve))]), at)
