"""Commands that leave something to time.  Import these from ``ticketcore.commands``.

An end is an instant with a time zone, or a ``Delay`` from now on, in the open time of a calendar if it names one.
In each, ``actor`` is who asks.  One that cannot be used is ``InvalidInput`` naming the field.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import attrs

from ticketcore.checks import as_member, as_tuple, instant, is_optional_name
from ticketcore.commands.about import StateMove, TicketCommand
from ticketcore.errors import InvalidInput
from ticketcore.model import CancelOn, Delay
from ticketcore.model.values import quick


def _end(value: datetime | Delay | None, field: str) -> datetime | Delay | None:
    return value if value is None or isinstance(value, Delay) else instant(value, field)


def _pend_until(value: datetime | Delay | None) -> datetime | Delay | None:
    return _end(value, "Pend.until")


def _snooze_until(value: datetime | Delay) -> datetime | Delay:
    if value is None:
        raise InvalidInput("Snooze.until", "must be a datetime or a Delay, not None")
    return value if isinstance(value, Delay) else instant(value, "Snooze.until")


def _remind_at(value: datetime | Delay | None) -> datetime | Delay | None:
    return _end(value, "Remind.at")


def _causes(value: Iterable[CancelOn | str]) -> tuple[CancelOn, ...]:
    items = as_tuple(value)
    return tuple(as_member(CancelOn, item) for item in items) if isinstance(items, tuple) else items


def _are_causes(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    path = f"{type(owner).__name__}.{attribute.name}"
    if not isinstance(value, tuple):
        raise InvalidInput(path, f"must be a list, not {type(value).__name__}")
    for i, item in enumerate(value):
        if not isinstance(item, CancelOn):
            raise InvalidInput(f"{path}[{i}]", f"must be one of {', '.join(CancelOn)}, not {item!r}")
        if item in value[:i]:
            raise InvalidInput(f"{path}[{i}]", f"repeats {item.value!r}")


@quick
@attrs.frozen
class Pend(StateMove):
    """Wait for the customer; ``until`` an instant, if one is given, when the ticket is resumed by itself.

    A pending ticket is given another end by it.  Any change of state ends that wait, the customer's message above all.
    """

    until: datetime | Delay | None = attrs.field(default=None, converter=_pend_until)


@quick
@attrs.frozen
class Snooze(TicketCommand):
    """Let the ticket rest, on hold, ``until`` an instant, when it is resumed by itself, or until its state changes.

    One that is on hold is given another end by it.  ``state`` is where it rests, where the workflow has several.
    """

    until: datetime | Delay = attrs.field(converter=_snooze_until)
    state: str | None = attrs.field(default=None, validator=is_optional_name)


@quick
@attrs.frozen
class Remind(TicketCommand):
    """Remind ``agent``, or whoever has the ticket then, of it ``at`` an instant, unless ``unless`` happens.

    Without an instant it takes back the reminders that are set for ``agent``.  A ticket has at most 20 alarms, beside
    those that end that it is kept from somebody.
    """

    at: datetime | Delay | None = attrs.field(converter=_remind_at)
    agent: str | None = attrs.field(default=None, validator=is_optional_name)
    unless: tuple[CancelOn, ...] = attrs.field(default=(CancelOn.SOLVED,), converter=_causes, validator=_are_causes)
