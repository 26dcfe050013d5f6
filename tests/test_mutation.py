"""The proof that the tests can fail: what it changes, what it leaves alone, and what it says about survivors."""

import subprocess
import sys
from pathlib import Path

import pytest

from proof.mutants import Key, Mutant, mutants
from proof.plan import TARGETS
from proof.sql import sql_changes
from proof.survivors import faults, reasons

ROOT = Path(__file__).parents[1]
KNOWN = (ROOT / "proof" / "survivors.toml").read_text(encoding="utf-8")


def changed(source):
    """What the lines of the source become, one after the other."""
    return [mutant.key.becomes for mutant in mutants("m", source.encode())]


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_every_mutant_is_a_program_of_its_own_with_a_name_of_its_own(target):
    source = target.path.read_bytes()
    made = mutants(target.module, source)
    assert made
    assert len({mutant.key for mutant in made}) == len({mutant.source for mutant in made}) == len(made)
    for mutant in made:
        assert mutant.source != source
        compile(mutant.source, mutant.key.module, "exec")


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_a_mutant_keeps_its_name_when_lines_are_added_above(target):
    source = target.path.read_bytes()
    further = b"# A line.\n\n\n" + source
    assert [mutant.key for mutant in mutants("m", source)] == [mutant.key for mutant in mutants("m", further)]


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_every_test_that_is_asked_exists(target):
    files = {name.partition("::")[0] for tests in target.rounds for name in tests}
    assert all((ROOT / file).is_file() for file in files)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b\n", ["pass", "a <= b"]),
        ("x = a >= (b)\n", ["x = a > (b)"]),
        ("x = a not  in b\n", ["x = a in b"]),
        ("x = a is b is not c\n", ["x = a is not b is not c", "x = a is b is c"]),
        ("x = not a\n", ["x = a"]),
        ("x = a + b - 1\n", ["x = a - b - 1", "x = a + b + 1", "x = a + b - 2"]),
        ("if a: b()\n", ["if not (a): b()", "if a: pass"]),
        ("if a == b: c = d\n", ["if a != b: c = d"]),
        ("x = a and b\n", ["x = b", "x = a", "x = a or b"]),
        ("x = a or b or c\n", ["x = b or c", "x = a or c", "x = a or b", "x = a and b or c", "x = a or b and c"]),
        ("x = not (a or b)\n", ["x = (a or b)", "x = not (b)", "x = not (a)", "x = not (a and b)"]),
        ("x = [y for y in z if y]\n", ["x = [y for y in z if not (y)]"]),
        ("n += 1\n", ["pass", "n -= 1", "n += 2"]),
        ("a.b = c\n", ["pass"]),
        ("a[b] = c\n", ["pass"]),
        ("raise E(f'{a + 1}')\n", ["pass"]),
        ("f(a, b=c, *d)\n", ["pass", "f(a, *d)"]),
        ("f(\n    a=b,\n)\n", ["pass", ""]),
        ("x = (a, b)\n", ["x = (b,)", "x = (a,)"]),
        ("x = [a, b, c]\n", ["x = [b, c]", "x = [a, c]", "x = [a, b]"]),
        ("x = {**a, b: c}\n", ["x = {b: c}", "x = {**c, b: c}", "x = {**a}", "x = {**a, b: a}"]),
    ],
)
def test_what_is_changed(source, expected):
    assert sorted(changed(source)) == sorted(expected)


def test_a_case_is_left_out():
    source = "match a:\n    case B() | C():\n        d\n    case E() if f:\n        g\n"
    assert changed(source) == [
        "case B():",
        "case C():",
        "case B() | C() if False:",
        "pass",
        "case E() if False:",
        "case E() if not (f):",
        "pass",
    ]


def test_a_cell_of_a_table_is_left_out_and_redirected():
    source = 'TABLE = {\n    "a": "open",\n    "b": "open",\n    "c": "shut",\n}\n'
    assert changed(source) == ["", '"a": "shut",', "", '"b": "shut",', "", '"c": "open",']


