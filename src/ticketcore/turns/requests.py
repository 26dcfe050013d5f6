"""What a turn asks of its driver.

A turn is a generator: it yields a request, is sent the answer, and returns its result.  It does no input or output of
its own, so one driver can answer from a store directly and another can await.  A driver throws the errors of the store
(``Conflict``, ``StoreFailure``) into the turn at the request that met them.
"""

from collections.abc import Generator, Sequence
from datetime import datetime
from typing import Any, TypeVar

import attrs

from ticketcore.codec import Value
from ticketcore.model import Blob, Ref, UniqueKey
from ticketcore.ports import Claim, Commit, Committed, Page, Query


@attrs.frozen
class Load:
    """Answered with the value for each key, None where there is none."""

    keys: tuple[Ref | UniqueKey, ...]


@attrs.frozen
class Find:
    """Answered with a page."""

    query: Query


@attrs.frozen
class Save:
    """Answered with what the commit came to."""

    commit: Commit


@attrs.frozen
class Keep:
    """Answered with the blob of each of the contents."""

    contents: tuple[bytes, ...]


@attrs.frozen
class ClaimDue:
    """Answered with the claims on what is due."""

    kinds: tuple[str, ...]
    now: datetime
    lease_until: datetime
    limit: int


Request = Load | Find | Save | Keep | ClaimDue

_T = TypeVar("_T")
Turn = Generator[Request, Any, _T]
"""A turn, or a part of one, that ends in a ``_T``."""


def load(keys: Sequence[Ref | UniqueKey]) -> Turn[tuple[Value | None, ...]]:
    """Ask for values; asks nothing when there are no keys."""
    if not keys:
        return ()
    values: tuple[Value | None, ...] = yield Load(tuple(keys))
    return values


def find(query: Query) -> Turn[Page]:
    """Ask for a page."""
    page: Page = yield Find(query)
    return page


def save(commit: Commit) -> Turn[Committed]:
    """Ask for a commit.  Raises ``Conflict`` or ``StoreFailure`` as the store does."""
    committed: Committed = yield Save(commit)
    return committed


def keep(contents: Sequence[bytes]) -> Turn[tuple[Blob, ...]]:
    """Ask for blobs; asks nothing when there are no contents."""
    if not contents:
        return ()
    blobs: tuple[Blob, ...] = yield Keep(tuple(contents))
    return blobs


def claim_due(kinds: Sequence[str], now: datetime, lease_until: datetime, limit: int) -> Turn[tuple[Claim, ...]]:
    """Ask for claims on what is due."""
    claims: tuple[Claim, ...] = yield ClaimDue(tuple(kinds), now, lease_until, limit)
    return claims
