"""The order of agents by rank, kept so that the first of any set of them is found without looking at each.

A rank is a tuple of whole numbers, the smallest wins.  Each of its places is a column of sets: the agents whose number
begins so, then so, as the digits of a number, of so many bits each that few sets are in use.  To find the first of some
agents, they are met with the sets of the first column in rising order until some remain, these with those of the next,
and so on.  It is a bit-sliced index (O'Neil and Quass, "Improved query performance with variant indexes", 1997) with
digits for bits.  Digits that would only tell few agents apart are left out, and the ranks of those who then remain are
compared.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import accumulate
from math import gcd
from operator import or_
from typing import NamedTuple

from ticketcore.engine.agents import AgentLoad, Order

MAX_SETS = 48
"""How many sets a column may have in use before its numbers are split into more digits."""

PLAIN = 32
"""Up to how many numbers each has a set of its own."""

HIGHEST, WIDTH = 5, 3
"""How many bits the highest digit has when they are chosen, and the others."""

SHARED, MOST_SHARED = 48, 256
"""With how many agents one may share all digits, on average, to be compared by rank; and in a large staff.

Few of them are candidates as a rule; where it turns out otherwise, there are all digits.
"""

MANY = 16
"""How many are too many to compare."""

AGAIN = 4
"""After how many moves of each agent digits are chosen anew; then after twice as many, and so on."""

Rank = tuple[int, ...]
"""Smallest first."""


Sets = dict[int, int]
"""The agents by digit, in rising order."""


class Column(NamedTuple):
    """One place of the ranks, the ``place``-th, as ``digits`` in steps of ``unit``: shift, mask and sets of each."""

    place: int
    unit: int
    digits: list[tuple[int, int, Sets]]


Group = list[tuple[Rank, int]]
"""Agents, by rank and slot."""


def _column(place: int, groups: list[Group], shared: int) -> tuple[Column, list[Group]]:
    """The column of the agents, and each group of them parted into those with the same digits.

    No group when what comes after these digits is left out, since the squares of the groups sum to so little.
    """
    last = place == len(groups[0][0][0]) - 1
    numbers = {rank[place] for group in groups for rank, _ in group}
    unit, digits = 1, [(0, -1)]
    if len(numbers) > PLAIN:
        unit = gcd(*numbers)
        digits = _digits((max(numbers) - min(numbers)) // unit)
    column = Column(place, unit, [])
    for shift, mask in digits:
        slots: dict[int, list[int]] = {}
        parted: list[Group] = []
        for group in groups:
            parts: dict[int, Group] = {}
            for rank, slot in group:
                digit = rank[place] // unit >> shift & mask
                slots.setdefault(digit, []).append(slot)
                parts.setdefault(digit, []).append((rank, slot))
            parted.extend(parts.values())
        column.digits.append((shift, mask, {digit: _set(slots[digit]) for digit in sorted(slots)}))
        groups = parted
        if (shift or not last) and sum(len(group) ** 2 for group in groups) <= shared:
            return column, []
    return column, groups


class Levels:
    """The agents by number where few numbers are in use: for each the set of those who have it or less.

    So whoever has one more than before, or one less, changes one set.
    """

    __slots__ = ("of", "sets")

    def __init__(self, exact: Sets) -> None:
        self.sets = list(accumulate(exact.values(), or_))
        self.of = {number: at for at, number in enumerate(exact)}

    def place(self, marked: Iterable[AgentLoad]) -> bool:
        """Put these in their places; False if that takes too many levels."""
        sets, level = self.sets, self.of
        for load in marked:
            old, new = load.rank, load.number
            if new != old:
                load.rank = new
                if new not in level and not self._open(new):
                    return False
                before, after, bit = level[old], level[new], 1 << load.slot
                while before < after:
                    sets[before] ^= bit
                    before += 1
                while after < before:
                    sets[after] ^= bit
                    after += 1
        return True

    def flip(self, number: int, bit: int) -> bool:
        """An agent with this number is new, or is gone; False if that takes too many levels."""
        if number not in self.of and not self._open(number):
            return False
        for at in range(self.of[number], len(self.sets)):
            self.sets[at] ^= bit
        return True

    def _open(self, number: int) -> bool:
        """Make a level for the number, and drop those that nobody has; whether they are few enough."""
        below = [0, *self.sets]
        used = {other: self.sets[at] for other, at in self.of.items() if self.sets[at] != below[at]}
        used[number] = below[sum(other < number for other in self.of)]
        numbers = sorted(used)
        self.sets[:] = [used[other] for other in numbers]
        self.of.clear()
        self.of.update(zip(numbers, range(len(numbers)), strict=True))
        return len(numbers) <= MAX_SETS


class Ranking:
    """The order of some agents.

    ``known`` gives all of them whenever the digits have to be chosen anew, ``by_slot`` are they by slot.  ``order`` is
    what one is ordered by now: a rank, or their ``number`` if they are ``numbered``, which says the same in less time.
    ``marked`` are those of whom it may be another than what they are placed by, their ``rank``.
    """

    def __init__(
        self,
        known: Callable[[], Iterable[AgentLoad]],
        order: Callable[[AgentLoad], Order],
        numbered: bool,
        by_slot: Sequence[AgentLoad | None],
        marked: dict[AgentLoad, None],
    ) -> None:
        self._known, self._order, self._by_slot, self._marked = known, order, by_slot, marked
        self._numbered = numbered
        self._leaves_out, self._looked_at = True, 0
        self._moved, self._most_moved = 0, AGAIN * len(by_slot)
        self._split()

    def first(self, candidates: int, cursor: int) -> int:
        """The slot of the agent who wins among the candidates, who are at least one.

        Of equals the one with the highest slot below ``cursor``, or else the highest of all.
        O(sets in use x agents / 64).
        """
        marked, levels = self._marked, self._levels
        if marked:
            if levels is None:
                self.place(marked)
            elif not levels.place(marked):
                self._split()
            levels = self._levels
            marked.clear()
        found = candidates
        if levels is not None:
            for bits in levels.sets:
                found = candidates & bits
                if found:
                    break
        else:
            for sets in self._sets:
                for bits in sets:
                    found = candidates & bits
                    if found:
                        break
                slot = found.bit_length() - 1
                if found == 1 << slot:  # one is left
                    return slot
                candidates = found
            if not self._exact:
                return self._first_of_few(found, cursor)
        slot = found.bit_length() - 1
        if slot >= cursor > 0:
            found = found & ((1 << cursor) - 1) or found
            return found.bit_length() - 1
        return slot

    def enter(self, load: AgentLoad) -> None:
        """An agent is new, and in what is known."""
        load.rank = self._order(load)
        rank = self._rank_of(load)
        bit = 1 << load.slot
        if self._levels is not None:
            return None if self._levels.flip(load.rank, bit) else self._split()
        for column in self._columns:
            steps, rest = divmod(rank[column.place], column.unit)
            if rest:
                return self._split()
            for shift, mask, sets in column.digits:
                digit = steps >> shift & mask
                if digit in sets:
                    sets[digit] ^= bit
                elif not self._open(sets, digit, bit):
                    return self._split()
        return None

    def leave(self, load: AgentLoad) -> None:
        """An agent is gone."""
        rank, bit = self._rank_of(load), 1 << load.slot
        if self._levels is not None:
            self._levels.flip(load.rank, bit)
            return
        for column in self._columns:
            steps = rank[column.place] // column.unit
            for shift, mask, sets in column.digits:
                sets[steps >> shift & mask] ^= bit

    def place(self, marked: Collection[AgentLoad]) -> None:
        """Put some of the marked in their places, or place all anew: ever more seldom, to leave a start behind."""
        self._moved += len(marked)
        if self._moved > self._most_moved:
            self._moved, self._most_moved, self._leaves_out = 0, 2 * self._most_moved, True
            return self._split()
        order, numbered, columns = self._order, self._numbered, self._columns
        for load in marked:
            old: Order = load.rank
            new: Order = load.number if numbered else order(load)
            if new == old:
                continue
            load.rank = new
            bit = 1 << load.slot
            for place, unit, digits in columns:
                before, after = (old, new) if numbered else (old[place], new[place])
                if before != after:
                    if unit > 1:
                        if after % unit:
                            return self._split()
                        before //= unit
                        after //= unit
                    for shift, mask, sets in digits:
                        one = before >> shift & mask
                        other = after >> shift & mask
                        if one != other:
                            sets[one] ^= bit
                            if other in sets:
                                sets[other] ^= bit
                            elif not self._open(sets, other, bit):
                                return self._split()
        return None

    def _split(self) -> None:
        """Place all anew, by digits that suit the numbers that there are now.  O(agents x digits)."""
        for load in self._marked:
            load.rank = self._order(load)
        self._marked.clear()
        loads = [(self._rank_of(load), load.slot) for load in self._known()]
        groups: list[Group] = [loads]
        shared = min(SHARED + len(loads) // 50, MOST_SHARED) * len(loads) if self._leaves_out else 0
        self._columns: list[Column] = []
        while groups and len(self._columns) < len(loads[0][0]):
            column, groups = _column(len(self._columns), groups, shared)
            self._columns.append(column)
        self._exact = bool(groups)
        self._list_sets()
        shift, mask, sets = self._columns[0].digits[0]
        plain = self._numbered and len(self._columns[0].digits) == 1 and self._exact and mask < 0 == shift
        self._levels = Levels(sets) if plain else None

    def _rank_of(self, load: AgentLoad) -> Rank:
        """The rank by which the agent is placed."""
        return (load.rank,) if self._numbered else load.rank

    def _list_sets(self) -> None:
        """The sets of all digits, but of those that all have in common: to be told when one is opened."""
        digits = [sets.values() for column in self._columns for _, _, sets in column.digits]
        self._sets = [sets for sets in digits if len(sets) > 1] or digits[:1]

    def _open(self, sets: Sets, digit: int, bit: int) -> bool:
        """Put a set in its place, and drop those that nobody is in any more; whether they are few enough."""
        for unused in [other for other, bits in sets.items() if not bits]:
            del sets[unused]
        sets[digit] = bit
        used = sorted(sets.items())
        sets.clear()
        sets.update(used)
        self._list_sets()
        return len(sets) <= MAX_SETS

    def _first_of_few(self, candidates: int, cursor: int) -> int:
        """The slot of the winner, when each is looked at; if that is too many too often, there will be more digits."""
        best: Order = None
        winner, count = -1, 0
        while candidates:
            slot = candidates.bit_length() - 1
            load = self._by_slot[slot]
            assert load is not None
            if winner < 0 or load.rank < best or (load.rank == best and slot < cursor <= winner):
                best, winner = load.rank, slot
            candidates ^= 1 << slot
            count += 1
        if count > MANY and self._leaves_out:
            self._looked_at += count
            if self._looked_at > len(self._by_slot):
                self._leaves_out = False
                self._split()
        return winner


def _digits(spread: int) -> list[tuple[int, int]]:
    """The shift and mask of each digit, the highest first, which has no bound.

    >>> _digits(99), _digits(1000)
    ([(2, -1), (0, 3)], [(5, -1), (2, 7), (0, 3)])
    """
    highest = max(spread.bit_length() - HIGHEST, 0)
    lower = range(highest - WIDTH, -WIDTH, -WIDTH)
    return [(highest, -1), *((max(shift, 0), (1 << min(WIDTH, shift + WIDTH)) - 1) for shift in lower)]


def _set(slots: list[int]) -> int:
    """These slots, at least one, as one whole number."""
    octets = bytearray(max(slots) // 8 + 1)
    for slot in slots:
        octets[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(octets, "little")
