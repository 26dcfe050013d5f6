"""Workflows: what is refused when one is built, what a desk does with one of its own, and rules that are off."""

import attrs
import pytest
from desks import ANA, AT, HOUR, MINUTE, check_laws, desk, everything, new_desk, opened, say
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import Actor, AgentProfile, Configuration, InvalidInput, Parts, Refused
from ticketcore.commands import (
    Assign,
    Close,
    Configure,
    Hold,
    Pend,
    Reopen,
    Reply,
    Resume,
    SetPresence,
    SetPriority,
    SetTeams,
    Solve,
    Transfer,
    Unassign,
)
from ticketcore.errors import Reason
from ticketcore.events import Unassigned
from ticketcore.lifecycle import HouseRules
from ticketcore.model import (
    REQUEST,
    Category,
    Excluded,
    Filter,
    Kind,
    Loss,
    Move,
    Priority,
    Queue,
    State,
    Team,
    TicketType,
    Transition,
    Workflow,
)
from ticketcore.model.workflow import CUSTOMER_LABELS, NATIVE_RULES, faults, worded
from ticketcore.stores import MemoryStore

pytestmark = pytest.mark.usefixtures("every_driver")

PARTS = State("parts", Category.ON_HOLD, {"en": "Waiting for parts", "de": "Wartet auf Teile"}, "Being repaired")
REPAIR = attrs.evolve(
    REQUEST,
    id="repair",
    states=[*REQUEST.states[:3], attrs.evolve(REQUEST.states[3], is_default=True), PARTS, *REQUEST.states[4:]],
    transitions=[
        *REQUEST.transitions,
        Transition("open", Move.HOLD, "parts"),
        Transition("on_hold", Move.HOLD, "parts"),
        Transition("parts", Move.ASSIGN, "parts"),
        Transition("parts", Move.REPLY, "open"),
        Transition("parts", Move.RESUME, "open", rights=["workshop"]),
        Transition("parts", Move.SOLVE, "solved", guards=["tested"]),
    ],
)


def repairs(house=None, workflow=REPAIR, **config):
    """A desk whose tickets are repairs; by default whoever asks has every right, and everything was tested."""
    house = house or HouseRules({"tested": lambda attempt: None})
    configuration = Configuration(
        agents=[AgentProfile("ana"), AgentProfile("bo")],
        types=[TicketType("repair", workflow="repair")],
        workflows=[workflow],
        **config,
    )
    return new_desk(MemoryStore(), tenant="acme", config=configuration, parts=Parts(house=house))


def nobodys(one):
    """A ticket that nobody has, since everybody is away."""
    for name in ("ana", "bo"):
        one.handle(SetPresence(name, Actor.agent(name), "away"), AT)
    ticket = opened(one)
    assert ticket.assignee is None
    return ticket


def refusals(one, command):
    with pytest.raises(Refused) as refused:
        one.handle(command, AT + HOUR)
    return refused.value.reasons


# What is data.


def test_a_desk_follows_the_workflow_of_its_type():
    one = repairs()
    ticket = opened(one)
    assert ticket.type == "repair"
    (after,) = one.handle(Hold(ticket.id, ANA), AT).tickets
    assert after.state == "on_hold", "the first way of a move is meant where no state is named"
    one.handle(Resume(ticket.id, ANA), AT)
    (after,) = one.handle(Hold(ticket.id, ANA, "parts"), AT).tickets
    assert (after.state, after.category) == ("parts", Category.ON_HOLD)
    assert say(one, at=AT + MINUTE).ticket.state == "open"
    check_laws(one)


def test_a_state_to_which_no_such_move_leads_is_refused():
    one = repairs()
    ticket = opened(one)
    assert refusals(one, Pend(ticket.id, ANA, "parts")) == (Reason("no_such_move", "pend from open to parts"),)
    assert refusals(one, Hold(ticket.id, ANA, "moon")) == (Reason("no_such_move", "hold from open to moon"),)


def test_tickets_are_found_by_the_category_of_states_of_ones_own():
    one = repairs()
    ticket = opened(one)
    one.handle(Hold(ticket.id, ANA, "parts"), AT)
    assert [found.id for found in one.tickets(category="on_hold").tickets] == [ticket.id]


