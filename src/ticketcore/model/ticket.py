"""A ticket: one customer request, tracked from its first message until it is closed."""

from datetime import datetime
from enum import IntEnum, StrEnum

import attrs

from ticketcore.checks import as_member
from ticketcore.model.alarms import Alarm, AlarmKind
from ticketcore.model.attribute_values import AttributeValue
from ticketcore.model.links import Relation, Strand, TicketLink
from ticketcore.model.offer import Exclusion
from ticketcore.model.reopening import Solution
from ticketcore.model.skills import SkillLevel
from ticketcore.model.values import quick


class Category(StrEnum):
    """What a state means to the rules, whatever a company calls the state.

    ``NEW``: nobody has had it yet.  ``OPEN``: somebody has to work on it.  ``PENDING``: the customer has the next
    word.  ``ON_HOLD``: we wait for somebody else.  ``SOLVED``: the customer has what they asked for.  ``CLOSED``: it
    is over for good.
    """

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"


ACTIVE = (Category.NEW, Category.OPEN)
"""Where somebody has to work on a ticket now, so that it fills a slot of its agent."""


_ACTIVE = frozenset(ACTIVE)


class Move(StrEnum):
    """The ways a ticket goes from one state to another; the table is in ``ticketcore.lifecycle``.

    ``OPEN`` begins it, ``ASSIGN`` gives it an agent, ``REPLY`` is the customer's message.  ``PEND`` waits for the
    customer and ``HOLD`` for somebody else, until ``RESUME``.  ``SOLVE`` says that it is done, ``REOPEN`` that it was
    not, and ``CLOSE`` ends it.  ``MERGE`` makes it a part of another ticket, whatever its state, ``UNMERGE`` takes
    it back to where it was, and ``DELETE`` leaves nothing of it but its number: no workflow declares these three.
    """

    OPEN = "open"
    ASSIGN = "assign"
    REPLY = "reply"
    PEND = "pend"
    HOLD = "hold"
    RESUME = "resume"
    SOLVE = "solve"
    REOPEN = "reopen"
    CLOSE = "close"
    MERGE = "merge"
    UNMERGE = "unmerge"
    DELETE = "delete"


def as_move(value: Move | str | None) -> Move | None:
    """The move of that name, if it is one: a converter, for a validator to refuse the rest."""
    return None if value is None else as_member(Move, value)


MERGED = "merged"
"""The state of a ticket that was merged into another, in every workflow; its category is closed."""


DELETED = "deleted"
"""The state of a ticket that was deleted, in every workflow; its category is closed."""


class Deletion(StrEnum):
    """Why a ticket was deleted.

    ``ASKED``: somebody of whom it tells asked for that.  ``EXPIRED``: it was kept for as long as such are.
    ``UNWANTED``: it was nothing that anybody asked for, such as advertising.  ``MISTAKEN``: it should never have been
    one.
    """

    ASKED = "asked"
    EXPIRED = "expired"
    UNWANTED = "unwanted"
    MISTAKEN = "mistaken"


class Loss(StrEnum):
    """Why a ticket lost its agent.

    ``ASKED``: somebody took it away.  ``TRANSFERRED``: it changed queues.  ``LEFT_TEAM``: the agent left the team that
    serves its queue.  Or it became active again while the agent was not available (``PRESENCE``), had no room
    (``CAPACITY``), or was being changed by another writer (``CONTENDED``).
    """

    ASKED = "asked"
    TRANSFERRED = "transferred"
    LEFT_TEAM = "left_team"
    PRESENCE = "presence"
    CAPACITY = "capacity"
    CONTENDED = "contended"


class Priority(IntEnum):
    """How urgent a ticket is: ``LOW`` (1), ``NORMAL``, ``HIGH`` or ``URGENT`` (4).  One without was never rated."""

    LOW = 1
    NORMAL = 2
    HIGH = 3
    URGENT = 4


