"""Who gets a ticket, as a configuration says it."""

from datetime import timedelta

import attrs
import pytest
from desks import AT, EVE, HOUR, MINUTE, check_laws, desk, new_desk, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import AgentProfile, Configuration, InvalidInput, Parts
from ticketcore.codec import decode, encode
from ticketcore.commands import Configure, SetPresence, Solve
from ticketcore.config import DeskFile, differences, read_desk, write_desk
from ticketcore.engine import (
    DutyRate,
    LongestIdle,
    RoundRobin,
    WeightedScore,
    default_policy,
    policy_of,
)
from ticketcore.model import Distribution, Kind, Share, Team
from ticketcore.stores import MemoryStore

TEAMS = [Team("support"), Team("night")]

distributions = st.one_of(
    st.builds(Distribution, st.sampled_from([one for one in Share if one is not Share.IDLENESS_RATIO])),
    st.builds(Distribution, st.just("longest_idle"), since=st.sampled_from(["released", "available", "assigned"])),
    st.builds(Distribution, st.just("duty_rate"), prior=st.integers(1, 90).map(lambda number: number * MINUTE)),
    st.builds(
        Distribution,
        st.just("weighted_score"),
        prior=st.just(HOUR),
        alpha=st.none() | st.integers(0, 100),
        usual=st.none() | st.integers(1, 9),
    ),
    st.builds(
        Distribution,
        st.just("power_of_choices"),
        draws=st.none() | st.integers(1, 3),
        seed=st.none() | st.integers(0, 9),
    ),
    st.builds(Distribution, st.just("random"), seed=st.integers(0, 9)),
    st.builds(
        Distribution,
        st.just("idleness_ratio"),
        parts=st.dictionaries(st.sampled_from(["support", "night"]), st.integers(1, 5), min_size=1),
    ),
)
agents = st.tuples(
    *(
        st.builds(
            AgentProfile,
            st.just(id),
            teams=st.sampled_from([["support"], ["support", "night"]]),
            skills=st.just({"french": 3}) | st.just({}),
            capacity=st.integers(1, 4),
            weight=st.sampled_from([50, 100, 200]),
        )
        for id in ("ana", "bo", "cleo")
    )
)
steps = st.lists(st.sampled_from(["say", "say", "solve", "away", "back"]), min_size=4, max_size=14)


def ids():
    """Names that are the same for whoever does the same."""
    seen = []

    def named(kind, key):
        seen.append(kind)
        return f"{kind}{len(seen)}"

    return named


def work(one, steps, switch=None):
    """The placements that come of some steps, a minute each, with another configuration half way."""
    found, mine = [], []
    for i, step in enumerate(steps):
        at = AT + i * MINUTE
        if switch is not None and i == len(steps) // 2:
            one.handle(Configure(attrs.evolve(one.configuration(), distribution=switch), EVE), at)
        if step == "say":
            received = say(one, "hello", f"kim{i}", at)
            found.append(received.decisions[-1])
            mine.append(received.ticket.id)
        elif step == "solve" and mine and one.ticket(mine[0]).assignee:
            found += one.handle(Solve(mine.pop(0), EVE), at).decisions
        elif step in ("away", "back"):
            presence = "away" if step == "away" else "available"
            found += one.handle(SetPresence("bo", EVE, presence), at).decisions
    return found


@given(distributions, distributions, agents, steps)
def test_a_desk_shares_as_its_configuration_says_and_another_counts_at_once(first, second, agents, steps):
    """As one that the host gave the policies: until half way by the first, and from there by the second."""
    config = Configuration(agents, TEAMS, distribution=first)
    one = new_desk(MemoryStore(), tenant="acme", config=config, ids=ids())
    decided = work(one, steps, second)
    usual = Configuration(agents, TEAMS)
    hosted = new_desk(MemoryStore(), tenant="acme", config=usual, ids=ids(), parts=Parts(policy=policy_of(first)))
    half = len(steps) // 2
    before = work(hosted, steps[:half])
    assert decided[: len(before)] == before
    placements = [item for item in decided if item.policy != "" and item.agent is not None]
    names = {1: policy_of(first).name, 2: policy_of(second).name}
    for item in placements:
        assert item.policy.startswith(names[item.configuration]), "a decision names the policy, and the version of it"
    check_laws(one)


