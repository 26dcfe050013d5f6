"""A sweep gives the same bytes whoever runs it, loses nothing that is finished, and compares like with like."""

import csv
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import variance

import attrs
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore.engine import (
    AgentFacts,
    Chance,
    FairShare,
    HasSkill,
    LeastActive,
    Lifo,
    LongestIdle,
    PriorityFifo,
    Requirement,
)
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.sim.arrivals import Poisson
from ticketcore.sim.comparing import Compared, compare
from ticketcore.sim.contents import content_key
from ticketcore.sim.extents import SteadyState, Terminating
from ticketcore.sim.laws import Exponential
from ticketcore.sim.outcomes import BUCKETS, Measure, outcome_of
from ticketcore.sim.results import NONE
from ticketcore.sim.running import simulate
from ticketcore.sim.scenario import Group, Scenario, TicketClass
from ticketcore.sim.statistics import ratio_of
from ticketcore.sim.sweeping import Candidate, Task, grid, keys_of, run_tasks, sweep

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TWO = Scenario(
    [
        TicketClass(
            "chat",
            Poisson(40),
            Exponential(3 * MINUTE),
            Exponential(4 * MINUTE),
            answer_within=MINUTE,
            requirement=Requirement(HasSkill("chat")),
        ),
        TicketClass("mail", Poisson(20), Exponential(4 * MINUTE), requirement=Requirement(HasSkill("mail"))),
    ],
    [
        Group(AgentFacts("both", capacity=1, skills={"chat": 1, "mail": 1}), size=2),
        Group(AgentFacts("chats", capacity=1, skills={"chat": 1}), size=2),
    ],
)
EVENING = Terminating(2 * HOUR)
TASKS = list(
    grid({"two": TWO}, EVENING, [Candidate("idle", LongestIdle()), Candidate("active", LeastActive())], 4, seed=3)
)


def told(swept):
    return msgspec.json.encode(swept.outcomes)


HERE = told(sweep(TASKS))


# The same bytes.


@settings(max_examples=10)
@given(st.integers(1, 9), st.integers(1, 5), st.randoms(use_true_random=False))
def test_threads_in_any_chunks_and_order(chunk, ahead, chance):
    order = list(range(len(TASKS)))
    chance.shuffle(order)
    with ThreadPoolExecutor(2) as threads:
        swept = sweep([TASKS[place] for place in order], threads, chunk=chunk, ahead=ahead)
    assert msgspec.json.encode([swept.outcomes[order.index(place)] for place in range(len(TASKS))]) == HERE


@pytest.mark.slow
def test_two_processes(tmp_path):
    with ProcessPoolExecutor(2) as processes:
        assert told(sweep(TASKS, processes, chunk=3, results=tmp_path / "r")) == HERE
    assert told(sweep(TASKS, results=tmp_path / "r")) == HERE


@pytest.mark.slow
def test_another_process_with_another_hash_seed(tmp_path):
    code = (
        "import sys, hashlib; sys.path.insert(0, 'tests'); from test_sweeping import *;"
        "print(hashlib.sha256(HERE).hexdigest(), *keys_of(TASKS))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[1],
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "77")
    }
    assert len(found) == 1


@pytest.mark.slow
def test_a_cluster_of_dask():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert told(sweep(TASKS, client.get_executor(), chunk=2)) == HERE


@pytest.mark.slow
def test_loky():
    loky = pytest.importorskip("loky")
    with loky.get_reusable_executor(max_workers=2) as processes:
        assert told(sweep(TASKS, processes, chunk=3)) == HERE


# What is finished is kept.


class Counting(Executor):
    """Runs tasks when they are handed over, and counts them."""

    def __init__(self, until=None):
        self.count, self.until = 0, until

    def submit(self, call, tasks):
        future = Future()
        if self.count == self.until:
            future.set_exception(KeyboardInterrupt())
        else:
            self.count += len(tasks)
            future.set_result(call(tasks))
        return future


def test_a_sweep_that_was_stopped_goes_on(tmp_path):
    file = tmp_path / "results.jsonl"
    stopped, again, once_more = Counting(until=3), Counting(), Counting()
    with pytest.raises(KeyboardInterrupt):
        sweep(TASKS, stopped, results=file, ahead=1)
    told_of = []
    assert told(sweep(TASKS, again, results=file, progress=lambda done, of: told_of.append((done, of)))) == HERE
    assert told(sweep(TASKS, once_more, results=file)) == HERE
    assert (stopped.count, again.count, once_more.count) == (3, 5, 0)
    assert told_of == [(done, 8) for done in range(3, 9)]


