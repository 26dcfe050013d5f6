"""What holds for every workflow that can be: its table is what happens, and nothing gets stuck in it."""

import contextlib
from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, BO, check_laws, opened
from desks import desk as usual_desk
from hypothesis import event, example, given
from hypothesis import strategies as st
from workflows import MOVES, is_sound, workflows

from ticketcore import Actor, AgentProfile, Configuration, Desk, Inbound, Parts, Refused, commands
from ticketcore.errors import InvalidInput, Reason
from ticketcore.events import StateChanged
from ticketcore.lifecycle import HOUSE_RULES, HouseRules, objections, passage
from ticketcore.model import REQUEST, Category, Kind, Move, Ref, State, TicketType, Transition, Workflow
from ticketcore.model.workflow import NATIVE_RULES, faults
from ticketcore.stores import MemoryStore

TICKET = opened(usual_desk("ana"))


@given(workflows())
@example(REQUEST)
def test_a_workflow_that_was_made_is_sound_and_says_what_it_was_given(workflow):
    assert is_sound(workflow)
    assert attrs.evolve(workflow) == workflow
    assert {way.target for way in workflow.ways(None, Move.OPEN)} == {workflow.opening.id}
    for state in workflow.states:
        assert workflow.state(state.id) is state
        default = workflow.default(state.category)
        alone = sum(other.category is state.category for other in workflow.states) == 1
        assert (default is state) is (alone or state.is_default)
    assert workflow.state("no such state") is None


@given(workflows(), st.randoms(use_true_random=False))
def test_only_the_order_of_the_ways_of_one_move_counts(workflow, rng):
    ways = {(way.source, way.move): [] for way in workflow.transitions}
    for way in workflow.transitions:
        ways[way.source, way.move].append(way)
    mixed = [ways[way.source, way.move].pop(0) for way in rng.sample(workflow.transitions, len(workflow.transitions))]
    assert attrs.evolve(workflow, transitions=mixed) == workflow
    for way in workflow.transitions:
        first, *others = workflow.ways(way.source, way.move)
        if others and first.target == way.target:
            later = [*(one for one in workflow.transitions if one != way), way]
            if not faults(workflow.states, later, workflow.rules):
                assert attrs.evolve(workflow, transitions=later).ways(way.source, way.move) == (*others, first)


# Nothing gets stuck.


def reached(starts, ways):
    found = set(starts)
    while more := {way.target for way in ways if way.source in found} - found:
        found |= more
    return found


@st.composite
def damaged(draw):
    """The parts of a sound workflow after some ways were lost, bent or added: sound or not."""
    workflow = draw(workflows(guards=st.just(())))
    ids = [state.id for state in workflow.states]
    ways = list(workflow.transitions)
    for _ in range(draw(st.integers(1, 3))):
        i = draw(st.integers(0, len(ways)))
        more = Transition(draw(st.sampled_from(ids)), draw(st.sampled_from(MOVES)), draw(st.sampled_from(ids)))
        if i < len(ways):
            bent = attrs.evolve(ways[i], target=more.target)
            ways[i : i + 1] = draw(st.sampled_from([[], [bent]]))
        else:
            ways.append(more)
    return workflow.states, ways, workflow.rules


@given(damaged())
def test_whatever_builds_has_no_state_in_which_a_ticket_is_stuck(parts):
    states, ways, rules = parts
    category = {state.id: state.category for state in states}
    wrong = faults(states, ways, rules)
    event("faulty" if wrong else "sound")
    if wrong:
        with pytest.raises(InvalidInput) as invalid:
            Workflow("w", states, ways, rules)
        assert (invalid.value.field, invalid.value.reason) == (f"Workflow.{wrong[0].field}", wrong[0].reason)
        return
    workflow = Workflow("w", states, ways, rules)
    assert reached({workflow.opening.id}, ways) == set(category)
    for id in category:
        if category[id] is Category.CLOSED:
            continue
        onwards = reached({way.target for way in ways if way.source == id} - {id}, ways)
        ends = any(category[state] is Category.CLOSED for state in onwards)
        turns = any(state in reached({way.target for way in ways if way.source == state}, ways) for state in onwards)
        assert ends or turns, f"{id!r} leads nowhere"
        assert workflow.ways(id, Move.REPLY), "what a customer writes meets a way"
        first = category[workflow.ways(id, Move.REPLY)[0].target]
        assert "reply_reopens" not in rules or first in (Category.NEW, Category.OPEN)
        assert category[id] not in (Category.NEW, Category.OPEN) or workflow.ways(id, Move.ASSIGN)


@given(damaged())
def test_a_fault_is_a_fault_in_every_order_and_names_a_part_that_is_there(parts):
    states, ways, rules = parts
    for fault in faults(states, ways, rules):
        section, _, rest = fault.field.partition("[")
        assert section in ("states", "transitions")
        if rest:
            assert int(rest.partition("]")[0]) < len(states if section == "states" else ways)
    assert bool(faults(states, ways, rules)) is bool(faults(states[::-1], ways, rules))


# The table is what happens.


