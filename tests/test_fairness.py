"""What is said about shares is so: figures against plain oracles, causes that add up, words that say what they say."""

import csv
import io
import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ticketcore.engine import AgentFacts, Engine, FairShare, HasSkill, Requirement
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.fairness import (
    Currency,
    Day,
    Decayed,
    Duty,
    Entitlement,
    Given,
    History,
    Ledger,
    Rolling,
    burst,
    causes,
    choices,
    envious,
    extremes,
    fairness_table,
    gini,
    given_by,
    jain,
    lag,
    rates,
    variation,
    why,
)
from ticketcore.fairness.ledger import HOUR

AGENTS = ("ana", "bo", "eve", "kim")
DAY = Day(0)
NOW = 8 * HOUR


@st.composite
def histories(draw):
    """A day of which anything can be true."""
    weights = {agent: draw(st.sampled_from([50, 100, 130])) for agent in AGENTS}
    duties = []
    for agent in AGENTS:
        begin = draw(st.integers(0, 6))
        duties.append(Duty(agent, begin * HOUR, (begin + draw(st.integers(0, 4))) * HOUR))
    count = draw(st.integers(0, 12))
    given = []
    for _ in range(count):
        qualified = draw(st.lists(st.sampled_from(AGENTS), min_size=1, unique=True))
        able = draw(st.lists(st.sampled_from(qualified), min_size=1, unique=True))
        given.append(
            Given(
                f"t{draw(st.integers(0, 9))}",
                able[0],
                draw(st.integers(0, 8 * HOUR) | st.integers(0, 8).map(lambda hour: hour * HOUR)),
                tuple(qualified),
                tuple(able),
                draw(st.integers(1, 3)),
                draw(st.integers(0, HOUR)),
            )
        )
    return History(weights, duties, given)


ledgers = st.builds(
    Ledger,
    st.sampled_from([DAY, Day(3 * HOUR), Rolling(2 * HOUR), Decayed(HOUR)]),
    st.sampled_from(Currency),
    st.sampled_from(Entitlement),
)


@given(histories(), ledgers)
def test_what_was_given_is_what_is_shared_out(history, ledger):
    shares = ledger.shares(history, NOW)
    assert [share.agent for share in shares] == sorted(share.agent for share in shares)
    items = history.given if ledger.currency is Currency.WORK else history.counted()
    total = sum(ledger.window.part(item.at, NOW) * ledger.amount(item) for item in items)
    assert sum(share.given for share in shares) == pytest.approx(total)
    if any(share.entitled for share in shares):
        assert sum(share.entitled for share in shares) == pytest.approx(total)
    for share in shares:
        assert share.hours > 0 or share.tickets > 0


@given(histories(), ledgers)
def test_the_causes_add_up(history, ledger):
    shares = {share.agent: share.given for share in ledger.shares(history, NOW)}
    found = causes(history, ledger, NOW)
    assert [each.agent for each in found] == sorted(shares)
    for each in found:
        parts = each.alike + each.duty + each.weight + each.skills + each.room + each.turns
        assert parts == pytest.approx(each.given) == shares[each.agent]
        assert 0 <= each.full <= each.could
    for cause in ("duty", "weight", "skills", "room", "turns"):
        assert sum(getattr(each, cause) for each in found) == pytest.approx(0, abs=1e-9), "what one has, others lack"


def cause_of(history, agent="ana"):
    [found] = [each for each in causes(history, Ledger(DAY), NOW) if each.agent == agent]
    return {cause: round(getattr(found, cause), 3) for cause in ("duty", "weight", "skills", "room", "turns")}


def a_day(agents=AGENTS, **different):
    """Sixty tickets given in turn to those who may and can take them."""
    weights = dict.fromkeys(agents, 100) | different.get("weights", {})
    begins = dict.fromkeys(agents, 0) | different.get("begins", {})
    given = []
    for number in range(60):
        at = number * HOUR // 10
        there = [agent for agent in agents if begins[agent] <= at]
        qualified = [agent for agent in there if number % different.get("skilled", {}).get(agent, 1) == 0]
        able = [agent for agent in qualified if number % different.get("free", {}).get(agent, 1) == 0]
        by = Counter(each.agent for each in given)
        agent = min(able, key=lambda agent: (by[agent] / weights[agent], agent))
        given.append(Given(f"t{number}", agent, at, qualified, able))
    return History(weights, [Duty(agent, begins[agent], NOW) for agent in agents], given)


def test_each_cause_is_told_from_the_others():
    assert cause_of(a_day()) == {"duty": 0, "weight": 0, "skills": 0, "room": 0, "turns": 0}
    late = cause_of(a_day(begins={"ana": 3 * HOUR}))
    assert late["duty"] == -7.5
    assert {late[name] for name in ("weight", "skills", "room")} == {0}
    half = cause_of(a_day(weights={"ana": 50}))
    assert half["weight"] == pytest.approx(60 / 7 - 15, abs=0.001)
    assert {half[name] for name in ("duty", "skills", "room")} == {0}
    narrow = cause_of(a_day(skilled={"ana": 3}))
    assert narrow["skills"] == -10
    assert {narrow[name] for name in ("duty", "weight", "room")} == {0}
    full = cause_of(a_day(free={"ana": 3}))
    assert full["room"] == -10
    assert {full[name] for name in ("duty", "weight", "skills")} == {0}


