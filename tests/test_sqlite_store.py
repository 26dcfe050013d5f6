"""The store in SQLite: the contract of a store, and what is SQLite's own (faults, forks, plans, versions)."""

import itertools
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

import attrs
import pytest
from damage import fault_of, raw
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import Desk, Inbound
from ticketcore.errors import Conflict, InvalidInput, StoreFault
from ticketcore.model import Kind, Ref, UniqueKey
from ticketcore.ports import FIELDS, Cursor, Query
from ticketcore.records import alias_key
from ticketcore.stores import Durability, SqliteStore
from ticketcore.stores.sqlite import query as pages
from ticketcore.stores.sqlite import schema
from ticketcore.stores.sqlite.seen import Seen
from ticketcore.testing import StoreConformance, StoreUnderTest
from ticketcore.testing.concurrency import background
from ticketcore.testing.processes import in_process, in_processes
from ticketcore.testing.samples import (
    agent_ref,
    agent_step,
    commit_of,
    contact_ref,
    contact_step,
    mail,
    opened_ticket,
    opening,
    ticket,
    ticket_ref,
    ticket_step,
    words,
)

SHORT, MINUTE = timedelta(milliseconds=50), timedelta(minutes=1)


class TestSqliteStore(StoreConformance):
    @pytest.fixture
    def under_test(self, tmp_path):
        return StoreUnderTest(
            open=lambda: SqliteStore(tmp_path / "x.db", busy_timeout=MINUTE),
            close=SqliteStore.close,
            before_statement=SqliteStore.trace,
        )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "desk.db"


def filled(path, tickets=1):
    with SqliteStore(path, durability="normal") as store:
        for i in range(tickets):
            store.commit(commit_of("acme", opened_ticket(f"ticket-{i}"), records=[words(f"text-{i}", "x" * 1000)]))


def still_works(store, id="afterwards"):
    store.commit(commit_of("acme", opened_ticket(id)))
    return store.load("acme", [ticket_ref(id)])[0].id == id


def everything(store):
    return store.find("acme", Query(Kind.TICKET, sort="number", limit=1000)), store.events("acme")


# Files that are not ours, or not whole.


@pytest.mark.parametrize(
    "content", [b"Dear Sir or Madam\n" * 400, b"Hello\n", b"\0" * 5000], ids=["long", "short", "0"]
)
def test_a_file_that_is_no_database_is_foreign_and_left_alone(path, content):
    path.write_bytes(content)
    assert fault_of(lambda: SqliteStore(path)) is StoreFault.FOREIGN
    assert path.read_bytes() == content


@pytest.mark.parametrize("statement", ["CREATE TABLE ticket (id)", "CREATE VIEW ticketcores AS SELECT 1"])
def test_another_applications_database_is_foreign_and_left_alone(path, statement):
    with raw(path) as other:
        other.execute(statement)
    before = path.read_bytes()
    assert fault_of(lambda: SqliteStore(path)) is StoreFault.FOREIGN
    assert path.read_bytes() == before


def test_a_newer_version_is_refused_and_left_alone(path):
    filled(path)
    with raw(path) as other:
        other.execute("UPDATE ticketcore_schema SET version = 99")
    before = path.read_bytes()
    assert fault_of(lambda: SqliteStore(path)) is StoreFault.NEWER
    assert path.read_bytes() == before


def test_an_empty_file_is_a_new_store(path):
    path.touch()
    with SqliteStore(path) as store:
        assert still_works(store)


@pytest.mark.parametrize("path", ["", ":memory:"])
def test_a_store_has_a_file(path):
    with pytest.raises(InvalidInput, match="must name a file") as caught:
        SqliteStore(path)
    assert caught.value.field == "SqliteStore.path"


def test_a_directory_is_not_made_and_is_no_file(tmp_path):
    assert fault_of(lambda: SqliteStore(tmp_path / "missing" / "desk.db")) is StoreFault.UNREADABLE
    assert fault_of(lambda: SqliteStore(tmp_path)) is StoreFault.UNREADABLE


def test_a_truncated_file_is_corrupt_and_works_again_once_restored(path):
    filled(path, tickets=30)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    def read():
        with SqliteStore(path) as store:
            everything(store)

    assert fault_of(read) is StoreFault.CORRUPT
    path.write_bytes(whole)
    with SqliteStore(path) as store:
        assert len(store.events("acme")) == 30
        assert still_works(store)


