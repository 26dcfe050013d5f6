"""ticketcore turns customers' messages into tickets, and tickets into fairly shared work."""

from ticketcore.desk import Desk, Parts
from ticketcore.errors import Conflict, InvalidInput, NotFound, Refused, StoreFailure, TicketCoreError
from ticketcore.model import Actor, AgentProfile, Condition, Configuration, Inbound, RoutingRule

__all__ = [
    "Actor",
    "AgentProfile",
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
