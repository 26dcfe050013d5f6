"""How what a ticket asks of its agent gives way while it waits: plans of steps, each due at an age.

A plan only ever widens whom a ticket can go to; one that narrows is refused when it is made.  Each class here raises
``InvalidInput`` naming the field that cannot be used.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import attrs

from ticketcore.checks import as_tuple, each, is_name, names, whole
from ticketcore.errors import InvalidInput
from ticketcore.model.rules import Known, QueueCondition, check_known
from ticketcore.model.skills import SkillLevel, as_skill_levels, skill_levels


def _age(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    path = f"{type(owner).__name__}.{attribute.name}"
    if not isinstance(value, timedelta):
        raise InvalidInput(path, f"must be a timedelta, not {type(value).__name__}")
    if value < timedelta(0):
        raise InvalidInput(path, f"must not be negative, is {value}")


@attrs.frozen
class EscalationStep:
    """What a plan does to a ticket that has waited for ``after``.  The history names it by ``id``.

    Ages are counted from when the ticket last began to wait, its ``routing_origin``.  ``when`` is its guard: each queue
    must be as demanded at that moment, or the step is passed; it is asked again when the ticket is next looked at.

    What it does: ``drop_tiers`` of the requirement's ``prefer`` are no longer demanded, the last first.  Of the skills
    in ``levels`` that level is enough from now on, and those in ``expire`` are not asked for.  The agents of ``teams``,
    and of those that serve ``queues``, can have the ticket too.  ``raised`` is by how many steps more urgent it waits,
    0 to 10; its priority stays what it is.  After a step with ``skip`` the next is due at once, and the later ones so
    much sooner.
    """

    id: str = attrs.field(validator=is_name)
    after: timedelta = attrs.field(validator=_age)
    when: tuple[QueueCondition, ...] = attrs.field(default=(), converter=as_tuple, validator=each(QueueCondition))
    drop_tiers: int = attrs.field(default=0, validator=whole(0, 100))
    levels: tuple[SkillLevel, ...] = attrs.field(default=(), converter=as_skill_levels, validator=skill_levels)
    expire: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    teams: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    queues: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    raised: int = attrs.field(default=0, validator=whole(0, 10))
    skip: bool = False

    def __attrs_post_init__(self) -> None:
        edits = (self.drop_tiers, self.levels, self.expire, self.teams, self.queues, self.raised, self.skip)
        if not any(edits):
            raise InvalidInput("EscalationStep.id", f"{self.id!r} does nothing")


@attrs.frozen
class EscalationPlan:
    """The ``steps`` by which tickets that name the plan, by its ``id``, can go to more and more agents.

    A ticket names a plan in its requirement, or else its queue does.  As many tiers of ``prefer`` as the steps drop are
    demanded until they do: none of them is a mere preference before.
    """

    id: str = attrs.field(validator=is_name)
    steps: tuple[EscalationStep, ...] = attrs.field(converter=as_tuple, validator=each(EscalationStep))

    def __attrs_post_init__(self) -> None:
        if not self.steps:
            raise InvalidInput("EscalationPlan.steps", "must have at least one step")
        lowest: dict[str, tuple[int, str]] = {}
        for j, step in enumerate(self.steps):
            where, before = f"EscalationPlan.steps[{j}]", self.steps[:j]
            if any(step.id == other.id for other in before):
                raise InvalidInput(f"{where}.id", f"{step.id!r} is declared twice")
            if before and step.after <= before[-1].after:
                raise InvalidInput(f"{where}.after", f"must be later than that of {before[-1].id!r}")
            for k, asked in enumerate(step.levels):
                level, other_id = lowest.get(asked.skill, (asked.level + 1, ""))
                if asked.level >= level:
                    said = f"asks for level {level}" if level else "asks for none"
                    raise InvalidInput(f"{where}.levels[{k}]", f"narrows: {other_id!r} {said} of {asked.skill}")
                lowest[asked.skill] = asked.level, step.id
            lowest |= dict.fromkeys(step.expire, (0, step.id))

    @property
    def dropped(self) -> int:
        """How many tiers all its steps drop."""
        return sum(step.drop_tiers for step in self.steps)

    def ages(self, reached: Sequence[str] = ()) -> Iterator[tuple[EscalationStep, timedelta]]:
        """Each step with the age at which it is due, once those that are ``reached`` have put forward the others."""
        sooner = timedelta(0)
        for step, following in zip(self.steps, (*self.steps[1:], None), strict=True):
            yield step, step.after - sooner
            if step.skip and following is not None and step.id in reached:
                sooner += following.after - step.after

    def reached_at(self, age: timedelta) -> tuple[str, ...]:
        """The steps that a ticket of this age has reached, if every guard holds."""
        reached: list[str] = []
        for step, due in self.ages(reached):
            if due <= age:
                reached.append(step.id)
        return tuple(reached)


def check_escalations(plans: Sequence[EscalationPlan], known: Known) -> None:
    """Refuse plans that name what there is not: ``InvalidInput`` names the field."""
    for i, plan in enumerate(plans):
        for j, step in enumerate(plan.steps):
            where = f"Configuration.escalations[{i}].steps[{j}]"
            asked = [need.skill for need in step.levels]
            things = (("levels", "skill", asked, known.skills), ("expire", "skill", step.expire, known.skills))
            others = (("teams", "team", step.teams, known.teams), ("queues", "queue", step.queues, known.queues))
            for field, kind, wanted, declared in (*things, *others):
                for k, name in enumerate(wanted):
                    check_known(f"{where}.{field}[{k}]", kind, name, declared)
            for k, condition in enumerate(step.when):
                check_known(f"{where}.when[{k}].queue", "queue", condition.queue, known.queues)
