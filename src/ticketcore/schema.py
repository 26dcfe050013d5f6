"""The published shape of events, as a JSON Schema (draft 2020-12) drawn from the classes themselves.

It describes what ``ticketcore.codec.encode_event`` writes: an object with ``event`` and ``schema``, then the fields,
of which those that have a default may be missing.  ``make docs`` writes it to
``docs/reference/events.schema.json``; a program in another language checks a history against that file.
"""

import types
import typing
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from inspect import cleandoc

import attrs
import msgspec

from ticketcore.events import EVENTS, Event

Json = str | int | None | list["Json"] | dict[str, "Json"]
"""What a schema is made of."""

_SCALARS: Mapping[object, dict[str, Json]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    types.NoneType: {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    timedelta: {"type": "string", "format": "duration"},
}


def event_schema(events: tuple[type[Event], ...] = EVENTS) -> dict[str, Json]:
    """The schema of one event of these classes.  ``TypeError`` names the class and field that it cannot describe.

    >>> list(event_schema()["$defs"]["WorkReleased"]["properties"])
    ['event', 'schema', 'at', 'actor', 'ticket']
    """
    shapes = _Shapes()
    for kind in events:
        marks: dict[str, Json] = {"event": {"const": kind.__name__}, "schema": {"const": kind.SCHEMA}}
        shapes.add(kind, marks)
    choice: list[Json] = [_reference(kind) for kind in events]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ticketcore event",
        "description": "One event of a tenant's history; its property `event` says which. Instants are in UTC.",
        "oneOf": choice,
        "$defs": dict(shapes.definitions),
    }


class _Shapes:
    """The definitions collected so far: each class and enumeration once, by its name."""

    def __init__(self) -> None:
        self.definitions: dict[str, Json] = {}
        self._named: dict[str, type] = {}

    def add(self, kind: type, marks: Mapping[str, Json]) -> None:
        """Define an attrs class: ``marks`` are properties that it has besides its fields."""
        if not self._is_new(kind):
            return
        properties = dict(marks)
        required: list[Json] = list(marks)
        shape = _described(kind, {"type": "object", "properties": properties, "required": required})
        self.definitions[kind.__name__] = {**shape, "additionalProperties": False}
        types_of_fields = typing.get_type_hints(kind)
        for field in attrs.fields(kind):
            properties[field.name] = self._field(kind, field, types_of_fields[field.name])
            if field.default is attrs.NOTHING:
                required.append(field.name)

    def _field(self, owner: type, field: "attrs.Attribute[object]", annotation: object) -> Json:
        shape = self._shape(annotation, f"{owner.__name__}.{field.name}")
        if field.default is attrs.NOTHING or isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]  # a function to mypy
            return shape
        default: Json = msgspec.to_builtins(field.default)
        return {**shape, "default": list(default) if isinstance(default, tuple) else default}

    def _shape(self, annotation: object, path: str) -> dict[str, Json]:
        if annotation in _SCALARS:
            return dict(_SCALARS[annotation])
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin in (types.UnionType, typing.Union):
            return {"anyOf": [self._shape(argument, path) for argument in arguments]}
        if origin is tuple and arguments[1:] == (...,):
            return {"type": "array", "items": self._shape(arguments[0], path)}
        if origin is tuple and arguments:
            items: list[Json] = [self._shape(argument, path) for argument in arguments]
            return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            self._enumeration(annotation)
            return _reference(annotation)
        if isinstance(annotation, type) and attrs.has(annotation):
            self.add(annotation, {})
            return _reference(annotation)
        raise TypeError(f"{path}: no JSON Schema for {annotation!r}")

    def _enumeration(self, kind: type[Enum]) -> None:
        if self._is_new(kind):
            values: list[Json] = [member.value for member in kind]
            kind_of_value = "integer" if issubclass(kind, int) else "string"
            self.definitions[kind.__name__] = _described(kind, {"type": kind_of_value, "enum": values})

    def _is_new(self, kind: type) -> bool:
        known = self._named.setdefault(kind.__name__, kind)
        if known is not kind:
            raise TypeError(f"{kind.__name__}: two classes of this name, in {known.__module__} and {kind.__module__}")
        return kind.__name__ not in self.definitions


def _described(kind: type, shape: dict[str, Json]) -> dict[str, Json]:
    return {"description": cleandoc(kind.__doc__ or "").replace("``", "`"), **shape}


def _reference(kind: type) -> dict[str, Json]:
    return {"$ref": f"#/$defs/{kind.__name__}"}