def test_a_garbled_file_is_corrupt(path):
    filled(path, tickets=30)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    assert fault_of(lambda: SqliteStore(path)) is StoreFault.CORRUPT


def test_a_garbled_page_is_corrupt_and_the_rest_is_served(path):
    filled(path)
    with raw(path) as other:
        (page,) = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ticketcore_event'").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * schema.PAGE_SIZE)
        file.write(b"\xa5" * schema.PAGE_SIZE)
    with SqliteStore(path) as store:
        assert fault_of(lambda: store.events("acme", stream=ticket_ref("ticket-0"))) is StoreFault.CORRUPT
        assert fault_of(lambda: store.commit(commit_of("acme", opened_ticket("new")))) is StoreFault.CORRUPT
        assert [value and value.id for value in store.load("acme", [ticket_ref("ticket-0"), ticket_ref("new")])] == [
            "ticket-0",
            None,
        ]


@pytest.mark.parametrize("body", ["'{'", "'[]'", "'{}'", "'7'", "CAST(X'ff' AS TEXT)"])
@pytest.mark.parametrize("table", ["ticket", "event"])
def test_a_body_that_is_not_what_was_written_is_corrupt(path, table, body):
    filled(path, tickets=2)
    with raw(path) as other:
        other.execute(f"UPDATE ticketcore_{table} SET body = {body} WHERE id = 'ticket-0'")
    with SqliteStore(path) as store:
        first, second = ticket_ref("ticket-0"), ticket_ref("ticket-1")
        if table == "ticket":
            assert fault_of(lambda: store.load("acme", [first])) is StoreFault.CORRUPT
            assert fault_of(lambda: store.find("acme", Query(Kind.TICKET))) is StoreFault.CORRUPT
        else:
            assert fault_of(lambda: store.events("acme")) is StoreFault.CORRUPT
            assert fault_of(lambda: store.events("acme", stream=first)) is StoreFault.CORRUPT
        assert store.load("acme", [second])[0].id == "ticket-1"
        assert len(store.events("acme", stream=second)) == 1
        assert still_works(store)


def test_a_missing_table_is_corrupt(path):
    filled(path)
    with raw(path) as other:
        other.execute("DROP TABLE ticketcore_event")
    with SqliteStore(path) as store:
        assert fault_of(lambda: store.events("acme")) is StoreFault.CORRUPT
        assert fault_of(lambda: store.commit(commit_of("acme", opened_ticket("new")))) is StoreFault.CORRUPT
        assert store.load("acme", [ticket_ref("new")]) == (None,)


# A disk that is full, a file that may not be written, a lock that is held.


class Tampered(SqliteStore):
    """Runs a statement on each connection that it opens."""

    statement = "SELECT 1"

    def _prepare(self, connection):
        super()._prepare(connection)
        connection.execute(self.statement)


def grow(store, start):
    for i in range(start, start + 5000):
        store.commit(commit_of("acme", opened_ticket(f"ticket-{i}")))


def test_a_full_database_says_so_and_keeps_what_it_has(path):
    class Small(Tampered):
        statement = "PRAGMA max_page_count = 60"

    with Small(path, durability="normal") as store:
        assert fault_of(lambda: grow(store, 0)) is StoreFault.FULL
        page, events = everything(store)
        assert [value.number for value in page.values] == list(range(1, len(events) + 1))
    with SqliteStore(path) as store:
        assert everything(store) == (page, events)
        assert still_works(store)


def test_a_file_that_may_not_grow_keeps_what_it_has(path):
    def child():
        with SqliteStore(path) as store:
            grow_until_refused(store)

    def grow_until_refused(store):
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
        fault = fault_of(lambda: grow(store, 0))
        before = everything(store)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        assert fault is StoreFault.UNREADABLE
        assert everything(store) == before
        assert still_works(store)

    in_process(child)
    with SqliteStore(path) as store:
        page, events = everything(store)
        assert [value.number for value in page.values] == list(range(1, len(events) + 1))


@pytest.mark.parametrize("directory_too", [False, True])
def test_a_file_that_may_not_be_written_says_so(directory_too):
    def child():
        if os.getuid() == 0:
            os.setuid(65534)  # Root may write anywhere.
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "desk.db"
            filled(path)
            path.chmod(0o444)
            if directory_too:
                os.chmod(directory, 0o555)
            try:
                assert fault_of(lambda: still_works(SqliteStore(path))) is StoreFault.READ_ONLY
            finally:
                os.chmod(directory, 0o755)
            for name in os.listdir(directory):
                os.chmod(Path(directory) / name, 0o644)
            with SqliteStore(path) as store:
                assert len(store.events("acme")) == 1
                assert still_works(store)

    in_process(child)


