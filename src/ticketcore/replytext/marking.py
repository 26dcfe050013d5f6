"""Which part of a mail is which: one pass over its lines, each looked at a bounded number of times."""

from collections.abc import Sequence
from enum import StrEnum

import attrs

from ticketcore.replytext.lines import Line, is_attribution

_REACH = 6
"""The line above a quote is broken over so many lines at most."""

_SIGNED = 30
"""A signature without a disclaimer has so many lines at most."""

_FEW = 3
"""So many quoted lines are a quote, also where nothing says who wrote them."""

_WRAPPED = 60
"""A quoted line of so many characters may have been broken by a mail program."""


class Part(StrEnum):
    """What a range of a mail is.

    ``NEW``: written for this mail.  ``ANSWERED``: quoted lines with answers between them, which say nothing without.
    ``FORWARDED``: a message that was passed on.  ``SIGNATURE``: the closing of the letter and what stands below it.
    ``HEADER``: who wrote the quote and when.  ``QUOTE``: what is quoted.  ``DISCLAIMER``: legal notices and footers.
    """

    NEW = "new"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    SIGNATURE = "signature"
    HEADER = "header"
    QUOTE = "quote"
    DISCLAIMER = "disclaimer"


@attrs.frozen
class Range:
    """A ``part`` of a text: its characters from ``start``, which is in it, to ``end``, which is not."""

    part: Part
    start: int
    end: int


def mark(text: str) -> tuple[Range, ...]:
    r"""The parts of a mail's text, in order: together they are the text, without gap or overlap.

    Nothing is thrown away, and neighbours differ.  Linear in the text.

    >>> [(each.part.value, each.start) for each in mark("Yes.\n\nOn 5 May 2026 at 9:00, Bo wrote:\n> Is it?\n")]
    [('new', 0), ('header', 6), ('quote', 39)]
    """
    lines = _lines(text)
    parts = _quotes(lines)
    _mark_answered(lines, parts)
    _mark_signature(lines, parts)
    ranges: list[Range] = []
    for line, part in zip(lines, parts, strict=True):
        if ranges and ranges[-1].part is part:
            ranges[-1] = Range(part, ranges[-1].start, line.end)
        else:
            ranges.append(Range(part, line.start, line.end))
    return tuple(ranges)


def _lines(text: str) -> list[Line]:
    lines, start = [], 0
    for each in text.splitlines(keepends=True):
        lines.append(Line(text, start, start + len(each)))
        start += len(each)
    return lines


def _quotes(lines: Sequence[Line]) -> list[Part]:
    """Each line's part, of new, header, quote and forwarded."""
    parts = [Part.NEW] * len(lines)
    following = _next_with_words(lines)
    at, wrote, quoted = 0, False, False
    while at < len(lines):
        line = lines[at]
        if line.blank:
            at += 1
            continue
        if line.is_forward and not quoted:
            parts[at:] = [Part.FORWARDED] * (len(lines) - at)
            break
        end = _header_end(lines, at, following)
        if end > at:
            after = following[end]
            if after < len(lines) and lines[after].quoted:
                parts[at:end] = [Part.HEADER] * (end - at)
                at = _quote_end(lines, after, following)
                parts[end:at] = [Part.QUOTE] * (at - end)
                quoted = True
                continue
            copied = line.field or line.is_original or line.is_rule
            if copied and not wrote and not quoted:
                parts[at:] = [Part.FORWARDED] * (len(lines) - at)
            else:
                parts[at:end] = [Part.HEADER] * (end - at)
                parts[end:] = [Part.QUOTE] * (len(lines) - end)
            break
        if line.quoted:
            end = _quote_end(lines, at, following)
            count = sum(each.quoted for each in lines[at:end])
            is_quote = count >= _FEW or following[end] >= len(lines) or _is_attributed(lines[at:end])
            parts[at:end] = [Part.QUOTE if is_quote else Part.ANSWERED] * (end - at)
            quoted, at = quoted or is_quote, end
            continue
        wrote, at = True, at + 1
    return parts


def _next_with_words(lines: Sequence[Line]) -> list[int]:
    """For each place, and the end, the first line from there on that is not blank."""
    following = [len(lines)] * (len(lines) + 1)
    for at in range(len(lines) - 1, -1, -1):
        following[at] = following[at + 1] if lines[at].blank else at
    return following


def _quote_end(lines: Sequence[Line], start: int, following: Sequence[int]) -> int:
    """Behind the last line of a run of quoted lines, with blank ones and broken ones between them."""
    at = start
    while at < len(lines) and lines[at].quoted:
        end = at = at + 1
        after = following[at]
        if after >= len(lines):
            return end
        if lines[after].quoted:
            at = after
        elif after == at and at + 1 < len(lines) and lines[at + 1].quoted and _continues(lines[at - 1], lines[at]):
            at += 1
    return end


def _is_attributed(quoted: Sequence[Line]) -> bool:
    """Whether quoted lines begin with who wrote them."""
    ends = (end for end in range(1, min(len(quoted), _REACH) + 1) if quoted[end - 1].closes)
    return quoted[0].opens and any(is_attribution(quoted[:end], True) for end in ends)


def _continues(line: Line, after: Line) -> bool:
    """Whether a line without the mark of a quote is the rest of the quoted line before it."""
    if line.is_link_end or after.words.startswith(("<http", "http")):
        return True
    return len(line.words) >= _WRAPPED and line.words[-1].isalnum() and len(after.words) < len(line.words)


