"""The shape of a line of JSON that tells a fact: how it is read, and the same as a JSON Schema.

``SHAPES`` is the one table of both.  The JSON type of a property is checked here, what it says by the class that it
becomes.
"""

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from inspect import cleandoc
from typing import TypeVar, cast

import attrs

from ticketcore.checks import MAX_NAME, check_name, check_whole, check_words
from ticketcore.errors import InvalidInput
from ticketcore.feeds.customers import (
    AttributesFact,
    HandOverFact,
    MemberFact,
    MergeContactsFact,
    OrganisationFact,
    UnmergeContactsFact,
)
from ticketcore.feeds.facts import (
    AFTER_A_REPLY,
    Fact,
    FocusFact,
    MessageFact,
    NoteFact,
    QuarantineFact,
    ReplyFact,
    ResolveFact,
    TagsFact,
)
from ticketcore.feeds.observed import MAX_NUMBER, About, AnsweredMessage, ThreadOf, TicketNumber
from ticketcore.feeds.offers import AcceptFact, DeclineFact
from ticketcore.feeds.people import (
    AgentAttributesFact,
    CapacityFact,
    CapacityProfileFact,
    LeaveFact,
    PresenceFact,
    ShiftsFact,
    SkillsFact,
    TeamsFact,
    WrappedUpFact,
)
from ticketcore.feeds.ties import (
    RELATIONS,
    DeleteFact,
    LinkFact,
    MergeFact,
    SplitFact,
    UnlinkFact,
    UnmergeFact,
    UnsplitFact,
)
from ticketcore.model import MAX_LEVEL, AgentAttribute, Deletion, Inbound, Leave, Presence, SplitClocks
from ticketcore.model.agent_attributes import GREATEST
from ticketcore.model.capacity import MOST_AT_ONCE
from ticketcore.model.message import File

Json = Mapping[str, object]
"""A JSON object, or a schema of one."""

_T = TypeVar("_T")
_CALLED = {str: "a text", int: "a whole number", bool: "true or false", list: "a list", dict: "an object"}
_INSTANT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
_is_instant = re.compile(_INSTANT).fullmatch
_BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_INBOUND_NAMES = {"id": "external_id", "answers": "reply_to"}
_LINE_NAMES = {inbound: line for line, inbound in _INBOUND_NAMES.items()}


@attrs.frozen
class Property:
    """One property: the ``type`` of its value as ``json`` reads it, the ``schema`` of it, and ``read``, which is given
    the value and the path to it and raises ``InvalidInput``; None where the value stands as it is.
    """

    type: type
    schema: Json
    read: Callable[..., object] | None = None


class Shape:
    """An object of ``required`` and of ``optional`` properties, each by its name."""

    def __init__(self, required: Mapping[str, Property], optional: Mapping[str, Property] | None = None) -> None:
        self._known = {**required, **(optional or {})}
        self._required = frozenset(required)

    def read(self, body: Json, path: str = "") -> dict[str, object]:
        """What the object says, by property.  ``InvalidInput`` names a property at fault, with the path before it."""
        said = {}
        known = self._known
        for name, value in body.items():
            expected = known.get(name)
            if expected is None:
                raise InvalidInput(path + shown(name), f"is unknown here, where there are {', '.join(known)}")
            if type(value) is not expected.type:
                raise InvalidInput(path + name, f"must be {_CALLED[expected.type]}, not {called(value)}")
            said[name] = value if expected.read is None else expected.read(value, path + name)
        if len(said) < len(known) and (missing := self._required - said.keys()):
            raise InvalidInput(path + min(missing), "is missing")
        return said

    def schema(self, words: str = "") -> dict[str, object]:
        """The shape as a JSON Schema, described by ``words``."""
        return {
            **({"description": words} if words else {}),
            "type": "object",
            "properties": {name: dict(known.schema) for name, known in self._known.items()},
            "required": [name for name in self._known if name in self._required],
            "additionalProperties": False,
        }


def shown(name: str) -> str:
    """A name from outside as part of a path: short, on one line, of ASCII.

    >>> shown("agent"), shown("two words")
    ('agent', "'two words'")
    """
    return name if name.isascii() and name.isidentifier() and len(name) <= 50 else ascii(name[:50])


def called(value: object) -> str:
    """What a value of JSON is called.

    >>> called(True), called(None), called(0.5)
    ('true or false', 'null', 'a number with a fraction or exponent')
    """
    if value is None:
        return "null"
    return _CALLED.get(type(value), "a number with a fraction or exponent")


