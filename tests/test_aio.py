"""The asynchronous desk: the same face as ``Desk``, and cancellations that leave all of a commit or nothing.

That it does the same is shown by the tests of the desk, which run over both (the fixture ``every_driver``).
"""

import asyncio
import gc
import inspect
import random
import threading
import time
from contextlib import suppress

import attrs
import pytest
from desks import ANA, AT, MINUTE, Awaited, check_laws, check_whole, desk, everything, say

from ticketcore import AgentProfile, AsyncDesk, Configuration, Conflict, Desk, Inbound, InvalidInput, Parts
from ticketcore.aio import InLoop, InThread
from ticketcore.commands import Pend, Reply
from ticketcore.model import File, Kind
from ticketcore.stores import MemoryBlobs, MemoryStore, SqliteStore
from ticketcore.testing import Blocking, StoreConformance, StoreUnderTest

AGENTS = [AgentProfile("ana", capacity=1000), AgentProfile("bo", capacity=1000)]
CONFIG = Configuration(agents=AGENTS)
PUBLIC = {name for name in vars(Desk) if not name.startswith("_")}


def message(i, sender="kim", **more):
    return Inbound("chat", "shop", sender, f"message {i}", external_id=f"m{i}", **more)


# The same face.


def test_both_desks_have_the_same_names():
    assert {name for name in vars(AsyncDesk) if not name.startswith("_")} == PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC | {"__init__"}))
def test_both_desks_have_the_same_signatures(name):
    ours, theirs = getattr(AsyncDesk, name), getattr(Desk, name)
    if isinstance(theirs, property):
        assert isinstance(ours, property)
        return
    expected, actual = inspect.signature(theirs), inspect.signature(ours)
    assert [(p.name, p.kind, p.default) for p in actual.parameters.values()] == [
        (p.name, p.kind, p.default) for p in expected.parameters.values()
    ]
    if name in ("within", "without_effects", "leaving_placement", "__init__"):
        assert not inspect.iscoroutinefunction(ours)
    else:
        assert inspect.iscoroutinefunction(ours)
        assert actual == expected, "annotations and all"


# Cancellation.


class Waiting:
    """An ``AsyncStore`` in memory that gives way before and after everything it does."""

    def __init__(self):
        self.store = MemoryStore()

    async def load(self, tenant, keys):
        return await self._slowly(self.store.load, tenant, keys)

    async def find(self, tenant, query):
        return await self._slowly(self.store.find, tenant, query)

    async def commit(self, commit):
        return await self._slowly(self.store.commit, commit)

    async def events(self, tenant, after=0, stream=None, limit=None):
        return await self._slowly(self.store.events, tenant, after, stream, limit)

    async def claim(self, tenant, kinds, now, lease_until, limit):
        return await self._slowly(self.store.claim, tenant, kinds, now, lease_until, limit)

    async def _slowly(self, work, *arguments):
        await asyncio.sleep(0)
        result = work(*arguments)
        await asyncio.sleep(0)
        return result


def stopped(call, steps):
    """Cancel the call at the place where it gives way for the ``steps``-th time; whether it got that far."""
    try:
        for _ in range(steps):
            call.send(None)
        with suppress(asyncio.CancelledError):
            call.throw(asyncio.CancelledError)
        return True
    except StopIteration:
        return False


@pytest.mark.parametrize("call", ["receive", "handle", "tick"])
def test_a_cancellation_at_any_await_leaves_all_or_nothing(call):
    """At every place in turn; then the same is asked again, and comes to what it would have come to."""
    outcomes = []
    for steps in range(1, 1000):
        store = Waiting()
        one = AsyncDesk(store, tenant="acme", config=CONFIG)
        seen = Desk(store.store, tenant="acme", config=CONFIG)
        first = seen.receive(message(0), AT).ticket
        before = store.store.events("acme")
        calls = {
            "receive": lambda one=one: one.receive(message(1, sender="lee"), AT + MINUTE),
            "handle": lambda one=one, ticket=first.id: one.handle(Reply(ticket, ANA, "On it"), AT + MINUTE),
            "tick": lambda one=one: one.tick(AT + 60 * 24 * 30 * MINUTE),
        }
        if call == "tick":
            seen.handle(Pend(first.id, ANA), AT)
            before = store.store.events("acme")
        if not stopped(calls[call](), steps):
            break
        check_laws(seen)
        check_whole(seen)
        outcomes.append(len(store.store.events("acme")) - len(before))
        if call == "receive":
            seen.receive(message(1, sender="lee"), AT + MINUTE)
            assert len(everything(seen, Kind.MESSAGE)) == 2
    assert set(outcomes) == {0, max(outcomes)} != {0}
    assert outcomes == sorted(outcomes), "nothing before the commit, everything after it"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_thousand_messages_with_cancellations_at_random_points_into_sqlite(tmp_path, seed):
    """Each is given until one delivery was not cancelled, eight at a time."""
    chance = random.Random(seed)
    store = SqliteStore(tmp_path / "desk.db", durability="normal")
    one = AsyncDesk(store, tenant="acme", config=CONFIG)
    cancelled = 0

    async def deliver(i, gate):
        nonlocal cancelled
        async with gate:
            inbound = message(i, sender=f"c{i % 40}")
            while True:
                call = asyncio.ensure_future(one.receive(inbound, AT + i * MINUTE))
                done, _ = await asyncio.wait([call], timeout=chance.choice([None, 0, chance.uniform(0, 0.02)]))
                if done:
                    return call.result()
                call.cancel()
                try:
                    await call
                except asyncio.CancelledError:
                    cancelled += 1

    async def main():
        gate = asyncio.Semaphore(8)
        return await asyncio.gather(*(deliver(i, gate) for i in range(1000)))

    received = asyncio.run(main())
    seen = Desk(store, tenant="acme")
    check_laws(seen)
    check_whole(seen)
    messages = everything(seen, Kind.MESSAGE)
    assert sorted(item.provider_id.id for item in messages) == sorted(f"m{i}" for i in range(1000))
    assert {item.id for item in messages} == {item.message for item in received}
    assert cancelled > 100, f"seed {seed}: {cancelled} cancelled"


