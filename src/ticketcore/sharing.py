"""Tickets that are read share what they have in common, so that many of them fit into memory.

A hundred thousand tickets name a few dozen states, queues, agents and tags, customers come back, and most fields of a
new ticket hold the instant at which it was opened; as read, each ticket has copies of its own.  Names are shared by
``sys.intern``, which forgets those that nobody holds; tuples among those that came last; instants within a ticket.
"""

from functools import lru_cache
from sys import intern

from ticketcore.model import Exclusion, SkillLevel, Ticket

_RECENT = 4096
"""How many tuples are remembered."""

_INSTANTS = ("routing_origin", "waiting_since", "last_message_at", "state_since", "updated_at")
_put = object.__setattr__


def share(ticket: Ticket) -> Ticket:
    """The same ticket, just read and nobody else's yet, with shared parts.  Equal to what it was."""
    origin = ticket.origin
    _put(ticket, "state", intern(ticket.state))
    _put(origin, "type", intern(origin.type))
    _put(origin, "contact", intern(origin.contact))
    _put(origin, "conversation", intern(origin.conversation))
    _put(origin, "channel", intern(origin.channel))
    if origin.subject == ticket.id:
        _put(origin, "subject", ticket.id)
    if ticket.queue is not None:
        _put(ticket, "queue", intern(ticket.queue))
    if ticket.assignee is not None:
        _put(ticket, "assignee", intern(ticket.assignee))
    if ticket.tags:
        _put(ticket, "tags", _names(ticket.tags))
    if ticket.needs:
        _put(ticket, "needs", _levels(ticket.needs))
    if ticket.requirement is not None:
        _put(ticket, "requirement", intern(ticket.requirement))
    if ticket.excluded:
        _put(ticket, "excluded", _exclusions(ticket.excluded))
    if ticket.focused:
        _put(ticket, "focused", _names(ticket.focused))
    for value in ticket.attributes:
        _put(value, "attribute", intern(value.attribute))
    known = origin.opened_at
    for name in _INSTANTS:
        at = getattr(ticket, name)
        if at == known:
            _put(ticket, name, known)
        elif at is not None:
            known = at
    return ticket


@lru_cache(maxsize=_RECENT)
def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(intern, names))


@lru_cache(maxsize=_RECENT)
def _exclusions(exclusions: tuple[Exclusion, ...]) -> tuple[Exclusion, ...]:
    return exclusions


@lru_cache(maxsize=_RECENT)
def _levels(levels: tuple[SkillLevel, ...]) -> tuple[SkillLevel, ...]:
    return levels
