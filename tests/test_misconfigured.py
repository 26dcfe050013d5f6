"""What routing cannot work with is refused by a typed error that names the field, wherever it is said.

As a value, in a desk.toml, by a command to a desk that works, and by the engine alone.
"""

from datetime import timedelta

import pytest
from desks import AT, EVE, desk

from ticketcore import AgentProfile, Condition, Configuration, InvalidInput, Refused, RoutingRule
from ticketcore.commands import AddAgent, SetCapacity, SetShifts, SetSkills
from ticketcore.config import read_desk
from ticketcore.engine import AgentFacts, Engine, HasSkill, Requirement
from ticketcore.model import CapacityProfile, EscalationPlan, EscalationStep, Queue, SkillLevel, Team, WorkShift

ASKED = Requirement(HasSkill("rings", 5))
VALUES = {
    "unknown skill of an agent": (
        lambda: Configuration([AgentProfile("ana", skills=["pearls"])], skills=["rings"]),
        "Configuration.agents[0].skills[0]",
    ),
    "unknown skill of a rule": (
        lambda: Configuration(skills=["rings"], rules=[RoutingRule("r", Condition(["a"]), skills=["pearls"])]),
        "Configuration.rules[0].skills[0]",
    ),
    "level out of range": (lambda: SkillLevel("rings", 11), "SkillLevel.level"),
    "level below one": (lambda: AgentProfile("ana", skills={"rings": 0}), "SkillLevel.level"),
    "level asked out of range": (lambda: HasSkill("rings", 11), "HasSkill.level"),
    "negative capacity": (lambda: AgentProfile("ana", capacity=-1), "AgentProfile.capacity"),
    "negative units": (lambda: CapacityProfile("usual", -1), "CapacityProfile.total"),
    "cyclic teams": (
        lambda: Configuration(
            teams=[Team("support"), Team("rings")],
            queues=[Queue("support"), Queue("rings", "rings")],
            rules=[
                RoutingRule("there", Condition(["a"]), "rings", team="support"),
                RoutingRule("back", Condition(["b"]), "support", team="rings"),
            ],
        ),
        "Configuration.rules[0].queue",
    ),
    "a plan that narrows": (
        lambda: Configuration(
            skills=["rings"],
            escalations=[
                EscalationPlan(
                    "plan",
                    [
                        EscalationStep("first", timedelta(hours=1), levels={"rings": 2}),
                        EscalationStep("second", timedelta(hours=2), levels={"rings": 4}),
                    ],
                )
            ],
        ),
        "EscalationPlan.steps[1].levels[0]",
    ),
    "duplicated agent id": (
        lambda: Configuration([AgentProfile("ana"), AgentProfile("ana")]),
        "Configuration.agents[1].id",
    ),
    "shift without zone": (lambda: WorkShift("early", "06:00", "14:00"), "WorkShift.zone"),
}
FILES = {
    "unknown skill": ("[skills.rings]\n[agents.ana]\nskills = ['pearls']", "agents.ana.skills.pearls"),
    "level out of range": ("[agents.ana]\nskills = {rings = 11}", "agents.ana.skills.rings"),
    "negative capacity": ("[agents.ana]\ncapacity = -1", "agents.ana.capacity"),
    "cyclic teams": (
        "[teams.rings]\n[teams.support]\n[queues.support]\n[queues.rings]\nteam = 'rings'\n"
        "[[rules]]\nname = 'there'\nteam = 'support'\nwhen.keywords = ['a']\nthen.queue = 'rings'\n"
        "[[rules]]\nname = 'back'\nteam = 'rings'\nwhen.keywords = ['b']\nthen.queue = 'support'",
        "rules[0].then.queue",
    ),
    "a plan that narrows": (
        "[skills.rings]\n[escalations.plan.steps]\nfirst = {after = '1 hour', levels = {rings = 2}}\n"
        "second = {after = '2 hours', levels = {rings = 4}}",
        "escalations.plan.steps.second.levels.rings",
    ),
    "shift without zone": ("[shifts.early]\nstart = '06:00'\nend = '14:00'", "shifts.early.zone"),
}
COMMANDS = {
    "unknown skill": (lambda: SetSkills("ana", EVE, ["pearls"]), "SetSkills.skills"),
    "level out of range": (lambda: SetSkills("ana", EVE, {"rings": 11}), "SkillLevel.level"),
    "negative capacity": (lambda: SetCapacity("ana", EVE, -1), "SetCapacity.capacity"),
    "unknown shift": (lambda: SetShifts("ana", EVE, ["late"]), "SetShifts.shifts"),
}
ENGINE = {
    "unknown skill": (lambda: Engine(skills=["pearls"]).plan(ASKED), "Requirement.must.skill"),
    "unknown team": (lambda: Engine(teams=["support"]).plan(team="night"), "team"),
    "negative capacity": (lambda: AgentFacts("ana", capacity=-1), "AgentFacts.capacity"),
    "duplicated agent id": (lambda: Engine([AgentFacts("ana"), AgentFacts("ana")]), "AgentFacts.id"),
}


@pytest.mark.parametrize("what", VALUES)
def test_a_value_that_cannot_be_used_is_refused_by_its_field(what):
    make, field = VALUES[what]
    with pytest.raises(InvalidInput) as refused:
        make()
    assert refused.value.field == field


@pytest.mark.parametrize("what", FILES)
def test_so_it_is_in_a_file_by_the_key_and_the_line(what):
    text, key = FILES[what]
    with pytest.raises(InvalidInput) as refused:
        read_desk(f"[desk]\ntenant = 'acme'\n{text}\n")
    assert refused.value.field == key
    assert refused.value.line is not None


@pytest.mark.parametrize("what", COMMANDS)
def test_so_it_is_by_a_command_and_nothing_is_changed(what):
    one = desk(AgentProfile("ana", skills={"rings": 1}), skills=["rings"])
    one.handle(SetCapacity("ana", EVE, 3), AT)
    before = one.store.events("acme")
    make, field = COMMANDS[what]
    with pytest.raises(InvalidInput) as refused:
        one.handle(make(), AT)
    assert refused.value.field == field
    assert one.store.events("acme")[-1].position == before[-1].position


def test_an_agent_who_is_there_is_not_added_again():
    """No value is wrong, so the command is refused: its reason names the agent."""
    one = desk(AgentProfile("ana"))
    with pytest.raises(Refused) as refused:
        one.handle(AddAgent(AgentProfile("ana"), EVE), AT)
    assert [(reason.rule, reason.subject) for reason in refused.value.reasons] == [("agent_exists", "ana")]


@pytest.mark.parametrize("what", ENGINE)
def test_so_it_is_by_the_engine_alone(what):
    make, field = ENGINE[what]
    with pytest.raises(InvalidInput) as refused:
        make()
    assert refused.value.field == field
