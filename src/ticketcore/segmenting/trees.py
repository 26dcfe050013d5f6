"""Ensembles of small decision trees, read from plain numbers and followed in pure Python.

A tree is written in one line, a node before its two branches: ``feature:threshold:value`` for a question, a bare
number for a leaf.  What is at most the threshold goes the first way.  The value of a question is what the trees would
add if they stopped there; it serves to explain a sum, after Saabas, "Interpreting random forests" (2014).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

Node = float | tuple[int, float, "Node", "Node", float]
"""A leaf, or the feature that is asked for, the threshold, the branches, and the value at this place."""


Step = tuple[int, float, "Step | None", float, "Step | None", float]
"""A question: its feature and threshold; for either answer, the next question, None for a leaf, and what it moves."""


class Trees:
    """A sum of trees: log odds of what they were learned for."""

    def __init__(self, text: str, start: float) -> None:
        """``text`` has a tree in each line; ``start`` is what the trees add to."""
        self._trees = tuple(_node(iter(line.split())) for line in text.splitlines() if line)
        self._start = start

    @cached_property
    def odds(self) -> Callable[[Sequence[float]], float]:
        """The log odds for values of the features.  Linear in the trees and in their depth.

        The numbers are made one expression of Python, four times as fast as a walk from node to node.
        """
        added = "+".join((repr(self._start), *map(_expression, self._trees)))
        made: Callable[[Sequence[float]], float] = eval(f"lambda v: {added}", {})
        return made

    def moved(self, values: Sequence[float]) -> dict[int, float]:
        """By how much each feature, by its place, moved the log odds of these values from the usual ones."""
        found: defaultdict[int, float] = defaultdict(float)
        step: Step | None
        for step in self._steps:
            while step is not None:
                feature, threshold, low, low_moves, high, high_moves = step
                if values[feature] <= threshold:
                    found[feature] += low_moves
                    step = low
                else:
                    found[feature] += high_moves
                    step = high
        return dict(found)

    @cached_property
    def _steps(self) -> tuple["Step | None", ...]:
        return tuple(map(_step, self._trees))


def _step(node: Node) -> "Step | None":
    """The node with what each of its branches moves; None for a leaf."""
    if not isinstance(node, tuple):
        return None
    feature, threshold, low, high, value = node
    moves = [(branch[4] if isinstance(branch, tuple) else branch) - value for branch in (low, high)]
    return feature, threshold, _step(low), moves[0], _step(high), moves[1]


def _expression(node: Node) -> str:
    if not isinstance(node, tuple):
        return f"({node!r})"
    feature, threshold, low, high, _ = node
    return f"({_expression(low)} if v[{feature}]<={threshold!r} else {_expression(high)})"


def _node(words: Iterator[str]) -> Node:
    word = next(words)
    if ":" not in word:
        return float(word)
    feature, threshold, value = word.split(":")
    low = _node(words)
    return int(feature), float(threshold), low, _node(words), float(value)
