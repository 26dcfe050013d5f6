"""Learn the trees of ``ticketcore.segmenting`` for turns of topic: ``python -m bench.train_topics [--check]``.

From the streams that ``TICKETCORE_DATA`` names, with the extra ``train``.  Writes ``topic_trees.py`` and
``whole_topic_trees.py`` in ``src/ticketcore/segmenting``, the same bytes each time; with ``--check`` it compares
instead, and ends with 1 where they differ.

Times, roles and channels are taken away, the tickets of a stream stand one after another, and most of them are cut
short, as a published dialogue that was joined from others is.  Streams without an agent are left out.  A source counts
as the square root of its streams.
"""

import random
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from bench.labelled import STREAMS, Row, absent, rows
from bench.train_segments import Learned, Size, boosted, kept, modules
from ticketcore.segmenting.reading import heard
from ticketcore.segmenting.stream import AGENT
from ticketcore.segmenting.topics import Topics, rarities, rarity, whole_values

SIZE = Size(trees=100, leaves=8)
LENGTHS = (2, 3, 4, 4, 5, 6, 6, 7, 8, 10)
"""So many messages are left of a ticket that is cut short."""


class Dialogue(NamedTuple):
    """Texts, the topic of each, and where they are from."""

    id: str
    source: str
    lang: str
    texts: list[str]
    topics: list[int]


def dialogues(streams: Sequence[Row], seed: int, *, short: bool) -> list[Dialogue]:
    """The tickets of each stream one after another, each cut short by chance or as it is."""
    chance = random.Random(seed)
    found = []
    for line in streams:
        if all(message["role"] != AGENT for message in line["messages"]):
            continue
        tickets: dict[Any, list[str]] = {}
        for message, gold in zip(line["messages"], line["gold"], strict=True):
            tickets.setdefault(gold, []).append(message["text"])
        cut = [texts[: chance.choice(LENGTHS)] if short else texts for texts in tickets.values()]
        texts = [text for each in cut for text in each]
        topics = [at for at, each in enumerate(cut) for _ in each]
        found.append(Dialogue(line["id"], line["source"], line["lang"], texts, topics))
    return found


class Table(NamedTuple):
    """The features of each message but the first of each dialogue, the answers, and the place of its dialogue."""

    online: list[list[float]]
    whole: list[list[float]]
    turns: list[bool]
    dialogue: list[int]


def table(lines: Sequence[Dialogue]) -> Table:
    """What the dialogues say, read with the right turns of all earlier messages."""
    found = Table([], [], [], [])
    for number, dialogue in enumerate(lines):
        told = [heard(text) for text in dialogue.texts]
        worth, known = rarities(told), Counter[str]()
        line = Topics()
        for place, each in enumerate(told):
            turns = place > 0 and dialogue.topics[place] != dialogue.topics[place - 1]
            if place:
                found.online.append(line.values(each, rarity(each, known, place)))
                found.whole.append(whole_values(line, told, place, worth))
                found.turns.append(turns)
                found.dialogue.append(number)
            line.take(each, turns=turns)
            known.update(each.words)
    return found


def learned(lines: Sequence[Dialogue], all_of: Table, used: Sequence[bool]) -> Learned:
    """The trees for turns told online and in the whole, learned from the dialogues that are to be ``used``."""
    import numpy as np

    sources = Counter(each.source for each in lines)
    mine = np.array([used[each] for each in all_of.dialogue])
    weight = np.array([sources[lines[each].source] ** -0.5 for each in all_of.dialogue])[mine]
    weight *= len(weight) / weight.sum()
    turns = np.array(all_of.turns)[mine]
    models = (boosted(np.array(values)[mine], turns, weight, SIZE) for values in (all_of.online, all_of.whole))
    return Learned(*models)


def lines_of(streams: Sequence[Row]) -> list[Dialogue]:
    """What is learned from."""
    cut = (dialogues(streams, seed, short=True) for seed in (1, 2))
    return [*dialogues(streams, 0, short=False), *(each for some in cut for each in some)]


def main() -> int:
    if absent(STREAMS):
        return 0
    lines = lines_of(rows(STREAMS))
    models = learned(lines, table(lines), [True] * len(lines))
    words = (
        "The log odds that a message turns to another topic, from the values of ``topics.TOPIC``.",
        "The log odds that a message turns to another topic, from the values of ``topics.WHOLE_TOPIC``.",
    )
    names = "topic_trees", "whole_topic_trees"
    return kept(modules(models, SIZE, names, words, "train_topics"), "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
