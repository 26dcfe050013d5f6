"""The turns that only read."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from ticketcore.calendar.days import microseconds
from ticketcore.checks import instant
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.events import Event
from ticketcore.model import Clock, Configuration, Contact, Kind, Migration, Ref, Stream, Text, Ticket
from ticketcore.ports import MAX_PAGE, Condition, Cursor, Page, Query, Range, Recorded, Scalar
from ticketcore.records import CURRENT
from ticketcore.sla import Explained, explain
from ticketcore.timekeeping import ClockInherited, PolicyApplied
from ticketcore.turns.migrating import planned
from ticketcore.turns.persons import person
from ticketcore.turns.requests import Turn, load, page_of, read_events
from ticketcore.turns.work import Context


@attrs.frozen
class TicketPage:
    """Some ``tickets`` in order.

    ``next`` is where the next page begins, None when there is none; ``words`` are those of subjects and attributes, by
    their Text's id, if they were asked for.
    """

    tickets: tuple[Ticket, ...]
    next: Cursor | None
    words: Mapping[str, str]


@attrs.frozen
class Span:
    """From the instant ``since`` on and before the instant ``before``; None for no bound.  Instants are aware."""

    since: datetime | None = None
    before: datetime | None = None


Wanted = Scalar | tuple[Scalar, ...] | Span
"""What is asked of tickets: one value, None for none, any of several values, or a span of time."""

MAX_MEMBERS = 10_000
"""Of how many customers tickets can be asked for at once, by their organisations."""

SPANS: Mapping[str, str] = {"opened": "opened_at", "updated": "updated_at", "waiting": "waiting_since"}
"""What can be asked for by a ``Span``, and the index field that has its instants."""


def ticket(id: str) -> Turn[Ticket]:
    """The ticket ``id``.  ``NotFound`` when there is none."""
    (value,) = yield from load((Ref(Kind.TICKET, id),))
    if not isinstance(value, Ticket):
        raise NotFound(Kind.TICKET, id)
    return value


def resolved(id: str) -> Turn[Ticket]:
    """What the ticket ``id`` is a part of now; itself, when it was not merged.  ``NotFound`` when there is none."""
    found = yield from ticket(id)
    while found.merged_into is not None:
        found = yield from ticket(found.merged_into)
    return found


def tickets(
    context: Context,
    where: Mapping[str, Wanted],
    sort: str | None,
    descending: bool,
    after: Cursor | None,
    limit: int,
    with_words: bool,
) -> Turn[TicketPage]:
    """One page of tickets.  ``InvalidInput`` for what tickets are not found or sorted by."""
    conditions = yield from _conditions(context, where)
    page = yield from page_of(Query(Kind.TICKET, conditions, sort, descending, after, limit))
    found = tuple(value for value in page.values if isinstance(value, Ticket))
    if not with_words:
        return TicketPage(found, page.next, {})
    texts = [
        id
        for ticket in found
        for id in (ticket.subject, *(value.text for value in ticket.attributes if value.is_words))
    ]
    return TicketPage(found, page.next, (yield from words(texts)))


def _conditions(context: Context, where: Mapping[str, Wanted]) -> Turn[dict[str, Condition]]:
    """What is asked, in terms of index fields.  A category stands for its states, and a team for its queues."""
    values: dict[str, tuple[Scalar, ...]] = {}
    spans: dict[str, Range] = {}
    for name, wanted in where.items():
        if name in SPANS and isinstance(wanted, Span):
            bounds = (wanted.since, wanted.before)
            spans[SPANS[name]] = Range(*(None if at is None else microseconds(instant(at, name)) for at in bounds))
        elif name == "priority":
            values[name] = tuple(each or 0 for each in _several(name, wanted))
        elif name not in ("category", "team", "organisation"):
            values[name] = _several(name, wanted)
    if "category" in where:
        followed = yield from configuration(context)
        groups: Mapping[str, str] = {state: category.value for state, category in followed.states.items()}
        values["state"] = _narrowed(groups, where, "category", values.get("state"))
    if "team" in where:
        followed = yield from configuration(context)
        groups = {queue.id: queue.team for queue in followed.queues}
        values["queue"] = _narrowed(groups, where, "team", values.get("queue"))
    if "contact" in values:
        values["contact"] = yield from _persons(values["contact"])
    if "organisation" in where:
        members = yield from _members(_several("organisation", where["organisation"]))
        asked = values.get("contact")
        values["contact"] = members if asked is None else tuple(id for id in members if id in asked)
    return {**values, **spans}


def _members(organisations: tuple[Scalar, ...]) -> Turn[tuple[str, ...]]:
    """The customers who belong to any of these now, None standing for those who belong to none.  O(customers)."""
    found: list[str] = []
    query: Query | None = Query(Kind.CONTACT, {"organisation": organisations}, limit=MAX_PAGE)
    while query is not None:
        page = yield from page_of(query)
        found += [value.id for value in page.values if isinstance(value, Contact)]
        if len(found) > MAX_MEMBERS:
            raise InvalidInput("organisation", f"has more than {MAX_MEMBERS} customers")
        query = None if page.next is None else attrs.evolve(query, after=page.next)
    return tuple(found)


def _persons(ids: tuple[Scalar, ...]) -> Turn[tuple[Scalar, ...]]:
    """The customers with these ids, and those who turned out to be the same people."""
    values = yield from load(tuple(Ref(Kind.CONTACT, id) for id in ids if isinstance(id, str)))
    found = dict.fromkeys(ids)
    for value in values:
        if isinstance(value, Contact) and (value.parts or value.merged_into is not None):
            found.update(dict.fromkeys([one.id for one in (yield from person(value))]))
    return tuple(found)


def _narrowed(
    groups: Mapping[str, str], where: Mapping[str, Wanted], name: str, asked: tuple[Scalar, ...] | None
) -> tuple[Scalar, ...]:
    """The values that belong to a group that is wanted; of those asked for, if any are."""
    wanted = _several(name, where[name])
    belong = tuple(value for value, group in groups.items() if group in wanted)
    return belong if asked is None else tuple(value for value in belong if value in asked)


def _several(name: str, wanted: Wanted) -> tuple[Scalar, ...]:
    """The values that are wanted, one or several."""
    if isinstance(wanted, Span):
        raise InvalidInput(name, f"has no instants; a Span is for {', '.join(SPANS)}")
    return wanted if isinstance(wanted, tuple) else (wanted,)


def find(query: Query) -> Turn[Page]:
    """One page of records of any kind."""
    return (yield from page_of(query))


def words(ids: Iterable[str | None]) -> Turn[dict[str, str]]:
    """The words of Text records, by id; ids of none are passed over."""
    values = yield from load(tuple(Ref(Kind.TEXT, id) for id in ids if id is not None))
    return {value.id: value.words for value in values if isinstance(value, Text)}


def history(stream: Stream) -> Turn[tuple[Recorded, ...]]:
    """All events of one stream, in order."""
    return (yield from read_events(stream))


def migrations(context: Context, after: Configuration) -> Turn[tuple[Migration, ...]]:
    """What tickets another configuration would move."""
    followed = yield from configuration(context)
    found, _ = yield from planned(followed, after)
    return found


def configuration(context: Context) -> Turn[Configuration]:
    """The configuration that the desk follows: the store's, or its own while the tenant is empty."""
    (value,) = yield from load((CURRENT,))
    return value if isinstance(value, Configuration) else context.configuration


