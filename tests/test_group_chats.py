"""Which conversation of a group chat a message is part of: laws, then who calls whom."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.segmenting import GroupChat, Said, segmented
from ticketcore.segmenting.chats import CHAT_WEIGHTS, SYSTEM
from ticketcore.segmenting.reading import heard
from ticketcore.segmenting.talks import CALLED, CHAT_OPENING, CHAT_PAIR, RECENT, Chat, chat_opening

NAMES = ["ann", "Bo_", "kim42", ""]
TEXTS = ["ann: with the package manager", "How do I mount a drive?", "bo_, thanks", "lol", "", "kim42 !mount", "\x00"]


@st.composite
def chats(draw):
    found, at = [], 0.0
    for _ in range(draw(st.integers(0, 12))):
        at += draw(st.sampled_from([-60.0, 0.0, 60.0, 4000.0]))
        role = draw(st.sampled_from(["customer", "customer", SYSTEM]))
        text = draw(st.sampled_from(TEXTS) | st.text(max_size=9))
        found.append(Said(text, draw(st.sampled_from([None, at])), role, speaker=draw(st.sampled_from(NAMES))))
    return found


def decided(messages):
    chat = GroupChat()
    return [chat.decide(each) for each in messages]


@given(chats(), st.randoms())
def test_what_comes_later_changes_nothing(messages, chance):
    half = len(messages) // 2
    later = messages[half:]
    chance.shuffle(later)
    assert decided(messages)[:half] == decided(messages[:half] + later)[:half]


@given(chats())
def test_what_the_server_says_is_by_itself(messages):
    found = decided(messages)
    tickets = [each.ticket for each in found]
    for said, each in zip(messages, found, strict=True):
        if said.role == SYSTEM:
            assert each.opens
            assert tickets.count(each.ticket) == 1


@given(chats())
def test_the_server_is_not_heard(messages):
    people = [said for said in messages if said.role != SYSTEM]
    with_it = [each.probability for said, each in zip(messages, decided(messages), strict=True) if said.role != SYSTEM]
    assert with_it == [each.probability for each in decided(people)]


@given(chats())
def test_the_case_of_names_does_not_matter(messages):
    loud = [attrs.evolve(said, speaker=said.speaker.upper()) for said in messages]
    assert decided(loud) == decided(messages)


@given(chats())
def test_an_explanation_changes_nothing_and_names_features(messages):
    chat = GroupChat()
    for said, plain in zip(messages, decided(messages), strict=True):
        told = chat.decide(said, explained=True)
        assert attrs.evolve(told, moved=()) == plain
        assert {each.name for each in told.moved} <= {*CHAT_PAIR, *CHAT_OPENING}


def test_trees_ask_for_features_that_there_are():
    chat, said = Chat(), Said("ann: yes", speaker="bo")
    chat.put(Said("hi", speaker="ann"), heard("hi"), (), None)
    called = chat.called(said)
    pairs = chat.pairs(said, heard(said.text), called, chat.candidates(said, called))
    row = chat_opening(chat.around(said, heard(said.text), called), pairs, [0.0])
    assert called == ("ann",)
    assert len(pairs[0]) == len(CHAT_PAIR) == len(set(CHAT_PAIR))
    assert len(row) == len(CHAT_OPENING) == len(set(CHAT_OPENING))
    assert set(CHAT_WEIGHTS.openings.moved(row)) <= set(range(len(CHAT_OPENING)))


def test_an_answer_by_name_is_with_the_question():
    told = [
        Said("hello, how can I install themes? the manual says nothing", 0.0, speaker="ann"),
        Said("does anybody know why my sound is gone after the update?", 30.0, speaker="kim"),
        Said("ann: with the package manager", 60.0, speaker="bo"),
        Said("kim: which card do you have?", 70.0, speaker="lee"),
        Said("bo: thanks", 90.0, speaker="ann"),
        Said("lee: an old one", 95.0, speaker="kim"),
    ]
    assert segmented(told) == [0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize("names", [50, 500])
def test_many_speakers_are_not_looked_through(names):
    chat = Chat()
    for at in range(names):
        chat.put(Said("x", speaker=f"name{at}"), heard("x"), (), None)
    said = Said(" ".join(f"name{at}" for at in range(names)), speaker="name0")
    called = chat.called(said)
    assert len(called) == CALLED
    assert len(chat.candidates(said, called)) <= RECENT + CALLED + 1
