"""What the documentation says is so: its snippets and commands run, its links lead somewhere.

The first half of this file checks the repository, the second shows on small texts that each check can fail.
"""

import contextlib
import difflib
import io
import os
import re
import subprocess
import sys
import types
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("**/*.md"))]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))

FENCE = re.compile(r"^ *(?P<fence>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^ *(?P=fence) *$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"<!--\s*(?P<mark>not run|file|append to):(?P<rest>.*?)-->\s*\Z", re.DOTALL)
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)|^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)", re.MULTILINE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
SHELLS = ("", "sh", "bash", "shell", "console")
ALMOST_PYTHON = ("py", "python3", "pycon", "ipython")
COMMAND = re.compile(r"^\$ (?P<command>.*\n(?:> .*\n)*)(?P<printed>(?:(?!\$ ).*\n)*)", re.MULTILINE)
MANY = 2
"""Commands on a page from which on running them is slow."""

SUITES = ("store_adapter.py",)
"""Examples that run a whole suite of tests."""


class Block(NamedTuple):
    """A fenced block: the line of its fence, its language and text.

    ``follows`` says that nothing but blank lines stands between it and the block before.  A comment right before it
    may give the reason for which it is ``not_run``, or the ``file`` that it is, or is ``appended`` to.
    """

    line: int
    language: str
    text: str
    follows: bool
    not_run: str | None = None
    file: str | None = None
    appended: bool = False


