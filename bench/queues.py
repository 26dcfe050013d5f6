"""Two service desks as other projects simulate them, and as one would by hand: what ``bench.simulation`` compares with.

``ERLANG_A`` is M/M/50 with abandonment: 48 a minute, who take a minute on average and are patient for two.  ``SKILLS``
has four classes of tickets and forty agents in four groups of two skills each; a ticket goes to the agent who has been
idle longest of those who can take it, and an agent is given what has waited longest of what they can take.  Each of
these gives the part of customers that left, which has to be the same.
"""

import random
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

import ciw
import salabim
import simpy

MU, THETA = 1.0, 0.5


class Model(NamedTuple):
    """Rates of arrivals a minute by class, and the skills of each agent, which are classes."""

    rates: tuple[float, ...]
    agents: tuple[tuple[int, ...], ...]


ERLANG_A = Model((48.0,), ((0,),) * 50)
SKILLS = Model((12.0, 6.0, 10.0, 8.0), tuple(pair for pair in ((0, 1), (1, 2), (2, 3), (3, 0)) for _ in range(10)))

Peer = Callable[[Model, int, int], float]


def by_simpy(model: Model, customers: int, seed: int) -> float:
    """SimPy: a Resource where all agents are alike, else a FilterStore of agents in the order of their idleness."""
    env: Any = simpy.Environment()
    rng, left, alike = random.Random(seed), [0], len(model.rates) == 1
    desk: Any = simpy.Resource(env, capacity=len(model.agents))
    idle: Any = simpy.FilterStore(env)
    idle.items = list(enumerate(model.agents))

    def served_by_anybody() -> Iterator[Any]:
        with desk.request() as request:
            got: Any = yield request | env.timeout(rng.expovariate(THETA))
            if request in got:
                yield env.timeout(rng.expovariate(MU))
            else:
                left[0] += 1

    def served(kind: int) -> Iterator[Any]:
        request = idle.get(lambda agent: kind in agent[1])
        got: Any = yield request | env.timeout(rng.expovariate(THETA))
        if request in got:
            yield env.timeout(rng.expovariate(MU))
            yield idle.put(got[request])
        else:
            request.cancel()
            left[0] += 1

    def source() -> Iterator[Any]:
        classes, total = range(len(model.rates)), sum(model.rates)
        for _ in range(customers):
            yield env.timeout(rng.expovariate(total))
            env.process(served_by_anybody() if alike else served(rng.choices(classes, model.rates)[0]))

    env.process(source())
    env.run()
    return left[0] / customers


def by_ciw(model: Model, customers: int, seed: int) -> float:
    """Ciw: a Node with reneging, whose dispatch knows skills where they differ."""
    names = [str(kind) for kind in range(len(model.rates))]

    class SkillNode(ciw.Node):
        def begin_service_if_possible_accept(self, individual: Any) -> None:
            individual.arrival_date = self.now
            individual.reneging_date = self.get_reneging_date(individual)
            self.decide_class_change(individual)
            free = [server for server in self.servers if not server.busy and can(server, individual)]
            if free:
                self.begin(min(free, key=lambda server: getattr(server, "idle_since", 0.0)), individual)

        def begin_service_if_possible_release(self, _next: Any, server: Any) -> None:
            if server is None:
                return
            server.idle_since = self.now
            for individual in self.individuals[0]:
                if not individual.server and can(server, individual):
                    self.begin(server, individual)
                    return

        def begin(self, server: Any, individual: Any) -> None:
            self.attach_server(server, individual)
            individual.service_start_date = self.now
            individual.service_time = self.get_service_time(individual)
            individual.service_end_date = self.now + individual.service_time
            self.number_in_service += 1
            self.reset_class_change(individual)
            server.next_end_service_date = individual.service_end_date

    def can(server: Any, individual: Any) -> bool:
        return int(individual.customer_class) in model.agents[server.id_number - 1]

    network = ciw.create_network(
        arrival_distributions={
            name: [ciw.dists.Exponential(rate)] for name, rate in zip(names, model.rates, strict=True)
        },
        service_distributions={name: [ciw.dists.Exponential(MU)] for name in names},
        reneging_time_distributions={name: [ciw.dists.Exponential(THETA)] for name in names},
        number_of_servers=[len(model.agents)],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network, node_class=ciw.Node if len(names) == 1 else SkillNode)
    simulation.simulate_until_max_customers(customers, method="Arrive")
    kinds = [record.record_type for record in simulation.get_all_records()]
    return kinds.count("renege") / len(kinds)


