"""How well a desk puts messages into tickets: ``python -m bench.desk_segments [EVERY]``.

Takes the labelled streams in by a desk with a database, each stream as one customer, by rules and by what was learned,
and prints what the scorer of the data says of the tickets, and the CPU time of a customer's message.  ``EVERY`` takes
each so-manieth stream.
"""

import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.labelled import STREAMS, Row, absent, rows
from bench.segments import scored
from ticketcore import Actor, AgentProfile, Configuration, Desk, Inbound
from ticketcore.commands import LinkAlias, Reply
from ticketcore.model import Category, Move, Segmenting
from ticketcore.stores import SqliteStore

ANA = Actor.agent("ana")
ACCOUNT = "shop"


def taken_in(desk: Desk, line: Row) -> tuple[list[str], int, float]:
    """The ticket of each message of a stream, how many are a customer's, and the seconds that these took."""
    sender, homes, seconds, received = str(line["id"]), list[str](), 0.0, 0
    for place, message in enumerate(line["messages"]):
        at, answered = datetime.fromisoformat(message["t"]), message.get("reply_to")
        if message["role"] == "agent":
            homes.append(_answered(desk, homes[answered], message, f"{sender}/{place}", at))
            continue
        answers = [] if answered is None else [f"{sender}/{answered}"]
        id = f"{sender}/{place}"
        inbound = Inbound(message["channel"], ACCOUNT, sender, message["text"], external_id=id, reply_to=answers)
        begun = time.process_time()
        ticket = desk.receive(inbound, at).ticket
        seconds += time.process_time() - begun
        received += 1
        assert ticket is not None
        homes.append(ticket.id)
        if place == 0:
            for channel in {each["channel"] for each in line["messages"]}:
                desk.handle(LinkAlias(ticket.contact, channel, sender, ANA, account=ACCOUNT), at)
    return homes, received, seconds


def _answered(desk: Desk, home: str, message: Any, id: str, at: datetime) -> str:
    ticket = desk.resolve(home)
    solves = bool(message.get("resolved")) and ticket.category not in (Category.SOLVED, Category.CLOSED)
    then = Move.SOLVE if solves else None
    desk.handle(Reply(ticket.id, ANA, message["text"], external_id=id, then=then), at)
    return ticket.id


def tried(streams: Iterable[Row], by: Segmenting) -> tuple[list[Row], float]:
    """What the scorer reads, and the seconds that a customer's message took."""
    agents = [AgentProfile("ana", capacity=10_000)]
    found: list[Row] = []
    seconds, messages = 0.0, 0
    with tempfile.TemporaryDirectory() as folder, SqliteStore(Path(folder) / "desk.db", durability="normal") as store:
        desk = Desk(store, tenant="acme", config=Configuration(agents=agents, segmenting=by, solve_after=None))
        for line in streams:
            homes, received, spent = taken_in(desk, line)
            numbers = {home: at for at, home in enumerate(dict.fromkeys(homes))}
            found.append({"id": line["id"], "pred": [numbers[home] for home in homes]})
            seconds, messages = seconds + spent, messages + received
    return found, seconds / messages


def main(arguments: Sequence[str]) -> int:
    if absent(STREAMS):
        return 0
    streams = rows(STREAMS)[:: int(arguments[0]) if arguments else 1]
    spent = {}
    for by in Segmenting:
        answers, spent[by] = tried(streams, by)
        print(f"segmenting = {by.value}: {1e6 * spent[by]:.0f} microseconds of CPU time for a customer's message")
        print(scored(streams, answers), flush=True)
    print(f"learned costs {spent[Segmenting.LEARNED] / spent[Segmenting.RULES]:.2f} times as much")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
