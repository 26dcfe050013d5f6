"""Mails of a file or folder as facts: when each was written, their order, and what each tells.

A mail is dated by its own Date.  One without a usable date takes the time of the mail before it in the file or
folder, and at its beginning that of the first dated one, never the time of a file: copying changes that.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ticketcore.channels.email import EmailChannel, Limits
from ticketcore.channels.email import Rejected as RejectedMail
from ticketcore.channels.email.blocks import read_top
from ticketcore.channels.email.fields import date_of, unfolded
from ticketcore.feeds.facts import Item, MessageFact, Rejection, Remark, ReplyFact
from ticketcore.feeds.observed import AnsweredMessage

FIRST = datetime(1980, 1, 1, tzinfo=UTC)
"""A Date before this is that of a clock which was never set: there was no mail with such a header yet."""

AHEAD = timedelta(days=1)
"""How far behind its arrival a mail's Date may lie: a wrong zone makes it hours, more is a wrong clock or a lie."""


class Head(NamedTuple):
    """What the headers of a mail tell before it is read: ``at`` is when it was written, None if that cannot be known,
    ``delivered`` whether it ever was, which leaves a Received.
    """

    at: datetime | None
    delivered: bool


def head_of(top: bytes, limits: Limits) -> Head:
    """The head of the mail that begins with these bytes.

    A Date does not count that is none, lies before 1980, or more than a day after the newest Received.
    """
    block = read_top(top, limits)
    received = block.values(b"received")
    at = date_of(block.text(b"date"))
    if at is not None:
        arrived = [date_of(unfolded(value)[0].rpartition(";")[2]) for value in received]
        newest = max((instant for instant in arrived if instant is not None), default=None)
        if at < FIRST or (newest is not None and at - AHEAD > newest):
            at = None
    return Head(at, bool(received))


class Turn(NamedTuple):
    """When a mail has its turn, ``at``, and its ``place`` among the mails of its file or folder, from 0."""

    at: datetime
    place: int


def turns(heads: Sequence[Head]) -> list[Turn]:
    """All mails in the order of time, those of one instant as they stand; none when no mail has a date."""
    at = next((head.at for head in heads if head.at is not None), None)
    if at is None:
        return []
    found = []
    for place, head in enumerate(heads):
        at = head.at or at
        found.append(Turn(at, place))
    return sorted(found)


class Found(NamedTuple):
    """A mail that was found: the ``source`` and ``line`` of a fact, its ``head``, and how it is ``read``."""

    source: str
    line: int | None
    head: Head
    read: Callable[[], bytes | Rejection]


def item_of(found: Found, at: datetime, channel: EmailChannel) -> list[Item]:
    """What the mail tells at its turn.

    A mail from an address of ours that answers another and was never delivered is a copy of what we sent: a reply, to
    a message that came to that address.  One that was delivered only says that it is from us, as anybody can, so it is
    a message.
    """
    raw = found.read()
    if isinstance(raw, Rejection):
        return [raw]
    decoded = channel.decode(raw)
    if isinstance(decoded, RejectedMail):
        return [Rejection(found.source, found.line, decoded.field, decoded.reason)]
    items: list[Item] = []
    if found.head.at is None:
        reason = "has no usable date, so it takes that of the mail before it, or else of the first with one"
        items.append(Remark(found.source, found.line, "date", reason))
    items += [Remark(found.source, found.line, note.field, note.reason) for note in decoded.notes]
    said = decoded.inbound
    ours = next((address for address in channel.addresses if address.lower() == said.sender.lower()), None)
    if ours and said.reply_to and not found.head.delivered:
        about = AnsweredMessage(said.channel, ours, said.reply_to[0])
        items.append(
            ReplyFact(
                found.source,
                found.line,
                at,
                about,
                said.text,
                id=said.external_id,
                attachments=said.attachments,
            )
        )
    else:
        items.append(MessageFact(found.source, found.line, at, said))
    return items
