"""What is simulated: kinds of tickets and who works on them, as values that are checked when they are made.

Which policy distributes the tickets is not part of it: policies are compared on one scenario.  What cannot be used, or
can never happen, is ``InvalidInput``, naming the field.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

import attrs

from ticketcore.calendar import BusinessCalendar
from ticketcore.checks import (
    as_member,
    as_tuple,
    check_number,
    each,
    instance,
    instant,
    is_name,
    is_optional_name,
    meant,
    member,
    number,
    whole,
)
from ticketcore.engine import AgentFacts, Engine, Requirement
from ticketcore.errors import InvalidInput
from ticketcore.escalation import Demand, after_steps
from ticketcore.model import EscalationPlan, EscalationStep
from ticketcore.model.shifts import WorkShift
from ticketcore.sim.arrivals import Arrivals
from ticketcore.sim.journeys import Bot, Offers, Retrials, Touches
from ticketcore.sim.laws import Law, Periodic, is_length

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
"""When a scenario begins unless it says otherwise."""

MOST_ALIKE = 100_000
"""How many agents a group has at most."""

SLOWEST, FASTEST = 0.01, 1_000_000
"""How slowly and how fast work goes on, in percent."""


def optionally(kind: type) -> Callable[[object, "attrs.Attribute[Any]", object], None]:
    """An attrs validator: of this kind, or None."""
    return attrs.validators.optional(instance(kind))


@attrs.frozen
class TicketClass:
    """Tickets that are alike: how they come, how long they take, and how long their customers wait.

    ``id`` names the class, ``arrivals`` says when they come.  ``handling`` is the time of work, ``wrap_up`` how long
    the agent is then still taken.  A customer who waits longer than their ``patience`` for an agent leaves; None is for
    ever.  Who can take them is said by ``requirement``, ``team`` and ``channel``, as in ``Engine.plan``; the discipline
    looks at ``priority``, and at the deadline that lies ``due`` after the arrival, None for none.  ``answer_within`` is
    the target of the service level, and ``solve_within`` that of being done with it, in which the silences of customers
    do not count; None for none.  These and ``due`` are open time of ``hours``, None for all the time.  By the plan
    ``escalation`` what is asked of agents gives way as a ticket waits, as at a desk; ``queue`` is that which capacity
    profiles may limit.  A ``bot``, ``offers``, several ``touches`` and ``retrials`` are none unless they are said.
    """

    id: str = attrs.field(validator=is_name)
    arrivals: Arrivals
    handling: Law | Periodic
    patience: Law | Periodic | None = None
    requirement: Requirement = attrs.field(default=Requirement(), validator=instance(Requirement))
    team: str | None = attrs.field(default=None, validator=is_optional_name)
    channel: str = ""
    priority: int = attrs.field(default=0, validator=whole(0))
    due: timedelta | None = attrs.field(default=None, validator=attrs.validators.optional(is_length()))
    wrap_up: Law | Periodic | None = None
    answer_within: timedelta | None = attrs.field(default=None, validator=attrs.validators.optional(is_length()))
    hours: BusinessCalendar | None = attrs.field(default=None, validator=optionally(BusinessCalendar))
    bot: Bot | None = attrs.field(default=None, validator=optionally(Bot))
    touches: Touches | None = attrs.field(default=None, validator=optionally(Touches))
    retrials: Retrials | None = attrs.field(default=None, validator=optionally(Retrials))
    solve_within: timedelta | None = attrs.field(default=None, validator=attrs.validators.optional(is_length()))
    escalation: EscalationPlan | None = attrs.field(default=None, validator=optionally(EscalationPlan))
    offers: Offers | None = attrs.field(default=None, validator=optionally(Offers))
    queue: str | None = attrs.field(default=None, validator=is_optional_name)

    def __attrs_post_init__(self) -> None:
        for step in () if self.escalation is None else self.escalation.steps:
            if step.when or step.queues:
                raise InvalidInput("TicketClass.escalation", f"{step.id!r} names queues, which no scenario has")
            if step.teams and self.team is None:
                raise InvalidInput("TicketClass.escalation", f"{step.id!r} adds teams where anybody is asked before")
        for name in ("escalation", "reached", "affinity", "agent"):
            if getattr(self.requirement, name):
                raise InvalidInput("TicketClass.requirement", f"what it says as {name!r} does not count in a scenario")
        if self.retrials is not None and self.patience is None:
            raise InvalidInput("TicketClass.retrials", "needs a patience: nobody leaves")
        if self.hours is not None and (self.answer_within, self.solve_within, self.due) == (None, None, None):
            raise InvalidInput("TicketClass.hours", "needs answer_within, solve_within or due, measured in them")

    @property
    def ids(self) -> tuple[str, ...]:
        """Its id, and those under which further attempts of its customers and its later touches are told of."""
        again = () if self.retrials is None else (f"{self.id}.again",)
        return self.id, *again, *(() if self.touches is None else (f"{self.id}.later",))

    def asks(self, steps: Sequence[EscalationStep] = ()) -> Demand:
        """What a ticket of it asks that has reached these steps of its plan; of no teams for anybody."""
        teams = () if self.team is None else (self.team,)
        if self.escalation is None:
            return Demand(teams, self.requirement)
        return after_steps(self.escalation, steps, self.requirement, teams)


class AtShiftEnd(StrEnum):
    """What becomes of an agent's work when their shift ends: they ``FINISH`` it, or ``HAND_BACK`` what is not done."""

    FINISH = "finish"
    HAND_BACK = "hand_back"


