"""The life of a ticket: which transitions its workflow allows, which rules stand above that, and what silence does.

A ``Workflow`` says where each move leads from each state; a move that is missing there is refused.  The rules here
add what a table cannot say.  Every path (a command, a message, a timer, the router, an import) asks ``objections``
and goes through a ``Passage``.

The native rules, each by its name; a workflow may leave any of them out, and ``HouseRules`` may give one of them
another meaning, or define more:

- ``never_back_to_new``: what somebody has had is never new again.
- ``nobody_to_solve``: nothing is solved that nobody has, but by a bot that acts itself, or an import of what was.
- ``customer_waits``: a timer does nothing to a ticket whose customer waits for an answer, but to take it up again.
- ``closed_is_final``: a closed ticket changes no more, but for tags and notes.
- ``reply_reopens``: a customer's message reopens what is pending, on hold or solved.
- ``assigning_opens``: to assign a new ticket is to open it.
- ``priority_stays_set``: a priority can be changed, but not taken away.
- ``leaving_releases``: an agent who leaves a team loses its tickets, which stay with the team.
- ``children_open``: a ticket is not solved or closed before its children are, but by an import of what was.

``reply_reopens`` and ``assigning_opens`` are demands on the table, and checked when a workflow is built.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import NamedTuple

import attrs

from ticketcore import clocks
from ticketcore.checks import meant
from ticketcore.errors import InvalidInput, Reason
from ticketcore.events import StateChanged
from ticketcore.model import (
    ACTIVE,
    Actor,
    ActorKind,
    AlarmKind,
    Category,
    Configuration,
    MessageKind,
    Move,
    State,
    Ticket,
    Workflow,
)
from ticketcore.model.values import making
from ticketcore.model.workflow import NATIVE_RULES, Fault

SOLVE_AFTER_SILENCE = "solve_after_silence"
"""The kind of the timer that solves a ticket whose customer stays silent."""

CLOSE_AFTER_SOLUTION = "close_after_solution"
"""The kind of the timer that closes a ticket that stayed solved."""

WAKE = "wake"
"""The kind of the timer that takes up a ticket whose wait has an end."""

REMIND = "remind"
"""The kind of the timer that gives reminders."""


class Attempt(NamedTuple):
    """A transition that ``actor`` asks for at the instant ``at``: a ``ticket``, a ``move``, and the state it leads to.

    ``target`` is None where the workflow has no such transition.  ``children`` are the ticket's, where it is to be
    solved or closed.
    """

    ticket: Ticket
    move: Move
    target: State | None
    actor: Actor
    at: datetime
    children: tuple[Ticket, ...] = ()


_OVER = (Category.SOLVED, Category.CLOSED)

Guard = Callable[[Attempt], Reason | None]
"""Why a transition must not be, or None where nothing is against it.  Pure."""


def _back_to_new(attempt: Attempt) -> Reason | None:
    target, before = attempt.target, attempt.ticket.category
    if target is not None and target.category is Category.NEW is not before:
        return Reason("never_back_to_new", attempt.ticket.id)
    return None


def _nobody(attempt: Attempt) -> Reason | None:
    solves = _solves(attempt.move, attempt.target)
    if solves and attempt.ticket.assignee is None and attempt.actor.kind not in (ActorKind.BOT, ActorKind.IMPORT):
        return Reason("nobody_to_solve", attempt.ticket.id)
    return None


def _solves(move: Move, target: State | None) -> bool:
    return move is Move.SOLVE if target is None else target.category is Category.SOLVED


def _customer_waits(attempt: Attempt) -> Reason | None:
    wakes = attempt.target is not None and attempt.target.category in ACTIVE
    if attempt.actor.kind is ActorKind.TIMER and attempt.ticket.waiting_since is not None and not wakes:
        return Reason("customer_waits", attempt.ticket.id)
    return None


ENDING = (Move.SOLVE, Move.CLOSE)
"""The moves by which a ticket is done."""
_NOT_NATIVE = (Move.UNMERGE, Move.DELETE)


def _children_open(attempt: Attempt) -> Reason | None:
    if attempt.move in ENDING and attempt.actor.kind is not ActorKind.IMPORT:
        return next((Reason("children_open", one.id) for one in attempt.children if one.category not in _OVER), None)
    return None


NATIVE_GUARDS: Mapping[str, Guard] = {
    "never_back_to_new": _back_to_new,
    "nobody_to_solve": _nobody,
    "customer_waits": _customer_waits,
    "children_open": _children_open,
}
"""The native rules that look at a single transition."""


@attrs.frozen
class HouseRules:
    """What the host says about transitions: its ``guards``, by name, and who ``has_right``.

    The native guards stand beside them; one by the name of a native rule takes its place.  ``has_right`` is asked with
    the actor, the name of a right that a transition demands, and the ticket; without it everybody has every right.  All
    are pure.
    """

    guards: Mapping[str, Guard] = attrs.field(factory=dict)
    has_right: Callable[[Actor, str, Ticket], bool] | None = None
    _passages: "dict[_Name, Passage]" = attrs.field(factory=dict, init=False, eq=False, repr=False)

    def guard(self, name: str) -> Guard | None:
        """The guard of this name, if it has one."""
        return self.guards.get(name) or NATIVE_GUARDS.get(name)


HOUSE_RULES = HouseRules()
"""Those of a host that says nothing."""


@attrs.frozen(eq=False)
class Passage:
    """All that the ``configuration`` and the house say about one ``move`` from one state, by one kind of actor.

    It is for the tickets of one type, whose ``workflow`` it has: for those that an agent has or those that nobody has,
    with ties to others or without.

    ``target`` is the state that it leads to, None where the workflow has no such transition.  ``final`` says that the
    ticket is closed, and closed tickets never move.  ``guards`` are those that can have something against it, and
    ``rights`` what it demands.  ``moves`` says that it leads to another state, ``solves`` that it solves what was not
    solved, ``wakes`` that the ticket becomes active by it, and ``rests`` that it no longer is.  ``clear`` says that
    nothing can be against it, no tie and no lack of an attribute either, so that nobody need be asked.
    """

    configuration: Configuration
    workflow: Workflow
    move: Move
    target: State | None
    final: bool
    guards: tuple[Guard, ...]
    rights: tuple[str, ...]
    moves: bool
    solves: bool
    wakes: bool
    rests: bool
    clear: bool

    def objections(
        self,
        ticket: Ticket,
        actor: Actor,
        at: datetime,
        house: HouseRules,
        state: str | None = None,
        children: tuple[Ticket, ...] = (),
    ) -> tuple[Reason, ...]:
        """Everything that forbids it to this ticket, which has these ``children``; ``state`` was asked for, if any."""
        if self.clear:
            return ()
        reasons = []
        if self.final:
            reasons.append(Reason("closed_is_final", ticket.id))
        elif self.target is None:
            reasons.append(Reason("no_such_move", f"{self.move} from {ticket.state}{f' to {state}' if state else ''}"))
        if self.guards:
            attempt = Attempt(ticket, self.move, self.target, actor, at, children)
            reasons += [reason for guard in self.guards if (reason := guard(attempt)) is not None]
        if house.has_right is not None:
            reasons += [Reason("no_right", right) for right in self.rights if not house.has_right(actor, right, ticket)]
        return tuple(reasons)

    def change(self, ticket: Ticket, actor: Actor, at: datetime) -> tuple[StateChanged, ...]:
        """It as an event; none when it leads to where the ticket is.  Only for what nothing forbids."""
        if self.target is None or not self.moves:
            return ()
        resolver = None
        if self.solves:
            resolver = actor.id if actor.kind is _AGENT else ticket.assignee
        return (_changed(at, actor, self.move, self.target.id, self.target.category, resolver),)


_Name = tuple[int, str, str, Category, bool, bool, Move, str | None, ActorKind]
"""What a passage is remembered by: the ``id()`` of its configuration, which it holds, so that no other one has it;
type, state and category of the ticket, whether nobody has it, and whether nothing ties it; the move, the state that is
asked for, and the kind of actor."""

_changed = making(StateChanged)
_AGENT, _CUSTOMER, _REPLY = ActorKind.AGENT, MessageKind.CUSTOMER, Move.REPLY
_REMEMBERED = 1024
"""How many passages a house remembers; a workflow has some dozens."""


def passage(
    configuration: Configuration, ticket: Ticket, move: Move, actor: Actor, house: HouseRules, state: str | None = None
) -> Passage:
    """What is said about the move, or the one to the ``state``, when ``actor`` makes it from where the ticket is."""
    type, nobodys, untied = ticket.origin.type, ticket.assignee is None, ticket.ties is None
    name = (id(configuration), type, ticket.state, ticket.category, nobodys, untied, move, state, actor.kind)
    try:
        return house._passages[name]
    except KeyError:
        return _remembered(house, name, _passage(configuration, ticket, move, actor, house, state))


def _remembered(house: HouseRules, name: _Name, made: Passage) -> Passage:
    if len(house._passages) >= _REMEMBERED:
        house._passages.clear()
    house._passages[name] = made
    return made


def _passage(
    configuration: Configuration, ticket: Ticket, move: Move, actor: Actor, house: HouseRules, state: str | None
) -> Passage:
    workflow = configuration.workflow_of(ticket.type)
    ways = workflow.ways(ticket.state, move)
    way = next((way for way in ways if state is None or way.target == state), None)
    target = None if way is None else workflow.state(way.target)
    final = ticket.category is Category.CLOSED and "closed_is_final" in workflow.rules
    rights = () if way is None else way.rights
    asked = []
    for name in workflow.rules if way is None else (*workflow.rules, *way.guards):
        guard = house.guard(name)
        if guard is not None or name not in NATIVE_RULES:
            asked.append(guard or _undefined(name))
    attempt = Attempt(ticket, move, target, actor, ticket.updated_at)
    guards = tuple(guard for guard in asked if _can_object(guard, attempt))
    before, after = ticket.category, ticket.category if target is None else target.category
    solves = after is Category.SOLVED is not before
    asks = final or guards or rights or ticket.ties is not None or (solves and configuration.demands)
    return Passage(
        configuration,
        workflow,
        move,
        target,
        final,
        guards,
        rights,
        moves=target is not None and target.id != ticket.state,
        solves=solves,
        wakes=after in ACTIVE and before not in ACTIVE,
        rests=before in ACTIVE and after not in ACTIVE,
        clear=target is not None and not asks,
    )


def _can_object(guard: Guard, attempt: Attempt) -> bool:
    """Whether a native guard can have anything against such an attempt; one of the host's always may."""
    if guard is _back_to_new or guard is _nobody:
        return guard(attempt) is not None  # what they look at is what a passage is remembered by
    if guard is _children_open:
        return attempt.move in ENDING and attempt.ticket.ties is not None
    return guard is not _customer_waits or attempt.actor.kind is ActorKind.TIMER


