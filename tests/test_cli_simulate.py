"""``ticketcore simulate``: from a file to a table, a page and records; it goes on where it was stopped."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from ticketcore.cli.main import ticketcore
from ticketcore.config.scenarios import read_scenario
from ticketcore.engine import Lifo, LongestIdle, PriorityFifo, default_policy
from ticketcore.errors import InvalidInput
from ticketcore.sim.comparing import compare
from ticketcore.sim.naming import DISCIPLINES, POLICIES, candidate_of

SCENARIO = """
extent = {length = "2h"}

[classes.chat]
arrivals = {process = "poisson", per_hour = 40}
handling = {law = "exponential", mean = "3 min"}
patience = {law = "exponential", mean = "4 min"}
answer_within = "1 min"
skills = {chat = 1}

[classes.mail]
arrivals = {process = "poisson", per_hour = 20}
handling = {law = "lognormal", mean = "4 min", cv = 1.2}
skills = {mail = 1}

[agents.both]
size = 2
capacity = 1
skills = {chat = 1, mail = 1}

[agents.chats]
size = 2
capacity = 1
skills = {chat = 1}
"""

OWN = """
class Last:
    name = "last"
    lasts = False
    takes_turns = False

    def rank(self, load, asked):
        return (-load.slot,)

    def credit(self, load):
        return 0

policy = Last()
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.toml").write_text(SCENARIO)
    return tmp_path


def call(*arguments):
    return CliRunner().invoke(ticketcore, ["simulate", *arguments])


@pytest.mark.slow
def test_one_command_is_a_study(folder):
    asked = ("desk.toml", "--policy", "longest_idle", "--policy", "longest_idle/lifo", "--seeds", "4", "--out", "study")
    done = call(*asked)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("policy ")
    assert "4 replications of desk, seed 0" in done.stdout
    assert "report: study/report.html" in done.stdout
    names = {"report.html", "table.txt", "records.csv", "comparison.json", "results.jsonl"}
    assert {path.name for path in (folder / "study").iterdir()} == names
    before = {path.name: path.read_bytes() for path in (folder / "study").iterdir()}
    records = list(csv.DictReader(before["records.csv"].decode().splitlines()))
    assert [record["policy"] for record in records] == ["longest_idle"] * 4 + ["longest_idle/lifo"] * 4
    assert call(*asked).stdout == done.stdout
    assert before == {path.name: path.read_bytes() for path in (folder / "study").iterdir()}
    assert len(before["results.jsonl"].splitlines()) == 8
    more = call(*asked[:5], "--seeds", "5", "--out", "study")
    assert more.exit_code == 0
    assert len((folder / "study" / "results.jsonl").read_bytes().splitlines()) == 10


def test_json():
    done = call("desk.toml", "--seeds", "2", "--json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["scenario"] == "desk"
    assert {record["policy"] for record in data["records"]} == {"default"}
    assert "of all tickets" in data["meanings"]["service_level"]


@pytest.mark.slow
def test_processes_make_no_difference(folder):
    asked = ("desk.toml", "--policy", "own:policy", "--policy", "random", "--seeds", "3", "--json")
    (folder / "own.py").write_text(OWN)
    assert call(*asked).stdout == call(*asked, "--workers", "2").stdout


@pytest.mark.slow
def test_a_study_that_is_killed_goes_on_where_it_was(folder):
    """A process is killed in the middle, and the same command again repeats nothing that it had finished."""
    asked = ("desk.toml", "--policy", "longest_idle", "--policy", "random", "--seeds", "20", "--workers", "2")
    kept = folder / "study" / "results.jsonl"
    program = f"from ticketcore.cli.main import ticketcore; ticketcore({['simulate', *asked, '--out', 'study']})"
    running = subprocess.Popen([sys.executable, "-c", program], start_new_session=True, stdout=subprocess.DEVNULL)
    while running.poll() is None and not (kept.exists() and kept.read_bytes().count(b"\n") >= 3):
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    finished = kept.read_bytes()
    whole = finished[: finished.rfind(b"\n") + 1]
    scenario, extent = read_scenario(SCENARIO)
    told, policies = [], [candidate_of(name) for name in ("longest_idle", "random")]
    again = compare(scenario, extent, policies, 20, results=kept, progress=lambda done, of: told.append((done, of)))
    after = kept.read_bytes()
    assert told[0][0] == whole.count(b"\n") >= 3
    assert told[-1] == (40, 40)
    assert after.startswith(whole)
    assert after.count(b"\n") == 40 == len(set(after.splitlines()))
    assert again.table() == compare(scenario, extent, policies, 20).table()


def test_a_policy_of_ones_own(folder):
    (folder / "mine.py").write_text(OWN + "\ndef made():\n    return Last()\n\nnothing = 1\n")
    for name in ("mine:policy", "mine:Last", "mine:made"):
        assert candidate_of(name, folder).policy.name == "last"
    for name in ("mine:nothing", "mine:absent", "nowhere:policy", ":policy"):
        with pytest.raises(InvalidInput, match="policy: "):
            candidate_of(name, folder)


def test_a_study_that_loses_paths_says_so_and_ends_with_1(folder):
    """A policy that fails when it is asked about a ticket that not every path has."""
    fails = OWN.replace(
        "def rank(self, load, asked):", "def rank(self, load, asked):\n        int(asked.ticket) % 211 or 1 / 0"
    )
    assert fails != OWN
    (folder / "frail.py").write_text(fails)
    done = call("desk.toml", "--policy", "default", "--policy", "frail:policy", "--seeds", "8")
    assert done.exit_code == 1, done.output
    assert "lost, and left out of all: frail:policy" in done.stdout
    (folder / "broken.py").write_text(fails.replace("% 211 or", "and"))
    done = call("desk.toml", "--policy", "broken:policy", "--seeds", "2")
    assert done.exit_code == 2, done.output
    assert "lost 2 of 2 replications, such as 0: ZeroDivisionError" in done.stderr


def test_names():
    assert candidate_of("default").policy == default_policy()
    assert candidate_of("longest_idle").discipline == PriorityFifo()
    assert (candidate_of("longest_idle/lifo").policy, candidate_of("x:y/lifo".replace("x:y", "random")).discipline) == (
        LongestIdle(),
        Lifo(),
    )
    for known in (POLICIES, DISCIPLINES):
        assert all(make().name == name for name, make in known.items() if name not in ("default", "power_of_choices"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["desk.toml", "--policy", "longst_idle"], "--policy: no policy is called 'longst_idle'; did you mean"),
        (["desk.toml", "--policy", "longest_idle/fifa"], "--policy: no discipline is called 'fifa'"),
        (["desk.toml", "--policy", "random", "--policy", "random"], "policies: must be some, each under a name"),
        (["none.toml"], "none.toml: "),
        (["broken.toml"], "broken.toml: line 1: "),
        (["short.toml"], "short.toml: does not say for how long it goes on"),
    ],
)
def test_what_cannot_be_used(folder, arguments, words):
    (folder / "broken.toml").write_text("classes = 1\n")
    (folder / "short.toml").write_text(SCENARIO.replace('extent = {length = "2h"}', ""))
    done = call(*arguments, "--seeds", "1")
    assert done.exit_code != 0
    assert words in done.stderr or words in str(done.exception)
