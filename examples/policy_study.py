"""Sixteen policies on the same tickets: a small one of the study that docs/how-to/compare-policies.md does whole.

The desk stands in policy_study/desk.toml: calls of two kinds, chats that meet a bot first, and mails that take several
touches.  The same as one command, with pictures:

    ticketcore simulate examples/policy_study/desk.toml --policy default --policy longest_idle ... --out study
"""

from pathlib import Path

from ticketcore.config.scenarios import read_scenario
from ticketcore.sim.comparing import compare
from ticketcore.sim.extents import SteadyState
from ticketcore.sim.naming import POLICIES, candidate_of

TRIED = [name for name in POLICIES if name != "fewest_waiting_and_handled"]

desk = Path(__file__).with_suffix("") / "desk.toml"
scenario, _ = read_scenario(desk.read_text(encoding="utf-8"))
compared = compare(scenario, SteadyState(400, warm_up=80), map(candidate_of, TRIED), count=4, seed=1, named="desk")
print(compared.table(["service_level", "abandonment", "mails.later.wait"]))
print("the best in service level may be", ", ".join(compared.best("service_level")))
print("in service level and evenness nothing beats", ", ".join(compared.front()))
