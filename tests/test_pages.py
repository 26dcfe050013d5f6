"""Pages of tickets, as a helpdesk lists them."""

import pytest
from desks import ANA, AT, MINUTE, desk, opened

from ticketcore import AgentProfile, InvalidInput
from ticketcore.commands import Pend, Reply, SetPriority, SetTags, Solve, Transfer
from ticketcore.model import Priority, Queue, Team
from ticketcore.turns import Span

pytestmark = pytest.mark.usefixtures("every_driver")


def numbers(page):
    return [ticket.number for ticket in page.tickets]


def a_desk():
    one = desk(AgentProfile("ana", capacity=2))
    for i in range(5):
        opened(one, sender=f"c{i}", at=AT + i * MINUTE, subject=f"Matter {i}", attributes={"order": str(i)})
    return one


def test_by_state_queue_assignee_and_contact():
    one = a_desk()
    first = one.tickets().tickets[0]
    assert numbers(one.tickets()) == [1, 2, 3, 4, 5]
    assert numbers(one.tickets(assignee="ana")) == [1, 2]
    assert numbers(one.tickets(assignee=None, state="new")) == [3, 4, 5]
    assert numbers(one.tickets(contact=first.contact)) == [1]
    assert numbers(one.tickets(queue=("support", "sales"), descending=True)) == [5, 4, 3, 2, 1]
    assert numbers(one.tickets(queue="sales")) == []


def test_in_pages_and_with_their_words():
    one = a_desk()
    page = one.tickets(limit=2, words=True)
    assert [page.words[ticket.subject] for ticket in page.tickets] == ["Matter 0", "Matter 1"]
    assert [page.words[ticket.attributes[0].text] for ticket in page.tickets] == ["0", "1"]
    following = one.tickets(limit=3, after=page.next)
    assert (numbers(following), following.next, dict(following.words)) == ([3, 4, 5], None, {})


def test_by_how_long_somebody_waits():
    one = a_desk()
    first = one.tickets().tickets[0]
    one.handle(Reply(first.id, ANA, "Yes?"), AT)
    assert numbers(one.tickets(sort="waiting_since")) == [2, 3, 4, 5], "who was answered does not wait"
    assert numbers(one.tickets(sort="queued_since", descending=True)) == [5, 4, 3]
    one.handle(Solve(first.id, ANA), AT)
    assert numbers(one.tickets(sort="queued_since")) == [4, 5]


def test_by_tag_channel_and_priority():
    one = a_desk()
    ids = [ticket.id for ticket in one.tickets().tickets]
    one.handle(SetTags(ids[0], ANA, add=["vip"]), AT)
    one.handle(SetTags(ids[1], ANA, add=["gold", "vip"]), AT)
    one.handle(SetPriority(ids[1], ANA, Priority.HIGH), AT)
    opened(one, sender="kim@example.org", channel="email", at=AT)
    assert numbers(one.tickets(tag="vip")) == [1, 2]
    assert numbers(one.tickets(tag=("gold", "silver"))) == [2]
    assert numbers(one.tickets(tag=None, channel="chat")) == [3, 4, 5]
    assert numbers(one.tickets(channel="email")) == [6]
    assert numbers(one.tickets(priority=Priority.HIGH)) == [2]
    assert numbers(one.tickets(priority=(None, Priority.HIGH), tag="vip")) == [1, 2]
    assert numbers(one.tickets(sort="priority", descending=True, limit=1)) == [2]
    one.handle(SetTags(ids[1], ANA, remove=["vip"]), AT)
    assert numbers(one.tickets(tag="vip")) == [1]


def test_by_category_and_team():
    config = {"teams": [Team("support"), Team("field")], "queues": [Queue("support"), Queue("north", "field")]}
    one = desk("ana", **config)
    first, second, third = (opened(one, sender=f"c{i}", at=AT) for i in range(3))
    one.handle(Transfer(second.id, ANA, "north"), AT)
    one.handle(Pend(first.id, ANA), AT)
    assert numbers(one.tickets(category="pending")) == [1]
    assert numbers(one.tickets(category=("pending", "closed"))) == [1]
    assert numbers(one.tickets(category="open")) == [2, 3]
    assert numbers(one.tickets(category="open", state="pending")) == []
    assert numbers(one.tickets(category="pending", state=("open", "pending"))) == [1]
    assert numbers(one.tickets(team="field")) == [2]
    assert numbers(one.tickets(team=("field", "support"), queue="support")) == [1, 3]
    assert numbers(one.tickets(team="nobody's")) == []
    assert third.number == 3


def test_by_when_it_was_opened_updated_or_left_waiting():
    one = a_desk()
    first = one.tickets().tickets[0]
    one.handle(SetTags(first.id, ANA, add=["late"]), AT + 9 * MINUTE)
    assert numbers(one.tickets(opened=Span(AT + MINUTE, AT + 3 * MINUTE))) == [2, 3]
    assert numbers(one.tickets(opened=Span(before=AT + MINUTE))) == [1]
    assert numbers(one.tickets(updated=Span(since=AT + 4 * MINUTE))) == [1, 5]
    assert numbers(one.tickets(waiting=Span(AT + 3 * MINUTE), sort="waiting_since", descending=True)) == [5, 4]
    assert numbers(one.tickets(sort="updated_at", descending=True, limit=2)) == [1, 5]


@pytest.mark.parametrize(
    "asked",
    [
        {"colour": "red"},
        {"sort": "colour"},
        {"limit": 0},
        {"tag": Span()},
        {"category": Span()},
        {"priority": Span()},
        {"opened": 3},
        {"opened": Span(AT.replace(tzinfo=None))},
    ],
)
def test_by_nothing_else(asked):
    with pytest.raises(InvalidInput):
        a_desk().tickets(**asked)
