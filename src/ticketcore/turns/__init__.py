"""The turns of a desk: what is loaded, decided and committed for a message, a command and a moment, as generators."""

from ticketcore.turns.handling import SEND, handle
from ticketcore.turns.listing import HeldPage
from ticketcore.turns.reading import Span, TicketPage, Wanted
from ticketcore.turns.received import Received
from ticketcore.turns.receiving import receive
from ticketcore.turns.requests import ClaimDue, Find, Keep, Load, ReadEvents, Request, Save, Turn
from ticketcore.turns.ticking import Ticked, Woken, tick
from ticketcore.turns.work import Context, Handled, Ids

__all__ = [
    "SEND",
    "ClaimDue",
    "Context",
    "Find",
    "Handled",
    "HeldPage",
    "Ids",
    "Keep",
    "Load",
    "ReadEvents",
    "Received",
    "Request",
    "Save",
    "Span",
    "Ticked",
    "TicketPage",
    "Turn",
    "Wanted",
    "Woken",
    "handle",
    "receive",
    "tick",
]
