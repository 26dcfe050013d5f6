"""Assignment decisions, against what one would write without an engine.

Each agent has five of 200 skills, popular ones more often, and room for five to ten tickets; a ticket asks one skill or
two that somebody has.  A decision finds the agent, assigns the ticket, and releases the oldest of a window of tickets,
so that the load stays what it is.

The peers know nothing but this: no teams, presence, channels, exclusions, waiting tickets, configuration, or records.
They give the least loaded agent, of equals the one given work longest ago.  ``naive`` looks at every agent;
``skill sets`` meets the sets of agents by skill and looks at each who is left; ``sorted lists`` keeps, for each skill,
its agents with room in order, and walks the shorter; ``numpy posting lists`` and ``numpy scan`` do so by arrays.  Their
answers are compared with those of ``naive`` before they are timed, and ours with a scan by the same rank.

The engine is the class that desks and simulations construct.
"""

import random
import statistics
import time
import tracemalloc
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import NamedTuple, Protocol

import numpy as np

from bench.measure import apart, goal, rates, report
from ticketcore.engine import (
    AgentFacts,
    All,
    DistributionPolicy,
    Engine,
    FairShare,
    HasSkill,
    LeastActive,
    Plan,
    Requirement,
    Waiting,
    default_policy,
)
from ticketcore.model import SkillLevel

AREA = "assignment"
SKILLS = 200
EACH = 5
ROUNDS = 5
WINDOW = 50_000
SIZES = (1_000, 10_000, 100_000)
LEAST_ACTIVE, EQUAL, UNEQUAL = "least active", "fair share, equal weights", "fair share, unequal weights"
BASELINE_GOALS = {
    1_000: {LEAST_ACTIVE: 1.2, EQUAL: 1.2, UNEQUAL: 0.8},
    10_000: {LEAST_ACTIVE: 1.4, EQUAL: 1.4, UNEQUAL: 1.0},
    100_000: {LEAST_ACTIVE: 1.6, EQUAL: 1.6, UNEQUAL: 1.3},
}
NAIVE_GOALS = {1_000: 10, 10_000: 80, 100_000: 400}

Need = tuple[int, ...]


class Person(NamedTuple):
    """An agent of the bench."""

    skills: frozenset[int]
    capacity: int
    weight: int


@cache
def people(size: int, skills: int = SKILLS, each: int = EACH) -> tuple[Person, ...]:
    chance = random.Random(size)
    popularity = [(rank + 5) ** -0.7 for rank in range(skills)]
    found = []
    for _ in range(size):
        mine: set[int] = set()
        while len(mine) < each:
            mine.update(chance.choices(range(skills), popularity, k=each - len(mine)))
        found.append(Person(frozenset(mine), chance.randint(5, 10), chance.randint(50, 200)))
    return tuple(found)


def needs(staff: Sequence[Person], count: int, seed: int = 1) -> list[Need]:
    """What tickets ask: each a skill or two of some agent."""
    chance = random.Random(seed)
    asked = []
    for _ in range(count):
        skills = sorted(chance.choice(staff).skills)
        asked.append(tuple(sorted(chance.sample(skills, chance.choice((1, 2))))))
    return asked


def beginning(staff: Sequence[Person]) -> list[int]:
    """Who has the tickets of the window, oldest first."""
    chance = random.Random(2)
    window = min(3 * len(staff), WINDOW)
    slots = [agent for agent, person in enumerate(staff) for _ in range(person.capacity - 1)]
    return chance.sample(slots, window)


class Desk(Protocol):
    """What is compared."""

    def take(self, agent: int) -> None: ...
    def pick(self, need: Need) -> int: ...
    def release(self, agent: int) -> None: ...


class Naive:
    """Every agent is looked at."""

    def __init__(self, staff: Sequence[Person]) -> None:
        self.staff = staff
        self.load = [0] * len(staff)
        self.last = [0] * len(staff)
        self.clock = 0

    def take(self, agent: int) -> None:
        self.clock += 1
        self.load[agent] += 1
        self.last[agent] = self.clock

    def pick(self, need: Need) -> int:
        load, last, wanted = self.load, self.last, set(need)
        _, _, agent = min(
            (
                (load[i], last[i], i)
                for i, person in enumerate(self.staff)
                if wanted <= person.skills and load[i] < person.capacity
            ),
            default=(0, 0, -1),
        )
        if agent >= 0:
            self.take(agent)
        return agent

    def release(self, agent: int) -> None:
        self.load[agent] -= 1


