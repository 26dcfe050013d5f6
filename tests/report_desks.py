"""Desks to report on."""

from desks import AT, DAY, HOUR, MINUTE, desk, opened

from ticketcore import Actor, AgentProfile, Condition, RoutingRule
from ticketcore.commands import Reply
from ticketcore.events import (
    AgentAdded,
    Assigned,
    MessageAdded,
    NoEligibleAgent,
    Routed,
    StateChanged,
    TagsChanged,
    TicketOpened,
    Unassigned,
)
from ticketcore.model import (
    Category,
    Excluded,
    Filter,
    Kind,
    Loss,
    MessageKind,
    Move,
    Placement,
    Presence,
    Queue,
    SkillLevel,
    Stream,
    Team,
)
from ticketcore.ports import Commit, Recorded

KIM, ROUTER = Actor.contact("kim"), Actor.rule("router")


def busy(store, days=3, each_day=8):
    """A desk with some days of ordinary work on it, and the instant after it."""
    made = desk(
        AgentProfile("ana", "Ana", capacity=4),
        AgentProfile("bo", "Bo", teams=["support", "gold"], skills={"gold": 1}, capacity=2),
        teams=[Team("support"), Team("gold")],
        queues=[Queue("support", name="Front desk"), Queue("gold", "gold")],
        rules=[RoutingRule("rings", Condition(keywords=["ring"]), "gold", ["ring"], ["gold"])],
        store=store,
    )
    for day in range(days):
        for i in range(each_day):
            at = AT + day * DAY + i * HOUR
            text = "My ring broke" if i % 3 == 0 else "Hello"
            tags = ["vip"] if i == 4 else []
            ticket = opened(made, text, f"kim{day}-{i}", at, "chat" if i % 2 else "phone", tags=tags)
            if ticket.assignee is not None and i % 4 != 3:
                answer = Reply(ticket.id, Actor.agent(ticket.assignee), "Yes", then="solve")
                made.handle(answer, at + (i + 1) * MINUTE)
    return made, AT + days * DAY


def wide(store, tickets, tags, name="{kind} {number}"):
    """A history of that many tickets, each with a channel, a queue, a skill and an agent of its own.

    One in three is nobody's, the others are solved by their agents.

    ``name`` makes the name of the one with a number, of a kind of things.
    """
    for number in range(1, tickets + 1):
        agent, queue, skill = (name.format(kind=kind, number=number) for kind in ("agent", "queue", "skill"))
        channel, tag = name.format(kind="channel", number=number), name.format(kind="tag", number=number % tags)
        ticket, needs = f"t{number}", (SkillLevel(skill, 2),)
        ana = Actor.agent(agent)
        nobody = Placement(None, "fair_share", number, (Excluded(Filter.TEAM, number),))
        events = [
            TicketOpened(AT, KIM, ticket, number, "request", "new", Category.NEW, "kim", "c", channel),
            MessageAdded(AT, KIM, f"m{number}", MessageKind.CUSTOMER),
            Routed(AT, ROUTER, queue, needs, None, 1),
            TagsChanged(AT, ROUTER, (tag,)),
            NoEligibleAgent(AT, ROUTER, nobody),
            Assigned(AT + MINUTE, ana, agent),
            StateChanged(AT + MINUTE, ana, Move.ASSIGN, "open", Category.OPEN),
            MessageAdded(AT + MINUTE, ana, f"n{number}", MessageKind.AGENT),
            StateChanged(AT + MINUTE, ana, Move.SOLVE, "solved", Category.SOLVED),
        ]
        if number % 3 == 0:
            events = events[:5]
        added = AgentAdded(AT, ROUTER, agent, (), (), 1, 100, Presence.AVAILABLE, 0)
        store.commit(Commit("acme", events=(*_in(Kind.AGENT, agent, [added]), *_in(Kind.TICKET, ticket, events))))


def written(store, tickets, agents):
    """A history written event by event, whatever any rule would say of it.

    ``agents`` are the skills and presences of the agents ``a0``, ``a1``, ...; ``tickets`` are, each: the minute of the
    opening, the queue, the needs, the tags, the filters that left nobody with their counts, and the steps after that:
    an agent, a state, or an instruction to look again.
    """
    for i, (skills, presence) in enumerate(agents):
        added = AgentAdded(AT, ROUTER, f"a{i}", (), skills, 1, 100, presence, 0)
        store.commit(Commit("acme", events=tuple(_in(Kind.AGENT, f"a{i}", [added]))))
    for number, (minute, queue, needs, tags, excluded, steps) in enumerate(tickets, start=1):
        at = AT + minute * MINUTE
        pool = sum(count for _, count in excluded)
        nobody = Placement(None, "fair_share", pool, tuple(Excluded(filter, count) for filter, count in excluded))
        events = [
            TicketOpened(at, KIM, f"t{number}", number, "request", "new", Category.NEW, "kim", "c", "chat"),
            Routed(at, ROUTER, queue, needs, None, 1),
            TagsChanged(at, ROUTER, tags),
        ]
        for step in steps:
            at += MINUTE
            if step == "look":
                events.append(NoEligibleAgent(at, ROUTER, nobody))
            elif step == "leave":
                events.append(Unassigned(at, ROUTER, "a0", Loss.ASKED, at))
            elif step in list(Category):
                events.append(StateChanged(at, ROUTER, Move.RESUME, step, Category(step)))
            else:
                events.append(Assigned(at, ROUTER, step))
        store.commit(Commit("acme", events=tuple(_in(Kind.TICKET, f"t{number}", events))))


def _in(kind, id, events):
    return [Recorded(Stream(kind, id), version, event) for version, event in enumerate(events, start=1)]