@given(workflows(guards=st.just(())))
@example(REQUEST)
def test_every_cell_is_a_transition_or_a_refusal_with_its_name(workflow):
    table = {}
    for way in workflow.transitions:
        table.setdefault((way.source, way.move), []).append(way.target)
    config = followed(workflow)
    for state in workflow.states:
        ticket = attrs.evolve(TICKET, state=state.id, category=state.category, assignee="ana", waiting_since=None)
        for move in Move:
            targets = table.get((state.id, move), [])
            for asked in (None, *(other.id for other in workflow.states), "nowhere"):
                reasons = objections(config, ticket, move, ANA, AT, asked)
                target = asked if asked in targets else targets[0] if targets and asked is None else None
                if target is None:
                    final = state.category is Category.CLOSED and "closed_is_final" in workflow.rules
                    assert [reason.rule for reason in reasons] == ["closed_is_final" if final else "no_such_move"]
                    continue
                assert reasons == ()
                moved = passage(config, ticket, move, ANA, HOUSE_RULES, asked).change(ticket, ANA, AT)
                made = [(each.state, each.category) for each in moved]
                after = workflow.state(target)
                assert made == ([] if target == state.id else [(after.id, after.category)])


def refuses(name):
    """A guard that is now for and now against, by the minute."""
    return lambda attempt: Reason(name, attempt.ticket.id) if attempt.at.minute % 3 == 0 else None


def house(*workflows):
    """The rules of a house that defines every guard of these workflows, and denies some rights to Bo."""
    guards = {guard: refuses(guard) for one in workflows for way in one.transitions for guard in way.guards}
    return HouseRules(guards, lambda actor, right, ticket: actor != BO or right != "till")


def followed(*workflows):
    return Configuration(
        [AgentProfile("ana", capacity=1), AgentProfile("bo", capacity=2)],
        types=[TicketType(one.id, workflow=one.id) for one in workflows[:1]],
        workflows=workflows[:1],
        solve_after=timedelta(minutes=40),
    )


ASKED = [*("Pend", "Hold", "Resume", "Solve", "Reopen", "Close")] * 2
ASKED += [*("Assign", "Unassign", "Transfer", "Reply", "SetPriority", "receive", "tick")]
steps = st.lists(
    st.tuples(st.sampled_from(ASKED), st.integers(0, 9), st.sampled_from([ANA, BO, Actor.bot("bot")])), max_size=25
)


def take(desk, workflow, step, at):
    """Ask something of the desk; only a refusal may come of it."""
    kind, number, actor = step
    if kind == "tick":
        desk.tick(at)
        return
    if kind == "receive":
        desk.receive(Inbound("chat", "shop", "km"[number % 2], "Hello"), at)
        return
    tickets = desk.tickets().tickets
    ticket = tickets[number % len(tickets)].id
    states = [None, *(state.id for state in workflow.states)]
    more = {
        "Assign": [["ana", "bo"][number % 2], True],
        "Transfer": ["support"],
        "Reply": ["An answer"],
        "SetPriority": [[None, 1][number % 2]],
        "Unassign": [],
    }.get(kind, [states[number % len(states)]])
    with contextlib.suppress(Refused):
        desk.handle(getattr(commands, kind)(ticket, actor, *more), at)


@pytest.mark.slow
@given(workflows(), steps)
def test_a_desk_does_what_its_workflow_says_and_nothing_else(workflow, steps):
    desk = Desk(MemoryStore(), tenant="acme", config=followed(workflow), parts=Parts(house=house(workflow)))
    at = AT
    desk.receive(Inbound("chat", "shop", "kim", "Hello"), at)
    for step in steps:
        at += timedelta(minutes=7)
        take(desk, workflow, step, at)
    check_laws(desk)
    ways = {(way.source, way.move, way.target) for way in workflow.transitions}
    for ticket in desk.tickets().tickets:
        state = workflow.opening.id
        for item in desk.history(Ref(Kind.TICKET, ticket.id)):
            if isinstance(item.event, StateChanged):
                assert (state, item.event.move, item.event.state) in ways
                state = item.event.state
        assert (ticket.state, ticket.category) == (state, workflow.state(state).category)


# Small things that no random workflow shows.


def test_ways_are_put_in_the_order_of_states_and_moves():
    backwards = attrs.evolve(REQUEST, transitions=REQUEST.transitions[::-1])
    assert backwards == REQUEST
    assert [way.move for way in REQUEST.transitions if way.source == "solved"] == [Move.REPLY, Move.REOPEN, Move.CLOSE]
    assert REQUEST.transitions[0] == Transition(None, Move.OPEN, "new")
    assert [way.source for way in REQUEST.transitions[1:]] == sorted(
        (way.source for way in REQUEST.transitions[1:]), key=[state.id for state in REQUEST.states].index
    )


def test_the_rules_of_a_workflow_are_the_native_ones_unless_it_says_otherwise():
    assert Workflow("w", REQUEST.states, REQUEST.transitions).rules == NATIVE_RULES


@pytest.mark.parametrize(
    ("labels", "field"),
    [
        ([("en", "a"), ("EN", "b")], "State.labels['en']"),
        ([("en", "a"), ("en", "b")], "State.labels['en']"),
        ({"de": ""}, "State.labels['de']"),
        ({"": "a"}, "State.labels[0]"),
        ("", "State.labels['en']"),
    ],
)
def test_labels_are_one_for_each_locale_and_not_empty(labels, field):
    with pytest.raises(InvalidInput) as invalid:
        State("a", "open", labels)
    assert invalid.value.field == field
