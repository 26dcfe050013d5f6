"""The rules for what is left to time: waits with an end, and reminders."""

from datetime import datetime

from ticketcore import clocks
from ticketcore.commands import DropAlarm, Pend, Remind, RemindNow, Snooze
from ticketcore.decide.asked import Asked
from ticketcore.errors import InvalidInput, Reason
from ticketcore.events import AlarmDropped, AlarmSet, Reminded, TicketEvent
from ticketcore.model import MAX_ALARMS, AlarmKind, CancelOn, Category, Delay, Move


def pend(asked: Asked, command: Pend) -> tuple[TicketEvent, ...]:
    """Wait for the customer until then at most."""
    assert command.until is not None, "otherwise it is a move"
    return _sleep(asked, Move.PEND, Category.PENDING, command.state, command.until)


def snooze(asked: Asked, command: Snooze) -> tuple[TicketEvent, ...]:
    """Rest until then at most."""
    return _sleep(asked, Move.HOLD, Category.ON_HOLD, command.state, command.until)


def _sleep(
    asked: Asked, move: Move, category: Category, state: str | None, until: datetime | Delay
) -> tuple[TicketEvent, ...]:
    """The move, unless it is made, and its end.  Refused where nothing would lead on from there."""
    ticket, actor, at = asked.ticket, asked.actor, asked.at
    changed: tuple[TicketEvent, ...] = ()
    there = ticket.state
    if ticket.category is not category or state not in (None, there):
        moving = asked.allowed(move, state)
        changed = moving.change(ticket, actor, at)
        there = there if moving.target is None else moving.target.id
    if not asked.configuration.workflow_of(ticket.type).ways(there, Move.RESUME):
        raise asked.refused(Reason("no_such_move", f"resume from {there}"))
    due = _due(asked, until)
    if any(alarm.kind is AlarmKind.WAKE and alarm.due == due for alarm in ticket.alarms) and not changed:
        return ()
    return (*changed, AlarmSet(at, actor, AlarmKind.WAKE, due, (CancelOn.STATE,)))


def remind(asked: Asked, command: Remind) -> tuple[TicketEvent, ...]:
    """Set a reminder, or take back those of an agent."""
    ticket, actor, at, agent = asked.ticket, asked.actor, asked.at, command.agent
    if ticket.category is Category.CLOSED and "closed_is_final" in asked.configuration.workflow_of(ticket.type).rules:
        raise asked.refused(Reason("closed_is_final", ticket.id))
    if command.at is None:
        known = [alarm for alarm in ticket.alarms if (alarm.kind, alarm.agent) == (AlarmKind.REMIND, agent)]
        return tuple(AlarmDropped(at, actor, alarm.kind, alarm.due, agent) for alarm in known)
    due = _due(asked, command.at)
    if any((alarm.kind, alarm.due, alarm.agent) == (AlarmKind.REMIND, due, agent) for alarm in ticket.alarms):
        return ()
    if sum(alarm.kind is not AlarmKind.FORGIVE for alarm in ticket.alarms) >= MAX_ALARMS:
        raise asked.refused(Reason("too_many_alarms", str(MAX_ALARMS)))
    return (AlarmSet(at, actor, AlarmKind.REMIND, due, command.unless, agent),)


def remind_now(asked: Asked, _: RemindNow) -> tuple[TicketEvent, ...]:
    """Give the reminders that are due."""
    ticket, actor, at = asked.ticket, asked.actor, asked.at
    due = [alarm for alarm in ticket.alarms if alarm.kind is AlarmKind.REMIND and alarm.due <= at]
    return tuple(Reminded(at, actor, alarm.due, alarm.agent, alarm.agent or ticket.assignee) for alarm in due)


def drop_alarm(asked: Asked, command: DropAlarm) -> tuple[TicketEvent, ...]:
    """An alarm is no more."""
    alarm = command.alarm
    return (AlarmDropped(asked.at, asked.actor, alarm.kind, alarm.due, alarm.agent),)


def _due(asked: Asked, end: datetime | Delay) -> datetime:
    """The instant that is meant, which must lie ahead."""
    if isinstance(end, Delay):
        due = clocks.due(asked.configuration, end.calendar, asked.at, end.span)
        if due is None:
            raise InvalidInput("Delay.span", f"does not end before the year 10000: {end.span}")
        return due
    if end <= asked.at:
        raise asked.refused(Reason("not_ahead", end.isoformat()))
    return end
