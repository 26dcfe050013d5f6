"""Finding agents for the tickets that wait, and tickets for the agents who have room again.

Both sides ask one engine, which a router keeps.  What cannot be placed because somebody else is changing the same
agents gets a routing timer that is due at once: nothing waits for an agent but the ticket itself.
"""

import heapq
from collections.abc import Collection, Iterable

from ticketcore.calendar.days import microseconds
from ticketcore.commands import MakeOffer, Migrate, Place
from ticketcore.decide.migrating import is_astray
from ticketcore.errors import Conflict, Refused
from ticketcore.escalation import wanted_by
from ticketcore.events import (
    AttributesChanged,
    Event,
    ExclusionEnded,
    MessageAdded,
    PriorityChanged,
    Routed,
    WorkOffered,
    WorkTaken,
)
from ticketcore.model import Excluded, Filter, Kind, MessageKind, Placement, Reassign, Ref, Ticket
from ticketcore.model.values import making
from ticketcore.ports import Timer
from ticketcore.turns.absence import release_on_reply
from ticketcore.turns.belonging import part, parting
from ticketcore.turns.escalating import arm, climb, is_at_end, report
from ticketcore.turns.offering import rescind_misfits
from ticketcore.turns.requests import Turn, load
from ticketcore.turns.router import ROUTER, Router
from ticketcore.turns.work import Context, Handled, Work

ROUTE = "route"
"""The kind of the timer that looks for an agent, or for an agent's work, once more."""

_TICKET, _AGENT, _CONFIGURATION = Kind.TICKET, Kind.AGENT, Kind.CONFIGURATION
_PLACED = (_TICKET, _AGENT)
_place = making(Place)

PLACING_ATTEMPTS = 20
"""How many of the attempts of a turn also place tickets; the rest leave that to a routing timer."""

_LETS_ASK = (AttributesChanged, PriorityChanged, ExclusionEnded)
"""What of a ticket that waits may let somebody have it who could not."""

_GIVEN = frozenset((WorkTaken, WorkOffered))


def place_all(context: Context, work: Work) -> Turn[None]:
    """Give agents to the tickets that this work made wait, then waiting tickets to the agents that it gave room."""
    if context.effects and Reassign.REPLY in work.configuration.reassign_on:
        yield from release_on_reply(work)
    waiting, roomy, asking = made_waiting(work), given_room(work), still_waiting(work)
    if not context.effects or not (waiting or roomy or asking):
        return
    if not context.places:
        yield from defer(context, work)
        return
    if roomy and (yield from rescind_misfits(work, roomy)):
        waiting = made_waiting(work)
    try:
        router = yield from following(context, work, but=waiting)
        if router.rested:
            yield from pull(work, router, router.rested)
            waiting = made_waiting(work)
        for ticket in waiting:
            place_one(work, router, ticket)
        for ticket in asking:
            place_one(work, router, ticket, only_if_found=True)
        yield from let_part(work, router, roomy)
        yield from pull(work, router, roomy)
    except Conflict:
        work.let_go(context)
        raise


def following(context: Context, work: Work, but: Collection[Ticket] = ()) -> Turn[Router]:
    """A router that has seen what happened, and what this work does, but for the tickets that are placed next."""
    router = work.router = work.router or context.router()
    at = microseconds(work.at)
    yield from router.follow(work.configuration, work.facts.day, at, lasts=not context.joined)
    later = {ticket.id for ticket in but}
    for stream in work.events:
        if stream.kind in _PLACED and stream.id not in later:
            router.suppose(work.known(stream))
    return router


def pull(work: Work, router: Router, agents: Iterable[str]) -> Turn[None]:
    """Give these agents the tickets that wait for them, the most urgent first, while they have room.

    A ticket that they cannot take is not looked at.  O(log agents) for each, beside what the engine needs.
    """
    heads = []
    for agent in agents:
        if head := router.most_urgent(agent, work.at):
            heads.append((*head, agent))
        else:
            _ripen(work, router, agent)
    heapq.heapify(heads)
    while heads:
        urgency, id, agent = heads[0]
        head = router.most_urgent(agent, work.at)
        if head == (urgency, id):
            yield from _take(work, router, id)
            head = router.most_urgent(agent, work.at)
        if head is None:
            heapq.heappop(heads)
            _ripen(work, router, agent)
        else:
            heapq.heapreplace(heads, (*head, agent))


