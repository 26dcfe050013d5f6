"""What intake must come out right of, told as stories: numbers from nobody, albums, absences, late thanks."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from desks import ANA, AT, DAY, HOUR, MINUTE, check_laws, check_whole, everything, kinds, new_desk

from ticketcore import AgentProfile, Configuration, Desk, Inbound, Parts, Refused
from ticketcore.commands import Close, LinkAlias, Merge, Pend, Reply, Solve, Unmerge
from ticketcore.model import (
    Category,
    Contact,
    Disposition,
    Kind,
    Message,
    Outcome,
    Ref,
    ReopenReason,
    ReopenRule,
    Verdict,
)
from ticketcore.stores import MemoryStore, SqliteStore

CONFIG = Configuration(agents=[AgentProfile("ana", capacity=50)])


def new(store=None, config=CONFIG, **parts):
    return new_desk(store or MemoryStore(), tenant="acme", config=config, parts=Parts(**parts))


def mail(one, sender, at=AT, text="It broke", **inbound):
    return one.receive(Inbound("email", "help@shop.example", sender, text, **inbound), at)


def test_b_writes_with_the_number_of_a_and_is_in_no_ticket_of_a():
    one = new()
    a = mail(one, "a@x.example", subject="Refund", external_id="a1")
    b = mail(one, "b@y.example", AT + MINUTE, subject="Re: [#1] Refund", reply_to=["a1"])
    assert (b.disposition, b.ticket.number) == (Disposition.OPENED, 2)
    assert [each.id for each in one.customer_view(a.ticket.id).messages] == [a.message]
    assert {claim.takes_part for claim in b.decisions[0].claims} == {False}
    check_laws(one)


@pytest.mark.parametrize("round", range(3))
def test_an_album_of_five_by_five_workers_is_one_ticket_of_five_messages(tmp_path, round):
    with SqliteStore(tmp_path / "desk.db") as store:
        pictures = [Inbound("whatsapp", "shop", "+49170", f"Picture {i}", external_id=f"p{i}") for i in range(5)]
        twice = [*pictures, *pictures]

        def work(inbound):
            return Desk(store, tenant="acme", config=CONFIG).receive(inbound, AT)

        with ThreadPoolExecutor(10) as workers:
            received = list(workers.map(work, twice))
        one = Desk(store, tenant="acme", config=CONFIG)
        assert {each.ticket.id for each in received} == {one.tickets().tickets[0].id}
        assert len(everything(one, Kind.MESSAGE)) == 5
        assert sorted(each.disposition for each in received).count(Disposition.DUPLICATE) == 5
        assert len({each.message for each in received}) == 5
        check_laws(one)
        check_whole(one)


def test_an_absence_after_the_end_leaves_it_ended_and_is_recorded():
    one = new()
    ticket = mail(one, "a@x.example", external_id="a1").ticket
    one.handle(Reply(ticket.id, ANA, "Here you are", external_id="o1"), AT + MINUTE)
    one.handle(Solve(ticket.id, ANA), AT + HOUR)
    solved = one.ticket(ticket.id)
    away = mail(one, "a@x.example", AT + 2 * HOUR, "Away", reply_to=["o1"], headers={"auto-submitted": "auto-replied"})
    assert (away.disposition, away.may_acknowledge) == (Disposition.CONTINUED, False)
    after = one.ticket(ticket.id)
    assert (after.state, after.waiting_since, after.solution) == (solved.state, None, solved.solution)
    one.handle(Close(ticket.id, ANA), AT + 3 * HOUR)
    late = mail(one, "a@x.example", AT + DAY, "Away", reply_to=["o1"], headers={"auto-submitted": "auto-replied"})
    assert (late.disposition, one.ticket(ticket.id).category) == (Disposition.KEPT, Category.CLOSED)
    verdicts = [each.verdict for each in everything(one, Kind.MESSAGE) if each.id in (away.message, late.message)]
    assert sorted(verdicts, key=str) == [None, Verdict.AUTOMATIC]
    check_laws(one)


def test_thanks_do_not_reopen_and_a_real_question_after_the_window_is_a_follow_up():
    config = Configuration(agents=[AgentProfile("ana")], reopening=[ReopenRule("five days", within=timedelta(days=5))])
    one = new(config=config, is_thanks=lambda inbound: inbound.text == "Thanks!")
    ticket = mail(one, "a@x.example", external_id="a1").ticket
    one.handle(Solve(ticket.id, ANA), AT + HOUR)
    thanks = mail(one, "a@x.example", AT + 2 * HOUR, "Thanks!", reply_to=["a1"])
    assert (thanks.disposition, one.ticket(ticket.id).category) == (Disposition.CONTINUED, Category.SOLVED)
    question = mail(one, "a@x.example", AT + HOUR + 6 * DAY, "It broke again", reply_to=["a1"])
    assert (question.disposition, question.ticket.origin.follow_up_of) == (Disposition.FOLLOW_UP, ticket.id)
    assert (question.decisions[1].outcome, question.decisions[1].reason) == (Outcome.FOLLOW_UP, ReopenReason.LATE)
    check_laws(one)


def test_a_merged_chain_takes_the_answer_and_gives_it_back():
    """B into A, C into B, an answer to C, then B is taken out again: it goes with what it was sent to."""
    one = new()
    a, b, c = (mail(one, "a@x.example", AT + i * MINUTE, external_id=f"m{i}").ticket for i in range(3))
    one.handle(Merge(b.id, ANA, a.id), AT + HOUR)
    one.handle(Merge(c.id, ANA, b.id), AT + HOUR)
    answer = mail(one, "a@x.example", AT + 2 * HOUR, reply_to=["m2"])
    assert answer.ticket.id == a.id
    one.handle(Unmerge(b.id, ANA), AT + 3 * HOUR)
    assert one.resolve(c.id).id == b.id
    assert next(each for each in everything(one, Kind.MESSAGE) if each.id == answer.message).ticket == c.id
    check_laws(one)


def test_silence_and_the_answer_at_once_have_one_winner_and_lose_no_message():
    """The tick that solves after silence meets the customer's answer in the middle of its commit, and the other way."""
    for first in ("answer", "silence"):

        class Meeting(MemoryStore):
            between = None

            def commit(self, commit):
                meet, self.between = self.between, None
                if meet is not None:
                    meet()
                return super().commit(commit)

        store = Meeting()
        config = Configuration(agents=[AgentProfile("ana")], solve_after=DAY)
        one = Desk(store, tenant="acme", config=config)
        ticket = mail(one, "a@x.example", external_id="a1").ticket
        one.handle(Reply(ticket.id, ANA, "Which one?", external_id="o1"), AT)
        one.handle(Pend(ticket.id, ANA), AT)
        due = AT + DAY

        def answer(one=one, due=due):
            return mail(one, "a@x.example", due, "The red one", reply_to=["o1"])

        if first == "answer":
            store.between = answer
            one.tick(due)
        else:
            store.between = lambda one=one, due=due: one.tick(due)
            answer()
        after = one.ticket(ticket.id)
        assert (after.category, after.waiting_since) == (Category.OPEN, due), first
        messages = [each for each in everything(one, Kind.MESSAGE) if isinstance(each, Message)]
        assert sorted(message.ticket for message in messages) == [ticket.id] * 3
        check_laws(one)


