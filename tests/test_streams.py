"""Streams of any kind, taken in: the laws that ``python -m bench.streams`` holds recorded ones to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.streams import TENANT, broken_laws, desk_file, write_feed
from bench.streams_to_facts import all_facts
from ticketcore import Desk
from ticketcore.config import read_desk
from ticketcore.feeds import JsonLines
from ticketcore.importing import Import
from ticketcore.model import Kind, Stream
from ticketcore.ports import Query
from ticketcore.shell import content_id
from ticketcore.stores import MemoryStore

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
CHANNELS = st.sampled_from(["email", "sms", "livechat"])
TEXTS = st.sampled_from(["hotel", "my account", "Hallo, ein Auto", "你好", "酒店", "x"])


@st.composite
def recorded(draw, number):
    """One stream in the shape of the recorded ones: an agent answers something, a customer now and then."""
    messages = []
    at = AT + timedelta(minutes=draw(st.integers(0, 600)))
    for index in range(draw(st.integers(1, 8))):
        at += timedelta(minutes=draw(st.sampled_from([0, 1, 30, 600, 3000])))
        asked = [i for i, message in enumerate(messages) if message["role"] == "customer"]
        role = draw(st.sampled_from(["customer", "agent"])) if asked else "customer"
        message = {"t": at.isoformat(), "channel": draw(CHANNELS), "role": role, "text": draw(TEXTS)}
        if role == "agent":
            message["reply_to"] = draw(st.sampled_from(asked))
        elif index and draw(st.booleans()):
            message["reply_to"] = draw(st.integers(0, index - 1))
        messages.append(message)
    return {"id": f"s{number}", "messages": messages}


STREAMS = st.integers(1, 12).flatmap(lambda size: st.tuples(*map(recorded, range(size))))


def taken(streams, capacity, path):
    """What a desk whose agents have this capacity stores of the streams, and the facts."""
    facts = list(all_facts(streams))
    write_feed(path, facts)
    desk = Desk(MemoryStore(), tenant=TENANT, config=read_desk(desk_file(capacity)).configuration, ids=content_id)
    imported = Import(desk)
    for item in JsonLines(path).facts():
        imported.take(item)
    assert imported.summary.stored == len(facts), imported.summary.rejected
    return desk.store, facts


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    return tmp_path_factory.mktemp("feed") / "feed.jsonl"


@pytest.mark.slow
@given(streams=STREAMS, capacity=st.integers(1, 2))
def test_what_is_stored_of_any_streams_keeps_the_laws(feed, streams, capacity):
    assert broken_laws(*taken(streams, capacity, feed)) == []


def test_who_comes_back_to_an_agent_who_is_full_waits(feed):
    """The ticket is taken from its agent before it is open again, so that nobody has too many at any event."""

    def stream(id, *messages):
        return {"id": id, "messages": [_hallo(*message) for message in messages]}

    streams = [stream("first", (0,), (31, 0)), *(stream(f"other{i}", (30,)) for i in range(12))]
    store, facts = taken(streams, 1, feed)
    assert broken_laws(store, facts) == []
    (first,) = store.find(TENANT, Query(Kind.TICKET, {"number": 1})).values
    history = store.events(TENANT, stream=Stream(Kind.TICKET, first.id))
    assert "Unassigned" in [type(item.event).__name__ for item in history]


def _hallo(hours, answered=None):
    at = (AT + timedelta(hours=hours)).isoformat()
    message = {"t": at, "channel": "livechat", "role": "customer", "text": "Hallo"}
    return message if answered is None else {**message, "reply_to": answered}
