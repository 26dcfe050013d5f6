"""Finding the cues of all languages in a text, word by word."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ticketcore.cues.language import Language
from ticketcore.text import folded

Span = tuple[int, int]
"""Where words stand in a text: from a character, which is of them, to one that is not."""

_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"\w+")
_KEPT_WORDS = 20_000
"""So many words are remembered with what they are."""

_Phrase = tuple[str, tuple[str, ...], bool]
"""The cue of a phrase, the words after its first one, and whether the last of them may go on."""


class Finder:
    """Finds the cues of some languages, all at once, since customers mix them.

    Words count as whole words, whatever stands between them; in a script without spaces they count anywhere.
    """

    def __init__(self, languages: Iterable[Language], names: Iterable[str] = ()) -> None:
        """``names`` are the cues that are looked for; all of the languages if there are none."""
        tables = tuple(languages)
        self._stems: defaultdict[str, list[str]] = defaultdict(list)
        self._phrases: defaultdict[str, list[_Phrase]] = defaultdict(list)
        self._known: dict[str, tuple[tuple[str, ...], tuple[_Phrase, ...]]] = {}
        anywhere: defaultdict[str, list[str]] = defaultdict(list)
        for name in tuple(names) or dict.fromkeys(name for language in tables for name in language.cues):
            for phrase in sorted(
                {each.strip() for table in tables for each in table.cues.get(name, "").split("|")} - {""}
            ):
                words = _WORD.findall(folded(phrase))
                if _UNSPACED.search(phrase):
                    anywhere[name].append(re.escape(folded(phrase)))
                elif len(words) == 1 and phrase.endswith("*"):
                    self._stems[words[0]].append(name)
                else:
                    self._phrases[words[0]].append((name, tuple(words[1:]), phrase.endswith("*")))
        self._longest = max(map(len, self._stems), default=0)
        self._anywhere = {
            name: re.compile("|".join(sorted(each, key=len)[::-1])) for name, each in sorted(anywhere.items())
        }

    def spans(self, text: str) -> dict[str, list[Span]]:
        """The cues that a folded text gives, each with where its words stand, first ones first.  Linear in the text."""
        spans: defaultdict[str, set[Span]] = defaultdict(set)
        found = [(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]
        words = [word for word, _, _ in found]
        for at, (word, start, end) in enumerate(found):
            alone, phrases = self._of(word)
            for name in alone:
                spans[name].add((start, end))
            for phrase in phrases:
                if _follows(words, at, phrase):
                    spans[phrase[0]].add((start, found[at + len(phrase[1])][2]))
        if _UNSPACED.search(text):
            for name, pattern in self._anywhere.items():
                spans[name].update(match.span() for match in pattern.finditer(text))
        return {name: sorted(each, key=_first_and_longest) for name, each in sorted(spans.items()) if each}

    def names(self, text: str) -> dict[str, int]:
        """The cues that a folded text gives, each with which word of it gives it first, the first word being 0.

        In a script without spaces, the number of the character takes the place of that of the word.  Linear in the
        text.
        """
        words = _WORD.findall(text)
        first: dict[str, int] = {}
        for at, word in enumerate(words):
            alone, phrases = self._of(word)
            for name in alone:
                first.setdefault(name, at)
            for phrase in phrases:
                if phrase[0] not in first and _follows(words, at, phrase):
                    first[phrase[0]] = at
        if not text.isascii() and _UNSPACED.search(text):
            for name, pattern in self._anywhere.items():
                match = pattern.search(text)
                if match:
                    first[name] = min(first.get(name, match.start()), match.start())
        return first

    def _of(self, word: str) -> tuple[tuple[str, ...], tuple[_Phrase, ...]]:
        """The cues of a word by itself, and the phrases that it begins."""
        known = self._known.get(word)
        if known is None:
            alone = [
                name
                for length in range(min(len(word), self._longest), 0, -1)
                for name in self._stems.get(word[:length], ())
            ]
            begun = self._phrases.get(word, ())
            known = (*alone, *(name for name, rest, _ in begun if not rest)), tuple(each for each in begun if each[1])
            if len(self._known) < _KEPT_WORDS:
                self._known[word] = known
        return known


def _first_and_longest(span: Span) -> tuple[int, int]:
    return span[0], -span[1]


def _follows(words: Sequence[str], at: int, phrase: _Phrase) -> bool:
    """Whether the rest of a phrase follows the word at this place."""
    _, rest, goes_on = phrase
    following = tuple(words[at + 1 : at + 1 + len(rest)])
    if not goes_on or len(following) < len(rest):
        return following == rest
    return following[:-1] == rest[:-1] and following[-1].startswith(rest[-1])
