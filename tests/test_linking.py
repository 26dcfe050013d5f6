"""Links between tickets: their shapes, and what a change of one end does to the other."""

from datetime import timedelta

import attrs
import pytest
from desks import ANA, AT, BO, HOUR, MINUTE, agent, check_laws, desk, kinds, new_desk, opened, say
from test_merging import mails, refused
from tied import check_ties

from ticketcore import Actor, AgentProfile, Configuration, InvalidInput, NotFound, Parts
from ticketcore.commands import (
    Close,
    Hold,
    Link,
    Merge,
    Note,
    Pend,
    Reopen,
    Reply,
    Resume,
    SetPriority,
    Solve,
    Unlink,
    Unmerge,
)
from ticketcore.errors import Reason
from ticketcore.lifecycle import HouseRules
from ticketcore.model import LINKS, REQUEST, Kind, Priority, Reach, Ref, Relation, Shape
from ticketcore.stores import MemoryStore

pytestmark = pytest.mark.usefixtures("every_driver")
CHAINS = [relation for relation, kind in LINKS.items() if kind.shape is Shape.CHAIN]
FLAT = [relation for relation, kind in LINKS.items() if kind.shape is Shape.FLAT]


def tickets(one, count):
    return [ticket.id for ticket in mails(one, *map(str, range(count)))]


def link(one, ticket, relation, other, at=AT):
    return one.handle(Link(ticket, ANA, relation, other), at)


@pytest.mark.parametrize("relation", list(LINKS))
def test_a_link_stands_on_both_sides_and_is_taken_away_from_either(relation):
    one = desk("ana")
    a, b = tickets(one, 2)
    for ticket, said, other in ((a, relation, b), (b, relation.opposite, a)):
        assert len(link(one, ticket, said, other).events) == 2
        assert one.ticket(a).linked(relation) == (b,)
        assert one.ticket(b).linked(relation.opposite) == (a,)
        assert link(one, a, relation, b).events == ()
        assert link(one, b, relation.opposite, a).events == ()
        one.handle(Unlink(b, ANA, relation.opposite, a), AT)
        assert one.handle(Unlink(a, ANA, relation, b), AT).events == ()
        assert one.ticket(a).ties is one.ticket(b).ties is None


@pytest.mark.parametrize("relation", CHAINS)
def test_chains_have_one_way_up_and_no_circles(relation):
    one = desk("ana")
    a, b, c, d = tickets(one, 4)
    link(one, a, relation, b)
    link(one, b, relation, c)
    link(one, c, relation, d)
    assert kinds(one, Ref(Kind.TICKET, d))[-1] == "LinkAdded"
    assert refused(one, Link(a, ANA, relation, d)) == (Reason("only_one", b),)
    assert refused(one, Link(d, ANA, relation, d)) == (Reason("cycle", d),)
    assert refused(one, Link(d, ANA, relation, a)) == (Reason("cycle", a),)
    assert refused(one, Link(a, ANA, relation.opposite, d)) == (Reason("cycle", a),)
    check_ties(one)


@pytest.mark.parametrize("relation", CHAINS)
def test_the_end_of_a_chain_says_that_it_was_joined(relation):
    one = desk("ana")
    a, b, c = tickets(one, 3)
    link(one, b, relation, c)
    version = one.ticket(c).version
    link(one, a, relation, b)
    assert one.ticket(c).version == version + 1
    assert kinds(one, Ref(Kind.TICKET, c))[-1] == "ChainJoined"
    assert one.ticket(c).linked(relation.opposite) == (b,)


@pytest.mark.parametrize("relation", FLAT)
def test_flat_links_have_one_level(relation):
    one = desk("ana")
    a, b, c = tickets(one, 3)
    link(one, a, relation, b)
    link(one, a, relation, c)
    assert refused(one, Link(b, ANA, relation, c)) == (Reason("only_one_level", a),)
    assert refused(one, Link(c, ANA, relation.opposite, b)) == (Reason("only_one_level", a),)
    assert {reason.rule for reason in refused(one, Link(c, ANA, relation, a))} == {"only_one_level"}
    assert refused(one, Link(c, ANA, relation, c)) == (Reason("cycle", c),)


def test_a_follow_up_that_a_message_opened_is_one():
    one = desk("ana")
    first = opened(one, channel="email", external_id="a")
    one.handle(Solve(first.id, ANA), AT)
    one.handle(Close(first.id, ANA), AT)
    second = say(one, channel="email", external_id="b", reply_to=["a"], at=AT + HOUR).ticket
    other = opened(one, channel="email", external_id="c")
    assert second.origin.follow_up_of == first.id
    assert refused(one, Link(second.id, ANA, "follow_up_of", other.id)) == (Reason("only_one", first.id),)
    assert refused(one, Link(first.id, ANA, "follow_up_of", second.id)) == (Reason("cycle", second.id),)
    assert link(one, second.id, "follow_up_of", first.id).events == ()


