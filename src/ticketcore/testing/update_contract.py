"""Writers who rival for one record, one key or one number: exactly one of them gets it."""

from collections.abc import Callable, Iterator
from functools import partial

import attrs
import pytest

from ticketcore.model import Kind, Ref, Ticket, UniqueKey
from ticketcore.ports import Commit, Query, Record, Store
from ticketcore.records import alias_key
from ticketcore.testing.concurrency import race_in_threads, stopped_everywhere
from ticketcore.testing.filled import record_of, values
from ticketcore.testing.processes import race_in_processes
from ticketcore.testing.samples import (
    accepted,
    agent_ref,
    agent_step,
    assert_conflict,
    commit_of,
    contact_ref,
    contact_step,
    mail,
    opened_ticket,
    opening,
    owed,
    ticket,
    ticket_ref,
    words,
)
from ticketcore.testing.under_test import AnyStoreUnderTest, StoreSuite, new_tenant, opened

ROUNDS = 50
"""How often rivals meet."""

Race = Callable[..., list[tuple[bool, ...]]]
"""Lets rivals write at once, in threads or processes; which of them were stored, round by round."""


def _write(tenant: str, store: Store, own: int, number: int) -> bool:
    """Write the agent's next version, expecting the one that all rivals saw; whether it was stored."""
    record, _ = agent_step("ana", number + 1, mark=own)
    return accepted(store, commit_of(tenant, records=[record])) is not None


def _append(tenant: str, store: Store, own: int, number: int) -> bool:
    """Append the agent's next event and no record; whether it was stored."""
    _, event = agent_step("ana", number + 1, mark=own)
    return accepted(store, attrs.evolve(commit_of(tenant), events=(event,))) is not None


def _take(tenant: str, store: Store, own: int, number: int) -> bool:
    """Take the address of this round for a contact, or for another kind of record, of one's own."""
    return (
        accepted(store, commit_of(tenant, records=[_holder(f"{own}-{number}", f"{number}@example.org", own)]))
        is not None
    )


def _open(tenant: str, store: Store, own: int, number: int) -> int:
    """Open a ticket, in every third round in a commit that does not fit; the number it got, or 0."""
    id = f"{own}-{number}"
    misfits = [agent_step("nobody", 2)[0]] if (own + number) % 3 == 0 else []
    committed = accepted(store, commit_of(tenant, opened_ticket(id), records=misfits))
    return 0 if committed is None else committed.numbers[id]


def _holder(id: str, address: str, form: int = 0) -> Record:
    """A new record, of a kind that ``form`` chooses, that holds the address as its key."""
    record = contact_step(id, 1, address)[0] if form % 2 == 0 else words(id)
    return attrs.evolve(record, keys=(alias_key(mail(address)),))


def _assert_one_writer_a_round(under_test: AnyStoreUnderTest, race: Race) -> None:
    tenant = new_tenant()
    rounds = race(under_test, partial(_write, tenant), ROUNDS)
    assert [sum(wins) for wins in rounds] == [1] * ROUNDS, "each version has one writer"
    with opened(under_test) as store:
        (stored,) = store.load(tenant, [agent_ref("ana")])
    assert stored == agent_step("ana", ROUNDS, mark=rounds[-1].index(True))[0].value


def _assert_one_event_a_round(under_test: AnyStoreUnderTest, race: Race) -> None:
    tenant = new_tenant()
    rounds = race(under_test, partial(_append, tenant), ROUNDS)
    assert [sum(wins) for wins in rounds] == [1] * ROUNDS, "each version of a stream has one event"
    with opened(under_test) as store:
        versions = [item.version for item in store.events(tenant, stream=agent_ref("ana"))]
    assert versions == list(range(1, ROUNDS + 1))


def _assert_one_holder_a_round(under_test: AnyStoreUnderTest, race: Race) -> None:
    tenant = new_tenant()
    rounds = race(under_test, partial(_take, tenant), ROUNDS)
    assert [sum(wins) for wins in rounds] == [1] * ROUNDS, "each key has one holder"
    with opened(under_test) as store:
        held = store.load(tenant, [alias_key(mail(f"{number}@example.org")) for number in range(ROUNDS)])
    assert [value.id for value in held] == [f"{wins.index(True)}-{number}" for number, wins in enumerate(rounds)]


def _assert_numbers_in_sequence(under_test: AnyStoreUnderTest, race: Race) -> None:
    tenant = new_tenant()
    rounds = race(under_test, partial(_open, tenant), ROUNDS)
    given = {f"{own}-{n}": number for n, numbers in enumerate(rounds) for own, number in enumerate(numbers) if number}
    assert sorted(given.values()) == list(range(1, len(given) + 1)), "no number comes twice, none is left out"
    with opened(under_test) as store:
        stored = store.find(tenant, Query(Kind.TICKET, sort="number", limit=1000)).values
    assert {value.id: value.number for value in stored if isinstance(value, Ticket)} == given


