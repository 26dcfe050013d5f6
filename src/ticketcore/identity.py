"""Who wrote: an address in the normal form in which it names one customer."""

from ticketcore.model import Alias, Channel
from ticketcore.model.values import making

_alias = making(Alias)


def alias_of(channel: Channel, account: str, address: str, id: str) -> Alias:
    """The address as an alias.  On a channel with shared addresses the account does not matter.

    An address with an ``@`` is compared without case: domains have none (RFC 1035, 2.3.3), and telling local parts
    apart by it is discouraged (RFC 5321, 2.4).

    >>> alias_of(Channel("email", shared_addresses=True), "support", " Ada@Example.org", "a1")
    Alias(id='a1', channel='email', account='', address='ada@example.org')
    """
    normal = address.strip()
    if "@" in normal:
        normal = normal.lower()
    return _alias(id, channel.name, "" if channel.shared_addresses else account, normal)
