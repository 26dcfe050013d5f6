"""What happens to a ticket that waits.  Import these from ``ticketcore.events``."""

import attrs

from ticketcore.model import Failure, Kind, Parting, QueueState
from ticketcore.model.event import Event
from ticketcore.model.values import quick


@quick
@attrs.frozen(weakref_slot=False)
class Escalated(Event):
    """A ``step`` of a ``plan`` was due for the ticket, which has reached it if it was ``granted``: its guard held.

    ``queues`` are the states that the guard looked at; ``configuration`` is the version of the rules that decided.
    """

    STREAM = Kind.TICKET

    plan: str
    step: str
    granted: bool
    configuration: int
    queues: tuple[QueueState, ...] = ()


@quick
@attrs.frozen(weakref_slot=False)
class AffinityEnded(Event):
    """The ticket, by an ``affinity`` for one ``agent`` first, goes the normal way from now on, for this ``reason``."""

    STREAM = Kind.TICKET

    affinity: str
    agent: str
    reason: Parting


@quick
@attrs.frozen(weakref_slot=False)
class RoutingFailed(Event):
    """The ticket waits, and nothing that the desk does by itself will change that: the ``reason``.

    ``unmet`` are the smallest parts of what it asks that nobody at all meets, as ``model.requirement_notation`` writes
    a requirement; ``plan`` is the one that is exhausted.
    """

    STREAM = Kind.TICKET

    reason: Failure
    unmet: str | None = None
    plan: str | None = None
