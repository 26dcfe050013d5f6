"""What a desk.toml says."""

from zoneinfo import ZoneInfo

import attrs

from ticketcore.feeds.whatsapp import DateOrder
from ticketcore.model import Configuration
from ticketcore.model.checks import as_member, as_tuple, instance, is_name, is_words, member, names


def _dates(value: DateOrder | str | None) -> DateOrder | None:
    return None if value is None else as_member(DateOrder, value)


@attrs.frozen
class FeedSection:
    """What a file of messages cannot say of itself, for the feeds.  ``InvalidInput`` names a field that cannot be used.

    ``addresses`` are our own e-mail addresses.  ``account`` is the account of ours that messages count for which name
    none; empty when nothing was said.  ``zone`` is where the phone was that exported a chat of WhatsApp, ``own_name``
    the name under which our side writes in it, ``dates`` the order of its dates where the export leaves it open.
    """

    addresses: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    account: str = attrs.field(default="", validator=is_words)
    zone: ZoneInfo | None = attrs.field(default=None, validator=attrs.validators.optional(instance(ZoneInfo)))
    own_name: str = attrs.field(default="", validator=is_words)
    dates: DateOrder | None = attrs.field(
        default=None, converter=_dates, validator=attrs.validators.optional(member(DateOrder))
    )


@attrs.frozen
class DeskFile:
    """A desk as a file describes it.  ``InvalidInput`` names a field that cannot be used.

    ``tenant`` is whose desk it is, ``configuration`` what the desk is told about itself, ``feeds`` what it takes to
    read files of messages.
    """

    tenant: str = attrs.field(validator=is_name)
    configuration: Configuration = attrs.field(default=Configuration(), validator=instance(Configuration))
    feeds: FeedSection = attrs.field(default=FeedSection(), validator=instance(FeedSection))
