"""Workflows as tables of TOML."""

from collections.abc import Iterable, Mapping
from typing import cast

from ticketcore.config.notation import Plain, inline
from ticketcore.config.workflows import MOVES
from ticketcore.model import REQUEST, State, Transition, Workflow
from ticketcore.model.workflow import NATIVE_RULES, Labels

Table = dict[str, Plain]
"""A table of TOML."""

_USUAL = {"name": "", "rules": list(NATIVE_RULES)}
_USUAL_STATE: Table = {"labels": {}, "customer_labels": {}, "default": False}


def workflow_table(workflow: Workflow) -> Table:
    """A workflow, without its id, with every key, and based on nothing."""
    return {
        "name": workflow.name,
        "opens": workflow.opening.id,
        "rules": list(workflow.rules),
        "states": {state.id: _state(state) for state in workflow.states},
        "moves": _moves(workflow.transitions),
    }


def alone(table: Table) -> Table:
    """The table of a workflow without what every workflow has."""
    states = cast("Mapping[str, Table]", table["states"])
    return {**_unlike(table, _USUAL), "states": {id: _unlike(state, _USUAL_STATE) for id, state in states.items()}}


def brief_workflow(workflow: Workflow, base: Workflow = REQUEST) -> Table:
    """The workflow as it is said shortest: alone, or by what differs from the ``base``, if that can be said.

    What is based on another has the states of that in their order, and then its own.
    """
    whole = alone(workflow_table(workflow))
    ids = [state.id for state in workflow.states]
    kept = [state.id for state in base.states if state.id in ids]
    if [*kept, *(id for id in ids if id not in kept)] != ids:
        return whole
    return min(whole, _based(workflow, base), key=lambda table: len(inline(table)))


def _based(workflow: Workflow, base: Workflow) -> Table:
    there = {state.id: _state(state) for state in base.states}
    states = {state.id: _unlike(_state(state), there.get(state.id, _USUAL_STATE)) for state in workflow.states}
    kept = [way for way in base.transitions if way.source in states and way.target in states]
    said: Table = {
        "name": workflow.name,
        "based_on": base.id,
        "without": [id for id in there if id not in states],
        "opens": "" if workflow.opening.id == base.opening.id else workflow.opening.id,
        "states": {id: state for id, state in states.items() if state},
        "moves": _changed(_moves(workflow.transitions), _moves(kept)),
    }
    rules: Table = {} if workflow.rules == base.rules else {"rules": list(workflow.rules)}
    return {**{name: value for name, value in said.items() if value}, **rules}


def _changed(rows: Mapping[str, Table], before: Mapping[str, Table]) -> Table:
    """The moves that lead elsewhere than before; those that lead nowhere now are empty lists."""
    found: Table = {}
    for source in dict.fromkeys((*rows, *before)):
        row, other = rows.get(source, {}), before.get(source, {})
        cells = {move: row.get(move, []) for move in MOVES if row.get(move) != other.get(move)}
        if cells:
            found[source] = cells
    return found


def _moves(ways: Iterable[Transition]) -> dict[str, Table]:
    cells: dict[str, dict[str, list[Plain]]] = {}
    for way in ways:
        if way.source is not None:
            cells.setdefault(way.source, {}).setdefault(way.move.value, []).append(_way(way))
    return {
        source: {move: found[0] if len(found) == 1 else tuple(found) for move, found in row.items()}
        for source, row in cells.items()
    }


def _way(way: Transition) -> Plain:
    more = {"guards": list(way.guards), "rights": list(way.rights)}
    said = {name: value for name, value in more.items() if value}
    return {"to": way.target, **said} if said else way.target


def _state(state: State) -> Table:
    return {
        "category": state.category.value,
        "labels": labels_of(state.labels),
        "customer_labels": labels_of(state.customer_labels),
        "default": state.is_default,
    }


def labels_of(labels: Labels) -> Plain:
    """The labels by locale, or one that is English alone."""
    return labels[0][1] if [locale for locale, _ in labels] == ["en"] else dict(labels)


def _unlike(table: Mapping[str, Plain], usual: Mapping[str, Plain]) -> Table:
    return {name: value for name, value in table.items() if value != usual.get(name)}
