"""What a feed is, and several as one."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from ticketcore.feeds.facts import Fact, Item
from ticketcore.feeds.observed import Observed


class Feed(Protocol):
    """A source of facts.

    ``facts`` may be called again, and tells the same again while the source is the same.  It never raises for what the
    source holds or lacks: that is a ``Rejection``.
    """

    @property
    def name(self) -> str:
        """What people know it by."""
        ...

    def facts(self) -> Iterator[Item]:
        """The facts in the order of time, and between them what was rejected or is worth telling."""
        ...


def merge(feeds: Iterable[Feed]) -> Iterator[Item]:
    """The facts of all feeds in the order of time; those of one instant in the order of the feeds.

    What is no fact comes as soon as it is met, before the fact that follows it in its feed.  The same feeds give the
    same order.  Memory: one fact a feed; O(log feeds) for each.
    """
    heads: list[tuple[datetime, int, Fact]] = []
    sources = [feed.facts() for feed in feeds]
    for number in range(len(sources)):
        yield from _advance(sources, number, heads)
    while heads:
        _, number, fact = heapq.heappop(heads)
        yield fact
        yield from _advance(sources, number, heads)


def _advance(sources: list[Iterator[Item]], number: int, heads: list[tuple[datetime, int, Fact]]) -> Iterator[Item]:
    """Take the next fact of a feed into the heap, and tell what comes before it."""
    for item in sources[number]:
        if isinstance(item, Observed):
            heapq.heappush(heads, (item.at, number, item))
            return
        yield item
