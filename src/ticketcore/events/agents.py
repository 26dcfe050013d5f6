"""What can happen to an agent.  Import these from ``ticketcore.events``."""

from datetime import datetime

import attrs

from ticketcore.events.offers import WorkOffered, WorkOfferEnded
from ticketcore.model import AgentAttribute, CapacityProfile, Held, Kind, Leave, Presence, SkillLevel, WorkShift
from ticketcore.model.event import Event
from ticketcore.model.values import quick


@quick
@attrs.frozen(weakref_slot=False)
class AgentAdded(Event):
    """``agent`` joined the desk, in ``teams``, with ``skills`` and ``presence``.

    ``capacity`` is how many tickets they take at once, ``weight`` their share of work in percent of a full one, and
    ``virtual_time`` where that share begins.  ``attributes`` are those that they have, sorted by name, and ``profile``
    says how much work they take, if they have one.  ``shifts`` are those in which they are on duty.
    """

    STREAM = Kind.AGENT

    agent: str
    teams: tuple[str, ...]
    skills: tuple[SkillLevel, ...]
    capacity: int
    weight: int
    presence: Presence
    virtual_time: int
    attributes: tuple[AgentAttribute, ...] = ()
    profile: CapacityProfile | None = None
    shifts: tuple[WorkShift, ...] = ()


@quick
@attrs.frozen(weakref_slot=False)
class PresenceChanged(Event):
    """The agent came on, went off or drains: their ``presence`` from now on.

    ``virtual_time`` is where their share of work stands from now on.  ``day`` is when today began for the desk, in
    microseconds since 1970 UTC.  ``missed`` is how many offers in a row they have not answered, where that is the
    reason; else 0.
    """

    STREAM = Kind.AGENT

    presence: Presence
    virtual_time: int
    day: int = 0
    missed: int = 0


@quick
@attrs.frozen(weakref_slot=False)
class SkillsChanged(Event):
    """The agent now has these ``skills``, and no others."""

    STREAM = Kind.AGENT

    skills: tuple[SkillLevel, ...]


@quick
@attrs.frozen(weakref_slot=False)
class TeamsChanged(Event):
    """The agent now belongs to these ``teams``, and no others."""

    STREAM = Kind.AGENT

    teams: tuple[str, ...]


@quick
@attrs.frozen(weakref_slot=False)
class CapacityChanged(Event):
    """The agent now takes ``capacity`` tickets at once, or as much work as their ``profile`` says, if they have one.

    ``held`` are the tickets that they had then, of an agent with a profile.
    """

    STREAM = Kind.AGENT

    capacity: int
    profile: CapacityProfile | None = None
    held: tuple[Held, ...] = ()


@quick
@attrs.frozen(weakref_slot=False)
class AgentAttributesChanged(Event):
    """The agent now has these ``attributes``, sorted by name, and no others."""

    STREAM = Kind.AGENT

    attributes: tuple[AgentAttribute, ...]


@quick
@attrs.frozen(weakref_slot=False)
class RosterChanged(Event):
    """The agent is now on duty in these ``shifts``, and no others, but for this ``leave``, and no other."""

    STREAM = Kind.AGENT

    shifts: tuple[WorkShift, ...]
    leave: tuple[Leave, ...] = ()


@quick
@attrs.frozen(weakref_slot=False)
class Counted:
    """As what a ticket counts in the hands of an agent: one of a ``channel``, from a ``queue``.

    What was given at an instant up to ``since`` counts for no rate any more, in microseconds since 1970 UTC; None where
    there is no rate.
    """

    channel: str
    queue: str | None
    since: int | None = None


@quick
@attrs.frozen(weakref_slot=False)
class WorkTaken(Event):
    """``ticket`` fills a slot of the agent.  ``credit`` is what the assignment costs them: 0 for one that resumes.

    ``day`` is when today began for the desk, in microseconds since 1970 UTC.  ``counted`` is what the ticket counts as
    for an agent who has a profile.
    """

    STREAM = Kind.AGENT

    ticket: str
    credit: int
    day: int = 0
    counted: Counted | None = None


@quick
@attrs.frozen(weakref_slot=False)
class WorkReleased(Event):
    """``ticket`` no longer fills a slot of the agent."""

    STREAM = Kind.AGENT

    ticket: str


@quick
@attrs.frozen(weakref_slot=False)
class WrapUpBegan(Event):
    """The agent wraps up ``ticket``, which they are done with, ``until`` then at most: it fills a slot of theirs on.

    ``channel`` and ``queue`` are the ticket's.
    """

    STREAM = Kind.AGENT

    ticket: str
    until: datetime
    channel: str
    queue: str | None


@quick
@attrs.frozen(weakref_slot=False)
class WrapUpEnded(Event):
    """The agent has wrapped up ``ticket``, or their time for it is over: it no longer fills a slot of theirs."""

    STREAM = Kind.AGENT

    ticket: str


AgentEvent = (
    AgentAdded
    | PresenceChanged
    | SkillsChanged
    | TeamsChanged
    | CapacityChanged
    | AgentAttributesChanged
    | RosterChanged
    | WorkTaken
    | WorkReleased
    | WorkOffered
    | WorkOfferEnded
    | WrapUpBegan
    | WrapUpEnded
)
"""What can happen to an agent."""
