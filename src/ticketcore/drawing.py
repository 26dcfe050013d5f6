"""Pictures of a workflow, as text for Mermaid or Graphviz: each state is a box, each transition an arrow.

A box has the state's label and, in parentheses, its category, if that is another word; an arrow the move, in brackets
the guards that must allow it, and in parentheses the rights that it takes.  A move that leaves a ticket in its state is
an arrow from a box to itself.  Boxes are called ``s0``, ``s1`` and so on, in the order of the states, so that ids may
hold any character.

The languages are described on mermaid.js.org/syntax/stateDiagram.html and graphviz.org/doc/info/lang.html.  In Mermaid,
what is not a letter, a digit or a harmless sign is written as an entity, since its lexer knows no escapes.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from ticketcore.model import Transition, Workflow

_JOINERS = ("\u200c", "\u200d")
"""Characters of format that belong to the word: emoji and Persian are made with them."""

_HARMLESS = re.compile(r"[0-9A-Za-z _./'-]")


def mermaid(workflow: Workflow, locale: str = "en", customer: bool = False) -> str:
    r"""The workflow as a state diagram of Mermaid, with the labels of a locale: agents', or those of the customer.

    >>> from ticketcore.model import REQUEST
    >>> print("\n".join(mermaid(REQUEST, "de", customer=True).splitlines()[:8]))
    stateDiagram-v2
        state "Eingegangen (new)" as s0
        state "In Bearbeitung (open)" as s1
        state "Wartet auf Sie (pending)" as s2
        state "In Bearbeitung (on_hold)" as s3
        state "Gelöst (solved)" as s4
        state "Geschlossen (closed)" as s5
        [*] --> s0 : open
    """
    ids = _ids(workflow)
    labels = _labels(workflow, locale, customer, _entity, " ")
    boxes = [f'state "{labels[state]}" as {id}' for state, id in ids.items()]
    arrows = [
        f"{'[*]' if way.source is None else ids[way.source]} --> {ids[way.target]} : {_words(way, _entity)}"
        for way in workflow.transitions
    ]
    return "".join(["stateDiagram-v2\n", *(f"    {line}\n" for line in (*boxes, *arrows))])


def dot(workflow: Workflow, locale: str = "en", customer: bool = False) -> str:
    r"""The workflow as a graph for Graphviz, in UTF-8; the rest as for ``mermaid``.

    >>> from ticketcore.model import REQUEST
    >>> print("\n".join(dot(REQUEST).splitlines()[:4]))
    digraph "request" {
        node [shape=box, style=rounded];
        start [shape=point];
        s0 [label="new"];
    """
    ids = _ids(workflow)
    labels = _labels(workflow, locale, customer, _escaped, r"\n")
    boxes = [f'{id} [label="{labels[state]}"];' for state, id in ids.items()]
    arrows = [
        f'{"start" if way.source is None else ids[way.source]} -> {ids[way.target]} [label="{_words(way, _escaped)}"];'
        for way in workflow.transitions
    ]
    head = ["node [shape=box, style=rounded];", "start [shape=point];"]
    name = _word(workflow.id, _escaped)
    return "".join([f'digraph "{name}" {{\n', *(f"    {line}\n" for line in (*head, *boxes, *arrows)), "}\n"])


def _ids(workflow: Workflow) -> dict[str, str]:
    return {state.id: f"s{i}" for i, state in enumerate(workflow.states)}


def _labels(
    workflow: Workflow, locale: str, customer: bool, escape: Callable[[str], str], between: str
) -> dict[str, str]:
    """What stands in the box of each state: its label, and its category if that is another word."""
    found = {}
    for state in workflow.states:
        label = state.customer_label(locale) if customer else state.label(locale)
        category = "" if label == state.category else f"{between}({state.category})"
        found[state.id] = _word(label, escape) + category
    return found


def _words(way: Transition, escape: Callable[[str], str]) -> str:
    guards, rights = ([_word(name, escape) for name in names] for names in (way.guards, way.rights))
    return "".join([way.move, *_listed(" [", guards, "]"), *_listed(" (", rights, ")")])


def _listed(begin: str, words: Iterable[str], end: str) -> list[str]:
    listed = ", ".join(words)
    return [begin, listed, end] if listed else []


def _word(text: str, escape: Callable[[str], str]) -> str:
    """The text on one line, without characters that command; what runs right to left turns nothing beside it around."""
    plain = "".join(
        " " if unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp") and each not in _JOINERS else each
        for each in text
    )
    escaped = "".join(map(escape, plain))
    turns = any(unicodedata.bidirectional(each) in ("R", "AL", "AN") for each in plain)
    return f"\u2068{escaped}\u2069" if turns else escaped


def _entity(character: str) -> str:
    return character if not character.isascii() or _HARMLESS.match(character) else f"#{ord(character)};"


def _escaped(character: str) -> str:
    return {"\\": r"\\", '"': r"\"", "&": "&amp;"}.get(character, character)