def as_priority(value: Priority | int | None) -> Priority | None:
    """The priority of that number, if it is one: a converter, for a validator to refuse the rest."""
    return None if value is None else as_member(Priority, value)


@quick
@attrs.frozen(weakref_slot=False)
class Origin:
    """What a ticket was opened with, and hardly ever changes.

    ``type`` is the id of its ticket type, which a hand-over may change.  ``contact`` is the customer who asked,
    ``conversation`` where it began and ``channel`` on which kind of channel, ``opened_at`` when, in UTC.  ``subject``
    is the id of a Text record, which is the ticket's own.  ``attributes`` are the values of its attributes, in the
    order of their ids; those of a list one after the other.  ``follow_up_of`` is the closed ticket that it goes on
    from, if any.
    """

    type: str
    contact: str
    conversation: str
    channel: str
    subject: str | None
    attributes: tuple[AttributeValue, ...]
    opened_at: datetime
    follow_up_of: str | None


@quick
@attrs.frozen
class Woken:
    """A ticket as it was before a merge moved it, since the other's customer waited.

    ``ticket`` is its id; ``state``, ``category``, ``waiting_since``, ``assignee`` and ``solution`` are those of
    ``Ticket``, and ``alarms`` those that the move ended.
    """

    ticket: str
    state: str
    category: Category
    waiting_since: datetime | None
    assignee: str | None
    solution: Solution | None = None
    alarms: tuple[Alarm, ...] = ()


@quick
@attrs.frozen
class Tombstone:
    """That a ticket is now a part of the ticket ``into``, since the instant ``at``, in UTC.

    ``state`` and ``category`` are those that it had; ``woken`` is the survivor as it was, if it was moved.
    ``undoes_split`` says that it was split off from there, and that this was taken back.
    """

    into: str
    state: str
    category: Category
    at: datetime
    woken: Woken | None = None
    undoes_split: bool = False


@quick
@attrs.frozen
class Ties:
    """What ties a ticket to others.

    ``merged`` says into which it was merged, if it was.  ``strands`` are the tickets that it is made of, itself first,
    or none while that is itself alone.  ``links`` are the others, in the order in which they were made.  ``deleted``
    says why it was deleted, itself or what it was a part of; None for one that was not.
    """

    merged: Tombstone | None = None
    strands: tuple[Strand, ...] = ()
    links: tuple[TicketLink, ...] = ()
    deleted: Deletion | None = None


