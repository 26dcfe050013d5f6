"""Stores that ship with the library.  Each passes ``ticketcore.testing.StoreConformance``."""

from ticketcore.stores.memory import MemoryBlobs, MemoryStore

__all__ = ["MemoryBlobs", "MemoryStore"]
