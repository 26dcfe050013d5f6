"""Names for things: kinds of records, references to one, unique keys, and who acts."""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache, partial
from typing import NamedTuple

import attrs

from ticketcore.checks import as_member, is_name, member
from ticketcore.model.values import quick


class Kind(StrEnum):
    """The kinds of records that a store keeps; the classes of their values are in ``ticketcore.codec.VALUES``.

    ``CONFIGURATION``, ``CONTACT``, ``ORGANISATION``, ``CONVERSATION``, ``TICKET``, ``AGENT``, ``CLOCK`` (of a ticket,
    whose id it has), ``QUARANTINE`` (of a message, whose id it has) and ``TALLY`` have a history of events each;
    ``MESSAGE``, ``TEXT`` and ``IDEMPOTENCY_KEY`` are written once.
    """

    CONFIGURATION = "configuration"
    CONTACT = "contact"
    CONVERSATION = "conversation"
    MESSAGE = "message"
    TEXT = "text"
    TICKET = "ticket"
    AGENT = "agent"
    IDEMPOTENCY_KEY = "idempotency_key"
    CLOCK = "clock"
    ORGANISATION = "organisation"
    QUARANTINE = "quarantine"
    TALLY = "tally"


class Ref(NamedTuple):
    """One record of a tenant, by its ``kind`` and ``id``; also the name of the stream of its events."""

    kind: Kind
    id: str


ref_to: Callable[[tuple[Kind, str]], Ref] = partial(tuple.__new__, Ref)
"""Makes a ``Ref`` of a pair of kind and id in half the time, for what runs at every event."""


@lru_cache(1024)
def ticket_ref(id: str) -> Ref:
    """The ticket ``id``.  Those asked for last are remembered, since each command names the same few again."""
    return ref_to((Kind.TICKET, id))


@lru_cache(1024)
def agent_ref(id: str) -> Ref:
    """The agent ``id``; remembered in the same way."""
    return ref_to((Kind.AGENT, id))


Stream = Ref
"""The history of one ticket, agent, contact, organisation, conversation or configuration, named like its record."""


class UniqueKey(NamedTuple):
    """A name that at most one record of a tenant may hold: a ``value`` in a ``namespace`` of such names."""

    namespace: str
    value: str


@attrs.frozen
class IdempotencyKey:
    """What was asked under the key ``id`` has been done; at ``version`` 1 for good."""

    id: str
    version: int = 1


class ActorKind(StrEnum):
    """Who can act on a desk.

    ``CONTACT``: a customer.  ``AGENT``: a human agent.  ``BOT``: a software agent.  ``TIMER``: the passing of time.
    ``RULE``: a rule of the desk, the router among them.  ``IMPORT``: whatever brings data in.
    """

    CONTACT = "contact"
    AGENT = "agent"
    BOT = "bot"
    TIMER = "timer"
    RULE = "rule"
    IMPORT = "import"


def _actor_kind(value: ActorKind | str) -> ActorKind:
    return as_member(ActorKind, value)


@quick
@attrs.frozen
class Actor:
    """Who did it: the ``kind`` of actor and its ``id`` (of a timer or rule, its name).

    Raises ``InvalidInput`` naming the field.
    """

    kind: ActorKind = attrs.field(converter=_actor_kind, validator=member(ActorKind))
    id: str = attrs.field(validator=is_name)

    @classmethod
    def agent(cls, id: str) -> "Actor":
        """The human agent ``id``."""
        return cls(ActorKind.AGENT, id)

    @classmethod
    def contact(cls, id: str) -> "Actor":
        """The customer ``id``."""
        return cls(ActorKind.CONTACT, id)

    @classmethod
    def bot(cls, id: str) -> "Actor":
        """The software agent ``id``."""
        return cls(ActorKind.BOT, id)

    @classmethod
    def timer(cls, id: str) -> "Actor":
        """The timer of the kind ``id``."""
        return cls(ActorKind.TIMER, id)

    @classmethod
    def rule(cls, id: str) -> "Actor":
        """The rule ``id``, the router among them."""
        return cls(ActorKind.RULE, id)
