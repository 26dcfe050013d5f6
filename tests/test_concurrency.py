"""Many at once, on a real database: processes, threads, a fork in the middle, and deaths at any statement."""

import multiprocessing
import os
import random
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from desks import ANA, AT, BO, MINUTE, check_laws, desk, opened, say

from ticketcore import AgentProfile, Configuration, Conflict, Desk, Inbound, Refused
from ticketcore.commands import Assign, Pend, SetPresence, Solve, Unassign
from ticketcore.model import Contact, Disposition, Kind, Ref
from ticketcore.ports import Query
from ticketcore.stores import MemoryStore, SqliteStore

pytestmark = pytest.mark.slow
PROCESSES = multiprocessing.get_context("fork")
AGENTS = [AgentProfile("ana", capacity=3), AgentProfile("bo", capacity=3)]


def open_desk(path):
    return desk(*AGENTS, store=SqliteStore(path, durability="normal"))


def in_processes(work, arguments, seconds=60):
    """Run ``work`` in a process for each argument, all beginning at once; their exit codes."""
    gate = PROCESSES.Barrier(len(arguments))

    def run(argument):
        gate.wait(30)
        work(argument)

    children = [PROCESSES.Process(target=run, args=(argument,)) for argument in arguments]
    for child in children:
        child.start()
    for child in children:
        child.join(seconds)
    return [child.exitcode for child in children]


