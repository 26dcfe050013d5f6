"""Whether an agent is whom a ticket asks for."""

from ticketcore.model import Agent, SkillLevel
from ticketcore.model.requirement_notation import requirement_from
from ticketcore.model.requirements import (
    AgentIn,
    All,
    AnyOf,
    AtLeast,
    Attribute,
    Everybody,
    Expression,
    HasSkill,
    InTeam,
    Not,
    Requirement,
    joined,
    requirement_of,
)


def meets(skills: tuple[SkillLevel, ...], needs: tuple[SkillLevel, ...]) -> bool:
    """Whether the skills hold every need at its level or above.  O(skills x needs), both short.

    >>> meets((SkillLevel("gold", 3),), (SkillLevel("gold", 2),))
    True
    >>> meets((SkillLevel("gold", 3),), (SkillLevel("gold", 4),)), meets((), ())
    (False, True)
    """
    for need in needs:
        for have in skills:
            if have.skill == need.skill and have.level >= need.level:
                break
        else:
            return False
    return True


def satisfies(agent: Agent, requirement: str | None) -> bool:
    """Whether the agent is one of those that the requirement of a ticket is met by; None asks for nothing.

    O(expressions in it).
    """
    return requirement is None or holds(requirement_from(requirement).must, agent)


def holds(expression: Expression, agent: Agent) -> bool:
    """Whether the agent meets the expression.  O(parts)."""
    match expression:
        case Everybody():
            return True
        case HasSkill(skill, level):
            return meets(agent.skills, (SkillLevel(skill, level),))
        case InTeam(team):
            return team in agent.teams
        case AgentIn(agents):
            return agent.id in agents
        case Attribute(name):
            values = [item.value for item in agent.arranged.attributes if item.name == name]
            return expression.meets(values[0] if values else None)
        case All(parts):
            return all(holds(part, agent) for part in parts)
        case AnyOf(parts):
            return any(holds(part, agent) for part in parts)
        case Not(part):
            return not holds(part, agent)
        case AtLeast(count, parts):
            return sum(holds(part, agent) for part in parts) >= count


def whole_requirement(needs: tuple[SkillLevel, ...], requirement: str | None) -> Requirement:
    """What a ticket asks of its agent altogether.

    >>> whole_requirement((SkillLevel("gold"),), '{"must":{"team":"north"}}').must
    All(parts=(HasSkill(skill='gold', level=1), InTeam(team='north')))
    """
    skills = requirement_of(needs)
    return skills if requirement is None else joined(skills, requirement_from(requirement))
