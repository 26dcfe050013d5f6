"""Types and workflows in a desk.toml: what they say, how short it can be said, and where each fault stands."""

import attrs
import pytest
from hypothesis import assume, example, given
from workflows import variants, workflows

from ticketcore import Configuration, InvalidInput
from ticketcore.config import (
    DeskFile,
    Difference,
    differences,
    read_desk,
    undefined_guards,
    workflow_faults,
    write_desk,
)
from ticketcore.config.notation import written
from ticketcore.config.workflows import read_every_workflow
from ticketcore.model import REQUEST, Category, Move, State, TicketType, Transition, Workflow
from ticketcore.model.workflow import NATIVE_RULES

REPAIRS = """\
desk.tenant = "jeweller"

[types.repair]
name = "Repair"
workflow = "repair"

[types.question]

[workflows.repair]
name = "In the workshop"
based_on = "request"
without = ["pending"]
rules = ["customer_waits", "reply_reopens", "tested"]

[workflows.repair.states]
on_hold.default = true
solved.labels = {en = "Done", de = "Fertig"}

[workflows.repair.states.parts]
category = "on_hold"
labels = "Waiting for parts"
customer_labels = {en = "Being repaired", de = "In Reparatur"}

[workflows.repair.moves]
new.close = []
open.hold = ["on_hold", {to = "parts", rights = ["workshop"]}]

[workflows.repair.moves.parts]
assign = "parts"
reply = "open"
resume = {to = "open", guards = ["weighed"]}

[workflows.alone]
opens = "todo"

[workflows.alone.states]
todo.category = "open"
done = {category = "closed"}

[workflows.alone.moves.todo]
assign = "todo"
reply = "todo"
close = "done"

[workflows.again]
based_on = "repair"
"""

CHANGED = {("open", Move.HOLD), ("new", Move.CLOSE)}
REPAIR = Workflow(
    "repair",
    [
        *(state for state in REQUEST.states if state.id in ("new", "open")),
        State("on_hold", "on_hold", is_default=True),
        State("solved", "solved", {"en": "Done", "de": "Fertig"}),
        State("closed", "closed"),
        State("parts", "on_hold", "Waiting for parts", {"en": "Being repaired", "de": "In Reparatur"}),
    ],
    [
        *(
            way
            for way in REQUEST.transitions
            if "pending" not in (way.source, way.target) and (way.source, way.move) not in CHANGED
        ),
        Transition("open", Move.HOLD, "on_hold"),
        Transition("open", Move.HOLD, "parts", rights=["workshop"]),
        Transition("parts", Move.ASSIGN, "parts"),
        Transition("parts", Move.REPLY, "open"),
        Transition("parts", Move.RESUME, "open", ["weighed"]),
    ],
    ["customer_waits", "reply_reopens", "tested"],
    "In the workshop",
)


def test_types_and_workflows_are_read():
    config = read_desk(REPAIRS).configuration
    assert config.types == (TicketType("repair", "Repair", "repair"), TicketType("question"))
    assert [workflow.id for workflow in config.workflows] == ["repair", "alone", "again", "request"]
    assert config.workflows[0] == REPAIR
    assert config.workflows[1] == Workflow(
        "alone",
        [State("todo", "open"), State("done", "closed")],
        [
            Transition(None, Move.OPEN, "todo"),
            *(Transition("todo", move, "todo") for move in (Move.ASSIGN, Move.REPLY)),
            Transition("todo", Move.CLOSE, "done"),
        ],
    )
    assert config.workflows[2] == attrs.evolve(REPAIR, id="again", name="")
    assert config.workflows[3] is REQUEST, "a type follows it"


def test_the_usual_workflow_may_be_changed_under_its_own_name():
    changed = '[workflows.request]\nbased_on = "request"\n[workflows.request.moves.open]\nclose = "closed"\n'
    more = '[workflows.more]\nbased_on = "request"\n'
    config = read_desk(f'desk.tenant = "t"\n{changed}{more}').configuration
    usual = attrs.evolve(REQUEST, transitions=[*REQUEST.transitions, Transition("open", Move.CLOSE, "closed")])
    assert config.workflows == (usual, attrs.evolve(usual, id="more"))


