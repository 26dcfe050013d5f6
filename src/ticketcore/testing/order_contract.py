"""The one order of events: a reader past a position never later meets an event at or before it."""

import time
from collections.abc import Callable
from functools import partial

import attrs
import pytest

from ticketcore.model import Kind, Ref, Stream
from ticketcore.ports import Commit, Recorded, Store
from ticketcore.testing.concurrency import PATIENCE, in_threads, stopped_everywhere
from ticketcore.testing.processes import in_processes
from ticketcore.testing.samples import agent_ref, agent_step, at, commit_of, words
from ticketcore.testing.under_test import AnyStoreUnderTest, StoreSuite, new_tenant, opened

WRITERS = 3
"""How many write at once."""

COMMITS = 20
"""How many commits each of them makes."""

LARGE = 25
"""How many events a large commit has."""

Entry = tuple[int, Stream, int]
"""Where an event stands in the order, and which one it is."""


def entries(events: tuple[Recorded, ...]) -> list[Entry]:
    """The events without what they say."""
    return [(item.position, item.stream, item.version) for item in events]


def follow(under_test: AnyStoreUnderTest, tenant: str) -> list[Entry]:
    """Read on from the last position until all writers are done, in pages of any size."""
    done = [Ref(Kind.TEXT, f"done-{own}") for own in range(WRITERS)]
    seen: list[Entry] = []
    position = 0
    until = time.monotonic() + PATIENCE
    with opened(under_test) as store:
        while time.monotonic() < until:
            finished = None not in store.load(tenant, done)
            batch = store.events(tenant, position, limit=(None, 1, 10)[len(seen) % 3])
            seen += entries(batch)
            if batch:
                position = batch[-1].position
            elif finished:
                return seen
    raise TimeoutError("the writers do not end")


def write(under_test: AnyStoreUnderTest, tenant: str, own: int) -> list[Entry]:
    """Commit one event or many at a time, then a text that says that this writer is done."""
    with opened(under_test) as store:
        version = 0
        for n in range(COMMITS):
            size = LARGE if (n + own) % 4 == 0 else 1
            store.commit(_events(tenant, f"writer-{own}", version, size))
            version += size
        store.commit(commit_of(tenant, records=[words(f"done-{own}")]))
    return []


def _events(tenant: str, id: str, after: int, size: int) -> Commit:
    events = tuple(agent_step(id, after + n, when=at(-after - n))[1] for n in range(1, size + 1))
    return attrs.evolve(commit_of(tenant), events=events)


def _assert_followed(
    under_test: AnyStoreUnderTest, together: Callable[[list[Callable[[], list[Entry]]]], list[list[Entry]]]
) -> None:
    tenant = new_tenant()
    writers = [partial(write, under_test, tenant, own) for own in range(WRITERS)]
    seen = together([partial(follow, under_test, tenant), *writers])[0]
    with opened(under_test) as store:
        whole = entries(store.events(tenant))
    _assert_growing(seen)
    assert seen == whole, "who follows sees the whole history"
    for own in range(WRITERS):
        versions = [version for _, stream, version in whole if stream == agent_ref(f"writer-{own}")]
        assert versions == list(range(1, len(versions) + 1)), "each stream is in order"
    assert len(whole) == WRITERS * (COMMITS // 4) * (LARGE + 3)


def _assert_in_order_between_statements(under_test: AnyStoreUnderTest, size: int) -> None:
    def read(store: Store, tenant: str) -> list[Entry]:
        return entries(store.events(tenant))

    def commit_and_read(store: Store, tenant: str) -> list[Entry]:
        store.commit(_events(tenant, "second", 0, 4 - size))
        return read(store, tenant)

    for second in (read, commit_and_read):
        for tenant, _, seen in stopped_everywhere(
            under_test,
            lambda store, tenant: store.commit(_events(tenant, "before", 0, 1)),
            lambda store, tenant: store.commit(_events(tenant, "first", 0, size)),
            second,
        ):
            with opened(under_test) as store:
                rest = entries(store.events(tenant, seen[-1][0]))
                whole = read(store, tenant)
            _assert_growing(whole)
            assert seen + rest == whole, "nothing comes at or before a position that was read"


def _assert_growing(seen: list[Entry]) -> None:
    positions = [position for position, _, _ in seen]
    assert positions == sorted(set(positions)), "positions grow"


class OrderContract(StoreSuite):
    """``events``, while others commit."""

    def test_late_event(self, under_test: AnyStoreUnderTest, tenant: str) -> None:
        """A reader past position p never later meets an event at or before p.

        After each commit, whenever its events say that they happened and through any instance; from threads; and
        between any two statements.
        """
        with opened(under_test) as store, opened(under_test) as other:
            seen: list[Entry] = []
            for n in range(12):
                where, elsewhere = (store, other) if n % 2 else (other, store)
                id = f"agent-{n % 3}"
                committed = where.commit(_events(tenant, id, 10 * n, 1 + n % 4))
                batch = entries(elsewhere.events(tenant, seen[-1][0] if seen else 0))
                assert [stream for _, stream, _ in batch] == [agent_ref(id)] * (1 + n % 4), "what was committed is seen"
                assert batch[-1][0] == committed.position
                seen += batch
                assert seen == entries(store.events(tenant)) == entries(other.events(tenant))
            _assert_growing(seen)
        _assert_followed(under_test, in_threads)
        for size in (1, 3):
            _assert_in_order_between_statements(under_test, size)

    @pytest.mark.usefixtures("processes")
    def test_late_event_between_processes(self, under_test: AnyStoreUnderTest) -> None:
        """One process follows what three others commit, and in the end has the whole history."""
        _assert_followed(under_test, in_processes)
