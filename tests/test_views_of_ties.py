"""What a customer sees of tickets that were merged, split and linked: what is theirs, or was shown to them."""

import contextlib
from itertools import count

import attrs
import msgspec
import pytest
from desks import AT, HOUR, check_laws, everything, say
from hypothesis import given
from hypothesis import strategies as st
from test_views import AGENTS, INNER, QUEUES, WORKFLOW, shop
from tied import chain, check_ties

from ticketcore import Actor, InvalidInput, NotFound, Refused
from ticketcore.commands import (
    Close,
    Configure,
    HandOver,
    Link,
    Merge,
    Note,
    Reply,
    SetAttributes,
    Solve,
    Split,
    Unlink,
    Unmerge,
    Unsplit,
)
from ticketcore.events import StateChanged
from ticketcore.model import LINKS, Kind, MessageKind, Move, Stream, TicketKind
from ticketcore.model.workflow import CUSTOMER_LABELS

pytestmark = pytest.mark.usefixtures("every_driver")

PEOPLE = ["kim", "lee", "may"]
PASSED_ON = f"{INNER}refund"
ACTORS = [*map(Actor.agent, AGENTS), Actor.bot(f"{INNER}bot")]
CUSTOMER_WORDS = [label for labels in CUSTOMER_LABELS.values() for _, label in labels]
RELATIONS = [*LINKS, *(relation.opposite for relation in LINKS)]


