"""Reading a desk.toml: the text, what its tables say, and what a fault is called in it."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from ticketcore.config.lines import key_lines
from ticketcore.config.notation import Path, written
from ticketcore.config.sections import FILE, PLACES_OF_A_RULE
from ticketcore.config.tables import Fault, made, table, under
from ticketcore.config.values import DeskFile
from ticketcore.errors import InvalidInput
from ticketcore.feeds import FeedSettings
from ticketcore.model import Configuration

SYNTAX = "TOML"
"""The field that is named when the text is none of TOML."""

_SYNTAX_ERROR = re.compile(r"(.*) \((?:at line (\d+), column (\d+)|at end of document)\)", re.DOTALL)
_PART = re.compile(r"Configuration\.(\w+)\[(\d+)\]\.(\w+)(?:\[(\d+)\])?")
_DECLARED = ("channels", "skills", "teams", "queues", "agents", "rules")


def read_desk(text: str) -> DeskFile:
    """The desk that the text of a desk.toml describes.

    ``InvalidInput`` for what cannot be used, and nothing else, whatever the text.  Its ``field`` is the key as the file
    writes it (``agents.ana.capacity``; in ``rules[2].then.skills.gold`` the first rule is 0), its ``line`` where that
    stands.  Of a key that is missing it is the line of the table that it belongs to, None if that is missing too.
    """
    toml = text.removeprefix("\ufeff")  # Some editors begin a file with it.
    try:
        file = _parsed(toml)
        try:
            return _desk(file)
        except Fault as fault:
            raise InvalidInput(written(fault.path), fault.reason, _line(toml, fault.path)) from None
    except RecursionError:
        raise InvalidInput(SYNTAX, "is nested too deeply") from None


def _parsed(toml: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(toml)
    except ValueError as error:
        found = _SYNTAX_ERROR.fullmatch(str(error))
        if found is None:  # Python's own limit for the digits of a number; it does not say where.
            raise InvalidInput(SYNTAX, "holds a whole number of too many digits") from None
        reason, line, column = found.groups(str(toml.count("\n") + 1))
        at = "the end" if found[3] is None else f"column {column}"
        raise InvalidInput(SYNTAX, f"{reason[:1].lower()}{reason[1:]} at {at}", int(line)) from None


def _line(toml: str, path: Path) -> int | None:
    lines = key_lines(toml)
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def _desk(file: Mapping[str, object]) -> DeskFile:
    given = table(FILE)(file, ())
    desk = dict(given.get("desk", {}))
    if "tenant" not in desk:
        raise Fault(("desk", "tenant"), "is missing")
    tenant = desk.pop("tenant")
    said = {name: desk.pop(name) for name in ("account",) if name in desk}
    declared = {name: given[name] for name in _DECLARED if name in given}
    configuration = made(lambda: Configuration(**declared, **desk), lambda field: _place(field, declared))
    said |= {**given.get("mail", {}), **given.get("whatsapp", {})}
    places = {"addresses": ("mail", "addresses"), "account": ("desk", "account"), "own_name": ("whatsapp", "own_name")}
    feeds = made(lambda: FeedSettings(**said), under((), places))
    return made(lambda: DeskFile(tenant, configuration, feeds), under(("desk",), {}))


def _place(field: str, declared: Mapping[str, Any]) -> Path:
    """Where a field that a Configuration finds at fault stands in the file."""
    found = _PART.fullmatch(field)
    if found is None:
        return ("desk", field.removeprefix("Configuration."))
    section, i, name, j = found.groups()
    things = declared.get(section) or getattr(Configuration(), section)
    thing = things[int(i)]
    if section == "rules":
        path = (section, int(i), *PLACES_OF_A_RULE[name])
    else:
        path = (section, thing.id, name)
    if j is None:
        return path
    return (*path, thing.skills[int(j)].skill if name == "skills" else int(j))
