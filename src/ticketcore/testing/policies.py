"""The conformance suite of policies: give one, and know whether an engine can go by it."""

import hashlib
import os
import pickle
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest

from ticketcore.engine import AgentFacts, AgentLoad, All, Asked, DistributionPolicy, Engine, HasSkill, Requirement
from ticketcore.engine.comparing import policy_among
from ticketcore.model import PolicyMemory, SkillLevel
from ticketcore.testing.report import not_tested

_SKILLS = ("gold", "lead", "mend")
_TEAMS = ("north", "south")
LIVES = 12
"""How many lives of a staff are played for each test."""

STEPS = 60
"""How much happens in one."""

_NEEDS = (Requirement(), Requirement(HasSkill("gold")), Requirement(All((HasSkill("gold"), HasSkill("lead", 2)))))
_HOUR = 3_600_000_000


def a_staff(chance: random.Random, size: int) -> list[AgentFacts]:
    """Agents of whom anything can be true."""
    return [
        AgentFacts(
            f"a{number}",
            [SkillLevel(skill, chance.randint(1, 5)) for skill in chance.sample(_SKILLS, chance.randint(0, 3))],
            chance.sample(_TEAMS, chance.randint(0, 2)),
            {"floor": chance.randint(0, 3)} if chance.random() < 0.5 else {},
            capacity=chance.choice((0, 1, 3, 9)),
            weight=chance.choice((50, 100, 100, 130)),
            available=chance.random() < 0.8,
            memory=PolicyMemory(chance.randrange(4) * 1024, chance.randrange(4), chance.randrange(9)),
            available_since=chance.randrange(9) * _HOUR,
            last_released=chance.randrange(9) * _HOUR,
        )
        for number in range(size)
    ]


class Life:
    """What happens to a staff, the same for the same ``seed``: told to one engine, or to several alike."""

    def __init__(self, seed: int, policy: DistributionPolicy, scanned: Sequence[int | None] = (None,)) -> None:
        self.seed, self.policy = seed, policy
        self._chance = random.Random(seed)
        staff = a_staff(self._chance, self._chance.choice((1, 3, 8, 40)))
        self.engines = [Engine(staff, policy=policy, scanned=each) for each in scanned]
        self._agents = [facts.id for facts in staff]
        self._held: list[str] = []
        self._at = 10 * _HOUR

    def questions(self) -> Iterator[tuple[Requirement, Asked]]:
        """What is asked, one after the other; whoever the first engine answers gets the ticket, and life goes on."""
        first, chance = self.engines[0], self._chance
        for number in range(STEPS):
            self._at += chance.randrange(_HOUR)
            need = chance.choice(_NEEDS)
            asked = Asked(f"t{number}", self._at, need.must)
            yield need, asked
            agent = first.agent_for(first.plan(need), asked=asked)
            self._happens(need, asked.ticket, agent)

    def loads(self) -> list[AgentLoad]:
        """The agents as a policy sees them now, in the first engine."""
        return [self.engines[0]._loads[agent] for agent in self._agents]

    def _happens(self, need: Requirement, ticket: str, agent: str | None) -> None:
        chance, at = self._chance, self._at
        other, draw = chance.choice(self._agents), chance.random()
        released = self._held.pop(chance.randrange(len(self._held))) if self._held and chance.random() < 0.6 else None
        skills = [SkillLevel(skill, chance.randint(1, 5)) for skill in chance.sample(_SKILLS, 2)]
        weight, virtual_time = chance.choice((50, 100, 150)), chance.randrange(9) * 1000
        if agent is not None:
            self._held.append(ticket)
        for engine in self.engines:
            if agent is not None:
                engine.assigned(ticket, agent, engine.plan(need), at)
            if released is not None:
                engine.released(released, at)
            if draw < 0.1:
                engine.skills_changed(other, skills)
            elif draw < 0.2:
                engine.came_on(other, at, virtual_time)
            elif draw < 0.3:
                engine.went_off(other, at)
            elif draw < 0.4:
                engine.weight_changed(other, weight)
            elif draw < 0.45:
                engine.day_began([other], at)


def told(policy: DistributionPolicy, seed: int) -> str:
    """All ranks of a life, as text."""
    life = Life(seed, policy)
    lines = []
    for _, asked in life.questions():
        ranking = policy_among(policy, life.loads(), asked)
        lines.append(" ".join(str(ranking.rank(load, asked)) for load in life.loads()))
    return "\n".join(lines)


def _state(load: AgentLoad) -> list[str]:
    return [repr(getattr(load, name)) for kind in AgentLoad.__mro__[:-1] for name in vars(kind)["__slots__"]]


