"""The engine gives what a look at every agent would give, and its laws hold whatever happens to it.

The oracle is written here, on the plain facts, and shares nothing with the engine but the values that go in.
"""

import random

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore.engine import (
    AgentFacts,
    AgentIn,
    All,
    AnyOf,
    AtLeast,
    Attribute,
    Banded,
    BestSkill,
    Chain,
    Chance,
    Comparison,
    DutyRate,
    Engine,
    Everybody,
    FairShare,
    FewestWaitingAndHandled,
    HasSkill,
    IdlenessRatio,
    InTeam,
    LeastActive,
    LeastFlexibleFirst,
    LeastHandled,
    LeastSkilled,
    LeastUtilised,
    LongestIdle,
    MostAvailable,
    Not,
    PowerOfChoices,
    Requirement,
    RoundRobin,
    Since,
    SmoothWeightedRoundRobin,
    Waiting,
    WeightedScore,
    default_policy,
    ranking,
)
from ticketcore.engine.comparing import policy_among
from ticketcore.engine.policies import Asked
from ticketcore.errors import InvalidInput
from ticketcore.model import (
    CREDIT,
    CapacityProfile,
    Excluded,
    Filter,
    Held,
    PolicyMemory,
    SkillLevel,
    Workload,
)

SKILLS, TEAMS, CHANNELS = ("gold", "lead", "mend"), ("north", "south"), ("chat", "voice")
COSTS = {"voice": 2}
POLICIES = (
    *(FairShare(), LeastActive(), MostAvailable(), LeastUtilised(), RoundRobin(), LeastHandled()),
    *(FewestWaitingAndHandled(), LeastFlexibleFirst(), DutyRate(), WeightedScore(), BestSkill(), LeastSkilled()),
    *(Chance(7), *(LongestIdle(since) for since in Since), default_policy(), Banded(FairShare(), 3 * CREDIT)),
    *(Chain((Banded(LeastHandled(), 2), DutyRate())), SmoothWeightedRoundRobin(), PowerOfChoices(2, FairShare())),
    *(IdlenessRatio({"south": 2, "north": 1}), Chain((IdlenessRatio({"north": 1}), PowerOfChoices(3), LeastActive()))),
)

leaves = st.one_of(
    st.builds(HasSkill, st.sampled_from(SKILLS), st.integers(1, 4)),
    st.builds(InTeam, st.sampled_from(TEAMS)),
    st.builds(AgentIn, st.lists(st.sampled_from(["a0", "a1", "a2", "a9"]), min_size=1)),
    st.builds(Attribute, st.just("floor"), st.sampled_from(Comparison), st.integers(0, 3)),
    st.builds(Attribute, st.just("town"), st.sampled_from(["is", "is_not"]), st.sampled_from(["Ulm", "Lyon"])),
    st.just(Everybody()),
)


def _combined(parts):
    several = st.lists(parts, min_size=1, max_size=3)
    at_least = several.flatmap(lambda some: st.builds(AtLeast, st.integers(1, len(some)), st.just(some)))
    return st.one_of(st.builds(All, several), st.builds(AnyOf, several), st.builds(Not, parts), at_least)


expressions = st.recursive(leaves, _combined, max_leaves=6)
requirements = st.builds(Requirement, expressions, st.lists(expressions, max_size=2))
asked_often = st.sampled_from([Requirement(), Requirement(), Requirement(HasSkill("gold"))])
skills = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 4))
teams = st.sets(st.sampled_from(TEAMS)).map(sorted)
attributes = st.fixed_dictionaries(
    {}, optional={"floor": st.integers(0, 3) | st.just("Ulm"), "town": st.sampled_from(["Ulm", "Lyon"])}
)
limits = st.dictionaries(st.sampled_from(CHANNELS), st.integers(0, 2))


workloads = st.builds(
    lambda total, limits, cap, alone: Workload(
        CapacityProfile("p", total, COSTS, limits, daily_cap=cap, exclusive=alone), ()
    ),
    st.integers(0, 5),
    limits,
    st.sampled_from([None, None, 0, 4]),
    st.sampled_from([[], [], ["chat"]]),
)


