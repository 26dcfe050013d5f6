"""A store in one SQLite file: the embedded default.

``store`` is the store itself, ``schema`` its tables and versions, ``pool`` what threads, forks and the driver's errors
ask for, ``query`` what serves a page, and ``writing`` what a commit and a claim do.
"""

from ticketcore.stores.sqlite.store import Durability, SqliteStore

__all__ = ["Durability", "SqliteStore"]
