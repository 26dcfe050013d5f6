"""Small values to commit, in the words of a desk, and what to expect of a commit."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import attrs
import pytest

from ticketcore.errors import Conflict
from ticketcore.events import AgentAdded, ContactAdded, Event, MessageAdded, TicketOpened, WorkTaken
from ticketcore.evolve import evolve_ticket
from ticketcore.model import (
    Actor,
    Agent,
    Alias,
    AttributeValue,
    Category,
    Contact,
    Kind,
    Message,
    MessageKind,
    Presence,
    Priority,
    ProviderId,
    Ref,
    Text,
    Ticket,
)
from ticketcore.ports import Commit, Committed, OutboxEntry, Record, Recorded, Settle, Store, Timer, Unchanged
from ticketcore.records import agent_record, contact_record, message_record, text_record, ticket_record
from ticketcore.testing.filled import ELSEWHERE, sparse

AT = ELSEWHERE.astimezone(UTC)
"""When everything here begins."""

LATER = AT + timedelta(days=3650)
"""When everything is due and every lease has ended."""

WHO = Actor.bot("conformance")
"""Who does everything here."""

Change = tuple[Record, Recorded]
"""A record and the event that led to it."""


def at(seconds: float) -> datetime:
    """So many seconds after the beginning."""
    return AT + timedelta(seconds=seconds)


def ticket(
    id: str,
    version: int = 1,
    *,
    number: int = 0,
    state: str = "new",
    queue: str | None = None,
    assignee: str | None = None,
    contact: str = "bob",
    waiting: int | None = None,
    queued: int = 0,
    tags: tuple[str, ...] = (),
    priority: Priority | None = None,
    attributes: tuple[AttributeValue, ...] = (),
) -> Ticket:
    """A ticket whose index fields are as given; ``waiting`` and ``queued`` in seconds after the beginning."""
    opened = TicketOpened(
        at=at(queued),
        actor=WHO,
        ticket=id,
        number=number,
        type="request",
        state=state,
        category=Category.NEW,
        contact=contact,
        conversation="thread",
        channel="chat",
    )
    new = evolve_ticket(None, opened)
    return attrs.evolve(
        new,
        version=version,
        queue=queue,
        assignee=assignee,
        tags=tags,
        priority=priority,
        origin=attrs.evolve(new.origin, attributes=attributes),
        waiting_since=None if waiting is None else at(waiting),
    )


def ticket_ref(id: str) -> Ref:
    """The ticket's name."""
    return Ref(Kind.TICKET, id)


def opening(value: Ticket) -> Change:
    """The ticket opened: its first record and event."""
    event = TicketOpened(
        at=value.opened_at,
        actor=WHO,
        ticket=value.id,
        number=value.number,
        type=value.type,
        state=value.state,
        category=value.category,
        contact=value.contact,
        conversation=value.conversation,
        channel=value.channel,
    )
    return ticket_record(value, 0), Recorded(ticket_ref(value.id), 1, event)


def opened_ticket(id: str) -> Change:
    """Some ticket opened."""
    return opening(ticket(id))


def ticket_step(value: Ticket, expected: int | None = None) -> Change:
    """The ticket as ``value``, after a message was added."""
    record = ticket_record(value, value.version - 1 if expected is None else expected)
    event = MessageAdded(AT, WHO, f"message-{value.version}", MessageKind.CUSTOMER)
    return record, Recorded(ticket_ref(value.id), value.version, event)


def agent_ref(id: str) -> Ref:
    """The agent's name."""
    return Ref(Kind.AGENT, id)


def agent_step(id: str, version: int, expected: int | None = None, mark: int = 0, when: datetime = AT) -> Change:
    """The agent at that version; ``mark`` tells who wrote it."""
    value = Agent(id, version, ("support",), (), 5, 100, Presence.AVAILABLE, mark)
    event: Event = WorkTaken(when, WHO, f"ticket-{mark}", mark)
    if version == 1:
        event = AgentAdded(when, WHO, id, ("support",), (), 5, 100, Presence.AVAILABLE, mark)
    record = agent_record(value, version - 1 if expected is None else expected)
    return record, Recorded(agent_ref(id), version, event)


def mail(address: str) -> Alias:
    """An address of a customer."""
    return Alias(f"alias-{address}", "email", "", address)


def contact_ref(id: str) -> Ref:
    """The customer's name."""
    return Ref(Kind.CONTACT, id)


def contact_step(id: str, version: int, *addresses: str, expected: int | None = None) -> Change:
    """The customer at that version, with these addresses, each of which is a unique key."""
    value = Contact(id, version, "Bob", tuple(mail(address) for address in addresses))
    record = contact_record(value, version - 1 if expected is None else expected)
    return record, Recorded(contact_ref(id), version, ContactAdded(AT, WHO, id))


def delivered(id: str, external_id: str | None = None, ticket: str | None = None, received: int = 0) -> Record:
    """A message; ``external_id`` is the provider's id of it, which is a unique key."""
    message = attrs.evolve(
        sparse(Message),
        id=id,
        version=1,
        conversation="thread",
        ticket=ticket,
        provider_id=None if external_id is None else ProviderId("email", "help@example.org", external_id),
        received_at=at(received),
    )
    return message_record(message)


def words(id: str, text: str = "Charged twice") -> Record:
    """A text."""
    return text_record(Text(id, 1, text))


def timer(kind: str, subject: Ref, seconds: float) -> Timer:
    """A timer due so many seconds after the beginning."""
    return Timer(kind, subject, at(seconds))


def owed(id: str, seconds: float = 0, kind: str = "send") -> OutboxEntry:
    """An outbox entry due so many seconds after the beginning."""
    return OutboxEntry(kind, id, ticket_ref("subject"), at(seconds))


def commit_of(
    tenant: str,
    *changes: Change,
    records: Iterable[Record] = (),
    timers: Iterable[Timer] = (),
    outbox: Iterable[OutboxEntry] = (),
    settles: Iterable[Settle] = (),
    erased: Iterable[str] = (),
    unchanged: Iterable[Unchanged] = (),
) -> Commit:
    """One commit of all of it."""
    return Commit(
        tenant,
        (*(record for record, _ in changes), *records),
        tuple(event for _, event in changes),
        tuple(timers),
        tuple(outbox),
        tuple(settles),
        tuple(erased),
        tuple(unchanged),
    )


def accepted(store: Store, commit: Commit) -> Committed | None:
    """What the commit came to, or None when it was a ``Conflict``."""
    try:
        return store.commit(commit)
    except Conflict:
        return None


def assert_conflict(store: Store, commit: Commit, *culprits: tuple[str, str]) -> None:
    """The commit is a ``Conflict`` that names at least one of the culprits and nothing else.

    A culprit is a record's kind and id, a key's namespace and value, or a claim's or outbox entry's kind and id.
    """
    try:
        store.commit(commit)
    except Conflict as conflict:
        named = {tuple(blocker[-2:]) for blocker in conflict.blockers}
    else:
        pytest.fail(f"a commit was stored although this was in the way: {culprits}")
    assert named, "a Conflict names at least one blocker"
    assert named <= set(culprits), "a Conflict names only what stood in the way"
