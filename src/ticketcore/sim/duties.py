"""Shifts in a simulation: who comes on and goes off when, and what becomes of work at the end of a shift."""

from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heapify

from ticketcore.assignment import LAG
from ticketcore.calendar.days import microseconds
from ticketcore.model.shifts import Terms
from ticketcore.sim.drawing import Course
from ticketcore.sim.kernel import Kernel
from ticketcore.sim.scenario import AtShiftEnd

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Duties:
    """The agents of a kernel who have shifts: they come on where the mean of the others' shares is, as at a desk."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        begin = kernel.scenario.begin
        for agent, group in kernel.groups.items():
            if group.shifts:
                terms = Terms(shifts=group.shifts)
                if not terms.on_duty(begin):
                    kernel.engine.went_off(agent, kernel.starts)
                    kernel.tallies[agent].since = None
                self._look_again(agent, terms, begin)

    def _look_again(self, agent: str, terms: Terms, at: datetime) -> None:
        following = terms.next_change(at)
        if following is not None:
            self._kernel.due(microseconds(following), partial(self._change, agent, terms))

    def _change(self, agent: str, terms: Terms, at: int) -> None:
        """The agent comes on or goes off, unless it was only time to look again."""
        kernel, now = self._kernel, _EPOCH + timedelta(microseconds=at)
        self._look_again(agent, terms, now)
        tally, on_duty = kernel.tallies[agent], bool(terms.on_duty(now))
        if on_duty is (tally.since is not None):
            return
        engine = kernel.engine
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
            wrap_up = 0 if course is None else course.wrap_up
            left = round((until - wrap_up - at) * kernel.groups[agent].pace / 100)
            if left > 0:
                course = course or Course(0, (left,))
                course.works, course.begun = (left,), True
                kernel.wait((number, name, kind, came, left, patience, course), at)
        kernel.handling.hand_back(agent, at)
