"""Lines of JSON as facts: the published schema and the reader agree, and no text raises."""

import base64
import json
import math
import re
from datetime import UTC, datetime, timedelta

import attrs
import jsonschema
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from test_generated_docs import places

from ticketcore import Inbound, InvalidInput
from ticketcore.feeds import (
    AgentAttributesFact,
    AnsweredMessage,
    AttributesFact,
    CapacityFact,
    CapacityProfileFact,
    DeleteFact,
    FocusFact,
    HandOverFact,
    JsonLines,
    LeaveFact,
    LinkFact,
    MemberFact,
    MergeContactsFact,
    MergeFact,
    MessageFact,
    NoteFact,
    OrganisationFact,
    PresenceFact,
    QuarantineFact,
    Rejection,
    ReplyFact,
    ResolveFact,
    ShiftsFact,
    SkillsFact,
    SplitFact,
    TagsFact,
    TeamsFact,
    ThreadOf,
    TicketNumber,
    UnlinkFact,
    UnmergeContactsFact,
    UnmergeFact,
    UnsplitFact,
    WrappedUpFact,
    read_fact,
)
from ticketcore.feeds.lines import MAX_LINE
from ticketcore.feeds.observed import MAX_NUMBER
from ticketcore.feeds.shapes import fact_schema
from ticketcore.model import MAX_LEVEL, Deletion, Leave, Move, Presence, Relation, SkillLevel, SplitClocks
from ticketcore.model.message import File

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
SCHEMA = fact_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
FACTS = [option["$ref"].rpartition("/")[2] for option in SCHEMA["oneOf"]]

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
name = words.filter(len)
names = st.lists(name, max_size=3)
agent_attributes = st.dictionaries(name, words | st.integers(-(2**53) + 1, 2**53 - 1), max_size=3)
leaves = st.fixed_dictionaries(  # each time another, since tests break what they are given
    {"start": st.just("2026-03-02T09:00:00+01:00"), "end": st.just("2026-03-03T09:00:00+01:00")}
)
texts = st.dictionaries(name, words, max_size=3)
instants = st.builds(
    "{}{}{}".format,
    st.integers(-(10**10), 10**11).map(lambda second: (AT + timedelta(seconds=second)).isoformat()[:19]),
    st.sampled_from(["", ".5", ".123456", ".123456789"]),
    st.sampled_from(["Z", "+00:00", "-00:00", "+01:00", "-23:59", "+05:30"]),
)
abouts = st.one_of(
    st.fixed_dictionaries({"number": st.integers(1, MAX_NUMBER)}),
    st.fixed_dictionaries({"channel": name, "account": name, "answers": name}),
    st.fixed_dictionaries({"channel": name, "account": name, "contact": name}),
)
files = st.fixed_dictionaries(
    {"name": words, "media_type": name, "base64": st.binary(max_size=9).map(lambda raw: base64.b64encode(raw).decode())}
)


def line(fact, required, optional=None):
    return st.fixed_dictionaries({"at": instants, "fact": st.just(fact), **required}, optional=optional or {})


