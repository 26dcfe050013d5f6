"""Learn the trees of ``ticketcore.segmenting`` for the tickets of one contact: ``python -m bench.train_segments``.

From the streams that ``TICKETCORE_DATA`` names, with the extra ``train``.  Writes ``pair_trees.py`` and
``opening_trees.py`` in ``src/ticketcore/segmenting``, the same bytes each time; with ``--check`` it compares instead,
and ends with 1 where they differ.  A file of more lines of the same shape, such as agents' corrections, may be named
with ``--also FILE``.

Each stream is learned from twice: as it stands, and with something taken away that another desk may not have (what
agents wrote, times, channels).  Some tickets that end with a good-bye of both have the customer's last, as people often
do and some sources never.  A source counts as the square root of its streams.  The openings are learned from what trees
for pairs say of streams that they were not learned from.
"""

import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from bench.labelled import STREAMS, Row, absent, rows
from ticketcore.segmenting.deciding import Weights
from ticketcore.segmenting.features import opening
from ticketcore.segmenting.reading import PLACE, heard
from ticketcore.segmenting.recent import Said
from ticketcore.segmenting.stream import AGENT, Stream
from ticketcore.segmenting.trees import Trees

HOME = Path(__file__).parents[1] / "src" / "ticketcore" / "segmenting"
TAKEN_AWAY = ("a", "tc", "a", "c", "atc", "a")
"""What the second copies of streams lack, in turn: a, agents' messages; t, times; c, channels."""
LAST_WORDS = 0.25
"""The share of the tickets with two good-byes at their end in which the customer's is made the last."""

HEAD = '''"""Trees, as ``trees`` reads them.  Written by ``python -m bench.{by}``."""

from ticketcore.segmenting.trees import Trees

{name} = Trees(
    """
{body}
""",
    {start},
)
"""{words}"""
'''


Fitting = Callable[..., Any]
"""Makes a model of values, answers, how much each counts, and a size."""


class Size(NamedTuple):
    """How many ``trees`` there are, of how many ``leaves`` at most, and at which ``rate`` they add.

    ``missed`` is how much an opening counts against another message, ``opened`` how much a pair counts whose message
    opens: little, if what opens is to be told by its own features and not by its likeness to no ticket.
    ``features`` is the share of all that each question is chosen from, at random: a few do not decide alone then.
    """

    trees: int = 100
    leaves: int = 15
    rate: float = 0.1
    missed: float = 1.0
    opened: float = 1.0
    features: float = 1.0


SIZE = Size(opened=0.2, features=0.3)


Opening = Callable[[Sequence[Sequence[float]], Sequence[float]], list[float]]
"""The features of a message that may open, from those of its pairs and their odds."""


class Table(NamedTuple):
    """The pairs of all streams, and the messages that may open, each with its answer and the place of its stream."""

    pairs: list[list[float]]
    belongs: list[bool]
    pair_of: list[int]
    openings: list[tuple[Opening, list[int]]]
    opens: list[bool]
    opening_of: list[int]


def said(message: Row) -> Said:
    """A message of the data."""
    at = message.get("t")
    return Said(
        message["text"],
        None if at is None else datetime.fromisoformat(at).timestamp(),
        message.get("role", "customer"),
        message.get("channel", ""),
        message.get("reply_to"),
        bool(message.get("resolved")),
    )


def lacking(stream: Row, what: str) -> Row:
    """The stream without what is named, as in ``TAKEN_AWAY``."""
    messages = stream["messages"]
    kept = [at for at, each in enumerate(messages) if "a" not in what or each["role"] != AGENT]
    place = {at: new for new, at in enumerate(kept)}
    gone = {"t"} & set(what) | ({"channel"} if "c" in what else set())
    shown = []
    for at in kept:
        message = {name: value for name, value in messages[at].items() if name not in gone}
        if "reply_to" in message:
            answered = place.get(message.pop("reply_to"))
            if answered is not None:
                message["reply_to"] = answered
        shown.append(message)
    return {**stream, "messages": shown, "gold": [stream["gold"][at] for at in kept]}


