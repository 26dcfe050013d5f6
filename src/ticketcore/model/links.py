"""How tickets hang together: links of several kinds, and what a merged ticket adds to the one that it is merged into.

``LINKS`` declares of each kind what may be linked and what a change of one end does to the other.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import attrs

from ticketcore.model.values import quick

MAX_LINKS = 500
"""How many links a ticket has at most."""

MAX_STRANDS = 500
"""Of how many tickets a merged ticket is made at most."""


class Relation(StrEnum):
    """What one ticket is to another; each has its opposite, and a link stands in both tickets.

    ``FOLLOW_UP_OF``: it goes on from the other; ``FOLLOWED_BY``.  ``DUPLICATE_OF``: it asks the same;
    ``DUPLICATED_BY``.  ``CHILD_OF``: it is a part of the other; ``PARENT_OF``.  ``INCIDENT_OF``: the other is the
    problem behind it; ``PROBLEM_OF``.  ``CUSTOMER_OF``: a customer asks for what the other tracks; ``TRACKER_OF``.
    ``SPLIT_FROM``: its first messages were the other's; ``SPLIT_INTO``.
    """

    FOLLOW_UP_OF = "follow_up_of"
    FOLLOWED_BY = "followed_by"
    DUPLICATE_OF = "duplicate_of"
    DUPLICATED_BY = "duplicated_by"
    CHILD_OF = "child_of"
    PARENT_OF = "parent_of"
    INCIDENT_OF = "incident_of"
    PROBLEM_OF = "problem_of"
    CUSTOMER_OF = "customer_of"
    TRACKER_OF = "tracker_of"
    SPLIT_FROM = "split_from"
    SPLIT_INTO = "split_into"

    @property
    def opposite(self) -> "Relation":
        """What the other ticket is to it.

        >>> Relation.CHILD_OF.opposite
        <Relation.PARENT_OF: 'parent_of'>
        """
        return _OPPOSITES[self]


_PAIRS = tuple(zip(tuple(Relation)[::2], tuple(Relation)[1::2], strict=True))
_OPPOSITES = {**dict(_PAIRS), **{second: first for first, second in _PAIRS}}


class Reach(StrEnum):
    """What a change of state of the one end does to the many at the other end.

    ``NOTHING``; or each of them is told, once (``TELLS``); or each is told, and solved when the one is (``SOLVES``).
    """

    NOTHING = "nothing"
    TELLS = "tells"
    SOLVES = "solves"


class Shape(StrEnum):
    """How links of one kind may go on from each other; no kind has cycles.

    ``CHAIN``: a ticket has one such link at most, and what that leads to may have one as well.  ``FLAT``: a ticket may
    have several, and whatever they lead to has none.
    """

    CHAIN = "chain"
    FLAT = "flat"


@attrs.frozen
class LinkKind:
    """What holds for links of one kind: their ``shape``, and the ``reach`` of the ticket that they lead to."""

    shape: Shape
    reach: Reach = Reach.NOTHING


LINKS: Mapping[Relation, LinkKind] = {
    Relation.FOLLOW_UP_OF: LinkKind(Shape.CHAIN),
    Relation.DUPLICATE_OF: LinkKind(Shape.CHAIN, Reach.SOLVES),
    Relation.CHILD_OF: LinkKind(Shape.CHAIN),
    Relation.INCIDENT_OF: LinkKind(Shape.FLAT, Reach.SOLVES),
    Relation.CUSTOMER_OF: LinkKind(Shape.FLAT, Reach.TELLS),
}
"""The kinds of links that can be made and taken away, each by the relation of the many to the one."""


class SplitClocks(StrEnum):
    """From when the clocks of a ticket that is split off count.

    ``NEW``: they begin with the split.  ``INHERITED``: they go on from where those of its source are.
    """

    NEW = "new"
    INHERITED = "inherited"


@quick
@attrs.frozen
class TicketLink:
    """A link: what a ticket is to the ``other`` one, its ``relation``.

    ``told`` is the state of the other that it was told last, and ``told_since`` since when that was in it, in UTC; None
    before.
    """

    relation: Relation
    other: str
    told: str | None = None
    told_since: datetime | None = None


@quick
@attrs.frozen
class Strand:
    """What one of the tickets that were merged adds to the whole.

    ``ticket`` is its id and ``contact`` its customer.  ``waiting_since`` and ``last_message_at`` are those of its own
    messages, and of what was answered for all, in UTC.
    """

    ticket: str
    contact: str
    waiting_since: datetime | None
    last_message_at: datetime
