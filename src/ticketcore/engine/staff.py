"""The agents of an engine: what facts about them change, who has room, and the order of their ranks."""

from collections.abc import Iterable, Mapping

from ticketcore.checks import check_whole
from ticketcore.engine.agents import AgentFacts, AgentLoad, Order, kind_of
from ticketcore.engine.comparing import Comparing
from ticketcore.engine.fleet import Fleet
from ticketcore.engine.line import Line
from ticketcore.engine.plans import Plans, Room
from ticketcore.engine.policies import NOTHING_ASKED, DistributionPolicy, number_of
from ticketcore.engine.ranking import Ranking
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.model import Filter, Held, SkillLevel, Workload
from ticketcore.model.requirements import Value

LOOKED_AT = 24
"""Up to how many candidates each is looked at."""

FEW = 128
"""In how small a staff each candidate is looked at, however many there are."""

COUNTED = 5000
"""In how large a staff candidates are counted at most, which takes time."""

RELEASED = ("open", "used", "last_released")
"""The numbers of a load that change when a ticket is released."""


class Staff:
    """The half of an ``Engine`` that is about agents.

    A fact about an agent who is not known is ``NotFound``; any other value that cannot be used is ``InvalidInput``,
    naming the field.  Both leave everything as it was.
    """

    __slots__ = (  # an Engine has more than thirty, which would be looked up slowly in a dict
        *("policy", "_all_looked_at", "_asked", "_asked_again", "_available", "_by_slot", "_compares", "_costs"),
        *("_dear", "_fitting", "_fleet", "_held", "_lasts", "_line", "_lines", "_loads", "_looked_at", "_marked"),
        *("_name", "_numbered", "_one", "_plans", "_rank", "_ranking", "_released_moves", "_rooms", "_scanned"),
        *("_total", "_turns", "_unused", "_widest"),
    )

    def __init__(
        self,
        agents: Iterable[AgentFacts],
        policy: DistributionPolicy,
        costs: Mapping[str, int],
        scanned: int | None,
    ) -> None:
        self.policy = policy
        self._name, self._lasts, self._turns, self._rank = policy.name, policy.lasts, policy.takes_turns, policy.rank
        number = number_of(policy)
        self._numbered = number is not None
        self._released_moves = number is None or number in RELEASED
        self._compares = not policy.lasts and isinstance(policy, Comparing)
        self._costs = dict(costs)
        for channel, cost in self._costs.items():
            check_whole(cost, f"Engine.costs[{channel!r}]", 1)
        self._widest = max(self._costs.values(), default=1)
        self._scanned = scanned
        self._fleet = Fleet(agents, kind_of(number))
        self._loads, self._by_slot = self._fleet.loads, self._fleet.by_slot
        self._plans = Plans(self._fleet, self._fewest)
        self._asked, self._asked_again = self._plans.by_request, self._plans.by_object
        self._rooms: dict[tuple[str, str | None], Room] = {}
        self._one: Room | None = None
        self._lines = policy.lasts and not policy.takes_turns and scanned is None
        self._line = Line(self._order_of, max(len(self._fleet), LOOKED_AT))
        self._held: dict[str, AgentLoad] = {}
        self._dear: dict[str, int] = {}
        self._available = self._total = 0
        self._ranking: Ranking | None = None
        self._looked_at, self._all_looked_at = (LOOKED_AT, FEW) if scanned is None else (0, 0)
        self._unused = 0
        self._marked: dict[AgentLoad, None] = {}
        self._fitting = [0] * (self._widest + 1)
        for load in self._fleet:
            self._enter(load)

    def __len__(self) -> int:
        """How many agents there are."""
        return len(self._loads)

    def mean_virtual_time(self) -> int | None:
        """The mean virtual time of those who are available, rounded down; None when nobody is."""
        present = self._available.bit_count()
        return self._total // present if present else None

    def virtual_time(self, agent: str) -> int:
        """What the agent was given so far, in the currency of shares."""
        return self._fleet.load(agent).virtual_time

    def joined(self, facts: AgentFacts) -> None:
        """Somebody is new."""
        load = self._fleet.add(facts)
        self._enter(load)
        if self._ranking is not None:
            self._ranking.enter(load)

    def left(self, agent: str) -> None:
        """Somebody is gone for good.  ``InvalidInput`` while they hold tickets."""
        load = self._fleet.load(agent)
        if load.open:
            raise InvalidInput("agent", f"{agent!r} still holds {load.open} tickets")
        bit = 1 << load.slot
        self._present(load, bit, False)
        self._settle(load, bit)
        self._fleet.remove(load)
        self._marked.pop(load, None)
        if self._ranking is not None:
            self._ranking.leave(load)

    def stands(self, facts: AgentFacts) -> None:
        """Somebody is as these facts say, whatever was known of them, or is new.

        For whoever keeps agents elsewhere and tells what became of them.
        """
        load = self._loads.get(facts.id)
        if load is None:
            self.joined(facts)
            return
        bit = 1 << load.slot
        self._present(load, bit, False)
        skills = {item.skill: item.level for item in facts.skills}
        attributes = dict(facts.attributes)
        if skills != load.skills or facts.teams != load.teams or attributes != load.attributes:
            self._fleet.change(load, facts.skills, facts.teams, attributes)
        if facts.weight != load.weight:
            load.weight = facts.weight
            load.credit = self.policy.credit(load)
        load.stand(facts)
        self._measure(load)
        self._present(load, bit, facts.available)
        self._settle(load, bit)
        self._moved(load)

    def came_on(self, agent: str, at: int, virtual_time: int | None = None) -> None:
        """Somebody is available, with this virtual time from now on; None leaves it."""
        load = self._fleet.load(agent)
        bit = 1 << load.slot
        self._present(load, bit, False)
        if virtual_time is not None:
            load.virtual_time = virtual_time
        self._present(load, bit, True)
        load.available_since = at
        self._settle(load, bit)
        self._moved(load)

    def went_off(self, agent: str, at: int) -> None:
        """Somebody takes no new work: drains, is away or offline.  They keep what they have."""
        load = self._fleet.load(agent)
        bit = 1 << load.slot
        load.duty = load.duty_until(at)
        self._present(load, bit, False)
        self._settle(load, bit)
        self._moved(load)

    def skills_changed(self, agent: str, skills: Iterable[SkillLevel]) -> None:
        """Somebody has these skills instead: the very next question goes by them."""
        load = self._fleet.load(agent)
        self._fleet.change(load, skills=AgentFacts(agent, skills=skills).skills)
        self._moved(load)

    def teams_changed(self, agent: str, teams: Iterable[str]) -> None:
        """Somebody is in these teams instead."""
        load = self._fleet.load(agent)
        self._fleet.change(load, teams=AgentFacts(agent, teams=teams).teams)
        self._moved(load)

    def attributes_changed(self, agent: str, attributes: Mapping[str, Value]) -> None:
        """Somebody has these attributes instead."""
        load = self._fleet.load(agent)
        self._fleet.change(load, attributes=dict(AgentFacts(agent, attributes=attributes).attributes))
        self._moved(load)

    def capacity_changed(self, agent: str, capacity: int, workload: Workload | None = None) -> None:
        """Somebody takes as much at once; ``workload`` is what they have under a capacity profile, None without one."""
        load = self._fleet.load(agent)
        facts = AgentFacts(agent, capacity=capacity, workload=workload)
        load.capacity, load.workload = facts.capacity, facts.workload
        self._measure(load)
        bit = 1 << load.slot
        self._settle(load, bit)
        self._moved(load)

    def weight_changed(self, agent: str, weight: int) -> None:
        """Somebody's share is as much, in percent of a full one, from now on."""
        load = self._fleet.load(agent)
        load.weight = AgentFacts(agent, weight=weight).weight
        load.credit = self.policy.credit(load)
        self._moved(load)

    def day_began(self, agents: Iterable[str], at: int) -> None:
        """Of these, nobody was given anything today yet, nor was on duty."""
        for agent in agents:
            load = self._fleet.load(agent)
            load.before, load.duty = load.assigned, 0
            load.workload = None if load.workload is None else load.workload.anew()
            load.available_since = at if load.available else load.available_since
            bit = 1 << load.slot
            self._settle(load, bit)
            self._moved(load)

    def released(self, ticket: str, at: int) -> None:
        """A ticket takes no room of its agent any more: it was solved, sleeps, or was taken away."""
        load = self._held.pop(ticket, None)
        if load is None:
            raise NotFound("held ticket", ticket)
        if load.ready and self._line.agents is not None:  # has room already, at another rank from now on
            self._line.give_up()
        used = load.used
        load.open -= 1
        load.used = used - (self._dear.pop(ticket, 1) if self._dear else 1)
        load.last_released = at
        if used > load.ample:
            one = self._one
            if load.workload is not None:
                load.workload = load.workload.released(ticket)
                self._settle(load, 1 << load.slot)
            elif one is None:
                self._settle(load, 1 << load.slot)
            elif not load.ready and load.available and load.used + one.cost <= load.capacity:  # as in _settle
                load.ready = one.flag
                one.bits ^= 1 << load.slot
                if self._line.agents is not None:
                    self._line.add(load)
        if self._released_moves:
            self._marked[load] = None

    # What facts have in common.

    def _take(self, ticket: str, load: AgentLoad, room: Room) -> None:
        """The ticket takes room of an agent who was given it before."""
        self._held[ticket] = load
        if room.cost > 1:
            self._dear[ticket] = room.cost
        load.open += 1
        load.used = used = load.used + room.cost
        self._moved(load)
        if used > load.ample:
            self._filled(ticket, load, room, fresh=False)

    def _filled(self, ticket: str, load: AgentLoad, room: Room, fresh: bool = True) -> None:
        """An agent who may have no room for some of what comes next has taken the ticket."""
        if load.workload is not None:
            load.workload = load.workload.taken(Held(ticket, room.channel, room.queue), fresh)
        self._settle(load, 1 << load.slot)

    def _moved(self, load: AgentLoad) -> None:
        """The agent may have another rank: it is asked for when somebody looks.

        What happens most, a ticket taken or released, does this in its own place.
        """
        self._marked[load] = None
        self._line.give_up()

    def _order_of(self, load: AgentLoad) -> Order:
        """By what the agent is ordered now, if ranks last."""
        return load.number if self._numbered else self._rank(load, NOTHING_ASKED)

    def _ranked(self, load: AgentLoad) -> Order:
        """The same of one who is marked, and has no number, and it is kept."""
        if self._ranking is None:
            load.rank = self._order_of(load)
        else:
            self._ranking.place((load,))
        self._marked.pop(load, None)
        return load.rank

    def _measure(self, load: AgentLoad) -> None:
        """The agent has other limits."""
        load.ample = load.capacity - self._widest if load.workload is None else -1

    def _settle(self, load: AgentLoad, bit: int) -> None:
        """The agent may have room where they had none, or none where they had some."""
        ready = 0
        if load.workload is not None or load.bounds:
            ready = self._bind(load, bit)
        if load.workload is None and load.available and (left := load.capacity - load.used) > 0:
            ready = self._fitting[left if left < self._widest else self._widest]
        changed = ready ^ load.ready
        if changed:
            self._line.give_up()
            load.ready = ready
            for room in self._rooms.values():
                if changed & room.flag:
                    room.bits ^= bit

    def _bind(self, load: AgentLoad, bit: int) -> int:
        """Where an agent with a profile has room, as flags, and what of their profile binds them elsewhere."""
        workload = load.workload if load.available else None
        had, bounds, ready = load.bounds, {}, 0
        for room in self._rooms.values():
            bound = None
            if workload is not None:
                bound = workload.bound(room.channel, room.queue)
                if bound is None:
                    ready |= room.flag
                else:
                    bounds[room.flag] = bound
            room.bind(bit, had.get(room.flag), bound)
        load.bounds = bounds
        return ready

    def _present(self, load: AgentLoad, bit: int, available: bool) -> None:
        """The agent is available or not, with the virtual time that they have."""
        if load.available is not available:
            load.available = available
            self._available ^= bit
            self._total += load.virtual_time if available else -load.virtual_time

    def _enter(self, load: AgentLoad) -> None:
        """The fleet has somebody of whom the rest knows nothing."""
        bit = 1 << load.slot
        if load.available:
            self._available |= bit
            self._total += load.virtual_time
        load.credit = self.policy.credit(load)
        self._measure(load)
        self._settle(load, bit)
        if self._lasts:
            load.rank = self._order_of(load)

    def _room(self, channel: str, queue: str | None) -> Room:
        """Who has room for a channel, and what comes from a queue.  O(agents) the first time."""
        room = self._rooms.get((channel, queue))
        if room is None:
            room = Room(channel, self._costs.get(channel, 1), 1 << len(self._rooms), queue)
            self._rooms[channel, queue] = room
            self._one = room if len(self._rooms) == 1 else None
            self._line.give_up()
            able = []
            for load in self._fleet:
                if not load.available:
                    continue
                workload, bound = load.workload, None
                if workload is not None:
                    bound = workload.bound(channel, queue)
                    if bound is not None:
                        load.bounds = {**load.bounds, room.flag: bound}
                        room.bind(1 << load.slot, None, bound)
                elif not load.has_room(room.cost):
                    bound = Filter.CAPACITY
                if bound is None:
                    load.ready |= room.flag
                    able.append(load.slot)
            room.bits = self._fleet.set_of(able)
            for left in range(room.cost, len(self._fitting)):
                self._fitting[left] |= room.flag
        return room

    def _index(self, able: int) -> Ranking | None:
        """The order of all agents, if these are too many to look at each.

        One that was not needed for so many questions as there are agents is dropped: to keep it costs more.
        """
        size = len(self._loads)
        if size > COUNTED or able.bit_count() > self._looked_at:
            self._unused = 0
            if self._ranking is None:
                order, marked = self._order_of, self._marked
                self._ranking = Ranking(lambda: self._fleet, order, self._numbered, self._by_slot, marked)
            return self._ranking
        if self._ranking is not None:
            self._unused += 1
            if self._unused > size:
                self._ranking = None
        return None

    def _fewest(self) -> int:
        """Up to how many candidates each is looked at."""
        if not self._lasts:
            return len(self._loads)
        if self._scanned is not None:
            return self._scanned
        size = len(self._loads)
        return 6 + size // 5000
