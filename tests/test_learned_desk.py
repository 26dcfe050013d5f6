"""What was learned, in a desk: it decides as for a stream, looks back no further than it says, and asks."""

import random
from datetime import timedelta

import pytest
from desks import ANA, AT, DAY, HOUR, MINUTE, check_laws, everything, new_desk
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore import AgentProfile, Configuration, Inbound, InvalidInput, Parts, Refused
from ticketcore.codec import decode_event, encode_event
from ticketcore.commands import AcceptMessage, Close, LinkAlias, Merge, Note, RejectMessage, Reply, Solve
from ticketcore.events import MessageHeld, MessageWeighed
from ticketcore.matching import Key, Keyring, Tokens
from ticketcore.model import Category, Cause, Disposition, Kind, Ref, Segmentation, SegmentReason
from ticketcore.ports import Query, Recall
from ticketcore.segmenting import Contact, Said
from ticketcore.segmenting.features import OPENING, PAIR
from ticketcore.stores import MemoryStore
from ticketcore.turns.recalling import learned

AGENTS = [AgentProfile("ana", capacity=10_000)]
LEARNED = Configuration(agents=AGENTS, segmenting="learned")
WORDS = [
    *("Hello", "I need a taxi to the airport", "thanks, bye", "no, that's all", "yes please", "450", "Kim Lee"),
    *("What about my order 4711?", "Ich möchte einen Termin", "谢谢", "hotel in the centre", "🙂"),
]
ANSWERS = ["How can I help you?", "What is your order number?", "Your taxi has been booked. Anything else?", "Goodbye!"]
LATER = [timedelta(seconds=5), 90 * timedelta(seconds=1), HOUR, 2 * DAY]


def new(store=None, config=LEARNED, **parts):
    return new_desk(store or MemoryStore(), tenant="acme", config=config, parts=Parts(**parts))


def say(one, text, at=AT, channel="chat", sender="kim", **inbound):
    return one.receive(Inbound(channel, "shop", sender, text, **inbound), at)


class Both:
    """One contact's messages, put into tickets by a desk and by ``Contact``."""

    def __init__(self, channel):
        self.desk, self.contact, self.channel = new(), Contact(), channel
        self.homes, self.told = [], []
        self.at = AT

    def customer(self, text, passed, reply_to=None):
        self.at += passed
        place = len(self.homes)
        answers = [] if reply_to is None else [f"m{reply_to}"]
        received = say(self.desk, text, self.at, self.channel, external_id=f"m{place}", reply_to=answers)
        said = Said(text, self.at.timestamp(), channel=self.channel, reply_to=reply_to)
        self.told.append(self.contact.decide(said).ticket)
        self.homes.append(received.ticket.id)
        return received

    def agent(self, text, passed, reply_to, resolved):
        self.at += passed
        home = self.homes[reply_to]
        resolved = resolved and self.desk.ticket(home).category is not Category.SOLVED
        reply = Reply(home, ANA, text, external_id=f"m{len(self.homes)}", then="solve" if resolved else None)
        self.desk.handle(reply, self.at)
        said = Said(text, self.at.timestamp(), "agent", self.channel, reply_to, resolved)
        self.told.append(self.contact.decide(said).ticket)
        self.homes.append(home)

    def agree(self):
        numbers = {home: place for place, home in enumerate(dict.fromkeys(self.homes))}
        assert [numbers[home] for home in self.homes] == self.told


def talk(both, choose, length):
    both.customer(choose(WORDS), LATER[0])
    for place in range(1, length):
        if choose([False, False, True]):
            both.agent(choose(ANSWERS), choose(LATER), choose(range(place)), choose([False, True]))
        else:
            both.customer(choose(WORDS), choose(LATER), choose([None, None, choose(range(place))]))


@settings(max_examples=30)
@given(st.data(), st.sampled_from(["chat", "whatsapp", "email"]))
def test_a_desk_decides_as_for_the_stream(data, channel):
    both = Both(channel)
    talk(both, lambda options: data.draw(st.sampled_from(options)), data.draw(st.integers(1, 12)))
    both.agree()
    check_laws(both.desk)


@pytest.mark.parametrize("seed", range(2))
def test_so_it_does_of_more_tickets_and_messages_than_are_looked_at(seed):
    both = Both(["chat", "email"][seed])
    talk(both, random.Random(seed).choice, 260)
    both.agree()
    assert len(set(both.homes)) > 12, "more tickets than are looked at"
    assert max(map(both.homes.count, both.homes)) > 22, "more messages than are looked at"


def test_what_others_write_changes_nothing():
    texts = WORDS[:6]
    alone, among = new(), new()
    at = [AT + place * HOUR for place in range(len(texts))]
    one = [say(alone, text, when).ticket.number for text, when in zip(texts, at, strict=True)]
    other = []
    for text, when in zip(texts, at, strict=True):
        say(among, "I need a taxi too", when, sender="lee")
        other.append(say(among, text, when).ticket.id)
        say(among, text, when, sender="max")
    assert [list(dict.fromkeys(one)).index(each) for each in one] == [
        list(dict.fromkeys(other)).index(each) for each in other
    ]


