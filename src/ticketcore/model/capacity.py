"""How much work an agent takes: capacity profiles, what is in their hands, and whether there is room for more.

What cannot be used is ``InvalidInput``, naming the field.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import attrs

from ticketcore.checks import as_tuple, each, is_name, names, whole
from ticketcore.errors import InvalidInput
from ticketcore.model.filters import Filter
from ticketcore.model.values import quick

MOST_AT_ONCE = 10_000
"""The greatest capacity, cost and limit."""

MOST_IN_A_PERIOD = 200
"""The most that a rate allows: so many instants are remembered of each agent."""


@attrs.frozen
class Units:
    """A number of ``units`` for what ``of`` names: a channel or a queue."""

    of: str = attrs.field(validator=is_name)
    units: int = attrs.field(validator=whole(0, MOST_AT_ONCE))


def _as_units(value: Mapping[str, int] | Iterable[Units]) -> tuple[Units, ...]:
    items = as_tuple(value)
    if isinstance(value, Mapping):
        items = tuple(Units(name, number) for name, number in value.items())
    if not isinstance(items, tuple) or not all(isinstance(item, Units) for item in items):
        return items
    return tuple(sorted(items, key=lambda item: item.of))


def _are_units(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    each(Units)(owner, attribute, value)
    assert isinstance(value, tuple)
    for i, (one, following) in enumerate(pairwise(value), 1):
        if one.of == following.of:
            raise InvalidInput(f"{type(owner).__name__}.{attribute.name}[{i}]", f"repeats {one.of!r}")


def _is_period(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, timedelta) or value <= timedelta(0):
        raise InvalidInput(f"{type(owner).__name__}.{attribute.name}", "must be a timedelta longer than nothing")


@attrs.frozen
class Rate:
    """That somebody is given ``at_most`` so many tickets (1 to 200) in any ``period``."""

    at_most: int = attrs.field(validator=whole(1, MOST_IN_A_PERIOD))
    period: timedelta = attrs.field(validator=_is_period)


def _is_rate(_: object, __: "attrs.Attribute[Any]", value: object) -> None:
    if value is not None and not isinstance(value, Rate):
        raise InvalidInput("CapacityProfile.rate", f"must be Rate, not {type(value).__name__}")


@attrs.frozen
class CapacityProfile:
    """How much work those take who have this profile, by its ``id``.

    ``total`` is how many units of work at once (0 to 10,000).  A ticket takes as many as ``costs`` says of its channel,
    1 where it says nothing.  ``channel_limits`` and ``queue_limits`` are how many tickets at once of a channel and
    from a queue, ``daily_cap`` how many are given a day, ``rate`` how many in a period; None for any number.

    A ticket of one of the ``exclusive`` channels is given only to somebody who has nothing else, and while they have
    it they are given nothing else.  Work on ``interruptible`` channels can be put aside for other work: it takes
    units from work of its own kind only, and does not stand against an exclusive ticket.
    """

    id: str = attrs.field(validator=is_name)
    total: int = attrs.field(default=5, validator=whole(0, MOST_AT_ONCE))
    costs: tuple[Units, ...] = attrs.field(default=(), converter=_as_units, validator=_are_units)
    channel_limits: tuple[Units, ...] = attrs.field(default=(), converter=_as_units, validator=_are_units)
    queue_limits: tuple[Units, ...] = attrs.field(default=(), converter=_as_units, validator=_are_units)
    daily_cap: int | None = attrs.field(default=None, validator=attrs.validators.optional(whole(0)))
    rate: Rate | None = attrs.field(default=None, validator=_is_rate)
    exclusive: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    interruptible: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)

    def __attrs_post_init__(self) -> None:
        for i, channel in enumerate(self.exclusive):
            if channel in self.interruptible:
                raise InvalidInput(f"CapacityProfile.exclusive[{i}]", f"{channel!r} is interruptible too")

    def cost(self, channel: str) -> int:
        """How many units a ticket of the channel takes."""
        return next((item.units for item in self.costs if item.of == channel), 1)

    def used(self, held: Iterable["Held"]) -> int:
        """How many units these tickets take together."""
        return sum(self.cost(item.channel) for item in held)


@quick
@attrs.frozen(weakref_slot=False)
class Held:
    """A ``ticket`` in the hands of an agent who has a profile, with its ``channel`` and the ``queue`` it came from."""

    ticket: str
    channel: str
    queue: str | None


@quick
@attrs.frozen(weakref_slot=False)
class Hands:
    """What an agent with a profile has: the tickets ``held``, and the instants at which others were ``given`` of late.

    Instants are in microseconds since 1970 UTC, the oldest first, and only there where the profile has a rate.
    """

    held: tuple[Held, ...] = ()
    given: tuple[int, ...] = ()


class Workload(NamedTuple):
    """What an agent with a ``profile`` has at an instant: what they ``held`` then, and how many they were given.

    ``today`` counts those of the day, ``lately`` those of the period of the rate.
    """

    profile: CapacityProfile
    held: tuple[Held, ...]
    today: int = 0
    lately: int = 0

    def bound(self, channel: str, queue: str | None, fresh: bool = True) -> Filter | None:
        """What keeps one more ticket of the channel and from the queue from the agent; None when there is room.

        One that is not ``fresh`` was given to them before: it counts neither for the day nor for the rate.  O(held).
        """
        profile, held = self.profile, self.held
        working = [item for item in held if item.channel not in profile.interruptible]
        taken = held if channel in profile.interruptible else working
        if profile.used(taken) + profile.cost(channel) > profile.total:
            return Filter.CAPACITY
        if _reached(profile.channel_limits, channel, (item.channel for item in held)):
            return Filter.CHANNEL_LIMIT
        if queue is not None and _reached(profile.queue_limits, queue, (item.queue for item in held)):
            return Filter.QUEUE_LIMIT
        if (channel in profile.exclusive and working) or any(item.channel in profile.exclusive for item in held):
            return Filter.EXCLUSIVE
        if fresh and profile.daily_cap is not None and self.today >= profile.daily_cap:
            return Filter.DAILY_CAP
        if fresh and profile.rate is not None and self.lately >= profile.rate.at_most:
            return Filter.RATE
        return None

    def taken(self, held: Held, fresh: bool = True) -> "Workload":
        """The same with one more ticket, which counts for the day and the rate if it is ``fresh``."""
        return Workload(self.profile, (*self.held, held), self.today + fresh, self.lately + fresh)

    def anew(self) -> "Workload":
        """The same on another day, of which nothing was given yet."""
        return self._replace(today=0)

    def rested(self) -> "Workload":
        """The same when one of those of the period is of the period no more."""
        return self._replace(lately=max(0, self.lately - 1))

    def refused(self) -> "Workload":
        """The same without counting one that they were only offered."""
        return self._replace(today=max(0, self.today - 1), lately=max(0, self.lately - 1))

    def released(self, ticket: str) -> "Workload":
        """The same without the ticket."""
        return self._replace(held=without(self.held, ticket))


def without(held: tuple[Held, ...], ticket: str) -> tuple[Held, ...]:
    """What is held, but for the ticket."""
    return tuple([item for item in held if item.ticket != ticket])


def _reached(limits: tuple[Units, ...], name: str, had: Iterable[str | None]) -> bool:
    return any(item.of == name and sum(one == name for one in had) >= item.units for item in limits)