def by_salabim(model: Model, customers: int, seed: int) -> float:
    """salabim: a Resource where all agents are alike, else a Store of idle agents with a filter; no monitors."""
    salabim.yieldless(False)
    rng, left = random.Random(seed), [0]
    env = salabim.Environment(trace=False, random_seed=seed)
    alike = len(model.rates) == 1
    desk = salabim.Resource("desk", capacity=len(model.agents), monitor=False)
    idle = salabim.Store("idle", monitor=False)
    for skills in model.agents:
        agent = salabim.Component(name="agent")
        agent.skills = skills
        agent.enter(idle)

    class Customer(salabim.Component):
        def process(self, kind: int) -> Iterator[Any]:
            patience = rng.expovariate(THETA)
            if alike:
                yield self.request(desk, fail_delay=patience)
            else:
                yield self.from_store(idle, filter=lambda agent: kind in agent.skills, fail_delay=patience)
            if self.failed():
                left[0] += 1
                return
            agent = None if alike else self.from_store_item()
            yield self.hold(rng.expovariate(MU))
            if alike:
                self.release(desk)
            else:
                yield self.to_store(idle, agent)

    class Source(salabim.Component):
        def process(self) -> Iterator[Any]:
            classes, total = range(len(model.rates)), sum(model.rates)
            for _ in range(customers):
                yield self.hold(rng.expovariate(total))
                Customer(name="customer", kind=rng.choices(classes, model.rates)[0], suppress_trace=True)

    Source()
    env.run()
    return left[0] / customers


PEERS: Mapping[str, Peer] = {"SimPy": by_simpy, "Ciw": by_ciw, "salabim": by_salabim}


class Ticket:
    """A ticket of the simulator by hand."""

    __slots__ = ("agent", "arrived", "gone", "kind")

    def __init__(self, kind: int, arrived: float) -> None:
        self.kind, self.arrived, self.gone = kind, arrived, False
        self.agent: Agent | None = None


class Agent:
    """An agent of it."""

    __slots__ = ("id", "skills")

    def __init__(self, id: int, skills: tuple[int, ...]) -> None:
        self.id, self.skills = id, skills


class LongestIdleByHand:
    """The one policy of it: called at each decision, it knows nothing but skills and the order of idleness."""

    def __init__(self, agents: Sequence[Agent], classes: int) -> None:
        self.idle: list[dict[int, Agent]] = [{} for _ in range(classes)]
        self.queues: list[deque[Ticket]] = [deque() for _ in range(classes)]
        for agent in agents:
            self.rests(agent)

    def rests(self, agent: Agent) -> None:
        for kind in agent.skills:
            self.idle[kind][agent.id] = agent

    def agent_for(self, ticket: Ticket) -> Agent | None:
        idle = self.idle[ticket.kind]
        if not idle:
            self.queues[ticket.kind].append(ticket)
            return None
        agent = next(iter(idle.values()))
        for kind in agent.skills:
            del self.idle[kind][agent.id]
        return agent

    def ticket_for(self, agent: Agent) -> Ticket | None:
        best: deque[Ticket] | None = None
        for kind in agent.skills:
            queue = self.queues[kind]
            while queue and queue[0].gone:
                queue.popleft()
            if queue and (best is None or queue[0].arrived < best[0].arrived):
                best = queue
        if best is None:
            self.rests(agent)
            return None
        return best.popleft()


def by_hand(model: Model, customers: int, seed: int) -> float:
    """What one can write in Python for these two models alone: a heap, objects, a policy, and a row for each ticket."""
    rng = random.Random(seed)
    draw, classes, total = rng.expovariate, range(len(model.rates)), sum(model.rates)
    sums = [sum(model.rates[: kind + 1]) for kind in classes]
    policy = LongestIdleByHand([Agent(id, skills) for id, skills in enumerate(model.agents)], len(classes))
    columns, agents = (array("d"), array("d"), array("d")), array("i")
    heap: list[tuple[float, int, int, Ticket | None]] = [(draw(total), 0, 0, None)]
    serial = made = left = 0
    while heap:
        now, _, what, ticket = heappop(heap)
        serial += 1
        if ticket is None:
            ticket = Ticket(rng.choices(classes, cum_weights=sums)[0], now)
            made += 1
            if made < customers:
                heappush(heap, (now + draw(total), serial, 0, None))
                serial += 1
            agent = policy.agent_for(ticket)
            if agent is None:
                heappush(heap, (now + draw(THETA), serial, 2, ticket))
                continue
        elif what == 1:
            agent = ticket.agent
            assert agent is not None
            following = policy.ticket_for(agent)
            if following is None:
                continue
            ticket = following
        else:
            if not ticket.gone:
                ticket.gone = True
                left += 1
            continue
        ticket.gone, ticket.agent = True, agent
        end = now + draw(MU)
        for column, instant in zip(columns, (ticket.arrived, now, end), strict=True):
            column.append(instant)
        agents.append(agent.id)
        heappush(heap, (end, serial, 1, ticket))
    return left / customers
