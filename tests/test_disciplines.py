"""Which waiting ticket goes first, as a configuration says it."""

from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, HOUR, MINUTE, check_laws, desk, new_desk, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import AgentProfile, Condition, Configuration, InvalidInput, Parts, RoutingRule
from ticketcore.codec import decode, encode
from ticketcore.commands import Configure, Pend, SetPresence, SetPriority, Solve
from ticketcore.config import DeskFile, differences, read_desk, write_desk
from ticketcore.engine import Lifo, discipline_of, looks_at_deadlines
from ticketcore.model import Discipline, Goal, Kind, Precedence, Priority, Ref, SlaPolicy, Target
from ticketcore.stores import MemoryStore
from ticketcore.turns import rearming

LOW, NORMAL, HIGH, URGENT = Priority
RULES = [RoutingRule(one.name, Condition([one.name]), priority=one) for one in Priority]
TARGETS = {LOW: 8 * HOUR, HIGH: 2 * HOUR, URGENT: 20 * MINUTE}
PROMISE = [SlaPolicy("promise", [Goal("first_response", [Target(span, one) for one, span in TARGETS.items()])])]
spans = st.integers(0, 500).map(lambda number: number * MINUTE)


def named(numbers, priority):
    """The number of the next lower priority that is named, or of the lowest."""
    return numbers[max((one for one in numbers if one <= (priority or 0)), default=min(numbers))]


def minutes(span):
    return int(span / MINUTE)


WAYS = {
    "priority_fifo": (Discipline("priority_fifo"), lambda p, since, at, left: (-(p or 0), since)),
    "lifo": (Discipline("lifo"), lambda p, since, at, left: (-since,)),
    "score_with_age": (
        Discipline("score_with_age", 7 * MINUTE),
        lambda p, since, at, left: (since - 7 * (p or 0),),
    ),
    "usual score_with_age": (Discipline("score_with_age"), lambda p, since, at, left: (since - 60 * (p or 0),)),
    "earliest_deadline": (
        Discipline("earliest_deadline"),
        lambda p, since, at, left: (0, since + minutes(TARGETS[p]), since) if p in TARGETS else (1, since, 0),
    ),
    "accumulating": (
        Discipline("accumulating", paces={NORMAL: 2, URGENT: 5}),
        lambda p, since, at, left: (-named({2: 2, 4: 5}, p) * (at - since), since),
    ),
    "generalised_c_mu": (
        Discipline("generalised_c_mu", costs={LOW: 1, HIGH: 3}, power=4),
        lambda p, since, at, left: (-named({1: 1, 3: 3}, p) * (at - since) ** 3, since),
    ),
    "queue_ratio": (
        Discipline("queue_ratio", parts={LOW: 1, HIGH: 1}),
        lambda p, since, at, left: (
            -sum((one or 0) >= 3 for one in left) if (p or 0) >= 3 else -sum((one or 0) < 3 for one in left),
            since,
        ),
    ),
}

arrivals = st.lists(st.tuples(st.sampled_from([None, *Priority]), st.integers(0, 90)), min_size=2, max_size=7)


def write_in(one, arrivals):
    """The tickets by id: how urgent each is, and in which minute it came; each in a minute of its own."""
    came = {}
    for i, (priority, minute) in enumerate(sorted(arrivals, key=lambda item: item[1])):
        since = minute * 10 + i
        words = "hello" if priority is None else priority.name
        came[say(one, words, f"kim{i}", AT + since * MINUTE).ticket.id] = (priority, since)
    return came


def next_for(one, left):
    """The ticket that ana has now, of those that are left."""
    (id,) = (id for id in left if one.ticket(id).assignee == "ana")
    return id


