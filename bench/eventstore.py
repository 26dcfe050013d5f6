"""Tickets saved and histories loaded, against the ``eventsourcing`` library.

The workload is the peer benchmark's: a ticket is opened and changes state four times, one save an event.  A save of
ours stores the state *and* the event in one commit, which is built in the timed part, from an event that is folded
into the ticket first; the ticket has every field filled, and its subject is a Text in the commit that opens it.  A load
of a history folds its five events into the ticket, as the peer folds its own.
"""

import tempfile
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from bench.measure import goal, rates, report
from ticketcore.events import StateChanged, TicketOpened
from ticketcore.evolve import evolve_ticket, replay
from ticketcore.model import (
    REQUEST,
    Actor,
    Category,
    Exclusion,
    ExclusionCause,
    Kind,
    Move,
    Priority,
    Ref,
    SkillLevel,
    Text,
    Ticket,
)
from ticketcore.model.values import replaced
from ticketcore.ports import Commit, Query, Recorded, Store
from ticketcore.records import text_record, ticket_record
from ticketcore.shell import new_id
from ticketcore.stores import MemoryStore, SqliteStore

AREA = "eventstore"
PEER = "eventsourcing"
TICKETS = 1000
ROUNDS = 7
ACTOR = Actor.agent("ana")
GOLD = SkillLevel("gold", 2)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOVES = ((Move.ASSIGN, "open"), (Move.PEND, "pending"), (Move.REPLY, "open"), (Move.SOLVE, "solved"))
CATEGORIES = {state.id: state.category for state in REQUEST.states}
EVENTS = 1 + len(MOVES)
CATEGORIES = {state.id: state.category for state in REQUEST.states}


def opened(id: str, subject: str) -> TicketOpened:
    return TicketOpened(
        AT,
        ACTOR,
        id,
        0,
        "request",
        "new",
        Category.NEW,
        "contact-1",
        "conversation-1",
        "email",
        subject,
        (("order", "t1"),),
    )


def filled(ticket: Ticket) -> Ticket:
    """The ticket with every field in use, as other events would leave it."""
    return Ticket(
        id=ticket.id,
        version=ticket.version,
        number=ticket.number,
        state=ticket.state,
        category=ticket.category,
        origin=ticket.origin,
        priority=Priority.HIGH,
        tags=("gold", "vip"),
        queue="sales",
        needs=(GOLD,),
        assignee="ana",
        previous="bo",
        excluded=(Exclusion("eve", ExclusionCause.TAKEN),),
        routing_origin=AT,
        waiting_since=AT,
        last_message_at=AT,
        state_since=AT,
        updated_at=AT,
    )


def save_tickets(store: Store, tickets: int) -> int:
    """Open each ticket and change its state four times, a commit each; how many commits."""
    for i in range(tickets):
        id = new_id("ticket", "")
        stream = Ref(Kind.TICKET, id)
        subject = Text(f"{id}/subject", 1, f"Ticket {i}")
        first = opened(id, subject.id)
        ticket = filled(evolve_ticket(None, first))
        records = (ticket_record(ticket, 0), text_record(subject))
        committed = store.commit(Commit("acme", records, (Recorded(stream, 1, first),)))
        ticket = replaced(ticket, number=committed.numbers[id])
        for move, state in MOVES:
            changed = StateChanged(AT, ACTOR, move, state, CATEGORIES[state])
            before, ticket = ticket, evolve_ticket(ticket, changed)
            record = ticket_record(ticket, before.version)
            store.commit(Commit("acme", (record,), (Recorded(stream, ticket.version, changed),)))
    return tickets * EVENTS


def load_histories(store: Store, streams: list[Ref]) -> int:
    """Load each history and fold it; how many."""
    for stream in streams:
        ticket = replay(item.event for item in store.events("acme", stream=stream))
        assert isinstance(ticket, Ticket)
    return len(streams)


