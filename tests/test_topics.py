"""Where a conversation turns to another matter: laws, then a turn that the words tell."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.segmenting import Said, segmented
from ticketcore.segmenting.reading import heard
from ticketcore.segmenting.topic_trees import TOPIC_TREES
from ticketcore.segmenting.topics import (
    TOPIC,
    WHOLE_TOPIC,
    Topics,
    rarities,
    rarity,
    topics,
    whole_topics,
    whole_values,
)

TEXTS = st.lists(
    st.sampled_from(
        [
            "I need a cheap hotel",
            "In which area?",
            "The centre, please",
            "",
            "It is booked.",
            "Thanks, bye",
            "谢谢",
            "\x00",
        ]
    )
    | st.text(max_size=12),
    max_size=12,
)
TURNING = [
    "I need a cheap hotel in the north of town",
    "I have two hotels there. For how many nights?",
    "Two nights, please",
    "Your hotel is booked. Anything else?",
    "I am also looking for a train to London on Friday",
    "When would you like to leave?",
    "After 9:30",
    "The train at 9:41 arrives at 11:00.",
]


@given(TEXTS, st.randoms())
def test_what_comes_later_changes_nothing_online(texts, chance):
    half = len(texts) // 2
    later = texts[half:]
    chance.shuffle(later)
    assert topics(texts)[:half] == topics(texts[:half] + later)[:half]


@pytest.mark.parametrize("decide", [topics, whole_topics])
@given(texts=TEXTS)
def test_topics_begin_at_0_and_do_not_come_back(decide, texts):
    found = decide(texts)
    assert len(found) == len(texts)
    assert found[:1] == [0] * bool(texts)
    assert all(later - earlier in (0, 1) for earlier, later in itertools.pairwise(found))


@given(TEXTS)
def test_messages_without_roles_and_times_are_told_by_topic(texts):
    said = [Said(text, role="") for text in texts]
    assert segmented(said) == topics(texts)
    assert segmented(said, batch=True) == whole_topics(texts)


@pytest.mark.parametrize("decide", [topics, whole_topics])
def test_a_turn_is_told(decide):
    assert decide(TURNING) == [0, 0, 0, 0, 1, 1, 1, 1]


def test_trees_ask_for_features_that_there_are():
    told = [heard(text) for text in TURNING]
    line = Topics()
    line.take(told[0], turns=False)
    assert len(line.values(told[1], rarity(told[1], {}, 1))) == len(TOPIC) == len(set(TOPIC))
    assert len(whole_values(line, told, 1, rarities(told))) == len(WHOLE_TOPIC) == len(set(WHOLE_TOPIC))
    assert set(TOPIC_TREES.moved([0.0] * len(TOPIC))) <= set(range(len(TOPIC)))


def test_a_long_conversation_takes_no_longer_for_each_message():
    texts = [f"{each} {at}" for at in range(1000) for each in TURNING]
    assert len(topics(texts)) == len(whole_topics(texts)) == 8000
