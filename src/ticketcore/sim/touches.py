"""Work that is more than one stretch at one speed: in touches with silences between, or several chats that slow down.

What is plain is done in the kernel itself; here is what it does for tickets and agents that need more.
"""

from functools import partial
from math import ceil

import attrs

from ticketcore.engine import Plan
from ticketcore.model.requirements import EVERYBODY, AgentIn, All
from ticketcore.sim.contracts import Ticket
from ticketcore.sim.drawing import NEVER, Course
from ticketcore.sim.journeys import ReturnTo
from ticketcore.sim.kernel import Kernel
from ticketcore.sim.laws import MICROSECOND
from ticketcore.sim.recording import Kind
from ticketcore.sim.scenario import Group

_TINY = 1e-3
"""Of a microsecond: what rounding may leave of work that is done."""


class Stretch:
    """A stretch of work: how much of it is ``left`` at full speed, and ``since`` when it counts as work.

    ``wrapping`` is whether the ticket is only being wrapped up.
    """

    __slots__ = ("course", "left", "since", "ticket", "wrapping")

    def __init__(self, ticket: Ticket, course: Course, left: float, since: int) -> None:
        self.ticket, self.course = ticket, course
        self.left = left
        self.since = since
        self.wrapping = False


class Hands:
    """What an agent works on at once.  Progress is taken at each change, since the speed may change with it.

    ``turn`` counts the changes, so that what was due after an earlier one is known to be outdated.
    """

    def __init__(self, agent: str, group: Group) -> None:
        self.agent, self.group = agent, group
        self.stretches: list[Stretch] = []
        self.turn = 0
        self._passed = 0

    @property
    def speed(self) -> float:
        """How much is done of each, of what would be if it were alone."""
        speeds = self.group.speeds
        return speeds[min(len(self.stretches), len(speeds)) - 1] / 100 if speeds else 1.0

    def pass_until(self, at: int) -> None:
        """Take the progress since the last time."""
        done = (at - self._passed) * self.speed
        for stretch in self.stretches:
            stretch.left -= done
        self._passed = at

    def next_done(self) -> int:
        """When the first is done if nothing changes."""
        return self._passed + max(0, ceil((min(stretch.left for stretch in self.stretches) - _TINY) / self.speed))


