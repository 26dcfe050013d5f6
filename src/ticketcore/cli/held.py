"""What ``ticketcore show`` tells about messages in quarantine, and about what named tickets."""

from ticketcore.cli.listing import customers
from ticketcore.desk import Desk
from ticketcore.events import MatchDisputed, MessageBounced
from ticketcore.model import Kind, Message, Quarantine, Ref, Ticket, TicketClaim
from ticketcore.ports import MAX_PAGE, Query


def quarantined(desk: Desk, ticket: Ticket) -> list[Quarantine]:
    """The messages that name the ticket and are, or were, in quarantine, the first held first."""
    query = Query(Kind.QUARANTINE, {"ticket": ticket.homes}, "held_at", limit=MAX_PAGE)
    return [value for value in desk.find(query).values if isinstance(value, Quarantine)]


def held_lines(desk: Desk, held: list[Quarantine]) -> list[str]:
    """A line for each: since when, what became of it, from whom, why, and what it says."""
    messages = desk.store.load(desk.tenant, [Ref(Kind.MESSAGE, one.id) for one in held]) if held else ()
    texts = [value.text if isinstance(value, Message) else None for value in messages]
    words = desk.words(texts)
    return [
        f"{one.held_at:%Y-%m-%d %H:%M}  {one.fate} in quarantine, from {who}, because of {plain(one.cause)}: "
        f"{words.get(text or '', '')}"
        for one, who, text in zip(held, customers(desk, [one.contact for one in held]), texts, strict=True)
    ]


def bounced_words(event: MessageBounced) -> str:
    """What became of an answer."""
    return f"an answer {'came back' if event.permanent else 'is late'}{f' ({event.status})' if event.status else ''}"


def disputed_words(event: MatchDisputed) -> str:
    """What named tickets, in the order in which it was believed; tickets are named by their ids."""
    return f"its message names tickets that do not agree: {', '.join(map(_claim, event.claims))}"


def _claim(claim: TicketClaim) -> str:
    part = "" if claim.takes_part else ", of which its sender is no part"
    return f"{claim.ticket or 'none'} by {plain(claim.matcher)} ({claim.strength}{part})"


def plain(name: str) -> str:
    """The name of something in plain words."""
    return name.replace("_", " ")
