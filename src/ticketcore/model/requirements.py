"""What a ticket asks of its agent: an expression tree, as values that are compared, stored and compiled.

Leaves look at one thing of an agent (``HasSkill``, ``InTeam``, ``AgentIn``, ``Attribute``, ``Everybody``), the others
combine them (``All``, ``AnyOf``, ``Not``, ``AtLeast``).  Nothing here is ever evaluated as code.  What cannot be used
is ``InvalidInput``, naming the field.
"""

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from typing import Any

import attrs

from ticketcore.checks import (
    as_distinct,
    as_member,
    as_tuple,
    check_name,
    check_whole,
    is_name,
    is_optional_name,
    meant,
    names,
    whole,
)
from ticketcore.errors import InvalidInput
from ticketcore.model.skills import MAX_LEVEL, SkillLevel

MAX_DEPTH = 32
"""How deep expressions may stand in each other."""

Value = str | int
"""What an attribute of an agent can be."""


class Comparison(StrEnum):
    """How an attribute is compared: texts with texts, whole numbers with whole numbers.

    ``IS`` and ``IS_NOT`` suit both; ``BELOW``, ``AT_MOST``, ``AT_LEAST`` and ``ABOVE`` are for numbers.  An agent
    without the attribute, or with one of the other type, meets none of them, ``IS_NOT`` neither.
    """

    IS = "is"
    IS_NOT = "is_not"
    BELOW = "below"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    ABOVE = "above"


@attrs.frozen(cache_hash=True)
class Everybody:
    """Every agent."""


@attrs.frozen(cache_hash=True)
class HasSkill:
    """The agents who have ``skill`` at ``level`` or above.  A skill that somebody lacks is no level at all."""

    skill: str = attrs.field(validator=is_name)
    level: int = attrs.field(default=1, validator=whole(1, MAX_LEVEL))


@attrs.frozen(cache_hash=True)
class InTeam:
    """The members of ``team``."""

    team: str = attrs.field(validator=is_name)


def _agents(_owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, tuple) or not value:
        raise InvalidInput("AgentIn.agents", "must name at least one agent")
    for i, agent in enumerate(value):
        check_name(agent, f"AgentIn.agents[{i}]")


def _sorted(value: Iterable[str]) -> tuple[str, ...]:
    items = as_distinct(value)
    return tuple(sorted(items)) if isinstance(items, tuple) and all(isinstance(item, str) for item in items) else items


@attrs.frozen(cache_hash=True)
class AgentIn:
    """The agents with these ids, in any order: ``agents``, at least one."""

    agents: tuple[str, ...] = attrs.field(converter=_sorted, validator=_agents)


def _comparison(value: Comparison | str) -> Comparison:
    return as_member(Comparison, value)


@attrs.frozen(cache_hash=True)
class Attribute:
    """The agents whose attribute ``name`` stands in this ``comparison`` to ``value``; orders are of whole numbers."""

    name: str = attrs.field(validator=is_name)
    comparison: Comparison = attrs.field(converter=_comparison)
    value: Value

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.comparison, Comparison):
            known = ", ".join(Comparison)
            raise InvalidInput("Attribute.comparison", f"must be one of {known}, not {self.comparison!r}")
        if isinstance(self.value, bool) or not isinstance(self.value, str | int):
            raise InvalidInput("Attribute.value", f"must be a text or a whole number, not {self.value!r}")
        if isinstance(self.value, str) and self.comparison not in (Comparison.IS, Comparison.IS_NOT):
            raise InvalidInput("Attribute.value", f"must be a whole number to be compared by {self.comparison}")

    def meets(self, value: Value | None) -> bool:
        """Whether an agent with this value, None for none, is one of them."""
        if type(value) is not type(self.value):
            return False
        if isinstance(value, str) or isinstance(self.value, str):
            return (value == self.value) is (self.comparison is Comparison.IS)
        return _NUMBERS[self.comparison](value or 0, self.value)


_NUMBERS = {
    Comparison.IS: int.__eq__,
    Comparison.IS_NOT: int.__ne__,
    Comparison.BELOW: int.__lt__,
    Comparison.AT_MOST: int.__le__,
    Comparison.AT_LEAST: int.__ge__,
    Comparison.ABOVE: int.__gt__,
}


