"""The store in memory keeps the contract of a store, and a fork finds it whole."""

import os
import random
import threading
from functools import partial

import pytest
from desks import ANA, AT, MINUTE, new_desk

from ticketcore import AgentProfile, Configuration, Inbound
from ticketcore.commands import Reopen, Reply, Solve
from ticketcore.model import Kind
from ticketcore.ports import FIELDS, Query
from ticketcore.stores import MemoryStore
from ticketcore.stores.memory import store as kept
from ticketcore.testing import StoreConformance, StoreUnderTest
from ticketcore.testing.processes import in_process
from ticketcore.testing.samples import commit_of, opened_ticket, ticket_ref


class TestMemoryStore(StoreConformance):
    @pytest.fixture
    def under_test(self):
        store = MemoryStore()
        return StoreUnderTest(open=lambda: store, processes=False, durable=False)


def test_an_order_that_is_kept_is_that_of_what_is_sorted_anew(monkeypatch):
    chance = random.Random(7)
    desk = new_desk(MemoryStore(), tenant="acme", config=Configuration(agents=[AgentProfile("ana", capacity=99)]))
    told = [desk.receive(Inbound("email", "shop", "kim", f"Ring {at}"), AT).ticket for at in range(9)]
    queries = [
        Query(Kind.TICKET, {field: value}, sort)
        for field, value in (
            ("contact", told[0].contact),
            ("state", "solved"),
            ("state", ("open", "solved")),
        )
        for sort in (None, *FIELDS[Kind.TICKET].order)
    ]
    for at in range(60):
        ticket = desk.ticket(chance.choice(told).id)
        move = Reopen if ticket.state == "solved" else chance.choice([Solve, partial(Reply, text="Yes")])
        desk.handle(move(ticket.id, ANA), AT + at * MINUTE)
        found = []
        for many in (0, 10_000):
            monkeypatch.setattr(kept, "MANY", many)
            found.append([desk.find(query).values for query in queries])
        assert found[0] == found[1]


class Slow(list):
    """Keys that are long in coming, once somebody has begun to ask for them."""

    def __init__(self, *keys):
        super().__init__(keys)
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __iter__(self):
        self.begun.set()
        assert self.go_on.wait(10)
        return super().__iter__()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform cannot fork")
def test_a_fork_waits_for_what_other_threads_do_in_a_store():
    store, bystander = MemoryStore(), MemoryStore()
    for i in (1, 2):
        keys = Slow(ticket_ref("early"))
        reader = threading.Thread(target=store.load, args=["acme", keys])
        reader.start()
        assert keys.begun.wait(10)
        release = threading.Timer(0.05, keys.go_on.set)
        release.start()

        def child(i=i):
            bystander.commit(commit_of("acme", opened_ticket("child")))
            return store.commit(commit_of("acme", opened_ticket("child"))).numbers["child"] == i

        assert in_process(child)
        reader.join()
        release.join()
        store.commit(commit_of("acme", opened_ticket(f"parent-{i}")))
    assert bystander.events("acme") == ()
    assert len(store.events("acme")) == 2
