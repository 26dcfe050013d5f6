"""How well what was newly written is told from the rest of a mail: ``python -m bench.replies``.

Prints what the scorer of the data says about the answers of ``ticketcore reply-text``, and by language.  Nothing is
learned from the mails, so that there is nothing to leave out in turn: the line of a source is what it scores.
"""

import sys

from bench.labelled import REPLIES, REPLY_SCORER, absent, answered, rows, score


def main() -> int:
    if absent(REPLIES):
        return 0
    lines, answers = rows(REPLIES), answered("reply-text", REPLIES)
    print(score(REPLY_SCORER, lines, answers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
