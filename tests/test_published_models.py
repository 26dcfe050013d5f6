"""Models of skill-based routing that papers are about, said as a scenario in a few lines."""

from ticketcore.config.scenarios import read_scenario
from ticketcore.engine import LongestIdle
from ticketcore.sim.running import replications

CALLS = """
[classes.{id}]
arrivals = {{process = "poisson", per_hour = {per_hour}}}
handling = {{law = "exponential", mean = "5 min"}}
{more}
"""

AGENTS = """
[agents.{id}]
size = {size}
capacity = 1
skills = [{skills}]
"""


def scenario(calls, agents):
    text = 'extent = {tickets = 4000, warm_up = "4 h"}\n'
    text += "".join(CALLS.format(id=id, per_hour=rate, more=more) for id, rate, more in calls)
    text += "".join(
        AGENTS.format(id=id, size=size, skills=", ".join(f'"{skill}"' for skill in skills))
        for id, size, skills in agents
    )
    return read_scenario(text)


def waits(file, count=6):
    """The mean wait of each class, over replications."""
    runs = [run.figures() for run in replications(*file, LongestIdle(), seed=1, count=count)]
    return {name: sum(run[name] for run in runs) / count for name in runs[0] if name.endswith("wait")}


def test_two_skills_each_are_nearly_as_good_as_all_and_far_better_than_one():
    """Wallace and Whitt, "A staffing algorithm for call centers with skill-based routing", 2005: six types of calls."""
    types = [f"type{i}" for i in range(6)]
    calls = [(one, 90, f'skills = ["{one}"]') for one in types]
    found = {
        skills: waits(
            scenario(
                calls,
                [(f"agents{i}", 9, [types[(i + k) % 6] for k in range(skills)]) for i in range(6)],
            )
        )["wait"]
        for skills in (1, 2, 6)
    }
    assert found[1] - found[2] > 5 * (found[2] - found[6]) > 0


def test_the_n_model():
    """Agents of one pool help the other; asked only when no other is free, they are spared for their own class."""
    spared = 'requirement = {must = {skill = "b"}, prefer = [{not = {skill = "a"}}]}'
    found = {
        more: waits(
            scenario(
                [("a", 60, 'skills = ["a"]'), ("b", 60, more)],
                [("generalists", 6, ["a", "b"]), ("specialists", 6, ["b"])],
            )
        )
        for more in ('skills = ["b"]', spared)
    }
    assert all(each["a.wait"] > each["b.wait"] for each in found.values())
    assert found[spared]["a.wait"] < found['skills = ["b"]']["a.wait"]


def test_the_w_model():
    """Two classes of calls have a pool of their own and share a third, which takes the more urgent one first."""
    file = scenario(
        [("a", 90, 'skills = ["a"]\npriority = 1'), ("b", 90, 'skills = ["b"]')],
        [("only_a", 5, ["a"]), ("both", 6, ["a", "b"]), ("only_b", 5, ["b"])],
    )
    found = waits(file)
    assert found["b.wait"] > 2 * found["a.wait"]


def test_the_x_model():
    """Each pool has a class of its own, and helps with the other when a call has waited, by an escalation."""
    helps = 'skills = ["{0}"]\nteam = "{0}"\nescalation = "help_{0}"'
    calls = [("a", 60, helps.format("a")), ("b", 45, helps.format("b"))]
    text = 'extent = {tickets = 4000, warm_up = "4 h"}\n'
    text += "".join(CALLS.format(id=id, per_hour=rate, more=more) for id, rate, more in calls)
    for own, other in ("ab", "ba"):
        text += f'\n[agents.pool_{own}]\nsize = 6\ncapacity = 1\nskills = ["a", "b"]\nteams = ["{own}"]\n'
        text += f'\n[escalations.help_{own}.steps.other]\nafter = "30 s"\nteams = ["{other}"]\n'
    helped = waits(read_scenario(text))
    alone = waits(read_scenario(text.replace('after = "30 s"', 'after = "30 days"')))
    assert helped["wait"] < alone["wait"]
    assert helped["a.wait"] < alone["a.wait"]
