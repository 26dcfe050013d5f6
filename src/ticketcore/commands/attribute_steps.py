"""What a turn asks of the rules about attributes and hand-overs.  Import these from ``ticketcore.commands``.

In each, ``actor`` is who asks.
"""

import attrs

from ticketcore.model import Actor, AttributeValue
from ticketcore.model.values import quick


@quick
@attrs.frozen
class ChangeAttributes:
    """A ``ticket`` gets ``values``, whose words are ids of Text records, and loses those of ``cleared``."""

    ticket: str
    values: tuple[AttributeValue, ...]
    cleared: tuple[str, ...]
    actor: Actor


@quick
@attrs.frozen
class PassOn:
    """A ``ticket`` goes to a ``queue`` as one of the ``type``, with ``values``, and without those of ``cleared``."""

    ticket: str
    queue: str
    type: str
    values: tuple[AttributeValue, ...]
    cleared: tuple[str, ...]
    actor: Actor


@quick
@attrs.frozen
class TurnAsynchronous:
    """A ``conversation`` is about this ``ticket``, and not live any more; nothing happens when it is so already."""

    conversation: str
    ticket: str
    actor: Actor


AttributeStep = ChangeAttributes | PassOn | TurnAsynchronous
"""What a turn asks about attributes and hand-overs."""
