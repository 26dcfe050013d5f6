"""The turn of an inbound message: from what a channel saw to one commit.

Load what may tie the message to a ticket; segment; decide; route; place; commit.  When somebody else changed what
the decision rested on, it is made again from the start, a bounded number of times.  When only agents were being
changed, the message is not segmented again: another agent is looked for, and in the end the ticket is committed as
waiting, with a routing timer.  Intake never waits for an agent.
"""

from datetime import datetime

from ticketcore.checks import instant
from ticketcore.commands import Migrate
from ticketcore.errors import Conflict, InvalidInput
from ticketcore.evolve import Entity
from ticketcore.matching import PERSON, cause_of, doubt, machine_verdict
from ticketcore.model import (
    Action,
    Agent,
    Disposition,
    Inbound,
    Kind,
    Ref,
    Segmentation,
    Segmenting,
    SegmentReason,
    Strength,
    Threading,
    Ticket,
    Verdict,
)
from ticketcore.model.values import making, replaced, replacing
from ticketcore.ports import Segmenter
from ticketcore.reopening import settled
from ticketcore.turns.arriving import Arrival, Plan, arrived, digest_of, key_of
from ticketcore.turns.describing import missing_of
from ticketcore.turns.evidence import Found
from ticketcore.turns.limiting import NOTHING, Counted, counted
from ticketcore.turns.migrating import MIGRATION
from ticketcore.turns.placing import defer, place_all, save_and_look_again
from ticketcore.turns.recalling import BY_RULES, segmenter_of, with_recent
from ticketcore.turns.received import Received, brought_about, disposition, explained, held_back
from ticketcore.turns.requests import Turn, keep, load
from ticketcore.turns.surroundings import Surroundings, about_ours, survey
from ticketcore.turns.work import ATTEMPTS, Context, Handled, Work

_explained = replacing(Segmentation, "claims")
_DELETED, _RULES = SegmentReason.DELETED, Segmenting.RULES
_received = making(Received)

PLACEMENT_TRIES = 3
"""How often an agent is looked for before a new ticket is committed without one."""


def receive(context: Context, inbound: Inbound, at: datetime) -> Turn[Received]:
    """Take in a message.  Raises ``InvalidInput`` for what is none, and ``Conflict`` when others were first every time;
    nothing was written then.
    """
    if not isinstance(inbound, Inbound):
        raise InvalidInput("inbound", f"must be Inbound, not {type(inbound).__name__}")
    at = instant(at, "at")
    key = key_of(inbound, at)
    blobs = yield from keep(inbound.attachments)
    digest = digest_of(inbound, blobs)
    for _ in range(ATTEMPTS - 1):
        try:
            return (yield from _take(arrived(context, inbound, at, key, blobs, digest)))
        except Conflict:
            continue
    return (yield from _take(arrived(context, inbound, at, key, blobs, digest)))


def _take(arrival: Arrival) -> Turn[Received]:
    """Take the message in, at one attempt."""
    around = yield from survey(arrival.context, arrival.inbound, arrival.at)
    if around.delivered is not None:
        if around.delivered.digest != arrival.digest:
            return (yield from _take(arrival.under_another_id(around.delivered)))
        return Received(Disposition.DUPLICATE, around.delivered_ticket, around.delivered.id)
    if arrival.own is not None:
        around = yield from about_ours(around, arrival.own)
    segmenter: Segmenter = BY_RULES
    if arrival.context.segmenter is not None or around.configuration.segmenting is not _RULES:
        segmenter = segmenter_of(arrival.context, around.configuration)
        around = yield from with_recent(around, segmenter)
    seen = around.as_followed()
    machine = machine_verdict(arrival.inbound)
    leading = seen.leading()
    said = _said(arrival, seen, leading, segmenter)
    if claims := seen.claims():
        said = _explained(said, claims)
    before = None if said.ticket is None or said.reason is _DELETED else seen.tickets.get(said.ticket)
    segmentation, decided = said, None
    if before is not None and not before.is_active:
        segmentation, decided = settled(
            around.configuration, said, before, arrival.inbound, arrival.at, arrival.context.is_thanks
        )
        segmentation = replaced(segmentation, likelihood=said.likelihood)
    claim = None if leading is None else leading.claim
    held = doubt(around.configuration, arrival.inbound, around.contact, claim, segmentation) or segmentation.held
    count = NOTHING
    action = None if held is not None else brought_about(segmentation, before)
    if action is not None and [limit for limit in around.configuration.limits if limit.action is action]:
        count = yield from _counted(arrival, around, action)
        held = None if count.exceeded is None else cause_of(count.exceeded)
    if held is not None:
        segmentation, decided = held_back(segmentation, held), None
    plan = yield from arrival.plan(around, segmentation, decided, count, seen is not around)
    handled = yield from _carry_out(arrival, around, plan)
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


