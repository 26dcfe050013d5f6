"""What both stores keep, down to the words of a ``Conflict`` and to workers whose clocks differ."""

import attrs
import pytest

from ticketcore.errors import Conflict
from ticketcore.model import Kind, Ref, UniqueKey
from ticketcore.ports import Query, Settle
from ticketcore.records import alias_key
from ticketcore.stores import MemoryStore, SqliteStore
from ticketcore.testing.samples import (
    agent_ref,
    agent_step,
    at,
    commit_of,
    contact_step,
    mail,
    opened_ticket,
    opening,
    owed,
    ticket,
    ticket_ref,
    ticket_step,
    timer,
    words,
)

ONE = ticket_ref("one")


@pytest.fixture(params=[MemoryStore, SqliteStore])
def store(request, tmp_path):
    if request.param is MemoryStore:
        yield MemoryStore()
    else:
        with SqliteStore(tmp_path / "desk.db", durability="normal") as store:
            yield store


def claimed(store, *kinds, now, until, tenant="acme"):
    return store.claim(tenant, kinds, at(now), at(until), 9)


def blockers(store, commit):
    with pytest.raises(Conflict) as caught:
        store.commit(commit)
    return caught.value.blockers


def test_settled_to_be_done_again_within_the_lease(store):
    store.commit(commit_of("acme", outbox=[owed("a")]))
    claims = claimed(store, "send", now=0, until=1000)
    again = commit_of("acme", settles=[Settle(claims[0], at(100))])
    store.commit(again)
    assert blockers(store, again) == (("claim", "send", "a"),)
    (following,) = claimed(store, "send", now=100, until=200)
    assert (following.due, following.attempt) == (at(100), 2)


def test_a_conflict_names_the_kind_of_what_is_in_the_way(store):
    store.commit(commit_of("acme", outbox=[owed("a")]))
    (claim,) = claimed(store, "send", now=0, until=10)
    assert blockers(store, commit_of("acme", outbox=[owed("a")])) == (("outbox", "send", "a"),)
    assert blockers(store, commit_of("acme", outbox=[owed("b"), owed("b")])) == (("outbox", "send", "b"),)
    store.commit(commit_of("acme", settles=[Settle(claim)]))
    assert blockers(store, commit_of("acme", settles=[Settle(claim)])) == (("claim", "send", "a"),)


def test_a_claim_settles_once_in_a_commit(store):
    store.commit(commit_of("acme", outbox=[owed("a")]))
    (claim,) = claimed(store, "send", now=0, until=10)
    assert blockers(store, commit_of("acme", settles=[Settle(claim), Settle(claim)])) == (("claim", "send", "a"),)


def test_a_record_comes_once_in_a_commit_though_its_versions_would_follow_each_other(store):
    store.commit(commit_of("acme", agent_step("ana", 1)))
    twice = commit_of("acme", agent_step("ana", 2), agent_step("ana", 3))
    assert blockers(store, twice) == (agent_ref("ana"),)
    both_new = commit_of("acme", records=[words("t"), attrs.evolve(words("t"), version=2, expected=1)])
    assert blockers(store, both_new) == (Ref(Kind.TEXT, "t"),)


def test_what_is_of_another_kind_or_tenant_is_leased_on(store):
    """Whatever the clock says of the worker who asks for something else."""
    for tenant in ("acme", "zoo"):
        store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 0)], outbox=[owed("a")]))
    assert len(claimed(store, "quiet", now=0, until=60)) == 1
    assert len(claimed(store, "send", now=100, until=200)) == 1
    assert len(claimed(store, "quiet", "send", now=100, until=200, tenant="zoo")) == 2
    assert claimed(store, "quiet", now=50, until=90) == ()
    assert len(claimed(store, "quiet", now=60, until=90)) == 1


def test_a_key_is_held_in_one_tenant_and_namespace(store):
    """Who claims it again is asked by no other tenant's holder, and by none of another namespace."""
    one, other = UniqueKey("one", "x"), UniqueKey("other", "x")

    def holding(name, version, key):
        record, event = contact_step(name, version)
        return attrs.evolve(record, keys=(key,)), event

    for version in (1, 2):
        for tenant, names in (("acme", ("ana", "bo")), ("zoo", ("bo", "ana")), ("bee", ("eve", "kim"))):
            store.commit(commit_of(tenant, holding(names[0], version, one), holding(names[1], version, other)))
    assert [value.id for value in store.load("zoo", [one, other])] == ["bo", "ana"]


def test_a_key_is_held_by_its_value(store):
    """Who claims a key again is not asked by the holder of another one."""
    store.commit(commit_of("acme", contact_step("ana", 1, "a@example.org"), contact_step("bo", 1, "b@example.org")))
    for name in ("ana", "bo"):
        store.commit(commit_of("acme", contact_step(name, 2, f"{name[0]}@example.org")))
    taken = commit_of("acme", contact_step("bo", 3, "a@example.org"))
    assert blockers(store, taken) == (alias_key(mail("a@example.org")),)


def test_only_the_numbers_that_are_new_are_told(store):
    imported = opening(ticket("imported", number=7))
    assert store.commit(commit_of("acme", imported, opened_ticket("new"))).numbers == {"new": 8}
    assert store.commit(commit_of("acme", opened_ticket("next"))).numbers == {"next": 9}


def test_a_record_that_changes_moves_in_every_order(store):
    """Also among equals, out of the order when it has no value any more, and back into it."""
    version = dict.fromkeys("abc", 0)

    def put(id, waiting):
        version[id] += 1
        step = opening if version[id] == 1 else ticket_step
        store.commit(commit_of("acme", step(ticket(id, version[id], number=ord(id), waiting=waiting))))
        return "".join(found.id for found in store.find("acme", Query(Kind.TICKET, sort="waiting_since")).values)

    steps = [
        ("a", 1),
        ("b", 2),
        ("c", 2),
        ("a", 3),
        ("c", 9),
        ("b", None),
        ("b", 5),
        ("a", None),
        ("c", None),
        ("a", 5),
    ]
    expected = ["a", "ab", "abc", "bca", "bac", "ac", "abc", "bc", "b", "ab"]
    assert [put(*step) for step in steps] == expected
