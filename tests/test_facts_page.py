"""The page about facts has every property of every fact as the published shape has it, and a full line of each."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from ticketcore.feeds import Rejection, read_fact
from ticketcore.feeds.shapes import fact_schema

PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "facts.md").read_text(encoding="utf-8")
SCHEMA = fact_schema()
FACTS = [reference["$ref"].rpartition("/")[2] for reference in SCHEMA["oneOf"]]
COMMON, *SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)
BY_HEAD = {re.match(r"[^\n]*?`(\w+)`|", section)[1]: section for section in SECTIONS}


def properties(text):
    """The properties that the tables of a section explain, each table by itself, with whether it is required."""
    tables = re.findall(r"^\| property \|.*\n\| ---.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [dict(re.findall(r"^\| `(\w+)` \| (yes|no) \| [^|]+ \| [^|]+ \|$", table, re.MULTILINE)) for table in tables]


def of_shape(name):
    """The same as the schema has it."""
    shape = SCHEMA["$defs"][name]
    return {each: "yes" if each in shape["required"] else "no" for each in shape["properties"]}


def lines(section):
    return "".join(re.findall(r"```json\n(.*?)```", section, re.DOTALL)).splitlines()


def test_the_page_has_every_fact_and_no_other():
    assert [name for name in BY_HEAD if name not in (None, "about")] == FACTS


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_has_its_properties(name):
    (own,) = properties(BY_HEAD[name])
    (common,) = properties(COMMON)
    assert {**common, **own} == of_shape(name)


def test_the_ways_to_name_a_ticket_have_their_properties():
    assert properties(BY_HEAD["about"]) == [of_shape(name) for name in ("number", "answers", "contact")]


@pytest.mark.parametrize("name", FACTS)
def test_the_lines_of_a_fact_are_valid_and_show_each_property(name):
    shown = [json.loads(line) for line in lines(BY_HEAD[name])]
    for line, body in zip(lines(BY_HEAD[name]), shown, strict=True):
        jsonschema.Draft202012Validator(SCHEMA).validate(body)
        assert not isinstance(read_fact(line), Rejection)
        assert body["fact"] == name
    assert {each for body in shown for each in body} == set(of_shape(name))
