"""A desk in the host's own transaction: both or neither, told afterwards, and never tried again."""

import asyncio
import contextlib
import random
import sqlite3
import threading
from contextlib import closing

import pytest
from desks import ANA, AT, MINUTE, check_laws, check_whole, everything

from ticketcore import AgentProfile, AsyncDesk, Configuration, Conflict, Desk, Inbound, InvalidInput, Parts, Refused
from ticketcore.aio import InLoop
from ticketcore.commands import Reply, Solve
from ticketcore.model import Kind
from ticketcore.stores import JoinedSqliteStore, MemoryStore, SqliteStore

CONFIG = Configuration(agents=[AgentProfile("ana", capacity=1000), AgentProfile("bo", capacity=1000)])


def connected(path):
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    connection.execute("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, message TEXT)")
    return closing(connection)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "shop.db"
    with connected(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
    return path


@pytest.fixture
def desk(path):
    """A desk on the host's file, with connections of its own."""
    return Desk(SqliteStore(path, shared=True, durability="normal"), tenant="acme", config=CONFIG)


def order(i, sender="kim"):
    return Inbound("chat", "shop", sender, f"Order {i}, please", external_id=f"o{i}")


def placed(desk, connection, i, at=AT):
    """What the host does for an order: its own row, and the message."""
    received = desk.within(JoinedSqliteStore(connection)).receive(order(i, f"c{i % 20}"), at)
    connection.execute("INSERT INTO orders VALUES (?, ?)", (f"o{i}", received.message))
    return received


def check_both(desk, connection):
    orders = dict(connection.execute("SELECT id, message FROM orders").fetchall())
    assert {item.provider_id.id: item.id for item in everything(desk, Kind.MESSAGE)} == orders
    check_laws(desk)
    check_whole(desk)
    return set(orders)


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
def test_both_or_neither(desk, path, end):
    with connected(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        received = placed(desk, connection, 1)
        within = desk.within(JoinedSqliteStore(connection))
        within.handle(Reply(received.ticket.id, ANA, "On its way"), AT)
        assert within.ticket(received.ticket.id).number == 1
        assert not desk.tickets().tickets, "nobody else sees it yet"
        connection.execute(end)
        assert len(everything(desk, Kind.MESSAGE)) == (2 if end == "COMMIT" else 0)
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (end == "COMMIT",)
        check_laws(desk)


def test_a_refusal_leaves_the_hosts_transaction_as_it_was(desk, path):
    with connected(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        received = placed(desk, connection, 1)
        within = desk.within(JoinedSqliteStore(connection))
        within.handle(Solve(received.ticket.id, ANA), AT)
        with pytest.raises(Refused):
            within.handle(Solve(received.ticket.id, ANA), AT)
        connection.execute("COMMIT")
        assert check_both(desk, connection) == {"o1"}


class Contested(MemoryStore):
    """Somebody else is always first."""

    commits = 0

    def commit(self, commit):
        self.commits += 1
        raise Conflict((("agent", "ana"),))


@pytest.mark.parametrize("call", ["receive", "handle", "tick", "seed"])
def test_a_conflict_is_raised_at_the_first_attempt(call):
    """Whatever it names; outside of a transaction, the same is tried again."""
    real = MemoryStore()
    desk = Desk(real, tenant="acme", config=CONFIG)
    ticket = desk.receive(order(1), AT).ticket
    contested = Contested()
    if call != "seed":
        contested._tenants = real._tenants
    reports = []
    within = Desk(real, tenant="acme", config=CONFIG, parts=Parts(on_turn=reports.append)).within(contested)
    calls = {
        "receive": lambda: within.receive(order(2), AT),
        "handle": lambda: within.handle(Solve(ticket.id, ANA), AT),
        "tick": lambda: within.tick(AT + 60 * 24 * 30 * MINUTE),
        "seed": lambda: within.receive(order(2), AT),
    }
    if call == "tick":
        desk.handle(Reply(ticket.id, ANA, "Is it there?", then="pend"), AT)
    with pytest.raises(Conflict):
        calls[call]()
    assert contested.commits == 1
    assert [(report.retries, report.outcome) for report in reports] == [(0, "Conflict")]


def test_a_stale_transaction_is_a_conflict_and_begun_again_it_works(desk, path):
    with connected(path) as connection:
        connection.execute("BEGIN DEFERRED")
        connection.execute("SELECT * FROM orders").fetchall()
        desk.receive(order(1), AT)
        with pytest.raises(Conflict) as caught:
            placed(desk, connection, 2)
        assert caught.value.blockers == (("transaction", str(path)),)
        connection.execute("ROLLBACK")
        connection.execute("BEGIN IMMEDIATE")
        placed(desk, connection, 2)
        connection.execute("COMMIT")
    assert len(everything(desk, Kind.MESSAGE)) == 2
    check_laws(desk)


# What is told after the commit.


def test_the_host_is_told_when_its_own_transaction_is_committed(path):
    commits, later = [], []
    desk = Desk(
        SqliteStore(path, shared=True),
        tenant="acme",
        config=CONFIG,
        parts=Parts(after_commit=lambda commit, committed: commits.append(committed.position)),
    )
    desk.configuration()
    with connected(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        desk.within(JoinedSqliteStore(connection), later.append).receive(order(1), AT)
        assert not commits
        connection.execute("COMMIT")
        for tell in later:
            tell()
    assert commits[-1] == desk.store.events("acme")[-1].position


def test_a_hook_needs_a_way_to_be_called_later():
    desk = Desk(MemoryStore(), tenant="acme", parts=Parts(after_commit=lambda commit, committed: None))
    with pytest.raises(InvalidInput) as caught:
        desk.within(MemoryStore())
    assert caught.value.field == "later"


def test_the_desk_itself_is_not_changed():
    desk = Desk(MemoryStore(), tenant="acme")
    joined = MemoryStore()
    assert desk.within(joined).store is joined
    assert desk.store is not joined
    assert desk.within(joined).tenant == "acme"


# Asynchronous hosts.


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
def test_an_asynchronous_desk_joins_too(path, end):
    async def main(connection):
        desk = AsyncDesk(SqliteStore(path, shared=True), tenant="acme", config=CONFIG)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO orders VALUES ('o1', 'm')")
        await desk.within(InLoop(JoinedSqliteStore(connection))).receive(order(1), AT)
        connection.execute(end)
        return await desk.tickets()

    with connected(path) as connection:
        page = asyncio.run(main(connection))
        assert len(page.tickets) == (end == "COMMIT")


# Many, with everything that can go wrong.


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_thousand_messages_with_rollbacks_at_random_points(desk, path, seed):
    """The host rolls back before, within and after; takes back to savepoints of its own; and begins too late."""
    chance = random.Random(seed)
    rollbacks = 0
    stop = threading.Event()

    def others():
        i = 0
        while not stop.wait(0.002):
            desk.receive(order(f"other-{i}", "other"), AT)
            i += 1

    def attempt(connection, i):
        """One request of the host; whether it was committed."""
        connection.execute(chance.choice(["BEGIN IMMEDIATE", "BEGIN IMMEDIATE", "BEGIN"]))
        connection.execute("SELECT count(*) FROM orders").fetchall()
        if chance.random() < 0.2:
            connection.execute("SAVEPOINT host")
            placed(desk, connection, i, AT + i * MINUTE)
            connection.execute("ROLLBACK TO host")
        if chance.random() < 0.1:
            return False
        placed(desk, connection, i, AT + i * MINUTE)
        if chance.random() < 0.3:
            return False
        connection.execute("COMMIT")
        return True

    thread = threading.Thread(target=others)
    with connected(path) as connection:
        thread.start()
        try:
            for i in range(1000):
                committed = False
                while not committed:
                    with contextlib.suppress(Conflict):
                        committed = attempt(connection, i)
                    if not committed:
                        connection.execute("ROLLBACK")
                        rollbacks += 1
        finally:
            stop.set()
            thread.join()
        others = [item for item in everything(desk, Kind.MESSAGE) if item.provider_id.id.startswith("oother")]
        connection.executemany("INSERT INTO orders VALUES (?, ?)", [(item.provider_id.id, item.id) for item in others])
        orders = check_both(desk, connection)
        assert {f"o{i}" for i in range(1000)} <= orders
        assert len(orders) == 1000 + len(others)
    assert rollbacks > 200, f"seed {seed}"