@given(st.integers(0, 400))
@settings(max_examples=12)
def test_a_line_that_was_not_written_whole_is_done_again(tmp_path_factory, cut):
    file = tmp_path_factory.mktemp("cut") / "results.jsonl"
    sweep(TASKS[:3], results=file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) - cut])
    assert told(sweep(TASKS[:3], results=file)) == told(sweep(TASKS[:3]))
    assert sorted(file.read_bytes().splitlines()) == sorted(whole.splitlines())


def test_a_file_of_something_else_is_refused(tmp_path):
    (tmp_path / "notes").write_text("hello\n")
    with pytest.raises(InvalidInput) as refused:
        sweep(TASKS, results=tmp_path / "notes")
    assert (refused.value.field, refused.value.line) == (str(tmp_path / "notes"), 1)
    assert (tmp_path / "notes").read_text() == "hello\n"


def test_equal_tasks_are_simulated_once():
    counting = Counting()
    swept = sweep([TASKS[0], TASKS[1], attrs.evolve(TASKS[0], named="other")], counting)
    assert counting.count == 2
    assert swept.outcomes[0] is swept.outcomes[2]


# Workers that die.


@attrs.frozen
class Deadly:
    """Kills its process when it is asked about its ticket."""

    ticket: str = "1000000040"
    name = "deadly"
    lasts = False
    takes_turns = False

    def rank(self, load, asked):
        if asked.ticket >= self.ticket:
            os.kill(os.getpid(), signal.SIGKILL)
        return (0,)

    def credit(self, load):
        return 0


@pytest.mark.slow
def test_a_worker_that_dies_loses_its_task_only():
    deadly = Task(TWO, EVENING, Candidate("deadly", Deadly()), seed=3, named="two")
    tasks = [*TASKS[:5], deadly, *TASKS[5:]]
    swept = sweep(tasks, partial(ProcessPoolExecutor, 2), chunk=2, ahead=2)
    assert [task for task, _ in swept.lost] == [deadly]
    assert "BrokenProcessPool" in swept.lost[0][1]
    assert msgspec.json.encode([each for each in swept.outcomes if each is not None]) == HERE
    with pytest.raises(InvalidInput, match=r"policies\['deadly'\]: lost 2 of 2 replications, such as 0: BrokenProcess"):
        compare(TWO, EVENING, [LongestIdle(), Deadly()], 2, executor=partial(ProcessPoolExecutor, 2))


class Breaking(Counting):
    """Breaks before it runs anything of the third task."""

    def submit(self, call, tasks):
        if self.count >= 2:
            raise BrokenExecutor("gone")
        return super().submit(call, tasks)


def test_of_an_executor_that_cannot_be_made_again_the_rest_is_lost(tmp_path):
    swept = sweep(TASKS, Breaking(), results=tmp_path / "r")
    assert [outcome is None for outcome in swept.outcomes] == [False] * 2 + [True] * 6
    assert [task for task, _ in swept.lost] == TASKS[2:]
    assert told(sweep(TASKS, results=tmp_path / "r")) == HERE


@attrs.frozen
class Failing(Deadly):
    """Raises where the other kills."""

    def rank(self, load, asked):
        raise RuntimeError(f"asked about {asked.ticket}")


@pytest.mark.parametrize("executor", [None, Counting()])
def test_a_path_that_fails_is_lost_and_the_others_are_not(executor, tmp_path):
    failing = Task(TWO, EVENING, Candidate("failing", Failing()), named="two")
    swept = sweep([TASKS[0], failing, TASKS[1]], executor, results=tmp_path / "r", chunk=3)
    assert swept.lost == ((failing, "RuntimeError: asked about 1000000000"),)
    assert [outcome is None for outcome in swept.outcomes] == [False, True, False]
    assert len((tmp_path / "r").read_bytes().splitlines()) == 2


@attrs.frozen
class Choosy(Failing):
    """Raises where a path has more tickets than it likes."""

    def rank(self, load, asked):
        return (load.slot,) if asked.ticket < self.ticket else super().rank(load, asked)


