"""What is known around an inbound message: who sent it, what it answers, and the thread that it stands in."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import attrs

from ticketcore.codec import Value
from ticketcore.decide.migrating import brought_along, is_astray
from ticketcore.evolve import Entity
from ticketcore.identity import alias_of
from ticketcore.matching import Names, may_count, names_in
from ticketcore.model import (
    Alias,
    Channel,
    Clock,
    Configuration,
    Contact,
    Conversation,
    Inbound,
    Kind,
    Message,
    Ref,
    Role,
    Threading,
    Ticket,
    TicketClaim,
    UniqueKey,
)
from ticketcore.model.identifiers import ref_to, ticket_ref
from ticketcore.model.values import making, quick, replaced
from ticketcore.ports import Evidence, RecentMessage, RecentTicket, Segmentable
from ticketcore.records import CURRENT, alias_key, provider_key, thread_key
from ticketcore.turns.configuring import current_configuration
from ticketcore.turns.evidence import OURS, Found, by_messages, by_number, claims_of, in_order, numbered
from ticketcore.turns.persons import as_one, person
from ticketcore.turns.reading import resolved
from ticketcore.turns.reading import ticket as known_ticket
from ticketcore.turns.requests import Turn, load
from ticketcore.turns.work import Context

_CONTACT, _CONVERSATION, _TICKET, _CLOCK = Kind.CONTACT, Kind.CONVERSATION, Kind.TICKET, Kind.CLOCK
_QUIET_GAP = Threading.QUIET_GAP
_NONE: Mapping[str, str] = MappingProxyType({})
_NO_CLOCKS: Mapping[str, Clock | None] = MappingProxyType({})

_segmentable, _evidence = making(Segmentable), making(Evidence)
_SPEAKS = (Role.REQUESTER, Role.COLLABORATOR, Role.AGENT)


@quick
@attrs.frozen
class Surroundings:
    """What was loaded around a message.

    ``configuration`` is the one that the desk follows.  ``inbound`` is the message, ``channel`` how its channel
    threads, ``alias`` the sender's address and ``contact`` whose that is, if anybody's.  ``delivered`` is the message
    itself if it came before, in ``delivered_ticket``.  ``found`` is what it names, in the order of the matchers;
    ``thread`` is the sender's one conversation on this account, where the channel has such.
    ``ours`` is the message of ours that it says came back, or that it is itself; ``our_ticket`` is that one's now.
    ``conversations`` and ``tickets`` are those of all these messages, by id, with those by whose merge the sender takes
    part in another's conversation; ``survivors`` says of those that were merged what they are a part of now, and
    ``clocks`` of each ticket that was looked for what clock it has.  ``recent`` are the sender's recent tickets, by
    id, with their latest messages, and ``opened`` is how many they have had, for a segmenter that looks back.
    ``one_person`` are all contacts who are the sender, and ``who`` their ids.
    """

    configuration: Configuration
    inbound: Inbound
    channel: Channel
    alias: Alias
    delivered: Message | None = None
    delivered_ticket: Ticket | None = None
    contact: Contact | None = None
    found: tuple[Found, ...] = ()
    thread: Conversation | None = None
    conversations: dict[str, Conversation] = attrs.field(factory=dict)
    tickets: dict[str, Ticket] = attrs.field(factory=dict)
    survivors: Mapping[str, str] = _NONE
    clocks: Mapping[str, Clock | None] = _NO_CLOCKS
    ours: Message | None = None
    our_ticket: Ticket | None = None
    recent: tuple[tuple[str, tuple[RecentMessage, ...]], ...] = ()
    opened: int = 0
    one_person: tuple[Contact, ...] = ()
    who: tuple[str, ...] = ()

    @property
    def customer(self) -> Contact | None:
        """What is known of the sender, by all contacts who are the same person."""
        return self.contact if len(self.who) < 2 else as_one(self.one_person)

    def as_followed(self) -> "Surroundings":
        """The same with each ticket in the state that the configuration has for it."""
        if not self.tickets:
            return self
        astray = [ticket for ticket in self.tickets.values() if is_astray(self.configuration, ticket)]
        if not astray:
            return self
        moved = {ticket.id: brought_along(self.configuration, ticket) for ticket in astray}
        return replaced(self, tickets={**self.tickets, **moved})

    def segmentable(self) -> Segmentable:
        """The message and its surroundings, as a segmenter looks at them."""
        current = None if self.thread is None else self._living(self.thread.ticket)
        if not self.found and not self.recent:
            return _segmentable(self.inbound, self.channel, (), self.thread, current)
        answers = [
            _evidence(self._living(one.named), one.conversation, one.claim.matcher, one.claim.strength)
            for one in self.found
            if may_count(one.claim)
        ]
        recent = tuple(RecentTicket(self.tickets[id], messages) for id, messages in self.recent)
        return _segmentable(self.inbound, self.channel, tuple(answers), self.thread, current, recent, self.opened)

    def claims(self) -> tuple[TicketClaim, ...]:
        """What each matcher found, each ticket once."""
        if not self.found:
            return ()
        current = None if self.thread is None else self._now(self.thread.ticket)
        return claims_of(self.found, None if current is None else current.id)

    def leading(self) -> Found | None:
        """What counts first of what it names: the first that names a ticket which is there."""
        for one in self.found:
            if self._living(one.claim.ticket) is not None and may_count(one.claim):
                return one
        return None

    def deleted(self) -> str | None:
        """The deleted ticket that it names first, or else that its sender's thread is about, if there is one."""
        named = [one.claim.ticket for one in self.found if may_count(one.claim)]
        if self.thread is not None:
            named.append(self.thread.ticket)
        gone = (ticket.id for ticket in map(self._now, named) if ticket is not None and ticket.is_deleted)
        return next(gone, None)

    def home(self, ticket: str) -> str:
        """The ticket to which the message was sent, if it is for this one: itself, or one that was merged into it.

        One of the sender's own, if there is any, so that an undoing gives them back what they said.
        """
        if not self.survivors:
            return ticket
        named = [one.named for one in self.found if may_count(one.claim)]
        if self.thread is not None:
            named.append(self.thread.ticket)
        parts = [id for id in named if id is not None and self.survivors.get(id, id) == ticket]
        own = (one.id for one in self._own_tickets() if self.survivors.get(one.id, one.id) == ticket)
        return next((id for id in parts if self._is_own(self.tickets[id])), next(own, next(iter(parts), ticket)))

    def _now(self, ticket: str | None) -> Ticket | None:
        """What the ticket is a part of now."""
        return None if ticket is None else self.tickets.get(self.survivors.get(ticket, ticket))

    def _living(self, ticket: str | None) -> Ticket | None:
        """What the ticket is a part of now, unless that was deleted."""
        found = self._now(ticket)
        return None if found is None or found.is_deleted else found

    def conversation(self) -> Conversation | None:
        """The conversation that the message belongs to; None when it begins one.

        On a channel with one thread per customer, that thread.  Elsewhere the conversation of what it answers, unless
        that is another's, in which the sender takes part by a merge alone: then the one of the ticket that was merged.
        Who takes no part and shows a signed token speaks there too, where it is held back.
        """
        if self.channel.threading is _QUIET_GAP or self.ours is not None:
            return self.thread
        if not self.found:
            return None
        leading = self.leading()
        if leading is not None and not leading.claim.takes_part and self._is_here(leading.conversation):
            return leading.conversation
        ids = [one.conversation.id for one in self.found if may_count(one.claim)]
        ids += [ticket.conversation for ticket in self._own_tickets()] if ids else []
        return next((one for id in ids if self._speaks_in(one := self.conversations.get(id))), None)

    def _own_tickets(self) -> Iterator[Ticket]:
        return (ticket for ticket in self.tickets.values() if self._is_own(ticket))

    def _is_own(self, ticket: Ticket) -> bool:
        return ticket.contact in self.who

    def _speaks_in(self, conversation: Conversation | None) -> bool:
        """Whether what the sender writes now can stand there."""
        if conversation is None or self.contact is None or not self._is_here(conversation):
            return False
        return any(one.id in self.who and one.role in _SPEAKS for one in conversation.participants)

    def _is_here(self, conversation: Conversation) -> bool:
        return (conversation.channel, conversation.account) == (self.inbound.channel, self.inbound.account)

    def facts(self) -> dict[Ref, Entity]:
        """What a decision about the message may look at."""
        facts: dict[Ref, Entity] = {ref_to((_CONVERSATION, id)): item for id, item in self.conversations.items()}
        for id, ticket in self.tickets.items():
            facts[ticket_ref(id)] = ticket
        if self.contact is not None:
            facts[ref_to((_CONTACT, self.contact.id))] = self.contact
        return facts


