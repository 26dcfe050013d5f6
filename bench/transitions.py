"""Transitions of a ticket, against ``automat``, ``transitions`` and ``python-statemachine``.

Six states and the same ten moves for everybody: assign, wait, reply, hold, release, resolve, reopen, resolve, close and
reopen.  A ticket can be resolved only while somebody has it, and reopened after its closing only in time; whoever
enters ``open`` is counted, and each transition is written down.

A transition of ours is a command that is decided by all native rules (but the one that would forbid
the last move) and by a guard of the host, and folded into a ticket with every field filled, whose agent's slot is
taken or freed by it.  A peer's changes two attributes and appends to a list.
"""

import gc
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from automat import TypeMachineBuilder
from statemachine import State as PeerState
from statemachine import StateMachine
from transitions import Machine

from bench.measure import apart, goal, rates, report
from ticketcore.codec import decode, encode
from ticketcore.commands import AddMessage, Assign, Close, Hold, Pend, Reopen, Resume, Solve
from ticketcore.decide import Decidable, decide
from ticketcore.events import TicketEvent
from ticketcore.evolve import Entity, evolve_ticket
from ticketcore.facts import Facts
from ticketcore.lifecycle import Attempt, HouseRules
from ticketcore.model import (
    REQUEST,
    Actor,
    Agent,
    AttributeKind,
    AttributeValue,
    Category,
    Configuration,
    Exclusion,
    ExclusionCause,
    Kind,
    MessageKind,
    Move,
    Origin,
    Presence,
    Priority,
    Ref,
    SkillLevel,
    Ticket,
    Transition,
    Workflow,
)
from ticketcore.model.workflow import NATIVE_RULES

AREA = "transitions"
TICKETS = 1000
KEPT = 100_000
ROUNDS = 7
SCRIPT = ("assign", "wait", "reply", "hold", "release", "resolve", "reopen", "resolve", "close", "reopen")
WAYS = (
    ("assign", "new", "open"),
    ("wait", "new", "pending"),
    ("spam", "new", "closed"),
    ("wait", "open", "pending"),
    ("hold", "open", "on_hold"),
    ("resolve", "open", "resolved"),
    ("reply", "pending", "open"),
    ("hold", "pending", "on_hold"),
    ("resolve", "pending", "resolved"),
    ("release", "on_hold", "open"),
    ("resolve", "on_hold", "resolved"),
    ("reopen", "resolved", "open"),
    ("close", "resolved", "closed"),
    ("reopen", "closed", "open"),
)
STATES = ("new", "open", "pending", "on_hold", "resolved", "closed")
OPENED = 5
"""How often the script enters ``open``."""

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANA, KIM = Actor.agent("ana"), Actor.contact("kim")
REOPENABLE = Workflow(
    "request",
    REQUEST.states,
    (*REQUEST.transitions, Transition("closed", Move.REOPEN, "open", guards=("in_time",))),
    tuple(rule for rule in NATIVE_RULES if rule != "closed_is_final"),
)
CONFIGURATION = Configuration(workflows=(REOPENABLE,))
HOUSE = HouseRules({"in_time": lambda attempt: in_time(attempt)})
TEAM = {
    Ref(Kind.AGENT, id): Agent(id, 3, ("support",), (SkillLevel("gold", 2),), 10_000, 100, Presence.AVAILABLE, open=1)
    for id in ("ana", "bo")
}


def in_time(attempt: Attempt) -> None:
    """Nothing is against a ticket that was closed an instant ago."""
    assert attempt.at >= attempt.ticket.state_since


def filled(number: int, at: datetime = AT) -> Ticket:
    """A new ticket in which every field has a value, as ``Desk.receive`` leaves one: opened and assigned at once.

    Every fourth is another customer's, in another conversation; all other ids are its own.
    """
    id, customer = f"{number:032x}", f"{number // 4:024x}"
    attributes = (AttributeValue("order", AttributeKind.ORDER, f"A-{number:06}"),)
    return Ticket(
        id,
        7,
        number,
        "new",
        Category.NEW,
        Origin("request", f"{customer}contact0", f"{customer}thread00", "email", id, attributes, at, None),
        Priority.HIGH,
        ("gold", "vip"),
        "sales",
        (SkillLevel("gold", 2),),
        "bo",
        None,
        (Exclusion("eve", ExclusionCause.TAKEN),),
        at,
        at,
        at,
        at,
        at,
        ("ana",),
    )