class Tale:
    """A shop to which several customers write; each word, number and id tells whose it is.

    What is done next is a name and some numbers, which choose among what there is by then.
    """

    def __init__(self):
        self.desk, self.at, self.numbers, self.names = shop(), AT, count(), {}
        self.configure(workflow=WORKFLOW.id)
        for i in range(len(PEOPLE)):
            self.do("write", i, 0, False)

    def do(self, deed, first, second, flag):
        self.at += HOUR
        with contextlib.suppress(Refused, NotFound, InvalidInput):
            getattr(self, deed)(first, second, flag)

    def write(self, first, second, flag):
        """Somebody answers a message, which may not be theirs to answer, or begins anew."""
        who, n = PEOPLE[first % len(PEOPLE)], next(self.numbers)
        said = [one.provider_id.id for one in self.messages() if one.provider_id is not None]
        received = say(
            self.desk,
            f"{who} says {n}.",
            f"{who}@example.org",
            self.at,
            "email",
            external_id=f"m{n}",
            reply_to=[said[second % len(said)]] if second % 4 else [],
            subject=f"{who} heading" if n % 4 != 3 else "",
            attributes={"order": f"{who}-order", f"{INNER}extra": f"{INNER}"},
        )
        self.names.setdefault(received.ticket.contact, who)

    def reply(self, first, second, flag):
        then = [None, "pend", "solve"][second % 3]
        self.handle(Reply(self.one(first).id, self.actor(flag), f"Answer {next(self.numbers)}.", then=then))

    def note(self, first, _, flag):
        self.handle(Note(self.one(first).id, self.actor(flag), f"{INNER} note {next(self.numbers)}."))

    def describe(self, first, _, flag):
        ticket = self.one(first)
        who = self.names[ticket.contact]
        values = {"order": f"{who}-order", "reason": f"{who} reason", f"{INNER}fraud": f"{INNER} {who}"}
        self.handle(SetAttributes(ticket.id, self.actor(flag), values))

    def hand_over(self, first, second, flag):
        note = f"{INNER} to you"
        self.handle(HandOver(self.one(first).id, self.actor(flag), QUEUES[second % 2], PASSED_ON, note, {}))

    def withdraw(self, *_):
        """What was handed over is the back office's from now on."""
        self.configure(kind="back_office")

    def configure(self, **changes):
        """The type that is handed over to is another."""
        config = self.desk.configuration()
        types = [attrs.evolve(one, **changes) if one.id == PASSED_ON else one for one in config.types]
        self.handle(Configure(attrs.evolve(config, types=types), ACTORS[0]))

    def merge(self, first, second, flag):
        self.handle(Merge(self.one(first).id, self.actor(flag), self.one(second).id, shared=True))

    def unmerge(self, first, _, flag):
        merged = [one for one in self.tickets() if one.merged_into is not None]
        self.handle(Unmerge(merged[first % len(merged)].id if merged else "none", self.actor(flag)))

    def split(self, first, second, flag):
        ticket = self.one(first)
        said = [one.id for one in self.messages() if one.ticket == ticket.id]
        self.handle(Split(ticket.id, self.actor(flag), [id for i, id in enumerate(said) if second >> i & 1]))

    def unsplit(self, first, _, flag):
        apart = [one for one in self.tickets() if one.linked("split_from")]
        self.handle(Unsplit(apart[first % len(apart)].id if apart else "none", self.actor(flag)))

    def link(self, first, second, flag):
        relation = RELATIONS[second % len(RELATIONS)]
        self.handle((Link if flag else Unlink)(self.one(first).id, ACTORS[0], relation, self.one(second // 3).id))

    def end(self, first, _, flag):
        self.handle((Close if flag else Solve)(self.one(first).id, ACTORS[0]))

    def tick(self, *_):
        self.desk.tick(self.at)

    def handle(self, command):
        self.desk.handle(command, self.at)

    def actor(self, flag):
        return ACTORS[0] if flag else ACTORS[2]

    def tickets(self):
        return sorted(everything(self.desk, Kind.TICKET), key=lambda one: one.number)

    def one(self, index):
        tickets = self.tickets()
        return tickets[index % len(tickets)]

    def messages(self):
        return sorted(everything(self.desk, Kind.MESSAGE), key=lambda one: one.received_at)

    def sights(self):
        """Who sees which conversation: its customer, and those whose tickets were merged into one of it."""
        tickets = {one.id: one for one in self.tickets()}
        pairs = {(one.contact, one.id) for one in everything(self.desk, Kind.CONVERSATION)}
        for ticket in tickets.values():
            if ticket.merged_into is not None and not ticket.ties.merged.undoes_split:
                pairs |= {(ticket.contact, tickets[id].conversation) for id in chain(tickets, ticket.id)[1:]}
        return pairs


deeds = st.tuples(
    st.sampled_from(
        [
            *("write", "write", "write", "reply", "reply", "note", "describe", "hand_over", "withdraw", "end", "tick"),
            *("merge", "merge", "merge", "unmerge", "split", "split", "unsplit", "link", "link"),
        ]
    ),
    st.integers(0, 30),
    st.integers(0, 30),
    st.booleans(),
)
"""A method of ``Tale``, and what it is called with."""

MERGED = [("merge", 1, 0, True), ("write", 1, 3, False)]
SPLIT = [("write", 0, 3, False), ("split", 0, 2, True)]
BOTH = [*SPLIT, *MERGED]
INNER_WORK = [("hand_over", 0, 0, True), ("reply", 0, 0, True), ("withdraw", 0, 0, True)]
BEGINNINGS = {
    "nothing": [],
    "lee's is merged into kim's, where lee says a word": MERGED,
    "lee answers what was split off from kim's": BOTH,
    "that is split off once more, and the merge undone": [*BOTH, ("split", 3, 2, True), ("unmerge", 0, 0, True)],
    "what lee and then kim answer is split off": [*BOTH, ("write", 0, 3, False), ("split", 3, 6, True)],
    "kim's first, of which kim's second and lee's are parts, goes to the back office": [
        *MERGED,
        ("write", 0, 4, False),
        ("merge", 3, 0, True),
        *INNER_WORK,
    ],
    "a ticket of the back office is merged into kim's second": [
        *INNER_WORK,
        ("write", 0, 4, False),
        ("merge", 0, 3, True),
    ],
    "kim's second is merged into the first": [("write", 0, 4, False), ("merge", 3, 0, True)],
}
"""How a tale may begin; by chance alone few would come as far."""


@given(st.sampled_from(sorted(BEGINNINGS)), st.lists(deeds, max_size=12), st.sampled_from(["en", "de", INNER.lower()]))
def test_each_customer_sees_what_is_theirs_or_was_shown_to_them(beginning, tale, locale):
    told = Tale()
    for deed in [*BEGINNINGS[beginning], *tale]:
        told.do(*deed)
    check_ties(told.desk)
    check_laws(told.desk)
    tickets = {one.id: one for one in told.tickets()}
    known = {one.id for one in told.desk.configuration().types if one.kind is TicketKind.CUSTOMER}
    messages, sights = told.messages(), told.sights()
    words = told.desk.words(one.text for one in messages)
    secret = {*tickets, *told.names, *(one.id for one in everything(told.desk, Kind.CONVERSATION)), *words}
    for ticket in tickets.values():
        if ticket.type not in known:
            with pytest.raises(NotFound):
                told.desk.customer_view(ticket.id, locale)
            continue
        view, whole = told.desk.customer_view(ticket.id, locale), told.desk.resolve(ticket.id)
        homes = [id for id in whole.homes if tickets[id].type in known]
        seen = [
            one
            for one in messages
            if one.ticket in homes and one.kind is not MessageKind.NOTE
            if (ticket.contact, one.conversation) in sights or one.author == Actor.contact(ticket.contact)
        ]
        assert [(one.id, one.text) for one in view.messages] == [(one.id, words[one.text]) for one in seen]
        for shown, said in zip(view.messages, seen, strict=True):
            assert shown.is_theirs is (said.author == Actor.contact(ticket.contact))
            assert shown.is_answer is (said.author in ACTORS)
        mine = {one.number for one in tickets.values() if one.contact == ticket.contact and one.type in known}
        leads = whole.id != ticket.id and whole.number in mine
        assert (view.number, view.part_of) == (ticket.number, whole.number if leads else None)
        assert (view.is_done, view.awaits_customer) == (
            whole.category in ("solved", "closed"),
            whole.category == "pending",
        )
        assert view.state == view.progress[-1].label
        events = [item.event for item in told.desk.history(Stream(Kind.TICKET, ticket.id))]
        steps = [event for event in events if isinstance(event, StateChanged)]
        mergers = {step.at for step in steps if step.move is Move.MERGE}
        assert mergers.isdisjoint(step.at for step in (view.progress[:-1] if ticket.merged_into else view.progress))
        if whole.type not in known:
            assert view.state in CUSTOMER_WORDS
        assert [step.at for step in view.progress] == sorted(step.at for step in view.progress)
        text = msgspec.json.encode(view).decode()
        assert numbers_in(msgspec.json.decode(text)) <= mine
        assert INNER not in text
        others = [who for who in PEOPLE if who != told.names[ticket.contact]]
        hidden = [one for one in messages if one not in seen]
        marks = {f"{who}{mark}" for who in others for mark in (" heading", "-order", " reason")}
        assert [mark for mark in marks | secret | {one.id for one in hidden} if mark in text] == []
        assert [words[one.text] for one in hidden if f'"{words[one.text]}"' in text] == []


def numbers_in(value):
    """All numbers anywhere in what was read from JSON."""
    if isinstance(value, dict | list):
        each = value.values() if isinstance(value, dict) else value
        return {number for one in each for number in numbers_in(one)}
    return {value} if isinstance(value, int) and not isinstance(value, bool) else set()
