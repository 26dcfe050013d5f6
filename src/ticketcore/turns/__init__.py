"""The turns of a desk: what is loaded, decided and committed for a message, a command and a moment, as generators."""

from ticketcore.turns.handling import SEND, handle
from ticketcore.turns.receiving import Received, receive
from ticketcore.turns.requests import ClaimDue, Find, Keep, Load, Request, Save, Turn
from ticketcore.turns.ticking import Ticked, Woken, tick
from ticketcore.turns.work import Context, Handled, Ids

__all__ = [
    "SEND",
    "ClaimDue",
    "Context",
    "Find",
    "Handled",
    "Ids",
    "Keep",
    "Load",
    "Received",
    "Request",
    "Save",
    "Ticked",
    "Turn",
    "Woken",
    "handle",
    "receive",
    "tick",
]
