"""Merges and links by several threads at once."""

import threading

import pytest
from desks import ANA, AT, check_laws, opened
from test_schedules import World, every_schedule, turns_of
from tied import check_ties

from ticketcore import AgentProfile, Configuration, Desk, Inbound, Refused
from ticketcore.commands import Link, Merge, Reopen, Solve
from ticketcore.events import StateChanged
from ticketcore.stores import MemoryStore, SqliteStore


@pytest.mark.parametrize("make", [lambda _: MemoryStore(), lambda path: SqliteStore(path / "desk.db")])
def test_of_two_merges_against_each_other_one_is_refused(tmp_path, make):
    store = make(tmp_path)
    one = Desk(store, tenant="acme", config=Configuration(agents=[AgentProfile("ana")]))
    reasons = set()
    for round in range(20):
        a, b, c = [opened(one, channel="email", external_id=f"{name}{round}") for name in "abc"]
        pairs = [(a.id, b.id), (b.id, c.id), (c.id, a.id)]
        start, done = threading.Barrier(len(pairs)), []

        def run(ticket, into, start=start, done=done):
            start.wait()
            try:
                one.handle(Merge(ticket, ANA, into), AT)
                done.append(ticket)
            except Refused as error:
                reasons.update(reason.rule for reason in error.reasons)

        threads = [threading.Thread(target=run, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(done) == 2
        assert len({one.resolve(id).id for id in (a.id, b.id, c.id)}) == 1
    assert reasons == {"cycle"}
    check_ties(one)
    check_laws(one)
    if isinstance(store, SqliteStore):
        store.close()


def a_parent_and_its_child(store, wakes):
    """The child is solved; somebody solves the parent, which another agent has, while the child is taken up again."""
    world = World(Configuration(agents=[AgentProfile(name, capacity=1) for name in ("ana", "bo")]), store)
    one = world.desks[0]
    child, parent = [opened(one, channel="email", external_id=name) for name in ("c", "p")]
    one.handle(Link(child.id, ANA, "child_of", parent.id), AT)
    one.handle(Solve(child.id, ANA), AT)
    again = Inbound("email", "shop", "kim", "Not yet", reply_to=["c"]) if wakes == "answer" else Reopen(child.id, ANA)
    return turns_of(world, Solve(parent.id, ANA), again), parent.id, child.id


@pytest.mark.parametrize("wakes", [pytest.param("answer", marks=pytest.mark.slow), "command"])
def test_in_no_order_is_a_parent_solved_while_its_child_is_open(wakes):
    known = {}

    def begin():
        world, parent, child = a_parent_and_its_child(MemoryStore(), wakes)
        known.update({world: (parent, child)})
        return world

    outcomes = set()
    for world in every_schedule(begin):
        parent, child = known.pop(world)
        category = {}
        for item in world.store.events("acme"):
            if isinstance(item.event, StateChanged):
                category[item.stream.id] = item.event.category
                solves = item.stream.id == parent and item.event.category == "solved"
                assert not solves or category[child] == "solved"
        outcomes.add((world.desks[0].ticket(parent).state, world.desks[0].ticket(child).state))
        check_laws(world.desks[0])
    assert outcomes == {("solved", "open"), ("open", "open")}, "whoever is first"
