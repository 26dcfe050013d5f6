"""Blobs in SQLite: the contract of a blob store, and what is SQLite's own (files, locks, forks, damage)."""

import os
import resource
import tempfile
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from damage import fault_of, raw

from ticketcore.errors import InvalidInput, StoreFailure, StoreFault
from ticketcore.model import Blob
from ticketcore.stores import Durability, SqliteBlobs, SqliteStore
from ticketcore.testing import BlobStoreConformance, BlobStoreUnderTest
from ticketcore.testing.processes import in_process, in_processes
from ticketcore.testing.samples import commit_of, opened_ticket, ticket_ref

SMALL = 2 * 2**20
SHORT = timedelta(milliseconds=50)
PICTURE = b"picture" * 1000
BLOB = Blob.of(PICTURE)


def tamper(path, content, blob=BLOB):
    with raw(path) as other:
        other.execute(f"UPDATE ticketcore_blob SET content = {content} WHERE sha256 = ?", (blob.sha256,))


class TestSqliteBlobs(BlobStoreConformance):
    @pytest.fixture
    def under_test(self, tmp_path):
        return BlobStoreUnderTest(
            open=lambda: SqliteBlobs(tmp_path / "x.db", max_size=SMALL),
            close=SqliteBlobs.close,
            max_size=SMALL,
            damage=lambda _, blob: tamper(tmp_path / "x.db", "substr(content, 1, 500) || X'00'", blob),
        )


class TestSqliteBlobsInTheFileOfAStore(BlobStoreConformance):
    @pytest.fixture
    def under_test(self, tmp_path):
        SqliteStore(tmp_path / "x.db").close()
        return BlobStoreUnderTest(
            open=lambda: SqliteBlobs(tmp_path / "x.db", max_size=SMALL),
            close=SqliteBlobs.close,
            max_size=SMALL,
            damage=lambda _, blob: tamper(tmp_path / "x.db", "zeroblob(length(content))", blob),
        )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "blobs.db"


def still_works(blobs, content=PICTURE):
    return blobs.get(blobs.put(content)) == content


def digests(path):
    with raw(path) as other:
        return sorted(digest for (digest,) in other.execute("SELECT sha256 FROM ticketcore_blob"))


# Files.


@pytest.mark.parametrize("first", [SqliteStore, SqliteBlobs])
def test_tickets_and_blobs_share_a_file_whichever_was_first(path, first):
    first(path).close()
    for i in range(2):
        with SqliteBlobs(path) as blobs, SqliteStore(path) as store:
            store.commit(commit_of("acme", opened_ticket(f"ticket-{i}")))
            assert still_works(blobs, b"%d" % i)
            assert len(store.events("acme")) == i + 1
    with SqliteStore(path) as store, SqliteBlobs(path) as blobs:
        assert [value.id for value in store.load("acme", [ticket_ref("ticket-0"), ticket_ref("ticket-1")])] == [
            "ticket-0",
            "ticket-1",
        ]
        assert [blobs.get(Blob.of(b"%d" % i)) for i in range(2)] == [b"0", b"1"]


@pytest.mark.parametrize("content", [b"Dear Sir or Madam\n" * 400, b"Hello\n"], ids=["long", "short"])
def test_a_file_that_is_no_database_is_foreign_and_left_alone(path, content):
    path.write_bytes(content)
    assert fault_of(lambda: SqliteBlobs(path)) is StoreFault.FOREIGN
    assert path.read_bytes() == content


def test_a_file_of_the_host_is_foreign_unless_it_is_shared(path):
    with raw(path) as host:
        host.execute("CREATE TABLE invoice (id)")
    before = path.read_bytes()
    assert fault_of(lambda: SqliteBlobs(path)) is StoreFault.FOREIGN
    assert path.read_bytes() == before
    with SqliteBlobs(path, shared=True) as blobs:
        assert still_works(blobs)
    with SqliteBlobs(path) as blobs, raw(path) as host:
        assert blobs.get(BLOB) == PICTURE
        assert host.execute("SELECT count(*) FROM invoice").fetchone() == (0,)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"path": ""}, "path"),
        ({"path": ":memory:"}, "path"),
        ({"max_size": -1}, "max_size"),
        ({"max_size": True}, "max_size"),
        ({"max_size": "1"}, "max_size"),
        ({"max_size": 10**9}, "max_size"),
        ({"durability": "extra"}, "durability"),
        ({"durability": None}, "durability"),
    ],
)
def test_what_cannot_be_used_is_named(path, arguments, field):
    with pytest.raises(InvalidInput) as refused:
        SqliteBlobs(**{"path": path, **arguments})
    assert refused.value.field == f"SqliteBlobs.{field}"
    assert not path.exists()


