"""Messages taken in by ``AsyncDesk``, against ``Desk``: what awaiting costs.

Both work in memory, so that nothing but the driver differs: the same messages at the same instants, the first of each
contact opening a ticket that is routed and assigned, the others continuing it.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench.measure import goal, rates, report
from ticketcore import AgentProfile, AsyncDesk, Configuration, Desk, Inbound, Parts
from ticketcore.aio import InLoop
from ticketcore.shell import TurnReport
from ticketcore.stores import MemoryStore

AREA = "desks"
MESSAGES = 2000
CONTACTS = 200
ROUNDS = 9
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CONFIG = Configuration(agents=[AgentProfile(name, capacity=MESSAGES) for name in ("ana", "bo", "eve")])
FEED = [
    (Inbound("chat", "shop", f"c{i % CONTACTS}", f"Message {i}", external_id=f"m{i}"), AT + timedelta(seconds=i))
    for i in range(MESSAGES)
]


def main() -> None:
    measured = rates({"Desk": plain, "AsyncDesk": awaited, "Desk, watched": watched}, ROUNDS)
    report(AREA, "messages received in memory", measured, "ticketcore")
    cost = "CPU time of a message in AsyncDesk over Desk"
    goal(AREA, cost, measured["Desk"], measured["AsyncDesk"], 1.5, at_most=True)


def plain() -> Callable[[], int]:
    return _synchronous(Desk(MemoryStore(), tenant="acme", config=CONFIG))


def watched() -> Callable[[], int]:
    reports: list[TurnReport] = []
    return _synchronous(Desk(MemoryStore(), tenant="acme", config=CONFIG, parts=Parts(on_turn=reports.append)))


def _synchronous(desk: Desk) -> Callable[[], int]:
    def run() -> int:
        for inbound, at in FEED:
            desk.receive(inbound, at)
        return len(FEED)

    return run


def awaited() -> Callable[[], int]:
    desk = AsyncDesk(InLoop(MemoryStore()), tenant="acme", config=CONFIG)

    async def deliver() -> None:
        for inbound, at in FEED:
            await desk.receive(inbound, at)

    def run() -> int:
        asyncio.run(deliver())
        return len(FEED)

    return run
