"""The turn that shows a ticket to its customer."""

from ticketcore import views
from ticketcore.model import Kind, Message, Ref, Stream, Ticket
from ticketcore.ports import MAX_PAGE, Query
from ticketcore.turns import reading
from ticketcore.turns.requests import Turn, load, page_of
from ticketcore.turns.work import Context
from ticketcore.views import CustomerView, known_type, texts_of_view


def customer_view(context: Context, id: str, locale: str) -> Turn[CustomerView]:
    """The ticket ``id`` as its customer sees it.

    ``NotFound`` when there is none, or it is of a type that no customer knows of.
    """
    ticket = yield from reading.ticket(id)
    configuration = yield from reading.configuration(context)
    known_type(configuration, ticket)
    messages = yield from _messages(id)
    events = yield from reading.history(Stream(Kind.TICKET, id))
    before = None
    if ticket.origin.follow_up_of is not None:
        (before,) = yield from load((Ref(Kind.TICKET, ticket.origin.follow_up_of),))
    words = yield from reading.words(texts_of_view(configuration, ticket, messages))
    followed = before if isinstance(before, Ticket) else None
    history = [item.event for item in events]
    return views.customer_view(configuration, ticket, messages, history, words, locale, followed)


def _messages(ticket: str) -> Turn[tuple[Message, ...]]:
    """All messages of a ticket, in the order in which they were received."""
    found: list[Message] = []
    query: Query | None = Query(Kind.MESSAGE, {"ticket": ticket}, sort="received_at", limit=MAX_PAGE)
    while query is not None:
        page = yield from page_of(query)
        found += [value for value in page.values if isinstance(value, Message)]
        query = (
            None if page.next is None else Query(query.kind, query.where, query.sort, after=page.next, limit=MAX_PAGE)
        )
    return tuple(found)
