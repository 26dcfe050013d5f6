"""What time is to do to a ticket, as data that stands with it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import attrs

from ticketcore.checks import is_optional_name
from ticketcore.errors import InvalidInput
from ticketcore.model.values import quick

MAX_ALARMS = 20
"""How many alarms a ticket has at most, besides those that end that it is kept from somebody."""


class AlarmKind(StrEnum):
    """What an alarm does: ``WAKE`` takes the ticket up again, ``REMIND`` reminds an agent of it.

    ``OFFER`` ends the offer of the ticket to an agent, and ``FORGIVE`` that it is kept from one who did not take it.
    The kind of the timer of each has the same name.
    """

    WAKE = "wake"
    REMIND = "remind"
    OFFER = "offer"
    FORGIVE = "forgive"


class CancelOn(StrEnum):
    """What ends an alarm before it is due.

    ``STATE``: any change of state.  ``SOLVED``: the ticket is solved or closed.  ``REPLY``: the customer writes.
    ``ANSWER``: an agent or a bot writes to the customer.
    """

    STATE = "state"
    SOLVED = "solved"
    REPLY = "reply"
    ANSWER = "answer"


@quick
@attrs.frozen
class Alarm:
    """One thing that time is to do to a ticket: its ``kind``, and the instant ``due``, in UTC.

    ``since`` is when it was set, from which its time counts.  ``cancel_on`` are the events that end it before.
    ``agent`` is who is to be reminded, None for whoever has the ticket then; who has been offered it, or did not take
    it.
    """

    kind: AlarmKind
    since: datetime
    due: datetime
    cancel_on: tuple[CancelOn, ...] = ()
    agent: str | None = None


def is_span(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: a length of time, longer than nothing.  Raises ``InvalidInput``."""
    path = f"{type(owner).__name__}.{attribute.name}"
    if not isinstance(value, timedelta):
        raise InvalidInput(path, f"must be a timedelta, not {type(value).__name__}")
    if value <= timedelta(0):
        raise InvalidInput(path, f"must be longer than nothing, is {value}")


@attrs.frozen
class Delay:
    """A length of time, ``span``, from now on: in the open time of a ``calendar``, or of all time if that is None.

    Raises ``InvalidInput`` naming the field.
    """

    span: timedelta = attrs.field(validator=is_span)
    calendar: str | None = attrs.field(default=None, validator=is_optional_name)


def in_order(alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
    """The alarms, the next one first; those of one instant by kind and agent."""
    return tuple(sorted(alarms, key=lambda alarm: (alarm.due, alarm.kind, alarm.agent or "")))
