"""Values as JSON text: what is written is what cattrs and ``json`` make of the same value."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.codec import VALUES, converter, decode_event, encode, encode_event
from ticketcore.events import EVENTS
from ticketcore.jsontext import _instant, writer
from ticketcore.model import Configuration, Text
from ticketcore.testing.filled import filled, sparse


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Equal instants of two time zones read differently; values that a desk makes are all in UTC."""
    _instant.cache_clear()


def dumped(value):
    """The oracle's text."""
    return json.dumps(converter.unstructure(value), ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("made", [filled, sparse])
@pytest.mark.parametrize("kind", VALUES.values(), ids=lambda kind: kind.__name__)
def test_a_value_is_written_as_the_oracle_writes_it(kind, made):
    value = made(kind)
    assert encode(value) == dumped(value)


@pytest.mark.parametrize("made", [filled, sparse])
@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_an_event_is_written_as_the_oracle_writes_it_after_its_name(kind, made):
    event = made(kind)
    opening = f'{{"event":"{kind.__name__}","schema":{kind.SCHEMA},'
    assert encode_event(event) == opening + dumped(event)[1:]
    assert decode_event(encode_event(event)) == event


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_written_as_the_oracle_writes_it(words):
    text = Text("t", 1, words)
    assert encode(text) == dumped(text)


def test_an_object_of_defaults_is_empty():
    assert encode(Configuration()) == "{}"


@pytest.mark.parametrize("kind", [float, dict[str, str], str | int, tuple[str, int], object])
def test_a_type_without_json_is_refused_when_its_writer_is_made(kind):
    with pytest.raises(TypeError, match="no JSON is known"):
        writer(kind)