def _undefined(name: str) -> Guard:
    return lambda _: Reason("unknown_guard", name)


def objections(
    configuration: Configuration,
    ticket: Ticket,
    move: Move,
    actor: Actor,
    at: datetime,
    state: str | None = None,
    house: HouseRules = HOUSE_RULES,
) -> tuple[Reason, ...]:
    """Everything that forbids the move, or the one to this ``state``; empty when it may be made."""
    return passage(configuration, ticket, move, actor, house, state).objections(ticket, actor, at, house, state)


def objections_to_ties(
    workflow: Workflow, ticket: Ticket, move: Move | None, right: str, actor: Actor, at: datetime, house: HouseRules
) -> tuple[Reason, ...]:
    """Everything that forbids to merge, split or delete the ticket, for which one needs the ``right`` of that name.

    A ``move`` has no target here, which no table has; all rules of the workflow are asked about a merge, and those that
    are not native about an undoing and a deletion.
    """
    if ticket.is_deleted:
        return (Reason("deleted", ticket.id),)
    reasons = []
    if move not in _NOT_NATIVE and ticket.category is Category.CLOSED and "closed_is_final" in workflow.rules:
        reasons.append(Reason("closed_is_final", ticket.id))
    if move is not None:
        attempt = Attempt(ticket, move, None, actor, at)
        for name in workflow.rules:
            if name in NATIVE_RULES and move in _NOT_NATIVE:
                continue
            guard = house.guard(name) or (None if name in NATIVE_RULES else _undefined(name))
            if guard is not None and (reason := guard(attempt)) is not None:
                reasons.append(reason)
    if house.has_right is not None and not house.has_right(actor, right, ticket):
        reasons.append(Reason("no_right", right))
    return tuple(reasons)