given_values = st.dictionaries(name, st.none() | words | st.lists(name, max_size=3), max_size=3)
relations = st.sampled_from(
    [
        *("follow_up_of", "followed_by", "duplicate_of", "duplicated_by", "child_of", "parent_of"),
        *("incident_of", "problem_of", "customer_of", "tracker_of"),
    ]
)
LINES = {
    "message": line(
        "message",
        {"channel": name, "account": name, "sender": name, "text": words},
        {
            "subject": words,
            "sender_name": words,
            "id": name,
            "answers": names,
            "tags": names,
            "attributes": texts,
            "headers": texts,
            "attachments": st.lists(files, max_size=2),
            "type": name,
            "organisation": name,
            "tokens": names,
            "return_address": words,
            "authenticated": st.booleans(),
        },
    ),
    "reply": line(
        "reply",
        {"about": abouts, "text": words},
        {"agent": name, "id": name, "then": st.sampled_from(["pend", "hold", "solve"])},
    ),
    "note": line("note", {"about": abouts, "text": words}, {"agent": name}),
    "resolve": line("resolve", {"about": abouts}, {"agent": name}),
    "tags": line("tags", {"about": abouts}, {"add": names, "remove": names}),
    "presence": line("presence", {"agent": name, "presence": st.sampled_from([str(one) for one in Presence])}),
    "skills": line("skills", {"agent": name, "skills": st.dictionaries(name, st.integers(1, MAX_LEVEL), max_size=3)}),
    "teams": line("teams", {"agent": name, "teams": names}),
    "agent_attributes": line("agent_attributes", {"agent": name, "attributes": agent_attributes}),
    "capacity": line("capacity", {"agent": name, "capacity": st.integers(0, 10_000)}),
    "capacity_profile": line("capacity_profile", {"agent": name, "profile": name}),
    "shifts": line("shifts", {"agent": name, "shifts": names}),
    "leave": line("leave", {"agent": name, "leave": st.lists(leaves, max_size=2)}),
    "focus": line("focus", {"about": abouts, "agent": name, "open": st.booleans()}),
    "attributes": line("attributes", {"about": abouts, "values": given_values}, {"agent": name}),
    "hand_over": line(
        "hand_over",
        {"about": abouts, "queue": name},
        {"type": name, "note": words, "values": given_values, "agent": name},
    ),
    "decline": line("decline", {"about": abouts, "agent": name}, {"reason": name}),
    "accept": line("accept", {"about": abouts, "agent": name}),
    "wrapped_up": line("wrapped_up", {"about": abouts, "agent": name}),
    "merge": line("merge", {"about": abouts, "into": abouts}, {"shared": st.booleans(), "agent": name}),
    "unmerge": line("unmerge", {"about": abouts}, {"agent": name}),
    "split": line(
        "split",
        {"channel": name, "account": name, "messages": st.lists(name, min_size=1, max_size=3)},
        {"clocks": st.sampled_from(["new", "inherited"]), "agent": name},
    ),
    "unsplit": line("unsplit", {"about": abouts}, {"agent": name}),
    "delete": line(
        "delete",
        {"about": abouts, "cause": st.sampled_from(["asked", "expired", "unwanted", "mistaken"])},
        {"with_parts": st.booleans(), "agent": name},
    ),
    "link": line("link", {"about": abouts, "relation": relations, "other": abouts}, {"agent": name}),
    "unlink": line("unlink", {"about": abouts, "relation": relations, "other": abouts}, {"agent": name}),
    "organisation": line("organisation", {"organisation": name, "name": name}),
    "member": line("member", {"channel": name, "account": name, "contact": name}, {"organisation": name}),
    "merge_contacts": line(
        "merge_contacts",
        {
            **dict.fromkeys(("channel", "account", "contact"), name),
            "into": st.fixed_dictionaries({"channel": name, "account": name, "contact": name}),
        },
        {"agent": name},
    ),
    "unmerge_contacts": line("unmerge_contacts", {"channel": name, "account": name, "contact": name}, {"agent": name}),
    "quarantine": line(
        "quarantine",
        {"channel": name, "account": name, "message": name, "accept": st.booleans()},
        {"agent": name, "about": abouts, "anew": st.booleans()},
    ),
}
"""What a line may be, written down apart from the code."""

lines = st.sampled_from(FACTS).flatmap(LINES.__getitem__)
junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["solve", "Z", "QQ="]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)

MESSAGE = {"at": "2026-03-02T09:00:00+01:00", "fact": "message", "channel": "chat", "account": "shop", "sender": "kim"}
MESSAGE["text"] = "Hello"


def read(**changed):
    """The message above with some properties changed; ``...`` leaves one out."""
    body = {key: value for key, value in {**MESSAGE, **changed}.items() if value is not ...}
    return read_fact(json.dumps(body), "a.jsonl", 7)


def beyond_a_schema(body):
    """Whether it has what no schema can say: half a pair, a whole number as a fraction, no JSON, or no instant."""
    texts = [body] if isinstance(body, str) else [*body] if isinstance(body, dict) else []
    children = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return (
        any(re.search("[\ud800-\udfff]|\n\\Z", text) for text in texts)
        or (isinstance(body, float) and (body.is_integer() or not math.isfinite(body)))
        or any(map(beyond_a_schema, children))
    )


# The schema and the reader.


def test_the_schema_is_one_and_offers_every_fact():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert list(LINES) == FACTS


