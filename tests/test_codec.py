"""Values and events as JSON: what is written says every field, and is read as the same value."""

import json
from datetime import date, datetime, timedelta
from enum import Enum

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.codec import VALUES, decode, decode_event, decode_events, encode, encode_event
from ticketcore.events import EVENTS, StateChanged
from ticketcore.model import Configuration, Kind, SkillLevel, Text
from ticketcore.testing.filled import filled, sparse


def plain(value):
    """The same in what JSON knows: an oracle of its own for all but how a duration is written."""
    if attrs.has(type(value)):
        named = {field.name: getattr(value, field.name) for field in attrs.fields(type(value)) if field.init}
        return {name: plain(held) for name, held in named.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return Duration(value)
    return value


class Duration:
    """Equal to the text of a duration: a sign, whole days, and seconds (ISO 8601, 4.4.3)."""

    def __init__(self, span):
        self.span = span

    def __eq__(self, text):
        sign = -1 if text.startswith("-") else 1
        days, _, seconds = text.removeprefix("-").removeprefix("P").removesuffix("S").partition("T")
        return sign * timedelta(days=int(days.removesuffix("D") or 0), seconds=float(seconds or 0)) == self.span


@pytest.mark.parametrize("made", [filled, sparse])
@pytest.mark.parametrize("kind", VALUES)
def test_a_value_says_all_its_fields_and_is_read_again(kind, made):
    value = made(VALUES[kind])
    assert json.loads(encode(value)) == plain(value)
    assert decode(kind, encode(value)) == value
    assert "\n" not in encode(value)


@pytest.mark.parametrize("made", [filled, sparse])
@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_an_event_says_its_name_too(kind, made):
    event = made(kind)
    assert json.loads(encode_event(event)) == {"event": kind.__name__, "schema": kind.SCHEMA, **plain(event)}
    assert decode_event(encode_event(event)) == event


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_as_it_was_written(words):
    text = Text("t", 1, words)
    assert json.loads(encode(text))["words"] == words
    assert decode(Kind.TEXT, encode(text)) == text


def test_what_has_a_default_may_be_missing():
    assert decode(Kind.CONFIGURATION, "{}") == Configuration()
    stripped = {name: value for name, value in json.loads(encode(filled(SkillLevel))).items() if name != "level"}
    assert stripped == {"skill": filled(SkillLevel).skill}


def test_what_is_read_follows_its_workflows_as_what_was_written():
    """What a configuration looks up is made anew, and not written."""
    written = filled(Configuration)
    read = decode(Kind.CONFIGURATION, encode(written))
    for type in written.types:
        assert read.workflow_of(type.id) == written.workflow_of(type.id)
        for state in written.workflow_of(type.id).states:
            assert read.workflow_of(type.id).state(state.id) == state
    assert not any(name.startswith("_") for name in json.loads(encode(written)))


def test_several_events_may_stand_in_one_text():
    events = [filled(kind) for kind in EVENTS]
    texts = [encode_event(event) for event in events]
    assert decode_events([",".join(texts[:3]), *texts[3:]]) == events
    assert decode_events([]) == []


BROKEN = ["{", "[]", "null", '"x"', "{}", '{"event": 3}', '{"event": "Nobody"}', '{"event": "StateChanged"}']


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_event_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"\S"):
        decode_event(text)


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"id": 1}'])
def test_what_is_no_value_is_a_value_error(kind, text):
    if kind is Kind.CONFIGURATION and text == '{"id": 1}':
        return  # A configuration has no id, and no field that it needs.
    with pytest.raises(ValueError, match=r"\S"):
        decode(kind, text)


@pytest.mark.parametrize("change", [{"at": 3}, {"at": "yesterday"}, {"category": "unknown"}, {"state": None}])
def test_a_field_of_another_type_is_a_value_error(change):
    body = json.loads(encode_event(filled(StateChanged)))
    with pytest.raises(ValueError, match=rf"\$\.{next(iter(change))}"):
        decode_event(json.dumps({**body, **change}))
