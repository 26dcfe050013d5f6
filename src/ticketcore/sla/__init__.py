"""Service levels: clocks that follow a ticket's events, and what they promise."""

from ticketcore.sla.counting import hours_of
from ticketcore.sla.explaining import Explained, Interval, explain
from ticketcore.sla.keeping import Timekeeper
from ticketcore.sla.signals import OVER, covers, policy_for, signals

__all__ = ["OVER", "Explained", "Interval", "Timekeeper", "covers", "explain", "hours_of", "policy_for", "signals"]
