"""Finding: conditions, orders and pages, against what a plain walk over the same records gives."""

from collections.abc import Iterable

import attrs
import pytest

from ticketcore.calendar.days import microseconds
from ticketcore.codec import Value
from ticketcore.model import AttributeKind, AttributeValue, Kind, Priority, Ticket
from ticketcore.ports import FIELDS, Condition, Indexed, Query, Range, Record, Store
from ticketcore.records import ticket_record
from ticketcore.testing.samples import at, commit_of, delivered, ticket, ticket_step
from ticketcore.testing.under_test import StoreSuite

_ABOUT = {
    "t1": (AttributeValue("order", AttributeKind.ORDER, "A-1"),),
    "漢": (
        AttributeValue("line", AttributeKind.SERVICE, "phone"),
        AttributeValue("order", AttributeKind.ORDER, "A-1"),
        AttributeValue("swapped for", AttributeKind.ORDER, "A-2"),
    ),
    "_": (AttributeValue("line", AttributeKind.SERVICE, "phone"),),
}
"""What some of the tickets are about."""

DESK: tuple[Ticket, ...] = tuple(
    ticket(
        id,
        number=number,
        state=state,
        queue=queue,
        assignee=assignee,
        contact=contact,
        waiting=waiting,
        queued=queued,
        tags=tags,
        priority=priority,
        attributes=_ABOUT.get(id, ()),
    )
    for id, number, state, queue, assignee, contact, waiting, queued, tags, priority in (
        ("t1", 7, "new", "billing", None, "bob", 30, 50, ("vip",), Priority.HIGH),
        ("t2", 3, "new", "billing", None, "eve", 10, 50, (), None),
        ("T3", 9, "open", "billing", "ana", "bob", 30, 20, ("gold", "vip"), None),
        ("t10", 1, "open", None, "bo", "eve", None, 60, ("Vip",), Priority.LOW),
        ("ä", 12, "closed", None, None, "bob", None, 10, ("vip", "金"), Priority.HIGH),
        ("zz", 5, "open", "sales", None, "eve", -(10**9), -(10**9), (), Priority.URGENT),
        ("漢", 8, "new", "sales", None, "bob", 30, 40, ("金",), None),
        ("_", 2, "open", "sales", "ana", "Bob", 20, 30, ("vip ",), None),
        ("😀", 4, "new", "billing", "ana", "bob", 40, 5, ('"', "vip"), Priority.LOW),
        ("Z", 6, "new", "billing", None, "bob ", 0, 50, (), None),
    )
)
"""Tickets in every position: equal values, values that are absent, ids in many scripts."""

RECORDS = tuple(ticket_record(value, 0) for value in DESK)
"""The same, as they are stored."""

WHERE: tuple[dict[str, Condition], ...] = (
    {},
    {"state": "open"},
    {"assignee": None},
    {"queue": None, "assignee": None},
    {"state": ("open", "closed")},
    {"queue": ("sales", None)},
    {"contact": "bob"},
    {"state": "new", "queue": "billing", "assignee": None, "contact": ("bob", "eve")},
    {"state": "nowhere"},
    {"state": ()},
    {"tag": "vip"},
    {"tag": "nobody's"},
    {"tag": None},
    {"order": "A-1"},
    {"order": None, "service": "phone"},
    {"tag": ("vip", "金")},
    {"tag": ("gold", "vip"), "contact": "bob"},
    {"tag": (None, "金"), "queue": ("sales", "billing")},
    {"tag": ()},
    {"number": 8},
    {"priority": (Priority.HIGH, 0), "tag": "vip"},
    {"number": Range(3, 8)},
    {"number": Range(below=5), "state": "open"},
    {"waiting_since": Range(microseconds(at(20)))},
    {"waiting_since": Range(), "tag": "vip"},
    {"updated_at": Range(microseconds(at(5)), microseconds(at(50)))},
    {"channel": "chat", "priority": Range(2)},
    {"channel": ("mail", None)},
    {"opened_at": Range(microseconds(at(5)), microseconds(at(50))), "tag": "vip"},
    {"opened_at": Range(below=microseconds(at(40)))},
)
"""Conditions of every form."""


