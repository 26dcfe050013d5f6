"""The generated pages are what the code makes now, and the schema of events describes what the codec writes."""

import doctest
import enum
import json
import re
import types
import typing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs import generate
from ticketcore.codec import decode_event, encode_event
from ticketcore.events import EVENTS, Event
from ticketcore.model import (
    MAX_LEVEL,
    Actor,
    ActorKind,
    AgentAttribute,
    CapacityProfile,
    Category,
    Kind,
    Leave,
    Move,
    Rate,
    SkillLevel,
    State,
    Transition,
    Units,
    Workflow,
    WorkShift,
)
from ticketcore.schema import event_schema

FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date-time")
def _is_rfc_3339(value: object) -> bool:
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return not isinstance(value, str) or re.fullmatch(pattern, value) is not None


@FORMATS.checks("date")
def _is_full_date(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


SCHEMA = event_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=FORMATS)

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
UNITS = [Units("x", 3)]
FULL = CapacityProfile("x", 3, UNITS, UNITS, UNITS, 3, Rate(3, timedelta(days=2, microseconds=7)), ["x"], ["y"])
"""A profile with all that it can have; of any values whatsoever it refuses most."""
SHIFT = WorkShift("x", "06:00", "14:00", "UTC")
LEAVE = Leave(datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC))
plain = {
    str: words,
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    types.NoneType: st.none(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    timedelta: st.timedeltas(),
    SkillLevel: st.builds(SkillLevel, words, st.integers(1, MAX_LEVEL)),
    AgentAttribute: st.builds(AgentAttribute, words, words | st.integers(-9, 9)),
    CapacityProfile: st.sampled_from([FULL, CapacityProfile("p")]),
    WorkShift: st.just(SHIFT),
    Leave: st.just(LEAVE),
}


def values(annotation: typing.Any) -> st.SearchStrategy[typing.Any]:
    """Any value of a type that a field of an event may have."""
    arguments = typing.get_args(annotation)
    if annotation in plain:
        return plain[annotation]
    if isinstance(annotation, types.UnionType):
        return st.one_of([values(argument) for argument in arguments])
    if arguments[1:] == (...,):
        return st.lists(values(arguments[0]), max_size=3).map(tuple)
    if arguments:
        return st.tuples(*(values(argument) for argument in arguments))
    if issubclass(annotation, enum.Enum):
        return st.sampled_from(annotation)
    return st.builds(annotation, **{name: values(hint) for name, hint in fields(annotation).items()})


def fields(kind: type) -> dict[str, typing.Any]:
    """The types of the fields of an attrs class, by name."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in attrs.fields(kind)}


def filled(annotation: typing.Any) -> typing.Any:
    """One value of the type that is as full as can be: nothing is None or empty, no text or number a default."""
    arguments = typing.get_args(annotation)
    simple = {str: "x", int: 3, float: 0.5, bool: True, datetime: datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)}
    simple[timedelta] = timedelta(days=-2, microseconds=7)
    simple |= {CapacityProfile: FULL, WorkShift: SHIFT, Leave: LEAVE}
    if annotation in simple:
        return simple[annotation]
    if isinstance(annotation, types.UnionType):
        return filled(arguments[0])
    if arguments:
        return tuple(filled(argument) for argument in arguments if argument is not ...)
    if issubclass(annotation, enum.Enum):
        return list(annotation)[-1]
    return annotation(**{name: filled(hint) for name, hint in fields(annotation).items()})


def written(event: Event) -> dict[str, typing.Any]:
    return json.loads(encode_event(event))


def places(node: typing.Any) -> list[tuple[typing.Any, typing.Any]]:
    """Every place in a JSON value where a value stands: the object or list, and the name or index in it."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [place for key, child in children for place in ((node, key), *places(child))]


of_each_class = pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)


@pytest.mark.parametrize("path", generate.pages(), ids=lambda path: path.name)
def test_the_committed_page_is_what_the_code_makes(path: Path):
    assert path.is_file(), f"{path.name} is missing: run make docs"
    assert path.read_text(encoding="utf-8") == generate.pages()[path], f"{path.name} is out of date: run make docs"


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_offers_every_class_of_event():
    assert SCHEMA["oneOf"] == [{"$ref": f"#/$defs/{kind.__name__}"} for kind in EVENTS]


@of_each_class
def test_each_event_is_described_by_its_docstring(kind):
    assert SCHEMA["$defs"][kind.__name__]["description"].split("\n")[0] == kind.__doc__.split("\n")[0].replace(
        "``", "`"
    )