_around = making(Surroundings)


def survey(context: Context, inbound: Inbound, at: datetime) -> Turn[Surroundings]:
    """Load what may tie the message to a ticket, in at most three steps.

    How a channel tells its senders apart is needed for the first step, and known from the configuration that the step
    brings along.  What the desk began with is most often right; otherwise the step is taken again.
    """
    own = () if inbound.external_id is None else (_provider_key(inbound, inbound.external_id),)
    returned = () if inbound.bounce is None else (_sent_key(context, inbound, inbound.bounce.of, at),)
    names = names_in(inbound, context.tokens, at)
    configuration, channel = None, context.configuration.channel(inbound.channel)
    while configuration is None:
        alias = alias_of(channel, inbound.account, inbound.sender, "")
        stored, contact, *messages = yield from load((CURRENT, alias_key(alias), *own, *returned, *names.keys))
        if not isinstance(stored, Configuration):
            stored = yield from current_configuration(context, at)
        supposed, channel = channel, stored.channel(inbound.channel)
        if channel is supposed or channel == supposed:
            configuration = stored
    delivered = messages.pop(0) if own else None
    known = contact if isinstance(contact, Contact) else None
    if isinstance(delivered, Message):
        ticket = None if delivered.ticket is None else (yield from resolved(delivered.ticket))
        return Surroundings(configuration, inbound, channel, alias, delivered, ticket, known)
    bounced = messages.pop(0) if returned else None
    if isinstance(bounced, Message) and bounced.kind in OURS:
        return (yield from about_ours(Surroundings(configuration, inbound, channel, alias), bounced))
    if known is None and not names.tickets and not any(isinstance(message, Message) for message in messages):
        return _around(configuration, inbound, channel, alias)
    one_person: tuple[Contact, ...] = () if known is None else (known,)
    if known is not None and (known.parts or known.merged_into is not None):
        one_person = yield from person(known)
    who = tuple([one.id for one in one_person])
    around = _around(configuration, inbound, channel, alias, contact=known, one_person=one_person, who=who)
    return (yield from _tied(context, around, names, messages, at))


