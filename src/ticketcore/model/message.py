"""What is said: an inbound message as a channel saw it, messages as they are kept, and conversations."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import attrs

from ticketcore.checks import (
    as_distinct,
    as_pairs,
    as_tuple,
    each,
    instance,
    instant,
    is_digest,
    is_name,
    is_optional_name,
    is_words,
    names,
    texts,
    whole,
)
from ticketcore.errors import InvalidInput
from ticketcore.model.identifiers import Actor
from ticketcore.model.machine import Bounce
from ticketcore.model.values import quick


@attrs.frozen
class File:
    """A file that came with a message, or goes out with one.

    ``content`` is its bytes, ``name`` the one that it was given, if any, and ``media_type`` what it says it is
    (RFC 6838).  Raises ``InvalidInput`` naming the field.
    """

    content: bytes = attrs.field(validator=instance(bytes), repr=False)
    name: str = attrs.field(default="", validator=is_words)
    media_type: str = attrs.field(default="application/octet-stream", validator=is_name)


def _headers(value: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Headers by name in lower case, in which they are compared (RFC 5322, 1.2.2)."""
    pairs = as_pairs(value)
    if not pairs:
        return pairs
    try:
        return tuple((name.lower(), text) for name, text in pairs)
    except (TypeError, ValueError, AttributeError):
        return pairs


def _sent_at(value: datetime | None) -> datetime | None:
    return None if value is None else instant(value, "Inbound.sent_at")