class Touching:
    """All of this in one kernel, as its ``Handling``."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._hands = {agent: Hands(agent, group) for agent, group in kernel.groups.items()}
        self._plans: dict[tuple[str, str], Plan] = {}
        self.away = 0

    def start(self, ticket: Ticket, agent: str, work: int, at: int) -> None:
        """An agent begins a touch that takes so long if it is alone."""
        course = ticket[6] or Course(0, (work,))
        course.agent, course.begun = agent, True
        self._go_on(self._hands[agent], Stretch(ticket, course, work, at), at)

    def _go_on(self, hands: Hands, stretch: Stretch, at: int) -> None:
        hands.pass_until(at)
        hands.stretches.append(stretch)
        self._changed(hands)

    def _changed(self, hands: Hands) -> None:
        hands.turn += 1
        if hands.stretches:
            self._kernel.due(hands.next_done(), partial(self._look, hands, hands.turn))

    def _look(self, hands: Hands, turn: int, at: int) -> None:
        """What is done by now is done, unless something has changed since this was put down."""
        if turn != hands.turn:
            return
        hands.pass_until(at)
        done = [stretch for stretch in hands.stretches if stretch.left <= _TINY]
        hands.stretches = [stretch for stretch in hands.stretches if stretch.left > _TINY]
        self._changed(hands)
        for stretch in done:
            self._done(hands, stretch, at)

    def _done(self, hands: Hands, stretch: Stretch, at: int) -> None:
        kernel, ticket, course = self._kernel, stretch.ticket, stretch.course
        kernel.tallies[hands.agent].worked += at - stretch.since
        if course.later:
            self._fall_silent(ticket, course, at)
            return
        if not stretch.wrapping:
            kernel.finished(ticket, hands.agent, at)
            if ticket[2].of.solve_within is not None:
                self._solved(ticket, course, at)
            if course.wrap_up:
                kernel.engine.wraps_up(ticket[1], at)
                stretch.wrapping, stretch.left, stretch.since = True, course.wrap_up, at
                self._go_on(hands, stretch, at)
                return
        kernel.engine.released(ticket[1], at)
        kernel.pull(hands.agent, at)

    def _solved(self, ticket: Ticket, course: Course, at: int) -> None:
        """An agent is done with a ticket for good: it counts where it came."""
        came = ticket[3] if course.came is None else course.came
        kind = next(one for one in self._kernel.kinds if one.of is ticket[2].of)
        if kind.again is not None and not course.recorded:
            kind = kind.again
        if self._kernel.counts(came):
            kind.solved(course.spent + _turn(ticket, course, at))

    # Customers who are away, and come again.

    def _fall_silent(self, ticket: Ticket, course: Course, at: int) -> None:
        kernel, agent, touches = self._kernel, course.agent, ticket[2].of.touches
        assert touches is not None
        assert agent is not None
        course.spent += _turn(ticket, course, at)
        course.came = ticket[3] if course.came is None else course.came
        silence, course.works = course.later.pop()
        course.since = at + silence
        self.away += 1
        kernel.due(at + silence, partial(self._answers, ticket, course))
        if not touches.holds:
            kernel.engine.released(ticket[1], at)
            kernel.pull(agent, at)

    def _answers(self, ticket: Ticket, course: Course, at: int) -> None:
        """The customer has answered: whoever had the ticket goes on, or it waits."""
        kernel, (number, name, kind, *_), agent = self._kernel, ticket, course.agent
        touches, later = kind.of.touches, kind.later
        assert touches is not None
        assert later is not None
        assert agent is not None
        self.away -= 1
        course.begun = False
        reply = (number, name, later, at, course.works[0], NEVER, course)
        if kernel.counts(at):
            later.arrived += 1
        if touches.holds:
            if kernel.tallies[agent].since is not None:
                kernel.begin(reply, agent, at)
                return
            kernel.engine.released(name, at)
        if touches.returns is ReturnTo.POOL:
            kernel.wait(reply, at)
        else:
            course.plan = self._plan_of(later, agent)
            kernel.wait(reply, at)
            if touches.returns_within is not None:
                kernel.due(at + touches.returns_within // MICROSECOND, partial(self._anybody, reply, course))

    def _plan_of(self, kind: Kind, agent: str) -> Plan:
        """The plan of the class for one agent alone."""
        plan = self._plans.get((kind.id, agent))
        if plan is None:
            asks, only = kind.of.requirement, AgentIn((agent,))
            must = only if asks.must == EVERYBODY else All((asks.must, only))
            alone = attrs.evolve(asks, must=must, prefer=())
            plan = self._plans[kind.id, agent] = self._kernel.engine.plan(alone, kind.of.team, kind.of.channel)
        return plan

    def _anybody(self, reply: Ticket, course: Course, at: int) -> None:
        """A ticket has waited for its agent for long enough."""
        kernel = self._kernel
        if kernel.waiting.get(reply[1]) is reply:
            course.plan = None
            kernel.engine.withdrawn(reply[1])
            kernel.wait(reply, at)

    def left(self, ticket: Ticket, course: Course, at: int) -> None:
        """The customer of a ticket left, and may come again."""
        course.recorded = False
        if course.retries:
            after, patience = course.retries.pop()
            self.away += 1
            self._kernel.due(at + after, partial(self._again, ticket, patience))

    def _again(self, ticket: Ticket, patience: int, at: int) -> None:
        number, name, kind, _, work, _, course = ticket
        again = kind.again
        assert again is not None
        self.away -= 1
        if self._kernel.counts(at):
            again.arrived += 1
        self._kernel.arrive((number, name, again, at, work, patience, course))

    # Shifts, and the time that counts.

    def hand_back(self, agent: str, at: int) -> None:
        """What the agent works on waits again, and takes what is left of its time."""
        kernel, hands = self._kernel, self._hands[agent]
        hands.pass_until(at)
        held, hands.stretches = hands.stretches, []
        self._changed(hands)
        for stretch in held:
            kernel.tallies[agent].worked += at - stretch.since
            kernel.engine.released(stretch.ticket[1], at)
            if not stretch.wrapping:
                stretch.course.works = (max(1, round(stretch.left * hands.group.pace / 100)),)
                number, name, kind, came, _, patience, _ = stretch.ticket
                kernel.wait((number, name, kind, came, stretch.course.works[0], patience, stretch.course), at)

    def count_from(self, at: int) -> None:
        """Work counts from now on; what was done before does not any more."""
        for hands in self._hands.values():
            for stretch in hands.stretches:
                stretch.since = at

    def count_until(self, at: int) -> None:
        """Work that goes on counts until now."""
        for agent, hands in self._hands.items():
            for stretch in hands.stretches:
                self._kernel.tallies[agent].worked += at - stretch.since
                stretch.since = at


def _turn(ticket: Ticket, course: Course, at: int) -> int:
    """For how much of its hours it has been the desk's turn since the customer was heard of last."""
    return ticket[2].elapsed(ticket[3] if course.since is None else course.since, at)
