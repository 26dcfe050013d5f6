"""How well messages of a group chat are put into conversations: ``python -m bench.chats [--cross]``.

Prints what the scorer of the data says about the answers of ``ticketcore segment``.  These are the files that the
trees were learned from; ``--cross``, with the extra ``train``, scores files that they were not learned from, a fifth
left out in turn.
"""

import sys
from collections.abc import Sequence

from bench.labelled import CHAT_SCORER, CHATS, Row, absent, answered, rows, score
from bench.train_chats import SIZE, table
from bench.train_segments import learned, usable
from ticketcore.cli.segments import stream_of
from ticketcore.segmenting import GroupChat

FOLDS = 5


def unseen(files: Sequence[Row]) -> list[Row]:
    """The conversations of each file by trees learned from the others, but for those of its fold."""
    all_of = table(files)
    found: list[Row] = []
    for fold in range(FOLDS):
        used = [place % FOLDS != fold for place in range(len(files))]
        weights = usable(learned(files, all_of, used, SIZE))
        for line in files[fold::FOLDS]:
            chat = GroupChat(weights=weights)
            found.append({"id": line["id"], "pred": [chat.decide(each).ticket for each in stream_of(dict(line))]})
    return found


def main() -> int:
    if absent(CHATS):
        return 0
    files = rows(CHATS)
    print("the answers of ticketcore segment")
    print(score(CHAT_SCORER, files, answered("segment", CHATS)), flush=True)
    if "--cross" in sys.argv[1:]:
        print("a fifth of the files left out in turn")
        print(score(CHAT_SCORER, files, unseen(files)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
