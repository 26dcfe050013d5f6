"""Learn the weights of ``ticketcore.classification``: ``python -m bench.train_queries [--check]``.

From the labelled messages that ``TICKETCORE_DATA`` names, with the extra ``train``.  Writes
``src/ticketcore/classification/weights.py``, the same bytes each time; with ``--check`` it compares instead, and ends
with 1 where they differ.

The weights belong to named features, never to words.  Every source of messages counts the same, however many it has;
within a source, an intent counts as the square root of its messages, so that no single one is what is learned.  A
strong penalty (``C``) keeps the weights from leaning on what distinguishes the intents of the training data only.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from bench.labelled import QUERIES, Row, absent, rows
from ticketcore.classification.features import features_of

WEIGHTS = Path(__file__).parents[1] / "src" / "ticketcore" / "classification" / "weights.py"
C = 0.05
"""The inverse of the penalty.  0.02 and 0.1 do as well across sources, 0.5 is worse."""

HEAD = '''"""The weights of the features, in log odds of a query.  Written by ``python -m bench.train_queries``."""

INTERCEPT = {intercept}
"""The log odds of a message without features."""

WEIGHTS = {{
'''
TAIL = '''}
"""How much each feature adds, times its value."""
'''


def featured(lines: Sequence[Row]) -> list[Mapping[str, float]]:
    """The values of the features of each message."""
    return [features_of(line["text"]).values for line in lines]


def counts(lines: Sequence[Row]) -> list[float]:
    """How much each message counts; together they count as many as they are."""
    intents = Counter(_intent(line) for line in lines)
    rough = [intents[_intent(line)] ** -0.5 for line in lines]
    totals: defaultdict[str, float] = defaultdict(float)
    for line, weight in zip(lines, rough, strict=True):
        totals[line["source"]] += weight
    share = len(lines) / len(totals)
    return [weight * share / totals[line["source"]] for line, weight in zip(lines, rough, strict=True)]


def _intent(line: Row) -> tuple[str, str, str]:
    return line["source"], line["domain"], line["intent"]


def learned(
    lines: Sequence[Row], values: Sequence[Mapping[str, float]], without: Collection[str] = ()
) -> tuple[float, dict[str, float]]:
    """The intercept and the weight of each feature, rounded to six digits after the point."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    names = sorted({name for each in values for name in each if name not in without})
    table = [[each.get(name, 0.0) for name in names] for each in values]
    with threadpool_limits(1):
        model = LogisticRegression(C=C, tol=1e-10, max_iter=100_000)
        model.fit(table, [line["label"] == "query" for line in lines], sample_weight=counts(lines))
    return round(float(model.intercept_[0]), 6), {
        name: round(float(weight), 6) for name, weight in zip(names, model.coef_[0], strict=True)
    }


def module(intercept: float, weights: Mapping[str, float]) -> str:
    """The text of the module that holds the weights."""
    body = "".join(f'    "{name}": {weight:.6f},\n' for name, weight in sorted(weights.items()))
    return HEAD.format(intercept=f"{intercept:.6f}") + body + TAIL


def main() -> int:
    if absent(QUERIES):
        return 0
    lines = rows(QUERIES)
    text = module(*learned(lines, featured(lines)))
    if "--check" in sys.argv[1:]:
        same = WEIGHTS.read_bytes() == text.encode()
        print("the weights are those that are learned" if same else "the weights differ from those that are learned")
        return 0 if same else 1
    WEIGHTS.write_bytes(text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