@pytest.mark.parametrize("another", [False, True])
def test_the_next_ticket_is_given_by_the_policy_that_was_named_last(another):
    """Ana has three tickets open and was given none for an hour; bo has none and was given the last."""
    one = desk(
        AgentProfile("ana", capacity=9), AgentProfile("bo", capacity=9, presence="away"), distribution="least_active"
    )
    for i in range(3):
        say(one, "hello", f"kim{i}", AT)
    one.handle(SetPresence("bo", EVE, "available"), AT + MINUTE)
    one.handle(Solve(say(one, "hello", "lee", AT + HOUR).ticket.id, EVE), AT + HOUR)
    other = new_desk(one.store, tenant="acme") if another else one
    other.handle(Configure(attrs.evolve(one.configuration(), distribution="round_robin"), EVE), AT + HOUR)
    placed = say(one, "hello", "mo", AT + HOUR).decisions[-1]
    assert (placed.agent, placed.policy, placed.configuration) == ("ana", "round_robin", 2)
    other.handle(Configure(attrs.evolve(one.configuration(), distribution="least_active"), EVE), AT + HOUR)
    placed = say(one, "hello", "nan", AT + HOUR).decisions[-1]
    assert (placed.agent, placed.policy, placed.configuration) == ("bo", "least_active, round_robin", 3)


def test_a_policy_of_the_host_goes_before_that_of_the_configuration():
    config = Configuration([AgentProfile("ana")], distribution="least_active")
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(policy=RoundRobin()))
    assert say(one).decisions[-1].policy == "round_robin"


def test_what_is_named_is_what_it_says_and_nothing_named_is_the_default():
    assert policy_of(Distribution()) == default_policy()
    assert Configuration().distribution == Distribution("fair_share_in_bands")
    assert policy_of(Distribution("longest_idle", since="available")) == LongestIdle("available")
    assert policy_of(Distribution("duty_rate", prior=HOUR)) == DutyRate(HOUR // timedelta(microseconds=1))
    assert policy_of(Distribution("weighted_score", alpha=0)) == WeightedScore(0)
    for share in Share:
        if share not in (Share.IDLENESS_RATIO, Share.POWER_OF_CHOICES):
            assert policy_of(Distribution(share)).name == share


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Configuration(distribution="fairest"), "Distribution.by"),
        (lambda: Configuration(distribution=4), "Configuration.distribution"),
        (lambda: Distribution("round_robin", since="released"), "Distribution.since"),
        (lambda: Distribution("longest_idle", since="born"), "Distribution.since"),
        (lambda: Distribution("longest_idle", prior=HOUR), "Distribution.prior"),
        (lambda: Distribution("duty_rate", prior=timedelta(0)), "Distribution.prior"),
        (lambda: Distribution("duty_rate", prior=5), "Distribution.prior"),
        (lambda: Distribution("weighted_score", alpha=101), "Distribution.alpha"),
        (lambda: Distribution("weighted_score", usual=0), "Distribution.usual"),
        (lambda: Distribution("power_of_choices", draws=0), "Distribution.draws"),
        (lambda: Distribution("random", seed=-1), "Distribution.seed"),
        (lambda: Distribution("idleness_ratio"), "Distribution.parts"),
        (lambda: Distribution("idleness_ratio", parts={"a": 0}), "Distribution.parts[a]"),
        (lambda: Distribution("idleness_ratio", parts=[("a", 1), ("a", 2)]), "Distribution.parts"),
        (lambda: Distribution("idleness_ratio", parts=3), "Distribution.parts"),
        (
            lambda: Configuration(distribution=Distribution("idleness_ratio", parts={"night": 1})),
            "Configuration.distribution.parts[night]",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(make, field):
    with pytest.raises(InvalidInput) as refused:
        make()
    assert refused.value.field == field


@given(distributions, distributions)
def test_a_file_says_the_same_as_the_value_and_so_does_a_store(distribution, other):
    file = DeskFile("acme", Configuration(teams=TEAMS, distribution=distribution))
    assert read_desk(write_desk(file)) == file
    assert decode(Kind.CONFIGURATION, encode(file.configuration)) == file.configuration
    found = differences(file.configuration, Configuration(teams=TEAMS, distribution=other))
    assert [item.path for item in found] == ([] if distribution == other else ["desk.distribution"])


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ('distribution = "fair_shares"', "line 3: desk.distribution: must be one of fair_share_in_bands, fair_share, "),
        ('distribution = "idleness_ratio"', "line 3: desk.distribution: is missing, which idleness_ratio goes by"),
        ("distribution = {}", "line 3: desk.distribution.by: is missing"),
        ('distribution = {by = "random", draws = 2}', "line 3: desk.distribution.draws: means nothing where work is"),
        ('distribution = {by = "duty_rate", prior = "soon"}', "line 3: desk.distribution.prior: "),
        ('distribution = {by = "duty_rate", prioir = "1 h"}', "line 3: desk.distribution.prioir: is not known here"),
    ],
)
def test_a_mistake_in_a_file_is_told_by_line_and_key(said, reason):
    with pytest.raises(InvalidInput) as refused:
        read_desk(f'[desk]\ntenant = "acme"\n{said}\n')
    assert str(refused.value).startswith(reason)
