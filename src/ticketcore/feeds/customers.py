"""Facts about what a ticket is about and whose it is: attributes, hand-overs and organisations."""

import attrs

from ticketcore.checks import instance, is_name, is_optional_name, is_words
from ticketcore.feeds.observed import About, Observed, ThreadOf, is_about
from ticketcore.model import Given
from ticketcore.model.attributes import are_given, as_given


@attrs.frozen
class AttributesFact(Observed):
    """The ticket ``about`` has these ``values`` of its attributes, such as the order that it is about; by ``agent``.

    A value is a text, or several; None took it away.  Without ``agent`` it was the program that tells it.
    """

    KIND = "attributes"

    about: About = attrs.field(validator=is_about)
    values: tuple[tuple[str, Given | None], ...] = attrs.field(converter=as_given, validator=are_given)
    agent: str | None = attrs.field(default=None, validator=is_optional_name)


@attrs.frozen
class HandOverFact(Observed):
    """The ticket ``about`` was handed over to the people of a ``queue``, by ``agent`` or whoever has it.

    It became one of the ``type``, if one is named, with these ``values`` of its attributes; ``note`` is for whoever
    goes on.
    """

    KIND = "hand_over"

    about: About = attrs.field(validator=is_about)
    queue: str = attrs.field(validator=is_name)
    type: str | None = attrs.field(default=None, validator=is_optional_name)
    note: str = attrs.field(default="", validator=is_words)
    values: tuple[tuple[str, Given | None], ...] = attrs.field(default=(), converter=as_given, validator=are_given)
    agent: str | None = attrs.field(default=None, validator=is_optional_name)


@attrs.frozen
class OrganisationFact(Observed):
    """The ``organisation`` with this id is called ``name``."""

    KIND = "organisation"

    organisation: str = attrs.field(validator=is_name)
    name: str = attrs.field(validator=is_name)


@attrs.frozen
class MemberFact(Observed):
    """The customer with the address ``contact`` belongs to an ``organisation``, or to none without one.

    They wrote from there to our ``account`` on a ``channel``.
    """

    KIND = "member"

    channel: str = attrs.field(validator=is_name)
    account: str = attrs.field(validator=is_name)
    contact: str = attrs.field(validator=is_name)
    organisation: str | None = attrs.field(default=None, validator=is_optional_name)


@attrs.frozen
class MergeContactsFact(Observed):
    """The customer with the address ``contact`` is the same person as the one whom ``into`` names.

    They wrote from there to our ``account`` on a ``channel``; ``into`` is such an address too.  ``agent`` said so, if
    one is named.
    """

    KIND = "merge_contacts"

    channel: str = attrs.field(validator=is_name)
    account: str = attrs.field(validator=is_name)
    contact: str = attrs.field(validator=is_name)
    into: ThreadOf = attrs.field(validator=instance(ThreadOf))
    agent: str | None = attrs.field(default=None, validator=is_optional_name)


@attrs.frozen
class UnmergeContactsFact(Observed):
    """The customer with the address ``contact``, who was merged into another, is somebody else after all.

    They wrote from there to our ``account`` on a ``channel``.  ``agent`` said so, if one is named.
    """

    KIND = "unmerge_contacts"

    channel: str = attrs.field(validator=is_name)
    account: str = attrs.field(validator=is_name)
    contact: str = attrs.field(validator=is_name)
    agent: str | None = attrs.field(default=None, validator=is_optional_name)


CustomerFact = AttributesFact | HandOverFact | OrganisationFact | MemberFact | MergeContactsFact | UnmergeContactsFact
"""What a feed tells about what a ticket is about and whose it is."""
