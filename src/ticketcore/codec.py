"""Values and events as JSON text and back, for stores that write bytes.

One converter for all: enumerations by value, instants as ISO 8601 in UTC, durations in microseconds, fields that
have their default value left out.  A store adapter needs only the four functions below.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

import cattrs
from cattrs.fns import identity

from ticketcore.events import EVENTS, Event
from ticketcore.model import (
    Agent,
    Configuration,
    Contact,
    Conversation,
    IdempotencyKey,
    Kind,
    Message,
    Priority,
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


@lru_cache(maxsize=4096)
def _written_instant(instant: datetime | None) -> str | None:
    """The instant as text.  The same ones come again and again; all are in UTC, so equal ones read alike."""
    return None if instant is None else instant.isoformat()


_JSON_ALREADY = (str | None, Priority | None, tuple[str, ...], tuple[tuple[str, str], ...])

converter = cattrs.Converter(detailed_validation=False, omit_if_default=True)
"""The rules by which values become what JSON can hold, and back."""

converter.register_unstructure_hook(datetime, _written_instant)
converter.register_unstructure_hook(datetime | None, _written_instant)
converter.register_unstructure_hook_func(lambda kind: kind in _JSON_ALREADY, identity)
converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
converter.register_unstructure_hook(timedelta, lambda span: span // _MICROSECOND)
converter.register_structure_hook(timedelta, lambda count, _: timedelta(microseconds=count))


def _encoder() -> Callable[[Any], str]:
    """What writes JSON: compact, and with every character as itself.

    ``json`` makes a new encoder in C for each text; one serves all.  Where there is none
    (another Python than CPython), its own way gives the same text.
    """
    standard = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return standard.encode
    write = make(None, standard.default, json.encoder.encode_basestring, None, ":", ",", False, False, True)
    return lambda value: "".join(write(value, 0))


_to_text = _encoder()
_Structure = Callable[[Any, Any], Any]
_Unstructure = Callable[[Any], dict[str, Any]]


def encode(value: Value) -> str:
    """The value as one line of JSON."""
    return _to_text(_writers[type(value)](value))


def decode(kind: Kind, text: str) -> Value:
    """The value of a record of this kind from its JSON.  ``ValueError`` when the text is not one."""
    return cast(Value, _read(VALUES[kind], text))


def encode_event(event: Event) -> str:
    """The event as one line of JSON, in the published shape."""
    kind = type(event)
    return _openings[kind] + _to_text(_writers[kind](event))[1:]


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


_writers: Mapping[type[Any], _Unstructure] = {
    kind: converter.get_unstructure_hook(kind) for kind in (*VALUES.values(), *EVENTS)
}
_openings: Mapping[type[Event], str] = {kind: f'{{"event":"{kind.__name__}","schema":{kind.SCHEMA},' for kind in EVENTS}
"""How the text of an event begins; what follows is its fields, of which it has two at least."""
_readers: Mapping[type[Any], _Structure] = {kind: converter.get_structure_hook(kind) for kind in VALUES.values()}
_event_readers: Mapping[str, _Structure] = {kind.__name__: converter.get_structure_hook(kind) for kind in EVENTS}
