"""Turn recorded streams of messages into one feed of JSON lines: ``python -m bench.streams_to_facts OUT.jsonl``.

The streams are those of ``segmentation/dev/streams.jsonl.gz`` in the data that ``TICKETCORE_DATA`` names.  Customers'
messages become ``message`` facts, agents' ``reply`` facts about the message that they answer, and a day of silence in a
stream a ``resolve`` fact about the customer's thread by whoever has the ticket.  An agent may answer on another channel
than that on which the customer asked; the thread stays where it was asked.  The command prints how many of each it
wrote, and how fast the feed is read back.
"""

import gzip
import heapq
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ticketcore.feeds import JsonLines, Rejection

DATA = Path(os.environ.get("TICKETCORE_DATA", Path(__file__).parents[2] / "shared" / "data"))
STREAMS = DATA / "segmentation" / "dev" / "streams.jsonl.gz"
ACCOUNT = "shop"
SILENCE = timedelta(hours=24)

Fact = dict[str, Any]


def streams(path: Path) -> list[Any]:
    """The streams of a file, each an object with ``id`` and ``messages``."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def facts_of(stream: Any) -> Iterator[tuple[datetime, Fact]]:
    """The facts of one stream in the order of time."""
    sender, messages = stream["id"], stream["messages"]
    for index, message in enumerate(messages):
        at = datetime.fromisoformat(message["t"])
        yield at, _fact(sender, messages, index)
        following = messages[index + 1]["t"] if index + 1 < len(messages) else None
        if following is None or datetime.fromisoformat(following) - at > SILENCE:
            about = {"channel": _asked_on(messages, message), "account": ACCOUNT, "contact": sender}
            yield at + SILENCE, {"at": (at + SILENCE).isoformat(), "fact": "resolve", "about": about}


def _asked_on(messages: list[Any], message: Any) -> str:
    """The channel of the thread that a message is in: an agent's is in that of what it answers."""
    return str(messages[message["reply_to"]]["channel"] if message["role"] == "agent" else message["channel"])


def _fact(sender: str, messages: list[Any], index: int) -> Fact:
    """One message as a fact.  What it answers is on the channel on which that was said, as its provider knows it."""
    message = messages[index]
    answered = message.get("reply_to")
    id, answers = f"{sender}/{index}", f"{sender}/{answered}"
    if message["role"] == "agent":
        about = {"channel": _asked_on(messages, message), "account": ACCOUNT, "answers": answers}
        return {"at": message["t"], "fact": "reply", "about": about, "text": message["text"], "id": id}
    fact = {"at": message["t"], "fact": "message", "channel": message["channel"], "account": ACCOUNT}
    fact |= {"sender": sender, "text": message["text"], "id": id}
    return fact if answered is None else {**fact, "answers": [answers]}


def all_facts(given: Iterable[Any]) -> Iterator[Fact]:
    """The facts of all streams in the order of time; those of one instant in the order of the streams."""
    return (fact for _, fact in heapq.merge(*map(facts_of, given), key=lambda dated: dated[0]))


def main() -> int:
    """Write the feed, then read it back."""
    if len(sys.argv) != 2:
        print("usage: python -m bench.streams_to_facts OUT.jsonl", file=sys.stderr)
        return 2
    if not STREAMS.is_file():
        print(f"no streams at TICKETCORE_DATA: {STREAMS}", file=sys.stderr)
        return 2
    counts: Counter[str] = Counter()
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        for fact in all_facts(streams(STREAMS)):
            counts[fact["fact"]] += 1
            file.write(json.dumps(fact, ensure_ascii=False) + "\n")
    start = time.process_time()
    rejected = sum(isinstance(item, Rejection) for item in JsonLines(sys.argv[1]).facts())
    spent = time.process_time() - start
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())), f"; rejected when read: {rejected}")
    print(f"{counts.total() / spent:.0f} lines per CPU second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
