"""Who may have the tickets of a queue at all: nobody else ever gets one, by whatever way."""

import contextlib

import attrs
import pytest
from desks import ANA, AT, BO, EVE, HOUR, MINUTE, agent, check_laws, desk, kinds, opened, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import Actor, AgentProfile, Condition, Configuration, InvalidInput, Refused, RoutingRule
from ticketcore.assignment import exclusion
from ticketcore.commands import (
    AcceptOffer,
    Assign,
    Configure,
    Pend,
    SetPresence,
    SetSkills,
    SetTeams,
    Solve,
    Transfer,
    Unassign,
)
from ticketcore.config import DeskFile, differences, read_desk, write_desk
from ticketcore.engine import HasSkill, InTeam, Not
from ticketcore.escalation import demand_of
from ticketcore.model import Affinity, EscalationPlan, EscalationStep, Filter, Kind, Offering, Queue, Ref, Team
from ticketcore.ports import Query

CLEARED = {"all": [{"skill": "cleared"}, {"not": {"team": "guests"}}]}
TEAMS = [Team("support"), Team("guests")]
SECRET = RoutingRule("secret", Condition(["secret"]), "secret")
PLAN = EscalationPlan("wide", [EscalationStep("all", 5 * MINUTE, teams=["guests"], expire=["cleared"])])


def secrets(*agents, plans=True, offering=None, **config):
    """A desk with a queue that only the cleared may see who are no guests."""
    queue = Queue("secret", access=CLEARED, escalation="wide" if plans else None, offering=offering)
    return desk(
        *agents,
        teams=TEAMS,
        queues=[Queue("support"), queue],
        skills=["cleared"],
        rules=[SECRET],
        escalations=[PLAN] if plans else [],
        **config,
    )


def may(one, id):
    """By what the test says, apart from what decides."""
    known = agent(one, id)
    return "guests" not in known.teams and any(item.skill == "cleared" for item in known.skills)


people = {
    "ana": AgentProfile("ana", capacity=1, skills=["cleared"]),
    "bo": AgentProfile("bo", capacity=2),
    "eve": AgentProfile("eve", capacity=1, skills=["cleared"], teams=["guests"]),
}
steps = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(["secret", "hello"])),
    st.tuples(st.sampled_from(["assign", "accept"]), st.sampled_from(sorted(people)), st.integers(0, 3)),
    st.tuples(st.sampled_from(["unassign", "pend", "solve"]), st.integers(0, 3)),
    st.tuples(st.just("transfer"), st.integers(0, 3), st.sampled_from(["secret", "support"])),
    st.tuples(st.just("skills"), st.sampled_from(sorted(people)), st.sampled_from([["cleared"], []])),
    st.tuples(st.just("teams"), st.sampled_from(sorted(people)), st.sampled_from([["support"], ["guests"]])),
    st.tuples(st.just("time"), st.integers(1, 9)),
)


def step(one, tickets, at, what, *rest):
    """One step of a story; what is asked of tickets before there are any is nothing."""
    number = next((item for item in rest if isinstance(item, int)), 0)
    id = tickets[number % len(tickets)].id if tickets else None
    match what:
        case "say":
            say(one, rest[0], at.isoformat(), at)
        case "time":
            one.tick(at)
        case "skills" | "teams":
            one.handle({"skills": SetSkills, "teams": SetTeams}[what](rest[0], EVE, rest[1]), at)
        case "assign" if id:
            one.handle(Assign(id, EVE, rest[0]), at)
        case "accept" if id:
            one.handle(AcceptOffer(id, Actor.agent(rest[0])), at)
        case "transfer" if id:
            one.handle(Transfer(id, EVE, rest[1]), at)
        case "unassign" | "pend" | "solve" if id:
            one.handle({"unassign": Unassign, "pend": Pend, "solve": Solve}[what](id, EVE), at)


@given(st.booleans(), st.booleans(), st.lists(steps, min_size=5, max_size=20))
def test_whoever_may_not_see_a_ticket_never_gets_it(offers, plans, story):
    offering = Offering(3 * MINUTE, exhausted="ask_again") if offers else None
    one, now = secrets(*people.values(), plans=plans, offering=offering), 0
    for what, *rest in story:
        tickets = one.find(Query(Kind.TICKET, sort="number", limit=100)).values
        had = {ticket.id: ticket.assignee for ticket in tickets}
        with contextlib.suppress(Refused):
            step(one, tickets, AT + now * MINUTE, what, *rest)
        now += rest[0] if what == "time" else 1
        for ticket in one.find(Query(Kind.TICKET, sort="number", limit=100)).values:
            if ticket.queue == "secret":
                gets = ticket.assignee if had.get(ticket.id) != ticket.assignee else None
                assert gets is None or may(one, gets), (what, rest, gets)
                assert ticket.offer is None or may(one, ticket.offer.agent)
            if ticket.sought_since is not None:
                asked = demand_of(one.configuration(), ticket)
                free = [id for id in people if exclusion(agent(one, id), ticket, None, asked=asked) is None]
                assert not free, "nobody idles beside what waits"
    check_laws(one)


