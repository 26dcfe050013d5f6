"""Take recorded streams in, and hold what is stored to the laws: ``python -m bench.streams``.

The streams of ``bench.streams_to_facts`` go through ``ticketcore run`` into SQLite: once for a desk with room for all
of it, and once for one that is too small, where tickets wait.  Each prints a line of JSON with what it came to.
``broken`` names every law that does not hold; the command then ends with 1.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import attrs

from bench.streams_to_facts import STREAMS, Fact, all_facts, streams
from ticketcore.events import AgentAdded, Assigned, NoEligibleAgent, StateChanged, TicketOpened, Unassigned
from ticketcore.evolve import Entity, rebuild, without_words
from ticketcore.model import Agent, Category, Contact, Conversation, Kind, Message, Stream, Text, Ticket
from ticketcore.ports import Query, Recorded, Store
from ticketcore.stores import SqliteStore

TENANT = "streams"
TEAMS = ("money", "travel", "technology", "general")
LANGUAGES = ("german", "chinese")
OURS = "support@shop.example"
OWN_NAME = "The Shop"
AGENTS = 40
CAPACITIES = {"ample": 1000, "scarce": 3}
"""How many tickets an agent takes at once."""

RUN = (sys.executable, "-c", "from ticketcore.cli import main; main()", "run")
"""The command, with the Python of this process."""

_RULES = (
    ("money", "", "account charge money credit balance transfer insurance claim bank"),
    ("travel", "", "hotel flight restaurant reservation boarding ride travel"),
    ("technology", "", "internet software screen cable password phone skype"),
    ("travel", "german", "Hotel Flug Restaurant Tisch Tickets Karten"),
    ("technology", "german", "Werkstatt Auto Reparatur Termin"),
    ("travel", "chinese", "酒店 餐馆 景点 地铁 出租"),
    ("general", "german", "ich und bitte danke hallo möchte"),
    ("general", "chinese", "我 你好 请 的"),
)
_WITH_A_HISTORY: Mapping[Kind, type[Entity]] = {
    Kind.TICKET: Ticket,
    Kind.AGENT: Agent,
    Kind.CONTACT: Contact,
    Kind.CONVERSATION: Conversation,
}
_T = TypeVar("_T")


def desk_file(capacity: int) -> str:
    """A desk.toml: four teams with a queue each, rules by keyword, and agents of whom a third speaks each language."""
    lines = ["[desk]", f'tenant = "{TENANT}"', 'default_queue = "general"']
    lines += ["[mail]", f'addresses = ["{OURS}"]', "[whatsapp]", 'zone = "UTC"', f'own_name = "{OWN_NAME}"']
    lines += [f"[skills.{language}]" for language in LANGUAGES]
    for team in TEAMS:
        lines += [f"[teams.{team}]", f"[queues.{team}]", f'team = "{team}"']
    for i in range(AGENTS):
        speaks = LANGUAGES[i // len(TEAMS) % 3 :][:1]
        lines += [f"[agents.agent{i}]", f'teams = ["{TEAMS[i % len(TEAMS)]}"]', f"capacity = {capacity}"]
        lines += [f"skills = {json.dumps(speaks)}"]
    for i, (queue, language, words) in enumerate(_RULES):
        lines += ["[[rules]]", f'name = "rule{i}"', f"when.keywords = {json.dumps(words.split(), ensure_ascii=False)}"]
        lines += [f'then.queue = "{queue}"', f"then.skills = {json.dumps([language] if language else [])}"]
    return "\n".join(lines) + "\n"


def write_feed(path: Path, facts: Iterable[Fact]) -> None:
    """Write the facts as JSON lines."""
    path.write_text("".join(json.dumps(fact, ensure_ascii=False) + "\n" for fact in facts), encoding="utf-8")


def records(store: Store, kind: Kind, made: type[_T]) -> Iterator[_T]:
    """All records of a kind."""
    query: Query | None = Query(kind, limit=1000)
    while query is not None:
        page = store.find(TENANT, query)
        yield from (value for value in page.values if isinstance(value, made))
        query = None if page.next is None else attrs.evolve(query, after=page.next)


def broken_laws(store: Store, facts: Sequence[Fact]) -> list[str]:
    """What does not hold of a store that took these facts in, a sentence each."""
    log = store.events(TENANT)
    return [
        *_unlike_the_feed(store, facts),
        *_without_a_reason(store, log),
        *_beyond(log),
        *_unlike_the_log(store, log),
    ]


def _unlike_the_feed(store: Store, facts: Sequence[Fact]) -> Iterator[str]:
    """Every message of the feed is stored once, as it was said, and on the channel of its thread."""
    words = {text.id: text.words for text in records(store, Kind.TEXT, Text)}
    told = Counter(
        (fact.get("channel") or fact["about"]["channel"], fact["id"], fact["text"]) for fact in facts if "text" in fact
    )
    stored = Counter(
        (message.provider_id.channel, message.provider_id.id, words.get(message.text or "", ""))
        for message in records(store, Kind.MESSAGE, Message)
        if message.provider_id is not None
    )
    yield from (f"not stored once: {said}" for said in sorted((told - stored) + (stored - told)))


def _without_a_reason(store: Store, log: Sequence[Recorded]) -> Iterator[str]:
    """Every ticket is in a queue, and who has none of the agents has a reason: nobody was eligible, or they lost it."""
    last = {
        item.stream.id: item.event for item in log if isinstance(item.event, Assigned | Unassigned | NoEligibleAgent)
    }
    for ticket in records(store, Kind.TICKET, Ticket):
        if ticket.queue is None:
            yield f"ticket {ticket.number} is in no queue"
        if ticket.assignee is not None:
            continue
        why = last.get(ticket.id)
        if not isinstance(why, Unassigned) and not (isinstance(why, NoEligibleAgent) and not why.placement.candidates):
            yield f"ticket {ticket.number} has no agent, and no reason for it"


def _beyond(log: Sequence[Recorded]) -> Iterator[str]:
    """At every event nobody has more tickets than they take, counted from the tickets, not from the agents' events."""
    capacity: dict[str, int] = {}
    holder: dict[str, str] = {}
    active: dict[str, bool] = {}
    load: Counter[str] = Counter()
    for item in log:
        event, ticket = item.event, item.stream.id
        if isinstance(event, AgentAdded):
            capacity[event.agent] = event.capacity
        if not isinstance(event, TicketOpened | StateChanged | Assigned | Unassigned):
            continue
        if active.get(ticket) and ticket in holder:
            load[holder[ticket]] -= 1
        if isinstance(event, Assigned):
            holder[ticket] = event.agent
        elif isinstance(event, Unassigned):
            del holder[ticket]
        else:
            active[ticket] = event.category in (Category.NEW, Category.OPEN)
        if active.get(ticket) and ticket in holder:
            load[holder[ticket]] += 1
            if load[holder[ticket]] > capacity[holder[ticket]]:
                yield f"at event {item.position} {holder[ticket]} has {load[holder[ticket]]} tickets"


