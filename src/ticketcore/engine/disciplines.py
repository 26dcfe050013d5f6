"""Which waiting ticket goes first: disciplines of a queue, each an order of what waits.

Tickets wait in lines, within which the order never changes, so that only the heads of lines are compared, by their
``urgency`` at that instant.  A discipline whose order changes with time has a line for each pace at which urgency
grows.  What cannot be used is ``InvalidInput``, naming the field.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple, Protocol, assert_never, runtime_checkable

import attrs

from ticketcore.checks import check_whole, whole
from ticketcore.errors import InvalidInput
from ticketcore.model import Discipline, Precedence

MINUTE = 60_000_000
"""Microseconds."""

Key = tuple[int, ...]
"""Smallest first."""


class Waiting(NamedTuple):
    """A ticket that waits: since when, how urgent it is rated, and until when it should be answered.

    ``since`` and ``deadline`` are in microseconds since 1970 UTC, a deadline of None is none.  ``priority`` is 0 for
    one that was never rated, and higher for what is more urgent.
    """

    since: int
    priority: int = 0
    deadline: int | None = None


class QueueDiscipline(Protocol):
    """Decides which of the waiting tickets that an agent can take they get.  Pure.  Ticket ids break ties."""

    @property
    def name(self) -> str:
        """What decisions call it."""
        ...

    @property
    def steady(self) -> bool:
        """Whether ``urgency`` is always the key and ``ripe`` always 0, so that neither is asked."""
        ...

    def place(self, waiting: Waiting) -> tuple[int, Key]:
        """The ticket's line, and its key, which is its order in that line for good, smallest first."""
        ...

    def urgency(self, line: int, key: Key, at: int) -> Key:
        """How the head of a line compares with the heads of others at an instant, smallest first."""
        ...

    def ripe(self, line: int, key: Key) -> int:
        """From which instant on it may be given to anybody."""
        ...


@runtime_checkable
class Counting(Protocol):
    """A ``QueueDiscipline`` that has to know how much waits in each line before it can compare their heads."""

    def among(self, lengths: Mapping[int, int]) -> QueueDiscipline:
        """The discipline to go by while this much waits, by line."""
        ...


@attrs.frozen
class Steady:
    """What most disciplines are: one line, in which the key says all; ``name`` and ``steady`` are as in the port."""

    steady = True

    def urgency(self, line: int, key: Key, at: int) -> Key:
        """See ``QueueDiscipline``."""
        return key

    def ripe(self, line: int, key: Key) -> int:
        """See ``QueueDiscipline``."""
        return 0


@attrs.frozen
class PriorityFifo(Steady):
    """The highest priority, and of equals what has waited longest.  A steady stream of urgent work starves the rest."""

    name = "priority_fifo"

    def place(self, waiting: Waiting) -> tuple[int, Key]:
        """See ``QueueDiscipline``."""
        return 0, (-waiting.priority, waiting.since)


@attrs.frozen
class ScoreWithAge(Steady):
    """What has waited longest, where each step of priority counts as a head start of ``head_start`` microseconds.

    Nothing starves: what comes later than the head start of the highest priority stays behind.
    """

    head_start: int = attrs.field(default=60 * MINUTE, validator=whole(0))
    name = "score_with_age"

    def place(self, waiting: Waiting) -> tuple[int, Key]:
        """See ``QueueDiscipline``."""
        return 0, (waiting.since - waiting.priority * self.head_start,)


@attrs.frozen
class EarliestDeadline(Steady):
    """What is due first; what is never due comes last, in the order in which it came."""

    name = "earliest_deadline"

    def place(self, waiting: Waiting) -> tuple[int, Key]:
        """See ``QueueDiscipline``."""
        return 0, ((0, waiting.deadline, waiting.since) if waiting.deadline is not None else (1, waiting.since, 0))


@attrs.frozen
class Lifo(Steady):
    """What came last, whatever its priority."""

    name = "lifo"

    def place(self, waiting: Waiting) -> tuple[int, Key]:
        """See ``QueueDiscipline``."""
        return 0, (-waiting.since,)


def _paces(value: Mapping[int, int] | Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(value.items() if isinstance(value, Mapping) else value))


def _checked(owner: object, attribute: "attrs.Attribute[Any]", value: tuple[tuple[int, int], ...]) -> None:
    name = f"{type(owner).__name__}.{attribute.name}"
    if not value:
        raise InvalidInput(name, "must name at least one priority")
    for priority, pace in value:
        check_whole(pace, f"{name}[{priority}]", 0)


def _of(paces: tuple[tuple[int, int], ...], priority: int) -> int:
    """The number of the highest priority that is named and not above this one, or of the lowest that is named."""
    found = paces[0][1]
    for named, pace in paces:
        if named <= priority:
            found = pace
    return found


_DOUBLING = ((0, 1), (1, 1), (2, 2), (3, 4), (4, 8))


@attrs.frozen
class Paced:
    """A line for each pace, in which what came first goes first; ``name`` and ``steady`` are as in the port."""

    steady = False

    def ripe(self, line: int, key: Key) -> int:
        """See ``QueueDiscipline``."""
        return 0