def script(id: str) -> tuple[Decidable, ...]:
    """The commands of the script."""
    return (
        Assign(id, ANA, "ana"),
        Pend(id, ANA),
        AddMessage(id, "m1", MessageKind.CUSTOMER, KIM),
        Hold(id, ANA),
        Resume(id, ANA),
        Solve(id, ANA),
        Reopen(id, ANA),
        Solve(id, ANA),
        Close(id, ANA),
        Reopen(id, ANA),
    )


def ours() -> Callable[[], int]:
    tickets = [filled(i) for i in range(TICKETS)]
    scripts = [script(ticket.id) for ticket in tickets]
    check_ours(*play(tickets[0], scripts[0]))

    def run() -> int:
        for ticket, commands in zip(tickets, scripts, strict=True):
            play(ticket, commands)
        return TICKETS * len(SCRIPT)

    return run


def play(ticket: Ticket, commands: Iterable[Decidable]) -> tuple[Ticket, list[TicketEvent]]:
    """The ticket after the commands, and its history meanwhile."""
    stream = Ref(Kind.TICKET, ticket.id)
    known: dict[Ref, Entity] = {stream: ticket, **TEAM}
    facts = Facts(known)
    history: list[TicketEvent] = []
    for command in commands:
        changes: Any = decide(CONFIGURATION, facts, command, AT, HOUSE)
        for event in changes[stream]:
            ticket = evolve_ticket(ticket, event)
            history.append(event)
        known[stream] = ticket
    return ticket, history


def check_ours(ticket: Ticket, history: list[TicketEvent]) -> None:
    """What is timed is right: where the ticket is, and that its history has each change of its state and no more."""
    assert (ticket.category, ticket.assignee, ticket.priority) == (Category.OPEN, "ana", Priority.HIGH)
    assert [type(event).__name__ for event in history].count("StateChanged") == len(SCRIPT)
    assert ticket.version == 7 + len(history)


class Core:
    """What a peer's ticket is made of."""

    __slots__ = ("__dict__", "__weakref__", "assignee", "closed_at", "history", "id", "opened")

    def __init__(self, id: int = 0) -> None:
        self.id = id
        self.assignee: int | None = 7
        self.opened = 0
        self.closed_at = 0
        self.history: list[tuple[str, str, str, int]] = []

    def has_agent(self) -> bool:
        return self.assignee is not None

    def is_in_time(self) -> bool:
        return self.closed_at < 100


def guard(event: str, source: str) -> str | None:
    """The method that must allow the way."""
    return "has_agent" if event == "resolve" else "is_in_time" if (event, source) == ("reopen", "closed") else None


class Scripted(Protocol):
    """The moves, for ``automat``."""

    def assign(self) -> None: ...
    def wait(self) -> None: ...
    def spam(self) -> None: ...
    def reply(self) -> None: ...
    def hold(self) -> None: ...
    def release(self) -> None: ...
    def resolve(self) -> None: ...
    def reopen(self) -> None: ...
    def close(self) -> None: ...


def play_methods(tickets: Sequence[Any]) -> int:
    for ticket in tickets:
        ticket.assign()
        ticket.wait()
        ticket.reply()
        ticket.hold()
        ticket.release()
        ticket.resolve()
        ticket.reopen()
        ticket.resolve()
        ticket.close()
        ticket.reopen()
    return len(tickets) * len(SCRIPT)


def with_automat() -> Callable[[int], list[tuple[Any, Core]]]:
    """Makes tickets of ``automat``, which has no guards: they are plain conditions in front of what a way does."""
    builder = TypeMachineBuilder(Scripted, Core)
    states = {name: builder.state(name) for name in STATES}

    def make(event: str, source: str, target: str) -> Callable[[Scripted, Core], None]:
        condition = guard(event, source)

        def follow(_: Scripted, core: Core) -> None:
            if condition is not None and not getattr(core, condition)():
                raise ValueError(event)
            if target == "open":
                core.opened += 1
            core.history.append((source, event, target, 0))

        follow.__name__ = f"{event}_{source}"
        return follow

    for event, source, target in WAYS:
        states[source].upon(getattr(Scripted, event)).to(states[target])(make(event, source, target))
    machine = builder.build()

    def tickets(count: int) -> list[tuple[Any, Core]]:
        cores = [Core(i) for i in range(count)]
        return [(machine(core), core) for core in cores]

    return tickets


class Model(Core):
    """A ticket of ``transitions``."""

    state: str

    def has_agent(self, _: object = None) -> bool:
        return self.assignee is not None

    def is_in_time(self, _: object = None) -> bool:
        return self.closed_at < 100

    def enter_open(self, _: object) -> None:
        self.opened += 1

    def record(self, change: Any) -> None:
        self.history.append((change.transition.source, change.event.name, change.transition.dest, 0))


