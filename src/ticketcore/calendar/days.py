"""Zones, when a day begins by the clocks of one, and instants as numbers."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import attrs

from ticketcore.checks import check_name, meant
from ticketcore.errors import InvalidInput

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NOT_ZONES = ("localtime", "posixrules", "Factory", "posix/", "right/")
"""What the zone database of a system may hold besides zones: its own zone, and zones that count leap seconds."""


def check_zone(name: object, field: str) -> None:
    """Refuse, with ``InvalidInput`` naming the field, what is no time zone."""
    check_name(name, field)
    assert isinstance(name, str)
    try:
        if not name.startswith(_NOT_ZONES):
            zone_of(name)
            return
    except (KeyError, ValueError, OSError):
        pass
    raise InvalidInput(field, f"no time zone {name!r} is known{meant(name, available_timezones())}")


def is_zone(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: the name of a time zone."""
    check_zone(value, f"{type(owner).__name__}.{attribute.name}")


_DAY = timedelta(days=1)
_last: dict[str, datetime] = {}
"""When the day began that was asked for last, by zone; none in which clocks change, which may show a date twice."""


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; a zone that was made is asked faster."""
    return ZoneInfo(name)


def day_began(zone: str, at: datetime) -> datetime:
    """The first instant of the day on which ``at`` lies by the clocks of the zone, in UTC.

    A day of which a change of clocks takes the first hour begins with the change.

    >>> day_began("Europe/Berlin", datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    datetime.datetime(2026, 7, 1, 22, 0, tzinfo=datetime.timezone.utc)
    """
    known = _last.get(zone)
    if known is not None and known <= at and at - known < _DAY:
        return known
    local = at.astimezone(zone_of(zone)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    began = local.astimezone(UTC)
    if local.utcoffset() == local.replace(hour=23, minute=59, second=59, microsecond=999_999).utcoffset():
        _last[zone] = began
    return began


def next_day(zone: str, at: datetime) -> datetime:
    """The first instant of the day after that of ``at`` by the clocks of the zone, in UTC.

    >>> next_day("Europe/Berlin", datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    datetime.datetime(2026, 7, 2, 22, 0, tzinfo=datetime.timezone.utc)
    """
    local = at.astimezone(zone_of(zone)) + timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


@lru_cache(maxsize=4096)
def microseconds(at: datetime) -> int:
    """The instant as microseconds since 1970 UTC, as index fields and counters hold it.

    Remembered, since one instant is in several fields of a record, and again in its next version.

    >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (at - _EPOCH) // _MICROSECOND
