"""How well messages are put into tickets: ``python -m bench.segments [--cross [FOLD ...]] [--without] [--speed]``.

Prints what the scorer of the data says about the answers of ``ticketcore segment``.  These are the streams that the
trees were learned from; ``--cross``, with the extra ``train``, scores streams that they were not learned from, each
source, each language or a third of the streams left out in turn, then how often the probabilities were right;
``--without`` says what each group of features is worth, ``--likeness`` what vectors of parts of words are worth beside
them, with each source left out, and ``--speed`` compares with a linear table of the same
features in numpy.
"""

import math
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import mul
from typing import Any, cast
from zlib import crc32

from bench.labelled import STREAM_SCORER, STREAMS, Row, absent, answered, rows, score
from bench.train_segments import Opening, Size, Table, doubled, learned, said, table, usable
from ticketcore.segmenting import Likeness
from ticketcore.segmenting.deciding import WEIGHTS, Contact, Weights
from ticketcore.segmenting.features import OPENING, PAIR, opening
from ticketcore.segmenting.reading import heard
from ticketcore.segmenting.stream import AGENT, Stream
from ticketcore.segmenting.trees import Trees

PLACES, LIKENED = 256, (0.0, 2.0, 4.0)
"""How many numbers the vectors have that are tried, and the weights that they are given."""
FIGURES = ("exact_F1", "one_to_one", "open_F1", "return_R", "Pk", "perfect_streams")
FOLDS: Mapping[str, Callable[[Row], str]] = {
    "source": lambda line: str(line["source"]),
    "language": lambda line: str(line["lang"]),
    "third": lambda line: str(int(line["id"][-4:]) % 3),
}
"""What is left out in turn."""

_WORDLESS = (
    "gap",
    "rank",
    "by customer",
    "since agent",
    "last by agent",
    "resolved",
    "others",
    "seen",
    "tickets",
    "agents",
)
GROUPS: Mapping[str, Callable[[str], bool]] = {
    "times": lambda name: "gap" in name,
    "words in common": lambda name: "overlap" in name or "shared numbers" in name,
    "reply_to": lambda name: "replies" in name,
    "what the ticket waits for": lambda name: "fits" in name or name.endswith("slots") or "asking" in name,
    "subjects": lambda name: "subject" in name,
    "ways of this contact": lambda name: "usual" in name or name in ("greeted", "ended"),
    "what agents said": lambda name: (
        "agent " in name or "by agent" in name or "offered more" in name or name.endswith("done")
    ),
    "cues of the message": lambda name: name in _cues(),
    "state of the ticket": lambda name: ": " in name or name in PAIR[: len(PAIR) - len(_flags())],
}
"""Features that are left out together."""


def _flags() -> Sequence[str]:
    from ticketcore.segmenting.reading import FLAGS

    return FLAGS


def _cues() -> Collection[str]:
    return set(_flags()) - {"length", "digits", "only a number", "question mark", "time or date", "mail address"}


def decided(
    streams: Iterable[Row], weights: Weights = WEIGHTS, likeness: Likeness | None = None
) -> Iterator[tuple[Row, list[tuple[float, bool]]]]:
    """What the scorer reads for each stream, and how probable each customer's message was, and whether it was right.

    A message is right if it is put where most of the earlier messages of its ticket are, or opens one with it.
    """
    for line in streams:
        contact, pred, sure = Contact(weights=weights, likeness=likeness), list[int](), list[tuple[float, bool]]()
        where: defaultdict[object, dict[int, int]] = defaultdict(dict)
        for message, gold in zip(line["messages"], line["gold"], strict=True):
            each = said(message)
            found = contact.decide(each)
            known = where[gold]
            right = found.opens if not known else found.ticket == max(known, key=known.__getitem__)
            if pred and each.role != AGENT:
                sure.append((found.probability, right))
            known[found.ticket] = known.get(found.ticket, 0) + 1
            pred.append(found.ticket)
        yield {"id": line["id"], "pred": pred}, sure


