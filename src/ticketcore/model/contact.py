"""A customer, the addresses they write from, and whom they belong to.

Personal data stands here and nowhere in the history.
"""

import attrs

from ticketcore.model.values import quick

MAX_PARTS = 20
"""How many contacts can be one person."""


@quick
@attrs.frozen
class Alias:
    """One address of a customer: on which ``channel``, within which of our accounts, and the address itself.

    ``id`` names it in the history, where the address does not stand.  ``account`` is empty where an address means
    the same person whatever account of ours was written to, as with e-mail.  ``address`` is in the channel's
    normal form (``ticketcore.identity``).
    """

    id: str
    channel: str
    account: str
    address: str


@quick
@attrs.frozen
class Contact:
    """A customer: the ``name`` they gave, or the empty text, and their addresses, ``aliases``.

    ``id`` is opaque; ``version`` counts the contact's events.  ``organisation`` is the one that they belong to, if any,
    by the id that the host's own systems know it by, whether or not it has an ``Organisation``.  ``tier`` is what the
    host calls customers like this one ("gold"), and ``language`` the tag of the language that they want to be answered
    in ("de"); ``owner`` is the agent, by id, whom they belong to.  None where nobody said.  ``merged_into`` is the
    contact who turned out to be the same person, and ``parts`` are those who turned out to be the same as this one; no
    more than ``MAX_PARTS`` contacts are one person.
    """

    id: str
    version: int
    name: str
    aliases: tuple[Alias, ...]
    organisation: str | None = None
    tier: str | None = None
    language: str | None = None
    owner: str | None = None
    merged_into: str | None = None
    parts: tuple[str, ...] = ()


@quick
@attrs.frozen
class Organisation:
    """A company, a household or a club that customers belong to: its ``name``.

    ``id`` is the one that the host's own systems know it by; ``version`` counts its events.  Who belongs to it stands
    in the contacts.
    """

    id: str
    version: int
    name: str
