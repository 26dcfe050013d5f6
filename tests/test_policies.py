"""Our policies pass the suite that a host's have to pass, and each of its tests can fail."""

import pytest
from test_engine import POLICIES

from ticketcore.engine import Chain, FairShare, RoundRobin
from ticketcore.testing import PolicyConformance
from ticketcore.testing.policies import LIVES


class TestOurs(PolicyConformance):
    @pytest.fixture(params=POLICIES, ids=lambda policy: policy.name)
    def policy(self, request):
        return request.param

    test_the_same_in_every_process = None
    """Of all of them in one process, see ``test_decisions_are_the_same_bytes_whatever_the_hash_seed``."""

    @pytest.fixture(params=(1, 4))
    def seed(self, request):
        return request.param


class Loudest:
    """A policy of a host's."""

    name, lasts, takes_turns = "loudest", True, False

    def rank(self, load, asked):
        return (-load.attributes.get("floor", 0),)

    def credit(self, load):
        return 7


class TestLoudest(PolicyConformance):
    @pytest.fixture
    def policy(self):
        return Loudest()


class Growing(Loudest):
    calls = 0

    def rank(self, load, asked):
        self.calls += 1
        return (self.calls,)


class Late(Loudest):
    def rank(self, load, asked):
        return (asked.at // 1000 % 7,)


class Hashing(Loudest):
    def rank(self, load, asked):
        return (hash(load.id),)


class Broken(Loudest):
    def rank(self, load, asked):
        return (load.open / 3,)


class Uneven(Loudest):
    def rank(self, load, asked):
        return (1,) * (1 + load.open)


class Meddling(Loudest):
    def rank(self, load, asked):
        load.virtual_time += 1
        return (load.virtual_time,)


class Costly(Loudest):
    def credit(self, load):
        return load.open


class First(Loudest):
    """Of the candidates, as they come."""

    lasts = False

    def among(self, candidates, asked):
        return Chain([Named(candidates[0].id)])


class Named(Loudest):
    lasts = False

    def __init__(self, agent):
        self.agent = agent

    def rank(self, load, asked):
        return (int(load.id != self.agent),)


@pytest.mark.parametrize(
    ("policy", "test"),
    [
        (Growing(), "test_deterministic"),
        (Growing(), "test_ignores_the_order_of_candidates"),
        (Late(), "test_a_rank_lasts_if_it_says_so"),
        (Hashing(), "test_the_same_in_every_process"),
        (Broken(), "test_total"),
        (Uneven(), "test_total"),
        (Meddling(), "test_looks_and_does_not_touch"),
        (Costly(), "test_a_credit_is_of_the_weight"),
        (First(), "test_ignores_the_order_of_candidates"),
    ],
)
def test_each_can_fail(policy, test, request):
    def run():
        for seed in range(LIVES):
            getattr(PolicyConformance(), test)(policy, request if "process" in test else seed)

    with pytest.raises(AssertionError):
        run()


def test_an_index_that_is_wrong_is_found(monkeypatch):
    def wrong(self, candidates, cursor):
        return (candidates & -candidates).bit_length() - 1

    monkeypatch.setattr("ticketcore.engine.ranking.Ranking.first", wrong)
    with pytest.raises(AssertionError):
        PolicyConformance().test_its_index_equals_its_scan(Chain((FairShare(), RoundRobin())), 1)