@attrs.frozen
class Change:
    """What becomes of the agents of a group ``after`` so long: None leaves it as it was.

    ``on_duty`` says whether they take work from then on; ``facts`` what is true of them from then on: skills, teams,
    attributes, capacity and profile, and weight.  A profile that they had not counts what they are still at, and what
    comes from then on.
    """

    after: timedelta = attrs.field(validator=is_length())
    on_duty: bool | None = attrs.field(default=None, validator=attrs.validators.optional(instance(bool)))
    facts: AgentFacts | None = attrs.field(default=None, validator=attrs.validators.optional(instance(AgentFacts)))


def _at_shift_end(value: AtShiftEnd | str) -> AtShiftEnd:
    return as_member(AtShiftEnd, value)


def _laws(
    value: Mapping[str, Law | Periodic] | Iterable[tuple[str, Law | Periodic]],
) -> tuple[tuple[str, Law | Periodic], ...]:
    return tuple(sorted((value.items() if isinstance(value, Mapping) else value), key=lambda pair: pair[0]))


def _speeds(_owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, tuple):
        raise InvalidInput("Group.speeds", f"must be a list, not {type(value).__name__}")
    for i, speed in enumerate(value):
        check_number(speed, f"Group.speeds[{i}]", SLOWEST, FASTEST)


