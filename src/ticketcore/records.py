"""How each kind of entity stands in a store: its index fields and its unique keys.

The typed face over the records of a ``Store``.  The keys are: an alias names a contact, a provider's id a message
(so that a redelivered message is known), and a channel account and contact the one thread between them.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from ticketcore.calendar.days import microseconds
from ticketcore.model import (
    REFERENCES,
    Agent,
    Alias,
    AttributeValue,
    Clock,
    Configuration,
    Contact,
    Conversation,
    IdempotencyKey,
    Kind,
    Message,
    Organisation,
    Quarantine,
    Ref,
    Tally,
    Text,
    Ticket,
    UniqueKey,
)
from ticketcore.model.values import making
from ticketcore.ports import Indexed, Record

CURRENT = Ref(Kind.CONFIGURATION, "current")
"""The record of the configuration that a desk follows; each version is also kept under its number."""

_record = making(Record)
_unique_key: Callable[[tuple[str, str]], UniqueKey] = partial(tuple.__new__, UniqueKey)
# A member of an enumeration is looked up slowly before Python 3.12, and these are needed at every record.
_AGENT, _CLOCK, _CONTACT, _CONVERSATION = Kind.AGENT, Kind.CLOCK, Kind.CONTACT, Kind.CONVERSATION
_MESSAGE, _TEXT, _TICKET = Kind.MESSAGE, Kind.TEXT, Kind.TICKET
_NO_REFERENCES: Mapping[str, tuple[str, ...]] = dict.fromkeys((kind.value for kind in REFERENCES), ())


def alias_key(alias: Alias) -> UniqueKey:
    """What makes an address one customer's: the channel, the account where it matters, and the address."""
    return _unique_key(("alias", _joined(alias.channel, alias.account, alias.address)))


def provider_key(channel: str, account: str, id: str) -> UniqueKey:
    """What makes a delivered message one message: the channel account and the provider's id."""
    return _unique_key(("provider_id", _joined(channel, account, id)))


def thread_key(channel: str, account: str, contact: str) -> UniqueKey:
    """What makes a chat one conversation: the channel account and the contact."""
    return _unique_key(("thread", _joined(channel, account, contact)))


def ticket_record(ticket: Ticket, expected: int) -> Record:
    """The ticket as a record."""
    waiting, queued = ticket.waiting_since, ticket.queued_since
    origin = ticket.origin
    fields: dict[str, Indexed] = {
        "state": ticket.state,
        "queue": ticket.queue,
        "assignee": ticket.assignee,
        "contact": origin.contact,
        "channel": origin.channel,
        "tag": ticket.tags,
        **_references(ticket.attributes),
        "number": ticket.number,
        "priority": ticket.priority or 0,
        "opened_at": microseconds(origin.opened_at),
        "updated_at": microseconds(ticket.updated_at),
        "waiting_since": None if waiting is None else microseconds(waiting),
        "queued_since": None if queued is None else microseconds(queued),
    }
    return _record(_TICKET, ticket.id, ticket.version, expected, ticket, fields)


def _references(values: tuple[AttributeValue, ...]) -> Mapping[str, tuple[str, ...]]:
    """What a ticket is about: the ids of services, orders and accounts among its attributes."""
    if not values:
        return _NO_REFERENCES
    return {kind.value: tuple(sorted({value.text for value in values if value.kind is kind})) for kind in REFERENCES}


def agent_record(agent: Agent, expected: int) -> Record:
    """The agent as a record."""
    return _record(_AGENT, agent.id, agent.version, expected, agent)


def clock_record(clock: Clock, expected: int) -> Record:
    """The clock of a ticket as a record, under the ticket's id."""
    return _record(_CLOCK, clock.id, clock.version, expected, clock)


def quarantine_record(held: Quarantine, expected: int) -> Record:
    """A message in quarantine as a record, under the message's id."""
    fields: dict[str, Indexed] = {"fate": held.fate, "ticket": held.ticket, "held_at": microseconds(held.held_at)}
    return Record(Kind.QUARANTINE, held.id, held.version, expected, held, fields)


def tally_record(tally: Tally, expected: int) -> Record:
    """The tally as a record."""
    return Record(Kind.TALLY, tally.id, tally.version, expected, tally)


def contact_record(contact: Contact, expected: int) -> Record:
    """The contact as a record, found by each of its aliases."""
    keys = tuple(alias_key(alias) for alias in contact.aliases)
    fields: dict[str, Indexed] = {"organisation": contact.organisation}
    return _record(_CONTACT, contact.id, contact.version, expected, contact, fields, keys)


def organisation_record(organisation: Organisation, expected: int) -> Record:
    """The organisation as a record."""
    return _record(Kind.ORGANISATION, organisation.id, organisation.version, expected, organisation)


def conversation_record(conversation: Conversation, expected: int, *, one_per_contact: bool) -> Record:
    """The conversation as a record; ``one_per_contact`` on a channel where the customer has one thread."""
    key = thread_key(conversation.channel, conversation.account, conversation.contact)
    return _record(
        _CONVERSATION,
        conversation.id,
        conversation.version,
        expected,
        conversation,
        {"contact": conversation.contact},
        (key,) if one_per_contact else (),
    )


def message_record(message: Message) -> Record:
    """A message as a record, found by the provider's id."""
    fields: dict[str, Indexed] = {
        "ticket": message.ticket,
        "conversation": message.conversation,
        "received_at": microseconds(message.received_at),
    }
    own = message.provider_id
    keys = () if own is None else (provider_key(own.channel, own.account, own.id),)
    return _record(_MESSAGE, message.id, message.version, message.version - 1, message, fields, keys)


def text_record(text: Text) -> Record:
    """New words as a record."""
    return _record(_TEXT, text.id, text.version, 0, text)


def idempotency_record(key: str) -> Record:
    """That what was asked under the key has been done, as a new record."""
    return _record(Kind.IDEMPOTENCY_KEY, key, 1, 0, IdempotencyKey(key))


def configuration_records(configuration: Configuration, expected: int) -> tuple[Record, Record]:
    """A configuration as the current one, and as the version that decisions name."""
    version = configuration.version
    return (
        _record(CURRENT.kind, CURRENT.id, version, expected, configuration),
        _record(Kind.CONFIGURATION, str(version), version, 0, configuration),
    )


@lru_cache(maxsize=1024)
def _opening(first: str, second: str) -> str:
    return f"{len(first)}:{first}{len(second)}:{second}"


def _joined(first: str, second: str, last: str) -> str:
    """The parts as one text that no other parts give: each but the last follows its length.

    >>> _joined("a", "b", "c:d")
    '1:a1:bc:d'
    """
    return _opening(first, second) + last
