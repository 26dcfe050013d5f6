"""Whether a machine wrote a mail: replies from machines (RFC 3834), reports (RFC 3464, RFC 8098) and odd bounces.

What proves nothing is left alone: X-Auto-Response-Suppress stands in mail that people write with Exchange, and
people write to lists.
"""

import re
from collections.abc import Sequence

from ticketcore.channels.email.addresses import normal
from ticketcore.channels.email.blocks import Block, read_block
from ticketcore.channels.email.entities import HEADERS
from ticketcore.channels.email.fields import message_ids
from ticketcore.channels.email.values import USUAL, Delivery, Machine, Part, Sign

_AUTO_REPLIES = frozenset((b"x-autoreply", b"x-autorespond", b"x-autoreply-from"))
_BULK = frozenset(("list", "bulk", "junk"))
_TELLING = _AUTO_REPLIES | {b"auto-submitted", b"list-id", b"precedence", b"return-path", b"x-failed-recipients"}
_MAIL_SYSTEMS = frozenset(("mailer-daemon", "mail-daemon", "mailerdaemon"))
_BOUNCES = frozenset((Sign.DELIVERY_REPORT, Sign.EMPTY_RETURN_PATH, Sign.FAILED_RECIPIENTS, Sign.MAIL_SYSTEM))
_RETURNED_ID = re.compile(r"^[> \t]*message-id:[ \t]*<([^<>\s]+)>", re.IGNORECASE | re.MULTILINE)
_MAX_BLOCKS = 20
_NO_MACHINE = Machine()


def machine_of(
    top: Block, report: str, parts: Sequence[Part], sender: str | None, answers: Sequence[str], text: str
) -> Machine:
    """Who wrote the mail, by its headers, the kind of report that it is, its parts, and in an odd bounce its text."""
    of_system = sender is not None and sender.partition("@")[0].lower() in _MAIL_SYSTEMS
    if not (report or of_system) and _TELLING.isdisjoint(top.fields):
        return _NO_MACHINE
    sign = _sign(top, report, parts, of_system=of_system)
    precedence = top.keyword(b"precedence")
    is_list = b"list-id" in top.fields or precedence in _BULK
    if sign is None and not is_list:
        return _NO_MACHINE
    if sign not in _BOUNCES:
        return Machine(sign is not None, sign, mailing_list=is_list)
    delivery = _delivery(parts)
    failed = top.words(b"x-failed-recipients")[:500]
    if delivery is None and failed:
        delivery = Delivery("failed", "", failed)
    if sign is Sign.EMPTY_RETURN_PATH:  # It may be a reply as well; what that answers did not come back.
        answers = ()
    return Machine(True, sign, _returned_id(parts, answers, text), delivery, is_list)


def _sign(top: Block, report: str, parts: Sequence[Part], *, of_system: bool) -> Sign | None:
    kinds = {part.media_type for part in parts} if report else set()
    fields = top.fields
    if report == "delivery-status" or "message/delivery-status" in kinds:
        return Sign.DELIVERY_REPORT
    if report == "disposition-notification" or "message/disposition-notification" in kinds:
        return Sign.READ_RECEIPT
    if b"x-failed-recipients" in fields:
        return Sign.FAILED_RECIPIENTS
    if of_system:
        return Sign.MAIL_SYSTEM
    if top.keyword(b"auto-submitted") not in ("", "no"):
        return Sign.AUTO_SUBMITTED
    if b"return-path" in fields and "".join(top.text(b"return-path").split()) == "<>":
        return Sign.EMPTY_RETURN_PATH
    if not _AUTO_REPLIES.isdisjoint(fields) and any(top.keyword(name) not in ("", "no") for name in _AUTO_REPLIES):
        return Sign.AUTO_REPLY
    return Sign.PRECEDENCE if top.keyword(b"precedence") in ("auto_reply", "auto-reply") else None


def _delivery(parts: Sequence[Part]) -> Delivery | None:
    """What the first recipient's fields of a delivery report say (RFC 3464, 2.3), after those of the whole mail."""
    content = next((part.content for part in parts if part.media_type == "message/delivery-status"), b"")
    position = 0
    for _ in range(_MAX_BLOCKS):
        block = read_block(content, position, USUAL)
        recipient = block.words(b"final-recipient") or block.words(b"original-recipient")
        action = block.keyword(b"action")[:100]
        if recipient or action:
            address = recipient.rpartition(";")[2].strip()[:500]
            return Delivery(action, block.keyword(b"status")[:100], normal(address.strip("<>")) or address)
        if block.end <= position or block.end >= len(content):
            break
        position = block.end
    return None


def _returned_id(parts: Sequence[Part], answers: Sequence[str], text: str) -> str | None:
    """The Message-ID of the returned mail, which stands in a part, or in the text of an odd bounce."""
    for part in parts:
        if part.media_type in ("message/rfc822", HEADERS):
            ids = message_ids(read_block(part.content, 0, USUAL).text(b"message-id"))
            if ids:
                return ids[0]
    found = _RETURNED_ID.search(text)
    return found[1] if found else next(iter(answers), None)
