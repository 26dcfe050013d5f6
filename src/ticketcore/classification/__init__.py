"""Whether a customer asks for something to be known or for something to be done.

A query is answered at once; a request makes someone go away and do something.  The answer is a logistic regression over
features with names, whose weights were learned once and are frozen in ``weights``.
"""

import math
from enum import StrEnum

import attrs

from ticketcore.classification.features import features_of
from ticketcore.classification.weights import INTERCEPT, WEIGHTS

__all__ = ["Classified", "Cue", "Label", "classify"]


class Label(StrEnum):
    """What a message asks for.  ``QUERY``: to know something.  ``REQUEST``: that something is done."""

    QUERY = "query"
    REQUEST = "request"


@attrs.frozen
class Cue:
    """What spoke for the label, or against it.

    ``name``: of the feature.  ``weight``: by how much it moves the log odds of the label; below 0, it speaks
    against it.  ``words``: the first words of the message that gave it, folded; empty where it is no matter of words.
    """

    name: str
    weight: float
    words: str = ""


@attrs.frozen
class Classified:
    """What a message asks for: its ``label``, the ``probability`` that the label is right, from 0.5 to 1, and the
    ``cues``, those that moved it most first.
    """

    label: Label
    probability: float
    cues: tuple[Cue, ...]


def classify(message: str) -> Classified:
    """Whether a message is a query or a request, from its words.

    Linear in the message, of which the first 4,000 characters are looked at.

    >>> result = classify("Could you tell me what my balance is?")
    >>> result.label.value, result.cues[1].words
    ('query', 'balance')
    """
    found = features_of(message)
    moved = [(WEIGHTS[name] * value, name) for name, value in sorted(found.values.items()) if name in WEIGHTS]
    odds = INTERCEPT + math.fsum(weight for weight, _ in moved)
    sign, label = (1, Label.QUERY) if odds > 0 else (-1, Label.REQUEST)
    cues = [Cue(name, round(sign * weight, 6), found.words.get(name, "")) for weight, name in moved if weight]
    return Classified(label, 1 / (1 + math.exp(-abs(odds))), tuple(sorted(cues, key=lambda cue: -abs(cue.weight))))
