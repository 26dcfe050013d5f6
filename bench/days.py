"""Days of made-up helpdesks, lived through by an engine: what the gates of fairness are measured on.

Staff: 100 agents with room for four tickets, each with one to eight of 24 skills, popular ones more often, who work
fast or slowly; half of them are there from the beginning, a quarter each comes after two and after four hours, and all
stay until the end.  Work: 4,000 tickets over eight hours, each of one skill, some much longer than others, as much of
it as the load says of what the staff could do.  Whoever has finished a ticket is given the oldest that waits for them.
Whoever comes starts at the mean virtual time of those who are there.
"""

import heapq
import random
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from ticketcore.engine import AgentFacts, Asked, DistributionPolicy, Engine, HasSkill, Requirement, Waiting
from ticketcore.fairness import Duty, Given, History

HOUR = 3_600_000_000
DAY = 8 * HOUR
SKILLS = 24
START = HOUR
"""An instant of 0 stands for never."""


class Person(NamedTuple):
    skills: tuple[int, ...]
    begin: int
    speed: float
    capacity: int


class Task(NamedTuple):
    at: int
    skill: int
    length: float


class World(NamedTuple):
    """A staff, and what comes in a day."""

    staff: Sequence[Person]
    tasks: Sequence[Task]


class Lived(NamedTuple):
    """What became of a day: its history, and how long each ticket waited, in hours."""

    history: History
    waits: list[float]


def world(
    seed: int,
    load: float,
    *,
    agents: int = 100,
    tasks: int = 4_000,
    begins: Sequence[float] = (0, 0, 2, 4),
    capacity: int = 4,
    alike: bool = False,
) -> World:
    """The same for the same seed, whatever policy then lives through it."""
    chance = random.Random(f"{seed} {load} {agents} {tasks}")
    popularity = [(rank + 1) ** -0.7 for rank in range(SKILLS)]
    staff = []
    for number in range(agents):
        skills: set[int] = set(range(SKILLS)) if alike else set()
        wanted = chance.choice((1, 2, 3, 5, 8))
        while len(skills) < wanted:
            skills.update(chance.choices(range(SKILLS), popularity, k=wanted - len(skills)))
        begin = START + int(begins[number % len(begins)] * HOUR)
        staff.append(Person(tuple(sorted(skills)), begin, chance.lognormvariate(0, 0.25), capacity))
    known = sorted({skill for person in staff for skill in person.skills})
    weights = [popularity[skill] for skill in known]
    lengths = [chance.lognormvariate(0, 0.8) for _ in range(tasks)]
    could = sum((START + DAY - person.begin) * person.capacity for person in staff)
    scale = load * could / sum(lengths)
    arrivals = sorted(START + int(chance.random() * DAY) for _ in range(tasks))
    work = [
        Task(at, chance.choices(known, weights)[0], length * scale)
        for at, length in zip(arrivals, lengths, strict=True)
    ]
    return World(staff, work)


ARRIVES, COMES, ENDS = 0, 1, 2


class Life:
    """One day under one policy."""

    def __init__(self, day: World, policy: DistributionPolicy) -> None:
        self.day = day
        early = [person.begin <= START for person in day.staff]
        self.engine = Engine(
            [
                AgentFacts(
                    f"a{number}",
                    [f"s{skill}" for skill in person.skills],
                    capacity=person.capacity,
                    available=early[number],
                    available_since=person.begin,
                )
                for number, person in enumerate(day.staff)
            ],
            policy=policy,
        )
        self.plans = [self.engine.plan(Requirement(HasSkill(f"s{skill}"))) for skill in range(SKILLS)]
        self.having = [
            [f"a{number}" for number, person in enumerate(day.staff) if skill in person.skills]
            for skill in range(SKILLS)
        ]
        self.begins = {f"a{number}": person.begin for number, person in enumerate(day.staff)}
        self.qualified: dict[int, tuple[str, ...]] = {}
        self.given: list[Given] = []
        self.waits: list[float] = []
        self.serial = count()
        self.heap: list[tuple[int, int, int, int]] = []

    def lived(self) -> Lived:
        for number, task in enumerate(self.day.tasks):
            heapq.heappush(self.heap, (task.at, next(self.serial), ARRIVES, number))
        for number, person in enumerate(self.day.staff):
            if person.begin > START:
                heapq.heappush(self.heap, (person.begin, next(self.serial), COMES, number))
        while self.heap:
            at, _, kind, number = heapq.heappop(self.heap)
            if at >= START + DAY:
                break
            if kind == ARRIVES:
                self.arrives(number, at)
            elif kind == COMES:
                self.engine.came_on(f"a{number}", at, self.engine.mean_virtual_time())
                self.pull(f"a{number}", at)
            else:
                agent = self.given[number].agent
                self.engine.released(self.given[number].ticket, at)
                self.pull(agent, at)
        end = START + DAY
        duties = [Duty(agent, begin, end) for agent, begin in self.begins.items()]
        return Lived(History(dict.fromkeys(self.begins, 100), duties, self.given), self.waits)

    def arrives(self, number: int, at: int) -> None:
        skill = self.day.tasks[number].skill
        plan = self.plans[skill]
        self.qualified[number] = tuple(agent for agent in self.having[skill] if self.begins[agent] <= at)
        agent = self.engine.agent_for(plan, asked=Asked(f"t{number}", at, plan.must))
        if agent is None:
            self.engine.waits(f"t{number}", plan, Waiting(at))
        else:
            self.assign(number, agent, at)

    def pull(self, agent: str, at: int) -> None:
        while (ticket := self.engine.ticket_for(agent, at)) is not None:
            self.assign(int(ticket[1:]), agent, at)

    def assign(self, number: int, agent: str, at: int) -> None:
        task = self.day.tasks[number]
        plan = self.plans[task.skill]
        able = [other for other in self.qualified[number] if self.engine.can_take(other, plan)]
        self.engine.assigned(f"t{number}", agent, plan, at)
        length = int(task.length / self.day.staff[int(agent[1:])].speed)
        ends = (at + length, next(self.serial), ENDS, len(self.given))
        self.given.append(Given(f"t{number}", agent, at, self.qualified[number], able, work=length))
        self.waits.append((at - task.at) / HOUR)
        heapq.heappush(self.heap, ends)
