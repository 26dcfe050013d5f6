"""All figures of a history at once: a row for each agent, and the measures of the whole, as values and as text."""

import csv
from collections.abc import Iterable

import attrs

from ticketcore.fairness.history import History
from ticketcore.fairness.ledger import HOUR, Ledger, Share
from ticketcore.fairness.metrics import (
    burst,
    choices,
    envious,
    extremes,
    gini,
    groups_of,
    jain,
    lag,
    rates,
    variation,
)
from ticketcore.planning import Taker, offline_optimal, regret

HALF_HOUR = HOUR // 2
"""For how long bursts are looked at, in microseconds."""

MINUTES = 60
"""In an hour."""


@attrs.frozen
class Measures:
    """The whole in numbers, by the ledger unless it says otherwise: so many ``agents`` were given so many ``tickets``.

    ``jain``, ``gini`` and ``variation``, ``least`` and ``most`` over the mean are of the rates.  ``regret`` and
    ``best_jain`` compare tickets over hours and weight with the best in hindsight: by how much more uneven it was, and
    Jain's index of the best.  ``lag``, ``lag_p99``, ``envious`` pairs and ``choices`` are of all that was given;
    ``burst`` is the most in half an hour, ``burst_over_peers`` over that of the others, 0 if there were none.
    """

    agents: int
    tickets: int
    jain: float
    gini: float
    variation: float
    least: float
    most: float
    regret: float
    best_jain: float
    lag: float
    lag_p99: float
    envious: int
    burst: int
    burst_over_peers: float
    choices: float


@attrs.frozen
class FairnessTable:
    """The ``rows``, one for each agent, and the ``measures`` of the whole."""

    rows: tuple[Share, ...]
    measures: Measures

    def csv(self) -> str:
        """The rows as comma-separated values with a heading; numbers to six places."""
        fields = [field.name for field in attrs.fields(Share)]
        return _csv([*fields, "rate"], ([*attrs.astuple(row), row.rate] for row in self.rows))

    def measures_csv(self) -> str:
        """The measures as comma-separated values: a name and a value each."""
        return _csv(["measure", "value"], attrs.asdict(self.measures).items())


def fairness_table(history: History, ledger: Ledger, now: int) -> FairnessTable:
    """All figures of a history, as the ledger counts.  O(given x (agents + log given))."""
    shares = ledger.shares(history, now)
    values = rates(shares)
    least, most = extremes(values)
    behind, largest = lag(history), burst(history, HALF_HOUR)
    regretted, best = _against_hindsight(history)
    measures = Measures(
        agents=len(shares),
        tickets=len(history.counted()),
        jain=jain(values),
        gini=gini(values),
        variation=variation(values),
        least=least,
        most=most,
        regret=regretted,
        best_jain=best,
        lag=behind.most,
        lag_p99=behind.p99,
        envious=envious(history),
        burst=largest.tickets if largest else 0,
        burst_over_peers=largest.tickets / largest.peers if largest and largest.peers else 0.0,
        choices=choices(history.given),
    )
    return FairnessTable(shares, measures)


def takers_of(history: History) -> list[Taker]:
    """Everybody who was there or qualified, with their minutes on duty times their weight, for ``offline_optimal``."""
    lengths: dict[str, int] = {}
    for duty in history.duties:
        lengths[duty.agent] = lengths.get(duty.agent, 0) + duty.end - duty.begin
    known = lengths.keys() | {agent for given in history.given for agent in given.qualified}
    return [
        Taker(agent, max(1, lengths.get(agent, 0) * MINUTES // HOUR * weight // 100))
        for agent, weight in history.weights
        if agent in known
    ]


def _against_hindsight(history: History) -> tuple[float, float]:
    takers = takers_of(history)
    best = offline_optimal(groups_of(history), takers)
    counts: dict[str, int] = {}
    for given in history.counted():
        counts[given.agent] = counts.get(given.agent, 0) + 1
    weights = {taker.agent: taker.weight for taker in takers}
    return regret(counts, best, takers), jain([count / weights[agent] for agent, count in best.counts])


def _csv(heading: list[str], rows: Iterable[Iterable[object]]) -> str:
    written = _Written()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(heading)
    for row in rows:
        lines.writerow([round(value, 6) if isinstance(value, float) else value for value in row])
    return "".join(written)


class _Written(list[str]):
    """What was written, part by part."""

    def write(self, part: str) -> None:
        self.append(part)
