"""Many tickets at once: planned together, or looked at afterwards, as evenly as can be.

``balanced_by_count`` is exact, for tickets that count the same; ``balanced_by_work`` is near, for tickets that take
their own time; ``cheapest`` goes by prices.  ``offline_optimal`` is the most even day in hindsight.  All of it is pure,
and knows agents and tickets by their ids only.
"""

from ticketcore.planning.batches import Batch, Taker, balanced_by_count, cheapest, unevenness
from ticketcore.planning.flow import by_flow
from ticketcore.planning.hindsight import Hindsight, offline_optimal, regret
from ticketcore.planning.paths import by_paths
from ticketcore.planning.work import Task, WorkBatch, balanced_by_work

__all__ = [
    "Batch",
    "Hindsight",
    "Taker",
    "Task",
    "WorkBatch",
    "balanced_by_count",
    "balanced_by_work",
    "by_flow",
    "by_paths",
    "cheapest",
    "offline_optimal",
    "regret",
    "unevenness",
]