@given(st.sampled_from(sorted(WAYS)), arrivals, st.lists(st.integers(1, 200), min_size=7, max_size=7), st.booleans())
def test_an_agent_gets_what_the_configuration_says_goes_first(way, arrivals, pauses, another):
    discipline, key = WAYS[way]
    one = desk(AgentProfile("ana", capacity=1, presence="away"), rules=RULES, policies=PROMISE, discipline=discipline)
    left, now = write_in(one, arrivals), 1000
    one.handle(SetPresence("ana", ANA, "available"), AT + now * MINUTE)
    while left:
        if another:  # What this process never saw, it reads.
            one = new_desk(one.store, tenant="acme")
        urgencies = [priority for priority, _ in left.values()]
        got, right = next_for(one, left), min(left, key=lambda it: (key(*left[it], now, urgencies), it))
        assert left[got] == left[right], way
        del left[got]
        now += pauses[len(left)]
        one.handle(Solve(got, ANA), AT + now * MINUTE)
    check_laws(one)


def test_another_discipline_counts_at_once():
    one = desk(AgentProfile("ana", capacity=1), rules=RULES, discipline="priority_fifo")
    first, second, third = (say(one, "hello", f"kim{i}", AT + i * MINUTE).ticket.id for i in range(3))
    one.handle(Configure(attrs.evolve(one.configuration(), discipline="lifo"), ANA), AT + HOUR)
    one.handle(Solve(first, ANA), AT + HOUR)
    assert one.ticket(third).assignee == "ana"
    delayed = Discipline("priority_delay", delays={NORMAL: 3 * HOUR})
    one.handle(Configure(attrs.evolve(one.configuration(), discipline=delayed), ANA), AT + HOUR)
    one.handle(Solve(third, ANA), AT + HOUR)
    assert one.ticket(second).assignee is None, "it is too young"
    one.handle(Configure(attrs.evolve(one.configuration(), discipline="score_with_age"), ANA), AT + 2 * HOUR)
    assert one.ticket(second).assignee == "ana"


@pytest.mark.parametrize("another", [False, True])
def test_what_is_left_alone_goes_when_its_time_has_come(another):
    one = desk(AgentProfile("ana", capacity=1), AgentProfile("bo", teams=[]))
    first, second = (say(one, "hello", f"kim{i}", AT + i * MINUTE).ticket.id for i in range(2))
    delayed = Discipline("priority_delay", delays={NORMAL: 3 * HOUR})
    one.handle(Configure(attrs.evolve(one.configuration(), discipline=delayed), ANA), AT + HOUR)
    if another:
        one = new_desk(one.store, tenant="acme")
    one.handle(Solve(first, ANA), AT + HOUR)
    one.tick(AT + 3 * HOUR)
    assert one.ticket(second).assignee is None
    one.tick(AT + 3 * HOUR + MINUTE)
    assert one.ticket(second).assignee == "ana"


@pytest.mark.parametrize("another", [False, True])
def test_what_is_left_alone_goes_by_the_priority_that_it_has_now(another):
    one = desk(AgentProfile("ana", capacity=1), discipline="priority_fifo")
    first, second = (say(one, "hello", f"kim{i}", AT + i * MINUTE).ticket.id for i in range(2))
    delays = {NORMAL: 3 * HOUR, HIGH: 2 * HOUR, URGENT: timedelta(0)}
    delayed = attrs.evolve(one.configuration(), discipline=Discipline("priority_delay", delays=delays))
    one.handle(Configure(delayed, ANA), AT + HOUR)
    one.handle(Solve(first, ANA), AT + HOUR)
    if another:
        one = new_desk(one.store, tenant="acme")
    assert one.ticket(second).assignee is None
    one.handle(SetPriority(second, ANA, HIGH), AT + HOUR)
    one.tick(AT + 2 * HOUR)
    assert one.ticket(second).assignee is None
    one.tick(AT + 2 * HOUR + MINUTE)
    assert one.ticket(second).assignee == "ana"
    third = say(one, "hello", "kim3", AT + 3 * HOUR).ticket.id
    one.handle(Solve(second, ANA), AT + 3 * HOUR)
    assert one.ticket(third).assignee is None
    one.handle(SetPriority(third, ANA, URGENT), AT + 3 * HOUR)
    assert one.ticket(third).assignee == "ana"


