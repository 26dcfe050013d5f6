"""How the reference shows what stands in the source: an extension of Sphinx for ``docs/conf.py``.

Signatures are shown as they are written, with the names of unions and other aliases, where autodoc would write them
out.  Values show their fields once, with types, below a short signature.  A name of ours in a docstring is a link.
"""

import ast
import inspect
import re
import sys
from collections import Counter
from collections.abc import Mapping
from enum import Enum
from functools import cache
from pkgutil import walk_packages
from textwrap import dedent
from typing import Any

import attrs
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

import ticketcore

LITERAL = re.compile(r"``([A-Za-z][\w.]*)``")
"""A name in double backquotes."""

OURS = re.compile(r"ticketcore(\.\w+)*(?<!\.[A-Z])(?<!\._[A-Z])")
"""What a link can lead to: names of ours, but for type variables."""

LONG = 100
"""A table or tuple of more characters is no longer read in a signature."""

PLACE_IN_TUPLE = re.compile(r"Alias for field number \d+")
"""What a field of a named tuple has instead of a docstring."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("autodoc-process-signature", signature)
    app.connect("autodoc-process-docstring", link_names)
    app.connect("doctree-read", leave_out)
    app.connect("html-page-context", navigate_by_pages, priority=100)
    return {"parallel_read_safe": True}


def navigate_by_pages(app: Sphinx, page: str, template: str, context: dict[str, Any], document: object) -> None:
    """The list of all pages beside each page is made from the pages alone, not from every name in them."""
    whole = context["toctree"]
    context["toctree"] = lambda **wanted: whole(**{**wanted, "maxdepth": 1})


def signature(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, arguments: str | None, returned: str | None
) -> tuple[str | None, str | None] | None:
    """The signature of a function as its source has it, of a value the names of its fields, of an enumeration none."""
    if arguments is None:
        return None
    if what in ("class", "exception"):
        return _signature_of_class(thing)
    written = _definition(thing) if what in ("function", "method") else None
    return None if written is None else as_written(written, thing.__module__)


def _signature_of_class(kind: type[Any]) -> tuple[str, None] | None:
    if issubclass(kind, Enum):
        return "", None
    if attrs.has(kind):
        return of_fields(attrs.fields(kind)), None
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return f"({', '.join(_with_default(field, kind._field_defaults) for field in kind._fields)})", None
    written = _definition(vars(kind).get("__init__"))
    return None if written is None else (as_written(written, kind.__module__)[0], None)


def of_fields(fields: tuple["attrs.Attribute[Any]", ...]) -> str:
    """The arguments of an attrs class, by name; fields that it makes itself are none.

    >>> made = attrs.make_class("A", {"x": attrs.field(), "y": attrs.field(factory=list), "z": attrs.field(init=False)})
    >>> of_fields(attrs.fields(made))
    '(x, y=list())'
    """
    shown = []
    for field in (field for field in fields if field.init):
        if field.kw_only and "*" not in shown:
            shown.append("*")
        if isinstance(field.default, attrs.Factory):
            shown.append(f"{field.alias}={field.default.factory.__name__}()")
        else:
            default = {} if field.default is attrs.NOTHING else {field.alias: field.default}
            shown.append(_with_default(field.alias, default))
    return f"({', '.join(shown)})"


def _with_default(field: str, defaults: Mapping[str, Any]) -> str:
    if field not in defaults:
        return field
    default = defaults[field]
    shown = default.__name__ if inspect.isroutine(default) else repr(default)
    return f"{field}={f'{type(default).__name__}.{default.name}' if isinstance(default, Enum) else shown}"


def as_written(written: ast.FunctionDef, module: str) -> tuple[str, str | None]:
    """Arguments and what is returned, with annotations by the full names of what they mean in the module."""
    arguments = written.args
    first = [*arguments.posonlyargs, *arguments.args][:1]
    if first and first[0].annotation is None and first[0].arg in ("self", "cls"):
        (arguments.posonlyargs or arguments.args).pop(0)
    names = _Full(vars(sys.modules[module]))
    for argument in ast.walk(arguments):
        if isinstance(argument, ast.arg) and argument.annotation is not None:
            argument.annotation = names.visit(argument.annotation)
    returned = None if written.returns is None else ast.unparse(names.visit(written.returns))
    return f"({ast.unparse(arguments)})", returned


def _definition(function: Any) -> ast.FunctionDef | None:
    try:
        node = ast.parse(dedent(inspect.getsource(inspect.unwrap(function)))).body[0]
    except (TypeError, OSError):
        return None
    return node if isinstance(node, ast.FunctionDef) else None


class _Full(ast.NodeTransformer):
    """Writes names in full, so that they lead to what they name."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self.known = known

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return self.visit(ast.parse(node.value, mode="eval").body) if isinstance(node.value, str) else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        thing = self.known.get(node.id)
        full = names().get(node.id, node.id) if not isinstance(thing, type) else f"{thing.__module__}.{node.id}"
        return ast.copy_location(ast.Name(full), node)


