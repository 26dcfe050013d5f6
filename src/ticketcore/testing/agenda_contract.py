"""Timers, outbox entries and the claims on them, one worker after the other."""

import pytest

from ticketcore.ports import Claim, OutboxEntry, Settle, Store, Timer
from ticketcore.testing.filled import ELSEWHERE, PLAYFUL
from ticketcore.testing.samples import (
    LATER,
    agent_ref,
    assert_conflict,
    at,
    commit_of,
    owed,
    ticket_ref,
    timer,
)
from ticketcore.testing.under_test import StoreSuite

ONE, TWO = ticket_ref("one"), ticket_ref("two")


def due(store: Store, tenant: str, *kinds: str, now: float = 0, lease: float = 60, limit: int = 100) -> list[Claim]:
    """What a worker gets who asks at that second."""
    return list(store.claim(tenant, kinds, at(now), at(now + lease), limit))


def names(claims: list[Claim]) -> list[str]:
    """The ids of what was claimed, in order."""
    return [claim.id for claim in claims]


class AgendaContract(StoreSuite):
    """``claim``, and what a commit does to timers and outbox."""

    def test_a_timer_is_due_at_its_instant(self, store: Store, tenant: str) -> None:
        """An entry is claimed when it is due, not before, and says what it is about."""
        store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 10)]))
        assert due(store, tenant, "quiet", now=9.999999) == []
        (claim,) = due(store, tenant, "quiet", now=10)
        assert (claim.kind, claim.id, claim.subject, claim.due) == ("quiet", "ticket:one", ONE, at(10))
        assert claim.due.utcoffset() is not None
        assert claim.attempt == 1

    def test_an_outbox_entry_is_due_at_its_instant(self, store: Store, tenant: str) -> None:
        """The same of what is owed outside."""
        entry = OutboxEntry("send", PLAYFUL, agent_ref(PLAYFUL), at(10))
        store.commit(commit_of(tenant, outbox=[entry]))
        assert due(store, tenant, "send", now=9.999999) == []
        (claim,) = due(store, tenant, "send", now=10)
        assert (claim.kind, claim.id, claim.subject, claim.due) == ("send", PLAYFUL, agent_ref(PLAYFUL), at(10))

    def test_instants_are_compared_as_instants(self, store: Store, tenant: str) -> None:
        """An instant written in another zone is the same instant."""
        store.commit(commit_of(tenant, timers=[Timer("quiet", ONE, ELSEWHERE)]))
        assert due(store, tenant, "quiet", now=-1) == []
        (claim,) = store.claim(tenant, ["quiet"], ELSEWHERE, at(60).astimezone(ELSEWHERE.tzinfo), 1)
        assert claim.due == ELSEWHERE
        assert due(store, tenant, "quiet", now=59) == []
        assert names(due(store, tenant, "quiet", now=61)) == ["ticket:one"]

    def test_the_longest_due_comes_first(self, store: Store, tenant: str) -> None:
        """In the order of their due instants across kinds, at most ``limit``, only the kinds asked for."""
        store.commit(
            commit_of(
                tenant,
                timers=[timer("quiet", ONE, 3), timer("route", ONE, 1), timer("other", ONE, 0)],
                outbox=[owed("b", 2), owed("a", 4), owed("c", 99)],
            )
        )
        first = due(store, tenant, "send", "quiet", "route", "route", now=50, limit=2)
        assert [(claim.kind, claim.id) for claim in first] == [("route", "ticket:one"), ("send", "b")]
        rest = due(store, tenant, "quiet", "route", "send", now=50)
        assert [(claim.kind, claim.id) for claim in rest] == [("quiet", "ticket:one"), ("send", "a")]
        assert due(store, tenant, "nothing") == []
        assert due(store, tenant) == []

    def test_a_claimed_entry_is_nobody_elses_until_the_lease_ends(self, store: Store, tenant: str) -> None:
        """Claimed by one worker until the lease ends; then by the next, with a larger token and attempt."""
        store.commit(commit_of(tenant, outbox=[owed("a")]))
        (first,) = due(store, tenant, "send", now=0, lease=60)
        assert due(store, tenant, "send", now=59.999999) == []
        (second,) = due(store, tenant, "send", now=60, lease=5)
        assert second.token > first.token
        assert (first.attempt, second.attempt) == (1, 2)
        assert second.due == at(0)
        (third,) = due(store, tenant, "send", now=66)
        assert third.token > second.token
        assert third.attempt == 3

    def test_a_settled_entry_is_done(self, store: Store, tenant: str) -> None:
        """It stays until a claim on it is settled."""
        store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 0)], outbox=[owed("a")]))
        claims = due(store, tenant, "quiet", "send")
        store.commit(commit_of(tenant, settles=[Settle(claim) for claim in claims]))
        assert len(claims) == 2
        assert list(store.claim(tenant, ["quiet", "send"], LATER, LATER, 9)) == []

    def test_an_expired_lease_settles_while_nobody_else_has_it(self, store: Store, tenant: str) -> None:
        """A claim is settled not after a newer claim; until there is one, also when its lease has ended."""
        store.commit(commit_of(tenant, outbox=[owed("a"), owed("b")], timers=[timer("other", ONE, 0)]))
        claims = due(store, tenant, "send", now=0, lease=1)
        assert len(due(store, tenant, "other", now=500)) == 1
        store.commit(commit_of(tenant, settles=[Settle(claim) for claim in claims]))
        assert list(store.claim(tenant, ["send"], LATER, LATER, 9)) == []

    def test_settled_to_be_done_again(self, store: Store, tenant: str) -> None:
        """With ``again`` the entry is due once more at that instant, and attempts are counted on."""
        store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 0)], outbox=[owed("a")]))
        for again, attempt in ((100, 1), (200, 2), (300, 3)):
            claims = due(store, tenant, "quiet", "send", now=again - 100)
            assert sorted(names(claims)) == ["a", "ticket:one"]
            assert {claim.attempt for claim in claims} == {attempt}
            store.commit(commit_of(tenant, settles=[Settle(claim, at(again)) for claim in claims]))
            assert due(store, tenant, "quiet", "send", now=again - 1) == []

    def test_a_timer_set_again_replaces_the_old(self, store: Store, tenant: str) -> None:
        """One timer per kind and record."""
        store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 10), timer("quiet", TWO, 20)]))
        store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 30), timer("route", ONE, 40)]))
        assert names(due(store, tenant, "quiet", now=29)) == ["ticket:two"]
        (claim,) = due(store, tenant, "quiet", now=50)
        assert (claim.id, claim.due, claim.attempt) == ("ticket:one", at(30), 1)
        assert names(due(store, tenant, "route", now=50)) == ["ticket:one"]

    def test_a_timer_may_be_set_earlier(self, store: Store, tenant: str) -> None:
        """Setting it again replaces it, whichever is first."""
        store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 1000)]))
        store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 5)]))
        assert names(due(store, tenant, "quiet", now=5)) == ["ticket:one"]
        assert due(store, tenant, "quiet", now=64) == []

    def test_a_cancelled_timer_never_comes(self, store: Store, tenant: str) -> None:
        """``due`` None cancels; cancelling what is not there is nothing."""
        store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 10), timer("quiet", TWO, 10)]))
        store.commit(commit_of(tenant, timers=[Timer("quiet", ONE, None), Timer("route", ONE, None)]))
        assert names(list(store.claim(tenant, ["quiet", "route"], LATER, LATER, 9))) == ["ticket:two"]

    def test_a_timer_settled_and_set_in_one_commit_is_set(self, store: Store, tenant: str) -> None:
        """A worker who does a timer's work may set the next one with it."""
        store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 0)]))
        (claim,) = due(store, tenant, "quiet")
        store.commit(commit_of(tenant, timers=[timer("quiet", ONE, 90)], settles=[Settle(claim)]))
        assert due(store, tenant, "quiet", now=89) == []
        (following,) = due(store, tenant, "quiet", now=90)
        assert (following.due, following.attempt) == (at(90), 1)

    def test_an_effect_is_owed_once(self, store: Store, tenant: str) -> None:
        """``id`` is its idempotency key: owing it twice is a ``Conflict``; another kind is another entry."""
        store.commit(commit_of(tenant, outbox=[owed("a")]))
        assert_conflict(store, commit_of(tenant, outbox=[owed("a", 5)]), ("send", "a"))
        due(store, tenant, "send", lease=5)
        assert_conflict(store, commit_of(tenant, outbox=[owed("b"), owed("a", 5)]), ("send", "a"))
        store.commit(commit_of(tenant, outbox=[owed("a", kind="call")]))
        assert {claim.kind for claim in store.claim(tenant, ["send", "call"], LATER, LATER, 9)} == {"call", "send"}

    def test_an_effect_is_owed_once_in_a_commit(self, store: Store, tenant: str) -> None:
        """Also within one commit."""
        assert_conflict(store, commit_of(tenant, outbox=[owed("a"), owed("a", 5)]), ("send", "a"))
        assert list(store.claim(tenant, ["send"], LATER, LATER, 9)) == []

    @pytest.mark.parametrize("limit", [1, 7, 100])
    def test_all_that_is_due_is_claimed_in_turns(self, store: Store, tenant: str, limit: int) -> None:
        """Workers who ask again and again get each entry once, oldest first."""
        store.commit(commit_of(tenant, outbox=[owed(f"{n:02}", (n * 37) % 50) for n in range(50)]))
        got: list[Claim] = []
        for _ in range(51):
            claims = due(store, tenant, "send", now=50, limit=limit)
            assert len(claims) <= limit
            got += claims
        assert [claim.due for claim in got] == [at(n) for n in range(50)]
        assert len({claim.id for claim in got}) == 50
