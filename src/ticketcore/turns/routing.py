"""Routing a ticket, with a look at queues where a rule asks for one."""

from datetime import timedelta

from ticketcore.model import Configuration, Kind, Presence, QueueState, Routing, Ticket
from ticketcore.ports import MAX_PAGE, Query
from ticketcore.routing import QueueLook, Routable, ready, walk
from ticketcore.turns.requests import Turn, page_of
from ticketcore.turns.router import all_agents
from ticketcore.turns.work import Context

_NOTHING = timedelta(0)


def routed(context: Context, configuration: Configuration, routable: Routable) -> Turn[Routing]:
    """Where the ticket of a message goes.

    How queues are is read when a rule asks for it, and no commit depends on it: it is a reason to go elsewhere, which
    is as good a moment later.
    """
    walking = walk(configuration, routable, ready(configuration, context.keywords))
    state: QueueState | None = None
    while True:
        try:
            look = next(walking) if state is None else walking.send(state)
        except StopIteration as end:
            routing: Routing = end.value
            return routing
        state = yield from _state(configuration, look, routable)


def _state(configuration: Configuration, look: QueueLook, routable: Routable) -> Turn[QueueState]:
    assert look.counted <= MAX_PAGE, "one page has them all"
    page = yield from page_of(Query(Kind.TICKET, {"queue": look.queue}, sort="queued_since", limit=look.counted))
    waiting = [item for item in page.values if isinstance(item, Ticket)]
    since = waiting[0].queued_since if waiting else None
    wait = _NOTHING if since is None else max(routable.at - since, _NOTHING)
    on_duty = None
    if look.staff:
        team = configuration.team_of(look.queue)
        agents = yield from all_agents()
        on_duty = sum(agent.presence is Presence.AVAILABLE and team in agent.teams for agent in agents)
    return QueueState(look.queue, len(waiting), wait, on_duty)
