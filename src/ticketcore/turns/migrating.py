"""Tickets whose state the configuration does not have any more: found, counted, and moved.

They move in commits of at most ``PORTION``, the first of them that of the ``Configure`` itself.  A timer stands for
the rest, so that a crash loses nothing and the next tick goes on.  Whatever is asked of a ticket before its turn comes
moves it first, in the same commit: until then only its state shows that it has not moved.
"""

from collections import Counter

from ticketcore.commands import Migrate
from ticketcore.decide.migrating import is_astray
from ticketcore.model import Actor, Configuration, Kind, Migration, Ref, Ticket
from ticketcore.ports import MAX_PAGE, Cursor, Query, Timer
from ticketcore.records import CURRENT
from ticketcore.turns.requests import Turn, load, page_of
from ticketcore.turns.work import Work

MIGRATE = "migrate"
"""The kind of the timer that moves the tickets that are left."""

MIGRATION = Actor.rule("migration")
"""Who moves tickets that a change of configuration left astray."""

PORTION = 100
"""How many tickets one commit moves at most."""


def gone(before: Configuration, after: Configuration) -> tuple[str, ...]:
    """The states in which there may be tickets for which the next configuration has none, or another, of that name."""
    meanings = before.states
    workflows = (*before.workflows, *after.workflows)
    known = {*meanings, *(source for workflow in workflows for source, _ in workflow.replaces)}
    types = {type.id for one in (before, after) for type in one.types}
    found = []
    for state in sorted(known):
        now = [after.workflow_of(type).state(state) for type in types]
        if any(one is None or one.category is not meanings.get(state) for one in now):
            found.append(state)
    return tuple(found)


def planned(before: Configuration, after: Configuration) -> Turn[tuple[tuple[Migration, ...], tuple[Ticket, ...]]]:
    """What would move, type by type and state by state, and the first tickets that would.

    O(tickets in the states that are gone); nothing is looked for where none is.
    """
    counts: Counter[tuple[str, str]] = Counter()
    first: list[Ticket] = []
    cursor, states = None, gone(before, after)
    while states:
        found, cursor = yield from _page(states, cursor)
        for ticket in found:
            if is_astray(after, ticket):
                counts[ticket.type, ticket.state] += 1
                if len(first) < PORTION:
                    first.append(ticket)
        if cursor is None:
            break
    migrations = [
        Migration(type, state, _target(after, type, state), count) for (type, state), count in sorted(counts.items())
    ]
    return tuple(migrations), tuple(first)


def _target(after: Configuration, type: str, state: str) -> str | None:
    workflow = after.workflow_of(type)
    return state if workflow.state(state) is not None else dict(workflow.replaces).get(state)


def _page(states: tuple[str, ...], cursor: Cursor | None) -> Turn[tuple[list[Ticket], Cursor | None]]:
    page = yield from page_of(Query(Kind.TICKET, {"state": states}, after=cursor, limit=MAX_PAGE))
    return [value for value in page.values if isinstance(value, Ticket)], page.next


def move(work: Work, tickets: tuple[Ticket, ...], *, more: bool) -> None:
    """Move these, whose agents are known to the work, and leave the others to a tick if there are ``more``."""
    for ticket in tickets:
        work.know(ticket)
        work.do(Migrate(ticket.id, MIGRATION))
    if more:
        work.timers.append(Timer(MIGRATE, CURRENT, work.at))


def move_on(work: Work) -> Turn[None]:
    """Move the next portion, if any is left.

    What is astray is looked for in the states that the version before had and this one has not, in O(tickets in them):
    a state that only some types lose is walked once for each portion.
    """
    after = work.configuration
    (before,) = yield from load((Ref(Kind.CONFIGURATION, str(after.version - 1)),))
    states = gone(before if isinstance(before, Configuration) else after, after)
    astray: list[Ticket] = []
    cursor = None
    while states and len(astray) <= PORTION:
        found, cursor = yield from _page(states, cursor)
        astray += [ticket for ticket in found if is_astray(after, ticket)]
        if cursor is None:
            break
    move(work, tuple(astray[:PORTION]), more=len(astray) > PORTION)
