"""Commands about customers.  Import these from ``ticketcore.commands``.

In each, ``actor`` is who asks.  What cannot be used is ``InvalidInput`` naming the field.
"""

from typing import Any

import attrs

from ticketcore.checks import instance, is_name, is_optional_name, is_words
from ticketcore.model import Actor
from ticketcore.model.rules import check_language


@attrs.frozen
class LinkAlias:
    """An ``address`` on a ``channel`` turns out to be this ``contact``'s; one of somebody else's is refused.

    ``account`` is ours that is written to from there, where that matters: it does not for e-mail.
    """

    contact: str = attrs.field(validator=is_name)
    channel: str = attrs.field(validator=is_name)
    address: str = attrs.field(validator=is_name)
    actor: Actor = attrs.field(validator=instance(Actor))
    account: str = attrs.field(default="", validator=is_words)


@attrs.frozen
class SetOrganisation:
    """The ``contact`` belongs to this ``organisation`` and to no other; None for none.

    It is the id that the host's own systems know it by, and needs no name.
    """

    contact: str = attrs.field(validator=is_name)
    organisation: str | None = attrs.field(validator=is_optional_name)
    actor: Actor = attrs.field(validator=instance(Actor))


@attrs.frozen
class NameOrganisation:
    """The ``organisation``, by its id, is called ``name`` from now on; it becomes known if it was not."""

    organisation: str = attrs.field(validator=is_name)
    name: str = attrs.field(validator=is_name)
    actor: Actor = attrs.field(validator=instance(Actor))


def _is_language(owner: object, _attribute: "attrs.Attribute[Any]", value: object) -> None:
    if value is not None:
        check_language(value, f"{type(owner).__name__}.language")


@attrs.frozen
class DescribeContact:
    """The ``contact`` is of a ``tier``, in the host's words, and has a ``language``, by its tag; None is not known.

    They belong to the agent ``owner``, by id.  Rules and affinities look at all that, for tickets that are opened from
    then on.
    """

    contact: str = attrs.field(validator=is_name)
    actor: Actor = attrs.field(validator=instance(Actor))
    tier: str | None = attrs.field(default=None, validator=is_optional_name)
    language: str | None = attrs.field(default=None, validator=_is_language)
    owner: str | None = attrs.field(default=None, validator=is_optional_name)


@attrs.frozen
class MergeContacts:
    """The ``contact`` turns out to be the same person as the contact ``into``.

    Nothing moves: what either wrote stays theirs, and is answered where they wrote it.  From then on each takes part
    where the other does, and is found with the other's tickets.
    """

    contact: str = attrs.field(validator=is_name)
    into: str = attrs.field(validator=is_name)
    actor: Actor = attrs.field(validator=instance(Actor))


@attrs.frozen
class UnmergeContacts:
    """The ``contact`` is another person after all than the one whom it was merged into."""

    contact: str = attrs.field(validator=is_name)
    actor: Actor = attrs.field(validator=instance(Actor))


CustomerCommand = LinkAlias | SetOrganisation | NameOrganisation | DescribeContact | MergeContacts | UnmergeContacts
"""The commands about customers."""
