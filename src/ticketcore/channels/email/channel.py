"""The channel e-mail: a mail as it was fetched, to the message that a desk takes in."""

import re
from collections.abc import Iterable
from typing import ClassVar

import attrs

from ticketcore.channels.email.addresses import normal
from ticketcore.channels.email.fields import keyword
from ticketcore.channels.email.reading import read_mail
from ticketcore.channels.email.values import Limits, Machine, Mail, Note, Part, Role
from ticketcore.checks import MAX_NAME, as_distinct, instance, names
from ticketcore.errors import InvalidInput
from ticketcore.model import EMAIL, Bounce, Channel, File, Inbound
from ticketcore.model.values import making, quick

_UNSAFE = re.compile(
    r'[<>:"|?*\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]'
)
"""What file systems refuse, and what nobody sees or turns the name around."""

_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[1-9\xb9\xb2\xb3]) *(\..*)?", re.IGNORECASE)
"""Names that mean a device on Windows, whatever their ending
(learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file)."""

_MAX_FILE_NAME = 200
"""Bytes of UTF-8; most file systems take 255."""

_STATUS = re.compile(r"[245](?:\.[0-9]{1,3}){2}")
_ARRIVED = frozenset(("delivered", "relayed", "expanded"))

_VARIED = re.compile(r"([^@]+)[-=]([a-z0-9]{22,33})@([^@]+)")
"""An address with a token behind its own name, for servers that part them by a hyphen (VERP) instead of a plus."""

_COMMENT = re.compile(r"\([^()]*\)")
_DMARC = re.compile(r"\s*dmarc\s*(?:/\s*[0-9]+\s*)?=\s*([a-z]+)")

_FILES = frozenset((Role.ATTACHMENT, Role.INLINE, Role.UNREAD))


@quick
@attrs.frozen
class Decoded:
    """A mail as a message for the desk, ``inbound``.

    ``notes`` are what was odd about the mail, ``machine`` says whether a machine wrote it.
    """

    inbound: Inbound
    notes: tuple[Note, ...]
    machine: Machine


_inbound, _decoded = making(Inbound), making(Decoded)
_surely = making(Inbound, checked=False)
"""For a mail whose addresses are printable: all else that a ``Mail`` says is what ``Inbound`` demands."""


@attrs.frozen
class Rejected:
    """A mail that cannot be taken in: ``field`` is what it lacks or has too much of, ``reason`` why that matters."""

    field: str
    reason: str


def _addresses(value: Iterable[str]) -> tuple[str, ...]:
    return as_distinct(value)


