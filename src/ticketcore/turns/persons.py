"""All contacts who are one person, loaded."""

from collections.abc import Iterable

from ticketcore.errors import NotFound
from ticketcore.model import Contact, Kind, Ref
from ticketcore.model.values import replaced
from ticketcore.turns.requests import Turn, load


def person(contact: Contact) -> Turn[tuple[Contact, ...]]:
    """All contacts who are the same person: whom the others were merged into, then the others.  O(those)."""
    root = contact
    while root.merged_into is not None:
        (root,) = yield from contacts_of((root.merged_into,))
    found = [root]
    for one in found:
        found += yield from contacts_of(one.parts)
    return tuple(found)


def contacts_of(ids: Iterable[str]) -> Turn[list[Contact]]:
    """The contacts with these ids.  ``NotFound`` for one that is not there."""
    wanted = tuple(ids)
    values = yield from load(tuple(Ref(Kind.CONTACT, id) for id in wanted))
    for id, value in zip(wanted, values, strict=True):
        if not isinstance(value, Contact):
            raise NotFound(Kind.CONTACT, id)
    return [value for value in values if isinstance(value, Contact)]


def as_one(contacts: tuple[Contact, ...]) -> Contact:
    """What all of them say of the person: of each field, what the first says that says anything."""
    first, *others = contacts
    for other in others:
        said = {
            name: getattr(first, name) or getattr(other, name) for name in ("organisation", "tier", "language", "owner")
        }
        first = replaced(first, name=first.name or other.name, **said)
    return first
