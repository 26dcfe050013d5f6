"""A desk in an asyncio program: many customers write at once, and one of them hangs up in the middle."""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from ticketcore import AgentProfile, AsyncDesk, Configuration, Inbound
from ticketcore.stores import SqliteStore


async def main(path: Path) -> None:
    with SqliteStore(path) as store:
        config = Configuration(agents=[AgentProfile("ana", capacity=10), AgentProfile("bo", capacity=10)])
        desk = AsyncDesk(store, tenant="acme", config=config)
        customers = [Inbound("chat", "shop", f"c{i}", "Hello?", external_id=f"m{i}") for i in range(8)]

        calls = [asyncio.create_task(desk.receive(inbound)) for inbound in customers]
        await asyncio.sleep(0)
        calls[3].cancel()
        done = await asyncio.gather(*calls, return_exceptions=True)
        print("cancelled:", [i for i, result in enumerate(done) if isinstance(result, asyncio.CancelledError)])

        # Whether that one was stored is not known, and need not be: the same message again is never a second one.
        await desk.receive(customers[3])
        # A message is stored even when others keep taking its agents away; the next tick finds one.
        await desk.tick()
        tickets = (await desk.tickets()).tickets
        print("tickets:", [ticket.number for ticket in tickets])
        print("shared:", Counter(sorted(ticket.assignee or "nobody" for ticket in tickets)))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(folder) / "desk.db"))
