"""ticketcore turns customers' messages into tickets, and tickets into fairly shared work."""

from ticketcore.aio import AsyncDesk
from ticketcore.desk import Desk
from ticketcore.errors import Conflict, InvalidInput, NotFound, Refused, StoreFailure, TicketCoreError
from ticketcore.model import Actor, AgentProfile, Condition, Configuration, Inbound, RoutingRule
from ticketcore.shell import Parts

__all__ = [
    "Actor",
    "AgentProfile",
    "AsyncDesk",
    "Condition",
    "Configuration",
    "Conflict",
    "Desk",
    "Inbound",
    "InvalidInput",
    "NotFound",
    "Parts",
    "Refused",
    "RoutingRule",
    "StoreFailure",
    "TicketCoreError",
]
