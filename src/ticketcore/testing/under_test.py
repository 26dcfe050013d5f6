"""The adapter as its author hands it over, and the fixtures that every part of the suite uses."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import attrs
import pytest

from ticketcore.model import Blob
from ticketcore.ports import MAX_BLOB_SIZE, BlobStore, Store
from ticketcore.testing.report import not_tested

T = TypeVar("T")
S = TypeVar("S", bound=Store)
B = TypeVar("B", bound=BlobStore)


def _leave_open(adapter: object) -> None:
    """What an adapter needs that has nothing to close."""


@attrs.frozen(kw_only=True)
class UnderTest(Generic[T]):
    """How to reach an adapter that is to be tested, and what it claims.

    ``open`` opens it on the same data each time it is called: a new, independent instance, as another process
    or a restart would have.  ``close`` is called once for each instance opened.

    ``processes``: the data is shared between processes.  ``durable``: what is stored survives the instance.  An adapter
    in memory claims neither, and its ``open`` returns the same instance each time.
    """

    open: Callable[[], T]
    close: Callable[[T], None] = _leave_open
    processes: bool = True
    durable: bool = True

    @property
    def gaps(self) -> tuple[str, ...]:
        """What the suite does not test of it."""
        gaps = []
        if not self.processes:
            gaps.append("several processes at once (processes=False)")
        if not self.durable:
            gaps.append("opening the data again (durable=False)")
        return tuple(gaps)

    @property
    def killable(self) -> bool:
        """Whether it can be killed in one process, and its data looked at from another."""
        return self.processes and self.durable


@attrs.frozen(kw_only=True)
class StoreUnderTest(UnderTest[S]):
    """How to reach the store to be tested, and what it claims.

    ``open``, ``close``, ``processes`` and ``durable`` are those of ``UnderTest``.

    ``before_statement`` installs a hook in a store, which the store calls before each statement that it sends to
    its database.  With it the suite stops and kills commits at every place; without it, at random times.
    Where it can, the suite forks; in the fork it uses only stores that it opens there.
    """

    before_statement: Callable[[S, Callable[[], None]], None] | None = None

    @property
    def gaps(self) -> tuple[str, ...]:
        """What the suite does not test of it."""
        gaps = list(super().gaps)
        if not self.killable:
            gaps.append("death in the middle of a commit (needs processes and durable)")
        elif self.before_statement is None:
            gaps.append("death between any two statements, only at random times (no before_statement)")
        if self.before_statement is None:
            gaps.append("another commit between any two statements, only at random times (no before_statement)")
        return (*gaps, "loss of power, full disks")


AnyStoreUnderTest = StoreUnderTest[Any]
"""A store under test, whatever its class."""


@attrs.frozen(kw_only=True)
class BlobStoreUnderTest(UnderTest[B]):
    """How to reach the blob store to be tested, and what it claims.

    ``open``, ``close``, ``processes`` and ``durable`` are those of ``UnderTest``.

    ``max_size`` is the most bytes that a put takes there.  The suite puts that many; a few MiB are enough, and faster
    than the usual limit.  ``damage`` changes the bytes that a store keeps of a blob, as a bad disk would.

    Where it can, the suite forks; in the fork it uses only blob stores that it opens there.
    """

    max_size: int = MAX_BLOB_SIZE
    damage: Callable[[B, Blob], None] | None = None

    @property
    def gaps(self) -> tuple[str, ...]:
        """What the suite does not test of it."""
        gaps = list(super().gaps)
        if not self.killable:
            gaps.append("death in the middle of a put (needs processes and durable)")
        if self.damage is None:
            gaps.append("damaged content (no damage)")
        return (*gaps, "loss of power, full disks")


AnyBlobStoreUnderTest = BlobStoreUnderTest[Any]
"""A blob store under test, whatever its class."""


@contextmanager
def opened(under_test: UnderTest[T]) -> Iterator[T]:
    """An instance of its own for the length of a ``with``."""
    instance = under_test.open()
    try:
        yield instance
    finally:
        under_test.close(instance)


def new_tenant() -> str:
    """A tenant that nobody has used."""
    return f"tenant-{uuid.uuid4().hex[:16]}"


class Suite:
    """The fixtures of every suite: ``under_test`` is the author's, the others follow from it."""

    @pytest.fixture(autouse=True)
    def _closing_line(self, request: pytest.FixtureRequest, under_test: UnderTest[Any]) -> None:
        for gap in under_test.gaps:
            not_tested(request, gap)

    @pytest.fixture
    def processes(self, under_test: UnderTest[Any]) -> None:
        """Skips what needs several processes on the same data."""
        if not under_test.processes:
            pytest.skip("processes=False: the data is not shared between processes")

    @pytest.fixture
    def durable(self, under_test: UnderTest[Any]) -> None:
        """Skips what opens the data again."""
        if not under_test.durable:
            pytest.skip("durable=False: the data ends with the instance")


class StoreSuite(Suite):
    """The fixtures of the suite for stores."""

    @pytest.fixture
    def under_test(self) -> AnyStoreUnderTest:
        """The store to be tested; every subclass gives its own."""
        raise NotImplementedError("a conformance class needs a fixture `under_test` that returns a StoreUnderTest")

    @pytest.fixture
    def store(self, under_test: AnyStoreUnderTest) -> Iterator[Store]:
        """The store, opened."""
        with opened(under_test) as store:
            yield store

    @pytest.fixture
    def tenant(self) -> str:
        """A tenant of the test's own."""
        return new_tenant()
