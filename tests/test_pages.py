"""Pages of tickets, as a helpdesk lists them."""

import pytest
from desks import ANA, AT, MINUTE, desk, opened

from ticketcore import AgentProfile, InvalidInput
from ticketcore.commands import Reply, Solve

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
    assert [page.words[dict(ticket.origin.attributes)["order"]] for ticket in page.tickets] == ["0", "1"]
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


@pytest.mark.parametrize("asked", [{"colour": "red"}, {"sort": "colour"}, {"limit": 0}])
def test_by_nothing_else(asked):
    with pytest.raises(InvalidInput):
        a_desk().tickets(**asked)
