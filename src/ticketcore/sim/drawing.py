"""Chance made into tickets: whatever of a ticket is left to chance is drawn when it comes, by its number in its class.

So a ticket comes, takes as long and is as patient whoever it goes to, whatever other classes there are, and however
many are drawn at a time: policies are compared on the same tickets.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice, repeat
from typing import Generic, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.random import Generator, Philox, SeedSequence

from ticketcore.engine import Plan
from ticketcore.errors import InvalidInput
from ticketcore.sim.journeys import MOST_OFFERS, Bot, Offers
from ticketcore.sim.laws import MICROSECOND, Floats, InOrder, Law, Periodic, Whole
from ticketcore.sim.scenario import TicketClass

_K = TypeVar("_K")
_T = TypeVar("_T")

NEVER = 2**62
"""An instant after all others, and a patience without end, in microseconds."""

AT_ONCE = 4096
"""About how many tickets are drawn together."""

FIRST_ANSWERS = 256
"""How many answers to offers are drawn together."""

NAMES_FROM = 10**9
"""The first ticket's name is this number, so that names sort as the tickets come."""


class Course:
    """What else was drawn for a ticket, and how far it has come; of plain classes there is none.

    ``works`` is how long the next touch takes, by the law of its class and by those that groups have of their own.
    ``later`` are the touches after that, the next one last: the silence of the customer before it, and its works.
    ``retries`` are what comes of a customer who leaves, in the same way: after how long they come again, and their
    patience then.  ``answers`` are those that agents give who are offered it, the first of them last.  ``agent`` had it
    last, ``begun`` is whether somebody has begun what it waits for, ``recorded`` whether what becomes of it goes into
    its row.  ``plan`` is by which it waits, None for that of its class, as one that is ``raised`` by so much and is
    ``kept_from`` these agents; of its escalation it has ``reached`` so many steps since ``origin``, None for since it
    came.  It has been the desk's turn since ``since``, None from when it came, and for ``spent``
    before; it ``came`` at an instant, None for what is still in its first touch.
    """

    __slots__ = (
        *("agent", "answers", "begun", "came", "kept_from", "later", "origin", "plan", "raised", "reached"),
        *("recorded", "retries", "since", "spent", "works", "wrap_up"),
    )

    def __init__(
        self,
        wrap_up: int,
        works: tuple[int, ...],
        later: "Later" = (),
        retries: "list[tuple[int, int]] | None" = None,
        answers: "list[tuple[int, bool]] | None" = None,
    ) -> None:
        self.wrap_up = wrap_up
        self.works = works
        self.later = list(later)
        self.retries = retries or []
        self.answers = answers or []
        self.kept_from: tuple[str, ...] = ()
        self.raised = self.reached = 0
        self.origin: int | None = None
        self.came: int | None = None
        self.since: int | None = None
        self.spent = 0
        self.agent: str | None = None
        self.plan: Plan | None = None
        self.begun = False
        self.recorded = True


Later: TypeAlias = Sequence[tuple[int, tuple[int, ...]]]
"""Touches after the first: each the silence before it, and its lengths by each law."""

Drawn: TypeAlias = tuple[int, str, _K, int, int, int, Course | None]
"""A ticket: its number from 0, its name, its kind, when it comes, how long it takes, how patient its customer is, and
the rest of what was drawn for it."""


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


class _Lengths:
    """The lengths that a law draws for the tickets of a class, which came at these instants."""

    def __init__(self, law: Law | Periodic, chance: Streams, begin: int, *names: str) -> None:
        self._periodic = law if isinstance(law, Periodic) else None
        laws = (law,) if not isinstance(law, Periodic) else law.laws
        self._laws = [
            (
                each.begun() if isinstance(each, InOrder) else each,
                chance.stream(*names, *([str(place)] if place else [])),
            )
            for place, each in enumerate(laws)
        ]
        self._begin = begin

    def draw(self, at: Whole) -> Whole:
        """The next lengths, for tickets that come at these instants."""
        if self._periodic is None:
            [(law, chance)] = self._laws
            return rounded(law.draw(chance, len(at)))
        places, found = self._periodic.places(at - self._begin), np.empty(len(at), np.int64)
        for place, (law, chance) in enumerate(self._laws):
            own = places == place
            found[own] = rounded(law.draw(chance, int(own.sum())))
        return found


