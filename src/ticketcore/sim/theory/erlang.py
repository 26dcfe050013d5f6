"""One pool of agents who all can do everything, and customers who never leave: Erlang B and Erlang C.

Customers come by chance at a constant rate, handling times are exponential, who waits longest is next.  Rates are in
one unit of time of your choice, and times in the same.  What cannot be used is ``InvalidInput``, naming the field.
"""

from enum import StrEnum
from math import exp, log
from typing import Protocol

import attrs

from ticketcore.checks import check_number, check_whole, number, whole
from ticketcore.errors import InvalidInput


class ServiceLevel(StrEnum):
    """What a service level is a share of, where T is how long a customer waits who was served in time.

    ``OF_ALL``: served within T, of all customers.  ``OF_SERVED``: served within T, of those served.  ``OF_PATIENT``:
    served within T, of all but those who left within T.  ``ENDED``: served or left within T, of all.
    """

    OF_ALL = "served in time, of all"
    OF_SERVED = "served in time, of those served"
    OF_PATIENT = "served in time, of all but those who left in time"
    ENDED = "served or left in time, of all"

    def share(self, served_in_time: float, left_in_time: float, left: float, all: float = 1.0) -> float:
        """The share by this definition, of numbers of customers or of shares; 1 if there was nobody to serve."""
        good, counted = self.counts(served_in_time, left_in_time, left, all)
        return good / counted if counted > 0 else 1.0

    def counts(self, served_in_time: float, left_in_time: float, left: float, all: float) -> tuple[float, float]:
        """The customers for whom it was kept by this definition, and those of whom they are a share."""
        good = served_in_time + left_in_time if self is ServiceLevel.ENDED else served_in_time
        counted = all
        if self is ServiceLevel.OF_SERVED:
            counted = all - left
        elif self is ServiceLevel.OF_PATIENT:
            counted = all - left_in_time
        return good, counted


class QueueFigures(Protocol):
    """What any of the queues here can say."""

    @property
    def utilisation(self) -> float:
        """The share of their time for which agents are busy."""
        ...

    @property
    def abandonment(self) -> float:
        """The share of customers who leave before they are served."""
        ...

    @property
    def mean_wait(self) -> float:
        """The mean time in the queue, of all customers."""
        ...

    def exceeds(self, time: float) -> float:
        """The share of customers who are in the queue for longer than this."""
        ...

    def service_level(self, within: float, of: ServiceLevel = ServiceLevel.OF_ALL) -> float:
        """The share of customers who were served within this time."""
        ...


def erlang_b(agents: int, load: float) -> float:
    """The share of calls that find all agents busy, and are lost: O(agents).

    ``load`` is the rate of arrivals times the mean handling time.  By the usual recursion over the number of agents,
    which adds only what is positive.  Erlang, "Solution of some problems in the theory of probabilities of significance
    in automatic telephone exchanges" (1917).  Raises ``InvalidInput``.

    >>> round(erlang_b(10, 5), 7)
    0.0183846
    """
    check_whole(agents, "agents", 0)
    check_number(load, "load", 0)
    blocked = 1.0
    for number_of in range(1, agents + 1):
        blocked = load * blocked / (number_of + load * blocked)
    return blocked


@attrs.frozen
class ErlangC:
    """Everybody waits until they are served: M/M/n, with ``agents``, an ``arrival_rate`` and a ``service_rate``.

    ``load`` is the number of agents who are busy on average.  Raises ``InvalidInput`` if it is not below ``agents``:
    the queue would grow without bound.  Erlang (1917), as ``erlang_b``.

    >>> queue = ErlangC(agents=55, arrival_rate=12, service_rate=1 / 4)
    >>> round(queue.delayed, 4), round(queue.mean_wait * 60, 2), round(queue.service_level(15 / 60), 4)
    (0.2387, 8.18, 0.8459)
    """

    agents: int = attrs.field(validator=whole(1))
    arrival_rate: float = attrs.field(validator=number(0))
    service_rate: float = attrs.field(validator=number(0, above=True))
    _delayed: float = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """There are agents enough."""
        if self.load >= self.agents:
            raise InvalidInput("ErlangC.agents", f"must be more than the load of {self.load:g}, is {self.agents}")
        lost = erlang_b(self.agents, self.load)
        object.__setattr__(self, "_delayed", lost / (1 - self.utilisation * (1 - lost)))

    @property
    def load(self) -> float:
        """How many agents are busy on average."""
        return self.arrival_rate / self.service_rate

    @property
    def utilisation(self) -> float:
        """See ``QueueFigures``."""
        return self.load / self.agents

    @property
    def delayed(self) -> float:
        """The share of customers who have to wait."""
        return self._delayed

    @property
    def abandonment(self) -> float:
        """See ``QueueFigures``: nobody leaves."""
        return 0.0

    @property
    def mean_wait(self) -> float:
        """See ``QueueFigures``."""
        return self._delayed / self._drain

    @property
    def mean_queue(self) -> float:
        """How many wait on average."""
        return self.arrival_rate * self.mean_wait

    @property
    def _drain(self) -> float:
        """By what rate the queue gets shorter while all are busy."""
        return self.agents * self.service_rate - self.arrival_rate

    def exceeds(self, time: float) -> float:
        """See ``QueueFigures``.  Raises ``InvalidInput``."""
        check_number(time, "time", 0)
        return self._delayed * exp(-self._drain * time)

    def service_level(self, within: float, of: ServiceLevel = ServiceLevel.OF_ALL) -> float:
        """See ``QueueFigures``; since nobody leaves, all definitions say the same.  Raises ``InvalidInput``."""
        return of.share(1 - self.exceeds(within), 0.0, 0.0)

    def wait_quantile(self, share: float) -> float:
        """The time that this share of customers, at least 0 and below 1, does not wait longer than.

        Raises ``InvalidInput``.
        """
        check_share(share, "share")
        return max(0.0, log(self._delayed / (1 - share)) / self._drain) if self._delayed else 0.0


def check_share(value: float, field: str) -> None:
    """Refuse what is not at least 0 and below 1, with ``InvalidInput``."""
    check_number(value, field, 0)
    if value >= 1:
        raise InvalidInput(field, f"must be below 1, is {value:g}")
