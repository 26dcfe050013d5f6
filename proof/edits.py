"""What is changed about each kind of node: the edits of the source text."""

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from proof.sql import sql_changes

Node = ast.expr | ast.stmt | ast.pattern | ast.keyword

_COMPARED = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
"""What each comparison becomes."""

_OPERATOR = re.compile(rb"[<>=!]=|[-+]=|<|>|\bnot\s+in\b|\bin\b|\bis\s+not\b|\bis\b|\band\b|\bor\b|[-+]")


class Edit(NamedTuple):
    """The bytes from ``start`` to ``end`` replaced by a text."""

    start: int
    end: int
    text: bytes


class Source:
    """A source text, and where the nodes of its tree stand in it."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self._lines = [0]
        for line in text.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def span(self, node: Node) -> tuple[int, int]:
        """Where the node begins, and where it has ended."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._lines[node.lineno - 1] + node.col_offset, self._lines[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: Node) -> bytes:
        """How the node is written."""
        start, end = self.span(node)
        return self.text[start:end]

    def part(self, node: Node) -> bytes:
        """How the node is written as a part of another: in parentheses where it might need them."""
        text = self.of(node)
        return b"(" + text + b")" if isinstance(node, ast.BoolOp | ast.IfExp | ast.NamedExpr) else text


def edits(source: Source, node: ast.AST) -> Iterator[Edit]:
    """The changes of this node, without those of its parts."""
    match node:
        case ast.Expr() | ast.Raise() | ast.Continue() | ast.Break() | ast.Delete():
            yield Edit(*source.span(node), b"pass")
        case ast.Assign() | ast.AnnAssign(value=ast.expr()) if _stores(node):
            yield Edit(*source.span(node), b"pass")
        case ast.AugAssign(target, op, value):
            yield Edit(*source.span(node), b"pass")
            yield from _sum(source, target, op, value, "=")
        case ast.If(test) | ast.While(test) | ast.IfExp(test):
            yield from _negated(source, test)
        case ast.comprehension(ifs=tests):
            for test in tests:
                yield from _negated(source, test)
        case ast.match_case():
            yield from _case(source, node)
        case ast.MatchOr(patterns):
            yield from _one_less(source, node, patterns, " | ")
        case ast.BoolOp(op, values):
            yield from _one_less(source, node, values, " and " if isinstance(op, ast.And) else " or ")
            for left, right in pairwise(values):
                yield _operator(source, left, right, "or" if isinstance(op, ast.And) else "and")
        case ast.Compare(left, operators, others):
            for (one, other), operator in zip(pairwise([left, *others]), operators, strict=True):
                yield _operator(source, one, other, _COMPARED[type(operator)])
        case ast.BinOp(left, op, right):
            yield from _sum(source, left, op, right)
        case ast.UnaryOp(ast.Not(), operand):
            yield Edit(*source.span(node), source.part(operand))
        case ast.Constant(int(value)) if not isinstance(value, bool):
            yield Edit(*source.span(node), str(value + 1).encode())
        case ast.Constant(str()) | ast.JoinedStr():
            start, _ = source.span(node)
            for change in sql_changes(source.of(node)):
                yield Edit(start + change.start, start + change.end, change.text)
        case ast.Call() | ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set() | ast.Dict():
            yield from _elements(source, node)


def _stores(node: ast.Assign | ast.AnnAssign) -> bool:
    """Whether the assignment changes something that outlives the function's names."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(part, ast.Attribute | ast.Subscript) for target in targets for part in ast.walk(target))


def _negated(source: Source, test: ast.expr) -> Iterator[Edit]:
    """The opposite of a condition, unless another comparison or a ``not`` removed is just that."""
    match test:
        case (
            ast.UnaryOp(ast.Not())
            | ast.Compare(ops=[ast.Eq() | ast.NotEq() | ast.In() | ast.NotIn() | ast.Is() | ast.IsNot()])
        ):
            return
    yield Edit(*source.span(test), b"not (" + source.of(test) + b")")


def _case(source: Source, node: ast.match_case) -> Iterator[Edit]:
    """A case that never applies, and one under the opposite condition."""
    if node.guard is None:
        _, end = source.span(node.pattern)
        yield Edit(end, end, b" if False")
    else:
        yield Edit(*source.span(node.guard), b"False")
        yield from _negated(source, node.guard)


def _one_less(source: Source, node: Node, parts: Sequence[Node], between: str) -> Iterator[Edit]:
    """Each part left out."""
    for left_out in parts:
        kept = [source.part(part) for part in parts if part is not left_out]
        yield Edit(*source.span(node), between.encode().join(kept))


def _sum(source: Source, left: Node, operator: ast.operator, right: Node, assigned: str = "") -> Iterator[Edit]:
    if isinstance(operator, ast.Add | ast.Sub):
        yield _operator(source, left, right, ("-" if isinstance(operator, ast.Add) else "+") + assigned)


def _operator(source: Source, left: Node, right: Node, text: str) -> Edit:
    """Another operator between the two, either of which may stand in parentheses."""
    found = _OPERATOR.search(source.text, source.span(left)[1], source.span(right)[0])
    assert found, "an operator stands between its operands"
    return Edit(*found.span(), text.encode())


def _elements(source: Source, node: ast.Call | ast.Tuple | ast.List | ast.Set | ast.Dict) -> Iterator[Edit]:
    """Each element of two or more left out; of a call, each argument that is given by its name."""
    match node:
        case ast.Call(args=arguments, keywords=keywords):
            given: list[ast.expr | ast.keyword] = [*arguments, *keywords]
            spans = sorted(source.span(argument) for argument in given)
            droppable = [source.span(keyword) for keyword in keywords if keyword.arg != "strict"]  # An assertion.
        case ast.Dict(keys, values):
            yield from _redirected(source, values)
            pairs = [(source.span(key or value), source.span(value)) for key, value in zip(keys, values, strict=True)]
            spans = droppable = [
                (first[0] - 2 * (first == last), last[1]) for first, last in pairs
            ]  # "**" has no node.
        case ast.Tuple(elements) | ast.List(elements) | ast.Set(elements):
            spans = droppable = [source.span(element) for element in elements]
    if isinstance(node, ast.Tuple) and len(spans) == 2:
        for start, end in spans:
            yield Edit(*source.span(node), b"(" + source.text[start:end] + b",)")
    elif isinstance(node, ast.Call) or len(spans) > 1:
        for span in droppable:
            yield _without(source, spans, spans.index(span))


def _redirected(source: Source, values: list[ast.expr]) -> Iterator[Edit]:
    """Each value of a dictionary replaced by the next one that is another, as if the line were mixed up."""
    texts = [source.of(value) for value in values]
    for i, value in enumerate(values):
        others = [text for text in texts[i + 1 :] + texts[:i] if text != texts[i]]
        if others:
            yield Edit(*source.span(value), others[0])


def _without(source: Source, spans: list[tuple[int, int]], index: int) -> Edit:
    """The element left out, with the comma behind it, or before it where none is behind."""
    start, end = spans[index]
    if comma := re.compile(rb"\s*, ?").match(source.text, end):
        return Edit(start, comma.end(), b"")
    return Edit(spans[index - 1][1] if index else start, end, b"")