def _ripen(work: Work, router: Router, agent: str) -> None:
    """Look again at what waits for an agent for whom the discipline has nothing yet, when it lets go of more."""
    ripe = router.next_ripe(work.at)
    if ripe is not None:
        work.timers.append(Timer(ROUTE, Ref(_AGENT, agent), ripe))


def let_part(work: Work, router: Router, agents: Iterable[str]) -> Turn[None]:
    """Place the tickets that waited for one of these agents and do so no longer."""
    for id in router.waiting_for(agents):
        ticket = yield from _known(work, router, id)
        if parting(work, router, ticket) is not None:
            yield from _take(work, router, id)


def _known(work: Work, router: Router, id: str) -> Turn[Ticket]:
    """A ticket that the router found."""
    if not work.facts.knows(Kind.TICKET, id):
        (ticket,) = yield from load((Ref(Kind.TICKET, id),))
        assert isinstance(ticket, Ticket), "tickets are never deleted"
        router.see(ticket)
        work.know(ticket)
    return work.facts.ticket(id)


def _take(work: Work, router: Router, id: str) -> Turn[None]:
    """Place a ticket that the router found, or let it find it no more."""
    ticket = _as_followed(work, (yield from _known(work, router, id)))
    router.suppose(ticket)
    if ticket.sought_since is not None:
        place_one(work, router, ticket, only_if_found=True)
        if work.facts.ticket(id).sought_since is not None:
            router.pass_over(ticket)


def _as_followed(work: Work, ticket: Ticket) -> Ticket:
    """A ticket that waits, in the state that the configuration has for it."""
    if is_astray(work.configuration, ticket):
        work.do(Migrate(ticket.id, ROUTER))
    return work.facts.ticket(ticket.id)


def defer(context: Context, work: Work) -> Turn[None]:
    """Leave the placing to the next tick; what is taken back is so at once."""
    if not context.effects:
        return
    if roomy := given_room(work):
        yield from rescind_misfits(work, roomy)
    for ticket in (*made_waiting(work), *still_waiting(work)):
        work.timers.append(Timer(ROUTE, Ref(Kind.TICKET, ticket.id), work.at))
    for agent in roomy:
        work.timers.append(Timer(ROUTE, Ref(Kind.AGENT, agent), work.at))


def made_waiting(work: Work) -> tuple[Ticket, ...]:
    """The tickets that an agent is sought for since this work: none was before, or they were routed anew."""
    tickets = []
    for stream, events in work.events.items():
        if stream.kind is not _TICKET:
            continue
        ticket, before = work.facts.ticket(stream.id), work.before.get(stream)
        waited = isinstance(before, Ticket) and before.sought_since is not None
        if ticket.sought_since is not None and (not waited or any(isinstance(event, Routed) for event in events)):
            tickets.append(ticket)
    return tuple(tickets)


def still_waiting(work: Work) -> tuple[Ticket, ...]:
    """The tickets that waited before this work too and whose customer has written again, or that were described anew.

    Of those that were imported with their history nobody has looked for an agent yet; what a ticket lacked may have
    kept it from all, and so may its priority, or that those who could take it had declined.
    """
    tickets = []
    for stream, events in work.events.items():
        before = work.before.get(stream)
        if not isinstance(before, Ticket) or before.sought_since is None:
            continue
        ticket = work.facts.ticket(stream.id)
        if (
            any(map(_asks_again, events))
            and ticket.sought_since is not None
            and not any(isinstance(event, Routed) for event in events)
        ):
            tickets.append(ticket)
    return tuple(tickets)


def _asks_again(event: Event) -> bool:
    written = isinstance(event, MessageAdded) and event.kind is MessageKind.CUSTOMER
    return written or isinstance(event, _LETS_ASK)


def given_room(work: Work) -> tuple[str, ...]:
    """The agents who may be able to take more since this work: all whom it changed but by giving or offering tickets.

    Another configuration may open any queue to anybody.
    """
    agents = []
    for stream, events in work.events.items():
        if stream.kind is _CONFIGURATION:
            return tuple([agent.id for agent in work.facts.agents()])
        if stream.kind is _AGENT and not _GIVEN.issuperset(map(type, events)):
            agents.append(stream.id)
    return tuple(agents)


