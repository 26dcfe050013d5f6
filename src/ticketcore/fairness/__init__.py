"""Was it fair?  What everybody was given against what was theirs to expect, in numbers and in words.

``Ledger`` says how to count; ``fairness_table`` gives researchers every figure, and ``why`` tells whoever leads a team
why somebody was given fewer.  All of it is pure, and works on a ``History`` of what was given to whom.
"""

from ticketcore.fairness.causes import Causes, causes, told, why
from ticketcore.fairness.history import Duty, Given, History, given_by
from ticketcore.fairness.ledger import Currency, Day, Decayed, Entitlement, Ledger, Rolling, Share, Window
from ticketcore.fairness.metrics import Burst, Lag, burst, choices, envious, extremes, gini, jain, lag, rates, variation
from ticketcore.fairness.table import FairnessTable, Measures, fairness_table

__all__ = [
    "Burst",
    "Causes",
    "Currency",
    "Day",
    "Decayed",
    "Duty",
    "Entitlement",
    "FairnessTable",
    "Given",
    "History",
    "Lag",
    "Ledger",
    "Measures",
    "Rolling",
    "Share",
    "Window",
    "burst",
    "causes",
    "choices",
    "envious",
    "extremes",
    "fairness_table",
    "gini",
    "given_by",
    "jain",
    "lag",
    "rates",
    "told",
    "variation",
    "why",
]
