"""Hostile streams, told apart and taken in by a desk: no message costs more for all that came before it.

What it costs is counted, in lines of Python, instructions of SQLite's machine and rows; never in seconds.
"""

import sqlite3
from functools import partial
from itertools import count, islice

import attrs
import pytest
from counted import steps
from desks import ANA, AT, DAY, MINUTE, new_desk

from ticketcore import AgentProfile, Configuration, Inbound, InvalidInput, Parts
from ticketcore.commands import Close, Solve
from ticketcore.segmenting import Contact, GroupChat, Mail, Said, segmented, threaded
from ticketcore.segmenting.reading import LOOK, heard
from ticketcore.segmenting.segmenter import READ, RECALL
from ticketcore.segmenting.threads import SUBJECT
from ticketcore.stores import JoinedSqliteStore, MemoryStore
from ticketcore.turns.recalling import _newly_written, learned

MEGABYTE = 1_000_000
CONFIG = Configuration(agents=[AgentProfile("ana", capacity=10_000)])
HELLO = "Hello, I need a taxi to the airport"

STREAMS = {
    "empty": lambda at: Said(""),
    "one matter without times": lambda at: Said("and a taxi"),
    "a matter a week": lambda at: Said(HELLO, at=7.0 * 86_400 * at),
    "time goes backwards": lambda at: Said(HELLO, at=-3600.0 * at),
    "time jumps": lambda at: Said(HELLO, at=1e12 * (-1) ** at),
    "right to left": lambda at: Said("\u202e\u2067\u200f" * 700 + "؟", at=60.0 * at),
    "control characters": lambda at: Said("\x00\x1b\x07\x7f\ufeff" * 400, at=60.0 * at),
    "each word new": lambda at: Said(" ".join(f"w{at}x{word}" for word in range(200)), at=60.0 * at),
    "answers to the first": lambda at: Said(HELLO, at=7.0 * 86_400 * at, reply_to=0),
    "answers to nothing": lambda at: Said("yes", at=60.0 * at, reply_to=10**30),
    "questions and agents": lambda at: Said("Which one?", at=60.0 * at, role="agent" if at % 2 else "customer"),
}
CHATS = {
    "one speaker": lambda at: Said("", speaker="ann"),
    "each speaks once": lambda at: Said(f"s{at - 1}: hello, how do I install themes?", 60.0 * at, speaker=f"s{at}"),
    "all call all": lambda at: Said(" ".join(f"s{each}" for each in range(at)) * LOOK, 60.0 * at, speaker=f"s{at}"),
}


def grown(decider, made, lengths=(80, 400)):
    """What the next message costs after so many."""
    costs, one, said = [], decider(), map(made, range(max(lengths) + 2))
    for length in (lengths[0], lengths[1] - lengths[0]):
        for each in islice(said, length):
            one.decide(each)
        costs.append(steps(lambda: one.decide(next(said))))
    return costs


@pytest.mark.parametrize("kind", STREAMS)
def test_a_message_of_a_contact_costs_the_same_after_many(kind):
    before, after = grown(Contact, STREAMS[kind])
    assert after <= 1.2 * before + 50


@pytest.mark.parametrize("kind", CHATS)
def test_a_message_of_a_group_chat_costs_the_same_after_many(kind):
    before, after = grown(GroupChat, CHATS[kind])
    assert after <= 1.2 * before + 50


@pytest.mark.parametrize("batch", [False, True])
def test_turns_of_topic_cost_the_same_for_each_message(batch):
    text = "Which size would you like?"
    segmented([Said(text, role="")] * 2, batch=batch)
    few, many = (
        [steps(lambda n=n: segmented([Said(text, role="")] * n, batch=batch)) for n in (length, length + 40)]
        for length in (80, 400)
    )
    assert many[1] - many[0] <= 1.05 * (few[1] - few[0])


