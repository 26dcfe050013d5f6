"""Merges and links by several threads at once."""

import threading

import pytest
from desks import ANA, AT, check_laws, opened
from tied import check_ties

from ticketcore import AgentProfile, Configuration, Desk, Refused
from ticketcore.commands import Merge
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
