"""Tickets that are for one agent first: who that is, how long they wait for them, and how it ends."""

import attrs
import pytest
from desks import ANA, AT, EVE, HOUR, MINUTE, check_laws, desk, new_desk, opened

from ticketcore import AgentProfile, Condition, Configuration, InvalidInput, RoutingRule
from ticketcore.commands import (
    Configure,
    DescribeContact,
    MergeContacts,
    SetCapacity,
    SetPresence,
    SetSkills,
    Solve,
    Transfer,
    Unassign,
    UnmergeContacts,
)
from ticketcore.config import read_desk, write_desk
from ticketcore.escalation import wanted_by
from ticketcore.events import AffinityEnded
from ticketcore.model import Affinity, Familiar, Filter, Kind, Parting, Presence, Queue, Ref
from ticketcore.model.requirements import Requirement
from ticketcore.stores import MemoryStore

TO_ANA = Affinity("hers", "named", "ana", 5 * MINUTE)
DAY = 24 * HOUR


def ref(ticket):
    return Ref(Kind.TICKET, ticket.id)


def endings(one, ticket):
    return [item.event.reason for item in one.history(ref(ticket)) if isinstance(item.event, AffinityEnded)]


def have(one, *tickets):
    return [one.ticket(ticket.id).assignee for ticket in tickets]


def full(*affinities, **more):
    """A desk on which ana has all that she takes, and bo has room; and her ticket."""
    one = desk(AgentProfile("ana", capacity=1), "bo", affinities=affinities or [TO_ANA], **more)
    return one, opened(one, sender="early")


def test_a_ticket_goes_to_the_agent_who_is_named_whoever_else_has_had_less():
    one = desk("ana", "bo", affinities=[TO_ANA])
    tickets = [opened(one, sender=f"c{i}") for i in range(4)]
    assert have(one, *tickets) == 4 * ["ana"]
    placement = one.history(ref(tickets[0]))[-2].event.placement
    assert (placement.affinity, placement.candidates, placement.pool) == ("hers", 1, 2)
    assert [(item.filter, item.agents) for item in placement.excluded] == [(Filter.AFFINITY, 1)]


def test_it_waits_for_who_is_on_duty_and_full_until_its_patience_ends():
    one, hers = full()
    ticket = opened(one)
    assert ticket.assignee is None
    placement = one.history(ref(ticket))[-1].event.placement
    assert {item.filter: item.agents for item in placement.excluded} == {Filter.CAPACITY: 1, Filter.AFFINITY: 1}
    one.tick(AT + 4 * MINUTE)
    assert have(one, ticket) == [None]
    one.tick(AT + 5 * MINUTE)
    assert (have(one, ticket), endings(one, ticket)) == (["bo"], [Parting.PATIENCE])
    assert wanted_by(one.ticket(ticket.id).requirement) is None
    other = opened(one, sender="lee", at=AT + HOUR)
    one.handle(Solve(hers.id, ANA), AT + HOUR + MINUTE)
    assert (have(one, other), endings(one, other)) == (["ana"], [])
    check_laws(one)


def test_who_goes_off_duty_is_waited_for_no_longer():
    one, _ = full()
    ticket = opened(one)
    one.handle(SetPresence("ana", ANA, "away"), AT + MINUTE)
    assert (have(one, ticket), endings(one, ticket)) == (["bo"], [Parting.PRESENCE])
    late = opened(one, sender="lee", at=AT + MINUTE)
    assert (have(one, late), endings(one, late)) == (["bo"], [Parting.PRESENCE])


def test_a_short_break_may_be_waited_for_too():
    patient = attrs.evolve(TO_ANA, presences=["available", "away"])
    one, hers = full(patient)
    one.handle(SetPresence("ana", ANA, "away"), AT)
    one.handle(Solve(hers.id, ANA), AT)
    ticket = opened(one)
    assert have(one, ticket) == [None]
    one.handle(SetPresence("ana", ANA, "available"), AT + MINUTE)
    assert have(one, ticket) == ["ana"]
    other = opened(one, sender="lee", at=AT + 2 * MINUTE)
    one.handle(SetPresence("ana", ANA, "offline"), AT + 3 * MINUTE)
    assert have(one, other) == ["bo"]


def test_without_patience_the_agent_is_asked_once():
    one, _ = full(attrs.evolve(TO_ANA, patience=0 * MINUTE))
    ticket = opened(one)
    assert (ticket.assignee, endings(one, ticket)) == ("bo", [Parting.PATIENCE])


