"""Which ticket a message of a contact is for, decided when it comes, with a probability and what moved it."""

import math
from collections.abc import Sequence
from operator import add
from typing import NamedTuple

import attrs

from ticketcore.segmenting.features import OPENING, PAIR, opening
from ticketcore.segmenting.likeness import Likeness, Vector
from ticketcore.segmenting.opening_trees import OPENING_TREES
from ticketcore.segmenting.pair_trees import PAIR_TREES
from ticketcore.segmenting.reading import LOOK, Heard, heard
from ticketcore.segmenting.recent import Recent, Said
from ticketcore.segmenting.stream import AGENT, Stream
from ticketcore.segmenting.trees import Trees


@attrs.frozen
class Moved:
    """A feature that moved a decision.

    ``name`` and ``value`` are the feature's.  ``weight`` is by how much it moved the log odds of what was decided;
    below 0, it spoke against it.
    """

    name: str
    value: float
    weight: float


@attrs.frozen
class Option:
    """What a message may be: for this ``ticket``, or, if None, for a new one; ``probability`` says how likely."""

    ticket: int | None
    probability: float


@attrs.frozen
class Decided:
    """Which ``ticket`` a message is for, whether it ``opens`` it, and the ``probability`` that this is right.

    ``runner_up`` is the next best, None where there was no other.  ``asks`` says that the probability is below what
    the host wants: then the ticket is the best guess, and an agent should confirm it.  ``moved`` are the features
    that moved it most, if they were asked for.
    """

    ticket: int
    opens: bool
    probability: float
    runner_up: Option | None = None
    asks: bool = False
    moved: tuple[Moved, ...] = ()

    def words(self, most: int = 5) -> str:
        """The decision in words, with so many features at ``most`` for it and as many against it."""
        kind = "opens" if self.opens else "is for"
        told = [f"{kind} ticket {self.ticket} ({self.probability:.2f})"]
        if self.runner_up is not None:
            other = "a new one" if self.runner_up.ticket is None else f"ticket {self.runner_up.ticket}"
            told.append(f"next: {other} ({self.runner_up.probability:.2f})")
        for side, sign in (("for it", 1), ("against it", -1)):
            found = [f"{each.name} {each.value:.3g}" for each in self.moved if sign * each.weight > 0][:most]
            if found:
                told.append(f"{side}: {', '.join(found)}")
        return "; ".join(told)


@attrs.frozen
class Weights:
    """What was learned: the trees for a message and a ticket, ``pairs``, and ``openings``, those for a message that may
    open one.
    """

    pairs: Trees
    openings: Trees


LIKENESS = "likeness"
"""The name of what the vectors of a host moved."""

WEIGHTS = Weights(PAIR_TREES, OPENING_TREES)
"""Those of the package."""


class Contact:
    """The messages of one contact, decided one by one, each from itself and those before it.

    An agent's message is in the ticket of the one that it answers, or else in the latest.  ``ask_below`` is the
    probability below which a decision ``asks``.  With ``likeness``, vectors of the host's own speak
    too.

    >>> kim = Contact()
    >>> kim.decide(Said("Hello, I need a taxi to the airport", at=0.0)).opens
    True
    >>> kim.decide(Said("For how many people?", at=30.0, role="agent", reply_to=0)).ticket
    0
    >>> answer = kim.decide(Said("three", at=60.0))
    >>> answer.ticket, answer.opens
    (0, False)
    """

    def __init__(self, ask_below: float = 0.0, weights: Weights = WEIGHTS, likeness: Likeness | None = None) -> None:
        self._stream = Stream()
        self._ask_below = ask_below
        self._weights = weights
        self._likeness = likeness

    def decide(self, said: Said, *, explained: bool = False) -> Decided:
        """Which ticket the message is for; ``explained`` with what moved that.

        Linear in the message, of which ``reading.LOOK`` characters are looked at, whatever came before.  Raises
        ``InvalidInput`` if the host's embedding gives no such vector as it says; nothing is taken note of then.
        """
        stream, told, likeness = self._stream, heard(said.text), self._likeness
        vector = () if likeness is None else likeness.vector(said.text[:LOOK])
        if not stream.tickets:
            return Decided(stream.put(said, told, None, vector), opens=True, probability=1.0)
        if said.role == AGENT:
            replied = stream.replied(said)
            ticket = stream.put(said, told, stream.latest if replied is None else replied, vector)
            return Decided(ticket, opens=False, probability=1.0)
        best, runner_up, moved = weighed(
            stream.recent(said), said, told, self._weights, likeness, vector, explained=explained
        )
        return Decided(
            stream.put(said, told, best.ticket, vector),
            opens=best.ticket is None,
            probability=best.probability,
            runner_up=runner_up,
            asks=best.probability < self._ask_below,
            moved=moved,
        )