@attrs.frozen
class Accumulating(Paced):
    """What has gathered most: each ticket gathers urgency while it waits, at the pace of its priority.

    Accumulating priority (Kleinrock, "A delay dependent queue discipline", 1964).  ``paces`` are by priority; one that
    is not named goes by the next lower.  Nothing starves while every pace is above 0.
    """

    paces: tuple[tuple[int, int], ...] = attrs.field(default=_DOUBLING, converter=_paces, validator=_checked)
    name = "accumulating"

    def place(self, waiting: Waiting) -> tuple[int, Key]:
        """See ``QueueDiscipline``."""
        return _of(self.paces, waiting.priority), (waiting.since,)

    def urgency(self, line: int, key: Key, at: int) -> Key:
        """See ``QueueDiscipline``."""
        return (-line * (at - key[0]), key[0])


@attrs.frozen
class GeneralisedCMu(Paced):
    """What costs most to let wait any longer, where the cost of waiting grows with its ``power``.

    The generalised c-mu rule (Van Mieghem, "Dynamic scheduling with convex delay costs", 1995), at one pace of service
    for all: the ticket's cost, by priority in ``costs``, times the power, times its age to the power less one.  At a
    power of 2 it is ``Accumulating``.
    """

    costs: tuple[tuple[int, int], ...] = attrs.field(default=_DOUBLING, converter=_paces, validator=_checked)
    power: int = attrs.field(default=3, validator=whole(2, 8))
    name = "generalised_c_mu"

    def place(self, waiting: Waiting) -> tuple[int, Key]:
        """See ``QueueDiscipline``."""
        return _of(self.costs, waiting.priority), (waiting.since,)

    def urgency(self, line: int, key: Key, at: int) -> Key:
        """See ``QueueDiscipline``."""
        return (-line * self.power * max(at - key[0], 0) ** (self.power - 1), key[0])


@attrs.frozen
class PriorityDelay:
    """The highest priority that has waited for its delay; of equals what has waited longest.

    ``delays`` are in microseconds by priority, one that is not named goes by the next lower: what is younger is left
    alone.  When it comes of age somebody has to ask again: ``Engine.next_due`` says when.  ``name`` and ``steady`` are
    as in the port.
    """

    delays: tuple[tuple[int, int], ...] = attrs.field(converter=_paces, validator=_checked)
    name = "priority_delay"
    steady = False

    def place(self, waiting: Waiting) -> tuple[int, Key]:
        """See ``QueueDiscipline``."""
        return waiting.priority, (waiting.since,)

    def urgency(self, line: int, key: Key, at: int) -> Key:
        """See ``QueueDiscipline``."""
        return (-line, key[0])

    def ripe(self, line: int, key: Key) -> int:
        """See ``QueueDiscipline``."""
        return key[0] + _of(self.delays, line)


@attrs.frozen
class QueueRatio(Paced):
    """What came first of the priority that takes up most for its part of all that waits.

    ``parts`` are by priority, one that is not named goes by the next lower.  What waits is kept in this ratio (Gurvich
    and Whitt, "Queue-and-idleness-ratio controls in many-server service systems", 2009), where everything counts,
    whoever can take it.  With few tickets the ratio swings.  ``name`` is as in the port.
    """

    parts: tuple[tuple[int, int], ...] = attrs.field(converter=_paces, validator=_checked)
    name = "queue_ratio"

    def among(self, lengths: Mapping[int, int]) -> QueueDiscipline:
        """See ``Counting``."""
        total, whole = sum(lengths.values()), sum(part for _, part in self.parts)
        return _Longest(self, {line: part * total - whole * lengths.get(line, 0) for line, part in self.parts})

    def place(self, waiting: Waiting) -> tuple[int, Key]:
        """See ``QueueDiscipline``."""
        line = self.parts[0][0]
        for priority, _ in self.parts:
            if priority <= waiting.priority:
                line = priority
        return line, (waiting.since,)

    def urgency(self, line: int, key: Key, at: int) -> Key:
        """See ``QueueDiscipline``."""
        return self.among({line: 1}).urgency(line, key, at)


@attrs.frozen
class _Longest(Paced):
    """The line that misses least of its part first."""

    of: QueueRatio
    missing: Mapping[int, int]
    name = "longest"

    def place(self, waiting: Waiting) -> tuple[int, Key]:
        return self.of.place(waiting)

    def urgency(self, line: int, key: Key, at: int) -> Key:
        return (self.missing[line], *key)


def discipline_of(said: Discipline) -> QueueDiscipline:
    """What goes by what a desk says."""
    match said.by:
        case Precedence.PRIORITY_FIFO:
            return PriorityFifo()
        case Precedence.PRIORITY_DELAY:
            return PriorityDelay(delays=[(priority, _microseconds(delay)) for priority, delay in said.delays])
        case Precedence.SCORE_WITH_AGE:
            return ScoreWithAge() if said.head_start is None else ScoreWithAge(_microseconds(said.head_start))
        case Precedence.ACCUMULATING:
            return Accumulating(said.paces or _DOUBLING)
        case Precedence.EARLIEST_DEADLINE:
            return EarliestDeadline()
        case Precedence.GENERALISED_C_MU:
            costs = said.costs or _DOUBLING
            return GeneralisedCMu(costs) if said.power is None else GeneralisedCMu(costs, said.power)
        case Precedence.QUEUE_RATIO:
            return QueueRatio(said.parts)
        case Precedence.LIFO:
            return Lifo()
    assert_never(said.by)


def _microseconds(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def looks_at_deadlines(discipline: QueueDiscipline) -> bool:
    """Whether it places a ticket that is due elsewhere than one that never is."""
    return discipline.place(Waiting(2, 1)) != discipline.place(Waiting(2, 1, 1))
