"""How events change a conversation, a message in quarantine, and a tally.  No rule lives here and nothing can fail."""

from ticketcore.events import (
    ConversationEvent,
    ConversationStarted,
    MessageAccepted,
    MessageHeld,
    MessageKept,
    ParticipantJoined,
    ParticipantLeft,
    QuarantineEvent,
    Tallied,
    TicketLinked,
    TurnedAsynchronous,
)
from ticketcore.model import Conversation, Fate, Participant, Quarantine, Tally
from ticketcore.model.values import making, replaced, replacing

_begun, _participant = making(Conversation), making(Participant)
_linked = replacing(Conversation, "version", "ticket", "asynchronous")
_joined = replacing(Conversation, "version", "participants")


def evolve_conversation(conversation: Conversation | None, event: ConversationEvent) -> Conversation:
    """The conversation after the event."""
    if isinstance(event, ConversationStarted):
        return _begun(event.conversation, 1, event.channel, event.account, event.contact, (), None)
    assert conversation is not None, "a history begins with its opening"
    version = conversation.version + 1
    match event:
        case TicketLinked():
            return _linked(conversation, version, event.ticket, False)
        case ParticipantJoined():
            joined = _participant(event.role, event.id, event.by_ticket)
            return _joined(conversation, version, (*conversation.participants, joined))
        case ParticipantLeft():
            left = Participant(event.role, event.id, event.by_ticket)
            others = tuple(one for one in conversation.participants if one != left)
            return replaced(conversation, version=version, participants=others)
        case MessageKept():
            return replaced(conversation, version=version)
        case TurnedAsynchronous():
            return replaced(conversation, version=version, asynchronous=True)


def evolve_quarantine(held: Quarantine | None, event: QuarantineEvent) -> Quarantine:
    """What is known of the message after the event."""
    if isinstance(event, MessageHeld):
        return Quarantine(event.message, 1, event.cause, event.ticket, event.contact, event.conversation, event.at)
    assert held is not None, "a history begins with its opening"
    version = held.version + 1
    if isinstance(event, MessageAccepted):
        return replaced(held, version=version, ticket=event.ticket, fate=Fate.ACCEPTED)
    return replaced(held, version=version, fate=Fate.REJECTED)


def evolve_tally(tally: Tally | None, event: Tallied) -> Tally:
    """What was counted after the event; no more instants than the limit allows are kept, the latest."""
    if tally is None:
        return Tally(event.tally, 1, (event.at,))
    return Tally(tally.id, tally.version + 1, tuple(sorted((*tally.at, event.at))[-event.keep :]))
