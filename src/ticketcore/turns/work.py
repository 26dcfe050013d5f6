"""A unit of work: what one turn decides, gathered into one commit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import attrs

from ticketcore import lifecycle
from ticketcore.calendar.days import day_began, microseconds
from ticketcore.decide import Decidable, decide
from ticketcore.decide.linking import reached
from ticketcore.engine import DistributionPolicy, QueueDiscipline
from ticketcore.events import AttributesChanged, Event, HandedOver, LinkRemoved
from ticketcore.evolve import Entity, evolve
from ticketcore.facts import Facts
from ticketcore.keywords import index_of
from ticketcore.lifecycle import CLOSE_AFTER_SOLUTION, HOUSE_RULES, SOLVE_AFTER_SILENCE, HouseRules
from ticketcore.matching import Tokens
from ticketcore.model import (
    Agent,
    Category,
    Clock,
    Configuration,
    Contact,
    Conversation,
    Decision,
    Inbound,
    Kind,
    Message,
    Organisation,
    Quarantine,
    Ref,
    Relation,
    Stream,
    Tally,
    Text,
    Threading,
    Ticket,
)
from ticketcore.model.identifiers import ref_to
from ticketcore.model.values import making, quick
from ticketcore.ports import (
    Claim,
    Commit,
    Committed,
    OutboxEntry,
    Record,
    Recorded,
    Segmenter,
    Settle,
    Timer,
    Unchanged,
)
from ticketcore.records import (
    agent_record,
    clock_record,
    configuration_records,
    contact_record,
    conversation_record,
    idempotency_record,
    message_record,
    organisation_record,
    quarantine_record,
    tally_record,
    text_record,
    ticket_record,
)
from ticketcore.routing import IndexOf
from ticketcore.sla import policy_for
from ticketcore.turns.agent_timers import agent_timers
from ticketcore.turns.clocks import Change, keep_clocks
from ticketcore.turns.requests import Turn, save
from ticketcore.turns.router import Router

Ids = Callable[[str, str], str]
"""Gives the id of a new thing from its kind and from a key that is the same whenever the same input comes again."""

_OVER = (Category.SOLVED, Category.CLOSED)
_TICKET, _AGENT, _CONFIGURATION = Kind.TICKET, Kind.AGENT, Kind.CONFIGURATION
_QUIET_GAP, _UNKNOWN = Threading.QUIET_GAP, object()
_facts, _recorded, _commit = making(Facts), making(Recorded), making(Commit)
_KINDS: Mapping[type[Entity], Kind] = {
    Ticket: Kind.TICKET,
    Agent: Kind.AGENT,
    Contact: Kind.CONTACT,
    Conversation: Kind.CONVERSATION,
    Clock: Kind.CLOCK,
    Organisation: Kind.ORGANISATION,
    Quarantine: Kind.QUARANTINE,
    Tally: Kind.TALLY,
}

_RECORDS: Mapping[type[Entity], Callable[[Any, int], Record]] = {
    Ticket: ticket_record,
    Agent: agent_record,
    Contact: contact_record,
    Clock: clock_record,
    Organisation: organisation_record,
    Quarantine: quarantine_record,
    Tally: tally_record,
}
"""What makes the record of each, but for a conversation, whose channel has a say."""

LINKED = "linked"
"""The kind of the timer that tells the tickets that are linked to one of its new state."""

IDLE_ROUTERS = 4
"""How many routers a desk keeps that no turn uses."""

ATTEMPTS = 25
"""How often a turn is made again when others were first, before it gives up with their ``Conflict``."""


@attrs.frozen
class Context:
    """What every turn of one desk works with; any number of threads may share it.

    ``tenant`` is whose desk it is, and ``configuration`` what an empty tenant begins with.  ``ids`` names new things;
    ``segmenter``, ``policy`` and ``discipline`` decide as their protocols say, without one of them the
    configuration says how, and ``house`` are the host's rules for transitions.  ``is_thanks`` tells a message that only
    says thanks; None finds none.  ``tokens`` are the desk's own.  Without ``effects`` nothing comes of what is done but
    itself: nobody is given a ticket, no timer of a ticket is set and nothing is owed; what time does for agents it does
    from there on.  Unless it ``places``, agents for tickets are found by whoever ticks, not in the turns that make them
    wait.  ``joined`` says that the host may yet roll back what is committed.  ``routers`` are those that no turn uses
    just now: all that is kept from turn to turn, and nothing is lost with them.  ``keywords`` makes the index in which
    those of routing rules are looked for.
    """

    tenant: str
    configuration: Configuration
    ids: Ids
    segmenter: Segmenter | None = None
    policy: DistributionPolicy | None = None
    discipline: QueueDiscipline | None = None
    house: HouseRules = HOUSE_RULES
    tokens: Tokens | None = None
    effects: bool = True
    places: bool = True
    keywords: IndexOf = index_of
    is_thanks: Callable[[Inbound], bool] | None = None
    joined: bool = False
    routers: list[Router] = attrs.field(factory=list, repr=False)

    def router(self) -> Router:
        """A router that nobody else uses, until it is given back."""
        try:
            return self.routers.pop()
        except IndexError:
            return Router(self.policy, self.discipline)

    def give_back(self, router: Router) -> None:
        """Let the next turn use it."""
        if len(self.routers) < IDLE_ROUTERS:
            self.routers.append(router)


@quick
@attrs.frozen
class Handled:
    """What a turn's commit came to: the tickets that it changed, the events, and the decisions behind them.

    ``tickets`` are as they are now, ``events`` with their positions, and ``decisions`` in the order in which they were
    made.  All empty when there was nothing to change, or when it was ``repeated``: done before, under the same key.
    """

    tickets: tuple[Ticket, ...] = ()
    events: tuple[Recorded, ...] = ()
    decisions: tuple[Decision, ...] = ()
    repeated: bool = False


_handled = making(Handled)


class Work:
    """What one turn does, from the facts that it loaded to the commit that it asks for.  Lives as long as the turn."""

    def __init__(
        self, configuration: Configuration, at: datetime, facts: Mapping[Ref, Entity], house: HouseRules = HOUSE_RULES
    ) -> None:
        self.configuration = configuration
        self.house = house
        self.at = at
        self.before = dict(facts)
        self._known = dict(facts)
        day = microseconds(day_began(configuration.zone, at))
        self.facts = _facts(self._known, day, configuration.absence, configuration.wrap_ups)
        self.events: dict[Stream, list[Event]] = {}
        self._states: dict[Stream, list[Entity]] = {}  # of tickets, after each of their events
        self.decisions: list[Decision] = []
        self.messages: list[Message] = []
        self.texts: list[Text] = []
        self.timers: list[Timer] = []
        self.outbox: list[OutboxEntry] = []
        self.settles: list[Settle] = []
        self.erased: list[str] = []
        self.clocks: Mapping[str, Clock | None] = {}
        """What is known of the clocks of tickets, by their ids."""
        self._kept_clocks: list[Clock] = []
        self.looked_at: list[Ref] = []
        """Tickets whose clocks are to be looked at, whatever happens to them."""
        self.key: str | None = None
        self.router: Router | None = None
        self.was_overtaken = False
        """Whether others committed between what the router had seen and the commit."""
        self._followed = configuration

    def know(self, *entities: Entity) -> None:
        """Take in what was loaded later; what the work has already changed stays as it is."""
        for entity in entities:
            ref = ref_to((_KINDS[type(entity)], entity.id))
            if ref not in self._known:
                self.before[ref] = self._known[ref] = entity

    def known(self, ref: Ref) -> Entity:
        """What the work knows under the reference, as it is now."""
        return self._known[ref]

    def do(self, command: Decidable) -> None:
        """Decide the command on the facts as they are now, and take in its events."""
        for stream, events in decide(self.configuration, self.facts, command, self.at, self.house).items():
            self.events.setdefault(stream, []).extend(events)
            if stream.kind is _CONFIGURATION:
                continue
            entity = self._known.get(stream)
            after: list[Entity] = self._states.setdefault(stream, []) if stream.kind is _TICKET else []
            for event in events:
                entity = evolve(entity, event)
                after.append(entity)
            if entity is not None:
                self._known[stream] = entity

    def follow(self, configuration: Configuration) -> None:
        """Go by another configuration from here on, and store it."""
        self.configuration = configuration

    def put_words(self, entity: Contact | Organisation) -> None:
        """Give a contact or an organisation the words that its events leave out."""
        self._known[Ref(_KINDS[type(entity)], entity.id)] = entity

    def record(self, stream: Stream, before: Entity | None, events: Sequence[Event], after: Entity) -> None:
        """Take in what was found out beside the commands: ``events`` that led from one state to another."""
        if before is not None:
            self.before.setdefault(stream, before)
        self.events.setdefault(stream, []).extend(events)
        self._known[stream] = after

    def settle(self, claim: Claim) -> None:
        """Let the commit settle the claim."""
        self.settles.append(Settle(claim))

    def commit(self, context: Context) -> Commit:
        """Everything done so far, as one commit."""
        records: list[Record] = []
        timers = list(self.timers)
        recorded: list[Recorded] = []
        unchanged: list[Unchanged] = []
        for stream, events in self.events.items():
            if stream.kind is _CONFIGURATION:
                expected = self._followed.version
            else:
                before, after = self.before.get(stream), self._known[stream]
                expected = 0 if before is None else before.version
                records.append(self._record(after, expected))
                if type(after) is Ticket:
                    timers.extend(self._timers(before, after, events))
                    if after.ties is not None:
                        unchanged += self._children_of_what_ended(before, after)
                elif type(after) is Agent and _is_timed(had := before if type(before) is Agent else None, after):
                    timers.extend(agent_timers(self.configuration, had, after, events, self.at))
            recorded += [_recorded(stream, version, event) for version, event in enumerate(events, expected + 1)]
        records += map(message_record, self.messages)
        records += map(text_record, self.texts)
        if self.configuration is not self._followed:
            records.extend(configuration_records(self.configuration, self._followed.version))
        if self.key is not None:
            records.append(idempotency_record(self.key))
        if not context.effects:
            timers = [timer for timer in timers if timer.subject.kind is _AGENT]
        effects = (tuple(timers), tuple(self.outbox) if context.effects else ())
        settles, erased = tuple(self.settles), tuple(self.erased)
        return _commit(context.tenant, tuple(records), tuple(recorded), *effects, settles, erased, tuple(unchanged))

    def _children_of_what_ended(self, before: Entity | None, after: Ticket) -> Iterator[Unchanged]:
        """The children that a ticket has which ended, as they were when that was allowed."""
        if isinstance(before, Ticket) and before.category not in _OVER and after.category in _OVER:
            for id in after.linked(Relation.PARENT_OF):
                child = Ref(_TICKET, id)
                if child in self.before and child not in self.events:
                    yield Unchanged(child, self.before[child].version)

    def save(self, context: Context) -> Turn[Handled]:
        """Commit, and tell what came of it with numbers and positions as the store gave them."""
        if self.configuration.policies:
            yield from self._keep_clocks(context)
        commit = self.commit(context)
        try:
            committed = yield from save(commit)
            self._tell_router(context, commit, committed)
        finally:
            self.let_go(context)
        return _handled(commit.tickets(committed), commit.recorded(committed), tuple(self.decisions))

    def let_go(self, context: Context) -> None:
        """Give the router back; what it supposed it looks at again."""
        if self.router is not None:
            context.give_back(self.router)
            self.router = None

    def _tell_router(self, context: Context, commit: Commit, committed: Committed) -> None:
        """Spare the router from reading what was just written."""
        if not commit.events or context.joined:
            return
        known = self._known
        router = self.router or (context.router() if context.routers else None)
        if router is not None:
            changed = [*(known[stream] for stream in self.events if stream in known), *self._kept_clocks]
            first = committed.position - len(commit.events) + 1
            self.was_overtaken = not router.committed(changed, first, committed.position)
            self.router = router

    def _keep_clocks(self, context: Context) -> Turn[None]:
        """Let the clocks of the tickets follow what was done to them."""
        changes = {ticket: Change(self._ticket_before(ticket), woken=True) for ticket in self.looked_at}
        for stream, events in self.events.items():
            if stream.kind is _TICKET and (stream in changes or not self._has_no_clock(stream)):
                states = cast(list[Ticket], self._states[stream])
                changes[stream] = Change(self._ticket_before(stream), events, states, stream in changes)
        if not changes:
            return
        for clock in (yield from keep_clocks(self.configuration, changes, self.clocks, self.at, context.effects)):
            if clock.events:
                self.record(Ref(Kind.CLOCK, clock.after.id), clock.before, clock.events, clock.after)
            else:
                self._kept_clocks.append(clock.after)
            if clock.timer is not None:
                self.timers.append(clock.timer)
            self.outbox.extend(clock.outbox)

    def _has_no_clock(self, ticket: Ref) -> bool:
        """Whether it is known that the ticket has no clock and gets none, as where little is promised."""
        if ticket in self.before and self.clocks.get(ticket.id, _UNKNOWN) is not None:
            return False
        return policy_for(self.configuration, self.facts.ticket(ticket.id)) is None

    def _ticket_before(self, ticket: Ref) -> Ticket | None:
        before = self.before.get(ticket)
        return before if isinstance(before, Ticket) else None

    def _record(self, entity: Entity, expected: int) -> Record:
        if type(entity) is Conversation:
            threading = self.configuration.channel(entity.channel).threading
            return conversation_record(entity, expected, one_per_contact=threading is _QUIET_GAP)
        return _RECORDS[type(entity)](entity, expected)

    def _timers(self, before: Entity | None, after: Ticket, events: Sequence[Event]) -> Iterable[Timer]:
        """What changes about the timers of a ticket; all are set anew where what refused them may be gone."""
        telling = () if after.ties is None else self._telling(before, after)
        was_timed = isinstance(before, Ticket) and (bool(before.alarms) or not before.is_active)
        if after.is_active and not (after.alarms or was_timed):
            return telling
        due = lifecycle.dues(self.configuration, after)
        armed = lifecycle.dues(self.configuration, before) if isinstance(before, Ticket) else {}
        anew = any(map(_describes, events))
        kinds = [kind for kind in {**armed, **due} if anew or due.get(kind) != armed.get(kind)]
        return [*(Timer(kind, Ref(Kind.TICKET, after.id), due.get(kind)) for kind in kinds), *telling]

    def _telling(self, before: Entity | None, after: Ticket) -> tuple[Timer, ...]:
        """What tells the tickets that are linked to it of its new state, in a turn of its own."""
        if isinstance(before, Ticket) and before.state != after.state and reached(after):
            return (Timer(LINKED, Ref(Kind.TICKET, after.id), self.at), *self._ended(before, after))
        return self._ended(before, after)

    def _ended(self, before: Entity | None, after: Ticket) -> tuple[Timer, ...]:
        """What asks the ticket anew of which one that ended is a child, since that may have kept it from ending."""
        if not isinstance(before, Ticket) or before.category in _OVER or after.category not in _OVER:
            return ()
        parents = after.linked(Relation.CHILD_OF)
        kinds = (SOLVE_AFTER_SILENCE, CLOSE_AFTER_SOLUTION)
        return tuple(Timer(kind, Ref(Kind.TICKET, id), self.at) for id in parents for kind in kinds)


def _describes(event: Event) -> bool:
    return isinstance(event, AttributesChanged | HandedOver | LinkRemoved)


def _is_timed(before: Agent | None, after: Agent) -> bool:
    if after.terms is not None or before is None or before.terms is not None:
        return True
    return before.presence is not after.presence or before.wrapping != after.wrapping
