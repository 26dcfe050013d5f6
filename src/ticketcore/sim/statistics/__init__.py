"""How sure is a figure of a simulation, and which of several is better?

``mean_of``, ``ratio_of`` and ``quantile`` are for replications, ``mser5`` and ``batch_means`` for one long run,
``enough`` says when to stop.  ``differences``, ``contenders``, ``select_best`` and ``pareto`` compare.  Needs nothing
but Python.
"""

from ticketcore.sim.statistics.choosing import (
    Difference,
    Selection,
    contenders,
    differences,
    pareto,
    select_best,
)
from ticketcore.sim.statistics.estimates import Estimate, enough, mean_of, quantile, quantiles, ratio_of, ratio_values
from ticketcore.sim.statistics.steady import Batches, WarmUp, batch_means, mser5
from ticketcore.sim.statistics.student import student_quantile

__all__ = [
    "Batches",
    "Difference",
    "Estimate",
    "Selection",
    "WarmUp",
    "batch_means",
    "contenders",
    "differences",
    "enough",
    "mean_of",
    "mser5",
    "pareto",
    "quantile",
    "quantiles",
    "ratio_of",
    "ratio_values",
    "select_best",
    "student_quantile",
]
