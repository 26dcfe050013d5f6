"""The rules for contacts who turn out to be one person, and for taking that back.

Contacts that are one person are a tree: each names whom it was merged into, and that one names it among its parts.
Nothing else changes, so that an undoing has nothing to restore.
"""

from collections.abc import Mapping
from datetime import datetime

from ticketcore.commands import MergeContacts, UnmergeContacts
from ticketcore.errors import Reason, Refused
from ticketcore.events import ContactMerged, ContactUnmerged, Event
from ticketcore.facts import Facts
from ticketcore.lifecycle import HouseRules
from ticketcore.model import MAX_PARTS, Configuration, Contact, Kind, Stream

FIELDS = ("name", "organisation", "tier", "language", "owner")
"""What two contacts can say differently of one person."""


def unite(
    configuration: Configuration,  # noqa: ARG001  (as all rules)
    facts: Facts,
    command: MergeContacts,
    at: datetime,
    house: HouseRules,  # noqa: ARG001  (as all rules)
) -> Mapping[Stream, tuple[Event, ...]]:
    """The contact is one with another.

    ``Refused`` for one that was merged, into itself or one of its own parts, and where too many would be one.  All of
    whom the two are made must be among the facts.
    """
    contact, into = facts.contact(command.contact), facts.contact(command.into)
    reasons = []
    if contact.merged_into is not None:
        reasons.append(Reason("merged", contact.merged_into))
    if root_of(facts, into).id == contact.id:
        reasons.append(Reason("cycle", into.id))
    elif len(person_of(facts, contact)) + len(person_of(facts, into)) > MAX_PARTS:
        reasons.append(Reason("too_many_merged", into.id))
    if reasons:
        raise Refused("MergeContacts", tuple(reasons))
    merged = ContactMerged(at, command.actor, contact.id, into.id)
    return {Stream(Kind.CONTACT, one.id): (merged,) for one in (contact, into)}


def part(
    configuration: Configuration,  # noqa: ARG001  (as all rules)
    facts: Facts,
    command: UnmergeContacts,
    at: datetime,
    house: HouseRules,  # noqa: ARG001  (as all rules)
) -> Mapping[Stream, tuple[Event, ...]]:
    """The contact is somebody else again.  ``Refused`` for one that was not merged."""
    contact = facts.contact(command.contact)
    if contact.merged_into is None:
        raise Refused("UnmergeContacts", (Reason("not_merged", contact.id),))
    unmerged = ContactUnmerged(at, command.actor, contact.id, contact.merged_into)
    return {Stream(Kind.CONTACT, id): (unmerged,) for id in (contact.id, contact.merged_into)}


def root_of(facts: Facts, contact: Contact) -> Contact:
    """Whom the contact is a part of now, or itself."""
    while contact.merged_into is not None:
        contact = facts.contact(contact.merged_into)
    return contact


def person_of(facts: Facts, contact: Contact) -> tuple[Contact, ...]:
    """All contacts who are the same person as this one: whom the others were merged into, then the others."""
    found = [root_of(facts, contact)]
    for one in found:
        found.extend(facts.contact(id) for id in one.parts)
    return tuple(found)


def conflicts(contact: Contact, into: Contact) -> tuple[str, ...]:
    """The fields in which the two say different things."""
    said = ((name, getattr(contact, name), getattr(into, name)) for name in FIELDS)
    return tuple(name for name, one, other in said if one and other and one != other)
