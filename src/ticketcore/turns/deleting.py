"""What is loaded for a deletion: all that was merged into the ticket, and whatever holds words of these.

Two tickets have a text in common only where one was split off from the other.  So those are loaded too, and told of the
deletion: of two who delete both at once, the second sees what the first did.
"""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from ticketcore.commands import Delete, Erase
from ticketcore.events import AttributesChanged, MessageKept, SplitUndone, TicketMerged, TicketOpened, TicketSplit
from ticketcore.model import Deleting, Fate, Kind, Message, Quarantine, Ref, Stream
from ticketcore.model.event import Event
from ticketcore.model.values import replaced
from ticketcore.ports import Query
from ticketcore.turns.knowing import know
from ticketcore.turns.reading import history
from ticketcore.turns.requests import Turn, all_of, load
from ticketcore.turns.work import Work


@attrs.define
class _Family:
    """The ``parts`` that were merged into a ticket, and the ``kin`` that were split off from them, or they from these.

    ``worded`` are the ids of the texts that each of them was ever worded with, by its id.
    """

    parts: dict[str, None] = attrs.field(factory=dict)
    kin: dict[str, None] = attrs.field(factory=dict)
    worded: dict[str, list[str]] = attrs.field(factory=dict)


def delete(work: Work, command: Delete) -> Turn[None]:
    """Delete a ticket with its parts, and erase what only they say.

    O(the messages of these tickets, and the histories of these and of their conversations).
    """
    ticket = work.facts.ticket(command.ticket)
    family = _Family()
    if ticket.merged_into is None and not ticket.is_deleted:
        family = yield from _family(work, ticket.id)
    parts, kin = tuple(family.parts), tuple(id for id in family.kin if not work.facts.ticket(id).is_deleted)
    work.do(Erase(ticket.id, parts, kin, command.cause, command.actor, command.with_parts))
    messages = yield from _messages(work, (ticket.id, *parts))
    texts = dict.fromkeys(_texts(messages))
    for id in (ticket.id, *parts):
        texts.update(dict.fromkeys(family.worded[id]))
    for id in kin:
        theirs = yield from all_of(Query(Kind.MESSAGE, {"ticket": id}), Message)
        for text in (*family.worded[id], *_texts(theirs)):
            texts.pop(text, None)
    work.messages.extend(map(_blank, messages))
    work.erased.extend(texts)
    files = sum(len(message.attachments) for message in messages)
    work.decisions.append(Deleting(ticket.id, parts, len(messages), len(texts), files))


def _family(work: Work, ticket: str) -> Turn[_Family]:
    """Whatever hangs together with the ticket by merges and splits, as the histories tell it."""
    found = _Family()
    rest = [ticket]
    while rest:
        one = rest.pop()
        events = [item.event for item in (yield from history(Stream(Kind.TICKET, one)))]
        found.worded[one] = [id for event in events for id in _wording(event)]
        split = (event for event in events if isinstance(event, TicketSplit))
        kin = [id for event in split for id in (event.ticket, event.into)]
        joined = (event for event in events if isinstance(event, TicketMerged | SplitUndone) and event.into == one)
        parts = [event.ticket for event in joined if one == ticket or one in found.parts]
        yield from know(work, *(Ref(Kind.TICKET, id) for id in (*kin, *parts)))
        for id in parts:
            if id not in found.parts and work.facts.ticket(id).merged_into == one:
                found.parts[id] = None
                rest.append(id)
        for id in kin:
            if id not in found.worded and id not in rest:
                found.kin[id] = None
                rest.append(id)
    for id in (ticket, *found.parts):
        found.kin.pop(id, None)
    return found


def _wording(event: Event) -> Iterator[str]:
    """The ids of the texts with which the event worded a ticket."""
    if isinstance(event, TicketOpened):
        yield from (id for id in (event.subject, *(id for _, id in event.attributes)) if id is not None)
    elif isinstance(event, AttributesChanged):
        yield from (value.text for value in event.values if value.is_words)


def _messages(work: Work, tickets: Sequence[str]) -> Turn[list[Message]]:
    """The messages of the tickets, and what was kept without one and concerns them, but for what is held still."""
    found = {one.id: one for one in (yield from all_of(Query(Kind.MESSAGE, {"ticket": tuple(tickets)}), Message))}
    conversations = {work.facts.ticket(id).conversation for id in tickets}
    conversations |= {one.conversation for one in found.values()}
    kept = []
    for conversation in sorted(conversations):
        events = [item.event for item in (yield from history(Stream(Kind.CONVERSATION, conversation)))]
        kept += [event.message for event in events if isinstance(event, MessageKept) and event.ticket in tickets]
    held = yield from all_of(Query(Kind.QUARANTINE, {"ticket": tuple(tickets), "fate": Fate.HELD}), Quarantine)
    waiting = {one.id for one in held}
    for value in (yield from load(tuple(Ref(Kind.MESSAGE, id) for id in dict.fromkeys(kept) if id not in waiting))):
        if isinstance(value, Message) and value.ticket is None:
            found[value.id] = value
    return list(found.values())


def _texts(messages: Iterable[Message]) -> Iterator[str]:
    """The ids of the texts of messages, with the names of their files."""
    for one in messages:
        ids = (one.subject, one.text, *(file.name for file in one.attachments))
        yield from (id for id in ids if id is not None)


def _blank(message: Message) -> Message:
    """What stays of a message: who wrote it and when, and its provider's id, so that it is known again."""
    return replaced(message, version=message.version + 1, subject=None, text=None, attachments=(), reply_to=())
