"""The store inside a transaction of the host's: the contract of a store, and that it is the host who commits."""

import sqlite3
import threading
import time
from contextlib import closing, contextmanager, suppress

import pytest

from ticketcore.errors import Conflict, InvalidInput, StoreFailure, StoreFault
from ticketcore.model import Kind
from ticketcore.ports import Query
from ticketcore.stores import JoinedSqliteStore, SqliteStore
from ticketcore.testing import StoreConformance, StoreUnderTest
from ticketcore.testing.samples import (
    agent_step,
    at,
    commit_of,
    opened_ticket,
    opening,
    owed,
    ticket,
    ticket_ref,
    ticket_step,
)


class Host:
    """A host that begins a transaction for each call of a store, on a connection of its own, and commits it."""

    def __init__(self, path):
        self.path = path
        self.hook = None

    def trace(self, hook):
        self.hook = hook

    def __getattr__(self, name):
        def call(*arguments, **named):
            with closing(begun(self.path)) as connection:
                if self.hook is not None:
                    connection.set_trace_callback(lambda _: self.hook())
                try:
                    result = getattr(JoinedSqliteStore(connection), name)(*arguments, **named)
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
                return result

        return call


def begun(path):
    """A connection in a transaction, as soon as nobody else writes; SQLite's own waiting takes longer and longer."""
    while True:
        connection = connected(path, timeout=0)
        try:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN IMMEDIATE")
            return connection
        except sqlite3.OperationalError as error:
            connection.close()
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(0.0005)


@pytest.mark.slow
class TestJoinedSqliteStore(StoreConformance):
    @pytest.fixture
    def under_test(self, tmp_path):
        path = tmp_path / "host.db"
        with SqliteStore(path):  # Which gives the file its write-ahead log.
            return StoreUnderTest(open=lambda: Host(path), before_statement=Host.trace)


@pytest.fixture
def path(tmp_path):
    """A file of the host's, with a table of its own."""
    path = tmp_path / "host.db"
    with closing(connected(path)) as connection:
        connection.execute("CREATE TABLE ticket (id)")
        connection.execute("PRAGMA user_version = 7")
        connection.execute("PRAGMA journal_mode = WAL")
    return path


def connected(path, **options):
    options = {"isolation_level": None, "timeout": 10, **options}
    return sqlite3.connect(path, **options)


@contextmanager
def transaction(path, begin="BEGIN IMMEDIATE", **options):
    with closing(connected(path, **options)) as connection:
        connection.execute(begin)
        yield connection


def opened(connection, id):
    return JoinedSqliteStore(connection).commit(commit_of("acme", opened_ticket(id)))


def own_rows(connection):
    return [id for (id,) in connection.execute("SELECT id FROM ticket").fetchall()]


def ids(path):
    with SqliteStore(path, shared=True) as store:
        return [value.id for value in store.find("acme", Query(Kind.TICKET, sort="number")).values]


@pytest.mark.parametrize("outcome", ["COMMIT", "ROLLBACK"])
def test_the_hosts_rows_and_ours_are_stored_together_or_not_at_all(path, outcome):
    with transaction(path) as connection:
        connection.execute("INSERT INTO ticket VALUES ('host')")
        opened(connection, "ours")
        connection.execute("INSERT INTO ticket VALUES ('host too')")
        connection.execute(outcome)
        assert own_rows(connection) == (["host", "host too"] if outcome == "COMMIT" else [])
        assert connection.execute("PRAGMA user_version").fetchone() == (7,)
    assert ids(path) == (["ours"] if outcome == "COMMIT" else [])


def test_nobody_else_sees_it_before_the_host_commits_and_the_host_does(path):
    with transaction(path) as connection:
        opened(connection, "first")
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        opened(connection, "second")
        assert ids(path) == ["first"]
        assert JoinedSqliteStore(connection).load("acme", [ticket_ref("second")])[0].number == 2
        connection.execute("COMMIT")
    assert ids(path) == ["first", "second"]