def test_a_state_that_was_left_out_may_come_back_as_another():
    said = '[workflows.w]\nbased_on = "request"\nwithout = ["on_hold"]\nstates.on_hold.category = "pending"\n'
    with pytest.raises(InvalidInput, match="must have one default of the category pending, not 0") as invalid:
        read_desk(f'desk.tenant = "t"\n{said}')
    assert invalid.value.field == "workflows.w.states"


# What is written is read again, and is short.


def with_workflows(*made):
    return DeskFile("t", Configuration(types=[TicketType("a", workflow=made[0].id)], workflows=made))


@given(variants("w") | workflows("w"))
@example(REPAIR)
def test_a_workflow_that_is_written_is_read_again(workflow):
    file = with_workflows(workflow)
    assert read_desk(write_desk(file)) == file


@given(variants(), variants("w"))
def test_what_is_based_on_the_usual_one_is_based_on_that_of_the_file(changed, other):
    assume(all((changed.state(state.id) or state).category is state.category for state in other.states))
    for made in ((changed, other), (other, changed)):
        file = with_workflows(*made)
        assert read_desk(write_desk(file)) == file


def test_what_is_like_the_usual_one_is_written_by_what_differs():
    assert write_desk(with_workflows(REPAIR)) == """\
[desk]
tenant = "t"

[types.a]
workflow = "repair"

[workflows.repair]
name = "In the workshop"
based_on = "request"
without = ["pending"]
rules = ["customer_waits", "reply_reopens", "tested"]

[workflows.repair.states]
on_hold = {default = true}
solved = {labels = {de = "Fertig", en = "Done"}}
parts = {category = "on_hold", labels = "Waiting for parts", \
customer_labels = {de = "In Reparatur", en = "Being repaired"}}

[workflows.repair.moves]
new = {close = []}
open = {hold = ["on_hold", {to = "parts", rights = ["workshop"]}]}
parts = {assign = "parts", reply = "open", resume = {to = "open", guards = ["weighed"]}}
"""  # fmt: skip
    like = attrs.evolve(REQUEST, id="like")
    assert write_desk(with_workflows(like, REQUEST)).endswith(
        '\n[workflows.like]\nbased_on = "request"\n\n[workflows.request]\nbased_on = "request"\n'
    )


def test_what_is_not_like_it_is_written_alone():
    alone = read_desk(REPAIRS).configuration.workflows[1]
    assert write_desk(with_workflows(alone)).endswith("""
[workflows.alone]
opens = "todo"

[workflows.alone.states]
todo = {category = "open"}
done = {category = "closed"}

[workflows.alone.moves]
todo = {assign = "todo", reply = "todo", close = "done"}
""")
    mixed = attrs.evolve(REQUEST, id="mixed", states=REQUEST.states[::-1])
    assert "based_on" not in write_desk(with_workflows(mixed))


# Where faults stand.