def made(kind: Callable[..., _T], path: str, said: Mapping[str, object]) -> _T:
    """A value of the class.  ``InvalidInput`` names what it refuses as the line does, with the path before it."""
    try:
        return kind(**said)
    except InvalidInput as error:
        raise InvalidInput(path + error.field.rpartition(".")[2], error.reason) from None


def _instant(value: str, path: str) -> datetime:
    if _is_instant(value) is None:
        raise InvalidInput(path, "must be a date and a time with seconds and zone, such as 2026-03-02T09:00:00+01:00")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(path, f"is no instant: {error}") from None


def _names(values: list[object], path: str) -> list[object]:
    for i, value in enumerate(values):
        check_name(value, f"{path}[{i}]")
    return values


def _levels(values: Mapping[str, object], path: str) -> Json:
    for skill, level in values.items():
        check_name(skill, f"{path}[{skill[:50]!a}]")
        check_whole(level, f"{path}[{skill[:50]!a}]", 1, MAX_LEVEL)
    return values


def _agent_attributes(values: Mapping[str, object], path: str) -> tuple[AgentAttribute, ...]:
    return tuple(
        made(AgentAttribute, f"{path}[{name[:50]!a}].", {"name": name, "value": value})
        for name, value in sorted(values.items())
    )


def _leave(values: list[object], path: str) -> tuple[Leave, ...]:
    found = []
    for i, value in enumerate(values):
        if not isinstance(value, dict):
            raise InvalidInput(f"{path}[{i}]", f"must be an object, not {called(value)}")
        found.append(made(Leave, f"{path}[{i}].", _FROM_TO.read(value, f"{path}[{i}].")))
    return tuple(found)


def _given(values: Mapping[str, object], path: str) -> Json:
    for name, value in values.items():
        field = f"{path}[{name[:50]!a}]"
        check_name(name, field)
        if isinstance(value, list):
            _names(value, field)
        elif value is not None:
            check_words(value, field)
    return values


def _about(body: Json, path: str) -> object:
    for mark, (kind, shape) in _ABOUTS.items():
        if mark in body:
            return made(kind, f"{path}.", shape.read(body, f"{path}."))
    raise InvalidInput(path, f"must have one of {', '.join(_ABOUTS)}")


def _files(values: list[object], path: str) -> list[File]:
    files = []
    for i, value in enumerate(values):
        if not isinstance(value, dict):
            raise InvalidInput(f"{path}[{i}]", f"must be an object, not {called(value)}")
        said = _FILE.read(value, f"{path}[{i}].")
        files.append(made(File, f"{path}[{i}].", {"content": said.pop("base64"), **said}))
    return files


def _content(value: str, path: str) -> bytes:
    try:
        return b64decode(value, validate=True)
    except ValueError as error:
        raise InvalidInput(path, f"is not base64 (RFC 4648, 4): {error}") from None


_WORDS_SCHEMA: Json = {"type": "string", "pattern": "^[^\\u0000]*$"}
_NAME_SCHEMA: Json = {**_WORDS_SCHEMA, "minLength": 1, "maxLength": MAX_NAME}
_TEXTS_SCHEMA: Json = {"type": "object", "propertyNames": _NAME_SCHEMA, "additionalProperties": _WORDS_SCHEMA}
_GIVEN_SCHEMA: Json = {
    "type": "object",
    "propertyNames": _NAME_SCHEMA,
    "additionalProperties": {"anyOf": [_WORDS_SCHEMA, {"type": "array", "items": _NAME_SCHEMA}, {"type": "null"}]},
}
_VALUE_SCHEMA: Json = {"anyOf": [_WORDS_SCHEMA, {"type": "integer", "minimum": -GREATEST, "maximum": GREATEST}]}
_LEVEL_SCHEMA: Json = {"type": "integer", "minimum": 1, "maximum": MAX_LEVEL}

