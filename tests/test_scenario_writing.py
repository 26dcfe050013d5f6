"""Scenarios as files: what is written is read as the same, and what a change says holds from then on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_scenarios import WHOLE
from test_sim import scenarios

from ticketcore.config.scenario_writing import write_scenario
from ticketcore.config.scenarios import ScenarioFile, read_scenario, read_staff
from ticketcore.engine import AgentFacts, HasSkill, Requirement
from ticketcore.errors import InvalidInput
from ticketcore.model import CapacityProfile
from ticketcore.model.capacity import Workload
from ticketcore.model.shifts import WorkShift
from ticketcore.sim.arrivals import Poisson, Trace
from ticketcore.sim.extents import SteadyState, Terminating
from ticketcore.sim.laws import FOREVER, Deterministic, InOrder
from ticketcore.sim.results import NONE
from ticketcore.sim.running import simulate
from ticketcore.sim.scenario import Change, Group, Scenario, TicketClass

MINUTE = timedelta(minutes=1)
EXTENTS = st.sampled_from(
    [None, SteadyState(9), SteadyState(5, 2 * MINUTE), Terminating(MINUTE), Terminating(MINUTE, False)]
)


def profiled(**said):
    return Workload(CapacityProfile("ana", **said), ())


RECORDED = Scenario(
    [
        TicketClass("a b", Trace([0 * MINUTE, MINUTE, MINUTE]), InOrder([MINUTE, 2 * MINUTE, 3 * MINUTE])),
        TicketClass(
            "c",
            Trace([MINUTE / 7]),
            InOrder([MINUTE]),
            InOrder([FOREVER]),
            requirement=Requirement(HasSkill("gold", 2)),
            channel="chat",
        ),
    ],
    [
        Group(
            AgentFacts("ana", workload=profiled(total=3, costs={"chat": 2}, exclusive=["chat"])),
            changes=[
                Change(timedelta(0), False),
                Change(MINUTE, True, AgentFacts("ana", {"gold": 2}, workload=profiled(total=4, daily_cap=3))),
                Change(2 * MINUTE, facts=AgentFacts("ana", {}, ["x"], {"floor": 2}, 2, workload=profiled(daily_cap=3))),
            ],
        )
    ],
    begin=datetime(2026, 3, 2, 9, tzinfo=UTC),
)


@given(scenarios(), EXTENTS)
@settings(max_examples=60)
def test_what_is_written_is_read_as_the_same(scenario, extent):
    text = write_scenario(ScenarioFile(scenario, extent))
    assert read_scenario(text) == (scenario, extent)
    assert read_staff(text) == scenario.groups


def test_what_is_recorded_is_written_too():
    assert read_scenario(write_scenario(ScenarioFile(RECORDED, None))).scenario == RECORDED


def test_a_whole_file_is_written():
    found = read_scenario(WHOLE)
    assert read_scenario(write_scenario(found)) == found


CLASS = TicketClass("a", Poisson(1), Deterministic(MINUTE))


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        (
            [
                Group(AgentFacts(id), shifts=[WorkShift("day", "09:00", end, "UTC", "FREQ=DAILY", date(2026, 1, 5))])
                for id, end in (("ana", "17:00"), ("bo", "18:00"))
            ],
            r"Group\.shifts: there are two shifts 'day'",
        ),
        (
            [Group(AgentFacts("ana", workload=Workload(CapacityProfile("p"), ())))],
            r"CapacityProfile\.id: must be 'ana'",
        ),
        (
            [Group(AgentFacts("ana", workload=profiled()), changes=[Change(MINUTE, facts=AgentFacts("ana"))])],
            r"AgentFacts\.workload: cannot be written",
        ),
        ([Group(AgentFacts("ana", last_released=5))], r"AgentFacts\.last_released: cannot be written"),
    ],
)
def test_what_no_file_can_say(groups, reason):
    with pytest.raises(InvalidInput, match=reason):
        write_scenario(ScenarioFile(Scenario([CLASS], groups), None))


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("changes = [{on_duty = false}]", r"line \d+: agents\.ana\.changes\[0\]\.after: is missing"),
        ('changes = [{after = "1 min", pace = 3}]', r"agents\.ana\.changes\[0\]\.pace: is not known here"),
        ('changes = [{after = "2 min"}, {after = "1 min"}]', r"agents\.ana\.changes\[1\]: is before the one above"),
        ('changes = [{after = "1 min", capacity = -1}]', r"agents\.ana\.changes\[0\]\.capacity: must be"),
        ('changes = [{after = "1 min", profile = {total = -1}}]', r"changes\[0\]\.profile\.total: must be"),
        ("profile = {total = -1}", r"agents\.ana\.profile\.total: must be"),
        ("profile = {}\ndaily_cap = 3", r"agents\.ana\.daily_cap: cannot stand beside a profile"),
    ],
)
def test_what_a_change_cannot_say(line, field):
    text = f"""
