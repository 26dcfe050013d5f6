"""Whether a message may join what it names, or is held back until somebody looks at it.

Whoever takes part in a conversation may join its ticket by whatever names it.  Who does not may only show what nobody
can make up, and is held back even then.  What a message says of its sender lowers that trust where it does not fit.
"""

from ticketcore.model import Cause, Configuration, Contact, Inbound, Segmentation, Strength, TicketClaim


def may_count(claim: TicketClaim) -> bool:
    """Whether anything may follow from it: its sender takes part, or could not have made it up."""
    return claim.takes_part or claim.strength is Strength.SIGNED


def doubt(
    configuration: Configuration,
    inbound: Inbound,
    contact: Contact | None,
    claim: TicketClaim | None,
    segmentation: Segmentation,
) -> Cause | None:
    """Why the message is to be held back instead of what the segmentation says; None for no reason.

    ``claim`` is the one that counted, if any, and ``contact`` whose the sender's address is.  What is kept without a
    ticket is not held back: nothing comes of it.
    """
    if segmentation.verdict is not None:
        return None
    if inbound.authenticated is False:
        return Cause.FAILED_AUTHENTICATION
    ours = configuration.once(_agent_addresses, lambda: _agent_addresses(configuration))
    if ours and inbound.authenticated is None and inbound.sender.strip().lower() in ours:
        return Cause.AGENT_ADDRESS
    if claim is None or claim.ticket is None or claim.ticket != segmentation.ticket:
        return None
    if not claim.takes_part:
        return Cause.UNVERIFIED_SENDER
    if claim.strength is not Strength.SIGNED and inbound.return_address and not _is_theirs(inbound, contact):
        return Cause.ANSWERS_ELSEWHERE
    return None


def _agent_addresses(configuration: Configuration) -> frozenset[str]:
    return frozenset(address.strip().lower() for agent in configuration.agents for address in agent.addresses)


def _is_theirs(inbound: Inbound, contact: Contact | None) -> bool:
    """Whether the address at which the message wants its answers is one of its sender's."""
    wanted = inbound.return_address.strip().lower()
    known = () if contact is None else contact.aliases
    return wanted == inbound.sender.strip().lower() or any(alias.address == wanted for alias in known)


def disagree(claims: tuple[TicketClaim, ...]) -> bool:
    """Whether the claims name more than one ticket, or one in which the sender takes no part."""
    if len(claims) == 1:
        return not claims[0].takes_part
    return len({claim.ticket for claim in claims}) > 1 or not all(claim.takes_part for claim in claims)
