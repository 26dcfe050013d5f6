"""Which ticket a message of a contact is for, decided when it comes, with a probability and what moved it."""

import math
from collections.abc import Sequence

import attrs

from ticketcore.segmenting.features import OPENING, PAIR, opening
from ticketcore.segmenting.opening_trees import OPENING_TREES
from ticketcore.segmenting.pair_trees import PAIR_TREES
from ticketcore.segmenting.reading import heard
from ticketcore.segmenting.stream import AGENT, Said, Stream
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


@attrs.frozen
class Weights:
    """What was learned: the trees for a message and a ticket, ``pairs``, and ``openings``, those for a message that may
    open one.
    """

    pairs: Trees
    openings: Trees


WEIGHTS = Weights(PAIR_TREES, OPENING_TREES)
"""Those of the package."""


class Contact:
    """The messages of one contact, decided one by one, each from itself and those before it.

    An agent's message is in the ticket of the one that it answers, or else in the latest.  ``ask_below`` is the
    probability below which a decision ``asks``.

    >>> kim = Contact()
    >>> kim.decide(Said("Hello, I need a taxi to the airport", at=0.0)).opens
    True
    >>> kim.decide(Said("For how many people?", at=30.0, role="agent", reply_to=0)).ticket
    0
    >>> answer = kim.decide(Said("three", at=60.0))
    >>> answer.ticket, answer.opens
    (0, False)
    """

    def __init__(self, ask_below: float = 0.0, weights: Weights = WEIGHTS) -> None:
        self._stream = Stream()
        self._ask_below = ask_below
        self._weights = weights

    def decide(self, said: Said, *, explained: bool = False) -> Decided:
        """Which ticket the message is for; ``explained`` with what moved that.

        Linear in the message, of which ``reading.LOOK`` characters are looked at, whatever came before.
        """
        stream, told = self._stream, heard(said.text)
        if not stream.tickets:
            return Decided(stream.put(said, told, None), opens=True, probability=1.0)
        if said.role == AGENT:
            replied = stream.replied(said)
            ticket = stream.put(said, told, stream.latest if replied is None else replied)
            return Decided(ticket, opens=False, probability=1.0)
        candidates = stream.candidates(said)
        pairs = stream.pairs(said, told, candidates)
        odds = [self._weights.pairs.odds(pair) for pair in pairs]
        row = opening(told, stream.around(said), pairs, odds)
        opens = _chance(self._weights.openings.odds(row))
        options = _options(candidates, odds, opens)
        best = options[0]
        moved: list[Moved] = []
        if explained:
            moved = _moved(self._weights.openings, OPENING, row, 1 if best.ticket is None else -1)
        if explained and best.ticket is not None:
            moved += _moved(self._weights.pairs, PAIR, pairs[candidates.index(best.ticket)], 1)
        return Decided(
            stream.put(said, told, best.ticket),
            opens=best.ticket is None,
            probability=best.probability,
            runner_up=options[1],
            asks=best.probability < self._ask_below,
            moved=tuple(sorted(moved, key=lambda each: -abs(each.weight))),
        )


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def _options(candidates: Sequence[int], odds: Sequence[float], opens: float) -> list[Option]:
    """What the message may be, likeliest first: what is not to open is shared among the tickets."""
    shares = [_chance(each) for each in odds]
    whole = math.fsum(shares)
    found = [Option(None, opens)]
    found += [Option(ticket, (1 - opens) * share / whole) for ticket, share in zip(candidates, shares, strict=True)]
    return sorted(found, key=lambda option: -option.probability)


def _moved(trees: Trees, names: Sequence[str], values: Sequence[float], sign: int) -> list[Moved]:
    return [Moved(names[at], values[at], sign * weight) for at, weight in trees.moved(values).items() if weight]
