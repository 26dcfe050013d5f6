"""How well turns of topic are told from words alone: ``python -m bench.topics [--cross [FOLD ...]]``.

Prints Pk, WindowDiff and F1 of the turns by the scorer of the data, decided online and in the whole, for streams
without times, roles and channels: as they are, in which matters take turns, with their tickets one after another, and
with these cut short.  The trees were learned from these streams; ``--cross``, with the extra ``train``, scores streams
that they were not learned from, each source or language left out in turn.
"""

import sys
from collections.abc import Callable, Mapping, Sequence

from bench.labelled import STREAM_SCORER, STREAMS, Row, absent, rows, score
from bench.train_segments import usable
from bench.train_topics import Dialogue, dialogues, learned, lines_of, table
from ticketcore.segmenting import topics as module
from ticketcore.segmenting.deciding import Weights

FOLDS: Mapping[str, Callable[[Dialogue], str]] = {
    "source": lambda line: line.source,
    "language": lambda line: line.lang,
}
FIGURES = ("Pk", "WindowDiff", "boundary_F1")


def as_they_are(streams: Sequence[Row], of: Sequence[Dialogue]) -> list[Dialogue]:
    """The streams of these dialogues, in the order in which messages came."""
    ids = {line.id for line in of}
    return [
        Dialogue(line["id"], line["source"], line["lang"], [each["text"] for each in line["messages"]], line["gold"])
        for line in streams
        if line["id"] in ids
    ]


def told(lines: Sequence[Dialogue], weights: Weights | None = None) -> str:
    """The figures of the answers, online and in the whole."""
    gold = [
        {"id": each.id, "source": each.source, "messages": [{}] * len(each.texts), "gold": each.topics}
        for each in lines
    ]
    found = []
    for name, decide in (("online", module.topics), ("whole", module.whole_topics)):
        trees = None if weights is None else weights.pairs if name == "online" else weights.openings
        answers = [
            {"id": each.id, "pred": decide(each.texts) if trees is None else decide(each.texts, trees)}
            for each in lines
        ]
        figures = dict(
            part.split("=") for part in score(STREAM_SCORER, gold, answers, "--roles", "all").split("  ")[1:]
        )
        found.append(f"{name}: " + " ".join(f"{each} {float(figures[each]):.3f}" for each in FIGURES))
    return "  ".join(found)


def main() -> int:
    if absent(STREAMS):
        return 0
    streams = rows(STREAMS)
    joined = dialogues(streams, 0, short=False)
    sets = {
        "taking turns": as_they_are(streams, joined),
        "one after another": joined,
        "cut short": dialogues(streams, 3, short=True),
    }
    for name, lines in sets.items():
        print(f"{name}: {told(lines)}", flush=True)
    if "--cross" not in sys.argv[1:]:
        return 0
    lines = lines_of(streams)
    all_of = table(lines)
    for fold in [each for each in sys.argv[1:] if each in FOLDS] or FOLDS:
        for left in sorted({FOLDS[fold](line) for line in lines}):
            weights = usable(learned(lines, all_of, [FOLDS[fold](line) != left for line in lines]))
            for name, each in sets.items():
                print(
                    f"without {left}, {name}: {told([line for line in each if FOLDS[fold](line) == left], weights)}",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
