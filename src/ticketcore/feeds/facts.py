"""Facts: what happened at a desk, as a feed tells it, one value each.

A fact says what somebody outside did; what comes of it is for the desk to decide.  Who reads a feed twice, or a longer
version of it, knows what is new by ``key``.  What cannot be read is a ``Rejection``, and what is worth telling but
no fault is a ``Remark``.
"""

from collections.abc import Hashable

import attrs

from ticketcore.checks import (
    as_distinct,
    as_tuple,
    each,
    instance,
    is_name,
    is_optional_name,
    is_words,
    member,
    names,
)
from ticketcore.errors import InvalidInput
from ticketcore.feeds.customers import CustomerFact
from ticketcore.feeds.observed import About, Observed, is_about, plain
from ticketcore.feeds.offers import OfferFact
from ticketcore.feeds.people import PersonFact, WrappedUpFact
from ticketcore.feeds.ties import TieFact
from ticketcore.model import Inbound, Move
from ticketcore.model.message import File
from ticketcore.model.ticket import as_move


@attrs.frozen
class MessageFact(Observed):
    """A customer wrote: ``inbound``.  With an id, reading it twice is reading the same message delivered twice."""

    KIND = "message"

    inbound: Inbound = attrs.field(validator=instance(Inbound))

    @property
    def identity(self) -> Hashable:
        """The channel, account and id of the message; without an id, all that it says and its instant."""
        said = self.inbound
        if said.external_id is not None:
            return (self.KIND, said.channel, said.account, said.external_id)
        kind = () if said.type is None else (said.type,)
        whose = () if said.organisation is None else (("organisation", said.organisation),)
        return (self.KIND, self.at.isoformat(), *(plain(getattr(said, name)) for name in _SAID), *kind, *whose)


_SAID = (
    *("channel", "account", "sender", "text", "subject", "sender_name", "digest", "reply_to"),
    *("attachments", "headers", "attributes", "tags"),
)
"""What a message without an id is told apart by; what is added to ``Inbound`` later must not make old ones new."""


@attrs.frozen
class ReplyFact(Observed):
    """We answered: ``agent`` wrote ``text``, with ``attachments``, on the ticket ``about``.

    Without ``agent`` it was whoever has the ticket.  ``id`` is the provider's of the message that was sent.  ``then``
    moved the ticket in the same breath: pend, hold or solve.
    """

    KIND = "reply"

    about: About = attrs.field(validator=is_about)
    text: str = attrs.field(validator=is_words)
    agent: str | None = attrs.field(default=None, validator=is_optional_name)
    id: str | None = attrs.field(default=None, validator=is_optional_name)
    then: Move | None = attrs.field(default=None, converter=as_move, validator=attrs.validators.optional(member(Move)))
    attachments: tuple[File, ...] = attrs.field(default=(), converter=as_tuple, validator=each(File))

    def __attrs_post_init__(self) -> None:
        if self.then not in (None, *AFTER_A_REPLY):
            raise InvalidInput("ReplyFact.then", f"must be {' or '.join(AFTER_A_REPLY)}, not {self.then}")


AFTER_A_REPLY = (Move.PEND, Move.HOLD, Move.SOLVE)
"""What may become of a ticket with the reply."""


@attrs.frozen
class NoteFact(Observed):
    """``agent``, or without one whoever has the ticket ``about``, wrote down ``text`` for agents only."""

    KIND = "note"

    about: About = attrs.field(validator=is_about)
    text: str = attrs.field(validator=is_words)
    agent: str | None = attrs.field(default=None, validator=is_optional_name)


@attrs.frozen
class ResolveFact(Observed):
    """``agent``, or without one whoever has it, said that the ticket ``about`` is solved."""

    KIND = "resolve"

    about: About = attrs.field(validator=is_about)
    agent: str | None = attrs.field(default=None, validator=is_optional_name)


@attrs.frozen
class TagsFact(Observed):
    """The ticket ``about`` got the tags ``add`` and lost the tags ``remove``; one in both is lost."""

    KIND = "tags"

    about: About = attrs.field(validator=is_about)
    add: tuple[str, ...] = attrs.field(default=(), converter=as_distinct, validator=names)
    remove: tuple[str, ...] = attrs.field(default=(), converter=as_distinct, validator=names)


@attrs.frozen
class FocusFact(Observed):
    """``agent`` opened the ticket ``about``, or left it when ``open`` is False."""

    KIND = "focus"

    about: About = attrs.field(validator=is_about)
    agent: str = attrs.field(validator=is_name)
    open: bool = attrs.field(validator=instance(bool))


@attrs.frozen
class QuarantineFact(Observed):
    """``agent``, or without one nobody in particular, let a message out of quarantine (``accept``), or left it there.

    ``message`` is the provider's id of it, on our ``account`` on a ``channel``.  One that was let out is for the ticket
    ``about``, if one is named, or for one of its own where it is ``anew``.
    """

    KIND = "quarantine"

    channel: str = attrs.field(validator=is_name)
    account: str = attrs.field(validator=is_name)
    message: str = attrs.field(validator=is_name)
    accept: bool = attrs.field(validator=instance(bool))
    agent: str | None = attrs.field(default=None, validator=is_optional_name)
    about: About | None = attrs.field(default=None, validator=attrs.validators.optional(is_about))
    anew: bool = attrs.field(default=False, validator=instance(bool))

    @property
    def identity(self) -> Hashable:
        """All that it says; where it has no more than those of old, it is the fact that it was."""
        said = (self.channel, self.account, self.message, self.accept, self.agent)
        more = (plain(self.about), self.anew) if self.anew or self.about is not None else ()
        return (self.KIND, self.at.isoformat(), *said, *more)


Fact = (
    MessageFact
    | ReplyFact
    | NoteFact
    | ResolveFact
    | TagsFact
    | FocusFact
    | PersonFact
    | WrappedUpFact
    | TieFact
    | CustomerFact
    | OfferFact
    | QuarantineFact
)
"""What a feed tells."""


@attrs.frozen
class Rejection:
    """Something in a feed that was not read: its ``source`` and ``line`` as in ``Observed``, the ``field`` at fault
    (such as ``about.number``, ``at``, or ``file`` for all of it), and the ``reason``.
    """

    source: str
    line: int | None
    field: str
    reason: str


@attrs.frozen
class Remark:
    """Something about a feed that is worth telling and no fault: what was passed over, or read in a way that may
    surprise.  ``source``, ``line``, ``field`` and ``reason`` are as in ``Rejection``; ``count`` is how many such there
    are, of which ``line`` is the first.
    """

    source: str
    line: int | None
    field: str
    reason: str
    count: int = 1


Item = Fact | Rejection | Remark
"""What comes out of a feed."""
