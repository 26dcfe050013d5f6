"""A morning at a small jeweller's: three channels, two teams, an agent's skills changing, and why each thing happened.

Runs on a SQLite file in a temporary folder, as an embedding program would run it.
"""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ticketcore import Actor, AgentProfile, Condition, Configuration, Desk, Inbound, RoutingRule
from ticketcore.commands import Close, LinkAlias, Reply, SetPresence, SetSkills, Solve
from ticketcore.evolve import rebuild, without_words
from ticketcore.model import (
    Contact,
    Decision,
    Deleting,
    MachineVerdict,
    Merging,
    Placement,
    Queue,
    Reopening,
    Routing,
    Segmentation,
    Separating,
    Team,
    Ticket,
    Undoing,
    Uniting,
)
from ticketcore.stores import SqliteStore

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANA, BO = Actor.agent("ana"), Actor.agent("bo")

SHOP = Configuration(
    teams=[Team("support", "Front desk"), Team("workshop", "Goldsmiths")],
    queues=[Queue("support"), Queue("repairs", "workshop")],
    skills=["gold", "pearl"],
    agents=[
        AgentProfile("ana", "Ana", capacity=2),
        AgentProfile("bo", "Bo", teams=["support", "workshop"], skills={"gold": 3}, capacity=1),
        AgentProfile("eve", "Eve", teams=["workshop"], skills={"gold": 1}, presence="offline"),
    ],
    rules=[
        RoutingRule(
            "rings", Condition(keywords=["ring", "戒指", "Ring", "anillo"]), "repairs", ["ring"], {"gold": 2}, 3
        ),
        RoutingRule("pearls", Condition(keywords=["pearl", "Perle"]), "repairs", ["pearl"], ["pearl"]),
    ],
    solve_after=timedelta(days=2),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, SqliteStore(Path(folder) / "desk.db") as store:
        desk = Desk(store, tenant="jeweller", config=SHOP)
        tell(desk, 0, Inbound("chat", "web", "kim", "What are your opening hours?", external_id="c1"))
        tell(desk, 1, Inbound("chat", "web", "kim", "And on Sundays?", external_id="c2"))
        tell(desk, 2, Inbound("chat", "web", "kim", "And on Sundays?", external_id="c2"))
        tell(desk, 5, Inbound("whatsapp", "+49 30 555", "+49 170 555", "Mein Ring ist zu eng", external_id="w1"))
        tell(desk, 7, Inbound("whatsapp", "+49 30 555", "+852 555", "我的戒指壞了", external_id="w2"))
        tell(desk, 9, Inbound("email", "hello", "lee@example.org", "A pearl fell off.", "Repair", external_id="<1@x>"))
        tell(desk, 10, Inbound("email", "hello", "max@example.org", "Away", headers={"Auto-Submitted": "auto-replied"}))

        print("\nEve comes in, and Ana tells the desk that Eve can do gold:")
        show(desk.handle(SetPresence("eve", Actor.agent("eve"), "available"), at(20)).tickets)
        show(desk.handle(SetSkills("eve", ANA, {"gold": 2, "pearl": 1}), at(21)).tickets)

        print("\nAnswers, silence, and a late reply:")
        one = number(desk, 1)
        desk.handle(Reply(one.id, ANA, "From noon on.", then="solve"), at(30))
        tell(desk, 35, Inbound("chat", "web", "kim", "Thanks! Do you engrave as well?", external_id="c3"))
        ring = number(desk, 2)
        desk.handle(Reply(ring.id, BO, "Which size?", then="pend"), at(40))
        for woken in desk.tick(at(40) + timedelta(days=2)).woken:
            show(woken.handled.tickets)
        desk.handle(Solve(one.id, ANA), at(50))
        desk.handle(Close(one.id, ANA), at(50))
        tell(desk, 55, Inbound("chat", "web", "kim", "One more thing", external_id="c4"))

        print("\nKim also writes mail, and the desk is told so:")
        desk.handle(LinkAlias(one.contact, "email", "kim@example.org", ANA), at(60))
        tell(desk, 61, Inbound("email", "hello", "Kim@Example.org", "The invoice, please", external_id="<2@x>"))

        print("\nWho has what:")
        show(desk.tickets().tickets)
        events = desk.store.events("jeweller")
        rebuilt = rebuild((item.stream, item.event) for item in events)
        stored = dict(zip(rebuilt, desk.store.load("jeweller", list(rebuilt)), strict=True))
        same = {ref: without_words(item) if isinstance(item, Contact) else item for ref, item in stored.items()}
        print(f"\n{len(events)} events, and replaying them gives what is stored: {rebuilt == same}")


def at(minute: int) -> datetime:
    return NINE + timedelta(minutes=minute)


def number(desk: Desk, wanted: int) -> Ticket:
    return next(ticket for ticket in desk.tickets().tickets if ticket.number == wanted)


def tell(desk: Desk, minute: int, inbound: Inbound) -> None:
    received = desk.receive(inbound, at(minute))
    ticket = received.ticket
    where = "no ticket" if ticket is None else f"ticket {ticket.number} ({ticket.state}, {ticket.assignee or 'waits'})"
    print(f"{at(minute):%H:%M} {inbound.channel:8} {received.disposition:9} {where:29} {inbound.text}")
    for decision in received.decisions:
        print(f"{'':14} - {because(decision)}")


def because(decision: Decision) -> str:
    match decision:
        case Segmentation(reason=reason):
            return f"which ticket: {reason}"
        case MachineVerdict():
            return "a machine, or somebody who wants no automatic answer"
        case Reopening(outcome=outcome, reason=reason):
            return f"a solved ticket: {outcome}, {reason}"
        case Routing(queue=queue, rule=rule):
            return f"which queue: {queue}, by " + (f"the rule {rule}" if rule else "default: no rule applies")
        case Placement(agent=None, pool=pool, excluded=excluded):
            return f"nobody of {pool}: " + ", ".join(f"{item.agents} by {item.filter}" for item in excluded)
        case Placement(agent=agent, candidates=candidates, returned=returned):
            return f"{agent}, " + ("who had it before" if returned else f"the least given of {candidates}")
        case Merging(gained=gained):
            return f"merged: {len(gained)} customers see more than before"
        case Undoing(kept=kept):
            return f"undone, but for {len(kept)} things"
        case Deleting(messages=messages):
            return f"{messages} messages have no words any more"
        case Uniting(conflicts=conflicts):
            return f"one person, of whom {len(conflicts)} things are said differently"
        case Separating(kept=kept):
            return f"two people again, but for {len(kept)} messages"


def show(tickets: tuple[Ticket, ...]) -> None:
    for ticket in tickets:
        who = ticket.assignee or "waits"
        print(f"  ticket {ticket.number}: {ticket.state:6} {ticket.queue:8} {who:5} {' '.join(ticket.tags)}".rstrip())


main()
