"""Service levels: which times of a ticket's life are measured, what is promised of them, and whom to tell when.

A metric says what it measures as conditions over signals; what a signal is, and how they are told from a ticket's
events, is in ``ticketcore.sla``.  A policy promises targets for metrics to the tickets that it covers, in the time of a
calendar.  All of it is data of a ``Configuration``, and so has its versions.

Each class here raises ``InvalidInput`` naming the field that cannot be used.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import attrs

from ticketcore.calendar.business import BusinessCalendar
from ticketcore.checks import as_member, as_tuple, each, instance, is_name, is_optional_name, is_words, member, names
from ticketcore.errors import InvalidInput
from ticketcore.model.ticket import Priority, as_priority

AROUND_THE_CLOCK = "24/7"
"""The calendar of time that always counts; no other can have this name."""


class Signal(StrEnum):
    """What a ticket's event means to its clocks.

    ``OPENED``: it was opened.  ``CUSTOMER_MESSAGE``, ``AGENT_MESSAGE``, ``BOT_MESSAGE`` and ``NOTE``: who wrote.
    ``RESPONSE``: something that the policy counts as one.  ``HANDED_OVER``: a bot left it to people: it moved the
    ticket to another queue, gave it to or took it from an agent, or woke it; or a ticket that nobody had was reopened,
    which only a bot or an import can have solved.  ``QUEUED``: it was put into a queue.  ``WAITING``: it began to wait
    for an agent there; ``TAKEN``: it waits no more.  ``ACTIVE``, ``PENDING``, ``ON_HOLD``, ``SOLVED``, ``CLOSED``: it
    went to a state of that category, new and open being active.  ``REOPENED``: it was solved or closed, and is no
    longer.  ``MERGED``: it became a part of another ticket, or was deleted, which holds every metric;
    ``UNMERGED``: it is no longer part of another.
    """

    OPENED = "opened"
    CUSTOMER_MESSAGE = "customer_message"
    AGENT_MESSAGE = "agent_message"
    BOT_MESSAGE = "bot_message"
    NOTE = "note"
    RESPONSE = "response"
    HANDED_OVER = "handed_over"
    QUEUED = "queued"
    WAITING = "waiting"
    TAKEN = "taken"
    ACTIVE = "active"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    UNMERGED = "unmerged"


class OnReopen(StrEnum):
    """What a metric that had stopped does when the ticket is reopened.

    ``CONTINUE``: it goes on from what had elapsed.  ``NEW_CYCLE``: it begins anew.  ``IGNORE``: nothing.
    """

    CONTINUE = "continue"
    NEW_CYCLE = "new_cycle"
    IGNORE = "ignore"


def _signals(value: Iterable[Signal | str]) -> tuple[Signal, ...]:
    items = as_tuple(value)
    return tuple(as_member(Signal, item) for item in items) if isinstance(items, tuple) else items


def _are_signals(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    path = f"{type(owner).__name__}.{attribute.name}"
    if not isinstance(value, tuple):
        raise InvalidInput(path, f"must be a list, not {type(value).__name__}")
    for i, item in enumerate(value):
        if not isinstance(item, Signal):
            raise InvalidInput(f"{path}[{i}]", f"must be one of {', '.join(Signal)}, not {item!r}")
        if item in value[:i]:
            raise InvalidInput(f"{path}[{i}]", f"repeats {item.value!r}")


def _on_reopen(value: OnReopen | str | None) -> OnReopen | None:
    return None if value is None else as_member(OnReopen, value)


def _priorities(value: Iterable[Priority | int]) -> tuple[Priority, ...]:
    items = as_tuple(value)
    return tuple(as_member(Priority, item) for item in items) if isinstance(items, tuple) else items


def _is_span(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, timedelta):
        raise InvalidInput(
            f"{type(owner).__name__}.{attribute.name}", f"must be a timedelta, not {type(value).__name__}"
        )


def _is_longer_than_nothing(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    _is_span(owner, attribute, value)
    if isinstance(value, timedelta) and value <= timedelta(0):
        raise InvalidInput(f"{type(owner).__name__}.{attribute.name}", f"must be longer than nothing, is {value}")


@attrs.frozen
class Metric:
    """One time that is measured, by its ``id``: conditions over the signals of a ticket's events.

    Any signal of ``start`` begins it, if it is not going on; of ``stop`` ends it; of ``pause`` holds it, until one of
    ``resume``; of ``reset`` begins it anew while it goes on.  Where one event is several of these, stop goes before
    pause and pause before start; a reset that is also a pause begins anew and on hold.  Every metric also pauses while
    its ticket is solved, and stops when that is closed.  One that starts in a state that pauses it starts on hold.

    ``after`` is another metric, which must have stopped once before this one can start.  ``on_reopen`` is what one that
    has stopped does when the ticket is reopened.
    """

    id: str = attrs.field(validator=is_name)
    start: tuple[Signal, ...] = attrs.field(converter=_signals, validator=_are_signals)
    stop: tuple[Signal, ...] = attrs.field(default=(), converter=_signals, validator=_are_signals)
    pause: tuple[Signal, ...] = attrs.field(default=(), converter=_signals, validator=_are_signals)
    resume: tuple[Signal, ...] = attrs.field(default=(), converter=_signals, validator=_are_signals)
    reset: tuple[Signal, ...] = attrs.field(default=(), converter=_signals, validator=_are_signals)
    after: str | None = attrs.field(default=None, validator=is_optional_name)
    on_reopen: OnReopen = attrs.field(default=OnReopen.IGNORE, converter=_on_reopen, validator=member(OnReopen))

    def __attrs_post_init__(self) -> None:
        if not self.start:
            raise InvalidInput("Metric.start", "must name at least one signal")
        if self.after == self.id:
            raise InvalidInput("Metric.after", "is the metric itself")


METRICS: tuple[Metric, ...] = (
    Metric("first_response", ["opened"], ["response"], reset=["handed_over"]),
    Metric("next_response", ["customer_message"], ["response"], after="first_response"),
    Metric("periodic_update", ["response"], ["solved"], reset=["response"]),
    Metric("pausable_update", ["response"], ["solved"], ["pending"], ["active", "on_hold"], ["response"]),
    Metric("requester_wait", ["opened"], ["solved"], ["pending"], ["active", "on_hold"], on_reopen="continue"),
    Metric("agent_work", ["opened"], ["solved"], ["pending", "on_hold"], ["active"], on_reopen="continue"),
    Metric("first_resolution", ["opened"], ["solved"]),
    Metric("total_resolution", ["opened"], ["solved"], on_reopen="continue"),
    Metric("time_in_queue", ["waiting"], ["taken"], reset=["queued"]),
)
"""The metrics that every desk knows; a configuration may add some, or give one of these another meaning.