def test_labels_are_by_locale_and_customers_never_read_those_of_agents():
    assert (PARTS.label("de-CH"), PARTS.label("fr"), PARTS.customer_label("de")) == (
        "Wartet auf Teile", "Waiting for parts", "Being repaired",
    )  # fmt: skip
    bare = State("wait_for_boss", Category.ON_HOLD, "Boss is away")
    assert (bare.label(), bare.customer_label(), bare.customer_label("de")) == (
        "Boss is away", "In progress", "In Bearbeitung",
    )  # fmt: skip
    assert State("odd", Category.OPEN).label("en") == "odd"
    assert State("odd", Category.OPEN, {"de": "Seltsam"}).label("fr") == "Seltsam"
    assert set(CUSTOMER_LABELS) == set(Category)
    assert {tuple(locale for locale, _ in labels) for labels in CUSTOMER_LABELS.values()} == {("en", "de", "es", "zh")}


@given(locale=st.text("abAB-", max_size=12))
def test_a_label_is_found_for_every_locale(locale):
    assert worded((("a", "x"), ("a-b", "y")), locale, "z") in ("x", "y")
    assert worded((), locale, "z") == "z"


# What is refused when a workflow is built.


def without(*moves):
    return [way for way in REQUEST.transitions if (way.source, way.move) not in moves]


NEW, OPEN, PENDING, ON_HOLD, SOLVED, CLOSED = REQUEST.states


@pytest.mark.parametrize(
    ("states", "transitions", "field", "reason"),
    [
        ([*REQUEST.states, NEW], REQUEST.transitions, "states[6].id", "declared twice"),
        (REQUEST.states[:5], REQUEST.transitions, "transitions[6].target", "no state 'closed'"),
        (REQUEST.states, [*REQUEST.transitions, Transition("x", Move.PEND, "open")], "transitions[25].source", "'x'"),
        (REQUEST.states, [*REQUEST.transitions, REQUEST.transitions[3]], "transitions[25]", "twice"),
        (REQUEST.states, [*REQUEST.transitions, Transition("open", Move.OPEN, "new")], "transitions[25].move", "opens"),
        (REQUEST.states, [*REQUEST.transitions, Transition(None, Move.PEND, "new")], "transitions[25].move", "opens"),
        (
            REQUEST.states,
            [Transition(None, Move.OPEN, "new", guards=["tested"]), *REQUEST.transitions[1:]],
            "transitions[0]",
            "never refused",
        ),
        (
            REQUEST.states,
            [Transition(None, Move.OPEN, "new", rights=["desk"]), *REQUEST.transitions[1:]],
            "transitions[0]",
            "never refused",
        ),
        (
            REQUEST.states,
            [*REQUEST.transitions, Transition("open", Move.PEND, "opne")],
            "transitions[25].target",
            "'open'?",
        ),
        (REQUEST.states, REQUEST.transitions[1:], "transitions", "one way to open a ticket, not 0"),
        (REQUEST.states, [*REQUEST.transitions, Transition(None, Move.OPEN, "open")], "transitions", "not 2"),
        ([*REQUEST.states, State("more", Category.OPEN)], REQUEST.transitions, "states", "category open, not 0"),
        (
            [
                NEW,
                *(attrs.evolve(state, is_default=True) for state in (OPEN, State("more", "open"))),
                *REQUEST.states[2:],
            ],
            REQUEST.transitions,
            "states",
            "category open, not 2",
        ),
        (
            [NEW, attrs.evolve(OPEN, labels="Wait"), attrs.evolve(PENDING, labels={"EN": "WAIT"}), *REQUEST.states[3:]],
            REQUEST.transitions,
            "states[2].labels",
            "'WAIT' is what 'open' is called",
        ),
        (
            REQUEST.states,
            [way for way in REQUEST.transitions if way.target != "on_hold" or way.source == "on_hold"],
            "states[3]",
            "cannot be reached",
        ),
        (
            REQUEST.states,
            [
                *(way for way in REQUEST.transitions if way.source != "solved"),
                Transition("solved", Move.REPLY, "solved"),
                Transition("open", Move.CLOSE, "closed"),
            ],
            "states[4]",
            "cannot be left",
        ),
        (REQUEST.states, [*REQUEST.transitions, Transition("open", Move.RESUME, "new")], "transitions[25]", "to new"),
        (REQUEST.states, [*REQUEST.transitions, Transition("closed", Move.REPLY, "open")], "transitions[25]", "closed"),
        (
            REQUEST.states,
            [*without(("new", Move.ASSIGN)), Transition("new", Move.ASSIGN, "pending")],
            "transitions[24]",
            "to assign is to open",
        ),
        (REQUEST.states, without(("pending", Move.REPLY)), "states[2]", "nothing leaves 'pending'"),
        (
            REQUEST.states,
            [*without(("solved", Move.REPLY)), Transition("solved", Move.REPLY, "solved")],
            "states[4]",
            "does not reopen",
        ),
        (REQUEST.states, without(("open", Move.ASSIGN)), "states[1]", "nobody can be given"),
    ],
)
def test_a_workflow_in_which_a_ticket_could_be_lost_is_refused(states, transitions, field, reason):
    found = faults(states, transitions)
    assert any(fault.field == field and reason in fault.reason for fault in found), found
    with pytest.raises(InvalidInput) as invalid:
        Workflow("w", states, transitions)
    assert invalid.value.field == f"Workflow.{found[0].field}"


