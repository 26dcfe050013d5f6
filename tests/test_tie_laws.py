"""What holds whatever is merged, split and linked, and undone, in any order."""

import contextlib

import attrs
from desks import ANA, HOUR, everything, stored
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, multiple, rule
from test_laws import Desks, actors
from tied import check_erased, check_ties, likeness

from ticketcore import InvalidInput, Refused
from ticketcore.commands import Delete, Link, Merge, Remind, Split, Unlink, Unmerge, Unsplit
from ticketcore.events import MessageAdded, SplitUndone, TicketSplit
from ticketcore.model import LINKS, CancelOn, Delay, Deletion, Kind, Ref, Relation, SplitClocks, Ticket, Undoing

RELATIONS = [*LINKS, *(relation.opposite for relation in LINKS)]


class TiedDesks(Desks):
    """A desk on which tickets are also merged, split and linked."""

    tickets = Desks.tickets

    def messages_of(self, ticket):
        """The ids of its messages, in an order that does not hang on ids, which differ from run to run."""
        own = {one.id for one in everything(self.desk, Kind.MESSAGE) if one.ticket == ticket}
        said = []
        for item in self.desk.history(Ref(Kind.TICKET, ticket)):
            match item.event:
                case MessageAdded(message=id):
                    said.append(id)
                case TicketSplit(messages=ids) | SplitUndone(messages=ids):
                    said.extend(ids)
        return [id for id in dict.fromkeys(said) if id in own]

    def by_number(self):
        return sorted(everything(self.desk, Kind.TICKET), key=lambda one: one.number)

    @rule(ticket=tickets, into=tickets, actor=actors, shared=st.booleans())
    def merge(self, ticket, into, actor, shared):
        self.handle(Merge(ticket, actor, into, shared))

    @rule(ticket=tickets, actor=actors, data=st.data())
    def unmerge(self, ticket, actor, data):
        merged = [one.id for one in self.by_number() if one.merged_into is not None]
        self.handle(Unmerge(data.draw(st.sampled_from(merged)) if merged else ticket, actor))

    @rule(
        target=tickets,
        ticket=tickets,
        actor=actors,
        which=st.sets(st.integers(0, 4), min_size=1),
        clocks=st.sampled_from(SplitClocks),
    )
    def split(self, ticket, actor, which, clocks):
        messages = [id for i, id in enumerate(self.messages_of(ticket)) if i in which]
        if messages:
            try:
                self.desk.handle(Split(ticket, actor, messages, clocks), self.at)
            except Refused:
                return multiple()
            return next(link.other for link in self.desk.ticket(ticket).links[::-1] if link.relation == "split_into")
        return multiple()

    @rule(ticket=tickets, actor=actors, data=st.data())
    def unsplit(self, ticket, actor, data):
        parts = [one.id for one in self.by_number() if one.linked(Relation.SPLIT_FROM)]
        self.handle(Unsplit(data.draw(st.sampled_from(parts)) if parts else ticket, actor))

    @rule(ticket=tickets, other=tickets, relation=st.sampled_from(RELATIONS), actor=actors)
    def relate(self, ticket, other, relation, actor):
        self.handle(Link(ticket, actor, relation, other))

    @rule(ticket=tickets, other=tickets, relation=st.sampled_from(RELATIONS), actor=actors, data=st.data())
    def unrelate(self, ticket, other, relation, actor, data):
        links = [(one.id, link) for one in self.by_number() for link in one.links]
        if links:
            ticket, link = data.draw(st.sampled_from(links))
            relation, other = link.relation, link.other
        with contextlib.suppress(InvalidInput):
            self.handle(Unlink(ticket, actor, relation, other))

    @rule(ticket=tickets, actor=actors, cause=st.sampled_from(Deletion), with_parts=st.booleans(), sure=st.booleans())
    def delete(self, ticket, actor, cause, with_parts, sure):
        if sure:  # Not too often, or nothing is left to be told apart.
            self.handle(Delete(ticket, actor, cause, with_parts))

    @rule(ticket=tickets, into=tickets, actor=actors)
    def there_and_back(self, ticket, into, actor):
        """What is merged and unmerged is as it was, but for what the undoing lists."""
        before, messages = stored(self.desk), everything(self.desk, Kind.MESSAGE)
        try:
            self.desk.handle(Merge(ticket, actor, into, shared=True), self.at)
        except Refused:
            return
        (undone,) = [
            one for one in self.desk.handle(Unmerge(ticket, actor), self.at).decisions if isinstance(one, Undoing)
        ]
        self.is_as_before(before, messages, undone, {ticket, into, self.desk.resolve(into).id})

    @rule(ticket=tickets, actor=actors, which=st.sets(st.integers(0, 4), min_size=1))
    def apart_and_back(self, ticket, actor, which):
        """What is split and joined again is as it was; of the new ticket nothing is left but its tombstone."""
        before, messages = stored(self.desk), everything(self.desk, Kind.MESSAGE)
        chosen = [id for i, id in enumerate(self.messages_of(ticket)) if i in which]
        try:
            handled = self.desk.handle(Split(ticket, actor, chosen), self.at) if chosen else None
        except Refused:
            return
        if handled is None:
            return
        known = {ref.id for ref in before}
        (new,) = [one.id for one in handled.tickets if one.id not in known]
        (undone,) = [
            one for one in self.desk.handle(Unsplit(new, actor), self.at).decisions if isinstance(one, Undoing)
        ]
        assert undone.kept == ()
        self.is_as_before(before, messages, undone, {ticket})

    def is_as_before(self, before, messages, undone, concerned):
        after = stored(self.desk)
        kept = {(item.of, item.field) for item in undone.kept}
        assert {field for _, field in kept} <= {"assignee", "state"}
        for ref, entity in before.items():
            if not (ref.id in concerned or ref.kind is Kind.CONVERSATION):
                continue
            was, now = likeness(entity), likeness(after[ref])
            if isinstance(entity, Ticket):
                if (ref.id, "assignee") in kept or entity.assignee is None:
                    names = dict.fromkeys(("assignee", "previous", "excluded"))
                    names |= {"routing_origin": entity.opened_at}
                    if entity.category in ("new", "open") and now.category in ("new", "open"):
                        names |= {"state": entity.state, "category": entity.category}
                        if after[ref].state != entity.state:  # It was given to somebody, which ends alarms.
                            left = (alarm for alarm in was.alarms if CancelOn.STATE not in alarm.cancel_on)
                            was = attrs.evolve(was, alarms=tuple(left))
                    was, now = attrs.evolve(was, **names), attrs.evolve(now, **names)
                if (ref.id, "state") in kept:
                    now = attrs.evolve(now, state=was.state, category=was.category)
            assert now == was
        likes = [attrs.evolve(message, version=1) for message in messages]
        assert [attrs.evolve(one, version=1) for one in everything(self.desk, Kind.MESSAGE)] == likes

    @invariant()
    def ties_hold(self):
        if hasattr(self, "desk"):
            check_ties(self.desk)
            check_erased(self.desk)


TiedDesks.TestCase.settings = settings(Desks.TestCase.settings, max_examples=40)
TestTiedDesks = TiedDesks.TestCase


def test_what_a_merge_leaves_room_for_may_go_to_the_survivor_and_ends_what_a_change_of_state_ends():
    one = TiedDesks()
    assigned, waiting, _ = one.begin(capacity=0, first="Hello", order=0).values
    one.handle(Remind(waiting, ANA, Delay(HOUR), unless=["state"]))
    one.handle(Remind(waiting, ANA, Delay(2 * HOUR), unless=["solved"]))
    one.there_and_back(assigned, waiting, ANA)
    assert [alarm.cancel_on for alarm in one.desk.ticket(waiting).alarms] == [("solved",)]
