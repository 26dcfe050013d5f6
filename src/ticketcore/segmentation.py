"""Which ticket a message is for, and why one is kept without a ticket.

The first segmenter goes by three signs that need no reading of words: the ids of messages that a message says it
answers, whether the ticket is closed, and how long it was quiet.  A learned one takes its place behind the same port.
"""

from datetime import datetime

from ticketcore.model import Category, Segmentation, SegmentReason, Threading, Ticket, Verdict
from ticketcore.model.values import making
from ticketcore.ports import Segmentable

_segmented = making(Segmentation)
_OPENS = Segmentation(SegmentReason.NO_REPLY_ID, opens=True)
_REPLY_ID, _CLOSED, _BY_IDS = SegmentReason.REPLY_ID, Category.CLOSED, Threading.REPLY_IDS


class ReplyOrGap:
    """Segments by reply id, closed state and quiet gap.

    In this order.  A message that answers one of a ticket that is not closed continues that ticket; one that answers a
    message of a closed ticket opens a follow-up of it.  On a channel that threads by reply ids alone (e-mail), any
    other message opens a ticket, however short the gap.  On a channel with one thread per customer it continues the
    thread's ticket, unless that is closed or the last message lies longer back than the channel's quiet gap (exactly as
    long still continues).  A thread that was handed over is not live any more: there no gap counts until its ticket is
    solved.

    A message without words or files is kept (``EMPTY``).  An automatic one (``Inbound.is_automatic``) opens nothing and
    reopens nothing: it is added to the ticket that it answers, or kept (``AUTOMATIC``).  What a machine says came back,
    and what is a message of ours that came back whole, no segmenter is asked about.
    """

    def segment(self, message: Segmentable, at: datetime) -> Segmentation:
        """See ``Segmenter``."""
        answered = next((answer.ticket for answer in message.answers if answer.ticket is not None), None)
        named = answered or message.current
        ticket = None if named is None else named.id
        inbound = message.inbound
        if not (inbound.text.strip() or inbound.subject.strip() or inbound.attachments):
            return Segmentation(SegmentReason.NOTHING_SAID, ticket, verdict=Verdict.EMPTY)
        if inbound.is_automatic:
            if named is None or named.category is Category.CLOSED:
                return Segmentation(SegmentReason.AUTO_SUBMITTED, ticket, verdict=Verdict.AUTOMATIC)
            return Segmentation(SegmentReason.AUTO_SUBMITTED, ticket, reopens=False)
        if answered is not None:
            if answered.category is _CLOSED:
                return Segmentation(SegmentReason.REPLY_TO_CLOSED, answered.id, opens=True, follows_up=True)
            return _segmented(_REPLY_ID, answered.id)
        if message.channel.threading is _BY_IDS:
            return _OPENS
        return self._in_thread(message, message.current, at)

    def _in_thread(self, message: Segmentable, current: Ticket | None, at: datetime) -> Segmentation:
        if message.conversation is None:
            return Segmentation(SegmentReason.NO_CONVERSATION, opens=True)
        if current is None:
            return Segmentation(SegmentReason.NO_TICKET_YET, opens=True)
        if current.category is Category.CLOSED:
            return Segmentation(SegmentReason.TICKET_CLOSED, current.id, opens=True)
        if message.conversation.asynchronous and current.category is not Category.SOLVED:
            return Segmentation(SegmentReason.ASYNCHRONOUS, current.id)
        if at - current.last_message_at > message.channel.quiet_gap:
            return Segmentation(SegmentReason.QUIET_GAP, current.id, opens=True)
        return Segmentation(SegmentReason.WITHIN_GAP, current.id)
