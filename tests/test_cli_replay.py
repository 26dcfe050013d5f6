"""``ticketcore simulate --replay``: what a desk has recorded, compared, checked and published."""

import json

import pytest
from click.testing import CliRunner

from ticketcore.cli.main import ticketcore
from ticketcore.config.scenarios import read_scenario
from ticketcore.stores import SqliteStore

DESK = """
[desk]
tenant = "acme"

[agents.ana]
capacity = 1

[agents.bo]
capacity = 2
"""

SAID = '"fact": "message", "channel": "chat", "account": "shop", "text": "Hello", "sender":'
ABOUT = '"about": {"channel": "chat", "account": "shop", "contact":'
FEED = f"""
{{"at": "2026-03-02T09:00:00Z", {SAID} "kim"}}
{{"at": "2026-03-02T09:01:00Z", {SAID} "lee"}}
{{"at": "2026-03-02T09:02:00Z", "fact": "focus", {ABOUT} "kim"}}, "agent": "ana", "open": true}}
{{"at": "2026-03-02T09:03:00Z", {SAID} "max"}}
{{"at": "2026-03-02T09:05:00Z", "fact": "focus", {ABOUT} "kim"}}, "agent": "ana", "open": false}}
{{"at": "2026-03-02T09:06:00Z", {SAID} "nan"}}
{{"at": "2026-03-02T09:09:00Z", "fact": "resolve", {ABOUT} "kim"}}, "agent": "ana"}}
{{"at": "2026-03-02T09:19:00Z", "fact": "resolve", {ABOUT} "lee"}}, "agent": "bo"}}
"""

STAFF = """
[agents.one]
size = 5
capacity = 1
teams = ["support"]
"""


def call(*arguments):
    return CliRunner().invoke(ticketcore, ["simulate", *arguments])


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A desk in a file, taken in by the command."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.toml").write_text(DESK)
    (tmp_path / "day.jsonl").write_text(FEED.lstrip())
    done = CliRunner().invoke(ticketcore, ["run", "day.jsonl", "--desk", "desk.toml", "--store", "desk.db"])
    assert done.exit_code == 0, done.output
    return tmp_path


def test_a_recorded_desk_under_several_policies(folder):
    asked = ("--replay", "desk.db", "--work", "slot", "--policy", "default", "--policy", "longest_idle")
    done = call(*asked, "--answer-within", "1 min", "--out", "study")
    assert done.exit_code == 0, done.output
    assert "1 replications of desk, seed 0" in done.stdout
    assert "not as it was:\npatience: " in done.stdout
    assert (folder / "study" / "unsaid.txt").read_text() in done.stdout
    assert {path.name for path in (folder / "study").iterdir()} >= {"report.html", "comparison.json", "table.txt"}
    told = json.loads(call(*asked, "--json").stdout)
    assert [one["policy"] for one in told["records"]] == ["default", "longest_idle"]
    assert {"presence", "patience"} <= {one["of"] for one in told["unsaid"]}


def test_where_nothing_is_known_of_work_it_is_asked_for():
    done = call("--replay", "desk.db")
    assert done.exit_code == 0, done.output
    assert "handling: 3 of 4 tickets, in 1 of 1 classes, were never open by an agent" in done.stdout
    given = call("--replay", "desk.db", "--handling", "20 min")
    assert "each takes 0:20:00" in given.stdout


def test_other_people(folder):
    (folder / "staff.toml").write_text(STAFF)
    asked = ("--replay", "desk.db", "--work", "slot", "--json")
    waits = [
        json.loads(done.stdout)["records"][0]["wait"] for done in (call(*asked), call(*asked, "--staff", "staff.toml"))
    ]
    assert waits[0] > waits[1] == 0
    (folder / "staff.toml").write_text(STAFF.replace("support", "sales"))
    done = call(*asked, "--staff", "staff.toml")
    assert done.exit_code == 2
    assert "staff.toml: Scenario.classes[0].requirement: nobody can take tickets of 'support/chat'" in done.stderr


def test_a_check_ends_with_1_where_a_decision_is_another():
    done = call("--replay", "desk.db", "--check")
    assert done.exit_code == 0, done.output
    assert done.stdout == (
        "5 decisions, 1 of them of which ticket goes first, and 0 tickets given by hand: 0 differences\n"
    ), done.stdout
    done = call("--replay", "desk.db", "--check", "--policy", "random")
    assert done.exit_code == 1
    assert "it was decided by 'fair_share_in_bands', and is now by 'random'" in done.stdout
    told = json.loads(call("--replay", "desk.db", "--check", "--policy", "random/lifo", "--json").stdout)
    assert told["decisions"] == 5
    assert len(told["differences"]) == 5


def test_an_export_is_a_scenario_and_each_has_other_names(folder):
    for name in ("one.toml", "two.toml"):
        done = call("--replay", "desk.db", "--work", "slot", "--export", name)
        assert done.stdout == f"export: {name}\n"
    one, two = ((folder / name).read_text() for name in ("one.toml", "two.toml"))
    assert one != two
    assert not {"ana", "bo", "kim", "support", "chat", "2026-03-02"} & set(one.replace('"', " ").split())
    figures = [
        json.loads(done.stdout)["records"][0]
        for done in (
            call("--replay", "desk.db", "--work", "slot", "--json"),
            call("one.toml", "--seeds", "1", "--json"),
            call("two.toml", "--seeds", "1", "--json"),
        )
    ]
    wanted = {name: value for name, value in figures[0].items() if "/" not in name and name != "scenario"}
    for other in figures[1:]:
        assert {name: other[name] for name in wanted} == wanted
    assert read_scenario(one).scenario.begin.isoformat() == "2026-01-05T09:00:00+00:00"
    call("--replay", "desk.db", "--work", "slot", "--export", "one.toml", "--keep-dates")
    assert read_scenario((folder / "one.toml").read_text()).scenario.begin.isoformat() == "2026-03-02T09:00:00+00:00"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "simulate needs a scenario, or --replay and a recorded desk; not both"),
        (["a.toml", "--replay", "desk.db"], "not both"),
        (["desk.toml", "--check"], "what is for a recorded desk needs --replay"),
        (["desk.toml", "--handling", "1 min"], "what is for a recorded desk needs --replay"),
        (["--replay", "none.db"], "'none.db' does not exist"),
        (["--replay", "desk.db", "--tenant", "nobody"], "keeps no desk of 'nobody'"),
        (["--replay", "desk.db", "--handling", "long"], "--handling: must be a length of time"),
        (["--replay", "desk.db", "--staff", "none.toml"], "none.toml: "),
        (["--replay", "desk.db", "--export", "no/where.toml"], "no/where.toml: "),
        (["--replay", "desk.db", "--check", "--policy", "random", "--policy", "default"], "so give one --policy"),
        (["--replay", "empty.db"], "empty.db: past: has nobody in it who was given a ticket"),
        (["--replay", "unfocused.db"], "or use --work slot"),
    ],
)
def test_what_cannot_be_used(folder, arguments, words):
    with SqliteStore(folder / "empty.db"):
        pass
    (folder / "unfocused.jsonl").write_text(FEED.lstrip().splitlines()[0])
    CliRunner().invoke(ticketcore, ["run", "unfocused.jsonl", "--desk", "desk.toml", "--store", "unfocused.db"])
    done = call(*arguments)
    assert done.exit_code == 2, done.output
    assert words in done.stderr
