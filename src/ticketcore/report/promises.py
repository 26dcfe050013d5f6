"""What was promised, and what came of it: the events of clocks, added up by metric."""

from collections import Counter

import attrs

from ticketcore.events import Event
from ticketcore.report.figures import TOP, Promise
from ticketcore.timekeeping import ClockBreached, ClockInherited, ClockResumed, ClockStarted, ClockStopped, TargetSet


@attrs.define
class _Cycle:
    """One cycle of one metric of one ticket, as far as it has come; ``counts`` once it has had a target."""

    counts: bool = False
    active: bool = True
    missed: bool = False


class Promises:
    """Adds up the events of clocks, in their order.

    A promise is a cycle of a metric that has a target at some time.  It is missed when its deadline was, kept when it
    stopped before, and runs else, on hold or not.  One that was inherited is that of the ticket that it came from.
    """

    def __init__(self) -> None:
        self._now: dict[tuple[str, str], _Cycle] = {}
        self._kept: Counter[str] = Counter()
        self._missed: Counter[str] = Counter()

    def add(self, id: str, event: Event) -> None:
        """Take in the next event, of the clock of the ticket ``id``."""
        match event:
            case ClockStarted(metric=metric, target=target):
                self._leave(id, metric)
                self._now[id, metric] = _Cycle(target is not None)
            case TargetSet(metric=metric, target=target):
                cycle = self._cycle(id, metric)
                cycle.counts = cycle.counts or target is not None
            case ClockBreached(metric=metric):
                self._cycle(id, metric).missed = True
            case ClockStopped(metric=metric):
                self._cycle(id, metric).active = False
            case ClockResumed(metric=metric):
                self._cycle(id, metric).active = True
            case ClockInherited(readings=readings):
                for reading in readings:
                    self._now[id, reading.metric] = _Cycle(
                        active=reading.active, missed=reading.breached_at is not None
                    )

    def figures(self) -> tuple[Promise, ...]:
        """The metrics of which most was promised, those first of which most was missed."""
        kept, missed, running = self._kept.copy(), self._missed.copy(), Counter[str]()
        for (_, metric), cycle in self._now.items():
            if cycle.counts:
                (missed if cycle.missed else running if cycle.active else kept)[metric] += 1
        made = [
            Promise(metric, kept[metric], missed[metric], running[metric])
            for metric in sorted({*kept, *missed, *running})
        ]
        most = sorted(made, key=lambda one: -one.made)[:TOP]
        return tuple(sorted(most, key=lambda one: (-one.missed, one.metric)))

    def _cycle(self, id: str, metric: str) -> _Cycle:
        return self._now.setdefault((id, metric), _Cycle())

    def _leave(self, id: str, metric: str) -> None:
        """A cycle that another one follows: what was neither missed nor running has been kept."""
        before = self._now.get((id, metric))
        if before is not None and before.counts:
            (self._missed if before.missed else self._kept)[metric] += 1
