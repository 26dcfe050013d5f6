"""Time passes: a ticket that waits for its customer is solved by silence, and its history says who did what when."""

from datetime import UTC, datetime, timedelta

from ticketcore import Actor, AgentProfile, Configuration, Desk, Inbound
from ticketcore.commands import Reply
from ticketcore.stores import MemoryStore

monday = datetime(2026, 3, 2, 9, tzinfo=UTC)
desk = Desk(MemoryStore(), tenant="acme", config=Configuration(agents=[AgentProfile("ana"), AgentProfile("bo")]))

first = desk.receive(Inbound("chat", "shop", "kim", "I was charged twice"), monday).ticket
assert first is not None
second = desk.receive(Inbound("chat", "shop", "lee", "Where is my parcel?"), monday).ticket
assert second is not None
print("shared:", {ticket.number: ticket.assignee for ticket in (first, second)})

desk.handle(Reply(first.id, Actor.agent("ana"), "Which of the two shall we refund?", then="pend"), monday)
for woken in desk.tick(monday + timedelta(days=4)).woken:
    for ticket in woken.handled.tickets:
        print("after four days of silence:", ticket.number, ticket.state)

for item in desk.store.events("acme", stream=None):
    if item.stream.id == first.id:
        print(
            item.position, type(item.event).__name__, "by", item.event.actor.id if item.version > 2 else "the customer"
        )
