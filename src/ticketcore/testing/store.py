"""The suite for stores, put together: what an adapter author subclasses."""

from functools import partial

import pytest

from ticketcore.model import Kind, Ticket
from ticketcore.ports import Claim, Query, Settle, Store
from ticketcore.records import alias_key
from ticketcore.testing.agenda_contract import AgendaContract
from ticketcore.testing.atomic_contract import AtomicContract
from ticketcore.testing.claim_contract import ClaimContract
from ticketcore.testing.concurrency import in_threads
from ticketcore.testing.find_contract import FindContract
from ticketcore.testing.machine import compare_with_memory
from ticketcore.testing.order_contract import OrderContract
from ticketcore.testing.record_contract import RecordContract
from ticketcore.testing.samples import (
    agent_ref,
    agent_step,
    at,
    commit_of,
    contact_step,
    mail,
    opened_ticket,
    owed,
)
from ticketcore.testing.tenant_contract import TenantContract
from ticketcore.testing.turn import PARTS, happened, prepare, turn
from ticketcore.testing.under_test import AnyStoreUnderTest, opened
from ticketcore.testing.update_contract import UpdateContract

THREADS = 8
"""How many threads share an instance."""

STEPS = 10
"""How many rounds of work each of them does."""


class StoreConformance(
    RecordContract,
    FindContract,
    AgendaContract,
    UpdateContract,
    AtomicContract,
    OrderContract,
    ClaimContract,
    TenantContract,
):
    """The contract of ``ticketcore.ports.Store`` as tests.  Subclass it and give the fixture ``under_test``.

    Each test has a tenant of its own, so all may use one database.  Seven faults that lose or leak work have a test
    that is named after them: ``test_lost_update``, ``test_non_atomic_commit``, ``test_reused_number``,
    ``test_late_event``, ``test_cross_tenant_read``, ``test_unfenced_claim`` and ``test_duplicate_key``.
    """

    def test_the_same_as_in_memory(self, store: Store, under_test: AnyStoreUnderTest) -> None:
        """Whatever is committed, in whatever order, comes to the same as in the store in memory."""
        with opened(under_test) as another:
            compare_with_memory(store, another)

    def test_one_instance_from_many_threads(self, store: Store, tenant: str) -> None:
        """One instance may be used from many threads."""
        in_threads([partial(_work, store, tenant, own) for own in range(THREADS)])
        tickets = store.find(tenant, Query(Kind.TICKET, sort="number", limit=1000)).values
        numbers = [value.number for value in tickets if isinstance(value, Ticket)]
        assert numbers == list(range(1, THREADS * STEPS + 1))
        for own in range(THREADS):
            stream = store.events(tenant, stream=agent_ref(f"agent-{own}"))
            assert [item.version for item in stream] == list(range(1, STEPS + 1))
        positions = [item.position for item in store.events(tenant)]
        assert positions == sorted(set(positions))
        assert len(positions) == 2 * THREADS * STEPS + THREADS
        assert list(store.claim(tenant, ["send"], at(100), at(200), 1000)) == []

    @pytest.mark.usefixtures("durable")
    def test_what_was_committed_is_there_when_opened_again(self, under_test: AnyStoreUnderTest, tenant: str) -> None:
        """What is committed survives the instance: records, keys, index fields, events, timers and outbox."""
        with opened(under_test) as store:
            claim = prepare(store, tenant)
        with opened(under_test) as store:
            assert not any(part(store, tenant) for part in PARTS.values())
            store.commit(turn(tenant, claim))
        with opened(under_test) as store:
            assert happened(store, tenant)


def _work(store: Store, tenant: str, own: int) -> None:
    """What one thread does: opens tickets, gives its agent new versions, reads back, claims and settles."""
    store.commit(commit_of(tenant, contact_step(f"contact-{own}", 1, f"{own}@example.org")))
    for n in range(STEPS):
        id = f"{own}-{n}"
        step = agent_step(f"agent-{own}", n + 1, mark=own)
        store.commit(commit_of(tenant, opened_ticket(id), step, outbox=[owed(id, n)]))
        assert store.load(tenant, [agent_ref(f"agent-{own}")]) == (step[0].value,)
        assert store.load(tenant, [alias_key(mail(f"{own}@example.org"))])[0] is not None
        assert len(store.find(tenant, Query(Kind.TICKET, {"contact": "bob"}, limit=1000)).values) > n
        assert len(store.events(tenant, stream=agent_ref(f"agent-{own}"))) == n + 1
        claims: tuple[Claim, ...] = ()
        for _ in range(1000):
            claims = store.claim(tenant, ["send"], at(50), at(60), 1)
            if claims:
                break
        store.commit(commit_of(tenant, settles=[Settle(claim) for claim in claims]))
