"""The limits on what happens of itself: looking at the tallies, and counting once more."""

from collections.abc import Mapping
from datetime import datetime

import attrs

from ticketcore.commands import Acknowledge, Count, NoteAnswer
from ticketcore.errors import NotFound, Reason, Refused
from ticketcore.evolve import Entity
from ticketcore.matching import exceeded, tallies
from ticketcore.model import (
    Action,
    Actor,
    Alias,
    Configuration,
    Contact,
    Conversation,
    Kind,
    Limit,
    Message,
    MessageKind,
    Ref,
    Tally,
)
from ticketcore.ports import OutboxEntry
from ticketcore.turns.reading import resolved, words
from ticketcore.turns.requests import Turn, load
from ticketcore.turns.work import Work

ACKNOWLEDGE = "acknowledge"
"""The kind of the outbox entry of an automatic answer; its subject is the message that it answers."""

LIMITS_RULE = Actor.rule("limits")
"""Who counts."""


@attrs.frozen
class Counted:
    """What an action counts against: the ``limits`` by the ids of their tallies, and the ``tallies`` that there are.

    ``exceeded`` is the first limit that leaves no room.
    """

    limits: Mapping[str, Limit]
    tallies: Mapping[str, Tally]
    exceeded: Limit | None

    def steps(self) -> tuple[Count, ...]:
        """What counts the action."""
        return tuple([Count(id, limit.at_most, LIMITS_RULE) for id, limit in self.limits.items()])

    def facts(self) -> dict[Ref, Entity]:
        """What a decision about it may look at."""
        return {Ref(Kind.TALLY, id): tally for id, tally in self.tallies.items()}


NOTHING = Counted({}, {}, None)
"""What is counted where there are no limits."""


def counted(
    configuration: Configuration, action: Action, alias: Alias, account: str, subject: str, at: datetime
) -> Turn[Counted]:
    """What an action counts against: that of a message of this ``subject`` from ``alias`` to our ``account``."""
    limits = tallies(configuration, action, alias, account, subject)
    if not limits:
        return NOTHING
    values = yield from load(tuple(Ref(Kind.TALLY, id) for id in limits))
    known = {value.id: value for value in values if isinstance(value, Tally)}
    return Counted(limits, known, exceeded(limits, known, at))


def acknowledge(work: Work, command: Acknowledge) -> Turn[None]:
    """An automatic answer is owed, unless that would be too many.

    ``Refused`` for a limit that is reached, and for what is no customer's message of a ticket; ``NotFound`` for a
    message that is not there.
    """
    (message,) = yield from load((Ref(Kind.MESSAGE, command.message),))
    if not isinstance(message, Message):
        raise NotFound(Kind.MESSAGE, command.message)
    if message.kind is not MessageKind.CUSTOMER or message.ticket is None:
        raise Refused("Acknowledge", (Reason("of_a_ticket", command.message),))
    conversation, contact = yield from load(
        (Ref(Kind.CONVERSATION, message.conversation), Ref(Kind.CONTACT, message.author.id))
    )
    assert isinstance(conversation, Conversation)
    assert isinstance(contact, Contact)
    alias = next((one for one in contact.aliases if one.channel == conversation.channel), contact.aliases[0])
    said = yield from words((message.subject,))
    subject = said.get(message.subject or "", "")
    count = yield from counted(work.configuration, Action.ACKNOWLEDGE, alias, conversation.account, subject, work.at)
    if count.exceeded is not None:
        raise Refused("Acknowledge", (Reason(count.exceeded.id, command.message),))
    ticket = yield from resolved(message.ticket)
    work.know(ticket, *count.tallies.values())
    work.do(NoteAnswer(ticket.id, message.id, command.actor))
    for step in count.steps():
        work.do(step)
    work.outbox.append(OutboxEntry(ACKNOWLEDGE, f"{ACKNOWLEDGE}/{message.id}", Ref(Kind.MESSAGE, message.id), work.at))