def place_one(work: Work, router: Router, ticket: Ticket, only_if_found: bool = False) -> None:
    """Give the ticket an agent, offer it to one, or record that there is none, unless ``only_if_found``.

    One that the discipline gives nobody yet is looked at again when it does.
    """
    if ticket.requirement is not None:
        ticket = part(work, router, ticket)
    ripe = router.ripe(ticket)
    if ripe is not None and ripe > work.at:
        work.timers.append(Timer(ROUTE, Ref(Kind.TICKET, ticket.id), ripe))
        router.suppose(ticket)
        return
    placement = router.placement(ticket, work.at)
    if placement.agent is None:
        arm(work, ticket)
        if only_if_found:
            return
    work.know(ticket)
    if placement.agent is not None:
        _agree(work, router, placement.agent)
    try:
        offerings = work.configuration.offerings
        offers = offerings and placement.agent is not None and ticket.queue in offerings
        work.do((MakeOffer if offers else _place)(ticket.id, placement, ROUTER))
    except Refused:
        router.pass_over(ticket)
        arm(work, ticket)
        if only_if_found:
            return
        placement = _kept_back(placement)
        work.do(Place(ticket.id, placement, ROUTER))
    else:
        router.suppose(work.facts.ticket(ticket.id))
        if placement.agent is not None:
            router.suppose(work.facts.agent(placement.agent))
    if placement.agent is None:
        report(work, router, ticket, placement)
    work.decisions.append(placement)
    if placement.agent is None and ticket.excluded:
        forgiving = work.facts.ticket(ticket.id)
        if len(forgiving.excluded) < len(ticket.excluded):
            place_one(work, router, forgiving)


def escalate(work: Work, router: Router, ticket: Ticket) -> Turn[None]:
    """Let a ticket that waits reach the steps that are due, and look for an agent if it has reached any."""
    wanted = wanted_by(ticket.requirement)
    if (yield from climb(work, ticket)) or wanted is not None:
        place_one(work, router, work.facts.ticket(ticket.id), only_if_found=True)
    ticket = work.facts.ticket(ticket.id)
    if ticket.queued_since is not None:
        arm(work, ticket, again=False)
        if is_at_end(work, ticket):
            report(work, router, ticket, router.placement(ticket, work.at))


def _agree(work: Work, router: Router, agent: str) -> None:
    """Have the work know of an agent what the router knows.  A ``Conflict`` if it has loaded somebody else's past."""
    known = router.agent(agent)
    work.know(known)
    if work.facts.agent(agent).version != known.version:
        raise Conflict(((Kind.AGENT, agent),))


def _kept_back(placement: Placement) -> Placement:
    """That nobody gets the ticket, since its workflow keeps it from all who could have it."""
    could = placement.pool - sum(item.agents for item in placement.excluded)
    excluded = (*placement.excluded, Excluded(Filter.GUARD, could))
    return Placement(
        None,
        placement.policy,
        placement.pool,
        excluded,
        configuration=placement.configuration,
        position=placement.position,
    )


def save_and_look_again(context: Context, work: Work) -> Turn[Handled]:
    """Commit, and place once more if others were first meanwhile.

    Of two turns that run at once, each may overlook what the other changes: this one that an agent came on, that one
    that a ticket began to wait.  Whichever commits last sees both.
    """
    handled = yield from work.save(context)
    overtaken = work.was_overtaken
    if not overtaken:
        return handled
    tickets, agents = [ticket.id for ticket in made_waiting(work)], given_room(work)
    for _ in range(PLACING_ATTEMPTS if context.places and (tickets or agents) else 0):
        if not overtaken:
            break
        again = Work(work.configuration, work.at, {}, work.house)
        try:
            router = yield from following(context, again)
            for ticket in tickets:
                yield from _take(again, router, ticket)
            yield from let_part(again, router, agents)
            yield from pull(again, router, agents)
            yield from again.save(context)
            overtaken = again.was_overtaken
        except Conflict:
            again.let_go(context)
    return handled
