"""What a message to a solved ticket comes to: the rules, as data, and what was decided by them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import attrs

from ticketcore.checks import as_member, as_tuple, is_name, is_optional_name, meant, member, names, whole
from ticketcore.errors import InvalidInput
from ticketcore.model.values import quick

MAX_REOPENS = 20
"""How many of the last times at which its customer reopened it a ticket keeps; a limit is at most that."""


class Outcome(StrEnum):
    """What becomes of a solved ticket, or of one that is closed, when its customer writes.

    ``REOPEN``: it is taken up again.  ``FOLLOW_UP``: the message opens a ticket that is linked to it.  ``NEW``: the
    message opens one that is not.  ``STAY``: nothing; the message is kept with it.
    """

    REOPEN = "reopen"
    FOLLOW_UP = "follow_up"
    NEW = "new"
    STAY = "stay"


class ReopenReason(StrEnum):
    """Why it came to that.

    ``NO_RULE``: no rule speaks of such a ticket.  ``IN_TIME``: the rule's window was still open, and the limit not
    reached.  ``LATE``: the window was over.  ``TOO_OFTEN``: the limit was reached.  ``CLOSED``: the ticket is closed
    for good.  ``THANKS``: the customer only says thanks.  ``AUTOMATIC``: no person sent it.
    """

    NO_RULE = "no_rule"
    IN_TIME = "in_time"
    LATE = "late"
    TOO_OFTEN = "too_often"
    CLOSED = "closed"
    THANKS = "thanks"
    AUTOMATIC = "automatic"


@quick
@attrs.frozen
class Reopening:
    """The decision about a message to the solved or closed ``ticket``: the ``outcome``, and its ``reason``.

    ``rule`` is the id of the rule that decided, None where none did.  ``elapsed`` is the time since the ticket was last
    solved, by that rule's clock; ``reopens`` is how often its customer reopened it in the rule's period.  Both
    are None where the rule asks for none, or was not asked.
    """

    ticket: str
    outcome: Outcome
    reason: ReopenReason
    rule: str | None = None
    elapsed: timedelta | None = None
    reopens: int | None = None


@quick
@attrs.frozen(weakref_slot=False)
class Solution:
    """When a ticket was last solved, ``at``, in UTC, and by whom.

    ``resolver`` is the agent who solved it, or had it when a bot, a timer or a rule did; None where nobody had it.
    ``reopened`` are the instants at which its customer reopened it, whenever it was solved: the last ``MAX_REOPENS``.
    """

    at: datetime
    resolver: str | None
    reopened: tuple[datetime, ...] = ()


def _outcome(value: Outcome | str) -> Outcome:
    return as_member(Outcome, value)


def _is_span(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    path = f"{type(owner).__name__}.{attribute.name}"
    if value is not None and not isinstance(value, timedelta):
        raise InvalidInput(path, f"must be a timedelta, not {type(value).__name__}")
    if value is not None and value <= timedelta(0):
        raise InvalidInput(path, f"must be longer than nothing, is {value}")


@attrs.frozen
class ReopenRule:
    """What becomes of a solved or closed ticket of some kind when its customer writes.  Decisions name it by ``id``.

    It speaks of tickets whose message came by one of the ``channels``, which are of one of the ``types`` and in one of
    the ``states``; none given are all.

    A message that comes at most ``within`` (None: whenever) after the ticket was *last* solved comes to ``then``.  What
    is later, or finds that its customer reopened the ticket ``limit`` times in the ``period`` before it, comes to
    ``otherwise``, which is a follow-up or a new ticket; so does every message to a ticket that is closed for good.
    The window is counted in the open time of the ``calendar``, or by the clock if that is None; the period always is
    by the clock.

    Raises ``InvalidInput`` naming the field.
    """

    id: str = attrs.field(validator=is_name)
    channels: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    types: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    states: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    within: timedelta | None = attrs.field(default=None, validator=_is_span)
    calendar: str | None = attrs.field(default=None, validator=is_optional_name)
    limit: int | None = attrs.field(default=None, validator=attrs.validators.optional(whole(1, MAX_REOPENS)))
    period: timedelta | None = attrs.field(default=None, validator=_is_span)
    then: Outcome = attrs.field(default=Outcome.REOPEN, converter=_outcome, validator=member(Outcome))
    otherwise: Outcome = attrs.field(default=Outcome.FOLLOW_UP, converter=_outcome, validator=member(Outcome))

    def __attrs_post_init__(self) -> None:
        if self.then is Outcome.STAY:
            raise InvalidInput("ReopenRule.then", "must be reopen, follow_up or new, or nobody would see the message")
        if self.otherwise not in (Outcome.FOLLOW_UP, Outcome.NEW):
            raise InvalidInput("ReopenRule.otherwise", f"must be follow_up or new, not {self.otherwise}")
        if (self.limit is None) is not (self.period is None):
            missing = "period" if self.period is None else "limit"
            raise InvalidInput(f"ReopenRule.{missing}", "is missing: a limit is so many reopens in a period")
        if self.calendar is not None and self.within is None:
            raise InvalidInput("ReopenRule.calendar", "counts nothing, since there is no window")

    def speaks_of(self, channel: str, type: str, state: str) -> bool:
        """Whether it is about tickets of this type in this state, and messages by this channel."""
        return (
            (not self.channels or channel in self.channels)
            and (not self.types or type in self.types)
            and (not self.states or state in self.states)
        )


def check_reopening(
    rules: Sequence[ReopenRule],
    types: Collection[str],
    resting: Mapping[str, bool],
    calendars: Collection[str],
) -> None:
    """Refuse rules that name what there is not, or twice the same.

    ``resting`` says of each state whether it is solved or closed, as the states of a rule have to be.  ``InvalidInput``
    names the field.
    """
    seen: set[str] = set()
    for i, rule in enumerate(rules):
        where = f"Configuration.reopening[{i}]"
        if rule.id in seen:
            raise InvalidInput(f"{where}.id", f"{rule.id!r} is declared twice")
        seen.add(rule.id)
        for j, type in enumerate(rule.types):
            if type not in types:
                raise InvalidInput(f"{where}.types[{j}]", f"no type {type!r} is declared{meant(type, types)}")
        for j, state in enumerate(rule.states):
            if state not in resting:
                raise InvalidInput(f"{where}.states[{j}]", f"no state {state!r} is declared{meant(state, resting)}")
            if not resting[state]:
                raise InvalidInput(f"{where}.states[{j}]", f"{state!r} is neither solved nor closed")
        if rule.calendar is not None and rule.calendar not in calendars:
            raise InvalidInput(
                f"{where}.calendar", f"no calendar {rule.calendar!r} is declared{meant(rule.calendar, calendars)}"
            )