def _said(arrival: Arrival, seen: Surroundings, leading: Found | None, segmenter: Segmenter) -> Segmentation:
    """What the segmenter says, which is asked only about what is not ours."""
    ticket = None if seen.our_ticket is None else seen.our_ticket.id
    if arrival.own is not None:
        return Segmentation(SegmentReason.CAME_AROUND, ticket, verdict=Verdict.LOOP)
    if seen.ours is not None:
        return Segmentation(SegmentReason.BOUNCED, ticket, verdict=Verdict.BOUNCE)
    is_signed = leading is not None and leading.claim.strength is Strength.SIGNED
    gone = seen.deleted() if leading is None else None
    by_rules = is_signed or (gone is not None and seen.channel.threading is Threading.REPLY_IDS)
    said = (BY_RULES if by_rules else segmenter).segment(seen.segmentable(), arrival.at)
    if gone is None or not said.opens or said.likelihood is not None:
        return said
    return replaced(said, reason=_DELETED, ticket=gone)


def _counted(arrival: Arrival, around: Surroundings, action: Action) -> Turn[Counted]:
    """What the message counts against, which opens a ticket or takes one up again."""
    config, inbound = around.configuration, arrival.inbound
    return (yield from counted(config, action, around.alias, inbound.account, inbound.subject, arrival.at))


def _carry_out(arrival: Arrival, around: Surroundings, plan: Plan) -> Turn[Handled]:
    """Do it, with an agent if one can be had, and without if only agents stand in the way."""
    for _ in range(PLACEMENT_TRIES):
        facts = _facts(around, plan)
        facts.update((yield from _agent_who_resumes(around, plan)))
        work = _work(arrival, around, facts, plan)
        try:
            yield from place_all(arrival.context, work)
            return (yield from save_and_look_again(arrival.context, work))
        except Conflict as conflict:
            if any(blocker[0] != Kind.AGENT for blocker in conflict.blockers):
                raise
    facts = _facts(around, plan)
    if plan.astray:
        facts.update((yield from _agent_who_resumes(around, plan)))
    work = _work(arrival, around, facts, plan)
    yield from defer(arrival.context, work)
    return (yield from work.save(arrival.context))


def _facts(around: Surroundings, plan: Plan) -> dict[Ref, Entity]:
    return around.facts() if plan.count is NOTHING else around.facts() | plan.count.facts()


def _agent_who_resumes(around: Surroundings, plan: Plan) -> Turn[dict[Ref, Entity]]:
    """The agent of a ticket that sleeps, asked for a slot when the message wakes it, or of one that may move."""
    ticket = around.tickets.get(plan.ticket or "")
    if ticket is None or (ticket.is_active and not (plan.astray or ticket.alarms)):
        return {}
    refs = tuple(Ref(Kind.AGENT, id) for id in ticket.holders)
    agents = yield from load(refs)
    return {ref: agent for ref, agent in zip(refs, agents, strict=True) if isinstance(agent, Agent)}


def _work(arrival: Arrival, around: Surroundings, facts: dict[Ref, Entity], plan: Plan) -> Work:
    work = Work(around.configuration, arrival.at, facts, arrival.context.house)
    work.clocks = around.clocks
    ticket = facts.get(Ref(Kind.TICKET, plan.ticket or "")) if plan.astray else None
    if isinstance(ticket, Ticket):
        work.do(Migrate(ticket.id, MIGRATION))
    for step in plan.steps:
        work.do(step)
    if plan.newcomer is not None:
        work.put_words(plan.newcomer)
    work.messages.append(plan.message)
    work.texts.extend(arrival.words.texts)
    return work
