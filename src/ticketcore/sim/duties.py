"""Who comes on and goes off when in a simulation, how agents change, and what becomes of work at a shift's end."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heapify

from ticketcore.assignment import LAG
from ticketcore.calendar.days import microseconds
from ticketcore.engine import AgentFacts
from ticketcore.model import Held
from ticketcore.model.shifts import Terms
from ticketcore.sim.drawing import Course
from ticketcore.sim.kernel import Kernel
from ticketcore.sim.scenario import AtShiftEnd, Change

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Duties:
    """The agents of a kernel who have shifts or change: they come on at the mean of others' shares, as at a desk."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._facts: dict[str, AgentFacts] = {}
        begin = kernel.scenario.begin
        for agent, group in kernel.groups.items():
            if group.shifts:
                terms = Terms(shifts=group.shifts)
                if not terms.on_duty(begin):
                    kernel.engine.went_off(agent, kernel.starts)
                    kernel.tallies[agent].since = None
                self._look_again(agent, terms, begin)
            for change in group.changes:
                kernel.due(microseconds(begin + change.after), partial(self._become, agent, change))

    def _look_again(self, agent: str, terms: Terms, at: datetime) -> None:
        following = terms.next_change(at)
        if following is not None:
            self._kernel.due(microseconds(following), partial(self._change, agent, terms))

    def _change(self, agent: str, terms: Terms, at: int) -> None:
        """The agent comes on or goes off, unless it was only time to look again."""
        now = _EPOCH + timedelta(microseconds=at)
        self._look_again(agent, terms, now)
        self._stand(agent, bool(terms.on_duty(now)), at)

    def _become(self, agent: str, change: Change, at: int) -> None:
        """The agent has other facts, or comes on or goes off."""
        engine, facts = self._kernel.engine, change.facts
        if facts is not None:
            known = self._facts.get(agent, self._kernel.groups[agent].facts)
            self._facts[agent] = facts
            engine.skills_changed(agent, facts.skills)
            engine.teams_changed(agent, facts.teams)
            engine.attributes_changed(agent, dict(facts.attributes))
            engine.weight_changed(agent, facts.weight)
            if (facts.capacity, facts.workload) != (known.capacity, known.workload):
                given = None
                if facts.workload is not None:
                    given = engine.workload_under(agent, facts.workload.profile, self._held(agent))
                engine.capacity_changed(agent, facts.capacity, given)
            self._kernel.asking.look_again(agent, at)
            self._kernel.pull(agent, at)
        if change.on_duty is not None:
            self._stand(agent, change.on_duty, at)

    def _held(self, agent: str) -> Iterator[Held]:
        """What the agent is still at."""
        for _, _, _, (_, name, kind, *_), worker in self._kernel.heap:
            if worker == agent:
                yield Held(name, kind.of.channel, kind.of.queue)

    def _stand(self, agent: str, on_duty: bool, at: int) -> None:
        """The agent is on duty or not from now on, unless they were so before."""
        kernel = self._kernel
        tally, engine = kernel.tallies[agent], kernel.engine
        if on_duty is (tally.since is not None):
            return
        if on_duty:
            mean, own = engine.mean_virtual_time(), engine.virtual_time(agent)
            engine.came_on(agent, at, own if mean is None else min(max(own, mean - LAG), mean + LAG))
            tally.since = at
            kernel.pull(agent, at)
        else:
            engine.went_off(agent, at)
            assert tally.since is not None
            tally.duty += at - tally.since
            tally.since = None
            kernel.asking.look_again(agent, at)
            if kernel.groups[agent].at_shift_end is AtShiftEnd.HAND_BACK:
                self._hand_back(agent, at)

    def _hand_back(self, agent: str, at: int) -> None:
        """What the agent works on waits again, as old as it is, and takes what is left of its time.

        Of a ticket that is only being wrapped up, the agent leaves that.
        """
        kernel = self._kernel
        held = sorted(due for due in kernel.heap if due[4] == agent)
        kernel.heap[:] = [due for due in kernel.heap if due[4] != agent]
        heapify(kernel.heap)
        for until, _, _, ticket, _ in held:
            number, name, kind, came, _, patience, course = ticket
            kernel.tallies[agent].worked -= until - at
            kernel.engine.released(name, at)
            left = max(1, round((until - at) * kernel.groups[agent].pace / 100))
            course = course or Course(0, (left,))
            course.works, course.begun = (left,), True
            kernel.wait((number, name, kind, came, left, patience, course), at)
        kernel.handling.hand_back(agent, at)
