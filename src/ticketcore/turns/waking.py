"""What time does to a ticket: each is an ordinary decision by a timer, on the ticket as it is now."""

from ticketcore.commands import Close, DropAlarm, EndOffer, Forgive, RemindNow, Resume, Solve
from ticketcore.errors import Refused
from ticketcore.events import Reminded
from ticketcore.lifecycle import CLOSE_AFTER_SOLUTION, REMIND, SOLVE_AFTER_SILENCE, WAKE, dues
from ticketcore.model import Actor, AlarmKind, Kind, OfferEnd, Ref, Ticket
from ticketcore.ports import OutboxEntry, Timer
from ticketcore.turns.knowing import know_agent
from ticketcore.turns.offering import FORGIVE, OFFER
from ticketcore.turns.placing import defer, place_all
from ticketcore.turns.requests import Turn
from ticketcore.turns.work import Context, Work

REMINDER = "reminder"
"""The kind of the outbox entry of a reminder, whose id ends with a slash and the agent who is to be told, if any."""

_ALARMS = frozenset(kind.value for kind in AlarmKind)
"""What concerns whoever has the ticket or is offered it, too."""


def act(context: Context, work: Work, kind: str, ticket: Ticket, *, placing: bool) -> Turn[Refused | None]:
    """Do what a timer of the ``kind`` is for, if it is due by what holds today; if it is not yet, wait on.

    Gives the refusal if a rule forbids it.
    """
    due = dues(work.configuration, ticket).get(kind)
    if due is None:
        return None
    if due > work.at:
        work.timers.append(Timer(kind, Ref(Kind.TICKET, ticket.id), due))
        return None
    timer = Actor.timer(kind)
    if kind in _ALARMS:
        yield from know_agent(work, ticket)
    try:
        if kind == SOLVE_AFTER_SILENCE:
            work.do(Solve(ticket.id, timer))
        elif kind == CLOSE_AFTER_SOLUTION:
            work.do(Close(ticket.id, timer))
        elif kind == WAKE:
            work.do(Resume(ticket.id, timer))
            yield from _place(context, work, placing=placing)
        elif kind == REMIND:
            _remind(work, ticket, timer)
        elif kind == OFFER:
            work.do(EndOffer(ticket.id, OfferEnd.EXPIRED, timer))
            yield from _place(context, work, placing=placing)
        elif kind == FORGIVE:
            work.do(Forgive(ticket.id, timer))
            yield from _place(context, work, placing=placing)
    except Refused as refused:
        if kind == WAKE:
            _drop(work, ticket, timer)
        return refused
    return None


def _place(context: Context, work: Work, *, placing: bool) -> Turn[None]:
    if placing:
        yield from place_all(context, work)
    else:
        yield from defer(context, work)


def _remind(work: Work, ticket: Ticket, timer: Actor) -> None:
    """Give the reminders that are due, and owe each to the agent."""
    work.do(RemindNow(ticket.id, timer))
    ref = Ref(Kind.TICKET, ticket.id)
    told = [event for event in work.events[ref] if isinstance(event, Reminded)]
    ids = dict.fromkeys(f"{ticket.id}/{event.due.isoformat()}/{event.told or ''}" for event in told)
    work.outbox.extend(OutboxEntry(REMINDER, id, ref, work.at) for id in ids)


def _drop(work: Work, ticket: Ticket, timer: Actor) -> None:
    """Nothing wakes the ticket now but somebody: what was refused once is not asked again."""
    for alarm in ticket.alarms:
        if alarm.kind is AlarmKind.WAKE:
            work.do(DropAlarm(ticket.id, alarm, timer))