def test_a_connection_that_may_only_read_says_so(path):
    class ReadOnly(Tampered):
        statement = "PRAGMA query_only = 1"

    filled(path)
    with ReadOnly(path) as store:
        assert fault_of(lambda: still_works(store)) is StoreFault.READ_ONLY
        assert len(store.events("acme")) == 1


def test_a_lock_held_for_too_long_is_busy_and_then_passes(path):
    with SqliteStore(path, busy_timeout=SHORT) as store, raw(path) as other:
        other.execute("BEGIN IMMEDIATE")
        assert fault_of(lambda: still_works(store)) is StoreFault.BUSY
        assert store.events("acme") == ()
        other.execute("ROLLBACK")
        assert still_works(store)


def test_a_commit_within_a_statement_of_another_is_busy_and_both_stay_whole(path):
    with SqliteStore(path, busy_timeout=SHORT) as store:
        faults = []

        def hook():
            store.trace(None)
            faults.append(fault_of(lambda: still_works(store, "inner")))

        store.trace(hook)
        assert still_works(store, "outer")
        assert faults == [StoreFault.BUSY]
        assert still_works(store)


# Durability, versions, life.


@pytest.mark.parametrize(("durability", "synchronous"), [("normal", 1), (Durability.FULL, 2), (None, 2)])
def test_durability_is_in_force_on_every_connection(path, durability, synchronous):
    connections = []

    class Watched(SqliteStore):
        def _prepare(self, connection):
            super()._prepare(connection)
            connections.append(connection)

    arguments = {} if durability is None else {"durability": durability}
    with Watched(path, **arguments) as store:
        barrier = threading.Barrier(2)
        store.trace(lambda: barrier.wait(10))
        threads = [threading.Thread(target=store.events, args=["acme"]) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        store.trace(None)
        assert len(connections) == 2
        for connection in connections:
            assert connection.execute("PRAGMA synchronous").fetchone() == (synchronous,)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("durability", ["extra", "", None, 2])
def test_an_unknown_durability_is_refused(path, durability):
    with pytest.raises(InvalidInput, match="normal, full") as caught:
        SqliteStore(path, durability=durability)
    assert caught.value.field == "SqliteStore.durability"
    assert not path.exists()


def test_the_tenants_are_those_with_a_desk(path):
    with SqliteStore(path) as store:
        assert store.tenants() == ()
        for tenant in ("b", "a"):
            served = Desk(store, tenant=tenant)
            served.receive(Inbound("chat", "shop", "kim", "Hello"))
            served.receive(Inbound("chat", "shop", "lee", "Hello"))
        assert store.tenants() == ("a", "b")


def test_a_closed_store_leaves_one_file_and_opens_again(path):
    with SqliteStore(path) as store:
        assert still_works(store)
    assert os.listdir(path.parent) == [path.name]
    assert still_works(store, "again")
    store.close()


def test_a_forgotten_store_closes_its_file(path):
    SqliteStore(path)
    assert os.listdir(path.parent) == [path.name]


def test_the_fields_of_version_1():
    """Change ``ports.FIELDS`` and existing files need a step in ``schema.STEPS``: write it, then this."""
    assert len(schema.STEPS) == 0
    assert {
        kind.value: fields.equal + fields.order + fields.several + fields.plain for kind, fields in FIELDS.items()
    } == {
        "configuration": (),
        "contact": ("organisation",),
        "conversation": ("contact",),
        "message": ("ticket", "conversation", "received_at"),
        "text": (),
        "ticket": (
            *("state", "queue", "assignee", "contact"),
            *("number", "waiting_since", "queued_since", "priority", "updated_at"),
            *("tag", "service", "order", "account", "channel", "opened_at"),
        ),
        "agent": (),
        "idempotency_key": (),
        "clock": (),
        "organisation": (),
        "quarantine": ("fate", "ticket", "held_at"),
        "tally": (),
    }


def columns(path):
    with raw(path) as other:
        (version,) = other.execute("SELECT version FROM ticketcore_schema").fetchone()
        return version, [name for _, name, *_ in other.execute("PRAGMA table_info(ticketcore_counter)")]


def test_an_older_file_goes_through_the_steps_that_it_lacks(path, monkeypatch):
    def step(connection):
        connection.execute("ALTER TABLE ticketcore_counter ADD COLUMN fresh INTEGER")

    def broken(connection):
        connection.execute("ALTER TABLE ticketcore_counter ADD COLUMN half INTEGER")
        connection.execute("no SQL")

    filled(path)
    before = columns(path)[1]
    monkeypatch.setattr(schema, "STEPS", (step, broken))
    assert fault_of(lambda: SqliteStore(path)) is StoreFault.CORRUPT
    assert columns(path) == (2, [*before, "fresh"]), "each step is there whole or not at all"
    monkeypatch.setattr(schema, "STEPS", (step,))
    with SqliteStore(path) as store:
        assert still_works(store)
    assert columns(path) == (2, [*before, "fresh"]), "a step is gone once"


def test_a_new_file_needs_no_steps(path, monkeypatch):
    monkeypatch.setattr(schema, "STEPS", (lambda connection: connection.execute("no SQL"),))
    with SqliteStore(path) as store:
        assert still_works(store)
    assert columns(path)[0] == 2


def test_many_processes_make_the_same_file_at_once(tmp_path):
    def work(own):
        def run():
            for i in range(8):
                with SqliteStore(tmp_path / f"{i}.db", durability="normal") as store:
                    store.commit(commit_of("acme", opened_ticket(f"ticket-{own}")))

        return run

    in_processes([work(own) for own in range(4)])
    for i in range(8):
        with SqliteStore(tmp_path / f"{i}.db") as store:
            assert len(store.events("acme")) == 4


def test_agents_and_configurations_are_decoded_once(path):
    with SqliteStore(path) as store:
        store.commit(commit_of("acme", agent_step("ana", 1)))
        one, two = (store.load("acme", [Ref(Kind.AGENT, "ana")])[0] for _ in range(2))
        assert one is two


@pytest.mark.slow
@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=6), max_size=5))
def test_events_that_stand_in_one_row_are_events_of_their_own(commits):
    """Whatever streams a commit's events are of, and whether or not their versions skip some."""
    with tempfile.TemporaryDirectory() as folder, SqliteStore(f"{folder}/desk.db", durability="normal") as store:
        versions, written = dict.fromkeys("abc", 0), []
        for n, commit in enumerate(commits):
            changes = []
            for id, skips in commit:
                versions[id] += 1 + skips
                changes.append(agent_step(id, versions[id], mark=n))
            committed = store.commit(attrs.evolve(commit_of("acme", *changes), records=()))
            first = committed.position - len(changes) + 1
            written += [attrs.evolve(event, position=first + i) for i, (_, event) in enumerate(changes)]
        assert store.events("acme") == tuple(written)
        for after, limit in itertools.product((0, *(item.position for item in written)), (None, 0, 1, 2, 5)):
            past = [item for item in written if item.position > after]
            assert list(store.events("acme", after, limit=limit)) == past[:limit]
            for id in "abc":
                own = [item for item in past if item.stream.id == id]
                assert list(store.events("acme", after, agent_ref(id), limit)) == own[:limit]
        for item in written:
            with pytest.raises(Conflict):
                store.commit(attrs.evolve(commit_of("acme"), events=(attrs.evolve(item, position=0),)))