@pytest.mark.parametrize("another", [False, True])
def test_what_is_due_first_goes_first_also_when_the_promise_is_new(another):
    one = desk(AgentProfile("ana", capacity=1), rules=RULES, discipline="earliest_deadline")
    first, _, third = (say(one, w, w, AT + i * MINUTE).ticket.id for i, w in enumerate(["hello", "LOW", "HIGH"]))
    one.handle(Configure(attrs.evolve(one.configuration(), policies=PROMISE), ANA), AT + HOUR)
    for sender in ("LOW", "HIGH"):
        say(one, "hello?", sender, AT + HOUR)
    if another:
        one = new_desk(one.store, tenant="acme")
    one.handle(Solve(first, ANA), AT + HOUR)
    assert one.ticket(third).assignee == "ana"


@pytest.mark.parametrize("another", [False, True])
def test_what_waits_is_due_by_a_new_promise_without_anybody_touching_it(another):
    """Its clock starts from its own beginning, by the next tick."""
    one = desk(AgentProfile("ana", capacity=1), rules=RULES, discipline="earliest_deadline")
    first, _, third = (say(one, w, w, AT + i * MINUTE).ticket.id for i, w in enumerate(["hello", "LOW", "HIGH"]))
    one.handle(Configure(attrs.evolve(one.configuration(), policies=PROMISE), ANA), AT + HOUR)
    assert one.clock(third) is None
    if another:
        one = new_desk(one.store, tenant="acme")
    one.tick(AT + HOUR)
    assert one.clock(third).reading("first_response").due == AT + 2 * MINUTE + 2 * HOUR
    one.handle(Solve(first, ANA), AT + HOUR)
    assert one.ticket(third).assignee == "ana"
    check_laws(one)


def test_a_new_promise_reaches_every_open_ticket_in_portions_and_a_missed_one_is_told_in_time(monkeypatch):
    monkeypatch.setattr(rearming, "PORTION", 2)
    one = desk(AgentProfile("ana", capacity=1), rules=RULES)
    tickets = [say(one, "URGENT", f"kim{i}", AT + i * MINUTE).ticket.id for i in range(5)]
    one.handle(Configure(attrs.evolve(one.configuration(), policies=PROMISE), ANA), AT + 5 * MINUTE)
    while one.tick(AT + 5 * MINUTE).woken:
        pass
    assert [one.clock(id).reading("first_response").due for id in tickets] == [AT + (20 + i) * MINUTE for i in range(5)]
    tighter = SlaPolicy("promise", [Goal("first_response", [Target(6 * MINUTE, URGENT)])])
    one.handle(Configure(attrs.evolve(one.configuration(), policies=[tighter]), ANA), AT + 8 * MINUTE)
    for minute in (8, 8, 8, 10, 12):
        one.tick(AT + minute * MINUTE)
    assert all(one.clock(id).reading("first_response").breached_at for id in tickets)
    check_laws(one)


@pytest.mark.parametrize("another", [False, True])
def test_what_wakes_is_due_as_its_clock_said_before(another):
    promise = SlaPolicy("promise", [Goal("first_resolution", [Target(HOUR, LOW)])])
    one = desk(AgentProfile("ana", capacity=1), rules=RULES, discipline="earliest_deadline", policies=[promise])
    other = new_desk(one.store, tenant="acme") if another else one
    due = say(one, "LOW", "kim").ticket.id
    one.handle(Pend(due, ANA), AT)
    taken, _ = (say(other, "hello", sender, AT + MINUTE).ticket.id for sender in ("lee", "mo"))
    before = one.history(Ref(Kind.CLOCK, due))
    say(one, "and now?", "kim", AT + 2 * MINUTE)
    assert one.history(Ref(Kind.CLOCK, due)) == before
    assert one.ticket(due).assignee is None
    other.handle(Solve(taken, ANA), AT + 3 * MINUTE)
    assert one.ticket(due).assignee == "ana"


def test_a_discipline_of_the_host_goes_before_that_of_the_configuration():
    config = Configuration([AgentProfile("ana", capacity=1)], discipline="priority_fifo")
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(discipline=Lifo()))
    tickets = [say(one, "hello", f"kim{i}", AT + i * MINUTE).ticket.id for i in range(3)]
    one.handle(Solve(tickets[0], ANA), AT + HOUR)
    assert one.ticket(tickets[2]).assignee == "ana"