def test_what_a_rule_demands_of_the_table_is_not_demanded_without_the_rule():
    again = [*REQUEST.transitions, Transition("open", Move.RESUME, "new"), Transition("closed", Move.REPLY, "open")]
    named = {"never_back_to_new", "closed_is_final"}
    assert {fault.field for fault in faults(REQUEST.states, again)} == {"transitions[25]", "transitions[26]"}
    assert faults(REQUEST.states, again, [rule for rule in NATIVE_RULES if rule not in named]) == ()


def test_a_reply_may_leave_a_ticket_in_its_state_where_nothing_says_that_it_reopens():
    ways = [*without(("pending", Move.REPLY)), Transition("pending", Move.REPLY, "pending")]
    assert [fault.field for fault in faults(REQUEST.states, ways)] == ["states[2]"]
    assert faults(REQUEST.states, ways, [rule for rule in NATIVE_RULES if rule != "reply_reopens"]) == ()


def test_two_states_may_be_called_the_same_in_different_languages():
    states = [NEW, attrs.evolve(OPEN, labels={"en": "Handy"}), attrs.evolve(PENDING, labels={"de": "Handy"})]
    assert faults([*states, *REQUEST.states[3:]], REQUEST.transitions) == ()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: State("", "open"), "State.id"),
        (lambda: State("a", "opne"), "State.category"),
        (lambda: State("a", "open", 1), "State.labels"),
        (lambda: Transition("", "pend", "a"), "Transition.source"),
        (lambda: Transition("a", "pending", "a"), "Transition.move"),
        (lambda: Transition("a", "pend", ""), "Transition.target"),
        (lambda: Transition("a", "pend", "a", ["x", "x"]), "Transition.guards[1]"),
        (lambda: Transition("a", "pend", "a", rights=["x", ""]), "Transition.rights[1]"),
        (lambda: attrs.evolve(REQUEST, id=""), "Workflow.id"),
        (lambda: attrs.evolve(REQUEST, states=["new"]), "Workflow.states[0]"),
        (lambda: attrs.evolve(REQUEST, transitions=["open"]), "Workflow.transitions[0]"),
        (lambda: attrs.evolve(REQUEST, rules=["x", "x"]), "Workflow.rules[1]"),
        (lambda: attrs.evolve(REQUEST, name="\0"), "Workflow.name"),
    ],
)
def test_a_part_that_cannot_be_is_refused_by_its_field(make, field):
    with pytest.raises(InvalidInput) as invalid:
        make()
    assert invalid.value.field == field


def test_a_move_and_a_category_may_be_said_by_their_words():
    assert Transition("a", "pend", "b").move is Move.PEND
    assert State("a", "on_hold").category is Category.ON_HOLD


def test_workflows_are_values():
    assert len({REQUEST, attrs.evolve(REQUEST), REPAIR}) == 2
    assert "_ways" not in repr(REQUEST)
    assert "_states" not in repr(REQUEST)


def test_every_state_but_closed_can_be_left_and_every_one_reached():
    assert faults(REQUEST.states, REQUEST.transitions) == ()
    assert faults(REPAIR.states, REPAIR.transitions) == ()


