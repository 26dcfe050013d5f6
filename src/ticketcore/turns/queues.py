"""How a queue is at this moment, for whoever asks."""

from datetime import datetime, timedelta

from ticketcore.model import Configuration, Kind, Presence, QueueState, Ticket
from ticketcore.ports import MAX_PAGE, Query
from ticketcore.routing import QueueLook
from ticketcore.turns.requests import Turn, page_of
from ticketcore.turns.router import all_agents

_NOTHING = timedelta(0)


def queue_state(configuration: Configuration, look: QueueLook, at: datetime) -> Turn[QueueState]:
    """How the queue is at that instant, as far as it is looked at.

    No commit depends on it: it is a reason to go elsewhere, which is as good a moment later.
    """
    assert look.counted <= MAX_PAGE, "one page has them all"
    page = yield from page_of(Query(Kind.TICKET, {"queue": look.queue}, sort="queued_since", limit=look.counted))
    waiting = [item for item in page.values if isinstance(item, Ticket)]
    since = waiting[0].queued_since if waiting else None
    wait = _NOTHING if since is None else max(at - since, _NOTHING)
    on_duty = None
    if look.staff:
        team = configuration.team_of(look.queue)
        agents = yield from all_agents()
        on_duty = sum(agent.presence is Presence.AVAILABLE and team in agent.teams for agent in agents)
    return QueueState(look.queue, len(waiting), wait, on_duty)
