"""How many people do I need?  By half hour, for what is promised, by exact formulas or by the rule of the square root.

Times and rates are in one unit of your choice.  What cannot be used is ``InvalidInput``, naming the field.
"""

from collections.abc import Callable, Iterable, Sequence
from math import ceil, erfc, exp, pi, sqrt
from typing import Protocol

import attrs

from ticketcore.checks import check_number, member, number
from ticketcore.errors import InvalidInput
from ticketcore.sim.theory.abandonment import MMnG
from ticketcore.sim.theory.erlang import ErlangC, QueueFigures, ServiceLevel, check_share
from ticketcore.sim.theory.numerics import first
from ticketcore.sim.theory.patience import Patience
from ticketcore.sim.theory.varying import Period, offered_loads


class Promise(Protocol):
    """What is promised; more agents never keep it worse."""

    def kept(self, queue: QueueFigures) -> bool:
        """Whether a queue keeps it."""
        ...


@attrs.frozen
class Answered:
    """A ``share`` of customers is served ``within`` a time, by the definition ``of``.  Raises ``InvalidInput``."""

    share: float = attrs.field(validator=number(0, above=True))
    within: float = attrs.field(validator=number(0))
    of: ServiceLevel = attrs.field(default=ServiceLevel.OF_ALL, validator=member(ServiceLevel))

    def __attrs_post_init__(self) -> None:
        """All cannot be promised."""
        check_share(self.share, "Answered.share")

    def kept(self, queue: QueueFigures) -> bool:
        """See ``Promise``."""
        return queue.service_level(self.within, self.of) >= self.share


@attrs.frozen
class Lost:
    """At most this ``share`` of customers leaves before they are served.  Raises ``InvalidInput``."""

    share: float = attrs.field(validator=number(0, 1, above=True))

    def kept(self, queue: QueueFigures) -> bool:
        """See ``Promise``."""
        return queue.abandonment <= self.share


@attrs.frozen
class MeanWait:
    """Customers wait for this ``time`` on average at most.  Raises ``InvalidInput``."""

    time: float = attrs.field(validator=number(0, above=True))

    def kept(self, queue: QueueFigures) -> bool:
        """See ``Promise``."""
        return queue.mean_wait <= self.time


@attrs.frozen
class Busy:
    """Agents are busy for this ``share`` of their time at most.  Raises ``InvalidInput``."""

    share: float = attrs.field(validator=number(0, 1, above=True))

    def kept(self, queue: QueueFigures) -> bool:
        """See ``Promise``."""
        return queue.utilisation <= self.share


def agents_needed(
    promises: Iterable[Promise], arrival_rate: float, service_rate: float, patience: Patience | None = None
) -> int:
    """The least number of agents who keep all promises; 0 if nobody comes.

    By Erlang C if nobody ever leaves, which is ``patience`` None, and else by M/M/n+G.  O(agents x log agents).

    Raises ``InvalidInput``.

    >>> agents_needed([Answered(0.8, 20 / 3600)], arrival_rate=100, service_rate=20)
    8
    """
    promises = tuple(promises)
    if not promises:
        raise InvalidInput("promises", "must have at least one")
    check_number(arrival_rate, "arrival_rate", 0)
    check_number(service_rate, "service_rate", 0, above=True)
    if arrival_rate == 0:
        return 0

    def kept(agents: int) -> bool:
        if patience is None and agents <= arrival_rate / service_rate:
            return False
        queue = queue_of(agents, arrival_rate, service_rate, patience)
        return all(promise.kept(queue) for promise in promises)

    enough = max(1, ceil(arrival_rate / service_rate))
    while not kept(enough):
        enough *= 2
    return _least(kept, enough)


def _least(kept: Callable[[int], bool], enough: int) -> int:
    few = 0
    while enough - few > 1:
        middle = (few + enough) // 2
        if kept(middle):
            enough = middle
        else:
            few = middle
    return enough


def queue_of(agents: int, arrival_rate: float, service_rate: float, patience: Patience | None = None) -> ErlangC | MMnG:
    """The queue of so many agents, by Erlang C without patience and by M/M/n+G with it.  Raises ``InvalidInput``."""
    if patience is None:
        return ErlangC(agents, arrival_rate, service_rate)
    return MMnG(agents, arrival_rate, service_rate, patience)