@given(lines)
def test_every_line_of_the_shape_is_valid_and_read(body):
    VALIDATOR.validate(body)
    fact = read_fact(json.dumps(body), "a.jsonl", 3)
    assert not isinstance(fact, Rejection), fact
    assert (fact.KIND, fact.source, fact.line, fact.nth) == (body["fact"], "a.jsonl", 3, 0)
    assert fact.at == datetime.fromisoformat(body["at"])
    assert fact.at.utcoffset() == timedelta(0)


@given(lines, junk, st.sampled_from(["replaced", "added", "removed"]), st.data())
def test_what_the_schema_refuses_is_rejected_and_the_other_way_round(body, wrong, how, data):
    node, key = data.draw(
        st.sampled_from([place for place in places(body) if how == "replaced" or isinstance(place[0], dict)])
    )
    if how == "replaced":
        node[key] = wrong
    elif how == "added":
        node[data.draw(st.text(max_size=5) | st.sampled_from(["agent", "number", "id", "text", "line"]))] = wrong
    else:
        del node[key]
    assume(not beyond_a_schema(body))
    assert VALIDATOR.is_valid(body) == (not isinstance(read_fact(json.dumps(body)), Rejection))


@given(
    st.text()
    | junk.map(json.dumps)
    | lines.map(json.dumps).flatmap(lambda text: st.integers(0, 400).map(lambda end: text[:end]))
)
@example("[" * 100_000)
@example('{"at":' * 100_000)
@example('{"fact": "message", "at": ' + "9" * 5000 + "}")
@example("\ufeff{}")
@example("\0")
def test_any_text_is_a_fact_or_a_rejection(text):
    item = read_fact(text, "a.jsonl", 1)
    if isinstance(item, Rejection):
        assert (item.source, item.line) == ("a.jsonl", 1)
        assert item.reason
        assert (item.field + item.reason).isprintable()
        assert len(item.field) < 200


# Examples: what each line becomes.


