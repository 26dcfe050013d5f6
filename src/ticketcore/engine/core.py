"""The engine of assignment: facts in, questions out, one class for a desk and for a simulation.

A question changes nothing, a fact chooses nothing.  Whoever drives the engine asks, commits what was answered, and
tells the engine the fact that it has become; so nothing is ever undone, and an engine that missed something only has
to be told.  The arrival of a ticket and the return of an agent go by one expression, the ticket's ``Plan``.

No clock, no chance, no input or output: instants are whole microseconds and come in as ``at``.
"""

from collections.abc import Collection, Iterable, Mapping

from ticketcore.checks import check_name, meant
from ticketcore.engine.agents import AgentFacts, AgentLoad, Order
from ticketcore.engine.booked import Booked, Offer
from ticketcore.engine.chains import default_policy
from ticketcore.engine.comparing import policy_among
from ticketcore.engine.decisions import Decision, Explanation, Pull
from ticketcore.engine.disciplines import Key, PriorityFifo, QueueDiscipline, Waiting
from ticketcore.engine.explaining import able_of, counted, explained, in_order, pulled
from ticketcore.engine.lanes import Backlog
from ticketcore.engine.plans import Plan, Teams, unmet
from ticketcore.engine.policies import NOTHING_ASKED, Asked, DistributionPolicy
from ticketcore.engine.ranking import Rank
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.model.requirements import ANYBODY, Expression, Requirement
from ticketcore.model.values import making

_MAKE = making(Decision)
_NOBODY: tuple[str | None, Rank] = (None, ())


