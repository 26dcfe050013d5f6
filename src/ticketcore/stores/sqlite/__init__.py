"""A store and a blob store in one SQLite file: the embedded default.

``store`` is the store itself, ``joined`` the one inside a host's transaction, ``blobs`` the blob store.  ``file`` is
what they ask of a file besides statements, ``pool`` what threads, forks and the driver's errors ask for, ``schema`` the
tables and their versions, ``reading`` and ``query`` what serves records, pages and events, ``writing`` what a commit
and a claim do, and ``seen`` what spares an instance reading what it has just read or written.
"""

from ticketcore.stores.sqlite.blobs import SqliteBlobs
from ticketcore.stores.sqlite.file import Durability
from ticketcore.stores.sqlite.joined import JoinedSqliteStore
from ticketcore.stores.sqlite.store import SqliteStore

__all__ = ["Durability", "JoinedSqliteStore", "SqliteBlobs", "SqliteStore"]
