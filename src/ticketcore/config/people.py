"""What a desk.toml says about the people who work at the desk."""

from collections.abc import Iterable, Mapping

from ticketcore.config.notation import Path
from ticketcore.config.rules import read_levels
from ticketcore.config.tables import Fault, Reader, by_name, made, one_of, text, texts, whole
from ticketcore.config.workflow_tables import Table
from ticketcore.model import AgentAttribute, AgentProfile, Presence, SkillLevel


def _attribute(name: str, value: object, path: Path) -> AgentAttribute:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Fault(path, "must be a text or a whole number")
    return made(lambda: AgentAttribute(name, value), lambda _: path)


AGENT: Mapping[str, Reader] = {
    "name": text,
    "teams": texts,
    "skills": read_levels,
    "capacity": whole,
    "weight": whole,
    "presence": one_of({presence.value: presence for presence in Presence}),
    "addresses": texts,
    "attributes": by_name(_attribute),
}
"""The keys of an agent."""


def agent_table(agent: AgentProfile) -> Table:
    """An agent, without the id."""
    return {
        "name": agent.name,
        "teams": list(agent.teams),
        "skills": levels(agent.skills),
        "capacity": agent.capacity,
        "weight": agent.weight,
        "presence": agent.presence.value,
        "addresses": list(agent.addresses),
        "attributes": {item.name: item.value for item in agent.attributes},
    }


def levels(skills: Iterable[SkillLevel]) -> Table:
    """Levels by skill."""
    return {item.skill: item.level for item in skills}
