"""Two processes at one file, each with a desk and its router: afterwards the whole history is held to the rules."""

import os
import random

import pytest
from desks import AT, EVE, MINUTE, check_laws
from test_concurrency import in_processes

from ticketcore import Actor, AgentProfile, Condition, Configuration, Conflict, Desk, Inbound, Refused, RoutingRule
from ticketcore.commands import Assign, Pend, Resume, SetPresence, SetSkills, Solve, Transfer, Unassign
from ticketcore.events import Assigned, WorkReleased, WorkTaken
from ticketcore.evolve import evolve
from ticketcore.model import Affinity, EscalationPlan, EscalationStep, Kind, Presence, Queue
from ticketcore.ports import Query
from ticketcore.stores import SqliteStore

STEPS = 4_000 if os.environ.get("HYPOTHESIS_PROFILE") == "proof" else 80
SEED = int(os.environ.get("TICKETCORE_SEED", "7"))
"""What a failure names, so that the same steps can be taken again, if not in the same order."""

NAMES = ("ana", "bo", "zoe")
CONFIG = Configuration(
    agents=[
        AgentProfile("ana", capacity=2, skills=["gold"]),
        AgentProfile("bo", capacity=1),
        AgentProfile("zoe", capacity=3),
    ],
    skills=["gold"],
    rules=[RoutingRule("gold", Condition(keywords=["gold"]), skills=["gold"])],
    queues=[Queue("support", escalation="patient"), Queue("other")],
    escalations=[EscalationPlan("patient", [EscalationStep("any", 5 * MINUTE, expire=["gold"])])],
    affinities=[Affinity("regulars", "last_agent", patience=3 * MINUTE)],
)


def open_desk(path):
    return Desk(SqliteStore(path, durability="normal"), tenant="acme", config=CONFIG)


def work(path, seed):
    """Messages, presence, edits of skills, people who assign, and time, in a random order."""
    one, chance = open_desk(path), random.Random(seed)
    for number in range(STEPS):
        at, agent = AT + number * MINUTE, chance.choice(NAMES)
        try:
            kind = chance.randrange(10)
            tickets = (
                [] if kind < 5 else one.find(Query(Kind.TICKET, sort="updated_at", descending=True, limit=20)).values
            )
            if kind < 4:
                text = chance.choice(["gold", "silver"])
                one.receive(
                    Inbound("chat", "shop", f"c{chance.randrange(20)}", text, external_id=f"{seed}-{number}"), at
                )
            elif kind == 4:
                change = [SetPresence(agent, EVE, one_of) for one_of in Presence]
                one.handle(
                    chance.choice([*change, change[0], SetSkills(agent, EVE, chance.choice([["gold"], []]))]), at
                )
            elif kind == 5:
                one.tick(at)
            elif tickets:
                ticket = chance.choice(tickets).id
                moves = [move(ticket, Actor.agent(agent)) for move in (Pend, Resume, Solve, Solve, Solve, Unassign)]
                by_hand = [Assign(ticket, EVE, agent), Transfer(ticket, EVE, chance.choice(["support", "other"]))]
                one.handle(chance.choice([*moves, *by_hand]), at)
        except (Refused, Conflict):
            continue


def check_history(history):
    """At every event: nobody takes more than they can, and a router gives only what nobody has.

    Each slot is freed once, and an agent has as many as were taken and not freed.
    """
    state, holds = {}, {}
    for item in history:
        if item.stream.kind is Kind.CONFIGURATION:
            continue
        before, event = state.get(item.stream), item.event
        state[item.stream] = after = evolve(before, event)
        match event:
            case WorkTaken(ticket=ticket):
                assert after.open <= after.capacity, f"{item.stream.id} has {after.open} at {item.position}"
                assert holds.setdefault(ticket, item.stream.id) == item.stream.id, f"two have {ticket}"
            case WorkReleased(ticket=ticket):
                assert holds.pop(ticket) == item.stream.id
            case Assigned(placement=placement) if placement is not None:
                assert before.assignee is None, f"{item.stream.id} was given twice at {item.position}"
                assert before.queued_since is not None


@pytest.mark.slow
def test_two_processes_overbook_nobody_and_give_nothing_twice(tmp_path):
    path = tmp_path / "desk.db"
    one = open_desk(path)
    try:
        assert in_processes(lambda seed: work(path, seed), [SEED, SEED + 1], 3600) == [0, 0]
        history = one.store.events("acme")
        check_history(history)
        check_laws(one)
        assert sum(isinstance(item.event, Assigned) for item in history) > STEPS // 8
    except BaseException as error:
        error.add_note(f"TICKETCORE_SEED={SEED}")
        raise