@st.composite
def fleets(draw, least=0, most=9):
    """Agents a0, a1, ... of whom anything can be true."""
    return [
        AgentFacts(
            f"a{i}",
            draw(skills),
            draw(teams),
            draw(attributes),
            capacity=draw(st.integers(0, 5)),
            workload=draw(st.none() | workloads),
            weight=draw(st.sampled_from([50, 100, 130])),
            available=draw(st.sampled_from([True, True, False])),
            memory=PolicyMemory(draw(st.integers(0, 5)) * CREDIT, draw(st.integers(0, 5)), draw(st.integers(0, 9))),
            available_since=draw(st.integers(0, 5)),
            last_released=draw(st.integers(0, 9)),
        )
        for i in range(draw(st.integers(least, most)))
    ]


# The oracle.


@attrs.define
class Person:
    """An agent of the oracle: what a policy may look at, from what the agent holds."""

    facts: AgentFacts
    held: dict = attrs.field(factory=dict)
    slot: int = 0
    virtual_time: int = 0
    assigned: int = 0
    last_assigned: int = 0
    handled: int = 0
    last_released: int = 0
    available_since: int = 0
    duty: int = 0

    def __attrs_post_init__(self):
        memory = self.facts.memory
        self.virtual_time, self.assigned = memory.virtual_time, memory.assigned
        self.last_assigned, self.last_released = memory.last_assigned, self.facts.last_released
        self.available_since = self.facts.available_since

    id = property(lambda self: self.facts.id)
    capacity = property(lambda self: self.facts.capacity)
    weight = property(lambda self: self.facts.weight)
    teams = property(lambda self: self.facts.teams)
    skills = property(lambda self: {item.skill: item.level for item in self.facts.skills})
    open = property(lambda self: len(self.held))
    used = property(lambda self: sum(COSTS.get(channel, 1) for channel in self.held.values()))

    def duty_until(self, at):
        return self.duty + (max(at - self.available_since, 0) if self.facts.available else 0)

    def bound(self, channel):
        profile = None if self.facts.workload is None else self.facts.workload.profile
        if self.used + COSTS.get(channel, 1) > (self.capacity if profile is None else profile.total):
            return Filter.CAPACITY
        if profile is None:
            return None
        limit = {item.of: item.units for item in profile.channel_limits}.get(channel)
        if limit is not None and sum(held == channel for held in self.held.values()) >= limit:
            return Filter.CHANNEL_LIMIT
        if self.held and {channel, *self.held.values()} & set(profile.exclusive):
            return Filter.EXCLUSIVE
        return None if profile.daily_cap is None or self.handled < profile.daily_cap else Filter.DAILY_CAP


def meets(expression, facts):
    """Whether the agent meets the expression, by what it says."""
    match expression:
        case Everybody():
            return True
        case HasSkill(skill, level):
            return any(item.skill == skill and item.level >= level for item in facts.skills)
        case InTeam(team):
            return team in facts.teams
        case AgentIn(agents):
            return facts.id in agents
        case Attribute(name, comparison, value):
            own = dict(facts.attributes).get(name)
            if type(own) is not type(value):
                return False
            true_for = {-1: {"below", "at_most", "is_not"}, 0: {"is", "at_most", "at_least"}, 1: {"above", "at_least"}}
            return comparison in true_for[(own > value) - (own < value)] | ({"is_not"} if own != value else set())
        case All(parts):
            return all(meets(part, facts) for part in parts)
        case AnyOf(parts):
            return any(meets(part, facts) for part in parts)
        case Not(part):
            return not meets(part, facts)
        case AtLeast(count, parts):
            return sum(meets(part, facts) for part in parts) >= count
    raise AssertionError(expression)


