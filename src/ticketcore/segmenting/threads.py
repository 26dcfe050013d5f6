"""Which mails of a list belong together, also where the headers that would say so are gone.

In this order, each only for what the ones before left alone: the ids in References and In-Reply-To; ids that one run
of a program gave to a series of patches; the parts of one series by the same sender; quoted lines that an earlier mail
was the first to have; the subject, with its patch tag and without.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import attrs

LOOK = 20_000
"""So many characters of a mail are looked at."""

SUBJECT = 1000
"""So many characters of a subject are looked at."""

_DAY = 86_400.0
SERIES = _DAY / 4
"""The parts of a series are sent within so many seconds of each other."""
STALE = 60 * _DAY
"""A subject that was not used for so many seconds is a new matter."""

_RUNS = (
    re.compile(r"<?(\d{8,}(?:\.\d+)?-\d+)-\d+-(.+)"),
    re.compile(r"<?(\d{8,14}\.\d+)-\d+-(.+)"),
    re.compile(r"<?(?:cover|[0-9a-f]{7,64})\.(\d{6,})\.(git\..+)"),
    re.compile(r"<?(\d{8}-.+-v\d+)-\d+-([0-9a-f]{8,}@.+)"),
)
"""The ids that git send-email, git format-patch and b4 give to the parts of one series."""

_REPLY = re.compile(
    r"^\s*(?:(?:re|aw|sv|antw|odp|vs|fw|fwd|wg|tr|rif|res|回复|答复|转发|返信)(?:\[\d+\])?\s*[:：]\s*)+", re.I
)
_TAG = re.compile(r"^\s*\[([^\]]*)\]\s*")
_PART = re.compile(r"\b(\d{1,4})/(\d{1,4})\b")
_VERSION = re.compile(r"\bv(\d+)\b", re.I)
_PATCH = re.compile(r"patch|rfc|pull", re.I)
_SPACE = re.compile(r"\s+")
_QUOTE = re.compile(r"^\s*(?:>\s?)+")


@attrs.frozen
class Mail:
    """A mail of a list.

    ``message_id``, ``subject``, ``sender``, ``in_reply_to`` and ``references`` are its headers, empty where there are
    none; ``text`` is what it says, quotes too, and ``at`` when, in seconds, None if not known.
    """

    message_id: str
    text: str
    subject: str = ""
    sender: str = ""
    at: float | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


@attrs.frozen
class _Subject:
    """A subject taken apart: whether it ``answers``, its ``tags``, which ``part`` of how many it is, what is left."""

    answers: bool
    tags: str
    part: tuple[int, int] | None
    base: str


def threaded(mails: Sequence[Mail]) -> list[int]:
    """The thread of each mail: those of one thread have the same number.

    Linear in the text of the mails, of which ``LOOK`` characters each are looked at, and ``SUBJECT`` of a subject.
    """
    threads = _Threads(len(mails))
    _by_ids(mails, threads)
    subjects = [_subject(mail.subject) for mail in mails]
    _by_series(mails, subjects, threads)
    alone = [at for at, mail in enumerate(mails) if not (mail.in_reply_to or mail.references)]
    quoting, placed = _by_quotes(mails, alone, threads)
    _by_subject(mails, subjects, set(alone) - placed, quoting, threads)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(threads.of(at), len(numbers)) for at in range(len(mails))]


class _Threads:
    """Which places belong together."""

    def __init__(self, places: int) -> None:
        self._up = list(range(places))

    def of(self, place: int) -> int:
        """The first place of those that belong to this one, as far as is known."""
        while self._up[place] != place:
            self._up[place] = self._up[self._up[place]]
            place = self._up[place]
        return place

    def join(self, one: int, other: int) -> None:
        """These two belong together."""
        first, second = sorted((self.of(one), self.of(other)))
        self._up[second] = first


def _by_ids(mails: Sequence[Mail], threads: _Threads) -> None:
    """By the ids that mails name, known or not, and by the run of a program that made them."""
    first: dict[str, int] = {}
    for at, mail in enumerate(mails):
        for id in (mail.message_id, mail.in_reply_to, *mail.references):
            if id:
                threads.join(at, first.setdefault(id, at))
        named = {key for id in (mail.message_id, mail.in_reply_to, *mail.references) if (key := _run(id))}
        for key in sorted(named):
            threads.join(at, first.setdefault(key, at))


def _run(id: str) -> str:
    """What the ids of one series have in common; empty if no program known here made it."""
    found = next((match for pattern in _RUNS if (match := pattern.match(id))), None)
    return "" if found is None else f"run {found[1]} {found[2]}"


def _subject(subject: str) -> _Subject:
    rest = subject[:SUBJECT].casefold()
    answers = False
    tags: list[str] = []
    while True:
        reply, tag = _REPLY.match(rest), _TAG.match(rest)
        if reply:
            answers, rest = True, rest[reply.end() :]
        elif tag and tag.end() < len(rest):
            tags.append(_SPACE.sub(" ", tag[1]))
            rest = rest[tag.end() :]
        else:
            break
    marks = " ".join(tag for tag in tags if _PATCH.search(tag) or _PART.search(tag) or _VERSION.search(tag))
    part = _PART.search(marks)
    return _Subject(answers, marks, (int(part[1]), int(part[2])) if part else None, _SPACE.sub(" ", rest).strip())


def _by_series(mails: Sequence[Mail], subjects: Sequence[_Subject], threads: _Threads) -> None:
    """By being parts of one series of patches: the same sender, as many parts, the same tag, no part twice."""
    running: dict[tuple[str, int, str, str], tuple[int, set[int]]] = {}
    for at, (mail, subject) in enumerate(zip(mails, subjects, strict=True)):
        if subject.answers or subject.part is None or not subject.tags:
            continue
        part, whole = subject.part
        key = mail.sender, whole, _PART.sub("", subject.tags), _run(mail.message_id)
        last, parts = running.get(key, (at, set()))
        if part in parts or _apart(mails[last], mail) > SERIES:
            last, parts = at, set()
        threads.join(at, last)
        running[key] = at, parts | {part}


def _apart(one: Mail, other: Mail) -> float:
    """The seconds between two mails, 0 if not known."""
    return 0.0 if one.at is None or other.at is None else abs(other.at - one.at)


def _lines(text: str) -> Iterator[tuple[bool, str]]:
    """The lines that may be told from others: whether each is quoted, and its words."""
    for line in text[:LOOK].splitlines():
        quote = _QUOTE.match(line)
        words = _SPACE.sub(" ", line[quote.end() :] if quote else line).strip().casefold()
        if len(words) > 15 and sum(map(str.isalpha, words)) > len(words) / 2:
            yield quote is not None, words


def _by_quotes(mails: Sequence[Mail], alone: Iterable[int], threads: _Threads) -> tuple[set[int], set[int]]:
    """By quoted lines that an earlier mail wrote; which of those that stand alone quote at all, and which found it."""
    wrote: defaultdict[str, list[int]] = defaultdict(list)
    standing, quoting, placed = set(alone), set[int](), set[int]()
    for at, mail in enumerate(mails):
        found: defaultdict[int, float] = defaultdict(float)
        for quoted, words in _lines(mail.text):
            if not quoted:
                if not wrote[words] or wrote[words][-1] != at:
                    wrote[words].append(at)
            elif at in standing:
                quoting.add(at)
                writers = [each for each in wrote.get(words, ())[:9] if each != at]
                for writer in writers:
                    found[writer] += 1 / len(writers)  # what many wrote says less
        if found:
            best, weight = max(found.items(), key=lambda each: (each[1], each[0]))
            if weight >= 1:
                threads.join(at, best)
                placed.add(at)
    return quoting, placed


def _by_subject(
    mails: Sequence[Mail], subjects: Sequence[_Subject], standing: set[int], quoting: set[int], threads: _Threads
) -> None:
    """By subject, for mails that stand alone: with the tags first, then what is left without them."""
    tagged: dict[tuple[str, str], int] = {}
    plain: dict[str, int] = {}
    for at, (mail, subject) in enumerate(zip(mails, subjects, strict=True)):
        if not subject.base:
            continue
        key = subject.tags, subject.base
        answers = subject.answers or at in quoting
        earlier = tagged.get(key)
        if earlier is None and (answers or not subject.tags):
            earlier = plain.get(subject.base)
        again = not answers and subject.tags and earlier is not None
        if at in standing and earlier is not None and not again and _apart(mails[earlier], mail) <= STALE:
            threads.join(at, earlier)
        tagged[key] = plain[subject.base] = at
