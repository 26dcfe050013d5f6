"""Random work on a store and on the store in memory, which have to answer alike.

A state machine of Hypothesis: it commits what fits and what does not, claims, settles, finds and reads in two
tenants, and shrinks what it finds to the shortest such story.  Every run of it has tenants of its own, so that one
database serves all of them.
"""

import os
import uuid
from datetime import datetime, timedelta

import attrs
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from ticketcore.codec import Value
from ticketcore.errors import Conflict
from ticketcore.model import Kind, Ref, Ticket, UniqueKey
from ticketcore.ports import (
    FIELDS,
    Claim,
    Commit,
    Committed,
    Condition,
    Query,
    Range,
    Record,
    Recorded,
    Settle,
    Store,
    Timer,
)
from ticketcore.stores.memory import MemoryStore
from ticketcore.testing.samples import (
    LATER,
    agent_step,
    at,
    contact_step,
    delivered,
    opening,
    owed,
    ticket,
    ticket_ref,
    ticket_step,
    words,
)

EXAMPLES = 50 * (20 if os.environ.get("HYPOTHESIS_PROFILE") == "proof" else 1)
"""How many stories are told."""

STEPS = 25
"""How many calls a story has at most."""

REFS = tuple(
    Ref(kind, id)
    for kind, ids in (
        (Kind.TICKET, "abc"),
        (Kind.AGENT, "ab"),
        (Kind.CONTACT, "ab"),
        (Kind.MESSAGE, "ab"),
        (Kind.TEXT, "ab"),
    )
    for id in ids
)
"""The records that are written."""

KEYS = tuple(UniqueKey(namespace, value) for namespace in ("alias", "thread") for value in ("x", "y"))
"""The unique keys that they claim."""

TENANTS = ("one", "two")
"""The tenants that share the store."""


@attrs.frozen
class Change:
    """One record of a commit: how far ``off`` the version is that it expects, and what it then holds.

    ``ref`` names it, ``key`` is the unique key that it claims; ``event_off`` is how far off its event's version is,
    None for no event.  ``state``, ``queue``, ``assignee``, ``waiting`` and ``tags`` are a ticket's index fields.
    """

    ref: Ref
    off: int
    event_off: int | None
    key: UniqueKey | None
    state: str
    queue: str | None
    assignee: str | None
    waiting: int | None
    tags: tuple[str, ...]


_changes = st.lists(
    st.builds(
        Change,
        ref=st.sampled_from(REFS),
        off=st.sampled_from((0, 0, 0, 0, 0, 0, 1, -1)),
        event_off=st.sampled_from((0, 0, 0, 0, None, -1)),
        key=st.sampled_from((None, None, None, *KEYS)),
        state=st.sampled_from(("new", "open")),
        queue=st.sampled_from((None, "q1", "q2")),
        assignee=st.sampled_from((None, "a")),
        waiting=st.sampled_from((None, 0, 5, 10)),
        tags=st.lists(st.sampled_from(("gold", "vip", "x")), max_size=2, unique=True).map(tuple),
    ),
    max_size=4,
    unique_by=(lambda change: change.ref, lambda change: change.key or change.ref),
)
_timers = st.lists(
    st.tuples(st.sampled_from(("quiet", "route")), st.sampled_from("abc"), st.sampled_from((None, 0, 10, 40))),
    max_size=2,
    unique_by=lambda item: item[:2],
)
_owed = st.lists(
    st.tuples(st.sampled_from(("m", "n", "o", "p")), st.integers(0, 40)), max_size=2, unique_by=lambda t: t[0]
)
_settles = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from((None, None, 20))), max_size=2, unique_by=lambda t: t[0]
)
_words = (None, "new", "open", "q1", "q2", "a", "bob", "gold", "vip")
_texts = st.one_of(st.sampled_from(_words), st.lists(st.sampled_from(_words), max_size=3).map(tuple))
_numbers = st.one_of(st.integers(0, 4), st.builds(Range, *[st.sampled_from((None, 1, 2, 3, 10**15, 2 * 10**15))] * 2))
_where = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("state", "queue", "assignee", "contact", "tag"), _texts),
        **dict.fromkeys(("number", "waiting_since", "updated_at"), _numbers),
    },
)
_kinds = st.sets(st.sampled_from(("quiet", "route", "send")), min_size=1)


