"""Words in any script: folding away case, accents and width, and finding keywords.

Folding is Unicode's compatibility decomposition (UAX 15, form NFKD) without the combining marks of Latin, Greek
and Cyrillic (U+0300 to U+036F), then case folding.  Marks of other scripts carry meaning and stay.
"""

import re
import unicodedata
from functools import lru_cache

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, kana and Han: written without spaces, so a keyword there has no edges."""

_JOINED = re.compile(f"[^\\W{_UNSPACED}]{{2}}")
_MARKS = re.compile("[\u0300-\u036f]+")


def folded(text: str) -> str:
    """The text without differences of case, accent and width.

    >>> folded("CAFÉ Größe ＡＢＣ")
    'cafe grosse abc'
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text))).casefold()


def mentions(folded_text: str, keywords: tuple[str, ...]) -> bool:
    """Whether a folded text has one of the keywords: as a whole word where the script has words, else anywhere.

    Linear in the text for a given set of keywords.

    >>> mentions(folded("Start the art class"), ("Art",)), mentions(folded("Start"), ("art",))
    (True, False)
    >>> mentions(folded("我的iPhone壞了"), ("iphone",)), mentions(folded("我要退款"), ("退款",))
    (True, True)
    """
    found = [words for words in _folded(keywords) if words in folded_text]
    return bool(found) and any(_stands_in(folded_text, words) for words in found)


@lru_cache(maxsize=4096)
def _folded(keywords: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(folded(keyword).strip() for keyword in keywords)


def _stands_in(text: str, words: str) -> bool:
    """Whether the words stand somewhere without a letter of theirs touching another."""
    at = text.find(words)
    while at >= 0:
        if not (at > 0 and _JOINED.match(text, at - 1)) and not _JOINED.match(text, at + len(words) - 1):
            return True
        at = text.find(words, at + 1)
    return False
