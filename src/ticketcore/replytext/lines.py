"""What one line of a mail may be, by its words alone, in any of the languages.

A line is looked at in at most its first ``LOOK`` characters, and with bounded work: that is what makes marking linear.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from ticketcore.replytext.eastern import EASTERN
from ticketcore.replytext.western import WESTERN
from ticketcore.text import folded

LANGUAGES = (*WESTERN, *EASTERN)
"""Every language with a table.  All are looked for at once, since a mail mixes them."""

LOOK = 400
"""So many characters of a line are looked at."""

_SHORT = 16
"""A name, an address and a date are so many words at most, where no verb or colon says that they belong together."""

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1f]")
_WORD = re.compile(r"[^\W_]+")
_QUOTE = re.compile(r"[ \t]{0,8}>(?![:;._=]-?[()<>DPp/\\_])")
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}\.\w|mailto:|@[\w-]{1,63}\.\w{2}")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2} ?[ap]\.? ?m\b|\d{1,2}[時时시]|\d{1,2} uhr\b")
_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}[月월])(?!\d)")
_PHONE = re.compile(r"(?<!\d)\d{2}(?:[./ -]\d{2}){3,}(?!\d)")
_SENTENCE = re.compile(r"[^\W\d_]{4}[.!?]$")
_DAY = re.compile(r"\W{0,3}(?:\w{2,12}\.?,? )?(?:\d{1,2}[.,/ -]|(?:19|20)\d\d\W{0,2}[-/.年년 ])")
_RULE = re.compile(r"[-_=*#+~\u2010-\u2015\u2500-\u257f]{2,}|[\u2013-\u2015]")
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015"
_LEADING = " \t>*_-=#~+\u2013\u2014|\u2022"
_PARENTHESISED = re.compile(r"[(\[][^()\[\]]{0,12}[)\]]")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0eff\uac00-\ud7af\u0590-\u06ff]")


def _all(field: str) -> tuple[str, ...]:
    return tuple(sorted({folded(each) for language in LANGUAGES for each in getattr(language, field)}, key=len)[::-1])


_ROLES = {
    name: role for role in ("recipients", "subjects", "dates", "senders") for name in _all(role)
}  # a name of two roles counts as the more telling one, which comes last
_OPENERS, _VERBS, _GREETINGS, _DEVICES = _all("openers"), _all("verbs"), _all("greetings"), _all("devices")
_ORIGINALS, _FORWARDS, _DISCLAIMERS = _all("originals"), _all("forwards"), _all("disclaimers")
_PEOPLE = frozenset(_all("people"))
_ONE_WORD = frozenset(each for each in _OPENERS if _WORD.fullmatch(each))
_QUOTING = _all("quoting")
_PHRASES = tuple(each for each in _OPENERS if each not in _ONE_WORD)


def _edged(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern for phrases as whole words; where a script has no spaces, anywhere."""
    parts = [re.escape(each) if _UNSPACED.search(each) else rf"(?<!\w){re.escape(each)}(?!\w)" for each in phrases]
    return re.compile("|".join(parts))


_VERB = _edged(_VERBS)
_VERB_AT_END = re.compile(rf"(?:{_VERB.pattern})\W{{0,8}}$")
_ORIGINAL, _FORWARD = _edged(_ORIGINALS), _edged(_FORWARDS)
_HEADINGS = frozenset(_ORIGINALS)


