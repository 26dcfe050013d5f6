"""The events of a ticket's clock, and their fold.

A clock is a stream of its own, named like its ticket.  ``ticketcore.sla`` says when these events happen; like all
events they are lean and typed, and the shape of each is published.  Lengths of time are in microseconds.
"""

from datetime import datetime

import attrs

from ticketcore.model import Actor, Clock, Kind, Reading
from ticketcore.model.event import Event
from ticketcore.model.values import quick, replaced


@quick
@attrs.frozen(weakref_slot=False)
class PolicyApplied(Event):
    """From now on the clock of the ``ticket`` goes by this ``policy``, or by none, of the ``configuration`` version.

    ``live`` is False where history is imported, of which nobody is told.
    """

    STREAM = Kind.CLOCK

    ticket: str
    policy: str | None
    configuration: int
    live: bool


@quick
@attrs.frozen(weakref_slot=False)
class ClockInherited(Event):
    """The clock goes on from where the clock ``of`` another ticket was at that ``version``, with these ``readings``."""

    STREAM = Kind.CLOCK

    of: str
    version: int
    readings: tuple[Reading, ...]


@quick
@attrs.frozen(weakref_slot=False)
class TargetSet(Event):
    """From now on the ``metric`` has another ``target`` or ``calendar``, and is ``due`` then; None for none.

    What was ``spent`` in the cycle until now stays.
    """

    STREAM = Kind.CLOCK

    metric: str
    calendar: str | None
    target: int | None
    spent: int
    due: datetime | None


@quick
@attrs.frozen(weakref_slot=False)
class ClockStarted(Event):
    """A ``cycle`` of the ``metric`` began, with a ``target`` in the time of the ``calendar``, ``due`` then.

    ``held`` says that it began on hold.  None for no target, no calendar, no deadline.
    """

    STREAM = Kind.CLOCK

    metric: str
    cycle: int
    calendar: str | None
    target: int | None
    due: datetime | None
    held: bool = False


@quick
@attrs.frozen(weakref_slot=False)
class ClockPaused(Event):
    """The ``metric`` is on hold, with so much ``spent``."""

    STREAM = Kind.CLOCK

    metric: str
    spent: int


@quick
@attrs.frozen(weakref_slot=False)
class ClockResumed(Event):
    """The ``metric`` goes on after a hold, or after it had stopped, and is ``due`` then."""

    STREAM = Kind.CLOCK

    metric: str
    due: datetime | None


@quick
@attrs.frozen(weakref_slot=False)
class ClockStopped(Event):
    """The ``metric`` came to its end, with so much ``spent`` in its cycle."""

    STREAM = Kind.CLOCK

    metric: str
    spent: int


@quick
@attrs.frozen(weakref_slot=False)
class ClockBreached(Event):
    """The deadline of a ``cycle`` of the ``metric`` was missed; ``at`` is that deadline, whenever it was noticed."""

    STREAM = Kind.CLOCK

    metric: str
    cycle: int


@quick
@attrs.frozen(weakref_slot=False)
class StepReached(Event):
    """The ladder of the ``metric`` came to this ``step`` in its ``cycle``; ``told`` says whether anybody is told."""

    STREAM = Kind.CLOCK

    metric: str
    cycle: int
    step: str
    told: bool


ClockEvent = (
    PolicyApplied
    | ClockInherited
    | TargetSet
    | ClockStarted
    | ClockPaused
    | ClockResumed
    | ClockStopped
    | ClockBreached
    | StepReached
)
"""What can happen to a clock."""


def evolve_clock(clock: Clock | None, event: ClockEvent) -> Clock:
    """The clock after the event.  No rule lives here; every number that a rule found is in the event."""
    if isinstance(event, PolicyApplied):
        if clock is None:
            return Clock(event.ticket, 1, event.policy, event.configuration, event.live)
        applied = {"policy": event.policy, "configuration": event.configuration, "live": event.live}
        return replaced(clock, version=clock.version + 1, **applied)
    assert clock is not None, "a history begins with a policy"
    if isinstance(event, ClockInherited):
        return replaced(clock, version=clock.version + 1, readings=event.readings)
    before = clock.reading(event.metric) or Reading(event.metric)
    after = _reading(before, event)
    others = tuple(after if one is before else one for one in clock.readings)
    readings = others if before in clock.readings else (*clock.readings, after)
    return replaced(clock, version=clock.version + 1, readings=readings)


def _reading(reading: Reading, event: ClockEvent) -> Reading:
    """The reading after an event that is about one metric."""
    at = event.at
    match event:
        case ClockStarted():
            return Reading(
                event.metric,
                event.cycle,
                active=True,
                held=event.held,
                since=None if event.held else at,
                calendar=event.calendar,
                target=event.target,
                due=event.due,
                stopped_at=reading.stopped_at,
            )
        case TargetSet():
            since = None if reading.since is None else at
            return replaced(
                reading,
                since=since,
                spent=event.spent,
                calendar=event.calendar,
                target=event.target,
                due=event.due,
            )
        case ClockPaused():
            return replaced(reading, held=True, since=None, spent=event.spent, due=None)
        case ClockResumed():
            return replaced(reading, active=True, held=False, since=at, due=event.due)
        case ClockStopped():
            return replaced(reading, active=False, held=False, since=None, spent=event.spent, due=None, stopped_at=at)
        case ClockBreached():
            return replaced(reading, breached_at=at)
        case StepReached():
            return replaced(reading, taken=(*reading.taken, event.step))
        case PolicyApplied() | ClockInherited():
            return reading


SLA_TIMER = "sla"
"""The kind of the timer of a clock, and the name of the actor who finds a deadline missed."""

TIMEKEEPER = Actor.timer(SLA_TIMER)
"""Who finds that a deadline was missed or a step reached, and applies another policy."""