class World:
    """An engine, and beside it what is true, kept the long way."""

    def __init__(self, fleet, policy, scanned=None):
        self.policy = policy
        self.engine = Engine(fleet, policy=policy, costs=COSTS, scanned=scanned)
        self.people = {facts.id: Person(facts, slot=len(fleet) - 1 - i) for i, facts in enumerate(fleet)}
        self.free, self.slots = [], len(fleet)
        self.waiting, self.plans, self.cursors, self.holder = {}, {}, {}, {}
        self.at, self.serial = 100, 0
        self.log = []

    # What is right.

    def removed(self, person, ask):
        """The first filter that keeps a ticket from the agent."""
        requirement, team, channel, excluded = ask
        if team is not None and team not in person.facts.teams:
            return Filter.TEAM
        if not meets(requirement.must, person.facts):
            return Filter.SKILLS
        if person.id in excluded:
            return Filter.EXCLUDED
        if not person.facts.available:
            return Filter.PRESENCE
        return person.bound(channel)

    def right_agents(self, ask, asked, plan):
        """The candidates in order."""
        cursor = self.cursors.get(plan, 0)
        tiers = {}
        for person in self.people.values():
            if not self.removed(person, ask):
                tier = tuple(not meets(liked, person.facts) for liked in ask[0].prefer)
                tiers.setdefault(tier, []).append(person)
        found = []
        for tier, able in sorted(tiers.items()):
            policy = policy_among(self.policy, able, asked)
            for person in able:
                turn = self.policy.takes_turns and person.slot >= cursor
                found.append((tier, policy.rank(person, asked), turn, -person.slot, person.id))
        return [(agent, rank) for _, rank, _, _, agent in sorted(found)]

    def right_ticket(self, person):
        able = [
            (-waiting.priority, waiting.since, ticket)
            for ticket, (ask, waiting) in self.waiting.items()
            if not self.removed(person, ask)
        ]
        return min(able)[2] if able else None

    # What happens, to both.

    def ticket(self, requirement, team, channel, excluded, priority):
        ask = (requirement, team, channel, tuple(sorted(set(excluded))))
        self.serial += 1
        ticket, plan = f"t{self.serial:03}", self.engine.plan(requirement, team, channel)
        self.plans[ticket] = plan, channel
        asked = Asked(ticket, self.at, plan.must)
        self.check_decision(ask, asked, plan)
        agent = self.engine.agent_for(plan, excluded, asked)
        self.log.append(repr(self.engine.decide(plan, excluded, asked)))
        if agent is None:
            self.waiting[ticket] = (ask, Waiting(self.at, priority))
            self.engine.waits(ticket, plan, Waiting(self.at, priority), excluded)
        else:
            self.assign(ticket, agent)

    def check_decision(self, ask, asked, plan):
        right = self.right_agents(ask, asked, plan)
        decision = self.engine.decide(plan, ask[3], asked)
        ids = [agent for agent, _ in right]
        assert ids[:2] == [agent for agent in (decision.agent, decision.runner_up) if agent is not None]
        assert self.engine.agent_for(plan, ask[3], asked) == decision.agent
        if right:
            assert [decision.rank, decision.runner_up_rank] == ([rank for _, rank in right] + [()])[:2]
        removed = [self.removed(person, ask) for person in self.people.values()]
        counts = tuple(Excluded(each, removed.count(each)) for each in Filter if each in removed)
        assert decision.counts is not None
        assert (decision.counts.pool, decision.counts.excluded) == (len(self.people), counts)
        assert decision.counts.eligible == len(right)
        assert decision.placement.candidates == len(right)
        able = {agent for agent in [*self.people, "nobody"] if self.engine.can_take(agent, plan, ask[3])}
        assert able == set(ids)
        full = self.engine.explain(plan, ask[3], asked)
        assert sorted(agent for agent, _ in full.candidates) == sorted(ids)
        assert dict(full.excluded) == {
            person.id: self.removed(person, ask) for person in self.people.values() if self.removed(person, ask)
        }
        assert bool(self.engine.unmet(plan)) == ({Filter.TEAM, Filter.SKILLS} >= set(removed))

    def assign(self, ticket, agent):
        plan, channel = self.plans[ticket]
        self.at += 1
        self.engine.assigned(ticket, agent, plan, self.at)
        person = self.people[agent]
        person.held[ticket] = channel
        person.virtual_time += self.policy.credit(person)
        person.assigned += 1
        person.handled += 1
        person.last_assigned = self.at
        self.holder[ticket] = person
        self.waiting.pop(ticket, None)
        if self.policy.takes_turns:
            self.cursors[plan] = person.slot

    def pull(self):
        """Give waiting tickets to whoever has room, as a desk does after any change."""
        for agent, person in sorted(self.people.items()):
            while True:
                ticket = self.engine.ticket_for(agent, self.at)
                assert ticket == self.right_ticket(person)
                pull = self.engine.explain_agent(agent, self.at)
                keeps = [self.removed(person, ask) for ask, _ in self.waiting.values()]
                assert (pull.ticket, pull.waiting) == (ticket, len(self.waiting))
                assert pull.excluded == tuple(Excluded(each, keeps.count(each)) for each in Filter if each in keeps)
                if ticket is None:
                    break
                self.log.append(f"{agent} {ticket}")
                self.assign(ticket, agent)

    def change(self, number, what, *value):
        """Something about an agent; nothing when there is none."""
        if not self.people:
            return
        agent = sorted(self.people)[number % len(self.people)]
        person = self.people[agent]
        self.at += 1
        match what:
            case "skills":
                self.engine.skills_changed(agent, [SkillLevel(*item) for item in sorted(value[0].items())])
                person.facts = attrs.evolve(person.facts, skills=value[0])
            case "teams":
                self.engine.teams_changed(agent, value[0])
                person.facts = attrs.evolve(person.facts, teams=value[0])
            case "attributes":
                self.engine.attributes_changed(agent, value[0])
                person.facts = attrs.evolve(person.facts, attributes=value[0])
            case "capacity":
                held = tuple(Held(ticket, channel, None) for ticket, channel in sorted(person.held.items()))
                load = None if value[1] is None else value[1]._replace(held=held, today=person.handled)
                self.engine.capacity_changed(agent, value[0], load)
                person.facts = attrs.evolve(person.facts, capacity=value[0], workload=load)
            case "weight":
                self.engine.weight_changed(agent, value[0])
                person.facts = attrs.evolve(person.facts, weight=value[0])
            case "on":
                self.engine.came_on(agent, self.at, value[0])
                person.virtual_time = value[0]
                person.available_since = self.at
                person.facts = attrs.evolve(person.facts, available=True)
            case "off":
                self.engine.went_off(agent, self.at)
                person.duty = person.duty_until(self.at)
                person.facts = attrs.evolve(person.facts, available=False)
            case "day":
                self.engine.day_began([agent], self.at)
                person.handled = person.duty = 0
                person.available_since = self.at if person.facts.available else person.available_since
            case "left":
                if person.held:
                    with pytest.raises(InvalidInput, match="still holds"):
                        self.engine.left(agent)
                else:
                    self.engine.left(agent)
                    self.free.append(self.people.pop(agent).slot)

    def join(self, facts):
        if facts.id in self.people:
            with pytest.raises(InvalidInput, match="is here already"):
                self.engine.joined(facts)
            return
        slot = self.free.pop() if self.free else self.slots
        self.slots = max(self.slots, slot + 1)
        self.engine.joined(facts)
        self.people[facts.id] = Person(facts, slot=slot)

    def release(self, number):
        if self.holder:
            ticket = sorted(self.holder)[number % len(self.holder)]
            self.at += 1
            self.engine.released(ticket, self.at)
            person = self.holder.pop(ticket)
            del person.held[ticket]
            person.last_released = self.at

    def check_laws(self):
        """What holds after every step."""
        for person in self.people.values():
            for ask, _ in self.waiting.values():
                assert self.removed(person, ask), "an agent with room beside a ticket that they can take"
        available = [person.virtual_time for person in self.people.values() if person.facts.available]
        assert self.engine.mean_virtual_time() == (sum(available) // len(available) if available else None)
        assert self.engine.waiting == len(self.waiting)
        assert len(self.engine) == len(self.people)


numbers = st.integers(0, 99)
steps = st.one_of(
    *[
        st.tuples(
            st.just("ticket"),
            asked_often | requirements,
            st.sampled_from([None, None, None, *TEAMS]),
            st.sampled_from(["chat", "chat", "voice"]),
            st.just([]) | st.lists(st.sampled_from(["a0", "a1", "nobody"]), max_size=2),
            st.integers(0, 2),
        )
    ]
    * 3,
    st.tuples(st.just("release"), numbers),
    st.tuples(st.just("join"), fleets(most=3)),
    st.tuples(st.just("change"), numbers, st.just("skills"), skills),
    st.tuples(st.just("change"), numbers, st.just("teams"), teams),
    st.tuples(st.just("change"), numbers, st.just("attributes"), attributes),
    st.tuples(st.just("change"), numbers, st.just("capacity"), st.integers(0, 5), st.none() | workloads),
    st.tuples(st.just("change"), numbers, st.just("weight"), st.sampled_from([70, 100, 199])),
    st.tuples(st.just("change"), numbers, st.just("on"), st.integers(0, 9).map(lambda times: times * CREDIT)),
    st.tuples(st.just("change"), numbers, st.sampled_from(["off", "day", "left"])),
)


def play(world, steps):
    """Let it happen; the world after it."""
    for step, *value in steps:
        if step == "join":
            for facts in value[0]:
                world.join(attrs.evolve(facts, id=f"a{len(facts.skills)}{facts.capacity}"))
        else:
            getattr(world, step)(*value)
        world.pull()
        world.check_laws()
    return world


@settings(max_examples=300)
@given(
    fleets(least=3) | fleets(),
    st.sampled_from(POLICIES),
    st.sampled_from([None, 0, 100]),
    st.lists(steps, min_size=15, max_size=30) | st.lists(steps, max_size=20),
)
def test_whatever_happens_it_answers_as_a_look_at_everybody_would(fleet, policy, scanned, steps):
    play(World(fleet, policy, scanned), steps)


@pytest.mark.slow
@settings(max_examples=max(200, settings.default.max_examples))
@given(
    fleets(least=5, most=20),
    st.sampled_from(POLICIES),
    st.sampled_from([0, 3]),
    st.lists(steps, min_size=30, max_size=60),
)
def test_the_same_in_larger_fleets_by_index(fleet, policy, scanned, steps):
    play(World(fleet, policy, scanned), steps)


LASTING = [policy for policy in POLICIES if policy.lasts]
NEEDS = (Everybody(), HasSkill("gold"), All((HasSkill("gold"), HasSkill("lead"))))


@given(st.sampled_from(LASTING), st.integers(0, 2**32), st.integers(60, 250), st.sampled_from([3, 50, 10**6, 10**15]))
@settings(max_examples=60)
def test_the_index_gives_what_a_scan_gives_when_its_numbers_are_many(policy, seed, size, spread):
    chance = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "AGAIN", chance.choice((0, 1)))
        patch.setattr(ranking, "SHARED", chance.choice((1, 48)))
        both_give_the_same(policy, chance, size, spread)


