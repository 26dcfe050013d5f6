"""Messages let out of quarantine: they are taken in then, as if they came now."""

from ticketcore.commands import AcceptMessage, AddMessage, LetGo, OpenTicket, Route, Verify
from ticketcore.errors import Reason, Refused
from ticketcore.model import (
    Actor,
    Category,
    Contact,
    Conversation,
    Inbound,
    Kind,
    Message,
    Quarantine,
    Ref,
    Segmentation,
    SegmentReason,
    Ticket,
)
from ticketcore.model.values import replaced
from ticketcore.reopening import settled
from ticketcore.routing import Routable
from ticketcore.turns.describing import opening_type
from ticketcore.turns.knowing import bring_along, know
from ticketcore.turns.reading import resolved, words
from ticketcore.turns.requests import Turn, load
from ticketcore.turns.router import ROUTER
from ticketcore.turns.routing import routed
from ticketcore.turns.work import Context, Work


def accept(context: Context, work: Work, command: AcceptMessage) -> Turn[None]:
    """The message joins a ticket or opens one, and who was unverified for it is no more.

    What the host said of the message when it came, its attributes, tags and type, was not kept with it.  ``Refused``
    when it left quarantine before, ``NotFound`` for a ticket that is not there.
    """
    held = work.facts.quarantine(command.message)
    message, inbound, contact = yield from _as_it_came(work, held)
    named = None if command.anew else command.ticket or held.ticket
    ticket = None if named is None else (yield from _ready(work, named))
    if ticket is not None and ticket.is_deleted:
        if command.ticket is not None:
            raise Refused("AcceptMessage", (Reason("deleted", ticket.id),))
        ticket = None
    said = _segmented(ticket)
    decided = None
    if ticket is not None:
        said, decided = settled(work.configuration, said, ticket, inbound, work.at, None)
    author = Actor.contact(held.contact)
    if said.opens:
        home = into = context.ids("ticket", message.id)
        before = said.ticket if said.follows_up else None
        routing = yield from routed(context, work.configuration, Routable(inbound, work.at, contact))
        type = opening_type(work.configuration, inbound, routing).id
        opening = OpenTicket(
            into, held.conversation, message.id, message.kind, author, message.subject, (), before, decided, type
        )
        work.do(opening)
        work.decisions.append(routing)
        work.do(Route(into, routing, ROUTER))
    else:
        assert ticket is not None
        assert named is not None
        home, into = named, ticket.id
        sent_to = None if home == into else home
        work.do(AddMessage(into, message.id, message.kind, author, said.reopens, decided, sent_to))
    work.do(LetGo(message.id, into, command.actor))
    work.do(Verify(held.conversation, held.contact, command.actor))
    work.messages.append(replaced(message, version=message.version + 1, ticket=home, verdict=None))


def _as_it_came(work: Work, held: Quarantine) -> Turn[tuple[Message, Inbound, Contact]]:
    """The message as it is kept, and as the channel saw it but for what was not kept, and its sender."""
    message, conversation, contact = yield from load(
        (Ref(Kind.MESSAGE, held.id), Ref(Kind.CONVERSATION, held.conversation), Ref(Kind.CONTACT, held.contact))
    )
    assert isinstance(message, Message)
    assert isinstance(conversation, Conversation)
    work.know(conversation)
    said = yield from words((message.subject, message.text))
    assert isinstance(contact, Contact)
    known = (alias.address for alias in contact.aliases if alias.channel == conversation.channel)
    sender = next(known, held.contact)
    text, subject = said.get(message.text or "", ""), said.get(message.subject or "", "")
    inbound = Inbound(conversation.channel, conversation.account, sender, text, subject)
    return message, inbound, contact


def _ready(work: Work, id: str) -> Turn[Ticket]:
    """What the ticket is a part of now, in the state that the configuration has for it, with its agent loaded."""
    ticket = yield from resolved(id)
    work.know(ticket)
    yield from know(work, *(Ref(Kind.AGENT, id) for id in ticket.holders))
    yield from bring_along(work, ticket)
    return work.facts.ticket(ticket.id)


def _segmented(ticket: Ticket | None) -> Segmentation:
    if ticket is None:
        return Segmentation(SegmentReason.ACCEPTED, opens=True)
    is_closed = ticket.category is Category.CLOSED
    return Segmentation(SegmentReason.ACCEPTED, ticket.id, opens=is_closed, follows_up=is_closed)
