"""What one desk knows of who can take work and of what waits: an engine, and how it follows what happens.

A router is loaded once, as of a position in the tenant's log, and from there on looks again at the tickets and agents
that the log names.  What a turn has decided but not yet committed it is told too, and remembers to look at again: so a
turn that came to nothing leaves no trace.  One that knows less than the store is harmless, since every commit names
the version of the agent that it changes.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from ticketcore.assignment import exclusion
from ticketcore.calendar.days import microseconds
from ticketcore.engine import (
    Asked,
    Chain,
    DistributionPolicy,
    Engine,
    Plan,
    QueueDiscipline,
    RoundRobin,
    Waiting,
    discipline_of,
    facts_of,
    looks_at_deadlines,
    policy_of,
)
from ticketcore.engine.agents import AgentFacts
from ticketcore.escalation import Demand, demand, demand_of, reached_by, wanted_by
from ticketcore.evolve import Entity
from ticketcore.model import (
    Actor,
    Agent,
    Clock,
    Configuration,
    Discipline,
    Distribution,
    Excluded,
    Filter,
    Kind,
    Placement,
    Ref,
    SkillLevel,
    Ticket,
)
from ticketcore.model.absence import Absence
from ticketcore.model.identifiers import ref_to
from ticketcore.model.requirements import AgentIn, All, Expression, Requirement
from ticketcore.model.values import replaced, replacing
from ticketcore.ports import MAX_PAGE, Query
from ticketcore.turns.requests import Turn, end_of_log, events_after, load, page_of

FOLLOWED = 2000
"""Up to how many events a router follows before it rather loads everything anew."""

ROUTER = Actor.rule("router")
"""Who assigns what no person assigned."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICKET, _AGENT, _CLOCK = Kind.TICKET, Kind.AGENT, Kind.CLOCK
_returned = replacing(Placement, "agent", "rank", "runner_up", "runner_up_rank", "credit", "tier", "returned")
_for_one = replacing(Placement, "pool", "excluded", "affinity")


