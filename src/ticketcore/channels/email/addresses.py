"""Lists of addresses, as people and programs write them (RFC 5322, 3.4 and 4.4).

One mailbox as nearly all are written is read at once, anything else in one pass over the text.  A quotation mark or
parenthesis that is never closed is looked for once and then stands for itself.  What stands in angle brackets is the
address, whatever the name beside it looks like.
"""

import re
from typing import NamedTuple

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_PARENTHESIS = re.compile(r"\\.|[()]", re.DOTALL)
_ANGLE = re.compile(r"<([^<>]*)(>?)")
_WORD = re.compile(r"\[[^\s\[\]<>,;\"]*\]|[^\s\"(),:;<>\[]+|[:\[]")
_SPACE = re.compile(r"\s+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_DOMAIN = re.compile(r"[^\s\[\]<>\"(),:;@\\\x00-\x1f\x7f]+|\[[^\s\[\]<>\"@\\]+\]")
_LOCAL = re.compile(r"[^\s\[\]<>\"(),:;@\\\x00-\x1f\x7f]+")
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])+"')
_MAX_ADDRESS = 500
_USUAL = re.compile(r'([^"(),:;<>\[]*)<([^<>]*)>\s*')
"""One mailbox, its name without anything that means more than it says."""

_NORMAL = re.compile(r"[\w.+=-]++@[a-z0-9.-]*[a-z0-9]")


class Mailbox(NamedTuple):
    """A ``name``, with encoded words as they stand, and an ``address``, empty when what stands there is none."""

    name: str
    address: str


def mailboxes(text: str, limit: int) -> list[Mailbox]:
    """The first ``limit`` mailboxes of a list, those of groups too.  Linear in the text.

    >>> mailboxes('a@b.c <evil@x.Y>, Team: "Li, An" <"an.li"@x.org>;, z@q (Zoe)', 9)
    [Mailbox(name='a@b.c', address='evil@x.y'), Mailbox(name='Li, An', address='an.li@x.org'), \
Mailbox(name='Zoe', address='z@q')]
    """
    usual = usual_mailbox(text)
    return [usual] if usual and limit > 0 else _any_mailboxes(text, limit)


def usual_mailbox(text: str) -> Mailbox | None:
    """The one mailbox of a text that is written as nearly all are; None for any other text."""
    usual = _USUAL.fullmatch(text)
    address = normal(usual[2]) if usual else ""
    return Mailbox(" ".join(usual[1].split()), address) if usual and address else None


def _any_mailboxes(text: str, limit: int) -> list[Mailbox]:
    found: list[Mailbox] = []
    words: list[str] = []
    word: list[str] = []
    comments: list[str] = []
    angle: str | None = None
    has_at = False
    for kind, value in (*_tokens(text), ("end", "")):
        if kind == "word":
            word.append(value)
            has_at = has_at or "@" in value
            continue
        if kind == ":" and has_at:
            word.append(value)
            continue
        if word:
            words.append("".join(word))
            word = []
        if kind == "comment":
            comments.append(value)
        elif kind == "angle" and (angle is None or value.strip()):
            angle = value
        elif kind == ":":
            words.clear()
        elif kind == "end":
            found.extend(_mailbox(words, comments, angle))
            words, comments, angle, has_at = [], [], None, False
            if len(found) >= limit:
                break
    return found[:limit]


def _tokens(text: str) -> list[tuple[str, str]]:
    """Words (a quoted string is one), spaces, comments, what is in angle brackets, colons, and ends of mailboxes."""
    tokens: list[tuple[str, str]] = []
    position, size = 0, len(text)
    quotes = comments = True
    while position < size:
        if match := _WORD.match(text, position):
            tokens.append((":" if match[0] == ":" else "word", match[0]))
        elif match := _SPACE.match(text, position):
            tokens.append(("space", ""))
        elif text[position] in ",;":
            tokens.append(("end", ""))
        elif match := _ANGLE.match(text, position):
            value = match[1]
            if not match[2] and not value.lstrip().startswith("@"):
                value = re.split("[,;]", value, maxsplit=1)[0]
            tokens.append(("angle", value))
            position += len(value) + 1 + len(match[2])
            continue
        elif quotes and text[position] == '"':
            match = _QUOTED.match(text, position)
            quotes = match is not None
            tokens.append(("word", match[0] if match else ""))
        elif comments and text[position] == "(":
            end = _comment_end(text, position)
            comments = end > 0
            if end > 0:
                tokens.append(("comment", text[position + 1 : end]))
                position = end
        position = match.end() if match else position + 1
    return tokens


def _comment_end(text: str, start: int) -> int:
    """Where the parenthesis that closes the one at ``start`` stands, 0 when none does."""
    depth = 0
    for match in _PARENTHESIS.finditer(text, start):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
            if depth == 0:
                return match.start()
    return 0


def _mailbox(shown: list[str], comments: list[str], angle: str | None) -> list[Mailbox]:
    if angle is None and not shown and not comments:
        return []
    address = "" if angle is None else normal(angle)
    if not address:
        named = next((word for word in shown if "@" in word and normal(word)), None)
        if named is not None:
            shown.remove(named)
            address = normal(named)
        elif "@" in "".join(shown):
            address = normal("".join(shown))
            shown = [] if address else shown
    if not address and angle:
        shown.append(angle)
    name = " ".join(map(_unquoted, shown)).strip() or " ".join(comments).strip()
    return [Mailbox(name, address)]


def _unquoted(word: str) -> str:
    if len(word) >= 2 and word[0] == word[-1] == '"':
        return _ESCAPED.sub(r"\1", word[1:-1]).strip()
    return word


def normal(text: str) -> str:
    """An address with its domain in lower case, or the empty text when it has no local part or no domain.

    >>> normal("Ada@Example.ORG."), normal('"a b"@x.y'), normal("a@["), normal("ada")
    ('Ada@example.org', '"a b"@x.y', '', '')
    """
    if len(text) <= _MAX_ADDRESS and _NORMAL.fullmatch(text):
        return text
    text = text.strip().removeprefix("mailto:")
    if text.startswith("@") and ":" in text:  # A route of old (RFC 5322, 4.4): @relay,@relay:user@host
        text = text.rpartition(":")[2]
    local, _, domain = text.rpartition("@")
    local, domain = local.strip(), domain.strip().rstrip(".").lower()
    if _QUOTED_LOCAL.fullmatch(local):
        plain = _ESCAPED.sub(r"\1", local[1:-1])
        local = plain if _LOCAL.fullmatch(plain) else local
    elif not _LOCAL.fullmatch(local):
        return ""
    return f"{local}@{domain}" if _DOMAIN.fullmatch(domain) and len(text) <= _MAX_ADDRESS else ""
