"""A tenant's history, folded to what figures need: a few numbers for each ticket and agent, none for a message.

O(1) an event; memory grows with tickets, agents and changes of state, by some hundred bytes a ticket.
"""

from array import array
from collections import Counter, defaultdict
from datetime import datetime
from sys import intern

import attrs

from ticketcore.calendar.days import microseconds
from ticketcore.events import (
    AgentEvent,
    Assigned,
    ContactAdded,
    Event,
    MessageAdded,
    MessageKept,
    NoEligibleAgent,
    Offered,
    Routed,
    StateChanged,
    TagsChanged,
    TicketOpened,
    Unassigned,
)
from ticketcore.model import (
    Agent,
    Category,
    Kind,
    MessageKind,
    Move,
    Placement,
    Presence,
    SkillLevel,
    Stream,
    Verdict,
)
from ticketcore.report.figures import Return
from ticketcore.report.promises import Promises
from ticketcore.staffing import evolve_agent

DONE = (Category.SOLVED, Category.CLOSED)
"""The categories of tickets that are not open."""

NO_BAND = 3
"""Where a ticket is that is not open, beside the three ``figures.BANDS``."""


@attrs.define
class TicketLife:
    """What figures need of one ticket; instants are microseconds since 1970 UTC.

    ``band`` is its place in ``figures.BANDS``, since ``band_since``.  ``is_answered`` says that an agent has written
    to the customer; ``solved`` is when it was solved last.  ``placement`` is the last decision, made at
    ``decided``, if it found no agent.  ``opened`` is when it was opened; ``number``, ``channel``, ``state``,
    ``category``, ``queue``, ``needs``, ``tags`` and ``assignee`` are those of ``Ticket``.
    """

    number: int
    channel: str
    opened: int
    state: str
    category: Category
    queue: str | None = None
    needs: tuple[SkillLevel, ...] = ()
    tags: tuple[str, ...] = ()
    assignee: str | None = None
    band: int = NO_BAND
    band_since: int = 0
    is_answered: bool = False
    solved: int | None = None
    placement: Placement | None = None
    decided: int = 0

    def band_now(self) -> int:
        """The band that its state and agent put it into."""
        if self.category in DONE:
            return NO_BAND
        if self.category in (Category.PENDING, Category.ON_HOLD):
            return 2
        return 0 if self.assignee is None else 1


@attrs.define
class AgentLife:
    """What figures need of one ``agent``: how many tickets they were ``assigned``, and how often they ``handled`` one.

    ``handled_today`` is of the day of the report.  ``duty`` is for how many microseconds they were available before
    ``available_since``, which is None while they are not.
    """

    agent: Agent
    assigned: int = 0
    handled: int = 0
    handled_today: int = 0
    duty: int = 0
    available_since: int | None = None

    def duty_until(self, at: int) -> int:
        """For how many microseconds they were available until then."""
        return self.duty + (0 if self.available_since is None else max(0, at - self.available_since))

    def see(self, at: int) -> None:
        """Take in whether they are available from now on."""
        available = self.agent.presence is Presence.AVAILABLE
        if not available:
            self.duty, self.available_since = self.duty_until(at), None
        elif self.available_since is None:
            self.available_since = at