def test_a_message():
    fact = read(
        subject="Hi", sender_name="Kim", id="m2", answers=["m1", "m0"], tags=["vip"], attributes={"order": "7"},
        headers={"Auto-Submitted": "no"}, attachments=[{"name": "a.txt", "media_type": "text/plain", "base64": "QUJD"}],
    )  # fmt: skip
    assert fact == MessageFact(
        "a.jsonl",
        7,
        AT,
        Inbound(
            "chat", "shop", "kim", "Hello", "Hi", "Kim", "m2", ("m1", "m0"), (File(b"ABC", "a.txt", "text/plain"),),
            headers={"auto-submitted": "no"}, attributes={"order": "7"}, tags=["vip"],
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        ({"fact": "reply", "about": {"number": 7}, "text": "Yes"}, ReplyFact("", None, AT, TicketNumber(7), "Yes")),
        (
            {"fact": "reply", "about": {"number": 7}, "text": "Yes", "agent": "ana", "id": "r1", "then": "solve"},
            ReplyFact("", None, AT, TicketNumber(7), "Yes", "ana", "r1", Move.SOLVE),
        ),
        (
            {"fact": "note", "about": {"channel": "chat", "account": "shop", "answers": "m1"}, "text": "Hm"},
            NoteFact("", None, AT, AnsweredMessage("chat", "shop", "m1"), "Hm"),
        ),
        (
            {"fact": "resolve", "about": {"channel": "chat", "account": "shop", "contact": "kim"}, "agent": "ana"},
            ResolveFact("", None, AT, ThreadOf("chat", "shop", "kim"), "ana"),
        ),
        (
            {"fact": "tags", "about": {"number": 7}, "add": ["vip", "vip"], "remove": ["new"]},
            TagsFact("", None, AT, TicketNumber(7), ["vip"], ["new"]),
        ),
        ({"fact": "presence", "agent": "ana", "presence": "away"}, PresenceFact("", None, AT, "ana", Presence.AWAY)),
        (
            {"fact": "skills", "agent": "ana", "skills": {"gold": 2}},
            SkillsFact("", None, AT, "ana", [SkillLevel("gold", 2)]),
        ),
        ({"fact": "teams", "agent": "ana", "teams": []}, TeamsFact("", None, AT, "ana", [])),
        ({"fact": "capacity", "agent": "ana", "capacity": 3}, CapacityFact("", None, AT, "ana", 3)),
        (
            {"fact": "capacity_profile", "agent": "ana", "profile": "desk"},
            CapacityProfileFact("", None, AT, "ana", "desk"),
        ),
        (
            {"fact": "agent_attributes", "agent": "ana", "attributes": {"floor": 2, "district": "north"}},
            AgentAttributesFact("", None, AT, "ana", {"district": "north", "floor": 2}),
        ),
        (
            {"fact": "wrapped_up", "about": {"number": 7}, "agent": "ana"},
            WrappedUpFact("", None, AT, TicketNumber(7), "ana"),
        ),
        ({"fact": "shifts", "agent": "ana", "shifts": ["early"]}, ShiftsFact("", None, AT, "ana", ["early"])),
        (
            {
                "fact": "leave",
                "agent": "ana",
                "leave": [{"start": "2026-03-02T00:00:00Z", "end": "2026-03-09T00:00:00Z"}],
            },
            LeaveFact("", None, AT, "ana", [Leave(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC))]),
        ),
        (
            {"fact": "focus", "about": {"number": 7}, "agent": "ana", "open": False},
            FocusFact("", None, AT, TicketNumber(7), "ana", False),
        ),
        (
            {
                "fact": "attributes",
                "about": {"number": 7},
                "values": {"order": "A-1", "parts": ["x", "y"], "why": None},
            },
            AttributesFact(
                "", None, AT, TicketNumber(7), (("order", "A-1"), ("parts", ("x", "y")), ("why", None)), None
            ),
        ),
        (
            {
                "fact": "hand_over",
                "about": {"number": 7},
                "queue": "money",
                "type": "refund",
                "note": "Hm",
                "agent": "bo",
            },
            HandOverFact("", None, AT, TicketNumber(7), "money", "refund", "Hm", (), "bo"),
        ),
        (
            {"fact": "merge", "about": {"number": 7}, "into": {"number": 3}, "shared": True},
            MergeFact("", None, AT, TicketNumber(7), TicketNumber(3), True),
        ),
        (
            {"fact": "unmerge", "about": {"number": 7}, "agent": "ana"},
            UnmergeFact("", None, AT, TicketNumber(7), "ana"),
        ),
        (
            {
                "fact": "split",
                "channel": "email",
                "account": "help",
                "messages": ["b", "b", "c"],
                "clocks": "inherited",
            },
            SplitFact("", None, AT, "email", "help", ("b", "c"), SplitClocks.INHERITED),
        ),
        ({"fact": "unsplit", "about": {"number": 7}}, UnsplitFact("", None, AT, TicketNumber(7))),
        (
            {"fact": "link", "about": {"number": 7}, "relation": "child_of", "other": {"number": 3}},
            LinkFact("", None, AT, TicketNumber(7), Relation.CHILD_OF, TicketNumber(3)),
        ),
        (
            {"fact": "unlink", "about": {"number": 7}, "relation": "parent_of", "other": {"number": 3}, "agent": "ana"},
            UnlinkFact("", None, AT, TicketNumber(7), Relation.PARENT_OF, TicketNumber(3), "ana"),
        ),
        ({"fact": "organisation", "organisation": "a", "name": "Acme"}, OrganisationFact("", None, AT, "a", "Acme")),
        (
            {"fact": "member", "channel": "chat", "account": "shop", "contact": "kim", "organisation": "a"},
            MemberFact("", None, AT, "chat", "shop", "kim", "a"),
        ),
        (
            {"fact": "delete", "about": {"number": 7}, "cause": "expired", "with_parts": True, "agent": "ana"},
            DeleteFact("", None, AT, TicketNumber(7), Deletion.EXPIRED, True, "ana"),
        ),
        (
            {
                "fact": "merge_contacts",
                "channel": "chat",
                "account": "shop",
                "contact": "kim",
                "into": {"channel": "email", "account": "help", "contact": "kim@x.example"},
            },
            MergeContactsFact("", None, AT, "chat", "shop", "kim", ThreadOf("email", "help", "kim@x.example")),
        ),
        (
            {"fact": "unmerge_contacts", "channel": "chat", "account": "shop", "contact": "kim", "agent": "ana"},
            UnmergeContactsFact("", None, AT, "chat", "shop", "kim", "ana"),
        ),
        (
            {
                "fact": "quarantine",
                "channel": "email",
                "account": "help",
                "message": "1",
                "accept": True,
                "about": {"number": 7},
            },
            QuarantineFact("", None, AT, "email", "help", "1", True, None, TicketNumber(7)),
        ),
        (
            {"fact": "quarantine", "channel": "email", "account": "help", "message": "1", "accept": True, "anew": True},
            QuarantineFact("", None, AT, "email", "help", "1", True, None, None, True),
        ),
        (
            {"fact": "quarantine", "channel": "email", "account": "help", "message": "1", "accept": True},
            QuarantineFact("", None, AT, "email", "help", "1", True),
        ),
    ],
    ids=lambda value: value["fact"] if isinstance(value, dict) else "",
)
def test_each_other_fact(said, fact):
    assert read_fact(json.dumps({"at": MESSAGE["at"], **said})) == fact


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"fact": ...}, "fact", "is missing"),
        ({"fact": "massage"}, "fact", "must be one of message, reply, note"),
        ({"fact": ["message"]}, "fact", "must be one of"),
        ({"at": ...}, "at", "is missing"),
        ({"at": "2026-03-02"}, "at", "such as 2026-03-02T09:00:00+01:00"),
        ({"at": "2026-03-02T09:00:00"}, "at", "zone"),
        ({"at": "2026-02-30T09:00:00Z"}, "at", "is no instant: day is out of range"),
        ({"at": "0001-01-01T00:00:00+01:00"}, "at", "is no instant"),
        ({"at": 1_700_000_000}, "at", "must be a text, not a whole number"),
        ({"sender": ""}, "sender", "must have 1 to 1000 characters"),
        ({"sender": "x\0"}, "sender", "NUL"),
        ({"text": "\ud800"}, "text", "half a surrogate pair"),
        ({"text": None}, "text", "must be a text, not null"),
        ({"id": ""}, "id", "1 to 1000"),
        ({"answers": ["a", "a", ""]}, "answers[2]", "1 to 1000"),
        ({"answers": "m1"}, "answers", "must be a list, not a text"),
        ({"tags": [True]}, "tags[0]", "must be a text"),
        ({"attributes": {"order": 7}}, "attributes['order']", "must be a text"),
        ({"attributes": [["order", "7"]]}, "attributes", "must be an object, not a list"),
        ({"attachments": ["a"]}, "attachments[0]", "must be an object, not a text"),
        ({"attachments": [{"name": "a", "base64": ""}]}, "attachments[0].media_type", "is missing"),
        ({"attachments": [{"name": "a", "media_type": "", "base64": ""}]}, "attachments[0].media_type", "1 to 1000"),
        ({"attachments": [{"name": "a", "media_type": "b/c", "base64": "?"}]}, "attachments[0].base64", "not base64"),
        ({"colour": "red"}, "colour", "is unknown here, where there are at, fact, channel"),
        ({"two\nwords": 1}, r"'two\nwords'", "is unknown here"),
    ],
)
def test_what_is_wrong_with_a_message_is_named(changed, field, reason):
    rejection = read(**changed)
    assert isinstance(rejection, Rejection)
    assert (rejection.source, rejection.line, rejection.field) == ("a.jsonl", 7, field)
    assert reason in rejection.reason


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        ("[]", "line", "must be an object, not a list"),
        ("1.5", "line", "must be an object, not a number with a fraction"),
        ('{"at": 1', "line", "is not JSON: Expecting ',' delimiter at character 9"),
        ('{"at": NaN}', "line", "is not JSON, which has no NaN"),
        ('{"at": "x", "at": "x"}', "at", "stands twice"),
        ('{"fact": {"a b": 1, "a b": 2}}', "'a b'", "stands twice"),
        ('{"fact": ' + "1" * 10_000 + "}", "line", "a number that is too large"),
        ("[" * 100_000, "line", "is nested too deeply"),
        ('{"about": "x", "fact": "resolve", "at": "2026-03-02T09:00:00Z"}', "about", "must be an object"),
        ('{"about": {}, "fact": "resolve", "at": "2026-03-02T09:00:00Z"}', "about", "one of number, answers, contact"),
        ('{"about": {"number": 0}, "fact": "resolve"}', "about.number", "must be from 1 to"),
        ('{"about": {"number": 1e300}, "fact": "resolve"}', "about.number", "not a number with a fraction or exponent"),
        ('{"about": {"number": true}, "fact": "resolve"}', "about.number", "not true or false"),
        ('{"about": {"answers": "m", "account": "a"}, "fact": "resolve"}', "about.channel", "is missing"),
        ('{"about": {"number": 1, "contact": "m"}, "fact": "resolve"}', "about.contact", "is unknown here"),
        ('{"skills": {"a": 11}, "fact": "skills"}', "skills['a']", "from 1 to 10"),
        ('{"skills": {"": 1}, "fact": "skills"}', "skills['']", "1 to 1000"),
    ],
)
def test_what_is_wrong_with_a_line_is_named(text, field, reason):
    rejection = read_fact(text)
    assert isinstance(rejection, Rejection)
    assert (rejection.field, reason in rejection.reason) == (field, True), rejection