def parted(stream: Row, chance: random.Random) -> Row:
    """The stream, with the customer's good-bye after the agent's in some tickets that end the other way round."""
    messages: list[Row] = list(stream["messages"])
    tickets: defaultdict[object, list[int]] = defaultdict(list)
    for at, ticket in enumerate(stream["gold"]):
        tickets[ticket].append(at)
    for places in tickets.values():
        if len(places) < 4:
            continue
        before, at, last = places[-3:]
        own, agents = messages[at], messages[last]
        by_both = own["role"] != AGENT and agents["role"] == AGENT
        if not by_both or not (ends(own) and ends(agents)) or chance.random() >= LAST_WORDS:
            continue
        times = ({"t": each["t"]} if "t" in each else {} for each in (own, agents))
        messages[at] = {**agents, **next(times), "reply_to": before}
        messages[last] = {name: value for name, value in own.items() if name != "reply_to"} | next(times)
    return {**stream, "messages": messages}


def ends(message: Row) -> bool:
    """Whether a message says a good-bye."""
    flags = heard(message["text"]).flags
    return any(flags[PLACE[name]] for name in ("closes only", "parts", "wishes well"))


def doubled(streams: Sequence[Row]) -> list[Row]:
    """The streams, and a second copy of each that lacks something."""
    chance = random.Random(1)
    once, again = ([parted(each, chance) for each in streams] for _ in range(2))
    return [*once, *(lacking(each, TAKEN_AWAY[at % len(TAKEN_AWAY)]) for at, each in enumerate(again))]


def table(streams: Sequence[Row]) -> Table:
    """What the streams say, read with the right tickets of all earlier messages."""
    found = Table([], [], [], [], [], [])
    for place, line in enumerate(streams):
        stream, tickets = Stream(), dict[Any, int]()
        for message, gold in zip(line["messages"], line["gold"], strict=True):
            each = said(message)
            told = heard(each.text)
            if stream.tickets and each.role != AGENT:
                recent = stream.recent(each)
                at = range(len(found.pairs), len(found.pairs) + len(recent.matters))
                found.pairs.extend(recent.pairs(each, told))
                found.belongs.extend(matter.label == tickets.get(gold) for matter in recent.matters)
                found.pair_of.extend(place for _ in recent.matters)
                found.openings.append((partial(opening, told, recent.around(each, told)), list(at)))
                found.opens.append(gold not in tickets)
                found.opening_of.append(place)
            tickets[gold] = stream.put(each, told, tickets.get(gold))
    return found


def counts(streams: Sequence[Row]) -> list[float]:
    """How much each stream counts."""
    sources = Counter(line.get("source") for line in streams)
    rough = [sources[line.get("source")] ** -0.5 for line in streams]
    return [each * len(rough) / sum(rough) for each in rough]


class Learned(NamedTuple):
    """The trees for pairs and for openings, as scikit-learn has them."""

    pairs: Any
    openings: Any


def learned(
    streams: Sequence[Row], all_of: Table, used: Sequence[bool], size: Size = SIZE, fitted: Fitting | None = None
) -> Learned:
    """The trees that are learned from the streams that are to be ``used``."""
    import numpy as np

    fitted = fitted or boosted
    pairs, belongs = np.array(all_of.pairs, np.float64), np.array(all_of.belongs)
    stream, weight = np.array(all_of.pair_of), np.array(counts(streams))
    mine = np.array(used)[stream]
    counted = weight[stream]
    for (_, of_message), opens in zip(all_of.openings, all_of.opens, strict=True):
        counted[of_message] *= size.opened if opens else 1.0
    odds = np.zeros(len(pairs))
    for half in range(2):
        inside = mine & (stream % 2 != half)
        model = fitted(pairs[inside], belongs[inside], counted[inside], size)
        outside = mine & (stream % 2 == half)
        odds[outside] = model.decision_function(pairs[outside])
    of_pairs = fitted(pairs[mine], belongs[mine], counted[mine], size)
    places = [at for at, each in enumerate(all_of.opening_of) if used[each]]
    table_of = np.array([_opening(all_of, at, odds) for at in places], np.float64)
    answers = np.array([all_of.opens[at] for at in places])
    worth = weight[[all_of.opening_of[at] for at in places]] * np.where(answers, size.missed, 1.0)
    of_openings = fitted(table_of, answers, worth, size)
    return Learned(of_pairs, of_openings)


