"""What the host is told: each turn with what it took and came to, and each commit, once it is one."""

import logging
import time
from datetime import timedelta

import pytest
from desks import ANA, AT, DAY, new_desk, opened, say

from ticketcore import AgentProfile, Conflict, Desk, InvalidInput, NotFound, Parts, Refused
from ticketcore.commands import AddAgent, Note, Pend, Solve
from ticketcore.model import Configuration, Kind, Ref
from ticketcore.ports import Query
from ticketcore.shell import TurnReport
from ticketcore.stores import MemoryStore

pytestmark = pytest.mark.usefixtures("every_driver")


class Busy(MemoryStore):
    """Somebody else is first, the next so many times."""

    conflicts = 0
    before = None

    def commit(self, commit):
        if self.before is not None:
            work, self.before = self.before, None
            work()
        if self.conflicts:
            self.conflicts -= 1
            raise Conflict((("ticket", "x"),))
        return super().commit(commit)


def told(**parts):
    """A desk that has its first ticket, and the list of what it reports from then on."""
    reports = []
    one = new_desk(Busy(), tenant="acme", parts=Parts(on_turn=reports.append, **parts))
    ticket = opened(one)
    reports.clear()
    return one, ticket, reports


def test_each_call_is_reported_by_its_name():
    one, ticket, reports = told()
    say(one)
    one.handle(Note(ticket.id, ANA, "Look"), AT)
    one.tick(AT)
    one.ticket(ticket.id)
    one.tickets()
    one.find(Query(Kind.TICKET))
    one.words([ticket.subject])
    one.history(Ref(Kind.TICKET, ticket.id))
    one.configuration()
    names = ["receive", "handle", "tick", "ticket", "tickets", "find", "words", "history", "configuration"]
    assert [report.name for report in reports] == names
    assert {(report.retries, report.outcome) for report in reports} == {(0, "done")}
    assert all(report.duration > timedelta(0) for report in reports)


@pytest.mark.parametrize("conflicts", [0, 1, 3, 20])
def test_retries_are_counted(conflicts):
    one, _, reports = told()
    one.store.conflicts = conflicts
    say(one)
    assert [(report.retries, report.outcome) for report in reports] == [(conflicts, "done")]


def test_who_gives_up_says_after_how_many_retries():
    one, ticket, reports = told()
    one.store.conflicts = 1000
    with pytest.raises(Conflict):
        one.handle(Note(ticket.id, ANA, "Look"), AT)
    made = 1000 - one.store.conflicts
    assert [(report.retries, report.outcome) for report in reports] == [(made - 1, "Conflict")]


def test_who_is_refused_in_the_end_was_tried_again_before():
    """Somebody else solves the ticket in the moment before the first attempt is stored."""
    one, ticket, reports = told()
    other = Desk(one.store, tenant="acme")
    other.handle(AddAgent(AgentProfile("ana"), ANA), AT)
    one.store.before = lambda: other.handle(Solve(ticket.id, ANA), AT)
    with pytest.raises(Refused):
        one.handle(Solve(ticket.id, ANA), AT)
    assert [(report.retries, report.outcome) for report in reports] == [(1, "Refused")]


def test_the_duration_is_that_of_the_call():
    class Slow(MemoryStore):
        def find(self, tenant, query):
            time.sleep(0.02)
            return super().find(tenant, query)

    reports = []
    one = new_desk(Slow(), tenant="acme", parts=Parts(on_turn=reports.append))
    began = time.perf_counter()
    one.tickets()
    elapsed = timedelta(seconds=time.perf_counter() - began)
    assert timedelta(seconds=0.02) <= reports[0].duration <= elapsed


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda one, ticket: one.handle(Solve(ticket, ANA), AT), Refused),
        (lambda one, ticket: one.handle(Pend("x", ANA), AT), NotFound),
        (lambda one, ticket: one.ticket("x"), NotFound),
        (lambda one, ticket: one.receive("hello"), InvalidInput),
        (lambda one, ticket: one.tickets(colour="red"), InvalidInput),
        (lambda one, ticket: one.tick(AT.replace(tzinfo=None)), InvalidInput),
    ],
)
def test_an_error_is_reported_and_raised(call, error):
    one, ticket, reports = told()
    with pytest.raises(error):
        call(one, ticket.id)
    assert [report.outcome for report in reports] == [error.__name__]


def test_a_fault_of_the_store_that_nobody_foresaw_is_reported_and_raised():
    one, _, reports = told()
    one.store.load = lambda tenant, keys: 1 / 0
    with pytest.raises(ZeroDivisionError):
        say(one)
    assert [report.outcome for report in reports] == ["ZeroDivisionError"]


def test_a_commit_is_told_with_what_it_came_to():
    commits = []
    one, ticket, _ = told(after_commit=lambda commit, committed: commits.append((commit, committed)))
    (_, seeded), (first, opening) = commits
    assert [record.id for record in first.records if record.kind is Kind.TICKET] == [ticket.id]
    assert dict(opening.numbers) == {ticket.id: 1}
    assert seeded.position < opening.position == len(one.store.events("acme"))
    commits.clear()
    one.tickets()
    one.store.conflicts = 2
    with pytest.raises(Refused):
        one.handle(Solve(ticket.id, ANA), AT)
    assert not commits, "nothing was committed"
    say(one, at=AT + DAY)
    assert len(commits) == 1, "a commit that failed is none"


@pytest.mark.parametrize("part", ["on_turn", "after_commit"])
def test_what_a_hook_raises_is_logged_and_goes_no_further(part, caplog):
    def broken(*arguments):
        raise ZeroDivisionError("of the hook")

    one = new_desk(MemoryStore(), tenant="acme", parts=Parts(**{part: broken}))
    with caplog.at_level(logging.ERROR, "ticketcore"):
        assert say(one).ticket.number == 1
    assert {record.name for record in caplog.records} == {"ticketcore"}
    assert "of the hook" in caplog.text
    assert one.tickets().tickets[0].number == 1


def test_nobody_stands_beside_a_turn_that_nobody_watches():
    """The turn itself is driven, and nothing around it."""

    def turn():
        return 1
        yield

    plain = new_desk(MemoryStore(), tenant="acme", config=Configuration())
    setup = getattr(plain, "_desk", plain)._setup
    bare = turn()
    assert setup.attended(bare) is bare


def test_a_report_is_a_value():
    assert TurnReport("tick", timedelta(0), 0, "done") == TurnReport("tick", timedelta(0), 0, "done")