def test_facts_made_by_hand_are_checked():
    with pytest.raises(InvalidInput, match=r"^ReplyFact.then: must be pend or hold or solve, not close$"):
        ReplyFact("", None, AT, TicketNumber(1), "x", then=Move.CLOSE)
    with pytest.raises(InvalidInput, match=r"^NoteFact.about: must name a ticket, not 7$"):
        NoteFact("", None, AT, 7, "x")
    with pytest.raises(InvalidInput, match=r"^at: must have a time zone$"):
        NoteFact("", None, AT.replace(tzinfo=None), TicketNumber(1), "x")


# Keys.


@given(lines)
def test_a_key_does_not_depend_on_where_and_how_the_fact_is_written(body):
    one = read_fact(json.dumps(body), "a.jsonl", 1)
    other = read_fact(json.dumps(dict(reversed(body.items())), ensure_ascii=False, indent=1), "b.jsonl", 99)
    assert one.key == other.key
    assert re.fullmatch("[0-9a-f]{64}", one.key)
    assert attrs.evolve(one, nth=1).key != one.key


@given(lines, lines)
def test_different_facts_have_different_keys(one, other):
    first, second = read_fact(json.dumps(one)), read_fact(json.dumps(other))
    assert (first.key == second.key) == (first.identity == second.identity)
    if "id" not in one and attrs.evolve(first, at=second.at) != second:
        assert first.key != second.key