def _header_end(lines: Sequence[Line], at: int, following: Sequence[int]) -> int:
    """Behind the lines that say who wrote what follows, if they begin at this line; else this line itself."""
    line = lines[at]
    if line.is_original:
        return _block_end(lines, following[at + 1], following, known=True) or at + 1
    if line.is_rule or line.is_heading:
        below = following[at + 1]
        end = _block_end(lines, below, following) or _attribution_end(lines, below, following)
        return end if end > below else at
    if line.field:
        end = _block_end(lines, at, following)
        if end:
            return end
    return _attribution_end(lines, at, following)


def _attribution_end(lines: Sequence[Line], at: int, following: Sequence[int]) -> int:
    """Behind the lines that say who wrote the quote below, and when, if they begin here; else this line itself."""
    if at >= len(lines):
        return at
    line = lines[at]
    named = line.is_name and at + 1 < len(lines) and lines[at + 1].begins_with_address
    if line.quoted or not (line.opens or named):
        return at
    blanks, depth = 0, 0
    for end in range(at + 1, min(at + _REACH, len(lines)) + 1):
        last = lines[end - 1]
        blanks += last.blank
        if blanks > 1 or (last.quoted and depth <= 0) or last.long:
            return at
        depth += last.words.count("<") - last.words.count(">")
        above_quote = following[end] < len(lines) and lines[following[end]].quoted
        if (last.closes or above_quote) and is_attribution(lines[at:end], above_quote):
            return at if _begins_later(lines[at:end], above_quote) else end
    return at


def _begins_later(lines: Sequence[Line], above_quote: bool) -> bool:
    """Whether a later of these lines, which say who wrote a quote, begins to say so; those above it say something else.

    That is so if it has a date of its own, or the first has none and is not how such lines begin, or ends a sentence.
    """
    loose = lines[0].is_loose
    return any(
        (line.begins or line.names_who_wrote)
        and (loose or line.is_own)
        and not line.begins_with_address
        and is_attribution(lines[at:], above_quote)
        for at, line in enumerate(lines[1:], 1)
    )


def _block_end(lines: Sequence[Line], start: int, following: Sequence[int], *, known: bool = False) -> int:
    """Behind the fields of a copied header that begin at this line; 0 if they are none, or do not suffice.

    Enough are a sender with an address and one more field, or a sender with a subject; below a divider, any field.
    """
    roles: set[str] = set()
    address, end, folds, at = False, 0, 0, start
    while at < len(lines) and at < start + 4 * _REACH:
        line = lines[at]
        if line.field:
            roles.add(line.field)
            folds, end = 0, at + 1
        elif line.blank or not roles or folds >= 2 or line.long:
            break
        else:
            folds += 1
        address = address or (line.has_address and not line.blank)
        at += 1
        after = following[at] if at < len(lines) else at
        if after == at + 1 and after < len(lines) and lines[after].field and lines[after].field not in roles:
            at = after  # a header with a blank line between its fields
    enough = "senders" in roles and len(roles) > 1 and (address or "subjects" in roles)
    return end if enough or (known and roles) else 0


def _mark_answered(lines: Sequence[Line], parts: list[Part]) -> None:
    """Quotes with new words between two of them are answered in place, and stay with their answers."""
    quotes = [i for i, part in enumerate(parts) if part is Part.QUOTE and not lines[i].blank]
    if not quotes:
        return
    new = [i for i, part in enumerate(parts) if part is Part.NEW and not lines[i].blank]
    between = [i for i in new if quotes[0] < i < quotes[-1]]
    if not between:
        return
    for i in range(between[-1]):
        if parts[i] in (Part.QUOTE, Part.HEADER):
            parts[i] = Part.ANSWERED


def _mark_signature(lines: Sequence[Line], parts: list[Part]) -> None:
    """The closing of the letter, with which the new words end, and the notices below it."""
    if Part.FORWARDED in parts:
        return
    new = [i for i, part in enumerate(parts) if part is Part.NEW and not lines[i].blank]
    start, notice = _signature_start([lines[i] for i in new])
    if start is None:
        return
    for n in range(start, len(new)):
        parts[new[n]] = Part.DISCLAIMER if notice is not None and n >= notice else Part.SIGNATURE
    for i in range(1, len(parts)):
        if lines[i].blank and parts[i] is Part.NEW and i > new[start]:
            parts[i] = parts[i - 1]


def _signature_start(new: Sequence[Line]) -> tuple[int | None, int | None]:
    """Where among the new lines the signature starts, and where the notices do.

    It starts at the first line that signs after which nothing but lines of a signature or notices come.  The closing
    of a letter that has nothing else is what was said, not a signature.
    """
    first: int | None = None
    notice: int | None = None
    fits, end = True, len(new)
    for n in range(len(new) - 1, -1, -1):
        line = new[n]
        if _is_notice(new, n):
            first = notice = end = n
            fits = True
        elif end - n > _SIGNED:
            fits = False
        elif line.is_signature_dash:
            first, fits = n, True
        elif fits:
            if line.is_device or line.is_dash or (n > 0 and (line.is_greeting or _signs(new, n))):
                first = n
            fits = line.is_short or line.is_device
    return first, notice


def _is_notice(new: Sequence[Line], n: int) -> bool:
    """Whether notices begin at this line: in a paragraph of its own, or in a line as long as one, below other words."""
    apart = n > 0 and (new[n - 1].end < new[n].start or len(new[n].words) > _WRAPPED)
    return apart and new[n].is_disclaimer


def _signs(new: Sequence[Line], n: int) -> bool:
    """Whether the line is a name after a dash, and no item of a list."""
    return new[n].is_named_dash and not new[n - 1].words.startswith(("-", "\u2013", "*"))
