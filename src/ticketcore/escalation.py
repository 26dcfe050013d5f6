"""What a ticket asks of its agent now that it has waited: a function of what it asks, its plan and the steps reached.

Edits only widen: a skill at a lower level, or one that is not asked for any more, changes nothing where an expression
excludes whoever has it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import attrs

from ticketcore.model import Configuration, EscalationPlan, EscalationStep, SkillLevel, Ticket
from ticketcore.model.requirement_notation import requirement_from, text_of
from ticketcore.model.requirements import (
    ANYBODY,
    EVERYBODY,
    All,
    AnyOf,
    AtLeast,
    Expression,
    HasSkill,
    InTeam,
    Not,
    Requirement,
    canonical,
)
from ticketcore.requirement import whole_requirement


@attrs.frozen(cache_hash=True)
class Demand:
    """Whom a ticket can go to: agents of one of the ``teams`` who meet the ``requirement``.

    It waits as one that is ``raised`` steps more urgent.
    """

    teams: tuple[str, ...]
    requirement: Requirement
    raised: int = 0

    @property
    def served(self) -> Expression:
        """That an agent is in one of the teams."""
        return canonical(AnyOf([InTeam(team) for team in self.teams]))


def demand(
    configuration: Configuration,
    queue: str,
    needs: tuple[SkillLevel, ...] = (),
    requirement: str | None = None,
    all_steps: bool = False,
) -> Demand | None:
    """What a ticket asks that waits in the ``queue``; None when no team serves that.

    ``needs`` and ``requirement`` are as in ``Ticket``; with ``all_steps`` it is what remains when its plan has come to
    its end.  O(parts x steps).
    """
    team = configuration.team_of(queue)
    if team is None:
        return None
    plan = plan_for(configuration, queue, requirement)
    asked = whole_requirement(needs, requirement)
    if plan is None:
        return Demand((team,), _within(configuration, queue, Requirement(asked.must, asked.prefer)))
    steps = [step for step in plan.steps if all_steps or step.id in asked.reached]
    served = (configuration.team_of(other) for step in steps for other in step.queues)
    eased = after_steps(plan, steps, asked, (team,))
    teams = dict.fromkeys((*eased.teams, *filter(None, served)))
    return Demand(tuple(teams), _within(configuration, queue, eased.requirement), eased.raised)


def after_steps(
    plan: EscalationPlan, steps: Sequence[EscalationStep], asked: Requirement, teams: tuple[str, ...]
) -> Demand:
    """What is left of what is ``asked`` of agents of these teams after some steps of a plan, but for their queues."""
    wider = dict.fromkeys((*teams, *(team for step in steps for team in step.teams)))
    return Demand(tuple(wider), _eased(asked, plan, steps), sum(step.raised for step in steps))


def access_of(configuration: Configuration, queue: str | None) -> Expression | None:
    """Who may have tickets of the queue at all; None for everybody."""
    return configuration.once("access", lambda: _accesses(configuration)).get(queue)


def _accesses(configuration: Configuration) -> Mapping[str | None, Expression]:
    return {one.id: requirement_from(one.access).must for one in configuration.queues if one.access is not None}


def _within(configuration: Configuration, queue: str, asked: Requirement) -> Requirement:
    """The same, of those alone who may have tickets of the queue."""
    access = access_of(configuration, queue)
    return asked if access is None else Requirement(All((access, asked.must)), asked.prefer)


def _eased(asked: Requirement, plan: EscalationPlan, steps: Sequence[EscalationStep]) -> Requirement:
    """The requirement without what these steps of the plan take from it."""
    levels: dict[str, int] = {}
    for step in steps:
        levels |= {item.skill: item.level for item in step.levels} | dict.fromkeys(step.expire, 0)
    demanded = max(0, min(len(asked.prefer), plan.dropped) - sum(step.drop_tiers for step in steps))
    must = _lowered(asked.must, levels)
    prefer = tuple(_lowered(tier, levels) for tier in asked.prefer)
    return Requirement(All((must, *prefer[:demanded])) if demanded else must, prefer)


def _lowered(tree: Expression, levels: Mapping[str, int], asks: bool = True) -> Expression:
    """The expression with no skill asked for above these levels, 0 for not at all; ``asks``: not below a ``Not``."""
    match tree:
        case HasSkill(skill, level) if asks and skill in levels:
            return HasSkill(skill, min(level, levels[skill])) if levels[skill] else EVERYBODY
        case Not(part):
            return Not(_lowered(part, levels, not asks))
        case All(parts) | AnyOf(parts):
            return type(tree)([_lowered(part, levels, asks) for part in parts])
        case AtLeast(count, parts):
            return AtLeast(count, [_lowered(part, levels, asks) for part in parts])
    return tree


def demand_of(configuration: Configuration, ticket: Ticket, all_steps: bool = False) -> Demand | None:
    """What a ticket that is in a queue asks as it is now, or by ``all_steps`` of its plan."""
    assert ticket.queue is not None, "what waits is in a queue"
    return demand(configuration, ticket.queue, ticket.needs, ticket.requirement, all_steps)


def demand_beyond(configuration: Configuration, ticket: Ticket) -> Demand | None:
    """The same where more counts than the ticket says itself: plans, or who may have tickets of its queue."""
    if configuration.escalations or access_of(configuration, ticket.queue) is not None:
        return demand_of(configuration, ticket)
    return None


def plan_of(configuration: Configuration, ticket: Ticket) -> EscalationPlan | None:
    """The plan by which what the ticket asks gives way: its own, or that of its queue; None if neither has one."""
    return None if ticket.queue is None else plan_for(configuration, ticket.queue, ticket.requirement)


def plan_for(configuration: Configuration, queue: str, requirement: str | None) -> EscalationPlan | None:
    """The same by what a ticket's queue and requirement are."""
    if not configuration.escalations:
        return None
    named = None if requirement is None else requirement_from(requirement).escalation
    if named is None:
        named = next((one.escalation for one in configuration.queues if one.id == queue), None)
    return next((plan for plan in configuration.escalations if plan.id == named), None)


