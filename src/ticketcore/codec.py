"""Values and events as JSON text and back, for stores that write bytes.

Enumerations by value, instants as ISO 8601 in UTC, durations in microseconds, fields that have their default value
left out: ``ticketcore.jsontext`` writes so, and one converter reads it.  A store adapter needs only the four functions
below.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast

import cattrs

from ticketcore.events import EVENTS, Event
from ticketcore.jsontext import Write, object_writer
from ticketcore.model import (
    Agent,
    Configuration,
    Contact,
    Conversation,
    IdempotencyKey,
    Kind,
    Message,
    Text,
    Ticket,
)

Value = Ticket | Agent | Contact | Conversation | Message | Text | Configuration | IdempotencyKey
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
}
"""The class of the value of each kind of record."""

_MICROSECOND = timedelta(microseconds=1)

converter = cattrs.Converter(detailed_validation=False, omit_if_default=True)
"""The rules by which values become what JSON can hold, and back."""

converter.register_unstructure_hook(datetime, datetime.isoformat)
converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
converter.register_unstructure_hook(date, date.isoformat)
converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
converter.register_unstructure_hook(timedelta, lambda span: span // _MICROSECOND)
converter.register_structure_hook(timedelta, lambda count, _: timedelta(microseconds=count))

_Structure = Callable[[Any, Any], Any]


def encode(value: Value) -> str:
    """The value as one line of JSON."""
    return _writers[type(value)](value)


def decode(kind: Kind, text: str) -> Value:
    """The value of a record of this kind from its JSON.  ``ValueError`` when the text is not one."""
    return cast(Value, _read(VALUES[kind], text))


def encode_event(event: Event) -> str:
    """The event as one line of JSON, in the published shape."""
    return _event_writers[type(event)](event)


def decode_event(text: str) -> Event:
    """The event from its JSON.  ``ValueError`` when the text is not one that this version knows."""
    return decode_events((text,))[0]


def decode_events(texts: "list[str] | tuple[str, ...]") -> list[Event]:
    """Many events at once, which costs less than one by one."""
    try:
        return [_event_readers[body["event"]](body, None) for body in json.loads(f"[{','.join(texts)}]")]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not an event of this version: {error!r}") from error


def _read(kind: type[Any], text: str) -> Any:
    try:
        return _readers[kind](json.loads(text), kind)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a {kind.__name__} of this version: {error!r}") from error


_writers: Mapping[type[Value], Write] = {kind: object_writer(kind) for kind in VALUES.values()}
_event_writers: Mapping[type[Event], Write] = {
    kind: object_writer(kind, f'"event":"{kind.__name__}","schema":{kind.SCHEMA}') for kind in EVENTS
}
_readers: Mapping[type[Any], _Structure] = {kind: converter.get_structure_hook(kind) for kind in VALUES.values()}
_event_readers: Mapping[str, _Structure] = {kind.__name__: converter.get_structure_hook(kind) for kind in EVENTS}
