"""The agents as the engine knows them: what it is told (``AgentFacts``) and what it keeps of each (``AgentLoad``)."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias

import attrs

from ticketcore.calendar.days import microseconds
from ticketcore.checks import as_tuple, check_name, instance, is_name, names, whole
from ticketcore.errors import InvalidInput
from ticketcore.model import Agent, Filter, Offer, PolicyMemory, Presence, SkillLevel, Workload
from ticketcore.model.requirements import Value
from ticketcore.model.skills import as_skill_levels, skill_levels
from ticketcore.model.values import making, quick, replaced


def _attributes(_owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    assert isinstance(value, tuple)
    for name, item in value:
        check_name(name, "AgentFacts.attributes")
        if isinstance(item, bool) or not isinstance(item, str | int):
            raise InvalidInput(f"AgentFacts.attributes[{name!r}]", f"must be a text or a whole number, not {item!r}")


def _pairs(value: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted((value.items() if isinstance(value, Mapping) else value), key=lambda pair: str(pair[0])))


@quick
@attrs.frozen
class AgentFacts:
    """What the engine is told of an agent who joins, or of each when it is loaded.

    ``id``, ``skills`` and ``teams`` are as of a desk's agent; ``weight`` is their share in percent of a full one, and
    ``available`` says whether they take work now.  ``capacity`` is in units of work; a ticket costs as many as its
    channel says.  ``open`` counts the tickets that they have already, which take ``used`` units.
    ``attributes`` are texts and whole numbers by name.  ``memory`` is what they were given so far, ``handled`` how
    many of it today.  ``available_since``, ``last_released`` and ``duty`` (on duty today, until ``available_since``)
    are in microseconds.  Instants count from 1970 in UTC, or from where a simulation begins.  ``workload`` is what an
    agent with a capacity profile has: whether they have room is asked of it, and of ``capacity`` and ``used`` by
    policies alone.

    Raises ``InvalidInput`` naming the field.
    """

    id: str = attrs.field(validator=is_name)
    skills: tuple[SkillLevel, ...] = attrs.field(default=(), converter=as_skill_levels, validator=skill_levels)
    teams: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    attributes: tuple[tuple[str, Value], ...] = attrs.field(default=(), converter=_pairs, validator=_attributes)
    capacity: int = attrs.field(default=3, validator=whole(0))
    weight: int = attrs.field(default=100, validator=whole(1))
    available: bool = attrs.field(default=True, validator=instance(bool))
    open: int = attrs.field(default=0, validator=whole(0))
    used: int = attrs.field(default=0, validator=whole(0))
    memory: PolicyMemory = attrs.field(default=PolicyMemory(), validator=instance(PolicyMemory))
    handled: int = attrs.field(default=0, validator=whole(0))
    available_since: int = attrs.field(default=0, validator=whole(0))
    last_released: int = attrs.field(default=0, validator=whole(0))
    duty: int = attrs.field(default=0, validator=whole(0))
    workload: Workload | None = attrs.field(default=None, validator=attrs.validators.optional(instance(Workload)))


def facts_of(agent: Agent, day: int = 0, at: int = 0) -> AgentFacts:
    """What a desk's agent is to the engine at ``at``, on the day that began at the instant ``day``, with all they hold.

    What they are offered counts as if it were theirs: for their slots and for their share of work; what they wrap up
    fills slots.  A turn that read its ticket before another's commit and its agent after it takes from them what they
    have no longer: its own commit will fail, but it may ask before.
    """
    memory, held = agent.memory.of_day(day), max(agent.open, 0)
    if agent.offers or agent.wrapping:
        memory, held = _booked(memory, agent.offers, day), held + len(agent.offers) + len(agent.wrapping)
    return _FACTS(
        agent.id,
        agent.skills,
        agent.teams,
        () if agent.terms is None else tuple((item.name, item.value) for item in agent.terms.attributes),
        agent.capacity,
        agent.weight,
        agent.presence is _AVAILABLE,
        held,
        held,
        memory,
        memory.handled,
        max(memory.available_since, day),
        memory.last_released,
        memory.duty,
        None if agent.hands is None else agent.workload(day, at),
    )


def _booked(memory: PolicyMemory, offers: tuple[Offer, ...], day: int) -> PolicyMemory:
    """What would be remembered if all offers were accepted, so that one who thinks is not next for all that comes."""
    since = [microseconds(offer.since) for offer in offers if offer.credit]
    return replaced(
        memory,
        virtual_time=memory.virtual_time + sum(offer.credit for offer in offers),
        assigned=memory.assigned + len(since),
        last_assigned=max((memory.last_assigned, *since)),
        handled=memory.handled + sum(at >= day for at in since),
    )


_FACTS = making(AgentFacts, checked=False)
"""What an agent has was checked when they were given it."""
_AVAILABLE = Presence.AVAILABLE


Order: TypeAlias = Any
"""What the engine orders agents by: their ranks, or a number each where the policy ranks by one."""


class Standing:
    """What each assignment looks at of an ``AgentLoad``, so that it lies together in memory: slots go by class."""

    __slots__ = (
        *("ample", "assigned", "available", "credit", "id", "last_assigned", "last_released", "open"),
        *("rank", "ready", "slot", "used", "virtual_time", "workload"),
    )


class AgentLoad(Standing):
    """An agent as a policy sees them.  The engine alone writes it, and a policy reads it while it ranks, no longer.

    ``id``; ``skills`` are levels by skill, ``teams``, ``attributes``; ``open`` counts the tickets that they have now,
    ``used`` the units of ``capacity`` that these take.  ``weight`` is their share in percent of a full one.
    ``virtual_time``, ``assigned`` and ``last_assigned`` are as in ``PolicyMemory``.  ``last_released`` and
    ``available_since`` are instants in microseconds, 0 for never; ``available`` says whether they take work now.
    """

    __slots__ = (
        *("attributes", "available_since", "before", "bounds", "capacity", "duty", "epoch", "fits"),
        *("names", "skills", "teams", "tested", "weight"),
    )
    number: int
    """Where ``kind_of`` says so, what the policy ranks by."""

    def __init__(self, facts: AgentFacts, slot: int) -> None:
        self.id = facts.id
        self.slot = slot
        self.skills = {item.skill: item.level for item in facts.skills}
        self.teams = facts.teams
        self.attributes: Mapping[str, Value] = dict(facts.attributes) if facts.attributes else _NOTHING
        self.available = facts.available
        self.weight = facts.weight
        self.credit = 0
        self.ample = -1
        self.bounds: dict[int, Filter] = _UNBOUND
        self.stand(facts)
        self.rank: Order = ()
        self.ready = 0
        self.names: tuple[str, ...] = ()
        self.epoch = -1
        self.fits = self.tested = 0

    def stand(self, facts: AgentFacts) -> None:
        """Take over the numbers."""
        self.capacity = facts.capacity
        self.workload = facts.workload
        self.open, self.used = facts.open, facts.used
        memory = facts.memory
        self.virtual_time, self.assigned = memory.virtual_time, memory.assigned
        self.last_assigned = memory.last_assigned
        self.before = self.assigned - facts.handled
        self.available_since = facts.available_since
        self.last_released = facts.last_released
        self.duty = facts.duty

    @property
    def handled(self) -> int:
        """How many tickets they were given today."""
        return self.assigned - self.before

    def duty_until(self, at: int) -> int:
        """For how long they have been available today, in microseconds."""
        return self.duty + (at - self.available_since if self.available and at > self.available_since else 0)

    def has_room(self, cost: int) -> bool:
        """Whether one more ticket that takes ``cost`` units is within the capacity of who has no profile."""
        return self.used + cost <= self.capacity


@cache
def kind_of(number: str | None) -> type[AgentLoad]:
    """The loads of a policy that ranks by one number of them: to them ``number`` is another name for it.

    None for any other policy.  No call is needed to read it, and nothing to keep it.
    """
    if number is None:
        return AgentLoad
    return type("NumberedLoad", (AgentLoad,), {"__slots__": (), "number": getattr(AgentLoad, number)})


_NOTHING: Mapping[str, Value] = {}
_UNBOUND: dict[int, Filter] = {}