def with_transitions() -> Callable[[int], list[tuple[Any, Core]]]:
    """Makes tickets of ``transitions``, one machine for all."""

    def tickets(count: int) -> list[tuple[Any, Core]]:
        states = [{"name": name, **({"on_enter": "enter_open"} if name == "open" else {})} for name in STATES]
        machine = Machine(
            model=None,
            states=states,
            initial="new",
            auto_transitions=False,
            send_event=True,
            after_state_change="record",
        )
        for event, source, target in WAYS:
            machine.add_transition(event, source, target, conditions=guard(event, source))
        models = [Model(i) for i in range(count)]
        for model in models:
            machine.add_model(model)
        return [(model, model) for model in models]

    return tickets


class Statechart(StateMachine):
    """A ticket of ``python-statemachine``."""

    new = PeerState(initial=True)
    open = PeerState()
    pending = PeerState()
    on_hold = PeerState()
    resolved = PeerState()
    closed = PeerState()
    assign = new.to(open)
    wait = new.to(pending) | open.to(pending)
    spam = new.to(closed)
    reply = pending.to(open)
    hold = open.to(on_hold) | pending.to(on_hold)
    release = on_hold.to(open)
    resolve = (
        open.to(resolved, cond="has_agent")
        | pending.to(resolved, cond="has_agent")
        | on_hold.to(resolved, cond="has_agent")
    )
    reopen = resolved.to(open) | closed.to(open, cond="is_in_time")
    close = resolved.to(closed)

    def __init__(self, core: Core) -> None:
        self.core = core
        super().__init__()

    def has_agent(self) -> bool:
        return self.core.has_agent()

    def is_in_time(self) -> bool:
        return self.core.is_in_time()

    def on_enter_open(self) -> None:
        self.core.opened += 1

    def after_transition(self, event: object, source: PeerState, target: PeerState) -> None:
        self.core.history.append((source.id, str(event), target.id, 0))


def with_statemachine() -> Callable[[int], list[tuple[Any, Core]]]:
    """Makes tickets of ``python-statemachine``, a machine each."""

    def tickets(count: int) -> list[tuple[Any, Core]]:
        cores = [Core(i) for i in range(count)]
        return [(Statechart(core), core) for core in cores]

    return tickets


def theirs(peer: Callable[[], Callable[[int], list[tuple[Any, Core]]]], count: int) -> Callable[[], Callable[[], int]]:
    make = peer()

    def set_up() -> Callable[[], int]:
        ((first, core),) = make(1)
        play_methods([first])
        check_theirs(core)
        machines = [machine for machine, _ in make(count)]
        return lambda: play_methods(machines)

    return set_up


def check_theirs(core: Core) -> None:
    """It went the same way."""
    assert [event for _, event, _, _ in core.history] == list(SCRIPT)
    assert core.history[-1][2] == "open"
    assert core.opened == OPENED


def bytes_of_tickets(count: int) -> float:
    """The memory of one of so many filled tickets, each of its own second, as a store gives them; in bytes.

    The texts that they name are not among it.
    """
    gc.collect()
    tracemalloc.start()
    tickets = [decode(Kind.TICKET, encode(filled(i, AT + timedelta(seconds=i)))) for i in range(count)]
    gc.collect()
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return used / len(tickets)


def main() -> None:
    peers = {"automat": with_automat, "transitions": with_transitions, "python-statemachine": with_statemachine}
    counts = {"automat": TICKETS, "transitions": TICKETS, "python-statemachine": TICKETS // 20}
    candidates = {"decide and evolve": ours}
    candidates |= {f"peer {name}": theirs(make, counts[name]) for name, make in peers.items()}
    measured = rates(candidates, ROUNDS)
    own = measured.pop("decide and evolve")
    report(AREA, "transitions", {"decide and evolve": own}, "ticketcore")
    for name, rounds in measured.items():
        report(AREA, "transitions", {name: rounds}, name.removeprefix("peer "))
    for name, bound in (("automat", 0.6), ("transitions", 2.5), ("python-statemachine", 25)):
        goal(AREA, f"transitions over {name}", own, measured[f"peer {name}"], bound)
    size = apart(bytes_of_tickets, KEPT)
    goal(AREA, f"bytes of a filled ticket without its texts, of {KEPT:,}", [size], [1.0], 700, at_most=True)