def weighed(
    recent: Recent,
    said: Said,
    told: Heard,
    weights: Weights = WEIGHTS,
    likeness: Likeness | None = None,
    vector: Vector = (),
    *,
    explained: bool = False,
) -> tuple[Option, Option, tuple[Moved, ...]]:
    """What a message most likely is, what next, and, if that is wanted, what moved it.

    ``recent`` has a ticket at least; ``told`` is what is heard in the message, and ``vector`` what ``likeness``
    makes of it.
    """
    pairs = recent.pairs(said, told)
    odds = [weights.pairs.odds(pair) for pair in pairs]
    row = opening(told, recent.around(said, told), pairs, odds)
    candidates = [matter.label for matter in recent.matters]
    opens = weights.openings.odds(row)
    alike = _Alike() if likeness is None or not vector else _alike(recent, likeness, vector)
    if alike.more:
        odds = list(map(add, odds, alike.more))
    best, runner_up = best_of(candidates, odds, opens + alike.opens)
    if not explained:
        return best, runner_up, ()
    at = None if best.ticket is None else candidates.index(best.ticket)
    moved = moved_by(weights, PAIR, OPENING, None if at is None else pairs[at], row)
    return best, runner_up, tuple(sorted((*moved, *alike.moved(at)), key=lambda each: -abs(each.weight)))


class _Alike(NamedTuple):
    """How alike each ticket is, and by how much that moves its log odds, and those of opening one."""

    values: Sequence[float] = ()
    more: Sequence[float] = ()
    opens: float = 0.0

    def moved(self, at: int | None) -> tuple[Moved, ...]:
        """What it moved for the ticket at this place, or for opening one if None."""
        if not self.values:
            return ()
        if at is None:
            return (Moved(LIKENESS, max(self.values), self.opens),)
        return (Moved(LIKENESS, self.values[at], self.more[at] - self.opens),)


def _alike(recent: Recent, likeness: Likeness, vector: Vector) -> _Alike:
    values, usual = recent.alike(vector)
    mean, weight = math.fsum(values) / len(values), likeness.weight
    return _Alike(values, [weight * (each - mean) for each in values], weight * (usual - max(values)))


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def best_of(candidates: Sequence[int], odds: Sequence[float], opening: float) -> tuple[Option, Option]:
    """What a message most likely is, and the next: what is not to open is shared among the tickets.

    ``odds`` are the log odds of each of the ``candidates``, ``opening`` those of opening one.
    """
    opens = _chance(opening)
    shares = [_chance(each) for each in odds]
    whole = math.fsum(shares)
    options = [Option(None, opens)]
    options += [Option(ticket, (1 - opens) * share / whole) for ticket, share in zip(candidates, shares, strict=True)]
    best, runner_up = sorted(options, key=lambda option: -option.probability)[:2]
    return best, runner_up


def moved_by(
    weights: Weights,
    pair_names: Sequence[str],
    opening_names: Sequence[str],
    pair: Sequence[float] | None,
    row: Sequence[float],
) -> tuple[Moved, ...]:
    """What moved a decision, most first: for a ticket, of which these are the values with the message, or to open one
    if there are none.
    """
    sign = 1 if pair is None else -1
    moved = [Moved(opening_names[at], row[at], sign * each) for at, each in weights.openings.moved(row).items() if each]
    if pair is not None:
        moved += [Moved(pair_names[at], pair[at], each) for at, each in weights.pairs.moved(pair).items() if each]
    return tuple(sorted(moved, key=lambda each: -abs(each.weight)))
