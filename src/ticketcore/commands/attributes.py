"""Commands about attributes and hand-overs.  Import these from ``ticketcore.commands``.

What cannot be used is ``InvalidInput`` naming the field.
"""

import attrs

from ticketcore.checks import is_name, is_optional_name, is_words
from ticketcore.commands.about import TicketCommand
from ticketcore.model import Given
from ticketcore.model.attributes import are_given, as_given
from ticketcore.model.values import quick


@quick
@attrs.frozen
class SetAttributes(TicketCommand):
    """Give attributes of the ticket other values: ``values`` by id, None to take them away.

    A value is of the kind of the attribute, or a text that says it, as from a form: a Decimal or ``"12.50"``, an
    aware datetime or ``"2026-03-02T09:00+00:00"``.  A list takes several texts, a file a Blob.  Handling it is
    ``InvalidInput`` naming the attribute that the ticket's type does not declare, or whose value it cannot be.
    """

    values: tuple[tuple[str, Given | None], ...] = attrs.field(converter=as_given, validator=are_given)


@quick
@attrs.frozen
class HandOver(TicketCommand):
    """Hand what began as a chat over to the people of a ``queue``, on the customer's behalf.

    The ticket becomes one of the ``type``, if one is given, with what was found out, ``values``; the ``note`` is for
    whoever goes on.  Its agent loses it, and the conversation, which stays the same, is live no more: what the customer
    writes next is for this ticket until it is solved, however late.  Refused while the ticket lacks what its type
    requires to be created.
    """

    queue: str = attrs.field(validator=is_name)
    type: str | None = attrs.field(default=None, validator=is_optional_name)
    note: str = attrs.field(default="", validator=is_words)
    values: tuple[tuple[str, Given | None], ...] = attrs.field(default=(), converter=as_given, validator=are_given)
