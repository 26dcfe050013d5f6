"""Learn the trees of ``ticketcore.segmenting`` for group chats: ``python -m bench.train_chats [--check]``.

From the channel that ``TICKETCORE_DATA`` names, with the extra ``train``.  Writes ``chat_pair_trees.py`` and
``chat_opening_trees.py`` in ``src/ticketcore/segmenting``, the same bytes each time; with ``--check`` it compares
instead, and ends with 1 where they differ.
"""

import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

from bench.labelled import CHATS, Row, absent, rows
from bench.train_segments import Size, Table, kept, learned, modules
from ticketcore.cli.segments import stream_of
from ticketcore.segmenting.reading import heard
from ticketcore.segmenting.talks import Chat, chat_opening

SIZE = Size(trees=80, leaves=8, missed=2.0)


def table(files: Sequence[Row]) -> Table:
    """What the files say, read with the right conversations of all earlier messages."""
    found = Table([], [], [], [], [], [])
    for place, line in enumerate(files):
        chat, talks = Chat(), dict[Any, int]()
        for each, message, gold in zip(stream_of(dict(line)), line["messages"], line["gold"], strict=True):
            if each.role == "system":
                continue
            told, called = heard(each.text), chat.called(each)
            candidates = chat.candidates(each, called)
            if candidates and message["role"] == "customer":
                at = range(len(found.pairs), len(found.pairs) + len(candidates))
                found.pairs.extend(chat.pairs(each, told, called, candidates))
                found.belongs.extend(candidate.label == talks.get(gold) for candidate in candidates)
                found.pair_of.extend(place for _ in candidates)
                found.openings.append((partial(chat_opening, chat.around(each, told, called)), list(at)))
                found.opens.append(gold not in talks)
                found.opening_of.append(place)
            talks[gold] = chat.put(each, told, called, talks.get(gold))
    return found


def main() -> int:
    if absent(CHATS):
        return 0
    files = rows(CHATS)
    models = learned(files, table(files), [True] * len(files), SIZE)
    words = (
        "The log odds that a message is part of a conversation, from the values of ``talks.CHAT_PAIR``.",
        "The log odds that a message begins a conversation, from the values of ``talks.CHAT_OPENING``.",
    )
    names = "chat_pair_trees", "chat_opening_trees"
    return kept(modules(models, SIZE, names, words, "train_chats"), "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
