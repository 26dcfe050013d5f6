"""What a long feed costs a desk at its end, against its start.

Customers write 100,000 messages in chats, over about ten weeks.  Agents answer four of five; the tickets are then
solved by them, by the silence after an answer, or a day later without one, so that the work of a day stays the same
while the history grows.  The file of facts is taken in as ``ticketcore run`` does.
"""

import heapq
import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs

from bench.mails import sentence
from bench.shop import shop
from ticketcore import Desk
from ticketcore.feeds import JsonLines
from ticketcore.importing import Import
from ticketcore.model import Kind, Ticket
from ticketcore.ports import Query
from ticketcore.stores import SqliteStore

START = datetime(2026, 1, 1, tzinfo=UTC)
BETWEEN_CUSTOMERS = 150.0
BETWEEN_MESSAGES = 3_600.0
UNTIL_ANSWERED = 900.0
"""Seconds, on average."""
LEFT_ALONE = 9 * 3_600
"""Seconds that a customer is silent between two matters: longer than the quiet gap of a chat."""

Line = dict[str, object]


@attrs.frozen
class Growth:
    """What each tenth of a feed came to: ``spent`` CPU seconds, and the resident ``memory`` at its end, in bytes.

    ``facts`` is how many facts a tenth has.
    """

    facts: int
    spent: tuple[float, ...]
    memory: tuple[int, ...]


def write_feed(path: Path, messages: int, seed: int = 1) -> int:
    """Write facts with so many messages of customers among them, in the order of time; how many facts."""
    facts = 0
    with path.open("w", encoding="utf-8") as file:
        for fact in _facts(random.Random(seed), messages):
            file.write(json.dumps(fact) + "\n")
            facts += 1
    return facts


def _facts(chance: random.Random, messages: int) -> Iterator[Line]:
    """The facts of all matters, merged by time.  Half of the customers have been here before."""
    ahead: list[tuple[int, int, Line]] = []
    at_rest: list[tuple[int, str]] = []
    begun, written, serial = 0.0, 0, 0
    while written < messages:
        begun += chance.expovariate(1 / BETWEEN_CUSTOMERS)
        while ahead and ahead[0][0] <= begun:
            yield heapq.heappop(ahead)[2]
        again = at_rest and at_rest[0][0] < begun and chance.random() < 0.5
        customer = heapq.heappop(at_rest)[1] if again else f"c{serial}"
        matter = list(_matter(chance, begun, customer, written, messages))
        for at, fact in matter:
            written += fact["fact"] == "message"
            serial += 1
            instant = (START + timedelta(seconds=at)).isoformat()
            heapq.heappush(ahead, (at, serial, {"at": instant, **fact}))
        heapq.heappush(at_rest, (matter[-1][0] + LEFT_ALONE, customer))
    while ahead:
        yield heapq.heappop(ahead)[2]


def _matter(
    chance: random.Random, begun: float, customer: str, written: int, messages: int
) -> Iterator[tuple[int, Line]]:
    """One matter of one customer: a few messages, most of them answered, until it is solved."""
    at = round(begun)
    for left in reversed(range(min(chance.randint(1, 4), messages - written))):
        id = f"m{written}"
        written += 1
        chinese = chance.random() < 0.15
        text = " ".join(sentence(chance, chinese) for _ in range(chance.randint(1, 5)))
        yield at, {"fact": "message", "channel": "chat", "account": "shop", "sender": customer, "text": text, "id": id}
        about = {"channel": "chat", "account": "shop", "answers": id}
        answered = at + 1 + round(chance.expovariate(1 / UNTIL_ANSWERED))
        if chance.random() < 0.8:
            answer: Line = {"fact": "reply", "about": about, "text": sentence(chance, chinese=False), "id": f"a{id}"}
            yield answered, {**answer, "then": "pend" if left or chance.random() < 0.5 else "solve"}
        else:
            yield at + 86_400, {"fact": "resolve", "about": about}
        at = answered + round(chance.expovariate(1 / BETWEEN_MESSAGES))


def grow(folder: str, messages: int) -> Growth:
    """Take a feed in; what came of it is checked."""
    path = Path(folder) / "facts.jsonl"
    facts = write_feed(path, messages)
    tenth = facts // 10
    spent: list[float] = []
    memory: list[int] = []
    with SqliteStore(f"{folder}/desk.db", durability="normal") as store:
        desk = Desk(store, tenant="shop", config=shop(capacity=60, solve_after=timedelta(days=2)))
        imported = Import(desk)
        start = time.process_time()
        for item in JsonLines(path).facts():
            imported.take(item)
            if imported.summary.read % tenth == 0:
                now = time.process_time()
                spent.append(now - start)
                memory.append(_resident())
                start = now
        summary = imported.summary
        assert (summary.read, summary.stored, summary.rejected) == (facts, facts, [])
        assert imported.until is not None
        imported.catch_up(imported.until + timedelta(days=2))
        last = desk.find(Query(Kind.TICKET, sort="number", descending=True, limit=1)).values[0]
        assert isinstance(last, Ticket)
        assert last.number == summary.tickets
        waiting = desk.find(Query(Kind.TICKET, {"state": ("new", "open", "pending")}, limit=1000)).values
        assert len(waiting) < tenth / 100  # nobody had room for them when they were reopened
    return Growth(tenth, tuple(spent[:10]), tuple(memory[:10]))


def _resident() -> int:
    """The memory of this process that is in RAM, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024
