"""What a customer may see of a ticket: one projection of all there is, and nothing besides.

It is made of what is public by its own word: states by their labels for customers, attributes that are visible to them,
messages that they wrote or were sent, and the ticket that it goes on from if that is theirs.  It names no agent, team,
queue, tag, rule or reason, no note, and nothing by a label that is the agents'.  Everything that a host shows to
customers comes from here, so that there is one place to look at, and one to test.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from ticketcore.attributes import shown
from ticketcore.errors import NotFound
from ticketcore.events import Event, HandedOver, StateChanged, TicketOpened
from ticketcore.model import (
    Attribute,
    Audience,
    Category,
    Configuration,
    Kind,
    Message,
    MessageKind,
    Ticket,
    TicketKind,
    TicketType,
)
from ticketcore.model.workflow import CUSTOMER_LABELS, worded


@attrs.frozen
class ViewedFile:
    """A file of a message: its ``name``, or the empty text, and the ``media_type`` that it says it is.

    Its bytes are the blob ``sha256``, and so many are its ``size``.
    """

    name: str
    media_type: str
    sha256: str
    size: int


@attrs.frozen
class ViewedMessage:
    """What was said at the instant ``at``: ``text``, with ``files``; by the customer themselves if ``is_theirs``.

    ``id`` is the id of the message, which is opaque.
    """

    id: str
    at: datetime
    is_theirs: bool
    text: str
    files: tuple[ViewedFile, ...]


@attrs.frozen
class ViewedAttribute:
    """What the ticket says of one thing: its ``label`` and its ``values``, as texts; none of what was not given yet.

    ``id`` and ``kind`` are those of the attribute; ``is_missing`` says that the customer should still give it.
    """

    id: str
    kind: str
    label: str
    values: tuple[str, ...]
    is_missing: bool


@attrs.frozen
class Progress:
    """Since the instant ``at`` the ticket has been what the ``label`` says."""

    at: datetime
    label: str


@attrs.frozen
class CustomerView:
    """A ticket as its customer sees it.  Instants are in UTC.

    ``number`` is the stub that they can ask by, ``opened_at`` when it began.  ``subject`` is the heading that they
    gave, or the empty text. ``state`` is where it stands in their words; ``awaits_customer`` that the next word is
    theirs, and ``is_done`` that they have what they asked for.  ``follows`` is the number of the ticket that it goes on
    from, if that is theirs. ``attributes`` are in the order of the type, ``messages`` and ``progress`` in that of time.
    """

    number: int
    subject: str
    state: str
    awaits_customer: bool
    is_done: bool
    opened_at: datetime
    follows: int | None
    attributes: tuple[ViewedAttribute, ...]
    messages: tuple[ViewedMessage, ...]
    progress: tuple[Progress, ...]


def customer_view(
    configuration: Configuration,
    ticket: Ticket,
    messages: Iterable[Message],
    history: Iterable[Event],
    words: Mapping[str, str],
    locale: str = "en",
    before: Ticket | None = None,
) -> CustomerView:
    """The ticket as its customer sees it, in the words of a locale (BCP 47) or else in English.

    ``messages`` are those of the ticket and ``history`` its events, in their order; ``words`` those of Text records
    by id, of which those that ``texts_of_view`` names are looked at, and what was erased is the empty text; ``before``
    is the ticket that it goes on from.  ``NotFound`` for a ticket of a type that no customer knows of, as if there
    were none.  O(everything given).
    """
    type = known_type(configuration, ticket)
    return CustomerView(
        number=ticket.number,
        subject=words.get(ticket.subject or "", ""),
        state=_label(configuration, type.id, ticket.state, ticket.category, locale),
        awaits_customer=ticket.category is Category.PENDING,
        is_done=ticket.category in (Category.SOLVED, Category.CLOSED),
        opened_at=ticket.opened_at,
        follows=_number_of(configuration, ticket, before),
        attributes=tuple(
            _viewed_attribute(one, ticket, words, locale)
            for one in shown(type.attributes, ticket.attributes, Audience.CUSTOMER)
        ),
        messages=tuple(_viewed_message(message, words) for message in _public(messages)),
        progress=_progress(configuration, history, locale),
    )


def texts_of_view(configuration: Configuration, ticket: Ticket, messages: Iterable[Message]) -> tuple[str, ...]:
    """The ids of the Text records whose words are in the view, and of no others."""
    visible = shown(known_type(configuration, ticket).attributes, ticket.attributes, Audience.CUSTOMER)
    public = {attribute.id for attribute in visible if attribute.is_words}
    ids = [ticket.subject]
    ids += [value.text for value in ticket.attributes if value.attribute in public and value.is_words]
    for message in _public(messages):
        ids += [message.text, *(file.name for file in message.attachments)]
    return tuple(id for id in ids if id is not None)


def known_type(configuration: Configuration, ticket: Ticket) -> TicketType:
    """The type of the ticket.  ``NotFound`` of the ticket where no customer knows of that."""
    type = configuration.type(ticket.type)
    if type is None or type.kind is not TicketKind.CUSTOMER:
        raise NotFound(Kind.TICKET, ticket.id)
    return type


def _public(messages: Iterable[Message]) -> list[Message]:
    return [message for message in messages if message.kind is not MessageKind.NOTE]


def _viewed_message(message: Message, words: Mapping[str, str]) -> ViewedMessage:
    files = tuple(
        ViewedFile(words.get(file.name or "", ""), file.media_type, file.blob.sha256, file.blob.size)
        for file in message.attachments
    )
    theirs = message.kind is MessageKind.CUSTOMER
    return ViewedMessage(message.id, message.received_at, theirs, words.get(message.text or "", ""), files)


def _viewed_attribute(attribute: Attribute, ticket: Ticket, words: Mapping[str, str], locale: str) -> ViewedAttribute:
    given = [
        value for value in ticket.attributes if (value.attribute, value.kind) == (attribute.id, attribute.value_kind)
    ]
    values = tuple(words.get(value.text, "") if value.is_words else value.text for value in given)
    missing = bool(attribute.customer_required) and not given
    return ViewedAttribute(attribute.id, attribute.kind.value, attribute.customer_label(locale), values, missing)


def _progress(configuration: Configuration, history: Iterable[Event], locale: str) -> tuple[Progress, ...]:
    """The states that the customer can tell apart, and since when; one that reads like the last is none."""
    found: list[Progress] = []
    type = ""
    for event in history:
        if isinstance(event, TicketOpened | HandedOver):
            type = event.type
        elif not isinstance(event, StateChanged):
            continue
        label = _label(configuration, type, event.state, event.category, locale)
        if not found or found[-1].label != label:
            found.append(Progress(event.at, label))
    return tuple(found)


def _label(configuration: Configuration, type: str, state: str, category: Category, locale: str) -> str:
    """What the customer reads of a state; of one that is not declared any more, what its category is called."""
    known = configuration.workflow_of(type).state(state)
    return worded(CUSTOMER_LABELS[category], locale, "") if known is None else known.customer_label(locale)


def _number_of(configuration: Configuration, ticket: Ticket, before: Ticket | None) -> int | None:
    """The number of the ticket that it goes on from, if it is that one, the same customer's and for customers."""
    if before is None or (before.id, before.contact) != (ticket.origin.follow_up_of, ticket.contact):
        return None
    type = configuration.type(before.type)
    return before.number if type is not None and type.kind is TicketKind.CUSTOMER else None
