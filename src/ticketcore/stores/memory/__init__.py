"""A store and a blob store in memory: for tests, simulations and desks that may forget."""

from ticketcore.stores.memory.blobs import MemoryBlobs
from ticketcore.stores.memory.store import MemoryStore

__all__ = ["MemoryBlobs", "MemoryStore"]
