"""What all facts have: where one is written, when it happened, what makes it itself, and how it names a ticket."""

import json
from collections.abc import Hashable
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar

import attrs

from ticketcore.checks import instant, is_name, whole
from ticketcore.errors import InvalidInput
from ticketcore.model import AgentAttribute, Leave, SkillLevel
from ticketcore.model.message import File

MAX_NUMBER = 2**63 - 1
"""The highest number of a ticket."""

_to_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


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


def is_about(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: a way to name a ticket.  ``InvalidInput`` otherwise."""
    if not isinstance(value, About):
        raise InvalidInput(f"{type(owner).__name__}.{attribute.name}", f"must name a ticket, not {value!r}")


def _at(value: datetime) -> datetime:
    return instant(value, "at")


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
        return (self.KIND, self.at.isoformat(), *map(plain, said))

    @property
    def key(self) -> str:
        """What is the same whenever this fact is read again: a SHA-256 in hexadecimal.

        A message with an id has it from channel, account and id alone.  Any other fact has it from all that it says,
        its instant and ``nth``, so equal lines are distinct facts.
        """
        return sha256(_to_text([self.nth, self.identity]).encode()).hexdigest()


def plain(value: object) -> Hashable:
    """A field's value as texts, numbers and tuples of them, which JSON writes in one way."""
    if isinstance(value, File):
        return (value.name, value.media_type, sha256(value.content).hexdigest())
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if isinstance(value, Leave):
        return (value.start.isoformat(), value.end.isoformat())
    if isinstance(value, SkillLevel | AgentAttribute | About):
        return (type(value).__name__, *attrs.astuple(value))
    return value
