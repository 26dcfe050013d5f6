"""The rules for what is arranged with agents: how much work they take, and when they are there."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from ticketcore.assignment import virtual_time_on_arrival
from ticketcore.checks import meant
from ticketcore.commands import EndWrapUp, FollowShift, SetCapacity, SetCapacityProfile, SetLeave, SetShifts
from ticketcore.errors import InvalidInput
from ticketcore.events import AgentEvent, CapacityChanged, PresenceChanged, RosterChanged, WrapUpEnded
from ticketcore.facts import Facts
from ticketcore.model import Actor, Agent, CapacityProfile, Configuration, Held, Leave, Presence, WorkShift
from ticketcore.model.values import replaced

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PRESENCE: Mapping[bool | None, Presence] = {True: Presence.AVAILABLE, False: Presence.OFFLINE}


def set_capacity(agent: Agent, command: SetCapacity, at: datetime) -> tuple[AgentEvent, ...]:
    """So many tickets at once, and no profile any more; nothing when it is so already."""
    if command.capacity == agent.capacity and agent.arranged.profile is None:
        return ()
    return (CapacityChanged(at, command.actor, command.capacity),)


def set_profile(
    configuration: Configuration, facts: Facts, agent: Agent, command: SetCapacityProfile, at: datetime
) -> tuple[AgentEvent, ...]:
    """As much as a profile says, of what the agent has too; nothing when it is so already.

    The tickets that they have are among the facts, unless they have a profile already.
    """
    profile = profile_named(configuration, command.profile, "SetCapacityProfile.profile")
    if profile == agent.arranged.profile:
        return ()
    held = in_hand(facts, agent.id) if agent.hands is None else agent.hands.held
    return (CapacityChanged(at, command.actor, agent.capacity, profile, held),)


def profile_named(configuration: Configuration, id: str, field: str) -> CapacityProfile:
    """The profile ``id``; ``InvalidInput`` for the field where none is declared."""
    profile = configuration.capacity_profile(id)
    if profile is None:
        known = [one.id for one in configuration.capacity_profiles]
        raise InvalidInput(field, f"no profile {id!r} is declared{meant(id, known)}")
    return profile


def in_hand(facts: Facts, agent: str) -> tuple[Held, ...]:
    """What fills a slot of the agent, in the order of the tickets' numbers."""
    theirs = [ticket for ticket in facts.tickets() if ticket.assignee == agent and ticket.is_active]
    theirs.sort(key=lambda ticket: ticket.number)
    return tuple([Held(ticket.id, ticket.channel, ticket.queue) for ticket in theirs])


def change_roster(
    configuration: Configuration, facts: Facts, agent: Agent, command: SetShifts | SetLeave, at: datetime
) -> tuple[AgentEvent, ...]:
    """Other shifts or leave; the agent comes on or goes off at once where these say otherwise than the old ones."""
    shifts, leave = agent.arranged.shifts, agent.arranged.leave
    if isinstance(command, SetShifts):
        shifts = shifts_named(configuration, command.shifts, "SetShifts.shifts")
    else:
        leave = command.leave
    return _rostered(facts.agents(), facts.day, agent, (shifts, leave), command.actor, at)


def _rostered(
    pool: Iterable[Agent],
    day: int,
    agent: Agent,
    roster: tuple[tuple[WorkShift, ...], tuple[Leave, ...]],
    actor: Actor,
    at: datetime,
) -> tuple[AgentEvent, ...]:
    had = agent.arranged
    terms = replaced(had, shifts=roster[0], leave=roster[1])
    if terms == had:
        return ()
    changed = RosterChanged(at, actor, *roster)
    on_duty, overdue = terms.on_duty(at), _is_overdue(agent, at)
    if on_duty is had.on_duty(at) and not overdue:
        return (changed,)
    on_duty = had.on_duty(at) if on_duty is None and overdue else on_duty
    return (changed, *_on_or_off(pool, day, agent, on_duty, actor, at))


def end_wrap_up(agent: Agent, command: EndWrapUp, at: datetime) -> tuple[AgentEvent, ...]:
    """What is wrapped up fills no slot from now on; nothing where nothing of it is."""
    named = [one.ticket for one in agent.wrapping if command.ticket in (None, one.ticket)]
    return tuple([WrapUpEnded(at, command.actor, ticket) for ticket in named])


def follow_shift(facts: Facts, agent: Agent, command: FollowShift, at: datetime) -> tuple[AgentEvent, ...]:
    """The agent comes on or goes off, as shifts and leave have it now; nothing where they say nothing."""
    return _on_or_off(facts.agents(), facts.day, agent, agent.arranged.on_duty(at), command.actor, at)


def _on_or_off(
    pool: Iterable[Agent], day: int, agent: Agent, on_duty: bool | None, actor: Actor, at: datetime
) -> tuple[AgentEvent, ...]:
    if on_duty is None:
        return ()
    return set_presence(pool, day, agent, _PRESENCE[on_duty], actor, at)


def set_presence(
    pool: Iterable[Agent], day: int, agent: Agent, presence: Presence, actor: Actor, at: datetime
) -> tuple[PresenceChanged, ...]:
    """The agent is available or not from now on; nothing when they are so already, and nobody has been late about it.

    Who comes on has a share of work that is brought near to that of the ``pool``.
    """
    same, virtual_time = presence is agent.presence, agent.memory.virtual_time
    if same and not _is_overdue(agent, at):
        return ()
    if presence is Presence.AVAILABLE and not same:
        virtual_time = virtual_time_on_arrival(agent, pool)
    return (PresenceChanged(at, actor, presence, virtual_time, day),)


def _is_overdue(agent: Agent, at: datetime) -> bool:
    """Whether the agent should have come on or gone off by a shift or leave before, and no tick has seen to it.

    So what is said now of what they are already is not said for nothing: it is the last word.
    """
    terms = agent.arranged
    if agent.presence is _PRESENCE.get(terms.on_duty(at), agent.presence):
        return False
    change = terms.next_change(_EPOCH + timedelta(microseconds=agent.memory.said))
    return change is not None and change <= at


def shifts_named(configuration: Configuration, ids: Iterable[str], field: str) -> tuple[WorkShift, ...]:
    """The shifts of these ids; ``InvalidInput`` for the field where one is not declared."""
    known = {shift.id: shift for shift in configuration.shifts}
    found = []
    for id in ids:
        if id not in known:
            raise InvalidInput(field, f"no shift {id!r} is declared{meant(id, known)}")
        found.append(known[id])
    return tuple(found)


def following(
    facts: Facts, configuration: Configuration, actor: Actor, at: datetime
) -> dict[str, tuple[AgentEvent, ...]]:
    """What another configuration changes about the agents whose profile or shifts say something else in it, by id.

    What it does not have stays as it was for whoever has it.
    """
    changed: dict[str, tuple[AgentEvent, ...]] = {}
    known = {shift.id: shift for shift in configuration.shifts}
    for agent in facts.agents():
        if agent.terms is None:
            continue
        had = agent.arranged.profile
        profile = None if had is None else configuration.capacity_profile(had.id)
        if profile is not None and profile != had:
            held = () if agent.hands is None else agent.hands.held
            changed[agent.id] = (CapacityChanged(at, actor, agent.capacity, profile, held),)
        roster = tuple(known.get(shift.id, shift) for shift in agent.terms.shifts), agent.terms.leave
        rostered = _rostered(facts.agents(), facts.day, agent, roster, actor, at)
        if rostered:
            changed[agent.id] = (*changed.get(agent.id, ()), *rostered)
    return changed