def _parts(owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    field = f"{type(owner).__name__}.parts"
    if not isinstance(value, tuple) or not value:
        raise InvalidInput(field, "must name at least one expression")
    for i, part in enumerate(value):
        _check_expression(part, f"{field}[{i}]")


@attrs.frozen(cache_hash=True)
class All:
    """The agents who meet every one of ``parts``."""

    parts: tuple["Expression", ...] = attrs.field(converter=as_tuple, validator=_parts)


@attrs.frozen(cache_hash=True)
class AnyOf:
    """The agents who meet at least one of ``parts``."""

    parts: tuple["Expression", ...] = attrs.field(converter=as_tuple, validator=_parts)


def _part(_owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    _check_expression(value, "Not.part")


@attrs.frozen(cache_hash=True)
class Not:
    """The agents who do not meet ``part``."""

    part: "Expression" = attrs.field(validator=_part)


@attrs.frozen(cache_hash=True)
class AtLeast:
    """The agents who meet ``count`` or more of ``parts``."""

    count: int
    parts: tuple["Expression", ...] = attrs.field(converter=as_tuple, validator=_parts)

    def __attrs_post_init__(self) -> None:
        check_whole(self.count, "AtLeast.count", 1, len(self.parts))


Leaf = Everybody | HasSkill | InTeam | AgentIn | Attribute
"""What looks at an agent."""

Expression = Leaf | All | AnyOf | Not | AtLeast
"""Any of them."""

_LEAVES = (HasSkill, InTeam, AgentIn, Attribute, Everybody)
_KINDS = (*_LEAVES, All, AnyOf, Not, AtLeast)

EVERYBODY = Everybody()
"""What every agent meets."""


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """What it combines; of a leaf, nothing."""
    if isinstance(expression, (All, AnyOf, AtLeast)):
        return expression.parts
    return (expression.part,) if isinstance(expression, Not) else ()


def leaves(expression: Expression, field: str = "Requirement.must") -> Iterator[tuple[str, Leaf]]:
    """Every leaf, after the path at which it stands."""
    if isinstance(expression, _LEAVES):
        yield field, expression
    elif isinstance(expression, Not):
        yield from leaves(expression.part, f"{field}.part")
    else:
        for i, part in enumerate(expression.parts):
            yield from leaves(part, f"{field}.parts[{i}]")


def _check_expression(value: object, field: str) -> None:
    if not isinstance(value, _KINDS):
        raise InvalidInput(field, f"must be an expression, not {type(value).__name__}")


def _must(_owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    _check_expression(value, "Requirement.must")
    _check_depth(value, "Requirement.must")


def _prefer(_owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, tuple):
        raise InvalidInput("Requirement.prefer", f"must be a list, not {type(value).__name__}")
    for i, tier in enumerate(value):
        _check_expression(tier, f"Requirement.prefer[{i}]")
        _check_depth(tier, f"Requirement.prefer[{i}]")


def _check_depth(expression: Any, field: str) -> None:
    level = [expression]
    for _ in range(MAX_DEPTH):
        level = [part for item in level for part in parts_of(item)]
        if not level:
            return
    raise InvalidInput(field, f"nests deeper than {MAX_DEPTH} expressions")


@attrs.frozen(cache_hash=True)
class Requirement:
    """Whom a ticket can go to (``must``), and of these whom it goes to rather (``prefer``).

    Each of ``prefer`` is a tier: whoever meets the first comes before all who do not, among equals the second
    counts, and so on, before the policy ranks.  ``escalation`` is the plan by which it gives way with time, None for
    that of the ticket's queue, and ``reached`` are the steps of it that the ticket has reached.  By an ``affinity`` it
    is for one ``agent`` first.

    >>> Requirement(HasSkill("gold", 2), prefer=[InTeam("north")]).prefer
    (InTeam(team='north'),)
    """

    must: Expression = attrs.field(default=EVERYBODY, validator=_must)
    prefer: tuple[Expression, ...] = attrs.field(default=(), converter=as_tuple, validator=_prefer)
    escalation: str | None = attrs.field(default=None, validator=is_optional_name)
    reached: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    affinity: str | None = attrs.field(default=None, validator=is_optional_name)
    agent: str | None = attrs.field(default=None, validator=is_optional_name)

    def __attrs_post_init__(self) -> None:
        if (self.affinity is None) is not (self.agent is None):
            raise InvalidInput("Requirement.agent", "stands beside an affinity, and only there")

    def check(
        self,
        skills: Collection[str] | None = None,
        teams: Collection[str] | None = None,
        attributes: Collection[str] | None = None,
    ) -> None:
        """Refuse, with ``InvalidInput`` naming the field, unknown skills, teams and attributes; None: any do."""
        trees = [("Requirement.must", self.must)]
        trees += [(f"Requirement.prefer[{i}]", tier) for i, tier in enumerate(self.prefer)]
        for field, tree in trees:
            for path, leaf in leaves(tree, field):
                if isinstance(leaf, HasSkill) and skills is not None and leaf.skill not in skills:
                    raise InvalidInput(f"{path}.skill", _undeclared("skill", leaf.skill, skills))
                if isinstance(leaf, InTeam) and teams is not None and leaf.team not in teams:
                    raise InvalidInput(f"{path}.team", _undeclared("team", leaf.team, teams))
                if isinstance(leaf, Attribute) and attributes is not None and leaf.name not in attributes:
                    raise InvalidInput(f"{path}.attribute", _undeclared("attribute", leaf.name, attributes))


def _undeclared(kind: str, id: str, known: Collection[str]) -> str:
    return f"no {kind} {id!r} is declared{meant(id, known)}"


ANYBODY = Requirement()
"""What asks nothing of an agent."""


def requirement_of(needs: Iterable[SkillLevel]) -> Requirement:
    """The requirement of a ticket that needs these skills, all of them.

    >>> requirement_of((SkillLevel("gold", 2),)).must
    HasSkill(skill='gold', level=2)
    """
    parts = tuple(HasSkill(need.skill, need.level) for need in needs)
    if not parts:
        return ANYBODY
    return Requirement(parts[0] if len(parts) == 1 else All(parts))


def joined(one: Requirement, other: Requirement) -> Requirement:
    """What meets both; what the first prefers counts first, and the plan of the second if each names one.

    >>> joined(Requirement(HasSkill("gold")), Requirement(prefer=[InTeam("north")])).prefer
    (InTeam(team='north'),)
    """
    parts = [item.must for item in (one, other) if item.must != EVERYBODY]
    must = EVERYBODY if not parts else parts[0] if len(parts) == 1 else All(parts)
    prefer, reached = (*one.prefer, *other.prefer), (*one.reached, *other.reached)
    return Requirement(must, prefer, other.escalation or one.escalation, reached)


def canonical(expression: Expression) -> Expression:
    """The same for every order, repetition and nesting of parts that means the same, so that plans are shared.

    >>> one, other = HasSkill("gold"), InTeam("north")
    >>> canonical(All((other, All((one, other))))) == canonical(All((one, other)))
    True
    """
    if isinstance(expression, _LEAVES):
        return expression
    if isinstance(expression, Not):
        inner = canonical(expression.part)
        return inner.part if isinstance(inner, Not) else Not(inner)
    parts = [canonical(part) for part in expression.parts]
    if isinstance(expression, AtLeast):
        return AtLeast(expression.count, sorted(parts, key=_order))  # a part that comes twice counts twice
    kind = type(expression)
    flat = {sub: None for part in parts for sub in (part.parts if isinstance(part, kind) else (part,))}
    if kind is All and len(flat) > 1:
        flat.pop(EVERYBODY, None)
    return next(iter(flat)) if len(flat) == 1 else kind(sorted(flat, key=_order))


def _order(expression: Expression) -> tuple[object, ...]:
    """What parts are sorted by: their kinds, then what these say."""
    match expression:
        case HasSkill(skill, level):
            return ("HasSkill", skill, level)
        case Attribute(name, comparison, value):
            return ("Attribute", name, comparison, isinstance(value, int), value)
        case InTeam(team):
            return ("InTeam", team)
        case AgentIn(agents):
            return ("AgentIn", *agents)
        case AtLeast(count, parts):
            return ("AtLeast", count, *map(_order, parts))
    return (type(expression).__name__, *map(_order, parts_of(expression)))
