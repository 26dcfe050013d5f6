"""What agents made of tickets, as a stream to learn from."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count

from ticketcore import Actor, AgentProfile, Configuration, Desk, Inbound
from ticketcore.commands import Merge, Note, Reply, Split, Unmerge
from ticketcore.model import Kind
from ticketcore.ports import Query
from ticketcore.segmenting import labelled
from ticketcore.stores import MemoryStore

ANA = Actor.agent("ana")
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def line_of(desk, tickets):
    homes = {home for ticket in tickets for home in desk.ticket(ticket).homes}
    messages = [each for home in homes for each in desk.find(Query(Kind.MESSAGE, {"ticket": home})).values]
    words = desk.words(message.text for message in messages)
    return labelled("kim", messages, words, lambda ticket: desk.resolve(ticket).id)


def test_merges_and_splits_are_labels_and_undoings_are_too():
    minutes = (NINE + timedelta(minutes=minute) for minute in count())
    desk = Desk(
        MemoryStore(), tenant="acme", config=Configuration(agents=[AgentProfile("ana")]), clock=lambda: next(minutes)
    )

    def mail(id, text, *answers):
        return desk.receive(Inbound("email", "help", "kim", text, external_id=id, reply_to=answers))

    one, two = mail("m1", "My ring broke").ticket.id, mail("m2", "It is gold").ticket.id
    bill = mail("m3", "And my bill is wrong", "m1")
    desk.handle(Reply(one, ANA, "Which bill?"))
    desk.handle(Note(one, ANA, "Hm"))
    before = line_of(desk, [one, two])
    assert [message["text"] for message in before["messages"]] == [
        "My ring broke",
        "It is gold",
        "And my bill is wrong",
        "Which bill?",
    ]
    assert [message["role"] for message in before["messages"]] == ["customer"] * 3 + ["agent"]
    assert before["messages"][2]["reply_to"] == 0
    assert before["gold"] == [one, two, one, one]
    desk.handle(Merge(two, ANA, into=one))
    assert line_of(desk, [one])["gold"] == [one] * 4
    desk.handle(Unmerge(two, ANA))
    assert line_of(desk, [one, two]) == before
    split = desk.handle(Split(one, ANA, [bill.message])).tickets
    (new,) = {ticket.id for ticket in split} - {one}
    assert line_of(desk, [one, two, new])["gold"] == [one, two, new, one]
    json.dumps(before)
