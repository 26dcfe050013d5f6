"""Small real desks for the tests, and the words in which the tests speak of them.

What a test makes with ``desk`` or ``new_desk`` is a ``Desk``, or an ``AsyncDesk`` that is asked from outside its loop:
a test module that uses the fixture ``every_driver`` runs once over each.
"""

import asyncio
import atexit
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from inspect import iscoroutinefunction
from itertools import count
from typing import Any, TypeVar

import attrs
import pytest

from ticketcore import Actor, AgentProfile, AsyncDesk, Configuration, Desk, Inbound
from ticketcore.aio import InLoop
from ticketcore.evolve import Entity, rebuild, without_words
from ticketcore.model import Agent, Contact, Kind, Organisation, Ref, Role, Ticket
from ticketcore.ports import Query, Store
from ticketcore.shell import content_id, new_id
from ticketcore.stores import MemoryStore
from ticketcore.turns import Ids, Received, Turn

T = TypeVar("T")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAIVE = AT.replace(tzinfo=None)
ANA, BO, EVE = Actor.agent("ana"), Actor.agent("bo"), Actor.agent("eve")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Awaited:
    """An ``AsyncDesk`` with the face of a ``Desk``: each call is awaited to its end."""

    _loop: asyncio.Runner | None = None

    def __init__(self, store: Store, **arguments: object) -> None:
        self.store = store
        self._desk = AsyncDesk(InLoop(store), **arguments)

    def __getattr__(self, name: str) -> object:
        attribute = getattr(self._desk, name)
        if not iscoroutinefunction(attribute):
            return attribute
        return lambda *arguments, **named: self._result(attribute(*arguments, **named))

    def without_effects(self) -> "Awaited":
        """The same for what has happened already."""
        quiet = Awaited.__new__(Awaited)
        quiet.store, quiet._desk = self.store, self._desk.without_effects()
        return quiet

    def _result(self, call: Coroutine[Any, Any, T]) -> T:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return self.loop().run(call)
        with pytest.raises(StopIteration) as end:  # A store that calls a desk within its commit.
            call.send(None)
        return end.value.value

    @classmethod
    def loop(cls) -> asyncio.Runner:
        """One event loop for all of them."""
        if cls._loop is None:
            cls._loop = asyncio.Runner()
            atexit.register(cls._loop.close)
        return cls._loop


DRIVERS = {"Desk": Desk, "AsyncDesk": Awaited}
driver = ["Desk"]
"""What the tests run over just now; the fixture ``every_driver`` sets it."""


def repeated_ids(order: int = 0) -> Ids:
    """Ids that are the same each time, and so is what their order decides: as they were asked for, or mixed.

    ``order`` 0 is as they were asked for, and each other number mixes them in a way of its own.
    """
    serial = count(1)
    if order == 0:
        return lambda kind, key: f"{next(serial):032x}"
    return lambda kind, key: content_id(str(order), str(next(serial)))


def new_desk(store: Store, **arguments: object) -> Desk:
    """A desk as the driver of the moment makes it."""
    return DRIVERS[driver[0]](store, **arguments)


def desk(
    *agents: AgentProfile | str, store: Store | None = None, tenant: str = "acme", order: int = 0, **config: object
) -> Desk:
    """A desk with these agents; a bare name has the defaults of a profile.  In a store of its own, ids are repeated."""
    profiles = [AgentProfile(agent) if isinstance(agent, str) else agent for agent in agents]
    ids = repeated_ids(order) if store is None else new_id
    return new_desk(store or MemoryStore(), tenant=tenant, config=Configuration(agents=profiles, **config), ids=ids)


class Between(MemoryStore):
    """Lets something happen between the timer's claim and its commit."""

    then = None

    def claim(self, *args):
        claims = super().claim(*args)
        if claims and self.then:
            self.then, write = None, self.then
            write()
        return claims


def say(
    desk: Desk, text: str = "It broke", sender: str = "kim", at: datetime = AT, channel: str = "chat", **inbound: object
) -> Received:
    """A customer writes."""
    return desk.receive(Inbound(channel, "shop", sender, text, **inbound), at)