@pytest.mark.parametrize("fails", [False, True])
def test_what_runs_in_a_thread_has_ended_when_the_cancellation_is_raised(fails, caplog):
    """And its result, or its error, is nobody's any more; however often it is cancelled."""
    started, ended = threading.Event(), threading.Event()

    class Slow(MemoryStore):
        def load(self, tenant, keys):
            started.set()
            time.sleep(0.05)
            ended.set()
            if fails:
                raise Conflict((("x", "y"),))
            return super().load(tenant, keys)

    async def main():
        call = asyncio.ensure_future(AsyncDesk(Slow(), tenant="acme").ticket("t"))
        while not started.is_set():
            await asyncio.sleep(0.001)
        call.cancel()
        await asyncio.sleep(0.005)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert ended.is_set()

    asyncio.run(main())
    gc.collect()
    assert not caplog.records, "asyncio tells of no exception that was never retrieved"


def test_a_loop_that_ends_waits_for_what_runs_in_its_threads():
    ended = threading.Event()

    class Slow(MemoryStore):
        def load(self, tenant, keys):
            time.sleep(0.05)
            ended.set()
            return super().load(tenant, keys)

    async def main():
        asyncio.ensure_future(AsyncDesk(Slow(), tenant="acme").ticket("t"))  # noqa: RUF006  (left behind on purpose)
        await asyncio.sleep(0.01)

    asyncio.run(main())
    assert ended.is_set()


# Stores, files, sharing.


def test_a_store_is_called_in_a_thread_and_an_asynchronous_one_awaited():
    threads = []

    class Watched(MemoryStore):
        def load(self, tenant, keys):
            threads.append(threading.current_thread() is threading.main_thread())
            return super().load(tenant, keys)

    async def main():
        plain = AsyncDesk(Watched(), tenant="acme")
        assert isinstance(plain.store, InThread)
        await plain.configuration()
        await AsyncDesk(InLoop(Watched()), tenant="acme").configuration()
        waiting = Waiting()
        assert AsyncDesk(waiting, tenant="acme").store is waiting

    asyncio.run(main())
    assert threads == [False, True]


def test_files_are_kept_in_a_thread():
    threads = []

    class Watched(MemoryBlobs):
        def put(self, content):
            threads.append(threading.current_thread() is threading.main_thread())
            return super().put(content)

    async def main():
        one = AsyncDesk(InLoop(MemoryStore()), tenant="acme", parts=Parts(blobs=Watched()))
        return await one.receive(message(0, attachments=[File(b"abc", "a.txt", "text/plain")]), AT)

    assert asyncio.run(main()).ticket.number == 1
    assert threads == [False]


def test_tasks_share_a_desk():
    """Every one gives way to every other at each request; what they decide on changes all the time."""
    store = Waiting()
    one = AsyncDesk(store, tenant="acme", config=CONFIG)

    async def main():
        return await asyncio.gather(*(one.receive(message(i, sender=f"c{i % 5}"), AT) for i in range(30)))

    received = asyncio.run(main())
    seen = Desk(store.store, tenant="acme")
    check_laws(seen)
    check_whole(seen)
    assert len({item.message for item in received}) == 30
    assert len(everything(seen, Kind.TICKET)) == 5


def test_bad_input_is_named_as_by_a_desk():
    one = Awaited(MemoryStore(), tenant="acme")
    with pytest.raises(InvalidInput) as caught:
        one.receive("hello")
    assert caught.value.field == "inbound"
    with pytest.raises(InvalidInput):
        AsyncDesk(MemoryStore(), tenant="")


def test_attrs_of_a_desk_are_those_given():
    store = Waiting()
    one = AsyncDesk(store, tenant="acme", config=attrs.evolve(CONFIG))
    assert (one.tenant, one.store) == ("acme", store)
    assert say(desk("ana")).ticket.assignee == "ana"


# The contract of a store, through an event loop.


class TestInLoop(StoreConformance):
    @pytest.fixture
    def under_test(self):
        memory = MemoryStore()

        async def opened():
            return InLoop(memory)

        return StoreUnderTest(open=lambda: Blocking(opened), close=Blocking.close, processes=False, durable=False)


@pytest.mark.slow
class TestInThread(StoreConformance):
    @pytest.fixture
    def under_test(self, tmp_path):
        async def opened():
            return InThread(SqliteStore(tmp_path / "x.db", durability="normal", busy_timeout=MINUTE))

        async def closed(store):
            store.store.close()

        return StoreUnderTest(
            open=lambda: Blocking(opened, closed),
            close=Blocking.close,
            before_statement=lambda blocking, hook: blocking.store.store.trace(hook),
        )