def test_the_key_of_a_message_with_an_id_is_that_of_its_id():
    assert read(id="m1").key == read(id="m1", text="else", at="2027-01-01T00:00:00Z").key
    assert (
        len({read(id="m1").key, read(id="m2").key, read(id="m1", channel="x").key, read(id="m1", account="y").key}) == 4
    )
    assert read().key != read(text="else").key


def test_the_key_of_a_message_without_an_id_is_that_of_all_that_it_says():
    file = {"name": "a", "media_type": "b/c", "base64": "QUJD"}
    files = [file, {**file, "name": "x"}, {**file, "media_type": "x"}, {**file, "base64": ""}]
    said = [
        *(
            {name: "x"}
            for name in ("channel", "account", "sender", "text", "subject", "sender_name", "type", "organisation")
        ),
        *({name: ["x"]} for name in ("answers", "tags")),
        *({name: {"x": "y"}} for name in ("attributes", "headers")),
        *({"attachments": [changed]} for changed in files),
        {"at": "2027-01-01T00:00:00Z"},
    ]
    assert len({read().key, *(read(**changed).key for changed in said)}) == len(said) + 1


def test_the_ways_to_name_a_ticket_have_different_keys():
    ways = [TicketNumber(1), AnsweredMessage("a", "b", "c"), ThreadOf("a", "b", "c"), AnsweredMessage("a", "c", "b")]
    assert len({NoteFact("", None, AT, about, "x").key for about in ways}) == len(ways)


def test_no_two_names_run_together_into_one_key():
    assert read(channel="a", account='b","c', id="d").key != read(channel="a", account="b", id='c","d').key
    assert read(channel="a", account="bc", id="d").key != read(channel="a", account="b", id="cd").key


# Files of lines.


