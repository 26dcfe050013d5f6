"""What is simulated: kinds of tickets and who works on them, as values that are checked when they are made.

Which policy distributes the tickets is not part of it: policies are compared on one scenario.  What cannot be used, or
can never happen, is ``InvalidInput``, naming the field.
"""

from collections.abc import Callable, Iterable, Mapping
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
from ticketcore.model.shifts import WorkShift
from ticketcore.sim.arrivals import Arrivals
from ticketcore.sim.journeys import Bot, Retrials, Touches
from ticketcore.sim.laws import Law, Periodic, is_length

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
"""When a scenario begins unless it says otherwise."""


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
    the target of the service level, None for none; it and ``due`` are open time of ``hours``, None for all the time.
    A ``bot``, several ``touches`` and ``retrials`` are none unless they are said.
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

    def __attrs_post_init__(self) -> None:
        if self.retrials is not None and self.patience is None:
            raise InvalidInput("TicketClass.retrials", "needs a patience: nobody leaves")
        if self.hours is not None and self.answer_within is None and self.due is None:
            raise InvalidInput("TicketClass.hours", "needs answer_within or due, which are measured in them")

    @property
    def ids(self) -> tuple[str, ...]:
        """Its id, and those under which further attempts of its customers and its later touches are told of."""
        again = () if self.retrials is None else (f"{self.id}.again",)
        return self.id, *again, *(() if self.touches is None else (f"{self.id}.later",))


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
        check_number(speed, f"Group.speeds[{i}]", 0, above=True)


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
    size: int = attrs.field(default=1, validator=whole(1))
    pace: float = attrs.field(default=100, validator=number(0, above=True))
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
    return engine.agent_for(engine.plan(item.requirement, item.team, item.channel)) is not None


def _distinct(ids: Iterable[str], field: str, kind: str) -> None:
    seen: set[Any] = set()
    for id in ids:
        if id in seen:
            raise InvalidInput(field, f"the {kind} {id!r} comes twice")
        seen.add(id)
    if not seen:
        raise InvalidInput(field, f"must have at least one {kind}")
