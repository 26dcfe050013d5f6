"""The turn of an inbound message: from what a channel saw to one commit.

Load what may tie the message to a ticket; segment; decide; route; place; commit.  When somebody else changed what
the decision rested on, it is made again from the start, a bounded number of times.  When only agents were being
changed, the message is not segmented again: another agent is looked for, and in the end the ticket is committed as
waiting, with a routing timer.  Intake never waits for an agent.
"""

from datetime import datetime
from hashlib import sha256

import attrs

from ticketcore.checks import MAX_NAME, instant
from ticketcore.commands import (
    AddContact,
    AddMessage,
    KeepMessage,
    Migrate,
    NoteBounce,
    OpenTicket,
    Route,
    SetOrganisation,
    StartConversation,
    Step,
)
from ticketcore.errors import Conflict, InvalidInput
from ticketcore.evolve import Entity
from ticketcore.matching import PERSON, cause_of, doubt, machine_verdict
from ticketcore.model import (
    Action,
    Actor,
    ActorKind,
    Agent,
    Alias,
    Blob,
    Contact,
    Decision,
    Disposition,
    Inbound,
    Kind,
    Message,
    MessageKind,
    ProviderId,
    Ref,
    Reopening,
    Segmentation,
    Segmenting,
    SegmentReason,
    Strength,
    Threading,
    Ticket,
    Verdict,
)
from ticketcore.model.values import making, quick, replaced, replacing
from ticketcore.ports import Segmenter
from ticketcore.reopening import settled
from ticketcore.routing import Routable
from ticketcore.turns.describing import missing_of, opening_type, opening_values
from ticketcore.turns.evidence import Found
from ticketcore.turns.limiting import NOTHING, Counted, counted
from ticketcore.turns.migrating import MIGRATION
from ticketcore.turns.noting import hold_back, noted
from ticketcore.turns.placing import defer, place_all, save_and_look_again
from ticketcore.turns.recalling import BY_RULES, segmenter_of, with_recent
from ticketcore.turns.received import Received, brought_about, disposition, explained, held_back
from ticketcore.turns.requests import Turn, keep, load
from ticketcore.turns.router import ROUTER
from ticketcore.turns.routing import routed
from ticketcore.turns.surroundings import Surroundings, about_ours, survey
from ticketcore.turns.work import ATTEMPTS, Context, Handled, Work
from ticketcore.turns.writing import Words

_explained = replacing(Segmentation, "claims")

MAIL_SYSTEM = Actor.rule("mail_system")
"""Who sent a message that is, or says what became of, one of ours; no customer, whatever its sender is called."""

_CUSTOMER, _CONTACT, _DELETED = MessageKind.CUSTOMER, ActorKind.CONTACT, SegmentReason.DELETED
_RULES = Segmenting.RULES
_write, _provider_id, _received = making(Message), making(ProviderId), making(Received)
_open, _add, _route = making(OpenTicket), making(AddMessage), making(Route)
_start, _routable, _customer = making(StartConversation), making(Routable), making(Actor)
PLACEMENT_TRIES = 3
"""How often an agent is looked for before a new ticket is committed without one."""


def receive(context: Context, inbound: Inbound, at: datetime) -> Turn[Received]:
    """Take in a message.  Raises ``InvalidInput`` for what is none, and ``Conflict`` when others were first every time;
    nothing was written then.
    """
    if not isinstance(inbound, Inbound):
        raise InvalidInput("inbound", f"must be Inbound, not {type(inbound).__name__}")
    at = instant(at, "at")
    key = _key(inbound, at)
    blobs = yield from keep(inbound.attachments)
    digest = _digest(inbound, blobs)
    for _ in range(ATTEMPTS - 1):
        try:
            return (yield from _attempt(context, inbound, at, key, Words(context.ids, key), blobs, digest).take())
        except Conflict:
            continue
    return (yield from _attempt(context, inbound, at, key, Words(context.ids, key), blobs, digest).take())


