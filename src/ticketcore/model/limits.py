"""How often something may happen of itself: the limits, as data, and the tallies that count it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import attrs

from ticketcore.checks import as_member, member, whole
from ticketcore.errors import InvalidInput
from ticketcore.model.values import quick

MAX_COUNTED = 200
"""The most that a limit can allow: so many instants a tally keeps."""


class Action(StrEnum):
    """What messages bring about of themselves: that one is ``ACKNOWLEDGE``d, and that they ``REOPEN`` or ``OPEN``
    tickets.
    """

    ACKNOWLEDGE = "acknowledge"
    REOPEN = "reopen"
    OPEN = "open"


class Per(StrEnum):
    """Of what the messages are that are counted together.

    ``SENDER``: of one address.  ``SUBJECT``: of one account of ours and one subject, but for numbers and tokens in it,
    whoever sends them: programs that answer each other may write from another address each time.
    """

    SENDER = "sender"
    SUBJECT = "subject"


def _action(value: Action | str) -> Action:
    return as_member(Action, value)


def _per(value: Per | str) -> Per:
    return as_member(Per, value)


def _is_span(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, timedelta) or value <= timedelta(0):
        raise InvalidInput(f"Limit.{attribute.name}", "must be a timedelta longer than nothing")


@attrs.frozen
class Limit:
    """That an ``action`` happens ``at_most`` so often (1 to 200) in any ``period``, counted ``per`` sender or subject.

    Raises ``InvalidInput`` naming the field.
    """

    action: Action = attrs.field(converter=_action, validator=member(Action))
    per: Per = attrs.field(converter=_per, validator=member(Per))
    at_most: int = attrs.field(validator=whole(1, MAX_COUNTED))
    period: timedelta = attrs.field(validator=_is_span)

    @property
    def id(self) -> str:
        """What it is called: what is limited, and by what it is counted.

        >>> Limit("open", "sender", 20, timedelta(hours=1)).id
        'open_per_sender'
        """
        return f"{self.action}_per_{self.per}"


LIMITS = (
    Limit(Action.ACKNOWLEDGE, Per.SENDER, 5, timedelta(hours=1)),
    Limit(Action.ACKNOWLEDGE, Per.SUBJECT, 30, timedelta(hours=1)),
    Limit(Action.REOPEN, Per.SENDER, 30, timedelta(hours=1)),
    Limit(Action.REOPEN, Per.SUBJECT, 60, timedelta(hours=1)),
)
"""The limits where no others are set.  None is on the opening of tickets: whoever wants one pays with a tally for each
ticket that is opened, and subjects that a form gives are all the same.
"""


@quick
@attrs.frozen
class Tally:
    """How often something happened of late: the instants ``at``, in UTC, the oldest first, as many as its limit allows.

    ``id`` is made from what is counted, in which no address and no word can be read; ``version`` counts its events.
    """

    id: str
    version: int
    at: tuple[datetime, ...]

    def within(self, period: timedelta, now: datetime) -> int:
        """How many of the instants are less than the period ago."""
        return sum(now - instant < period for instant in self.at)