def test_what_a_commit_adds_to_a_stream_is_one_row(path):
    with SqliteStore(path) as store:
        changes = [
            agent_step(id, version) for id, version in (("ana", 1), ("ana", 2), ("bo", 1), ("ana", 3), ("ana", 5))
        ]
        store.commit(attrs.evolve(commit_of("acme", *changes), records=()))
        store.commit(commit_of("acme", agent_step("bo", 2, expected=0)))
    with raw(path) as other:
        rows = other.execute("SELECT position, id, version, events FROM ticketcore_event ORDER BY position").fetchall()
    assert rows == [(2, "ana", 2, 2), (3, "bo", 1, 1), (4, "ana", 3, 1), (5, "ana", 5, 1), (6, "bo", 2, 1)]


def test_what_an_instance_remembers_of_its_writes_gives_way_to_what_others_wrote(path):
    """Both write the same ticket in turn, each remembering what it wrote last."""
    with SqliteStore(path) as one, SqliteStore(path) as two:
        one.commit(commit_of("acme", opening(ticket("t"))))
        for version, store in enumerate([two, two, one, one, two, one], 2):
            value = ticket("t", version, number=1, state=f"state-{version % 2}", queue="q" if version % 3 else None)
            store.commit(commit_of("acme", ticket_step(value)))
            for reader in (one, two, one, two):
                assert reader.find("acme", Query(Kind.TICKET)).values == (value,)
                assert reader.load("acme", [ticket_ref("t")]) == (value,)
            for state in ("state-0", "state-1"):
                found = store.find("acme", Query(Kind.TICKET, where={"state": state})).values
                assert [each.version for each in found] == ([version] if state == value.state else [])
            found = one.find("acme", Query(Kind.TICKET, sort="queued_since")).values
            assert bool(found) == bool(value.queue)
        positions = [item.position for item in one.events("acme")]
        assert positions == list(range(1, 8))