def half(line: Row) -> str:
    """The half of every third stream that one is in."""
    return str(int(line["id"][-4:]) // 3 % 2)


def hashed(text: str) -> list[float]:
    """A vector of a text by its parts of three characters, each at the place that its checksum names."""
    vector = [0.0] * PLACES
    seen = text.casefold()
    for at in range(len(seen) - 2):
        vector[crc32(seen[at : at + 3].encode()) % PLACES] += 1.0
    return vector


def likened(streams: Sequence[Row], twice: Sequence[Row], all_of: Table) -> str:
    """The figures of every third stream for some weights of the vectors, each source left out in turn."""
    fold = FOLDS["source"]
    found: dict[float, list[Row]] = {weight: [] for weight in LIKENED}
    for name in sorted({fold(line) for line in streams}):
        weights = usable(learned(twice, all_of, [fold(line) != name for line in twice]))
        left = [line for line in streams[::3] if fold(line) == name]
        for weight in LIKENED:
            likeness = Likeness(hashed, PLACES, weight) if weight else None
            found[weight] += [each for each, _ in decided(left, weights, likeness)]
    return "\n".join(f"weight {weight:g}\n{scored(streams[::3], found[weight], by='source')}" for weight in LIKENED)


class Line:
    """Log odds by a linear table, in the place of trees."""

    def __init__(self, table: Sequence[float], start: float) -> None:
        self._table: list[float] = list(table)
        self._start = start

    def odds(self, values: Sequence[float]) -> float:
        return float(sum(map(mul, self._table, values), self._start))


def linear(values: Any, answers: Any, weight: Any, _: Size) -> Any:
    """A logistic regression with the face of boosted trees."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=500))
        return model.fit(values, answers, logisticregression__sample_weight=weight)


def flat(model: Any) -> Line:
    """The table of a logistic regression of scaled values."""
    scaler, regression = model[0], model[-1]
    table = regression.coef_[0] / scaler.scale_
    return Line(table.tolist(), float(regression.intercept_[0] - (table * scaler.mean_).sum()))


def unseen(
    streams: Sequence[Row],
    twice: Sequence[Row],
    all_of: Table,
    fold: Callable[[Row], str],
    fitted: Callable[..., Any] | None = None,
) -> list[tuple[Row, list[tuple[float, bool]]]]:
    """The decisions about each stream by trees learned from the folds that it is not in."""
    found: list[tuple[Row, list[tuple[float, bool]]]] = []
    for name in sorted({fold(line) for line in streams}):
        used = [fold(line) != name for line in twice]
        if fitted is None:
            weights = usable(learned(twice, all_of, used))
        else:
            models = learned(twice, all_of, used, fitted=fitted)
            weights = Weights(*(cast(Trees, flat(model)) for model in models))
        found += decided([line for line in streams if fold(line) == name], weights)
    return found


def reliability(sure: Iterable[tuple[float, bool]]) -> list[str]:
    """A line for each tenth of probability: how many decisions had it, what it was, how many were right."""
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for each in sure:
        bins[min(int(each[0] * 10), 9)].append(each)
    lines = []
    for tenth, members in sorted(bins.items()):
        chance, right = (sum(part) / len(members) for part in zip(*members, strict=True))
        lines.append(
            f"  {tenth / 10:.1f} to {tenth / 10 + 0.1:.1f}: {len(members):5d} messages, "
            f"said {chance:.3f}, right {right:.3f}"
        )
    return lines


def scored(streams: Sequence[Row], answers: Sequence[Row], by: str = "source,lang") -> str:
    """The figures that matter of what the scorer prints, a line for each group."""
    lines = []
    for line in score(STREAM_SCORER, streams, answers, "--by", by).splitlines():
        name, *parts = line.split("  ")
        figures = dict(part.split("=") for part in parts)
        lines.append(f"  {name:18s} " + "  ".join(f"{each} {float(figures[each]):.3f}" for each in FIGURES))
    return "\n".join(lines)


def without(all_of: Table, belongs: Callable[[str], bool]) -> Table:
    """The table with the features of a group made 0."""
    gone = [at for at, name in enumerate(OPENING) if belongs(name)]

    def less(made: Opening, pairs: Sequence[Sequence[float]], odds: Sequence[float]) -> list[float]:
        row = made(pairs, odds)
        for at in gone:
            row[at] = 0.0
        return row

    pairs = [[0.0 if belongs(name) else value for name, value in zip(PAIR, row, strict=True)] for row in all_of.pairs]
    openings: list[tuple[Opening, list[int]]] = [
        (partial(less, made), of_message) for made, of_message in all_of.openings
    ]
    return all_of._replace(pairs=pairs, openings=openings)


def speed(streams: Sequence[Row]) -> str:
    """Messages a second, the trees in pure Python against a linear table of the same features in numpy."""
    import numpy as np

    chance = np.random.default_rng(0)
    pair_table, opening_table = chance.normal(size=len(PAIR)), chance.normal(size=len(OPENING))
    messages = sum(len(line["messages"]) for line in streams)
    lines = [[said(message) for message in line["messages"]] for line in streams]
    seconds = {"trees": math.inf, "linear table in numpy": math.inf}
    for _ in range(3):
        begun = time.perf_counter()
        for line in lines:
            contact = Contact()
            for each in line:
                contact.decide(each)
        middle = time.perf_counter()
        for line in lines:
            stream = Stream()
            for each in line:
                told = heard(each.text)
                if not stream.tickets or each.role == AGENT:
                    replied = stream.replied(each)
                    stream.put(
                        each, told, None if not stream.tickets else stream.latest if replied is None else replied
                    )
                    continue
                recent = stream.recent(each)
                pairs = recent.pairs(each, told)
                odds = np.array(pairs) @ pair_table
                row = np.array(opening(told, recent.around(each, told), pairs, odds.tolist()))
                opens = float(row @ opening_table) > 0 and len(stream.tickets) % 8 == 0
                stream.put(each, told, None if opens else recent.matters[int(odds.argmax())].label)
        ended = time.perf_counter()
        seconds["trees"] = min(seconds["trees"], middle - begun)
        seconds["linear table in numpy"] = min(seconds["linear table in numpy"], ended - middle)
    trees, linear = (messages / each for each in seconds.values())
    return f"trees {trees:,.0f} messages/s, linear table in numpy {linear:,.0f} messages/s, ratio {trees / linear:.2f}"


def main() -> int:
    if absent(STREAMS):
        return 0
    streams = rows(STREAMS)
    print("the answers of ticketcore segment")
    print(scored(streams, answered("segment", STREAMS)), flush=True)
    if "--speed" in sys.argv[1:]:
        print(speed(streams[::4]))
    if not {"--cross", "--without", "--likeness"} & set(sys.argv[1:]):
        return 0
    twice = doubled(streams)
    all_of = table(twice)
    if "--cross" in sys.argv[1:]:
        for name in [each for each in sys.argv[1:] if each in FOLDS] or FOLDS:
            found = unseen(streams, twice, all_of, FOLDS[name])
            print(f"each {name} left out in turn")
            print(scored(streams, [each for each, _ in found]))
            print("\n".join(reliability(each for _, sure in found for each in sure)), flush=True)
    if "--likeness" in sys.argv[1:]:
        print(likened(streams, twice, all_of), flush=True)
    if "--without" in sys.argv[1:]:
        few = streams[::3]
        twice = doubled(few)
        all_of = table(twice)
        for group, belongs in {"nothing": lambda _: False, **GROUPS}.items():
            found = unseen(few, twice, without(all_of, belongs), half)
            print(f"without {group}, every third stream, a half left out")
            print(scored(few, [each for each, _ in found], by=""), flush=True)
        found = unseen(few, twice, all_of, half, linear)
        print("a linear table of all features instead of trees")
        print(scored(few, [each for each, _ in found], by=""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
