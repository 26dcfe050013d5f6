"""The small changes of a module's source, each of which some test should notice.

The idea is DeMillo, Lipton and Sayward's ("Hints on test data selection", 1978): tests that tell a program from its
close neighbours tell it from what is worse.  A change is an edit of the source text, so that it is shown as a person
would write it, and is known by the line that it changes, not by a number that the next edit of the file would shift.
"""

import ast
from collections import Counter
from collections.abc import Iterator

import attrs

from proof.edits import Edit, Source, edits


@attrs.frozen
class Key:
    """What a mutant is known by while the file around it changes.

    ``line`` is what stands there, ``becomes`` what it is changed to, both with white space reduced to single blanks;
    ``nth`` tells apart what is alike in one function.
    """

    module: str
    function: str
    line: str
    becomes: str
    nth: int = 1


@attrs.frozen
class Mutant:
    """A module with one change: its key, the number of the changed line, and the whole source."""

    key: Key
    number: int
    source: bytes = attrs.field(repr=False)


def mutants(module: str, source: bytes) -> list[Mutant]:
    r"""Every mutant of the module, in the order of its lines; no two have the same source.

    Left alone are docstrings, annotations, decorators, assertions, ``__all__`` and the words of messages.

    >>> for mutant in mutants("m", b"def f(a):\n    return a + 1\n"):
    ...     print(mutant.number, mutant.key.function, mutant.key.becomes)
    2 f return a - 1
    2 f return a + 2
    """
    text = Source(source)
    made = [(edit, name) for name, node in _changeable(ast.parse(source), ()) for edit in edits(text, node)]
    found: dict[bytes, Mutant] = {}
    times: Counter[Key] = Counter()
    for edit, name in sorted(made, key=lambda item: item[0]):
        mutated = source[: edit.start] + edit.text + source[edit.end :]
        if mutated != source and mutated not in found:
            key = _key(module, name, source, edit)
            times[key] += 1
            number = source.count(b"\n", 0, edit.start) + 1
            found[mutated] = Mutant(attrs.evolve(key, nth=times[key]), number, mutated)
    return list(found.values())


def _key(module: str, function: str, source: bytes, edit: Edit) -> Key:
    first, last = source.rfind(b"\n", 0, edit.start) + 1, source.find(b"\n", edit.end)
    becomes = source[first : edit.start] + edit.text + source[edit.end : last]
    return Key(module, function, _plain(source[first:last]), _plain(becomes))


def _plain(text: bytes) -> str:
    return " ".join(text.decode().split())


def _changeable(node: ast.AST, scope: tuple[str, ...]) -> Iterator[tuple[str, ast.AST]]:
    """The nodes that may be changed, each with the name of the function or class around it."""
    match node:
        case ast.Assert() | ast.Import() | ast.ImportFrom() | ast.Expr(ast.Constant()):
            return
        case ast.Assign([ast.Name("__all__")]) | ast.Call(ast.Name("TypeVar" | "NewType" | "cast")):
            return
        case ast.Subscript(ast.Name(name)) if name in ("tuple", "list", "dict", "set") or name.istitle():
            return  # The name of a type.
    yield ".".join(scope) or "the module", node
    children = ast.iter_child_nodes(node)
    match node:
        case ast.FunctionDef():
            scope, children = (*scope, node.name), iter([*filter(None, _defaults(node)), *node.body])
        case ast.ClassDef():
            scope, children = (*scope, node.name), iter(node.body)
        case ast.AnnAssign():
            children = iter([node.value] if node.value else [])
        case ast.JoinedStr():
            children = iter(())
    for child in children:
        yield from _changeable(child, scope)


def _defaults(node: ast.FunctionDef) -> list[ast.expr | None]:
    return [*node.args.defaults, *node.args.kw_defaults]
