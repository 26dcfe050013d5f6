"""One clock algebra: what a ticket's events, and the passing of time, do to its clock.

A metric is active from its start to its stop, and held from a pause to the next resume, however many pauses there were.
What has elapsed is the time of its calendar over the instants at which it was active and not held: a set of instants,
cut into stretches that never overlap, so nothing is subtracted and nothing counts twice.  Where target or calendar
change, the stretch ends and what it came to is kept.

Before anything else happens at an instant, all that came due before it is found: a deadline that was missed, a step of
the ladder.  So it makes no difference when somebody looked.  A deadline is missed by who has not stopped when it has
passed: to stop exactly at it is in time.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from ticketcore.events import TicketEvent
from ticketcore.model import (
    Actor,
    Clock,
    Configuration,
    Goal,
    Metric,
    OnReopen,
    Priority,
    Reading,
    Signal,
    SlaPolicy,
    Step,
    Ticket,
)
from ticketcore.sla.counting import MICROSECOND, Hours, hours_of, opening
from ticketcore.sla.signals import OVER, STATES, signals
from ticketcore.timekeeping import (
    TIMEKEEPER,
    ClockBreached,
    ClockEvent,
    ClockInherited,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockStopped,
    PolicyApplied,
    StepReached,
    TargetSet,
    evolve_clock,
)

_NONE = SlaPolicy("none", [])
_REOPENED, _SOLVED, _CLOSED = Signal.REOPENED, Signal.SOLVED, Signal.CLOSED
_MERGING = frozenset((Signal.MERGED, Signal.UNMERGED))
_ALWAYS_HEEDED = _MERGING | {_REOPENED, _SOLVED, _CLOSED}


class Timekeeper:
    """Keeps the clock of one ticket, from how it is stored to how it is after what happened; pure, and lives as long.

    ``clock`` is the clock as it is now, None before its first policy, and ``events`` what was found so far.
    ``configuration`` must be the one whose version the clock names.  ``priority`` is the ticket's.
    """

    def __init__(self, id: str, clock: Clock | None, configuration: Configuration, priority: Priority | None) -> None:
        self.id = id
        self.clock = clock
        self.events: list[ClockEvent] = []
        self._priority = priority
        self._follow(configuration, None if clock is None else clock.policy)

    def _follow(self, configuration: Configuration, policy: str | None) -> None:
        self._configuration = configuration
        self._policy = next((one for one in configuration.policies if one.id == policy), _NONE)

    @property
    def measured(self) -> frozenset[str]:
        """The metrics whose past the clock knows."""
        if self.clock is None:
            return frozenset()
        return frozenset(goal.metric for goal in self._policy.goals) | {one.metric for one in self.clock.readings}

    def apply(
        self,
        configuration: Configuration,
        policy: SlaPolicy | None,
        priority: Priority | None,
        at: datetime,
        live: bool,
    ) -> None:
        """Go by the policy from ``at`` on, for a ticket of the priority; what has elapsed and was missed is kept."""
        before, hours = self.clock, [(one, self._hours(one)) for one in self._running()]
        applied = (None if policy is None else policy.id, configuration.version, live)
        self._follow(configuration, applied[0])
        self._priority = priority
        if before is None or (before.policy, before.configuration, before.live) != applied:
            self._add(PolicyApplied(at, TIMEKEEPER, self.id, *applied))
        for reading, counted in hours:
            calendar, target = self._promise(reading.metric)
            same = (reading.calendar, reading.target) == (calendar, target)
            if not same or hours_of(configuration, calendar) != counted:
                self._set(reading, _spent(reading, counted, at), max(at, reading.since or at))

    def inherit(self, source: Clock, was_over: bool, ticket: Ticket, at: datetime, actor: Actor) -> None:
        """Go on from where the clock of another ticket is, for one that is split off from it at ``at``.

        What elapsed and was missed stays; ``was_over`` says that the other was solved, from which it is taken up.
        """
        self._add(ClockInherited(at, TIMEKEEPER, source.id, source.version, source.readings))
        for reading in self._running():
            if (reading.calendar, reading.target) != self._promise(reading.metric):
                self._set(reading, self._spent(reading, at), at)
        found = {STATES[ticket.category], *([Signal.REOPENED] if was_over else [])}
        for id in self._begun():
            metric = self._configuration.metric(id)
            if metric is not None:
                self._turn(metric, found, ticket, at, actor)

    def _running(self) -> tuple[Reading, ...]:
        return () if self.clock is None else tuple([one for one in self.clock.readings if one.active])

    def _set(self, reading: Reading, spent: int, at: datetime) -> None:
        calendar, target = self._promise(reading.metric)
        due = None if reading.since is None else self._due(calendar, target, spent, at)
        self._add(TargetSet(at, TIMEKEEPER, reading.metric, calendar, target, spent, due))

    def advance(self, at: datetime, only: Collection[str] | None = None, told: bool | None = None) -> None:
        """Find all that came due before ``at``, in the order of time; of these metrics ``only``, if they are named.

        ``told`` says whether anybody is told of steps; left out, it is as the clock is live.
        """
        if self.clock is None:
            return
        told = self.clock.live if told is None else told
        found: list[tuple[datetime, int, ClockEvent]] = []
        for reading in self._running():
            if only is not None and reading.metric not in only:
                continue
            if reading.due is not None and reading.breached_at is None and reading.due < at:
                missed = ClockBreached(reading.due, TIMEKEEPER, reading.metric, reading.cycle)
                found.append((reading.due, len(found), missed))
            for step, when in self._steps(reading, at):
                if when < at:
                    reached = StepReached(when, TIMEKEEPER, reading.metric, reading.cycle, step.id, told)
                    found.append((when, len(found), reached))
        for _, _, event in sorted(found, key=lambda item: item[:2]):
            self._add(event)

    def take(
        self, before: Ticket | None, event: TicketEvent, after: Ticket, only: Collection[str] | None = None
    ) -> None:
        """Take in what happened to the ticket; for these metrics ``only``, if they are named."""
        assert self.clock is not None, "a policy, or none, was applied before"
        found = signals(before, event, after, self._policy.responses)
        if not found:
            return
        for id in dict.fromkeys((*[goal.metric for goal in self._policy.goals], *self._begun())):
            metric = self._configuration.metric(id) if only is None or id in only else None
            if metric is not None and not found.isdisjoint(_heeded_by(metric)):
                self._turn(metric, found, after, event.at, event.actor)

    def _begun(self) -> tuple[str, ...]:
        return () if self.clock is None else tuple([reading.metric for reading in self.clock.readings])

    def wake_at(self) -> datetime | None:
        """When something will next have come due: the instant after it; None if nothing will, or nobody is told."""
        if self.clock is None or not self.clock.live:
            return None
        instants = [
            when
            for reading in self._running()
            for when in (
                reading.due if reading.breached_at is None else None,
                *[when for _, when in self._steps(reading)],
            )
            if when is not None
        ]
        return min(instants) + MICROSECOND if instants else None

    def _turn(self, metric: Metric, found: set[Signal], ticket: Ticket, at: datetime, actor: Actor) -> None:
        """What the signals do to one metric: stop before pause, pause before start."""
        assert self.clock is not None
        reading = self.clock.reading(metric.id) or Reading(metric.id)
        at = at if reading.since is None else max(at, reading.since)
        resumes = _REOPENED in found or not found.isdisjoint(metric.resume)
        pauses = _SOLVED in found or not found.isdisjoint(metric.pause)
        if not found.isdisjoint(_MERGING):
            self._hold(metric, reading, found, ticket, at, actor)
        elif _CLOSED in found or not found.isdisjoint(metric.stop):
            if reading.active:
                self._add(ClockStopped(at, actor, metric.id, self._spent(reading, at)))
        elif reading.active and not found.isdisjoint(metric.reset):
            self._start(reading, at, actor, held=pauses or (reading.held and not resumes))
        elif reading.active and pauses:
            if not reading.held:
                self._add(ClockPaused(at, actor, metric.id, self._spent(reading, at)))
        elif reading.active:
            if reading.held and resumes:
                self._resume(reading, at, actor)
        elif _REOPENED in found and reading.cycle and self._on_reopen(metric) is not OnReopen.IGNORE:
            if self._on_reopen(metric) is OnReopen.NEW_CYCLE:
                self._start(reading, at, actor, held=pauses)
            else:
                self._resume(reading, at, actor)
                if pauses:
                    self._add(ClockPaused(at, actor, metric.id, reading.spent))
        elif not found.isdisjoint(metric.start) and self._may_start(metric):
            in_state = STATES[ticket.category]
            self._start(reading, at, actor, held=pauses or in_state in metric.pause or ticket.category in OVER)

    def _hold(
        self, metric: Metric, reading: Reading, found: set[Signal], ticket: Ticket, at: datetime, actor: Actor
    ) -> None:
        """Hold a metric while its ticket is a part of another; then it goes on, unless its state holds it.

        One of the wait for an agent begins where that does, since the agent could not have the ticket back, and ends
        where the ticket waits for none any more.
        """
        of_wait = Signal.WAITING in metric.start and Signal.TAKEN in metric.stop
        if Signal.MERGED in found:
            if reading.active and not reading.held:
                self._add(ClockPaused(at, actor, metric.id, self._spent(reading, at)))
        elif not reading.active:
            if of_wait and ticket.queued_since is not None and self._may_start(metric):
                self._start(reading, at, actor, held=False)
        elif of_wait and ticket.queued_since is None:
            self._add(ClockStopped(at, actor, metric.id, self._spent(reading, at)))
        elif reading.held and ticket.category not in OVER and STATES[ticket.category] not in metric.pause:
            self._resume(reading, at, actor)

    def _on_reopen(self, metric: Metric) -> OnReopen:
        goal = self._policy.goal(metric.id)
        return metric.on_reopen if goal is None or goal.on_reopen is None else goal.on_reopen

    def _may_start(self, metric: Metric) -> bool:
        assert self.clock is not None
        if metric.after is None:
            return True
        earlier = self.clock.reading(metric.after)
        return earlier is not None and earlier.stopped_at is not None

    def _start(self, reading: Reading, at: datetime, actor: Actor, held: bool) -> None:
        calendar, target = self._promise(reading.metric)
        due = None if held else self._due(calendar, target, 0, at)
        self._add(ClockStarted(at, actor, reading.metric, reading.cycle + 1, calendar, target, due, held))

    def _resume(self, reading: Reading, at: datetime, actor: Actor) -> None:
        calendar, target = self._promise(reading.metric)
        if (reading.calendar, reading.target) != (calendar, target):
            self._set(reading, reading.spent, at)
        self._add(ClockResumed(at, actor, reading.metric, self._due(calendar, target, reading.spent, at)))

    def _promise(self, metric: str) -> tuple[str | None, int | None]:
        """Calendar and target of a metric by the policy; none for one that it does not know."""
        goal = self._policy.goal(metric)
        if goal is None:
            return None, None
        span = goal.target(self._priority)
        return goal.calendar, None if span is None else span // MICROSECOND

    def _due(self, calendar: str | None, target: int | None, spent: int, at: datetime) -> datetime | None:
        hours = hours_of(self._configuration, calendar)
        return None if hours is None or target is None else hours.due(at, MICROSECOND * max(0, target - spent))

    def _hours(self, reading: Reading) -> Hours | None:
        return hours_of(self._configuration, reading.calendar)

    def _spent(self, reading: Reading, at: datetime) -> int:
        """What has elapsed in this cycle by ``at``."""
        return _spent(reading, self._hours(reading), at)

    def _steps(self, reading: Reading, before: datetime | None = None) -> Iterator[tuple[Step, datetime]]:
        """The steps that lie ahead while nothing changes, and when each is reached.

        With ``before``, those before that instant, and maybe some later ones.
        """
        goal: Goal | None = self._policy.goal(reading.metric)
        hours = self._hours(reading)
        if goal is None or hours is None or reading.since is None or reading.target is None:
            return
        for step in goal.steps:
            span = reading.target + step.offset // MICROSECOND
            if step.id in reading.taken or (span <= 0 and step.offset < timedelta(0)):
                continue
            left = MICROSECOND * max(0, span - reading.spent)
            if before is not None and before - reading.since <= left:  # Open time does not pass faster than time.
                continue
            when = hours.due(reading.since, left)
            awake = hours_of(self._configuration, step.hours)
            if when is not None and awake is not None:
                when = opening(awake, when)
            if when is not None:
                yield step, when

    def _add(self, event: ClockEvent) -> None:
        self.events.append(event)
        self.clock = evolve_clock(self.clock, event)


def _spent(reading: Reading, hours: Hours | None, at: datetime) -> int:
    """What has elapsed in the cycle by ``at``, counted by these hours."""
    if hours is None or reading.since is None or at <= reading.since:
        return reading.spent
    return reading.spent + hours.elapsed(reading.since, at) // MICROSECOND


def _heeded_by(metric: Metric) -> frozenset[Signal]:
    """The signals that may do something to the metric; most events do nothing to most metrics."""
    return _any_of(metric.start, metric.stop, metric.pause, metric.resume, metric.reset)


@lru_cache(maxsize=1024)
def _any_of(*conditions: tuple[Signal, ...]) -> frozenset[Signal]:
    return _ALWAYS_HEEDED.union(*conditions)
