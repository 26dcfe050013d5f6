"""A store and a blob store in one SQLite file: the embedded default.

``store`` is the store itself, ``joined`` the one inside a host's transaction, ``schema`` the tables and their versions,
``pool`` what threads, forks and the driver's errors ask for, ``reading`` and ``query`` what serves records, pages and
events, and ``writing`` what a commit and a claim do.  ``blobs`` is the blob store.
"""

from ticketcore.stores.sqlite.blobs import SqliteBlobs
from ticketcore.stores.sqlite.joined import JoinedSqliteStore
from ticketcore.stores.sqlite.store import Durability, SqliteStore

__all__ = ["Durability", "JoinedSqliteStore", "SqliteBlobs", "SqliteStore"]
