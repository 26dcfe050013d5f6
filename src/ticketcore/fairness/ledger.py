"""How much everybody was given, and how much was theirs to expect: an even share is three choices.

What is counted (``Currency``), over what (``Entitlement``), and how far back (``Day``, ``Rolling``, ``Decayed``).  They
conflict: a day that is even by tickets is uneven by work, and none is right for all.  Say which one you mean.  What
cannot be used is ``InvalidInput``, naming the field.
"""

from collections import defaultdict
from enum import StrEnum
from math import exp2, log
from typing import Protocol

import attrs

from ticketcore.checks import as_member, instance, whole
from ticketcore.fairness.history import Given, History

HOUR = 3_600_000_000
"""Microseconds."""


class Currency(StrEnum):
    """What is counted: ``TICKETS``, the ``UNITS`` of capacity that they take, or the hours of ``WORK`` in them."""

    TICKETS = "tickets"
    UNITS = "units"
    WORK = "work"


class Entitlement(StrEnum):
    """What an agent can expect to be given in proportion to.

    ``EQUAL``: the same for everybody who was there.  ``DUTY``: the hours for which they were there, times their weight.
    ``EXPOSURE``: of each ticket, the part of their weight among those on duty who may take such a one, so that it is no
    wonder that a specialist is given other amounts.
    """

    EQUAL = "equal"
    DUTY = "duty"
    EXPOSURE = "exposure"


class Window(Protocol):
    """How far back, seen from an instant ``now``: what lies before counts less, or not at all."""

    def part(self, instant: int, now: int) -> float:
        """How much of something counts that happened at an instant: 0 to 1."""
        ...

    def hours(self, begin: int, end: int, now: int) -> float:
        """How many of the hours from ``begin`` to ``end`` count."""
        ...


@attrs.frozen
class Day:
    """All since ``begin``: the day of an agent's zone, which has 23 or 25 hours when clocks change."""

    begin: int = attrs.field(validator=whole(0))

    def part(self, instant: int, now: int) -> float:
        """See ``Window``."""
        return float(self.begin <= instant <= now)

    def hours(self, begin: int, end: int, now: int) -> float:
        """See ``Window``."""
        return max(0, min(end, now) - max(begin, self.begin)) / HOUR


@attrs.frozen
class Rolling:
    """All of the last ``length`` microseconds."""

    length: int = attrs.field(validator=whole(1))

    def part(self, instant: int, now: int) -> float:
        """See ``Window``."""
        return float(now - self.length <= instant <= now)

    def hours(self, begin: int, end: int, now: int) -> float:
        """See ``Window``."""
        return max(0, min(end, now) - max(begin, now - self.length)) / HOUR


@attrs.frozen
class Decayed:
    """All that ever was, half as much for each ``half_life`` microseconds that have passed since."""

    half_life: int = attrs.field(validator=whole(1))

    def part(self, instant: int, now: int) -> float:
        """See ``Window``."""
        return exp2((instant - now) / self.half_life) if instant <= now else 0.0

    def hours(self, begin: int, end: int, now: int) -> float:
        """See ``Window``."""
        end = min(end, now)
        if end <= begin:
            return 0.0
        return (self.part(end, now) - self.part(begin, now)) * self.half_life / log(2) / HOUR


@attrs.frozen
class Share:
    """What an ``agent`` was given, and what they were to expect, in the currency of the ledger.

    ``given`` and ``entitled`` add up to the same over all agents, ``tickets`` are those of ``given``, ``weight`` is in
    percent and ``hours`` are on duty.
    """

    agent: str
    given: float
    entitled: float
    tickets: int
    weight: int
    hours: float

    @property
    def rate(self) -> float:
        """What they were given for what they were to expect: 1 is exactly that, 0 if they could expect nothing."""
        return self.given / self.entitled if self.entitled else 0.0


def _currency(value: Currency | str) -> Currency:
    return as_member(Currency, value)


def _entitlement(value: Entitlement | str) -> Entitlement:
    return as_member(Entitlement, value)


@attrs.frozen
class Ledger:
    """A way to count, of ``currency``, ``entitlement`` and ``window``."""

    window: Window
    currency: Currency = attrs.field(default=Currency.TICKETS, converter=_currency, validator=instance(Currency))
    entitlement: Entitlement = attrs.field(
        default=Entitlement.DUTY, converter=_entitlement, validator=instance(Entitlement)
    )

    def shares(self, history: History, now: int) -> tuple[Share, ...]:
        """Everybody who was there at all in the window, or was given something, by id.

        Whoever was not is left out, and does not count as one who was given nothing.  O(given x qualified).
        """
        given: dict[str, float] = defaultdict(float)
        tickets: dict[str, int] = defaultdict(int)
        exposed: dict[str, float] = defaultdict(float)
        weights = dict(history.weights)
        for item in history.given if self.currency is Currency.WORK else history.counted():
            part = self.window.part(item.at, now)
            if not part:
                continue
            amount = part * self.amount(item)
            given[item.agent] += amount
            tickets[item.agent] += 1
            if self.entitlement is Entitlement.EXPOSURE:
                whole = sum(weights[agent] for agent in item.qualified)
                for agent in item.qualified:
                    exposed[agent] += amount * weights[agent] / whole
        hours: dict[str, float] = defaultdict(float)
        for duty in history.duties:
            hours[duty.agent] += self.window.hours(duty.begin, duty.end, now)
        there = sorted(agent for agent in weights if hours[agent] > 0 or tickets[agent])
        claims = {agent: self._claim(hours[agent], weights[agent], exposed[agent]) for agent in there}
        total, scale = sum(given.values()), sum(claims.values())
        return tuple(
            Share(
                agent,
                given[agent],
                claims[agent] * total / scale if scale else 0.0,
                tickets[agent],
                weights[agent],
                hours[agent],
            )
            for agent in there
        )

    def amount(self, given: Given) -> float:
        """What one ticket counts."""
        if self.currency is Currency.TICKETS:
            return 1.0
        return float(given.units) if self.currency is Currency.UNITS else given.work / HOUR

    def _claim(self, hours: float, weight: int, exposed: float) -> float:
        if self.entitlement is Entitlement.EQUAL:
            return 1.0
        return hours * weight if self.entitlement is Entitlement.DUTY else exposed