_NAME = Property(str, _NAME_SCHEMA)
_WORDS = Property(str, _WORDS_SCHEMA)
_NAMES = Property(list, {"type": "array", "items": _NAME_SCHEMA}, _names)
_TEXTS = Property(dict, _TEXTS_SCHEMA)
_LEVELS = Property(
    dict, {"type": "object", "propertyNames": _NAME_SCHEMA, "additionalProperties": _LEVEL_SCHEMA}, _levels
)
_AGENT_ATTRIBUTES = Property(
    dict, {"type": "object", "propertyNames": _NAME_SCHEMA, "additionalProperties": _VALUE_SCHEMA}, _agent_attributes
)
_AT_ONCE = Property(int, {"type": "integer", "minimum": 0, "maximum": MOST_AT_ONCE})
_PRESENCE = Property(str, {"enum": [str(presence) for presence in Presence]})
_THEN = Property(str, {"enum": [str(move) for move in AFTER_A_REPLY]})
_RELATION = Property(str, {"enum": [str(relation) for relation in RELATIONS]})
_CAUSE = Property(str, {"enum": [str(cause) for cause in Deletion]})
_CLOCKS = Property(str, {"enum": [str(clocks) for clocks in SplitClocks]})
_GIVEN = Property(dict, _GIVEN_SCHEMA, _given)
_FLAG = Property(bool, {"type": "boolean"})
_NUMBER = Property(int, {"type": "integer", "minimum": 1, "maximum": MAX_NUMBER})
_BYTES = Property(str, {"type": "string", "contentEncoding": "base64", "pattern": _BASE64}, _content)
_AT = Property(str, {"type": "string", "format": "date-time", "pattern": f"^{_INSTANT}$"}, _instant)

_FILE = Shape({"name": _WORDS, "media_type": _NAME, "base64": _BYTES})
_FILES = Property(list, {"type": "array", "items": _FILE.schema()}, _files)

_THREAD = {"channel": _NAME, "account": _NAME}
_ABOUTS: Mapping[str, tuple[Callable[..., About], Shape]] = {
    "number": (TicketNumber, Shape({"number": _NUMBER})),
    "answers": (AnsweredMessage, Shape({**_THREAD, "answers": _NAME})),
    "contact": (ThreadOf, Shape({**_THREAD, "contact": _NAME})),
}
"""The ways to name a ticket, by the property that only this way has."""
_WHOSE = Shape({**_THREAD, "contact": _NAME})
_ADDRESS = Property(dict, _WHOSE.schema(), lambda body, path: made(ThreadOf, f"{path}.", _WHOSE.read(body, f"{path}.")))
_MESSAGES = Property(list, {"type": "array", "items": _NAME_SCHEMA, "minItems": 1}, _names)
_ABOUT = Property(dict, {"oneOf": [{"$ref": f"#/$defs/{mark}"} for mark in _ABOUTS]}, _about)

_SAID = {
    "sender_name": _WORDS,
    "subject": _WORDS,
    "id": _NAME,
    "answers": _NAMES,
    "tags": _NAMES,
    "attributes": _TEXTS,
    "type": _NAME,
    "organisation": _NAME,
    "headers": _TEXTS,
    "tokens": _NAMES,
    "return_address": _WORDS,
    "authenticated": _FLAG,
    "attachments": _FILES,
}


_BY = {"agent": _NAME}
_PASSED_ON = {"type": _NAME, "note": _WORDS, "values": _GIVEN, **_BY}


def _fact(
    kind: type[Fact], required: Mapping[str, Property], optional: Mapping[str, Property] | None = None
) -> tuple[type[Fact], Shape]:
    marked = {"at": _AT, "fact": Property(str, {"const": kind.KIND})}
    return kind, Shape({**marked, **required}, optional)


_FROM_TO = Shape({"start": _AT, "end": _AT})
_LEAVE = Property(list, {"type": "array", "items": _FROM_TO.schema()}, _leave)

