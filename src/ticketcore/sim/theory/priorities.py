"""Handling times of any law, and classes of which one goes before the other.

Customers come by chance at constant rates and never leave.  Rates are in one unit of time of your choice, and times in
the same.  What cannot be used is ``InvalidInput``, naming the field.
"""

from collections.abc import Iterable
from itertools import accumulate, pairwise

import attrs

from ticketcore.checks import check_whole, number
from ticketcore.errors import InvalidInput
from ticketcore.sim.theory.erlang import ErlangC


@attrs.frozen
class MG1:
    """One agent, and handling times of any law: an ``arrival_rate``, the ``mean_service`` and its ``variation``.

    ``variation`` is the standard deviation of handling times over their mean: 0 if all are the same, 1 if exponential.
    The formula of Pollaczek (1930) and Khinchine (1932).  Raises ``InvalidInput`` if the agent has too much to do.

    >>> MG1(arrival_rate=0.5, mean_service=1, variation=0).mean_wait, MG1(0.5, 1, 1).mean_wait
    (0.5, 1.0)
    """

    arrival_rate: float = attrs.field(validator=number(0))
    mean_service: float = attrs.field(validator=number(0, above=True))
    variation: float = attrs.field(default=1.0, validator=number(0))

    def __attrs_post_init__(self) -> None:
        """The queue has an end."""
        if self.utilisation >= 1:
            raise InvalidInput("MG1.arrival_rate", f"times mean_service must be below 1, is {self.utilisation:g}")

    @property
    def utilisation(self) -> float:
        """The share of their time for which the agent is busy."""
        return self.arrival_rate * self.mean_service

    @property
    def mean_wait(self) -> float:
        """The mean time in the queue."""
        return _residual(self.arrival_rate, self.mean_service, self.variation) / (1 - self.utilisation)

    @property
    def mean_queue(self) -> float:
        """How many wait on average."""
        return self.arrival_rate * self.mean_wait


@attrs.frozen
class Rank:
    """A class of customers: ``arrival_rate``, ``mean_service`` and ``variation`` as of ``MG1``.

    Raises ``InvalidInput``.
    """

    arrival_rate: float = attrs.field(validator=number(0))
    mean_service: float = attrs.field(validator=number(0, above=True))
    variation: float = attrs.field(default=1.0, validator=number(0))


def priority_waits(ranks: Iterable[Rank], agents: int = 1) -> tuple[float, ...]:
    """The mean time in the queue of each class, where who stands earlier in ``ranks`` goes before who stands later.

    Nobody is interrupted; within a class who waits longest is next.  Cobham, "Priority assignment in waiting line
    problems" (1954).  Several agents need exponential handling times with the same mean in all classes.

    Raises ``InvalidInput`` for anything else, and if there is more to do than can be done.

    >>> priority_waits([Rank(0.25, 1), Rank(0.25, 1)])
    (0.6666666666666666, 1.3333333333333333)
    """
    ranks = tuple(ranks)
    check_whole(agents, "agents", 1)
    if not ranks:
        raise InvalidInput("ranks", "must have at least one")
    if agents > 1 and any(rank.variation != 1 or rank.mean_service != ranks[0].mean_service for rank in ranks):
        raise InvalidInput(
            "ranks", "must have exponential handling times with the same mean if there are several agents"
        )
    loads = [rank.arrival_rate * rank.mean_service / agents for rank in ranks]
    before = list(accumulate(loads, initial=0.0))
    if before[-1] >= 1:
        raise InvalidInput("ranks", f"are {before[-1] * agents:g} agents' work, must be below {agents}")
    if agents == 1:
        begun = sum(_residual(rank.arrival_rate, rank.mean_service, rank.variation) for rank in ranks)
    else:
        mean = ranks[0].mean_service
        begun = ErlangC(agents, sum(rank.arrival_rate for rank in ranks), 1 / mean).delayed * mean / agents
    return tuple(begun / ((1 - more) * (1 - less)) for more, less in pairwise(before))


def _residual(arrival_rate: float, mean: float, variation: float) -> float:
    """How much is left on average of what is being done when somebody comes."""
    return arrival_rate * mean**2 * (1 + variation**2) / 2
