"""A clock, a heap of what is due, and the engine of assignment: how one simulated path goes on.

The engine is told facts and asked questions as a desk does it: a ticket that comes is given to somebody or waits, and
whoever is done with one is given what waits for them.  What is due at the same instant happens in the order in which
it was put into the heap; a ticket that comes at that instant comes after it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import TypeAlias

from ticketcore.calendar.days import microseconds
from ticketcore.engine import Asked, Decision, DistributionPolicy, Engine, Plan, QueueDiscipline, Waiting
from ticketcore.engine.policies import NOTHING_ASKED
from ticketcore.model import EscalationStep
from ticketcore.model.values import replaced
from ticketcore.sim.contracts import Asking, Handling, Ticket
from ticketcore.sim.drawing import NEVER
from ticketcore.sim.laws import MICROSECOND, Law, Periodic
from ticketcore.sim.recording import Kind, Recording
from ticketcore.sim.scenario import Scenario, TicketClass

Due: TypeAlias = tuple[int, int, Callable[[int], None] | None, Ticket, str | None]
"""What is due: when, in which order, and what: something to do; or else an agent is done with a ticket; or else, where
there is no agent, the customer of the ticket has no patience any more."""

Decided: TypeAlias = Callable[[str, Decision], None]
"""Told which decision was taken about a ticket."""

Watch: TypeAlias = Callable[[int, Engine], None]
"""Told that something happened at an instant, with the engine as it is then."""


_WAITING: Callable[[type[Waiting], tuple[int, int, int | None]], Waiting] = tuple.__new__
"""Makes what the class makes, in half the time."""


class Tally:
    """What an agent did in the time that counts, and their place in the list of agents.

    ``since`` is when they came on duty, None for who is off, ``duty`` how long they were on before that.
    """

    __slots__ = ("duty", "given", "place", "since", "worked")

    def __init__(self, place: int, since: int) -> None:
        self.place = place
        self.since: int | None = since
        self.duty = self.worked = self.given = 0


class Kernel:
    """One path of a scenario, under a policy and a discipline.

    ``arrive`` is told of a ticket that comes now, ``advance`` lets everything happen that is due until an instant.
    Tickets that come before ``counts_from`` are left out of sums.  ``decided`` is told each decision, with its counts
    and runner-up, which takes time; ``watch`` looks on.  What they raise ends the simulation.  Whoever makes a kernel
    sets its ``handling`` and its ``asking``.
    """

    def __init__(
        self,
        scenario: Scenario,
        policy: DistributionPolicy,
        discipline: QueueDiscipline,
        recording: Recording | None = None,
        decided: Decided | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.scenario, self.policy, self.discipline = scenario, policy, discipline
        self.recording, self.decided, self.watch = recording, decided, watch
        self.starts = self.counts_from = microseconds(scenario.begin)
        self.counts_until = NEVER
        self.groups = {agent: group for group in scenario.groups for agent in group.agents}
        self.engine = Engine(
            [replaced(group.facts, id=id, available_since=self.starts) for id, group in self.groups.items()],
            policy=policy,
            discipline=discipline,
            costs=dict(scenario.costs),
        )
        laws: dict[str, dict[str, Law | Periodic]] = {item.id: {"": item.handling} for item in scenario.classes}
        for group in scenario.groups:
            for id, law in group.handling:
                laws[id][group.facts.id] = law
        self.kinds = [Kind(item, self.plan_of_class(item), laws[item.id]) for item in scenario.classes]
        self.further = [kind for each in self.kinds for kind in each.further]
        self.tallies = {agent: Tally(place, self.starts) for place, agent in enumerate(self.groups)}
        self.waiting: dict[str, Ticket] = {}
        self.heap: list[Due] = [(NEVER, 0, None, (-1, "", self.kinds[0], 0, 0, 0, None), None)]
        self.serial = count(1).__next__
        self._hurried = {
            id: group
            for id, group in self.groups.items()
            if group.pace != 100 or group.handling or group.speeds or group.has_rate
        }
        looked_on = decided is not None or watch is not None or any(item.offers for item in scenario.classes)
        self._single = discipline.steady and set(dict(scenario.costs).values()) <= {1}
        self._plain = policy.lasts and self._single and not looked_on
        self.handling: Handling
        self.asking: Asking
        self._day = scenario.begin
        self._turn(self.starts)

    def lose_patience(self, ticket: Ticket, at: int) -> None:
        """If the ticket still waits at an instant, its customer leaves."""
        heappush(self.heap, (at, self.serial(), None, ticket, None))

    def plan_of_class(self, item: TicketClass, steps: Sequence[EscalationStep] = ()) -> Plan:
        """The engine's plan of a class, after some steps of its escalation."""
        asked = item.asks(steps)
        return self.engine.plan(asked.requirement, asked.teams or None, item.channel, item.queue)

    def due(self, at: int, act: Callable[[int], None]) -> None:
        """Something is to be done at an instant."""
        heappush(self.heap, (at, self.serial(), act, self.heap[0][3], None))

    def busy_until(self) -> list[tuple[str, int]]:
        """Who works on something, and until when, once for each ticket."""
        return [(agent, at) for at, _, _, _, agent in self.heap if agent is not None]

    def _turn(self, at: int) -> None:
        """A day begins, by the clocks of where the scenario begins: whoever counts what is given today begins anew."""
        if at > self.starts:
            self.engine.day_began(self.groups, at)
            for agent in self.groups:
                self.pull(agent, at)
        self._day = datetime.combine(self._day.date() + timedelta(days=1), time(), self._day.tzinfo)
        self.due(microseconds(self._day), self._turn)

    def pull(self, agent: str, at: int) -> None:
        """Give the agent what waits for them while they have room."""
        while (name := self.engine.ticket_for(agent, at)) is not None:
            self.give(self.waiting[name], at)

    def counts(self, at: int) -> bool:
        """Whether what comes again at an instant counts."""
        return self.counts_from <= at <= self.counts_until

    def wait(self, ticket: Ticket, at: int) -> None:
        """A ticket waits that an agent had, or that waited for another; its customer does not leave any more."""
        self.wait_on(ticket)
        self.asking.begins(ticket, at)
        self.give(ticket, at)

    def wait_on(self, ticket: Ticket) -> None:
        """The engine is told that a ticket waits, as it is now."""
        self.waiting[ticket[1]] = ticket
        self.engine.waits(ticket[1], plan_of(ticket), _since(ticket), _kept_from(ticket))

    def give(self, ticket: Ticket, at: int) -> None:
        """Give a ticket that waits to whomever it goes to now, if to anybody."""
        if self.waiting.get(ticket[1]) is ticket:
            agent = self._ask(ticket, at)
            if agent is not None:
                del self.waiting[ticket[1]]
                self.start(ticket, agent, at)

    def _ask(self, ticket: Ticket, at: int) -> str | None:
        """Who gets the ticket; what the discipline gives nobody yet is looked at again when it does."""
        name, plan = ticket[1], plan_of(ticket)
        if not self.discipline.steady:
            ripe = self.discipline.ripe(*self.discipline.place(_since(ticket)))
            if ripe > at:
                self.due(ripe, partial(self.give, ticket))
                return None
        asked = NOTHING_ASKED if self.policy.lasts else Asked(name, at, plan.must)
        if self.decided is None:
            return self.engine.agent_for(plan, _kept_from(ticket), asked)
        decision = self.engine.decide(plan, _kept_from(ticket), asked)
        self.decided(name, decision)
        return decision.agent

    def _lose(self, ticket: Ticket, at: int) -> None:
        """The customer of a ticket that waits leaves."""
        number, name, kind, came, _, _, course = ticket
        del self.waiting[name]
        if course is None or not self.asking.left(ticket, at):
            self.engine.withdrawn(name)
        if self.recording is not None and kind.first:
            self.recording.ended[number] = at
        elif self.counts(came):
            kind.lost(came, at - came)
        if course is not None:
            self.handling.left(ticket, course, at)

    def begin(self, ticket: Ticket, agent: str, at: int) -> None:
        """An agent begins a touch of what is not plain, which the engine knows to be theirs."""
        number, _, kind, came, work, _, course = ticket
        if course is None or not course.begun:
            if self.recording is not None and kind.first:
                self.recording.started[number] = at
            elif self.counts(came):
                kind.taken(came, at - came)
        if course is not None:
            course.begun, course.plan, course.raised = True, None, 0
        group = self._hurried.get(agent)
        if group is not None:
            if group.has_rate:
                self._count(agent, at)
            if course is not None and group.facts.id in kind.law_places and len(course.works) == len(kind.laws):
                work = course.works[kind.law_places[group.facts.id]]
            work = round(work * 100 / group.pace)
        is_long = course is not None and (course.later or course.wrap_up or kind.of.solve_within is not None)
        if is_long or (group is not None and group.speeds):
            self._record(ticket, agent)
            self.handling.start(ticket, agent, work, at)
        else:
            self.tallies[agent].worked += work
            self.finished(ticket, agent, at + work)
            heappush(self.heap, (at + work, self.serial(), None, ticket, agent))

    def _count(self, agent: str, at: int) -> None:
        """The agent was given a ticket, which counts for their rate for a while."""
        workload = self.engine.workload(agent)
        if workload is not None and workload.profile.rate is not None:
            self.due(at + workload.profile.rate.period // MICROSECOND, partial(self._rest, agent))

    def _rest(self, agent: str, at: int) -> None:
        self.engine.rested(agent)
        self.pull(agent, at)

    def _record(self, ticket: Ticket, agent: str) -> None:
        """Who has a ticket."""
        if self.recording is not None and (ticket[6] is None or ticket[6].recorded):
            self.recording.agents[ticket[0]] = self.tallies[agent].place

    def finished(self, ticket: Ticket, agent: str, at: int) -> None:
        """An agent is done with a ticket at an instant, but for wrapping it up."""
        self._record(ticket, agent)
        if self.recording is not None and (ticket[6] is None or ticket[6].recorded):
            self.recording.ended[ticket[0]] = at

    def start(self, ticket: Ticket, agent: str, at: int) -> None:
        """An agent has a ticket from now on, or is asked whether they take it."""
        if ticket[6] is not None and ticket[6].answers:
            self.asking.offer(ticket, agent, at)
            return
        self.engine.assigned(ticket[1], agent, ticket[2].plan, at)
        self.tallies[agent].given += 1
        self.begin(ticket, agent, at)

    def arrive(self, ticket: Ticket) -> None:
        """A ticket comes now."""
        at = ticket[3]
        agent = self._ask(ticket, at)
        if agent is not None:
            self.start(ticket, agent, at)
        else:
            self._queue(ticket)
        if self.watch is not None:
            self.watch(at, self.engine)

    def _queue(self, ticket: Ticket) -> None:
        """A ticket that comes waits, for as long as its customer has patience."""
        _, name, kind, at, _, patience, _ = ticket
        self.engine.waits(name, kind.plan, _since(ticket))
        self.waiting[name] = ticket
        if patience < NEVER:
            self.lose_patience(ticket, at + patience)
        if ticket[6] is not None:
            self.asking.begins(ticket, at)

    def advance(self, until: int) -> None:
        """Let everything happen that is due until an instant."""
        heap = self.heap
        while heap[0][0] <= until:
            self._happen(heappop(heap))

    def _happen(self, due: Due) -> None:
        """What is due happens."""
        at, _, act, ticket, agent = due
        if act is not None:
            act(at)
        elif agent is not None:
            self.engine.released(ticket[1], at)
            name = self.engine.ticket_for(agent, at)
            if name is not None:
                self.give(self.waiting[name], at)
                if not self._single:
                    self.pull(agent, at)
        elif self.waiting.get(ticket[1]) is ticket:
            self._lose(ticket, at)
        if self.watch is not None:
            self.watch(at, self.engine)

    def live(self, tickets: Iterable[Ticket]) -> None:
        """Let these come, one after the other, and before each what is due by then."""
        if self._plain:
            self._live_plainly(tickets)
            return
        for ticket in tickets:
            self.advance(ticket[3])
            self.arrive(ticket)

    def _live_plainly(self, tickets: Iterable[Ticket]) -> None:
        """The same where nobody looks on: in one piece, since calls would take a third of the time."""
        engine, heap, waiting, serial, tallies = self.engine, self.heap, self.waiting, self.serial, self.tallies
        agent_for, ticket_for, assigned, released = (
            *(engine.agent_for, engine.ticket_for),
            *(engine.assigned, engine.released),
        )
        rows, hurried = self.recording, self._hurried
        for coming in tickets:
            comes = coming[3]
            ticket = None
            while ticket is not coming:
                if heap[0][0] <= comes:
                    now, _, _, ticket, agent = due = heappop(heap)
                    if agent is None:
                        self._happen(due)
                        continue
                    released(ticket[1], now)
                    name = ticket_for(agent, now)
                    if name is None:
                        continue
                    ticket = waiting.pop(name)
                    number, _, kind, at, work, _, course = ticket
                else:
                    ticket, now = coming, comes
                    number, name, kind, at, work, _, course = ticket
                    agent = agent_for(kind.plan)
                    if agent is None:
                        self._queue(ticket)
                        continue
                assigned(name, agent, kind.plan, now)
                tally = tallies[agent]
                tally.given += 1
                if course is not None or agent in hurried:
                    self.begin(ticket, agent, now)
                    continue
                tally.worked += work
                end = now + work
                if rows is None:
                    if at >= self.counts_from:
                        kind.waits.append(now - at)
                else:
                    rows.started[number] = now
                    rows.ended[number] = end
                    rows.agents[number] = tally.place
                heappush(heap, (end, serial(), None, ticket, agent))


def plan_of(ticket: Ticket) -> Plan:
    """By which plan a ticket waits."""
    course = ticket[6]
    return ticket[2].plan if course is None or course.plan is None else course.plan


def _kept_from(ticket: Ticket) -> tuple[str, ...]:
    return () if ticket[6] is None else ticket[6].kept_from


def _since(ticket: Ticket) -> Waiting:
    kind, at, course = ticket[2], ticket[3], ticket[6]
    priority = kind.priority if course is None else kind.priority + course.raised
    return _WAITING(Waiting, (at, priority, None if kind.due is None else kind.due_at(at, kind.due)))
