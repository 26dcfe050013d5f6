"""Skills and how well somebody has them.  What cannot be used is ``InvalidInput``, naming the field."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import attrs

from ticketcore.checks import as_tuple, each, is_name, whole
from ticketcore.errors import InvalidInput

MAX_LEVEL = 10
"""The highest level of any skill."""


@attrs.frozen(weakref_slot=False)
class SkillLevel:
    """A ``skill``, by its id, and a ``level`` of 1 to ``MAX_LEVEL``: how well an agent has it, or must at least."""

    skill: str = attrs.field(validator=is_name)
    level: int = attrs.field(default=1, validator=whole(1, MAX_LEVEL))


def as_skill_levels(value: Mapping[str, int] | Iterable[str | SkillLevel]) -> tuple[SkillLevel, ...]:
    """An attrs converter: skills in any convenient form, as a tuple sorted by skill.

    A list of names means level 1 of each; a mapping gives a level by name; a list of ``SkillLevel`` stands as
    it is.  What is none of these passes, for ``skill_levels`` to refuse.
    """
    if isinstance(value, Mapping):
        return tuple(SkillLevel(skill, value[skill]) for skill in sorted(value))
    items = as_tuple(value)
    levels = [SkillLevel(item) if isinstance(item, str) else item for item in items]
    if not isinstance(items, tuple) or not all(isinstance(item, SkillLevel) for item in levels):
        return items
    return tuple(sorted(levels, key=lambda item: item.skill))


def skill_levels(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: a tuple of ``SkillLevel`` in which no skill comes twice."""
    each(SkillLevel)(owner, attribute, value)
    assert isinstance(value, tuple)
    for one, following in pairwise(value):
        if one.skill == following.skill:
            raise InvalidInput(f"{type(owner).__name__}.{attribute.name}", f"names the skill {one.skill!r} twice")
