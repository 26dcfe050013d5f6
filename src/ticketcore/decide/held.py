"""The rules for what a message names, what came back, and what is in quarantine."""

from collections.abc import Mapping
from datetime import datetime

from ticketcore.commands import HeldStep, HoldBack, LetGo, Verify
from ticketcore.commands.held import Count, Dispute, NoteAnswer, NoteBounce, Weigh
from ticketcore.errors import Reason, Refused
from ticketcore.events import (
    Event,
    MatchDisputed,
    MessageAccepted,
    MessageAcknowledged,
    MessageBounced,
    MessageHeld,
    MessageRejected,
    MessageWeighed,
    ParticipantJoined,
    ParticipantLeft,
    Tallied,
)
from ticketcore.facts import Facts
from ticketcore.lifecycle import HouseRules
from ticketcore.model import Configuration, Fate, Kind, Role, Stream


def held_step(
    configuration: Configuration,  # noqa: ARG001  (as all rules)
    facts: Facts,
    command: HeldStep,
    at: datetime,
    house: HouseRules,  # noqa: ARG001  (as all rules)
) -> Mapping[Stream, tuple[Event, ...]]:
    """What the step comes to.

    ``Refused`` for a message that left quarantine before; ``NotFound`` for what is not among the facts.
    """
    actor = command.actor
    match command:
        case NoteBounce(ticket, message, report, bounce):
            bounced = MessageBounced(at, actor, message, report, bounce.permanent, bounce.status)
            return {Stream(Kind.TICKET, facts.ticket(ticket).id): (bounced,)}
        case Dispute(ticket, message, claims):
            return {Stream(Kind.TICKET, facts.ticket(ticket).id): (MatchDisputed(at, actor, message, claims),)}
        case Weigh(ticket, message, likelihood):
            return {Stream(Kind.TICKET, facts.ticket(ticket).id): (MessageWeighed(at, actor, message, likelihood),)}
        case HoldBack(message, cause, ticket, contact, conversation):
            held = MessageHeld(at, actor, message, cause, ticket, contact, conversation, command.likelihood)
            return {Stream(Kind.QUARANTINE, message): (held,)}
        case LetGo(message, ticket):
            known = facts.quarantine(message)
            if known.fate is not Fate.HELD:
                raise Refused("RejectMessage" if ticket is None else "AcceptMessage", (Reason("held", known.fate),))
            left = MessageRejected(at, actor) if ticket is None else MessageAccepted(at, actor, ticket)
            return {Stream(Kind.QUARANTINE, message): (left,)}
        case NoteAnswer(ticket, message):
            return {Stream(Kind.TICKET, facts.ticket(ticket).id): (MessageAcknowledged(at, actor, message),)}
        case Count(tally, keep):
            return {Stream(Kind.TALLY, tally): (Tallied(at, actor, tally, keep),)}
        case Verify():
            return _verify(facts, command, at)


def _verify(facts: Facts, command: Verify, at: datetime) -> Mapping[Stream, tuple[Event, ...]]:
    conversation, actor, contact = facts.conversation(command.conversation), command.actor, command.contact
    unverified = [one for one in conversation.participants if one.id == contact and one.role is Role.UNVERIFIED]
    if not unverified:
        return {}
    left = [ParticipantLeft(at, actor, Role.UNVERIFIED, contact, one.by_ticket) for one in unverified]
    joined = ParticipantJoined(at, actor, Role.COLLABORATOR, contact)
    return {Stream(Kind.CONVERSATION, conversation.id): (*left, joined)}