FAULTS = [
    ('workflow = "repair"', 'workflow = "repare"', 5, "types.repair.workflow", "did you mean 'repair'?"),
    ("[types.question]", "[types.question]\nflow = 1", 8, "types.question.flow", "did you mean 'workflow'?"),
    ('name = "Repair"', 'name = "\\u0000"', 4, "types.repair.name", "NUL"),
    ('based_on = "request"', 'based_on = "requst"', 11, "workflows.repair.based_on", "did you mean 'request'?"),
    ('based_on = "request"', 'based_on = "again"', 11, "workflows.repair.based_on", "no sound workflow 'again' stands"),
    ('based_on = "request"', 'based_on = "repair"', 11, "workflows.repair.based_on", "no sound workflow 'repair'"),
    ('"In the workshop"', '"\\u0000"', 10, "workflows.repair.name", "NUL"),
    ("[workflows.alone]", '[workflows.""]\nbased_on = "request"\n[workflows.alone]', 33, 'workflows.""', "1 to 1000"),
    ('["pending"]', '["pendign"]', 12, "workflows.repair.without[0]", "did you mean 'pending'?"),
    ('["pending"]', '["pending", "pending"]', 12, "workflows.repair.without[1]", "no state 'pending' is there"),
    ('["pending"]', '["new"]', 9, "workflows.repair.opens", "no state 'new' is declared"),
    ('"tested"]', '"tested", "tested"]', 13, "workflows.repair.rules[3]", "repeats 'tested'"),
    ('"tested"]', '"never_back_to_new", ""]', 13, "workflows.repair.rules[3]", "1 to 1000 characters"),
    ("on_hold.default = true", "on_hold.default = 1", 16, "workflows.repair.states.on_hold.default", "true or false"),
    ("on_hold.default = true", "", 15, "workflows.repair.states", "one default of the category on_hold, not 0"),
    ("on_hold.default", "opne.default", 16, "workflows.repair.states.opne.category", "is missing"),
    ('category = "on_hold"', 'category = "hold"', 20, "workflows.repair.states.parts.category", "mean 'on_hold'"),
    ('category = "on_hold"', 'catgory = "hold"', 20, "workflows.repair.states.parts.catgory", "mean 'category'"),
    ('"Waiting for parts"', '"DONE"', 21, "workflows.repair.states.parts.labels", "is what 'solved' is called (en)"),
    ('"Waiting for parts"', '""', 21, "workflows.repair.states.parts.labels", "1 to 1000 characters"),
    ('"Waiting for parts"', "1", 21, "workflows.repair.states.parts.labels", "a text, or a table of texts by locale"),
    ('"In Reparatur"', '""', 22, "workflows.repair.states.parts.customer_labels.de", "1 to 1000 characters"),
    ('"In Reparatur"', "1", 22, "workflows.repair.states.parts.customer_labels.de", "must be a text"),
    ("de = \"In R", "EN = \"In R", 22, "workflows.repair.states.parts.customer_labels", "stands twice"),
    ("new.close = []", "new.clsoe = []", 25, "workflows.repair.moves.new.clsoe", "did you mean 'close'?"),
    ("new.close = []", "new.open = []", 25, "workflows.repair.moves.new.open", "is not known here"),
    ("new.close = []", "new = []", 25, "workflows.repair.moves.new", "must be a table, not a list"),
    ("new.close = []", "new.assign = []", 15, "workflows.repair.states.new", "nobody can be given a ticket in 'new'"),
    ("new.close = []", "new.close = 1", 25, "workflows.repair.moves.new.close", "must be a state, a table"),
    ("new.close = []", "new.close = ['x']", 25, "workflows.repair.moves.new.close", "no state 'x' is declared"),
    ("new.close = []", "nwe.close = 'open'", 25, "workflows.repair.moves.nwe", "declared; did you mean"),
    ("new.close = []", "solved.resume = 'new'\nrules = 1", 26, "workflows.repair.moves.rules", "must be a table"),
    ('{to = "parts", rights', '{too = "parts", rights', 26, "workflows.repair.moves.open.hold[1].too", "mean 'to'"),
    ('{to = "parts", rights', "{rights", 26, "workflows.repair.moves.open.hold[1].to", "is missing"),
    ('to = "parts", rights', 'to = "", rights', 26, "workflows.repair.moves.open.hold[1].to", "1 to 1000 characters"),
    ('to = "parts", rights', 'to = "prats", rights', 26, "workflows.repair.moves.open.hold[1]", "did you mean 'parts'"),
    ('to = "parts", rights', 'to = "on_hold", rights', 26, "workflows.repair.moves.open.hold[1]", "stands twice"),
    ('["on_hold", {to', '["", {to', 26, "workflows.repair.moves.open.hold[0]", "1 to 1000 characters"),
    ('["workshop"]', '["workshop", "workshop"]', 26, "workflows.repair.moves.open.hold[1].rights[1]", "repeats"),
    ('["weighed"]', "[1]", 31, "workflows.repair.moves.parts.resume.guards[0]", "must be a text"),
    ('{to = "parts", rights = ["workshop"]}', '"on_hold"', 26, "workflows.repair.moves.open.hold[1]", "stands twice"),
    ('["on_hold", {to = "parts", rights = ["workshop"]}]', '"on_hold"', 19, "workflows.repair.states.parts", "reached"),
    ('reply = "open"', "", 19, "workflows.repair.states.parts", "nothing leaves 'parts' by a customer's reply"),
    ('reply = "open"', 'reply = "parts"', 19, "workflows.repair.states.parts", "does not reopen 'parts'"),
    ('opens = "todo"', "", 33, "workflows.alone.opens", "is missing"),
    ('opens = "todo"', 'opens = ""', 34, "workflows.alone.opens", "1 to 1000 characters"),
    ('opens = "todo"', 'opens = "tood"', 34, "workflows.alone.opens", "did you mean 'todo'?"),
    ('opens = "todo"', 'without = ["x"]', 34, "workflows.alone.without[0]", "no state 'x' is there"),
    ('based_on = "repair"', 'based_on = "alone"\nstates = 1', 47, "workflows.again.states", "must be a table"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "field", "reason"), FAULTS, ids=lambda value: str(value)[:30])
