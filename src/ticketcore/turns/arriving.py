"""What is to be done about a message that arrives: its record, its sender's, and the steps of its turn."""

from datetime import datetime
from hashlib import sha256

import attrs

from ticketcore.checks import MAX_NAME
from ticketcore.commands import (
    AddContact,
    AddMessage,
    KeepMessage,
    NoteBounce,
    OpenTicket,
    Route,
    SetOrganisation,
    StartConversation,
    Step,
)
from ticketcore.model import (
    Actor,
    ActorKind,
    Alias,
    Blob,
    Contact,
    Decision,
    Inbound,
    Message,
    MessageKind,
    ProviderId,
    Reopening,
    Routing,
    Segmentation,
    Verdict,
)
from ticketcore.model.values import making, quick, replaced
from ticketcore.routing import Routable
from ticketcore.turns.describing import opening_type, opening_values
from ticketcore.turns.limiting import Counted
from ticketcore.turns.noting import hold_back, noted
from ticketcore.turns.requests import Turn
from ticketcore.turns.router import ROUTER
from ticketcore.turns.routing import routed
from ticketcore.turns.surroundings import Surroundings
from ticketcore.turns.work import Context
from ticketcore.turns.writing import Words

MAIL_SYSTEM = Actor.rule("mail_system")
"""Who sent a message that is, or says what became of, one of ours; no customer, whatever its sender is called."""

_CUSTOMER, _CONTACT = MessageKind.CUSTOMER, ActorKind.CONTACT
_write, _provider_id, _person, _introduce = making(Message), making(ProviderId), making(Contact), making(AddContact)
_open, _add, _route = making(OpenTicket), making(AddMessage), making(Route)
_start, _routable, _customer = making(StartConversation), making(Routable), making(Actor)

_Step = Step | SetOrganisation


@quick
@attrs.frozen
class Plan:
    """The ``steps`` for a message, the ``message`` as it will be kept, and the id of the ``ticket`` that gets it.

    ``newcomer`` is a contact made known by it, ``decisions`` say why, and ``count`` is what it counts against.
    ``astray`` says that a ticket around it has to move before, since the configuration has not its state.
    """

    steps: tuple[_Step, ...]
    message: Message
    ticket: str | None
    newcomer: Contact | None
    decisions: tuple[Decision, ...]
    count: Counted
    astray: bool


_plan = making(Plan)


