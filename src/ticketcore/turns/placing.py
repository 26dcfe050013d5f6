"""Finding agents for the tickets that wait, and tickets for the agents who have room again.

Both sides go through ``assignment.place``.  What cannot be placed because somebody else is changing the same agents
gets a routing timer that is due at once: nothing waits for an agent but the ticket itself.
"""

from collections.abc import Collection

from ticketcore.assignment import place, unavailable
from ticketcore.commands import Place
from ticketcore.errors import Refused
from ticketcore.events import AttributesChanged, Event, MessageAdded, Routed, WorkTaken
from ticketcore.model import Actor, Agent, Excluded, Filter, Kind, MessageKind, Placement, Ref, Ticket
from ticketcore.ports import MAX_PAGE, Query, Timer
from ticketcore.turns.requests import Turn, page_of
from ticketcore.turns.work import Context, Work

ROUTE = "route"
"""The kind of the timer that looks for an agent, or for an agent's work, once more."""

ROUTER = Actor.rule("router")
"""Who assigns what no person assigned."""


def place_all(context: Context, work: Work) -> Turn[None]:
    """Give agents to the tickets that this work made wait, then waiting tickets to the agents that it gave room."""
    waiting, roomy, asking = made_waiting(work), given_room(work), still_waiting(work)
    if not context.effects or not (waiting or roomy or asking):
        return
    work.know(*(yield from all_agents()))
    for ticket in waiting:
        place_one(context, work, ticket)
    for ticket in asking:
        place_one(context, work, ticket, only_if_found=True)
    if roomy:
        yield from pull(context, work, roomy, {ticket.id for ticket in (*waiting, *asking)})


def pull(context: Context, work: Work, agents: tuple[str, ...], tried: Collection[str] = ()) -> Turn[None]:
    """Place waiting tickets of these agents' queues, the longest waiting first, while one of them has room.

    Those ``tried`` before in this turn are passed over.

    A ticket that none of them can take does not keep those behind it from being looked at.  O(waiting tickets of
    their queues) at worst.
    """
    teams = {team for id in agents for team in work.facts.agent(id).teams}
    queues = work.configuration.queues_of(teams)
    cursor = None
    while queues and any(unavailable(work.facts.agent(id)) is None for id in agents):
        query = Query(Kind.TICKET, {"queue": queues}, sort="queued_since", after=cursor)
        page = yield from page_of(query)
        for ticket in page.values:
            assert isinstance(ticket, Ticket)
            now = work.facts.ticket(ticket.id) if work.facts.knows(Kind.TICKET, ticket.id) else ticket
            if ticket.id not in tried and now.queued_since is not None:
                place_one(context, work, now, only_if_found=True)
        if page.next is None:
            break
        cursor = page.next


def defer(context: Context, work: Work) -> None:
    """Leave the placing to the next tick."""
    if not context.effects:
        return
    for ticket in made_waiting(work):
        work.timers.append(Timer(ROUTE, Ref(Kind.TICKET, ticket.id), work.at))
    for agent in given_room(work):
        work.timers.append(Timer(ROUTE, Ref(Kind.AGENT, agent), work.at))


def made_waiting(work: Work) -> tuple[Ticket, ...]:
    """The tickets that wait for an agent since this work: they did not before, or were routed anew."""
    tickets = []
    for stream, events in work.events.items():
        if stream.kind is not Kind.TICKET:
            continue
        ticket, before = work.facts.ticket(stream.id), work.before.get(stream)
        waited = isinstance(before, Ticket) and before.queued_since is not None
        if ticket.queued_since is not None and (not waited or any(isinstance(event, Routed) for event in events)):
            tickets.append(ticket)
    return tuple(tickets)


def still_waiting(work: Work) -> tuple[Ticket, ...]:
    """The tickets that waited before this work too and whose customer has written again, or that were described anew.

    Of those that were imported with their history nobody has looked for an agent yet; and what a ticket lacked may
    have kept it from all.
    """
    tickets = []
    for stream, events in work.events.items():
        before = work.before.get(stream)
        if not isinstance(before, Ticket) or before.queued_since is None:
            continue
        ticket = work.facts.ticket(stream.id)
        if (
            any(map(_asks_again, events))
            and ticket.queued_since is not None
            and not any(isinstance(event, Routed) for event in events)
        ):
            tickets.append(ticket)
    return tuple(tickets)


def _asks_again(event: Event) -> bool:
    written = isinstance(event, MessageAdded) and event.kind is MessageKind.CUSTOMER
    return written or isinstance(event, AttributesChanged)


def given_room(work: Work) -> tuple[str, ...]:
    """The agents who may be able to take more since this work: all that it changed but for giving them tickets.

    Another configuration may open any queue to anybody.
    """
    if any(stream.kind is Kind.CONFIGURATION for stream in work.events):
        return tuple(agent.id for agent in work.facts.agents())
    return tuple(
        stream.id
        for stream, events in work.events.items()
        if stream.kind is Kind.AGENT and not all(isinstance(event, WorkTaken) for event in events)
    )


def all_agents() -> Turn[tuple[Agent, ...]]:
    """Every agent of the tenant."""
    agents: list[Agent] = []
    query: Query | None = Query(Kind.AGENT, limit=MAX_PAGE)
    while query is not None:
        page = yield from page_of(query)
        agents.extend(value for value in page.values if isinstance(value, Agent))
        query = None if page.next is None else Query(Kind.AGENT, after=page.next, limit=MAX_PAGE)
    return tuple(agents)


def place_one(context: Context, work: Work, ticket: Ticket, only_if_found: bool = False) -> None:
    """Give the ticket an agent, or record that there is none, unless ``only_if_found``."""
    team = None if ticket.queue is None else work.configuration.team_of(ticket.queue)
    placement = place(ticket, team, work.facts.agents(), context.policy)
    if placement.agent is None and only_if_found:
        return
    work.know(ticket)
    try:
        work.do(Place(ticket.id, placement, ROUTER))
    except Refused:
        if only_if_found:
            return
        placement = _kept_back(placement)
        work.do(Place(ticket.id, placement, ROUTER))
    work.decisions.append(placement)


def _kept_back(placement: Placement) -> Placement:
    """That nobody gets the ticket, since its workflow keeps it from all who could have it."""
    could = placement.pool - sum(item.agents for item in placement.excluded)
    excluded = (*placement.excluded, Excluded(Filter.GUARD, could))
    return Placement(None, placement.policy, placement.pool, excluded)