class SkillSets(Naive):
    """The sets of agents by skill are met, and whoever is left is looked at."""

    def __init__(self, staff: Sequence[Person]) -> None:
        super().__init__(staff)
        self.having: dict[int, set[int]] = {}
        self.capacity = [person.capacity for person in staff]
        for agent, person in enumerate(staff):
            for skill in person.skills:
                self.having.setdefault(skill, set()).add(agent)

    def pick(self, need: Need) -> int:
        load, last, capacity = self.load, self.last, self.capacity
        able = self.having[need[0]] if len(need) == 1 else self.having[need[0]] & self.having[need[1]]
        _, _, agent = min(((load[i], last[i], i) for i in able if load[i] < capacity[i]), default=(0, 0, -1))
        if agent >= 0:
            self.take(agent)
        return agent


class SortedLists(Naive):
    """Each skill has its agents with room in order, and the shorter list is walked."""

    def __init__(self, staff: Sequence[Person]) -> None:
        super().__init__(staff)
        self.ordered: dict[int, list[tuple[int, int, int]]] = {}
        for agent, person in enumerate(staff):
            for skill in person.skills:
                self.ordered.setdefault(skill, []).append((0, 0, agent))

    def take(self, agent: int) -> None:
        self.leave(agent)
        super().take(agent)
        self.enter(agent)

    def release(self, agent: int) -> None:
        self.leave(agent)
        super().release(agent)
        self.enter(agent)

    def leave(self, agent: int) -> None:
        key = (self.load[agent], self.last[agent], agent)
        if key[0] < self.staff[agent].capacity:
            for skill in self.staff[agent].skills:
                ordered = self.ordered[skill]
                del ordered[bisect_left(ordered, key)]

    def enter(self, agent: int) -> None:
        key = (self.load[agent], self.last[agent], agent)
        if key[0] < self.staff[agent].capacity:
            for skill in self.staff[agent].skills:
                insort(self.ordered[skill], key)

    def pick(self, need: Need) -> int:
        shortest = min((self.ordered[skill] for skill in need), key=len)
        wanted, staff = set(need), self.staff
        for _, _, agent in shortest:
            if wanted <= staff[agent].skills:
                self.take(agent)
                return agent
        return -1


