"""Which agents get these waiting tickets, all at once: as evenly as can be, by count or by work, or as cheaply.

Tickets stand in the order in which they are to be served: none goes without so that a later one has a place.  An agent
takes part with what they have been given already, with their weight, and with the room that is left.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import inf, lcm

import attrs

from ticketcore.checks import check_name, check_whole, is_name, whole
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.planning.flow import Kind, Placed, Seat, by_flow

Solver = Callable[[Iterable[int], Sequence[Kind], Sequence[Seat]], Placed]
"""``by_flow`` or ``by_paths``."""


@attrs.frozen
class Taker:
    """An ``agent`` who can be given tickets: ``held`` of them count as theirs already, and they have ``room`` for more.

    ``weight`` is their share in percent of a full one, or, for what is past, the minutes for which they were on duty.
    ``room`` is None for any number.  The cost of planning grows with the number of different weights.

    Raises ``InvalidInput`` naming the field.
    """

    agent: str = attrs.field(validator=is_name)
    weight: int = attrs.field(default=100, validator=whole(1))
    held: int = attrs.field(default=0, validator=whole(0))
    room: int | None = attrs.field(default=None, validator=attrs.validators.optional(whole(0)))


@attrs.frozen
class Batch:
    """What was planned: ``given`` are pairs of a ticket and its agent, ``left`` the tickets for which there is no room.

    Both stand in the order of the tickets.
    """

    given: tuple[tuple[str, str], ...]
    left: tuple[str, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many tickets each agent gets; who gets none is left out."""
        counts: dict[str, int] = defaultdict(int)
        for _, agent in self.given:
            counts[agent] += 1
        return dict(counts)


def balanced_by_count(
    tickets: Iterable[tuple[str, Iterable[str]]], takers: Iterable[Taker], solve: Solver = by_flow
) -> Batch:
    """The most even way to give out tickets that count the same, each with the agents who can take it.

    Even is where the sum of (tickets squared over weight) is least.  ``solve`` is ``by_flow`` or ``by_paths``, which
    give the same sum.  ``InvalidInput`` for a ticket or agent that comes twice, ``NotFound`` for an agent who is none
    of the takers.

    >>> balanced_by_count([("t1", ["ana", "bo"]), ("t2", ["ana"])], [Taker("ana"), Taker("bo")]).given
    (('t1', 'bo'), ('t2', 'ana'))
    """
    return _planned([(ticket, dict.fromkeys(agents, 0)) for ticket, agents in tickets], takers, solve, even=True)


def cheapest(tickets: Iterable[tuple[str, Mapping[str, int]]], takers: Iterable[Taker]) -> Batch:
    """The way at the least sum of prices, each ticket with its price by agent; as many as there is room for.

    However uneven: what an agent holds already, and their weight, do not count.  Errors as of ``balanced_by_count``; a
    price is a whole number, at least 0.

    >>> prices = [("t1", {"ana": 1, "bo": 2}), ("t2", {"ana": 1, "bo": 9})]
    >>> cheapest(prices, [Taker("ana", room=1), Taker("bo", room=1)]).given
    (('t1', 'bo'), ('t2', 'ana'))
    """
    return _planned([(ticket, dict(prices)) for ticket, prices in tickets], takers, by_flow, even=False)


def unevenness(batch: Batch, takers: Iterable[Taker]) -> Fraction:
    """What ``balanced_by_count`` makes least: the sum of (tickets squared over weight), with what they hold already."""
    counts = batch.counts
    return sum((Fraction((counts.get(each.agent, 0) + each.held) ** 2, each.weight) for each in takers), Fraction(0))


def seats_of(takers: Sequence[Taker], even: bool = True) -> list[Seat]:
    """The takers as a solver sees them; each further ticket costs nothing if it need not be ``even``."""
    scale = lcm(*(taker.weight for taker in takers)) if even else 0
    rooms = [inf if taker.room is None else taker.room for taker in takers]
    return [Seat(taker.held, scale // taker.weight, room) for taker, room in zip(takers, rooms, strict=True)]


def slots_of(takers: Sequence[Taker]) -> dict[str, int]:
    """The places of the takers in their list.  ``InvalidInput`` if one comes twice."""
    slots: dict[str, int] = {}
    for slot, taker in enumerate(takers):
        if slots.setdefault(taker.agent, slot) != slot:
            raise InvalidInput("Taker.agent", f"{taker.agent!r} comes twice")
    return slots


def _planned(
    tickets: Sequence[tuple[str, Mapping[str, int]]], takers: Iterable[Taker], solve: Solver, even: bool
) -> Batch:
    takers = list(takers)
    slots = slots_of(takers)
    numbers: dict[Kind, int] = {}
    order: dict[str, int] = {}
    for ticket, prices in tickets:
        check_name(ticket, "ticket")
        if ticket in order:
            raise InvalidInput("ticket", f"{ticket!r} comes twice")
        order[ticket] = numbers.setdefault(_kind(prices, slots), len(numbers))
    placed = solve(order.values(), list(numbers), seats_of(takers, even))
    homes: dict[int, list[int]] = defaultdict(list)
    for slot in reversed(range(len(takers))):
        for kind, count in placed[slot].items():
            homes[kind] += [slot] * count
    given, left = [], []
    for ticket, kind in order.items():
        if homes[kind]:
            given.append((ticket, takers[homes[kind].pop()].agent))
        else:
            left.append(ticket)
    return Batch(tuple(given), tuple(left))


def _kind(prices: Mapping[str, int], slots: Mapping[str, int]) -> Kind:
    suits = []
    for agent, price in prices.items():
        if agent not in slots:
            raise NotFound("taker", agent)
        check_whole(price, f"price of {agent!r}", 0)
        suits.append((slots[agent], price))
    return tuple(sorted(suits))