def test_a_state_means_the_same_in_all_workflows():
    states = [attrs.evolve(state, category="pending") if state is PARTS else state for state in REPAIR.states]
    defaults = [attrs.evolve(state, is_default=state.id in ("pending", "on_hold")) for state in states]
    other = attrs.evolve(REPAIR, id="other", states=defaults)
    with pytest.raises(InvalidInput, match="'parts' is on_hold in another workflow") as invalid:
        Configuration(workflows=[REQUEST, REPAIR, other])
    assert invalid.value.field == "Configuration.workflows[2].states[4].category"


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"types": []}, "types"),
        ({"types": [TicketType("a", workflow="moon")]}, "types[0].workflow"),
        ({"types": [TicketType("request"), TicketType("request")]}, "types[1].id"),
        ({"workflows": [REQUEST, REQUEST]}, "workflows[1].id"),
        ({"workflows": []}, "types[0].workflow"),
    ],
)
def test_types_and_workflows_that_cannot_be_are_refused(config, field):
    with pytest.raises(InvalidInput) as invalid:
        Configuration(**config)
    assert invalid.value.field == f"Configuration.{field}"


def test_a_type_that_is_no_longer_declared_follows_the_first():
    assert Configuration(types=[TicketType("a"), TicketType("b")]).workflow_of("gone") is REQUEST


# Guards, rights and rules.


def test_a_guard_of_the_host_is_asked_with_all_it_may_need():
    asked = []

    def tested(attempt):
        asked.append(attempt)
        return Reason("not_tested", attempt.ticket.id) if attempt.at < AT + 2 * HOUR else None

    one = repairs(HouseRules({"tested": tested}))
    ticket = opened(one)
    one.handle(Hold(ticket.id, ANA, "parts"), AT)
    assert refusals(one, Solve(ticket.id, ANA)) == (Reason("not_tested", ticket.id),)
    (attempt,) = asked
    assert (attempt.move, attempt.target.id, attempt.actor, attempt.at) == (Move.SOLVE, "solved", ANA, AT + HOUR)
    assert one.handle(Solve(ticket.id, ANA), AT + 2 * HOUR).tickets[0].state == "solved"


def test_whoever_lacks_a_right_is_refused_by_its_name():
    guards = {"tested": lambda attempt: None}
    one = repairs(HouseRules(guards, lambda actor, right, ticket: (actor.id, right) == ("bo", "workshop")))
    ticket = opened(one)
    one.handle(Hold(ticket.id, ANA, "parts"), AT)
    assert refusals(one, Resume(ticket.id, ANA)) == (Reason("no_right", "workshop"),)
    assert one.handle(Resume(ticket.id, Actor.agent("bo")), AT).tickets[0].state == "open"


def test_without_a_word_of_the_host_everybody_has_every_right():
    one = repairs()
    ticket = opened(one)
    one.handle(Hold(ticket.id, ANA, "parts"), AT)
    assert one.handle(Resume(ticket.id, Actor.agent("bo")), AT).tickets[0].state == "open"


def test_no_right_is_asked_for_what_no_way_leads_to():
    one = repairs(HouseRules({"tested": never}, lambda actor, right, ticket: False))
    ticket = opened(one)
    assert refusals(one, Resume(ticket.id, ANA)) == (Reason("no_such_move", "resume from open"),)


def test_a_rule_of_the_host_can_hold_for_every_move():
    ruled = attrs.evolve(REPAIR, rules=[*NATIVE_RULES, "open_hours"])
    guards = {"tested": never, "open_hours": lambda attempt: Reason("shut", "") if attempt.at > AT else None}
    one = repairs(HouseRules(guards), ruled)
    ticket = opened(one)
    assert refusals(one, Pend(ticket.id, ANA)) == (Reason("shut", ""),)
    assert one.handle(Pend(ticket.id, ANA), AT).tickets[0].state == "pending"


def test_a_guard_that_nobody_defines_is_refused_when_the_desk_is_made_or_told():
    with pytest.raises(InvalidInput, match="nobody defines 'tested'") as invalid:
        repairs(HouseRules())
    assert invalid.value.field == "Configuration.workflows[0].transitions[27].guards"
    misspelt = attrs.evolve(REQUEST, rules=[*NATIVE_RULES[:-2], "leaving_release"])
    with pytest.raises(InvalidInput, match="did you mean 'leaving_releases'") as invalid:
        desk("ana").handle(Configure(Configuration(workflows=[misspelt]), ANA), AT)
    assert invalid.value.field == "Configuration.workflows[0].rules[7]"


