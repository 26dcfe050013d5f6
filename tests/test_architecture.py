"""The layers of ticketcore, held by reading the imports of every module.

``LAYERS`` is the one place that says where a module belongs: lowest first, and a module imports only from layers
below its own, or from its own package.  Each rule is a function from source text to faults, and the second half of
this file shows for each that it can fail.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = (
    ("errors",),
    ("checks",),
    ("calendar",),
    ("model",),
    ("text", "requirement", "attributes", "planning"),
    ("cues", "escalation"),
    ("timekeeping",),
    ("commands", "events"),
    ("offers",),
    ("ties", "conversing", "staffing"),
    ("evolve",),
    ("sharing",),
    ("codec",),
    ("ports",),
    ("records",),
    ("facts", "clocks", "keywords"),
    (
        "lifecycle",
        "sla",
        "identity",
        "matching",
        "segmentation",
        "replytext",
        "classification",
        "segmenting",
        "reopening",
        "routing",
        "assignment",
        "engine",
        "automation",
        "views",
    ),
    ("fairness",),
    ("decide",),
    ("turns",),
    ("shell",),
    ("desk", "aio"),
    ("stores", "channels"),
    ("feeds",),
    ("sim",),
    ("testing", "config", "report", "schema", "importing", "drawing", "replaying"),
    ("cli",),
)
"""The modules and packages directly under ``ticketcore``, lowest layer first; none imports its own layer."""

HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}

REACH = {"stores": "records", "channels": "records", "feeds": "records", "sim": "decide"}
"""Who may import less than all that is below: the highest layer that an adapter or the laboratory knows."""

ALSO = {"feeds": {"channels"}}
"""What such a one knows besides: a mailbox is read as its channel reads mail."""

PURE = {name for name in HEIGHT if HEIGHT[name] <= HEIGHT["turns"]}
"""Where time, chance and ids are inputs, and nothing is read or written."""

IMPURE_MODULES = {
    *("time", "uuid", "secrets", "os", "io", "pathlib", "shutil", "tempfile", "glob"),
    *("socket", "ssl", "select", "selectors", "http", "urllib", "smtplib", "imaplib", "poplib"),
    *("sqlite3", "dbm", "shelve", "logging", "subprocess", "signal", "importlib"),
    *("threading", "multiprocessing", "concurrent", "queue", "asyncio"),
}
CLOCKS = {f"datetime.{name}" for name in ("datetime.now", "datetime.utcnow", "datetime.today", "date.today")}
CLOCK_METHODS = {"now", "utcnow", "today"}
IMPURE_CALLS = {f"builtins.{name}" for name in ("open", "print", "input", "__import__")}

IMPORT_NAMES = {"python-dateutil": "dateutil"}
"""Distributions that are imported by another name."""

OPTIONAL = {
    "testing": {"pytest", "hypothesis"},
    "cli": {"click", "rich"},
    "keywords": {"ahocorasick_rs"},
    "report": {"matplotlib", "jinja2"},
    "sim": {"numpy"},
}
"""What a module may import besides the runtime dependencies: the extra that it belongs to."""

MAX_LINES = 400


class Module(NamedTuple):
    """A module of ticketcore: its dotted name, its text, and whether it is the ``__init__`` of a package."""

    name: str
    source: str
    is_package: bool = False

    @property
    def unit(self) -> str:
        """The module or package directly under ticketcore that it is, or belongs to; empty for ticketcore itself."""
        return self.name.partition(".")[2].partition(".")[0]


class Fault(NamedTuple):
    """What is wrong, and where."""

    module: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.words}"


def read(root: Path) -> list[Module]:
    """Every module under a folder that holds the package ticketcore."""
    modules = []
    for path in sorted(root.glob("ticketcore/**/*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        modules.append(Module(name, path.read_text(encoding="utf-8"), is_package))
    return modules


def runtime_dependencies(pyproject: str) -> set[str]:
    """The import names of the packages that ticketcore needs to run."""
    requirements = tomllib.loads(pyproject)["project"]["dependencies"]
    names = [re.split(r"[^\w.-]", requirement, maxsplit=1)[0] for requirement in requirements]
    return {IMPORT_NAMES.get(name, name) for name in names}


def imports(module: Module) -> Iterator[tuple[int, str, str | None]]:
    """Each import anywhere in the module: line, the module it names, and the name taken from it, if any."""
    for node in ast.walk(ast.parse(module.source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, None
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, "." * node.level + (node.module or ""), alias.name


def targets(module: Module) -> Iterator[tuple[int, str]]:
    """The units of ticketcore that the module imports; empty for ticketcore itself."""
    for line, name, taken in imports(module):
        if name == "ticketcore" and taken in HEIGHT:
            yield line, str(taken)
        elif name.partition(".")[0] == "ticketcore":
            yield line, Module(name, "").unit


def layer_faults(module: Module) -> Iterator[Fault]:
    """Imports of what does not stand below, and a module that has no place."""
    unit = module.unit
    if unit and unit not in HEIGHT:
        yield Fault(module.name, 1, f"{unit!r} has no layer: add it to LAYERS in tests/test_architecture.py")
        return
    for line, target in targets(module):
        if target == "":
            yield Fault(module.name, line, "imports ticketcore itself, which stands above everything")
        elif target not in HEIGHT:
            yield Fault(module.name, line, f"imports {target!r}, which has no layer in LAYERS")
        elif unit and target != unit and HEIGHT[target] >= HEIGHT[unit]:
            yield Fault(module.name, line, f"{unit} imports {target}, which does not stand below it")
        elif unit in REACH and target not in {unit, *ALSO.get(unit, ())} and HEIGHT[target] > HEIGHT[REACH[unit]]:
            yield Fault(module.name, line, f"{unit} imports {target}; it knows {REACH[unit]} and below only")


def form_faults(module: Module) -> Iterator[Fault]:
    """Relative imports, star imports and modules that are too long."""
    for line, name, taken in imports(module):
        if name.startswith("."):
            yield Fault(module.name, line, "relative import")
        if taken == "*":
            yield Fault(module.name, line, "star import")
    lines = len(module.source.splitlines())
    if lines > MAX_LINES:
        yield Fault(module.name, lines, f"{lines} lines: at {MAX_LINES} a module is two")


def dependency_faults(module: Module, runtime: Iterable[str]) -> Iterator[Fault]:
    """Imports of packages that are not declared, or optional ones elsewhere than in their place."""
    allowed = {"ticketcore", *sys.stdlib_module_names, *runtime, *OPTIONAL.get(module.unit, ())}
    for line, name, _ in imports(module):
        package = name.partition(".")[0]
        if package and package not in allowed:
            yield Fault(module.name, line, f"imports {package}, which is not a runtime dependency")


def purity_faults(module: Module) -> Iterator[Fault]:
    """In the pure layers: clocks, chance, ids from nowhere, and input or output."""
    if module.unit not in PURE:
        return
    for line, name, taken in imports(module):
        if name.partition(".")[0] in IMPURE_MODULES:
            yield Fault(module.name, line, f"imports {name}, and is pure")
        if name == "random" and taken not in (None, "Random"):
            yield Fault(module.name, line, f"imports random.{taken}: chance is a random.Random that is given")
    tree = ast.parse(module.source)
    names = _imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            dotted = _dotted(node, names)
            if dotted in CLOCKS:
                yield Fault(module.name, node.lineno, f"{dotted}: time is given as `at`")
            elif isinstance(node, ast.Attribute) and dotted.startswith("random.") and dotted != "random.Random":
                yield Fault(module.name, node.lineno, f"{dotted}: chance is a random.Random that is given")
        if isinstance(node, ast.Call):
            called = _dotted(node.func, names)
            if called in IMPURE_CALLS:
                yield Fault(module.name, node.lineno, f"calls {called}(), and is pure")
            if called == "random.Random":
                yield Fault(module.name, node.lineno, "makes a random.Random: chance is given")
            if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_METHODS and called not in CLOCKS:
                yield Fault(module.name, node.lineno, f"calls .{node.func.attr}(): time is given as `at`")


def _imported_names(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for, dotted."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _dotted(node: ast.AST, names: Mapping[str, str]) -> str:
    """A name or attribute in full, as ``datetime.datetime.now``; empty for any other expression."""
    if isinstance(node, ast.Name):
        return names.get(node.id, f"builtins.{node.id}")
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value, names)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def front_faults(module: Module) -> Iterator[Fault]:
    """Of ``ticketcore/__init__.py``: anything but a docstring, imports and ``__all__`` as a list of texts."""
    for number, node in enumerate(ast.parse(module.source).body):
        match node:
            case ast.Expr(value=ast.Constant(value=str())) if number == 0:
                continue
            case ast.ImportFrom():
                continue
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=items)) if all(
                isinstance(item, ast.Constant) for item in items
            ):
                continue
        yield Fault(module.name, node.lineno, "does more than import and list")


def cycles(modules: Iterable[Module]) -> Iterator[Fault]:
    """A circle of imports, if there is one."""
    known = {module.name: module for module in modules}
    graph: dict[str, set[str]] = {}
    for module in known.values():
        graph[module.name] = set()
        for _, name, taken in imports(module):
            submodule = f"{name}.{taken}"
            graph[module.name].add(submodule if submodule in known else name)
        graph[module.name] &= known.keys()
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
        yield Fault(circle[0], 1, "imports in a circle: " + " <- ".join(circle))


MODULES = read(ROOT / "src")
RUNTIME = runtime_dependencies((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)


def told(faults: Iterable[Fault]) -> str:
    return "\n".join(str(fault) for fault in faults)


def test_there_are_modules():
    assert {"ticketcore", "ticketcore.errors", "ticketcore.model.ticket"} <= {module.name for module in MODULES}


@every_module
def test_imports_point_down(module):
    assert not told(layer_faults(module))


@every_module
def test_no_relative_or_star_imports_and_no_long_modules(module):
    assert not told(form_faults(module))


@every_module
def test_only_declared_dependencies_are_imported(module):
    assert not told(dependency_faults(module, RUNTIME))


@every_module
def test_the_pure_layers_have_no_clock_chance_or_input(module):
    assert not told(purity_faults(module))


def test_ticketcore_itself_imports_and_lists():
    [front] = [module for module in MODULES if module.name == "ticketcore"]
    assert not told(front_faults(front))


def test_no_imports_in_a_circle():
    assert not told(cycles(MODULES))


# Each rule can fail.


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("ticketcore.model.ticket", "from ticketcore.events import Event", "model imports events"),
        ("ticketcore.errors", "from ticketcore.model import Kind", "errors imports model"),
        ("ticketcore.events", "import ticketcore.commands", "events imports commands"),
        ("ticketcore.routing", "from ticketcore.assignment import place", "routing imports assignment"),
        ("ticketcore.routing", "from ticketcore import assignment", "routing imports assignment"),
        ("ticketcore.text", "def f():\n    from ticketcore.decide import decide", ":2: text imports decide"),
        ("ticketcore.stores.sqlite", "from ticketcore.turns import receive", "stores imports turns; it knows records"),
        ("ticketcore.stores.sqlite", "from ticketcore.lifecycle import TABLE", "stores imports lifecycle"),
        ("ticketcore.channels.mail", "from ticketcore.desk import Desk", "channels imports desk"),
        ("ticketcore.stores.sqlite", "from ticketcore.channels import mail", "stores imports channels"),
        ("ticketcore.channels.mail", "from ticketcore.feeds import merge", "channels imports feeds"),
        (
            "ticketcore.feeds.mbox",
            "from ticketcore.stores import MemoryStore",
            "feeds imports stores; it knows records",
        ),
        ("ticketcore.feeds.mbox", "from ticketcore.desk import Desk", "feeds imports desk; it knows records"),
        ("ticketcore.sim", "from ticketcore.stores import MemoryStore", "sim imports stores"),
        ("ticketcore.desk", "from ticketcore.stores import MemoryStore", "desk imports stores"),
        ("ticketcore.cli", "from ticketcore import Desk", "imports ticketcore itself"),
        ("ticketcore.cli", "import ticketcore", "imports ticketcore itself"),
        ("ticketcore.cli", "from ticketcore.helpers import f", "'helpers', which has no layer"),
        ("ticketcore.helpers", "", "add it to LAYERS in tests/test_architecture.py"),
        ("ticketcore.helpers.more", "", "'helpers' has no layer"),
    ],
)
def test_an_import_that_does_not_point_down_is_a_fault(name, source, words):
    assert words in told(layer_faults(Module(name, source)))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("ticketcore.model.ticket", "from ticketcore.model.skills import SkillLevel"),
        ("ticketcore.model.ticket", "from ticketcore.errors import InvalidInput"),
        ("ticketcore.stores.sqlite", "from ticketcore.records import alias_key"),
        ("ticketcore.stores.sqlite", "from ticketcore.stores.memory import MemoryStore"),
        ("ticketcore.feeds.mbox", "from ticketcore.channels.email import EmailChannel"),
        ("ticketcore.sim.run", "from ticketcore.decide import decide"),
        ("ticketcore.cli", "from ticketcore.report import page"),
        ("ticketcore", "from ticketcore.desk import Desk"),
        ("ticketcore.text", "import re\nimport ticketcorelike"),
    ],
)
def test_an_import_that_points_down_is_none(name, source):
    assert not told(layer_faults(Module(name, source)))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("from . import ticket", "relative import"),
        ("from .ticket import Ticket", "relative import"),
        ("from ticketcore.model import *", "star import"),
        ("\n" * 401, "401 lines"),
    ],
)
def test_form(source, words):
    assert words in told(form_faults(Module("ticketcore.model", source)))
    assert not told(form_faults(Module("ticketcore.model", "\n" * 400)))


@pytest.mark.parametrize(
    ("name", "source", "package"),
    [
        ("ticketcore.stores.sqlite", "import pytest", "pytest"),
        ("ticketcore.model", "from hypothesis import strategies", "hypothesis"),
        ("ticketcore.cli", "def f():\n    import numpy.linalg", "numpy"),
    ],
)
def test_an_undeclared_package_is_a_fault(name, source, package):
    assert f"imports {package}, which is not a runtime dependency" in told(
        dependency_faults(Module(name, source), {"attrs"})
    )


def test_declared_and_optional_packages_are_none():
    declared = "import attrs\nimport json\nfrom dateutil import rrule\nfrom ticketcore.errors import Reason\n"
    assert not told(dependency_faults(Module("ticketcore.model", declared), {"attrs", "dateutil"}))
    assert not told(dependency_faults(Module("ticketcore.testing.stores", "import pytest\nimport hypothesis"), ()))


def test_runtime_dependencies_are_read_from_the_project_file():
    project = '[project]\ndependencies = ["attrs>=24.2", "python-dateutil", "tzdata ; sys_platform == \'win32\'"]'
    assert runtime_dependencies(project) == {"attrs", "dateutil", "tzdata"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import time", "imports time"),
        ("from time import monotonic", "imports time"),
        ("import os.path", "imports os.path"),
        ("from concurrent.futures import Executor", "imports concurrent.futures"),
        ("from urllib.parse import quote", "imports urllib.parse"),
        ("from datetime import datetime\ndatetime.now()", "datetime.datetime.now: time is given"),
        ("import datetime\ndatetime.datetime.now()", "datetime.datetime.now: time is given"),
        ("import datetime as dt\ndt.date.today()", "datetime.date.today: time is given"),
        ("from datetime import datetime as when\nwhen.utcnow()", "datetime.datetime.utcnow: time is given"),
        ("from datetime import datetime\nclock = datetime.now", "datetime.datetime.now: time is given"),
        ("def f(clock):\n    return clock.now()", "calls .now()"),
        ("def f(at):\n    return type(at).today()", "calls .today()"),
        ("import random\nrandom.shuffle([])", "random.shuffle: chance"),
        ("import random as chance\npick = chance.choice", "random.choice: chance"),
        ("from random import random", "imports random.random"),
        ("from random import Random\nRandom(7)", "makes a random.Random"),
        ("open('x')", "calls builtins.open()"),
        ("print(1)", "calls builtins.print()"),
        ("__import__('os')", "calls builtins.__import__()"),
    ],
)
@pytest.mark.parametrize("name", ["ticketcore.errors", "ticketcore.decide", "ticketcore.turns.receive"])
def test_impure_code_is_a_fault(name, source, words):
    assert words in told(purity_faults(Module(name, source)))
    assert not told(purity_faults(Module("ticketcore.stores.sqlite", source)))


@pytest.mark.parametrize(
    "source",
    [
        "import random\ndef f(rng: random.Random) -> float:\n    return rng.random()",
        "from random import Random\ndef f(rng: Random) -> None:\n    rng.shuffle([])",
        "from datetime import datetime, timedelta\ndef f(at: datetime) -> datetime:\n    return at + timedelta(1)",
        "from datetime import datetime\ndatetime.fromisoformat('2026-01-01')",
        "def f(today, now):\n    return today, now.opened_at",
        "def f(file):\n    return file.open",
        "from random import Random\ndef f(random: Random) -> None:\n    random.shuffle([])",
    ],
)
def test_pure_code_is_none(source):
    assert not told(purity_faults(Module("ticketcore.decide", source)))


@pytest.mark.parametrize(
    "source",
    ["x = 1", "def f(): ...", "__all__ = [name for name in dir()]", "import os", "'doc'\n'more'", "__all__ += ['x']"],
)
def test_a_front_that_does_more_is_a_fault(source):
    assert "does more than import and list" in told(front_faults(Module("ticketcore", source)))


def test_a_front_that_imports_and_lists_is_none():
    front = '"""ticketcore."""\nfrom ticketcore.desk import Desk\n__all__ = ["Desk"]'
    assert not told(front_faults(Module("ticketcore", front)))


@pytest.mark.parametrize(
    "sources",
    [
        {"ticketcore.a": "import ticketcore.b", "ticketcore.b": "from ticketcore.a import f"},
        {"ticketcore.p": "from ticketcore.p.a import f", "ticketcore.p.a": "from ticketcore.p import g"},
        {"ticketcore.a": "from ticketcore import b", "ticketcore.b": "def f():\n    import ticketcore.a"},
        {"ticketcore.a": "import ticketcore.a"},
    ],
)
def test_a_circle_is_a_fault(sources):
    modules = [Module(name, source) for name, source in sources.items()]
    assert "imports in a circle" in told(cycles(modules))
    assert not told(cycles(modules[1:]))


def test_modules_are_read_from_files(tmp_path):
    package = tmp_path / "ticketcore" / "stores"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("'''Stores.'''")
    (package / "sqlite.py").write_text("")
    assert read(tmp_path) == [
        Module("ticketcore.stores", "'''Stores.'''", True),
        Module("ticketcore.stores.sqlite", ""),
    ]
    assert [module.unit for module in read(tmp_path)] == ["stores", "stores"]