def check(store: Store) -> None:
    """What is timed is right: state and history of every ticket agree, and every ticket has its number."""
    page = store.find("acme", Query(Kind.TICKET, {"state": "solved"}, sort="number"))
    assert [ticket.number for ticket in page.values if isinstance(ticket, Ticket)] == list(range(1, 11))
    for ticket in page.values:
        assert isinstance(ticket, Ticket)
        history = store.events("acme", stream=Ref(Kind.TICKET, ticket.id))
        replayed = replay(item.event for item in history)
        assert isinstance(replayed, Ticket)
        assert (replayed.state, replayed.version, len(history)) == ("solved", EVENTS, EVENTS)
        assert (ticket.state, ticket.version, ticket.queue) == ("solved", EVENTS, "sales")


class PeerTicket(Aggregate):
    """The peer's ticket: a subject and a state."""

    @event("Created")
    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.state = "new"

    @event("Moved")
    def move(self, target: str) -> None:
        self.state = target


def peer(module: str, folder: str) -> "Application[Any]":
    """The peer's application, on the persistence module named."""
    return Application({"PERSISTENCE_MODULE": module, "SQLITE_DBNAME": f"{folder}/{uuid.uuid4().hex}.db"})


def save_peer_tickets(application: "Application[Any]", tickets: int) -> list[Any]:
    """The same for the peer; the ids."""
    ids = []
    for i in range(tickets):
        ticket = PeerTicket(f"Ticket {i}")
        application.save(ticket)
        for _, state in MOVES:
            ticket.move(state)
            application.save(ticket)
        ids.append(ticket.id)
    return ids


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        saves(folder)
        loads(folder)


def saves(folder: str) -> None:
    def ours(make: Callable[[], Store]) -> Callable[[], Callable[[], int]]:
        def set_up() -> Callable[[], int]:
            store = make()
            save_tickets(store, 10)
            check(store)
            return lambda: save_tickets(store, TICKETS)

        return set_up

    def theirs(module: str) -> Callable[[], Callable[[], int]]:
        def set_up() -> Callable[[], int]:
            application = peer(module, folder)
            save_peer_tickets(application, 10)
            return lambda: len(save_peer_tickets(application, TICKETS)) * EVENTS

        return set_up

    def sqlite(durability: str) -> Callable[[], Store]:
        return lambda: SqliteStore(f"{folder}/{uuid.uuid4().hex}.db", durability=durability)

    measured = rates(
        {
            "memory": ours(MemoryStore),
            "peer memory": theirs("eventsourcing.popo"),
            "sqlite normal": ours(sqlite("normal")),
            "sqlite full": ours(sqlite("full")),
            "peer sqlite full": theirs("eventsourcing.sqlite"),
        },
        ROUNDS,
    )
    report(AREA, "tickets saved, one commit an event", measured, PEER)
    goal(AREA, "saves in memory over the peer's", measured["memory"], measured["peer memory"], 3)
    goal(AREA, "saves, sqlite full over full", measured["sqlite full"], measured["peer sqlite full"], 0.9)
    goal(AREA, "saves, sqlite normal over full", measured["sqlite normal"], measured["peer sqlite full"], 2)


def loads(folder: str) -> None:
    store = SqliteStore(f"{folder}/loads.db", durability="normal")
    save_tickets(store, TICKETS)
    log = store.events("acme")
    streams = [item.stream for item in log if isinstance(item.event, TicketOpened)]
    application = peer("eventsourcing.sqlite", folder)
    ids = save_peer_tickets(application, TICKETS)

    def load_peer_histories() -> int:
        for id in ids:
            application.repository.get(id)
        return len(ids)

    measured = rates(
        {"sqlite": lambda: lambda: load_histories(store, streams), "peer sqlite": lambda: load_peer_histories}, ROUNDS
    )
    report(AREA, f"histories of {EVENTS} events loaded and folded", measured, PEER)
    goal(AREA, "histories loaded and folded, sqlite over sqlite", measured["sqlite"], measured["peer sqlite"], 2.5)
