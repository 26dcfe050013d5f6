"""Facts: what happened at a desk, as a feed tells it, one value each.

A fact says what somebody outside did; what comes of it is for the desk to decide.  Who reads a feed twice, or a longer
version of it, knows what is new by ``key``.  What cannot be read is a ``Rejection``, and what is worth telling but
no fault is a ``Remark``.
"""

import json
from collections.abc import Hashable
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar

import attrs

from ticketcore.checks import (
    as_distinct,
    as_member,
    as_tuple,
    each,
    instance,
    instant,
    is_name,
    is_words,
    member,
    names,
    whole,
)
from ticketcore.errors import InvalidInput
from ticketcore.model import Inbound, Move, Presence, SkillLevel
from ticketcore.model.message import File
from ticketcore.model.skills import as_skill_levels, skill_levels

MAX_NUMBER = 2**63 - 1
"""The highest number of a ticket."""

_to_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_optional_name = attrs.validators.optional(is_name)


@attrs.frozen
class TicketNumber:
    """The ticket with this ``number``.  Raises ``InvalidInput`` naming the field."""

    number: int = attrs.field(validator=whole(1, MAX_NUMBER))

    def __str__(self) -> str:
        return f"with the number {self.number}"


@attrs.frozen
class AnsweredMessage:
    """The ticket of the message whose id ``answers`` is, on our ``account`` on a ``channel``.

    Raises ``InvalidInput`` naming the field.
    """

    channel: str = attrs.field(validator=is_name)
    account: str = attrs.field(validator=is_name)
    answers: str = attrs.field(validator=is_name)

    def __str__(self) -> str:
        return f"of the message {self.answers!r} on {self.channel} ({self.account})"


@attrs.frozen
class ThreadOf:
    """The ticket that a customer's thread is about now: ``contact`` is their address, written from to our ``account``
    on a ``channel``.  On e-mail, where a customer has many threads, the newest of theirs.

    Raises ``InvalidInput`` naming the field.
    """

    channel: str = attrs.field(validator=is_name)
    account: str = attrs.field(validator=is_name)
    contact: str = attrs.field(validator=is_name)

    def __str__(self) -> str:
        return f"of {self.contact!r} on {self.channel} ({self.account})"


About = TicketNumber | AnsweredMessage | ThreadOf
"""Which ticket a fact is about."""


def _is_about(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, About):
        raise InvalidInput(f"{type(owner).__name__}.{attribute.name}", f"must name a ticket, not {value!r}")


def _at(value: datetime) -> datetime:
    return instant(value, "at")


def _presence(value: Presence | str) -> Presence:
    return as_member(Presence, value)


def _move(value: Move | str | None) -> Move | None:
    return None if value is None else as_member(Move, value)


@attrs.frozen
class Observed:
    """Something that happened: where it is written, and when it was.

    ``source`` is the name of the file as it was given, ``line`` the line of it, from 1, if it has lines.  ``at`` is
    in UTC.  ``nth`` counts the facts in the same source before this one that are equal to it but for the line.
    ``KIND`` is what the fact is called in a line of JSON.

    Raises ``InvalidInput`` naming the field.
    """

    KIND: ClassVar[str]

    source: str
    line: int | None
    at: datetime = attrs.field(converter=_at)
    nth: int = attrs.field(default=0, kw_only=True)

    @property
    def identity(self) -> Hashable:
        """What makes it this fact and no other, but for ``nth``: all that it says, and not where it is written."""
        said = [getattr(self, field.name) for field in attrs.fields(type(self))[4:]]
        return (self.KIND, self.at.isoformat(), *map(_plain, said))

    @property
    def key(self) -> str:
        """What is the same whenever this fact is read again: a SHA-256 in hexadecimal.

        A message with an id has it from channel, account and id alone.  Any other fact has it from all that it says,
        its instant and ``nth``, so equal lines are distinct facts.
        """
        return sha256(_to_text([self.nth, self.identity]).encode()).hexdigest()


def _plain(value: object) -> Hashable:
    """A field's value as texts, numbers and tuples of them, which JSON writes in one way."""
    if isinstance(value, File):
        return (value.name, value.media_type, sha256(value.content).hexdigest())
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, SkillLevel | About):
        return (type(value).__name__, *attrs.astuple(value))
    return value


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
        return (self.KIND, self.at.isoformat(), *(_plain(getattr(said, name)) for name in _SAID), *kind, *whose)


_NOT_SAID = ("external_id", "sent_at", "type", "organisation", "bounce")
"""What is no part of the key of a message, or only where it is said."""

_SAID = tuple(name for name in attrs.fields_dict(Inbound) if name not in _NOT_SAID)


@attrs.frozen
class ReplyFact(Observed):
    """We answered: ``agent`` wrote ``text``, with ``attachments``, on the ticket ``about``.

    Without ``agent`` it was whoever has the ticket.  ``id`` is the provider's of the message that was sent.  ``then``
    moved the ticket in the same breath: pend, hold or solve.
    """

    KIND = "reply"

    about: About = attrs.field(validator=_is_about)
    text: str = attrs.field(validator=is_words)
    agent: str | None = attrs.field(default=None, validator=_optional_name)
    id: str | None = attrs.field(default=None, validator=_optional_name)
    then: Move | None = attrs.field(default=None, converter=_move, validator=attrs.validators.optional(member(Move)))
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

    about: About = attrs.field(validator=_is_about)
    text: str = attrs.field(validator=is_words)
    agent: str | None = attrs.field(default=None, validator=_optional_name)


@attrs.frozen
class ResolveFact(Observed):
    """``agent``, or without one whoever has it, said that the ticket ``about`` is solved."""

    KIND = "resolve"

    about: About = attrs.field(validator=_is_about)
    agent: str | None = attrs.field(default=None, validator=_optional_name)


@attrs.frozen
class TagsFact(Observed):
    """The ticket ``about`` got the tags ``add`` and lost the tags ``remove``; one in both is lost."""

    KIND = "tags"

    about: About = attrs.field(validator=_is_about)
    add: tuple[str, ...] = attrs.field(default=(), converter=as_distinct, validator=names)
    remove: tuple[str, ...] = attrs.field(default=(), converter=as_distinct, validator=names)


@attrs.frozen
class PresenceFact(Observed):
    """The ``presence`` of ``agent`` changed."""

    KIND = "presence"

    agent: str = attrs.field(validator=is_name)
    presence: Presence = attrs.field(converter=_presence, validator=member(Presence))


@attrs.frozen
class SkillsFact(Observed):
    """``agent`` has these ``skills`` and no others."""

    KIND = "skills"

    agent: str = attrs.field(validator=is_name)
    skills: tuple[SkillLevel, ...] = attrs.field(converter=as_skill_levels, validator=skill_levels)


@attrs.frozen
class TeamsFact(Observed):
    """``agent`` belongs to these ``teams`` and no others."""

    KIND = "teams"

    agent: str = attrs.field(validator=is_name)
    teams: tuple[str, ...] = attrs.field(converter=as_distinct, validator=names)


@attrs.frozen
class FocusFact(Observed):
    """``agent`` opened the ticket ``about``, or left it when ``open`` is False."""

    KIND = "focus"

    about: About = attrs.field(validator=_is_about)
    agent: str = attrs.field(validator=is_name)
    open: bool = attrs.field(validator=instance(bool))


Fact = (
    MessageFact
    | ReplyFact
    | NoteFact
    | ResolveFact
    | TagsFact
    | PresenceFact
    | SkillsFact
    | TeamsFact
    | FocusFact
)  # fmt: skip
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
