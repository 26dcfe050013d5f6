"""Facts from feeds, taken in by a desk: each once, in their order, at the instants at which they happened.

The clock of an import is that of its facts: before each one, whatever had come due by then is done, at the instant at
which it was due.  Messages are known again by their ids, and everything else by an idempotency key that is stored
along with what it came to.  So an import that was interrupted, wherever that was, is begun again from the start and
comes to the same as one that was not.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import assert_never

import attrs

from ticketcore.codec import Value
from ticketcore.commands import (
    AcceptMessage,
    AcceptOffer,
    Assign,
    Command,
    DeclineOffer,
    Focus,
    HandOver,
    Link,
    Merge,
    NameOrganisation,
    Note,
    RejectMessage,
    Reply,
    SetAgentAttributes,
    SetAttributes,
    SetCapacity,
    SetCapacityProfile,
    SetLeave,
    SetOrganisation,
    SetPresence,
    SetShifts,
    SetSkills,
    SetTags,
    SetTeams,
    Solve,
    Split,
    Unfocus,
    Unlink,
    Unmerge,
    Unsplit,
)
from ticketcore.desk import Desk
from ticketcore.errors import InvalidInput, NotFound, Refused
from ticketcore.feeds.customers import AttributesFact, CustomerFact, HandOverFact, MemberFact, OrganisationFact
from ticketcore.feeds.facts import (
    Fact,
    FocusFact,
    Item,
    MessageFact,
    NoteFact,
    QuarantineFact,
    Rejection,
    Remark,
    ReplyFact,
    ResolveFact,
    TagsFact,
)
from ticketcore.feeds.observed import About, AnsweredMessage, ThreadOf, TicketNumber
from ticketcore.feeds.offers import AcceptFact, DeclineFact, OfferFact
from ticketcore.feeds.people import (
    AgentAttributesFact,
    CapacityFact,
    CapacityProfileFact,
    LeaveFact,
    PersonFact,
    PresenceFact,
    ShiftsFact,
    SkillsFact,
    TeamsFact,
)
from ticketcore.feeds.ties import LinkFact, MergeFact, SplitFact, TieFact, UnlinkFact, UnmergeFact, UnsplitFact
from ticketcore.identity import alias_of
from ticketcore.model import (
    Actor,
    ActorKind,
    Category,
    Contact,
    Conversation,
    Disposition,
    Kind,
    Message,
    Move,
    Ref,
    Segmentation,
    Threading,
    Ticket,
    UniqueKey,
)
from ticketcore.ports import Commit, Query
from ticketcore.records import alias_key, idempotency_record, provider_key, thread_key

FEED = Actor(ActorKind.IMPORT, "feed")
"""Who did what a feed tells without saying who."""

_ALONE = timedelta(0)
_THERE: Mapping[Move, tuple[Category, ...]] = {
    Move.PEND: (Category.PENDING,),
    Move.HOLD: (Category.ON_HOLD,),
    Move.SOLVE: (Category.SOLVED, Category.CLOSED),
}
"""Where a ticket is already to which a move after a reply leads."""

_OtherFact = (
    NoteFact | PersonFact | ResolveFact | TagsFact | FocusFact | TieFact | CustomerFact | OfferFact | QuarantineFact
)
_CommandFact = ReplyFact | _OtherFact


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

    ``history`` says that all of it has happened long ago: nobody is given a ticket by it, no timer is set, and a ticket
    is the agent's who answered it.  Facts that are ``InvalidInput``, ``Refused`` or about what is ``NotFound`` are
    rejected, and stay so.
    """

    def __init__(self, desk: Desk, *, history: bool = False) -> None:
        self._desk = desk.without_effects() if history else desk
        self._history = history
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
            self._reject(item, "fact", self._words(error))

    def catch_up(self, at: datetime) -> None:
        """Do what had come due by then."""
        while not self._history and self._desk.tick(at, lease=_ALONE, punctual=True).more:
            continue

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
        if self._stored(Ref(Kind.IDEMPOTENCY_KEY, fact.key)) is not None:
            self.summary.duplicates += 1
            return
        try:
            if isinstance(fact, ReplyFact):
                self._reply(fact)
            elif (command := self._meant(fact)) is None:
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
        ticket = self._about(fact.about)
        if fact.agent is not None and ticket.assignee is None and ticket.is_active:
            assign = Assign(ticket.id, FEED, fact.agent, over_capacity=self._history)
            with suppress(Refused, NotFound):
                self._desk.handle(assign, fact.at, key=f"{fact.key}/assign")
                ticket = self._about(TicketNumber(ticket.number))
        then = None if fact.then is not None and ticket.category in _THERE[fact.then] else fact.then
        if then is Move.SOLVE and ticket.assignee is None:
            self._desk.handle(Solve(ticket.id, FEED), fact.at, key=f"{fact.key}/then")
            then = None
        reply = Reply(ticket.id, self._who(fact, ticket), fact.text, fact.attachments, then, fact.id or fact.key)
        try:
            self._desk.handle(reply, fact.at, key=fact.key)
        except Refused as refused:
            if then is None:
                raise
            self._desk.handle(attrs.evolve(reply, then=None), fact.at, key=fact.key)
            self.summary.remarks.append(Remark(fact.source, fact.line, "then", self._words(refused)))

    def _meant(self, fact: _OtherFact) -> Command | None:
        """The command that makes the fact so; None where it is so already."""
        if isinstance(fact, PersonFact):
            return _of_person(fact)
        match fact:
            case OrganisationFact():
                return NameOrganisation(fact.organisation, fact.name, FEED)
            case MemberFact():
                return SetOrganisation(self._contact(fact).id, fact.organisation, FEED)
            case UnmergeFact():
                return Unmerge(self._about(fact.about, as_sent=True).id, _by(fact))
            case UnsplitFact():
                return Unsplit(self._about(fact.about, as_sent=True).id, _by(fact))
            case SplitFact():
                return self._split(fact)
            case QuarantineFact():
                return self._let_go(fact)
        ticket = self._about(fact.about)
        match fact:
            case MergeFact():
                return Merge(ticket.id, _by(fact), self._about(fact.into).id, fact.shared)
            case LinkFact() | UnlinkFact():
                command = Link if isinstance(fact, LinkFact) else Unlink
                return command(ticket.id, _by(fact), fact.relation, self._about(fact.other).id)
            case AttributesFact():
                return SetAttributes(ticket.id, _by(fact), fact.values)
            case HandOverFact():
                who = self._who(fact, ticket)
                return HandOver(ticket.id, who, fact.queue, fact.type, fact.note, fact.values)
            case TagsFact():
                return SetTags(ticket.id, FEED, fact.add, fact.remove)
            case AcceptFact() | DeclineFact():
                return self._answer(fact, ticket)
            case FocusFact():
                focus = Focus if fact.open else Unfocus
                return focus(ticket.id, Actor.agent(fact.agent))
            case NoteFact():
                return Note(ticket.id, self._who(fact, ticket), fact.text)
            case ResolveFact():
                if ticket.category in _THERE[Move.SOLVE]:
                    return None
                return Solve(ticket.id, self._who(fact, ticket))
            case _:
                assert_never(fact)

    def _answer(self, fact: OfferFact, ticket: Ticket) -> Command | None:
        """What an agent said to an offer; in history nothing was offered here, and who accepted it has the ticket."""
        agent = Actor.agent(fact.agent)
        if isinstance(fact, DeclineFact):
            return None if self._history else DeclineOffer(ticket.id, agent, fact.reason)
        given = Assign(ticket.id, agent, fact.agent, over_capacity=True)
        return given if self._history else AcceptOffer(ticket.id, agent)

    def _let_go(self, fact: QuarantineFact) -> Command:
        message = self._stored(provider_key(fact.channel, fact.account, fact.message))
        if not isinstance(message, Message):
            raise NotFound("message", fact.message)
        return (AcceptMessage if fact.accept else RejectMessage)(message.id, _by(fact))

    def _split(self, fact: SplitFact) -> Split:
        """Of the messages that are named, which must be known; their ticket is that of the first."""
        keys = tuple(provider_key(fact.channel, fact.account, id) for id in fact.messages)
        found = self._desk.store.load(self._desk.tenant, keys)
        for i, one in enumerate(found):
            if not isinstance(one, Message) or one.ticket is None:
                raise InvalidInput(f"SplitFact.messages[{i}]", f"no ticket has it: {fact.messages[i]!r}")
        messages = [one for one in found if isinstance(one, Message)]
        return Split(messages[0].ticket or "", _by(fact), [one.id for one in messages], fact.clocks)

    def _contact(self, fact: MemberFact) -> Contact:
        """The customer with the address that is named."""
        channel = self._desk.configuration().channel(fact.channel)
        found = self._stored(alias_key(alias_of(channel, fact.account, fact.contact, "")))
        if not isinstance(found, Contact):
            raise InvalidInput("MemberFact.contact", f"nobody is known as {fact.contact!r}")
        return found

    def _who(self, fact: ReplyFact | NoteFact | ResolveFact | HandOverFact, ticket: Ticket) -> Actor:
        """The agent named, or the one who has the ticket."""
        agent = fact.agent or ticket.assignee
        return FEED if agent is None else Actor.agent(agent)

    def _about(self, about: About, *, as_sent: bool = False) -> Ticket:
        """The ticket that is meant; ``NotFound`` when there is none.

        What was sent to a ticket that was merged means the one that it is a part of now, unless asked ``as_sent``.
        """
        match about:
            case TicketNumber(number):
                found = next(iter(self._desk.find(Query(Kind.TICKET, {"number": number})).values), None)
            case AnsweredMessage(channel, account, id):
                message = self._stored(provider_key(channel, account, id))
                named = message.ticket if isinstance(message, Message) else None
                found = None if named is None else self._stored(Ref(Kind.TICKET, named))
            case ThreadOf():
                found = self._current(about)
            case _:
                assert_never(about)
        if not isinstance(found, Ticket):
            raise NotFound(Kind.TICKET, str(about))
        if as_sent or isinstance(about, TicketNumber):
            return found
        now = self._ticket(found.id)
        return now if isinstance(now, Ticket) else found

    def _current(self, thread: ThreadOf) -> Value | None:
        """The ticket that the customer's thread is about; where they have many threads, the newest of theirs there."""
        channel = self._desk.configuration().channel(thread.channel)
        contact = self._stored(alias_key(alias_of(channel, thread.account, thread.contact, "")))
        if not isinstance(contact, Contact):
            return None
        if channel.threading is Threading.QUIET_GAP:
            conversation = self._stored(thread_key(thread.channel, thread.account, contact.id))
            named = conversation.ticket if isinstance(conversation, Conversation) else None
            return None if named is None else self._stored(Ref(Kind.TICKET, named))
        where = {"contact": contact.id, "channel": thread.channel}
        newest = self._desk.find(Query(Kind.TICKET, where, "number", descending=True, limit=1)).values
        return next(iter(newest), None)

    def _ticket(self, id: str | None) -> Value | None:
        """The ticket ``id``, or what it is a part of now."""
        found = None if id is None else self._stored(Ref(Kind.TICKET, id))
        while isinstance(found, Ticket) and found.merged_into is not None:
            found = self._stored(Ref(Kind.TICKET, found.merged_into))
        return found

    def _stored(self, key: Ref | UniqueKey) -> Value | None:
        return self._desk.store.load(self._desk.tenant, (key,))[0]

    def _words(self, refused: Refused) -> str:
        """Why it was refused, with the numbers of tickets."""
        return "; ".join(f"{reason.rule} ({self._called(reason.subject)})" for reason in refused.reasons)

    def _called(self, subject: str) -> str:
        ticket = self._ticket(subject)
        return f"ticket {ticket.number}" if isinstance(ticket, Ticket) else subject

    def _reject(self, fact: Fact, field: str, reason: str) -> None:
        self.summary.rejected.append(Rejection(fact.source, fact.line, field, reason))


def _by(fact: TieFact | AttributesFact | QuarantineFact) -> Actor:
    """Who did it: the agent that is named, or the program that tells it."""
    return FEED if fact.agent is None else Actor.agent(fact.agent)


def _of_person(fact: PersonFact) -> Command:
    match fact:
        case PresenceFact():
            return SetPresence(fact.agent, Actor.agent(fact.agent), fact.presence)
        case SkillsFact():
            return SetSkills(fact.agent, FEED, fact.skills)
        case TeamsFact():
            return SetTeams(fact.agent, FEED, fact.teams)
        case AgentAttributesFact():
            return SetAgentAttributes(fact.agent, FEED, fact.attributes)
        case CapacityFact():
            return SetCapacity(fact.agent, FEED, fact.capacity)
        case CapacityProfileFact():
            return SetCapacityProfile(fact.agent, FEED, fact.profile)
        case ShiftsFact():
            return SetShifts(fact.agent, FEED, fact.shifts)
        case LeaveFact():
            return SetLeave(fact.agent, FEED, fact.leave)
