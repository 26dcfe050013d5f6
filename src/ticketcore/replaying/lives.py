"""What became of each ticket and each agent in a history, as far as a simulation needs it.

O(1) an event; memory grows with tickets, agents and changes of agents.  Instants are whole microseconds since 1970 UTC.
"""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

import attrs

from ticketcore.calendar.days import microseconds
from ticketcore.engine import AgentFacts
from ticketcore.events import (
    AffinityEnded,
    AgentEvent,
    Assigned,
    ConfigurationChanged,
    Escalated,
    Event,
    Focused,
    FocusLeft,
    NoEligibleAgent,
    Offered,
    OfferEnded,
    StateChanged,
    WorkOffered,
    WorkReleased,
    WorkTaken,
    WrapUpBegan,
    WrapUpEnded,
)
from ticketcore.evolve import evolve
from ticketcore.model import ActorKind, Agent, Category, Kind, OfferEnd, Presence, Priority, SkillLevel, Ticket
from ticketcore.model.capacity import Workload
from ticketcore.ports import Recorded
from ticketcore.staffing import evolve_agent

_OVER = (Category.SOLVED, Category.CLOSED)
_DECIDED = Assigned | Offered | NoEligibleAgent


class Odd(StrEnum):
    """What happens to tickets at a desk, and not in a simulation.

    ``BY_HAND``: somebody named its agent.  ``ESCALATED``: what it asks gave way by a step that looks at queues.
    ``AFFINE``: it was for one agent first.  ``CHANGED``: it asked something else, or had another priority, than when it
    came.  ``RESUMED``: it was with agents more than once.
    """

    BY_HAND = "by_hand"
    ESCALATED = "escalated"
    AFFINE = "affine"
    CHANGED = "changed"
    RESUMED = "resumed"


@attrs.frozen
class Asks:
    """What a ticket asked for when it came, by the ``configuration`` of this version.

    ``queue``, ``channel``, ``needs``, ``requirement`` and ``priority`` are those of ``Ticket``.
    """

    queue: str
    channel: str
    needs: tuple[SkillLevel, ...]
    requirement: str | None
    priority: Priority | None
    configuration: int


@attrs.define
class TicketLife:
    """What became of a ticket that was ``opened`` at an instant.

    It ``asks`` this, None for one that was in no queue.  Agents had it open for ``focus`` altogether, None for never,
    and it was theirs for ``held``, None for never.  ``ended`` is when it was over while no agent had ever had it, None
    if one had or it is not; ``odd`` is what else happened to it.  ``answers`` are those of agents who were offered it,
    until it was accepted: each after how long, and whether it was to accept; that none came is told as if it had been
    declined when there was no more time for it.  ``wrap_up`` is how long it was wrapped up, ``offered`` since when and
    until when the offer stands that is open, ``accepted`` when one was accepted.
    """

    opened: int
    asks: Asks | None = None
    focus: int | None = None
    held: int | None = None
    ended: int | None = None
    odd: set[Odd] = attrs.field(factory=set)
    answers: list[tuple[int, bool]] = attrs.field(factory=list)
    wrap_up: int = 0
    offered: tuple[int, int] | None = None
    accepted: int | None = None


@attrs.define
class AgentLife:
    """What became of an ``agent``, as they are in the end.

    ``turns`` are each an instant, whether they took work from then on, and their facts.  ``given`` is when they were
    first given a ticket, and ``asked`` when they were first given or offered one, None for never.
    """

    agent: Agent
    turns: list[tuple[int, bool, AgentFacts]] = attrs.field(factory=list)
    given: int | None = None
    asked: int | None = None