class Source:
    """The tickets of one class, as they come; ``laws`` are those of their handling, by who has them."""

    def __init__(self, of: TicketClass, laws: Mapping[str, Law | Periodic], chance: Streams, begin: int) -> None:
        def lengths(law: Law | Periodic | None, *names: str) -> _Lengths | None:
            return None if law is None else _Lengths(law, chance, begin, of.id, *names)

        self._begin = begin
        self._coming = of.arrivals.instants(lambda name: chance.stream(of.id, name))
        self._ready = np.empty(0, np.int64)
        self._ended = False
        self._works = [_Lengths(law, chance, begin, of.id, "handling", name) for name, law in laws.items()]
        self._patience, self._wrap_up = lengths(of.patience, "patience"), lengths(of.wrap_up, "wrap_up")
        self._touches = None if of.touches is None else _TouchesDrawn(of, laws, chance, begin)
        self._retrials = None if of.retrials is None else _RetrialsDrawn(of, chance, begin)
        self._bot = None if of.bot is None else _BotDrawn(of.bot, chance, of.id)
        self._answers = None if of.offers is None else _AnswersDrawn(of.offers, chance, of.id)
        more = (of.wrap_up, of.touches, of.retrials, of.hours, of.offers, of.escalation, of.solve_within)
        self.has_course = len(laws) > 1 or any(item is not None for item in more)

    def until(self, end: int) -> Whole:
        """The instants of the next arrivals before an instant."""
        while not self._ended and (not len(self._ready) or self._ready[-1] < end):
            coming = next(self._coming, None)
            if coming is None:
                self._ended = True
            else:
                self._ready = np.concatenate((self._ready, self._begin + rounded(coming)))
        count = int(np.searchsorted(self._ready, end))
        found, self._ready = self._ready[:count], self._ready[count:]
        return found if self._bot is None else self._bot.passed_on(found, end)

    @property
    def exhausted(self) -> bool:
        """Whether nothing comes any more."""
        return self._ended and not len(self._ready) and (self._bot is None or self._bot.idle)

    def resolved_until(self, end: int) -> Whole:
        """When a bot resolved what was not told of before, until an instant."""
        return np.empty(0, np.int64) if self._bot is None else self._bot.resolved_until(end)

    def drawn(self, at: Whole) -> tuple[Whole, Whole, list[Course] | None]:
        """Of the next tickets, which come at these instants: how long each takes, its patience, and the rest."""
        works = [lengths.draw(at) for lengths in self._works]
        patience = np.full(len(at), NEVER) if self._patience is None else self._patience.draw(at)
        if not self.has_course:
            return works[0], patience, None
        wrap_up = repeat(0, len(at)) if self._wrap_up is None else self._wrap_up.draw(at).tolist()
        later: Iterable[Later] = repeat((), len(at)) if self._touches is None else self._touches.draw(at)
        again: Iterable[list[tuple[int, int]] | None] = (
            repeat(None, len(at)) if self._retrials is None else self._retrials.draw(at)
        )
        answers: Iterable[list[tuple[int, bool]] | None] = (
            repeat(None, len(at)) if self._answers is None else self._answers.draw(len(at))
        )
        every = zip(*(column.tolist() for column in works), strict=True)
        return works[0], patience, list(map(Course, wrap_up, every, later, again, answers))


class _TouchesDrawn:
    """The touches after the first of the tickets of a class, all in a row, so that some or many give the same."""

    def __init__(self, of: TicketClass, laws: Mapping[str, Law | Periodic], chance: Streams, begin: int) -> None:
        assert of.touches is not None
        self._touches, self._chance = of.touches, chance.stream(of.id, "touches")
        later = laws if of.touches.handling is None else {"": of.touches.handling}
        self._silence = _Lengths(of.touches.silence, chance, begin, of.id, "silence")
        self._works = [_Lengths(law, chance, begin, of.id, "later", name) for name, law in later.items()]

    def draw(self, at: Whole) -> Iterator[Later]:
        counts = self._touches.draw(self._chance, len(at))
        each = np.repeat(at, counts)
        works = zip(*(lengths.draw(each).tolist() for lengths in self._works), strict=True)
        return _split(list(zip(self._silence.draw(each).tolist(), works, strict=True)), counts)