@pytest.mark.parametrize(
    "source",
    [
        '"""Words with 1 + 1."""\n',
        "import a\n",
        "assert a == 1, b\n",
        "x: tuple[int, str]\n",
        "def f(a: int | None = None) -> Literal[1]: ...\n",
        "@cache(size=1)\ndef f(): ...\n",
        "__all__ = ['a', 'b']\n",
        "_Name = tuple[int, str]\n",
        "_T = TypeVar('_T', bound=A)\n",
        "x = f'{a + 1}'\n",
        "zip(a, b, strict=True)\n",
    ],
)
def test_what_is_left_alone(source):
    assert [after for after in changed(source) if after != "pass"] == []


def test_the_function_around_is_named():
    source = b"class A:\n    def f(self):\n        return 1\n\nB = 1\n"
    assert [mutant.key.function for mutant in mutants("m", source)] == ["A.f", "the module"]


def test_what_is_alike_in_one_function_is_counted():
    assert [mutant.key.nth for mutant in mutants("m", b"f()\nf()\n")] == [1, 2]


def test_sql_is_changed_in_its_conditions_and_order():
    text = b'"UPDATE t SET a = NULL, b = 0 WHERE c = ? AND d IS NULL AND e > 0 ORDER BY f, g DESC"'
    made = {text[: change.start] + change.text + text[change.end :] for change in sql_changes(text)}
    assert {
        text.replace(b"c = ?", b"? NOT NULL"),
        text.replace(b"d IS NULL", b"1"),
        text.replace(b" AND e > 0", b""),
        text.replace(b"a = NULL, ", b""),
        text.replace(b" DESC", b""),
        text.replace(b"f, g", b"f"),
    } <= made
    assert list(sql_changes(b'"where a person waits for 1 answer"')) == []


ONE = Mutant(Key("m", "f", "a", "b"), 1, b"")
OTHER = Mutant(Key("m", "f", "a", "c"), 1, b"")


@pytest.mark.parametrize(
    ("survived", "known", "words"),
    [
        ([], {}, []),
        ([ONE], {ONE.key: "it is the same"}, []),
        ([ONE], {}, ["survived, and is not listed"]),
        ([], {ONE.key: "it is the same"}, ["listed, but it was killed"]),
        ([ONE], {ONE.key: "it is the same", Key("m", "g", "a", "b"): "gone"}, ["listed, but there is no such mutant"]),
        ([OTHER], {ONE.key: "it is the same"}, ["survived, and is not listed", "listed, but it was killed"]),
    ],
)
def test_survivors_and_their_list_have_to_agree(survived, known, words):
    found = list(faults([ONE, OTHER], survived, known))
    assert [fault.partition(":")[0] for fault in found] == words


ENTRY = '[[survivor]]\nmodule = "m"\nfunction = "f"\nline = "a"\nbecomes = "b"\n'


def test_the_list_gives_a_reason_for_each():
    assert reasons(ENTRY + 'reason = "it is the same"\n') == {ONE.key: "it is the same"}


@pytest.mark.parametrize("text", [ENTRY, ENTRY + 'reason = ""\n', ENTRY + 'reason = "a"\nwhy = "b"\n'])
def test_an_entry_that_is_not_whole_is_a_fault(text):
    with pytest.raises((TypeError, ValueError), match=r"reason|why"):
        reasons(text)


def test_an_entry_that_comes_twice_is_a_fault():
    with pytest.raises(ValueError, match="twice"):
        reasons(2 * (ENTRY + 'reason = "a"\n'))


def test_every_survivor_that_is_listed_exists():
    made = {mutant.key for target in TARGETS.values() for mutant in mutants(target.module, target.path.read_bytes())}
    assert [key for key in reasons(KNOWN) if key not in made] == []


def test_the_mutants_of_one_module_are_killed():
    """The smallest module, whole: a run of the program, with forks and tests in them."""
    run = [sys.executable, "-m", "proof", "--module", "identity"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1].split()[:4] == ["identity", "2", "2", "0"]