@quick
@attrs.frozen
class Arrival:
    """A message on its way in, at one attempt: the ``inbound`` message, and ``at`` which instant it is taken in.

    ``context`` is what the turn works with.  ``key`` and ``digest`` are those of ``key_of`` and ``digest_of``,
    ``words`` where its words are gathered, ``blobs`` its files; ``own`` is the message of ours that it is, come back.
    """

    context: Context
    inbound: Inbound
    at: datetime
    key: str
    words: Words
    blobs: tuple[Blob, ...]
    digest: str
    own: Message | None = None

    def under_another_id(self, delivered: Message) -> "Arrival":
        """The same for a message whose provider's id is another message's: with an id made from both.

        If that is one that we sent, it is that one, which came back.
        """
        id = f"{(self.inbound.external_id or '')[: MAX_NAME - 17]}#{self.digest}"
        inbound = attrs.evolve(self.inbound, external_id=id)
        key = key_of(inbound, self.at)
        own = None if delivered.kind is _CUSTOMER else delivered
        return attrs.evolve(self, inbound=inbound, key=key, words=Words(self.context.ids, key), own=own)

    def plan(
        self, around: Surroundings, segmentation: Segmentation, decided: Reopening | None, count: Counted, astray: bool
    ) -> Turn[Plan]:
        """What is to be done about the message, before any agent is looked at."""
        newcomer = self._newcomer(around) if around.contact is None and around.ours is None else None
        actor = _author(around, newcomer)
        conversation = around.conversation()
        about = self.context.ids("conversation", self.key) if conversation is None else conversation.id
        message = self._message(actor, about, segmentation, around)
        steps = self._introduced(around, segmentation, newcomer, actor)
        if conversation is None:
            steps.append(self._begun(segmentation, message))
        decisions: list[Decision] = [] if decided is None else [decided]
        ticket = None
        if segmentation.verdict is not None:
            steps += self._kept(around, segmentation, segmentation.verdict, message)
        elif segmentation.opens:
            ticket = message.ticket
            routable = _routable(self.inbound, self.at, around.customer)
            routing = yield from routed(self.context, around.configuration, routable)
            decisions.append(routing)
            steps += self._opening(around, segmentation, decided, message, routing)
        else:
            ticket = segmentation.ticket
            steps.append(_continued(segmentation, decided, message))
        if ticket is not None:
            if segmentation.claims or segmentation.likelihood is not None:
                steps += noted(around, segmentation, ticket, message)
            steps += count.steps()
        return _plan(tuple(steps), message, ticket, newcomer, tuple(decisions), count, astray)

    def _introduced(
        self, around: Surroundings, segmentation: Segmentation, newcomer: Contact | None, actor: Actor
    ) -> list[_Step]:
        """What makes the sender known, and for whom they write."""
        inbound = self.inbound
        steps: list[_Step] = []
        if newcomer is not None:
            steps.append(_introduce(newcomer.id, newcomer.aliases[0].id, inbound.channel, actor))
        if inbound.organisation is not None and around.ours is None and (newcomer or segmentation.held is None):
            steps.append(SetOrganisation(actor.id, inbound.organisation, actor))
        return steps

    def _begun(self, segmentation: Segmentation, message: Message) -> StartConversation:
        """That a conversation begins, which is about the ticket at once unless the message opens one."""
        inbound, actor = self.inbound, message.author
        ticket = None if segmentation.opens else message.ticket
        return _start(message.conversation, inbound.channel, inbound.account, actor.id, actor, ticket)

    def _kept(
        self, around: Surroundings, segmentation: Segmentation, verdict: Verdict, message: Message
    ) -> list[_Step]:
        """That the message is kept with a verdict, in no ticket."""
        actor, inbound = message.author, self.inbound
        steps: list[_Step] = [KeepMessage(message.conversation, message.id, verdict, segmentation.ticket, actor)]
        if verdict is Verdict.BOUNCE and around.ours is not None and around.our_ticket is not None:
            assert inbound.bounce is not None
            steps.append(NoteBounce(around.our_ticket.id, around.ours.id, message.id, inbound.bounce, actor))
        if segmentation.held is not None:
            steps += hold_back(around, segmentation, message)
        return steps

    def _opening(
        self,
        around: Surroundings,
        segmentation: Segmentation,
        decided: Reopening | None,
        message: Message,
        routing: Routing,
    ) -> tuple[OpenTicket, Route]:
        """That the message opens a ticket, which is routed."""
        inbound, ticket = self.inbound, message.ticket
        assert ticket is not None, "a message that opens one has its id"
        type = opening_type(around.configuration, inbound, routing)
        values, words = opening_values(type, inbound.attributes) if inbound.attributes else ((), ())
        opened = _open(
            ticket,
            message.conversation,
            message.id,
            message.kind,
            message.author,
            message.subject,
            self.words.attributes(words),
            segmentation.ticket if segmentation.follows_up else None,
            decided,
            type.id,
            values,
        )
        return opened, _route(ticket, routing, ROUTER)

    def _newcomer(self, around: Surroundings) -> Contact:
        inbound = self.inbound
        version = 2 if inbound.organisation is None else 3
        id, aliases = self.context.ids("contact", self.key), (self._alias(around),)
        return _person(id, version, inbound.sender_name, aliases, inbound.organisation)

    def _alias(self, around: Surroundings) -> Alias:
        return replaced(around.alias, id=self.context.ids("alias", self.key))

    def _message(self, actor: Actor, conversation: str, segmentation: Segmentation, around: Surroundings) -> Message:
        """The message as it will be kept."""
        inbound = self.inbound
        ticket = None
        if segmentation.verdict is None:
            ticket = segmentation.ticket
            if segmentation.opens:
                ticket = self.context.ids("ticket", self.key)
            elif ticket is not None:
                ticket = around.home(ticket)
        provider_id = None
        if inbound.external_id is not None:
            provider_id = _provider_id(inbound.channel, inbound.account, inbound.external_id)
        return _write(
            id=self.context.ids("message", self.key),
            version=1,
            kind=_CUSTOMER,
            author=actor,
            conversation=conversation,
            ticket=ticket,
            subject=self.words.add("subject", inbound.subject, ticket if segmentation.opens else None),
            text=self.words.add("text", inbound.text),
            attachments=self.words.attach(inbound.attachments, self.blobs),
            provider_id=provider_id,
            reply_to=inbound.reply_to,
            sent_at=inbound.sent_at,
            received_at=self.at,
            verdict=segmentation.verdict,
            digest=None if provider_id is None else self.digest,
        )


_arrival = making(Arrival)


def arrived(
    context: Context, inbound: Inbound, at: datetime, key: str, blobs: tuple[Blob, ...], digest: str
) -> Arrival:
    """The message at a new attempt, none of whose words are gathered yet."""
    return _arrival(context, inbound, at, key, Words(context.ids, key), blobs, digest)


def _author(around: Surroundings, newcomer: Contact | None) -> Actor:
    """Who says it: its sender, or a mail system."""
    if around.ours is not None:
        return MAIL_SYSTEM
    contact = newcomer or around.contact
    assert contact is not None
    return _customer(_CONTACT, contact.id)


def _continued(segmentation: Segmentation, decided: Reopening | None, message: Message) -> AddMessage:
    """That the message goes on with its ticket, to which it may have been sent by the name of another."""
    ticket = segmentation.ticket
    assert ticket is not None
    sent_to = None if message.ticket == ticket else message.ticket
    return _add(ticket, message.id, message.kind, message.author, segmentation.reopens, decided, sent_to)


def key_of(inbound: Inbound, at: datetime) -> str:
    """What is the same when the same message comes again, for ids that are made from it."""
    own = inbound.external_id or f"{inbound.sender}/{at.isoformat()}/{inbound.text}"
    return f"{inbound.channel}/{inbound.account}/{own}"


def digest_of(inbound: Inbound, blobs: tuple[Blob, ...]) -> str:
    """What tells the message from others under its provider's id, in 16 hexadecimal digits.

    Some senders use an id twice, and a message with an id of somebody else's can be made by anybody.
    """
    said: object = inbound.digest
    if said is None:
        words = (inbound.sender, inbound.subject, inbound.text, str(inbound.sent_at))
        said = (*words, *inbound.reply_to, *(blob.sha256 for blob in blobs))
    return sha256(repr(said).encode(errors="surrogatepass")).hexdigest()[:16]