class _RetrialsDrawn:
    """How often the customers of a class would come again, when, and how patient they would be."""

    def __init__(self, of: TicketClass, chance: Streams, begin: int) -> None:
        assert of.retrials is not None
        assert of.patience is not None
        self._retrials, self._chance = of.retrials, chance.stream(of.id, "retrials")
        self._after = _Lengths(of.retrials.after, chance, begin, of.id, "after")
        self._patience = _Lengths(of.patience, chance, begin, of.id, "patience again")

    def draw(self, at: Whole) -> Iterator[list[tuple[int, int]]]:
        counts = self._retrials.draw(self._chance, len(at))
        each = np.repeat(at, counts)
        after, patience = self._after.draw(each).tolist(), self._patience.draw(each).tolist()
        return _split(list(zip(after, patience, strict=True)), counts)


class _AnswersDrawn:
    """What agents answer who are offered the tickets of a class: of each until it is accepted, the first one last."""

    def __init__(self, offers: Offers, chance: Streams, id: str) -> None:
        self._offers, self._within = offers, offers.within // MICROSECOND
        self._recorded = iter(offers.recorded or ())
        self._drawn = self._endless(chance.stream(id, "answer"), chance.stream(id, "accepts"))

    def _endless(self, lengths: Generator, accepts: Generator) -> Iterator[tuple[int, bool]]:
        law = self._offers.answer
        assert law is not None
        while True:
            after = rounded(law.draw(lengths, FIRST_ANSWERS)).tolist()
            yield from zip(after, (accepts.random(FIRST_ANSWERS) < self._offers.accepts).tolist(), strict=True)

    def draw(self, count: int) -> list[list[tuple[int, bool]]]:
        if self._offers.recorded is None:
            return [self._of_one() for _ in range(count)]
        told = list(islice(self._recorded, count))
        if len(told) < count:
            raise InvalidInput("Offers.recorded", "has fewer than there are tickets")
        return [[(after // MICROSECOND, accepts) for after, accepts in reversed(answers)] for answers in told]

    def _of_one(self) -> list[tuple[int, bool]]:
        answers: list[tuple[int, bool]] = []
        for after, accepts in islice(self._drawn, MOST_OFFERS):
            answers.append((after, accepts))
            if accepts and after < self._within:
                break
        return answers[::-1]


def _split(items: list[_T], counts: Whole) -> Iterator[list[_T]]:
    """So many to each, the last first."""
    ends = np.cumsum(counts).tolist()
    return (items[end - count : end][::-1] for end, count in zip(ends, counts.tolist(), strict=True))


class _BotDrawn:
    """What a bot passes on, when it gives it up, and when it resolved the rest."""

    def __init__(self, bot: Bot, chance: Streams, id: str) -> None:
        self._bot, self._handling = bot, chance.stream(id, "bot")
        self._chance = chance.stream(id, "resolved")
        self._with_it = self._resolved = np.empty(0, np.int64)

    @property
    def idle(self) -> bool:
        return not len(self._with_it)

    def passed_on(self, at: Whole, end: int) -> Whole:
        done = at + rounded(self._bot.handling.draw(self._handling, len(at)))
        resolves = self._bot.draw(self._chance, len(at))
        self._resolved = np.sort(np.concatenate((self._resolved, done[resolves])))
        self._with_it = np.sort(np.concatenate((self._with_it, done[~resolves])))
        count = int(np.searchsorted(self._with_it, end))
        found, self._with_it = self._with_it[:count], self._with_it[count:]
        return found

    def resolved_until(self, end: int) -> Whole:
        count = int(np.searchsorted(self._resolved, end, side="right"))
        found, self._resolved = self._resolved[:count], self._resolved[count:]
        return found


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
    columns = [source.drawn(each) for source, each in zip(sources, coming, strict=True)]
    work, patience = (np.concatenate([column[i] for column in columns])[order].tolist() for i in (0, 1))
    courses: Iterator[Course | None] = repeat(None)
    if any(source.has_course for source in sources):
        every = [
            course
            for (_, _, some), each in zip(columns, coming, strict=True)
            for course in (repeat(None, len(each)) if some is None else some)
        ]
        courses = iter([every[i] for i in order.tolist()])
    numbers = range(number, number + len(order))
    names = map(str, range(NAMES_FROM + number, NAMES_FROM + number + len(order)))
    at = at[order]
    columns_of_tickets = ([kinds[i] for i in which.tolist()], at.tolist(), work, patience)
    return Block(at, which, zip(numbers, names, *columns_of_tickets, courses, strict=False))
