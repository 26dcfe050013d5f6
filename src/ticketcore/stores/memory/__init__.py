"""A store and a blob store in memory: for tests, simulations and desks that may forget."""

from ticketcore.stores.memory.store import MemoryBlobs, MemoryStore

__all__ = ["MemoryBlobs", "MemoryStore"]
