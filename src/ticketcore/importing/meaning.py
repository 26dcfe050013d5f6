"""What facts say, in terms of a desk: the ticket, the customer and the command that each of them means."""

from collections.abc import Mapping
from typing import assert_never

import attrs

from ticketcore.codec import Value
from ticketcore.commands import (
    AcceptMessage,
    AcceptOffer,
    Assign,
    Command,
    DeclineOffer,
    Delete,
    EndWrapUp,
    Focus,
    HandOver,
    Link,
    Merge,
    MergeContacts,
    NameOrganisation,
    Note,
    RejectMessage,
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
    UnmergeContacts,
    Unsplit,
)
from ticketcore.desk import Desk
from ticketcore.errors import InvalidInput, NotFound, Refused
from ticketcore.feeds.customers import (
    AttributesFact,
    CustomerFact,
    HandOverFact,
    MemberFact,
    MergeContactsFact,
    OrganisationFact,
    UnmergeContactsFact,
)
from ticketcore.feeds.facts import (
    FocusFact,
    NoteFact,
    QuarantineFact,
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
    WrappedUpFact,
)
from ticketcore.feeds.ties import (
    DeleteFact,
    LinkFact,
    MergeFact,
    SplitFact,
    TieFact,
    UnlinkFact,
    UnmergeFact,
    UnsplitFact,
)
from ticketcore.identity import alias_of
from ticketcore.model import (
    Actor,
    ActorKind,
    Category,
    Contact,
    Conversation,
    Kind,
    Message,
    Move,
    Ref,
    Threading,
    Ticket,
    UniqueKey,
)
from ticketcore.ports import Query
from ticketcore.records import alias_key, provider_key, thread_key

FEED = Actor(ActorKind.IMPORT, "feed")
"""Who did what a feed tells without saying who."""

THERE: Mapping[Move, tuple[Category, ...]] = {
    Move.PEND: (Category.PENDING,),
    Move.HOLD: (Category.ON_HOLD,),
    Move.SOLVE: (Category.SOLVED, Category.CLOSED),
}
"""Where a ticket is already to which a move after a reply leads."""

OtherFact = (
    NoteFact
    | PersonFact
    | WrappedUpFact
    | ResolveFact
    | TagsFact
    | FocusFact
    | TieFact
    | CustomerFact
    | OfferFact
    | QuarantineFact
)
"""The facts that are one command each."""