@attrs.frozen
class EmailChannel:
    """Mail to ``addresses`` of ours.

    ``account`` is the one that a mail counts for which names none of them (a blind copy, a list); without it the
    first.  ``limits`` say how much of a mail is read.  ``verifiers`` are the names (authserv-id, RFC 8601, 2.5) under
    which servers of ours write down whether a mail is from where it says; only the topmost such field is read, and of
    others nothing is believed.

    Raises ``InvalidInput`` naming the field.
    """

    addresses: tuple[str, ...] = attrs.field(converter=_addresses, validator=names)
    account: str = ""
    limits: Limits = attrs.field(factory=Limits, validator=instance(Limits))
    verifiers: tuple[str, ...] = attrs.field(default=(), converter=as_distinct, validator=names)
    _ours: dict[str, str] = attrs.field(init=False, repr=False, eq=False)

    capabilities: ClassVar[Channel] = EMAIL
    """How messages of this channel are told apart: by reply ids alone, with addresses that are one person's."""

    def __attrs_post_init__(self) -> None:
        ours = {}
        for i, address in enumerate(self.addresses):
            if not normal(address):
                raise InvalidInput(f"EmailChannel.addresses[{i}]", f"must be an address, not {address!r}")
            ours[_plain(normal(address))] = address
        if not ours:
            raise InvalidInput("EmailChannel.addresses", "must name at least one address")
        if self.account and self.account not in self.addresses:
            raise InvalidInput("EmailChannel.account", f"must be one of the addresses, not {self.account!r}")
        object.__setattr__(self, "_ours", ours)
        object.__setattr__(self, "account", self.account or self.addresses[0])
        object.__setattr__(self, "verifiers", tuple(name.lower() for name in self.verifiers))

    def decode(self, raw: bytes) -> Decoded | Rejected:
        """The mail as a message of the account that it was sent to, or why it cannot be one, whatever the bytes.

        Its ``external_id`` is the Message-ID, and without one the ``digest``, so that the same mail read twice is one
        message.  Its ``headers`` are those of ``Mail``, with an ``Auto-Submitted`` (RFC 3834) also where another
        sign says that a machine wrote it; ``bounce`` is what it says came back, if anything did.  ``tokens`` are what
        follows our name in the addresses of ours.  ``attachments`` have names that are safe in a folder, or none.

        Raises ``InvalidInput`` for what is not bytes, and nothing else.
        """
        mail = read_mail(raw, self.limits)
        if len(raw) > self.limits.size:
            return Rejected("size", f"more than {self.limits.size} bytes")
        if mail.sender is None:
            return Rejected("from", "says nobody")
        account, tokens = self._recipients(mail)
        return_address = mail.reply_to or ""
        make = _surely if mail.sender.isprintable() and return_address.isprintable() else _inbound
        try:
            inbound = make(
                channel=EMAIL.name,
                account=account,
                sender=mail.sender[:MAX_NAME],
                text=mail.text,
                subject=mail.subject,
                sender_name=mail.sender_name,
                external_id=mail.message_id or f"sha256:{mail.digest}",
                digest=mail.digest,
                reply_to=mail.answers,
                attachments=tuple([_file(part) for part in mail.parts if part.role in _FILES]),
                sent_at=mail.date,
                headers=_headers(mail),
                bounce=None if mail.machine.bounce_of is None else _bounce(mail.machine, mail.machine.bounce_of),
                tokens=tokens,
                return_address="" if return_address == mail.sender else return_address,
                authenticated=self._authenticated(mail) if self.verifiers else None,
            )
        except InvalidInput as error:
            return Rejected(error.field, error.reason)
        return _decoded(inbound, mail.notes, mail.machine)

    def _recipients(self, mail: Mail) -> tuple[str, tuple[str, ...]]:
        """The account that the mail counts for, and what stands in the addresses of ours beside their own names."""
        account, tokens = "", []
        for recipient in mail.recipients:
            ours, token = self._ours.get(_plain(recipient)), ""
            if ours is None and (varied := _VARIED.fullmatch(recipient.lower())):
                ours, token = self._ours.get(f"{varied[1]}@{varied[3]}"), varied[2]
            elif ours is not None and "+" in recipient:
                token = recipient.rpartition("@")[0].partition("+")[2][:MAX_NAME]
            account = account or ours or ""
            if ours is not None and token:
                tokens.append(token)
        return account or self.account, tuple(dict.fromkeys(tokens)) if tokens else ()

    def _authenticated(self, mail: Mail) -> bool | None:
        """What our own server says of the domain in From (DMARC, RFC 7489); None where it says nothing."""
        said = _COMMENT.sub(" ", dict(mail.headers).get("authentication-results", "")).lower()
        server, *results = said.split(";")
        if not server.split() or server.split()[0] not in self.verifiers:
            return None
        found = [result[1] for each in results if (result := _DMARC.match(each))]
        return {"pass": True, "fail": False}.get(found[0]) if found else None


def _plain(address: str) -> str:
    """A normal address without case and without what follows a plus in its local part (RFC 5233)."""
    address = address.lower()
    if "+" not in address:
        return address
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def _bounce(machine: Machine, of: str) -> Bounce | None:
    """What came back, by the action that a report names (RFC 3464, 2.3.3), or else by the class of its status."""
    delivery = machine.delivery
    if delivery is None:
        return Bounce(of)
    status = delivery.status if _STATUS.fullmatch(delivery.status) else ""
    if delivery.action in _ARRIVED or status.startswith("2"):
        return None
    return Bounce(of, delivery.action != "delayed" and not status.startswith("4"), status)


def _headers(mail: Mail) -> tuple[tuple[str, str], ...]:
    if not mail.headers and not mail.machine.automatic:
        return ()
    headers = dict(mail.headers)
    said = keyword(headers.get("auto-submitted", ""))
    if mail.machine.automatic and said in ("", "no"):
        said = "auto-generated"
    if said:
        headers["auto-submitted"] = said
    return tuple(sorted(headers.items()))


def _file(part: Part) -> File:
    return File(part.content, _file_name(part.name), part.media_type)


def _file_name(name: str) -> str:
    """The last step of a path, without what file systems refuse; cut in front of its ending, which says its type."""
    safe = _UNSAFE.sub("_", re.split(r"[/\\]", name)[-1]).strip(". ")
    if _DEVICE.fullmatch(safe):
        safe = f"_{safe}"
    if len(safe.encode()) <= _MAX_FILE_NAME:
        return safe
    stem, dot, ending = safe.rpartition(".")
    kept = f"{dot}{ending}" if stem and len(ending.encode()) <= 20 else ""
    return safe.encode()[: _MAX_FILE_NAME - len(kept.encode())].decode("utf-8", "ignore").rstrip(". ") + kept
