"""Tickets that wait: agents are asked before one is theirs, and what it asks of agents gives way.

As at a desk: whoever is asked counts as if they had accepted, for their room and for their share of work, and who does
not accept is not asked again.  A ticket goes back to where it stood, and it is asked first who else can have it, then
what else the agent can take.
"""

from functools import cache, partial

from ticketcore.engine import Asked
from ticketcore.model import BOUNDS, EscalationPlan, Exhausted
from ticketcore.sim.contracts import Ticket
from ticketcore.sim.drawing import NEVER, Course
from ticketcore.sim.journeys import Offers
from ticketcore.sim.kernel import Kernel, plan_of
from ticketcore.sim.laws import MICROSECOND


class Open:
    """That an ``agent`` is asked whether they take a ``ticket``."""

    __slots__ = ("agent", "ticket")

    def __init__(self, ticket: Ticket, agent: str) -> None:
        self.ticket, self.agent = ticket, agent


class Offering:
    """All of this in one kernel, as its ``Asking``."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._open: dict[str, Open] = {}

    # What is asked gives way.

    def begins(self, ticket: Ticket, at: int) -> None:
        """A ticket begins to wait: steps of its plan will be due, unless it is for one agent alone."""
        course = ticket[6]
        if ticket[2].of.escalation is not None and course is not None and course.plan is None:
            course.origin, course.reached = at, 0
            self._arm(ticket, course, at)

    def _arm(self, ticket: Ticket, course: Course, at: int) -> None:
        """Nobody was found for a ticket: look again when the next step is due, at once if it is overdue."""
        plan = ticket[2].of.escalation
        if plan is None or course.reached == len(plan.steps):
            return
        age = _ages(plan)[course.reached]
        origin = ticket[3] if course.origin is None else course.origin
        self._kernel.due(max(at, origin + age), partial(self._climb, ticket, course, course.reached))

    def _climb(self, ticket: Ticket, course: Course, reached: int, at: int) -> None:
        """A ticket that still waits for somebody to be found reaches the steps that are due."""
        kernel, name, kind = self._kernel, ticket[1], ticket[2]
        plan = kind.of.escalation
        if kernel.waiting.get(name) is not ticket or name in self._open or course.reached != reached:
            return
        assert plan is not None, "it has steps"
        origin = ticket[3] if course.origin is None else course.origin
        course.reached = sum(origin + age <= at for age in _ages(plan))
        steps = plan.steps[: course.reached]
        course.plan, course.raised = kernel.plan_of_class(kind.of, steps), sum(step.raised for step in steps)
        kernel.engine.withdrawn(name)
        kernel.wait_on(ticket)
        kernel.give(ticket, at)
        if self._is_left(ticket):
            self._arm(ticket, course, at)

    def _is_left(self, ticket: Ticket) -> bool:
        """Whether a ticket waits and nobody is asked about it."""
        return self._kernel.waiting.get(ticket[1]) is ticket and ticket[1] not in self._open

    # Agents are asked.

    def offer(self, ticket: Ticket, agent: str, at: int) -> None:
        """An agent is asked whether they take a ticket."""
        kernel, name, course, offers = self._kernel, ticket[1], *_offered(ticket)
        after, accepts = course.answers.pop()
        kernel.engine.offered(name, agent, plan_of(ticket), at)
        kernel.waiting[name] = ticket
        one = self._open[name] = Open(ticket, agent)
        if at == ticket[3] and ticket[5] < NEVER:
            kernel.lose_patience(ticket, at + ticket[5])
        within = offers.within // MICROSECOND
        kernel.due(at + min(after, within), partial(self._answer, one, accepts and after < within))

    def _answer(self, one: Open, accepts: bool, at: int) -> None:
        """An agent answers, or their time to do so is over."""
        kernel, ticket, agent, name = self._kernel, one.ticket, one.agent, one.ticket[1]
        if self._open.get(name) is not one:
            return
        course, offers = _offered(ticket)
        if accepts:
            del self._open[name], kernel.waiting[name]
            course.answers, course.kept_from = [], ()
            kernel.engine.accepted(name, at)
            kernel.tallies[agent].given += 1
            kernel.begin(ticket, agent, at)
            return
        course.kept_from = tuple(sorted((*course.kept_from, agent)))
        if offers.excluded_for is not None:
            kernel.due(at + offers.excluded_for // MICROSECOND, partial(self._forgive, ticket, (agent,)))
        self._goes_on(one, at)
        kernel.pull(agent, at)

    def _goes_on(self, one: Open, at: int) -> None:
        """Nobody is asked about a ticket any more: it goes to somebody else, or waits."""
        kernel, ticket, name = self._kernel, one.ticket, one.ticket[1]
        del self._open[name]
        kernel.engine.refused(name)
        kernel.wait_on(ticket)
        kernel.give(ticket, at)
        course, offers = _offered(ticket)
        if self._is_left(ticket):
            self._arm(ticket, course, at)
            if course.kept_from and offers.exhausted is Exhausted.ASK_AGAIN and self._all_declined(ticket, at):
                self._forgive(ticket, course.kept_from, at)

    def _all_declined(self, ticket: Ticket, at: int) -> bool:
        """Whether nobody else who is there could take it if they had room."""
        engine, plan, course = self._kernel.engine, plan_of(ticket), _offered(ticket)[0]
        left_out = engine.decide(plan, course.kept_from, Asked(ticket[1], at, plan.must)).placement.excluded
        return all(item.filter not in BOUNDS for item in left_out)

    def _forgive(self, ticket: Ticket, agents: tuple[str, ...], at: int) -> None:
        """These may be asked again about a ticket, if it still waits."""
        kernel, name, (course, _) = self._kernel, ticket[1], _offered(ticket)
        if kernel.waiting.get(name) is not ticket:
            return
        course.kept_from = tuple(agent for agent in course.kept_from if agent not in agents)
        if name not in self._open:
            kernel.engine.withdrawn(name)
            kernel.wait_on(ticket)
            kernel.give(ticket, at)

    def left(self, ticket: Ticket, at: int) -> bool:
        """The customer of a ticket leaves: whether somebody was being asked."""
        one = self._open.pop(ticket[1], None)
        course = ticket[6]
        if course is not None:
            course.kept_from, course.plan, course.raised, course.origin, course.reached = (), None, 0, None, 0
        if one is None:
            return False
        self._kernel.engine.refused(ticket[1])
        self._kernel.due(at, partial(self._kernel.pull, one.agent))
        return True

    def look_again(self, agent: str, at: int) -> None:
        """The agent went off, or is another: they are asked no more what they cannot take."""
        kernel, is_on = self._kernel, self._kernel.tallies[agent].since is not None
        for one in [one for one in self._open.values() if one.agent == agent]:
            if not is_on or not kernel.engine.suits(agent, plan_of(one.ticket)):
                self._goes_on(one, at)


def _offered(ticket: Ticket) -> tuple[Course, Offers]:
    """What was drawn for a ticket of a class that is offered, and how."""
    course, offers = ticket[6], ticket[2].of.offers
    assert course is not None, "classes that are offered have one"
    assert offers is not None, "it has answers"
    return course, offers


@cache
def _ages(plan: EscalationPlan) -> tuple[int, ...]:
    """After how many microseconds each step is due, if those before it were reached."""
    reached = [step.id for step in plan.steps]
    return tuple([age // MICROSECOND for _, age in plan.ages(reached)])
