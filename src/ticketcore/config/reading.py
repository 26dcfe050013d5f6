"""Reading a desk.toml: the text, what its tables say, and what a fault is called in it."""

import re
import tomllib
from collections.abc import Collection, Mapping
from typing import Any

from ticketcore.config.escalations import place_in_escalations
from ticketcore.config.lines import key_lines
from ticketcore.config.notation import Path, written
from ticketcore.config.reopening import PLACES
from ticketcore.config.rules import place_in_rules
from ticketcore.config.sections import FILE
from ticketcore.config.service import place_in_policies
from ticketcore.config.tables import Fault, made, table, under
from ticketcore.config.values import DeskFile
from ticketcore.config.workflows import Read, place_in_workflow, read_every_workflow
from ticketcore.errors import InvalidInput
from ticketcore.feeds import FeedSettings
from ticketcore.lifecycle import undefined
from ticketcore.model import REQUEST, Configuration

SYNTAX = "TOML"
"""The field that is named when the text is none of TOML."""

_SYNTAX_ERROR = re.compile(r"(.*) \((?:at line (\d+), column (\d+)|at end of document)\)", re.DOTALL)
_PART = re.compile(r"Configuration\.(\w+)\[(\d+)\]\.(\w+)(?:\[(\d+)\](?:\.(\w+))?)?")
_DECLARED = (
    *("channels", "skills", "teams", "queues", "capacity_profiles", "shifts", "agents", "types", "workflows", "rules"),
    *("calendars", "metrics", "reopening", "limits", "escalations", "affinities"),
)


def read_desk(text: str) -> DeskFile:
    """The desk that the text of a desk.toml describes.

    ``InvalidInput`` for what cannot be used, and nothing else, whatever the text.  Its ``field`` is the key as the file
    writes it (``agents.ana.capacity``; in ``rules[2].then.skills.gold`` the first rule is 0), its ``line`` where that
    stands.  Of a key that is missing it is the line of the table that it belongs to, None if that is missing too.
    """
    file, toml = parsed(text)
    try:
        return _desk(file)
    except Fault as fault:
        raise told(toml, fault) from None


def workflow_faults(text: str) -> tuple[InvalidInput, ...]:
    """Everything that is wrong with the workflows of a desk.toml; where nothing is, the first other fault of the file.

    Each as ``read_desk`` would raise it.  None for a file that ``read_desk`` reads.
    """
    try:
        file, toml = parsed(text)
        found = tuple(told(toml, fault) for fault in _workflows(file).faults)
        if not found:
            read_desk(text)
    except InvalidInput as error:
        return (error,)
    return found


def undefined_guards(text: str, defined: Collection[str] = ()) -> tuple[InvalidInput, ...]:
    """The rules and guards of the workflows of a desk.toml that are neither native nor among those ``defined``.

    Of a workflow that has faults nothing is said.  ``InvalidInput`` for what is not TOML.
    """
    file, toml = parsed(text)
    found = []
    for id, workflow in _workflows(file).workflows.items():
        for fault in undefined(workflow, defined):
            path = place_in_workflow(fault.field, workflow.states, workflow.transitions, ("workflows", id))
            found.append(told(toml, Fault(path, fault.reason)))
    return tuple(found)


def _workflows(file: Mapping[str, object]) -> Read:
    try:
        return read_every_workflow(file.get("workflows", {}), ("workflows",))
    except Fault as fault:
        return Read({}, (fault,))


def told(toml: str, fault: Fault) -> InvalidInput:
    """The fault with the key as the text writes it, and the line of it."""
    return InvalidInput(written(fault.path), fault.reason, _line(toml, fault.path))


def parsed(text: str) -> tuple[Mapping[str, object], str]:
    """What the text says, and the text as TOML has it.  ``InvalidInput`` for what is no TOML."""
    toml = text.removeprefix("\ufeff")  # Some editors begin a file with it.
    try:
        return tomllib.loads(toml), toml
    except RecursionError:
        raise InvalidInput(SYNTAX, "is nested too deeply") from None
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
    if "sla" in given:
        declared["policies"] = given["sla"]
    _know_the_usual(declared)
    configuration = made(lambda: Configuration(**declared, **desk), lambda field: _place(field, declared))
    said |= {**given.get("mail", {}), **given.get("whatsapp", {})}
    places = {
        "addresses": ("mail", "addresses"),
        "verifiers": ("mail", "verifiers"),
        "account": ("desk", "account"),
        "own_name": ("whatsapp", "own_name"),
    }
    feeds = made(lambda: FeedSettings(**said), under((), places))
    return made(lambda: DeskFile(tenant, configuration, feeds, given.get("keys")), under(("desk",), {}))


def _know_the_usual(declared: dict[str, Any]) -> None:
    """A type may follow the usual workflow where others are declared."""
    workflows = declared.get("workflows", (REQUEST,))
    followed = {type.workflow for type in declared.get("types", Configuration().types)}
    if REQUEST.id in followed and REQUEST.id not in {workflow.id for workflow in workflows}:
        declared["workflows"] = (*workflows, REQUEST)


def _place(field: str, declared: Mapping[str, Any]) -> Path:
    """Where a field that a Configuration finds at fault stands in the file."""
    in_policies = place_in_policies(field, declared.get("policies", ()))
    in_rules = place_in_rules(field, declared.get("rules", ()))
    in_plans = place_in_escalations(field, declared.get("escalations", ()))
    if placed := in_policies or in_rules or in_plans:
        return placed
    found = _PART.fullmatch(field)
    if found is None:
        key = field.removeprefix("Configuration.")
        return (key,) if key in _DECLARED else ("desk", key)
    section, i, name, j, part = found.groups()
    things = declared.get(section) or getattr(Configuration(), section)
    thing = things[int(i)]
    if section == "reopening":
        path = (section, int(i), *PLACES.get(name, (name,)))
    else:
        path = (section, thing.id, name)
    if j is None:
        return path
    if section == "workflows":
        return (*path, thing.states[int(j)].id, part)
    if name == "attributes" and section == "agents":
        return (*path, thing.attributes[int(j)].name)
    if section == "capacity_profiles":
        return (*path, thing.queue_limits[int(j)].of)
    return (*path, thing.skills[int(j)].skill if name == "skills" else int(j))