def meets(held: Indexed, condition: Condition) -> bool:
    """Whether what a field holds is what is demanded of it."""
    values = (held or (None,)) if isinstance(held, tuple) else (held,)
    if isinstance(condition, Range):
        low, high = condition
        return any(
            isinstance(value, int) and (low is None or low <= value) and (high is None or value < high)
            for value in values
        )
    return any(value in (condition if isinstance(condition, tuple) else (condition,)) for value in values)


def matching(records: Iterable[Record], query: Query) -> list[Value]:
    """What the query asks for, by walking over all records: the oracle."""
    found = [
        (record.fields[query.sort] if query.sort else 0, record.id, record.value)
        for record in records
        if all(meets(record.fields[field], condition) for field, condition in query.where.items())
    ]
    present = [(value, id, each) for value, id, each in found if isinstance(value, int)]
    present.sort(key=lambda item: item[:2], reverse=query.descending)
    return [value for _, _, value in present]


def pages(store: Store, tenant: str, query: Query) -> list[tuple[Value, ...]]:
    """All pages of the query."""
    found = []
    for _ in range(100):
        page = store.find(tenant, query)
        found.append(page.values)
        if page.next is None:
            return found
        assert len(page.values) == query.limit, "only the last page may be short"
        query = attrs.evolve(query, after=page.next)
    raise AssertionError("the pages do not end")


def ids(values: Iterable[Value]) -> list[str]:
    """The ids of some tickets or messages."""
    return [value.id for value in values]  # type: ignore[union-attr]  # all found


