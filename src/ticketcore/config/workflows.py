"""Workflows in a desk.toml: the tables of their states and moves, as they are read.

A row of ``moves`` is a state, and each of its keys a move, which says where that leads: to a state, to one under guards
and rights, or to several, the first of which is meant where nobody says another.  A workflow that is ``based_on``
another has its states, moves and rules, with what the file says of each in their place.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import attrs

from ticketcore.checks import check_name, meant
from ticketcore.config.notation import Path
from ticketcore.config.tables import Fault, Reader, by_name, flag, made, one_of, table, text, texts, under
from ticketcore.model import REQUEST, Category, Move, State, Transition, Workflow
from ticketcore.model.workflow import NATIVE_RULES, UNDECLARED, Labels, faults

_PART = re.compile(r"(states|transitions|rules)(?:\[(\d+)\](?:\.(\w+))?)?")

Cell = tuple[str, Move]
"""A place in the table: the state before, and the move."""


def labels(value: object, path: Path) -> str | Labels:
    """Reads labels: a text, which is the English one, or a table of them by locale."""

    def label(locale: str, words: object, at: Path) -> tuple[str, str]:
        made(lambda: check_name(text(words, at), ""), lambda _: at)
        return locale, text(words, at)

    if not isinstance(value, str | dict):
        raise Fault(path, "must be a text, or a table of texts by locale")
    return value if isinstance(value, str) else by_name(label)(value, path)


def _cell(cell: Cell, value: object, path: Path) -> tuple[Transition, ...]:
    if isinstance(value, list):
        return tuple(_way(cell, item, (*path, i)) for i, item in enumerate(value))
    return (_way(cell, value, path),)


def _way(cell: Cell, value: object, path: Path) -> Transition:
    if isinstance(value, str):
        return made(lambda: Transition(*cell, value), lambda _: path)
    if not isinstance(value, dict):
        raise Fault(path, "must be a state, a table with the key 'to', or a list of these")
    given = table(WAY)(value, path)
    if "to" not in given:
        raise Fault((*path, "to"), "is missing")
    return made(lambda: Transition(*cell, given.pop("to"), **given), under(path, {"target": ("to",)}))


def _row(source: str, value: object, path: Path) -> tuple[tuple[Cell, tuple[Transition, ...]], ...]:
    readers = {move: partial(_cell, (source, Move(move))) for move in MOVES}
    return tuple(((source, Move(move)), ways) for move, ways in table(readers)(value, path).items())


MOVES: tuple[str, ...] = tuple(move.value for move in Move if move not in (Move.OPEN, *UNDECLARED))
"""The keys that a row of moves may have."""

WAY: Mapping[str, Reader] = {"to": text, "guards": texts, "rights": texts}
"""The keys of a way that is more than a state."""

STATE: Mapping[str, Reader] = {
    "category": one_of({category.value: category for category in Category}),
    "labels": labels,
    "customer_labels": labels,
    "default": flag,
}
"""The keys of a state."""

WORKFLOW: Mapping[str, Reader] = {
    "name": text,
    "based_on": text,
    "without": texts,
    "opens": text,
    "rules": texts,
    "replaces": by_name(lambda source, target, path: (source, text(target, path))),
    "states": by_name(lambda state, value, path: (state, table(STATE)(value, path))),
    "moves": by_name(_row),
}
"""The keys of a workflow."""


class Read(NamedTuple):
    """What a table says of workflows: the ``workflows`` that are sound, by id, and all ``faults`` of the others."""

    workflows: Mapping[str, Workflow]
    faults: tuple[Fault, ...]


def read_workflows(value: object, path: Path) -> tuple[Workflow, ...]:
    """The workflows of a table.  ``Fault`` for the first thing that is wrong with one."""
    read = read_every_workflow(value, path)
    if read.faults:
        raise read.faults[0]
    return tuple(read.workflows.values())


def read_every_workflow(value: object, path: Path) -> Read:
    """The workflows of a table that are sound, and what is wrong with the others.  ``Fault`` for what is no table."""
    known, sound = {REQUEST.id: REQUEST}, {}
    found: list[Fault] = []
    for id, item in by_name(lambda name, item, _: (name, item))(value, path):
        before = known.copy()
        known.pop(id, None)
        try:
            parts = _parts(item, (*path, id), before)
            wrong = parts.faults((*path, id))
            if not wrong:
                known[id] = sound[id] = made(partial(parts.workflow, id), under((*path, id), {"id": ()}))
        except Fault as fault:
            wrong = [fault]
        found += wrong
    return Read(sound, tuple(found))


@attrs.frozen
class _Parts:
    """What a workflow is made of."""

    name: str
    states: Sequence[State]
    ways: Sequence[Transition]
    rules: Sequence[str]
    replaces: Sequence[tuple[str, str]]

    def workflow(self, id: str) -> Workflow:
        return Workflow(id, self.states, self.ways, self.rules, self.name, self.replaces)

    def faults(self, path: Path) -> Sequence[Fault]:
        """Whatever is wrong with it, each where it stands in the file."""
        wrong = faults(self.states, self.ways, self.rules)
        return [Fault(place_in_workflow(fault.field, self.states, self.ways, path), fault.reason) for fault in wrong]


def _parts(value: object, path: Path, known: Mapping[str, Workflow]) -> _Parts:
    given = table(WORKFLOW)(value, path)
    base = _based_on(given.get("based_on"), (*path, "based_on"), known)
    states, cells = _left(base, given.get("without", ()), (*path, "without"))
    for id, said in given.get("states", ()):
        states[id] = _state(states.get(id), id, said, (*path, "states", id))
    for row in given.get("moves", ()):
        cells |= row
    opens = given.get("opens", None if base is None else base.opening.id)
    if opens is None:
        raise Fault((*path, "opens"), "is missing")
    opening = made(lambda: Transition(None, Move.OPEN, opens), lambda _: (*path, "opens"))
    ways = [opening, *(way for cell in cells.values() for way in cell)]
    rules = given.get("rules", NATIVE_RULES if base is None else base.rules)
    return _Parts(given.get("name", ""), list(states.values()), ways, rules, given.get("replaces", ()))


def _based_on(id: str | None, path: Path, known: Mapping[str, Workflow]) -> Workflow | None:
    if id is not None and id not in known:
        raise Fault(path, f"no sound workflow {id!r} stands above{meant(id, known)}")
    return None if id is None else known[id]


def _left(
    base: Workflow | None, without: Sequence[str], path: Path
) -> tuple[dict[str, State], dict[Cell, tuple[Transition, ...]]]:
    """What there is of a workflow without some of its states, and the ways from and to them."""
    states = {} if base is None else {state.id: state for state in base.states}
    for i, id in enumerate(without):
        if id not in states:
            raise Fault((*path, i), f"no state {id!r} is there{meant(id, states)}")
        del states[id]
    cells: dict[Cell, tuple[Transition, ...]] = {}
    for way in () if base is None else base.transitions:
        if way.source in states and way.target in states:
            cells[way.source, way.move] = (*cells.get((way.source, way.move), ()), way)
    return states, cells


def _state(before: State | None, id: str, said: Mapping[str, Any], path: Path) -> State:
    if before is None and "category" not in said:
        raise Fault((*path, "category"), "is missing")
    given = {"is_default" if name == "default" else name: value for name, value in said.items()}
    make = partial(State, id) if before is None else partial(attrs.evolve, before)
    return made(lambda: make(**given), under(path, {"id": ()}))


def place_in_workflow(field: str, states: Sequence[State], ways: Sequence[Transition], path: Path) -> Path:
    """Where a field at fault stands in the file, of a workflow of these parts that stands at ``path``."""
    found = _PART.fullmatch(field)
    assert found is not None, field
    section, place, name = found.groups()
    if place is None:
        return (*path, section)
    i = int(place)
    if section == "rules":
        return (*path, section, i)
    if section == "states":
        return (*path, section, states[i].id, *([name] if name == "labels" else []))
    way = ways[i]
    if way.source is None:
        return (*path, "opens")
    if name == "source":
        return (*path, "moves", way.source)
    same = [j for j, other in enumerate(ways) if (other.source, other.move) == (way.source, way.move)]
    at = (*path, "moves", way.source, way.move.value, *([same.index(i)] if len(same) > 1 else []))
    return (*at, name) if name == "guards" else at
