"""Scenarios in files: what they say, and which key is at fault."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.calendar import BusinessCalendar
from ticketcore.config.scenarios import read_scenario
from ticketcore.engine import AgentFacts, All, HasSkill, InTeam, Requirement
from ticketcore.errors import InvalidInput
from ticketcore.model import CapacityProfile, EscalationPlan, EscalationStep, Workload
from ticketcore.model.shifts import WorkShift
from ticketcore.sim.arrivals import Batched, Busy, Piecewise, Poisson, Sinusoidal, Trace
from ticketcore.sim.extents import SteadyState, Terminating
from ticketcore.sim.journeys import Bot, Offers, Retrials, Touches
from ticketcore.sim.laws import Deterministic, Empirical, Erlang, Exponential, Gamma, Lognormal, Periodic
from ticketcore.sim.scenario import Group, Scenario, TicketClass

MINUTE = timedelta(minutes=1)

WHOLE = """
begin = 2026-03-02T08:00:00+01:00
costs = {mail = 2}

[extent]
tickets = 1000
warm_up = "2 h"

[classes.calls]
arrivals = {process = "piecewise", per_hour = [10, 20.5], step = "1 h", busy = {cv = 0.3}}
handling = {law = "lognormal", mean = "4 min", cv = 1.2}
patience = {law = "exponential", mean = "2 min"}
wrap_up = {law = "deterministic", mean = "30 s"}
skills = {spanish = 2}
requirement = {must = {team = "front"}}
channel = "phone"
priority = 2
answer_within = "20 s"

[classes.mails]
arrivals = {process = "sinusoidal", per_hour = 5, swing = 0.2, period = "1 day", peak = "9 h", batch = {mean = 2}}
handling = {law = "erlang", mean = "6 min", stages = 3}
channel = "mail"
team = "front"
due = "1 day"

[classes.old]
arrivals = {process = "trace", at = ["1 min", "90 s"]}
handling = {law = "empirical", lengths = ["1 min", "5 min"]}

[classes.chats]
arrivals = {process = "poisson", per_hour = 9}
patience = {law = "exponential", mean = "1 min"}
answer_within = "1 h"
calendar = "office"
bot = {share = 0.3, handling = {law = "exponential", mean = "1 min"}}
retrials = {share = 0.5, after = {law = "exponential", mean = "5 min"}, most = 3}
solve_within = "2 h"
queue = "slow"
escalation = "wider"
offers = {within = "20 s", answer = {law = "exponential", mean = "5 s"}, accepts = 0.9, exhausted = "ask_again"}

[classes.chats.handling]
law = "periodic"
step = "1 h"
laws = [{law = "exponential", mean = "1 min"}, {law = "gamma", mean = "2 min"}]

[classes.chats.touches]
silence = {law = "exponential", mean = "2 h"}
shares = [0.5, 0.5]
handling = {law = "exponential", mean = "3 min"}
returns_within = "1 h"
holds = true

[escalations.wider.steps.sooner]
after = "3 min"
raised = 1

[calendars.office]
tz = "Europe/Berlin"
weekly = [[0, "09:00", "17:00"]]

[agents.ana]
skills = {spanish = 3}
teams = ["front"]
capacity = 4
channel_limits = {mail = 1}
daily_cap = 50
weight = 50
attributes = {floor = 2, city = "Lima"}

[shifts.day]
start = "09:00"
end = "17:30"
zone = "Europe/Berlin"

