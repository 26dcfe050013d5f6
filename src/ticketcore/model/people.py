"""The people at a desk as a configuration declares them.  What cannot be used is ``InvalidInput`` naming the field."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import attrs

from ticketcore.checks import as_member, as_tuple, is_name, is_optional_name, is_words, meant, member, names, whole
from ticketcore.errors import InvalidInput
from ticketcore.model.agent import Presence
from ticketcore.model.agent_attributes import AgentAttribute, agent_attributes, as_agent_attributes
from ticketcore.model.capacity import CapacityProfile
from ticketcore.model.rules import DEFAULT
from ticketcore.model.skills import SkillLevel, as_skill_levels, skill_levels


def _presence(value: Presence | str) -> Presence:
    return as_member(Presence, value)


@attrs.frozen
class AgentProfile:
    """An agent as declared: what a desk starts with.  What changes later stands in the Agent.

    ``id`` is what the desk calls the agent, ``name`` what people do.  ``teams`` are ids of teams, ``skills`` names of
    skills, each with a level of 1 unless a mapping gives one.  ``capacity`` is how many tickets at once (0 to 10,000),
    ``weight`` the share of work in percent of a full one (50 for half days; 1 to 1,000), ``presence`` what the agent
    is until told otherwise.  ``addresses`` are those from which nobody but the agent may write.  ``attributes`` are
    texts and whole numbers by name, which requirements compare.  ``capacity_profile`` is the id of a profile that says
    how much work they take, in the place of ``capacity``.  ``shifts`` are ids of those in which they are on duty: they
    come on and go off with them, and ``presence`` counts for nobody who has any.
    """

    id: str = attrs.field(validator=is_name)
    name: str = attrs.field(default="", validator=is_words)
    teams: tuple[str, ...] = attrs.field(default=(DEFAULT,), converter=as_tuple, validator=names)
    skills: tuple[SkillLevel, ...] = attrs.field(default=(), converter=as_skill_levels, validator=skill_levels)
    capacity: int = attrs.field(default=5, validator=whole(0, 10_000))
    weight: int = attrs.field(default=100, validator=whole(1, 1_000))
    presence: Presence = attrs.field(default=Presence.AVAILABLE, converter=_presence, validator=member(Presence))
    addresses: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    attributes: tuple[AgentAttribute, ...] = attrs.field(
        default=(), converter=as_agent_attributes, validator=agent_attributes
    )
    capacity_profile: str | None = attrs.field(default=None, validator=is_optional_name)
    shifts: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)


class Arrangements(NamedTuple):
    """What agents may name: ``teams``, ``skills``, ``attributes`` capacity ``profiles`` and ``shifts``, by id."""

    teams: Collection[str]
    skills: Collection[str]
    attributes: Collection[str]
    profiles: Collection[str]
    shifts: Collection[str]


def check_agents(agents: Sequence[AgentProfile], known: Arrangements) -> None:
    """Refuse agents that name what there is not: ``InvalidInput`` names the field."""
    for i, agent in enumerate(agents):
        where = f"Configuration.agents[{i}]"
        _all_known(f"{where}.teams", "team", agent.teams, known.teams)
        _all_known(f"{where}.skills", "skill", (item.skill for item in agent.skills), known.skills)
        _all_known(f"{where}.attributes", "attribute", (item.name for item in agent.attributes), known.attributes)
        _all_known(f"{where}.shifts", "shift", agent.shifts, known.shifts)
        if agent.capacity_profile is not None and agent.capacity_profile not in known.profiles:
            reason = f"no profile {agent.capacity_profile!r} is declared{meant(agent.capacity_profile, known.profiles)}"
            raise InvalidInput(f"{where}.capacity_profile", reason)


def check_profiles(profiles: Sequence[CapacityProfile], queues: Collection[str]) -> None:
    """Refuse profiles that limit queues that there are not: ``InvalidInput`` names the field."""
    for i, profile in enumerate(profiles):
        named = (item.of for item in profile.queue_limits)
        _all_known(f"Configuration.capacity_profiles[{i}].queue_limits", "queue", named, queues)


def _all_known(field: str, kind: str, wanted: Iterable[str], known: Collection[str]) -> None:
    for i, item in enumerate(wanted):
        if item not in known:
            raise InvalidInput(f"{field}[{i}]", f"no {kind} {item!r} is declared{meant(item, known)}")