def test_a_study_that_loses_paths_compares_the_rest_on_the_same_tickets():
    """Whoever fails on long paths alone loses those for all, and no other."""
    sizes = sorted(len(simulate(TWO, EVENING, seed=3, replication=number).rows) for number in range(5))
    choosy = Choosy(str(1_000_000_000 + sizes[2]))
    gone = []
    for number in range(5):
        try:
            simulate(TWO, EVENING, choosy, seed=3, replication=number)
        except RuntimeError:
            gone.append(number)
    assert 1 <= len(gone) <= 2
    left = [number for number in range(5) if number not in gone]
    compared = compare(TWO, EVENING, [LongestIdle(), choosy], 5, seed=3, named="two")
    assert [(each.policy, each.replication) for each in compared.lost] == [("deadly", number) for number in gone]
    assert compared.replications == tuple(left)
    whole = compare(TWO, EVENING, [LongestIdle()], 5, seed=3, named="two").outcomes["longest_idle"]
    assert list(compared.outcomes["longest_idle"]) == [whole[number] for number in left]
    assert [record["replication"] for record in compared.records()] == left * 2
    assert f"left out of all: deadly {gone[0]}: RuntimeError: asked about" in compared.table()
    assert json.loads(compared.json())["lost"][0]["replication"] == gone[0]
    assert {each.estimate.count for each in compared.differences("wait")} == {len(left)}
    with pytest.raises(InvalidInput, match=r"policies\['failing'\]: lost 5 of 5 replications, such as 0: RuntimeError"):
        compare(TWO, EVENING, [LongestIdle(), Candidate("failing", Failing())], 5, seed=3)


# Contents.


def test_content_is_what_a_value_is_and_not_which():
    assert content_key(TWO, {1, 2}, {"a": 1, "b": 2}) == content_key(attrs.evolve(TWO), {2, 1}, {"b": 2, "a": 1})
    keys = [
        content_key(value)
        for value in (
            *(1, 1.0, True, "1", b"1", None, (), (1,), [(1,)], frozenset({1}), timedelta(1), Random(1), Random(2)),
            *(Chance(1), Chance(2), LeastActive(), LeastActive, partial(int, "1"), partial(int, "2"), len, max),
            *(lambda: 1, lambda: 2, Deadly(), Failing(), TWO, EVENING, attrs.evolve(EVENING, finish=False)),
        )
    ]
    assert len(set(keys)) == len(keys)


def test_a_policy_with_other_code_is_another_one():
    def made(body):
        space = {"__name__": "own"}
        exec(f"class Own:\n    name = 'own'\n    def rank(self, load, asked):\n        return {body}", space)
        return content_key(space["Own"]())

    assert made("(load.open,)") == made("(load.open,)") != made("(-load.open,)")


def test_what_has_no_content_is_refused(tmp_path):
    with (tmp_path / "f").open("w") as file, pytest.raises(InvalidInput):
        content_key(file)


def test_the_key_is_of_everything_but_names():
    task = TASKS[0]
    others = [
        attrs.evolve(task, seed=4),
        attrs.evolve(task, replication=9),
        attrs.evolve(task, extent=SteadyState(100)),
        attrs.evolve(task, scenario=attrs.evolve(TWO, groups=TWO.groups[:1])),
        attrs.evolve(task, candidate=Candidate("idle", FairShare())),
        attrs.evolve(task, candidate=Candidate("idle", LongestIdle(), Lifo())),
    ]
    assert len(set(keys_of([task, *others]))) == 7
    assert keys_of([task]) == keys_of([attrs.evolve(task, named="x", candidate=Candidate("y", LongestIdle()))])


# What is kept of a path.


@given(st.integers(0, 50), st.sampled_from([EVENING, SteadyState(60, warm_up=20), Terminating(HOUR, finish=False)]))
@settings(max_examples=15)
def test_an_outcome_against_its_rows(seed, extent):
    run = simulate(TWO, extent, LongestIdle(), seed=seed)
    outcome = outcome_of(run, TWO)
    values = {each.name: each.value for each in outcome.measures}
    assert {name: value for name, value in run.figures().items() if name != "idle_spread"} == pytest.approx(
        {name: value for name, value in values.items() if name[0] != "p" and name != "evenness"}
    )
    rows, curves = run.rows, outcome.curves
    begin, end = curves.begin * 1e6, (curves.begin + curves.step * BUCKETS) * 1e6
    total = 0.0
    for arrived, started, ended in zip(rows.arrived, rows.started, rows.ended, strict=True):
        until = started if started != NONE else ended if ended != NONE else run.end
        total += max(0, min(until, end) - max(arrived, begin))
    assert sum(curves.queue) * curves.step == pytest.approx(total / 1e6, rel=1e-6, abs=1e-3)
    assert len(curves.queue) == len(curves.waits) == BUCKETS
    assert min(curves.queue) >= 0
    served = sum(item.served for item in run.classes)
    assert sum(count for *_, count in outcome.taken) == sum(count for _, count in outcome.waits) == served
    assert not [group for group, item, _ in outcome.taken if (group, item) == ("chats", "mail")]


