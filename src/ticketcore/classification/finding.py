"""Finding the cues of all languages in a text, word by word."""

import re
from collections import defaultdict

from ticketcore.classification.eastern import CHINESE, JAPANESE
from ticketcore.classification.english import ENGLISH
from ticketcore.classification.germanic import DUTCH, GERMAN
from ticketcore.classification.romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH
from ticketcore.text import folded

LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, DUTCH, CHINESE, JAPANESE)
"""Every language with a table.  All are looked for at once, since customers mix them."""

Span = tuple[int, int]
"""Where words stand in a text: from a character, which is of them, to one that is not."""

_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"\w+")


def cues_in(text: str) -> dict[str, list[Span]]:
    """The cues that a folded text gives, each with where its words stand, first ones first.

    Words count as whole words, whatever stands between them; in a script without spaces they count anywhere.
    Linear in the text.
    """
    spans: defaultdict[str, set[Span]] = defaultdict(set)
    words = [(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]
    for at, (word, start, end) in enumerate(words):
        for length in range(min(len(word), _LONGEST_STEM), 0, -1):
            for name in _STEMS.get(word[:length], ()):
                spans[name].add((start, end))
        for name, rest, open_ended in _PHRASES.get(word, ()):
            following = [each for each, _, _ in words[at + 1 : at + 1 + len(rest)]]
            if following == list(rest) or (open_ended and _begins(following, rest)):
                spans[name].add((start, words[at + len(rest)][2]))
    if _UNSPACED.search(text):
        for name, pattern in _ANYWHERE.items():
            spans[name].update(match.span() for match in pattern.finditer(text))
    return {name: sorted(found, key=_first_and_longest) for name, found in sorted(spans.items()) if found}


def _first_and_longest(span: Span) -> tuple[int, int]:
    return span[0], -span[1]


def _begins(words: list[str], phrase: tuple[str, ...]) -> bool:
    """Whether the words are those of a phrase whose last one may go on."""
    return len(words) == len(phrase) > 0 and words[:-1] == list(phrase[:-1]) and words[-1].startswith(phrase[-1])


_STEMS: defaultdict[str, list[str]] = defaultdict(list)
"""Beginnings of words, each with its cues."""

_PHRASES: defaultdict[str, list[tuple[str, tuple[str, ...], bool]]] = defaultdict(list)
"""For the first word of a phrase: its cue, the words that follow, and whether the last one may go on."""

_anywhere: defaultdict[str, list[str]] = defaultdict(list)
for _name in ENGLISH.cues:
    for _phrase in sorted({each.strip() for language in LANGUAGES for each in language.cues[_name].split("|")}):
        _words = _WORD.findall(folded(_phrase))
        if _UNSPACED.search(_phrase):
            _anywhere[_name].append(re.escape(folded(_phrase)))
        elif len(_words) == 1 and _phrase.endswith("*"):
            _STEMS[_words[0]].append(_name)
        else:
            _PHRASES[_words[0]].append((_name, tuple(_words[1:]), _phrase.endswith("*")))
_LONGEST_STEM = max(map(len, _STEMS))
_ANYWHERE = {_name: re.compile("|".join(sorted(_each, key=len)[::-1])) for _name, _each in _anywhere.items()}
