"""The line of those who have room is what a look at each would give, as it is formed, given up and formed again."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore.engine import (
    AgentFacts,
    Engine,
    FewestWaitingAndHandled,
    HasSkill,
    LongestIdle,
    Requirement,
    RoundRobin,
)

POLICIES = st.sampled_from([LongestIdle(), RoundRobin(), FewestWaitingAndHandled()])


@given(st.integers(0, 2**32), POLICIES, st.sampled_from([(1,), (1, 1, 1, 2)]), st.sampled_from([12, 140]))
@settings(max_examples=30)
def test_the_line_gives_what_a_look_at_each_gives(seed, policy, capacities, staff):
    chance = random.Random(seed)
    facts = [
        AgentFacts(
            f"a{i:03}",
            [*chance.sample(["x", "y", "z"], 2), *(["rare"] if i % 16 == 0 else [])],
            capacity=chance.choice(capacities),
        )
        for i in range(staff)
    ]
    lined, plain = Engine(facts, policy=policy), Engine(facts, policy=policy, scanned=0)
    requirements = [Requirement(), Requirement(HasSkill("rare")), Requirement(HasSkill("y"))]
    held, formed, step = [], 0, chance.choice([1, 1, 3])
    for at in range(1, 2 * staff + 150):
        now, tell = at // step, chance.random()
        for requirement in requirements:
            found = [engine.decide(engine.plan(requirement)) for engine in (lined, plain)]
            assert found[0] == found[1]
            assert found[0].agent == lined.agent_for(lined.plan(requirement))
        formed += lined._line.agents is not None
        if found[0].agent is not None and (tell < 0.55 or not held):
            agent = found[0].agent if chance.random() < 0.95 else chance.choice(facts).id
            held.append(str(at))
            for engine in (lined, plain):
                engine.assigned(str(at), agent, engine.plan(requirements[2]), now)
        elif held:
            ticket = held.pop(chance.randrange(len(held)))
            for engine in (lined, plain):
                engine.released(ticket, now)
        if tell > 0.995:
            fact, agent = chance.choice(["went_off", "came_on"]), chance.choice(facts).id
            for engine in (lined, plain):
                getattr(engine, fact)(agent, now)
    assert formed or len(capacities) > 1
