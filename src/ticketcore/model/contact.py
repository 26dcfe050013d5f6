"""A customer and the addresses they write from.  Personal data stands here and nowhere in the history."""

import attrs

from ticketcore.model.values import quick


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

    ``id`` is opaque; ``version`` counts the contact's events.
    """

    id: str
    version: int
    name: str
    aliases: tuple[Alias, ...]