class StoreMachine(RuleBasedStateMachine):
    """The store at work beside the one in memory."""

    def __init__(self, store: Store, another: Store) -> None:
        super().__init__()
        self.store = store
        self.another = another
        self.memory = MemoryStore()
        own = uuid.uuid4().hex
        self.names = {tenant: f"{tenant}-{own}" for tenant in TENANTS}
        self.claims: dict[str, list[tuple[Claim, Claim]]] = {tenant: [] for tenant in TENANTS}
        self.now = 0
        self.serial = 0

    def due(self, seconds: int) -> datetime:
        """An instant about so many seconds from now; no two are equal, since ties may fall either way."""
        self.serial += 1
        return at(self.now + seconds) + timedelta(microseconds=self.serial)

    @rule(
        tenant=st.sampled_from(TENANTS),
        changes=_changes,
        timers=_timers,
        owes=_owed,
        settles=_settles,
        erased=st.lists(st.sampled_from("abc"), max_size=1),
    )
    def commit(
        self,
        tenant: str,
        changes: list[Change],
        timers: list[tuple[str, str, int | None]],
        owes: list[tuple[str, int]],
        settles: list[tuple[int, int | None]],
        erased: list[str],
    ) -> None:
        """Commit to both what may or may not fit."""
        name = self.names[tenant]
        built = [self._change(name, change) for change in changes]
        held = self.claims[tenant]
        ends = [
            (held[-1 - back], None if again is None else self.due(again)) for back, again in settles if back < len(held)
        ]
        plain = Commit(
            name,
            tuple(record for record, _ in built),
            tuple(event for _, event in built if event is not None),
            tuple(Timer(kind, ticket_ref(id), None if due is None else self.due(due)) for kind, id, due in timers),
            tuple(attrs.evolve(owed(id), due=self.due(due)) for id, due in owes),
            erased=tuple(erased),
        )
        here = attrs.evolve(plain, settles=tuple(Settle(one, again) for (one, _), again in ends))
        there = attrs.evolve(plain, settles=tuple(Settle(two, again) for (_, two), again in ends))
        outcome, blockers = _try(self.store, here)
        wanted, known = _try(self.memory, there)
        assert (outcome is None) == (wanted is None), f"in memory it is {known or 'no conflict'}, here {blockers}"
        if outcome is None or wanted is None:
            assert blockers, "a Conflict names a blocker"
            assert blockers <= known, "a Conflict names only what stood in the way"
        else:
            assert dict(outcome.numbers) == dict(wanted.numbers)
        self._same_records_and_history()

    def _change(self, name: str, change: Change) -> tuple[Record, Recorded | None]:
        (current,) = self.memory.load(name, [change.ref])
        expected = max(0, change.off + (0 if current is None else current.version))
        version, (kind, id) = expected + 1, change.ref
        if kind is Kind.TICKET:
            number = current.number if isinstance(current, Ticket) else 0
            value = ticket(
                id,
                version,
                number=number,
                state=change.state,
                queue=change.queue,
                assignee=change.assignee,
                waiting=change.waiting,
                tags=change.tags,
            )
            record, event = opening(value) if version == 1 else ticket_step(value)
        elif kind is Kind.AGENT:
            record, event = agent_step(id, version, mark=self.serial)
        elif kind is Kind.CONTACT:
            record, event = contact_step(id, version)
        else:
            record = delivered(id, ticket=change.queue, received=change.waiting or 0)
            record = record if kind is Kind.MESSAGE else words(id, change.state)
            return attrs.evolve(record, version=version, expected=expected, keys=_keys(change)), None
        record = attrs.evolve(record, keys=_keys(change))
        if change.event_off is None:
            return record, None
        return record, attrs.evolve(event, version=max(1, event.version + change.event_off))

    @rule(
        tenant=st.sampled_from(TENANTS),
        kinds=_kinds,
        later=st.integers(0, 30),
        lease=st.integers(1, 30),
        limit=st.integers(1, 4),
    )
    def claim(self, tenant: str, kinds: set[str], later: int, lease: int, limit: int) -> None:
        """Time goes on, and a worker claims what is due."""
        self.now += later
        claims = self._claim(tenant, kinds, at(self.now), at(self.now + lease), limit)
        self.claims[tenant].extend(claims)

    def _claim(
        self, tenant: str, kinds: set[str], now: datetime, lease_until: datetime, limit: int
    ) -> list[tuple[Claim, Claim]]:
        name = self.names[tenant]
        here = self.store.claim(name, kinds, now, lease_until, limit)
        there = self.memory.claim(name, kinds, now, lease_until, limit)
        assert [attrs.evolve(claim, token=0) for claim in here] == [attrs.evolve(claim, token=0) for claim in there]
        return list(zip(here, there, strict=True))

    @rule(
        tenant=st.sampled_from(TENANTS),
        where=_where,
        sort=st.sampled_from((None, *FIELDS[Kind.TICKET].order)),
        descending=st.booleans(),
        limit=st.integers(1, 3),
    )
    def find(self, tenant: str, where: dict[str, Condition], sort: str | None, descending: bool, limit: int) -> None:
        """Find the same, page by page."""
        query = Query(Kind.TICKET, where, sort, descending, limit=limit)
        name = self.names[tenant]
        assert _pages(self.store, name, query) == _pages(self.memory, name, query)

    def _same_records_and_history(self) -> None:
        """All records, by name and by key, and all events; the records also as one sees them who did not write them."""
        for name in self.names.values():
            records = self.memory.load(name, (*REFS, *KEYS))
            assert self.store.load(name, (*REFS, *KEYS)) == records
            assert self.another.load(name, (*REFS, *KEYS)) == records
            here, there = self.store.events(name), self.memory.events(name)
            assert [attrs.evolve(item, position=0) for item in here] == [
                attrs.evolve(item, position=0) for item in there
            ]
            positions = [item.position for item in here]
            assert positions == sorted(set(positions))

    def teardown(self) -> None:
        """In the end, the same is still to be done."""
        for tenant in TENANTS:
            self._claim(tenant, {"quiet", "route", "send"}, LATER, LATER, 100)


def _keys(change: Change) -> tuple[UniqueKey, ...]:
    return () if change.key is None else (change.key,)


def _try(store: Store, commit: Commit) -> tuple[Committed | None, set[tuple[str, ...]]]:
    try:
        return store.commit(commit), set()
    except Conflict as conflict:
        return None, {tuple(blocker[-2:]) for blocker in conflict.blockers}


def _pages(store: Store, tenant: str, query: Query) -> list[tuple[Value, ...]]:
    pages: list[tuple[Value, ...]] = []
    while len(pages) < 100:
        page = store.find(tenant, query)
        pages.append(page.values)
        if page.next is None:
            break
        query = attrs.evolve(query, after=page.next)
    return pages


def compare_with_memory(store: Store, another: Store) -> None:
    """Run the machine many times; ``another`` is a second instance on the same data.

    A failure is printed with what reproduces it.
    """
    run_state_machine_as_test(
        lambda: StoreMachine(store, another),  # type: ignore[arg-type]  # hypothesis takes any factory
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            report_multiple_bugs=False,
        ),
    )
