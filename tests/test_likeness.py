"""Vectors of a host's own beside what was learned: laws first, then what they are for."""

import zlib
from datetime import timedelta

import attrs
import pytest
from desks import AT, new_desk
from hypothesis import given
from hypothesis import strategies as st
from test_segmenting import streams

from ticketcore import AgentProfile, Configuration, Inbound, InvalidInput, Parts
from ticketcore.segmentation import ReplyOrGap
from ticketcore.segmenting import Contact, Likeness, Said
from ticketcore.segmenting.deciding import LIKENESS
from ticketcore.segmenting.segmenter import Learned
from ticketcore.stores import MemoryStore

SIZE = 16


def hashed(text):
    """A place for each three characters, by what remains of their checksum."""
    vector = [0.0] * SIZE
    for at in range(len(text) - 2):
        vector[zlib.crc32(text[at : at + 3].casefold().encode()) % SIZE] += 1.0
    return vector


@given(streams(), st.sampled_from([lambda text: [0.0] * SIZE, lambda text: [3.0] * SIZE]))
def test_vectors_that_tell_nothing_change_nothing(messages, embed):
    plain, told = Contact(), Contact(likeness=Likeness(embed, SIZE))
    for message in messages:
        one, other = plain.decide(message), told.decide(message)
        assert (one.ticket, one.opens) == (other.ticket, other.opens)
        assert one.probability == pytest.approx(other.probability)


@given(streams(), st.floats(0.1, 1e6))
def test_only_where_a_vector_points_counts(messages, length):
    one = Contact(likeness=Likeness(hashed, SIZE))
    other = Contact(likeness=Likeness(lambda text: [length * each for each in hashed(text)], SIZE))
    for message in messages:
        found, again = one.decide(message), other.decide(message)
        assert found.probability == pytest.approx(again.probability)


@given(streams())
def test_an_explanation_tells_what_they_moved_and_changes_nothing(messages):
    plain, told = (Contact(likeness=Likeness(hashed, SIZE)) for _ in range(2))
    for message in messages:
        decided, explained = plain.decide(message), told.decide(message, explained=True)
        assert attrs.evolve(explained, moved=()) == decided
        assert [each.name for each in explained.moved].count(LIKENESS) <= 1


@given(streams(), st.sampled_from([[], [1.0], [1.0] * (SIZE + 1), [float("nan")] * SIZE, [float("inf")] * SIZE]))
def test_what_is_no_such_vector_is_refused_and_nothing_is_noted(messages, wrong):
    right, broken = Contact(likeness=Likeness(hashed, SIZE)), [False]
    other = Contact(likeness=Likeness(lambda text: wrong if broken[0] else hashed(text), SIZE))
    for message in messages:
        broken[0] = True
        with pytest.raises(InvalidInput, match="embed: must give"):
            other.decide(message)
        broken[0] = False
        assert other.decide(message) == right.decide(message)


def test_what_points_to_an_older_ticket_makes_it_more_probable():
    told = [
        Said("Hello, I need a taxi to the station", 0.0),
        Said("Hello, I also want to change the address of my account", 90_000.0),
        Said("Gare du Nord", 90_060.0),
    ]
    vectors = {told[0].text: [1.0, 0.0], told[1].text: [0.0, 1.0], told[2].text: [1.0, 0.0]}
    found = []
    for weight in (0.0, 2.0, 20.0):
        contact = Contact(likeness=Likeness(vectors.__getitem__, 2, weight))
        assert [contact.decide(each).ticket for each in told[:2]] == [0, 1]
        decided = contact.decide(told[2])
        chances = {decided.ticket: decided.probability, decided.runner_up.ticket: decided.runner_up.probability}
        found.append(chances.get(0, 0.0))
    assert found == sorted(found)
    assert found[0] < 0.5 < found[-1]


def test_a_desk_decides_as_for_the_stream():
    likeness = Likeness(hashed, SIZE, 4.0)
    desk = new_desk(
        MemoryStore(),
        tenant="acme",
        config=Configuration(agents=[AgentProfile("ana")], segmenting="learned"),
        parts=Parts(segmenter=Learned(ReplyOrGap(), likeness=likeness)),
    )
    contact, probabilities = Contact(likeness=likeness), set()
    for place, text in enumerate(
        ("Hello, my parcel is late", "parcel 4711", "I need a taxi", "thanks, bye", "parcel?")
    ):
        at = AT + place * timedelta(minutes=7)
        received = desk.receive(Inbound("chat", "shop", "kim", text), at)
        decided = contact.decide(Said(text, at.timestamp(), channel="chat"))
        assert received.ticket.number == decided.ticket + 1
        sure = received.decisions[0].likelihood
        if sure is not None:
            assert sure.probability == round(decided.probability, 4)
            probabilities.add(sure.probability)
    assert len(probabilities) > 1