def test_a_stored_workflow_whose_guard_the_program_lacks_lets_nothing_through():
    one = repairs()
    ticket = opened(one)
    one.handle(Hold(ticket.id, ANA, "parts"), AT)
    bare = new_desk(one.store, tenant="acme")
    assert refusals(bare, Solve(ticket.id, ANA)) == (Reason("unknown_guard", "tested"),)


def test_a_native_rule_can_be_left_out():
    one = repairs(workflow=attrs.evolve(REPAIR, rules=[rule for rule in NATIVE_RULES if rule != "nobody_to_solve"]))
    ticket = nobodys(one)
    assert one.handle(Solve(ticket.id, ANA), AT).tickets[0].state == "solved"


def test_the_native_guards_stand_beside_those_of_the_host():
    one = repairs(HouseRules({"tested": never}))
    ticket = nobodys(one)
    assert refusals(one, Solve(ticket.id, ANA)) == (Reason("nobody_to_solve", ticket.id),)


def test_a_native_guard_can_stand_on_a_single_transition():
    rules = [rule for rule in NATIVE_RULES if rule not in ("never_back_to_new", "nobody_to_solve")]
    ways = [
        *(
            attrs.evolve(way, guards=["nobody_to_solve"]) if way.source == "pending" else way
            for way in REQUEST.transitions
        ),
        Transition("open", Move.RESUME, "new", guards=["never_back_to_new"]),
        Transition("pending", Move.CLOSE, "new"),
    ]
    one = desk("ana", workflows=[attrs.evolve(REQUEST, transitions=ways, rules=rules)])
    ticket = opened(one)
    assert refusals(one, Resume(ticket.id, ANA)) == (Reason("never_back_to_new", ticket.id),)
    one.handle(Unassign(ticket.id, ANA), AT)
    one.handle(Pend(ticket.id, ANA), AT)
    assert refusals(one, Solve(ticket.id, ANA)) == (Reason("nobody_to_solve", ticket.id),)
    assert one.handle(Close(ticket.id, ANA), AT).tickets[0].state == "new", "where no rule says otherwise"


def test_a_native_rule_that_is_no_guard_does_not_pass_for_one():
    ways = [
        attrs.evolve(way, guards=["leaving_releases"]) if way.move is Move.HOLD else way for way in REPAIR.transitions
    ]
    with pytest.raises(InvalidInput, match="nobody defines 'leaving_releases'") as invalid:
        repairs(workflow=attrs.evolve(REPAIR, transitions=ways))
    assert invalid.value.field == "Configuration.workflows[0].transitions[4].guards"


def test_a_native_rule_can_be_given_another_meaning():
    def two_hours(attempt):
        early = attempt.move is Move.SOLVE and attempt.at < AT + 2 * HOUR
        return Reason("nobody_to_solve", "yet") if early else None

    one = repairs(HouseRules({"nobody_to_solve": two_hours, "tested": lambda attempt: None}))
    ticket = nobodys(one)
    assert refusals(one, Solve(ticket.id, ANA)) == (Reason("nobody_to_solve", "yet"),)
    assert one.handle(Solve(ticket.id, ANA), AT + 2 * HOUR).tickets[0].state == "solved"


def never(attempt):
    return Reason("never", attempt.ticket.id)


def test_what_a_guard_keeps_from_everybody_waits_and_says_so():
    ways = [attrs.evolve(way, guards=["tested"]) if way.move is Move.ASSIGN else way for way in REPAIR.transitions]
    one = repairs(HouseRules({"tested": never}), attrs.evolve(REPAIR, transitions=ways))
    received = say(one)
    assert (received.ticket.assignee, received.ticket.queue) == (None, "support")
    placement = received.decisions[-1]
    assert (placement.agent, placement.excluded) == (None, (Excluded(Filter.GUARD, 2),))
    assert refusals(one, Assign(received.ticket.id, ANA, "ana")) == (Reason("never", received.ticket.id),)
    one.tick(AT + HOUR)
    check_laws(one)