def undefined(workflow: Workflow, defined: Collection[str]) -> tuple[Fault, ...]:
    """The rules and guards of a workflow that are neither native nor among those ``defined``.

    Of the native rules, only those of ``NATIVE_GUARDS`` can guard a single transition.
    """
    rules, guards = {*NATIVE_RULES, *defined}, {*NATIVE_GUARDS, *defined}
    named = [(f"rules[{i}]", name, rules) for i, name in enumerate(workflow.rules)]
    for i, way in enumerate(workflow.transitions):
        named += [(f"transitions[{i}].guards", name, guards) for name in way.guards]
    return tuple(
        Fault(field, f"nobody defines {name!r}{meant(name, known)}")
        for field, name, known in named
        if name not in known
    )


def check_guards(configuration: Configuration, house: HouseRules) -> None:
    """Refuse a configuration whose workflows name a rule or guard that nobody defines: ``InvalidInput`` names it."""
    for i, workflow in enumerate(configuration.workflows):
        for fault in undefined(workflow, house.guards.keys()):
            raise InvalidInput(f"Configuration.workflows[{i}].{fault.field}", fault.reason)


def move_of_message(kind: MessageKind, reopens: bool) -> Move | None:
    """The move that a message makes: the customer's reopens, unless it is known that it must not."""
    return _REPLY if kind is _CUSTOMER and reopens else None