def test_rows_are_needed():
    with pytest.raises(InvalidInput, match="not kept"):
        outcome_of(simulate(TWO, EVENING, keep_rows=False), TWO)


# Comparing.


COMPARED = compare(
    TWO, EVENING, [LongestIdle(), LeastActive(), Candidate("last first", LongestIdle(), Lifo())], 5, seed=3
)


def test_ratios_are_of_sums():
    own = [
        next(each for each in outcome.measures if each.name == "chat.abandonment")
        for outcome in COMPARED.outcomes["longest_idle"]
    ]
    expected = ratio_of([each.top for each in own], [each.bottom for each in own])
    assert COMPARED.estimates("chat.abandonment")["longest_idle"] == expected
    assert expected.mean == pytest.approx(sum(each.top for each in own) / sum(each.bottom for each in own))


def test_common_random_numbers_make_a_difference_sure():
    """Of 50 against 51 agents, the paired difference varies twenty times less than that of two alone."""
    calls = TicketClass("calls", Poisson(48 * 60), Exponential(MINUTE), patience=Exponential(2 * MINUTE))
    paths = {}
    for size in (50, 51):
        desk = Scenario([calls], [Group(AgentFacts("agent", capacity=1), size=size)])
        paths[size] = compare(desk, SteadyState(3000, 300), [LongestIdle()], 24).values("abandonment")["longest_idle"]
    pairs = [one - other for one, other in zip(paths[50], paths[51], strict=True)]
    assert variance(paths[50]) + variance(paths[51]) > 20 * variance(pairs)
    assert min(pairs) > 0


def test_records_table_and_json_say_the_same():
    records = list(csv.DictReader(COMPARED.csv().splitlines()))
    assert len(records) == 15
    assert [record["policy"] for record in records[::5]] == ["longest_idle", "least_active", "last first"]
    data = msgspec.json.decode(COMPARED.json())
    estimates = COMPARED.estimates("wait")
    assert data["estimates"]["wait"]["last first"]["mean"] == estimates["last first"].mean
    assert float(records[0]["wait"]) == data["records"][0]["wait"]
    assert len(data["differences"]["wait"]) == 3
    table = COMPARED.table(["wait", "chat.abandonment"]).splitlines()
    assert table[0].split() == ["policy", "wait", "chat.abandonment"]
    assert f"{estimates['longest_idle'].mean:.0f}" in table[1]
    assert "5 replications of scenario, seed 3; +- 95% half width" in table
    assert set(COMPARED.best("wait")) <= set(COMPARED.outcomes)
    assert COMPARED.front()
    assert {each.other for each in COMPARED.differences("wait", to="longest_idle")} == {"longest_idle"}


def test_the_best_has_the_least_wait_and_the_most_service():
    def outcomes(wait, level):
        blank = COMPARED.outcomes["longest_idle"][0]
        return tuple(
            attrs.evolve(
                blank, measures=(Measure("mail.wait", wait + number, 1), Measure("service_level", level, 10 + number))
            )
            for number in range(4)
        )

    compared = Compared("made up", 0, {"a": outcomes(20, 5), "b": outcomes(10, 9), "c": outcomes(30, 9)})
    assert compared.figures == ("mail.wait", "service_level")
    assert compared.best("mail.wait") == ("b",)
    assert compared.best("service_level") == ("b", "c")
    assert compared.front("mail.wait", "service_level") == ("b",)


def test_what_cannot_be_compared():
    with pytest.raises(InvalidInput, match="policies"):
        compare(TWO, EVENING, [], 2)
    with pytest.raises(InvalidInput, match="policies"):
        compare(TWO, EVENING, [LongestIdle(), LongestIdle()], 2)
    with pytest.raises(InvalidInput, match="count"):
        compare(TWO, EVENING, [LongestIdle()], 0)
    with pytest.raises(NotFound):
        COMPARED.estimates("speed")
    single = Compared("one", 0, {"a": COMPARED.outcomes["longest_idle"][:1], "b": COMPARED.outcomes["last first"][:1]})
    with pytest.raises(InvalidInput, match="count"):
        single.best("wait")
    assert single.estimates("wait")["a"].count == 1
    assert "?" in single.table(["wait"])
    assert run_tasks([]) == ()
    assert PriorityFifo() == Candidate("x", LongestIdle()).discipline
