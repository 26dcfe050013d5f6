"""What is known around an inbound message: who sent it, what it answers, and the thread that it stands in."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import attrs

from ticketcore.evolve import Entity
from ticketcore.identity import alias_of
from ticketcore.model import (
    Alias,
    Channel,
    Configuration,
    Contact,
    Conversation,
    Inbound,
    Kind,
    Message,
    ProviderId,
    Ref,
    Threading,
    Ticket,
    UniqueKey,
)
from ticketcore.model.values import quick
from ticketcore.ports import Evidence, Segmentable
from ticketcore.records import CURRENT, alias_key, provider_key, thread_key
from ticketcore.turns.configuring import current_configuration
from ticketcore.turns.reading import ticket as known_ticket
from ticketcore.turns.requests import Turn, load
from ticketcore.turns.work import Context

_NONE: Mapping[str, str] = MappingProxyType({})

MAX_ANSWERED = 50
"""How many of the messages that a message says it answers are looked up, newest first."""


@quick
@attrs.frozen
class Surroundings:
    """What was loaded around a message.

    ``configuration`` is the one that the desk follows.  ``inbound`` is the message, ``channel`` how its channel
    threads, ``alias`` the sender's address and ``contact`` whose that is, if anybody's.  ``delivered`` is the message
    itself if it came before, in ``delivered_ticket``.  ``answered`` are the messages that it answers, in conversations
    that its sender is part of; ``thread`` is the sender's one conversation on this account, where the channel has such.
    ``conversations`` and ``tickets`` are those of all these messages, by id, and ``survivors`` says of those that were
    merged what they are a part of now.
    """

    configuration: Configuration
    inbound: Inbound
    channel: Channel
    alias: Alias
    delivered: Message | None = None
    delivered_ticket: Ticket | None = None
    contact: Contact | None = None
    answered: tuple[Message, ...] = ()
    thread: Conversation | None = None
    conversations: dict[str, Conversation] = attrs.field(factory=dict)
    tickets: dict[str, Ticket] = attrs.field(factory=dict)
    survivors: Mapping[str, str] = _NONE

    def segmentable(self) -> Segmentable:
        """The message and its surroundings, as a segmenter looks at them."""
        answers = tuple(
            Evidence(self._now(message.ticket), self.conversations[message.conversation]) for message in self.answered
        )
        current = None if self.thread is None else self._now(self.thread.ticket)
        return Segmentable(self.inbound, self.channel, answers, self.thread, current)

    def home(self, ticket: str) -> str:
        """The ticket to which the message was sent, if it is for this one: itself, or one that was merged into it."""
        if not self.survivors:
            return ticket
        named = [message.ticket for message in self.answered]
        if self.thread is not None:
            named.append(self.thread.ticket)
        return next((id for id in named if id is not None and self.survivors.get(id, id) == ticket), ticket)

    def _now(self, ticket: str | None) -> Ticket | None:
        """What the ticket is a part of now."""
        return None if ticket is None else self.tickets.get(self.survivors.get(ticket, ticket))

    def conversation(self) -> Conversation | None:
        """The conversation that the message belongs to; None when it begins one.

        On a channel with one thread per customer, that thread.  Elsewhere the conversation of what it answers.
        """
        if self.channel.threading is Threading.QUIET_GAP:
            return self.thread
        return self.conversations[self.answered[0].conversation] if self.answered else None

    def facts(self) -> dict[Ref, Entity]:
        """What a decision about the message may look at."""
        facts: dict[Ref, Entity] = {Ref(Kind.CONVERSATION, id): item for id, item in self.conversations.items()}
        facts.update((Ref(Kind.TICKET, id), ticket) for id, ticket in self.tickets.items())
        if self.contact is not None:
            facts[Ref(Kind.CONTACT, self.contact.id)] = self.contact
        return facts


def survey(context: Context, inbound: Inbound, at: datetime) -> Turn[Surroundings]:
    """Load what may tie the message to a ticket, in at most three steps.

    How a channel tells its senders apart is needed for the first step, and known from the configuration that the step
    brings along.  What the desk began with is most often right; otherwise the step is taken again.
    """
    own = () if inbound.external_id is None else (_provider_key(inbound, inbound.external_id),)
    answered_keys = tuple([_provider_key(inbound, id) for id in inbound.reply_to[:MAX_ANSWERED]])
    configuration, channel = None, context.configuration.channel(inbound.channel)
    while configuration is None:
        alias = alias_of(channel, inbound.account, inbound.sender, "")
        stored, contact, *messages = yield from load((CURRENT, alias_key(alias), *own, *answered_keys))
        if not isinstance(stored, Configuration):
            stored = yield from current_configuration(context, at)
        supposed, channel = channel, stored.channel(inbound.channel)
        if channel == supposed:
            configuration = stored
    delivered = messages.pop(0) if own else None
    if isinstance(delivered, Message):
        (ticket,) = (yield from load((Ref(Kind.TICKET, delivered.ticket),))) if delivered.ticket else (None,)
        known = contact if isinstance(contact, Contact) else None
        ticket = ticket if isinstance(ticket, Ticket) else None
        while ticket is not None and ticket.merged_into is not None:
            ticket = yield from known_ticket(ticket.merged_into)
        return Surroundings(configuration, inbound, channel, alias, delivered, ticket, known)
    if not isinstance(contact, Contact):
        return Surroundings(configuration, inbound, channel, alias)
    answered = [message for message in messages if isinstance(message, Message)]
    keys: list[Ref | UniqueKey] = [Ref(Kind.CONVERSATION, message.conversation) for message in answered]
    keys.extend(Ref(Kind.TICKET, message.ticket) for message in answered if message.ticket is not None)
    if channel.threading is Threading.QUIET_GAP:
        keys.append(thread_key(inbound.channel, inbound.account, contact.id))
    loaded = yield from load(tuple(dict.fromkeys(keys)))
    conversations = {value.id: value for value in loaded if isinstance(value, Conversation)}
    tickets = {value.id: value for value in loaded if isinstance(value, Ticket)}
    thread = loaded[-1] if channel.threading is Threading.QUIET_GAP else None
    if isinstance(thread, Conversation) and thread.ticket is not None and thread.ticket not in tickets:
        (current,) = yield from load((Ref(Kind.TICKET, thread.ticket),))
        if isinstance(current, Ticket):
            tickets[current.id] = current
    survivors = _NONE
    if any(ticket.ties is not None for ticket in tickets.values()):
        survivors = yield from _survivors(tickets)
    return Surroundings(
        configuration,
        inbound,
        channel,
        alias,
        contact=contact,
        answered=tuple(item for item in answered if _takes_part(contact, conversations[item.conversation])),
        thread=thread if isinstance(thread, Conversation) else None,
        conversations=conversations,
        tickets=tickets,
        survivors=survivors,
    )


def _survivors(tickets: dict[str, Ticket]) -> Turn[Mapping[str, str]]:
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
    return provider_key(ProviderId(inbound.channel, inbound.account, id))


def _takes_part(contact: Contact, conversation: Conversation) -> bool:
    return any(participant.id == contact.id for participant in conversation.participants)
