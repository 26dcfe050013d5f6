"""Any file or folder as the feed that it is."""

import os
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from ticketcore.channels.email import EmailChannel
from ticketcore.checks import as_distinct, instance, is_name, names
from ticketcore.errors import InvalidInput
from ticketcore.feeds.chats import WhatsAppChat
from ticketcore.feeds.facts import Item, Rejection
from ticketcore.feeds.files import is_packed, open_file, shown_path, why
from ticketcore.feeds.folders import Maildir, MailFiles, is_maildir
from ticketcore.feeds.lines import JsonLines
from ticketcore.feeds.mbox import Mbox
from ticketcore.feeds.merging import Feed
from ticketcore.feeds.whatsapp import DateOrder
from ticketcore.feeds.whatsapp.stamps import stamp_of

_BEGINNING = 65_536
_GZIP = 16 + zlib.MAX_WBITS
_LINES_OF_A_CHAT = 50


@attrs.frozen
class FeedSettings:
    """What a feed cannot say itself.

    ``addresses`` are ours on e-mail, for mailboxes.  ``account`` is what we call our account: of a chat, the one that
    was written to; of mail that names none of ours, the one that it counts for, if it is one of the addresses.
    ``zone``, ``own_name`` and ``dates`` are those of ``WhatsAppChat``, ``verifiers`` those of ``EmailChannel``.

    Raises ``InvalidInput`` naming the field.
    """

    addresses: tuple[str, ...] = attrs.field(default=(), converter=as_distinct, validator=names)
    account: str = attrs.field(default="shop", validator=is_name)
    zone: ZoneInfo | None = attrs.field(default=None, validator=attrs.validators.optional(instance(ZoneInfo)))
    own_name: str | None = attrs.field(default=None, validator=attrs.validators.optional(is_name))
    dates: DateOrder | None = attrs.field(default=None, validator=attrs.validators.optional(instance(DateOrder)))
    verifiers: tuple[str, ...] = attrs.field(default=(), converter=as_distinct, validator=names)
    channel: EmailChannel | None = attrs.field(init=False, eq=False, repr=False)
    """How mail is read, None without addresses."""

    def __attrs_post_init__(self) -> None:
        channel = None
        if self.addresses:
            account = self.account if self.account in self.addresses else ""
            try:
                channel = EmailChannel(self.addresses, account, verifiers=self.verifiers)
            except InvalidInput as error:
                raise InvalidInput(error.field.replace("EmailChannel", "FeedSettings"), error.reason) from None
        object.__setattr__(self, "channel", channel)


@attrs.frozen
class Unreadable:
    """A feed of nothing but why there is none: of the file ``name``, the ``field`` at fault and the ``reason``."""

    name: str
    field: str
    reason: str

    def facts(self) -> Iterator[Item]:
        """The one rejection."""
        yield Rejection(self.name, None, self.field, self.reason)


def opened(path: str | os.PathLike[str], settings: FeedSettings) -> Feed:
    """The feed that a file or folder is, by its name, or else by how it begins.

    A folder is a Maildir, holds ``.eml`` files, or is the export of a mail program with one file called mbox in it.  A
    file is one mail (``.eml``), JSON lines (``.jsonl``, or beginning with ``{``), an mbox (``.mbox``, or beginning with
    "From "), the last two also packed with gzip, or a chat (``.txt``).  What is none of these, cannot be read, or needs
    a setting that is missing is a feed with one rejection.
    """
    try:
        if os.path.isdir(path):
            return _folder(path, settings)
        with open_file(path) as file:
            beginning = file.read(_BEGINNING)
        packed = is_packed(path)
        if packed:
            beginning = zlib.decompressobj(_GZIP).decompress(beginning, _BEGINNING)  # Also of a file that was cut off.
    except (OSError, zlib.error) as error:
        return Unreadable(shown_path(path), "file", why(error))
    return _file(path, packed, beginning, settings)


def _folder(path: str | os.PathLike[str], settings: FeedSettings) -> Feed:
    if settings.channel is None:
        return _without_addresses(path)
    within = os.path.join(path, "mbox")
    if os.path.isfile(within):
        return Mbox(within, settings.channel)
    return Maildir(path, settings.channel) if is_maildir(path) else MailFiles([path], settings.channel)


def _file(path: str | os.PathLike[str], packed: bool, beginning: bytes, settings: FeedSettings) -> Feed:
    named = Path(path).name.lower()
    suffix = Path(named.removesuffix(".gz") if packed else named).suffix
    start = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    if suffix in (".jsonl", ".ndjson") or (suffix not in (".eml", ".mbox") and start.startswith(b"{")):
        return JsonLines(path)
    if suffix == ".eml" and not packed:
        return MailFiles([path], settings.channel) if settings.channel else _without_addresses(path)
    if suffix == ".mbox" or start.startswith(b"From "):
        return Mbox(path, settings.channel) if settings.channel else _without_addresses(path)
    if suffix == ".txt" and not packed and _is_chat(beginning):
        if settings.zone is None:
            return Unreadable(shown_path(path), "zone", "must say where the phone was that exported this chat")
        return WhatsAppChat(path, settings.zone, settings.own_name, settings.account, settings.dates)
    known = "JSON lines, an mbox, a mail that ends in .eml, or a WhatsApp chat that ends in .txt"
    return Unreadable(shown_path(path), "file", f"is not {known}" if beginning else "is empty")


def _without_addresses(path: str | os.PathLike[str]) -> Feed:
    return Unreadable(shown_path(path), "addresses", "must say which addresses are ours, to read mail")


def _is_chat(beginning: bytes) -> bool:
    lines: Iterable[str] = beginning.decode("utf-8-sig", "replace").split("\n")
    return any(stamp_of(line, 0) is not None for line in islice(lines, _LINES_OF_A_CHAT))
