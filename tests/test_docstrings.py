"""Every public name is documented where it stands: what it means, and which of our errors it raises.

The first half of this file checks the library, the second shows on small texts that each check can fail.
"""

import ast
import doctest
import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "ticketcore").glob("**/*.py"))

ERRORS = ("Refused", "Conflict", "NotFound", "InvalidInput", "StoreFailure")
"""The errors that whoever raises them says so."""

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def module_name(path: Path) -> str:
    """The dotted name of a module under ``src``."""
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read(path: Path) -> str:
    """The text of a module."""
    return path.read_text(encoding="utf-8")


def is_public(name: str) -> bool:
    """Whether no part of a dotted name begins with an underscore."""
    return not any(part.startswith("_") for part in name.split("."))


def undocumented(name: str, source: str) -> Iterator[str]:
    """The public module, classes, functions, methods and properties that have no docstring."""
    if not is_public(name):
        return
    tree = ast.parse(source)
    if not ast.get_docstring(tree):
        yield name
    yield from _undocumented_in(name, tree)


def _undocumented_in(owner: str, node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If | ast.Try):
            yield from _undocumented_in(owner, child)
        elif isinstance(child, Definition):
            if child.name.startswith("_") or _completes_another(child):
                continue
            if not ast.get_docstring(child):
                yield f"{owner}.{child.name}"
            if isinstance(child, ast.ClassDef):
                yield from _undocumented_in(f"{owner}.{child.name}", child)


def _completes_another(node: Definition) -> bool:
    """Whether it is an overload, or the setter or deleter of a property, which are documented elsewhere."""
    decorators = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return not decorators.isdisjoint({"overload", "setter", "deleter"})


def classes(sources: Iterable[str]) -> dict[str, ast.ClassDef]:
    """The classes that stand in these texts, by name."""
    return {node.name: node for source in sources for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}


def said_of(node: ast.ClassDef, known: Mapping[str, ast.ClassDef]) -> str:
    """The docstrings of a class and of its bases."""
    bases = [known[base] for base in map(ast.unparse, node.bases) if base in known]
    return "\n".join([ast.get_docstring(node) or "", *(said_of(base, known) for base in bases)])


def unexplained(name: str, source: str, known: Mapping[str, ast.ClassDef]) -> Iterator[str]:
    """Public fields, members of enumerations and constants whose meaning is not said.

    It is said by a docstring right after it, or by naming it, in double backquotes, in the docstring of the class that
    it stands in or of a base of that, or of the module.  Type variables have no meaning of their own.
    """
    if not is_public(name):
        return
    tree = ast.parse(source)
    said = ast.get_docstring(tree) or ""
    yield from _unexplained_in(name, tree.body, said)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and is_public(node.name):
            yield from _unexplained_in(f"{name}.{node.name}", node.body, said + said_of(node, known))


def _unexplained_in(owner: str, body: list[ast.stmt], said: str) -> Iterator[str]:
    for node, following in zip(body, [*body[1:], None], strict=True):
        explained = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        for target in _targets(node):
            if is_public(target) and not explained and f"``{target}``" not in said:
                yield f"{owner}.{target}"


def _targets(node: ast.stmt) -> list[str]:
    """The names that a statement assigns."""
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    elif isinstance(node, ast.Assign) and not re.match(r"(typing\.)?(TypeVar|ParamSpec)", ast.unparse(node.value)):
        targets = node.targets
    else:
        return []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def unannounced(name: str, source: str, known: Mapping[str, ast.ClassDef]) -> Iterator[str]:
    """Errors of ours that a public function or class raises in its own body, and that no docstring announces.

    A function's own docstring can, those of its class and its bases, and that of the module.  What a constructor, its
    validators or a private method raises is the class's to announce.
    """
    if not is_public(name):
        return
    tree = ast.parse(source)
    said = ast.get_docstring(tree) or ""
    for node in tree.body:
        if isinstance(node, Definition) and is_public(node.name):
            within = said + said_of(node, known) if isinstance(node, ast.ClassDef) else said
            yield from _unannounced_in(f"{name}.{node.name}", node, within)


def _unannounced_in(owner: str, node: Definition, said: str) -> Iterator[str]:
    said += ast.get_docstring(node) or ""
    raised = set()
    for child in node.body:
        if isinstance(node, ast.ClassDef) and isinstance(child, Definition) and is_public(child.name):
            yield from _unannounced_in(f"{owner}.{child.name}", child, said)
        else:
            raised.update(_raised(child))
    yield from (f"{owner} raises {error}" for error in sorted(raised) if f"``{error}``" not in said)


def _raised(body: ast.stmt) -> Iterator[str]:
    for node in ast.walk(body):
        if isinstance(node, ast.Raise) and node.exc is not None:
            error = ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
            if error in ERRORS:
                yield error
        elif isinstance(node, ast.keyword) and node.arg == "validator":
            yield "InvalidInput"


# The library.

every_source = pytest.mark.parametrize("path", SOURCES, ids=module_name)
CLASSES = classes(read(path) for path in SOURCES)