def dues(configuration: Configuration, ticket: Ticket) -> Mapping[str, datetime]:
    """What time will do to the ticket as it is: the instant at which each kind of timer is due.

    Nothing to one that was deleted, or merged: its alarms wait until it is a ticket of its own again.
    """
    found: dict[str, datetime] = {}
    if ticket.merged_into is not None or ticket.is_deleted:
        return found
    if ticket.category is Category.PENDING and (due := solve_due(configuration, ticket)) is not None:
        found[SOLVE_AFTER_SILENCE] = due
    if ticket.category is Category.SOLVED and (due := close_due(configuration, ticket)) is not None:
        found[CLOSE_AFTER_SOLUTION] = due
    for alarm in ticket.alarms:
        found.setdefault(alarm.kind.value, alarm.due)
    return found


def solve_due(configuration: Configuration, ticket: Ticket) -> datetime | None:
    """When silence will solve the ticket: it is pending, somebody has it, and the customer owes the next word.

    Counted from the last public message or the change to pending, whichever is later.  None when it will not, as when
    its wait has an end of its own.
    """
    if configuration.solve_after is None or ticket.category is not Category.PENDING or ticket.assignee is None:
        return None
    if any(alarm.kind is AlarmKind.WAKE for alarm in ticket.alarms):
        return None
    start = max(ticket.state_since, ticket.last_message_at)
    return clocks.due(configuration, configuration.after_calendar, start, configuration.solve_after)


def close_due(configuration: Configuration, ticket: Ticket) -> datetime | None:
    """When the ticket will be closed: it is solved, its customer waits for no answer, and its workflow lets it close.

    Counted from when it was last solved or the last public message since, whichever is later.  None when it will not.
    """
    if configuration.close_after is None or ticket.category is not Category.SOLVED:
        return None
    workflow = configuration.workflow_of(ticket.type)
    waits = ticket.waiting_since is not None and "customer_waits" in workflow.rules
    if waits or not workflow.ways(ticket.state, Move.CLOSE):
        return None
    solved_at = ticket.state_since if ticket.solution is None else ticket.solution.at
    start = max(solved_at, ticket.last_message_at)
    return clocks.due(configuration, configuration.after_calendar, start, configuration.close_after)
