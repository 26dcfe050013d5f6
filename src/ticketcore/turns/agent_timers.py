"""What time does for agents: the timers that an agent has, by the state of the agent."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from ticketcore.calendar.days import next_day
from ticketcore.events import AgentAdded, Event, PresenceChanged, RosterChanged
from ticketcore.model import Agent, Configuration, Kind, Ref
from ticketcore.model.absence import ABSENT
from ticketcore.ports import Timer

ROOM = "room"
"""The kind of the timer that looks for work for an agent who came on just now, or had what a day or period allows."""

ABSENT_LONG = "absent"
"""The kind of the timer by which somebody has been away or offline for long."""

SHIFT = "shift"
"""The kind of the timer by which an agent comes on or goes off."""

WRAP_UP = "wrap_up"
"""The kind of the timer by which an agent has wrapped something up."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def agent_timers(
    configuration: Configuration, before: Agent | None, after: Agent, events: Iterable[Event], at: datetime
) -> list[Timer]:
    """What changes about the timers of an agent with whom something is arranged, or whose presence changed."""
    timers = []
    due, armed = (None if agent is None else _room_again(configuration, agent) for agent in (after, before))
    if due != armed:
        timers.append(Timer(ROOM, Ref(Kind.AGENT, after.id), due))
    finished, awaited = (_wrapped_up(agent) for agent in (after, before))
    if finished != awaited:
        timers.append(Timer(WRAP_UP, Ref(Kind.AGENT, after.id), finished))
    if any(isinstance(event, AgentAdded | RosterChanged | PresenceChanged) for event in events):
        timers.append(shift_timer(after, at))
    was_absent = before is not None and before.presence in ABSENT
    if (after.presence in ABSENT) is not was_absent and (was_absent or configuration.absence.looks_back):
        timers.append(absence_timer(configuration, after, at))
    return timers


def absence_timer(configuration: Configuration, agent: Agent, at: datetime) -> Timer:
    """What wakes, at ``at`` or later, when the agent has been away or offline for long; nothing where none is to."""
    absence, due = configuration.absence, None
    if agent.presence in ABSENT and absence.looks_back:
        with suppress(OverflowError):
            due = max(at, _EPOCH + timedelta(microseconds=agent.memory.absent_since) + absence.grace)
    return Timer(ABSENT_LONG, Ref(Kind.AGENT, agent.id), due)


def room_timer(configuration: Configuration, agent: Agent) -> Timer:
    """What wakes when time alone may give the agent room; nothing where it never does."""
    return Timer(ROOM, Ref(Kind.AGENT, agent.id), _room_again(configuration, agent))


def shift_timer(agent: Agent, at: datetime) -> Timer:
    """What wakes when the shifts and the leave of an agent say something else next, later than ``at``."""
    return Timer(SHIFT, Ref(Kind.AGENT, agent.id), agent.arranged.next_change(at))


def _wrapped_up(agent: Agent | None) -> datetime | None:
    """When time ends the first of what the agent wraps up."""
    return None if agent is None else min((one.until for one in agent.wrapping), default=None)


def _room_again(configuration: Configuration, agent: Agent) -> datetime | None:
    """When time alone may give the agent room: they have stayed, another day, fewer of late; None for never."""
    settled = configuration.absence.settled(agent)
    waits = [] if settled is None else [_EPOCH + timedelta(microseconds=settled)]
    profile = agent.arranged.profile
    if agent.hands is None or profile is None:
        return max(waits, default=None)
    if profile.daily_cap is not None and agent.memory.handled >= profile.daily_cap:
        waits.append(next_day(configuration.zone, _EPOCH + timedelta(microseconds=agent.memory.last_assigned)))
    rested = agent.rested(agent.memory.last_assigned)
    if rested is not None:
        waits.append(_EPOCH + timedelta(microseconds=rested))
    return max(waits, default=None)
