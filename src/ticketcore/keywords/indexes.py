"""The ways in which keywords are looked for, and the choice among them.

Each is made of keywords as ``sought`` gives them, and finds those that stand in a folded text.  They differ in what
that costs.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Set
from operator import add

from ticketcore.ports import KeywordIndex
from ticketcore.text import folded, on_one_line, stands_in, words

FEW_WORDS = 32
"""Up to so many keywords with words in them are looked for one by one; from there on one look at each word is less."""

FEW_STRINGS = 100
"""Up to so many keywords without words are looked for one by one; from there on one look at each character is less."""


def sought(keyword: str) -> str:
    """The keyword as it is looked for: folded, with one space between its words; nothing of one that has no letters.

    >>> sought(" Gold  RING")
    'gold ring'
    """
    return on_one_line(folded(keyword))


class Few:
    """Keywords that are looked for one by one: a search for each, which is fast, but there is one for each."""

    def __init__(self, keywords: Iterable[str]) -> None:
        self._keywords = tuple(keywords)
        self._has_spaces = any(" " in keyword for keyword in self._keywords)

    def find(self, text: str) -> Set[str]:
        """Those that stand in the text.  O(keywords x text)."""
        if self._has_spaces:
            text = on_one_line(text)
        return {keyword for keyword in self._keywords if keyword in text and stands_in(text, keyword)}


class TokenSet:
    """Keywords that have words in them: the text is taken apart into words once, and these are met with the keywords'.

    A keyword of one word is in the text if that word is.  Of one with more in it, such as a phrase, all words are
    words of the text as well, so it is enough to look for it where one of them is: the one that the fewest others
    share.
    """

    def __init__(self, keywords: Collection[str]) -> None:
        parts = {keyword: words(keyword) for keyword in keywords}
        longer = {keyword: part for keyword, part in parts.items() if part != [keyword]}
        sharing = Counter(word for part in longer.values() for word in set(part))
        phrases = defaultdict(list)
        for keyword, part in longer.items():
            phrases[min(part, key=lambda word: (sharing[word], -len(word)))].append(keyword)
        self._single = frozenset(keyword for keyword in keywords if keyword not in longer)
        self._phrases = dict(phrases)
        self._known = self._single | self._phrases.keys()

    def find(self, text: str) -> Set[str]:
        """Those that stand in the text.  O(text), and a search for each phrase whose rarest word stands in it."""
        met = self._known.intersection(words(text))
        if not met:
            return met
        found = met & self._single
        if phrases := [phrase for word in met if word in self._phrases for phrase in self._phrases[word]]:
            text = on_one_line(text)
            found |= {phrase for phrase in phrases if phrase in text and stands_in(text, phrase)}
        return found


class PrefixTable:
    """Keywords without words, as in scripts that are written without spaces: a table of their first two characters.

    At each place of the text where a keyword can begin, what stands there in each of the lengths of such keywords is
    looked up among them.
    """

    def __init__(self, keywords: Collection[str]) -> None:
        lengths = defaultdict(set)
        for keyword in keywords:
            if len(keyword) > 1:
                lengths[keyword[:2]].add(len(keyword))
        self._lengths = {start: tuple(sorted(those)) for start, those in lengths.items()}
        self._keywords = frozenset(keywords)
        self._single = frozenset(keyword for keyword in keywords if len(keyword) == 1)
        self._has_spaces = any(" " in keyword for keyword in keywords)

    def find(self, text: str) -> Set[str]:
        """Those that stand in the text.  O(text x lengths of keywords that begin alike)."""
        if self._has_spaces:
            text = on_one_line(text)
        lengths, pairs = self._lengths, map(add, text, text[1:])
        parts = [text[i : i + n] for i, pair in enumerate(pairs) if pair in lengths for n in lengths[pair]]
        found = self._keywords.intersection(parts)
        return found | self._single.intersection(text) if self._single else found


class Together:
    """Keywords in ``parts``, each looked for in its own way, and parts for texts that are not of ASCII alone."""

    def __init__(self, parts: Iterable[KeywordIndex], beyond_ascii: Iterable[KeywordIndex]) -> None:
        self.parts = tuple(parts)
        self.beyond_ascii = tuple(beyond_ascii)
        """Keywords that cannot stand in a text of ASCII, which most texts in English are."""

    def find(self, text: str) -> Set[str]:
        """Those that stand in the text."""
        parts = self.parts if text.isascii() else (*self.parts, *self.beyond_ascii)
        return parts[0].find(text) if len(parts) == 1 else frozenset().union(*[part.find(text) for part in parts])


def index_of(keywords: Iterable[str]) -> KeywordIndex:
    """What finds these keywords, in pure Python: chosen by how many there are, and by their scripts.

    A loop for few; else a set of words for those with words in them, and a table of prefixes for those of scripts
    without.

    >>> sorted(index_of(["Ring", "gold ring", "退款"]).find(folded("A gold Ring, 我要退款")))
    ['gold ring', 'ring', '退款']
    """
    known = tuple(dict.fromkeys(filter(None, map(sought, keywords))))
    worded = [keyword for keyword in known if words(keyword)]
    strings = [keyword for keyword in known if not words(keyword)]
    plain, other = ([one for one in strings if one.isascii() is ascii] for ascii in (True, False))
    return Together(
        [*_chosen(worded, TokenSet, FEW_WORDS), *_chosen(plain, PrefixTable, FEW_STRINGS)],
        _chosen(other, PrefixTable, FEW_STRINGS),
    )


def _chosen(keywords: list[str], many: type[TokenSet] | type[PrefixTable], few: int) -> list[KeywordIndex]:
    """The index of these, if there are any."""
    return [Few(keywords) if len(keywords) <= few else many(keywords)] if keywords else []
