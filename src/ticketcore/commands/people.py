"""What can be asked about one agent.  Import these from ``ticketcore.commands``.

What cannot be used is ``InvalidInput`` naming the field, when a command is made.
"""

import attrs

from ticketcore.checks import as_member, as_tuple, instance, is_name, is_optional_name, member, names, whole
from ticketcore.model import Actor, AgentAttribute, Presence, SkillLevel
from ticketcore.model.agent_attributes import agent_attributes, as_agent_attributes
from ticketcore.model.shifts import Leave, as_leave, is_leave
from ticketcore.model.skills import as_skill_levels, skill_levels


def _presence(value: Presence | str) -> Presence:
    return as_member(Presence, value)


@attrs.frozen
class AgentCommand:
    """A command about one ``agent``, by the id, from an ``actor``."""

    agent: str = attrs.field(validator=is_name)
    actor: Actor = attrs.field(validator=instance(Actor))


@attrs.frozen
class SetPresence(AgentCommand):
    """The agent's ``presence`` changes: they come on, drain, are away or go off."""

    presence: Presence = attrs.field(converter=_presence, validator=member(Presence))


@attrs.frozen
class SetSkills(AgentCommand):
    """The agent has these ``skills`` and no others; the next decision knows."""

    skills: tuple[SkillLevel, ...] = attrs.field(converter=as_skill_levels, validator=skill_levels)


@attrs.frozen
class SetTeams(AgentCommand):
    """The agent belongs to these ``teams`` and no others; the next decision knows."""

    teams: tuple[str, ...] = attrs.field(converter=as_tuple, validator=names)


@attrs.frozen
class SetCapacity(AgentCommand):
    """The agent takes ``capacity`` tickets at once, from 0 to 10,000, and has no capacity profile."""

    capacity: int = attrs.field(validator=whole(0, 10_000))


@attrs.frozen
class SetAgentAttributes(AgentCommand):
    """The agent has these ``attributes`` and no others, by name; the next decision knows."""

    attributes: tuple[AgentAttribute, ...] = attrs.field(converter=as_agent_attributes, validator=agent_attributes)


@attrs.frozen
class SetCapacityProfile(AgentCommand):
    """The agent takes as much work as the capacity ``profile`` of this id says."""

    profile: str = attrs.field(validator=is_name)


@attrs.frozen
class SetShifts(AgentCommand):
    """The agent is on duty in the ``shifts`` of these ids, and no others: they come on and go off with them.

    What somebody says by hand of their presence stands until the next shift begins or ends.
    """

    shifts: tuple[str, ...] = attrs.field(converter=as_tuple, validator=names)


@attrs.frozen
class SetLeave(AgentCommand):
    """The agent has this ``leave`` and no other: they go off when it begins, and are back in their shifts when it ends.

    Who has no shifts comes back by hand.
    """

    leave: tuple[Leave, ...] = attrs.field(converter=as_leave, validator=is_leave)


@attrs.frozen
class EndWrapUp(AgentCommand):
    """The agent has wrapped up the ``ticket`` of this id, or all that they are wrapping up, before their time for it
    is over; nothing when they are not.
    """

    ticket: str | None = attrs.field(default=None, validator=is_optional_name)


@attrs.frozen
class FinishWrapUps(AgentCommand):
    """The agent's time to wrap something up is over.  What a turn asks of the rules, not for ``Desk.handle``."""


@attrs.frozen
class FollowShift(AgentCommand):
    """A shift or leave of the agent begins or ends.  What a turn asks of the rules, not for ``Desk.handle``."""
