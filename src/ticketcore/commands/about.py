"""What commands about a ticket have in common.

In each, ``actor`` is who asks.  One that cannot be used is ``InvalidInput`` naming the field.
"""

import attrs

from ticketcore.checks import instance, is_name, is_optional_name
from ticketcore.model import Actor


@attrs.frozen
class TicketCommand:
    """A command about one ``ticket``, by its id, from an ``actor``."""

    ticket: str = attrs.field(validator=is_name)
    actor: Actor = attrs.field(validator=instance(Actor))


@attrs.frozen
class StateMove(TicketCommand):
    """A command that moves the ticket; to the state ``state`` where the workflow has several, or else to the first."""

    state: str | None = attrs.field(default=None, validator=is_optional_name)