def test_who_cannot_take_it_is_not_waited_for():
    gold = RoutingRule("gold", Condition(keywords=["gold"]), skills=["gold"])
    one = desk(
        AgentProfile("ana", skills=["gold"], capacity=0),
        AgentProfile("bo", skills=["gold"]),
        rules=[gold],
        affinities=[TO_ANA],
    )
    ticket = opened(one, "My gold ring")
    assert ticket.assignee is None
    one.handle(SetSkills("ana", EVE, []), AT + MINUTE)
    assert (have(one, ticket), endings(one, ticket)) == (["bo"], [Parting.UNABLE])
    nobody = desk("bo", affinities=[attrs.evolve(TO_ANA, agent="gone")])
    assert opened(nobody).assignee == "bo"


def test_the_owner_of_a_customer_comes_first_and_the_first_affinity_that_finds_somebody_counts():
    one = desk("ana", "bo", affinities=[Affinity("owner", "owner", patience=HOUR), attrs.evolve(TO_ANA)])
    contact = opened(one).contact
    assert one.handle(DescribeContact(contact, EVE, owner="bo"), AT).events
    later = opened(one, at=AT + DAY)
    assert later.assignee == "bo"
    assert wanted_by(later.requirement) == ("owner", "bo")
    assert opened(one, sender="lee", at=AT + DAY).assignee == "ana"
    check_laws(one)


def test_whoever_had_the_customer_last_comes_first():
    one = desk("ana", "bo", "eve", affinities=[Affinity("regulars", "last_agent", patience=HOUR)])
    first = opened(one)
    one.handle(Solve(first.id, ANA), AT + MINUTE)
    others = [opened(one, sender=f"c{i}", at=AT + MINUTE) for i in range(2)]
    assert {first.assignee, *(ticket.assignee for ticket in others)} == {"ana", "bo", "eve"}
    for i in range(3):
        assert opened(one, at=AT + (i + 1) * DAY).assignee == first.assignee


def test_whoever_had_the_customer_last_had_them_by_whatever_name_they_wrote():
    one = desk("ana", "bo", affinities=[Affinity("regulars", "last_agent", patience=HOUR)])
    home, work = opened(one, sender="home"), opened(one, sender="work")
    assert {home.assignee, work.assignee} == {"ana", "bo"}
    one.handle(MergeContacts(home.contact, work.contact, EVE), AT + MINUTE)
    one.handle(Solve(home.id, ANA), AT + HOUR)  # so that it is the one that changed last
    assert opened(one, sender="work", at=AT + DAY).assignee == home.assignee
    one.handle(UnmergeContacts(home.contact, EVE), AT + DAY)
    assert opened(one, sender="home", at=AT + 2 * DAY).assignee == home.assignee


def test_an_affinity_is_for_some_queues_and_customers_only():
    vip = attrs.evolve(TO_ANA, tiers=["gold"])
    one = desk("ana", "bo", affinities=[vip])
    tickets = [opened(one, sender=f"c{i}") for i in range(2)]
    assert sorted(have(one, *tickets)) == ["ana", "bo"]
    kim = next(ticket for ticket in tickets if ticket.assignee == "bo")
    one.handle(DescribeContact(kim.contact, EVE, tier="gold"), AT)
    number = tickets.index(kim)
    assert [opened(one, sender=f"c{number}", at=AT + i * DAY).assignee for i in (1, 2)] == ["ana", "ana"]
    elsewhere = desk(
        "ana", "bo", queues=[Queue("support"), Queue("other")], affinities=[attrs.evolve(TO_ANA, queues=["other"])]
    )
    assert sorted(opened(elsewhere, sender=f"c{i}").assignee for i in range(2)) == ["ana", "bo"]


def test_who_comes_on_takes_the_most_urgent_not_what_is_theirs():
    """An affinity reserves nothing: of what waits for an agent the oldest goes first."""
    one = desk("ana", affinities=[attrs.evolve(TO_ANA, patience=9 * HOUR, tiers=["gold"])])
    known = opened(one, sender="vip")
    one.handle(DescribeContact(known.contact, EVE, tier="gold"), AT)
    one.handle(Solve(known.id, ANA), AT)
    one.handle(SetCapacity("ana", EVE, 0), AT)
    plain = opened(one, sender="kim", at=AT + DAY)
    theirs = opened(one, sender="vip", at=AT + DAY + MINUTE)
    assert wanted_by(theirs.requirement) == ("hers", "ana")
    one.handle(SetCapacity("ana", EVE, 1), AT + DAY + HOUR)
    assert have(one, plain, theirs) == ["ana", None]
    one.handle(SetCapacity("ana", EVE, 2), AT + DAY + HOUR)
    assert have(one, plain, theirs) == ["ana", "ana"]