[classes.a]
arrivals = {{process = "poisson", per_hour = 1}}
handling = {{law = "in_order", lengths = ["1 min", "never"]}}

[agents.ana]
{line}
"""
    with pytest.raises(InvalidInput, match=field):
        read_scenario(text)


def test_what_changes_holds_from_then_on():
    """Ana comes on after a minute, and has the skill after three; bo takes one at a time until the sixth."""
    classes = [
        TicketClass("plain", Trace([0 * MINUTE, 4 * MINUTE]), InOrder([MINUTE, MINUTE])),
        TicketClass("gold", Trace([0 * MINUTE]), InOrder([MINUTE]), requirement=Requirement(HasSkill("gold"))),
        TicketClass("bo", Trace([MINUTE * 5] * 3), InOrder([9 * MINUTE] * 3), requirement=Requirement(HasSkill("bo"))),
    ]
    ana = Group(
        AgentFacts("ana", capacity=1),
        changes=[
            Change(0 * MINUTE, False),
            Change(MINUTE, True),
            Change(3 * MINUTE, facts=AgentFacts("ana", ["gold"], capacity=1)),
        ],
    )
    bo = Group(
        AgentFacts("bo", ["bo"], capacity=1),
        changes=[
            Change(0 * MINUTE, False),
            Change(5 * MINUTE, True),
            Change(6 * MINUTE, facts=AgentFacts("bo", ["bo"], capacity=2)),
            Change(
                7 * MINUTE, facts=AgentFacts("bo", ["bo"], workload=Workload(CapacityProfile("bo", 9, daily_cap=2), ()))
            ),
        ],
    )
    run = simulate(Scenario(classes, [ana, bo]), Terminating(12 * MINUTE, finish=False))
    begun = [None if at == NONE else (at - int(run.rows.arrived[0])) / 60_000_000 for at in run.rows.started.tolist()]
    assert begun == [1, 3, 4, 5, 6, None]
    assert [agent.duty / 60_000_000 for agent in run.agents] == [11, 7]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (
            lambda: Group(
                AgentFacts("a"), changes=[Change(MINUTE, True)], shifts=[WorkShift("d", "09:00", "10:00", "UTC")]
            ),
            r"Group\.changes: cannot say who is on duty beside shifts",
        ),
        (
            lambda: Group(AgentFacts("a"), changes=[Change(MINUTE, facts=AgentFacts("b"))]),
            r"Group\.changes: must be of 'a'",
        ),
        (lambda: Change(-MINUTE), r"Change\.after: must be at least 0"),
        (
            lambda: simulate(
                Scenario([TicketClass("a", Trace([MINUTE] * 2), InOrder([MINUTE]))], [Group(AgentFacts("a"))]),
                Terminating(5 * MINUTE),
            ),
            r"InOrder\.lengths: has fewer than there are tickets",
        ),
    ],
)
def test_what_cannot_be_used(make, reason):
    with pytest.raises(InvalidInput, match=reason):
        make()


def test_the_mean_of_what_never_ends():
    assert InOrder([MINUTE, FOREVER, 3 * MINUTE]).mean == 2 * MINUTE
    assert InOrder([FOREVER]).mean == FOREVER