def test_who_leads_a_team_is_told_why():
    history = a_day(begins={"ana": 3 * HOUR}, skilled={"ana": 3})
    assert why(history, Ledger(DAY), NOW, "ana") == (
        "ana was given 10 tickets; shared alike among 4 it would be 15 each, so that is 5 fewer.\n"
        "- 7.5 fewer for when they were there: 5 hours, usual were 7.2.\n"
        "- 5 fewer for their skills: of 30 tickets that came, they may take 10.\n"
        "- 7.5 more for whose turn it was, and chance."
    )
    assert "just that" in why(a_day(), Ledger(DAY), NOW, "ana")
    with pytest.raises(NotFound):
        why(history, Ledger(DAY), NOW, "nobody")


def test_one_who_was_not_there_is_left_out_and_not_counted_as_given_nothing():
    history = History(dict.fromkeys(AGENTS, 100), [Duty("ana", 0, HOUR), Duty("bo", 0, 0)], [Given("t", "ana", 5)])
    [share] = Ledger(DAY).shares(history, NOW)
    assert (share.agent, share.given, share.entitled, share.rate) == ("ana", 1, 1, 1)
    nothing = History({"ana": 100}, [], [])
    assert Ledger(DAY).shares(nothing, NOW) == ()
    assert fairness_table(nothing, Ledger(DAY), NOW).measures.jain == 1


def test_a_specialist_is_entitled_to_what_they_were_exposed_to():
    given = [Given(f"t{n}", "ana" if n % 2 else "bo", n, ("ana", "bo")) for n in range(4)]
    given += [Given(f"s{n}", "eve", 10 + n, ("eve",)) for n in range(4)]
    history = History(dict.fromkeys(AGENTS, 100), [Duty(agent, 0, NOW) for agent in ("ana", "bo", "eve")], given)
    assert rates(Ledger(DAY, entitlement="exposure").shares(history, NOW)) == [1, 1, 1]
    assert rates(Ledger(DAY, entitlement="equal").shares(history, NOW)) == pytest.approx([0.75, 0.75, 1.5])


def test_a_ticket_that_bounced_counts_once_and_work_for_everybody_who_did_it():
    given = [Given("t", "ana", 5, work=HOUR), Given("t", "bo", 6, work=2 * HOUR)]
    history = History({"ana": 100, "bo": 100}, [Duty("ana", 0, NOW), Duty("bo", 0, NOW)], given)
    for currency, counts in (("tickets", [0, 1]), ("units", [0, 1]), ("work", [1, 2])):
        assert [share.given for share in Ledger(DAY, currency).shares(history, NOW)] == counts


@pytest.mark.parametrize(
    ("window", "parts", "hours"),
    [
        (Day(3 * HOUR), [0, 0, 1, 1], 5),
        (Rolling(2 * HOUR), [0, 0, 0, 1], 2),
        (Decayed(2 * HOUR), [1 / 16, 1 / 8, 1 / 4, 1], 2 / 0.693147 * (1 - 1 / 16)),
    ],
)
def test_windows_count_what_they_say(window, parts, hours):
    assert [window.part(at * HOUR, NOW) for at in (0, 2, 4, 8)] == pytest.approx(parts)
    assert window.hours(0, NOW, NOW) == pytest.approx(hours, rel=1e-5)
    assert window.part(NOW + 1, NOW) == 0
    assert window.hours(NOW, NOW + 1, NOW) == 0
    split = window.hours(0, 3 * HOUR, NOW) + window.hours(3 * HOUR, NOW + HOUR, NOW)
    assert split == pytest.approx(window.hours(0, NOW, NOW))


values = st.lists(st.integers(0, 50), min_size=1, max_size=8)


@given(values)
def test_indices_are_what_their_definitions_say(values):
    total = sum(values)
    assume(total)
    count = len(values)
    assert jain(values) == pytest.approx(float(Fraction(total**2, count * sum(v * v for v in values))))
    pairs = sum(abs(one - two) for one in values for two in values)
    assert gini(values) == pytest.approx(float(Fraction(pairs, 2 * count * total)))
    assert jain(values) == pytest.approx(1 / (1 + variation(values) ** 2))
    least, most = extremes(values)
    assert (least, most) == pytest.approx((min(values) * count / total, max(values) * count / total))
    assert 1 / count - 1e-9 <= jain(values) <= 1 + 1e-9


@given(values, st.integers(1, 9))
def test_indices_do_not_change_with_the_unit_or_the_order(values, factor):
    scaled = [value * factor for value in reversed(values)]
    for index in (jain, gini, variation):
        assert index(scaled) == pytest.approx(index(values))


