"""Wrapping up: the time after work is done in which its agent still writes it up, and has room for nothing more by it.

What cannot be used is ``InvalidInput``, naming the field.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import attrs

from ticketcore.errors import InvalidInput
from ticketcore.model.values import quick

LONGEST = timedelta(days=7)
"""The longest time that a queue or a channel gives."""


@quick
@attrs.frozen(weakref_slot=False)
class WrapUp:
    """That an agent wraps up a ``ticket``, by its id, ``until`` an instant in UTC at most.

    It keeps the room of theirs that the ticket took, as one of its ``channel`` and ``queue``.
    """

    ticket: str
    until: datetime
    channel: str
    queue: str | None


class WrapUps(NamedTuple):
    """How long agents wrap up tickets of some ``queues`` and ``channels``; a queue counts before a channel."""

    queues: Mapping[str | None, timedelta]
    channels: Mapping[str, timedelta]

    def until(self, channel: str, queue: str | None, at: datetime) -> datetime | None:
        """Until when somebody wraps up a ticket that is done at ``at``; None where they have room at once."""
        length = self.queues.get(queue)
        if length is None:
            length = self.channels.get(channel)
        if not length:
            return None
        try:
            return at + length
        except OverflowError:
            return None


def wrap_ups_of(
    queues: Iterable[tuple[str, timedelta | None]], channels: Iterable[tuple[str, timedelta | None]]
) -> WrapUps | None:
    """How long agents wrap up, by what queues and channels say; None where all say nothing."""
    of_queues: dict[str | None, timedelta] = {queue: length for queue, length in queues if length is not None}
    of_channels = {channel: length for channel, length in channels if length is not None}
    return WrapUps(of_queues, of_channels) if any((*of_queues.values(), *of_channels.values())) else None


def is_wrap_up(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: None, or a timedelta of up to a week; nothing at all counts."""
    if value is not None and not (isinstance(value, timedelta) and timedelta(0) <= value <= LONGEST):
        raise InvalidInput(f"{type(owner).__name__}.{attribute.name}", "must be a timedelta of a week at most, or None")