@attrs.frozen
class Staffed:
    """What a ``period`` with so many ``arrivals`` needs: ``agents``, and more ``scheduled`` since some are always away.

    ``load`` is how many are busy on average; ``queue`` tells what is to be expected, None if nobody comes.
    """

    period: int
    arrivals: float
    load: float
    agents: int
    scheduled: int
    queue: ErlangC | MMnG | None


def staffing(
    arrivals: Sequence[float],
    promises: Iterable[Promise],
    *,
    length: float,
    mean_service: float,
    patience: Patience | None = None,
    away: float = 0.0,
    carried: bool = True,
) -> tuple[Staffed, ...]:
    """How many people each period of a day needs, from a forecast of how many customers come in it.

    Periods are ``length`` long each, a half hour say, ``away`` is the share of paid time in which people are not there
    for customers.  ``carried`` reckons with those whose handling goes on into the next period, by the load that so many
    would be if agents were without number: what counts is the most within a period.  Without it each period stands for
    itself, as if the day were like that all along, which is too few after the peak and too many before it when handling
    takes long.  Jennings, Mandelbaum, Massey and Whitt, "Server staffing to meet time-varying demand" (1996).

    Raises ``InvalidInput``.

    >>> [each.agents for each in staffing([20, 60, 30], [Answered(0.8, 1 / 3)], length=30, mean_service=5)]
    [6, 14, 14]
    """
    check_number(length, "length", 0, above=True)
    check_number(mean_service, "mean_service", 0, above=True)
    check_share(away, "away")
    promises = tuple(promises)
    for place, count in enumerate(arrivals):
        check_number(count, f"arrivals[{place}]", 0)
    periods = [Period(length, count / length) for count in arrivals]
    highest = [most for _, most in offered_loads(periods, 1 / mean_service)]
    staffed = []
    for place, period in enumerate(periods):
        load = highest[place] if carried else period.arrival_rate * mean_service
        rate = load / mean_service
        agents = agents_needed(promises, rate, 1 / mean_service, patience)
        queue = queue_of(agents, rate, 1 / mean_service, patience) if agents else None
        staffed.append(Staffed(place, arrivals[place], load, agents, ceil(agents / (1 - away) - 1e-9), queue))
    return tuple(staffed)


def square_root(load: float, delayed: float, patience_over_service: float | None = None) -> int:
    """About how many agents so that this share of customers has to wait: the load, and some square roots of it more.

    ``patience_over_service`` is mean patience over mean handling time, both exponential; None if nobody leaves.  Halfin
    and Whitt, "Heavy-traffic limits for queues with many exponential servers" (1981); Garnett, Mandelbaum and Reiman
    (2002).  Near for many agents; ``agents_needed`` is exact.  Raises ``InvalidInput``.

    >>> square_root(100, 0.2), square_root(100, 0.2, patience_over_service=1)
    (111, 109)
    """
    check_number(load, "load", 0, above=True)
    check_number(delayed, "delayed", 0, 1, above=True)
    if delayed == 1:
        raise InvalidInput("delayed", "must be below 1, is 1")
    if patience_over_service is None:
        spare = first(lambda more: halfin_whitt(more) <= delayed, 0.0, 40.0)
    else:
        check_number(patience_over_service, "patience_over_service", 0, above=True)
        ratio = patience_over_service
        spare = first(lambda more: garnett(more, ratio) <= delayed, -40.0, 40.0)
    return max(1, ceil(load + spare * sqrt(load)))


def halfin_whitt(spare: float) -> float:
    """Which share has to wait when so many square roots of the load, at least 0, are added to it and nobody leaves.

    Raises ``InvalidInput``.
    """
    check_number(spare, "spare", 0)
    return _hazard(-spare) / (_hazard(-spare) + spare)


def garnett(spare: float, patience_over_service: float) -> float:
    """Which share has to wait when so many square roots of the load are added to it, and customers leave.

    Raises ``InvalidInput``.
    """
    check_number(spare, "spare", -1000.0)
    check_number(patience_over_service, "patience_over_service", 0, above=True)
    ratio = sqrt(patience_over_service)
    rare = ratio * _hazard(-spare)
    return rare / (rare + _hazard(spare * ratio))


def _hazard(value: float) -> float:
    """The density of the normal law over what lies above."""
    if value > 25:  # where what lies above is too little for a float
        square = value * value
        return value / (1 - 1 / square + 3 / square**2 - 15 / square**3 + 105 / square**4)
    return exp(-value * value / 2) * sqrt(2 / pi) / erfc(value / sqrt(2))