@quick
@attrs.frozen
class _Intake:
    """One attempt to take a message in."""

    context: Context
    inbound: Inbound
    at: datetime
    key: str
    words: Words
    blobs: tuple[Blob, ...]
    digest: str
    own: Message | None = None

    def take(self) -> Turn[Received]:
        around = yield from survey(self.context, self.inbound, self.at)
        if around.delivered is not None:
            if around.delivered.digest != self.digest:
                return (yield from self._under_another_id(around).take())
            return Received(Disposition.DUPLICATE, around.delivered_ticket, around.delivered.id)
        if self.own is not None:
            around = yield from about_ours(around, self.own)
        segmenter: Segmenter = BY_RULES
        if self.context.segmenter is not None or around.configuration.segmenting is not _RULES:
            segmenter = segmenter_of(self.context, around.configuration)
            around = yield from with_recent(around, segmenter)
        seen = around.as_followed()
        machine = machine_verdict(self.inbound)
        leading = seen.leading()
        said = self._said(seen, leading, segmenter)
        if claims := seen.claims():
            said = _explained(said, claims)
        before = None if said.ticket is None or said.reason is _DELETED else seen.tickets.get(said.ticket)
        segmentation, decided = said, None
        if before is not None and not before.is_active:
            segmentation, decided = settled(
                around.configuration, said, before, self.inbound, self.at, self.context.is_thanks
            )
            segmentation = replaced(segmentation, likelihood=said.likelihood)
        claim = None if leading is None else leading.claim
        held = doubt(around.configuration, self.inbound, around.contact, claim, segmentation) or segmentation.held
        count = NOTHING
        action = None if held is not None else brought_about(segmentation, before)
        if action is not None and [limit for limit in around.configuration.limits if limit.action is action]:
            count = yield from self._counted(around, action)
            held = None if count.exceeded is None else cause_of(count.exceeded)
        if held is not None:
            segmentation, decided = held_back(segmentation, held), None
        plan = yield from self._plan(around, segmentation, decided, count, seen is not around)
        handled = yield from self._carry_out(around, plan)
        ticket = {ticket.id: ticket for ticket in handled.tickets}.get(plan.ticket or "")
        return _received(
            disposition(segmentation, before, ticket),
            ticket or before,
            plan.message.id,
            handled.events,
            (
                said if held is said.held is None else explained(said, held),
                *(() if machine is PERSON else (machine,)),
                *plan.decisions,
                *handled.decisions,
            ),
            missing_of(around.configuration, ticket) if segmentation.opens and ticket is not None else (),
            machine.may_acknowledge and segmentation.verdict is None and segmentation.reopens,
        )

    def _said(self, seen: Surroundings, leading: Found | None, segmenter: Segmenter) -> Segmentation:
        """What the segmenter says, which is asked only about what is not ours."""
        ticket = None if seen.our_ticket is None else seen.our_ticket.id
        if self.own is not None:
            return Segmentation(SegmentReason.CAME_AROUND, ticket, verdict=Verdict.LOOP)
        if seen.ours is not None:
            return Segmentation(SegmentReason.BOUNCED, ticket, verdict=Verdict.BOUNCE)
        is_signed = leading is not None and leading.claim.strength is Strength.SIGNED
        gone = seen.deleted() if leading is None else None
        by_rules = is_signed or (gone is not None and seen.channel.threading is Threading.REPLY_IDS)
        said = (BY_RULES if by_rules else segmenter).segment(seen.segmentable(), self.at)
        if gone is None or not said.opens or said.likelihood is not None:
            return said
        return replaced(said, reason=_DELETED, ticket=gone)

    def _counted(self, around: Surroundings, action: Action) -> Turn[Counted]:
        """What the message counts against, which opens a ticket or takes one up again."""
        config, inbound = around.configuration, self.inbound
        return (yield from counted(config, action, around.alias, inbound.account, inbound.subject, self.at))

    def _under_another_id(self, around: Surroundings) -> "_Intake":
        """The same attempt for a message whose provider's id is another message's: with an id made from both.

        If that is one that we sent, it is that one, which came back.
        """
        assert around.delivered is not None
        id = f"{(self.inbound.external_id or '')[: MAX_NAME - 17]}#{self.digest}"
        inbound = attrs.evolve(self.inbound, external_id=id)
        key = _key(inbound, self.at)
        own = None if around.delivered.kind is MessageKind.CUSTOMER else around.delivered
        return attrs.evolve(self, inbound=inbound, key=key, words=Words(self.context.ids, key), own=own)

    def _plan(
        self,
        around: Surroundings,
        segmentation: Segmentation,
        decided: Reopening | None,
        count: Counted,
        astray: bool,
    ) -> "Turn[_Plan]":
        """What is to be done about the message, before any agent is looked at."""
        inbound, ids = self.inbound, self.context.ids
        steps: list[Step | SetOrganisation] = []
        ticket = None
        decisions: list[Decision] = [] if decided is None else [decided]
        newcomer = None
        conversation = around.conversation()
        if around.ours is not None:
            actor = MAIL_SYSTEM
        else:
            if around.contact is None:
                newcomer = self._newcomer(around)
            contact = newcomer or around.contact
            assert contact is not None
            actor = _customer(_CONTACT, contact.id)
        if newcomer is not None:
            steps.append(AddContact(newcomer.id, newcomer.aliases[0].id, inbound.channel, actor))
        if inbound.organisation is not None and around.ours is None and (newcomer or segmentation.held is None):
            steps.append(SetOrganisation(actor.id, inbound.organisation, actor))
        conversation_id = ids("conversation", self.key) if conversation is None else conversation.id
        message = self._message(actor, conversation_id, segmentation, around)
        if conversation is None:
            about = None if segmentation.opens else message.ticket
            steps.append(_start(conversation_id, inbound.channel, inbound.account, actor.id, actor, about))
        if segmentation.verdict is not None:
            steps.append(KeepMessage(conversation_id, message.id, segmentation.verdict, segmentation.ticket, actor))
            if segmentation.verdict is Verdict.BOUNCE and around.ours is not None and around.our_ticket is not None:
                assert inbound.bounce is not None
                steps.append(NoteBounce(around.our_ticket.id, around.ours.id, message.id, inbound.bounce, actor))
            if segmentation.held is not None:
                steps += hold_back(around, segmentation, message)
        elif segmentation.opens:
            ticket = message.ticket
            assert ticket is not None
            routable = _routable(inbound, self.at, around.customer)
            routing = yield from routed(self.context, around.configuration, routable)
            decisions.append(routing)
            type = opening_type(around.configuration, inbound, routing)
            values, words = opening_values(type, inbound.attributes) if inbound.attributes else ((), ())
            steps.append(
                _open(
                    ticket,
                    conversation_id,
                    message.id,
                    message.kind,
                    actor,
                    message.subject,
                    self.words.attributes(words),
                    segmentation.ticket if segmentation.follows_up else None,
                    decided,
                    type.id,
                    values,
                )
            )
            steps.append(_route(ticket, routing, ROUTER))
        else:
            ticket = segmentation.ticket
            assert ticket is not None
            sent_to = None if message.ticket == ticket else message.ticket
            steps.append(_add(ticket, message.id, message.kind, actor, segmentation.reopens, decided, sent_to))
        if ticket is not None:
            if segmentation.claims or segmentation.likelihood is not None:
                steps += noted(around, segmentation, ticket, message)
            steps += count.steps()
        return _plan(tuple(steps), message, ticket, newcomer, tuple(decisions), count, astray)

    def _carry_out(self, around: Surroundings, plan: "_Plan") -> Turn[Handled]:
        """Do it, with an agent if one can be had, and without if only agents stand in the way."""
        for _ in range(PLACEMENT_TRIES):
            facts = self._facts(around, plan)
            facts.update((yield from self._agent_who_resumes(around, plan)))
            work = self._work(around, facts, plan)
            try:
                yield from place_all(self.context, work)
                return (yield from save_and_look_again(self.context, work))
            except Conflict as conflict:
                if any(blocker[0] != Kind.AGENT for blocker in conflict.blockers):
                    raise
        facts = self._facts(around, plan)
        if plan.astray:
            facts.update((yield from self._agent_who_resumes(around, plan)))
        work = self._work(around, facts, plan)
        yield from defer(self.context, work)
        return (yield from work.save(self.context))

    def _facts(self, around: Surroundings, plan: "_Plan") -> dict[Ref, Entity]:
        return around.facts() if plan.count is NOTHING else around.facts() | plan.count.facts()

    def _agent_who_resumes(self, around: Surroundings, plan: "_Plan") -> Turn[dict[Ref, Entity]]:
        """The agent of a ticket that sleeps, asked for a slot when the message wakes it, or of one that may move."""
        ticket = around.tickets.get(plan.ticket or "")
        if ticket is None or (ticket.is_active and not (plan.astray or ticket.alarms)):
            return {}
        refs = tuple(Ref(Kind.AGENT, id) for id in ticket.holders)
        agents = yield from load(refs)
        return {ref: agent for ref, agent in zip(refs, agents, strict=True) if isinstance(agent, Agent)}

    def _work(self, around: Surroundings, facts: dict[Ref, Entity], plan: "_Plan") -> Work:
        work = Work(around.configuration, self.at, facts, self.context.house)
        work.clocks = around.clocks
        ticket = facts.get(Ref(Kind.TICKET, plan.ticket or "")) if plan.astray else None
        if isinstance(ticket, Ticket):
            work.do(Migrate(ticket.id, MIGRATION))
        for step in plan.steps:
            work.do(step)
        if plan.newcomer is not None:
            work.put_words(plan.newcomer)
        work.messages.append(plan.message)
        work.texts.extend(self.words.texts)
        return work

    def _newcomer(self, around: Surroundings) -> Contact:
        inbound = self.inbound
        version = 2 if inbound.organisation is None else 3
        id, aliases = self.context.ids("contact", self.key), (self._alias(around),)
        return Contact(id, version, inbound.sender_name, aliases, inbound.organisation)

    def _alias(self, around: Surroundings) -> Alias:
        return replaced(around.alias, id=self.context.ids("alias", self.key))

    def _message(self, actor: Actor, conversation: str, segmentation: Segmentation, around: Surroundings) -> Message:
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


