"""Which agents get these waiting tickets where each takes its own time: nearly even, with a bound on how nearly.

Evenness by work is NP-hard already for two agents and no skills, as it is to part some numbers into equal halves.  So
this is not the best way, but one that no single move and no exchange of two tickets makes more even.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import inf
from typing import NamedTuple

import attrs

from ticketcore.checks import check_name, check_whole
from ticketcore.errors import InvalidInput, NotFound
from ticketcore.planning.batches import Batch, Taker, seats_of, slots_of
from ticketcore.planning.flow import Kind, by_flow


class Task(NamedTuple):
    """A ``ticket`` that takes this much ``work``, say minutes, of one of these ``agents``."""

    ticket: str
    work: int
    agents: tuple[str, ...]


@attrs.frozen
class WorkBatch:
    """What was planned: the ``batch``, its ``cost``, and a ``bound``, below which the cost of no way lies."""

    batch: Batch
    cost: Fraction
    bound: Fraction


def balanced_by_work(tasks: Iterable[Task], takers: Iterable[Taker]) -> WorkBatch:
    """A nearly even way to give out tickets of unequal work: the longest first where it costs least, then exchanges.

    Even is where the sum of (work squared over weight) is small; ``held`` of a taker is work, ``room`` a number of
    tickets.  The order of tickets decides who goes without when there is no room.  ``InvalidInput`` and ``NotFound`` as
    of ``balanced_by_count``; work is a whole number, at least 1.  O(tickets squared) for each round of exchanges; the
    bound is found by giving out each unit of work by itself.

    >>> tasks = [Task("t1", 3, ("ana", "bo")), Task("t2", 2, ("ana", "bo")), Task("t3", 2, ("ana", "bo"))]
    >>> plan = balanced_by_work(tasks, [Taker("ana"), Taker("bo")])
    >>> plan.batch.given, plan.cost, plan.bound
    ((('t1', 'ana'), ('t2', 'bo'), ('t3', 'bo')), Fraction(1, 4), Fraction(1, 4))
    """
    takers, tasks = list(takers), list(tasks)
    slots = slots_of(takers)
    kinds = [_kind(task, slots) for task in tasks]
    if len({task.ticket for task in tasks}) < len(tasks):
        raise InvalidInput("ticket", "comes twice")
    seats = seats_of(takers)
    seated = by_flow(range(len(tasks)), kinds, seats)
    homes = {kind: slot for slot, own in enumerate(seated) for kind in own}
    even = _Even(tasks, kinds, takers)
    if not even.longest_first(homes):
        even.take(homes)
    while even.moved() or even.exchanged():
        pass
    given = tuple((tasks[number].ticket, takers[slot].agent) for number, slot in sorted(even.homes.items()))
    left = tuple(task.ticket for number, task in enumerate(tasks) if number not in homes)
    units = [number for number in homes for _ in range(tasks[number].work)]
    pieces = by_flow(units, kinds, [seat._replace(room=inf) if seat.room else seat for seat in seats])
    shares = [sum(own.values()) + taker.held for own, taker in zip(pieces, takers, strict=True)]
    return WorkBatch(Batch(given, left), _cost(takers, even.loads), _cost(takers, shares))


class _Even:
    """Who has what, and what can be moved: ``homes`` of tickets, ``loads`` of agents."""

    def __init__(self, tasks: Sequence[Task], kinds: Sequence[Kind], takers: Sequence[Taker]) -> None:
        self._work = [task.work for task in tasks]
        self._suits = [[slot for slot, _ in kind] for kind in kinds]
        self._scales = [seat.step for seat in seats_of(takers)]
        self._takers = takers
        self.take({})

    def take(self, homes: Mapping[int, int]) -> None:
        """Begin with these homes."""
        self.homes: dict[int, int] = {}
        self.loads = [taker.held for taker in self._takers]
        self._room = [inf if taker.room is None else taker.room for taker in self._takers]
        for number, slot in homes.items():
            self._put(number, slot)

    def longest_first(self, numbers: Iterable[int]) -> bool:
        """Each to who then has least more cost; whether there was room for all."""
        for number in sorted(numbers, key=lambda number: -self._work[number]):
            able = [slot for slot in self._suits[number] if self._room[slot] > 0]
            if not able:
                return False
            self._put(number, min(able, key=lambda slot: self._rise(slot, self._work[number])))
        return True

    def moved(self) -> bool:
        """Move a ticket to somebody else, if that is more even; whether one was moved."""
        for number, slot in self.homes.items():
            work = self._work[number]
            saved = self._rise(slot, -work)
            for other in self._suits[number]:
                if other != slot and self._room[other] > 0 and saved + self._rise(other, work) < 0:
                    self._put(number, other)
                    return True
        return False

    def exchanged(self) -> bool:
        """Exchange the tickets of two agents, if that is more even; whether two were exchanged."""
        for one, two in combinations(self.homes, 2):
            more = self._work[two] - self._work[one]
            here, there = self.homes[one], self.homes[two]
            if here == there or not more or there not in self._suits[one] or here not in self._suits[two]:
                continue
            if self._rise(here, more) + self._rise(there, -more) < 0:
                self._put(one, there)
                self._put(two, here)
                return True
        return False

    def _put(self, number: int, slot: int) -> None:
        work = self._work[number]
        if number in self.homes:
            self.loads[self.homes[number]] -= work
            self._room[self.homes[number]] += 1
        self.homes[number] = slot
        self.loads[slot] += work
        self._room[slot] -= 1

    def _rise(self, slot: int, work: int) -> int:
        """What so much more work there costs."""
        return work * (2 * self.loads[slot] + work) * self._scales[slot]


def _cost(takers: Sequence[Taker], loads: Sequence[int]) -> Fraction:
    pairs = zip(takers, loads, strict=True)
    return sum((Fraction(load**2, taker.weight) for taker, load in pairs), Fraction(0))


def _kind(task: Task, slots: dict[str, int]) -> Kind:
    check_name(task.ticket, "ticket")
    check_whole(task.work, f"work of {task.ticket!r}", 1)
    for agent in task.agents:
        if agent not in slots:
            raise NotFound("taker", agent)
    return tuple((slots[agent], 0) for agent in sorted(set(task.agents), key=slots.__getitem__))
