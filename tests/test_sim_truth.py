"""Simulated queues against closed formulas: every figure within a band that its replications give.

``make proof`` runs 20 replications of 100,000 tickets each; the usual run is a sample of that.  How many figures lie
within two standard errors is counted by ``ticketcore.sim.truth``, which has enough of them.
"""

import os
from datetime import timedelta

import pytest
import sim_oracle as oracle

from ticketcore.engine import AgentFacts, Chance, LongestIdle
from ticketcore.sim.arrivals import Poisson
from ticketcore.sim.extents import SteadyState
from ticketcore.sim.laws import Exponential, Lognormal
from ticketcore.sim.running import replications
from ticketcore.sim.scenario import Group, Scenario, TicketClass

PROOF = os.environ.get("HYPOTHESIS_PROFILE") == "proof"
SEED = int(os.environ.get("SIM_SEED", "20260105"))
COUNT, TICKETS = (20, 100_000) if PROOF else (8, 4_000)
SURE = 0.9999

MINUTE = timedelta(minutes=1)
USUAL = Exponential(MINUTE)


def scenario(servers, *classes):
    return Scenario(classes, [Group(AgentFacts("agent", capacity=1), servers)])


def kind(id, per_minute, handling=USUAL, patience=None, priority=0):
    return TicketClass(id, Poisson(60 * per_minute), handling, patience, priority=priority)


LEAVES, WAITS, BUSY = oracle.erlang_a(50, 48, 1, 0.5)
HIGH, LOW = oracle.priority_waits(3, (1.2, 1.2), 1)
CELLS = {
    "Erlang A": (
        scenario(50, kind("a", 48, patience=Exponential(2 * MINUTE))),
        {"abandonment": LEAVES, "queue_time": 60 * WAITS, "utilisation": BUSY},
    ),
    "Erlang A, few": (
        scenario(4, kind("a", 5, patience=Exponential(MINUTE / 2))),
        dict(zip(("abandonment", "queue_time", "utilisation"), _few := [*oracle.erlang_a(4, 5, 1, 2)], strict=True)),
    ),
    "Erlang C": (
        scenario(6, kind("a", 4.5)),
        {"wait": 60 * oracle.erlang_c(6, 4.5) / 1.5, "utilisation": 4.5 / 6},
    ),
    "M/G/1": (
        scenario(1, kind("a", 0.6, Lognormal(MINUTE, 0.8))),
        {"wait": 60 * oracle.single_server_wait(0.6, 1, 0.8), "utilisation": 0.6},
    ),
    "priorities": (
        scenario(3, kind("high", 1.2, priority=2), kind("low", 1.2)),
        {"high.wait": 60 * HIGH, "low.wait": 60 * LOW},
    ),
}
CELLS["Erlang A, few"][1]["queue_time"] *= 60
NUMBER = sum(len(cells) for _, cells in CELLS.values())


@pytest.fixture(scope="module")
def far():
    """How many standard errors each figure is from its truth."""
    found = {}
    for name, (scene, cells) in CELLS.items():
        runs = [
            run.figures() for run in replications(scene, SteadyState(TICKETS, TICKETS // 5), seed=SEED, count=COUNT)
        ]
        for cell, truth in cells.items():
            found[name, cell] = oracle.errors([run[cell] for run in runs], truth)
    return found


def test_every_figure_is_within_the_joint_band(far):
    band = oracle.student(1 - (1 - SURE) / NUMBER, COUNT - 1)
    assert {cell: errors for cell, errors in far.items() if abs(errors) > band} == {}, f"SIM_SEED={SEED}"


def test_longest_idle_and_chance_leave_everybody_as_idle():
    """All policies that look at nothing but the order of idleness have one law (Doroudi, Gopalakrishnan, Wierman)."""
    scene = scenario(5, kind("a", 4, patience=Exponential(MINUTE)))
    idle = {}
    for policy in (LongestIdle(), Chance(7)):
        runs = list(replications(scene, SteadyState(TICKETS // 2, 200), policy, seed=SEED, count=COUNT))
        idle[policy.name] = [
            [1 - run.agents[agent].worked / run.agents[agent].duty for run in runs] for agent in range(5)
        ]
    band = oracle.student(1 - (1 - SURE) / 5, COUNT - 1)
    for one, other in zip(idle["longest_idle"], idle["random"], strict=True):
        assert abs(oracle.errors([a - b for a, b in zip(one, other, strict=True)], 0)) < band, f"SIM_SEED={SEED}"
