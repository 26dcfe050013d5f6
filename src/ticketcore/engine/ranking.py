"""The order of agents by rank, kept so that the first of any set of them is found without looking at each.

A rank is a tuple of whole numbers, the smallest wins.  Each of its places is a column of sets: the agents whose number
begins so, then so, as the digits of a number, of so many bits each that few sets are in use.  To find the first of some
agents, they are met with the sets of the first column in rising order until some remain, these with those of the next,
and so on.  It is a bit-sliced index (O'Neil and Quass, "Improved query performance with variant indexes", 1997) with
digits for bits.  Digits that would only tell few agents apart are left out, and the ranks of those who then remain are
compared.
"""

from collections.abc import Callable, Iterable, Sequence
from math import gcd

from ticketcore.engine.agents import AgentLoad

MAX_SETS = 48
"""How many sets a column may have in use before its numbers are split into more digits."""

PLAIN = 32
"""Up to how many numbers each has a set of its own."""

WIDTH = 3
"""How many bits a digit has at most when they are chosen."""

SHARED = 16
"""How many agents may share all digits of unequal numbers, to be compared by them."""

Rank = tuple[int, ...]
"""Smallest first."""


Sets = dict[int, int]
"""The agents by digit, in rising order."""


class Column:
    """One place of the ranks, the ``place``-th, as digits: the shift and mask of each, and its sets, highest first.

    Digits are those of ``number - base`` in steps of ``unit``; if it is ``plain``, the one digit is the number itself.
    If it is not ``exact``, its last digits are left out, since few agents share those before.
    """

    __slots__ = ("base", "digits", "exact", "place", "plain", "unit")

    def __init__(self, place: int, numbers: set[int]) -> None:
        self.place = place
        self.base, self.unit, digits = 0, 1, [(0, -1)]
        self.plain = len(numbers) <= PLAIN
        if not self.plain:
            self.base = min(numbers)
            self.unit = gcd(*(number - self.base for number in numbers))
            digits = _digits((max(numbers) - self.base) // self.unit)
        self.digits: list[tuple[int, int, Sets]] = [(shift, mask, {}) for shift, mask in digits]
        self.exact = True

    def fill(self, groups: list[list[AgentLoad]]) -> list[list[AgentLoad]]:
        """Put the agents into the sets; each group becomes those of its agents who have the same digits."""
        place, base, unit = self.place, self.base, self.unit
        for at, (shift, mask, sets) in enumerate(self.digits):
            slots: dict[int, list[int]] = {}
            parted: list[list[AgentLoad]] = []
            for group in groups:
                parts: dict[int, list[AgentLoad]] = {}
                for load in group:
                    digit = (load.rank[place] - base) // unit >> shift & mask
                    slots.setdefault(digit, []).append(load.slot)
                    parts.setdefault(digit, []).append(load)
                parted.extend(parts.values())
            sets.update((digit, _set(slots[digit])) for digit in sorted(slots))
            groups = parted
            if at + 1 < len(self.digits) and max(map(len, groups)) <= SHARED:
                del self.digits[at + 1 :]
                self.exact = False
        return groups


class Ranking:
    """The ranks of some agents.  ``known`` gives all of them whenever the digits have to be chosen anew."""

    def __init__(self, known: Callable[[], Iterable[AgentLoad]], places: int) -> None:
        self._known = known
        self._places = places
        self._split()

    def first(self, candidates: int, cursor: int, by_slot: Sequence[AgentLoad | None]) -> int:
        """The slot of the agent who wins among the candidates, who are at least one.

        Of equals the one with the highest slot below ``cursor``, or else the highest of all.
        O(sets in use x agents / 64).
        """
        if self._only is not None:
            for bits in self._only.values():
                found = candidates & bits
                if found:
                    break
            if cursor:
                found = found & ((1 << cursor) - 1) or found
            return found.bit_length() - 1
        for sets in self._sets:
            if len(sets) > 1:
                for bits in sets.values():
                    found = candidates & bits
                    if found:
                        candidates = found
                        break
                slot = candidates.bit_length() - 1
                if candidates == 1 << slot:  # one is left
                    return slot
        if not self._exact:
            return _first_of_few(candidates, cursor, by_slot)
        if cursor:
            candidates = candidates & ((1 << cursor) - 1) or candidates
        return candidates.bit_length() - 1

    def move(self, bit: int, old: Rank, new: Rank) -> None:
        """The agent of this bit had one rank and has another, which is in their load already."""
        only = self._only
        if only is not None and new[0] in only:
            only[old[0]] ^= bit
            only[new[0]] ^= bit
            return None
        for column in self._columns:
            before, after = old[column.place], new[column.place]
            if before == after:
                continue
            before -= column.base
            after -= column.base
            if column.unit > 1:
                if after % column.unit:
                    return self._split()
                before //= column.unit
                after //= column.unit
            for shift, mask, sets in column.digits:
                one = before >> shift & mask
                other = after >> shift & mask
                if one != other:
                    sets[one] ^= bit
                    if other in sets:
                        sets[other] ^= bit
                    elif not _opened(sets, other, bit):
                        return self._split()
        return None

    def enter(self, bit: int, rank: Rank) -> None:
        """An agent is new, and in what is known."""
        for column in self._columns:
            steps, rest = divmod(rank[column.place] - column.base, column.unit)
            if rest:
                return self._split()
            for shift, mask, sets in column.digits:
                digit = steps >> shift & mask
                if digit in sets:
                    sets[digit] ^= bit
                elif not _opened(sets, digit, bit):
                    return self._split()
        return None

    def leave(self, bit: int, rank: Rank) -> None:
        """An agent is gone."""
        for column in self._columns:
            steps = (rank[column.place] - column.base) // column.unit
            for shift, mask, sets in column.digits:
                sets[steps >> shift & mask] ^= bit

    def _split(self) -> None:
        """Choose the digits of each column by the numbers that are in it now.  O(agents x digits)."""
        loads = list(self._known())
        groups = [loads]
        self._columns = []
        for place in range(self._places):
            column = Column(place, {load.rank[place] for load in loads})
            groups = column.fill(groups)
            self._columns.append(column)
            if not column.exact:
                break
        self._exact = self._columns[-1].exact
        self._sets = [sets for column in self._columns for _, _, sets in column.digits]
        self._only = self._sets[0] if len(self._sets) == 1 and self._columns[0].plain else None


def _opened(sets: Sets, digit: int, bit: int) -> bool:
    """Put a set in its place, and drop those that nobody is in any more; whether they are few enough."""
    used = sorted([(digit, bit), *((other, bits) for other, bits in sets.items() if bits)])
    sets.clear()
    sets.update(used)
    return len(sets) <= MAX_SETS


def _digits(spread: int) -> list[tuple[int, int]]:
    """The shift and mask of each digit, the highest first, which has no bound.

    >>> _digits(99), _digits(1000)
    ([(6, -1), (3, 7), (0, 7)], [(9, -1), (6, 7), (3, 7), (0, 7)])
    """
    bits = spread.bit_length()
    width = -(-bits // -(-bits // WIDTH))
    shifts = range(0, bits, width)
    return [(shift, -1 if shift == shifts[-1] else (1 << width) - 1) for shift in reversed(shifts)]


def _first_of_few(candidates: int, cursor: int, by_slot: Sequence[AgentLoad | None]) -> int:
    """The slot of the winner, when each is looked at."""
    best: Rank = ()
    winner = -1
    while candidates:
        slot = candidates.bit_length() - 1
        load = by_slot[slot]
        assert load is not None
        if winner < 0 or load.rank < best or (load.rank == best and slot < cursor <= winner):
            best, winner = load.rank, slot
        candidates ^= 1 << slot
    return winner


def _set(slots: list[int]) -> int:
    """These slots, at least one, as one whole number."""
    octets = bytearray(max(slots) // 8 + 1)
    for slot in slots:
        octets[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(octets, "little")
