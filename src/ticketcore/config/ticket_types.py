"""Types of tickets and their attributes in a desk.toml: as they are read, and as tables."""

import re
from collections.abc import Mapping
from enum import Enum
from functools import partial

from ticketcore.config.notation import Path, Plain
from ticketcore.config.tables import Reader, by_name, listed, made, one_of, table, text, texts, under
from ticketcore.config.workflow_tables import Table, labels_of
from ticketcore.config.workflows import labels
from ticketcore.model import Attribute, AttributeKind, Stage, TicketKind, TicketType, Visibility

_PART = re.compile(r"TicketType\.attributes\[(\d+)\](?:\.(\w+))?")


def _words(kind: type[Enum]) -> Mapping[str, Enum]:
    return {str(member.value): member for member in kind}


def _condition(name: str, value: object, path: Path) -> tuple[tuple[str, str], ...]:
    items = value if isinstance(value, list) else [value]
    return tuple((name, _wanted(item, (*path, i) if isinstance(value, list) else path)) for i, item in enumerate(items))


def _wanted(value: object, path: Path) -> str:
    """A value that is asked for: a text, or as TOML has numbers and truth."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else text(value, path)


def _when(value: object, path: Path) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pairs in by_name(_condition)(value, path) for pair in pairs)


ATTRIBUTE: Mapping[str, Reader] = {
    "kind": one_of(_words(AttributeKind)),
    "labels": labels,
    "customer_labels": labels,
    "visibility": one_of(_words(Visibility)),
    "options": texts,
    "required": listed(one_of(_words(Stage)), "stages"),
    "customer_required": listed(one_of(_words(Stage)), "stages"),
    "when": _when,
}
"""The keys of an attribute."""


def _attribute(id: str, value: object, path: Path) -> Attribute:
    given = table(ATTRIBUTE)(value, path)
    return made(lambda: Attribute(id, **given), under(path, {"id": ()}))


TYPE: Mapping[str, Reader] = {
    "name": text,
    "workflow": text,
    "kind": one_of(_words(TicketKind)),
    "attributes": by_name(_attribute),
}
"""The keys of a type."""


def _type(id: str, value: object, path: Path) -> TicketType:
    given = table(TYPE)(value, path)
    return made(lambda: TicketType(id, **given), partial(_place, path, given.get("attributes", ())))


def _place(path: Path, attributes: tuple[Attribute, ...], field: str) -> Path:
    """Where a field that a TicketType finds at fault stands in the file."""
    found = _PART.match(field)
    if found is None:
        return under(path, {"id": ()})(field)
    return (*path, "attributes", attributes[int(found[1])].id, *([found[2]] if found[2] else []))


read_types = by_name(_type)
"""Reads the types of a file.  ``Fault`` for the first thing that is wrong with one."""


def type_table(type: TicketType) -> Table:
    """A type, without its id, with every key."""
    attributes: Table = {attribute.id: attribute_table(attribute) for attribute in type.attributes}
    return {"name": type.name, "workflow": type.workflow, "kind": type.kind.value, "attributes": attributes}


def attribute_table(attribute: Attribute) -> Table:
    """An attribute, without its id, with every key."""
    when: dict[str, list[Plain]] = {}
    for name, value in attribute.when:
        when.setdefault(name, []).append(value)
    return {
        "kind": attribute.kind.value,
        "labels": labels_of(attribute.labels),
        "customer_labels": labels_of(attribute.customer_labels),
        "visibility": attribute.visibility.value,
        "options": tuple(attribute.options),
        "required": [stage.value for stage in attribute.required],
        "customer_required": [stage.value for stage in attribute.customer_required],
        "when": {name: values[0] if len(values) == 1 else values for name, values in when.items()},
    }


def brief_type(id: str, whole: Mapping[str, Plain]) -> Table:
    """The table of a type without what is as usual; of its attributes each stands there, if only by its id."""
    usual = type_table(TicketType(id))
    found: Table = {name: value for name, value in whole.items() if name != "attributes" and value != usual[name]}
    attributes = whole["attributes"]
    assert isinstance(attributes, Mapping), "a table of tables"
    if attributes:
        found["attributes"] = {name: _brief(one) for name, one in attributes.items()}
    return found


def _brief(attribute: Plain) -> Table:
    assert isinstance(attribute, Mapping), "a table"
    return {name: value for name, value in attribute.items() if value != _USUAL[name]}


_USUAL = attribute_table(Attribute("attribute"))
