"""What is loaded for a split and for its undoing: the messages, and what is still unanswered among them."""

from collections.abc import Iterable
from datetime import datetime

from ticketcore.calendar.days import microseconds
from ticketcore.commands import JoinAgain, Split, SplitOff, Unsplit, Wake
from ticketcore.errors import NotFound, Reason, Refused
from ticketcore.model import (
    Actor,
    ActorKind,
    Kept,
    Kind,
    Message,
    MessageKind,
    Ref,
    Relation,
    Strand,
    Ticket,
    Undoing,
)
from ticketcore.model.values import replaced
from ticketcore.ports import MAX_PAGE, Condition, Query, Range
from ticketcore.ties import strands_of
from ticketcore.turns.knowing import know
from ticketcore.turns.requests import Turn, all_of, load, page_of
from ticketcore.turns.work import Context, Work


def split(context: Context, work: Work, command: Split) -> Turn[None]:
    """Make a new ticket of some messages.  Its customer is who wrote the first of them, its heading one that they gave.

    It is answered in the conversation in which they wrote that, which is theirs.
    ``Refused`` for a message of another ticket (one that was merged in keeps its own), and when none would stay.
    """
    ticket = work.facts.ticket(command.ticket)
    if ticket.is_deleted:
        raise Refused("Split", (Reason("deleted", ticket.id),))
    chosen = yield from _chosen(ticket, command)
    yield from _check_some_stay(ticket, command)
    first = next((one for one in chosen if one.author.kind is ActorKind.CONTACT), chosen[0])
    yield from know(work, Ref(Kind.CONVERSATION, first.conversation))
    own = strands_of(ticket)[0]
    waiting = own.waiting_since
    asked = first.author.kind is ActorKind.CONTACT
    contact = first.author.id if asked else work.facts.conversation(first.conversation).contact
    headings = (one.subject for one in chosen if one.subject is not None and one.author == Actor.contact(contact))
    said = [one.received_at for one in chosen if one.kind is not MessageKind.NOTE]
    new = context.ids("ticket", f"{ticket.id}/{ticket.version}")
    work.do(
        SplitOff(
            ticket.id,
            new,
            tuple(one.id for one in chosen),
            contact,
            first.conversation,
            next(headings, ticket.subject if contact == ticket.contact else None),
            _unanswered(chosen, waiting),
            max(said, default=own.last_message_at),
            None if waiting is None else (yield from _left_waiting(ticket, command, waiting)),
            command.actor,
            command.clocks,
        )
    )
    work.messages.extend(_moved(one, new, (*one.moved_from, ticket.id)) for one in chosen)


def unsplit(work: Work, command: Unsplit) -> Turn[None]:
    """Give a ticket's first messages back to where they came from, and say which came later and stay its own.

    That is woken if a customer waits for an answer to something of which it did not know in its state.
    """
    ticket = work.facts.ticket(command.ticket)
    source = next(iter(ticket.linked(Relation.SPLIT_FROM)), None)
    if source is not None:
        yield from know(work, Ref(Kind.TICKET, source))
        yield from know(work, *(Ref(Kind.AGENT, id) for id in work.facts.ticket(source).holders))
    messages = yield from all_of(Query(Kind.MESSAGE, {"ticket": ticket.id}, "received_at"), Message)
    back = [one for one in messages if source is not None and one.moved_from[-1:] == (source,)]
    later = [one for one in messages if one not in back]
    waiting = ticket.waiting_since
    strands: tuple[Strand, ...] = ()
    if later:
        said = [one.received_at for one in later if one.kind is not MessageKind.NOTE]
        last = max(said, default=ticket.last_message_at)
        strands = (Strand(ticket.id, ticket.contact, _unanswered(later, waiting), last),)
    ids, unanswered = tuple(one.id for one in back), _unanswered(back, waiting)
    work.do(JoinAgain(ticket.id, ids, strands, unanswered, command.actor))
    assert source is not None, "what was not split was refused"
    moved_since = work.facts.ticket(source).state_since > ticket.opened_at
    if any(strand.waiting_since for strand in strands) or (unanswered is not None and moved_since):
        work.do(Wake(source, command.actor))
    work.messages.extend(_moved(one, source, one.moved_from[:-1]) for one in back)
    kept = tuple(Kept(one.id, "ticket", "written_since") for one in later)
    work.decisions.append(Undoing(ticket.id, source, kept))


def _chosen(ticket: Ticket, command: Split) -> Turn[list[Message]]:
    """The messages that are to be split off, the first one first."""
    values = yield from load(tuple(Ref(Kind.MESSAGE, id) for id in command.messages))
    chosen = []
    for id, value in zip(command.messages, values, strict=True):
        if not isinstance(value, Message):
            raise NotFound(Kind.MESSAGE, id)
        chosen.append(value)
    elsewhere = tuple(Reason("message_elsewhere", one.id) for one in chosen if one.ticket != ticket.id)
    if elsewhere:
        raise Refused("Split", elsewhere)
    return sorted(chosen, key=lambda one: one.received_at)


def _check_some_stay(ticket: Ticket, command: Split) -> Turn[None]:
    cursor = None
    while True:
        page = yield from page_of(Query(Kind.MESSAGE, {"ticket": ticket.id}, after=cursor, limit=MAX_PAGE))
        if any(isinstance(value, Message) and value.id not in command.messages for value in page.values):
            return
        cursor = page.next
        if cursor is None:
            raise Refused("Split", (Reason("nothing_stays", ticket.id),))


def _left_waiting(ticket: Ticket, command: Split, waiting: datetime) -> Turn[datetime | None]:
    """Since when the customer waits in what stays.  What came since they do has not been answered."""
    where: dict[str, Condition] = {"ticket": ticket.id, "received_at": Range(microseconds(waiting))}
    messages = yield from all_of(Query(Kind.MESSAGE, where, "received_at"), Message)
    return _unanswered([one for one in messages if one.id not in command.messages], waiting)


def _unanswered(messages: Iterable[Message], waiting: datetime | None) -> datetime | None:
    """When the first of these messages came of those that are unanswered since ``waiting``."""
    if waiting is None:
        return None
    asked = (one.received_at for one in messages if one.kind is MessageKind.CUSTOMER)
    return min((at for at in asked if at >= waiting), default=None)


def _moved(message: Message, ticket: str, moved_from: tuple[str, ...]) -> Message:
    return replaced(message, version=message.version + 1, ticket=ticket, moved_from=moved_from)