def test_each_precedence_has_a_discipline_of_its_name():
    numbers = {"priority_delay": {"delays": {LOW: HOUR}}, "queue_ratio": {"parts": {LOW: 1}}}
    for by in Precedence:
        made = discipline_of(Discipline(by, **numbers.get(by, {})))
        assert made.name == by
        assert looks_at_deadlines(made) == (by is Precedence.EARLIEST_DEADLINE)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Configuration(discipline="fifo"), "Discipline.by"),
        (lambda: Configuration(discipline=4), "Configuration.discipline"),
        (lambda: Discipline("lifo", HOUR), "Discipline.head_start"),
        (lambda: Discipline("accumulating", costs={LOW: 1}), "Discipline.costs"),
        (lambda: Discipline("accumulating", power=3), "Discipline.power"),
        (lambda: Discipline("score_with_age", -HOUR), "Discipline.head_start"),
        (lambda: Discipline("score_with_age", 5), "Discipline.head_start"),
        (lambda: Discipline("priority_delay"), "Discipline.delays"),
        (lambda: Discipline("priority_delay", delays={LOW: -HOUR}), "Discipline.delays[low]"),
        (lambda: Discipline("priority_delay", delays={9: HOUR}), "Discipline.delays"),
        (lambda: Discipline("priority_delay", delays=HOUR), "Discipline.delays"),
        (lambda: Discipline("accumulating", paces=[(1, 2), (LOW, 2)]), "Discipline.paces"),
        (lambda: Discipline("accumulating", paces={LOW: -1}), "Discipline.paces[low]"),
        (lambda: Discipline("generalised_c_mu", power=9), "Discipline.power"),
        (lambda: Discipline("queue_ratio"), "Discipline.parts"),
        (lambda: Discipline("queue_ratio", parts={LOW: 0}), "Discipline.parts"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(make, field):
    with pytest.raises(InvalidInput) as refused:
        make()
    assert refused.value.field == field


def numbers_of(values):
    return st.dictionaries(st.sampled_from(Priority), values, min_size=1)


disciplines = st.one_of(
    st.builds(Discipline, st.sampled_from(["priority_fifo", "lifo", "earliest_deadline"])),
    st.builds(Discipline, st.just("score_with_age"), st.none() | spans),
    st.builds(Discipline, st.just("priority_delay"), delays=numbers_of(spans)),
    st.builds(Discipline, st.just("accumulating"), paces=st.just({}) | numbers_of(st.integers(0, 9))),
    st.builds(
        Discipline,
        st.just("generalised_c_mu"),
        costs=st.just({}) | numbers_of(st.integers(0, 9)),
        power=st.none() | st.integers(2, 8),
    ),
    st.builds(Discipline, st.just("queue_ratio"), parts=numbers_of(st.integers(1, 9))),
)


@given(disciplines, disciplines)
def test_a_file_says_the_same_as_the_value_and_so_does_a_store(discipline, other):
    file = DeskFile("acme", Configuration(discipline=discipline))
    assert read_desk(write_desk(file)) == file
    assert decode(Kind.CONFIGURATION, encode(file.configuration)) == file.configuration
    found = differences(file.configuration, Configuration(discipline=other))
    assert [item.path for item in found] == ([] if discipline == other else ["desk.discipline"])


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ('discipline = "lifoo"', "line 3: desk.discipline: must be one of"),
        ('discipline = "priority_delay"', "line 3: desk.discipline: is missing, which priority_delay goes by"),
        ("discipline = {}", "line 3: desk.discipline.by: is missing"),
        ('discipline = {by = "lifo", power = 2}', "line 3: desk.discipline.power: means nothing where"),
        ('discipline = {by = "accumulating", paces = {hot = 2}}', "line 3: desk.discipline.paces.hot: must be one of"),
        ('discipline = {by = "lifo", pace = 2}', "line 3: desk.discipline.pace: is not known here"),
    ],
)
def test_a_mistake_in_a_file_is_told_by_line_and_key(said, reason):
    with pytest.raises(InvalidInput) as refused:
        read_desk(f'[desk]\ntenant = "acme"\n{said}\n')
    assert str(refused.value).startswith(reason)