class Line:
    """A line, and what it may be.

    ``start`` and ``end``: its characters in the text, with its line break.  ``blank``: nothing can be seen in it.
    ``quoted``: it has the mark of a quote.  ``long``: it has more than ``LOOK`` characters.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        self.start, self.end = start, end
        seen = text[start : min(end, start + LOOK)]
        self.blank = end - start <= LOOK and not _UNSEEN.sub("", seen).strip()
        self._raw = seen
        self.quoted = _QUOTE.match(seen) is not None
        self.long = end - start > LOOK

    @cached_property
    def words(self) -> str:
        """The line folded, without what cannot be seen."""
        return folded(_UNSEEN.sub("", self._raw)).strip()

    @cached_property
    def bare(self) -> str:
        """The words without leading dashes, bullets and marks of quotes."""
        return self.words.lstrip(_LEADING)

    @property
    def is_short(self) -> bool:
        """Whether it may be a line of a signature: a name, a post, an address, and no sentence."""
        if self.long or len(self.words) > 160:
            return False
        linked = "://" in self.words or "www." in self.words or "@" in self.words
        return linked or (len(_WORD.findall(self.words)) <= 12 and not self.words.endswith(("?", "？")))

    @property
    def is_link_end(self) -> bool:
        """Whether it is a long link, or ends with one, such as mail programs break over two lines."""
        return self.words.endswith(">") or self.words.startswith(("<http", "http", "(http"))

    @property
    def field(self) -> str:
        """The role of the field of a copied header that the line is ("senders", "dates", ...), or nothing."""
        name, colon, _ = self.bare[:60].partition(":")
        return _ROLES.get(name.strip(" *_\t"), "") if colon else ""

    @property
    def has_address(self) -> bool:
        """Whether an address of e-mail stands in it."""
        return _ADDRESS.search(self.words) is not None

    @property
    def is_original(self) -> bool:
        """Whether it is a divider above a quoted message, such as "-----Original Message-----"."""
        return self._is_divider(_ORIGINAL)

    @property
    def is_heading(self) -> bool:
        """Whether it is the words of such a divider alone."""
        return self.words in _HEADINGS

    @property
    def is_forward(self) -> bool:
        """Whether it is a divider above a forwarded message."""
        return self._is_divider(_FORWARD)

    def _is_divider(self, pattern: re.Pattern[str]) -> bool:
        if self.long or len(self.words) > 120 or not (_RULE.match(self.words) or self.words.endswith((":", "#"))):
            return False
        found = pattern.search(self.words)
        if found is None:
            return False
        before, after = self.words[: found.start()].strip(), self.words[found.end() :].strip()
        return bool(_RULE.match(before) or before.startswith("##") or (not before and after == ":"))

    @property
    def is_rule(self) -> bool:
        """Whether it is nothing but a line of dashes, underscores or the like."""
        return not self.long and _RULE.fullmatch(self.words) is not None

    @property
    def opens(self) -> bool:
        """Whether the line above a quote may begin here."""
        return self.begins or self._tells

    @property
    def begins(self) -> bool:
        """Whether it begins as such a line does: with a word for it and a number, a date, or a name with an address."""
        bare = self.bare
        first = _WORD.match(bare)
        if first is not None and first[0] in _ONE_WORD and any(each.isdigit() for each in bare):
            return True
        return bare.startswith((*_PHRASES, *_QUOTING)) or (self.is_dated and bool(_DAY.match(bare))) or self._is_named

    @property
    def names_who_wrote(self) -> bool:
        """Whether it begins with a name, and says further on that this one wrote."""
        verb = _VERB.search(self.words) if self._tells else None
        return verb is not None and verb.start() > 0 and self._raw.lstrip()[:1].isupper()

    @property
    def is_loose(self) -> bool:
        """Whether it may be something else: a sentence, or without a date or a word with which such lines begin."""
        first = _WORD.match(self.bare)
        if _SENTENCE.search(self.words):
            return True
        return not (self.is_dated or (first is not None and first[0] in _ONE_WORD) or self.bare.startswith(_QUOTING))

    @property
    def is_own(self) -> bool:
        """Whether it is complete by itself, with a year or with a word for a quote."""
        return _DATE.search(self.words) is not None or self.bare.startswith(_QUOTING)

    @property
    def is_dated(self) -> bool:
        """Whether a date or a time stands in it; the groups of digits of a telephone's number are none."""
        words = _PHONE.sub("", self.words)
        return bool(_DATE.search(words) or _CLOCK.search(words))

    @property
    def is_name(self) -> bool:
        """Whether it may be the name of a person and nothing else."""
        return len(self.words) <= 60 and 1 <= len(self.bare.split()) <= 4 and self.words[-1] not in ".,:;!?"

    @property
    def begins_with_address(self) -> bool:
        """Whether an address in angle brackets begins it."""
        return self.words.startswith("<") and self.has_address

    @property
    def _is_named(self) -> bool:
        return "@" in self.words and ("<" in self.words or "(" in self.words) and len(_WORD.findall(self.words)) <= 20

    @property
    def _tells(self) -> bool:
        return not self.long and self.words.endswith((":", "-")) and _VERB.search(self.words) is not None

    @property
    def closes(self) -> bool:
        """Whether the line above a quote may end here."""
        return not self.long and (self.words.endswith((":", "：")) or _VERB_AT_END.search(self.words) is not None)

    @property
    def is_dash(self) -> bool:
        """Whether it is two to four dashes, or underscores, as above a signature or the footer of a list."""
        return self.is_rule and (set(self.words) == {"_"} or (len(self.words) <= 4 and self.words[0] in _DASHES))

    @property
    def is_signature_dash(self) -> bool:
        """Whether it is "-- ", below which all is signature (RFC 3676, 4.3)."""
        return self.words == "--"

    @property
    def is_named_dash(self) -> bool:
        """Whether it is a name after a dash, such as "-Kim" or "-- Kim Lee"."""
        raw = _UNSEEN.sub("", self._raw).strip()
        name = raw.lstrip("-\u2013\u2014\u2015~")
        dashes = len(raw) - len(name)
        words = name.split()
        return (
            1 <= dashes <= 3 and 1 <= len(words) <= 3 and all(word[:1].isupper() for word in words) and "," not in name
        )

    @property
    def is_device(self) -> bool:
        """Whether a telephone or a program signs with it."""
        words = self.bare.rstrip(" .!)>]*_")
        if self.long or len(words) > 120 or len(_WORD.findall(words)) > 14:
            return False
        return words.lstrip("(<[").startswith(_DEVICES_AT_START) or words.endswith(_DEVICES_AT_END)

    @property
    def is_greeting(self) -> bool:
        """Whether it closes a letter, with or without the name in the same line."""
        if self.long or len(self.words) > 80:
            return False
        words = self.words.strip(" *_")
        for phrase in _GREETINGS:
            at = words.find(phrase)
            if at < 0 or (at > 0 and words[at - 1].isalnum() and not _UNSPACED.match(phrase)):
                continue
            after = words[at + len(phrase) :]
            if len(words[:at].split()) > (4 if len(phrase) > 5 else 0) or "?" in words:
                continue
            if _ends(after) or (at == 0 and self._ends_with_name(len(after.split()))):
                return True
        return False

    def _ends_with_name(self, count: int) -> bool:
        """Whether the last words, two at most, are written like a name."""
        return count <= 2 and all(word[:1].isupper() and word.isalpha() for word in self._raw.split()[-count:])

    @property
    def is_disclaimer(self) -> bool:
        """Whether a legal notice or the footer of a list begins here."""
        head = self.bare.lstrip("([\"'")[:200]
        return head.startswith(_DISCLAIMERS)


