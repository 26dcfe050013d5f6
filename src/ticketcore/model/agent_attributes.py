"""Attributes of agents: what requirements compare, such as a floor or a district.

What cannot be used is ``InvalidInput``, naming the field.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import attrs

from ticketcore.checks import as_tuple, check_whole, check_words, each, is_name
from ticketcore.errors import InvalidInput

GREATEST = 2**53 - 1
"""The greatest number, and with a minus the least, that every reader of JSON gives back as it was."""


def _is_value(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    field = f"AgentAttribute.{attribute.name}"
    if isinstance(value, str):
        check_words(value, field)
    elif isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(field, f"must be a text or a whole number, not {type(value).__name__}")
    else:
        check_whole(value, field, -GREATEST, GREATEST)


@attrs.frozen(weakref_slot=False)
class AgentAttribute:
    """That an attribute of an agent, by its ``name``, has the ``value``: a text or a whole number."""

    name: str = attrs.field(validator=is_name)
    value: str | int = attrs.field(validator=_is_value)


def as_agent_attributes(
    value: Mapping[str, str | int] | Iterable[AgentAttribute],
) -> tuple[AgentAttribute, ...]:
    """An attrs converter: values by name, or each with its name, as a tuple sorted by name.

    What is neither passes, for ``agent_attributes`` to refuse.
    """
    items = as_tuple(value)
    if isinstance(value, Mapping):
        items = tuple(AgentAttribute(name, item) for name, item in value.items())
    if not isinstance(items, tuple) or not all(isinstance(item, AgentAttribute) for item in items):
        return items
    return tuple(sorted(items, key=lambda item: item.name))


def agent_attributes(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: a tuple of ``AgentAttribute`` in which no name comes twice."""
    each(AgentAttribute)(owner, attribute, value)
    assert isinstance(value, tuple)
    for one, following in pairwise(value):
        if one.name == following.name:
            raise InvalidInput(f"{type(owner).__name__}.{attribute.name}", f"names {one.name!r} twice")
