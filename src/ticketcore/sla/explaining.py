"""Why a clock shows what it shows: which time counted, which was cut, and which promise applied.

Worked out anew from the events of the clock and the configurations that they name; nothing of it is stored.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import attrs

from ticketcore.calendar import BusinessCalendar, Stretch, Why
from ticketcore.events import Event
from ticketcore.model import Configuration
from ticketcore.sla.counting import MICROSECOND, hours_of
from ticketcore.timekeeping import (
    ClockBreached,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockStopped,
    PolicyApplied,
    StepReached,
    TargetSet,
)


@attrs.frozen
class Interval:
    """Time of one cycle from ``start`` up to ``end``, in which one promise held and the metric ran or was ``held``.

    ``policy`` of the ``configuration`` version applied, None for none, with its ``calendar`` and ``target``; None for
    none.  ``stretches`` are all the time of it by what became of it; none of it counted while it was held, or without
    a calendar, and there are none then.
    """

    start: datetime
    end: datetime
    held: bool
    policy: str | None
    configuration: int
    calendar: str | None
    target: timedelta | None
    stretches: tuple[Stretch, ...]

    @property
    def counted(self) -> timedelta:
        """How much of it counted."""
        return sum((one.length for one in self.stretches if one.why is Why.OPEN), timedelta(0))


@attrs.frozen
class Explained:
    """One ``cycle`` of a ``metric``: its ``intervals``, in the order of time, without gap, except while it had stopped.

    ``active`` says that it goes on.  ``due`` is its deadline, None while nothing runs towards one; ``breached_at`` the
    deadline that was missed, and ``steps`` those that were reached.
    """

    metric: str
    cycle: int
    intervals: tuple[Interval, ...]
    active: bool
    due: datetime | None
    breached_at: datetime | None
    steps: tuple[str, ...]

    @property
    def elapsed(self) -> timedelta:
        """What elapsed: the sum of what counted."""
        return sum((one.counted for one in self.intervals), timedelta(0))


@attrs.define
class _Cycle:
    """A cycle while its events are read."""

    metric: str
    cycle: int
    since: datetime
    held: bool
    calendar: str | None
    target: int | None
    due: datetime | None
    active: bool = True
    breached_at: datetime | None = None
    steps: tuple[str, ...] = ()
    intervals: list[Interval] = attrs.field(factory=list)


def explain(
    events: Iterable[Event], configurations: Mapping[int, Configuration], at: datetime
) -> tuple[Explained, ...]:
    """Every cycle of every metric of a clock, as its ``events`` leave it at the instant ``at``, in the order of starts.

    ``configurations`` are those that the events name, by version.  O(events), and what ``BusinessCalendar.explain``
    costs.  The events of an inherited clock are those of the one that it goes on from, and then its own.
    """
    reader = _Reader(configurations)
    for event in events:
        reader.read(event)
    for cycle in reader.going_on():
        reader.cut(cycle, at)
    return tuple(
        Explained(one.metric, one.cycle, tuple(one.intervals), one.active, one.due, one.breached_at, one.steps)
        for one in reader.cycles
    )


class _Reader:
    """What was read of a clock's events so far."""

    def __init__(self, configurations: Mapping[int, Configuration]) -> None:
        self.cycles: list[_Cycle] = []
        self._configurations = configurations
        self._policy: str | None = None
        self._version = 0

    def going_on(self) -> Iterator[_Cycle]:
        return (cycle for cycle in self.cycles if cycle.active)

    def read(self, event: Event) -> None:
        match event:
            case PolicyApplied():
                for cycle in self.going_on():
                    self.cut(cycle, event.at)
                self._policy, self._version = event.policy, event.configuration
            case ClockStarted():
                for cycle in self.going_on():
                    if cycle.metric == event.metric:
                        self.cut(cycle, event.at)
                        cycle.active, cycle.due = False, None
                self.cycles.append(
                    _Cycle(
                        event.metric,
                        event.cycle,
                        event.at,
                        event.held,
                        event.calendar,
                        event.target,
                        event.due,
                    )
                )
            case TargetSet():
                cycle = self._last(event.metric)
                self.cut(cycle, event.at)
                cycle.calendar, cycle.target, cycle.due = event.calendar, event.target, event.due
            case ClockPaused() | ClockStopped():
                cycle = self._last(event.metric)
                self.cut(cycle, event.at)
                cycle.held, cycle.active, cycle.due = True, isinstance(event, ClockPaused), None
            case ClockResumed():
                cycle = self._last(event.metric)
                self.cut(cycle, event.at)
                cycle.held, cycle.active, cycle.due = False, True, event.due
            case ClockBreached():
                self._last(event.metric).breached_at = event.at
            case StepReached():
                cycle = self._last(event.metric)
                cycle.steps = (*cycle.steps, event.step)

    def cut(self, cycle: _Cycle, at: datetime) -> None:
        """End an interval, if it has any length; what stopped has none until it goes on."""
        if cycle.active and at > cycle.since:
            stretches = () if cycle.held else self._stretches(cycle, at)
            target = None if cycle.target is None else cycle.target * MICROSECOND
            promise = (self._policy, self._version, cycle.calendar, target)
            cycle.intervals.append(Interval(cycle.since, at, cycle.held, *promise, stretches))
        cycle.since = at if not cycle.active else max(cycle.since, at)

    def _last(self, metric: str) -> _Cycle:
        return next(cycle for cycle in reversed(self.cycles) if cycle.metric == metric)

    def _stretches(self, cycle: _Cycle, at: datetime) -> tuple[Stretch, ...]:
        if cycle.calendar is None:
            return ()
        hours = hours_of(self._configurations[self._version], cycle.calendar)
        if isinstance(hours, BusinessCalendar):
            return hours.explain(cycle.since, at).stretches
        return (Stretch(cycle.since, at, Why.OPEN),)
