"""How well mails of a list are put into threads: ``python -m bench.threads``.

Prints what the scorer of the data says about the answers of ``ticketcore thread``, with all headers and with half of
them gone.  Nothing is learned.
"""

import sys

from bench.labelled import MAILS, STREAM_SCORER, absent, answered, rows, score


def main() -> int:
    if absent(MAILS):
        return 0
    lines, answers = rows(MAILS), answered("thread", MAILS)
    for line, answer in zip(lines, answers, strict=True):
        said = score(STREAM_SCORER, [line], [answer], "--roles", "all").split("  ")
        print(line["id"], *(part for part in said if part.startswith(("exact_F1", "one_to_one"))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
