"""All or nothing: what a commit that does not fit, is read meanwhile, or dies leaves behind."""

import random
from collections.abc import Callable, Mapping
from functools import partial

import attrs
import pytest

from ticketcore.ports import Claim, Commit, Settle, Store
from ticketcore.records import alias_key
from ticketcore.testing.concurrency import race_in_threads, stopped_everywhere
from ticketcore.testing.processes import Report, die, in_process, until_death
from ticketcore.testing.samples import (
    agent_ref,
    agent_step,
    assert_conflict,
    contact_step,
    mail,
    owed,
    ticket,
    ticket_step,
    words,
)
from ticketcore.testing.turn import NEW, OLD, PARTS, extended, happened, prepare, turn
from ticketcore.testing.under_test import AnyStoreUnderTest, StoreSuite, new_tenant, opened

Misfit = Callable[[Commit], tuple[Commit, tuple[str, str]]]
"""Makes of a commit one that does not fit, and names what stands in its way."""

MISFITS: Mapping[str, Misfit] = {
    "a record that is not there": lambda c: (extended(c, agent_step("zoe", 2)[0]), agent_ref("zoe")),
    "a record that has another version": lambda c: (extended(c, ticket_step(ticket("old", 5))[0]), OLD),
    "a record that is new twice": lambda c: (extended(c, c.records[0]), NEW),
    "a key that another holds": lambda c: (
        extended(c, contact_step("eve", 1, "bob@example.org")[0]),
        alias_key(mail("bob@example.org")),
    ),
    "a key that two of its records want": lambda c: (
        extended(c, contact_step("eve", 1, "e@example.org")[0], contact_step("ed", 1, "e@example.org")[0]),
        alias_key(mail("e@example.org")),
    ),
    "an event that is there already": lambda c: (extended(c, events=(agent_step("ana", 1)[1],)), agent_ref("ana")),
    "an event twice": lambda c: (extended(c, events=(c.events[-1],)), c.events[-1].stream),
    "an outbox entry that is there already": lambda c: (
        attrs.evolve(c, outbox=(*c.outbox, owed("owed", 30))),
        ("send", "owed"),
    ),
    "an outbox entry twice": lambda c: (attrs.evolve(c, outbox=(*c.outbox, *c.outbox)), ("send", "more")),
    "a claim that is not its own": lambda c: (_settling(c, id="owed"), ("send", "owed")),
    "a claim on what nobody claimed": lambda c: (_settling(c, id="owed", token=0), ("send", "owed")),
    "a claim that never was": lambda c: (_settling(c, token=c.settles[0].claim.token + 1), ("send", "settled")),
    "a claim twice": lambda c: (_settling(c), ("send", "settled")),
}
"""Ways in which the last thing in a commit does not fit, and what is then named."""


def _settling(commit: Commit, **changes: object) -> Commit:
    claim = attrs.evolve(commit.settles[0].claim, **changes)  # type: ignore[arg-type]  # named by the callers below
    return attrs.evolve(commit, settles=(*commit.settles, Settle(claim)))


def _write_or_read(tenants: list[str], claims: list[Claim], store: Store, own: int, number: int) -> list[str]:
    """The first rival commits the turn of this round; the second reads until all is there.

    Gives what was missing although something else of the commit had been seen before it was looked at.
    """
    tenant = tenants[number]
    if own == 0:
        store.commit(turn(tenant, claims[number]))
        return []
    names = list(PARTS)
    for look in range(10_000):
        random.Random(look).shuffle(names)
        there = [name for name in names if PARTS[name](store, tenant)]
        if len(there) == len(names):
            return []
        if there:
            return [name for name in names[names.index(there[0]) :] if name not in there]
    raise AssertionError("a commit is never seen whole")