def test_a_fault_has_its_key_its_line_and_its_reason(old, new, line, field, reason):
    assert REPAIRS.count(old) == 1
    with pytest.raises(InvalidInput) as invalid:
        read_desk(REPAIRS.replace(old, new))
    assert (invalid.value.field, invalid.value.line) == (field, line), invalid.value
    assert reason in invalid.value.reason


def test_a_state_means_the_same_in_all_workflows():
    with pytest.raises(InvalidInput) as invalid:
        read_desk(REPAIRS.replace("todo", "new"))
    assert (invalid.value.field, invalid.value.line) == ("workflows.alone.states.new.category", 37)


def test_a_desk_has_a_type():
    with pytest.raises(InvalidInput, match="line 2: types: must name at least one type"):
        read_desk('desk.tenant = "t"\ntypes = {}')


def test_every_fault_of_every_workflow_is_found():
    table = {
        "a": {"based_on": "request", "states": {"x": {"category": "open"}}, "moves": {"open": {"solve": []}}},
        "b": {"based_on": "a", "states": 7},
        "c": {"based_on": "request", "moves": {"open": {"pend": "x", "hold": "y"}}},
        "d": {"based_on": "c"},
        "e": {"based_on": "request"},
        "request": {"opens": "z"},
        "f": {"based_on": "request"},
    }
    read = read_every_workflow(table, ("workflows",))
    assert list(read.workflows) == ["e"]
    assert [(written(fault.path), fault.reason) for fault in read.faults] == [
        ("workflows.a.states", "must have one default of the category open, not 0"),
        ("workflows.a.states.x", "'x' cannot be reached"),
        ("workflows.a.states.x", "nothing leaves 'x' by a customer's reply, and nothing stays there"),
        ("workflows.a.states.x", "nobody can be given a ticket in 'x'"),
        ("workflows.b.states", "must be a table, not a whole number"),
        ("workflows.c.moves.open.pend", "no state 'x' is declared"),
        ("workflows.c.moves.open.hold", "no state 'y' is declared"),
        ("workflows.d.based_on", "no sound workflow 'c' stands above"),
        ("workflows.request.opens", "no state 'z' is declared"),
        ("workflows.f.based_on", "no sound workflow 'request' stands above"),
    ]


def told(errors):
    return [(error.line, error.field, error.reason) for error in errors]


def test_every_guard_that_nobody_defines_is_found():
    assert told(undefined_guards(REPAIRS)) == [
        (13, "workflows.repair.rules[2]", "nobody defines 'tested'"),
        (31, "workflows.repair.moves.parts.resume.guards", "nobody defines 'weighed'"),
        (45, "workflows.again.rules[2]", "nobody defines 'tested'"),
        (45, "workflows.again.moves.parts.resume.guards", "nobody defines 'weighed'"),
    ]
    assert {fault.field for fault in undefined_guards(REPAIRS, ["weighed"])} == {
        "workflows.repair.rules[2]", "workflows.again.rules[2]"
    }  # fmt: skip
    assert undefined_guards("\ufeff" + REPAIRS, ["tested", "weighed"]) == ()
    assert undefined_guards("workflows = 1") == ()
    with pytest.raises(InvalidInput, match="TOML"):
        undefined_guards("workflows")