@quick
@attrs.frozen(weakref_slot=False)
class Ticket:
    """One ticket as its history leaves it.  All instants are in UTC.

    ``number`` is what people call it, counted per tenant; ``id`` is opaque; ``version`` counts its events.
    ``state`` is its place in the lifecycle, and ``category`` what that means to the rules.  ``origin`` is what hardly
    ever changes.  ``priority`` is None until it is rated; ``tags`` are sorted.  ``queue`` is where it waits for an
    agent, None before it is routed.  ``needs`` are the skills that its agent must have, and ``requirement`` is what
    else is asked of them, as ``model.requirement_notation`` writes it.  ``assignee`` is the agent who has it.
    ``previous`` is the agent whom it goes back to if possible, who lost it while it slept; ``excluded`` are those whom
    it is kept from.  ``routing_origin`` is when it last began to wait for an agent, and does not move when it is
    handed back.  ``waiting_since`` is when the customer wrote what nobody has answered yet, ``last_message_at`` the
    last message that the customer has seen or sent, ``state_since`` the last change of state, ``updated_at`` the last
    event.
    ``focused`` are the agents who have it open, in the order in which they opened it.
    ``solution`` is when it was last solved, and by whom; None before it was.  An automatic message is none that
    ``waiting_since`` or ``last_message_at`` speak of.  ``alarms`` are what time is to do to it, the next one first.
    ``ties`` are what ties it to other tickets; None for one that nothing does.
    """

    id: str
    version: int
    number: int
    state: str
    category: Category
    origin: Origin
    priority: Priority | None
    tags: tuple[str, ...]
    queue: str | None
    needs: tuple[SkillLevel, ...]
    assignee: str | None
    previous: str | None
    excluded: tuple[Exclusion, ...]
    routing_origin: datetime
    waiting_since: datetime | None
    last_message_at: datetime
    state_since: datetime
    updated_at: datetime
    focused: tuple[str, ...] = ()
    solution: Solution | None = None
    alarms: tuple[Alarm, ...] = ()
    ties: Ties | None = None
    requirement: str | None = None

    @property
    def type(self) -> str:
        """The id of its ticket type."""
        return self.origin.type

    @property
    def contact(self) -> str:
        """The id of the customer who asked."""
        return self.origin.contact

    @property
    def conversation(self) -> str:
        """The id of the conversation in which it was opened."""
        return self.origin.conversation

    @property
    def channel(self) -> str:
        """The channel on which it was opened."""
        return self.origin.channel

    @property
    def subject(self) -> str | None:
        """The id of the Text that holds its subject, if it has one."""
        return self.origin.subject

    @property
    def attributes(self) -> tuple[AttributeValue, ...]:
        """The values of its attributes."""
        return self.origin.attributes

    @property
    def opened_at(self) -> datetime:
        """When it was opened."""
        return self.origin.opened_at

    @property
    def tombstone(self) -> Tombstone | None:
        """Which ticket it is a part of now, and what it was before; None for a ticket of its own."""
        return None if self.ties is None else self.ties.merged

    @property
    def merged_into(self) -> str | None:
        """The ticket that it was merged into, which may have been merged itself; None for one that was not."""
        return None if self.ties is None or self.ties.merged is None else self.ties.merged.into

    @property
    def is_deleted(self) -> bool:
        """Whether it was deleted, itself or what it was a part of: it has no words any more."""
        return self.ties is not None and self.ties.deleted is not None

    @property
    def homes(self) -> tuple[str, ...]:
        """The ids of the tickets whose messages are its: its own, then those of what was merged into it."""
        if self.ties is None or not self.ties.strands:
            return (self.id,)
        return tuple(strand.ticket for strand in self.ties.strands)

    @property
    def links(self) -> tuple[TicketLink, ...]:
        """Its links to other tickets."""
        return () if self.ties is None else self.ties.links

    def linked(self, relation: Relation) -> tuple[str, ...]:
        """The ids of the tickets to which it is this: of those that it is a child of, say."""
        return tuple(link.other for link in self.links if link.relation is relation)

    @property
    def is_active(self) -> bool:
        """Whether somebody has to work on it now: it is new or open, and so fills a slot of its agent."""
        return self.category in ACTIVE

    @property
    def queued_since(self) -> datetime | None:
        """Since when it has waited in its queue for an agent, or None when it does not."""
        if self.assignee is not None or self.queue is None or not self.is_active:
            return None
        return self.routing_origin

    @property
    def offer(self) -> Alarm | None:
        """What ends the offer of it that is open: its ``agent``, and until when it is ``due``; None for no offer."""
        for alarm in self.alarms:
            if alarm.kind is AlarmKind.OFFER:
                return alarm
        return None

    @property
    def sought_since(self) -> datetime | None:
        """The same as ``queued_since``, but None while it is offered to somebody."""
        if self.assignee is not None or self.queue is None or self.category not in _ACTIVE:
            return None
        return None if self.alarms and self.offer is not None else self.routing_origin

    @property
    def holders(self) -> tuple[str, ...]:
        """Those a slot of whom it may fill: who has it, and who was offered it."""
        if self.assignee is not None:
            return (self.assignee,)
        offer = self.offer
        return () if offer is None or offer.agent is None else (offer.agent,)

    @property
    def kept_from(self) -> tuple[str, ...]:
        """The ids of those whom it is kept from."""
        return tuple([exclusion.agent for exclusion in self.excluded])
