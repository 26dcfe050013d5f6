"""Facts from feeds, taken in by a desk: each once, in their order, at the instants at which they happened."""

from ticketcore.importing.meaning import FEED
from ticketcore.importing.taking import Import, Summary

__all__ = ["FEED", "Import", "Summary"]
