"""What tickets go through besides one stretch of work: a bot, offers, customers who call again, several touches.

All of it is drawn with the ticket, so that it is the same under any policy.  What cannot be used is ``InvalidInput``,
naming the field.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from math import fsum, isclose
from typing import Any

import attrs
import numpy as np
from numpy.random import Generator

from ticketcore.checks import as_member, as_tuple, check_number, member, number, whole
from ticketcore.errors import InvalidInput
from ticketcore.model import Exhausted
from ticketcore.sim.laws import Law, Periodic, Whole, check_length, is_length


@attrs.frozen
class Bot:
    """Before any agent a bot has the ticket, for a time by the law ``handling``, and resolves the part ``share``.

    The others come to the desk when the bot gives them up: from then on they wait, and then count as having come.
    """

    share: float = attrs.field(validator=number(0, 1))
    handling: Law

    def __attrs_post_init__(self) -> None:
        if self.share == 1:
            raise InvalidInput("Bot.share", "must be below 1, or nothing would come to the desk")

    def draw(self, chance: Generator, count: int) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Which of the next ``count`` tickets it resolves."""
        return chance.random(count) < self.share


@attrs.frozen
class Retrials:
    """Of the customers who leave, the part ``share`` comes again, after a time by the law ``after``.

    They are as patient as the law of their class says, anew each time, and need the work that they needed before.
    Nobody comes again more often than ``most`` times.
    """

    share: float = attrs.field(validator=number(0, 1, above=True))
    after: Law
    most: int = attrs.field(default=20, validator=whole(1, 1000))

    def draw(self, chance: Generator, count: int) -> Whole:
        """How often the next ``count`` customers would come again if they were never served."""
        return _more(chance.random(count), self.share, self.most)


MOST_OFFERS = 100
"""How often a ticket is offered at most; then it is given without asking."""

Answer = tuple[timedelta, bool]
"""After how long an agent answers an offer, and whether they accept it."""


def _exhausted(value: Exhausted | str) -> Exhausted:
    return as_member(Exhausted, value)


def _recorded(value: Iterable[Iterable[Iterable[Any]]] | None) -> tuple[tuple[Answer, ...], ...] | None:
    return None if value is None else tuple(tuple((length, accepts) for length, accepts in each) for each in value)


def _are_recorded(_owner: object, _attribute: "attrs.Attribute[Any]", value: tuple[tuple[Answer, ...], ...]) -> None:
    for i, answers in enumerate(value):
        for j, (length, accepts) in enumerate(answers):
            check_length(length, f"Offers.recorded[{i}][{j}][0]")
            if not isinstance(accepts, bool):
                raise InvalidInput(f"Offers.recorded[{i}][{j}][1]", "must be true or false")


@attrs.frozen
class Offers:
    """Before a ticket is an agent's, they are asked: they answer after a time by the law ``answer``.

    The part ``accepts`` of the answers is to accept.  Who has not answered ``within`` a time, or declines, is not asked
    about this ticket again, or, with ``excluded_for``, not before that time is over; ``exhausted`` says what becomes of
    one that all who are there have declined.  Until it is accepted the ticket waits, and takes room of who is asked.
    Instead of a law, ``recorded`` has the answers of each ticket in their order; one that was given all of its answers
    is given without asking, as is one that was offered 100 times, and work that goes on after its first stretch.
    """

    within: timedelta = attrs.field(validator=is_length(above=True))
    answer: Law | None = None
    accepts: float = attrs.field(default=1.0, validator=number(0, 1, above=True))
    exhausted: Exhausted = attrs.field(default=Exhausted.WAIT, converter=_exhausted, validator=member(Exhausted))
    excluded_for: timedelta | None = attrs.field(
        default=None, validator=attrs.validators.optional(is_length(above=True))
    )
    recorded: tuple[tuple[Answer, ...], ...] | None = attrs.field(
        default=None, converter=_recorded, validator=attrs.validators.optional(_are_recorded)
    )

    def __attrs_post_init__(self) -> None:
        if (self.answer is None) is (self.recorded is None):
            raise InvalidInput("Offers.answer", "stands instead of recorded, and one of them is needed")
        if self.recorded is not None and self.accepts != 1:
            raise InvalidInput("Offers.accepts", "cannot stand beside recorded")


class ReturnTo(StrEnum):
    """Who goes on with a ticket when its customer has answered: the ``SAME_AGENT``, or anybody of the ``POOL``."""

    SAME_AGENT = "same_agent"
    POOL = "pool"


def _return_to(value: ReturnTo | str) -> ReturnTo:
    return as_member(ReturnTo, value)


def _shares(_owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, tuple):
        raise InvalidInput("Touches.shares", f"must be a list, not {type(value).__name__}")
    for i, share in enumerate(value):
        check_number(share, f"Touches.shares[{i}]", 0)
    if value and not isclose(fsum(value), 1, abs_tol=1e-9):
        raise InvalidInput("Touches.shares", f"must be 1 together, are {fsum(value)}")


@attrs.frozen
class Touches:
    """Work on a ticket goes on in several touches; between two its customer is silent, by the law ``silence``.

    How many there are is said by ``again``, the probability of one more after each, or by ``shares``, which part of
    tickets has one, two, three.  ``handling`` is the law of each after the first, None for that of the first.  When the
    customer has answered, the ticket is worked on by those of ``returns``; if that is the same agent, it waits for them
    alone for ``returns_within`` at most, None for ever, and then for anybody.  While the customer is silent, the ticket
    takes room of its agent if it ``holds``; then that agent goes on with it at once, if still on duty.
    """

    silence: Law
    again: float | None = attrs.field(default=None, validator=attrs.validators.optional(number(0, 1)))
    shares: tuple[float, ...] = attrs.field(default=(), converter=as_tuple, validator=_shares)
    handling: Law | Periodic | None = None
    returns: ReturnTo = attrs.field(default=ReturnTo.SAME_AGENT, converter=_return_to, validator=member(ReturnTo))
    returns_within: timedelta | None = attrs.field(default=None, validator=attrs.validators.optional(is_length()))
    holds: bool = False

    def __attrs_post_init__(self) -> None:
        if (self.again is None) is not bool(self.shares):
            raise InvalidInput("Touches.again", "stands instead of shares, and one of them is needed")
        if self.again == 1:
            raise InvalidInput("Touches.again", "must be below 1, or there would be no end")
        if self.returns_within is not None and self.returns is ReturnTo.POOL:
            raise InvalidInput("Touches.returns_within", "cannot stand beside a return to the pool")

    def draw(self, chance: Generator, count: int) -> Whole:
        """How many touches the next ``count`` tickets have after their first."""
        uniform = chance.random(count)
        if self.again is not None:
            return _more(uniform, self.again, 2**31)
        return np.minimum(np.searchsorted(np.cumsum(self.shares), uniform, side="right"), len(self.shares) - 1)


def _more(uniform: "np.ndarray[Any, np.dtype[np.float64]]", share: float, most: int) -> Whole:
    """How often something happens in a row that happens with this probability each time."""
    if share in (0, 1):
        return np.full(len(uniform), most if share else 0)
    found: Whole = np.minimum(np.floor(np.log1p(-uniform) / np.log(share)), most).astype(np.int64)
    return found