@pytest.mark.parametrize("index", [jain, gini, variation])
def test_of_nothing_all_is_even(index):
    assert index([]) == index([0, 0]) == index([3, 3])


def test_lag_is_how_far_anybody_was_from_their_part():
    history = History({"ana": 100, "bo": 100}, [], [Given(f"t{n}", "ana", n, ("ana", "bo")) for n in range(10)])
    assert (lag(history).most, lag(history).p99) == (5, 5)
    turns = History({"ana": 100, "bo": 100}, [], [Given(f"t{n}", "ab"[n % 2], n, ("a", "b")) for n in range(0)])
    assert lag(turns).most == 0


@given(histories())
def test_envy_is_what_its_definition_says(history):
    weights, items = dict(history.weights), history.counted()
    found = 0
    for one in AGENTS:
        own = sum(item.agent == one for item in items)
        for other in AGENTS:
            theirs = sum(item.agent == other and one in item.qualified for item in items)
            found += one != other and Fraction(theirs - 1, weights[other]) > Fraction(own, weights[one])
    assert envious(history) == found


@given(histories(), st.integers(1, 3 * HOUR) | st.sampled_from([HOUR, 2 * HOUR]))
def test_a_burst_is_the_most_of_any_window(history, length):
    items = history.counted()
    counts = [
        sum(other.agent == item.agent and item.at <= other.at < item.at + length for other in items) for item in items
    ]
    found = burst(history, length)
    assert (None if found is None else found.tickets) == max(counts, default=None)
    if found is not None:
        end = found.begin + length
        peers = [d.agent for d in history.duties if d.begin <= found.begin and d.end >= end and d.agent != found.agent]
        got = [sum(item.agent == peer and found.begin <= item.at < end for item in items) for peer in peers]
        assert found.peers == (sum(got) / len(got) if got else 0)
    assert burst(history, length, ["nobody"]) is None


def test_the_table_has_every_figure_as_text():
    table = fairness_table(a_day(begins={"ana": 3 * HOUR}), Ledger(DAY), NOW)
    rows = list(csv.DictReader(io.StringIO(table.csv())))
    assert [row["agent"] for row in rows] == list(AGENTS)
    assert sum(int(row["tickets"]) for row in rows) == table.measures.tickets == 60
    measures = dict(csv.reader(io.StringIO(table.measures_csv())))
    assert float(measures["jain"]) == pytest.approx(table.measures.jain, abs=1e-6)
    assert table.measures.regret >= 0
    assert table.measures.choices == 1


@given(histories())
def test_nothing_is_more_even_than_the_best_in_hindsight(history):
    assert fairness_table(history, Ledger(DAY), NOW).measures.regret >= -1e-9


def test_an_engines_explanation_is_what_history_takes():
    engine = Engine(
        [AgentFacts("ana", ["gold"]), AgentFacts("bo", ["gold"], capacity=0), AgentFacts("eve")], policy=FairShare()
    )
    plan = engine.plan(Requirement(HasSkill("gold")))
    made = given_by(engine.explain(plan), "t", 7, units=2)
    assert made == Given("t", "ana", 7, ("ana", "bo"), ("ana",), 2)
    with pytest.raises(InvalidInput, match="nobody"):
        given_by(engine.explain(plan, ["ana"]), "t", 7)
    assert choices([made]) == 0
    assert choices([]) == 0


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Given("", "ana", 0), "Given.ticket"),
        (lambda: Given("t", "ana", -1), "Given.at"),
        (lambda: Given("t", "ana", 0, ("bo", "bo")), "Given.qualified[1]"),
        (lambda: Duty("ana", 5, 4), "Duty.end"),
        (lambda: History({"ana": 0}, [], []), "History.weights['ana']"),
        (lambda: History({"ana": 100}, [Duty("bo", 0, 1)], []), "History.weights"),
        (lambda: History({"ana": 100}, [], [Given("t", "ana", 0, ("bo",))]), "History.weights"),
        (lambda: Rolling(0), "Rolling.length"),
        (lambda: Decayed(0), "Decayed.half_life"),
        (lambda: Day(-1), "Day.begin"),
        (lambda: Ledger(DAY, "money"), "Ledger.currency"),
        (lambda: Ledger(DAY, entitlement="height"), "Ledger.entitlement"),
    ],
)
def test_what_cannot_be_used_is_named(make, field):
    with pytest.raises(InvalidInput) as caught:
        make()
    assert caught.value.field == field


def test_chance_is_less_even_than_turns():
    chance = random.Random(5)
    given = [Given(f"t{n}", chance.choice(AGENTS), n, AGENTS) for n in range(200)]
    turns = [Given(f"t{n}", AGENTS[n % 4], n, AGENTS) for n in range(200)]
    duties = [Duty(agent, 0, NOW) for agent in AGENTS]
    lots, order = (History(dict.fromkeys(AGENTS, 100), duties, each) for each in (given, turns))
    assert lag(lots).most > 2 > 1 > lag(order).most
    assert fairness_table(lots, Ledger(DAY), NOW).measures.jain < fairness_table(order, Ledger(DAY), NOW).measures.jain
