"""What the command line tells of agents."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from ticketcore import Desk, Inbound
from ticketcore.cli.main import ticketcore
from ticketcore.commands import SetCapacity, SetPresence
from ticketcore.config import read_desk
from ticketcore.model import Actor
from ticketcore.stores import SqliteStore

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DESK = """
[desk]
tenant = "shop"
distribution = "round_robin"

[skills]
rings = {}

[capacity_profiles.usual]
total = 4
costs = {chat = 2}

[agents.ana]
name = "Ana"
capacity = 3
skills = {rings = 4}

[agents.bo]
presence = "away"
capacity = 1

[agents.cleo]
teams = []
weight = 50
capacity_profile = "usual"
"""
MANAGER = Actor("agent", "eve")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a desk where ana has three, of which she takes two, and bo comes on two hours later."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.toml").write_text(DESK)
    with SqliteStore("desk.db", durability="normal") as store:
        desk = Desk(store, tenant="shop", config=read_desk(DESK).configuration)
        desk.configuration()
        for i in range(4):
            desk.receive(Inbound("chat", "s", f"k{i}", "Hi"), AT)
        desk.handle(SetCapacity("ana", MANAGER, 2), AT)
        desk.handle(SetPresence("bo", MANAGER, "available"), AT + 2 * HOUR)
        desk.handle(SetPresence("cleo", MANAGER, "offline"), AT + 2 * HOUR)
    return tmp_path


def call(*arguments):
    return CliRunner().invoke(ticketcore, [str(each) for each in arguments])


def test_it_tells_who_has_what_and_why_somebody_is_given_less(folder):
    done = call("agents", "--store", "desk.db", "--at", "2026-03-02T13:00Z", "--json")
    assert done.exit_code == 0, done.output
    told = {one["agent"]: one for one in json.loads(done.stdout)["agents"]}
    ana, bo, cleo = told["ana"], told["bo"], told["cleo"]
    assert (ana["name"], ana["skills"], ana["presence"]) == ("Ana", {"rings": 4}, "available")
    assert (ana["open"], ana["used"], ana["total"], ana["debt"], ana["today"], ana["hours"]) == (3, 3, 2, 1, 3, 4.0)
    assert ana["why"] == ["has 1 more than they take", "has had 1.0 tickets more than the others"]
    assert (bo["open"], bo["debt"], bo["today"], bo["hours"]) == (1, 0, 1, 2.0)
    assert bo["why"] == ["is full", "was there 2.0 hours, usual are 2.7"]
    assert (cleo["presence"], cleo["used"], cleo["total"], cleo["weight"]) == ("offline", 0, 4, 50)
    assert cleo["why"][:1] == ["is offline"]
    assert cleo["why"][-1] == "has a share of 50 percent"


def test_a_day_later_nobody_was_given_anything_today(folder):
    done = call("agents", "--store", "desk.db", "--at", "2026-03-03T00:00Z", "--json")
    assert [(one["today"], one["hours"]) for one in json.loads(done.stdout)["agents"]] == [(0, 0.0)] * 3


def test_for_a_person_it_is_a_table_of_a_team(folder):
    done = call("agents", "--store", "desk.db", "--team", "support", "--at", "2026-03-02T13:00Z")
    head, ana, bo = (line.split() for line in done.stdout.splitlines())
    assert head[:5] == ["agent", "presence", "load", "open", "offered"]
    assert ana[:4] == ["ana", "available", "3/2", "3"]
    assert bo[:4] == ["bo", "available", "1/1", "1"]
    assert "is full" in " ".join(bo)
    assert call("agents", "--store", "desk.db", "--team", "nobody").stdout == "no agents\n"


def test_what_is_no_time_is_refused_by_name(folder):
    done = call("agents", "--store", "desk.db", "--at", "soon")
    assert str(done.exception).startswith("--at: must be a date and time")
