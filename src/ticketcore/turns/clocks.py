"""The clocks of the tickets that a turn changed: kept up to date in the same commit.

A configuration that was changed since a clock was last looked at is in force from the instant of its change: what came
due before that is judged by the one before, and what comes after by the new one, whenever somebody looks.  A metric
that a policy measures for the first time is worked out from the history of the ticket.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple, cast

from ticketcore.events import ConfigurationChanged, Event, TicketEvent, TicketSplit
from ticketcore.evolve import evolve_ticket
from ticketcore.model import Category, Clock, Configuration, Kind, Ref, SplitClocks, Ticket
from ticketcore.ports import OutboxEntry, Timer
from ticketcore.records import CURRENT
from ticketcore.sla import OVER, Timekeeper, policy_for
from ticketcore.timekeeping import SLA_TIMER, ClockEvent, StepReached
from ticketcore.turns.requests import Turn, load, read_events

ESCALATION = "escalation"
"""The kind of the outbox entry of a step that was reached; its subject is the clock.

Its id is the ticket's and, after a slash, the number of the ``StepReached`` in the clock's stream.
"""


_LAST = 2**63
"""Behind every position that a store gives."""


class Change(NamedTuple):
    """What a turn did to a ticket: the ticket ``before``, None for a new one, its ``events``, and what it was ``after``
    each of them; ``woken`` if it is because of its clock's timer, which is then set anew.
    """

    before: Ticket | None
    events: Sequence[Event] = ()
    after: Sequence[Ticket] = ()
    woken: bool = False


class Kept(NamedTuple):
    """A clock ``before`` and ``after`` a turn: its ``events``, its ``timer``, None where that stays as it is, and the
    ``outbox`` entries of steps.
    """

    before: Clock | None
    after: Clock
    events: tuple[ClockEvent, ...]
    timer: Timer | None
    outbox: tuple[OutboxEntry, ...]


class _Passed(NamedTuple):
    """One event of a ticket, with the ticket before and after it, and its position; 0 if it is not stored."""

    before: Ticket | None
    event: TicketEvent
    after: Ticket
    position: int


class _Followed(NamedTuple):
    """A configuration that the desk followed from an instant on; ``position`` is that of the change."""

    configuration: Configuration
    since: datetime
    position: int


def keep_clocks(
    configuration: Configuration,
    changes: Mapping[Ref, Change],
    known: Mapping[str, Clock | None],
    at: datetime,
    live: bool,
) -> Turn[tuple[Kept, ...]]:
    """The clocks of the tickets, by their references, after what happened to them at ``at``; ``live`` unless imported.

    Those that are ``known`` are not loaded; None is for a ticket that has none.
    O(metrics) for each event and change of the configuration, and the history of a ticket where a metric is new to it.
    """
    missing = [ref.id for ref, change in changes.items() if change.before is not None and ref.id not in known]
    loaded = yield from load([Ref(Kind.CLOCK, id) for id in missing])
    clocks = {clock.id: clock for clock in (*known.values(), *loaded) if isinstance(clock, Clock)}
    kept = []
    for ref, change in changes.items():
        inherited = _inherited(change, changes, clocks)
        one = yield from _keep(configuration, ref, clocks.get(ref.id), change, at, live, inherited)
        if one is not None:
            kept.append(one)
            clocks[ref.id] = one.after
    return tuple(kept)


def _inherited(change: Change, changes: Mapping[Ref, Change], clocks: Mapping[str, Clock]) -> tuple[Clock, bool] | None:
    """The clock that a new ticket goes on from, and whether its ticket was over; that stands before it in the changes.

    None for a ticket that inherits none, or where there is none.
    """
    for event in change.events if change.before is None else ():
        if isinstance(event, TicketSplit) and event.clocks is SplitClocks.INHERITED and event.ticket in clocks:
            source = changes[Ref(Kind.TICKET, event.ticket)].before
            return clocks[event.ticket], source is not None and source.category in OVER
    return None


def _keep(
    configuration: Configuration,
    ref: Ref,
    clock: Clock | None,
    change: Change,
    at: datetime,
    live: bool,
    inherited: tuple[Clock, bool] | None,
) -> Turn[Kept | None]:
    before = change.before
    after = change.after[-1] if change.after else before
    assert after is not None, "a new ticket has events"
    if before is not None and before.category is after.category is Category.CLOSED:
        return None
    policy = policy_for(configuration, after)
    if policy is None and clock is None:
        return None
    passed = [
        _Passed(was, cast(TicketEvent, event), now, 0)
        for was, event, now in zip((before, *change.after), change.events, change.after, strict=False)
    ]
    followed = yield from _followed(configuration, clock, at)
    first = followed[0].configuration
    keeper = Timekeeper(ref.id, clock, first, after.priority if before is None else before.priority)
    promised = frozenset() if policy is None else frozenset(goal.metric for goal in policy.goals)
    missing = frozenset[str]() if before is None else promised - keeper.measured
    history: tuple[_Passed, ...] = ()
    if missing or not all(one.configuration.policies for one in followed):
        recorded = yield from read_events(ref)
        history = tuple(_passed(((item.event, item.position) for item in recorded), None))
    if before is not None and clock is not None:
        _follow(keeper, followed, history, before, clock.live)
    keeper.advance(at)
    keeper.apply(configuration, policy, after.priority, at, live)
    if missing:
        for one in history:
            keeper.advance(one.event.at, missing, told=False)
            keeper.take(one.before, one.event, one.after, missing)
        keeper.advance(at, missing, told=False)
    if inherited is not None:
        keeper.inherit(*inherited, passed[0].after, at, passed[0].event.actor)
    for one in passed if inherited is None else passed[1:]:
        keeper.take(one.before, one.event, one.after)
    assert keeper.clock is not None, "a policy, or none, was applied"
    return Kept(
        clock,
        keeper.clock,
        tuple(keeper.events),
        Timer(SLA_TIMER, Ref(Kind.CLOCK, ref.id), keeper.wake_at()) if keeper.events or change.woken else None,
        tuple(_owed(keeper.clock, keeper.events)),
    )


def _follow(
    keeper: Timekeeper, followed: tuple[_Followed, ...], history: tuple[_Passed, ...], before: Ticket, live: bool
) -> None:
    """Go by each configuration while it was in force; what happened under one without policies is caught up."""
    for one, newer in pairwise(followed):
        if not one.configuration.policies:
            for passed in history:
                if one.position < passed.position < newer.position:
                    keeper.take(passed.before, passed.event, passed.after)
        keeper.advance(newer.since)
        policy = policy_for(newer.configuration, before)
        keeper.apply(newer.configuration, policy, before.priority, newer.since, live)


def _passed(events: Iterable[tuple[Event, int]], ticket: Ticket | None) -> Iterator[_Passed]:
    for event, position in events:
        change = cast(TicketEvent, event)  # it is of a ticket's stream
        after = evolve_ticket(ticket, change)
        yield _Passed(ticket, change, after, position)
        ticket = after


def _followed(configuration: Configuration, clock: Clock | None, at: datetime) -> Turn[tuple[_Followed, ...]]:
    """The configuration that the clock goes by, and those that came into force since, up to the present one."""
    if clock is None or clock.configuration == configuration.version:
        return (_Followed(configuration, at, 0),)
    versions = range(clock.configuration, configuration.version + 1)
    loaded = yield from load(tuple(Ref(Kind.CONFIGURATION, str(version)) for version in versions[:-1]))
    known = {one.version: one for one in (*loaded, configuration) if isinstance(one, Configuration)}
    history = yield from read_events(CURRENT)
    changes = {item.event.version: item for item in history if isinstance(item.event, ConfigurationChanged)}
    found = []
    for version in versions:
        change = changes.get(version)  # none for the one that this turn brings
        since, position = (at, _LAST) if change is None else (min(at, change.event.at), change.position)
        found.append(_Followed(known[version], since, position))
    return tuple(found)


def _owed(clock: Clock, events: list[ClockEvent]) -> Iterator[OutboxEntry]:
    first = clock.version - len(events) + 1
    for version, event in enumerate(events, first):
        if isinstance(event, StepReached) and event.told:
            yield OutboxEntry(ESCALATION, f"{clock.id}/{version}", Ref(Kind.CLOCK, clock.id), event.at)
