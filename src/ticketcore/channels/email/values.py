"""What a mail says, as values: the mail, its parts, what was odd about it, and whether a machine wrote it."""

from datetime import datetime
from enum import StrEnum

import attrs

from ticketcore.checks import whole
from ticketcore.model.values import quick


@attrs.frozen
class Limits:
    """How much of a mail is read.  What lies beyond is kept as it came, in a part that says why.

    ``size`` is the whole mail in bytes; of a larger one only the headers are read, and its content is not kept.
    ``header_bytes`` and ``headers`` hold for each block of header fields, ``depth`` for multiparts within
    multiparts, ``parts`` for all parts and multiparts together.  ``recipients`` and ``answers`` are addresses and
    message ids.  ``header_length`` is one decoded header, ``text`` the text of the mail, both in characters.

    Raises ``InvalidInput`` naming the field.
    """

    size: int = attrs.field(default=50_000_000, validator=whole(1))
    header_bytes: int = attrs.field(default=262_144, validator=whole(1))
    headers: int = attrs.field(default=1_000, validator=whole(1))
    depth: int = attrs.field(default=20, validator=whole(1))
    parts: int = attrs.field(default=500, validator=whole(1))
    recipients: int = attrs.field(default=500, validator=whole(1))
    answers: int = attrs.field(default=100, validator=whole(1))
    header_length: int = attrs.field(default=2_000, validator=whole(1))
    text: int = attrs.field(default=1_000_000, validator=whole(1))


USUAL = Limits()
"""The limits where none are given."""


class Role(StrEnum):
    """What a part is for.

    ``TEXT``: it is shown.  ``HTML``: it is the text as HTML.  ``ATTACHMENT``: it is a file.  ``INLINE``: it is a file
    that the text shows.  ``UNREAD``: it lies beyond a limit, and was not taken apart.
    """

    TEXT = "text"
    HTML = "html"
    ATTACHMENT = "attachment"
    INLINE = "inline"
    UNREAD = "unread"


@quick
@attrs.frozen
class Part:
    """One part of a mail that holds no further parts.

    ``media_type`` is that of its Content-Type in lower case, or what counts without one; ``role`` is what it is for.
    ``content`` has no transfer encoding any more; of an unread part it is as it came, and ``reason`` says why.
    ``name`` is the file's name as its sender wrote it, so it may hold anything but control characters.
    ``disposition`` and ``content_id`` are empty when the part has none.
    """

    media_type: str
    name: str
    disposition: str
    content_id: str
    content: bytes = attrs.field(repr=False)
    role: Role
    reason: str = ""


@attrs.frozen
class Note:
    """Something odd about a mail: ``field`` names the header, the part or what else it is about, ``reason`` says what
    was met or done.
    """

    field: str
    reason: str


class Sign(StrEnum):
    """By what a mail was known to come from a machine.

    ``DELIVERY_REPORT``: it reports what became of a mail (RFC 3464).  ``READ_RECEIPT``: it reports that a mail was
    seen or put away (RFC 8098).  ``AUTO_SUBMITTED``: its Auto-Submitted says so (RFC 3834).  ``EMPTY_RETURN_PATH``:
    its Return-Path is ``<>``.  ``FAILED_RECIPIENTS``: it has an X-Failed-Recipients.  ``AUTO_REPLY``: it has an
    X-Autoreply, X-Autorespond or X-Autoreply-From with a value other than no.  ``PRECEDENCE``: its Precedence is
    auto_reply.  ``MAIL_SYSTEM``: its sender is a mail system, such as mailer-daemon.
    """

    DELIVERY_REPORT = "delivery report"
    READ_RECEIPT = "read receipt"
    AUTO_SUBMITTED = "auto-submitted"
    EMPTY_RETURN_PATH = "empty return path"
    FAILED_RECIPIENTS = "x-failed-recipients"
    AUTO_REPLY = "x-autoreply"
    PRECEDENCE = "precedence"
    MAIL_SYSTEM = "mail system"


@attrs.frozen
class Delivery:
    """What a mail system says became of a mail (RFC 3464, 2.3): ``action`` such as "failed" or "delayed", ``status``
    (RFC 3463) such as "5.1.1", and the ``recipient``; each is empty when it is not said.
    """

    action: str
    status: str
    recipient: str


@attrs.frozen
class Machine:
    """Whether a machine wrote the mail: ``automatic``, and as ``reason`` the sign by which that was known.

    ``bounce_of`` is the Message-ID of the mail of ours that a bounce or delay is about, if it can be known, and
    ``delivery`` what became of it.  ``mailing_list``: it came over a list or in bulk, which a person may have
    written as well.
    """

    automatic: bool = False
    reason: Sign | None = None
    bounce_of: str | None = None
    delivery: Delivery | None = None
    mailing_list: bool = False


@quick
@attrs.frozen
class Mail:
    """A mail as far as it can be understood; everything odd about it is in ``notes``.

    ``sender`` and ``reply_to`` are addresses with the domain in lower case.  A sender without any usable address is
    the text that stands there instead; None when there is nothing.  ``sender_name`` is the name in From, ``subject``
    what Subject says; both are empty without one.  ``recipients`` are the addresses of Delivered-To, X-Original-To,
    Envelope-To, X-Forwarded-To, To and Cc, in this order, each once.  ``message_id`` and ``answers`` (In-Reply-To and
    References, newest first) are without angle brackets.  ``date`` is in UTC.  ``text`` is what a person reads, its
    lines ended by a line feed.  ``parts`` are all parts in order, those that the text was made from among them.
    ``digest`` is the same for two copies of one mail, however they came: see ``ticketcore.channels.email.digest``.
    ``machine`` says whether a machine wrote the mail.  ``headers`` are those that tell machines, lists and trust, by
    lower-case name.  No text holds NUL, half a surrogate pair or, but for ``text``, line ends.
    """

    sender: str | None
    sender_name: str
    reply_to: str | None
    recipients: tuple[str, ...]
    subject: str
    message_id: str | None
    digest: str
    answers: tuple[str, ...]
    date: datetime | None
    text: str
    parts: tuple[Part, ...]
    headers: tuple[tuple[str, str], ...]
    machine: Machine
    notes: tuple[Note, ...]