class Arrays:
    """Every agent is looked at, by arrays."""

    def __init__(self, staff: Sequence[Person]) -> None:
        size = len(staff)
        self.has = np.zeros((SKILLS, size), bool)
        for agent, person in enumerate(staff):
            self.has[list(person.skills), agent] = True
        self.load = np.zeros(size, np.int64)
        self.last = np.zeros(size, np.int64)
        self.capacity = np.array([person.capacity for person in staff], np.int64)
        self.clock = 0

    def take(self, agent: int) -> None:
        self.clock += 1
        self.load[agent] += 1
        self.last[agent] = self.clock

    def release(self, agent: int) -> None:
        self.load[agent] -= 1

    def pick(self, need: Need) -> int:
        able = self.load < self.capacity
        for skill in need:
            able &= self.has[skill]
        return self._least(np.flatnonzero(able))

    def _least(self, agents: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> int:
        if not agents.size:
            return -1
        agent = int(agents[np.argmin((self.load[agents] << 40) | self.last[agents])])
        self.take(agent)
        return agent


class PostingLists(Arrays):
    """The agents of the rarer skill are looked at, by arrays."""

    def __init__(self, staff: Sequence[Person]) -> None:
        super().__init__(staff)
        self.having = [np.flatnonzero(row) for row in self.has]

    def pick(self, need: Need) -> int:
        rarest, *others = sorted(need, key=lambda skill: self.having[skill].size)
        agents = self.having[rarest]
        for skill in others:
            agents = agents[self.has[skill, agents]]
        return self._least(agents[self.load[agents] < self.capacity[agents]])


PEERS: Mapping[str, Callable[[Sequence[Person]], Desk]] = {
    "skill sets": SkillSets,
    "sorted lists": SortedLists,
    "numpy posting lists": PostingLists,
    "numpy scan": Arrays,
}


def play(desk: Desk, held: deque[int], asked: Sequence[Need]) -> list[int]:
    """Who got what; the oldest is released each time."""
    given = []
    for need in asked:
        agent = desk.pick(need)
        given.append(agent)
        if agent >= 0:
            held.append(agent)
            desk.release(held.popleft())
    return given


def peer(make: Callable[[Sequence[Person]], Desk], staff: Sequence[Person], asked: Sequence[Need]) -> Callable[[], int]:
    desk = make(staff)
    held = deque(beginning(staff))
    for agent in held:
        desk.take(agent)

    def run() -> int:
        return len(play(desk, held, asked))

    return run


def requirement(need: Need) -> Requirement:
    parts = [HasSkill(f"s{skill}") for skill in need]
    return Requirement(parts[0] if len(parts) == 1 else All(parts))


def engine_of(staff: Sequence[Person], policy: DistributionPolicy, weighted: bool = False) -> Engine:
    return Engine(
        (
            AgentFacts(
                f"a{i}",
                [SkillLevel(f"s{skill}") for skill in sorted(person.skills)],
                capacity=person.capacity,
                weight=person.weight if weighted else 100,
            )
            for i, person in enumerate(staff)
        ),
        policy=policy,
    )


class Ours:
    """An engine with the tickets of the window, and the tickets to come."""

    def __init__(
        self, staff: Sequence[Person], policy: DistributionPolicy, asked: Sequence[Need], weighted: bool = False
    ) -> None:
        self.engine = engine_of(staff, policy, weighted)
        known = {need: requirement(need) for need in dict.fromkeys(asked)}
        self.tickets = [(f"t{i}", known[need]) for i, need in enumerate(asked)]
        self.held: deque[str] = deque()
        plan = self.engine.plan()
        for i, agent in enumerate(beginning(staff)):
            self.engine.assigned(f"w{i}", f"a{agent}", plan, i)
            self.held.append(f"w{i}")
        for need in known.values():  # makes the plans, and the order of agents as they are now
            self.engine.agent_for(self.engine.plan(need))

    def play(self) -> list[str | None]:
        engine, held, at = self.engine, self.held, WINDOW
        given = []
        for ticket, need in self.tickets:
            at += 1
            plan = engine.plan(need)
            agent = engine.agent_for(plan)
            given.append(agent)
            if agent is not None:
                engine.assigned(ticket, agent, plan, at)
                held.append(ticket)
                engine.released(held.popleft(), at)
        return given


def ours(
    staff: Sequence[Person], policy: DistributionPolicy, asked: Sequence[Need], weighted: bool = False
) -> Callable[[], int]:
    desk = Ours(staff, policy, asked, weighted)

    def run() -> int:
        return len(desk.play())

    return run


def scanned(
    staff: Sequence[Person], asked: Sequence[Need], by: Callable[[int, int, int], tuple[int, ...]], weighted: bool
) -> list[str | None]:
    """Whom we should choose: of all who can, the first by rank, equals in turn, a turn for each kind of ticket."""
    load, time_given = [0] * len(staff), [0] * len(staff)
    held: deque[int] = deque()
    turn: dict[Need, int] = {}
    given: list[str | None] = []

    def take(agent: int) -> None:
        load[agent] += 1
        time_given[agent] += 102_400 // (staff[agent].weight if weighted else 100)
        held.append(agent)

    for agent in beginning(staff):
        take(agent)
    for need in asked:
        wanted, after = set(need), turn.get(need, -1)
        able = [i for i, person in enumerate(staff) if wanted <= person.skills and load[i] < person.capacity]
        if not able:
            given.append(None)
            continue
        agent = min(able, key=lambda i: (by(i, load[i], time_given[i]), i <= after, i))
        turn[need] = agent
        given.append(f"a{agent}")
        take(agent)
        load[held.popleft()] -= 1
    return given


def by_load(_agent: int, load: int, _given: int) -> tuple[int, ...]:
    return (load,)


def by_share(_agent: int, _load: int, given: int) -> tuple[int, ...]:
    return (given,)


OURS: Mapping[str, tuple[DistributionPolicy, bool, Callable[[int, int, int], tuple[int, ...]]]] = {
    LEAST_ACTIVE: (LeastActive(), False, by_load),
    EQUAL: (FairShare(), False, by_share),
    UNEQUAL: (FairShare(), True, by_share),
}


def check(size: int) -> None:
    """That everybody who is timed gives right answers."""
    staff = people(size)
    asked = needs(staff, 2_000 if size < 5_000 else 200 if size < 50_000 else 40, seed=9)
    right = play(_begun(Naive, staff), deque(beginning(staff)), asked)
    for name, make in PEERS.items():
        assert play(_begun(make, staff), deque(beginning(staff)), asked) == right, name
    for name, (policy, weighted, by) in OURS.items():
        assert Ours(staff, policy, asked, weighted).play() == scanned(staff, asked, by, weighted), name


def _begun(make: Callable[[Sequence[Person]], Desk], staff: Sequence[Person]) -> Desk:
    desk = make(staff)
    for agent in beginning(staff):
        desk.take(agent)
    return desk


def assignment(size: int) -> None:
    staff = people(size)
    asked = needs(staff, 20_000 if size < 100_000 else 8_000)
    few = asked[: 200_000 // size]
    candidates: dict[str, Callable[[], Callable[[], int]]] = {
        "peer naive": partial(peer, Naive, staff, few),
        **{f"peer {name}": partial(peer, make, staff, asked) for name, make in PEERS.items()},
        **{name: partial(ours, staff, policy, asked, weighted) for name, (policy, weighted, _) in OURS.items()},
        "default policy": partial(ours, staff, default_policy(), asked),
    }
    check(size)
    measured = rates(candidates, ROUNDS if size < 100_000 else 3)
    metric = f"decisions with release, {size:,} agents"
    report(AREA, metric, measured, "hand-written")
    best = max((f"peer {name}" for name in PEERS), key=lambda name: statistics.median(measured[name]))
    for name, bound in BASELINE_GOALS[size].items():
        goal(AREA, f"{metric}, {name}, over {best.removeprefix('peer ')}", measured[name], measured[best], bound)
        goal(AREA, f"{metric}, {name}, over naive", measured[name], measured["peer naive"], NAIVE_GOALS[size])


def records() -> None:
    """What a decision costs that says why, over one that only names the agent: 10,000 agents with 2,000 skills."""
    staff = people(10_000, skills=2_000, each=12)
    asked = needs(staff, 5_000)
    engine = engine_of(staff, default_policy())
    plans = [engine.plan(requirement(need)) for need in asked]

    def asking(ask: Callable[[Plan], object]) -> Callable[[], int]:
        for plan in plans:
            ask(plan)

        def run() -> int:
            for plan in plans:
                ask(plan)
            return len(plans)

        return run

    candidates: dict[str, Callable[[], Callable[[], int]]] = {
        "agent_for": partial(asking, engine.agent_for),
        "decide, without counts": partial(asking, partial(engine.decide, counts=False)),
        "decide": partial(asking, engine.decide),
    }
    measured = rates(candidates, ROUNDS)
    metric = "decisions, 10,000 agents, 2,000 skills"
    report(AREA, metric, measured, "")
    for name, bound in (("decide", 8), ("decide, without counts", 3)):
        of = f"{metric}: time of {name} over agent_for"
        goal(AREA, of, measured["agent_for"], measured[name], bound, at_most=True)


class Queued:
    """An engine in which nobody has room and tickets wait: each release gives the agent the next of them."""

    def __init__(self, size: int, kinds: int, waiting: int) -> None:
        staff = people(size)
        self.engine = engine = engine_of(staff, FairShare())
        self.held: deque[tuple[str, str]] = deque()
        free = engine.plan()
        for agent, person in enumerate(staff):
            for number in range(person.capacity):
                ticket = f"h{agent}-{number}"
                engine.assigned(ticket, f"a{agent}", free, 0)
                self.held.append((ticket, f"a{agent}"))
        random.Random(3).shuffle(self.held)
        known = [requirement(need) for need in list(dict.fromkeys(needs(staff, 20 * kinds, seed=4)))[:kinds]]
        self.coming = iter(enumerate(random.Random(5).choices(known, k=waiting + 40_000)))
        for _ in range(waiting):
            self.arrive()

    def arrive(self) -> None:
        number, asked = next(self.coming)
        self.engine.waits(f"q{number}", self.engine.plan(asked), Waiting(number))

    def release(self) -> bool:
        """Release one, match, assign; whether there was a match."""
        ticket, agent = self.held.popleft()
        engine = self.engine
        engine.released(ticket, 1)
        found = engine.ticket_for(agent, 1)
        if found is None:
            return False
        engine.assigned(found, agent, engine.wait_of(found)[0], 1)
        self.held.append((found, agent))
        return True


def waiting(size: int, kinds: int) -> None:
    """What a release costs when much waits, over when little does; a ticket comes for each that goes."""
    rounds, times = 2_000, dict[int, list[float]]()
    for _ in range(3):
        for count in (100, 100_000):
            queued = Queued(size, kinds, count)
            for agent in range(size):
                queued.engine.ticket_for(f"a{agent}", 0)
            spent, matched = 0.0, 0
            while matched < rounds:
                start = time.process_time()
                found = queued.release()
                if found:
                    spent += time.process_time() - start
                    matched += 1
                    queued.arrive()
            times.setdefault(count, []).append(rounds / spent)
    metric = f"release, match and assign, {size:,} agents, {kinds:,} kinds of tickets"
    report(AREA, metric, {f"{count:,} waiting": values for count, values in times.items()}, "")
    goal(AREA, f"{metric}: time with 100,000 waiting over 100", times[100], times[100_000], 5, at_most=True)


def edits() -> None:
    """What an edit of skills costs, over one naive scan, with the plans of many tickets made."""
    size = 100_000
    staff = people(size)
    asked = needs(staff, 3_000)
    desk = Ours(staff, FairShare(), asked)
    chance = random.Random(6)
    skills = [SkillLevel(f"s{skill}") for skill in range(SKILLS)]

    def editing() -> Callable[[], int]:
        changes = [(f"a{chance.randrange(size)}", chance.sample(skills, EACH)) for _ in range(300)]

        def run() -> int:
            for agent, after in changes:
                desk.engine.skills_changed(agent, after)
            return len(changes)

        return run

    def scanning() -> Callable[[], int]:
        naive = Naive(staff)

        def run() -> int:
            for need in asked[:10]:
                naive.pick(need)
            return 10

        return run

    measured = rates({"edits of all skills of an agent": editing, "peer naive": scanning}, 3)
    report(AREA, f"{size:,} agents", measured, "hand-written")
    ours_, theirs = measured["edits of all skills of an agent"], measured["peer naive"]
    goal(AREA, f"edits of skills over naive scans, {size:,} agents", ours_, theirs, 200)


def memory(size: int) -> float:
    """Bytes for each agent of an engine that has decided for a while."""
    staff = people(size)
    asked = needs(staff, 4_000)
    tracemalloc.start()
    engine = engine_of(staff, default_policy())
    for number, need in enumerate(asked):
        plan = engine.plan(requirement(need))
        agent = engine.agent_for(plan)
        if agent is not None:
            engine.assigned(f"t{number}", agent, plan, number)
    used, _ = tracemalloc.get_traced_memory()
    assert len(engine) == size
    return used / size


def main() -> None:
    for size in SIZES:
        assignment(size)
    records()
    waiting(1_000, 224)
    waiting(10_000, 2_000)
    edits()
    used = apart(memory, 100_000)
    goal(AREA, "bytes an agent, 100,000 agents with 4,000 decisions", [used], [1.0], 2_048, at_most=True)