class PolicyConformance:
    """The tests that a ``DistributionPolicy`` of your own has to pass.

    Subclass, and give the fixture ``policy``::

        class TestMyPolicy(PolicyConformance):
            @pytest.fixture
            def policy(self):
                return MyPolicy()

    They play the lives of small staffs: tickets come and go, people too, and change.
    """

    @pytest.fixture
    def policy(self) -> DistributionPolicy:
        """The policy that is tested."""
        raise NotImplementedError("give the fixture 'policy'")

    @pytest.fixture(params=range(LIVES))
    def seed(self, request: pytest.FixtureRequest) -> int:
        """Which life."""
        return int(request.param)

    def test_total(self, policy: DistributionPolicy, seed: int) -> None:
        """Everybody has a rank: a tuple of whole numbers, always as many."""
        assert isinstance(policy.name, str)
        assert policy.name
        life = Life(seed, policy)
        lengths = set()
        for _, asked in life.questions():
            ranking = policy_among(policy, life.loads(), asked)
            for load in life.loads():
                rank = ranking.rank(load, asked)
                assert type(rank) is tuple, rank
                assert all(type(number) is int for number in rank), rank
                lengths.add(len(rank))
        assert len(lengths) == 1
        assert lengths != {0}

    def test_deterministic(self, policy: DistributionPolicy, seed: int) -> None:
        """Who is asked twice answers the same, and a copy does too."""
        assert told(policy, seed) == told(policy, seed)
        life = Life(seed, policy)
        for _, asked in life.questions():
            ranking = policy_among(policy, life.loads(), asked)
            once = [ranking.rank(load, asked) for load in life.loads()]
            assert once == [ranking.rank(load, asked) for load in reversed(life.loads())][::-1]

    def test_the_same_in_every_process(self, policy: DistributionPolicy, request: pytest.FixtureRequest) -> None:
        """Ranks do not depend on the seed of hashes, which differs from process to process."""
        try:
            pickled = pickle.dumps(policy)
            pickle.loads(pickled)
        except Exception as error:
            not_tested(request, "other processes")
            pytest.skip(f"the policy cannot be sent to another process: {error}")
        code = (
            "import hashlib, pickle, sys; from ticketcore.testing.policies import told;"
            "policy = pickle.loads(sys.stdin.buffer.read());"
            "print(hashlib.sha256(told(policy, 3).encode()).hexdigest())"
        )
        printed = {hashlib.sha256(told(policy, 3).encode()).hexdigest()}
        for hash_seed in ("1", "2"):
            environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
            command = [sys.executable, "-c", code]
            done = subprocess.run(command, input=pickled, capture_output=True, env=environment, check=False)
            assert done.returncode == 0, done.stderr.decode()
            printed.add(done.stdout.decode().strip())
        assert len(printed) == 1

    def test_looks_and_does_not_touch(self, policy: DistributionPolicy, seed: int) -> None:
        """A question changes nothing of the agents."""
        life = Life(seed, policy)
        for _, asked in life.questions():
            before = [_state(load) for load in life.loads()]
            ranking = policy_among(policy, life.loads(), asked)
            for load in life.loads():
                ranking.rank(load, asked)
                policy.credit(load)
            assert [_state(load) for load in life.loads()] == before

    def test_ignores_the_order_of_candidates(self, policy: DistributionPolicy, seed: int) -> None:
        """A rank is the same whoever is looked at before."""
        life = Life(seed, policy)
        shuffle = random.Random(seed).shuffle
        for _, asked in life.questions():
            loads = life.loads()
            ranking = policy_among(policy, loads, asked)
            ranks = {load.id: ranking.rank(load, asked) for load in loads}
            shuffle(loads)
            other = policy_among(policy, loads, asked)
            assert {load.id: other.rank(load, asked) for load in loads} == ranks

    def test_a_rank_lasts_if_it_says_so(self, policy: DistributionPolicy, seed: int) -> None:
        """With ``lasts`` it looks at nothing but the load: neither at the ticket, nor at the instant."""
        if not policy.lasts:
            pytest.skip("the policy says that its ranks do not last")
        life = Life(seed, policy)
        for _, asked in life.questions():
            others = [Asked(), asked._replace(at=asked.at + _HOUR), asked._replace(ticket="other")]
            for load in life.loads():
                assert {policy.rank(load, other) for other in others} == {policy.rank(load, asked)}

    def test_a_credit_is_of_the_weight(self, policy: DistributionPolicy, seed: int) -> None:
        """What an assignment costs is a whole number, at least 0, which only the agent and their weight decide."""
        life = Life(seed, policy)
        costs: dict[tuple[str, int], int] = {}
        for _ in life.questions():
            for load in life.loads():
                cost = policy.credit(load)
                assert type(cost) is int
                assert cost >= 0
                assert costs.setdefault((load.id, load.weight), cost) == cost

    def test_its_index_equals_its_scan(self, policy: DistributionPolicy, seed: int) -> None:
        """Found by index or by looking at each, the agent is the same, and is first of the full list."""
        life = Life(seed, policy, scanned=(None, 0, 10**9))
        for need, asked in life.questions():
            found = [engine.agent_for(engine.plan(need), asked=asked) for engine in life.engines]
            listed = [engine.explain(engine.plan(need), asked=asked).candidates for engine in life.engines]
            assert len(set(found)) == len(set(listed)) == 1, found
            assert found[0] == (listed[0][0][0] if listed[0] else None)