class Router:
    """Who gets a ticket, and which waiting ticket an agent gets, by the ``policy`` and the ``discipline``.

    Without one of them the configuration says which.  A discipline that looks at deadlines is told the earliest that
    the ticket's clock runs towards, or has missed.
    ``position`` is that of the last event that it has seen, and ``configuration`` what its plans are made by.  Used by
    one turn at a time.  Equals of a policy that takes turns go by who was given work longest ago, which is stored; a
    cursor would live in one process only.
    """

    def __init__(self, policy: DistributionPolicy | None, discipline: QueueDiscipline | None) -> None:
        self._shares, self._of_host = policy, discipline
        self._policy = _in_turn(policy or policy_of(Distribution()))
        self._discipline = discipline or discipline_of(Discipline())
        self._followed: tuple[Kind, ...] = (_TICKET, _AGENT)
        self._engine = Engine(policy=self._policy, discipline=self._discipline)
        self._agents: dict[str, Agent] = {}
        self._plans: dict[tuple[tuple[SkillLevel, ...], str | None, str, str], Plan | None] = {}
        self._waiting: dict[str, Waiting] = {}
        self._wanted: dict[str, str] = {}
        self._supposed: dict[Ref, Ticket | Agent | None] = {}
        self._is_whole = False
        self._day = self._now = 0
        self._later: dict[str, int] = {}
        self._absence = Absence()
        self._by_queue = False
        self.rested: tuple[str, ...] = ()
        """To whom time alone has given room since the router followed last: another day, or a period that is over."""
        self.configuration: Configuration | None = None
        self.position = 0

    # Following.

    def follow(self, configuration: Configuration, day: int, at: int, lasts: bool) -> Turn[None]:
        """See what has happened since, until ``at``, on the day that began at the instant ``day``.

        What is seen in a transaction that may be rolled back does not last.  O(what has happened), O(agents) on another
        day, and O(agents + waiting tickets) the first time and under another configuration.
        """
        self._turn_to(day, at)
        if not self._is_whole or (self.configuration is not configuration and self.configuration != configuration):
            yield from self._load(configuration)
            self._is_whole = lasts
            return
        self.configuration = configuration  # An equal one, which the next turn brings along: to compare them is slow.
        events = yield from events_after(self.position, FOLLOWED)
        if len(events) == FOLLOWED:
            yield from self._load(configuration)
            return
        named = dict.fromkeys(event.stream for event in events if event.stream.kind in self._followed)
        looked_at = tuple({**self._supposed, **named})
        if _CLOCK in self._followed:
            looked_at = _clocks_last(looked_at)
        if lasts:
            self._supposed.clear()
            self.position = events[-1].position if events else self.position
        for ref, value in zip(looked_at, (yield from load(looked_at)), strict=True):
            if isinstance(value, Ticket | Agent | Clock):
                self.see(value)
            else:
                self._forget(ref)
            if not lasts and ref.kind is not _CLOCK:
                self._supposed[ref] = None

    def _load(self, configuration: Configuration) -> Turn[None]:
        """Know everything, as of the end of the log or later."""
        self.position = yield from end_of_log()
        agents = yield from all_agents()
        self._later.clear()
        self._by_queue = any(map(_limits_queues, agents))
        self._absence = configuration.absence
        facts = [self._facts(agent) for agent in agents]
        self._policy = _in_turn(self._shares or policy_of(configuration.distribution))
        self._discipline = self._of_host or discipline_of(configuration.discipline)
        self._followed = (_TICKET, _AGENT, *([_CLOCK] if looks_at_deadlines(self._discipline) else ()))
        self._engine = Engine(facts, policy=self._policy, discipline=self._discipline)
        self._engine.configured(configuration.version)
        self._agents = {agent.id: agent for agent in agents}
        self._plans.clear()
        self._waiting.clear()
        self._wanted.clear()
        self._supposed.clear()
        self.configuration = configuration
        query: Query | None = Query(Kind.TICKET, sort="queued_since", limit=MAX_PAGE)
        while query is not None:
            page = yield from page_of(query)
            for ticket in page.values:
                assert isinstance(ticket, Ticket)
                self.see(ticket)
            if _CLOCK in self._followed:
                refs = [_ref(ticket) for ticket in page.values if isinstance(ticket, Ticket)]
                for clock in (yield from load([Ref(_CLOCK, ref.id) for ref in refs])):
                    if isinstance(clock, Clock):
                        self.see(clock)
            query = None if page.next is None else replaced(query, after=page.next)

    def _turn_to(self, day: int, at: int) -> None:
        """Count by another day, and by what was given since."""
        self._now, self.rested = at, ()
        if day != self._day:
            self._day = day
            for agent in self._agents.values():
                self._engine.stands(self._facts(agent))
            self.rested = tuple([agent.id for agent in self._agents.values() if agent.hands is not None])
        elif self._later:
            self.rested = tuple([id for id, until in self._later.items() if until <= at])
            for id in self.rested:
                del self._later[id]
                self._engine.stands(self._facts(self._agents[id]))

    def _facts(self, agent: Agent) -> AgentFacts:
        """What the engine is told; who came on just now, or has what a period allows, is looked at again after it."""
        until = None if agent.hands is None else agent.rested(self._now)
        settled = self._absence.settled(agent)
        if settled is not None and settled > self._now:
            self._later[agent.id] = settled
            return replaced(facts_of(agent, self._day, self._now), available=False)
        if until is not None:
            self._later[agent.id] = until
        return facts_of(agent, self._day, self._now)

    def see(self, entity: Ticket | Agent | Clock) -> None:
        """The ticket, agent or clock is so now."""
        if isinstance(entity, Clock):
            self._fall_due(entity)
            return
        if isinstance(entity, Agent):
            if self._agents.get(entity.id) is not entity:
                self._is_whole &= entity.id in self._agents  # equals go by id, which is the order of loading
                self._is_whole &= self._by_queue or not _limits_queues(entity)
                self._agents[entity.id] = entity
                self._engine.stands(self._facts(entity))
            return
        had = self._waiting.get(entity.id)
        self._withdraw(entity.id)
        since = entity.sought_since
        plan = None if since is None else self._plan(entity)
        if since is not None and plan is not None:
            if entity.requirement is not None and (wanted := wanted_by(entity.requirement)):
                self._wanted[entity.id] = wanted[1]
                plan = self._only(entity, wanted[1])
            waiting = self._as_waiting(entity, since, None if had is None else had.deadline)
            self._waiting[entity.id] = waiting
            self._engine.waits(entity.id, plan, waiting, entity.kept_from)

    def _fall_due(self, clock: Clock) -> None:
        """The clock of a ticket is so now, which may have to be answered at another instant."""
        waiting = self._waiting.get(clock.id)
        if waiting is None or _CLOCK not in self._followed:
            return
        deadline = None if (due := clock.earliest) is None else microseconds(due)
        if deadline != waiting.deadline:
            plan, excluded = self._engine.wait_of(clock.id)
            self._engine.withdrawn(clock.id)
            self._waiting[clock.id] = waiting = waiting._replace(deadline=deadline)
            self._engine.waits(clock.id, plan, waiting, excluded)

    def suppose(self, entity: Entity) -> None:
        """The same of what is not committed yet; other things are of no interest."""
        if isinstance(entity, Ticket | Agent):
            self._supposed[_ref(entity)] = entity
            self.see(entity)

    def pass_over(self, ticket: Ticket) -> None:
        """Do not find the ticket again in this turn."""
        self._supposed[_ref(ticket)] = None
        self._withdraw(ticket.id)

    def _withdraw(self, ticket: str) -> None:
        if ticket in self._waiting:
            del self._waiting[ticket]
            self._wanted.pop(ticket, None)
            self._engine.withdrawn(ticket)

    def _forget(self, ref: Ref) -> None:
        """What was only supposed came to nothing."""
        if ref.kind is _TICKET:
            self._withdraw(ref.id)
        elif ref.kind is _AGENT:
            self._is_whole = False

    def committed(self, entities: Iterable[Entity], first: int, last: int) -> bool:
        """These are so by the events from the position ``first`` to ``last``, and nothing came between: else False."""
        if first != self.position + 1:
            return False
        self.position = last
        for entity in entities:
            if isinstance(entity, Clock):
                self._fall_due(entity)
            elif isinstance(entity, Ticket | Agent) and self._supposed.pop(_ref(entity), None) is not entity:
                self.see(entity)
        return True

    # Asking.

    def agent(self, id: str) -> Agent:
        """The agent with this id, as they are now."""
        return self._agents[id]

    def ripe(self, ticket: Ticket) -> datetime | None:
        """From which instant on the discipline lets anybody have the ticket; None for at any time."""
        if self._discipline.steady or ticket.queued_since is None:
            return None
        place = self._discipline.place(self._as_waiting(ticket, ticket.queued_since))
        return _EPOCH + timedelta(microseconds=self._discipline.ripe(*place))

    def next_ripe(self, at: datetime) -> datetime | None:
        """When the discipline lets anybody have one more of the tickets that wait; None for never.  O(lanes)."""
        if self._discipline.steady:
            return None
        ripe = self._engine.next_due(microseconds(at))
        return None if ripe is None else _EPOCH + timedelta(microseconds=ripe)

    def placement(self, ticket: Ticket, at: datetime) -> Placement:
        """Who gets the ticket, with the counts that explain it.

        The agent who lost it while it slept comes first, and does not pay for it again.
        """
        self._engine.position = self.position
        plan = self._plan(ticket)
        if plan is None:
            return self._nobody()
        asked = Asked(ticket.id, microseconds(at), plan.must)
        excluded = ticket.kept_from if ticket.excluded else ()
        placement = self._engine.decide(plan, excluded, asked).placement
        if ticket.requirement is not None and (wanted := wanted_by(ticket.requirement)):
            return self._for_one(ticket, placement, *wanted, asked)
        if ticket.previous is not None and self._engine.can_take(ticket.previous, plan, excluded):
            return _returned(placement, ticket.previous, (), None, (), 0, 0, True)
        return placement

    def _for_one(self, ticket: Ticket, usual: Placement, affinity: str, agent: str, asked: Asked) -> Placement:
        """That the agent gets the ticket who is meant for it, or nobody; whoever else could have it is left out."""
        placement = self._engine.decide(self._only(ticket, agent), ticket.kept_from, asked).placement
        others = usual.candidates - (placement.agent is not None)
        kept = (Excluded(Filter.AFFINITY, others),) if others else ()
        return _for_one(placement, usual.pool, (*usual.excluded, *kept), affinity)

    def _only(self, ticket: Ticket, agent: str) -> Plan:
        """Who may take the ticket, but for everybody else than the agent."""
        assert self.configuration is not None, "a router follows before it is asked"
        asked = demand_of(self.configuration, ticket)
        assert asked is not None, "its queue is served"
        narrowed = Requirement(All((AgentIn((agent,)), asked.requirement.must)))
        return self._engine.plan(narrowed, asked.teams, ticket.channel, ticket.queue if self._by_queue else None)

    def waiting_for(self, agents: Iterable[str]) -> tuple[str, ...]:
        """The tickets that wait for one of these agents and for nobody else.  O(such tickets)."""
        wanted = frozenset(agents)
        return tuple(ticket for ticket, agent in self._wanted.items() if agent in wanted)

    def suits(self, agent: str, ticket: Ticket) -> bool:
        """Whether the agent is one whom the ticket can go to, on duty or not, with room or without."""
        assert self.configuration is not None, "a router follows before it is asked"
        known = self._agents.get(agent)
        asked = demand_of(self.configuration, ticket)
        if known is None or asked is None:
            return False
        return exclusion(known, ticket, None, asked=asked) not in (Filter.TEAM, Filter.SKILLS, Filter.EXCLUDED)

    def has_room(self, agent: str, ticket: Ticket) -> bool:
        """Whether the agent could get the ticket now."""
        plan = self._plan(ticket)
        return plan is not None and self._engine.can_take(agent, plan, ticket.kept_from)

    def _nobody(self) -> Placement:
        """What becomes of a ticket whose queue nobody serves."""
        assert self.configuration is not None, "a router follows before it is asked"
        pool, version = len(self._engine), self.configuration.version
        excluded = (Excluded(Filter.TEAM, pool),) if pool else ()
        return Placement(None, self._policy.name, pool, excluded, configuration=version, position=self.position)

    def most_urgent(self, agent: str, at: datetime) -> tuple[tuple[int, ...], str] | None:
        """Which waiting ticket the agent gets, after how urgent it is; None if there is none that they can take."""
        return self._engine.urgent_for(agent, microseconds(at)) if agent in self._agents else None

    def _plan(self, ticket: Ticket) -> Plan | None:
        """Who may take the ticket; None when nobody serves its queue."""
        assert ticket.queue is not None, "what waits is in a queue"
        asked = (ticket.needs, ticket.requirement, ticket.queue, ticket.channel)
        try:
            return self._plans[asked]
        except KeyError:
            plan = self._plans[asked] = self._made(*asked)
            return plan

    def _made(self, needs: tuple[SkillLevel, ...], requirement: str | None, queue: str, channel: str) -> Plan | None:
        assert self.configuration is not None, "a router follows before it is asked"
        asked = demand(self.configuration, queue, needs, requirement)
        if asked is None:
            return None
        return self._engine.plan(asked.requirement, asked.teams, channel, queue if self._by_queue else None)

    def unmet(self, asked: Demand) -> tuple[Expression, ...]:
        """The smallest parts of what is asked, teams and all, that nobody meets, on duty or not."""
        return self._engine.unmet(self._engine.plan(asked.requirement, asked.teams))

    def _as_waiting(self, ticket: Ticket, since: datetime, deadline: int | None = None) -> Waiting:
        """How urgent the ticket is, now that it has waited."""
        raised = 0
        if ticket.requirement is not None and reached_by(ticket.requirement):
            assert self.configuration is not None, "a router follows before it is asked"
            asked = demand_of(self.configuration, ticket)
            raised = 0 if asked is None else asked.raised
        return Waiting(microseconds(since), (ticket.priority or 0) + raised, deadline)


