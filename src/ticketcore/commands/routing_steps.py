"""What a turn asks of the rules about tickets that wait.  Import these from ``ticketcore.commands``.

In each, ``actor`` is who asks.
"""

import attrs

from ticketcore.model import Actor, Failure, Parting, QueueState
from ticketcore.model.values import quick


@quick
@attrs.frozen
class Escalate:
    """A ``step`` of a ``plan`` is due for a ``ticket``; ``granted`` says whether its guard holds in the ``queues``."""

    ticket: str
    plan: str
    step: str
    granted: bool
    queues: tuple[QueueState, ...]
    actor: Actor


@quick
@attrs.frozen
class GiveUp:
    """A ``ticket`` waits in vain: the ``reason``, and what is ``unmet``, or the ``plan`` that is exhausted."""

    ticket: str
    reason: Failure
    actor: Actor
    unmet: str | None = None
    plan: str | None = None


@quick
@attrs.frozen
class Part:
    """A ``ticket`` waits no longer for the agent that was meant for it: the ``reason``."""

    ticket: str
    reason: Parting
    actor: Actor


RoutingStep = Escalate | GiveUp | Part
"""What the router asks of a ticket but for an agent."""
