"""What of a message counts towards query or request: features with names, the same in every language.

A feature is a cue that a message gives ("wants", "asks when", "ends"), which of asking to know and asking to act it
does, and does first and last, two cues that together mean something else, or a sign that needs no words.
"""

import math
import re
from collections.abc import Mapping

import attrs

from ticketcore.cues import LANGUAGES, Finder, Span
from ticketcore.text import folded

LOOK = 4000
"""So many characters of a message are looked at."""

_QUESTIONS = ("asks when", "asks where", "asks how much", "asks what", "asks whether")
_TO_KNOW = ("knows", "seeks", "asks advice", "checks", *_QUESTIONS, "names a fact")
_TO_ACT = ("changes", "ends", "creates", "buys", "books", "sends", "breaks", "plays")

_FINDER = Finder(LANGUAGES)
_WORD = re.compile(r"\w+")
_DIGIT_FIRST = re.compile(r"\W*\d")


@attrs.frozen
class Features:
    """The features of a message: their ``values`` by name, 0 where one is missing, and the ``words`` that gave them."""

    values: Mapping[str, float]
    words: Mapping[str, str]


def features_of(text: str) -> Features:
    """The features of a message's text.  Linear in the text, of which ``LOOK`` characters are looked at."""
    seen = folded(text[:LOOK])[:LOOK]
    found = _FINDER.spans(seen)
    values = dict.fromkeys(found, 1.0)
    words = {name: seen[slice(*spans[0])] for name, spans in found.items()}
    values |= _order(found) | _together(found) | _wordless(seen)
    return Features({name: value for name, value in values.items() if value}, words)


def _order(found: Mapping[str, list[Span]]) -> dict[str, float]:
    """Which of asking to know and asking to act there is, and which comes first and last."""
    to_know = [span for name in _TO_KNOW for span in found.get(name, ())]
    to_act = [span for name in _TO_ACT for span in found.get(name, ())]
    both = bool(to_know and to_act)
    return {
        "only asks to know": float(bool(to_know) and not to_act),
        "only asks to act": float(bool(to_act) and not to_know),
        "asks neither": float(not to_know and not to_act),
        "first asks to know": float(both and min(to_know) < min(to_act)),
        "last asks to know": float(both and max(to_know) > max(to_act)),
    }


def _together(found: Mapping[str, list[Span]]) -> dict[str, float]:
    """What two cues mean that stand together."""
    acts = any(name in found for name in _TO_ACT)
    asks = any(name in found for name in (*_QUESTIONS, "knows"))
    return {
        "accepts and asks": float("accepts" in found and asks),
        "accepts and asks nothing": float("accepts" in found and not any(name in found for name in _TO_KNOW)),
        "acts on a fact": float(acts and "names a fact" in found),
        "acts on a find": float(acts and "names a find" in found),
        "names a find alone": float(not acts and "names a find" in found),
        "seeks and acts": float(acts and ("seeks" in found or "asks advice" in found)),
        "knows and acts": float(acts and "knows" in found),
        "asks what and acts": float(acts and "asks what" in found),
    }


def _wordless(text: str) -> dict[str, float]:
    """What needs no table of a language."""
    return {
        "length": round(math.log1p(len(_WORD.findall(text))), 6),
        "question mark": float("?" in text or "\u061f" in text),
        "digits": float(any(each.isdigit() for each in text)),
        "starts with a number": float(_DIGIT_FIRST.match(text) is not None),
    }