class Counting(MemoryStore):
    """Counts what is read."""

    read = 0

    def load(self, tenant, keys):
        values = super().load(tenant, keys)
        self.read += len(values)
        return values

    def find(self, tenant, query):
        page = super().find(tenant, query)
        self.read += 1 + len(page.values)
        return page


def test_no_more_is_read_for_a_customer_of_many_tickets():
    counts = []
    for tickets in (15, 150):
        store = Counting()
        one = new(store, Configuration(agents=AGENTS))
        for place in range(tickets):
            ticket = say(one, f"Hello, a taxi {place}", AT + place * MINUTE, "email", external_id=f"m{place}").ticket
            for _ in range(30):
                one.handle(Note(ticket.id, ANA, "x"), AT + place * MINUTE)
        again = new(store, segmenter=learned())
        store.read = 0
        say(again, "three people", AT + DAY, "email", reply_to=["m0"])
        counts.append(store.read)
    assert abs(counts[0] - counts[1]) <= 2, "but for whom the ticket of the message happens to be with"


def test_by_rules_nothing_is_read_of_what_was_said_before():
    store = Counting()
    one = new(store, Configuration(agents=AGENTS))
    say(one, "Hello")
    counts = []
    for place in range(1, 4):
        store.read = 0
        say(one, "Hello", AT + place * MINUTE)
        counts.append(store.read)
    assert len(set(counts)) == 1


def test_a_decision_says_how_likely_it_is_and_what_moved_it():
    one = new()
    taxi = say(one, "I need a taxi to the station").ticket
    one.handle(Reply(taxi.id, ANA, "It is booked. Anything else?"), AT + MINUTE)
    received = say(one, "Hello, I want to change the address of my account", AT + DAY)
    assert received.disposition is Disposition.OPENED
    said = received.decisions[0]
    assert isinstance(said, Segmentation)
    assert said.reason is SegmentReason.LIKELIEST
    found = said.likelihood
    assert found.runner_up == taxi.id
    assert 0.5 < found.probability <= 1 == pytest.approx(found.probability + found.runner_up_probability, abs=0.001)
    assert {each.name for each in found.moving} <= {*PAIR, *OPENING}
    assert [abs(each.weight) for each in found.moving] == sorted(
        (abs(each.weight) for each in found.moving), reverse=True
    )
    assert any(each.weight > 0 for each in found.moving)
    (weighed,) = [item.event for item in received.events if isinstance(item.event, MessageWeighed)]
    assert (weighed.message, weighed.likelihood) == (received.message, found)
    assert decode_event(encode_event(weighed)) == weighed
    assert "taxi" not in encode_event(weighed)
    check_laws(one)


def test_a_customer_who_returns_is_answered_in_the_ticket_to_which_they_returned():
    one = new()
    sister = say(one, "I want to send money to my sister").ticket
    one.handle(Reply(sister.id, ANA, "How much would you like to send?"), AT + MINUTE)
    table = say(one, "Hello, I also need to book a table for tonight", AT + 2 * MINUTE).ticket
    one.handle(Reply(table.id, ANA, "I have booked a table at Luigi's for you."), AT + 3 * MINUTE)
    say(one, "Perfect, thank you, that's all", AT + 4 * MINUTE)
    amount = say(one, "450", AT + 5 * MINUTE)
    assert (table.id != sister.id, amount.ticket.id) == (True, sister.id)
    (thread,) = everything(one, Kind.CONVERSATION)
    assert thread.ticket == sister.id
    check_laws(one)


def unsure(**config):
    """A desk that asks about whatever has an alternative, with a ticket, and a message that may be for it."""
    one = new(config=Configuration(agents=AGENTS, segmenting="learned", ask_below=100, **config))
    first = say(one, "I was charged twice").ticket
    one.handle(Reply(first.id, ANA, "I have sent the money back. Anything else?"), AT + MINUTE)
    return one, first, say(one, "I still do not have the money", AT + HOUR)


def test_below_the_bound_somebody_is_asked():
    one, first, received = unsure()
    assert received.disposition is Disposition.ASKED
    assert received.decisions[0].held is Cause.UNSURE
    assert not received.may_acknowledge
    (held,) = everything(one, Kind.QUARANTINE)
    assert (held.id, held.cause) == (received.message, Cause.UNSURE)
    assert held.ticket in (first.id, None)
    (event,) = [item.event for item in received.events if isinstance(item.event, MessageHeld)]
    assert event.likelihood == received.decisions[0].likelihood
    assert len(everything(one, Kind.TICKET)) == 1
    check_laws(one)


@pytest.mark.parametrize(("asked", "tickets"), [({}, 1), ({"anew": True}, 2), ({"ticket": True}, 1)])
def test_who_is_asked_says_where_it_belongs(asked, tickets):
    one, first, received = unsure()
    if not asked and everything(one, Kind.QUARANTINE)[0].ticket is None:
        tickets = 2
    named = {"ticket": first.id} if "ticket" in asked else asked
    one.handle(AcceptMessage(received.message, ANA, **named), AT + DAY)
    assert len(everything(one, Kind.TICKET)) == tickets
    (message,) = one.store.load("acme", [Ref(Kind.MESSAGE, received.message)])
    assert (message.ticket == first.id) is (tickets == 1)
    check_laws(one)