class Engine(Booked):
    """Who gets this ticket, and which waiting ticket this agent.

    ``agents`` are those that there are already, ``policy`` ranks them and ``discipline`` the tickets; a ticket of a
    channel takes as many units of an agent's capacity as ``costs`` says, 1 where it says nothing.  ``skills`` and
    ``teams`` are those that a requirement may name, None for any.  ``scanned`` is up to how many candidates each is
    looked at rather than found by index; None for what was measured to be best.  It changes no answer.

    A fact about an agent or ticket that is not known is ``NotFound``; any other value that cannot be used is
    ``InvalidInput``, naming the field.  Both leave the engine as it was.

    Cost: a question about a ticket takes O(sets in use x agents / 64), a fact about an agent O(agents / 64) for each
    set that they change.  ``position`` is what decisions say was the last fact seen; whoever drives the engine sets it.

    >>> engine = Engine([AgentFacts("ana"), AgentFacts("bo")])
    >>> plan = engine.plan()
    >>> engine.agent_for(plan)
    'ana'
    >>> engine.assigned("t1", "ana", plan, at=1)
    >>> engine.agent_for(plan)
    'bo'
    """

    __slots__ = ("_backlog", "_skills", "_teams", "_version", "_waiting", "position")

    def __init__(
        self,
        agents: Iterable[AgentFacts] = (),
        *,
        policy: DistributionPolicy | None = None,
        discipline: QueueDiscipline | None = None,
        costs: Mapping[str, int] | None = None,
        skills: Collection[str] | None = None,
        teams: Collection[str] | None = None,
        scanned: int | None = None,
    ) -> None:
        super().__init__(agents, default_policy() if policy is None else policy, costs or {}, scanned)
        self.position = 0
        self._skills, self._teams, self._version = skills, teams, 0
        self._backlog = Backlog(PriorityFifo() if discipline is None else discipline, self._plans)
        self._waiting = self._backlog.entries

    @property
    def waiting(self) -> int:
        """How many tickets wait."""
        return len(self._waiting)

    @property
    def held(self) -> int:
        """How many tickets agents hold that the engine was told of."""
        return len(self._held)

    # Questions about tickets.

    def plan(
        self,
        requirement: Requirement = ANYBODY,
        team: Teams = None,
        channel: str = "",
        queue: str | None = None,
    ) -> Plan:
        """Who may take tickets that ask this, of the ``team`` or of one of several, and on ``channel``.

        ``queue`` is that queue, for agents whose capacity profiles limit it.
        Made once and remembered until ``configured``; ``InvalidInput`` for a skill or team that is not declared.
        """
        if team is None and queue is None and not channel:
            plan = self._asked_again.get(id(requirement))
            if plan is not None:
                return plan
        plan = self._asked.get((requirement, team, channel, queue))
        if plan is None:
            requirement.check(self._skills, self._teams)
            for one in (team,) if isinstance(team, str) else team or ():
                if self._teams is not None and one not in self._teams:
                    raise InvalidInput("team", f"no team {one!r} is declared{meant(one, self._teams)}")
            plan = self._plans.make(requirement, team, self._room(channel, queue))
        return plan

    def unmet(self, plan: Plan) -> tuple[Expression, ...]:
        """What nobody at all meets, on duty or not, so that tickets of the plan cannot be assigned; else nothing."""
        return unmet(plan.must, self._fleet)

    def agent_for(self, plan: Plan, excluded: Collection[str] = (), asked: Asked = NOTHING_ASKED) -> str | None:
        """Who gets a ticket of this plan, but none of the ``excluded``; None when nobody can take it."""
        if plan.stamp != self._fleet.stamp:
            self._plans.refresh(plan)
        room = plan.room
        if plan.only is not None and not excluded:  # so it is most often
            able = plan.only & room.bits
            if able and self._line.agents is not None:
                return self._line.first(able, self._by_slot).id
            return self._first(able, plan.cursor).id if able else None
        for group in plan.groups:
            few = group.few
            if few is None:
                able = room.bits
                for bits in group.sets:
                    able &= bits
                if excluded:
                    able = self._without(able, excluded)
                if able:
                    index = self._ranking
                    if index is not None and self._numbered:  # as in _first: a call less
                        return self._by_slot[index.first(able, plan.cursor)].id  # type: ignore[union-attr]  # as there
                    return self._first(able, plan.cursor).id
            elif self._numbered and not excluded:  # as in _first_of_few: a call less
                flag, cursor = room.flag, plan.cursor
                winner, best = None, 0
                for load in few:
                    if load.ready & flag:
                        rank = load.number
                        if winner is None or rank < best or (rank == best and load.slot < cursor <= winner.slot):
                            winner, best = load, rank
                if winner is not None:
                    return winner.id
            else:
                winner = self._first_of_few(few, plan, excluded, asked)
                if winner is not None:
                    return winner.id
        return None

    def _first_of_few(
        self, few: Iterable[AgentLoad], plan: Plan, excluded: Collection[str], asked: Asked
    ) -> AgentLoad | None:
        """Who of these, by falling slot, comes first."""
        flag, cursor = plan.room.flag, plan.cursor
        winner: AgentLoad | None = None
        best: Order = None
        rank: Order
        numbered, lasts, marked, rank_of = self._numbered, self._lasts, self._marked, self._rank
        if self._compares:
            rank_of = policy_among(self.policy, able_of(few, flag, excluded), asked).rank
        for load in few:
            if load.ready & flag and (not excluded or load.id not in excluded):
                if numbered:
                    rank = load.number
                elif lasts:
                    rank = self._ranked(load) if load in marked else load.rank
                else:
                    rank = rank_of(load, asked)
                if winner is None or rank < best or (rank == best and load.slot < cursor <= winner.slot):
                    winner, best = load, rank
        return winner

    def _without(self, able: int, excluded: Collection[str]) -> int:
        """These agents without some of them."""
        for agent in excluded:
            load = self._loads.get(agent)
            if load is not None and able >> load.slot & 1:
                able ^= 1 << load.slot
        return able

    def _first(self, able: int, cursor: int) -> AgentLoad:
        """Who of a set of agents comes first: each is looked at when they are few, else the index is."""
        by_slot, marked = self._by_slot, self._marked
        if self._line.agents is not None:
            return self._line.first(able, by_slot)
        if self._lines and self._one is not None and self._line.due():
            self._line.form(self._fleet.members(self._one.bits))
            self._ranking = None
            return self._line.first(able, by_slot)
        if len(by_slot) > self._all_looked_at:
            index = (self._ranking if self._numbered else None) or self._index(able)
            if index is not None:
                return by_slot[index.first(able, cursor)]  # type: ignore[return-value]  # no slot is empty
        numbered = self._numbered
        best: Order = None
        winner: AgentLoad | None = None
        while able:
            slot = able.bit_length() - 1
            able ^= 1 << slot
            load: AgentLoad = by_slot[slot]  # type: ignore[assignment]  # as before
            rank = load.number if numbered else self._ranked(load) if load in marked else load.rank
            if winner is None or rank < best or (slot < cursor <= winner.slot and rank == best):
                winner, best = load, rank
        assert winner is not None
        return winner

    def can_take(self, agent: str, plan: Plan, excluded: Collection[str] = ()) -> bool:
        """Whether this agent could get a ticket of the plan now, as one does who had it before."""
        load = self._loads.get(agent)
        if load is None or agent in excluded or not load.ready & plan.room.flag:
            return False
        return self._plans.qualifies(plan, load)

    def decide(
        self, plan: Plan, excluded: Collection[str] = (), asked: Asked = NOTHING_ASKED, counts: bool = True
    ) -> Decision:
        """The same with the ranks of the chosen and of the runner-up, and with what each filter excluded."""
        load, other = self._two(plan, excluded, asked)
        made = counted(self._fleet, self._plans, plan, excluded, self._available) if counts else None
        name, version, position = self._name, self._version, self.position
        if load is None:
            return _MAKE(None, name, (), 0, None, (), 0, version, position, made)
        tier = self._plans.tier(plan, load) if len(plan.groups) > 1 else 0
        if self._compares:
            (_, rank), (second, second_rank) = [*in_order(self._fleet, plan, excluded, self.policy, asked), _NOBODY][:2]
        elif self._lasts and not self._numbered:
            marked, ranked = self._marked, self._ranked
            rank = ranked(load) if load in marked else load.rank
            second, second_rank = None, ()
            if other is not None:
                second, second_rank = other.id, ranked(other) if other in marked else other.rank
        else:
            rank_of = self._rank
            rank = rank_of(load, asked)
            second, second_rank = (None, ()) if other is None else (other.id, rank_of(other, asked))
        return _MAKE(load.id, name, rank, tier, second, second_rank, load.credit, version, position, made)

    def _two(self, plan: Plan, excluded: Collection[str], asked: Asked) -> tuple[AgentLoad | None, AgentLoad | None]:
        """Who gets a ticket of this plan, and who would be next; of a policy that compares, only the first."""
        if plan.stamp != self._fleet.stamp:
            self._plans.refresh(plan)
        if plan.only is not None and not excluded:
            able = plan.only & plan.room.bits
            if not able:
                return None, None
            if len(self._by_slot) <= self._all_looked_at:
                return self._first_two(able, plan.cursor)
            load = self._first(able, plan.cursor)
            able ^= 1 << load.slot
            return load, self._first(able, plan.cursor) if able else None
        agent = self.agent_for(plan, excluded, asked)
        if agent is None:
            return None, None
        second = None if self._compares else self.agent_for(plan, (*excluded, agent), asked)
        return self._loads[agent], None if second is None else self._loads[second]

    def _first_two(self, able: int, cursor: int) -> tuple[AgentLoad | None, AgentLoad | None]:
        """Who of some agents comes first and who second, by a look at each."""
        by_slot, numbered, marked = self._by_slot, self._numbered, self._marked
        winner: AgentLoad | None = None
        second: AgentLoad | None = None
        best: Order = None
        good: Order = None
        while able:
            slot = able.bit_length() - 1
            able ^= 1 << slot
            load: AgentLoad = by_slot[slot]  # type: ignore[assignment]  # no slot is empty
            rank = load.number if numbered else self._ranked(load) if load in marked else load.rank
            if winner is None or rank < best or (slot < cursor <= winner.slot and rank == best):
                winner, second, best, good = load, winner, rank, best
            elif second is None or rank < good or (slot < cursor <= second.slot and rank == good):
                second, good = load, rank
        return winner, second

    def explain(self, plan: Plan, excluded: Collection[str] = (), asked: Asked = NOTHING_ASKED) -> Explanation:
        """The same with every candidate's rank and what excluded each of the others.  O(agents x log agents)."""
        decision = self.decide(plan, excluded, asked)
        return explained(decision, self._fleet, plan, excluded, self.policy, asked)

    # Questions about agents.

    def ticket_for(self, agent: str, at: int) -> str | None:
        """Which waiting ticket the agent gets now; None when there is none that they can take."""
        load = self._loads.get(agent)
        if load is None:
            raise NotFound("agent", agent)
        entry = self._backlog.first(load, at) if self._waiting else None
        return None if entry is None else entry[1]

    def urgent_for(self, agent: str, at: int) -> tuple[Key, str] | None:
        """The same with how urgent it is: whichever is smallest of several agents' goes first."""
        load = self._loads.get(agent)
        if load is None:
            raise NotFound("agent", agent)
        entry = self._backlog.first(load, at)
        return None if entry is None else (self._backlog.urgency(entry, at), entry[1])

    def explain_agent(self, agent: str, at: int) -> Pull:
        """The same with what keeps the other tickets from the agent.  O(lanes)."""
        return pulled(self._fleet.load(agent), self._plans, self._backlog, at, self.position)

    def wait_of(self, ticket: str) -> tuple[Plan, tuple[str, ...]]:
        """By which plan a ticket waits, and who is excluded from it."""
        entry = self._waiting.get(ticket)
        if entry is None:
            raise NotFound("waiting ticket", ticket)
        return entry[2].plan, entry[2].excluded

    def next_due(self, at: int) -> int | None:
        """When a ticket that waits for its time alone may be given to somebody; None for never.  O(lanes)."""
        return self._backlog.next_ripe(at)

    # Facts about tickets, and about the configuration.

    def waits(self, ticket: str, plan: Plan, waiting: Waiting, excluded: Iterable[str] = ()) -> None:
        """A ticket waits for an agent of its plan, none of the excluded."""
        check_name(ticket, "ticket")
        if ticket in self._held:
            raise self._is_held(ticket)
        self._backlog.put(ticket, plan, waiting, tuple(sorted(set(excluded))) if excluded else ())

    def withdrawn(self, ticket: str) -> None:
        """A ticket waits no longer, and nobody got it."""
        if ticket not in self._waiting:
            raise NotFound("waiting ticket", ticket)
        self._backlog.withdraw(ticket)

    def assigned(self, ticket: str, agent: str, plan: Plan, at: int, credit: int | None = None) -> None:
        """A ticket went to an agent, whoever chose them, at a credit; None for what the policy says."""
        load = self._loads.get(agent)
        if load is None:
            raise NotFound("agent", agent)
        if ticket in self._held:
            raise self._is_held(ticket)
        if ticket in self._waiting:
            self._backlog.withdraw(ticket)
        if credit is None:
            credit = load.credit
        load.assigned += 1
        load.last_assigned = at
        load.virtual_time += credit
        if load.available:
            self._total += credit
        if self._turns:
            plan.cursor = load.slot
        room = plan.room  # What follows is _take: a call less for each ticket.
        cost = room.cost
        self._held[ticket] = load
        if cost > 1:
            self._dear[ticket] = cost
        load.open += 1
        load.used = used = load.used + cost
        self._marked[load] = None
        if used > load.ample:
            if load.workload is not None:
                self._filled(ticket, load, room)
            elif self._one is None or used < load.capacity:
                self._settle(load, 1 << load.slot)
            elif load.ready:  # as in _settle, where there is one kind of room
                load.ready = 0
                room.bits ^= 1 << load.slot
                if self._line.agents is not None:
                    del self._line.agents[load]
        if load.ready and self._line.agents is not None:  # has room still, at another rank
            self._line.give_up()

    def offered(self, ticket: str, agent: str, plan: Plan, at: int) -> None:
        """An agent is asked whether they take a ticket: until they answer it counts as theirs, as it does at a desk."""
        load = self._fleet.load(agent)
        credit, before = load.credit, load.last_assigned
        self.assigned(ticket, agent, plan, at, credit)
        self._offers[ticket] = Offer(load, credit, at, before)

    def resumed(self, ticket: str, agent: str, plan: Plan) -> None:
        """A ticket takes room of an agent who was given it before: it woke, or the engine is only being told now."""
        load = self._fleet.load(agent)
        if ticket in self._held:
            raise self._is_held(ticket)
        if ticket in self._waiting:
            self._backlog.withdraw(ticket)
        self._take(ticket, load, plan.room)

    def configured(
        self, version: int, skills: Collection[str] | None = None, teams: Collection[str] | None = None
    ) -> None:
        """Another version of the rules counts, which declares these; plans are made anew as they are asked for."""
        self._version, self._skills, self._teams = version, skills, teams
        self._plans.forget()

    def _is_held(self, ticket: str) -> InvalidInput:
        return InvalidInput("ticket", f"{ticket!r} is with {self._held[ticket].id!r}")