class Lives:
    """All ``tickets`` and ``agents`` of a history by id, in the order in which they came.

    ``first`` and ``last`` are the first and last instant of events of theirs, None without any; ``unfinished`` counts
    spans of focus that have no end.
    """

    def __init__(self, history: Iterable[Recorded]) -> None:
        self.tickets: dict[str, TicketLife] = {}
        self.agents: dict[str, AgentLife] = {}
        self.first: int | None = None
        self.last: int | None = None
        self._version = 0
        self._states: dict[str, Ticket] = {}
        self._focused: dict[tuple[str, str], int] = {}
        self._taken: dict[tuple[str, str], int] = {}
        self._wrapping: dict[tuple[str, str], tuple[int, int]] = {}
        self._holders: Counter[str] = Counter()
        for item in history:
            self._add(item.stream.kind, item.stream.id, item.event)
        self.unfinished = len(self._focused)
        for (_, ticket), since in self._taken.items():
            self._hold(ticket, (self.last or since) - since)
        for (_, ticket), (since, until) in self._wrapping.items():
            self.tickets[ticket].wrap_up += until - since
        for id, life in self.tickets.items():
            self._ask(life, self._states[id])
            self._answer(life, None, self.last or 0)

    def _add(self, kind: Kind, id: str, event: Event) -> None:
        at = microseconds(event.at)
        if isinstance(event, ConfigurationChanged):
            self._version = event.version
        if kind in (Kind.TICKET, Kind.AGENT):
            self.first = at if self.first is None else min(self.first, at)
            self.last = at if self.last is None else max(self.last, at)
        if kind is Kind.TICKET:
            self._add_to_ticket(id, event, at)
        elif isinstance(event, AgentEvent):
            self._add_to_agent(id, event, at)

    def _add_to_ticket(self, id: str, event: Event, at: int) -> None:
        life = self.tickets.get(id)
        if life is None:
            life = self.tickets[id] = TicketLife(at)
        before = self._states.get(id)
        if before is not None and (isinstance(event, _DECIDED) or at > life.opened):
            self._ask(life, before)
        ticket = evolve(before, event)
        assert isinstance(ticket, Ticket), "it is an event of a ticket"
        self._states[id] = ticket
        if life.asks is None and ticket.queue is not None and at > life.opened:
            self._ask(life, ticket)
        match event:
            case Focused(actor=actor):
                self._focused[actor.id, id] = at
            case FocusLeft(actor=actor):
                since = self._focused.pop((actor.id, id), None)
                life.focus = (life.focus or 0) + max(0, at - (at if since is None else since))
            case Assigned(placement=None) if life.accepted != at:
                life.odd.add(Odd.BY_HAND)
            case Assigned(placement=placement) if placement is not None and placement.affinity is not None:
                life.odd.add(Odd.AFFINE)
            case AffinityEnded():
                life.odd.add(Odd.AFFINE)
            case Offered():
                life.offered = at, microseconds(event.until)
            case OfferEnded():
                self._answer(life, event.end, at)
            case Escalated(granted=True) if event.queues:
                life.odd.add(Odd.ESCALATED)
            case StateChanged() if event.category in _OVER and event.actor.kind is not ActorKind.AGENT:
                unserved = life.held is None and life.focus is None and not self._holders[id]
                life.ended = at if unserved and life.ended is None else life.ended
        asks = life.asks
        if asks is not None and (ticket.queue, ticket.needs, ticket.priority) != (
            asks.queue,
            asks.needs,
            asks.priority,
        ):
            life.odd.add(Odd.CHANGED)

    def _answer(self, life: TicketLife, end: OfferEnd | None, at: int) -> None:
        """An agent answered an offer, or was asked no more; None for one who still is."""
        if life.offered is not None and life.accepted is None:
            since, until = life.offered
            is_answer = end in (OfferEnd.ACCEPTED, OfferEnd.DECLINED)
            life.answers.append(((at if is_answer else until) - since, end is OfferEnd.ACCEPTED))
        life.offered = None
        if end is OfferEnd.ACCEPTED:
            life.accepted = at

    def _ask(self, life: TicketLife, ticket: Ticket) -> None:
        if life.asks is None:
            life.asks = self._asked(ticket)

    def _asked(self, ticket: Ticket) -> Asks | None:
        if ticket.queue is None:
            return None
        asked = (ticket.queue, ticket.channel, ticket.needs, ticket.requirement, ticket.priority)
        return Asks(*asked, self._version)

    def _add_to_agent(self, id: str, event: AgentEvent, at: int) -> None:
        life = self.agents.get(id)
        agent = evolve_agent(None if life is None else life.agent, event)
        if life is None:
            life = self.agents[id] = AgentLife(agent)
        life.agent = agent
        if isinstance(event, WorkTaken):
            self._taken[id, event.ticket] = at
            self._holders[event.ticket] += 1
            life.given = at if life.given is None else life.given
            life.asked = at if life.asked is None else life.asked
        elif isinstance(event, WorkOffered):
            life.asked = at if life.asked is None else life.asked
        elif isinstance(event, WrapUpBegan):
            self._wrapping[id, event.ticket] = at, microseconds(event.until)
        elif isinstance(event, WrapUpEnded):
            since, until = self._wrapping.pop((id, event.ticket), (at, at))
            self.tickets[event.ticket].wrap_up += max(0, min(at, until) - since)
        elif isinstance(event, WorkReleased):
            since = self._taken.pop((id, event.ticket), at)
            self._holders[event.ticket] -= 1
            self._hold(event.ticket, at - since)
        else:
            turn = (agent.presence is Presence.AVAILABLE, facts_as_hired(agent))
            if not life.turns or life.turns[-1][1:] != turn:
                life.turns.append((at, *turn))

    def _hold(self, ticket: str, length: int) -> None:
        """A ticket was with an agent for so long."""
        life = self.tickets[ticket]
        if life.held is not None:
            life.odd.add(Odd.RESUMED)
        life.held = (life.held or 0) + max(0, length)


def facts_as_hired(agent: Agent) -> AgentFacts:
    """What a simulation is told of an agent: who they are and how much they take, and nothing that they have done.

    A capacity profile has their id.
    """
    terms, profile = agent.arranged, agent.arranged.profile
    if profile is not None:
        profile = attrs.evolve(profile, id=agent.id)
    return AgentFacts(
        agent.id,
        agent.skills,
        agent.teams,
        {item.name: item.value for item in terms.attributes},
        capacity=agent.capacity,
        weight=agent.weight,
        workload=None if profile is None else Workload(profile, ()),
    )


def counted(tickets: Iterable[TicketLife]) -> Counter[Odd]:
    """How many tickets have each oddity."""
    return Counter(odd for life in tickets for odd in life.odd)