class AtomicContract(StoreSuite):
    """A commit is stored whole or not at all, whatever fails or dies when."""

    def test_non_atomic_commit(self, under_test: AnyStoreUnderTest) -> None:
        """A commit is stored whole or not at all, and seen whole or not at all.

        It leaves nothing when its last part does not fit or cannot be written.  Who reads meanwhile, from another
        thread or between any two statements, and sees one part of it sees all others.
        """
        with opened(under_test) as store:
            for name, misfit in MISFITS.items():
                tenant = new_tenant()
                commit, culprit = misfit(turn(tenant, prepare(store, tenant)))
                assert_conflict(store, commit, culprit)
                assert not happened(store, tenant), name
            tenant = new_tenant()
            unwritable = extended(turn(tenant, prepare(store, tenant)), words("half", "half a pair: \ud83d"))
            try:
                store.commit(unwritable)
            except Exception:  # whatever the driver says of it
                assert not happened(store, tenant), "a commit that cannot be written"
            else:
                assert happened(store, tenant)
            tenants = [new_tenant() for _ in range(10)]
            claims = [prepare(store, tenant) for tenant in tenants]
        missing = race_in_threads(under_test, partial(_write_or_read, tenants, claims), len(tenants), rivals=2)
        assert [missed for _, missed in missing] == [[]] * len(tenants), "who sees one part sees the others"
        prepared: dict[str, Claim] = {}
        for _, _, seen in stopped_everywhere(
            under_test,
            lambda store, tenant: prepared.update({tenant: prepare(store, tenant)}),
            lambda store, tenant: store.commit(turn(tenant, prepared[tenant])),
            lambda store, tenant: [PARTS[name](store, tenant) for name in (*PARTS, *reversed(tuple(PARTS)))],
        ):
            assert seen == sorted(seen), "who reads between two statements, and sees one part, sees the others"

    def test_a_store_goes_on_after_a_conflict(self, store: Store, tenant: str) -> None:
        """The same commit without what did not fit is stored."""
        fine = turn(tenant, prepare(store, tenant))
        for misfit in MISFITS.values():
            commit, culprit = misfit(fine)
            assert_conflict(store, commit, culprit)
        assert dict(store.commit(fine).numbers) == {"new": 2}
        assert happened(store, tenant)

    def test_non_atomic_commit_when_killed(self, under_test: AnyStoreUnderTest) -> None:
        """A process that dies before any statement of a commit leaves it whole or not at all.

        What was committed before it died is there, and the next commit is accepted.
        """
        if not under_test.killable:
            pytest.skip("a commit cannot be killed: needs processes=True and durable=True")
        if under_test.before_statement is None:
            pytest.skip("no before_statement: commits are killed at random times instead")
        for nth in range(1, 1000):
            tenant = new_tenant()
            told, died = until_death(partial(_die_before, under_test, tenant, nth))
            committed = "committed" in told
            assert committed or died
            whole = in_process(partial(_look, under_test, tenant))
            assert whole or not committed, f"what was committed is there: {nth}"
            if committed:
                assert nth > 1, "the hook of before_statement was never called"
                return

    def test_non_atomic_commit_when_killed_at_random(self, under_test: AnyStoreUnderTest) -> None:
        """A process that is killed while it commits leaves each commit whole or not at all.

        Every commit that was acknowledged is there.
        """
        if not under_test.killable:
            pytest.skip("a commit cannot be killed: needs processes=True and durable=True")
        seed = random.randrange(2**32)
        print(f"seed of the times of death: {seed}")  # noqa: T201  (pytest shows it when the test fails)
        chance = random.Random(seed)
        for _ in range(10 if under_test.before_statement is None else 3):
            tenants = [new_tenant() for _ in range(200)]
            told, _ = until_death(partial(_commit_on, under_test, tenants), after=chance.uniform(0, 0.03))
            seen = in_process(partial(_look_at, under_test, tenants[: len(told) + 1]))
            assert seen[: len(told)] == [True] * len(told), f"what was committed is there (seed {seed})"


def _die_before(under_test: AnyStoreUnderTest, tenant: str, nth: int, report: Report) -> None:
    """Commit the turn and die before its nth statement, or just after it was committed."""
    install = under_test.before_statement
    assert install is not None
    store = under_test.open()
    claim = prepare(store, tenant)
    left = nth

    def hook() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            die()

    install(store, hook)
    store.commit(turn(tenant, claim))
    report("committed")
    die()


def _commit_on(under_test: AnyStoreUnderTest, tenants: list[str], report: Report) -> None:
    """Commit one turn after the other, and tell of each."""
    store = under_test.open()
    for tenant in tenants:
        claim = prepare(store, tenant)
        store.commit(turn(tenant, claim))
        report(tenant)


def _look(under_test: AnyStoreUnderTest, tenant: str) -> bool:
    with opened(under_test) as store:
        return happened(store, tenant)


def _look_at(under_test: AnyStoreUnderTest, tenants: list[str]) -> list[bool]:
    """Whether each turn happened; of one that was not even prepared, that it did not."""
    with opened(under_test) as store:
        return [store.load(tenant, [OLD])[0] is not None and happened(store, tenant) for tenant in tenants]
