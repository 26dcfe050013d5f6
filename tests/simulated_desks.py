"""A simulated path lived through by a real desk: what comes, who comes on and goes off, who is done, who leaves."""

from datetime import UTC, datetime, timedelta

from ticketcore import Actor, AgentProfile, Condition, Configuration, Desk, Inbound, RoutingRule
from ticketcore.commands import SetPresence, Solve
from ticketcore.model import Kind, Placement, Presence, Queue, Team
from ticketcore.model.shifts import Terms
from ticketcore.ports import Query
from ticketcore.shell import Parts
from ticketcore.sim.drawing import NAMES_FROM
from ticketcore.sim.results import NONE
from ticketcore.sim.running import simulate
from ticketcore.stores import MemoryStore

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LEFT = Actor.bot("hang-up")
BOSS = Actor.rule("boss")


def configuration_of(scenario):
    """A desk of which each class has a queue, served by its team; its account says of which class a message is."""
    agents = [
        AgentProfile(id, "", group.facts.teams, group.facts.skills, group.facts.capacity, group.facts.weight)
        for group in scenario.groups
        for id in group.agents
    ]
    rules = [
        RoutingRule(item.id, Condition(accounts=[item.id]), item.id, (), needs(item), item.priority or None)
        for item in scenario.classes
    ]
    teams = sorted({item.team for item in scenario.classes} | {team for agent in agents for team in agent.teams})
    return Configuration(
        agents=agents,
        teams=[Team(team) for team in teams],
        queues=[Queue(item.id, item.team) for item in scenario.classes],
        default_queue=scenario.classes[0].id,
        rules=rules,
        solve_after=None,
    )


def needs(item):
    """What a class asks, which is one skill or none."""
    return {item.requirement.must.skill: item.requirement.must.level} if hasattr(item.requirement.must, "skill") else {}


def told(run, scenario, end):
    """The facts of a path in their order: instants, and what happens then."""
    facts = []
    for number in range(len(run.rows)):
        arrived, started, ended, agent = (
            int(column[number]) for column in (run.rows.arrived, run.rows.started, run.rows.ended, run.rows.agents)
        )
        facts.append((arrived, 3, "comes", number))
        if started != NONE:
            facts.append((ended, 1, "done", (number, run.agents[agent].id)))
        elif ended != NONE:
            facts.append((ended, 1, "leaves", number))
    for group in scenario.groups:
        for id in group.agents if group.shifts else ():
            facts += duties(group, id, scenario.begin, end)
    return sorted(facts, key=lambda fact: (fact[0], fact[1], str(fact[3])))


def duties(group, agent, begin, end):
    terms, at = Terms(shifts=group.shifts), begin
    on = bool(terms.on_duty(at))
    found = [] if on else [(micro(at), 0, "offline", agent)]
    while (at := terms.next_change(at)) is not None and micro(at) <= end:
        if bool(terms.on_duty(at)) is not on:
            on = not on
            found.append((micro(at), 0, "available" if on else "offline", agent))
    return found


def micro(at):
    return (at - EPOCH) // timedelta(microseconds=1)


def live(scenario, extent, policy=None, discipline=None, seed=0):
    """The path, the decisions of the simulation, those of the desk that lived it too, and the desk."""
    simulated, lived, tickets = [], [], {}

    def decided(name, decision):
        simulated.append((name, plain(decision.placement)))

    run = simulate(scenario, extent, policy, discipline, seed=seed, decided=decided)
    parts = Parts(**({} if policy is None else {"policy": policy}), discipline=discipline)
    desk = Desk(MemoryStore(), tenant="acme", config=configuration_of(scenario), parts=parts)
    desk.tick(scenario.begin)
    desk.handle(SetPresence(scenario.groups[0].agents[0], BOSS, Presence.AVAILABLE), scenario.begin)
    names = {}
    end = max(int(run.rows.ended.max()), run.end)
    for at, _, what, whom in told(run, scenario, end):
        now = EPOCH + timedelta(microseconds=at)
        match what:
            case "comes":
                item = scenario.classes[run.rows.classes[whom]]
                name = str(NAMES_FROM + whom)
                received = desk.receive(Inbound(item.channel, item.id, name, "Hello"), now)
                tickets[whom], names[received.ticket.id] = received.ticket.id, name
                handled = received
            case "done":
                number, agent = whom
                handled = desk.handle(Solve(tickets[number], Actor.agent(agent)), now)
            case "leaves":
                handled = desk.handle(Solve(tickets[whom], LEFT), now)
            case _:
                handled = desk.handle(SetPresence(whom, BOSS, what), now)
        lived += taken(handled, names)
    return run, simulated, lived, desk


def taken(handled, names):
    """The placements of a turn, each with the ticket that it is about."""
    for item in handled.events:
        placement = getattr(item.event, "placement", None)
        if item.stream.kind is Kind.TICKET and isinstance(placement, Placement):
            yield names[item.stream.id], plain(placement)


def plain(placement):
    """What a decision says, but for which version of the rules and which event it saw last."""
    return (
        placement.agent,
        placement.pool,
        placement.excluded,
        placement.rank,
        placement.runner_up,
        placement.runner_up_rank,
        placement.credit,
        placement.tier,
    )


def agents_of(desk):
    """The agents as the desk has them."""
    return desk.find(Query(Kind.AGENT)).values
