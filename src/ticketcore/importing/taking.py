"""Facts from feeds, taken in by a desk: each once, in their order, at the instants at which they happened.

The clock of an import is that of its facts: before each one, whatever had come due by then is done, at the instant at
which it was due.  Messages are known again by their ids, and everything else by an idempotency key that is stored
along with what it came to.  So an import that was interrupted, wherever that was, is begun again from the start and
comes to the same as one that was not.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

import attrs

from ticketcore.commands import (
    Assign,
    Reply,
    Solve,
)
from ticketcore.desk import Desk
from ticketcore.errors import InvalidInput, NotFound, Refused
from ticketcore.feeds.facts import (
    Fact,
    Item,
    MessageFact,
    Rejection,
    Remark,
    ReplyFact,
)
from ticketcore.feeds.observed import TicketNumber
from ticketcore.importing.meaning import FEED, THERE, Meaning, OtherFact
from ticketcore.model import (
    Disposition,
    Kind,
    Move,
    Ref,
    Segmentation,
)
from ticketcore.ports import Commit
from ticketcore.records import idempotency_record

_ALONE = timedelta(0)

_CommandFact = ReplyFact | OtherFact


@attrs.define
class Summary:
    """What an import came to so far.

    ``read`` counts what the feeds told; each of it was ``stored``, or is one of the ``duplicates`` (here before), or
    was ``rejected``.  ``tickets`` counts those that were opened, ``kept`` the messages that were stored without a
    ticket, by verdict.  ``remarks`` are no faults.
    """

    read: int = 0
    stored: int = 0
    duplicates: int = 0
    tickets: int = 0
    kept: Counter[str] = attrs.field(factory=Counter)
    rejected: list[Rejection] = attrs.field(factory=list)
    remarks: list[Remark] = attrs.field(factory=list)


class Import:
    """Takes the facts of feeds in by a desk, for one tenant, which nobody else changes meanwhile.

    ``history`` says that all of it has happened long ago: nobody is given a ticket by it, no timer of one is set, and
    a ticket is the agent's who answered it.  Facts that are ``InvalidInput``, ``Refused`` or about what is ``NotFound``
    are rejected, and stay so.
    """

    def __init__(self, desk: Desk, *, history: bool = False) -> None:
        self._desk = desk.without_effects() if history else desk
        self._history = history
        self._meaning = Meaning(self._desk, history)
        self.summary = Summary()
        self.until: datetime | None = None
        """The instant of the last fact that was told, in UTC; None when there was none."""

    def take(self, item: Item) -> None:
        """Take in what a feed tells; what cannot be is rejected in ``summary``.

        ``StoreFailure`` when the database cannot serve; what was taken in stays.
        """
        if isinstance(item, Remark):
            self.summary.remarks.append(item)
            return
        self.summary.read += 1
        if isinstance(item, Rejection):
            self.summary.rejected.append(item)
            return
        self.until = item.at if self.until is None else max(self.until, item.at)
        self.catch_up(item.at)
        try:
            if isinstance(item, MessageFact):
                self._message(item)
            else:
                self._command(item)
        except InvalidInput as error:
            self._reject(item, error.field.rpartition(".")[2], error.reason)
        except NotFound as error:
            is_about = error.kind == Kind.TICKET
            self._reject(item, "about" if is_about else error.kind, f"no ticket {error.id}" if is_about else str(error))
        except Refused as error:
            self._reject(item, "fact", self._meaning.words(error))

    def catch_up(self, at: datetime) -> None:
        """Do what had come due by then, and what comes due by then through that."""
        while not self._history:
            woken = self._desk.tick(at, lease=_ALONE, punctual=True).woken
            if all(one.lost for one in woken):
                break

    def _message(self, fact: MessageFact) -> None:
        inbound = fact.inbound
        if inbound.external_id is None:
            inbound = attrs.evolve(inbound, external_id=fact.key)
        received = self._desk.receive(inbound, fact.at)
        if received.disposition is Disposition.DUPLICATE:
            self.summary.duplicates += 1
            return
        self.summary.stored += 1
        self.summary.tickets += received.disposition in (Disposition.OPENED, Disposition.FOLLOW_UP)
        for decision in received.decisions:
            if isinstance(decision, Segmentation) and decision.verdict is not None:
                self.summary.kept[decision.verdict.value] += 1

    def _command(self, fact: _CommandFact) -> None:
        """Carry out what the fact says; what is refused is done with too, or a second import might find it allowed."""
        if self._meaning.stored(Ref(Kind.IDEMPOTENCY_KEY, fact.key)) is not None:
            self.summary.duplicates += 1
            return
        try:
            if isinstance(fact, ReplyFact):
                self._reply(fact)
            elif (command := self._meaning.command(fact)) is None:
                self._desk.store.commit(Commit(self._desk.tenant, (idempotency_record(fact.key),)))
            else:
                self._desk.handle(command, fact.at, key=fact.key)
        except (InvalidInput, NotFound, Refused):
            self._desk.store.commit(Commit(self._desk.tenant, (idempotency_record(fact.key),)))
            raise
        self.summary.stored += 1

    def _reply(self, fact: ReplyFact) -> None:
        """Keep what was answered, whatever may become of the ticket by it.

        Who answers a ticket that nobody has, has it from then on, if they have room; in history also without.
        """
        ticket = self._meaning.ticket(fact.about)
        if fact.agent is not None and ticket.assignee is None and ticket.is_active:
            assign = Assign(ticket.id, FEED, fact.agent, over_capacity=self._history)
            with suppress(Refused, NotFound):
                self._desk.handle(assign, fact.at, key=f"{fact.key}/assign")
                ticket = self._meaning.ticket(TicketNumber(ticket.number))
        then = None if fact.then is not None and ticket.category in THERE[fact.then] else fact.then
        if then is Move.SOLVE and ticket.assignee is None:
            self._desk.handle(Solve(ticket.id, FEED), fact.at, key=f"{fact.key}/then")
            then = None
        reply = Reply(
            ticket.id, self._meaning.who(fact, ticket), fact.text, fact.attachments, then, fact.id or fact.key
        )
        try:
            self._desk.handle(reply, fact.at, key=fact.key)
        except Refused as refused:
            if then is None:
                raise
            self._desk.handle(attrs.evolve(reply, then=None), fact.at, key=fact.key)
            self.summary.remarks.append(Remark(fact.source, fact.line, "then", self._meaning.words(refused)))

    def _reject(self, fact: Fact, field: str, reason: str) -> None:
        self.summary.rejected.append(Rejection(fact.source, fact.line, field, reason))
