"""What both stores keep, down to the words of a ``Conflict`` and to workers whose clocks differ."""

from contextlib import contextmanager
from itertools import count

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.errors import Conflict
from ticketcore.model import Kind, Ref, UniqueKey
from ticketcore.ports import Query, Settle
from ticketcore.records import alias_key, ticket_record
from ticketcore.stores import MemoryStore, SqliteStore
from ticketcore.testing.find_contract import matching
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


def test_an_effect_that_is_done_may_be_owed_again_in_the_same_commit(store):
    """But not another one that is outstanding, nor one that is only put off."""
    store.commit(commit_of("acme", outbox=[owed("a"), owed("b"), owed("a", kind="call")]))
    claims = {claim.id: claim for claim in claimed(store, "send", now=0, until=10)}
    done = Settle(claims["a"])
    for taken in (owed("b", 50), owed("a", 50, "call")):
        assert blockers(store, commit_of("acme", settles=[done], outbox=[taken])) == (("outbox", taken.kind, taken.id),)
    put_off = commit_of("acme", settles=[Settle(claims["a"], at(20))], outbox=[owed("a", 50)])
    assert blockers(store, put_off) == (("outbox", "send", "a"),)
    store.commit(commit_of("acme", settles=[done, Settle(claims["b"])], outbox=[owed("a", 50)]))
    (following,) = claimed(store, "send", now=50, until=60)
    assert (following.id, following.due, following.attempt) == ("a", at(50), 1)


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


TAGS = ("vip", "gold", "金")
SEARCHES = tuple(
    Query(Kind.TICKET, where, sort, descending)
    for where in (*({"tag": tag} for tag in TAGS), {"tag": ("gold", "vip")}, {"tag": None}, {"tag": ("vip", None)})
    for sort in (None, "number", "waiting_since")
    for descending in (False, True)
)

tickets = st.builds(
    ticket,
    st.sampled_from("ab"),
    number=st.integers(0, 2),
    waiting=st.sampled_from([None, 1, 2]),
    tags=st.lists(st.sampled_from(TAGS), unique=True).map(tuple),
)


@contextmanager
def two_writers(kind, folder):
    """Two who write to one store: in SQLite, two instances of which neither knows what the other wrote last."""
    if kind is MemoryStore:
        store = MemoryStore()
        yield store, store
    else:
        path = folder / "desk.db"
        with SqliteStore(path, durability="normal") as one, SqliteStore(path, durability="normal") as other:
            yield one, other


@pytest.mark.parametrize("kind", [MemoryStore, SqliteStore])
def test_what_has_a_tag_is_found_by_what_was_stored_last(kind, tmp_path):
    """Whoever wrote it, whatever it held before, and whatever another ticket or tenant has in the same place."""
    runs = count()

    @given(st.lists(st.tuples(st.booleans(), st.booleans(), tickets), max_size=8))
    def law(steps):
        run = next(runs)
        tenants = (f"acme{run}", f"zoo{run}")
        records = {tenant: {} for tenant in tenants}
        for by_other, elsewhere, value in steps:
            held = records[tenants[elsewhere]]
            expected = held[value.id].version if value.id in held else 0
            held[value.id] = ticket_record(attrs.evolve(value, version=expected + 1), expected)
            stores[by_other].commit(commit_of(tenants[elsewhere], records=[held[value.id]]))
        for tenant in tenants:
            for query in SEARCHES:
                found = list(stores[0].find(tenant, query).values)
                assert found == matching(records[tenant].values(), query), (tenant, query)

    with two_writers(kind, tmp_path) as stores:
        law()
