"""What a ticket asks while it waits: plans of steps, which only ever widen whom it can go to."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest
from desks import ANA, AT, BO, EVE, HOUR, MINUTE, check_laws, desk, kinds, new_desk, opened, turn
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore import Actor, AgentProfile, Condition, Configuration, InvalidInput, Refused, RoutingRule
from ticketcore.assignment import exclusion
from ticketcore.commands import Configure, Pend, Resume, SetCapacity, SetPresence, SetPriority, Transfer, Unassign
from ticketcore.commands.routing_steps import Escalate, GiveUp, Part
from ticketcore.config import read_desk, write_desk
from ticketcore.config.values import DeskFile
from ticketcore.decide import decide
from ticketcore.engine import PriorityFifo, default_policy
from ticketcore.errors import Reason
from ticketcore.escalation import demand, demand_of, reached_by, steps_left
from ticketcore.events import Escalated, RoutingFailed
from ticketcore.facts import Facts
from ticketcore.model import (
    Agent,
    EscalationPlan,
    EscalationStep,
    Failure,
    Kind,
    Parting,
    PolicyMemory,
    Presence,
    Queue,
    QueueCondition,
    Ref,
    SkillLevel,
    Team,
)
from ticketcore.model.requirement_notation import text_of
from ticketcore.model.requirements import (
    EVERYBODY,
    AgentIn,
    All,
    AnyOf,
    AtLeast,
    HasSkill,
    InTeam,
    Not,
    Requirement,
)
from ticketcore.requirement import holds
from ticketcore.stores import MemoryStore
from ticketcore.turns.router import Router

SKILLS, TEAMS = ("gold", "ring"), ("support", "night", "managers")
QUEUES = [Queue("support", escalation="patient"), Queue("night", "night"), Queue("managers", "managers")]
EVERY_TEAM = [Team(team) for team in TEAMS]


def step(id, minutes, **edits):
    return EscalationStep(id, minutes * MINUTE, **edits)


def plan(*steps):
    return EscalationPlan("patient", steps)


def patient_desk(*steps, agents, rules=(), **more):
    return desk(
        *agents,
        teams=EVERY_TEAM,
        queues=QUEUES,
        skills=SKILLS,
        escalations=[plan(*steps)],
        rules=rules,
        **more,
    )


def needing(**then):
    return RoutingRule("all", Condition(), **then)


def reached(one, ticket):
    return reached_by(one.ticket(ticket.id).requirement)


# Laws.

_levels = st.lists(
    st.builds(SkillLevel, st.sampled_from(SKILLS), st.integers(1, 3)), max_size=2, unique_by=lambda s: s.skill
)
_leaves = st.one_of(
    st.builds(HasSkill, st.sampled_from(SKILLS), st.integers(1, 3)),
    st.builds(InTeam, st.sampled_from(TEAMS)),
    st.builds(AgentIn, st.lists(st.sampled_from("abcd"), min_size=1, max_size=2)),
)


def _combined(parts):
    several = st.lists(parts, min_size=1, max_size=3)
    counted = several.flatmap(lambda items: st.builds(AtLeast, st.integers(1, len(items)), st.just(items)))
    return st.one_of(st.builds(All, several), st.builds(AnyOf, several), st.builds(Not, parts), counted)


expressions = st.recursive(_leaves, _combined, max_leaves=6)
requirements = st.builds(Requirement, expressions, st.lists(expressions, max_size=3))


@st.composite
def plans(draw):
    """Any plan that does not narrow."""
    steps, levels = [], dict.fromkeys(SKILLS, 3)
    for i in range(draw(st.integers(1, 4))):
        asked = {skill: draw(st.integers(1, level)) for skill, level in levels.items() if level and draw(st.booleans())}
        expire = [skill for skill in SKILLS if draw(st.integers(0, 3)) == 0]
        asked = {skill: level for skill, level in asked.items() if level < levels[skill] and skill not in expire}
        levels |= asked | dict.fromkeys(expire, 0)
        edits = {
            "drop_tiers": draw(st.integers(0, 2)),
            "levels": asked,
            "expire": expire,
            "teams": draw(st.lists(st.sampled_from(TEAMS), max_size=1)),
            "queues": draw(st.lists(st.sampled_from(TEAMS), max_size=1)),
            "raised": draw(st.integers(0, 3)),
            "skip": draw(st.booleans()),
        }
        if not any(edits.values()):
            edits["raised"] = 1
        steps.append(step(f"s{i}", 10 * i + draw(st.integers(0, 9)), **edits))
    return plan(*steps)


@st.composite
def agents(draw):
    ids = draw(st.sets(st.sampled_from("abcd"), min_size=1))
    teams = st.lists(st.sampled_from(TEAMS), max_size=2, unique=True).map(tuple)
    return [
        Agent(id, 1, draw(teams), tuple(draw(_levels)), 5, 100, Presence.AVAILABLE, 0, PolicyMemory())
        for id in sorted(ids)
    ]


TICKET = opened(desk("ana"))


def ref(ticket):
    return Ref(Kind.TICKET, ticket.id)


@settings(max_examples=40 if settings.default.max_examples == 100 else settings.default.max_examples)
@given(plans(), requirements, _levels, agents())
def test_along_a_plan_whom_a_ticket_can_go_to_only_grows(patient, requirement, needs, staff):
    """And at its end it is what all steps make of it; desk and engine say the same of each agent."""
    configuration = Configuration(teams=EVERY_TEAM, queues=QUEUES, skills=SKILLS, escalations=[patient])
    before, eligible = -1, set()
    for minutes in range(45):
        steps = patient.reached_at(minutes * MINUTE)
        if len(steps) == before:
            continue
        before = len(steps)
        asked = demand(configuration, "support", tuple(needs), text_of(attrs.evolve(requirement, reached=steps)))
        now = {one.id for one in staff if set(one.teams) & set(asked.teams) and holds(asked.requirement.must, one)}
        assert eligible <= now
        eligible = now
    assert asked == demand(configuration, "support", tuple(needs), text_of(requirement), all_steps=True)


@settings(max_examples=40 if settings.default.max_examples == 100 else settings.default.max_examples)
@given(plans(), requirements, _levels, agents())
def test_desk_and_engine_say_the_same_of_every_agent(patient, requirement, needs, staff):
    ticket = attrs.evolve(TICKET, needs=tuple(needs))
    configuration = Configuration(teams=EVERY_TEAM, queues=QUEUES, skills=SKILLS, escalations=[patient])
    router = Router(default_policy(), PriorityFifo())
    turn(router.follow(configuration, 0, 0, lasts=True), desk())
    for one in staff:
        router.see(one)
    for steps in {(), patient.reached_at(20 * MINUTE), patient.reached_at(HOUR)}:
        waits = attrs.evolve(ticket, requirement=text_of(attrs.evolve(requirement, reached=steps)))
        asked = demand_of(configuration, waits)
        excluded = [exclusion(one, waits, "support", asked=asked) for one in staff]
        placement = router.placement(waits, AT)
        assert placement.candidates == excluded.count(None)
        counts = {item.filter: item.agents for item in placement.excluded}
        assert counts == {one: excluded.count(one) for one in excluded if one}


@given(expressions, requirements, _levels, agents())
def test_who_may_have_the_tickets_of_a_queue_has_to_meet_what_they_ask_too(access, requirement, needs, staff):
    queues = [Queue("support", access=access)]
    configuration = Configuration(teams=EVERY_TEAM, queues=queues, skills=SKILLS)
    asked = demand(configuration, "support", tuple(needs), text_of(requirement))
    whole = All((access, requirement.must, *(HasSkill(need.skill, need.level) for need in needs)))
    assert [holds(asked.requirement.must, one) for one in staff] == [holds(whole, one) for one in staff]
    assert asked.raised == 0


def levels_asked(tree, asks=True):
    """The skills of an expression with the levels in which they are asked for, or, with ``asks``, refused."""
    match tree:
        case HasSkill(skill, level):
            return {(skill, level)} if asks else set()
        case Not(part):
            return levels_asked(part, not asks)
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            return set().union(*(levels_asked(part, asks) for part in parts))
    return set()


@given(expressions, st.integers(1, 3))
def test_a_lowered_level_is_enough_wherever_it_is_asked_for(tree, level):
    lenient = plan(step("a", 1, levels={"gold": level}))
    configuration = Configuration(teams=EVERY_TEAM, queues=QUEUES, skills=SKILLS, escalations=[lenient])
    asked = demand(configuration, "support", (), text_of(Requirement(tree, reached=("a",)))).requirement.must
    told = tree if isinstance(tree, All) else All((tree,))
    lowered = {(skill, min(each, level) if skill == "gold" else each) for skill, each in levels_asked(told)}
    assert levels_asked(asked) == lowered
    assert levels_asked(asked, asks=False) == levels_asked(told, asks=False)


def test_a_step_whose_age_no_calendar_reaches_is_never_due():
    late = plan(step("a", 1, levels={"gold": 1}), EscalationStep("b", timedelta.max, raised=1))
    ((_, soon), (_, never)) = steps_left(late, TICKET)
    assert soon == TICKET.routing_origin + MINUTE
    assert never == datetime.max.replace(tzinfo=UTC)


def test_an_edit_below_a_not_takes_nobody_away():
    lenient = plan(step("a", 1, levels={"gold": 1}), step("b", 2, expire=["gold"]))
    configuration = Configuration(teams=EVERY_TEAM, queues=QUEUES, skills=SKILLS, escalations=[lenient])
    novice = Requirement(All((HasSkill("gold"), Not(HasSkill("gold", 3)))))
    asked = demand(configuration, "support", (), text_of(attrs.evolve(novice, reached=("a", "b"))))
    assert asked.requirement.must == All((EVERYBODY, Not(HasSkill("gold", 3))))


# The desk.

GOLD = needing(skills={"gold": 3})
WIDER = [
    step("lower", 10, levels={"gold": 2}),
    step("any", 20, expire=["gold"]),
    step("night", 30, queues=["night"]),
    step("managers", 40, teams=["managers"], raised=2),
]
STAFF = [
    AgentProfile("ana", skills={"gold": 2}, capacity=1),
    AgentProfile("bo", capacity=1),
    AgentProfile("eve", teams=["night"], capacity=1),
    AgentProfile("mei", teams=["managers"], capacity=1),
]


def test_a_waiting_ticket_goes_to_more_and_more():
    one = patient_desk(*WIDER, agents=STAFF, rules=[GOLD])
    tickets = [opened(one, sender=f"c{i}") for i in range(5)]
    have = []
    for minutes in (5, 10, 20, 30, 40, 50):
        one.tick(AT + minutes * MINUTE)
        have.append([one.ticket(ticket.id).assignee for ticket in tickets].index(None))
        check_laws(one)
    assert have == [0, 1, 2, 3, 4, 4]
    assert reached(one, tickets[4]) == ("lower", "any", "night", "managers")


def test_each_step_is_told_and_the_end_of_the_plan_too():
    one = patient_desk(*WIDER[:2], agents=[AgentProfile("ana", capacity=0)], rules=[GOLD])
    ticket = opened(one)
    one.tick(AT + 10 * MINUTE)
    assert kinds(one, ref(ticket))[-1] == "Escalated"
    one.tick(AT + 25 * MINUTE)
    *_, last, failed = [item.event for item in one.history(ref(ticket))]
    assert (last.plan, last.step, last.granted, last.at) == ("patient", "any", True, AT + 25 * MINUTE)
    assert (failed.reason, failed.plan, failed.unmet) == (Failure.EXHAUSTED, "patient", None)
    assert not one.tick(AT + 9 * HOUR).woken, "nothing is left to wake it"


def test_one_tick_that_is_late_takes_all_the_steps_that_are_due():
    one = patient_desk(*WIDER, agents=STAFF[3:], rules=[GOLD])
    ticket = opened(one)
    one.tick(AT + HOUR)
    assert one.ticket(ticket.id).assignee == "mei"
    assert len(reached(one, ticket)) == 4


def test_until_they_are_dropped_tiers_are_demanded():
    liked = {"prefer": [{"skill": "gold"}, {"agents": ["bo"]}, {"team": "night"}]}
    steps = [step("one", 10, drop_tiers=1), step("two", 20, drop_tiers=1)]
    one = patient_desk(
        *steps, agents=["ana", "bo", AgentProfile("zoe", skills=["gold"])], rules=[needing(requirement=liked)]
    )
    ticket = opened(one)
    assert ticket.assignee is None, "nobody has gold and is bo; the third is a preference"
    one.tick(AT + 10 * MINUTE)
    assert one.ticket(ticket.id).assignee == "zoe"
    one.handle(SetPresence("zoe", EVE, "away"), AT)
    other = opened(one, sender="lee")
    one.tick(AT + 10 * MINUTE)
    assert one.ticket(other.id).assignee is None
    one.tick(AT + 20 * MINUTE)
    assert one.ticket(other.id).assignee == "bo", "still preferred"


def test_a_guard_is_asked_when_its_step_is_due_and_what_it_saw_is_kept():
    nobody = QueueCondition("support", on_duty_below=1)
    one = patient_desk(step("cover", 0, when=[nobody], teams=["night"]), agents=["ana", STAFF[2]])
    one.handle(SetPresence("ana", ANA, "away"), AT)
    ticket = opened(one)
    assert ticket.assignee is None
    one.tick(AT)
    assert one.ticket(ticket.id).assignee == "eve"
    (event,) = [item.event for item in one.history(ref(ticket)) if isinstance(item.event, Escalated)]
    assert (event.granted, event.queues[0].on_duty) == (True, 0)


def test_a_guard_that_does_not_hold_passes_the_step_which_is_asked_again_with_the_next():
    nobody = QueueCondition("support", on_duty_below=1)
    steps = [step("cover", 5, when=[nobody], teams=["night"]), step("urgent", 15, raised=1)]
    one = patient_desk(*steps, agents=[AgentProfile("ana", capacity=0), STAFF[2]])
    ticket = opened(one)
    one.tick(AT + 5 * MINUTE)
    assert reached(one, ticket) == ()
    one.handle(SetPresence("ana", ANA, "away"), AT)
    assert not one.tick(AT + 14 * MINUTE).woken
    one.tick(AT + 15 * MINUTE)
    assert reached(one, ticket) == ("cover", "urgent")
    assert one.ticket(ticket.id).assignee == "eve"


def test_a_step_may_skip_the_wait_for_the_next():
    nobody = QueueCondition("support", on_duty_below=1)
    steps = [
        step("if nobody", 1, when=[nobody], skip=True),
        step("night", 30, queues=["night"]),
        step("all", 40, raised=1),
    ]
    one = patient_desk(
        *steps, agents=[AgentProfile("ana", presence="away"), AgentProfile("eve", teams=["night"], capacity=0)]
    )
    ticket = opened(one)
    one.tick(AT + 1 * MINUTE)
    assert reached(one, ticket) == ("if nobody", "night")
    one.tick(AT + 10 * MINUTE)
    assert reached(one, ticket) == ("if nobody", "night")
    one.tick(AT + 11 * MINUTE)
    assert reached(one, ticket) == ("if nobody", "night", "all")


def test_what_has_waited_may_wait_as_more_urgent():
    one = patient_desk(step("urgent", 10, raised=3), agents=[AgentProfile("ana", capacity=0)])
    old = opened(one)
    one.tick(AT + 10 * MINUTE)
    rated = opened(one, sender="lee", at=AT + 10 * MINUTE)
    one.handle(SetPriority(rated.id, EVE, 2), AT + 10 * MINUTE)
    one.handle(SetCapacity("ana", EVE, 1), AT + 10 * MINUTE)
    assert one.ticket(old.id).assignee == "ana"
    assert one.ticket(old.id).priority is None, "it waits as urgent, and is rated as before"


def test_age_counts_from_where_the_wait_began():
    """Handed back and transferred it is as old as it was; woken and without room it begins anew."""
    one = patient_desk(*WIDER, agents=STAFF[:2], rules=[GOLD])
    ticket = opened(one)
    one.tick(AT + 10 * MINUTE)
    one.handle(Unassign(ticket.id, ANA), AT + 15 * MINUTE)
    assert reached(one, ticket) == ("lower",)
    one.tick(AT + 20 * MINUTE)
    assert one.ticket(ticket.id).assignee == "bo"
    one.handle(Pend(ticket.id, BO), AT + 21 * MINUTE)
    one.handle(SetCapacity("bo", EVE, 0), AT + 21 * MINUTE)
    one.handle(Resume(ticket.id, EVE), AT + 22 * MINUTE)
    woken = one.ticket(ticket.id)
    assert (woken.assignee, woken.routing_origin) == (None, AT + 22 * MINUTE)
    assert reached(one, ticket) == ()
    one.tick(AT + 31 * MINUTE)
    assert reached(one, ticket) == ()
    one.tick(AT + 32 * MINUTE)
    assert reached(one, ticket) == ("lower",)


def test_a_transfer_asks_for_what_was_asked_at_first_and_keeps_the_age():
    queues = [*QUEUES, Queue("other", escalation="late")]
    late = EscalationPlan("late", [step("x", 12, expire=["gold"])])
    one = desk("ana", teams=EVERY_TEAM, queues=queues, skills=SKILLS, escalations=[plan(*WIDER), late], rules=[GOLD])
    ticket = opened(one)
    one.tick(AT + 11 * MINUTE)
    assert reached(one, ticket) == ("lower",)
    one.handle(Transfer(ticket.id, EVE, "other"), AT + 11 * MINUTE)
    assert reached(one, ticket) == ()
    one.tick(AT + 12 * MINUTE)
    assert one.ticket(ticket.id).assignee == "ana"


def test_a_rule_names_another_plan_than_the_queue():
    hasty = EscalationPlan("hasty", [step("now", 1, expire=["gold"])])
    rules = [needing(skills=["gold"], requirement={"escalation": "hasty"})]
    one = desk("bo", teams=EVERY_TEAM, queues=QUEUES, skills=SKILLS, escalations=[plan(*WIDER), hasty], rules=rules)
    ticket = opened(one)
    one.tick(AT + 1 * MINUTE)
    assert one.ticket(ticket.id).assignee == "bo"


def test_a_plan_that_is_declared_later_counts_for_what_waits():
    one = desk("bo", teams=EVERY_TEAM, queues=[Queue("support")], skills=SKILLS, rules=[GOLD])
    ticket = opened(one)
    config = one.configuration()
    served = attrs.evolve(config, teams=EVERY_TEAM, queues=QUEUES, escalations=[plan(*WIDER)])
    one.handle(Configure(served, EVE), AT + 5 * MINUTE)
    one.tick(AT + 25 * MINUTE)
    one.tick(AT + 25 * MINUTE)
    assert one.ticket(ticket.id).assignee == "bo"


def test_two_desks_on_one_store_agree_on_what_waits():
    config = Configuration(
        agents=STAFF[:2], teams=EVERY_TEAM, queues=QUEUES, skills=SKILLS, escalations=[plan(*WIDER)], rules=[GOLD]
    )
    store = MemoryStore()
    one, other = (new_desk(store, tenant="acme", config=config) for _ in range(2))
    one.handle(SetCapacity("ana", EVE, 0), AT)
    ticket = opened(other)
    one.tick(AT + 10 * MINUTE)
    other.handle(SetCapacity("ana", EVE, 1), AT + 11 * MINUTE)
    assert one.ticket(ticket.id).assignee == "ana"


# What waits in vain.


def failures(one, ticket):
    return [item.event for item in one.history(ref(ticket)) if isinstance(item.event, RoutingFailed)]


def test_what_nobody_meets_is_told_at_once():
    one = desk("ana", AgentProfile("bo", skills=["gold"], presence="offline"), skills=SKILLS, rules=[GOLD])
    (failed,) = failures(one, opened(one))
    assert failed.reason is Failure.UNMET
    assert failed.unmet == '{"must":{"skill":"gold","level":3}}'
    lower = desk(AgentProfile("bo", skills={"gold": 3}, presence="offline"), skills=SKILLS, rules=[GOLD])
    assert not failures(lower, opened(lower)), "bo may come"


def test_what_a_step_to_come_puts_right_is_not_in_vain():
    one = patient_desk(*WIDER[:2], agents=["bo"], rules=[GOLD])
    assert not failures(one, opened(one))
    two = patient_desk(*WIDER[:1], agents=["bo"], rules=[GOLD])
    (failed,) = failures(two, opened(two))
    assert failed.unmet == '{"must":{"skill":"gold","level":2}}'


def test_a_queue_that_nobody_serves_is_told():
    one = desk(AgentProfile("ana", teams=["night"]), teams=EVERY_TEAM, queues=[Queue("support")])
    (failed,) = failures(one, opened(one))
    assert failed.reason is Failure.UNSERVED


# What cannot be used.

SUPPORT = Queue("support")


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: EscalationPlan("p", []), "EscalationPlan.steps"),
        (lambda: EscalationStep("s", MINUTE), "EscalationStep.id"),
        (lambda: EscalationStep("s", -MINUTE, raised=1), "EscalationStep.after"),
        (lambda: EscalationStep("s", 5, raised=1), "EscalationStep.after"),
        (lambda: step("s", 1, raised=-1), "EscalationStep.raised"),
        (lambda: step("s", 1, drop_tiers=-1), "EscalationStep.drop_tiers"),
        (lambda: step("s", 1, levels={"gold": 11}), "SkillLevel.level"),
        (lambda: plan(step("s", 1, raised=1), step("s", 2, raised=1)), "EscalationPlan.steps[1].id"),
        (lambda: plan(step("s", 1, raised=1), step("t", 1, raised=1)), "EscalationPlan.steps[1].after"),
        (
            lambda: plan(step("s", 1, levels={"gold": 1}), step("t", 2, levels={"gold": 2})),
            "EscalationPlan.steps[1].levels[0]",
        ),
        (
            lambda: plan(step("s", 1, expire=["gold"]), step("t", 2, levels={"gold": 1})),
            "EscalationPlan.steps[1].levels[0]",
        ),
        (lambda: configured(step("s", 1, levels={"gold": 1})), "Configuration.escalations[0].steps[0].levels[0]"),
        (lambda: configured(step("s", 1, expire=["gold"])), "Configuration.escalations[0].steps[0].expire[0]"),
        (lambda: configured(step("s", 1, teams=["x"])), "Configuration.escalations[0].steps[0].teams[0]"),
        (lambda: configured(step("s", 1, queues=["x"])), "Configuration.escalations[0].steps[0].queues[0]"),
        (
            lambda: configured(step("s", 1, raised=1, when=[QueueCondition("x", waiting_below=1)])),
            "Configuration.escalations[0].steps[0].when[0].queue",
        ),
        (lambda: Configuration(queues=[Queue("support", escalation="x")]), "Configuration.queues[0].escalation"),
        (
            lambda: Configuration(rules=[needing(requirement={"escalation": "x"})]),
            "Configuration.rules[0].requirement.escalation",
        ),
        (lambda: needing(requirement={"reached": ["x"]}), "RoutingRule.requirement.reached"),
    ],
)
def test_what_cannot_be_used_is_named(make, field):
    with pytest.raises(InvalidInput) as caught:
        make()
    assert caught.value.field == field


def configured(*steps):
    return Configuration(escalations=[plan(*steps)])


FILE = """[desk]
tenant = "acme"

