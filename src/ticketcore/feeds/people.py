"""Facts about the people who work at the desk.  What cannot be used is ``InvalidInput``, naming the field."""

import attrs

from ticketcore.checks import as_distinct, as_member, is_name, member, names, whole
from ticketcore.feeds.observed import About, Observed, is_about
from ticketcore.model import AgentAttribute, Presence, SkillLevel
from ticketcore.model.agent_attributes import agent_attributes, as_agent_attributes
from ticketcore.model.capacity import MOST_AT_ONCE
from ticketcore.model.shifts import Leave, as_leave, is_leave
from ticketcore.model.skills import as_skill_levels, skill_levels


def _presence(value: Presence | str) -> Presence:
    return as_member(Presence, value)


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
class AgentAttributesFact(Observed):
    """``agent`` has these ``attributes`` and no others: texts and whole numbers by name."""

    KIND = "agent_attributes"

    agent: str = attrs.field(validator=is_name)
    attributes: tuple[AgentAttribute, ...] = attrs.field(converter=as_agent_attributes, validator=agent_attributes)


@attrs.frozen
class CapacityFact(Observed):
    """``agent`` takes ``capacity`` tickets at once, and has no capacity profile."""

    KIND = "capacity"

    agent: str = attrs.field(validator=is_name)
    capacity: int = attrs.field(validator=whole(0, MOST_AT_ONCE))


@attrs.frozen
class CapacityProfileFact(Observed):
    """``agent`` takes as much work as the capacity ``profile`` of this id says."""

    KIND = "capacity_profile"

    agent: str = attrs.field(validator=is_name)
    profile: str = attrs.field(validator=is_name)


@attrs.frozen
class ShiftsFact(Observed):
    """``agent`` is on duty in the ``shifts`` of these ids and no others."""

    KIND = "shifts"

    agent: str = attrs.field(validator=is_name)
    shifts: tuple[str, ...] = attrs.field(converter=as_distinct, validator=names)


@attrs.frozen
class LeaveFact(Observed):
    """``agent`` has this ``leave`` and no other."""

    KIND = "leave"

    agent: str = attrs.field(validator=is_name)
    leave: tuple[Leave, ...] = attrs.field(converter=as_leave, validator=is_leave)


@attrs.frozen
class WrappedUpFact(Observed):
    """``agent`` has wrapped up the ticket ``about``, which they were done with: the room that it took is free."""

    KIND = "wrapped_up"

    about: About = attrs.field(validator=is_about)
    agent: str = attrs.field(validator=is_name)


PersonFact = (
    PresenceFact
    | SkillsFact
    | TeamsFact
    | AgentAttributesFact
    | CapacityFact
    | CapacityProfileFact
    | ShiftsFact
    | LeaveFact
)
"""What is told of an agent."""
