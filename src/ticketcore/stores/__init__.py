"""Stores that ship with the library.  Each passes ``ticketcore.testing.StoreConformance``."""

from ticketcore.stores.memory import MemoryBlobs, MemoryStore
from ticketcore.stores.sqlite import Durability, SqliteStore

__all__ = ["Durability", "MemoryBlobs", "MemoryStore", "SqliteStore"]
