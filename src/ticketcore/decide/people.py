"""The rules for what is arranged with agents: how much work they take."""

from collections.abc import Iterable
from datetime import datetime

from ticketcore.checks import meant
from ticketcore.commands import SetCapacity, SetCapacityProfile
from ticketcore.errors import InvalidInput
from ticketcore.events import AgentEvent, CapacityChanged
from ticketcore.facts import Facts
from ticketcore.model import Actor, Agent, CapacityProfile, Configuration, Held


def set_capacity(agent: Agent, command: SetCapacity, at: datetime) -> AgentEvent | None:
    """So many tickets at once, and no profile any more; None when it is so already."""
    if command.capacity == agent.capacity and agent.arranged.profile is None:
        return None
    return CapacityChanged(at, command.actor, command.capacity)


def set_profile(
    configuration: Configuration, facts: Facts, agent: Agent, command: SetCapacityProfile, at: datetime
) -> AgentEvent | None:
    """As much as a profile says, of what the agent has too; None when it is so already.

    The tickets that they have are among the facts, unless they have a profile already.
    """
    profile = profile_named(configuration, command.profile, "SetCapacityProfile.profile")
    if profile == agent.arranged.profile:
        return None
    held = in_hand(facts, agent.id) if agent.hands is None else agent.hands.held
    return CapacityChanged(at, command.actor, agent.capacity, profile, held)


def profile_named(configuration: Configuration, id: str, field: str) -> CapacityProfile:
    """The profile ``id``; ``InvalidInput`` for the field where none is declared."""
    profile = configuration.capacity_profile(id)
    if profile is None:
        known = [one.id for one in configuration.capacity_profiles]
        raise InvalidInput(field, f"no profile {id!r} is declared{meant(id, known)}")
    return profile


def in_hand(facts: Facts, agent: str) -> tuple[Held, ...]:
    """What fills a slot of the agent, in the order of the tickets' numbers."""
    theirs = [ticket for ticket in facts.tickets() if ticket.assignee == agent and ticket.is_active]
    theirs.sort(key=lambda ticket: ticket.number)
    return tuple([Held(ticket.id, ticket.channel, ticket.queue) for ticket in theirs])


def following(
    agents: Iterable[Agent], configuration: Configuration, actor: Actor, at: datetime
) -> dict[str, AgentEvent]:
    """What another configuration changes about the agents whose profile says something else in it, by their ids.

    A profile that it does not have stays as it was for whoever has it.
    """
    changed: dict[str, AgentEvent] = {}
    for agent in agents:
        had = agent.arranged.profile
        profile = None if had is None else configuration.capacity_profile(had.id)
        if profile is not None and profile != had:
            held = () if agent.hands is None else agent.hands.held
            changed[agent.id] = CapacityChanged(at, actor, agent.capacity, profile, held)
    return changed