def both_give_the_same(policy, chance, size, spread):
    shared = [CREDIT * chance.randrange(spread) for _ in range(40)]
    fleet = [
        AgentFacts(
            f"a{i}",
            chance.sample(SKILLS, chance.randint(1, 3)),
            capacity=chance.randint(1, 9),
            weight=chance.choice([100, 50, chance.randint(30, 300)]),
            memory=PolicyMemory(chance.choice(shared), 0, chance.randrange(spread)),
            available_since=chance.choice(shared),
        )
        for i in range(size)
    ]
    engines = [Engine(fleet, policy=policy, scanned=scanned) for scanned in (0, 10**9)]
    held = []
    for at in range(300):
        need = Requirement(chance.choice(NEEDS))
        agents = [engine.agent_for(engine.plan(need)) for engine in engines]
        assert agents[0] == agents[1]
        if agents[0] is not None:
            held.append(f"t{at}")
        done = held.pop(chance.randrange(len(held))) if held and chance.random() < 0.5 else None
        joins, time = chance.random() < 0.1, at * chance.choice([1, 7, spread])
        for engine in engines:
            if agents[0] is not None:
                engine.assigned(f"t{at}", agents[0], engine.plan(need), time)
            if done is not None:
                engine.released(done, time)
            if joins:
                engine.joined(AgentFacts(f"new{at}", ["gold"], memory=PolicyMemory(at)))