def blocks(markdown: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    end = 0
    for match in FENCE.finditer(markdown):
        before = markdown[end : match.start()]
        language = (match["info"].split() or [""])[0]
        line = markdown.count("\n", 0, match.start()) + 1
        marked = MARK.search(before)
        rest = marked["rest"].strip() if marked else None
        reason, file = (rest, None) if marked and marked["mark"] == "not run" else (None, rest)
        appended = marked is not None and marked["mark"] == "append to"
        follows = bool(found) and not before.strip()
        found.append(Block(line, language, match["text"], follows, reason, file, appended))
        end = match.end()
    return found


def prose(markdown: str) -> str:
    """The page with its fenced blocks blanked out."""
    return FENCE.sub(lambda match: "\n" * match[0].count("\n"), markdown)


def form_faults(markdown: str) -> Iterator[str]:
    """Blocks that would not be run without saying why."""
    for block in blocks(markdown):
        if block.language.lower() in ALMOST_PYTHON or (block.language != "python" and block.language == "Python"):
            yield f"line {block.line}: write ```python, not ```{block.language}"
        if block.not_run == "":
            yield f"line {block.line}: not run, without a reason"
        if block.file is not None and not re.fullmatch(r"(?:[\w-]+/)*[\w.-]*\w", block.file):
            yield f"line {block.line}: {block.file!r} is no file in the folder of the page"
        if block.language == "console" and block.text and not block.text.startswith("$ "):
            yield f"line {block.line}: begin a command with $"
        if block.language in SHELLS[:-1] and block.not_run is None and re.search(r"^\W*ticketcore ", block.text, re.M):
            yield f"line {block.line}: write ```console, so that the command is run"
    for number, line in enumerate(prose(markdown).splitlines(), 1):
        if line.lstrip().startswith(("```", "~~~")):
            yield f"line {number}: a fence that is not closed, or not made of backquotes"


def run(markdown: str, name: str) -> int:
    """Run the blocks of a page in their order, in this folder, and compare what they print; how many were run.

    Those of python share a namespace.  A block that is a file is written.
    """
    module = types.ModuleType("snippets")
    found = blocks(markdown)
    count = 0
    for block, following in zip_longest(found, found[1:]):
        if block.not_run is not None:
            continue
        if block.file is not None:
            _save(block.file, block.text, block.appended)
            continue
        if block.language == "console":
            difference = _difference(block.text, transcript(block.text))
            assert not difference, f"{name}, line {block.line} prints something else:\n{difference}"
            count += 1
        if block.language != "python":
            continue
        padded = "\n" * block.line + block.text.replace("\r", "")
        printed = io.StringIO()
        with _registered(module), contextlib.redirect_stdout(printed):
            exec(compile(padded, name, "exec"), module.__dict__)
        count += 1
        if following is not None and following.language == "text" and following.follows:
            difference = _difference(following.text, printed.getvalue())
            assert not difference, f"{name}, line {block.line} prints something else:\n{difference}"
    return count


def _save(name: str, text: str, appended: bool) -> None:
    file = Path(name)
    assert file.is_file() == appended, f"{name} is {'not ' if appended else ''}there"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.write(text)


def transcript(text: str) -> str:
    """The commands of a console block, each after ``$``, with what they print now, errors too.

    Each is given to ``sh``, where ``$?`` is how the one before it ended.
    """
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "FORCE_COLOR")}
    env = {**kept, "TZ": "UTC", "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}
    shown, code = "", 0
    for match in COMMAND.finditer(text):
        script = f"(exit {code})\n" + match["command"].replace("\n> ", "\n")
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = subprocess.run(["sh", "-c", script], env=env, encoding="utf-8", timeout=60, **both)
        shown += f"$ {match['command']}{done.stdout}"
        code = done.returncode
    return shown


@contextlib.contextmanager
def _registered(module: types.ModuleType) -> Iterator[None]:
    sys.modules[module.__name__] = module
    try:
        yield
    finally:
        del sys.modules[module.__name__]


def _difference(expected: str, actual: str) -> str:
    lines = difflib.unified_diff(expected.splitlines(), actual.splitlines(), "expected", "actual", lineterm="")
    return "\n".join(lines) or ("" if expected == actual else "the ends of lines differ")


def make_commands(markdown: str) -> Iterator[str]:
    """The targets of every ``make`` in a shell block or in code within a sentence."""
    lines = [line for block in blocks(markdown) if block.language in SHELLS for line in block.text.splitlines()]
    for line in [*lines, *re.findall(r"`([^`\n]+)`", prose(markdown))]:
        words = line.partition("#")[0].removeprefix("$ ").split()
        if words[:1] == ["make"]:
            yield from (word for word in words[1:] if "=" not in word and not word.startswith(("-", "[")))


def make_targets(makefile: str) -> set[str]:
    """The targets that a Makefile has rules for."""
    return set(re.findall(r"^([a-z][\w-]*):(?!=)", makefile, re.MULTILINE))


def anchors(markdown: str) -> set[str]:
    """What can stand behind ``#`` in a link to the page: its headings, and ids set by hand."""
    found: set[str] = set()
    for heading in re.findall(r"^ {0,3}#{1,6} +(.+?)[ #]*$", prose(markdown), re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        number = next(n for n in range(1000) if (f"{slug}-{n}" if n else slug) not in found)
        found.add(f"{slug}-{number}" if number else slug)
    return found | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", markdown))


def link_faults(page: Path, root: Path) -> Iterator[str]:
    """Links of a page that lead to no file in the repository, or to no heading."""
    markdown = page.read_text(encoding="utf-8")
    for match in LINK.finditer(re.sub(r"`[^`\n]*`", "", prose(markdown))):
        link = match[1] or match[2]
        if SCHEME.match(link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page.resolve()
        if not target.is_relative_to(root.resolve()) or not target.exists():
            yield f"{page.name}: {link} leads nowhere"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
            yield f"{page.name}: {link} names no heading"


def example_faults(example: Path, folder: Path) -> Iterator[str]:
    """What is wrong with an example: run twice, under different hash seeds, it prints what stands in its ``.out``."""
    expected = example.with_suffix(".out")
    if not expected.is_file():
        yield f"{example.name} has no {expected.name}"
        return
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-W", "error", str(example)],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        if done.returncode:
            yield f"{example.name} fails: {done.stderr}"
        elif difference := _difference(expected.read_text(encoding="utf-8"), done.stdout):
            yield f"{example.name} prints something else:\n{difference}"


# The repository.

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def has_many_commands(page: Path) -> bool:
    """Whether running a page takes seconds, since each command is a program of its own."""
    found = blocks(page.read_text(encoding="utf-8"))
    return sum(len(COMMAND.findall(block.text)) for block in found if block.language == "console") >= MANY


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=[pytest.mark.slow] if has_many_commands(page) else []) for page in PAGES],
    ids=[str(page.relative_to(ROOT)) for page in PAGES],
)
def test_the_snippets_of_a_page_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    markdown = page.read_text(encoding="utf-8")
    assert not list(form_faults(markdown))
    run(markdown, str(page))