def _tied(
    context: Context, around: Surroundings, names: Names, messages: Sequence[Value | None], at: datetime
) -> Turn[Surroundings]:
    """The same with what the message answers (``messages``) and names, and its thread, if that is one per customer."""
    configuration, inbound, known, who = around.configuration, around.inbound, around.contact, around.who
    answered = [message for message in messages if isinstance(message, Message)]
    is_chat = around.channel.threading is _QUIET_GAP
    keys: list[Ref | UniqueKey] = [ref_to((_CONVERSATION, message.conversation)) for message in answered]
    named = dict.fromkeys([message.ticket for message in answered if message.ticket is not None])
    keys.extend([ticket_ref(id) for id in named])
    if configuration.policies:
        keys.extend([ref_to((_CLOCK, id)) for id in named])
    if is_chat and known is not None:
        keys.append(thread_key(inbound.channel, inbound.account, known.id))
    loaded = yield from load(list(dict.fromkeys(keys)))
    conversations: dict[str, Conversation] = {}
    tickets: dict[str, Ticket] = {}
    clocks: dict[str, Clock | None] = dict.fromkeys(named) if configuration.policies else {}
    for value in loaded:
        if isinstance(value, Conversation):
            conversations[value.id] = value
        elif isinstance(value, Ticket):
            tickets[value.id] = value
        elif isinstance(value, Clock):
            clocks[value.id] = value
    thread = loaded[-1] if is_chat and known is not None else None
    numbers = (yield from numbered(names.tickets, context.tokens, at)) if names.tickets else []
    for one in numbers:
        conversations.setdefault(one.conversation.id, one.conversation)
        tickets.setdefault(one.ticket.id, one.ticket)
    if isinstance(thread, Conversation) and thread.ticket is not None and thread.ticket not in tickets:
        (current,) = yield from load((Ref(_TICKET, thread.ticket),))
        if isinstance(current, Ticket):
            tickets[current.id] = current
    if known is not None and [one for one in conversations.values() if one.contact != known.id]:
        yield from _know_merged(who, conversations, tickets)
    survivors = _NONE
    if [ticket for ticket in tickets.values() if ticket.ties is not None]:
        survivors = yield from survivors_of(tickets)

    def now(ticket: str | None) -> str | None:
        return None if ticket is None or ticket not in tickets else survivors.get(ticket, ticket)

    found = by_messages(names, messages, conversations, who, now, is_chat) if answered else []
    found += [by_number(one, who, survivors.get(one.ticket.id, one.ticket.id)) for one in numbers]
    return replaced(
        around,
        found=in_order(found, configuration.matchers),
        thread=thread if isinstance(thread, Conversation) else None,
        conversations=conversations,
        tickets=tickets,
        survivors=survivors,
        clocks=clocks,
    )