def test_a_conflict_takes_back_our_part_and_leaves_the_hosts(path):
    with transaction(path) as connection:
        store = JoinedSqliteStore(connection)
        store.commit(commit_of("acme", agent_step("ana", 1)))
        connection.execute("INSERT INTO ticket VALUES ('host')")
        with pytest.raises(Conflict):
            store.commit(commit_of("acme", opened_ticket("new"), agent_step("ana", 1)))
        assert store.load("acme", [ticket_ref("new")]) == (None,)
        store.commit(commit_of("acme", opened_ticket("newer")))
        connection.execute("COMMIT")
        assert own_rows(connection) == ["host"]
    assert ids(path) == ["newer"]


def test_a_savepoint_of_the_hosts_takes_ours_back_with_it(path):
    """And what is written next is compared with what is there, not with what was."""
    with transaction(path) as connection:
        store = JoinedSqliteStore(connection)
        store.commit(commit_of("acme", opened_ticket("first"), agent_step("ana", 1)))
        connection.execute("SAVEPOINT host")
        store.commit(commit_of("acme", opened_ticket("second"), agent_step("ana", 2)))
        connection.execute("ROLLBACK TO host")
        with pytest.raises(Conflict):
            store.commit(commit_of("acme", agent_step("ana", 3)))
        store.commit(commit_of("acme", opened_ticket("third"), agent_step("ana", 2)))
        connection.execute("COMMIT")
    with SqliteStore(path, shared=True) as store:
        assert [value.number for value in store.find("acme", Query(Kind.TICKET, sort="number")).values] == [1, 2]
    assert ids(path) == ["first", "third"]


def test_what_the_host_took_back_is_not_taken_for_written(path):
    """A version that was rolled back comes again from somebody else, with other index fields."""

    def step(version, state):
        return commit_of("acme", ticket_step(ticket("t", version, number=1, state=state)))

    with transaction(path) as connection:
        store, another = JoinedSqliteStore(connection), JoinedSqliteStore(connection)
        store.commit(commit_of("acme", opening(ticket("t"))))
        connection.execute("SAVEPOINT host")
        store.commit(step(2, "red"))
        connection.execute("ROLLBACK TO host")
        another.commit(step(2, "blue"))
        store.commit(step(3, "red"))
        found = {state: store.find("acme", Query(Kind.TICKET, {"state": state})).values for state in ("red", "blue")}
        assert [value.version for value in found["red"]] == [3]
        assert not found["blue"]


def test_without_a_transaction_it_says_how_to_begin_one(path):
    with closing(connected(path)) as connection:
        with pytest.raises(InvalidInput, match="BEGIN IMMEDIATE"):
            JoinedSqliteStore(connection)
        connection.execute("BEGIN")
        store = JoinedSqliteStore(connection)
        connection.execute("COMMIT")
        for call in (
            lambda: store.load("acme", []),
            lambda: store.commit(commit_of("acme", opened_ticket("x"))),
            lambda: store.events("acme"),
        ):
            with pytest.raises(InvalidInput, match="is in no transaction"):
                call()
    assert ids(path) == []


def test_the_implicit_transaction_of_the_driver_is_one(path):
    with closing(connected(path, isolation_level="")) as connection:
        with connection:
            connection.execute("INSERT INTO ticket VALUES ('host')")
            opened(connection, "ours")
        with suppress(ZeroDivisionError), connection:
            connection.execute("INSERT INTO ticket VALUES ('host too')")
            opened(connection, "lost")
            raise ZeroDivisionError
        assert own_rows(connection) == ["host"]
    assert ids(path) == ["ours"]


def test_a_transaction_that_read_before_another_wrote_is_a_conflict(path):
    """SQLite cannot let it write (SQLITE_BUSY_SNAPSHOT), however long it waits."""
    with SqliteStore(path, shared=True) as other, transaction(path, "BEGIN DEFERRED") as connection:
        assert own_rows(connection) == []
        other.commit(commit_of("acme", opened_ticket("theirs")))
        with pytest.raises(Conflict) as caught:
            opened(connection, "ours")
        assert caught.value.blockers == (("transaction", str(path)),)
        connection.execute("ROLLBACK")
        connection.execute("BEGIN IMMEDIATE")
        opened(connection, "ours")
        connection.execute("COMMIT")
    assert ids(path) == ["theirs", "ours"]


