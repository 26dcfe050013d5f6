"""The routing rules of a desk.toml, a list of ``[[rules]]``, as they are read."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ticketcore.checks import check_name, check_words
from ticketcore.config.notation import Path
from ticketcore.config.tables import (
    PRIORITIES,
    Fault,
    Reader,
    by_name,
    made,
    one_of,
    span,
    table,
    text,
    texts,
    under,
    whole,
)
from ticketcore.model import Condition, QueueCondition, RoutingRule, SkillLevel
from ticketcore.model.requirement_notation import read_requirement
from ticketcore.model.requirements import Requirement

_FIELD = re.compile(r"rules\[(\d+)\]\.(when\.)?(\w+)(?:\[(\d+)\])?")
_REQUIREMENT = re.compile(r"rules\[(\d+)\]\.requirement\.(.+)")
_TOKEN = re.compile(r"(\w+)|\[(\d+)\]")
_IN_THEN = ("queue", "type", "tags", "skills", "requirement", "priority", "raised")
_PLACES: Mapping[str, Path] = {"id": ("name",), **{name: ("then", name) for name in _IN_THEN}}


def read_levels(value: object, path: Path) -> tuple[SkillLevel, ...]:
    """Skills: a list of them, for level 1 of each, or a table of levels."""
    if isinstance(value, list):
        return tuple(_level(skill, 1, (*path, i)) for i, skill in enumerate(texts(value, path)))
    return by_name(lambda skill, level, at: _level(skill, whole(level, at), at))(value, path)


def _level(skill: str, level: int, path: Path) -> SkillLevel:
    return made(lambda: SkillLevel(skill, level), lambda _: path)


def _attribute(name: str, value: object, path: Path) -> tuple[str, str]:
    def pair() -> tuple[str, str]:
        check_name(name, "")
        check_words(text(value, path), "")
        return name, text(value, path)

    return made(pair, lambda _: path)


QUEUE_WHEN: Mapping[str, Reader] = {
    **dict.fromkeys(("waiting_at_least", "waiting_below"), whole),
    **dict.fromkeys(("wait_at_least", "wait_below"), span),
    **dict.fromkeys(("on_duty_at_least", "on_duty_below"), whole),
}
"""The keys of what is demanded of a queue."""


def read_queue_when(id: str, value: object, path: Path) -> QueueCondition:
    """What is demanded of one queue.  ``Fault`` for what cannot be used."""
    given = table(QUEUE_WHEN)(value, path)
    return made(lambda: QueueCondition(id, **given), under(path, {"queue": ()}))


RULE_WHEN: Mapping[str, Reader] = {
    **dict.fromkeys(("keywords", "channels", "accounts", "organisations", "tags"), texts),
    "attributes": by_name(_attribute),
    **dict.fromkeys(("tiers", "languages"), texts),
    **dict.fromkeys(("during", "outside"), text),
    "queues": by_name(read_queue_when),
}
"""The keys of when a rule applies."""


def requirement_at(value: object, path: Path) -> Requirement:
    """A requirement in the notation of ``ticketcore.model.requirement_notation``.  ``Fault`` for what is none."""
    return made(lambda: read_requirement(value, "Requirement"), lambda field: (*path, *_tokens(field)[1:]))


def _tokens(field: str) -> Path:
    """The parts of a field as the notation names it.

    >>> _tokens("Requirement.must.all[0].skill")
    ('Requirement', 'must', 'all', 0, 'skill')
    """
    return tuple(int(place) if place else name for name, place in _TOKEN.findall(field))


RULE_THEN: Mapping[str, Reader] = {
    "queue": text,
    "type": text,
    "tags": texts,
    "skills": read_levels,
    "requirement": requirement_at,
    "priority": one_of(PRIORITIES),
    "raised": whole,
}
"""The keys of what a rule does."""

RULE: Mapping[str, Reader] = {"name": text, "team": text, "when": table(RULE_WHEN), "then": table(RULE_THEN)}
"""The keys of a rule."""


def read_rule(value: object, path: Path) -> RoutingRule:
    """One rule.  ``Fault`` for what cannot be used."""
    given = table(RULE)(value, path)
    if "name" not in given:
        raise Fault((*path, "name"), "is missing")
    when = made(lambda: Condition(**given.pop("when", {})), under((*path, "when"), {}))
    then = given.pop("then", {})
    return made(lambda: RoutingRule(given.pop("name"), when, **given, **then), under(path, _PLACES))


def place_in_rules(field: str, rules: Sequence[RoutingRule]) -> Path | None:
    """Where the file has a field of the rules that a Configuration finds at fault; None for any other field."""
    required = _REQUIREMENT.fullmatch(field.removeprefix("Configuration."))
    if required is not None:
        i, rest = required.groups()
        said = json.loads(rules[int(i)].requirement or "{}")
        return ("rules", int(i), "then", "requirement", *_in_notation(said, _tokens(rest)))
    found = _FIELD.fullmatch(field.removeprefix("Configuration."))
    if found is None:
        return None
    i, when, name, j = found.groups()
    rule = rules[int(i)]
    path: Path = ("rules", int(i), *(("when", name) if when else _PLACES.get(name, (name,))))
    if j is None:
        return path
    if name == "skills":
        return (*path, rule.skills[int(j)].skill)
    return (*path, rule.when.queues[int(j)].queue if name == "queues" else int(j))


def _in_notation(said: Any, tokens: Path) -> Iterator[str | int]:
    """The way to a part of a requirement as its notation has it, from the names that the parts have as values."""
    for token in tokens:
        if token == "parts":
            token = next(form for form in ("all", "any", "of") if form in said)
        elif token == "part":
            token = "not"
        yield token
        if token not in ("skill", "team", "attribute"):
            said = said[token]