def test_what_a_reader_would_refuse_first_is_among_the_faults():
    assert workflow_faults(REPAIRS) == ()
    for old, new, line, field, _ in FAULTS:
        assert (line, field) in {(error.line, error.field) for error in workflow_faults(REPAIRS.replace(old, new))}
    assert told(workflow_faults("x")) == [(1, "TOML", "expected '=' after a key in a key/value pair at the end")]
    assert told(workflow_faults("[" * 5000))[0][1] == "TOML"


# Differences.

DESK = read_desk(REPAIRS).configuration


def bent(**fields):
    return attrs.evolve(DESK, workflows=[attrs.evolve(REPAIR, **fields), *DESK.workflows[1:]])


def state_of(id, **fields):
    return [attrs.evolve(state, **fields) if state.id == id else state for state in REPAIR.states]


WAYS = REPAIR.transitions
HOLDS = [way for way in WAYS if (way.source, way.move) == ("open", Move.HOLD)]
OTHERS = [way for way in WAYS if way not in HOLDS]
CHANGES = [
    (attrs.evolve(DESK, types=DESK.types[::-1]), "types", '["repair", "question"]', '["question", "repair"]'),
    (attrs.evolve(DESK, types=DESK.types[:1]), "types.question", "{}", None),
    (
        attrs.evolve(DESK, types=[TicketType("repair", "Repair"), *DESK.types[1:]]),
        "types.repair.workflow",
        '"repair"',
        '"request"',
    ),
    (attrs.evolve(DESK, types=[TicketType("repair", "", "repair"), *DESK.types[1:]]), "types.repair.name", ..., '""'),
    (attrs.evolve(DESK, workflows=[DESK.workflows[0], *DESK.workflows[2:]]), "workflows.alone",
     '{opens = "todo", states = {todo = {category = "open"}, done = {category = "closed"}}, '
     'moves = {todo = {assign = "todo", reply = "todo", close = "done"}}}', None),
    (bent(name=""), "workflows.repair.name", '"In the workshop"', '""'),
    (bent(rules=NATIVE_RULES[:1]), "workflows.repair.rules", ..., '["never_back_to_new"]'),
    (bent(states=state_of("parts", labels="Parts")), "workflows.repair.states.parts.labels", ..., '"Parts"'),
    (bent(states=state_of("new", customer_labels={"de": "Da"})), "workflows.repair.states.new.customer_labels", "{}",
     '{de = "Da"}'),
    (bent(states=state_of("new", is_default=True)), "workflows.repair.states.new.default", "false", "true"),
    (bent(transitions=[*OTHERS, *HOLDS[::-1]]), "workflows.repair.moves.open.hold",
     '["on_hold", {to = "parts", rights = ["workshop"]}]', '[{to = "parts", rights = ["workshop"]}, "on_hold"]'),
    (bent(transitions=[*WAYS, Transition("parts", Move.SOLVE, "solved")]), "workflows.repair.moves.parts.solve", None,
     '"solved"'),
    (bent(transitions=[attrs.evolve(way, target="open") if way.source is None else way for way in WAYS
                       if way.source != "new"], states=[one for one in REPAIR.states if one.id != "new"]), None, 0, 0),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "path", "ours", "theirs"), CHANGES, ids=lambda value: str(value)[:30])
def test_each_change_of_a_workflow_is_one_difference(stored, path, ours, theirs):
    if path is None:
        assert {each.path for each in differences(DESK, stored)} == {
            "workflows.repair.opens", "workflows.repair.states.new", "workflows.repair.moves.new"
        }  # fmt: skip
        return
    (found,) = differences(DESK, stored)
    assert (found.path, found.stored_value) == (path, theirs)
    assert found.file_value == ours or (ours is ... and found.file_value)


def test_the_usual_workflow_is_no_difference_to_itself():
    said = 'desk.tenant = "t"\n[workflows.request]\nbased_on = "request"\n'
    assert differences(read_desk(said).configuration, Configuration()) == ()
    assert isinstance(differences(DESK, Configuration())[0], Difference)
    assert Category("open") in DESK.states.values()
