"""Tenants: nothing of one is seen or touched through another."""

from ticketcore.codec import Value
from ticketcore.model import Kind, Ref
from ticketcore.ports import FIELDS, Claim, Commit, Query, Settle, Store, Timer
from ticketcore.records import alias_key, provider_key
from ticketcore.stores.memory import MemoryStore
from ticketcore.testing.samples import (
    LATER,
    Change,
    agent_ref,
    agent_step,
    assert_conflict,
    at,
    commit_of,
    contact_ref,
    contact_step,
    delivered,
    mail,
    opened_ticket,
    opening,
    owed,
    ticket,
    ticket_ref,
    timer,
    words,
)
from ticketcore.testing.under_test import StoreSuite

KINDS = ("quiet", "send")
"""The kinds of timers and outbox entries that are claimed."""


def similar(tenant: str) -> tuple[str, ...]:
    """Names that a careless adapter takes for one."""
    return (
        tenant,
        f"{tenant}x",
        tenant.upper(),
        f"{tenant} ",
        f"{tenant}%",
        tenant[:-1],
        f"{tenant}:a",
        "_" * len(tenant),
    )


def first(tenant: str, n: int) -> Commit:
    """What the nth tenant begins with: the same ids as everywhere, with content of its own."""
    tickets: list[Change] = [opened_ticket("one")]
    tickets += [opening(ticket(f"t{i}", queue="billing", waiting=10 * i + n)) for i in range(n % 3 + 1)]
    return commit_of(
        tenant,
        *tickets,
        agent_step("ana", 1, mark=n),
        contact_step("bob", 1, "bob@example.org", f"bob-{n}@example.org"),
        records=[
            delivered("m1", "<1@example.org>", "one", received=n),
            delivered(f"a:m{n}", None, "one"),
            *(words(f"text-{i}", f"{i} of {n}") for i in range(3)),
        ],
        timers=[timer("quiet", ticket_ref("one"), n), timer("quiet", ticket_ref("two"), 50 - n)],
        outbox=[owed("o1", 20 + n), owed(f"o{n}-more", 30)],
    )


def second(tenant: str, n: int) -> Commit:
    """What the nth tenant does next."""
    moved = timer("quiet", ticket_ref("one"), 90 + n) if n % 2 else Timer("quiet", ticket_ref("one"), None)
    step, erased = agent_step("ana", 2, mark=100 + n), [f"text-{n % 3}"]
    return commit_of(tenant, step, opened_ticket("two"), timers=[moved], erased=erased)


def view(store: Store, tenant: str) -> dict[str, object]:
    """All that can be read of a tenant without changing it, but positions."""
    keys = [alias_key(mail(address)) for address in ("bob@example.org", *(f"bob-{n}@example.org" for n in range(8)))]
    refs = [Ref(Kind.TEXT, f"text-{n}") for n in range(3)]
    refs += [ticket_ref("one"), ticket_ref("two"), agent_ref("ana"), contact_ref("bob"), Ref(Kind.MESSAGE, "m1")]
    provider = provider_key("email", "help@example.org", "<1@example.org>")
    seen: dict[str, object] = {"records": store.load(tenant, refs), "keys": store.load(tenant, [*keys, provider])}
    for kind, fields in FIELDS.items():
        for sort in (None, *fields.order):
            seen[f"{kind} by {sort}"] = _all(store, tenant, Query(kind, sort=sort, limit=2))
            seen[f"{kind} down by {sort}"] = _all(store, tenant, Query(kind, sort=sort, limit=2, descending=True))
    for field, value in (("queue", "billing"), ("assignee", None), ("contact", "bob")):
        seen[f"tickets by {field}"] = _all(store, tenant, Query(Kind.TICKET, {field: value}, limit=2))
    seen["messages of a ticket"] = _all(store, tenant, Query(Kind.MESSAGE, {"ticket": "one"}, "received_at", limit=1))
    events = store.events(tenant)
    for name, found in (
        ("history", events),
        ("the first", store.events(tenant, limit=3)),
        ("the next", store.events(tenant, events[0].position, limit=3) if events else ()),
        ("of a stream", store.events(tenant, stream=agent_ref("ana"))),
        ("one of a stream", store.events(tenant, stream=ticket_ref("one"), limit=1)),
    ):
        seen[name] = [(item.stream, item.version, item.event) for item in found]
    return seen


def _all(store: Store, tenant: str, query: Query) -> list[Value]:
    page = store.find(tenant, query)
    found = list(page.values)
    while page.next is not None and len(found) < 100:
        page = store.find(tenant, Query(query.kind, query.where, query.sort, query.descending, page.next, query.limit))
        found += page.values
    return found


def _claimed(claims: tuple[Claim, ...]) -> list[tuple[object, ...]]:
    return [(claim.kind, claim.id, claim.subject, claim.due, claim.attempt) for claim in claims]


def _assert_no_commit_touches_another(store: Store, mine: str) -> None:
    """Versions, keys, numbers, timers, outbox and claims are each tenant's."""
    other = f"{mine}x"
    store.commit(first(mine, 1))
    claims = store.claim(mine, KINDS, at(60), at(1000), 9)
    before = view(store, mine)
    for claim in claims:
        assert_conflict(store, commit_of(other, settles=[Settle(claim)]), (claim.kind, claim.id))
        assert_conflict(store, commit_of(other, settles=[Settle(claim, at(5))]), (claim.kind, claim.id))
    assert_conflict(store, commit_of(other, agent_step("ana", 2)), agent_ref("ana"))
    store.commit(first(other, 2))
    store.commit(second(other, 2))
    assert list(store.claim(mine, KINDS, at(70), at(1000), 9)) == []
    assert view(store, mine) == before
    store.commit(commit_of(mine, settles=[Settle(claim) for claim in claims]))
    assert list(store.claim(mine, KINDS, LATER, LATER, 9)) == []
    assert len(store.claim(other, KINDS, LATER, LATER, 9)) == 3
    assert store.commit(commit_of(mine, opened_ticket("next"))).numbers["next"] == 4


class TenantContract(StoreSuite):
    """One database with tenants whose names and ids are much alike."""

    def test_cross_tenant_read(self, store: Store, tenant: str) -> None:
        """No read crosses tenants: load by name and by key, find, events and claim see what is the tenant's own.

        Each tenant's answers are those of a store in memory that knows no other tenant, and no commit of one
        touches another's versions, keys, numbers, timers, outbox and claims.
        """
        tenants = similar(tenant)
        alone = {name: MemoryStore() for name in tenants}
        for step in (first, second):
            for n, name in enumerate(tenants):
                commit = step(name, n)
                assert dict(store.commit(commit).numbers) == dict(alone[name].commit(commit).numbers)
                for each in tenants:
                    assert view(store, each) == view(alone[each], each), f"{each!r} after a commit in {name!r}"
        for now, limit in ((25, 1), (25, 2), (45, 9), (45, 9), (200, 2), (400, 9)):
            for name in tenants:
                got = store.claim(name, KINDS, at(now), at(now + 100), limit)
                assert _claimed(got) == _claimed(alone[name].claim(name, KINDS, at(now), at(now + 100), limit))
        _assert_no_commit_touches_another(store, f"{tenant}-mine")
