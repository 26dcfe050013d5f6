"""The values of header fields: words, parameters, message ids and dates.

Encoded words are those of RFC 2047, parameters those of RFC 2045 with RFC 2231.  Each function is linear in what it
is given and takes whatever it is given; the regular expressions cannot scan a character more than a few times,
because what they repeat excludes what ends it.
"""

import re
from binascii import a2b_qp
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from ticketcore.channels.email.charsets import decode
from ticketcore.channels.email.transfer import from_base64

_ENCODED_WORD = re.compile(r"=\?([^?\s]*)\?([bBqQ])\?([^?]*)\?=")
_UNPRINTABLE = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]++|\\.)*+"?|[^;]*)', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_BRACKETED = re.compile(r"<([^<>]*)>")
_USUAL_ID = re.compile(r"<([!-/:;=?@[-`{-~]{0,99}+[0-9A-Za-z][!-;=?-~]{0,799}+)>")
"""A message id in its brackets that is printable ASCII without blanks, and has a letter or digit."""

_END_OF_KEYWORD = re.compile(r"[;(\s]")
_NAMED = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: f"{number:02}" for number, name in enumerate(_NAMED, 1)}
_DATE = re.compile(
    rf"[A-Z][a-z][a-z], ([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([12][0-9]{{3}}) "
    r"((?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]) ([+-][01][0-9][0-5][0-9])"
)
"""As nearly all programs write it."""

_MAX_ID = 990
_MAX_PIECES = 100


def unfolded(raw: bytes, charset: str = "") -> tuple[str, str]:
    """A raw value as text, with encoded words as they stand, and what was odd: UTF-8 or else the given charset."""
    if raw.isascii():
        return raw.decode("ascii"), ""
    text, _ = decode(raw, "")
    if "\ufffd" in text and charset:
        text, _ = decode(raw, charset)
    return text, "has bytes that are not ASCII" + (", some of which were replaced" if "\ufffd" in text else "")


def words(text: str) -> tuple[str, str]:
    """Text with its encoded words decoded, on one line without control characters, and what was odd.

    Adjacent encoded words of one charset are joined before they are decoded, since many programs cut characters.

    >>> words("=?utf-8?q?caf=C3?= =?utf-8?q?=A9?= au lait")
    ('café au lait', '')
    """
    if "=?" not in text:
        return clean(text), ""
    shown: list[str] = []
    odd = ""
    pending: list[bytes] = []
    charset, end = "", 0
    for match in _ENCODED_WORD.finditer(text):
        gap = text[end : match.start()]
        named = match[1].partition("*")[0].lower()  # RFC 2231, 5: a language may follow
        if (gap and not gap.isspace()) or end == 0 or named != charset:
            decoded, reason = decode(b"".join(pending), charset)
            odd = odd or reason
            shown += (decoded, "" if end and gap.isspace() else gap)
            pending, charset = [], named
        pending.append(_unencoded(match[2], match[3]))
        end = match.end()
    decoded, reason = decode(b"".join(pending), charset)
    return clean("".join((*shown, decoded, text[end:]))), odd or reason


def _unencoded(encoding: str, text: str) -> bytes:
    content = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return a2b_qp(content.replace(b"_", b" "))
    return from_base64(content)[0]


def clean(text: str) -> str:
    """The text on one line: every run of control characters, line ends and half surrogate pairs is one space."""
    return (text if text.isprintable() else _UNPRINTABLE.sub(" ", text)).strip()


def keyword(text: str) -> str:
    """What stands before a parameter or comment, in lower case.

    >>> keyword("Auto-Replied; x=y"), keyword("no (never)")
    ('auto-replied', 'no')
    """
    text = clean(text).lower()
    return _END_OF_KEYWORD.split(text, maxsplit=1)[0]


def parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """A structured value and its parameters by lower-case name; the first of a name counts.

    Bytes that are not UTF-8 stand in them as half surrogate pairs (PEP 383), which ``parameter`` takes back.

    >>> parameters(b'text/plain; charset="utf-8"; Format=flowed')
    ('text/plain', {'charset': 'utf-8', 'format': 'flowed'})
    """
    text = raw.decode("utf-8", "surrogateescape")
    value, semicolon, _ = text.partition(";")
    named: dict[str, str] = {}
    if semicolon:
        for match in _PARAMETER.finditer(text, len(value)):
            content = match[2]
            if content.startswith('"'):
                content = content[1:].removesuffix('"')
                if "\\" in content:
                    content = _ESCAPED.sub(r"\1", content)
            named.setdefault(match[1].lower(), content.strip())
    return clean(value).lower(), named


def parameter(named: Mapping[str, str], name: str) -> str:
    """One parameter as words: whole or in pieces with a charset (RFC 2231), or with encoded words, as many write it."""
    if name in named and f"{name}*" not in named:
        return words(unfolded(_bytes(named[name]))[0])[0]
    pieces = [(named[f"{name}*"], True)] if f"{name}*" in named else []
    for i in range(0 if pieces else _MAX_PIECES):
        if f"{name}*{i}*" in named:
            pieces.append((named[f"{name}*{i}*"], True))
        elif f"{name}*{i}" in named:
            pieces.append((named[f"{name}*{i}"], False))
        else:
            break
    if not pieces:
        return ""
    charset = ""
    first, is_extended = pieces[0]
    if is_extended and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
        pieces[0] = (first, True)
    content = b"".join(unquote_to_bytes(_bytes(text)) if extended else _bytes(text) for text, extended in pieces)
    return clean(decode(content, charset)[0])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def message_ids(text: str) -> list[str]:
    """The message ids in a text, without their angle brackets; a lone id may come without them.

    An id has a letter or digit: what has none, such as ``<@>``, would make different mails one.

    >>> message_ids("<a@x> (yours)  <[b@y]>"), message_ids("c@z"), message_ids("<@> <")
    (['a@x', '[b@y]'], ['c@z'], [])
    """
    usual = _USUAL_ID.findall(text)
    if usual and len(usual) == text.count("<"):
        return usual
    return _any_ids(text)


def _any_ids(text: str) -> list[str]:
    found = _BRACKETED.findall(text) if "<" in text else [text]
    ids = ("".join(clean(id).split()) for id in found if "<" in text or ("@" in id and len(id.split()) == 1))
    return [id for id in ids if len(id) <= _MAX_ID and any(map(str.isalnum, id))]


def date_of(text: str) -> datetime | None:
    """The instant in UTC that a Date names, None when there is no such day or time; without a zone it is in UTC."""
    try:
        if usual := _DATE.fullmatch(text):
            day, month, year, clock, zone = usual.groups()
            return datetime.fromisoformat(f"{year}-{_MONTHS[month]}-{day:0>2}T{clock}{zone}").astimezone(UTC)
        parsed = parsedate_tz(text[:200])
        if parsed is None:
            return None
        return datetime(*parsed[:6], tzinfo=timezone(timedelta(seconds=parsed[9] or 0))).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