def test_a_directory_is_not_made_and_is_no_file(tmp_path):
    assert fault_of(lambda: SqliteBlobs(tmp_path / "missing" / "blobs.db")) is StoreFault.UNREADABLE
    assert fault_of(lambda: SqliteBlobs(tmp_path)) is StoreFault.UNREADABLE


def test_a_lower_limit_takes_nothing_away(path):
    with SqliteBlobs(path) as blobs:
        blobs.put(PICTURE)
    with SqliteBlobs(path, max_size=0) as blobs:
        assert blobs.get(BLOB) == PICTURE


def test_closed_it_leaves_one_file_and_opens_again(path):
    with SqliteBlobs(path) as blobs:
        assert still_works(blobs)
    assert os.listdir(path.parent) == [path.name]
    assert blobs.get(BLOB) == PICTURE
    blobs.close()


def test_many_processes_make_the_same_file_at_once(tmp_path):
    def work(own):
        def run():
            for i in range(8):
                with SqliteBlobs(tmp_path / f"{i}.db", durability="normal") as blobs:
                    assert still_works(blobs)
                    assert still_works(blobs, b"%d" % own)

        return run

    in_processes([work(own) for own in range(4)])
    for i in range(8):
        assert len(digests(tmp_path / f"{i}.db")) == 5


@pytest.mark.parametrize(("durability", "synchronous"), [("normal", 1), (Durability.FULL, 2), (None, 2)])
def test_durability_and_patience_are_in_force(path, durability, synchronous):
    connections = []

    class Watched(SqliteBlobs):
        def _connect(self):
            connections.append(super()._connect())
            return connections[-1]

    with Watched(path, busy_timeout=SHORT, **({} if durability is None else {"durability": durability})):
        for connection in connections:
            assert connection.execute("PRAGMA busy_timeout").fetchone() == (50,)
            assert connection.execute("PRAGMA synchronous").fetchone() == (synchronous,)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connections


# Damage.


@pytest.mark.parametrize("content", ["X''", "X'00'", "'text'", "7", "CAST(X'ff' AS TEXT)", "content || X'ff'"])
def test_other_content_is_damage_and_is_not_quoted(path, content):
    with SqliteBlobs(path) as blobs:
        blobs.put(PICTURE)
        tamper(path, content)
        with pytest.raises(StoreFailure) as caught:
            blobs.get(BLOB)
        assert caught.value.fault is StoreFault.CORRUPT
        assert "picture" not in caught.value.detail
        assert still_works(blobs)
    assert digests(path) == [BLOB.sha256]


def test_a_truncated_file_is_corrupt_and_works_again_once_restored(path):
    with SqliteBlobs(path) as blobs:
        for i in range(50):
            blobs.put(PICTURE + b"%d" % i)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    def read():
        with SqliteBlobs(path) as blobs:
            for i in range(50):
                blobs.get(Blob.of(PICTURE + b"%d" % i))

    assert fault_of(read) is StoreFault.CORRUPT
    path.write_bytes(whole)
    read()


def test_a_table_that_is_not_ours_is_corrupt(path):
    with raw(path) as other:
        other.execute("CREATE TABLE ticketcore_blob (id)")
    with SqliteBlobs(path) as blobs:
        assert fault_of(lambda: blobs.put(PICTURE)) is StoreFault.CORRUPT


def test_no_content_at_all_is_corrupt(path):
    with raw(path) as other:
        other.execute("CREATE TABLE ticketcore_blob (sha256 TEXT PRIMARY KEY, content)")
        other.execute("INSERT INTO ticketcore_blob VALUES (?, NULL)", (BLOB.sha256,))
    with SqliteBlobs(path) as blobs:
        assert fault_of(lambda: blobs.get(BLOB)) is StoreFault.CORRUPT
        assert still_works(blobs)