def test_no_step_of_a_plan_widens_it_and_the_history_says_what_is_missing():
    one = secrets("bo", AgentProfile("eve", teams=["guests"]), AgentProfile("ana", skills=["cleared"], presence="away"))
    ticket = opened(one, "secret")
    one.tick(AT + 5 * MINUTE)
    assert "Escalated" in kinds(one, Ref(Kind.TICKET, ticket.id))
    placement = one.tick(AT + HOUR) and say(one, "secret", "lee", AT + HOUR).decisions[-1]
    assert {item.filter: item.agents for item in placement.excluded} == {
        Filter.TEAM: 1,
        Filter.SKILLS: 1,
        Filter.PRESENCE: 1,
    }
    assert one.ticket(ticket.id).assignee is None
    one.handle(SetPresence("ana", ANA, "available"), AT + HOUR)
    assert one.ticket(ticket.id).assignee == "ana"


def test_nobody_is_given_one_by_hand_who_may_not_have_it_and_what_somebody_has_stays_theirs():
    one = secrets(AgentProfile("ana", skills=["cleared"]), "bo")
    ticket = opened(one, "secret")
    assert ticket.assignee == "ana"
    for actor in (EVE, BO):
        with pytest.raises(Refused) as refused:
            one.handle(Assign(ticket.id, actor, "bo", over_capacity=True), AT)
        assert [(reason.rule, reason.subject) for reason in refused.value.reasons] == [("no_access", "bo")]
    one.handle(SetSkills("ana", EVE, []), AT)
    assert one.ticket(ticket.id).assignee == "ana"
    one.handle(Transfer(ticket.id, EVE, "support"), AT)
    one.handle(Assign(ticket.id, EVE, "bo"), AT)
    assert one.ticket(ticket.id).assignee == "bo"


@pytest.mark.parametrize("plans", [True, False])
def test_an_offer_is_taken_back_from_who_may_no_longer_see_it(plans):
    cleared = (AgentProfile(id, skills=["cleared"]) for id in ("ana", "bo"))
    one = secrets(*cleared, plans=plans, offering=Offering(MINUTE))
    ticket = opened(one, "secret")
    assert ticket.offer.agent == "ana"
    one.handle(SetSkills("ana", EVE, []), AT)
    assert one.ticket(ticket.id).offer.agent == "bo"


def test_an_affinity_gives_no_access():
    one = secrets("bo", AgentProfile("ana", skills=["cleared"]), affinities=[Affinity("hers", "named", "bo", HOUR)])
    assert opened(one, "secret").assignee == "ana"
    assert opened(one, "hello", "lee").assignee == "bo"


def test_another_configuration_opens_a_queue_at_once():
    one = secrets("bo")
    ticket = opened(one, "secret")
    assert ticket.assignee is None
    known = one.configuration()
    opens = [attrs.evolve(queue, access=None) for queue in known.queues]
    one.handle(Configure(attrs.evolve(known, queues=opens), EVE), AT)
    assert one.ticket(ticket.id).assignee == "bo"


def test_it_is_the_same_as_an_expression_as_data_and_in_a_file():
    expression = Queue("secret", access=HasSkill("cleared"))
    assert expression == Queue("secret", access={"skill": "cleared"}) == attrs.evolve(expression)
    assert Queue("q", access=Not(InTeam("guests"))).access == '{"must":{"not":{"team":"guests"}}}'
    config = secrets("bo").configuration()
    file = DeskFile("acme", attrs.evolve(config, version=0))
    assert read_desk(write_desk(file)) == file
    (found,) = differences(config, attrs.evolve(config, queues=[Queue("support"), Queue("secret", escalation="wide")]))
    assert found.path == "queues.secret.access"


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Queue("q", access=3), "Queue.access"),
        (lambda: Queue("q", access="cleared"), "Queue.access"),
        (lambda: Queue("q", access={"skil": "x"}), "Queue.access"),
        (lambda: Queue("q", access={"skill": "x", "level": 99}), "Queue.access.level"),
        (lambda: Queue("q", access='{"must":{"team":"a"},"prefer":[{"team":"b"}]}'), "Queue.access"),
        (
            lambda: Configuration(queues=[Queue("support", access={"skill": "gold"})], skills=["silver"]),
            "Configuration.queues[0].access",
        ),
        (lambda: Configuration(queues=[Queue("support", access={"team": "x"})]), "Configuration.queues[0].access"),
    ],
)
def test_what_cannot_be_used_is_named(make, field):
    with pytest.raises(InvalidInput) as refused:
        make()
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("access", "reason"),
    [
        ('{skil = "x"}', "line 4: queues.support.access"),
        ('{team = "guest"}', "line 4: queues.support.access: no team 'guest' is declared; did you mean 'guests'?"),
        ('"cleared"', "line 4: queues.support.access"),
    ],
)
def test_a_mistake_in_a_file_is_told_by_line_and_key(access, reason):
    with pytest.raises(InvalidInput) as refused:
        read_desk(
            f'[desk]\ntenant = "a"\n[queues.support]\naccess = {access}\n[teams]\nsupport = {{}}\nguests = {{}}\n'
        )
    assert str(refused.value).startswith(reason), refused.value
