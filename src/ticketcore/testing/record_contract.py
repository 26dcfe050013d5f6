"""Records: loading, versions, values that come back as they were, numbers and events."""

import attrs

from ticketcore.model import Agent, Kind, PolicyMemory, Presence, Ref, Text, UniqueKey
from ticketcore.ports import Query, Recorded, Store, Unchanged
from ticketcore.records import agent_record, alias_key, text_record
from ticketcore.testing.filled import PLAYFUL, history, record_of, values
from ticketcore.testing.samples import (
    AT,
    agent_ref,
    agent_step,
    assert_conflict,
    commit_of,
    contact_ref,
    contact_step,
    mail,
    opened_ticket,
    opening,
    ticket,
    ticket_ref,
    ticket_step,
    words,
)
from ticketcore.testing.under_test import AnyStoreUnderTest, StoreSuite, opened


class RecordContract(StoreSuite):
    """``load`` and ``commit``, one commit after the other."""

    def test_load_gives_values_in_the_order_asked_for(self, store: Store, tenant: str) -> None:
        """The value of the record for each reference or unique key, in order; None where there is none."""
        ana, bob = agent_step("ana", 1), contact_step("bob", 1, "bob@example.org")
        store.commit(commit_of(tenant, ana, bob))
        keys: list[Ref | UniqueKey] = [
            contact_ref("nobody"),
            alias_key(mail("bob@example.org")),
            agent_ref("ana"),
            alias_key(mail("eve@example.org")),
            contact_ref("bob"),
            agent_ref("ana"),
            contact_ref("ana"),
            UniqueKey("provider_id", alias_key(mail("bob@example.org")).value),
        ]
        found = store.load(tenant, keys)
        assert found == (None, bob[0].value, ana[0].value, None, bob[0].value, ana[0].value, None, None)
        assert store.load(tenant, []) == ()

    def test_many_are_loaded_at_once(self, store: Store, tenant: str) -> None:
        """``load`` takes any number of references."""
        records = [words(f"text-{n}", str(n)) for n in range(3000)]
        store.commit(commit_of(tenant, records=records))
        refs = [Ref(Kind.TEXT, f"text-{n}") for n in range(3000)]
        assert store.load(tenant, refs) == tuple(record.value for record in records)

    def test_every_value_comes_back_as_it_was(self, store: Store, under_test: AnyStoreUnderTest, tenant: str) -> None:
        """Each kind of value, with all fields filled and with as few as possible; instants are equal instants.

        Also through another instance, which has not seen them.
        """
        stored = values()
        store.commit(commit_of(tenant, records=[record_of(ref, value) for ref, value in stored.items()]))
        with opened(under_test) as finding, opened(under_test) as loading:
            for reader in (store, finding, loading):
                for kind in Kind if reader is not loading else ():
                    page = reader.find(tenant, Query(kind))
                    assert page.values == (stored[Ref(kind, f"filled-{PLAYFUL}")], stored[Ref(kind, "sparse")])
                assert reader.load(tenant, list(stored)) == tuple(stored.values())

    def test_every_event_comes_back_as_it_was(self, store: Store, tenant: str) -> None:
        """Each class of event, with all fields filled and with as few as possible; instants are equal instants."""
        written = history()
        committed = store.commit(attrs.evolve(commit_of(tenant), events=written))
        read = store.events(tenant)
        assert [attrs.evolve(item, position=0) for item in read] == list(written)
        assert dict(committed.numbers) == {}, "only what says 0 is numbered"

    def test_long_texts_and_large_numbers(self, store: Store, tenant: str) -> None:
        """A value may hold a megabyte of any characters, and whole numbers of 64 bits."""
        long = Text("long", 1, (PLAYFUL * 20_000)[:1_000_000])
        ana = Agent("ana", 1, (), (), 2**31, 100, Presence.AWAY, 0, PolicyMemory(-(2**62), 2**62, 2**63 - 1))
        store.commit(commit_of(tenant, records=[text_record(long), agent_record(ana, 0)]))
        assert store.load(tenant, [Ref(Kind.TEXT, "long"), agent_ref("ana")]) == (long, ana)

    def test_ids_are_told_apart_to_the_last_character(self, store: Store, tenant: str) -> None:
        """Two ids are one only when they are equal: neither case, accents, spaces nor separators are dropped."""
        ids = ["a", "A", "ä", "a\u0308", "a ", " a", "a:1", "a/1", "a%", "a_", "aa", "1", "01", "a" * 200]
        store.commit(commit_of(tenant, records=[words(id, f"text of {id}") for id in ids]))
        found = store.load(tenant, [Ref(Kind.TEXT, id) for id in ids])
        assert [value.words for value in found if isinstance(value, Text)] == [f"text of {id}" for id in ids]

    def test_a_record_meets_the_version_it_expects(self, store: Store, tenant: str) -> None:
        """Each record meets the version it expects, or the commit is a ``Conflict`` that names it."""
        store.commit(commit_of(tenant, agent_step("ana", 1)))
        store.commit(commit_of(tenant, agent_step("ana", 2)))
        for version, expected in ((1, 0), (2, 1), (4, 3), (3, 0), (1_000_001, 1_000_000)):
            wrong = agent_step("ana", version, expected, mark=9)[0]
            assert_conflict(store, commit_of(tenant, records=[wrong]), agent_ref("ana"))
        absent = agent_step("bo", 2)[0]
        assert_conflict(store, commit_of(tenant, records=[absent]), agent_ref("bo"))
        assert store.load(tenant, [agent_ref("ana"), agent_ref("bo")]) == (agent_step("ana", 2)[0].value, None)
        store.commit(commit_of(tenant, agent_step("ana", 3)))

    def test_all_that_is_in_the_way_may_be_named_and_nothing_else(self, store: Store, tenant: str) -> None:
        """A ``Conflict`` names a blocker, never a record that was as expected."""
        store.commit(commit_of(tenant, agent_step("ana", 1), agent_step("bo", 1), agent_step("cy", 1)))
        mixed = commit_of(tenant, agent_step("ana", 2), agent_step("bo", 3), agent_step("cy", 2, 0))
        assert_conflict(store, mixed, agent_ref("bo"), agent_ref("cy"))

    def test_the_version_of_an_event_is_new_in_its_stream(self, store: Store, tenant: str) -> None:
        """(stream, version) of each event is new, or the commit is a ``Conflict`` that names the stream."""
        (_, first), (_, second) = agent_step("ana", 1), agent_step("ana", 2)
        store.commit(attrs.evolve(commit_of(tenant), events=(first, second)))
        for item in (first, second):
            assert_conflict(store, attrs.evolve(commit_of(tenant), events=(item,)), agent_ref("ana"))
        assert len(store.events(tenant)) == 2

    def test_an_event_comes_once_in_a_commit(self, store: Store, tenant: str) -> None:
        """Also within one commit (stream, version) is new."""
        first = agent_step("ana", 1)[1]
        assert_conflict(store, attrs.evolve(commit_of(tenant), events=(first, first)), agent_ref("ana"))
        assert store.events(tenant) == ()

    def test_a_commit_without_events_has_no_position(self, store: Store, tenant: str) -> None:
        """``position`` is 0 for a commit without events, which leaves the log as it was."""
        for records in ([], [words("one")], [agent_step("ana", 1)[0]]):
            committed = store.commit(commit_of(tenant, records=records))
            assert (committed.position, dict(committed.numbers)) == (0, {})
        assert store.events(tenant) == ()

    def test_what_a_commit_relies_on_is_unchanged(
        self, store: Store, under_test: AnyStoreUnderTest, tenant: str
    ) -> None:
        """A record that a commit leaves alone has the version that it relies on, or it is a ``Conflict`` that names it.

        0 stands for one that is not there.
        """
        ana, bo = agent_ref("ana"), agent_ref("bo")
        store.commit(commit_of(tenant, agent_step("ana", 1)))
        with opened(under_test) as another:
            store.commit(commit_of(tenant, records=[words("1")], unchanged=[Unchanged(ana, 1), Unchanged(bo, 0)]))
            another.commit(commit_of(tenant, agent_step("ana", 2)))
            for ref, version in ((ana, 1), (ana, 3), (ana, 0), (bo, 1)):
                wrong = commit_of(tenant, records=[words("2")], unchanged=[Unchanged(ref, version)])
                assert_conflict(store, wrong, ref)
            assert store.load(tenant, [Ref(Kind.TEXT, "2"), ana]) == (None, agent_step("ana", 2)[0].value)
            both = commit_of(tenant, agent_step("cy", 1), unchanged=[Unchanged(ana, 2), Unchanged(agent_ref("cy"), 0)])
            store.commit(both)

    def test_erased_texts_are_gone(self, store: Store, under_test: AnyStoreUnderTest, tenant: str) -> None:
        """A Text record that is erased is in no read any more, and all others are; it may come again as a new one."""
        like = agent_step("note", 1)[0]
        store.commit(commit_of(tenant, records=[words("note"), words("note "), words("other"), like]))
        with opened(under_test) as another:
            assert another.load(tenant, [Ref(Kind.TEXT, "note")]) == (words("note").value,)
            store.commit(commit_of(tenant, agent_step("ana", 1), erased=["note", "never there", "note"]))
            for reader in (store, another):
                stayed = (None, words("note ").value, words("other").value, like.value)
                refs = [*(Ref(Kind.TEXT, id) for id in ("note", "note ", "other")), agent_ref("note")]
                assert reader.load(tenant, refs) == stayed
                assert reader.find(tenant, Query(Kind.TEXT)).values == stayed[1:3]
            store.commit(commit_of(tenant, records=[words("note", "again")]))
            assert another.load(tenant, [Ref(Kind.TEXT, "note")]) == (words("note", "again").value,)
        store.commit(commit_of(tenant, records=[words("brief")], erased=["brief"]))
        assert store.load(tenant, [Ref(Kind.TEXT, "brief")]) == (None,)

    def test_nothing_is_erased_by_what_does_not_fit(self, store: Store, tenant: str) -> None:
        """A commit that is a ``Conflict`` erases nothing, and an erased text gives no key away that it held."""
        key = alias_key(mail("bob@example.org"))
        store.commit(commit_of(tenant, records=[attrs.evolve(words("note"), keys=(key,))]))
        misfit = agent_step("nobody", 2)[0]
        assert_conflict(store, commit_of(tenant, records=[misfit], erased=["note"]), agent_ref("nobody"))
        assert store.load(tenant, [Ref(Kind.TEXT, "note"), key]) == (words("note").value,) * 2
        store.commit(commit_of(tenant, erased=["note"]))
        assert store.load(tenant, [Ref(Kind.TEXT, "note"), key]) == (None, None)
        assert_conflict(store, commit_of(tenant, contact_step("bob", 1, "bob@example.org")), key)

    def test_numbers_are_filled_into_tickets_events_and_index(self, store: Store, tenant: str) -> None:
        """A ticket whose opening event says 0 gets the tenant's next number inside the commit."""
        committed = store.commit(commit_of(tenant, opened_ticket("b"), opened_ticket("a")))
        assert dict(committed.numbers) == {"b": 1, "a": 2}
        stored = store.load(tenant, [ticket_ref("b"), ticket_ref("a")])
        assert stored == (ticket("b", number=1), ticket("a", number=2))
        events = (opening(ticket("b", number=1))[1].event, opening(ticket("a", number=2))[1].event)
        assert tuple(item.event for item in store.events(tenant)) == events
        assert store.find(tenant, Query(Kind.TICKET, sort="number")).values == stored

    def test_only_new_tickets_are_numbered(self, store: Store, tenant: str) -> None:
        """``numbers`` has each ticket that the commit opened, and no other."""
        store.commit(commit_of(tenant, opened_ticket("one")))
        changed = ticket_step(ticket("one", 2, number=1, state="open"))
        committed = store.commit(commit_of(tenant, changed, opened_ticket("two")))
        assert dict(committed.numbers) == {"two": 2}
        assert store.load(tenant, [ticket_ref("one")]) == (ticket("one", 2, number=1, state="open"),)

    def test_events_are_read_past_a_position(self, store: Store, tenant: str) -> None:
        """The events past a position, in order, at most ``limit``."""
        written = [agent_step(id, version)[1] for version in (1, 2, 3) for id in ("ana", "bo")]
        for item in written:
            store.commit(attrs.evolve(commit_of(tenant), events=(item,)))
        whole = store.events(tenant)
        assert [attrs.evolve(item, position=0) for item in whole] == written
        assert whole[0].position > 0
        for n, item in enumerate(whole, 1):
            assert store.events(tenant, after=item.position) == whole[n:]
            assert store.events(tenant, after=item.position, limit=2) == whole[n : n + 2]

    def test_events_of_one_commit_stand_together(self, store: Store, tenant: str) -> None:
        """The positions of one commit's events are consecutive; ``position`` is that of the last."""
        before = 0
        for version in (1, 2):
            committed = store.commit(commit_of(tenant, *(agent_step(id, version) for id in ("ana", "bo", "cy"))))
            last = committed.position
            assert [item.position for item in store.events(tenant, before)] == [last - 2, last - 1, last]
            before = last

    def test_events_of_one_stream(self, store: Store, tenant: str) -> None:
        """Of one stream: the same events at the same positions, and no others."""
        for version in (1, 2, 3):
            store.commit(commit_of(tenant, agent_step("ana", version), agent_step("bo", version)))
        whole = store.events(tenant)
        bo = tuple(item for item in whole if item.stream == agent_ref("bo"))
        assert store.events(tenant, stream=agent_ref("bo")) == bo
        assert store.events(tenant, after=bo[0].position, stream=agent_ref("bo")) == bo[1:]
        assert store.events(tenant, after=bo[0].position, stream=agent_ref("bo"), limit=1) == bo[1:2]
        assert store.events(tenant, stream=Ref(Kind.CONTACT, "bo")) == ()

    def test_what_is_given_is_aware_of_its_zone(self, store: Store, tenant: str) -> None:
        """Every instant has a time zone and keeps its microseconds."""
        store.commit(commit_of(tenant, opened_ticket("one")))
        (value,) = store.load(tenant, [ticket_ref("one")])
        (item,) = store.events(tenant)
        assert value is not None
        assert isinstance(item, Recorded)
        assert value.updated_at.utcoffset() is not None  # type: ignore[union-attr]  # a ticket
        assert item.event.at == AT
        assert item.event.at.utcoffset() is not None
