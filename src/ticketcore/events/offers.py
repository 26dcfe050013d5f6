"""What happens to offers, in the streams of the ticket and of the agent.  Import these from ``ticketcore.events``."""

from datetime import datetime

import attrs

from ticketcore.model import Kind, OfferEnd, Placement
from ticketcore.model.event import Event
from ticketcore.model.values import quick


@quick
@attrs.frozen(weakref_slot=False)
class Offered(Event):
    """The ticket was offered to ``agent``, who may accept it ``until`` then; ``placement`` is how they were chosen."""

    STREAM = Kind.TICKET

    agent: str
    until: datetime
    placement: Placement


@quick
@attrs.frozen(weakref_slot=False)
class OfferEnded(Event):
    """The offer to ``agent`` is over; ``end`` is what came of it, and ``reason`` the id of why they declined.

    ``until`` is when the ticket is no longer kept from who did not take it; None for no such end.  ``missed`` is how
    many offers in a row they have not answered, where that made them away; else 0.
    """

    STREAM = Kind.TICKET

    agent: str
    end: OfferEnd
    reason: str | None = None
    until: datetime | None = None
    missed: int = 0


@quick
@attrs.frozen(weakref_slot=False)
class ExclusionEnded(Event):
    """The ticket is no longer kept from the ``agents``, who declined it once, or did not answer."""

    STREAM = Kind.TICKET

    agents: tuple[str, ...]


@quick
@attrs.frozen(weakref_slot=False)
class WorkOffered(Event):
    """An offer of ``ticket`` fills a slot of the agent, ``until`` then at most; ``credit`` is what it would cost.

    ``channel`` and ``queue`` are the ticket's.
    """

    STREAM = Kind.AGENT

    ticket: str
    until: datetime
    credit: int
    channel: str
    queue: str | None


@quick
@attrs.frozen(weakref_slot=False)
class WorkOfferEnded(Event):
    """The offer of ``ticket`` no longer fills a slot of the agent; ``end`` is what came of it."""

    STREAM = Kind.AGENT

    ticket: str
    end: OfferEnd
