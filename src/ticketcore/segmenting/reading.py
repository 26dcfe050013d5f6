"""What one message says, read without knowing what came before it."""

import math
import re

import attrs

from ticketcore.cues import LANGUAGES, Finder
from ticketcore.segmenting.eastern import CHINESE, JAPANESE
from ticketcore.segmenting.english import ENGLISH
from ticketcore.segmenting.germanic import DUTCH, GERMAN
from ticketcore.segmenting.romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH
from ticketcore.segmenting.subjects import SUBJECTS
from ticketcore.text import folded

LOOK = 2000
"""So many characters of a message are looked at."""

SPOKEN = (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, DUTCH, CHINESE, JAPANESE)
"""Every language with a table of what people do in a conversation."""

_ASKED_FOR = {
    **dict.fromkeys(("asks us", "asks leave", "wants"), "wants"),
    **dict.fromkeys(("seeks", "knows", "asks advice", "checks"), "seeks"),
    **dict.fromkeys(("changes", "ends", "creates", "buys", "books", "sends", "plays"), "acts"),
    **dict.fromkeys(("asks when", "asks how", "asks what", "asks why"), "asks"),
    **dict.fromkeys(("names a fact", "names a find"), "names a thing"),
    "asks whether": "asks whether",
    "asks where": "asks where",
    "asks how much": "asks how much",
    "breaks": "breaks",
    "please": "please",
}
"""What customers ask for, by what it comes to here."""

_SUBJECTS = frozenset(SUBJECTS[0].cues)
_FINDER = Finder((*SPOKEN, *LANGUAGES, *SUBJECTS), (*ENGLISH.cues, *_ASKED_FOR, *_SUBJECTS))

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(f"[^\\W{_UNSPACED}]+|[{_UNSPACED}]+")
_SPACED = re.compile(f"[^\\W{_UNSPACED}]")
_NUMBER = re.compile(r"\d+")
_TIME = re.compile(r"\b\d{1,2}(?:[:.h]\d{2}| ?[ap]\.?m\b| ?uhr|点|點|時)|\d{1,2}[./-]\d{1,2}\b|\d月|\d日")
_MAIL = re.compile(r"@|\bat [a-z0-9]+ dot\b|mail ?com\b")


@attrs.frozen
class Heard:
    """What a message says.

    ``cues`` are those that it gives, each with the place of the word that gives it first; ``words`` those that may be
    shared with other messages, ``numbers`` those of two digits and more.  ``length`` counts words, or pairs of
    characters in a script without spaces.  ``flags`` are the values of ``FLAGS``, ``subjects`` what it speaks of, by
    the tables of ``subjects``.
    """

    cues: dict[str, int]
    words: frozenset[str]
    numbers: frozenset[str]
    length: int
    flags: tuple[float, ...]
    subjects: frozenset[str] = frozenset()


FLAGS = (
    "greets",
    "only greets",
    "parts",
    "wishes well",
    "ends it",
    "thanks",
    "agrees",
    "takes in",
    "denies",
    "adds",
    "points back",
    "resumes",
    "says a need",
    "says who",
    "wants",
    "seeks",
    "acts",
    "asks",
    "asks whether",
    "names a thing",
    "breaks",
    "please",
    "is sorry",
    "asks for more",
    "offers help",
    "reports it done",
    "asks consent",
    "question mark",
    "length",
    "digits",
    "only a number",
    "time or date",
    "mail address",
    "begins agreeing",
    "begins denying",
    "needs strongly",
    "closes only",
)
"""What is said of a message by itself, in the order of ``Heard.flags``."""

PLACE = {name: place for place, name in enumerate(FLAGS)}
"""Where each of them stands there."""


def heard(text: str) -> Heard:
    """What a message says.  Linear in the text, of which ``LOOK`` characters are looked at."""
    seen = folded(text[:LOOK])[:LOOK]
    cues: dict[str, int] = {}
    subjects = set()
    for name, at in _FINDER.names(seen).items():
        if name in _SUBJECTS:
            subjects.add(name)
            continue
        cue = _ASKED_FOR.get(name, name)
        cues[cue] = min(at, cues.get(cue, at))
    tokens = _TOKEN.findall(seen)
    words: set[str] = set()
    length = 0
    for token in tokens:
        if _SPACED.match(token):
            length += 1
            if len(token) > 2:
                words.add(token)
        else:
            length += (len(token) + 1) // 2
            words.update(token[i : i + 2] for i in range(len(token) - 1))
    numbers = frozenset(number for number in _NUMBER.findall(seen) if len(number) > 1)
    return Heard(cues, frozenset(words), numbers, length, _flags(seen, cues, length), frozenset(subjects))


def _flags(seen: str, cues: dict[str, int], length: int) -> tuple[float, ...]:
    said = cues.__contains__
    question = "?" in seen or "？" in seen or "؟" in seen
    asks = said("asks") or said("asks whether") or question
    needs = said("says what i need") or said("wants")
    greets = cues.get("greets", 99) < 4
    closes = said("thanks for it") or said("parts") or said("ends it") or said("wishes well")
    digits = any(each.isdigit() for each in seen)
    moves = said("acts") or said("seeks") or said("names a thing") or said("breaks")
    return (
        float(greets),
        float(greets and length < 5 and not needs and not moves),
        float(said("parts")),
        float(said("wishes well")),
        float(said("ends it")),
        float(said("thanks for it")),
        float(said("agrees")),
        float(said("takes in")),
        float(said("denies")),
        float(said("adds")),
        float(said("points back")),
        float(said("resumes")),
        float(said("says what i need")),
        float(said("says who")),
        float(said("wants")),
        float(said("seeks")),
        float(said("acts")),
        float(asks),
        float(said("asks whether")),
        float(said("names a thing")),
        float(said("breaks")),
        float(said("please")),
        float(said("is sorry")),
        float(said("asks for more")),
        float(said("offers help")),
        float(said("reports it done")),
        float(said("asks consent")),
        float(question),
        math.log1p(length),
        float(digits),
        float(digits and length < 3),
        float(_TIME.search(seen) is not None),
        float(_MAIL.search(seen) is not None),
        float(cues.get("agrees", 9) == 0),
        float(cues.get("denies", 9) == 0),
        float(needs and moves),
        float(closes and length < 12 and not needs and not moves and not question),
    )
