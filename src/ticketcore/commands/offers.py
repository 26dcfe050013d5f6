"""Commands about offers, and what a turn asks of the rules about them.  Import these from ``ticketcore.commands``.

In each, ``actor`` is who asks.  One that cannot be used is ``InvalidInput`` naming the field.
"""

import attrs

from ticketcore.checks import is_optional_name
from ticketcore.commands.about import TicketCommand
from ticketcore.model import Actor, OfferEnd, Placement
from ticketcore.model.values import quick


@quick
@attrs.frozen
class AcceptOffer(TicketCommand):
    """The acting agent takes the ticket that they were offered; the offer must be theirs, open, and not over yet."""


@quick
@attrs.frozen
class DeclineOffer(TicketCommand):
    """The acting agent does not take the ticket that they were offered: somebody else is, and it keeps its age.

    ``reason`` is the id of one that the queue knows.
    """

    reason: str | None = attrs.field(default=None, validator=is_optional_name)


OfferCommand = AcceptOffer | DeclineOffer
"""What agents say to an offer."""


@quick
@attrs.frozen
class MakeOffer:
    """The router's choice of whom a ``ticket`` is offered to: its ``placement``."""

    ticket: str
    placement: Placement
    actor: Actor


@quick
@attrs.frozen
class EndOffer:
    """The open offer of a ``ticket`` is over; ``end`` says whether it expired, or is rescinded."""

    ticket: str
    end: OfferEnd
    actor: Actor


@quick
@attrs.frozen
class Forgive:
    """The time is over for which a ``ticket`` was kept from those who did not take it, or some of them."""

    ticket: str
    actor: Actor


OfferStep = MakeOffer | EndOffer | Forgive
"""What a turn asks about an offer."""