def steps_left(plan: EscalationPlan, ticket: Ticket) -> tuple[tuple[EscalationStep, datetime], ...]:
    """The steps that the ticket has not reached, and when each is due: in the past, if its guard did not hold."""
    reached = reached_by(ticket.requirement)
    origin = ticket.routing_origin
    return tuple((step, _after(origin, age)) for step, age in plan.ages(reached) if step.id not in reached)


def _after(origin: datetime, age: timedelta) -> datetime:
    try:
        return origin + age
    except OverflowError:
        return datetime.max.replace(tzinfo=origin.tzinfo)


def reached_by(requirement: str | None) -> tuple[str, ...]:
    """The steps that the requirement of a ticket says it has reached."""
    return () if requirement is None else requirement_from(requirement).reached


def wanted_by(requirement: str | None) -> tuple[str, str] | None:
    """By which affinity the requirement of a ticket is for one agent first, and the agent; None for no one."""
    asked = ANYBODY if requirement is None else requirement_from(requirement)
    if asked.affinity is None:
        return None
    assert asked.agent is not None, "an affinity is for somebody"
    return asked.affinity, asked.agent


@lru_cache(maxsize=4096)
def with_affinity(requirement: str | None, affinity: str, agent: str) -> str:
    """The requirement of a ticket that is for this agent first."""
    asked = ANYBODY if requirement is None else requirement_from(requirement)
    return text_of(attrs.evolve(asked, affinity=affinity, agent=agent))


@lru_cache(maxsize=4096)
def without_affinity(requirement: str | None) -> str | None:
    """The requirement of a ticket that goes the normal way."""
    return _but(requirement, affinity=None, agent=None)


def _but(requirement: str | None, **changes: Any) -> str | None:
    """The requirement with these changes; itself where they change nothing."""
    asked = ANYBODY if requirement is None else requirement_from(requirement)
    after = attrs.evolve(asked, **changes)
    if after == asked:
        return requirement
    return None if after == ANYBODY else text_of(after)


@lru_cache(maxsize=4096)
def with_step(requirement: str | None, step: str) -> str:
    """The requirement of a ticket that has reached one more step.

    >>> with_step(None, "wider")
    '{"must":{"everybody":true},"reached":["wider"]}'
    """
    asked = ANYBODY if requirement is None else requirement_from(requirement)
    return text_of(attrs.evolve(asked, reached=(*asked.reached, step)))


@lru_cache(maxsize=4096)
def unescalated(requirement: str | None) -> str | None:
    """The requirement of a ticket that begins to wait anew: no step is reached, and it is for nobody first.

    >>> unescalated(with_step(None, "wider")) is None
    True
    """
    return _but(requirement, reached=(), affinity=None, agent=None)
