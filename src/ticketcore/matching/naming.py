"""What a message itself says about the ticket that it is for, before anything is looked up.

Each matcher reads its own place: addresses, ids that are answered, the text, the subject.  What it finds is the key of
a message or the number of a ticket; whether there is such a one, and its sender takes part in it, is for others.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from ticketcore.matching.tokens import ReplyToken, Tokens, read_token
from ticketcore.model import Inbound, Kind, Matcher, Ref, UniqueKey
from ticketcore.records import provider_key

MAX_ANSWERED = 50
"""How many of the messages that a message says it answers are looked up, newest first."""

MAX_TOKENS = 5
"""How many tokens, and how many numbers, are looked up."""

_MARKER = re.compile(r"\[ref:([A-Za-z0-9]{22,33})\]")
_NUMBER = re.compile(r"\[#([1-9][0-9]{0,17})\]")


class NamedTicket(NamedTuple):
    """That a message names the ticket with this ``number``, by a ``matcher``; ``token`` is by what, if it is signed.

    ``place`` is which of the tokens or numbers it is.
    """

    matcher: Matcher
    place: int
    number: int
    token: ReplyToken | None = None


class Names(NamedTuple):
    """What a message names: other messages by the ``keys`` under which they are found, and ``tickets``.

    ``signed`` are the places among the keys, from 0, of those that stand there by an id which we signed.
    """

    keys: Sequence[Ref | UniqueKey]
    signed: Collection[int]
    tickets: Sequence[NamedTicket]


def names_in(inbound: Inbound, tokens: Tokens | None, at: datetime) -> Names:
    """What the message names.  Without ``tokens`` there is nothing signed.  Linear in what the message says."""
    keys: list[Ref | UniqueKey] = [
        provider_key(inbound.channel, inbound.account, id) for id in inbound.reply_to[:MAX_ANSWERED]
    ]
    tickets = _numbers(inbound) if "[#" in inbound.subject else []
    if tokens is None:
        return Names(keys, (), tickets)
    own = {place: id for place, id in enumerate(_own(inbound, tokens, at)) if id is not None}
    for place, id in own.items():
        keys[place] = Ref(Kind.MESSAGE, id)
    marked = _MARKER.findall(inbound.text)[:MAX_TOKENS] if "[ref:" in inbound.text else ()
    for matcher, found in ((Matcher.REPLY_TOKEN, inbound.tokens[:MAX_TOKENS]), (Matcher.MARKER, marked)):
        for place, text in enumerate(found):
            if token := read_token(text):
                tickets.append(NamedTicket(matcher, place, token.number, token))
    return Names(keys, own.keys(), tickets)


def _numbers(inbound: Inbound) -> list[NamedTicket]:
    numbers = _NUMBER.findall(inbound.subject)[:MAX_TOKENS]
    return [NamedTicket(Matcher.SUBJECT, place, int(number)) for place, number in enumerate(numbers)]


def _own(inbound: Inbound, tokens: Tokens, at: datetime) -> list[str | None]:
    return [tokens.message_of(id, at) for id in inbound.reply_to[:MAX_ANSWERED]]
