"""What hostile streams cost: ``python -m bench.hostile``.

Prints the CPU time of a message in streams of more and more of them, and of a customer's next message at a desk where
they have had more and more tickets, a third of them closed and a third solved.  It should not grow.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from ticketcore import Actor, AgentProfile, Configuration, Desk, Inbound, Parts
from ticketcore.commands import Close, Solve
from ticketcore.ports import Store
from ticketcore.segmenting import Contact, GroupChat, Said
from ticketcore.stores import MemoryStore, SqliteStore
from ticketcore.turns.recalling import learned

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANA = Actor.agent("ana")
HELLO = "Hello, I need a taxi to the airport"
LENGTHS = (100, 1_000, 10_000, 100_000)
KINDS: dict[str, Callable[[int], Said]] = {
    "empty": lambda _: Said(""),
    "a matter a week": lambda at: Said(HELLO, 604_800.0 * at),
    "time goes backwards": lambda at: Said(HELLO, -60.0 * at),
    "no times": lambda _: Said(HELLO),
    "right to left": lambda at: Said("\u202e\u2067\u061f", 60.0 * at),
    "each a speaker": lambda at: Said(f"s{at - 1}: hello, how do I install themes?", 60.0 * at, speaker=f"s{at}"),
}


def costs(decider: Contact | GroupChat, said: Iterable[Said]) -> Iterable[str]:
    """The microseconds of a message, up to each of the lengths."""
    one, before = iter(said), 0
    for length in LENGTHS:
        begun = time.process_time()
        for each in islice(one, length - before):
            decider.decide(each)
        yield f"{1e6 * (time.process_time() - begun) / (length - before):5.0f}"
        before = length


def of_a_megabyte() -> float:
    """The microseconds of a message of a million characters."""
    contact, text = Contact(), "On On On " * 111_111
    begun = time.process_time()
    for at in range(100):
        contact.decide(Said(text, 60.0 * at))
    return 1e6 * (time.process_time() - begun) / 100


def at_a_desk(store: Store, tickets: Iterable[int]) -> Iterable[str]:
    """The microseconds of a customer's message by what was learned, after so many tickets."""
    had = 0
    config = Configuration(agents=[AgentProfile("ana", capacity=10_000)])
    rules = Desk(store, tenant="acme", config=config)
    desk = Desk(store, tenant="acme", config=config, parts=Parts(segmenter=learned()))
    for wanted in tickets:
        for at in range(had, wanted):
            then = AT + at * timedelta(minutes=1)
            ticket = rules.receive(Inbound("email", "shop", "kim", f"{HELLO} {at}", external_id=f"m{at}"), then).ticket
            assert ticket is not None
            for command in (Solve, Close)[: at % 3]:
                rules.handle(command(ticket.id, ANA), then)
        had = wanted
        for who in ("kim", f"another {had}"):
            desk.receive(Inbound("email", "shop", who, HELLO), AT)  # it follows what the other desk did
        begun = time.process_time()
        for at in range(100):
            answers = [f"m{at % 50}"] if at % 2 else []
            desk.receive(Inbound("email", "shop", "kim", f"three people {at}", reply_to=answers), AT)
        yield f"{1e6 * (time.process_time() - begun) / 100:5.0f}"


def main() -> int:
    print("microseconds of a message, up to so many messages:", *LENGTHS)
    for name, made in KINDS.items():
        decider = GroupChat() if made(0).speaker else Contact()
        print(f"  {name:20s}", *costs(decider, map(made, range(LENGTHS[-1]))), flush=True)
    print(f"  a million characters {of_a_megabyte():5.0f}")
    print("microseconds of a customer's message at a desk, after so many tickets:", *LENGTHS[:3])
    with tempfile.TemporaryDirectory() as folder, SqliteStore(Path(folder) / "desk.db", durability="normal") as store:
        print(f"  {'SQLite':20s}", *at_a_desk(store, LENGTHS[:3]), flush=True)
    print(f"  {'in memory':20s}", *at_a_desk(MemoryStore(), LENGTHS[:3]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
