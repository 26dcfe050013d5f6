"""The turns that only read."""

from collections.abc import Iterable, Mapping

import attrs

from ticketcore.errors import NotFound
from ticketcore.model import Configuration, Kind, Ref, Stream, Text, Ticket
from ticketcore.ports import Cursor, Page, Query, Recorded, Scalar
from ticketcore.records import CURRENT
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


def ticket(id: str) -> Turn[Ticket]:
    """The ticket ``id``.  ``NotFound`` when there is none."""
    (value,) = yield from load((Ref(Kind.TICKET, id),))
    if not isinstance(value, Ticket):
        raise NotFound(Kind.TICKET, id)
    return value


def tickets(
    where: Mapping[str, Scalar | tuple[Scalar, ...]],
    sort: str | None,
    descending: bool,
    after: Cursor | None,
    limit: int,
    with_words: bool,
) -> Turn[TicketPage]:
    """One page of tickets.  ``InvalidInput`` for what tickets are not found or sorted by."""
    page = yield from page_of(Query(Kind.TICKET, where, sort, descending, after, limit))
    found = tuple(value for value in page.values if isinstance(value, Ticket))
    if not with_words:
        return TicketPage(found, page.next, {})
    texts = [id for ticket in found for id in (ticket.subject, *dict(ticket.origin.attributes).values())]
    return TicketPage(found, page.next, (yield from words(texts)))


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


def configuration(context: Context) -> Turn[Configuration]:
    """The configuration that the desk follows: the store's, or its own while the tenant is empty."""
    (value,) = yield from load((CURRENT,))
    return value if isinstance(value, Configuration) else context.configuration