def _unlike_the_log(store: Store, log: Sequence[Recorded]) -> Iterator[str]:
    """Replaying the log gives what is stored."""
    rebuilt = rebuild((item.stream, item.event) for item in log)
    for kind, made in _WITH_A_HISTORY.items():
        stored = {Stream(kind, value.id): value for value in records(store, kind, made)}
        for stream in sorted(stored.keys() | {stream for stream in rebuilt if stream.kind is kind}):
            value = stored.get(stream)
            if rebuilt.get(stream) != (without_words(value) if isinstance(value, Contact) else value):
                yield f"{stream.kind} {stream.id} is not what its history gives"


def figures(store: Store) -> dict[str, Any]:
    """What the desk came to."""
    tickets = list(records(store, Kind.TICKET, Ticket))
    assigned = sum(ticket.assignee is not None for ticket in tickets)
    return {
        "messages": sum(1 for _ in records(store, Kind.MESSAGE, Message)),
        "contacts": sum(1 for _ in records(store, Kind.CONTACT, Contact)),
        "tickets": len(tickets),
        "queues": dict(sorted(Counter(ticket.queue for ticket in tickets).items())),
        "states": dict(sorted(Counter(ticket.state for ticket in tickets).items())),
        "assigned": round(assigned / max(1, len(tickets)), 4),
        "events": len(store.events(TENANT)),
    }


def trial(folder: Path, facts: Sequence[Fact], capacity: int) -> dict[str, Any]:
    """Take the facts in by the command, for agents of this capacity; what it came to."""
    write_feed(folder / "feed.jsonl", facts)
    (folder / "desk.toml").write_text(desk_file(capacity), encoding="utf-8")
    start = time.monotonic()
    done = subprocess.run(
        (*RUN, "feed.jsonl", "--desk", "desk.toml", "--store", "desk.db", "--json"), cwd=folder, capture_output=True
    )
    took = time.monotonic() - start
    said = json.loads(done.stdout)
    with SqliteStore(folder / "desk.db") as store:
        broken = broken_laws(store, facts)
        return {
            "capacity": capacity,
            "exit": done.returncode,
            "seconds": round(took, 1),
            **{name: said[name] for name in ("read", "stored", "duplicates", "kept")},
            "rejected": len(said["rejected"]),
            **figures(store),
            "broken": broken[:10],
        }


def main() -> int:
    """Run both trials."""
    if not STREAMS.is_file():
        print(f"skipped: no streams at TICKETCORE_DATA: {STREAMS}", file=sys.stderr)
        return 0
    facts = list(all_facts(streams(STREAMS)))
    broken = False
    for name, capacity in CAPACITIES.items():
        with tempfile.TemporaryDirectory() as folder:
            came_to = trial(Path(folder), facts, capacity)
        print(json.dumps({"trial": name, **came_to}), flush=True)
        broken = broken or bool(came_to["broken"] or came_to["rejected"])
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
