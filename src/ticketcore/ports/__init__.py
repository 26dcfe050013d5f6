"""The plug-in points: what ticketcore asks of a store, a blob store, a segmenter and a policy.

Each docstring is a contract.  ``ticketcore.testing`` checks those of a store and of a blob store by running
them.

A **commit** is everything that one turn changes, and the unit of all guarantees: records with the versions that
they must have had, the events that led to them, unique keys that they claim, timers set and cancelled, outbox
entries, and claims that it settles.
"""

from ticketcore.ports.blobs import MAX_BLOB_SIZE, BlobStore
from ticketcore.ports.commits import (
    FIELDS,
    Claim,
    Commit,
    Committed,
    Fields,
    Indexed,
    Numbered,
    OutboxEntry,
    Record,
    Recorded,
    Scalar,
    Settle,
    Timer,
    Unchanged,
)
from ticketcore.ports.policies import (
    Evidence,
    KeywordIndex,
    Recall,
    Recalling,
    RecentMessage,
    RecentTicket,
    Segmentable,
    Segmenter,
)
from ticketcore.ports.queries import MAX_PAGE, Condition, Cursor, Page, Query, Range
from ticketcore.ports.stores import AsyncStore, Store

__all__ = [
    "FIELDS",
    "MAX_BLOB_SIZE",
    "MAX_PAGE",
    "AsyncStore",
    "BlobStore",
    "Claim",
    "Commit",
    "Committed",
    "Condition",
    "Cursor",
    "Evidence",
    "Fields",
    "Indexed",
    "KeywordIndex",
    "Numbered",
    "OutboxEntry",
    "Page",
    "Query",
    "Range",
    "Recall",
    "Recalling",
    "RecentMessage",
    "RecentTicket",
    "Record",
    "Recorded",
    "Scalar",
    "Segmentable",
    "Segmenter",
    "Settle",
    "Store",
    "Timer",
    "Unchanged",
]
