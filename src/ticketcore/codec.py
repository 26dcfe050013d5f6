"""Values and events as JSON text and back, for stores that write bytes.

Enumerations by value, instants as RFC 3339 in UTC, durations as ISO 8601; every field is written, and one that has a
default may be missing from what is read.  A store adapter needs only the functions below.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs
import msgspec

from ticketcore.events import EVENTS, Event
from ticketcore.model import (
    Agent,
    Clock,
    Configuration,
    Contact,
    Conversation,
    IdempotencyKey,
    Kind,
    Message,
    Organisation,
    Quarantine,
    Tally,
    Text,
    Ticket,
)
from ticketcore.sharing import share

Value = (
    Ticket
    | Agent
    | Contact
    | Organisation
    | Conversation
    | Message
    | Text
    | Configuration
    | IdempotencyKey
    | Clock
    | Quarantine
    | Tally
)
"""What a record holds."""

VALUES: Mapping[Kind, type[Value]] = {
    Kind.TICKET: Ticket,
    Kind.AGENT: Agent,
    Kind.CONTACT: Contact,
    Kind.CONVERSATION: Conversation,
    Kind.MESSAGE: Message,
    Kind.TEXT: Text,
    Kind.CONFIGURATION: Configuration,
    Kind.IDEMPOTENCY_KEY: IdempotencyKey,
    Kind.CLOCK: Clock,
    Kind.ORGANISATION: Organisation,
    Kind.QUARANTINE: Quarantine,
    Kind.TALLY: Tally,
}
"""The class of the value of each kind of record."""


@attrs.frozen
class _Named:
    """What of an event says which class it is of."""

    event: str


_to_json = msgspec.json.Encoder().encode
_name_of = msgspec.json.Decoder(_Named).decode
_apart = msgspec.json.Decoder(list[msgspec.Raw]).decode
_values: Mapping[Kind, Callable[[str], Value]] = {
    kind: msgspec.json.Decoder(value).decode for kind, value in VALUES.items()
}
_events: Mapping[str, Callable[[bytes | msgspec.Raw], Event]] = {
    kind.__name__: msgspec.json.Decoder(kind).decode for kind in EVENTS
}
_openings = {kind: f'{{"event":"{kind.__name__}","schema":{kind.SCHEMA},' for kind in EVENTS}


def encode(value: Value) -> str:
    """The value as one line of JSON."""
    return _to_json(value).decode()


def encode_all(values: Iterable[Value]) -> list[str]:
    """Many values at once, which costs less than one by one."""
    return [_to_json(value).decode() for value in values]


def decode(kind: Kind, text: str) -> Value:
    """The value of a record of this kind from its JSON.  ``ValueError`` when the text is not one."""
    value = _values[kind](text)
    return share(value) if type(value) is Ticket else value


def encode_event(event: Event) -> str:
    """The event as one line of JSON, in the published shape."""
    return encode_events((event,))[0]


def encode_events(events: Iterable[Event]) -> list[str]:
    """Many events at once, which costs less than one by one."""
    return [_openings[type(event)] + _to_json(event)[1:].decode() for event in events]


def decode_event(text: str) -> Event:
    """The event from its JSON.  ``ValueError`` when the text is not one that this version knows."""
    return decode_events((text,))[0]


def decode_events(texts: Sequence[str]) -> list[Event]:
    """Many events at once, which costs less than one by one; a text may hold several, with commas between them."""
    events = []
    for body in _apart(f"[{','.join(texts)}]"):
        name = _name_of(body).event
        if name not in _events:
            raise ValueError(f"no event of this version: {name}")
        events.append(_events[name](body))
    return events