def _in_turn(policy: DistributionPolicy) -> DistributionPolicy:
    return Chain((policy, RoundRobin())) if policy.takes_turns else policy


def _limits_queues(agent: Agent) -> bool:
    return agent.terms is not None and agent.terms.profile is not None and bool(agent.terms.profile.queue_limits)


def _clocks_last(refs: Iterable[Ref]) -> tuple[Ref, ...]:
    """These, and then the clocks of the tickets among them: what a clock says counts for a ticket that waits."""
    named = tuple(refs)
    clocks = [Ref(_CLOCK, ref.id) for ref in named if ref.kind is not _AGENT]
    return tuple(dict.fromkeys((*(ref for ref in named if ref.kind is not _CLOCK), *clocks)))


def _ref(entity: Ticket | Agent) -> Ref:
    return ref_to((_TICKET if isinstance(entity, Ticket) else _AGENT, entity.id))


def all_agents() -> Turn[tuple[Agent, ...]]:
    """Every agent of the tenant, in the order of their ids."""
    agents: list[Agent] = []
    query: Query | None = Query(Kind.AGENT, limit=MAX_PAGE)
    while query is not None:
        page = yield from page_of(query)
        agents.extend(value for value in page.values if isinstance(value, Agent))
        query = None if page.next is None else Query(Kind.AGENT, after=page.next, limit=MAX_PAGE)
    return tuple(agents)
