"""Routing a ticket, with a look at queues where a rule asks for one."""

from ticketcore.model import Configuration, QueueState, Routing
from ticketcore.routing import Routable, ready, walk
from ticketcore.turns.belonging import with_familiar
from ticketcore.turns.queues import queue_state
from ticketcore.turns.requests import Turn
from ticketcore.turns.work import Context


def routed(context: Context, configuration: Configuration, routable: Routable) -> Turn[Routing]:
    """Where the ticket of a message goes.  How queues are is read when a rule asks for it."""
    walking = walk(configuration, routable, ready(configuration, context.keywords))
    state: QueueState | None = None
    while True:
        try:
            look = next(walking) if state is None else walking.send(state)
        except StopIteration as end:
            routing: Routing = end.value
            if not configuration.affinities:
                return routing
            return (yield from with_familiar(configuration, routing, routable.contact))
        state = yield from queue_state(configuration, look, routable.at)