def test_links_that_cannot_be():
    one = desk("ana")
    a, b, c = tickets(one, 3)
    for relation in ("split_from", "split_into"):
        with pytest.raises(InvalidInput, match=r"Link\.relation"):
            Link(a, ANA, relation, b)
    with pytest.raises(InvalidInput, match="relation"):
        Link(a, ANA, "friend_of", b)
    with pytest.raises(NotFound):
        one.handle(Link(a, ANA, "child_of", "nothing"), AT)
    one.handle(Merge(a, ANA, b), AT)
    assert refused(one, Link(a, ANA, "child_of", c)) == (Reason("merged", b),)
    assert refused(one, Unlink(c, ANA, "child_of", a)) == (Reason("merged", b),)


def test_the_right_to_link_is_asked_of_both_sides():
    config = Configuration(agents=[AgentProfile("ana")])
    house = HouseRules(has_right=lambda _, right, ticket: (right, ticket.number) != ("link", 2))
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=Parts(house=house))
    a, b, c = tickets(one, 3)
    for ticket, other in ((a, b), (b, a)):
        assert refused(one, Link(ticket, ANA, "child_of", other)) == (Reason("no_right", "link"),)
    link(one, a, "child_of", c)


def told(one, ticket):
    history = one.history(Ref(Kind.TICKET, ticket))
    return [item.event for item in history if type(item.event).__name__ == "LinkedMoved"]


def test_a_change_of_a_tracker_reaches_its_customers_tickets_once():
    one = desk(AgentProfile("ana", capacity=20))
    tracker, *customers = tickets(one, 6)
    for ticket in customers:
        link(one, ticket, "customer_of", tracker)
    one.handle(Hold(tracker, ANA), AT + MINUTE)
    assert all(told(one, ticket) == [] for ticket in customers)
    for _ in range(3):
        one.tick(AT + MINUTE)
    for ticket in customers:
        (event,) = told(one, ticket)
        assert (event.relation, event.other, event.state, event.refused) == ("customer_of", tracker, "on_hold", ())
        assert one.ticket(ticket).state == "open"
    one.handle(Note(tracker, ANA, "No news"), AT + HOUR)
    one.tick(AT + HOUR)
    assert {len(told(one, ticket)) for ticket in customers} == {1}
    one.handle(Resume(tracker, ANA), AT + 2 * HOUR)
    one.handle(Solve(tracker, ANA), AT + 2 * HOUR)
    one.tick(AT + 2 * HOUR)
    assert {tuple(event.state for event in told(one, ticket)) for ticket in customers} == {("on_hold", "solved")}
    check_laws(one)


@pytest.mark.parametrize("relation", [one for one, kind in LINKS.items() if kind.reach is Reach.SOLVES])
def test_what_is_solved_with_a_problem_is_solved_by_the_rules(relation):
    one = desk(AgentProfile("ana", capacity=1), AgentProfile("bo", capacity=1))
    problem, ours, nobodys = tickets(one, 3)
    for ticket in (ours, nobodys):
        link(one, problem, relation.opposite, ticket)
    assert (one.ticket(ours).assignee, one.ticket(nobodys).assignee) == ("bo", None)
    one.handle(Solve(problem, ANA), AT + MINUTE)
    assert one.ticket(nobodys).assignee == "ana"
    late = say(one, sender="lee").ticket.id
    link(one, late, "child_of", problem)
    one.tick(AT + MINUTE)
    assert one.ticket(ours).state == one.ticket(nobodys).state == "solved"
    assert [event.refused for event in told(one, ours)] == [()]
    assert one.ticket(late).linked(Relation.CHILD_OF) == (problem,)
    assert told(one, late) == []
    one.tick(AT + MINUTE)
    assert one.ticket(late).assignee is not None
    check_laws(one)


def test_what_cannot_be_solved_is_told_why():
    one = desk()
    problem, incident = tickets(one, 2)
    link(one, incident, "incident_of", problem)
    one.handle(Solve(problem, Actor.bot("x")), AT)
    one.tick(AT)
    (event,) = told(one, incident)
    assert (event.refused, one.ticket(incident).state) == (("nobody_to_solve",), "new")


def test_a_survivor_hears_once_of_what_those_merged_into_it_are_linked_to():
    one = desk(AgentProfile("ana", capacity=20))
    tracker, whole, *parts = tickets(one, 5)
    for ticket in parts:
        link(one, ticket, "customer_of", tracker)
        one.handle(Merge(ticket, ANA, whole), AT)
    one.handle(Pend(tracker, ANA), AT)
    for _ in range(2):
        one.tick(AT)
    assert {len(told(one, ticket)) for ticket in (whole, *parts)} == {1}
    assert one.ticket(whole).ties.links == ()
    one.handle(Unmerge(parts[0], BO), AT)
    assert one.ticket(parts[0]).links[0].told == "pending"
    check_laws(one)


def test_a_link_that_was_there_before_tells_nothing_old():
    one = desk("ana")
    tracker, customer = tickets(one, 2)
    one.handle(Pend(tracker, ANA), AT)
    link(one, customer, "customer_of", tracker)
    one.tick(AT + timedelta(days=1))
    assert told(one, customer) == []
    assert agent(one, "ana").open == 1


