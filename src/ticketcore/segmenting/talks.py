"""Conversations of a group chat, and what speaks for a message being part of one: numbers with names, in a fixed order.

A conversation is known by who spoke in it, who was called in it by name, when, and its words.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ticketcore.segmenting.features import shared
from ticketcore.segmenting.matters import age
from ticketcore.segmenting.reading import LOOK, PLACE, Heard
from ticketcore.segmenting.recent import Said

RECENT = 10
"""So many of the latest conversations may be continued, besides those that the speaker and who is called were in."""

CALLED = 5
"""So many names at most are looked for in a message."""

_NAME = re.compile(r"[\w\[\]\\`^{}|-]+")
_SAID = (
    *("greets", "asks", "says a need", "needs strongly", "thanks", "agrees", "denies", "takes in", "points back"),
    *("length", "question mark", "parts", "resumes", "closes only", "asks whether", "breaks"),
)
_SAID_AT = tuple(PLACE[name] for name in _SAID)

TALK = (
    *("gap", "messages since", "rank", "messages", "speakers", "gap to own", "messages since own", "own latest"),
    *("opened by speaker", "calls a speaker", "is latest of one called", "messages since one called"),
    *("speaker was called", "messages since speaker was called", "own is last", "last asks", "last closes"),
    *("last calls speaker", "called after own", "overlap", "overlap with last"),
)
"""What is said of a conversation, and of the message and it."""

CHAT_PAIR = (*TALK, "calls somebody", "speaker is known", *_SAID)
"""The features of a message and one conversation."""

CHAT_AROUND = (
    *("calls", "speaker spoke", "gap to own anywhere", "own messages", "gap of chat", "is a command"),
    *("messages since speaker was called anywhere", *(f"says: {name}" for name in _SAID)),
)
"""What is said of a message and the chat."""

CHAT_OPENING = (*CHAT_AROUND, "likeliest", "second likeliest", *(f"likeliest: {name}" for name in TALK))
"""The features of a message that may begin a conversation: the odds of the two likeliest ones among them."""


@dataclass(slots=True)
class Talk:
    """A conversation.

    ``label`` is its number and ``opener`` who began it.  ``last`` is its last message, by ``last_speaker`` at
    ``last_at``, with the number ``turn`` in the chat.  ``spoke`` has for each speaker the number and the time of their
    last message, ``called`` for each name the number of the last message that called it.  ``messages`` are counted,
    ``words`` are all that were said.
    """

    label: int
    opener: str
    last: Heard
    last_speaker: str = ""
    last_at: float | None = None
    turn: int = 0
    messages: int = 0
    spoke: dict[str, tuple[int, float | None]] = field(default_factory=dict)
    called: dict[str, int] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)


class Chat:
    """What was said in a channel so far, and in which conversation."""

    def __init__(self) -> None:
        self.talks: list[Talk] = []
        """Every conversation, by its number."""
        self._latest: dict[int, None] = {}
        self._spoke: dict[str, tuple[int, float | None]] = {}
        self._talk_of: dict[str, int] = {}
        self._times: Counter[str] = Counter()
        self._called: dict[str, int] = {}
        self._known: Counter[str] = Counter()
        self._turn = 0
        self._last_at: float | None = None

    def called(self, said: Said) -> tuple[str, ...]:
        """The speakers so far whom a message calls by name: at its beginning, or anywhere by a name that is no short
        word.
        """
        me = said.speaker.casefold()
        found: dict[str, None] = {}
        for place, word in enumerate(_NAME.findall(said.text[:LOOK].casefold())):
            for name in (word, word.rstrip("_-|`^")):
                if name in self._spoke and name != me and (place == 0 or len(name) > 4 or not name.isalpha()):
                    found[name] = None
                    break
            if len(found) == CALLED:
                break
        return tuple(found)

    def candidates(self, said: Said, called: Sequence[str]) -> list[Talk]:
        """The conversations that a message may continue, the one with the latest message first."""
        found: dict[int, None] = {}
        for label in reversed(self._latest):
            if len(found) == RECENT:
                break
            found[label] = None
        for name in (said.speaker.casefold(), *called):
            if name in self._talk_of:
                found[self._talk_of[name]] = None
        return [self.talks[label] for label in found]

    def pairs(self, said: Said, heard: Heard, called: Sequence[str], candidates: Sequence[Talk]) -> list[list[float]]:
        """The values of ``CHAT_PAIR`` for the message with each of these conversations."""
        worth = {word: math.log((self._turn + 2) / (self._known[word] + 1)) for word in heard.words}
        whole = math.fsum(worth.values()) or 1.0
        me, now = said.speaker.casefold(), self._now(said)
        end = (float(bool(called)), float(me in self._spoke), *(heard.flags[at] for at in _SAID_AT))
        found = []
        for rank, talk in enumerate(candidates):
            own, was_called = talk.spoke.get(me), talk.called.get(me)
            ones = [talk.spoke[name][0] for name in called if name in talk.spoke]
            found.append(
                [
                    age(talk.last_at, now),
                    self._since(talk.turn),
                    float(rank),
                    float(min(talk.messages, 30)),
                    float(min(len(talk.spoke), 9)),
                    -1.0 if own is None else age(own[1], now),
                    -1.0 if own is None else self._since(own[0]),
                    float(self._talk_of.get(me) == talk.label),
                    float(talk.opener == me),
                    float(bool(ones)),
                    float(any(self._talk_of.get(name) == talk.label for name in called)),
                    self._since(max(ones)) if ones else -1.0,
                    float(was_called is not None),
                    -1.0 if was_called is None else self._since(was_called),
                    float(talk.last_speaker == me),
                    talk.last.flags[PLACE["asks"]],
                    talk.last.flags[PLACE["closes only"]],
                    float(was_called == talk.turn),
                    float(was_called is not None and (own is None or was_called > own[0])),
                    shared(heard.words & talk.words, worth) / whole,
                    shared(heard.words & talk.last.words, worth) / whole,
                    *end,
                ]
            )
        return found

    def around(self, said: Said, heard: Heard, called: Sequence[str]) -> tuple[float, ...]:
        """The values of ``CHAT_AROUND`` for the next message."""
        me, now = said.speaker.casefold(), self._now(said)
        own, was_called = self._spoke.get(me), self._called.get(me)
        return (
            float(len(called)),
            float(own is not None),
            -1.0 if own is None else age(own[1], now),
            float(min(self._times[me], 20)),
            age(self._last_at, now),
            float(said.text.startswith("!")),
            -1.0 if was_called is None else self._since(was_called),
            *(heard.flags[at] for at in _SAID_AT),
        )

    def put(self, said: Said, heard: Heard, called: Sequence[str], label: int | None) -> int:
        """Take note that the message is part of this conversation, or begins one if None; which one it is then."""
        me = said.speaker.casefold()
        if label is None:
            label = len(self.talks)
            self.talks.append(Talk(label, me, heard))
        talk = self.talks[label]
        now = self._now(said)
        talk.last, talk.last_speaker, talk.last_at, talk.turn = heard, me, now, self._turn
        talk.messages += 1
        talk.words |= heard.words
        talk.spoke[me] = self._spoke[me] = self._turn, now
        for name in called:
            talk.called[name] = self._called[name] = self._turn
        self._talk_of[me] = label
        self._times[me] += 1
        self._known.update(heard.words)
        self._latest.pop(label, None)
        self._latest[label] = None
        self._last_at = now
        self._turn += 1
        return label

    def apart(self, heard: Heard) -> int:
        """Take note of what nobody said, as a conversation that nothing continues; which one it is."""
        self.talks.append(Talk(len(self.talks), "", heard))
        return len(self.talks) - 1

    def _now(self, said: Said) -> float | None:
        return self._last_at if said.at is None else said.at

    def _since(self, turn: int) -> float:
        """The logarithm of the messages since the one with this number."""
        return math.log1p(self._turn - turn)


def chat_opening(around: Sequence[float], pairs: Sequence[Sequence[float]], odds: Sequence[float]) -> list[float]:
    """The values of ``CHAT_OPENING``, from those of ``CHAT_PAIR`` for each conversation and their odds."""
    top = max(range(len(odds)), key=odds.__getitem__)
    second = max((each for at, each in enumerate(odds) if at != top), default=-9.0)
    return [*around, odds[top], second, *pairs[top][: len(TALK)]]
