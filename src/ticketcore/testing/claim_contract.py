"""Workers who rival for one entry: it is one worker's, and settled at most once."""

from collections.abc import Callable, Sequence
from functools import partial

import attrs
import pytest

from ticketcore.ports import Claim, Commit, Settle, Store, Timer
from ticketcore.testing.concurrency import race_in_threads, stopped_everywhere
from ticketcore.testing.processes import race_in_processes
from ticketcore.testing.samples import (
    LATER,
    accepted,
    agent_step,
    assert_conflict,
    at,
    commit_of,
    owed,
    ticket_ref,
    timer,
)
from ticketcore.testing.turn import happened, prepare, turn
from ticketcore.testing.under_test import AnyStoreUnderTest, StoreSuite, new_tenant, opened

ROUNDS = 50
"""How often rivals meet."""

ONE = ticket_ref("one")
"""What the entries are about."""

Race = Callable[..., list[tuple[list[Claim], ...]]]
"""Lets rivals claim at once, in threads or processes; what each of them got, round by round."""


def claim_one(store: Store, tenant: str, now: float, kind: str = "send") -> Claim:
    """The one entry of the kind that is due at that second; its lease ends after ten."""
    (claim,) = store.claim(tenant, [kind], at(now), at(now + 10), 9)
    return claim


def settling(tenant: str, *claims: Claim, again: float | None = None) -> Commit:
    """A commit that settles these claims, with a record and an event."""
    settles = [Settle(claim, None if again is None else at(again)) for claim in claims]
    return commit_of(tenant, agent_step("worker", 1), settles=settles)


def _claim_next(tenant: str, store: Store, _own: int, _number: int) -> list[Claim]:
    return list(store.claim(tenant, ["send", "quiet"], at(100), at(200), 1))


def _settle(tenant: str, claims: Sequence[Claim], store: Store, _own: int, number: int) -> bool:
    return accepted(store, commit_of(tenant, settles=[Settle(claims[number])])) is not None


def _assert_each_claimed_once(under_test: AnyStoreUnderTest, race: Race) -> None:
    """Every entry is claimed by one worker, and settled by one of those who try."""
    tenant = new_tenant()
    with opened(under_test) as store:
        timers = [timer("quiet", ticket_ref(str(n)), n) for n in range(ROUNDS)]
        store.commit(commit_of(tenant, timers=timers, outbox=[owed(str(n), n) for n in range(ROUNDS)]))
    rounds = race(under_test, partial(_claim_next, tenant), ROUNDS)
    claims = [claim for round in rounds for claimed in round for claim in claimed]
    with opened(under_test) as store:
        claims += store.claim(tenant, ["send", "quiet"], at(100), at(200), 1000)
    names = [(claim.kind, claim.id) for claim in claims]
    assert len(set(names)) == 2 * ROUNDS, "every entry is claimed"
    assert len(names) == len(set(names)), "by one worker"
    wins = race(under_test, partial(_settle, tenant, claims), ROUNDS)
    assert [sum(map(bool, won)) for won in wins] == [1] * ROUNDS, "a claim is settled once"


def _assert_claimed_once_between_statements(under_test: AnyStoreUnderTest) -> None:
    claims: dict[str, Claim] = {}

    def owe(store: Store, tenant: str) -> None:
        store.commit(commit_of(tenant, outbox=[owed("a")]))

    def owe_and_claim(store: Store, tenant: str) -> None:
        owe(store, tenant)
        claims[tenant] = claim_one(store, tenant, 0)

    def settle(store: Store, tenant: str) -> bool:
        return accepted(store, commit_of(tenant, settles=[Settle(claims[tenant])])) is not None

    def claim(store: Store, tenant: str) -> bool:
        return len(store.claim(tenant, ["send"], at(20), at(30), 9)) == 1

    for _, one, two in stopped_everywhere(under_test, owe, claim, claim):
        assert one + two == 1, "one of two workers gets the entry"
    for _, one, two in stopped_everywhere(under_test, owe_and_claim, settle, settle):
        assert one + two == 1, "one of two settles the claim"
    for first, second in ((settle, claim), (claim, settle)):
        for _, one, two in stopped_everywhere(under_test, owe_and_claim, first, second):
            assert one + two == 1, "the claim is settled, or the entry is another worker's"


def _assert_settled_once_in_a_commit(store: Store, tenant: str) -> None:
    """Also within one commit a claim is settled once."""
    claim = prepare(store, tenant)
    fine = turn(tenant, claim)
    for again in (None, at(5)):
        doubled = attrs.evolve(fine, settles=(*fine.settles, Settle(claim, again)))
        assert_conflict(store, doubled, ("send", "settled"))
    assert not happened(store, tenant)


def _assert_void_when_the_timer_is_set_again(store: Store, tenant: str) -> None:
    """Setting a timer again voids every claim on it, also when the new one was claimed as often."""
    blocker = ("quiet", "ticket:one")
    old: list[Claim] = []
    for start in (0, 100, 200):
        store.commit(commit_of(tenant, timers=[timer("quiet", ONE, start)]))
        for claim in old:
            assert_conflict(store, settling(tenant, claim), blocker)
        claim = claim_one(store, tenant, start, "quiet")
        for stale in old:
            assert stale.token < claim.token, "tokens grow"
            assert_conflict(store, settling(tenant, stale), blocker)
        old.append(claim)
    store.commit(commit_of(tenant, timers=[Timer("quiet", ONE, None)]))
    for claim in old:
        assert_conflict(store, settling(tenant, claim), blocker)
    store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 300)]))
    newest = claim_one(store, tenant, 300, "quiet")
    for claim in old:
        assert_conflict(store, settling(tenant, claim), blocker)
    _assert_nothing_settled(store, tenant)
    store.commit(settling(tenant, newest))


