"""A desk in ten lines."""

from ticketcore import Actor, AgentProfile, Configuration, Desk, Inbound
from ticketcore.commands import Reply
from ticketcore.stores import MemoryStore

desk = Desk(MemoryStore(), tenant="acme", config=Configuration(agents=[AgentProfile("ana"), AgentProfile("bo")]))
first = desk.receive(Inbound(channel="chat", account="shop", sender="kim", text="I was charged twice"))
assert first.ticket is not None
desk.handle(Reply(first.ticket.id, Actor.agent("ana"), "Which one shall we refund?", then="pend"))
second = desk.receive(Inbound(channel="chat", account="shop", sender="kim", text="The second one, please"))
print([received.disposition.value for received in (first, second)], desk.ticket(first.ticket.id).state)
