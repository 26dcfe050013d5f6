"""How well queries are told from requests: ``python -m bench.queries [--cross]``.

Prints what the scorer of the data says about the answers of ``ticketcore classify``.  These are the messages that the
weights were learned from; ``--cross``, with the extra ``train``, scores messages that they were not learned from, each
source, domain or intent left out in turn, then how often the probabilities were right, and what each group of features
is worth.
"""

import math
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from bench.labelled import QUERIES, QUERY_SCORER, Row, absent, answered, rows, score
from bench.train_queries import featured, learned

FOLDS: Mapping[str, Callable[[Row], str]] = {
    "source": lambda line: str(line["source"]),
    "domain": lambda line: f"{line['source']} {line['domain']}",
    "intent": lambda line: f"{line['source']} {line['domain']} {line['intent']}",
}
"""What is left out in turn."""

GROUPS: Mapping[str, Callable[[str], bool]] = {
    "order and absence": lambda name: name.startswith(("only ", "first ", "last ", "asks neither")),
    "two cues together": lambda name: " and " in name or name.startswith("acts on ") or name.endswith(" alone"),
    "facts and finds": lambda name: "names a " in name or name.startswith("acts on "),
    "signs without words": lambda name: name in ("length", "digits", "question mark", "starts with a number"),
    "cues by themselves": lambda name: name in _cues(),
}
"""Features that are left out together."""


def _cues() -> Collection[str]:
    from ticketcore.cues.english import ENGLISH

    return ENGLISH.cues


def unseen(
    lines: Sequence[Row],
    values: Sequence[Mapping[str, float]],
    fold: Callable[[Row], str],
    without: Collection[str] = (),
) -> list[float]:
    """The probability of a query for each message, by weights learned from the folds that it is not in."""
    held: defaultdict[str, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        held[fold(line)].append(i)
    chances = [0.0] * len(lines)
    for members in held.values():
        out = set(members)
        kept = [i for i in range(len(lines)) if i not in out]
        intercept, weights = learned([lines[i] for i in kept], [values[i] for i in kept], without)
        for i in members:
            odds = intercept + sum(weights.get(name, 0.0) * value for name, value in values[i].items())
            chances[i] = 1 / (1 + math.exp(-odds))
    return chances


def answers(lines: Sequence[Row], chances: Sequence[float]) -> list[Row]:
    """The label of each message, as the scorer reads it."""
    labels = ("query" if chance > 0.5 else "request" for chance in chances)
    return [{"id": line["id"], "label": label} for line, label in zip(lines, labels, strict=True)]


def reliability(lines: Sequence[Row], chances: Sequence[float]) -> list[str]:
    """A line for each tenth of probability from a half: how many labels had it, what it was, how many were right."""
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for line, chance in zip(lines, chances, strict=True):
        sure = max(chance, 1 - chance)
        bins[min(int(sure * 10), 9)].append((sure, (chance > 0.5) == (line["label"] == "query")))
    found = []
    for tenth, each in sorted(bins.items()):
        said, right = (sum(part) / len(each) for part in zip(*each, strict=True))
        found.append(
            f"  {tenth / 10:.1f} to {tenth / 10 + 0.1:.1f}: {len(each):5d} messages, said {said:.3f}, right {right:.3f}"
        )
    return found


def main() -> int:
    if absent(QUERIES):
        return 0
    lines = rows(QUERIES)
    print("the answers of ticketcore classify")
    print(score(QUERY_SCORER, lines, answered("classify", QUERIES)))
    print("by language: " + ", ".join(sorted({line["lang"] for line in lines})))
    if "--cross" not in sys.argv[1:]:
        return 0
    values = featured(lines)
    for name, fold in FOLDS.items():
        chances = unseen(lines, values, fold)
        print(f"each {name} left out in turn")
        print(score(QUERY_SCORER, lines, answers(lines, chances)))
        if name == "source":
            print("\n".join(("reliability, each source left out", *reliability(lines, chances))))
    names = {name for each in values for name in each}
    for group, belongs in GROUPS.items():
        without = {name for name in names if belongs(name)}
        for name in ("source", "intent"):
            left = answers(lines, unseen(lines, values, FOLDS[name], without))
            print(f"without {group}, each {name} left out: " + score(QUERY_SCORER, lines, left).splitlines()[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