``first_response`` is how long the customer waits for the first answer, from the hand-over on if a bot had the ticket;
``next_response`` from the oldest message that is not answered, once there was a first answer.  ``periodic_update`` is
the time between answers until it is solved, and ``pausable_update`` the same while the customer does not have the next
word. ``requester_wait`` is all the time that the customer waits, ``agent_work`` that in which it is ours to work.
``first_resolution`` ends when it is solved for the first time, ``total_resolution`` goes on when it is reopened.
``time_in_queue`` is how long it waits for an agent, in each queue anew.
"""


@attrs.frozen
class Calendar:
    """A calendar by the ``id`` that goals call it: the open ``hours`` whose time counts."""

    id: str = attrs.field(validator=is_name)
    hours: BusinessCalendar = attrs.field(validator=instance(BusinessCalendar))

    def __attrs_post_init__(self) -> None:
        if self.id == AROUND_THE_CLOCK:
            raise InvalidInput("Calendar.id", f"{AROUND_THE_CLOCK!r} is the time that always counts")


@attrs.frozen
class Target:
    """How much time a metric may take, its ``span``: for tickets of the ``priority``; None is for all others."""

    span: timedelta = attrs.field(validator=_is_longer_than_nothing)
    priority: Priority | None = attrs.field(
        default=None, converter=as_priority, validator=attrs.validators.optional(member(Priority))
    )


@attrs.frozen
class Step:
    """Somebody is told, ``offset`` after a deadline, or before it if that is negative, in the time of its goal.

    ``id`` is its name on the ladder and ``notify`` whom to tell, in words of the host.  ``hours`` is a calendar outside
    of which nobody is disturbed: what comes then waits until it opens.  A warning that would come before the metric has
    begun is left out.
    """

    id: str = attrs.field(validator=is_name)
    offset: timedelta = attrs.field(default=timedelta(0), validator=_is_span)
    notify: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    hours: str | None = attrs.field(default=None, validator=is_optional_name)


def _targets(value: timedelta | Iterable[Target] | Mapping[Priority | None, timedelta]) -> tuple[Target, ...]:
    """Targets; a bare length of time is that of all priorities."""
    if isinstance(value, timedelta):
        return (Target(value),)
    if isinstance(value, Mapping):
        value = [Target(span, priority) for priority, span in value.items()]
    items = as_tuple(value)
    if isinstance(items, tuple) and all(isinstance(one, Target) for one in items):
        return tuple(sorted(items, key=_by_priority))
    return items


def _by_priority(target: Target) -> int:
    return len(Priority) + 1 if target.priority is None else target.priority


@attrs.frozen
class Goal:
    """What a policy promises of a ``metric``: its ``targets``, in the time of the ``calendar``.

    Without targets it is measured, and nothing is due.  The order of targets makes no difference.
    ``steps`` are the ladder of those who are told before and after
    the deadline.  ``on_reopen`` is the metric's own unless it is given here.
    """

    metric: str = attrs.field(validator=is_name)
    targets: tuple[Target, ...] = attrs.field(default=(), converter=_targets, validator=each(Target))
    calendar: str = attrs.field(default=AROUND_THE_CLOCK, validator=is_name)
    steps: tuple[Step, ...] = attrs.field(default=(), converter=as_tuple, validator=each(Step))
    on_reopen: OnReopen | None = attrs.field(
        default=None, converter=_on_reopen, validator=attrs.validators.optional(member(OnReopen))
    )

    def __attrs_post_init__(self) -> None:
        priorities = [target.priority for target in self.targets]
        for i, priority in enumerate(priorities):
            if priority in priorities[:i]:
                raise InvalidInput(f"Goal.targets[{i}].priority", "stands twice")
        ids = [step.id for step in self.steps]
        for i, id in enumerate(ids):
            if id in ids[:i]:
                raise InvalidInput(f"Goal.steps[{i}].id", f"{id!r} is declared twice")

    def target(self, priority: Priority | None) -> timedelta | None:
        """How much time a ticket of this priority has; None for any amount."""
        spans = {target.priority: target.span for target in self.targets}
        return spans.get(priority, spans.get(None))


@attrs.frozen
class Coverage:
    """Which tickets a policy is for: all of the parts that are given must hold; none given holds always.

    ``channels`` and ``types``: it came on one, or is of one.  ``queues``, ``priorities`` and ``contacts``: it has one
    of them now.  ``tags``: it has at least one of them.
    """

    channels: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    types: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    queues: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    priorities: tuple[Priority, ...] = attrs.field(default=(), converter=_priorities, validator=each(Priority))
    contacts: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    tags: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)


@attrs.frozen
class SlaPolicy:
    """A promise to the tickets for which ``when`` holds: its ``goals``, each of another metric.

    Clocks name it by ``id``.  ``responses`` are what counts as a response: what an agent writes to the customer, and
    nothing else unless it is named here, such as a bot's message, a note, or that the ticket is solved.  ``name`` is
    for people.
    """

    id: str = attrs.field(validator=is_name)
    goals: tuple[Goal, ...] = attrs.field(converter=as_tuple, validator=each(Goal))
    when: Coverage = attrs.field(factory=Coverage, validator=instance(Coverage))
    responses: tuple[Signal, ...] = attrs.field(
        default=(Signal.AGENT_MESSAGE,), converter=_signals, validator=_are_signals
    )
    name: str = attrs.field(default="", validator=is_words)

    def __attrs_post_init__(self) -> None:
        metrics = [goal.metric for goal in self.goals]
        for i, metric in enumerate(metrics):
            if metric in metrics[:i]:
                raise InvalidInput(f"SlaPolicy.goals[{i}].metric", f"{metric!r} stands twice")
        if Signal.RESPONSE in self.responses:
            raise InvalidInput("SlaPolicy.responses", "cannot name 'response' itself")

    def goal(self, metric: str) -> Goal | None:
        """What it promises of the metric, if anything."""
        return next((goal for goal in self.goals if goal.metric == metric), None)