def _know_merged(
    who: Collection[str], conversations: dict[str, Conversation], tickets: dict[str, Ticket]
) -> Turn[None]:
    """Put in the tickets by whose merge the sender takes part in these conversations, and their conversations."""
    merged = dict.fromkeys(
        one.by_ticket
        for conversation in conversations.values()
        for one in conversation.participants
        if one.id in who and one.by_ticket is not None
    )
    values = yield from load(tuple(Ref(_TICKET, id) for id in merged if id not in tickets))
    tickets.update((value.id, value) for value in values if isinstance(value, Ticket))
    ids = dict.fromkeys(tickets[id].conversation for id in merged)
    values = yield from load(tuple(Ref(_CONVERSATION, id) for id in ids if id not in conversations))
    conversations.update((value.id, value) for value in values if isinstance(value, Conversation))


def about_ours(around: Surroundings, ours: Message) -> Turn[Surroundings]:
    """What is around a message about one of ours, or that is it; it stands in the conversation of that one."""
    ticket = None if ours.ticket is None else (yield from resolved(ours.ticket))
    if ticket is not None and ticket.is_deleted:
        ticket = None
    (conversation,) = yield from load((Ref(_CONVERSATION, ours.conversation),))
    assert isinstance(conversation, Conversation), "what is said stands in a conversation"
    return replaced(
        around,
        thread=conversation,
        conversations={conversation.id: conversation},
        tickets={} if ticket is None else {ticket.id: ticket},
        ours=ours,
        our_ticket=ticket,
    )


def survivors_of(tickets: dict[str, Ticket]) -> Turn[Mapping[str, str]]:
    """What each of the tickets that were merged is a part of now; that is put among the ``tickets``."""
    survivors = {}
    for id in [ticket.id for ticket in tickets.values() if ticket.merged_into is not None]:
        now = tickets[id]
        while now.merged_into is not None:
            if now.merged_into not in tickets:
                tickets[now.merged_into] = yield from known_ticket(now.merged_into)
            now = tickets[now.merged_into]
        survivors[id] = now.id
    return survivors


def _provider_key(inbound: Inbound, id: str) -> UniqueKey:
    return provider_key(inbound.channel, inbound.account, id)


def _sent_key(context: Context, inbound: Inbound, id: str, at: datetime) -> Ref | UniqueKey:
    """Under what a message of ours is found by the id that it went out with."""
    own = None if context.tokens is None else context.tokens.message_of(id, at)
    return _provider_key(inbound, id) if own is None else Ref(Kind.MESSAGE, own)
