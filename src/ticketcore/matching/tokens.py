"""Signed tokens that name a ticket or a message, which nobody can make up who has no key.

A reply token stands in the address that a customer is told to answer to, and a signed message id in what is sent to
them.  Both end in an HMAC-SHA256 (RFC 2104) over what they are for, the tenant, and what they name, cut to 80 bits; a
reply token's also covers the ticket's id, the day on which it ends, and the address that it was given to.
"""

import hmac
import re
from base64 import b32decode, b32encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import attrs

from ticketcore.checks import MAX_NAME, as_tuple, check_name, each, instant
from ticketcore.errors import InvalidInput
from ticketcore.model import Ticket
from ticketcore.model.values import quick

MAX_LOCAL_PART = 64
"""Most characters before the ``@`` of an address (RFC 5321, 4.5.3.1.1)."""

MIN_SECRET = 32
"""Fewest bytes of a secret: as many as the hash has (RFC 2104, 3)."""

_MAC = 10
_DAYS = 2
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_KEY_ID = re.compile("[a-z0-9]")
_TOKEN = re.compile(r"([a-z0-9])([a-z2-7]{21,32})")
_MESSAGE_ID = re.compile(r"([a-z2-7]+)\.([a-z0-9])([a-z2-7]{16})@[^@]+")


def _until(value: datetime | None) -> datetime | None:
    return None if value is None else instant(value, "Key.until")


@attrs.frozen
class Key:
    """A secret that signs: its ``id`` of one letter or digit, and at least 32 bytes of ``secret``, from a good source.

    From the instant ``until`` on it counts no more; None for never.  Raises ``InvalidInput`` naming the field.
    """

    id: str
    secret: bytes = attrs.field(repr=False)
    until: datetime | None = attrs.field(default=None, converter=_until)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.id, str) or not _KEY_ID.fullmatch(self.id):
            raise InvalidInput("Key.id", "must be one letter from a to z, or a digit")
        if not isinstance(self.secret, bytes) or len(self.secret) < MIN_SECRET:
            raise InvalidInput("Key.secret", f"must be at least {MIN_SECRET} bytes")


@attrs.frozen
class Keyring:
    """The ``keys`` of a desk, the newest first: the first that still counts signs, what any of them signed is known.

    To change keys, put a new one in front, and give the one behind it an ``until`` when the last token that it
    signed may end.  ``lifetime`` is how long a reply token counts, in whole days, at most 50 years.

    Raises ``InvalidInput`` naming the field.
    """

    keys: tuple[Key, ...] = attrs.field(converter=as_tuple, validator=each(Key))
    lifetime: timedelta = timedelta(days=365)

    def __attrs_post_init__(self) -> None:
        if not self.keys:
            raise InvalidInput("Keyring.keys", "must hold at least one")
        if len({key.id for key in self.keys}) < len(self.keys):
            raise InvalidInput("Keyring.keys", "hold two of one id")
        if not isinstance(self.lifetime, timedelta) or not timedelta(days=1) <= self.lifetime <= timedelta(days=18_262):
            raise InvalidInput("Keyring.lifetime", "must be from a day to 50 years")

    def counting(self, at: datetime) -> tuple[Key, ...]:
        """The keys that count at the instant ``at``."""
        return tuple(key for key in self.keys if key.until is None or at < key.until)


@quick
@attrs.frozen
class ReplyToken:
    """What a reply token says, whether or not it is genuine: the ``number`` of a ticket, the ``day`` it ends with,
    counted from 2020, the id of a ``key``, and its ``mac``.
    """

    number: int
    day: int
    key: str
    mac: bytes