def opened(desk: Desk, *args: object, **kwargs: object) -> Ticket:
    """The ticket that a customer's message opens."""
    received = say(desk, *args, **kwargs)
    assert received.ticket is not None
    return received.ticket


def agent(desk: Desk, id: str) -> Agent:
    """The agent as stored."""
    (value,) = desk.store.load(desk.tenant, [Ref(Kind.AGENT, id)])
    assert isinstance(value, Agent)
    return value


def kinds(desk: Desk, ref: Ref) -> list[str]:
    """The names of the events of one stream."""
    return [type(item.event).__name__ for item in desk.history(ref)]


def stored(desk: Desk) -> Mapping[Ref, Entity]:
    """Everything with a history, as the store has it."""
    found: dict[Ref, Entity] = {}
    for item in desk.store.events(desk.tenant):
        if item.stream.kind is not Kind.CONFIGURATION:
            (value,) = desk.store.load(desk.tenant, [item.stream])
            found[item.stream] = value
    return found


def turn(steps: Turn[T], desk: Desk) -> T:
    """What a turn comes to whose requests this desk's store answers."""
    try:
        request = next(steps)
        while True:
            request = steps.send(desk._answer(request))
    except StopIteration as end:
        result: T = end.value
        return result


def check_laws(desk: Desk) -> None:
    """What must hold after any commit: the history gives the state, versions count events, slots are what is active."""
    entities = stored(desk)
    history = desk.store.events(desk.tenant)
    rebuilt = rebuild((item.stream, item.event) for item in history)
    skeletons = {
        ref: without_words(item) if isinstance(item, Contact | Organisation) else item for ref, item in entities.items()
    }
    assert rebuilt == skeletons
    for ref, entity in entities.items():
        events = [item.event for item in history if item.stream == ref]
        assert entity.version == len(events)
        if isinstance(entity, Ticket):
            assert entity.updated_at == events[-1].at
    tickets = [entity for entity in entities.values() if isinstance(entity, Ticket)]
    numbers = sorted(ticket.number for ticket in tickets)
    assert numbers == list(range(1, len(tickets) + 1))
    for one in entities.values():
        if isinstance(one, Agent):
            assert one.open == sum(ticket.assignee == one.id and ticket.is_active for ticket in tickets)
    by_number = desk.find(Query(Kind.TICKET, sort="number", limit=1000)).values
    assert [ticket.number for ticket in by_number] == numbers
    waiting = desk.find(Query(Kind.TICKET, sort="queued_since", limit=1000)).values
    assert {ticket.id for ticket in waiting} == {ticket.id for ticket in tickets if ticket.queued_since is not None}


def everything(desk: Desk, kind: Kind) -> list[Any]:
    """All records of a kind."""
    query, found = Query(kind, limit=1000), []
    while True:
        page = desk.find(query)
        found.extend(page.values)
        if page.next is None:
            return found
        query = attrs.evolve(query, after=page.next)


def check_whole(desk: Desk) -> None:
    """Nothing names what is not there, and nothing is there that nobody names."""
    messages, tickets = everything(desk, Kind.MESSAGE), everything(desk, Kind.TICKET)
    conversations, contacts = everything(desk, Kind.CONVERSATION), everything(desk, Kind.CONTACT)
    texts = {text.id for text in everything(desk, Kind.TEXT)}
    named = {id for message in messages for id in (message.subject, message.text)}
    named |= {file.name for message in messages for file in message.attachments}
    named |= {value.text for ticket in tickets for value in ticket.attributes if value.is_words}
    assert texts == named - {None}
    assert {ticket.id for ticket in tickets} == {message.ticket for message in messages} - {None}
    assert {one.id for one in conversations} == {message.conversation for message in messages}
    taking_part = {item.id for one in conversations for item in one.participants if item.role is not Role.AGENT}
    assert {one.id for one in contacts} == {one.contact for one in conversations} | taking_part
