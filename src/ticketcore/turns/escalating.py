"""What a ticket asks gives way as it waits: a timer wakes a turn when a step of its plan is due.

Nothing sleeps.  Whoever looks for an agent and finds none sets the timer of the next step; the turn that it wakes
looks at the guards, records which steps the ticket has reached, and looks for an agent once more.
"""

from datetime import datetime

from ticketcore.commands import Escalate, GiveUp
from ticketcore.escalation import demand_of, plan_of, steps_left
from ticketcore.model import (
    Actor,
    EscalationPlan,
    EscalationStep,
    Failure,
    Filter,
    Kind,
    Placement,
    QueueCondition,
    QueueState,
    Ref,
    Ticket,
)
from ticketcore.model.requirement_notation import text_of
from ticketcore.model.requirements import All, Requirement
from ticketcore.ports import Timer
from ticketcore.routing import QueueLook
from ticketcore.turns.belonging import patience_ends
from ticketcore.turns.queues import queue_state
from ticketcore.turns.requests import Turn
from ticketcore.turns.router import Router
from ticketcore.turns.work import Work

ESCALATE = "escalate"
"""The kind of the timer of the next step of a plan."""

PLAN = Actor.timer(ESCALATE)
"""Who lets a ticket ask for less."""


def arm(work: Work, ticket: Ticket, *, again: bool = True) -> None:
    """Set the timer of the next step of a ticket that waits, or of when it waits no longer for an agent of its own.

    A step that is overdue is asked again at once, or, unless ``again``, not before another is due.
    """
    plan, ends = plan_of(work.configuration, ticket), patience_ends(work.configuration, ticket)
    steps = () if plan is None else steps_left(plan, ticket)
    dues = [due if due > work.at else work.at for _, due in steps if again or due > work.at]
    if ends is not None:
        dues.append(ends)
    if dues:
        work.timers.append(Timer(ESCALATE, Ref(Kind.TICKET, ticket.id), min(dues)))


def climb(work: Work, ticket: Ticket) -> Turn[bool]:
    """Let the ticket reach the steps that are due; whether it has reached any."""
    plan = plan_of(work.configuration, ticket)
    climbed = False
    for step in () if plan is None else plan.steps:
        known = work.facts.ticket(ticket.id)
        assert plan is not None, "it has steps"
        due = next((due for left, due in steps_left(plan, known) if left.id == step.id), None)
        if due is not None and due <= work.at:
            climbed |= yield from _reach(work, known, plan, step)
    return climbed


def _reach(work: Work, ticket: Ticket, plan: EscalationPlan, step: EscalationStep) -> Turn[bool]:
    """Look at the step's guard, and record what came of it."""
    states: list[QueueState] = []
    granted = True
    for condition in step.when:
        state = yield from queue_state(work.configuration, _look(condition), work.at)
        states.append(state)
        granted = granted and condition.holds(state)
    work.do(Escalate(ticket.id, plan.id, step.id, granted, tuple(states), PLAN))
    return granted


def _look(condition: QueueCondition) -> QueueLook:
    return QueueLook(condition.queue, condition.counted, condition.asks_staff)


def report(work: Work, router: Router, ticket: Ticket, placement: Placement) -> None:
    """Say that the ticket, for which nobody was found, waits in vain, if it does.

    Nobody at all may meet what it asks, whatever steps are to come; or none is to come, of a plan that it has.
    """
    if not placement.pool:
        return
    left = {item.filter: item.agents for item in placement.excluded}
    plan = plan_of(work.configuration, ticket)
    asked = None
    if left.get(Filter.TEAM, 0) + left.get(Filter.SKILLS, 0) == placement.pool:
        asked = demand_of(work.configuration, ticket, all_steps=True)
    if asked is not None and (parts := router.unmet(asked)):
        if asked.served in parts:
            work.do(GiveUp(ticket.id, Failure.UNSERVED, PLAN))
        else:
            unmet = text_of(Requirement(parts[0] if len(parts) == 1 else All(parts)))
            work.do(GiveUp(ticket.id, Failure.UNMET, PLAN, unmet))
    elif plan is not None and not _is_to_come(plan, ticket, work.at):
        work.do(GiveUp(ticket.id, Failure.EXHAUSTED, PLAN, plan=plan.id))


def is_at_end(work: Work, ticket: Ticket) -> bool:
    """Whether no step of the ticket's plan is to come; one whose guard did not hold in its time no longer counts."""
    plan = plan_of(work.configuration, ticket)
    return plan is not None and not _is_to_come(plan, ticket, work.at)


def _is_to_come(plan: EscalationPlan, ticket: Ticket, at: datetime) -> bool:
    return any(due > at or not step.when for step, due in steps_left(plan, ticket))
