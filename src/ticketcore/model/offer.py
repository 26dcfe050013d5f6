"""Offers: work that an agent accepts or declines before it is theirs, and whom a ticket is kept from."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from ticketcore.checks import as_distinct, as_member, instance, meant, member, names, whole
from ticketcore.errors import InvalidInput
from ticketcore.model.alarms import Delay, is_span
from ticketcore.model.values import quick

MOST_MISSED = 1_000
"""The greatest number of offers in a row that somebody may not answer."""


class OfferEnd(StrEnum):
    """What came of an offer.

    ``ACCEPTED``: the agent has the ticket.  ``DECLINED``: they did not want it.  ``EXPIRED``: they said nothing in
    time.  ``RESCINDED``: it was taken back, since the ticket waits no more or the agent is no longer one who may have
    it.
    """

    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    RESCINDED = "rescinded"


class Exhausted(StrEnum):
    """What becomes of a ticket that everybody who is there has declined.

    ``WAIT``: it waits for somebody else, or for a person to decide.  ``ASK_AGAIN``: those who declined it may be
    offered it again.
    """

    WAIT = "wait"
    ASK_AGAIN = "ask_again"


class Misfit(StrEnum):
    """What becomes of an open offer whose agent goes away, or no longer meets what the ticket asks.

    ``RESCIND``: it is taken back, and the ticket is placed again in the same commit.  ``KEEP``: it stays open.
    """

    RESCIND = "rescind"
    KEEP = "keep"


class ExclusionCause(StrEnum):
    """Why a ticket is kept from an agent.

    ``TAKEN``: somebody took it from them.  ``DECLINED``: they declined an offer of it.  ``EXPIRED``: they did not
    answer one in time.
    """

    TAKEN = "taken"
    DECLINED = "declined"
    EXPIRED = "expired"


@quick
@attrs.frozen(weakref_slot=False)
class Exclusion:
    """That a ticket is kept from an ``agent``, by their id, and why: the ``cause``."""

    agent: str
    cause: ExclusionCause

    @property
    def is_answer(self) -> bool:
        """Whether it is the agent's own doing: they declined an offer, or did not answer it."""
        return self.cause is not ExclusionCause.TAKEN


@quick
@attrs.frozen(weakref_slot=False)
class Offer:
    """A ``ticket``, by its id, that an agent may accept ``until`` an instant; it was offered at ``since``, both in UTC.

    It fills a slot of theirs while it is open, as one of its ``channel`` and ``queue``.  ``credit`` is what accepting
    it adds to their share of work, which counts for who is next from the moment of the offer; 0 for what they had
    before.
    """

    ticket: str
    since: datetime
    until: datetime
    credit: int
    channel: str
    queue: str | None


def _delay(value: Delay | timedelta) -> Delay:
    return Delay(value) if isinstance(value, timedelta) else value


def _exhausted(value: Exhausted | str) -> Exhausted:
    return as_member(Exhausted, value)


def _misfit(value: Misfit | str) -> Misfit:
    return as_member(Misfit, value)


@attrs.frozen
class Offering:
    """How a queue offers its tickets.

    An agent answers ``within`` a delay, or a ``timedelta`` of all time.  ``reasons`` are the ids of those that they may
    give when they decline.  ``exhausted`` says what becomes of a ticket that everybody declined, and ``misfit`` what
    becomes of an offer whose agent no longer fits.  ``excluded_for`` is how long a ticket is kept from an agent who
    declined it, or did not answer; None for as long as it is not solved.  Who is available and does not answer as many
    offers in a row as ``away_after`` is away from then on, until they say otherwise; 0 for never.

    Raises ``InvalidInput`` naming the field.
    """

    within: Delay = attrs.field(converter=_delay, validator=instance(Delay))
    reasons: tuple[str, ...] = attrs.field(default=(), converter=as_distinct, validator=names)
    exhausted: Exhausted = attrs.field(default=Exhausted.WAIT, converter=_exhausted, validator=member(Exhausted))
    misfit: Misfit = attrs.field(default=Misfit.RESCIND, converter=_misfit, validator=member(Misfit))
    excluded_for: timedelta | None = attrs.field(default=None, validator=attrs.validators.optional(is_span))
    away_after: int = attrs.field(default=0, validator=whole(0, MOST_MISSED))


def offerings_of(queues: Iterable[tuple[str, Offering | None]], calendars: Collection[str]) -> Mapping[str, Offering]:
    """How each queue offers, of those that do; ``InvalidInput`` for a calendar that is not declared."""
    found = {}
    for i, (queue, offering) in enumerate(queues):
        if offering is not None:
            found[queue] = offering
            calendar = offering.within.calendar
            if calendar is not None and calendar not in calendars:
                reason = f"no calendar {calendar!r} is declared{meant(calendar, calendars)}"
                raise InvalidInput(f"Configuration.queues[{i}].offering", reason)
    return found
