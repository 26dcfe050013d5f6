"""What a customer may see of a ticket: one projection of all there is, and nothing besides.

It is made of what is public by its own word: states by their labels for customers, attributes that are visible to them,
messages that they wrote or were sent, the name of the organisation that they belong to, and the tickets that it goes on
from and is a part of if those are theirs.  It names no agent, team, queue, tag, rule or reason, no note, no link, and
nothing by a label that is the agents'.
Everything that a host shows to customers comes from here, so that there is one place to look at, and one to test.

A ticket that was merged stands where what it is a part of stands, and is told by all the messages of that which its
customer wrote or takes part in: a merge adds what it gave them sight of, its undoing takes that away again.  Heading
and attributes stay those of their own ticket, and no number of another customer's is named.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
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
    Conversation,
    Kind,
    Message,
    MessageKind,
    Move,
    Organisation,
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

    ``is_answer`` says that it is an answer, of an agent or a bot; what is neither was said by another customer who
    takes part.  ``id`` is the id of the message, which is opaque.
    """

    id: str
    at: datetime
    is_theirs: bool
    is_answer: bool
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
    from, and ``part_of`` of the one that it is a part of now, if that is theirs. ``attributes`` are in the order of the
    type, ``messages`` and ``progress`` in that of time.  ``organisation`` is the name of the one that the customer
    belongs to, or the empty text.
    """

    number: int
    subject: str
    state: str
    awaits_customer: bool
    is_done: bool
    opened_at: datetime
    follows: int | None
    part_of: int | None
    attributes: tuple[ViewedAttribute, ...]
    messages: tuple[ViewedMessage, ...]
    progress: tuple[Progress, ...]
    organisation: str = ""


@attrs.frozen
class Matter:
    """A ticket, and what stands around it in the store.

    ``whole`` is what the ``ticket`` is a part of now, since the instant ``since``; None for a ticket that was not
    merged.  ``messages`` are those of all that it then is made of and customers know of, and ``conversations`` those
    in which they stand, by id.  ``history`` are the events of the ticket itself, in their order.  ``before`` is the
    ticket that it goes on from, and ``organisation`` the one that its customer belongs to, if it has a name.  ``who``
    are all contacts who are its customer; none where that is the ticket's contact alone.
    """

    ticket: Ticket
    messages: tuple[Message, ...] = ()
    conversations: Mapping[str, Conversation] = attrs.field(factory=dict)
    history: tuple[Event, ...] = ()
    before: Ticket | None = None
    whole: Ticket | None = None
    since: datetime | None = None
    organisation: Organisation | None = None
    who: tuple[str, ...] = ()

    @property
    def customers(self) -> tuple[str, ...]:
        """The ids of the contacts who are its customer."""
        return self.who or (self.ticket.contact,)


def customer_view(
    configuration: Configuration, matter: Matter, words: Mapping[str, str], locale: str = "en"
) -> CustomerView:
    """The ticket as its customer sees it, in the words of a locale (BCP 47) or else in English.

    ``words`` are those of Text records by id, of which those that ``texts_of_view`` names are looked at, and what was
    erased is the empty text.  ``NotFound`` for a ticket that was deleted, or of a type that no customer knows of, as if
    there were none.
    O(everything given).
    """
    ticket = matter.ticket
    type = known_type(configuration, ticket)
    now = matter.whole or ticket
    return CustomerView(
        number=ticket.number,
        subject=words.get(ticket.subject or "", ""),
        state=_state(configuration, now, locale),
        awaits_customer=now.category is Category.PENDING,
        is_done=now.category in (Category.SOLVED, Category.CLOSED),
        opened_at=ticket.opened_at,
        follows=_number_of(configuration, matter, _before(matter)),
        part_of=_number_of(configuration, matter, matter.whole),
        attributes=tuple(
            _viewed_attribute(one, ticket, words, locale)
            for one in shown(type.attributes, ticket.attributes, Audience.CUSTOMER)
        ),
        messages=tuple(_viewed_message(message, matter.customers, words) for message in _seen(matter)),
        progress=_progress(configuration, matter, locale),
        organisation="" if matter.organisation is None else matter.organisation.name,
    )


def texts_of_view(configuration: Configuration, matter: Matter) -> tuple[str, ...]:
    """The ids of the Text records whose words are in the view, and of no others.  ``NotFound`` as for the view."""
    ticket = matter.ticket
    visible = shown(known_type(configuration, ticket).attributes, ticket.attributes, Audience.CUSTOMER)
    public = {attribute.id for attribute in visible if attribute.is_words}
    ids = [ticket.subject]
    ids += [value.text for value in ticket.attributes if value.attribute in public and value.is_words]
    for message in _seen(matter):
        ids += [message.text, *(file.name for file in message.attachments)]
    return tuple(id for id in ids if id is not None)


def known_type(configuration: Configuration, ticket: Ticket) -> TicketType:
    """The type of the ticket.  ``NotFound`` of the ticket where no customer knows of that, or it was deleted."""
    type = configuration.type(ticket.type)
    if type is None or ticket.is_deleted or not is_known(configuration, ticket):
        raise NotFound(Kind.TICKET, ticket.id)
    return type


def is_known(configuration: Configuration, ticket: Ticket) -> bool:
    """Whether customers know of such tickets: its type is declared, and for them."""
    type = configuration.type(ticket.type)
    return type is not None and type.kind is TicketKind.CUSTOMER


def _seen(matter: Matter) -> list[Message]:
    """The messages that the customer wrote, and those in conversations that they take part in, without the notes."""
    who = matter.customers
    shared = {
        id
        for id, conversation in matter.conversations.items()
        if any(one.id in who for one in conversation.participants)
    }
    return [message for message in matter.messages if _sees(who, shared, message)]


def _sees(who: Container[str], shared: Container[str], message: Message) -> bool:
    if message.kind is MessageKind.NOTE:
        return False
    return message.conversation in shared or _wrote(who, message)


def _wrote(who: Container[str], message: Message) -> bool:
    return message.kind is MessageKind.CUSTOMER and message.author.id in who


def _viewed_message(message: Message, who: Container[str], words: Mapping[str, str]) -> ViewedMessage:
    files = tuple(
        ViewedFile(words.get(file.name or "", ""), file.media_type, file.blob.sha256, file.blob.size)
        for file in message.attachments
    )
    return ViewedMessage(
        id=message.id,
        at=message.received_at,
        is_theirs=_wrote(who, message),
        is_answer=message.kind in (MessageKind.AGENT, MessageKind.BOT),
        text=words.get(message.text or "", ""),
        files=files,
    )


def _viewed_attribute(attribute: Attribute, ticket: Ticket, words: Mapping[str, str], locale: str) -> ViewedAttribute:
    given = [
        value for value in ticket.attributes if (value.attribute, value.kind) == (attribute.id, attribute.value_kind)
    ]
    values = tuple(words.get(value.text, "") if value.is_words else value.text for value in given)
    missing = bool(attribute.customer_required) and not given
    return ViewedAttribute(attribute.id, attribute.kind.value, attribute.customer_label(locale), values, missing)


def _progress(configuration: Configuration, matter: Matter, locale: str) -> tuple[Progress, ...]:
    """The states that the customer can tell apart, and since when; one that reads like the last is none.

    To be merged is no progress.  Of what the ticket is a part of now only where it stands is told.
    """
    found = list(_steps(configuration, matter.history, locale))
    if matter.whole is not None and matter.since is not None:
        since = max(matter.since, matter.whole.state_since)
        found.append(Progress(since, _state(configuration, matter.whole, locale)))
    return tuple(step for i, step in enumerate(found) if i == 0 or found[i - 1].label != step.label)


def _steps(configuration: Configuration, history: Iterable[Event], locale: str) -> Iterator[Progress]:
    """Each state that the ticket was in by itself."""
    type = ""
    for event in history:
        if isinstance(event, TicketOpened | HandedOver):
            type = event.type
        elif not isinstance(event, StateChanged) or event.move is Move.MERGE:
            continue
        yield Progress(event.at, _label(configuration, type, event.state, event.category, locale))


def _state(configuration: Configuration, ticket: Ticket, locale: str) -> str:
    """Where the ticket stands; of one that no customer knows of, what its category is called."""
    if not is_known(configuration, ticket):
        return worded(CUSTOMER_LABELS[ticket.category], locale, "")
    return _label(configuration, ticket.type, ticket.state, ticket.category, locale)


def _label(configuration: Configuration, type: str, state: str, category: Category, locale: str) -> str:
    """What the customer reads of a state; of one that is not declared any more, what its category is called."""
    known = configuration.workflow_of(type).state(state)
    return worded(CUSTOMER_LABELS[category], locale, "") if known is None else known.customer_label(locale)


def _before(matter: Matter) -> Ticket | None:
    """The ticket that it goes on from, if that is the one."""
    before = matter.before
    return None if before is None or before.id != matter.ticket.origin.follow_up_of else before


def _number_of(configuration: Configuration, matter: Matter, other: Ticket | None) -> int | None:
    """The number of another ticket, if it is the same customer's and for customers, and was not deleted."""
    if other is None or other.is_deleted or other.contact not in matter.customers or not is_known(configuration, other):
        return None
    return other.number
