"""Where a conversation turns to another matter, from its words alone: no times, no roles, nobody's names.

A conversation is read as a line of messages; a matter that was left does not come back.
"""

import math
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence

from ticketcore.segmenting.features import shared
from ticketcore.segmenting.reading import FLAGS, PLACE, Heard, heard
from ticketcore.segmenting.topic_trees import TOPIC_TREES
from ticketcore.segmenting.trees import Trees
from ticketcore.segmenting.whole_topic_trees import WHOLE_TOPIC_TREES

_CUES = ("asks name", "asks number", "asks date", "asks to choose", "asks where", "waits")
_EACH = (*FLAGS, *_CUES)
_CLOSES = tuple(PLACE[name] for name in ("closes only", "ends it", "parts"))
_NONE = (-1.0,) * len(_EACH)

TOPIC = (
    *(f"this: {name}" for name in _EACH),
    *(f"before: {name}" for name in _EACH),
    *(f"two before: {name}" for name in _EACH),
    *("messages of topic", "odd", "place", "closed lately", "numbers", "overlap with topic", "overlap with its first"),
    *("overlap with last", "overlap with last but one", "overlap with last three"),
)
"""The features of a message that may turn to another topic."""

WHOLE_TOPIC = (
    *TOPIC,
    *(f"next: {name}" for name in _EACH),
    *("overlap with next", "left", "all", "likeness of two", "likeness of three", "likeness around"),
)
"""The same, with what comes after it."""

BAR = math.log(0.4 / 0.6)
"""The log odds above which a message turns to another topic: two turns too many harm less than three too few."""


class Topics:
    """The messages of a conversation, one by one, and the topic that they are about."""

    def __init__(self) -> None:
        self._lately: deque[Heard] = deque(maxlen=3)
        self._first: Heard | None = None
        self._words: set[str] = set()
        self._messages = 0
        self._place = 0

    def values(self, told: Heard, worth: Mapping[str, float]) -> list[float]:
        """The values of ``TOPIC`` for the next message; ``worth`` says how rare each of its words is."""
        whole = math.fsum(worth.values()) or 1.0
        lately = tuple(self._lately)
        last, last_but_one = lately[-1], lately[-2] if len(lately) > 1 else None
        three = frozenset[str]().union(*(each.words for each in lately))
        mine = lately[-min(len(lately), self._messages) :]
        first = self._first
        return [
            *_each(told),
            *_each(last),
            *(_NONE if last_but_one is None or self._messages < 2 else _each(last_but_one)),
            float(min(self._messages, 20)),
            float(self._messages % 2),
            float(min(self._place, 40)),
            float(any(each.flags[at] for each in mine for at in _CLOSES)),
            float(len(told.numbers)),
            shared(told.words & self._words, worth) / whole,
            0.0 if first is None else shared(told.words & first.words, worth) / whole,
            shared(told.words & last.words, worth) / whole,
            0.0 if last_but_one is None else shared(told.words & last_but_one.words, worth) / whole,
            shared(told.words & three, worth) / whole,
        ]

    def take(self, told: Heard, *, turns: bool) -> None:
        """Take note of the next message, and whether it turns to another topic."""
        if turns or self._first is None:
            self._first, self._words, self._messages = told, set(), 0
        self._words |= told.words
        self._messages += 1
        self._place += 1
        self._lately.append(told)


def topics(texts: Iterable[str], trees: Trees = TOPIC_TREES) -> list[int]:
    """The topic of each message, from 0, decided from itself and those before it.  Linear in the text."""
    line, known, found = Topics(), Counter[str](), list[int]()
    for place, text in enumerate(texts):
        told = heard(text)
        worth = rarity(told, known, place)
        turns = place > 0 and trees.odds(line.values(told, worth)) > BAR
        found.append(found[-1] + turns if found else 0)
        line.take(told, turns=turns)
        known.update(told.words)
    return found


def whole_topics(texts: Iterable[str], trees: Trees = WHOLE_TOPIC_TREES) -> list[int]:
    """The topic of each message, from 0, decided with the whole conversation at hand.  Linear in the text."""
    told = [heard(text) for text in texts]
    worth = rarities(told)
    line, found = Topics(), list[int]()
    for place, each in enumerate(told):
        turns = place > 0 and trees.odds(whole_values(line, told, place, worth)) > BAR
        found.append(found[-1] + turns if found else 0)
        line.take(each, turns=turns)
    return found


def rarity(told: Heard, known: Mapping[str, int], messages: int) -> dict[str, float]:
    """How rare each word of a message is among so many messages, of which ``known`` counts those that have it."""
    return {word: math.log((messages + 2) / (known.get(word, 0) + 1)) for word in told.words}


def rarities(told: Sequence[Heard]) -> dict[str, float]:
    """How rare each word is in a conversation."""
    known = Counter(word for each in told for word in each.words)
    return {word: math.log((len(told) + 1) / count) for word, count in known.items()}


def whole_values(line: Topics, told: Sequence[Heard], place: int, worth: Mapping[str, float]) -> list[float]:
    """The values of ``WHOLE_TOPIC`` for the message at this place, of which ``line`` read those before."""
    each, own = told[place], {word: worth[word] for word in told[place].words}
    after = told[place + 1] if place + 1 < len(told) else None
    two, three = _words(told[max(0, place - 2) : place]), _words(told[max(0, place - 3) : place])
    return [
        *line.values(each, own),
        *(_NONE if after is None else _each(after)),
        -1.0 if after is None else shared(each.words & after.words, worth) / (math.fsum(own.values()) or 1.0),
        float(min(len(told) - place, 20)),
        float(min(len(told), 60)),
        _likeness(two, _words(told[place : place + 2]), worth),
        _likeness(three, _words(told[place : place + 3]), worth),
        -1.0 if after is None else _likeness(three, _words(told[place + 1 : place + 4]), worth),
    ]


def _each(told: Heard) -> tuple[float, ...]:
    return *told.flags, *(float(cue in told.cues) for cue in _CUES)


def _words(told: Iterable[Heard]) -> frozenset[str]:
    return frozenset[str]().union(*(each.words for each in told))


def _likeness(one: frozenset[str], other: frozenset[str], worth: Mapping[str, float]) -> float:
    """What two sets of words have in common, from 0 to 1."""
    both = shared(one, worth) * shared(other, worth)
    return shared(one & other, worth) / math.sqrt(both) if both else 0.0
