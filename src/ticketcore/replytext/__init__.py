"""What a customer newly wrote in a mail, apart from what it quotes and how it is signed.

``mark`` gives every part of a text its name and throws nothing away; ``reply_text`` reads off it what most want.
"""

import attrs

from ticketcore.replytext.marking import Part, Range, mark

__all__ = ["Part", "Range", "ReplyText", "mark", "reply_text"]

_REPLY = (Part.NEW, Part.ANSWERED, Part.FORWARDED)
_SIGNATURE = (Part.SIGNATURE, Part.DISCLAIMER)


@attrs.frozen
class ReplyText:
    """What was newly written: the ``reply``, and the ``signature`` with which it ends, either of them empty without."""

    reply: str
    signature: str


def reply_text(text: str) -> ReplyText:
    r"""What was newly written in a mail: its new words, with the quotes that they answer in place and what was
    forwarded; apart from them, its signature with the notices below.  Linear in the text.

    >>> reply_text("Yes, please.\n\nBest regards\nKim\n\nOn 5 May 2026 at 9:00, Bo wrote:\n> Shall I?")
    ReplyText(reply='Yes, please.', signature='Best regards\nKim')
    """
    ranges = mark(text)
    return ReplyText(_joined(text, ranges, _REPLY), _joined(text, ranges, _SIGNATURE))


def _joined(text: str, ranges: tuple[Range, ...], parts: tuple[Part, ...]) -> str:
    return "".join(text[each.start : each.end] for each in ranges if each.part in parts).strip()