[teams.support]
[teams.night]

[queues.support]
escalation = "patient"

[queues.night]
team = "night"

[agents.ana]
skills = {gold = 3}

[escalations.patient.steps.lower]
after = "10 minutes"
levels = {gold = 2}

[escalations.patient.steps.night]
after = "20 minutes"
queues = ["night"]
when.support.on_duty_below = 1
"""


def test_a_file_says_plans_and_is_written_as_it_was_read():
    read = read_desk(FILE)
    (patient,) = read.configuration.escalations
    assert [one.id for one in patient.steps] == ["lower", "night"]
    assert patient.steps[1].when == (QueueCondition("support", on_duty_below=1),)
    assert read_desk(write_desk(read)) == read


@given(plans())
def test_any_plan_is_written_as_it_was_read(patient):
    config = Configuration(teams=EVERY_TEAM, queues=QUEUES, skills=SKILLS, escalations=[patient])
    file = DeskFile("acme", config)
    assert read_desk(write_desk(file)) == file


@pytest.mark.parametrize(
    "step",
    [
        lambda ticket, actor: Escalate(ticket, "patient", "lower", True, (), actor),
        lambda ticket, actor: Part(ticket, Parting.PATIENCE, actor),
        lambda ticket, actor: GiveUp(ticket, Failure.UNSERVED, actor),
    ],
)
def test_only_what_waits_asks_for_less_or_waits_in_vain(step):
    one = desk("ana")
    ticket = opened(one)
    facts = Facts({Ref(Kind.TICKET, ticket.id): ticket})
    with pytest.raises(Refused) as refused:
        decide(one.configuration(), facts, step(ticket.id, Actor.timer("escalate")), AT)
    assert refused.value.reasons == (Reason("not_waiting", ticket.id),)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "field"),
    [
        ("gold = 2}", "gold = 11}", 18, "escalations.patient.steps.lower.levels.gold"),
        ("gold = 2}", "silver = 2}", 18, "escalations.patient.steps.lower.levels.silver"),
        ('after = "20 minutes"', 'after = "5 minutes"', 21, "escalations.patient.steps.night.after"),
        ('after = "10 minutes"\n', "", 16, "escalations.patient.steps.lower.after"),
        ('queues = ["night"]', 'queues = ["nigth"]', 22, "escalations.patient.steps.night.queues[0]"),
        ("when.support", "when.suport", 23, "escalations.patient.steps.night.when.suport"),
        ('queues = ["night"]', "levels = {gold = 3}", 22, "escalations.patient.steps.night.levels.gold"),
        ("levels = {gold = 2}\n", "", 16, "escalations.patient.steps.lower"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_line(right, wrong, line, field):
    with pytest.raises(InvalidInput) as caught:
        read_desk(FILE.replace(right, wrong))
    assert (caught.value.line, caught.value.field) == (line, field)