class History:
    """What a history adds up to, event by event, in their order.

    ``tickets`` and ``agents`` are by id; an agent is one who was added.  ``messages`` are counted by kind, ``kept``
    by verdict.  ``solved`` and ``reopened`` count changes of state.  ``answers`` has how long each first answer took,
    by channel, and ``waits`` how long each wait for an agent, by queue.  ``moves_at`` and ``moves`` are the changes
    of band, four times the old one and the new.  ``first`` and ``last`` are the first and last instant, None without
    events.  ``promises`` is what became of service levels, and ``returns`` counts what messages to solved tickets
    came to.
    """

    def __init__(self, today: tuple[int, int]) -> None:
        """``today`` is from when, and until before when, it is the day of the report."""
        self.tickets: dict[str, TicketLife] = {}
        self.agents: dict[str, AgentLife] = {}
        self.messages: Counter[MessageKind] = Counter()
        self.kept: Counter[Verdict] = Counter()
        self.customers = self.solved = self.reopened = 0
        self.answers: defaultdict[str, array[int]] = defaultdict(lambda: array("q"))
        self.waits: defaultdict[str | None, array[int]] = defaultdict(lambda: array("q"))
        self.moves_at = array("q")
        self.moves = array("b")
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.promises = Promises()
        self.returns: Counter[Return] = Counter()
        self._today = today

    def add(self, stream: Stream, event: Event) -> None:
        """Take in the next event."""
        self.first = event.at if self.first is None else min(self.first, event.at)
        self.last = event.at if self.last is None else max(self.last, event.at)
        if stream.kind is Kind.TICKET:
            self._add_to_ticket(stream.id, event, microseconds(event.at))
        elif isinstance(event, AgentEvent):
            self._add_to_agent(stream.id, event, microseconds(event.at))
        elif isinstance(event, ContactAdded):
            self.customers += 1
        elif isinstance(event, MessageKept):
            self.kept[event.verdict] += 1
        elif stream.kind is Kind.CLOCK:
            self.promises.add(stream.id, event)

    def _add_to_ticket(self, id: str, event: Event, at: int) -> None:
        if isinstance(event, TicketOpened):
            life = TicketLife(event.number, _one(event.channel), at, _one(event.state), event.category)
            self.tickets[id] = life
        else:
            life = self.tickets[id]
            self._change(life, event, at)
        band = life.band_now()
        if band != life.band:
            self.moves_at.append(at)
            self.moves.append(4 * life.band + band)
            life.band, life.band_since = band, at

    def _change(self, life: TicketLife, event: Event, at: int) -> None:
        match event:
            case MessageAdded(kind=kind, reopening=decided):
                self.messages[kind] += 1
                if decided is not None:
                    self.returns[Return(decided.outcome, decided.reason)] += 1
                if kind is MessageKind.AGENT and not life.is_answered:
                    life.is_answered = True
                    self.answers[life.channel].append(max(0, at - life.opened))
            case StateChanged():
                self._change_state(life, event, at)
            case Routed(queue=queue, needs=needs):
                life.queue, life.needs = _one(queue), needs
            case TagsChanged(added=added, removed=removed):
                life.tags = tuple(sorted(_one(tag) for tag in {*life.tags, *added} - {*removed}))
            case Assigned(agent=agent, placement=placement):
                self._assign(life, agent, placement, at)
            case Unassigned():
                life.assignee = None
            case NoEligibleAgent(placement=placement):
                life.placement, life.decided = placement, at
            case Offered():
                life.placement = None

    def _change_state(self, life: TicketLife, event: StateChanged, at: int) -> None:
        if event.category is Category.SOLVED and event.move is not Move.UNMERGE:
            self.solved += 1
            life.solved = at
            if life.assignee is not None:
                agent = self.agents[life.assignee]
                agent.handled += 1
                agent.handled_today += self._today[0] <= at < self._today[1]
        elif life.category is Category.SOLVED and event.category is not Category.CLOSED:
            self.reopened += 1
        life.state, life.category = _one(event.state), event.category

    def _assign(self, life: TicketLife, agent: str, placement: Placement | None, at: int) -> None:
        if life.band == 0:
            self.waits[life.queue].append(max(0, at - life.band_since))
        life.assignee, life.placement = _one(agent), None
        if placement is None or not placement.returned:
            self.agents[agent].assigned += 1

    def _add_to_agent(self, id: str, event: AgentEvent, at: int) -> None:
        known = self.agents.get(id)
        agent = evolve_agent(None if known is None else known.agent, event)
        if known is None:
            known = self.agents[id] = AgentLife(agent)
        known.agent = agent
        known.see(at)


def _one(text: str) -> str:
    """The same text, as the one object that all equal ones share, and plain if it is a member of an enumeration."""
    return intern(str.__str__(text))
