"""Tickets that are read share what they have in common, so that many of them fit into memory.

A hundred thousand tickets name a few dozen states, queues, agents and tags, and most fields of a new one hold the
instant at which it was opened; read naively, each ticket would have copies of its own.  Names are shared by
``sys.intern``, which forgets those that nobody holds; instants and tuples among those that came last.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import Any

import cattrs
from cattrs.gen import make_dict_structure_fn, override

from ticketcore.model import Origin, SkillLevel, Ticket

_RECENT = 4096
"""How many instants and tuples are remembered."""


@lru_cache(maxsize=_RECENT)
def instant_of(text: str) -> datetime:
    """The instant that the ISO 8601 text names; the same object for the same text, if it came a moment ago."""
    return datetime.fromisoformat(text)


def share(converter: cattrs.Converter) -> None:
    """Let the converter read tickets so."""
    names = override(struct_hook=_name)
    optional = override(struct_hook=_optional_name)
    origin = make_dict_structure_fn(
        Origin,
        converter,
        type=names,
        contact=names,
        conversation=names,
        channel=names,
        _cattrs_detailed_validation=False,
    )
    converter.register_structure_hook(Origin, origin)
    ticket = make_dict_structure_fn(
        Ticket,
        converter,
        state=names,
        queue=optional,
        assignee=optional,
        previous=optional,
        tags=override(struct_hook=_names),
        excluded=override(struct_hook=_names),
        focused=override(struct_hook=_names),
        needs=override(struct_hook=_needs),
        _cattrs_detailed_validation=False,
    )

    def read(body: Mapping[str, Any], kind: type[Ticket]) -> Ticket:
        origin = body["origin"]
        if origin["subject"] == body["id"]:
            origin["subject"] = body["id"]
        return ticket(body, kind)

    converter.register_structure_hook(Ticket, read)


def _name(text: str, _: object) -> str:
    return intern(text)


def _optional_name(text: str | None, _: object) -> str | None:
    return None if text is None else intern(text)


def _names(texts: Iterable[str], _: object) -> tuple[str, ...]:
    return _tuple(*texts)


def _needs(levels: Iterable[Mapping[str, Any]], _: object) -> tuple[SkillLevel, ...]:
    return _skills(*[(level["skill"], level.get("level", 1)) for level in levels])


@lru_cache(maxsize=_RECENT)
def _tuple(*texts: str) -> tuple[str, ...]:
    return tuple(map(intern, texts))


@lru_cache(maxsize=_RECENT)
def _skills(*levels: tuple[str, int]) -> tuple[SkillLevel, ...]:
    return tuple(SkillLevel(intern(skill), level) for skill, level in levels)