_DEVICES_AT_START = tuple(each for each in _DEVICES if not each.startswith(("'", "’")))
_DEVICES_AT_END = tuple(
    each
    for each in _DEVICES
    if _UNSPACED.search(each) or "gonderildi" in each or each.endswith((" gesendet", "kuldve"))
)


def _ends(after: str) -> bool:
    """Whether nothing but a name can follow: an end, or up to four words after a comma."""
    rest = after.strip()
    return not rest.strip(".,!;:\u2026-\u2013\u2014\uff0c\u3002\uff01\u3001 ") or (
        rest[0] in ",!\u2013\u2014-\uff0c\u3001" and len(rest.split()) <= 5
    )


def is_attribution(lines: Sequence[Line], followed_by_quote: bool) -> bool:
    """Whether the lines together say who wrote the quote that follows, and when.

    By a verb ("wrote") with a date, a time or an address; or, in a language without a table, by an address and a date
    before a colon.  A sentence about somebody ("On 5 May your colleague wrote:") has words for those who talk.
    """
    words = " ".join(line.words for line in lines)
    bare = words.lstrip(_LEADING)
    tokens = _WORD.findall(words)
    if len(words) > LOOK or len(tokens) > 50:
        return False
    verb = _VERB.search(words)
    address, clock = _ADDRESS.search(words), _CLOCK.search(words)
    date = _DATE.search(words)
    colon = words.endswith((":", "："))
    if bare.startswith(_QUOTING) and ((address and colon) or (followed_by_quote and (clock or date))):
        return True
    if address and (clock or date) and (colon or verb or (followed_by_quote and len(tokens) <= _SHORT)):
        return True
    if verb is None:
        return False
    if not address and _PEOPLE.intersection(_WORD.findall(_PARENTHESISED.sub("", bare))[1:]) and not followed_by_quote:
        return False
    if words.startswith("--") and words.endswith("--"):
        return True
    if not colon and _VERB_AT_END.search(words) is None:
        return False
    return bool(address or clock or date or followed_by_quote)