changes = st.one_of(
    st.tuples(st.just("change"), numbers, st.just("skills"), skills),
    st.tuples(st.just("change"), numbers, st.just("teams"), teams),
    st.tuples(st.just("change"), numbers, st.just("attributes"), attributes),
    st.tuples(st.just("change"), numbers, st.just("left")),
    st.tuples(st.just("join"), fleets(least=1, most=2)),
)


@given(fleets(least=1), st.lists(requirements, min_size=1, max_size=4), st.lists(changes, max_size=6))
def test_a_plan_has_whoever_meets_it_whatever_changed_and_its_anchors_find_it(fleet, asked, steps):
    for scanned in (0, 100):
        world = World(fleet, FairShare(), scanned)
        plans = [world.engine.plan(requirement) for requirement in asked]
        for plan in plans:
            world.engine._plans.anchor(plan)
        for step in [None, *steps]:
            for plan in plans:
                world.engine.agent_for(plan)
            play(world, [step] if step else [])
            for plan, requirement in zip(plans, asked, strict=True):
                meeting = {person.id for person in world.people.values() if meets(requirement.must, person.facts)}
                assert {load.id for load in world.engine._fleet if world.engine._plans.qualifies(plan, load)} == meeting
                for agent in meeting:
                    assert set(plan.anchors) & set(world.engine._loads[agent].names)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=60))
