"""Drawn workflows: what is drawn can be read back, and is the table."""

import re
import shutil
import subprocess
from html import unescape

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from workflows import locales, variants, workflows

from ticketcore.drawing import dot, mermaid
from ticketcore.model import REQUEST, Move, State, Transition

ODD = attrs.evolve(
    REQUEST,
    id='a "b" \\',
    states=[
        *REQUEST.states,
        State("x\ny", "on_hold", 'say "no" \\ & <b> #35; [*] --> {x}:y;'),
        attrs.evolve(REQUEST.states[3], id="האם", is_default=True),
    ],
    transitions=[
        *REQUEST.transitions,
        Transition("open", Move.HOLD, "x\ny", ["a]b", "c, d"], ["(é)"]),
        Transition("open", Move.HOLD, "האם", ["\u202eback", "👩‍🔧"]),
        *(Transition(state, Move.REPLY, "open") for state in ("x\ny", "האם")),
    ],
)
drawn = st.tuples(variants() | workflows(), locales, st.booleans())


def without_signs(text):
    """The text without marks of direction and what stands for a character that a picture must not hold."""
    return "".join(each for each in text if each.isprintable() and each != " ")


def expected(workflow, locale, customer):
    """The boxes and arrows of a workflow, in words."""
    boxes = []
    for state in workflow.states:
        label = state.customer_label(locale) if customer else state.label(locale)
        boxes.append(without_signs(label if label == state.category else f"{label} ({state.category})"))
    places = {state.id: i for i, state in enumerate(workflow.states)}
    arrows = []
    for way in workflow.transitions:
        guards = f" [{', '.join(way.guards)}]" if way.guards else ""
        rights = f" ({', '.join(way.rights)})" if way.rights else ""
        words = without_signs(f"{way.move}{guards}{rights}")
        arrows.append((places.get(way.source), places[way.target], words))
    return boxes, arrows


def read_mermaid(text):
    """Boxes and arrows of a state diagram, by the grammar of its page; entities are read first, as Mermaid does."""
    assert text.endswith("\n")
    assert not re.search(r"style.*:\S*#.*;", text), "Mermaid would take the semicolon of an entity"
    hidden = re.sub(r"#(\w+);", lambda found: f"\ue000{found[1]}\ue001", text)
    assert not set("#;%<>&`*\\") & set(re.sub(r"-->|\[\*\]", "", hidden)), hidden

    def shown(words):
        return without_signs(re.sub("\ue000(\\d+)\ue001", lambda found: chr(int(found[1])), words))

    first, *lines = hidden.split("\n")[:-1]
    assert first == "stateDiagram-v2"
    boxes, arrows = [], []
    for line in lines:
        if found := re.fullmatch(r'    state "([^"]*)" as s(\d+)', line):
            assert int(found[2]) == len(boxes)
            boxes.append(shown(found[1]))
        else:
            found = re.fullmatch(r"    (?:\[\*\]|s(\d+)) --> s(\d+) : ([^:;\n]+)", line)
            assert found, line
            arrows.append((None if found[1] is None else int(found[1]), int(found[2]), shown(found[3])))
    return boxes, arrows


TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|(->|[{}\[\];=,])|([A-Za-z_]\w*))')


def tokens(text):
    at, found = 0, []
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        assert match, text[at:]
        found.append(match[0].strip())
        at = match.end()
    return found


def read_dot(text):
    """The name, boxes and arrows of a graph, by the grammar of Graphviz."""

    def words(token):
        lines = re.sub(r"\\(.)", lambda found: {"n": " "}.get(found[1], found[1]), token[1:-1])
        return without_signs(unescape(lines))

    digraph, name, brace, *rest = tokens(text)
    assert (digraph, brace, rest.pop()) == ("digraph", "{", "}")
    boxes, arrows, statement = [], [], []
    for token in rest:
        if token != ";":
            statement.append(token)
            continue
        match statement:
            case [id, "[", "label", "=", label, "]"]:
                assert id == f"s{len(boxes)}"
                boxes.append(words(label))
            case [source, "->", target, "[", "label", "=", label, "]"]:
                arrows.append((None if source == "start" else int(source[1:]), int(target[1:]), words(label)))
            case _:
                assert statement[0] in ("node", "start")
        statement = []
    assert statement == []
    return words(name), boxes, arrows


@given(drawn)
@example((ODD, "en", False))
@example((REQUEST, "de", True))
def test_what_mermaid_draws_is_the_table(asked):
    assert read_mermaid(mermaid(*asked)) == expected(*asked)


@given(drawn)
@example((ODD, "en", False))
@example((REQUEST, "de", True))
def test_what_graphviz_draws_is_the_table(asked):
    name, boxes, arrows = read_dot(dot(*asked))
    assert (boxes, arrows) == expected(*asked)
    assert name == without_signs(asked[0].id)


@pytest.mark.parametrize("draw", [mermaid, dot])
def test_no_character_of_a_label_commands(draw):
    text = draw(ODD)
    for each in "\u202e\x00\r\t":
        assert each not in text
    assert text.count("\n") == len(text.split("\n")) - 1 == len(draw(REQUEST).split("\n")) - 1 + 2 + 4
    assert "\u2068האם\u2069" in text, "what runs right to left is kept apart"
    assert "👩‍🔧" in text


def test_how_the_usual_workflow_is_drawn():
    lines = mermaid(REQUEST).splitlines()
    assert lines[1:3] == ['    state "new" as s0', '    state "open" as s1']
    assert lines[7:9] == ["    [*] --> s0 : open", "    s0 --> s1 : assign"]
    held = mermaid(REQUEST, "de", customer=True).splitlines()[4]
    assert held == '    state "In Bearbeitung (on_hold)" as s3'
    graph = dot(ODD).splitlines()
    assert graph[0] == 'digraph "a \\"b\\" \\\\" {'
    assert graph[9] == '    s6 [label="say \\"no\\" \\\\ &amp; <b> #35; [*] --> {x}:y;\\n(on_hold)"];'
    assert [line for line in graph if "a]b" in line] == ['    s1 -> s6 [label="hold [a]b, c, d] ((é))"];']


@pytest.mark.parametrize(
    ("label", "drawn"),
    [
        ("a\nb\x01c\td", "a b c d"),
        ("a\u2028b\u2029c", "a b c"),
        ("a\u202eb\u2066c", "a b c"),
        ("👩‍🔧", "👩‍🔧"),
        ("پارس‌ها", "\u2068پارس‌ها\u2069"),
        ("האם", "\u2068האם\u2069"),
        ("٣", "\u2068٣\u2069"),
        ("Größe 1", "Größe 1"),
    ],
)
def test_how_a_label_is_drawn(label, drawn):
    workflow = attrs.evolve(REQUEST, states=[attrs.evolve(REQUEST.states[0], labels=label), *REQUEST.states[1:]])
    assert mermaid(workflow).splitlines()[1] == f'    state "{drawn} (new)" as s0'
    assert dot(workflow).splitlines()[3] == f'    s0 [label="{drawn}\\n(new)"];'


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_it():
    done = subprocess.run(["dot", "-Tplain"], input=dot(ODD), capture_output=True, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(re.findall("^edge", done.stdout, re.MULTILINE)) == len(ODD.transitions)