def fork(work):
    """Fork in the middle of a thread, as a server might; the child ends with 0 if its work was done."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def test_an_album_makes_one_contact_and_one_ticket(tmp_path):
    path = tmp_path / "desk.db"

    def deliver(i):
        one = open_desk(path)
        for _ in range(2):
            say(one, f"image {i}", external_id=f"m{i}")

    assert in_processes(deliver, range(5)) == [0] * 5
    one = open_desk(path)
    check_laws(one)
    (ticket,) = one.find(Query(Kind.TICKET)).values
    messages = one.find(Query(Kind.MESSAGE, {"ticket": ticket.id})).values
    assert sorted(one.words([item.text])[item.text] for item in messages) == [f"image {i}" for i in range(5)]
    assert len([value for value in one.find(Query(Kind.CONTACT)).values if isinstance(value, Contact)]) == 1
    before = one.store.events("acme")
    assert {say(one, f"image {i}", external_id=f"m{i}").disposition for i in range(5)} == {Disposition.DUPLICATE}
    assert one.store.events("acme") == before


def test_many_contacts_at_once_lose_nothing_and_double_nothing(tmp_path):
    path = tmp_path / "desk.db"

    def deliver(_):
        one = open_desk(path)
        for i in range(60):
            say(one, f"message {i}", sender=f"c{i % 6}", external_id=f"m{i}", at=AT + i * MINUTE)

    assert in_processes(deliver, range(4)) == [0] * 4
    one = open_desk(path)
    check_laws(one)
    messages = one.find(Query(Kind.MESSAGE, limit=1000)).values
    assert sorted(message.provider_id.id for message in messages) == sorted(f"m{i}" for i in range(60))
    agents = one.find(Query(Kind.AGENT)).values
    assert all(agent.open <= agent.capacity for agent in agents)
    queued = one.find(Query(Kind.TICKET, sort="queued_since")).values
    one.tick(AT + 90 * MINUTE)
    free = sum(agent.capacity - agent.open for agent in one.find(Query(Kind.AGENT)).values)
    assert not (queued and free), "after a tick nothing waits beside somebody who could take it"


def test_two_who_take_the_same_ticket_are_one_after_the_other(tmp_path):
    path = tmp_path / "desk.db"
    one = open_desk(path)
    ids = []
    for i in range(4):
        ids.append(opened(one, sender=f"c{i}").id)

    def contend(name):
        mine = open_desk(path)
        for round in range(10):
            for id in ids:
                try:
                    mine.handle(Assign(id, ANA if name == "ana" else BO, name), AT + round * MINUTE)
                    mine.handle(Unassign(id, ANA), AT + round * MINUTE)
                except (Refused, Conflict):
                    continue

    assert in_processes(contend, ["ana", "bo", "ana"]) == [0] * 3
    check_laws(open_desk(path))


def test_eight_threads_share_a_desk_and_a_fork_in_the_middle_goes_its_own_way(tmp_path):
    path = tmp_path / "desk.db"
    one = open_desk(path)
    children = []

    def work(thread):
        for i in range(20):
            received = say(one, sender=f"t{thread}", external_id=f"{thread}-{i}", at=AT + i * MINUTE)
            if i % 5 == 4 and received.ticket.assignee:
                one.handle(Solve(received.ticket.id, ANA), AT + i * MINUTE)
            if thread == 0 and i == 7:
                children.append(fork(in_the_child))

    def in_the_child():
        files = [os.readlink(link) for link in Path("/proc/self/fd").glob("*") if link.exists()]
        assert not [file for file in files if file.startswith(str(path))], "no connection crosses the fork"
        for i in range(10):
            say(one, sender="child", external_id=f"child-{i}", at=AT + i * MINUTE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert [os.waitpid(child, 0)[1] for child in children] == [0]
    check_laws(one)
    messages = one.find(Query(Kind.MESSAGE, limit=1000)).values
    assert len(messages) == 8 * 20 + 10
    assert len({message.provider_id for message in messages}) == len(messages)


@pytest.mark.parametrize("seed", range(3))
def test_a_death_at_any_statement_of_a_desk_loses_and_doubles_nothing(tmp_path, seed):
    """Each child dies before a random statement of its work; the same messages are then delivered again."""
    path = tmp_path / "desk.db"
    open_desk(path)
    chance = random.Random(seed)

    def run(deaths):
        one = open_desk(path)
        left = [deaths]

        def count():
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        one.store.trace(count)
        for i in range(6):
            received = say(one, f"message {i}", sender=f"c{i % 3}", external_id=f"m{i}", at=AT + i * MINUTE)
            if i % 2 and received.ticket.assignee and received.ticket.is_active:
                one.handle(Pend(received.ticket.id, ANA), AT + i * MINUTE)
        one.handle(SetPresence("ana", ANA, chance.choice(["away", "available"])), AT)

    codes = []
    for deaths in [chance.randrange(1, 120) for _ in range(12)] + [0]:
        codes += in_processes(run, [deaths])
        check_laws(open_desk(path))
    assert codes[-1] == 0
    assert -signal.SIGKILL in codes
    one = open_desk(path)
    messages = one.find(Query(Kind.MESSAGE, limit=1000)).values
    assert sorted(message.provider_id.id for message in messages) == [f"m{i}" for i in range(6)]


def test_a_sqlite_desk_and_a_memory_desk_give_the_same_history(tmp_path):
    """Ids from content, instants given: what each store keeps is equal, event by event."""

    def script(one):
        first = opened(one, external_id="1")
        say(one, "again", external_id="2", at=AT + MINUTE)
        one.handle(Pend(first.id, ANA), AT + 2 * MINUTE)
        one.receive(Inbound("email", "shop", "lee@example.org", "Hello", external_id="3", tags=["vip"]), AT)
        say(one, "and again", external_id="4", at=AT + 3 * MINUTE)
        one.tick(AT + 3 * MINUTE)
        return [(item.position, item.stream, item.version, item.event) for item in one.store.events("acme")]

    stores = [MemoryStore(), SqliteStore(tmp_path / "desk.db")]
    histories = [
        script(Desk(store, tenant="acme", config=Configuration(agents=AGENTS), ids=lambda kind, key: f"{kind}:{key}"))
        for store in stores
    ]
    assert histories[0] == histories[1]
    assert Ref(Kind.AGENT, "ana") in {stream for _, stream, _, _ in histories[0]}