class UpdateContract(StoreSuite):
    """Versions, keys and numbers under rivalry."""

    def test_lost_update(self, under_test: AnyStoreUnderTest, tenant: str) -> None:
        """Of two writers who saw the same version one is stored and the other is a ``Conflict``.

        For every kind of record, through one instance and through two, alone and among others, from threads, and
        between any two statements.
        """
        with opened(under_test) as store, opened(under_test) as other:
            for ref, value in values().items():
                store.commit(commit_of(tenant, records=[record_of(ref, value)]))
                other.commit(commit_of(tenant, records=[record_of(ref, value, 2)]))
                for version, expected in ((1, 0), (2, 1), (3, 0), (3, 1), (4, 3)):
                    late = record_of(ref, value, version, expected)
                    fits = words(f"beside-{ref}")
                    for where in (store, other):
                        for records in ([late], [late, fits], [fits, late]):
                            assert_conflict(where, commit_of(tenant, records=records), ref)
                absent = Ref(ref.kind, f"absent-{ref.id}")
                assert_conflict(store, commit_of(tenant, records=[record_of(absent, value, 2)]), absent)
                assert store.load(tenant, [ref, absent]) == (record_of(ref, value, 2).value, None)
                store.commit(commit_of(tenant, records=[record_of(ref, value, 3)]))
        _assert_one_writer_a_round(under_test, race_in_threads)
        _assert_one_event_a_round(under_test, race_in_threads)
        for version in (1, 2):
            for place, one, two in stopped_everywhere(
                under_test,
                lambda store, tenant, version=version: [_write(tenant, store, 0, n) for n in range(version - 1)],  # type: ignore[misc]  # a default
                lambda store, tenant, version=version: _write(tenant, store, 1, version - 1),  # type: ignore[misc]  # a default
                lambda store, tenant, version=version: _write(tenant, store, 2, version - 1),  # type: ignore[misc]  # a default
            ):
                assert one + two == 1, "one of two writers is stored"
                with opened(under_test) as store:
                    (stored,) = store.load(place, [agent_ref("ana")])
                assert stored == agent_step("ana", version, mark=1 if one else 2)[0].value

    @pytest.mark.usefixtures("processes")
    def test_lost_update_between_processes(self, under_test: AnyStoreUnderTest) -> None:
        """Two processes race for one version, again and again: exactly one wins each."""
        _assert_one_writer_a_round(under_test, race_in_processes)
        _assert_one_event_a_round(under_test, race_in_processes)

    def test_duplicate_key(self, under_test: AnyStoreUnderTest, tenant: str) -> None:
        """A unique key belongs to one record of a tenant; claiming one that another holds is a ``Conflict``.

        Of the same kind or another, when the record is new or old, within one commit, through two instances, after
        a commit that did not fit, from threads, and between any two statements.
        """
        key = alias_key(mail("bob@example.org"))
        with opened(under_test) as store, opened(under_test) as other:
            store.commit(commit_of(tenant, contact_step("bob", 1, "bob@example.org"), contact_step("eve", 1)))
            for where in (store, other):
                for form in (0, 1):
                    assert_conflict(where, commit_of(tenant, records=[_holder("new", "bob@example.org", form)]), key)
                assert_conflict(where, commit_of(tenant, contact_step("eve", 2, "bob@example.org")), key)
                assert_conflict(
                    where, commit_of(tenant, contact_step("eve", 2, "e@example.org", "bob@example.org")), key
                )
            _assert_held(other, tenant, key, contact_ref("bob"))
            store.commit(commit_of(tenant, contact_step("bob", 2)))
            assert_conflict(other, commit_of(tenant, contact_step("eve", 2, "bob@example.org")), key)
            _assert_held(other, tenant, key, contact_ref("bob"))
            free = alias_key(mail("e@example.org"))
            assert store.load(tenant, [free]) == (None,), "a commit that did not fit takes no key"
            other.commit(commit_of(tenant, contact_step("bob", 3, "bob@example.org", "e@example.org")))
            _assert_held(store, tenant, free, contact_ref("bob"))
            store.commit(commit_of(tenant, records=[attrs.evolve(words("new"), keys=(UniqueKey("x", free.value),))]))
            wanted = alias_key(mail("two@example.org"))
            for form in (0, 1):
                both = [_holder("one", "two@example.org"), _holder("two", "two@example.org", form)]
                assert_conflict(store, commit_of(tenant, records=both), wanted)
                assert store.load(tenant, [wanted, contact_ref("one"), contact_ref("two")]) == (None, None, None)
        _assert_one_holder_a_round(under_test, race_in_threads)
        for place, one, two in stopped_everywhere(
            under_test,
            lambda store, tenant: store.commit(commit_of(tenant, contact_step("eve", 1))),
            lambda store, tenant: _take(tenant, store, 0, 0),
            lambda store, tenant: _take(tenant, store, 1, 0),
        ):
            assert one + two == 1, "one of two takes the key"
            with opened(under_test) as store:
                holder = Ref(Kind.CONTACT, "0-0") if one else Ref(Kind.TEXT, "1-0")
                _assert_held(store, place, alias_key(mail("0@example.org")), holder)

    @pytest.mark.usefixtures("processes")
    def test_duplicate_key_between_processes(self, under_test: AnyStoreUnderTest) -> None:
        """Two processes race for one key, again and again: exactly one gets each."""
        _assert_one_holder_a_round(under_test, race_in_processes)

    @pytest.mark.usefixtures("durable")
    def test_duplicate_key_after_opening_again(self, under_test: AnyStoreUnderTest, tenant: str) -> None:
        """A key stays its record's own when the data is opened again."""
        with opened(under_test) as store:
            store.commit(commit_of(tenant, contact_step("bob", 1, "bob@example.org")))
        with opened(under_test) as store:
            key = alias_key(mail("bob@example.org"))
            assert_conflict(store, commit_of(tenant, contact_step("eve", 1, "bob@example.org")), key)
            _assert_held(store, tenant, key, contact_ref("bob"))

    def test_reused_number(self, under_test: AnyStoreUnderTest, tenant: str) -> None:
        """No number comes twice, and one that was given inside a commit rolls back with it.

        After commits that do not fit for any reason, through two instances, from threads, and between any two
        statements.
        """
        with opened(under_test) as store, opened(under_test) as other:
            base = commit_of(tenant, opened_ticket("0"), contact_step("bob", 1, "b@example.org"), outbox=[owed("a")])
            assert store.commit(base).numbers["0"] == 1
            for n, misfit in enumerate(_misfits(tenant), 2):
                assert accepted(store, misfit) is None
                assert accepted(other, misfit) is None
                where, elsewhere = (store, other) if n % 2 else (other, store)
                committed = where.commit(commit_of(tenant, opened_ticket(str(n))))
                assert dict(committed.numbers) == {str(n): n}
                (seen,) = elsewhere.load(tenant, [ticket_ref(str(n))])
                assert isinstance(seen, Ticket)
                assert seen.number == n
        _assert_numbers_in_sequence(under_test, race_in_threads)
        for fits in (True, False):
            for _, one, two in stopped_everywhere(
                under_test,
                lambda store, tenant: store.commit(commit_of(tenant, agent_step("ana", 1))),
                lambda store, tenant, fits=fits: _open(tenant, store, 1, 0 if fits else 2),  # type: ignore[misc]  # a default
                lambda store, tenant: _open(tenant, store, 2, 0),
            ):
                assert {one, two} == ({1, 2} if fits else {0, 1}), "numbers are in sequence"

    def test_reused_number_of_an_import(self, store: Store, tenant: str) -> None:
        """A number that an opening event brings with it is not given again."""
        store.commit(commit_of(tenant, opening(ticket("imported", number=3))))
        given = [store.commit(commit_of(tenant, opened_ticket(str(n)))).numbers[str(n)] for n in range(5)]
        assert len({3, *given}) == 6
        both = commit_of(tenant, opened_ticket("new"), opening(ticket("next", number=max(given) + 1)))
        numbers = store.commit(both).numbers
        assert numbers.keys() == {"new"}, "the other brought its own"
        assert numbers["new"] > max(given) + 1, "a commit gives no number that it brings along"
        assert store.commit(commit_of(tenant, opened_ticket("last"))).numbers["last"] > numbers["new"]

    @pytest.mark.usefixtures("processes")
    def test_reused_number_between_processes(self, under_test: AnyStoreUnderTest) -> None:
        """Two processes open tickets at once: no number comes twice, none is left out."""
        _assert_numbers_in_sequence(under_test, race_in_processes)

    @pytest.mark.usefixtures("durable")
    def test_reused_number_after_opening_again(self, under_test: AnyStoreUnderTest, tenant: str) -> None:
        """The sequence goes on when the data is opened again."""
        for n in (1, 2, 3):
            with opened(under_test) as store:
                assert store.commit(commit_of(tenant, opened_ticket(str(n)))).numbers[str(n)] == n


def _assert_held(store: Store, tenant: str, key: UniqueKey, holder: Ref) -> None:
    by_key, by_name = store.load(tenant, [key, holder])
    assert by_name is not None
    assert by_key == by_name, "the key names the record that took it first"


def _misfits(tenant: str) -> Iterator[Commit]:
    """Commits that open a ticket and do not fit, each for another reason."""
    fine = commit_of(tenant, opened_ticket("misfit"))
    yield attrs.evolve(fine, records=(*fine.records, agent_step("nobody", 2)[0]))
    yield attrs.evolve(fine, records=(*fine.records, contact_step("eve", 1, "b@example.org")[0]))
    yield attrs.evolve(fine, events=(*fine.events, contact_step("bob", 1)[1]))
    yield attrs.evolve(fine, outbox=(owed("a", 5),))