@every_source
def test_doctests(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(module_name(path))
    report: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder().find(module):
        runner.run(test, out=report.append)
    assert not report, "".join(report)


@every_source
def test_everything_public_has_a_docstring(path):
    assert not list(undocumented(module_name(path), read(path)))


def test_every_field_member_and_constant_has_a_meaning():
    faults = {fault for path in SOURCES for fault in unexplained(module_name(path), read(path), CLASSES)}
    assert not faults


def test_every_error_is_announced():
    faults = {fault for path in SOURCES for fault in unannounced(module_name(path), read(path), CLASSES)}
    assert not faults


# Each check can fail.


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("", ["m"]),
        ("'''M.'''", []),
        ("'''M.'''\nclass A: ...\nclass _B: ...", ["m.A"]),
        ("'''M.'''\nclass A:\n    '''A.'''\n    def f(self): ...\n    def _g(self): ...", ["m.A.f"]),
        ("'''M.'''\nclass A:\n    '''A.'''\n    @property\n    def f(self): ...", ["m.A.f"]),
        ("'''M.'''\nclass A:\n    '''A.'''\n    @f.setter\n    def f(self, value): ...", []),
        ("'''M.'''\nif True:\n    async def f(): ...", ["m.f"]),
        ("'''M.'''\n@overload\ndef f(): ...\n@typing.overload\ndef f(): ...", []),
        ("'''M.'''\ndef f():\n    '''F.'''\n    def g(): ...", []),
        ("'''M.'''\ndef test_it(): ...", ["m.test_it"]),
    ],
)
def test_what_lacks_a_docstring(source, names):
    assert list(undocumented("m", source)) == names
    assert not list(undocumented("package._m", source))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("X = 1", ["m.X"]),
        ("X: int = 1", ["m.X"]),
        ("X = 1\n'''One.'''", []),
        ("'''M has ``X``.'''\nX = 1", []),
        ("_X = 1\nT = TypeVar('T')\nx.y = 1\n__all__ = []", []),
        ("class A:\n    x: int", ["m.A.x"]),
        ("class A:\n    x: int\n    '''Ex.'''\n    y: int", ["m.A.y"]),
        ("class A:\n    '''A of ``x``.'''\n    x: int\n    y: int\n    _z: int", ["m.A.y"]),
        ("class A:\n    '''A of x and ``x.y``.'''\n    x: int", ["m.A.x"]),
        ("class A(Enum):\n    B = 1", ["m.A.B"]),
        ("class A:\n    '''``x``'''\nclass B(A):\n    x: int", []),
        ("class A:\n    '''``x``'''\nclass B(A):\n    ...\nclass C(B):\n    x: int", []),
        ("class B(Elsewhere):\n    x: int", ["m.B.x"]),
        ("'''M has ``x``.'''\nclass A:\n    x: int\n    y: int", ["m.A.y"]),
        ("class _A:\n    x: int", []),
    ],
)
def test_what_has_no_meaning(source, names):
    assert list(unexplained("m", source, classes([source]))) == names
    assert not list(unexplained("package._m", source, classes([source])))


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("def f():\n    raise Conflict(())", ["m.f raises Conflict"]),
        ("def f():\n    raise Conflict from None", ["m.f raises Conflict"]),
        (
            "def f():\n    if x:\n        raise NotFound('a', 'b')\n    raise Refused",
            ["m.f raises NotFound", "m.f raises Refused"],
        ),
        ("def f():\n    '''``Conflict``.'''\n    raise Conflict(())", []),
        ("def f():\n    '''Conflict.'''\n    raise Conflict(())", ["m.f raises Conflict"]),
        ("'''M: ``Conflict``.'''\ndef f():\n    raise Conflict(())", []),
        ("def f():\n    raise ValueError\ndef _g():\n    raise Conflict(())", []),
        ("def f():\n    try:\n        g()\n    except Conflict as error:\n        raise error", []),
        ("class A:\n    def f(self):\n        raise Conflict(())", ["m.A.f raises Conflict"]),
        ("class A:\n    '''``Conflict``'''\n    def f(self):\n        raise Conflict(())", []),
        ("class A:\n    '''``Conflict``'''\nclass B(A):\n    def f(self):\n        raise Conflict(())", []),
        ("class A:\n    def _f(self):\n        raise Conflict(())", ["m.A raises Conflict"]),
        ("class A:\n    def __init__(self):\n        raise InvalidInput('a', 'b')", ["m.A raises InvalidInput"]),
        ("class A:\n    x: int = attrs.field(validator=whole(1))", ["m.A raises InvalidInput"]),
        ("class A:\n    '''``InvalidInput``'''\n    x: int = attrs.field(validator=whole(1))", []),
        ("class A:\n    x: int = attrs.field(default=1)", []),
    ],
)
def test_what_is_raised_in_silence(source, faults):
    assert list(unannounced("m", source, classes([source]))) == faults
    assert not list(unannounced("package._m", source, classes([source])))
