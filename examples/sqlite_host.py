"""A host with a database of its own: an order and the message about it are stored together, or neither is.

The host opens the connection, begins and ends the transaction; the desk joins it.
"""

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ticketcore import AgentProfile, Configuration, Desk, Inbound, Parts
from ticketcore.ports import Commit, Committed
from ticketcore.stores import JoinedSqliteStore, SqliteStore


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.db"
        with SqliteStore(path, shared=True) as store, closing(opened(path)) as connection:
            config = Configuration(agents=[AgentProfile("ana"), AgentProfile("bo")])
            desk = Desk(store, tenant="shop", config=config, parts=Parts(after_commit=wake))
            desk.receive(Inbound("chat", "shop", "lee", "Do you sell rings?", external_id="c1"))

            print("kim's card is accepted:")
            place(desk, connection, "kim", "ring", paid=True)
            print("max's card is refused:")
            place(desk, connection, "max", "chain", paid=False)

            print("orders:", connection.execute("SELECT customer, item, ticket FROM orders").fetchall())
            print("tickets:", [(ticket.number, ticket.assignee) for ticket in desk.tickets().tickets])


def opened(path: Path) -> sqlite3.Connection:
    """The host's own connection, which begins transactions when it is told to."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("CREATE TABLE orders (customer TEXT, item TEXT, ticket INTEGER)")
    return connection


def place(desk: Desk, connection: sqlite3.Connection, customer: str, item: str, *, paid: bool) -> None:
    """What the host does for an order, in one transaction of its own."""
    later: list[Callable[[], None]] = []
    connection.execute("BEGIN IMMEDIATE")
    try:
        within = desk.within(JoinedSqliteStore(connection), later.append)
        ticket = within.receive(Inbound("web", "shop", customer, f"I want a {item}")).ticket
        assert ticket is not None
        connection.execute("INSERT INTO orders VALUES (?, ?, ?)", (customer, item, ticket.number))
        if not paid:
            raise ValueError("the card was refused")
    except ValueError as error:
        connection.execute("ROLLBACK")
        print("  rolled back:", error)
        return
    connection.execute("COMMIT")
    for tell in later:
        tell()


def wake(commit: Commit, committed: Committed) -> None:
    """Called when something is stored for good: time to wake whoever sends what is in the outbox."""
    if committed.numbers:
        print("  committed: ticket", *committed.numbers.values())


if __name__ == "__main__":
    main()