def clock(id: str) -> Turn[Clock | None]:
    """The clock of the ticket ``id``; None while no policy was there to measure it."""
    (value,) = yield from load((Ref(Kind.CLOCK, id),))
    return value if isinstance(value, Clock) else None


def _clock_events(id: str) -> Turn[list[Event]]:
    """The events of a ticket's clock, behind those of the clock that it goes on from, if it does."""
    own = [item.event for item in (yield from read_events(Ref(Kind.CLOCK, id)))]
    inherited = next((event for event in own if isinstance(event, ClockInherited)), None)
    if inherited is None:
        return own
    before = yield from _clock_events(inherited.of)
    own_of_source = len((yield from read_events(Ref(Kind.CLOCK, inherited.of))))
    return [*before[: len(before) - own_of_source + inherited.version], *own]


def explanation(id: str, at: datetime) -> Turn[tuple[Explained, ...]]:
    """Why the clock of the ticket ``id`` shows what it shows at an instant.  ``NotFound`` when there is no ticket."""
    at = instant(at, "at")
    yield from ticket(id)
    events = yield from _clock_events(id)
    versions = sorted({event.configuration for event in events if isinstance(event, PolicyApplied)})
    loaded = yield from load(tuple(Ref(Kind.CONFIGURATION, str(version)) for version in versions))
    return explain(events, {one.version: one for one in loaded if isinstance(one, Configuration)}, at)