@attrs.frozen
class Group:
    """Agents who are alike: ``size`` of them, each as the ``facts`` say when the simulation begins.

    Of several, each has a number after the id.  They work at a ``pace`` in percent: at 200, everything takes half its
    time.  ``handling`` has the laws, by class of ticket, that are their own.  They are on duty in their ``shifts``,
    always if there are none; ``at_shift_end`` says what becomes of their work.  ``speeds`` say, in percent, how fast
    each of their tickets goes on while they work on one, on two, on three; the last holds for more, and without them
    each goes on as if it were alone.  ``changes`` are what becomes of them, in the order of time; to come on and go off
    by these, they must have no shifts.
    """

    facts: AgentFacts = attrs.field(validator=instance(AgentFacts))
    size: int = attrs.field(default=1, validator=whole(1, MOST_ALIKE))
    pace: float = attrs.field(default=100, validator=number(SLOWEST, FASTEST))
    handling: tuple[tuple[str, Law | Periodic], ...] = attrs.field(default=(), converter=_laws)
    shifts: tuple[WorkShift, ...] = attrs.field(default=(), converter=as_tuple, validator=each(WorkShift))
    at_shift_end: AtShiftEnd = attrs.field(
        default=AtShiftEnd.FINISH, converter=_at_shift_end, validator=member(AtShiftEnd)
    )
    speeds: tuple[float, ...] = attrs.field(default=(), converter=as_tuple, validator=_speeds)
    changes: tuple[Change, ...] = attrs.field(default=(), converter=as_tuple, validator=each(Change))

    def __attrs_post_init__(self) -> None:
        for i, (one, following) in enumerate(pairwise(self.changes), 1):
            if following.after < one.after:
                raise InvalidInput(f"Group.changes[{i}]", "is before the one above")
        if any(change.facts is not None and change.facts.id != self.facts.id for change in self.changes):
            raise InvalidInput("Group.changes", f"must be of {self.facts.id!r}")
        if self.shifts and any(change.on_duty is not None for change in self.changes):
            raise InvalidInput("Group.changes", "cannot say who is on duty beside shifts")
        if not self.facts.available or self.facts.open or self.facts.used:
            raise InvalidInput("Group.facts", "must be of somebody who is available and holds nothing")

    @property
    def has_rate(self) -> bool:
        """Whether a capacity profile of theirs, now or later, says how many they are given in a period."""
        every = (self.facts, *(change.facts for change in self.changes if change.facts is not None))
        return any(facts.workload is not None and facts.workload.profile.rate is not None for facts in every)

    @property
    def agents(self) -> tuple[str, ...]:
        """Their ids, which sort as they are numbered."""
        if self.size == 1:
            return (self.facts.id,)
        width = len(str(self.size))
        return tuple(f"{self.facts.id}-{number:0{width}}" for number in range(1, self.size + 1))


def _costs(value: Mapping[str, int] | Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(value.items() if isinstance(value, Mapping) else value))


@attrs.frozen
class Scenario:
    """``classes`` of tickets and ``groups`` of agents, from the instant ``begin`` on.

    A ticket takes as many units of an agent's capacity as ``costs`` says of its channel, 1 where it says nothing.
    """

    classes: tuple[TicketClass, ...] = attrs.field(converter=as_tuple, validator=each(TicketClass))
    groups: tuple[Group, ...] = attrs.field(converter=as_tuple, validator=each(Group))
    costs: tuple[tuple[str, int], ...] = attrs.field(default=(), converter=_costs)
    begin: datetime = MONDAY

    def __attrs_post_init__(self) -> None:
        instant(self.begin, "Scenario.begin")
        _distinct((id for item in self.classes for id in item.ids), "Scenario.classes", "class")
        _distinct((agent for group in self.groups for agent in group.agents), "Scenario.groups", "agent")
        known = {item.id for item in self.classes}
        for i, group in enumerate(self.groups):
            for name, _ in group.handling:
                if name not in known:
                    hint = meant(name, known)
                    raise InvalidInput(f"Scenario.groups[{i}].handling", f"no class {name!r} is declared{hint}")
        now = Engine([group.facts for group in self.groups], costs=dict(self.costs))
        turned = [change.facts for group in self.groups for change in group.changes if change.facts is not None]
        later = [Engine([facts], costs=dict(self.costs)) for facts in turned]
        for i, item in enumerate(self.classes):
            if not any(_can_take(engine, item) for engine in (now, *later)):
                raise InvalidInput(f"Scenario.classes[{i}].requirement", f"nobody can take tickets of {item.id!r}")


def _can_take(engine: Engine, item: TicketClass) -> bool:
    asked = item.asks(() if item.escalation is None else item.escalation.steps)
    return engine.agent_for(engine.plan(asked.requirement, asked.teams or None, item.channel, item.queue)) is not None


def _distinct(ids: Iterable[str], field: str, kind: str) -> None:
    seen: set[Any] = set()
    for id in ids:
        if id in seen:
            raise InvalidInput(field, f"the {kind} {id!r} comes twice")
        seen.add(id)
    if not seen:
        raise InvalidInput(field, f"must have at least one {kind}")