def test_what_was_sent_earlier_and_comes_later_is_taken_as_it_comes():
    """A delayed mail, one of the future and one whose clock goes back: the sender's time decides nothing."""
    one = new()
    ticket = mail(one, "a@x.example", AT, external_id="a1").ticket
    one.handle(Solve(ticket.id, ANA), AT + DAY)
    delayed = mail(one, "a@x.example", AT + DAY + MINUTE, reply_to=["a1"], sent_at=AT + HOUR)
    assert (delayed.disposition, delayed.ticket.waiting_since) == (Disposition.REOPENED, AT + DAY + MINUTE)
    future = mail(one, "a@x.example", AT + DAY + HOUR, reply_to=["a1"], sent_at=AT + 900 * DAY)
    back = mail(one, "a@x.example", AT + HOUR, reply_to=["a1"], sent_at=AT - 900 * DAY)
    assert {each.ticket.id for each in (delayed, future, back)} == {ticket.id}
    assert kinds(one, Ref(Kind.TICKET, ticket.id)).count("MessageAdded") == 4
    check_laws(one)


def test_two_addresses_of_one_customer_are_answered_where_they_wrote():
    """An address that is somebody else's is refused, and nobody else's tenant is asked."""
    store = MemoryStore()
    one = new(store)
    kim = mail(one, "kim@work.example", external_id="w1").ticket
    lee = mail(one, "lee@y.example").ticket
    one.handle(LinkAlias(kim.contact, "email", "kim@home.example", ANA), AT)
    with pytest.raises(Refused, match="address_taken"):
        one.handle(LinkAlias(kim.contact, "email", "lee@y.example", ANA), AT)
    home = mail(one, "kim@home.example", AT + HOUR, reply_to=["w1"], sender_name="K.")
    assert home.ticket.id == kim.id
    other = mail(one, "kim@home.example", AT + HOUR)
    assert (other.ticket.contact, other.ticket.id != kim.id) == (kim.contact, True)
    (contact,) = store.load("acme", [Ref(Kind.CONTACT, kim.contact)])
    assert isinstance(contact, Contact)
    assert [alias.address for alias in contact.aliases] == ["kim@work.example", "kim@home.example"]
    theirs = new_desk(store, tenant="other", config=CONFIG)
    stranger = mail(theirs, "kim@home.example", reply_to=["w1"], subject="[#1]")
    assert stranger.disposition is Disposition.OPENED
    assert stranger.decisions[0].claims == ()
    assert lee.contact != kim.contact
    check_laws(one)


def test_the_same_delivery_at_once_before_the_first_commit_is_one_message():
    class Twice(MemoryStore):
        again = None

        def commit(self, commit):
            again, self.again = self.again, None
            if again is not None:
                again()
            return super().commit(commit)

    store = Twice()
    one = Desk(store, tenant="acme", config=CONFIG)
    one.receive(Inbound("chat", "shop", "lee", "Hi"), AT)
    outcomes = []
    store.again = lambda: outcomes.append(mail(one, "a@x.example", external_id="m1"))
    outcomes.append(mail(one, "a@x.example", external_id="m1"))
    assert [each.disposition for each in outcomes] == [Disposition.OPENED, Disposition.DUPLICATE]
    assert outcomes[0].message == outcomes[1].message
    check_laws(one)


def test_each_case_that_the_page_lists_is_a_test():
    tests = Path(__file__).parent
    page = (tests.parent / "docs" / "explanation" / "intake.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", page)
    assert len(named) == sum(line.startswith("| ") for line in page.splitlines()) - 2
    assert [f"{file}::{name}" for file, name in named if f"\ndef {name}(" not in (tests / file).read_text()] == []