# Forks.

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


@forks
def test_what_a_forked_child_commits_outlives_the_parents_connections(path):
    """With a connection open across the fork, SQLite loses what the child commits after the parent's close."""
    with SqliteStore(path) as store:
        assert still_works(store, "parent")
        ready, go = os.pipe(), os.pipe()

        def child():
            still_works(store, "child-1")
            os.write(ready[1], b".")
            os.read(go[0], 1)
            still_works(store, "child-2")

        def parent():
            os.read(ready[0], 1)
            store.close()
            os.write(go[1], b".")

        thread = threading.Thread(target=parent)
        thread.start()
        in_process(child)
        thread.join()
        for end in (*ready, *go):
            os.close(end)
        ids = [item.stream.id for item in store.events("acme")]
        assert ids == ["parent", "child-1", "child-2"]


def statements(store, work):
    """How many statements the work is."""
    count = 0

    def hook():
        nonlocal count
        count += 1

    store.trace(hook)
    work()
    store.trace(None)
    return count


def test_what_an_instance_wrote_last_it_need_not_read_to_write_again(path):
    def written(store, version):
        return statements(store, lambda: store.commit(commit_of("acme", agent_step("ana", version))))

    with SqliteStore(path) as store, SqliteStore(path) as another:
        assert another.events("acme") == ()
        for name in ("ana", "bo"):
            store.commit(commit_of("acme", agent_step(name, 1)))
        remembered, read, read_again = written(store, 2), written(another, 3), written(store, 4)
        assert remembered + 1 == read == read_again


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from("abcde")), max_size=12),
    st.integers(1, 6),
    st.booleans(),
)
def test_a_page_of_agents_is_what_is_stored_whoever_wrote_it(writes, limit, descending):
    """Two instances write agents; each page, read by both after every write, is that of an instance that knows none."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/desk.db"
        with SqliteStore(path, durability="normal") as one, SqliteStore(path, durability="normal") as two:
            versions = dict.fromkeys("abcde", 0)
            for first, id in writes:
                versions[id] += 1
                (one if first else two).commit(commit_of("acme", agent_step(id, versions[id])))
                after = None
                while True:
                    query = Query(Kind.AGENT, descending=descending, limit=limit, after=after)
                    with SqliteStore(path) as fresh:
                        page = fresh.find("acme", query)
                    assert one.find("acme", query) == two.find("acme", query) == one.find("acme", query) == page
                    if (after := page.next) is None:
                        break


def test_agents_that_an_instance_knows_are_not_read_again(path):
    everyone = Query(Kind.AGENT)
    with SqliteStore(path) as store, SqliteStore(path) as another:
        store.commit(commit_of("acme", *(agent_step(id, 1) for id in "abc")))

        def found(store):
            return statements(store, lambda: store.find("acme", everyone))

        assert [found(store), found(store)] == [2, 1]
        assert [found(another) for _ in range(4)] == [3, 2, 1, 1]
        store.commit(commit_of("acme", agent_step("b", 2)))
        assert found(store) == 1
        assert [found(another) for _ in range(3)] == [3, 2, 1]
        assert found(store) == 1


def test_what_no_other_connection_can_have_changed_is_not_asked_for(path):
    refs = [Ref(Kind.AGENT, id) for id in "ab"]

    def loaded(store):
        return statements(store, lambda: store.load("acme", refs))

    with SqliteStore(path) as store, SqliteStore(path) as another:
        store.commit(commit_of("acme", *(agent_step(id, 1) for id in "ab")))
        everything, nothing = loaded(another), loaded(another)
        assert everything == nothing + 2
        assert [loaded(store), loaded(store)] == [everything, nothing]
        store.commit(commit_of("acme", agent_step("a", 2)))
        assert [loaded(store), loaded(another), loaded(another)] == [nothing, everything, nothing]
        with pytest.raises(Conflict):
            store.commit(commit_of("acme", agent_step("a", 2)))
        assert [loaded(store), loaded(store)] == [everything, nothing]


def test_what_is_not_there_is_asked_for_once_until_somebody_may_have_written_it(path):
    def loaded(store, id):
        values = []
        count = statements(store, lambda: values.extend(store.load("acme", [agent_ref(id), agent_ref("a")])))
        return count, values[0] and values[0].version

    with SqliteStore(path) as store, SqliteStore(path) as another:
        store.commit(commit_of("acme", agent_step("a", 1)))
        (asked, missing), (asked_again, still_missing) = loaded(store, "b"), loaded(store, "b")
        assert (asked, missing, still_missing) == (asked_again + 2, None, None)
        another.commit(commit_of("acme", agent_step("b", 1)))
        assert loaded(store, "b")[1] == 1
        assert loaded(store, "c")[1] is None
        store.commit(commit_of("acme", agent_step("c", 1)))
        assert loaded(store, "c")[1] == 1


def test_another_connection_of_the_instance_does_not_rely_on_what_the_first_one_knew(path):
    """Each counts what others wrote in its own way, so that equal counts say nothing."""
    with SqliteStore(path) as store, SqliteStore(path) as another:
        store.commit(commit_of("acme", agent_step("ana", 1)))
        store.load("acme", [agent_ref("ana")])
        another.commit(commit_of("acme", agent_step("ana", 2)))
        loaded = []

        def load_beside():
            store.trace(None)
            reader = threading.Thread(target=lambda: loaded.extend(store.load("acme", [agent_ref("ana")])))
            reader.start()
            reader.join()

        store.trace(load_beside)
        store.events("acme")
        assert [value.version for value in (*loaded, *store.load("acme", [agent_ref("ana")]))] == [2, 2]


def test_an_error_that_is_dropped_while_its_connection_waits_to_write_holds_nobody_up(path):
    """An error keeps the cursor that it arose on.  Were that open, whoever drops it would wait for the connection."""
    with SqliteStore(path, busy_timeout=timedelta(seconds=5)) as store, raw(path) as other:
        store.commit(commit_of("acme", agent_step("ana", 1)))
        try:
            store.commit(commit_of("acme", agent_step("ana", 1)))
        except Conflict as error:
            kept = [error]
        other.execute("BEGIN IMMEDIATE")
        waiting = background(lambda: store.commit(commit_of("acme", agent_step("ana", 2))))
        time.sleep(0.2)  # It waits for the lock now, on the connection that the first commit had.
        kept.clear()
        other.execute("ROLLBACK")
        waiting.result(MINUTE.total_seconds())


def test_whose_a_key_is_need_not_be_asked_twice(path):
    key = alias_key(mail("bob@example.org"))

    def load(store):
        return statements(store, lambda: answers.append(store.load("acme", [key])[0]))

    with SqliteStore(path) as store, SqliteStore(path) as another:
        answers = []
        unknown = [load(another), load(another)]
        store.commit(commit_of("acme", contact_step("bob", 1, "bob@example.org")))
        assert load(store) + 1 == load(another) == unknown[0] + 1 == unknown[1] + 1
        assert load(another) == load(store)
        assert [answer and answer.id for answer in answers] == [None, None, *["bob"] * 4]
        assert another.load("other", [key]) == (None,)


def test_an_instance_remembers_some_thousand_records_and_no_texts():
    connection = sqlite3.connect(":memory:")
    seen = Seen()
    records = [agent_step(f"agent-{i}", 1)[0] for i in range(20_000)]
    for start in range(0, len(records), 7):
        seen.wrote(connection, "acme", (*records[start : start + 7], words(f"text-{start}")))
        assert seen.held("acme", Kind.TEXT, f"text-{start}")[0] == 0
    seen.read("acme", Kind.TEXT, "text", (1, words("text").value, None, 1))
    assert seen.held("acme", Kind.TEXT, "text")[0] == 0
    known = [seen.held("acme", Kind.AGENT, record.id)[0] == 1 for record in records]
    assert 2000 < sum(known) <= 4096
    assert known == sorted(known), "the last ones"
    for record in records:
        seen.read("other", Kind.AGENT, record.id, (1, record.value, None, 1))
    assert 2000 < sum(seen.held("other", Kind.AGENT, record.id)[0] for record in records) <= 4096
    keys = [alias_key(mail(f"{i}@example.org")) for i in range(20_000)]
    for i in range(10_000):
        seen.wrote(connection, "acme", (contact_step(f"contact-{i}", 1, f"{i}@example.org")[0],))
    for i, key in enumerate(keys[10_000:], 10_000):
        seen.read_holder("acme", key, contact_ref(f"contact-{i}"))
        if i in (10_000, 19_999):
            known = [j for j, key in enumerate(keys) if seen.holder("acme", key) == contact_ref(f"contact-{j}")]
            assert 2000 < len(known) <= 4096
            assert known == list(range(i + 1 - len(known), i + 1)), "the last ones"
    assert seen.holder("other", keys[-1]) is None
    pages = [("acme", Kind.AGENT, None, False, limit) for limit in range(20_000)]
    for name in pages:
        seen.read_page(name, connection, ("ana",))
    assert 2000 < sum(seen.page(name, connection) is not None for name in pages) <= 4096
    seen.read("acme", Kind.AGENT, "agent-0", (1, records[0].value, None, 1))
    assert seen.held("acme", Kind.AGENT, "agent-0") == (1, records[0].value, None, 1)
    assert seen.held("another", Kind.AGENT, "agent-0")[0] == 0


def test_a_store_that_was_closed_may_find_another_file(path):
    with SqliteStore(path) as store:
        store.commit(commit_of("acme", opening(ticket("t"))))
        store.close()
        opened = path.read_bytes()
        later = []
        for state in ("open", "solved"):
            path.write_bytes(opened)
            changed = ticket("t", 2, number=1, state=state)
            store.commit(commit_of("acme", ticket_step(changed)))
            store.close()
            later.append((path.read_bytes(), changed))
        for content, changed in later:
            path.write_bytes(content)
            assert store.load("acme", [ticket_ref("t")]) == (changed,)
            store.close()
        for id in ("bob", "eve"):
            path.write_bytes(opened)
            store.commit(commit_of("acme", contact_step(id, 1, "info@example.org")))
            store.close()
            later.append((path.read_bytes(), id))
        for content, id in later[2:]:
            path.write_bytes(content)
            (found,) = store.load("acme", [alias_key(mail("info@example.org"))])
            assert found.id == id
            store.close()


@forks
def test_forks_while_threads_commit(path):
    with SqliteStore(path, durability="normal") as store:
        stop = threading.Event()
        done, failed = [], []

        def work(own):
            count = 0
            try:
                while not stop.is_set():
                    store.commit(commit_of("acme", opened_ticket(f"ticket-{own}-{count}")))
                    store.events("acme", limit=5)
                    done.append(f"ticket-{own}-{count}")
                    count += 1
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=work, args=[own]) for own in range(8)]
        for thread in threads:
            thread.start()
        try:
            for i in range(6):
                in_process(lambda i=i: still_works(store, f"child-{i}"))
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert not failed
        events = store.events("acme")
        assert [item.position for item in events] == list(range(1, len(events) + 1))
        assert sorted(item.stream.id for item in events) == sorted([*done, *(f"child-{i}" for i in range(6))])


@forks
def test_a_fork_in_the_middle_of_a_transaction_leaves_the_parent_whole_and_the_child_refused(path):
    """SQLite's locks are wrong in such a child, whatever it opens: better refused than lost."""
    with SqliteStore(path) as store:

        def child():
            assert fault_of(lambda: store.events("acme")) is StoreFault.UNREADABLE
            assert fault_of(lambda: SqliteStore(path)) is StoreFault.UNREADABLE

        count = 0

        def hook():
            nonlocal count
            count += 1
            if count == 3:
                in_process(child)

        store.trace(hook)
        assert still_works(store, "whole")
        store.trace(None)
        assert count > 3
        assert still_works(store)


