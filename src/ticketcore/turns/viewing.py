"""The turn that shows a ticket to its customer."""

from datetime import datetime

from ticketcore import views
from ticketcore.model import Configuration, Contact, Conversation, Kind, Message, Organisation, Ref, Stream, Ticket
from ticketcore.ports import Query
from ticketcore.turns import reading
from ticketcore.turns.persons import contacts_of, person
from ticketcore.turns.requests import Turn, all_of, load
from ticketcore.turns.work import Context
from ticketcore.views import CustomerView, Matter, is_known, known_type, texts_of_view


def customer_view(context: Context, id: str, locale: str) -> Turn[CustomerView]:
    """The ticket ``id`` as its customer sees it, with what it was merged into if it was.

    ``NotFound`` when there is none, or it is of a type that no customer knows of.
    """
    ticket = yield from reading.ticket(id)
    configuration = yield from reading.configuration(context)
    known_type(configuration, ticket)
    whole, since = yield from _whole(ticket)
    homes = yield from _known_homes(configuration, ticket, whole or ticket)
    messages = yield from all_of(Query(Kind.MESSAGE, {"ticket": homes}, "received_at"), Message)
    events = yield from reading.history(Stream(Kind.TICKET, id))
    before = None
    if ticket.origin.follow_up_of is not None:
        (before,) = yield from load((Ref(Kind.TICKET, ticket.origin.follow_up_of),))
    customer = yield from _customer(ticket)
    matter = Matter(
        ticket,
        messages,
        (yield from _conversations(messages)),
        tuple(item.event for item in events),
        before if isinstance(before, Ticket) else None,
        whole,
        since,
        (yield from _organisation(customer)),
        tuple(one.id for one in customer),
    )
    words = yield from reading.words(texts_of_view(configuration, matter))
    return views.customer_view(configuration, matter, words, locale)


def _customer(ticket: Ticket) -> Turn[tuple[Contact, ...]]:
    """All contacts who are the customer of the ticket, that of the ticket first."""
    (contact,) = yield from contacts_of((ticket.contact,))
    return (contact, *(one for one in (yield from person(contact)) if one.id != contact.id))


def _organisation(customer: tuple[Contact, ...]) -> Turn[Organisation | None]:
    """The organisation that the customer belongs to, if it is known: the first that one of the contacts has."""
    ids = tuple(one.organisation for one in customer if one.organisation is not None)
    if not ids:
        return None
    (found,) = yield from load((Ref(Kind.ORGANISATION, ids[0]),))
    return found if isinstance(found, Organisation) else None


def _whole(ticket: Ticket) -> Turn[tuple[Ticket | None, datetime | None]]:
    """What the ticket is a part of now and since when; twice None when it was not merged."""
    whole, since = ticket, None
    while whole.tombstone is not None:
        since = whole.tombstone.at if since is None else max(since, whole.tombstone.at)
        whole = yield from reading.ticket(whole.tombstone.into)
    return (None if since is None else whole), since


def _known_homes(configuration: Configuration, ticket: Ticket, whole: Ticket) -> Turn[tuple[str, ...]]:
    """The ids of the tickets of which the whole is made, without those that no customer knows of."""
    if whole.homes == (ticket.id,):
        return whole.homes
    homes = yield from load(tuple(Ref(Kind.TICKET, id) for id in whole.homes))
    return tuple(home.id for home in homes if isinstance(home, Ticket) and is_known(configuration, home))


def _conversations(messages: tuple[Message, ...]) -> Turn[dict[str, Conversation]]:
    """The conversations in which messages stand, by id."""
    ids = dict.fromkeys(message.conversation for message in messages)
    values = yield from load(tuple(Ref(Kind.CONVERSATION, id) for id in ids))
    return {value.id: value for value in values if isinstance(value, Conversation)}
