"""The timers of tickets that rest or wait, and their clocks, set anew where another configuration says otherwise.

A timer that was refused is gone, and one that was never set is not there: nobody can tell by the ticket.  So a change
of what they hang on walks the tickets that rest, in the order of their numbers and in commits of ``PORTION``, the first
of them that of the ``Configure`` itself.  A timer stands for the others, and its subject is the ticket at which the
last portion ended, so that a crash loses nothing.
"""

from collections.abc import Iterable

from ticketcore.lifecycle import CLOSE_AFTER_SOLUTION, SOLVE_AFTER_SILENCE, dues
from ticketcore.model import ACTIVE, Agent, Category, Configuration, Kind, Presence, Ref, Ticket
from ticketcore.model.absence import ABSENT
from ticketcore.ports import Cursor, Page, Query, Timer
from ticketcore.timekeeping import SLA_TIMER
from ticketcore.turns.agent_timers import absence_timer, room_timer
from ticketcore.turns.escalating import arm
from ticketcore.turns.requests import Turn, page_of
from ticketcore.turns.work import Work

REARM = "rearm"
"""The kind of the timer that sets the timers of tickets anew."""

REARM_CLOCKS = "rearm_clocks"
"""The kind of the timer that has the clocks of tickets looked at."""

PORTION = 100
"""How many tickets one commit looks at."""

_RESTING = (Category.PENDING, Category.SOLVED)
_WAITING = (*_RESTING, *ACTIVE)


def changes_timers(before: Configuration, after: Configuration) -> bool:
    """Whether tickets may have other timers by the next configuration: spans, open hours, demands, rules or plans."""
    fields = ("solve_after", "close_after", "after_calendar", "calendars", "types", "workflows", "escalations")
    plans = [{queue.id: queue.escalation for queue in one.queues if queue.escalation} for one in (before, after)]
    return plans[0] != plans[1] or any(getattr(before, field) != getattr(after, field) for field in fields)


def changes_promises(before: Configuration, after: Configuration) -> bool:
    """Whether the clocks of tickets may run otherwise by the next configuration, or be there at all."""
    changed = any(getattr(before, field) != getattr(after, field) for field in ("policies", "metrics", "calendars"))
    return changed and bool(before.policies or after.policies)


def rearm_clocks(work: Work, last: Ticket | None) -> Turn[None]:
    """Have the clocks of the next portion looked at by a tick, behind the ``last`` ticket.  O(portion).

    What waits has its deadline then, as if it had always been promised; a ticket that nobody touches has no other turn.
    """
    page, tickets = yield from _next_portion(work, _WAITING, last)
    for ticket in tickets:
        if Ref(Kind.TICKET, ticket.id) not in work.events:
            work.timers.append(Timer(SLA_TIMER, Ref(Kind.CLOCK, ticket.id), work.at))
    if page.next is not None:
        work.timers.append(Timer(REARM_CLOCKS, Ref(Kind.TICKET, tickets[-1].id), work.at))


def rearm_absences(work: Work, before: Configuration) -> None:
    """Those who went or came on already have done so when the configuration that is followed now says.  O(agents)."""
    if before.absence == work.configuration.absence:
        return
    for agent in work.facts.agents():
        known = work.before.get(Ref(Kind.AGENT, agent.id))
        if isinstance(known, Agent) and known.presence in ABSENT and agent.presence in ABSENT:
            work.timers.append(absence_timer(work.configuration, agent, work.at))
        elif known is agent and agent.presence is Presence.AVAILABLE:
            work.timers.append(room_timer(work.configuration, agent))


def rearm(work: Work, last: Ticket | None) -> Turn[None]:
    """Set the timers of the next portion, behind the ``last`` one.  O(portion)."""
    categories = _WAITING if work.configuration.escalations else _RESTING
    page, tickets = yield from _next_portion(work, categories, last)
    for ticket in tickets:
        if Ref(Kind.TICKET, ticket.id) in work.events:
            continue
        due = dues(work.configuration, ticket)
        if ticket.queued_since is not None:
            arm(work, ticket)
        elif not ticket.is_active:
            for kind in (SOLVE_AFTER_SILENCE, CLOSE_AFTER_SOLUTION):
                work.timers.append(Timer(kind, Ref(Kind.TICKET, ticket.id), due.get(kind)))
    if page.next is not None:
        work.timers.append(Timer(REARM, Ref(Kind.TICKET, tickets[-1].id), work.at))


def _next_portion(work: Work, categories: Iterable[Category], last: Ticket | None) -> Turn[tuple[Page, list[Ticket]]]:
    wanted = frozenset(categories)
    states = tuple(state for state, category in work.configuration.states.items() if category in wanted)
    after = None if last is None else Cursor(last.number, last.id)
    page = yield from page_of(Query(Kind.TICKET, {"state": states}, "number", after=after, limit=PORTION))
    return page, [value for value in page.values if isinstance(value, Ticket)]