[agents.first]
size = 10
shifts = ["day"]
at_shift_end = "hand_back"
pace = 120
speeds = [100, 80]
teams = ["front"]
handling.calls = {law = "gamma", mean = "5 min", cv = 0.5}
"""


def test_a_whole_file():
    found = read_scenario(WHOLE)
    calls, mails, old, chats = found.scenario.classes
    assert found.extent == SteadyState(1000, timedelta(hours=2))
    assert calls == TicketClass(
        "calls",
        Busy(Piecewise([10, 20.5], timedelta(hours=1)), 0.3),
        Lognormal(4 * MINUTE, 1.2),
        Exponential(2 * MINUTE),
        Requirement(All((HasSkill("spanish", 2), InTeam("front")))),
        channel="phone",
        priority=2,
        wrap_up=Deterministic(MINUTE / 2),
        answer_within=timedelta(seconds=20),
    )
    assert mails.arrivals == Batched(Sinusoidal(5, 0.2, timedelta(days=1), timedelta(hours=9)), 2)
    assert (mails.handling, mails.team, mails.due) == (Erlang(6 * MINUTE, 3), "front", timedelta(days=1))
    assert (old.arrivals, old.handling) == (Trace([MINUTE, 1.5 * MINUTE]), Empirical([MINUTE, 5 * MINUTE]))
    assert chats == TicketClass(
        "chats",
        Poisson(9),
        Periodic([Exponential(MINUTE), Gamma(2 * MINUTE)], timedelta(hours=1)),
        Exponential(MINUTE),
        answer_within=timedelta(hours=1),
        hours=BusinessCalendar("Europe/Berlin", [(0, "09:00", "17:00")]),
        bot=Bot(0.3, Exponential(MINUTE)),
        touches=Touches(
            Exponential(timedelta(hours=2)),
            shares=[0.5, 0.5],
            handling=Exponential(3 * MINUTE),
            returns_within=timedelta(hours=1),
            holds=True,
        ),
        retrials=Retrials(0.5, Exponential(5 * MINUTE), 3),
        solve_within=timedelta(hours=2),
        escalation=EscalationPlan("wider", [EscalationStep("sooner", 3 * MINUTE, raised=1)]),
        offers=Offers(timedelta(seconds=20), Exponential(MINUTE / 12), 0.9, "ask_again"),
        queue="slow",
    )
    ana, first = found.scenario.groups
    attributes = {"floor": 2, "city": "Lima"}
    limits = Workload(CapacityProfile("ana", 4, {"mail": 2}, {"mail": 1}, daily_cap=50), ())
    assert ana == Group(AgentFacts("ana", {"spanish": 3}, ["front"], attributes, 4, 50, workload=limits))
    day = WorkShift("day", "09:00", "17:30", "Europe/Berlin")
    own = {"calls": Gamma(5 * MINUTE, 0.5)}
    assert first == Group(AgentFacts("first", teams=["front"]), 10, 120, own, [day], "hand_back", [100, 80])
    assert found.scenario.costs == (("mail", 2),)
    assert found.scenario.begin.isoformat() == "2026-03-02T08:00:00+01:00"


SHORT = """
[classes.a]
arrivals = {process = "poisson", per_hour = 60}
handling = {law = "exponential", mean = "1 min"}
[agents.p]
"""


def test_a_short_file():
    found = read_scenario(SHORT)
    assert found.extent is None
    assert found.scenario == Scenario([TicketClass("a", Poisson(60), Exponential(MINUTE))], [Group(AgentFacts("p"))])
    assert read_scenario(f'extent = {{length = "8 h", finish = false}}\n{SHORT}').extent == Terminating(
        timedelta(hours=8), False
    )


TOUCHES = "[classes.a.touches]\nsilence = {law = 'exponential', mean = '1 h'}\n"
EXPONENTIAL = "{law = 'exponential', mean = '1 s'}"
FAULTS = [
    ("[agents.p]", f"{TOUCHES}[agents.p]", "classes.a.touches.again", 5),
    ("[agents.p]", f"{TOUCHES}again = 1\n[agents.p]", "classes.a.touches.again", 7),
    ("[agents.p]", f"{TOUCHES}shares = [0.5, 0.1]\n[agents.p]", "classes.a.touches.shares", 7),
    ("[agents.p]", f"{TOUCHES}again = 0.5\nreturns = 'her'\n[agents.p]", "classes.a.touches.returns", 8),
    ("[agents.p]", f"{TOUCHES}again = 0.5\nsilent = 1\n[agents.p]", "classes.a.touches.silent", 8),
    ("[agents.p]", "[classes.a.touches]\nagain = 0.5\n[agents.p]", "classes.a.touches.silence", 5),
    ("[agents.p]", f"retrials = {{share = 0.5, after = {EXPONENTIAL}}}\n[agents.p]", "classes.a.retrials", 5),
    ("[agents.p]", f"bot = {{share = 1, handling = {EXPONENTIAL}}}\n[agents.p]", "classes.a.bot.share", 5),
    ("[agents.p]", "calendar = 'office'\n[agents.p]", "classes.a.calendar", 5),
    ("[agents.p]", "calendar = 'x'\n[calendars.x]\ntz = 'UTC'\nweekly = '24/7'\n[agents.p]", "classes.a.calendar", 5),
    ("[agents.p]", "[calendars.x]\ntz = 'Mars'\n[agents.p]", "calendars.x.tz", 6),
    ('handling = {law = "exponential", mean', 'handling = {law = "periodic", mean', "classes.a.handling.mean", 4),
    (
        '{law = "exponential", mean = "1 min"}',
        '{law = "periodic", laws = [{law = "odd"}]}',
        "classes.a.handling.laws[0].law",
        4,
    ),
    ("[agents.p]", "escalation = 'wide'\n[agents.p]", "classes.a.escalation", 5),
    (
        "[agents.p]",
        "escalation = 'w'\n[escalations.w.steps.x]\nafter = '1 s'\nqueues = ['q']\n[agents.p]",
        "classes.a.escalation",
        5,
    ),
    (
        "[agents.p]",
        "escalation = 'w'\n[escalations.w.steps.x]\nafter = '1 s'\nteams = ['q']\n[agents.p]",
        "classes.a.escalation",
        5,
    ),
    ("[agents.p]", "[escalations.w.steps.x]\nafter = '1 s'\n[agents.p]", "escalations.w.steps.x", 5),
    ("[agents.p]", "requirement = {escalation = 'w'}\n[agents.p]", "classes.a.requirement", 5),
    ("[agents.p]", "offers = {within = '9 s'}\n[agents.p]", "classes.a.offers.answer", 5),
    ("[agents.p]", f"offers = {{answer = {EXPONENTIAL}}}\n[agents.p]", "classes.a.offers.within", 5),
    (
        "[agents.p]",
        f"offers = {{within = '9 s', answer = {EXPONENTIAL}, accepts = 0}}\n[agents.p]",
        "classes.a.offers.accepts",
        5,
    ),
    (
        "[agents.p]",
        "offers = {within = '9 s', recorded = [], accepts = 0.5}\n[agents.p]",
        "classes.a.offers.accepts",
        5,
    ),
    (
        "[agents.p]",
        "offers = {within = '9 s', recorded = [[['1 s']]]}\n[agents.p]",
        "classes.a.offers.recorded[0][0]",
        5,
    ),
    (
        "[agents.p]",
        "offers = {within = '9 s', recorded = [[['1 s', 1]]]}\n[agents.p]",
        "classes.a.offers.recorded[0][0][1]",
        5,
    ),
    ("\n[classes.a]\na", "\ncosts = {mail = 2}\n[classes.a]\na", "costs.mail", 2),
    ("[agents.p]", "channel = 'mail'\n[agents.p]\nchannel_limits = {mial = 2}", "agents.p.channel_limits", 7),
    ("[agents.p]", "queue = 'q'\n[agents.p]\nprofile = {queue_limits = {p = 2}}", "agents.p.profile.queue_limits", 7),
    (
        "[agents.p]",
        "[agents.p]\nchanges = [{after = '1 s', profile = {exclusive = ['x']}}]",
        "agents.p.changes[0].profile.exclusive",
        6,
    ),
    ("[agents.p]", "[agents.p]\nsize = 1000000", "agents.p.size", 6),
    ("[agents.p]", "[agents.p]\nchannel_limits = 1", "agents.p.channel_limits", 6),
    ("[agents.p]", "[agents.p]\nprofile = {exclusive = 1}", "agents.p.profile.exclusive", 6),
    ("per_hour = 60", "per_hour = 1e308", "classes.a.arrivals.per_hour", 3),
    ("per_hour = 60", "per_hour = nan", "classes.a.arrivals.per_hour", 3),
    ("[agents.p]", "[agents.p]\nspeeds = [0]", "agents.p.speeds[0]", 6),
    ('poisson", per_hour = 60', 'poison", per_hour = 60', "classes.a.arrivals.process", 3),
    ("per_hour = 60", "per_hour = 0", "classes.a.arrivals.per_hour", 3),
    ("per_hour = 60}", "rate = 60}", "classes.a.arrivals.rate", 3),
    (", per_hour = 60", "", "classes.a.arrivals.per_hour", 3),
    ("per_hour = 60}", 'per_hour = 60, busy = {cv = "big"}}', "classes.a.arrivals.busy.cv", 3),
    ('process = "poisson", per_hour = 60', "per_hour = 60", "classes.a.arrivals.process", 3),
    ('{process = "poisson", per_hour = 60}', "60", "classes.a.arrivals", 3),
    (
        'process = "poisson", per_hour = 60}',
        'process = "trace", at = ["2 min", "1 min"], busy = {cv = 1}}',
        "classes.a.arrivals.at[1]",
        3,
    ),
    ('mean = "1 min"', 'mean = "one"', "classes.a.handling.mean", 4),
    ('law = "exponential", ', 'law = "exponential", cv = 1, ', "classes.a.handling.cv", 4),
    ('handling = {law = "exponential", mean = "1 min"}\n', "", "classes.a.handling", 2),
    ("[agents.p]", "[agents.p]\nshifts = ['day']", "agents.p.shifts[0]", 6),
    ("[agents.p]", "[shifts.day]\nstart = '09:00'\n[agents.p]", "shifts.day.end", 5),
    ("[agents.p]", "[agents.p]\nsize = 0", "agents.p.size", 6),
    ("[agents.p]\n", "[agents.p]\ncapacity = -1\n", "agents.p.capacity", 6),
    ("\n[agents.p]", '\nskills = ["gold"]\n[agents.p]', "classes.a.requirement", 2),
    ("[agents.p]\n\n", "", "agents", None),
    ("[agents.p]", "[agents.p]\nhandling.b = {law = 'exponential', mean = '1 s'}", "agents.p.handling", 6),
    ("\n[classes.a]", "begin = 2026-01-01\n[classes.a]", "begin", 1),
    ("[classes.a]", "extent = {tickets = 5, length = '1 h'}\n[classes.a]", "extent.tickets", 2),
    ("\n[classes.a]\n", "\nextent = {}\n[classes.a]\n", "extent.tickets", 2),
    ("\n[classes.a]\na", "\ncosts = {mail = 'two'}\n[classes.a]\na", "costs.mail", 2),
    ("min", "min\n", "TOML", 4),
]


@pytest.mark.parametrize(("before", "after", "field", "line"), FAULTS)
def test_what_cannot_be_used_is_told_by_its_key_and_line(before, after, field, line):
    text = f"{SHORT}\n".replace(before, after, 1)
    with pytest.raises(InvalidInput) as caught:
        read_scenario(text)
    assert (caught.value.field, caught.value.line) == (field, line)


@given(st.sampled_from(WHOLE.splitlines()), st.sampled_from(["", "x = 1", "arrivals = 3", "[agents]", "size = {}"]))
def test_whatever_a_line_says_it_is_read_or_refused(line, instead):
    with contextlib.suppress(InvalidInput):
        read_scenario(WHOLE.replace(line, instead, 1))
