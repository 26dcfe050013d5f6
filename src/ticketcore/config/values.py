"""What a desk.toml says."""

import attrs

from ticketcore.checks import instance, is_name
from ticketcore.config.keys import KeySource
from ticketcore.feeds import FeedSettings
from ticketcore.model import Configuration


@attrs.frozen
class DeskFile:
    """A desk as a file describes it.  ``InvalidInput`` names a field that cannot be used.

    ``tenant`` is whose desk it is, ``configuration`` what the desk is told about itself, ``feeds`` what it takes to
    read files of messages, and ``keys`` where its secrets are, if it has any.
    """

    tenant: str = attrs.field(validator=is_name)
    configuration: Configuration = attrs.field(default=Configuration(), validator=instance(Configuration))
    feeds: FeedSettings = attrs.field(default=FeedSettings(), validator=instance(FeedSettings))
    keys: KeySource | None = attrs.field(default=None, validator=attrs.validators.optional(instance(KeySource)))
