"""Agents who can do different things: the longest waiting customer first, the longest idle agent first, exactly.

Customers of several classes come by chance at constant rates and never leave; handling times are exponential and depend
on the agent only.  Then the law of who is busy and who waits is a product, whatever the skills.  Adan and Weiss, "A
skill based parallel service system under FCFS-ALIS: steady state, overloads, and abandonments" (2014).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import comb, exp, inf, log, prod

import attrs

from ticketcore.checks import as_distinct, check_number, names, number, whole
from ticketcore.errors import InvalidInput, NotFound

MAX_STATES = 1_000_000
"""Largest product of (agents + 1) over all pools; a state takes about 10 microseconds and 300 bytes a pool."""

Counts = tuple[int, ...]
"""How many agents of each pool are busy."""


@attrs.frozen
class Pool:
    """So many ``agents`` who can serve the classes ``skills``, each at a ``service_rate``.  Raises ``InvalidInput``."""

    skills: tuple[str, ...] = attrs.field(converter=as_distinct, validator=names)
    service_rate: float = attrs.field(validator=number(0, above=True))
    agents: int = attrs.field(default=1, validator=whole(1))


@attrs.frozen
class Shared:
    """What is to be expected, by class and by pool.

    ``delayed`` is the share of customers of a class who have to wait, ``mean_queue`` how many of them wait on average,
    ``mean_wait`` their mean time in the queue, those who need not wait included.  ``utilisation`` has an entry for each
    pool in its order; ``busy`` has the chance of each number of busy agents by pool.
    """

    delayed: Mapping[str, float]
    mean_queue: Mapping[str, float]
    mean_wait: Mapping[str, float]
    utilisation: tuple[float, ...]
    busy: Mapping[Counts, float] = attrs.field(repr=False)


def fcfs_alis(arrival_rates: Mapping[str, float], pools: Iterable[Pool]) -> Shared:
    """The exact figures of pools that share customers, by class.

    O(states x (pools + classes)), where states are the product of (agents + 1) over all pools.

    Raises ``NotFound`` for a skill of no class, ``InvalidInput`` for anything else that cannot be: a class that nobody
    serves, more than ``MAX_STATES``, a queue that grows without bound, which names its classes.

    >>> shared = fcfs_alis({"mail": 0.5, "chat": 0.8}, [Pool(["mail", "chat"], 1), Pool(["chat"], 1)])
    >>> [round(wait, 3) for wait in shared.mean_wait.values()], [round(part, 3) for part in shared.utilisation]
    ([1.849, 0.672], [0.745, 0.555])
    """
    pools = tuple(pools)
    for name, rate in arrival_rates.items():
        check_number(rate, f"arrival_rates[{name!r}]", 0)
        if not any(name in pool.skills for pool in pools):
            raise InvalidInput(f"arrival_rates[{name!r}]", "nobody has the skill")
    for place, pool in enumerate(pools):
        for skill in pool.skills:
            if skill not in arrival_rates:
                raise NotFound("class", skill)
        if not sum(arrival_rates[skill] for skill in pool.skills):
            raise InvalidInput(f"pools[{place}].skills", "has no class of which anybody comes")
    if not pools or prod(pool.agents + 1 for pool in pools) > MAX_STATES:
        raise InvalidInput("pools", f"must have 1 to {MAX_STATES:,} states")
    return _Product(arrival_rates, pools).shared()


class _Product:
    """The sums over all orders in which agents can be busy or idle, as logarithms: they are too large for floats."""

    def __init__(self, rates: Mapping[str, float], pools: Sequence[Pool]) -> None:
        self._rates, self._pools = rates, pools
        self._full = tuple(pool.agents for pool in pools)
        self._servers = {name: [g for g, pool in enumerate(pools) if name in pool.skills] for name in rates}
        self._states = sorted(product(*(range(agents + 1) for agents in self._full)), key=sum)
        self._spare = {state: self._spare_of(state) for state in self._states}
        busy, idle, ended = self._orders()
        ways = {state: sum(log(comb(n, k)) for n, k in zip(self._full, state, strict=True)) for state in self._states}
        exact = {state: ways[state] + busy[state] + idle[self._rest(state)] for state in self._states}
        whole = _log_sum(exact.values())
        self._chances = {state: exp(value - whole) for state, value in exact.items()}
        self._begun = {state: exp(ways[state] + busy[state] + ended[state] - whole) for state in self._states}

    def _rest(self, state: Counts) -> Counts:
        return tuple(n - k for n, k in zip(self._full, state, strict=True))

    def _waits(self, name: str, state: Counts) -> bool:
        """Whether all who can serve a class are busy."""
        return all(state[g] == self._full[g] for g in self._servers[name])

    def _spare_of(self, state: Counts) -> float:
        """By how much the busy ones are faster than what only they can serve comes."""
        if not any(state):
            return 1.0
        only = [name for name in self._rates if self._rates[name] and self._waits(name, state)]
        fast = sum(k * pool.service_rate for k, pool in zip(state, self._pools, strict=True))
        spare = fast - sum(self._rates[name] for name in only)
        if spare <= 0:
            raise InvalidInput("arrival_rates", f"of {', '.join(only)} must be below {fast:g}, what can be served")
        return spare

    def _orders(self) -> tuple[dict[Counts, float], dict[Counts, float], dict[Counts, float]]:
        """For given agents: all orders of them busy, of them idle, and of all others when these are busy before."""
        busy: dict[Counts, float] = {}
        idle: dict[Counts, float] = {}
        ended: dict[Counts, float] = {}
        for state in self._states:
            known = sum(self._rates[name] for name, able in self._servers.items() if any(state[g] for g in able))
            fewer = [(log(state[g]), other) for g, other in self._beside(state, -1)]
            busy[state] = (
                _log_sum(way + busy[other] for way, other in fewer) - log(self._spare[state]) if fewer else 0.0
            )
            idle[state] = _log_sum(way + idle[other] for way, other in fewer) - log(known) if fewer else 0.0
        for state in reversed(self._states):
            rest = self._rest(state)
            more = [log(rest[g] / self._spare[other]) + ended[other] for g, other in self._beside(state, 1)]
            ended[state] = _log_sum([idle[rest], *more])
        return busy, idle, ended

    def _beside(self, state: Counts, step: int) -> Iterator[tuple[int, Counts]]:
        """With one more or less of each pool, where there is one."""
        for g, (k, n) in enumerate(zip(state, self._full, strict=True)):
            if 0 <= k + step <= n:
                yield g, (*state[:g], k + step, *state[g + 1 :])

    def shared(self) -> Shared:
        """All figures."""
        delayed = dict.fromkeys(self._rates, 0.0)
        longer = dict.fromkeys(self._rates, 0.0)
        for state in self._states:
            for name in self._rates:
                if self._waits(name, state):
                    delayed[name] += self._chances[state]
                    longer[name] += self._begun[state] / self._spare[state]
        utilisation = tuple(
            sum(chance * state[g] for state, chance in self._chances.items()) / n for g, n in enumerate(self._full)
        )
        queues = {name: longer[name] * rate for name, rate in self._rates.items()}
        return Shared(delayed, queues, longer, utilisation, self._chances)


def _log_sum(values: Iterable[float]) -> float:
    """The logarithm of a sum of what is given by logarithms."""
    values = tuple(values)
    top = max(values, default=-inf)
    return top + log(sum(exp(value - top) for value in values))