def link_names(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Make links of the public names in a docstring; that of a field of a named tuple says nothing."""
    if lines and PLACE_IN_TUPLE.fullmatch(lines[0]):
        lines.clear()
    lines[:] = [LITERAL.sub(lambda match: link(match[1], name), line) for line in lines]


def link(shown: str, owner: str) -> str:
    """The name as a link, if it is public and more than the owner of the docstring itself or something in it.

    >>> link("Desk.handle", ""), link("Desk", "ticketcore.desk.Desk"), link("version", "")
    (':py:obj:`Desk.handle <ticketcore.desk.Desk.handle>`', '``Desk``', '``version``')
    >>> link("DELETED", "ticketcore.feeds.whatsapp.values.EntryKind")
    '``DELETED``'
    """
    head, dot, rest = shown.partition(".")
    near = {f"{owner}.{head}", f"{owner.rpartition('.')[0]}.{head}"} & definitions()
    full = shown if shown in definitions() else (min(near, default="") or names().get(head, "")) + dot + rest
    own = owner not in sys.modules and _exists(f"{owner}.{shown}")
    if not _exists(full) or own or full == owner or (shown.islower() and not dot):
        return f"``{shown}``"
    return f":py:obj:`{shown} <{full}>`"


@cache
def names() -> Mapping[str, str]:
    """The full name of each public module, class, function and constant, by its own; none that two things have."""
    own = Counter(full.rpartition(".")[2] for full in definitions())
    return {full.rpartition(".")[2]: full for full in definitions() if own[full.rpartition(".")[2]] == 1}


@cache
def definitions() -> frozenset[str]:
    """The full names of all public modules, and of what stands in them outside of classes."""
    found = set()
    for module in walk_packages(ticketcore.__path__, "ticketcore."):
        __import__(module.name)
        found.add(module.name)
        for node in ast.parse(inspect.getsource(sys.modules[module.name])).body:
            found.update(f"{module.name}.{name}" for name in _defined(node) if not name.startswith("_"))
    return frozenset(found)


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _exists(full: str) -> bool:
    parts = full.split(".")
    for end in range(len(parts), 0, -1):
        thing: Any = sys.modules.get(".".join(parts[:end]))
        if thing is not None:
            for part in parts[end:]:
                fields = getattr(thing, "__annotations__", {})
                if not hasattr(thing, part) and part not in fields:
                    return False
                thing = getattr(thing, part, None)
            return True
    return False


def leave_out(app: Sphinx, page: nodes.document) -> None:
    """Take away what says nothing: that a class is an object, as all are, and values that cannot be read.

    Links to what is not ours go too: they would need the network.
    """
    for paragraph in list(page.findall(nodes.paragraph)):
        if paragraph.astext() == "Bases: object":
            paragraph.parent.remove(paragraph)
    for annotation in list(page.findall(addnodes.desc_annotation)):
        if annotation.astext().startswith(" = "):
            annotation[:] = [nodes.Text(value(annotation.astext()))]
    for reference in list(page.findall(addnodes.pending_xref)):
        if reference["refdomain"] == "py" and not OURS.fullmatch(reference["reftarget"]):
            shown = reference.children
            if isinstance(shown[0], addnodes.pending_xref_condition):
                shown = [nodes.Text(reference["reftarget"].rpartition(".")[2])]
            reference.replace_self(shown)


def value(shown: str) -> str:
    """What follows the name of a constant: not a table or an object without a text of its own, and names in short.

    >>> value(" = ticketcore.model.Ticket | None"), value(" = <object object>")
    (' = Ticket | None', '')
    """
    short = re.sub(r"\bticketcore(?:\.\w+)*\.(\w+)", r"\1", shown)
    return "" if "<" in short or (short.startswith((" = {", " = (")) and len(short) > LONG) else short