@pytest.mark.parametrize("filler", ["On ", "我", "\ufdfa", "e\u0301", "\u202e", "\x1b", "1", "?", "\n", "> a\n"])
def test_of_a_megabyte_the_beginning_is_read(filler):
    text = filler * (MEGABYTE // len(filler))
    heard(text[:LOOK])
    assert steps(lambda: heard(text)) <= steps(lambda: heard(text[:LOOK])) + 5
    assert heard(text) == heard(text[:LOOK])


MAILS = {
    "tags": lambda n: Mail("<1>", "", "[a]" * n),
    "answers": lambda n: Mail("<1>", "", "Re: [a] " * n),
    "answers in another tongue": lambda n: Mail("<1>", "", "Re: [a] 回复：" * n),
    "parts": lambda n: Mail("<1>", "", "[PATCH 1/2] " * n),
    "quotes": lambda n: Mail("<1>", "> a line that is long enough\n" * n),
}


@pytest.mark.parametrize("kind", MAILS)
def test_of_a_long_mail_of_a_list_the_beginning_is_read(kind):
    bounded, longer = (steps(lambda n=n: threaded([MAILS[kind](n)])) for n in (20_000, 40_000))
    assert longer == bounded
    assert threaded([Mail("<1>", "", "x" * SUBJECT + "y"), Mail("<2>", "", "Re: " + "x" * SUBJECT)]) == [0, 1]


def say(one, text, at, channel="email", sender="kim", **inbound):
    return one.receive(Inbound(channel, "shop", sender, text, **inbound), at)


class Counted:
    """A desk on a database, which says what a message cost: lines of Python, and instructions of SQLite's machine."""

    def __init__(self):
        self.others = count()
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.execute("BEGIN")
        self.store = JoinedSqliteStore(self.connection)
        self.by_rules = new_desk(self.store, tenant="acme", config=CONFIG)
        self.learned = new_desk(self.store, tenant="acme", config=CONFIG, parts=Parts(segmenter=learned()))

    def costs(self, text, at, channel="email", **inbound):
        say(self.learned, text, at, sender=f"sender {next(self.others)}")  # what the other desk did is followed now
        machine = 0

        def stepped():
            nonlocal machine
            machine += 1

        self.connection.set_progress_handler(stepped, 1)
        python = steps(lambda: say(self.learned, text, at, channel, **inbound))
        self.connection.set_progress_handler(None, 1)
        return python, machine


def opened(one, tickets, began=0):
    """The customer opens so many tickets, a minute apart; of three, one is closed and one is solved."""
    for at in range(began, began + tickets):
        ticket = say(one, f"{HELLO} {at}", AT + at * MINUTE, external_id=f"m{at}").ticket
        if at % 3:
            one.handle(Solve(ticket.id, ANA), AT + at * MINUTE)
        if at % 3 == 2:
            one.handle(Close(ticket.id, ANA), AT + at * MINUTE)


@pytest.mark.slow
@pytest.mark.parametrize("order", [1, -1], ids=["time goes on", "time goes backwards"])
def test_a_customer_with_many_tickets_costs_no_more(order):
    counted, costs = Counted(), []
    for began, tickets in ((0, 30), (30, 770)):
        opened(counted.by_rules, tickets, began)
        at = AT + order * (began + tickets) * DAY
        costs.append([counted.costs("three people", at, reply_to=answers) for answers in ([], ["m0"], ["m29"])])
    for before, after in zip(*costs, strict=True):
        assert all(many <= 1.15 * few + 300 for few, many in zip(before, after, strict=True)), costs


@pytest.mark.slow
def test_nor_does_one_in_memory():
    store, costs, others = MemoryStore(), [], count()
    by_rules, wise = (
        new_desk(store, tenant="acme", config=CONFIG, parts=parts) for parts in (Parts(), Parts(segmenter=learned()))
    )
    for began, tickets in ((0, 300), (300, 900)):
        opened(by_rules, tickets, began)
        at = AT + (began + tickets) * DAY
        for answers in ([], ["m0"]):
            say(wise, HELLO, at, sender=f"sender {next(others)}")
            say(wise, HELLO, at, reply_to=answers)  # the first who asks sorts them
        costs.append([steps(partial(say, wise, "three people", at, reply_to=answers)) for answers in ([], ["m0"])])
    assert all(many <= 1.15 * few + 300 for few, many in zip(*costs, strict=True)), costs


@pytest.mark.slow
def test_a_ticket_of_many_messages_costs_no_more():
    counted, costs = Counted(), []
    for began, messages in ((0, 40), (40, 600)):
        for at in range(began, began + messages):
            say(counted.by_rules, "and a taxi", AT + at * MINUTE, "chat")
        costs.append(counted.costs("three people", AT + (began + messages) * MINUTE, "chat"))
    assert all(many <= 1.15 * few + 300 for few, many in zip(*costs, strict=True)), costs


@pytest.mark.parametrize("line", ["On 5 May Bo said\n", "From: a@b.c\n", "> a\nb\n", "regards\n", "\n"])
def test_of_mails_of_a_megabyte_the_beginning_is_read_once(line):
    one = new_desk(MemoryStore(), tenant="acme", config=attrs.evolve(CONFIG, segmenting="learned"))
    text = HELLO + "\n" + line * (MEGABYTE // len(line))
    say(one, text, AT, external_id="m0")
    say(one, "and?", AT, external_id="m")
    costs = []
    for at in range(1, 4):
        _newly_written.cache_clear()
        costs.append(steps(lambda at=at: say(one, text, AT + at * MINUTE, reply_to=["m0"], external_id=f"m{at}")))
    _newly_written.cache_clear()
    reads = steps(lambda: _newly_written(text[:READ]))
    assert all(cost <= reads + 20_000 for cost in costs), (costs, reads)


def test_no_more_is_kept_at_hand_than_is_looked_back_for():
    assert _newly_written.cache_info().maxsize >= RECALL.tickets * RECALL.messages


@pytest.mark.parametrize("channel", ["chat", "email"])
@pytest.mark.parametrize(
    "text", ["\u202e\u2067\u200f" * 1000, "\x01\x1b\x07\x7f" * 1000, "\ufeff", "e" + "\u0301" * 9999]
)
def test_odd_characters_go_through_a_desk(text, channel):
    one = new_desk(MemoryStore(), tenant="acme", config=attrs.evolve(CONFIG, segmenting="learned"))
    for at in (AT, AT - 2 * DAY, AT.replace(year=1), AT.replace(year=9999)):
        assert say(one, text, at, channel).ticket is not None


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_what_no_database_can_hold_is_rejected_by_name(text):
    one = new_desk(MemoryStore(), tenant="acme", config=attrs.evolve(CONFIG, segmenting="learned"))
    with pytest.raises(InvalidInput) as error:
        say(one, text, AT)
    assert error.value.field == "Inbound.text"