# A disk that is full, a file that may not be written, a lock that is held.


def test_a_full_database_says_so_and_keeps_what_it_has(path):
    class Tiny(SqliteBlobs):
        def _connect(self):
            connection = super()._connect()
            connection.execute("PRAGMA max_page_count = 10")
            return connection

    with Tiny(path) as blobs:
        blobs.put(PICTURE)
        assert fault_of(lambda: blobs.put(PICTURE * 10)) is StoreFault.FULL
        assert blobs.get(BLOB) == PICTURE
    with SqliteBlobs(path) as blobs:
        assert digests(path) == [BLOB.sha256]
        assert still_works(blobs, PICTURE * 10)


def test_a_file_that_may_not_grow_keeps_what_it_has(path):
    def child():
        with SqliteBlobs(path) as blobs:
            blobs.put(PICTURE)
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
            assert fault_of(lambda: blobs.put(PICTURE * 100)) is StoreFault.UNREADABLE
            assert blobs.get(BLOB) == PICTURE
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            assert still_works(blobs, PICTURE * 100)

    in_process(child)
    assert digests(path) == sorted([BLOB.sha256, Blob.of(PICTURE * 100).sha256])


def test_a_file_that_may_not_be_written_says_so():
    def child():
        if os.getuid() == 0:
            os.setuid(65534)  # Root may write anywhere.
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "blobs.db"
            with SqliteBlobs(path) as blobs:
                blobs.put(PICTURE)
            path.chmod(0o444)
            assert fault_of(lambda: SqliteBlobs(path).put(b"another")) is StoreFault.READ_ONLY
            for name in os.listdir(directory):
                (Path(directory) / name).chmod(0o644)
            with SqliteBlobs(path) as blobs:
                assert blobs.get(BLOB) == PICTURE
                assert still_works(blobs, b"another")

    in_process(child)


def test_a_lock_held_for_too_long_stops_only_what_is_new(path):
    with SqliteBlobs(path, busy_timeout=SHORT) as blobs, raw(path) as other:
        blobs.put(PICTURE)
        other.execute("BEGIN IMMEDIATE")
        assert fault_of(lambda: blobs.put(b"another")) is StoreFault.BUSY
        assert blobs.put(PICTURE) == BLOB
        assert blobs.get(BLOB) == PICTURE
        other.execute("ROLLBACK")
        assert still_works(blobs, b"another")


def test_another_thread_that_writes_for_too_long_is_told_too(path):
    with SqliteBlobs(path, busy_timeout=SHORT) as blobs:
        with blobs._writing:
            assert fault_of(lambda: blobs.put(PICTURE)) is StoreFault.BUSY
        assert still_works(blobs)


# Forks.

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


@forks
def test_what_a_forked_child_puts_outlives_the_parents_connections(path):
    """With a connection open across the fork, SQLite loses what the child writes after the parent's close."""
    with SqliteBlobs(path) as blobs, SqliteStore(path) as store:
        assert still_works(blobs, b"parent")
        ready, go = os.pipe(), os.pipe()

        def child():
            blobs.put(b"child-1")
            os.write(ready[1], b".")
            os.read(go[0], 1)
            blobs.put(b"child-2")

        def parent():
            os.read(ready[0], 1)
            blobs.close()
            store.close()
            os.write(go[1], b".")

        thread = threading.Thread(target=parent)
        thread.start()
        in_process(child)
        thread.join()
        for end in (*ready, *go):
            os.close(end)
        for content in (b"parent", b"child-1", b"child-2"):
            assert blobs.get(Blob.of(content)) == content


@forks
def test_forks_while_threads_put(path):
    with SqliteBlobs(path, durability="normal") as blobs:
        stop = threading.Event()
        done, failed = [], []

        def work(own):
            try:
                for i in range(10_000):
                    if stop.is_set():
                        return
                    content = b"%d %d" % (own, i)
                    assert still_works(blobs, content)
                    done.append(content)
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=work, args=[own]) for own in range(8)]
        for thread in threads:
            thread.start()
        try:
            for i in range(6):
                in_process(lambda i=i: still_works(blobs, b"child %d" % i))
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert not failed
        assert digests(path) == sorted(Blob.of(each).sha256 for each in [*done, *(b"child %d" % i for i in range(6))])