@quick
@attrs.frozen
class _Plan:
    """The steps for a message, the message as it will be kept, the ticket that gets it, a contact made known, and why.

    ``count`` is what it counts against.  ``astray`` says that a ticket around it has to move before, since the
    configuration has not its state.
    """

    steps: tuple[Step | SetOrganisation, ...]
    message: Message
    ticket: str | None
    newcomer: Contact | None
    decisions: tuple[Decision, ...]
    count: Counted
    astray: bool


_attempt, _plan = making(_Intake), making(_Plan)


def _key(inbound: Inbound, at: datetime) -> str:
    """What is the same when the same message comes again, for ids that are made from it."""
    own = inbound.external_id or f"{inbound.sender}/{at.isoformat()}/{inbound.text}"
    return f"{inbound.channel}/{inbound.account}/{own}"


def _digest(inbound: Inbound, blobs: tuple[Blob, ...]) -> str:
    """What tells the message from others under its provider's id, in 16 hexadecimal digits.

    Some senders use an id twice, and a message with an id of somebody else's can be made by anybody.
    """
    said: object = inbound.digest
    if said is None:
        words = (inbound.sender, inbound.subject, inbound.text, str(inbound.sent_at))
        said = (*words, *inbound.reply_to, *(blob.sha256 for blob in blobs))
    return sha256(repr(said).encode(errors="surrogatepass")).hexdigest()[:16]