SHAPES: Mapping[str, tuple[type[Fact], Shape]] = {
    shaped[0].KIND: shaped
    for shaped in (
        _fact(MessageFact, {"channel": _NAME, "account": _NAME, "sender": _NAME, "text": _WORDS}, _SAID),
        _fact(ReplyFact, {"about": _ABOUT, "text": _WORDS}, {"agent": _NAME, "id": _NAME, "then": _THEN}),
        _fact(NoteFact, {"about": _ABOUT, "text": _WORDS}, {"agent": _NAME}),
        _fact(ResolveFact, {"about": _ABOUT}, {"agent": _NAME}),
        _fact(TagsFact, {"about": _ABOUT}, {"add": _NAMES, "remove": _NAMES}),
        _fact(PresenceFact, {"agent": _NAME, "presence": _PRESENCE}),
        _fact(SkillsFact, {"agent": _NAME, "skills": _LEVELS}),
        _fact(TeamsFact, {"agent": _NAME, "teams": _NAMES}),
        _fact(AgentAttributesFact, {"agent": _NAME, "attributes": _AGENT_ATTRIBUTES}),
        _fact(CapacityFact, {"agent": _NAME, "capacity": _AT_ONCE}),
        _fact(CapacityProfileFact, {"agent": _NAME, "profile": _NAME}),
        _fact(ShiftsFact, {"agent": _NAME, "shifts": _NAMES}),
        _fact(LeaveFact, {"agent": _NAME, "leave": _LEAVE}),
        _fact(FocusFact, {"about": _ABOUT, "agent": _NAME, "open": _FLAG}),
        _fact(AttributesFact, {"about": _ABOUT, "values": _GIVEN}, _BY),
        _fact(HandOverFact, {"about": _ABOUT, "queue": _NAME}, _PASSED_ON),
        _fact(DeclineFact, {"about": _ABOUT, "agent": _NAME}, {"reason": _NAME}),
        _fact(AcceptFact, {"about": _ABOUT, "agent": _NAME}),
        _fact(WrappedUpFact, {"about": _ABOUT, "agent": _NAME}),
        _fact(MergeFact, {"about": _ABOUT, "into": _ABOUT}, {"shared": _FLAG, **_BY}),
        _fact(UnmergeFact, {"about": _ABOUT}, _BY),
        _fact(SplitFact, {**_THREAD, "messages": _MESSAGES}, {"clocks": _CLOCKS, **_BY}),
        _fact(UnsplitFact, {"about": _ABOUT}, _BY),
        _fact(DeleteFact, {"about": _ABOUT, "cause": _CAUSE}, {"with_parts": _FLAG, **_BY}),
        _fact(LinkFact, {"about": _ABOUT, "relation": _RELATION, "other": _ABOUT}, _BY),
        _fact(UnlinkFact, {"about": _ABOUT, "relation": _RELATION, "other": _ABOUT}, _BY),
        _fact(OrganisationFact, {"organisation": _NAME, "name": _NAME}),
        _fact(MemberFact, {**_THREAD, "contact": _NAME}, {"organisation": _NAME}),
        _fact(MergeContactsFact, {**_THREAD, "contact": _NAME, "into": _ADDRESS}, _BY),
        _fact(UnmergeContactsFact, {**_THREAD, "contact": _NAME}, _BY),
        _fact(
            QuarantineFact,
            {**_THREAD, "message": _NAME, "accept": _FLAG},
            {"about": _ABOUT, "anew": _FLAG, **_BY},
        ),
    )
}
"""The class of each fact and the shape of its line, by the name of the fact."""


def shaped_fact(body: Json, source: str, line: int | None) -> Fact:
    """The fact that an object tells.  ``InvalidInput`` names the property at fault and the reason."""
    name = body.get("fact")
    if not isinstance(name, str) or name not in SHAPES:
        reason = "is missing" if "fact" not in body else f"must be one of {', '.join(SHAPES)}"
        raise InvalidInput("fact", reason)
    kind, shape = SHAPES[name]
    said = shape.read(body)
    at = said.pop("at")
    del said["fact"]
    if kind is MessageFact:
        assert isinstance(at, datetime)
        return MessageFact(source, line, at, _inbound(said))
    return cast(Fact, made(kind, "", {"source": source, "line": line, "at": at, **said}))


def _inbound(said: Mapping[str, object]) -> Inbound:
    try:
        given = {_INBOUND_NAMES.get(name, name): value for name, value in said.items()}
        return Inbound(**given)  # type: ignore[arg-type]  # it checks what it is given
    except InvalidInput as error:
        name, bracket, place = error.field.rpartition(".")[2].partition("[")
        raise InvalidInput(_LINE_NAMES.get(name, name) + bracket + place, error.reason) from None


def fact_schema() -> dict[str, object]:
    """The schema (draft 2020-12) of one line of JSON.

    A line that it refuses is rejected.  A reader also rejects what a schema cannot say: a property that stands twice,
    half a surrogate pair, an instant that no calendar has, and a whole number written with a fraction.
    """
    facts = {name: shape.schema(_words_of(kind)) for name, (kind, shape) in SHAPES.items()}
    abouts = {mark: shape.schema(_words_of(kind)) for mark, (kind, shape) in _ABOUTS.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ticketcore fact",
        "description": "One line of a feed of facts; its property `fact` says which. Lines stand in the order of time.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in facts],
        "$defs": {**facts, **abouts},
    }


def _words_of(kind: object) -> str:
    return cleandoc(kind.__doc__ or "").replace("``", "`")