@every_page
def test_the_links_of_a_page_lead_somewhere(page):
    assert not list(link_faults(page, ROOT))


@every_page
def test_the_make_commands_of_a_page_exist(page):
    targets = make_targets((ROOT / "Makefile").read_text(encoding="utf-8"))
    assert set(make_commands(page.read_text(encoding="utf-8"))) <= targets


@pytest.mark.parametrize(
    "example",
    [pytest.param(each, marks=[pytest.mark.slow] if each.name in SUITES else []) for each in EXAMPLES],
    ids=[each.name for each in EXAMPLES],
)
def test_an_example_prints_what_it_should(example, tmp_path):
    assert not "\n".join(example_faults(example, tmp_path))


def test_every_expected_output_has_its_example():
    assert not [path.name for path in (ROOT / "examples").glob("*.out") if not path.with_suffix(".py").is_file()]


# Each check can fail.

PAGE = """\
# A page

```python
x = 1
```

Words between, `make bench AREA=x` and `make nothing`.

```python
print(x + 1)
```

```text
2
```

<!-- not run: it needs
     a network -->
```python
raise RuntimeError
```

- in a list

  ```sh
  make check test  # both
  ```
"""


def test_blocks_are_found_with_their_marks():
    assert blocks(PAGE) == [
        Block(3, "python", "x = 1\n", False),
        Block(9, "python", "print(x + 1)\n", False),
        Block(13, "text", "2\n", True),
        Block(19, "python", "raise RuntimeError\n", False, "it needs\n     a network"),
        Block(25, "sh", "  make check test  # both\n", False),
    ]


def test_blocks_within_a_longer_fence_are_its_text():
    assert blocks("````markdown\n```python\n1\n```\n````\n") == [Block(1, "markdown", "```python\n1\n```\n", False)]


def test_the_blocks_of_a_page_share_their_names_and_print_what_follows():
    assert run(PAGE, "page") == 2


@pytest.mark.parametrize("printed", ["3\n", "2\n\n", "", "2 \n"])
def test_another_output_is_a_fault(printed):
    with pytest.raises(AssertionError, match="page, line 1 prints something else"):
        run(f"```python\nprint(2)\n```\n```text\n{printed}```\n", "page")


CONSOLE = """\
<!-- file: notes/one.txt -->
```text
1
```

<!-- append to: notes/one.txt -->
```text
2
```

```console
$ cat notes/one.txt
1
2
$ echo one \\
> two; exit 3
one two
$ echo $?
3
$ echo no >&2
no
```
"""


def test_files_are_written_and_commands_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not list(form_faults(CONSOLE))
    assert run(CONSOLE, "page") == 1


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("1\n2\n$", "1\n$"), ("\n3\n", "\n0\n"), ("one two", "two"), ("\nno\n", "\n"), ("append to", "file")],
)
def test_a_command_that_prints_something_else_is_a_fault(right, wrong, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert right in CONSOLE
    with pytest.raises(AssertionError, match=r"line 11 prints something else|one.txt is there"):
        run(CONSOLE.replace(right, wrong), "page")


def test_a_console_block_that_is_not_run_is_not_compared():
    assert run(f"<!-- not run: it takes a day -->\n```console\n$ {'sleep 9'}\n1\n```\n", "page") == 0


def test_a_text_block_that_does_not_follow_is_not_compared():
    assert run("```python\nprint(2)\n```\nOr:\n```text\n3\n```\n", "page") == 1


def test_an_exception_in_a_snippet_names_page_and_line():
    with pytest.raises(ZeroDivisionError) as caught:
        run("one\n\n```python\nx = 1\nx / 0\n```\n", "page")
    last = caught.traceback[-1]
    assert (str(last.path), last.lineno + 1) == ("page", 5)


def test_classes_in_a_snippet_resolve_their_annotations():
    code = "import typing\nclass A:\n    b: 'B'\nclass B: ...\nassert typing.get_type_hints(A) == {'b': B}\n"
    assert run(f"```python\n{code}```\n", "page") == 1
    assert "snippets" not in sys.modules


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("<!-- not run: -->\n```python\n1 / 0\n```\n", "line 2: not run, without a reason"),
        ("```py\n1\n```\n", "line 1: write ```python, not ```py"),
        ("```Python\n1\n```\n", "line 1: write ```python"),
        ("```pycon\n>>> 1\n```\n", "line 1: write ```python"),
        ("<!-- file: ../x -->\n```text\n1\n```\n", "line 2: '../x' is no file"),
        ("<!-- file: -->\n```text\n1\n```\n", "line 2: '' is no file"),
        ("```console\nls\n```\n", "line 1: begin a command with $"),
        ("```sh\nls\nticketcore run x.mbox\n```\n", "line 1: write ```console"),
        ("```sh\n$ ticketcore run x.mbox\n```\n", "line 1: write ```console"),
        ("words\n```python\n1 / 0\n", "line 2: a fence that is not closed"),
        ("~~~python\n1 / 0\n~~~\n", "line 1: a fence"),
    ],
)
def test_a_block_that_would_silently_not_run_is_a_fault(markdown, words):
    assert words in "\n".join(form_faults(markdown))
    assert not list(form_faults(PAGE))