def test_a_transfer_and_a_change_of_the_rules_end_it():
    one, _ = full(attrs.evolve(TO_ANA, patience=9 * HOUR), queues=[Queue("support"), Queue("other")])
    moved, left = opened(one), opened(one, sender="lee")
    one.handle(Transfer(moved.id, EVE, "other"), AT + MINUTE)
    assert (have(one, moved), endings(one, moved)) == (["bo"], [])
    one.handle(Configure(attrs.evolve(one.configuration(), affinities=[]), EVE), AT + MINUTE)
    one.tick(AT + 10 * HOUR)
    assert (have(one, left), endings(one, left)) == (["bo"], [Parting.UNABLE])


def test_what_was_taken_from_the_agent_does_not_go_back():
    one = desk("ana", "bo", affinities=[TO_ANA])
    ticket = opened(one)
    one.handle(Unassign(ticket.id, EVE), AT + MINUTE)
    assert (have(one, ticket), endings(one, ticket)) == (["bo"], [Parting.UNABLE])


def test_another_desk_sees_who_is_waited_for():
    store, config = (
        MemoryStore(),
        Configuration(agents=[AgentProfile("ana", capacity=1), AgentProfile("bo")], affinities=[TO_ANA]),
    )
    one, other = (new_desk(store, tenant="acme", config=config) for _ in range(2))
    opened(one, sender="early")
    ticket = opened(one)
    opened(other, sender="lee")
    other.handle(SetPresence("ana", ANA, "away"), AT + MINUTE)
    assert have(one, ticket) == ["bo"]
    check_laws(one)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Affinity("a", "nobody"), "Affinity.to"),
        (lambda: Affinity("a", "named"), "Affinity.agent"),
        (lambda: Affinity("a", "owner", "ana"), "Affinity.agent"),
        (lambda: Affinity("a", "owner", patience=-MINUTE), "Affinity.patience"),
        (lambda: Affinity("a", "owner", patience=5), "Affinity.patience"),
        (lambda: Affinity("a", "owner", presences=[]), "Affinity.presences"),
        (lambda: Affinity("a", "owner", presences=["here"]), "Affinity.presences[0]"),
        (
            lambda: Configuration(affinities=[attrs.evolve(TO_ANA, queues=["x"])]),
            "Configuration.affinities[0].queues[0]",
        ),
        (lambda: Configuration(affinities=[TO_ANA, TO_ANA]), "Configuration.affinities[1].id"),
        (
            lambda: RoutingRule("r", Condition(), requirement={"affinity": "x", "agent": "y"}),
            "RoutingRule.requirement.affinity",
        ),
        (lambda: Requirement(agent="ana"), "Requirement.agent"),
    ],
)
def test_what_cannot_be_used_is_named(make, field):
    with pytest.raises(InvalidInput) as caught:
        make()
    assert caught.value.field == field


FILE = """[desk]
tenant = "acme"

[affinities.regulars]
to = "last_agent"
patience = "5 minutes"
presences = ["available", "away"]
queues = ["support"]
tiers = ["gold"]
"""


def test_a_file_says_affinities():
    read = read_desk(FILE)
    (regulars,) = read.configuration.affinities
    assert (regulars.to, regulars.patience, regulars.presences[1]) == (Familiar.LAST_AGENT, 5 * MINUTE, Presence.AWAY)
    assert read_desk(write_desk(read)) == read
    for wrong, field in (('to = "last"', "affinities.regulars.to"), ("", "affinities.regulars.to")):
        with pytest.raises(InvalidInput) as caught:
            read_desk(FILE.replace('to = "last_agent"', wrong))
        assert caught.value.field == field
    with pytest.raises(InvalidInput) as caught:
        read_desk(FILE.replace('["support"]', '["suport"]'))
    assert (caught.value.field, caught.value.line) == ("affinities.regulars.queues[0]", 8)
