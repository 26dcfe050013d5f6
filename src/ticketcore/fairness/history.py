"""What was given to whom, and who was there: all that a share can be judged by.

Instants are whole microseconds and count from 1970 in UTC, or from where a simulation begins.  What cannot be used is
``InvalidInput``, naming the field.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping

import attrs

from ticketcore.checks import as_tuple, check_whole, is_name, names, whole
from ticketcore.engine import Explanation
from ticketcore.errors import InvalidInput
from ticketcore.model import BOUNDS, Filter


@attrs.frozen
class Given:
    """A ``ticket`` that was given to an ``agent`` at the instant ``at``.

    It takes ``units`` of their capacity and was ``work`` for so many microseconds, 0 while nobody knows.  ``qualified``
    are the agents on duty who may take such a ticket, ``able`` those of them who had room; the agent is always both.

    Raises ``InvalidInput`` naming the field.
    """

    ticket: str = attrs.field(validator=is_name)
    agent: str = attrs.field(validator=is_name)
    at: int = attrs.field(validator=whole(0))
    qualified: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    able: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    units: int = attrs.field(default=1, validator=whole(0))
    work: int = attrs.field(default=0, validator=whole(0))

    def __attrs_post_init__(self) -> None:
        """The agent is among those who could have had it."""
        for name in ("qualified", "able"):
            if self.agent not in getattr(self, name):
                object.__setattr__(self, name, (*getattr(self, name), self.agent))


def given_by(explanation: Explanation, ticket: str, at: int, units: int = 1, work: int = 0) -> Given:
    """What an engine's explanation of a decision is to the history.

    ``InvalidInput`` if nobody was chosen.
    """
    agent = explanation.decision.agent
    if agent is None:
        raise InvalidInput("explanation", f"{ticket!r} was given to nobody")
    able = tuple(candidate for candidate, _ in explanation.candidates)
    full = tuple(other for other, filter in explanation.excluded if filter in (*BOUNDS, Filter.EXCLUDED))
    return Given(ticket, agent, at, (*able, *full), able, units, work)


@attrs.frozen
class Duty:
    """An ``agent`` was there to take work from ``begin`` until before ``end``.

    Raises ``InvalidInput`` naming the field.
    """

    agent: str = attrs.field(validator=is_name)
    begin: int = attrs.field(validator=whole(0))
    end: int = attrs.field(validator=whole(0))

    def __attrs_post_init__(self) -> None:
        """It ends after it began."""
        if self.end < self.begin:
            raise InvalidInput("Duty.end", f"{self.end} is before {self.begin}")


def _weights(value: Mapping[str, int] | Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(value.items() if isinstance(value, Mapping) else value))


def _in_order(value: Iterable[Given]) -> tuple[Given, ...]:
    return tuple(sorted(value, key=lambda given: given.at))


def _known(history: "History", _attribute: object, _value: object) -> None:
    known = dict(history.weights)
    for agent, weight in known.items():
        check_whole(weight, f"History.weights[{agent!r}]", 1)
    named = {duty.agent for duty in history.duties}.union(*(given.qualified for given in history.given))
    for agent in sorted(named):
        if agent not in known:
            raise InvalidInput("History.weights", f"has no {agent!r}")


@attrs.frozen
class History:
    """Agents by id with their ``weights`` in percent of a full share, their ``duties``, and what they were ``given``.

    ``given`` stands in the order of time.  Overlapping duties of an agent count twice: leave none.  Of a ticket that
    was given more than once, the last counts, so that one that bounced counts neither twice nor for nobody; but work
    counts for everybody who did it.

    Raises ``InvalidInput`` naming the field, also for an agent without a weight.
    """

    weights: tuple[tuple[str, int], ...] = attrs.field(converter=_weights)
    duties: tuple[Duty, ...] = attrs.field(converter=tuple[Duty, ...])
    given: tuple[Given, ...] = attrs.field(converter=_in_order, validator=_known)

    def counted(self) -> tuple[Given, ...]:
        """Each ticket once, as it was given last."""
        last = {given.ticket: given for given in self.given}
        return tuple(given for given in self.given if last[given.ticket] is given)

    def on_duty(self) -> "OnDuty":
        """Who was there when, to be asked often."""
        return OnDuty(self.duties)


class OnDuty:
    """Who was there when: made in O(duties x agents), asked in O(log duties)."""

    def __init__(self, duties: Iterable[Duty]) -> None:
        duties = [duty for duty in duties if duty.begin < duty.end]
        self._since = sorted({instant for duty in duties for instant in (duty.begin, duty.end)})
        self._who = [
            frozenset(duty.agent for duty in duties if duty.begin <= instant < duty.end) for instant in self._since
        ]

    def at(self, instant: int) -> frozenset[str]:
        """Those who were there at an instant."""
        place = bisect_right(self._since, instant) - 1
        return self._who[place] if place >= 0 else frozenset()
