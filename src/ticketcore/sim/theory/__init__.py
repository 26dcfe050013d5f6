"""What a queue does on average, by formulas: to hold simulations to, and to say how many people are needed.

``erlang_b``, ``ErlangC``, ``erlang_a`` and ``MMnG`` are one pool of agents; ``MG1`` and ``priority_waits`` know
handling times of any law and classes that go first; ``fcfs_alis`` knows skills; ``day`` knows rates that change.
``agents_needed``, ``staffing`` and ``square_root`` turn them round.  All of it is exact within its assumptions but
``square_root``, and needs nothing but Python.
"""

from ticketcore.sim.theory.abandonment import MMnG, erlang_a
from ticketcore.sim.theory.erlang import ErlangC, QueueFigures, ServiceLevel, erlang_b
from ticketcore.sim.theory.patience import Exponential, Fixed, Gamma, Lognormal, Mixture, Patience, Recorded, Uniform
from ticketcore.sim.theory.priorities import MG1, Rank, priority_waits
from ticketcore.sim.theory.skills import Pool, Shared, fcfs_alis
from ticketcore.sim.theory.staffing import (
    Answered,
    Busy,
    Lost,
    MeanWait,
    Promise,
    Staffed,
    agents_needed,
    garnett,
    halfin_whitt,
    queue_of,
    square_root,
    staffing,
)
from ticketcore.sim.theory.varying import Passed, Period, day, offered_loads

__all__ = [
    "MG1",
    "Answered",
    "Busy",
    "ErlangC",
    "Exponential",
    "Fixed",
    "Gamma",
    "Lognormal",
    "Lost",
    "MMnG",
    "MeanWait",
    "Mixture",
    "Passed",
    "Patience",
    "Period",
    "Pool",
    "Promise",
    "QueueFigures",
    "Rank",
    "Recorded",
    "ServiceLevel",
    "Shared",
    "Staffed",
    "Uniform",
    "agents_needed",
    "day",
    "erlang_a",
    "erlang_b",
    "fcfs_alis",
    "garnett",
    "halfin_whitt",
    "offered_loads",
    "priority_waits",
    "queue_of",
    "square_root",
    "staffing",
]