class FindContract(StoreSuite):
    """``find``, on a desk of ten tickets."""

    @pytest.fixture
    def desk(self, store: Store, tenant: str) -> Store:
        """The store with the tickets of ``DESK``."""
        store.commit(commit_of(tenant, records=RECORDS))
        return store

    def test_find_without_an_order_goes_by_id(self, desk: Store, tenant: str) -> None:
        """``sort`` None is the order of ids, which is that of their characters' code points."""
        assert ids(desk.find(tenant, Query(Kind.TICKET)).values) == sorted(value.id for value in DESK)

    def test_find_by_conditions(self, desk: Store, tenant: str) -> None:
        """``where`` demands a value of each field it names: one value, None for absent, or any of a tuple."""
        for where in WHERE:
            query = Query(Kind.TICKET, where)
            assert list(desk.find(tenant, query).values) == matching(RECORDS, query), where

    @pytest.mark.parametrize("sort", FIELDS[Kind.TICKET].order)
    @pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
    def test_find_in_order(self, desk: Store, tenant: str, sort: str, descending: bool) -> None:
        """By a declared order field, up or down; equal values go by id, in the same direction."""
        for where in WHERE:
            query = Query(Kind.TICKET, where, sort, descending)
            assert list(desk.find(tenant, query).values) == matching(RECORDS, query), where

    def test_what_has_no_value_is_not_in_the_order(self, desk: Store, tenant: str) -> None:
        """Records that have no value in the order field are left out."""
        found = ids(desk.find(tenant, Query(Kind.TICKET, sort="waiting_since")).values)
        assert "t1" in found
        assert "t10" not in found
        assert "ä" not in found

    @pytest.mark.parametrize("sort", [None, *FIELDS[Kind.TICKET].order])
    @pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
    def test_pages_have_no_gaps_and_no_repeats(
        self, desk: Store, tenant: str, sort: str | None, descending: bool
    ) -> None:
        """The pages together are the whole; the last has no ``next``, also when it is full."""
        for where in WHERE:
            for limit in (1, 2, 3, 5, 10):
                query = Query(Kind.TICKET, where, sort, descending, limit=limit)
                whole = matching(RECORDS, query)
                found = pages(desk, tenant, query)
                assert [value for page in found for value in page] == whole, (where, limit)
                assert len(found) == max(1, -(-len(whole) // limit)), (where, limit)

    @pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
    def test_pages_hold_while_records_are_added(self, desk: Store, tenant: str, descending: bool) -> None:
        """What was there when the first page was read comes once, whatever is added between pages."""
        query = Query(Kind.TICKET, sort="waiting_since", descending=descending, limit=2)
        there = ids(matching(RECORDS, query))
        page = desk.find(tenant, query)
        seen = ids(page.values)
        for n in range(100):
            if page.next is None:
                break
            added = [ticket(f"{place}{n}", number=n, waiting=5 * n) for place in ("a", "zzz", "😂")]
            desk.commit(commit_of(tenant, records=[ticket_record(value, 0) for value in added if n < 8]))
            page = desk.find(tenant, attrs.evolve(query, after=page.next))
            seen += ids(page.values)
        assert [id for id in seen if id in there] == there
        assert len(seen) == len(set(seen))

    def test_a_page_begins_behind_a_record_that_is_gone_from_there(self, desk: Store, tenant: str) -> None:
        """A cursor is a place, not a record: it holds when its record moved on."""
        query = Query(Kind.TICKET, {"state": "new"}, "number", limit=2)
        whole = matching(RECORDS, query)
        page = desk.find(tenant, query)
        last = page.values[-1]
        assert isinstance(last, Ticket)
        moved = ticket_step(ticket(last.id, 2, number=last.number, state="closed"))
        desk.commit(commit_of(tenant, moved))
        assert list(desk.find(tenant, attrs.evolve(query, after=page.next)).values) == whole[2:4]

    def test_a_changed_record_moves(self, desk: Store, tenant: str) -> None:
        """What is found goes by the fields that were stored last."""
        changed = ticket("t1", 2, number=7, state="open", assignee="cy", contact="eve", tags=("gold", "fresh"))
        desk.commit(commit_of(tenant, ticket_step(changed)))
        records = [record for record in RECORDS if record.id != "t1"] + [ticket_record(changed, 1)]
        more: list[dict[str, Condition]] = [{"assignee": "cy"}, {"contact": "eve"}, {"tag": "fresh"}, {"tag": "gold"}]
        for where in (*WHERE, *more):
            for sort in (None, *FIELDS[Kind.TICKET].order):
                query = Query(Kind.TICKET, where, sort)
                assert list(desk.find(tenant, query).values) == matching(records, query), (where, sort)

    def test_a_conflict_moves_nothing(self, desk: Store, tenant: str) -> None:
        """What is found is as it was when a commit did not fit."""
        moved, wrong = ticket_step(ticket("t1", 2, number=70, state="open")), ticket_step(ticket("t2", 9))
        with pytest.raises(Exception, match="t2"):
            desk.commit(commit_of(tenant, moved, wrong))
        for sort in (None, "number", "waiting_since"):
            query = Query(Kind.TICKET, {"state": ("new", "open")}, sort)
            assert list(desk.find(tenant, query).values) == matching(RECORDS, query)

    def test_messages_are_found_by_ticket_in_order_of_arrival(self, store: Store, tenant: str) -> None:
        """Every kind has its own declared fields, and is found apart from the others."""
        times = {"m1": 30, "m2": 10, "m3": 20, "m4": -(10**10)}
        messages = [delivered(id, ticket="one", received=when) for id, when in times.items()]
        store.commit(commit_of(tenant, records=[*messages, delivered("m5", ticket="two"), delivered("m6")]))
        query = Query(Kind.MESSAGE, {"ticket": "one"}, "received_at", limit=3)
        assert [ids(page) for page in pages(store, tenant, query)] == [["m4", "m2", "m3"], ["m1"]]
        assert ids(store.find(tenant, Query(Kind.MESSAGE, {"ticket": None})).values) == ["m6"]
        assert ids(store.find(tenant, Query(Kind.MESSAGE, {"conversation": "thread"})).values) == [
            f"m{n}" for n in range(1, 7)
        ]
        assert store.find(tenant, Query(Kind.TICKET)).values == ()

    def test_a_page_may_hold_a_thousand(self, store: Store, tenant: str) -> None:
        """``limit`` is at most ``MAX_PAGE``."""
        store.commit(commit_of(tenant, records=[delivered(f"m{n:04}", received=n) for n in range(1001)]))
        query = Query(Kind.MESSAGE, sort="received_at", limit=1000)
        assert [len(page) for page in pages(store, tenant, query)] == [1000, 1]
