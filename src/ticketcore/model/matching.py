"""Which ticket a message names, how far that is to be believed, and why a message is held back."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import attrs

from ticketcore.checks import as_distinct, as_member
from ticketcore.errors import InvalidInput
from ticketcore.model.values import quick


class Matcher(StrEnum):
    """By what a message can name a ticket, the most trustworthy first.

    ``REPLY_TOKEN``: a signed token in the address of ours that it was sent to.  ``OWN_ID``: it answers a message id
    that we made and signed.  ``MARKER``: a signed token in its text.  ``STORED_ID``: it answers a message that is kept
    here, by the id that a provider gave it.  ``QUOTED``: it quotes such a message, in a chat.  ``SUBJECT``: its subject
    has the number of a ticket, as ``[#7]``.  ``THREAD``: its sender's thread on this account is about the ticket.
    """

    REPLY_TOKEN = "reply_token"
    OWN_ID = "own_id"
    MARKER = "marker"
    STORED_ID = "stored_id"
    QUOTED = "quoted"
    SUBJECT = "subject"
    THREAD = "thread"


class Strength(StrEnum):
    """How far a message is to be believed that names a ticket.

    ``SIGNED``: only who was sent it can know it.  ``KNOWN``: whoever saw a message of the ticket can.  ``GUESSABLE``:
    anybody can write it.  ``CONTEXT``: it says nothing itself, its sender stands there anyway.
    """

    SIGNED = "signed"
    KNOWN = "known"
    GUESSABLE = "guessable"
    CONTEXT = "context"


STRENGTHS = {
    Matcher.REPLY_TOKEN: Strength.SIGNED,
    Matcher.OWN_ID: Strength.SIGNED,
    Matcher.MARKER: Strength.SIGNED,
    Matcher.STORED_ID: Strength.KNOWN,
    Matcher.QUOTED: Strength.KNOWN,
    Matcher.SUBJECT: Strength.GUESSABLE,
    Matcher.THREAD: Strength.CONTEXT,
}
"""How far each matcher is to be believed."""


MATCHERS = tuple(matcher for matcher in Matcher if matcher is not Matcher.THREAD)
"""The matchers in the order in which they are asked where nothing else is said; a thread is no choice."""


def as_matchers(value: Iterable[Matcher | str]) -> tuple[Matcher, ...]:
    """An attrs converter: matchers in an order, each once.  ``InvalidInput`` names what is none."""
    found = tuple(as_member(Matcher, one) for one in as_distinct(value))
    for i, one in enumerate(found):
        if not isinstance(one, Matcher):
            raise InvalidInput(f"Configuration.matchers[{i}]", f"must be one of {', '.join(MATCHERS)}, not {one!r}")
    return found


@quick
@attrs.frozen
class TicketClaim:
    """That a message is for a ``ticket``, as a ``matcher`` found, which has its ``strength``.

    ``ticket`` is what the one that it names is a part of now, also if that was deleted; None for a message that is in
    none.  ``place`` says where the evidence stands: which of the ids that it answers, or of the tokens, from
    0, the newest first.  ``takes_part`` says that its sender takes part in a conversation of the ticket.
    """

    matcher: Matcher
    strength: Strength
    ticket: str | None
    place: int = 0
    takes_part: bool = True


class Cause(StrEnum):
    """Why a message is in quarantine.

    ``UNVERIFIED_SENDER``: its sender takes no part in the ticket, but has a signed token of it.
    ``FAILED_AUTHENTICATION``: the mail server that we believe says that its sender is not who they say.
    ``ANSWERS_ELSEWHERE``: it names a ticket by what others may know, and wants its answers at an address that is not
    its sender's.  ``AGENT_ADDRESS``: its sender has the address of an agent, which nobody vouches for.
    ``TOO_MANY_TICKETS`` and ``TOO_MANY_REOPENS``: its sender opened, or reopened, too many tickets of late.
    ``LIKELY_LOOP``: messages with its subject did, whoever sent them.  ``UNSURE``: which ticket it is for is less
    probable than the host wants, and somebody is to say.
    """

    UNVERIFIED_SENDER = "unverified_sender"
    FAILED_AUTHENTICATION = "failed_authentication"
    ANSWERS_ELSEWHERE = "answers_elsewhere"
    AGENT_ADDRESS = "agent_address"
    TOO_MANY_TICKETS = "too_many_tickets"
    TOO_MANY_REOPENS = "too_many_reopens"
    LIKELY_LOOP = "likely_loop"
    UNSURE = "unsure"


@quick
@attrs.frozen
class Moving:
    """A feature that moved a decision: its ``name`` and ``value``.

    ``weight`` is by how much it moved the log odds of what was decided; below 0, it spoke against it.
    """

    name: str
    value: float
    weight: float


@quick
@attrs.frozen
class Likelihood:
    """How likely it is that a message is for the ticket that it got, or opened.

    ``probability`` is that, ``runner_up`` the ticket that is the next most likely, None for a new one, and
    ``runner_up_probability`` how likely that is.  ``moving`` are the features that moved it most, the strongest first.
    Numbers have four digits after the point.
    """

    probability: float
    runner_up: str | None
    runner_up_probability: float
    moving: tuple[Moving, ...] = ()


class Fate(StrEnum):
    """What became of a message in quarantine: it is ``HELD`` still, or was ``ACCEPTED`` or ``REJECTED``."""

    HELD = "held"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@attrs.frozen
class Quarantine:
    """A message in quarantine; ``id`` is that of the message, ``version`` counts its events.

    ``cause`` is why.  ``ticket`` is the ticket that it names, None for one that would have opened one; ``contact`` is
    the customer whom its sender says to be, in a ``conversation``.  ``held_at`` is since when it is there, in UTC,
    ``fate`` what became of it.
    """

    id: str
    version: int
    cause: Cause
    ticket: str | None
    contact: str
    conversation: str
    held_at: datetime
    fate: Fate = Fate.HELD