def test_what_is_asked_can_be_left():
    one, first, received = unsure()
    one.handle(RejectMessage(received.message, ANA), AT + DAY)
    with pytest.raises(Refused, match="held"):
        one.handle(AcceptMessage(received.message, ANA), AT + DAY)
    assert [message.ticket for message in everything(one, Kind.MESSAGE)].count(first.id) == 2
    with pytest.raises(InvalidInput, match="anew"):
        AcceptMessage(received.message, ANA, first.id, anew=True)


def test_what_is_closed_is_gone_on_from_and_what_was_merged_is_one():
    by_rules = new(config=Configuration(agents=AGENTS))
    ring = say(by_rules, "My ring broke, the gold one", AT, "email", external_id="m0").ticket
    other = say(by_rules, "Hello, where is my parcel?", AT + MINUTE, "email").ticket
    one = new(by_rules.store, segmenter=learned())
    one.handle(Merge(ring.id, ANA, into=other.id), AT + HOUR)
    merged = say(one, "It is the gold one with the stone", AT + 2 * HOUR, "email", reply_to=["m0"])
    assert merged.ticket.id == other.id
    (message,) = one.store.load("acme", [Ref(Kind.MESSAGE, merged.message)])
    assert message.ticket == ring.id, "it was sent to the one that was merged"
    one.handle(Solve(other.id, ANA), AT + 3 * HOUR)
    one.handle(Close(other.id, ANA), AT + 3 * HOUR)
    late = say(one, "and it is the gold one", AT + 3 * HOUR + MINUTE, "email", reply_to=["m0"])
    if late.disposition is Disposition.FOLLOW_UP:
        assert late.ticket.origin.follow_up_of == other.id
    assert late.disposition in (Disposition.FOLLOW_UP, Disposition.OPENED)
    check_laws(one)


def test_a_ticket_of_another_channel_may_be_continued():
    one = new()
    first = say(one, "Hello, my order 4711 has not come", external_id="c0").ticket
    one.handle(LinkAlias(first.contact, "email", "kim@x.example", ANA), AT)
    one.handle(Reply(first.id, ANA, "Shall I send it once more?"), AT + MINUTE)
    mail = say(one, "yes, please", AT + 5 * MINUTE, "email", "kim@x.example")
    assert first.id in (mail.ticket.id, mail.decisions[0].likelihood.runner_up)
    assert mail.ticket.contact == first.contact
    check_laws(one)


def test_about_what_is_signed_or_of_a_machine_it_is_not_asked():
    ring = Keyring([Key("a", b"0123456789abcdef0123456789abcdef")])
    one = new(keys=ring)
    first = say(one, "My ring broke", AT, "email", "kim@x.example").ticket
    token = Tokens(ring, "acme").reply_address("help@shop.example", first, "kim@x.example", AT).partition("@")[0]
    token = token.partition("+")[2]
    other = "Hello, I also need a taxi to the airport"
    signed = say(one, other, AT + 2 * DAY, "email", "kim@x.example", tokens=[token])
    assert (signed.disposition, signed.ticket.id) == (Disposition.CONTINUED, first.id)
    assert signed.decisions[0].likelihood is None
    automatic = say(one, other, AT + DAY, "email", "kim@x.example", headers={"auto-submitted": "auto-replied"})
    assert (automatic.disposition, automatic.decisions[0].likelihood) == (Disposition.KEPT, None)
    nothing = say(one, "", AT + DAY, "email", "kim@x.example")
    assert (nothing.disposition, nothing.decisions[0].likelihood) == (Disposition.KEPT, None)


def test_a_segmenter_of_the_host_may_look_back_too():
    seen = []

    class Looking:
        recall = Recall(3, 2, 1)

        def segment(self, message, at):
            seen.append(([each.messages[-1].text for each in message.recent], message.opened))
            return Segmentation(SegmentReason.NO_REPLY_ID, opens=True)

    one = new(config=Configuration(agents=AGENTS), segmenter=Looking())
    for place in range(5):
        ticket = say(one, f"matter {place}", AT + place * MINUTE).ticket
    one.handle(Note(ticket.id, ANA, "a note"), AT + HOUR)
    say(one, "last", AT + DAY)
    assert seen[:3] == [([], 0), (["matter 0"], 1), (["matter 1", "matter 0"], 2)]
    assert seen[4] == (["matter 3", "matter 2"], 3)
    assert seen[5] == (["matter 3"], 3), "of the latest there is only a note"


def test_tickets_of_one_page_are_read_newest_first():
    one = new(config=Configuration(agents=AGENTS))
    for place in range(3):
        say(one, f"Hello, a taxi {place}", AT + place * DAY, "email")
    contact = everything(one, Kind.CONTACT)[0].id
    page = one.find(Query(Kind.TICKET, {"contact": contact}, "number", descending=True, limit=2))
    assert [ticket.number for ticket in page.values] == [3, 2]
