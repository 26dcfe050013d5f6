"""How near the goals of matching and segmentation are: ``python -m bench.goals``, with the extra ``train``.

Prints a line for each goal: what the commands of this project reach on the data that ``TICKETCORE_DATA`` names (seen),
what is reached on a part of it that was not learned from (unseen: streams by thirds, the worst source of dialogues,
files of a chat by fifths, messages by sources), what must be reached, and what is aimed at.  Nothing is learned for
replies and threads.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence

from bench import chats, queries, segments, topics
from bench.labelled import (
    CHAT_SCORER,
    CHATS,
    MAILS,
    QUERIES,
    QUERY_SCORER,
    REPLIES,
    REPLY_SCORER,
    STREAM_SCORER,
    STREAMS,
    Row,
    absent,
    answered,
    rows,
    score,
)
from bench.train_queries import featured
from bench.train_segments import doubled, table, usable
from bench.train_topics import dialogues, learned, lines_of
from bench.train_topics import table as table_of_topics

_FIGURE = re.compile(r"([\w]+)[ =]+(\d+\.\d+)")
_MUST_AND_AIM: Mapping[str, tuple[float, float]] = {
    "streams: exact F1": (0.72, 0.80),
    "streams: one-to-one": (0.92, 0.95),
    "streams: opens F1": (0.90, 0.94),
    "streams: returns found": (0.45, 0.65),
    "streams: exact F1 of the worst language": (0.63, 0.72),
    "topics online: Pk": (0.30, 0.25),
    "topics online: WindowDiff": (0.31, 0.27),
    "topics --batch: Pk": (0.27, 0.18),
    "topics --batch: WindowDiff": (0.28, 0.20),
    "group chat: VI": (90.0, 92.0),
    "group chat: one-to-one": (73.0, 77.0),
    "group chat: exact F of two and more": (31.0, 38.0),
    "query or request: macro-F1": (0.86, 0.91),
    "query or request: worst source": (0.81, 0.86),
    "reply text: exact": (0.88, 0.95),
    "reply text: exact, worst big source": (0.80, 0.90),
    "reply text: nothing new lost": (0.99, 1.00),
    "threads, half of the headers gone: exact F1": (0.35, 0.60),
    "threads, half of the headers gone: one-to-one": (0.60, 0.80),
}


def figures(line: str) -> dict[str, float]:
    """The figures that a scorer prints in a line, by name."""
    return {name: float(value) for name, value in _FIGURE.findall(line)}


def of_streams(streams: Sequence[Row], answers: Sequence[Row]) -> list[float]:
    told = score(STREAM_SCORER, streams, answers, "--by", "lang").splitlines()
    whole = figures(told[0])
    worst = min(figures(line)["exact_F1"] for line in told[1:])
    return [*(whole[name] for name in ("exact_F1", "one_to_one", "open_F1", "return_R")), worst]


def of_topics(streams: Sequence[Row]) -> Iterator[list[float]]:
    """Pk and WindowDiff, online and in the whole; seen, then the worst of the sources that were left out in turn."""
    short = dialogues(streams, 3, short=True)
    lines = lines_of(streams)
    all_of = table_of_topics(lines)
    yield _of_told(topics.told(short))
    left = []
    for source in sorted({line.source for line in lines}):
        weights = usable(learned(lines, all_of, [line.source != source for line in lines]))
        left.append(_of_told(topics.told([line for line in short if line.source == source], weights)))
    yield [max(each) for each in zip(*left, strict=True)]


def _of_told(told: str) -> list[float]:
    found = _FIGURE.findall(told)
    return [float(value) for name, value in found if name in ("Pk", "WindowDiff")]


def of_chats(files: Sequence[Row], answers: Sequence[Row]) -> list[float]:
    found = figures(score(CHAT_SCORER, files, answers))
    return [found["VI"], found["one_to_one"], found["exact_F"]]


def of_queries(lines: Sequence[Row], answers: Sequence[Row]) -> list[float]:
    found = figures(score(QUERY_SCORER, lines, answers).splitlines()[0].replace("worst source", "worst"))
    return [found["all"], found["worst"]]


def of_replies() -> list[float]:
    told = score(REPLY_SCORER, rows(REPLIES), answered("reply-text", REPLIES)).splitlines()
    whole = figures(told[0])
    big = [figures(line)["exact"] for line in told if "/" in line and int(line.split("n=")[1].split()[0]) > 10]
    return [whole["exact"], min(big), whole["kept"]]


def of_threads() -> list[float]:
    lines, answers = rows(MAILS), answered("thread", MAILS)
    (at,) = (at for at, line in enumerate(lines) if "withheld" in str(line["id"]))
    found = figures(score(STREAM_SCORER, [lines[at]], [answers[at]], "--roles", "all"))
    return [found["exact_F1"], found["one_to_one"]]


def measured() -> Iterator[tuple[list[float], list[float] | None]]:
    """What is reached, and what is where it was not learned from, in the order of the goals."""
    streams, files, messages = rows(STREAMS), rows(CHATS), rows(QUERIES)
    twice = doubled(streams)
    left = [each for each, _ in segments.unseen(streams, twice, table(twice), segments.FOLDS["third"])]
    yield of_streams(streams, answered("segment", STREAMS)), of_streams(streams, left)
    seen, unseen = of_topics(streams)
    yield seen, unseen
    yield of_chats(files, answered("segment", CHATS)), of_chats(files, chats.unseen(files))
    chances = queries.unseen(messages, featured(messages), queries.FOLDS["source"])
    yield of_queries(messages, answered("classify", QUERIES)), of_queries(messages, queries.answers(messages, chances))
    yield of_replies(), None
    yield of_threads(), None


def main() -> int:
    if any(map(absent, (STREAMS, CHATS, QUERIES, REPLIES, MAILS))):
        return 0
    goals = iter(_MUST_AND_AIM.items())
    print("| goal | seen | unseen | must | aim | reached |\n| --- | --- | --- | --- | --- | --- |")
    for seen, unseen in measured():
        for place, value in enumerate(seen):
            name, (must, aim) = next(goals)
            counts = value if unseen is None else unseen[place]
            sign = 1 if aim > must else -1
            reached = "aim" if sign * (counts - aim) >= 0 else "must" if sign * (counts - must) >= 0 else "neither"
            other = "" if unseen is None else f"{unseen[place]:.3f}"
            print(f"| {name} | {value:.3f} | {other} | {must:g} | {aim:g} | {reached} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
