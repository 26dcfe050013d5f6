"""Tickets saved and histories loaded, against the ``eventsourcing`` library.

The workload is the peer benchmark's: a ticket is opened and changes state four times, one save an event.  A save of
ours stores the state *and* the event in one commit, which is built in the timed part, from an event that is folded
into the ticket first; the ticket has every field filled, and its subject is a Text in the commit that opens it.  A load
of a history folds its five events into the ticket, as the peer folds its own.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import Any

import attrs

from bench.measure import goal, rates, report
from ticketcore.events import Event, StateChanged, TicketEvent, TicketOpened
from ticketcore.evolve import evolve_ticket, replay
from ticketcore.lifecycle import STATES
from ticketcore.model import Actor, Category, Kind, Move, Priority, Ref, SkillLevel, Text, Ticket
from ticketcore.ports import Commit, Recorded, Store
from ticketcore.records import text_record, ticket_record
from ticketcore.stores import MemoryStore

AREA = "eventstore"
TICKETS = 2000
ROUNDS = 5
ACTOR = Actor.agent("ana")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOVES = ((Move.ASSIGN, "open"), (Move.PEND, "pending"), (Move.REPLY, "open"), (Move.SOLVE, "solved"))
EVENTS = 1 + len(MOVES)


def opened(id: str, subject: str) -> TicketOpened:
    return TicketOpened(
        AT, ACTOR, id, 0, "request", "new", Category.NEW, "contact-1", "conversation-1", "email", subject, (("order", "t1"),)
    )


def filled(event: TicketOpened) -> Ticket:
    """A ticket with every field in use."""
    return attrs.evolve(
        evolve_ticket(None, event),
        priority=Priority.HIGH,
        tags=("gold", "vip"),
        queue="sales",
        needs=(SkillLevel("gold", 2),),
        assignee="ana",
        waiting_since=AT,
    )


def save_tickets(store: Store, tickets: int) -> int:
    for i in range(tickets):
        id = uuid.uuid4().hex
        stream = Ref(Kind.TICKET, id)
        subject = Text(uuid.uuid4().hex, 1, f"Ticket {i}")
        event = opened(id, subject.id)
        ticket = filled(event)
        records = (ticket_record(ticket, 0), text_record(subject))
        store.commit(Commit("acme", records, (Recorded(stream, 1, event),)))
        for move, state in MOVES:
            changed = StateChanged(AT, ACTOR, move, state, STATES[state])
            expected = ticket.version
            ticket = evolve_ticket(ticket, changed)
            records_now = (ticket_record(ticket, expected),)
            store.commit(Commit("acme", records_now, (Recorded(stream, ticket.version, changed),)))
    return tickets * EVENTS
