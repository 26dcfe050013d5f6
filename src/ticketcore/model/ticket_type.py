"""Types of tickets: for whom they are, what they follow, and what is asked for in them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import product

import attrs

from ticketcore.checks import as_member, as_tuple, each, is_name, is_words, member
from ticketcore.model.attributes import Attribute, Audience, Stage, check_attributes
from ticketcore.model.workflow import REQUEST


class TicketKind(StrEnum):
    """Who knows of the tickets of a type.

    ``CUSTOMER``: a customer's request, which they can follow.  ``BACK_OFFICE``: work behind one.  ``TRACKER``: what
    many requests have in common, such as an outage.  Of the last two no customer ever learns.
    """

    CUSTOMER = "customer"
    BACK_OFFICE = "back_office"
    TRACKER = "tracker"


def _ticket_kind(value: TicketKind | str) -> TicketKind:
    return as_member(TicketKind, value)


@attrs.frozen
class TicketType:
    """A kind of request: its ``id``, its ``name`` for people, and the id of the ``workflow`` of its tickets.

    ``kind`` says who knows of them, and ``attributes`` what they can have besides words; a condition of an attribute
    names one that stands before it.

    Raises ``InvalidInput`` naming the attribute that cannot be.
    """

    id: str = attrs.field(validator=is_name)
    name: str = attrs.field(default="", validator=is_words)
    workflow: str = attrs.field(default=REQUEST.id, validator=is_name)
    kind: TicketKind = attrs.field(default=TicketKind.CUSTOMER, converter=_ticket_kind, validator=member(TicketKind))
    attributes: tuple[Attribute, ...] = attrs.field(default=(), converter=as_tuple, validator=each(Attribute))

    def __attrs_post_init__(self) -> None:
        check_attributes(self.attributes, "TicketType.attributes")

    def attribute(self, id: str) -> Attribute | None:
        """The attribute ``id``, if it has one."""
        return next((attribute for attribute in self.attributes if attribute.id == id), None)


def demands_of(types: Iterable[TicketType]) -> Mapping[tuple[str, Stage, Audience], tuple[Attribute, ...]]:
    """What each type demands where; only where it demands anything."""
    found = {}
    for type in types:
        for stage, audience in product(Stage, Audience):
            demanded = tuple(item for item in type.attributes if item.demanded(stage, audience))
            if demanded:
                found[type.id, stage, audience] = demanded
    return found
