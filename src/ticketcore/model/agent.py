"""An agent as the desk's events leave it: what changes while people work."""

from datetime import timedelta
from enum import StrEnum

import attrs

from ticketcore.calendar.days import microseconds
from ticketcore.model.capacity import Hands, Held, Workload
from ticketcore.model.offer import Offer
from ticketcore.model.shifts import Terms
from ticketcore.model.skills import SkillLevel
from ticketcore.model.values import quick, replacing
from ticketcore.model.wrap_up import WrapUp

MICROSECOND = timedelta(microseconds=1)
"""The unit in which instants and spans are counted."""

CREDIT = 1024
"""One assignment, in the units of ``PolicyMemory.virtual_time``, to an agent of weight 100."""


def credit(weight: int) -> int:
    """What one assignment adds to the virtual time of an agent of this weight, in percent of a full share.

    >>> credit(50)
    2048
    """
    return CREDIT * 100 // weight


class Presence(StrEnum):
    """Whether an agent takes new work.

    ``AVAILABLE``: yes, while there is room.  ``DRAINING``: no, but they finish what they have.  ``AWAY``: not now.
    ``OFFLINE``: not at work.  Only the first is given tickets; what somebody works on stays theirs.
    """

    AVAILABLE = "available"
    DRAINING = "draining"
    AWAY = "away"
    OFFLINE = "offline"


@quick
@attrs.frozen
class PolicyMemory:
    """What fair assignment remembers of an agent, in integers, so that nothing lives only in a process.

    ``virtual_time`` grows with each assignment by its credit (1024 units, divided by the agent's weight in
    percent); ``assigned`` counts assignments.  ``last_assigned`` is the instant of the last one, ``last_released`` of
    the last ticket that left a slot free, ``available_since`` when they last came on: in microseconds since 1970 UTC,
    0 for never.  ``handled`` counts the assignments of the day that began at the instant ``day``, and ``duty`` is for
    how long they were available on it, but for the time since they last came on, in microseconds.  ``absent_since`` is
    the instant from which on they have been away or offline, 0 for not at all, and ``said`` that of the last word on
    their presence.
    """

    virtual_time: int = 0
    assigned: int = 0
    last_assigned: int = 0
    last_released: int = 0
    available_since: int = 0
    day: int = 0
    handled: int = 0
    duty: int = 0
    absent_since: int = 0
    said: int = 0

    def of_day(self, day: int) -> "PolicyMemory":
        """The same as of the day that began at that instant."""
        return self if self.day == day else _of_day(self, day, 0, 0)


_of_day = replacing(PolicyMemory, "day", "handled", "duty")


NO_TERMS = Terms()
"""Those of an agent with whom nothing is arranged."""


@quick
@attrs.frozen
class Agent:
    """One agent, by ``id``, with the ids of their ``teams``, their ``skills``, and their ``presence``.

    ``capacity`` is how many tickets they take at once, ``open`` how many of theirs fill a slot now, and ``offers`` are
    those that they may yet accept, which fill one each; so do those that they are done with and are ``wrapping`` up.
    ``weight`` is their share of work in percent of a full one, ``memory`` what they were given so far.  ``version``
    counts the agent's events.  The name for people stands in the Configuration, so that no event repeats it.  ``terms``
    are None where nothing else is arranged, and are read as ``arranged``.  ``hands`` are what is in those of an agent
    who has a profile, None of others.  ``missed`` counts the offers in a row that they have not answered since they
    came on.
    """

    id: str
    version: int
    teams: tuple[str, ...]
    skills: tuple[SkillLevel, ...]
    capacity: int
    weight: int
    presence: Presence
    open: int = 0
    memory: PolicyMemory = PolicyMemory()
    terms: Terms | None = None
    hands: Hands | None = None
    offers: tuple[Offer, ...] = ()
    wrapping: tuple[WrapUp, ...] = ()
    missed: int = 0

    @property
    def arranged(self) -> Terms:
        """What is arranged with the agent, if only that nothing is."""
        return NO_TERMS if self.terms is None else self.terms

    def workload(self, day: int, at: int) -> Workload | None:
        """What an agent with a profile has at the instant ``at`` of the day that began at ``day``; None of others.

        Both in microseconds since 1970 UTC.
        """
        profile = self.arranged.profile
        if profile is None or self.hands is None:
            return None
        lately, held, today = 0, self.hands.held, self.memory.of_day(day).handled
        if self.offers:
            held = (*held, *(Held(offer.ticket, offer.channel, offer.queue) for offer in self.offers))
            today += sum(given >= day for given in self._promised)
        if self.wrapping:
            held = (*held, *(Held(one.ticket, one.channel, one.queue) for one in self.wrapping))
        if profile.rate is not None:
            since = at - profile.rate.period // MICROSECOND
            lately = sum(given > since for given in (*self.hands.given, *self._promised))
        return Workload(profile, held, today, lately)

    @property
    def _promised(self) -> tuple[int, ...]:
        """When they were offered what will count as given to them if they accept."""
        return tuple([microseconds(offer.since) for offer in self.offers if offer.credit])

    def rested(self, at: int) -> int | None:
        """When an agent who was given as many as their rate allows, until ``at``, may be given one more; None if now.

        Both in microseconds since 1970 UTC.
        """
        rate = None if self.arranged.profile is None else self.arranged.profile.rate
        if rate is None or self.hands is None:
            return None
        given = sorted((*self.hands.given, *self._promised)) if self.offers else self.hands.given
        if len(given) < rate.at_most:
            return None
        again = given[-rate.at_most] + rate.period // MICROSECOND
        return again if again > at else None

    @property
    def held(self) -> int:
        """How many slots are filled: by tickets that are theirs, that they are offered, or that they wrap up."""
        return self.open + len(self.offers) + len(self.wrapping)

    @property
    def debt(self) -> int:
        """How much more they hold than they take, as when what rested is theirs again; while any, they get no more.

        In tickets, or in the units of their profile.
        """
        load = self.workload(0, 0)
        return max(0, self.held - self.capacity if load is None else load.profile.used(load.held) - load.profile.total)