@of_each_class
def test_only_fields_without_a_default_are_required(kind):
    bare = {name for name, field in attrs.fields_dict(kind).items() if field.default is attrs.NOTHING}
    assert set(SCHEMA["$defs"][kind.__name__]["required"]) == {"event", "schema"} | bare


@of_each_class
def test_a_filled_event_has_every_field_of_its_shape_and_is_valid(kind):
    event = filled(kind)
    assert written(event).keys() == SCHEMA["$defs"][kind.__name__]["properties"].keys()
    VALIDATOR.validate(written(event))
    assert decode_event(encode_event(event)) == event


@given(data=st.data())
@settings(deadline=None)
def test_every_event_is_valid_and_survives_the_codec(data):
    event = data.draw(st.sampled_from(EVENTS).flatmap(values))
    VALIDATOR.validate(written(event))
    assert decode_event(encode_event(event)) == event


@pytest.mark.slow
@of_each_class
def test_a_value_of_the_wrong_type_is_invalid_wherever_it_stands(kind):
    for number in range(len(places(written(filled(kind))))):
        for wrong in (0.5, {"no": "such"}):
            body = written(filled(kind))
            node, key = places(body)[number]
            if isinstance(node[key], float) and isinstance(wrong, float):
                continue
            node[key] = wrong
            assert not VALIDATOR.is_valid(body), (key, body)


@of_each_class
def test_a_missing_or_unknown_field_is_invalid(kind):
    for name in SCHEMA["$defs"][kind.__name__]["required"]:
        body = written(filled(kind))
        del body[name]
        assert not VALIDATOR.is_valid(body), name
    assert not VALIDATOR.is_valid({**written(filled(kind)), "unknown": 1})


@pytest.mark.parametrize("instant", ["yesterday", "2026-01-02", "2026-01-02T03:04:05", 1767323045])
def test_an_instant_is_a_date_and_time_with_zone(instant):
    assert not VALIDATOR.is_valid({**written(filled(EVENTS[0])), "at": instant})


class Colour(enum.Enum):
    """Neither text nor number in JSON by itself."""

    RED = "red"


@attrs.frozen
class Painted(Event):
    """An event with an enumeration, a default made by a factory and a pair of unlike things."""

    STREAM = Kind.TICKET

    colour: Colour
    pair: tuple[int, str | None] = attrs.field(factory=lambda: (1, None))


@attrs.frozen
class Weighed(Event):
    """An event with a type that has no schema."""

    STREAM = Kind.TICKET

    kilograms: complex


def test_a_default_made_by_a_factory_is_optional():
    shape = event_schema((Painted,))["$defs"]["Painted"]
    assert shape["required"] == ["event", "schema", "at", "actor", "colour"]
    pair = [{"type": "integer"}, {"anyOf": [{"type": "string"}, {"type": "null"}]}]
    assert shape["properties"]["pair"] == {"type": "array", "prefixItems": pair, "items": False, "minItems": 2}


def test_a_type_without_a_schema_is_refused_by_class_and_field():
    with pytest.raises(TypeError, match=r"^Weighed\.kilograms: no JSON Schema for <class 'complex'>$"):
        event_schema((Weighed,))


def test_two_classes_of_one_name_are_refused():
    other = attrs.make_class("Actor", {"name": attrs.field(type=str)})
    confused = attrs.make_class("Confused", {"other": attrs.field(type=other)}, bases=(Event,), frozen=True)
    confused.__annotations__ = {"other": other}
    with pytest.raises(TypeError, match="Actor: two classes of this name"):
        event_schema((confused,))


def test_the_examples_in_the_generator():
    assert doctest.testmod(generate).failed == 0


def test_the_page_of_a_lifecycle_shows_each_state_and_refusal():
    states = [State("new", Category.NEW), State("done", Category.CLOSED, customer_labels="Bye")]
    ways = [
        Transition(None, Move.OPEN, "new"),
        Transition("new", Move.REPLY, "new"),
        Transition("new", Move.ASSIGN, "new"),
        Transition("new", Move.CLOSE, "done"),
    ]
    page = generate.lifecycle_page(Workflow("short", states, ways, rules=[]))
    assert "| done | closed | Bye |" in page
    assert "| state | open | assign | reply | close |" in page
    assert "| (no ticket yet) | new | - | - | - |\n| new | - | new | new | done |" in page
    assert "](lifecycle.svg)" in page


def test_actors_of_every_kind_are_valid():
    for kind in ActorKind:
        VALIDATOR.validate(written(attrs.evolve(filled(EVENTS[0]), actor=Actor(kind, "x"))))
