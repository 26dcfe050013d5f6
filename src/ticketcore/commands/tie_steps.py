"""What the turns that merge, split, delete and link tickets ask of the rules.

In each, ``actor`` is who asks.
"""

from datetime import datetime

import attrs

from ticketcore.model import Actor, Deletion, Relation, SplitClocks, Strand


@attrs.frozen
class Wake:
    """A ``ticket`` moves as by its customer's message, since the customer of what was merged into it waits."""

    ticket: str
    actor: Actor


@attrs.frozen
class Rise:
    """A merged ``ticket`` is one of its own again, made of the ``strands``."""

    ticket: str
    strands: tuple[Strand, ...]
    actor: Actor


@attrs.frozen
class SplitOff:
    """Some ``messages`` of a ``ticket`` become the ticket ``into``, of the ``contact`` in the ``conversation``.

    ``waiting_since`` and ``last_message_at`` are those of the new one, ``left_waiting_since`` is the old one's;
    ``subject`` is the id of a Text.  ``clocks`` says from when its clocks count.
    """

    ticket: str
    into: str
    messages: tuple[str, ...]
    contact: str
    conversation: str
    subject: str | None
    waiting_since: datetime | None
    last_message_at: datetime
    left_waiting_since: datetime | None
    actor: Actor
    clocks: SplitClocks = SplitClocks.NEW


@attrs.frozen
class JoinAgain:
    """A ``ticket`` that was split off is a part of the one that it came from again.

    Its ``messages`` go back, and ``strands`` are what it keeps.  ``waiting_since`` is since when the customer waits in
    those that go back.
    """

    ticket: str
    messages: tuple[str, ...]
    strands: tuple[Strand, ...]
    waiting_since: datetime | None
    actor: Actor


@attrs.frozen
class Erase:
    """A ``ticket`` is deleted with its ``parts``, because of a ``cause``; its ``kin`` are told.

    The parts are all that was merged into it, and kin those that were split off from these, or from which these were.
    ``with_parts`` says that whoever asks knows of the parts.
    """

    ticket: str
    parts: tuple[str, ...]
    kin: tuple[str, ...]
    cause: Deletion
    actor: Actor
    with_parts: bool


@attrs.frozen
class TellLinked:
    """A ``ticket`` is told where the ``other`` one stands, to which it is this ``relation``, and is solved with it.

    Not so with ``only_tell``, for what the ticket that has the link was merged into.
    """

    ticket: str
    relation: Relation
    other: str
    actor: Actor
    only_tell: bool = False


TieStep = Wake | Rise | SplitOff | JoinAgain | Erase | TellLinked
"""What is asked about tickets that are merged, split, deleted or linked."""
