"""The rules for agents and for the configuration that declares them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from ticketcore.assignment import mean_virtual_time
from ticketcore.commands import (
    AddAgent,
    Adopt,
    Configure,
    EndWrapUp,
    FinishWrapUps,
    FollowShift,
    SetAgentAttributes,
    SetCapacity,
    SetCapacityProfile,
    SetLeave,
    SetPresence,
    SetShifts,
    SetSkills,
    SetTeams,
)
from ticketcore.decide.people import (
    change_roster,
    end_wrap_up,
    follow_shift,
    following,
    profile_named,
    set_capacity,
    set_presence,
    set_profile,
    shifts_named,
)
from ticketcore.decide.slots import wrapped_up
from ticketcore.errors import InvalidInput, Reason, Refused
from ticketcore.events import (
    AgentAdded,
    AgentAttributesChanged,
    ConfigurationChanged,
    Event,
    SkillsChanged,
    TeamsChanged,
)
from ticketcore.facts import Facts
from ticketcore.lifecycle import HouseRules, check_guards
from ticketcore.model import Actor, Agent, AgentProfile, Configuration, Kind, Migration, Presence, Stream, Terms

CONFIGURATION = Stream(Kind.CONFIGURATION, "current")
"""The stream of the changes of a tenant's configuration."""

AgentDecidable = (
    SetPresence
    | SetSkills
    | SetTeams
    | SetCapacity
    | SetCapacityProfile
    | SetAgentAttributes
    | SetShifts
    | SetLeave
    | FollowShift
    | EndWrapUp
    | FinishWrapUps
)
"""The commands that change one agent."""


def add_agent(
    configuration: Configuration, facts: Facts, command: AddAgent, at: datetime
) -> Mapping[Stream, tuple[Event, ...]]:
    """Somebody joins, at the pool's mean of virtual time.

    ``Refused`` when there is one of that id, ``InvalidInput`` for teams, skills, attributes, shifts and a profile
    that do not exist.
    """
    profile = command.profile
    if facts.knows(Kind.AGENT, profile.id):
        raise Refused("AddAgent", (Reason("agent_exists", profile.id),))
    _known("AgentProfile.teams", profile.teams, (team.id for team in configuration.teams))
    _known("AgentProfile.skills", (item.skill for item in profile.skills), configuration.known_skills)
    named = (item.name for item in profile.attributes)
    _known("AgentProfile.attributes", named, configuration.known_agent_attributes)
    return {Stream(Kind.AGENT, profile.id): (_added(configuration, profile, facts.agents(), command.actor, at),)}


def configure(
    configuration: Configuration, facts: Facts, command: Configure | Adopt, at: datetime, house: HouseRules
) -> Mapping[Stream, tuple[Event, ...]]:
    """The next version of the configuration; agents that it declares and nobody knows join.

    ``InvalidInput`` for a guard that nobody defines, ``Refused`` while tickets are in a state that it has not, and it
    does not say which replaces it.
    """
    check_guards(command.configuration, house)
    migrations = command.migrations if isinstance(command, Adopt) else ()
    astray = [one for one in migrations if one.target is None]
    if astray:
        raise Refused("Configure", tuple(Reason("state_in_use", _counted(one)) for one in astray))
    changed = ConfigurationChanged(at, command.actor, configuration.version + 1, migrations)
    changes: dict[Stream, tuple[Event, ...]] = {CONFIGURATION: (changed,)}
    pool = facts.agents()
    for id, events in following(facts, command.configuration, command.actor, at).items():
        changes[Stream(Kind.AGENT, id)] = events
    for profile in command.configuration.agents:
        if not facts.knows(Kind.AGENT, profile.id):
            added = _added(command.configuration, profile, pool, command.actor, at)
            changes[Stream(Kind.AGENT, profile.id)] = (added,)
    return changes


def _counted(migration: Migration) -> str:
    number = f"{migration.tickets} ticket{'' if migration.tickets == 1 else 's'}"
    return f"{migration.source}: {number} of {migration.type}"


def change_agent(
    configuration: Configuration, facts: Facts, command: AgentDecidable, at: datetime
) -> Mapping[Stream, tuple[Event, ...]]:
    """What the command changes about the agent; nothing when they are so already."""
    agent = facts.agent(command.agent)
    events = _agent_events(configuration, facts, agent, command, at)
    return {Stream(Kind.AGENT, agent.id): events} if events else {}


def _agent_events(
    configuration: Configuration, facts: Facts, agent: Agent, command: AgentDecidable, at: datetime
) -> tuple[Event, ...]:
    match command:
        case SetPresence(_, actor, presence):
            return set_presence(facts.agents(), facts.day, agent, presence, actor, at)
        case SetSkills(_, actor, skills):
            _known("SetSkills.skills", (item.skill for item in skills), configuration.known_skills)
            return () if skills == agent.skills else (SkillsChanged(at, actor, skills),)
        case SetTeams(_, actor, teams):
            _known("SetTeams.teams", teams, (team.id for team in configuration.teams))
            return () if teams == agent.teams else (TeamsChanged(at, actor, teams),)
        case SetCapacity():
            return set_capacity(agent, command, at)
        case SetCapacityProfile():
            return set_profile(configuration, facts, agent, command, at)
        case SetAgentAttributes(_, actor, attributes):
            named = (item.name for item in attributes)
            _known("SetAgentAttributes.attributes", named, configuration.known_agent_attributes)
            same = attributes == agent.arranged.attributes
            return () if same else (AgentAttributesChanged(at, actor, attributes),)
        case SetShifts() | SetLeave():
            return change_roster(configuration, facts, agent, command, at)
        case FollowShift():
            return follow_shift(facts, agent, command, at)
        case EndWrapUp():
            return end_wrap_up(agent, command, at)
        case FinishWrapUps(_, actor):
            return wrapped_up(agent, actor, at)


def _added(
    configuration: Configuration, profile: AgentProfile, pool: Iterable[Agent], actor: Actor, at: datetime
) -> AgentAdded:
    id, shifts = profile.capacity_profile, shifts_named(configuration, profile.shifts, "AgentProfile.shifts")
    on_duty = Terms(shifts=shifts).on_duty(at)
    presence = {None: profile.presence, True: Presence.AVAILABLE, False: Presence.OFFLINE}[on_duty]
    return AgentAdded(
        at,
        actor,
        agent=profile.id,
        teams=profile.teams,
        skills=profile.skills,
        capacity=profile.capacity,
        weight=profile.weight,
        presence=presence,
        virtual_time=mean_virtual_time(pool) or 0,
        attributes=profile.attributes,
        profile=None if id is None else profile_named(configuration, id, "AgentProfile.capacity_profile"),
        shifts=shifts,
    )


def _known(field: str, wanted: Iterable[str], known: Iterable[str]) -> None:
    declared = frozenset(known)
    for item in wanted:
        if item not in declared:
            raise InvalidInput(field, f"no {item!r} is declared")