@forks
def test_a_fork_waits_no_longer_than_the_busy_timeout_for_another_thread(path):
    with SqliteStore(path, busy_timeout=SHORT) as store:
        inside, forked = threading.Event(), threading.Event()

        def hook():
            inside.set()
            forked.wait(10)

        store.trace(hook)
        thread = threading.Thread(target=still_works, args=[store, "whole"])
        thread.start()
        inside.wait(10)
        in_process(lambda: fault_of(lambda: store.events("acme")))
        forked.set()
        thread.join()
        store.trace(None)
        assert [item.stream.id for item in store.events("acme")] == ["whole"]


# Plans.


def plan(path, query):
    with raw(path) as other:
        return [
            row[-1]
            for statement, parameters in pages.statements("acme", query)
            for row in other.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


TICKETS = [
    ({"queue": ("a", "b")}, "queued_since", ["ticketcore_ticket_queued_since"]),
    ({"queue": "a", "state": "open"}, "queued_since", ["ticketcore_ticket_queued_since"]),
    ({}, "queued_since", ["ticketcore_ticket_queued_since"]),
    ({"assignee": "ana"}, "waiting_since", ["ticketcore_ticket_waiting_since"]),
    ({}, "number", ["ticketcore_ticket_number"]),
    ({"state": "open"}, "number", ["ticketcore_ticket_state"]),
    ({"state": ("new", "open", "open")}, "number", ["ticketcore_ticket_state"] * 2),
    ({"state": ("new", "open"), "contact": "bob"}, "number", ["ticketcore_ticket_contact"]),
    ({"contact": "bob"}, "number", ["ticketcore_ticket_contact"]),
    ({"assignee": None}, "number", ["ticketcore_ticket_assignee"]),
]


@pytest.mark.parametrize("after", [None, Cursor(5, "t")])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(("where", "sort", "indexes"), TICKETS)
def test_pages_of_tickets_come_from_an_index_in_its_order(path, where, sort, indexes, descending, after):
    filled(path)
    steps = plan(path, Query(Kind.TICKET, where=where, sort=sort, descending=descending, after=after))
    assert len(steps) == len(indexes), f"one walk each, without sorting: {steps}"
    for step, index in zip(steps, indexes, strict=True):
        assert step.startswith(f"SEARCH t USING INDEX {index} (tenant=?")


def test_a_condition_without_an_order_is_found_by_its_index(path):
    filled(path)
    assert plan(path, Query(Kind.TICKET, where={"contact": "bob"}))[0].startswith(
        "SEARCH t USING INDEX ticketcore_ticket_contact (tenant=? AND contact=?"
    )
    assert plan(path, Query(Kind.TICKET)) == ["SEARCH t USING INDEX sqlite_autoindex_ticketcore_ticket_1 (tenant=?)"]


@pytest.mark.parametrize("after", [None, Cursor(5, "t")])
@pytest.mark.parametrize("sort", ["number", "updated_at", "priority"])
def test_tagged_tickets_come_from_the_index_of_their_order_without_sorting(path, sort, after):
    filled(path)
    first = plan(path, Query(Kind.TICKET, {"tag": "vip"}, sort, after=after))[0]
    assert first.startswith(f"SEARCH t USING INDEX ticketcore_ticket_{sort} (tenant=?")


@pytest.mark.parametrize("sort", ["queued_since", "waiting_since"])
def test_a_page_of_waiting_tickets_does_not_look_at_closed_ones(path, sort):
    def steps(store):
        """How many steps SQLite's machine takes for the page."""
        count = 0

        def step():
            nonlocal count
            count += 1

        with raw(path) as other:
            other.set_progress_handler(step, 1)
            query = Query(Kind.TICKET, where={"queue": ("a", "b")}, sort=sort)
            assert len(pages.rows(other.cursor(), "acme", query)) == 20
        return count

    with SqliteStore(path, durability="normal") as store:
        waiting = [opening(ticket(f"w{i}", queue="ab"[i % 2], queued=i, waiting=i)) for i in range(20)]
        store.commit(commit_of("acme", *waiting))
        few = steps(store)
        closed = [opening(ticket(f"c{i}", queue="ab"[i % 2], state="closed", assignee="ana")) for i in range(1000)]
        store.commit(commit_of("acme", *closed))
        assert steps(store) <= few + 10


# Whoever looks for what is not there, and a call that is not SQLite's fault.


def test_texts_that_no_database_holds_leave_the_store_usable(path):
    with SqliteStore(path) as store:
        with pytest.raises(UnicodeEncodeError):
            store.load("acme", [Ref(Kind.TICKET, "\ud800"), UniqueKey("alias", "x")])
        assert still_works(store)


def test_works_without_threads_or_forks_in_a_fresh_interpreter(path):
    """Nothing but what the module itself imports is needed to open a store and leave it at the end."""
    program = f"from ticketcore.stores import SqliteStore\nstore = SqliteStore({str(path)!r})\nprint(store.events('a'))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("()\n", "")
