"""What a message names, looked up: which tickets those are now, and whether its sender takes part in them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from ticketcore.codec import Value
from ticketcore.matching import NamedTicket, Names, Tokens
from ticketcore.model import (
    STRENGTHS,
    Contact,
    Conversation,
    Kind,
    Matcher,
    Message,
    MessageKind,
    Ref,
    Role,
    Strength,
    Ticket,
    TicketClaim,
)
from ticketcore.model.values import making, quick
from ticketcore.ports import Query
from ticketcore.turns.requests import Turn, load, page_of

MAX_NUMBERS = 10
"""How many tickets are looked up by number for one message."""

OURS = (MessageKind.AGENT, MessageKind.BOT)
"""Who writes what is sent to customers."""


@quick
@attrs.frozen
class Found:
    """What a matcher found: its ``claim``, the ticket that it ``named``, before any merge, and the ``conversation``."""

    claim: TicketClaim
    named: str | None
    conversation: Conversation


_claim, _found = making(TicketClaim), making(Found)


@attrs.frozen
class Numbered:
    """A ``ticket`` that a message names by its number, as ``by`` says, with its ``conversation``.

    ``genuine`` says that it does so by a token which we gave to one of those who take part.
    """

    by: NamedTicket
    ticket: Ticket
    conversation: Conversation
    genuine: bool


def numbered(named: Sequence[NamedTicket], tokens: Tokens | None, at: datetime) -> Turn[list[Numbered]]:
    """The tickets that are named by number, those of them that exist."""
    found: dict[int, Ticket] = {}
    for number in list(dict.fromkeys(one.number for one in named))[:MAX_NUMBERS]:
        page = yield from page_of(Query(Kind.TICKET, {"number": number}, limit=1))
        found.update((number, value) for value in page.values if isinstance(value, Ticket))
    conversations = yield from _by_id(Kind.CONVERSATION, (ticket.conversation for ticket in found.values()))
    every = []
    for one in named:
        ticket = found.get(one.number)
        conversation = None if ticket is None else conversations[ticket.conversation]
        if ticket is not None and isinstance(conversation, Conversation):
            genuine = False
            if one.token is not None and tokens is not None:
                genuine = tokens.genuine(one.token, ticket, (yield from _addresses(conversation)), at)
            every.append(Numbered(one, ticket, conversation, genuine))
    return every


def _addresses(conversation: Conversation) -> Turn[list[str]]:
    """All addresses of those who take part in the conversation; of agents there are none."""
    ids = [one.id for one in conversation.participants if one.role is not Role.AGENT]
    contacts = yield from _by_id(Kind.CONTACT, ids)
    return [alias.address for contact in contacts.values() if isinstance(contact, Contact) for alias in contact.aliases]


def _by_id(kind: Kind, ids: Iterable[str]) -> Turn[dict[str, Value | None]]:
    distinct = list(dict.fromkeys(ids))
    values = yield from load(tuple(Ref(kind, id) for id in distinct))
    return dict(zip(distinct, values, strict=True))


def by_number(one: Numbered, who: Collection[str], now: str) -> Found:
    """What a number names, whose ticket is ``now`` this one.  Without a genuine token, anybody can write it."""
    strength = Strength.SIGNED if one.genuine else Strength.GUESSABLE
    part = takes_part(who, one.conversation)
    return Found(TicketClaim(one.by.matcher, strength, now, one.by.place, part), one.ticket.id, one.conversation)


def by_messages(
    names: Names,
    messages: Sequence[Value | None],
    conversations: Mapping[str, Conversation],
    who: Collection[str],
    now: Callable[[str | None], str | None],
    is_chat: bool,
) -> list[Found]:
    """What is named by messages, of each ticket in each conversation the first; ``now`` says what a ticket is now.

    A signed id of what is no message of ours names nothing.
    """
    found: dict[tuple[Matcher, str | None, str], Found] = {}
    known = Matcher.QUOTED if is_chat else Matcher.STORED_ID
    for place, message in enumerate(messages):
        if not isinstance(message, Message):
            continue
        is_own = place in names.signed
        key = (Matcher.OWN_ID if is_own else known, message.ticket, message.conversation)
        if key in found or (is_own and message.kind not in OURS):
            continue
        conversation = conversations[message.conversation]
        part = takes_part(who, conversation)
        claim = _claim(key[0], STRENGTHS[key[0]], now(message.ticket), place, part)
        found[key] = _found(claim, message.ticket, conversation)
    return list(found.values())


def in_order(found: Sequence[Found], matchers: Sequence[Matcher]) -> tuple[Found, ...]:
    """What was found, in the order of the matchers; what none of these found is left out."""
    if len(found) < 2 and (not found or found[0].claim.matcher in matchers):
        return tuple(found)
    rank = {matcher: place for place, matcher in enumerate(matchers)}
    return tuple(sorted((one for one in found if one.claim.matcher in rank), key=lambda one: rank[one.claim.matcher]))


def claims_of(found: Sequence[Found], thread: str | None) -> tuple[TicketClaim, ...]:
    """What each matcher claims, each ticket once, and last what the sender's thread is about, if anything else is
    claimed.
    """
    if len(found) == 1 and thread is None:
        return (found[0].claim,)
    claims: dict[tuple[Matcher, str | None], TicketClaim] = {}
    for one in found:
        claims.setdefault((one.claim.matcher, one.claim.ticket), one.claim)
    if claims and thread is not None:
        return (*claims.values(), TicketClaim(Matcher.THREAD, Strength.CONTEXT, thread))
    return tuple(claims.values())


def takes_part(who: Collection[str], conversation: Conversation) -> bool:
    """Whether one of the contacts who are one person takes part in the conversation, and is not unverified."""
    return any(one.id in who and one.role is not Role.UNVERIFIED for one in conversation.participants)
