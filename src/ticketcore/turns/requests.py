"""What a turn asks of its driver.

A turn is a generator: it yields a request, is sent the answer, and returns its result.  It does no input or output of
its own, so one driver can answer from a store directly and another can await.  A driver throws whatever goes wrong
with a request (``Conflict``, ``StoreFailure``, a cancellation) into the turn at that request.
"""

from collections.abc import Generator, Sequence
from datetime import datetime
from typing import Any, TypeVar

import attrs

from ticketcore.codec import Value
from ticketcore.errors import InvalidInput
from ticketcore.model import Blob, File, Ref, Stream, UniqueKey
from ticketcore.model.values import making, quick
from ticketcore.ports import MAX_PAGE, Claim, Commit, Committed, Page, Query, Recorded


@quick
@attrs.frozen
class Load:
    """Answered with the value for each of the ``keys``, None where there is none."""

    keys: tuple[Ref | UniqueKey, ...]


@quick
@attrs.frozen
class Find:
    """Answered with the page that the ``query`` asks for."""

    query: Query


@quick
@attrs.frozen
class Save:
    """Answered with what the ``commit`` came to."""

    commit: Commit


@quick
@attrs.frozen
class ReadEvents:
    """Answered with the events past the position ``after``, of the ``stream`` or of all, at most ``limit``."""

    stream: Stream | None
    after: int = 0
    limit: int | None = None


@quick
@attrs.frozen
class Keep:
    """Answered with the blob of the ``content``."""

    content: bytes


@quick
@attrs.frozen
class ClaimDue:
    """Answered with claims on up to ``limit`` entries of the ``kinds`` that are due at ``now``.

    The claims hold until ``lease_until``.
    """

    kinds: tuple[str, ...]
    now: datetime
    lease_until: datetime
    limit: int


_load, _read, _save = making(Load), making(ReadEvents), making(Save)

Request = Load | Find | ReadEvents | Save | Keep | ClaimDue
"""Anything that a turn asks of its driver."""

_T = TypeVar("_T")
Turn = Generator[Request, Any, _T]
"""A turn, or a part of one, that ends in a ``_T``."""


def load(keys: Sequence[Ref | UniqueKey]) -> Turn[tuple[Value | None, ...]]:
    """Ask for values; asks nothing when there are no keys."""
    if not keys:
        return ()
    values: tuple[Value | None, ...] = yield _load(tuple(keys))
    return values


def page_of(query: Query) -> Turn[Page]:
    """Ask for a page."""
    page: Page = yield Find(query)
    return page


def all_of(query: Query, kind: type[_T]) -> Turn[tuple[_T, ...]]:
    """Ask for page after page of the records that a query finds, which are of this class."""
    found: list[_T] = []
    rest: Query | None = attrs.evolve(query, limit=MAX_PAGE)
    while rest is not None:
        page = yield from page_of(rest)
        found += [value for value in page.values if isinstance(value, kind)]
        rest = None if page.next is None else attrs.evolve(rest, after=page.next)
    return tuple(found)


def read_events(stream: Stream) -> Turn[tuple[Recorded, ...]]:
    """Ask for the history of one stream."""
    events: tuple[Recorded, ...] = yield ReadEvents(stream)
    return events


def events_after(position: int, limit: int) -> Turn[tuple[Recorded, ...]]:
    """Ask for what has happened since."""
    events: tuple[Recorded, ...] = yield _read(None, position, limit)
    return events


def end_of_log() -> Turn[int]:
    """The position of the tenant's last event, 0 if there is none.  O(log of it) requests."""
    low, high = 0, 1
    while events := (yield from events_after(high, 1)):
        low, high = events[0].position, 2 * events[0].position
    while low < high:
        middle = (low + high) // 2
        events = yield from events_after(middle, 1)
        low, high = (events[0].position, high) if events else (low, middle)
    return low


def last_instant() -> Turn[datetime | None]:
    """When the last of the tenant's events happened; None if there is none.  O(log of them) requests."""
    last = yield from events_after((yield from end_of_log()) - 1, 1)
    return last[0].event.at if last else None


def save(commit: Commit) -> Turn[Committed]:
    """Ask for a commit.  Raises ``Conflict`` or ``StoreFailure`` as the store does."""
    committed: Committed = yield _save(commit)
    return committed


def keep(files: Sequence[File]) -> Turn[tuple[Blob, ...]]:
    """Ask for the blobs of files.  ``InvalidInput`` names the file that cannot be kept."""
    blobs = []
    for i, file in enumerate(files):
        try:
            blob: Blob = yield Keep(file.content)
        except InvalidInput as error:
            raise InvalidInput(f"attachments[{i}].{error.field}", error.reason) from error
        blobs.append(blob)
    return tuple(blobs)


def claim_due(kinds: Sequence[str], now: datetime, lease_until: datetime, limit: int) -> Turn[tuple[Claim, ...]]:
    """Ask for claims on what is due."""
    claims: tuple[Claim, ...] = yield ClaimDue(tuple(kinds), now, lease_until, limit)
    return claims