def test_a_transaction_that_read_while_another_writes_is_a_conflict(path):
    with SqliteStore(path, shared=True), transaction(path) as other:
        other.execute("INSERT INTO ticket VALUES ('theirs')")
        with transaction(path, "BEGIN DEFERRED") as connection:
            assert own_rows(connection) == []
            with pytest.raises(Conflict):
                opened(connection, "ours")


def test_a_table_that_another_connection_has_locked_is_a_conflict():
    """In a cache that connections share, as Django's tests have it, there are locks of tables (SQLITE_LOCKED)."""
    shared = "file:ticketcore-test?mode=memory&cache=shared"
    with transaction(shared, uri=True) as one:
        opened(one, "x")
        one.execute("COMMIT")
        one.execute("BEGIN")
        opened(one, "y")
        with transaction(shared, "BEGIN DEFERRED", uri=True) as other, pytest.raises(Conflict):
            opened(other, "z")


def test_the_hosts_settings_of_the_connection_do_not_matter(path):
    with transaction(path) as connection:
        connection.row_factory = lambda cursor, row: {"row": row}
        store = JoinedSqliteStore(connection)
        store.commit(commit_of("acme", opened_ticket("x"), outbox=[owed("x", 1)]))
        assert store.load("acme", [ticket_ref("x")])[0].number == 1
        assert len(store.claim("acme", ["send"], at(5), at(6), 5)) == 1
        assert len(store.events("acme")) == 1
        connection.text_factory = bytes
        with pytest.raises(InvalidInput) as caught:
            JoinedSqliteStore(connection)
        assert caught.value.field == "connection.text_factory"


def test_a_database_in_memory_may_be_joined():
    with transaction(":memory:") as connection:
        opened(connection, "x")
        connection.execute("COMMIT")
        connection.execute("BEGIN")
        assert JoinedSqliteStore(connection).find("acme", Query(Kind.TICKET)).values[0].id == "x"
        connection.execute("DROP TABLE ticketcore_event")
        with pytest.raises(StoreFailure) as caught:
            opened(connection, "y")
        assert (caught.value.path, caught.value.fault) == (":memory:", StoreFault.CORRUPT)


def test_a_connection_of_another_thread_is_refused_and_left_alone(path):
    with transaction(path) as connection:
        errors = []

        def work():
            try:
                opened(connection, "x")
            except StoreFailure as error:
                errors.append(error.detail)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert "same thread" in errors[0]
        opened(connection, "y")
        connection.execute("COMMIT")
    assert ids(path) == ["y"]


def test_a_full_disk_leaves_the_transaction_to_the_host_or_says_that_it_is_gone(path):
    with transaction(path, "BEGIN") as connection:
        connection.execute("INSERT INTO ticket VALUES ('host')")
        store = JoinedSqliteStore(connection)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")
        done = []

        def grow():
            for i in range(5000):
                done.append(store.commit(commit_of("acme", opened_ticket(f"t{i}"))))

        with pytest.raises(StoreFailure) as caught:
            grow()
        assert caught.value.fault is StoreFault.FULL
        if connection.in_transaction:
            assert own_rows(connection) == ["host"]
            assert len(store.events("acme")) == len(done)
            connection.execute("COMMIT")
            assert own_rows(connection) == ["host"]


def test_a_shared_file_keeps_the_hosts_tables(path):
    with SqliteStore(path, shared=True) as store:
        store.commit(commit_of("acme", opened_ticket("x")))
    with SqliteStore(path) as store, closing(connected(path)) as connection:
        assert len(store.events("acme")) == 1, "once ours are there, it need not be said"
        assert own_rows(connection) == []
        assert connection.execute("PRAGMA user_version").fetchone() == (7,)


@pytest.mark.parametrize("version", [99, 0, "'x'"])
def test_tables_of_another_version_are_refused(path, version):
    with transaction(path) as connection:
        opened(connection, "x")
        connection.execute(f"UPDATE ticketcore_schema SET version = {version}")
        with pytest.raises(StoreFailure) as caught:
            JoinedSqliteStore(connection)
        assert caught.value.fault is (StoreFault.NEWER if version == 99 else StoreFault.CORRUPT)
