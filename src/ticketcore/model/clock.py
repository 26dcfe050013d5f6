"""The clock of a ticket: how much of each measured time has elapsed, and what is due."""

from datetime import datetime

import attrs

from ticketcore.model.values import quick


@quick
@attrs.frozen
class Reading:
    """One ``metric`` of a clock.

    ``cycle`` counts how often it began.  ``active`` says that it has begun and not stopped, ``held`` that it is paused;
    ``since`` is the instant from which on time is added to ``spent``, None while none is.  ``spent`` is what had
    elapsed by then in this cycle, and ``target`` what it may take, both in microseconds of the ``calendar``'s time;
    None for no target, and for a metric that the policy does not know.  ``due`` is the deadline, None while nothing
    runs towards one.  ``breached_at`` is the deadline that was missed in this cycle, ``taken`` the steps that were
    reached in it. ``stopped_at`` is when it last stopped, in any cycle.
    """

    metric: str
    cycle: int = 0
    active: bool = False
    held: bool = False
    since: datetime | None = None
    spent: int = 0
    calendar: str | None = None
    target: int | None = None
    due: datetime | None = None
    breached_at: datetime | None = None
    taken: tuple[str, ...] = ()
    stopped_at: datetime | None = None


@quick
@attrs.frozen
class Clock:
    """All that is measured of one ticket, whose ``id`` it has; ``version`` counts its events.

    ``policy`` is the one that covers the ticket, None for none, as the ``configuration`` of that version has it.
    ``live`` is False after an import of history, until something happens: nobody is told of steps that were reached
    meanwhile. ``readings`` are those of metrics that have begun, in the order in which they did.
    """

    id: str
    version: int
    policy: str | None
    configuration: int
    live: bool
    readings: tuple[Reading, ...] = ()

    @property
    def earliest(self) -> datetime | None:
        """The first of the deadlines that it runs towards, or has run past; None for none."""
        return min((reading.due for reading in self.readings if reading.due is not None), default=None)

    def reading(self, metric: str) -> Reading | None:
        """That of the metric, if it has ever begun."""
        return next((reading for reading in self.readings if reading.metric == metric), None)