class Meaning:
    """What facts say, as the ``desk`` stands now; in ``history``, nothing was offered here and nobody has a limit.

    ``NotFound`` for a ticket or message that is named and not there, ``InvalidInput`` for a customer who is not, and
    for what makes no command.
    """

    def __init__(self, desk: Desk, history: bool) -> None:
        self._desk = desk
        self._history = history

    def command(self, fact: OtherFact) -> Command | None:
        """The command that makes the fact so; None where it is so already."""
        if isinstance(fact, PersonFact):
            return _of_person(fact)
        match fact:
            case OrganisationFact():
                return NameOrganisation(fact.organisation, fact.name, FEED)
            case MemberFact():
                return SetOrganisation(self._contact(fact, "contact").id, fact.organisation, FEED)
            case MergeContactsFact():
                contact, into = self._contact(fact, "contact"), self._contact(fact.into, "into")
                return MergeContacts(contact.id, into.id, _by(fact))
            case UnmergeContactsFact():
                return UnmergeContacts(self._contact(fact, "contact").id, _by(fact))
            case UnmergeFact():
                return Unmerge(self.ticket(fact.about, as_sent=True).id, _by(fact))
            case UnsplitFact():
                return Unsplit(self.ticket(fact.about, as_sent=True).id, _by(fact))
            case SplitFact():
                return self._split(fact)
            case QuarantineFact():
                return self._let_go(fact)
        ticket = self.ticket(fact.about)
        match fact:
            case MergeFact():
                return Merge(ticket.id, _by(fact), self.ticket(fact.into).id, fact.shared)
            case DeleteFact():
                return Delete(ticket.id, _by(fact), fact.cause, fact.with_parts)
            case LinkFact() | UnlinkFact():
                command = Link if isinstance(fact, LinkFact) else Unlink
                return command(ticket.id, _by(fact), fact.relation, self.ticket(fact.other).id)
            case AttributesFact():
                return SetAttributes(ticket.id, _by(fact), fact.values)
            case HandOverFact():
                who = self.who(fact, ticket)
                return HandOver(ticket.id, who, fact.queue, fact.type, fact.note, fact.values)
            case TagsFact():
                return SetTags(ticket.id, FEED, fact.add, fact.remove)
            case AcceptFact() | DeclineFact():
                return self._answer(fact, ticket)
            case FocusFact():
                focus = Focus if fact.open else Unfocus
                return focus(ticket.id, Actor.agent(fact.agent))
            case WrappedUpFact():
                return EndWrapUp(fact.agent, Actor.agent(fact.agent), ticket.id)
            case NoteFact():
                return Note(ticket.id, self.who(fact, ticket), fact.text)
            case ResolveFact():
                if ticket.category in THERE[Move.SOLVE]:
                    return None
                return Solve(ticket.id, self.who(fact, ticket))
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
        message = self.stored(provider_key(fact.channel, fact.account, fact.message))
        if not isinstance(message, Message):
            raise NotFound("message", fact.message)
        if not fact.accept:
            for field in ("about", "anew"):
                if getattr(fact, field):
                    raise InvalidInput(f"feed.{field}", "is for a message that is let out")
            return RejectMessage(message.id, _by(fact))
        ticket = None if fact.about is None else self.ticket(fact.about).id
        return AcceptMessage(message.id, _by(fact), ticket, fact.anew)

    def _split(self, fact: SplitFact) -> Split:
        """Of the messages that are named, which must be known; their ticket is that of the first."""
        keys = tuple(provider_key(fact.channel, fact.account, id) for id in fact.messages)
        found = self._desk.store.load(self._desk.tenant, keys)
        for i, one in enumerate(found):
            if not isinstance(one, Message) or one.ticket is None:
                raise InvalidInput(f"SplitFact.messages[{i}]", f"no ticket has it: {fact.messages[i]!r}")
        messages = [one for one in found if isinstance(one, Message)]
        return Split(messages[0].ticket or "", _by(fact), [one.id for one in messages], fact.clocks)

    def _contact(self, whose: MemberFact | MergeContactsFact | UnmergeContactsFact | ThreadOf, field: str) -> Contact:
        """The customer with the address that is named; ``InvalidInput`` naming the field where there is none."""
        channel = self._desk.configuration().channel(whose.channel)
        found = self.stored(alias_key(alias_of(channel, whose.account, whose.contact, "")))
        if not isinstance(found, Contact):
            raise InvalidInput(f"feed.{field}", f"nobody is known as {whose.contact!r}")
        return found

    def who(self, fact: ReplyFact | NoteFact | ResolveFact | HandOverFact, ticket: Ticket) -> Actor:
        """The agent named, or the one who has the ticket."""
        agent = fact.agent or ticket.assignee
        return FEED if agent is None else Actor.agent(agent)

    def ticket(self, about: About, *, as_sent: bool = False) -> Ticket:
        """The ticket that is meant; ``NotFound`` when there is none.

        What was sent to a ticket that was merged means the one that it is a part of now, unless asked ``as_sent``.
        """
        match about:
            case TicketNumber(number):
                found = next(iter(self._desk.find(Query(Kind.TICKET, {"number": number})).values), None)
            case AnsweredMessage(channel, account, id):
                message = self.stored(provider_key(channel, account, id))
                named = message.ticket if isinstance(message, Message) else None
                found = None if named is None else self.stored(Ref(Kind.TICKET, named))
            case ThreadOf():
                found = self._current(about)
            case _:
                assert_never(about)
        if not isinstance(found, Ticket):
            raise NotFound(Kind.TICKET, str(about))
        if as_sent or isinstance(about, TicketNumber):
            return found
        now = self._now(found.id)
        return now if isinstance(now, Ticket) else found

    def _current(self, thread: ThreadOf) -> Value | None:
        """The ticket that the customer's thread is about; where they have many threads, the newest of theirs there."""
        channel = self._desk.configuration().channel(thread.channel)
        contact = self.stored(alias_key(alias_of(channel, thread.account, thread.contact, "")))
        if not isinstance(contact, Contact):
            return None
        if channel.threading is Threading.QUIET_GAP:
            conversation = self.stored(thread_key(thread.channel, thread.account, contact.id))
            named = conversation.ticket if isinstance(conversation, Conversation) else None
            return None if named is None else self.stored(Ref(Kind.TICKET, named))
        query: Query | None = Query(Kind.TICKET, {"contact": contact.id, "channel": thread.channel}, "number", True)
        while query is not None:
            page = self._desk.find(query)
            for value in page.values:
                if isinstance(value, Ticket) and not value.is_deleted:
                    return value
            query = None if page.next is None else attrs.evolve(query, after=page.next)
        return None

    def _now(self, id: str | None) -> Value | None:
        """The ticket ``id``, or what it is a part of now."""
        found = None if id is None else self.stored(Ref(Kind.TICKET, id))
        while isinstance(found, Ticket) and found.merged_into is not None:
            found = self.stored(Ref(Kind.TICKET, found.merged_into))
        return found

    def stored(self, key: Ref | UniqueKey) -> Value | None:
        """What is stored under the key, if anything."""
        return self._desk.store.load(self._desk.tenant, (key,))[0]

    def words(self, refused: Refused) -> str:
        """Why it was refused, with the numbers of tickets."""
        return "; ".join(f"{reason.rule} ({self._called(reason.subject)})" for reason in refused.reasons)

    def _called(self, subject: str) -> str:
        ticket = self._now(subject)
        return f"ticket {ticket.number}" if isinstance(ticket, Ticket) else subject


def _by(fact: TieFact | AttributesFact | MergeContactsFact | UnmergeContactsFact | QuarantineFact) -> Actor:
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
