"""Requirements as plain data, as they stand in JSON or TOML, and back.

A leaf is a mapping that names what it looks at: ``{"skill": "gold", "level": 2}``, ``{"team": "north"}``,
``{"agents": ["ana"]}``, ``{"attribute": "floor", "at_least": 2}``, ``{"everybody": true}``.  Combinations are
``{"all": [...]}``, ``{"any": [...]}``, ``{"not": ...}`` and ``{"at_least": 2, "of": [...]}``.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ticketcore.errors import InvalidInput
from ticketcore.model.requirements import (
    EVERYBODY,
    MAX_DEPTH,
    AgentIn,
    All,
    AnyOf,
    AtLeast,
    Attribute,
    Comparison,
    Everybody,
    Expression,
    HasSkill,
    InTeam,
    Not,
    Requirement,
)

Plain = Mapping[str, Any]
"""A mapping of plain data."""

_CALLED = {"count": "at_least", "name": "attribute"}
"""Fields of expressions that have another name here."""

_OF_TIME = ("escalation", "reached", "affinity", "agent")
"""What of a requirement counts for some time only."""

_FORMS = ("everybody", "skill", "team", "agents", "attribute", "all", "any", "not", "of")


def read_requirement(data: object, field: str = "requirement") -> Requirement:
    """The requirement that ``data`` says: an expression under ``must``, tiers under ``prefer``, both optional.

    A plan may stand under ``escalation``, and the steps of it that were reached under ``reached``; an ``affinity``
    beside its ``agent``.  ``InvalidInput`` names the place below ``field`` that cannot be used.

    >>> read_requirement({"must": {"all": [{"skill": "gold", "level": 2}, {"team": "north"}]}}).must
    All(parts=(HasSkill(skill='gold', level=2), InTeam(team='north')))
    """
    mapping = _mapping(data, field)
    _only(mapping, ("must", "prefer", *_OF_TIME), field)
    must = read_expression(mapping["must"], f"{field}.must") if "must" in mapping else EVERYBODY
    tiers = _list(mapping.get("prefer", []), f"{field}.prefer")
    prefer = [read_expression(tier, f"{field}.prefer[{i}]") for i, tier in enumerate(tiers)]
    try:
        return Requirement(must, prefer, **{name: mapping[name] for name in _OF_TIME if name in mapping})
    except InvalidInput as error:
        raise InvalidInput(f"{field}.{error.field.partition('.')[2]}", error.reason) from None


def read_expression(data: object, field: str = "expression", depth: int = MAX_DEPTH) -> Expression:
    """The expression that ``data`` says; ``InvalidInput`` names the place below ``field`` that cannot be used."""
    mapping = _mapping(data, field)
    forms = [form for form in _FORMS if form in mapping]
    if len(forms) != 1:
        raise InvalidInput(field, f"must have one of {', '.join(_FORMS)}")
    if depth == 0:
        raise InvalidInput(field, f"nests deeper than {MAX_DEPTH} expressions")
    [form] = forms
    try:
        return _read(form, mapping, field, depth - 1)
    except InvalidInput as error:
        if error.field.startswith(field):
            raise
        name = error.field.partition(".")[2]
        raise InvalidInput(f"{field}.{_CALLED.get(name, name)}", error.reason) from None


def _read(form: str, mapping: Plain, field: str, depth: int) -> Expression:
    value = mapping[form]
    match form:
        case "everybody":
            _only(mapping, (form,), field)
            if value is not True:
                raise InvalidInput(f"{field}.everybody", "must be true")
            return EVERYBODY
        case "skill":
            _only(mapping, (form, "level"), field)
            return HasSkill(value, mapping.get("level", 1))
        case "team":
            _only(mapping, (form,), field)
            return InTeam(value)
        case "agents":
            _only(mapping, (form,), field)
            return AgentIn(_list(value, f"{field}.agents"))
        case "attribute":
            return _attribute(mapping, field)
        case "not":
            _only(mapping, (form,), field)
            return Not(read_expression(value, f"{field}.not", depth))
    _only(mapping, (form, "at_least") if form == "of" else (form,), field)
    parts = [
        read_expression(part, f"{field}.{form}[{i}]", depth) for i, part in enumerate(_list(value, f"{field}.{form}"))
    ]
    if not parts:
        raise InvalidInput(f"{field}.{form}", "must name at least one expression")
    if form == "of":
        return AtLeast(mapping.get("at_least", 1), parts)
    return All(parts) if form == "all" else AnyOf(parts)


def _attribute(mapping: Plain, field: str) -> Attribute:
    ways = [way for way in Comparison if way in mapping]
    _only(mapping, ("attribute", *Comparison), field)
    if len(ways) != 1:
        raise InvalidInput(field, f"must have one of {', '.join(Comparison)}")
    return Attribute(mapping["attribute"], ways[0], mapping[ways[0]])


def plain(value: Requirement | Expression) -> Plain:
    """The data that ``read_requirement`` or ``read_expression`` reads as this value.

    >>> plain(Requirement(HasSkill("gold")))
    {'must': {'skill': 'gold', 'level': 1}}
    """
    match value:
        case Requirement(must, prefer, escalation, reached, affinity, agent):
            said = {"prefer": [plain(tier) for tier in prefer], "escalation": escalation, "reached": list(reached)}
            said |= {"affinity": affinity, "agent": agent}
            return {"must": plain(must), **{name: item for name, item in said.items() if item}}
        case Everybody():
            return {"everybody": True}
        case HasSkill(skill, level):
            return {"skill": skill, "level": level}
        case InTeam(team):
            return {"team": team}
        case AgentIn(agents):
            return {"agents": list(agents)}
        case Attribute(name, comparison, against):
            return {"attribute": name, str(comparison): against}
        case All(parts):
            return {"all": [plain(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [plain(part) for part in parts]}
        case Not(part):
            return {"not": plain(part)}
        case AtLeast(count, parts):
            return {"at_least": count, "of": [plain(part) for part in parts]}


def text_of(value: object, field: str = "requirement") -> str:
    """A requirement, as a value, as plain data or as such a text, as one line of JSON: equal ones give equal texts.

    That is how it is stored.  ``InvalidInput`` names the place below ``field`` that cannot be used.

    >>> text_of({"must": {"skill": "gold"}})
    '{"must":{"skill":"gold","level":1}}'
    """
    if isinstance(value, str):
        return _to_text(plain(_read_text(value, field)))
    return _to_text(plain(value if isinstance(value, Requirement) else read_requirement(value, field)))


@lru_cache(maxsize=4096)
def requirement_from(text: str) -> Requirement:
    """The requirement that a text of ``text_of`` says."""
    return _read_text(text, "requirement")


def _read_text(text: str, field: str) -> Requirement:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidInput(field, "is not JSON") from None
    return read_requirement(data, field)


_to_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _mapping(data: object, field: str) -> Plain:
    if not isinstance(data, Mapping):
        raise InvalidInput(field, f"must be a mapping, not {type(data).__name__}")
    return data


def _list(data: object, field: str) -> list[Any]:
    if not isinstance(data, list | tuple):
        raise InvalidInput(field, f"must be a list, not {type(data).__name__}")
    return list(data)


def _only(mapping: Plain, known: tuple[str, ...], field: str) -> None:
    for name in mapping:
        if name not in known:
            raise InvalidInput(f"{field}.{name}", f"is not known here; there are {', '.join(known)}")
