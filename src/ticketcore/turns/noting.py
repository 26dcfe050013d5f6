"""What is noted about a message that a ticket gets: that what named tickets did not agree, and how likely it was; and
about one that none gets, since it is held back.
"""

from collections.abc import Iterator

from ticketcore.commands import Dispute, HoldBack, Join, Step, TalkOf, Weigh
from ticketcore.matching import disagree
from ticketcore.model import Actor, Message, Role, Segmentation, SegmentReason, Threading
from ticketcore.turns.surroundings import Surroundings

SEGMENTING = Actor.rule("segmenting")
"""Who says what is likely."""


def noted(around: Surroundings, segmentation: Segmentation, ticket: str, message: Message) -> Iterator[Step]:
    """The steps for a ``message`` that the ``ticket`` gets.

    A thread of chats is about the ticket to which its customer returned.
    """
    if segmentation.claims and (segmentation.reason is SegmentReason.DELETED or disagree(segmentation.claims)):
        yield Dispute(ticket, message.id, segmentation.claims, message.author)
    if segmentation.likelihood is None:
        return
    yield Weigh(ticket, message.id, segmentation.likelihood, SEGMENTING)
    thread = around.thread
    if segmentation.opens or thread is None or around.channel.threading is not Threading.QUIET_GAP:
        return
    if thread.ticket is None or around.survivors.get(thread.ticket, thread.ticket) != ticket:
        yield TalkOf(thread.id, ticket, SEGMENTING)


def hold_back(around: Surroundings, segmentation: Segmentation, message: Message) -> Iterator[Step]:
    """The message is put in quarantine; who is no part of what it names becomes an unverified participant there."""
    why, names, actor = segmentation.held, segmentation.ticket, message.author
    assert why is not None
    yield HoldBack(message.id, why, names, actor.id, message.conversation, actor, segmentation.likelihood)
    conversation = around.conversations.get(message.conversation)
    if conversation is not None and all(one.id != actor.id for one in conversation.participants):
        yield Join(conversation.id, Role.UNVERIFIED, actor.id, actor)
