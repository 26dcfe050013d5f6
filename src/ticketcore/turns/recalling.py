"""What a segmenter wants to know of earlier messages, loaded: a page of tickets, one of messages for each, their words.

However many tickets a customer has had, no more is read than the segmenter asks for.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from ticketcore.model import Configuration, Kind, Message, MessageKind, Segmenting, Strength, Ticket
from ticketcore.model.values import replaced
from ticketcore.ports import Query, Recall, RecentMessage, Segmenter
from ticketcore.replytext import reply_text
from ticketcore.segmentation import ReplyOrGap
from ticketcore.turns.reading import words
from ticketcore.turns.requests import Turn, page_of
from ticketcore.turns.surroundings import Surroundings, survivors_of
from ticketcore.turns.work import Context

BY_RULES = ReplyOrGap()
"""What decides where nothing else is said."""


def segmenter_of(context: Context, configuration: Configuration) -> Segmenter:
    """The host's segmenter, or else what was learned, for a desk that does not go by rules."""
    if context.segmenter is not None:
        return context.segmenter
    return configuration.once(Segmenting.LEARNED, lambda: learned(configuration.ask_below / 100))


def learned(ask_below: float = 0.0) -> Segmenter:
    """What was learned, which asks below this probability."""
    from ticketcore.segmenting.segmenter import Learned  # read only where it is wanted: the trees are large

    return Learned(BY_RULES, ask_below, _newly_written)


@lru_cache(maxsize=512)
def _newly_written(text: str) -> str:
    return reply_text(text).reply


def with_recent(around: Surroundings, segmenter: Segmenter) -> Turn[Surroundings]:
    """The same with the sender's recent tickets, if the segmenter looks back and is asked at all."""
    leading = around.leading()
    is_signed = leading is not None and leading.claim.strength is Strength.SIGNED
    if around.contact is None or around.ours is not None or is_signed or around.inbound.is_automatic:
        return around
    recall: Recall | None = getattr(segmenter, "recall", None)  # faster than to ask whether it is Recalling
    return around if recall is None else (yield from _recalled(around, recall))


def _recalled(around: Surroundings, recall: Recall) -> Turn[Surroundings]:
    """The tickets are those of the sender, as what they are a part of now, and what the message names."""
    query = Query(Kind.TICKET, {"contact": around.who}, "number", descending=True, limit=recall.latest)
    own = [one for one in (yield from page_of(query)).values if isinstance(one, Ticket)]
    tickets = {**{one.id: one for one in own}, **around.tickets}
    survivors = around.survivors
    if any(one.ties is not None for one in own):
        survivors = {**survivors, **(yield from survivors_of(tickets))}
    own = [one for one in own if not one.is_deleted]
    now = dict.fromkeys(survivors.get(one.id, one.id) for one in own)
    latest = sorted((tickets[id] for id in now), key=lambda one: (one.last_message_at, one.number), reverse=True)
    wanted = [one.id for one in latest[: recall.tickets]]
    leading = around.leading()
    wanted += [] if leading is None or leading.claim.ticket is None else [leading.claim.ticket]
    said = {}
    for id in dict.fromkeys(wanted):
        found = yield from _messages(tickets[id], recall.messages)
        if found:
            said[id] = found
    texts = yield from words(message.text for found in said.values() for message in found)
    recent = tuple((id, tuple(_recent(tickets[id], found, texts))) for id, found in said.items())
    return replaced(around, tickets=tickets, survivors=survivors, recent=recent, opened=len(own))


def _messages(ticket: Ticket, limit: int) -> Turn[list[Message]]:
    """The latest messages of a ticket, the last one last, without the notes among them."""
    query = Query(Kind.MESSAGE, {"ticket": ticket.homes}, "received_at", descending=True, limit=limit)
    page = yield from page_of(query)
    found = [one for one in page.values if isinstance(one, Message) and one.kind is not MessageKind.NOTE]
    return found[::-1]


def _recent(ticket: Ticket, messages: Sequence[Message], texts: dict[str, str]) -> Iterable[RecentMessage]:
    """What was said; the ticket was solved with the last message before it was."""
    solved_at = None if ticket.solution is None else ticket.solution.at
    solving = None
    if solved_at is not None:
        solving = max((at for at, one in enumerate(messages) if one.received_at <= solved_at), default=None)
    for at, one in enumerate(messages):
        channel = ticket.channel if one.provider_id is None else one.provider_id.channel
        by_agent = one.kind is not MessageKind.CUSTOMER
        yield RecentMessage(texts.get(one.text or "", ""), one.received_at, channel, by_agent, at == solving)