def _assert_void_when_the_effect_is_owed_again(store: Store, tenant: str) -> None:
    """A claim on an entry that was settled does not settle one of the same id that is owed later."""
    store.commit(commit_of(tenant, outbox=[owed("a")]))
    old = claim_one(store, tenant, 0)
    store.commit(commit_of(tenant, settles=[Settle(old)]))
    if accepted(store, commit_of(tenant, outbox=[owed("a", 50)])) is None:
        return
    assert_conflict(store, settling(tenant, old), ("send", "a"))
    newer = claim_one(store, tenant, 60)
    assert_conflict(store, settling(tenant, old), ("send", "a"))
    store.commit(settling(tenant, newer))


class ClaimContract(StoreSuite):
    """Claims under rivalry."""

    def test_unfenced_claim(self, under_test: AnyStoreUnderTest) -> None:
        """A claim is settled at most once, and not after a newer claim; settled wrongly, nothing of it is stored.

        A claim ends when its lease ended and another worker has the entry, when it was settled, and when its timer
        was set again or cancelled, whatever became of the entry since.  From threads, and between any statements.
        """
        with opened(under_test) as store, opened(under_test) as other:
            for kind, entry in (("send", {"outbox": [owed("a")]}), ("quiet", {"timers": [timer("quiet", ONE, 0)]})):
                tenant = new_tenant()
                store.commit(commit_of(tenant, **entry))
                blocker = (kind, "a" if kind == "send" else "ticket:one")
                first = claim_one(store, tenant, 0, kind)
                for where in (store, other):
                    assert list(where.claim(tenant, [kind], at(9), at(99), 9)) == []
                second = claim_one(other, tenant, 10, kind)
                for claim in (first, attrs.evolve(second, token=second.token + 1)):
                    for where in (store, other):
                        assert_conflict(where, settling(tenant, claim), blocker)
                        assert_conflict(where, settling(tenant, claim, again=5), blocker)
                _assert_nothing_settled(store, tenant)
                other.commit(commit_of(tenant, settles=[Settle(second, at(50))]))
                third = claim_one(store, tenant, 50, kind)
                assert first.token < second.token < third.token
                for claim in (first, second):
                    assert_conflict(store, settling(tenant, claim), blocker)
                store.commit(commit_of(tenant, settles=[Settle(third)]))
                for claim in (first, second, third):
                    assert_conflict(store, settling(tenant, claim), blocker)
                    assert_conflict(other, settling(tenant, claim, again=5), blocker)
                _assert_nothing_settled(store, tenant)
                assert list(store.claim(tenant, [kind], LATER, LATER, 9)) == []
            _assert_settled_once_in_a_commit(store, new_tenant())
            _assert_void_when_the_timer_is_set_again(store, new_tenant())
            _assert_void_when_the_effect_is_owed_again(store, new_tenant())
        _assert_each_claimed_once(under_test, race_in_threads)
        _assert_claimed_once_between_statements(under_test)

    @pytest.mark.usefixtures("processes")
    def test_unfenced_claim_between_processes(self, under_test: AnyStoreUnderTest) -> None:
        """Two processes claim and settle at once: each entry is one worker's, each claim is settled once."""
        _assert_each_claimed_once(under_test, race_in_processes)

    @pytest.mark.usefixtures("durable")
    def test_unfenced_claim_after_opening_again(self, under_test: AnyStoreUnderTest, tenant: str) -> None:
        """Claims hold when the data is opened again, and tokens go on growing."""
        with opened(under_test) as store:
            store.commit(commit_of(tenant, outbox=[owed("a"), owed("b", 1)], timers=[timer("quiet", ONE, 0)]))
            (a, b) = store.claim(tenant, ["send"], at(2), at(10), 2)
            old = claim_one(store, tenant, 0, "quiet")
        with opened(under_test) as store:
            store.commit(commit_of(tenant, settles=[Settle(a)]))
            assert list(store.claim(tenant, ["send"], at(9), at(20), 9)) == []
            store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 0)]))
        with opened(under_test) as store:
            newer = claim_one(store, tenant, 10)
            assert (newer.id, newer.attempt) == ("b", 2)
            assert newer.token > b.token
            set_again = claim_one(store, tenant, 10, "quiet")
            assert set_again.token > old.token
        with opened(under_test) as store:
            assert_conflict(store, settling(tenant, b), ("send", "b"))
            assert_conflict(store, settling(tenant, old), ("quiet", "ticket:one"))
            store.commit(settling(tenant, newer, set_again))


def _assert_nothing_settled(store: Store, tenant: str) -> None:
    """Nothing of the commits of ``settling`` is there."""
    assert store.load(tenant, [agent_step("worker", 1)[1].stream]) == (None,)
    assert store.events(tenant) == ()
