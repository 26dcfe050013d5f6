"""Chance made into tickets: whatever of a ticket is left to chance is drawn when it comes, by its number in its class.

So a ticket comes, takes as long and is as patient whoever it goes to, whatever other classes there are, and however
many are drawn at a time: policies are compared on the same tickets.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import repeat
from typing import Generic, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.random import Generator, Philox, SeedSequence
from numpy.typing import NDArray

from ticketcore.sim.laws import Floats, Law
from ticketcore.sim.scenario import TicketClass

_K = TypeVar("_K")

Whole: TypeAlias = NDArray[np.int64]
"""Whole numbers."""

NEVER = 2**62
"""An instant after all others, and a patience without end, in microseconds."""

AT_ONCE = 4096
"""About how many tickets are drawn together."""

NAMES_FROM = 10**9
"""The first ticket's name is this number, so that names sort as the tickets come."""

Drawn: TypeAlias = tuple[int, str, _K, int, int, int, tuple[int, ...] | None]
"""A ticket: its number from 0, its name, its kind, when it comes, how long it takes, how patient its customer is, and
the rest of what was drawn for it: its wrap-up and how long it takes by other laws; None if its class has none."""


class Streams:
    """The streams of chance of one replication, by name; its key is the ``seed`` and the number of the replication."""

    def __init__(self, seed: int, replication: int = 0) -> None:
        self.seed = seed
        self.replication = replication

    def stream(self, *names: str) -> Generator:
        """The stream of these names, from its beginning.  Nothing else has a part in it."""
        octets = sha256("\0".join(names).encode()).digest()
        words = map(int, np.frombuffer(octets[:16], "<u4"))
        return Generator(Philox(SeedSequence(self.seed, spawn_key=(self.replication, *words))))


def rounded(lengths: Floats) -> Whole:
    """In whole microseconds."""
    return np.rint(np.minimum(lengths, NEVER)).astype(np.int64)


class Source:
    """The tickets of one class, as they come; ``laws`` are those of their handling, by who has them."""

    def __init__(self, of: TicketClass, laws: Mapping[str, Law], chance: Streams, begin: int) -> None:
        self._begin = begin
        self._coming = of.arrivals.instants(lambda name: chance.stream(of.id, name))
        self._ready = np.empty(0, np.int64)
        self.ended = False
        self._laws = [(law, chance.stream(of.id, "handling", name)) for name, law in laws.items()]
        self._patience = None if of.patience is None else (of.patience, chance.stream(of.id, "patience"))
        self._wrap_up = None if of.wrap_up is None else (of.wrap_up, chance.stream(of.id, "wrap_up"))
        self.has_more = of.wrap_up is not None or len(laws) > 1

    def until(self, end: int) -> Whole:
        """The instants of the next arrivals before an instant."""
        while not self.ended and (not len(self._ready) or self._ready[-1] < end):
            coming = next(self._coming, None)
            if coming is None:
                self.ended = True
            else:
                self._ready = np.concatenate((self._ready, self._begin + rounded(coming)))
        count = int(np.searchsorted(self._ready, end))
        found, self._ready = self._ready[:count], self._ready[count:]
        return found

    @property
    def exhausted(self) -> bool:
        """Whether nothing comes any more."""
        return self.ended and not len(self._ready)

    def drawn(self, count: int) -> tuple[Whole, Whole, list[tuple[int, ...]] | None]:
        """Of the next tickets: how long each takes, its patience, and the rest."""
        work, *others = (rounded(law.draw(stream, count)) for law, stream in self._laws)
        patience = _lengths(self._patience, count, NEVER)
        if not self.has_more:
            return work, patience, None
        rest = (column.tolist() for column in (_lengths(self._wrap_up, count, 0), *others))
        return work, patience, list(zip(*rest, strict=True))


def _lengths(law: tuple[Law, Generator] | None, count: int, otherwise: int) -> Whole:
    return np.full(count, otherwise) if law is None else rounded(law[0].draw(law[1], count))


class Block(NamedTuple, Generic[_K]):
    """Some ``tickets`` in the order in which they come: ``at`` which instants, and of which of the ``sources``."""

    at: Whole
    sources: Whole
    tickets: Iterator[Drawn[_K]]


def blocks(sources: Sequence[Source], kinds: Sequence[_K], begin: int, end: int) -> Iterator[Block[_K]]:
    """All tickets that come before an instant, as many together as is best, but no less than one.

    Of those that come at the same instant, those of the source that is named first go first.
    """
    window, number = 1_000_000, 0
    while begin < end and not all(source.exhausted for source in sources):
        begin = min(begin + window, end)
        coming = [source.until(begin) for source in sources]
        count = sum(map(len, coming))
        window = max(1, min(window * 8, window * AT_ONCE // max(count, AT_ONCE // 8)))
        if count:
            yield _merged(sources, kinds, coming, number)
            number += count


def _merged(sources: Sequence[Source], kinds: Sequence[_K], coming: Sequence[Whole], number: int) -> Block[_K]:
    at = np.concatenate(coming)
    order = np.argsort(at, kind="stable")
    which = np.repeat(np.arange(len(sources)), [len(each) for each in coming])[order]
    columns = [source.drawn(len(each)) for source, each in zip(sources, coming, strict=True)]
    work, patience = (np.concatenate([column[i] for column in columns])[order].tolist() for i in (0, 1))
    more: Iterator[tuple[int, ...] | None] = repeat(None)
    if any(source.has_more for source in sources):
        rests = [
            rest
            for (_, _, some), each in zip(columns, coming, strict=True)
            for rest in (repeat(None, len(each)) if some is None else some)
        ]
        more = iter([rests[i] for i in order.tolist()])
    numbers = range(number, number + len(order))
    names = map(str, range(NAMES_FROM + number, NAMES_FROM + number + len(order)))
    at = at[order]
    columns_of_tickets = ([kinds[i] for i in which.tolist()], at.tolist(), work, patience)
    return Block(at, which, zip(numbers, names, *columns_of_tickets, more, strict=False))
