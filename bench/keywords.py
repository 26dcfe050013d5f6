"""Keywords that are looked for in messages, against flashtext.

Messages of 200 characters, about every second of which holds a few keywords, in English and Chinese; 10, 1,000 and
50,000 keywords, in English a third of them phrases of two words.  Ours is the index that a desk makes of its rules, and
a message is given to it as it came: folding case, accents and width is part of what is timed.  It is not for the peer,
which is told to heed the case.  For Chinese the peer has no letters, since it finds no word among others otherwise.

What ours finds is compared with a search for each keyword in the first messages, and with the automaton in all.  The
peer goes on behind what it has found: in English, what it finds is among what ours finds.
"""

import random
import re
from collections.abc import Callable, Collection

from flashtext import KeywordProcessor

from bench.measure import goal, rates, report
from ticketcore import Condition, Configuration, RoutingRule
from ticketcore.keywords import Together
from ticketcore.keywords.automaton import Automaton
from ticketcore.ports import KeywordIndex
from ticketcore.routing import ready
from ticketcore.text import folded

AREA = "keywords"
PEER = "flashtext"
OURS, THEIRS, COMPILED = "index of a desk", "peer extract_keywords", "index with ahocorasick-rs"
ROUNDS = 5
MESSAGES = 500
GOALS = {("en", 1000): 1.8, ("zh", 1000): 1.8, ("en", 50_000): 2.5}
LETTERS = "etaoinshrdlucmfwypvbgk"
HAN = [chr(0x4E00 + 7 * i) for i in range(800)]


def main() -> None:
    for language in ("en", "zh"):
        for count in (10, 1000, 50_000):
            keywords, messages = made(language, count)
            measured(language, keywords, messages)


def measured(language: str, keywords: list[str], messages: list[str]) -> None:
    index, peer, compiled = index_of_desk(keywords), flashtext(language, keywords), Automaton(keywords)
    check(language, index, compiled, peer, keywords, messages)
    metric = f"{language}, {len(keywords):,} keywords, messages"
    found = rates(
        {
            OURS: lambda: all_of(lambda text: index.find(folded(text)), messages),
            THEIRS: lambda: all_of(peer, messages),
            COMPILED: lambda: all_of(lambda text: compiled.find(folded(text)), messages),
        },
        ROUNDS,
    )
    report(AREA, metric, found, PEER)
    bound = GOALS.get((language, len(keywords)))
    if bound is not None:
        goal(AREA, f"{metric}, over {PEER}", found[OURS], found[THEIRS], bound)


def all_of(find: Callable[[str], Collection[str]], messages: list[str]) -> Callable[[], int]:
    """Every message, looked at once."""

    def run() -> int:
        for text in messages:
            find(text)
        return len(messages)

    return run


def index_of_desk(keywords: list[str]) -> KeywordIndex:
    """The index that a desk with these keywords in a rule constructs."""
    rules = [RoutingRule("words", Condition(keywords=keywords))]
    index = ready(Configuration(rules=rules)).index
    assert type(index) is Together
    return index


def flashtext(language: str, keywords: list[str]) -> Callable[[str], list[str]]:
    processor = KeywordProcessor(case_sensitive=True)
    if language == "zh":
        processor.non_word_boundaries = set()
    for keyword in keywords:
        processor.add_keyword(keyword)
    extract: Callable[[str], list[str]] = processor.extract_keywords
    return extract


def made(language: str, count: int) -> tuple[list[str], list[str]]:
    """Keywords, and messages in which some of them stand."""
    chance = random.Random(f"{language} {count}")

    def word(low: int, high: int) -> str:
        letters = LETTERS if language == "en" else HAN
        return "".join(chance.choices(letters, k=chance.randint(low, high)))

    known: dict[str, None] = {}
    while len(known) < count:
        if language == "zh":
            known[word(2, 5)] = None
        else:
            known[word(5, 10) if chance.random() < 0.7 else f"{word(4, 8)} {word(4, 8)}"] = None
    keywords = list(known)
    others = [word(2, 9) if language == "en" else word(1, 4) for _ in range(3000)]
    between, often = (" ", 0.02) if language == "en" else ("", 0.012)
    messages = []
    for _ in range(MESSAGES):
        text = ""
        while len(text) < 200:
            text += (chance.choice(keywords) if chance.random() < often else chance.choice(others)) + between
        messages.append(text[:200])
    return keywords, messages


def check(
    language: str,
    index: KeywordIndex,
    compiled: KeywordIndex,
    peer: Callable[[str], list[str]],
    keywords: list[str],
    messages: list[str],
) -> None:
    """Ours finds what a search for each keyword does, and whatever the peer finds."""
    edge = r"\b" if language == "en" else ""
    searched = 20 if len(keywords) > 10_000 else 100
    for i, text in enumerate(messages):
        found = index.find(folded(text))
        assert found == compiled.find(folded(text))
        if language == "en":
            assert found >= set(peer(text))
        if i < searched:
            standing = [word for word in keywords if word in text]
            assert found == {word for word in standing if re.search(f"{edge}{re.escape(word)}{edge}", text)}
