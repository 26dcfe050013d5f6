"""The command that holds simulations to theory tells right from wrong; ``make proof`` runs all of it."""

import os
import subprocess
import sys

import attrs
import pytest

from ticketcore.sim import truth
from ticketcore.sim.statistics import Estimate
from ticketcore.sim.truth import Cell, agree, judge, models, table

SEED = int(os.environ.get("SIM_SEED", "20260105"))


@pytest.fixture(scope="module")
def cells():
    return judge(SEED, replications=8, tickets=2500)


@pytest.mark.slow
def test_every_figure_is_where_theory_says(cells):
    assert [cell for cell in cells if not cell.holds] == [], f"SIM_SEED={SEED}"
    assert sum(abs(cell.errors) <= 3 for cell in cells) >= 0.9 * len(cells), f"SIM_SEED={SEED}"


@pytest.mark.slow
def test_another_desk_is_found_out(cells, monkeypatch):
    """One agent more than the formula has, and nobody would believe it."""
    [model] = [model for model in models(2500) if model.name == "Erlang A, 4 agents"]
    [group] = model.scenario.groups
    other = attrs.evolve(model, scenario=attrs.evolve(model.scenario, groups=[attrs.evolve(group, size=5)]))
    monkeypatch.setattr(truth, "models", lambda tickets: [other])
    found = judge(SEED, replications=8, tickets=2500)
    assert {cell.figure for cell in found if not cell.holds} >= {"abandonment", "service_level"}
    assert len(found) < len(cells)


def test_a_table_says_what_is_outside():
    inside = Cell("Erlang C", "wait", 10.0, Estimate(10.5, 1.0, 0.99, 20), 1.2)
    outside = Cell("Erlang C", "utilisation", 0.5, Estimate(0.6, 0.05, 0.99, 20), 6.0)
    again = [
        attrs.evolve(inside, round=1, errors=-2.25),
        attrs.evolve(inside, figure="utilisation", round=1, errors=0.1),
    ]
    lines = table([inside, outside, *again]).splitlines()
    assert ["OUTSIDE" in line for line in lines] == [False, False, True, False, False]
    assert lines[1].endswith("  1.20 -2.25")
    assert lines[3].startswith("3 of 4 inside")
    assert lines[4] == "2 of 4 within 2 standard errors"


def test_all_are_inside_and_enough_are_near():
    cell = Cell("Erlang C", "wait", 10.0, Estimate(10.5, 1.0, 0.99, 20), 1.2)
    far = attrs.evolve(cell, errors=-2.1)
    assert agree([cell] * 17 + [far] * 3)
    assert not agree([cell] * 16 + [far] * 4)
    assert not agree([cell] * 19 + [attrs.evolve(cell, truth=12.0)])


@pytest.mark.slow
def test_the_command():
    asked = ["--tickets", "200", "--replications", "3", "--workers", "1", "--seed", "5", "--rounds", "2"]
    command = [sys.executable, "-m", "ticketcore.sim.truth", *asked]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode in (0, 1), ran.stderr
    assert ran.stdout.startswith("seed 5, 2 rounds of 3 replications of 200 tickets")
    assert "FCFS-ALIS, N" in ran.stdout