def _is_bounce(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if value is not None:
        instance(Bounce)(owner, attribute, value)


def _is_known(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if value is not None:
        instance(bool)(owner, attribute, value)


@quick
@attrs.frozen
class Inbound:
    """One message as a channel saw it.

    ``channel`` is the kind of channel and ``account`` which of our accounts on it was written to.  ``sender`` is
    the customer's address there, ``sender_name`` what they call themselves.  ``text`` is what they wrote,
    ``subject`` its heading where the channel has such, ``attachments`` the files that came along.  ``external_id``
    is the provider's id of the message, by which a second delivery is recognised; without one it cannot be.
    ``digest`` is made from all that the sender wrote, by a channel whose ids cannot be relied on: two messages with
    one id and different digests are two.  Where it is None, sender, words, ``reply_to``, ``sent_at`` and files tell.
    ``reply_to`` are the provider's ids of earlier messages that this one answers, newest first.  ``sent_at`` (with
    time zone) is the sender's claim and decides nothing.  ``attributes`` (order number, campaign) and ``tags`` are
    what the host knows, for routing and for the ticket that the message opens, and ``type`` is the type of that ticket,
    if it is not the usual one.  ``organisation`` is the one that the sender is known to belong to, by the id that the
    host's own systems know it by; None where the host does not say.  ``headers`` are the channel's own; the case of
    their names does not matter.  ``bounce`` is there when the message says that one of ours came back.
    ``tokens`` are what stood in the address of ours that it was sent to, where a reply token can be.
    ``return_address`` is where its sender wants answers, if that is elsewhere.  ``authenticated`` says whether the
    channel vouches for the sender: True or False where it knows, None where nobody said.

    Raises ``InvalidInput`` naming the field.
    """

    channel: str = attrs.field(validator=is_name)
    account: str = attrs.field(validator=is_name)
    sender: str = attrs.field(validator=is_name)
    text: str = attrs.field(default="", validator=is_words)
    subject: str = attrs.field(default="", validator=is_words)
    sender_name: str = attrs.field(default="", validator=is_words)
    external_id: str | None = attrs.field(default=None, validator=is_optional_name)
    digest: str | None = attrs.field(default=None, validator=is_optional_name, kw_only=True)
    reply_to: tuple[str, ...] = attrs.field(default=(), converter=as_distinct, validator=names)
    attachments: tuple[File, ...] = attrs.field(default=(), converter=as_tuple, validator=each(File))
    sent_at: datetime | None = attrs.field(default=None, converter=_sent_at)
    headers: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_headers, validator=texts)
    attributes: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=as_pairs, validator=texts)
    tags: tuple[str, ...] = attrs.field(default=(), converter=as_distinct, validator=names)
    type: str | None = attrs.field(default=None, validator=is_optional_name, kw_only=True)
    bounce: Bounce | None = attrs.field(default=None, validator=_is_bounce, kw_only=True)
    tokens: tuple[str, ...] = attrs.field(default=(), converter=as_distinct, validator=names, kw_only=True)
    return_address: str = attrs.field(default="", validator=is_words, kw_only=True)
    authenticated: bool | None = attrs.field(default=None, validator=_is_known, kw_only=True)
    organisation: str | None = attrs.field(default=None, validator=is_optional_name, kw_only=True)

    def header(self, name: str) -> str:
        """The value of the header ``name`` (in lower case), or the empty text."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def is_automatic(self) -> bool:
        """Whether no person sent it.

        Its ``Auto-Submitted`` header is there, and not ``no`` (RFC 3834, 5), or its ``X-Loop`` names our ``account``,
        so that it came of a message which a program of ours sent with that header.
        """
        if not self.headers:
            return False
        if self.header("auto-submitted").strip().lower() not in ("", "no"):
            return True
        return self.account.lower() in self.header("x-loop").lower().split()


class MessageKind(StrEnum):
    """Who wrote a message: a ``CUSTOMER``, an ``AGENT`` or a ``BOT``; a ``NOTE`` is seen by agents only."""

    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"
    NOTE = "note"


class Verdict(StrEnum):
    """Why a message was kept without opening a ticket; decided in ``ticketcore.segmentation``.

    ``EMPTY``: it says nothing.  ``AUTOMATIC``: no person sent it.  ``THANKS``: it only says thanks for a ticket that is
    closed.  ``BOUNCE``: it says that a message of ours came back.  ``LOOP``: it is a message of ours that came back
    whole.  ``QUARANTINED``: it is held back until somebody accepts it.
    """

    EMPTY = "empty"
    AUTOMATIC = "automatic"
    THANKS = "thanks"
    BOUNCE = "bounce"
    LOOP = "loop"
    QUARANTINED = "quarantined"


@attrs.frozen
class Blob:
    """Bytes kept outside the store, named by their SHA-256 (FIPS 180-4) in hexadecimal, ``sha256``; ``size`` in bytes.

    Whatever a blob is made from, its name is safe as part of a path: ``InvalidInput`` names the field that is not
    64 digits from 0 to f, or not a whole number from 0 on.
    """

    sha256: str = attrs.field(validator=is_digest)
    size: int = attrs.field(validator=whole(0))

    @classmethod
    def of(cls, content: bytes, max_size: int | None = None) -> "Blob":
        """The blob of these bytes.  ``InvalidInput`` for what is not bytes, or more than ``max_size`` of them.

        >>> Blob.of(b"abc").sha256[:8]
        'ba7816bf'
        """
        if not isinstance(content, bytes):
            raise InvalidInput("content", f"must be bytes, not {type(content).__name__}")
        if max_size is not None and len(content) > max_size:
            raise InvalidInput("content", f"must be at most {max_size} bytes, is {len(content)}")
        return cls(hashlib.sha256(content).hexdigest(), len(content))


@quick
@attrs.frozen
class Attachment:
    """A file of a message: its bytes are the ``blob``; ``name`` is the id of the Text with its name, if any.

    ``media_type`` is what it said it is when it came.
    """

    blob: Blob
    media_type: str
    name: str | None


@quick
@attrs.frozen
class ProviderId:
    """The ``id`` that a provider gave a message, unique within one ``account`` of ours on one ``channel``."""

    channel: str
    account: str
    id: str


@quick
@attrs.frozen
class Message:
    """One message as it is kept: by ``author``, of a ``kind``, in a ``conversation``.  Instants are in UTC.

    ``id`` is opaque; ``version`` is 1 until it is split off.  ``ticket`` is the one that it was sent to, which may have
    been merged into another since (``Ticket.homes``); None for a message kept without one, and ``verdict`` says why.
    ``moved_from`` are the tickets that it was split off from, the last one last.  ``subject`` and ``text`` are ids of
    Text records, None where there are no words; ``attachments`` are its files.  ``provider_id`` is what the provider
    calls it, if the provider does, and ``digest`` of a customer's such message what it was made from, to tell it from
    another one under that id; ``reply_to`` are the provider's ids of the messages that it answers, newest first.
    ``sent_at`` is when the sender claims to have sent it, ``received_at`` when the desk took it in.
    """

    id: str
    version: int
    kind: MessageKind
    author: Actor
    conversation: str
    ticket: str | None
    subject: str | None
    text: str | None
    attachments: tuple[Attachment, ...]
    provider_id: ProviderId | None
    reply_to: tuple[str, ...]
    sent_at: datetime | None
    received_at: datetime
    verdict: Verdict | None = None
    digest: str | None = None
    moved_from: tuple[str, ...] = ()

    @property
    def says_nothing(self) -> bool:
        """Whether it has neither words nor files: it came so, or its ticket was deleted."""
        return self.text is None and self.subject is None and not self.attachments


@quick
@attrs.frozen
class Text:
    """The ``words`` that a person wrote: a subject, a body, an attribute's value, the name of a file.

    ``id`` is opaque; ``version`` counts what became of it, from 1.
    """

    id: str
    version: int
    words: str


class Role(StrEnum):
    """What somebody is to a conversation: the ``REQUESTER``, a ``COLLABORATOR`` of theirs, or an ``AGENT``.

    ``MERGED``: a customer whose ticket was merged into one of it.  ``UNVERIFIED``: somebody who showed a signed token
    of it, and whose messages are held back until one of them is accepted.
    """

    REQUESTER = "requester"
    COLLABORATOR = "collaborator"
    AGENT = "agent"
    MERGED = "merged"
    UNVERIFIED = "unverified"


@quick
@attrs.frozen
class Participant:
    """Somebody in a conversation: a ``role``, and the ``id`` of the contact or agent.

    ``by_ticket`` is their ticket whose merge brought them in, if one did.
    """

    role: Role
    id: str
    by_ticket: str | None = None


@quick
@attrs.frozen
class Conversation:
    """One thread with a customer, ``contact``, on one ``account`` of a ``channel``.

    ``participants`` are all who take part; ``ticket`` is the one it is about now, if any.  ``id`` is opaque;
    ``version`` counts the conversation's events.  ``asynchronous`` says that it was live and is so no more: its ticket
    was handed over, and the customer's next message is for that one, however long it takes.
    """

    id: str
    version: int
    channel: str
    account: str
    contact: str
    participants: tuple[Participant, ...]
    ticket: str | None
    asynchronous: bool = False