def test_tickets_come_back_to_lanes_and_leave_them(moves):
    """A ticket waits again with another age, or is withdrawn, while others stand before it."""
    engine = Engine([AgentFacts("ana")])
    waiting = {}
    for number, since in moves:
        ticket = f"t{number}"
        if ticket in waiting:
            engine.withdrawn(ticket)
            del waiting[ticket]
        else:
            engine.waits(ticket, engine.plan(), Waiting(since))
            waiting[ticket] = since
        assert engine.ticket_for("ana", 0) == min(waiting, key=lambda one: (waiting[one], one), default=None)


def test_room_follows_what_each_channel_takes():
    engine = Engine([AgentFacts("ana", capacity=4)], costs=COSTS)
    chat, voice = (engine.plan(channel=channel) for channel in CHANNELS)
    room = []
    for number in range(4):
        room.append((engine.agent_for(chat), engine.agent_for(voice)))
        engine.assigned(f"t{number}", "ana", chat, 0)
    for number in range(4):
        engine.released(f"t{number}", 1)
        room.append((engine.agent_for(chat), engine.agent_for(voice)))
    both, one, none = ("ana", "ana"), ("ana", None), (None, None)
    assert room == [both, both, both, one, one, both, both, both]
    engine.assigned("v", "ana", voice, 2)
    engine.assigned("w", "ana", voice, 2)
    assert (engine.agent_for(chat), engine.agent_for(voice)) == none
    engine.released("v", 3)
    assert (engine.agent_for(chat), engine.agent_for(voice)) == both


def test_who_left_is_nobody_and_their_place_is_the_next_ones():
    engine = Engine([AgentFacts("ana", capacity=9), AgentFacts("bo", capacity=9)], policy=LeastActive(), scanned=0)
    plan = engine.plan()
    assert engine.agent_for(plan) == "ana"
    engine.left("ana")
    assert (engine.agent_for(plan), len(engine)) == ("bo", 1)
    engine.assigned("t", "bo", plan, 1)
    engine.joined(AgentFacts("eve", memory=PolicyMemory(5)))
    assert [engine.agent_for(plan) for _ in range(2)] == ["eve", "eve"]
    engine.assigned("u", "eve", plan, 1)
    engine.released("u", 2)
    assert engine.agent_for(plan) == "eve"


@pytest.mark.parametrize("scanned", [0, 10**9])
def test_counts_are_of_those_who_are_there_now_though_as_many_could_take_it_before(scanned):
    skilled = [AgentFacts(f"gold{i}", ["gold"], capacity=1) for i in range(40)]
    engine = Engine([*skilled, *(AgentFacts(f"other{i}") for i in range(40))], scanned=scanned)
    gold = engine.plan(Requirement(HasSkill("gold")))
    engine.assigned("t", "gold0", gold, at=1)
    engine.went_off("other0", 1)
    assert engine.decide(gold).counts.excluded == (Excluded(Filter.SKILLS, 40), Excluded(Filter.CAPACITY, 1))
    engine.came_on("other0", 2)
    engine.went_off("gold0", 2)
    assert engine.decide(gold).counts.excluded == (Excluded(Filter.SKILLS, 40), Excluded(Filter.PRESENCE, 1))
