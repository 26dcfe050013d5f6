"""Service levels: clocks that follow a ticket's events, and what they promise."""

from ticketcore.sla.counting import hours_of
from ticketcore.sla.keeping import Timekeeper
from ticketcore.sla.signals import covers, policy_for, signals

__all__ = ["Timekeeper", "covers", "hours_of", "policy_for", "signals"]