def test_an_import_tells_nobody():
    one = desk("ana")
    tracker, customer = tickets(one, 2)
    link(one, customer, "customer_of", tracker)
    one.without_effects().handle(Pend(tracker, ANA), AT)
    assert one.tick(AT + HOUR).woken == ()


# Parents and children


def family(one, *, count=2):
    """A parent, and its children."""
    parent, *children = tickets(one, count)
    for child in children:
        link(one, child, "child_of", parent)
    return parent, children


def test_a_parent_is_not_done_before_its_children():
    one = desk("ana")
    parent, (first, second) = family(one, count=3)
    for command in (Solve(parent, ANA), Reply(parent, ANA, "Done", then="solve")):
        assert refused(one, command) == (Reason("children_open", first),)
    one.handle(Solve(first, ANA), AT)
    assert refused(one, Solve(parent, ANA)) == (Reason("children_open", second),)
    one.handle(Merge(second, ANA, first), AT)
    one.handle(Solve(first, ANA), AT)
    one.handle(Reply(parent, ANA, "Done", then="solve"), AT)
    one.handle(Reopen(first, ANA), AT)
    assert refused(one, Close(parent, ANA)) == (Reason("children_open", first),)
    one.handle(Unlink(first, ANA, "child_of", parent), AT)
    one.handle(Close(parent, ANA), AT)
    check_ties(one)
    check_laws(one)


def test_an_import_says_what_was_also_of_a_parent():
    one = desk("ana")
    parent, _ = family(one)
    one.handle(Solve(parent, Actor("import", "feed")), AT)
    assert one.ticket(parent).state == "solved"


def test_silence_ends_a_parent_once_its_children_have_ended():
    one = desk("ana", solve_after=timedelta(days=1), close_after=timedelta(days=1))
    parent, (child,) = family(one)
    one.handle(Reply(parent, ANA, "And now?", then="pend"), AT)
    (woken,) = one.tick(AT + 24 * HOUR).woken
    assert [reason.rule for reason in woken.refused.reasons] == ["children_open"]
    one.handle(Reply(child, ANA, "Done", then="solve"), AT + 25 * HOUR)
    one.tick(AT + 25 * HOUR)
    assert one.ticket(parent).state == "solved"
    one.handle(Reopen(child, ANA), AT + 26 * HOUR)
    assert [woken.refused is None for woken in one.tick(AT + 49 * HOUR).woken] == [False]
    one.handle(Unlink(child, ANA, "child_of", parent), AT + 50 * HOUR)
    one.tick(AT + 50 * HOUR)
    assert one.ticket(parent).state == "closed"
    check_laws(one)


def test_what_is_not_due_yet_waits_on_when_a_child_ends():
    one = desk("ana", solve_after=timedelta(days=1))
    parent, (child,) = family(one)
    one.handle(Reply(parent, ANA, "And now?", then="pend"), AT)
    one.handle(Reply(child, ANA, "Done", then="solve"), AT + HOUR)
    one.tick(AT + HOUR)
    assert one.ticket(parent).state == "pending"
    one.tick(AT + 24 * HOUR)
    assert one.ticket(parent).state == "solved"


def test_a_duplicate_of_what_is_solved_stays_while_its_own_children_are_open():
    one = desk("ana")
    parent, (child,) = family(one)
    original = mails(one, "o")[0].id
    link(one, parent, "duplicate_of", original)
    one.handle(Solve(original, ANA), AT)
    one.tick(AT)
    told = [item.event for item in one.history(Ref(Kind.TICKET, parent)) if type(item.event).__name__ == "LinkedMoved"]
    assert (told[-1].refused, one.ticket(parent).category) == (("children_open",), "open")
    assert one.ticket(child).linked(Relation.CHILD_OF) == (parent,)


def test_a_workflow_may_leave_the_rule_of_children_out_and_a_host_replace_it():
    rules = [rule for rule in REQUEST.rules if rule != "children_open"]
    without = desk("ana", workflows=[attrs.evolve(REQUEST, rules=rules)])
    parent, _ = family(without)
    without.handle(Solve(parent, ANA), AT)

    def only_urgent(attempt):
        urgent = [one.id for one in attempt.children if one.priority == Priority.URGENT]
        return Reason("children_open", urgent[0]) if urgent else None

    config = Configuration(agents=[AgentProfile("ana")])
    parts = Parts(house=HouseRules({"children_open": only_urgent}))
    one = new_desk(MemoryStore(), tenant="acme", config=config, parts=parts)
    parent, (child,) = family(one)
    one.handle(SetPriority(child, ANA, Priority.URGENT), AT)
    assert refused(one, Solve(parent, ANA)) == (Reason("children_open", child),)
    one.handle(SetPriority(child, ANA, Priority.LOW), AT)
    one.handle(Solve(parent, ANA), AT)
