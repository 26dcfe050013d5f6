"""Stores and blob stores that ship with the library.

Each passes ``ticketcore.testing.StoreConformance`` or ``BlobStoreConformance``.
"""

from ticketcore.stores.directory import DirectoryBlobs
from ticketcore.stores.memory import MemoryBlobs, MemoryStore
from ticketcore.stores.sqlite import Durability, JoinedSqliteStore, SqliteBlobs, SqliteStore

__all__ = [
    "DirectoryBlobs",
    "Durability",
    "JoinedSqliteStore",
    "MemoryBlobs",
    "MemoryStore",
    "SqliteBlobs",
    "SqliteStore",
]
