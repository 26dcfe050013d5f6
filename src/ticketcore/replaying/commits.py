"""A history cut into what was committed together, as far as the history shows it.

The events of one commit are of one instant and stand together, those of each stream one after the other.  A decision
names the last event that had been seen, which its commit follows.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise

import attrs

from ticketcore.events import (
    Assigned,
    Event,
    NoEligibleAgent,
    Offered,
    OfferEnded,
    StateChanged,
    WorkOffered,
    WorkOfferEnded,
    WorkReleased,
    WorkTaken,
)
from ticketcore.model import Kind, Placement, Stream
from ticketcore.ports import Recorded
from ticketcore.turns.router import ROUTER

Work = WorkTaken | WorkReleased | WorkOffered | WorkOfferEnded
"""What happens to an agent for the sake of a ticket."""

FOLLOWED = (Kind.TICKET, Kind.AGENT, Kind.CLOCK)
"""Whose events a router follows."""


def decision_of(event: Event) -> Placement | None:
    """What a router decided, if that is what the event says."""
    return event.placement if isinstance(event, Assigned | Offered | NoEligibleAgent) else None


def commits(history: Iterable[Recorded]) -> Iterator[tuple[Recorded, ...]]:
    """The events by commit, in order.  O(1) an event, in memory of what happened at one instant."""
    for _, some in groupby(history, key=lambda item: item.event.at):
        yield from _Instant(tuple(some)).commits()


class _Instant:
    """All ``events`` of one instant."""

    def __init__(self, events: tuple[Recorded, ...]) -> None:
        self.events = events
        self.decided = [decision_of(item.event) for item in events]
        self.last_after = {one.position: place for place, one in enumerate(self.decided) if one is not None}
        self.starts = {position + 1 for position in self.last_after}

    def commits(self) -> Iterator[tuple[Recorded, ...]]:
        begin = 0
        for place in range(1, len(self.events)):
            if not self._goes_on(begin, place):
                yield self.events[begin:place]
                begin = place
        yield self.events[begin:]

    def _goes_on(self, begin: int, place: int) -> bool:
        """Whether what stands in a place belongs to the commit that begins there."""
        first, last, item = self.events[begin], self.events[place - 1], self.events[place]
        if item.position in self.starts or item.position != last.position + 1:
            return False
        if self.last_after.get(first.position - 1, -1) >= place or not any(self.decided[begin:place]):
            return item.stream == last.stream or all(one.stream != item.stream for one in self.events[begin:place])
        if item.stream == last.stream:
            return last.event.actor != ROUTER or item.event.actor == ROUTER
        before = {one.stream for one in self.events[begin:place]}
        if isinstance(item.event, Work):
            return item.stream not in before and (Kind.TICKET, item.event.ticket) in before
        return self.decided[place] is not None and item.stream not in before


@attrs.frozen
class Decided:
    """A decision about the ticket of a ``stream``, at a ``position``: the ``placement``, and its ``results``.

    ``is_pulled`` says that nothing else had happened to the ticket.
    """

    stream: Stream
    position: int
    placement: Placement
    results: tuple[Recorded, ...]
    is_pulled: bool


class Told:
    """What a commit tells, ``at`` an instant, of tickets and agents: the ``facts``, and what was ``decided`` by them.

    ``first`` is the position of its first event.  ``followed`` are its events of tickets, agents and clocks; those of
    clocks come of the rest.  ``roomy`` are the agents who may have room again, in their order.  ``by_hand`` counts the
    tickets that it gives to somebody by name, who was not asked.
    """

    def __init__(self, together: Sequence[Recorded]) -> None:
        self.at, self.first = together[0].event.at, together[0].position
        self.followed = [item for item in together if item.stream.kind in FOLLOWED]
        named = {item.stream for item in self.followed if isinstance(item.event, Assigned) and not item.event.placement}
        answered = {item.stream for item in self.followed if isinstance(item.event, OfferEnded)}
        self.by_hand = len(named - answered)
        self.facts: list[Recorded] = []
        waiting: list[Decided] = []
        given = {
            item.stream.id
            for item in self.followed
            if (decided := decision_of(item.event)) is not None and decided.agent is not None
        }
        self.roomy: tuple[str, ...] = ()
        taken: dict[str, deque[Recorded]] = defaultdict(deque)
        for stream, some in groupby(self.followed, key=lambda item: item.stream):
            if stream.kind is Kind.TICKET:
                waiting += self._of_ticket(stream, list(some))
            for item in some if stream.kind is Kind.AGENT else ():
                event = item.event
                if isinstance(event, WorkTaken | WorkOffered) and event.actor == ROUTER and event.ticket in given:
                    taken[stream.id].append(item)
                else:
                    self.facts.append(item)
                    if not isinstance(event, WorkTaken | WorkOffered):
                        self.roomy = tuple(dict.fromkeys((*self.roomy, stream.id)))
        self.decided = tuple(_in_turn(waiting, taken))

    def starts(self, position: int) -> Iterator[int]:
        """Where the commit of the decision in a ``position`` may begin, if two of one instant were taken for one."""
        for before, item in pairwise((None, *self.followed)):
            if item is not None and item.position <= position and (before is None or before.stream != item.stream):
                yield item.position

    def _of_ticket(self, stream: Stream, events: list[Recorded]) -> Iterator[Decided]:
        """The decisions about a ticket, each with what follows until the next."""
        places = [place for place, item in enumerate(events) if decision_of(item.event) is not None]
        self.facts += events[: places[0]] if places else events
        is_pulled = bool(places) and not any(_concerns(item.event) for item in events[: places[0]])
        for place, end in pairwise([*places, len(events)]):
            placement = decision_of(events[place].event)
            assert placement is not None, "these are the places of decisions"
            yield Decided(stream, events[place].position, placement, tuple(events[place:end]), is_pulled)


def _concerns(event: Event) -> bool:
    """Whether the event is more than that the ticket was moved to a state that its workflow has."""
    return not (isinstance(event, StateChanged) and event.move is None)


def _in_turn(waiting: list[Decided], taken: Mapping[str, deque[Recorded]]) -> Iterator[Decided]:
    """The decisions in the order in which they were made: each agent was given tickets in the order of their events."""
    while waiting:
        place = next((place for place, one in enumerate(waiting) if _is_next(one, waiting[:place], taken)), 0)
        one = waiting.pop(place)
        queue = taken.get(one.placement.agent or "")
        results = (*one.results, queue.popleft()) if queue else one.results
        yield attrs.evolve(one, results=results)


def _is_next(one: Decided, before: Sequence[Decided], taken: Mapping[str, deque[Recorded]]) -> bool:
    if any(other.stream == one.stream for other in before):
        return False
    queue = taken.get(one.placement.agent or "")
    event = queue[0].event if queue else None
    return event is None or (isinstance(event, WorkTaken | WorkOffered) and event.ticket == one.stream.id)
