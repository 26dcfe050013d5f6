"""What happens to customers and to the organisations that they belong to."""

import attrs

from ticketcore.model import Kind
from ticketcore.model.event import Event
from ticketcore.model.values import quick


@quick
@attrs.frozen(weakref_slot=False)
class ContactAdded(Event):
    """A customer became known, as ``contact``."""

    STREAM = Kind.CONTACT

    contact: str


@quick
@attrs.frozen(weakref_slot=False)
class AliasLinked(Event):
    """The address ``alias`` on a ``channel`` was found to be this customer's; itself it stands in the Contact."""

    STREAM = Kind.CONTACT

    alias: str
    channel: str


@quick
@attrs.frozen(weakref_slot=False)
class ContactAffiliated(Event):
    """The customer belongs to this ``organisation`` from now on, and to no other; None for none."""

    STREAM = Kind.CONTACT

    organisation: str | None


@quick
@attrs.frozen(weakref_slot=False)
class ContactDescribed(Event):
    """The customer is of a ``tier``, has a ``language`` and belongs to an agent, the ``owner``; None is not known."""

    STREAM = Kind.CONTACT

    tier: str | None
    language: str | None
    owner: str | None = None


@attrs.frozen(weakref_slot=False)
class ContactMerged(Event):
    """The ``contact`` turned out to be the same person as the contact ``into``; it stands in both their streams."""

    STREAM = Kind.CONTACT

    contact: str
    into: str


@attrs.frozen(weakref_slot=False)
class ContactUnmerged(Event):
    """The ``contact`` is another person than the contact ``into`` after all; it stands in both their streams."""

    STREAM = Kind.CONTACT

    contact: str
    into: str


@quick
@attrs.frozen(weakref_slot=False)
class OrganisationNamed(Event):
    """An ``organisation`` became known, or got another name; the name itself stands in the Organisation."""

    STREAM = Kind.ORGANISATION

    organisation: str


ContactEvent = ContactAdded | AliasLinked | ContactAffiliated | ContactDescribed | ContactMerged | ContactUnmerged
"""What can happen to a customer."""