def _opening(all_of: Table, at: int, odds: Any) -> list[float]:
    made, pairs = all_of.openings[at]
    return made([all_of.pairs[each] for each in pairs], [float(odds[each]) for each in pairs])


def boosted(values: Any, answers: Any, weight: Any, size: Size = SIZE) -> Any:
    """Boosted trees."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return HistGradientBoostingClassifier(
            max_iter=size.trees,
            max_leaf_nodes=size.leaves,
            learning_rate=size.rate,
            min_samples_leaf=40,
            l2_regularization=1.0,
            max_bins=64,
            max_features=size.features,
            early_stopping=False,
            random_state=0,
        ).fit(values, answers, sample_weight=weight)


def written(model: Any, rate: float) -> tuple[str, float]:
    """The trees, one in a line, and what they add to, rounded to six digits after the point and less."""
    lines = [_line(each[0].nodes, 0, rate) for each in model._predictors]
    return "\n".join(lines), round(float(model._baseline_prediction.ravel()[0]), 6)


def _line(nodes: Any, at: int, rate: float) -> str:
    node = nodes[at]
    if node["is_leaf"]:
        return f"{node['value']:.5f}"
    threshold = f"{node['num_threshold']:.6f}".rstrip("0").rstrip(".")
    value = f"{rate * node['value']:.3f}"
    below, above = _line(nodes, node["left"], rate), _line(nodes, node["right"], rate)
    return f"{node['feature_idx']}:{threshold}:{value} {below} {above}"


def usable(models: Learned, rate: float = SIZE.rate) -> Weights:
    """The trees as they would be packaged."""
    return Weights(*(Trees(*written(model, rate)) for model in models))


def module(model: Any, rate: float, *, name: str, words: str, by: str) -> str:
    """The text of the module that holds the trees."""
    body, start = written(model, rate)
    return HEAD.format(name=name, words=words, by=by, body=body, start=start)


def kept(texts: dict[Path, str], check: bool) -> int:
    """Write the modules, or say whether they are as they would be written."""
    if not check:
        for path, text in texts.items():
            path.write_bytes(text.encode())
        return 0
    differ = [path.name for path, text in texts.items() if path.read_bytes() != text.encode()]
    print(f"differ from what is learned: {', '.join(differ)}" if differ else "the trees are those that are learned")
    return 1 if differ else 0


def modules(models: Learned, size: Size, names: tuple[str, str], words: tuple[str, str], by: str) -> dict[Path, str]:
    """The text of each module that holds trees, by where it is."""
    return {
        HOME / f"{name}.py": module(model, size.rate, name=name.upper(), words=each, by=by)
        for model, name, each in zip(models, names, words, strict=True)
    }


def main() -> int:
    if absent(STREAMS):
        return 0
    streams = rows(STREAMS)
    if "--also" in sys.argv:
        also = Path(sys.argv[sys.argv.index("--also") + 1])
        streams += [json.loads(line) for line in also.read_text(encoding="utf-8").splitlines()]
    streams = doubled(streams)
    models = learned(streams, table(streams), [True] * len(streams))
    words = (
        "The log odds that a message is for a ticket, from the values of ``features.PAIR``.",
        "The log odds that a message opens a ticket, from the values of ``features.OPENING``.",
    )
    return kept(modules(models, SIZE, ("pair_trees", "opening_trees"), words, "train_segments"), "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