def written(path, *rows, end="\n"):
    path.write_bytes(
        b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows) + end.encode()
    )
    return path


def at(second, **changed):
    return {**MESSAGE, "at": (AT + timedelta(seconds=second)).isoformat(), **changed}


def told(path):
    return list(JsonLines(path).facts())


@given(st.lists(st.tuples(st.integers(0, 3), lines), max_size=8))
def test_a_longer_file_has_the_keys_of_the_shorter_and_no_key_twice(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("feed") / "a.jsonl"
    rows = [
        {**body, "at": (AT + timedelta(seconds=second)).isoformat()}
        for second, body in sorted(rows, key=lambda row: row[0])
    ]
    rows = [body for row in rows for body in (row, row)]
    written(path, *rows[: len(rows) // 2])
    shorter = [fact.key for fact in told(path)] if rows[: len(rows) // 2] else []
    if rows:
        longer = [fact.key for fact in told(written(path, *rows))]
        assert longer[: len(shorter)] == shorter
        assert len(longer) == len(rows)
        keys = [key for key, row in zip(longer, rows, strict=True) if not (row["fact"] == "message" and "id" in row)]
        assert len(set(keys)) == len(keys)


def test_equal_lines_are_distinct_facts(tmp_path):
    facts = told(written(tmp_path / "a.jsonl", at(0), at(0), at(0, text="else"), at(0), at(1), at(1)))
    assert [fact.nth for fact in facts] == [0, 1, 0, 2, 0, 1]
    assert len({fact.key for fact in facts}) == 6
    assert [fact.line for fact in facts] == [1, 2, 3, 4, 5, 6]


def test_a_message_delivered_twice_is_one(tmp_path):
    facts = told(written(tmp_path / "a.jsonl", at(0, id="m"), at(0, id="m"), at(5, id="m")))
    assert len(facts) == 3
    assert len({fact.key for fact in facts}) == 1


def test_a_line_out_of_time_is_rejected_alone(tmp_path):
    items = told(written(tmp_path / "a.jsonl", at(5), at(4), at(5), at(6)))
    assert [type(item) for item in items] == [MessageFact, Rejection, MessageFact, MessageFact]
    assert items[1] == Rejection(str(tmp_path / "a.jsonl"), 2, "at", "lies before that of line 1")


def test_blank_lines_bad_bytes_and_long_lines_harm_no_other_line(tmp_path):
    long = b'{"fact": "' + b"x" * MAX_LINE + b'"}'
    path = written(
        tmp_path / "a.jsonl",
        b"\xef\xbb\xbf",
        at(0),
        b"",
        b" \t\r",
        b'{"at": "\xff"}',
        at(1),
        long,
        at(2),
        b"\xff",
        end="\n",
    )
    items = told(path)
    assert [(item.line, getattr(item, "field", "")) for item in items] == [
        (2, ""),
        (5, "line"),
        (6, ""),
        (7, "line"),
        (8, ""),
        (9, "line"),
    ]
    assert items[1].reason == "is not UTF-8 at byte 9"
    assert items[3].reason == f"has more than {MAX_LINE} bytes"


@pytest.mark.parametrize("size", [MAX_LINE - 1, MAX_LINE, MAX_LINE + 1])
def test_the_longest_line(tmp_path, size):
    row = json.dumps(at(0, text="")).encode()
    full = row.replace(b'"text": ""', b'"text": "' + b"x" * (size - len(row) - 1) + b'"')
    assert len(full) == size - 1
    items = told(written(tmp_path / "a.jsonl", full, at(1)))
    assert [isinstance(item, Rejection) for item in items] == [size > MAX_LINE, False]
    assert items[1].line == 2


def test_a_last_line_that_is_cut_off_is_rejected_and_one_without_an_end_is_not(tmp_path):
    whole = json.dumps(at(0)).encode()
    assert [type(item) for item in told(written(tmp_path / "a", whole, whole, end=""))] == [MessageFact, MessageFact]
    for end in range(1, len(whole)):
        items = told(written(tmp_path / "a", whole, whole[:end], end=""))
        assert isinstance(items[1], Rejection)
        assert items[1].reason.endswith("; the file ends within this line")
    assert len(told(written(tmp_path / "a", b"\xef\xbb\xbf" + whole))) == 1
