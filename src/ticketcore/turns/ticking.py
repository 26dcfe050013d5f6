"""The turn of time: claim what is due, and wake each in a turn of its own.

A waking is an ordinary decision by a timer.  Its claim is settled in the commit of what it did, so that it is done
once, whoever else has claimed it since.
"""

from datetime import datetime, timedelta

import attrs

from ticketcore.checks import instant
from ticketcore.errors import Conflict, InvalidInput, Refused
from ticketcore.lifecycle import CLOSE_AFTER_SOLUTION, REMIND, SOLVE_AFTER_SILENCE, WAKE
from ticketcore.model import Kind, Ref, Ticket
from ticketcore.ports import Claim
from ticketcore.timekeeping import SLA_TIMER
from ticketcore.turns.absence import release_from_absent
from ticketcore.turns.agent_timers import ABSENT_LONG, ROOM, SHIFT, WRAP_UP
from ticketcore.turns.configuring import current_configuration
from ticketcore.turns.escalating import ESCALATE
from ticketcore.turns.knowing import bring_along, know_children
from ticketcore.turns.migrating import MIGRATE, move_on
from ticketcore.turns.offering import FORGIVE, OFFER
from ticketcore.turns.people import finish_wrap_ups
from ticketcore.turns.placing import (
    PLACING_ATTEMPTS,
    ROUTE,
    escalate,
    following,
    let_part,
    place_all,
    place_one,
    pull,
    save_and_look_again,
)
from ticketcore.turns.rearming import REARM, REARM_CLOCKS, rearm, rearm_clocks
from ticketcore.turns.requests import Turn, claim_due, last_instant, load
from ticketcore.turns.router import all_agents
from ticketcore.turns.shifts import follow_shift
from ticketcore.turns.telling import tell
from ticketcore.turns.waking import act
from ticketcore.turns.work import ATTEMPTS, LINKED, Context, Handled, Work

TIMERS = (
    ROUTE,
    SOLVE_AFTER_SILENCE,
    CLOSE_AFTER_SOLUTION,
    WAKE,
    REMIND,
    OFFER,
    FORGIVE,
    MIGRATE,
    REARM,
    REARM_CLOCKS,
    SLA_TIMER,
    LINKED,
    ROOM,
    SHIFT,
    ESCALATE,
    ABSENT_LONG,
    WRAP_UP,
)
"""The kinds of timers that a tick wakes."""


@attrs.frozen
class Woken:
    """One timer that was due: what waking it came to, or why it was refused.

    ``timer`` is its kind and ``subject`` the record that it is about.  ``handled`` is what waking it changed;
    ``refused`` has the reasons of the rule that forbade it.
    ``lost`` says that another worker had it, or its ticket kept changing: that worker, or a later tick, does it.
    """

    timer: str
    subject: Ref
    handled: Handled = attrs.field(factory=Handled)
    refused: Refused | None = None
    lost: bool = False


@attrs.frozen
class Ticked:
    """What one tick did: the timers ``woken``, the longest due first.

    ``more`` says that as many timers were due as it takes: tick again.
    """

    woken: tuple[Woken, ...]
    more: bool


def tick(context: Context, at: datetime, limit: int, lease: timedelta, punctual: bool) -> Turn[Ticked]:
    """Wake up to ``limit`` due timers, the longest due first.  O(timers that are due).

    Each is woken at ``at``, or, if they are to be ``punctual``, at the instant at which it was due; what time does for
    agents is then done no earlier than all that has happened, since it may have come due in a history that nobody
    ticked through.  Raises ``InvalidInput`` for a limit below 1, or a negative lease.
    """
    if limit < 1:
        raise InvalidInput("limit", f"must be at least 1, is {limit}")
    if lease < timedelta(0):
        raise InvalidInput("lease", f"must not be negative, is {lease}")
    at = instant(at, "at")
    claims = yield from claim_due(TIMERS, at, at + lease, limit)
    woken, happened = [], None
    if punctual and any(claim.subject.kind is Kind.AGENT for claim in claims):
        happened = yield from last_instant()
    for claim in claims:
        due = claim.due if punctual else at
        if happened is not None and claim.subject.kind is Kind.AGENT:
            due = min(at, max(due, happened))
        woken.append((yield from wake(context, claim, due)))
    return Ticked(tuple(woken), len(claims) == limit)


def wake(context: Context, claim: Claim, at: datetime) -> Turn[Woken]:
    """Do what one claimed timer is for."""
    for attempt in range(ATTEMPTS):
        configuration = yield from current_configuration(context, at)
        (value,) = yield from load((claim.subject,))
        ticket = value if isinstance(value, Ticket) else None
        work = Work(configuration, at, {claim.subject: ticket} if ticket else {}, context.house)
        work.settle(claim)
        refused = None
        if ticket is not None:
            yield from bring_along(work, ticket)
            yield from know_children(work, ticket)
            ticket = work.facts.ticket(ticket.id)
        try:
            if claim.kind == MIGRATE:
                work.know(*(yield from all_agents()))
                yield from move_on(work)
                yield from place_all(context, work)
            elif claim.kind == REARM:
                yield from rearm(work, ticket)
            elif claim.kind == REARM_CLOCKS:
                yield from rearm_clocks(work, ticket)
            elif claim.kind == ABSENT_LONG:
                yield from release_from_absent(work, claim)
                yield from place_all(context, work)
            elif claim.kind == SHIFT:
                yield from follow_shift(work, claim)
                yield from place_all(context, work)
            elif claim.kind == WRAP_UP:
                yield from finish_wrap_ups(work, claim)
                yield from place_all(context, work)
            elif claim.kind in (ROUTE, ROOM):
                yield from _route(context, work, claim, ticket)
            elif claim.kind == ESCALATE:
                if ticket is not None and ticket.sought_since is not None:
                    yield from escalate(work, (yield from following(context, work)), ticket)
            elif claim.kind == LINKED:
                yield from tell(context, work, ticket)
            elif claim.kind == SLA_TIMER:
                yield from _look_at_clock(work, claim)
            elif ticket is not None:
                refused = yield from act(context, work, claim.kind, ticket, placing=attempt < PLACING_ATTEMPTS)
            return Woken(claim.kind, claim.subject, (yield from save_and_look_again(context, work)), refused)
        except Conflict as conflict:
            if any(blocker[0] == "claim" for blocker in conflict.blockers):
                break
    return Woken(claim.kind, claim.subject, lost=True)


def _look_at_clock(work: Work, claim: Claim) -> Turn[None]:
    """Find what came due on a ticket's clock, which the commit does for every ticket that the work knows of."""
    ref = Ref(Kind.TICKET, claim.subject.id)
    (ticket,) = yield from load((ref,))
    if isinstance(ticket, Ticket):
        work.know(ticket)
        work.looked_at.append(ref)


def _route(context: Context, work: Work, claim: Claim, ticket: Ticket | None) -> Turn[None]:
    """Look once more for an agent for the ticket, or for work for the agent."""
    router = yield from following(context, work)
    if ticket is not None and ticket.sought_since is not None:
        place_one(work, router, ticket)
    elif claim.subject.kind is Kind.AGENT:
        yield from let_part(work, router, (claim.subject.id,))
        yield from pull(work, router, (claim.subject.id,))
