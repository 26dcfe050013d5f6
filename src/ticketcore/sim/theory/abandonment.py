"""One pool of agents, and customers who leave when they lost patience: M/M/n+G, and Erlang A where it is exponential.

Customers come by chance at a constant rate, handling times are exponential, patience has any law, who waits longest is
next.  Rates are in one unit of time of your choice, and times in the same.  What cannot be used is ``InvalidInput``.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import pairwise
from math import exp, inf, log

import attrs

from ticketcore.checks import check_number, number, whole
from ticketcore.errors import InvalidInput
from ticketcore.sim.theory.erlang import ServiceLevel, check_share, erlang_b
from ticketcore.sim.theory.numerics import first, integral
from ticketcore.sim.theory.patience import Exponential, Patience

_NEGLIGIBLE = 60.0
"""What lies so many powers of e below the highest density is left out."""


@attrs.frozen
class MMnG:
    """Customers leave by a law of ``patience``: ``agents``, an ``arrival_rate`` and a ``service_rate``.

    The density of how long a customer would have to wait who has all patience is exp(arrivals x time spent by the
    patient - agents x service rate x time), which has one peak: everything is an integral of it, scaled by the peak, so
    that nothing overflows at any size.  Baccelli and Hebuterne, "On queues with impatient customers" (1981); Zeltyn
    and Mandelbaum, "Call centers with impatient customers: many-server asymptotics of the M/M/n+G queue" (2005).

    Raises ``InvalidInput``, also if so many have all patience that the queue would grow without bound.
    """

    agents: int = attrs.field(validator=whole(1))
    arrival_rate: float = attrs.field(validator=number(0, above=True))
    service_rate: float = attrs.field(validator=number(0, above=True))
    patience: Patience

    def __attrs_post_init__(self) -> None:
        """The queue has an end."""
        if self.arrival_rate * (1 - self.patience.gone(inf)) >= self._drain:
            raise InvalidInput("MMnG.agents", "must be more than the load of those who never leave")

    @property
    def _drain(self) -> float:
        """The rate at which customers are served while all agents are busy."""
        return self.agents * self.service_rate

    def _height(self, time: float) -> float:
        """The logarithm of the density, not scaled."""
        return self.arrival_rate * self.patience.spent(time) - self._drain * time

    @cached_property
    def _peak(self) -> float:
        """Where the density is highest: when as many have left that the rest can be served."""
        lost = 1 - self._drain / self.arrival_rate
        if lost <= 0:
            return 0.0
        return first(
            lambda time: self.patience.gone(time) >= lost,
            0.0,
            self._beyond(lambda time: self.patience.gone(time) >= lost),
        )

    def _beyond(self, holds: Callable[[float], bool]) -> float:
        """Some time at which this holds, which holds from some time on."""
        time = 1 / self.service_rate
        while not holds(time):
            time *= 2
        return time

    @cached_property
    def _places(self) -> tuple[float, ...]:
        """Between which times the density is smooth and not negligible."""
        peak, top = self._peak, self._height(self._peak)

        def low(time: float) -> bool:
            return self._height(time) < top - _NEGLIGIBLE

        def after(time: float) -> bool:
            return time > peak and low(time)

        end = first(after, peak, self._beyond(after))
        begin = first(lambda time: not low(time), 0.0, peak)
        inner = {time for time in (*self.patience.kinks, peak) if begin < time < end}
        return (begin, *sorted(inner), end)

    @cached_property
    def _scale(self) -> float:
        """The logarithm that is taken from all parts: the larger of the density and of the states without a queue."""
        return max(self._height(self._peak), self._few)

    @cached_property
    def _few(self) -> float:
        """The logarithm of the weight of all states in which somebody is without work."""
        all_but_one = erlang_b(self.agents - 1, self.arrival_rate / self.service_rate)
        return -log(all_but_one) if all_but_one else inf

    def _weigh(self, value: Callable[[float], float], low: float = 0.0, high: float = inf) -> float:
        """The mean of a value of the time that one with all patience would wait, where that is in between."""
        if self._scale == inf:
            return 0.0
        return self._sum(value, low, high) / self._whole

    def _sum(self, value: Callable[[float], float], low: float, high: float) -> float:
        def part(time: float) -> float:
            return value(time) * self.arrival_rate * exp(self._height(time) - self._scale)

        return sum(integral(part, one, other) for one, other in self._pieces(low, high))

    def _pieces(self, low: float, high: float) -> Iterator[tuple[float, float]]:
        for one, other in pairwise(self._places):
            one, other = max(one, low), min(other, high)
            if one < other:
                yield one, other

    @cached_property
    def _whole(self) -> float:
        return self._idle + self._sum(lambda _: 1.0, 0.0, inf)

    @property
    def _idle(self) -> float:
        return exp(self._few - self._scale)

    @property
    def _at_once(self) -> float:
        """The share of customers who find an agent without work."""
        return 1.0 if self._scale == inf else self._idle / self._whole

    @cached_property
    def delayed(self) -> float:
        """The share of customers who find all agents busy."""
        return self._weigh(lambda _: 1.0)

    @cached_property
    def abandonment(self) -> float:
        """See ``QueueFigures``."""
        return self._weigh(self.patience.gone)

    @cached_property
    def mean_wait(self) -> float:
        """See ``QueueFigures``: whoever leaves has waited until then."""
        return self._weigh(self.patience.spent)

    @cached_property
    def mean_wait_of_served(self) -> float:
        """The mean time in the queue of those who were served."""
        return self._weigh(lambda time: time * (1 - self.patience.gone(time))) / (1 - self.abandonment)

    @property
    def mean_wait_of_lost(self) -> float:
        """The mean time in the queue of those who left."""
        served = self.mean_wait_of_served * (1 - self.abandonment)
        return (self.mean_wait - served) / self.abandonment if self.abandonment else 0.0

    @property
    def mean_queue(self) -> float:
        """How many wait on average."""
        return self.arrival_rate * self.mean_wait

    @property
    def utilisation(self) -> float:
        """See ``QueueFigures``."""
        return self.arrival_rate * (1 - self.abandonment) / self._drain

    def exceeds(self, time: float) -> float:
        """See ``QueueFigures``.  Raises ``InvalidInput``."""
        check_number(time, "time", 0)
        return (1 - self.patience.gone(time)) * self._weigh(lambda _: 1.0, low=time)

    def service_level(self, within: float, of: ServiceLevel = ServiceLevel.OF_ALL) -> float:
        """See ``QueueFigures``.  Raises ``InvalidInput``."""
        ended = 1 - self.exceeds(within)
        served = self._at_once + self._weigh(lambda time: 1 - self.patience.gone(time), high=within)
        return of.share(served, max(0.0, ended - served), self.abandonment)

    def wait_quantile(self, share: float) -> float:
        """The time that this share of customers, at least 0 and below 1, is not in the queue for longer than.

        Raises ``InvalidInput``.
        """
        check_share(share, "share")

        def enough(time: float) -> bool:
            return self.exceeds(time) <= 1 - share

        return 0.0 if enough(0.0) else first(enough, 0.0, self._beyond(enough))


def erlang_a(agents: int, arrival_rate: float, service_rate: float, patience_rate: float) -> MMnG:
    """M/M/n+M: each customer leaves at the rate ``patience_rate`` while waiting.  Raises ``InvalidInput``.

    Palm, "Research on telephone traffic carried by full availability groups" (1957); Garnett, Mandelbaum and Reiman,
    "Designing a call center with impatient customers" (2002).

    >>> queue = erlang_a(agents=50, arrival_rate=48, service_rate=1, patience_rate=0.5)
    >>> round(queue.abandonment, 7), round(queue.mean_wait * 60, 4), round(queue.utilisation, 6)
    (0.0309122, 3.7095, 0.930324)
    """
    check_number(patience_rate, "patience_rate", 0, above=True)
    return MMnG(agents, arrival_rate, service_rate, Exponential(1 / patience_rate))
