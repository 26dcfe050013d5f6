"""Whether a desk decided as its history says: each recorded decision is asked of a router again, and compared.

The router is the one that desks use, with their engine.  It is told the history in its order: who was there with which
skills, teams and capacity, what was given by hand, offered, taken back and put into other queues; and before each
decision it knows what the desk's router knew.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from ticketcore.calendar.days import day_began, microseconds
from ticketcore.commands import Place
from ticketcore.decide import decide
from ticketcore.engine import DistributionPolicy, QueueDiscipline
from ticketcore.errors import Refused
from ticketcore.events import ConfigurationChanged
from ticketcore.evolve import Entity, evolve
from ticketcore.facts import Facts
from ticketcore.lifecycle import HOUSE_RULES, HouseRules
from ticketcore.model import Agent, Clock, Configuration, Filter, Kind, Placement, Stream, Ticket
from ticketcore.ports import Page, Recorded
from ticketcore.replaying.commits import Decided, Told, commits
from ticketcore.replaying.past import Past
from ticketcore.turns import Find, Load, ReadEvents, Request, Turn
from ticketcore.turns.router import ROUTER, Router

REMEMBERED = 10_000
"""How many events back a decision is checked that was taken on what was known then."""


@attrs.frozen
class Unlike:
    """A decision about a ``ticket``, at the instant ``at`` and this ``position`` in the history, that is another now.

    ``recorded`` is whom the history names, ``replayed`` whom the router does, None for nobody; ``why`` says in words
    what differs.
    """

    ticket: str
    at: datetime
    position: int
    recorded: str | None
    replayed: str | None
    why: str


@attrs.frozen
class Checked:
    """How many ``decisions`` were asked again, and the ``differences``, in their order.

    ``pulled`` is of how many of these it was also asked whether the ticket was the agent's most urgent, and
    ``by_hand`` how many tickets were given to somebody by name, which nobody decided.
    """

    decisions: int
    pulled: int
    by_hand: int
    differences: tuple[Unlike, ...]


def check(
    past: Past,
    policy: DistributionPolicy | None = None,
    discipline: QueueDiscipline | None = None,
    house: HouseRules = HOUSE_RULES,
) -> Checked:
    """Ask again for every decision of a history, of a desk with this policy, discipline and house rules.

    None stands for what the configuration of that time says.  Compared is all that a decision says: who gets
    the ticket, the ranks, the credit, and how many agents each filter excluded.  Where somebody who had room again was
    given a ticket, it has also to be the one that the discipline gives them.  One reading of the history; each decision
    takes what it took.

    Where several processes decide within the same instant, the history does not always show which of them had seen
    what: a difference may then be one of sight alone.
    """
    return _Replay(past, policy, discipline, house).run()


class _Replay:
    """The ``state`` that the history has come to, and a ``router`` that has seen it."""

    def __init__(
        self, past: Past, policy: DistributionPolicy | None, discipline: QueueDiscipline | None, house: HouseRules
    ) -> None:
        self.past, self.policy, self.discipline, self.house = past, policy, discipline, house
        self.router = Router(policy, discipline)
        self.known = _Known({})
        self.configuration = Configuration()
        self.before: deque[tuple[int, Stream, Entity | None]] = deque(maxlen=REMEMBERED)
        self.touched: dict[Stream, int] = {}
        self.base: Mapping[Stream, Entity | None] = {}
        self.is_loaded = False
        self.decisions = self.pulled = self.by_hand = 0
        self.differences: list[Unlike] = []

    def run(self) -> Checked:
        for together in commits(self.past):
            self._live(together)
        return Checked(self.decisions, self.pulled, self.by_hand, tuple(self.differences))

    def _live(self, together: Sequence[Recorded]) -> None:
        """One commit: what happened, and then what was decided because of that."""
        told = Told(together)
        base = self.base = {item.stream: self.known.state.get(item.stream) for item in told.followed}
        for item in together:
            if isinstance(item.event, ConfigurationChanged):
                self.configuration = self.past.configuration(item.event.version)
        if told.decided:
            self._follow(told.at)
            self._fold(told.facts)
            rested = frozenset(self.router.rested)  # what waits for them goes before what the commit is about
            for decision in sorted(told.decided, key=lambda one: not (one.is_pulled and one.placement.agent in rested)):
                self._judge(told, decision)
                self._fold(decision.results)
        self._remember(told.followed, base)
        self.known.last = together[-1]
        self.by_hand += told.by_hand

    def _follow(self, at: datetime) -> None:
        if self.known.last is not None and self.is_loaded:
            self.router.position = self.known.last.position
        day = microseconds(day_began(self.configuration.zone, at))
        self.known.answer(self.router.follow(self.configuration, day, microseconds(at), lasts=True))
        self.is_loaded = True

    def _fold(self, events: Iterable[Recorded]) -> None:
        """These have happened, and the router is told."""
        state = self.known.state
        for item in events:
            state[item.stream] = evolve(state.get(item.stream), item.event)
        for stream in dict.fromkeys(item.stream for item in events):
            self._see(stream)

    def _see(self, stream: Stream) -> None:
        entity = self.known.state[stream]
        if self.is_loaded and isinstance(entity, Ticket | Agent | Clock):
            self.router.see(entity)

    def _remember(self, events: Sequence[Recorded], base: Mapping[Stream, Entity | None]) -> None:
        """What has happened, in its own order, and what was before."""
        state = self.known.state
        now = dict(base)
        for item in events:
            self.before.append((item.position, item.stream, now[item.stream]))
            self.touched[item.stream] = item.position
            now[item.stream] = state[item.stream] = evolve(now[item.stream], item.event)
        for stream in base:
            self._see(stream)
        for stream in base:
            clock = Stream(Kind.CLOCK, stream.id)
            if stream.kind is Kind.TICKET and clock in state:
                self._see(clock)

    def _judge(self, told: Told, decision: Decided) -> None:
        """Ask for one decision again; one that would be another, also by what had been seen if others were first."""
        ticket = self.known.state[decision.stream]
        assert isinstance(ticket, Ticket), "it is an event of a ticket"
        self.decisions += 1
        recorded = decision.placement
        if decision.is_pulled and told.roomy and recorded.position >= told.first - 1:
            self.pulled += 1
            head = self._most_urgent(ticket.id, recorded.position, told)
            if head is not None and head != ticket.id:
                self._differ(told, decision, recorded.agent, f"{head} goes before it")
                return
        replayed = self.router.placement(ticket, told.at)
        why = unlike(recorded, replayed)
        if why is not None and not any(
            unlike(recorded, self._as_known_at(recorded, start, told).placement(ticket, told.at)) is None
            for start in told.starts(decision.position)
        ):
            self._differ(told, decision, replayed.agent, why)

    def _differ(self, told: Told, decision: Decided, replayed: str | None, why: str) -> None:
        self.differences.append(
            Unlike(decision.stream.id, told.at, decision.position, decision.placement.agent, replayed, why)
        )

    def _most_urgent(self, ticket: str, seen: int, told: Told) -> str | None:
        """Which ticket goes first to those who have room again.

        Those that nobody may have are passed over, and those of which the router had not seen what they came to.
        """
        while True:
            firsts = [self._head(agents, told.at) for agents in (self.router.rested, told.roomy)]
            if ticket in firsts:
                return ticket
            head = firsts[1]
            if head is None:
                return None
            if self.touched[Stream(Kind.TICKET, head)] > seen:
                self.router.pass_over(self._ticket(head))
            elif not self._is_refused(head, told.at):
                return head

    def _ticket(self, id: str) -> Ticket:
        ticket = self.known.state[Stream(Kind.TICKET, id)]
        assert isinstance(ticket, Ticket), "it waits"
        return ticket

    def _head(self, agents: Iterable[str], at: datetime) -> str | None:
        heads = [head for agent in agents if (head := self.router.most_urgent(agent, at))]
        return min(heads)[1] if heads else None

    def _is_refused(self, id: str, at: datetime) -> bool:
        """Whether a workflow keeps the ticket from whom it would go to; the router does not find it again then."""
        ticket = self._ticket(id)
        placement = self.router.placement(ticket, at)
        day = microseconds(day_began(self.configuration.zone, at))
        facts = Facts(self.known.state, day, self.configuration.absence)
        if placement.agent is not None:
            try:
                decide(self.configuration, facts, Place(id, placement, ROUTER), at, self.house)
            except Refused:
                pass
            else:
                return False
        self.router.pass_over(ticket)
        return True

    def _as_known_at(self, recorded: Placement, start: int, told: Told) -> Router:
        """A router that has seen the agents as they were then, and what has been done to them from ``start`` on."""
        state: dict[Stream, Entity] = {}
        for stream, entity in self.known.state.items():
            before = self.base.get(stream, entity)
            if stream.kind is Kind.AGENT and before is not None:
                state[stream] = before
        for at, stream, before in reversed(self.before):
            if at <= recorded.position:
                break
            if stream.kind is Kind.AGENT and before is None:
                state.pop(stream, None)
            elif stream.kind is Kind.AGENT and before is not None:
                state[stream] = before
        own = {item.stream for item in told.followed if item.position >= start and item.stream.kind is Kind.AGENT}
        state |= {stream: self.known.state[stream] for stream in own if stream in self.known.state}
        configuration = self.configuration
        if recorded.configuration != configuration.version:
            configuration = self.past.configuration(recorded.configuration)
        router = Router(self.policy, self.discipline)
        day = microseconds(day_began(configuration.zone, told.at))
        _Known(state).answer(router.follow(configuration, day, microseconds(told.at), lasts=True))
        return router


class _Known:
    """What a router asks of a store, from a ``state`` after the event ``last``."""

    def __init__(self, state: dict[Stream, Entity]) -> None:
        self.state = state
        self.last: Recorded | None = None

    def answer(self, turn: Turn[None]) -> None:
        """Answer all that the turn asks."""
        try:
            request = next(turn)
            while True:
                request = turn.send(self._told(request))
        except StopIteration:
            return

    def _told(self, request: Request) -> object:
        if isinstance(request, Load):
            return tuple([self.state.get(Stream(*key)) for key in request.keys])
        if isinstance(request, ReadEvents):
            return () if self.last is None or self.last.position <= request.after else (self.last,)
        assert isinstance(request, Find), "a router only reads"
        if request.query.kind is Kind.AGENT:
            return Page(tuple(self.state[stream] for stream in sorted(self.state) if stream.kind is Kind.AGENT), None)
        tickets = [entity for entity in self.state.values() if isinstance(entity, Ticket)]
        return Page(tuple([ticket for ticket in tickets if ticket.queued_since is not None]), None)


def unlike(recorded: Placement, replayed: Placement) -> str | None:
    """What differs between two decisions, in words; None if nothing does but what had been seen.

    What a workflow kept from all who could have had it, no router knows.
    """
    if recorded.excluded and recorded.excluded[-1].filter is Filter.GUARD:
        *others, kept = recorded.excluded
        same = tuple(others) == replayed.excluded and recorded.pool == replayed.pool
        return None if same and kept.agents == replayed.candidates else "others could have had it"
    if recorded.policy != replayed.policy:
        return f"it was decided by {recorded.policy!r}, and is now by {replayed.policy!r}"
    if (recorded.pool, recorded.excluded) != (replayed.pool, replayed.excluded):
        return f"{_could(recorded)} could have had it, and now {_could(replayed)}"
    if recorded.agent != replayed.agent:
        return f"the rank of {recorded.agent} was {recorded.rank}, that of {replayed.agent} now is {replayed.rank}"
    for field in attrs.fields(Placement):
        one, other = getattr(recorded, field.name), getattr(replayed, field.name)
        if field.name != "position" and one != other:
            return f"its {field.name} was {one}, and now is {other}"
    return None


def _could(placement: Placement) -> str:
    kept = ", ".join(f"{item.agents} {item.filter}" for item in placement.excluded)
    return f"{placement.candidates} of {placement.pool} agents{f' (not {kept})' if kept else ''}"
