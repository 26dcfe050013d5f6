"""Values are immutable; this makes the next one from the last."""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

import attrs

_V = TypeVar("_V", bound=attrs.AttrsInstance)


def replaced(value: _V, /, **changes: Any) -> _V:
    """The value with some fields changed: a cheaper ``attrs.evolve``, for the folds that run at every event.

    Every field must be an argument of the class, in the order of its declaration, as in a plain frozen class.

    >>> from ticketcore.model import SkillLevel
    >>> replaced(SkillLevel("gold", 1), level=3)
    SkillLevel(skill='gold', level=3)
    """
    fields, places = _shape(type(value))
    values = list(fields(value))
    for name, changed in changes.items():
        values[places[name]] = changed
    return type(value)(*values)


@cache
def _shape(kind: type[attrs.AttrsInstance]) -> tuple[Callable[[Any], tuple[Any, ...]], dict[str, int]]:
    names = [field.name for field in attrs.fields(kind)]
    return attrgetter(*names), {name: place for place, name in enumerate(names)}