def test_what_a_customer_writes_is_kept_also_where_a_guard_forbids_to_reopen():
    ways = [attrs.evolve(way, guards=["tested"]) if way.move is Move.REPLY else way for way in REPAIR.transitions]
    one = repairs(HouseRules({"tested": never}), attrs.evolve(REPAIR, transitions=ways))
    ticket = opened(one)
    one.handle(Pend(ticket.id, ANA), AT)
    received = say(one, "Hello?", at=AT + MINUTE)
    assert (received.disposition, received.ticket.state) == ("continued", "pending")
    assert len(everything(one, Kind.MESSAGE)) == 2
    assert refusals(one, Reply(ticket.id, ANA, "Hi")) == (Reason("never", ticket.id),)


def test_a_closed_ticket_reopens_where_the_workflow_says_so():
    ways = [*REQUEST.transitions, Transition("closed", Move.REOPEN, "open"), Transition("closed", Move.REPLY, "open")]
    rules = [rule for rule in NATIVE_RULES if rule != "closed_is_final"]
    one = desk("ana", workflows=[attrs.evolve(REQUEST, transitions=ways, rules=rules)])
    ticket = opened(one)
    for command in (Solve, Close, Reopen):
        (after,) = one.handle(command(ticket.id, ANA), AT).tickets
    assert after.state == "open"


def test_a_priority_is_changed_and_not_taken_away():
    one = desk("ana")
    ticket = opened(one)
    one.handle(SetPriority(ticket.id, ANA, 3), AT)
    assert refusals(one, SetPriority(ticket.id, ANA, None)) == (Reason("priority_stays_set", ticket.id),)
    rules = [rule for rule in NATIVE_RULES if rule != "priority_stays_set"]
    free = desk("ana", workflows=[attrs.evolve(REQUEST, rules=rules)])
    ticket = opened(free)
    free.handle(SetPriority(ticket.id, ANA, Priority.HIGH), AT)
    assert free.handle(SetPriority(ticket.id, ANA, None), AT).tickets[0].priority is None
    check_laws(free)


def two_teams(**config):
    people = [AgentProfile("ana", teams=["front", "back"]), AgentProfile("bo", teams=["front"], presence="offline")]
    return desk(
        *people,
        teams=[Team("front"), Team("back")],
        queues=[Queue("desk", "front"), Queue("shop", "back")],
        default_queue="desk",
        **config,
    )


def test_an_agent_who_leaves_a_team_loses_its_tickets_which_wait_with_the_team():
    one = two_teams()
    asleep, active, other = (opened(one, sender=name) for name in ("kim", "lee", "max"))
    one.handle(Pend(asleep.id, ANA), AT)
    one.handle(Transfer(other.id, ANA, "shop"), AT)
    handled = one.handle(SetTeams("ana", Actor.rule("manager"), ["back"]), AT + MINUTE)
    lost = [item.event for item in handled.events if isinstance(item.event, Unassigned)]
    assert [(event.agent, event.reason) for event in lost] == [("ana", Loss.LEFT_TEAM)] * 2
    assert one.ticket(other.id).assignee == "ana"
    for ticket in (asleep, active):
        after = one.ticket(ticket.id)
        assert (after.assignee, after.previous, after.queue) == (None, None, "desk")
        assert after.routing_origin == ticket.routing_origin, "it is as old as it was"
    assert one.ticket(active.id).queued_since is not None
    check_laws(one)


def test_what_a_leaving_agent_loses_goes_to_who_is_there():
    one = two_teams()
    one.handle(SetPresence("bo", Actor.agent("bo"), "available"), AT)
    ticket = opened(one)
    assert ticket.assignee == "ana"
    one.handle(SetTeams("ana", ANA, ["back"]), AT + MINUTE)
    assert one.ticket(ticket.id).assignee == "bo"


def test_who_leaves_a_team_keeps_tickets_where_the_workflow_says_so():
    rules = [rule for rule in NATIVE_RULES if rule != "leaving_releases"]
    one = two_teams(workflows=[attrs.evolve(REQUEST, rules=rules)])
    ticket = opened(one)
    one.handle(SetTeams("ana", ANA, ["back"]), AT + MINUTE)
    assert one.ticket(ticket.id).assignee == "ana"


def test_what_is_solved_stays_with_who_solved_it():
    one = two_teams()
    ticket = opened(one)
    one.handle(Solve(ticket.id, ANA), AT)
    one.handle(SetTeams("ana", ANA, ["back"]), AT + MINUTE)
    assert one.ticket(ticket.id).assignee == "ana"