def test_make_commands_are_found_in_shell_blocks_and_sentences():
    assert sorted(make_commands(PAGE)) == ["bench", "check", "nothing", "test"]
    assert list(make_commands("Then `make` it; make sense.\n```console\n$ make -s demo\ntext\n```\n")) == ["demo"]


def test_make_targets_are_those_with_a_rule():
    assert make_targets("VENV := x\n.PHONY: no\ncheck: $(READY)  ## all\n\ttest: no\ntest-all:\n") == {
        "check",
        "test-all",
    }


def test_anchors_are_headings_as_they_are_linked_to():
    page = '# A `Desk`, or two?\n## Twice\n## Twice\n### [Linked](x.md) #\n```\n# no\n```\n<a id="own"></a>\n'
    assert anchors(page) == {"a-desk-or-two", "twice", "twice-1", "linked", "own"}


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("[x](missing.md)", "missing.md leads nowhere"),
        ("![x](missing.png)", "missing.png leads nowhere"),
        ("[x]: missing.md", "missing.md leads nowhere"),
        ("[![x](missing.png)](other.md)", "missing.png leads nowhere"),
        ("[x](#missing)", "#missing names no heading"),
        ("[x](other.md#missing)", "other.md#missing names no heading"),
        ("[x](../outside.md)", "../outside.md leads nowhere"),
        ("[x](/other.md)", "/other.md leads nowhere"),
    ],
)
def test_a_link_that_leads_nowhere_is_a_fault(link, words, tmp_path):
    (tmp_path / "outside.md").write_text("")
    root = tmp_path / "root"
    root.mkdir()
    (root / "other.md").write_text("# There\n")
    (root / "page.md").write_text(f"# Here\n\n{link}\n")
    assert words in "\n".join(link_faults(root / "page.md", root))


def test_a_link_that_leads_somewhere_is_none(tmp_path):
    (tmp_path / "other.md").write_text("# There\n")
    (tmp_path / "page.md").write_text(
        '# Here\n[a](other.md "t") [b](#here) [c](other.md#there) [d](https://example.org/x) `[e](missing.md)`\n'
        "[f](.)\n```text\n[g](missing.md)\n```\n"
    )
    assert not list(link_faults(tmp_path / "page.md", tmp_path))


@pytest.mark.parametrize(
    ("source", "expected", "words"),
    [
        ("print(1)", "1\n", ""),
        ("print(1)", "2\n", "prints something else"),
        ("print(1)", None, "has no example.out"),
        ("print(1)\nraise SystemExit(3)", "1\n", "fails"),
        ("print(list({'a', 'b', 'c', 'd', 'e', 'f', 'g'}))", "['a', 'b', 'c', 'd', 'e', 'f', 'g']\n", "something else"),
        ("import warnings\nwarnings.warn('old')", "", "fails"),
    ],
)
def test_an_example(source, expected, words, tmp_path):
    (tmp_path / "example.py").write_text(source)
    if expected is not None:
        (tmp_path / "example.out").write_text(expected)
    faults = "\n".join(example_faults(tmp_path / "example.py", tmp_path))
    assert words in faults
    assert bool(words) == bool(faults)