@attrs.frozen
class Tokens:
    """Makes and checks the tokens of one ``tenant`` by its ``keyring``.

    What makes one raises ``InvalidInput`` when no key counts any more.
    """

    keyring: Keyring
    tenant: str

    def reply_address(self, address: str, ticket: Ticket, recipient: str, at: datetime) -> str:
        """Our ``address`` with a token for the ``ticket``, to which ``recipient`` may answer.

        ``InvalidInput`` for what is no address, one whose part before the ``@`` grows longer than 64 characters, and
        when no key counts any more.
        """
        local, at_sign, domain = address.rpartition("@")
        named = f"{local}+{self.reply_token(ticket, recipient, at)}"
        if not (local and at_sign and domain) or len(named) > MAX_LOCAL_PART:
            raise InvalidInput("address", f"must leave room for a token before its @, not {address!r}")
        return f"{named}@{domain}"

    def reply_token(self, ticket: Ticket, recipient: str, at: datetime) -> str:
        """A token for the ``ticket`` and the address ``recipient``, of at most 33 letters and digits in lower case.

        ``InvalidInput`` when no key counts any more.
        """
        key = self._signing(at)
        day = (instant(at, "at") + self.keyring.lifetime - _EPOCH).days
        number = ticket.number.to_bytes(max(1, (ticket.number.bit_length() + 7) // 8), "big")
        mac = self._reply_mac(key, ticket, day, recipient)
        return key.id + _base32(number + day.to_bytes(_DAYS, "big") + mac)

    def genuine(self, token: ReplyToken, ticket: Ticket, recipients: Iterable[str], at: datetime) -> bool:
        """Whether we gave the token for the ``ticket`` to one of the ``recipients``, and it has not ended.

        In the time of all of them, whichever it is.
        """
        keys = [key for key in self.keyring.counting(at) if key.id == token.key]
        made = [
            hmac.compare_digest(self._reply_mac(key, ticket, token.day, recipient), token.mac)
            for key in keys
            for recipient in recipients
        ]
        return token.number == ticket.number and (at - _EPOCH).days <= token.day and any(made)

    def message_id(self, message: str, domain: str, at: datetime) -> str:
        """The Message-ID, without angle brackets, for a ``message`` of ours: signed, and the same whenever it is asked
        for while the key signs.  ``InvalidInput`` when no key counts any more.
        """
        check_name(message, "message")
        key = self._signing(at)
        return f"{_base32(message.encode())}.{key.id}{_base32(self._message_mac(key, message))}@{domain}"

    def message_of(self, message_id: str, at: datetime) -> str | None:
        """The id of the message of ours that has this Message-ID; None for one that we did not sign."""
        found = _MESSAGE_ID.fullmatch(message_id.lower())
        if found is None:
            return None
        named, mac = _bytes(found[1]), _bytes(found[3])
        try:
            message = named.decode()
        except UnicodeDecodeError:
            return None
        keys = [key for key in self.keyring.counting(at) if key.id == found[2]]
        made = [hmac.compare_digest(self._message_mac(key, message), mac) for key in keys]
        return message if any(made) and 0 < len(message) <= MAX_NAME else None

    def _signing(self, at: datetime) -> Key:
        counting = self.keyring.counting(at)
        if not counting:
            raise InvalidInput("Keyring.keys", "none counts any more")
        return counting[0]

    def _reply_mac(self, key: Key, ticket: Ticket, day: int, recipient: str) -> bytes:
        named = (str(ticket.number), ticket.id, str(day), recipient.strip().lower())
        return _mac(key, "reply", self.tenant, *named)

    def _message_mac(self, key: Key, message: str) -> bytes:
        return _mac(key, "message", self.tenant, message)


def read_token(text: str) -> ReplyToken | None:
    """What a text says if it has the shape of a reply token, in either case; None if it has not.

    >>> read_token("no token") is None
    True
    """
    found = _TOKEN.fullmatch(text.lower())
    content = _bytes(found[2]) if found else b""
    number = content[: -_MAC - _DAYS]
    if found is None or not number:
        return None
    day = int.from_bytes(content[-_MAC - _DAYS : -_MAC], "big")
    return ReplyToken(int.from_bytes(number, "big"), day, found[1], content[-_MAC:])


def _mac(key: Key, *parts: str) -> bytes:
    """No part holds a NUL, so no other parts give the same."""
    said = "\0".join((key.id, *parts)).encode(errors="surrogatepass")
    return hmac.digest(key.secret, said, "sha256")[:_MAC]


def _base32(content: bytes) -> str:
    return b32encode(content).decode("ascii").rstrip("=").lower()


def _bytes(text: str) -> bytes:
    """What was written in base 32 (RFC 4648, 6) without padding; nothing for what was not."""
    try:
        return b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError:
        return b""
