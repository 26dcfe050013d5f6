"""Agents whom a customer's ticket goes to first: who, for which tickets, and how long it waits for them.

Each class here raises ``InvalidInput`` naming the field that cannot be used.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

import attrs

from ticketcore.checks import as_member, as_tuple, is_name, is_optional_name, member, names
from ticketcore.errors import InvalidInput
from ticketcore.model.agent import Presence
from ticketcore.model.rules import Known, check_known


class Familiar(StrEnum):
    """Which agent is meant.

    ``OWNER``: whom ``DescribeContact`` names for the customer.  ``LAST_AGENT``: who has, or last had, the ticket of the
    customer that changed last.  ``NAMED``: the one that the affinity names.
    """

    OWNER = "owner"
    LAST_AGENT = "last_agent"
    NAMED = "named"


class Parting(StrEnum):
    """Why a ticket no longer waits for an agent of its own, and goes the normal way.

    ``PATIENCE``: it has waited long enough.  ``PRESENCE``: the agent is not on duty.  ``UNABLE``: the agent does not
    serve its queue, lacks what it asks or was taken off it, or there is no such agent or affinity any more.
    """

    PATIENCE = "patience"
    PRESENCE = "presence"
    UNABLE = "unable"


def _familiar(value: Familiar | str) -> Familiar:
    return as_member(Familiar, value)


def _presences(value: Iterable[Presence | str]) -> tuple[Presence, ...]:
    items = as_tuple(value)
    return tuple(as_member(Presence, item) for item in items) if isinstance(items, tuple) else items


def _are_presences(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    path = f"{type(owner).__name__}.{attribute.name}"
    if not isinstance(value, tuple) or not value:
        raise InvalidInput(path, "must name at least one presence")
    for i, item in enumerate(value):
        if not isinstance(item, Presence):
            raise InvalidInput(f"{path}[{i}]", f"must be one of {', '.join(Presence)}, not {item!r}")


def _patience(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    path = f"{type(owner).__name__}.{attribute.name}"
    if not isinstance(value, timedelta):
        raise InvalidInput(path, f"must be a timedelta, not {type(value).__name__}")
    if value < timedelta(0):
        raise InvalidInput(path, f"must not be negative, is {value}")


@attrs.frozen
class Affinity:
    """A ticket that is opened goes ``to`` an agent of its own, by this rule, which decisions name by its ``id``.

    ``agent`` is who that is, for ``Familiar.NAMED``.  While the agent has no room it waits up to ``patience`` for them,
    from when it began to wait and as long as their presence is one of ``presences``; then it goes the normal way.  It
    is for tickets that come into one of ``queues``, of customers of one of ``tiers``; for all where none are given.
    """

    id: str = attrs.field(validator=is_name)
    to: Familiar = attrs.field(converter=_familiar, validator=member(Familiar))
    agent: str | None = attrs.field(default=None, validator=is_optional_name)
    patience: timedelta = attrs.field(default=timedelta(0), validator=_patience)
    presences: tuple[Presence, ...] = attrs.field(
        default=(Presence.AVAILABLE,), converter=_presences, validator=_are_presences
    )
    queues: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    tiers: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)

    def __attrs_post_init__(self) -> None:
        if (self.agent is None) is (self.to is Familiar.NAMED):
            raise InvalidInput("Affinity.agent", "is for the named one, and must be there then")

    def covers(self, queue: str, tier: str | None) -> bool:
        """Whether it is for a ticket that comes into the ``queue``, of a customer of the ``tier``."""
        return (not self.queues or queue in self.queues) and (not self.tiers or tier in self.tiers)


def check_affinities(affinities: Sequence[Affinity], known: Known) -> None:
    """Refuse affinities for queues that there are not: ``InvalidInput`` names the field."""
    for i, affinity in enumerate(affinities):
        for j, queue in enumerate(affinity.queues):
            check_known(f"Configuration.affinities[{i}].queues[{j}]", "queue", queue, known.queues)
