"""Writes the pages that are drawn from the code, so that they cannot drift from it: ``python -m docs.generate``.

``tests/test_generated_docs.py`` fails when a committed page is not what this makes.
"""

import json
from pathlib import Path

from docs.drawing import Table, svg
from ticketcore.feeds.shapes import fact_schema
from ticketcore.model import REQUEST, Move, Workflow
from ticketcore.schema import event_schema

ROOT = Path(__file__).parent

LIFECYCLE = """\
# The life of a ticket

<!-- Made by `make docs` from `ticketcore.model.workflow.REQUEST`; edit that. -->

This page is drawn from `REQUEST`, the workflow of a desk that declares none. A move leads from one state to another;
where the table has no entry, the move is refused. Rules that look at more than the state (a ticket is not solved while
nobody has it) are in `ticketcore.lifecycle`. [Change the lifecycle](../how-to/change-the-lifecycle.md)
shows how a desk has others.

## States

A state has a category, which is what the rules look at.

{states}

## Picture

![The states of a ticket as boxes, the moves between them as arrows; the table below says the same.](lifecycle.svg)

Moves that leave a ticket in its state are named in the box, after the round arrow.

## Table

A row is the state before, a column the move, a cell the state after; "-" is a move that is refused.

{table}
"""


def table(workflow: Workflow) -> Table:
    """From each state, where each move leads if no state is named; None is the ticket that does not exist yet."""
    moves: dict[str | None, dict[Move, str]] = {None: {}, **{state.id: {} for state in workflow.states}}
    for way in workflow.transitions:
        moves[way.source].setdefault(way.move, way.target)
    return moves


def lifecycle_page(workflow: Workflow) -> str:
    """The page about the lifecycle: the states, the picture and the table."""
    rows_of = table(workflow)
    used = [move for move in Move if any(move in moves for moves in rows_of.values())]
    rows = [
        ["(no ticket yet)" if state is None else state, *(moves.get(move, "-") for move in used)]
        for state, moves in rows_of.items()
    ]
    return LIFECYCLE.format(
        states=markdown_table(
            ["state", "category", "the customer reads"],
            [[state.id, state.category, state.customer_label()] for state in workflow.states],
        ),
        table=markdown_table(["state", *used], rows),
    )


def markdown_table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown.

    >>> print(markdown_table(["a", "b"], [["1", "2"]]))
    | a | b |
    | --- | --- |
    | 1 | 2 |
    """
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows))


def pages() -> dict[Path, str]:
    """Every generated page: where it stands, and its text."""
    return {
        ROOT / "reference" / "events.schema.json": json.dumps(event_schema(), indent=2) + "\n",
        ROOT / "reference" / "facts.schema.json": json.dumps(fact_schema(), indent=2) + "\n",
        ROOT / "reference" / "lifecycle.md": lifecycle_page(REQUEST),
        ROOT / "reference" / "lifecycle.svg": svg(table(REQUEST)),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
